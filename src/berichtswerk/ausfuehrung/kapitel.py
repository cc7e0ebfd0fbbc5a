"""Kapitel, zu denen alle Daten fehlen, entfallen samt Überschrift; Verweise auf Fehlendes werden Text.

Ein Abschnitt entfällt, wenn in ihm (mit Unterabschnitten) etwas fehlt und nichts gezeigt wird. Was so fehlt,
nennt die Liste der Lücken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Eckwerte,
    Fehlt,
    Fliesstext,
    Gegenstand,
    Luecken,
    Nachweis,
    Tabelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.meldung import Meldung, Stufe

_KOPF = re.compile(r"(?P<raute>#{1,6}) +(?P<titel>.*?)\s*(?:\{(?P<mehr>[^}]*)\})?\s*#*\s*$")
_MARKE = re.compile(r"#((?:sec|fig|tbl)-[\w-]+)")
_VERWEIS = r"-?@((?:fig|tbl|sec)-[\w-]*\w)"
_GRUPPE = re.compile(rf"\[\s*{_VERWEIS}(?:\s*;\s*{_VERWEIS})*\s*\]")
_KLAMMER = re.compile(rf"\((?:(?:siehe|vgl\.|s\.)\s+)?{_VERWEIS}\)")
_EINZELN = re.compile(rf"(?<![\w\\]){_VERWEIS}")
_ENTFAELLT = {
    "fig": "(Abbildung entfällt)",
    "tbl": "(Tabelle entfällt)",
    "sec": "(Abschnitt entfällt)",
}


@dataclass(slots=True)
class Stueck:
    """Ein Gegenstand, wie er in den Bericht kommt, mit Nachweisen und Befunden; ``None`` fällt weg."""

    gegenstand: Gegenstand | None
    nachweise: list[Nachweis] = field(default_factory=list)
    meldungen: list[Meldung] = field(default_factory=list)

    @property
    def fehlt(self) -> Fehlt | None:
        """Der Platzhalter, wenn hier etwas fehlt."""
        return self.gegenstand if isinstance(self.gegenstand, Fehlt) else None

    @property
    def gezeigt(self) -> bool:
        """Ob hier Daten oder ein Verzeichnis zu sehen sind; Text allein zählt nicht."""
        return isinstance(self.gegenstand, Abbildung | Tabelle | Eckwerte | Verzeichnisse | Luecken)


@dataclass(slots=True)
class _Teil:
    """Ein Stück Text ab einer Überschrift (``ebene`` 0: keine)."""

    stueck: Stueck
    text: str
    ebene: int = 0
    titel: str = ""
    weg: bool = False


@dataclass(frozen=True, slots=True)
class Luecke:
    """Was nicht gezeigt wird: Titel des Abschnitts, Gründe, und ob der ganze Abschnitt entfällt."""

    titel: str
    gruende: tuple[str, ...]
    entfaellt: bool


def raeume_auf(stuecke: Sequence[Stueck]) -> list[Luecke]:
    """Nimmt leere Abschnitte heraus (ändert die Stücke) und ersetzt Verweise auf Fehlendes."""
    teile = [t for s in stuecke for t in _teile(s)]
    luecken = _luecken(teile)
    weg = {s.fehlt.label for s in stuecke if s.fehlt and s.fehlt.label}
    weg |= {marke for t in teile if t.weg for marke in _MARKE.findall(t.text)}
    for s in stuecke:
        eigene = [t for t in teile if t.stueck is s]
        if eigene and all(t.weg for t in eigene):
            s.gegenstand, s.nachweise = None, []
            s.meldungen = [m for m in s.meldungen if m.stufe is Stufe.FEHLER]
        elif isinstance(s.gegenstand, Fliesstext):
            text = "\n".join(t.text for t in eigene if not t.weg).strip("\n")
            neu = ohne_verweise(text, weg) if weg else text
            s.gegenstand = s.gegenstand.model_copy(update={"markdown": neu})
    return luecken


def _teile(stueck: Stueck) -> Iterator[_Teil]:
    """Zerlegt Text an Überschriften; in Rahmen und Quelltext stehen keine."""
    g = stueck.gegenstand
    if isinstance(g, Ueberschrift):
        yield _Teil(stueck, f"#{g.marke}" if g.marke else "", g.ebene, g.text)
        return
    if not isinstance(g, Fliesstext):
        yield _Teil(stueck, "")
        return
    zeilen: list[str] = []
    kopf = (0, "")
    tiefe, im_code = 0, False
    for zeile in g.markdown.split("\n"):
        if zeile.startswith("```"):
            im_code = not im_code
        elif zeile.startswith(":::") and not im_code:
            tiefe = max(0, tiefe + (1 if zeile.strip(": ") else -1))
        fund = None if im_code or tiefe else _KOPF.fullmatch(zeile)
        if fund:
            if zeilen:
                yield _Teil(stueck, "\n".join(zeilen), *kopf)
            zeilen, kopf = [], (len(fund["raute"]), fund["titel"])
        zeilen.append(zeile)
    yield _Teil(stueck, "\n".join(zeilen), *kopf)


def _luecken(teile: Sequence[_Teil]) -> list[Luecke]:
    """Kennzeichnet leere Abschnitte; nennt sie und alles sonst Fehlende in der Reihenfolge des Berichts."""
    luecken: list[Luecke] = []
    titel, i = "", 0
    while i < len(teile):
        teil = teile[i]
        ende = _ende(teile, i)
        if teil.ebene and _ist_leer(teile[i:ende]):
            for t in teile[i:ende]:
                t.weg = True
            luecken.append(Luecke(teil.titel, _gruende(teile[i:ende]), True))
            i = ende
            continue
        titel = teil.titel if teil.ebene else titel
        if teil.stueck.fehlt:
            luecken.append(Luecke(titel, (teil.stueck.fehlt.grund,), False))
        i += 1
    return luecken


def _ende(teile: Sequence[_Teil], beginn: int) -> int:
    """Wo der Abschnitt endet: vor der nächsten Überschrift gleicher oder höherer Ebene."""
    ebene = teile[beginn].ebene
    folgende = range(beginn + 1, len(teile))
    return next((j for j in folgende if 0 < teile[j].ebene <= ebene), len(teile))


def _ist_leer(teile: Sequence[_Teil]) -> bool:
    return any(t.stueck.fehlt for t in teile) and not any(t.stueck.gezeigt for t in teile)


def _gruende(teile: Iterable[_Teil]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.stueck.fehlt.grund for t in teile if t.stueck.fehlt))


def ohne_verweise(text: str, weg: set[str]) -> str:
    """Ersetzt Verweise auf ``weg`` durch „(Abbildung entfällt)“; andere bleiben."""

    def ersetze(fund: re.Match[str]) -> str:
        return _ENTFAELLT[fund[1][:3]] if fund[1] in weg else fund[0]

    def gruppe(fund: re.Match[str]) -> str:
        alle = _EINZELN.findall(fund[0])
        bleiben = [f"@{z}" for z in alle if z not in weg]
        if len(bleiben) == len(alle):
            return fund[0]
        return f"[{'; '.join(bleiben)}]" if bleiben else _ENTFAELLT[alle[0][:3]]

    text = _GRUPPE.sub(gruppe, text)
    return _EINZELN.sub(ersetze, _KLAMMER.sub(ersetze, text))


def als_liste(luecken: Iterable[Luecke]) -> list[tuple[str, str]]:
    """Paare (Titel des Abschnitts, Gründe) für die Liste im Bericht."""
    return [(_ohne_auszeichnung(lu.titel), " ".join(lu.gruende)) for lu in luecken]


def _ohne_auszeichnung(titel: str) -> str:
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[*_`]", "", titel))
