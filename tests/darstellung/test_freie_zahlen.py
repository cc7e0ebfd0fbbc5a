"""Eigene Abbildungen und Tabellen: Vorlagen zum Ändern, und jede Zahl mit ihrer Herkunft."""

import altair as alt
import pandas as pd
import pytest

from berichtswerk.bild.formen import FORMEN
from berichtswerk.bild.svg import als_datei
from berichtswerk.gegenstand import nachweis as n
from berichtswerk.grund.meldung import BerichtswerkFehler

KREIS = "99001"

# --- Die Vorlage einer Abbildung -------------------------------------------------------------------------


def test_farbe_und_skala_lassen_sich_aendern_der_rest_bleibt(b, monkeypatch):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    linie = b.linie("arbeitslosenquote", label="fig-quote")
    chart = linie.chart.encode(
        y=alt.Y("Wert:Q", scale=alt.Scale(domain=[0, 50])),
        color=alt.Color("Reihe:N", scale=alt.Scale(range=["#123456", "#654321", "#abcdef"])),
    )
    neu, alt_ = b.abbildung(chart, label="fig-quote").gegenstand, linie.gegenstand
    for feld in ("label", "befund", "alt", "unterschrift", "beleg", "daten", "werte"):
        assert getattr(neu, feld) == getattr(alt_, feld), feld
    assert neu.spec["encoding"]["y"]["scale"]["domain"] == [0, 50]
    svg = als_datei(neu.spec, b.sicht.thema.marke)
    assert 'stroke="#123456"' in svg and ">50<" in svg


def test_was_angegeben_ist_geht_vor(b):
    linie = b.linie("arbeitslosenquote", label="fig-quote")
    neu = b.abbildung(linie.chart, label="fig-anders", befund="Neuer Satz.", unterschrift="Anders").gegenstand
    assert (neu.befund, neu.unterschrift, neu.alt) == ("Neuer Satz.", "Anders", linie.gegenstand.alt)
    assert {w.ort for w in n.nachweise_von(neu)} == {"fig-anders"}


def test_auch_in_ebenen_bleibt_die_vorlage_erkannt(b):
    strich = alt.Chart(alt.Data(values=[{"y": 8}])).mark_rule().encode(y="y:Q")
    linie = b.linie("arbeitslosenquote", label="fig-quote")
    neu = b.abbildung(linie.chart + strich, label="fig-ebenen").gegenstand
    assert neu.befund == linie.gegenstand.befund and len(neu.spec["layer"]) == 2
    als_datei(neu.spec, b.sicht.thema.marke)


BEISPIELE = {
    "linie": lambda b: b.linie("arbeitslosenquote", label="fig-v"),
    "saeulen": lambda b: b.saeulen("arbeitslose", label="fig-v"),
    "balken": lambda b: b.saeulen("arbeitslosenquote", label="fig-v", nach="einheiten", jahr=2023),
    "flaechenkarte": lambda b: b.karte("arbeitslosenquote", label="fig-v"),
    "symbolkarte": lambda b: b.karte("arbeitslose", label="fig-v"),
    "lagekarte": lambda b: b.fuer("Adorf").lage(label="fig-v"),
    "vielfache": lambda b: b.vielfache("arbeitslosenquote", label="fig-v"),
    "hantel": lambda b: b.hantel("arbeitslosenquote", label="fig-v", jahre=(2019, 2023)),
    "pyramide": lambda b: b.pyramide("altersaufbau", label="fig-v"),
    "streifen": lambda b: b.fuer("Adorf").abweichungen("arbeitslosenquote", label="fig-v"),
}


@pytest.mark.parametrize("form", sorted(FORMEN))
def test_jede_form_hat_einen_chart_in_den_farben_der_marke(b, form, monkeypatch):
    monkeypatch.setattr("berichtswerk.bild.kartengrund._liegt", lambda _: True)
    gezeigt = BEISPIELE[form](b)
    assert gezeigt.gegenstand.form == form
    chart = gezeigt.chart
    assert isinstance(chart, alt.Chart | alt.LayerChart)
    assert "marke:" not in chart.to_json(), "JupyterLab kennt keine Farbnamen"
    neu = b.abbildung(chart, label="fig-neu").gegenstand
    assert neu.spec["config"]["background"] == "marke:grund", "eine andere Marke färbt auch diese um"
    als_datei(neu.spec, b.sicht.thema.marke)


