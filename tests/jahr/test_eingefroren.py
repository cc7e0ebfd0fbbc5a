"""Beschlossenes kommt Byte für Byte aus dem Archiv: durch beide Türen, was auch sonst geschieht."""

import contextlib
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ausgabenhilfe import FUNKTION, ORDNER, aendere, auftrag, bytes_der_ausgabe, gehe, liefere
from PIL import Image
from prozesshilfe import kinder, uebrig

from berichtswerk.ausfuehrung.freigabe import lade_fassung
from berichtswerk.cli import main
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.freigabe import GRENZE, _zum_archiv, belegt, mit_farbtafel, pruefe_archiv
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.word.vorlage import W
from berichtswerk.site.bau import rendere
from berichtswerk.site.nachbereitung import Quartolauf, bereite_nach
from berichtswerk.site.vorbereitung import bereite_vor

SAAT = 20261126
PDF = f"{ORDNER}/lage-2024.pdf"


def _aendere_daten(projekt: Projekt) -> None:
    liefere(projekt, "99068,2024,10007", "99068,2024,12345")


def _aendere_texte(projekt: Projekt) -> None:
    aendere(projekt.wurzel / ORDNER / "texte/zahlen.md", "Menschen", "Personen")
    aendere(projekt.wurzel / ORDNER / "bericht.yml", "Lagebericht 2024", "Anderer Titel")


def _aendere_layout(projekt: Projekt) -> None:
    for name in ("bericht.css", "seite.html", "typst/typst-template.typ"):
        pfad = projekt.layout / name
        pfad.write_bytes(pfad.read_bytes().replace(b"bw-mitte", b"bw-anders").replace(b"10mm", b"11mm"))


def _loesche_alles(projekt: Projekt) -> None:
    for pfad in (projekt.notebooks / "lage.ipynb", projekt.daten / "kennzahlen/einwohner.yaml"):
        pfad.unlink()
    shutil.rmtree(projekt.arbeit)
    shutil.rmtree(projekt.wurzel / ORDNER / "texte")
    (projekt.wurzel / ORDNER / "bericht.yml").write_text("kein: bericht\n", "utf-8")


@pytest.mark.parametrize("stoere", [_aendere_daten, _aendere_texte, _aendere_layout, _loesche_alles])
def test_die_ausgabe_bleibt_byte_fuer_byte(beschlossen: Projekt, stoere: Callable[[Projekt], None]) -> None:
    vorher = bytes_der_ausgabe(beschlossen)
    assert {f"{ORDNER}/lage-2024.html", f"{ORDNER}/lage-2024.pdf"} <= vorher.keys()
    layout = bytes_der_ausgabe(beschlossen, "layout/????????????/**/*")
    stoere(beschlossen)
    shutil.rmtree(beschlossen.site)
    bilanz = rendere(beschlossen)
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    assert bytes_der_ausgabe(beschlossen) == vorher
    assert bytes_der_ausgabe(beschlossen, "layout/????????????/**/*") == layout
    assert "Lagebericht 2024" in (beschlossen.site / "index.html").read_text("utf-8")


def test_anderes_programm_aendert_nichts(beschlossen: Projekt, monkeypatch: pytest.MonkeyPatch) -> None:
    vorher = bytes_der_ausgabe(beschlossen)
    echte = html_seite.schreibe

    def andere(*angaben: Any) -> str:
        return echte(*angaben).replace("<main", "<main lang='x'")

    monkeypatch.setattr(html_seite, "schreibe", andere)
    shutil.rmtree(beschlossen.site)
    assert rendere(beschlossen).gelungen
    assert "<main lang='x'" in (beschlossen.site / "index.html").read_text("utf-8")
    assert bytes_der_ausgabe(beschlossen) == vorher


def test_die_seiten_verweisen_auf_ihr_eigenes_layout(beschlossen: Projekt) -> None:
    for ort, inhalt in bytes_der_ausgabe(beschlossen, f"{ORDNER}/**/*.html").items():
        verweise = re.findall(rb'(?:href|src|srcset)="([^"]*layout/[^"]*)"', inhalt)
        assert verweise, ort
        for v in verweise:
            ziel = (beschlossen.site / ort).parent / v.decode()
            assert re.search(r"layout/[0-9a-f]{12}/", v.decode()) and ziel.is_file(), (ort, v)
    seite = (beschlossen.site / f"{ORDNER}/lage-2024.html").read_text("utf-8")
    assert "bw-band" not in seite and "noindex" not in seite, "beschlossen ist kein Entwurf mehr"


