"""Daneben bauen und im Ganzen tauschen: Abbruch, Absturz und Reste beschädigen nichts."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site import tausch


@pytest.fixture
def projekt(tmp_path: Path) -> Projekt:
    (tmp_path / "_site").mkdir()
    (tmp_path / "_site" / "index.html").write_text("vorige")
    return Projekt(tmp_path)


def _inhalt(projekt: Projekt) -> str:
    return (projekt.site / "index.html").read_text()


def _reste(projekt: Projekt) -> list[str]:
    return sorted(p.name for p in (projekt.wurzel / ".berichtswerk").iterdir())


@pytest.mark.parametrize("in_einem_schritt", [True, False])
def test_tausch_ersetzt_die_site_und_hinterlaesst_nichts(
    projekt: Projekt, monkeypatch: pytest.MonkeyPatch, in_einem_schritt: bool
) -> None:
    if not in_einem_schritt:
        monkeypatch.setattr(tausch, "_vertausche", lambda *_: False)
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("neue")
        tausch.tausche(projekt, bau)
    assert _inhalt(projekt) == "neue"
    assert _reste(projekt) == ["sperre"]


def test_erste_site(tmp_path: Path) -> None:
    projekt = Projekt(tmp_path)
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("erste")
        tausch.tausche(projekt, bau)
    assert _inhalt(projekt) == "erste"


def test_ein_fehler_beim_bauen_laesst_die_vorige_fassung(projekt: Projekt) -> None:
    with pytest.raises(ZeroDivisionError), tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("halb")
        raise ZeroDivisionError
    assert _inhalt(projekt) == "vorige"
    assert _reste(projekt) == ["sperre"]


def test_festgehaltene_site_bleibt_und_die_meldung_sagt_was_zu_tun_ist(
    projekt: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tausch, "_vertausche", lambda *_: False)
    echt = Path.rename

    def gesperrt(self: Path, ziel: Path) -> Path:
        if self.name.startswith("bau-"):
            raise PermissionError(13, "Zugriff verweigert")
        return echt(self, ziel)

    monkeypatch.setattr(Path, "rename", gesperrt)
    with (
        pytest.raises(BerichtswerkFehler) as fehler,
        tausch.sperre(projekt),
        tausch.bauplatz(projekt) as bau,
    ):
        tausch.tausche(projekt, bau)
    assert _inhalt(projekt) == "vorige"
    assert (
        str(fehler.value)
        == """\
FEHLER [site-gesperrt] _site
  Die fertige Site lässt sich nicht an ihren Platz bringen; die vorige bleibt unverändert.
  Ursache: Ein anderes Programm hält den Ordner fest (Dafür fehlt das Recht).
  Abhilfe: Schließen Sie Programme, die Dateien aus _site geöffnet haben (Browser, PDF-Anzeige), und \
rendern Sie erneut."""
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kennt keine Warteschlangen im Dateisystem")
def test_was_statt_der_site_daliegt_haelt_nichts_auf(projekt: Projekt) -> None:
    """Python wartete beim Löschen einer Warteschlange (FIFO) für immer darauf, dass jemand schreibt."""
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("neu", "utf-8")
        if projekt.site.exists():
            shutil.rmtree(projekt.site)
        os.mkfifo(projekt.site)
        tausch.tausche(projekt, bau)
    assert (projekt.site / "index.html").read_text("utf-8") == "neu"
    os.mkfifo(projekt.arbeit / "alt-1")
    tausch.raeume_auf(projekt)
    assert sorted(p.name for p in projekt.arbeit.iterdir()) == ["sperre"]


def test_nicht_beschreibbarer_ordner(tmp_path: Path) -> None:
    (tmp_path / ".berichtswerk").write_text("eine Datei, wo ein Ordner sein soll")
    with pytest.raises(BerichtswerkFehler) as fehler, tausch.sperre(Projekt(tmp_path)):
        pass
    assert (
        str(fehler.value)
        == f"""\
