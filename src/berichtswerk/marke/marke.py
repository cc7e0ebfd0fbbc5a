"""Die Marke: Farben, Schriften und Wortmarke aus ``layout/_brand.yml`` (Standard brand.yml).

:meth:`Marke.lade` ist der eine Weg zu ihr; gelesen und geprüft wird dieselbe Datei einmal (``marke.lesen``),
danach kommt sie aus der Ablage. Abbildungen nennen Farben beim Namen (``marke:fokus``); gezeichnet wird mit
der Farbe von heute (:meth:`Marke.loese`). Eine andere Farbe ändert so nur die Zeichnung, nicht das
ausgeführte Notizbuch.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, programmstand, summe
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import farbe

DATEI = "layout/_brand.yml"
FORM = "markenform:"
"""Vor der Prüfsumme dessen, was ein Notizbuch von der Marke bemerkt (:meth:`Marke.form`)."""

_NAME = re.compile(r"marke:([a-z_]+)(?:\.(\d))?")
_AUFRUF = re.compile(r"marke:([a-z_]+)\((.+)\)")
_IM_JSON = re.compile(r'"(marke:[^"\\]+)"')


@dataclass(frozen=True)
class Diagrammfarben:
    """Farben der Abbildungen, ``#rrggbb`` (oder ihre Namen, :attr:`Marke.farbnamen`).

    ``klassen`` sind fünf Stufen einer Farbe, hell nach dunkel; ``pole`` fünf Klassen um eine Mitte;
    ``leiter`` zehn Stufen für geordnete Teile, von denen auch die hellste sichtbar ist.
    """

    fokus: str
    akzent: str
    vergleich: tuple[str, ...]
    kategorien: tuple[str, ...]
    klassen: tuple[str, ...]
    pole: tuple[str, ...]
    text: str
    text_leise: str
    achse: str
    gitter: str
    flaeche: str
    grund: str
    leiter: tuple[str, ...]

    @cached_property
    def namen(self) -> Diagrammfarben:
        """Die Namen zu diesen Farben; gleiche Farben tragen denselben (manche Form vergleicht sie)."""
        bekannt: dict[str, str] = {}
        angaben: dict[str, Any] = {}
        for feld, wert in asdict(self).items():
            if isinstance(wert, str):
                angaben[feld] = bekannt.setdefault(wert, f"marke:{feld}")
        for feld, werte in asdict(self).items():
            if feld in ("vergleich", "kategorien"):
                angaben[feld] = tuple(bekannt.setdefault(w, f"marke:{feld}.{i}") for i, w in enumerate(werte))
            elif feld in ("klassen", "pole", "leiter"):
                angaben[feld] = tuple(f"marke:{feld}.{i}" for i in range(len(werte)))
        return Diagrammfarben(**angaben)


@dataclass(frozen=True, slots=True)
class Schriftdatei:
    """Ein Schnitt der Hausschrift: Datei, Stärke (400, 600 …) und Stil (``normal``/``italic``)."""

    pfad: Path
    staerke: int
    stil: str


@dataclass(frozen=True, slots=True)
class Wortmarke:
    """Bilddatei (SVG) für hellen und für dunklen Grund und ihr Alternativtext."""

    hell: Path
    dunkel: Path
    alt: str


@dataclass(frozen=True, slots=True)
class Marke:
    """Alles Gestaltete, aus einer Datei gelesen und geprüft; ``farben`` sind alle Namen mit ``#rrggbb``."""

    layout: Path
    name: str
    name_kurz: str
    farben: Mapping[str, str]
    diagramm: Diagrammfarben
    schrift: str
    betonung: int
    schriften: tuple[Schriftdatei, ...]
    wortmarke: Wortmarke
    band: str
    """Grund des Streifens über allem, was noch nicht veröffentlicht ist."""
    leitfarben: Mapping[str, str] = field(default_factory=dict)
    """Je Fachplanung (Ordner unter ``berichte/``) die Farbe, an der man sie erkennt; sonst die Hauptfarbe."""

    @classmethod
    def lade(cls, projekt: Projekt) -> Marke:
        """Die Marke, wie sie jetzt in ``layout/_brand.yml`` steht.

        Raises:
            BerichtswerkFehler: Datei fehlt, ist kein YAML, nennt Unbekanntes, unlesbare Farben oder Dateien,
                die es nicht gibt. Fehlerhaftes wird nie aufgehoben.
        """
        marke = _geladen(projekt, dateisumme(projekt.wurzel / DATEI))
        if all(pfad.is_file() for pfad in marke.dateien):
            return marke
        from berichtswerk.marke.lesen import lies

        return lies(projekt)

    @property
    def dateien(self) -> tuple[Path, ...]:
        """Was die Markendatei nennt: Schriften und Wortmarke."""
        return (*(s.pfad for s in self.schriften), self.wortmarke.hell, self.wortmarke.dunkel)

    def ab_layout(self, pfad: Path) -> str:
        """Eine dieser Dateien ab ``layout/``, mit Schrägstrichen."""
        return pfad.relative_to(self.layout).as_posix()

    def schnitt(self, staerke: int = 400, stil: str = "normal") -> Schriftdatei:
        """Der Schnitt, der ``staerke`` am nächsten kommt."""
        return _schnitt(self.schriften, staerke, stil)

    def leitfarbe(self, bericht: str) -> str:
        """Die Farbe dieser Fachplanung, ``#rrggbb``."""
        return self.leitfarben.get(bericht, self.farben["primary"])

    def fuer(self, bericht: str) -> Marke:
        """Dieselbe Marke, in deren Abbildungen die Leitfarbe dieser Fachplanung den Fokus trägt.

        Was der Leitfarbe zu ähnlich wäre (Gegenfarbe, Kategorie), bekommt dafür die Farbe, die frei wird.
        """
        d, leit = self.diagramm, self.leitfarben.get(bericht, "")
        if leit in ("", d.fokus):
            return self

        def daneben(f: str) -> str:
            return leit if f == d.fokus else d.fokus if farbe.unterschied(f, leit) < farbe.DEUTLICH else f

        stufen = farbe.stufen(leit) if d.klassen == farbe.stufen(d.fokus) else d.klassen
        neu = replace(
            d, fokus=leit, akzent=daneben(d.akzent), kategorien=tuple(map(daneben, d.kategorien)),
            klassen=stufen, leiter=farbe.leiter(stufen[3]),
        )  # fmt: skip
        return replace(self, diagramm=neu)

    @property
    def farbnamen(self) -> Diagrammfarben:
        """Namen statt Farben, wie Abbildungen sie nennen."""
        return self.diagramm.namen

    def loese(self, name: str) -> str:
        """Die Farbe zu einem Namen; was kein Name ist, bleibt, wie es ist.

        Auch was von Farben abhängt, ist ein Name: ``marke:schrift_auf(marke:fokus)``.

        Raises:
            ValueError: einen solchen Namen gibt es nicht.
        """
        if aufruf := _AUFRUF.fullmatch(name):
            return self._rechne(aufruf[1], self.loese(aufruf[2]))
        if einfach := _NAME.fullmatch(name):
            wert = getattr(self.diagramm, einfach[1])
            return str(wert[int(einfach[2])] if einfach[2] else wert)
        return name

    def _rechne(self, was: str, wert: str) -> str:
        f = self.diagramm
        if was == "schrift_auf":
            return farbe.lesbar_auf(wert, f.text, f.grund)
        if was == "als_text":
            return farbe.als_schrift(wert, f.grund) or f.text_leise
        raise ValueError(f"Den Farbnamen „{was}“ gibt es nicht.")

    def loese_im_text(self, text: str) -> str:
        """JSON als Text mit Farben statt Namen."""
        bekannt: dict[str, str] = {}

        def farbe_zu(fund: re.Match[str]) -> str:
            name = fund[1]
            if name not in bekannt:
                bekannt[name] = json.dumps(self.loese(name))
            return bekannt[name]

        return _IM_JSON.sub(farbe_zu, text)

    def form(self) -> str:
        """Prüfsumme dessen, was ein Notizbuch von der Marke bemerkt: alles außer den Farben selbst."""
        schriften = [(s.staerke, s.stil, dateisumme(s.pfad)) for s in self.schriften]
        teile = [asdict(self.farbnamen), self.schrift, self.betonung, schriften]
        return hashlib.sha256(json.dumps(teile, sort_keys=True).encode()).hexdigest()


