"""Typst: jeder Wortlaut bleibt, was er ist; Spalten passen zum Inhalt; leere Abschnitte fallen weg."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import typst
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from manuskripthilfe import BELEG, Werk, abbildung, tabelle, tafel, zellen

from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.gegenstaende import (
    Begriff,
    Begriffe,
    Luecken,
    Ortswahl,
    Quellen,
    Quellenangabe,
    Steckbrief,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.trennung import WEICH
from berichtswerk.grund.zahl import GESCHUETZT
from berichtswerk.grund.zeichen import Status
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.pdf import werkbank
from berichtswerk.satz.seitenplan import Plan
from berichtswerk.schreiber.typst import maskiere, zeichenkette
from berichtswerk.schreiber.typst import tafel as satztafel
from berichtswerk.schreiber.typst.rumpf import vorlage

THEMA = Thema(Marke.lade(Projekt(Path(__file__).parents[2])))
HEIKEL = [
    "= kein Titel", "- keine Liste", "+ keine Nummer", "/ kein: Begriff", "1. keine", "12. Tag", "#let x = 1",
    "*a* _b_ `c` $d$ @fig-e <f> [g] {h} \\i ~j", "// kein Kommentar /* auch */", "\"a\" 'b' --- -- ...",
    "https://a.example/b", "#1", "a#b]", "[", "]", "\\", "\\\\]", "`", "```", "x;y", "\\u{2603}", "a-?b",
    "Zeile\n2. Zeile", "Zeile\n= Zeile", "Wort\n\nAbsatz", "a\\", "1.", "@", "<x>", "_", "'", "3 - 4",
    "+", "-", "/", " 3. x", "....", "a..b",
]  # fmt: skip
DRUCKBAR = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("äöüÄÖÜß–„“‚‘…§€ \n"),
    min_size=1,
    max_size=24,
).filter(lambda t: t.strip())


def wortlaut(inhalt: Any) -> str:
    """Der Text, den Typst aus Inhalt gelesen hat; Abstände wie dort zusammengefasst."""
    if isinstance(inhalt, list):
        return "".join(map(wortlaut, inhalt))
    if isinstance(inhalt, str):
        return inhalt
    if inhalt.get("func") in {"space", "parbreak"}:
        return " "
    assert inhalt.get("func") in {None, "text", "symbol", "sequence", "styled", "box"}, inhalt
    return "".join(wortlaut(inhalt[k]) for k in ("text", "children", "child", "body") if k in inhalt)


def zusammengefasst(text: str) -> str:
    return re.sub(r"[ \n]+", " ", text).strip()


def gelesen(quelle: str) -> list[str]:
    """Der Wortlaut aller ``#metadata(…) <x>``."""
    satz = typst.Compiler(input=quelle.encode())
    return [wortlaut(m["value"]).strip(" ") for m in json.loads(satz.eval("query(<x>)"))]


def test_heikle_zeichen_bleiben_was_sie_sind() -> None:
    quelle = "\n".join(f"#metadata([{maskiere(t)}]) <x>" for t in HEIKEL)
    assert gelesen(quelle) == [zusammengefasst(t) for t in HEIKEL]
    quelle = "\n".join(f"#metadata({zeichenkette(t)}) <x>" for t in HEIKEL)
    assert gelesen(quelle) == [t.replace("\n", " ").strip() for t in HEIKEL]


@settings(max_examples=60, deadline=None)
@given(st.lists(DRUCKBAR, min_size=1, max_size=20))
def test_jeder_wortlaut_bleibt_was_er_ist(texte: list[str]) -> None:
    quelle = "\n".join(f"#metadata([{maskiere(t)}]) <x>" for t in texte)
    assert gelesen(quelle) == [zusammengefasst(t) for t in texte]


