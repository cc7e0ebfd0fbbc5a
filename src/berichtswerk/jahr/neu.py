"""Ein neues Projekt für einen Landkreis: was schon feststeht, sonst überall eine Stelle zum Ausfüllen.

Vorlage ist das Projekt, aus dem das Paket gebaut ist (``berichtswerk/muster/``): Layout, Notizbücher,
Kennzahlen, Rechnungen, Beschreibungen der Quellen. Übernommen wird, was für jeden Landkreis gilt; Daten,
Texte und Zahlen eines anderen nie. Die Gebiete kommen aus dem Gemeindeverzeichnis
(:mod:`berichtswerk.jahr.gemeindeverzeichnis`).
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.grund.ablage import PAKET, lebt, raeume_weg
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, warum
from berichtswerk.jahr.gemeindeverzeichnis import Landkreis

OFFEN = "[vor Veröffentlichung eintragen]"
GANZ = (
    "_quarto.yml", "index.qmd", "layout", "daten/begriffe.yaml", "daten/ereignisse.yaml",
    "notebooks/_quarto.yml",
)  # fmt: skip
"""Was unverändert übernommen wird."""
DEFINITIONEN = ("daten/kennzahlen", "daten/rechnungen")
"""Übernommen ohne ``hier`` und ohne Schwellen: was nur für einen Landkreis gilt oder er beschlossen hat."""
_NUR_DORT = re.compile(r"^ *(?:hier|fruehwarnung):(?: \{.*\})?\n(?:(?<=:\n)(?: .*\n)+)?", re.MULTILINE)
_NUR_DANN = re.compile(
    r"(?: nach (?:einem )?Presseberichte?n?\b.*| \(Beispiel.*"
    r"|,? *(?:\b(?:Frühjahr|Schuljahre|Wintersemester|April|am \d+\. \w+|veröffentlichte Angaben) )?"
    r"\b(?:19|20)\d\d\b.*)$"
)
"""Was im Titel einer Quelle nur zu einer Lieferung gehört: Jahre, Presse, Beispiel."""


class OrdnerBelegt(Befundart):
    text = "In „{ordner}“ liegt schon etwas; überschrieben wird nichts."
    abhilfe = "Nennen Sie einen Ordner, den es noch nicht gibt."


class OrdnerNichtAnzulegen(Befundart):
    text = "Der Ordner „{ordner}“ lässt sich nicht anlegen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie Rechte und freien Platz, oder nennen Sie einen anderen Ordner."


def muster() -> Path:
    """Der Ordner mit der Vorlage: im installierten Paket, sonst das Projekt, in dem es liegt."""
    gepackt = PAKET / "muster"
    return gepackt if gepackt.is_dir() else PAKET.parents[1]


def lege_an(ordner: Path, kreis: Landkreis, jahr: int, heute: date) -> list[str]:
    """Legt das Projekt an, ganz oder gar nicht; gibt die Namen seiner Berichte zurück.

    Raises:
        BerichtswerkFehler: ``ordner-belegt``, ``ordner-nicht-anzulegen``.
    """
    if ordner.exists() and (not ordner.is_dir() or any(ordner.iterdir())):
        raise BerichtswerkFehler(OrdnerBelegt.melde(ordner=ordner))
    bau = ordner.absolute().with_name(f".{ordner.name}.{os.getpid()}.neu")
    for rest in bau.parent.glob(f".{glob.escape(ordner.name)}.*.neu"):  # hier wurde ein Lauf getötet
        if not lebt(rest.name.rsplit(".", 2)[1]):
            raeume_weg(rest)
    try:
        bau.mkdir(parents=True)
        berichte = _fuelle(bau, kreis, jahr, heute)
        if ordner.exists():
            ordner.rmdir()
        bau.rename(ordner)
    except OSError as fehler:
        befund = OrdnerNichtAnzulegen.melde(ordner=ordner, grund=warum(fehler))
        raise BerichtswerkFehler(befund) from fehler
    finally:
        raeume_weg(bau)
    return berichte


def _fuelle(bau: Path, kreis: Landkreis, jahr: int, heute: date) -> list[str]:
    vorlage = muster()
    for name in GANZ:
        ziel = bau / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        if (vorlage / name).is_dir():
            shutil.copytree(vorlage / name, ziel, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        else:
            shutil.copyfile(vorlage / name, ziel)
    for anleitung in sorted((vorlage / "docs").glob("*.md")):  # auf sie verweisen Meldungen
        _schreibe(bau / "docs" / anleitung.name, anleitung.read_text("utf-8"))
    _schreibe(bau / ".gitignore", "_site/\n_export/\n_quarto/\n.berichtswerk/\n.venv/\nseiten/\n")
    _schreibe(bau / "LIESMICH.md", _LIESMICH.format(name=kreis.name, jahr=jahr))
    for erzeugt in ("marke.css", "typst/marke.typ"):  # entstehen aus _brand.yml
        (bau / "layout" / erzeugt).unlink(missing_ok=True)
    _marke(bau / "layout", kreis)
    _schreibe(bau / "daten" / "gebiete.yaml", _gebiete(kreis))
    _schreibe(bau / "daten" / "kreis.yaml", _kreis(kreis, heute))
    gebraucht = set(_definitionen(bau, vorlage, kreis))
    land = _land_der_vorlage(vorlage)
    for beschreibung in sorted((vorlage / "daten" / "quellen").glob("*.yaml")):
        if text := _leere_quelle(beschreibung, heute, land, kreis, gebraucht):
            _schreibe(bau / "daten" / "quellen" / beschreibung.name, text)
    return [_bericht(bau, ordner, kreis, jahr, heute) for ordner in _juengste(vorlage / "berichte")]


def _definitionen(bau: Path, vorlage: Path, kreis: Landkreis) -> Iterator[str]:
    """Schreibt Kennzahlen und Rechnungen; nennt die Quellen, ohne die sie nichts zeigen."""
    for ordner in DEFINITIONEN:
        for datei in sorted((vorlage / ordner).glob("*.yaml")):
            text = _NUR_DORT.sub("", datei.read_text("utf-8"))
            text = text if kreis.name.startswith("Landkreis") else text.replace("Landkreis", "Kreis")
            _schreibe(bau / ordner / datei.name, text)
            angaben = yaml.safe_load(text)
            terme = [e for e in angaben.get("eingaben", {}).values() if e.get("pflicht", True)]
            for weg in angaben.get("wege", ()):
                terme += [*weg.get("zaehler", ()), *weg.get("nenner", ()), weg.get("wert") or {}]
            yield from (t["quelle"] for t in terme if "quelle" in t)


def _schreibe(pfad: Path, text: str) -> None:
    pfad.parent.mkdir(parents=True, exist_ok=True)
    pfad.write_text(text, "utf-8", newline="\n")


def _yaml(angaben: object) -> str:
    return yaml.dump(angaben, Dumper=_Schreiber, allow_unicode=True, sort_keys=False, width=110)


class _Schreiber(yaml.SafeDumper):
    """Ziffern, die ein Text sind (Schlüssel mit führender Null), stehen immer in Anführungszeichen."""


_Schreiber.add_representer(
    str,
    lambda s, text: s.represent_scalar("tag:yaml.org,2002:str", text, style='"' if text.isdigit() else None),
)


def _gebiete(kreis: Landkreis) -> str:
    kopf = (
        "# Gebietsverzeichnis, erzeugt aus dem Gemeindeverzeichnis. Die Reihenfolge gilt in Tabellen und "
        "Abbildungen.\n# Planungsgebiete (ebene: planungsgebiet) stehen zwischen Kreis und Kommunen.\n"
    )
    angaben = {
        "gebietsstand": kreis.stand.isoformat(), "kreis": kreis.schluessel,
        "quelle": f"Statistisches Bundesamt, Gemeindeverzeichnis {kreis.ausgabe}, "
                  f"Stand {kreis.stand:%d.%m.%Y}",
        "gebietsaenderungen": {"vollstaendig_seit": kreis.stand.isoformat(), "liste": []},
    }  # fmt: skip
    return kopf + _yaml(angaben) + _yaml({"gebiete": [dict(g) for g in kreis.gebiete]})


def _kreis(kreis: Landkreis, heute: date) -> str:
    kopf = f"# Angaben zum Landkreis. Was „{OFFEN}“ trägt, füllen Sie vorher aus.\n"
    stelle = {"name": OFFEN, "email": OFFEN, "telefon": OFFEN}
    return kopf + _yaml({
        "name": kreis.name, "name_kurz": kreis.kurz, "schluessel": kreis.schluessel, "land": kreis.land,
        "vertreten_durch": OFFEN, "anschrift": {"strasse": OFFEN, "plz": OFFEN, "ort": OFFEN},
        "telefon": OFFEN, "email": OFFEN, "webseite": OFFEN, "herausgeber": kreis.name, "redaktion": stelle,
        "datenschutz": {
            "verantwortlich": OFFEN, "beauftragte": {"name": OFFEN, "email": OFFEN},
            "aufsichtsbehoerde": {"name": OFFEN}, "protokolle": OFFEN,
        },
        "barrierefreiheit": {
            "stand": heute.isoformat(), "bewertung": "selbst", "status": "teilweise",
            "feedback": {"email": OFFEN, "telefon": OFFEN}, "durchsetzung": {"name": OFFEN},
            "rechtsgrundlage": OFFEN,
        },
        "portal": {"titel": "Planungsberichte", "adresse": OFFEN,
                   "einleitung": "Zahlen und Einordnungen aus der Planung."},
    })  # fmt: skip


def _land_der_vorlage(vorlage: Path) -> str:
    angaben = yaml.safe_load((vorlage / "daten" / "gebiete.yaml").read_text("utf-8"))
    gebiete = {g["schluessel"]: g for g in angaben["gebiete"]}
    return str(gebiete[angaben["kreis"][:2]]["name_kurz"])


def _leere_quelle(datei: Path, heute: date, land: str, kreis: Landkreis, gebraucht: set[str]) -> str:
    """Die Beschreibung ohne alles, was nur für eine Lieferung, einen Landkreis oder sein Land gilt.

    Was jemand aus der Presse zusammengetragen oder als Beispiel erfunden hat, liefert hier ein Fachamt; leer,
    wenn es neben amtlichen Zahlen steht und darum keine Kennzahl es braucht.
    """
    angaben = yaml.safe_load(datei.read_text("utf-8"))
    statistik = angaben["statistik"]
    eigene = statistik["herkunft"] in {"presse", "beispiel"}
    if statistik["herkunft"] == "presse" and datei.stem not in gebraucht:
        return ""
    for feld in ("description", "hash", "bytes", "homepage", "pruefen"):
        angaben.pop(feld, None)
    for feld in ("hinweise", "naechste_lieferung", *["brueche"] * eigene):
        statistik.pop(feld, None)
    if eigene or land in str(statistik.get("tabelle")):
        statistik.pop("tabelle", None)
    if eigene or land in statistik["herausgeber"]:
        statistik["herausgeber"] = OFFEN
    if eigene:
        statistik |= {"herkunft": "fachamt", "periodizitaet": "jaehrlich"}
    if isinstance(statistik.get("gebietsstand"), str) and statistik["periodizitaet"] != "einmalig":
        statistik["gebietsstand"] = kreis.stand.isoformat()
    nennung = f"{statistik['herausgeber']} | {OFFEN}"
    statistik |= {"stand": heute.isoformat(), "ressort": OFFEN, "attribution": nennung}
    titel = angaben.pop("title").replace(land, kreis.land)
    if not titel.startswith("Zensus"):
        titel = _NUR_DANN.sub("", titel)
    kopf = {"name": angaben.pop("name"), "title": titel, "ausstehend": True}
    hinweis = f"# Noch nichts geliefert. Das Formular dazu: berichtswerk liefervorlage {datei.stem}\n"
    return hinweis + _yaml(kopf | angaben)


def _juengste(berichte: Path) -> list[Path]:
    """Je Bericht der Ordner seiner jüngsten Ausgabe."""
    je_bericht = {p.parent.parent: p.parent for p in sorted(berichte.glob("*/*/bericht.yml"))}
    return list(je_bericht.values())


def _bericht(bau: Path, vorbild: Path, kreis: Landkreis, jahr: int, heute: date) -> str:
    """Die erste Ausgabe eines Berichts, mit einer Stelle je Text; sein Notizbuch ohne Ausgaben."""
    alt = yaml.safe_load((vorbild / "bericht.yml").read_text("utf-8"))
    spanne = re.fullmatch(r"(\d{4})-(\d{4})", vorbild.name)
    bis = jahr + int(spanne[2]) - int(spanne[1]) if spanne else jahr
    ausgabe = f"{jahr}-{bis}" if spanne else f"{jahr}"
    neu = {
        "titel": re.sub(r"20\d\d(?:–20\d\d)?.*", ausgabe.replace("-", "–"), alt["titel"]),
        "untertitel": kreis.name,
        **{
            f: alt[f]
            for f in ("notizbuch", "uebersicht", "fuer", "titel_je_gebiet", "gestalt", "blatt")
            if f in alt
        },
    }
    if "gebiet" in alt.get("parameter", {}):
        neu["parameter"] = {"gebiet": kreis.schluessel}
    neu |= {"bis": jahr, "herausgeber": kreis.name, "stand": heute.isoformat(), "status": "entwurf"}
    ordner = bau / "berichte" / vorbild.parent.name / ausgabe
    _schreibe(ordner / "bericht.yml", _yaml(neu))
    gebiet = next((g["schluessel"] for g in kreis.gebiete if g["ebene"] == "einheit"), kreis.schluessel)
    for name in filter(None, (neu["notizbuch"], neu.get("uebersicht"))):
        inhalt = json.loads((muster() / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
        for zelle in inhalt["cells"]:
            _leere(zelle, gebiet if "fuer" in neu else kreis.schluessel, ausgabe)
            for text in re.findall(r'\bb\.text\("([^"]+)"\)', "".join(zelle["source"])):
                _schreibe(ordner / "texte" / f"{text}.md", f"{OFFEN}\n")
        _schreibe(
            bau / "notebooks" / f"{name}.ipynb", json.dumps(inhalt, ensure_ascii=False, indent=1) + "\n"
        )
    return f"{vorbild.parent.name}/{ausgabe}"


def _leere(zelle: dict[str, Any], gebiet: str, ausgabe: str) -> None:
    if zelle["cell_type"] != "code":
        return
    zelle |= {"outputs": [], "execution_count": None}
    if "parameters" in zelle.get("metadata", {}).get("tags", ()):
        quelle = re.sub(
            r'^gebiet = "\d+"', f'gebiet = "{gebiet}"', "".join(zelle["source"]), flags=re.MULTILINE
        )
        wert = ausgabe if ausgabe.isdigit() else f'"{ausgabe}"'
        quelle = re.sub(r"^ausgabe = \S+", f"ausgabe = {wert}", quelle, flags=re.MULTILINE)
        zelle["source"] = quelle.splitlines(keepends=True)


def _marke(layout: Path, kreis: Landkreis) -> None:
    """Name statt des Namens der Vorlage; die Wortmarke ist er selbst, bis eine eigene da ist."""
    brand = layout / "_brand.yml"
    text = brand.read_text("utf-8")
    name = yaml.safe_load(text)["meta"]["name"]
    text = text.replace(name["full"], kreis.name).replace(name["short"], kreis.kurz)
    brand.write_text(text, "utf-8", newline="\n")
    angaben = yaml.safe_load(text)
    palette = angaben["color"]["palette"]
    for datei, farbe in (("wortmarke.svg", angaben["color"]["foreground"]), ("wortmarke-hell.svg", "weiss")):
        _schreibe(layout / datei, _wortmarke(layout, kreis.name, palette.get(farbe, "#000000")))


def _wortmarke(layout: Path, text: str, farbe: str) -> str:
    """Ein Schriftzug als SVG, in Umrissen: er sieht überall gleich aus."""
    from xml.sax.saxutils import quoteattr

    from fontTools.pens import svgPathPen, transformPen
    from fontTools.ttLib import TTFont

    stifte: Any = svgPathPen
    huelle: Any = transformPen
    with TTFont(layout / "fonts" / "FiraSans-SemiBold.ttf") as offen:
        schrift: Any = offen
        glyphen, zeichen = schrift.getGlyphSet(), schrift.getBestCmap()
        stift, x, mass = (
            stifte.SVGPathPen(glyphen, lambda z: f"{z:.1f}"),
            0.0,
            26 / schrift["head"].unitsPerEm,
        )
        for name in (zeichen.get(ord(z), ".notdef") for z in text):
            glyphen[name].draw(huelle.TransformPen(stift, (mass, 0, 0, -mass, x, 38)))
            x += glyphen[name].width * mass
    kopf = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x:.0f} 58" width="{x:.0f}" height="58"'
    pfad = f'<path fill="{farbe}" d="{stift.getCommands()}"/>'
    return f'{kopf} role="img" aria-label={quoteattr(text)}>\n{pfad}\n</svg>\n'


_LIESMICH = """\
# Planungsberichte: {name}

