"""Eine Abbildung, eine Adresse: jede Darstellung hat ihre Seite mit allem, was zu ihr gehört."""

from __future__ import annotations

import gzip
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from browserhilfe import axe, texte_in_abbildungen
from PIL import Image
from playwright.sync_api import Browser

from berichtswerk.site import einzeln
from berichtswerk.site.einzeln import INTERAKTIV, fundstellen

ZEILE = re.compile(r'<tr role="row"><th scope="row" role="rowheader">(.*?)</th>(.*?)</tr>', re.DOTALL)


@pytest.fixture(scope="module")
def berichte(site: Path) -> list[Path]:
    """Die Seiten der Berichte, neben denen eine Darstellung liegt."""
    ordner = {p.parent for p in site.glob("berichte/*/*/*/fig-*.html")}
    return sorted(o.with_suffix(".html") if not o.suffix else o.parent / f"{o.name}.html" for o in ordner)


def darstellungen(bericht: Path) -> list[Path]:
    """Die Seiten der Abbildungen und Tabellen eines Berichts."""
    seiten = sorted((bericht.parent / bericht.stem).glob("*.html"))
    return [p for p in seiten if p.stem.startswith(("fig-", "tbl-"))]


HOECHSTENS = {"kita-bedarfsplan": 0.4, "pflegebericht": 0.25, "bildungsbericht": 0.1}
"""Höchster Anteil der Darstellungen mit Beispieldaten; in allen anderen Berichten keine."""


def test_beispieldaten_sind_die_ausnahme(berichte: list[Path]) -> None:
    for bericht in berichte:
        if bericht.parents[1].name == "steckbriefe":  # zeigt, was die Pläne für die Kommunen rechnen
            continue
        seiten = darstellungen(bericht)
        beispiele = [s.stem for s in seiten if "Beispieldaten" in s.read_text("utf-8")]
        grenze = HOECHSTENS.get(bericht.parents[1].name, 0)
        assert len(beispiele) <= grenze * len(seiten), (bericht.stem, len(seiten), beispiele)


def test_jede_darstellung_hat_ihre_seite_und_der_bericht_fuehrt_hin(berichte: list[Path]) -> None:
    assert len(berichte) >= 7
    for bericht in berichte:
        html = bericht.read_text("utf-8")
        label = set(re.findall(r'<div id="((?:fig|tbl)-[\w-]+)" class="quarto-float', html))
        eigene = {p.stem for p in darstellungen(bericht)}
        assert label == eigene, bericht.name
        for name in label:
            assert f'href="{bericht.stem}/{name}.html"' in html
            seite = (bericht.parent / bericht.stem / f"{name}.html").read_text("utf-8")
            assert f'href="../{bericht.name}#{name}"' in seite


def test_bild_und_tabelle_lassen_sich_oeffnen(berichte: list[Path]) -> None:
    for bericht in berichte:
        ordner = bericht.parent / bericht.stem
        for seite in darstellungen(bericht):
            mappe = pd.read_excel(ordner / "daten" / f"{seite.stem}.ods", sheet_name=None, engine="calamine")
            assert list(mappe) == ["Daten", "Angaben"] and len(mappe["Daten"])
            if seite.stem.startswith("fig-"):
                with Image.open(io.BytesIO((ordner / "abb" / f"{seite.stem}.png").read_bytes())) as bild:
                    assert bild.width > 600


def test_jede_zahl_der_seite_nennt_datei_und_zeile_oder_rechnung(berichte: list[Path]) -> None:
    ohne = []
    for bericht in berichte:
        ordner = bericht.parent / bericht.stem
        nachweis = json.loads((ordner / "nachweis.json").read_text("utf-8"))
        for seite in darstellungen(bericht):
            erwartet = [e["anzeige"] for e in nachweis["eintraege"] if e["ort"] == seite.stem]
            zeilen = ZEILE.findall(seite.read_text("utf-8").partition('id="woher"')[2])
            assert [unescape(z[0]) for z in zeilen] == erwartet, f"{bericht.name} {seite.name}"
            # eine Zeile ohne Zahl nennt, wofür sie steht: „wie bei 2025/26“
            mit = [z for z in zeilen if "<code>" in z[1]]
            genannt = {z[0] for z in mit} | {re.findall(r">([^<]*)</td>", z[1])[0] for z in mit}
            wie = [re.search(r">wie bei (.+?)(?: \(|<)", z[1]) for z in zeilen if "<code>" not in z[1]]
            ohne += [f"{seite.name}: {w}" for w in wie if w is None or w[1] not in genannt]
    assert ohne == []


