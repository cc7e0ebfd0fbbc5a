"""Befunde und Alternativtexte: kurze deutsche Sätze, aus den Daten berechnet.

Der Wortlaut des Verlaufs steht mit zehn Beispielen in ``docs/befunde.md`` (``test_befund_beispiele.py``).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from bildhilfe import ALTENQUOTIENT, GEBURTEN, PROJEKT, QUOTE, galerie, jahre, serie

from berichtswerk.bericht.abbildungen import in_worten
from berichtswerk.fach.veraenderung import Bruch, Stand, Veraenderung
from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import befund, sprache

S = "\u202f"
G = "\u00a0"
ANTEIL = Angaben("Anteil", einheit_kurz="%", stellen=1, anteil=True, artikel="der")
SALDO = Angaben("Wanderungssaldo", artikel="der", art="saldo")
ZUZUEGE = Angaben("Zuzüge", plural=True)


def _satz(reihen: list[Serie], angaben: Angaben, brueche: tuple[...] = ()) -> str:
    return befund.jahresreihe("Liniendiagramm", reihen, angaben, brueche).befund


def _zwei(a: float, b: float) -> list[Serie]:
    return [serie("Landkreis", (2016, a), (2023, b), rolle="fokus")]


@pytest.mark.parametrize(
    ("angaben", "a", "b", "erwartet"),
    [
        (GEBURTEN, 805, 580, f"Die Zahl der Geburten sank von 2016 bis 2023 um 28,0{S}% auf 580."),
        (GEBURTEN, 805, 806, "Die Zahl der Geburten veränderte sich von 2016 (805) bis 2023 (806) kaum."),
        (GEBURTEN, 12, 17, "Die Zahl der Geburten stieg von 12 (2016) auf 17 (2023)."),
        (GEBURTEN, 200, 900, "Die Zahl der Geburten stieg von 200 (2016) auf 900 (2023)."),
        (ALTENQUOTIENT, 35.1, 48.2, "Der Altenquotient stieg von 35,1 (2016) auf 48,2 (2023)."),
        (
            ANTEIL, 16.4, 13.2,
            f"Der Anteil sank von 2016 bis 2023 um 3,2{G}Prozentpunkte auf 13,2{S}%.",
        ),
        (
            replace(ANTEIL, stellen=0), 16.4, 15.2,
            f"Der Anteil sank von 2016 bis 2023 um 1{G}Prozentpunkt auf 15{S}%.",
        ),
        (Angaben("Geburten"), 805, 580, f"Geburten: Der Wert sank von 2016 bis 2023 um 28,0{S}% auf 580."),
        (ZUZUEGE, 805, 580, f"Die Zuzüge sanken von 2016 bis 2023 um 28,0{S}% auf 580."),
        (ZUZUEGE, 805, 806, "Die Zuzüge veränderten sich von 2016 (805) bis 2023 (806) kaum."),
        (SALDO, -120, 34, "Der Wanderungssaldo stieg von −120 (2016) auf +34 (2023)."),
    ],
)  # fmt: skip
def test_ein_schritt_als_satz(angaben: Angaben, a: float, b: float, erwartet: str) -> None:
    assert _satz(_zwei(a, b), angaben) == erwartet


def test_einheit_steht_nur_einmal() -> None:
    einheit = f"je 1{S}000"
    rate = Angaben(f"Zahl der Haushalte {einheit} Haushalte", einheit_kurz=einheit, stellen=1, artikel="die")
    assert _satz(_zwei(27.0, 23.5), rate) == (
        f"Die Zahl der Haushalte {einheit} Haushalte sank von 27,0 (2016) auf 23,5 (2023)."
    )
    ohne = replace(rate, was="Dichte")
    assert _satz(_zwei(27.0, 23.5), ohne) == f"Die Dichte sank von 27,0 (2016) auf 23,5{G}{einheit} (2023)."


def test_ein_wert_und_kein_wert() -> None:
    assert _satz([serie("x", (2023, 48.2))], ALTENQUOTIENT) == "Der Altenquotient lag 2023 bei 48,2."
    assert _satz([serie("x", (2023, None))], ALTENQUOTIENT) == "Altenquotient: keine Angabe."
    assert _satz([serie("x", (2030, 48.2), ab=2024)], ALTENQUOTIENT) == (
        "2030 wird der Altenquotient voraussichtlich bei 48,2 liegen (Spanne 45,8 bis 50,6)."
    )


def test_bruch_vor_dem_einzigen_wert() -> None:
    reihe = serie("x", (2010, 40.0), (2023, 48.2), rolle="fokus")
    assert _satz([reihe], ALTENQUOTIENT, (Bruch(2022, "Zensus"),)) == (
        "Der Altenquotient lag 2023 bei 48,2; frühere Werte sind nicht vergleichbar (Zeitreihenbruch 2022)."
    )


def test_mehrere_reihen_sagen_jede_ihre_jahre() -> None:
    reihen = [
        serie("Zuzüge", (2005, 1000.0), (2023, 1120.0)),
        replace(serie("Fortzüge", (2010, 1000.0), (2023, 1001.0)), im_satz="die Zahl der Fortzüge"),
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN)
    assert worte.befund == f"Zahl der Geburten, zuletzt 2023: Zuzüge 1{S}120 und Fortzüge 1{S}001."
    assert worte.weiter == (
        f"Der Wert für Zuzüge stieg von 2005 bis 2023 um 12,0{S}% auf 1{S}120; "
        f"die Zahl der Fortzüge veränderte sich von 2010 (1{S}000) bis 2023 (1{S}001) kaum."
    )


def test_endet_ein_name_mit_einer_ziffer_steht_der_wert_davor() -> None:
    """„Klassen 1 bis 4 3 022“ läse sich wie eine Zahl."""
    reihen = [
        serie(n, (2024, a), (2030, e), ab=2025)
        for n, a, e in (("unter 3 Jahre", 400.0, 500.0), ("Klassen 1 bis 4", 700.0, 600.0))
    ]
    angaben = Angaben("Kinder nach Altersgruppen")
    worte = befund.jahresreihe("Liniendiagramm", reihen, angaben)
    assert worte.befund == (
        "Kinder nach Altersgruppen, voraussichtlich 2030: 500 (unter 3 Jahre) und 600 (Klassen 1 bis 4)."
    )


def test_ein_einzelnes_letztes_jahr_ist_kein_trend() -> None:
    """Der Anteil fiel von 8,6 auf 5,4 %; der Titel sagte „stieg von 2015 bis 2016 um 0,6 Prozentpunkte“."""
    angaben = replace(ANTEIL, was="Anteil der Kindertagespflege an allen betreuten Kindern")
    reihe = serie("Kreis", (2011, 7.3), (2012, 8.6), (2015, 4.8), (2016, 5.4), rolle="fokus")
    worte = befund.jahresreihe("Liniendiagramm", [reihe], angaben)
    assert worte.befund == (
        f"Der Anteil der Kindertagespflege an allen betreuten Kindern lag 2016 bei 5,4{S}%, "
        f"nach 8,6{S}% im Jahr 2012."
    )
    assert worte.weiter == (
        f"Er stieg von 7,3{S}% (2011) auf 8,6{S}% (2012), sank auf 4,8{S}% (2015) "
        f"und stieg dann auf 5,4{S}% (2016)."
    )


def test_was_kaum_anders_wird_bleibt_etwa_gleich_mit_einer_klammer() -> None:
    """Nicht „wird sich voraussichtlich nur zufällig verändern (43) (Spanne 33 bis 56)“."""
    reihe = serie("A", (2016, 60.0), (2024, 44.0), (2027, 43.0), (2030, 43.4), ab=2025)
    worte = befund.jahresreihe("Liniendiagramm", [replace(reihe, im_satz="")], GEBURTEN)
    assert f"{worte.befund} {worte.weiter}" == (
        "Bis 2030 wird die Zahl der Geburten voraussichtlich etwa gleich bleiben (43; Spanne 41 bis 46). "
        "Sie sank von 60 (2016) auf 44 (2024)."
    )
    assert "Bis 2030 wird sie voraussichtlich etwa gleich bleiben (43; Spanne 41 bis 46)." in worte.alt


def test_deutlich_anderes_im_rahmen_des_zufalls_heisst_nicht_gleich() -> None:
    """Nicht „wird etwa gleich bleiben (139)“ hinter „159 (2020)“."""
    reihe = serie("A", (2016, 164.0), (2020, 159.0), (2023, 146.0), (2026, 139.0), ab=2021)
    worte = befund.jahresreihe("Liniendiagramm", [replace(reihe, im_satz="")], GEBURTEN)
    ende = "voraussichtlich bei 139 liegen (im Rahmen zufälliger Schwankung; Spanne 132 bis 146)."
    assert worte.befund == f"2026 wird die Zahl der Geburten {ende}"
    assert f"2026 wird sie {ende}" in worte.alt


def test_zwei_reihen_die_zuletzt_gleich_gehen_stehen_in_einem_satz() -> None:
    """Nicht „sank zuletzt auf −959 (2024); der Wanderungssaldo sank zuletzt auf 740 (2024)“."""
    paare = {"natürliche Saldo": (-362.0, -800.0, -959.0), "Wanderungssaldo": (1200.0, 1009.0, 740.0)}
    reihen = [
        replace(serie(n, *zip((2000, 2023, 2024), werte, strict=True)), im_satz=f"der {n}")
        for n, werte in paare.items()
    ]
    angaben = Angaben("Salden", "Landkreis", "Personen", art="saldo")
    assert befund.jahresreihe("Säulendiagramm", reihen, angaben).befund == (
        "Der natürliche Saldo und der Wanderungssaldo sanken zuletzt auf \u2212959 und +740 (2024)."
    )


def test_die_spannweite_eines_saldos_traegt_vorzeichen() -> None:
    punkte = [Punkt("A", -21.0), Punkt("B", 226.0)]
    angaben = Angaben("Platzsaldo", "Landkreis", "Plätze", artikel="der", art="saldo", zeit="2027")
    satz = befund.spannweite("Karte", punkte, angaben).befund
    assert satz == "Der Platzsaldo reichte 2027 in den zwei Gebieten von \u221221 bis +226."


def test_zwei_reihen_derselben_groesse_unterscheidet_ihr_name() -> None:
    """Nicht „der Wert für Bevölkerung“; und der Ort bleibt im Alternativtext, auch wenn er lang wird."""
    ist = serie("Bevölkerung", *((j, 9000.0 - 40 * (j - 2005)) for j in range(2005, 2024)))
    voraus = serie("Vorausrechnung", *((j, 8200.0 - 30 * (j - 2024)) for j in range(2024, 2041)), ab=2025)
    reihen = [replace(s, im_satz="die Bevölkerungszahl") for s in (ist, voraus)]
    angaben = Angaben("Bevölkerung und Vorausrechnung", "Kyritz", "Personen am 31. Dezember")
    alt = befund.jahresreihe("Liniendiagramm", reihen, angaben).alt
    assert "Kyritz" in alt and "Wert für" not in alt
    assert "die Bevölkerungszahl (Vorausrechnung) lag 2024 bei 8\u202f200" in alt


def test_gleich_gerichtete_vorausrechnungen_stehen_in_einem_titel() -> None:
    """Der Titel sagt, was geschieht, lange Namen so knapp es geht; von wo auf wie viel, steht darunter."""
    reihen = [
        serie(f"Altersgruppe mit einem langen Namen {n}", (2024, a), (2030, e), ab=2025)
        for n, a, e in (("A", 600.0, 500.0), ("B", 700.0, 550.0), ("C", 500.0, 400.0))
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, Angaben("Kinder nach Altersgruppen"))
    titel = (
        "Kinder nach Altersgruppen: Bis 2030 sinken voraussichtlich alle, Altersgruppe mit einem langen "
        "Namen A, Altersgruppe mit einem langen Namen B und Altersgruppe mit einem langen Namen C."
    )
    assert (worte.befund, "von 600 (2024) auf 500" in worte.weiter) == (titel, True)


def test_von_zwei_reihen_sagt_der_titel_welche() -> None:
    """„Bis 2030 werden voraussichtlich beide Werte sinken“ sagte nicht, welche."""
    reihen = [
        serie(name, (2024, a), (2030, e), ab=2025)
        for name, a, e in (("unter 3 Jahre", 1847.0, 1703.0), ("3 bis unter 6 Jahre", 2299.0, 1770.0))
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, Angaben("Kinder bis zur Einschulung"))
    beide = "Bis 2030 sinken voraussichtlich beide, unter 3 Jahre und 3 bis unter 6 Jahre."
    assert worte.befund == f"Kinder bis zur Einschulung: {beide}"


_LEER = re.compile(
    r"\b(?:alle \w+|beide|die|diese) Werte\b|\b(?:lag|liegt|dieser) der Wert\b|(?<!: )\bDer Wert (?!für\b)"
)


def test_jeder_satz_nennt_wovon_er_spricht() -> None:
    """„Bis 2040 werden voraussichtlich alle drei Werte steigen“: welche? Alle Sätze aller Notizbücher."""
    leer = [
        (datei.stem, satz)
        for datei in sorted((PROJEKT.wurzel / "notebooks").glob("*.ipynb"))
        for zelle in json.loads(datei.read_text(encoding="utf-8"))["cells"]
        for a in zelle.get("outputs", ())
        for g in [a.get("data", {}).get("application/vnd.berichtswerk+json", {})]
        for satz in re.findall(
            r'"(?:befund|weiter|alt)": "((?:[^"\\]|\\.)*)"', json.dumps(g, ensure_ascii=False)
        )
        if _LEER.search(satz)
    ]
    assert leer == []


def test_mit_einer_wende_sagt_der_titel_nur_wie_es_am_ende_ist() -> None:
    """„Bis 2040 werden beide steigen“ stimmt nicht, wenn eine bis 2028 sinkt."""
    reihen = [
        serie("Gruppe A mit einem langen Namen", (2024, 600.0), (2030, 900.0), (2040, 700.0), ab=2025),
        serie("Gruppe B mit einem langen Namen", (2024, 500.0), (2030, 600.0), (2040, 700.0), ab=2025),
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, Angaben("Ältere Menschen nach Alter"))
    assert worte.befund == (
        "Ältere Menschen nach Alter: 2040 werden voraussichtlich die Zahlen für Gruppe A mit einem langen "
        "Namen und Gruppe B mit einem langen Namen höher sein als 2024."
    )


def test_mehr_als_drei_reihen_nennen_die_lage_im_letzten_jahr() -> None:
    viele = [serie(f"Reihe {i}", (2005, 1000.0), (2023, 500.0 + 250 * i)) for i in range(4)]
    assert _satz(viele, Angaben("Fälle")) == f"Fälle: 2023 zwischen 500 (Reihe 0) und 1{S}250 (Reihe 3)."


def test_szenarien_erzaehlen_die_vergangenheit_einmal() -> None:
    reihen = [
        serie(n, (2020, 800.0), (2024, 600.0), (2034, e), ab=2025) for n, e in (("A", 500.0), ("B", 700.0))
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN)
    assert worte.befund == "Zahl der Geburten: 2034 voraussichtlich zwischen 500 und 700."
    assert worte.weiter == (
        f"Die Zahl der Geburten sank von 2020 bis 2024 um 25,0{S}% auf 600. "
        "Voraussichtlich 2034: A 500 (Spanne 475 bis 525) und B 700 (Spanne 665 bis 735)."
    )


def test_zwei_schwankende_reihen_brauchen_nur_einen_satz() -> None:
    """Die letzte Veränderung steht im Titel; darunter reicht die Spannweite, und der Text bleibt kurz."""
    auf_und_ab = [(j, 600.0 + 200 * (j % 2)) for j in range(2010, 2023)]
    reihen = [replace(serie(n, *auf_und_ab), im_satz=f"die Zahl {n}") for n in ("A", "B")]
    worte = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN)
    assert worte.befund == "Die Zahl A und die Zahl B sanken zuletzt auf je 600 (2022)."
    assert (
        worte.weiter
        == "; ".join(
            f"{die} Zahl {n} schwankte von 2010 bis 2022 zwischen 600 ({tief}) und 800 (2011)"
            for die, n, tief in (("Die", "A", 2010), ("die", "B", 2010))
        )
        + "."
    )


def test_zuletzt_heisst_auch_der_letzte_wert() -> None:
    """Über zwanzig Jahre gestiegen, im letzten Jahr gesunken: „zuletzt stiegen beide“ wäre falsch."""
    stieg = [(j, 13000.0 + 300 * (j - 1995)) for j in range(1995, 2015)]
    reihen = [
        replace(serie("A", *stieg, (2015, stieg[-1][1] - 150)), im_satz="die Zahl der Geburten"),
        replace(
            serie("B", *((j, w + 9000) for j, w in stieg), (2015, 30000.0)), im_satz="die der Sterbefälle"
        ),
    ]
    titel = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN).befund
    assert "zuletzt auf" in titel and "seit 1995 auf" in titel and "uletzt stiegen" not in titel
    lang = [
        replace(r, name=f"Betreuungsquote {n} " * 3, im_satz=f"die {n}quote " + "im ganzen Land " * 2)
        for r, n in zip(reihen, "AB", strict=True)
    ]
    titel = befund.jahresreihe("Liniendiagramm", lang, GEBURTEN).befund
    assert "Betreuungsquote A" in titel and "Betreuungsquote B" in titel, "welche Zahl wem gehört"


def test_der_titel_sagt_welcher_wert_wem_gehoert() -> None:
    """„Jungen und Mädchen ohne Abschluss: zuletzt 13,3 % und 7,3 %“ ließ offen, wer welcher ist."""
    werte = {"Jungen": (13.9, 13.3), "Mädchen": (6.2, 7.3)}
    reihen = [
        replace(serie(f"{wer} ohne Hauptschulabschluss", (2005, a), (2023, b)), kennzahl=wer, gebiet="12068",
                im_satz=f"der Anteil der {wer} ohne Hauptschulabschluss an allen Abgängen der {wer}")
        for wer, (a, b) in werte.items()
    ]  # fmt: skip
    was = Angaben("Ohne Hauptschulabschluss", einheit_kurz="%", stellen=1, anteil=True)
    titel = befund.jahresreihe("Liniendiagramm", reihen, was).befund
    assert titel == f"Ohne Hauptschulabschluss, zuletzt 2023: Jungen 13,3{S}% und Mädchen 7,3{S}%."


def test_hauptwoerter_bleiben_auch_vor_roemischen_zahlen_gross() -> None:
    """„Grundschulen 3 641, sekundarstufe I 3 557“ stand im Titel."""
    namen = ("Belegbare Plätze", "Sekundarstufe I", "Sekundarstufe II")
    reihen = [serie(n, (2024, 9.0 + i), (2025, 8.0 - 3 * i)) for i, n in enumerate(namen)]
    titel = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN).befund
    assert "belegbare Plätze" in titel and "Sekundarstufe I " in titel and "sekundarstufe" not in titel


def test_teile_nennen_den_groessten() -> None:
    reihen = [
        replace(serie("Pflegegeld", (2009, 43.2), (2021, 48.5)), im_satz="der Anteil mit Pflegegeld"),
        serie("Pflegedienst", (2009, 35.9), (2021, 32.7)),
    ]
    worte = befund.groesster_teil("Säulendiagramm", reihen, ANTEIL)
    assert worte.befund == f"Am größten war 2021 der Anteil mit Pflegegeld (48,5{S}%)."
    assert worte.alt.endswith(f"2021: Pflegegeld 48,5{S}%, Pflegedienst 32,7{S}%.")


def test_wer_zuhoert_erfaehrt_keine_rangfolge() -> None:
    """Der Befund nennt keinen Ort als ersten oder letzten; der Alternativtext auch nicht."""
    punkte = [Punkt(ort, wert) for ort, wert in (("Adorf", 1.0), ("Bedorf", 3.0), ("Cedorf", 2.0))]
    alt = befund.spannweite("Karte", punkte, replace(ANTEIL, zeit="2023"), raum="Kommunen").alt
    assert "von 1,0 bis 3,0" in alt and not re.search("Adorf|Bedorf|Cedorf", alt)


def test_schwanken_zwei_reihen_erzaehlt_auch_der_alternativtext_keinen_letzten_ausschlag() -> None:
    lang = "die Zahl der Abgänge mit allgemeiner Hochschulreife an den Schulen"
    auf_und_ab = [(j, 600.0 + 200 * (j % 2)) for j in range(2010, 2023)]
    reihen = [replace(serie(n, *auf_und_ab), im_satz=f"{lang} in {n}") for n in ("Adorf", "Bedorf")]
    worte = befund.jahresreihe("Liniendiagramm", reihen, GEBURTEN)
    assert worte.befund.removesuffix(".") in worte.alt and "von 2021" not in worte.alt


def test_spannweite_reiht_nicht_und_nennt_jahr_und_kreis() -> None:
    punkte = [Punkt(f"Ort {i}", w) for i, w in enumerate((41.2, 58.9, 50.0))]

    def satz(angaben: Angaben, werte: list[Punkt]) -> str:
        bezug = ("Landkreis", 48.2)
        return befund.spannweite("Karte", werte, angaben, raum="Kommunen", bezug=bezug).befund

    wann = replace(ALTENQUOTIENT, zeit="2023")
    assert satz(wann, punkte) == (
        "Der Altenquotient reichte 2023 in den drei Kommunen von 41,2 bis 58,9 (Landkreis: 48,2)."
    )
    voraus = replace(ALTENQUOTIENT, zeit="2040 (Vorausrechnung)")
    assert satz(voraus, punkte) == (
        "Der Altenquotient wird 2040 in den drei Kommunen voraussichtlich von 41,2 bis 58,9 reichen "
        "(Landkreis: 48,2)."
    )
    teils = [*punkte, Punkt("Ort 4", None, Status.GEHEIM)]
    mehrere = Angaben("Quoten", stellen=1, plural=True, zeit="2023")
    assert satz(mehrere, teils).startswith(
        "Die Quoten reichten 2023 in drei von vier Kommunen von 41,2 bis 58,9"
    )
    gleich = [Punkt("A", 5.0), Punkt("B", 5.0)]
    assert satz(mehrere, gleich).startswith("Die Quoten lagen 2023 in den zwei Kommunen bei 5,0")
    assert befund.spannweite("Karte", [], ALTENQUOTIENT).befund == "Altenquotient: keine Angabe."


def test_reihe_um_null() -> None:
    reihe = serie("x", *((2010 + i, float(w)) for i, w in enumerate((-5, 3, 8, 12))))
    assert befund.um_null("Säulendiagramm", reihe, SALDO).befund == (
        "Der Wanderungssaldo war von 2010 bis 2013 in drei von vier Jahren positiv, zuletzt +12 (2013)."
    )
    nur = serie("x", (2010, -5.0), (2011, -7.0))
    assert befund.um_null("Säulendiagramm", nur, Angaben("Saldo")).befund == (
        "Saldo: Der Wert war von 2010 bis 2011 durchweg negativ, zuletzt −7 (2011)."
    )
    luecke = serie("x", (2010, -5.0), (2015, -7.0))
    assert befund.um_null("Säulendiagramm", luecke, Angaben("Saldo")).befund == (
        "Saldo: Der Wert war von 2010 bis 2015 in jedem belegten Jahr negativ, zuletzt −7 (2015)."
    )


def test_zwei_jahre_werden_gezaehlt_ohne_namen() -> None:
    def satz(raum: str, *enden: float) -> str:
        liste = [Veraenderung(Stand(2013, 10.0), Stand(2023, e), ANTEIL.masz) for e in enden]
        return befund.richtungen("Hantel", liste, ANTEIL, raum=raum, zeit=("2013", "2023")).befund

    assert satz("Kommunen", 12, 13, 8, 7) == (
        "Der Anteil war 2023 in zwei von vier Kommunen höher als 2013 und in zwei niedriger."
    )
    assert satz("Kommunen", 12, 13, 7) == (
        "Der Anteil war 2023 in zwei von drei Kommunen höher als 2013 und in einer niedriger."
    )
    assert satz("Kreisen", 12, 13, 10).endswith("höher als 2013 und in einem fast gleich.")
    assert satz("Kommunen", 10, 10, 12) == (
        "Der Anteil war 2023 in einer von drei Kommunen höher als 2013 und in zwei fast gleich."
    )
    lang = [Veraenderung(Stand(2013, 10.0), Stand(2023, e), ANTEIL.masz) for e in (7.0, 7.0, 10.0)]
    name = replace(ANTEIL, was="Anteil der Menschen in Bedarfsgemeinschaften mit Kindern unter drei Jahren")
    worte = befund.richtungen("Hantel", lang, name, raum="Kommunen", zeit=("2013", "2023"))
    assert worte.weiter == "In einer blieb er fast gleich."
    assert satz("Kommunen", 12, 13) == "Der Anteil war 2023 in beiden Kommunen höher als 2013."
    assert galerie()["hantel"].befund == (
        "Der Anteil der Kinder in Bedarfsgemeinschaften war 2023 in allen zehn Kommunen niedriger als 2015."
    )


def test_ueber_einen_bruch_wird_nicht_gezaehlt() -> None:
    bruch = Bruch(2017, "neu gezählt")
    liste = [Veraenderung(Stand(2013, 10.0), Stand(2023, 12.0), ANTEIL.masz, (bruch,))]
    satz = befund.richtungen("Hantel", liste, ANTEIL, raum="Kommunen", zeit=("2013", "2023")).befund
    assert satz == "Anteil: 2013 und 2023 nicht vergleichbar (Zeitreihenbruch 2017)."


def test_alternativtext_der_linie_nennt_dieselbe_aussage() -> None:
    bild = galerie()["linie"]
    zahlen = re.compile(r"\d[\d,]*")
    assert bild.alt.startswith("Liniendiagramm, Landkreis, 2005–2023. ")
    assert {*zahlen.findall(bild.befund + bild.weiter)} <= {*zahlen.findall(bild.alt)}


def test_vergleich_im_alternativtext_steht_im_selben_jahr() -> None:
    kreis = serie("Kreis", (2015, 2.4), (2022, 5.5), rolle="fokus")
    land = serie("Land", (2010, 1.9), (2015, 3.6), rolle="vergleich")
    angaben = Angaben("Anteil", "Kreis", einheit_kurz="%", stellen=1, anteil=True, artikel="der")
    worte = befund.jahresreihe("Liniendiagramm", [kreis, land], angaben)
    assert worte.alt.endswith(f"2015: Kreis 2,4{S}%, Land 3,6{S}%.")
    ohne = befund.jahresreihe("Liniendiagramm", [kreis, serie("Land", (2010, 1.9))], angaben)
    assert "Land" not in ohne.alt  # ohne gemeinsames Jahr kein Vergleich


def test_nachzeichen_werden_nicht_vorgelesen() -> None:
    punkte = [Punkt("A", 88.0, Status.GESCHAETZT, True), Punkt("B", 97.0, Status.GESCHAETZT, True)]
    worte = befund.spannweite("Karte", punkte, replace(ANTEIL, zeit="2027 (Vorausrechnung)"))
    assert "% s" not in worte.alt.replace(S, " ") and f"von 88,0 bis 97,0{S}%" in worte.alt


@pytest.mark.parametrize("name", list(galerie()))
def test_alternativtexte_sind_kurz_und_sachlich(name: str) -> None:
    text = galerie()[name].alt
    assert "Diese Grafik" not in text and "Abbildung" not in text
    assert text.endswith(".") and text[0].isupper()
    assert len(text) <= befund.HOECHSTENS


def test_zu_viel_fuer_den_alternativtext_wird_knapper() -> None:
    reihen = [
        jahre(f"Eine Reihe mit einem wirklich recht langen Namen {i}", 10 + i, 50 + i) for i in range(3)
    ]
    worte = befund.jahresreihe("Liniendiagramm", reihen, Angaben("Werte", "Ort"))
    assert len(worte.alt) <= befund.HOECHSTENS and "Liniendiagramm" in worte.alt


@pytest.mark.parametrize("name", list(galerie()))
def test_befunde_sind_ein_satz_ohne_wertung(name: str) -> None:
    satz = galerie()[name].befund
    assert satz.endswith(".")
    assert "\n" not in satz
    for wort in ("leider", "erfreulich", "Spitzenreiter", "Schlusslicht", "schlecht", "Platz"):
        assert wort not in satz


def test_die_aussage_traegt_was_der_satz_sagt() -> None:
    reihe = replace(_zwei(16.4, 13.2)[0], kennzahl="quote", gebiet="99001")
    (aussage,) = befund.jahresreihe("Liniendiagramm", [reihe], ANTEIL).aussagen
    (schritt,) = aussage.schritte
    assert (aussage.kennzahl, aussage.gebiet, aussage.stellen) == ("quote", "99001", 1)
    assert (schritt.von, schritt.bis, schritt.alt, schritt.neu) == (2016, 2023, f"16,4{S}%", f"13,2{S}%")
    assert (schritt.richtung, schritt.betrag) == ("gesunken", f"3,2{G}Prozentpunkte")


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


def test_beispieldaten_gehen_im_alternativtext_nie_verloren() -> None:
    kurz = "Karte, Kreis, 2023. Die Quote reichte von 1 bis 3."
    assert befund.als_beispiel(kurz) == f"{kurz} Beispieldaten."
    lang = f"{kurz} {'Ein Satz mehr. ' * 14}".strip()
    alt = befund.als_beispiel(lang)
    assert alt.startswith(kurz) and alt.endswith(" Beispieldaten.") and len(alt) <= befund.HOECHSTENS
    assert befund.als_beispiel(alt) == alt


def test_fuer_beispieldaten_weicht_die_zeit_vor_der_aussage() -> None:
    aussage = f"Voraussichtlich 2034: Grundschulen 3 641{' und mehr' * 15}."
    alt = befund.als_beispiel(f"Liniendiagramm: Schülerzahlen, Landkreis Muster-Au, 2018–2034. {aussage}")
    assert len(alt) <= befund.HOECHSTENS
    assert alt == f"Liniendiagramm: Schülerzahlen, Landkreis Muster-Au. {aussage} Beispieldaten."


def test_ein_vorgegebener_satz_ohne_seine_zahl_gilt_nicht() -> None:
    """Ohne Daten stünde sonst „2040 werden hier . Menschen leben, 2024 waren es ..“ über der Abbildung."""
    bild = galerie()["lagekarte"]
    satz = "2040 werden hier voraussichtlich {} Menschen leben, 2024 waren es {}."
    ohne = in_worten("fig-a", bild, {"befund": satz.format(".", "."), "alt": satz.format("8 000", ".")})
    assert (ohne.befund, ohne.alt) == (bild.befund, bild.alt)
    mit = in_worten("fig-a", bild, {"befund": satz.format("8 000", "9 000"), "alt": "Karte i. d. R."})
    assert (mit.befund[:4], mit.alt) == ("2040", "Karte i. d. R.")
