"""Was neu entsteht und warum: nur was muss, und der Grund steht in einer Zeile."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from berichtswerk.ausfuehrung.uebergabe import zeichenwerk
from berichtswerk.cli.rendern import zeitentafel
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Beleg,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeiten import Abschnitt
from berichtswerk.schreiber.formate import WEITERE, alle
from berichtswerk.site import merken, stand
from berichtswerk.site.bau import rendere
from berichtswerk.site.merken import begruende

FORMATE = sorted(alle())
GESETZT = sorted(("html", *(name for name, form in WEITERE.items() if not form.gestalt)))


@pytest.fixture(scope="module")
def fertig(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    """Ein einmal gerendertes Musterprojekt; nicht verändern, nur kopieren."""
    tests = Path(__file__).parents[1]
    wurzel = tmp_path_factory.mktemp("fertig") / "muster"
    shutil.copytree(tests / "muster", wurzel)
    shutil.copytree(tests.parent / "layout", wurzel / "layout")
    assert rendere(Projekt(wurzel)).gelungen
    return Projekt(wurzel)


@pytest.fixture
def projekt(fertig: Projekt, tmp_path: Path) -> Projekt:
    shutil.copytree(fertig.wurzel, tmp_path / "p")
    return Projekt(tmp_path / "p")


def _warum(projekt: Projekt) -> str:
    return "\n".join(str(b) for b in begruende(projekt))


def _site(projekt: Projekt) -> dict[str, bytes]:
    return {
        p.relative_to(projekt.site).as_posix(): p.read_bytes() for p in projekt.site.rglob("*") if p.is_file()
    }


LAGE = [f"{stamm}{teil}" for stamm in ("lage-2024", "lage-2024-land")
        for teil in (" (Notizbuch)", *(f".{endung}" for endung in GESETZT))]  # fmt: skip
SATZUNG = [f"satzung-2024.{endung}" for endung in GESETZT]
UNVERAENDERT = "\n".join(f"{ausgabe}: unverändert" for ausgabe in (*LAGE, *SATZUNG, "_site"))


def test_nichts_geaendert_nichts_neu(projekt: Projekt) -> None:
    assert _warum(projekt) == UNVERAENDERT
    steht = stand.unveraendert(projekt, (), FORMATE)
    assert steht is not None and steht[0] == 3
    assert stand.unveraendert(projekt, ("lage",), FORMATE) is None
    assert stand.unveraendert(projekt, (), ("html",)) is None


def test_ein_satz_setzt_nur_seinen_bericht_neu(projekt: Projekt) -> None:
    text = projekt.berichte / "satzung" / "2024" / "texte" / "01-anlass.md"
    text.write_text(text.read_text("utf-8") + "\nEin Satz mehr.\n", "utf-8")
    warum = _warum(projekt).splitlines()
    assert warum == [
        *(f"{ausgabe}: unverändert" for ausgabe in LAGE),
        *(f"{ausgabe}: neu, berichte/satzung/2024/texte/01-anlass.md geändert" for ausgabe in SATZUNG),
        "_site: neu, weil sie aus allem Neuen zusammengesetzt wird",
    ]


def test_eine_eingebundene_datei_zaehlt_auch_wenn_sie_woanders_liegt(projekt: Projekt) -> None:
    gemeinsam = projekt.berichte / "gemeinsam.md"
    gemeinsam.write_text("Für alle.\n", "utf-8")
    text = projekt.berichte / "satzung" / "2024" / "texte" / "01-anlass.md"
    text.write_text(text.read_text("utf-8") + "\n{{< include ../../../gemeinsam.md >}}\n", "utf-8")
    assert rendere(projekt, ["satzung"]).gelungen
    assert {b.grund for b in begruende(projekt, ["satzung"])} == {"unverändert"}
    gemeinsam.write_text("Für alle anders.\n", "utf-8")
    gruende = {b.ausgabe: b.grund for b in begruende(projekt, ["satzung"])}
    assert gruende["satzung-2024.html"] == "berichte/gemeinsam.md geändert"
    assert rendere(projekt, ["satzung"]).gelungen
    assert "Für alle anders." in (projekt.site / "berichte/satzung/2024/satzung-2024.html").read_text("utf-8")


def test_ein_wert_fuehrt_nur_seine_leser_neu_aus(projekt: Projekt) -> None:
    daten = projekt.daten / "dateien" / "einwohner.csv"
    zeilen = daten.read_text("utf-8").splitlines(keepends=True)
    daten.write_text("".join(zeilen[:-1]) + zeilen[-1].replace("842", "843", 1), "utf-8")
    warum = {b.ausgabe: str(b) for b in begruende(projekt)}
    assert warum["lage-2024 (Notizbuch)"] == (
        "lage-2024 (Notizbuch): neu, daten/dateien/einwohner.csv geändert"
    )
    assert warum["lage-2024.pdf"] == "lage-2024.pdf: neu, weil das Notizbuch neu ausgeführt wird"
    assert warum["satzung-2024.pdf"] == "satzung-2024.pdf: unverändert"


def test_eine_andere_farbe_zeichnet_neu_und_fuehrt_nichts_aus(projekt: Projekt) -> None:
    vorher = _site(projekt)
    marke = projekt.layout / "_brand.yml"
    text = marke.read_text("utf-8")
    farbe = re.search(r"primary: (\S+)", text)
    assert farbe is not None
    neu, anzahl = re.subn(
        rf'(^    {farbe[1]}: )"#[0-9a-fA-F]{{6}}"', r'\1"#7a1f5c"', text, count=1, flags=re.M
    )
    assert anzahl == 1
    marke.write_text(neu, "utf-8")
    warum = {b.ausgabe: str(b) for b in begruende(projekt)}
    assert warum["lage-2024 (Notizbuch)"] == "lage-2024 (Notizbuch): unverändert"
    assert warum["lage-2024.pdf"] == "lage-2024.pdf: neu, layout/_brand.yml geändert"
    bilanz = rendere(projekt)
    assert bilanz.gelungen
    assert {g.grund for g in bilanz.gesetzt} <= {"unverändert", "nur Texte"}
    nachher = _site(projekt)
    assert nachher["berichte/lage/2024/lage-2024.pdf"] != vorher["berichte/lage/2024/lage-2024.pdf"]
    assert not [n for n, inhalt in nachher.items() if n.endswith((".svg", ".json")) and b"marke:" in inhalt]


def test_namen_von_farben_werden_beim_uebergeben_zu_farben(projekt: Projekt) -> None:
    from berichtswerk.marke.marke import Marke

    mark = {"type": "point", "color": "marke:fokus"}
    spec = {"data": {"values": [{}]}, "mark": mark, "description": "marke und mehr"}
    zelle = Tabellenzelle(text="1")
    daten = Tabellenmodell(kopf=((zelle,),), zeilen=(Tabellenzeile(zellen=(zelle,)),))
    frei = Abbildung(
        label="fig-a", unterschrift="Ein Punkt", alt="Ein Punkt", spec=spec, beleg=Beleg(), daten=daten
    )
    erst, wieder = (zeichenwerk(projekt).zeichne(frei) for _ in range(2))
    assert erst == wieder, "aus der Ablage kommt dasselbe"
    fertig = json.loads(erst.spezifikation)
    assert fertig["mark"]["color"] == Marke.lade(projekt).diagramm.fokus
    assert fertig["description"] == "marke und mehr"
    druck = zeichenwerk(projekt).in_hoehe(frei, "", 1.0).decode()
    assert "marke:" not in erst.seite + druck + erst.datei
    assert mark == {"type": "point", "color": "marke:fokus"}


def test_gleiche_groesse_und_zeit_taeuschen_nicht(projekt: Projekt) -> None:
    text = projekt.berichte / "satzung" / "2024" / "texte" / "01-anlass.md"
    zeit = text.stat()
    inhalt = text.read_text("utf-8")
    text.write_text(inhalt.replace("e", "a", 1), "utf-8")
    os.utime(text, ns=(zeit.st_atime_ns, zeit.st_mtime_ns))
    assert text.stat().st_size == zeit.st_size
    assert stand.unveraendert(projekt, (), FORMATE) is None


def test_eine_veraenderte_site_wird_bemerkt(projekt: Projekt) -> None:
    vorher = _site(projekt)
    (projekt.site / "index.html").write_text("kaputt")
    assert stand.unveraendert(projekt, (), FORMATE) is None
    assert rendere(projekt).gelungen
    assert _site(projekt) == vorher
    assert stand.unveraendert(projekt, (), FORMATE) is not None


def test_aus_der_ablage_kommen_dieselben_bytes(projekt: Projekt) -> None:
    vorher = _site(projekt)
    shutil.rmtree(projekt.site)
    bilanz = rendere(projekt)
    assert {g.satzgrund for g in bilanz.gesetzt} == {"unverändert"}
    assert _site(projekt) == vorher


def test_beschaedigtes_in_der_ablage_wird_neu_gemacht(projekt: Projekt) -> None:
    vorher = _site(projekt)
    for pfad in (projekt.wurzel / ".berichtswerk" / "ablage").rglob("*"):
        if pfad.is_file():
            pfad.write_bytes(pfad.read_bytes()[:-1] + b"?")
    assert rendere(projekt).gelungen
    assert _site(projekt) == vorher


def test_zwei_laeufe_zugleich_enden_beide_richtig(projekt: Projekt) -> None:
    vorher = _site(projekt)
    shutil.rmtree(projekt.wurzel / ".berichtswerk" / "ablage")
    with ThreadPoolExecutor(2) as faeden:
        assert all(b.gelungen for b in faeden.map(lambda _: rendere(projekt), range(2)))
    assert _site(projekt) == vorher


def test_die_zeitentafel_im_wortlaut() -> None:
    abschnitte = (
        Abschnitt("lesen", "", 0.0, 0.5),
        Abschnitt("ausführen", "lage-2024", 0.5, 2.5),
        Abschnitt("übergeben", "lage-2024", 2.5, 3.0),
        Abschnitt("abbildungen", "lage-2024", 2.6, 2.9),
        Abschnitt("typst", "satzung-2024", 0.6, 1.0),
        Abschnitt("site", "", 3.0, 3.25),
    )
    assert (
        zeitentafel(abschnitte, 3.3)
        == """\