FEHLER [ordner-nicht-beschreibbar] {tmp_path / ".berichtswerk"}
  Im Projektordner lässt sich nichts anlegen.
  Ursache: Dort liegt schon etwas anderes
  Abhilfe: Prüfen Sie Schreibrechte und freien Platz oder legen Sie das Projekt anderswohin."""
    )


def test_zwischen_zwei_umbenennungen_abgebrochen_stellt_der_naechste_lauf_wieder_her(
    projekt: Projekt,
) -> None:
    arbeit = projekt.wurzel / ".berichtswerk"
    arbeit.mkdir()
    projekt.site.rename(arbeit / "alt-99999999")
    (arbeit / "bau-99999999").mkdir()
    (arbeit / "roh").mkdir()
    (arbeit / "roh" / ".lage.ipynb.99999999.neu").write_text("halb")
    tausch.raeume_auf(projekt)
    assert _inhalt(projekt) == "vorige"
    assert _reste(projekt) == ["roh"] and not list((arbeit / "roh").iterdir())


_STIRBT = """
import os, signal, sys, time
from pathlib import Path
from berichtswerk.site import tausch
from berichtswerk.grund.projekt import Projekt
projekt = Projekt(Path(sys.argv[1]))
with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
    for nummer in range(100_000):
        (bau / f"seite-{nummer}.html").write_text("halb")
        print(nummer, flush=True)
        if nummer == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_kill_mitten_im_bauen_laesst_die_vorige_fassung_und_faellt_nicht_auf(projekt: Projekt) -> None:
    lauf = subprocess.run(
        [sys.executable, "-c", _STIRBT, str(projekt.wurzel), "40"], capture_output=True, check=False
    )
    assert lauf.returncode == -signal.SIGKILL
    assert [p.name for p in projekt.site.iterdir()] == ["index.html"] and _inhalt(projekt) == "vorige"
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        assert list(bau.iterdir()) == []
        (bau / "index.html").write_text("neue")
        tausch.tausche(projekt, bau)
    assert _inhalt(projekt) == "neue" and _reste(projekt) == ["sperre"]


_HAELT = """
import sys, time
from pathlib import Path
from berichtswerk.site import tausch
from berichtswerk.grund.projekt import Projekt
with tausch.sperre(Projekt(Path(sys.argv[1]))):
    print("habe", flush=True)
    sys.stdin.readline()
"""


def test_ein_zweiter_lauf_wartet_bis_der_erste_fertig_ist(projekt: Projekt) -> None:
    befehl = [sys.executable, "-c", _HAELT, str(projekt.wurzel)]
    leitungen = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with (
        subprocess.Popen(befehl, **leitungen) as erster,  # type: ignore[call-overload]
        subprocess.Popen(befehl, **leitungen) as zweiter,  # type: ignore[call-overload]
    ):
        wer_hat = _wer_zuerst(erster, zweiter)
        anderer = zweiter if wer_hat is erster else erster
        assert anderer.stderr is not None
        gesagt = "Ein anderer Befehl arbeitet gerade an diesem Projekt; dieser wartet, bis er fertig ist.\n"
        assert anderer.stderr.readline() == gesagt
        time.sleep(0.1)
        assert not _hat_ausgabe(anderer)
        wer_hat.communicate("\n", timeout=10)
        assert anderer.communicate("\n", timeout=10)[0] == "habe\n"


def _hat_ausgabe(prozess: subprocess.Popen[str]) -> bool:
    import select

    assert prozess.stdout is not None
    return bool(select.select([prozess.stdout], [], [], 0)[0])


def _wer_zuerst(*prozesse: subprocess.Popen[str]) -> subprocess.Popen[str]:
    ende = time.monotonic() + 10
    while time.monotonic() < ende:
        for prozess in prozesse:
            if _hat_ausgabe(prozess):
                return prozess
        time.sleep(0.01)
    raise AssertionError(os.getpid())


def test_aufgeraeumt_wird_nur_was_niemand_mehr_schreibt(projekt: Projekt) -> None:
    """Eine Vorschau setzt vielleicht gerade; was ein beendeter Prozess hinterließ, verschwindet."""
    arbeit = projekt.wurzel / ".berichtswerk"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as anderer:
        namen = ["satz-{}", "ablage/pdf/.{}-x1y2.neu", "roh/.a.ipynb.{}.neu"]
        lebendig = [arbeit / n.format(anderer.pid) for n in namen]
        tot = [arbeit / n.format(2**30) for n in namen]  # so hoch zählt kein Betriebssystem
        for pfad in (*lebendig, *tot):
            pfad.parent.mkdir(parents=True, exist_ok=True)
            if pfad.name.startswith("satz-"):
                pfad.mkdir()
            else:
                pfad.write_bytes(b"")
        tausch.raeume_auf(projekt)
        assert all(p.exists() for p in lebendig)
        assert not any(p.exists() for p in tot)
    tausch.raeume_auf(projekt)
    assert not any(p.exists() for p in lebendig)


