"""Vorlage, Presse und Einfache Sprache: jede Zahl ist die des Berichts, aus demselben Lauf."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from ausgabenhilfe import FUNKTION, ORDNER, TAG, ZELLEN, aendere, anlegen, gehe, liefere, schreibe_zellen
from lxml import etree
from PIL import Image

from berichtswerk.bild import teilbild
from berichtswerk.bild.teilbild import Teilbild
from berichtswerk.cli import main
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.erratum import berichtige
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.gelesen import pruefe_texte
from berichtswerk.schreiber.word.vorlage import W
from berichtswerk.site.bau import rendere
from berichtswerk.site.vorbereitung import bereite_vor

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
NS = {"a": A, "p": "http://schemas.openxmlformats.org/presentationml/2006/main"}
ANGABEN = """\
beilagen:
  gremium: Kreistag Musterland
  sitzung: 2025-09-18
  nummer: 2025/17
  beschluss: |
    Der Kreistag nimmt zur Kenntnis, dass {{ einwohner }} Menschen hier leben.
  kosten: Keine.
  anlagen: [Tabellenband]
"""
BOTSCHAFT = """\
::: {.kurzbotschaft}
**Die Bevölkerung ist {{ einwohner.richtung }}.**

{{ einwohner.jahr }} leben hier {{ einwohner }} Menschen (@fig-verlauf).
:::
"""


@pytest.fixture(scope="module")
def projekt(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    p = anlegen(tmp_path_factory.mktemp("beilagen") / "projekt")
    schreibe_zellen(p.wurzel, *ZELLEN[:2], 'b.text("blick")', *ZELLEN[2:])
    (p.wurzel / ORDNER / "texte/blick.md").write_text(BOTSCHAFT * 3, "utf-8")
    with (p.wurzel / ORDNER / "bericht.yml").open("a", encoding="utf-8") as datei:
        datei.write(ANGABEN)
    return p


def beilagen(p: Projekt, capsys: pytest.CaptureFixture[str], *angaben: str) -> dict[str, Any]:
    aufruf = ["--projekt", str(p.wurzel), "beilagen", "lage", *angaben, "--json"]
    ende = main(aufruf)
    ergebnis: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert ende == any(m["stufe"] == "fehler" for m in ergebnis["meldungen"])
    return ergebnis


def rumpf(p: Projekt, name: str) -> Any:
    with zipfile.ZipFile(p.wurzel / "_export" / name) as paket:
        return etree.fromstring(paket.read("word/document.xml"))


def text(p: Projekt, name: str) -> str:
    absaetze = rumpf(p, name).iter(f"{{{W}}}p")
    return "\n".join("".join(t.text or "" for t in a.iter(f"{{{W}}}t")) for a in absaetze).replace(
        "\u00a0", " "
    )


def test_vorlage_und_presse_sagen_die_zahlen_des_berichts_auch_wenn_sie_sich_aendern(
    projekt: Projekt, capsys: pytest.CaptureFixture[str], verapdf: Any
) -> None:
    ergebnis = beilagen(projekt, capsys)
    namen = [Path(d).name for d in ergebnis["dateien"]]
    assert namen == [
        f"lage-2024-{n}"
        for n in (
            "bild-quadrat.png",
            "bild.png",
            "bild.txt",
            "folien.pdf",
            "folien.pptx",
            "presse.docx",
            "presse.html",
            "presse.pdf",
            "vorlage.docx",
            "vorlage.pdf",
        )
    ]
    assert [(m["kennung"], m["stufe"]) for m in ergebnis["meldungen"]] == [("beilage-ohne-text", "warnung")]
    vorlage = text(projekt, "lage-2024-vorlage.docx")
    for stueck in ("Gremium: Kreistag Musterland", "Sitzung am: 18. September 2025", "Vorlage Nr.: 2025/17",
                   "Beschlussvorschlag", "Finanzielle Auswirkungen\nKeine.", "Tabellenband"):  # fmt: skip
        assert stueck in vorlage
    zeilen = (projekt.daten / "dateien/einwohner.csv").read_text("utf-8").splitlines()
    roh = [z for z in zeilen if z.startswith("99068,")][-1].split(",")[-1]
    zahl = f"{int(roh):,}".replace(",", "\u202f")
    assert f"dass {zahl} Menschen hier leben." in vorlage
    assert f"leben hier {zahl} Menschen." in vorlage, "ohne den Verweis auf eine Abbildung, die fehlt"
    gesperrt = rumpf(projekt, "lage-2024-vorlage.docx").xpath("//w:sdt", namespaces={"w": W})
    assert [e for e in gesperrt if "".join(e.itertext()) == zahl]
    seite = (projekt.wurzel / "_export/lage-2024-presse.html").read_text("utf-8")
    assert f"leben hier {zahl} Menschen." in seite and '<html lang="de-DE">' in seite
    assert (
        'content="noindex"' in seite and re.findall(r'(?:src|href)="(?!data:|#)|url\("(?!data:)', seite) == []
    )
    for name in ("vorlage", "presse"):
        druck = (projekt.wurzel / f"_export/lage-2024-{name}.pdf").read_bytes()
        with pikepdf.open(io.BytesIO(druck)) as offen:
            assert len(offen.pages) == 1, name
    assert verapdf.verstoesse(projekt.wurzel / "_export/lage-2024-vorlage.pdf") == []

    neu = str(int(roh) + 1)
    liefere(projekt, f",{roh}\n", f",{neu}\n")
    beilagen(projekt, capsys, "--art", "vorlage")
    assert f"dass {int(neu):,} Menschen".replace(",", "\u202f") in text(projekt, "lage-2024-vorlage.docx")


def test_was_fehlt_und_was_schwer_ist_steht_mit_datei_und_feld_da(
    projekt: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    (befund,) = beilagen(projekt, capsys, "--art", "einfach")["meldungen"]
    assert (befund["datei"], befund["stufe"]) == (f"{ORDNER}/texte/beilagen/einfach.md", "fehler")
    pfad = projekt.wurzel / ORDNER / "texte/beilagen/einfach.md"
    pfad.parent.mkdir()
    pfad.write_text(
        "Die Einwohnerzahl: {{ einwohner }}.\n\n"
        "Die Bevölkerungsvorausberechnung wird vom Verwaltungsamt regelmäßig vorgenommen.\n",
        "utf-8",
    )
    yml = projekt.wurzel / ORDNER / "bericht.yml"
    aendere(yml, "{{ einwohner }}", "{{ einwoner }}")
    aendere(yml, "  kosten: Keine.\n", "")
    ergebnis = beilagen(projekt, capsys, "--art", "einfach", "--art", "vorlage")
    assert [Path(d).name for d in ergebnis["dateien"]] == ["lage-2024-einfach.docx", "lage-2024-einfach.pdf"]
    je = {m["kennung"]: m for m in ergebnis["meldungen"]}
    assert je.keys() == {"wort-zu-lang", "satz-passiv", "text-schwer", "beilage-ohne-angabe"}
    assert "kosten" in je["beilage-ohne-angabe"]["text"]
    aendere(yml, "  nummer:", "  kosten: Keine.\n  nummer:")
    ergebnis = beilagen(projekt, capsys, "--art", "vorlage")
    (befund,) = ergebnis["meldungen"]
    assert (befund["kennung"], befund["datei"]) == ("bindung-unbekannt", f"{ORDNER}/bericht.yml")
    assert befund["ort"].startswith("beilagen.beschluss") and not ergebnis["dateien"]
    gefunden = {m.kennung for m in pruefe_texte(projekt)}
    assert gefunden == {"bindung-unbekannt", "wort-zu-lang", "satz-passiv", "text-schwer"}, (
        "pruefen texte auch"
    )
    pfad.rename(pfad.with_name("einfachh.md"))
    assert {m.kennung for m in pruefe_texte(projekt)} == {"bindung-unbekannt", "text-unbenutzt"}


def test_zu_langes_und_fehlende_botschaften_werden_gemeldet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    p = anlegen(tmp_path / "projekt")
    yml = p.wurzel / ORDNER / "bericht.yml"
    yml.write_text(yml.read_text("utf-8") + ANGABEN, "utf-8")
    texte = p.wurzel / ORDNER / "texte/beilagen"
    texte.mkdir()
    (texte / "einfach.md").write_text(" ".join(["Wort"] * 16) + ".\n", "utf-8")
    (texte / "presse.md").write_text("Ein Satz. Noch ein Satz, und noch einer.\n\n" * 60, "utf-8")
    je = {m["kennung"]: m for m in beilagen(p, capsys)["meldungen"]}
    assert je["beilage-zu-lang"]["datei"] == f"{ORDNER}/texte/beilagen/presse.md"
    assert je["satz-zu-lang"]["datei"] == f"{ORDNER}/texte/beilagen/einfach.md"
    assert "beilage-ohne-botschaft" in je, "die Vorlage nennt Kurzbotschaften, der Bericht hat keine"
    (texte / "presse.md").write_text("Ein Satz. Noch ein Satz, und noch einer.\n\n" * 34, "utf-8")
    assert beilagen(p, capsys, "--art", "presse")["meldungen"] == []
    with pikepdf.open(p.wurzel / "_export/lage-2024-presse.pdf") as offen:
        assert len(offen.pages) == 1, "was knapp nicht passt, steht kleiner"


def folien(p: Projekt) -> list[Any]:
    with zipfile.ZipFile(p.wurzel / "_export/lage-2024-folien.pptx") as paket:
        namen = sorted(n for n in paket.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n))
        return [etree.fromstring(paket.read(n)) for n in namen]


def worte(form: Any) -> str:
    return "".join(t.text or "" for t in form.iter(f"{{{A}}}t")).replace("\u00a0", " ")


def test_folien_haben_je_botschaft_titel_text_und_das_bild_des_berichts(
    projekt: Projekt, capsys: pytest.CaptureFixture[str], verapdf: Any
) -> None:
    assert beilagen(projekt, capsys, "--art", "folien", "--art", "presse")["meldungen"] == []
    alle = folien(projekt)
    titel = []
    for nr, folie in enumerate(alle):
        (kopf,) = folie.xpath("//p:sp[.//p:ph[@type='title' or @type='ctrTitle']]", namespaces=NS)
        titel.append(worte(kopf))
        assert folie.xpath("//p:sp|//p:pic", namespaces=NS)[0] is kopf, "der Titel wird zuerst vorgelesen"
        assert {r.get("lang") for r in folie.iter(f"{{{A}}}rPr")} == {"de-DE"}
        kennungen = folie.xpath("//p:cNvPr/@id", namespaces=NS)
        assert len(kennungen) == len(set(kennungen))
        bilder = folie.xpath("//p:pic//p:cNvPr/@descr", namespaces=NS)
        assert len(bilder) == (nr in {0, 1, 2, 3})
        assert all(("Einwohner" if nr else "Landkreis") in b for b in bilder)
    botschaft = titel[1]
    assert botschaft.startswith("Die Bevölkerung ist ")
    assert titel[1:] == [botschaft] * 3 + ["Quellen der genannten Zahlen", "Rückfragen"]
    assert "Entwurf, keine amtliche Veröffentlichung" in worte(alle[0])
    presse = (projekt.wurzel / "_export/lage-2024-presse.html").read_text("utf-8")
    zahl = re.search(r"leben hier ([\d\u202f]+) Menschen", worte(alle[1]))
    assert zahl is not None and zahl[1] in presse and "@" not in worte(alle[1]), "die Zahl des Berichts"
    pfad = projekt.wurzel / "_export/lage-2024-folien.pdf"
    assert verapdf.verstoesse(pfad) == []
    with pikepdf.open(pfad) as offen:
        assert len(offen.pages) == len(alle), "nichts läuft auf eine zweite Seite"


def test_lange_botschaften_werden_kleiner_zu_lange_gemeldet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    p = anlegen(tmp_path / "projekt")
    pfad = p.wurzel / ORDNER / "texte/beilagen/folien.md"
    pfad.parent.mkdir()
    satz = "Die Zahl der Menschen in unseren Gemeinden bleibt in jedem der gezeigten Jahre gleich. "
    pfad.write_text(f"## {satz}\n\n{satz}\n\n## {satz * 2}\n\n{satz * 8}\n", "utf-8")
    assert beilagen(p, capsys, "--art", "folien")["meldungen"] == []
    grade = [{int(x) for x in f.xpath("//p:sp[.//p:ph]//a:rPr/@sz", namespaces=NS)} for f in folien(p)[1:]]
    assert max(grade[0]) > max(grade[1]) >= 2000 and min(grade[1]) >= 1200, "lesbar bleibt es"
    punkte = "".join(f"- {satz * 2}\n" for _ in range(12))
    pfad.write_text(f"## Liste\n\n{punkte}", "utf-8")
    assert beilagen(p, capsys, "--art", "folien")["meldungen"] == []
    _, *liste = folien(p)
    assert [worte(f.find(".//p:sp", NS)) for f in liste] == ["Liste (1 von 2)", "Liste (2 von 2)"]
    assert [len(f.xpath("//p:sp[2]//a:p", namespaces=NS)) for f in liste] == [6, 6]
    pfad.write_text(f"Davor.\n\n## Kurz\n\n{satz * 40}\n", "utf-8")
    ohne = beilagen(p, capsys, "--art", "folien")
    assert [(m["kennung"], m["datei"]) for m in ohne["meldungen"]] == [
        ("folie-ohne-titel", f"{ORDNER}/texte/beilagen/folien.md")
    ]
    pfad.write_text(f"## Kurz\n\n{satz * 40}\n", "utf-8")
    voll = beilagen(p, capsys, "--art", "folien")
    assert [(m["kennung"], m["datei"]) for m in voll["meldungen"]] == [
        ("folie-zu-voll", f"{ORDNER}/texte/beilagen/folien.md")
    ]
    assert voll["dateien"] == []


def test_das_bild_sagt_die_erste_botschaft_auch_in_worten_und_kuerzt_nichts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    p = anlegen(tmp_path / "projekt")
    schreibe_zellen(p.wurzel, *ZELLEN[:2], 'b.text("blick")', *ZELLEN[2:])
    blick = p.wurzel / ORDNER / "texte/blick.md"
    blick.write_text("{{ wenn nirgends }}\n" + BOTSCHAFT + "{{ ende }}\n" + BOTSCHAFT * 3, "utf-8")
    assert {m["kennung"] for m in beilagen(p, capsys, "--art", "bild")["meldungen"]} == {"bindung-unbekannt"}
    blick.write_text(BOTSCHAFT * 3, "utf-8")
    assert beilagen(p, capsys, "--art", "bild")["meldungen"] == []
    worte = (p.wurzel / "_export/lage-2024-bild.txt").read_text("utf-8")
    for teil in ("Die Bevölkerung ist ", "Quelle: ", "Lagebericht 2024", "Entwurf, keine amtliche"):
        assert teil in worte
    for name, masse in (("bild", (1200, 630)), ("bild-quadrat", (1080, 1080))):
        with Image.open(p.wurzel / f"_export/lage-2024-{name}.png") as bild:
            assert bild.size == masse
    eigen = p.wurzel / ORDNER / "texte/beilagen/bild.md"
    eigen.parent.mkdir()
    eigen.write_text("Hier leben {{ einwohner }} Menschen.\n", "utf-8")
    beilagen(p, capsys, "--art", "bild")
    worte = (p.wurzel / "_export/lage-2024-bild.txt").read_text("utf-8")
    assert "Hier leben" in worte and "Quelle: " in worte
    eigen.write_text("Ein Satz, der nicht aufhört und immer weiter geht. " * 20, "utf-8")
    (befund,) = beilagen(p, capsys, "--art", "bild")["meldungen"]
    assert (befund["kennung"], befund["datei"]) == ("bild-zu-voll", f"{ORDNER}/texte/beilagen/bild.md")


def test_jede_botschaft_bis_zur_groessten_laenge_steht_ganz_im_bild() -> None:
    marke = Marke.lade(Projekt(Path(__file__).parents[2]))
    titel = "Bericht mit einem langen Namen, der fast zwei Zeilen braucht"
    for worte in (1, 8, 15, 22, 30):
        satz = " ".join(["Bevölkerung", "im", "Jahre"][nr % 3] for nr in range(worte))
        t = Teilbild(titel, titel, "#095c6d", satz, ("Quelle: Amt",), "Stand: 1. Mai 2025", titel)
        with Image.open(io.BytesIO(teilbild.zeichne(marke, t))) as bild:
            punkte = bild.convert("L").load()
            grund = punkte[2, 120]
            assert all(punkte[x, y] == grund for x in (8, 1190) for y in range(70, 530)), (
                "der Rand bleibt frei"
            )
    with pytest.raises(teilbild.PasstNicht):
        teilbild.zeichne(marke, replace(t, botschaft="Bevölkerungsentwicklung " * 60))
    ohne = replace(t, botschaft="", titel="Bericht " * 60)
    assert teilbild.zeichne(marke, ohne), "ein Titel wird kleiner, er verhindert kein Bild"


def test_die_seite_fuer_die_presse_liegt_neben_dem_bericht_und_sagt_seine_zahlen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    p = anlegen(tmp_path / "projekt")
    schreibe_zellen(p.wurzel, *ZELLEN[:2], 'b.text("blick")', *ZELLEN[2:])
    rest = "Menschen. (@fig-verlauf; ohne Nebenwohnung)"
    erste = BOTSCHAFT.replace("Menschen (@fig-verlauf).", rest)
    (p.wurzel / ORDNER / "texte/blick.md").write_text(erste + BOTSCHAFT * 2, "utf-8")
    rendere(p, ["lage/2024"], ["html"])
    neben = p.site / ORDNER / "lage-2024"
    seite, bericht = (neben / "presse.html").read_text("utf-8"), (p.site / f"{ORDNER}/lage-2024.html")
    for teil in (
        "Für die Presse: Lagebericht 2024",
        'content="noindex"',
        "Entwurf, keine amtliche",
        "vorschau.png",
    ):
        assert teil in seite
    assert 'href="lage-2024/presse.html"' in bericht.read_text(
        "utf-8"
    ) or "lage-2024/presse.html" in bericht.read_text("utf-8")
    zahl = re.search(r"leben hier ([\d\u202f]+) Menschen", bericht.read_text("utf-8"))
    assert zahl is not None and f"leben hier {zahl[1]} Menschen" in seite
    assert "Menschen (ohne Nebenwohnung)." in seite, "was von einer Klammer bleibt, gehört in den Satz"
    assert {f.name for f in neben.glob("lage-2024-*")} == set(), (
        "Dateien erst auf Wunsch oder nach dem Beschluss"
    )
    with (p.wurzel / ORDNER / "bericht.yml").open("a", encoding="utf-8") as datei:
        datei.write("beilagen: {online: true}\n")
    rendere(p, ["lage/2024"], ["html"])
    assert {f.name for f in neben.glob("lage-2024-*")} == {
        f"lage-2024-{n}"
        for n in ("bild-quadrat.png", "folien.pdf", "folien.pptx", "presse.docx", "presse.pdf")
    }
    geteilt = re.search(r'og:image:alt" content="([^"]+)"', bericht.read_text("utf-8"))
    assert geteilt is not None and geteilt[1] == (neben / "vorschau.txt").read_text("utf-8").strip()
    assert bereite_vor(p).gelungen
    assert (p.wurzel / ORDNER / "lage-2024/presse.html").read_bytes() == (neben / "presse.html").read_bytes()
    for ziel in re.findall(r'href="([^"#:]+)"', (neben / "presse.html").read_text("utf-8")):
        assert (neben / ziel).exists(), ziel
    eigen = p.wurzel / ORDNER / "texte/beilagen/presse.md"
    eigen.parent.mkdir()
    eigen.write_text("Hier leben {{ einwoner }} Menschen.\n", "utf-8")
    bilanz = rendere(p, ["lage/2024"], ["html"])
    assert [m.kennung for m in bilanz.meldungen.liste if m.stufe == "fehler"] == ["bindung-unbekannt"]
    assert not (neben / "presse.html").exists() and "presse.html" not in bericht.read_text("utf-8")


def test_mit_dem_beschluss_frieren_die_beilagen_ein_und_kommen_byte_fuer_byte_wieder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    p = anlegen(tmp_path / "projekt")
    schreibe_zellen(p.wurzel, *ZELLEN[:2], 'b.text("blick")', *ZELLEN[2:])
    (p.wurzel / ORDNER / "texte/blick.md").write_text(BOTSCHAFT * 3, "utf-8")
    yml = p.wurzel / ORDNER / "bericht.yml"
    yml.write_text(yml.read_text("utf-8") + ANGABEN, "utf-8")
    gehe(p, "geprueft", "planerrunde", "beschlossen")
    erste = beilagen(p, capsys)
    assert erste["meldungen"] == []
    arten = {Path(d).name.removeprefix("lage-2024-").partition(".")[0] for d in erste["dateien"]}
    assert arten == {"vorlage", "presse", "folien", "bild", "bild-quadrat"}
    assert "Entwurf" not in (p.wurzel / "_export/lage-2024-bild.txt").read_text("utf-8")
    liefere(p, "99068,2024,10007", "99068,2024,12345")
    aendere(p.wurzel / ORDNER / "texte/blick.md", "leben hier", "wohnen hier")
    berichtige(p, "lage/2024", "Ein anderes Wort", FUNKTION, tag=TAG)
    assert beilagen(p, capsys)["dateien"] == erste["dateien"]
    assert "wohnen hier 10\u202f007 Menschen" in text(p, "lage-2024-vorlage.docx"), "mit den Daten von damals"
    assert "Revision 2" in (p.wurzel / "_export/lage-2024-bild.txt").read_text("utf-8")
    damals = {d: Path(d).read_bytes() for d in erste["dateien"]}
    shutil.rmtree(p.arbeit)
    shutil.rmtree(p.wurzel / ORDNER / "texte")
    shutil.rmtree(p.wurzel / "_export")
    assert beilagen(p, capsys)["meldungen"] == []
    assert {d: Path(d).read_bytes() for d in erste["dateien"]} == damals
    (befund,) = beilagen(p, capsys, "--art", "einfach")["meldungen"]
    assert (befund["kennung"], befund["stufe"]) == ("beilage-nicht-eingefroren", "fehler")
    rendere(p)
    neben = p.site / ORDNER / "lage-2024"
    for name in ("folien.pptx", "folien.pdf", "presse.pdf", "presse.docx", "bild-quadrat.png"):
        assert (neben / f"lage-2024-{name}").read_bytes() == damals[
            str(p.wurzel / f"_export/lage-2024-{name}")
        ]
    assert not [*neben.glob("*vorlage*")], "die Vorlage geht nur ans Gremium"
