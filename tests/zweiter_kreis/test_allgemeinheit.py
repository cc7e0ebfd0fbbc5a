"""Ein zweiter, erfundener Landkreis: dieselben Notizbücher, anderes ``daten/`` und ``layout/``."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path

import pikepdf
import pytest
import yaml

HIER = Path(__file__).parent
PROJEKT = HIER.parents[1]
AUSGABEN = {
    "sozialbericht": "2024",
    "bildungsbericht": "2024",
    "pflegebericht": "2024",
    "kita-bedarfsplan": "2025-2027",
}
KOMMUNEN = ["Adlerstadt", "Amt Auental", "Großweiler"]
TEXTARTEN = {".html", ".json", ".csv", ".svg", ".css", ".js"}
PRIMAER = {"erster": (0x09, 0x5C, 0x6D), "zweiter": (0x1F, 0x4E, 0x9A)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Die gerenderte Website des zweiten Landkreises; ``src/`` und ``notebooks/`` sind unverändert."""
    projekt = tmp_path_factory.mktemp("zweiter_kreis") / "projekt"
    for ordner in ("layout", "daten/kennzahlen", "daten/rechnungen"):
        shutil.copytree(PROJEKT / ordner, projekt / ordner)
    (projekt / "notebooks").mkdir()
    for name in AUSGABEN:
        shutil.copy(PROJEKT / "notebooks" / f"{name}.ipynb", projekt / "notebooks")
    shutil.copy(PROJEKT / "_quarto.yml", projekt)
    for ordner in ("daten", "layout", "berichte"):
        shutil.copytree(HIER / ordner, projekt / ordner, dirs_exist_ok=True)
    for bericht in AUSGABEN:
        _fuelle_textplaetze(projekt, bericht)
    lauf = subprocess.run(
        [sys.executable, "-m", "berichtswerk", "render"],
        cwd=projekt, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "BERICHTSWERK_PROJEKT": str(projekt)},
    )  # fmt: skip
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    return projekt / "_site"


def _fuelle_textplaetze(projekt: Path, bericht: str) -> None:
    """Ein Satz für jeden Text, den das Notizbuch verlangt und der zweite Landkreis nicht selbst hat."""
    texte = projekt / "berichte" / bericht / AUSGABEN[bericht] / "texte"
    texte.mkdir(exist_ok=True)
    zellen = json.loads((projekt / "notebooks" / f"{bericht}.ipynb").read_text(encoding="utf-8"))["cells"]
    for name in re.findall(r'b\.text\("([^"]+)"\)', "\n".join("".join(z["source"]) for z in zellen)):
        if not (texte / f"{name}.md").exists():
            (texte / f"{name}.md").write_text("Hier steht ein Text der Planung.\n", encoding="utf-8")


def _stamm(site: Path, bericht: str) -> Path:
    ausgabe = AUSGABEN[bericht]
    return site / "berichte" / bericht / ausgabe / f"{bericht}-{ausgabe}"


def _html(site: Path, bericht: str) -> str:
    text = _stamm(site, bericht).with_suffix(".html").read_text(encoding="utf-8")
    return unescape(text).replace("\u00ad", "")


def _ueberschriften(html: str) -> list[str]:
    roh = re.findall(r"<h[2-4][^>]*>(.*?)</h[2-4]>", html, flags=re.DOTALL)
    return [re.sub(r"^[\d.]+", "", re.sub(r"<[^>]+>", "", u).strip()).strip() for u in roh]


def _texte(site: Path) -> dict[str, str]:
    """Jeder Text der Website samt Inhalt der Archive; von den PDF Titel, Lesezeichen, Alternativtexte."""
    texte = {}
    for pfad in sorted(site.rglob("*")):
        name = pfad.relative_to(site).as_posix()
        if pfad.suffix in TEXTARTEN and not name.startswith("pagefind/"):
            texte[name] = pfad.read_text(encoding="utf-8")
        elif pfad.suffix == ".zip":
            with zipfile.ZipFile(pfad) as archiv:
                texte |= {f"{name}/{n}": archiv.read(n).decode("utf-8") for n in archiv.namelist()}
        elif pfad.suffix == ".pdf":
            with pikepdf.open(pfad) as pdf:
                texte[name] = " ".join(str(o) for o in _zeichenketten(pdf))
    return texte


