"""Ein Manuskript als Typst, in Kapitel zerlegt, in Stücke, die der Umbruch beisammenlässt."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal
from urllib.parse import unquote

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwerte,
    Fehlt,
    Kopf,
    Luecken,
    Steckbrief,
    Steckbriefe,
    Tabelle,
    Ueberschrift,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.satz.manuskript import Manuskript, Prosa, Teil
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosatafel, sichtbar
from berichtswerk.schreiber.typst import maskiere, tafel, zeichenkette
from berichtswerk.tabelle.tabelle import BEISPIELSATZ

_FUNKTIONEN = {
    "Emph": "emph",
    "Strong": "strong",
    "Underline": "underline",
    "Strikeout": "strike",
    "Superscript": "super",
    "Subscript": "sub",
    "SmallCaps": "smallcaps",
}
_ZAEHLWEISE = {"LowerAlpha": "a.", "UpperAlpha": "A.", "LowerRoman": "i.", "UpperRoman": "I."}
_NACH_AUSSEN = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


_MASSE = re.compile(rb'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


Art = Literal["auftakt", "titel", "text", "abbildung", "tafel"]


@dataclass(frozen=True, slots=True)
class Stueck:
    """Was beim Umbruch beisammenbleibt: Absatz, Überschrift, Abbildung mit allem, was zu ihr gehört.

    ``kennung`` ist im Bericht eindeutig und bleibt, wenn sich anderes ändert: die Marke, sonst die der Stelle
    davor und eine Nummer. ``nummer`` zählt Überschriften, Abbildungen und Tabellen, ``verhaeltnis`` ist die
    Höhe des Bildes als Vielfaches der Breite. Eine Tabelle kann zwischen den Reihen von ``tafel``
    umbrechen. Was ``beginnt``, steht am Kopf einer Seite.
    """

    kennung: str
    art: Art
    text: str
    nummer: str = ""
    verhaeltnis: float = 0.0
    tafel: tafel.Satztafel | None = None
    noten: tuple[str, ...] = ()
    beginnt: bool = False

    @property
    def gesetzt(self) -> str:
        """Der Typst-Text; Absätze bleiben darin Absätze."""
        return f'#bw-stueck("{self.kennung}")[\n\n{self.text}\n\n]\n\n'


@dataclass(slots=True)
class Kapitel:
    """Ein Stück des Berichts in einer eigenen Datei.

    ``herkunft`` nennt zu Zeilennummern (ab 1), woraus ab dort gesetzt ist: Datei und Ort für Meldungen.
    """

    stuecke: list[Stueck] = field(default_factory=list)
    herkunft: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Der Typst-Text."""
        return "".join(s.gesetzt for s in self.stuecke)

    def dazu(self, stueck: Stueck, datei: str, ort: str) -> None:
        """Hängt ein Stück an und merkt, woher es kommt."""
        self.herkunft.append((self.text.count("\n") + 1, datei, ort))
        self.stuecke.append(stueck)

    def woher(self, zeile: int) -> tuple[str, str]:
        """Datei und Ort dessen, was in dieser Zeile gesetzt ist."""
        davor = [h for h in self.herkunft if h[0] <= zeile]
        return davor[-1][1:] if davor else ("", "")


@dataclass(frozen=True, slots=True)
class Druckfassung:
    """Das ganze Dokument: Bausteine, Aufruf der Vorlage, Kapitel, Bilder.

    ``bilder`` (Name → Bytes) liegen neben den Kapiteln, ``dateien`` ab der Projektwurzel (mit ``/`` davor).
    """

    vorlage: str
    kopf: str
    kapitel: tuple[Kapitel, ...]
    bilder: dict[str, bytes]
    dateien: tuple[str, ...]


def schreibe(m: Manuskript, projekt: Projekt, beilagen: Mapping[str, bytes]) -> Druckfassung:
    """Die Druckfassung; ``beilagen`` enthalten die Bilder ``abb/<label>.svg``."""
    bilder = {name: inhalt for name, inhalt in beilagen.items() if name.endswith(".svg")}
    bilder |= {f"{m.kopf.stamm}/{n}": b for n, b in m.dateien.items() if n.startswith("bilder/")}
    rumpf = Rumpf(m, projekt, bilder)
    kapitel = tuple(rumpf.schreibe())
    dateien = tuple(sorted(rumpf.prosa.dateien))
    return Druckfassung(vorlage(projekt), kopf(m.kopf), kapitel, bilder, dateien)


