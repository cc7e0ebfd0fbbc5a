"""``pruefen texte``: jeder Befund mit der schlechten Stelle und dem Wortlaut daneben."""

from __future__ import annotations

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.textpruefung import Wissen, ZahlFalsch, pruefe
from berichtswerk.ausfuehrung.uebergabe import baue
from berichtswerk.gegenstand.gegenstaende import MIME, Bindung, Bindungen
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.gelesen import Ungezeichnet


def _werte(*paare: tuple[int, float, str]) -> list[dict[str, object]]:
    return [
        {"zeit": str(jahr), "jahr": jahr, "nachweis": {"anzeige": anzeige, "wert": wert}}
        for jahr, wert, anzeige in paare
    ]


BINDUNGEN = Bindungen.model_validate(
    {
        "werte": {
            "quote": {
                "name": "Quote", "kennzahl": "quote", "kennzahl_art": "anteil", "einheit": "%", "stellen": 1,
                "schwelle_kaum": 0.2,
                "reihe": _werte(
                    (2022, 8.0, "8,0\u202f%"), (2023, 7.1, "7,1\u202f%"), (2024, 7.4, "7,4\u202f%")
                ),
                "vergleich": {"land": _werte((2024, 6.1, "6,1\u202f%"))},
            },
            "menschen": {
                "name": "Menschen", "kennzahl": "menschen", "stellen": 0,
                "reihe": _werte((2023, 99372, "99\u202f372"), (2024, 99152, "99\u202f152")),
            },
            "heime": {
                "name": "Heime", "kennzahl": "heime", "stellen": 0,
                "reihe": _werte((2023, 600, "600"), (2024, 640, "640")),
            },
        }
    }
)  # fmt: skip


WISSEN = Wissen(BINDUNGEN.werte)


def befunde(text: str) -> list[Meldung]:
    """Was an einem Text den Daten widerspricht."""
    return pruefe(text, "berichte/lage/2024/texte/a.md", WISSEN)


def test_eine_abgetippte_zahl_wird_mit_ihrem_ausdruck_genannt() -> None:
    (meldung,) = befunde("Es geht um Arbeit.\n\nDie Quote lag bei 7,4 %.\n")
    assert str(meldung) == (
        "WARNUNG [zahl-getippt] berichte/lage/2024/texte/a.md, Zeile 3, Feld „7,4 %“\n"
        "  Die Zahl „7,4 %“ ist abgetippt; die Daten kennen sie als quote.\n"
        "  Ursache: Eine abgetippte Zahl bleibt stehen, wenn sich die Daten ändern.\n"
        "  Abhilfe: Schreiben Sie {{ quote }}. Ist sie mit Absicht getippt (etwa ein Gesetz), "
        "schreiben Sie <!-- getippt: Grund --> in die Zeile."
    )


@pytest.mark.parametrize(
    ("text", "ausdruck"),
    [
        ("Damals waren es 8,0 Prozent.", "quote[2022]"),
        ("Im Land sind es 6,1 %.", "quote.land"),
        ("Hier leben 99.152 Menschen.", "menschen"),
        ("Hier leben 99\u202f152 Menschen.", "menschen"),
        ("Zuvor lebten 99372 Menschen hier.", "menschen[2023]"),
        ("Hier sind 640 Heime.", "heime"),
    ],
)
def test_findet_frueheres_vergleich_und_jede_schreibweise(text: str, ausdruck: str) -> None:
    assert [m.text.rpartition(" als ")[2] for m in befunde(text)] == [f"{ausdruck}."]


@pytest.mark.parametrize(
    "text",
    [
        "Die Quote beträgt {{ quote }}.",
        "Nach § 7 SGB II und § 24 Abs. 2 im Jahr 2024, Stand 31.12.2024.",
        "Kinder unter 15 Jahren, 15- bis unter 25-Jährige, 1\u202f000 Menschen, je 100 Personen.",
        "Die Grenze liegt bei 7,4 %. <!-- getippt: gesetzliche Grenze -->",
        "## 7,4 % als Überschrift",
        "Siehe [Tabelle](daten/7,4.csv) und `7,4 %`.",
        "Andere 9,9 % kennt niemand.",
    ],
)
def test_was_keine_zahl_der_daten_ist_bleibt_ohne_befund(text: str) -> None:
    assert list(befunde(text)) == []


