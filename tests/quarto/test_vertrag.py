"""Der Vertrag mit Quarto, geprüft ohne Quarto: Einstellungen, Haken, Übergabe, Nachlauf, Typst-Bausteine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pikepdf
import pypandoc
import pytest
import typst
import yaml
from quartohilfe import BAUSTEINE, RAHMEN, WURZEL, als_markdown, wie_quarto, zerlege

from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc
from berichtswerk.satz.prosa import Leser, klartext
from berichtswerk.schreiber import quarto
from berichtswerk.site.bau import rendere

TEXT = {"type": "string", "minLength": 1}
TEXTE = {"type": "array", "items": TEXT, "minItems": 1}


def _objekt(**felder: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {n.replace("_", "-"): f for n, f in felder.items()},
            "additionalProperties": False}  # fmt: skip


# Nur Optionen, die Quartos Nachschlagewerk nennt (Project, Website, HTML, Typst Options).
SCHEMA = _objekt(
    project=_objekt(
        type={"const": "website"}, output_dir=TEXT, pre_render=TEXT, post_render=TEXT, render=TEXTE,
        resources={"type": "array", "items": {"type": "string", "pattern": "^/"}},
    ),
    website=_objekt(navbar={"const": False}, search={"const": False}),
    search={"const": False},
    quarto_required=TEXT,
    lang={"const": "de-DE"},
    date_format={"enum": ["full", "long", "medium", "short", "iso"]},
    filters={"type": "array", "items": _objekt(path=TEXT, at={"const": "pre-ast"})},
    execute=_objekt(enabled={"const": False}),
    format=_objekt(
        html=_objekt(
            theme={"const": "none"}, minimal={"const": True}, title_block_style={"const": "none"},
            template_partials=TEXTE,
            html_math_method={"const": "mathml"}, html_table_processing={"const": "none"},
        ),
        typst=_objekt(
            papersize={"const": "a4"}, font_paths=TEXT, number_sections={"const": True},
            template_partials=TEXTE, pdf_standard={"type": "array", "items": {"enum": ["a-2a", "ua-1"]}},
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="session")
def uebergaben(vorbereitet: Path) -> dict[str, Any]:
    """Alle Übergabe-Notizbücher des Musterprojekts."""
    return {
        p.stem: json.loads(p.read_text("utf-8")) for p in sorted(vorbereitet.glob("berichte/*/*/*.ipynb"))
    }


def test_einstellungen_nennen_nur_dokumentierte_optionen(einstellungen: dict[str, Any]) -> None:
    jsonschema.validate(einstellungen, SCHEMA)
    assert einstellungen["format"]["typst"]["pdf-standard"] == ["a-2a", "ua-1"]


def test_quarto_setzt_nur_was_veroeffentlicht_wird(einstellungen: dict[str, Any], vorbereitet: Path) -> None:
    muster = [m.removeprefix("/") for m in einstellungen["project"]["render"]]
    eingaben = sorted({p.relative_to(vorbereitet).as_posix() for m in muster for p in vorbereitet.glob(m)})
    assert eingaben == [
        "berichte/lage/2024/lage-2024-land.ipynb",
        "berichte/lage/2024/lage-2024.ipynb",
        "berichte/satzung/2024/satzung-2024.ipynb",
        "index.qmd",
        "seiten/barrierefreiheit.qmd",
        "seiten/daten.qmd",
        "seiten/datenschutz.qmd",
        "seiten/impressum.qmd",
    ]


def test_jede_genannte_datei_gibt_es_nach_dem_vorlauf(
    einstellungen: dict[str, Any], vorbereitet: Path
) -> None:
    q = einstellungen
    genannt = [f["path"] for f in q["filters"]]
    genannt += [n for f in q["format"].values() for n in f["template-partials"]]
    assert [name for name in genannt if not (vorbereitet / name).is_file()] == []
    assert [m for m in q["project"]["resources"] if not list(vorbereitet.glob(m.removeprefix("/")))] == []


def test_bausteine_nennen_alle_die_sie_einbinden(einstellungen: dict[str, Any]) -> None:
    bausteine = [WURZEL / name for name in einstellungen["format"]["typst"]["template-partials"]]
    eingebunden = {n for p in bausteine for n in re.findall(r"\$([\w-]+\.typ)\(\)\$", p.read_text("utf-8"))}
    assert eingebunden <= {p.name for p in bausteine}


def test_haken_brauchen_keine_shell(einstellungen: dict[str, Any]) -> None:
    for haken in ("pre-render", "post-render"):
        befehl = einstellungen["project"][haken]
        assert not set(befehl) & set("|&;<>$`\\'*~"), befehl
        assert zerlege(befehl)[0] == "layout/quarto.py"


def test_befehlszeilen_werden_wie_in_quarto_zerlegt() -> None:
    assert zerlege('berichtswerk  ausfuehren "mein bericht"') == [
        "berichtswerk",
        "ausfuehren",
        "mein bericht",
    ]


def test_die_startseite_bleibt_wie_sie_eingecheckt_ist(vorbereitet: Path) -> None:
    eingecheckt = (WURZEL / "index.qmd").read_text("utf-8")
    assert (vorbereitet / "index.qmd").read_text("utf-8") == eingecheckt
    assert "Kreis Muster" not in eingecheckt
    start, daten = ((vorbereitet / "seiten" / n).read_text("utf-8") for n in ("_start.md", "daten.qmd"))
    assert '<form class="bw-start-suche" role="search" action="seiten/suche.html">' in start
    assert '<script src="../layout/daten.js" defer></script>' in daten


def test_uebergaben_sind_gueltige_notizbuecher_mit_zeilenlisten(uebergaben: dict[str, Any]) -> None:
    for nb in uebergaben.values():
        nbformat.validate(nb)
        assert all(isinstance(z["source"], list) for z in nb["cells"])


def test_uebergaben_enthalten_nur_markdown_und_nichts_auszufuehren(uebergaben: dict[str, Any]) -> None:
    for nb in uebergaben.values():
        assert [z["cell_type"] for z in nb["cells"]] == ["raw"] + ["markdown"] * (len(nb["cells"]) - 1)
        text = als_markdown(nb)
        assert "`{python}" not in text
        assert "{{ " not in text
        assert set(re.findall(r"<script[^>]*>", text)) == {'<script src="../../../layout/seite.js" defer>'}


def test_alles_aus_notizbuechern_ist_fuer_beide_formate_fertig(uebergaben: dict[str, Any]) -> None:
    text = als_markdown(uebergaben["lage-2024"])
    roh = re.findall(r"^```\{=(html|typst)\}\n(.*?)\n```$", text, re.DOTALL | re.MULTILINE)
    html, typst_ = ("\n".join(t for f, t in roh if f == format_) for format_ in ("html", "typst"))
    assert len(re.findall(r'<div class="bw-figur">', html)) == len(re.findall(r"#bw-figur\(", typst_)) > 1
    assert html.count('<table class="caption-top table bw-tabelle') > typst_.count("#table(") > 0
    figuren = re.findall(r'<div id="((?:fig|tbl)-[a-z-]+)" class="quarto-float', html)
    assert figuren == re.findall(r'#bw-figur\(marke: "([^"]+)"', typst_)
    assert figuren == re.findall(r'numbering: "1"\) <([^>]+)>', typst_)
    marken = json.loads(re.findall(r"^<!--bw-marken (.*)-->$", html, re.MULTILINE)[0])
    assert [marken[f][0] for f in figuren if f.startswith("fig-")][:1] == ["Abbildung\u00a01"]


ABSTAENDE = (
    "Rund 12 % nach § 5 und §§ 6, z. B. hier, z.B. dort, d. h. u. a. dies, 3 €, 4 ‰, Nr. 7, S. 8, Art. 9, "
    "v. a., Abs. 2, o. ä., 99 Menschen, am 3. Mai 2024, 5 km"
)


def test_abstaende_wie_im_eingebauten_satz() -> None:
    (gelesen,) = pandoc.lies([ABSTAENDE])
    assert gelesen is not None
    erwartet = klartext(Leser(lambda *_: None).bloecke(gelesen))
    fest = quarto.mit_abstaenden(ABSTAENDE)
    assert fest == erwartet and fest.count("\u202f") + fest.count("\u00a0") > 12
    bleibt = "1. Mai, denn\n2. Juni\n\n`12 %` und\n\n```\n5 km\n```\n"
    assert quarto.mit_abstaenden(bleibt) == bleibt


def test_kopf_der_uebergabe_nennt_beide_formate(uebergaben: dict[str, Any]) -> None:
    for stamm, nb in uebergaben.items():
        erste = nb["cells"][0]
        text = "".join(erste["source"])
        kopf = yaml.safe_load(text.strip().strip("-"))
        assert erste["cell_type"] == "raw"
        klassen = f"bw-seite bw-bericht bw-leit-{kopf['berichtswerk']['bericht']} bw-mit-gliederung"
        assert kopf["format"]["html"]["body-classes"] == klassen
        assert kopf["format"]["typst"] == {"output-file": stamm}
        rahmen, davor, danach = ("".join(z["source"]) for z in nb["cells"][1:4])
        assert rahmen.startswith("```{=html}\n<!--bw-in-header-->\n<meta name=")
        assert davor.startswith('```{=html}\n<!--bw-before-body-->\n<a class="bw-sprung"')
        assert f'{stamm}.pdf">Bericht als PDF</a> <span class="bw-zusatz">PDF</span>' in davor
        assert '<nav class="bw-gliederung bw-gliederung-schmal" aria-label="Inhalt">' in davor
        assert "</main>" in danach and danach.startswith("```{=html}\n<!--bw-after-body-->\n</div>")
        assert "```{=typst}\n#show: bericht.with(\n  titel: [" in als_markdown(nb)
        assert kopf["lang"] == "de-DE"
        assert "&id" not in text


def test_bilder_der_uebergabe_liegen_als_svg_daneben(vorbereitet: Path, uebergaben: dict[str, Any]) -> None:
    bilder = [
        vorbereitet / "berichte" / stamm.split("-")[0] / "2024" / ziel
        for stamm, nb in uebergaben.items()
        for ziel in re.findall(r'image\("([^"]+)"', als_markdown(nb))
    ]
    assert bilder
    assert [b for b in bilder if not b.is_file() or b.suffix != ".svg"] == []


def test_berichtswerk_render_legt_quartos_eingaben_an(
    vorbereitet: Path, einstellungen: dict[str, Any], muster: Projekt
) -> None:
    def eingaben(ordner: Path) -> dict[str, str]:
        muster_ = [m.removeprefix("/") for m in einstellungen["project"]["render"]]
        return {
            p.relative_to(ordner).as_posix(): p.read_text("utf-8") for m in muster_ for p in ordner.glob(m)
        }

    assert eingaben(muster.wurzel) == {}
    shutil.copy(WURZEL / "index.qmd", muster.wurzel)
    rendere(muster)
    assert eingaben(muster.wurzel).keys() == eingaben(vorbereitet).keys()
    bericht = muster.wurzel / "berichte/lage/2024/lage-2024.ipynb"
    nbformat.validate(json.loads(bericht.read_text("utf-8")))
    bericht.write_text("Was der Vorlauf schrieb", encoding="utf-8")
    rendere(muster)
    assert bericht.read_text("utf-8") == "Was der Vorlauf schrieb"


def test_vorlauf_ein_zweites_mal_aendert_nichts(vorbereitet: Path, einstellungen: dict[str, Any]) -> None:
    def stand() -> dict[str, bytes]:
        orte = ("index.qmd", "seiten", "berichte", "layout")
        dateien = [
            p for ort in orte for p in (vorbereitet / ort, *(vorbereitet / ort).rglob("*")) if p.is_file()
        ]
        return {p.relative_to(vorbereitet).as_posix(): p.read_bytes() for p in dateien}

    vorher = stand()
    lauf = wie_quarto(vorbereitet, einstellungen["project"]["pre-render"])
    assert lauf.returncode == 0, lauf.stderr
    assert stand() == vorher


SEITE = """\
<!DOCTYPE html>
<html lang="de-DE"><head>
<meta charset="utf-8">
<meta name="generator" content="quarto-1.10.18">
<title>Lage</title>
<link rel="stylesheet" href="../../../layout/bericht.css">
<script src="../../../site_libs/quarto-nav/quarto-nav.js"></script>
<script type="application/json">{"location": "navbar"}</script>
<script>document.documentElement.dataset.a = "1 & 2";</script>
</head><body><button onclick="if (window.a) { a(); }">Menü</button>
<a href="STAMM.pdf">Bericht als PDF</a> <span class="bw-zusatz">PDF</span></body></html>
"""
TABELLE = """\
#set document(title: "Lage")
#set text(lang: "de")
= Lage
#figure(table(columns: 2, table.header([Ort], [Wert]), [Nord], [1], [Süd], [2]), caption: [Werte])
"""
BERICHTE = ("lage/2024/lage-2024", "lage/2024/lage-2024-land", "satzung/2024/satzung-2024")


class Ausgabe:
    """Ein Projekt mit dem Ausgabeordner, wie Quarto ihn hinterlässt; ``neu`` ist, was der Lauf setzte."""

    def __init__(self, projekt: Path, haken: str) -> None:
        self.projekt, self.haken, self.neu = projekt, haken, list[str]()
        self.quarto, self.site = projekt / "_quarto", projekt / "_site"
        pdf = typst.compile(TABELLE.encode(), format="pdf", pdf_standards=["ua-1"])
        assert isinstance(pdf, bytes)
        for bericht in BERICHTE:
            html = SEITE.replace("STAMM", Path(bericht).name)
            self.lege(f"berichte/{bericht}.html", html.encode())
            self.lege(f"berichte/{bericht}.pdf", pdf)
        self.lege("index.html", SEITE.encode())
        self.lege("site_libs/quarto-nav/quarto-nav.js", b"1")
        self.lege("berichte/lage/2024/texte/kapitel.md", b"Text")
        self.neu = [n for n in self.neu if n.endswith((".html", ".pdf"))]

    def lege(self, name: str, inhalt: bytes) -> None:
        (self.quarto / name).parent.mkdir(parents=True, exist_ok=True)
        (self.quarto / name).write_bytes(inhalt)
        self.neu.append(name)

    def bereite_nach(self, **umgebung: str) -> Any:
        ausgaben = "\n".join(f"_quarto/{n}" for n in self.neu)
        vorgabe = {
            "QUARTO_PROJECT_RENDER_ALL": "1", "QUARTO_PROJECT_SCRIPT_QUIET": "0",
            "QUARTO_PROJECT_OUTPUT_DIR": str(self.quarto), "QUARTO_PROJECT_OUTPUT_FILES": ausgaben,
        }  # fmt: skip
        return wie_quarto(self.projekt, self.haken, **{**vorgabe, **umgebung})

    def stand(self) -> dict[str, bytes]:
        return {
            p.relative_to(self.site).as_posix(): p.read_bytes() for p in self.site.rglob("*") if p.is_file()
        }


@pytest.fixture
def ausgabe(vorbereitet: Path, einstellungen: dict[str, Any], tmp_path: Path) -> Ausgabe:
    projekt = tmp_path / "projekt"
    shutil.copytree(vorbereitet, projekt)
    return Ausgabe(projekt, einstellungen["project"]["post-render"])


def test_nachlauf_zeichnet_zeilenkoepfe_aus_und_legt_daten_bei(ausgabe: Ausgabe) -> None:
    lauf = ausgabe.bereite_nach()
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    with pikepdf.open(ausgabe.site / "berichte/lage/2024/lage-2024.pdf") as pdf:
        koepfe = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"]
        zeilenkoepfe = [k for k in koepfe for angabe in k.A if angabe.get("/Scope") == "/Row"]
    assert len(zeilenkoepfe) == 2
    ordner = ausgabe.site / "berichte/lage/2024/lage-2024"
    assert (ordner / "nachweis.json").is_file()
    assert list(ordner.glob("daten/*.csv"))
    assert not (ausgabe.site / "berichte/lage/2024/texte").exists()


def test_nachlauf_erlaubt_nur_die_skripte_der_seite(ausgabe: Ausgabe) -> None:
    ausgabe.bereite_nach()
    html = (ausgabe.site / "berichte/lage/2024/lage-2024.html").read_text("utf-8")
    fund = re.search(
        r'<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy"[^>]*content="([^"]*)"', html
    )
    assert fund is not None
    regeln = dict(regel.strip().split(" ", 1) for regel in fund[1].split(";"))
    assert regeln["default-src"] == "'none'"
    eigenes = [_summe('document.documentElement.dataset.a = "1 & 2";'), _summe("if (window.a) { a(); }")]
    assert regeln["script-src"] == f"'self' {eigenes[0]} 'unsafe-hashes' {eigenes[1]}"


def _summe(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nachlauf_nennt_die_groesse_der_dateien(ausgabe: Ausgabe) -> None:
    ausgabe.bereite_nach()
    html = (ausgabe.site / "berichte/lage/2024/lage-2024.html").read_text("utf-8")
    assert re.search(r'<span class="bw-zusatz">PDF, \d+\u00a0KB</span>', html)


def test_nachlauf_haelt_zusammen_was_nicht_umbricht(ausgabe: Ausgabe) -> None:
    """Wie beim eingebauten Satz; Bilder, Quelltext und was schon zusammenhält, bleiben."""
    bleibt = '<svg><text>2019–2030</text></svg><code>a@b.de</code><span class="bw-fest">3-Jährige</span>'
    text = f"<p>Für 3-Jährige, 2019–2030: amt@beispiel.de</p>{bleibt}"
    ausgabe.lege("berichte/lage/2024/lage-2024.html", SEITE.replace("</body>", f"{text}</body>").encode())
    ausgabe.bereite_nach()
    html = (ausgabe.site / "berichte/lage/2024/lage-2024.html").read_text("utf-8")
    fest = '<span class="bw-fest">{}</span>'
    assert f"Für {fest.format('3-Jährige')}, {fest.format('2019–2030')}: amt@<wbr>beispiel.de</p>" in html
    assert bleibt in html


def test_nachlauf_macht_die_berichte_durchsuchbar(ausgabe: Ausgabe) -> None:
    """Alle Seiten führen zur Suche; sie ist dieselbe wie beim eingebauten Satz."""
    bericht = "berichte/lage/2024/lage-2024.html"
    kapitel = '<main data-pagefind-body><h1>Lage</h1><section id="a"><h2>A</h2><p>Text</p></section></main>'
    ausgabe.lege(bericht, SEITE.replace("</body>", f"{kapitel}</body>").encode())
    ausgabe.lege("search.json", b"[]")
    ausgabe.bereite_nach()
    stand = ausgabe.stand()
    assert "bw-suchwort" in stand["seiten/suche.html"].decode()
    assert bericht in json.loads(stand["seiten/suche.json"])["seiten"]
    assert "pagefind/pagefind.js" in stand and "layout/suche.js" in stand
    assert "search.json" not in stand


def test_nachlauf_ein_zweites_mal_aendert_nichts(ausgabe: Ausgabe) -> None:
    ausgabe.bereite_nach()
    einmal = ausgabe.stand()
    ausgabe.bereite_nach()
    assert einmal
    assert ausgabe.stand() == einmal


def test_von_hand_aufgerufen_gilt_was_im_ordner_liegt(ausgabe: Ausgabe) -> None:
    lauf = wie_quarto(ausgabe.projekt, ausgabe.haken)
    assert lauf.returncode == 0, lauf.stderr
    assert (ausgabe.site / "index.html").is_file()


@pytest.mark.parametrize("was", ["ohne PDF", "in der Vorschau", "das PDF einer Seite", "nur eine Seite"])
def test_ein_teil_laesst_die_gute_site_stehen(ausgabe: Ausgabe, was: str) -> None:
    ausgabe.site.mkdir()
    (ausgabe.site / "index.html").write_text("gut", encoding="utf-8")
    umgebung = {}
    if was == "ohne PDF":
        for pdf in ausgabe.quarto.rglob("*.pdf"):
            pdf.unlink()
        ausgabe.neu = [n for n in ausgabe.neu if n.endswith(".html")]
    else:
        ausgabe.neu = ["berichte/lage/2024/lage-2024.html", "berichte/lage/2024/lage-2024.pdf"]
        umgebung = {"QUARTO_PROJECT_RENDER_ALL": ""}
    if was in {"in der Vorschau", "das PDF einer Seite"}:
        (ausgabe.site / "index.html").write_text(SEITE, encoding="utf-8")
    if was == "in der Vorschau":
        umgebung["QUARTO_PROJECT_SCRIPT_QUIET"] = "1"
    if was == "das PDF einer Seite":
        ausgabe.lege("index.pdf", b"%PDF-1.7")
        ausgabe.neu = ["index.pdf"]
    vorher = ausgabe.stand()
    lauf = ausgabe.bereite_nach(**umgebung)
    assert lauf.returncode == 0
    assert ausgabe.stand() == vorher
    assert "_site bleibt, wie es ist" in lauf.stdout
    html = (ausgabe.quarto / "berichte/lage/2024/lage-2024.html").read_text("utf-8")
    assert ("Bericht als PDF (nicht gesetzt)" in html) == (was == "ohne PDF")


def test_ein_einzelner_bericht_wird_in_quartos_site_ersetzt(ausgabe: Ausgabe) -> None:
    ausgabe.bereite_nach()
    vorher = ausgabe.stand()
    name = "berichte/lage/2024/lage-2024.html"
    ausgabe.lege(name, SEITE.replace("Menü", "Neues Menü").encode())
    ausgabe.neu = [name, name.replace(".html", ".pdf")]
    lauf = ausgabe.bereite_nach(QUARTO_PROJECT_RENDER_ALL="")
    assert lauf.returncode == 0, lauf.stderr
    nachher = ausgabe.stand()
    assert "Neues Menü" in nachher[name].decode()
    assert "Content-Security-Policy" in nachher[name].decode()
    assert {n for n in nachher if nachher[n] != vorher.get(n)} == {name}
    assert nachher.keys() == vorher.keys()


def test_nachlauf_meldet_fremde_adressen_und_laesst_die_gute_site_stehen(ausgabe: Ausgabe) -> None:
    ausgabe.bereite_nach()
    vorher = ausgabe.stand()
    seite = ausgabe.quarto / "berichte/lage/2024/lage-2024.html"
    seite.write_text(SEITE.replace("../../../site_libs", "https://cdn.example.org"), encoding="utf-8")
    lauf = ausgabe.bereite_nach()
    assert lauf.returncode == 1
    assert ausgabe.stand() == vorher
    assert (
        lauf.stderr.strip()
        == """\
