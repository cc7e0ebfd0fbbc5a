"""Der Rumpf der Seiten trägt die Klassen und Marken, die Quarto vergibt."""

from __future__ import annotations

import re

from bausteine import SVG, Notizbuchbauer, ausgabe, code, figur, tafel

from berichtswerk import satz
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import Seitenkontext, Verweis

UUID = "0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"


def setze(pfad: object, projekt: Projekt, **mehr: object) -> str:
    seite = satz.setze_html(pfad, Seitenkontext(projekt=projekt, **mehr))  # type: ignore[arg-type]
    return seite.html


def ohne_umbruch(html: str) -> str:
    return re.sub(r"\s*\n\s*", "", html)


def test_abbildung_wie_quarto(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = ohne_umbruch(setze(notizbuch("## A\n", ausgabe(figur("fig-x"))), projekt))
    assert (
        '<div id="fig-x" class="quarto-float quarto-figure quarto-figure-center anchored">'
        '<figure class="quarto-float quarto-float-fig figure">'
        f'<div aria-describedby="fig-x-caption-{UUID}">'
        '<img src="abb/a.svg" class="img-fluid figure-img" alt="Liniendiagramm „Geburten“: Rückgang"></div>'
        '<figcaption class="quarto-float-caption-bottom quarto-float-caption quarto-float-fig" '
        f'id="fig-x-caption-{UUID}">Abbildung\u00a01: Geburten im Kreis, 2005–2023 (Anzahl)</figcaption>'
        "</figure></div>"
    ) in html


def test_tabelle_mit_ueberschrift_zuerst_und_rollbereich(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = ohne_umbruch(setze(notizbuch("## A\n", ausgabe(tafel("tbl-x", 1))), projekt))
    assert (
        '<div id="tbl-x" class="quarto-float anchored"><figure class="quarto-float quarto-float-tbl figure">'
        '<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-tbl" '
        f'id="tbl-x-caption-{UUID}">Tabelle\u00a01: Einwohner der Gemeinden, 2023</figcaption>'
        f'<div class="bw-rollbereich" role="group" tabindex="0" aria-labelledby="tbl-x-caption-{UUID}">'
        '<table class="caption-top table bw-tabelle">'
    ) in html


def test_markdown_tabelle_bekommt_scope_und_keine_stilangaben(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    text = "## A\n\n| Ort | Wert |\n|:--|--:|\n| Nord | 1 |\n\n: Werte {#tbl-w}\n"
    html = ohne_umbruch(setze(notizbuch(text), projekt))
    assert '<th scope="col">Ort</th><th class="zahl" scope="col">Wert</th>' in html
    assert '<th scope="row">Nord</th><td class="zahl">1</td>' in html
    assert "style=" not in html
    assert "Tabelle\u00a01: Werte" in html


def test_kapitel_gezaehlt_und_verschachtelt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    text = "## Lage {#sec-lage}\n\n### Alter\n\n## Ende {.unnumbered}\n\nSiehe @sec-lage.\n"
    html = setze(notizbuch(text), projekt)
    assert '<section id="sec-lage" class="level2 anchored" data-number="1">' in html
    assert '<span class="header-section-number">1.1</span> Alter</h3>' in html
    assert '<a href="#sec-lage" class="quarto-xref">Kapitel\u00a01</a>' in html
    assert html.count("<h1") == 1
    assert re.search(r"<h2[^>]*>Ende</h2>", html)


def test_kapitel_mit_einer_raute_ergeben_dasselbe(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    eine = setze(notizbuch("# Lage\n\n## Alter\n"), projekt)
    zwei = setze(notizbuch("## Lage\n\n### Alter\n"), projekt)
    assert eine == zwei


def test_querverweise_auch_ohne_wort_und_mehrere(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = setze(
        notizbuch("## A\n\n[@fig-x; @tbl-y] und -@fig-x\n", figur("fig-x"), tafel("tbl-y", 1)), projekt
    )
    assert '<a href="#fig-x" class="quarto-xref">Abbildung\u00a01</a>, ' in html
    assert '<a href="#tbl-y" class="quarto-xref">Tabelle\u00a01</a> und ' in html
    assert '<a href="#fig-x" class="quarto-xref">1</a>' in html


def test_kasten_mit_titel_und_ohne(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = ohne_umbruch(
        setze(
            notizbuch(
                "## A\n\n::: {.callout-note}\n## Lesehilfe\nText\n:::\n\n::: {.callout-caution}\nKlein\n:::\n"
            ),
            projekt,
        )
    )
    assert '<div class="callout callout-style-default callout-note callout-titled" role="note">' in html
    assert '<div class="callout-title-container flex-fill">Lesehilfe</div>' in html
    assert '<div class="callout-body-container callout-body"><p>Text</p></div>' in html
    assert '<div class="callout-title-container flex-fill">Vorsicht</div>' in html


def test_daten_gefaltet_und_titel_maskiert(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = ohne_umbruch(setze(notizbuch("## A\n", figur("fig-x")), projekt))
    assert '<details class="bw-daten"><summary>Daten: A &amp; B</summary>' in html
    assert 'aria-label="Tabelle, waagerecht verschiebbar"' in html


def test_eckwerte_als_begriffsliste(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    text = "::: {.bw-eckwerte}\nEinwohner\n:   99 372\n:   gesunken\n\nQuote\n:   6,4 %\n:::\n"
    html = ohne_umbruch(setze(notizbuch("## A\n", ausgabe(text)), projekt))
    assert '<dl class="bw-eckwerte"><div><dt>Einwohner</dt><dd>99 372</dd><dd>gesunken</dd></div>' in html
    assert "<dd>6,4\u202f%</dd>" in html


def test_sichtbar_nur_im_genannten_format(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    text = (
        '## A\n\n::: {.content-visible when-format="html"}\nNur Seite\n:::\n\n'
        '::: {.content-visible when-format="pdf"}\nNur Druck\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nVerborgen\n:::\n'
    )
    html = setze(notizbuch(text), projekt)
    assert "Nur Seite" in html and "Nur Druck" not in html and "Verborgen" not in html


def test_deutsche_zeichen(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = setze(notizbuch("## A\n\n\"Wort\" und 'halb' -- z. B. nach § 24, 12,5 % d. h. viel...\n"), projekt)
    assert "„Wort“ und ‚halb‘ – z.\u202fB. nach §\u00a024, 12,5\u202f% d.\u202fh. viel…" in html


def test_fussnoten_haben_namen(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = setze(notizbuch("## A\n\nText[^1]\n\n[^1]: Näheres.\n"), projekt)
    assert 'role="doc-endnotes" aria-label="Fußnoten"' in html
    assert 'role="doc-backlink" aria-label="Zurück zum Text"' in html


def test_verweise_auf_notizbuecher_zeigen_auf_seiten(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    text = "## A\n\n[B](b.ipynb#x), [C](c.qmd), [D](https://a.example/d.qmd)\n"
    html = setze(notizbuch(text), projekt)
    assert 'href="b.html#x"' in html and 'href="c.html"' in html and "https://a.example/d.qmd" in html


def test_seitenrahmen(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    seite = satz.setze_html(
        notizbuch("## Lage {#sec-lage}\n"),
        Seitenkontext(
            projekt=projekt, wurzel_relativ="../../", status="entwurf", suche=True, skripte=("suche/s.js",),
            navigation=(Verweis("Berichte", "index.html", aktuell=True),),
            brotkrumen=(Verweis("Start", "index.html"), Verweis("Hier", "", aktuell=True)),
            downloads=(Verweis("PDF", "a.pdf", "0,4 MB", herunterladen=True),),
            fusszeile=(Verweis("Impressum", "seiten/impressum.html"),),
        ),
    )  # fmt: skip
    html = seite.html
    assert seite.titel == "Prüfbericht" and seite.gliederung[0].marke == "sec-lage"
    assert 'lang="de-DE"' in html
    assert "default-src &#39;none&#39;" in html and "wasm-unsafe-eval" in html
    assert '<a class="bw-sprung" href="#inhalt">' in html and '<main id="inhalt"' in html
    assert "Entwurf, keine amtliche Veröffentlichung" in html
    assert '<a href="../../index.html" aria-current="page">Berichte</a>' in html
    assert '<a href="../../a.pdf" download>PDF</a> <span class="bw-zusatz">0,4 MB</span>' in html
    assert '<script src="../../suche/s.js" defer></script>' in html
    assert '<a href="#sec-lage"><span class="bw-nummer">1</span> Lage</a>' in html


def test_ohne_suche_kein_skript_erlaubt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = setze(notizbuch("## A\n"), projekt)
    assert "script-src &#39;none&#39;" in html and "<script" not in html


def test_seite_aus_qmd_mit_einbindung(projekt: Projekt) -> None:
    (projekt.wurzel / "teil.qmd").write_text("Aus dem Teil.\n", encoding="utf-8")
    seite = projekt.wurzel / "seite.qmd"
    seite.write_text("---\ntitle: Über uns\n---\n\n{{< include teil.qmd >}}\n", encoding="utf-8")
    html = setze(seite, projekt)
    assert "<title>Über uns</title>" in html and "<p>Aus dem Teil.</p>" in html


def test_svg_ausgabe_mit_optionen_wird_abbildung(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    zelle = code(
        "#| label: fig-s\n#| fig-cap: Karte\n#| fig-alt: Karte des Kreises\n#| echo: false\nk()",
        {"image/svg+xml": SVG},
    )
    html = setze(notizbuch("## A\n\n@fig-s\n", zelle), projekt)
    assert 'src="data:image/svg+xml;base64,' in html and 'alt="Karte des Kreises"' in html


def test_code_wird_nur_mit_echo_gezeigt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    html = setze(
        notizbuch("## A\n", code("#| echo: true\nsichtbar()"), code("#| include: false\nverborgen()")),
        projekt,
    )
    assert "sichtbar()" in html and "verborgen()" not in html
