"""Misst das Rendern als Verhältnisse in einem Lauf: ``make bench``, mehr Läufe mit ``--laeufe 5``.

Der naive Weg (``naiv.py``): jedes Notizbuch je Format einmal in einem frischen Jupyter-Kernel, eines nach dem
anderen, dann derselbe Satz; aufgehoben wird nichts. Zeiten einzelner Rechner sind laut; die Verhältnisse sind
die Aussage. „Rechnen“ ist die Rechenzeit aller Prozesse, „Speicher“ die Spitze aller zusammen, Geteiltes
einmal gezählt. Liegt ``quarto`` auf dem PATH, steht sein Lauf daneben.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import hashlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from projekte import ARTEN

WURZEL = Path(__file__).parents[1]
NAIV = "naiv: je Format ein Kernel, nacheinander"
KALT = "kalt: alle Berichte, HTML und PDF"
NICHTS = "nichts geändert"
QUARTO = "quarto render, dasselbe Projekt"
STECKBRIEFE = "kalt: Steckbriefe, Seiten, Profile, Poster"
ZIELE = {
    KALT: "mindestens 8",
    QUARTO: "höchstens 50 s",
    NICHTS: "höchstens 0,3 s",
    STECKBRIEFE: "höchstens 12 s, 20 s Rechnen",
    "ein Satz geändert, ein Bericht": "höchstens 1,2 s",
    "ein Wert geändert, ein Bericht": "höchstens 3 s",
    "berichtswerk --help": "höchstens 0,25 s",
    "berichtswerk liste": "höchstens 0,6 s",
}
INHALT = ("_quarto.yml", "index.qmd", "berichte", "daten", "layout", "notebooks")
GROSS = (("abbildungen", 200), ("zeilen", 1_000_000))
_KOPF = f"{'min':>8}{'mittel':>8}{'max':>8}{'Rechnen':>9}{'Speicher':>10}"
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER aus linux/prctl.h


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
    _rufe([sys.executable, "-m", "berichtswerk", *argumente], projekt)


def _rufe(aufruf: list[str], projekt: Path) -> None:
    umgebung = {**os.environ, "BERICHTSWERK_PROJEKT": str(projekt), "QUARTO_PYTHON": sys.executable}
    umgebung.pop("PYTHONDONTWRITEBYTECODE", None)  # sonst übersetzt Python bei jedem Aufruf alles neu
    subprocess.run(aufruf, cwd=projekt, check=True, capture_output=True, env=umgebung)


def leere(projekt: Path) -> None:
    """Alles Erzeugte weg: der kalte Anfang."""
    for name in ("_site", "_quarto", ".quarto", ".berichtswerk", "seiten"):
        shutil.rmtree(projekt / name, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Messung:
    """Ein Lauf: Sekunden auf der Uhr, Rechenzeit aller beteiligten Prozesse, Spitze des Speichers in MB."""

    uhr: float
    rechnen: float
    speicher: float


def miss(tat: Callable[[], None]) -> Messung:
    """Misst eine Tat samt allen Prozessen, die sie beginnt; auch solchen, die sie überleben (Linux)."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    vorher = _rechenzeit()
    anfang = time.perf_counter()
    with _speicherspitze() as spitze:
        tat()
        uhr = time.perf_counter() - anfang
        with suppress(ChildProcessError):
            while True:
                os.wait()
    return Messung(uhr, _rechenzeit() - vorher, spitze[0])


def _rechenzeit() -> float:
    stand = resource.getrusage(resource.RUSAGE_CHILDREN)
    return stand.ru_utime + stand.ru_stime


@contextmanager
def _speicherspitze() -> Iterator[list[float]]:
    """Misst fünfmal je Sekunde, was alle Nachkommen zusammen belegen."""
    spitze, ende = [0.0], threading.Event()

    def beobachte() -> None:
        while not ende.wait(0.2):
            summe = 0.0
            for prozess in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    summe += prozess.memory_full_info().pss / 1e6
            spitze[0] = max(spitze[0], summe)

    faden = threading.Thread(target=beobachte)
    faden.start()
    try:
        yield spitze
    finally:
        ende.set()
        faden.join()


def _ersetze(datei: Path, muster: str, neu: str) -> None:
    text, anzahl = re.subn(muster, neu, datei.read_text("utf-8"), count=1)
    assert anzahl == 1, f"{datei.name}: {muster}"
    datei.write_text(text, "utf-8")


