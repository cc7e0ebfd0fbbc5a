"""Ein kleines erfundenes Projekt mit Teilgebieten, Brüchen, Zeichen und Beispieldaten für das Gateway."""

from __future__ import annotations

import shutil
from pathlib import Path

from berichtswerk.grund.projekt import Projekt

LAYOUT = Path(__file__).parents[2] / "layout"

GEBIETE = """\
gebietsstand: "2024-12-31"
kreis: "99001"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "99", name: Land Beispielland, name_kurz: Beispielland, ebene: land, teil_von: DG}
  - {schluessel: "99001", name: Landkreis Muster, name_kurz: Muster, ebene: kreis, teil_von: "99"}
  - {schluessel: 99001-P1, name: Planungsgebiet Nord, ebene: planungsgebiet, teil_von: "99001"}
  - schluessel: "990010010"
    name: Adorf
    ebene: einheit
    teil_von: 99001-P1
    art: Stadt
  - schluessel: "990010020"
    name: Beheim
    ebene: einheit
    teil_von: 99001-P1
    art: Gemeinde
  - {schluessel: 99001-P2, name: Planungsgebiet Süd, ebene: planungsgebiet, teil_von: "99001"}
  - schluessel: "990010030"
    name: Cestadt
    ebene: einheit
    teil_von: 99001-P2
    art: Stadt
"""

QUELLE = """\
name: {name}
title: {titel}
path: dateien/{name}.csv
format: csv
licenses:
  - {{name: dl-de-by-2.0, title: Datenlizenz Deutschland, path: https://www.govdata.de/dl-de/by-2-0}}
statistik:
  herausgeber: Statistisches Amt
  tabelle: "{tabelle}"
  stand: 2025-01-31
  basis: Zensus 2022
  attribution: © Statistisches Amt, 2025 | Datenlizenz Deutschland (www.govdata.de/dl-de/by-2-0)
  ressort: Sachgebiet Planung
  periodizitaet: jaehrlich
  zeichensatz: din55301
  herkunft: {herkunft}
{zusatz}lesen:
  leser: csv
  zahlform: schlicht
  gebiet: {{spalte: gebiet}}
  zeit: {{spalte: jahr, art: jahr}}
  groessen: {groessen}
{merkmale}"""

KENNZAHL = """\
id: {id}
name: {name}
einheit: {einheit}
einheit_kurz: "{kurz}"
art: {art}
nachkommastellen: {stellen}
faktor: {faktor}
artikel: die
wege:
  - {weg}
schwelle_kaum: {schwelle}
definition: {definition}
{mehr}"""

BERICHT = """\
titel: Lagebericht
notizbuch: lage
parameter: {gebiet: "99001"}
bis: 2024
varianten:
  - {name: land, parameter: {gebiet: "99"}}
  - {name: nord, parameter: {gebiet: 99001-P1}}
herausgeber: Landkreis Muster
stand: 2025-02-01
status: beispiel
"""

_EINHEITEN = {"990010010": 1000, "990010020": 600, "990010030": 400}


