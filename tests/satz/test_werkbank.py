"""Der Typst-Text als Dateien: zerlegt, aufgelegt, vorgewärmt; am PDF ändert das nichts."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from bausteine import Notizbuchbauer, figur
from berichtswerk.satz.teilmenge import wandle

from berichtswerk import satz
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import werkbank as werkbank_modul
from berichtswerk.satz.werkbank import Druckteile, Werkbank, waerme_vor, werkbank

TEXT = "## A\n\nEin Satz.\n", figur("fig-a"), "## B\n\n### C {#sec-c .bw-neue-seite}\n\nSiehe @fig-a.\n"


def test_zerlegt_wird_vor_allem_was_auf_neuer_seite_beginnt(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    meldungen, gesetzt = wandle(notizbuch(*TEXT), projekt, ("typst",))
    assert not meldungen.fehler
    teile = Druckteile.zerlege(gesetzt.ergebnis.typst)
    assert teile.kopf.startswith("#show: doc => bericht(") and "#let bw-figur(" in teile.vorlage
    davor, a, b, c = teile.kapitel
    assert "=" not in davor.replace("bw-", "")
    assert a.startswith("= A\n") and b.startswith("= B\n") and c.startswith("#place.flush()\n#pagebreak")


def _ohne_gedrucktes(projekt: Projekt) -> None:
    for art in ("pdf", "umbruch"):
        shutil.rmtree(projekt.wurzel / ".berichtswerk" / "ablage" / art)


def test_vorgewaermt_wird_mit_dem_zuletzt_gedruckten(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch(*TEXT)
    name = projekt.relativ(pfad)
    assert not waerme_vor(name, projekt)
    kalt = satz.setze_pdf(pfad, projekt)
    assert waerme_vor(name, projekt)
    anders = satz.setze_pdf(notizbuch(*TEXT, "Noch einer.\n"), projekt)
    _ohne_gedrucktes(projekt)
    satz.waerme_druck_vor(pfad, projekt)
    assert satz.setze_pdf(notizbuch(*TEXT), projekt) == kalt
    satz.waerme_druck_vor(pfad, projekt).join()
    _ohne_gedrucktes(projekt)
    assert satz.setze_pdf(notizbuch(*TEXT, "Noch einer.\n"), projekt) == anders


def test_vorwaermen_laesst_dem_druck_den_vortritt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch(*TEXT)
    satz.setze_pdf(pfad, projekt)
    with werkbank(projekt.relativ(pfad), projekt):
        assert not waerme_vor(projekt.relativ(pfad), projekt)


def test_ein_fehler_im_alten_stand_stoert_nicht(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch(*TEXT)
    satz.setze_pdf(pfad, projekt)
    (pfad.parent / "abb" / "a.svg").write_text("<svg", encoding="utf-8")
    assert not waerme_vor(projekt.relativ(pfad), projekt)


def test_zugleich_gesetzte_dokumente_stoeren_sich_nicht(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch(*TEXT)
    einzeln = satz.setze_pdf(pfad, projekt)
    _ohne_gedrucktes(projekt)
    fertig: list[bytes] = []
    faeden = [threading.Thread(target=lambda: fertig.append(satz.setze_pdf(pfad, projekt))) for _ in range(3)]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join()
    assert fertig == [einzeln] * 3


@pytest.mark.parametrize("zeile", ["// bw-kapitel", "// bw-text", "// bw-kopf"])
def test_trennzeilen_im_text_schaden_nicht(projekt: Projekt, notizbuch: Notizbuchbauer, zeile: str) -> None:
    text = f"## A\n\n```\nvorher\n{zeile}\nnachher\n```\n\nEnde.\n"
    assert satz.setze_pdf(notizbuch(text, figur("fig-a")), projekt).startswith(b"%PDF")


def test_der_platz_verschwindet_mit_dem_prozess(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    import os

    from berichtswerk.satz import werkbank as modul

    satz.setze_pdf(notizbuch(*TEXT), projekt)
    (ort,) = Path(projekt.wurzel, ".berichtswerk").glob("satz-*")
    modul._raeume_auf(ort, os.getpid() + 1)
    assert ort.is_dir()
    modul._raeume_auf(ort, os.getpid())
    assert not ort.exists()


def test_eine_abgeraeumte_werkbank_aendert_das_pdf_nicht(
    projekt: Projekt, notizbuch: Notizbuchbauer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pfad = notizbuch(*TEXT)
    vorher = satz.setze_pdf(pfad, projekt)
    _ohne_gedrucktes(projekt)
    gestoert: list[Path] = []
    drucke = Werkbank.drucke

    def raeume_ab_und_drucke(bank: Werkbank, zeit: datetime) -> bytes:
        if not gestoert:
            gestoert.append(bank._platz)
            shutil.rmtree(bank._platz)
        return drucke(bank, zeit)

    monkeypatch.setattr(Werkbank, "drucke", raeume_ab_und_drucke)
    assert satz.setze_pdf(pfad, projekt) == vorher
    assert gestoert


def test_viele_faeden_beginnen_zugleich(
    projekt: Projekt, notizbuch: Notizbuchbauer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Der Ordner des Prozesses wird einmal geleert, nicht unter den Händen des ersten Fadens."""
    geleert: list[Path] = []

    def langsam(ort: Path, **_: object) -> None:
        geleert.append(ort)
        time.sleep(0.2)

    monkeypatch.setattr(werkbank_modul.shutil, "rmtree", langsam)
    with ThreadPoolExecutor(4) as faeden:
        orte = set(faeden.map(werkbank_modul._ort, [projekt] * 4))
    assert len(orte) == 1 and geleert == [*orte]
