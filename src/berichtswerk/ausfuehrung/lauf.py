"""Alle Aufträge einmal ausführen: wiederverwenden, was noch gilt; den Rest nebeneinander rechnen."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace

from berichtswerk.ausfuehrung import fehler, speicher
from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen, Lauf, Laufergebnis
from berichtswerk.ausfuehrung.notizbuch import Notizbuch, vorbereitet
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import Summen
from berichtswerk.grund import zeiten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke

VERSUCHE = 2
"""So oft wird gerechnet, was von außen beendet wurde: einmal kann es ein Zufall sein."""


@dataclass(slots=True)
class Ausgefuehrt:
    """Ein Auftrag nach der Ausführung: das rohe Notizbuch oder die Meldungen, warum nicht."""

    auftrag: Auftrag
    roh: Notizbuch | None = None
    grund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)


@dataclass(slots=True)
class _Vorhaben:
    """Was neu zu rechnen ist, und warum."""

    auftrag: Auftrag
    eingabe: str
    grund: str
    grenzen: Grenzen = field(default_factory=Grenzen)
    versuche: int = 0


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
    offen: list[_Vorhaben] = []
    summen = Summen(projekt)
    for auftrag in auftraege:
        with zeiten.bericht(auftrag.stamm), zeiten.miss("prüfen"):
            bereit = _bereite_vor(projekt, auftrag, neu, summen)
        if isinstance(bereit, Ausgefuehrt):
            yield bereit
        else:
            bereit.grenzen = grenzen_fuer(auftrag, grenzen or Grenzen())
            offen.append(bereit)
    offen.sort(key=_umfang, reverse=True)  # das Längste zuerst: am Ende wartet niemand darauf
    if offen:
        yield from _rechne(projekt, offen, executor, zeichnet=zeichnet)


def vorhaben(projekt: Projekt, auftrag: Auftrag, summen: Summen) -> tuple[Notizbuch | None, str]:
    """Was noch gilt, ohne etwas auszuführen: das Notizbuch oder ``None``, und der Grund in Worten."""
    bereit = _bereite_vor(projekt, auftrag, False, summen)
    if isinstance(bereit, Ausgefuehrt):
        bereit.meldungen.pruefe()
        return bereit.roh, bereit.grund
    return None, bereit.grund


def _bereite_vor(projekt: Projekt, auftrag: Auftrag, neu: bool, summen: Summen) -> Ausgefuehrt | _Vorhaben:
    if auftrag.notizbuch is None:
        from berichtswerk.ausfuehrung.uebergabe import nur_texte

        return Ausgefuehrt(auftrag, nur_texte(auftrag), "nur Texte")
    try:
        eingabe = vorbereitet(projekt, auftrag)
    except BerichtswerkFehler as gescheitert:
        return Ausgefuehrt(auftrag, meldungen=Meldungen(gescheitert.meldungen))
    roh, grund = (None, "verlangt") if neu else speicher.hole(projekt, auftrag.stamm, eingabe, summen)
    return _Vorhaben(auftrag, eingabe, grund) if roh is None else Ausgefuehrt(auftrag, roh, grund)


def grenzen_fuer(auftrag: Auftrag, verlangt: Grenzen) -> Grenzen:
    """Was für diesen Bericht gilt: die Angabe im Aufruf, sonst die in bericht.yml, sonst die Vorgabe."""
    datei, vorgabe = auftrag.angaben.datei.grenzen, Grenzen()
    genannt = {n: getattr(datei, n) for n in ("zelle", "bericht", "speicher_mb")}
    gilt = {n: w for n, w in genannt.items() if w is not None and getattr(verlangt, n) == getattr(vorgabe, n)}
    return replace(verlangt, **gilt)


def _umfang(v: _Vorhaben) -> int:
    """Wie viel ein Notizbuch zu tun gibt, geschätzt an seiner Datei mit den Ausgaben vom letzten Mal."""
    try:
        return v.auftrag.notizbuch.stat().st_size if v.auftrag.notizbuch else 0
    except OSError:
        return 0


def _rechne(
    projekt: Projekt, offen: list[_Vorhaben], executor: Executor | None, *, zeichnet: bool
) -> Iterator[Ausgefuehrt]:
    anzahl = min(len(offen), os.cpu_count() or 1)
    rechnend = executor or Arbeiter(anzahl, wurzel=str(projekt.wurzel))
    wartend: dict[Future[Laufergebnis], _Vorhaben] = {}

    def reiche_ein(v: _Vorhaben) -> None:
        v.versuche += 1
        lauf = Lauf(v.auftrag.stamm, v.eingabe, str(projekt.wurzel), str(projekt.notebooks), v.grenzen)
        wartend[rechnend.submit(lauf)] = v

    try:
        for v in offen:
            reiche_ein(v)
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
                    yield _nimm_an(projekt, v, ergebnis)
    finally:
        if executor is None:
            rechnend.shutdown(wait=not wartend, cancel_futures=True)


def _nimm_an(projekt: Projekt, v: _Vorhaben, ergebnis: Laufergebnis) -> Ausgefuehrt:
    fertig_um = time.perf_counter()
    if ergebnis.fehler is not None:
        befund = fehler.meldung(projekt, v.auftrag, v.eingabe, ergebnis.fehler, v.grenzen)
        return Ausgefuehrt(v.auftrag, meldungen=Meldungen([befund]))
    zeiten.trage_ein("ausführen", v.auftrag.stamm, fertig_um - ergebnis.dauer, fertig_um)
    meldungen = Meldungen(fehler.zu_rohausgaben(projekt, v.auftrag, v.eingabe, ergebnis.roh_gezeigt))
    if meldungen.fehler:
        return Ausgefuehrt(v.auftrag, meldungen=meldungen)
    roh = speicher.lege_ab(projekt, v.auftrag.stamm, v.eingabe, ergebnis.notizbuch, ergebnis.gelesen)
    return Ausgefuehrt(v.auftrag, roh, v.grund, meldungen)
