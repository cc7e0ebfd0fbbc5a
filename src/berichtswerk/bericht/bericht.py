"""Das Gateway, wie es in Notizbüchern steht: ``from berichtswerk import Bericht``.

Alles, was ein Bericht zeigt, geht hier hindurch; daraus entstehen Zahlformen, Quellenzeilen, Definitionen,
Alternativtexte, Datentabellen und der Nachweis, ohne dass im Notizbuch etwas dafür steht.
"""

from __future__ import annotations

from pathlib import Path

from berichtswerk.bericht.ausgabe import lade_ausgabe
from berichtswerk.bericht.tor_fortschreibung import Fortschreibung
from berichtswerk.grund.projekt import Projekt

_LETZTER: list[Bericht] = []


class Bericht(Fortschreibung):
    """Ein Bericht für eine Ausgabe und ein Gebiet."""

    def __init__(
        self,
        bericht: str,
        ausgabe: str | int,
        gebiet: str | None = None,
        variante: str | None = None,
        projekt: Projekt | Path | None = None,
    ) -> None:
        """Findet Projekt, Ausgabe, Gebiet und Daten.

        Args:
            bericht: Ordner unter ``berichte/``.
            ausgabe: Ordner darunter, meist das Jahr; sie bestimmt den Datenstand.
            gebiet: Schlüssel oder Name; Vorgabe aus ``bericht.yml``, sonst der Kreis.
            variante: Name der Variante für eigene Texte; Vorgabe ist die mit diesem Gebiet.
            projekt: Projektordner; Vorgabe ist der nächste über dem Arbeitsordner.

        Raises:
            BerichtswerkFehler: Projekt, Ausgabe oder Gebiet gibt es nicht; Beschreibungen sind fehlerhaft.
        """
        from berichtswerk.daten.bestand import Datenbestand
        from berichtswerk.fach.katalog import Kennzahlenkatalog

        ort = projekt if isinstance(projekt, Projekt) else Projekt.finde(projekt)
        beschreibung = lade_ausgabe(ort, bericht, ausgabe)
        bestand = Datenbestand(ort)
        wunsch = gebiet or beschreibung.datei.parameter.get("gebiet")
        eigenes = bestand.gebiete.finde(str(wunsch)) if wunsch else bestand.gebiete.kreis
        gefunden = beschreibung.variante_fuer(eigenes.schluessel)
        super().__init__(
            projekt=ort,
            ausgabe=beschreibung,
            bestand=bestand,
            katalog=Kennzahlenkatalog.lade(ort),
            gebiet=eigenes,
            bis=beschreibung.bis,
            variante=variante or (gefunden.name if gefunden else None),
        )
        _LETZTER[:] = [self]

    def __repr__(self) -> str:
        bis = f", Daten bis {self.bis}" if self.bis else ""
        return f"{self.ausgabe.datei.titel} {self.ausgabe.name}: {self.gebiet.name}{bis}"


def letzter() -> Bericht | None:
    """Der zuletzt angelegte Bericht, für den Abschluss eines Laufs."""
    return _LETZTER[0] if _LETZTER else None
