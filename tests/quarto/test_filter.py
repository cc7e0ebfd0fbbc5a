"""Der Filter für Quarto an Bäumen, wie Quarto sie ihm gibt (``at: pre-ast``), auch ohne Quarto.

``vor_quartos_filtern.json`` ist, was Quarto 1.10.18 an dieser Stelle übergibt: da sind Abbildungen, Tabellen,
Kästen und bedingter Inhalt noch schlichte Rahmen.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from quartohilfe import WURZEL, Filtern

BAUM = (WURZEL / "tests/quarto/vor_quartos_filtern.json").read_text("utf-8")


def test_im_druck_bleibt_nur_was_der_vorlauf_dafuer_schrieb(filtern: Filtern) -> None:
    baum = json.loads(BAUM)
    baum["meta"]["berichtswerk"] = {"t": "MetaMap", "c": {"geplant": {"t": "MetaBool", "c": True}}}
    baum["blocks"].append({"t": "RawBlock", "c": ["typst", "#line()"]})
    assert filtern(json.dumps(baum), "typst", "json").strip() == "#line()"


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


def test_startseite_kommt_aus_dem_vorlauf(filtern: Filtern, tmp_path: Path) -> None:
    (tmp_path / "seiten").mkdir()
    seite = "---\ntitle: Berichte\nberichtswerk: {start: true}\n---\n\nWillkommen.\n"
    (tmp_path / "seiten" / "_start.md").write_text(seite, encoding="utf-8")
    html = filtern((WURZEL / "index.qmd").read_text("utf-8"), "html")
    assert html.strip() == "<p>Willkommen.</p>"


@pytest.mark.parametrize("angaben", ["null", "{stamm: ort, gestalt: steckbrief}"])
def test_ohne_seitenplan_gibt_es_kein_pdf(filtern: Filtern, angaben: str) -> None:
    seite = f"---\nberichtswerk: {angaben}\n---\n\n## [Bericht](a.html)"
    assert filtern(seite, "typst").strip() == "Diese Seite gibt es nur auf der Website."
    assert "Bericht" in filtern(seite, "html")