FEHLER [seite-laedt-fremdes] berichte/lage/2024/lage-2024.html
  Die Seite würde beim Öffnen etwas von einem fremden Server laden: \
https://cdn.example.org/quarto-nav/quarto-nav.js
  Ursache: Ein Format, ein Thema oder eine Ausgabe des Notizbuchs bindet es ein.
  Abhilfe: Nehmen Sie die Einstellung zurück oder legen Sie die Datei nach layout/.

1 Fehler, 0 Warnungen, 0 Hinweise"""
    )


def test_nachlauf_ohne_ausgabe_sagt_was_zu_tun_ist(ausgabe: Ausgabe) -> None:
    lauf = ausgabe.bereite_nach(QUARTO_PROJECT_OUTPUT_DIR=str(ausgabe.projekt / "gibt-es-nicht"))
    assert lauf.returncode == 1
    assert (
        lauf.stderr.strip()
        == """\
FEHLER [ausgabe-ordner-fehlt] gibt-es-nicht
  Es gibt noch nichts nachzubereiten.
  Ursache: Der Ausgabeordner fehlt.
  Abhilfe: Rufen Sie zuerst „quarto render“ auf; ohne Quarto genügt „berichtswerk render“.

1 Fehler, 0 Warnungen, 0 Hinweise"""
    )


def test_nur_verlangte_berichte_werden_ausgefuehrt(
    vorbereitet: Path, einstellungen: dict[str, Any], tmp_path: Path
) -> None:
    projekt = tmp_path / "projekt"
    shutil.copytree(vorbereitet, projekt)
    (projekt / "berichte/satzung/2024/satzung-2024.ipynb").unlink()
    befehl = einstellungen["project"]["pre-render"]
    lauf = wie_quarto(projekt, befehl, QUARTO_PROJECT_INPUT_FILES="berichte/satzung/2024/satzung-2024.ipynb")
    assert lauf.returncode == 0, lauf.stderr
    assert "satzung-2024" in lauf.stdout
    assert "lage-2024" not in lauf.stdout


def test_notizbuecher_setzt_quarto_nicht_einzeln() -> None:
    einstellungen = yaml.safe_load((WURZEL / "notebooks" / "_quarto.yml").read_text("utf-8"))
    lauf = wie_quarto(WURZEL / "notebooks", einstellungen["project"]["pre-render"])
    assert lauf.returncode == 1
    assert lauf.stderr.startswith("Notizbücher in notebooks/ setzt Quarto nicht einzeln")
    assert "quarto render berichte/" in lauf.stderr


def test_uebergabe_filter_und_bausteine_ergeben_ein_gueltiges_pdf(
    vorbereitet: Path, uebergaben: dict[str, Any], einstellungen: dict[str, Any], tmp_path: Path
) -> None:
    for name in einstellungen["format"]["typst"]["template-partials"]:
        (tmp_path / Path(name).name).write_bytes((vorbereitet / name).read_bytes())
    (tmp_path / "template.typ").write_text(RAHMEN + BAUSTEINE, encoding="utf-8")
    (filter_angabe,) = einstellungen["filters"]
    vorn = tmp_path / "pre-ast.lua"
    vorn.write_text(
        f"quarto = {{}}\nreturn dofile [[{vorbereitet / filter_angabe['path']}]]", encoding="utf-8"
    )
    text = pypandoc.convert_text(
        als_markdown(uebergaben["lage-2024"]),
        "typst",
        format="markdown",
        filters=[str(vorn)],
        extra_args=["--wrap=none", "--shift-heading-level-by=-1", f"--template={tmp_path / 'template.typ'}"],
    )
    ordner = vorbereitet / "berichte/lage/2024"
    schriften = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[vorbereitet / "layout/fonts"]
    )
    satz = typst.Compiler(input=text.encode(), root=ordner, font_paths=schriften)
    pdf, warnungen = satz.compile_with_warnings(
        format="pdf", pdf_standards=einstellungen["format"]["typst"]["pdf-standard"]
    )
    assert isinstance(pdf, bytes)
    assert [w.message for w in warnungen] == []
    assert pdf.startswith(b"%PDF-")
