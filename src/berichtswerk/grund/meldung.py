"""Meldungen an Menschen: was, wo, warum und was als Nächstes zu tun ist.

Jeder Befund ist eine ``Meldung``; gesammelt und auf einmal gezeigt werden sie als ``Meldungen``.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import ClassVar

_BETRIEBSSYSTEM = {
    errno.EACCES: "Dafür fehlt das Recht",
    errno.EPERM: "Dafür fehlt das Recht",
    errno.EROFS: "Der Datenträger ist schreibgeschützt",
    errno.ENOSPC: "Auf dem Datenträger ist kein Platz mehr",
    errno.EEXIST: "Dort liegt schon etwas anderes",
    errno.ENOTDIR: "Auf dem Weg liegt eine Datei statt eines Ordners",
    errno.EISDIR: "Dort liegt ein Ordner statt einer Datei",
    errno.ENOENT: "Datei oder Ordner gibt es nicht",
    errno.EBUSY: "Ein anderes Programm hält es fest",
    errno.ENAMETOOLONG: "Der Name ist zu lang",
    errno.ELOOP: "Verknüpfungen zeigen im Kreis aufeinander",
    errno.EMFILE: "Zu viele Dateien sind zugleich geöffnet",
    errno.EIO: "Der Datenträger antwortet mit einem Fehler",
    errno.ECONNREFUSED: "Der andere Rechner nimmt keine Verbindung an",
    errno.ECONNRESET: "Der andere Rechner hat die Verbindung getrennt",
    errno.ETIMEDOUT: "Der andere Rechner antwortet nicht",
    errno.EADDRNOTAVAIL: "Diese Adresse gibt es auf diesem Rechner nicht",
}


def warum(fehler: OSError) -> str:
    """Was das Betriebssystem beanstandet, auf Deutsch; Unbekanntes mit Nummer und seinem Wortlaut."""
    sonst = f"Das Betriebssystem meldet Fehler {fehler.errno} ({fehler.strerror or type(fehler).__name__})"
    return _BETRIEBSSYSTEM.get(fehler.errno or 0, sonst)


class Stufe(StrEnum):
    """Gewicht eines Befundes; nur ``FEHLER`` hält etwas an."""

    FEHLER = "fehler"
    WARNUNG = "warnung"
    HINWEIS = "hinweis"


@dataclass(frozen=True, slots=True)
class Meldung:
    """Ein Befund mit Ort, Ursache und nächstem Schritt.

    ``kennung`` ist stabil (``wort-wort``) und maschinenlesbar; ``ort`` ist „Zeile 12“, „Zelle C7“,
    „Zelle 4 des Notizbuchs“; ``feld`` der Name der Spalte oder des YAML-Schlüssels.
    """

    kennung: str
    text: str
    datei: str = ""
    ort: str = ""
    feld: str = ""
    ursache: str = ""
    abhilfe: str = ""
    stufe: Stufe = Stufe.FEHLER

    @property
    def stelle(self) -> str:
        """Datei, Ort und Feld in einer Zeile; leer, wenn nichts davon bekannt ist."""
        feld = f"Feld „{self.feld}“" if self.feld else ""
        return ", ".join(teil for teil in (self.datei, self.ort, feld) if teil)

    @property
    def rat(self) -> list[str]:
        """„Ursache: …“ und „Abhilfe: …“, soweit bekannt."""
        teile = (("Ursache", self.ursache), ("Abhilfe", self.abhilfe))
        return [f"{name}: {text}" for name, text in teile if text]

    def __str__(self) -> str:
        kopf = f"{self.stufe.value.upper()} [{self.kennung}] {self.stelle or 'ohne Ort'}"
        return "\n  ".join([kopf, self.text, *self.rat])


class Befundart:
    """Eine Art von Befund: stabile Kennung, Stufe und Vorlagen mit ``{feldern}``; je Art eine Unterklasse.

    Unterklassen stehen im Raum, der sie meldet, und heißen wie ihr Fall: ``class LabelDoppelt(Befundart)``
    hat die Kennung ``label-doppelt``, wenn sie keine andere nennt. Ihr ``text`` sagt, wann der Fall eintritt.
    Gemeldet wird mit ``LabelDoppelt.melde(label="fig-a")``. Eine Spielart (dieselbe Kennung, anderer
    Wortlaut) erbt von der Klasse, der die Kennung gehört.
    """

    kennung: ClassVar[str] = ""
    text: ClassVar[str]
    ursache: ClassVar[str] = ""
    abhilfe: ClassVar[str] = ""
    feld: ClassVar[str] = ""
    stufe: ClassVar[Stufe] = Stufe.FEHLER

    def __init_subclass__(cls) -> None:
        """Trägt die Art ein; eine Kennung gehört genau einer Klasse und ihren Spielarten."""
        cls.kennung = cls.kennung or re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        if not issubclass(cls, ARTEN.setdefault(cls.kennung, cls)):
            raise TypeError(f"Die Kennung „{cls.kennung}“ gehört schon {ARTEN[cls.kennung].__name__}.")

    @classmethod
    def melde(
        cls, *, datei: str = "", ort: str = "", feld: str | None = None, stufe: Stufe | None = None,
        **angaben: object,
    ) -> Meldung:  # fmt: skip
        """Die Meldung zu diesem Fall; ``angaben`` füllen die Vorlagen, ``feld`` und ``stufe`` gehen vor.

        Raises:
            KeyError: eine Vorlage nennt ein Feld, das nicht angegeben ist.
        """
        werte = {**angaben, "datei": datei, "ort": ort}
        return Meldung(
            cls.kennung,
            cls.text.format_map(werte),
            datei,
            ort,
            cls.feld.format_map(werte) if feld is None else feld,
            cls.ursache.format_map(werte),
            cls.abhilfe.format_map(werte),
            cls.stufe if stufe is None else stufe,
        )


ARTEN: dict[str, type[Befundart]] = {}
"""Alle Arten der geladenen Räume unter ihrer Kennung."""


def ausgabe_klemmt() -> bool:
    """Ob die Standardausgabe nichts annimmt; nur fragen, wenn ohnehin etwas gescheitert ist."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return True
    return False


