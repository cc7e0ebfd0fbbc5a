"""``pruefen texte``: was in den Texten einer Ausgabe nicht zu Daten, Abbildungen und Dateien passt.

Gefunden werden: abgetippte Zahlen, die die Daten kennen; Richtungswörter, die den Zahlen widersprechen;
Sätze, die über eine Reihe etwas anderes sagen als die Abbildung daneben (verglichen wird, was die Gegenstände
über sich selbst sagen, nicht der Wortlaut); unbenutzte und leere Texte; Verweise auf Abbildungen, Tabellen,
Abschnitte und Dateien, die es nicht gibt.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.notizbuch import Notizbuch, quelltext
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.fach.veraenderung import Richtung, Veraenderung
from berichtswerk.gegenstand.gegenstaende import (
    MIME,
    Abbildung,
    Aussage,
    Bindung,
    Bindungen,
    Eckwerte,
    Gegenstand,
    Schritt,
    Text,
    aus_json,
)
from berichtswerk.grund.meldung import Befundart, Meldung, Meldungen, Stufe, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte.bindung import loese_auf
from berichtswerk.worte.bindungswerte import Blick, OhneWert


class AussagenVerschieden(Befundart):
    text = "Der Text sagt über „{name}“ etwas anderes als {andere}: {was}."
    ursache = "Beide Sätze stimmen, aber sie sprechen über verschiedene Zeiträume oder runden verschieden."
    abhilfe = (
        "Nehmen Sie {{{{ {name}.satz }}}}, oder {{{{ {name}.verlauf }}}} seit {{{{ {name}.seit_jahr }}}}."
    )
    stufe = Stufe.WARNUNG


@dataclass(frozen=True, slots=True)
class Gesagt:
    """Eine Aussage und wo sie steht: ``fig-quote``, ``tbl-eckwerte`` oder ``texte/a.md:3``."""

    ort: str
    aussage: Aussage


def gezeigtes(gegenstaende: Iterable[Gegenstand]) -> tuple[Gesagt, ...]:
    """Was Abbildungen und Eckwerte aussagen."""
    gefunden = []
    for g in gegenstaende:
        if isinstance(g, Abbildung):
            gefunden += [Gesagt(g.label, a) for a in g.aussagen]
        elif isinstance(g, Eckwerte):
            gefunden += [Gesagt(g.label or "eckwerte", e.aussage) for e in g.eintraege if e.aussage]
    return tuple(gefunden)


def geschriebenes(text: str, datei: str, bindungen: Bindungen) -> tuple[Gesagt, ...]:
    """Was die gebundenen Zahlen eines Textes aussagen."""
    return tuple(Gesagt(f"{datei}:{zeile}", a) for zeile, a in loese_auf(text, bindungen, datei).aussagen)


MARKE = re.compile(r"\{[^}\n]*#(?P<marke>(?:sec|fig|tbl)-[\w-]+)")
"""Eine selbst gesetzte Sprungmarke: ``## Titel {#sec-arbeit}``."""


@dataclass(frozen=True, slots=True)
class Lage:
    """Ein Text mit allem, woran er gemessen wird.

    ``datei`` ist der Pfad ab der Projektwurzel, ``ordner`` der Ordner der Ausgabe, von dem aus Verweise auf
    Dateien gelten; ``marken`` sind die Kennungen, auf die verwiesen werden darf.
    """

    datei: str
    text: str
    ordner: Path
    bindungen: Bindungen
    marken: frozenset[str] = field(default_factory=frozenset)
    gezeigt: tuple[Gesagt, ...] = ()
    """Was Abbildungen und Eckwerte desselben Berichts aussagen."""


def sammle(projekt: Projekt, namen: Sequence[str], meldungen: Meldungen) -> list[Lage]:
    """Alle Texte der Ausgaben; Unbenutztes und Leeres kommt gleich zu den Meldungen."""
    plan = plane(projekt)
    meldungen.alle(plan.meldungen)
    lagen: list[Lage] = []
    benutzt: dict[Path, set[Path]] = {}
    for fertig in fuehre_aus(projekt, plan.waehle(namen)):
        meldungen.alle(fertig.meldungen)
        if fertig.roh is None:
            continue
        texte, neue = _lagen(projekt, fertig.auftrag, fertig.roh)
        lagen += neue
        benutzt.setdefault(fertig.auftrag.ordner, set()).update(texte)
    for ordner, pfade in sorted(benutzt.items()):
        meldungen.alle(_unbenutzt(projekt, ordner, pfade))
        meldungen.alle(_leer(projekt, pfade))
    return sorted(lagen, key=lambda lage: lage.datei)


