"""Von zufällig gewählten gezeigten Zahlen zurück zu Datei und Zeile: ohne Hilfe des geprüften Programms."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import random
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from sitehilfe import eigene_seite

ANZAHL = 20


def _nachweise(site: Path) -> list[Path]:
    return sorted(site.rglob("nachweis.json"))


def _stellen(eintrag: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from eintrag.get("belege", [])
    for teil in eintrag.get("teile", []):
        yield from _stellen(teil)


def _lies(projekt: Path, stelle: dict[str, Any]) -> Fraction:
    """Das Feld der CSV-Datei an Zeile und Spalte; die Zeilen sind physisch, ab 1."""
    with (projekt / stelle["datei"]).open(encoding="utf-8", newline="") as datei:
        kopf = next(csv.reader([datei.readline()]))
        zeile = next(z for nr, z in enumerate(datei, 2) if nr == stelle["zeile"])
    text = next(csv.reader([zeile]))[kopf.index(stelle["spalte"])]
    return Fraction(0) if text.strip() in {"-", "–"} else Fraction(text.strip("()").rstrip(" prs"))


def _belegt(eintrag: dict[str, Any]) -> bool:
    """Ob die Zahl bis zu Zeilen führt; Vorausrechnungen nennen statt dessen Formel und Quellen."""
    if eintrag.get("rechnung") == "eigene":
        return False
    teile = eintrag.get("teile", [])
    return bool(eintrag.get("belege")) or (bool(teile) and all(_belegt(t) for t in teile))


def _rechne(projekt: Path, eintrag: dict[str, Any]) -> Fraction:
    art = eintrag.get("rechnung", "wert")
    if art in {"differenz", "prozent"}:
        neu, alt = (_rechne(projekt, teil) for teil in eintrag["teile"])
        return neu - alt if art == "differenz" else (neu / alt - 1) * 100
    summe = {"zaehler": Fraction(0), "nenner": Fraction(0), "wert": Fraction(0)}
    for stelle in eintrag["belege"]:
        summe[stelle["rolle"]] += _lies(projekt, stelle) * Fraction(str(stelle.get("gewicht", 1)))
    oben = (summe["zaehler"] + summe["wert"]) * Fraction(str(eintrag.get("faktor", 1)))
    return oben / summe["nenner"] if art == "quotient" else oben


def _gerundet(wert: Fraction, anzeige: str) -> bool:
    ziffern = "".join(z for z in anzeige.split("\u00a0", maxsplit=1)[0] if z.isdigit() or z == ",")
    nach_komma = len(ziffern.partition(",")[2])
    genau = Decimal(abs(wert).numerator) / Decimal(wert.denominator)
    erwartet = genau.quantize(Decimal(1).scaleb(-nach_komma), rounding=ROUND_HALF_UP)
    return Decimal(ziffern.replace(",", ".")) == erwartet


def test_jeder_bericht_hat_einen_nachweis(site: Path) -> None:
    berichte = sorted(p.stem for p in (site / "berichte").rglob("*.html") if not eigene_seite(p.name))
    assert berichte
    assert sorted(p.parent.name for p in _nachweise(site)) == berichte


@pytest.mark.parametrize("saat", [1, 2024])
def test_zwanzig_zahlen_fuehren_zu_datei_und_zeile(projekt: Path, site: Path, saat: int) -> None:
    wuerfel = random.Random(saat)
    for pfad in _nachweise(site):
        inhalt = json.loads(pfad.read_text("utf-8"))
        mit_zahl = [e for e in inhalt["eintraege"] if e["wert"] is not None and _belegt(e)]
        assert len(mit_zahl) > ANZAHL, pfad
        for eintrag in wuerfel.sample(mit_zahl, ANZAHL):
            for stelle in _stellen(eintrag):
                summe = hashlib.sha256((projekt / stelle["datei"]).read_bytes()).hexdigest()
                assert inhalt["dateien"][stelle["datei"]]["pruefsumme"] == f"sha256:{summe}"
                assert _lies(projekt, stelle) == Fraction(str(stelle["wert"])), (eintrag, stelle)
            wert = _rechne(projekt, eintrag)
            assert abs(float(wert) - eintrag["wert"]) <= 1e-9 * max(1, abs(eintrag["wert"])), eintrag
            if any(z.isdigit() for z in eintrag["anzeige"]):
                assert _gerundet(wert, eintrag["anzeige"]), eintrag


def _fuehrt_zu_zeilen(eintrag: dict[str, Any], inhalt: dict[str, Any]) -> bool:
    """Ob die Zahl zu Zeilen führt, zu einer beschriebenen Rechnung mit Eingaben oder zu einer Annahme."""
    weg = inhalt["rechenwege"].get(eintrag.get("weg"), {})
    dateien = [e["datei"] for e in weg.get("eingaben", [])]
    if not all(inhalt["dateien"][d]["pruefsumme"] for d in dateien):
        return False
    if eintrag.get("rechnung") == "annahme":  # gesetzt: die Formel sagt, von wem und warum
        return bool(eintrag["formel"])
    if weg:
        return bool(weg["formel"] and dateien)
    teile = eintrag.get("teile", [])
    return bool(eintrag.get("belege") or eintrag.get("verdeckt") or teile) and all(
        _fuehrt_zu_zeilen(t, inhalt) for t in teile
    )


def test_jede_zahl_fuehrt_zu_zeilen_oder_zu_einer_beschriebenen_rechnung(site: Path) -> None:
    for pfad in _nachweise(site):
        inhalt = json.loads(pfad.read_text("utf-8"))
        assert [e for e in inhalt["eintraege"] if not _fuehrt_zu_zeilen(e, inhalt)] == [], pfad


def _gebiete(eintrag: dict[str, Any]) -> Iterator[str]:
    """Wovon die Zeilen eines Eintrags sprechen."""
    yield from (s.get("gebiet", eintrag.get("gebiet", "")) for s in eintrag.get("belege", []))
    for teil in eintrag.get("teile", []):
        yield from (teil.get("gebiet", ""), *_gebiete(teil))


def test_zeilen_stehen_nur_von_gebieten_da_die_der_bericht_zeigt(projekt: Path, site: Path) -> None:
    for pfad in _nachweise(site):
        inhalt = json.loads(pfad.read_text("utf-8"))
        gezeigt = {e.get("gebiet", "") for e in inhalt["eintraege"]} | {"DG", "12"}
        for eintrag in inhalt["eintraege"]:
            assert gezeigt.issuperset(_gebiete(eintrag)), (pfad, eintrag)
        roh = pfad.read_text("utf-8")
        assert '"gebiete"' not in roh, "wovon verdeckte Zeilen sprechen, bleibt im Haus"


def test_was_der_nachweis_zeigt_steht_auf_der_seite(site: Path) -> None:
    mit_zahlen_im_text = 0
    for pfad in _nachweise(site):
        seite = pfad.parents[1] / f"{pfad.parent.name}.html"
        text = seite.read_text("utf-8")
        inhalt = json.loads(pfad.read_text("utf-8"))
        aus_texten = [e for e in inhalt["eintraege"] if e["ort"].startswith("texte/") or "texte/" in e["ort"]]
        mit_zahlen_im_text += bool(aus_texten)
        fehlend = [
            e["anzeige"] for e in aus_texten if e["anzeige"].replace("\u00a0", " ").split(" ")[0] not in text
        ]
        assert fehlend == []
    assert mit_zahlen_im_text >= 7, "die Texte der Steckbriefe nennen keine Zahlen, alle anderen schon"


def test_jede_quelle_einer_zahl_steht_im_quellenverzeichnis(projekt: Path, site: Path) -> None:
    """Auch die einer Zahl, die nur in einem Satz steht."""
    for pfad in _nachweise(site):
        seite = (pfad.parents[1] / f"{pfad.parent.name}.html").read_text("utf-8")
        verzeichnis = html.unescape(seite[seite.index('class="bw-quellen"') :]).replace("\u00ad", "")
        inhalt = json.loads(pfad.read_text("utf-8"))
        for quelle in {d["quelle"] for d in inhalt["dateien"].values() if d["quelle"]}:
            titel = yaml.safe_load((projekt / f"daten/quellen/{quelle}.yaml").read_text("utf-8"))["title"]
            titel = re.sub(r" \(Beispiel(daten)?\)$", "", titel)  # das sagt das Verzeichnis davor
            assert titel in re.sub(r"\s+", " ", verzeichnis), (pfad, quelle)
