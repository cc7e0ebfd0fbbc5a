"""Annahmen, Steckbriefe, Begriffe und Lücken."""

import pytest
from kleinprojekt import lege_an

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.namen import Namen

S = "\u202f"


def gelesen(anzeige):
    return anzeige.stuecke()[0].get("text/markdown", "")


def zeilen(tabelle):
    return [[z.text for z in zeile.zellen] for zeile in tabelle.zeilen]


RECHNUNG = """\
id: kinder
name: Kinder
methode: unsicherheit.anteile
eingaben:
  faelle: {quelle: arbeit}
parameter: {zaehler: arbeitslose, nenner: erwerbspersonen}
jahre: {basis: faelle}
szenarien: {untere: untere Variante, mittlere: mittlere Variante}
hauptszenario: mittlere
annahmen:
  quote:
    name: Betreuungsquote
    wert: 62.5
    werte: {untere: 58.0}
    einheit: "%"
    herkunft: Sachgebiet Planung
    begruendung: Mittel {basis-4}–{basis}
    stand: 2025-03-01
  wanderung:
    name: Wanderung
    wert: wie bisher
    herkunft: Sachgebiet Planung
    begruendung: ""
    stand: 2025-03-01
    gruppe: Wanderung
  still: {name: Still, wert: 1, herkunft: a, begruendung: b, stand: 2025-03-01, zeigen: false}
reihen:
  quote_mit_grenzen:
    ergebnis: anteil
    name: Quote
    einheit: Prozent
    einheit_kurz: "%"
    art: anteil
    formel: Arbeitslose / Erwerbspersonen
    definition: Arbeitslose in Prozent.
"""


@pytest.fixture
def mit_rechnung(tmp_path):
    projekt = lege_an(tmp_path / "projekt")
    projekt.rechnungen.mkdir()
    (projekt.rechnungen / "kinder.yaml").write_text(RECHNUNG, encoding="utf-8")
    return Bericht("lage", 2024, projekt=projekt)


def test_annahmen_nennen_wert_je_szenario_herkunft_begruendung_stand_und_zeile(mit_rechnung):
    t = mit_rechnung.annahmen("kinder", label="tbl-an").gegenstand
    assert t.unterschrift == "Annahmen der Rechnung"
    assert [z.text for z in t.tabelle.kopf[0]] == [
        "Annahme", "untere Variante", "mittlere Variante", "Herkunft", "Begründung",
    ]  # fmt: skip
    assert zeilen(t.tabelle) == [
        ["Betreuungsquote (in %)", "58,0", "62,5", "Sachgebiet Planung", "Mittel 2020–2024"],
        ["Wanderung", "wie bisher", "wie bisher", "Sachgebiet Planung", "–"],
    ]
    assert t.beleg.hinweise == ("Stand der Annahmen: 01.03.2025.",)
    eintrag = t.werte[1]
    assert eintrag.formel == "Annahme „Betreuungsquote“: Mittel 2020–2024 (Sachgebiet Planung, 01.03.2025)"
    assert [(e.datei, e.zeilen) for e in eintrag.weg.eingaben] == [("daten/rechnungen/kinder.yaml", "11")]


def test_gleiche_annahmen_einer_gruppe_haben_eine_spalte(mit_rechnung):
    t = mit_rechnung.annahmen("kinder", label="tbl-an", gruppe="Wanderung").gegenstand
    assert t.unterschrift == "Annahmen der Rechnung, Wanderung"
    assert zeilen(t.tabelle) == [["Wanderung", "wie bisher", "Sachgebiet Planung", "–"]]


def test_reihe_einer_rechnung_geht_wie_eine_kennzahl_mit_weg_zu_den_zeilen(mit_rechnung):
    b = mit_rechnung
    assert b.rechnung("kinder").basis == 2024
    (wert,) = (w for w in b.tabelle("quote_mit_grenzen", label="tbl-q", vergleich=()).gegenstand.werte)
    assert (wert.rechnung, wert.weg.id, wert.weg.formel) == (
        "eigene",
        "kinder",
        "Arbeitslose / Erwerbspersonen",
    )
    assert {(e.datei, e.name) for e in wert.weg.eingaben if e.zeilen} == {
        ("daten/dateien/arbeit.csv", "faelle"), ("daten/rechnungen/kinder.yaml", "annahmen"),
    }  # fmt: skip
    assert Namen(b.sicht).bindung("quote_mit_grenzen").name == "Quote"


