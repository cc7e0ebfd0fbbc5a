"""Die gelesene Tabelle: lange Werte mit Status, Ort in der Datei und Rohtext.

Gehalten wird sie spaltenweise: jeder Text einmal, je Zeile nur seine Nummer. Eine Million Werte brauchen so
einige zehn Megabyte statt eines guten Gigabytes.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.lesebericht import Lesebericht
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Stellen = np.ndarray[Any, np.dtype[np.int64]]

VORN = ("gebiet", "zeit")
HINTEN = ("groesse", "status", "basis", "gebietsstand", "datei", "spalte", "roh")


def als_text(wert: Any) -> str:
    """Ausprägung als Text: leeres Feld ``""``, ganze Zahlen ohne Nachkommastellen."""
    if wert is None or (isinstance(wert, float) and math.isnan(wert)):
        return ""
    if isinstance(wert, float) and wert.is_integer():
        return str(int(wert))
    text = str(wert).strip()
    return "" if text in {"<NA>", "nan", "NaT"} else text


class Spalte(Sequence[str]):
    """Eine Spalte aus Texten: je Zeile eine Nummer, je Nummer ein Text."""

    __slots__ = ("_nummer", "nummern", "texte")

    def __init__(self, nummern: Iterable[int] = (), texte: Iterable[str] = ()) -> None:
        self.nummern = array("i", nummern)
        self.texte = list(texte)
        self._nummer = _Nummern(self.texte)

    def verlaengere(self, texte: Iterable[str]) -> None:
        """Hängt Texte an."""
        self.nummern.extend(map(self._nummer.__getitem__, texte))

    def setze(self, stelle: int, text: str) -> None:
        """Ersetzt den Text einer Zeile."""
        self.nummern[stelle] = self._nummer[text]

    def __getitem__(self, stelle: Any) -> Any:
        return self.texte[self.nummern[stelle]]

    def __len__(self) -> int:
        return len(self.nummern)

    def zahlen(self) -> np.ndarray[Any, np.dtype[np.int32]]:
        """Die Nummern zum Rechnen; nicht verändern."""
        import numpy as np

        return np.frombuffer(self.nummern, dtype=np.int32) if self.nummern else np.zeros(0, np.int32)


class _Nummern(dict[str, int]):
    """Text → Nummer; ein neuer Text bekommt die nächste."""

    def __init__(self, texte: list[str]) -> None:
        super().__init__((text, nummer) for nummer, text in enumerate(texte))
        self._texte = texte

    def __missing__(self, text: str) -> int:
        nummer = self[text] = len(self._texte)
        self._texte.append(text)
        return nummer


class Tabelle:
    """Alle Werte einer Quelle in langer Form, spaltenweise.

    ``texte`` hat die Spalten ``gebiet``, ``zeit``, die Merkmale, ``groesse``, ``status``, ``basis``,
    ``gebietsstand`` (leer = unbekannt), ``datei`` (ab Projektwurzel), ``spalte`` (Kopftext, bei
    Tabellenkalkulation ``Blatt!F``) und ``roh`` (Text der Lieferung); ``wert`` ist NaN, wenn der Status keine
    Zahl hat; ``zeile`` ist die physische Zeile ab 1.
    """

    def __init__(self, quelle: Quelle, merkmale: Sequence[str] = ()) -> None:
        self.quelle = quelle
        self.merkmale = tuple(merkmale)
        self.texte = {name: Spalte() for name in (*VORN, *self.merkmale, *HINTEN)}
        self.wert = array("d")
        self.zeile = array("i")
        self.bericht = Lesebericht()
        """was beim Lesen geschah"""
        self.berichtigt: dict[int, str] = {}
        """Stelle → warum dort ein anderer Wert steht als in der Lieferung"""
        self.spur = ""
        """wovon ihr Inhalt abhängt (:func:`berichtswerk.daten.leser.spur`); leer: er gilt nur dieses Mal"""

    @classmethod
    def aus(cls, quelle: Quelle, spalten: Mapping[str, Sequence[Any]]) -> Tabelle:
        """Aus Spalten (Name → Inhalt); was nicht zum Aufbau gehört, ist Merkmal."""
        fest = {*VORN, *HINTEN, "wert", "zeile", "jahr"}
        tabelle = cls(quelle, [str(name) for name in spalten if name not in fest])
        tabelle.nimm({n: i if n in {"wert", "zeile"} else list(map(als_text, i)) for n, i in spalten.items()})
        return tabelle

    def nimm(self, spalten: Mapping[str, Iterable[Any]]) -> None:
        """Hängt Zeilen an; ``wert`` darf ``None`` enthalten."""
        for name, spalte in self.texte.items():
            spalte.verlaengere(spalten[name])
        self.wert.extend(math.nan if wert is None else wert for wert in spalten["wert"])
        self.zeile.extend(spalten["zeile"])

    def berichtige(self, stelle: int, wert: float, satz: str) -> None:
        """Setzt einen anderen Wert als den gelieferten; ``roh`` bleibt, was geliefert ist."""
        self.wert[stelle] = wert
        self.texte["status"].setze(stelle, Status.BERICHTIGT)
        self.berichtigt[stelle] = satz

    def ergaenzt(self, neu: Tabelle) -> Tabelle:
        """Diese Werte und die neuen; wo beide etwas nennen, gilt das neue, ein leeres Feld aber nicht."""
        merkmale = tuple(dict.fromkeys((*self.merkmale, *neu.merkmale)))
        ganz = Tabelle(neu.quelle, merkmale)
        zeilen: dict[tuple[str, ...], dict[str, Any]] = {}
        namen = ("gebiet", "zeit", *merkmale, "groesse", "basis", "gebietsstand")
        for zeile in chain(self.alle_zeilen(), neu.alle_zeilen()):
            voll = {**dict.fromkeys(merkmale, ""), **zeile}
            schluessel = tuple(voll[n] for n in namen)
            if schluessel not in zeilen or voll["status"] != Status.FEHLT:
                zeilen[schluessel] = voll
        ganz.nimm({n: [z[n] for z in zeilen.values()] for n in (*ganz.texte, "wert", "zeile")})
        ganz.bericht.blaetter = [*self.bericht.blaetter, *neu.bericht.blaetter]
        ganz.bericht.meldungen = [*self.bericht.meldungen, *neu.bericht.meldungen]
        return ganz

    def alle_zeilen(self) -> list[dict[str, Any]]:
        """Jede Zeile, wie :meth:`zeilen`."""
        import numpy as np

        return self.zeilen(np.arange(len(self)))

    def __len__(self) -> int:
        return len(self.wert)

    @property
    def groessen(self) -> tuple[str, ...]:
        """Namen der Messgrößen in der Reihenfolge ihres Auftretens."""
        return tuple(self.texte["groesse"].texte)

    @property
    def jahre(self) -> list[int]:
        """Nummer der Zeit → ihr (erstes) Jahr."""
        return [int(zeit[:4]) for zeit in self.texte["zeit"].texte]

    @cached_property
    def werte(self) -> pd.DataFrame:
        """Die lange Form zum Rechnen; dazu ``jahr`` (int) hinter ``zeit``."""
        import numpy as np

        return self.auszug(np.arange(len(self)))

    def auszug(self, stellen: Stellen) -> pd.DataFrame:
        """Diese Zeilen in langer Form, wie :attr:`werte`."""
        import numpy as np
        import pandas as pd

        def text(name: str) -> pd.Series[Any]:
            spalte = self.texte[name]
            return pd.Series(np.array(spalte.texte, dtype=object)[spalte.zahlen()[stellen]], dtype="str")

        zeile = np.array(self.zeile, dtype=np.int64)[stellen]
        zahlen = {"wert": np.array(self.wert)[stellen], "zeile": zeile, "jahr": self.jahr_je_zeile()[stellen]}
        namen = (
            *VORN, "jahr", *self.merkmale, "groesse", "wert", "status", "basis", "gebietsstand", "datei",
            "zeile", "spalte", "roh",
        )  # fmt: skip
        spalten = {name: zahlen[name] if name in zahlen else text(name) for name in namen}
        return pd.DataFrame(spalten, copy=False)  # sie gehören schon niemandem sonst

    def jahr_je_zeile(self) -> Stellen:
        """Je Zeile das (erste) Jahr ihrer Zeit."""
        import numpy as np

        jahre: Stellen = np.array(self.jahre, dtype=np.int64)[self.texte["zeit"].zahlen()]
        return jahre

    def stellen(self, groesse: str) -> Stellen:
        """Welche Zeilen zu einer Messgröße gehören (Nummern ab 0)."""
        nummer = self.groessen.index(groesse) if groesse in self.groessen else -1
        import numpy as np

        return np.flatnonzero(self.texte["groesse"].zahlen() == nummer)

    def auspraegungen(self, stellen: Stellen, merkmal: str) -> list[str]:
        """Was in diesen Zeilen unter dem Merkmal steht, in der Reihenfolge des Auftretens."""
        spalte = self.texte[merkmal]
        return [spalte.texte[nummer] for nummer in dict.fromkeys(spalte.zahlen()[stellen].tolist())]

    def mit(self, stellen: Stellen, merkmal: str, gewollt: Collection[str]) -> Stellen:
        """Nur die Zeilen mit einer dieser Ausprägungen."""
        import numpy as np

        spalte = self.texte[merkmal]
        nummern = [nummer for nummer, text in enumerate(spalte.texte) if text in gewollt]
        return stellen[np.isin(spalte.zahlen()[stellen], nummern)]

    def zeilen(self, stellen: Stellen) -> list[dict[str, Any]]:
        """Diese Zeilen als dict: alle Texte, ``jahr``, ``wert`` und ``zeile``.

        Ist etwas in der Tabelle berichtigt, auch ``berichtigt``: warum, sonst leer.
        """
        jahre, auswahl = self.jahre, stellen.tolist()
        spalten: dict[str, list[Any]] = {
            name: [spalte.texte[spalte.nummern[i]] for i in auswahl] for name, spalte in self.texte.items()
        }
        spalten["jahr"] = [jahre[self.texte["zeit"].nummern[i]] for i in auswahl]
        spalten["wert"] = [self.wert[i] for i in auswahl]
        spalten["zeile"] = [self.zeile[i] for i in auswahl]
        if self.berichtigt:
            spalten["berichtigt"] = [self.berichtigt.get(i, "") for i in auswahl]
        namen = tuple(spalten)
        return [dict(zip(namen, zeile, strict=True)) for zeile in zip(*spalten.values(), strict=True)]

    def kennzahlen(self, namen: Iterable[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Je Zeile eine Zahl, die genau dann gleich ist, wenn die Texte dieser Spalten gleich sind."""
        import numpy as np

        zahl = np.zeros(len(self), np.int64)
        moeglich = 1
        for spalte in (self.texte[name] for name in namen):
            anzahl = max(len(spalte.texte), 1)
            if moeglich > 2**62 // anzahl:
                _, zahl = np.unique(zahl, return_inverse=True)
                moeglich = len(self) + 1
            zahl = zahl * anzahl + spalte.zahlen()
            moeglich *= anzahl
        return zahl