ABFRAGE = """(
  titel: query(heading.where(outlined: true)).map(h => h.body),
  befunde: query(heading.where(outlined: false, bookmarked: false)).map(h => h.body),
  unterschriften: query(figure).map(f => f.caption.body),
  zellen: query(<tbl-x>).map(f => f.body),
)"""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DRUCKBAR)
@example(" ".join(HEIKEL))
@example("= x")
@example("12. [")
def test_jeder_wortlaut_steht_im_pdf_woertlich(werk: Werk, wort: str) -> None:
    """In Überschriften, Befunden, Unterschriften, Zellen, Belegen und Glossar."""
    beleg = BELEG.model_copy(update={"definition": wort, "hinweise": (wort,)})
    modell = tafel(zellen(wort, wort), kopf=(wort, wort))
    inhalt = (
        Ueberschrift(text=wort),
        abbildung("fig-x", wort, befund=wort, alt=wort, beleg=beleg),
        Tabelle(label="tbl-x", unterschrift=wort, befund=wort, tabelle=modell, beleg=beleg),
        Begriffe(eintraege=(Begriff(name=wort, text=wort),)),
        Steckbriefe(eintraege=(Steckbrief(name=wort, einheit=wort, felder=((wort, wort),)),)),
        Luecken(eintraege=((wort, wort),)),
    )
    assert werk.pdf(*inhalt).startswith(b"%PDF")
    druck = werk.druck(*inhalt)
    with werkbank("wort", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.bebildere(druck.bilder)
        bank.waehle(druck.kapitel, Plan())
        antwort = json.loads(bank.frage(ABFRAGE))
    zellen_ = antwort.pop("zellen")
    erwartet = zusammengefasst(wort)
    antwort["befunde"] = [b for b in antwort["befunde"] if wortlaut(b) != "Anmerkungen"]
    for name, werte in antwort.items():
        assert {wortlaut(w).strip(" ") for w in werte} == {erwartet}, name
    # in Tabellen hält ein fester Abstand zusammen, was in kurzen Klammern steht
    gesetzt = "".join(_texte(zellen_)).replace(GESCHUETZT, " ")
    assert gesetzt.count(erwartet.replace(GESCHUETZT, " ")) >= 4


def _texte(inhalt: Any) -> list[str]:
    """Alle Texte unter Inhalt, gleich in welchem Aufbau."""
    if isinstance(inhalt, list):
        return [t for teil in inhalt for t in _texte(teil)]
    if not isinstance(inhalt, dict):
        return []
    if inhalt.get("func") in {"text", "symbol"}:
        return [inhalt["text"]]
    if inhalt.get("func") in {"space", "parbreak"}:
        return [" "]
    return [t for wert in inhalt.values() for t in _texte(wert)]


# --- Tabellen --------------------------------------------------------------------------------------------


def breit(text: str, grad: float = 8.5) -> float:
    return THEMA.breite_von(text, groesse=grad)


def spalten(quelle: str) -> list[float]:
    zeile = next(z for z in quelle.splitlines() if z.strip().startswith("columns:"))
    return [float(w) for w in re.findall(r"([\d.]+)fr", zeile)]


def test_lange_texte_draengen_zahlen_nicht_aus_ihrer_spalte(werk: Werk) -> None:
    lang = "Bevölkerung nach Geschlecht und Altersgruppen in den Gemeinden " * 4
    text = f"## A\n\n| Quelle | Stand | Nennung |\n|:--|--:|:--|\n| {lang} | 24.06.2018 | {lang} |\n"
    quelle, stand, nennung = spalten(werk.typst(text))
    assert stand >= breit("24.06.2018") and abs(quelle - nennung) < 20
    assert quelle + stand + nennung <= satztafel.SCHMAL + 0.2


def test_kurze_worte_stehen_in_einer_zeile_und_namen_haben_platz(werk: Werk) -> None:
    """„= ausgegli-chen“ und „Landkreis / Ostprignitz- / Ruppin“ neben leeren Spalten."""
    koepfe = ("Gebiet", *(f"Rechnerische Auslastung {n}" for n in range(6)), "Lage")
    zeile = zellen("Landkreis Musterau-Seen", *("2 404 s (2 248–2 564)",) * 6, "= ausgeglichen")
    gegenstand = Tabelle(label="tbl-x", unterschrift="T", beleg=BELEG, tabelle=tafel(zeile, kopf=koepfe))
    name, *_, lage = spalten(werk.typst("## A\n", gegenstand))
    assert name >= breit("Musterau-Seen") and lage >= breit("ausgeglichen")


def test_tabelle_aus_text_und_aus_gegenstand_sind_dieselbe(werk: Werk) -> None:
    text = "## A\n\n| Ort | Zahl |\n|:--|--:|\n| Nord | 12 |\n\n: T {#tbl-x}\n"
    gegenstand = Tabelle(
        label="tbl-x", unterschrift="T", beleg=BELEG.model_copy(update={"quellen": ()}),
        tabelle=tafel(zellen("Nord", "12", zahl=True), kopf=("Ort", "Zahl")),
    )  # fmt: skip
    eins, zwei = (re.sub(r"\n+", "\n", werk.typst(*i)) for i in ((text,), ("## A\n", gegenstand)))
    assert eins == zwei


def test_tabelle_aus_text_bricht_zwischen_ihren_reihen_auch_ohne_marke(werk: Werk) -> None:
    reihen = "".join(f"| Gemeinde {i} | {i} |\n" for i in range(9))
    (kapitel,) = werk.druck(f"## A\n\nDavor.\n\n| Ort | Zahl |\n|---|---|\n{reihen}").kapitel
    stueck = kapitel.stuecke[-1]
    assert stueck.art == "tafel" and not stueck.fliesst
    assert stueck.tafel is not None and len(stueck.tafel.reihen) == 9


def test_zahlenspalte_steht_rechts_auch_wenn_ein_zeichen_auf_ihr_komma_aufgefuellt_ist(werk: Werk) -> None:
    zeichen_ = Tabellenzelle(text=".", zahl=True, status=Status.UNBEKANNT, vorlesen="unbekannt")
    jahre = (*zellen("2020", "9,3", zahl=True),), (*zellen("2021"), zeichen_)
    gegenstand = Tabelle(label="tbl-x", unterschrift="T", beleg=BELEG, tabelle=tafel(*jahre))
    assert "align: (left, right,)" in werk.typst("## A\n", gegenstand)


def test_jede_art_von_zeile_hat_ihr_aussehen_im_druck_und_auf_der_seite(werk: Werk) -> None:
    arten = {*get_args(Tabellenzeile.model_fields["art"].annotation)} - {"zeile"}
    vorlage = (werk.projekt.layout / "typst/typst-template.typ").read_text("utf-8")
    stil = (werk.projekt.layout / "bericht.css").read_text("utf-8")
    assert {art for art in arten if f"#let bw-zelle-{art}(" not in vorlage} == set()
    assert {art for art in arten if f"tr.{art} " not in stil} == set()


def test_kopf_einer_langen_tabelle_wiederholt_sich_und_arten_sind_abgesetzt(werk: Werk) -> None:
    quelle = werk.typst("## A\n", tabelle("tbl-lang", 80))
    assert "table.header(repeat: true" in quelle
    assert re.search(
        r"table\.header\(level: 2, repeat: false,\s+bw-zelle-gruppe\(colspan: 3\)\[Nord\],\s+\),",
        quelle,
    )
    assert quelle.count("bw-zelle-summe(") == 3


def test_ein_wort_breiter_als_seine_spalte_beginnt_eine_zeile(werk: Werk) -> None:
    koepfe = ("Ort", *(f"Wert der Bedarfsgemeinschaften {n}" for n in range(7)))
    quelle = werk.typst("## A\n", Tabelle(label="tbl-x", unterschrift="T", beleg=BELEG,
        tabelle=tafel(zellen("Nord", *"1234567", zahl=True), kopf=koepfe)))  # fmt: skip
    assert f"[Wert der#bw-neue-zeile;Bedarfs{WEICH}gemeinschaften 3]" in quelle
    breit = werk.typst("## A\n\n| Ort | Wert der Bedarfsgemeinschaften |\n|:--|--:|\n| Nord | 1 |\n")
    assert "bw-zelle-kopf()[Wert der Bedarfsgemeinschaften]" in breit


def test_nur_fuers_vorlesen_gedachtes_steht_nicht_im_druck(werk: Werk) -> None:
    assert "unbekannt" not in werk.typst("## A\n", tabelle("tbl-x", 2))
    assert "geheim" not in werk.typst("## A\n\nSicht [geheim]{.bw-vorlesen}bar\n")


# --- Aufbau ----------------------------------------------------------------------------------------------


def test_ungezaehlte_ueberschriften_ueber_nichts_fallen_weg(werk: Werk) -> None:
    leer = Ueberschrift(text="Verzeichnisse", gezaehlt=False)
    quelle = werk.typst("## A\n\nText.\n", leer, Verzeichnisse(), Begriffe(eintraege=()), "## B\n\nEnde.\n")
    assert "Verzeichnisse" not in quelle and "[A]" in quelle and "[B]" in quelle
    assert "Verzeichnisse" in werk.typst("## A\n", leer, tabelle("tbl-x"))


def test_fragen_und_befunde_eine_ebene_unter_ihrer_ueberschrift(werk: Werk) -> None:
    quelle = werk.typst(
        "## A\n\n**Wie?**\n", abbildung("fig-a"), "### B\n\n**Wann?**\n", tabelle("tbl-b", befund="So.")
    )
    assert re.findall(r"#bw-(?:frage|befund)\(\d", quelle) == [
        "#bw-frage(2", "#bw-befund(2", "#bw-frage(3", "#bw-befund(3",
    ]  # fmt: skip


def test_verweise_auf_die_website_fuehren_im_pdf_nicht_ins_leere(werk: Werk) -> None:
    quelle = werk.typst(
        "## A {#sec-a}\n\n[B](../../seiten/b.html) [C](#sec-a) [D](https://d.example) [E](mailto:e@f.de)\n"
    )
    assert quelle.split("\n\n")[4] == (
        'B #link(<sec-a>)[C]; #link("https://d.example")[D]; #link("mailto:e@f.de")[E];'
    )


def test_zeilen_nennen_die_datei_aus_der_sie_gesetzt_sind(werk: Werk) -> None:
    druck = werk.druck("## A\n\nEins.\n\nZwei.\n", abbildung("fig-a"), "Drei.\n")
    (kapitel,) = druck.kapitel
    zeilen = kapitel.text.splitlines()
    wo = {wort: kapitel.woher(zeilen.index(wort) + 1) for wort in ("Eins.", "Zwei.", "Drei.")}
    assert wo == {
        "Eins.": ("berichte/pruef/texte/0.md", ""),
        "Zwei.": ("berichte/pruef/texte/0.md", ""),
        "Drei.": ("berichte/pruef/texte/2.md", ""),
    }
    figur = next(i for i, z in enumerate(zeilen) if "image(" in z)
    assert kapitel.woher(figur + 1) == ("", "fig-a")


def test_einheiten_und_betraege_brechen_in_tabellen_nicht_um() -> None:
    """„(in / %)“ und „Prozentpunk-te“ standen im Kopf und im Rumpf enger Spalten."""
    kopf = [satztafel.Zeile("", (satztafel.Fach("Jahr", "Jahr"), satztafel.Fach("Was", "Was")))]
    betrag = "+2,7\u00a0Prozentpunkte"
    rumpf = [satztafel.Zeile("", (satztafel.Fach("Kennzahl " * 12, "k"), satztafel.Fach(betrag, betrag)))]
    assert spalten(satztafel.setze(kopf, rumpf, THEMA, breit=True).auf)[1] >= breit(betrag)
    koepfe = ("Jahr", "Anteil in %", "Haushalte (je 1\u202f000)")
    zeilen = (Tabellenzeile(zellen=tuple(Tabellenzelle(text=str(n)) for n in range(3))),)
    modell = Tabellenmodell(kopf=(tuple(Tabellenzelle(text=k) for k in koepfe),), zeilen=zeilen)
    satz = satztafel.tabelle(modell, THEMA).kopf
    assert "in\u00a0%" in satz and "(je\u00a01\u202f000)" in satz


def test_wo_der_platz_nicht_reicht_zaehlt_wie_hoch_die_tabelle_wird() -> None:
    """Die Spalte mit den Sätzen bekommt den Platz; nach Wünschen geteilt wären es 24 Zeilen."""
    texte = (
        ("Befund", "Ziel", "Maßnahme", "zuständig", "bis wann", "Stand"),
        (
            "Kinderarmut", "Kein Kind verliert Leistungen, weil der Antrag zu schwer ist.",
            "Hilfe beim Antrag auf Bildung und Teilhabe dort anbieten, wo Familien ohnehin sind: in Kita und "
            "Grundschule, zuerst in den Kommunen über dem Kreiswert.",
            "Jobcenter, Jugendamt", "Sommer 2027", "Vorschlag",
        ),
        (
            "Lange Arbeitslosigkeit",
            "Mehr Menschen finden nach langer Arbeitslosigkeit einen Weg zur Arbeit.",
            "Beratung zu Schulden, Sucht und Gesundheit fest mit der Vermittlung verbinden; gemeinsame "
            "Fallrunden einmal im Quartal.",
            "Jobcenter, Gesundheitsamt", "Ende 2027", "Vorschlag",
        ),
    )  # fmt: skip
    zeilen = [satztafel.Zeile("", tuple(satztafel.Fach(z, z) for z in reihe)) for reihe in texte]
    auf = satztafel.setze(zeilen[:1], zeilen[1:], THEMA, breit=True).auf
    breiten = spalten(auf)
    je_zeile = [
        max(len(THEMA.umbruch(z, (b - 8) * 14 / 8.5)) for z, b in zip(reihe, breiten, strict=True))
        for reihe in texte
    ]
    assert sum(je_zeile) <= 20


@pytest.mark.parametrize(
    ("spalte", "lage"),
    [(("1,32", "387", "keine"), "right"), (("1,32", "387", "nur im ersten Jahr"), "left"),
     (("keine", "keine", "3"), "left")],
)  # fmt: skip
def test_eine_spalte_mit_meist_zahlen_steht_rechts(spalte: tuple[str, ...], lage: str) -> None:
    """Drei Varianten nebeneinander stehen gleich, auch wo in einer ein Wort steht."""
    kopf = [satztafel.Zeile("", (satztafel.Fach("Annahme", "A"), satztafel.Fach("obere", "o")))]
    rumpf = [satztafel.Zeile("", (satztafel.Fach("Saldo", "S"), satztafel.Fach(z, z))) for z in spalte]
    assert f"align: (left, {lage},)" in satztafel.setze(kopf, rumpf, THEMA).auf


VERGLEICH = ("Ostprignitz-Ruppin", "Brandenburg", "Deutschland")
WORTE = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=16), min_size=1, max_size=8
).map(" ".join)
WERTE = st.floats(0, 99_999).map(lambda w: f"{w:_.1f}".replace(".", ",").replace("_", "\u202f"))


