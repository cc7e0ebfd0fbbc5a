"""Misst das Rendern als Verhältnisse in einem Lauf: ``make bench``, mehr Läufe mit ``--laeufe 5``.

Der naive Weg: jedes Notizbuch je Format einmal in einem frischen Jupyter-Kernel ausführen, eines nach dem
anderen, jedes Mal mit seinen Abbildungen, dann derselbe Satz; aufgehoben wird nichts. Zeiten einzelner
Rechner sind laut; die Verhältnisse sind die Aussage. „Reine Arbeit“ ist die Rechenzeit aller Prozesse
geteilt durch die Kerne.
"""

from __future__ import annotations

import argparse
import copy
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
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

WURZEL = Path(__file__).parents[1]
NAIV_PROGRAMM = Path(__file__).with_name("naiv.py")
NAIV = "naiv: je Format ein Kernel, nacheinander"
KALT = "kalt: alle Berichte, HTML und PDF"
NICHTS = "nichts geändert"
ZIELE = {
    KALT: "mindestens 8",
    NICHTS: "höchstens 0,7 s",
    "ein Satz geändert, ein Bericht": "höchstens 1,5 s",
    "ein Wert geändert, ein Bericht": "höchstens 3 s",
    "berichtswerk --help": "höchstens 0,25 s",
    "berichtswerk liste": "höchstens 0,6 s",
}
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
    subprocess.run([sys.executable, str(NAIV_PROGRAMM), str(projekt)], cwd=projekt, check=True)


@dataclass(frozen=True, slots=True)
class Messung:
    """Ein Lauf: Sekunden auf der Uhr, Rechenzeit aller beteiligten Prozesse, Spitze des Speichers in MB."""

    uhr: float
    rechnen: float
    speicher: float = 0.0


def miss(tat: Callable[[], None]) -> Messung:
    """Misst eine Tat samt ihren Unterprozessen; auf einem belasteten Rechner sagt die Rechenzeit mehr."""
    vorher = resource.getrusage(resource.RUSAGE_CHILDREN)
    anfang = time.perf_counter()
    tat()
    uhr = time.perf_counter() - anfang
    nachher = resource.getrusage(resource.RUSAGE_CHILDREN)
    rechnen = nachher.ru_utime + nachher.ru_stime - vorher.ru_utime - vorher.ru_stime
    return Messung(uhr, rechnen)


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
    werte[NAIV] = miss(lambda: naiv(projekt))
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


