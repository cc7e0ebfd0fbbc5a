"""Die laufende Vorschau: erneuern, Fehler zeigen, genesen, nichts hinterlassen."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import psutil
import pytest
from vorschauhilfe import SEITE, hole, seite, warte_bis_gesetzt, zustaende

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.schreiber.formate import WEITERE, Format
from berichtswerk.vorschau.vorschau import Vorschau

TEXT = "berichte/lage/2024/texte/einleitung.md"


def _schreibe(v: Vorschau, name: str, text: str) -> None:
    (v.werkstatt.projekt.wurzel / name).write_text(text, encoding="utf-8")


def _dateien(ordner: Path) -> dict[str, bytes]:
    return {str(p.relative_to(ordner)): p.read_bytes() for p in sorted(ordner.rglob("*")) if p.is_file()}


def test_ein_geaenderter_satz_erscheint_ohne_neue_ausfuehrung(
    vorschau: Vorschau, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verboten(*_: object, **__: object) -> None:
        raise AssertionError("Ein Satz braucht keine Ausführung und liest kein Notizbuch.")

    monkeypatch.setattr("berichtswerk.vorschau.werkstatt.fuehre_aus", verboten)
    monkeypatch.setattr("berichtswerk.ausfuehrung.lauf.aus_json", verboten)
    with zustaende(vorschau) as z:
        fassung = z.bis(lambda s: True)["fassung"]
        _schreibe(vorschau, TEXT, "## Lage\n\nEin ganz neuer Satz über {{ gebiet }}.\n")
        z.neue_fassung(fassung)
    assert "Ein ganz neuer Satz über Landkreis Musterland." in seite(vorschau)
    assert not vorschau.werkstatt.projekt.site.exists()
    assert not list(vorschau.werkstatt.projekt.wurzel.rglob("*.pdf"))


def test_ein_fehler_steht_mit_datei_und_zeile_in_der_seite_und_verschwindet_mit_ihm(
    vorschau: Vorschau,
) -> None:
    with zustaende(vorschau) as z:
        _schreibe(vorschau, TEXT, "## Lage\n\nNoch richtig.\n\n{{ einwoner }}\n")
        fehler = z.bis(lambda s: bool(s["fehler"]))["fehler"]
        html = seite(vorschau)
        assert fehler in html and 'role="alert"' in html
        assert "Der Name „einwoner“ ist nicht bekannt." in fehler
        assert f"{TEXT}, Zeile 5" in fehler
        assert "Abhilfe: Meinten Sie „einwohner“?" in fehler
        assert "Dieser Bericht zeigt" in html  # der letzte gelungene Stand bleibt sichtbar
        assert "einwoner" in seite(vorschau, "index.html")  # die Startseite nennt alle Fehler …
        assert "einwoner" not in seite(vorschau, "berichte/satzung/2024/satzung-2024.html")  # … andere keine
        _schreibe(vorschau, TEXT, "## Lage\n\nJetzt stimmt es: {{ einwohner }}\n")
        z.bis(lambda s: not s["fehler"] and not s["stand"])
    html = seite(vorschau)
    assert "Jetzt stimmt es:" in html and "bw-vorschau-meldungen" not in html


def test_geaenderte_daten_rechnen_nur_ihre_leser_neu(
    vorschau: Vorschau, monkeypatch: pytest.MonkeyPatch
) -> None:
    warte_bis_gesetzt(vorschau, "berichte/satzung/2024/satzung-2024.html")
    daten = vorschau.werkstatt.projekt.daten / "dateien" / "einwohner.csv"
    with zustaende(vorschau) as z:
        fassung = z.bis(lambda s: True)["fassung"]
        daten.write_text(daten.read_text("utf-8").replace("10007", "12345"), "utf-8")
        z.neue_fassung(fassung)
    assert "12345" in seite(vorschau) or "12.345" in seite(vorschau)
    satzung = warte_bis_gesetzt(vorschau, "berichte/satzung/2024/satzung-2024.html")
    assert satzung.endswith(".1"), "was die Datei nicht liest, behält seine Fassung"


def test_ein_fehler_im_notizbuch_und_in_der_beschreibung_wird_gezeigt_und_verheilt(
    vorschau: Vorschau,
) -> None:
    projekt = vorschau.werkstatt.projekt
    for datei, kaputt in (
        (projekt.notebooks / "lage.ipynb", '{"cells": ['),
        (projekt.berichte / "lage" / "2024" / "bericht.yml", "titel: [\n"),
        (projekt.daten / "kreis.yaml", "name: [\n"),
    ):
        heil = datei.read_text("utf-8")
        with zustaende(vorschau) as z:
            z.bis(lambda s: not s["fehler"])
            datei.write_text(kaputt, "utf-8")
            assert projekt.relativ(datei) in z.bis(lambda s: bool(s["fehler"]))["fehler"]
            assert "Dieser Bericht zeigt" in seite(vorschau)
            datei.write_text(heil, "utf-8")
            z.bis(lambda s: not s["fehler"] and not s["stand"])


def test_eine_neue_farbe_erreicht_die_abbildung(vorschau: Vorschau) -> None:
    marke = vorschau.werkstatt.projekt.layout / "_brand.yml"
    css = hole(vorschau, "/layout/marke.css")[2]
    text = marke.read_text("utf-8")
    farbe = next(z for z in text.splitlines() if '"#' in z).split('"')[1]
    with zustaende(vorschau) as z:
        fassung = z.bis(lambda s: True)["fassung"]
        marke.write_text(text.replace(farbe, "#7a1f5c"), "utf-8")
        z.neue_fassung(fassung)
        z.bis(lambda s: not s["stand"])
    assert hole(vorschau, "/layout/marke.css")[2] != css


def test_viele_aenderungen_auf_einmal_und_der_letzte_stand_gilt(vorschau: Vorschau) -> None:
    for i in range(30):
        _schreibe(vorschau, TEXT, f"## Lage\n\nFassung-{i}-hier.\n")
        time.sleep(0.01)
    ende = time.monotonic() + 30
    while "Fassung-29-hier." not in seite(vorschau):
        assert time.monotonic() < ende
        time.sleep(0.05)


def test_neue_und_geloeschte_ausgaben(vorschau: Vorschau) -> None:
    neu = vorschau.werkstatt.projekt.berichte / "satzung" / "2025"
    (neu / "texte").mkdir(parents=True)
    (neu / "texte" / "01-neu.md").write_text("## Neu\n\nGanz neue Ausgabe.\n", "utf-8")
    alt = neu.parent / "2024" / "bericht.yml"
    (neu / "bericht.yml").write_text(alt.read_text("utf-8"), "utf-8")
    ziel = "berichte/satzung/2025/satzung-2025.html"
    ende = time.monotonic() + 30
    while "Ganz neue Ausgabe." not in seite(vorschau, ziel):
        assert time.monotonic() < ende
        time.sleep(0.1)
    while ziel not in seite(vorschau, "index.html"):
        assert time.monotonic() < ende
        time.sleep(0.1)
    (neu / "bericht.yml").unlink()
    while hole(vorschau, f"/{ziel}")[0] != 404:
        assert time.monotonic() < ende
        time.sleep(0.1)


def test_das_pdf_entsteht_erst_beim_oeffnen_und_einmal_je_fassung(vorschau: Vorschau) -> None:
    pfad = f"/{SEITE.replace('.html', '.pdf')}"
    status, kopf, inhalt = hole(vorschau, pfad)
    assert (status, kopf["content-type"], inhalt[:5]) == (200, "application/pdf", b"%PDF-")
    datei = vorschau.werkstatt.bau / pfad.lstrip("/")
    stand = datei.stat().st_mtime_ns
    assert hole(vorschau, pfad)[2] == inhalt and datei.stat().st_mtime_ns == stand
    with zustaende(vorschau) as z:
        fassung = z.bis(lambda s: True)["fassung"]
        _schreibe(vorschau, TEXT, "## Lage\n\nAnders.\n")
        z.neue_fassung(fassung)
    assert hole(vorschau, pfad)[2] != inhalt


def test_auch_jedes_weitere_format_entsteht_beim_oeffnen(
    vorschau: Vorschau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WEITERE, "probe", Format("Probetext", lambda m, *_: m.kopf.titel.encode()))
    status, _, inhalt = hole(vorschau, f"/{SEITE.replace('.html', '.probe')}")
    assert (status, inhalt) == (200, b"Lagebericht 2024")


def test_die_suche_findet_auch_in_der_vorschau(vorschau: Vorschau) -> None:
    assert hole(vorschau, "/pagefind/pagefind.js")[0] == 200
    assert "wasm-unsafe-eval" in seite(vorschau, "seiten/suche.html")


def test_abfragen_bemerkt_aenderungen_ohne_meldungen_des_systems(muster: Projekt) -> None:
    with Vorschau(muster, "lage", port=0, abfragen=True) as v:
        warte_bis_gesetzt(v)
        with zustaende(v) as z:
            fassung = z.bis(lambda s: True)["fassung"]
            _schreibe(v, TEXT, "## Lage\n\nÜber das Netz geschrieben.\n")
            z.neue_fassung(fassung)
        assert "Über das Netz geschrieben." in seite(v)


def test_am_ende_bleibt_nichts_uebrig(muster: Projekt) -> None:
    ich = psutil.Process()
    vorher = {p.pid for p in ich.children(recursive=True)}
    with Vorschau(muster, port=0) as v:
        warte_bis_gesetzt(v)
        hole(v, "/index.html")
        port = v.dienst.server_port
    assert {p.pid for p in ich.children(recursive=True)} - vorher == set()
    assert [f.name for f in threading.enumerate() if f.name.startswith("vorschau")] == []
    assert list((muster.wurzel / ".berichtswerk" / "vorschau").iterdir()) == []
    with socket.socket() as s:
        assert s.connect_ex(("127.0.0.1", port)) != 0


def test_unbekannter_bericht_und_belegter_port(muster: Projekt) -> None:
    with pytest.raises(BerichtswerkFehler) as unbekannt:
        Vorschau(muster, "lagge")
    assert "Den Bericht „lagge“ gibt es nicht." in str(unbekannt.value)
    with socket.create_server(("127.0.0.1", 0)) as belegt:
        port = belegt.getsockname()[1]
        with pytest.raises(BerichtswerkFehler) as fehler:
            Vorschau(muster, port=port)
    assert str(fehler.value) == (
        "FEHLER [vorschau-port] ohne Ort\n"
        f"  Der Port {port} auf 127.0.0.1 lässt sich nicht benutzen.\n"
        "  Ursache: Ein anderes Programm benutzt ihn, vielleicht eine zweite Vorschau.\n"
        "  Abhilfe: Beenden Sie das andere Programm oder nennen Sie einen anderen Port, z. B. --port 9000."
    )
    assert not list((muster.wurzel / ".berichtswerk" / "vorschau").iterdir())


def test_ein_fehler_der_daten_steht_in_der_seite(mit_tor: Projekt) -> None:
    csv = mit_tor.daten / "dateien/einwohner.csv"
    with Vorschau(mit_tor, "lage", port=0) as v:
        warte_bis_gesetzt(v)
        with zustaende(v) as z:
            csv.write_text(csv.read_text("utf-8").replace("10007", "10070"), "utf-8")
            fehler = z.bis(lambda s: bool(s["fehler"]))["fehler"]
            assert "Die Datei ist nicht mehr die, die in der Beschreibung vermerkt ist." in fehler
            assert "10.070" not in seite(v)
            csv.write_text(csv.read_text("utf-8").replace("10070", "10007"), "utf-8")
            z.bis(lambda s: not s["fehler"] and not s["stand"])