Dieses Projekt rendert sofort: `berichtswerk render`, dann `berichtswerk vorschau`. Was fehlt, steht in jedem
Bericht unter „Nicht dargestellt“. Alles, was Sie schreiben, trägt bis dahin „[vor Veröffentlichung
eintragen]“; so geht nichts hinaus.

## Die erste Stunde
1. `daten/kreis.yaml`: Anschrift, Redaktion, Pflichtangaben. `layout/_brand.yml`: Farben;
   `layout/wortmarke.svg`, `wortmarke-hell.svg`: Ihre Wortmarke.
2. Eine Quelle wählen, zum Beispiel `daten/quellen/gemeindeverzeichnis.yaml` (Einwohner der Gemeinden).
   `berichtswerk liefervorlage gemeindeverzeichnis` schreibt ihr Formular (XLSX, ODS), mit allen Gebieten.
   Ausfüllen, dann `berichtswerk lieferung annehmen gemeindeverzeichnis.xlsx`. Wer eine eigene Datei hat,
   beschreibt sie mit `berichtswerk quelle neu DATEI`. Was noch aussteht, nennt
   `berichtswerk lieferung faellig`.
3. `berichtswerk render sozialbericht/{jahr}`: die ersten Kapitel stehen da.
4. Texte in `berichte/sozialbericht/{jahr}/texte/` schreiben, die Vorschau daneben. Zahlen stehen als
   `{{{{ kennzahl }}}}` im Text.
5. `berichtswerk pruefen daten` und `berichtswerk pruefen texte` nennen, was noch offen ist.

Wie alles geht, steht in `docs/`; `docs/jahr.md` nennt die Befehle der Reihe nach.
Berichte, die Sie nicht brauchen, löschen Sie unter `berichte/`. In `daten/gebiete.yaml` tragen Sie
Planungsgebiete ein, wenn Sie welche haben.
"""