def waechst(ziel: Path, anzahl: int) -> Messung:
    """``anzahl`` Gebietsvarianten des Musterprojekts, kalt gerendert."""
    shutil.rmtree(ziel, ignore_errors=True)
    shutil.copytree(WURZEL / "tests" / "muster", ziel)
    shutil.copytree(WURZEL / "layout", ziel / "layout")
    beschreibung = ziel / "berichte/lage/2024/bericht.yml"
    angaben = yaml.safe_load(beschreibung.read_text("utf-8"))
    vorlage = angaben["varianten"][0]
    angaben["varianten"] = [{**copy.deepcopy(vorlage), "name": f"gebiet-{n:03}"} for n in range(anzahl)]
    beschreibung.write_text(yaml.safe_dump(angaben, allow_unicode=True), "utf-8")
    programm = (
        "import resource, sys, pathlib\n"
        "from berichtswerk.site.bau import rendere\n"
        "from berichtswerk.grund.projekt import Projekt\n"
        "bilanz = rendere(Projekt(pathlib.Path(sys.argv[1])))\n"
        "assert bilanz.gelungen, bilanz.meldungen.als_text()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    ausgabe: list[str] = []

    def tat() -> None:
        ergebnis = subprocess.run(
            [sys.executable, "-c", programm, str(ziel)], stdout=subprocess.PIPE, text=True, check=True
        )
        ausgabe.append(ergebnis.stdout)

    gemessen = miss(tat)
    return Messung(gemessen.uhr, gemessen.rechnen, float(ausgabe[0].split()[-1]))


def drucke_faelle(laeufe: list[dict[str, Messung]]) -> None:
    """Kleinster, mittlerer, größter Wert auf der Uhr, mittlere Rechenzeit, Verhältnis zum naiven Weg."""

    def mittel(wert: Callable[[dict[str, Messung]], float]) -> float:
        return statistics.median(wert(z) for z in laeufe)

    print(f"{'Fall':<46}{'min':>8}{'mittel':>8}{'max':>8}{'Rechnen':>9}{'naiv : Fall':>13}   Ziel")
    for fall in laeufe[0]:
        uhr = sorted(z[fall].uhr for z in laeufe)
        rechnen = mittel(lambda z, fall=fall: z[fall].rechnen)  # type: ignore[misc]
        bezug = mittel(lambda z, fall=fall: z[NAIV].uhr / z[fall].uhr)  # type: ignore[misc]
        print(
            f"{fall:<46}{uhr[0]:>7.2f}s{statistics.median(uhr):>7.2f}s{uhr[-1]:>7.2f}s{rechnen:>8.2f}s"
            f"{bezug:>13.1f}   {ZIELE.get(fall, '')}"
        )
    kerne = os.cpu_count() or 1
    arbeit = mittel(lambda z: z[KALT].uhr / (z[KALT].rechnen / kerne))
    print(f"\nkalt : reine Arbeit auf {kerne} Kernen = {arbeit:.2f} (Ziel: höchstens 1,4)")
    print(
        f"kalt : nichts geändert = {mittel(lambda z: z[KALT].uhr / z[NICHTS].uhr):.0f} (Ziel: mindestens 50)"
    )


def drucke_wachstum(ordner: Path, stufen: list[int]) -> None:
    """Zeit je Dokument und Speicher des Elternprozesses bei immer mehr Varianten."""
    print(
        f"\n{'Varianten':>9}{'Uhr':>9}{'Rechnen':>9}{'je Stück':>10}{'je weiteres':>12}"
        f"{'Speicher':>10}{'je Stück mehr':>15}"
    )
    davor: tuple[int, Messung] | None = None
    for anzahl in stufen:
        m = waechst(ordner / "wachstum", anzahl)
        weitere = anzahl - davor[0] if davor else 0
        je = f"{(m.rechnen - davor[1].rechnen) / weitere:.2f}s" if davor else "–"
        mehr = f"{(m.speicher - davor[1].speicher) / weitere:.2f} MB" if davor else "–"
        print(
            f"{anzahl:>9}{m.uhr:>8.1f}s{m.rechnen:>8.1f}s{m.rechnen / anzahl:>9.2f}s{je:>12}"
            f"{m.speicher:>7.0f} MB{mehr:>15}"
        )
        davor = (anzahl, m)


def main() -> None:
    """Misst und druckt die Tabellen."""
    eingabe = argparse.ArgumentParser(description="Misst das Rendern als Verhältnisse.")
    eingabe.add_argument("--laeufe", type=int, default=3, help="wie oft jeder Fall gemessen wird")
    eingabe.add_argument(
        "--wachstum", type=int, nargs="*", default=[10, 40, 160], help="Zahlen der Varianten"
    )
    eingabe.add_argument("--nur-wachstum", action="store_true", help="nur die zweite Tabelle")
    wahl = eingabe.parse_args()
    with tempfile.TemporaryDirectory() as ordner:
        if not wahl.nur_wachstum:
            projekt = kopiere(Path(ordner) / "projekt")
            drucke_faelle([lauf(projekt, n) for n in range(wahl.laeufe)])
            name, gewicht = seitengewicht(projekt)
            print(f"schwerste Seite, gepackt übertragen: {name} {gewicht:.0f} KB (Ziel: höchstens 600)")
        if wahl.wachstum:
            drucke_wachstum(Path(ordner), wahl.wachstum)


if __name__ == "__main__":
    main()
