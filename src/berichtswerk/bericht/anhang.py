"""Der Anhang: Steckbriefe, Begriffe, Quellen, Lücken und die Verzeichnisse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from berichtswerk.bericht.anzeige import Anzeige, luecken_markdown, quellen_markdown
from berichtswerk.bericht.namen import Namen
from berichtswerk.bericht.sicht import Teil, pruefe_wahl
from berichtswerk.fach.formel import formel
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund import zahl
from berichtswerk.worte import belegzeilen
from berichtswerk.worte.sprache import alphabetisch, gross

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe

Verzeichnis = Literal["darstellungen", "begriffe", "quellen", "luecken"]
_SATZENDE = re.compile(r"(?<=\.) (?=[A-ZÄÖÜ])")

_EBENE = {
    "gemeinde": "Gemeinden",
    "einheit": "Kommunen",
    "planungsgebiet": "Planungsgebiete",
    "land": "Land",
    "bund": "Bund",
}


class Anhang(Teil):
    """Was Rechnung und Daten erklärt und meist am Ende eines Berichts steht."""

    def indikator(self, *kennzahlen: str) -> Anzeige:
        """Steckbriefe: Zweck, Aussagefähigkeit, Definition, Berechnung, Datenverfügbarkeit; ohne Nummer.

        ``kennzahlen`` sind ids.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.

        >>> b.indikator("arbeitslosenquote", "sgb2_quote")
        """
        s = self.sicht
        quellen = {**s.bestand.ausstehende, **s.bestand.quellen}  # auch eine ausstehende nennt ihre Spalten
        kreis = s.bestand.gebiete.kreiswort
        steckbriefe = (
            steckbrief(s.beschreibung(k), quellen, s.reihe(k).gebiet(s.gebiet.schluessel), kreis)
            for k in kennzahlen
        )
        eintraege = tuple(steckbriefe)
        s.register.gezeigt |= {s.beschreibung(k).id for k in kennzahlen}
        return s.gib(u.Steckbriefe(eintraege=eintraege))

    def verzeichnis(self, was: Verzeichnis) -> Anzeige:
        """Ein Verzeichnis dessen, ``was`` der Bericht zeigt.

        „darstellungen“ (Abbildungen und Tabellen), „begriffe“ (Glossar der gezeigten Kennzahlen), „quellen“
        (benutzte Quellen mit Namensnennung und Lizenz) oder „luecken“ (was sich mit den vorhandenen Daten
        nicht zeigen lässt, auch was später fehlt).

        Raises:
            BerichtswerkFehler: ``wahl-unbekannt``, das Verzeichnis gibt es nicht.

        >>> b.verzeichnis("quellen")
        """
        pruefe_wahl("was", was, get_args(Verzeichnis))
        if was == "darstellungen":
            return self.sicht.gib(u.Verzeichnisse())
        if was == "luecken":
            fehlend = self.sicht.register.fehlend
            return self.sicht.gib(u.Luecken(), lambda: luecken_markdown([f.grund for f in fehlend]))
        if was == "begriffe":
            return self._begriffe()
        return self._quellen()

    def _begriffe(self) -> Anzeige:
        """Glossar der Kennzahlen mit Werten, die der Bericht zeigt oder nennt oder beim Erklären braucht.

        Was leicht missverstanden wird, steht nur in HTML.
        """
        r = self.sicht.register
        bekannt = {k.id: k for k in r.benutzt.values() if k.id in r.mit_zahl}
        gezeigt = bekannt.keys() & (r.gezeigt | Namen(self.sicht).genannte())
        while neu := {  # was eine Erklärung nennt, wird selbst erklärt
            i for i in bekannt.keys() - gezeigt
            if any(_nennt(bekannt[g].definition, bekannt[i].name) for g in gezeigt)
        }:  # fmt: skip
            gezeigt |= neu
        alle = sorted((bekannt[i] for i in gezeigt), key=lambda k: (alphabetisch(k.name), k.id))
        # Szenarien tragen oft dieselbe Definition; sie steht beim ersten
        einmal = {k.definition: k for k in reversed(alle) if k.definition}.values()
        je_name: dict[str, list[u.Begriff]] = {}
        for k in alle:
            if any(k is e for e in einmal):
                je_name.setdefault(k.name.casefold(), []).append(begriff(k))
        eintraege = [_in_einem(gleiche) for gleiche in je_name.values()]
        if not eintraege:
            grund = "Kennzahlen mit Werten zeigt dieser Bericht noch nicht."
            return self.sicht.fehlt("", "Begriffe", grund, mangel=False)
        return self.sicht.gib(u.Begriffe(eintraege=tuple(eintraege)))

    def _quellen(self) -> Anzeige:
        """Alle bisher benutzten Quellen, jede mit Tabelle, Stand, Namensnennung und Lizenz."""
        s = self.sicht
        Namen(s).quellen_merken()
        benutzt = s.register.quellen
        angaben = [
            belegzeilen.quellenangabe(s.bestand.quellen[n], gerechnet=benutzt[n]) for n in sorted(benutzt)
        ]
        if not angaben:
            return s.fehlt("tbl-quellen", "Quellen", "Bisher ist keine Quelle benutzt.")
        return s.gib(u.Quellen(eintraege=tuple(angaben)), lambda: quellen_markdown(angaben))


def _nennt(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def steckbrief(
    kennzahl: Kennzahl, quellen: Mapping[str, Quelle], reihe: Reihe, kreis: str
) -> u.Steckbrief:  # fmt: skip
    """Name, Einheit und Felder (leere fehlen); ``reihe`` sind die Werte des Gebiets, ``kreis`` sein Wort."""
    felder = [
        ("Zweck", kennzahl.zweck),
        ("Aussagefähigkeit", kennzahl.aussagefaehigkeit),
        ("Definition", kennzahl.definition),
        ("Berechnung", berechnung(kennzahl, quellen)),
        ("Datenverfügbarkeit", kennzahl.verfuegbarkeit or verfuegbarkeit(kennzahl, quellen, reihe, kreis)),
        ("Zu beachten", " ".join(kennzahl.fallen)),
    ]
    gefuellt = tuple((name, _eine_zeile(text)) for name, text in felder if text.strip())
    return u.Steckbrief(name=kennzahl.name, einheit=kennzahl.einheit or "", felder=gefuellt)


def _eine_zeile(text: str) -> str:
    return " ".join(text.split())


def berechnung(kennzahl: Kennzahl, quellen: Mapping[str, Quelle]) -> str:
    """Die Formeln aller Wege, jede einmal; Größen heißen, wie die Quelle ihre Spalte betitelt."""
    texte = []
    for weg in kennzahl.wege:
        if weg.wert is not None:
            texte.append("veröffentlichter Wert")
            continue
        text = re.sub(r" \[[^\]]*\b[Ii]nsgesamt\b[^\]]*\]", "", formel(kennzahl, weg))
        text = re.sub(r"\[([^\]]*)\]", lambda m: f"({_in_worten(m[1])})", text)
        titel = {a.groesse: _titel(quellen.get(a.quelle), a.groesse) for a in weg.auswahlen()}
        # in einem Durchgang: ein Titel kann den Namen einer Größe enthalten
        worte = re.split(rf"\b({'|'.join(map(re.escape, sorted(titel, key=len, reverse=True)))})\b", text)
        texte.append("".join(titel.get(w, w) for w in worte))
    einmal: dict[str, str] = {}
    for text in texte:  # zwei Quellen nennen dasselbe Feld nur verschieden groß
        einmal.setdefault(text.casefold(), text)
    return "; ersatzweise ".join(einmal.values())


def _in_worten(merkmale: str) -> str:
    """„geschlecht: weiblich“ als „weiblich“, „schulart: foerderschule“ als „Schulart Förderschule“."""
    teile = []
    for merkmal in merkmale.split(", "):
        name, _, wert = (_mit_umlauten(t) for t in merkmal.partition(": "))
        eigenschaft = not wert or wert.endswith(("lich", "isch"))
        teile.append((wert or name) if eigenschaft else f"{gross(name)} {gross(wert)}")
    return ", ".join(teile)


def _mit_umlauten(bezeichner: str) -> str:
    """Bezeichner stehen ohne Umlaute in den Daten; „aktuell“ und „neue“ bleiben."""
    umlaute = {"ae": "ä", "oe": "ö", "ue": "ü"}
    wort = bezeichner.replace("_", " ")
    return re.sub(r"(?<![aeiouqAEIOUQ])(?:ae|oe|ue)(?!ll)", lambda m: umlaute[m[0]], wort)


def _titel(quelle: Quelle | None, groesse: str) -> str:
    felder = quelle.schema_.fields if quelle and quelle.schema_ else []
    return next((f.title for f in felder if f.name == groesse and f.title), groesse)


def verfuegbarkeit(kennzahl: Kennzahl, quellen: Mapping[str, Quelle], reihe: Reihe, kreis: str) -> str:
    """Herausgeber, Tabelle, Periodizität, Jahre und kleinste Ebene, aus Quellen und Werten."""
    teile = []
    for q in (quellen[name] for name in kennzahl.quellen() if name in quellen):
        tabellen = belegzeilen.tabellen_kurz(q)
        wort = "Tabelle " if any(t[:1].isdigit() for t in tabellen) else ""
        tabelle = f", {wort}{', '.join(tabellen)}" if tabellen else ""
        wann = f"{'Beispieldaten, ' * q.ist_beispiel}{belegzeilen.PERIODE[q.statistik.periodizitaet]}"
        teile.append(f"{belegzeilen.herausgeber(q)}{tabelle} ({wann})")
    jahre = [w.jahr for w in reihe if w.wert is not None]
    spanne = f"Werte {zahl.zeitraum(min(jahre), max(jahre))}" if jahre else "keine Werte für dieses Gebiet"
    ebene = f"kleinste Ebene: {_EBENE.get(kennzahl.kleinste_ebene, kreis)}"
    return "; ".join([*dict.fromkeys(teile), spanne, ebene]) + "."


def begriff(kennzahl: Kennzahl) -> u.Begriff:
    """Eintrag des Glossars: Definition, die Einheit nur wenn nötig; Fallstricke nur in HTML."""
    text = kennzahl.definition
    if _einheit_noetig(kennzahl):
        text = f"{text.rstrip('.')}. Einheit: {kennzahl.einheit}."
    return u.Begriff(
        name=kennzahl.name, text=_eine_zeile(text), fallen=_eine_zeile(" ".join(kennzahl.fallen))
    )


def _in_einem(gleiche: Sequence[u.Begriff]) -> u.Begriff:
    """Was gleich heißt (gezählt und gerechnet), ist ein Eintrag, und jeder Satz steht einmal."""
    if len(gleiche) == 1:
        return gleiche[0]

    def saetze(texte: Iterable[str]) -> str:
        return " ".join(dict.fromkeys(satz for text in texte for satz in _SATZENDE.split(text) if satz))

    return u.Begriff(
        name=gleiche[0].name, text=saetze(b.text for b in gleiche), fallen=saetze(b.fallen for b in gleiche)
    )


def _einheit_noetig(kennzahl: Kennzahl) -> bool:
    """Nicht bei Anzahlen, und nicht, wenn die Definition die Einheit schon nennt."""
    if kennzahl.absolut or not kennzahl.einheit:
        return False
    definition = kennzahl.definition.casefold()
    bezug = re.search(r"\bje .+", kennzahl.einheit.casefold())  # „je 100 Personen“ steht meist schon da
    if bezug and bezug.group() in definition:
        return False
    return kennzahl.einheit.casefold() not in definition and not (
        kennzahl.einheit_kurz == "%" and ("prozent" in definition or "anteil" in definition)
    )