def gesetzte(kopf: tuple[str, ...], *reihen: tuple[str, ...], **mehr: Any) -> satztafel.Satztafel:
    zeilen = [satztafel.Zeile("", tuple(satztafel.Fach(z, maskiere(z)) for z in r)) for r in (kopf, *reihen)]
    return satztafel.setze(zeilen[:1], zeilen[1:], THEMA, **mehr)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(WORTE, min_size=1, max_size=6), st.lists(WORTE, min_size=1, max_size=6), st.data(), st.booleans()
)
def test_spalten_folgen_dem_inhalt(namen: list[str], koepfe: list[str], data: Any, weit: bool) -> None:
    """Solange Platz ist, bricht kein Name; zusammen sind die Spalten so breit wie die Tabelle."""
    reihen = [(n, *(data.draw(WERTE) for _ in koepfe)) for n in namen]
    satz = gesetzte(("Kennzahl", *koepfe), *reihen, breit=weit)
    ganz = satztafel.VOLL if weit else satztafel.SCHMAL
    anteil = int(re.findall(r"width: (\d+)%", satz.auf)[0])
    breiten = spalten(satz.auf)
    assert sum(breiten) == pytest.approx(ganz * anteil / 100, abs=0.06 * len(breiten)) and 60 <= anteil <= 100
    je_kopf = [
        max(*(THEMA.breite_von(w, fett=True, groesse=9) for w in k.split()),
            *(breit(re.sub(r"\d", "0", r[i]), 9) for r in reihen)) + 11
        for i, k in enumerate(koepfe, 1)
    ]  # fmt: skip
    noetig = max(breit("Kennzahl", 10), *(breit(n, 9) for n in namen)) + 11
    if sum(je_kopf) + noetig <= ganz and all(len(k.split()) <= satztafel.KOPFZEILEN for k in koepfe):
        assert breiten[0] + 0.1 >= noetig * (8.5 / 9 if "8.5pt" in satz.auf else 1) - 3 and not satz.knapp
    assert all(b > 0 for b in breiten)


