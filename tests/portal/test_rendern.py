"""Das ganze Rendern am Musterprojekt: Seiten, Behalten, gleiche Bytes, Abbruch."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from prozesshilfe import kinder, uebrig

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.formate import WEITERE, Format
from berichtswerk.site import suche
from berichtswerk.site.bau import rendere
from berichtswerk.site.merken import begruende

NEBENAN = [name for name, form in WEITERE.items() if not form.gestalt]
"""Die Formate, die neben jedem Bericht liegen."""


@pytest.fixture(scope="module")
def fertig(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    """Ein einmal gerendertes Musterprojekt; nicht verändern, nur kopieren."""
    tests = Path(__file__).parents[1]
    wurzel = tmp_path_factory.mktemp("fertig") / "Muster für Prüfung"
    shutil.copytree(tests / "muster", wurzel)
    shutil.copytree(tests.parent / "layout", wurzel / "layout")
    bilanz = rendere(Projekt(wurzel))
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    return Projekt(wurzel)


@pytest.fixture
def projekt(fertig: Projekt, tmp_path: Path) -> Projekt:
    shutil.copytree(fertig.wurzel, tmp_path / "p")
    return Projekt(tmp_path / "p")


def _bytes(ordner: Path) -> dict[str, bytes]:
    return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in ordner.rglob("*") if p.is_file()}


def test_die_site_enthaelt_was_veroeffentlicht_wird_und_sonst_nichts(fertig: Projekt) -> None:
    namen = {n for n in _bytes(fertig.site) if not n.startswith(("pagefind/", "layout/"))}
    formate = [f".{endung}" for endung in ("html", *NEBENAN)]
    lage = {
        f"berichte/lage/2024/{stamm}{rest}"
        for stamm in ("lage-2024", "lage-2024-land")
        for rest in (
            *formate, "/abb/fig-verlauf.svg", "/abb/fig-verlauf.json", "/daten/fig-verlauf.csv",
            "/daten/tbl-werte.csv", "/daten/fig-verlauf.ods", "/daten/tbl-werte.ods", "/abb/fig-verlauf.png",
            "/fig-verlauf.html", "/tbl-werte.html", "/daten.zip", "/nachweis.json", "/verzeichnis.json",
            "/vorschau.png",
        )
    }  # fmt: skip
    reste = (*formate, "/nachweis.json", "/verzeichnis.json", "/vorschau.png")
    satzung = {f"berichte/satzung/2024/satzung-2024{r}" for r in reste}
    seiten = {f"seiten/{n}.html" for n in ("impressum", "datenschutz", "barrierefreiheit", "daten", "suche")}
    auftritt = {"404.html", "feed.xml", "sitemap.xml", "seiten/suche.json"}
    assert namen == lage | satzung | seiten | auftritt | {"index.html"}
    layout = {n for n in _bytes(fertig.site) if n.startswith("layout/")}
    assert all(n.endswith((".css", ".svg", ".js", ".woff2", "layout/vorschau.png")) for n in layout)


def test_jeder_verweis_der_site_fuehrt_auf_eine_datei(fertig: Projekt) -> None:
    for seite in fertig.site.rglob("*.html"):
        for ziel in re.findall(r'(?:href|src)="([^"#]+)', seite.read_text("utf-8")):
            if "://" not in ziel and not ziel.startswith(("mailto:", "data:")):
                ort = fertig.site / ziel.removeprefix("/planung/") if ziel[0] == "/" else seite.parent / ziel
                assert ort.exists(), f"{seite.name}: {ziel}"


def test_startseite_zeigt_je_ausgabe_eine_karte_mit_stand_und_status(fertig: Projekt) -> None:
    html = (fertig.site / "index.html").read_text("utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    assert html.count("bw-karte ") + html.count('bw-karte"') == 2
    for erwartet in (
        "Lagebericht 2024", "Wie sich die Bevölkerung entwickelt.", "Beispielausgabe Stand: 1. Juli 2025",
        "Weitere Gebiete: Land Musterstaat", "Hinweise zur Planung", "Veröffentlicht",
    ):  # fmt: skip
        assert erwartet in text
    assert 'href="berichte/lage/2024/lage-2024.pdf"' in html


def test_pflichtseiten_kommen_aus_kreis_yaml(fertig: Projekt) -> None:
    seiten = {n: (fertig.site / f"seiten/{n}.html").read_text("utf-8") for n in ("impressum", "datenschutz")}
    assert "Am Markt 1" in seiten["impressum"] and "mailto:planung@musterland.example" in seiten["impressum"]
    assert "[vor Veröffentlichung eintragen]" in seiten["impressum"], "Offenes bleibt sichtbar"
    assert "Server-Protokolle werden nach sieben Tagen gelöscht." in seiten["datenschutz"]
    erklaerung = (fertig.site / "seiten/barrierefreiheit.html").read_text("utf-8")
    for erwartet in ("teilweise vereinbar", "Leichter Sprache", "Durchsetzungsstelle", "Selbstbewertung"):
        assert erwartet in erklaerung


def test_datenuebersicht_nennt_herausgeber_stand_und_lizenz(fertig: Projekt) -> None:
    html = (fertig.site / "seiten/daten.html").read_text("utf-8")
    for erwartet in (
        "Bevölkerung am 31. Dezember", "Statistisches Amt des Musterstaats, 12411", "30.06.2025",
        "30.06.2027 (jährlich)", "Namensnennung", "Amtliche Statistik",
    ):  # fmt: skip
        assert erwartet in html


def test_datenuebersicht_nennt_jede_kennzahl_und_ihre_quelle(fertig: Projekt) -> None:
    html = (fertig.site / "seiten/daten.html").read_text("utf-8")
    eintrag = html.partition('id="k-einwohner"')[2].partition("</details>")[0]
    assert "<strong>Einwohnerinnen und Einwohner</strong> <span>Personen</span>" in eintrag
    assert "Zurzeit zeigt sie kein Bericht." in eintrag and 'href="#quelle-einwohner"' in eintrag
    assert re.search('<tr [^>]*id="quelle-einwohner"', html)
    assert '<script src="../layout/daten.js" defer>' in html


def test_zwei_laeufe_ergeben_dieselben_bytes(fertig: Projekt, projekt: Projekt) -> None:
    shutil.rmtree(projekt.site)
    shutil.rmtree(projekt.wurzel / ".berichtswerk")
    assert rendere(projekt).gelungen
    erste, zweite = _bytes(fertig.site), _bytes(projekt.site)
    assert erste.keys() == zweite.keys()
    assert [n for n in erste if erste[n] != zweite[n]] == []


def test_nur_ein_bericht_die_uebrigen_bleiben_wie_sie_waren(fertig: Projekt, projekt: Projekt) -> None:
    text = projekt.berichte / "satzung/2024/texte/01-anlass.md"
    text.write_text("## Anlass\n\nEin neuer Satz.\n", "utf-8")
    marke = projekt.site / "berichte/lage/2024/lage-2024.html"
    marke.write_text(marke.read_text("utf-8") + "<!-- von früher -->", "utf-8")
    bilanz = rendere(projekt, ["satzung"])
    assert bilanz.gelungen and bilanz.behalten == ["lage-2024", "lage-2024-land"]
    assert "von früher" in marke.read_text("utf-8")
    assert "Ein neuer Satz." in (projekt.site / "berichte/satzung/2024/satzung-2024.html").read_text("utf-8")
    assert "Lagebericht 2024" in (projekt.site / "index.html").read_text("utf-8")
    vorher, nachher = _bytes(fertig.site), _bytes(projekt.site)
    gleich = "berichte/lage/2024/lage-2024/daten.zip"
    assert vorher[gleich] == nachher[gleich]


def test_uebernommenes_steht_auch_ohne_harte_verweise_da(
    projekt: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    vorher = _bytes(projekt.site)

    def verweigert(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", verweigert)
    assert rendere(projekt, ["satzung"]).behalten == ["lage-2024", "lage-2024-land"]
    assert _bytes(projekt.site) == vorher


def test_nur_html_behaelt_das_fruehere_pdf_und_sagt_es(projekt: Projekt) -> None:
    bilanz = rendere(projekt, ["satzung"], ["html"])
    assert bilanz.behalten == ["lage-2024", "lage-2024-land", f"satzung-2024 ({', '.join(NEBENAN).upper()})"]
    assert (projekt.site / "berichte/satzung/2024/satzung-2024.pdf").is_file()


def test_gescheitertes_behaelt_seine_seiten_die_uebrigen_erscheinen_neu(projekt: Projekt) -> None:
    (projekt.berichte / "lage/2024/texte/einleitung.md").write_text("## Lage\n\n@fig-unbekannt\n", "utf-8")
    (projekt.berichte / "satzung/2024/texte/01-anlass.md").write_text("## Anlass\n\nNeu.\n", "utf-8")
    bilanz = rendere(projekt)
    assert not bilanz.gelungen and bilanz.getauscht
    assert "satz-verweis-offen" in {m.kennung for m in bilanz.meldungen.fehler}
    assert "lage-2024" in bilanz.behalten
    assert "Bevölkerung, Landkreis Musterland" in (
        projekt.site / "berichte/lage/2024/lage-2024.html"
    ).read_text("utf-8")
    assert "Neu." in (projekt.site / "berichte/satzung/2024/satzung-2024.html").read_text("utf-8")


def test_scheitert_alles_bleibt_die_vorige_fassung_unberuehrt(projekt: Projekt) -> None:
    vorher = _bytes(projekt.site)
    (projekt.berichte / "satzung/2024/texte/01-anlass.md").write_text("## Anlass\n\n{{ nichts }}\n", "utf-8")
    bilanz = rendere(projekt, ["satzung"])
    assert not bilanz.gelungen and not bilanz.getauscht
    assert _bytes(projekt.site) == vorher


def test_derselbe_fehler_steht_nur_einmal_da_auch_wenn_ihn_zwei_varianten_zeigen(projekt: Projekt) -> None:
    (projekt.berichte / "lage/2024/texte/einleitung.md").write_text("## Lage\n\n{{ gibtsnicht }}\n", "utf-8")
    bilanz = rendere(projekt, ["lage"])
    assert [g.auftrag.stamm for g in bilanz.gesetzt if not g.gelungen] == ["lage-2024", "lage-2024-land"]
    assert [(m.kennung, m.ort) for m in bilanz.meldungen.fehler] == [("bindung-unbekannt", "Zeile 3")]


def test_fehler_in_gemeinsamen_angaben_laesst_die_vorige_fassung(projekt: Projekt) -> None:
    vorher = _bytes(projekt.site)
    kreis = projekt.daten / "kreis.yaml"
    kreis.write_text(kreis.read_text("utf-8").replace("plz:", "postleitzahl:"), "utf-8")
    with pytest.raises(BerichtswerkFehler):
        rendere(projekt)
    assert _bytes(projekt.site) == vorher
    assert not list((projekt.wurzel / ".berichtswerk").glob("bau-*"))


def test_was_es_nicht_mehr_gibt_verschwindet_was_gerade_fehlerhaft_ist_bleibt(projekt: Projekt) -> None:
    shutil.rmtree(projekt.berichte / "satzung")
    (projekt.berichte / "lage/2024/bericht.yml").write_text("titel: [\n", "utf-8")
    shutil.copytree(Path(__file__).parents[1] / "muster/berichte/satzung", projekt.berichte / "hinweise")
    bilanz = rendere(projekt)
    assert not bilanz.gelungen and bilanz.behalten == ["lage/2024"]
    assert not (projekt.site / "berichte/satzung").exists()
    assert (projekt.site / "berichte/lage/2024/lage-2024.html").is_file()
    assert (projekt.site / "berichte/hinweise/2024/hinweise-2024.html").is_file()


_LAUF = """
import sys
from collections.abc import Mapping
from pathlib import Path
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.formate import WEITERE, Format, alle
from berichtswerk.site import suche
from berichtswerk.site.bau import rendere
from berichtswerk.site.merken import begruende
from berichtswerk.grund.projekt import Projekt
rendere(Projekt(Path(sys.argv[1])), fortschritt=lambda was, *_: print(was, flush=True))
"""


@pytest.mark.parametrize("nach", ["ausgeführt", "gesetzt", "Suche"])
def test_kill_mitten_im_rendern(projekt: Projekt, nach: str) -> None:
    vorher = _bytes(projekt.site)
    shutil.rmtree(projekt.wurzel / ".berichtswerk")
    lauf = subprocess.Popen(
        [sys.executable, "-c", _LAUF, str(projekt.wurzel)], stdout=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert lauf.stdout is not None
    for zeile in lauf.stdout:
        if zeile.strip() == nach:
            break
    gestartet = kinder(lauf.pid)
    os.kill(lauf.pid, signal.SIGKILL)
    lauf.wait()
    lauf.stdout.close()
    assert _bytes(projekt.site) == vorher
    assert uebrig(gestartet) == [], "keine verwaisten Prozesse"
    assert rendere(projekt).gelungen
    assert _bytes(projekt.site) == vorher
    assert not [p for p in (projekt.wurzel / ".berichtswerk").iterdir() if p.name.startswith(("bau", "alt"))]


_ENDLOS = """
import signal, sys
from collections.abc import Mapping
from pathlib import Path
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.formate import WEITERE, Format, alle
from berichtswerk.site import suche
from berichtswerk.site.bau import rendere
from berichtswerk.site.merken import begruende
from berichtswerk.grund.projekt import Projekt
signal.signal(signal.SIGINT, signal.default_int_handler)
print("los", flush=True)
rendere(Projekt(Path(sys.argv[1])), fortschritt=lambda was, *_: print(was, flush=True))
"""


def test_strg_c_beendet_alles_sofort_und_laesst_die_vorige_fassung(projekt: Projekt) -> None:
    vorher = _bytes(projekt.site)
    tests = Path(__file__).parents[1]
    shutil.copy(tests / "notebooks_fehler/rechnet_endlos.ipynb", projekt.notebooks / "lage.ipynb")
    lauf = subprocess.Popen(
        [sys.executable, "-c", _ENDLOS, str(projekt.wurzel)], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.PIPE, start_new_session=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert lauf.stdout is not None
    beginn = time.monotonic()
    while lauf.stdout.readline().strip() != "ausgeführt":
        pass
    langsam = time.monotonic() - beginn  # wie schnell die Maschine gerade ist
    time.sleep(1)
    gestartet = kinder(lauf.pid)
    beginn = time.monotonic()
    lauf.send_signal(signal.SIGINT)
    _, fehler = lauf.communicate(timeout=120)  # die Schleife endet von allein nie
    assert "KeyboardInterrupt" in fehler and time.monotonic() - beginn < max(10, 5 * langsam)
    assert uebrig(gestartet, 60) == []
    assert _bytes(projekt.site) == vorher
    assert not list((projekt.wurzel / ".berichtswerk").glob("bau-*"))


# --- Ein weiteres Format ---------------------------------------------------------------------------------


@pytest.fixture
def mit_probetext(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ein Eintrag mehr; sonst weiß niemand davon."""

    def schreibe(m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> bytes:
        return "\n".join([m.kopf.titel, *sorted(bilder)]).encode()

    monkeypatch.setitem(WEITERE, "probe", Format("Probetext", schreibe))


@pytest.mark.usefixtures("mit_probetext")
def test_ein_weiteres_format_ist_ein_eintrag_und_sonst_nichts(projekt: Projekt) -> None:
    assert rendere(projekt).gelungen
    ort = "berichte/lage/2024/lage-2024.probe"
    inhalt = (projekt.site / ort).read_text("utf-8")
    assert inhalt.splitlines() == ["Lagebericht 2024", "abb/fig-verlauf.svg"]
    seite = (projekt.site / "berichte/lage/2024/lage-2024.html").read_text("utf-8")
    assert f'/{ort}">Bericht als Probetext</a> <span class="bw-zusatz">Probetext, 1\u00a0KB</span>' in seite
    start = (projekt.site / "index.html").read_text("utf-8")
    assert f'href="{ort}"' in start and "Lagebericht 2024 als Probetext" in start
    assert "lage-2024-land.probe" in start
    begruendet = {b.ausgabe for b in begruende(projekt, ["satzung"])}
    assert {"satzung-2024.html", "satzung-2024.pdf", "satzung-2024.probe"} <= begruendet


@pytest.mark.usefixtures("mit_probetext")
def test_auch_ein_weiteres_format_bleibt_wenn_es_nicht_verlangt_ist(projekt: Projekt) -> None:
    rendere(projekt)
    vorher = {n: b for n, b in _bytes(projekt.site).items() if n.endswith(".probe")}
    bilanz = rendere(projekt, ["satzung"], ["html"])
    assert f"satzung-2024 ({', '.join((*NEBENAN, 'probe')).upper()})" in bilanz.behalten
    assert {n: b for n, b in _bytes(projekt.site).items() if n.endswith(".probe")} == vorher != {}
    seite = (projekt.site / "berichte/satzung/2024/satzung-2024.html").read_text("utf-8")
    assert "Bericht als Probetext" in seite and "Bericht als PDF" in seite


def test_nur_die_seite_neu_sagt_dass_das_pdf_aelter_ist(projekt: Projekt) -> None:
    text = projekt.berichte / "lage" / "2024" / "texte" / "einleitung.md"
    text.write_text(text.read_text("utf-8") + "\nNeu.\n", "utf-8")
    bilanz = rendere(projekt, ["lage-2024-land"], ["html"])
    (meldung,) = (m for m in bilanz.meldungen if m.kennung == "datei-aelter")
    assert meldung.text.startswith("Die Seite ist neu, PDF") and "vorigen Stand" in meldung.text
    assert meldung.abhilfe == "Setzen Sie beides: berichtswerk render lage/2024."


def test_nach_html_nennt_die_seite_auch_das_nachgereichte_pdf(projekt: Projekt) -> None:
    shutil.rmtree(projekt.site)
    assert rendere(projekt, ["satzung/2024"], ["html"]).gelungen
    seite = projekt.site / "berichte" / "satzung" / "2024" / "satzung-2024.html"
    assert "satzung-2024.pdf" not in seite.read_text("utf-8")
    assert rendere(projekt, ["satzung/2024"], ["pdf"]).gelungen
    assert "satzung-2024.pdf" in seite.read_text("utf-8")


def test_ein_tippfehler_in_der_beschreibung_wird_beim_namen_genannt_und_die_karte_bleibt(
    projekt: Projekt,
) -> None:
    datei = projekt.berichte / "lage" / "2024" / "bericht.yml"
    datei.write_text(datei.read_text("utf-8").replace("status: beispiel", "status: freigegebn"), "utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        rendere(projekt, ["lage/2024"])
    (meldung,) = fehler.value.meldungen
    assert (meldung.datei, meldung.feld) == ("berichte/lage/2024/bericht.yml", "status")
    bilanz = rendere(projekt)
    assert [m.feld for m in bilanz.meldungen.fehler] == ["status"]
    assert "lage-2024.html" in (projekt.site / "index.html").read_text("utf-8")


def test_ein_ueberholter_vorlauf_der_suche_stoert_den_eigentlichen_bau_nicht(
    projekt: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    plaetze: list[Path] = []

    def merke(platz: Path, *_: object) -> Meldung:
        plaetze.append(platz)
        return suche.SucheOhneVerzeichnis.melde(datei="", grund="Probe")

    monkeypatch.setattr(suche, "_rufe_pagefind", merke)
    text = projekt.berichte / "lage/2024/texte/einleitung.md"
    text.write_text(text.read_text("utf-8") + "\nEin Satz mehr.\n", "utf-8")
    rendere(projekt)
    assert len(plaetze) == len(set(plaetze)) == 2
