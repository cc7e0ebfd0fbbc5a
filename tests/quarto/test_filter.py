"""Der Filter für Quarto an Bäumen, wie Quarto sie ihm gibt (``at: pre-ast``), auch ohne Quarto.

``vor_quartos_filtern.json`` ist, was Quarto 1.10.18 an dieser Stelle übergibt: da sind Abbildungen, Tabellen,
Kästen und bedingter Inhalt noch schlichte Rahmen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest
import typst
from quartohilfe import WURZEL

Filtern = Callable[..., str]
BAUM = (WURZEL / "tests/quarto/vor_quartos_filtern.json").read_text("utf-8")


@pytest.fixture
def filtern(tmp_path: Path) -> Filtern:
    """Setzt Markdown (oder einen Baum) mit dem Filter; ``zu`` ist das Format, für das er arbeitet."""
    vorn = tmp_path / "vor-ast.lua"
    projekt = tmp_path.as_posix()
    vorn.write_text(
        f"quarto = {{ project = {{ directory = [[{projekt}]] }}, doc = {{ include_text = function(wo, text)\n"
        f"  local d = io.open([[{projekt}/]] .. wo, 'wb'); d:write(text); d:close()\nend }} }}\n"
        f"return dofile [[{WURZEL / 'layout/berichtswerk.lua'}]]",
        encoding="utf-8",
    )

    kopf = tmp_path / "kopf.yml"
    kopf.write_text("berichtswerk: {stamm: bericht}\n", encoding="utf-8")

    def fuehre_aus(text: str, zu: str, von: str = "markdown") -> str:
        angaben = ["--wrap=none", "--metadata-file", str(kopf)]
        return pypandoc.convert_text(text, zu, format=von, filters=[str(vorn)], extra_args=angaben)

    return fuehre_aus


def test_echter_baum_im_druck(filtern: Filtern) -> None:
    text = filtern(BAUM, "typst", "json")
    assert "<table" not in text and "nur HTML" not in text
    assert '#callout(title: [Achtung], art: "important", body: [' in text
    assert '#callout(title: [Mit #emph[Titel]], art: "note", body: [' in text
    assert "#bw-frage(2)[\nWas zeigt das?" in text
    assert "== Nur im Druck" in text
    assert "Nur auf der Seite" not in text
    assert "Nicht auf der Seite" in text
    assert "== In einem Rahmen" in text and "#block[\n== In" not in text
    assert "Verzeichnisse" not in text
    assert text.count("#rect()") == 1
    assert text.count("#table(columns: 1, [1])") == 1


def test_echter_baum_auf_der_seite(filtern: Filtern) -> None:
    html = filtern(BAUM, "html", "json")
    assert '<h3 class="bw-frage">\nWas zeigt das?\n</h3>' in html
    assert "Nur auf der Seite" in html
    assert "Nicht auf der Seite" not in html and "Nur im Druck" not in html
    assert re.search(
        r'<div class="callout [^"]*callout-important [^"]*" role="note">.*?Achtung.*?Im Kasten', html, re.S
    )
    assert "Verzeichnisse" in html
    assert html.count('<div class="bw-rollbereich" role="group" tabindex="0"') == 2
    unterschrift = r'<figcaption [^>]*id="{0}-titel">.*?<span class="bw-befund">{1}'
    tafel, bild = (
        unterschrift.format("tbl-c", "Zeichen am Anfang"),
        unterschrift.format("fig-a", "Unterschrift"),
    )
    assert re.search(
        rf'<div id="tbl-c".*?{tafel}.*?<div class="bw-rollbereich".*?<table class="caption-top', html, re.S
    )
    assert re.search(rf'<div id="fig-a".*?{bild}.*?<div aria-describedby="fig-a-titel">.*?<svg>', html, re.S)


KAPITEL = """\
```{=html}
<!--bw-marken {"sec-lage": ["Kapitel&nbsp;1", "1"], "sec-mehr": ["Kapitel&nbsp;1.1", "1.1"]}-->
```

```{=html}
<div class="bw-auftakt">
```

# Die *Lage* {#sec-lage}

```{=html}
<p>Botschaft</p>
</div>
```

Siehe @sec-mehr und [-@sec-lage].

## Mehr {#sec-mehr}