def form(projekt: Projekt) -> str:
    """:meth:`Marke.form` der Marke von heute; leer, wenn sie sich nicht laden lässt."""
    try:
        return Marke.lade(projekt).form()
    except BerichtswerkFehler:
        return ""


@cache
def _geladen(projekt: Projekt, dateisumme_: str) -> Marke:
    """Aus der Ablage: die Bibliothek zu laden dauert länger als alles, was danach kommt."""
    ablage = Ablage.von(projekt)
    programm = programmstand("marke/marke.py", "marke/lesen.py", "marke/farbe.py")
    schluessel = summe(dateisumme_, programm, fassung("brand-yml"), str(projekt.layout))
    bekannt = ablage.hole("marke", schluessel) if dateisumme_ else None
    form: TypeAdapter[Marke] = TypeAdapter(Marke)
    if bekannt is not None:
        return form.validate_json(bekannt)
    from berichtswerk.marke.lesen import lies

    marke = lies(projekt)
    if dateisumme_ == dateisumme(projekt.wurzel / DATEI):  # niemand hat sie währenddessen geändert
        ablage.lege("marke", schluessel, form.dump_json(marke))
    return marke


@cache
def _schnitt(schriften: tuple[Schriftdatei, ...], staerke: int, stil: str) -> Schriftdatei:
    gleich = [s for s in schriften if s.stil == stil] or list(schriften)
    return min(gleich, key=lambda s: (abs(s.staerke - staerke), s.staerke))