def _lagen(projekt: Projekt, auftrag: Auftrag, roh: Notizbuch) -> tuple[set[Path], list[Lage]]:
    gegenstaende = [
        aus_json(a["data"][MIME])
        for z in roh["cells"]
        for a in z.get("outputs", [])
        if MIME in a.get("data", {})
    ]
    bindungen = next((g for g in gegenstaende if isinstance(g, Bindungen)), Bindungen(werte={}))
    gezeigt = gezeigtes(gegenstaende)
    texte = [g for g in gegenstaende if isinstance(g, Text)]
    orte = {(auftrag.angaben.text(g.name, auftrag.variante or None), g.bereich) for g in texte}
    genannt = sorted((p, bereich) for p, bereich in orte if p is not None)
    inhalte = {p: p.read_text(encoding="utf-8") for p, _ in genannt}
    marken = _marken(gegenstaende, [quelltext(z) for z in roh["cells"]] + list(inhalte.values()))
    lagen = [
        # derselbe Text kann in mehreren Bereichen stehen, und dort gelten andere Werte
        Lage(projekt.relativ(p), inhalte[p], auftrag.ordner, bindungen.im_bereich(bereich), marken, gezeigt)
        for p, bereich in genannt
    ]
    return set(inhalte), lagen


def _marken(gegenstaende: Sequence[Gegenstand], texte: Sequence[str]) -> frozenset[str]:
    labels = {str(getattr(g, "label", "")) for g in gegenstaende} - {""}
    return frozenset(labels | {m["marke"] for t in texte for m in MARKE.finditer(t)})


def _unbenutzt(projekt: Projekt, ordner: Path, benutzt: set[Path]) -> list[Meldung]:
    texte = ordner / "texte"
    uebrig = {p: p.relative_to(texte).with_suffix("") for p in texte.rglob("*.md") if p not in benutzt}
    return [
        Meldung(
            "text-unbenutzt",
            "Diesen Text zeigt kein Notizbuch.",
            datei=projekt.relativ(pfad),
            ursache=f'Keine Zelle nennt b.text("{name.as_posix()}").',
            abhilfe="Nehmen Sie den Text ins Notizbuch auf oder löschen Sie die Datei.",
            stufe=Stufe.WARNUNG,
        )
        for pfad, name in sorted(uebrig.items())
    ]


def _leer(projekt: Projekt, benutzt: set[Path]) -> list[Meldung]:
    return [
        Meldung(
            "text-leer",
            "Dieser Text ist leer.",
            datei=projekt.relativ(pfad),
            ursache="Das Notizbuch zeigt ihn, aber es steht nichts darin.",
            abhilfe="Schreiben Sie den Text oder nehmen Sie ihn aus dem Notizbuch.",
            stufe=Stufe.WARNUNG,
        )
        for pfad in sorted(benutzt)
        if not re.sub(r"<!--.*?-->", "", pfad.read_text(encoding="utf-8"), flags=re.S).strip()
    ]


def pruefe_texte(projekt: Projekt, namen: Sequence[str] = ()) -> Meldungen:
    """Prüft die Texte aller oder der genannten Ausgaben; führt dafür höchstens aus, was sich geändert hat.

    Raises:
        BerichtswerkFehler: unbekannte Namen.
    """
    meldungen = Meldungen()
    lagen = sammle(projekt, namen, meldungen)
    gesehen = set()
    for lage in lagen:
        for pruefung in (getippte_zahlen, widersprueche, _aussagen, tote_verweise):
            for meldung in pruefung(lage):
                # derselbe Text dient mehreren Gebieten; derselbe Befund steht nur einmal
                if (schluessel := (meldung.kennung, meldung.datei, meldung.ort, meldung.feld)) not in gesehen:
                    gesehen.add(schluessel)
                    meldungen.dazu(meldung)
    return meldungen


def _aussagen(lage: Lage) -> Iterator[Meldung]:
    geschrieben = geschriebenes(lage.text, lage.datei, lage.bindungen)
    return andere_aussagen(lage.datei, geschrieben, lage.gezeigt, lage.bindungen)