def test_namen_brechen_im_satz_so_wie_gerechnet(werk: Werk) -> None:
    """Gemessen mit Typst: die Tabelle ist so hoch wie eine, deren Namen ein Wort sind."""
    namen = (
        "Einpersonen-Bedarfsgemeinschaften", "Anteil der unter 18-Jährigen", "Altenquotient (je 100)",
        "Ältere erwerbsfähige im 10/2024", "Bedarfsgemeinschaften mit Kindern",
    )  # fmt: skip
    werte = ("67,3\u202f%", "+21\u202fs\u00a0(−14 bis 164)", "= 55")
    satz = gesetzte(("Kennzahl", *VERGLEICH), *((n, *werte) for n in namen), breit=True)
    assert not satz.knapp
    kurz = re.sub("|".join(re.escape(maskiere(n)) for n in namen), "x", satz.text)
    tafeln = "".join(f"measure(block(width: bw-voll)[{t}]).height.pt()," for t in (satz.text, kurz))
    quelle = f"{vorlage(werk.projekt)}\n#show: bw-satz\n#context [#metadata(({tafeln})) <x>]"
    schriften = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[werk.projekt.layout / "fonts"]
    )
    antwort = typst.Compiler(input=quelle.encode(), font_paths=schriften).eval("query(<x>)")
    lang, ein_wort = json.loads(antwort)[0]["value"]
    assert kurz.count("[x]") == len(namen) and lang == ein_wort


