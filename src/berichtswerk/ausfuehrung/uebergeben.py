"""Die Übergabe eines Auftrags bauen und schreiben, mit echten SVG und nachgerechneten Kennzahlen."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import cache, cached_property
from importlib import metadata
from typing import TYPE_CHECKING, Any

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe, baue, lesbar
from berichtswerk.gegenstand.gegenstaende import Bindung
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import PAKET, Ablage, codesumme, dateisumme, pruefsumme
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml
from berichtswerk.marke.marke import DATEI as MARKENDATEI
from berichtswerk.marke.marke import Marke

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Sicht

_ZEICHNEND = (
    *("bild/svg.py", "bild/leinwand.py", "bild/thema.py"),
    *("marke/schrift.py", "marke/marke.py", "marke/farbe.py"),
)
_WERKZEUGE = ("vl-convert-python", "uharfbuzz")


def uebergib(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> Uebergabe:
    """Baut die Übergabe eines ausgeführten Auftrags; Befunde stehen darin."""
    assert ausgefuehrt.roh is not None
    kennzahlen = Nachrechner(projekt, ausgefuehrt.auftrag)
    fertig = baue(
        projekt, ausgefuehrt.auftrag, ausgefuehrt.roh, zeichenwerk(projekt),
        nachrechnen=kennzahlen, weitere=kennzahlen.namen,
    )  # fmt: skip
    fertig.nachgelesen = kennzahlen.gelesen()
    return fertig


class Nachrechner:
    """Rechnet Kennzahlen, die ein Text nennt und das Notizbuch nicht gebunden hat.

    Daten und pandas werden erst geladen, wenn wirklich eine solche Kennzahl vorkommt.
    """

    def __init__(self, projekt: Projekt, auftrag: Auftrag) -> None:
        """``auftrag`` bestimmt Gebiet und Datenstand."""
        self._projekt, self._auftrag = projekt, auftrag

    @cached_property
    def namen(self) -> frozenset[str]:
        """Die Namen aller Kennzahlen und der Reihen aller Rechnungen."""
        rechnungen = (lies_yaml(p, self._projekt).daten for p in self._projekt.rechnungen.glob("*.yaml"))
        reihen = (name for r in rechnungen if isinstance(r, dict) for name in r.get("reihen") or ())
        return frozenset([*(p.stem for p in self._projekt.kennzahlen.glob("*.yaml")), *reihen])

    @cached_property
    def _sicht(self) -> Sicht:
        from berichtswerk.bericht.sicht import Sicht

        a = self._auftrag
        gebiet = a.parameter.get("gebiet")
        return Sicht.lade(
            a.bericht,
            a.ausgabe,
            str(gebiet) if gebiet is not None else None,
            a.variante or None,
            self._projekt,
        )

    def gelesen(self) -> tuple[str, ...]:
        """Daten und Beschreibungen, die dafür gelesen wurden; leer, wenn nichts nachzurechnen war."""
        if "_sicht" not in vars(self):
            return ()
        ordner = (self._projekt.kennzahlen, self._projekt.rechnungen, self._projekt.quellen)
        yaml = [self._projekt.relativ(p) for o in ordner for p in o.glob("*.yaml")]
        return (*self._sicht.bestand.gelesen(), *yaml)

    def __call__(self, name: str) -> Bindung | None:
        """Die Bindung zu „id“ oder „bereich:id“; None, wenn keine Kennzahl und keine Reihe so heißt."""
        bereich, _, kennung = name.rpartition(":")
        if kennung not in self.namen:
            return None
        from berichtswerk.bericht.namen import Namen

        sicht = self._sicht.fuer(bereich) if bereich else self._sicht
        return Namen(sicht).bindung(kennung)


def zeichenwerk(projekt: Projekt) -> Zeichenwerk:
    """Das Zeichenwerk zu Marke und Programm, wie sie jetzt sind."""
    return _zeichenwerk(projekt, dateisumme(projekt.wurzel / MARKENDATEI))


@cache
def _zeichenwerk(projekt: Projekt, markensumme: str) -> Zeichenwerk:
    teile = [codesumme(PAKET / name) for name in _ZEICHNEND]
    fassungen = [metadata.version(name) for name in _WERKZEUGE]
    return Zeichenwerk(projekt, pruefsumme("\n".join([*fassungen, markensumme, *teile])))


class Zeichenwerk:
    """Färbt und zeichnet Spezifikationen; Fertiges liegt unter der Spezifikation und der Marke in der Ablage.

    Notizbücher nennen Farben beim Namen: was schon gezeichnet ist, braucht hier niemand einzufärben.
    """

    def __init__(self, projekt: Projekt, umstand: str) -> None:
        self._projekt, self._umstand, self._ablage = projekt, umstand, Ablage.von(projekt)
        self._schloesser: dict[str, threading.Lock] = {}

    def seite(self, spec: dict[str, Any], label: str) -> str:
        """SVG für die Webseite, in den Farben der Marke."""
        from berichtswerk.bild.svg import fuer_seite

        with zeiten.miss("abbildungen"):
            return fuer_seite(spec, Marke.lade(self._projekt), label, self._ablage)

    def druck(self, spec: dict[str, Any]) -> bytes:
        """SVG für das PDF: die Schrift hat Typst."""
        return self._datei(spec, mit_schrift=False)

    def datei(self, spec: dict[str, Any]) -> bytes:
        """SVG zum Herunterladen, mit seiner Schrift."""
        return self._einmal("svg", spec, lambda: self._datei(spec, mit_schrift=True))

    def _datei(self, spec: dict[str, Any], *, mit_schrift: bool) -> bytes:
        from berichtswerk.bild.svg import als_datei

        marke = Marke.lade(self._projekt)
        with zeiten.miss("abbildungen"):
            return als_datei(spec, marke, mit_schrift=mit_schrift, ablage=self._ablage).encode()

    def spezifikation(self, spec: dict[str, Any]) -> bytes:
        """Die Spezifikation als Datei, mit Farben statt ihrer Namen."""

        def neu() -> bytes:
            from berichtswerk.bild.leinwand import vollstaendig

            return Marke.lade(self._projekt).loese_im_text(lesbar(vollstaendig(spec)).decode()).encode()

        return self._einmal("spec", spec, neu)

    def _einmal(self, art: str, spec: dict[str, Any], neu: Callable[[], bytes]) -> bytes:
        schluessel = pruefsumme(self._umstand + json.dumps(spec, sort_keys=True, ensure_ascii=False))
        with self._schloesser.setdefault(schluessel, threading.Lock()):
            fertig = self._ablage.hole(art, schluessel)
            if fertig is None:
                fertig = neu()
                self._ablage.lege(art, schluessel, fertig)
            return fertig
