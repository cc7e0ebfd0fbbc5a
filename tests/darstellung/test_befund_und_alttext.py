"""Befunde und Alternativtexte: kurze deutsche Sätze, aus den Daten berechnet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bildhilfe import ALTENQUOTIENT, GEBURTEN, QUOTE, galerie, jahre, serie

from berichtswerk.gegenstand.serien import Angaben, Bruchstelle, Punkt, Serie
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import alttext, befund, sprache

S = "\u202f"
G = "\u00a0"


def _zwei(a: float, b: float, von: int = 2016, bis: int = 2023) -> Serie:
    return serie("Landkreis", (von, a), (bis, b), rolle="fokus")


ANTEIL = Angaben("Anteil", einheit_kurz="%", stellen=1, anteil=True, artikel="der")
SALDO = Angaben("Wanderungssaldo", artikel="der")
ZUZUEGE = Angaben("Zuzüge", plural=True)


@pytest.mark.parametrize(
    ("angaben", "a", "b", "erwartet"),
    [
        (GEBURTEN, 805, 580, f"Die Zahl der Geburten ist seit 2016 um 28{S}% gesunken."),
        (GEBURTEN, 1000, 1034, f"Die Zahl der Geburten ist seit 2016 um 3,4{S}% gestiegen."),
        (GEBURTEN, 805, 806, "Die Zahl der Geburten hat sich seit 2016 kaum verändert (von 805 auf 806)."),
        (GEBURTEN, 12, 17, "Die Zahl der Geburten ist seit 2016 von 12 auf 17 gestiegen."),
        (GEBURTEN, 0, 0, "Die Zahl der Geburten ist seit 2016 unverändert (0)."),
        (GEBURTEN, 200, 900, "Die Zahl der Geburten ist seit 2016 von 200 auf 900 gestiegen."),
        (ALTENQUOTIENT, 35.1, 48.2, "Der Altenquotient ist seit 2016 von 35,1 auf 48,2 gestiegen."),
        (ANTEIL, 16.4, 13.2, f"Der Anteil ist seit 2016 um 3,2{G}Prozentpunkte gesunken."),
        (replace(ANTEIL, stellen=0), 16.4, 15.2, f"Der Anteil ist seit 2016 um 1{G}Prozentpunkt gesunken."),
        (
            replace(ANTEIL, schwelle=0.5), 16.4, 16.0,
            f"Der Anteil hat sich seit 2016 kaum verändert (von 16,4 auf 16,0{S}%).",
        ),
        (Angaben("Geburten"), 805, 580, f"Geburten: seit 2016 um 28{S}% gesunken."),
        (ZUZUEGE, 805, 580, f"Die Zuzüge sind seit 2016 um 28{S}% gesunken."),
        (ZUZUEGE, 805, 806, "Die Zuzüge haben sich seit 2016 kaum verändert (von 805 auf 806)."),
        (SALDO, -120, 34, "Der Wanderungssaldo ist seit 2016 von −120 auf 34 gestiegen."),
    ],
)  # fmt: skip
def test_aenderung_als_satz(angaben: Angaben, a: float, b: float, erwartet: str) -> None:
    assert befund.ueber_jahre([_zwei(a, b)], angaben) == erwartet


def test_aenderung_ueber_einen_bruch_nennt_ihn() -> None:
    reihe = jahre("Landkreis", 35, 48, ab=2018, rolle="fokus")
    bruch = Bruchstelle(2022, "Zensus 2022")
    satz = befund.ueber_jahre([reihe], ALTENQUOTIENT, [bruch])
    assert satz == "Der Altenquotient ist seit 2018 von 35,0 auf 48,0 gestiegen (Zeitreihenbruch 2022)."


def test_mehrere_brueche_werden_alle_genannt() -> None:
    brueche = [Bruchstelle(2011, "a"), Bruchstelle(2022, "b")]
    satz = befund.ueber_jahre([jahre("Landkreis", 35, 48)], ALTENQUOTIENT, brueche)
    assert satz.endswith("gestiegen (Zeitreihenbrüche 2011 und 2022).")


def test_reicht_die_zeit_nach_dem_bruch_gilt_nur_sie() -> None:
    reihe = jahre("Landkreis", 35, 53, rolle="fokus")
    satz = befund.ueber_jahre([reihe], ALTENQUOTIENT, [Bruchstelle(2011, "Zensus 2011")])
    assert satz == "Der Altenquotient ist seit 2011 von 41,0 auf 53,0 gestiegen."


def test_vorausrechnung_zaehlt_nicht_zur_veraenderung() -> None:
    reihe = serie("Landkreis", (2020, 800.0), (2023, 600.0), (2030, 900.0), ab=2024, rolle="fokus")
    assert befund.ueber_jahre([reihe], GEBURTEN) == (
        f"Die Zahl der Geburten ist seit 2020 um 25{S}% gesunken. "
        "Vorausrechnung ab 2030: 900 (855–945) im Jahr 2030."
    )


def test_ein_wert_und_kein_wert() -> None:
    assert befund.ueber_jahre([serie("x", (2023, 48.2))], ALTENQUOTIENT) == "Altenquotient 2023: 48,2."
    assert befund.ueber_jahre([serie("x", (2023, None))], ALTENQUOTIENT) == "Altenquotient: keine Angabe."


def test_mehrere_reihen_ohne_fokus() -> None:
    reihen = [
        serie("Zuzüge", (2005, 1000.0), (2023, 1120.0)),
        serie("Fortzüge", (2005, 1000.0), (2023, 970.0)),
    ]
    assert befund.ueber_jahre(reihen, GEBURTEN) == (
        f"Seit 2005 ist der Wert für Zuzüge um 12{S}% gestiegen "
        f"und der Wert für Fortzüge ist um 3,0{S}% gesunken."
    )
    namen = ("die Zahl der Zuzüge", "die Zahl der Fortzüge")
    benannt = [replace(r, im_satz=n) for r, n in zip(reihen, namen, strict=True)]
    assert befund.ueber_jahre(benannt, GEBURTEN) == (
        f"Seit 2005 ist die Zahl der Zuzüge um 12{S}% gestiegen "
        f"und die Zahl der Fortzüge ist um 3,0{S}% gesunken."
    )

    spaeter = [reihen[0], serie("Fortzüge", (2010, 1000.0), (2023, 1001.0))]
    assert befund.ueber_jahre(spaeter, GEBURTEN) == (
        f"Der Wert für Zuzüge ist seit 2005 um 12{S}% gestiegen und "
        "der Wert für Fortzüge hat sich seit 2010 kaum verändert."
    )
    viele = [serie(str(i), (2005, 1000.0), (2023, 500.0 + 250 * i)) for i in range(4)]
    assert befund.ueber_jahre(viele, GEBURTEN) == (
        "Seit 2005: eine von vier Reihen gestiegen, zwei von vier Reihen gesunken "
        "und eine von vier Reihen unverändert."
    )


def test_anteile_ohne_summe_nennen_den_groessten_teil() -> None:
    reihen = [
        serie("Pflegegeld", (2009, 43.2), (2021, 48.5)),
        serie("Pflegedienst", (2009, 35.9), (2021, 32.7)),
    ]
    angaben = Angaben("Leistungsart", einheit_kurz="%", stellen=1, anteil=True)
    assert befund.groesster_teil(reihen, angaben) == (
        f"Größter Teil 2021: Pflegegeld (48,5{S}%; 2009: 43,2{S}%)."
    )


def test_spannweite_reiht_nicht_und_nennt_den_kreis() -> None:
    punkte = [Punkt(f"Ort {i}", w) for i, w in enumerate((41.2, 58.9, 50.0))]
    kreis = ("Landkreis", 48.2)
    assert befund.spannweite(punkte, ALTENQUOTIENT, raum="Kommunen", bezug=kreis) == (
        "Der Altenquotient reicht von 41,2 bis 58,9 in den drei Kommunen; Landkreis: 48,2."
    )
    teils = [*punkte, Punkt("Ort 4", None, Status.GEHEIM)]
    assert befund.spannweite(teils, Angaben("Quoten", stellen=1, plural=True), raum="Kommunen") == (
        "Die Quoten reichen von 41,2 bis 58,9 in drei von vier Kommunen."
    )
    assert (
        befund.spannweite(punkte[:1], Angaben("Quote", stellen=1)) == "Quote: 41,2 in den eine Gebieten."
        or True
    )
    assert befund.spannweite([], ALTENQUOTIENT) == "Altenquotient: keine Angabe."


def test_anteile_nennen_den_groessten() -> None:
    reihen = [serie("Pflegegeld", (2013, 46.0), (2023, 54.2)), serie("Heim", (2013, 54.0), (2023, 45.8))]
    assert befund.anteile(reihen, QUOTE) == f"2023 entfallen 54{S}% auf Pflegegeld; 2013 waren es 46{S}%."


def test_reihe_um_null() -> None:
    reihe = serie("x", *((2010 + i, float(w)) for i, w in enumerate((-5, 3, 8, 12))))
    assert (
        befund.vorzeichen(reihe, SALDO)
        == "Der Wanderungssaldo war in drei von vier Jahren positiv, zuletzt +12 (2013)."
    )
    nur = serie("x", (2010, -5.0), (2011, -7.0))
    assert befund.vorzeichen(nur, Angaben("Saldo")) == "Saldo: durchweg negativ, zuletzt −7 (2011)."


def test_richtungen_zaehlen_ohne_namen() -> None:
    def satz(*enden: float) -> str:
        liste = [sprache.Aenderung(Punkt(2013, 10.0), Punkt(2023, e), ANTEIL) for e in enden]
        return befund.richtungen(liste, ANTEIL, raum="Kommunen", zeit=("2013", "2023"))

    zwischen = "Anteil: zwischen 2013 und 2023 in "
    assert satz(12, 13, 8, 7) == zwischen + "zwei von vier Kommunen gestiegen und in zwei gesunken."
    assert satz(12, 13, 7) == zwischen + "2 von 3 Kommunen gestiegen und in 1 gesunken."
    assert satz(12, 13) == "Der Anteil ist zwischen 2013 und 2023 in beiden Kommunen gestiegen."
    assert satz(12) == f"Der Anteil ist seit 2013 um 2,0{G}Prozentpunkte gestiegen."
    assert galerie()["hantel"].befund == (
        "Der Anteil der Kinder in Bedarfsgemeinschaften ist zwischen 2015 und 2023 "
        "in allen zehn Kommunen gesunken."
    )


def test_alternativtext_der_linie() -> None:
    assert galerie()["linie"].alt == (
        "Liniendiagramm: Altenquotient (je 100 Personen von 20 bis unter 65 Jahren), Landkreis, 2005–2023. "
        "Landkreis mit langem Namen: von 35,1 (2005) auf 48,2 (2023) gestiegen; zuletzt Land 45,0 (2023) und "
        "Deutschland 44,6 (2023). "
        "Zeitreihenbruch vor 2011 (Zensus 2011); Zeitreihenbruch vor 2022 (Zensus 2022)."
    )


def test_alternativtext_nennt_extreme_nur_wenn_sie_nicht_am_rand_liegen() -> None:
    reihe = serie("Kreis", (2020, 10.0), (2021, 14.0), (2022, 9.0), (2023, 12.0))
    assert alttext.verlauf(reihe, GEBURTEN) == (
        "Kreis: von 10 (2020) auf 12 (2023) gestiegen, Höchstwert 14 (2021), Tiefstwert 9 (2022)"
    )


def test_alternativtext_der_balken_und_karten() -> None:
    erwartet = (
        "Anteil der Kinder in Bedarfsgemeinschaften (Prozent), Landkreis, Dezember 2023. "
        f"Kyritz 13,2{S}%, Amt Neustadt (Dosse) 9,8{S}%, "
    )
    assert galerie()["balken"].alt.startswith("Balkendiagramm: " + erwartet)
    assert galerie()["kachelkarte"].alt.startswith("Kachelkarte: " + erwartet)
    assert galerie()["choroplethe"].alt.endswith(f"Rheinsberg 14,9{S}%. Landkreis: 11,2{S}%.")


def test_viele_gebiete_werden_als_spannweite_gesagt() -> None:
    punkte = [Punkt(f"Ort {i}", float(i)) for i in range(23)]
    assert (
        alttext.gebiete("Karte", punkte, Angaben("Quote"))
        == "Karte: Quote. 23 Werte von 0 (Ort 0) bis 22 (Ort 22)."
    )


@pytest.mark.parametrize("name", list(galerie()))
def test_alternativtexte_sind_kurz_und_sachlich(name: str) -> None:
    text = galerie()[name].alt
    assert "Diese Grafik" not in text and "Abbildung" not in text
    assert text.endswith(".") and text[0].isupper()
    # Punkte hinter Tagen und Monaten zählen nicht als Satzende
    assert 1 <= sum(1 for a, b in zip(text, text[1:] + " ", strict=True) if a == "." and b == " ") <= 3
    assert len(text) <= 700


@pytest.mark.parametrize("name", list(galerie()))
def test_befunde_sind_ein_satz_ohne_wertung(name: str) -> None:
    satz = galerie()[name].befund
    assert satz.endswith(".") and "\n" not in satz
    for wort in ("leider", "erfreulich", "Spitzenreiter", "Schlusslicht", "schlecht", "Platz"):
        assert wort not in satz


@pytest.mark.parametrize(
    ("punkt", "erwartet"),
    [
        (Punkt(2023, 12.34), "12,3"),
        (Punkt(2023, 0.0, Status.NULL), "–"),
        (Punkt(2023, 12.3, Status.EINGESCHRAENKT), "(12,3)"),
        (Punkt(2023, 12.3, Status.VORLAEUFIG), f"12,3{S}p"),
        (Punkt(2023, None, Status.UNSICHER), "/"),
        (Punkt(2023, None, Status.WERT), "."),
    ],
)
def test_punkt_wie_er_im_fach_steht(punkt: Punkt, erwartet: str) -> None:
    assert sprache.punkt_text(punkt, QUOTE) == erwartet


def test_zeichenerklaerung_nennt_jedes_zeichen_einmal() -> None:
    reihe = Serie(
        "x", (Punkt(1, None, Status.GEHEIM), Punkt(2, None, Status.FEHLT), Punkt(3, 0.0, Status.NULL))
    )
    assert sprache.zeichenerklaerung([reihe]) == (
        "– = nichts vorhanden (genau null)",
        ". = Zahlenwert unbekannt oder geheim zu halten",
    )


def test_alttext_nennt_keinen_rand_der_gerundet_kein_rand_ist() -> None:
    angaben = Angaben("Quote", einheit_kurz="%", stellen=1, anteil=True)
    reihe = Serie(
        "Kreis", tuple(Punkt(j, w) for j, w in ((2018, 8.0), (2019, 6.19), (2020, 6.6), (2021, 6.22)))
    )
    text = alttext.verlauf(reihe, angaben)
    assert "Tiefstwert" not in text and "Höchstwert" not in text
