"""Zeitreihenbrüche: erklärte und solche, die aus Wechseln von Basis und Gebietsstand folgen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from berichtswerk.fach.reihe import Wert
from berichtswerk.fach.veraenderung import Bruch

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis


class Angabe(Protocol):
    """Ein erklärter Bruch aus Quelle oder Kennzahl; er liegt vor ``jahr``."""

    @property
    def jahr(self) -> int:
        """Erstes Jahr nach dem Bruch."""

    @property
    def grund(self) -> str:
        """Was sich geändert hat."""


def brueche_eines_gebiets(
    werte: Sequence[Wert],
    verzeichnis: Gebietsverzeichnis,
    der_kennzahl: Iterable[Angabe],
    der_quellen: Mapping[str, Iterable[Angabe]],
) -> tuple[Bruch, ...]:
    """Brüche der Zeitreihe eines Gebiets, je Jahr höchstens einer.

    ``werte`` gehören zu einem Gebiet und sind nach Zeit geordnet. Ein erklärter Bruch zählt, wenn vor und
    nach ihm Werte mit Zahl liegen; ein Wechsel der Basis wird nicht noch einmal genannt, wenn ein erklärter
    ihn deckt.
    """
    mit_zahl = [w for w in werte if w.wert is not None]
    if len(mit_zahl) < 2:
        return ()
    quellen = {q for w in mit_zahl for q in w.quellen}
    angaben = [*der_kennzahl, *(a for q in sorted(quellen) for a in der_quellen.get(q, ()))]
    erklaert = [(a.jahr, a.grund) for a in angaben if mit_zahl[0].jahr < a.jahr <= mit_zahl[-1].jahr]
    gefolgert = []
    for alt, neu in pairwise(mit_zahl):
        gedeckt = any(alt.jahr < jahr <= neu.jahr for jahr, _ in erklaert)
        grund = _wechsel(alt, neu, verzeichnis)
        if grund and not gedeckt:
            gefolgert.append((neu.jahr, grund))
    return _je_jahr([*erklaert, *gefolgert])


def vereinige(brueche: Iterable[tuple[Bruch, ...]]) -> tuple[Bruch, ...]:
    """Brüche mehrerer Gebiete, je Jahr höchstens einer."""
    return _je_jahr([(b.jahr, b.grund) for gruppe in brueche for b in gruppe])


def _wechsel(alt: Wert, neu: Wert, verzeichnis: Gebietsverzeichnis) -> str:
    if alt.basis and neu.basis and alt.basis != neu.basis:
        return f"Umstellung von {alt.basis} auf {neu.basis}"
    if not verzeichnis.gleicher_stand(neu.gebiet, alt.gebietsstand, neu.gebietsstand):
        return f"Wechsel des Gebietsstands von {alt.gebietsstand} auf {neu.gebietsstand}"
    return ""


def _je_jahr(paare: list[tuple[int, str]]) -> tuple[Bruch, ...]:
    je_jahr: dict[int, dict[str, None]] = {}
    for jahr, grund in paare:
        je_jahr.setdefault(jahr, {})[grund] = None
    return tuple(Bruch(jahr, "; ".join(gruende)) for jahr, gruende in sorted(je_jahr.items()))
