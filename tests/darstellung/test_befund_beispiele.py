"""Die zehn Beispiele aus ``docs/befunde.md``: Anleitung und Programm sagen dasselbe, Zeichen für Zeichen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from berichtswerk.fach.veraenderung import Bruch, verlauf
from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.worte import befund
from berichtswerk.worte.aussage import Rede, veraenderung_text

DOKU = Path(__file__).parents[2] / "docs" / "befunde.md"


def beispiele() -> dict[str, dict[str, str]]:
    """Überschrift → Felder („Name“, „Daten“ …) jedes Beispiels."""
    teile = re.split(r"^### ", DOKU.read_text("utf-8"), flags=re.M)[1:]
    return {teil.split("\n", 1)[0]: dict(re.findall(r"^- (\w+): (.*)$", teil, flags=re.M)) for teil in teile}


def baue(felder: dict[str, str]) -> tuple[Serie, Angaben, list[Bruch]]:
    """Serie, Angaben und Brüche eines Beispiels."""
    artikel, name = felder["Name"].split(" ", 1)
    art, stellen, einheit, schwelle = (t.strip() for t in felder["Angaben"].split(","))
    angaben = Angaben(
        name, einheit_kurz=einheit, stellen=int(stellen), artikel=artikel, schwelle=float(schwelle),
        anteil=art == "anteil", art=art,
    )  # type: ignore[arg-type]  # fmt: skip
    grenzen = [float(g) for g in felder.get("Spanne", "").split(",") if g.strip()]
    punkte = []
    for jahr, wert in (paar.split() for paar in felder["Daten"].split(";")):
        voraus = jahr.endswith("v")
        letzter = voraus and paar_ist_letztes(felder["Daten"], jahr)
        band = tuple(grenzen) if grenzen and letzter else (None, None)
        punkte.append(Punkt(int(jahr.rstrip("v")), float(wert), prognose=voraus, unten=band[0], oben=band[1]))
    brueche = [Bruch(int(j), "Bruch") for j in felder.get("Brüche", "").split(",") if j.strip()]
    return Serie("Kreis", tuple(punkte), "fokus"), angaben, brueche


def paar_ist_letztes(daten: str, jahr: str) -> bool:
    """Ob das Jahr am Ende der Reihe steht."""
    return daten.rsplit(";", 1)[-1].split(maxsplit=1)[0] == jahr


def schlicht(text: str) -> str:
    """Geschützte Leerzeichen als gewöhnliche, damit die Anleitung sich schreiben lässt."""
    return re.sub("[\u00a0\u202f]", " ", text)


def test_es_sind_zehn() -> None:
    assert len(beispiele()) == 10


@pytest.mark.parametrize("titel", list(beispiele()))
def test_beispiel_im_wortlaut(titel: str) -> None:
    felder = beispiele()[titel]
    serie, angaben, brueche = baue(felder)
    worte = befund.jahresreihe("Liniendiagramm", [serie], angaben, brueche)
    assert schlicht(worte.befund) == felder["Befund"]
    assert schlicht(worte.weiter) == felder.get("Darunter", "")
    assert len(worte.befund) <= befund.TITEL and len(worte.alt) <= befund.HOECHSTENS
    zahlen = set(re.findall(r"\d[\d\u202f]*(?:,\d+)?", worte.befund + worte.weiter))
    assert {z for z in re.findall(r"\d[\d\u202f]*(?:,\d+)?", worte.alt) if "," in z} <= zahlen
    if "Eckwert" in felder:
        v = verlauf(serie.staende(), angaben.masz, brueche)
        assert v is not None and v.letzter is not None
        text = f"seit {v.letzter.alt.jahr} {veraenderung_text(v.letzter, Rede.aus_angaben(angaben))}"
        assert schlicht(text) == felder["Eckwert"]