def test_ein_richtungswort_gegen_die_daten_ist_ein_fehler() -> None:
    (meldung,) = befunde("Vorspann.\n\nDie Quote ist auf {{ quote }} gesunken.\n")
    assert str(meldung) == (
        "FEHLER [richtung-widerspricht] berichte/lage/2024/texte/a.md, Zeile 3, Feld „quote“\n"
        "  Im Text steht „gesunken“, die Daten sagen: "
        "von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.\n"
        "  Ursache: Das Wort ist getippt und folgt den Daten nicht.\n"
        "  Abhilfe: Schreiben Sie {{ quote.verlauf }}; dann wählt der Bericht das Wort selbst."
    )


@pytest.mark.parametrize(
    ("text", "daten"),
    [
        ("Seit {{ quote.beginn_jahr }} ist die Quote gestiegen ({{ quote }}).", "von 8,0\u202f% (2022)"),
        ("Der Rückgang auf {{ quote }} seit {{ quote[2023].jahr }} überrascht.", "von 7,1\u202f% (2023)"),
        ("{{ wenn quote }}Die Quote blieb mit {{ quote }} unverändert.{{ ende }}", "gestiegen"),
        ("Mit {{ quote }} liegt sie unter dem Landeswert.", "über dem Landeswert"),
        ("Arbeitslos waren {{ quote }}, weniger als im Land.", "über dem Landeswert"),
        ("Mit {{ quote }} liegt sie unter Land und Bund.", "über dem Landeswert"),
        ("Die Quote sank seit 2022 jedes Jahr, auf {{ quote }}.", "7,1\u202f% (2023) und 7,4\u202f% (2024)"),
    ],
)
def test_jede_art_von_widerspruch(text: str, daten: str) -> None:
    (meldung,) = befunde(text)
    assert daten in meldung.text


@pytest.mark.parametrize(
    "text",
    [
        "Die Quote ist auf {{ quote }} gestiegen.",
        "Die Quote ist seit {{ quote[2022].jahr }} von {{ quote[2022] }} auf {{ quote }} gesunken.",
        "Die Quote ist {{ quote.verlauf }}, obwohl vieles gesunken ist.",
        "Ob {{ quote }} gesunken ist, bleibt offen.",
        "Die Quote {{ quote }} und die Zahl {{ menschen }} sind gesunken.",
        "Mit {{ quote }} liegt sie über dem Landeswert.",
        "Arbeitslos waren {{ quote }}, mehr als im Land.",
        "Die Quote sank von 2022 bis 2023 jedes Jahr, auf {{ quote[2023] }}.",
        "Alles ist gesunken.",
    ],
)
def test_wahre_und_offene_saetze_bleiben_ohne_befund(text: str) -> None:
    assert list(befunde(text)) == []


def test_ein_text_wird_an_den_werten_seines_bereichs_gemessen(muster: Projekt) -> None:
    """Derselbe Text über zwei Gebiete: was im einen steigt, fällt im anderen."""
    text = muster.berichte / "lage" / "2024" / "texte" / "ort.md"
    text.write_text("Die Zahl {{ menschen }} ist gestiegen, nach 500.000 im Vorjahr.\n", "utf-8")
    eigene = {**BINDUNGEN.model_dump(mode="json")["werte"]}
    dort = {
        **eigene["menschen"],
        "reihe": _werte((2023, 500000, "500\u202f000"), (2024, 511000, "511\u202f000")),
    }
    ausgaben = [
        {"art": "text", "name": "ort"},
        {"art": "text", "name": "ort", "bereich": "99"},
        {"art": "bindungen", "werte": {**eigene, "99:menschen": dort}},
    ]
    roh = {"cells": [{"cell_type": "code", "source": "", "outputs": [{"data": {MIME: a}} for a in ausgaben]}]}
    (auftrag,) = (a for a in plane(muster).waehle(["lage/2024"]) if not a.variante)
    fertig = baue(muster, auftrag, roh, Ungezeichnet())
    assert fertig.texte == (text,)
    kreis, land = fertig.meldungen
    assert "von 99\u202f372 (2023) auf 99\u202f152 (2024) kaum verändert" in kreis.text
    assert (land.kennung, land.feld) == ("zahl-getippt", "500.000")


