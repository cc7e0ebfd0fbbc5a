"""Jede Meldung der Methoden: die falsche Eingabe neben dem genauen Text."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from berichtswerk.fach.methoden import fehler
from berichtswerk.fach.methoden.annahmen import Annahme, Szenario
from berichtswerk.fach.methoden.anpassung import ras
from berichtswerk.fach.methoden.eingabe import bereich, feld
from berichtswerk.fach.methoden.kinder import geburten_mittel
from berichtswerk.fach.methoden.kita import Platzart, Platzbestand
from berichtswerk.fach.methoden.pflege import (
    pflegeprognose,
    quote_gemischt,
    quote_im_szenario,
    versorgungsarten,
)
from berichtswerk.fach.methoden.schule import Schulannahmen, durchgangsquoten, schuelerprognose
from berichtswerk.fach.methoden.sozialindex import Indikator, indikator, sozialindex
from berichtswerk.fach.methoden.stichtag import Altersgruppe, geburtszeitraum
from berichtswerk.fach.methoden.unsicherheit import glaette, wilson
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

A = Annahme("reserve", 3.0, "%", "Fachamt", "Vorsorge", date(2025, 1, 1))
OHNE_RICHTUNG: Any = SimpleNamespace(id="alg", name="Alg", leserichtung="neutral")


FAELLE: list[tuple[Callable[[], object], str]] = [
    (
        lambda: feld("Reihe", [1, 2], 3),
        "FEHLER [methode-laenge] Feld „Reihe“\n"
        "  „Reihe“ hat 2 Einträge, erwartet werden 3.\n"
        "  Abhilfe: Alle Reihen auf dieselben Altersgruppen oder Einheiten bringen.",
    ),
    (
        lambda: feld("Reihe", [1, float("nan")]),
        "FEHLER [methode-zahl] Feld „Reihe“\n"
        "  „Reihe“ enthält an Stelle 2 keine endliche Zahl.\n"
        "  Abhilfe: Fehlende Werte vor der Rechnung ergänzen oder das Gebiet auslassen.",
    ),
    (
        lambda: feld("Reihe", [1, -2]),
        "FEHLER [methode-negativ] Feld „Reihe“\n"
        "  „Reihe“ enthält an Stelle 2 den negativen Wert −2.\n"
        "  Abhilfe: Vorzeichen und Spalte der Quelle prüfen.",
    ),
    (
        lambda: wilson(11, 10),
        "FEHLER [methode-bereich] Feld „Treffer“\n"
        "  „Treffer“ ist 11, erlaubt ist 0 bis 10.\n"
        "  Abhilfe: Einheit prüfen (Prozent oder Anteil) und die Annahme berichtigen.",
    ),
    (
        lambda: bereich("Reserve", -1, 0, float("inf")),
        "FEHLER [methode-bereich] Feld „Reserve“\n"
        "  „Reserve“ ist −1, erlaubt ist 0 bis unbegrenzt.\n"
        "  Abhilfe: Einheit prüfen (Prozent oder Anteil) und die Annahme berichtigen.",
    ),
    (
        lambda: geburten_mittel([1, 2], 3),
        "FEHLER [methode-kurz] Feld „Geburten“\n"
        "  „Geburten“ hat 2 Jahre oder Jahrgänge, das Verfahren braucht mindestens 3.\n"
        "  Abhilfe: Weitere Jahre liefern oder das Fenster des Verfahrens verkleinern.",
    ),
    (
        lambda: durchgangsquoten([{1: 10}, {2: 9}], 3),
        "FEHLER [methode-kurz] Feld „Schülerzahlen“\n"
        "  „Schülerzahlen“ hat 2 Schuljahre, das Verfahren braucht mindestens 4.\n"
        "  Abhilfe: Weitere Schuljahre liefern oder weniger Übergänge mitteln.",
    ),
    (
        lambda: Szenario("obere Variante", (A, A)),
        "FEHLER [annahme-doppelt] Feld „reserve“\n"
        "  Das Szenario „obere Variante“ nennt die Annahme „reserve“ mehrfach.\n"
        "  Abhilfe: Nur eine Fassung behalten; was nur für eine Kommune gilt, mit ihrem Gebiet angeben.",
    ),
    (
        lambda: Szenario("obere Variante", (A,)).annahme("reserve_"),
        "FEHLER [annahme-unbekannt] Feld „reserve_“\n"
        "  Das Szenario „obere Variante“ kennt die Annahme „reserve_“ nicht.\n"
        "  Abhilfe: Annahme ergänzen oder einen vorhandenen Namen verwenden: reserve.",
    ),
    (
        lambda: Szenario("obere Variante", (replace(A, wert="viel"),)).zahl("reserve"),
        "FEHLER [annahme-keine-zahl] Feld „reserve“\n"
        "  Die Annahme „reserve“ im Szenario „obere Variante“ ist keine einzelne Zahl.\n"
        "  Abhilfe: Eine Zahl angeben; Reihen werden getrennt übergeben.",
    ),
    (
        lambda: ras([[1, 1], [1, 1]], [2, 2], [2, 3]),
        "FEHLER [ras-randsummen] Feld „Randsummen“\n"
        "  Die Zeilensummen ergeben 4,0, die Spaltensummen 5,0.\n"
        "  Abhilfe: Beide Randsummen auf dieselbe Gesamtzahl bringen (zum Beispiel proportional).",
    ),
    (
        lambda: ras([[0, 0], [1, 1]], [2, 2], [2, 2]),
        "FEHLER [ras-leer] Feld „Zeile“\n"
        "  Zeile 1 enthält nur Nullen, soll aber auf 2,0 angepasst werden.\n"
        "  Abhilfe: Ausgangstafel ergänzen oder die Randsumme auf null setzen.",
    ),
    (
        lambda: ras([[1, 0], [0, 1]], [2, 3], [3, 2], hoechstens=5),
        "FEHLER [ras-nicht-konvergent] Feld „Randsummen“\n"
        "  Die Anpassung hat nach 5 Durchläufen noch eine Abweichung von 1,000 (erlaubt 0,000000005).\n"
        "  Ursache: Die Randsummen sind mit den besetzten Feldern nicht gleichzeitig erreichbar.\n"
        "  Abhilfe: Nullen in der Ausgangstafel prüfen: sie können unvereinbar mit den Randsummen sein.",
    ),
    (
        lambda: geburtszeitraum(Altersgruppe("ab 8", 96, None), date(2025, 8, 1)),
        "FEHLER [altersgruppe-leer] Feld „ab 8“\n"
        "  Die Gruppe „ab 8“ enthält am 01.08.2025 keinen Geburtstag.\n"
        "  Abhilfe: Grenzen der Gruppe und Einschulungsstichtag prüfen.",
    ),
    (
        lambda: Platzbestand("Kita Nord", Platzart.BELEGBAR, 10, date(2025, 8, 1), date(2025, 7, 31)),
        "FEHLER [kapazitaet-zeitraum] Feld „Kita Nord“\n"
        "  Die Plätze in „Kita Nord“ enden am 31.07.2025 vor ihrem Beginn am 01.08.2025.\n"
        "  Abhilfe: Beginn und Ende in der Lieferung prüfen.",
    ),
    (
        lambda: Platzbestand("Kita Nord", Platzart.BEFRISTET, 10, date(2025, 8, 1)),
        "FEHLER [kapazitaet-ohne-ende] Feld „Kita Nord“\n"
        "  Die befristete Ausnahme in „Kita Nord“ hat kein Enddatum.\n"
        "  Abhilfe: Enddatum der Ausnahmegenehmigung eintragen.",
    ),
    (
        lambda: quote_gemischt({"a": 0.5, "b": 0.4}, {"a": [1], "b": [1]}),
        "FEHLER [pflege-gewichte] Feld „Mischung“\n"
        "  Die Gewichte der Mischung ergeben 0,9 statt 1 oder sind negativ.\n"
        "  Abhilfe: Gewichte zwischen 0 und 1 angeben, die zusammen 1 ergeben.",
    ),
    (
        lambda: quote_im_szenario([1], Szenario("Pflege", (replace(A, name="art", wert="sinkend"),)), 1),
        "FEHLER [pflege-art] Feld „art“\n"
        "  Das Szenario „Pflege“ hat die unbekannte Art „sinkend“.\n"
        "  Abhilfe: Eine dieser Arten angeben: status_quo, steigend, kompression, gemischt.",
    ),
    (
        lambda: pflegeprognose({2024: [1]}, [1], Szenario("Pflege", ()), 2023),
        "FEHLER [pflege-ausgangsjahr] Feld „Bevölkerung“\n"
        "  Die Bevölkerung des Ausgangsjahres 2023 fehlt.\n"
        "  Abhilfe: Bevölkerung für das Jahr der Pflegequoten angeben.",
    ),
    (
        lambda: versorgungsarten([10], {"ambulant": 0.5, "stationär": 0.4}),
        "FEHLER [versorgung-anteile] Feld „Versorgungsarten“\n"
        "  Die Anteile der Versorgungsarten ergeben in einer Altersgruppe 0,9 statt 1.\n"
        "  Abhilfe: Anteile so angeben, dass jede Altersgruppe zusammen 1 ergibt.",
    ),
    (
        lambda: schuelerprognose({("Grundschule", 1): 10}, [10], Schulannahmen({}, {})),
        "FEHLER [durchgang-fehlt] Feld „Grundschule, Klasse 1“\n"
        "  Für Grundschule, Klasse 1, fehlt die Durchgangsquote.\n"
        "  Abhilfe: Quote aus den letzten Schuljahren berechnen oder als Annahme setzen.",
    ),
    (
        lambda: glaette([2, 11], [5, 10]),
        "FEHLER [glaettung-zaehler] Feld „Treffer“\n"
        "  An Stelle 2 ist der Zähler größer als der Nenner.\n"
        "  Abhilfe: Nur Anteile zwischen 0 und 1 lassen sich so glätten.",
    ),
    (
        lambda: sozialindex(["a", "b"], {"alg": [1, 2]}, [Indikator("alq")]),
        "FEHLER [index-indikatoren] Feld „Indikatoren“\n"
        "  Unbekannte Indikatoren: alq.\n"
        "  Abhilfe: Aus diesen wählen: alg.",
    ),
    (
        lambda: sozialindex(["a", "a"], {"alq": [1, 2]}, [Indikator("alq")]),
        "FEHLER [index-doppelt] Feld „Sozialindex“\n"
        "  „a“ kommt mehrfach vor.\n"
        "  Abhilfe: Jede Einheit und jeden Indikator nur einmal angeben.",
    ),
    (
        lambda: indikator(Reihe(OHNE_RICHTUNG, ())),
        "FEHLER [index-richtung] Feld „Sozialindex“\n"
        "  „Alg“ hat keine Leserichtung und kann nicht in einen Index eingehen.\n"
        "  Ursache: Ob ein hoher Wert Belastung oder Entlastung bedeutet, steht in der Kennzahl nicht fest.\n"
        "  Abhilfe: Nehmen Sie die Eingabe aus der Rechnung oder schreiben Sie in daten/kennzahlen/alg.yaml "
        "„leserichtung: hoch_gut“ oder „hoch_schlecht“.",
    ),
]


@pytest.mark.parametrize(("eingabe", "text"), FAELLE)
def test_meldung(eingabe: Callable[[], object], text: str) -> None:
    with pytest.raises(BerichtswerkFehler) as info:
        eingabe()
    assert str(info.value) == text
    assert str(pickle.loads(pickle.dumps(info.value))) == text


def test_jede_kennung_hat_einen_fall() -> None:
    arten = (art for art in vars(fehler).values() if isinstance(art, type) and issubclass(art, Befundart))
    kennungen = {art.kennung for art in arten if art is not Befundart}
    assert kennungen == {text.split("[")[1].split("]")[0] for _, text in FAELLE}