@pytest.mark.parametrize(("rand", "weit"), [(True, False), (False, True)])
def test_lange_namen_nehmen_den_rand_wo_dort_nichts_steht(werk: Werk, rand: bool, weit: bool) -> None:
    reihen = [zellen("Altersbezogene Quote der Abgänge ohne Hauptschulabschluss", *"123", zahl=True)]
    beleg = BELEG.model_copy(update={"definition": "Der Bereich ist zufällig." if rand else ""})
    modell = tafel(*reihen, kopf=("Kennzahl", *VERGLEICH))
    quelle = werk.typst("## A\n", Tabelle(label="tbl-x", unterschrift="T", beleg=beleg, tabelle=modell))
    assert ("breit: true" in quelle.split("#bw-figur(")[-1].split("\n")[0]) == weit
    assert abs(sum(spalten(quelle)) - (satztafel.VOLL if weit else satztafel.SCHMAL)) < 1


def test_koepfe_haben_hoechstens_drei_zeilen_und_kein_rest_ist_kurz() -> None:
    """„Einschulungsal- / ter“ neben leeren Spalten; „Berlin-Bran- / denburgischer Landju- / gend“."""
    koepfe = ("Landkreis", "in der Kita unter 3 in %", "in der Kita ab 3 in %", "ganztags unter 3 in %",
              "ganztags ab 3 in %", "Plätze je Vollzeitstelle", "Kinderärzte je 10 000 Kinder")  # fmt: skip
    satz = gesetzte(koepfe, ("Oberspreewald-Lausitz", *("61,3",) * 6), breit=True)
    assert not satz.knapp
    koepfe = ("Landkreis", "2025: Arbeitslose in %", "2021: Einkommen in €", "2021: SGB II in %",
              "2022: Kinderarmut in %", "2022: Grundsicherung ab 65 in %", "2023: ohne Abschluss in %",
              "2021: Pflegequote in %")  # fmt: skip
    werte = ("7,0", "22\u202f436", *("10,8",) * 5)
    satz = gesetzte(koepfe, ("Oberspreewald-Lausitz", *werte), breit=True)
    assert not satz.knapp, "„2021: SGB II in %“ ist ein Kopf, keine Zahl, und bricht"
    traeger = (
        "Outlaw mit Berlin-Brandenburgischer Landjugend",
        "Amt Neustadt (Dosse), Betreuung Esta Ruppin e. V.",
    )
    reihen = (
        ("Jugendfreizeitzentrum Kyritz", "Neustadt (Dosse)", "Neustadt (Dosse)", t, "11/2015")
        for t in traeger
    )
    satz = gesetzte(("Einrichtung", "Kommune", "Ort", "Träger", "Stand"), *reihen, breit=True)
    assert "hyphenate" not in satz.text and WEICH not in satz.text


