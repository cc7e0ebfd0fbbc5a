"""Gebiete: Ebenen, Schlüssel, Namen, ``daten/gebiete.yaml`` und das Verzeichnis, das daraus wird.

Gemeinde → kommunale Einheit → Planungsgebiet → Kreis → Land → Bund. Das Verzeichnis findet ein Gebiet unter
jedem Schlüssel und Namen, unter dem es geliefert wird, und kennt die Hierarchie. Nur hier sind
Schlüsselschemata (AGS, ARS, GVB, ARS-Teil) und Namenszusätze („, Stadt“, „Amt …“) bekannt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml

Ebene = Literal["gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"]
EBENEN: tuple[Ebene, ...] = ("gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund")
"""Ebenen von klein nach groß."""

EBENENNAME: dict[Ebene, str] = {
    "gemeinde": "Gemeinde",
    "einheit": "kommunale Einheit",
    "planungsgebiet": "Planungsgebiet",
    "kreis": "Kreis",
    "land": "Land",
    "bund": "Bund",
}

Zusatz = Literal["amt", "ort", "kreis", "land", "planungsgebiet"]
"""Was ein Namenszusatz über die Ebene sagt; ``ort`` heißt Stadt oder Gemeinde, kein Amt."""

_UMLAUTE = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_VERBAENDE: tuple[str, ...] = (
    "amt", "samtgemeinde", "verbandsgemeinde", "verwaltungsgemeinschaft", "verwaltungsverband",
    "kirchspielslandgemeinde", "erfüllende gemeinde",
)  # fmt: skip
_VORN: tuple[tuple[str, Zusatz], ...] = (
    *((f"{art} ", "amt") for art in _VERBAENDE), ("vg ", "amt"), ("sg ", "amt"),
    ("landkreis ", "kreis"), ("kreis ", "kreis"), ("lk ", "kreis"), ("land ", "land"),
    ("planungsgebiet ", "planungsgebiet"), ("stadt ", "ort"), ("gemeinde ", "ort"),
)  # fmt: skip
_HINTEN: tuple[tuple[str, Zusatz], ...] = (
    *((f", {art}", "amt") for art in _VERBAENDE), *((f" ({art})", "amt") for art in _VERBAENDE),
    (" (vgem)", "amt"), (", landkreis", "kreis"), (", kreis", "kreis"),
    (", lk", "kreis"), (", land", "land"), (", stadt", "ort"), (", gemeinde", "ort"), (", hansestadt", "ort"),
    (" (landkreis)", "kreis"), (" (lk)", "kreis"), (" (land)", "land"),
)  # fmt: skip


_TITEL = re.compile(
    r"(.+?)(?:, | \()"
    r"((?:[^\W\d_]+ )?[^\W\d_-]*stadt(?: .+)?|stadtkreis|st\.?|markt|flecken|gde\.?|[^\W\d_-]*gemeinde)\)?"
)
"""„Musterau, Fachwerkstadt“, „Musterau (Stadt)“: hinter Komma oder Klammer steht ein Titel des Orts."""


def zerlege_namen(name: str) -> tuple[str, Zusatz | None]:
    """Trennt einen Namen in vergleichbaren Kern und Zusatz.

    ``"Musterau (Aue), Stadt"`` → ``("musterau aue", "ort")``; ``"Amt Musterau"`` → ``("musterau", "amt")``.
    """
    text = " ".join(name.casefold().split())
    for anfang, zusatz in _VORN:
        if text.startswith(anfang):
            return _kern(text.removeprefix(anfang)), zusatz
    for ende, zusatz in _HINTEN:
        if text.endswith(ende):
            return _kern(text.removesuffix(ende)), zusatz
    if treffer := _TITEL.fullmatch(text):
        return _kern(treffer[1]), None if "kreisfreie" in treffer[2] or "stadtkreis" in treffer[2] else "ort"
    return _kern(text), None


def _kern(text: str) -> str:
    """Klammern, Striche und Umlaute zählen nicht: „Müsterau/Aue“ = „Muesterau (Aue)“."""
    return " ".join(re.sub(r"[()/\-–,]", " ", text).translate(_UMLAUTE).split())


def zusatz_passt(zusatz: Zusatz | None, ebene: Ebene, art: str | None) -> bool:
    """Ob ein Gebiet dieser Ebene und Art den Zusatz tragen kann.

    Ohne Zusatz passt alles außer Planungsgebieten: deren Namen sind hausintern und meist Ortsnamen.
    """
    ist_verband = ebene == "einheit" and (art or "").casefold() in _VERBAENDE
    match zusatz:
        case None:
            return ebene != "planungsgebiet"
        case "amt":
            return ist_verband
        case "ort":
            return ebene in {"gemeinde", "einheit"} and not ist_verband
        case _:
            return ebene == zusatz


def abgeleitete_schluessel(schluessel: str, ebene: Ebene, teil_von: str | None) -> dict[str, tuple[str, ...]]:
    """Schreibweisen eines Schlüssels, die sich aus dem eigenen ergeben, je Schema.

    Gemeinde 8-stellig (AGS), Einheit 9-stellig (GVB), Kreis 5- und Land 2-stellig. Der ARS einer Gemeinde ist
    der GVB-Schlüssel ihrer Einheit und die letzten drei Stellen des AGS; Kreise und Länder werden mit Nullen
    aufgefüllt; der ARS-Teil ist die Verbandsnummer (Stellen 6 bis 9).
    """
    match ebene:
        case "gemeinde":
            verband = teil_von if teil_von and re.fullmatch(r"\d{9}", teil_von) else None
            ars = (verband + schluessel[-3:],) if verband and len(schluessel) == 8 else ()
            return {"ags": (schluessel,), "ars": ars}
        case "einheit" if re.fullmatch(r"\d{9}", schluessel):
            return {
                "gvb": (schluessel,),
                "ars": (schluessel, schluessel + "000"),
                "ars_teil": (schluessel[5:],),
            }
        case "kreis" | "land" if schluessel.isdigit():
            kurz, lang = schluessel.ljust(8, "0"), schluessel.ljust(12, "0")
            return {"ags": (schluessel, kurz), "ars": (schluessel, lang)}
        case "bund":
            return {"ags": ("DG", "DE", "00"), "ars": ("DG", "DE", "00")}
        case _:
            return {}


def saubere(text: object) -> str:
    """Text eines Schlüssels oder Namens ohne Ränder und Füllpunkte; Ziffernfolgen ohne innere Leerzeichen.

    Was Programme aus Schlüsseln machen („'09999“, „9999.0“), zählt nicht.
    """
    roh = re.sub(r"(?<=\w|\))\s*(\.\s?){3,}$|\s*…+$", "", str(text).strip())
    ohne = re.sub(r"\s+|^['’]|(?<=[0-9]{2})\.0$", "", roh)
    return ohne if ohne.isdigit() else roh


Schreibweisen = Annotated[tuple[str, ...], BeforeValidator(lambda w: [w] if isinstance(w, str) else w)]


class Gebiet(YamlModell):
    """Ein Gebiet; ``lon``/``lat`` in Grad, Fläche in km²."""

    schluessel: str = Field(min_length=1)
    """Eigener Schlüssel: Gemeinde 8, Einheit 9, Kreis 5, Land 2 Stellen, Bund DG; Planungsgebiet frei."""
    name: str = Field(min_length=1)
    name_kurz: str = Field(default_factory=lambda felder: str(felder.get("name")))
    """Für enge Stellen in Abbildungen; sonst der Name."""
    ebene: Ebene
    teil_von: str | None = None
    """Schlüssel des nächstgrößeren Gebiets; nur der Bund hat keines."""
    art: str | None = None
    """Amt, Stadt, Gemeinde …; trennt gleichnamige Stadt und Amt."""
    reihenfolge: int | None = None
    """Ordnet Tabellen und Abbildungen; ohne Angabe der Platz in der Liste."""
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    flaeche_km2: float | None = Field(default=None, gt=0)
    weitere_schluessel: dict[str, Schreibweisen] = Field(default_factory=dict)
    """Schlüssel anderer Lieferanten, je Schema (``alt: "…"``); AGS, ARS und GVB werden abgeleitet."""
    weitere_namen: tuple[str, ...] = ()
    """Andere Schreibweisen; Zusätze wie „, Stadt“ werden ohnehin verstanden."""

    def __hash__(self) -> int:
        return hash(self.schluessel)

    @property
    def marke(self) -> str:
        """Der kurze Name für Labels und Dateinamen: „Großweiler“ → „grossweiler“."""
        text = self.name_kurz.lower().translate(_UMLAUTE)
        return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


class Gebietsaenderung(YamlModell):
    """Eine Änderung von Grenzen oder Zuordnungen."""

    ab: date
    """Erster Tag mit den neuen Grenzen."""
    gebiete: list[str]
    """Schlüssel der Gebiete, deren Fläche sich geändert hat."""
    grund: str


class Gebietsaenderungen(YamlModell):
    """Alle Änderungen seit einem Tag; nur damit lassen sich Gebietsstände vergleichen."""

    vollstaendig_seit: date
    liste: list[Gebietsaenderung] = Field(default_factory=list)


class Gebietsdatei(YamlModell):
    """Die ganze Datei."""

    gebietsstand: date
    kreis: str
    """Schlüssel des eigenen Kreises."""
    quelle: str | None = None
    gebiete: list[Gebiet] = Field(min_length=1)
    gebietsaenderungen: Gebietsaenderungen | None = None


class GebieteKreis(Befundart):
    text = "Der eigene Kreis „{kreis}“ steht nicht in der Liste der Gebiete."
    ursache = "Als Kreis eingetragen sind: {eingetragen}."
    abhilfe = "Tragen Sie den Kreis unter „gebiete“ mit „ebene: kreis“ ein."
    feld = "kreis"


class GebieteDoppelt(Befundart):
    text = "Der Schlüssel „{schluessel}“ kommt zweimal vor."
    ursache = "Er gehört schon zu „{name}“."
    abhilfe = "Geben Sie jedem Gebiet einen eigenen Schlüssel."
    feld = "schluessel"


class GebieteZuordnung(Befundart):
    text = "Dem Gebiet fehlt die Zuordnung „teil_von“."
    ursache = "Nur der Bund steht allein."
    abhilfe = "Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein."
    feld = "teil_von"


class GebieteZuordnungLeer(GebieteZuordnung):
    text = "„teil_von: {oben}“ verweist auf ein Gebiet, das es nicht gibt."
    ursache = ""
    abhilfe = "Berichtigen Sie den Schlüssel oder ergänzen Sie das Gebiet (Schlüssel in Anführungszeichen)."


class GebieteZuordnungVerkehrt(GebieteZuordnung):
    text = "„teil_von: {oben}“ ist nicht größer als das Gebiet selbst."
    ursache = "{ebene} kann nicht Teil von {ebene_oben} sein."


class GebieteOhneEbene(GebieteZuordnung):
    text = "„{name}“ ist keinem Gebiet der Ebene {ebene} zugeordnet."
    ursache = ""


def pruefe_gebiete(inhalt: Gebietsdatei, datei: str) -> list[Meldung]:
    """Alle Widersprüche: doppelte Schlüssel, fehlende oder verkehrte Zuordnung, fremder Kreis."""
    befunde = [*_doppelte(inhalt, datei), *_zuordnungen(inhalt, datei)]
    kreise = [e.schluessel for e in inhalt.gebiete if e.ebene == "kreis"]
    if inhalt.kreis not in kreise:
        eingetragen = ", ".join(kreise) or "keine"
        befunde.append(GebieteKreis.melde(datei=datei, kreis=inhalt.kreis, eingetragen=eingetragen))
    return befunde


def _doppelte(inhalt: Gebietsdatei, datei: str) -> Iterator[Meldung]:
    gesehen: dict[str, str] = {}
    for eintrag in inhalt.gebiete:
        if eintrag.schluessel in gesehen:
            ort, erster = f"Gebiet „{eintrag.name}“", gesehen[eintrag.schluessel]
            yield GebieteDoppelt.melde(datei=datei, ort=ort, schluessel=eintrag.schluessel, name=erster)
        gesehen.setdefault(eintrag.schluessel, eintrag.name)


def _zuordnungen(inhalt: Gebietsdatei, datei: str) -> Iterator[Meldung]:
    """``teil_von`` muss es geben und muss größer sein."""
    ebenen: dict[str, Ebene] = {}
    for eintrag in inhalt.gebiete:
        ebenen.setdefault(eintrag.schluessel, eintrag.ebene)
    for eintrag in inhalt.gebiete:
        ort, oben = f"Gebiet „{eintrag.name}“", eintrag.teil_von
        if oben is None:
            if eintrag.ebene != "bund":
                yield GebieteZuordnung.melde(datei=datei, ort=ort)
        elif oben not in ebenen:
            yield GebieteZuordnungLeer.melde(datei=datei, ort=ort, oben=oben)
        elif EBENEN.index(ebenen[oben]) <= EBENEN.index(eintrag.ebene):
            hier, dort = EBENENNAME[eintrag.ebene], EBENENNAME[ebenen[oben]]
            yield GebieteZuordnungVerkehrt.melde(datei=datei, ort=ort, oben=oben, ebene=hier, ebene_oben=dort)


class GebietUnbekannt(Befundart):
    text = "Das Gebiet „{text}“ gibt es{wo} nicht."
    ursache = "{grund}"
    abhilfe = "Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in {verzeichnis}."


class GebietMehrdeutig(Befundart):
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
        plaetze = enumerate(inhalt.gebiete)
        gebiete = sorted(plaetze, key=lambda p: p[0] if p[1].reihenfolge is None else p[1].reihenfolge)
        self._gebiete = {g.schluessel: g for _, g in gebiete}
        self._kreis = inhalt.kreis
        self._inhalt = inhalt

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
    def kreiswort(self) -> str:
        """Was der eigene Kreis ist: „Landkreis“, anderswo „Kreis“, „Region“ oder „Regionalverband“."""
        erstes = self.kreis.name.partition(" ")[0]
        return erstes if erstes in {"Landkreis", "Region", "Städteregion", "Regionalverband"} else "Kreis"

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
        if ebene is None or not teile:
            return teile
        if (schluessel, ebene) not in self._kinder:
            alle = {
                k.schluessel
                for t in teile
                for k in ((t,) if t.ebene == ebene else self.kinder(t.schluessel, ebene))
            }
            self._kinder[schluessel, ebene] = tuple(g for g in self.ebene(ebene) if g.schluessel in alle)
        return self._kinder[schluessel, ebene]

    @cached_property
    def _kinder(self) -> dict[tuple[str, Ebene], tuple[Gebiet, ...]]:
        return {}

    def vorfahr(self, schluessel: str, ebene: Ebene) -> Gebiet | None:
        """Das Gebiet dieser Ebene, in dem ``schluessel`` liegt (auch es selbst); sonst ``None``."""
        hier: Gebiet | None = self[schluessel]
        while hier is not None and hier.ebene != ebene:
            hier = self[hier.teil_von] if hier.teil_von else None
        return hier

    def gleiche(self, schluessel: str) -> tuple[Gebiet, ...]:
        """Gebiete mit derselben Fläche: eine amtsfreie Gemeinde und ihre kommunale Einheit."""
        gleich = self._gleiche.get(schluessel)
        return (gleich,) if gleich else ()

    @cached_property
    def _gleiche(self) -> dict[str, Gebiet]:
        paare = [(e, self.kinder(e.schluessel)) for e in self.ebene("einheit")]
        allein = [(einheit, teile[0]) for einheit, teile in paare if len(teile) == 1]
        return {eins.schluessel: zwei for e, g in allein for eins, zwei in ((e, g), (g, e))}

    def finde(self, text: object, schema: str | None = None, ebene: Ebene | None = None) -> Gebiet:
        """Findet ein Gebiet unter einem gelieferten Schlüssel oder Namen.

        ``schema``: ``ags``, ``ars``, ``gvb``, ``ars_teil``, ein Schema aus ``weitere_schluessel`` oder
        ``name``; ohne Angabe wird alles versucht. ``ebene`` entscheidet bei gleichen Namen und wählt zwischen
        einer amtsfreien Gemeinde und ihrer Einheit (ohne Angabe gilt bei Namen die Gemeinde).

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` mit ähnlichen Gebieten oder ``gebiet-mehrdeutig``.
        """
        treffer = self.treffer(text, schema, ebene)
        if len(treffer) > 1:
            gebiete = ", ".join(map(nenne, treffer))
            raise BerichtswerkFehler(GebietMehrdeutig.melde(text=saubere(text), gebiete=gebiete))
        if not treffer:
            raise BerichtswerkFehler(self._unbekannt(text, schema, ebene))
        return treffer[0]

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

    def treffer(
        self, text: object, schema: str | None = None, ebene: Ebene | None = None
    ) -> tuple[Gebiet, ...]:
        """Alle Gebiete, die gemeint sein können (siehe :meth:`finde`)."""
        gesucht = saubere(text)
        treffer = self._nach_schluessel(gesucht, schema) if schema != "name" else ()
        nach_namen = not treffer and schema in {None, "name"}
        if nach_namen:
            treffer = self._nach_namen(gesucht, ebene)
        if ebene is not None:
            gleiche = {g.schluessel: g for t in treffer for g in (t, *self.gleiche(t.schluessel))}
            return tuple(g for g in gleiche.values() if g.ebene == ebene)
        if not nach_namen:
            return treffer
        # eine amtsfreie Einheit heißt wie ihre Gemeinde; gemeint ist die Gemeinde
        einfach = (self._gleiche.get(g.schluessel, g) if g.ebene == "einheit" else g for g in treffer)
        return tuple({g.schluessel: g for g in einfach}.values())

    def naechste(self, text: str, anzahl: int = 3) -> tuple[Gebiet, ...]:
        """Gebiete, deren Schlüssel oder Name ``text`` ähnelt, die ähnlichsten zuerst."""
        formen = {s: g for (_, s), g in self._schluessel.items()}
        formen.update({n.casefold(): g for g in self.values() for n in (g.name, g.name_kurz)})
        aehnlich = difflib.get_close_matches(text.casefold(), [f.casefold() for f in formen], anzahl * 3, 0.6)
        klein = {f.casefold(): g for f, g in formen.items()}
        return tuple({klein[f].schluessel: klein[f] for f in aehnlich}.values())[:anzahl]

    def verschrieben(self, text: str, *, kuehn: bool = False) -> Gebiet | None:
        """Das eigene Gebiet, das ein nicht gefundener Text wohl meint, nur anders schreibt.

        Dieselben Ziffern mit anderen Trennzeichen oder Nullen, ein ARS ohne seinen Verband, ein Name mit
        einem Tippfehler oder mit Anhängseln („Musterau, Fachwerkort“). ``kuehn``: auch ein kurzer Name oder
        einer mit mehr als einem Fehler.
        """
        ziffern = re.sub(r"\D", "", text)
        if len(ziffern) >= 5 and not any(z.isalpha() for z in text):
            formen = [ziffern, ziffern.lstrip("0"), ziffern.rstrip("0"), "0" + ziffern]
            formen += [ziffern[:5] + ziffern[9:]] if len(ziffern) == 12 else []  # ARS ohne seinen Verband
            return next((g for (_, s), g in self._schluessel.items() if s in formen and len(s) >= 5), None)
        kern = zerlege_namen(text)[0]
        mindestens, aehnlich = (4, 0.8) if kuehn else (7, 0.9)
        nah = difflib.get_close_matches(kern, self._namen, 1, aehnlich) if len(kern) >= mindestens else []
        if nah:
            return self._namen[nah[0]][0]
        vorn = zerlege_namen(re.split(r"\s*[(,]|\s[-–]\s", text, maxsplit=1)[0])[0]
        return next(iter(self._namen.get(vorn, ())), None) if vorn != kern else None

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


def _tag(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def nenne(gebiet: Gebiet) -> str:
    """„Name (Ebene Schlüssel)“ für Meldungen."""
    return f"{gebiet.name} ({EBENENNAME[gebiet.ebene]} {gebiet.schluessel})"
