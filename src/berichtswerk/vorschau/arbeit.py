"""Was noch zu rechnen und zu setzen ist, und in welcher Reihenfolge."""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.grund.meldung import Meldung
from berichtswerk.vorschau import blatt
from berichtswerk.vorschau.aenderung import Wirkung
from berichtswerk.vorschau.tafel import Tafel

VORRAT = 12
"""So viele Berichte hält die Vorschau von selbst aktuell; sind es mehr, erst, wenn jemand sie öffnet."""
BEHALTEN = 12
"""So viele ausgeführte Notizbücher bleiben im Speicher; weitere kommen aus der Ablage zurück."""

RUHE = 10.0
"""Sekunden nach einer Änderung, in denen nur gesetzt wird, was jemand liest oder öffnet."""


@dataclass(frozen=True, slots=True)
class Posten:
    """Ein Stück Arbeit; ``seit`` ist die Uhrzeit der Änderung, ``neu`` verlangt eine frische Ausführung."""

    auftrag: Auftrag
    seit: float
    neu: bool = False


class Arbeit:
    """Zwei Listen für mehrere Fäden: zu rechnen, zu setzen. Ein Bericht ist nur an einer Stelle in Arbeit."""

    def __init__(self, tafel: Tafel, bau: Path) -> None:
        self._tafel, self._bau = tafel, bau
        self._bedingung = threading.Condition()
        self._auftraege: dict[str, Auftrag] = {}
        self._zu_rechnen: dict[str, float] = {}
        self._zu_setzen: dict[str, float] = {}
        self._laufend: set[str] = set()
        self._neu: set[str] = set()
        self._gefragt: set[str] = set()
        self._roh: OrderedDict[str, Ausgefuehrt] = OrderedDict()
        self._nachgerechnet: set[str] = set()
        self._rechenfehler: dict[str, list[Meldung]] = {}
        self._satzfehler: dict[str, list[Meldung]] = {}
        self._vorrat_ab = 0.0
        self.beendet = False
        self.vorrang: frozenset[str] = frozenset()

    def beende(self) -> None:
        """Danach liefert keine Liste mehr Arbeit."""
        with self._bedingung:
            self.beendet = True
            self._bedingung.notify_all()

    def auftrag(self, seite: str) -> Auftrag | None:
        """Der Auftrag zu ``berichte/…/<stamm>.html``."""
        with self._bedingung:
            auftrag = self._auftraege.get(Path(seite).stem)
            return auftrag if auftrag is not None and seite == f"{auftrag.ziel}.html" else None

    def roh(self, stamm: str) -> Ausgefuehrt | None:
        """Das ausgeführte Notizbuch, wenn es noch im Speicher ist."""
        with self._bedingung:
            return self._roh.get(stamm)

    def verlange(self, stamm: str, sekunden: float) -> bool:
        """Zieht einen Bericht vor und wartet höchstens so lange; ``True``, wenn nichts mehr zu tun ist."""
        with self._bedingung:
            if self._steht_an(stamm):
                self._gefragt.add(stamm)
                self._bedingung.notify_all()
            return self._bedingung.wait_for(lambda: self.beendet or not self._steht_an(stamm), sekunden)

    def merke_vor(self, auftraege: Iterable[Auftrag], wirkung: Wirkung) -> None:
        """Trägt ein, was die Änderungen bewirken, und vergisst, was es nicht mehr gibt."""
        jetzt = time.monotonic()
        with self._bedingung:
            if self._tafel.gelesene():  # dem nächsten Satz soll kein ungelesener Bericht im Weg sein
                self._vorrat_ab = jetzt + RUHE
            alle = {a.stamm: a for a in auftraege}
            for stamm, auftrag in alle.items():
                neu = self._auftraege.get(stamm) != auftrag
                betroffen = (auftrag.bericht, auftrag.ausgabe) in wirkung.texte
                if wirkung.rechnen or neu or (betroffen and auftrag.notizbuch is None):
                    self._zu_rechnen.setdefault(stamm, jetzt)
                    if stamm in self._laufend:
                        self._neu.add(stamm)  # der laufende Durchgang las vielleicht noch das Alte
                if wirkung.layout or betroffen or neu:
                    self._zu_setzen.setdefault(stamm, jetzt)
            for stamm in self._auftraege.keys() - alle.keys():
                self._vergiss(self._auftraege[stamm])
            self._auftraege = alle
            self._bedingung.notify_all()

    def _vergiss(self, auftrag: Auftrag) -> None:
        for liste in (self._zu_rechnen, self._zu_setzen, self._roh, self._rechenfehler, self._satzfehler):
            liste.pop(auftrag.stamm, None)
        self._tafel.melde(f"{auftrag.ziel}.html", ())
        if not (auftrag.ordner / "bericht.yml").exists():  # sonst ist sie nur gerade fehlerhaft
            ordner = self._bau / auftrag.ziel
            ordner.with_suffix(".html").unlink(missing_ok=True)
            shutil.rmtree(ordner, ignore_errors=True)

    def hole_zu_rechnen(self) -> Posten | None:
        """Wartet auf das nächste Notizbuch; ``None`` am Ende."""
        return self._hole(self._zu_rechnen, {})

    def hole_zu_setzen(self) -> Posten | None:
        """Wartet auf die nächste Seite, deren Notizbuch gerechnet ist; ``None`` am Ende."""
        return self._hole(self._zu_setzen, self._zu_rechnen)

    def _hole(self, liste: dict[str, float], vorher: dict[str, float]) -> Posten | None:
        with self._bedingung:
            while not self.beendet:
                stamm = self._naechster([s for s in liste if s not in vorher and s not in self._laufend])
                if stamm is not None:
                    self._laufend.add(stamm)
                    neu = liste is self._zu_rechnen and stamm in self._neu
                    self._neu -= {stamm} if neu else set()
                    return Posten(self._auftraege[stamm], liste.pop(stamm), neu)
                self._bedingung.wait(0.5)
        return None

    def _naechster(self, bereit: list[str]) -> str | None:
        """Erst, was jemand liest, dann das Verlangte, dann der Vorrat."""
        gelesen = {Path(s).stem for s in self._tafel.gelesene()}
        for gruppe in (gelesen, self._gefragt, self.vorrang):
            for stamm in bereit:
                if stamm in gruppe:
                    return stamm
        frei = len(self._auftraege) <= VORRAT and time.monotonic() >= self._vorrat_ab
        return bereit[0] if bereit and frei else None

    def gerechnet(self, posten: Posten, ergebnis: Ausgefuehrt | None, fehler: list[Meldung]) -> bool:
        """Nimmt eine Ausführung an; ``True``, wenn damit für diese Seite alles getan ist."""
        stamm = posten.auftrag.stamm
        with self._bedingung:
            self._laufend.discard(stamm)
            if stamm in self._auftraege and ergebnis is not None and ergebnis.roh is not None:
                self._rechenfehler.pop(stamm, None)
                if self._ist_zu_setzen(posten.auftrag, ergebnis):
                    self._zu_setzen.setdefault(stamm, posten.seit)
                self._roh[stamm] = ergebnis
                self._roh.move_to_end(stamm)
                while len(self._roh) > BEHALTEN:
                    self._roh.popitem(last=False)
            elif stamm in self._auftraege:
                self._rechenfehler[stamm] = fehler
                self._zu_setzen.pop(stamm, None)  # was es zu setzen gäbe, ist überholt
            return self._schliesse_ab(posten.auftrag)

    def _ist_zu_setzen(self, auftrag: Auftrag, ergebnis: Ausgefuehrt) -> bool:
        return (
            not blatt.gleich(ergebnis, self._roh.get(auftrag.stamm))
            or not (self._bau / f"{auftrag.ziel}.html").is_file()
            or bool(self._tafel.fehler(f"{auftrag.ziel}.html"))
            or auftrag.stamm in self._nachgerechnet
        )

    def merke_nachgerechnet(self, stamm: str, ja: bool) -> None:
        """Ein Text nennt Werte, die nicht aus dem Notizbuch stammen: er folgt jeder geänderten Lieferung."""
        with self._bedingung:
            self._nachgerechnet = self._nachgerechnet | {stamm} if ja else self._nachgerechnet - {stamm}

    def gesetzt(self, posten: Posten, fehler: list[Meldung]) -> None:
        """Nimmt das Ergebnis des Setzens an; was aus dem Speicher gefallen war, wird wieder geholt."""
        stamm = posten.auftrag.stamm
        with self._bedingung:
            self._laufend.discard(stamm)
            if stamm in self._auftraege:
                if stamm not in self._roh and stamm not in self._rechenfehler:
                    self._zu_rechnen.setdefault(stamm, posten.seit)
                    self._zu_setzen.setdefault(stamm, posten.seit)
                self._satzfehler[stamm] = fehler
            self._schliesse_ab(posten.auftrag)

    def _schliesse_ab(self, auftrag: Auftrag) -> bool:
        stamm = auftrag.stamm
        fertig = not self._steht_an(stamm)
        if fertig:
            self._gefragt.discard(stamm)
            offen = [*self._rechenfehler.get(stamm, ()), *self._satzfehler.get(stamm, ())]
            self._tafel.melde(f"{auftrag.ziel}.html", offen)
        self._zeige()
        self._bedingung.notify_all()
        return fertig

    def _steht_an(self, stamm: str) -> bool:
        return stamm in self._zu_rechnen or stamm in self._zu_setzen or stamm in self._laufend

    def zeige(self) -> None:
        """Schreibt auf die Tafel, an welchen Seiten gearbeitet wird."""
        with self._bedingung:
            self._zeige()

    def _zeige(self) -> None:
        laufend = [a for a in self._auftraege.values() if self._steht_an(a.stamm)]
        self._tafel.arbeite(frozenset(f"{a.ziel}.html" for a in laufend))