def test_andere_daten_brauchen_eigene_angaben(b):
    chart = b.linie("arbeitslosenquote", label="fig-quote").chart
    chart.data = alt.Data(values=[{"Jahr": "2024", "Reihe": "Muster", "Wert": 1.0}])
    with pytest.raises(BerichtswerkFehler) as fehler:
        b.abbildung(chart, label="fig-anders")
    assert str(fehler.value) == (
        "FEHLER [abbildung-daten] Feld „chart“\n"
        "  Die Abbildung „fig-anders“ zeigt andere Daten als ihre Vorlage „fig-quote“.\n"
        "  Ursache: Befund, Alternativtext und Nachweis gelten nur für die Daten der Vorlage.\n"
        "  Abhilfe: Ändern Sie nur das Aussehen, oder geben Sie befund=, alt=, quellen= und rechnung= neu an."
    )
    eigene = b.abbildung(
        chart,
        label="fig-anders",
        alt="Ein Punkt",
        unterschrift="Anders",
        quellen=["arbeit"],
        rechnung="gesetzt",
    ).gegenstand
    assert (eigene.befund, eigene.werte[0].wert) == ("", 1.0)


def test_eine_freie_abbildung_nennt_was_ihr_fehlt(b):
    chart = alt.Chart(pd.DataFrame({"ort": ["A"], "n": [1]})).mark_bar().encode(x="ort:N", y="n:Q")
    with pytest.raises(BerichtswerkFehler) as fehler:
        b.abbildung(chart, label="fig-x", alt="Balken")
    assert str(fehler.value) == (
        "FEHLER [abbildung-angaben] ohne Ort\n"
        "  Der Abbildung „fig-x“ fehlt: unterschrift, quellen.\n"
        "  Abhilfe: Geben Sie es an, oder ändern Sie die Vorlage einer Abbildung (b.linie(…).chart)."
    )


PERSONEN = pd.DataFrame({
    "ort": ["A", "A", "B"], "n": [1, 2, 3], "datum": ["2024-01-01"] * 3,
    "adresse": ["Weg 1", "Weg 2", "Weg 3"], "von.bis": [1, 2, 3], "Farbe": ["x", "y", "z"],
})  # fmt: skip
EIGENE = {
    "label": "fig-p",
    "alt": "Punkte",
    "unterschrift": "U",
    "quellen": ["arbeit"],
    "rechnung": "gezählt",
}


def test_veroeffentlicht_werden_nur_die_gezeigten_spalten(b):
    chart = alt.Chart(PERSONEN, title="adresse").mark_point().encode(
        x=alt.X("von\\.bis:Q"), y=alt.Y("doppelt:Q", title="adresse"), color="Farbe",
    ).transform_calculate(doppelt="datum.n * datum['ort'].length")  # fmt: skip
    g = b.abbildung(chart, **EIGENE).gegenstand
    (satz,) = g.spec["datasets"].values()
    assert [list(z) for z in satz] == [["ort", "n", "von.bis", "Farbe"]] * 3
    assert "adresse" not in {z.text for zeile in g.daten.kopf for z in zeile} and "Weg 1" not in str(g)
    als_datei(g.spec, b.sicht.thema.marke)


def test_ein_datensatz_den_niemand_zeigt_faellt_weg(b):
    spec = alt.Chart(PERSONEN).mark_point().encode(x="n:Q").to_dict()
    spec["datasets"]["rest"] = [{"n": 1, "adresse": "Weg 9"}]
    g = b.abbildung(spec, **EIGENE).gegenstand
    assert list(g.spec["datasets"].values()) == [[{"n": 1}, {"n": 2}, {"n": 3}]]


@pytest.mark.parametrize(
    ("aendere", "was"),
    [
        (lambda c: c.encode(x="ort:N", y="count()"), "fasst sie erst beim Zeichnen zusammen"),
        (lambda c: c.encode(x="ort:N", y="sum(n):Q"), "fasst sie erst beim Zeichnen zusammen"),
        (lambda c: c.encode(x=alt.X("n:Q", bin=True), y="count()"), "fasst sie erst beim Zeichnen zusammen"),
        (lambda c: c.mark_boxplot().encode(x="ort", y="n"), "fasst sie erst beim Zeichnen zusammen"),
        (lambda c: c.encode(x="ort").transform_filter("datum.n > 1"), "wählt erst beim Zeichnen daraus aus"),
        (lambda c: c.encode(x="n") | c.encode(y="mean(n)"), "fasst sie erst beim Zeichnen zusammen"),
        (
            lambda c: c.encode(x="k:N", y="v:Q").transform_aggregate(v="sum(n)", groupby=["ort"]),
            "fasst sie erst beim Zeichnen zusammen",
        ),
    ],
)
def test_zusammengefasst_und_ausgewaehlt_wird_im_notizbuch(b, aendere, was):
    with pytest.raises(BerichtswerkFehler) as fehler:
        b.abbildung(aendere(alt.Chart(PERSONEN).mark_bar()), **EIGENE)
    assert str(fehler.value) == (
        "FEHLER [abbildung-rohdaten] Feld „chart“\n"
        f"  Die Abbildung „fig-p“ trägt 3 Zeilen und {was}.\n"
        "  Ursache: Mit der Abbildung würden alle Zeilen veröffentlicht, auch die, die sie nicht zeigt.\n"
        "  Abhilfe: Rechnen Sie das im Notizbuch, etwa mit df.groupby(…).sum(), und zeichnen Sie das "
        "Ergebnis."
    )