# --- Abgetippte Zahlen: was die Daten kennen, gehört gebunden, sonst veraltet es still -------------------

_LUECKEN = "\u0020\u00a0\u202f\u2009"
_ZAHL = re.compile(
    rf"(?<![\w.,§/–-])(?P<zahl>\d{{1,3}}(?:[{_LUECKEN}.]\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?)"
    rf"(?![\w/]|[.,]\d|\.[{_LUECKEN}]?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember))"
    rf"(?P<prozent>[{_LUECKEN}]?(?:%|Prozent\b))?"
)
_VERDECKT = re.compile(r"\{\{.*?\}\}|`[^`]*`|<!--.*?-->|\]\([^)]*\)|\{[^}]*\}|https?://\S+", re.S)
_DAVOR = re.compile(
    r"(?:§§?|Abs\.|Nr\.|Art\.|Kapitel|Abschnitt|Tabelle|Abbildung|Klasse|Klassen|Grad|Zensus|je|von|unter|ab|bis"
    r"|Stand|Seite|SGB)[\s\u00a0\u202f]*$"
)
_DANACH = re.compile(r"^[\s\u00a0\u202f]*(?:bis\s+unter\b|Jahre|Monate|Stunden|Tage|-?jährig|€-)")
AUSNAHME = "<!-- getippt"
"""Steht das in der Zeile, ist die Zahl mit Absicht getippt: ``<!-- getippt: gesetzliche Grenze -->``."""


def getippte_zahlen(lage: Lage) -> Iterator[Meldung]:
    """Zahlen außerhalb von ``{{ … }}``, die einem Wert der Daten gleichen."""
    bekannt = _bekannte(lage)
    verdeckt = _VERDECKT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), lage.text)
    zeilen = lage.text.splitlines()
    for nummer, zeile in enumerate(verdeckt.splitlines(), 1):
        if AUSNAHME in zeilen[nummer - 1] or zeile.startswith("#"):
            continue
        for treffer in _ZAHL.finditer(zeile):
            ausdruck = bekannt.get(_form(treffer["zahl"], bool(treffer["prozent"])))
            if ausdruck is not None and not _ausgenommen(zeile, treffer):
                yield _getippt(lage, nummer, treffer[0].strip(), ausdruck)


def _ausgenommen(zeile: str, treffer: re.Match[str]) -> bool:
    """Jahre, Altersgrenzen, Paragrafen und kleine Zählungen sind keine Werte der Daten."""
    zahl, prozent = treffer["zahl"], treffer["prozent"]
    if prozent:
        return False
    if re.fullmatch(r"(?:19|20|21)\d\d", zahl):
        return True
    if "," not in zahl and len(re.sub(r"\D", "", zahl)) < 4:
        return True
    return bool(_DAVOR.search(zeile[: treffer.start()]) or _DANACH.match(zeile[treffer.end() :]))


def _form(text: str, prozent: bool) -> str:
    return re.sub(rf"[{_LUECKEN}.]", "", text) + ("%" if prozent else "")


def _bekannte(lage: Lage) -> dict[str, str]:
    """Gezeigte Form → der Ausdruck, mit dem sie zu binden ist; der jüngste Wert geht vor."""
    bekannt: dict[str, str] = {}
    for name, bindung in lage.bindungen.werte.items():
        if bindung.art == "reihe":
            for form, ausdruck in _formen(name, bindung):
                bekannt.setdefault(form, ausdruck)
    return bekannt


def _formen(name: str, bindung: Bindung) -> Iterator[tuple[str, str]]:
    for i, w in enumerate(reversed(bindung.reihe)):
        anzeige = w.nachweis.anzeige
        zahl = re.match(rf"[\d{_LUECKEN}.]*\d(?:,\d+)?", anzeige)
        if zahl is not None:
            yield _form(zahl[0], "%" in anzeige), name if i == 0 else f"{name}[{w.jahr}]"
    letztes = bindung.reihe[-1].jahr if bindung.reihe else None
    for ebene, werte in bindung.vergleich.items():
        for w in werte:
            zahl = re.match(rf"[\d{_LUECKEN}.]*\d(?:,\d+)?", w.nachweis.anzeige)
            if zahl is not None and w.jahr == letztes:
                yield _form(zahl[0], "%" in w.nachweis.anzeige), f"{name}.{ebene}"


