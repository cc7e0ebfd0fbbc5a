"""Ein Manuskript als Typst, in Kapitel zerlegt, mit dem, was der Umbruch wissen muss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
from berichtswerk.satz.manuskript import Manuskript, Prosa, Teil, alle_knoten
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.schreiber.typst import tafel
from berichtswerk.schreiber.typst.prosa import Prosaschreiber, figur, sichtbar
from berichtswerk.schreiber.typst.zeichen import maskiere, zeichenkette
from berichtswerk.tabelle.tabelle import BEISPIELSATZ

_MASSE = re.compile(rb'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Figur:
    """Was der Umbruch von einer Abbildung oder Tabelle weiß.

    ``verhaeltnis`` ist die Höhe ihres Bildes als Vielfaches der Breite, ``zeilen`` zählt Tabellenzeilen.
    """

    marke: str
    verhaeltnis: float = 0.0
    zeilen: int = 0


@dataclass(slots=True)
class Kapitel:
    """Ein Stück, das auf einer neuen Seite beginnt.

    ``herkunft`` nennt zu Zeilennummern (ab 1), woraus ab dort gesetzt ist: Datei und Ort für Meldungen.
    ``geruest`` ist alles darin, was Nummern trägt; ``noten`` die Zahl der Fußnoten.
    """

    teile: list[str] = field(default_factory=list)
    figuren: list[Figur] = field(default_factory=list)
    herkunft: list[tuple[int, str, str]] = field(default_factory=list)
    geruest: list[str] = field(default_factory=list)
    noten: int = 0

    @property
    def text(self) -> str:
        """Der Typst-Text."""
        return "\n\n".join(self.teile) + "\n"

    def dazu(self, text: str, datei: str, ort: str) -> None:
        """Hängt Text an und merkt, woher er kommt."""
        if text:
            zeile = sum(t.count("\n") + 2 for t in self.teile) + 1
            self.herkunft.append((zeile, datei, ort))
            self.teile.append(text)

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
    bilder: Mapping[str, bytes]
    dateien: tuple[str, ...]


def schreibe(m: Manuskript, projekt: Projekt, beilagen: Mapping[str, bytes]) -> Druckfassung:
    """Die Druckfassung; ``beilagen`` enthalten die Bilder ``abb/<label>.svg``."""
    bilder = {name: inhalt for name, inhalt in beilagen.items() if name.endswith(".svg")}
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
    if k.beispiel:
        teile.append("beispiel: true")
    return "#show: bericht.with(\n  " + ",\n  ".join(teile) + ",\n)"


class Rumpf:
    """Ein Gang durch das Manuskript; ``prosa.ebene`` ist die der letzten Überschrift."""

    def __init__(self, m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> None:
        self.m, self.bilder, self.projekt = m, bilder, projekt
        ordner = "/" + m.ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix().strip("./")
        self.prosa = Prosaschreiber(m, ordner.rstrip("/") + "/")
        self.kapitel = [Kapitel()]

    def schreibe(self) -> list[Kapitel]:
        """Alle Teile, in Kapitel zerlegt."""
        teile = _ohne_leere_abschnitte(self.m)
        for teil in teile:
            if isinstance(teil, Prosa):
                self._bloecke(teil.bloecke, teil)
            elif isinstance(teil, Ueberschrift):
                self._kopf(teil.ebene, teil.marke, maskiere(teil.text), teil, neue_seite=teil.neue_seite)
            else:
                self._dazu(self.gegenstand(teil), teil)
        return self.kapitel

    def _dazu(self, text: str, teil: Teil) -> None:
        if isinstance(teil, Prosa):
            self.kapitel[-1].dazu(text, teil.quelle.datei, teil.quelle.ort)
        else:
            self.kapitel[-1].dazu(text, "", getattr(teil, "label", ""))

    def _bloecke(self, bloecke: Sequence[Knoten], teil: Prosa) -> None:
        for k in bloecke:
            c = inhalt(k)
            if k["t"] == "Kopf":
                neu = "bw-neue-seite" in c[2]
                self._kopf(c[0], c[1], self.prosa.inlines(c[3]), teil, neue_seite=neu)
            elif k["t"] == "Nur":
                if sichtbar(c):
                    self._bloecke(c[2], teil)
            else:
                text = self.prosa.block(k)
                self.kapitel[-1].noten += sum(1 for n in alle_knoten(k) if n["t"] == "Note")
                if k["t"] in {"Bild", "Tafel"} and c[0]:
                    text = self._prosafigur(k["t"], c, text)
                self._dazu(text, teil)

    def _prosafigur(self, art: str, c: Sequence[object], text: str) -> str:
        """Eine Abbildung oder Tabelle aus einem Text, im selben Rahmen wie die der Notizbücher."""
        marke = str(c[0])
        if art == "Bild":
            pfad = self.m.ordner / str(c[1])
            svg = pfad.read_bytes() if pfad.is_file() else b""
            self.kapitel[-1].figuren.append(Figur(marke, _verhaeltnis(svg)))
        else:
            self.kapitel[-1].figuren.append(Figur(marke, zeilen=len(c[2].rumpf)))  # type: ignore[attr-defined]
        self.kapitel[-1].geruest.append(f"<{marke}>")
        return f'#bw-figur(marke: "{marke}")[\n{text}\n]'

    def _kopf(self, ebene: int, marke: str, inhalt: str, teil: Teil, *, neue_seite: bool) -> None:
        stufe = ebene - self.m.oberste + 1
        if stufe == 1 or neue_seite:
            self.kapitel.append(Kapitel())
        if neue_seite and stufe > 1:
            self._dazu("#place.flush()\n#pagebreak(weak: true)", teil)
        zaehlung = "" if self.m.nummer(marke) else ", numbering: none"
        text = f"#heading(level: {stufe}{zaehlung})[{inhalt}] <{marke}>"
        self.kapitel[-1].geruest.append(text)
        self.prosa.ebene = stufe
        self._dazu(text, teil)

    def gegenstand(self, g: Teil) -> str:
        """Ein Gegenstand, der kein Text und keine Überschrift ist; leer, was nicht gedruckt wird."""
        if isinstance(g, Abbildung):
            return self._abbildung(g)
        if isinstance(g, Tabelle):
            self.kapitel[-1].figuren.append(Figur(g.label, zeilen=len(g.tabelle.zeilen)))
            return self._figur(g, tafel.tabelle(g.tabelle))
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
        name = f"abb/{g.label}.svg"
        self.kapitel[-1].figuren.append(Figur(g.label, _verhaeltnis(self.bilder.get(name, b""))))
        return self._figur(g, f"#box(image({zeichenkette(name)}, alt: {zeichenkette(g.alt)}))")

    def _figur(self, g: Abbildung | Tabelle, inhalt: str) -> str:
        self.kapitel[-1].geruest.append(f"<{g.label}>")
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


def _ohne_leere_abschnitte(m: Manuskript) -> list[Teil]:
    """Ungezählte Überschriften, unter denen im PDF nichts steht, fallen weg (etwa über Verzeichnissen)."""
    flach: list[tuple[Teil, int | None]] = []
    for teil in m.teile:
        flach += _zerlegt(teil)
    bleibt = []
    for i, (teil, ebene) in enumerate(flach):
        if ebene is not None and _ungezaehlt(teil, m) and _leer_darunter(flach[i + 1 :], ebene):
            continue
        bleibt.append(teil)
    return bleibt


def _zerlegt(teil: Teil) -> list[tuple[Teil, int | None]]:
    """Ein Teil je Überschrift und dazwischen; die Ebene einer Überschrift, sonst ``None``."""
    if isinstance(teil, Ueberschrift):
        return [(teil, teil.ebene)]
    if not isinstance(teil, Prosa):
        return [(teil, None)] if _setzt(teil) else []
    stuecke: list[tuple[Teil, int | None]] = []
    rest: list[Knoten] = []
    for k in teil.bloecke:
        if k["t"] == "Nur" and not sichtbar(k["c"]):
            continue
        if k["t"] == "Kopf":
            if rest:
                stuecke.append((Prosa(tuple(rest), teil.quelle), None))
            stuecke.append((Prosa((k,), teil.quelle), k["c"][0]))
            rest = []
        else:
            rest.append(k)
    return [*stuecke, *([(Prosa(tuple(rest), teil.quelle), None)] if rest else [])]


def _setzt(teil: Teil) -> bool:
    """Ob ein Gegenstand im PDF etwas setzt."""
    if isinstance(teil, Luecken | Begriffe | Steckbriefe):
        return bool(teil.eintraege)
    return isinstance(teil, Abbildung | Tabelle | Eckwerte | Fehlt)


def _ungezaehlt(teil: Teil, m: Manuskript) -> bool:
    if isinstance(teil, Prosa):
        return not m.nummer(teil.bloecke[0]["c"][1])
    return isinstance(teil, Ueberschrift) and not m.nummer(teil.marke)


def _leer_darunter(folgende: Sequence[tuple[Teil, int | None]], ebene: int) -> bool:
    return not folgende or (folgende[0][1] is not None and folgende[0][1] <= ebene)
