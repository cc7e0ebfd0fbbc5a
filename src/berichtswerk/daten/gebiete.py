"""Das Gebietsverzeichnis: Gemeinde → kommunale Einheit → Planungsgebiet → Kreis → Land → Bund.

Es findet ein Gebiet unter jedem Schlüssel und Namen, unter dem es geliefert wird, und kennt die Hierarchie.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from berichtswerk.daten.gebiet import (
    EBENENNAME,
    Ebene,
    Gebiet,
    GebieteOhneEbene,
    Gebietsaenderung,
    Gebietsdatei,
    Gebietseintrag,
    abgeleitete_schluessel,
    pruefe_gebiete,
    saubere,
    zerlege_namen,
    zusatz_passt,
)
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lade_yaml

__all__ = ["Ebene", "Gebiet", "GebietMehrdeutig", "GebietUnbekannt", "Gebietsverzeichnis", "nenne"]


class GebietUnbekannt(Befundart):
    """Ein Schlüssel oder Name steht nicht im Gebietsverzeichnis."""

    text = "Das Gebiet „{text}“ gibt es{wo} nicht."
    ursache = "{grund}"
    abhilfe = "Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in {verzeichnis}."


class GebietMehrdeutig(Befundart):
    """Ein Name gehört zu mehreren Gebieten."""

    text = "„{text}“ kann mehrere Gebiete meinen: {gebiete}."
    abhilfe = "Nennen Sie den Schlüssel oder die Ebene (gemeinde, einheit, planungsgebiet, kreis)."


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
        gebiet = self.suche(text, schema, ebene)
        if gebiet is None:
            raise BerichtswerkFehler(self._unbekannt(text, schema, ebene))
        return gebiet

    def suche(self, text: object, schema: str | None = None, ebene: Ebene | None = None) -> Gebiet | None:
        """Wie :meth:`finde`, gibt aber ``None`` für unbekannte Gebiete (fremde Zeilen einer Bundestabelle).

        Raises:
            BerichtswerkFehler: ``gebiet-mehrdeutig``.
        """
        treffer = self.treffer(text, schema, ebene)
        if len(treffer) > 1:
            gebiete = ", ".join(map(nenne, treffer))
            raise BerichtswerkFehler(GebietMehrdeutig.melde(text=saubere(text), gebiete=gebiete))
        return treffer[0] if treffer else None

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

    @cached_property
    def _teile(self) -> dict[str, tuple[Gebiet, ...]]:
        teile: dict[str, list[Gebiet]] = {}
        for gebiet in self.values():
            if gebiet.teil_von:
                teile.setdefault(gebiet.teil_von, []).append(gebiet)
        return {oben: tuple(liste) for oben, liste in teile.items()}

    def _oben(self, ebene: Ebene) -> Gebiet:
        gebiet = self.vorfahr(self._kreis, ebene)
        if gebiet is None:
            name, ort = self.kreis.name, f"Gebiet „{self.kreis.name}“"
            befund = GebieteOhneEbene.melde(datei=self.datei, ort=ort, name=name, ebene=EBENENNAME[ebene])
            raise BerichtswerkFehler(befund)
        return gebiet

    # Suchen

    def treffer(self, text: object, schema: str | None, ebene: Ebene | None) -> tuple[Gebiet, ...]:
        """Alle Gebiete, die gemeint sein können."""
        gesucht = saubere(text)
        treffer = self._nach_schluessel(gesucht, schema) if schema != "name" else ()
        nach_namen = not treffer and schema in {None, "name"}
        if nach_namen:
            treffer = self._nach_namen(gesucht, ebene)
        if ebene is not None:
            gleiche = {g.schluessel: g for t in treffer for g in (t, *self.gleiche(t.schluessel))}
            return tuple(g for g in gleiche.values() if g.ebene == ebene)
        return self._ohne_gleiche(treffer) if nach_namen else treffer

    def naechste(self, text: str, anzahl: int = 3) -> tuple[Gebiet, ...]:
        """Gebiete, deren Schlüssel oder Name ``text`` ähnelt, die ähnlichsten zuerst."""
        formen = {s: g for (_, s), g in self._schluessel.items()}
        formen.update({n.casefold(): g for g in self.values() for n in (g.name, g.name_kurz)})
        aehnlich = difflib.get_close_matches(text.casefold(), [f.casefold() for f in formen], anzahl * 3, 0.6)
        klein = {f.casefold(): g for f, g in formen.items()}
        return tuple({klein[f].schluessel: klein[f] for f in aehnlich}.values())[:anzahl]

    @cached_property
    def _schluessel(self) -> dict[tuple[str, str], Gebiet]:
        """(Schema, Schlüssel) → Gebiet; eigene Schlüssel gehen abgeleiteten vor."""
        verzeichnis: dict[tuple[str, str], Gebiet] = {("eigen", g.schluessel): g for g in self.values()}
        for gebiet in self.values():
            abgeleitet = abgeleitete_schluessel(gebiet.schluessel, gebiet.ebene, gebiet.teil_von)
            for schema, formen in (*gebiet.weitere_schluessel.items(), *abgeleitet.items()):
                for form in formen:
                    verzeichnis.setdefault((schema, form), gebiet)
        return verzeichnis

    @cached_property
    def _namen(self) -> dict[str, tuple[Gebiet, ...]]:
        """Namenskern → Gebiete; Kurznamen nur in voller Schreibweise."""
        gesammelt: dict[str, dict[str, Gebiet]] = {}
        for gebiet in self.values():
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
        ersetzt = (self.gleiche(g.schluessel)[0] if self._ist_doppelt(g) else g for g in treffer)
        return tuple({g.schluessel: g for g in ersetzt}.values())

    def _ist_doppelt(self, gebiet: Gebiet) -> bool:
        return gebiet.ebene == "einheit" and bool(self.gleiche(gebiet.schluessel))

    def _unbekannt(self, text: object, schema: str | None, ebene: Ebene | None) -> Meldung:
        """Die Meldung zu einem unbekannten Gebiet, mit den ähnlichsten bekannten."""
        wo = f" auf der Ebene {EBENENNAME[ebene]}" if ebene else f" im Schema „{schema}“" if schema else ""
        text = saubere(text)
        aehnlich = self.naechste(text)
        anderswo = self.treffer(text, schema, None) if ebene else ()
        if len(anderswo) == 1:
            ursache = f"Es ist {nenne(anderswo[0])}."
        elif text.isdigit() and (gefunden := self._schluessel.get(("eigen", "0" + text))):
            ursache = f"Vermutlich fehlt die führende Null von {nenne(gefunden)}."
        elif aehnlich:
            ursache = "Ähnlich: " + ", ".join(nenne(g) for g in aehnlich) + "."
        else:
            ursache = ""
        return GebietUnbekannt.melde(text=text, wo=wo, grund=ursache, verzeichnis=self.datei)


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


def nenne(gebiet: Gebiet) -> str:
    """„Name (Ebene Schlüssel)“ für Meldungen."""
    return f"{gebiet.name} ({EBENENNAME[gebiet.ebene]} {gebiet.schluessel})"
