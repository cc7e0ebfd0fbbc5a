"""Alle Aufträge einmal ausführen: wiederverwenden, was noch gilt; den Rest nebeneinander rechnen."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import cached_property

from berichtswerk.ausfuehrung import fehler
from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen, Lauf, Laufergebnis
from berichtswerk.ausfuehrung.notizbuch import Notizbuch, vorbereitet
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import FASSUNG, FREMD, Spuren
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import pruefsumme
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke

_PRAEGEND = ("python", "pandas", "altair", "ipython", "numpy", "pydantic")
"""Was außer unserem Programm das Ergebnis eines Notizbuchs prägen kann."""
VERSUCHE = 2
"""So oft wird gerechnet, was von außen beendet wurde: einmal kann es ein Zufall sein."""


@dataclass
class Ausgefuehrt:
    """Ein Auftrag nach der Ausführung: das rohe Notizbuch oder die Meldungen, warum nicht."""

    auftrag: Auftrag
    inhalt: bytes = b""
    """Das ausgeführte Notizbuch als JSON; leer, wenn es keines gibt."""
    grund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)
    gelesen: tuple[str, ...] = ()
    """Gelesene Dateien ab der Projektwurzel."""
    fremd: bool = False
    """Ob auch aus einer Datenbank oder dem Netz gelesen wurde: dann gilt das Ergebnis nur einmal."""

    @cached_property
    def roh(self) -> Notizbuch | None:
        """Das ausgeführte Notizbuch."""
        nb: Notizbuch | None = json.loads(self.inhalt) if self.inhalt else None
        return nb

    @cached_property
    def summe(self) -> str:
        """Prüfsumme des ausgeführten Notizbuchs."""
        return pruefsumme(self.inhalt)


@dataclass(slots=True)
class Vorhaben:
    """Was neu zu rechnen ist, und warum."""

    auftrag: Auftrag
    eingabe: str
    grund: str
    grenzen: Grenzen = field(default_factory=Grenzen)
    versuche: int = 0
    meldungen: Meldungen = field(default_factory=Meldungen)


def fuehre_aus(
    projekt: Projekt,
    auftraege: Sequence[Auftrag],
    *,
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    neu: bool = False,
    zeichnet: bool = False,
) -> Iterator[Ausgefuehrt]:
    """Führt jeden Auftrag höchstens einmal aus; liefert, sobald einer fertig ist.

    ``executor`` rechnet anstelle des eigenen; ``neu=True`` führt auch aus, was noch gilt. Mit
    ``zeichnet=True`` laufen die Zeichner an, während Notizbücher rechnen.
    """
    offen: list[Vorhaben] = []
    spuren = Spuren(projekt)
    for auftrag in auftraege:
        with zeiten.bericht(auftrag.stamm), zeiten.miss("prüfen"):
            bereit = pruefe(projekt, auftrag, spuren, neu=neu)
        if isinstance(bereit, Ausgefuehrt):
            yield bereit
        else:
            bereit.grenzen = grenzen_fuer(auftrag, grenzen or Grenzen())
            offen.append(bereit)
    offen.sort(key=_umfang, reverse=True)  # das Längste zuerst: am Ende wartet niemand darauf
    if offen:
        yield from _rechne(spuren, offen, executor, zeichnet=zeichnet)


def pruefe(
    projekt: Projekt, auftrag: Auftrag, spuren: Spuren, *, neu: bool = False
) -> Ausgefuehrt | Vorhaben:
    """Was für einen Auftrag noch gilt, sonst was zu rechnen ist; führt nichts aus."""
    if auftrag.notizbuch is None:
        from berichtswerk.ausfuehrung.uebergabe import nur_texte

        return Ausgefuehrt(auftrag, json.dumps(nur_texte(auftrag), sort_keys=True).encode(), "nur Texte")
    try:
        eingabe = vorbereitet(projekt, auftrag)
    except BerichtswerkFehler as gescheitert:
        return Ausgefuehrt(auftrag, meldungen=Meldungen(gescheitert.meldungen))
    stand = "verlangt" if neu else spuren.hole("ausführen", auftrag.stamm, _umstand(eingabe))
    if isinstance(stand, str):
        return Vorhaben(auftrag, eingabe, stand)
    spur, inhalt = stand
    meldungen = Meldungen(list(spur.meldungen))
    return Ausgefuehrt(auftrag, inhalt, "unverändert", meldungen, tuple(spur.dateien()))


def _umstand(eingabe: str) -> dict[str, str]:
    return {"Notizbuch oder Parameter geändert": pruefsumme(eingabe)}


def grenzen_fuer(auftrag: Auftrag, verlangt: Grenzen) -> Grenzen:
    """Was für diesen Bericht gilt: die Angabe im Aufruf, sonst die in bericht.yml, sonst die Vorgabe."""
    datei, vorgabe = auftrag.angaben.datei.grenzen, Grenzen()
    genannt = {n: getattr(datei, n) for n in ("zelle", "bericht", "speicher_mb")}
    gilt = {n: w for n, w in genannt.items() if w is not None and getattr(verlangt, n) == getattr(vorgabe, n)}
    return replace(verlangt, **gilt)


def _umfang(v: Vorhaben) -> int:
    """Wie viel ein Notizbuch zu tun gibt, geschätzt an seiner Datei mit den Ausgaben vom letzten Mal."""
    try:
        return v.auftrag.notizbuch.stat().st_size if v.auftrag.notizbuch else 0
    except OSError:
        return 0


def _rechne(
    spuren: Spuren, offen: list[Vorhaben], executor: Executor | None, *, zeichnet: bool
) -> Iterator[Ausgefuehrt]:
    projekt = spuren.projekt
    anzahl = min(len(offen), os.cpu_count() or 1)
    rechnend = executor or Arbeiter(anzahl, wurzel=str(projekt.wurzel))
    anstehend, wartend = deque(offen), dict[Future[Laufergebnis], Vorhaben]()

    def reiche_ein(v: Vorhaben) -> None:
        v.versuche += 1
        lauf = Lauf(v.auftrag.stamm, v.eingabe, str(projekt.wurzel), str(projekt.notebooks), v.grenzen)
        wartend[rechnend.submit(lauf)] = v

    try:
        while anstehend and len(wartend) < rechnend.zugleich:
            reiche_ein(anstehend.popleft())
        with contextlib.suppress(BerichtswerkFehler):  # dann liegt sie bereit, ehe das erste Kind sie braucht
            marke = Marke.lade(projekt)
            if zeichnet:
                from berichtswerk.bild import svg

                svg.waerme_vor(marke)
        while wartend:
            for fertig in wait(wartend, return_when=FIRST_COMPLETED).done:
                v, ergebnis = wartend.pop(fertig), fertig.result()
                if v.versuche < VERSUCHE and ergebnis.fehler and ergebnis.fehler.art == "beendet":
                    reiche_ein(v)
                else:
                    if anstehend:
                        reiche_ein(anstehend.popleft())
                    yield _nimm_an(spuren.frisch(), v, ergebnis)
    finally:
        if executor is None:
            rechnend.shutdown(wait=not wartend, cancel_futures=True)


def _nimm_an(spuren: Spuren, v: Vorhaben, ergebnis: Laufergebnis) -> Ausgefuehrt:
    fertig_um = time.perf_counter()
    if ergebnis.fehler is not None:
        befund = fehler.meldung(spuren.projekt, v.auftrag, v.eingabe, ergebnis.fehler, v.grenzen)
        return Ausgefuehrt(v.auftrag, meldungen=Meldungen([befund]))
    zeiten.trage_ein("ausführen", v.auftrag.stamm, fertig_um - ergebnis.dauer, fertig_um)
    meldungen = Meldungen(fehler.zu_rohausgaben(spuren.projekt, v.auftrag, v.eingabe, ergebnis.roh_gezeigt))
    if meldungen.fehler:
        return Ausgefuehrt(v.auftrag, meldungen=meldungen)
    inhalt = ergebnis.notizbuch
    namen = [*ergebnis.gelesen, *(FASSUNG + f for f in _PRAEGEND)]
    spur = spuren.hinterlasse(
        "ausführen", v.auftrag.stamm, _umstand(v.eingabe), namen=namen, inhalt=inhalt, meldungen=meldungen
    )
    return Ausgefuehrt(
        v.auftrag, inhalt, v.grund, meldungen, tuple(spur.dateien()), fremd=FREMD in spur.eintraege
    )
