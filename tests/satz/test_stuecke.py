"""Stückweise gewandelt kommt heraus, was am Ganzen herauskommt; und nur Geändertes geht durch pandoc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bausteine import figur, tafel
from hypothesis import example, given, settings
from hypothesis import strategies as st

from berichtswerk.grund.ablage import Ablage
from berichtswerk.satz import dienst, pandoc, stuecke

LAYOUT = Path(__file__).parents[2] / "layout"
KOPF = '---\nlang: de-DE\nsubtitle: Ein "Bericht"\ntitle: Titel -- mit Strich\n---\n\n'

# Was in Zellen steht, auch Halbes und was ins nächste Stück reicht.
BAUSTEINE = [
    "Ein Absatz mit *Hervorhebung* und \"Wort\".\nZweite Zeile (@sec-a).",
    "## Lage {#sec-a}",
    "## Alter",
    "### Alter",
    "### Alter 1",
    "#### Tief",
    "# Lage",
    "## Verzeichnisse {.unnumbered}",
    "### Bild {.unnumbered .bw-neue-seite}",
    "Unterstrichen\n-------------",
    figur("fig-x"),
    figur("fig-y"),
    tafel("tbl-x", 2),
    "Siehe @fig-x, -@tbl-x, [@fig-x; @sec-a] und @sec-alter.",
    "(@fig-x) zeigt es.",
    "Text[^1] und ^[gleich hier].\n\n[^1]: Eine Note.\n\n    Noch ein Absatz.",
    "Text[^2].",
    "[^2]: Fern der Stelle.",
    "[Lage] und [Alter](b.qmd) und [Text der Planung]",
    "[Ziel]: https://a.example/",
    "Zum [Ziel].",
    "- eins\n- zwei\n\n    weiter",
    "1. eins\n2. zwei",
    "> Zitat\n\n***",
    "::: {.callout-note}\n## Lage\nText @fig-x\n\n- a\n:::",
    "::: {.callout-tip title=\"Rat\"}\n## Innen\n\nText\n:::",
    "::: {.bw-x}\n## Im Rahmen\n\nText\n:::",
    "::: {.bw-steckbrief}\n**Name**\n\nZweck\n:   Zeigt etwas.\n:::",
    "::: {.bw-offen}\nohne Ende",
    ":::",
    "```python\nx = 1\n```",
    "```\noffen",
    "| Ort | Wert |\n|:--|--:|\n| Nord | 1 |\n\n: Werte {#tbl-w}",
    '::: {.content-visible when-format="html"}\nNur Seite\n:::',
    '::: {.content-visible when-format="pdf"}\nNur Druck\n:::',
    "<!-- still -->",
    "---\ntitle: Anders\n---",
    "(@) Beispiel",
    "- Punkt\n\n    ::: {.bw-x}\n    @tbl-x\n    :::\n\n    | a |\n    |---|\n    | 1 |",
    "> ::: {.callout-warning}\n> Im Zitat \"so\"\n> :::",
    'Begriff\n:   Erklärung\n\n    ::: {.content-visible when-format="html"}\n    [B](b.qmd#x)\n    :::',
    "% Titelzeile",
    '![Im Text @fig-x](abb/b.svg){fig-alt="Bild"} steht hier.',
    "Letzte Zeile\n<!-- eins --> zwei",
    "[unpaarig",
    "Wort `code [` Wort",
    "z. B. 5 % nach § 24",
    "{{ offen }}",
    "@unbekannt und @fig-weg",
]  # fmt: skip


@st.composite
def dokumente(zieh: Any) -> str:
    zellen = zieh(
        st.lists(st.lists(st.sampled_from(BAUSTEINE), min_size=1, max_size=4), min_size=1, max_size=6)
    )
    return dokument(*("\n\n".join(z) for z in zellen))


def dokument(*zellen: str) -> str:
    return (
        KOPF + "\n\n".join(f"```{{=bw-zelle}}\n{n}\n```\n\n{z}" for n, z in enumerate(zellen, start=2)) + "\n"
    )


def am_ganzen(markdown: str, formate: tuple[pandoc.Format, ...] = ("html", "typst")) -> pandoc.Ergebnis:
    with pytest.MonkeyPatch.context() as ersatz:
        ersatz.setattr(pandoc, "zerlege", lambda *_: None)
        return pandoc.wandle(markdown, LAYOUT, formate)


@settings(max_examples=150, deadline=None)
@given(dokumente())
@example(dokument("## Lage", "## Lage", "## Lage", "Siehe @sec-a.", "## Lage 1"))
@example(
    dokument("Text[^1].\n\n[^1]: A", "B[^2]^[gleich]\n\n[^2]: C", "```python\nx\n```", "```python\ny\n```")
)
@example(dokument("## A {.unnumbered}", '::: {.content-visible when-format="html"}\nx\n:::', "### B", "x"))
@example(dokument("## A {.unnumbered}", "### B {.unnumbered}", "## C {.unnumbered .bw-neue-seite}"))
@example(dokument("## A {#sec-a}", "Text").replace("Titel --", "Titel @sec-a --"))
def test_stueckweise_wie_am_ganzen(markdown: str) -> None:
    assert pandoc.wandle(markdown, LAYOUT, ("html", "typst")) == am_ganzen(markdown)


@pytest.mark.parametrize(
    "text",
    [
        "Ein Absatz.",
        figur("fig-x") + "\n\n" + tafel("tbl-x", 1),
        "Text[^1]\n\n[^1]: Note",
        "A\n(@fig-x) B",
        "[Text der Planung] und [Seite](b.html)",
        "<https://a.example/>",
        "<!-- nur für die Redaktion -->",
        "- a\n- b",
    ],
)
def test_uebliches_wird_zerlegt(text: str) -> None:
    zerlegt = stuecke.zerlege(dokument("Anfang", text, "## Ende\n\nText"), True)
    assert zerlegt is not None and [s.zelle for s in zerlegt[0]] == [0, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "::: {.a}",
        ":::",
        "<div>",
        "<!-- x",
        "\\begin{x}",
        "[a]: https://b.example",
        "(@) Beispiel",
        "Text\n\n(@gut) Beispiel",
        "[offen",
        "zu]",
        "![a](b c)",
        "---\ntitle: x\n---",
        "a\r\nb",
        "- ```\n  a",
        "$$x$$",
        "Nochmal[^1]",
    ],
)
def test_was_weiter_reicht_bleibt_ganz(text: str) -> None:
    assert stuecke.zerlege(dokument("Anfang[^1]\n\n[^1]: Note", text, "Ende"), True) is None


@pytest.fixture
def gefragt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Die Texte, die durch pandoc gehen."""
    texte: list[str] = []
    frage = dienst.frage

    def merke(auftrag: dict[str, Any]) -> dict[str, Any]:
        texte.extend(s["text"] for s in auftrag["stuecke"])
        return frage(auftrag)

    monkeypatch.setattr(dienst, "frage", merke)
    return texte