def test_zeiten_stehen_wie_man_sie_schreibt_und_viele_fundstellen_einmal() -> None:
    """„2023-12-31/2024-12-31“ stand da, und zwanzig Zeilen Dateien unter jedem Jahr der Vorausrechnung."""
    belege = [{"datei": f"daten/dateien/{n}.csv", "zeile": 2} for n in "abcd"]
    eintraege = [
        {"anzeige": "7", "zeit": "2023-12-31/2024-12-31", "belege": belege},
        {"anzeige": "8", "zeit": "2025", "belege": belege},
        {"anzeige": "9", "zeit": "2023/24", "belege": belege[:1]},
    ]
    alter = [{"anzeige": w, "stelle": f"{w} Jahre", "belege": belege} for w in ("3", "4")]
    assert [z[3] for z in einzeln._einmal([einzeln._weg(e, {}, {}) for e in alter])][
        1
    ] == "wie bei 3 (3 Jahre)"
    eins, zwei, drei = einzeln._einmal([einzeln._weg(e, {}, {}) for e in eintraege])
    assert eins[2] == "31.12.2023 und 31.12.2024" and eins[3].count("<code>") == 4
    assert zwei[3] == "wie bei 7 (31.12.2023 und 31.12.2024)"
    assert drei[2] == "2023/24" and "<code>a.csv</code>" in drei[3]
    assert "<details" not in eins[3]


def test_unter_den_zahlen_steht_was_ihre_zeichen_heissen_und_nur_dort(berichte: list[Path]) -> None:
    """Ein Punkt für fehlende Jahre blieb ohne Erklärung; eine andere Seite erklärte ihn zweimal."""
    for bericht in berichte:
        for seite in darstellungen(bericht):
            html = seite.read_text("utf-8").partition('id="zahlen"')[2].partition('id="woher"')[0]
            tafel, _, danach = html.partition("</table>")
            assert ("Zahlenwert unbekannt" in tafel) == (". = Zahlenwert unbekannt" in danach), seite.name
            assert danach.count("Zeichenerklärung") <= 1, seite.name


def test_sehr_viele_fundstellen_sind_zugeklappt() -> None:
    """Je Kommune andere Zeilen derselben sechzehn Dateien: eine Karte hatte sieben Bildschirme Herkunft."""
    belege = [{"datei": f"daten/dateien/{n}.csv", "zeile": 2} for n in "abcdef"]
    weg = einzeln._weg({"anzeige": "7", "zeit": "2025", "belege": belege}, {}, {})
    ((*_, wo, _),) = einzeln._einmal([weg])
    assert wo.startswith('<details class="bw-stellen"><summary>6 Stellen</summary>')
    assert wo.count("<code>") == 6


def test_viele_zeilen_einer_spalte_stehen_als_spanne() -> None:
    """15 Altersjahre waren 15 Zeilen Text; gleiche Datei und Spalte stehen einmal."""
    belege = [{"datei": "daten/dateien/alter.csv", "zeile": n, "spalte": "ew"} for n in (7, 5, 6, 9)]
    belege.append({"datei": "daten/dateien/sgb2.csv", "zeile": 3, "spalte": "unter_15"})
    assert list(fundstellen({"belege": belege}, {})) == [
        '<code>alter.csv</code>, Zeilen\u00a0<span class="bw-fest">5–7</span>, 9, Spalte\u00a0ew',
        "<code>sgb2.csv</code>, Zeile\u00a03, Spalte\u00a0unter_15",
    ]


@pytest.mark.parametrize(
    ("eingabe", "wo"),
    [({"anzahl": 1}, "1\u00a0Zeile"), ({"anzahl": 23}, "23\u00a0Zeilen"),
     ({"anzahl": 1, "zeilen": "7"}, "Zeile\u00a07"), ({"anzahl": 2, "zeilen": "7, 9"}, "Zeilen\u00a07, 9")],
)  # fmt: skip
def test_eine_zeile_heisst_zeile_und_bricht_nicht_von_ihrer_nummer(
    eingabe: dict[str, object], wo: str
) -> None:
    weg = {"w": {"eingaben": [{"datei": "daten/dateien/a.csv", **eingabe}]}}
    assert list(fundstellen({"weg": "w"}, weg)) == [f"<code>a.csv</code>, {wo}"]


