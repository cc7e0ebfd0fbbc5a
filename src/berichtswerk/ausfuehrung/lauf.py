"""Alle Aufträge einmal ausführen und übergeben: wiederverwenden, was noch gilt; den Rest nebeneinander."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from berichtswerk.ausfuehrung import arbeiter, speicher
from berichtswerk.ausfuehrung.auftrag import Grenzen, Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.fehlertext import meldung
from berichtswerk.ausfuehrung.gabel import Gabel, kann_gabeln
from berichtswerk.ausfuehrung.parameter import Notizbuch, setze_ein, vorgaben
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import Summen
from berichtswerk.grund import zeiten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke

Weg = Literal["auto", "gabel", "kern"]
"""gabel: Kinder eines warmen Prozesses (Unix) · kern: Jupyter-Kernel · auto: was hier geht."""

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
    auftrag: Auftrag
    eingabe: str
    grund: str
    grenzen: Grenzen = field(default_factory=Grenzen)
    versuche: int = 0


def fuehre_aus(
    projekt: Projekt,
    auftraege: Sequence[Auftrag],
    *,
    weg: Weg = "auto",
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    neu: bool = False,
    zeichnet: bool = False,
) -> Iterator[Ausgefuehrt]:
    """Führt jeden Auftrag höchstens einmal aus; liefert, sobald einer fertig ist.

    ``executor`` ersetzt den eigenen (``weg`` sagt dann, welche Funktion er ausführt); ``neu=True``
    führt auch aus, was noch gilt. Mit ``zeichnet=True`` laufen die Zeichner an, während Notizbücher rechnen.
    """
    maessig = grenzen or Grenzen()
    offen: list[_Vorhaben] = []
    summen = Summen(projekt)
    for auftrag in auftraege:
        with zeiten.bericht(auftrag.stamm), zeiten.miss("prüfen"):
            bereit = _bereite_vor(projekt, auftrag, neu, summen)
        if isinstance(bereit, Ausgefuehrt):
            yield bereit
        else:
            offen.append(bereit)
    offen.sort(key=_umfang, reverse=True)  # das Längste zuerst: am Ende wartet niemand darauf
    if offen:
        yield from _rechne(projekt, offen, waehle_weg(weg), maessig, executor, zeichnet=zeichnet)


def _umfang(v: _Vorhaben) -> int:
    """Wie viel ein Notizbuch zu tun gibt, geschätzt an seiner Datei mit den Ausgaben vom letzten Mal."""
    try:
        return v.auftrag.notizbuch.stat().st_size if v.auftrag.notizbuch else 0
    except OSError:
        return 0


def _bereite_vor(
    projekt: Projekt, auftrag: Auftrag, neu: bool, summen: Summen | None = None
) -> Ausgefuehrt | _Vorhaben:
    if auftrag.notizbuch is None:
        from berichtswerk.ausfuehrung.uebergabe import nur_texte

        return Ausgefuehrt(auftrag, nur_texte(auftrag), "nur Texte")
    try:
        eingabe = vorbereitet(projekt, auftrag)
    except BerichtswerkFehler as fehler:
        return Ausgefuehrt(auftrag, meldungen=Meldungen(fehler.meldungen))
    roh, grund = (None, "verlangt") if neu else speicher.hole(projekt, auftrag.stamm, eingabe, summen)
    return _Vorhaben(auftrag, eingabe, grund) if roh is None else Ausgefuehrt(auftrag, roh, grund)


def vorhaben(projekt: Projekt, auftrag: Auftrag, summen: Summen) -> tuple[Notizbuch | None, str]:
    """Was noch gilt, ohne etwas auszuführen: das Notizbuch oder ``None``, und der Grund in Worten."""
    bereit = _bereite_vor(projekt, auftrag, False, summen)
    if isinstance(bereit, Ausgefuehrt):
        bereit.meldungen.pruefe()
        return bereit.roh, bereit.grund
    return None, bereit.grund


def vorbereitet(projekt: Projekt, auftrag: Auftrag) -> str:
    """Das Notizbuch mit eingesetzten Parametern, ohne alte Ausgaben, als JSON."""
    assert auftrag.notizbuch is not None
    name = projekt.relativ(auftrag.notizbuch)
    try:
        nb: Notizbuch = json.loads(auftrag.notizbuch.read_text(encoding="utf-8"))
        zellen = nb["cells"]
    except (OSError, ValueError, KeyError, TypeError) as fehler:
        raise BerichtswerkFehler(_kein_notizbuch(name, str(fehler))) from fehler
    for z in zellen:
        z["source"] = "".join(z["source"])
        if z["cell_type"] == "code":
            z["outputs"], z["execution_count"] = [], None
    nb["metadata"] = {}
    werte = dict(auftrag.parameter)
    if "ausgabe" in vorgaben(nb):
        werte.setdefault("ausgabe", auftrag.ausgabe)
    datei = projekt.relativ(auftrag.ordner / "bericht.yml")
    fertig = setze_ein(nb, werte, datei=datei, notizbuch=name)
    return json.dumps(fertig, ensure_ascii=False, sort_keys=True)


def waehle_weg(weg: Weg) -> Weg:
    """Löst ``auto`` auf: Kinder eines warmen Prozesses, wo es das gibt, sonst Kernel."""
    if weg == "auto":
        return "gabel" if kann_gabeln() else "kern"
    return weg


def _rechne(
    projekt: Projekt,
    offen: list[_Vorhaben],
    weg: Weg,
    grenzen: Grenzen,
    executor: Executor | None,
    *,
    zeichnet: bool,
) -> Iterator[Ausgefuehrt]:
    funktion = _funktion(weg)
    arbeitende = min(len(offen), os.cpu_count() or 1)
    eigener = executor or baue_executor(weg, grenzen, arbeitende, projekt)
    wartend: dict[Future[Laufergebnis], _Vorhaben] = {}

    def reiche_ein(v: _Vorhaben) -> None:
        v.versuche += 1
        lauf = Lauf(v.auftrag.stamm, v.eingabe, str(projekt.wurzel), str(projekt.notebooks), v.grenzen)
        wartend[eigener.submit(funktion, lauf)] = v

    try:
        for v in offen:
            v.grenzen = grenzen_fuer(v.auftrag, grenzen)
            reiche_ein(v)
        with contextlib.suppress(BerichtswerkFehler):  # dann liegt sie bereit, ehe das erste Kind sie braucht
            marke = Marke.lade(projekt)
            if zeichnet:
                from berichtswerk.bild import svg

                svg.waerme_vor(marke)
        while wartend:
            for fertig in wait(wartend, return_when=FIRST_COMPLETED).done:
                v, ergebnis = wartend.pop(fertig), als_ergebnis(fertig)
                if v.versuche < VERSUCHE and ergebnis.fehler and ergebnis.fehler.art == "beendet":
                    reiche_ein(v)
                else:
                    yield _nimm_an(projekt, v, ergebnis)
    finally:
        if executor is None:
            eigener.shutdown(wait=not wartend, cancel_futures=True)


def _funktion(weg: Weg) -> Callable[[Lauf], Laufergebnis]:
    if weg == "gabel":
        return arbeiter.fuehre_aus
    from berichtswerk.ausfuehrung import kern  # zieht asyncio nach sich

    return kern.fuehre_aus


def baue_executor(weg: Weg, grenzen: Grenzen, arbeitende: int, projekt: Projekt | None = None) -> Executor:
    """Der eigene Executor: Kinder eines warmen Prozesses, sonst Fäden mit je einem Kernel.

    Die Beschreibungen von ``projekt`` liest der warme Prozess einmal für alle Kinder.
    """
    if weg == "gabel":
        wurzel = str(projekt.wurzel) if projekt is not None else ""
        return Gabel(arbeitende, je_schritt=grenzen.zelle, gesamt=grenzen.bericht, wurzel=wurzel)
    return ThreadPoolExecutor(arbeitende, "kern")


def als_ergebnis(fertig: Future[Laufergebnis]) -> Laufergebnis:
    """Wartet auf das Ergebnis; Zeitgrenze und Tod des Kindes werden zu Zellfehlern."""
    fehler: Any = fertig.exception()
    if fehler is None:
        return fertig.result()
    name = type(fehler).__name__
    if name == "ZeitUeberschritten":
        art: Literal["zeit_bericht", "zeit_zelle"] = "zeit_bericht" if fehler.gesamt else "zeit_zelle"
        return Laufergebnis("", fehler=Zellfehler(art, fehler.schritt))
    if name == "KindBeendet":
        return Laufergebnis("", fehler=Zellfehler("beendet", fehler.schritt, signal=fehler.signal))
    raise fehler


def grenzen_fuer(auftrag: Auftrag, verlangt: Grenzen) -> Grenzen:
    """Was für diesen Bericht gilt: die Angabe im Aufruf, sonst die in bericht.yml, sonst die Vorgabe."""
    datei, vorgabe = auftrag.angaben.datei.grenzen, Grenzen()

    def gilt(name: str) -> float:
        wert: float = getattr(verlangt, name)
        genannt: float | None = getattr(datei, name)
        return genannt if genannt is not None and wert == getattr(vorgabe, name) else wert

    return replace(
        verlangt, zelle=gilt("zelle"), bericht=gilt("bericht"), speicher_mb=int(gilt("speicher_mb"))
    )


def _nimm_an(projekt: Projekt, v: _Vorhaben, ergebnis: Laufergebnis) -> Ausgefuehrt:
    fertig_um = time.perf_counter()
    if ergebnis.fehler is not None:
        befund = meldung(projekt, v.auftrag, v.eingabe, ergebnis.fehler, v.grenzen)
        return Ausgefuehrt(v.auftrag, meldungen=Meldungen([befund]))
    zeiten.trage_ein("ausführen", v.auftrag.stamm, fertig_um - ergebnis.dauer, fertig_um)
    roh = speicher.lege_ab(projekt, v.auftrag.stamm, v.eingabe, ergebnis.notizbuch, ergebnis.gelesen)
    return Ausgefuehrt(v.auftrag, roh, v.grund)


def _kein_notizbuch(name: str, grund: str) -> Meldung:
    return Meldung(
        "notizbuch-unlesbar",
        "Die Datei ist kein lesbares Notizbuch.",
        datei=name,
        ursache=grund,
        abhilfe="Lässt es sich auch in JupyterLab nicht öffnen, stellen Sie eine frühere Fassung her.",
    )
