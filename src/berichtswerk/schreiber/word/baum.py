"""Ein Manuskript als Baum von pandoc, daraus werden DOCX und ODT; daneben die Liste seiner Absätze.

Jeder Absatz, der in einem Text der Planung steht, trägt eine Textmarke (``herkunft.Absatz.kennung``), jede
gebundene Zahl darin die Zeichenvorlage „Gebunden“. Abbildungen sind Bilder mit Alternativtext; ihre
Zahlen stehen in der Mappe (``schreiber.mappe``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from berichtswerk.gegenstand.gegenstaende import (
    STATUSWORT,
    Abbildung,
    Begriffe,
    Beleg,
    Eckwerte,
    Fehlt,
    Luecken,
    Notizfeld,
    Ortsblatt,
    Quellen,
    Randnotiz,
    Randzahl,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.zahl import datum
from berichtswerk.satz.manuskript import Gliederungspunkt, Manuskript, verzeichnisse
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosa, Prosatafel, sichtbar
from berichtswerk.satz.raster import Anmerkungen, Auftakt, Kurzbotschaften, Zeile
from berichtswerk.schreiber.word.herkunft import Absatz, Gebunden, Herkunft, Zuordnung
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, spaltenzahl, zeichenerklaerung, zelltext

GEBUNDEN = "Gebunden"
"""Die Zeichenvorlage gebundener Zahlen; daran erkennt man sie auch nach LibreOffice."""
WERT = "bwz_"
"""So beginnt die Textmarke um eine gebundene Zahl."""
_AUSGEZEICHNET = {"Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"}
_LEER: list[Any] = ["", [], []]
_ZEICHEN = 95
"""So viele Zeichen einer Tabelle stehen nebeneinander auf der Seite."""


@dataclass
class Baum:
    """Ein Gang durch das Manuskript; ``bilder`` sind die Dateien, die der Baum nennt."""

    m: Manuskript
    zuordnung: Zuordnung
    druckbilder: Mapping[str, bytes]
    absaetze: list[Absatz] = field(default_factory=list)
    werte: list[Gebunden] = field(default_factory=list)
    bilder: dict[str, bytes] = field(default_factory=dict)
    datei: str = ""
    """Die Textdatei, aus der gerade geschrieben wird; leer, wo sie gesucht werden muss."""
    ebene: int = 1

    def schreibe(self) -> list[Knoten]:
        """Titelei, Inhalt und alle Teile."""
        rumpf = [k for teil in self.m.teile for k in self.teil(teil)]
        return [*self._titelei(), *self._inhalt(), *rumpf]

    def _titelei(self) -> Iterator[Knoten]:
        k = self.m.kopf
        beispiel = "".join(BEISPIELSATZ) if k.beispiel else ""
        for text, stil in ((k.band, "Band"), (beispiel, "Band"), (k.herausgeber, "Angabe")):
            if text:
                yield _absatz(text, stil)
        stand = f"Stand {datum(k.stand, lang=True)}" if k.stand else ""
        angaben = (stand, STATUSWORT[k.status], k.redaktion, k.kontakt, k.beschluss)
        yield _absatz(" · ".join(a for a in angaben if a), "Angabe")

    def _inhalt(self) -> Iterator[Knoten]:
        """Das Verzeichnis aus Verweisen: es braucht kein Feld, das jemand aktualisiert."""

        def punkte(liste: Sequence[Gliederungspunkt], ebene: int) -> Iterator[Knoten]:
            for p in liste:
                eintrag = {"t": "Para", "c": [_link(f"#{p.marke}", f"{p.nummer} {p.titel}".strip())]}
                yield _rahmen(("Inhaltszeile", "Inhaltsunterzeile")[ebene - 1], [eintrag])
                yield from punkte(p.kinder, ebene + 1) if ebene < 2 else ()

        if self.m.kopf.inhalt and self.m.gliederung:
            yield _absatz("Inhalt", "Verzeichnistitel")
            yield from punkte(self.m.gliederung, 1)

    def teil(self, t: Any) -> list[Knoten]:
        """Ein Teil des Manuskripts als Blöcke."""
        schreibe = getattr(self, f"_{type(t).__name__.lower()}")
        return list(schreibe(t))

    # --- Absätze und ihre Herkunft -------------------------------------------------------------------

    def markiert(self, satz: Sequence[Knoten], davor: Sequence[Knoten] = ()) -> list[Knoten]:
        """Der Satz mit Textmarke und hervorgehobenen gebundenen Zahlen, wenn er in einem Text steht.

        ``davor`` steht im selben Absatz und kommt vom Werk: die Nummer eines Kapitels oder einer Abbildung.
        """
        inlines = [*davor, *satz]
        absatz = self.zuordnung.finde(wortlaut(inlines), self.datei, len(wortlaut(davor)))
        self.absaetze.append(absatz)
        if not absatz.kennung:
            return inlines
        fertig, _ = self._gebunden(inlines, absatz.herkunft, 0)
        return [{"t": "Span", "c": [[absatz.kennung, [], []], fertig]}]

    def _gebunden(
        self, inlines: Sequence[Knoten], herkunft: Sequence[Herkunft], ab: int
    ) -> tuple[list[Knoten], int]:
        """Fasst zusammen, was aus einem eingesetzten Wert kommt; ``ab`` ist die Stelle im Absatz."""
        stuecke: list[tuple[Gebunden | None, Knoten]] = []
        for k in inlines:
            laenge = len(wortlaut([k]))
            innen = inhalt(k)
            if k["t"] == "Str":
                je_zeichen = zip(innen, herkunft[ab : ab + laenge], strict=True)
                for wert, zeichen in groupby(
                    je_zeichen, lambda z: z[1] if isinstance(z[1], Gebunden) else None
                ):
                    stuecke.append((wert, {"t": "Str", "c": "".join(z for z, _ in zeichen)}))
            elif k["t"] in {"Space", "SoftBreak"}:
                h = herkunft[ab]
                stuecke.append((h if isinstance(h, Gebunden) else None, {"t": "Space"}))
            elif k["t"] in _AUSGEZEICHNET:
                stuecke.append((None, {"t": k["t"], "c": self._gebunden(innen, herkunft, ab)[0]}))
            elif k["t"] in {"Span", "Link"}:
                neu = self._gebunden(innen[1], herkunft, ab)[0]
                stuecke.append((None, {"t": k["t"], "c": [innen[0], neu, *innen[2:]]}))
            else:
                stuecke.append((None, k))
            ab += laenge
        fertig: list[Knoten] = []
        for wert, gruppe in groupby(stuecke, lambda s: s[0]):
            knoten = [k for _, k in gruppe]
            if wert is None:
                fertig += knoten
                continue
            self.werte.append(wert)
            attribute = [f"{WERT}{len(self.werte)}", [], [["custom-style", GEBUNDEN]]]
            fertig.append({"t": "Span", "c": [attribute, knoten]})
        return fertig, ab

    # --- Texte ---------------------------------------------------------------------------------------

    def _prosa(self, p: Prosa) -> list[Knoten]:
        self.datei = p.quelle.datei
        fertig = self.bloecke(p.bloecke)
        self.datei = ""
        return fertig

    def bloecke(self, liste: Iterable[Knoten]) -> list[Knoten]:
        """Alle Blöcke eines Textes."""
        return [neu for k in liste for neu in self._block(k)]

    def _block(self, k: Knoten) -> Iterable[Knoten]:
        art, c = k["t"], inhalt(k)
        if art in {"Para", "Plain"}:
            return [{"t": art, "c": self._satz(c)}]
        if art == "Kopf":
            return [self._kopf(c[0] - self.m.oberste + 1, c[1], c[3])]
        if art == "Frage":
            return [{"t": "Header", "c": [min(self.ebene + 1, 6), _LEER, self._satz(c)]}]
        if art == "Nur":
            return self.bloecke(c[2]) if sichtbar(c, "typst") else []
        if art == "Kasten":
            titel = {"t": "Para", "c": [{"t": "Strong", "c": self._satz(c[1])}]}
            return [_rahmen("Kasten", [titel, *self.bloecke(c[2])])]
        if art == "Div":
            return [{"t": "Div", "c": [[c[0][0], [], []], self.bloecke(c[1])]}]
        if art in {"Bild", "Tafel"}:
            return self._bild(c) if art == "Bild" else self._tafel(c)
        return self._gefasst(k)

    def _gefasst(self, k: Knoten) -> Iterator[Knoten]:
        """Listen, Zitate, Code: Blöcke in Blöcken."""
        art, c = k["t"], inhalt(k)
        if art == "BulletList":
            yield {"t": art, "c": [self.bloecke(p) for p in c]}
        elif art == "OrderedList":
            yield {"t": art, "c": [c[0], [self.bloecke(p) for p in c[1]]]}
        elif art == "DefinitionList":
            paare = [[self._satz(name), [self.bloecke(t) for t in texte]] for name, texte in c]
            yield {"t": art, "c": paare}
        elif art == "BlockQuote":
            yield {"t": art, "c": self.bloecke(c)}
        elif art == "LineBlock":
            yield {"t": art, "c": [self._satz(zeile) for zeile in c]}
        elif art in {"CodeBlock", "HorizontalRule"}:
            yield k

    def _satz(self, c: Sequence[Knoten]) -> list[Knoten]:
        return self.markiert(self._inlines(c))

    def _inlines(self, liste: Sequence[Knoten]) -> list[Knoten]:
        return [neu for k in liste for neu in self._inline(k)]

    def _inline(self, k: Knoten) -> Iterator[Knoten]:
        art, c = k["t"], inhalt(k)
        if art in _AUSGEZEICHNET:
            yield {"t": art, "c": self._inlines(c)}
        elif art == "Verweis":
            for nr, (marke, nur_nummer) in enumerate(c):
                ziel = self.m.marken[marke]
                text = ziel.nummer if nur_nummer and ziel.nummer else ziel.name
                yield from ([{"t": "Str", "c": ","}, {"t": "Space"}] if nr else [])
                yield _link(f"#{marke}", text)
        elif art == "Link":
            neu = self._inlines(c[1])
            if c[2][0].startswith(("#", "http:", "https:", "mailto:")):
                yield {"t": art, "c": [_LEER, neu, c[2]]}
            else:  # was neben der Seite liegt, gibt es neben dem Dokument nicht
                yield from neu
        elif art == "Span":
            yield {"t": art, "c": [[c[0][0], [], []], self._inlines(c[1])]}
        elif art == "Note":
            yield {"t": art, "c": self.bloecke(c)}
        elif art == "Bildchen":
            yield self._image(c[0], c[1])
        else:
            yield k

    def _kopf(self, ebene: int, marke: str, worte: Sequence[Knoten]) -> Knoten:
        self.ebene = max(1, min(ebene, 6))
        nummer = self.m.nummer(marke)
        davor = [{"t": "Str", "c": nummer}, {"t": "Space"}] if nummer else []
        satz = self._inlines(worte)
        satz = self.markiert(satz, davor) if self.datei else [*davor, *satz]  # andere schreibt das Notizbuch
        return {"t": "Header", "c": [self.ebene, [marke, [], []], satz]}

    def _bild(self, c: Sequence[Any]) -> Iterator[Knoten]:
        marke, quelle, alt, worte = c
        yield _rahmen("Bild", [{"t": "Para", "c": [self._image(quelle, alt)]}])
        davor = f"{self.m.marken[marke].name}: " if marke else ""
        satz = self.markiert(self._inlines(worte), _benannt(marke, davor))
        yield _rahmen("Bildunterschrift", [{"t": "Para", "c": satz}])

    def _tafel(self, c: Sequence[Any]) -> Iterator[Knoten]:
        marke, worte, tafel = c
        assert isinstance(tafel, Prosatafel)
        if worte or marke:
            davor = f"{self.m.marken[marke].name}: " if marke else ""
            satz = self.markiert(self._inlines(worte or []), _benannt(marke, davor))
            yield _rahmen("Tabellentitel", [{"t": "Para", "c": satz}])
        zeilen = [
            [_fach(self.bloecke(f.bloecke), f.spalten, f.zeilen, f.rechts) for f in reihe]
            for reihe in (*tafel.kopf, *tafel.rumpf)
        ]
        breite = sum(f.spalten for f in (tafel.kopf or tafel.rumpf)[0])
        yield _tabelle(zeilen, len(tafel.kopf), breite)

    def _image(self, quelle: str, alt: str) -> Knoten:
        roh = self.m.datei(quelle)
        if roh is None:
            roh = (self.m.ordner / unquote(quelle)).read_bytes()
        return self._gezeigt(roh, unquote(quelle).rpartition(".")[2].lower(), alt)

    def _gezeigt(self, roh: bytes, endung: str, alt: str) -> Knoten:
        name = f"bild-{len(self.bilder) + 1}.{endung}"
        self.bilder[name] = roh
        return {"t": "Image", "c": [_LEER, [{"t": "Str", "c": alt}], [name, ""]]}

    # --- Raster --------------------------------------------------------------------------------------

    def _ueberschrift(self, u: Ueberschrift) -> Iterator[Knoten]:
        yield self._kopf(u.ebene - self.m.oberste + 1, u.marke, _worte(u.text))

    def _auftakt(self, a: Auftakt) -> Iterator[Knoten]:
        yield from self.teil(a.kopf)
        if a.botschaft:
            yield _rahmen("Kernbotschaft", [{"t": "Para", "c": self._satz(a.botschaft)}])
        yield from (k for z in a.zahlen for k in self._randzahl(z))

    def _zeile(self, z: Zeile) -> Iterator[Knoten]:
        for t in z.haupt:
            yield from self.teil(t)
        beleg = next((t.beleg for t in z.haupt if isinstance(t, Abbildung | Tabelle | Ortsblatt)), None)
        if z.quelle and beleg is not None:
            yield self._quelle(z.quelle, beleg)
        for r in z.rand:
            yield from self.teil(r)
        if z.quelle and beleg is None:
            yield _absatz(z.quelle, "Quelle")

    def _quelle(self, zeile: str, beleg: Beleg) -> Knoten:
        beispiel = f"{''.join(BEISPIELSATZ)} " if beleg.beispiel else ""
        return _absatz(f"{beispiel}{zeile}", "Quelle")

    def _kurzbotschaften(self, g: Kurzbotschaften) -> Iterator[Knoten]:
        punkte = [
            [{"t": "Para", "c": [{"t": "Strong", "c": self._satz(b.satz)}]}, *self.bloecke(b.beleg)]
            for b in g.eintraege
        ]
        yield {"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], punkte]}

    def _anmerkungen(self, g: Anmerkungen) -> Iterator[Knoten]:
        yield {"t": "Header", "c": [min(self.ebene + 1, 6), _LEER, _worte("Anmerkungen")]}
        punkte = []
        for marken, notizen in g.eintraege:
            davor = ", ".join(self.m.marken[m].name for m in marken if m in self.m.marken)
            saetze = " ".join(f"{n.titel}: {n.text}" for n in notizen)
            punkte.append([{"t": "Plain", "c": self._erzeugt(f"{davor}: {saetze}" if davor else saetze)}])
        yield {"t": "BulletList", "c": punkte}

    def _randnotiz(self, n: Randnotiz) -> Iterator[Knoten]:
        worte: list[Knoten] = [{"t": "Strong", "c": _worte(f"{n.titel}:")}, {"t": "Space"}, *_worte(n.text)]
        yield _rahmen("Randnotiz", [{"t": "Para", "c": self.markiert(worte)}])

    def _randzahl(self, z: Randzahl) -> Iterator[Knoten]:
        worte: list[Knoten] = [{"t": "Strong", "c": _worte(z.zahl)}, {"t": "Space"}, *_worte(z.text)]
        yield _rahmen("Eckzahl", [{"t": "Para", "c": self.markiert(worte)}])

    def _erzeugt(self, text: str) -> list[Knoten]:
        """Ein Satz des Werks, der trotzdem aus einem Text stammen kann (eine Notiz hinten)."""
        return self.markiert(_worte(text))

    # --- Gegenstände ---------------------------------------------------------------------------------

    def _abbildung(self, g: Abbildung) -> Iterator[Knoten]:
        if g.befund:
            yield _absatz(g.befund, "Befund")
        svg = self.druckbilder.get(f"abb/{g.label}.svg")
        if svg:
            yield _rahmen("Bild", [{"t": "Para", "c": [self._gezeigt(svg, "svg", g.alt)]}])
        name = self.m.marken[g.label].name
        satz = [*_benannt(g.label, f"{name}: "), *_worte(g.unterschrift)]
        yield _rahmen("Bildunterschrift", [{"t": "Para", "c": satz}])
        if g.weiter:
            yield _absatz(g.weiter, "Befundtext")

    def _tabelle(self, g: Tabelle) -> Iterator[Knoten]:
        if g.befund:
            yield _absatz(g.befund, "Befund")
        name = self.m.marken[g.label].name
        satz = [*_benannt(g.label, f"{name}: "), *_worte(g.unterschrift)]
        yield _rahmen("Tabellentitel", [{"t": "Para", "c": satz}])
        yield self._modell(g.tabelle)
        if erklaerung := zeichenerklaerung(g.tabelle):
            yield _absatz(erklaerung, "Quelle")

    def _modell(self, t: Tabellenmodell) -> Knoten:
        zeilen = [
            [
                _fach([_plain(zelltext(z, {}, nr))], z.spalten, z.zeilen, z.zahl and nr > 0)
                for nr, z in enumerate(kopf)
            ]
            for kopf in t.kopf
        ]
        for zeile in t.zeilen:
            reihe = []
            for nr, z in enumerate(zeile.zellen):
                worte = _worte(zelltext(z, {}, nr))
                fett = zeile.art in {"gruppe", "summe"}
                satz = [{"t": "Strong", "c": worte}] if fett else worte
                reihe.append(_fach([{"t": "Plain", "c": satz}], z.spalten, z.zeilen, z.zahl))
            zeilen.append(reihe)
        return _tabelle(zeilen, len(t.kopf), spaltenzahl(t))

    def _eckwerte(self, g: Eckwerte) -> Iterator[Knoten]:
        punkte = [[_plain(f"{e.name}: {'; '.join(e.angaben())}")] for e in g.eintraege]
        yield {"t": "BulletList", "c": punkte}

    def _begriffe(self, g: Begriffe) -> Iterator[Knoten]:
        yield {"t": "DefinitionList", "c": [[_worte(e.name), [[_para(e.text)]]] for e in g.eintraege]}

    def _steckbriefe(self, g: Steckbriefe) -> Iterator[Knoten]:
        for e in g.eintraege:
            einheit = f" ({e.einheit})" if e.einheit else ""
            felder = [[_worte(name), [[_para(text)]]] for name, text in e.felder]
            yield {"t": "Header", "c": [min(self.ebene + 1, 6), _LEER, _worte(f"{e.name}{einheit}")]}
            yield {"t": "DefinitionList", "c": felder}

    def _fehlt(self, g: Fehlt) -> Iterator[Knoten]:
        yield _rahmen("Kasten", [_para("Dazu liegen keine Daten vor"), _para(g.grund)])

    def _luecken(self, g: Luecken) -> Iterator[Knoten]:
        paare = dict.fromkeys(f"{titel}: {grund}" if titel else grund for titel, grund in g.eintraege)
        if paare:
            yield _para("Nicht dargestellt:")
            yield {"t": "BulletList", "c": [[_plain(p)] for p in paare]}

    def _quellen(self, g: Quellen) -> Iterator[Knoten]:
        for q in g.eintraege:
            worte = " ".join(t for t in (q.lang or q.kurz, q.nennung) if t)
            satz = [{"t": "Strong", "c": _worte(q.nummer)}, {"t": "Space"}, *_worte(worte)]
            yield _rahmen("Quelle", [{"t": "Para", "c": satz}])

    def _ortsblatt(self, g: Ortsblatt) -> Iterator[Knoten]:
        for text in (g.botschaft, g.gehoert, *g.offen):
            if text:
                yield _para(text)
        punkte = [f"{z.zahl} {z.text}" + f" ({z.kreis})" * bool(z.kreis) for z in g.zahlen]
        if punkte:
            yield {"t": "BulletList", "c": [[_plain(p)] for p in punkte]}

    def _notizfeld(self, g: Notizfeld) -> Iterator[Knoten]:
        yield _rahmen("Kasten", [_para(g.titel), *map(_para, g.fragen)])

    def _verzeichnisse(self, _: Verzeichnisse) -> Iterator[Knoten]:
        for titel, eintraege in verzeichnisse(self.m):
            yield {"t": "Header", "c": [min(self.ebene + 1, 6), _LEER, _worte(titel)]}
            links = [_link(f"#{k}", f"{self.m.marken[k].name}: {text}") for k, text in eintraege]
            yield _rahmen("Inhaltszeile", [{"t": "Para", "c": [link]} for link in links])


def wortlaut(inlines: Iterable[Knoten]) -> str:
    """Der Text, wie er im Dokument steht: ohne Fußnoten und Bilder, Umbrüche als Leerzeichen."""
    return "".join(_wortlaut(k) for k in inlines)


def alle_texte(knoten: Any) -> Iterator[str]:
    """Jeder Absatz eines Baums, auch in Tabellen und Listen, mit allem, was im Satz zusammensteht."""
    if isinstance(knoten, dict):
        yield from alle_texte(knoten["c"][1:] if knoten["t"] == "CodeBlock" else knoten.get("c"))
    elif isinstance(knoten, list):
        if knoten and all(isinstance(k, dict) for k in knoten):
            yield wortlaut(knoten)
        for teil in knoten:
            yield from alle_texte(teil)
    elif isinstance(knoten, str):
        yield knoten


def _wortlaut(k: Knoten) -> str:
    art, c = k["t"], inhalt(k)
    if art == "Str":
        return str(c)
    if art in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if art == "Code":
        return str(c[1])
    if art in _AUSGEZEICHNET:
        return wortlaut(c)
    return wortlaut(c[1]) if art in {"Span", "Link"} else ""


def _worte(text: str) -> list[Knoten]:
    """Text als Knoten; nur einfache Leerzeichen trennen."""
    knoten: list[Knoten] = []
    for nr, wort in enumerate(text.split(" ")):
        knoten += [{"t": "Space"}] * (nr > 0) + [{"t": "Str", "c": wort}] * bool(wort)
    return knoten


def _plain(text: str) -> Knoten:
    return {"t": "Plain", "c": _worte(text)}


def _para(text: str) -> Knoten:
    return {"t": "Para", "c": _worte(text)}


def _absatz(text: str, stil: str) -> Knoten:
    return _rahmen(stil, [_para(text)])


def _rahmen(stil: str, bloecke: list[Knoten]) -> Knoten:
    """Absätze mit dieser Absatzvorlage."""
    return {"t": "Div", "c": [["", [], [["custom-style", stil]]], bloecke]}


def _link(ziel: str, text: str) -> Knoten:
    return {"t": "Link", "c": [_LEER, _worte(text), [ziel, ""]]}


def _benannt(marke: str, davor: str) -> list[Knoten]:
    """Der Anfang einer Unterschrift; „Abbildung 3“ trägt die Marke, auf die Verweise zeigen."""
    return [{"t": "Span", "c": [[marke, [], []], _worte(davor.strip())]}, {"t": "Space"}] if davor else []


def _fach(bloecke: list[Knoten], spalten: int, zeilen: int, rechts: bool) -> list[Any]:
    return [_LEER, {"t": "AlignRight" if rechts else "AlignLeft"}, zeilen, spalten, bloecke]


def _breiten(zeilen: list[list[Any]], breite: int, koepfe: int) -> list[float]:
    """Je Spalte ihr Anteil an der Seite: zuerst so breit wie ihr längstes Wort, dann so, dass wenig bricht.

    Gibt es dafür zu wenig Platz, geben zuerst die Köpfe nach (Word trennt sie), nie die Zahlen.
    """
    wort, text, kopf = [3.0] * breite, [5.0] * breite, [5.0] * breite
    for nr_zeile, reihe in enumerate(zeilen):
        if any(fach[3] > 1 for fach in reihe):
            continue
        for nr, fach in enumerate(reihe, breite - len(reihe)):  # vorn reicht ein Kopf von oben herab
            inhalt_ = " ".join(wortlaut(k["c"]) for k in fach[4] if k["t"] in {"Plain", "Para"})
            laengstes = max(map(len, re.split(r" |(?<=[-–]) ?", inhalt_))) + 2.0
            ziel = kopf if nr_zeile < koepfe else wort
            ziel[nr] = max(ziel[nr], laengstes)
            text[nr] = max(text[nr], len(inhalt_) + 2.0)
    mindestens = [max(w, k) for w, k in zip(wort, kopf, strict=True)]
    if sum(mindestens) > _ZEICHEN:  # die Köpfe trennen
        frei = max(0.0, _ZEICHEN - sum(wort))
        mehr = [max(0.0, k - w) for w, k in zip(wort, kopf, strict=True)]
        mindestens = [w + m * frei / max(sum(mehr), 1.0) for w, m in zip(wort, mehr, strict=True)]
        return [m / max(sum(mindestens), _ZEICHEN) for m in mindestens]
    je = mindestens
    for _ in range(int(_ZEICHEN - sum(je))):  # wo die meisten Zeilen untereinander stünden
        zeilen_, nr = max((voll / da, nr) for nr, (voll, da) in enumerate(zip(text, je, strict=True)))
        if zeilen_ <= 1:
            break
        je[nr] += 1
    return [anteil / _ZEICHEN for anteil in je]


def _tabelle(zeilen: list[list[Any]], koepfe: int, breite: int) -> Knoten:
    """Eine Tabelle: die ersten ``koepfe`` Zeilen sind Kopf, die erste Spalte ist der Zeilenkopf."""
    alle = [[_LEER, reihe] for reihe in zeilen]
    breiten = [{"t": "ColWidth", "c": b} for b in _breiten(zeilen, breite, koepfe)]
    spalten = [[{"t": "AlignDefault"}, b] for b in breiten]
    rumpf = [[_LEER, 1, [], alle[koepfe:]]]
    return {"t": "Table", "c": [_LEER, [None, []], spalten, [_LEER, alle[:koepfe]], rumpf, [_LEER, []]]}