def koepfe(html: str) -> list[str]:
    return re.findall(r'<th scope="col" role="columnheader">(.*?)</th>', html)


def test_der_weg_der_zahlen_zeigt_nur_spalten_die_etwas_sagen() -> None:
    """„Gebiet“ und „Zeit“ standen leer über Annahmen, „Gebiet“ über Altersgruppen, der Kreis überall."""
    annahme = ["1,3", "", "", "a.yaml", "Annahme"]
    html = einzeln._herkunft([annahme, annahme], "Annahme")
    assert koepfe(html) == ["Zahl", "Wo sie steht", "Rechnung"]
    alter = [["1,2", "15 bis unter 60", "", "a.csv", ""], ["3,6", "60 bis unter 65", "", "a.csv", ""]]
    assert koepfe(einzeln._herkunft(alter, "Alter")) == ["Zahl", "Alter", "Wo sie steht"]
    kreis = [["7", "Kreis", "2023", "a.csv", ""], ["8", "Kreis", "2024", "a.csv", ""]]
    html = einzeln._herkunft(kreis, "Gebiet")
    assert koepfe(html) == ["Zahl", "Zeit", "Wo sie steht"] and " Gebiet: Kreis.</p>" in html
    html = einzeln._herkunft([*kreis, ["9", "Land", "2024", "a.csv", ""]], "Gebiet")
    assert koepfe(html) == ["Zahl", "Gebiet", "Zeit", "Wo sie steht"] and "Gebiet: " not in html


def test_wo_nichts_gerechnet_ist_steht_das_da_und_nicht_dass_keine_zahl_zu_sehen_waere() -> None:
    html = einzeln._herkunft([], "Gebiet")
    assert 'id="woher"' in html and "gerechnet ist nichts" in html and "<table" not in html


def test_eine_lange_fundstelle_steht_nur_einmal() -> None:
    """Drei Dateien mit je zwanzig Zeilen standen unter jeder von 42 Zahlen."""
    zeilen = [[w, "", "2024", ", ".join(map(str, range(100))), ""] for w in ("7", "8")]
    eins, zwei = einzeln._einmal(zeilen)
    assert eins[3].startswith("0, 1") and zwei[3] == "wie bei 7 (2024)"
    strich = [[w, f"20{n}", "", zeilen[0][3], ""] for w, n in (("–", "25/26"), ("792", "26/27"))]
    assert [z[3] for z in einzeln._einmal(strich)][1] == "wie bei 2025/26", "nicht „wie bei – (2025/26)“"


def test_zitat_nennt_herausgeber_bericht_nummer_und_stand(berichte: list[Path]) -> None:
    seite = next((berichte[0].parent / berichte[0].stem).glob("fig-*.html")).read_text("utf-8")
    zitat = unescape(seite.partition("<dt>Als Quelle</dt>\n<dd>")[2].partition("</dd>")[0])
    assert re.match(r"Landkreis .+: .+, Abbildung\s\d+: .+\. Stand: \d+\.\s\w+\s\d{4}", zitat), zitat


def test_jede_seite_eines_steckbriefs_nennt_allein_den_ort(berichte: list[Path]) -> None:
    """„2024 waren geschätzt 16,7 % unter 20“ sagt ohne den Steckbrief niemandem etwas."""
    orte = 0
    for bericht in berichte:
        seiten = {p.stem: p.read_text("utf-8") for p in darstellungen(bericht)}
        if "fig-abweichungen" not in seiten:
            continue
        orte += 1
        steckbrief = re.findall(r"<h1[^>]*>Steckbrief (.+?)</h1>", bericht.read_text("utf-8"))[0]
        kurz = re.split(r"/| [(]", unescape(steckbrief))[0]
        for label, html in seiten.items():
            titel = re.findall(r"<h1[^>]*>(.+?)</h1>", html, re.DOTALL)[0]
            nachricht = html.partition("<dt>In einer Nachricht</dt>")[2].partition("</dd>")[0]
            namen = re.findall(r'role="img" aria-label="([^"]+)"', html)
            assert all(kurz in unescape(t) for t in (titel, nachricht, *namen)), (bericht.stem, label)
            assert " hier " not in titel
    assert orte == 10