def test_beispieldaten_stehen_im_verzeichnis_im_satz(werk: Werk) -> None:
    """Mit ``#strong`` stand das Wort allein auf einer Zeile und der Punkt vor dem Titel."""
    quelle = Quellenangabe(name="a", kurz="Amt", lang="Titel", beispiel=True)
    satz = werk.typst("## A\n\nText.\n", Quellen(eintraege=(quelle,)))
    assert "[#text(weight: 600)[Beispieldaten]. Titel]" in satz


def test_was_auf_der_seite_zur_wahl_steht_wird_auf_papier_gestuerzt(werk: Werk) -> None:
    """Viele Gebiete nebeneinander passen auf kein Blatt: je Thema eine Tabelle, Gebiete untereinander."""
    zeilen = (
        Tabellenzeile(art="gruppe", zellen=(Tabellenzelle(text="Alter", spalten=4),)),
        Tabellenzeile(zellen=zellen("Ab 65 2024 (in %)", "25,0", "20,1", "30,2", zahl=True)),
        Tabellenzeile(art="gruppe", zellen=(Tabellenzelle(text="Arbeit", spalten=4),)),
        Tabellenzeile(zellen=zellen("Arbeitslose 2021", "15", "7", "8", zahl=True)),
        Tabellenzeile(zellen=zellen("Beschäftigte 2021", "150", "70", "80", zahl=True)),
    )
    modell = Tabellenmodell(kopf=(zellen("Kennzahl", "Kreis", "Anfeld", "Betal"),), zeilen=zeilen)
    satz = satztafel.stapel(modell, THEMA)
    assert len(satz.reihen) == 2, "zwischen Themen kann die Seite enden, in ihnen nicht"
    alter, arbeit = satz.reihen
    assert alter.index("Alter") < alter.index("Ab 65") < alter.index("Anfeld") < alter.index("30,2")
    assert arbeit.index("Arbeitslose") < arbeit.index("Beschäftigte") < arbeit.index("Anfeld")
    assert re.search(r"Betal.*8.*80.*Kreis.*15.*150", arbeit, re.DOTALL), "je Gebiet eine Zeile"
    wahl = (Ortswahl(marke="anfeld", name="Anfeld", ziel=""), Ortswahl(marke="betal", name="Betal", ziel=""))
    tafeln = [
        Tabelle(label="tbl-a", unterschrift="U", tabelle=modell, beleg=BELEG, wahl=w) for w in (wahl, ())
    ]
    gestuerzt, gerade = ("#bw-stapel(" in werk.typst("## A\n", t).split("#bw-figur")[-1] for t in tafeln)
    assert gestuerzt and not gerade
    assert werk.pdf("## A\n", tafeln[0]).startswith(b"%PDF")


