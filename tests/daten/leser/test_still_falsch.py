"""Was mit Erfolg falsch gelesen werden könnte: jede Eingabe neben ihrer Meldung."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from berichtswerk.daten.lesebericht import befunde
from berichtswerk.daten.leser.grund import Abgewiesen
from berichtswerk.daten.leser.werte import Wertleser
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import ZEICHENSAETZE, Status

LANG = "leser: csv\ngebiet: ags\nzeit: jahr\n"
BREIT = f"{LANG}groessen: {{m: m, w: w}}\n"


def hinweise(werk) -> str:
    """Was das Lesen ohne Fehler anmerkt."""
    return "\n".join(str(m) for m in werk.bestand().tabelle("probe").bericht.meldungen)


# Der Kopf steht noch einmal da


@given(
    st.permutations(["ags", "jahr", "m", "w"]),
    st.sampled_from(["", 'auslassen: ["^ags"]\n', "gebiet: {spalte: ags, unbekannte: weglassen}\n"]),
)
@settings(max_examples=40, deadline=None)
def test_ein_wiederholter_kopf_gilt_oder_ist_ein_befund(neues_werk, folge, dazu):
    werk, zweiter = neues_werk(), ["09999102", "2022", "3", "4"]
    werte = dict(zip(["ags", "jahr", "m", "w"], zweiter, strict=True))
    inhalt = f"ags,jahr,m,w\n09999101,2022,1,2\n{','.join(folge)}\n{','.join(werte[f] for f in folge)}\n"
    lesen = BREIT.replace("gebiet: ags\n", "") + dazu if "gebiet" in dazu else BREIT + dazu
    try:
        if folge == ["ags", "jahr", "m", "w"]:
            gelesen = werk.lies("p.csv", inhalt, lesen)
            assert gelesen["wert"].tolist() == [1, 2, 3, 4]
        else:
            assert "Der Tabellenkopf steht hier noch einmal, aber anders" in werk.meldungen(
                "p.csv", inhalt, lesen
            )
    finally:
        shutil.rmtree(werk.projekt.wurzel)


def test_ein_kopf_in_anderer_folge_nennt_spalte_und_weg(werk):
    meldung = werk.meldungen(
        "p.csv", "ags,jahr,m,w\n09999101,2022,1,2\nags,jahr,w,m\n09999102,2022,4,3\n", BREIT
    )
    assert "Zeile 3" in meldung
    assert "anders: in der Spalte „m“ heißt es „w“." in meldung
    assert "diesen bis „daten_bis: 2“, den nächsten mit „kopf: {zeilen: 3}“" in meldung


def test_ein_wiederholter_kopf_mit_neuen_namen_ist_ein_befund(werk):
    inhalt = "ags,jahr,m,w\n09999101,2022,1,2\nags,jahr,Frauen,Männer\n09999102,2022,4,3\n"
    assert "in der Spalte „m“ heißt es „Frauen“" in werk.meldungen("p.csv", inhalt, BREIT)


def test_eine_zeile_die_wie_eine_spalte_heisst_ist_kein_kopf(werk):
    lesen = "leser: csv\ngebiet: {fest: '09999'}\nzeit: jahr\nmerkmale: {art: art}\ngroessen: {n: m}\n"
    assert werk.lies("p.csv", "art,jahr,m\nm,2022,1\nart,2022,2\n", lesen)["wert"].tolist() == [1, 2]


# Einheiten, von denen die Beschreibung nichts sagt

EINHEITEN = """ags,jahr,was,wert,{spalte}
09999,2022,Kaufkraft,23.4,Tsd. EUR
09999101,2022,Kaufkraft,24100,{zweite}
09999,2022,Quote,5.9,%
09999101,2022,Quote,5.6,Prozent
"""
GROESSE = f"{LANG}groesse: was\nwert: wert\n"


@pytest.mark.parametrize("spalte", ["Einheit", "Maßeinheit", "unit", "x", ""])
def test_einheiten_in_einer_ungenannten_spalte_werden_nicht_gemischt(werk, spalte):
    meldung = werk.meldungen("p.csv", EINHEITEN.format(spalte=spalte, zweite="EUR"), GROESSE)
    assert "„Kaufkraft“ mischt Einheiten: „Tsd. EUR“, „EUR“." in meldung
    assert "Quote" not in meldung
    assert len(werk.lies("p.csv", EINHEITEN.format(spalte=spalte, zweite="Tsd. EUR"), GROESSE)) == 4


@pytest.mark.parametrize("werte", [["1000", "1000"], ["m", "w"], ["", ""], ["a", "EUR"]])
def test_andere_spalten_sind_keine_einheiten(werk, werte):
    inhalt = "ags,jahr,n,x\n" + "".join(f"0999910{n},2022,{n},{w}\n" for n, w in enumerate(werte, 1))
    assert len(werk.lies("p.csv", inhalt, f"{LANG}groessen: {{n: n}}\n")) == 2


# Zeiten verschiedener Art

ZEITEN = {
    "2023": "Jahr",
    "2023-06-01": "Stichtag",
    "2023-06": "Monat",
    "2023-Q2": "Quartal",
    "2023/24": "Schuljahr",
}


@given(st.lists(st.sampled_from(sorted(ZEITEN)), min_size=1, max_size=4, unique=True))
@settings(max_examples=30, deadline=None)
def test_zeiten_verschiedener_art_in_einer_groesse_werden_genannt(neues_werk, zeiten):
    werk = neues_werk()
    try:
        werk.lies(
            "p.csv", "ags,jahr,n\n" + "".join(f"09999,{z},1\n" for z in zeiten), f"{LANG}groessen: {{n: n}}\n"
        )
        text = hinweise(werk)
    except BerichtswerkFehler as fehler:
        text = str(fehler)
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    assert ("„n“ mischt Zeitangaben" in text) is (len(zeiten) > 1)
    assert len(zeiten) == 1 or all(f"{ZEITEN[z]} („{z}“)" in text for z in zeiten)


def test_verschiedene_groessen_haben_ihre_eigene_zeitart(werk):
    lesen = f"{LANG}groesse: was\nwert: n\n"
    werk.lies("p.csv", "ags,jahr,was,n\n09999,2023,a,1\n09999,2023-06,b,1\n", lesen)
    assert hinweise(werk) == ""


# Was nur die Schrift sagt: hochgestellt, tiefgestellt, durchgestrichen

MAPPE = "leser: xlsx\ngebiet: AGS\nzeit: Jahr\ngroessen: {n: n}\n"
HOCH, TIEF, STRICH = InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript"), Font(strike=True)


def mappe(werk, wert, *, schrift=None, schluessel=None, jahr=None, **lesen) -> str:
    """Eine Zeile mit gewöhnlichen Feldern und eine mit besonderen."""
    buch = openpyxl.Workbook()
    blatt = buch.active
    blatt.append(["AGS", "Jahr", "n"])
    blatt.append(["09999101", 2022, 5])
    blatt.append(["09999102", 2022, wert])
    for zelle, einzeln in (("A3", schluessel), ("B3", jahr), ("C3", schrift)):
        if einzeln is not None:
            blatt[zelle].font = einzeln
    buch.save(werk.datei("p.xlsx"))
    return MAPPE + "".join(f"{n}: {w}\n" for n, w in lesen.items())


@pytest.mark.parametrize("lage", [HOCH, TIEF])
def test_ziffern_mitten_in_der_zahl_die_abgesetzt_sind_gehoeren_nicht_dazu(werk, lage):
    meldung = werk.meldungen("p.xlsx", None, mappe(werk, CellRichText("7", TextBlock(lage, "2"), "5")))
    assert "Zelle C3" in meldung
    assert "„7²5“ ist keine Zahl." in meldung


@pytest.mark.parametrize("lage", [HOCH, TIEF])
def test_eine_fussnote_hinter_der_zahl_wird_abgetrennt(werk, lage):
    werte = werk.lies("p.xlsx", None, mappe(werk, CellRichText("12", TextBlock(lage, "1)"))))
    assert werte["wert"].tolist() == [5, 12]


@pytest.mark.parametrize("lage", ["superscript", "subscript"])
@pytest.mark.parametrize("wert", [7, "7"])
def test_ein_ganz_abgesetzter_wert_braucht_eine_entscheidung(werk, lage, wert):
    schrift = Font(vertAlign=lage)
    meldung = werk.meldungen("p.xlsx", None, mappe(werk, wert, schrift=schrift))
    assert "Der Wert „7“ ist ganz hoch- oder tiefgestellt." in meldung
    assert "„hochgestellt: lesen“ (er gilt) oder „hochgestellt: fehlt“" in meldung
    assert werk.lies("p.xlsx", None, mappe(werk, wert, schrift=schrift, hochgestellt="lesen"))[
        "wert"
    ].tolist() == [5, 7]
    fehlt = werk.lies("p.xlsx", None, mappe(werk, wert, schrift=schrift, hochgestellt="fehlt"))
    assert fehlt["status"].tolist() == ["wert", "fehlt"]


@pytest.mark.parametrize("welche", ["schluessel", "jahr"])
def test_ist_nur_der_schluessel_gestrichen_gilt_die_zeile_nicht_still(werk, welche):
    gestrichen = {welche: STRICH}
    meldung = werk.meldungen("p.xlsx", None, mappe(werk, 7, **gestrichen))
    assert "ist durchgestrichen; die Werte der Zeile stehen noch da." in meldung
    assert "Zeile 3" in meldung
    assert len(werk.lies("p.xlsx", None, mappe(werk, 7, **gestrichen, durchgestrichen="lesen"))) == 2
    assert len(werk.lies("p.xlsx", None, mappe(werk, 7, **gestrichen, durchgestrichen="fehlt"))) == 1
    weg = [b.weggelassen["durchgestrichen"].anzahl for b in werk.bestand().tabelle("probe").bericht.blaetter]
    assert weg == [1]


@pytest.mark.parametrize(
    ("html", "zahl"), [("CO<sub>2</sub>", "CO2"), ("7<sub>2</sub>5", "7²5"), ("7<sup>2</sup>", "7")]
)
def test_tiefgestelltes_gehoert_hinter_einem_buchstaben_zum_text(werk, html, zahl):
    inhalt = f"<table><tr><th>AGS</th><th>n</th></tr><tr><td>09999</td><td>{html}</td></tr></table>"
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}\n"
    if zahl == "7":
        assert werk.lies("p.xls", inhalt, lesen)["wert"].tolist() == [7]
    else:
        assert f"„{zahl}“" in werk.meldungen("p.xls", inhalt, lesen)


# Vorzeichen und Zahlform


@given(
    st.integers(1, 10**7),
    st.sampled_from(["-{}", "\u2212{}", "–{}", "\ufe63{}", "\uff0d{}", "{}-", "{} \u2212", "({})"]),
)
@settings(max_examples=80, deadline=None)
def test_negatives_ist_negativ_oder_ein_befund(zahl, form):
    text = form.format(zahl)
    streng = Wertleser("deutsch", ZEICHENSAETZE["din55301"])
    offen = Wertleser("deutsch", ZEICHENSAETZE["din55301"], minus=["hinten", "klammer"])
    assert offen.lies(text) == (-zahl, Status.WERT)
    if form.endswith("{}"):
        assert streng.lies(text) == (-zahl, Status.WERT)
    elif form == "({})":
        assert streng.lies(text) == (zahl, Status.EINGESCHRAENKT)
    else:
        with pytest.raises(Abgewiesen) as abgewiesen:
            streng.lies(text)
        assert "„minus: hinten“" in abgewiesen.value.angaben["hilfe"]


def test_eine_klammer_neben_negativem_braucht_eine_entscheidung(werk):
    inhalt, lesen = "ags,jahr,n\n09999101,2022,-5\n09999102,2022,(7)\n", f"{LANG}groessen: {{n: n}}\n"
    meldung = werk.meldungen("p.csv", inhalt, lesen)
    assert "Zeile 3" in meldung
    assert "Ob „(7)“ negativ ist oder eine unsichere Zahl, ist nicht zu erkennen." in meldung
    assert werk.lies("p.csv", inhalt, f"{lesen}minus: klammer\n")["wert"].tolist() == [-5, -7]
    assert werk.lies("p.csv", inhalt, f"{lesen}minus: vorn\n")["status"].tolist() == [
        "wert",
        "eingeschraenkt",
    ]
    ohne = inhalt.replace("-5", "5")
    assert "Einen Zeichensatz nennt die Quelle nicht" in werk.meldungen("p.csv", ohne, lesen)
    amtlich = werk.lies("p.csv", ohne, lesen, statistik="zeichensatz: din55301")
    assert amtlich["status"].tolist() == ["wert", "eingeschraenkt"]


@given(st.integers(1000, 10**9), st.sampled_from("'’"))
def test_schweizer_tausender(zahl, zeichen):
    text = f"{zahl:,}".replace(",", zeichen)
    assert Wertleser("schweizerisch", ZEICHENSAETZE["ohne"]).lies(f"{text}.5") == (zahl + 0.5, Status.WERT)
    with pytest.raises(Abgewiesen) as abgewiesen:
        Wertleser("deutsch", ZEICHENSAETZE["ohne"]).lies(text)
    assert "„zahlform: schweizerisch“" in abgewiesen.value.angaben["hilfe"]


def test_zwei_zahlen_in_einem_feld_sind_keine_frage_der_zahlform():
    with pytest.raises(Abgewiesen) as abgewiesen:
        Wertleser("deutsch", ZEICHENSAETZE["ohne"]).lies("1 0022")
    assert "zwei Zahlen oder eine Fußnote" in abgewiesen.value.angaben["grund"]


# Was nur zum Teil gilt, und was die Tabellenkalkulation umgeschrieben hat


def test_teilweise_gestrichenes_ist_nie_beides_zusammen(werk):
    wert = CellRichText(TextBlock(InlineFont(strike=True), "600"), " 610")
    assert "Der Wert „600 610“ ist durchgestrichen." in werk.meldungen("p.xlsx", None, mappe(werk, wert))
    for umgang in ("lesen", "fehlt"):
        gelesen = werk.lies("p.xlsx", None, mappe(werk, wert, durchgestrichen=umgang))
        assert gelesen["wert"].tolist() == [5, 610]


def test_ein_tag_statt_einer_auspraegung_ist_ein_befund(werk):
    buch = openpyxl.Workbook()
    for zeile in (["AGS", "Alter", "n"], ["09999", "0-3", 1], ["09999", datetime(2024, 6, 3), 2]):
        buch.active.append(zeile)
    buch.save(werk.datei("p.xlsx"))
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}\nmerkmale: {alter: {spalte: Alter"
    assert "Hier ist ein Tag gespeichert: 2024-06-03." in werk.meldungen("p.xlsx", None, lesen + "}}\n")
    werte = werk.lies("p.xlsx", None, lesen + ', werte: {"2024-06-03": "3-6"}}}\n')
    assert werte["alter"].tolist() == ["0-3", "3-6"]


def test_ein_gerundeter_schluessel_ist_zerstoert_und_nicht_fremd(werk):
    lesen = f"{LANG}groessen: {{n: n}}\n".replace(
        "gebiet: ags", "gebiet: {spalte: ags, unbekannte: weglassen}"
    )
    assert "Der Schlüssel „1.2068E+11“ ist zerstört." in werk.meldungen(
        "p.csv", "ags,jahr,n\n1.2068E+11,2022,1\n", lesen
    )


def test_auspraegungen_die_nur_anders_geschrieben_sind(werk):
    zeilen = "".join(f"09999,2022,{g},1\n" for g in ("männlich", "Männlich", "maennlich", "weiblich"))
    werk.lies("p.csv", "ags,jahr,g,n\n" + zeilen, f"{LANG}merkmale: {{g: g}}\ngroessen: {{n: n}}\n")
    assert "nur in der Schreibweise unterscheiden: „männlich“, „Männlich“, „maennlich“." in hinweise(werk)


def test_eintraege_die_nie_passen_werden_genannt(werk):
    lesen = (
        f"{LANG}groessen: {{n: n}}\nmerkmale: {{g: {{spalte: g, werte: {{m: männlich, weibl: weiblich}}}}}}\n"
        "wo: {e: [Kreis, '/Stadt/']}\nohne: {g: Summe}\n"
    )
    werk.lies("p.csv", "ags,jahr,g,n,e\n09999,2022,m,1,Kreis\n09999101,2022,w,2,Amt\n", lesen)
    genannt = {str(m.feld): m.text for m in befunde(werk.bestand().tabelle("probe").bericht)}
    assert genannt["lesen.wo.e"] == "Das kommt in der Lieferung nicht vor: „/Stadt/“."
    assert genannt["lesen.ohne.g"] == "Das kommt in der Lieferung nicht vor: „Summe“."
    assert genannt["lesen.g.werte"] == "Das kommt in der Lieferung nicht vor: „weibl“."


def test_ein_eigener_schluessel_unter_werte_gilt_auch_bei_namen(werk):
    lesen = f"{LANG}groessen: {{n: n}}\n".replace(
        "gebiet: ags", "gebiet: {spalte: ags, schluessel: name, werte: {Musterland gesamt: '09'}}"
    )
    assert werk.lies("p.csv", "ags,jahr,n\nMusterland gesamt,2022,1\n", lesen)["gebiet"].tolist() == ["09"]


# Dateien, die anders gespeichert sind, als sie heißen


@pytest.mark.parametrize("kodierung", ["mac_roman", "cp1252", "utf-8"])
def test_zeilenenden_des_alten_mac(werk, kodierung):
    inhalt = 'ags,jahr,n,"Größe"\r09999101,2022,5,"x"\r09999102,2022,6,y\r'.encode(kodierung)
    werte = werk.lies("p.csv", inhalt, f"{LANG}groessen: {{n: n}}\n", ressource=f"encoding: {kodierung}")
    assert werte["wert"].tolist() == [5, 6]
    assert werte["zeile"].tolist() == [2, 3]


def test_text_der_xls_heisst_nennt_den_richtigen_leser(werk):
    meldung = werk.meldungen("p.xls", "AGS\tJahr\tn\n09999\t2022\tGröße\n".encode("cp1252"), MAPPE)
    assert "keine Arbeitsmappe, sondern Text mit Trennzeichen" in meldung
    assert r"„leser: csv“, „encoding: cp1252“ und dialect: {csv: {delimiter: " in meldung
    assert r'"\t"' in meldung


def test_die_uebrigen_dateien_eines_archivs_werden_genannt(werk):
    with zipfile.ZipFile(werk.datei("p.zip"), "w") as archiv:
        for jahr in (2021, 2022):
            archiv.writestr(f"n_{jahr}.csv", f"ags,jahr,n\n09999,{jahr},1\n")
    werk.beschreibe("p.zip", f"{LANG}groessen: {{n: n}}\n", ressource="innerpath: n_2021.csv")
    pfad = werk.projekt.quellen / "probe.yaml"
    pfad.write_text(pfad.read_text("utf-8").replace("format: zip", "format: csv"), encoding="utf-8")
    assert "nur „n_2021.csv“ gelesen; daneben liegen 1: „n_2022.csv“." in hinweise(werk)


def test_cp850_als_cp1252_nennt_die_richtige_kodierung(werk):
    inhalt = "ags,jahr,n,ort\n09999,2022,5,Größe für Bürger\n09999101,2022,6,Höfe ähnlich üblich\n"
    meldung = werk.meldungen(
        "p.csv", inhalt.encode("cp850"), f"{LANG}groessen: {{n: n}}\n", ressource="encoding: cp1252"
    )
    assert "„encoding: cp850“" in meldung
    assert "neu an" not in meldung


def test_eine_formel_ohne_gespeichertes_ergebnis_sagt_was_hilft(werk):
    meldung = werk.meldungen("p.xlsx", None, mappe(werk, "=1+1", formeln="gespeicherter_wert"))
    assert "Öffnen Sie die Datei in Excel und speichern Sie sie" in meldung


def test_ohne_statistik_nennt_die_pruefung_gleich_alle_pflichtangaben(werk):
    werk.beschreibe("p.csv", f"{LANG}groessen: {{n: n}}\n")
    pfad = werk.projekt.quellen / "probe.yaml"
    text = pfad.read_text("utf-8")
    pfad.write_text(text[: text.index("statistik:")] + text[text.index("lesen:") :], encoding="utf-8")
    genannt = str(BerichtswerkFehler(werk.bestand().quellen.befunde))
    for name in ("herausgeber", "stand", "attribution", "ressort", "periodizitaet", "herkunft"):
        assert f"Die Angabe „{name}“ fehlt." in genannt


@given(
    st.integers(1, 999),
    st.sampled_from(["-{}", "{}-", "–{}", "- {}"]),
    st.sampled_from([r"[-–−\s]", "-$", "^[-–]"]),
)
@settings(max_examples=60, deadline=None)
def test_entfernen_streicht_nie_ein_minus(zahl, form, muster):
    leser = Wertleser("deutsch", ZEICHENSAETZE["din55301"], muster)
    try:
        assert leser.lies(form.format(zahl))[0] == -zahl
    except Abgewiesen as abgewiesen:
        assert abgewiesen.art is not None


def test_schluessel_und_name_die_sich_widersprechen(werk):
    lesen = f"{LANG}groessen: {{n: n}}\n"
    zeilen = "09999101,Altdorf,2022,1\n09999102,Altdorf,2022,2\n09999,Musterland,2022,3\n"
    assert len(werk.lies("p.csv", "ags,ort,jahr,n\n" + zeilen, lesen)) == 3
    assert hinweise(werk).count("widersprechen sich") == 1
    assert "gelesen wird Neustetten (Gemeinde 09999102), daneben steht „Altdorf“." in hinweise(werk)
    assert "Zeile 3" in hinweise(werk)


def test_ein_gebiet_anderer_ebene_ist_nicht_unbekannt(werk):
    lesen = f"{LANG}groessen: {{n: n}}\n".replace("gebiet: ags", "gebiet: {spalte: ags, ebene: gemeinde}")
    meldung = werk.meldungen("p.csv", "ags,jahr,n\nAltdorf,2022,1\nMusterland,2022,2\n", lesen)
    assert "„Musterland“ ist Land Musterland (Land 09); gelesen wird nur die Ebene „gemeinde“." in meldung
