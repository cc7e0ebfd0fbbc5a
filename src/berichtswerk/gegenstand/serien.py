"""Woraus Abbildungen gemacht werden und was dabei herauskommt: schlichte, unveränderliche Werte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from berichtswerk.fach.veraenderung import Masz, Stand
from berichtswerk.gegenstand.gegenstaende import Aussage, Tabellenmodell
from berichtswerk.grund.zeichen import Status

Rolle = Literal["fokus", "vergleich", "teil"]
"""fokus: das Gebiet, um das es geht · vergleich: Land, Bund … · teil: Bestandteil eines Ganzen."""

Artikel = Literal["", "der", "die", "das"]


@dataclass(frozen=True, slots=True)
class Punkt:
    """Ein gezeigter Wert: ``x`` ist ein Jahr (``int``) oder eine Kategorie (``str``).

    ``wert`` ist ungerundet, in der gezeigten Einheit; ``None``, wenn der Status keine Zahl hat.
    ``unten``/``oben`` sind die Grenzen eines Bandes (Vorausrechnung, Unsicherheit).
    """

    x: int | str
    wert: float | None
    status: Status = Status.WERT
    prognose: bool = False
    unten: float | None = None
    oben: float | None = None


@dataclass(frozen=True, slots=True)
class Serie:
    """Eine Folge von Punkten mit gemeinsamem Namen, in der Reihenfolge des Zeigens.

    ``kurz`` steht an der Linie oder über dem kleinen Bild, wenn ``name`` zu lang ist.
    """

    name: str
    punkte: tuple[Punkt, ...]
    rolle: Rolle = "teil"
    kurz: str = ""
    im_satz: str = ""
    """Wie die Reihe im Satz heißt, mit Artikel und in der Einzahl: „die Zahl der Geburten“."""
    kennzahl: str = ""
    gebiet: str = ""
    """Kennung der Kennzahl und Schlüssel des Gebiets, über die eine Aussage gemacht wird."""

    @property
    def schild(self) -> str:
        """Der Name, der in der Abbildung steht."""
        return self.kurz or self.name

    def mit_zahl(self, *, prognose: bool | None = None) -> tuple[Punkt, ...]:
        """Die Punkte mit Zahl; ``prognose`` wählt nur Ist-Werte (False) oder Vorausrechnung (True)."""
        return tuple(
            p for p in self.punkte if p.wert is not None and (prognose is None or p.prognose is prognose)
        )

    def staende(self) -> tuple[Stand, ...]:
        """Die Werte der Jahre, zum Vergleichen."""
        punkte = ((p, p.x, p.wert) for p in self.punkte)
        return tuple(Stand(x, w, p.prognose) for p, x, w in punkte if isinstance(x, int) and w is not None)


@dataclass(frozen=True, slots=True)
class Angaben:
    """Was gezeigt wird, wo, in welcher Einheit; daraus werden Befund, Alternativtext und Tafel.

    ``was`` trägt keinen Artikel („Zahl der Geburten“, „Altenquotient“); ``artikel`` und ``plural``
    erlauben ganze Sätze, ohne sie bleibt es bei neutralen Fügungen. ``schwelle`` ist die Änderung
    in der gezeigten Einheit, unter der ein Wert als „kaum verändert“ gilt (0: die Vorgabe von
    :class:`~berichtswerk.fach.veraenderung.Masz`). ``anteil=True``: Unterschiede sind Prozentpunkte.
    """

    was: str
    wo: str = ""
    einheit: str = ""
    einheit_kurz: str = ""
    stellen: int = 0
    anteil: bool = False
    artikel: Artikel = ""
    plural: bool = False
    schwelle: float = 0.0
    zufall: bool | None = None
    """Ob Ereignisse gezählt sind, deren Zahl zufällig schwankt (``fach.veraenderung.Masz``)."""
    zeit: str = ""
    """Wann, wenn es sich nicht aus den Jahren ergibt: „31.12.2023“, „Schuljahr 2023/24“."""
    band: str = ""
    """Was untere und obere Grenze der Punkte sind: „95-%-Intervall“."""
    art: str = ""
    """Art der Kennzahl; leer heißt Anzahl ohne und Quotient mit Nachkommastellen."""

    @property
    def masz(self) -> Masz:
        """Womit Werte dieser Angaben verglichen werden."""
        art = "anteil" if self.anteil else self.art or ("quotient" if self.stellen else "anzahl")
        return Masz(art, self.stellen, self.schwelle, self.zufall)


@dataclass(frozen=True, slots=True)
class Diagramm:
    """Eine fertige Abbildung: ihr Motiv (JSON-Objekt, ``bild.motiv``) und alles, was als Text dazugehört.

    ``form`` ist der Name der Form (``linie``, ``saeulen`` …), ``weiter`` sagt, was dem Befund zu lang würde,
    ``lesehilfe`` sind Regel und Beispiel für „So lesen“, ``hinweise`` stehen unter der Abbildung
    (Achse nicht bei null, Brüche, Zeichenerklärung).
    """

    motiv: dict[str, Any]
    form: str
    alt: str
    befund: str
    daten: Tabellenmodell
    hinweise: tuple[str, ...] = field(default=())
    aussagen: tuple[Aussage, ...] = ()
    weiter: str = ""
    lesehilfe: tuple[str, ...] = ()
