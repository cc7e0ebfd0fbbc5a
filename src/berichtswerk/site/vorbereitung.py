"""Was vor „quarto render“ geschieht: ausführen, übergeben, Seiten schreiben; gesetzt wird hier nichts."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from berichtswerk import satz
from berichtswerk.ausfuehrung.auftrag import Grenzen
from berichtswerk.ausfuehrung.lauf import Weg, fuehre_aus
from berichtswerk.ausfuehrung.parameter import Notizbuch
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.ausfuehrung.uebergabe import zeilen
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.tafel import als_typst
from berichtswerk.site.nachbereitung import Quartolauf
from berichtswerk.site.seiten import schreibe_seiten
from berichtswerk.site.tausch import sperre

_TABELLE = re.compile(r"^```\{=html\}\n(<table.*?</table>)\n```$", re.DOTALL | re.MULTILINE)


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

    Setzt Quarto nur einzelne Dateien, entstehen nur deren Übergaben.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder Fehler in den gemeinsamen Angaben.
    """
    plan = plane(projekt)
    auswahl = plan.waehle(namen)
    lauf = Quartolauf.aus(os.environ)
    if lauf.eingaben and not lauf.alles:
        auswahl = tuple(a for a in auswahl if projekt.relativ(a.uebergabe) in lauf.eingaben)
    meldungen = Meldungen(list(plan.meldungen))
    with sperre(projekt):
        satz.sichere_marke(projekt)
        raeume_uebergaben_auf(projekt, plan)
        for a in fuehre_aus(projekt, auswahl, weg=weg, grenzen=grenzen, executor=executor):
            meldungen.neue(a.meldungen)
            if a.roh is not None:
                try:
                    meldungen.neue(uebergib(projekt, a, aendere=mit_typst).meldungen)
                except BerichtswerkFehler as fehler:
                    meldungen.neue(fehler.meldungen)
            fortschritt("ausgeführt" if a.roh else "gescheitert", a.auftrag, len(auswahl))
        schreibe_seiten(projekt, plan.auftraege, frozenset(a.stamm for a in plan.auftraege))
    return meldungen


def mit_typst(nb: Notizbuch) -> None:
    """Stellt neben jede HTML-Tabelle dieselbe als Typst: sonst startete Quarto für jede einen Prozess."""
    for zelle in nb["cells"]:
        for ausgabe in zelle.get("outputs", []):
            text = "".join(ausgabe["data"]["text/markdown"])
            ausgabe["data"]["text/markdown"] = zeilen(_TABELLE.sub(_doppelt, text))


def _doppelt(fund: re.Match[str]) -> str:
    typst = als_typst(fund[1])
    return fund[0] if typst is None else f"{fund[0]}\n\n```{{=typst}}\n{typst}\n```"


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
