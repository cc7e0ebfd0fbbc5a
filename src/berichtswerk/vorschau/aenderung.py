"""Dateien beobachten, und was eine geänderte bewirkt: neu setzen, neu rechnen, neues Layout oder nichts."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from berichtswerk.grund.projekt import Projekt

RUHE = 25
"""Millisekunden ohne weitere Änderung, nach denen ein Schwung vollständig ist."""
_GEDULD = 0.15
"""Sekunden, die eine verschwundene Datei fehlen darf: manche Editoren löschen, bevor sie neu schreiben."""
_TAKT = 400
"""Millisekunden zwischen zwei Abfragen, wo das Betriebssystem keine Änderungen meldet."""
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
            elif len(teile) == 2:  # Literatur für alle Berichte
                folgen.add("layout")
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
        mit_seiten = teile[1:2] and teile[1] in {"kreis.yaml", "quellen", "lieferungen", "korrekturen"}
        return {"rechnen", "seiten"} if mit_seiten else {"rechnen"}
    return {"plan", "rechnen"}  # ein neues Notizbuch kann einen Bericht erst möglich machen


def _ab_wurzel(projekt: Projekt, pfad: str | Path) -> str | None:
    try:
        return Path(pfad).relative_to(projekt.wurzel).as_posix()
    except ValueError:
        return None


class Wache:
    """Ruft ``melde`` mit den geänderten Pfaden auf; ``abfragen`` vergleicht, statt auf Meldungen zu warten.

    Netzlaufwerke melden Änderungen anderer Rechner meist nicht; dort hilft nur Abfragen.
    """

    def __init__(
        self, projekt: Projekt, melde: Callable[[set[str]], None], *, abfragen: bool = False
    ) -> None:
        self._projekt, self._melde = projekt, melde
        self.abfragen = abfragen
        self._ende = threading.Event()
        self._faden = threading.Thread(target=self._laufe, name="vorschau-wache", daemon=True)

    def beginne(self) -> None:
        """Beginnt zu beobachten."""
        self._faden.start()

    def beende(self) -> None:
        """Hört auf; kehrt zurück, wenn der Faden zu Ende ist."""
        self._ende.set()
        if self._faden.is_alive():
            self._faden.join(5)

    def _laufe(self) -> None:
        while not self._ende.is_set():
            try:
                self._beobachte()
            except OSError:
                # zu viele Ordner für die Meldungen des Systems, oder ein Ordner verschwand
                self.abfragen = True
                self._ende.wait(1)

    def _beobachte(self) -> None:
        from watchfiles import watch

        ordner = beobachtete(self._projekt)
        schwuenge = watch(
            *ordner,
            watch_filter=lambda _art, pfad: zaehlt(self._projekt, pfad),
            debounce=400,
            step=RUHE,
            stop_event=self._ende,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=self.abfragen or None,
            poll_delay_ms=_TAKT,
        )
        for schwung in schwuenge:
            if schwung:
                pfade = {pfad for _art, pfad in schwung}
                _warte_auf(pfade)
                self._melde(pfade)
            if set(beobachtete(self._projekt)) != set(ordner):
                return  # ein Ordner kam dazu oder ging: neu ansetzen


def _warte_auf(pfade: Iterable[str]) -> None:
    """Gibt verschwundenen Dateien die Zeit, wieder zu erscheinen."""
    ende = time.monotonic() + _GEDULD
    while any(not Path(p).exists() for p in pfade) and time.monotonic() < ende:
        time.sleep(0.01)
