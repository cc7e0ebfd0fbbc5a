"""Welche Prozesse noch leben: Einer kann zwischen zwei Fragen enden, das ist kein Fehler."""

import time
from collections.abc import Iterable

import psutil


def lebt(prozess: psutil.Process | int) -> bool:
    """Läuft der Prozess (auch: seine Nummer) noch? Ein Zombie lebt nicht mehr."""
    try:
        wer = psutil.Process(prozess) if isinstance(prozess, int) else prozess
        return wer.is_running() and wer.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kinder(prozess: psutil.Process | int) -> list[psutil.Process]:
    """Alle Nachkommen; keine, wenn es den Prozess nicht mehr gibt."""
    try:
        wer = psutil.Process(prozess) if isinstance(prozess, int) else prozess
        return wer.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def uebrig(prozesse: Iterable[psutil.Process | int], sekunden: float = 10) -> list[psutil.Process | int]:
    """Was nach höchstens so vielen Sekunden noch lebt."""
    offen, ende = list(prozesse), time.monotonic() + sekunden
    while (offen := [p for p in offen if lebt(p)]) and time.monotonic() < ende:
        time.sleep(0.02)
    return offen
