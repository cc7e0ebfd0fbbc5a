"""Sätze der Berichte, die sich nicht binden lassen: Stimmt noch, was sie sagen?

Wer einen davon ändert, ändert auch seine Prüfung; nach einer Lieferung sagt sie, was nicht mehr gilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
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

    def letztes(self, kennung: str, bis: int = 2026) -> int:
        reihe = self.rechner.berechne(self.katalog.finde(kennung), [self.kreis.schluessel], bis=bis)
        return max(w.jahr for w in reihe if w.wert is not None)

    def seit(self, kennung: str, jahr: int, bis: int = 2026) -> float:
        """Was sich von ``jahr`` bis zum jüngsten Wert verändert hat."""
        return self.wert(kennung, self.letztes(kennung, bis)) - self.wert(kennung, jahr)

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


def jedes_jahr_mehr_aeltere(d: Daten) -> bool:
    reihe = d.rechner.berechne(d.katalog.finde("anteil_ab_65"), [d.kreis.schluessel])
    werte = [w.wert for w in reihe if w.wert is not None and w.jahr >= 2011]
    return werte[-1] > 25 and all(neu > alt for alt, neu in pairwise(werte))


def ueberall_weniger_arbeitslose(d: Daten) -> bool:
    orte = [g.schluessel for g in d.bestand.gebiete.kinder(d.kreis.schluessel, "einheit")]
    reihe = d.rechner.berechne(d.katalog.finde("arbeitslosenanteil"), orte, bis=2026)
    je_ort = [[w.wert for w in reihe.gebiet(g) if w.wert is not None and w.jahr >= 2011] for g in orte]
    return len(je_ort) == 10 and all(werte[-1] < werte[0] for werte in je_ort)


def groesste_haushalte(d: Daten) -> bool:
    *zeilen, _ = d.rechner.rechnung("wohnkosten", 2026).tafeln["wohnkosten_sgb2"].zeilen
    abstand = [float(str(z["kosten"])) - float(str(z["anerkannt"])) for z in zeilen]
    return abstand[-1] == max(abstand)


def zuzug_in_schulen(d: Daten) -> bool:
    return d.seit("schueler_auslaendisch", 2015, 2024) / d.seit("schueler", 2015, 2024) > 0.5


def andere_wege_nach_klasse_6(d: Daten) -> bool:
    return d.seit("klasse7_gymnasium", 2015, 2024) < 0 < d.seit("klasse7_oberschule", 2015, 2024)


def beide_anteile_gestiegen(d: Daten) -> bool:
    return all(
        d.seit(k, 2012, 2024) > 0 for k in ("beschaeftigte_akademisch", "beschaeftigte_ohne_abschluss")
    )


def mehr_personal_je_platz(d: Daten) -> bool:
    return d.seit("kita_plaetze_je_vollzeitstelle", 2012) < 0


def etwas_ueber_dem_mittel(d: Daten) -> bool:
    paare = [d.neben_aehnlichen(s) for s in ("betreuungsquote_u3", "betreuungsquote_3_5")]
    return all(0 < eigen - sum(andere) / len(andere) < 2 for eigen, andere in paare)


def doppelt_gezaehlt(d: Daten) -> bool:
    zeilen = d.rechner.rechnung("sozialindex", 2026).tafeln["sozialindex_zusammenhang"].zeilen
    eng = [str(z["kopf"]) for z in zeilen if float(str(z["r"])) > 0.9]
    return eng == ["Kinderarmutsquote (SGB II) und Arbeitslosenanteil"]


def fast_wie_im_land(d: Daten) -> bool:
    reihe = d.rechner.berechne(d.katalog.finde("auslaendische_schueler"), [d.kreis.schluessel, "12"])
    hier, land = (w.wert for g in (d.kreis.schluessel, "12") if (w := reihe.letzter(g)))
    return hier is not None and land is not None and 0 < land - hier < 0.5


SOZIAL, PFLEGE, BILDUNG, FRUEH, MIGRATION = (
    "sozialbericht/2024", "pflegebericht/2024", "bildungsbericht/2024", "fruehkindliche-bildung/2024",
    "bildung-und-migration/2024",
)  # fmt: skip
BEHAUPTUNGEN: list[tuple[str, str, Callable[[Daten], bool]]] = [
    (SOZIAL, "kleinerer Teil der Kinder auf Grundsicherung angewiesen als in jedem der vier", vier_aehnliche),
    (
        SOZIAL,
        "Kinderarmut lag der Landkreis günstiger als dieses Mittel",
        guenstiger_als_das_mittel,
    ),
    (SOZIAL, "Auf sie entfällt rechnerisch der größere Teil des Anstiegs", groesserer_teil_des_anstiegs),
    (SOZIAL, "häufiger arbeitslos als Frauen", maenner_haeufiger),
    (SOZIAL, "Der Anteil wächst seit 2011", jedes_jahr_mehr_aeltere),
    (SOZIAL, "Die Arbeitslosigkeit sank seit 2011 überall", ueberall_weniger_arbeitslose),
    (SOZIAL, "Den größten Abstand haben Haushalte mit sechs und mehr Personen", groesste_haushalte),
    (BILDUNG, "Den größten Teil macht der Zuzug aus", zuzug_in_schulen),
    (BILDUNG, "Oberschulen tragen einen wachsenden Teil jedes Jahrgangs", andere_wege_nach_klasse_6),
    (BILDUNG, "Beide Anteile sind seit 2012 gestiegen", beide_anteile_gestiegen),
    (FRUEH, "mehr Personal da", mehr_personal_je_platz),
    (FRUEH, "Unter drei Jahren wie ab drei liegt die Betreuung nahe am Mittel", etwas_ueber_dem_mittel),
    (SOZIAL, "Kinder in der Grundsicherung und Arbeitslose messen hier fast dasselbe", doppelt_gezaehlt),
    (BILDUNG, "fast so hoch wie im Land", fast_wie_im_land),
    (MIGRATION, "fast so hoch wie im Land", fast_wie_im_land),
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


MEHR_ALS_IM_LAND = re.compile(
    r"[Mm]ehr (?:junge |ältere )?(?:Menschen|Kinder|Jugendliche)\b[^.;:]{0,60}\bals im (?:Land|Bund)"
)


def test_ein_landkreis_hat_nie_mehr_menschen_als_das_land() -> None:
    """Gemeint ist ein Anteil; dann steht es auch da („ein größerer Teil“, „häufiger“)."""
    dateien = [*PROJEKT.berichte.rglob("*.md"), *(PROJEKT.wurzel / "daten").rglob("*.yaml")]
    falsch = [(p.name, m[0]) for p in dateien for m in MEHR_ALS_IM_LAND.finditer(p.read_text("utf-8"))]
    assert MEHR_ALS_IM_LAND.search("Mehr Jugendliche als im Land gehen ohne Abschluss.") and falsch == []
