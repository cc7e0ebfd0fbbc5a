"""Volle und schreibgeschützte Platte, Netzlaufwerk, verfälschte Zwischenstände, falsche Uhr."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from stoerhilfe import Fassungen, Starte, inhalt, setze_fassung

from berichtswerk.grund.ablage import GRENZE
from berichtswerk.grund.projekt import Projekt
from berichtswerk.schreiber.formate import alle
from berichtswerk.site import stand
from berichtswerk.site.bau import rendere
from berichtswerk.site.tausch import sperre


def _ende(lauf: subprocess.Popen[str]) -> str:
    _, fehler = lauf.communicate(timeout=60)
    assert "Traceback" not in fehler and "unerwartet" not in fehler, fehler
    return fehler


@pytest.mark.parametrize("ab", [1, 9, 25, 50])
def test_volle_platte_wird_gemeldet_und_beschaedigt_nichts(
    fassungen: Fassungen, projekt: Projekt, starte: Starte, ab: int
) -> None:
    lauf = starte(projekt, "voll", str(ab))
    fehler = _ende(lauf)
    assert lauf.returncode == 1
    assert re.search(r"kein Platz mehr|No space left|nichts anlegen", fehler), fehler
    assert inhalt(projekt.site) == fassungen.alt
    assert rendere(projekt).gelungen
    assert inhalt(projekt.site) == fassungen.neu


def test_wortlaut_bei_voller_platte(fassungen: Fassungen, projekt: Projekt, starte: Starte) -> None:
    (projekt.wurzel / ".berichtswerk").mkdir()
    fehler = _ende(starte(projekt, "voll", "3"))
    ort = re.search(r"FEHLER \[datentraeger-voll\] (.*)", fehler)
    assert ort, fehler
    assert (
        fehler.strip()
        == f"""\
FEHLER [datentraeger-voll] {ort[1]}
  Auf dem Datenträger ist kein Platz mehr.
  Ursache: Die veröffentlichte Fassung in _site/ ist unverändert, ebenso Ihre Daten und Texte.
  Abhilfe: Schaffen Sie Platz (.berichtswerk darf gelöscht werden) und rendern Sie erneut.

1 Fehler, 0 Warnungen, 0 Hinweise"""
    )
    assert inhalt(projekt.site) == fassungen.alt


def test_schreibgeschuetzter_projektordner_sagt_warum(
    fassungen: Fassungen, projekt: Projekt, starte: Starte
) -> None:
    lauf = starte(projekt, "nurlesen")
    assert lauf.returncode is None
    fehler = _ende(lauf)
    assert lauf.returncode == 1
    assert (
        fehler.strip()
        == f"""\
FEHLER [ordner-nicht-beschreibbar] {projekt.wurzel}
  Im Projektordner lässt sich nichts anlegen.
  Ursache: Der Datenträger ist schreibgeschützt
  Abhilfe: Prüfen Sie Schreibrechte und freien Platz oder legen Sie das Projekt anderswohin.