def test_eine_lizenz_vieler_quellen_steht_einmal(werk: Werk) -> None:
    voll = "Datenlizenz Deutschland – Namensnennung – Version 2.0 (www.govdata.de/dl-de/by-2-0)"
    angaben = tuple(
        Quellenangabe(
            name=n,
            kurz="Amt",
            lang=f"Titel {n}",
            nennung=f"© Amt {n} | {voll} | Auswahl",
            lizenz="dl-de/by-2-0",
        )
        for n in "abc"
    )
    andere = Quellenangabe(name="d", kurz="X", lang="Titel d", nennung="© X | CC (c.org/by/4.0)", lizenz="cc")
    satz = werk.typst("## A\n\nText.\n", Quellen(eintraege=(*angaben, andere)))
    satz = satz.replace("\\", "")
    assert satz.count("Namensnennung") == 1 and satz.count("| #box[dl-de/by-2-0]; |") == 3
    assert "CC (c.org/by/4.0)" in satz, "eine einzelne bleibt ausgeschrieben"
    zwei = werk.typst("## A\n\nText.\n", Quellen(eintraege=angaben[:2]))
    assert zwei.count("Namensnennung") == 2


def test_verzeichnis_nennt_keine_einheiten(werk: Werk) -> None:
    bild = abbildung("fig-x", "Quote (SGB II) im Kreis, 2005–2023 (je 100 Personen (unter 15 Jahren))")
    satz = werk.typst("## A\n", bild, Verzeichnisse())
    assert "II) im Kreis, #box[2005–2023];])" in satz


def test_balken_nur_wo_die_tabelle_damit_nicht_zu_hoch_wird() -> None:
    def mit(anzahl: int) -> str:
        gruppe = Tabellenzeile(art="gruppe", zellen=(Tabellenzelle(text="Nord", spalten=2),))
        orte = [
            Tabellenzeile(
                zellen=(Tabellenzelle(text=f"Ort {n}"), Tabellenzelle(text=f"{n}", zahl=True, wert=float(n)))
            )
            for n in range(anzahl)
        ]
        kreis = Tabellenzelle(text="3", zahl=True, wert=3.0)
        summe = Tabellenzeile(art="summe", zellen=(Tabellenzelle(text="Kreis"), kreis))
        modell = Tabellenmodell(kopf=(zellen("Gebiet", "Quote", zahl=True),), zeilen=(gruppe, *orte, summe))
        return satztafel.tabelle(modell, THEMA).text

    assert "bw-balken" in mit(satztafel.BALKEN_BIS) and "bw-balken" not in mit(satztafel.BALKEN_BIS + 1)