def test_im_bericht_des_kreises_nennt_die_seite_den_ort_von_dem_sie_handelt(berichte: list[Path]) -> None:
    """„2030 wird es 73 Kinder unter drei Jahren geben – …, Landkreis …“ war über ein Amt falsch."""
    titel = [
        unescape(re.findall(r"<h1[^>]*>(.+?)</h1>", p.read_text("utf-8"), re.DOTALL)[0])
        for bericht in berichte
        if bericht.parents[1].name == "kita-bedarfsplan"
        for p in darstellungen(bericht)
        if p.stem in {"fig-kinder-amt-lindow", "tbl-bedarf-amt-lindow"}
    ]
    assert len(titel) >= 2
    assert all(re.match(r"Amt Lindow \(Mark\)(:|\s–)\s", t) for t in titel)


_ZU_KLEIN = """(mindestens) => [...document.querySelectorAll('.bw-bild svg')]
    .filter((s) => s.getClientRects().length)
    .flatMap((s) => [...s.querySelectorAll('text')].filter((t) => t.getBoundingClientRect().width)
    .map((t) => [parseFloat(getComputedStyle(t).fontSize) * s.getScreenCTM().a, t.textContent]))
    .filter(([groesse]) => groesse < mindestens)"""


@pytest.mark.browser
@pytest.mark.parametrize("farben", ["light", "dark"])
def test_auf_dem_telefon_bleibt_die_schrift_der_abbildungen_lesbar(
    berichte: list[Path], browser: Browser, farben: Literal["light", "dark"]
) -> None:
    klein = {}
    for breite, mindestens in ((320, 12), (390, 14)):
        seite = browser.new_page(viewport={"width": breite, "height": 844}, color_scheme=farben)
        for bericht in berichte[:2]:
            seite.goto(bericht.as_uri())
            seite.locator(".bw-kapitel").evaluate_all("alle => alle.forEach(d => { d.open = true })")
            assert seite.locator(".bw-bild svg:visible").count() > 5
            if gefunden := seite.evaluate(_ZU_KLEIN, mindestens):
                klein[f"{bericht.name} {breite}"] = gefunden[:3]
        seite.close()
    assert klein == {}


@pytest.mark.browser
def test_gedruckt_fehlt_der_weg_zurueck_in_den_bericht(berichte: list[Path], browser: Browser) -> None:
    seite = browser.new_page()
    seite.goto(darstellungen(berichte[0])[0].as_uri())
    weg = seite.get_by_role("link", name=re.compile(r"\d im Bericht lesen$"))
    assert weg.is_visible()
    seite.emulate_media(media="print")
    assert not weg.is_visible()
    seite.close()


KNOPF = ".bw-interaktiv-start"
MARKE = ".bw-interaktiv [role=img]"


def _seiten_je_form(berichte: list[Path]) -> dict[str, Path]:
    je = {}
    for bericht in berichte:
        for seite in sorted((bericht.parent / bericht.stem).glob("fig-*.html")):
            form = re.search(r'<figure class="figure bw-form-([\w-]+)"', seite.read_text("utf-8"))
            assert form is not None
            je.setdefault(form[1], seite)
    return je


@pytest.mark.browser
@pytest.mark.parametrize(("breite", "farben"), [(1280, "light"), (390, "dark")])
def test_jede_form_mit_einer_achse_laesst_sich_interaktiv_ansehen(
    berichte: list[Path], browser: Browser, breite: int, farben: Literal["light", "dark"]
) -> None:
    seite = browser.new_page(viewport={"width": breite, "height": 800}, color_scheme=farben)
    fehler: list[str] = []
    geladen: list[str] = []
    seite.on("console", lambda m: fehler.append(m.text) if m.type == "error" else None)
    seite.on("pageerror", lambda e: fehler.append(str(e)))
    seite.on("request", lambda r: geladen.append(r.url.rpartition("/")[2]))
    for form, pfad in _seiten_je_form(berichte).items():
        geladen.clear()
        seite.goto(pfad.as_uri())
        assert "interaktiv.js" not in geladen
        if form not in INTERAKTIV:
            assert seite.locator(KNOPF).count() == 0
            continue
        seite.locator(KNOPF).click()
        seite.locator(MARKE).first.wait_for(state="attached")
        namen = seite.locator(MARKE).evaluate_all("e => e.map(m => m.getAttribute('aria-label'))")
        assert len(namen) > 1 and all(re.search(r", .+: .*\d", n) for n in namen), form
        assert texte_in_abbildungen(seite) == [], form
        assert axe(seite) == [], form
        assert seite.locator(f"{MARKE}[tabindex='0']").count() == 1
    seite.close()
    assert fehler == []


