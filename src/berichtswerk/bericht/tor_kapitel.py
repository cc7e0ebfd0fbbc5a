"""Das Gateway für Kapitel: Überschriften aus Schleifen und der Blick auf ein anderes Gebiet."""

from __future__ import annotations

import copy
import re
from typing import Self

from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.tor_anhang import Anhang
from berichtswerk.gegenstand.gegenstaende import Ueberschrift
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

EBENEN = range(2, 5)
"""Erlaubte Ebenen: 1 ist der Titel des Berichts, unter 4 gliedert niemand mehr."""


class Kapitel(Anhang):
    """Was eine Schleife über Gebiete braucht: eigene Überschriften, Texte und Abbildungen je Gebiet."""

    def ueberschrift(self, text: str, ebene: int = 3, marke: str = "", *, seite: bool = False) -> Anzeige:
        """Eine Überschrift, wo keine Markdown-Zelle stehen kann: in einer Schleife.

        Args:
            text: Wortlaut ohne Auszeichnung.
            ebene: 2 ist ein Kapitel, 3 und 4 gliedern es.
            marke: ``sec-…`` für Verweise im Text (``@sec-…``).
            seite: Der Abschnitt beginnt im PDF auf einer neuen Seite.

        Raises:
            BerichtswerkFehler: ``ueberschrift-ebene``, ``marke-form`` oder ``marke-doppelt``.
        """
        if ebene not in EBENEN:
            raise BerichtswerkFehler(
                Meldung(
                    "ueberschrift-ebene",
                    f"Eine Überschrift der Ebene {ebene} gibt es nicht.",
                    feld="ebene",
                    abhilfe="Möglich sind 2 (Kapitel), 3 und 4.",
                )
            )
        if marke:
            self._merke_marke(marke)
        return self.gib(Ueberschrift(text=text.strip(), ebene=ebene, marke=marke, neue_seite=seite))

    def _merke_marke(self, marke: str) -> None:
        if not re.fullmatch(r"sec-[a-z0-9]+(-[a-z0-9]+)*", marke):
            raise BerichtswerkFehler(
                Meldung(
                    "marke-form",
                    f"Die Marke „{marke}“ passt nicht.",
                    feld="marke",
                    ursache="Verlangt ist sec-… mit Kleinbuchstaben, Ziffern und Bindestrichen.",
                    abhilfe="Schreiben Sie zum Beispiel marke=„sec-bevoelkerung“.",
                )
            )
        if marke in self._labels and not self._interaktiv:
            raise BerichtswerkFehler(
                Meldung(
                    "marke-doppelt",
                    f"Die Marke „{marke}“ steht schon an einer anderen Überschrift.",
                    feld="marke",
                    abhilfe="Geben Sie jeder Überschrift eine eigene Marke.",
                )
            )
        self._labels.add(marke)

    def fuer(self, gebiet: str) -> Self:
        """Derselbe Bericht mit Blick auf ein anderes Gebiet, für Schleifen über Kommunen.

        Labels, Quellen und Begriffe bleiben gemeinsam; alle Methoden gelten für ``gebiet`` (Schlüssel oder
        Name), auch ``binde`` und ``text``: ein Text für alle Kommunen zeigt je Kommune deren Zahlen.

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` oder ``gebiet-mehrdeutig``.
        """
        neu = copy.copy(self)
        neu.__dict__.pop("standardgebiete", None)  # gilt nur für das bisherige Gebiet
        neu.gebiet = self.bestand.gebiete.finde(gebiet)
        neu._nebenbei = {}
        neu._bereich = neu.gebiet.schluessel
        return neu