@pytest.mark.parametrize(
    ("text", "falsch"),
    [
        (
            "{{ quote.jahr }} waren {{ betreut.zahl }} von {{ menschen.zahl }} Menschen betreut.",
            ["betreut.zahl"],
        ),
        ("{{ betreut.jahr }} waren {{ betreut.zahl }} von {{ menschen.zahl }} betreut.", ["menschen.zahl"]),
        ("{{ betreut.jahr }} waren {{ betreut.zahl }} von {{ menschen[2023].zahl }} betreut.", []),
        (
            "{{ betreut.jahr }} waren {{ betreut }} betreut, {{ menschen.jahr }} leben hier {{ menschen }}.",
            [],
        ),
        ("Seit {{ quote.seit_jahr }} steigt die Quote auf {{ quote }}.", []),
    ],
)
def test_ein_gebundenes_jahr_gilt_fuer_alles_was_der_satz_danach_nennt(text: str, falsch: list[str]) -> None:
    """Reicht eine Lieferung weiter als die andere, nennt der Satz sonst still einen Wert aus anderem Jahr."""
    betreut = BINDUNGEN.werte["heime"].model_copy(update={
        "name": "Betreute", "kennzahl": "betreut", "reihe": BINDUNGEN.werte["heime"].reihe[:1],
    })  # fmt: skip
    funde = [*pruefe(text, "a.md", Wissen({**BINDUNGEN.werte, "betreut": betreut}))]
    assert [m.kennung for m in funde] == ["jahre-vermischt"] * len(falsch)
    for m, was in zip(funde, falsch, strict=True):
        jahre = ("2024", "2023") if was == "betreut.zahl" else ("2023", "2024")
        assert m.text == f"Der Satz gilt {jahre[0]}, aber „{was}“ ist der Wert von {jahre[1]}."


@pytest.mark.parametrize(
    ("text", "kennung", "wortlaut"),
    [
        (
            "Im Jahr 2023 lag die Quote bei {{ quote }}.",
            "jahr-widerspricht",
            "Im Satz steht 2023, aber „quote“ ist der Wert von 2024.",
        ),
        (
            "Am 31. Dezember 2024 lebten {{ menschen[2023] }} Menschen hier.",
            "jahr-widerspricht",
            "Im Satz steht 2024, aber „menschen[2023]“ ist der Wert von 2023.",
        ),
        (
            "Von 2022 bis 2023 sank die Quote auf {{ quote }}.",
            "jahr-widerspricht",
            "Im Satz steht 2023, aber „quote“ ist der Wert von 2024.",
        ),
        (
            "Im Jahr 2024 lag die Quote bei 7,1 %.",
            "jahr-widerspricht",
            "Im Satz steht 2024, aber „7,1 %“ ist der Wert von 2023.",
        ),
        (
            "Die Quote lag bei 7,5 %.",
            "zahl-falsch",
            "Zu „Quote“ kennen die Daten die Zahl „7,5 %“ nicht; 2024 sind es 7,4\u202f%.",
        ),
        (
            "Die Quote lag 2022 bei 8,1 %.",
            "zahl-falsch",
            "Zu „Quote“ kennen die Daten die Zahl „8,1 %“ nicht; 2022 sind es 8,0\u202f%.",
        ),
        (
            "Die Quote stieg 2023 wieder.",
            "richtung-widerspricht",
            "Im Text steht „stieg“, die Daten sagen: von 8,0\u202f% (2022) auf 7,1\u202f% (2023) gesunken.",
        ),
        (
            "2022 betrug die Quote 80,0 %.",
            "zahl-falsch",
            "Zu „Quote“ kennen die Daten die Zahl „80,0 %“ nicht; 2022 sind es 8,0\u202f%.",
        ),
        (
            "Im Kreis lag die Quote 2022 bei {{ quote[2022] }}, im Land 2023 bei {{ quote.land }}.",
            "jahr-widerspricht",
            "Im Satz steht 2023, aber „quote.land“ ist der Wert von 2024.",
        ),
        (
            "## 2022: {{ quote }} ohne Arbeit",
            "jahr-widerspricht",
            "Im Satz steht 2022, aber „quote“ ist der Wert von 2024.",
        ),
        (
            "Die Quote verringerte sich 2024 auf {{ quote }}.",
            "richtung-widerspricht",
            "Im Text steht „verringerte“, die Daten sagen: "
            "von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.",
        ),
        (
            "Die Quote fällt auf {{ quote }}.",
            "richtung-widerspricht",
            "Im Text steht „fällt“, die Daten sagen: von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.",
        ),
        (
            "Die Quote nimmt ab.",
            "richtung-widerspricht",
            "Im Text steht „nimmt ab“, die Daten sagen: "
            "von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.",
        ),
        (
            "Die Quote stagniert bei {{ quote }}.",
            "richtung-widerspricht",
            "Im Text steht „stagniert“, die Daten sagen: "
            "von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.",
        ),
        (
            "Noch nie war die Quote mit {{ quote }} so niedrig.",
            "richtung-widerspricht",
            "Im Text steht „nie war die Quote mit so niedrig“, die Daten sagen: "
            "7,4\u202f% im Jahr 2024, niedriger war der Wert 2023 (7,1\u202f%).",
        ),
        (
            "Die Quote ist gesunken.",
            "richtung-widerspricht",
            "Im Text steht „gesunken“, die Daten sagen: "
            "von 7,1\u202f% (2023) auf 7,4\u202f% (2024) gestiegen.",
        ),
        (
            "Seit 2022 nahm die Quote zu.",
            "richtung-widerspricht",
            "Im Text steht „nahm die Quote zu“, die Daten sagen: "
            "von 8,0\u202f% (2022) auf 7,4\u202f% (2024) gesunken.",
        ),
        (
            "Mit {{ quote }} ist sie so hoch wie nie.",
            "richtung-widerspricht",
            "Im Text steht „so hoch wie nie“, die Daten sagen: "
            "7,4\u202f% im Jahr 2024, höher war der Wert 2022 (8,0\u202f%).",
        ),
        (
            "Die Zahl {{ menschen }} hat sich verdoppelt.",
            "richtung-widerspricht",
            "Im Text steht „verdoppelt“, die Daten sagen: "
            "von 99\u202f372 (2023) auf 99\u202f152 (2024) kaum verändert.",
        ),
        (
            "Mit {{ quote }} ist sie niedriger als im Land.",
            "richtung-widerspricht",
            "Im Text steht „niedriger als im Land“, die Daten sagen: "
            "7,4\u202f% gegenüber 6,1\u202f%, also über dem Landeswert.",
        ),
    ],
)
def test_was_ein_satz_falsch_sagt(text: str, kennung: str, wortlaut: str) -> None:
    (meldung,) = befunde(text)
    assert (str(meldung.stufe), meldung.kennung, meldung.text) == ("fehler", kennung, wortlaut)


