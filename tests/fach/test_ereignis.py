"""Ereignisse: was in daten/ereignisse.yaml stehen darf, und wie es gemeldet wird."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.fach.ereignis import ereignisse_zu, lade_ereignisse
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

HIER = Projekt(Path(__file__).parents[2])
EINTRAG = """\
  - datum: {datum}
    kurz: {kurz}
    text: Etwas tritt in Kraft
    quelle: Gesetz vom 1. Januar
    kennzahlen: [{kennzahlen}]
"""


def _projekt(tmp_path: Path, *eintraege: str) -> Projekt:
    (tmp_path / "daten").mkdir()
    text = "ereignisse:\n" + "".join(eintraege)
    (tmp_path / "daten" / "ereignisse.yaml").write_text(text, encoding="utf-8")
    return Projekt(tmp_path)


def _eintrag(datum: str = "2023-01-01", kurz: str = "Neu", kennzahlen: str = "quote") -> str:
    return EINTRAG.format(datum=datum, kurz=kurz, kennzahlen=kennzahlen)


def _meldungen(projekt: Projekt) -> list[str]:
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade_ereignisse(projekt, {"quote", "anteil"})
    return [str(m) for m in fehler.value.meldungen]


def test_ohne_datei_gibt_es_keine(tmp_path: Path) -> None:
    assert lade_ereignisse(Projekt(tmp_path), set()) == ()


def test_sie_stehen_nach_datum_und_gelten_ihren_kennzahlen(tmp_path: Path) -> None:
    projekt = _projekt(tmp_path, _eintrag(), _eintrag("2013-08-01", "Früher", "anteil, quote"))
    alle = lade_ereignisse(projekt, {"quote", "anteil"})
    assert [e.kurz for e in alle] == ["Früher", "Neu"]
    assert [e.kurz for e in ereignisse_zu(alle, {"anteil"})] == ["Früher"]
    assert alle[0].satz == "2013: Etwas tritt in Kraft (Gesetz vom 1. Januar)."


def test_unbekannte_kennzahl(tmp_path: Path) -> None:
    assert _meldungen(_projekt(tmp_path, _eintrag(kennzahlen="quotte"))) == [
        """\
FEHLER [ereignis-kennzahl-unbekannt] daten/ereignisse.yaml, Zeile 6, Feld „ereignisse.0.kennzahlen.0“
  Das Ereignis „Neu“ nennt die Kennzahl „quotte“, die es nicht gibt.
  Ursache: Meinten Sie „quote“?
  Abhilfe: Berichtigen Sie den Namen oder streichen Sie ihn aus „kennzahlen“."""
    ]


def test_zu_lange_beschriftung(tmp_path: Path) -> None:
    (meldung,) = _meldungen(_projekt(tmp_path, _eintrag(kurz="Rechtsanspruch auf einen Platz")))
    assert "[ereignis-zu-lang] daten/ereignisse.yaml, Zeile 3" in meldung
    assert "„Rechtsanspruch auf einen Platz“ hat 30 Zeichen." in meldung


def test_dasselbe_zweimal(tmp_path: Path) -> None:
    (meldung,) = _meldungen(_projekt(tmp_path, _eintrag(), _eintrag(kennzahlen="anteil")))
    assert "[ereignis-doppelt] daten/ereignisse.yaml, Zeile 8" in meldung


def test_falscher_tag_und_unbekannter_schluessel(tmp_path: Path) -> None:
    texte = _meldungen(_projekt(tmp_path, _eintrag(datum="2023-13-01") + "    farbe: rot\n"))
    assert any("Feld „ereignisse.0.datum“" in t for t in texte)
    assert any("Den Schlüssel „farbe“ gibt es hier nicht." in t for t in texte)


def test_die_ereignisse_des_projekts_stimmen() -> None:
    katalog = Kennzahlenkatalog.lade(HIER)
    assert {"Bürgergeld", "Pflegegrade", "Rechtsanspruch ab 1 Jahr"} <= {e.kurz for e in katalog.ereignisse}
