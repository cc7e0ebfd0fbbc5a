"""Ein Manuskript als Typst, in Kapitel zerlegt, in Stücke, die der Umbruch beisammenlässt."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import Any, Literal
from urllib.parse import unquote

from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Eckwerte,
    Fehlt,
    Kopf,
    Luecken,
    Notizfeld,
    Ortsblatt,
    Quellen,
    Quellenangabe,
    Randnotiz,
    Steckbrief,
    Steckbriefe,
    Tabelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import GESCHUETZT, datum
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.manuskript import Manuskript, Teil, verzeichnisse
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosa, Prosatafel, sichtbar
from berichtswerk.satz.raster import Anmerkungen, Auftakt, Kurzbotschaften, Rand, Zeile
from berichtswerk.schreiber.typst import maskiere, ort, tafel, zeichenkette
from berichtswerk.tabelle.tabelle import BEISPIELSATZ
from berichtswerk.worte.belegzeilen import lizenzen_einmal

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
_BEISAMMEN = 4
"""So viele Anmerkungen zu einer Abbildung stehen in einem Stück; mehr gehen über beide Spalten."""
_VIELE = 6
"""Ab so vielen Reihen von Einträgen bleibt keine allein."""
_ZEICHEN = {"land": "#bw-quadrat ", "bund": "#bw-dreieck "}
_NACH_AUSSEN = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


_EINHEIT = re.compile(r" \((?:[^()]|\([^()]*\))*\)$")
"""Die Einheit am Ende einer Unterschrift; im Verzeichnis sagt sie nichts."""
_MASSE = re.compile(rb'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


Art = Literal["auftakt", "titel", "text", "abbildung", "tafel"]


@dataclass(frozen=True, slots=True)
class Stueck:
    """Was beim Umbruch beisammenbleibt: Absatz, Überschrift, Abbildung mit allem, was zu ihr gehört.

    ``kennung`` ist im Bericht eindeutig und bleibt, wenn sich anderes ändert: die Marke, sonst die der Stelle
    davor und eine Nummer. ``nummer`` zählt Überschriften, Abbildungen und Tabellen, ``verhaeltnis`` ist die
    Höhe des Bildes als Vielfaches der Breite. Eine Tabelle kann zwischen den Reihen von ``tafel``
    umbrechen; darunter steht ``fuss``. Was ``beginnt``, steht am Kopf einer Seite, oder es schließt mit
    schmalem Titel an (``anschluss``). ``rand`` steht neben dem Stück und wird für sich gemessen; ein
    ``breit`` gesetztes reicht über beide Spalten und hat den seinen darunter. ``davor`` gilt für die
    Überschrift, die folgt, und nimmt selbst keinen Platz ein. Text, der ``fliesst``, kann an jeder Zeile
    umbrechen.
    """

    kennung: str
    art: Art
    text: str
    nummer: str = ""
    verhaeltnis: float = 0.0
    tafel: tafel.Satztafel | None = None
    noten: tuple[str, ...] = ()
    beginnt: bool = False
    anschluss: bool = False
    davor: str = ""
    fuss: str = ""
    rand: tuple[str, ...] = ()
    breit: bool = False
    fliesst: bool = False

    def setze(self, angaben: str = "") -> str:
        """Der Typst-Text; Absätze bleiben darin Absätze. ``angaben`` gehen mit an ``bw-stueck``."""
        return f'#bw-stueck("{self.kennung}"{angaben})[\n\n{_absaetze(self.davor, self.text)}\n\n]\n\n'


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
        return "".join(s.setze() for s in self.stuecke)

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
    ``platz`` unterscheidet mehrere Fassungen desselben Berichts.
    """

    vorlage: str
    kopf: str
    kapitel: tuple[Kapitel, ...]
    bilder: dict[str, bytes]
    dateien: tuple[str, ...]
    platz: str = ""


