"""Annahmen, Steckbriefe, Begriffe und Lücken."""

from datetime import date

from berichtswerk.fach.methoden.annahmen import Abweichung, Annahme, Szenario, drei_szenarien

TAG = date(2025, 3, 1)
QUOTE = Annahme("Betreuungsquote", 62.5, "%", "Sachgebiet Planung", "Mittel 2020–2024", TAG)
MODELL = Annahme("Wanderung", "wie bisher", "", "Sachgebiet Planung", "", TAG)
S = "\u202f"


def gelesen(anzeige):
    return anzeige.stuecke()[0].get("text/markdown", "")


def zeilen(tabelle):
    return [[z.text for z in zeile.zellen] for zeile in tabelle.zeilen]


def test_annahmen_nennen_wert_herkunft_begruendung_und_stand(b):
    t = b.annahmen(
        Szenario("mittlere Variante", (QUOTE, MODELL)), label="tbl-an", quellen=["kita"]
    ).gegenstand
    assert t.unterschrift == "Annahmen der Rechnung, mittlere Variante"
    assert [z.text for z in t.tabelle.kopf[0]] == ["Annahme", "Wert", "Herkunft", "Begründung", "Stand"]
    assert zeilen(t.tabelle) == [
        ["Betreuungsquote", f"62,5{S}%", "Sachgebiet Planung", "Mittel 2020–2024", "01.03.2025"],
        ["Wanderung", "wie bisher", "Sachgebiet Planung", "–", "01.03.2025"],
    ]
    assert t.beleg.beispiel
    (eintrag,) = t.werte
    assert eintrag.formel == "Annahme „Betreuungsquote“: Mittel 2020–2024 (Sachgebiet Planung, 01.03.2025)"
    assert eintrag.rechnung == "annahme"


def test_drei_varianten_stehen_nebeneinander_abweichungen_darunter(b):
    drei = drei_szenarien(Szenario("Basis", (QUOTE, MODELL)), {"Betreuungsquote": (58.0, 66.0)}, "Schwankung")
    anders = Abweichung(
        "990010010", Annahme("Betreuungsquote", 70.0, "%", "Stadt Adorf", "Neubaugebiet", TAG)
    )
    t = b.annahmen(drei, label="tbl-drei", abweichungen=[anders]).gegenstand
    assert [z.text for z in t.tabelle.kopf[0]][1:4] == [
        "untere Variante", "mittlere Variante", "obere Variante",
    ]  # fmt: skip
    assert zeilen(t.tabelle)[0][:5] == [
        "Betreuungsquote", f"58,0{S}%", f"62,5{S}%", f"66,0{S}%", "Sachgebiet Planung",
    ]  # fmt: skip
    assert zeilen(t.tabelle)[0][5] == "Schwankung (Spanne 58,0–66,0)"
    assert zeilen(t.tabelle)[2:] == [
        ["Abweichungen einzelner Kommunen"],
        ["Betreuungsquote, Adorf", *[f"70,0{S}%"] * 3, "Stadt Adorf", "Neubaugebiet", "01.03.2025"],
    ]


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


def test_luecken_nennen_in_jupyterlab_was_bisher_fehlt(b):
    assert gelesen(b.verzeichnis("luecken")) == ""
    b.saeulen(None, label="fig-x", was="Plätze")
    assert gelesen(b.verzeichnis("luecken")) == (
        "Nicht dargestellt:\n\n- Zu „Plätze“ liegen im Landkreis Muster bis 2024 keine Daten vor."
    )
