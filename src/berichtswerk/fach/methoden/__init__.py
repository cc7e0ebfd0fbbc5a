"""Planungsmethoden: reine Funktionen über Tabellen, ohne Ein- und Ausgabe.

Gerechnet wird ungerundet (außer ein Verfahren rundet ausdrücklich selbst). Jede Annahme ist ein benannter
Parameter; was ein Bericht annimmt, sammelt ein :class:`~berichtswerk.fach.methoden.annahmen.Szenario`.
Ein Nenner von null ergibt den Status „gesperrt“, nie einen Absturz und nie eine unendliche Zahl.
"""