def schreibe(m: Manuskript, projekt: Projekt, beilagen: Mapping[str, bytes]) -> Druckfassung:
    """Die Druckfassung; ``beilagen`` enthalten die Bilder ``abb/<label>.svg``."""
    bilder = {name: inhalt for name, inhalt in beilagen.items() if name.endswith(".svg")}
    bilder |= {f"{m.kopf.stamm}/{n}": b for n, b in m.dateien.items() if n.startswith("bilder/")}
    rumpf = Rumpf(m, projekt, bilder)
    kapitel = tuple(rumpf.schreibe())
    dateien = tuple(sorted(rumpf.prosa.dateien))
    return Druckfassung(vorlage(projekt), kopf(m.kopf, m.zeichen), kapitel, bilder, dateien)


def vorlage(projekt: Projekt) -> str:
    """Die Bausteine aus ``layout/typst``: dieselben, die Quarto über ``template-partials`` bekommt."""
    ordner = projekt.layout / "typst"
    text = (ordner / "typst-template.typ").read_text(encoding="utf-8")
    marke = (ordner / "marke.typ").read_text(encoding="utf-8")
    return text.replace("$marke.typ()$", marke).replace("$$", "$")


def kopf(k: Kopf, zeichen: Sequence[str] = (), bilder: str = "abb") -> str:
    """Der Aufruf von ``bericht`` mit den Angaben von Titelblatt, Inhalt und Impressum; Leeres fehlt.

    ``bilder`` ist der Ordner mit dem Titelbild.
    """
    angaben = {
        "titel": _name_beisammen(k.titel),
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
    teile += [f"fach: {zeichenkette(k.bericht)}"] * bool(k.bericht)
    teile += ["inhalt: false"] * (not k.inhalt) + ["titelblatt: false"] * (not k.titelblatt)
    teile += ["eng: true"] * k.eng
    teile += [f"zeichen: {_reihe([_zeichen(z) for z in zeichen])}"] * bool(zeichen)
    teile += [f"einzeln: {_reihe([f'[{maskiere(t)}]' for t in k.einzeln])}"] * bool(k.einzeln)
    if k.titelbild:
        teile += [
            f"bildtext: [Titelbild: {maskiere(k.titelbild)}]",
            f"titelbild: image({zeichenkette(f'{bilder}/titel.svg')})",
        ]
    return "#show: bericht.with(\n  " + ",\n  ".join(teile) + ",\n)"


def _name_beisammen(titel: str) -> str:
    """„Sozialbericht 2024 – Land Brandenburg“ bricht nach dem Strich um, nicht im Namen des Gebiets."""
    davor, strich, name = titel.rpartition(" – ")
    return f"{davor}{strich}{name.replace(' ', GESCHUETZT)}" if strich else titel


class Rumpf:
    """Ein Gang durch das Manuskript; ``prosa.ebene`` ist die der letzten Überschrift.

    ``bilder`` sind die Zeichnungen unter ``abb/<label>.svg``; gesetzt liegen sie im Ordner ``wo``.
    """

    def __init__(self, m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes], wo: str = "abb") -> None:
        self.m, self.bilder, self.projekt, self.wo = m, bilder, projekt, wo
        ordner = "/" + m.ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix().strip("./")
        thema = Thema(Marke.lade(projekt))
        self.prosa = Prosaschreiber(m, ordner.rstrip("/") + "/", thema, orte=_orte(m))
        self.kapitel = [Kapitel()]
        self._wartend: list[tuple[int, Callable[[], None]]] = []
        self._letzte, self._seitdem = "anfang", 0
        self._auftakte: dict[str, str] = {}
        self._fuer_sich = False

    def schreibe(self) -> list[Kapitel]:
        """Alle Teile, in Kapitel zerlegt; ungezählte Überschriften, unter denen nichts steht, fallen weg."""
        for teil in self.m.teile:
            self._teil(teil)
        return [k for k in self.kapitel if k.stuecke]

    def _teil(self, teil: Teil) -> None:
        if isinstance(teil, Prosa):
            self._bloecke(teil.bloecke, teil)
        elif isinstance(teil, Ueberschrift):
            self._kopf(teil.ebene, teil.marke, maskiere(teil.text), teil, neue_seite=teil.neue_seite)
        elif isinstance(teil, Auftakt):
            self._auftakte[teil.marke] = self.auftakt(teil)
            self._teil(teil.kopf)
        elif isinstance(teil, Zeile):
            self._setze_wartende()
            self._fuer_sich |= any(
                isinstance(t, Eckwerte | Kurzbotschaften) for t in (*teil.haupt, *teil.rand)
            )
            self._zeile(teil)
        elif self._setzt(teil):
            self._setze_wartende()
            self._gegenstandsstueck(teil)

    def auftakt(self, a: Auftakt) -> str:
        """Was vor der Überschrift eines Kapitels steht: Kernbotschaft und Zahlen für ihr Farbfeld."""
        zahlen = _reihe([f"([{maskiere(z.zahl)}], [{maskiere(z.text)}])" for z in a.zahlen])
        return f'#bw-auftakt("{a.marke}", [{self.prosa.inlines(a.botschaft)}], {zahlen})'

    def _zeile(self, z: Zeile) -> None:
        """Eine Zeile des Rasters als ein Stück; seine Kennung ist die der Zeile."""
        rand = tuple(self.rand(z))
        if z.haupt and isinstance(g := z.haupt[0], Abbildung | Tabelle):
            satz = None
            if isinstance(g, Tabelle):
                satz = self._satztafel(g, breit=z.breit)
                if satz.knapp and not z.breit and not rand:  # am Rand steht nichts
                    z, satz = replace(z, breit=True), self._satztafel(g, breit=True)
            breit = z.breit
            auf, zu = self.figurzeile(z, self.befund(g))
            text = f"{auf}\n\n{self.figur(g, satz)}\n\n{zu}"
            if satz is not None:
                unten = self._quelle(z, beispiel=g.beleg.beispiel)
                fuss = f"#bw-nebeneinander(true, {_reihe(rand)}, [{unten}])" if breit else unten
                self._dazu("tafel", g.label, text, g, tafel=satz, fuss=fuss, rand=rand, breit=breit)
            else:
                verhaeltnis = _verhaeltnis(self.bilder.get(f"abb/{g.label}.svg", b""))
                self._dazu("abbildung", g.label, text, g, verhaeltnis=verhaeltnis, rand=rand, breit=breit)
            return
        innen = Rumpf(self.m, self.projekt, self.bilder, self.wo)
        innen.prosa.ebene, innen.prosa.kapitel = self.prosa.ebene, self.prosa.kapitel
        for teil in z.haupt:
            innen._teil(teil)
        haupt = "\n\n".join(s.text for k in innen.kapitel for s in k.stuecke)
        if unten := self.fuss(z):
            haupt += f"\n\n{unten}"
        self.prosa.dateien |= innen.prosa.dateien
        self.prosa.noten += [n for k in innen.kapitel for s in k.stuecke for n in s.noten]
        quelle = next((t for t in z.haupt if isinstance(t, Prosa)), None)
        self._dazu(
            "text", z.kennung, f"{self.zeile_auf(z)}\n{haupt}\n]", quelle or z, rand=rand, breit=z.breit
        )

    def befund(self, g: Abbildung | Tabelle) -> str:
        """Nummer, Befund und die Sätze darunter, über der Figur; leer, wenn sie keinen Befund hat."""
        if not g.befund:
            return ""
        nummer = maskiere(self.m.marken[g.label].name)
        titel = f"#bw-befund({self.prosa.ebene + 1}, [{nummer}])[{maskiere(g.befund)}]"
        weiter = g.weiter if isinstance(g, Abbildung) else ""
        return f"{titel}\n#bw-weiter[{maskiere(weiter)}]" if weiter else titel

    def figurzeile(self, z: Zeile, davor: str) -> tuple[str, str]:
        """Was eine Figur mit ihrem Rand umschließt: auf (mit Befund) und zu (mit Quelle)."""
        g = z.haupt[0]
        assert isinstance(g, Abbildung | Tabelle)
        angaben = [f'marke: "{g.label}"', *self._angaben(z), *(["befund: true"] if g.befund else [])]
        auf = f"#bw-figur({', '.join(angaben)})[\n{davor}"
        return auf, f"{self._quelle(z, beispiel=g.beleg.beispiel)}\n]"

    def fuss(self, z: Zeile) -> str:
        """Die Quellenzeile unter dem Kopf eines Ortes; leer, wo es keinen gibt."""
        o = z.haupt[0] if z.haupt else None
        return self._quelle(z, beispiel=o.beleg.beispiel) if isinstance(o, Ortsblatt) else ""

    def zeile_auf(self, z: Zeile) -> str:
        """Öffnet eine Zeile ohne Figur; geschlossen wird sie mit ``]``."""
        return f"#bw-zeile({', '.join(self._angaben(z))})["

    def _angaben(self, z: Zeile) -> list[str]:
        rand = self.rand(z)
        return [*(["breit: true"] if z.breit else []), *([f"rand: {_reihe(rand)}"] if rand else [])]

    def rand(self, z: Zeile) -> list[str]:
        """Was am Rand einer Zeile steht, je Eintrag ein Ausdruck in Typst."""
        eintraege = [self._am_rand(r) for r in z.rand]
        if z.quelle and any(isinstance(r, Eckwerte) for r in z.rand):
            beispiel = any(r.beleg.beispiel for r in z.rand if isinstance(r, Eckwerte))
            eintraege.append(self._quelle(z, beispiel=beispiel).removeprefix("#"))
        return eintraege

    def _am_rand(self, r: Rand) -> str:
        if isinstance(r, Eckwerte):
            return _eckwerte(r, "am-rand: true, ").removeprefix("#")
        if isinstance(r, Randnotiz):
            return f"bw-notiz([{maskiere(r.titel)}], [{maskiere(r.text)}])"
        return f"bw-randzahl([{maskiere(r.zahl)}], [{maskiere(r.text)}])"

    def _quelle(self, z: Zeile, *, beispiel: bool) -> str:
        """Die Quellenzeile; ihre Nummern führen zum Verzeichnis."""
        text = maskiere(z.quelle)
        if z.nummern:
            text = re.sub(r"\bQ(\d+)\b", r"#link(<quelle-\1>)[Q\1];", text)
            text = re.sub(r"\bR(\d+)\b", r"#link(<rechnung-\1>)[R\1];", text)
        teile = [f"#strong[{maskiere(BEISPIELSATZ[0])}]."] * beispiel + [text] * bool(text)
        return f"#bw-quelle[{' '.join(teile)}]" if teile else ""

    def _setzt(self, teil: Teil) -> bool:
        """Ob ein Gegenstand im PDF etwas setzt."""
        if isinstance(teil, Luecken | Begriffe | Steckbriefe | Quellen):
            return bool(teil.eintraege)
        if isinstance(teil, Verzeichnisse):
            return bool(verzeichnisse(self.m))
        return isinstance(teil, Eckwerte | Fehlt | Kurzbotschaften | Anmerkungen | Ortsblatt | Notizfeld)

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
        self._fuer_sich |= isinstance(g, Eckwerte)
        hinten = self._hinten(g)
        if not hinten:
            self._dazu("text", "", self.gegenstand(g), g)
        for titel, paare in hinten:
            self._dazu("titel", "", titel, g)  # ohne Titel nichts
            self._dazu("tafel", "", paare.text, g, tafel=paare, breit=True)

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
                elif k["t"] == "Tafel":
                    self._dazu("tafel", "", text, teil, tafel=self.prosa.prosatafel(c[2]))
                else:
                    # „Der Kreistag beschließt:“ steht nie am Fuß einer Seite, die Liste auf der nächsten
                    titel = k["t"] == "Frage" or text.rstrip().endswith(":")
                    self._dazu("titel" if titel else "text", "", text, teil, fliesst=not titel)

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
        self.prosa.kapitel += stufe == 1
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
        anschluss = stufe == 1 and not neue_seite and not self._fuer_sich
        self._fuer_sich = self._fuer_sich and stufe > 1
        self._dazu(
            art, marke, text, teil, davor=self._auftakte.pop(marke, ""), beginnt=stufe == 1 or neue_seite,
            anschluss=anschluss,
        )  # fmt: skip

    def gegenstand(self, g: Teil) -> str:
        """Ein Gegenstand, der kein Text, kein Kopf und keine Zeile ist; leer, was nicht gedruckt wird."""
        if isinstance(g, Eckwerte):
            alle = bool(g.eintraege) and all(e.beispiel for e in g.eintraege)
            return _eckwerte(g) + f"\n#bw-quelle[#strong[{maskiere(BEISPIELSATZ[0])}].]" * alle
        if isinstance(g, Kurzbotschaften):
            return self._kurzbotschaften(g)
        if isinstance(g, Fehlt):
            titel = "Dazu liegen keine Daten vor"
            return f'#callout(title: [{titel}], art: "note", body: [{maskiere(g.grund)}])'
        if isinstance(g, Luecken):
            return _luecken(g)
        if isinstance(g, Ortsblatt | Notizfeld):
            return ort.ortsblatt(g) if isinstance(g, Ortsblatt) else ort.notizfeld(g)
        return "\n\n".join(_absaetze(titel, paare.text) for titel, paare in self._hinten(g))

    def _hinten(self, g: Teil) -> list[tuple[str, tafel.Satztafel]]:
        """Was hinten in zwei Spalten steht: Titel (oder leer) und die Paare, zwischen denen es umbricht."""
        if isinstance(g, Begriffe):
            return _paare(
                "", [f"bw-begriff([{maskiere(e.name)}], [{maskiere(e.text)}])" for e in g.eintraege]
            )
        if isinstance(g, Steckbriefe):
            return _paare("", map(_steckbrief, g.eintraege), "bw-steckbriefe")
        if isinstance(g, Quellen):
            angaben, lizenzen = lizenzen_einmal(g.eintraege)
            heisst = "".join(f"\n#bw-lizenz[{maskiere(kurz)}][{maskiere(voll)}]" for kurz, voll in lizenzen)
            return _paare(self._hintertitel("Quellen") + heisst, map(_quellenangabe, angaben))
        if isinstance(g, Anmerkungen):
            stuecke = (
                (marken, alle[i : i + _BEISAMMEN])
                for marken, alle in g.eintraege for i in range(0, len(alle), _BEISAMMEN)
            )  # fmt: skip
            return _paare(self._hintertitel("Anmerkungen"), map(self._anmerkung, stuecke))
        if isinstance(g, Verzeichnisse):
            return [
                v
                for titel, eintraege in verzeichnisse(self.m)
                for v in _paare(
                    self._hintertitel(titel),
                    [
                        f'bw-eintrag("{k}", [{self.m.nummer(k)}], [{maskiere(_EINHEIT.sub("", t))}])'
                        for k, t in eintraege
                    ],
                )
            ]
        return []

    def _hintertitel(self, titel: str) -> str:
        return f"#bw-hintertitel({self.prosa.ebene + 1}, [{titel}])"

    def figur(self, g: Abbildung | Tabelle, satz: tafel.Satztafel | None) -> str:
        """``#figure`` mit Bild oder der gesetzten Tabelle; die Unterschrift ist ihre Unterzeile."""
        if satz is not None:
            inhalt = satz.text
        else:
            assert isinstance(g, Abbildung)
            inhalt = f"#box(image({zeichenkette(f'{self.wo}/{g.label}.svg')}, alt: {zeichenkette(g.alt)}))"
        return figur(g.label, inhalt, maskiere(g.unterschrift))

    def _satztafel(self, g: Tabelle, *, breit: bool) -> tafel.Satztafel:
        """Die Tabelle; was auf der Seite zur Wahl steht, steht auf Papier ganz da, Gebiete untereinander."""
        thema = self.prosa.thema
        return tafel.stapel(g.tabelle, thema) if g.wahl else tafel.tabelle(g.tabelle, thema, breit=breit)

    def _kurzbotschaften(self, g: Kurzbotschaften) -> str:
        eintraege = []
        for b in g.eintraege:
            satz, beleg = self.prosa.inlines(b.satz), self.prosa.bloecke(b.beleg)
            eintraege.append(f"(satz: [{satz}], beleg: [{beleg}])")
        return f"#bw-kurzbotschaften({', '.join(eintraege)})"

    def _anmerkung(self, eintrag: tuple[tuple[str, ...], tuple[Randnotiz, ...]]) -> str:
        marken, notizen = eintrag
        wo = "; ".join(self.prosa.verweis(m) for m in marken if m in self.m.marken) or "Text"
        saetze = " ".join(f"#emph[{maskiere(n.titel)}];: {maskiere(n.text)}" for n in notizen)
        return f"bw-anmerkung([{wo}], [{saetze}])"


