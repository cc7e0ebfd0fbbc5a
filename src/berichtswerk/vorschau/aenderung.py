"""Was eine geänderte Datei bewirkt: neu setzen, neu rechnen, neues Layout oder nichts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from berichtswerk.grund.projekt import Projekt

_ZWISCHENABLAGE = re.compile(
    r"^(\..*|~\$.*|#.*#|4913|.*~|.*\.(swp|swo|swx|tmp|temp|bak|part|neu|crdownload)|.*\.___jb_\w+___"
    r"|sed[A-Za-z0-9]{6}|__pycache__|Thumbs\.db|desktop\.ini)$",
    re.IGNORECASE,
)
"""Dateien und Ordner, die Editoren und Büroprogramme nebenbei anlegen."""

_ERZEUGT = re.compile(
    r"layout/(marke\.(css|yml)|symbol\.svg|typst/marke\.typ|fonts/[^/]+\.woff2)"
    r"|berichte/(?P<bericht>[^/]+)/(?P<ausgabe>[^/]+)/(?P=bericht)-(?P=ausgabe)(-[a-z0-9-]+)?(\.ipynb|/.*)?"
)
"""Was die Vorschau (oder ein Lauf daneben) selbst schreibt; sonst löste jedes Setzen das nächste aus."""


@dataclass(frozen=True, slots=True)
class Wirkung:
    """Folgen eines Schwungs von Änderungen.

    ``texte`` sind Ausgaben ``(bericht, ausgabe)``, deren Texte neu einzusetzen sind; ``rechnen`` prüft
    alle Notizbücher auf veraltete Eingaben; ``seiten`` baut Start- und Pflichtseiten, ``layout`` setzt
    alles neu, ``marke`` erneuert dazu Farben und Abbildungen; ``stil`` lädt nur Seiten neu.
    """

    texte: frozenset[tuple[str, str]] = frozenset()
    plan: bool = False
    rechnen: bool = False
    seiten: bool = False
    layout: bool = False
    marke: bool = False
    stil: bool = False
    dateien: tuple[str, ...] = field(default=(), compare=False)

    def mit(self, andere: Wirkung) -> Wirkung:
        """Beide Folgen zusammen."""
        ja = {n: getattr(self, n) or getattr(andere, n) for n in _FOLGEN}
        return Wirkung(self.texte | andere.texte, dateien=(*self.dateien, *andere.dateien), **ja)

    def __bool__(self) -> bool:
        return bool(self.texte) or any(getattr(self, n) for n in _FOLGEN)


_FOLGEN = ("plan", "rechnen", "seiten", "layout", "marke", "stil")


def beobachtete(projekt: Projekt) -> tuple[Path, ...]:
    """Die Ordner, deren Dateien die Berichte bestimmen (nur vorhandene)."""
    ordner = (projekt.berichte, projekt.daten, projekt.notebooks, projekt.layout)
    return tuple(o for o in ordner if o.is_dir())


def zaehlt(projekt: Projekt, pfad: str | Path) -> bool:
    """Ob eine Änderung dieser Datei etwas bewirken kann."""
    name = _ab_wurzel(projekt, pfad)
    if name is None or _ERZEUGT.fullmatch(name):
        return False
    return not any(_ZWISCHENABLAGE.match(teil) for teil in PurePosixPath(name).parts)


def wirkung(projekt: Projekt, pfade: Iterable[str | Path]) -> Wirkung:
    """Fasst die Folgen aller Änderungen zusammen, die zählen."""
    namen = sorted({n for p in pfade if zaehlt(projekt, p) and (n := _ab_wurzel(projekt, p))})
    texte: set[tuple[str, str]] = set()
    folgen: set[str] = set()
    for name in namen:
        teile = PurePosixPath(name).parts
        if teile[0] == "berichte":
            if len(teile) > 3 and teile[3] != "bericht.yml":
                texte.add((teile[1], teile[2]))
            else:
                folgen |= {"plan", "rechnen", "seiten"}
                texte |= {(teile[1], teile[2])} if len(teile) > 2 else set()
        else:
            folgen |= _folgen(teile)
    return Wirkung(frozenset(texte), dateien=tuple(namen), **dict.fromkeys(sorted(folgen), True))


def _folgen(teile: tuple[str, ...]) -> set[str]:
    """Folgen einer Datei außerhalb von ``berichte/``."""
    if teile[0] == "layout":
        if teile[-1] == "_brand.yml" or "fonts" in teile:
            return {"layout", "marke", "rechnen", "seiten"}
        if teile[-1].endswith((".css", ".js", ".typ")):
            return {"stil"}
        return {"layout", "seiten"}
    if teile[0] == "daten":
        return {"rechnen", "seiten"} if teile[1:2] in (("kreis.yaml",), ("quellen",)) else {"rechnen"}
    return {"plan", "rechnen"}  # ein neues Notizbuch kann einen Bericht erst möglich machen


def _ab_wurzel(projekt: Projekt, pfad: str | Path) -> str | None:
    try:
        return Path(pfad).relative_to(projekt.wurzel).as_posix()
    except ValueError:
        return None
