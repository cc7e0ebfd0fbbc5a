"""Richtet Berichtswerk in ``.venv`` ein und sagt dabei, was geschieht: ``python einrichten.py``.

Braucht nur Python selbst und läuft auf Windows, macOS und Linux gleich; ``make`` ruft es auf. Ein zweiter
Aufruf tut nichts, solange sich die Sperrdateien nicht geändert haben.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
import venv
from collections import deque
from pathlib import Path

WURZEL = Path(__file__).resolve().parent
UMGEBUNG = WURZEL / ".venv"
FASSUNGEN = ((3, 11), (3, 15))
"""Ab welcher und vor welcher Fassung von Python alle gesperrten Pakete fertig vorliegen."""


def python_der_umgebung() -> Path:
    """Das Python in ``.venv``."""
    return UMGEBUNG / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def main() -> int:
    """Richtet ein; 0, wenn danach alles bereitsteht."""
    leser = argparse.ArgumentParser(description="Richtet Berichtswerk in .venv ein.")
    leser.add_argument("--pruefwerkzeuge", action="store_true", help="auch, was „make test“ braucht")
    alles = leser.parse_args().pruefwerkzeuge
    if not FASSUNGEN[0] <= sys.version_info[:2] < FASSUNGEN[1]:
        return scheitere(f"Berichtswerk braucht Python 3.11 bis 3.14; gefunden: {sys.version.split()[0]}.")
    beginn = time.monotonic()
    if not python_der_umgebung().is_file() and (rueckgabe := lege_umgebung_an()):
        return rueckgabe
    schritte = [(WURZEL / "anforderungen.lock", "Berichtswerk und seine Bibliotheken", True)]
    if alles:
        schritte.append((WURZEL / "anforderungen-test.lock", "die Prüfwerkzeuge", False))
    for sperrdatei, was, selbst in schritte:
        if rueckgabe := installiere(sperrdatei, was, selbst=selbst):
            return rueckgabe
    if (dauer := time.monotonic() - beginn) > 2:
        print(f"Eingerichtet in {dauer:.0f} Sekunden.", flush=True)
    return 0


def lege_umgebung_an() -> int:
    """Legt ``.venv`` an."""
    print("Lege die Umgebung in .venv an …", flush=True)
    try:
        venv.create(UMGEBUNG, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as fehler:
        rat = "Auf Debian und Ubuntu hilft: apt-get install python3-venv"
        return scheitere(f"Die Umgebung lässt sich nicht anlegen ({fehler}). {rat}")
    return 0


def installiere(sperrdatei: Path, was: str, *, selbst: bool) -> int:
    """Installiert genau die gesperrten Fassungen, geprüft an ihren Prüfsummen."""
    marke = UMGEBUNG / f"{sperrdatei.stem}.ok"
    stand = sperrdatei.read_text("utf-8") + (WURZEL / "pyproject.toml").read_text("utf-8")
    if marke.is_file() and marke.read_text("utf-8") == stand:
        return 0
    namen = re.findall(r"^([\w.-]+)==", sperrdatei.read_text("utf-8"), re.MULTILINE)
    print(f"Hole {was}: höchstens {len(namen)} Pakete, beim ersten Mal einige Minuten …", flush=True)
    if pip(["--require-hashes", "-r", str(sperrdatei)], len(namen)):
        return 1
    if selbst and pip(["--no-deps", "--no-build-isolation", "-e", str(WURZEL)], 0):
        return 1
    marke.write_text(stand, "utf-8")
    if selbst:
        lege_eingaben_an()
    return 0


def lege_eingaben_an() -> None:
    """Legt an, was „quarto render“ einzeln setzen kann: Quarto sucht danach, ehe es das Projekt fragt.

    Was daran fehlerhaft ist, meldet erst das Rendern.
    """
    befehl = (
        "from berichtswerk.ausfuehrung.plan import plane; from berichtswerk.grund.projekt import Projekt; "
        "from berichtswerk.site.vorbereitung import lege_eingaben_an as lege; from pathlib import Path; "
        "p = Projekt.finde(Path('.')); lege(p, plane(p))"
    )
    subprocess.run([str(python_der_umgebung()), "-c", befehl], cwd=WURZEL, capture_output=True, check=False)


def pip(angaben: list[str], anzahl: int) -> int:
    """Ruft pip und zeigt je Paket eine Zeile; scheitert es, seine letzten Zeilen."""
    befehl = [str(python_der_umgebung()), "-m", "pip", "install", "--disable-pip-version-check", "--no-color"]
    letzte: deque[str] = deque(maxlen=15)
    nummer = 0
    with subprocess.Popen(
        [*befehl, "--progress-bar", "off", *angaben],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    ) as lauf:  # fmt: skip
        assert lauf.stdout is not None
        for zeile in lauf.stdout:
            letzte.append(zeile.rstrip())
            if paket := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", zeile):
                nummer += 1
                if anzahl and zeile.startswith("Collecting"):
                    print(f"  {nummer:3}  {paket[1]}", flush=True)
            elif zeile.startswith("Installing collected packages") and anzahl:
                print("  entpacke …", flush=True)
    if lauf.returncode:
        print("\n".join(letzte), file=sys.stderr)
        rat = "Prüfen Sie die Netzverbindung; dann hilft derselbe Befehl noch einmal."
        return scheitere(f"pip ist gescheitert. {rat}")
    return 0


def scheitere(text: str) -> int:
    """Nennt den Grund auf der Fehlerausgabe."""
    print(f"FEHLER  {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