def test_eine_verknuepfung_bleibt_und_ihr_ziel_wird_getauscht(projekt: Projekt, tmp_path: Path) -> None:
    projekt.site.rename(tmp_path / "netzlaufwerk")
    projekt.site.symlink_to(tmp_path / "netzlaufwerk")
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("neue")
        tausch.tausche(projekt, bau)
    assert projekt.site.is_symlink() and (tmp_path / "netzlaufwerk" / "index.html").read_text() == "neue"
    assert _reste(projekt) == ["sperre"] and not list(tmp_path.glob(".bw-*"))


@pytest.mark.parametrize("in_einem_schritt", [True, False])
def test_in_einem_eingehaengten_ordner_wechselt_jeder_eintrag(
    projekt: Projekt, monkeypatch: pytest.MonkeyPatch, in_einem_schritt: bool
) -> None:
    """Linux lehnt das Umbenennen eines Einhängepunkts mit EBUSY ab."""
    echt, echter_tausch = Path.rename, tausch._vertausche

    def rename(self: Path, ziel: Path) -> Path:
        if projekt.site in (self, ziel):
            raise OSError(errno.EBUSY, "Device or resource busy")
        return echt(self, ziel)

    def vertausche(eins: Path, zwei: Path) -> bool:
        return in_einem_schritt and projekt.site not in (eins, zwei) and echter_tausch(eins, zwei)

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(tausch, "_vertausche", vertausche)
    (projekt.site / "alt").mkdir()
    (projekt.site / "alt" / "a.html").write_text("alt")
    (projekt.site / "beide").mkdir()
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        for name in ("index.html", "beide/b.html", "neu/n.html"):
            (bau / name).parent.mkdir(exist_ok=True)
            (bau / name).write_text("neue")
        tausch.tausche(projekt, bau)
    da = sorted(p.relative_to(projekt.site).as_posix() for p in projekt.site.rglob("*") if p.is_file())
    assert da == ["beide/b.html", "index.html", "neu/n.html"] and _inhalt(projekt) == "neue"
    assert sorted(p.name for p in projekt.site.iterdir()) == ["beide", "index.html", "neu"]
    assert _reste(projekt) == ["sperre"]


def test_arbeitsordner_auf_anderem_laufwerk(projekt: Projekt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tausch, "_anderes_laufwerk", lambda *_: True)
    with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
        (bau / "index.html").write_text("neue")
        tausch.tausche(projekt, bau)
    assert _inhalt(projekt) == "neue"
    assert _reste(projekt) == ["sperre"] and not list(projekt.wurzel.glob(".bw-*"))


def test_reste_neben_und_in_der_site_verschwinden(projekt: Projekt) -> None:
    for rest in (projekt.wurzel / ".bw-bau-1", projekt.wurzel / ".bw-alt-1", projekt.site / ".bw-neu-1"):
        rest.mkdir()
    with tausch.sperre(projekt), tausch.bauplatz(projekt):
        pass
    assert not [*projekt.wurzel.glob(".bw-*"), *projekt.site.glob(".bw-*")]


@pytest.mark.skipif(os.name == "nt", reason="Windows kennt keine Rechte für alle")
def test_veroeffentlichtes_darf_jeder_lesen(projekt: Projekt) -> None:
    vorher = os.umask(0o077)
    try:
        with tausch.sperre(projekt), tausch.bauplatz(projekt) as bau:
            (bau / "seiten").mkdir()
            (bau / "seiten" / "a.html").write_text("neue")
            tausch.tausche(projekt, bau)
    finally:
        os.umask(vorher)
    rechte = {p.name: p.stat().st_mode & 0o777 for p in (projekt.site, *projekt.site.rglob("*"))}
    assert rechte == {"_site": 0o755, "seiten": 0o755, "a.html": 0o644}
