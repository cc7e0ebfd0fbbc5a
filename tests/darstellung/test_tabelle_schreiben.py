"""Tabellen: barrierefrei, ohne leere Fächer, in HTML, Markdown und CSV dasselbe."""

import csv
import io
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.gegenstand.gegenstaende import Beleg, Quellenzeile, Tabellenmodell
from berichtswerk.grund.zeichen import Status
from berichtswerk.schreiber.html.tabelle import tabelle as als_html
from berichtswerk.tabelle import tabelle as t
from berichtswerk.tabelle import tabellenbau as bau

S = "\u202f"


class Leser(HTMLParser):
    """Sammelt Zellen mit Merkmalen und Text."""

    def __init__(self):
        super().__init__()
        self.zellen, self.offen, self.koerper = [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "wbr":  # schließt nicht
            return
        self.offen.append(tag)
        self.koerper += tag == "tbody"
        if tag in {"th", "td"}:
            self.zellen.append((tag, dict(attrs), []))

    def handle_endtag(self, tag):
        assert self.offen.pop() == tag

    def handle_data(self, data):
        if self.zellen and self.offen and self.offen[-1] in {"th", "td", "span"}:
            self.zellen[-1][2].append(data)


def gelesen(modell):
    leser = Leser()
    leser.feed(als_html(modell))
    assert not leser.offen
    return leser


def modell(*zeilen, kopf=("Kommune", "Einwohner", "Anteil in %")):
    return Tabellenmodell(kopf=bau.kopf(*kopf), zeilen=zeilen)


GROSS = modell(
    bau.gruppenzeile("Planungsgebiet Nord", 3),
    bau.zeile("A-Stadt", [bau.zahlzelle(12345), bau.zahlzelle(7.25, stellen=1)]),
    bau.zeile("Amt B", [bau.zeichenzelle(Status.GEHEIM), bau.zahlzelle(3, Status.GESCHAETZT)]),
    bau.gruppenzeile("Planungsgebiet Süd", 3),
    bau.zeile("C-Dorf", [bau.zahlzelle(0), bau.zahlzelle(4.0, Status.EINGESCHRAENKT, stellen=1)]),
    bau.zeile("Landkreis", [bau.zahlzelle(20000), bau.zahlzelle(5.55, stellen=1)], "summe"),
)


def test_jede_zelle_hat_inhalt_und_jeder_kopf_einen_geltungsbereich():
    leser = gelesen(GROSS)
    assert all("".join(text).strip() for _, _, text in leser.zellen)
    assert all(merkmale.get("scope") for tag, merkmale, _ in leser.zellen if tag == "th")
    assert {m["scope"] for tag, m, _ in leser.zellen if tag == "th"} == {"col", "row", "rowgroup"}


def test_jede_gruppe_ist_ein_eigener_rumpf():
    assert gelesen(GROSS).koerper == 2


def test_zeichen_werden_mit_worten_vorgelesen():
    html = als_html(GROSS)
    assert (
        '<td class="zahl"><span aria-hidden="true">.</span>'
        '<span class="bw-vorlesen">Zahlenwert unbekannt oder geheim zu halten</span></td>'
    ) in html
    assert '<span aria-hidden="true">–</span><span class="bw-vorlesen">nichts vorhanden' in html


def test_zahlen_stehen_am_komma_untereinander():
    html = als_html(GROSS)
    laut = '<span class="bw-vorlesen"> (geschätzte Zahl)</span>'
    # das Zeichen steht dicht an seiner Zahl, aufgefüllt wird dahinter
    assert f'>3<span aria-hidden="true">{S}s</span>{laut}\u2007\u2008<' in html
    assert f">7,3{S}\u2007<" in html
    schmal = modell(
        bau.zeile("a", [bau.zahlzelle(7.25, stellen=2)]),
        bau.zeile("b", [bau.zahlzelle(3, stellen=0)]),
        kopf=("Name", "Wert"),
    )
    assert '<td class="zahl">3\u2007\u2007\u2008</td>' in als_html(schmal)


def test_fremder_text_bleibt_text():
    boese = modell(bau.zeile("<b>A|B*</b>", [bau.zahlzelle(1), bau.zahlzelle(2)]))
    assert "<b>" not in als_html(boese)
    assert "\\<b\\>A\\|B\\*\\</b\\>" in t.als_markdown(boese)


def test_summen_und_vergleiche_sind_abgesetzt():
    assert '<tr class="summe"><th scope="row">Landkreis</th>' in als_html(GROSS)


def test_markdown_hat_in_jeder_zeile_gleich_viele_spalten():
    zeilen = t.als_markdown(GROSS).splitlines()
    assert {zeile.count("|") for zeile in zeilen} == {4}
    assert zeilen[1] == "| :--- | ---: | ---: |"


def test_csv_ist_maschinenlesbar_und_nennt_gruppe_marke_und_quelle():
    beleg = Beleg(quellen=(Quellenzeile(name="q", zeile="Quelle: Amt"),), beispiel=True)
    zeilen = list(csv.reader(io.StringIO(t.als_csv(GROSS, beleg)), delimiter=";"))
    assert zeilen[0] == ["Gruppe", "Kommune", "Einwohner", "Anteil in %", "Hinweis", "Quelle"]
    assert zeilen[1] == ["Planungsgebiet Nord", "A-Stadt", "12345", "7,3", "Beispieldaten", "Quelle: Amt"]
    assert zeilen[2][2:4] == [".", "3 s"]
    assert zeilen[3] == ["Planungsgebiet Süd", "C-Dorf", "–", "(4,0)", "Beispieldaten", "Quelle: Amt"]


def test_csv_nennt_das_ganze_gebiet_nicht_unter_der_letzten_gruppe():
    ganzes = bau.zeile("Landkreis", [bau.zahlzelle(20000), bau.zahlzelle(5.55)], "summe", ausserhalb=True)
    zeilen = list(csv.reader(io.StringIO(t.als_csv(modell(*GROSS.zeilen[:-1], ganzes))), delimiter=";"))
    assert [z[0] for z in zeilen[-2:]] == ["Planungsgebiet Süd", ""]


def test_zeilen_eines_dataframe_ohne_gruppe_gehoeren_zu_keiner():
    daten = pd.DataFrame({"Teil": ["Nord", None], "Ort": ["A", "Zusammen"], "Plätze": [3, 4]})
    zeilen = list(csv.reader(io.StringIO(t.als_csv(bau.aus_frame(daten, gruppe="Teil"))), delimiter=";"))
    assert zeilen[1:] == [["Nord", "A", "3"], ["", "Zusammen", "4"]]


@pytest.mark.parametrize("anfang", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r\n=1"])
def test_csv_fuehrt_nirgends_formeln_aus(anfang):
    tabelle = modell(
        bau.gruppenzeile(anfang, 3), bau.zeile(anfang, [bau.textzelle(anfang), bau.zahlzelle(-2)]),
        kopf=(anfang, "Text", "Zahl"),
    )  # fmt: skip
    beleg = Beleg(quellen=(Quellenzeile(name="q", zeile=anfang),))
    kopf, zeile = csv.reader(io.StringIO(t.als_csv(tabelle, beleg), newline=""), delimiter=";")
    assert kopf[1] == zeile[0] == zeile[1] == zeile[2] == zeile[4] == f"'{anfang.strip()}"
    assert zeile[3] == "-2", "eine negative Zahl bleibt eine Zahl"


def test_zeichenerklaerung_nennt_nur_vorhandene_zeichen():
    assert t.zeichenerklaerung(GROSS) == (
        "Zeichenerklärung: – = nichts vorhanden (genau null); "
        ". = Zahlenwert unbekannt oder geheim zu halten; ( ) = Aussagewert eingeschränkt; s = geschätzte Zahl"
    )
    assert t.zeichenerklaerung(modell(bau.zeile("a", [bau.zahlzelle(1), bau.zahlzelle(2)]))) == ""


def test_rundungshinweis_nur_wenn_gerundete_teile_nicht_die_summe_ergeben():
    def tafel(*teile, summe):
        zeilen = [bau.zeile(f"Teil {n}", [bau.zahlzelle(w)]) for n, w in enumerate(teile)]
        return modell(*zeilen, bau.zeile("Summe", [bau.zahlzelle(summe)], "summe"), kopf=("Name", "Wert"))

    assert t.rundungshinweis(tafel(1.4, 1.4, summe=2.8)) == t.RUNDUNG
    assert t.rundungshinweis(tafel(1.0, 2.0, summe=3.0)) == ""
    assert t.rundungshinweis(tafel(40.2, 38.1, summe=39.0)) == ""


@pytest.mark.parametrize(
    ("wert", "status", "text"),
    [
        (0.0, Status.WERT, "–"),
        (0.0, Status.NULL, "–"),
        (0.2, Status.WERT, "0"),
        (0.0, Status.GERUNDET_NULL, "0"),
        (None, Status.SPAETER, "…"),
        (None, Status.WERT, "."),
        (float("nan"), Status.WERT, "."),
        (5.0, Status.GESPERRT, "x"),
        (-1234.5, Status.WERT, f"−1{S}235"),
    ],
)
def test_ein_fach_zeigt_zahl_oder_zeichen(wert, status, text):
    assert bau.zahlzelle(wert, status).text == text


def test_aus_einem_dataframe_wird_eine_tabelle_mit_gruppen():
    daten = pd.DataFrame(
        {"raum": ["N", "N", None], "name": ["a", "b", "Kreis"], "n": [1.0, None, 3.0], "art": ["x", "y", ""]}
    )
    ergebnis = bau.aus_frame(
        daten, spalten={"name": "Name", "n": "Anzahl", "art": "Art"}, gruppe="raum", summen=["Kreis"]
    )
    assert [z.art for z in ergebnis.zeilen] == ["gruppe", "zeile", "zeile", "summe"]
    assert [z.text for z in ergebnis.zeilen[2].zellen] == ["b", ".", "y"]
    assert ergebnis.zeilen[3].zellen[2].text == "."


def test_fehlende_spalte_wird_genannt():
    with pytest.raises(ValueError, match=r"^Aus diesen Daten wird keine Tabelle: Spalte quote fehlt\.$"):
        bau.aus_frame(pd.DataFrame({"name": ["a"]}), spalten={"name": "Name", "quote": "Quote"})


def test_mehrere_kopfzeilen_werden_flach():
    zwei = Tabellenmodell(
        kopf=(
            (bau.textzelle("Name", zeilen=2), bau.textzelle("2024", zahl_spalte=True, spalten=2)),
            (bau.textzelle("Zahl", zahl_spalte=True), bau.textzelle("Anteil", zahl_spalte=True)),
        ),
        zeilen=(bau.zeile("a", [bau.zahlzelle(1), bau.zahlzelle(2)]),),
    )
    assert t.flache_koepfe(zwei) == ["Name", "2024: Zahl", "2024: Anteil"]
    assert '<th scope="colgroup" colspan="2" class="zahl">2024</th>' in als_html(zwei)


@given(
    st.lists(
        st.tuples(
            st.text(min_size=0, max_size=12),
            st.none() | st.floats(-1e15, 1e15) | st.sampled_from([float("nan"), float("inf")]),
            st.sampled_from(Status),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_keine_eingabe_erzeugt_ein_leeres_fach(eingaben):
    zeilen = [bau.zeile(name, [bau.zahlzelle(w, s, stellen=1)]) for name, w, s in eingaben]
    leser = gelesen(modell(*zeilen, kopf=("Name", "Wert")))
    assert all("".join(text).strip() for _, _, text in leser.zellen)


def test_eine_schmale_erste_spalte_nimmt_auf_dem_telefon_keinen_platz() -> None:
    """Neben „2024“ war so viel frei, dass der Bund nicht mehr auf den Schirm passte."""
    jahre = modell(bau.zeile("2023", [bau.zahlzelle(7), bau.zahlzelle(8)]), kopf=("Jahr", "Kreis", "Bund"))
    assert "bw-kurz" in als_html(jahre).partition(">")[0]
    assert "bw-kurz" not in als_html(GROSS).partition(">")[0]


LANGE_NAMEN = modell(
    bau.zeile("Mindestsicherungsquote (in %)", [bau.textzelle("2021"), *[bau.zahlzelle(8.1, stellen=1)] * 3]),
    kopf=("Kennzahl", "Jahr", "Ostprignitz-Ruppin", "Brandenburg", "Deutschland"),
)


def test_wo_der_name_nicht_neben_drei_gebiete_passt_steht_er_darueber() -> None:
    """Bei 320 Pixeln fehlten 19 bis 57: der Bund lag rechts außerhalb."""
    html = als_html(LANGE_NAMEN)
    assert "bw-oben" in html.partition(">")[0]
    rollen = {(tag, m.get("role")) for tag, m, _ in gelesen(LANGE_NAMEN).zellen}
    assert rollen == {("th", "columnheader"), ("th", "rowheader"), ("td", "cell")}, (
        "auch als Raster eine Tabelle"
    )
    jahre = modell(bau.zeile("2021", [bau.zahlzelle(8)] * 3), kopf=("Jahr", *(f"Gebiet {n}" for n in "ABC")))
    for passt in (GROSS, jahre):
        assert "bw-oben" not in als_html(passt) and 'role="' not in als_html(passt)
    viele = modell(
        bau.zeile("Amt B", [bau.zahlzelle(12345)] * 9), kopf=("Kommune", *map(str, range(2015, 2024)))
    )
    assert "bw-oben" not in als_html(viele), "rollt auch darunter: dann bleibt die erste Spalte stehen"


def test_woerter_mit_gruppen_stehen_auf_dem_telefon_untereinander() -> None:
    """Im Verzeichnis der Quellen brach „Absolventinn / en“, und die Lizenz lag 155 Pixel außerhalb."""
    worte = [bau.textzelle("Statistische Ämter des Bundes und der Länder"), bau.textzelle("13.03.2025")] * 2
    zeilen = bau.gruppenzeile("Amtliche Statistik", 5), bau.zeile("Absolventinnen und Abgänge", worte)
    assert "bw-saetze" in als_html(
        modell(*zeilen, kopf=("Quelle", "Tabelle", "Stand", "Lieferung", "Lizenz"))
    )


def test_namen_von_orten_ueber_ihren_spalten_brechen_an_der_fuge() -> None:
    orte = modell(bau.zeile("Quote", [bau.zahlzelle(8)] * 2), kopf=("Kennzahl", "Kreis", "Königsgrabe"))
    assert "Königs\u00adgrabe</th>" in als_html(orte, orte=True)
    assert "Königsgrabe</th>" in als_html(orte)


def test_worte_in_faechern_trennen_keinen_tag_und_keine_klasse() -> None:
    """„30.“ stand in drei Spalten über „September“, „Klasse“ über „6“."""
    annahme = bau.zeile(
        "Stichtag", [bau.textzelle("30. September"), bau.textzelle("in Prozent der Klasse 6")]
    )
    html = als_html(modell(annahme, kopf=("Annahme", "Wert", "Begründung")))
    assert "30.\u202f" in html.replace("\xa0", "\u202f") and "Klasse\xa06" in html
