"""Ein Bericht als DOCX und ODT: barrierefrei, jeder Absatz mit seiner Stelle, jede Bindung gesperrt."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from manuskripthilfe import SVG, Werk, abbildung, tabelle

from berichtswerk.ausfuehrung.uebergabe import Druckbild, Textspur, Uebergabe
from berichtswerk.gegenstand.gegenstaende import Bindung, Bindungen
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.gelesen import Gelesen
from berichtswerk.satz.manuskript import lies
from berichtswerk.schreiber.word import datei, vorlage
from berichtswerk.schreiber.word.baum import _breiten
from berichtswerk.schreiber.word.herkunft import Gebunden
from berichtswerk.schreiber.word.vorlage import ODF, W
from berichtswerk.worte.bindung import loese_auf

NS = {"w": W, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
TEXT = """## Kinder {#sec-kinder}

Im Jahr {{ jahr }} leben {{ gebiet.im }} **viele** Kinder, siehe @fig-a.[^1] Das sind "mehr" als {{ zahl }}.

- Erster Punkt mit {{ zahl }}.
- Zweiter Punkt.

| Ort | Menge |
|:----|------:|
| Nord | 7 |

[^1]: Eine Fußnote zu {{ jahr }}.
"""
WERTE = {
    "jahr": Bindung(art="text", text="2024"),
    "zahl": Bindung(art="text", text="7,0\u202f%"),
    "gebiet": Bindung(art="text", text="Seen", attribute={"im": "im Kreis Seen"}),
}


def gelesen(ordner: Path, text: str = TEXT) -> tuple[Werk, Gelesen]:
    """Ein Bericht mit einer Textdatei, deren Bindungen aufgelöst sind, einer Abbildung und einer Tabelle."""
    werk = Werk.neu(ordner)
    name = "berichte/pruef/texte/0.md"
    aufgeloest = loese_auf(text, Bindungen(werte=WERTE), name)
    assert not aufgeloest.meldungen
    dokument = werk.dokument(aufgeloest.markdown, abbildung("fig-a"), tabelle("tbl-b"))
    (werk.projekt.wurzel / name).write_text(text, encoding="utf-8")
    manuskript, befunde = lies(dokument, werk.projekt, werk.ordner)
    assert not befunde.liste, befunde.als_text()
    uebergabe = Uebergabe(
        dokument, druckbilder={"abb/fig-a.svg": Druckbild(SVG.encode())},
        spuren=(Textspur(name, aufgeloest.stuecke),),
    )  # fmt: skip
    return werk, Gelesen(uebergabe, manuskript, Meldungen())


@pytest.fixture(scope="module")
def werk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Werk, Gelesen, dict[str, bytes]]:
    w, g = gelesen(tmp_path_factory.mktemp("word"))
    return w, g, datei.schreibe(g, w.projekt)


DC = {"dc": "http://purl.org/dc/elements/1.1/"}


def teil(roh: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(roh)) as paket:
        return etree.fromstring(paket.read(name))


def test_jeder_absatz_der_planung_traegt_datei_und_zeile(
    werk: tuple[Werk, Gelesen, dict[str, bytes]],
) -> None:
    w, g, dateien = werk
    absaetze = datei.baue(g, w.projekt, mit_bildern=False).absaetze
    wo = {a.text: a.zeile for a in absaetze if a.kennung}
    assert wo["1 Kinder"] == 1 and wo["Zweiter Punkt."] == 6 and wo["Nord"] == 10
    (satz,) = (a for a in absaetze if a.text.startswith("Im Jahr"))
    assert (
        satz.text == "Im Jahr 2024 leben im Kreis Seen viele Kinder, siehe Abbildung\u00a01. "
        "Das sind „mehr“ als 7,0\u202f%."
    )
    assert satz.zeile == 3
    for nr, h in enumerate(satz.herkunft):
        if isinstance(h, int) and satz.text[nr].isalnum():
            assert TEXT[h] == satz.text[nr]
    werte = [h.stueck.ausdruck for h in satz.herkunft if isinstance(h, Gebunden)]
    assert dict.fromkeys(werte) == dict.fromkeys(["jahr", "gebiet.im", "zahl"])
    marken = teil(dateien["docx"], "word/document.xml").xpath("//w:bookmarkStart/@w:name", namespaces=NS)
    noten = teil(dateien["docx"], "word/footnotes.xml").xpath("//w:bookmarkStart/@w:name", namespaces=NS)
    odt = teil(dateien["odt"], "content.xml").xpath("//text:bookmark-start/@text:name", namespaces=ODF)
    for a in absaetze:
        assert not a.kennung or (a.kennung in [*marken, *noten] and a.kennung in odt)
        assert re.fullmatch(r"[A-Za-z]\w{0,39}|", a.kennung), "Word kürzt längere und andere Namen"


def test_gebundene_zahlen_sind_gesperrt_und_hervorgehoben(
    werk: tuple[Werk, Gelesen, dict[str, bytes]],
) -> None:
    _, _, dateien = werk
    rumpf = teil(dateien["docx"], "word/document.xml")
    elemente = [
        (e.xpath("string(w:sdtPr/w:alias/@w:val)", namespaces=NS), "".join(e.itertext()))
        for e in rumpf.iter(f"{{{W}}}sdt")
    ]
    assert elemente == [
        ("jahr", "2024"), ("gebiet.im", "im Kreis Seen"), ("zahl", "7,0\u202f%"), ("zahl", "7,0\u202f%"),
    ]  # fmt: skip
    assert set(rumpf.xpath("//w:sdtPr/w:lock/@w:val", namespaces=NS)) == {"contentLocked"}
    laeufe = rumpf.xpath("//w:sdtContent//w:r", namespaces=NS)
    assert all(r.xpath("w:rPr/w:rStyle/@w:val", namespaces=NS) == ["Gebunden"] for r in laeufe)
    assert teil(dateien["docx"], "word/footnotes.xml").xpath("//w:sdtPr/w:tag/@w:val", namespaces=NS) == [
        "jahr"
    ]
    assert teil(dateien["docx"], "word/settings.xml").find(f"{{{W}}}trackRevisions") is not None
    odt = teil(dateien["odt"], "content.xml")
    spannen = odt.xpath("//text:span[@text:style-name='Gebunden']", namespaces=ODF)
    assert ["".join(s.itertext()) for s in spannen].count("7,0\u202f%") == 2


def test_das_dokument_ist_barrierefrei(werk: tuple[Werk, Gelesen, dict[str, bytes]]) -> None:
    _, _, dateien = werk
    docx, odt = dateien["docx"], dateien["odt"]
    rumpf = teil(docx, "word/document.xml")
    assert "Heading1" in rumpf.xpath("//w:pStyle/@w:val", namespaces=NS)
    assert all(rumpf.xpath("//wp:docPr/@descr", namespaces=NS))
    tafeln = rumpf.xpath("//w:tbl", namespaces=NS)
    assert len(tafeln) == 2 and all(t.xpath("w:tr/w:trPr/w:tblHeader", namespaces=NS) for t in tafeln)
    assert set(rumpf.xpath("//w:tblLook/@w:firstColumn", namespaces=NS)) == {"1"}
    assert teil(docx, "word/styles.xml").xpath("//w:docDefaults//w:lang/@w:val", namespaces=NS) == ["de-DE"]
    assert b"Pr\xc3\xbcfbericht" in etree.tostring(teil(docx, "docProps/core.xml"), encoding="utf-8")
    inhalt = teil(odt, "content.xml")
    assert inhalt.xpath("//text:h[@text:outline-level='1']", namespaces=ODF)
    assert len(inhalt.xpath("//table:table-header-rows", namespaces=ODF)) == 2
    bilder = inhalt.xpath("//draw:frame", namespaces=ODF)
    assert bilder and all(b.xpath("string(svg:desc)", namespaces=ODF) for b in bilder)
    for reihe in inhalt.iter(f"{{{ODF['table']}}}table-row"):
        breite = len(
            reihe.getparent().xpath("ancestor-or-self::table:table[1]/table:table-column", namespaces=ODF)
        )
        assert len(reihe) == breite, "hinter verbundenen Fächern stehen verdeckte"
    sprachen = teil(odt, "styles.xml").xpath(
        "//style:default-style/style:text-properties/@fo:language", namespaces=ODF
    )
    assert set(sprachen) == {"de"}


def test_die_hausschrift_geht_mit_und_unten_steht_was_es_ist(
    werk: tuple[Werk, Gelesen, dict[str, bytes]],
) -> None:
    """Ohne installierte Schrift setzte Word eine andere, breitere; das Band steht auf jeder Seite."""
    _, g, dateien = werk
    kopf = g.manuskript.kopf
    tabelle = teil(dateien["docx"], "word/fontTable.xml")
    assert tabelle.xpath("//w:font[@w:name='Fira Sans']/w:embedBold", namespaces=NS)
    with zipfile.ZipFile(io.BytesIO(dateien["docx"])) as paket:
        roh = paket.read("word/fonts/font1.odttf")
    (kennung,) = tabelle.xpath("//w:embedRegular/@w:fontKey", namespaces=NS)
    maske = bytes.fromhex(re.sub(r"\W", "", kennung))[::-1] * 2
    klar = bytes(a ^ b for a, b in zip(roh, maske, strict=False)) + roh[32:]
    with zipfile.ZipFile(io.BytesIO(dateien["odt"])) as paket:
        assert paket.read("Fonts/Regular.ttf") == klar
        assert b'full-path="Fonts/Bold.ttf"' in paket.read("META-INF/manifest.xml")
    namen = TTFont(io.BytesIO(klar))["name"]
    assert (namen.getDebugName(1), namen.getDebugName(2)) == ("Fira Sans", "Regular")
    for art, ort in (("docx", "docProps/core.xml"), ("odt", "meta.xml")):
        assert kopf.herausgeber in teil(dateien[art], ort).xpath("//dc:creator/text()", namespaces=DC)
    fuss = f"{kopf.titel} · Landkreis Ostprignitz-Ruppin · {kopf.band}"
    assert kopf.band and fuss in "".join(teil(dateien["docx"], "word/footer1.xml").itertext())
    assert fuss in "".join(teil(dateien["odt"], "styles.xml").itertext())


def test_tabellen_haben_namen_und_brechen_nicht_in_der_zeile(
    werk: tuple[Werk, Gelesen, dict[str, bytes]],
) -> None:
    rumpf = teil(werk[2]["docx"], "word/document.xml")
    assert all(rumpf.xpath("//w:tblPr/w:tblCaption/@w:val", namespaces=NS))
    assert len(rumpf.xpath("//w:tr", namespaces=NS)) == len(rumpf.xpath("//w:cantSplit", namespaces=NS))
    letzte = rumpf.xpath("//w:tbl/w:tr[last()]//w:keepNext", namespaces=NS)
    assert not letzte and rumpf.xpath("//w:tbl/w:tr[1]//w:keepNext", namespaces=NS)


def test_keine_spalte_ist_schmaler_als_ihre_laengste_zahl() -> None:
    """Ist zu wenig Platz, trennen die Köpfe; eine Zahl bricht nie."""

    def fach(text: str) -> list[object]:
        return [["", [], []], {"t": "AlignLeft"}, 1, 1, [{"t": "Plain", "c": [{"t": "Str", "c": text}]}]]

    koepfe = [fach(f"Bedarfsgemeinschaften{nr}") for nr in range(8)]
    zahlen = [fach("1\u202f234\u202f567") for _ in range(8)]
    breiten = _breiten([koepfe, zahlen], 8, 1)
    assert sum(breiten) == pytest.approx(1) and min(breiten) * 95 >= len("1 234 567") + 2
    ort, *jahre = _breiten([[fach("Ort"), fach("2023")], [fach("Landkreis"), fach("7,0")]], 2, 1)
    assert ort > jahre[0] and ort + jahre[0] < 0.5, "eine schmale Tabelle bleibt schmal"


def test_gleiche_eingabe_gleiche_bytes_und_die_marke_bestimmt_das_aussehen(
    werk: tuple[Werk, Gelesen, dict[str, bytes]],
) -> None:
    w, g, dateien = werk
    assert datei.schreibe(g, w.projekt) == dateien
    (w.projekt.layout / "_brand.yml").write_text(
        (w.projekt.layout / "_brand.yml")
        .read_text("utf-8")
        .replace('petrol: "#095c6d"', 'petrol: "#123456"'),
        "utf-8",
    )
    marke = Marke.lade(w.projekt)
    for art, name in (("docx", "word/styles.xml"), ("odt", "styles.xml")):
        with zipfile.ZipFile(io.BytesIO(vorlage.fuer(art, marke))) as paket:
            stile = paket.read(name).decode()
        assert "123456" in stile and "Fira Sans" in stile
