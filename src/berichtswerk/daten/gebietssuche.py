"""Suche im Gebietsverzeichnis: vom gelieferten Schlüssel oder Namen zum Gebiet."""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import TYPE_CHECKING

from berichtswerk.daten.gebietsdatei import Gebiet
from berichtswerk.daten.gebietsschluessel import (
    EBENENNAME,
    Ebene,
    abgeleitete_schluessel,
    saubere,
    zerlege_namen,
    zusatz_passt,
)
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis


class Gebietssuche:
    """Findet Gebiete eines Verzeichnisses unter allen Schreibweisen."""

    def __init__(self, verzeichnis: Gebietsverzeichnis) -> None:
        self._v = verzeichnis

    def suche(self, text: object, schema: str | None = None, ebene: Ebene | None = None) -> Gebiet | None:
        """Siehe :meth:`berichtswerk.daten.gebiete.Gebietsverzeichnis.suche`."""
        gesucht = saubere(text)
        treffer = self._nach_schluessel(gesucht, schema) if schema != "name" else ()
        nach_namen = not treffer and schema in {None, "name"}
        if nach_namen:
            treffer = self._nach_namen(gesucht, ebene)
        if ebene is not None:
            gleiche = {g.schluessel: g for t in treffer for g in (t, *self._v.gleiche(t.schluessel))}
            treffer = tuple(g for g in gleiche.values() if g.ebene == ebene)
        elif nach_namen:
            treffer = self._ohne_gleiche(treffer)
        if len(treffer) > 1:
            raise BerichtswerkFehler(self._mehrdeutig(gesucht, treffer))
        return treffer[0] if treffer else None

    def naechste(self, text: str, anzahl: int = 3) -> tuple[Gebiet, ...]:
        """Gebiete, deren Schlüssel oder Name ``text`` ähnelt, die ähnlichsten zuerst."""
        formen = {s: g for (_, s), g in self._schluessel.items()}
        formen.update({n.casefold(): g for g in self._v.values() for n in (g.name, g.name_kurz)})
        aehnlich = difflib.get_close_matches(text.casefold(), [f.casefold() for f in formen], anzahl * 3, 0.6)
        klein = {f.casefold(): g for f, g in formen.items()}
        return tuple({klein[f].schluessel: klein[f] for f in aehnlich}.values())[:anzahl]

    @cached_property
    def _schluessel(self) -> dict[tuple[str, str], Gebiet]:
        """(Schema, Schlüssel) → Gebiet; eigene Schlüssel gehen abgeleiteten vor."""
        verzeichnis: dict[tuple[str, str], Gebiet] = {("eigen", g.schluessel): g for g in self._v.values()}
        for gebiet in self._v.values():
            abgeleitet = abgeleitete_schluessel(gebiet.schluessel, gebiet.ebene, gebiet.teil_von)
            for schema, formen in (*gebiet.weitere_schluessel.items(), *abgeleitet.items()):
                for form in formen:
                    verzeichnis.setdefault((schema, form), gebiet)
        return verzeichnis

    @cached_property
    def _namen(self) -> dict[str, tuple[Gebiet, ...]]:
        """Namenskern → Gebiete; Kurznamen nur in voller Schreibweise."""
        gesammelt: dict[str, dict[str, Gebiet]] = {}
        for gebiet in self._v.values():
            formen = [zerlege_namen(n)[0] for n in (gebiet.name, *gebiet.weitere_namen)]
            for form in (*formen, " ".join(gebiet.name_kurz.casefold().split())):
                gesammelt.setdefault(form, {})[gebiet.schluessel] = gebiet
        return {form: tuple(gebiete.values()) for form, gebiete in gesammelt.items()}

    def _nach_schluessel(self, text: str, schema: str | None) -> tuple[Gebiet, ...]:
        eigen = self._schluessel.get(("eigen", text))
        if eigen is not None and schema is None:
            return (eigen,)
        schemata = (schema,) if schema else tuple(dict.fromkeys(s for s, _ in self._schluessel))
        treffer = (self._schluessel.get((s, text)) for s in schemata)
        return tuple({g.schluessel: g for g in treffer if g is not None}.values())

    def _nach_namen(self, text: str, ebene: Ebene | None) -> tuple[Gebiet, ...]:
        kern, zusatz = zerlege_namen(text)
        treffer = {g.schluessel: g for g in self._namen.get(kern, ())}
        if ebene is not None and zusatz is None:
            return tuple(treffer.values())
        passend = {s: g for s, g in treffer.items() if zusatz_passt(zusatz, g.ebene, g.art)}
        if not passend:
            passend = {g.schluessel: g for g in self._namen.get(" ".join(text.casefold().split()), ())}
        return tuple(passend.values())

    def _ohne_gleiche(self, treffer: tuple[Gebiet, ...]) -> tuple[Gebiet, ...]:
        """Ersetzt amtsfreie Einheiten durch ihre Gemeinde, damit ein Name genau ein Gebiet trifft."""
        ersetzt = (self._v.gleiche(g.schluessel)[0] if self._ist_doppelt(g) else g for g in treffer)
        return tuple({g.schluessel: g for g in ersetzt}.values())

    def _ist_doppelt(self, gebiet: Gebiet) -> bool:
        return gebiet.ebene == "einheit" and bool(self._v.gleiche(gebiet.schluessel))

    def unbekannt(self, text: object, schema: str | None, ebene: Ebene | None) -> Meldung:
        """Die Meldung zu einem unbekannten Gebiet, mit den ähnlichsten bekannten."""
        wo = f" auf der Ebene {EBENENNAME[ebene]}" if ebene else f" im Schema „{schema}“" if schema else ""
        text = saubere(text)
        aehnlich = self.naechste(text)
        anderswo = self._eindeutig(text, schema) if ebene else None
        if anderswo is not None:
            ursache = f"Es ist {_nenne(anderswo)}."
        elif text.isdigit() and (gefunden := self._schluessel.get(("eigen", "0" + text))):
            ursache = f"Vermutlich fehlt die führende Null von {_nenne(gefunden)}."
        elif aehnlich:
            ursache = "Ähnlich: " + ", ".join(_nenne(g) for g in aehnlich) + "."
        else:
            ursache = ""
        abhilfe = f"Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in {self._v.datei}."
        return Meldung(
            "gebiet-unbekannt", f"Das Gebiet „{text}“ gibt es{wo} nicht.", ursache=ursache, abhilfe=abhilfe
        )

    def _eindeutig(self, text: str, schema: str | None) -> Gebiet | None:
        try:
            return self.suche(text, schema)
        except BerichtswerkFehler:
            return None

    def _mehrdeutig(self, text: str, treffer: tuple[Gebiet, ...]) -> Meldung:
        return Meldung(
            "gebiet-mehrdeutig",
            f"„{text}“ kann mehrere Gebiete meinen: {', '.join(_nenne(g) for g in treffer)}.",
            abhilfe="Nennen Sie den Schlüssel oder die Ebene (gemeinde, einheit, planungsgebiet, kreis).",
        )


def _nenne(gebiet: Gebiet) -> str:
    return f"{gebiet.name} ({EBENENNAME[gebiet.ebene]} {gebiet.schluessel})"
