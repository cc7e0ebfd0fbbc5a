"""Kein Platz, kein Recht, nur lesbar: aus einem Fehler der Platte wird eine Meldung."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

_VOLL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
_VERWEHRT = {errno.EACCES, errno.EPERM, errno.EROFS}
_WINDOWS_VOLL = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL


@contextlib.contextmanager
def gemeldet(projekt: Projekt) -> Iterator[None]:
    """Macht aus einem Schreibfehler im Block einen :class:`BerichtswerkFehler`."""
    try:
        yield
    except OSError as fehler:
        befund = als_meldung(projekt, fehler)
        if befund is None:
            raise
        raise BerichtswerkFehler(befund) from fehler


def als_meldung(projekt: Projekt, fehler: OSError) -> Meldung | None:
    """Die Meldung zu einem Schreibfehler; ``None``, wenn es etwas anderes ist."""
    datei = _ort(projekt, fehler) or str(projekt.wurzel)
    if fehler.errno in _VOLL or getattr(fehler, "winerror", None) in _WINDOWS_VOLL:
        return Meldung(
            "datentraeger-voll",
            "Auf dem Datenträger ist kein Platz mehr.",
            datei=datei,
            ursache="Die veröffentlichte Fassung in _site/ ist unverändert, ebenso Ihre Daten und Texte.",
            abhilfe="Schaffen Sie Platz (.berichtswerk darf gelöscht werden) und rendern Sie erneut.",
        )
    if fehler.errno in _VERWEHRT:
        return Meldung(
            "schreiben-verwehrt",
            "Hier lässt sich nicht lesen oder schreiben.",
            datei=datei,
            ursache="Der Ordner ist schreibgeschützt oder ein anderes Programm hält die Datei fest.",
            abhilfe="Prüfen Sie die Rechte am Projektordner, schließen Sie Programme, die Dateien daraus "
            "geöffnet haben, und rendern Sie erneut.",
        )
    return None


def _ort(projekt: Projekt, fehler: OSError) -> str:
    """Die betroffene Datei ab der Projektwurzel; bei zwei Namen (Umbenennen) das Ziel."""
    name = fehler.filename2 or fehler.filename
    if not isinstance(name, str):
        return ""
    pfad = Path(name)
    return projekt.relativ(pfad) if pfad.is_absolute() else name
