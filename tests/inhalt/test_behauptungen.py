"""Sätze der Berichte, die sich nicht binden lassen: Stimmt noch, was sie sagen?

Wer einen davon ändert, ändert auch seine Prüfung; nach einer Lieferung sagt sie, was nicht mehr gilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.grund.projekt import Projekt

PROJEKT = Projekt(Path(__file__).parents[2])


class Daten:
    """Werte des Landkreises und die Tafel der ähnlichen Landkreise."""

    def __init__(self) -> None:
        self.bestand = Datenbestand(PROJEKT)
        self.kreis = self.bestand.gebiete.kreis
        self.rechner = Rechner(self.bestand)
        self.katalog = Kennzahlenkatalog.lade(PROJEKT)

    def wert(self, kennung: str, jahr: int) -> float:
        w = self.rechner.berechne(self.katalog.finde(kennung), [self.kreis.schluessel]).wert(
            self.kreis.schluessel, jahr
        )
        assert w is not None and w.wert is not None, f"{kennung} {jahr} gibt es nicht mehr"
        return w.wert

    def letztes(self, kennung: str) -> int:
        reihe = self.rechner.berechne(self.katalog.finde(kennung), [self.kreis.schluessel])
        return max(w.jahr for w in reihe if w.wert is not None)

    def neben_aehnlichen(self, spalte: str) -> tuple[float, list[float]]:
        """Der Landkreis und die ähnlichen; sie stehen vor ihrem Mittel."""
        erste, *zeilen = self.rechner.rechnung("aehnliche-kreise", 2026).tafeln["aehnliche_kreise"].zeilen
        mittel = next(nr for nr, z in enumerate(zeilen) if str(z["kopf"]).startswith("Mittel"))
        return float(str(erste[spalte])), [float(str(z[spalte])) for z in zeilen[:mittel]]


def vier_aehnliche(d: Daten) -> bool:
    arm, andere = d.neben_aehnlichen("kinderarmutsquote")
    alt, aeltere = d.neben_aehnlichen("grundsicherung_65")
    return len(andere) == 4 and arm < min(andere) and alt > max(aeltere)


def guenstiger_als_das_mittel(d: Daten) -> bool:
    paare = [d.neben_aehnlichen(s) for s in ("sgb2_quote", "kinderarmutsquote")]
    return all(eigen < sum(andere) / len(andere) for eigen, andere in paare)


def groesserer_teil_des_anstiegs(d: Daten) -> bool:
    alle, anteil = "arbeitslose", "anteil_auslaendische_arbeitslose"
    ohne_pass = {j: d.wert(alle, j) * d.wert(anteil, j) / 100 for j in (2022, 2023)}
    mehr = d.wert(alle, 2023) - d.wert(alle, 2022)
    return (ohne_pass[2023] - ohne_pass[2022]) / mehr > 0.5


def maenner_haeufiger(d: Daten) -> bool:
    jahr = d.letztes("arbeitslosenquote_maenner")
    return d.wert("arbeitslosenquote_maenner", jahr) > d.wert("arbeitslosenquote_frauen", jahr)


def kommunen_ohne_tagespflege(d: Daten) -> bool:
    w = d.bestand.tabelle("pflege_presse").werte
    keine = w[(w["groesse"] == "tagespflege_einrichtungen") & (w["wert"] == 0) & (w["jahr"] == 2019)]
    return set(keine["gebiet"]) == {"120680353", "120680477", "120685807"}


def die_meisten_zu_hause(d: Daten) -> bool:
    jahr = d.letztes("pflege_anteil_pflegegeld")
    return d.wert("pflege_anteil_pflegegeld", jahr) + d.wert("pflege_anteil_ambulant", jahr) > 60


SOZIAL, PFLEGE = "sozialbericht/2024", "pflegebericht/2024"
BEHAUPTUNGEN: list[tuple[str, str, Callable[[Daten], bool]]] = [
    (SOZIAL, "kleinerer Teil der Kinder auf Grundsicherung angewiesen als in jedem der vier", vier_aehnliche),
    (
        SOZIAL,
        "Kinderarmut lag der Landkreis günstiger als dieses Mittel",
        guenstiger_als_das_mittel,
    ),
    (SOZIAL, "Auf sie entfällt rechnerisch der größere Teil des Anstiegs", groesserer_teil_des_anstiegs),
    (SOZIAL, "häufiger arbeitslos als Frauen", maenner_haeufiger),
    (PFLEGE, "keine Tagespflege: Rheinsberg, Wusterhausen/Dosse und Amt Temnitz", kommunen_ohne_tagespflege),
    (PFLEGE, "Die meisten Pflegebedürftigen lebten", die_meisten_zu_hause),
]


@pytest.fixture(scope="module")
def daten() -> Daten:
    return Daten()


@pytest.mark.parametrize(("bericht", "satz", "stimmt"), BEHAUPTUNGEN, ids=[b[1][:40] for b in BEHAUPTUNGEN])
def test_der_satz_steht_da_und_stimmt(
    bericht: str, satz: str, stimmt: Callable[[Daten], bool], daten: Daten
) -> None:
    texte = " ".join(p.read_text("utf-8") for p in (PROJEKT.berichte / bericht / "texte").glob("*.md"))
    assert satz in re.sub(r"\s+", " ", texte), "Der Satz steht nicht mehr da; seine Prüfung fällt weg."
    assert stimmt(daten)
