"""Was vor „quarto render“ geschieht: ausführen, übergeben, Seiten schreiben; gesetzt wird hier nichts."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.grund.ablage import Ablage, schreibe_ganz
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere as sichere_marke
from berichtswerk.satz import pdf
from berichtswerk.satz.gelesen import lies_bericht
from berichtswerk.satz.manuskript import Manuskript, lies
from berichtswerk.schreiber import formate, quarto
from berichtswerk.site import eingefroren
from berichtswerk.site.einzeln import lege_bei, zeichne_bei
from berichtswerk.site.nachbereitung import Quartolauf
from berichtswerk.site.presse import bildtext, lege_presse_bei
from berichtswerk.site.satzlauf import downloads
from berichtswerk.site.seiten import SEITEN, Umgebung, baue_seiten, lesbar
from berichtswerk.site.start import Nebenan
from berichtswerk.site.tausch import sperre

START = "seiten/_start.md"
"""Inhalt der Startseite: ``index.qmd`` zeigt ihn (``layout/berichtswerk.lua``). Die Datei selbst gehört zum
Projekt und bleibt, wie sie ist: ohne sie fände Quarto im frischen Klon nichts, was es setzen könnte."""


@dataclass(slots=True)
class Vorbereitet:
    """Alle Befunde, und ob Quarto setzen kann."""

    meldungen: Meldungen
    gelungen: bool


def bereite_vor(
    projekt: Projekt,
    namen: Sequence[str] = (),
    *,
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    fortschritt: Callable[[str, Auftrag | None, int], None] = lambda *_: None,
) -> Vorbereitet:
    """Schreibt alle Übergaben und Seiten; was es nicht mehr gibt, verschwindet.

    Setzt Quarto nur einzelne Dateien, entstehen nur deren Übergaben. Seine Vorschau setzt nur Seiten, und
    statt eines Berichts mit Fehlern ein Blatt, das sie nennt.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder Fehler in den gemeinsamen Angaben.
    """
    plan = plane(projekt)
    auswahl = plan.waehle(namen)
    lauf = Quartolauf.aus(os.environ)
    vorschau = lauf.ist_vorschau(projekt)
    if lauf.eingaben and not lauf.alles:
        auswahl = tuple(a for a in auswahl if projekt.relativ(a.uebergabe) in lauf.eingaben)
    ergebnis = Vorbereitet(Meldungen(list(plan.meldungen)), not plan.meldungen.fehler)
    auswahl = tuple(a for a in auswahl if a.fassung is None)
    with sperre(projekt):
        umgebung = Umgebung.zu(projekt, plan.auftraege)
        sichere_marke(projekt)
        raeume_uebergaben_auf(projekt, plan)
        fertige = _stelle_bereit(projekt, plan)
        for a in fuehre_aus(projekt, auswahl, grenzen=grenzen, executor=executor):
            befunde = _uebergib(umgebung, a, druck=not vorschau)
            ergebnis.meldungen.neue(befunde)
            if befunde.fehler and vorschau:
                kontext = umgebung.bericht(a.auftrag, ())
                _schreibe(
                    a.auftrag, quarto.fehlerblatt(a.auftrag.titel, kontext, befunde.fehler), druck=False
                )
            elif befunde.fehler:
                ergebnis.gelungen = False
            fortschritt("ausgeführt" if a.inhalt else "gescheitert", a.auftrag, len(auswahl))
        daneben = {ort for a in plan.auftraege for ort in formate.dateien(a).values()}
        nebenan = Nebenan(daneben, lambda a: a.beilagen if a.fassung is None else fertige / a.ziel)
        for ort, dokument in baue_seiten(umgebung, plan.auftraege, nebenan).items():
            manuskript, befunde = lies(dokument, projekt, projekt.wurzel, Ablage.von(projekt))
            ergebnis.meldungen.neue(befunde)
            ergebnis.gelungen &= not befunde.fehler
            start = ort == "index"
            ziel = START if start else f"{ort}.qmd"
            kontext = umgebung.seite(f"{ort}.html", dokument.kopf.titel, start=start)
            schreibe_ganz(projekt.wurzel / ziel, quarto.qmd(manuskript, kontext))
        if not (projekt.wurzel / "index.qmd").is_file():
            schreibe_ganz(projekt.wurzel / "index.qmd", quarto.EINSTIEG)
    return ergebnis


def _stelle_bereit(projekt: Projekt, plan: Plan) -> Path:
    """Legt Eingefrorenes dorthin, wo Start- und Datenseite danach sehen; Quarto setzt davon nichts.

    Nur was Quarto schon als Eingabe kennt, behält ein Blatt: fehlte es mitten im Lauf, bräche er ab.
    """
    ordner = projekt.arbeit / "eingefroren"
    for a in (a for a in plan.auftraege if a.fassung is not None):
        if a.uebergabe.is_file():
            _schreibe(a, quarto.platzhalter(a.titel), druck=False)
        shutil.rmtree(a.beilagen, ignore_errors=True)
    eingefroren.lege_bei(projekt, plan.auftraege, ordner)  # was fehlt, meldet die Nachbereitung
    return ordner


def lege_eingaben_an(projekt: Projekt, plan: Plan) -> None:
    """Legt für Quarto an, was es setzen kann und noch nicht da ist; der Vorlauf füllt es.

    Quarto sieht nach seinen Eingaben, bevor der Vorlauf beginnt: einen Bericht, der erst dort entsteht,
    setzte es nicht einzeln, und seine Vorschau setzte alles noch einmal, sobald er auftaucht.
    """
    for a in plan.auftraege:
        if a.fassung is not None:
            a.uebergabe.unlink(missing_ok=True)
        elif not a.uebergabe.is_file():
            _schreibe(a, quarto.platzhalter(a.titel), druck=True)
    for name in SEITEN:
        if not (ziel := projekt.wurzel / f"{name}.qmd").is_file():
            schreibe_ganz(ziel, "")


def _uebergib(umgebung: Umgebung, ausgefuehrt: Ausgefuehrt, *, druck: bool) -> Meldungen:
    """Prüft die Texte wie der eingebaute Satz und schreibt das Notizbuch mit seinen Beilagen für Quarto."""
    meldungen, auftrag = Meldungen(list(ausgefuehrt.meldungen)), ausgefuehrt.auftrag
    projekt = umgebung.projekt
    if not ausgefuehrt.inhalt:
        return meldungen
    try:
        uebergabe, manuskript, befunde = lies_bericht(projekt, ausgefuehrt)
    except BerichtswerkFehler as fehler:
        meldungen.neue(fehler.meldungen)
        return meldungen
    meldungen.neue(befunde)
    if meldungen.fehler:
        return meldungen
    plan, neben, gedruckt = None, dict[str, str](), dict[str, bytes]()
    if druck:
        zeichne_bei(umgebung, auftrag, uebergabe)
        lege_bei(umgebung, auftrag, manuskript, uebergabe)
        meldungen.neue(lege_presse_bei(umgebung, ausgefuehrt, uebergabe))
        try:
            if formate.quarto_druckt(auftrag):
                plan = pdf.plane_seiten(manuskript, projekt, uebergabe.druckbilder)
                gedruckt = {name: b.svg for name, b in uebergabe.druckbilder.items()}
                gedruckt |= pdf.gestreckt(uebergabe.druckbilder, plan)
                neben["pdf"] = ""
            fertige = _setze_fertig(projekt, auftrag, manuskript, uebergabe)
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
            return meldungen
        neben |= {name: lesbar(len(inhalt)) for name, (_, inhalt) in fertige.items()}
        gedruckt |= dict(fertige.values())
    dateien = uebergabe.beilagen | {
        f"{quarto.DRUCK}/{Path(n).name}": inhalt for n, inhalt in gedruckt.items()
    }
    for name, inhalt in dateien.items():
        schreibe_ganz(auftrag.beilagen / name, inhalt)
    for pfad in sorted(auftrag.beilagen.rglob("*"), reverse=True):
        if pfad.is_dir():
            if not any(pfad.iterdir()):
                pfad.rmdir()
        elif pfad.relative_to(auftrag.beilagen).as_posix() not in dateien:
            pfad.unlink()
    kontext = umgebung.bericht(auftrag, downloads(auftrag, uebergabe, neben), bildtext(uebergabe))
    notizbuch = quarto.notizbuch(manuskript, kontext, uebergabe.zeichnungen, uebergabe.beilagen, plan=plan)
    _schreibe(auftrag, notizbuch, druck=druck)
    return meldungen


def _setze_fertig(
    projekt: Projekt, auftrag: Auftrag, m: Manuskript, u: Uebergabe
) -> dict[str, tuple[str, bytes]]:
    """Was neben der Seite liegt und Quarto nicht setzt: je Format sein Ort auf der Site und der Inhalt.

    Raises:
        BerichtswerkFehler: etwas davon lässt sich nicht setzen.
    """
    orte, quartos = formate.dateien(auftrag), {"pdf"} if formate.quarto_druckt(auftrag) else set[str]()
    return {
        name: (orte[name], form.schreibe(m, projekt, u.druckbilder))
        for name, form in formate.fuer(auftrag).items()
        if name not in quartos
    }


def _schreibe(auftrag: Auftrag, notizbuch: dict[str, Any], *, druck: bool) -> None:
    """In der Vorschau (ohne ``druck``) behält die Datei ihre Zeit: Quarto beobachtet sie und setzte sonst,
    was es gerade setzt, gleich noch einmal; Änderungen an Texten entgingen ihm so lange.
    """
    ziel = auftrag.uebergabe
    vorher = ziel.stat() if ziel.is_file() and not druck else None
    text = json.dumps(notizbuch, ensure_ascii=False, indent=1, sort_keys=True)
    schreibe_ganz(ziel, f"{text}\n")
    if vorher is not None:
        os.utime(ziel, ns=(vorher.st_atime_ns, vorher.st_mtime_ns))


def raeume_uebergaben_auf(projekt: Projekt, plan: Plan) -> None:
    """Löscht Übergaben, die zu keinem Auftrag mehr gehören: Quarto setzte sie sonst weiter."""
    geplant = {a.uebergabe for a in plan.auftraege}
    gelesen = {a.ordner for a in plan.auftraege}
    for pfad in sorted(projekt.berichte.glob("*/*/*.ipynb")):
        if (
            pfad in geplant
            or ((pfad.parent / "bericht.yml").is_file() and pfad.parent not in gelesen)
            or not _ist_uebergabe(pfad.read_text("utf-8"))
        ):
            continue
        pfad.unlink()
        shutil.rmtree(pfad.with_suffix(""), ignore_errors=True)


def _ist_uebergabe(text: str) -> bool:
    """Nur was die Ausführung selbst geschrieben hat, wird gelöscht."""
    try:
        return bool(json.loads(text)["metadata"]["berichtswerk"]["uebergabe"])
    except (ValueError, KeyError, TypeError):
        return False
