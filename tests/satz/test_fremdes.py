"""Was veröffentlicht werden darf: Adressen, SVG-Dateien und fremde Namen; Eingabe neben Befund."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manuskripthilfe import SVG, Werk, tafel, zellen

from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.grund.fremdes import adresse_verboten, bereinigt, mailadresse, svg_verboten, webadresse
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke
from berichtswerk.satz import pandoc
from berichtswerk.satz.prosa import alle_knoten, klartext
from berichtswerk.tabelle.tabelle import als_csv, maskiere

RAHMEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    "%s</svg>"
)
STIL = "Stilangaben, die etwas nachladen (url, @import, @font-face)"
GEFAEHRLICH = {
    "<script>alert(1)</script>": "Skripte",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'/>": "Skripte",
    '<g onclick="a"/>': "Skripte (onclick)",
    '<rect ONLOAD="a"/>': "Skripte (onload)",
    "<foreignObject/>": "HTML (foreignObject)",
    "<p xmlns='http://www.w3.org/1999/xhtml'/>": "HTML",
    '<image href="https://a.example/b.png"/>': "einen Verweis nach außen (https://a.example/b.png)",
    '<image href="data:image/svg+xml,x"/>': "einen Verweis nach außen (data:image/svg+xml,x)",
    '<use xlink:href="b.svg#a"/>': "einen Verweis nach außen (b.svg#a)",
    '<a href="javascript:alert(1)"/>': "einen Verweis nach außen (javascript:alert(1))",
    '<rect fill="url(//a.example/#b)"/>': "einen Verweis nach außen (url(//a.example/#b))",
    '<rect fill="u\\72l(x)"/>': "Skripte",
    '<rect style="fill:url(x)"/>': STIL,
    "<style>@import 'a'</style>": STIL,
    "<style><![CDATA[.a{b:u\\72l(x)}]]></style>": STIL,
    "<style>@im<g/>port 'a'</style>": "Elemente in Stilangaben",
    '<a><animate attributeName="href" to="javascript:alert(1)"/></a>': "Bewegung",
    '<set attributeName="href"/>': "Bewegung",
    '<g xml:base="https://a.example/"/>': "einen Verweis nach außen (xml:base)",
    "<?xml-stylesheet href='a.css'?>": "eine Anweisung an Programme (<?…?>)",
    "<g>": "etwas, das kein XML ist (Zeile 1)",
    "<g>" * 90_000 + "</g>" * 90_000: "zu viele Ebenen",
}
UNBEDENKLICH = [
    "<!-- gezeichnet --><title>Haus</title><g id='a'><path d='M0 0'/></g><use xlink:href='#a'/>",
    "<defs><linearGradient id='a'/></defs><rect fill=\"url(#a)\" style='stroke: url( \"#a\" )'/>",
    "<style>/* @ */ .st0{fill:#FFF}</style><text class='st0'>online onclick=</text>",
    '<image href="data:image/png;base64,AAAA"/>',
    "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' r:about='http://x'/></metadata>",
]


@pytest.mark.parametrize(("inhalt", "grund"), GEFAEHRLICH.items())
def test_svg_gefaehrlich(inhalt: str, grund: str) -> None:
    assert svg_verboten((RAHMEN % inhalt).encode()) == grund
    assert svg_verboten((RAHMEN % inhalt).encode("utf-16")) == grund


def test_svg_mit_entitaeten_und_mit_unzaehligen_kopien() -> None:
    assert svg_verboten(b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>')
    kopie = '<use href="#a%d"/>'
    stufen = "".join(f'<g id="a{i}">{kopie % (i - 1) * 10}</g>' for i in range(1, 12))
    assert svg_verboten((RAHMEN % f'<g id="a0"/>{stufen}').encode()) == "zu viele Elemente"
    assert svg_verboten(b"<html/>") == "kein <svg> als Ganzes"


@pytest.mark.parametrize("inhalt", UNBEDENKLICH)
def test_svg_unbedenklich(inhalt: str) -> None:
    doctype = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert (
        svg_verboten((RAHMEN % inhalt).encode()) == svg_verboten((doctype + RAHMEN % inhalt).encode()) == ""
    )


def test_bild_im_text_und_wortmarke(tmp_path: Path) -> None:
    werk = Werk.neu(tmp_path)
    boese = (RAHMEN % "<script>alert(1)</script>").encode()
    (werk.ordner / "abb" / "b.svg").write_bytes(boese)
    (befund,) = werk.befunde('## A\n\n![](abb/b.svg){fig-alt="b"}\n')
    assert (befund.kennung, befund.ort) == ("satz-bild-unsicher", "Zeile 3")
    assert befund.ursache == "Die Datei enthält Skripte."
    projekt = werk.projekt
    (projekt.layout / "wortmarke.svg").write_bytes(boese)
    with pytest.raises(BerichtswerkFehler, match=r"marke-wortmarke-datei.*[\s\S]*Sie enthält Skripte"):
        Marke.lade(projekt)


# --- Adressen --------------------------------------------------------------------------------------------

VERBOTEN = [
    "javascript:alert(1)", "JavaScript:x", "java\nscript:x", "\x01javascript:x", "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd", "ftp://a.example", "blob:x", "//a.example", "/\\a.example", "\\\\a\\b", "\u200bhttps://a",
    "https://nutzer:wort@a.example/", " javascript:x", "a b:c", "tel\t:1",
]  # fmt: skip
ERLAUBT = ["https://a.example/x?y=a:b#c", "http://a.example", "mailto:a@b.example", "tel:+49 371", "#sec-a",
           "../x.html", "daten/a.csv", "", "x.html?a=b:c", "HTTPS://a.example/@x"]  # fmt: skip


@pytest.mark.parametrize("adresse", VERBOTEN)
def test_adresse_verboten(adresse: str) -> None:
    assert adresse_verboten(adresse)


@pytest.mark.parametrize("adresse", ERLAUBT)
def test_adresse_erlaubt(adresse: str) -> None:
    assert not adresse_verboten(adresse)


def test_adressen_in_texten_hinter_zeichen_die_browser_ueberlesen(tmp_path: Path) -> None:
    werk = Werk.neu(tmp_path)
    for text in (
        "[x](&#1;javascript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](https://a:b@c.example)",
    ):
        assert "satz-link-schema" in [m.kennung for m in werk.befunde(f"## A\n\n{text}\n")], text


@pytest.mark.parametrize(
    ("alt", "neu", "zeile"),
    [
        ("webseite: https://www.musterland.example", "webseite: https://a.example/)[x](javascript:1)", 9),
        ("webseite: https://datenschutz.musterstaat.example", "webseite: 'javascript:alert(1)'", 17),
        ("email: planung@musterland.example\n", "email: 'a@b.example> <script>'\n", 8),
    ],
)
def test_adressen_in_der_kreisdatei(muster: Projekt, alt: str, neu: str, zeile: int) -> None:
    datei = muster.daten / "kreis.yaml"
    datei.write_text(datei.read_text("utf-8").replace(alt, neu, 1), encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade_kreis(muster)
    (befund,) = fehler.value.meldungen
    assert (befund.datei, befund.ort) == ("daten/kreis.yaml", f"Zeile {zeile}")
    assert "ist keine" in befund.text and "Schreiben Sie sie" in befund.abhilfe


def test_platzhalter_und_leeres_sind_erlaubt() -> None:
    for text in ("", "[vor Veröffentlichung eintragen]"):
        assert webadresse(text) == mailadresse(text) == text


# --- Namen -----------------------------------------------------------------------------------------------

NAMEN = [
    'Ort" onclick="alert(1)', "Ort onclick=alert(1)",
    "<script>alert(1)</script>", "A &lt;b&gt; B", "{{ einwohner }}",
    "{{< include x >}}", "A | B", "#let x = 1", "$x$ und @fig-a",
    "- Punkt", "1. Nord", "A. Ort", "II. Ort", "a) Süd", "(i) Ost", "=== Linie",
    "---", ": Begriff", "![](a.svg)", "`r 1`",
    "A\nB", "*fett* _kursiv_ ~weg~ ^hoch^", "\\LaTeX", "[x](javascript:1)",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMEN)
def test_namen_stehen_woertlich(tmp_path: Path, name: str) -> None:
    (bloecke,) = pandoc.lies([f"{maskiere(name)}\n\nEnde."])
    assert bloecke is not None and [b["t"] for b in bloecke] == ["Para", "Para"]
    assert {k["t"] for k in alle_knoten(bloecke[0]["c"]) if "t" in k} <= {"Str", "Space"}
    glatt = re.sub(r"[„“”‚‘’]", '"', klartext(bloecke[0]["c"]))
    assert glatt == re.sub(r"[\"']", '"', re.sub(r"\s+", " ", name))


@given(st.sampled_from("=+-@＝＋－＠"), st.text(alphabet="a1(;\"' =", max_size=8))
def test_csv_formeln_und_zahlen(zeichen: str, rest: str) -> None:
    modell = tafel(zellen(zeichen + rest, "−5"))
    name = next(csv.reader(io.StringIO(als_csv(modell).splitlines()[1]), delimiter=";"))[0]
    assert not re.match(r"[=+@＝＋－＠]|-(?![\d.,]*$)", name)


def test_csv_laesst_zahlen_zahlen() -> None:
    zeilen = als_csv(tafel(zellen("-5", "-12"), zellen("-", "-0,5"), zellen("-5 Grad", "1"))).splitlines()
    assert [z.split(";")[0] for z in zeilen[1:]] == ["-5", "-", "'-5 Grad"]


def test_pruefbild_ist_unbedenklich() -> None:
    assert not svg_verboten(SVG.encode())


def test_viele_gleiche_elemente_sind_keine_kopien() -> None:
    assert not svg_verboten((RAHMEN % ("<g><path d='M0 0'/></g>" * 5000)).encode())


def test_ein_name_mit_klammern_ist_keine_offene_bindung(tmp_path: Path) -> None:
    werk = Werk.neu(tmp_path)
    assert werk.befunde(f"## A\n\nIn {maskiere('{{ Ort }} und {{< include x >}}')}.\n") == []
    assert [m.kennung for m in werk.befunde("## A\n\nIn {{ ort }}.\n")] == ["satz-bindung-offen"]


def test_veroeffentlicht_wird_eine_zeichnung_ohne_kommentare_und_angaben_des_programms() -> None:
    roh = (
        '<?xml version="1.0"?><!-- Entwurf, nicht weitergeben -->'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="urn:zeichenprogramm" '
        's:docname="C:/privat/haus.svg"><metadata>geheim</metadata><s:namedview/><!-- 3 Personen -->'
        '<title>Häuser</title><rect width="3" height="4"/></svg>'
    ).encode()
    assert svg_verboten(roh) == ""
    assert bereinigt(roh).decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg"><title>Häuser</title><rect width="3" height="4"/></svg>'
    )
    assert bereinigt(bereinigt(roh)) == bereinigt(roh)