def _getippt(lage: Lage, zeile: int, zahl: str, ausdruck: str) -> Meldung:
    return Meldung(
        "zahl-getippt",
        f"Die Zahl „{zahl}“ ist abgetippt; die Daten kennen sie als {ausdruck}.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=zahl,
        ursache="Eine abgetippte Zahl bleibt stehen, wenn sich die Daten ändern.",
        abhilfe=f"Schreiben Sie {{{{ {ausdruck} }}}}. Ist sie mit Absicht getippt (etwa ein Gesetz), "
        f"schreiben Sie {AUSNAHME}: Grund --> in die Zeile.",
        stufe=Stufe.WARNUNG,
    )


# --- Richtungswörter und Vergleiche, die den Zahlen desselben Satzes widersprechen -----------------------

_WORTE: dict[Richtung, re.Pattern[str]] = {
    Richtung.GESTIEGEN: re.compile(
        r"\b(?:an)?ge(?:stiegen|wachsen)\b|\b(?:steigt|steigen|stieg|stiegen|wuchs|wuchsen|zugenommen|erhöht)\b"
        r"|\b(?:Anstieg|Zunahme|Zuwachs)\b"
    ),
    Richtung.GESUNKEN: re.compile(
        r"\b(?:ab)?gesunken\b|\b(?:gefallen|sinkt|sinken|sank|sanken|abgenommen|zurückgegangen|verringert|geschrumpft)\b"
        r"|\b(?:Rückgang|Abnahme)\b"
    ),
    Richtung.KAUM: re.compile(r"\b(?:kaum|nicht|wenig) verändert\b|\bunverändert\b|\bgleich geblieben\b"),
}
_LAGE = re.compile(r"\b(?P<wie>über|unter) dem (?P<ebene>Land|Bund|Kreis)es?wert", re.IGNORECASE)
_BINDUNG = re.compile(
    r"\{\{\s*(?P<name>[a-zäöüß_]\w*)(?:\[(?P<jahr>\d{4})\])?(?:\.(?P<attribut>\w+)(?:\[(?P<bezug>\d{4})\])?)?\s*\}\}"
)
_STEUERUNG = re.compile(r"\{\{\s*(?:wenn\b[^}]*|sonst|ende)\s*\}\}")
_SATZENDE = re.compile(r"(?<=[^\d\s.][.!?])\s+(?=[A-ZÄÖÜ{„*])|\n\s*\n")
_OFFEN = re.compile(r"\b(?:nicht|weder|ob|wenn|falls|würden?|könnten?)\b", re.IGNORECASE)
"""Wörter, nach denen ein Satz keine einfache Behauptung ist."""
_SELBST = ("richtung", "verlauf", "satz", "zum_")
"""Attribute, die ihr Richtungswort selbst nach den Daten wählen."""


class RichtungWiderspricht(Befundart):
    text = "Im Text steht {wort}, die Daten sagen: {daten}."
    feld = "{name}"
    ursache = "Das Wort ist getippt und folgt den Daten nicht."
    abhilfe = "Schreiben Sie {{{{ {name}.{attribut} }}}}; dann wählt der Bericht das Wort selbst."


def widersprueche(lage: Lage) -> Iterator[Meldung]:
    """Sätze mit genau einer gebundenen Kennzahl und einem getippten Wort, das nicht zu ihr passt."""
    for zeile, satz in _saetze(lage.text):
        bindungen = [m for m in _BINDUNG.finditer(satz) if m["name"] in lage.bindungen.werte]
        namen = {m["name"] for m in bindungen if lage.bindungen.werte[m["name"]].art == "reihe"}
        if len(namen) != 1 or any((m["attribut"] or "").startswith(_SELBST) for m in bindungen):
            continue
        bindung = lage.bindungen.werte[namen.pop()]
        ohne = _BINDUNG.sub(" ", satz)
        yield from _richtung(lage, zeile, ohne, bindung, bindungen)
        yield from _vergleich(lage, zeile, ohne, bindung)


def _saetze(text: str) -> Iterator[tuple[int, str]]:
    """Sätze mit der Zeile, in der sie beginnen; Bedingungen sind entfernt."""
    schlicht = _STEUERUNG.sub(lambda m: " " * len(m[0]), text)
    beginn = 0
    for grenze in [*(m.span() for m in _SATZENDE.finditer(schlicht)), (len(schlicht), len(schlicht))]:
        stueck = schlicht[beginn : grenze[0]]
        rand = len(stueck) - len(stueck.lstrip())
        if stueck.strip():
            yield schlicht.count("\n", 0, beginn + rand) + 1, stueck.strip()
        beginn = grenze[1]