# Ende {#ende .unnumbered}
"""


def test_kapitel_der_seite_wie_beim_eingebauten_satz(filtern: Filtern) -> None:
    html = re.sub(r"\s*\n\s*", "", filtern(KAPITEL, "html"))
    assert html == (
        '<section id="sec-lage" class="level2 anchored" data-number="1"><div class="bw-auftakt">'
        '<h2 class="anchored" data-number="1"><span class="header-section-number">1</span> Die <em>Lage</em>'
        "</h2><p>Botschaft</p></div>"
        '<p>Siehe <a href="#sec-mehr" class="quarto-xref">Kapitel&nbsp;1.1</a> und '
        '<a href="#sec-lage" class="quarto-xref">1</a>.</p>'
        '<section id="sec-mehr" class="level3 anchored" data-number="1.1">'
        '<h3 class="anchored" data-number="1.1"><span class="header-section-number">1.1</span> Mehr</h3>'
        '</section></section><section id="ende" class="level2 unnumbered anchored">'
        '<h2 class="unnumbered anchored">Ende</h2></section>'
    )


def test_der_rahmen_der_seite_kommt_an_seinen_platz(filtern: Filtern, tmp_path: Path) -> None:
    teile = {"in-header": '<link rel="icon">', "before-body": '<header id="oben">', "after-body": "</div>"}
    text = "\n\n".join(f"```{{=html}}\n<!--bw-{wo}-->\n{was}\n```" for wo, was in teile.items())
    assert filtern(f"{text}\n\nText", "html").strip() == "<p>Text</p>"
    assert {wo: (tmp_path / wo).read_text("utf-8").strip() for wo in teile} == teile
    assert filtern(f"{text}\n\nText", "typst").strip() == "Text"


ZELLEN = ["= ausgeglichen", "- fallend", "+ 3", "/ a", "1. Platz", "12 000", "a / b"]


def test_zellen_die_in_typst_etwas_bedeuteten_bleiben_text(filtern: Filtern) -> None:
    tabelle = "| Art |\n|-----|\n" + "\n".join(f"| {z} |" for z in ZELLEN)
    text = filtern(f"{tabelle}\n\n: Zeichen", "typst")
    gesetzt = [typst.query(text.encode(), art) for art in ("heading", "enum", "list", "terms")]
    assert gesetzt == ["[]"] * 4


@pytest.mark.parametrize(
    ("art", "titel"),
    [
        ("note", "Hinweis"),
        ("tip", "Tipp"),
        ("important", "Wichtig"),
        ("caution", "Vorsicht"),
        ("warning", "Warnung"),
    ],
)
def test_jeder_kasten_behaelt_im_druck_seine_art(filtern: Filtern, art: str, titel: str) -> None:
    text = filtern(f"::: {{.callout-{art}}}\nText.\n:::", "typst")
    assert f'#callout(title: [{titel}], art: "{art}", body: [' in text


def test_ungezaehlte_ueberschriften_ueber_gedrucktem_bleiben(filtern: Filtern) -> None:
    text = filtern(
        "# A {.unnumbered}\n\nText\n\n# B {.unnumbered}\n\n## C\n\nText\n\n# D {.unnumbered}", "typst"
    )
    assert re.findall(r"^(?:=+ |#heading\(.*\)\[)(\w)", text, re.M) == ["A", "B", "C"]


def test_neue_seite_nur_im_druck(filtern: Filtern) -> None:
    quelle = "# A\n\n## B {.bw-neue-seite}\n\nText"
    assert "#pagebreak(weak: true)\n== B" in filtern(quelle, "typst")
    assert "pagebreak" not in filtern(quelle, "html")


def test_startseite_kommt_aus_dem_vorlauf(filtern: Filtern, tmp_path: Path) -> None:
    (tmp_path / "seiten").mkdir()
    seite = "---\ntitle: Berichte\nberichtswerk: {start: true}\n---\n\nWillkommen.\n"
    (tmp_path / "seiten" / "_start.md").write_text(seite, encoding="utf-8")
    html = filtern((WURZEL / "index.qmd").read_text("utf-8"), "html")
    assert html.strip() == "<p>Willkommen.</p>"


def test_blaetter_eigener_gestalt_setzt_quarto_nicht(filtern: Filtern) -> None:
    text = filtern("---\nberichtswerk: {stamm: ort, gestalt: steckbrief}\n---\n\nText.\n", "typst")
    assert "nur auf der Website" in text and "Text." not in text


def test_seiten_der_website_gibt_es_nicht_als_pdf(filtern: Filtern) -> None:
    seite = "---\nberichtswerk: null\n---\n\n## [Bericht](a.html)"
    assert filtern(seite, "typst").strip() == "Diese Seite gibt es nur auf der Website."
    assert "Bericht" in filtern(seite, "html")
