"""Misst das Rendern als Verhältnisse in einem Lauf: ``make bench``, mehr Läufe mit ``--laeufe 5``.

Der naive Weg: jedes Notizbuch je Format einmal in einem frischen Jupyter-Kernel ausführen, eines nach dem
anderen, dann derselbe Satz. Zeiten einzelner Rechner sind laut; die Verhältnisse sind die Aussage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WURZEL = Path(__file__).parents[1]
INHALT = ("_quarto.yml", "berichte", "daten", "layout", "notebooks")


def kopiere(ziel: Path) -> Path:
    """Der Inhalt des Projekts ohne Erzeugtes."""
    ziel.mkdir(parents=True)
    dateien = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *INHALT],
        cwd=WURZEL, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, dateien.split("\0")):
        if (WURZEL / name).is_file():
            (ziel / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(WURZEL / name, ziel / name)
    return ziel


def befehl(projekt: Path, *argumente: str) -> None:
    """Ein Aufruf, wie ihn Planerinnen machen: eigener Prozess, alles inbegriffen."""
    subprocess.run(
        [sys.executable, "-m", "berichtswerk", *argumente], cwd=projekt, check=True,
        stdout=subprocess.DEVNULL, env={**os.environ, "BERICHTSWERK_PROJEKT": str(projekt)},
    )  # fmt: skip


def leere(projekt: Path) -> None:
    """Alles Erzeugte weg: der kalte Anfang."""
    for name in ("_site", ".berichtswerk", "seiten"):
        shutil.rmtree(projekt / name, ignore_errors=True)


def naiv(projekt: Path) -> None:
    """Je Bericht und Format ein frischer Kernel, nacheinander; danach der eingebaute Satz."""
    programm = (
        "import sys, pathlib\n"
        "from berichtswerk import satz\n"
        "from berichtswerk.ausfuehrung.lauf import fuehre_aus\n"
        "from berichtswerk.ausfuehrung.plan import plane\n"
        "from berichtswerk.ausfuehrung.uebergeben import uebergib\n"
        "from berichtswerk.projekt import Projekt\n"
        "p = Projekt.finde(pathlib.Path(sys.argv[1]))\n"
        "satz.sichere_marke(p)\n"
        "for a in plane(p).auftraege:\n"
        "    for form in ('html', 'pdf'):\n"
        "        (fertig,) = fuehre_aus(p, [a], weg='kern', neu=True)\n"
        "        uebergib(p, fertig).meldungen.pruefe()\n"
        "        if form == 'html':\n"
        "            satz.setze_html(a.uebergabe, satz.Seitenkontext(projekt=p))\n"
        "        else:\n"
        "            satz.setze_pdf(a.uebergabe, p)\n"
        "satz.beende()\n"
    )
    subprocess.run([sys.executable, "-c", programm, str(projekt)], cwd=projekt, check=True)


def miss(tat: Callable[[], None]) -> float:
    """Sekunden auf der Wanduhr."""
    anfang = time.perf_counter()
    tat()
    return time.perf_counter() - anfang


def lauf(projekt: Path, nummer: int) -> dict[str, float]:
    """Alle Fälle einmal, in fester Folge."""
    zeiten: dict[str, float] = {}
    leere(projekt)
    zeiten["naiv: je Format ein Kernel, nacheinander"] = miss(lambda: naiv(projekt))
    leere(projekt)
    zeiten["kalt: alle Berichte, HTML und PDF"] = miss(lambda: befehl(projekt, "render"))
    zeiten["noch einmal, nichts geändert"] = miss(lambda: befehl(projekt, "render"))
    text = projekt / "berichte/sozialbericht/2024/texte/arbeit.md"
    text.write_text(text.read_text("utf-8") + f"\nEin Satz mehr, Fassung {nummer}.\n", "utf-8")
    zeiten["ein Satz geändert, ein Bericht"] = miss(lambda: befehl(projekt, "render", "sozialbericht/2024"))
    zeiten["berichtswerk --help"] = miss(lambda: befehl(projekt, "--help"))
    zeiten["berichtswerk liste"] = miss(lambda: befehl(projekt, "liste"))
    return zeiten


def main() -> None:
    """Misst und druckt eine Tabelle: kleinster, mittlerer, größter Wert und das Verhältnis zum naiven Weg."""
    eingabe = argparse.ArgumentParser(description="Misst das Rendern als Verhältnisse.")
    eingabe.add_argument("--laeufe", type=int, default=3, help="wie oft jeder Fall gemessen wird")
    anzahl = eingabe.parse_args().laeufe
    with tempfile.TemporaryDirectory() as ordner:
        projekt = kopiere(Path(ordner) / "projekt")
        laeufe = [lauf(projekt, n) for n in range(anzahl)]
    bezug = statistics.median(z["naiv: je Format ein Kernel, nacheinander"] for z in laeufe)
    print(f"{'Fall':<44}{'min':>8}{'mittel':>8}{'max':>8}   naiv : Fall")
    for fall in laeufe[0]:
        werte = sorted(z[fall] for z in laeufe)
        mitte = statistics.median(werte)
        print(f"{fall:<44}{werte[0]:>7.2f}s{mitte:>7.2f}s{werte[-1]:>7.2f}s   {bezug / mitte:>8.1f}")


if __name__ == "__main__":
    main()