1 Fehler, 0 Warnungen, 0 Hinweise"""
    )
    assert inhalt(projekt.site) == fassungen.alt


def test_netzlaufwerk_ohne_verknuepfungen_und_ohne_tausch(
    fassungen: Fassungen, projekt: Projekt, starte: Starte
) -> None:
    lauf = starte(projekt, "netzlaufwerk")
    fehler = _ende(lauf)
    assert lauf.returncode == 0, fehler
    assert inhalt(projekt.site) == fassungen.neu


_FAELSCHUNGEN: tuple[Callable[[bytes], bytes], ...] = (
    lambda roh: roh[: len(roh) // 2] + b"?" + roh[len(roh) // 2 + 1 :],
    lambda roh: roh[: len(roh) // 2],
    lambda roh: b"",
)


@pytest.mark.parametrize("wie", range(3), ids=["ein anderes Byte", "gemischt", "gemischt anders"])
def test_verfaelschte_zwischenstaende_werden_bemerkt_und_neu_gemacht(
    fassungen: Fassungen, warm: Projekt, wie: int
) -> None:
    for nummer, datei in enumerate(sorted((warm.wurzel / ".berichtswerk").rglob("*"))):
        if datei.is_file() and datei.name != "sperre":
            datei.write_bytes(_FAELSCHUNGEN[(nummer + wie) % 3 if wie else 0](datei.read_bytes()))
    shutil.rmtree(warm.site)
    bilanz = rendere(warm)
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    assert inhalt(warm.site) == fassungen.alt


def _riesig(pfad: Path) -> None:
    with pfad.open("wb") as datei:
        datei.truncate(2 * GRENZE)


_STATTDESSEN: dict[str, Callable[[Path], object]] = {
    "Ordner": Path.mkdir, "leer": Path.touch, "Warteschlange": os.mkfifo, "riesig": _riesig,
    "Verknüpfung": lambda p: p.symlink_to("/etc/hostname"), "ins Leere": lambda p: p.symlink_to("weg"),
    "im Kreis": lambda p: p.symlink_to(p.name),
}  # fmt: skip


@pytest.mark.parametrize("saat", range(3))
def test_statt_irgendeines_eintrags_liegt_irgendetwas_anderes(
    fassungen: Fassungen, warm: Projekt, saat: int
) -> None:
    """Auch die Bytes eines anderen Eintrags, auch statt ganzer Ordner: es heilt, mit denselben Bytes."""
    zufall, ablage = random.Random(saat), warm.arbeit / "ablage"
    eintraege = sorted(p for p in ablage.rglob("*") if p.is_file())
    fremde = {p: p.read_bytes() for p in eintraege}
    for pfad in zufall.sample(eintraege, len(eintraege) // 2):
        pfad.unlink()
        if art := zufall.choice([*_STATTDESSEN, ""]):
            _STATTDESSEN[art](pfad)
        else:
            pfad.write_bytes(fremde[zufall.choice(eintraege)])
    for ordner in zufall.sample(sorted(p for p in ablage.iterdir() if p.is_dir()), 2):
        shutil.rmtree(ordner)
        _STATTDESSEN[zufall.choice(["leer", "Warteschlange", "ins Leere"])](ordner)
    shutil.rmtree(warm.site)
    for _ in range(2):
        bilanz = rendere(warm)
        assert bilanz.gelungen, bilanz.meldungen.als_text()
        assert inhalt(warm.site) == fassungen.alt
    assert stand.unveraendert(warm, (), alle()) is not None


def test_die_uhr_entscheidet_nicht_was_sich_geaendert_hat(fassungen: Fassungen, warm: Projekt) -> None:
    """Änderungszeiten von 1970 und aus der Zukunft; dann anderer Inhalt bei gleicher Größe und Zeit."""
    eingaben = [p for o in (warm.daten, warm.berichte, warm.notebooks) for p in sorted(o.rglob("*"))]
    zeiten = {datei: (0, 4_000_000_000)[n % 2] for n, datei in enumerate(eingaben)}
    for neue, erwartet in ((False, fassungen.alt), (True, fassungen.neu), (False, fassungen.alt)):
        setze_fassung(warm, neue)
        for datei, zeit in zeiten.items():
            os.utime(datei, (zeit, zeit))
        assert rendere(warm).gelungen
        assert inhalt(warm.site) == erwartet


@pytest.mark.parametrize("art", sorted(_STATTDESSEN))
def test_statt_der_sperre_liegt_irgendetwas_anderes(muster: Projekt, art: str) -> None:
    muster.arbeit.mkdir()
    _STATTDESSEN[art](muster.arbeit / "sperre")
    with sperre(muster):
        assert (muster.arbeit / "sperre").is_file() and not (muster.arbeit / "sperre").is_symlink()