BERICHT = [
    "## Lage {#sec-lage}\n\nErster Satz. Siehe @fig-x.",
    figur("fig-x"),
    tafel("tbl-x", 3),
    "## Ende\n\nText",
]


def test_aus_der_ablage_kommt_dasselbe(tmp_path: Path, gefragt: list[str]) -> None:
    ablage, markdown = Ablage(tmp_path), dokument(*BERICHT)
    eins = pandoc.wandle(markdown, LAYOUT, ("html", "typst"), ablage=ablage)
    gefragt.clear()
    zwei = pandoc.wandle(markdown, LAYOUT, ("html", "typst"), ablage=ablage)
    assert gefragt == []
    assert eins == zwei == pandoc.wandle(markdown, LAYOUT, ("html", "typst"))


def test_ein_geaenderter_satz_schickt_ein_stueck_durch_pandoc(tmp_path: Path, gefragt: list[str]) -> None:
    ablage = Ablage(tmp_path)
    pandoc.wandle(dokument(*BERICHT), LAYOUT, ("html", "typst"), ablage=ablage)
    gefragt.clear()
    neu = dokument(BERICHT[0].replace("Erster", "Geänderter"), *BERICHT[1:])
    ergebnis = pandoc.wandle(neu, LAYOUT, ("html", "typst"), ablage=ablage)
    assert len(gefragt) == 1 and "Geänderter Satz" in gefragt[0]
    assert ergebnis == am_ganzen(neu)


def test_eine_neue_zahl_in_einer_tabelle_und_eine_neue_zelle_brauchen_kein_altes_stueck(
    tmp_path: Path, gefragt: list[str]
) -> None:
    ablage = Ablage(tmp_path)
    pandoc.wandle(dokument(*BERICHT), LAYOUT, ("html", "typst"), ablage=ablage)
    gefragt.clear()
    neu = dokument("## Neu", figur("fig-neu"), *BERICHT)
    ergebnis = pandoc.wandle(neu, LAYOUT, ("html", "typst"), ablage=ablage)
    assert len(gefragt) == 2 and ergebnis == am_ganzen(neu)
    assert "Abbildung\u00a02" in ergebnis.html and "// Zelle 7\n" in ergebnis.typst


def test_reihenfolge_und_haelften_aendern_nichts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    markdown = dokument(*BERICHT, *(f"## K{i}\n\nText {i}[^{i}]\n\n[^{i}]: N" for i in range(6)))
    ganz = pandoc.wandle(markdown, LAYOUT, ("html", "typst"))
    monkeypatch.setattr(pandoc, "_VIEL", 1)
    assert pandoc.wandle(markdown, LAYOUT, ("typst", "html")) == ganz
    ablage = Ablage(tmp_path)
    pandoc.wandle(dokument(*reversed(BERICHT)), LAYOUT, ("html", "typst"), ablage=ablage)
    assert pandoc.wandle(markdown, LAYOUT, ("html", "typst"), ablage=ablage) == ganz
