"""Die Seite „Daten und Quellen“: alle Kennzahlen nach Themen, darunter alle Quellen mit ihrer Lizenz.

Gelesen werden nur Beschreibungen und, was die Berichte über sich selbst sagen (:data:`VERZEICHNIS`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.gebiete import EBENEN, Ebene, Gebietsverzeichnis
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, programmstand, pruefsumme, summe
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lade_yaml
from berichtswerk.grund.zahl import datum, schreibe
from berichtswerk.site.start import Nebenan
from berichtswerk.tabelle.tabelle import maskiere
from berichtswerk.worte.belegzeilen import PERIODE, kurzlizenz
from berichtswerk.worte.sprache import alphabetisch, aufzaehlung

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Lizenz, Quelle
    from berichtswerk.fach.kennzahl import Kennzahl

VERZEICHNIS = "verzeichnis.json"
"""Beilage jedes Berichts: welche Kennzahl er wo zeigt, für welche Gebiete und Jahre, aus welchen Quellen."""
TITEL = "Daten und Quellen"
OHNE_THEMA = "Weitere Rechnungen"
UEBERSCHRITTEN = "überschritten"
EBENE: Mapping[Ebene, str] = {
    "gemeinde": "Gemeinden", "einheit": "Kommunen", "planungsgebiet": "Planungsgebiete",
    "land": "Land", "bund": "Bund",
}  # fmt: skip
HERKUNFT = {
    "amtlich": "Amtliche Statistik",
    "fachamt": "Fachämter der Kreisverwaltung",
    "presse": "Presse und andere Veröffentlichungen",
    "beispiel": "Beispieldaten, keine echten Zahlen",
}
_KOPF = ("Quelle", "Herausgeber und Tabelle", "Stand", "Nächste Lieferung", "Lizenz")
_EINLEITUNG = (
    "{kennzahlen} Kennzahlen aus {quellen} Quellen: was jede bedeutet, für welche Jahre und Gebiete sie "
    "gezeigt wird, in welchen Berichten, und die Zahlen zum Herunterladen. Jede Quelle ist beschrieben, "
    "wird beim Einlesen geprüft und trägt ihre Lizenz; woher jede Zahl kommt, sagt die eigene Seite jeder "
    "Abbildung und Tabelle."
)


def verzeichne(
    nachweis: Mapping[str, Any], namen: Mapping[str, str], gezeigte: Iterable[u.Abbildung | u.Tabelle]
) -> bytes:
    """Das :data:`VERZEICHNIS` eines Berichts aus seinem Zahlennachweis.

    ``namen`` sagt zu jedem Label, wie seine Darstellung heißt („Abbildung 3: Geburten …“); aus den Tabellen
    der Frühwarnung kommt je Kennzahl, wie sie zu ihren Schwellen steht, aus allen ihre Erklärung mit den
    Jahren dieses Berichts.
    """
    je: dict[str, dict[str, set[str]]] = {}
    for e in nachweis["eintraege"]:
        if not (kennung := e.get("kennzahl")):
            continue
        hier = je.setdefault(kennung, {"jahre": set(), "gebiete": set(), "orte": set(), "quellen": set()})
        hier["jahre"] |= set(re.findall(r"\b\d{4}\b", str(e.get("zeit", "")))[:1])
        hier["gebiete"] |= {str(e["gebiet"])} if e.get("gebiet") else set()
        hier["orte"] |= {e["ort"]} & namen.keys()
        hier["quellen"] |= set(_quellen(e, nachweis["rechenwege"]))
    kennzahlen = {k: {feld: sorted(werte) for feld, werte in felder.items()} for k, felder in je.items()}
    gezeigt = [*gezeigte]
    inhalt = {
        "kennzahlen": kennzahlen, "darstellungen": dict(namen), "warnungen": _warnungen(gezeigt),
        "begriffe": {b.name: b.text for g in gezeigt for b in g.beleg.begriffe},
    }  # fmt: skip
    return f"{json.dumps(inhalt, ensure_ascii=False, sort_keys=True)}\n".encode()


def _warnungen(gezeigte: Iterable[u.Abbildung | u.Tabelle]) -> dict[str, list[str]]:
    """Kennzahl → Schwelle und Lage in Worten."""
    zeilen = (z for g in gezeigte if isinstance(g, u.Tabelle) for z in g.tabelle.zeilen)
    gesammelt: dict[str, list[str]] = {}
    for z in zeilen:
        if z.marke.startswith(u.WARNMARKE):
            _, lage, jahr, wert, schwelle, *_ = (zelle.text for zelle in z.zellen)
            satz = f"{schwelle}: {lage} ({jahr}: {wert})"
            gesammelt.setdefault(z.marke.removeprefix(u.WARNMARKE), []).append(satz)
    return gesammelt


def _quellen(e: Mapping[str, Any], rechenwege: Mapping[str, Any]) -> Iterator[str]:
    weg = rechenwege.get(e.get("weg", ""), {}).get("eingaben", ())
    yield from (b["quelle"] for b in (*e.get("belege", ()), *e.get("verdeckt", ()), *weg) if "quelle" in b)
    for teil in e.get("teile", ()):
        yield from _quellen(teil, rechenwege)


def datenseite(projekt: Projekt, auftraege: Sequence[Auftrag], nebenan: Nebenan) -> tuple[u.Gegenstand, ...]:
    """Der Inhalt der Seite; aus der Ablage, solange Beschreibungen und Berichte dasselbe sagen."""
    gesagt = []
    for a in auftraege:
        with suppress(OSError):
            gesagt.append((a, (nebenan.beilagen(a) / VERZEICHNIS).read_bytes()))
    ablage, schluessel = Ablage.von(projekt), _schluessel(projekt, gesagt)
    if (fertig := ablage.hole("datenseite", schluessel)) is not None:
        return tuple(u.aus_json(g) for g in json.loads(fertig))
    inhalt = _inhalt(projekt, [(a, json.loads(roh)) for a, roh in gesagt])
    roh = json.dumps([u.als_objekt(g) for g in inhalt], ensure_ascii=False)
    ablage.lege("datenseite", schluessel, roh.encode())
    return inhalt


def _schluessel(projekt: Projekt, gesagt: Sequence[tuple[Auftrag, bytes]]) -> str:
    """Alle Beschreibungen, die Berichte und das Programm bis hierher."""
    ordner = (
        projekt.quellen, projekt.kennzahlen, projekt.rechnungen, projekt.daten / "lieferungen",
        projekt.daten / "korrekturen",
    )  # fmt: skip
    beschreibungen = [p for o in ordner for p in sorted(o.glob("*.yaml"))]
    return summe(
        *(
            f"{p.name} {dateisumme(p)}"
            for p in (*beschreibungen, projekt.daten / "gebiete.yaml")
            if p.is_file()
        ),
        *(f"{a.ziel} {a.titel} {pruefsumme(roh)}" for a, roh in gesagt),
        programmstand("grund", "daten", "fach", "gegenstand", "site/daten.py"),
        *(fassung(name) for name in ("pydantic", "pyyaml")),
    )


def _inhalt(projekt: Projekt, gesagt: Sequence[tuple[Auftrag, Any]]) -> tuple[u.Gegenstand, ...]:
    from berichtswerk.daten.bestand import Datenbestand  # meist liegt die Seite schon da

    quellen = dict(Datenbestand(projekt).quellen)
    eintraege = _kennzahlen(projekt, gesagt, quellen)
    einleitung = _EINLEITUNG.format(kennzahlen=schreibe(len(eintraege)), quellen=schreibe(len(quellen)))
    teile: list[u.Gegenstand] = [u.Fliesstext(markdown=einleitung)]
    if auffaellig := [e for e in eintraege if any(UEBERSCHRITTEN in w for w in e.warnungen)]:
        verweise = aufzaehlung([f"[{maskiere(e.name)}](#k-{e.kennung})" for e in auffaellig])
        teile.append(u.Fliesstext(markdown=f"**Frühwarnung.** Schwelle überschritten bei: {verweise}."))
    if eintraege:
        teile += [u.Fliesstext(markdown="## Kennzahlen {#kennzahlen}"), u.Kennzahlen(eintraege=eintraege)]
    geordnet = sorted(quellen.values(), key=lambda q: (alphabetisch(q.title), q.name))
    je_art = {art: [q for q in geordnet if q.statistik.herkunft == art] for art in HERKUNFT}
    if zeilen := [zeile for art, gruppe in je_art.items() for zeile in _gruppe(art, gruppe)]:
        modell = u.Tabellenmodell(kopf=(_faecher(*_KOPF),), zeilen=tuple(zeilen))
        unterschrift = "Alle Datenquellen nach Herkunft"
        tabelle = u.Tabelle(label="tbl-quellen", unterschrift=unterschrift, tabelle=modell, beleg=u.Beleg())
        teile += [u.Fliesstext(markdown="## Quellen {#quellen}"), tabelle]
    if saetze := [f"- {maskiere(q.title)}: {maskiere(s)}" for q in geordnet for s in q.berichtigungen()]:
        text = "\n".join(("## Berichtigte Werte {#berichtigt}", "", *saetze))
        teile.append(u.Fliesstext(markdown=text))
    lizenzen = _lizenzen(geordnet)
    return (*teile, *([u.Fliesstext(markdown=lizenzen)] if lizenzen else []))


# --- Kennzahlen -------------------------------------------------------------------------------------------


def _kennzahlen(
    projekt: Projekt, gesagt: Sequence[tuple[Auftrag, Any]], quellen: Mapping[str, Quelle]
) -> tuple[u.Kennzahleintrag, ...]:
    """Alle Kennzahlen nach Thema und Name; fehlerhafte fehlen (das meldet, wer mit ihnen rechnet)."""
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.rechnung import lade_rechnungen

    alle: dict[str, tuple[str, Kennzahl]] = {}
    for pfad in sorted(projekt.kennzahlen.glob("*.yaml")):
        with suppress(BerichtswerkFehler):
            kennzahl = lade_yaml(pfad, Kennzahl, projekt)
            alle[kennzahl.id] = kennzahl.thema or OHNE_THEMA, kennzahl
    with suppress(BerichtswerkFehler):
        for rechnung in lade_rechnungen(projekt).values():
            alle |= {name: (reihe.thema or OHNE_THEMA, reihe) for name, reihe in rechnung.reihen.items()}
    verzeichnis = Gebietsverzeichnis.lade(projekt)
    neue = sorted(gesagt, key=lambda paar: paar[0].angaben.datei.stand, reverse=True)
    eintraege = [
        _eintrag(thema, k, [(a, v) for a, v in neue if k.id in v["kennzahlen"]], quellen, verzeichnis)
        for thema, k in alle.values()
    ]
    return tuple(
        sorted(eintraege, key=lambda e: (e.thema == OHNE_THEMA, alphabetisch(e.thema), alphabetisch(e.name)))
    )


def _eintrag(
    thema: str, k: Kennzahl, gezeigt: Sequence[tuple[Auftrag, Any]], quellen: Mapping[str, Quelle],
    verzeichnis: Gebietsverzeichnis,
) -> u.Kennzahleintrag:  # fmt: skip
    from berichtswerk.fach.rechnung import ohne_luecken

    funde = [v["kennzahlen"][k.id] for _, v in gezeigt]
    jahre = sorted({j for f in funde for j in f["jahre"]})
    ebenen = {verzeichnis[s].ebene for f in funde for s in f["gebiete"] if s in verzeichnis}
    namen = sorted({q for f in funde for q in f["quellen"]} or ({} if funde else set(k.quellen())))
    berichte: dict[u.Verweis, None] = {}
    dateien: dict[u.Verweis, None] = {}
    for a, v in gezeigt:
        orte = v["kennzahlen"][k.id]["orte"]
        einer_von_vielen = bool(a.angaben.datei.fuer and a.variante)
        if einer_von_vielen or not orte:
            titel = f"{a.angaben.datei.titel}: {a.titel}" if einer_von_vielen else a.titel
            berichte[titel, f"../{a.ziel}.html"] = None
            continue
        for label in orte:
            berichte[f"{a.titel}, {v['darstellungen'][label]}", f"../{a.ziel}.html#{label}"] = None
            nummer = v["darstellungen"][label].partition(":")[0]
            dateien[f"{a.titel}, {nummer} (CSV)", f"../{a.ziel}/daten/{label}.csv"] = None
    spanne = dict.fromkeys((jahre[0], jahre[-1])) if jahre else {}
    definition = ohne_luecken(k.definition)
    if definition != k.definition:  # gerechnet: mit den Jahren, die im neuesten Bericht stehen
        erklaert = (v.get("begriffe", {}).get(k.name) for _, v in gezeigt)
        definition = next(filter(None, erklaert), definition)
    return u.Kennzahleintrag(
        kennung=k.id, name=ohne_luecken(k.name), einheit=k.einheit, thema=thema, definition=definition,
        fallen=" ".join(k.fallen), zeit="–".join(spanne),
        gebiete=tuple(EBENE.get(e, verzeichnis.kreiswort) for e in EBENEN if e in ebenen),
        warnungen=next((tuple(w) for _, v in gezeigt if (w := v.get("warnungen", {}).get(k.id))), ()),
        quellen=tuple((quellen[n].title, f"#quelle-{n}") for n in namen if n in quellen),
        berichte=tuple(berichte), dateien=tuple(dateien),
    )  # fmt: skip


# --- Quellen ----------------------------------------------------------------------------------------------


def _gruppe(art: str, quellen: list[Quelle]) -> list[u.Tabellenzeile]:
    kopf = u.Tabellenzeile(art="gruppe", zellen=(u.Tabellenzelle(text=HERKUNFT[art], spalten=len(_KOPF)),))
    return [kopf, *map(_zeile, quellen)] if quellen else []


def _zeile(q: Quelle) -> u.Tabellenzeile:
    s = q.statistik
    woher = s.herausgeber + (f", {s.tabelle}" if s.tabelle else "")
    periode = PERIODE[s.periodizitaet]
    naechste = f"{datum(s.naechste_lieferung)} ({periode})" if s.naechste_lieferung else periode
    lizenzen = ", ".join(_kurz(lizenz) for lizenz in q.licenses) or "ohne Angabe"
    return u.Tabellenzeile(
        marke=f"quelle-{q.name}", zellen=_faecher(q.title, woher, datum(s.stand), naechste, lizenzen)
    )


def _faecher(*texte: str) -> tuple[u.Tabellenzelle, ...]:
    return tuple(u.Tabellenzelle(text=t) for t in texte)


def _kurz(lizenz: Lizenz) -> str:
    """Wie die Lizenz in der Tabelle heißt: wo sie nachzulesen ist, ihr Kürzel, sonst was sie erlaubt."""
    return (lizenz.path and kurzlizenz(lizenz)) or lizenz.title or lizenz.name


def _lizenzen(quellen: Iterable[Quelle]) -> str:
    """Die abgekürzten Lizenzen mit vollem Namen und Verweis."""
    alle = {_kurz(lizenz): lizenz for q in quellen for lizenz in q.licenses if lizenz.path}
    zeilen = []
    for kurz, lizenz in sorted(alle.items()):
        zeilen.append(f"- {maskiere(kurz)}: [{maskiere(lizenz.title or kurz)}]({lizenz.path})")
    return "## Lizenzen\n\n" + "\n".join(zeilen) if zeilen else ""
