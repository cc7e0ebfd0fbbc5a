"""Typst als eigenes Programm: läuft ohne alles andere aus diesem Haus, eine Anfrage je Zeile (JSON).

So hat es Zeit und Speicher für sich, und wer daran scheitert, reißt niemanden mit. Was es ausrechnete, merkt
es sich für die nächste Anfrage. Aufruf: ``python -I -S typstdienst.py ORDNER``, darin liegt das Paket.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from datetime import UTC, datetime
from typing import Any

LEERE = 4
"""Leere Dokumente nach jedem weiteren: hundert Berichte belegen so nicht mehr Speicher als zwei."""
ALLES = 11
"""Danach ist auch das Jüngste vergessen."""


class Setzer:
    """Ein Dokument nach dem anderen; ``beginne`` wählt es."""

    def __init__(self) -> None:
        import typst

        self._typst = typst
        self._schriften: dict[str, Any] = {}
        self._satz: Any = None
        self._gedruckt = False

    def beginne(self, haupt: str, wurzel: str, schriften: str) -> None:
        """Das Dokument ``haupt`` (Pfad); nur mit den Schriften dieses Ordners."""
        if schriften not in self._schriften:
            ohne = {"include_system_fonts": False, "include_embedded_fonts": False}
            self._schriften[schriften] = self._typst.Fonts(**ohne, font_paths=[schriften])
        self._satz = self._typst.Compiler(input=haupt, root=wurzel, font_paths=self._schriften[schriften])

    def miss(self, frage: str) -> str:
        """Setzt und beantwortet eine Frage in Typst."""
        return str(self._satz.eval(frage))

    def drucke(self, ziel: str, normen: list[str], zeit: float) -> None:
        """Setzt und schreibt das PDF nach ``ziel``."""
        stempel = datetime.fromtimestamp(zeit, UTC)
        roh = self._satz.compile(format="pdf", pdf_standards=normen, timestamp=stempel)
        with open(ziel, "wb") as datei:  # noqa: PTH123 (pathlib lüde hier mehr als Typst)
            datei.write(roh)

    def zeichne(self, ziel: str, dichte: float) -> None:
        """Setzt und schreibt jede Seite als PNG nach ``ziel`` mit ihrer Nummer (ab 0); Punkte je Zoll."""
        seiten = self._satz.compile(format="png", ppi=dichte)
        for nummer, roh in enumerate(seiten if isinstance(seiten, list) else [seiten]):
            with open(ziel.format(nummer), "wb") as datei:  # noqa: PTH123
                datei.write(roh)

    def vergiss(self, was: str) -> None:
        """Typst behält, was es in den letzten zehn Dokumenten rechnete; jedes leere lässt alles altern.

        So bleiben von vielen Berichten die letzten zwei; nach dem ersten gibt es nichts zu vergessen.
        Einzelne Bilder braucht niemand ein zweites Mal.
        """
        leere = ALLES if was == "zeichne" else LEERE if self._gedruckt else 0
        for _ in range(leere):
            schriften = next(iter(self._schriften.values()))
            self._typst.Compiler(input=b"x", font_paths=schriften).compile(format="svg")
        self._gedruckt |= was == "drucke"


def antworte() -> None:
    """Liest Anfragen, bis unser Auftraggeber die Leitung schließt; dann endet auch, was gerade rechnet."""
    anfragen: queue.Queue[str] = queue.Queue()

    def lies() -> None:
        for zeile in sys.stdin:
            anfragen.put(zeile)
        os._exit(0)

    threading.Thread(target=lies, daemon=True).start()
    setzer = Setzer()
    while True:
        anfrage = json.loads(anfragen.get())
        was = anfrage.pop("was")
        try:
            antwort = {"antwort": getattr(setzer, was)(**anfrage)}
        except Exception as fehler:  # Typst nennt die Stelle, der Auftraggeber sagt es auf Deutsch
            angaben = {n: str(getattr(fehler, n, "")) for n in ("message", "diagnostic")}
            antwort = {"fehler": angaben["message"] or str(fehler), "diagnose": angaben["diagnostic"]}
        print(json.dumps(antwort), flush=True)
        if was in ("drucke", "zeichne"):
            setzer.vergiss(was)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    antworte()
