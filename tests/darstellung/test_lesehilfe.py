"""„So lesen“: seltenere Formen erklären sich mit einem Beispiel aus ihren Daten."""

import re
from dataclasses import replace

import pytest
from bildhilfe import galerie

from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.satz.raster import NOTIZ_WORTE, worte
from berichtswerk.worte import lesehilfe
from berichtswerk.worte.sprache import alphabetisch, in_einigen

S = "\u202f"
QUOTE = Angaben("Quote", einheit_kurz="%", stellen=1, anteil=True)
BRAUCHEN = {"hantel", "pyramide", "vielfache", "streifen"}


@pytest.mark.parametrize("name", [n for n, d in galerie().items() if d.form in BRAUCHEN])
def test_seltene_formen_sagen_wie_man_sie_liest(name: str) -> None:
    bild = galerie()[name]
    text = " ".join(bild.lesehilfe)
    assert text and worte(text) <= NOTIZ_WORTE, text
    zahlen = {z.text for zeile in bild.daten.zeilen for z in zeile.zellen}
    for zahl in re.findall(r"Beispiel .*?: .*?(\d+,\d+)", text):
        assert any(zahl in z for z in zahlen), (zahl, text)


def test_hantel_nennt_ring_und_punkt() -> None:
    von = Serie("2021", (Punkt("Kyritz", 99.2), Punkt("Fehrbellin", None)))
    bis = Serie("2022", (Punkt("Kyritz", 96.5), Punkt("Fehrbellin", 42.9)))
    assert lesehilfe.hantel(von, bis, Angaben("Personen", stellen=1)) == (
        "Leerer Ring: 2021, voller Punkt: 2022; der Strich dazwischen ist der Unterschied.",
        "Beispiel Kyritz: 99,2 (2021) und 96,5 (2022).",
    )  # fmt: skip


def test_pyramide_nimmt_die_gruppe_mit_dem_groessten_unterschied() -> None:
    jetzt = Serie("Frauen", (Punkt("0–4", 2.0), Punkt("85+", 3.0)))
    damals = Serie("Frauen", (Punkt("0–4", 2.1), Punkt("85+", 1.6)))
    assert lesehilfe.pyramide(jetzt, damals, QUOTE, "2015", "2010") == (
        "Balken: 2015, Umriss: 2010. Wo der Balken über den Umriss ragt, ist die Gruppe größer als 2010.",
        f"Beispiel Frauen 85+: Balken 3,0{S}%, Umriss 1,6{S}%.",
    )


def test_karte_urteilt_nicht() -> None:
    regel, beispiel = lesehilfe.karte([Punkt("A", 5.0), Punkt("B", 9.0)], QUOTE, symbole=False)
    assert "dunkler" not in regel and "heller" not in regel, "auf dunklem Grund gilt das Umgekehrte"
    assert "kein Urteil" in regel and beispiel == f"Beispiel B: 9,0{S}%."


def test_ohne_werte_keine_lesehilfe() -> None:
    leer = Serie("2021", (Punkt("A", None),))
    assert lesehilfe.hantel(leer, leer, QUOTE) == lesehilfe.karte(leer.punkte, QUOTE, symbole=True) == ()
    assert lesehilfe.spanne([leer], QUOTE, band=True) == ()


@pytest.mark.parametrize(
    ("band", "satz"),
    [
        ("Zufallsbereich (80 %)", "wie weit der Wert allein durch den Zufall kleiner Zahlen schwanken kann"),
        ("95-%-Intervall", "wie unsicher der Wert ist"),
        ("Varianten", "wie weit die Annahmen auseinanderliegen"),
    ],
)
def test_der_feine_strich_heisst_wie_seine_grenzen(band: str, satz: str) -> None:
    serie = Serie("Index", (Punkt("Kyritz", 1.9, unten=1.7, oben=2.0),))
    regel, _ = lesehilfe.spanne([serie], replace(QUOTE, band=band), band=False)
    assert regel == f"Der feine Strich zeigt, {satz}."


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "in keiner der zehn Kommunen"), (1, "in einer von zehn Kommunen"), (10, "in allen zehn Kommunen")],
)
def test_wie_viele_kommunen(n: int, text: str) -> None:
    assert in_einigen(n, 10, "Kommunen") == text


def test_verzeichnisse_ordnen_wie_das_woerterbuch() -> None:
    """„Ärztinnen und Ärzte“ und „Übergänge“ standen hinter „Zuzüge“."""
    namen = ["Zuzüge", "Ärztinnen", "Alter", "Übergänge", "Straße", "arbeit"]
    assert sorted(namen, key=alphabetisch) == [
        "Alter", "arbeit", "Ärztinnen", "Straße", "Übergänge", "Zuzüge"
    ]  # fmt: skip
