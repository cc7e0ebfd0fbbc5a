"""Erfundene Projekte jeder Größe zum Messen: viele Gebietsvarianten, viele Abbildungen, viele Zeilen.

``python bench/projekte.py ORDNER varianten 300`` (``abbildungen 200``, ``zeilen 1000000``) legt eines an.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

WURZEL = Path(__file__).parents[1]
GROESSEN = ("einwohner", "geborene", "gestorbene", "zuzuege", "fortzuege", "haushalte")
JAHRE = range(2012, 2025)


def varianten(ziel: Path, anzahl: int) -> Path:
    """Ein Bericht mit ``anzahl`` Gebietsvarianten, jede mit sechs eigenen Abbildungen."""
    _grund(ziel, anzahl)
    zellen = [f'b.linie("{name}", label="fig-{name}")' for name in GROESSEN]
    _notizbuch(ziel, ['b.text("einleitung")', *zellen])
    liste = [f'  - {{name: g{n:03}, untertitel: "Gemeinde {n}", parameter: {{gebiet: "{_ags(n)}"}}}}'
             for n in range(1, anzahl + 1)]  # fmt: skip
    _ausgabe(ziel, "varianten:\n" + "\n".join(liste) + "\n")
    return ziel


def abbildungen(ziel: Path, anzahl: int) -> Path:
    """Ein Bericht mit ``anzahl`` Abbildungen, jede zu einem anderen Gebiet oder einer anderen Größe."""
    gemeinden = -(-anzahl // len(GROESSEN))
    _grund(ziel, gemeinden)
    paare = [(n, name) for n in range(1, gemeinden + 1) for name in GROESSEN][:anzahl]
    zellen = [f'b.fuer("{_ags(n)}").linie("{name}", label="fig-{name}-{n}")' for n, name in paare]
    _notizbuch(ziel, ['b.text("einleitung")', *zellen])
    _ausgabe(ziel)
    return ziel


def zeilen(ziel: Path, anzahl: int) -> Path:
    """Ein Bericht mit einer Abbildung aus einer Quelle mit ``anzahl`` Zeilen (Gebiet, Jahr, Altersjahr)."""
    gemeinden, alter = 100, anzahl // (100 * len(JAHRE))
    _grund(ziel, gemeinden)
    datei = ziel / "daten/dateien/bestand.csv"
    with datei.open("w", encoding="utf-8", newline="\n") as aus:
        aus.write("gebiet,jahr,alter,personen\n")
        for n in range(1, gemeinden + 1):
            for jahr in JAHRE:
                aus.writelines(f"{_ags(n)},{jahr},{a},{_wert(n, jahr, a)}\n" for a in range(alter))
    _beschreibe(ziel, datei, merkmal="alter", groesse="personen")
    kennzahl = ziel / "daten/kennzahlen/bestand.yaml"
    text = (ziel / "daten/kennzahlen/einwohner.yaml").read_text("utf-8")
    wert = '{quelle: bestand, groesse: personen, wo: {alter: "0"}}'
    text = text.replace("id: einwohner", "id: bestand").replace(
        "{quelle: einwohner, groesse: einwohner}", wert
    )
    kennzahl.write_text(text, "utf-8")
    _notizbuch(ziel, [f'b.fuer("{_ags(1)}").linie("bestand", label="fig-bestand")'])
    _ausgabe(ziel)
    return ziel


def _ags(nummer: int) -> str:
    return f"99068{nummer:03}"


def _wert(nummer: int, jahr: int, reihe: int) -> int:
    """Irgendeine Zahl, bei gleicher Frage immer dieselbe."""
    return 500 + (nummer * 7919 + (jahr - 2000) * (31 + nummer % 17) + reihe * 977) % 1500


def _grund(ziel: Path, gemeinden: int) -> None:
    """Kreis, Gebiete, Layout und eine Quelle mit sechs Größen."""
    shutil.copytree(WURZEL / "tests/muster", ziel)
    shutil.copytree(WURZEL / "layout", ziel / "layout")
    for name in ("lage", "satzung"):
        shutil.rmtree(ziel / "berichte" / name)
    for alt in [*(ziel / "notebooks").iterdir(), *(ziel / "daten/dateien").iterdir()]:
        alt.unlink()
    gebiete = ziel / "daten/gebiete.yaml"
    weitere = [
        f'  - {{schluessel: "{_ags(n)}", name: Gemeinde {n}, ebene: gemeinde, teil_von: "99068"}}\n'
        for n in range(1, gemeinden + 1)
    ]
    gebiete.write_text(gebiete.read_text("utf-8") + "".join(weitere), "utf-8")
    datei = ziel / "daten/dateien/einwohner.csv"
    kopf = ",".join(["gebiet", "jahr", *GROESSEN])
    orte = [(_ags(n), range(n, n + 1)) for n in range(1, gemeinden + 1)]
    orte += [(oben, range(1, gemeinden + 1)) for oben in ("DG", "99", "99068")]  # Summen stimmen
    inhalt = [
        ",".join([ort, str(jahr), *(str(sum(_wert(n, jahr, i) for n in je)) for i in range(len(GROESSEN)))])
        for ort, je in orte
        for jahr in JAHRE
    ]
    datei.write_text("\n".join([kopf, *inhalt]) + "\n", "utf-8")
    _beschreibe(ziel, datei)
    vorlage = (ziel / "daten/kennzahlen/einwohner.yaml").read_text("utf-8")
    for name in GROESSEN:
        text = vorlage.replace("id: einwohner", f"id: {name}").replace(
            "groesse: einwohner", f"groesse: {name}"
        )
        text = text.replace("kleinste_ebene: kreis", "kleinste_ebene: gemeinde")
        text = text.replace("name: Einwohnerinnen und Einwohner", f"name: {name.title()}")
        (ziel / f"daten/kennzahlen/{name}.yaml").write_text(text, "utf-8")


def _beschreibe(ziel: Path, datei: Path, merkmal: str = "", groesse: str = "") -> None:
    """``daten/quellen/<name>.yaml`` nach dem Muster der Einwohnerzahlen."""
    text = (WURZEL / "tests/muster/daten/quellen/einwohner.yaml").read_text("utf-8")
    groessen = (groesse,) if groesse else GROESSEN
    spalten = [f"    - {{name: {name}, type: integer}}" for name in groessen]
    if merkmal:
        spalten.insert(0, f"    - {{name: {merkmal}, type: string}}")
    alt = next(z for z in text.splitlines() if "name: einwohner, type" in z)
    text = text.replace(alt, "\n".join(spalten)).replace("name: einwohner\n", f"name: {datei.stem}\n")
    text = text.replace("dateien/einwohner.csv", f"dateien/{datei.name}")
    schluessel = ", ".join(["gebiet", "jahr", *([merkmal] if merkmal else [])])
    text = text.replace("primaryKey: [gebiet, jahr]", f"primaryKey: [{schluessel}]")
    summe = hashlib.sha256(datei.read_bytes()).hexdigest()
    alt = next(z for z in text.splitlines() if z.startswith("hash:"))
    text = text.replace(alt, f"hash: sha256:{summe}")
    merkmale = f"  merkmale: {{{merkmal}: {merkmal}}}\n" if merkmal else ""
    liste = ", ".join(f"{name}: {name}" for name in groessen)
    text = text.replace("  groessen: {einwohner: einwohner}", f"{merkmale}  groessen: {{{liste}}}")
    (ziel / f"daten/quellen/{datei.stem}.yaml").write_text(text, "utf-8")


def _notizbuch(ziel: Path, zellen: list[str]) -> None:
    anfang = [(["parameters"], 'ausgabe = "2024"\ngebiet = "99068"')]
    anfang += [([], 'from berichtswerk import Bericht\n\nb = Bericht("profil", ausgabe, gebiet)')]
    alle = anfang + [([], text) for text in zellen]
    nb = {
        "cells": [
            {"cell_type": "code", "id": f"z{nr}", "metadata": {"tags": tags} if tags else {},
             "source": text, "outputs": [], "execution_count": None}
            for nr, (tags, text) in enumerate(alle)
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    (ziel / "notebooks/profil.ipynb").write_text(json.dumps(nb, ensure_ascii=False), "utf-8")


def _ausgabe(ziel: Path, zusatz: str = "") -> None:
    ordner = ziel / "berichte/profil/2024"
    (ordner / "texte").mkdir(parents=True)
    (ordner / "bericht.yml").write_text(
        "titel: Gemeindeprofil\nbeschreibung: Sechs Zahlen je Gemeinde.\nparameter: {gebiet: \"99068\"}\n"
        "herausgeber: Landkreis Musterland\nstand: 2025-07-01\n" + zusatz,
        "utf-8",
    )  # fmt: skip
    (ordner / "texte/einleitung.md").write_text(
        "## Überblick\n\nDieses Profil zeigt {{ gebiet }}.\n", "utf-8"
    )


ARTEN: dict[str, Callable[[Path, int], Path]] = {
    "varianten": varianten,
    "abbildungen": abbildungen,
    "zeilen": zeilen,
}

if __name__ == "__main__":
    ARTEN[sys.argv[2]](Path(sys.argv[1]), int(sys.argv[3]))
