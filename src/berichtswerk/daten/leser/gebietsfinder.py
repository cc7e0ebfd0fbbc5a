"""Gelieferte Gebietsschlüssel und -namen in die eigenen Schlüssel übersetzen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from berichtswerk.daten.lesen import Gebietsangabe
from berichtswerk.daten.leser.grund import Sammler
from berichtswerk.grund.aehnlich import aufgezaehlt
from berichtswerk.grund.meldung import BerichtswerkFehler

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

_OHNE_NULL = re.compile(r"[1-9]\d*")
_LAENGEN_OHNE_NULL = frozenset({1, 4, 7, 11})
"""Land, Kreis, Gemeinde (AGS) und Gemeinde (ARS), wenn die führende Null fehlt."""


class Gebietsfinder:
    """Findet Gebiete nach der Gebietsangabe einer Quelle; jede Antwort wird gemerkt."""

    def __init__(
        self, angabe: Gebietsangabe, verzeichnis: Gebietsverzeichnis | None, sammler: Sammler, spalte: str
    ) -> None:
        self._angabe, self._verzeichnis, self._sammler, self._spalte = angabe, verzeichnis, sammler, spalte
        self._bekannt: dict[str, str | None] = {}
        self._fehlerhaft: dict[str, tuple[str, str, str, str]] = {}

    def gewuenscht(self, text: str) -> bool:
        """Ob der Schlüssel mit einem der Anfänge unter ``nur`` beginnt."""
        return not self._angabe.nur or text.startswith(tuple(self._angabe.nur))

    def finde(self, text: str, zeile: int) -> str | None:
        """Der eigene Schlüssel; ``None``, wenn es nicht gelesen wird oder unbekannt ist (gemeldet)."""
        if text not in self._bekannt and text not in self._fehlerhaft:
            self._bestimme(text)
        if text in self._fehlerhaft:
            kennung, meldung, ursache, abhilfe = self._fehlerhaft[text]
            self._sammler.dazu(
                kennung, meldung, f"Zeile {zeile}", self._spalte, ursache=ursache, abhilfe=abhilfe
            )
            return None
        return self._bekannt[text]

    def _bestimme(self, text: str) -> None:
        angabe = self._angabe
        if not text:
            if angabe.unbekannte == "weglassen":
                self._bekannt[text] = None
            else:
                self._fehlerhaft[text] = (
                    "gebiet-leer", "In dieser Zeile steht kein Gebiet.", "",
                    "Ergänzen Sie den Schlüssel; gehört die Zeile nicht zur Tabelle, nennen Sie sie unter "
                    "lesen.auslassen oder lesen.ende.",
                )  # fmt: skip
            return
        ohne_null = len(text) in _LAENGEN_OHNE_NULL and bool(_OHNE_NULL.fullmatch(text))
        if ohne_null and angabe.fuehrende_null == "ergaenzen":
            text_, ohne_null = "0" + text, False
        else:
            text_ = text
        try:
            gefunden = self._suche(text_)
            mit_null = self._suche("0" + text) if ohne_null and gefunden is None else None
        except BerichtswerkFehler as fehler:
            erste = fehler.meldungen[0]
            self._fehlerhaft[text] = (erste.kennung, erste.text, erste.ursache, erste.abhilfe)
            return
        self._lege_ab(text, text_, gefunden, ohne_null and (mit_null or angabe.unbekannte == "behalten"))

    def _lege_ab(self, text: str, text_: str, gefunden: str | None, ohne_null: object) -> None:
        if gefunden is not None:
            self._bekannt[text] = gefunden
        elif ohne_null:
            self._fehlerhaft[text] = (
                "gebiet-fuehrende-null", f"Dem Schlüssel „{text}“ fehlt wohl die führende Null.",
                f"Er hat {len(text)} Stellen; Tabellenkalkulationen streichen führende Nullen.",
                "Liefern Sie den Schlüssel als Text oder setzen Sie „gebiet: {fuehrende_null: ergaenzen}“.",
            )  # fmt: skip
        elif self._angabe.unbekannte != "fehler":
            self._bekannt[text] = text_ if self._angabe.unbekannte == "behalten" else None
        else:
            self._fehlerhaft[text] = self._unbekannt(text_)

    def _suche(self, text: str) -> str | None:
        if self._verzeichnis is None:
            return None
        gebiet = self._verzeichnis.suche(text, self._angabe.schluessel, self._angabe.ebene)
        return gebiet.schluessel if gebiet else None

    def _unbekannt(self, text: str) -> tuple[str, str, str, str]:
        nah = self._verzeichnis.naechste(text) if self._verzeichnis else ()
        meinten = (
            f"Meinten Sie {aufgezaehlt(f'{g.schluessel} {g.name}' for g in nah)}? "
            if nah
            else "Prüfen Sie Schlüssel oder Name in der Lieferung. "
        )
        return (
            "gebiet-unbekannt", f"Das Gebiet „{text}“ steht nicht in daten/gebiete.yaml.", "",
            f"{meinten}Enthält die Lieferung auch fremde Gebiete, setzen Sie „gebiet: {{unbekannte: "
            "weglassen}“.",
        )  # fmt: skip
