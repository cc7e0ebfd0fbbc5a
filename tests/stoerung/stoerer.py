"""Rendert ein Projekt und stört dabei die Platte: ``stoerer.py PROJEKT [ART [ZAHL]]``.

Arten: ``voll N`` – ab dem N-ten Schreiben ist kein Platz mehr; ``nurlesen`` – im Projekt lässt sich nichts
anlegen; ``netzlaufwerk`` – keine Verknüpfungen, kein Tausch zweier Ordner, Umbenennen nur auf Freies.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WURZEL = Path(sys.argv[1]).resolve()
Haken = Callable[[str, tuple[Any, ...]], None]


def _im_projekt(pfad: object) -> bool:
    if not isinstance(pfad, str | os.PathLike):
        return False
    voll = os.path.abspath(os.fspath(pfad))  # noqa: PTH100 (öffnet nichts, anders als resolve)
    return Path(voll).is_relative_to(WURZEL)


def _schreibt(ereignis: str, args: tuple[Any, ...]) -> bool:
    if ereignis == "open":
        _, modus, flaggen = args
        schreibend = (modus and any(z in str(modus) for z in "wax+")) or (flaggen or 0) & (
            os.O_WRONLY | os.O_RDWR
        )
        return bool(schreibend) and _im_projekt(args[0])
    return ereignis in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link") and _im_projekt(args[0])


def voll(ab: int) -> Haken:
    gezaehlt = 0

    def haken(ereignis: str, args: tuple[Any, ...]) -> None:
        nonlocal gezaehlt
        if ereignis in ("open", "os.mkdir") and _schreibt(ereignis, args):
            gezaehlt += 1
            if gezaehlt >= ab:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(args[0]))

    return haken


def nurlesen(_zahl: int) -> Haken:
    def haken(ereignis: str, args: tuple[Any, ...]) -> None:
        if _schreibt(ereignis, args):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(args[0]))

    return haken


def netzlaufwerk(_zahl: int) -> Haken:
    from berichtswerk.site import tausch

    tausch._vertausche = lambda *_: False  # type: ignore[assignment]

    def haken(ereignis: str, args: tuple[Any, ...]) -> None:
        if ereignis in ("os.link", "os.symlink"):
            raise OSError(errno.EPERM, "Die Funktion wird nicht unterstützt", os.fspath(args[0]))
        if ereignis == "os.rename" and Path(args[1]).is_dir():
            raise PermissionError(
                errno.EACCES, "Zugriff verweigert", os.fspath(args[0]), None, os.fspath(args[1])
            )

    return haken


def main() -> int:
    from berichtswerk.cli import main as befehl

    if len(sys.argv) > 2:
        art = {"voll": voll, "nurlesen": nurlesen, "netzlaufwerk": netzlaufwerk}[sys.argv[2]]
        sys.addaudithook(art(int(sys.argv[3]) if len(sys.argv) > 3 else 0))
    return befehl(["--projekt", str(WURZEL), "render"])


if __name__ == "__main__":
    sys.exit(main())
