"""Der Rumpf der Seiten trägt die Klassen und Marken, die Quarto vergibt; der Rahmen lädt nichts Fremdes."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from manuskripthilfe import BELEG, SVG, Werk, abbildung, tabelle, tafel, zellen

from berichtswerk.gegenstand.gegenstaende import (
    Begriff,
    Begriffe,
    Eckwert,
    Eckwerte,
    Fehlt,
    Luecken,
    Randnotiz,
    Steckbrief,
    Steckbriefe,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.trennung import WEICH
from berichtswerk.grund.zeichen import Status
from berichtswerk.schreiber.html import figur, rumpf, seite
from berichtswerk.schreiber.html import text as als_text
from berichtswerk.schreiber.html.seite import Seitenkontext, Verweis
from berichtswerk.schreiber.html.tabelle import tabelle as als_tabelle
from berichtswerk.tabelle.tabelle import als_markdown

UUID = "0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"


def ohne_umbruch(html: str) -> str:
    return re.sub(r"\s*\n\s*", "", html)


# --- Abbildungen und Tabellen ----------------------------------------------------------------------------


def test_abbildung_wie_quarto_mit_datei(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n", abbildung("fig-x")))
    assert (
        '<div id="fig-x" class="quarto-float quarto-figure anchored">'
        '<figure class="quarto-float quarto-float-fig figure">'
        '<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-fig" '
        f'id="fig-x-caption-{UUID}"><span class="bw-abbnummer">Abbildung\u00a01'
        '<span class="bw-vorlesen">: </span></span>'
        '<h3 class="bw-befund">Die Zahl der Geburten ist gesunken.</h3>'
        '<p class="bw-unterzeile">Geburten im Kreis, <span class="bw-fest">2005–2023</span> (Anzahl)</p>'
        "</figcaption>"
        f'<div aria-describedby="fig-x-caption-{UUID}">'
        '<img src="pruef-2025/abb/fig-x.svg" class="img-fluid figure-img" '
        'alt="Liniendiagramm „Geburten“: Rückgang"></div></figure></div>'
    ) in html


def test_buchstaben_an_den_zahlen_eines_bildes_sind_darunter_erklaert(werk: Werk) -> None:
    """Im Bild stand „801 s“, und nur die aufgeklappte Tabelle sagte, was das heißt."""
    bild = abbildung("fig-x")
    zahlen = (
        Tabellenzelle(text="2015"),
        Tabellenzelle(text="801", zahl=True, wert=801.0, status=Status.GESCHAETZT, zusatz="s"),
        Tabellenzelle(text=".", zahl=True, status=Status.UNBEKANNT),
    )
    geschaetzt = bild.daten.model_copy(update={"zeilen": (Tabellenzeile(zellen=zahlen),)})
    html = ohne_umbruch(werk.html("## A\n", bild.model_copy(update={"daten": geschaetzt})))
    satz = '<p class="bw-quelle">Zeichenerklärung: s = geschätzte Zahl.</p></div></figure>'
    assert satz in html and satz not in ohne_umbruch(werk.html("## A\n", bild))


def test_zeichnung_steht_in_der_seite_und_traegt_den_alternativtext(werk: Werk) -> None:
    m = werk.manuskript("## A\n", abbildung("fig-x"))
    html = ohne_umbruch(rumpf.schreibe(m, {"fig-x": SVG}))
    alt = "Liniendiagramm „Geburten“: Rückgang"
    assert f'<div class="bw-bild" role="img" aria-label="{alt}">{SVG}</div>' in html
    assert "<img" not in html


def test_abbildung_aus_einem_text(werk: Werk) -> None:
    text = '## A\n\n::: {#fig-t}\n![](abb/a.svg){fig-alt="Karte"}\n\nKarte des *Kreises*\n:::\n'
    html = ohne_umbruch(werk.html(text))
    assert '<img src="abb/a.svg" class="img-fluid figure-img" alt="Karte">' in html
    assert '<span class="bw-befund">Karte des <em>Kreises</em></span></figcaption>' in html


def test_tabelle_mit_ueberschrift_zuerst_und_rollbereich(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n", tabelle("tbl-x")))
    assert (
        '<div id="tbl-x" class="quarto-float anchored"><figure class="quarto-float quarto-float-tbl figure">'
        '<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-tbl" '
        f'id="tbl-x-caption-{UUID}"><span class="bw-abbnummer">Tabelle\u00a01'
        '<span class="bw-vorlesen">: </span></span>'
        '<span class="bw-befund">Einwohner der Gemeinden, 2023</span></figcaption>'
        f'<div class="bw-rollbereich" role="group" tabindex="0" aria-labelledby="tbl-x-caption-{UUID}">'
        '<table class="caption-top table bw-tabelle">'
    ) in html


def test_markdown_tabelle_bekommt_scope_und_keine_stilangaben(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n\n| Ort | Wert |\n|:--|--:|\n| Nord | 1 |\n\n: Werte {#tbl-w}\n"))
    assert '<th scope="col">Ort</th><th scope="col" class="zahl">Wert</th>' in html
    assert '<th scope="row">Nord</th><td class="zahl">1</td>' in html
    assert "style=" not in html
    assert '<span class="bw-befund">Werte</span>' in html


def test_befund_ist_eine_ueberschrift_unter_der_des_abschnitts(werk: Werk) -> None:
    html = werk.html("## A\n", abbildung("fig-x"), "### B\n", tabelle("tbl-x", befund="Es sinkt."))
    assert '<h3 class="bw-befund">Die Zahl der Geburten ist gesunken.</h3>' in html
    assert '<h4 class="bw-befund">Es sinkt.</h4>' in html


def test_unter_der_abbildung_stehen_quelle_zahlen_und_herkunft(werk: Werk) -> None:
    beleg = BELEG.model_copy(update={"definition": "Lebend & geboren.", "hinweise": ("Bruch 2011: Zensus.",)})
    daten = tafel(zellen("2005", "<12>"))
    html = ohne_umbruch(werk.html("## A\n", abbildung("fig-x", "A & B", daten=daten, beleg=beleg)))
    assert '<p class="bw-quelle">Quelle: Amt; Stand: 30.06.2025.</p>' in html
    name = '<span class="bw-vorlesen"> {}\u00a01</span></summary>'
    tabelle = f"<summary>Tabelle zeigen{name.format('mit den Zahlen zu Abbildung')}"
    herkunft = f"<summary>Woher kommt die Zahl?{name.format('Quellen und Begriffe zu Abbildung')}"
    assert html.index(tabelle) < html.index(herkunft)
    assert "<td>&lt;12&gt;</td>" in html and 'aria-label="Zahlen zu Abbildung\u00a01"' in html
    woher = html[html.index('<dl class="bw-woher">') :]
    assert "<dt>Begriff</dt><dd>Lebend &amp; geboren.</dd>" in woher
    assert "<dt>Bruch 2011</dt><dd>Zensus.</dd>" in woher


def test_die_werkzeugzeile_bietet_an_was_es_gibt(werk: Werk) -> None:
    m = werk.manuskript("## A\n", abbildung("fig-x"), tabelle("tbl-y"))
    ohne = rumpf.schreibe(m)
    assert ohne.count('<ul class="bw-werkzeug"') == 2 and "download" not in ohne
    beilagen = {"abb/fig-x.png", "daten/fig-x.csv", "daten/tbl-y.ods", "nachweis.json"}
    html = rumpf.schreibe(m, {}, beilagen)
    assert re.findall(r'<li><a href="([^"]+)"( download)?>([A-Za-z]+)<span', html) == [
        ("#fig-x", "", "Link"),
        ("pruef-2025/abb/fig-x.png", " download", "PNG"),
        ("pruef-2025/daten/fig-x.csv", " download", "CSV"),
        ("#tbl-y", "", "Link"),
        ("pruef-2025/daten/tbl-y.ods", " download", "ODS"),
    ]
    assert 'aria-label="Abbildung\u00a01 weiterverwenden"' in html
    assert html.count('<a href="pruef-2025/nachweis.json">') == 2


def test_links_zu_verschiedenem_lesen_sich_auch_allein_verschieden(werk: Werk) -> None:
    m = werk.manuskript("## A\n", abbildung("fig-x", beleg=BELEG), tabelle("tbl-y", beleg=BELEG))
    html = rumpf.schreibe(m, {}, {"fig-x.html", "tbl-y.html", "daten/fig-x.csv", "daten/tbl-y.csv"})
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', html)
    ziele: dict[str, set[str]] = {}
    for ziel, wort in links:
        ziele.setdefault(re.sub(r"<[^>]+>", "", wort), set()).add(ziel)
    assert "Jede Zahl mit Datei und Zeile zu Abbildung\u00a01" in ziele
    assert [wort for wort, wohin in ziele.items() if len(wohin) > 1] == []


def test_dateien_und_randnotizen_sind_auf_dem_telefon_zugeklappt(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n", abbildung("fig-x")))
    dateien = '<details class="bw-klappe"><summary>Dateien<span class="bw-vorlesen"> zu Abbildung\u00a01'
    assert html.index(dateien) < html.index('<ul class="bw-werkzeug"')
    zwei = (Randnotiz(titel="Zensus", text="Neu & anders."), Randnotiz(titel="Bruch", text="Ab 2011."))
    notizen = ohne_umbruch(figur.notizen(zwei))
    assert notizen.startswith('<details class="bw-klappe"><summary>Anmerkung: Zensus, Bruch</summary>')
    assert "<p>Neu &amp; anders.</p>" in notizen and notizen.count('<div class="bw-notiz">') == 2
    assert figur.notizen(()) == ""


def test_ein_zeichen_bleibt_in_seiner_erklaerung_klein() -> None:
    """„S = geschätzte Zahl“ stand über einer Tabelle mit „s“."""
    beleg = BELEG.model_copy(
        update={"hinweise": ("Zeichenerklärung: s = geschätzte Zahl.", "Achse: ab zehn.")}
    )
    html = figur.belege(beleg)
    assert "<dd>s = geschätzte Zahl.</dd>" in html and "<dd>Ab zehn.</dd>" in html


def test_lange_tabellen_sind_auf_dem_telefon_zugeklappt(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n", tabelle("tbl-kurz"), tabelle("tbl-lang", zeilen=20)))
    klappe = '<details class="bw-klappe"><summary>Tabelle zeigen</summary><div class="bw-rollbereich"'
    assert html.count(klappe) == 1 and html.index(klappe) > html.index('id="tbl-lang"')


def test_spannen_brechen_nicht_um_andere_striche_schon() -> None:
    html = als_text("2019–2030, 6\u202f464–7\u202f279.")
    assert html == (
        '<span class="bw-fest">2019–2030</span>, <span class="bw-fest">6\u202f464–7\u202f279</span>.'
    )
    for ohne in ("Berlin–Rostock", "x1–2y", "1 – 2"):
        assert als_text(ohne) == ohne


def test_zeichen_stehen_bei_ihrer_tabelle_und_falten_sich_mit_ihr(werk: Werk) -> None:
    """Unter einer zugeklappten Tabelle erklärte „s = geschätzte Zahl“ nichts, was zu sehen ist."""
    beleg = BELEG.model_copy(update={"hinweise": ("Zeichenerklärung: s = geschätzte Zahl.",)})
    html = werk.html("## A\n", tabelle("tbl-a", zeilen=20, beleg=beleg))
    klappe = html.partition("Tabelle zeigen</summary>")[2].partition("</details>")[0]
    assert html.count("Zeichenerklärung") == 2  # an der Tabelle und unter „Woher kommt die Zahl?“
    assert "Zeichenerklärung: s = geschätzte Zahl." in klappe


def test_eine_tabelle_aus_saetzen_nennt_an_jedem_fach_den_kopf_der_spalte(werk: Werk) -> None:
    """Auf dem Telefon stehen ihre Fächer untereinander; die Rollen sagt sie darum selbst."""
    satz = "Beratung in den drei Planungsgebieten mit festen Sprechtagen."
    koepfe = ("Befund", "Ziel", "Maßnahme", "Stand")
    kopf = (tuple(Tabellenzelle(text=t) for t in koepfe),)
    faecher = tuple(Tabellenzelle(text=t) for t in ("Personal", satz, satz, "Vorschlag"))
    html = als_tabelle(Tabellenmodell(kopf=kopf, zeilen=(Tabellenzeile(zellen=faecher),)))
    assert '<table class="caption-top table bw-tabelle bw-saetze" role="table">' in html
    assert '<th role="rowheader" scope="row">Personal</th>' in html
    assert f'<td role="cell" data-kopf="Maßnahme">{satz}</td>' in html
    wort = Tabellenzelle(text="Sprechtage in den Planungsgebieten")
    zeile = Tabellenzeile(zellen=(faecher[0], wort, wort, wort))
    assert "bw-saetze" in als_tabelle(Tabellenmodell(kopf=kopf, zeilen=(zeile,))), "vier Spalten aus Worten"


def test_neben_woertern_steht_auch_eine_zahl_fach_unter_fach_ausser_in_langen_listen(werk: Werk) -> None:
    """Schwelle und Wert der Frühwarnung lagen auf dem Telefon außerhalb des Bildes."""

    def rollen(*faecher: Tabellenzelle, zeilen: int = 1) -> bool:
        kopf = (tuple(Tabellenzelle(text=t) for t in ("Kennzahl", "Lage", "Wert", "Schwelle")),)
        modell = Tabellenmodell(kopf=kopf, zeilen=(Tabellenzeile(zellen=faecher),) * zeilen)
        return "bw-saetze" in als_tabelle(modell)

    name, wert = Tabellenzelle(text="SGB-II-Quote"), Tabellenzelle(text="7,8 %", zahl=True)
    lage = Tabellenzelle(text="überschritten seit 2011")
    schwelle = Tabellenzelle(text="Anstieg um 1,0 Prozentpunkte in zwei Jahren")
    assert rollen(name, lage, wert, schwelle)
    assert not rollen(name, lage, wert, schwelle, zeilen=21)  # da liest man die Spalte hinunter
    assert not rollen(name, lage, wert, wert)
    assert not rollen(schwelle, wert, wert, lage)


def test_die_einheit_hinter_einem_namen_bricht_nicht_um(werk: Werk) -> None:
    """„(je 10 / 000)“ und „(in / %)“ standen im Kopf und am Anfang der Zeilen."""
    kopf = (Tabellenzelle(text="Kennzahl"), Tabellenzelle(text="Miete (€ je m²)", zahl=True))
    name = Tabellenzelle(text="Ärztinnen und Ärzte (je 10 000)")
    zeilen = (Tabellenzeile(zellen=(name, Tabellenzelle(text="6,3", zahl=True))),)
    html = als_tabelle(Tabellenmodell(kopf=(kopf,), zeilen=zeilen))
    assert "(je\u00a010\u202f000)" in html
    assert "(€\u00a0je\u00a0m²)" in html


def test_namen_brechen_nach_dem_schraegstrich_und_doppelnamen_nur_ohne_platz() -> None:
    """„Wittstock/Doss / e“ stand am Telefon, „Ostprignitz- / Ruppin“ neben freiem Platz."""
    koepfe = ("Kommune", "Ostprignitz-Ruppin", "15- bis 64-Jährige", "Tages-, Nachtpflege")
    kopf = tuple(Tabellenzelle(text=t, zahl=n > 0) for n, t in enumerate(koepfe))
    zahl = Tabellenzelle(text="6", zahl=True)
    zeilen = tuple(
        Tabellenzeile(zellen=(Tabellenzelle(text=t), zahl, zahl, zahl))
        for t in ("Wittstock/Dosse", "2019/2020", "m/w")
    )
    html = als_tabelle(Tabellenmodell(kopf=(kopf,), zeilen=zeilen))
    assert re.findall(r'bw-name">([^<]+)', html) == ["Ostprignitz-Ruppin"]
    assert "Wittstock/<wbr>Dosse" in html
    assert html.count("<wbr>") == 1


def test_eine_einheit_aller_spalten_steht_einmal_ueber_der_tabelle() -> None:
    """„Genehmigte Plätze je Vollzeitstelle …“ stand in jedem Kopf und schob Land und Bund hinaus."""

    def mit(*koepfe: str) -> str:
        daten = tafel(zellen("2024", "8,1", "7,9", zahl=True), kopf=("Jahr", *koepfe))
        return figur.zahlen(abbildung("fig-x", "U", daten=daten), "Abbildung 1")

    gleiche = mit("Kreis (je 100 Kinder (unter 3))", "Land (je 100 Kinder (unter 3))")
    assert 'bw-einheit">Einheit: <span>je 100 Kinder (unter 3)</span></p>' in gleiche
    assert ">Kreis</th>" in gleiche and ">Land</th>" in gleiche and gleiche.count("je 100 Kinder") == 1
    for koepfe in (("Kreis (Anzahl)", "Land (in %)"), ("Kreis", "Land"), ("(Anzahl)", "(Anzahl)")):
        assert "bw-einheit" not in mit(*koepfe)
    assert "bw-einheit" not in figur.zahlen(
        abbildung(
            "fig-x", "U", daten=tafel(zellen("2024", "8", zahl=True), kopf=("Jahr", "Kinder (Anzahl)"))
        ),
        "A",
    ), "eine Spalte sagt es selbst"


def test_mehrere_hinweise_stehen_unter_einem_wort(werk: Werk) -> None:
    """Ein Vorleseprogramm sagte sonst zweimal „Hinweis“, als wäre es zweierlei."""
    html = figur.belege(BELEG.model_copy(update={"hinweise": ("Erstens gerundet.", "Zweitens geschätzt.")}))
    assert html.count("<dt>Hinweis</dt>") == 1
    assert "<dd>Erstens gerundet.</dd><dd>Zweitens geschätzt.</dd>" in html


def test_spannen_einzelner_zahlen_stehen_darunter_und_worte_bei_den_zahlen() -> None:
    """Neben nur zwei von zwanzig Zahlen rückten sie die übrigen achtzehn vom Rand ab."""
    kopf = (tuple(Tabellenzelle(text=t) for t in ("Kennzahl", "A-Stadt")),)
    anteil = Tabellenzelle(text="7,5", zahl=True, wert=7.5)
    arme = Tabellenzelle(text="14,5", zahl=True, wert=14.5, spanne=("13,4", "15,5"))
    menschen = Tabellenzelle(text="812", zahl=True, wert=812.0)
    wort = Tabellenzelle(text="keine")
    gemischt = _aus_zeilen(kopf, anteil, arme, menschen, wort)
    assert "bw-spannen-unten" in gemischt
    assert '<td class="zahl">14,5 <span class="bw-spanne">(13,4–15,5)</span></td>' in gemischt
    assert '<td class="zahl">812</td>' in gemischt, "ohne Füllung bis zum Rand der Spalte"
    assert '<td class="bw-wort">keine</td>' in gemischt
    assert "bw-spannen-unten" not in _aus_zeilen(kopf, arme, arme, anteil)
    assert "bw-spannen-unten" not in _aus_zeilen(kopf, anteil, menschen)


@pytest.mark.parametrize(("weitere", "saetze"), [((), False), (("Plätze",), True)])
def test_in_vielen_spalten_nehmen_schon_wenige_woerter_den_zahlen_den_platz(
    weitere: tuple[str, ...], saetze: bool
) -> None:
    """Vorhaben mit Beginn, Ende und Plätzen rollten auf dem Telefon, „Wittstock/Doss“ brach mittendrin."""
    faecher = ("Wittstock/Dosse", "Ausnahmegenehmigung", "01.06.2020")
    zahlen = tuple(Tabellenzelle(text="49", zahl=True, wert=49.0) for _ in ("ab", *weitere))
    kopf = (tuple(Tabellenzelle(text=t) for t in ("Kommune", "Vorhaben", "ab", "Zahl", *weitere)),)
    zeile = Tabellenzeile(zellen=(*(Tabellenzelle(text=t) for t in faecher), *zahlen))
    assert ("bw-saetze" in als_tabelle(Tabellenmodell(kopf=kopf, zeilen=(zeile,)))) is saetze


def test_von_zwei_hinweisen_bleibt_der_der_mehr_sagt() -> None:
    """Unter „Zeitreihenbruch vor 2017“ stand derselbe Satz zweimal, einmal mit seiner zweiten Hälfte."""
    kurz = "Bruch vor 2017: Grade statt Stufen."
    lang = "Bruch vor 2017: Grade statt Stufen, weiterer Begriff."
    html = figur.belege(BELEG.model_copy(update={"hinweise": (kurz, lang, "Bruch vor 2019: neu.")}))
    assert html.count("Grade statt Stufen") == 1 and "weiterer Begriff." in html and "<dd>Neu.</dd>" in html


def test_ein_zeichen_macht_aus_woertern_keine_zahlen() -> None:
    """„95,0 %“ und „59,0 % (Land)“ standen rechts unter ihrem linken Kopf, weil daneben ein „.“ war."""
    kopf = (tuple(Tabellenzelle(text=t) for t in ("Kennzahl", "Vergleich")),)
    punkt = Tabellenzelle(text=".", zahl=True, vorlesen="unbekannt")
    worte = _aus_zeilen(kopf, Tabellenzelle(text="95,0 %"), punkt)
    assert "<td>95,0" in worte and 'class="zahl"' not in worte and "bw-wort" not in worte
    zahlen = _aus_zeilen(kopf, Tabellenzelle(text="95", zahl=True, wert=95.0), punkt)
    assert zahlen.count('<td class="zahl">') == 2


def test_zahlen_mit_einheit_enden_am_rand_der_spalte() -> None:
    """„−21,8 %“ endete vor „−0,3“, denn nach dem Komma richtet sich nur aus, was mit Ziffern endet."""
    kopf = (tuple(Tabellenzelle(text=t, zahl=True) for t in ("Kennzahl", "Veränderung")),)
    html = _aus_zeilen(kopf, *(Tabellenzelle(text=t, zahl=True, wert=1.0) for t in ("−21,8 %", "0,5", "12")))
    assert '<td class="zahl">−21,8 %</td>' in html and '<td class="zahl">0,5</td>' in html
    assert '<td class="zahl">12</td>' not in html, "ohne Komma rückt die Zahl davor"


def test_eine_spanne_die_gerundet_keine_ist_steht_nicht_da() -> None:
    """„10 236 (10 236–10 236)“ stand im ersten Jahr jeder Vorausrechnung; in den Daten bleibt sie."""
    fach = Tabellenzelle(text="96", zahl=True, wert=96.2, spanne=("96", "96"))
    weit = Tabellenzelle(text="90", zahl=True, wert=90.1, spanne=("88", "93"))
    modell = Tabellenmodell(
        kopf=((Tabellenzelle(text="Jahr"), Tabellenzelle(text="Plätze")),),
        zeilen=(
            Tabellenzeile(zellen=(Tabellenzelle(text="2025"), fach)),
            Tabellenzeile(zellen=(Tabellenzelle(text="2026"), weit)),
        ),
    )
    html = als_tabelle(modell)
    assert "(96" not in html and "(88–93)" in html
    assert "(96" not in als_markdown(modell)


def _aus_zeilen(kopf: tuple[tuple[Tabellenzelle, ...], ...], *werte: Tabellenzelle) -> str:
    name = Tabellenzelle(text="Name")
    return als_tabelle(
        Tabellenmodell(kopf=kopf, zeilen=tuple(Tabellenzeile(zellen=(name, wert)) for wert in werte))
    )


# --- Die übrigen Gegenstände -----------------------------------------------------------------------------


def test_eckwerte_glossar_und_steckbriefe_als_begriffslisten(werk: Werk) -> None:
    eckwert = Eckwert(name="Einwohner", kennzahl="e", wert="99 372", stand="2023", richtung="gesunken")
    html = ohne_umbruch(
        werk.html(
            "## A\n",
            Eckwerte(eintraege=(eckwert,), beleg=abbildung("fig-x").beleg),
            Begriffe(eintraege=(Begriff(name="Wohngeld", text="Zuschuss.", fallen="Nicht Miete."),)),
            Steckbriefe(
                eintraege=(Steckbrief(name="Geburten", einheit="Anzahl", felder=(("Zweck", "P."),)),)
            ),
        )
    )
    assert (
        '<dl class="bw-eckwerte"><div><dt>Einwohner</dt><dd>99 372</dd>'
        "<dd>gesunken, Stand 2023</dd></div></dl>"
    ) in html
    assert "<dt>Wohngeld</dt><dd><p>Zuschuss.</p><p>Nicht Miete.</p></dd>" in html
    assert (
        '<div class="bw-steckbrief"><p><strong>Geburten</strong> (Anzahl)</p>'
        '<details class="bw-klappe"><summary>Beschreibung zeigen</summary><dl><dt>Zweck</dt><dd>P.</dd></dl>'
    ) in html


def test_fehlendes_und_luecken(werk: Werk) -> None:
    luecken = Luecken(eintraege=(("Pflege", "Keine Daten."), ("", "Sonst nichts."), ("", "Sonst nichts.")))
    html = ohne_umbruch(werk.html("## A\n", Fehlt(grund="Zu <früh>."), luecken, Luecken()))
    assert "Dazu liegen keine Daten vor</div>" in html and "<p>Zu &lt;früh&gt;.</p>" in html
    assert "<ul><li>Pflege: Keine Daten.</li><li>Sonst nichts.</li></ul>" in html
    assert html.count("Nicht dargestellt") == 1


def test_verzeichnisse_mit_verweisen(werk: Werk) -> None:
    html = ohne_umbruch(werk.html("## A\n", Verzeichnisse(), abbildung("fig-x", "A < B")))
    verweis = '<a href="#fig-x" class="quarto-xref">Abbildung\u00a01</a>'
    kopf = '<h3 class="bw-hinten">Abbildungen</h3><details class="bw-klappe">'
    assert f"{kopf}<summary>Alle Abbildungen zeigen</summary><ul><li>{verweis}: A &lt; B</li></ul>" in html
    assert ">Tabellen</h3>" not in html


# --- Texte -----------------------------------------------------------------------------------------------


def test_kapitel_gezaehlt_und_verschachtelt(werk: Werk) -> None:
    text = "## Lage {#sec-lage}\n\n### Alter\n\n## Ende {.unnumbered}\n\nSiehe @sec-lage.\n"
    html = werk.html(text, Ueberschrift(text="Neu & gut", neue_seite=True))
    assert '<section id="sec-lage" class="level2 anchored" data-number="1">' in html
    assert '<span class="header-section-number">1.1</span> Alter</h3>' in html
    assert '<a href="#sec-lage" class="quarto-xref">Kapitel\u00a01</a>' in html
    assert '<h2 class="unnumbered anchored">Ende</h2>' in html
    assert '<span class="header-section-number">2</span> Neu &amp; gut</h2>' in html
    assert html.count("<section") == html.count("</section>") == 4 and "<h1" not in html


def test_tiefer_als_h6_geht_es_nicht(werk: Werk) -> None:
    html = werk.html("".join(f"{'#' * n} Ebene {n}\n\n" for n in range(1, 7)) + "**Frage?**\n")
    assert re.findall(r"<h(\d)", html) == ["2", "3", "4", "5", "6", "6", "6"]
    assert html.count("<section") == html.count("</section>") == 6


def test_fragen_sind_ueberschriften_ohne_nummer(werk: Werk) -> None:
    html = werk.html("## A\n\n**Wie *viele*?**\n\nText **fett** hier.\n\n- **kein Titel**\n")
    assert '<h3 class="bw-frage">Wie <em>viele</em>?</h3>' in html and html.count("bw-frage") == 1


def test_querverweise_auch_ohne_wort_und_mehrere(werk: Werk) -> None:
    html = werk.html("## A\n\n[@fig-x; @tbl-y] und -@fig-x\n", abbildung("fig-x"), tabelle("tbl-y"))
    assert '<a href="#fig-x" class="quarto-xref">Abbildung\u00a01</a>, ' in html
    assert '<a href="#tbl-y" class="quarto-xref">Tabelle\u00a01</a> und ' in html
    assert '<a href="#fig-x" class="quarto-xref">1</a>' in html


def test_kasten_mit_titel_und_ohne(werk: Werk) -> None:
    html = ohne_umbruch(
        werk.html(
            "## A\n\n::: {.callout-note}\n## Lesehilfe\nText\n:::\n\n::: {.callout-caution}\nKlein\n:::\n"
        )
    )
    assert '<div class="callout callout-style-default callout-note callout-titled" role="note">' in html
    assert '<div class="callout-title-container flex-fill">Lesehilfe</div>' in html
    assert '<div class="callout-body-container callout-body"><p>Text</p></div>' in html
    assert '<div class="callout-title-container flex-fill">Vorsicht</div>' in html


def test_sichtbar_nur_im_genannten_format(werk: Werk) -> None:
    text = (
        '## A\n\n::: {.content-visible when-format="html"}\nNur Seite\n:::\n\n'
        '::: {.content-visible when-format="pdf"}\nNur Druck\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nVerborgen\n:::\n\n'
        '::: {.content-visible unless-format="typst"}\nNicht Druck\n:::\n'
    )
    html, typst = werk.html(text), werk.typst(text)
    assert "Nur Seite" in html and "Nicht Druck" in html and "Nur Druck" not in html
    assert "Verborgen" not in html and "Verborgen" in typst
    assert "Nur Druck" in typst and "Nur Seite" not in typst and "Nicht Druck" not in typst


def test_fussnoten_haben_namen_und_nummern_ueber_alle_texte(werk: Werk) -> None:
    html = werk.html("## A\n\nText[^1]\n\n[^1]: Näheres.\n", "Mehr[^1]\n\n[^1]: Anderes.\n\n    - Punkt\n")
    assert 'role="doc-endnotes" aria-label="Fußnoten"' in html
    assert html.count('role="doc-backlink" aria-label="Zurück zum Text"') == 2
    assert re.search(r'<li id="fn1"><p>Näheres\.<a href="#fnref1"', html)
    assert '<a href="#fn2" class="footnote-ref" id="fnref2" role="doc-noteref"><sup>2</sup></a>' in html


def test_verweise_auf_notizbuecher_zeigen_auf_seiten(werk: Werk) -> None:
    ort = "../../seiten"
    html = werk.html(f"## A\n\n[B]({ort}/b.ipynb#x), [C]({ort}/c.qmd), [D](https://a.example/d.qmd)\n")
    assert (
        f'href="{ort}/b.html#x"' in html
        and f'href="{ort}/c.html"' in html
        and "https://a.example/d.qmd" in html
    )


# --- Der Rahmen ------------------------------------------------------------------------------------------


def test_nur_ein_ganzer_anfang_faellt_weg() -> None:
    """„Pflege.“ beginnt „Pflegegrade …“ und „12.“ beginnt „12,5 …“ nur als Zeichenkette."""
    saetze = [
        "Neue Grade.",
        "Neue Grade, weiterer Begriff.",
        "Pflege.",
        "Pflegegrade seit 2017.",
        "12.",
        "12,5 Jahre.",
    ]
    assert figur._ohne_anfaenge(saetze) == saetze[1:]


def test_im_untertitel_bricht_kein_zeitraum(werk: Werk) -> None:
    m = werk.manuskript("## Lage\n")
    m = replace(m, kopf=m.kopf.model_copy(update={"untertitel": "Kinder <3, 2020–2030"}))
    html = seite.schreibe(m, Seitenkontext(projekt=werk.projekt))
    assert '>Kinder &lt;3, <span class="bw-fest">2020–2030</span></p>' in html


def test_seitenrahmen(werk: Werk) -> None:
    html = seite.schreibe(
        werk.manuskript("## Lage {#sec-lage}\n"),
        Seitenkontext(
            projekt=werk.projekt, wurzel_relativ="../../", suche=True, skripte=("suche/s.js",),
            navigation=(Verweis("Berichte", "index.html", aktuell=True),),
            brotkrumen=(Verweis("Start", "index.html"), Verweis("Hier", "", aktuell=True)),
            downloads=(Verweis("PDF", "a.pdf", "0,4 MB", herunterladen=True),),
            fusszeile=(Verweis("Impressum", "seiten/impressum.html"),),
        ),
    )  # fmt: skip
    assert "<title>Prüfbericht" in html
    assert 'lang="de-DE"' in html and html.count("<h1") == 1
    assert "default-src &#39;none&#39;" in html and "wasm-unsafe-eval" in html
    assert (
        '<a class="bw-sprung" href="#inhalt">' in html
        and '<div class="bw-text" id="inhalt" tabindex="-1">' in html
    )
    assert "Beispielausgabe, keine amtliche Veröffentlichung" in html
    assert '<a href="../../index.html" aria-current="page">Berichte</a>' in html
    assert '<a href="../../a.pdf" download>PDF</a> <span class="bw-zusatz">0,4 MB</span>' in html
    assert '<script src="../../suche/s.js" defer></script>' in html
    assert '<a href="#sec-lage"><span class="bw-nummer">1</span> Lage</a>' in html


def test_ohne_suche_kein_skript_erlaubt(werk: Werk) -> None:
    html = seite.schreibe(werk.manuskript("## A\n"), Seitenkontext(projekt=werk.projekt))
    assert "script-src &#39;none&#39;" in html and "<script" not in html


def test_was_an_der_gestaltung_fehlt_wird_genannt(werk: Werk) -> None:
    for name in ("bericht.css", "typst/typst-template.typ"):
        (werk.projekt.layout / name).unlink()
    with pytest.raises(BerichtswerkFehler) as fehler:
        seite.layoutdateien(werk.projekt)
    assert [(m.kennung, m.datei) for m in fehler.value.meldungen] == [
        ("layout-fehlt", "layout/bericht.css"), ("layout-fehlt", "layout/typst/typst-template.typ"),
    ]  # fmt: skip


def test_layoutdateien_gibt_es(werk: Werk) -> None:
    dateien = seite.layoutdateien(werk.projekt)
    assert all(p.is_file() for p in dateien)
    assert {"marke.css", "bericht.css", "FiraSans-Regular.woff2"} <= {p.name for p in dateien}


# --- Jeder Wortlaut steht wörtlich da --------------------------------------------------------------------


class Lesend(HTMLParser):
    """Der Text einer Seite und die Werte aller Attribute; prüft, dass alles geschlossen wird."""

    def __init__(self) -> None:
        super().__init__()
        self.texte: list[str] = []
        self.werte: list[str] = []
        self.namen: set[str] = set()
        self.offen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.namen |= {tag, *(name for name, _ in attrs)}
        self.werte += [w or "" for _, w in attrs]
        if tag not in {"img", "br", "hr", "meta", "link", "source", "wbr"}:
            self.offen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.offen.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texte.append(data)


BOESE = "<script>alert('x')</script> \"&amp;\" 'b' <!-- y --> ]]> onclick=\"z\" {{x}} javascript:"
WORTLAUT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Zs"], blacklist_characters="\ufeff"),
    min_size=1,
    max_size=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORTLAUT)
@example(BOESE)
def test_jeder_wortlaut_der_gegenstaende_erscheint_woertlich(werk: Werk, wort: str) -> None:
    html = werk.html(
        Ueberschrift(text=wort),
        abbildung("fig-x", wort, befund=wort, alt=wort, daten=tafel(zellen(wort, wort), kopf=(wort, wort))),
        Begriffe(eintraege=(Begriff(name=wort, text=wort, fallen=wort),)),
        Steckbriefe(eintraege=(Steckbrief(name=wort, einheit=wort, felder=((wort, wort),)),)),
        Fehlt(grund=wort),
    )
    leser = Lesend()
    leser.feed(html)
    assert not leser.offen
    gelesen = "".join(leser.texte).replace(WEICH, "")
    assert gelesen.count(wort.replace(WEICH, "")) >= 14 and wort in leser.werte
    assert not {"script", "onclick", "style"} & leser.namen


@pytest.mark.parametrize("zeichen", ["<b>", "&lt;", '"'])
def test_titel_und_navigation_sind_maskiert(werk: Werk, zeichen: str) -> None:
    werk.kopf = werk.kopf.model_copy(update={"titel": f"T {zeichen}"})
    kontext = Seitenkontext(projekt=werk.projekt, navigation=(Verweis(f"N {zeichen}", "a.html"),))
    leser = Lesend()
    leser.feed(seite.schreibe(werk.manuskript("## A\n"), kontext))
    assert f"T {zeichen}" in "".join(leser.texte) and f"N {zeichen}" in "".join(leser.texte)