def _personen() -> str:
    """Arbeitslose und Erwerbspersonen; 2024 fehlt eine Kommune, 2025 liegt nach dem Datenstand."""
    zeilen = ["gebiet,jahr,arbeitslose,erwerbspersonen"]
    for jahr in range(2019, 2026):
        for gebiet, groesse in _EINHEITEN.items():
            arbeitslose = (
                "." if (jahr, gebiet) == (2024, "990010030") else str(groesse // 10 - (jahr - 2019) * 3)
            )
            zeilen.append(f"{gebiet},{jahr},{arbeitslose},{groesse}")
        zeilen.append(f"99001,{jahr},{200 - (jahr - 2019) * 9},2000")
        zeilen.append(f"99,{jahr},{6000 + (jahr - 2019) * 10},100000")
        if jahr != 2024:
            zeilen.append(f"DG,{jahr},2500000,45000000")
    return "\n".join(zeilen) + "\n"


def _alter() -> str:
    zeilen = ["gebiet,jahr,geschlecht,alter_von,alter_bis,einwohner"]
    for jahr, offen in ((2014, 80), (2024, 90)):
        for geschlecht, zuschlag in (("maennlich", 0), ("weiblich", 2)):
            for von in range(0, offen, 5):
                zeilen.append(f"99001,{jahr},{geschlecht},{von},{von + 5},{50 + von % 20 + zuschlag}")
            zeilen.append(f"99001,{jahr},{geschlecht},{offen},,{30 + zuschlag}")
    return "\n".join(zeilen) + "\n"


_BEISPIEL = "gebiet,jahr,plaetze\n99001,2023,120\n99001,2024,130\n99,2024,9000\n"


def _quelle(daten: Path, name: str, inhalt: str, **felder: str) -> None:
    vorgabe = {"herkunft": "amtlich", "zusatz": "", "merkmale": "", "tabelle": "100", "titel": name.title()}
    text = QUELLE.format(**{"name": name, **vorgabe, **felder})
    (daten / "quellen" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (daten / "dateien" / f"{name}.csv").write_text(inhalt, encoding="utf-8")


def _kennzahl(daten: Path, kennung: str, **felder: object) -> None:
    text = KENNZAHL.format(id=kennung, **({"mehr": ""} | felder))
    (daten / "kennzahlen" / f"{kennung}.yaml").write_text(text, encoding="utf-8")


def lege_an(wurzel: Path) -> Projekt:
    """Schreibt das Projekt nach ``wurzel``."""
    daten = wurzel / "daten"
    for ordner in ("quellen", "dateien", "kennzahlen"):
        (daten / ordner).mkdir(parents=True)
    (wurzel / "notebooks").mkdir()
    (wurzel / "_quarto.yml").write_text("project: {type: website}\n", encoding="utf-8")
    (daten / "kreis.yaml").write_text("name: Landkreis Muster\n", encoding="utf-8")
    (daten / "gebiete.yaml").write_text(GEBIETE, encoding="utf-8")
    shutil.copytree(LAYOUT, wurzel / "layout")
    bruch = '  brueche: [{jahr: 2022, grund: "neue Zählung"}]\n'
    _quelle(
        daten, "arbeit", _personen(), titel="Arbeitslose", tabelle="100", zusatz=bruch,
        groessen="{arbeitslose: arbeitslose, erwerbspersonen: erwerbspersonen}",
    )  # fmt: skip
    _quelle(
        daten, "altersaufbau", _alter(), tabelle="200", groessen="{einwohner: einwohner}",
        merkmale="  merkmale: {geschlecht: geschlecht, alter_von: alter_von, alter_bis: alter_bis}\n",
    )  # fmt: skip
    _quelle(daten, "kita", _BEISPIEL, tabelle="300", herkunft="beispiel", groessen="{plaetze: plaetze}")
    zaehler, nenner = (f"[{{quelle: arbeit, groesse: {g}}}]" for g in ("arbeitslose", "erwerbspersonen"))
    _kennzahl(
        daten, "arbeitslosenquote", name="Arbeitslosenquote", einheit="Prozent der Erwerbspersonen", kurz="%",
        art="anteil", stellen=1, faktor=100, schwelle=0.2, weg=f"{{zaehler: {zaehler}, nenner: {nenner}}}",
        definition="Arbeitslose in Prozent der Erwerbspersonen.",
        mehr="achse: {von: 0, bis: 25}\nklassen: [8, 9]\n",
    )  # fmt: skip
    for kennung, groesse in (("arbeitslose", "arbeitslose"), ("erwerbspersonen", "erwerbspersonen")):
        _kennzahl(
            daten, kennung, name=kennung.title(), einheit="Personen", kurz="", art="anzahl", stellen=0,
            faktor=1, schwelle=5, weg=f"{{zaehler: [{{quelle: arbeit, groesse: {groesse}}}]}}",
            definition=f"Zahl der {kennung.title()}.",
        )  # fmt: skip
    _kennzahl(
        daten, "kita_plaetze", name="Kita-Plätze", einheit="Plätze", kurz="", art="anzahl", stellen=0,
        faktor=1, schwelle=1, weg="{wert: {quelle: kita, groesse: plaetze}}", definition="Genehmigte Plätze.",
    )  # fmt: skip
    ausgabe = wurzel / "berichte" / "lage" / "2024"
    (ausgabe / "texte" / "land").mkdir(parents=True)
    (ausgabe / "bericht.yml").write_text(BERICHT, encoding="utf-8")
    (ausgabe / "texte" / "arbeit.md").write_text(
        "{{ arbeitslosenquote.satz }}\n\nBeispiel: {{ kita_plaetze }}.\n", encoding="utf-8"
    )
    (ausgabe / "texte" / "land" / "arbeit.md").write_text("Nur das Land.\n", encoding="utf-8")
    (ausgabe / "texte" / "einheiten").mkdir()
    (ausgabe / "texte" / "einheiten" / "adorf.md").write_text("In {{ gebiet }}.\n", encoding="utf-8")
    frueher = wurzel / "berichte" / "lage" / "2021"
    frueher.mkdir()
    (frueher / "bericht.yml").write_text(BERICHT.replace("bis: 2024\n", ""), encoding="utf-8")
    return Projekt(wurzel)
