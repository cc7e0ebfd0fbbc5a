"""Hält die Vorschau aktuell: zwei Fäden rechnen, einer setzt; zuerst, was gerade jemand liest.

Ausgeführte Notizbücher bleiben im Speicher, der warme Prozess und pandoc laufen weiter: ein geänderter
Satz kostet nur das Einsetzen der Zahlen und das Setzen einer Seite.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from berichtswerk.ausfuehrung.auftrag import Grenzen
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, baue_executor, fuehre_aus, waehle_weg
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere as sichere_marke
from berichtswerk.satz import pandoc
from berichtswerk.site.umgebung import Umgebung
from berichtswerk.vorschau import blatt
from berichtswerk.vorschau.aenderung import Wirkung
from berichtswerk.vorschau.arbeit import Arbeit
from berichtswerk.vorschau.nachfrage import Nachfrage
from berichtswerk.vorschau.seiten import Seiten
from berichtswerk.vorschau.tafel import Tafel

RECHNER = 2
Melder = Callable[[str, float, tuple[Meldung, ...]], None]
"""Seite, Sekunden seit der Änderung, Fehler: was gerade fertig wurde."""


class Werkstatt:
    """Setzt Seiten nach ``bau`` und schreibt ihren Zustand auf die ``tafel``."""

    def __init__(
        self,
        projekt: Projekt,
        bau: Path,
        tafel: Tafel,
        *,
        grenzen: Grenzen | None = None,
        melder: Melder = lambda *_: None,
    ) -> None:
        self.projekt, self.bau, self.tafel, self._melder = projekt, bau, tafel, melder
        self.nachfrage = Nachfrage(projekt, bau)
        self._grenzen = grenzen or Grenzen()
        self._weg = waehle_weg("auto")
        self._executor = baue_executor(self._weg, self._grenzen, RECHNER, projekt)
        self._seiten = Seiten(projekt, bau, tafel)
        self._arbeit = Arbeit(tafel, bau)
        self._umgebung: Umgebung | None = None
        self._offen = Wirkung()
        self._nimmt = threading.Lock()
        self._werkbank = threading.Lock()  # der Leser der Marke verträgt keine zwei Fäden
        self._faeden = [threading.Thread(target=self._rechne_laufend, daemon=True) for _ in range(RECHNER)]
        self._faeden.append(threading.Thread(target=self._setze_laufend, daemon=True))

    def beginne(self, vorrang: Iterable[str] = ()) -> None:
        """Plant, baut Start- und Pflichtseiten und beginnt; ``vorrang`` sind Stämme, die zuerst kommen."""
        self._arbeit.vorrang = frozenset(vorrang)
        self.nimm(Wirkung(plan=True, rechnen=True, seiten=True, layout=True))
        for faden in self._faeden:
            faden.start()

    def beende(self) -> None:
        """Beendet Fäden und Prozesse; laufende Notizbücher werden abgebrochen."""
        self._arbeit.beende()
        self._executor.shutdown(wait=False, cancel_futures=True)
        for faden in self._faeden:
            if faden.is_alive():
                faden.join(10)
        pandoc.beende()

    def auftrag(self, seite: str) -> Auftrag | None:
        """Der Auftrag, dessen Seite (``berichte/…/x.html``) das ist."""
        return self._arbeit.auftrag(seite)

    def verlange(self, seite: str, sekunden: float) -> bool:
        """Jemand öffnet diese Seite: sie kommt als Nächstes dran. ``True``, wenn sie aktuell ist."""
        auftrag = self.auftrag(seite)
        return auftrag is None or self._arbeit.verlange(auftrag.stamm, sekunden)

    def nimm(self, wirkung: Wirkung) -> None:
        """Nimmt einen Schwung Änderungen auf; kehrt zurück, bevor Berichte gesetzt sind.

        Was an gemeinsamen Angaben scheitert, wird gezeigt und mit der nächsten Änderung nachgeholt.
        """
        with self._nimmt:
            self._nimm(wirkung)

    def _nimm(self, wirkung: Wirkung) -> None:
        w = wirkung.mit(self._offen)
        self._offen = Wirkung()
        meldungen: list[Meldung] = []
        for folge, schritt in (
            (Wirkung(layout=True, marke=True), self._erneuere_layout),
            (Wirkung(plan=True, seiten=True), self._plane),
            (Wirkung(seiten=True), self._erneuere_umgebung),
        ):
            try:
                w = schritt(w)
            except Exception as fehler:  # die Vorschau überlebt jeden Fehler und zeigt ihn
                meldungen += blatt.meldungen_zu(fehler, ", ".join(wirkung.dateien))
                self._offen = self._offen.mit(folge)
        self._arbeit.merke_vor(self._seiten.plan.auftraege, w)
        if self._umgebung is not None and (w.seiten or w.layout):
            try:
                with self._werkbank:
                    self._seiten.baue(self._umgebung, self._seiten.plan, alles=w.layout)
            except Exception as fehler:
                meldungen += blatt.meldungen_zu(fehler, ", ".join(wirkung.dateien))
                self._offen = self._offen.mit(Wirkung(seiten=True))
        self.tafel.melde("", list(dict.fromkeys([*self._seiten.plan.meldungen, *meldungen])))
        self._arbeit.zeige()

    def _erneuere_layout(self, w: Wirkung) -> Wirkung:
        if w.layout or w.stil or w.marke:
            self.nachfrage.veralte()
            with self._werkbank:
                sichere_marke(self.projekt)
                geaendert = self._seiten.lege_layout_bei()
            if geaendert:
                self.tafel.neue_fassung()
        return w

    def _plane(self, w: Wirkung) -> Wirkung:
        if w.plan or w.seiten:
            self._seiten.plan = plane(self.projekt)
        return w

    def _erneuere_umgebung(self, w: Wirkung) -> Wirkung:
        if w.seiten or self._umgebung is None:
            alt = self._umgebung
            self._umgebung = Umgebung(self.projekt, lade_kreis(self.projekt))
            if alt is None or alt.kreis != self._umgebung.kreis:
                return w.mit(Wirkung(layout=True, seiten=True))  # Name und Status stehen auf jeder Seite
        return w

    def _rechne_laufend(self) -> None:
        while (posten := self._arbeit.hole_zu_rechnen()) is not None:
            fehler: list[Meldung] = []
            ergebnis: Ausgefuehrt | None = None
            try:
                ergebnis = self._rechne(posten.auftrag, neu=posten.neu)
                fehler = ergebnis.meldungen.fehler
            except Exception as grund:
                datei = self.projekt.relativ(posten.auftrag.ordner / "bericht.yml")
                fehler = blatt.meldungen_zu(grund, datei)
            if self._arbeit.gerechnet(posten, ergebnis, fehler) and fehler:
                self._melde(posten.auftrag, posten.seit, fehler)

    def _rechne(self, auftrag: Auftrag, *, neu: bool) -> Ausgefuehrt:
        (ergebnis,) = fuehre_aus(
            self.projekt, [auftrag], weg=self._weg, grenzen=self._grenzen, executor=self._executor, neu=neu
        )
        return ergebnis

    def _setze_laufend(self) -> None:
        while (posten := self._arbeit.hole_zu_setzen()) is not None:
            ausgefuehrt, umgebung = self._arbeit.roh(posten.auftrag.stamm), self._umgebung
            fehler: list[Meldung] = []
            if ausgefuehrt is not None and umgebung is not None:
                try:
                    with self._werkbank:
                        gesetzt = blatt.setze(umgebung, posten.auftrag, ausgefuehrt, self.bau)
                    self.nachfrage.nimm(posten.auftrag.stamm, gesetzt)
                    self._arbeit.merke_nachgerechnet(posten.auftrag.stamm, gesetzt.nachgerechnet)
                    if gesetzt.geaendert:
                        self.nachfrage.suche_veraltet = True
                        self.tafel.neue_fassung(f"{posten.auftrag.ziel}.html")
                except Exception as grund:
                    fehler = blatt.meldungen_zu(grund, self.projekt.relativ(posten.auftrag.ordner / "texte"))
            self._arbeit.gesetzt(posten, fehler)
            if ausgefuehrt is not None:
                self._melde(posten.auftrag, posten.seit, fehler)

    def _melde(self, auftrag: Auftrag, seit: float, fehler: list[Meldung]) -> None:
        if self._arbeit.beendet:  # abgebrochen, nicht gescheitert
            return
        nur_fehler = tuple(m for m in fehler if m.stufe is Stufe.FEHLER)
        self._melder(f"{auftrag.ziel}.html", time.monotonic() - seit, nur_fehler)
