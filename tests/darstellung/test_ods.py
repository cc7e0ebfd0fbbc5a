"""ODS: Zahlen bleiben Zahlen, Zeichen Zeichen, die Quelle geht mit; ein fremdes Programm liest es."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.gegenstand.gegenstaende import (
    Beleg,
    Quellenzeile,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.tabelle.ods import Blatt, als_ods, schreibe
from berichtswerk.tabelle.tabelle import Zahlfach, flach


def lies(roh: bytes, blatt: str) -> pd.DataFrame:
    return pd.read_excel(io.BytesIO(roh), sheet_name=blatt, engine="calamine", header=None)


def zelle(text: str, **angaben: object) -> Tabellenzelle:
    return Tabellenzelle.model_validate({"text": text, **angaben})


MODELL = Tabellenmodell(
    kopf=((zelle("Gebiet"), zelle("Quote (%)"), zelle("Einwohner")),),
    zeilen=(
        Tabellenzeile(art="gruppe", zellen=(zelle("Nord", spalten=3),)),
        Tabellenzeile(zellen=(zelle("=A1"), zelle("7,10", zahl=True), zelle("12\u202f345", zahl=True))),
        Tabellenzeile(zellen=(zelle("B & C"), zelle(".", zahl=True), zelle("−3", zahl=True, zusatz="p"))),
    ),
)
BELEG = Beleg(quellen=(Quellenzeile(name="amt", zeile="Quelle: Amt", nennung="© Amt, 2024"),), beispiel=True)


def test_zahlen_zeichen_gruppen_und_quelle() -> None:
    roh = als_ods(MODELL, BELEG, {"Titel": "Ein <Titel>"})
    daten, angaben = lies(roh, "Daten"), lies(roh, "Angaben")
    assert daten.iloc[0].tolist() == ["Gruppe", "Gebiet", "Quote (%)", "Einwohner"]
    assert daten.iloc[1].tolist() == ["Nord", "=A1", 7.1, 12345]
    assert daten.iloc[2].tolist() == ["Nord", "B & C", ".", "-3 p"]
    inhalt = dict(zip(angaben[0], angaben[1], strict=True))
    assert inhalt["Titel"] == "Ein <Titel>" and inhalt["Quelle"] == "© Amt, 2024"
    assert "Beispieldaten" in inhalt["Achtung"]


def test_zerlegt_steht_in_zahlenspalten_nur_zahl_und_daneben_was_zeichen_sagen() -> None:
    modell = MODELL.model_copy(
        update={
            "zeilen": (
                *MODELL.zeilen,
                Tabellenzeile(zellen=(zelle("C"), zelle("(7,1)\u202f%", zahl=True), zelle("–", zahl=True))),
                Tabellenzeile(zellen=(zelle("D"), zelle("x", zahl=True), zelle("bis 9", zahl=True))),
            )
        }
    )
    kopf, zeilen = flach(modell, zerlegt=True)
    assert kopf == [
        "Gruppe", "Gebiet", "Quote (%)", "Quote (%): Einheit", "Quote (%): Status", "Einwohner",
        "Einwohner: Status",
    ]  # fmt: skip
    werte = [[f.wert if isinstance(f, Zahlfach) else f for f in z] for z in zeilen]
    unbekannt, gesperrt = (
        "Zahlenwert unbekannt oder geheim zu halten",
        "Tabellenfach gesperrt, weil Aussage nicht sinnvoll",
    )
    assert werte == [
        ["Nord", "=A1", 7.1, "", "", 12345, ""],
        ["Nord", "B & C", "", "", unbekannt, -3, "vorläufige Zahl"],
        ["Nord", "C", 7.1, "%", "", 0, "nichts vorhanden (genau null)"],
        ["Nord", "D", "", "", gesperrt, "bis 9", ""],
    ]
    roh = schreibe([Blatt("Daten", kopf, zeilen, ("Titel", "Quelle"))])
    gelesen = lies(roh, "Daten")
    assert gelesen[0].tolist()[:3] == ["Titel", "Quelle", "Gruppe"]
    assert gelesen.iloc[4].tolist()[5:] == [-3, "vorläufige Zahl"]


def test_formeln_gibt_es_nicht_und_gleiches_hat_gleiche_bytes() -> None:
    roh = als_ods(MODELL, BELEG, {})
    assert roh == als_ods(MODELL, BELEG, {})
    with zipfile.ZipFile(io.BytesIO(roh)) as paket:
        assert paket.infolist()[0].filename == "mimetype"
        assert b"table:formula" not in paket.read("content.xml")


@given(st.lists(st.floats(-1e9, 1e9).map(lambda w: round(w, 3)), min_size=1, max_size=5))
def test_jede_zahl_kommt_so_an_wie_gezeigt(werte: list[float]) -> None:
    faecher = [[Zahlfach(f"{w:.3f}".replace(".", ","))] for w in werte]
    gelesen = lies(schreibe([Blatt("Daten", ("Wert",), faecher)]), "Daten")[0].tolist()[1:]
    assert [float(g) for g in gelesen] == werte