Sekunden      lesen  prüfen  ausführen  übergeben  abbildungen  pandoc  typst  site  suche  Summe
lage-2024         –       –       2,00       0,20         0,30       –      –     –      –   2,50
satzung-2024      –       –          –          –            –       –   0,40     –      –   0,40
gemeinsam      0,50       –          –          –            –       –      –  0,25      –   0,75
insgesamt      0,50       –       2,00       0,20         0,30       –   0,40  0,25      –   3,65

Auf der Uhr: 3,30 s
Kritischer Weg: lesen 0,50 → lage-2024 ausführen 2,00 → lage-2024 übergeben 0,50 → site 0,25"""
    )


def test_was_ein_anderer_faden_eben_laedt_stoert_das_gedaechtnis_nicht(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Die Speicherbereinigung kann mitten im Zählen der Module einen anderen Faden laden lassen."""
    geladen = dict(sys.modules)
    monkeypatch.setattr(sys, "modules", geladen)

    def laedt(phase: str, _: object) -> None:
        geladen[f"eben_geladen_{len(geladen)}"] = sys

    schwelle = gc.get_threshold()
    gc.callbacks.append(laedt)
    gc.set_threshold(1)
    try:
        assert merken._programm()
    finally:
        gc.set_threshold(*schwelle)
        gc.callbacks.remove(laedt)
    assert any(name.startswith("eben_geladen_") for name in geladen)