def test_balken_derselben_kennzahl_haben_in_jedem_jahr_dasselbe_mass() -> None:
    """Ein kleinerer Wert hat nie den längeren Balken, nur weil seine Spalte breiter ist."""
    kopf = (
        (Tabellenzelle(text="Gebiet", zeilen=2), Tabellenzelle(text="Pflegende je Person", spalten=2)),
        zellen("2024", "2040 (Vorausrechnung)"),
    )

    def zeile(ort: str, vorher: float, nachher: float, art: str = "zeile") -> Tabellenzeile:
        werte = [Tabellenzelle(text=f"{w}", zahl=True, wert=w) for w in (vorher, nachher)]
        return Tabellenzeile(art=art, zellen=(Tabellenzelle(text=ort), *werte))  # type: ignore[arg-type]

    gruppe = Tabellenzeile(art="gruppe", zellen=(Tabellenzelle(text="Nord", spalten=3),))
    orte = [zeile(f"Ort {n}", 2.0 + n / 10, 1.0 + n / 10) for n in range(satztafel.BALKEN_AB)]
    satz = satztafel.tabelle(
        Tabellenmodell(kopf=kopf, zeilen=(gruppe, *orte, zeile("Kreis", 2.1, 1.1, "summe"))), THEMA
    )
    _, erste, zweite = (float(w) for w in re.findall(r"([\d.]+)fr", satz.auf))
    assert erste == zweite
    balken = [float(b) for b in re.findall(r"bw-balken\(([\d.]+)", satz.text)]
    assert balken[:2] == [0.833, 0.417]


def test_freier_platz_geht_an_namen_die_sonst_brechen() -> None:
    """Auch wenn erst viele Zeichen mehr eine Zeile sparen, bekommt sie der Name, nicht die Zahlen daneben."""
    namen = (
        "Arbeitslosenquote der abhängigen Erwerbspersonen", "Arbeitslosenquote der 15- bis unter 25-Jährigen",
        "Arbeitslosenquote der Personen ohne deutsche Staatsangehörigkeit",
    )  # fmt: skip
    texte = (
        ("Kennzahl (in %)", "Ostprignitz-Ruppin", "Brandenburg", "Deutschland"),
        *((n, "7,7", "6,9", "6,8") for n in namen),
    )
    zeilen = [satztafel.Zeile("", tuple(satztafel.Fach(z, z) for z in reihe)) for reihe in texte]
    auf = satztafel.setze(zeilen[:1], zeilen[1:], THEMA, breit=True).auf
    breiten = [float(w) for w in re.findall(r"([\d.]+)fr", auf)]
    assert breiten[0] / sum(breiten) * 98 >= len(namen[0]) / 1.1 + 2.6


def test_saetze_in_engen_spalten_bekommen_die_kleinere_schrift() -> None:
    texte = (
        (
            "Annahme", "untere Variante", "mittlere Variante", "obere Variante", "Herkunft", "Begründung",
            "Stand",
        ),
        (
            "Kinder im Einschulungsalter der gemeinsamen Vorausrechnung", "30. September", "30. September",
            "30. September", "Brandenburgisches Schulgesetz",
            "Geburten und Wanderung sind für alle Pläne dieselben; acht von zehn zufälligen Verläufen liegen "
            "zwischen den Grenzen", "31.01.2026",
        ),
    )  # fmt: skip
    zeilen = [satztafel.Zeile("", tuple(satztafel.Fach(z, z) for z in reihe)) for reihe in texte]
    auf = satztafel.setze(zeilen[:1], zeilen[1:], THEMA, breit=True).auf
    breiten = [float(w) for w in re.findall(r"([\d.]+)fr", auf)]
    assert "size: 8.5pt" in auf and breiten[5] == max(breiten) and breiten[5] / sum(breiten) > 0.2
