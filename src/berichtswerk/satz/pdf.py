"""PDF mit Typst: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts.

Typst läuft als eigenes Programm (:mod:`~.typstdienst`), nie länger und größer als erlaubt, und merkt sich
Ergebnisse je Datei. Darum liegen Vorlage und Kapitel einzeln auf einer :class:`Werkbank`, und was der Umbruch
entscheidet, steht neben den Kapiteln statt in ihnen: eine andere Breite lässt alles andere, wie es ist. Der
Platz eines Dokuments bleibt im Prozess derselbe, damit ein vorher gesetzter Stand hilft.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any

from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import PAKET, Ablage, dateisumme, fassung, pruefsumme, schreibe_ganz, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe as schreibe_zahl
from berichtswerk.satz import befunde, typstdienst
from berichtswerk.satz.dienst import SPEICHER_GB, Abgebrochen, Dienst, Dienste, Zeitueberschreitung
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.umbruch import ABFRAGE, Umbruch, entscheide, waehle
from berichtswerk.schreiber.typst.rumpf import Druckfassung, schreibe

VORLAGE = "layout/typst/typst-template.typ"
NORMEN = ["a-2a", "ua-1"]
VORSPANN = '#import "vorlage.typ": *\n#import "wahl-{nummer}.typ": bw-figur\n'
"""Womit jede Kapiteldatei beginnt."""
GRENZE_S = 120.0
"""So lange darf Typst an einer Anfrage rechnen; üblich sind Sekunden."""
_GETOETET, _OHNE_SPEICHER = -9, -6
"""Womit Linux meldet, dass jemand Typst beendete oder ihm Speicher fehlte (Rust bricht dann ab)."""
_ALT_S = 24 * 3600
_SCHLOSS = threading.Lock()
_PLAETZE: dict[Path, threading.Lock] = {}
_OHNE_DATUM = date(2000, 1, 1)
_PRAEGEND = ("pdf.py", "struktur.py", "umbruch.py")


def setze(m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> bytes:
    """Das fertige PDF; ein schon gesetztes kommt aus der Ablage.

    ``bilder`` sind die Abbildungen unter ``abb/<label>.svg``. Der Zeitstempel ist der Stand der Ausgabe:
    gleiche Eingabe, gleiche Bytes.

    Raises:
        BerichtswerkFehler: was Typst nicht setzen kann, mit Datei und Ort des Textes.
    """
    druck = schreibe(m, projekt, bilder)
    zeit = _zeitstempel(m)
    ablage = Ablage.von(projekt)
    praegend = _praegend(projekt)
    schluessel = _schluessel(druck, projekt, zeit, praegend)
    fertig = ablage.hole("pdf", schluessel)
    if fertig is None:
        from berichtswerk.satz.struktur import ergaenze  # pikepdf lädt, wer druckt

        with zeiten.miss("typst"):
            fertig = ergaenze(_setze(druck, m, projekt, zeit, praegend))
        ablage.lege("pdf", schluessel, fertig)
    return fertig


def _schluessel(druck: Druckfassung, projekt: Projekt, zeit: datetime, praegend: Sequence[str]) -> str:
    """Alles, was die Bytes des PDF bestimmt: Text, Bilder, Schriften, Programmteile und Fassungen."""
    return summe(
        druck.vorlage,
        druck.kopf,
        *(k.text for k in druck.kapitel),
        zeit.isoformat(),
        *(f"{name} {pruefsumme(inhalt)}" for name, inhalt in sorted(druck.bilder.items())),
        *(f"{name} {dateisumme(projekt.wurzel / name[1:])}" for name in druck.dateien),
        *praegend,
    )


def _setze(
    druck: Druckfassung, m: Manuskript, projekt: Projekt, zeit: datetime, praegend: Sequence[str]
) -> bytes:
    """Misst den Umbruch und setzt; was jemand dabei abräumt oder beendet, beginnt einmal von vorn."""
    stamm = m.kopf.stamm or m.kopf.titel
    for versuch in (1, 2):
        try:
            with werkbank(stamm, projekt) as bank:
                bank.lege_auf(druck)
                bank.waehle(_umbruch(druck, Ablage.von(projekt), bank, praegend))
                return bank.drucke(zeit)
        except befunde.TypstFehler as fehler:
            if versuch == 2:
                vorspann = VORSPANN.count("\n")
                raise befunde.aus_typst(fehler, druck, vorspann, projekt.wurzel) from fehler
        except Zeitueberschreitung as fehler:
            raise _gescheitert(m, befunde.SatzTypstZeit) from fehler
        except Abgebrochen as fehler:
            if fehler.ende == _OHNE_SPEICHER:
                raise _gescheitert(m, befunde.SatzTypstSpeicher) from fehler
            if versuch == 2 or fehler.ende != _GETOETET:
                raise _gescheitert(m, befunde.SatzTypstAbbruch, fehler.ende) from fehler
        except OSError:
            if versuch == 2:
                raise
    raise AssertionError


def _gescheitert(m: Manuskript, art: type[Befundart], ende: int = 0) -> BerichtswerkFehler:
    k, grenze = m.kopf, schreibe_zahl(GRENZE_S)
    datei = f"berichte/{k.bericht}/{k.ausgabe}/bericht.yml" if k.bericht else ""
    angaben: dict[str, Any] = {"stamm": k.stamm or k.titel, "sekunden": grenze, "speicher": SPEICHER_GB}
    return BerichtswerkFehler(art.melde(datei=datei, ort=k.variante, ende=ende, **angaben))


def _umbruch(druck: Druckfassung, ablage: Ablage, bank: Werkbank, praegend: Sequence[str]) -> list[str]:
    """Misst, bis keine Abbildung mehr ein Loch reißt, und hebt die Entscheidungen je Kapitel auf.

    Scheitert das Messen, bleibt alles, wie es ist: der Fehler im Text zeigt sich beim Setzen gleich danach
    noch einmal, dort mit seiner Stelle.
    """
    schluessel = umbruchschluessel(druck, praegend)
    bekannt = {
        nummer: Umbruch.aus_json(roh)
        for nummer, name in schluessel.items()
        if (roh := ablage.hole("umbruch", name)) is not None
    }

    def miss(umbrueche: Sequence[Umbruch]) -> str:
        bank.waehle(waehle(druck.kapitel, umbrueche))
        return bank.miss()

    try:
        umbrueche = entscheide(druck.kapitel, bekannt, miss)
    except (KeyError, IndexError, TypeError, ValueError) as fehler:
        was = f"„{fehler.args[0]}“" if isinstance(fehler, KeyError) else "eine Angabe"
        raise BerichtswerkFehler(befunde.SatzVorlageMisst.melde(datei=VORLAGE, was=was)) from fehler
    except befunde.TypstFehler:
        return waehle(druck.kapitel, [Umbruch.anfang(k.figuren) for k in druck.kapitel])
    for nummer in schluessel.keys() - bekannt.keys():
        ablage.lege("umbruch", schluessel[nummer], umbrueche[nummer].als_json().encode())
    return waehle(druck.kapitel, umbrueche)


def umbruchschluessel(druck: Druckfassung, praegend: Sequence[str]) -> dict[int, str]:
    """Je Kapitel mit Abbildungen alles, was seinen Umbruch bestimmt.

    Dazu gehört die Gliederung aller Kapitel: von ihr hängen die Nummern in Verweisen und Unterschriften ab.
    Was vor dem ersten Kapitel steht, beginnt auf keiner eigenen Seite; dafür gibt es keinen Schlüssel.
    """
    geruest = "\n".join(zeile for k in druck.kapitel for zeile in k.geruest)
    gemeinsam = summe(druck.vorlage, druck.kopf, geruest, *praegend)
    noten = [0, *accumulate(k.noten for k in druck.kapitel)]
    return {
        nummer: summe(gemeinsam, k.text, repr(k.figuren), str(noten[nummer]))
        for nummer, k in enumerate(druck.kapitel)
        if k.figuren and nummer
    }


def _praegend(projekt: Projekt) -> list[str]:
    """Schriften, Programmteile und Fassungen, die in jedes PDF eingehen."""
    return [
        *(f"{p.name} {dateisumme(p)}" for p in sorted((projekt.layout / "fonts").rglob("*.[to]tf"))),
        *(f"{name} {dateisumme(PAKET / 'satz' / name)}" for name in _PRAEGEND),
        *(f"{name} {fassung(name)}" for name in ("typst", "pikepdf")),
    ]


def _zeitstempel(m: Manuskript) -> datetime:
    """Stand der Ausgabe um Mitternacht UTC."""
    tag = m.kopf.stand or _OHNE_DATUM
    return datetime(tag.year, tag.month, tag.day, tzinfo=UTC)


def _beginne() -> Dienst:
    paket = Path(getattr(find_spec("typst"), "origin", None) or "").parents[1]
    programm = Path(typstdienst.__file__)
    return Dienst([sys.executable, "-I", "-S", "-X", "utf8", str(programm), str(paket)], programm.parent)


_dienste = Dienste(_beginne)
waerme_vor, beende = _dienste.waerme_vor, _dienste.beende


class Werkbank:
    """Dateien und Satz eines Dokuments."""

    def __init__(self, platz: Path, projekt: Projekt, dienst: Dienst) -> None:
        """``dienst`` rechnet für sie."""
        self._platz, self._dienst = platz, dienst
        self._wahlen: list[str] = []
        platz.mkdir(parents=True, exist_ok=True)
        self._schreibe("haupt", "")
        haupt, schriften = str(platz / "haupt.typ"), str(projekt.layout / "fonts")
        self._rufe("beginne", haupt=haupt, wurzel=str(projekt.wurzel.resolve()), schriften=schriften)

    def _rufe(self, was: str, **angaben: Any) -> Any:
        antwort = self._dienst.frage({"was": was, **angaben}, GRENZE_S)
        if "fehler" in antwort:
            raise befunde.TypstFehler(antwort["fehler"], antwort["diagnose"])
        return antwort["antwort"]

    def lege_auf(self, fassung: Druckfassung) -> None:
        """Schreibt Vorlage, Kapitel und Bilder."""
        self._wahlen = []
        self._schreibe("vorlage", fassung.vorlage)
        for name, inhalt in fassung.bilder.items():
            schreibe_ganz(self._platz / name, inhalt)
        for nummer, kapitel in enumerate(fassung.kapitel):
            self._schreibe(f"kapitel-{nummer}", VORSPANN.format(nummer=nummer) + kapitel.text)
        folge = "".join(f'#include "kapitel-{nummer}.typ"\n' for nummer in range(len(fassung.kapitel)))
        self._schreibe("haupt", f'#import "vorlage.typ": *\n{fassung.kopf}\n{folge}')

    def waehle(self, wahlen: Sequence[str]) -> None:
        """Setzt die Entscheidungen des Umbruchs je Kapitel ein."""
        for nummer, wahl in enumerate(wahlen):
            if self._wahlen[nummer : nummer + 1] != [wahl]:
                funktion = f"#let bw-figur = vorlage.bw-figur.with(wahl: {wahl})"
                self._schreibe(f"wahl-{nummer}", f'#import "vorlage.typ"\n{funktion}\n')
        self._wahlen = list(wahlen)

    def miss(self) -> str:
        """Setzt und fragt nach dem Umbruch."""
        return self.frage(ABFRAGE)

    def frage(self, frage: str) -> str:
        """Setzt und beantwortet eine Frage in Typst (JSON)."""
        return str(self._rufe("miss", frage=frage))

    def drucke(self, zeit: datetime) -> bytes:
        """Setzt und gibt das PDF aus."""
        ziel = self._platz / "fertig.pdf"
        self._rufe("drucke", ziel=str(ziel), normen=NORMEN, zeit=zeit.timestamp())
        return ziel.read_bytes()

    def _schreibe(self, name: str, text: str) -> None:
        schreibe_ganz(self._platz / f"{name}.typ", text)


@contextlib.contextmanager
def werkbank(name: str, projekt: Projekt) -> Iterator[Werkbank]:
    """Die Werkbank eines Dokuments; zur selben Zeit arbeitet nur einer daran."""
    platz = _ort(projekt) / hashlib.sha256(name.encode()).hexdigest()[:16]
    with _SCHLOSS:
        schloss = _PLAETZE.setdefault(platz, threading.Lock())
    with schloss:
        dienst = _dienste.hole()
        try:
            yield Werkbank(platz, projekt, dienst)
        finally:
            _dienste.gib(dienst)


def _ort(projekt: Projekt) -> Path:
    with _SCHLOSS:  # sonst leerte ein zweiter Faden, was der erste gerade anlegt
        return _leerer_ort(projekt.arbeit.resolve(), os.getpid())


@cache
def _leerer_ort(arbeit: Path, prozess: int) -> Path:
    """Der Ordner dieses Prozesses; er verschwindet mit ihm, der eines abgebrochenen nach einem Tag."""
    for alt in arbeit.glob("satz-*"):
        with contextlib.suppress(OSError):
            if time.time() - alt.stat().st_mtime > _ALT_S:
                shutil.rmtree(alt, ignore_errors=True)
    ort = arbeit / f"satz-{prozess}"
    shutil.rmtree(ort, ignore_errors=True)
    atexit.register(_raeume_auf, ort, prozess)
    return ort


def raeume_auf(projekt: Projekt) -> None:
    """Beendet Typst und löscht die Werkbänke dieses Prozesses; die nächste Arbeit legt neue an."""
    beende()
    shutil.rmtree(_ort(projekt), ignore_errors=True)


def _raeume_auf(ort: Path, prozess: int) -> None:
    if os.getpid() == prozess:
        shutil.rmtree(ort, ignore_errors=True)
