"""Hält die Vorschau aktuell: zwei Fäden rechnen und setzen; zuerst, was gerade jemand liest.

Ausgeführte Notizbücher bleiben im Speicher, der warme Prozess und pandoc laufen weiter: ein geänderter
Satz kostet nur das Einsetzen der Zahlen und das Setzen einer Seite. Seiten fragen nicht nach Ereignissen,
sondern nach ihrem Zustand; ein verpasstes Ereignis schadet nie.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.gegenstand.gegenstaende import Dokument
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere as sichere_marke
from berichtswerk.satz import pandoc
from berichtswerk.satz.gelesen import lies_bericht
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.formate import dateien, fuer
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.site.satzlauf import bilder, downloads, veroeffentlichbar
from berichtswerk.site.seiten import SUCHE, Umgebung, baue_seiten, setze_seite
from berichtswerk.site.start import Nebenan
from berichtswerk.site.suche import WISSEN, suchseite, verzeichne, wissen
from berichtswerk.vorschau.aenderung import Wirkung

RECHNER = 2
VORRAT = 12
"""So viele Berichte hält die Vorschau von selbst aktuell; sind es mehr, erst, wenn jemand sie öffnet."""
RUHE = 10.0
"""Sekunden nach einer Änderung, in denen nur gesetzt wird, was jemand liest oder öffnet."""
Melder = Callable[[str, float, tuple[Meldung, ...]], None]
"""Seite, Sekunden seit der Änderung, Befunde: was gerade fertig wurde."""


class VorschauProgrammfehler(Befundart):
    text = "Die Seite kommt nicht zustande: Berichtswerk selbst ist gescheitert."
    ursache = "{grund}"
    abhilfe = (
        "Nehmen Sie die letzte Änderung zurück. „berichtswerk render“ legt die Einzelheiten für "
        "die Technik ab."
    )


class VorschauZeichen(Befundart):
    text = "Ein Text enthält Zeichen, die sich nicht lesen lassen."
    ursache = "Die Datei ist nicht als UTF-8 gespeichert."
    abhilfe = "Speichern Sie sie im Editor mit der Kodierung UTF-8."


@dataclass(frozen=True, slots=True)
class Zustand:
    """Der Zustand einer Seite; ``fassung`` ändert sich genau dann, wenn sie neu zu laden ist."""

    fassung: str
    meldungen: tuple[Meldung, ...]
    arbeitet: bool


@dataclass(slots=True)
class _Blatt:
    """Ein Bericht: was daran zu tun ist (mit der Zeit der Änderung), was zuletzt entstand, was misslang."""

    auftrag: Auftrag
    rechnen: float | None = None
    setzen: float | None = None
    frisch: bool = False
    laeuft: bool = False
    roh: Ausgefuehrt | None = None
    gesetzt: tuple[Manuskript, Uebergabe] | None = None
    fehler: tuple[Meldung, ...] = ()
    hinweise: tuple[Meldung, ...] = ()
    """Warnungen und Hinweise zum zuletzt Gesetzten."""
    gedruckt: dict[str, str] = field(default_factory=dict)

    @property
    def seite(self) -> str:
        """Der Ort der Seite."""
        return f"{self.auftrag.ziel}.html"

    @property
    def steht_an(self) -> bool:
        """Ob noch etwas zu tun ist."""
        return self.laeuft or self.rechnen is not None or self.setzen is not None


class Werkstatt:
    """Setzt Seiten nach ``bau`` und kennt ihren Zustand."""

    def __init__(self, projekt: Projekt, bau: Path, melder: Melder) -> None:
        self.projekt, self.bau, self._melder = projekt, bau, melder
        self._lauf = os.getpid()  # unterscheidet Starts der Vorschau
        self._executor = Arbeiter(RECHNER, wurzel=str(projekt.wurzel))
        self._bedingung = threading.Condition()
        self._nimmt, self._werkbank, self._druckt = threading.Lock(), threading.Lock(), threading.Lock()
        self._blaetter: dict[str, _Blatt] = {}
        self._plan, self._umgebung = Plan((), Meldungen()), None  # type: tuple[Plan, Umgebung | None]
        self._seiten: dict[str, Dokument] = {}
        self._offen = Wirkung()
        self._allgemein: tuple[Meldung, ...] = ()
        self._fassungen: Counter[str] = Counter()
        self._leser: Counter[str] = Counter()
        self._gefragt: set[str] = set()
        self._layout, self._vorrat_ab = 0, 0.0
        self._suche_veraltet = True
        self.nummer = 0
        self.beendet = False
        self.vorrang: frozenset[str] = frozenset()
        self._faeden = [threading.Thread(target=self._arbeite, daemon=True) for _ in range(RECHNER)]

    def beginne(self, vorrang: Iterable[str] = ()) -> None:
        """Plant, baut Start- und Pflichtseiten und beginnt; ``vorrang`` sind Stämme, die zuerst kommen."""
        self.vorrang = frozenset(vorrang)
        self.nimm(Wirkung(plan=True, rechnen=True, seiten=True, layout=True))
        for faden in self._faeden:
            faden.start()

    def beende(self) -> None:
        """Beendet Fäden und Prozesse; laufende Notizbücher werden abgebrochen. Weckt alle Wartenden."""
        with self._veraendere():
            self.beendet = True
        self._executor.shutdown(wait=False, cancel_futures=True)
        for faden in self._faeden:
            if faden.is_alive():
                faden.join(10)
        pandoc.beende()

    # --- Zustand -------------------------------------------------------------------------------------

    @contextmanager
    def _veraendere(self) -> Iterator[None]:
        with self._bedingung:
            yield
            self.nummer += 1
            self._bedingung.notify_all()

    def auftrag(self, seite: str) -> Auftrag | None:
        """Der Auftrag, dessen Seite (``berichte/…/x.html``) das ist."""
        blatt = self._blaetter.get(Path(seite).stem)
        return blatt.auftrag if blatt is not None and blatt.seite == seite else None

    def daneben(self, ort: str) -> tuple[Auftrag, str] | None:
        """Der Auftrag, neben dessen Seite diese Datei gehört, und ihr Format."""
        auftraege = [blatt.auftrag for blatt in self._blaetter.values()]
        return next(((a, name) for a in auftraege for name, o in dateien(a).items() if o == ort), None)

    def zustand(self, seite: str) -> Zustand:
        """Zustand einer Seite; Start- und Nebenseiten nennen die Fehler aller Berichte."""
        with self._bedingung:
            blaetter = [
                b for b in self._blaetter.values() if not seite.startswith("berichte/") or b.seite == seite
            ]
            meldungen = dict.fromkeys([*self._allgemein, *(m for b in blaetter for m in b.fehler)])
            meldungen |= dict.fromkeys(m for b in blaetter if b.seite == seite for m in b.hinweise)
            arbeitet = any(b.steht_an for b in blaetter if b.seite == seite)
            fassung = f"{self._lauf}.{self._layout}.{self._fassungen[seite]}"
            return Zustand(fassung, tuple(meldungen), arbeitet)

    def warte(self, nummer: int, sekunden: float) -> None:
        """Wartet, bis sich seit ``nummer`` etwas verändert hat."""
        with self._bedingung:
            self._bedingung.wait_for(lambda: self.nummer != nummer or self.beendet, sekunden)

    @contextmanager
    def liest(self, seite: str) -> Iterator[None]:
        """Solange der Block läuft, hat jemand diese Seite offen."""
        with self._veraendere():
            self._leser[seite] += 1
        try:
            yield
        finally:
            with self._veraendere():
                self._leser[seite] -= 1

    def verlange(self, seite: str, sekunden: float) -> bool:
        """Jemand öffnet diese Seite: sie kommt als Nächstes dran. ``True``, wenn sie aktuell ist."""
        with self._bedingung:
            blatt = self._blaetter.get(Path(seite).stem)
            if blatt is None or not blatt.steht_an:
                return True
            self._gefragt.add(blatt.auftrag.stamm)
            self._bedingung.notify_all()
            return self._bedingung.wait_for(lambda: self.beendet or not blatt.steht_an, sekunden)

    # --- Änderungen ----------------------------------------------------------------------------------

    def nimm(self, wirkung: Wirkung) -> None:
        """Nimmt einen Schwung Änderungen auf; kehrt zurück, bevor Berichte gesetzt sind.

        Was an gemeinsamen Angaben scheitert, wird gezeigt und mit der nächsten Änderung nachgeholt.
        """
        with self._nimmt:
            w, self._offen = wirkung.mit(self._offen), Wirkung()
            meldungen: list[Meldung] = []
            for folge, schritt in (
                (Wirkung(layout=True, marke=True), self._erneuere_layout),
                (Wirkung(plan=True, seiten=True), self._plane),
                (Wirkung(seiten=True), self._erneuere_umgebung),
                (Wirkung(), self._merke_vor),
                (Wirkung(seiten=True), self._baue_seiten),
            ):
                try:
                    w = schritt(w) or w
                except Exception as fehler:  # die Vorschau überlebt jeden Fehler und zeigt ihn
                    meldungen += meldungen_zu(fehler, ", ".join(wirkung.dateien))
                    self._offen = self._offen.mit(folge)
            alle = dict.fromkeys([*self._plan.meldungen, *meldungen])
            with self._veraendere():
                self._allgemein = tuple(m for m in alle if m.stufe is Stufe.FEHLER)

    def _erneuere_layout(self, w: Wirkung) -> None:
        if not (w.layout or w.stil or w.marke):
            return
        with self._werkbank:
            sichere_marke(self.projekt)
            layout = self.projekt.layout
            dateien = (*html_seite.layoutdateien(self.projekt), layout / "suche.js", layout / "suche.css")
            ziele = ((d, self.bau / d.relative_to(self.projekt.wurzel)) for d in dateien)
            geaendert = [lege_ab(ziel, datei.read_bytes()) for datei, ziel in ziele]
        if any(geaendert):
            with self._veraendere():
                self._layout += 1

    def _plane(self, w: Wirkung) -> None:
        if w.plan or w.seiten:
            self._plan = plane(self.projekt)

    def _erneuere_umgebung(self, w: Wirkung) -> Wirkung | None:
        if not (w.seiten or self._umgebung is None):
            return None
        alt, self._umgebung = self._umgebung, Umgebung.zu(self.projekt, self._plan.auftraege)
        anders = alt is None or alt.kreis != self._umgebung.kreis
        return w.mit(Wirkung(layout=True, seiten=True)) if anders else None  # der Name steht auf jeder Seite

    def _merke_vor(self, w: Wirkung) -> None:
        """Trägt ein, was die Änderungen bewirken, und vergisst, was es nicht mehr gibt."""
        jetzt = time.monotonic()
        alle = {a.stamm: a for a in self._plan.auftraege}
        with self._veraendere():
            if any(self._leser.values()):  # dem nächsten Satz soll kein ungelesener Bericht im Weg sein
                self._vorrat_ab = jetzt + RUHE
            for stamm, auftrag in alle.items():
                blatt = self._blaetter.setdefault(stamm, _Blatt(auftrag, rechnen=jetzt))
                neu, blatt.auftrag = blatt.auftrag != auftrag or blatt.rechnen == jetzt, auftrag
                betroffen = (auftrag.bericht, auftrag.ausgabe) in w.texte
                if w.rechnen or neu or (betroffen and auftrag.notizbuch is None):
                    blatt.rechnen = blatt.rechnen or jetzt
                    blatt.frisch |= blatt.laeuft  # der laufende Durchgang las vielleicht noch das Alte
                if w.layout or betroffen or neu:
                    blatt.setzen = blatt.setzen or jetzt
            for stamm in self._blaetter.keys() - alle.keys():
                weg = self._blaetter.pop(stamm)
                if not (weg.auftrag.ordner / "bericht.yml").exists():  # sonst ist sie nur gerade fehlerhaft
                    (self.bau / weg.seite).unlink(missing_ok=True)
                    shutil.rmtree(self.bau / weg.auftrag.ziel, ignore_errors=True)

    def _baue_seiten(self, w: Wirkung) -> None:
        """Start-, Pflicht- und Suchseite; Gleiches wird nicht noch einmal gesetzt."""
        if self._umgebung is None or not (w.seiten or w.layout):
            return
        with self._werkbank:
            if w.layout:
                self._seiten.clear()
            daneben = {ort for a in self._plan.auftraege for ort in dateien(a).values()}
            nebenan = Nebenan(daneben, lambda a: self.bau / a.ziel)
            for ort, dokument in baue_seiten(self._umgebung, self._plan.auftraege, nebenan).items():
                if self._seiten.get(ort) != dokument:
                    self._lege_ab(f"{ort}.html", setze_seite(self._umgebung, ort, dokument)[0])
                    self._seiten[ort] = dokument
            self._lege_ab(SUCHE, suchseite(self._umgebung))
            lege_ab(self.bau / WISSEN, wissen(self.projekt, self._plan.auftraege))

    def _lege_ab(self, seite: str, html: str) -> None:
        if lege_ab(self.bau / seite, html):
            with self._veraendere():
                self._fassungen[seite] += 1

    # --- Arbeit --------------------------------------------------------------------------------------

    def _arbeite(self) -> None:
        while (blatt := self._naechstes()) is not None:
            seit = blatt.setzen or blatt.rechnen or time.monotonic()
            vorher = blatt.fehler
            try:
                fehler = self._bearbeite(blatt)
            except Exception as grund:
                datei = "bericht.yml" if blatt.roh is None else "texte"
                fehler = meldungen_zu(grund, self.projekt.relativ(blatt.auftrag.ordner / datei))
            with self._veraendere():
                blatt.laeuft = False
                offen = blatt.steht_an
                blatt.fehler = vorher if offen else tuple(m for m in fehler if m.stufe is Stufe.FEHLER)
                if not offen:
                    self._gefragt.discard(blatt.auftrag.stamm)
            if not offen and not self.beendet:
                self._melder(blatt.seite, time.monotonic() - seit, (*blatt.fehler, *blatt.hinweise))

    def _naechstes(self) -> _Blatt | None:
        """Wartet auf das nächste Blatt: erst, was jemand liest, dann das Verlangte, dann der Vorrat."""
        with self._bedingung:
            while not self.beendet:
                bereit = [b for b in self._blaetter.values() if b.steht_an and not b.laeuft]
                gelesen = {Path(s).stem for s, n in self._leser.items() if n > 0}
                gruppen = (gelesen, self._gefragt, self.vorrang)
                naechste = [b for g in gruppen for b in bereit if b.auftrag.stamm in g]
                if len(self._blaetter) <= VORRAT and time.monotonic() >= self._vorrat_ab:
                    naechste += bereit
                if naechste:
                    naechste[0].laeuft = True
                    return naechste[0]
                self._bedingung.wait(0.5)
        return None

    def _bearbeite(self, blatt: _Blatt) -> Sequence[Meldung]:
        """Rechnet, wenn nötig, und setzt, wenn sich etwas geändert hat; die Meldungen davon."""
        if blatt.rechnen is not None or blatt.roh is None:
            neu, blatt.frisch, blatt.rechnen = blatt.frisch, False, None
            (ergebnis,) = fuehre_aus(self.projekt, [blatt.auftrag], executor=self._executor, neu=neu)
            if not ergebnis.inhalt:
                blatt.setzen = None  # was es zu setzen gäbe, ist überholt
                return ergebnis.meldungen.fehler
            if not self._gilt_noch(blatt, ergebnis):
                blatt.setzen = blatt.setzen or time.monotonic()
            blatt.roh = ergebnis
        if blatt.setzen is None:
            return blatt.fehler
        blatt.setzen = None
        assert self._umgebung is not None and blatt.roh is not None
        with self._werkbank:
            self._setze(blatt, self._umgebung, blatt.roh)
        return ()

    def _gilt_noch(self, blatt: _Blatt, neu: Ausgefuehrt) -> bool:
        """Ob die Seite bleiben kann: gleiche Ausführung, kein Fehler, keine beim Setzen gerechneten Werte."""
        gleich = blatt.roh is not None and blatt.roh.summe == neu.summe
        nachgerechnet = blatt.gesetzt is not None and bool(blatt.gesetzt[1].nachgelesen)
        return gleich and not blatt.fehler and not nachgerechnet and (self.bau / blatt.seite).is_file()

    def _setze(self, blatt: _Blatt, umgebung: Umgebung, roh: Ausgefuehrt) -> None:
        """Setzt die Seite nach ``bau``; die Dateien daneben entstehen erst, wenn jemand sie öffnet.

        Raises:
            BerichtswerkFehler: die Seite kommt nicht zustande; ``bau`` behält die vorige.
        """
        auftrag = blatt.auftrag  # kann neuer sein als die Ausführung: Titel stehen nicht im Notizbuch
        if roh.auftrag != auftrag:
            roh = blatt.roh = replace(roh, auftrag=auftrag)
        uebergabe, manuskript, meldungen = lies_bericht(self.projekt, roh)
        blatt.hinweise = tuple(m for m in meldungen if m.stufe is not Stufe.FEHLER)
        meldungen.pruefe()
        zusaetze = dict.fromkeys(fuer(auftrag), "wird beim Öffnen gesetzt")
        kontext = umgebung.bericht(auftrag, downloads(auftrag, uebergabe, zusaetze))
        html = html_seite.schreibe(manuskript, kontext, uebergabe.zeichnungen, uebergabe.beilagen)
        ziel = self.bau / auftrag.ziel
        geaendert = [lege_ab(ziel / name, inhalt) for name, inhalt in uebergabe.beilagen.items()]
        geaendert += [lege_ab(ziel.parent / name, veroeffentlichbar(q)) for name, q in bilder(manuskript)]
        geaendert.append(lege_ab(self.bau / blatt.seite, html))
        blatt.gesetzt = manuskript, uebergabe
        if any(geaendert):
            with self._veraendere():
                self._fassungen[blatt.seite] += 1
                self._suche_veraltet = True

    # --- Erst, wenn jemand danach fragt --------------------------------------------------------------

    def drucke(self, seite: str, endung: str) -> Sequence[Meldung]:
        """Sorgt für die Datei neben der Seite in ``bau``, einmal je Fassung; gibt Fehler zurück."""
        self.verlange(seite, 600)
        blatt, zustand = self._blaetter[Path(seite).stem], self.zustand(seite)
        ziel, form = self.bau / dateien(blatt.auftrag)[endung], fuer(blatt.auftrag)[endung]
        with self._druckt:
            if blatt.gesetzt is None:
                return zustand.meldungen
            if blatt.gedruckt.get(endung) != zustand.fassung or not ziel.is_file():
                try:
                    manuskript, uebergabe = blatt.gesetzt
                    lege_ab(ziel, form.schreibe(manuskript, self.projekt, uebergabe.druckbilder))
                except Exception as fehler:
                    return meldungen_zu(fehler, self.projekt.relativ(blatt.auftrag.ordner / "texte"))
                blatt.gedruckt[endung] = zustand.fassung
        return ()

    def suche(self) -> None:
        """Sorgt für ein aktuelles Suchverzeichnis."""
        with self._druckt:
            if self._suche_veraltet:
                self._suche_veraltet = False
                verzeichne(self.bau)


def lege_ab(pfad: Path, inhalt: str | bytes) -> bool:
    """Wie :func:`schreibe_ganz`; ein Lauf nebenan darf dabei aufräumen."""
    with contextlib.suppress(FileNotFoundError):  # er hielt unsere halbe Datei für liegengeblieben
        return schreibe_ganz(pfad, inhalt)
    return schreibe_ganz(pfad, inhalt)


def meldungen_zu(fehler: BaseException, datei: str) -> list[Meldung]:
    """Was ein Fehler für Menschen heißt; auch einer, mit dem niemand gerechnet hat."""
    if isinstance(fehler, BerichtswerkFehler):
        return list(fehler.meldungen)
    if isinstance(fehler, UnicodeDecodeError):
        zeile = bytes(fehler.object[: fehler.start]).count(b"\n") + 1
        return [VorschauZeichen.melde(datei=datei, ort=f"Zeile {zeile}")]
    return [VorschauProgrammfehler.melde(datei=datei, grund=f"{type(fehler).__name__}: {fehler}")]