@pytest.mark.browser
def test_pfeiltasten_gehen_von_wert_zu_wert_und_die_tabelle_geht_mit(
    berichte: list[Path], browser: Browser
) -> None:
    pfad = next(p for b in berichte for p in (b.parent / b.stem).glob("fig-arbeitslosenquote.html"))
    seite = browser.new_page()
    seite.goto(pfad.as_uri())
    seite.locator(KNOPF).press("Enter")
    assert seite.locator(KNOPF).get_attribute("aria-expanded") == "true"
    name = "document.activeElement.getAttribute('aria-label')"
    seite.locator(f"{MARKE}[tabindex='0']").focus()
    erste = seite.evaluate(name)
    seite.keyboard.press("ArrowRight")
    zweite = seite.evaluate(name)
    jahr = [int(re.search(r", (\d{4}):", n)[1]) for n in (erste, zweite)]
    assert jahr[1] == jahr[0] + 1
    zelle = seite.locator("#zahlen ~ .bw-rollbereich td.bw-gewaehlt")
    zeile = zelle.locator("xpath=..").locator("th")
    assert zeile.text_content() == str(jahr[1]) and zelle.text_content().strip() in zweite
    seite.keyboard.press("End")
    seite.keyboard.press("ArrowRight")  # am Ende bleibt man stehen
    ende = seite.evaluate(name)
    reihe = ende.partition(",")[0]
    seite.get_by_role("checkbox", name=reihe).uncheck()
    stand = seite.locator(".bw-interaktiv [role=status]").text_content()
    assert stand.startswith(f"{reihe} ausgeblendet, ")
    assert not any(
        n.startswith(f"{reihe},")
        for n in seite.locator(MARKE).evaluate_all("e => e.map(m => m.getAttribute('aria-label'))")
    )
    andere = seite.locator("#zahlen ~ .bw-rollbereich tbody tr").nth(6).locator("td").nth(1)
    andere.click()
    assert andere.get_attribute("class").endswith("bw-gewaehlt")
    assert andere.text_content().strip() in seite.locator(".bw-schild").text_content()
    seite.close()


@pytest.mark.browser
def test_ueber_einen_bruch_fuehrt_auch_interaktiv_keine_linie(berichte: list[Path], browser: Browser) -> None:
    """Die Reihe lief dort durch, wo die Abbildung darüber zwei Punkte und „Bruch 2016“ zeigt."""
    gebrochen = [
        p
        for b in berichte
        for p in (b.parent / b.stem).glob("fig-*.html")
        if ' data-brueche="2' in p.read_text("utf-8")
    ]
    assert gebrochen
    seite = browser.new_page()
    seite.goto(gebrochen[0].as_uri())
    seite.locator(KNOPF).click()
    seite.locator(MARKE).first.wait_for(state="attached")
    brueche, quer = seite.evaluate("""() => {
      const grund = document.querySelector(".bw-interaktiv .bw-bild > svg > g");
      const brueche = [...grund.querySelectorAll("line[stroke-dasharray]")].map(l => l.x1.baseVal.value);
      const zuege = [...grund.querySelectorAll("path")].flatMap(p => p.getAttribute("d").split("M"));
      const quer = zuege.map(z => z.split("L").filter(Boolean).map(parseFloat))
        .filter(x => brueche.some(b => x.some((w, i) => i && x[i - 1] < b && b < w)));
      return [brueche.length, quer.length];
    }""")
    seite.close()
    assert (brueche > 0, quer) == (True, 0)


def test_was_auf_klick_dazukommt_ist_klein(site: Path) -> None:
    assert len(gzip.compress((site / "layout" / "interaktiv.js").read_bytes(), 6)) < 8_000
