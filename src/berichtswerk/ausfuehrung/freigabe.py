"""Die Freigabe einer Ausgabe: welche Schritte sie gegangen ist, ob sie noch gelten, was eingefroren ist.

``berichte/<bericht>/<ausgabe>/freigabe.yml`` schreibt nur ``berichtswerk freigabe``. Je Schritt nennt sie die
Prüfsumme eines *Stands*: die Liste aller Dateien und Module, aus denen die Ausgabe entstand, mit ihren
Prüfsummen; er liegt im Archiv. Ist davon ein Byte anders, gilt der Schritt nicht mehr. Ab „beschlossen“ nennt
sie je Revision eine *Fassung*: alles, was die Ausgabe veröffentlicht, Byte für Byte; dann zählt nur noch die.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field

from berichtswerk.bericht.ausgabe import Ausgabe, Berichtsdatei, Variante
from berichtswerk.gegenstand.gegenstaende import STATUSWORT
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.spur import Spuren

DATEI = "freigabe.yml"
Schrittname = Literal["geprueft", "planerrunde", "beschlossen", "veroeffentlicht"]
SCHRITTE: tuple[Schrittname, ...] = get_args(Schrittname)
"""In dieser Folge; ab „beschlossen“ ist die Ausgabe eingefroren."""
_MODUL = "modul:"


class Schritt(YamlModell):
    """Ein gegangener Schritt: durch welche Funktion, wann, mit welchem Stand (Prüfsumme im Archiv)."""

    schritt: Schrittname
    durch: str = Field(min_length=1)
    datum: date
    stand: str = Field(pattern="^[0-9a-f]{64}$")
    vermerk: str = ""


class Aenderung(YamlModell):
    """Was eine Berichtigung ändert: wo, vorher, nachher; leer heißt, dort stand oder steht nichts.

    ``wo`` sagt es, wie man den Bericht liest („Kapitel 2 „Lage““, „Tabelle 3 …“), ``stelle`` nennt Datei und
    Zeile. ``variante``: nur in dieser.
    """

    wo: str
    alt: str = ""
    neu: str = ""
    stelle: str = ""
    variante: str = ""


class Revision(YamlModell):
    """Eine eingefrorene Fassung (Prüfsumme im Archiv); ab der zweiten mit Grund und Änderungen."""

    nummer: int = Field(ge=1)
    datum: date
    durch: str = Field(min_length=1)
    fassung: str = Field(pattern="^[0-9a-f]{64}$")
    grund: str = ""
    aenderungen: tuple[Aenderung, ...] = ()


class Freigaben(YamlModell):
    """Inhalt von ``freigabe.yml``."""

    schritte: tuple[Schritt, ...] = ()
    revisionen: tuple[Revision, ...] = ()


class Fassung(YamlModell):
    """Alles, was zu einer eingefrorenen Ausgabe gehört.

    ``dateien``: Ort auf der Site → Prüfsumme; ``eingaben``: Datei ab der Projektwurzel → Prüfsumme;
    ``beilagen``: Name → Prüfsumme, auch was nicht auf der Site liegt. Die Inhalte liegen im Archiv.
    """

    bericht: str
    ausgabe: str
    datei: Berichtsdatei
    varianten: tuple[Variante, ...] = ()
    dateien: dict[str, str]
    eingaben: dict[str, str]
    beilagen: dict[str, str] = Field(default_factory=dict)
    abbild: str = ""
    """Prüfsumme dessen, was die Ausgabe sagt und zeigt, zum Vergleichen mit späteren."""
    pakete: tuple[str, ...] = ()
    """Prüfsummen der Pakete, in denen Seiten und andere Texte unter ``dateien`` liegen."""

    def angaben(self, projekt: Projekt) -> Ausgabe:
        """Was ``bericht.yml`` sagte, als eingefroren wurde."""
        ordner = projekt.berichte / self.bericht / self.ausgabe
        return Ausgabe(self.bericht, self.ausgabe, ordner, self.datei, self.varianten)


@dataclass(frozen=True, slots=True)
class Freigabestand:
    """Wie weit eine Ausgabe heute freigegeben ist.

    ``gilt`` ist der höchste gültige Schritt; ``gefallen`` in Worten der höchste, der nicht mehr gilt, und
    ``gruende``, was sich seither geändert hat.
    """

    freigaben: Freigaben = field(default_factory=Freigaben)
    gilt: Schrittname | None = None
    gefallen: str = ""
    gruende: tuple[str, ...] = ()

    @property
    def revision(self) -> Revision | None:
        """Die gültige Revision; ``None``, solange nichts eingefroren ist."""
        return self.freigaben.revisionen[-1] if self.freigaben.revisionen else None

    @property
    def letzter(self) -> Schritt | None:
        """Der zuletzt gegangene Schritt, ob er noch gilt oder nicht."""
        return self.freigaben.schritte[-1] if self.freigaben.schritte else None


def lies(projekt: Projekt, ordner: Path) -> Freigaben:
    """Die Freigaben der Ausgabe in diesem Ordner; ohne Datei keine.

    Raises:
        BerichtswerkFehler: die Datei hat Fehler.
    """
    pfad = ordner / DATEI
    return lade_yaml(pfad, Freigaben, projekt) if pfad.is_file() else Freigaben()


def ist_beschlossen(ordner: Path) -> bool:
    """Ob die Ausgabe in diesem Ordner eingefroren ist, auch wenn sich das Archiv nicht lesen lässt."""
    pfad = ordner / DATEI
    return pfad.is_file() and "revisionen:" in pfad.read_text("utf-8", "replace")


def lade_fassung(projekt: Projekt, revision: Revision) -> Fassung:
    """Die Fassung einer Revision aus dem Archiv.

    Raises:
        BerichtswerkFehler: ``archiv-fehlt`` oder ``archiv-beschaedigt``.
    """
    return Fassung.model_validate_json(Archiv(projekt).hole(revision.fassung))


def werte(freigaben: Freigaben, spuren: Spuren) -> Freigabestand:
    """Welcher Schritt noch gilt: der höchste, seit dem sich nichts geändert hat.

    Eingefrorenes ändert sich nicht mehr: dort gilt der letzte Schritt.
    """
    if not freigaben.schritte:
        return Freigabestand(freigaben)
    letzter = freigaben.schritte[-1]
    if freigaben.revisionen:
        return Freigabestand(freigaben, letzter.schritt)
    gruende = abweichungen(letzter.stand, spuren)
    if not gruende:
        return Freigabestand(freigaben, letzter.schritt)
    frueher = (s for s in reversed(freigaben.schritte[:-1]) if s.stand != letzter.stand)
    gilt = next((s.schritt for s in frueher if not abweichungen(s.stand, spuren)), None)
    return Freigabestand(freigaben, gilt, STATUSWORT[letzter.schritt], gruende)


def abweichungen(stand: str, spuren: Spuren) -> tuple[str, ...]:
    """Was seit einem Stand anders ist, in Worten; auch, wenn der Stand selbst nicht mehr zu lesen ist."""
    from berichtswerk.ausfuehrung.spur import worte

    try:
        damals: dict[str, str] = json.loads(Archiv(spuren.projekt).hole(stand))
    except BerichtswerkFehler as fehler:
        return tuple(m.text for m in fehler.meldungen)
    anders = {n: s for n, s in damals.items() if spuren.summe(n) != s}
    module = sorted(n.removeprefix(_MODUL) for n in anders if n.startswith(_MODUL))
    rest = [worte(n, s, spuren.summe(n)) for n, s in sorted(anders.items()) if not n.startswith(_MODUL)]
    weitere = f" und {len(module) - 1} weitere" if len(module) > 1 else ""
    return (*rest, *([f"Berichtswerk geändert: {module[0]}{weitere}"] if module else ()))
