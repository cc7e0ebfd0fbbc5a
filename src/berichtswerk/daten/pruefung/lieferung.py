"""Ist die Lieferung, was ihre Beschreibung sagt: Prüfsumme, Frist, Stichtage, Brüche der Zeitreihe?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from berichtswerk.daten.lieferungen import Geltend
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe, aufgezaehlt
from berichtswerk.grund.zahl import datum

TAGE = {"monatlich": 31, "vierteljaehrlich": 92, "jaehrlich": 366, "zweijaehrlich": 731}
"""Länge einer Periode."""
_TAG = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class PruefsummeFehlt(Befundart):
    text = "Zur Datei ist keine Prüfsumme vermerkt."
    ursache = "Ohne Prüfsumme fällt eine unbemerkt geänderte Datei nicht auf."
    abhilfe = "Ergänzen Sie „hash: {ist}“."
    feld = "hash"
    stufe = Stufe.HINWEIS


class PruefsummeGeaendert(Befundart):
    text = "Die Datei ist nicht mehr die, die in der Beschreibung vermerkt ist."
    ursache = "Die Prüfsumme in {beschreibung} ist eine andere: neue Lieferung oder versehentliche Änderung."
    abhilfe = (
        "Ist es eine neue Lieferung, tragen Sie „hash: {ist}“ und den neuen Stand ein; sonst stellen Sie die "
        "gelieferte Datei wieder her."
    )
    feld = "hash"


class PruefsummeDerLieferung(PruefsummeGeaendert):
    kennung = "pruefsumme-der-lieferung"
    text = "Die Datei ist nicht mehr die, die angenommen wurde."
    ursache = "Ihre Prüfsumme ist eine andere als die im Verzeichnis der Lieferungen."
    abhilfe = (
        "Stellen Sie die Datei aus der Sicherung wieder her; was neu kommt, nimmt „berichtswerk lieferung "
        "annehmen“ an."
    )


class AngabeOffen(Befundart):
    text = "Diese Angabe ist noch offen: {angabe}"
    ursache = "Die Beschreibung ist ein Entwurf von „berichtswerk quelle neu“."
    abhilfe = "Ersetzen Sie den Text, der mit OFFEN beginnt."


class SpalteOffen(AngabeOffen):
    text = "Ob die Spalte „{spalte}“ gelesen werden soll, ist noch offen. {angabe}"
    ursache = "Die Spalte ist weder gelesen noch mit einem Grund ausgenommen."
    abhilfe = "Nennen Sie sie unter groessen, oder schreiben Sie statt OFFEN, warum sie nicht gelesen wird."
    feld = "lesen.ungelesen"


class LieferungUeberfaellig(Befundart):
    text = "Die nächste Lieferung war am {faellig} erwartet; überfällig seit {seit}."
    ursache = "Zuständig: {ressort}; Herausgeber: {herausgeber}."
    abhilfe = (
        "Nehmen Sie die neue Datei mit „berichtswerk lieferung annehmen“ an; „berichtswerk lieferung "
        "faellig“ schreibt eine Erinnerung. Kommt nichts mehr, setzen Sie „periodizitaet: einmalig“."
    )
    feld = "statistik.naechste_lieferung"
    stufe = Stufe.WARNUNG


class LieferungAlt(Befundart):
    text = "Der Stand {stand} ist mehr als zwei Perioden alt."
    ursache = LieferungUeberfaellig.ursache
    abhilfe = LieferungUeberfaellig.abhilfe
    feld = "statistik.stand"
    stufe = Stufe.HINWEIS


class StichtagAnders(Befundart):
    text = "Der Stichtag {tag} ist nicht der angegebene."
    ursache = "Angegeben: {erlaubt}"
    abhilfe = "Prüfen Sie die Lieferung; gilt der Tag, nennen Sie ihn unter „pruefen: {{stichtage: [...]}}“."
    feld = "statistik.stichtag"
    stufe = Stufe.WARNUNG


class ZeitNachStand(Befundart):
    text = "Werte für {zeit} liegen nach dem Stand der Lieferung ({stand})."
    ursache = "Der Stand ist veraltet, oder die Zeit ist falsch gelesen."
    abhilfe = "Tragen Sie den Stand der neuen Lieferung ein oder prüfen Sie „lesen.zeit“."
    feld = "statistik.stand"
    stufe = Stufe.WARNUNG


class BruchUnerklaert(Befundart):
    text = "Die Quelle wechselt von „{alt}“ zu „{neu}“, ohne den Bruch zu erklären.{beide}"
    ursache = "Zahlen auf verschiedener Basis sind nicht vergleichbar; Lesende müssen es erfahren."
    abhilfe = 'Ergänzen Sie „brueche: [{{jahr: {jahr}, grund: "Umstellung auf {neu}"}}]“.'
    feld = "statistik.brueche"
    stufe = Stufe.WARNUNG


class GebietsstandDoppelt(Befundart):
    text = "Für {zeit} sind Werte zu zwei Gebietsständen geliefert: {gebiete}."
    ursache = "Gerechnet wird mit dem neueren Gebietsstand."
    abhilfe = "Behalten Sie je Zeit einen Gebietsstand, wenn der ältere nicht gebraucht wird."
    feld = "gebietsstand"
    stufe = Stufe.HINWEIS


def pruefe_summe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Vergleicht ``hash`` der Beschreibung mit der Datei; nennt die Summe, wenn sie fehlt."""
    pfad = pruefling.quelle.pfad(pruefling.projekt)
    if pruefling.quelle.path is None or not pfad.is_file():
        return
    verfahren, _, erwartet = (pruefling.quelle.hash or "").partition(":")
    verfahren = verfahren or "sha256"
    with pfad.open("rb") as strom:  # stückweise: Lieferungen können groß sein
        ist = f"{verfahren}:{hashlib.file_digest(strom, verfahren).hexdigest()}"
    if not erwartet:
        yield PruefsummeFehlt.melde(datei=pruefling.beschreibung, ist=ist)
    elif ist != pruefling.quelle.hash:
        geliefert = isinstance(pruefling.quelle, Geltend) and pruefling.quelle.erste is not None
        art = PruefsummeDerLieferung if geliefert else PruefsummeGeaendert
        yield art.melde(datei=pruefling.datei, ist=ist, beschreibung=pruefling.beschreibung)