def test_texte_daten_und_ausgabe_liegen_im_archiv_jeder_inhalt_einmal(beschlossen: Projekt) -> None:
    revision = auftrag(beschlossen).freigabe.revision
    assert revision is not None and (revision.nummer, revision.durch) == (1, FUNKTION)
    fassung, archiv = lade_fassung(beschlossen, revision), Archiv(beschlossen)
    assert {f"{ORDNER}/texte/zahlen.md", "daten/dateien/einwohner.csv", "notebooks/lage.ipynb"} <= set(
        fassung.eingaben
    )
    for name, summe in fassung.eingaben.items():
        assert archiv.hole(summe) == (beschlossen.wurzel / name).read_bytes()
    groesse, _ = belegt(beschlossen, revision.fassung)
    assert groesse < GRENZE
    vorher = sorted(beschlossen.archiv.rglob("*.xz"))
    inhalte = archiv.hole_alle(fassung.dateien, fassung.pakete)
    im_paket = {s for paket in fassung.pakete for s in archiv.paket(paket)}
    assert {s for n, s in fassung.dateien.items() if n.endswith((".html", ".json", ".svg"))} <= im_paket | {
        s for n, s in fassung.dateien.items() if n.startswith("layout/")
    }
    for summe in inhalte.keys() - im_paket:
        archiv.lege(inhalte[summe])
    assert sorted(beschlossen.archiv.rglob("*.xz")) == vorher


