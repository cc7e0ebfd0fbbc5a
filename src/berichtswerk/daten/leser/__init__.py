"""Leser: aus einer Lieferung, wie sie kommt, werden lange Werte; gesteuert allein von der Quelle.

Dieselbe Lieferung mit derselben Beschreibung wird einmal umgeformt; danach liegt sie in der Ablage.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, cast

from berichtswerk.daten.gebiete import nenne
from berichtswerk.daten.korrekturen import wende_an
from berichtswerk.daten.lesebericht import Lesebericht
from berichtswerk.daten.leser.grund import DateiZuGross, Leseauftrag, Leser, Sammler, dateiart
from berichtswerk.daten.leser.umformen import NameWiderspricht, Umformer
from berichtswerk.daten.leser.werte import gekuerzt
from berichtswerk.daten.lieferungen import Geltend
from berichtswerk.daten.muster import MusterHaengt
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Spalte, Tabelle
from berichtswerk.grund.ablage import aktiv, programmstand, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Stufe, aufgezaehlt, warum
from berichtswerk.grund.projekt import PfadFremd, PfadVerwehrt, Projekt
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

LESER = {
    "csv": "text.lies",
    "genesis_tabelle": "text.lies",
    "genesis_flach": "text.lies",
    "inkar": "mappen.lies_inkar",
    "xlsx": "mappen.lies",
    "gv100": "gv100.lies",
    "geojson": "geojson.lies",
    "sql": "sql.lies",
}
"""Name in ``lesen.leser`` → Modul und Funktion. Neu: Modul, Eintrag hier, Modell in ``daten/lesen.py``."""


ART = "tabelle"
HOECHSTENS = 200_000
"""Größere Tabellen werden nicht aufgehoben: sie verdrängten sonst alles andere aus der Ablage."""
EINZELN = 3
"""Mehr doppelte Angaben haben meist eine gemeinsame Ursache und werden zusammen genannt."""
_MIT_BIBLIOTHEK = dict.fromkeys(("xlsx", "inkar"), ("openpyxl", "xlrd", "lxml", "python-calamine"))


class DateiFehlt(Befundart):
    text = "Die Datendatei gibt es nicht."
    ursache = "Die Quelle „{quelle}“ nennt sie."
    abhilfe = "Legen Sie die Lieferung dort ab oder berichtigen Sie „path“; Groß- und Kleinschreibung zählt."
    feld = "path"


class DateiGesperrt(Befundart):
    text = "Die Datei lässt sich nicht öffnen."
    ursache = "{grund}."
    abhilfe = (
        "Schließen Sie die Datei in anderen Programmen (Excel sperrt geöffnete Dateien) und prüfen Sie Ihre "
        "Rechte am Ordner."
    )


class TabelleLeer(Befundart):
    text = "Nach der Beschreibung bleibt kein einziger Wert übrig."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie diese Angaben an der Datei."
    feld = "lesen"


class BlattOhneWert(Befundart):
    text = "Das Blatt „{blatt}“ gab keinen einzigen Wert."
    ursache = "{grund}"
    abhilfe = (
        'Ist es anders aufgebaut, sagen Sie es unter „je_blatt: {{"{blatt}": …}}“; gehört es nicht dazu, '
        "nennen Sie es unter lesen.ohne_blatt."
    )
    feld = "lesen.blatt"


class DateiOhneWert(Befundart):
    text = "Die Datei gab keinen einzigen Wert."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie, ob sie aufgebaut ist wie die anderen; gehört sie nicht dazu, streichen Sie sie."
    feld = "path"


class GebietOhneWert(Befundart):
    text = "{anzahl} {gebiete} keinen einzigen Wert: {namen}."
    ursache = "Alle ihre Felder sind leer oder tragen ein Zeichen ohne Zahl."
    abhilfe = "Fragen Sie nach, wenn es Werte geben müsste."
    stufe = Stufe.HINWEIS


class StrichUnklar(Befundart):
    text = "Ob „{zeichen}“ null heißt oder „nicht erhoben“, ist nicht zu erkennen: {wo}."
    ursache = "{anzahl} Felder tragen dieses Zeichen; nach DIN 55301 hieße es „genau null“."
    abhilfe = (
        'Entscheiden Sie in der Quelle: statistik: {{zeichen: {{"{zeichen}": null}}}} (nichts vorhanden) '
        "oder "
        '{{"{zeichen}": unbekannt}}; für eine einzelne Spalte unter lesen.groessen mit „zeichen“.'
    )
    feld = "statistik.zeichen"


class KlammerUnklar(Befundart):
    text = "Ob „{roh}“ negativ ist oder eine unsichere Zahl, ist nicht zu erkennen."
    ursache = "{grund}; in der Buchhaltung heißt „(7)“ minus 7, in amtlichen Tabellen eine unsichere 7."
    abhilfe = "Setzen Sie unter lesen „minus: klammer“ (minus 7) oder „minus: vorn“ (unsichere 7)."
    feld = "lesen.minus"


class ZeitGemischt(Befundart):
    text = "„{groesse}“ mischt Zeitangaben: {arten}."
    ursache = "Nebeneinander ergeben sie keine Reihe, und Summen zählten doppelt."
    abhilfe = (
        "Meinen alle dasselbe, sagen Sie es unter lesen.zeit mit „art“ (jahr, stichtag, monat, quartal, "
        "schuljahr); sonst trennen Sie sie mit „wo“ oder als eigene Messgröße."
    )
    feld = "lesen.zeit"
    stufe = Stufe.WARNUNG


class AuspraegungAehnlich(Befundart):
    text = "„{merkmal}“ hat Ausprägungen, die sich nur in der Schreibweise unterscheiden: {namen}."
    ursache = "Sie gelten als verschiedene; Summen und Reihen zerfielen."
    abhilfe = "Führen Sie sie unter „werte“ zusammen."
    stufe = Stufe.WARNUNG


class MusterZuLangsam(Befundart):
    text = "Das Muster „{muster}“ wird mit einem Text nicht fertig."
    ursache = "Der Text: „{stueck}“. Verschachtelte Wiederholungen wie (a+)+ probieren zu vieles aus."
    abhilfe = "Schreiben Sie das Muster einfacher, ohne Wiederholung in einer Wiederholung."
    feld = "lesen"


class SchluesselDoppelt(Befundart):
    text = "Diese Angabe steht mehrfach da: {gemeint}."
    ursache = "Sie steht schon {wo}."
    abhilfe = (
        "Unterscheiden sich die Zeilen in einer Spalte, nennen Sie diese unter lesen.merkmale; sonst lassen "
        "Sie eine davon weg (lesen.auslassen, lesen.ohne)."
    )


class SchluesselVielfach(SchluesselDoppelt):
    text = "{anzahl} Angaben stehen mehrfach da, als erste: {gemeint}."


class SchluesselInZweiSpalten(SchluesselDoppelt):
    ursache = "Dieselbe Zeile hat sie auch in der Spalte „{spalte}“."
    abhilfe = (
        "Nennen Sie die Wertspalte in der Quelle genauer, oder unterscheiden Sie die Spalten durch ein "
        "Merkmal (lesen.merkmale)."
    )


ZWEIFEL = frozenset(art.kennung for art in (NameWiderspricht, ZeitGemischt, AuspraegungAehnlich))
"""Was sehr wahrscheinlich falsch ist: es hält das Lesen nicht auf, ist beim Prüfen aber ein Fehler, bis
jemand es behebt oder in daten/hinweise.yaml annimmt."""


def lies(quelle: Quelle, projekt: Projekt, gebiete: Gebietsverzeichnis) -> Tabelle:
    """Liest alle Dateien einer Quelle, oder holt, was von ihnen schon gelesen ist.

    Raises:
        BerichtswerkFehler: mit allen Befunden; gelesen wird dann nichts.
    """
    if isinstance(quelle, Geltend):
        return _lies_geltende(quelle, projekt, gebiete)
    schluessel = ""
    with suppress(BerichtswerkFehler, OSError):  # was nicht zu lesen ist, meldet sich gleich
        for auftrag in auftraege(quelle, projekt):
            pruefe_datei(auftrag, projekt)
        schluessel = _schluessel(auftraege(quelle, projekt), gebiete)
    if (tabelle := _hole(schluessel, quelle)) is not None:
        leser(quelle.lesen.leser)  # auch Aufgehobenes ist das Werk seines Lesers: die Spur nennt ihn
        tabelle.spur = schluessel
        return tabelle
    tabelle = _lies_alle(quelle, projekt, gebiete)
    with suppress(OSError):
        if schluessel and schluessel == _schluessel(auftraege(quelle, projekt), gebiete):
            _merke(schluessel, tabelle)
            tabelle.spur = schluessel
    return tabelle


def _lies_geltende(quelle: Geltend, projekt: Projekt, gebiete: Gebietsverzeichnis) -> Tabelle:
    """Frühere Lieferungen, darüber diese, darin die Korrekturen."""
    tabelle = lies(quelle.allein, projekt, gebiete)
    if quelle.formular:  # was sonst auf seinen Blättern steht, soll niemand lesen
        tabelle.bericht.blaetter = [b for b in tabelle.bericht.blaetter if b.gelesen]
    staende = [tabelle.spur]
    if quelle.vorher is not None:
        frueher = lies(quelle.vorher, projekt, gebiete)
        staende.append(frueher.spur)
        tabelle = frueher.ergaenzt(tabelle)
    tabelle.quelle = quelle
    wende_an(quelle.korrekturen, tabelle)
    tabelle.spur = summe(*staende, quelle.model_dump_json()) if all(staende) else ""
    return tabelle


def spur(quelle: Quelle, projekt: Projekt, gebiete: Gebietsverzeichnis) -> str:
    """Wovon abhängt, was diese Quelle ergibt; leer, wenn nichts aufgehoben wird oder eine Datei fehlt."""
    if isinstance(quelle, Geltend):
        teile = [quelle.allein, *([quelle.vorher] if quelle.vorher else [])]
        staende = [spur(q, projekt, gebiete) for q in teile]
        return summe(*staende, quelle.model_dump_json()) if all(staende) else ""
    try:
        return _schluessel(auftraege(quelle, projekt), gebiete)
    except OSError:
        return ""


@cache
def stand() -> str:
    """Prüfsumme der Module, die Tabellen lesen."""
    return summe(
        programmstand("daten", "grund/zahl.py", "grund/zeichen.py"), platform.python_version(), sys.byteorder
    )


def _schluessel(auftraege: Sequence[Leseauftrag], verzeichnis: Gebietsverzeichnis) -> str:
    """Beschreibung, Gebietsverzeichnis, Inhalt aller Dateien und das Programm, das sie liest.

    Leer, wenn nichts aufgehoben wird (keine Ablage, Datenbank, altes Excel); ``OSError``, wenn eine Datei
    nicht lesbar ist.
    """
    quelle = auftraege[0].quelle
    bibliotheken = _MIT_BIBLIOTHEK.get(quelle.lesen.leser, ())
    if aktiv() is None or quelle.lesen.leser == "sql":
        return ""
    teile: list[str | bytes] = [stand(), quelle.model_dump_json(), verzeichnis.kennzeichen]
    teile += [metadata.version(name) for name in bibliotheken]
    for auftrag in auftraege:
        if bibliotheken and dateiart(auftrag.pfad) == "xls":
            return ""  # deren Leser lädt ein weiteres Modul, das in der Spur stehen muss
        with auftrag.pfad.open("rb") as datei:  # strömend: Lieferungen können groß sein
            teile += [auftrag.datei, hashlib.file_digest(datei, "sha256").digest()]
    return summe(*teile)


def _hole(schluessel: str, quelle: Quelle) -> Tabelle | None:
    """Die Tabelle, wenn sie schon einmal so gelesen wurde."""
    stelle = aktiv()
    inhalt = stelle.hole(ART, schluessel) if stelle and schluessel else None
    if inhalt is None:
        return None
    kopf, _, zahlen = inhalt.partition(b"\n")
    angaben = json.loads(kopf)
    tabelle = Tabelle(quelle)
    tabelle.merkmale = tuple(angaben["merkmale"])
    tabelle.texte = {name: Spalte((), texte) for name, texte in angaben["texte"].items()}
    rest = memoryview(zahlen)
    for reihe in _zahlen(tabelle):
        laenge = angaben["zeilen"] * reihe.itemsize
        reihe.frombytes(rest[:laenge])
        rest = rest[laenge:]
    tabelle.bericht = Lesebericht.aus_dict(angaben["bericht"])
    return tabelle


def _zahlen(tabelle: Tabelle) -> list[array[Any]]:
    """Was je Zeile eine Zahl ist, in fester Folge."""
    return [*(spalte.nummern for spalte in tabelle.texte.values()), tabelle.wert, tabelle.zeile]


def _merke(schluessel: str, tabelle: Tabelle) -> None:
    """Hebt eine Tabelle auf: eine Zeile JSON mit allen Texten, dahinter die Zahlen wie im Speicher."""
    stelle = aktiv()
    if stelle is None or len(tabelle) > HOECHSTENS:
        return
    kopf = {
        "merkmale": tabelle.merkmale,
        "texte": {name: spalte.texte for name, spalte in tabelle.texte.items()},
        "zeilen": len(tabelle),
        "bericht": tabelle.bericht.als_dict(),
    }
    zahlen = b"".join(reihe.tobytes() for reihe in _zahlen(tabelle))
    stelle.lege(ART, schluessel, json.dumps(kopf).encode("ascii") + b"\n" + zahlen)


def _lies_alle(quelle: Quelle, projekt: Projekt, gebiete: Gebietsverzeichnis) -> Tabelle:
    lesen = quelle.lesen
    merkmale = dict.fromkeys(name for block in lesen.alle_angaben() for name in block.alle_merkmale())
    tabelle = Tabelle(quelle, tuple(merkmale))
    befunde: list[Meldung] = []
    for auftrag in auftraege(quelle, projekt, tabelle.bericht):
        abbruch: list[Meldung] = []
        try:
            pruefe_datei(auftrag, projekt)
            for blatt in leser(lesen.leser)(auftrag):
                if blatt.bericht not in auftrag.bericht.blaetter:
                    auftrag.bericht.blaetter.append(blatt.bericht)
                blatt.bericht.datei, blatt.bericht.blatt = auftrag.datei, blatt.name
                for block in lesen.bloecke_von(blatt.name):
                    Umformer(auftrag, block, blatt, tabelle, gebiete).lies()
        except BerichtswerkFehler as fehler:
            abbruch = fehler.meldungen
        except MusterHaengt as haengt:
            stueck = gekuerzt(haengt.text)
            abbruch = [MusterZuLangsam.melde(datei=auftrag.datei, muster=haengt.muster, stueck=stueck)]
        except OSError as fehler:
            abbruch = [DateiGesperrt.melde(datei=auftrag.datei, grund=warum(fehler))]
        befunde += [*auftrag.sammler.alle(), *abbruch]
    sammler = Sammler(projekt.relativ(quelle.pfad(projekt)))
    if not any(b.stufe is Stufe.FEHLER for b in befunde):
        _pruefe(tabelle, sammler, gebiete)
    befunde += sammler.alle()
    if any(b.stufe is Stufe.FEHLER for b in befunde):
        raise BerichtswerkFehler(befunde)
    tabelle.bericht.meldungen = [
        replace(b, stufe=Stufe.FEHLER) if b.kennung in ZWEIFEL else b for b in befunde
    ]
    return tabelle


def auftraege(quelle: Quelle, projekt: Projekt, bericht: Lesebericht | None = None) -> list[Leseauftrag]:
    """Ein Auftrag je Datei der Quelle; was beim Lesen geschieht, kommt in ``bericht``."""
    bericht = bericht or Lesebericht()
    return [
        Leseauftrag(quelle, pfad, projekt.relativ(pfad), Sammler(projekt.relativ(pfad)), bericht=bericht)
        for pfad in quelle.pfade(projekt)
    ]


def leser(name: str) -> Leser:
    """Der Leser zu ``lesen.leser``; sein Modul wird erst jetzt geladen."""
    modul, _, funktion = LESER[name].partition(".")
    return cast(Leser, getattr(import_module(f"{__name__}.{modul}"), funktion))


def pruefe_datei(auftrag: Leseauftrag, projekt: Projekt) -> None:
    """Hält an, wenn die Datei fehlt, außerhalb des Projekts liegt oder zu groß ist.

    Raises:
        BerichtswerkFehler: pfad-fremd, datei-fehlt, datei-zu-gross.
    """
    pfad, sammler = auftrag.pfad, auftrag.sammler
    try:
        projekt.datei(pfad.relative_to(projekt.wurzel).as_posix(), projekt.wurzel)
    except PfadVerwehrt as fehler:
        raise sammler.halt(PfadFremd, feld="path", **fehler.angaben) from None
    if not pfad.is_file():
        raise sammler.halt(DateiFehlt, quelle=auftrag.quelle.name)
    grenze, groesse = auftrag.quelle.lesen.grenze_mb, pfad.stat().st_size
    if groesse > grenze * 1_000_000:
        raise sammler.halt(DateiZuGross, groesse=-(-groesse // 1_000_000), grenze=grenze)


def _pruefe(tabelle: Tabelle, sammler: Sammler, gebiete: Gebietsverzeichnis) -> None:
    """Was sich erst am Ganzen zeigt: nichts übrig, leere Blätter und Dateien, Striche, doppelte Angaben."""
    import numpy as np

    lesen = tabelle.quelle.lesen
    if lesen.groessen or lesen.wert:
        _pruefe_leere(tabelle, sammler, gebiete)
    _pruefe_striche(tabelle, sammler, gebiete)
    _pruefe_zeitarten(tabelle, sammler)
    for merkmal in (*tabelle.merkmale, "groesse"):
        gleiche: dict[str, list[str]] = {}
        for text in tabelle.texte[merkmal].texte:
            gleiche.setdefault(text.casefold().translate(_UMLAUTE), []).append(text)
        for namen in gleiche.values():
            if len(namen) > 1:
                sammler.dazu(AuspraegungAehnlich, merkmal=merkmal, namen=aufgezaehlt(namen))
    if not {"vorn", "klammer"} & set(lesen.minus):
        _pruefe_klammern(tabelle, sammler)
    namen = ["gebiet", "zeit", *tabelle.merkmale, "groesse", "basis", "gebietsstand"]
    zahlen = tabelle.kennzahlen(namen)
    if (np.diff(np.sort(zahlen)) == 0).any():
        stellen: dict[int, list[int]] = {}
        for stelle, zahl in enumerate(zahlen.tolist()):
            stellen.setdefault(zahl, []).append(stelle)
        doppelte = [liste for liste in stellen.values() if len(liste) > 1]
        for erste, zweite, *_ in doppelte if len(doppelte) <= EINZELN else doppelte[:1]:
            _melde_doppelt(tabelle, namen, (erste, zweite), sammler, len(doppelte))


def _pruefe_leere(tabelle: Tabelle, sammler: Sammler, gebiete: Gebietsverzeichnis) -> None:
    """Blätter und Dateien, die nichts beitragen, sind Fehler; Gebiete ohne eine Zahl ein Hinweis."""
    import numpy as np

    if not len(tabelle):
        gruende = [(g, w.beispiele[0]) for b in tabelle.bericht.blaetter for g, w in b.weggelassen.items()]
        genannt = "; ".join(f"{warum} ({zeile})" for warum, zeile in gruende[:5])
        grund = f"Weggelassen: {genannt}." if genannt else "Unter dem Kopf stehen keine Zeilen mit Werten."
        sammler.dazu(TabelleLeer, grund=grund)
        return
    texte = tabelle.texte
    fehlt = [n for n, s in enumerate(texte["status"].texte) if s == Status.FEHLT]
    da = ~np.isin(texte["status"].zahlen(), fehlt)
    paare = np.unique(np.stack([texte[n].zahlen()[da] for n in ("datei", "spalte")]), axis=1).T.tolist()
    ort = {(texte["datei"].texte[d], texte["spalte"].texte[s].rpartition("!")[0]) for d, s in paare}
    dateien = {datei for datei, _ in ort}
    for blatt in tabelle.bericht.blaetter:
        if (
            not blatt.gelesen
            or (blatt.datei, blatt.blatt) in ort
            or (not blatt.blatt and blatt.datei in dateien)
        ):
            continue
        weg = "; ".join(f"{w.anzahl} Zeilen: {grund}" for grund, w in blatt.weggelassen.items())
        grund = f"Nicht gelesen: {weg}." if weg else "Unter dem Kopf stehen keine Zeilen mit Werten."
        art = BlattOhneWert if blatt.blatt and blatt.datei in dateien else DateiOhneWert
        sammler.dazu(art, datei=blatt.datei, blatt=blatt.blatt, grund=grund)
    zahl_da = np.unique(texte["gebiet"].zahlen()[~np.isnan(np.array(tabelle.wert))])
    leer = [name for nummer, name in enumerate(texte["gebiet"].texte) if nummer not in set(zahl_da.tolist())]
    if leer and len(zahl_da):
        namen = aufgezaehlt((nenne(gebiete[g]) if g in gebiete else g for g in leer), 8)
        worte = "Gebiet hat" if len(leer) == 1 else "Gebiete haben"
        sammler.dazu(GebietOhneWert, anzahl=len(leer), gebiete=worte, namen=namen)


def _pruefe_striche(tabelle: Tabelle, sammler: Sammler, gebiete: Gebietsverzeichnis) -> None:
    """„-“ heißt nur dann still null, wenn nichts dagegen spricht oder die Beschreibung es sagt."""
    import numpy as np

    texte, entschieden = tabelle.texte, tabelle.quelle.entschieden
    status = texte["status"].zahlen()
    null = [n for n, s in enumerate(texte["status"].texte) if s == Status.NULL]
    offen = [
        n
        for n, roh in enumerate(texte["roh"].texte)
        if roh and roh not in entschieden and not roh[-1].isdigit()
    ]
    strich = np.isin(status, null) & np.isin(texte["roh"].zahlen(), offen)
    if not strich.any():
        return
    echte_null = (np.array(tabelle.wert) == 0) & ~strich
    andere = ~np.isnan(np.array(tabelle.wert)) & ~strich
    wo: dict[str, None] = {}
    sichten = {
        "gebiet": ["gebiet"],
        "spalte": ["datei", "spalte"],
        "groesse": tabelle.merkmale,
        "zeit": ["zeit"],
    }
    for name, gruppiert in sichten.items():
        _, erste, gruppe = np.unique(
            tabelle.kennzahlen(["groesse", *gruppiert]), return_index=True, return_inverse=True
        )
        striche, nullen, zahlen = (np.bincount(gruppe, w, len(erste)) for w in (strich, echte_null, andere))
        for nummer in ((striche > 0) & ((zahlen == 0) | (nullen > 0))).nonzero()[0].tolist():
            felder = ["groesse", *tabelle.merkmale] if name == "groesse" else [name]
            text = ", ".join(t for feld in felder if (t := texte[feld][erste[nummer]]))
            text = nenne(gebiete[text]) if name == "gebiet" and text in gebiete else f"„{text}“"
            was = "mischt „0“ und „{}“" if nullen[nummer] else "hat nur „{}“ und keine Zahl"
            wo[f"{_WORT[name]} {text} {was}"] = None
    if wo:
        zeichen = texte["roh"][int(strich.nonzero()[0][0])]
        stellen = [w.format(zeichen) for w in wo]
        mehr = f"; und {len(stellen) - 6} weitere" if len(stellen) > 6 else ""
        wo_genau = "; ".join(stellen[:6]) + mehr
        sammler.dazu(StrichUnklar, zeichen=zeichen, wo=wo_genau, anzahl=int(strich.sum()))


def _pruefe_klammern(tabelle: Tabelle, sammler: Sammler) -> None:
    """„(7)“ neben negativen Zahlen derselben Spalte oder ohne amtliche Zeichen ist vielleicht minus 7."""
    import numpy as np

    geklammert = [n for n, roh in enumerate(tabelle.texte["roh"].texte) if re.match(r"\(\s*[0-9]", roh)]
    negativ = np.array(tabelle.wert) < 0
    satz = tabelle.quelle.statistik.zeichensatz or type(tabelle.quelle.lesen).zeichensatz
    if not geklammert or not (negativ.any() or satz == "ohne"):
        return
    spalten = tabelle.kennzahlen(["datei", "spalte", "groesse"])
    neben_negativem = np.isin(spalten, spalten[negativ])
    betroffen = (neben_negativem | (satz == "ohne")) & np.isin(tabelle.texte["roh"].zahlen(), geklammert)
    for stelle in betroffen.nonzero()[0].tolist():
        datei, roh, spalte = (tabelle.texte[n][stelle] for n in ("datei", "roh", "spalte"))
        auch = f"In der Spalte „{spalte}“ stehen auch negative Zahlen"
        grund = auch if neben_negativem[stelle] else "Einen Zeichensatz nennt die Quelle nicht"
        sammler.dazu(KlammerUnklar, f"Zeile {tabelle.zeile[stelle]}", datei=datei, roh=roh, grund=grund)


def _pruefe_zeitarten(tabelle: Tabelle, sammler: Sammler) -> None:
    """Eine Messgröße hat eine Art von Zeit: elf Monate und ein Stichtag sind ein Befund."""
    import numpy as np

    groessen, zeiten = tabelle.texte["groesse"], tabelle.texte["zeit"]
    arten = [_zeitart(text) for text in zeiten.texte]
    if len(set(arten)) < 2:
        return
    je_groesse: dict[int, dict[str, list[str]]] = {}
    paare = np.unique(groessen.zahlen().astype(np.int64) * len(arten) + zeiten.zahlen())
    for groesse, zeit in (divmod(paar, len(arten)) for paar in paare.tolist()):
        je_groesse.setdefault(groesse, {}).setdefault(arten[zeit], []).append(zeiten.texte[zeit])
    for groesse, je_art in je_groesse.items():
        if len(je_art) > 1:
            genannt = " neben ".join(f"{art} ({aufgezaehlt(liste, 3)})" for art, liste in je_art.items())
            sammler.dazu(ZeitGemischt, groesse=groessen.texte[groesse], arten=genannt)


def _zeitart(zeit: str) -> str:
    if "Q" in zeit or "/" in zeit:
        return "Quartal" if "Q" in zeit else "Schuljahr"
    return {4: "Jahr", 7: "Monat"}.get(len(zeit), "Stichtag")


_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "-": " ", ".": None})
_WORT = {"gebiet": "Gebiet", "spalte": "Spalte", "groesse": "Messgröße", "zeit": "Zeit"}


def _melde_doppelt(
    tabelle: Tabelle, namen: list[str], paar: tuple[int, int], sammler: Sammler, anzahl: int
) -> None:
    """Dieselbe Angabe zweimal: mit beiden Zeilen; sind es viele, die erste und wie viele es sind."""
    erste, zweite = paar
    zusatz = {"basis": " (Basis)", "gebietsstand": " (Gebietsstand)"}
    gemeint = ", ".join(text + zusatz.get(n, "") for n in namen if (text := tabelle.texte[n][erste]))
    datei, zeile = tabelle.texte["datei"], tabelle.zeile
    anderswo = datei[erste] != datei[zweite]
    art: type[Befundart] = SchluesselVielfach if anzahl > EINZELN else SchluesselDoppelt
    if not anderswo and zeile[erste] == zeile[zweite]:
        art = SchluesselInZweiSpalten
    wo = f"in {datei[erste]}, Zeile {zeile[erste]}" if anderswo else f"in Zeile {zeile[erste]}"
    spalte = tabelle.texte["spalte"]
    sammler.dazu(
        art, f"Zeile {zeile[zweite]}", spalte[zweite], datei=datei[zweite], gemeint=gemeint, wo=wo,
        spalte=spalte[erste], anzahl=anzahl,
    )  # fmt: skip