def pruefe_offene(pruefling: Pruefling) -> Iterator[Meldung]:
    """Was im Entwurf einer Beschreibung noch niemand eingetragen hat."""
    quelle, s = pruefling.quelle, pruefling.quelle.statistik
    angaben = {
        "title": quelle.title, "licenses": "".join(lizenz.name for lizenz in quelle.licenses),
        **{f"statistik.{n}": getattr(s, n) for n in ("herausgeber", "ressort", "attribution")},
    }  # fmt: skip
    for feld, text in angaben.items():
        if text.startswith("OFFEN"):
            yield AngabeOffen.melde(datei=pruefling.beschreibung, feld=feld, angabe=text)
    ungelesen = {n: w for a in quelle.lesen.alle_angaben() for n, w in a.ungelesen.items()}
    for spalte, warum in ungelesen.items():
        if warum.startswith("OFFEN"):
            grund = warum.removeprefix("OFFEN").lstrip(": ")
            angabe = f"{grund[:1].upper()}{grund[1:]}." if grund else ""
            yield SpalteOffen.melde(datei=pruefling.beschreibung, spalte=spalte, angabe=angabe)


def pruefe_frist(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt bei überschrittenem ``naechste_lieferung``, sonst bei einem Stand, der zwei Perioden alt ist."""
    s = pruefling.quelle.statistik
    if s.naechste_lieferung is not None:
        tage = (pruefling.heute - s.naechste_lieferung).days
        if tage > 0:
            yield LieferungUeberfaellig.melde(
                datei=pruefling.beschreibung, faellig=datum(s.naechste_lieferung), ressort=s.ressort,
                seit=f"{tage} Tagen" if tage > 1 else "1 Tag", herausgeber=s.herausgeber,
            )  # fmt: skip
    elif s.periodizitaet in TAGE and (pruefling.heute - s.stand).days > 2 * TAGE[s.periodizitaet]:
        yield LieferungAlt.melde(
            datei=pruefling.beschreibung, stand=datum(s.stand), ressort=s.ressort, herausgeber=s.herausgeber
        )


def pruefe_stichtage(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt bei fremden Stichtagen und bei Werten, die nach dem Stand der Lieferung liegen."""
    statistik = pruefling.quelle.statistik
    erlaubt = [t for t in (statistik.stichtag, *pruefling.quelle.pruefen.stichtage) if t]
    sind_tage = bool(erlaubt) and all(re.fullmatch(r"\d{2}\.\d{2}\.", a) for a in erlaubt)
    for zeit, nummer in sorted((zeit, nummer) for nummer, zeit in enumerate(pruefling.texte("zeit"))):
        treffer = _TAG.fullmatch(zeit)
        fremd = treffer and sind_tage and f"{treffer[3]}.{treffer[2]}." not in erlaubt
        spaet = (zeit if treffer else zeit[:4]) > (
            statistik.stand.isoformat() if treffer else str(statistik.stand.year)
        )
        if not fremd and not spaet:
            continue
        stellen = (pruefling.nummern("zeit") == nummer).nonzero()[0].tolist()
        datei, ort = pruefling.tabelle.texte["datei"][stellen[0]], pruefling.ort(stellen)
        if treffer and fremd:
            tag = f"{treffer[3]}.{treffer[2]}.{treffer[1]}"
            yield StichtagAnders.melde(datei=datei, ort=ort, tag=tag, erlaubt=" und ".join(erlaubt))
        if spaet:
            yield ZeitNachStand.melde(datei=datei, ort=ort, zeit=zeit, stand=datum(statistik.stand))


def pruefe_brueche(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt, wenn die Basis unerklärt wechselt; Hinweis, wenn ein Feld zwei Gebietsstände hat."""
    yield from _basen(pruefling)
    yield from _gebietsstaende(pruefling)


def _basen(pruefling: Pruefling) -> Iterator[Meldung]:
    """Zwei Basen in einer Quelle: der Bruch liegt zwischen dem Ende der alten und dem Anfang der neuen."""
    basen = [(nummer, basis) for nummer, basis in enumerate(pruefling.texte("basis")) if basis]
    nummern, jahr = pruefling.nummern("basis"), pruefling.jahr
    spannen = []
    for nummer, basis in basen:
        jahre = jahr[nummern == nummer]
        spannen.append((int(jahre.max()), int(jahre.min()), basis))
    erklaert = [b.jahr for b in pruefling.quelle.statistik.brueche]
    for (ende, _, alt), (_, anfang, neu) in pairwise(sorted(spannen)):
        if any(min(anfang, ende + 1) <= jahr <= max(anfang, ende + 1) for jahr in erklaert):
            continue
        beide = f" Für {anfang} bis {ende} liegen beide vor." if anfang < ende else ""
        beide = f" Für {anfang} liegen beide vor." if anfang == ende else beide
        yield BruchUnerklaert.melde(datei=pruefling.beschreibung, alt=alt, neu=neu, jahr=anfang, beide=beide)


def _gebietsstaende(pruefling: Pruefling) -> Iterator[Meldung]:
    """Dasselbe Feld mit zwei Gebietsständen auf derselben Basis."""
    if len(pruefling.texte("gebietsstand")) < 2:
        return
    felder = pruefling.tabelle.kennzahlen(("gebiet", "zeit", *pruefling.tabelle.merkmale, "groesse", "basis"))
    mit_stand = np.unique(np.stack([felder, pruefling.nummern("gebietsstand")]), axis=1)[0]
    mehrfach = np.isin(felder, mit_stand[1:][mit_stand[1:] == mit_stand[:-1]])
    zeiten, gebiete = pruefling.texte("zeit"), pruefling.texte("gebiet")
    paare = zip(pruefling.nummern("zeit")[mehrfach], pruefling.nummern("gebiet")[mehrfach], strict=True)
    betroffen: dict[str, list[str]] = {}
    for zeit, gebiet in sorted({(zeiten[z], gebiete[g]) for z, g in paare}):
        betroffen.setdefault(zeit, []).append(pruefling.name(gebiet))
    for zeit, namen in betroffen.items():
        yield GebietsstandDoppelt.melde(datei=pruefling.datei, zeit=zeit, gebiete=aufgezaehlt(namen, 4))
