"""Wie lange dauert es vom Speichern eines Satzes bis zur neuen Seite? ``python bench/vorschau.py [BERICHT]``.

Arbeitet auf einer Kopie des Projekts; gemessen wird bis zum vollständigen Empfang der neuen Seite.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.vorschau import Vorschau

PROJEKT = Path(__file__).parents[1]
INHALT = ("berichte", "daten", "layout", "notebooks")
DURCHGAENGE = 15


def miss(projekt: Projekt, name: str) -> list[float]:
    """Sekunden je geändertem Satz im ersten Text des Berichts."""
    auftrag = plane(projekt).waehle([name])[0]
    text = next(iter(sorted((auftrag.ordner / "texte").glob("*.md"))))
    vorher = text.read_text(encoding="utf-8")
    with Vorschau(projekt, name, port=0) as v:
        while "bw-vorschau-warten" in _hole(v.adresse):
            time.sleep(0.5)
        frage = f"{v.dienst.ursprung}/_vorschau/zustand?seite={auftrag.ziel}.html"
        with urllib.request.urlopen(frage) as leitung:

            def bis_fertig(alt: str = "") -> str:
                while True:
                    zeile = leitung.readline().decode()
                    zustand = json.loads(zeile[6:]) if zeile.startswith("data: ") else {}
                    if zustand and zustand["fassung"] != alt and (alt or not zustand["stand"]):
                        return str(zustand["fassung"])

            fassung, dauern = bis_fertig(), []
            for i in range(DURCHGAENGE):
                time.sleep(1.5)  # so schnell speichert niemand hintereinander
                beginn = time.perf_counter()
                text.write_text(f"{vorher}\n\nMesssatz-{i}-hier.\n", encoding="utf-8")
                fassung = bis_fertig(fassung)
                assert f"Messsatz-{i}-hier." in _hole(v.adresse)
                dauern.append(time.perf_counter() - beginn)
    return dauern


def _hole(adresse: str) -> str:
    with urllib.request.urlopen(adresse) as antwort:
        return str(antwort.read().decode())


def main() -> None:
    """Misst und druckt eine Zeile."""
    name = sys.argv[1] if len(sys.argv) > 1 else "sozialbericht/2024"
    with tempfile.TemporaryDirectory() as ordner:
        wurzel = Path(ordner) / "projekt"
        for teil in INHALT:
            shutil.copytree(PROJEKT / teil, wurzel / teil)
        shutil.copy(PROJEKT / "_quarto.yml", wurzel)
        dauern = sorted(miss(Projekt(wurzel), name))
    print(
        f"vorschau, ein Satz in {name}: min {dauern[0]:.2f} s, Median {statistics.median(dauern):.2f} s, "
        f"max {dauern[-1]:.2f} s ({len(dauern)} Durchgänge)"
    )


if __name__ == "__main__":
    main()
