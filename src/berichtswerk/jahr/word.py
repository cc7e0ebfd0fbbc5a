"""``word einlesen``: was aus Word und LibreOffice zurückkommt, entscheiden und in die Texte schreiben.

Jede Rückmeldung steht danach mit ihrem Stand in ``rueckmeldungen.yaml`` neben ``bericht.yml``; wird dasselbe
Dokument noch einmal gelesen, gilt, was entschieden ist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.gegenstand.gegenstaende import Nachweis
from berichtswerk.gegenstand.nachweis import alle_fundstellen
from berichtswerk.grund.ablage import schreibe_ganz, schreibe_gemeinsam, vollende
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml
from berichtswerk.jahr.dokument import lies as lies_dokument
from berichtswerk.jahr.rueckmeldung import Lesung, Rueckmeldung, schlicht, vergleiche, vertragen, wende_an
from berichtswerk.satz.gelesen import Ungezeichnet, lies_bericht
from berichtswerk.schreiber.word import datei
from berichtswerk.schreiber.word.baum import alle_texte

PROTOKOLL = "rueckmeldungen.yaml"
"""Neben ``bericht.yml``: alle Rückmeldungen mit ihrem Stand."""


class WordFremd(Befundart):
    text = "Zu welchem Bericht das Dokument gehört, ist nicht zu erkennen."
    ursache = "Seine Eigenschaften nennen {was}."
    abhilfe = "Nennen Sie ihn: --bericht {rat}"


class WordEingefroren(Befundart):
    text = "Die Ausgabe {name} ist beschlossen und eingefroren; ihre Texte ändern sich nicht mehr."
    ursache = "Das Dokument ging vor dem Beschluss hinaus oder gehört zu einer anderen Ausgabe."
    abhilfe = "Berichtigen Sie sie mit einem Erratum, oder lesen Sie es mit --bericht in die nächste Ausgabe."


class WordZahlGebunden(Befundart):
    text = "Die gebundene Zahl „{zahl}“ lässt sich im Dokument nicht ändern (verlangt ist „{neu}“)."
    ursache = "{{{{ {ausdruck} }}}} kommt aus {quelle}."
    abhilfe = "Stimmt die Zahl nicht, berichtigen Sie die Daten; stimmt der Satz nicht, ändern Sie den Text."


class WordOhneMarke(Befundart):
    text = "{anzahl} Absätze fanden sich nur an ihrem Wortlaut; ihre Textmarken fehlen oder sind älter."
    ursache = "Beim Kopieren in ein anderes Dokument gehen sie verloren; ändert sich der Text, gelten neue."
    abhilfe = "Sehen Sie die Zuordnung durch, bevor Sie annehmen."
    stufe = Stufe.HINWEIS


class WordNummer(Befundart):
    text = "Eine Rückmeldung Nummer {nr} gibt es nicht."
    ursache = "Das Dokument hat {anzahl}."
    abhilfe = "Rufen Sie den Befehl ohne --annehmen auf; er zeigt die Nummern."


@dataclass
class Ergebnis:
    """Was im Dokument stand und was daraus wurde; ``geschrieben`` sind die geänderten Textdateien."""

    auftrag: Auftrag
    rueckmeldungen: list[Rueckmeldung]
    meldungen: Meldungen
    geschrieben: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wahl:
    """Was entschieden ist: Nummern, die gelten, und solche, die nicht gelten; ``alle`` meint alle offenen."""

    annehmen: frozenset[int] = frozenset()
    ablehnen: frozenset[int] = frozenset()
    alle_annehmen: bool = False
    alle_ablehnen: bool = False


def lies_ein(
    projekt: Projekt, pfad: Path, wahl: Wahl, funktionen: Mapping[str, str], bericht: str = ""
) -> Ergebnis:
    """Liest ein Dokument, wendet an, was angenommen ist, und hält alles fest.

    ``funktionen``: welche Funktion hinter einem Namen im Dokument steht.

    Raises:
        BerichtswerkFehler: Dokument unlesbar, Bericht unbekannt oder mit Fehlern, Nummern, die es nicht gibt.
    """
    dokument = lies_dokument(pfad)
    auftrag = _auftrag(projekt, bericht or dokument.bericht, bool(bericht))
    if auftrag.fassung is not None:
        raise BerichtswerkFehler(WordEingefroren.melde(datei=str(pfad), name=auftrag.stamm))
    vermerk = projekt.arbeit / f"word-{auftrag.stamm}.json"
    vollende(vermerk, projekt.wurzel)
    lesung = _lesung(projekt, auftrag, dokument, funktionen)
    alle = lesung.rueckmeldungen
    _pruefe_nummern(wahl, len(alle), str(pfad))
    meldungen = Meldungen()
    if lesung.ohne_marke:
        meldungen.dazu(WordOhneMarke.melde(datei=str(pfad), anzahl=lesung.ohne_marke))
    anwenden = _entscheide(alle, wahl)
    vertragen(anwenden)
    texte = dict(_neue_texte(projekt, [r for r in anwenden if r.ersatz]))
    for r in anwenden:
        if r.stand == "offen":
            r.stand = "angenommen"
    if wahl != Wahl():
        protokoll = _protokoll(projekt, auftrag, pfad.name, alle)
        schreibe_gemeinsam(vermerk, projekt.wurzel, texte | protokoll)
    if texte:
        with suppress(BerichtswerkFehler):  # was dem neuen Text fehlt, sagt, wer ihn das nächste Mal liest
            nun = _lesung(projekt, auftrag, dokument, funktionen).rueckmeldungen
            for name, inhalt in _protokoll(projekt, auftrag, pfad.name, nun).items():
                schreibe_ganz(projekt.wurzel / name, inhalt)  # mit den Zeilen des neuen Textes
    meldungen.alle(_verweigert(r) for r in alle if r.stand == "verweigert")
    return Ergebnis(auftrag, alle, meldungen, tuple(sorted(texte)))


def _auftrag(projekt: Projekt, stamm: str, genannt: bool) -> Auftrag:
    plan = plane(projekt)
    if genannt:
        return plan.waehle([stamm])[0]
    auftrag = next((a for a in plan.auftraege if a.stamm == stamm), None)
    if auftrag is None:
        bekannt = [a.stamm for a in plan.auftraege]
        was = f"„{stamm}“, den es hier nicht gibt" if stamm else "keinen"
        rat = vorschlag(stamm, bekannt, sonst="Möglich sind: ") or "BERICHT/AUSGABE"
        raise BerichtswerkFehler(WordFremd.melde(was=was, rat=rat))
    return auftrag


def _lesung(projekt: Projekt, auftrag: Auftrag, dokument: Any, funktionen: Mapping[str, str]) -> Lesung:
    """Das Dokument neben dem heutigen Text; was schon entschieden ist, bleibt es."""
    (fertig,) = fuehre_aus(projekt, [auftrag])
    fertig.meldungen.pruefe()
    gelesen = lies_bericht(projekt, fertig, Ungezeichnet())
    geschrieben = datei.baue(gelesen, projekt, mit_bildern=False)
    dateien = {a.datei for a in geschrieben.absaetze if a.datei}
    texte = {d: projekt.lies_text(projekt.wurzel / d) for d in dateien}
    kopf = gelesen.manuskript.kopf
    erzeugt = [*alle_texte(geschrieben.bloecke), kopf.titel, kopf.untertitel]
    lesung = vergleiche(dokument, geschrieben.absaetze, erzeugt, texte)
    for r in lesung.rueckmeldungen:
        r.wer = replace(r.wer, name=funktionen.get(r.wer.name, r.wer.name))
    _uebernimm(lesung.rueckmeldungen, _frueher(projekt, auftrag))
    return lesung


def _pruefe_nummern(wahl: Wahl, anzahl: int, ort: str) -> None:
    falsch = sorted(nr for nr in wahl.annehmen | wahl.ablehnen if not 1 <= nr <= anzahl)
    if falsch:
        raise BerichtswerkFehler([WordNummer.melde(datei=ort, nr=nr, anzahl=anzahl) for nr in falsch])


def _entscheide(alle: Iterable[Rueckmeldung], wahl: Wahl) -> list[Rueckmeldung]:
    """Setzt Abgelehntes; gibt, was in die Texte soll. Kommentare sind angenommen, wenn sie erledigt sind."""
    anwenden = []
    for r in alle:
        if r.stand == "angenommen":
            continue
        offen = r.stand == "offen"
        if r.nr in wahl.ablehnen or (wahl.alle_ablehnen and offen):
            r.stand, r.grund, r.ersatz = "abgelehnt", "", ()
        elif r.nr in wahl.annehmen and r.art in {"kommentar", "format"}:
            r.stand = "angenommen"
        elif r.nr in wahl.annehmen or (wahl.alle_annehmen and offen and r.art != "kommentar"):
            anwenden.append(r)
    return anwenden


def _neue_texte(projekt: Projekt, anwenden: Sequence[Rueckmeldung]) -> Iterator[tuple[str, bytes]]:
    """Die geänderten Textdateien mit ihrem Inhalt; Zeilenenden und Kennung bleiben, wie sie sind."""
    je: dict[str, list[Rueckmeldung]] = {}
    for r in anwenden:
        je.setdefault(r.datei, []).append(r)
    for name, gruppe in je.items():
        pfad = projekt.wurzel / name
        roh = pfad.read_bytes()
        text = wende_an(projekt.lies_text(pfad), [e for r in gruppe for e in r.ersatz])
        zeilen = "\r\n" if b"\r\n" in roh else "\n"
        kennung = b"\xef\xbb\xbf" if roh.startswith(b"\xef\xbb\xbf") else b""
        yield name, kennung + text.replace("\n", zeilen).encode()


def _verweigert(r: Rueckmeldung) -> Meldung:
    wert = r.gebunden[0].stueck
    return WordZahlGebunden.melde(
        datei=r.datei, ort=f"Zeile {r.zeile}", zahl=wert.text, neu=r.neu or "gestrichen",
        ausdruck=wert.ausdruck, quelle=_quelle(wert.nachweise),
    )  # fmt: skip


def _quelle(nachweise: Sequence[Nachweis]) -> str:
    """„daten/dateien/arbeitslose.csv, Zeile 3, Spalte wert“: woher ein Wert kommt, die ersten drei Zellen."""
    zellen = [f for n in nachweise for f in alle_fundstellen(n)]
    orte = [f"{f.datei}, Zeile {f.zeile}, Spalte {f.spalte}" for f in zellen]
    orte += [e.datei for n in nachweise if n.weg and not isinstance(n.weg, str) for e in n.weg.eingaben]
    verschieden = list(dict.fromkeys(orte))
    mehr = f" und {len(verschieden) - 3} weiteren Stellen" if len(verschieden) > 3 else ""
    return ("; ".join(verschieden[:3]) + mehr) or "dem Notizbuch oder bericht.yml"


# --- Was entschieden ist ---------------------------------------------------------------------------------


def _frueher(projekt: Projekt, auftrag: Auftrag) -> list[dict[str, Any]]:
    pfad = auftrag.ordner / PROTOKOLL
    if not pfad.is_file():
        return []
    gelesen = lies_yaml(pfad, projekt).daten
    return list(gelesen.get("rueckmeldungen") or []) if isinstance(gelesen, dict) else []


def _schluessel(e: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(schlicht(str(e.get(f, ""))) for f in ("art", "wer", "wann", "datei", "alt", "neu", "text"))


def _uebernimm(alle: Sequence[Rueckmeldung], frueher: Sequence[Mapping[str, Any]]) -> None:
    """Was angenommen oder abgelehnt ist, bleibt es, mit der Stelle, an der es entschieden wurde."""
    entschieden: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for e in frueher:
        entschieden.setdefault(_schluessel(e), []).append(e)
    gesehen: Counter[tuple[str, ...]] = Counter()
    for r in alle:
        eintraege = entschieden.get(r.kennung, [])
        nr = gesehen[r.kennung]
        gesehen[r.kennung] += 1
        if nr < len(eintraege) and (stand := eintraege[nr].get("stand")) in {"angenommen", "abgelehnt"}:
            r.stand = "angenommen" if stand == "angenommen" else "abgelehnt"
            r.zeile, r.umgebung = int(eintraege[nr].get("zeile", 0)), str(eintraege[nr].get("umgebung", ""))
            r.grund, r.ersatz = "", ()


def _protokoll(
    projekt: Projekt, auftrag: Auftrag, name: str, alle: Sequence[Rueckmeldung]
) -> dict[str, bytes]:
    neu = [als_objekt(r) | {"dokument": name} for r in alle]
    schon = {_schluessel(e) for e in neu}
    frueher = [e for e in _frueher(projekt, auftrag) if _schluessel(e) not in schon]
    inhalt = {"rueckmeldungen": [*frueher, *neu]}
    text = yaml.safe_dump(inhalt, allow_unicode=True, sort_keys=False, width=110)
    return {projekt.relativ(auftrag.ordner / PROTOKOLL): text.encode()}


def als_objekt(r: Rueckmeldung) -> dict[str, Any]:
    """Eine Rückmeldung für JSON und das Protokoll."""
    felder = {
        "nr": r.nr, "stand": r.stand, "art": r.art, "wer": r.wer.name, "wann": r.wer.wann, "datei": r.datei,
        "zeile": r.zeile, "alt": r.alt, "neu": r.neu, "text": r.text, "umgebung": r.umgebung,
        "grund": r.grund,
    }  # fmt: skip
    return {n: w for n, w in felder.items() if w not in ("", 0) or n == "nr"}