def test_steckbrief_nennt_berechnung_und_verfuegbarkeit(b):
    eins, zwei = b.indikator("arbeitslosenquote", "kita_plaetze").gegenstand.eintraege
    assert (eins.name, eins.einheit) == ("Arbeitslosenquote", "Prozent der Erwerbspersonen")
    assert dict(eins.felder) == {
        "Definition": "Arbeitslose in Prozent der Erwerbspersonen.",
        "Berechnung": "arbeitslose / erwerbspersonen × 100",
        "Datenverfügbarkeit": "Statistisches Amt, Tabelle 100 (jährlich); Werte 2019–2024; "
        "kleinste Ebene: Gemeinden.",
    }
    assert (zwei.name, zwei.einheit) == ("Kita-Plätze", "Plätze")
    assert "Arbeitslosenquote" in [e.name for e in b.verzeichnis("begriffe").gegenstand.eintraege]


def test_gleich_benannte_kennzahlen_sind_ein_begriff_und_jeder_satz_steht_einmal(b):
    """„Geburten“ stand zweimal im Glossar des Kita-Plans: gezählt und vorausgerechnet."""
    b.indikator("arbeitslosenquote", "kita_plaetze")
    register = b.sicht.register
    quote = register.benutzt["arbeitslosenquote"]
    text = f"{quote.definition} Soweit veröffentlicht, sonst gerechnet."
    register.benutzt["gerechnet"] = quote.model_copy(update={"id": "gerechnet", "definition": text})
    register.mit_zahl.add("gerechnet")
    register.gezeigt.add("gerechnet")
    eintraege = b.verzeichnis("begriffe").gegenstand.eintraege
    (eintrag,) = (e for e in eintraege if e.name == "Arbeitslosenquote")
    assert eintrag.text == text


def test_begriffe_nennen_nur_was_der_bericht_zeigt_oder_nennt(b):
    """Im Bericht für das Land standen 60 Begriffe, sechs davon zeigte er nicht."""

    def begriffe() -> list[str]:
        return [e.name for e in b.verzeichnis("begriffe").gegenstand.eintraege]

    b.kennzahl("kita_plaetze")  # nur nachgesehen
    b.binde(plaetze=b.kennzahl("kita_plaetze"))
    b.linie("arbeitslosenquote", label="fig-a")
    assert begriffe() == ["Arbeitslosenquote"]
    ordner = b.sicht.ausgabe.ordner / "texte"
    ordner.mkdir(exist_ok=True)
    text = "{{ wenn ausgabe.bis = 1 }}Es gibt {{ plaetze }} Plätze.{{ ende }}\n"
    (ordner / "neu.md").write_text(text, encoding="utf-8")
    b.text("neu")
    assert begriffe() == ["Arbeitslosenquote"], "der Satz steht nicht im Bericht"
    (ordner / "neu.md").write_text(text.replace("bis = 1", "bis"), encoding="utf-8")
    assert begriffe() == ["Arbeitslosenquote", "Kita-Plätze"]


def test_was_eine_erklaerung_nennt_wird_auch_erklaert(b):
    b.kennzahl("kita_plaetze")
    b.linie("arbeitslosenquote", label="fig-a")
    register = b.sicht.register
    quote = register.benutzt["arbeitslosenquote"]
    text = "Arbeitslose je 100 Kita-Plätze."
    register.benutzt["arbeitslosenquote"] = quote.model_copy(update={"definition": text})
    assert [e.name for e in b.verzeichnis("begriffe").gegenstand.eintraege] == [
        "Arbeitslosenquote", "Kita-Plätze",
    ]  # fmt: skip


def test_luecken_nennen_in_jupyterlab_was_bisher_fehlt(b):
    assert gelesen(b.verzeichnis("luecken")) == ""
    b.saeulen(None, label="fig-x", was="Plätze")
    assert gelesen(b.verzeichnis("luecken")) == (
        "Nicht dargestellt:\n\n- Zu „Plätze“ liegen im Landkreis Muster bis 2024 keine Daten vor."
    )