def test_eine_summe_aus_einer_zeile_je_zeichen_verbirgt_nichts(b):
    chart = alt.Chart(PERSONEN).mark_bar().encode(x="adresse:N", y="sum(n):Q")
    assert b.abbildung(chart, **EIGENE).gegenstand.spec["datasets"]


def test_nur_abbildungen_haben_einen_chart(b):
    with pytest.raises(AttributeError, match="Nur eine Abbildung hat einen Chart"):
        b.tabelle("arbeitslose", label="tbl-a").chart  # noqa: B018


# --- Die Herkunft eigener Zahlen -------------------------------------------------------------------------


@pytest.fixture
def auszug(b):
    """Die Arbeitslosen des Kreises, wie gelesen."""
    return b.daten("arbeit").query("gebiet == @KREIS and groesse == 'arbeitslose' and jahr >= 2023")


def test_unveraendert_gelesenes_fuehrt_von_selbst_zu_datei_und_zeile(b, auszug):
    t = b.tabelle(
        auszug, label="tbl-roh", quellen=["arbeit"], spalten={"jahr": "Jahr", "wert": "Arbeitslose"},
        unterschrift="Arbeitslose",
    ).gegenstand  # fmt: skip
    zeilen = b.sicht.projekt.wurzel.joinpath("daten/dateien/arbeit.csv").read_text("utf-8").splitlines()
    for eintrag, jahr in zip(t.werte, (2023, 2024), strict=True):
        (stelle,) = eintrag.belege
        assert zeilen[stelle.zeile - 1].startswith(f"{KREIS},{jahr},{eintrag.wert:.0f},")
        assert (eintrag.gebiet, eintrag.zeit, stelle.quelle) == (KREIS, str(jahr), "arbeit")


def test_eine_gerechnete_spalte_nennt_rechnung_und_eingaben(b, auszug):
    breit = auszug.pivot(index="gebiet", columns="jahr", values="wert").reset_index(drop=True)
    breit.insert(0, "Ort", ["Muster"])
    breit["Saldo"] = breit[2024] - breit[2023]
    t = b.tabelle(
        breit, label="tbl-breit", quellen=["arbeit"], unterschrift="Arbeitslose",
        rechnung="Differenz der Jahre", eingaben=[auszug],
    ).gegenstand  # fmt: skip
    assert [w.stelle for w in t.werte] == ["Muster · 2023", "Muster · 2024", "Muster · Saldo"]
    (weg,) = n.sammle(n.nachweise_von(t), b.sicht.projekt)["rechenwege"].values()
    assert (weg["id"], weg["formel"]) == ("tbl-breit", "Differenz der Jahre")
    (eingabe,) = weg["eingaben"]
    assert (eingabe["datei"], eingabe["anzahl"]) == ("daten/dateien/arbeit.csv", 2)
    assert eingabe["zeilen"] == ", ".join(str(z) for z in auszug["zeile"])


@pytest.mark.parametrize("was", ["tabelle", "abbildung"])
def test_zahlen_ohne_herkunft_werden_nicht_gezeigt(b, was):
    daten = pd.DataFrame({"Ort": ["A"], "Plätze": [3]})
    if was == "tabelle":
        angaben = (daten,), {"label": "tbl-x", "quellen": ["kita"], "unterschrift": "Plätze"}
    else:
        chart = alt.Chart(daten).mark_bar().encode(x="Ort:N", y="Plätze:Q")
        angaben = (chart,), {"label": "fig-x", "quellen": ["kita"], "unterschrift": "Plätze", "alt": "Balken"}
    with pytest.raises(BerichtswerkFehler) as fehler:
        getattr(b, was)(*angaben[0], **angaben[1])
    assert str(fehler.value) == (
        "FEHLER [rechnung-fehlt] Feld „rechnung“\n"
        f"  Woher die Zahlen der Spalte „Plätze“ in „{angaben[1]['label']}“ kommen, ist nicht gesagt.\n"
        "  Ursache: Sie stehen so in keiner gelesenen Zeile "
        "(Spalten datei, zeile, spalte, wert aus b.daten).\n"
        "  Abhilfe: Beschreiben Sie den Weg mit rechnung=„…“ und nennen Sie mit eingaben=[…], was einging."
    )
