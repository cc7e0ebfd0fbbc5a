"""``pruefen texte``: jeder Befund mit der schlechten Stelle und dem Wortlaut daneben."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.textpruefung import (
    Lage,
    _lagen,
    getippte_zahlen,
    pruefe_texte,
    tote_verweise,
    widersprueche,
)
from berichtswerk.gegenstand.gegenstaende import MIME, Bindungen
from berichtswerk.grund.projekt import Projekt


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
        }
    }
)  # fmt: skip


def lage(text: str, ordner: Path = Path()) -> Lage:
    marken = frozenset({"fig-quote", "tbl-quote", "sec-arbeit"})
    return Lage("berichte/lage/2024/texte/a.md", text, ordner, BINDUNGEN, marken)


def test_eine_abgetippte_zahl_wird_mit_ihrem_ausdruck_genannt() -> None:
    (meldung,) = getippte_zahlen(lage("Es geht um Arbeit.\n\nDie Quote lag bei 7,4 %.\n"))
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
    ],
)
def test_findet_frueheres_vergleich_und_jede_schreibweise(text: str, ausdruck: str) -> None:
    assert [m.text.rpartition(" als ")[2] for m in getippte_zahlen(lage(text))] == [f"{ausdruck}."]


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
    assert list(getippte_zahlen(lage(text))) == []


def test_ein_richtungswort_gegen_die_daten_ist_ein_fehler() -> None:
    (meldung,) = widersprueche(lage("Vorspann.\n\nDie Quote ist auf {{ quote }} gesunken.\n"))
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
    ],
)
def test_jede_art_von_widerspruch(text: str, daten: str) -> None:
    (meldung,) = widersprueche(lage(text))
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
        "Alles ist gesunken.",
    ],
)
def test_wahre_und_offene_saetze_bleiben_ohne_befund(text: str) -> None:
    assert list(widersprueche(lage(text))) == []


def test_verweise_ins_leere(tmp_path: Path) -> None:
    (tmp_path / "plan.svg").write_text("<svg/>")
    text = (
        "Siehe @fig-quotte, @tbl-quote und @sec-arbeit.\n"
        "[Plan](plan.svg) [weg](fehlt.pdf) [oben](#sec-arbeit) [unten](#sec-weg)\n"
        "[Netz](https://www.example.org) [kaputt](https://) [Post](mailto:ohne)\n"
    )
    befunde = [(m.ort, m.feld, m.ursache, m.abhilfe) for m in tote_verweise(lage(text, tmp_path))]
    keine = "Der Bericht hat keine Abbildung mit diesem Namen."
    rat = "Berichtigen Sie das Ziel oder nehmen Sie den Link heraus."
    assert befunde == [
        ("Zeile 1", "@fig-quotte", keine, "Meinten Sie „fig-quote“?"),
        ("Zeile 2", "fehlt.pdf", "Die Datei gibt es im Ordner der Ausgabe nicht.", rat),
        ("Zeile 2", "#sec-weg", "Diese Sprungmarke setzt der Bericht nicht.", rat),
        ("Zeile 3", "https://", "Die Adresse nennt keinen Server.", rat),
        ("Zeile 3", "mailto:ohne", "Die Adresse hat kein @.", rat),
    ]  # fmt: skip


def test_unbenutzte_und_leere_texte(muster: Projekt) -> None:
    texte = muster.berichte / "lage" / "2024" / "texte"
    (texte / "vergessen.md").write_text("Niemand zeigt das.\n", "utf-8")
    (texte / "einleitung.md").write_text("<!-- noch zu schreiben -->\n", "utf-8")
    befunde = [(m.kennung, m.datei) for m in pruefe_texte(muster, ["lage/2024"])]
    assert befunde == [
        ("text-unbenutzt", "berichte/lage/2024/texte/vergessen.md"),
        ("text-leer", "berichte/lage/2024/texte/einleitung.md"),
    ]


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
    pfade, (kreis, land) = _lagen(muster, auftrag, roh)
    assert pfade == {text}
    assert [m.kennung for m in (*widersprueche(kreis), *getippte_zahlen(kreis))] == ["richtung-widerspricht"]
    assert [m.kennung for m in (*widersprueche(land), *getippte_zahlen(land))] == ["zahl-getippt"]