def _orte(m: Manuskript) -> dict[str, int]:
    """Abbildungen und Tabellen der Notizbücher mit der Nummer ihres Kapitels, gezählt ab 1."""
    orte: dict[str, int] = {}
    kapitel = 0
    for teil in m.einzeln():
        if isinstance(teil, Ueberschrift):
            kapitel += teil.ebene == m.oberste
        elif isinstance(teil, Prosa):
            kapitel += sum(k["t"] == "Kopf" and k["c"][0] == m.oberste for k in teil.bloecke)
        elif isinstance(teil, Abbildung | Tabelle):
            orte[teil.label] = kapitel
    return orte


def _paare(titel: str, faecher: Iterable[str], wie: str = "bw-paare") -> list[tuple[str, tafel.Satztafel]]:
    """Zwei Einträge je Reihe; leer, wenn es keinen gibt. Von vielen steht keine Reihe allein."""
    reihen = tuple(f"  {a}," + (f" {b}," if b else "") for a, b in _zu_zweit(faecher))
    beisammen = 2 if len(reihen) >= _VIELE else 1
    tafeln = tafel.Satztafel(f"#block(width: bw-voll)[#{wie}(", "", reihen, beisammen)
    return [(titel, tafeln)] if reihen else []


def _zu_zweit(faecher: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Je zwei; dem letzten fehlt vielleicht das zweite."""
    alle = list(faecher)
    return zip_longest(alle[::2], alle[1::2], fillvalue="")


def _quellenangabe(a: Quellenangabe) -> str:
    marke = f"#text(weight: 600)[{maskiere(BEISPIELSATZ[0])}]. " if a.beispiel else ""
    lang = maskiere(". ".join(t for t in (a.lang or a.kurz, a.nennung) if t))
    return f'bw-quellenangabe([{a.nummer}], "{a.anker}", [{marke}{lang}])'


def _zeichen(erklaerung: str) -> str:
    """„. = keine Angabe“ als Paar."""
    zeichen, _, was = erklaerung.partition(" = ")
    return f"([{maskiere(zeichen)}], [{maskiere(was)}])"


def _reihe(eintraege: Sequence[str]) -> str:
    """Eine Liste in Typst, auch mit einem Eintrag oder keinem."""
    return f"({', '.join(eintraege)}{',' * bool(eintraege)})"


def _absaetze(*teile: str) -> str:
    return "\n\n".join(t for t in teile if t)


def _beispiel() -> str:
    return f"#text(weight: 600)[{maskiere(BEISPIELSATZ[0])}];{maskiere(BEISPIELSATZ[1])}"


def _eckwerte(e: Eckwerte, davor: str = "") -> str:
    alle = all(eintrag.beispiel for eintrag in e.eintraege)
    karten = []
    for eintrag in e.eintraege:
        wert, *rest = eintrag.angaben()
        gross, _, spanne = wert.partition(" (") if davor else (wert, "", "")
        stand = f"({spanne} {eintrag.stand}" if spanne else eintrag.stand
        angaben = [f"[{maskiere(a)}]" for a in rest]
        angaben += [f"[{_beispiel()}]"] if eintrag.beispiel and not alle else []
        werte = {v.ebene or "kreis": v.zahl for v in eintrag.vergleiche if v.zahl is not None}
        werte = {"kreis": eintrag.zahl or 0.0, **werte}
        achse = ", ".join(f"{n}: {w:.4f}" for n, w in werte.items()) if len(werte) > 1 else ""
        daneben = [
            f"[{_ZEICHEN.get(v.ebene, '')}{maskiere(v.name)} {maskiere(v.wert)}]" for v in eintrag.vergleiche
        ]
        karten.append(
            f"(begriff: [{maskiere(eintrag.name)}], wert: [{maskiere(gross)}], "
            f"stand: [{maskiere(stand)}], achse: {f'({achse})' if achse else 'none'}, "
            f"vergleiche: {_reihe(daneben)}, "
            f"angaben: {_reihe(angaben)})"
        )
    return f"#bw-eckwerte({davor}(\n  " + ",\n  ".join(karten) + ",\n))"


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


@dataclass
class Prosaschreiber:
    """Schreibt Knoten; ``bilder`` ist der Ordner der Bilder ab der Projektwurzel, mit ``/`` davor."""

    m: Manuskript
    bilder: str
    thema: Thema
    ebene: int = 1
    dateien: set[str] = field(default_factory=set)
    kapitel: int = 0
    orte: Mapping[str, int] = field(default_factory=dict)
    """In welchem Kapitel Abbildungen und Tabellen stehen."""
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
        """„Abbildung 3“ als Link im Dokument; aus einem anderen Kapitel mit der Seite."""
        ziel = self.m.marken[marke]
        text = maskiere(ziel.nummer if nur_nummer and ziel.nummer else ziel.name)
        if ziel.art in {"fig", "tbl"} and self.orte.get(marke, self.kapitel) != self.kapitel:
            text += f', S.~#bw-seitenzahl("{marke}")'
        return f"#link(<{marke}>)[{text}];"

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
        kopf, rumpf = (
            [
                tafel.Zeile(
                    "",
                    tuple(tafel.Fach(f.text, self.bloecke(f.bloecke), f.spalten, f.zeilen) for f in zeile),
                )
                for zeile in teil
            ]
            for teil in (t.kopf, t.rumpf)
        )
        return tafel.setze(kopf, rumpf, self.thema)


def figur(marke: str, inhalt: str, unterschrift: str) -> str:
    """``#figure`` mit den Arten, die auch Quarto vergibt; die Vorlage bestimmt Ort und Aussehen."""
    art = marke[:3]
    name = "Abbildung" if art == "fig" else "Tabelle"
    return (
        f"#figure([\n{inhalt}\n], caption: figure.caption(position: top, [{unterschrift}]), "
        f'kind: "quarto-float-{art}", supplement: "{name}", numbering: "1") <{marke}>'
    )


def _eng(punkte: Sequence[Sequence[Knoten]]) -> str:
    return str(all(p and p[0]["t"] == "Plain" for p in punkte)).lower()
