"""Der naive Weg: je Bericht und Format ein frischer Jupyter-Kernel, nacheinander (``naiv.py PROJEKT``)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from concurrent.futures import Future
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import uebergib
from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.gegenstand.gegenstaende import MIME
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere
from berichtswerk.satz import pdf
from berichtswerk.satz.manuskript import lies
from berichtswerk.schreiber.html import seite
from berichtswerk.site.seiten import Umgebung


class Kern:
    """Ein Executor, der jeden Lauf in einem eigenen Jupyter-Kernel ausführt."""

    zugleich = 1

    def submit(self, lauf: Lauf, /) -> Future[Laufergebnis]:
        """Führt sofort aus."""
        nb = nbformat.reads(lauf.notizbuch, as_version=4)  # type: ignore[no-untyped-call]
        NotebookClient(nb, resources={"metadata": {"path": lauf.ordner}}).execute()
        for zelle in nb.cells:
            gezeigt = [a for a in zelle.get("outputs", ()) if MIME in a.get("data", {})]
            if zelle.cell_type == "code":
                zelle.outputs = [
                    {"output_type": "display_data", "metadata": {}, "data": a.data} for a in gezeigt
                ]
        fertig: Future[Laufergebnis] = Future()
        inhalt = json.dumps(nb, ensure_ascii=False, sort_keys=True).encode()
        fertig.set_result(Laufergebnis(lauf.stamm, inhalt))
        return fertig

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nichts bleibt stehen."""


def main() -> None:
    """Führt aus und setzt, ohne etwas aufzuheben."""
    projekt = Projekt.finde(Path(sys.argv[1]))
    os.environ.update(BERICHTSWERK_LAUF="1", BERICHTSWERK_PROJEKT=str(projekt.wurzel), PYTHONHASHSEED="0")
    sichere(projekt)
    umgebung = Umgebung(projekt, lade_kreis(projekt))
    for auftrag in plane(projekt).auftraege:
        for form in ("html", "pdf"):
            shutil.rmtree(projekt.wurzel / ".berichtswerk", ignore_errors=True)
            (fertig,) = fuehre_aus(projekt, [auftrag], executor=Kern(), neu=True)
            u = uebergib(projekt, fertig)
            u.meldungen.pruefe()
            manuskript, befunde = lies(u.dokument, projekt, auftrag.ordner)
            befunde.pruefe()
            if form == "html":
                seite.schreibe(manuskript, umgebung.bericht(auftrag, ()), u.zeichnungen)
            else:
                pdf.setze(manuskript, projekt, u.druckbilder)


if __name__ == "__main__":
    main()