@pytest.mark.parametrize(
    "text",
    [
        "2024 lag die Quote bei {{ quote }}, 2022 bei {{ quote[2022] }}.",
        "Sie sank von {{ quote[2022] }} im Jahr 2022 auf {{ quote[2023] }} im Jahr 2023.",
        "Noch nie seit 2022 war die Quote so niedrig wie 2023.",
        "Die Quote fällt unter die Meldepflicht und bleibt im Vergleich niedrig.",
        "## Quote 2022",
        "**Sinkt die Quote, oder verringert sie sich nur scheinbar?**",
        "Es gibt 12 Stellen je Quote und 500 Menschen.",
        "Im Jahr {{ quote.jahr }} lag die Quote bei {{ quote }}.",
        "Seit 2022 ist die Quote auf {{ quote }} gesunken.",
        "Die Quote ging 2023 zurück.",
        "Die Quote stieg zunächst, heute liegt sie bei {{ quote }}.",
        "Nach dem Zensus 2022 leben {{ menschen }} Menschen hier.",
        "Der Sozialbericht 2023 nannte {{ quote }}.",
        "Das Ziel für 2025–2027 gilt bei {{ quote }}.",
        "Ende\n2024. {{ wenn quote }}Es sind {{ quote }}.{{ ende }}",
        "Die Quote liegt damit um 0,7 % höher.",
        "Die Quote der Frauen ist gesunken.",
        "In Neustadt ist die Quote gesunken.",
        "Die höchste Quote aller Kommunen hat mit {{ quote }} die Stadt.",
        "Die Quote lag bei 9,9 %. <!-- getippt: Statistik der Nachbarn -->",
        "<!-- Die Quote ist gesunken. -->",
    ],
)
def test_was_stimmt_oder_offen_ist_bleibt_ohne_fehler(text: str) -> None:
    assert befunde(text) == []


