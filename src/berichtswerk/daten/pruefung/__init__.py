"""Prüfung des ganzen Datenbestands: ein Modul je Prüfung, alle Befunde auf einmal.

Eine Prüfung ist eine Funktion ``pruefe(prüfling) -> Iterable[Meldung]``; neue Prüfungen kommen in
:mod:`berichtswerk.daten.pruefung.alle` dazu.
"""

from berichtswerk.daten.pruefung.alle import pruefe_daten

__all__ = ["pruefe_daten"]
