"""Was vor „quarto render“ geschieht: ausführen, übergeben, Seiten schreiben; gesetzt wird hier nichts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from berichtswerk import satz
from berichtswerk.ausfuehrung.auftrag import Grenzen
from berichtswerk.ausfuehrung.lauf import Weg, fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.seiten import schreibe_seiten
from berichtswerk.site.tausch import sperre


def bereite_vor(
    projekt: Projekt,
    namen: Sequence[str] = (),
    *,
    weg: Weg = "auto",
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    fortschritt: Callable[[str, Auftrag | None, int], None] = lambda *_: None,
) -> Meldungen:
    """Schreibt alle Übergaben und Seiten; was es nicht mehr gibt, verschwindet.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder Fehler in den gemeinsamen Angaben.
    """
    plan = plane(projekt)
    auswahl = plan.waehle(namen)
    meldungen = Meldungen(list(plan.meldungen))
    with sperre(projekt):
        satz.sichere_marke(projekt)
        raeume_uebergaben_auf(projekt, plan)
        for a in fuehre_aus(projekt, auswahl, weg=weg, grenzen=grenzen, executor=executor):
            meldungen.neue(a.meldungen)
            if a.roh is not None:
                try:
                    meldungen.neue(uebergib(projekt, a).meldungen)
                except BerichtswerkFehler as fehler:
                    meldungen.neue(fehler.meldungen)
            fortschritt("ausgeführt" if a.roh else "gescheitert", a.auftrag, len(auswahl))
        schreibe_seiten(projekt, plan.auftraege, frozenset(a.stamm for a in plan.auftraege))
    return meldungen


def raeume_uebergaben_auf(projekt: Projekt, plan: Plan) -> None:
    """Löscht Übergaben, die zu keinem Auftrag mehr gehören: Quarto setzte sie sonst weiter."""
    geplant = {a.uebergabe for a in plan.auftraege}
    gelesen = {a.ordner for a in plan.auftraege}
    for pfad in sorted(projekt.berichte.glob("*/*/*.ipynb")):
        if (
            pfad in geplant
            or ((pfad.parent / "bericht.yml").is_file() and pfad.parent not in gelesen)
            or not _ist_uebergabe(pfad.read_text("utf-8"))
        ):
            continue
        pfad.unlink()
        shutil.rmtree(pfad.with_suffix(""), ignore_errors=True)


def _ist_uebergabe(text: str) -> bool:
    """Nur was die Ausführung selbst geschrieben hat, wird gelöscht."""
    try:
        return bool(json.loads(text)["metadata"]["berichtswerk"]["uebergabe"])
    except (ValueError, KeyError, TypeError):
        return False