def _richtung(
    lage: Lage, zeile: int, satz: str, bindung: Bindung, stellen: list[re.Match[str]]
) -> Iterator[Meldung]:
    gesagt = [(wie, m[0]) for wie, muster in _WORTE.items() if (m := muster.search(satz))]
    if len(gesagt) != 1 or _OFFEN.search(satz):
        return
    v = _veraenderung(bindung, stellen)
    wie, wort = gesagt[0]
    if v is not None and v.richtung is not wie:
        rede = Blick.auf(bindung, None).rede
        daten = f"von {rede.mit_jahr(v.alt)} auf {rede.mit_jahr(v.neu)} {v.richtung.value}"
        yield _widerspricht(lage, zeile, (bindung, "verlauf"), f"„{wort}“", daten)


def _veraenderung(bindung: Bindung, stellen: list[re.Match[str]]) -> Veraenderung | None:
    """Was der Satz vergleicht: ein genanntes Jahr, den Beginn, den Vorwert, sonst die letzte Wende."""
    try:
        blick = Blick.auf(bindung, None)
        for m in stellen:
            attribut, jahr = m["attribut"] or "", m["bezug"] or m["jahr"]
            if attribut.startswith("beginn"):
                return blick.seit(blick.reihe[0])
            if attribut.startswith(("vorwert", "vorjahr")):
                return blick.seit(blick.vorwert)
            if jahr and int(jahr) != blick.letzter.jahr:
                return blick.seit(blick.im_jahr(int(jahr)))
        return blick.zuletzt()
    except OhneWert:
        return None


def _vergleich(lage: Lage, zeile: int, satz: str, bindung: Bindung) -> Iterator[Meldung]:
    for m in _LAGE.finditer(satz):
        ebene = m["ebene"].lower()
        try:
            blick = Blick.auf(bindung, None)
            anderer = blick.messlatte(ebene)
        except OhneWert:
            continue
        wirklich = blick.lage(ebene)
        if not wirklich.startswith(m["wie"].lower()):
            daten = f"{blick.letzter.nachweis.anzeige} gegenüber {anderer.nachweis.anzeige}, also {wirklich}"
            yield _widerspricht(lage, zeile, (bindung, f"zum_{ebene}"), f"„{m[0]}“", daten)


def _widerspricht(lage: Lage, zeile: int, besser: tuple[Bindung, str], wort: str, daten: str) -> Meldung:
    bindung, attribut = besser
    name = next(n for n, b in lage.bindungen.werte.items() if b is bindung)
    return RichtungWiderspricht.melde(
        datei=lage.datei, ort=f"Zeile {zeile}", name=name, attribut=attribut, wort=wort, daten=daten
    )


# --- Aussagen über dieselbe Reihe, die sich unterscheiden ------------------------------------------------


def unterschiede(eins: Aussage, zwei: Aussage) -> Iterator[str]:
    """Worin sich zwei Aussagen über dieselbe Reihe widersprechen; leer, wenn sie zueinander passen.

    Zwei Schritte passen nicht, wenn sie im selben Jahr enden und in verschiedenen beginnen, oder wenn sie
    dieselben Jahre verschieden beschreiben. Ein Wert desselben Jahres muss überall gleich dastehen.
    """
    bekannt = dict(eins.werte)
    for jahr, wert in zwei.werte:
        if bekannt.get(jahr, wert) != wert:
            yield f"{jahr} einmal {bekannt[jahr]}, einmal {wert}"
    for a in eins.schritte:
        for b in zwei.schritte:
            if a.bis == b.bis and a.von != b.von:
                yield f"bis {a.bis} einmal seit {a.von} {_wie(a)}, einmal seit {b.von} {_wie(b)}"
            elif (a.von, a.bis) == (b.von, b.bis) and _wie(a) != _wie(b):
                yield f"{a.von} bis {a.bis} einmal {_wie(a)}, einmal {_wie(b)}"


def _wie(s: Schritt) -> str:
    return f"um {s.betrag} {s.richtung}" if s.betrag else s.richtung


