"""Gesetzte Berichte aufheben: gilt die Spur ihrer Eingaben noch, kommen Seite, PDF und Beilagen von dort."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, pruefe
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.ausfuehrung.spur import FASSUNG, MODUL, Spuren
from berichtswerk.grund.ablage import PAKET
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.beigaben import LITERATUR
from berichtswerk.schreiber.formate import WEITERE, alle, dateien
from berichtswerk.site import stand
from berichtswerk.site.seiten import groesse

NEBENBEI = ("freigabe.yml", "lesen.md", "rueckmeldungen.yaml")
"""Steht im Ordner einer Ausgabe, aber nicht in ihr."""
_FASSUNGEN = (
    "python", "pydantic", "pyyaml", "jinja2", "vl-convert-python", "fonttools", "pypandoc-binary",
    "brand-yml", "uharfbuzz", "pillow",
)  # fmt: skip
_NUR_GELADEN = ("daten", "fach", "cli", "jahr", "vorschau")
"""Aus diesen Räumen wirkt beim Übergeben und Setzen nur mit, was dabei geladen war."""


@dataclass(frozen=True, slots=True)
class Gemerkt:
    """Ein gesetzter Bericht: Dateien ab dem Ordner der Ausgabe und was dazu zu melden war."""

    dateien: dict[str, bytes]
    meldungen: Meldungen
    gelesen: tuple[str, ...] = ()


class Gedaechtnis:
    """Sucht und merkt gesetzte Berichte eines Laufs.

    ``groessen`` sind die der Formate, die nicht gesetzt werden: sie stehen in der Seite.
    """

    def __init__(self, projekt: Projekt, formate: Collection[str]) -> None:
        self.projekt, self.formate = projekt, "+".join(sorted(formate))
        self._spuren = Spuren(projekt)
        self._ausgaben: dict[Path, list[str]] = {}

    @cached_property
    def _gemeinsam(self) -> list[str]:
        """Layout und Angaben zum Landkreis; gesucht wird je Lauf einmal."""
        p = self.projekt
        pfade = [*_ordner(p.layout), *sorted(p.daten.glob("*.yaml")), *p.berichte.glob(LITERATUR)]
        return [*_ab(p.wurzel, pfade), "daten/kennzahlen/"]

    def hole(self, ausgefuehrt: Ausgefuehrt, groessen: Mapping[str, str]) -> Gemerkt | str:
        """Was für diesen Auftrag noch gilt, sonst der Grund, warum neu gesetzt wird."""
        a = ausgefuehrt.auftrag
        stand = self._spuren.hole("setzen", self._name(a), _umstand(ausgefuehrt, groessen), self._dateien(a))
        if isinstance(stand, str):
            return stand
        spur, paket = stand
        return Gemerkt(_entpackt(paket), Meldungen(list(spur.meldungen)), tuple(spur.dateien()))

    def merke(
        self,
        ausgefuehrt: Ausgefuehrt,
        groessen: Mapping[str, str],
        gesetzt: Gemerkt,
        nachgelesen: Collection[str],
    ) -> None:
        """Hebt einen gesetzten Bericht mit der Spur seiner Eingaben auf."""
        a = ausgefuehrt.auftrag
        daten = [n for n in ausgefuehrt.gelesen if n.startswith("daten/")]  # stehen im Zahlennachweis
        namen = [*self._dateien(a), *daten, *nachgelesen, *_programm(), *(FASSUNG + f for f in _fassungen())]
        self._spuren.hinterlasse(
            "setzen", self._name(a), _umstand(ausgefuehrt, groessen),
            namen=namen, inhalt=_gepackt(gesetzt.dateien), meldungen=gesetzt.meldungen,
        )  # fmt: skip

    def _name(self, auftrag: Auftrag) -> str:
        return spurname(auftrag, self.formate.split("+"))

    def _dateien(self, auftrag: Auftrag) -> list[str]:
        """Was Menschen für diesen Bericht schreiben: Beschreibung, Texte, Bilder, Notizbuch, Layout."""
        p, ordner = self.projekt, auftrag.ordner
        if ordner not in self._ausgaben:  # Varianten haben denselben
            self._ausgaben[ordner] = _ab(p.wurzel, _eigene(ordner))
        notizbuch = () if auftrag.notizbuch is None else (auftrag.notizbuch,)
        return [*self._ausgaben[ordner], *_ab(p.wurzel, notizbuch), *self._gemeinsam]


def spurname(auftrag: Auftrag, formate: Iterable[str]) -> str:
    """Unter welchem Namen der Schritt „setzen“ seine Spur hinterlässt."""
    return f"{auftrag.stamm}.{'+'.join(sorted(formate))}"


def vorige_groessen(projekt: Projekt, auftrag: Auftrag, formate: Collection[str]) -> dict[str, str]:
    """Wie groß die Dateien der Formate sind, die nicht gesetzt werden: sie bleiben gültig verlinkt."""
    alte = {endung: projekt.site / ort for endung, ort in dateien(auftrag).items()}
    return {e: groesse(datei) for e, datei in alte.items() if e not in formate and datei.is_file()}


def _fassungen() -> list[str]:
    return [*_FASSUNGEN, *(f for form in WEITERE.values() for f in form.fassungen)]


def _umstand(ausgefuehrt: Ausgefuehrt, groessen: Mapping[str, str]) -> dict[str, str]:
    frei = ausgefuehrt.auftrag
    return {
        "das Notizbuch hat ein anderes Ergebnis": ausgefuehrt.summe,
        "die Größe einer früheren Datei ist anders": json.dumps(groessen),
        "der Stand der Freigabe ist anders": f"{frei.status} {frei.freigabe.gefallen}",
    }


def _gepackt(dateien: Mapping[str, bytes]) -> bytes:
    """Alle Dateien hintereinander, davor eine Zeile mit Namen und Längen: ein Zugriff statt hundert."""
    kopf = json.dumps({name: len(inhalt) for name, inhalt in dateien.items()}).encode()
    return b"\n".join([kopf, b"".join(dateien.values())])


def _entpackt(paket: bytes) -> dict[str, bytes]:
    kopf, _, rest = paket.partition(b"\n")
    dateien, ab = {}, 0
    for name, laenge in json.loads(kopf).items():
        dateien[name] = rest[ab : ab + laenge]
        ab += laenge
    return dateien


@cache
def _bausteine() -> list[str]:
    return [str(p) for p in PAKET.rglob("*") if p.is_file() and p.suffix != ".pyc"]


def _programm() -> list[str]:
    geladen = sys.modules.copy()  # am Stück: ein anderer Faden kann eben etwas laden
    module = (getattr(m, "__file__", None) for n, m in geladen.items() if n.startswith(PAKET.name))
    return _wirksam(frozenset(module))


@cache
def _wirksam(geladen: frozenset[str | None]) -> list[str]:
    ab = len(str(PAKET)) + 1
    orte = [
        p[ab:].replace(os.sep, "/")
        for p in _bausteine()
        if p in geladen or not p[ab:].startswith(_NUR_GELADEN)
    ]
    return [MODUL + ort for ort in orte]


def _ab(wurzel: Path, pfade: Iterable[Path]) -> list[str]:
    return [pfad.relative_to(wurzel).as_posix() for pfad in pfade]


def _eigene(ordner: Path) -> Iterator[Path]:
    """Dateien einer Ausgabe ohne ihre Übergaben (``<stamm>.ipynb`` und der Ordner gleichen Namens)."""
    for pfad in sorted(ordner.iterdir()):
        if (
            pfad.name in NEBENBEI
            or pfad.name.startswith(".")
            or pfad.suffix == ".ipynb"
            or pfad.with_suffix(".ipynb").exists()
        ):
            continue
        yield from _ordner(pfad) if pfad.is_dir() else (pfad,)


def _ordner(ordner: Path) -> list[Path]:
    return [p for p in sorted(ordner.rglob("*")) if p.is_file() and not p.name.startswith(".")]


UNVERAENDERT = "unverändert"


@dataclass(frozen=True, slots=True)
class Begruendung:
    """Eine Ausgabe (``sozialbericht-2024.pdf``), ob sie neu entsteht, und warum (nicht)."""

    ausgabe: str
    neu: bool
    grund: str

    def __str__(self) -> str:
        return f"{self.ausgabe}: {f'neu, {self.grund}' if self.neu else self.grund}"


def begruende(
    projekt: Projekt, namen: Sequence[str] = (), formate: Collection[str] = ()
) -> list[Begruendung]:
    """Je Bericht das ausgeführte Notizbuch und jedes Format, dazu die Site als Ganzes.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder ein unlesbares Notizbuch.
    """
    alles, formate = plane(projekt).waehle(namen), formate or alle()
    auswahl = [a for a in alles if a.fassung is None]
    gedaechtnis, spuren = Gedaechtnis(projekt, formate), Spuren(projekt)
    zeilen = [Begruendung(a.stamm, False, "beschlossen, aus dem Archiv") for a in alles if a.fassung]
    zeilen += [z for a in auswahl for z in _bericht(projekt, a, gedaechtnis, spuren, formate)]
    steht = stand.unveraendert(projekt, namen, formate) is not None
    grund = UNVERAENDERT if steht else "weil sie aus allem Neuen zusammengesetzt wird"
    return [*zeilen, Begruendung("_site", not steht, grund)]


def _bericht(
    projekt: Projekt, auftrag: Auftrag, gedaechtnis: Gedaechtnis, spuren: Spuren, formate: Collection[str]
) -> Iterator[Begruendung]:
    bereit = pruefe(projekt, auftrag, spuren)
    bereit.meldungen.pruefe()
    gilt = isinstance(bereit, Ausgefuehrt)
    if auftrag.notizbuch is not None:
        yield Begruendung(f"{auftrag.stamm} (Notizbuch)", not gilt, bereit.grund)
    satz = "weil das Notizbuch neu ausgeführt wird"
    if isinstance(bereit, Ausgefuehrt):
        stand_ = gedaechtnis.hole(bereit, vorige_groessen(projekt, auftrag, formate))
        satz = stand_ if isinstance(stand_, str) else ""
    orte = {"html": f"{auftrag.stamm}.html", **dateien(auftrag)}
    for form in sorted(orte.keys() & set(formate)):
        yield Begruendung(Path(orte[form]).name, bool(satz), satz or UNVERAENDERT)
