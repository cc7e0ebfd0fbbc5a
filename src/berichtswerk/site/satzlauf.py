"""Einen ausgeführten Bericht übergeben und setzen, fertig für die Site."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.fremdes import bereinigt
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc
from berichtswerk.satz.dienst import TYPST, derweil
from berichtswerk.satz.gelesen import lies_bericht
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.prosa import Prosa, alle_knoten
from berichtswerk.schreiber import formate
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.html.seite import Verweis
from berichtswerk.site.eingefroren import ort_der_revision
from berichtswerk.site.einzeln import lege_bei, zeichne_bei
from berichtswerk.site.merken import Gedaechtnis, Gemerkt, vorige_groessen
from berichtswerk.site.presse import bildtext, lege_presse_bei, verweis
from berichtswerk.site.seiten import Umgebung, lesbar
from berichtswerk.site.tausch import als_meldung

_GROESSE = "bw-groesse-{}"
"""Platzhalter je Format: wie groß seine Datei ist, steht erst nach dem Setzen fest."""


class Programmfehler(Befundart):
    kennung = "satz-programmfehler"
    text = "Der Bericht {stamm} kommt nicht zustande: Berichtswerk selbst ist gescheitert."
    ursache = "{grund}"
    abhilfe = "Geben Sie die Datei {spur} an die Technik weiter."


class DateiAelter(Befundart):
    text = "Die Seite ist neu, {namen} auf der Website zeigt noch den vorigen Stand."
    ursache = "Gesetzt wurde nur {gesetzt}."
    abhilfe = "Setzen Sie beides: berichtswerk render {bericht}."
    stufe = Stufe.WARNUNG


@dataclass(slots=True)
class Gesetzt:
    """Was aus einem Auftrag wurde.

    ``grund`` sagt, ob und warum das Notizbuch neu ausgeführt wurde, ``satzgrund`` dasselbe vom Setzen.
    """

    auftrag: Auftrag
    gelungen: bool = False
    grund: str = ""
    satzgrund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)
    gelesen: tuple[str, ...] = ()
    """Dateien ab der Projektwurzel, die dabei gelesen wurden."""


class Satzlauf:
    """Übergibt und setzt Aufträge nach ``bau``.

    ``seite_fertig`` bekommt Ort und HTML, sobald eine Seite feststeht; nur Dateigrößen fehlen noch.
    Was das Gedächtnis noch kennt, wird nicht noch einmal gesetzt. ``staemme`` sind alle Aufträge, die kommen:
    sind sie gelesen, endet pandoc, denn Setzen braucht den Speicher.
    """

    def __init__(
        self,
        umgebung: Umgebung,
        bau: Path,
        formate: Collection[str],
        seite_fertig: Callable[[str, str], None],
        staemme: Collection[str] = (),
    ) -> None:
        self._umgebung, self._projekt, self._bau = umgebung, umgebung.projekt, bau
        self._formate, self._seite_fertig = formate, seite_fertig
        self._gedaechtnis = Gedaechtnis(umgebung.projekt, formate)
        self._ungelesen = set(staemme)

    def setze(self, ausgefuehrt: Ausgefuehrt) -> Gesetzt:
        """Setzt einen Auftrag; Fehler stehen im Ergebnis."""
        auftrag = ausgefuehrt.auftrag
        ergebnis = Gesetzt(auftrag, grund=ausgefuehrt.grund, meldungen=ausgefuehrt.meldungen)
        if not ausgefuehrt.inhalt:
            self._ist_gelesen(auftrag)
            return ergebnis
        try:
            with zeiten.bericht(auftrag.stamm):
                dateien = self._dateien(ausgefuehrt, ergebnis)
                with zeiten.miss("site"):
                    for name, inhalt in dateien.items():
                        ziel = (self._bau / auftrag.ziel).parent / name
                        ziel.parent.mkdir(parents=True, exist_ok=True)
                        ziel.write_bytes(inhalt)
            ergebnis.gelungen = bool(dateien)
        except BerichtswerkFehler as fehler:
            ergebnis.meldungen.alle(fehler.meldungen)
        except Exception as fehler:  # ein Fehler im Programm darf die übrigen Berichte nicht aufhalten
            befund = als_meldung(self._projekt, fehler) if isinstance(fehler, OSError) else None
            ergebnis.meldungen.dazu(befund or _programmfehler(self._projekt, auftrag, fehler))
        finally:
            self._ist_gelesen(auftrag)
        return ergebnis

    def _ist_gelesen(self, auftrag: Auftrag) -> None:
        if auftrag.stamm in self._ungelesen:
            self._ungelesen.discard(auftrag.stamm)
            if not self._ungelesen:
                pandoc.beende()

    def _dateien(self, ausgefuehrt: Ausgefuehrt, ergebnis: Gesetzt) -> Mapping[str, bytes]:
        """Die Dateien des Berichts, aus dem Gedächtnis oder neu; keine, wenn die Übergabe Fehler hat."""
        auftrag, projekt = ausgefuehrt.auftrag, self._projekt
        vorige = vorige_groessen(projekt, auftrag, self._formate)
        with zeiten.miss("prüfen"):
            bekannt = self._gedaechtnis.hole(ausgefuehrt, vorige)
        ergebnis.satzgrund = bekannt if isinstance(bekannt, str) else "unverändert"
        if not isinstance(bekannt, str):
            ergebnis.meldungen.alle(bekannt.meldungen)
            ergebnis.gelesen = bekannt.gelesen
            if html := bekannt.dateien.get(f"{auftrag.stamm}.html"):
                self._seite_fertig(f"{auftrag.ziel}.html", html.decode())
            return bekannt.dateien
        pandoc.waerme_vor()
        if "pdf" in self._formate:
            TYPST.waerme_vor()
        with zeiten.miss("übergeben"):
            uebergabe, manuskript, meldungen = lies_bericht(projekt, ausgefuehrt)
        presse = Meldungen()
        if "html" in self._formate and not meldungen.fehler:
            with zeiten.miss("presse"):
                presse = lege_presse_bei(self._umgebung, ausgefuehrt, uebergabe)
        self._ist_gelesen(auftrag)
        ergebnis.meldungen.alle(meldungen)
        if ergebnis.meldungen.fehler:
            return {}
        meldungen.neue(presse)  # woran eine Beilage scheitert, hält den Bericht nicht auf
        ergebnis.meldungen.neue(presse)
        if vorige and "html" in self._formate:
            ergebnis.meldungen.dazu(
                DateiAelter.melde(
                    datei=projekt.relativ(auftrag.ordner), ort=auftrag.variante,
                    namen=" und ".join(formate.WEITERE[e].name for e in vorige),
                    gesetzt=" und ".join(sorted(self._formate)),
                    bericht=f"{auftrag.bericht}/{auftrag.ausgabe}",
                )
            )  # fmt: skip
        dateien = self._erzeuge(auftrag, uebergabe, manuskript, vorige)
        nachgelesen = [*uebergabe.nachgelesen, *manuskript.eingebunden]
        ergebnis.gelesen = tuple(nachgelesen)
        self._gedaechtnis.merke(ausgefuehrt, vorige, Gemerkt(dateien, meldungen), nachgelesen)
        return dateien

    def _erzeuge(
        self, auftrag: Auftrag, uebergabe: Uebergabe, manuskript: Manuskript, groessen: dict[str, str]
    ) -> dict[str, bytes]:
        """Alle Dateien des Berichts ab dem Ordner der Ausgabe; ``groessen`` sind die der übrigen Formate."""
        neue = {endung: f for endung, f in formate.fuer(auftrag).items() if endung in self._formate}
        orte, mit_seite = formate.dateien(auftrag), "html" in self._formate
        if mit_seite:
            with zeiten.miss("einzelseiten"):
                zeichne_bei(self._umgebung, auftrag, uebergabe)

        @cache
        def seite() -> str:
            zusaetze = groessen | {endung: _GROESSE.format(endung) for endung in neue}
            with zeiten.miss("einzelseiten"):
                lege_bei(self._umgebung, auftrag, manuskript, uebergabe)
            weg = downloads(auftrag, uebergabe, zusaetze)
            kontext = self._umgebung.bericht(auftrag, weg, bildtext(uebergabe))
            html = html_seite.schreibe(manuskript, kontext, uebergabe.zeichnungen, uebergabe.beilagen)
            self._seite_fertig(f"{auftrag.ziel}.html", html)
            return html

        with derweil(seite if mit_seite else lambda: None):
            gedruckt = {
                endung: form.schreibe(manuskript, self._projekt, uebergabe.druckbilder)
                for endung, form in neue.items()
            }
        html = seite() if mit_seite else ""
        dateien = {f"{auftrag.stamm}/{name}": inhalt for name, inhalt in uebergabe.beilagen.items()}
        if mit_seite:
            dateien |= {name: veroeffentlichbar(quelle) for name, quelle in bilder(manuskript)}
        for endung, datei in gedruckt.items():
            dateien[Path(orte[endung]).name] = datei
            html = html.replace(_GROESSE.format(endung), lesbar(len(datei)))
        if html:
            dateien[f"{auftrag.stamm}.html"] = html.encode()
        return dateien


def downloads(auftrag: Auftrag, uebergabe: Uebergabe, zusaetze: Mapping[str, str]) -> tuple[Verweis, ...]:
    """Was im Kasten „Herunterladen“ steht; ``zusaetze``: vorhandene Formate und was klein dahinter steht."""
    orte, ganzes = formate.dateien(auftrag), "Profil" if auftrag.gestalt == "steckbrief" else "Bericht"
    verweise = []
    for endung, form in formate.fuer(auftrag).items():
        if endung in zusaetze:
            was, art = (
                (form.name, Path(orte[endung]).suffix[1:].upper()) if form.gestalt else (ganzes, form.name)
            )
            zusatz = f"{art}, {zusaetze[endung]}" if zusaetze[endung] else art
            verweise.append(Verweis(f"{was} als {art}", orte[endung], zusatz))
    if packung := uebergabe.beilagen.get("daten.zip"):
        zusatz = f"CSV in ZIP, {lesbar(len(packung))}"
        verweise.append(Verweis("Alle Daten", f"{auftrag.ziel}/daten.zip", zusatz, herunterladen=True))
        zusatz = "JSON: jede Zahl mit ihrer Quelle"
        verweise.append(Verweis("Zahlennachweis", f"{auftrag.ziel}/nachweis.json", zusatz))
    verweise += verweis(auftrag, uebergabe)
    revision = auftrag.freigabe.revision
    if revision is not None and revision.nummer > 1:
        nummer = revision.nummer - 1
        ort = ort_der_revision(f"{auftrag.ziel}.html", auftrag.bericht, auftrag.ausgabe, nummer)
        verweise.append(Verweis(f"Vorige Fassung (Revision {nummer})", ort, "unverändert"))
    return tuple(verweise)


def bilder(m: Manuskript) -> Iterator[tuple[str, Path]]:
    """Name auf der Site und Datei aller Bilder, die Texte selbst nennen; geprüft ist, dass es sie gibt."""
    namen = {
        str(k["c"][1] if k["t"] == "Bild" else k["c"][0])
        for teil in m.einzeln()
        if isinstance(teil, Prosa)
        for k in alle_knoten(teil.bloecke)
        if k["t"] in {"Bild", "Bildchen"}
    }
    eigene = (unquote(name) for name in sorted(namen) if m.datei(name) is None)
    yield from ((name, m.ordner / name) for name in eigene)


def veroeffentlichbar(pfad: Path) -> bytes:
    """Der Inhalt einer Bilddatei; Zeichnungen ohne Kommentare und Angaben des Zeichenprogramms."""
    roh = pfad.read_bytes()
    return bereinigt(roh) if pfad.suffix.lower() == ".svg" else roh


def _programmfehler(projekt: Projekt, auftrag: Auftrag, fehler: Exception) -> Meldung:
    spur = projekt.arbeit / f"fehler-{auftrag.stamm}.txt"
    schreibe_ganz(spur, "".join(traceback.format_exception(fehler)))
    return Programmfehler.melde(
        datei=projekt.relativ(auftrag.ordner / "bericht.yml"),
        stamm=auftrag.stamm,
        grund=f"{type(fehler).__name__}: {fehler}",
        spur=projekt.relativ(spur),
    )
