"""Was der Satz nicht kennt, weist er ab: schlechte Eingabe neben der genauen Meldung."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bausteine import KOPF, SVG, Notizbuchbauer, Zelle, code, figur, md, roh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berichtswerk import satz
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.befunde import kennungen

SVG_ART = "image/svg+xml"
MELDUNGEN: list[tuple[Zelle | str, str, str, str]] = [
    # Eingabe, Kennung, Text, Abhilfe
    (
        "## A\n\n@fig-geburt\n" + figur("fig-geburten"),
        "satz-verweis-offen",
        "Der Verweis @fig-geburt führt ins Leere.",
        "Marke berichtigen; am nächsten liegen: fig-geburten.",
    ),
    (
        "Siehe @meier2020.",
        "satz-zitat",
        "Das Zitat @meier2020 kann nicht aufgelöst werden.",
        "Quelle als Fußnote schreiben: Text[^1]; ein @ im Text als \\@.",
    ),
    (
        figur("fig-a") + "\n" + figur("fig-a"),
        "satz-marke-doppelt",
        "Die Marke „fig-a“ ist zweimal vergeben.",
        "Eine der beiden umbenennen.",
    ),
    (
        "## A\n\n#### B\n",
        "satz-ebene-sprung",
        "Die Überschrift „B“ überspringt eine Ebene.",
        "Eine Raute weniger setzen.",
    ),
    (
        "::: {#fig-a}\n![](abb/a.svg)\n\nUnterschrift\n:::",
        "satz-alt-fehlt",
        "Das Bild „abb/a.svg“ hat keinen Alternativtext.",
        'Hinter das Bild {fig-alt="…"} schreiben: was, wo, wann, Richtung, größter und kleinster Wert.',
    ),
    (
        '![](https://a.example/b.svg){fig-alt="b"}',
        "satz-bild-fremd",
        "Das Bild „https://a.example/b.svg“ liegt auf einem fremden Rechner.",
        "Bild als SVG neben den Bericht legen.",
    ),
    (
        '![](abb/a.png){fig-alt="b"}',
        "satz-bild-format",
        "Das Bild „abb/a.png“ ist kein SVG.",
        "Bild als SVG speichern.",
    ),
    (
        '![](abb/weg.svg){fig-alt="b"}',
        "satz-bild-fehlt",
        "Die Bilddatei „abb/weg.svg“ fehlt.",
        "Bericht neu ausführen oder den Pfad berichtigen.",
    ),
    (
        "::: {#fig-a}\nNur Text\n:::",
        "satz-abbildung-leer",
        "Die Abbildung „fig-a“ enthält kein Bild.",
        "Bild ergänzen oder den Rahmen entfernen.",
    ),
    (
        "::: {#tbl-a}\nNur Text\n:::",
        "satz-tabelle-leer",
        "Die Tabelle „tbl-a“ enthält keine Tabelle.",
        "Tabelle ergänzen oder den Rahmen entfernen.",
    ),
    (
        "::: {#tbl-a}\n| a |\n|---|\n| 1 |\n:::",
        "satz-unterschrift-fehlt",
        "„tbl-a“ hat keine Unterschrift.",
        "Einen Absatz ergänzen: was, wo, wann, Einheit.",
    ),
    (
        "```{=html}\n<div>Hallo</div>\n```",
        "satz-roh-html",
        "Rohes HTML ist nicht erlaubt: <div>Hallo</div>",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        '```{=html}\n<table style="x"><tr><td>a</td></tr></table>\n```',
        "satz-roh-html",
        'Rohes HTML ist nicht erlaubt: <table style="x"><tr><td>a</td></tr></ta',
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "Ein <b>fettes</b> Wort",
        "satz-roh-html",
        "Rohes HTML ist nicht erlaubt: <b>",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "```{=latex}\n\\newpage\n```",
        "satz-roh-fremd",
        "Roher Text im Format „latex“ ist nicht erlaubt.",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "Die Quote ist $x/y$.",
        "satz-formel",
        "Eine Formel im Text wird nicht gesetzt: $x/y$",
        "Formel in Worten oder als einfache Zeile schreiben; ein Dollarzeichen als \\$.",
    ),
    (
        "Es sind `{python} n` Personen.",
        "satz-code-im-text",
        "Hier stünde ausführbarer Code: {python} n",
        "Zahl im Notizbuch binden und im Text {{ name }} schreiben.",
    ),
    (
        "```{python}\nx\n```",
        "satz-code-im-text",
        "Hier stünde ausführbarer Code: {python} x",
        "Zahl im Notizbuch binden und im Text {{ name }} schreiben.",
    ),
    (
        "Text {{< video a.mp4 >}} Text",
        "satz-kurzbefehl",
        "Den Kurzbefehl {{< … kennt der Satz nicht.",
        "Inhalt ausschreiben oder include benutzen.",
    ),
    (
        "Es sind {{ einwohner }} Personen.",
        "satz-bindung-offen",
        "Eine gebundene Zahl wurde nicht eingesetzt: {{",
        "Den Text nach texte/ der Ausgabe legen oder den Namen prüfen.",
    ),
    (
        "::: {.panel-tabset}\nA\n:::",
        "satz-rahmen-unbekannt",
        "Der Rahmen „panel-tabset“ wird nicht verstanden.",
        "Rahmen entfernen oder durch einen bekannten ersetzen. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        '::: {layout-ncol="2"}\nA\n:::',
        "satz-rahmen-unbekannt",
        "Der Rahmen „layout-ncol“ wird nicht verstanden.",
        "Rahmen entfernen oder durch einen bekannten ersetzen. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "{{< include weg.md >}}",
        "satz-include-fehlt",
        "Die eingebundene Datei „weg.md“ gibt es nicht.",
        "Pfad berichtigen.",
    ),
    (
        code("#| fig-width: 7\nx"),
        "satz-zelloption",
        "Die Zelloption „fig-width“ wird nicht verstanden.",
        "Option entfernen oder ersetzen. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        code("#| echo: fenced\nx"),
        "satz-zelloption-wert",
        "Der Wert der Zelloption „echo: fenced“ ist nicht erlaubt.",
        "Wert berichtigen.",
    ),
    (
        code("#| label: [a\nx"),
        "satz-zelloption-yaml",
        "Die Zelloptionen sind kein gültiges YAML: while parsing a flow sequence",
        "Schreibweise berichtigen.",
    ),
    (
        code("x", {"text/html": "<table></table>", "text/plain": "x"}),
        "satz-ausgabe-art",
        "Die Zelle gibt text/html aus; das wird nicht gesetzt.",
        "Über den Bericht ausgeben (b.tabelle, b.linie …) oder mit #| output: false stumm schalten.",
    ),
    (
        code("x", {"image/png": "…"}),
        "satz-ausgabe-art",
        "Die Zelle gibt image/png aus; das wird nicht gesetzt.",
        "Über den Bericht ausgeben (b.tabelle, b.linie …) oder mit #| output: false stumm schalten.",
    ),
    (
        code("x", {"text/plain": "42"}),
        "satz-ausgabe-art",
        "Die Zelle gibt text/plain aus; das wird nicht gesetzt.",
        "Über den Bericht ausgeben (b.tabelle, b.linie …) oder mit #| output: false stumm schalten.",
    ),
    (
        code("#| fig-cap: Karte\nx", {SVG_ART: SVG}),
        "satz-svg-ohne-marke",
        "Eine SVG-Ausgabe braucht label (fig-…), fig-cap und fig-alt; es fehlt: label, fig-alt",
        "Zelloptionen ergänzen.",
    ),
]


@pytest.mark.parametrize(
    ("zelle", "kennung", "text", "abhilfe"), MELDUNGEN, ids=[f"{n}-{m[1]}" for n, m in enumerate(MELDUNGEN)]
)
def test_abgewiesen_mit_datei_zelle_und_abhilfe(
    projekt: Projekt, notizbuch: Notizbuchbauer, zelle: Zelle | str, kennung: str, text: str, abhilfe: str
) -> None:
    befunde = satz.pruefe_teilmenge(notizbuch("Ein Absatz.", zelle), projekt).liste
    assert [(m.kennung, m.text, m.abhilfe) for m in befunde] == [(kennung, text, abhilfe)]
    assert befunde[0].datei == "berichte/pruef/bericht.ipynb"
    assert befunde[0].ort == "Zelle 3 des Notizbuchs"
    assert befunde[0].ursache


def test_gescheiterte_zelle_und_ausgabe_ueber_stdout(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    fehler, druck = code("1/0"), code("print(1)")
    fehler["outputs"] = [{"output_type": "error", "ename": "ZeroDivisionError", "evalue": "durch null"}]
    druck["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    texte = [m.text for m in satz.pruefe_teilmenge(notizbuch(fehler, druck), projekt)]
    assert texte == [
        "Die Zelle endete mit einem Fehler: ZeroDivisionError: durch null",
        "Die Zelle gibt Text über stdout aus; das wird nicht gesetzt.",
    ]


def test_alles_auf_einmal_und_nichts_doppelt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch("@fig-x und @fig-x und $y$", code("#| cache: true\nx"), "::: {.column}\nA\n:::")
    with pytest.raises(BerichtswerkFehler) as fehler:
        satz.setze_html(pfad, satz.Seitenkontext(projekt=projekt))
    assert [m.kennung for m in fehler.value.meldungen] == [
        "satz-zelloption",
        "satz-formel",
        "satz-rahmen-unbekannt",
        "satz-verweis-offen",
    ]


def test_kopf_fehlt_oder_ist_kaputt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    def texte(kopf: str) -> list[str]:
        return [m.text for m in satz.pruefe_teilmenge(notizbuch("A", kopf=kopf), projekt)]

    assert texte("---\nlang: de\n---\n") == ["Der Kopf des Dokuments ist unbrauchbar: title fehlt"]
    assert texte("---\n- a\n---\n")[0] == "Der Kopf des Dokuments ist unbrauchbar: keine Liste von name: wert"
    assert texte("---\na: [b\n---\n")[0].startswith("Der Kopf des Dokuments ist unbrauchbar: while parsing")


def test_kein_notizbuch(projekt: Projekt) -> None:
    projekt.wurzel.mkdir(exist_ok=True)
    for inhalt, grund in (
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{}", "keine Zellen in nbformat 4"),
    ):
        pfad = projekt.wurzel / "a.ipynb"
        pfad.write_text(inhalt, encoding="utf-8")
        texte = [m.text for m in satz.pruefe_teilmenge(pfad, projekt)]
        assert texte[0] == f"Das Notizbuch lässt sich nicht lesen: {grund}"


def test_einbinden_im_kreis(projekt: Projekt) -> None:
    seite = projekt.wurzel / "seite.qmd"
    seite.write_text("---\ntitle: T\n---\n\n{{< include teil.qmd >}}\n", encoding="utf-8")
    (projekt.wurzel / "teil.qmd").write_text("{{< include seite.qmd >}}\n", encoding="utf-8")
    befunde = satz.pruefe_teilmenge(seite, projekt).liste
    assert [(m.kennung, m.datei, m.ort) for m in befunde] == [("satz-include-kreis", "seite.qmd", "")]


def test_geladenes_notizbuch_wird_ohne_datei_geprueft(projekt: Projekt) -> None:
    nb = {"cells": [roh(KOPF), md("@tbl-x")], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    assert [m.kennung for m in satz.pruefe_teilmenge(nb, projekt)] == ["satz-verweis-offen"]


def test_verweis_im_kasten_und_in_der_unterschrift_zaehlt(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    text = "::: {.callout-note}\n@fig-x\n:::\n\n" + figur("fig-a", "Wie @fig-y")
    texte = {m.text for m in satz.pruefe_teilmenge(notizbuch(text), projekt)}
    assert texte == {"Der Verweis @fig-x führt ins Leere.", "Der Verweis @fig-y führt ins Leere."}


def test_jede_kennung_hat_einen_fall_in_den_tests() -> None:
    hier = Path(__file__).parent
    geprueft = "".join(p.read_text(encoding="utf-8") for p in hier.glob("test_*.py"))
    ohne = {k for k in kennungen() if k not in geprueft}
    assert ohne <= {"satz-kopf", "satz-notizbuch", "satz-ausgabe-fehler"}  # nach ihrem Text geprüft


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=30))
def test_beliebiger_text_gibt_befunde_oder_eine_seite_nie_einen_absturz(
    projekt: Projekt, texte: list[str], quelle: str
) -> None:
    zellen = [roh(KOPF), *map(md, texte), code(quelle, {"text/markdown": quelle})]
    nb: dict[str, Any] = {"cells": zellen, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    befunde = satz.pruefe_teilmenge(json.loads(json.dumps(nb)), projekt)
    assert all(m.text and m.abhilfe for m in befunde)