@dataclass(slots=True)
class Meldungen:
    """Sammlung von Befunden; ``pruefe()`` wirft, wenn ein Fehler darunter ist."""

    liste: list[Meldung] = field(default_factory=list)

    def __iter__(self) -> Iterator[Meldung]:
        return iter(self.liste)

    def __len__(self) -> int:
        return len(self.liste)

    def dazu(self, *meldungen: Meldung) -> None:
        """Nimmt Befunde auf."""
        self.liste.extend(meldungen)

    def alle(self, meldungen: Iterable[Meldung]) -> None:
        """Nimmt viele Befunde auf."""
        self.liste.extend(meldungen)

    def neue(self, meldungen: Iterable[Meldung]) -> None:
        """Nimmt auf, was noch nicht darin steht.

        Ein Text, den zwei Berichte oder Varianten zeigen, hat einen Fehler, auch wenn er ihn über zwei
        Gebiete verschieden begründet.
        """
        bekannt = set(map(_stelle, self.liste))
        for m in meldungen:
            if (stelle := _stelle(m)) not in bekannt:
                bekannt.add(stelle)
                self.liste.append(m)

    @property
    def fehler(self) -> list[Meldung]:
        """Nur die Befunde der Stufe ``FEHLER``."""
        return [m for m in self.liste if m.stufe is Stufe.FEHLER]

    def als_text(self) -> str:
        """Lesbare Liste: alle Befunde, dann eine Zeile mit der Bilanz."""
        je_stufe = [(sum(m.stufe is s for m in self.liste), *woerter) for s, woerter in _WOERTER.items()]
        bilanz = (f"{anzahl} {eins if anzahl == 1 else viele}" for anzahl, eins, viele in je_stufe)
        return "\n\n".join([*map(str, self.liste), ", ".join(bilanz)])

    def als_json(self) -> str:
        """Maschinenlesbare Liste (JSON, eine Liste von Objekten)."""
        return json.dumps([asdict(m) for m in self.liste], ensure_ascii=False, indent=1)

    def pruefe(self) -> None:
        """Wirft :class:`BerichtswerkFehler` mit allen Befunden, wenn ein Fehler darunter ist."""
        if self.fehler:
            raise BerichtswerkFehler(self.liste)