def test_die_richtige_bindung_wird_vorgeschlagen() -> None:
    """Steht der Name der Reihe im Satz, gilt ihr Wert, auch wenn eine andere denselben zeigt."""
    werte = dict(BINDUNGEN.werte)
    werte = {"andere": werte["quote"].model_copy(update={"name": "Anderes", "kennzahl": "andere"}), **werte}
    (meldung,) = pruefe("Die Quote lag 2023 bei 7,1 %.", "a.md", Wissen(werte))
    assert meldung.text == "Die Zahl „7,1 %“ ist abgetippt; die Daten kennen sie als quote[2023]."


@pytest.mark.parametrize(
    ("text", "gefunden"),
    [
        ("Die Quote sank, während die Menschen stiegen.", {"quote": "sank", "menschen": "stiegen"}),
        ("Die Quote stieg; die Menschen nahmen ab.", {"menschen": "nahmen ab"}),
        ("Mit {{ quote }} stieg die Quote, dagegen wuchs {{ menschen }} nicht.", {}),
        ("Mit {{ quote }} sank die Quote und {{ menschen }} blieb unverändert.", {"quote": "sank"}),
        ("Seit 2022 ist die Quote gesunken, die Menschen sind aber kaum verändert.", {}),
        ("Seit 2022 stieg die Quote, während die Menschen kaum verändert sind.", {"quote": "stieg"}),
        ("Seit {{ quote[2022].jahr }} sank {{ quote }}, während die Menschen stiegen.", {}),
        ("In Neustadt sank die Quote, während die Menschen stiegen.", {}),
        ("Quote und Menschen sind gesunken.", {}),
    ],
)  # fmt: skip
def test_von_mehreren_reihen_wird_jeder_teilsatz_geprueft(text: str, gefunden: dict[str, str]) -> None:
    assert {m.feld: m.text.split("„")[1].split("“")[0] for m in befunde(text)} == gefunden


@pytest.mark.parametrize(
    ("text", "kennung", "gerechnet"),
    [
        ("Die Fehlquote ist gesunken.", "richtung-widerspricht", True),
        ("Die Fehlquote lag 2024 bei 9,9 %.", "zahl-falsch", True),
        ("Die Fehlquote lag 2024 bei 7,4 %.", "zahl-getippt", True),
        ("Die Fehlquote lag 2023 bei 7,4 %.", "jahr-widerspricht", True),
        ("Die Fehlquote erreicht mit 7,4 % den Höchststand.", "richtung-widerspricht", True),
        ("Die Fehlquote ist gestiegen.", "", True),
        ("Die Fehlquote misst, was fehlt.", "", False),
        ("Die Quote der Fehlquotenstatistik stieg.", "", False),
        ("Die Fehlquote der Frauen ist gesunken.", "", True),
    ],
)
def test_auch_was_der_bericht_nicht_zeigt_wird_an_den_daten_gemessen(
    text: str, kennung: str, gerechnet: bool
) -> None:
    gefragt: list[str] = []

    def rechne(name: str) -> Bindung:
        gefragt.append(name)
        return BINDUNGEN.werte["quote"].model_copy(update={"name": "Fehlquote", "kennzahl": name})

    wissen = Wissen({"menschen": BINDUNGEN.werte["menschen"]}, (), {"fehlquote": "fehl"}, rechne)
    funde = pruefe(f"{text}\n\nAnderswo sind es 8,0 %.", "a.md", wissen)
    kennungen = {m.kennung for m in funde if "7,4" not in m.feld or m.kennung == kennung}
    assert (kennungen, gefragt) == ({kennung} - {""}, ["fehl"] * gerechnet)


def test_kaputte_daten_einer_ungezeigten_kennzahl_halten_den_text_nicht_auf() -> None:
    def rechne(_: str) -> Bindung:
        raise BerichtswerkFehler(ZahlFalsch.melde(wovon="", zahl="", daten="", ausdruck=""))

    assert pruefe("Die Fehlquote sank.", "a.md", Wissen({}, (), {"fehlquote": "fehl"}, rechne)) == []


def test_die_zahl_eines_anderen_gebiets_und_jahres_gilt_nicht() -> None:
    land = {"land": tuple(Bindung.model_validate({"reihe": _werte((2010, 6.6, "6,6\u202f%"))}).reihe)}
    wissen = Wissen({"quote": BINDUNGEN.werte["quote"].model_copy(update={"vergleich": land})})
    (meldung,) = pruefe("Die Quote lag 2024 bei 6,6 %.", "a.md", wissen)
    assert meldung.text == "Zu „Quote“ kennen die Daten die Zahl „6,6 %“ nicht; 2024 sind es 7,4\u202f%."
