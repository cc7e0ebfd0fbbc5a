"""Ein neues Projekt für einen Landkreis: was schon feststeht, sonst überall eine Stelle zum Ausfüllen.

Vorlage ist das Projekt, aus dem das Paket gebaut ist (``berichtswerk/muster/``): Layout, Notizbücher,
Kennzahlen, Rechnungen, Beschreibungen der Quellen. Übernommen wird, was für jeden Landkreis gilt; Daten,
Texte und Zahlen eines anderen nie. Die Gebiete kommen aus dem Gemeindeverzeichnis (GV100AD).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.daten.leser.gv100 import FELDER
from berichtswerk.grund.ablage import PAKET, raeume_weg
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, aufgezaehlt, warum

OFFEN = "[vor Veröffentlichung eintragen]"
GANZ: tuple[str, ...] = (
    "_quarto.yml",
    "index.qmd",
    "layout",
    "daten/kennzahlen",
    "daten/rechnungen",
    "daten/begriffe.yaml",
)
GANZ += ("daten/ereignisse.yaml", "notebooks/_quarto.yml")
"""Was unverändert übernommen wird."""
_VERBAND = {
    "51": "Amt", "52": "Samtgemeinde", "53": "Verbandsgemeinde", "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde", "56": "Verwaltungsverband",
}  # fmt: skip
"""Textkennzeichen des GV100AD; 50 ist eine verbandsfreie, 58 eine erfüllende Gemeinde."""
_GEMEINDE = {"60": "Markt", "61": "Stadt", "62": "Stadt", "63": "Stadt", "67": "Stadt"}
_KREIS = {"41": "Stadt", "42": "Stadt", "43": "Kreis", "44": "Landkreis", "45": "Regionalverband"}
_UNBEWOHNT = "66"


class OrdnerBelegt(Befundart):
    text = "In „{ordner}“ liegt schon etwas; überschrieben wird nichts."
    abhilfe = "Nennen Sie einen Ordner, den es noch nicht gibt."


class OrdnerNichtAnzulegen(Befundart):
    text = "Der Ordner „{ordner}“ lässt sich nicht anlegen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie Rechte und freien Platz, oder nennen Sie einen anderen Ordner."


class VerzeichnisFremd(Befundart):
    text = "Das ist kein Gemeindeverzeichnis in der Form GV100AD."
    ursache = "{grund}"
    abhilfe = (
        "Laden Sie beim Statistischen Bundesamt das Gemeindeverzeichnis als GV100AD herunter und nennen Sie "
        "die entpackte Textdatei (GV100AD_….txt)."
    )


class KreisNichtVerzeichnet(Befundart):
    text = "Den Kreis mit dem Schlüssel {ags} nennt das Gemeindeverzeichnis nicht."
    abhilfe = "Im selben Land stehen darin: {kreise}."


@dataclass(frozen=True, slots=True)
class Landkreis:
    """Was das Gemeindeverzeichnis über einen Kreis sagt."""

    schluessel: str
    name: str
    kurz: str
    land: str
    stand: date
    gebiete: tuple[Mapping[str, Any], ...]

    @property
    def kommunen(self) -> int:
        """Zahl der Gemeinden und Verbände."""
        return sum(g["ebene"] == "einheit" for g in self.gebiete)


def muster() -> Path:
    """Der Ordner mit der Vorlage: im installierten Paket, sonst das Projekt, in dem es liegt."""
    gepackt = PAKET / "muster"
    return gepackt if gepackt.is_dir() else PAKET.parents[1]


def lies_landkreis(datei: Path, ags: str, name: str = "") -> Landkreis:
    """Liest einen Kreis aus dem GV100AD; ``name``, wenn er anders heißen soll als dort.

    Raises:
        BerichtswerkFehler: ``verzeichnis-fremd``, ``kreis-nicht-verzeichnet``.
    """
    saetze = _saetze(datei)
    laender = {s["land"]: s for s in saetze if s["satzart"] == "10"}
    kreise = {s["kreisschluessel"]: s for s in saetze if s["satzart"] == "40"}
    if ags not in kreise or ags[:2] not in laender:
        dort = aufgezaehlt((f"{k} {s['name']}" for k, s in kreise.items() if k[:2] == ags[:2]), 40)
        raise BerichtswerkFehler(
            KreisNichtVerzeichnet.melde(datei=str(datei), ags=ags, kreise=dort or "keine")
        )
    kreis, kurz = kreise[ags], kreise[ags]["name"].partition(",")[0]
    land = laender[ags[:2]]["name"]
    lang = name or f"{_KREIS.get(kreis['kennzeichen'], 'Landkreis')} {kurz}"
    gebiete = [
        {"schluessel": "DG", "name": "Deutschland", "ebene": "bund"},
        {"schluessel": ags[:2], "name": f"Land {land}", "name_kurz": land, "ebene": "land", "teil_von": "DG"},
        {"schluessel": ags, "name": lang, "name_kurz": kurz, "ebene": "kreis", "teil_von": ags[:2]},
        *_kommunen([s for s in saetze if s.get("kreisschluessel") == ags], ags),
    ]
    stand = date.fromisoformat(kreis["gebietsstand"])
    return Landkreis(ags, lang, kurz, land, stand, tuple(gebiete))


def _saetze(datei: Path) -> list[dict[str, str]]:
    try:
        roh = datei.read_bytes()
    except OSError as fehler:
        raise BerichtswerkFehler(VerzeichnisFremd.melde(datei=str(datei), grund=warum(fehler))) from fehler
    try:
        text = roh.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = roh.decode("cp1252", "replace")
    saetze = []
    for zeile in text.splitlines():
        stellen = FELDER.get(zeile[:2], {})
        saetze.append({feld: zeile[von - 1 : bis].strip() for feld, (von, bis) in stellen.items()})
    gut = [s for s in saetze if s and re.fullmatch(r"(19|20)\d{6}", s["gebietsstand"])]
    if not gut or len(gut) < len([z for z in text.splitlines() if z.strip()]) / 2:
        grund = "Verlangt ist eine Textdatei fester Breite mit den Satzarten 10 bis 60."
        raise BerichtswerkFehler(VerzeichnisFremd.melde(datei=str(datei), grund=grund))
    return gut


def _kommunen(saetze: list[dict[str, str]], kreis: str) -> Iterator[dict[str, Any]]:
    """Je Verband er selbst und seine Gemeinden; eine verbandsfreie Gemeinde steht für sich."""
    gemeinden = [s for s in saetze if s["satzart"] == "60" and s["kennzeichen"] != _UNBEWOHNT]
    namen = {_name(s) for s in gemeinden}
    verbaende = {s["verband"]: s for s in saetze if s["satzart"] == "50"}
    for nummer in dict.fromkeys(s["verband"] for s in gemeinden):
        teile = [s for s in gemeinden if s["verband"] == nummer]
        verband = verbaende.get(nummer, teile[0])
        art, name = _VERBAND.get(verband["kennzeichen"], ""), _name(verband)
        if art and (name in namen or art == "Amt") and not name.startswith(art):
            name = f"{art} {name}"
        einheit = {"schluessel": f"{kreis}{nummer}", "name": name, "ebene": "einheit", "teil_von": kreis,
                   "art": art or _art(teile[0])}  # fmt: skip
        flaeche = sum(int(s["flaeche_ha"] or 0) for s in teile)
        yield einheit | ({"flaeche_km2": flaeche / 100} if flaeche else {})
        for s in teile:
            gemeinde = {"schluessel": s["ags"], "name": _name(s), "ebene": "gemeinde", "art": _art(s),
                        "teil_von": einheit["schluessel"]}  # fmt: skip
            flaeche = int(s["flaeche_ha"] or 0)
            yield gemeinde | ({"flaeche_km2": flaeche / 100} if flaeche else {})


def _name(satz: Mapping[str, str]) -> str:
    return satz["name"].partition(",")[0].strip()


def _art(satz: Mapping[str, str]) -> str:
    return _GEMEINDE.get(satz.get("kennzeichen", ""), "Gemeinde")


def lege_an(ordner: Path, kreis: Landkreis, jahr: int, heute: date) -> list[str]:
    """Legt das Projekt an, ganz oder gar nicht; gibt die Namen seiner Berichte zurück.

    Raises:
        BerichtswerkFehler: ``ordner-belegt``, ``ordner-nicht-anzulegen``.
    """
    if ordner.exists() and (not ordner.is_dir() or any(ordner.iterdir())):
        raise BerichtswerkFehler(OrdnerBelegt.melde(ordner=ordner))
    bau = ordner.absolute().with_name(f".{ordner.name}.{os.getpid()}.neu")
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
    _schreibe(bau / ".gitignore", "_site/\n_export/\n_quarto/\n.berichtswerk/\n.venv/\nseiten/\n")
    _schreibe(bau / "LIESMICH.md", _LIESMICH.format(name=kreis.name, jahr=jahr))
    for erzeugt in ("marke.css", "typst/marke.typ"):  # entstehen aus _brand.yml
        (bau / "layout" / erzeugt).unlink(missing_ok=True)
    _marke(bau / "layout", kreis)
    _schreibe(bau / "daten" / "gebiete.yaml", _gebiete(kreis))
    _schreibe(bau / "daten" / "kreis.yaml", _kreis(kreis, heute))
    land = _land_der_vorlage(vorlage)
    for beschreibung in sorted((vorlage / "daten" / "quellen").glob("*.yaml")):
        if text := _leere_quelle(beschreibung, heute, land, kreis.land):
            _schreibe(bau / "daten" / "quellen" / beschreibung.name, text)
    return [_bericht(bau, ordner, kreis, jahr, heute) for ordner in _juengste(vorlage / "berichte")]


def _schreibe(pfad: Path, text: str) -> None:
    pfad.parent.mkdir(parents=True, exist_ok=True)
    pfad.write_text(text, "utf-8", newline="\n")


def _yaml(angaben: object) -> str:
    return yaml.safe_dump(angaben, allow_unicode=True, sort_keys=False, width=110)


def _gebiete(kreis: Landkreis) -> str:
    kopf = (
        "# Gebietsverzeichnis, erzeugt aus dem Gemeindeverzeichnis. Die Reihenfolge gilt in Tabellen und "
        "Abbildungen.\n# Planungsgebiete (ebene: planungsgebiet) stehen zwischen Kreis und Kommunen.\n"
    )
    angaben = {
        "gebietsstand": kreis.stand.isoformat(), "kreis": kreis.schluessel,
        "quelle": f"Statistisches Bundesamt, Gemeindeverzeichnis GV100AD, Stand {kreis.stand:%d.%m.%Y}",
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


def _leere_quelle(datei: Path, heute: date, land: str, neues: str) -> str:
    """Die Beschreibung ohne alles, was nur für eine Lieferung, einen Landkreis oder sein Land gilt.

    Leer bei dem, was jemand aus der Presse eines Landkreises zusammengetragen hat.
    """
    angaben = yaml.safe_load(datei.read_text("utf-8"))
    statistik = angaben["statistik"]
    if statistik["herkunft"] == "presse":
        return ""
    for feld in ("description", "hash", "bytes", "homepage", "pruefen"):
        angaben.pop(feld, None)
    for feld in ("hinweise", "naechste_lieferung", "brueche"):
        statistik.pop(feld, None)
    if land in str(statistik.get("tabelle")):
        del statistik["tabelle"]
    if land in statistik["herausgeber"]:
        statistik["herausgeber"] = OFFEN
    nennung = f"{statistik['herausgeber']} | {OFFEN}"
    statistik |= {"stand": heute.isoformat(), "ressort": OFFEN, "attribution": nennung}
    titel = angaben.pop("title").replace(land, neues)
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
        "titel": re.sub(r"20\d\d(?:–20\d\d)?", ausgabe.replace("-", "–"), alt["titel"]),
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
            _leere(zelle, gebiet if "fuer" in neu else kreis.schluessel)
            for text in re.findall(r'\bb\.text\("([^"]+)"\)', "".join(zelle["source"])):
                _schreibe(ordner / "texte" / f"{text}.md", f"{OFFEN}\n")
        _schreibe(
            bau / "notebooks" / f"{name}.ipynb", json.dumps(inhalt, ensure_ascii=False, indent=1) + "\n"
        )
    return f"{vorbild.parent.name}/{ausgabe}"


def _leere(zelle: dict[str, Any], gebiet: str) -> None:
    if zelle["cell_type"] != "code":
        return
    zelle |= {"outputs": [], "execution_count": None}
    if "parameters" in zelle.get("metadata", {}).get("tags", ()):
        quelle = re.sub(
            r'^gebiet = "\d+"', f'gebiet = "{gebiet}"', "".join(zelle["source"]), flags=re.MULTILINE
        )
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
2. Eine Quelle wählen, zum Beispiel `daten/quellen/bevoelkerung_kreis.yaml`.
   `berichtswerk liefervorlage bevoelkerung_kreis` schreibt ihr Formular (XLSX, ODS). Ausfüllen, dann
   `berichtswerk lieferung annehmen bevoelkerung_kreis.xlsx`. Wer eine eigene Datei hat, beschreibt sie mit
   `berichtswerk quelle neu DATEI`.
3. `berichtswerk render sozialbericht/{jahr}`: die ersten Kapitel stehen da.
4. Texte in `berichte/sozialbericht/{jahr}/texte/` schreiben, die Vorschau daneben. Zahlen stehen als
   `{{{{ kennzahl }}}}` im Text.
5. `berichtswerk pruefen daten` und `berichtswerk pruefen texte` nennen, was noch offen ist.

Berichte, die Sie nicht brauchen, löschen Sie unter `berichte/`. In `daten/gebiete.yaml` tragen Sie
Planungsgebiete ein, wenn Sie welche haben.
"""