def _stelle(m: Meldung) -> Meldung | tuple[str, ...]:
    """Woran man denselben Befund an derselben Stelle eines Textes erkennt: am Feld und am ersten Zitat."""
    if not (m.datei.endswith(".md") and m.ort and m.feld):
        return m
    return m.kennung, m.datei, m.ort, m.feld, m.text.partition("„")[2].partition("“")[0]


_WOERTER = {
    Stufe.FEHLER: ("Fehler", "Fehler"),
    Stufe.WARNUNG: ("Warnung", "Warnungen"),
    Stufe.HINWEIS: ("Hinweis", "Hinweise"),
}


class BerichtswerkFehler(Exception):
    """Ein erwarteter Fehler mit Meldungen für Menschen; wird ohne Traceback gezeigt."""

    def __init__(self, meldungen: Iterable[Meldung] | Meldung) -> None:
        self.meldungen = [meldungen] if isinstance(meldungen, Meldung) else list(meldungen)
        super().__init__("\n\n".join(str(m) for m in self.meldungen))

    def __reduce__(self) -> tuple[type[BerichtswerkFehler], tuple[list[Meldung]]]:
        return type(self), (self.meldungen,)

    @property
    def _render_traceback_(self) -> Callable[[], list[str]]:
        """IPython fragt hiernach: im Notizbuch stehen nur die Meldungen, ohne Traceback.

        In einem Lauf des Werks gibt es die Eigenschaft nicht; er liest die Zeile aus dem Traceback.
        """
        if os.environ.get("BERICHTSWERK_LAUF") == "1":
            raise AttributeError("_render_traceback_")
        return self._zeilen_im_notizbuch

    def _zeilen_im_notizbuch(self) -> list[str]:
        zeile = next((f"Zeile {nr} dieser Zelle:" for rahmen, nr in traceback.walk_tb(self.__traceback__)
                      if rahmen.f_globals.get("__name__") == "__main__"), "")  # fmt: skip
        return [*([zeile, ""] if zeile else []), *str(self).split("\n")]


def aehnliche(gesucht: str, auswahl: Iterable[str], anzahl: int = 3) -> tuple[str, ...]:
    """Die ``anzahl`` ähnlichsten Namen, der ähnlichste zuerst; Groß- und Kleinschreibung zählt nicht."""
    klein: dict[str, str] = {}
    for name in auswahl:
        klein.setdefault(name.casefold(), name)
    treffer = get_close_matches(gesucht.casefold(), list(klein), n=anzahl, cutoff=0.55)
    return tuple(klein[t] for t in treffer)


def aufgezaehlt(namen: Iterable[str], hoechstens: int = 12) -> str:
    """Schreibt Namen als „a“, „b“, „c“; nach ``hoechstens`` Namen steht, wie viele noch folgen."""
    liste = list(namen)
    text = ", ".join(f"„{name}“" for name in liste[:hoechstens])
    rest = len(liste) - hoechstens
    return f"{text} und {rest} weitere" if rest > 0 else text


def meinten(gesucht: str, auswahl: Iterable[str]) -> str:
    """„Meinten Sie …? “ vor dem Rest eines Satzes; leer, wenn nichts ähnlich ist."""
    nah = aehnliche(gesucht, auswahl)
    return f"Meinten Sie {aufgezaehlt(nah)}? " if nah else ""


def vorschlag(gesucht: str, auswahl: Iterable[str], *, sonst: str = "Bekannt sind: ") -> str:
    """„Meinten Sie …?“ oder, wenn nichts ähnlich ist, die Aufzählung des Bekannten."""
    namen = list(auswahl)
    return meinten(gesucht, namen).rstrip() or (f"{sonst}{aufgezaehlt(namen)}." if namen else "")