def aendere_wert(projekt: Path, nummer: int) -> None:
    """Eine neue Lieferung: ein Wert in einer Datei und die Prüfsumme in ihrer Beschreibung."""
    datei, beschreibung = projekt / "daten/dateien/gestorbene.csv", projekt / "daten/quellen/gestorbene.yaml"
    _ersetze(datei, r"DG,1995,insgesamt,\d+", f"DG,1995,insgesamt,{884588 + nummer + 1}")
    summe = hashlib.sha256(datei.read_bytes()).hexdigest()
    _ersetze(beschreibung, r"hash: sha256:[0-9a-f]+", f"hash: sha256:{summe}")


def lauf(projekt: Path, nummer: int) -> dict[str, Messung]:
    """Alle Fälle einmal, in fester Folge; jeder Aufruf ist ein eigener Prozess."""
    werte: dict[str, Messung] = {}
    bericht = "sozialbericht/2022"
    leere(projekt)
    werte[NAIV] = miss(lambda: _rufe([sys.executable, str(WURZEL / "bench/naiv.py"), str(projekt)], projekt))
    if (quarto := shutil.which("quarto")) is not None:
        leere(projekt)
        werte[QUARTO] = miss(lambda: _rufe([quarto, "render"], projekt))
    leere(projekt)
    werte[KALT] = miss(lambda: befehl(projekt, "render"))
    werte[NICHTS] = miss(lambda: befehl(projekt, "render"))
    text = projekt / "berichte" / bericht / "texte/arbeit.md"
    text.write_text(text.read_text("utf-8") + f"\nEin Satz mehr, Fassung {nummer}.\n", "utf-8")
    werte["ein Satz geändert, ein Bericht"] = miss(lambda: befehl(projekt, "render", bericht))
    _ersetze(projekt / "layout/_brand.yml", r'"#0[0-9a-f]{5}"', f'"#0{nummer:x}5c6d"')
    werte["eine Farbe geändert, ein Bericht"] = miss(lambda: befehl(projekt, "render", bericht))
    aendere_wert(projekt, nummer)
    werte["ein Wert geändert, ein Bericht"] = miss(lambda: befehl(projekt, "render", bericht))
    werte["berichtswerk --help"] = miss(lambda: befehl(projekt, "--help"))
    werte["berichtswerk liste"] = miss(lambda: befehl(projekt, "liste"))
    leere(projekt)
    werte[STECKBRIEFE] = miss(lambda: befehl(projekt, "render", "steckbriefe"))
    return werte


def seitengewicht(projekt: Path) -> tuple[str, float]:
    """Die schwerste Seite eines Berichts mit allem, was sie beim Öffnen lädt, gepackt übertragen; in KB."""
    gewichte: dict[str, float] = {}
    for seite in (projekt / "_site/berichte").rglob("*.html"):
        html = seite.read_text("utf-8")
        geladen = re.findall(r'<(?:img|script|source)[^>]*\ssrc(?:set)?="([^"#:]+)"', html)
        geladen += re.findall(r'<link[^>]*rel="(?:stylesheet|icon)"[^>]*href="([^"#:]+)"', html)
        dateien = {(seite.parent / name).resolve() for name in geladen} | {seite}
        dateien |= set((projekt / "_site/layout/fonts").rglob("*.woff2"))
        fest = sum(p.stat().st_size for p in dateien if p.suffix == ".woff2")
        gepackt = sum(len(gzip.compress(p.read_bytes())) for p in dateien if p.suffix != ".woff2")
        gewichte[seite.stem] = (fest + gepackt) / 1000
    return max(gewichte.items(), key=lambda g: g[1])


def drucke_faelle(laeufe: list[dict[str, Messung]]) -> None:
    """Kleinster, mittlerer, größter Wert auf der Uhr, mittlere Rechenzeit, Verhältnis zum naiven Weg."""

    def mittel(wert: Callable[[dict[str, Messung]], float]) -> float:
        return statistics.median(wert(z) for z in laeufe)

    print(f"{'Fall':<42}{_KOPF}{'naiv : Fall':>13}  Ziel")
    for fall in laeufe[0]:
        uhr = sorted(z[fall].uhr for z in laeufe)
        rechnen = mittel(lambda z, fall=fall: z[fall].rechnen)  # type: ignore[misc]
        speicher = max(z[fall].speicher for z in laeufe)
        bezug = mittel(lambda z, fall=fall: z[NAIV].uhr / z[fall].uhr)  # type: ignore[misc]
        print(
            f"{fall:<42}{uhr[0]:>7.2f}s{statistics.median(uhr):>7.2f}s{uhr[-1]:>7.2f}s{rechnen:>8.2f}s"
            f"{speicher:>7.0f} MB{bezug:>13.1f}  {ZIELE.get(fall, '')}"
        )
    anteil = mittel(lambda z: z[KALT].rechnen / z[NAIV].rechnen)
    print(f"\nkalt : naiv in Rechenzeit = {anteil:.2f}")