def verschiedenes(gesagt: Sequence[Gesagt]) -> Iterator[tuple[Gesagt, Gesagt, str]]:
    """Alle Paare, die über dieselbe Kennzahl und dasselbe Gebiet Verschiedenes sagen."""
    je: dict[tuple[str, str], dict[Aussage, Gesagt]] = {}
    for g in gesagt:
        if g.aussage.kennzahl:
            je.setdefault((g.aussage.kennzahl, g.aussage.gebiet), {}).setdefault(g.aussage, g)
    for gruppe in je.values():
        for eins, zwei in combinations(gruppe.values(), 2):
            for was in unterschiede(eins.aussage, zwei.aussage):
                yield eins, zwei, was


def andere_aussagen(
    datei: str, geschrieben: Sequence[Gesagt], gezeigt: Sequence[Gesagt], bindungen: Bindungen
) -> Iterator[Meldung]:
    """Je Stelle eines Textes, die einer Abbildung oder einem Eckwert widerspricht, eine Warnung."""
    namen = {(b.kennzahl, b.gebiet): name for name, b in bindungen.werte.items()}
    for eins, zwei, was in verschiedenes([*gezeigt, *geschrieben]):
        if zwei.ort.startswith(datei):
            name = namen.get((zwei.aussage.kennzahl, zwei.aussage.gebiet), zwei.aussage.kennzahl)
            zeile = zwei.ort.rpartition(":")[2]
            yield AussagenVerschieden.melde(
                datei=datei, ort=f"Zeile {zeile}", feld=name, name=name, andere=eins.ort, was=was
            )


# --- Verweise ins Leere ----------------------------------------------------------------------------------

_QUERVERWEIS = re.compile(r"(?<![\w@])@(?P<marke>(?:fig|tbl|sec)-[\w-]*\w)")
_LINK = re.compile(r"\]\((?P<ziel>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_ART = {"fig": "Abbildung", "tbl": "Tabelle", "sec": "Abschnitt"}


def tote_verweise(lage: Lage) -> Iterator[Meldung]:
    """Verweise ins Leere, mit den ähnlichsten Namen."""
    for nummer, zeile in enumerate(lage.text.splitlines(), 1):
        for m in _QUERVERWEIS.finditer(zeile):
            if m["marke"] not in lage.marken:
                yield _verweis_leer(lage, nummer, m["marke"])
        for m in _LINK.finditer(zeile):
            grund = _tot(lage, m["ziel"])
            if grund:
                yield _link_tot(lage, nummer, m["ziel"], grund)


def _tot(lage: Lage, ziel: str) -> str:
    """Warum ein Verweis ins Leere führt; leer, wenn er gilt. Fremde Seiten werden nicht aufgerufen."""
    teile = urllib.parse.urlsplit(ziel)
    if teile.scheme in {"http", "https"}:
        return "" if teile.netloc and "." in teile.netloc else "Die Adresse nennt keinen Server."
    if teile.scheme == "mailto":
        return "" if "@" in teile.path else "Die Adresse hat kein @."
    if teile.scheme:
        return f"„{teile.scheme}:“ ist auf der Website nicht erreichbar."
    if not teile.path:
        gibt_es = teile.fragment in lage.marken
        return "" if gibt_es else "Diese Sprungmarke setzt der Bericht nicht."
    pfad = lage.ordner / urllib.parse.unquote(teile.path)
    return "" if pfad.exists() else "Die Datei gibt es im Ordner der Ausgabe nicht."


def _verweis_leer(lage: Lage, zeile: int, marke: str) -> Meldung:
    art = marke.partition("-")[0]
    gleiche = sorted(m for m in lage.marken if m.startswith(f"{art}-"))
    return Meldung(
        "verweis-leer",
        f"Der Verweis @{marke} führt ins Leere.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=f"@{marke}",
        ursache=f"Der Bericht hat keine {_ART[art]} mit diesem Namen."
        if art != "sec"
        else "Der Bericht hat keinen Abschnitt mit diesem Namen.",
        abhilfe=vorschlag(marke, gleiche, sonst="Möglich sind: ") or "Nehmen Sie den Verweis heraus.",
    )


def _link_tot(lage: Lage, zeile: int, ziel: str, grund: str) -> Meldung:
    return Meldung(
        "link-tot",
        f"Der Link auf „{ziel}“ führt ins Leere.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=ziel,
        ursache=grund,
        abhilfe="Berichtigen Sie das Ziel oder nehmen Sie den Link heraus.",
    )
