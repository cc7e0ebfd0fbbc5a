"""Das Gebietsverzeichnis: Gemeinde → kommunale Einheit → Planungsgebiet → Kreis → Land → Bund.

Es findet ein Gebiet unter jedem Schlüssel und Namen, unter dem es geliefert wird, und kennt die Hierarchie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from berichtswerk.daten.gebietsdatei import (
    Gebiet,
    Gebietsaenderung,
    Gebietsdatei,
    Gebietseintrag,
    pruefe_gebiete,
)
from berichtswerk.daten.gebietsschluessel import EBENENNAME, Ebene
from berichtswerk.daten.gebietssuche import Gebietssuche
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    import pandas as pd


class Gebietsverzeichnis(Mapping[str, Gebiet]):
    """Alle Gebiete, zugänglich über den eigenen Schlüssel (``verzeichnis[...]``) oder ``finde``."""

    def __init__(self, inhalt: Gebietsdatei, datei: str = "daten/gebiete.yaml") -> None:
        """Baut das Verzeichnis.

        Raises:
            BerichtswerkFehler: mit allen Widersprüchen (doppelte Schlüssel, verkehrte Zuordnung).
        """
        if befunde := pruefe_gebiete(inhalt, datei):
            raise BerichtswerkFehler(befunde)
        self.datei = datei
        self.gebietsstand = inhalt.gebietsstand
        self._aenderungen = inhalt.gebietsaenderungen
        gebiete = sorted(
            (_gebiet(eintrag, platz) for platz, eintrag in enumerate(inhalt.gebiete)),
            key=lambda g: g.reihenfolge,
        )
        self._gebiete = {g.schluessel: g for g in gebiete}
        self._kreis = inhalt.kreis
        self._inhalt = inhalt
        self._flaechengleich: dict[str, tuple[Gebiet, ...]] = {}

    @cached_property
    def kennzeichen(self) -> str:
        """Alles, was im Verzeichnis steht, als Text: gleiche Verzeichnisse haben gleiche Kennzeichen."""
        return self._inhalt.model_dump_json()

    @classmethod
    def lade(cls, projekt: Projekt) -> Gebietsverzeichnis:
        """Liest ``daten/gebiete.yaml``."""
        from berichtswerk.grund.yamldatei import lade_yaml

        pfad = projekt.daten / "gebiete.yaml"
        return cls(lade_yaml(pfad, Gebietsdatei, projekt), projekt.relativ(pfad))

    def __getitem__(self, schluessel: str) -> Gebiet:
        return self._gebiete[schluessel]

    def __iter__(self) -> Iterator[str]:
        return iter(self._gebiete)

    def __len__(self) -> int:
        return len(self._gebiete)

    @property
    def kreis(self) -> Gebiet:
        """Der eigene Kreis."""
        return self[self._kreis]

    @property
    def land(self) -> Gebiet:
        """Das Land des eigenen Kreises."""
        return self._oben("land")

    @property
    def bund(self) -> Gebiet:
        """Der Bund."""
        return self._oben("bund")

    def ebene(self, ebene: Ebene) -> tuple[Gebiet, ...]:
        """Alle Gebiete einer Ebene in ihrer Reihenfolge."""
        return tuple(g for g in self.values() if g.ebene == ebene)

    def kinder(self, schluessel: str, ebene: Ebene | None = None) -> tuple[Gebiet, ...]:
        """Teile eines Gebiets: die unmittelbaren, oder alle einer bestimmten Ebene."""
        teile = self._teile.get(schluessel, ())
        if ebene is None:
            return teile
        alle = (k for t in teile for k in ((t,) if t.ebene == ebene else self.kinder(t.schluessel, ebene)))
        return tuple(sorted(alle, key=lambda g: g.reihenfolge))

    def vorfahr(self, schluessel: str, ebene: Ebene) -> Gebiet | None:
        """Das Gebiet dieser Ebene, in dem ``schluessel`` liegt (auch es selbst); sonst ``None``."""
        hier: Gebiet | None = self[schluessel]
        while hier is not None and hier.ebene != ebene:
            hier = self[hier.teil_von] if hier.teil_von else None
        return hier

    def gleiche(self, schluessel: str) -> tuple[Gebiet, ...]:
        """Gebiete mit derselben Fläche: eine amtsfreie Gemeinde und ihre kommunale Einheit."""
        if schluessel not in self._flaechengleich:
            self._flaechengleich[schluessel] = self._suche_gleiche(schluessel)
        return self._flaechengleich[schluessel]

    def _suche_gleiche(self, schluessel: str) -> tuple[Gebiet, ...]:
        gebiet = self[schluessel]
        if gebiet.ebene == "einheit":
            teile = self.kinder(schluessel)
            return teile if len(teile) == 1 else ()
        if gebiet.ebene == "gemeinde" and gebiet.teil_von:
            oben = self[gebiet.teil_von]
            return (oben,) if oben.ebene == "einheit" and len(self.kinder(oben.schluessel)) == 1 else ()
        return ()

    def finde(self, text: object, schema: str | None = None, ebene: Ebene | None = None) -> Gebiet:
        """Findet ein Gebiet unter einem gelieferten Schlüssel oder Namen.

        ``schema``: ``ags``, ``ars``, ``gvb``, ``ars_teil``, ein Schema aus ``weitere_schluessel`` oder
        ``name``; ohne Angabe wird alles versucht. ``ebene`` entscheidet bei gleichen Namen und wählt zwischen
        einer amtsfreien Gemeinde und ihrer Einheit (ohne Angabe gilt bei Namen die Gemeinde).

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` mit ähnlichen Gebieten oder ``gebiet-mehrdeutig``.
        """
        gebiet = self._suche.suche(text, schema, ebene)
        if gebiet is None:
            raise BerichtswerkFehler(self._suche.unbekannt(text, schema, ebene))
        return gebiet

    def suche(self, text: object, schema: str | None = None, ebene: Ebene | None = None) -> Gebiet | None:
        """Wie :meth:`finde`, gibt aber ``None`` für unbekannte Gebiete (fremde Zeilen einer Bundestabelle).

        Raises:
            BerichtswerkFehler: ``gebiet-mehrdeutig``.
        """
        return self._suche.suche(text, schema, ebene)

    def naechste(self, text: str, anzahl: int = 3) -> tuple[Gebiet, ...]:
        """Gebiete, deren Schlüssel oder Name ``text`` ähnelt, die ähnlichsten zuerst."""
        return self._suche.naechste(text, anzahl)

    def gleicher_stand(self, schluessel: str, eins: str | None, zwei: str | None) -> bool:
        """Ob zwei Gebietsstände für dieses Gebiet dieselbe Fläche meinen.

        Leer heißt unbekannt und passt zu allem. Verschiedene Tage sind gleichwertig, wenn das Verzeichnis
        für die Zeit dazwischen vollständig ist und keine Änderung dieses Gebiets nennt.
        """
        if not eins or not zwei or eins == zwei:
            return True
        tage = sorted(t for t in (_tag(eins), _tag(zwei)) if t is not None)
        if len(tage) < 2 or self._aenderungen is None or tage[0] < self._aenderungen.vollstaendig_seit:
            return False
        return not self.aenderungen(schluessel, tage[0], tage[1])

    def aenderungen(self, schluessel: str, von: date, bis: date) -> tuple[Gebietsaenderung, ...]:
        """Genannte Grenzänderungen des Gebiets nach ``von`` bis einschließlich ``bis``."""
        liste = self._aenderungen.liste if self._aenderungen else []
        gemeint = {schluessel, *(g.schluessel for g in self.gleiche(schluessel))}
        return tuple(a for a in liste if von < a.ab <= bis and gemeint & set(a.gebiete))

    def summe(self, werte: pd.DataFrame, ebene: Ebene) -> pd.DataFrame:
        """Summiert lange Werte auf eine größere Ebene (:func:`berichtswerk.daten.gebietssumme.summe`)."""
        from berichtswerk.daten.gebietssumme import summe

        return summe(self, werte, ebene)

    @cached_property
    def _teile(self) -> dict[str, tuple[Gebiet, ...]]:
        teile: dict[str, list[Gebiet]] = {}
        for gebiet in self.values():
            if gebiet.teil_von:
                teile.setdefault(gebiet.teil_von, []).append(gebiet)
        return {oben: tuple(liste) for oben, liste in teile.items()}

    @cached_property
    def _suche(self) -> Gebietssuche:
        return Gebietssuche(self)

    def _oben(self, ebene: Ebene) -> Gebiet:
        gebiet = self.vorfahr(self._kreis, ebene)
        if gebiet is None:
            raise BerichtswerkFehler(
                Meldung(
                    "gebiete-zuordnung",
                    f"„{self.kreis.name}“ ist keinem Gebiet der Ebene {EBENENNAME[ebene]} zugeordnet.",
                    self.datei,
                    f"Gebiet „{self.kreis.name}“",
                    "teil_von",
                )
            )
        return gebiet


def _gebiet(eintrag: Gebietseintrag, platz: int) -> Gebiet:
    schluessel = {s: (w,) if isinstance(w, str) else tuple(w) for s, w in eintrag.weitere_schluessel.items()}
    felder = eintrag.model_dump(exclude={"kachel", "weitere_schluessel", "weitere_namen", "name_kurz"})
    felder["reihenfolge"] = platz if eintrag.reihenfolge is None else eintrag.reihenfolge
    return Gebiet(
        **felder,
        name_kurz=eintrag.name_kurz or eintrag.name,
        kachel=eintrag.kachel,
        weitere_schluessel=schluessel,
        weitere_namen=tuple(eintrag.weitere_namen),
    )


def _tag(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


__all__ = ["Ebene", "Gebiet", "Gebietsverzeichnis"]
