"""Die Übergabe eines Auftrags bauen und schreiben, mit echten SVG und nachgerechneten Kennzahlen."""

from __future__ import annotations

import json
import threading
from functools import cache, cached_property
from importlib import metadata
from typing import Any

from berichtswerk.ausfuehrung import markenstand, zeiten
from berichtswerk.ausfuehrung.ablage import Ablage, codesumme, dateisumme
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.parameter import Notizbuch
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.speicher import PAKET, pruefsumme
from berichtswerk.ausfuehrung.uebergabe import Uebergabe, Zeichner, baue, schreibe
from berichtswerk.darstellung.uebergabe import MIME, Bindung
from berichtswerk.projekt import Projekt

_ZEICHNEND = ("svg.py", "schrift.py", "marke.py", "farbmarken.py", "farbe.py")


def uebergib(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> Uebergabe:
    """Baut die Übergabe; geschrieben wird sie nur, wenn kein Fehler darunter ist."""
    assert ausgefuehrt.roh is not None
    auftrag = ausgefuehrt.auftrag
    kennzahlen = _Kennzahlen(projekt, auftrag)
    roh = mit_farben(projekt, ausgefuehrt.roh)
    fertig = baue(projekt, auftrag, roh, zeichner(projekt), nachrechnen=kennzahlen, weitere=kennzahlen.namen)
    fertig.nachgelesen = kennzahlen.gelesen()
    if not fertig.meldungen.fehler:
        schreibe(auftrag, fertig)
    return fertig


def mit_farben(projekt: Projekt, roh: Notizbuch) -> Notizbuch:
    """Das ausgeführte Notizbuch, in dessen Abbildungen Farben statt ihrer Namen stehen."""
    from berichtswerk.darstellung.farbmarken import loese_in

    def ausgabe(a: dict[str, Any]) -> dict[str, Any]:
        inhalt = a.get("data", {}).get(MIME, {})
        if "spec" not in inhalt:
            return a
        gefaerbt = {**inhalt, "spec": loese_in(inhalt["spec"], markenstand.lade(projekt))}
        return {**a, "data": {**a["data"], MIME: gefaerbt}}

    zellen = [
        {**z, "outputs": [ausgabe(a) for a in z["outputs"]]} if z.get("outputs") else z for z in roh["cells"]
    ]
    return {**roh, "cells": zellen}


class _Kennzahlen:
    """Rechnet Kennzahlen, die ein Text nennt und das Notizbuch nicht gebunden hat.

    Daten und pandas werden erst geladen, wenn wirklich eine solche Kennzahl vorkommt.
    """

    def __init__(self, projekt: Projekt, auftrag: Auftrag) -> None:
        self._projekt, self._auftrag = projekt, auftrag

    @cached_property
    def namen(self) -> frozenset[str]:
        """Die Namen aller Kennzahlen."""
        return frozenset(p.stem for p in self._projekt.kennzahlen.glob("*.yaml"))

    @cached_property
    def _bericht(self) -> Any:
        from berichtswerk.darstellung.bericht import Bericht

        a = self._auftrag
        gebiet = a.parameter.get("gebiet")
        return Bericht(
            a.bericht,
            a.ausgabe,
            str(gebiet) if gebiet is not None else None,
            a.variante or None,
            self._projekt,
        )

    def gelesen(self) -> tuple[str, ...]:
        """Daten und Beschreibungen, die dafür gelesen wurden; leer, wenn nichts nachzurechnen war."""
        if "_bericht" not in vars(self):
            return ()
        ordner = (self._projekt.kennzahlen, self._projekt.quellen)
        yaml = [self._projekt.relativ(p) for o in ordner for p in o.glob("*.yaml")]
        return (*self._bericht.bestand.gelesen(), *yaml)

    def __call__(self, name: str) -> Bindung | None:
        bereich, _, kennung = name.rpartition(":")
        if kennung not in self.namen:
            return None
        tor = self._bericht.fuer(bereich) if bereich else self._bericht
        bindung: Bindung | None = tor.bindung(kennung)
        return bindung


_SCHLOESSER: dict[str, threading.Lock] = {}


def zeichner(projekt: Projekt) -> Zeichner:
    """Zeichnet Spezifikationen als SVG; Gezeichnetes wird nach seinem Inhalt aufgehoben."""
    return _zeichner(projekt, dateisumme(projekt.layout / "_brand.yml"))


@cache
def _zeichner(projekt: Projekt, markensumme: str) -> Zeichner:
    ablage = Ablage.von(projekt)
    umstand = pruefsumme(
        "\n".join(
            [
                metadata.version("vl-convert-python"),
                markensumme,
                *(codesumme(PAKET / "darstellung" / name) for name in _ZEICHNEND),
            ]
        )
    )

    def zeichne(spec: dict[str, Any]) -> str:
        schluessel = pruefsumme(umstand + json.dumps(spec, sort_keys=True, ensure_ascii=False))
        with _SCHLOESSER.setdefault(schluessel, threading.Lock()):
            fertig = ablage.hole("svg", schluessel)
            if fertig is not None:
                return fertig.decode()
            from berichtswerk.darstellung.svg import zeichne as male

            with zeiten.miss("abbildungen"):
                svg = male(spec, markenstand.lade(projekt))
            ablage.lege("svg", schluessel, svg.encode())
            return svg

    return zeichne
