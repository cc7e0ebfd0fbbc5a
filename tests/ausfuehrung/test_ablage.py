"""Die Ablage: was darin liegt, ist ganz oder gar nicht da; was lange niemand brauchte, geht zuerst."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.ausfuehrung import spur
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.grund.ablage import (
    GRENZE,
    Ablage,
    code_gleich,
    schreibe_ganz,
    schreibe_gemeinsam,
    summe,
    vollende,
)
from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    return Ablage(tmp_path / "ablage")


def test_abgelegtes_kommt_wieder_und_sonst_nichts(ablage: Ablage) -> None:
    ablage.lege("pdf", "a", b"eins")
    assert ablage.hole("pdf", "a") == b"eins"
    assert ablage.hole("svg", "a") is None
    assert ablage.hole("pdf", "b") is None


@pytest.mark.parametrize("schaden", [b"", b"bw1 ", b"bw1 " + b"0" * 64 + b"\neins", b"\x00" * 80])
def test_beschaedigtes_faellt_auf_und_verschwindet(ablage: Ablage, schaden: bytes) -> None:
    ablage.lege("pdf", "a", b"eins")
    datei = ablage.ordner / "pdf" / "a"
    datei.write_bytes(schaden)
    assert ablage.hole("pdf", "a") is None
    assert not datei.exists()


def _vertausche(pfad: Path) -> None:
    Ablage(pfad.parents[1]).lege("pdf", "b", b"zwei")
    shutil.copy(pfad.with_name("b"), pfad)


def _andere_art(pfad: Path) -> None:
    Ablage(pfad.parents[1]).lege("svg", pfad.name, b"zwei")
    shutil.copy(pfad.parents[1] / "svg" / pfad.name, pfad)


def _ordner(pfad: Path) -> None:
    pfad.unlink()
    (pfad / "darin").mkdir(parents=True)


def _ersetze(tu: Callable[[Path], object]) -> Callable[[Path], None]:
    def ersetzt(pfad: Path) -> None:
        pfad.unlink()
        tu(pfad)

    return ersetzt


def _steckdose(pfad: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dose:
        wo = Path.cwd()
        os.chdir(pfad.parent)  # der Name einer Steckdose ist kurz
        dose.bind(pfad.name)
        os.chdir(wo)


def _riesig(pfad: Path) -> None:
    with pfad.open("wb") as datei:
        datei.truncate(2 * GRENZE)


STOERUNGEN: dict[str, Callable[[Path], None]] = {
    "Ordner": _ordner, "leer": lambda p: p.write_bytes(b"") and None, "vertauscht": _vertausche,
    "andere Art": _andere_art, "ins Leere": _ersetze(lambda p: p.symlink_to("weg")),
    "Verknüpfung": _ersetze(lambda p: p.symlink_to("/etc/hostname")),
    "im Kreis": _ersetze(lambda p: p.symlink_to(p)),
    "Warteschlange": _ersetze(os.mkfifo), "Steckdose": _ersetze(_steckdose), "riesig": _riesig,
    "unlesbar": lambda p: p.chmod(0),
}  # fmt: skip


@pytest.mark.parametrize("stoerung", STOERUNGEN)
def test_was_kein_eintrag_ist_heilt_von_selbst(ablage: Ablage, stoerung: str) -> None:
    ablage.lege("pdf", "a", b"eins")
    STOERUNGEN[stoerung](ablage.ordner / "pdf" / "a")
    assert ablage.hole("pdf", "a") in {None, b"eins"}  # wer alles darf, liest auch Unlesbares
    ablage.lege("pdf", "a", b"eins")
    assert ablage.hole("pdf", "a") == b"eins"


@pytest.mark.parametrize("ort", ["", "pdf"])
@pytest.mark.parametrize("art", ["Datei", "Warteschlange", "ins Leere"])
def test_etwas_anderes_statt_eines_ordners_heilt_von_selbst(ablage: Ablage, ort: str, art: str) -> None:
    stelle = ablage.ordner / ort if ort else ablage.ordner
    stelle.parent.mkdir(parents=True, exist_ok=True)
    tu = {"Datei": Path.touch, "Warteschlange": os.mkfifo, "ins Leere": lambda p: p.symlink_to("weg")}
    tu[art](stelle)
    ablage.lege("pdf", "a", b"eins")
    assert ablage.hole("pdf", "a") == b"eins"


def test_ein_gekipptes_bit_faellt_auf(ablage: Ablage) -> None:
    ablage.lege("pdf", "a", b"eins")
    datei = ablage.ordner / "pdf" / "a"
    roh = bytearray(datei.read_bytes())
    for stelle in range(len(roh)):
        gekippt = bytes([*roh[:stelle], roh[stelle] ^ 1, *roh[stelle + 1 :]])
        datei.write_bytes(gekippt)
        assert ablage.hole("pdf", "a") is None, stelle


def test_viele_schreiben_zugleich_und_immer_liegt_etwas_ganzes(ablage: Ablage) -> None:
    def tu(nummer: int) -> bytes | None:
        ablage.lege("pdf", "a", bytes([nummer % 7]) * 50_000)
        return ablage.hole("pdf", "a")

    with ThreadPoolExecutor(8) as faeden:
        gelesen = list(faeden.map(tu, range(64)))
    assert all(inhalt is not None and len(set(inhalt)) == 1 for inhalt in gelesen)
    assert [p.name for p in (ablage.ordner / "pdf").iterdir()] == ["a"]


def test_gekuerzt_wird_was_am_laengsten_niemand_brauchte(ablage: Ablage) -> None:
    for nummer, name in enumerate("abcd"):
        ablage.lege("pdf", name, b"x" * 1000)
        os.utime(ablage.ordner / "pdf" / name, (nummer, nummer))
    assert ablage.hole("pdf", "a") is not None  # gerade gebraucht
    assert ablage.kuerze(2500) <= 2500
    assert sorted(p.name for p in (ablage.ordner / "pdf").iterdir()) == ["a", "d"]


def test_ohne_schreibrecht_wird_nur_nichts_gemerkt(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("kein Ordner")
    ablage = Ablage(tmp_path / "datei" / "ablage")
    ablage.lege("pdf", "a", b"eins")
    assert ablage.hole("pdf", "a") is None
    assert ablage.kuerze() == 0


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_verschiedene_teile_geben_verschiedene_schluessel(a: list[str], b: list[str]) -> None:
    assert (summe(*a) == summe(*b)) == (a == b)


VORHER = b'"""Alt."""\n\ndef f(x: int) -> int:\n    """Doppelt."""\n    return x * 2\n'


@pytest.mark.parametrize(
    ("nachher", "gleich"),
    [
        (b'"""Neu."""\n# eine Bemerkung\n\n\ndef f(x: int) -> int:\n    return x * 2  # Punkt\n', True),
        (b'"""Alt."""\n\ndef f(x: int) -> int:\n    """Doppelt."""\n    return x * 3\n', False),
        (b"def f(x:\n", False),
    ],
)
def test_kommentare_und_beschreibungen_aendern_kein_modul(nachher: bytes, gleich: bool) -> None:
    assert code_gleich(VORHER, nachher) is gleich


def test_ein_kommentar_im_programm_macht_nichts_neu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spur, "PAKET", tmp_path / "paket")
    (tmp_path / "paket").mkdir()
    modul = tmp_path / "paket" / "rechne.py"
    modul.write_bytes(VORHER)
    projekt = Projekt(tmp_path)
    damals = Spuren(projekt).nimm_auf(["modul:rechne.py", "daten/a.csv"])
    modul.write_bytes(VORHER.replace(b"Doppelt.", b"Das Doppelte.") + b"# fertig\n")
    spur._modulsumme.cache_clear()  # ein neuer Prozess
    assert Spuren(projekt).abweichung(damals) == ""
    modul.write_bytes(VORHER.replace(b"* 2", b"* 3"))
    spur._modulsumme.cache_clear()
    assert Spuren(projekt).abweichung(damals) == "Berichtswerk geändert: rechne.py"


def test_die_abweichung_nennt_was_anders_ist(tmp_path: Path) -> None:
    projekt = Projekt(tmp_path)
    (tmp_path / "daten").mkdir()
    (tmp_path / "daten" / "a.csv").write_text("1")
    (tmp_path / "daten" / "b.csv").write_text("1")
    namen = ["daten/a.csv", "daten/", "daten/neu.csv", "fassung:typst"]
    damals = Spuren(projekt).nimm_auf(namen)
    assert Spuren(projekt).abweichung(damals) == ""
    assert Spuren(projekt).abweichung({**damals, "fassung:typst": "0.1"}).startswith("typst 0.1 → 0.")
    (tmp_path / "daten" / "a.csv").write_text("2")
    assert Spuren(projekt).abweichung(damals) == "daten/a.csv geändert"
    (tmp_path / "daten" / "a.csv").unlink()
    assert Spuren(projekt).abweichung(damals) == "daten/: Dateien hinzugekommen oder entfernt"
    assert Spuren(projekt).abweichung({"daten/a.csv": damals["daten/a.csv"]}) == "daten/a.csv fehlt"
    (tmp_path / "daten" / "neu.csv").write_text("")
    assert Spuren(projekt).abweichung({"daten/neu.csv": ""}) == "daten/neu.csv ist neu"


def test_wer_schreibt_raeumt_weg_was_ein_getoeteter_neben_der_datei_liess(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as tot:
        tot.wait()
    rest, lebend, fremd = (
        tmp_path / name
        for name in (f".a.md.{tot.pid}.neu", f".a.md.{os.getpid()}.neu", f".b.md.{tot.pid}.neu")
    )
    for pfad in (rest, lebend, fremd):
        pfad.write_text("halb", "utf-8")
    assert schreibe_ganz(tmp_path / "a.md", "ganz")
    assert not rest.exists() and fremd.exists(), "nur, was zu dieser Datei gehört"
    assert not schreibe_ganz(tmp_path / "a.md", "ganz"), "Gleiches bleibt unberührt"


def test_mehrere_dateien_entstehen_alle_oder_keine(tmp_path: Path) -> None:
    vermerk, a, b = tmp_path / "vermerk.json", tmp_path / "a.md", tmp_path / "neu/b.yaml"
    a.write_text("alt", "utf-8")
    schreibe_gemeinsam(vermerk, tmp_path, {"a.md": b"neu", "neu/b.yaml": b"dazu"})
    assert (a.read_bytes(), b.read_bytes(), vermerk.exists()) == (b"neu", b"dazu", False)


@pytest.mark.parametrize("vermerk", ["kein json", "[]", '{"a.md": 3}', '{"a.md": ["", "!"]}'])
def test_ein_unlesbarer_vermerk_aendert_nichts(tmp_path: Path, vermerk: str) -> None:
    (tmp_path / "a.md").write_text("alt", "utf-8")
    (tmp_path / "vermerk.json").write_text(vermerk, "utf-8")
    vollende(tmp_path / "vermerk.json", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]
    assert (tmp_path / "a.md").read_text("utf-8") == "alt"