def drucke_varianten(ordner: Path, stufen: list[int]) -> None:
    """Rechenzeit je Gebietsvariante (sechs Abbildungen, HTML und PDF), kalt und nach einem Satz in allen."""
    print(
        "\nGebietsvarianten: kalt höchstens 0,5 s je weitere, auf 15 % gleich, 600 MB; Satz höchstens 0,12 s"
    )
    kopf = f"{'Varianten':>9}{'Uhr':>9}{'Rechnen':>9}{'je weitere':>12}{'Speicher':>10}"
    print(f"{kopf}{'Satz in allen':>15}{'je weitere':>12}{'Speicher':>10}")
    davor: tuple[int, Messung, Messung] | None = None
    for anzahl in stufen:
        projekt = ARTEN["varianten"](ordner / f"varianten-{anzahl}", anzahl)
        kalt = miss(lambda projekt=projekt: befehl(projekt, "render"))  # type: ignore[misc]
        text = projekt / "berichte/profil/2024/texte/einleitung.md"
        text.write_text(text.read_text("utf-8") + "\nEin Satz mehr.\n", "utf-8")
        satz = miss(lambda projekt=projekt: befehl(projekt, "render"))  # type: ignore[misc]
        mehr = anzahl - davor[0] if davor else 0
        je = (
            [
                f"{(jetzt.rechnen - vor.rechnen) / mehr:.3f}s"
                for jetzt, vor in zip((kalt, satz), davor[1:], strict=True)
            ]
            if davor
            else ["–", "–"]
        )
        print(
            f"{anzahl:>9}{kalt.uhr:>8.1f}s{kalt.rechnen:>8.1f}s{je[0]:>12}{kalt.speicher:>7.0f} MB"
            f"{satz.rechnen:>14.1f}s{je[1]:>12}{satz.speicher:>7.0f} MB"
        )
        davor = (anzahl, kalt, satz)
        shutil.rmtree(projekt)


def drucke_grosse(ordner: Path, laeufe: int) -> None:
    """Viele Abbildungen in einem Bericht, viele Zeilen in einer Quelle; kalt."""
    print(f"\n{'Großes (höchstens 10 s, 500 MB)':<36}{_KOPF}")
    for art, anzahl in GROSS:
        projekt = ARTEN[art](ordner / art, anzahl)
        gemessen = []
        for _ in range(laeufe):
            leere(projekt)
            gemessen.append(miss(lambda projekt=projekt: befehl(projekt, "render")))  # type: ignore[misc]
        uhr = sorted(m.uhr for m in gemessen)
        rechnen = statistics.median(m.rechnen for m in gemessen)
        print(
            f"{anzahl:>9} {art:<26}{uhr[0]:>7.2f}s{statistics.median(uhr):>7.2f}s{uhr[-1]:>7.2f}s"
            f"{rechnen:>8.2f}s{max(m.speicher for m in gemessen):>7.0f} MB"
        )


def main() -> None:
    """Misst und druckt die Tabellen."""
    eingabe = argparse.ArgumentParser(description="Misst das Rendern als Verhältnisse.")
    eingabe.add_argument("--laeufe", type=int, default=3, help="wie oft jeder Fall gemessen wird")
    eingabe.add_argument(
        "--varianten", type=int, nargs="*", default=[30, 100, 300], help="Zahlen der Varianten"
    )
    eingabe.add_argument("--nur", choices=["faelle", "varianten", "grosse"], help="nur diese Tabelle")
    wahl = eingabe.parse_args()
    with tempfile.TemporaryDirectory() as ordner:
        if wahl.nur in (None, "faelle"):
            projekt = kopiere(Path(ordner) / "projekt")
            drucke_faelle([lauf(projekt, n) for n in range(wahl.laeufe)])
            name, gewicht = seitengewicht(projekt)
            print(f"schwerste Seite, gepackt übertragen: {name} {gewicht:.0f} KB (Ziel: höchstens 600)")
        if wahl.nur in (None, "varianten"):
            drucke_varianten(Path(ordner), wahl.varianten)
        if wahl.nur in (None, "grosse"):
            drucke_grosse(Path(ordner), wahl.laeufe)


if __name__ == "__main__":
    main()
