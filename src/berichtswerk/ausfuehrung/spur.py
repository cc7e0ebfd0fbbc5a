"""Die Spur eines Schritts: alles, woraus sein Ergebnis entstand, mit Prüfsummen; gilt sie noch, gilt es.

Vier Schritte hinterlassen eine: „ausführen“ (ein Notizbuch), „nachrechnen“ (eine Kennzahl, die nur ein Text
nennt), „setzen“ (die Dateien eines Berichts), „site“ (alles zusammen). Spur und Ergebnis liegen in der
Ablage. Einträge sind Namen ab der Projektwurzel (``daten/gebiete.yaml``), Ordner (``daten/quellen/``: welche
Namen darin liegen) und was die Vorsätze nennen.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Literal

from berichtswerk.grund.ablage import (
    PAKET,
    Ablage,
    code_gleich,
    dateisumme,
    eintragssumme,
    fassung,
    pruefsumme,
    summe,
)
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.projekt import Projekt

MODUL = "modul:"
"""Ein Modul des Programms (``modul:fach/reihe.py``)."""
FASSUNG = "fassung:"
"""Die Fassung einer Bibliothek (``fassung:typst``)."""
BAUM = "baum:"
"""Alle Dateien unter einem Ordner ab der Wurzel, mit Inhalt, ohne Erzeugtes."""
PROGRAMM, BIBLIOTHEKEN = "programm:", "bibliotheken:"
"""Alle Module des Programms; Python und alle installierten Bibliotheken."""
FREMD = "fremd:datenbank"
"""Gelesen, aber ohne Prüfsumme: eine Datenbank oder das Netz."""
WAEHREND = "während:"
"""Steht vor dem Namen einer Datei, die sich änderte, während der Schritt sie las."""
_FORM = "markenform:"
ERZEUGT = ("marke.css", "marke.typ", "symbol.svg", ".woff2")
"""Was Rendern selbst ins Layout schreibt."""
_NOCH_NICHT = {
    "ausführen": "noch nicht ausgeführt",
    "nachrechnen": "noch nicht gerechnet",
    "setzen": "noch nicht gesetzt",
    "site": "noch keine",
}

Schritt = Literal["ausführen", "nachrechnen", "setzen", "site"]


@dataclass(frozen=True, slots=True)
class Spur:
    """Was von einem Schritt aufgehoben ist.

    ``umstand``: Worte, die eine Abweichung begründen → Prüfsumme; ``inhalt``: Schlüssel in der Ablage.
    """

    umstand: Mapping[str, str]
    eintraege: Mapping[str, str]
    inhalt: str
    meldungen: tuple[Meldung, ...] = ()

    def dateien(self) -> list[str]:
        """Gelesene Dateien ab der Projektwurzel."""
        return [name for name in self.eintraege if ":" not in name and not name.endswith("/")]


class Spuren:
    """Die Spuren eines Projekts während eines Laufs: jede Datei wird höchstens einmal gelesen."""

    def __init__(self, projekt: Projekt, bekannt: Mapping[str, str] | None = None) -> None:
        """``bekannt``: Prüfsummen, die eben erst gebildet wurden."""
        self.projekt, self.ablage = projekt, Ablage.von(projekt)
        self._bekannt = dict(bekannt or {})

    def lies(self, schritt: Schritt, name: str) -> Spur | None:
        """Die Spur, die zuletzt hinterlassen wurde."""
        roh = self.ablage.hole("spur", summe(schritt, name))
        if roh is None:
            return None
        spur = json.loads(roh)
        meldungen = tuple(Meldung(**{**m, "stufe": Stufe(m["stufe"])}) for m in spur.pop("meldungen"))
        return Spur(**spur, meldungen=meldungen)

    def hole(
        self, schritt: Schritt, name: str, umstand: Mapping[str, str], neue: Iterable[str] = ()
    ) -> tuple[Spur, bytes] | str:
        """Spur und Ergebnis, wenn beides noch gilt, sonst der Grund in Worten.

        ``neue`` sind Dateien, die in der Spur stehen müssten.
        """
        spur = self.lies(schritt, name)
        if spur is None:
            return _NOCH_NICHT[schritt]
        for worte, jetzt in umstand.items():
            if spur.umstand.get(worte) != jetzt:
                return worte
        if grund := self.abweichung(spur.eintraege, neue):
            return grund
        inhalt = self.ablage.hole("ergebnis", spur.inhalt)
        return (spur, inhalt) if inhalt is not None else "das aufgehobene Ergebnis fehlt oder ist beschädigt"

    def hinterlasse(
        self,
        schritt: Schritt,
        name: str,
        umstand: Mapping[str, str],
        *,
        namen: Iterable[str],
        inhalt: bytes,
        meldungen: Iterable[Meldung] = (),
    ) -> Spur:
        """Hebt ein Ergebnis mit der Spur seiner Eingaben auf.

        Was sich währenddessen änderte, steht ohne Prüfsumme darin: niemand weiß, welche Fassung galt.
        """
        gelesen = set(namen)
        unsicher = {n.removeprefix(WAEHREND) for n in gelesen if n.startswith(WAEHREND)}
        eintraege = self.nimm_auf(n for n in gelesen if not n.startswith(WAEHREND))
        eintraege |= dict.fromkeys(unsicher, "?")
        spur = Spur(dict(umstand), eintraege, pruefsumme(inhalt), tuple(meldungen))
        if self.ablage.hole("ergebnis", spur.inhalt) is None:
            self.ablage.lege("ergebnis", spur.inhalt, inhalt)
        felder = {f.name: getattr(spur, f.name) for f in fields(spur)}
        felder["meldungen"] = [asdict(m) for m in spur.meldungen]
        self.ablage.lege("spur", summe(schritt, name), json.dumps(felder, sort_keys=True).encode())
        return spur

    def nimm_auf(self, namen: Iterable[str]) -> dict[str, str]:
        """Prüfsummen dieser Namen, wie sie jetzt sind; von Modulen bleibt eine Abschrift zum Vergleichen."""
        sortiert = sorted(namen)
        neue = [name for name in sortiert if name.startswith(MODUL) and name not in self._bekannt]
        eintraege = {name: self.summe(name) for name in sortiert}
        for name in neue:
            if eintraege[name]:
                self.ablage.lege_einmal("modul", eintraege[name], PAKET / name.removeprefix(MODUL))
        return eintraege

    def abweichung(self, eintraege: Mapping[str, str], neue: Iterable[str] = ()) -> str:
        """Der erste Eintrag, der nicht mehr gilt, in Worten; leer, wenn alles gilt.

        Ein Modul gilt auch dann noch, wenn sich nur Kommentare oder Beschreibungen geändert haben.
        """
        for name, damals in eintraege.items():
            heute = self.summe(name)
            if heute != damals and not (name.startswith(MODUL) and self._tut_dasselbe(name, damals)):
                return worte(name, damals, heute)
            if name == FREMD:
                return "liest eine Datenbank oder aus dem Netz"
        return next((f"{name} ist neu" for name in neue if name not in eintraege), "")

    def summe(self, name: str) -> str:
        """Prüfsumme eines Eintrags; leer, wenn es ihn nicht (mehr) gibt."""
        if name not in self._bekannt:
            vorsatz, _, rest = name.partition(":")
            art = _ARTEN.get(f"{vorsatz}:", eintragssumme)
            self._bekannt[name] = art(self.projekt, name if art is eintragssumme else rest)
        return self._bekannt[name]

    def _tut_dasselbe(self, name: str, damals: str) -> bool:
        alt = self.ablage.hole("modul", damals)
        try:
            return alt is not None and code_gleich(alt, (PAKET / name.removeprefix(MODUL)).read_bytes())
        except OSError:
            return False


def worte(name: str, damals: str, heute: str) -> str:
    """Was an einem Eintrag anders ist, z. B. ``daten/gebiete.yaml geändert``."""
    if name.startswith(FASSUNG):
        return f"{name.removeprefix(FASSUNG)} {damals} → {heute}"
    if name.startswith(MODUL):
        return f"Berichtswerk geändert: {name.removeprefix(MODUL)}"
    if name.startswith(_FORM):
        return "layout/_brand.yml: Schrift oder Zuordnung der Farben geändert"
    if name.endswith("/"):
        return f"{name}: Dateien hinzugekommen oder entfernt"
    return f"{name} {'geändert' if damals and heute else 'fehlt' if damals else 'ist neu'}"


def _form(projekt: Projekt, damals: str) -> str:
    from berichtswerk.marke import marke

    return "gilt" if damals == marke.form(projekt) else ""


def _baumsumme(ordner: str, ohne_uebergaben: bool = False) -> str:
    alle = _baum(ordner, ohne_uebergaben, (os.path.realpath(ordner),))
    return summe(*(teil for p in alle for teil in (p[len(ordner) :], dateisumme(p))))


def _baum(ordner: str, ohne_uebergaben: bool, weg: tuple[str, ...]) -> Iterator[str]:
    """Alle Dateien in fester Folge, ohne Verborgenes, Bytecode und Erzeugtes.

    Erzeugt sind auch Übergaben: ``<name>.ipynb`` und der Ordner gleichen Namens unter ``berichte/``.
    Verknüpfungen auf einen Ordner, der schon auf dem Weg liegt (``weg``), führten im Kreis.
    """
    try:
        eintraege = sorted(os.scandir(ordner), key=lambda e: e.name)
    except OSError:
        return
    notizbuecher = {e.name.removesuffix(".ipynb") for e in eintraege if e.name.endswith(".ipynb")}
    for e in eintraege:
        if e.name.startswith(".") or e.name == "__pycache__":
            continue
        if ohne_uebergaben and e.name.removesuffix(".ipynb") in notizbuecher:
            continue
        if e.is_dir():
            dazu = (os.path.realpath(e.path),) if e.is_symlink() else ()
            if not any(f"{w}{os.sep}".startswith(f"{ziel}{os.sep}") for w in weg for ziel in dazu):
                yield from _baum(e.path, ohne_uebergaben, weg + dazu)
        elif not (e.name.endswith(ERZEUGT) and f"{os.sep}layout" in ordner):
            yield e.path


@cache
def _modulsumme(ort: str) -> str:
    """Prüfsumme eines Moduls, einmal je Prozess: es gilt, wie es geladen ist."""
    return dateisumme(PAKET / ort)


@cache
def _bibliotheken() -> str:
    """Namen und Fassungen aller installierten Bibliotheken, wie sie in ihren Ordnern stehen."""
    ordner = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    namen = sorted(n for o in ordner if os.path.isdir(o) for n in os.listdir(o))  # noqa: PTH112, PTH208
    return summe(sys.version, *(n for n in namen if n.endswith((".dist-info", ".egg-info"))))


_ARTEN: Mapping[str, Callable[[Projekt, str], str]] = {
    FASSUNG: lambda _, was: platform.python_version() if was == "python" else fassung(was),
    MODUL: lambda _, ort: _modulsumme(ort),
    _FORM: _form,
    BAUM: lambda projekt, ort: _baumsumme(str(projekt.wurzel / ort), ort == "berichte"),
    PROGRAMM: lambda *_: _baumsumme(str(PAKET)),
    BIBLIOTHEKEN: lambda *_: _bibliotheken(),
    "fremd:": lambda *_: "",
}