def _zeichenketten(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Zeichenketten aller Wörterbücher: Titel, Lesezeichen, Alternativtexte, Metadaten."""
    woerter = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    return [w for o in woerter for w in o.as_dict().values() if isinstance(w, pikepdf.String)]


def test_alle_vier_berichte_stehen_als_seite_und_pdf(site: Path) -> None:
    for bericht in AUSGABEN:
        stamm = _stamm(site, bericht)
        assert stamm.with_suffix(".html").is_file()
        with pikepdf.open(stamm.with_suffix(".pdf")) as pdf:
            assert len(pdf.pages) >= 8
        assert "Landkreis Beispielau" in _html(site, bericht)


def test_nichts_vom_ersten_landkreis_steht_in_der_ausgabe(site: Path) -> None:
    gebiete = yaml.safe_load((PROJEKT / "daten" / "gebiete.yaml").read_text(encoding="utf-8"))
    eigene = [g for g in gebiete["gebiete"] if g["schluessel"].startswith(gebiete["kreis"])]
    assert len(eigene) > 30
    namen = {g[f] for g in eigene for f in ("name", "name_kurz") if f in g} | {"Ostprignitz", "Ruppin", "OPR"}
    muster = re.compile("|".join([rf"\b{re.escape(n)}\b" for n in sorted(namen)] + [gebiete["kreis"]]))
    funde = {name: sorted(set(muster.findall(text))) for name, text in _texte(site).items()}
    assert {name: fund for name, fund in funde.items() if fund} == {}


def test_kapitel_ohne_daten_entfallen_und_werden_genannt(site: Path) -> None:
    entfallen = {
        "sozialbericht": {"Migration": "Schutzsuchende nach Schutzstatus", "Sozialindex": "Sozialindex"},
        "bildungsbericht": {"Non-formale Bildung": "Veröffentlichte Einrichtungen"},
        "pflegebericht": {
            "Angebote in den Kommunen": "Pflegedienste, Pflegeheime und Plätze",
            "Vorausrechnung bis 2040": "Pflegebedürftige in vier Szenarien",
            "Annahmen": "Annahmen: ",
        },
    }
    for bericht, kapitel in entfallen.items():
        html = _html(site, bericht)
        nicht_dargestellt = html[html.index("Nicht dargestellt") :]
        liste = re.sub(r"<[^>]+>", "", nicht_dargestellt[: nicht_dargestellt.index("</ul>")])
        assert "{" not in liste, "ein Jahr, das ohne Daten niemand kennt"
        for titel, was in kapitel.items():
            assert f"„{was}" in liste, (bericht, titel)
            if bericht != "bildungsbericht":  # dort heißen Gruppen der Steckbriefe wie die Kapitel
                assert titel not in _ueberschriften(html), (bericht, titel)
        assert "fig-pyramide" not in html


def test_keine_tabelle_hat_eine_spalte_ohne_zahl(site: Path) -> None:
    for pfad in sorted(site.rglob("daten/tbl-*.csv")):
        if pfad.stem == "tbl-quellen":
            continue
        zeilen = [z.split(";") for z in pfad.read_text(encoding="utf-8-sig").splitlines()[1:]]
        breite = min(len(z) for z in zeilen)
        leer = [i for i in range(1, breite) if all(z[i] == "." for z in zeilen)]
        assert leer == [], pfad.name


def test_die_kita_seiten_kommen_aus_dem_gebietsverzeichnis(site: Path) -> None:
    titel = _ueberschriften(_html(site, "kita-bedarfsplan"))
    soll = ["Planungsgebiet Oberland", *KOMMUNEN[:2], "Planungsgebiet Unterland", KOMMUNEN[2]]
    assert [t for t in titel if t in soll] == soll


def test_die_karte_hat_drei_kommunen(site: Path) -> None:
    daten = _stamm(site, "sozialbericht") / "daten" / "fig-kinderarmut-kommunen.csv"
    zeilen = daten.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [z.split(";")[0] for z in zeilen] == KOMMUNEN
    assert all(k.removeprefix("Amt ") in _abbildung(site) for k in KOMMUNEN)


def _abbildung(site: Path) -> str:
    pfad = _stamm(site, "sozialbericht") / "abb" / "fig-kinderarmut-kommunen.json"
    return json.dumps(json.loads(pfad.read_text(encoding="utf-8")), ensure_ascii=False)


def test_farben_kommen_aus_der_zweiten_marke(site: Path) -> None:
    alt, neu = ("#" + bytes(PRIMAER[m]).hex() for m in ("erster", "zweiter"))
    assert neu in (site / "layout" / "marke.css").read_text(encoding="utf-8")
    texte = _texte(site)
    assert [n for n, t in texte.items() if alt in t.lower()] == []
    assert neu in texte["berichte/sozialbericht/2024/sozialbericht-2024/abb/fig-sgb2.svg"]
    for bericht in AUSGABEN:
        with pikepdf.open(_stamm(site, bericht).with_suffix(".pdf")) as pdf:
            farben = {tuple(round(float(k) * 255) for k in b.operands) for b in _farbbefehle(pdf)}
        assert PRIMAER["zweiter"] in farben
        assert PRIMAER["erster"] not in farben


def _farbbefehle(pdf: pikepdf.Pdf) -> list[pikepdf.ContentStreamInstruction]:
    befehle = [b for seite in pdf.pages for b in pikepdf.parse_content_stream(seite)]
    return [b for b in befehle if str(b.operator) in {"scn", "SCN"} and len(b.operands) == 3]
