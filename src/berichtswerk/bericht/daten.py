"""Daten und Gebiete für eigene Rechnungen im Notizbuch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from berichtswerk.bericht.sicht import Sicht

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.gebiet import Ebene
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.rechenwerk import Gerechnet
    from berichtswerk.fach.reihe import Reihe

_TEILE: tuple[Ebene, ...] = ("planungsgebiet", "einheit", "gemeinde")


class Daten:
    """Was ein Notizbuch liest, um damit zu rechnen."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

    def daten(self, quelle: str) -> pd.DataFrame:
        """Die gelesenen Werte einer Quelle in langer Form, höchstens bis zum Datenstand der Ausgabe.

        Spalten sind ``gebiet``, ``jahr``, ``zeit``, ``groesse``, ``wert``, die Merkmale der Quelle und die
        Fundstelle: ``datei``, ``zeile``, ``spalte``.

        Args:
            quelle: Name unter ``daten/quellen/``.

        Raises:
            BerichtswerkFehler: ``quelle-unbekannt``, oder die Datei ist nicht lesbar.

        Beispiel:
            >>> b.daten("schulen_schulart").query("gebiet == @gebiet")
        """
        self.sicht.beleg_frei([quelle])
        return self.sicht.werte(quelle)

    def hat(self, *quellen: str, gebiet: str | None = None) -> bool:
        """Ob es alle Quellen gibt und jede bis zum Datenstand Werte hat.

        Args:
            quellen: Namen der Quellen.
            gebiet: nur Werte dieses Gebiets; Vorgabe: das eigene, seine Teile oder die Gebiete darüber.

        Beispiel:
            >>> if b.hat("schulen_schulart"):
            ...     d = b.daten("schulen_schulart")
        """
        s = self.sicht
        gesucht = {gebiet} if gebiet else {*s.standardgebiete, *self._teile()}
        for name in quellen:
            if name not in s.bestand.quellen:
                return False
            werte = s.werte(name)
            if not bool((werte["gebiet"].isin(gesucht) & werte["wert"].notna()).any()):
                return False
        return True

    def _teile(self) -> list[str]:
        if self.sicht.gebiet.ebene in {"land", "bund"}:
            return []
        kinder, eigenes = self.sicht.bestand.gebiete.kinder, self.sicht.gebiet.schluessel
        return [g.schluessel for ebene in _TEILE for g in kinder(eigenes, ebene)]

    def kennzahl(self, kennung: str, gebiete: Sequence[str] | None = None) -> Reihe:
        """Die Reihe einer Kennzahl für das Gebiet und seine Vergleichsgebiete, zum Weiterrechnen.

        Args:
            kennung: id unter ``daten/kennzahlen/``.
            gebiete: Schlüssel anderer Gebiete.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt`` mit den ähnlichsten Namen.

        Beispiel:
            >>> b.kennzahl("pflegequote").letzter(gebiet).wert
        """
        return self.sicht.reihe(kennung, gebiete)

    def rechnung(self, kennung: str) -> Gerechnet:
        """Eine Rechnung: ihre Jahre ``basis``, ``ziel``, ``ende``, ``jahre`` und ob gerechnet wurde (``if``).

        Ihre Reihen und Tafeln zeigt man unter ihrem Namen, wie Kennzahlen.

        Args:
            kennung: id unter ``daten/rechnungen/``.

        Raises:
            BerichtswerkFehler: ``rechnung-unbekannt``, oder sie lässt sich nicht rechnen.

        Beispiel:
            >>> schulen = b.rechnung("schuelerzahlen")
            >>> b.tabelle("vr_grundschule", label="tbl-grundschule", jahre=schulen.jahre)
        """
        gerechnet = self.sicht.rechnung(kennung)
        self.sicht.register.quellen.update(dict.fromkeys(gerechnet.quellen, True))
        return gerechnet

    def teilgebiete(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Gebiete einer Ebene im eigenen Gebiet oder die genannten, in fester Reihenfolge.

        Args:
            nach: „einheiten“, „planungsgebiete“, „gemeinden“, „kreise“ oder eine Liste von Gebieten.

        Raises:
            ValueError: die Gliederung gibt es nicht.

        Beispiel:
            >>> for g in b.teilgebiete("einheiten"):
            ...     b.fuer(g.schluessel).text("kommune")
        """
        return self.sicht.teilgebiete(nach)
