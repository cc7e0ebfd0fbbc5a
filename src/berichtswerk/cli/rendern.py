"""``render`` und ``ausfuehren``."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from berichtswerk.cli.anzeige import anzahl, dauer, fortschritt, ort, zeige_meldungen
from berichtswerk.meldung import BerichtswerkFehler, Meldungen

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.auftrag import Grenzen
    from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
    from berichtswerk.ausfuehrung.plan import Plan
    from berichtswerk.portal.bau import Bilanz
    from berichtswerk.projekt import Projekt

Zeiten = tuple[float | None, float | None]


def _grenzen(zeiten: Zeiten) -> Grenzen:
    from berichtswerk.ausfuehrung.auftrag import Grenzen

    vorgabe = Grenzen()
    return Grenzen(zelle=zeiten[0] or vorgabe.zelle, bericht=zeiten[1] or vorgabe.bericht)


def rendere(projekt: Projekt, namen: Sequence[str], formate: Collection[str], zeiten: Zeiten) -> int:
    """Führt aus, setzt und tauscht die Site; 1, wenn etwas davon nicht gelang."""
    from berichtswerk.portal.bau import rendere as baue

    beginn = time.monotonic()
    with fortschritt(2, 1) as melde:
        bilanz = baue(projekt, namen, formate, grenzen=_grenzen(zeiten), fortschritt=melde)
    zeige_meldungen(bilanz.meldungen)
    _zeige_bilanz(projekt, bilanz, beginn)
    return 0 if bilanz.gelungen else 1


def _zeige_bilanz(projekt: Projekt, bilanz: Bilanz, beginn: float) -> None:
    gelungen = sum(g.gelungen for g in bilanz.gesetzt)
    gescheitert = len(bilanz.gesetzt) - gelungen
    teile = [f"{anzahl(gelungen, 'Bericht', 'Berichte')} gesetzt"]
    if gescheitert:
        teile.append(f"{schreibe_zahl(gescheitert)} gescheitert")
    print(f"{', '.join(teile)} in {dauer(beginn)}.")
    if bilanz.behalten:
        print(f"Unverändert übernommen: {', '.join(bilanz.behalten)}")
    if bilanz.getauscht:
        print(f"Ansehen: {ort(projekt.site / 'index.html')}")
    elif projekt.site.exists():
        print(f"Die vorige Fassung bleibt: {ort(projekt.site / 'index.html')}")


def schreibe_zahl(zahl: int) -> str:
    """Ganze Zahl mit deutschen Tausendern."""
    from berichtswerk.zahl import schreibe

    return schreibe(zahl)


def fuehre_aus(projekt: Projekt, namen: Sequence[str], zeiten: Zeiten) -> int:
    """Führt aus, schreibt Übergaben, Startseite, Pflichtseiten und die Marke; setzt nichts."""
    from berichtswerk import satz
    from berichtswerk.ausfuehrung.lauf import fuehre_aus as starte
    from berichtswerk.ausfuehrung.plan import plane
    from berichtswerk.portal.seiten import schreibe_seiten
    from berichtswerk.portal.tausch import sperre

    beginn = time.monotonic()
    plan = plane(projekt)
    auswahl = plan.waehle(namen)
    meldungen = plan.meldungen
    fertig = 0
    with sperre(projekt):
        satz.sichere_marke(projekt)
        with fortschritt(1) as melde:
            for ausgefuehrt in starte(projekt, auswahl, grenzen=_grenzen(zeiten)):
                befunde = _uebergib(projekt, ausgefuehrt)
                meldungen.alle(befunde)
                gelungen = ausgefuehrt.roh is not None and not befunde.fehler
                fertig += gelungen
                melde("ausgeführt" if gelungen else "gescheitert", ausgefuehrt.auftrag, len(auswahl))
        raeume_uebergaben_auf(projekt, plan)
        schreibe_seiten(projekt, plan.auftraege, frozenset(a.stamm for a in plan.auftraege))
    zeige_meldungen(meldungen)
    print(f"{anzahl(fertig, 'Bericht', 'Berichte')} ausgeführt in {dauer(beginn)}.", flush=True)
    if fertig < len(auswahl):
        print(f"{schreibe_zahl(len(auswahl) - fertig)} gescheitert.", file=sys.stderr)
    return 1 if meldungen.fehler or fertig < len(auswahl) else 0


def _uebergib(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> Meldungen:
    from berichtswerk.ausfuehrung.uebergeben import uebergib

    if ausgefuehrt.roh is None:
        return ausgefuehrt.meldungen
    try:
        uebergabe = uebergib(projekt, ausgefuehrt)
    except BerichtswerkFehler as fehler:
        return Meldungen([*ausgefuehrt.meldungen, *fehler.meldungen])
    return Meldungen([*ausgefuehrt.meldungen, *uebergabe.meldungen])


def raeume_uebergaben_auf(projekt: Projekt, plan: Plan) -> None:
    """Löscht Übergaben, die zu keinem Auftrag mehr gehören: Quarto würde sie sonst veröffentlichen.

    Gelöscht wird nur, was als Übergabe gekennzeichnet ist, und nichts, solange eine Beschreibung fehlerhaft ist.
    """
    if plan.meldungen.fehler:
        return
    gueltig = {a.uebergabe for a in plan.auftraege}
    for pfad in sorted(projekt.berichte.glob("*/*/*.ipynb")):
        if pfad in gueltig:
            continue
        try:
            metadaten = json.loads(pfad.read_text(encoding="utf-8"))["metadata"]
            ist_uebergabe = bool(metadaten["berichtswerk"]["uebergabe"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if ist_uebergabe:
            pfad.unlink()
            shutil.rmtree(pfad.with_suffix(""), ignore_errors=True)
