"""Was die Befehle tun; jeder gibt den Rückgabewert zurück (0: alles gelang)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from berichtswerk.cli.anzeige import Anzeige, zeige_befunde
from berichtswerk.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.plan import Auftrag


def _projekt(ordner: Path | None) -> Projekt:
    return Projekt.finde(ordner)


def rendere(
    ordner: Path | None, namen: Sequence[str], formate: Collection[str], weg: Any, zeiten: tuple[float, float]
) -> int:
    """``berichtswerk render``."""
    from berichtswerk.ausfuehrung.auftrag import Grenzen
    from berichtswerk.portal.bau import rendere as baue

    projekt = _projekt(ordner)
    beginn = time.monotonic()
    with Anzeige(schritte_je_auftrag=2) as anzeige:
        bilanz = baue(projekt, namen, formate, weg=weg, grenzen=Grenzen(*zeiten), fortschritt=anzeige.schritt)
    zeige_befunde(bilanz.meldungen)
    for stamm in bilanz.behalten:
        anzeige.zeile(f"unverändert von früher: {stamm}")
    gelungen = sum(g.gelungen for g in bilanz.gesetzt)
    dauer = time.monotonic() - beginn
    anzeige.zeile(f"{gelungen} von {len(bilanz.gesetzt)} Berichten gerendert in {_sekunden(dauer)}.")
    if bilanz.getauscht:
        anzeige.zeile(f"Ansehen: {projekt.site / 'index.html'}")
    else:
        anzeige.zeile("Die veröffentlichte Fassung in _site bleibt unverändert.")
    return 0 if bilanz.gelungen else 1


def _sekunden(wert: float) -> str:
    from berichtswerk.zahl import schreibe

    return f"{schreibe(wert, 1)} Sekunden"


def fuehre_aus(ordner: Path | None, namen: Sequence[str], weg: Any, zeiten: tuple[float, float]) -> int:
    """``berichtswerk ausfuehren``: nur Ausführung, Übergabe und die Seiten, die Quarto setzt."""
    from berichtswerk.ausfuehrung.auftrag import Grenzen
    from berichtswerk.portal.vorbereitung import bereite_vor

    with Anzeige(schritte_je_auftrag=1) as anzeige:
        meldungen = bereite_vor(
            _projekt(ordner), namen, weg=weg, grenzen=Grenzen(*zeiten), fortschritt=anzeige.schritt
        )
    zeige_befunde(meldungen)
    return 1 if meldungen.fehler else 0


def liste(ordner: Path | None, *, als_json: bool) -> int:
    """``berichtswerk liste``."""
    from berichtswerk.ausfuehrung.plan import plane

    plan = plane(_projekt(ordner))
    if als_json:
        eintraege = [_eintrag(a) for a in plan.auftraege]
        sys.stdout.write(json.dumps(eintraege, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    else:
        for auftrag in plan.auftraege:
            sys.stdout.write(_absatz(auftrag))
        sys.stdout.write(f"{len(plan.auftraege)} Berichte\n")
    zeige_befunde(plan.meldungen)
    return 1 if plan.meldungen.fehler else 0


def _eintrag(a: Auftrag) -> dict[str, Any]:
    return {
        "bericht": a.bericht, "ausgabe": a.ausgabe, "variante": a.variante, "stamm": a.stamm,
        "titel": a.titel, "untertitel": a.untertitel, "parameter": dict(a.parameter),
        "notizbuch": f"notebooks/{a.notizbuch.name}" if a.notizbuch else None,
        "status": a.angaben.datei.status, "stand": a.angaben.datei.stand.isoformat(),
        "ergebnisse": [f"_site/{a.ziel}.html", f"_site/{a.ziel}.pdf"],
    }  # fmt: skip


def _absatz(a: Auftrag) -> str:
    from berichtswerk.zahl import datum

    parameter = ", ".join(f"{name} = {wert}" for name, wert in a.parameter.items()) or "keine"
    datei = a.angaben.datei
    zeilen = [
        a.stamm,
        f"  {a.titel}" + (f", {a.untertitel}" if a.untertitel else ""),
        f"  Status:    {datei.status}, Stand {datum(datei.stand)}",
        f"  Notizbuch: {f'notebooks/{a.notizbuch.name}' if a.notizbuch else 'keines, nur Texte'}",
        f"  Parameter: {parameter}",
        f"  Ergebnis:  _site/{a.ziel}.html und .pdf",
    ]
    return "\n".join(zeilen) + "\n\n"


def pruefe_daten(ordner: Path | None, heute: str, *, als_json: bool) -> int:
    """``berichtswerk pruefen daten``."""
    from datetime import date

    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.pruefung import pruefe_daten as pruefe
    from berichtswerk.fach.definitionspruefung import pruefe_katalog
    from berichtswerk.fach.katalog import Kennzahlenkatalog

    tag = _tag(heute) if heute else date.today()
    projekt = _projekt(ordner)
    meldungen = Meldungen()
    try:
        bestand = Datenbestand(projekt)
        meldungen.alle(pruefe(bestand, tag))
        meldungen.alle(pruefe_katalog(Kennzahlenkatalog.lade(projekt), bestand))
    except BerichtswerkFehler as fehler:
        meldungen.alle(m for m in fehler.meldungen if m not in meldungen.liste)
    sys.stdout.write((meldungen.als_json() if als_json else meldungen.als_text()) + "\n")
    return 1 if meldungen.fehler else 0


def _tag(text: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as fehler:
        raise BerichtswerkFehler(
            Meldung("tag-form", f"„{text}“ ist kein Datum.", feld="--heute",
                    abhilfe="Schreiben Sie Jahr-Monat-Tag, zum Beispiel 2026-01-31.")
        ) from fehler  # fmt: skip


def notizbuch(ordner: Path | None, datei: Path) -> int:
    """``berichtswerk notizbuch``."""
    from berichtswerk.ausfuehrung.einchecken import fuehre_mit_ausgaben_aus

    projekt = _projekt(ordner)
    fuehre_mit_ausgaben_aus(projekt, datei)
    sys.stdout.write(f"{projekt.relativ(datei)} ausgeführt und gespeichert.\n")
    return 0


def nachbereite(ordner: Path | None) -> int:
    """``berichtswerk nachbereiten``."""
    from berichtswerk.portal.nachbereitung import bereite_nach

    meldungen = bereite_nach(_projekt(ordner))
    zeige_befunde(meldungen)
    return 1 if meldungen.fehler else 0
