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

from berichtswerk import satz
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import uebergib
from berichtswerk.gegenstand.gegenstaende import MIME
from berichtswerk.grund.projekt import Projekt


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
    satz.sichere_marke(projekt)
    for auftrag in plane(projekt).auftraege:
        for form in ("html", "pdf"):
            shutil.rmtree(projekt.wurzel / ".berichtswerk", ignore_errors=True)
            (fertig,) = fuehre_aus(projekt, [auftrag], executor=Kern(), neu=True)
            uebergib(projekt, fertig).meldungen.pruefe()
            if form == "html":
                satz.setze_html(auftrag.uebergabe, satz.Seitenkontext(projekt=projekt))
            else:
                satz.setze_pdf(auftrag.uebergabe, projekt)
    satz.beende()


if __name__ == "__main__":
    main()
