"""Das Gemeindeverzeichnis des Statistischen Bundesamtes: ein Landkreis mit seinen Kommunen und Gemeinden.

Zwei Formen sind amtlich: der GV100AD (Text fester Breite, Satzarten 10 bis 60, auch im ZIP, wie es
heruntergeladen wird) und die Arbeitsmappe der Quartals- und Jahresausgaben („AuszugGV4QAktuell.xlsx“). Die
Mappe nennt auch die Mittelpunkte der Gemeinden; mit ihnen liegen Karten ungefähr, wie das Land liegt.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from berichtswerk.daten.leser.gv100 import FELDER
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, aufgezaehlt, warum
from berichtswerk.worte.sprache import alphabetisch

Satz = Mapping[str, str]
"""Feld → Text: ``satzart``, ``gebietsstand``, ``kennzeichen``, ``kreisschluessel``, ``verband`` …"""

_VERBAND = {
    "51": "Amt", "52": "Samtgemeinde", "53": "Verbandsgemeinde", "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde", "56": "Verwaltungsverband", "57": "Verwaltungsgemeinschaft",
    "58": "Erfüllende Gemeinde",
}  # fmt: skip
"""Textkennzeichen der Satzart 50; 50 ist eine verbandsfreie Gemeinde."""
_KURZ = {"Samtgemeinde": "SG", "Verbandsgemeinde": "VG", "Verwaltungsgemeinschaft": "VG",
         "Verwaltungsverband": "VV"}  # fmt: skip
_GEMEINDE = {"60": "Markt", "61": "Stadt", "62": "Stadt", "63": "Stadt", "67": "Stadt",
             "65": "Gemeindefreies Gebiet"}  # fmt: skip
_KREIS = {"43": "Kreis", "44": "Landkreis", "45": "Regionalverband"}
_KREISFREI = {"41", "42"}
_UNBEWOHNT = "66"
_HEISST_SCHON = re.compile(r"kreis|^(Region|Städteregion|Regionalverband)\b", re.IGNORECASE)
"""„Wetteraukreis“, „Region Hannover“: davor steht kein „Landkreis“."""
_KOPF = {"satzart": "satzart", "textkennzeichen": "kennzeichen", "land": "land", "rb": "rb", "kreis": "kreis",
         "vb": "verband", "gem": "gemeinde", "gemeindename": "name", "fläche": "flaeche", "längengrad": "lon",
         "breitengrad": "lat"}  # fmt: skip
_STELLEN = {"satzart": 2, "kennzeichen": 2, "land": 2, "rb": 1, "kreis": 2, "verband": 4, "gemeinde": 3}


class VerzeichnisFremd(Befundart):
    text = "Das Gemeindeverzeichnis lässt sich so nicht lesen."
    ursache = "{grund}"
    abhilfe = (
        "Laden Sie beim Statistischen Bundesamt das Gemeindeverzeichnis herunter und nennen Sie die Datei, "
        "wie sie kommt: den GV100AD (ZIP oder GV100AD_….txt) oder die Arbeitsmappe (AuszugGV….xlsx)."
    )


class KreisNichtVerzeichnet(Befundart):
    text = "Den Kreis mit dem Schlüssel {ags} nennt das Gemeindeverzeichnis nicht."
    abhilfe = "{moeglich}"


class KreisfreieStadt(Befundart):
    text = "„{name}“ ({ags}) ist eine kreisfreie Stadt."
    ursache = "Die Berichte gliedern einen Landkreis nach seinen Gemeinden; eine kreisfreie Stadt hat keine."
    abhilfe = "Nennen Sie den Schlüssel eines Landkreises."


@dataclass(frozen=True, slots=True)
class Landkreis:
    """Was das Gemeindeverzeichnis über einen Kreis sagt."""

    schluessel: str
    name: str
    kurz: str
    land: str
    stand: date
    ausgabe: str
    """„GV100AD“ oder „GV-ISys“."""
    gebiete: tuple[Mapping[str, Any], ...]

    @property
    def kommunen(self) -> int:
        """Zahl der Gemeinden und Verbände."""
        return sum(g["ebene"] == "einheit" for g in self.gebiete)


def lies_landkreis(datei: Path, ags: str, name: str = "") -> Landkreis:
    """Liest einen Kreis aus dem Gemeindeverzeichnis; ``name``, wenn er anders heißen soll als dort.

    Raises:
        BerichtswerkFehler: ``verzeichnis-fremd``, ``kreis-nicht-verzeichnet``, ``kreisfreie-stadt``.
    """
    ausgabe, saetze = _saetze(datei)
    laender = {s["land"]: s for s in saetze if s["satzart"] == "10"}
    kreise = {s["kreisschluessel"]: s for s in saetze if s["satzart"] == "40"}
    if ags not in kreise or ags[:2] not in laender:
        raise BerichtswerkFehler(
            KreisNichtVerzeichnet.melde(datei=str(datei), ags=ags, moeglich=_moeglich(ags, laender, kreise))
        )
    kreis, kurz = kreise[ags], _name(kreise[ags])
    if kreis["kennzeichen"] in _KREISFREI:
        raise BerichtswerkFehler(KreisfreieStadt.melde(datei=str(datei), ags=ags, name=kurz))
    art = "" if _HEISST_SCHON.search(kurz) else _KREIS.get(kreis["kennzeichen"], "Landkreis")
    lang = name or f"{art} {kurz}".strip()
    land = laender[ags[:2]]["name"]
    kommunen = _kommunen([s for s in saetze if s.get("kreisschluessel") == ags], ags)
    flaeche = sum(k.get("flaeche_km2", 0.0) for k in kommunen if k["ebene"] == "einheit")
    selbst = {"schluessel": ags, "name": lang, "name_kurz": kurz, "ebene": "kreis", "teil_von": ags[:2]}
    gebiete = [
        {"schluessel": "DG", "name": "Deutschland", "ebene": "bund"},
        {"schluessel": ags[:2], "name": f"Land {land}", "name_kurz": land, "ebene": "land", "teil_von": "DG"},
        selbst | ({"flaeche_km2": round(flaeche, 2)} if flaeche else {}),
        *kommunen,
    ]
    stand = date.fromisoformat(kreis["gebietsstand"])
    return Landkreis(ags, lang, kurz, land, stand, ausgabe, tuple(gebiete))


def _moeglich(ags: str, laender: Mapping[str, Satz], kreise: Mapping[str, Satz]) -> str:
    """Die Landkreise desselben Landes; gibt es das Land nicht, die Länder."""
    if ags[:2] not in laender:
        alle = aufgezaehlt((f"{k} {s['name']}" for k, s in laender.items()), 16)
        return f"Die ersten beiden Ziffern nennen das Land; es gibt: {alle}."
    im_land = (f"{k} {s['name']}" for k, s in kreise.items()
               if k[:2] == ags[:2] and s["kennzeichen"] not in _KREISFREI)  # fmt: skip
    return f"Landkreise dieses Landes: {aufgezaehlt(im_land, 80)}."


def _saetze(datei: Path) -> tuple[str, list[Satz]]:
    """Name der Ausgabe und alle Sätze, aus welcher der Formen auch immer."""
    try:
        roh = datei.read_bytes()
        if zipfile.is_zipfile(BytesIO(roh)) and (text := _aus_zip(roh)) is not None:
            roh = text
    except OSError as fehler:
        raise BerichtswerkFehler(VerzeichnisFremd.melde(datei=str(datei), grund=warum(fehler))) from fehler
    if roh[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        verlangt = "Ein Blatt mit dem Kopf „Satzart“ gibt es nicht."
        ausgabe, saetze = "GV-ISys", _aus_mappe(roh)
    else:
        verlangt = "Eine Textdatei fester Breite mit den Satzarten 10 bis 60 ist es nicht."
        ausgabe, saetze = "GV100AD", _aus_text(roh)
    if not any(s["satzart"] == "60" for s in saetze):
        raise BerichtswerkFehler(VerzeichnisFremd.melde(datei=str(datei), grund=verlangt))
    return ausgabe, saetze


def _aus_zip(roh: bytes) -> bytes | None:
    """Der GV100AD in einem ZIP; ``None``, wenn keiner darin liegt (eine Arbeitsmappe ist auch ein ZIP)."""
    with zipfile.ZipFile(BytesIO(roh)) as archiv:
        namen = [n for n in archiv.namelist() if re.search(r"GV100AD[^/]*\.(txt|asc)$", n, re.IGNORECASE)]
        return archiv.read(namen[0]) if namen else None


def _aus_text(roh: bytes) -> list[Satz]:
    """Die Zeilen des GV100AD; leer, wenn die meisten keine sind."""
    try:
        text = roh.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = roh.decode("cp1252", "replace")
    zeilen = [z for z in text.splitlines() if z.strip("\x1a \t")]
    saetze: list[Satz] = []
    for zeile in zeilen:
        stellen = FELDER.get(zeile[:2], {})
        satz = {feld: zeile[von - 1 : bis].strip() for feld, (von, bis) in stellen.items()}
        if satz and re.fullmatch(r"(19|20)\d{6}", satz["gebietsstand"]):
            flaeche = int(satz.get("flaeche_ha") or 0) / 100
            saetze.append(satz | {"flaeche": f"{flaeche:.2f}"})
    return saetze if len(saetze) * 2 >= len(zeilen) else []


def _aus_mappe(roh: bytes) -> list[Satz]:
    """Die Zeilen des ersten Blattes, dessen Kopf „Satz-art“ nennt; leer, wenn es keines gibt."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        mappe = CalamineWorkbook.from_filelike(BytesIO(roh))
        blaetter = [mappe.get_sheet_by_name(n).to_python() for n in mappe.sheet_names]
    except CalamineError:
        return []
    for zeilen in blaetter:
        kopf = next((nr for nr, z in enumerate(zeilen[:15]) if z and _kopfwort(z[0]) == "satzart"), None)
        if kopf is not None:
            oben = zeilen[: kopf + 4]
            return list(_mappensaetze(zeilen, _spalten(zeilen[kopf : kopf + 2]), _stand(oben)))
    return []


