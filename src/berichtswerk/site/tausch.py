"""Daneben bauen, dann im Ganzen tauschen: die Site ist immer eine vollständige Fassung.

Gebaut wird in ``.berichtswerk/bau-…``. Getauscht wird mit einer einzigen Umbenennung, wo das
Betriebssystem zwei Ordner tauschen kann (Linux), sonst mit zweien; bricht der Rechner genau dazwischen
ab, stellt der nächste Lauf die vorige Fassung wieder her.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from berichtswerk.grund.ablage import lebt, raeume_weg
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, ausgabe_klemmt, warum
from berichtswerk.grund.projekt import Projekt

_TAUSCHE = 2  # RENAME_EXCHANGE aus linux/fs.h
_PROZESS = re.compile(r"[-.](\d+)(?:\.neu|-[^/]*\.neu)?$")
_WARTET = "Ein anderer Befehl arbeitet gerade an diesem Projekt; dieser wartet, bis er fertig ist."
_HIER = -100  # AT_FDCWD
_VOLL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_VERWEHRT = {errno.EACCES, errno.EPERM, errno.EROFS}
_WINDOWS_VOLL = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL


class DatentraegerVoll(Befundart):
    text = "Auf dem Datenträger ist kein Platz mehr."
    ursache = "Die veröffentlichte Fassung in _site/ ist unverändert, ebenso Ihre Daten und Texte."
    abhilfe = "Schaffen Sie Platz (.berichtswerk darf gelöscht werden) und rendern Sie erneut."


class SchreibenVerwehrt(Befundart):
    text = "Hier lässt sich nicht lesen oder schreiben."
    ursache = "Der Ordner ist schreibgeschützt oder ein anderes Programm hält die Datei fest."
    abhilfe = (
        "Prüfen Sie die Rechte am Projektordner, schließen Sie Programme, die Dateien daraus "
        "geöffnet haben, und rendern Sie erneut."
    )


class SiteGesperrt(Befundart):
    text = "Die fertige Site lässt sich nicht an ihren Platz bringen; die vorige bleibt unverändert."
    ursache = "Ein anderes Programm hält den Ordner fest ({grund})."
    abhilfe = (
        "Schließen Sie Programme, die Dateien aus _site geöffnet haben (Browser, PDF-Anzeige), und "
        "rendern Sie erneut."
    )


class OrdnerNichtBeschreibbar(Befundart):
    text = "Im Projektordner lässt sich nichts anlegen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie Schreibrechte und freien Platz oder legen Sie das Projekt anderswohin."


def als_meldung(projekt: Projekt, fehler: OSError) -> Meldung | None:
    """Die Meldung zu einem Schreibfehler; ``None``, wenn es etwas anderes ist."""
    if ausgabe_klemmt():
        return None  # nicht das Projekt ist voll, sondern wohin der Befehl schreibt
    name = fehler.filename2 or fehler.filename  # beim Umbenennen das Ziel
    datei = str(projekt.wurzel)
    if isinstance(name, str):
        datei = projekt.relativ(Path(name)) if Path(name).is_absolute() else name
    if fehler.errno in _VOLL or getattr(fehler, "winerror", None) in _WINDOWS_VOLL:
        return DatentraegerVoll.melde(datei=datei)
    return SchreibenVerwehrt.melde(datei=datei) if fehler.errno in _VERWEHRT else None


@contextlib.contextmanager
def sperre(projekt: Projekt) -> Iterator[None]:
    """Nur ein Lauf baut zur selben Zeit; ein zweiter wartet. Stirbt einer, fällt die Sperre von selbst.

    Aus einem Schreibfehler im Block wird ein :class:`BerichtswerkFehler`.
    """
    ordner = projekt.arbeit
    try:
        ordner.mkdir(exist_ok=True)
        datei = _sperrdatei(ordner / "sperre").open("a+b")
    except OSError as fehler:
        ort = ordner if ordner.exists() and not ordner.is_dir() else projekt.wurzel
        befund = OrdnerNichtBeschreibbar.melde(datei=str(ort), grund=warum(fehler))
        raise BerichtswerkFehler(befund) from fehler
    try:
        with datei:
            _sperre(datei)
            yield
    except OSError as fehler:
        meldung = als_meldung(projekt, fehler)
        if meldung is None:
            raise
        raise BerichtswerkFehler(meldung) from fehler


def _sperrdatei(pfad: Path) -> Path:
    """Der Pfad der Sperre; liegt dort etwas anderes als eine lesbare Datei, verschwindet es."""
    if pfad.is_dir() and not pfad.is_symlink():
        shutil.rmtree(pfad)
    elif pfad.is_symlink() or (pfad.exists() and not (pfad.is_file() and os.access(pfad, os.R_OK | os.W_OK))):
        pfad.unlink()
    return pfad


def _sperre(datei: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        datei.seek(0)
        art = msvcrt.LK_NBLCK
        while True:  # LK_LOCK gibt nach zehn Sekunden auf
            with contextlib.suppress(OSError):
                msvcrt.locking(datei.fileno(), art, 1)
                return
            if art == msvcrt.LK_NBLCK:
                print(_WARTET, file=sys.stderr, flush=True)
            art = msvcrt.LK_LOCK
    else:
        import fcntl

        try:
            fcntl.flock(datei, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(_WARTET, file=sys.stderr, flush=True)
            fcntl.flock(datei, fcntl.LOCK_EX)


@contextlib.contextmanager
def bauplatz(projekt: Projekt) -> Iterator[Path]:
    """Ein leerer Ordner zum Bauen; verschwindet am Ende, wenn er nicht getauscht wurde.

    Nur unter :func:`sperre` benutzen: räumt vorher weg, was ein abgebrochener Lauf hinterließ.
    """
    raeume_auf(projekt)
    bau = projekt.arbeit / f"bau-{os.getpid()}"
    bau.mkdir()
    try:
        yield bau
    finally:
        if bau.exists():
            shutil.rmtree(bau, ignore_errors=True)


def raeume_auf(projekt: Projekt) -> None:
    """Stellt eine mitten im Tausch verlorene Site wieder her und löscht Liegengebliebenes."""
    arbeit, site = projekt.arbeit, _ort(projekt)
    for alt in sorted((*arbeit.glob("alt-*"), *site.parent.glob(".bw-alt-*"))):
        if not site.exists():
            alt.rename(site)
        else:
            raeume_weg(alt)
    for rest in (*site.parent.glob(".bw-bau-*"), *site.glob(".bw-*")):
        raeume_weg(rest)
    for rest in (*arbeit.glob("bau-*"), *arbeit.glob("satz-*")):
        if rest.name.startswith("bau-") or not _in_arbeit(rest.name):
            raeume_weg(rest)
    for rest in arbeit.rglob("*.neu"):
        if not _in_arbeit(rest.name):
            rest.unlink(missing_ok=True)


def _in_arbeit(name: str) -> bool:
    """Ob ein anderer Prozess daran schreibt (eine Vorschau, „pruefen“): seine Nummer steht im Namen."""
    nummer = _PROZESS.search(name)
    return nummer is not None and nummer[1] != f"{os.getpid()}" and lebt(nummer[1])


def tausche(projekt: Projekt, bau: Path) -> None:
    """Macht ``bau`` zur Site; die vorige Fassung wird erst danach gelöscht. Lesen darf sie jeder.

    Ist ``_site`` eine Verknüpfung, bleibt sie, und getauscht wird ihr Ziel. Auf ein anderes Laufwerk wird
    vorher kopiert; in einem eingehängten Ordner wird ein Eintrag nach dem anderen getauscht.

    Raises:
        BerichtswerkFehler: ``site-gesperrt``, wenn ein anderes Programm die Site festhält.
    """
    site = _ort(projekt)
    try:
        _mache_lesbar(bau)
        if _anderes_laufwerk(bau, site.parent):
            nah = site.with_name(f".bw-bau-{os.getpid()}")
            shutil.copytree(bau, nah)
            bau = nah
        alt = bau.with_name(f"{'.bw-' if bau.parent != projekt.arbeit else ''}alt-{os.getpid()}")
        if not site.exists():
            bau.rename(site)
            return
        if _vertausche(bau, site):
            bau.rename(alt)
        else:
            _tausche_einzeln(bau, site, alt)
    except OSError as fehler:
        raise BerichtswerkFehler(SiteGesperrt.melde(datei="_site", grund=warum(fehler))) from fehler
    raeume_weg(alt)
    raeume_weg(bau)


def _anderes_laufwerk(eins: Path, zwei: Path) -> bool:
    return eins.stat().st_dev != zwei.stat().st_dev


def _ort(projekt: Projekt) -> Path:
    """Wo die Site wirklich liegt."""
    return Path(os.path.realpath(projekt.site))


def _tausche_einzeln(bau: Path, site: Path, alt: Path) -> None:
    """Mit zwei Umbenennungen; lässt sich der Ordner selbst nicht umbenennen, Eintrag für Eintrag."""
    try:
        site.rename(alt)
    except OSError as fehler:
        if fehler.errno not in {errno.EBUSY, errno.EXDEV}:
            raise
    else:
        try:
            bau.rename(site)
        except OSError:
            alt.rename(site)
            raise
        return
    neu, weg = site / f".bw-neu-{os.getpid()}", site / f".bw-weg-{os.getpid()}"
    shutil.copytree(bau, neu)
    weg.mkdir()
    fertig = {e.name for e in neu.iterdir()}
    for name in sorted(fertig | {e.name for e in site.iterdir()} - {neu.name, weg.name}):
        if name in fertig and (site / name).exists() and _vertausche(neu / name, site / name):
            continue
        if (site / name).exists():
            (site / name).rename(weg / name)
        if name in fertig:
            (neu / name).rename(site / name)
    for rest in (neu, weg):
        shutil.rmtree(rest, ignore_errors=True)


def _mache_lesbar(ordner: Path) -> None:
    """Was veröffentlicht wird, darf jeder lesen, auch wenn neue Dateien sonst nur dem Benutzer gehören."""
    if os.name == "nt":
        return
    _erlaube(ordner, ordner.stat().st_mode, 0o555)
    for eintrag in os.scandir(ordner):
        if eintrag.is_dir():
            _mache_lesbar(Path(eintrag.path))
        else:
            _erlaube(eintrag, eintrag.stat().st_mode, 0o444)


def _erlaube(pfad: os.PathLike[str], modus: int, mindestens: int) -> None:
    rechte = modus & 0o7777
    if rechte | mindestens != rechte:
        Path(pfad).chmod(rechte | mindestens)


def _vertausche(eins: Path, zwei: Path) -> bool:
    """Tauscht zwei Ordner in einem Schritt; ``False``, wo es das nicht gibt."""
    if sys.platform != "linux":
        return False
    try:
        aufruf = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    ergebnis = aufruf(_HIER, os.fsencode(eins), _HIER, os.fsencode(zwei), ctypes.c_uint(_TAUSCHE))
    return bool(ergebnis == 0)
