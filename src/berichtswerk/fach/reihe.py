"""Werte einer Kennzahl mit allem, was man über sie weiß: Herkunft, Status, Basis, Brüche."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from berichtswerk.fach.veraenderung import Bruch, Masz, Stand, Veraenderung
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.zahl import schreibe, zeitraum
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.fach.kennzahl import Kennzahl


@dataclass(frozen=True, slots=True)
class Beleg:
    """Eine Zelle einer gelieferten Datei, die in einen Wert eingegangen ist.

    ``datei`` ist der Pfad ab der Projektwurzel, ``zeile`` zählt ab 1 in der Datei; ``wert`` ist die gelesene
    Zahl vor Vorzeichen und Faktor, ``None`` bei einem Zeichen ohne Zahl.
    """

    quelle: str
    datei: str
    zeile: int
    spalte: str
    wert: float | None
    rolle: Literal["zaehler", "nenner", "wert"]
    vorzeichen: int = 1
    gewicht: float = 1
    """Anteil am Zähler oder Nenner: 0.5 im Jahresmittel, das Alter beim Durchschnittsalter, sonst meist 1."""
    gebiet: str = ""
    """Das Gebiet, von dem die Zelle spricht."""


@dataclass(frozen=True, slots=True)
class Teil:
    """Ein Wert, der in eine eigene Rechnung eingegangen ist, mit seiner Kennzahl."""

    kennzahl: Kennzahl
    wert: Wert


@dataclass(frozen=True, slots=True, order=True)
class Eingang:
    """Zeilen einer Datei, die in eine eigene Rechnung eingegangen sind.

    ``name`` ist die Eingabe der Rechnung, ``zeilen`` sind Spannen ab 1 („2–79, 90“; leer: die ganze Datei),
    ``anzahl`` die Zahl der Zeilen, ``gebiete`` wovon sie sprechen.
    """

    name: str
    quelle: str
    datei: str
    zeilen: str = ""
    anzahl: int = 0
    gebiete: tuple[str, ...] = ()


def eingaenge(name: str, belege: Iterable[Beleg]) -> tuple[Eingang, ...]:
    """Je Datei ein Eingang mit den Zeilen der Belege, ohne Wiederholung und geordnet."""
    je_datei: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
    for b in belege:
        zeilen, gebiete = je_datei.setdefault((b.quelle, b.datei), (set(), set()))
        zeilen.add(b.zeile)
        gebiete.add(b.gebiet)
    return tuple(_eingang(name, *ort, *inhalt) for ort, inhalt in sorted(je_datei.items()))


Fundorte = dict[str, dict[str, set[int]]]
"""Gebiet → Datei → Zeilen."""


def fundorte(werte: pd.DataFrame) -> Fundorte:
    """Wo gelesene Werte stehen."""
    orte: Fundorte = {}
    spalten = (werte[name].tolist() for name in ("gebiet", "datei", "zeile"))
    for gebiet, datei, zeile in zip(*spalten, strict=True):
        orte.setdefault(gebiet, {}).setdefault(datei, set()).add(zeile)
    return orte


def eingaenge_an(name: str, quelle: str, orte: Fundorte, gebiete: Iterable[str]) -> tuple[Eingang, ...]:
    """Je Datei ein Eingang mit den Zeilen dieser Gebiete."""
    je_datei: dict[str, tuple[set[int], set[str]]] = {}
    for gebiet in gebiete:
        for datei, stellen in orte.get(gebiet, {}).items():
            zeilen, dort = je_datei.setdefault(datei, (set(), set()))
            zeilen |= stellen
            dort.add(gebiet)
    return tuple(_eingang(name, quelle, datei, *inhalt) for datei, inhalt in sorted(je_datei.items()))


def eingaenge_aus(name: str, quelle: str, werte: pd.DataFrame) -> tuple[Eingang, ...]:
    """Je Datei ein Eingang mit den Zeilen gelesener Werte (oder einer Auswahl daraus)."""
    gruppen = werte.groupby("datei", observed=True)[["zeile", "gebiet"]]
    return tuple(
        _eingang(name, quelle, str(datei), t["zeile"].unique(), t["gebiet"].unique()) for datei, t in gruppen
    )


def _eingang(name: str, quelle: str, datei: str, zeilen: Iterable[int], gebiete: Iterable[str]) -> Eingang:
    geordnet = sorted(map(int, zeilen))
    return Eingang(name, quelle, datei, zeilentext(geordnet), len(geordnet), tuple(sorted(map(str, gebiete))))


def zeilentext(zeilen: Sequence[int]) -> str:
    """Aufsteigende Zeilennummern als Spannen: „2–79, 90“."""
    enden = [i for i, (a, b) in enumerate(pairwise(zeilen)) if b != a + 1]
    spannen = zip([0, *(i + 1 for i in enden)], [*enden, len(zeilen) - 1], strict=True)
    return ", ".join(zeitraum(zeilen[a], zeilen[b]) for a, b in spannen if zeilen)


@dataclass(frozen=True, slots=True)
class Eigenrechnung:
    """Woher ein eigens gerechneter Wert kommt: die beschriebene Rechnung, was einging, andere Werte."""

    rechnung: str = ""
    """id in ``daten/rechnungen/``."""
    eingaenge: tuple[Eingang, ...] = ()
    teile: tuple[Teil, ...] = ()
    name: str = ""
    """Wie sie in Worten heißt."""


@dataclass(frozen=True, slots=True)
class Wert:
    """Ein Wert einer Kennzahl für ein Gebiet und eine Zeit, ungerundet.

    ``wert`` ist ``None`` genau dann, wenn der Status keine Zahl hat. ``weg``: Nummer des Rechenwegs ab 1.
    Nachrechnen lässt er sich aus den Belegen: ``faktor`` · Σ Zähler / Σ Nenner, wobei jeder Beleg mit
    ``vorzeichen`` · ``gewicht`` · ``wert`` zählt (ohne Nenner: durch 1; Rolle „wert“ wie Zähler).
    ``unten`` und ``oben`` sind die Grenzen einer Spanne (Varianten, Unsicherheit); ``prognose`` heißt
    vorausgerechnet; ``eigene`` trägt nur ein Wert, den ein Notizbuch gerechnet hat.
    """

    kennzahl: str
    gebiet: str
    zeit: str
    jahr: int
    wert: float | None
    status: Status
    basis: str | None = None
    gebietsstand: str | None = None
    formel: str = ""
    belege: tuple[Beleg, ...] = ()
    quellen: tuple[str, ...] = ()
    weg: int = 1
    zaehler: float | None = None
    nenner: float | None = None
    hinweise: tuple[str, ...] = ()
    faktor: float = 1
    unten: float | None = None
    oben: float | None = None
    prognose: bool = False
    eigene: Eigenrechnung | None = None

    def __post_init__(self) -> None:
        if (self.wert is None) == self.status.hat_zahl:
            raise ValueError(f"Status „{self.status}“ passt nicht zum Wert {self.wert!r}")

    @property
    def stand(self) -> Stand | None:
        """Der Wert zum Vergleichen; ``None`` ohne Zahl."""
        return None if self.wert is None else Stand(self.jahr, self.wert, self.prognose, self.zaehler)


@dataclass(frozen=True)
class Reihe:
    """Die Werte einer Kennzahl, geordnet nach Gebiet (Reihenfolge der Anfrage) und Zeit.

    ``brueche`` gilt für alle enthaltenen Gebiete zusammen, ``brueche_je`` für jedes einzeln.
    """

    kennzahl: Kennzahl
    werte: tuple[Wert, ...]
    brueche: tuple[Bruch, ...] = ()
    hinweise: tuple[Meldung, ...] = ()
    brueche_je: tuple[tuple[str, tuple[Bruch, ...]], ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Wert]:
        return iter(self.werte)

    def __len__(self) -> int:
        return len(self.werte)

    @property
    def gebiete(self) -> tuple[str, ...]:
        """Schlüssel der enthaltenen Gebiete."""
        return tuple(self._je_gebiet)

    @property
    def jahre(self) -> tuple[int, ...]:
        """Alle Jahre mit einem Eintrag, aufsteigend."""
        return tuple(sorted({w.jahr for w in self.werte}))

    @property
    def quellen(self) -> tuple[str, ...]:
        """Namen der Quellen, die wirklich eingegangen sind."""
        return tuple(dict.fromkeys(q for w in self.werte for q in w.quellen))

    def basen(self, jahr: int | None = None) -> tuple[str, ...]:
        """Basen der Werte mit Zahl; bei mehreren gehört ein Hinweis neben die Zahlen."""
        gemeint = [w for w in self.werte if w.wert is not None and jahr in {None, w.jahr}]
        return tuple(sorted({w.basis for w in gemeint if w.basis}))

    def gebiet(self, schluessel: str) -> Reihe:
        """Nur die Werte dieses Gebiets, mit dessen Brüchen."""
        je = tuple((g, b) for g, b in self.brueche_je if g == schluessel)
        brueche = je[0][1] if je else self.brueche
        werte = self._je_gebiet.get(schluessel, ())
        return replace(self, werte=werte, brueche=brueche, brueche_je=je)

    @cached_property
    def _je_gebiet(self) -> dict[str, tuple[Wert, ...]]:
        je: dict[str, list[Wert]] = {}
        for w in self.werte:
            je.setdefault(w.gebiet, []).append(w)
        return {gebiet: tuple(werte) for gebiet, werte in je.items()}

    def jahr(self, jahr: int) -> Reihe:
        """Nur die Werte dieses Jahres (alle Gebiete)."""
        return self._nur(lambda w: w.jahr == jahr)

    def von(self, jahr: int) -> Reihe:
        """Nur Werte ab diesem Jahr."""
        return self._nur(lambda w: w.jahr >= jahr)

    def bis(self, jahr: int) -> Reihe:
        """Nur Werte bis einschließlich dieses Jahres; spätere werden nie gesehen."""
        return self._nur(lambda w: w.jahr <= jahr)

    @cached_property
    def _letzte(self) -> dict[tuple[str, int], Wert]:
        letzte: dict[tuple[str, int], Wert] = {}
        for w in self.werte:
            davor = letzte.get((w.gebiet, w.jahr))
            if davor is None or w.zeit > davor.zeit:
                letzte[w.gebiet, w.jahr] = w
        return letzte

    def wert(self, gebiet: str, jahr: int) -> Wert | None:
        """Der Wert des Gebiets im Jahr (bei mehreren Zeiten der letzte), sonst ``None``."""
        return self._letzte.get((gebiet, jahr))

    def letzter(self, gebiet: str) -> Wert | None:
        """Der jüngste Wert des Gebiets, der eine Zahl hat."""
        treffer = [w for w in self.werte if w.gebiet == gebiet and w.wert is not None]
        return max(treffer, key=lambda w: (w.jahr, w.zeit), default=None)

    def veraenderung(self, gebiet: str, von: int, bis: int) -> Veraenderung | None:
        """Veränderung zwischen zwei Jahren; ``None``, wenn einer der Werte keine Zahl hat."""
        alt, neu = (w.stand if (w := self.wert(gebiet, j)) else None for j in (von, bis))
        if alt is None or neu is None:
            return None
        return Veraenderung.zwischen(alt, neu, Masz.von(self.kennzahl), self.gebiet(gebiet).brueche)

    def text(self, gebiet: str, jahr: int) -> str:
        """Die Zahl, wie sie im Satz steht („6 904“); „.“, wo es keine gibt."""
        wert = self.wert(gebiet, jahr)
        stellen = self.kennzahl.nachkommastellen
        return "." if wert is None or wert.wert is None else schreibe(wert.wert, stellen)

    def stufe(self, gebiet: str, jahr: int) -> str:
        """Die Stufe der ganzen Spanne („=↑ ausgeglichen bis knapp“); leer ohne Wert oder Stufen."""
        wert = self.wert(gebiet, jahr)
        stufe = getattr(self.kennzahl, "stufe", None)
        if stufe is None or wert is None or wert.wert is None:
            return ""
        grenzen = [g for g in (wert.unten, wert.oben) if g is not None] or [wert.wert]
        return str(stufe(min(grenzen), max(grenzen)))

    def _nur(self, passt: Callable[[Wert], bool]) -> Reihe:
        werte = tuple(w for w in self.werte if passt(w))
        je = tuple((g, _spuerbar(b, [w for w in werte if w.gebiet == g])) for g, b in self.brueche_je)
        return replace(self, werte=werte, brueche=_spuerbar(self.brueche, werte), brueche_je=je)


def _spuerbar(brueche: tuple[Bruch, ...], werte: list[Wert] | tuple[Wert, ...]) -> tuple[Bruch, ...]:
    """Brüche, vor und nach denen Werte mit Zahl liegen."""
    jahre = [w.jahr for w in werte if w.wert is not None]
    return tuple(b for b in brueche if jahre and min(jahre) < b.jahr <= max(jahre))


def beschraenke(reihe: Reihe, gebiete: Sequence[str]) -> Reihe:
    """Nur diese Gebiete, in dieser Reihenfolge."""
    platz = {g: nr for nr, g in enumerate(gebiete)}
    werte = [w for w in reihe.werte if w.gebiet in platz]
    werte.sort(key=lambda w: (platz[w.gebiet], w.jahr, w.zeit))
    return replace(reihe, werte=tuple(werte))
