"""Die Übergabe ist streng, verlustfrei und immer gleich."""

import pytest

from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund.meldung import BerichtswerkFehler

NACHWEIS = u.Nachweis(
    anzeige="7,4 %",
    wert=7.4,
    gebiet="99001",
    zeit="2024",
    kennzahl="quote",
    belege=(
        u.Fundstelle(
            quelle="q", datei="daten/dateien/q.csv", zeile=3, spalte="quote", wert=7.4, rolle="wert"
        ),
    ),
)
TABELLE = u.Tabellenmodell(
    kopf=((u.Tabellenzelle(text="Jahr"), u.Tabellenzelle(text="Quote")),),
    zeilen=(
        u.Tabellenzeile(
            zellen=(u.Tabellenzelle(text="2024"), u.Tabellenzelle(text="7,4", zahl=True, wert=7.4))
        ),
    ),
)
BELEG = u.Beleg(quellen=(u.Quellenzeile(name="q", zeile="Amt; Stand: 31.12.2024"),), beispiel=True)
GEGENSTAENDE = [
    u.Abbildung(
        label="fig-a",
        unterschrift="Quote",
        alt="Linie",
        spec={"mark": "line"},
        beleg=BELEG,
        daten=TABELLE,
        werte=(NACHWEIS,),
    ),
    u.Tabelle(label="tbl-a", unterschrift="Quote", tabelle=TABELLE, beleg=BELEG),
    u.Text(name="einleitung"),
    u.Fliesstext(markdown="Ein Satz."),
    u.Eckwerte(eintraege=(u.Eckwert(name="Quote", kennzahl="quote", wert="7,4 %"),), beleg=BELEG),
    u.Fehlt(label="fig-b", grund="Keine Daten."),
    u.Verzeichnisse(),
    u.Bindungen(werte={"quote": u.Bindung(reihe=(u.Zeitwert(jahr=2024, zeit="2024", nachweis=NACHWEIS),))}),
]


@pytest.mark.parametrize("gegenstand", GEGENSTAENDE, ids=lambda g: g.art)
def test_jeder_gegenstand_kommt_unveraendert_zurueck(gegenstand):
    assert u.aus_json(u.als_json(gegenstand)) == gegenstand
    assert u.aus_json(u.als_objekt(gegenstand)) == gegenstand


@pytest.mark.parametrize("gegenstand", GEGENSTAENDE, ids=lambda g: g.art)
def test_gleicher_gegenstand_gleiche_bytes(gegenstand):
    assert u.als_json(gegenstand) == u.als_json(gegenstand.model_copy(deep=True))


def test_unbekanntes_feld_wird_mit_namen_gemeldet():
    with pytest.raises(BerichtswerkFehler) as fehler:
        u.aus_json({"art": "fehlt", "grund": "x", "farbe": "rot"})
    assert str(fehler.value) == (
        "FEHLER [uebergabe-unlesbar] Feld „fehlt.farbe“\n"
        "  Die Ausgabe einer Zelle ist keine gültige Übergabe.\n"
        "  Ursache: Das Feld gehört nicht in die Übergabe.\n"
        "  Abhilfe: Führen Sie das Notizbuch neu aus."
    )


def test_leeres_tabellenfach_ist_nicht_moeglich():
    with pytest.raises(ValueError, match="at least 1 character"):
        u.Tabellenzelle(text="")
