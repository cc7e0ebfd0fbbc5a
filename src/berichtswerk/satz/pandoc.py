"""Markdown lesen mit pandoc: jeder Text für sich, jeder nur einmal, nie länger als erlaubt.

pandoc läuft als ein Dauerläufer (``lesen.lua``): ein zweiter belegte Speicher und sparte kaum Zeit. Er
stirbt mit diesem Prozess, und ein Text, an dem er hängt, wird gemeldet statt abgewartet.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.satz.dienst import Dienst, Dienste, Zeitueberschreitung

Knoten = dict[str, Any]
"""Ein Knoten im Baum von pandoc: ``{"t": Art, "c": Inhalt}``. Woran pandoc Anstoß nahm, steht dahinter als
``Warnung`` [Art, Wortlaut]."""


def inhalt(k: Knoten) -> Any:
    """Der Inhalt eines Knotens; ``None`` bei solchen ohne."""
    return k.get("c")


ZU_TIEF = "ZuTief"
"""Die Art der Warnung, wenn ein Text tiefer verschachtelt ist, als sich lesen lässt."""
GRENZE_S = 5.0
"""So lange darf pandoc an einem Text lesen; üblich sind Millisekunden."""
_LUA = Path(__file__).with_name("lesen.lua")


class TextHaengt(Befundart):
    text = "Dieser Text lässt sich nicht lesen: nach {sekunden} Sekunden kam kein Ende."
    ursache = "Meist stehen viele eckige Klammern „[“ offen, oder Betonungen sind tief verschachtelt."
    abhilfe = "Schließen Sie die Klammern oder schreiben Sie sie als „\\[“."


class SatzPandoc(Befundart):
    text = "pandoc konnte einen Text nicht lesen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie die zuletzt geänderten Texte; bleibt der Fehler, melden Sie ihn mit dieser Ausgabe."


def _beginne() -> Dienst:
    """Ein laufendes ``pandoc lua lesen.lua``."""
    # GHCRTS: ein kleiner Haufen statt der mitgegebenen 64 MB (-H), höchstens 1 GB (-M)
    umgebung = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "GHCRTS": "-H4m -A4m -M1g"}
    # Lua öffnet die Datei so auch unter Pfaden mit Umlauten
    return Dienst([programm(), "lua", _LUA.name], _LUA.parent, umgebung)


@cache
def programm() -> str:
    """Pfad des mitgelieferten pandoc (``pypandoc-binary``); ``get_pandoc_path`` riefe es erst einmal auf."""
    ordner = import_module("pypandoc").__file__ or ""
    return str(Path(ordner).with_name("files") / ("pandoc.exe" if sys.platform == "win32" else "pandoc"))


_dienste = Dienste(_beginne)
waerme_vor, beende = _dienste.waerme_vor, _dienste.beende
_platz = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: globals().update(_platz=threading.Lock()))


def lies(texte: Sequence[str], ablage: Ablage | None = None) -> list[list[Knoten] | None]:
    """Die Blöcke jedes Textes; ``None``, wo pandoc nicht zu Ende kam.

    Raises:
        BerichtswerkFehler: ``satz-pandoc``, wenn das Programm abbricht.
    """
    fertig: dict[str, list[Knoten] | None] = {}
    for text in dict.fromkeys(texte):
        roh = ablage.hole("pandoc", _schluessel(text)) if ablage is not None else None
        if roh is not None:
            fertig[text] = json.loads(roh)
    for text in dict.fromkeys(t for t in texte if t not in fertig):
        with _platz, zeiten.miss("pandoc"):
            bloecke = fertig[text] = _lies_neu(text)
        if ablage is not None and bloecke is not None:
            ablage.lege("pandoc", _schluessel(text), json.dumps(bloecke, ensure_ascii=False).encode())
    return [fertig[t] for t in texte]


def _schluessel(text: str) -> str:
    return summe(text, fassung("pypandoc-binary"), _leser())


@cache
def _leser() -> str:
    return dateisumme(_LUA)


def _lies_neu(text: str) -> list[Knoten] | None:
    for versuch in (1, 2):  # wurde pandoc von außen beendet, antwortet ein neues
        dienst = _dienste.hole()
        try:
            antwort: dict[str, Any] = dienst.frage(text, GRENZE_S)
        except Zeitueberschreitung:
            dienst.beende()
            return None
        except RecursionError:  # so tief verschachtelt liest auch Python keine Antwort
            _dienste.gib(dienst)
            return [{"t": "Warnung", "c": [ZU_TIEF, ""]}]
        except OSError as fehler:
            dienst.beende()
            if versuch == 2:
                raise _gescheitert(str(fehler)) from fehler
            continue
        if "stoerung" in antwort:
            dienst.beende()
            raise _gescheitert(str(antwort["stoerung"]))
        _dienste.gib(dienst)
        warnungen = [[w["type"], w["pretty"]] for w in antwort["warnungen"] if w["verbosity"] == "WARNING"]
        bloecke: list[Knoten] = antwort["baum"]["blocks"]
        return [*bloecke, *({"t": "Warnung", "c": w} for w in warnungen)]
    raise AssertionError


def _gescheitert(grund: str) -> BerichtswerkFehler:
    zeile = grund.strip().split("\n")[0] or "Das Programm brach ohne Angabe ab."
    return BerichtswerkFehler(SatzPandoc.melde(grund=zeile))