def _kopfwort(zelle: object) -> str:
    """„Satz-art“ → „satzart“, „Fläche km2 1)“ → „fläche“."""
    text = str(zelle).replace("-", "").replace("\n", "").casefold().split()
    return text[0].rstrip(")0123456789") if text else ""


def _spalten(kopf: Sequence[Sequence[object]]) -> dict[str, int]:
    """Feld → Spalte; der Kopf hat zwei Zeilen, die untere unterteilt den Regionalschlüssel."""
    return {
        feld: spalte
        for zeile in kopf
        for spalte, zelle in enumerate(zeile)
        if (feld := _KOPF.get(_kopfwort(zelle)))
    }


def _stand(kopf: Iterable[Iterable[object]]) -> str:
    """Der Gebietsstand (JJJJMMTT): das Datum hinter „Gebietsstand“, sonst das erste im Kopf."""
    text = " ".join(str(z) for zeile in kopf for z in zeile)
    treffer = re.search(r"Gebietsstand\D*(\d\d)\.(\d\d)\.(\d{4})", text)
    treffer = treffer or re.search(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", text)
    return f"{treffer[3]}{treffer[2]}{treffer[1]}" if treffer else ""


def _mappensaetze(
    zeilen: Iterable[Sequence[object]], spalten: Mapping[str, int], stand: str
) -> Iterator[Satz]:
    for zeile in zeilen:
        satz = {feld: _zelle(zeile[nr], _STELLEN.get(feld, 0)) for feld, nr in spalten.items()}
        if stand and satz.get("satzart") in FELDER:
            kreis = satz["land"] + satz["rb"] + satz["kreis"]
            yield satz | {"gebietsstand": stand, "kreisschluessel": kreis, "ags": kreis + satz["gemeinde"]}


def _zelle(zelle: object, stellen: int) -> str:
    """Text einer Zelle; aus einer Zahl wird wieder ein Schlüssel mit so vielen Stellen."""
    if stellen and isinstance(zelle, float):
        return f"{zelle:0{stellen}.0f}"
    text = str(zelle).strip()
    return text.zfill(stellen) if stellen and text.isdigit() else text


def _kommunen(saetze: Sequence[Satz], kreis: str) -> list[dict[str, Any]]:
    """Je Kommune (verbandsfreie Gemeinde oder Verband) sie selbst und ihre Gemeinden, nach Namen geordnet."""
    gemeinden = [s for s in saetze if s["satzart"] == "60" and s["kennzeichen"] != _UNBEWOHNT]
    namen = {_deutsch(_name(s)) for s in gemeinden}
    verbaende = {s["verband"]: s for s in saetze if s["satzart"] == "50"}
    je_kommune = []
    for nummer in dict.fromkeys(s["verband"] for s in gemeinden):
        teile = [s for s in gemeinden if s["verband"] == nummer]
        art, benannt = _benannt(verbaende.get(nummer, teile[0]), namen, allein=len(teile) == 1)
        schluessel = f"{kreis}{nummer}"
        einheit = {"schluessel": schluessel, **benannt, "ebene": "einheit", "teil_von": kreis,
                   "art": art or _art(teile[0]), **_lage(teile)}  # fmt: skip
        je_kommune.append([
            einheit,
            *(
                {"schluessel": s["ags"], **_namen(_name(s)), "ebene": "gemeinde", "teil_von": schluessel,
                 "art": _art(s), **_lage([s])}
                for s in sorted(teile, key=lambda s: _ordnung(_name(s)))
            ),
        ])  # fmt: skip
    return [g for kommune in sorted(je_kommune, key=lambda k: _ordnung(k[0]["name"])) for g in kommune]


def _benannt(satz: Satz, gemeinden: set[str], *, allein: bool) -> tuple[str, dict[str, Any]]:
    """Art eines Verbandes (leer bei einer verbandsfreien Gemeinde) und seine Namen.

    Verbände heißen oft wie eine ihrer Gemeinden; darum steht die Art immer davor, und in Abbildungen fehlt
    sie nur, wo der Name allein eindeutig ist.
    """
    art = _VERBAND.get(satz["kennzeichen"], "")
    if not art or (art == "Erfüllende Gemeinde" and allein):
        return "", _namen(_name(satz))
    roh = satz["name"].removesuffix(" (VGem)")
    roh = re.sub(r",\s*[^,\s]*[Ss]tadt$", "", roh)
    if roh.startswith(("VVG ", "GVV ")):
        return {"V": "Verwaltungsgemeinschaft", "G": "Gemeindeverwaltungsverband"}[roh[0]], {"name": roh}
    if roh.startswith(f"{art} "):
        return art, {"name": roh}
    kurz = roh if roh not in gemeinden and art != "Amt" else f"{_KURZ.get(art, art)} {roh}"
    return art, {"name": f"{art} {roh}", "name_kurz": kurz}


def _namen(name: str) -> dict[str, Any]:
    """„Bad Muskau / Mužakow“: kurz steht der deutsche Name, und er wird in Lieferungen erkannt."""
    kurz = _deutsch(name)
    return {"name": name} | ({} if kurz == name else {"name_kurz": kurz, "weitere_namen": [kurz]})


def _deutsch(name: str) -> str:
    return name.partition(" / ")[0]


def _name(satz: Satz) -> str:
    """Der Name ohne Titel: „Uelzen, Hansestadt“ → „Uelzen“."""
    return satz["name"].partition(",")[0].strip()


def _art(satz: Satz) -> str:
    return _GEMEINDE.get(satz.get("kennzeichen", ""), "Gemeinde")


def _ordnung(name: str) -> str:
    """Nach dem Namen wie im Telefonbuch, ohne die Art davor."""
    for art in (*_VERBAND.values(), "VVG der Stadt", "VVG der Gemeinde", "GVV"):
        name = name.removeprefix(f"{art} ")
    return alphabetisch(name)


def _lage(gemeinden: Sequence[Satz]) -> dict[str, float]:
    """Fläche und, wo alle ihn haben, der Mittelpunkt (das Mittel der Mittelpunkte)."""
    angaben = {}
    if flaeche := sum(_dezimal(s.get("flaeche", "")) or 0.0 for s in gemeinden):
        angaben["flaeche_km2"] = round(flaeche, 2)
    for feld in ("lon", "lat"):
        werte = [w for s in gemeinden if (w := _dezimal(s.get(feld, ""))) is not None]
        if len(werte) == len(gemeinden):
            angaben[feld] = round(sum(werte) / len(werte), 6)
    return angaben


def _dezimal(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