def test_zeichnungen_werden_klein_und_bleiben_dieselben(beschlossen: Projekt) -> None:
    """Was viele Farben hat oder durchscheint, bleibt Byte für Byte, wie es ist."""
    zufall = random.Random(SAAT)
    bild = Image.new("RGBA", (100, 100))
    bild.putdata([(i, i // 2, 250 - i, 255) for i in zufall.choices(range(200), k=10_000)])
    klein = mit_farbtafel(_png(bild))
    assert Image.open(io.BytesIO(klein)).mode == "P" and len(klein) < len(_png(bild))
    assert Image.open(io.BytesIO(klein)).convert("RGBA").tobytes() == bild.tobytes()
    foto = Image.frombytes("RGB", (64, 64), zufall.randbytes(64 * 64 * 3))
    durchsichtig = Image.new("RGBA", (9, 9), (1, 2, 3, 100))
    for anderes in (_png(foto), _png(durchsichtig)):
        assert mit_farbtafel(anderes) == anderes
    assert _zum_archiv("lage-2024-bild.png", _png(bild), "") == klein
    assert _zum_archiv("berichte/lage/2024/bilder/plan.png", _png(bild), "") == _png(bild)
    for pfad in (beschlossen.site / ORDNER).rglob("fig-*.png"):
        with Image.open(pfad) as eigenes:
            assert eigenes.mode == "P", pfad


def _png(bild: Image.Image) -> bytes:
    puffer = io.BytesIO()
    bild.save(puffer, "PNG")
    return puffer.getvalue()


def test_veroeffentlichen_aendert_kein_byte_und_steht_im_feed(beschlossen: Projekt) -> None:
    vorher = bytes_der_ausgabe(beschlossen)
    assert "lage-2024" not in (beschlossen.site / "feed.xml").read_text("utf-8")
    gehe(beschlossen, "veroeffentlicht")
    assert rendere(beschlossen).gelungen
    assert bytes_der_ausgabe(beschlossen) == vorher
    assert "lage-2024" in (beschlossen.site / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize("wo", ["Seite", "PDF"])
@pytest.mark.parametrize("schade", ["gelöscht", "verändert"])
def test_ein_beschaedigtes_archiv_wird_gemeldet_und_die_vorigen_seiten_bleiben(
    beschlossen: Projekt, schade: str, wo: str
) -> None:
    vorher = bytes_der_ausgabe(beschlossen)
    revision = auftrag(beschlossen).freigabe.revision
    assert revision is not None
    fassung = lade_fassung(beschlossen, revision)
    pfad = Archiv(beschlossen).ort(fassung.pakete[0] if wo == "Seite" else fassung.dateien[PDF])
    if schade == "gelöscht":
        pfad.unlink()
    else:
        roh = bytearray(pfad.read_bytes())
        roh[len(roh) // 2] ^= 1
        pfad.write_bytes(roh)
    bilanz = rendere(beschlossen)
    kennung = "archiv-fehlt" if schade == "gelöscht" else "archiv-beschaedigt"
    assert [m.kennung for m in bilanz.meldungen.fehler] == [kennung]
    assert bilanz.meldungen.fehler[0].datei == beschlossen.relativ(pfad)
    ort = PDF if wo == "PDF" else f"Seiten und Texte zu {ORDNER}/lage-2024"
    assert bilanz.meldungen.fehler[0].ort.startswith(ort)
    assert not bilanz.gelungen and bytes_der_ausgabe(beschlossen) == vorher
    with pytest.raises(BerichtswerkFehler, match=kennung):
        gehe(beschlossen, "veroeffentlicht")


def test_auch_durch_quartos_tuer(beschlossen: Projekt) -> None:
    """Quarto setzt davon nichts; was es noch als Eingabe kennt, weicht dem Archiv."""
    vorher = bytes_der_ausgabe(beschlossen)
    _aendere_texte(beschlossen)
    uebergabe = auftrag(beschlossen).uebergabe
    assert not uebergabe.exists(), "ein frischer Lauf legt keine Eingabe an"
    uebergabe.write_text("{}", "utf-8")
    assert bereite_vor(beschlossen).gelungen
    assert "noch nicht gesetzt" in uebergabe.read_text("utf-8")
    assert "abb/titel.svg" in (beschlossen.wurzel / "seiten/_start.md").read_text("utf-8")
    quarto = beschlossen.wurzel / "_quarto"
    (quarto / ORDNER).mkdir(parents=True)
    (quarto / "index.html").write_text("<html><head></head><body></body></html>", "utf-8")
    for endung in ("html", "pdf"):
        (quarto / ORDNER / f"lage-2024.{endung}").write_text("<html><head></head></html>", "utf-8")
    (quarto / ORDNER / "lage-2024.pdf").unlink()
    shutil.rmtree(beschlossen.site)
    ergebnis = bereite_nach(beschlossen, Quartolauf("_quarto", True, False, (), ("_quarto/index.html",)))
    assert ergebnis.getauscht, ergebnis.meldungen.als_text()
    assert bytes_der_ausgabe(beschlossen) == vorher


def test_warum_und_pruefen_lassen_beschlossenes_in_ruhe(
    beschlossen: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "{{ einwohner }}", "{{ gibtesnicht }}")
    ordner = ["--projekt", str(beschlossen.wurzel)]
    assert main([*ordner, "render", "--warum"]) == 0
    assert "lage-2024: beschlossen, aus dem Archiv\n" in capsys.readouterr().out
    assert main([*ordner, "pruefen", "texte"]) == 0


def test_eine_zu_grosse_ausgabe_wird_gemeldet(
    geprueft: Projekt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("berichtswerk.jahr.freigabe.GRENZE", 1000)
    gehe(geprueft, "planerrunde")
    ordner = ["--projekt", str(geprueft.wurzel)]
    assert main([*ordner, "freigabe", "lage/2024", "beschlossen", "--durch", FUNKTION]) == 0
    assert "WARNUNG [archiv-gross]" in capsys.readouterr().err


def _anzahl(ordner: Path) -> int:
    return sum(len(namen) for _, _, namen in os.walk(ordner))


def test_getoetet_ist_ein_beschluss_ganz_oder_gar_nicht(geprueft: Projekt) -> None:
    """Zu zufälligen Augenblicken; danach gelingt derselbe Befehl, und kein halber Rest bleibt."""
    gehe(geprueft, "planerrunde")
    zufall = random.Random(SAAT)
    befehl = [sys.executable, "-m", "berichtswerk", "--projekt", str(geprueft.wurzel), "freigabe"]
    befehl += ["lage/2024", "beschlossen", "--durch", FUNKTION, "--json"]
    for _ in range(3):
        lauf = subprocess.Popen(befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ende = time.monotonic() + 60
        # sobald das Archiv wächst, ist er mitten im Einfrieren
        anzahl = _anzahl(geprueft.archiv)
        while _anzahl(geprueft.archiv) == anzahl and lauf.poll() is None and time.monotonic() < ende:
            time.sleep(0.005)
        time.sleep(zufall.uniform(0, 0.2))
        nachkommen = kinder(lauf.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(lauf.pid, signal.SIGKILL)
        lauf.wait(timeout=60)
        assert uebrig(nachkommen) == [], f"Saat {SAAT}"
        a = auftrag(geprueft)
        assert a.status in ("planerrunde", "beschlossen"), f"Saat {SAAT}"
        assert (a.fassung is not None) == (a.status == "beschlossen")
    if auftrag(geprueft).fassung is None:
        gehe(geprueft, "beschlossen")
    pruefe_archiv(geprueft, auftrag(geprueft).freigabe)
    Archiv(geprueft).raeume_auf()
    assert list(geprueft.archiv.rglob("*.neu")) == []


def test_beschlossenes_geht_nicht_mehr_nach_word_und_nichts_kommt_von_dort(
    beschlossen: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    """Es entstünde mit den Daten von heute, und seine Texte ändern sich nicht mehr."""
    projekt = ("--projekt", str(beschlossen.wurzel))
    for befehl in (("tabellen",), ("word", "export")):
        assert main([*projekt, *befehl, "lage/2024"]) == 1
        assert "FEHLER [export-eingefroren]" in capsys.readouterr().err
    assert main([*projekt, "tabellen"]) == 0
    assert "WARNUNG [export-eingefroren]" in capsys.readouterr().err
    assert not (beschlossen.wurzel / "_export").exists()
    dokument = beschlossen.wurzel / "zurueck.docx"
    with zipfile.ZipFile(dokument, "w") as paket:
        paket.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body/></w:document>')
        paket.writestr("docProps/custom.xml", EIGENSCHAFTEN)
    assert main([*projekt, "word", "einlesen", str(dokument), "--annehmen", "alle"]) == 1
    assert "word-eingefroren" in capsys.readouterr().err


EIGENSCHAFTEN = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property name="berichtswerk"><vt:lpwstr>lage-2024</vt:lpwstr></property></Properties>'
)