def vorlage(projekt: Projekt) -> str:
    """Die Bausteine aus ``layout/typst``: dieselben, die Quarto über ``template-partials`` bekommt."""
    ordner = projekt.layout / "typst"
    text = (ordner / "typst-template.typ").read_text(encoding="utf-8")
    marke = (ordner / "marke.typ").read_text(encoding="utf-8")
    return text.replace("$marke.typ()$", marke).replace("$$", "$")


def kopf(k: Kopf) -> str:
    """Der Aufruf von ``bericht`` mit den Angaben des Titelblatts; Leeres fehlt."""
    angaben = {
        "titel": k.titel,
        "untertitel": k.untertitel,
        "band": k.band,
        "herausgeber": k.herausgeber,
        "redaktion": k.redaktion,
        "kontakt": k.kontakt,
        "stand": datum(k.stand, lang=True) if k.stand else "",
        "beschluss": k.beschluss,
    }
    teile = [f"{name}: [{maskiere(wert)}]" for name, wert in angaben.items() if wert]
    teile += ["beispiel: true"] * k.beispiel + ["geplant: true"]
    return "#show: bericht.with(\n  " + ",\n  ".join(teile) + ",\n)"


class Rumpf:
    """Ein Gang durch das Manuskript; ``prosa.ebene`` ist die der letzten Überschrift."""

    def __init__(self, m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> None:
        self.m, self.bilder, self.projekt = m, bilder, projekt
        ordner = "/" + m.ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix().strip("./")
        self.prosa = Prosaschreiber(m, ordner.rstrip("/") + "/")
        self.kapitel = [Kapitel()]
        self._wartend: list[tuple[int, Callable[[], None]]] = []
        self._letzte, self._seitdem = "anfang", 0

    def schreibe(self) -> list[Kapitel]:
        """Alle Teile, in Kapitel zerlegt; ungezählte Überschriften, unter denen nichts steht, fallen weg."""
        for teil in self.m.teile:
            if isinstance(teil, Prosa):
                self._bloecke(teil.bloecke, teil)
            elif isinstance(teil, Ueberschrift):
                self._kopf(teil.ebene, teil.marke, maskiere(teil.text), teil, neue_seite=teil.neue_seite)
            elif _setzt(teil):
                self._setze_wartende()
                self._gegenstandsstueck(teil)
        return [k for k in self.kapitel if k.stuecke]

    def _setze_wartende(self) -> None:
        """Die ungezählten Überschriften, unter denen jetzt etwas steht."""
        for _, setze in self._wartend:
            setze()
        self._wartend.clear()

    def _dazu(self, art: Art, marke: str, text: str, teil: Teil, **mehr: Any) -> None:
        """Hängt ein Stück an; ohne ``marke`` heißt es nach der letzten Stelle, die eine hat."""
        noten, self.prosa.noten = tuple(self.prosa.noten), []
        if not text:
            return
        self._letzte, self._seitdem = (marke, 0) if marke else (self._letzte, self._seitdem + 1)
        kennung = marke or f"{self._letzte}+{self._seitdem}"
        stueck = Stueck(kennung, art, text, self.m.nummer(marke), noten=noten, **mehr)
        if isinstance(teil, Prosa):
            self.kapitel[-1].dazu(stueck, teil.quelle.datei, teil.quelle.ort)
        else:
            self.kapitel[-1].dazu(stueck, "", getattr(teil, "label", ""))

    def _gegenstandsstueck(self, g: Teil) -> None:
        text = self.gegenstand(g)
        if isinstance(g, Abbildung):
            verhaeltnis = _verhaeltnis(self.bilder.get(f"abb/{g.label}.svg", b""))
            self._dazu("abbildung", g.label, text, g, verhaeltnis=verhaeltnis)
        elif isinstance(g, Tabelle):
            self._dazu("tafel", g.label, text, g, tafel=tafel.tabelle(g.tabelle))
        else:
            self._dazu("text", "", text, g)

    def _bloecke(self, bloecke: Sequence[Knoten], teil: Prosa) -> None:
        for k in bloecke:
            c = inhalt(k)
            if k["t"] == "Kopf":
                neu = "bw-neue-seite" in c[2]
                self._kopf(c[0], c[1], self.prosa.inlines(c[3]), teil, neue_seite=neu)
            elif k["t"] == "Nur":
                if sichtbar(c, "typst"):
                    self._bloecke(c[2], teil)
            elif text := self.prosa.block(k):
                self._setze_wartende()
                if k["t"] in {"Bild", "Tafel"} and c[0]:
                    self._prosafigur(k["t"], c, text, teil)
                else:
                    self._dazu("titel" if k["t"] == "Frage" else "text", "", text, teil)

    def _prosafigur(self, art: str, c: Sequence[Any], text: str, teil: Prosa) -> None:
        """Eine Abbildung oder Tabelle aus einem Text, im selben Rahmen wie die der Notizbücher."""
        marke = str(c[0])
        text = f'#bw-figur(marke: "{marke}")[\n{text}\n]'
        if art == "Tafel":
            self._dazu("tafel", marke, text, teil, tafel=self.prosa.prosatafel(c[2]))
            return
        foto, pfad = self.m.datei(str(c[1])), self.m.ordner / str(c[1])
        svg = pfad.read_bytes() if foto is None and pfad.is_file() else b""
        verhaeltnis = _verhaeltnis(svg) if foto is None else _fotoverhaeltnis(foto)
        self._dazu("abbildung", marke, text, teil, verhaeltnis=verhaeltnis)

    def _kopf(self, ebene: int, marke: str, inhalt: str, teil: Teil, *, neue_seite: bool) -> None:
        stufe = self.prosa.ebene = ebene - self.m.oberste + 1
        self._wartend = [w for w in self._wartend if w[0] < stufe]
        setze = partial(self._setze_kopf, stufe, marke, inhalt, teil, neue_seite=neue_seite)
        self._wartend.append((stufe, setze))
        if self.m.nummer(marke):
            self._setze_wartende()

    def _setze_kopf(self, stufe: int, marke: str, inhalt: str, teil: Teil, *, neue_seite: bool) -> None:
        if stufe == 1 or neue_seite:
            self.kapitel.append(Kapitel())
        zaehlung = "" if self.m.nummer(marke) else ", numbering: none"
        text = f"#heading(level: {stufe}{zaehlung})[{inhalt}] <{marke}>"
        art: Art = "auftakt" if stufe == 1 else "titel"
        self._dazu(art, marke, text, teil, beginnt=stufe == 1 or neue_seite)

    def gegenstand(self, g: Teil) -> str:
        """Ein Gegenstand, der kein Text und keine Überschrift ist; leer, was nicht gedruckt wird."""
        if isinstance(g, Abbildung):
            return self._abbildung(g)
        if isinstance(g, Tabelle):
            return self._figur(g, tafel.tabelle(g.tabelle).text)
        if isinstance(g, Eckwerte):
            return _absaetze(_eckwerte(g), _beleg(g.beleg))
        if isinstance(g, Begriffe):
            paare = [f"bw-begriff([{maskiere(e.name)}], [{maskiere(e.text)}])" for e in g.eintraege]
            return f"#bw-begriffe(terms({', '.join(paare)}))" if paare else ""
        if isinstance(g, Steckbriefe):
            return f"#bw-steckbriefe({', '.join(map(_steckbrief, g.eintraege))})"
        if isinstance(g, Fehlt):
            titel = "Dazu liegen keine Daten vor"
            return f'#callout(title: [{titel}], art: "note", body: [{maskiere(g.grund)}])'
        return _luecken(g) if isinstance(g, Luecken) else ""

    def _abbildung(self, g: Abbildung) -> str:
        name = zeichenkette(f"abb/{g.label}.svg")
        return self._figur(g, f"#box(image({name}, alt: {zeichenkette(g.alt)}))")

    def _figur(self, g: Abbildung | Tabelle, inhalt: str) -> str:
        davor, danach = rahmen(g, self.prosa.ebene + 1)
        return _absaetze(davor, figur(g.label, inhalt, maskiere(g.unterschrift)), danach)


def rahmen(g: Abbildung | Tabelle, stufe: int) -> tuple[str, str]:
    """Was um die Figur herum steht: davor der Befund als Überschrift dieser Stufe, danach der Beleg."""
    befund = f"\n#bw-befund({stufe})[{maskiere(g.befund)}]" if g.befund else ""
    return f'#bw-figur(marke: "{g.label}")[{befund}', f"{_beleg(g.beleg)}\n]"


def _absaetze(*teile: str) -> str:
    return "\n\n".join(t for t in teile if t)


def _beispiel() -> str:
    return f"#strong[{maskiere(BEISPIELSATZ[0])}];{maskiere(BEISPIELSATZ[1])}"


def _beleg(b: Beleg) -> str:
    absaetze = [_beispiel()] if b.beispiel else []
    absaetze += ["#linebreak();".join(maskiere(q.zeile) for q in b.quellen)] if b.quellen else []
    absaetze += [maskiere(t) for t in (b.definition, *b.hinweise) if t]
    return f"#bw-beleg[\n{_absaetze(*absaetze)}\n]" if absaetze else ""


def _eckwerte(e: Eckwerte) -> str:
    alle = all(eintrag.beispiel for eintrag in e.eintraege)
    karten = []
    for eintrag in e.eintraege:
        angaben = [f"[{maskiere(a)}]" for a in eintrag.angaben()]
        angaben += [f"[{_beispiel()}]"] if eintrag.beispiel and not alle else []
        karten.append(f"(begriff: [{maskiere(eintrag.name)}], angaben: ({', '.join(angaben)},))")
    return "#bw-eckwerte((\n  " + ",\n  ".join(karten) + ",\n))"


def _steckbrief(e: Steckbrief) -> str:
    einheit = f" ({maskiere(e.einheit)})" if e.einheit else ""
    felder = [f"([{maskiere(name)}], [{maskiere(text)}])" for name, text in e.felder]
    return f"bw-steckbrief({', '.join([f'[#strong[{maskiere(e.name)}];{einheit}]', *felder])})"


def _luecken(g: Luecken) -> str:
    if not g.eintraege:
        return ""
    paare = [f"{titel}: {grund}" if titel else grund for titel, grund in g.eintraege]
    return "Nicht dargestellt:\n\n#list(" + ", ".join(f"[{maskiere(p)}]" for p in dict.fromkeys(paare)) + ")"


def _verhaeltnis(svg: bytes) -> float:
    fund = _MASSE.search(svg[:2000])
    return float(fund[2]) / float(fund[1]) if fund and float(fund[1]) else 0.0


def _fotoverhaeltnis(foto: bytes) -> float:
    from PIL import Image

    with Image.open(io.BytesIO(foto)) as bild:
        return bild.height / bild.width


def _setzt(teil: Teil) -> bool:
    """Ob ein Gegenstand im PDF etwas setzt."""
    if isinstance(teil, Luecken | Begriffe | Steckbriefe):
        return bool(teil.eintraege)
    return isinstance(teil, Abbildung | Tabelle | Eckwerte | Fehlt)


@dataclass
class Prosaschreiber:
    """Schreibt Knoten; ``bilder`` ist der Ordner der Bilder ab der Projektwurzel, mit ``/`` davor."""

    m: Manuskript
    bilder: str
    ebene: int = 1
    dateien: set[str] = field(default_factory=set)
    noten: list[str] = field(default_factory=list)
    """Fußnoten, die noch zu keinem Stück gehören."""

    def inlines(self, liste: Sequence[Knoten]) -> str:
        """Knoten im Satz; nach jedem Aufruf steht ein Strichpunkt, damit nichts daran hängen bleibt."""
        return "".join(self._inline(k) for k in liste)

    def _inline(self, k: Knoten) -> str:
        art, c = k["t"], inhalt(k)
        if art == "Str":
            return maskiere(c)
        if art in {"Space", "SoftBreak"}:
            return " "
        if art in _FUNKTIONEN:
            return f"#{_FUNKTIONEN[art]}[{self.inlines(c)}];"
        if art == "Verweis":
            return ", ".join(self.verweis(marke, nur) for marke, nur in c)
        if art == "Link":
            return self._link(c[2][0], self.inlines(c[1]))
        if art == "Note":
            self.noten.append(note := self.bloecke(c))
            return f"#footnote[{note}];"
        if art == "Code":
            return f"#raw({zeichenkette(c[1])});"
        if art == "Span":  # was nur vorgelesen wird, stünde gedruckt doppelt da
            anker = f"#metadata(none)<{c[0][0]}>" if c[0][0].startswith("lit-") else ""
            return "" if "bw-vorlesen" in c[0][1] else anker + self.inlines(c[1])
        if art == "Bildchen":
            return f"#box({self.bild(c[0], c[1])});"
        return "#linebreak();" if art == "LineBreak" else ""

    def verweis(self, marke: str, nur_nummer: bool = False) -> str:
        """„Abbildung 3“ als Link im Dokument."""
        ziel = self.m.marken[marke]
        text = ziel.nummer if nur_nummer and ziel.nummer else ziel.name
        return f"#link(<{marke}>)[{maskiere(text)}];"

    def _link(self, ziel: str, inhalt: str) -> str:
        """Nach außen oder im Dokument; Verweise auf Seiten der Website führten im PDF ins Leere."""
        if ziel.startswith("#") and ziel[1:] in self.m.marken:
            return f"#link(<{ziel[1:]}>)[{inhalt}];"
        return f"#link({zeichenkette(ziel)})[{inhalt}];" if _NACH_AUSSEN.match(ziel) else inhalt

    def bild(self, quelle: str, alt: str) -> str:
        """Ein Bild aus dem Ordner des Berichts."""
        if self.m.datei(quelle) is not None:
            return f"image({zeichenkette(unquote(quelle))}, alt: {zeichenkette(alt)})"
        self.dateien.add(self.bilder + quelle)
        return f"image({zeichenkette(self.bilder + quelle)}, alt: {zeichenkette(alt)})"

    # --- Blöcke --------------------------------------------------------------------------------------

    def bloecke(self, liste: Sequence[Knoten]) -> str:
        """Blöcke, durch Leerzeilen getrennt."""
        return "\n\n".join(t for t in (self.block(k) for k in liste) if t)

    def block(self, k: Knoten) -> str:
        """Ein Block."""
        schreibe = getattr(self, f"_{k['t'].lower()}", None)
        return str(schreibe(k.get("c"))) if schreibe is not None else ""

    def _para(self, c: Any) -> str:
        return self.inlines(c)

    _plain = _para

    def _frage(self, c: Any) -> str:
        return f"#bw-frage({self.ebene + 1})[{self.inlines(c)}]"

    def _kopf(self, c: Any) -> str:
        return f"#bw-frage({c[0] - self.m.oberste + 1})[{self.inlines(c[3])}]"

    def _bulletlist(self, c: Any) -> str:
        return f"#list(tight: {_eng(c)}, {self._punkte(c)})"

    def _orderedlist(self, c: Any) -> str:
        (beginn, art, _), punkte = c
        weise = f', numbering: "{_ZAEHLWEISE[art["t"]]}"' if art["t"] in _ZAEHLWEISE else ""
        return f"#enum(tight: {_eng(punkte)}, start: {beginn}{weise}, {self._punkte(punkte)})"

    def _punkte(self, punkte: Sequence[Sequence[Knoten]]) -> str:
        return ", ".join(f"[{self.bloecke(p)}]" for p in punkte)

    def _definitionlist(self, c: Any) -> str:
        paare = [
            f"terms.item([{self.inlines(begriff)}], [{self.bloecke([k for t in texte for k in t])}])"
            for begriff, texte in c
        ]
        return f"#terms({', '.join(paare)})"

    def _blockquote(self, c: Any) -> str:
        return f"#quote(block: true)[{self.bloecke(c)}]"

    def _lineblock(self, c: Any) -> str:
        return "#linebreak();".join(self.inlines(z) for z in c)

    def _codeblock(self, c: Any) -> str:
        text = c[1].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'#raw(block: true, "{text}")'

    def _horizontalrule(self, _: Any) -> str:
        return "#line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)"

    def _div(self, c: Any) -> str:
        return self.bloecke(c[1])

    def _nur(self, c: Any) -> str:
        return self.bloecke(c[2]) if sichtbar(c, "typst") else ""

    def _kasten(self, c: Any) -> str:
        return f'#callout(title: [{self.inlines(c[1])}], art: "{c[0]}", body: [{self.bloecke(c[2])}])'

    def _bild(self, c: Any) -> str:
        marke, quelle, alt, text = c
        return figur(marke, f"#box({self.bild(quelle, alt)})", self.inlines(text))

    def _tafel(self, c: Any) -> str:
        marke, text, inhalt = c
        tabelle = self.prosatafel(inhalt).text
        return figur(marke, tabelle, self.inlines(text)) if marke else _absaetze(self.inlines(text), tabelle)

    def prosatafel(self, t: Prosatafel) -> tafel.Satztafel:
        """Eine Tabelle aus einem Text."""
        zeilen = [
            [
                tafel.Zeile(
                    "",
                    tuple(tafel.Fach(f.text, self.bloecke(f.bloecke), f.spalten, f.zeilen) for f in zeile),
                )
                for zeile in teil
            ]
            for teil in (t.kopf, t.rumpf)
        ]
        return tafel.setze(*zeilen)


def figur(marke: str, inhalt: str, unterschrift: str) -> str:
    """``#figure`` mit den Arten, die auch Quarto vergibt; die Vorlage bestimmt Ort und Aussehen."""
    art = marke[:3]
    lage, name = ("bottom", "Abbildung") if art == "fig" else ("top", "Tabelle")
    return (
        f"#figure([\n{inhalt}\n], caption: figure.caption(position: {lage}, [{unterschrift}]), "
        f'kind: "quarto-float-{art}", supplement: "{name}", numbering: "1") <{marke}>'
    )


def _eng(punkte: Sequence[Sequence[Knoten]]) -> str:
    return str(all(p and p[0]["t"] == "Plain" for p in punkte)).lower()
