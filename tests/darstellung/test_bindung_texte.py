"""Gebundene Zahlen in Texten: was eingesetzt wird und was gemeldet wird."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.gegenstand.gegenstaende import (
    Bindung,
    Bindungen,
    Nachweis,
    Zeitwert,
    als_json,
    aus_json,
)
from berichtswerk.grund.zahl import mit_einheit, schreibe
from berichtswerk.worte import marken
from berichtswerk.worte.bindung import loese_auf

S = "\u202f"
N = "\u00a0"


def zeitwert(jahr, wert, stellen=1, einheit="%", **mehr):
    anzeige = mit_einheit(schreibe(wert, stellen), einheit)
    nachweis = Nachweis(anzeige=anzeige, wert=wert, gebiet="99001", zeit=str(jahr), kennzahl="quote", **mehr)
    return Zeitwert(jahr=jahr, zeit=str(jahr), nachweis=nachweis)


QUOTE = Bindung(
    name="Arbeitslosenquote",
    kennzahl="quote",
    kennzahl_art="anteil",
    einheit="%",
    stellen=1,
    schwelle_kaum=0.25,
    artikel="die",
    definition="Arbeitslose je 100 Erwerbspersonen_",
    quelle="Amt",
    gebiet="99001",
    reihe=tuple(
        zeitwert(j, w) for j, w in [(2010, 12.0), (2015, 9.5), (2022, 7.3), (2023, 7.1), (2024, 7.44)]
    ),
    vergleich={
        "land": tuple(zeitwert(j, w) for j, w in [(2023, 6.1), (2024, 6.4)]),
        "bund": (zeitwert(2024, 7.5),),
    },
    gebietsnamen={"": "im Landkreis Muster", "land": "im Land Beispiel", "bund": "in Deutschland"},
    brueche=(Bruch(jahr=2011, grund="Zensus 2011"),),
)
GEBURTEN = Bindung(
    name="Geburten",
    kennzahl="geburten",
    schwelle_kaum=5,
    mehrzahl=True,
    reihe=tuple(zeitwert(j, w, 0, "") for j, w in [(2021, 810), (2023, 584)]),
)
BINDUNGEN = Bindungen(
    werte={
        "quote": QUOTE,
        "geburten": GEBURTEN,
        "gebiet": Bindung(art="text", text="Landkreis Muster", attribute={"kurz": "Muster"}),
        "leer": Bindung(name="Leere Reihe", kennzahl="leer"),
    }
)


def text(quelle, bindungen=BINDUNGEN):
    ergebnis = loese_auf(quelle, bindungen, "texte/a.md")
    assert ergebnis.meldungen == ()
    return ergebnis.markdown


@pytest.mark.parametrize(
    ("quelle", "erwartet"),
    [
        ("{{ quote }}", f"7,4{S}%"),
        ("{{quote.zahl}}", "7,4"),
        ("{{ quote.jahr }}", "2024"),
        ("{{ quote.stand }}", "2024"),
        ("{{ quote.vorjahr }}", f"7,1{S}%"),
        ("{{ quote.veraenderung }}", f"+0,3{N}Prozentpunkte"),
        ("{{ quote.veraenderung_betrag }}", f"0,3{N}Prozentpunkte"),
        ("{{ geburten.veraenderung_prozent }}", f"−27,9{S}%"),
        ("seit {{ quote.seit_jahr }} {{ quote.richtung }}", "seit 2015 gesunken"),
        ("{{ quote.verlauf }}", f"um 2,1{N}Prozentpunkte gesunken"),
        ("{{ geburten.verlauf }}", f"um 27,9{S}% gesunken"),
        ("{{ quote.beginn }} {{ quote.beginn_jahr }}", f"12,0{S}% 2010"),
        ("{{ quote.hoechstwert_jahr }}", "2010"),
        ("{{ quote.tiefstwert }}", f"7,1{S}%"),
        ("{{ quote[2015] }}", f"9,5{S}%"),
        ("{{ quote[2023].richtung_seit[2022] }}", "kaum verändert"),
        ("{{ quote.seit_betrag[2015] }}", f"2,1{N}Prozentpunkte"),
        ("{{ quote.land }}", f"6,4{S}%"),
        ("{{ quote.abstand_land }}", f"+1,0{N}Prozentpunkte"),
        ("{{ quote.zum_land }}", "über dem Landeswert"),
        ("{{ quote.zum_bund }}", "auf dem Niveau des Bundeswerts"),
        ("{{ quote.definition }}", "Arbeitslose je 100 Erwerbspersonen\\_"),
        ("{{ geburten.seit_prozent_betrag[2021] }}", f"27,9{S}%"),
        ("{{ geburten.veraenderung }}", "−226"),
        ("{{ gebiet }} ({{ gebiet.kurz }})", "Landkreis Muster (Muster)"),
        ("\\{{ quote }}", "{{ quote }}"),
        ("{{< include a.md >}}", "{{< include a.md >}}"),
        (
            "{{ quote.satz }}",
            f"Die Arbeitslosenquote sank von 2015 bis 2024 um 2,1{N}Prozentpunkte auf 7,4{S}%.",
        ),
        ("{{ geburten.satz }}", f"Die Geburten sanken von 2021 bis 2023 um 27,9{S}% auf 584."),
        (
            "{{ quote.satz_vergleich }}",
            f"Die Arbeitslosenquote lag 2024 im Landkreis Muster bei 7,4{S}%, im Land Beispiel bei 6,4{S}% "
            f"und in Deutschland bei 7,5{S}%.",
        ),
    ],
)
def test_eine_bindung_wird_eingesetzt(quelle, erwartet):
    assert text(quelle) == erwartet


def test_bruch_steht_einmal_je_absatz():
    quelle = "von {{ quote.hoechstwert }} und {{ quote.hoechstwert }}\n\nvon {{ quote.hoechstwert }}"
    assert text(quelle).count("Zeitreihenbruch 2011") == 2


def test_beispieldaten_tragen_ihre_marke():
    beispiel = Bindungen(werte={"q": QUOTE.model_copy(update={"beispiel": True})})
    assert text("{{ q }} und {{ q.vorjahr }}", beispiel) == f"7,4{S}% und 7,1{S}% (Beispieldaten)"


def test_gleich_gezeigte_werte_sind_nie_gestiegen():
    reihe = (zeitwert(2023, 7.05), zeitwert(2024, 7.14))
    knapp = Bindungen(werte={"q": QUOTE.model_copy(update={"reihe": reihe, "schwelle_kaum": 0.0})})
    assert text("{{ q.richtung }}", knapp) == "kaum verändert"


@pytest.mark.parametrize(
    ("quelle", "erwartet"),
    [
        ("a{{ wenn quote.land }}ja{{ sonst }}nein{{ ende }}b", "ajab"),
        ("{{ wenn quote.kreis }}ja{{ sonst }}nein{{ ende }}", "nein"),
        ("{{ wenn quote.richtung = gesunken }}weniger{{ sonst }}mehr{{ ende }}", "weniger"),
        ("{{ wenn leer }}{{ leer }}{{ ende }}x", "x"),
        ("Vor\n{{ wenn quote }}\nJa.\n{{ ende }}\nNach\n", "Vor\nJa.\nNach\n"),
        ("{{ wenn leer }}{{ wenn quote }}a{{ ende }}b{{ ende }}c", "c"),
    ],
)
def test_bedingungen_zeigen_nur_was_die_daten_hergeben(quelle, erwartet):
    assert text(quelle) == erwartet


GOLDEN = [
    (
        "Zeile eins\nDie {{ qoute }} steigt.",
        "FEHLER [bindung-unbekannt] texte/a.md, Zeile 2, Feld „qoute“\n"
        "  Der Name „qoute“ ist nicht bekannt.\n"
        "  Abhilfe: Meinten Sie „quote“?",
    ),
    (
        "{{ quote.veränderung }}",
        "FEHLER [bindung-attribut] texte/a.md, Zeile 1, Feld „quote.veränderung“\n"
        "  Das Attribut „veränderung“ ist nicht bekannt.\n"
        "  Abhilfe: Meinten Sie „veraenderung“, „veraenderung_betrag“, „veraenderung_prozent“?",
    ),
    (
        "{{ gebiet.farbe }}",
        "FEHLER [bindung-attribut] texte/a.md, Zeile 1, Feld „gebiet.farbe“\n"
        "  Das Attribut „farbe“ ist nicht bekannt.\n"
        "  Abhilfe: Möglich sind: „kurz“.",
    ),
    (
        "{{ quote.seit }}",
        "FEHLER [bindung-form] texte/a.md, Zeile 1, Feld „quote.seit“\n"
        "  „seit“ braucht ein Jahr in eckigen Klammern, etwa {{ quote.seit[2016] }}.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "{{ 7,4 % }}",
        "FEHLER [bindung-form] texte/a.md, Zeile 1, Feld „7,4 %“\n"
        "  In den Klammern steht kein Name.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "Die {{ quote steigt.",
        "FEHLER [bindung-offen] texte/a.md, Zeile 1, Feld „quote steigt.“\n"
        "  Die Klammern {{ werden nicht geschlossen.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "a\n\n{{ wenn quote }}b",
        "FEHLER [bindung-wenn] texte/a.md, Zeile 3, Feld „wenn“\n"
        "  Zu „{{ wenn … }}“ fehlt „{{ ende }}“.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "{{ wenn quote }}a\n{{ sonst }}b\n{{ sonst }}c{{ ende }}",
        "FEHLER [bindung-wenn] texte/a.md, Zeile 3, Feld „sonst“\n"
        "  „{{ sonst }}“ steht zum zweiten Mal in der Bedingung von Zeile 1.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "{{ sonst }}",
        "FEHLER [bindung-wenn] texte/a.md, Zeile 1, Feld „sonst“\n"
        "  „{{ sonst }}“ steht ohne „{{ wenn … }}“ davor.\n"
        "  Abhilfe: Schreiben Sie {{ name }}, {{ name.attribut }} oder {{ wenn name }} … {{ ende }}.",
    ),
    (
        "{{ geburten.vorjahr }}",
        "WARNUNG [bindung-ohne-wert] texte/a.md, Zeile 1, Feld „geburten.vorjahr“\n"
        "  Für „geburten.vorjahr“ gibt es keinen Wert; im Text steht „keine Angabe“.\n"
        "  Ursache: Für das Vorjahr 2022 gibt es keinen Wert; nehmen Sie .vorwert.\n"
        "  Abhilfe: Fassen Sie den Satz in {{ wenn geburten.vorjahr }} … {{ ende }} "
        "oder ergänzen Sie die Daten.",
    ),
    (
        "{{ quote[2012] }}",
        "WARNUNG [bindung-ohne-wert] texte/a.md, Zeile 1, Feld „quote[2012]“\n"
        "  Für „quote[2012]“ gibt es keinen Wert; im Text steht „keine Angabe“.\n"
        "  Ursache: Für das Jahr 2012 gibt es keinen Wert; vorhanden: 2010–2024.\n"
        "  Abhilfe: Fassen Sie den Satz in {{ wenn quote[2012] }} … {{ ende }} oder ergänzen Sie die Daten.",
    ),
    (
        "{{ quote.veraenderung_prozent }}",
        "WARNUNG [bindung-ohne-wert] texte/a.md, Zeile 1, Feld „quote.veraenderung_prozent“\n"
        "  Für „quote.veraenderung_prozent“ gibt es keinen Wert; im Text steht „keine Angabe“.\n"
        "  Ursache: Anteile und Salden verändern sich nicht in Prozent; nehmen Sie .veraenderung.\n"
        "  Abhilfe: Fassen Sie den Satz in {{ wenn quote.veraenderung_prozent }} … {{ ende }} "
        "oder ergänzen Sie die Daten.",
    ),
    (
        "{{ geburten.zum_land }}",
        "WARNUNG [bindung-ohne-wert] texte/a.md, Zeile 1, Feld „geburten.zum_land“\n"
        "  Für „geburten.zum_land“ gibt es keinen Wert; im Text steht „keine Angabe“.\n"
        "  Ursache: Absolute Zahlen verschieden großer Gebiete lassen sich nicht vergleichen.\n"
        "  Abhilfe: Fassen Sie den Satz in {{ wenn geburten.zum_land }} … {{ ende }} "
        "oder ergänzen Sie die Daten.",
    ),
]


@pytest.mark.parametrize(("quelle", "meldung"), GOLDEN, ids=[q[:30] for q, _ in GOLDEN])
def test_meldung_nennt_datei_zeile_ursache_und_naechsten_schritt(quelle, meldung):
    ergebnis = loese_auf(quelle, BINDUNGEN, "texte/a.md")
    assert [str(m) for m in ergebnis.meldungen] == [meldung]


def test_alle_fehler_kommen_auf_einmal():
    ergebnis = loese_auf("{{ a1 }} {{ b1 }}\n{{ quote.x1 }}", BINDUNGEN, "texte/a.md")
    assert [(m.ort, m.kennung) for m in ergebnis.meldungen] == [
        ("Zeile 1", "bindung-unbekannt"),
        ("Zeile 1", "bindung-unbekannt"),
        ("Zeile 2", "bindung-attribut"),
    ]


def test_nachgerechnet_wird_nur_was_nicht_gebunden_ist():
    gefragt = []

    def nachrechnen(name):
        gefragt.append(name)
        return GEBURTEN if name == "neu" else None

    ergebnis = loese_auf("{{ quote }} {{ neu }} {{ neu.jahr }}", BINDUNGEN, "t.md", nachrechnen)
    assert ergebnis.markdown == f"7,4{S}% 584 2023"
    assert gefragt == ["neu"]


def test_jede_gezeigte_zahl_hat_ihren_nachweis_mit_ort():
    ergebnis = loese_auf("a\n{{ quote }}\n{{ quote.veraenderung }}", BINDUNGEN, "texte/a.md")
    wert, unterschied = ergebnis.nachweise
    assert (wert.ort, wert.anzeige, wert.wert) == ("texte/a.md:2", f"7,4{S}%", 7.44)
    assert (unterschied.ort, unterschied.rechnung) == ("texte/a.md:3", "differenz")
    assert unterschied.wert == pytest.approx(0.34)
    assert [teil.wert for teil in unterschied.teile] == [7.44, 7.1]


def test_bindungen_ueberstehen_json():
    erneut = aus_json(als_json(BINDUNGEN))
    quelle = "{{ quote.satz }} {{ quote.zum_land }}"
    assert loese_auf(quelle, erneut, "t.md") == loese_auf(quelle, BINDUNGEN, "t.md")


@given(st.text(alphabet=st.characters(exclude_characters="{}"), max_size=300))
def test_text_ohne_klammern_bleibt_wie_er_ist(quelle):
    assert loese_auf(quelle, BINDUNGEN, "t.md").markdown == quelle


@given(st.text(alphabet="{}\\ \nqwuoteds.[]0129=nie", max_size=80))
def test_kein_text_bringt_die_aufloesung_zu_fall(quelle):
    ergebnis = loese_auf(quelle, BINDUNGEN, "t.md")
    assert isinstance(ergebnis.markdown, str)
    assert all(m.datei == "t.md" and m.ort for m in ergebnis.meldungen)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 3), st.floats(0, 100))
def test_richtung_widerspricht_nie_den_gezeigten_zahlen(alt, neu, stellen, schwelle):
    reihe = (zeitwert(2023, alt, stellen), zeitwert(2024, neu, stellen))
    bindung = QUOTE.model_copy(update={"reihe": reihe, "stellen": stellen, "schwelle_kaum": schwelle})
    wort = loese_auf("{{ q.richtung }}", Bindungen(werte={"q": bindung}), "t.md").markdown
    gezeigt = [w.nachweis.anzeige for w in reihe]
    assert wort == "kaum verändert" or (gezeigt[0] != gezeigt[1] and (neu > alt) == (wort == "gestiegen"))


def test_vergleich_im_juengsten_gemeinsamen_jahr_und_der_eigene_letzte_daneben() -> None:
    """2024 gibt es nur hier; nebeneinander steht 2023, der jüngste eigene Wert folgt als solcher."""
    frueher = {"land": (zeitwert(2023, 6.1),)}
    bindungen = Bindungen(werte={"q": QUOTE.model_copy(update={"vergleich": frueher})})
    assert loese_auf("{{ q.satz_vergleich }}", bindungen, "a.md").markdown == (
        f"Die Arbeitslosenquote lag 2023 im Landkreis Muster bei 7,1{S}% und im Land Beispiel bei 6,1{S}%. "
        f"Zuletzt lag sie im Landkreis Muster 2024 bei 7,4{S}%."
    )
    assert loese_auf("{{ wenn q.land }}ja{{ ende }}", bindungen, "a.md").markdown == ""


def test_seit_einem_jahr_vor_dem_bruch_gibt_es_keine_veraenderung() -> None:
    ergebnis = loese_auf("{{ quote.verlauf_seit[2010] }}", BINDUNGEN, "a.md")
    assert ergebnis.markdown == "keine Angabe"
    assert "liegt ein Zeitreihenbruch (2011)" in ergebnis.meldungen[0].ursache


def test_vorausgerechnetes_steht_in_der_zukunft() -> None:
    reihe = (zeitwert(2020, 800, 0, ""), zeitwert(2024, 600, 0, ""))
    kommt = zeitwert(2030, 500, 0, "").model_copy(update={"prognose": True})
    geburten = GEBURTEN.model_copy(update={"reihe": (*reihe, kommt), "name": "Zahl der Geburten",
                                           "artikel": "die", "mehrzahl": False})  # fmt: skip
    bindungen = Bindungen(werte={"g": geburten})
    satz = f"Die Zahl der Geburten sank von 2020 bis 2024 um 25,0{S}% auf 600."
    kuenftig = "Bis 2030 wird sie voraussichtlich auf 500 sinken."
    assert loese_auf("{{ g.satz }}", bindungen, "a.md").markdown == f"{satz} {kuenftig}"
    assert loese_auf("{{ g.vorausrechnung_satz }}", bindungen, "a.md").markdown == (
        "Bis 2030 wird die Zahl der Geburten voraussichtlich auf 500 sinken."
    )
    dann = "Er wird {{ g[2030].verlauf_seit[2024] }} sein."
    assert (
        loese_auf(dann, bindungen, "a.md").markdown == f"Er wird um 16,7{S}% niedriger sein (Vorausrechnung)."
    )


def test_was_ein_satz_aussagt_kommt_mit() -> None:
    ((zeile, aussage),) = loese_auf("\n{{ quote.verlauf }}", BINDUNGEN, "a.md").aussagen
    assert zeile == 2
    assert (aussage.kennzahl, aussage.gebiet) == ("quote", "99001")
    assert [(s.von, s.bis, s.richtung) for s in aussage.schritte] == [(2015, 2024, "gesunken")]


def test_ein_satz_belegt_genau_die_zahlen_die_in_ihm_stehen() -> None:
    """„sanken von 2021 bis 2023 um 27,9 % auf 584“: der Anfangswert steht nicht da, aber hinter der Rate."""
    wert, rate = loese_auf("{{ geburten.satz }}", BINDUNGEN, "a.md").nachweise
    assert (wert.anzeige, wert.zeit) == ("584", "2023")
    assert (rate.anzeige, rate.rechnung) == (f"27,9{S}%", "prozent")
    assert [n.zeit for n in rate.teile] == ["2023", "2021"]


def test_ueber_einen_bruch_zum_vorwert_gibt_es_keine_richtung() -> None:
    """Der Wechsel der Grundlage ist keine Veränderung; was der Text vorsieht, erscheint stattdessen."""
    gebrochen = QUOTE.model_copy(update={"brueche": (Bruch(jahr=2024, grund="Zensus 2022"),)})
    bindungen = Bindungen(werte={"quote": gebrochen})
    satz = "{{ wenn quote.verlauf }}Sie ist {{ quote.verlauf }}.{{ sonst }}Nicht vergleichbar.{{ ende }}"
    assert loese_auf(satz, bindungen, "a.md").markdown == "Nicht vergleichbar."
    ergebnis = loese_auf("{{ quote.veraenderung }}", bindungen, "a.md")
    assert ergebnis.markdown == "keine Angabe"
    (meldung,) = ergebnis.meldungen
    assert meldung.ursache == (
        "Zwischen 2023 und 2024 liegt ein Zeitreihenbruch (2024); die Werte sind nicht vergleichbar."
    )


@pytest.mark.parametrize(
    ("geschrieben", "gezeigt"),
    [
        ("Es waren «7» Kinder. Morgen auch.", "Es waren 7 Kinder (Beispieldaten). Morgen auch."),
        ("2024 waren es «7». 2023 waren es «8».", "2024 waren es 7. 2023 waren es 8 (Beispieldaten)."),
        ("**Es sind «7».** Das ist viel (@fig-a).", "**Es sind 7 (Beispieldaten).** Das ist viel (@fig-a)."),
        ("Es waren «7» (@fig-a).", "Es waren 7 (@fig-a; Beispieldaten)."),
        ("Am 1. Juni waren es z. B. «7» Kinder.", "Am 1. Juni waren es z. B. 7 Kinder (Beispieldaten)."),
        ("Es sind «7» im Jahr\n2024. Später mehr.", "Es sind 7 im Jahr\n2024 (Beispieldaten). Später mehr."),
        ("Nach den Beispieldaten sind es «7».", "Nach den Beispieldaten sind es 7."),
        ("- **«7»** Plätze\n- **«8»** neu", "- **7** Plätze (Beispieldaten)\n- **8** neu (Beispieldaten)"),
        ("| Plätze | «7» |", "| Plätze | 7 (Beispieldaten) |"),
        ("## «7» Plätze {#sec-plaetze}", "## 7 Plätze (Beispieldaten) {#sec-plaetze}"),
        (
            "::: {.kernbotschaft}\nEs sind «7».\n\n- **«7»** Plätze\n:::\n\nNeu: «8».",
            "::: {.kernbotschaft}\nEs sind 7 (Beispieldaten).\n\n- **7** Plätze\n:::"
            "\n\nNeu: 8 (Beispieldaten).",
        ),
        (
            "::: {.kurzbotschaft}\n**Das ist viel.**\n\nEs sind «7» (@fig-a).\n:::",
            "::: {.kurzbotschaft}\n**Das ist viel.**\n\nEs sind 7 (@fig-a; Beispieldaten).\n:::",
        ),
    ],
)  # fmt: skip
def test_die_marke_steht_am_satzende(geschrieben: str, gezeigt: str) -> None:
    text = re.sub("«(.)»", lambda m: marken.gesetzt(m[1], ("Beispieldaten",)), geschrieben)
    assert marken.ans_satzende(text) == gezeigt


def test_was_der_satz_schon_sagt_steht_nicht_noch_einmal_da() -> None:
    zahl_ = marken.gesetzt("7", ("Beispieldaten", "Vorausrechnung"))
    assert marken.ans_satzende(f"2030 wären es {zahl_}.") == "2030 wären es 7 (Beispieldaten)."
    assert marken.ans_satzende(f"2030 sind es {zahl_}.") == "2030 sind es 7 (Beispieldaten, Vorausrechnung)."
