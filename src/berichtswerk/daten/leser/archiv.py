"""Lieferungen im ZIP-Archiv öffnen (``compression: zip``), ohne etwas auszupacken."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from berichtswerk.daten.leser.grund import Leseauftrag
from berichtswerk.grund.aehnlich import aufgezaehlt


@contextmanager
def geoeffnet(auftrag: Leseauftrag) -> Iterator[IO[bytes]]:
    """Die Textdatei zum Lesen, auch aus einem ZIP-Archiv.

    Raises:
        BerichtswerkFehler: kein Archiv, Datei darin fehlt oder ist zu groß.
    """
    if auftrag.quelle.compression is None:
        with auftrag.pfad.open("rb") as datei:
            yield datei
        return
    try:
        archiv = zipfile.ZipFile(auftrag.pfad)
    except (zipfile.BadZipFile, OSError):
        raise auftrag.sammler.halt(
            "zip-ungueltig", "Die Datei ist kein lesbares ZIP-Archiv.", feld="compression",
            abhilfe="Fordern Sie die Datei neu an; ist sie gar nicht gepackt, streichen Sie „compression“.",
        ) from None  # fmt: skip
    with archiv:
        try:
            with archiv.open(_eintrag(auftrag, archiv)) as teil:
                yield teil
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fehler:
            grund = "mit einem Kennwort geschützt" if "password" in str(fehler) else "beschädigt"
            raise auftrag.sammler.halt(
                "zip-ungueltig", f"Das ZIP-Archiv ist {grund}.", feld="compression",
                abhilfe="Fordern Sie die Datei neu und ohne Kennwort an.",
            ) from None  # fmt: skip


def _eintrag(auftrag: Leseauftrag, archiv: zipfile.ZipFile) -> zipfile.ZipInfo:
    dateien = {e.filename: e for e in archiv.infolist() if not e.is_dir()}
    name = auftrag.quelle.innerpath or (next(iter(dateien)) if len(dateien) == 1 else "")
    if name not in dateien:
        raise auftrag.sammler.halt(
            "zip-inhalt", "Welche Datei des ZIP-Archivs gemeint ist, ist nicht klar.", feld="innerpath",
            ursache=f"Das Archiv enthält: {aufgezaehlt(dateien)}." if dateien else "Das Archiv ist leer.",
            abhilfe="Nennen Sie in der Quelle „innerpath“.",
        )  # fmt: skip
    grenze = auftrag.quelle.lesen.grenze_mb
    if dateien[name].file_size > grenze * 1_000_000:
        raise auftrag.sammler.halt(
            "datei-zu-gross", f"Entpackt hat „{name}“ {-(-dateien[name].file_size // 1_000_000)} MB; gelesen "
            f"werden höchstens {grenze} MB.", feld="lesen.grenze_mb",
            abhilfe="Fordern Sie einen Auszug an oder erhöhen Sie „grenze_mb“.",
        )  # fmt: skip
    return dateien[name]
