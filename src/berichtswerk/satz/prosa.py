"""Was Menschen in Markdown schreiben, geprüft und für alle Schreiber aufbereitet.

Aus dem Baum von pandoc entsteht derselbe Baum mit deutschen Zeichen und eigenen Knoten für das, was hier
anders gesetzt wird als dort:

- ``Kasten`` [Art, Titel, Blöcke] · ``Nur`` [Formate, ob ausgeschlossen, Blöcke]
- ``Bild`` [Marke, Datei, Alternativtext, Unterschrift] · ``Tafel`` [Marke, Unterschrift, :class:`Prosatafel`]
- ``Frage`` [Text]: ein Absatz, der nur aus Fettem besteht, ist eine Zwischenüberschrift
- ``Verweis`` [[Marke, nur Nummer], …] · ``Kopf`` [Ebene, Kennung, Klassen, Text] statt ``Header``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from berichtswerk.gegenstand.gegenstaende import Fliesstext
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.fremdes import adresse_verboten
from berichtswerk.satz.pandoc import ZU_TIEF, Knoten, inhalt

KAESTEN = {
    "note": "Hinweis",
    "tip": "Tipp",
    "important": "Wichtig",
    "caution": "Vorsicht",
    "warning": "Warnung",
}
Melder = Callable[[str, str], None]
"""Nimmt Kennung und Wortlaut eines Befundes."""

FORMATE = frozenset({"html", "pdf", "typst"})
"""Die Formate, in denen ein Bericht erscheint; was nur in einem anderen stünde, stünde nirgends."""
_RAHMEN = frozenset({"content-visible", "content-hidden", "unnumbered", "lead"})
_SCHEMA = re.compile(r"([A-Za-z][\w+.-]*):")
_AUSDRUCK = re.compile(r"\{\w+\}\s")
_PUNKT = re.compile(
    r"(?:[-+*]|1[.)](?!\s*(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)))"
    r" +\S"
)
_KOPFZEILE = re.compile(r"#{1,6} +\S")
_NOTENREST = re.compile(r"\[\^([^\]]+)\]")
_EINZELNE = re.compile(r"(?<!\{)\{(?!\{)")
_ZEICHENPAAR = re.compile(r"(?<!\w)__(?=[^\W_])|(?<=[^\W\d_])\^\d")
_WARNUNGEN = {
    "UnclosedDiv": "in einer Liste oder einem Zitat wird nicht geschlossen",
    "UnportableDiv": "endet anders, als es beginnt",
    "MacroAlreadyDefined": "ist zweimal festgelegt",
    "DuplicateLinkReference": "steht als Linkziel zweimal da",
    "DuplicateNoteReference": "steht als Fußnote zweimal da",
}
"""Was pandoc auf Englisch anmerkt; davor steht, worum es geht."""
TIEFE = 30
"""So viele Zitate, Listen, Kästen und Auszeichnungen dürfen ineinander stehen."""
WOERTLICH = frozenset(
    {"satz-fussnote-fehlt", "satz-linkziel-fehlt", "satz-klammer-woertlich", "satz-zeichen-woertlich"}
    | {"satz-tabelle-form", "satz-liste", "satz-leerzeile", "satz-pandoc-warnung", "satz-tabelle-kopf"}
)
"""Befunde am gelesenen Text; stimmt schon die Form der Datei nicht, sind sie meist nur deren Folge."""


@dataclass(frozen=True, slots=True)
class Fach:
    """Eine Zelle einer Tabelle aus einem Text; ``text`` ist ihr Wortlaut ohne Auszeichnung."""

    bloecke: list[Knoten]
    text: str
    spalten: int = 1
    zeilen: int = 1
    rechts: bool = False


@dataclass(frozen=True, slots=True)
class Prosatafel:
    """Kopf- und Rumpfzeilen einer Tabelle aus einem Text."""

    kopf: tuple[tuple[Fach, ...], ...]
    rumpf: tuple[tuple[Fach, ...], ...]


@dataclass(frozen=True, slots=True)
class Prosa:
    """Ein Text als Knoten dieses Moduls und sein Markdown samt Eingebundenem.

    ``art`` ist leer oder sagt, was der Text ist: eine Überschrift oder ein Rahmen aus ``satz.raster.RAHMEN``.
    """

    bloecke: tuple[Knoten, ...]
    quelle: Fliesstext
    art: str = ""


def klartext(knoten: Iterable[Knoten]) -> str:
    """Der Wortlaut ohne Auszeichnung; Fußnoten zählen nicht."""
    return "".join(_klar(k) for k in knoten)


def _klar(k: Knoten) -> str:
    art, c = k["t"], inhalt(k)
    if art == "Str":
        return str(c)
    if art in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if art in {"Code", "Math", "RawInline"}:
        return str(c[1])
    if art in {"Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"}:
        return klartext(c)
    if art in {"Span", "Link", "Image", "Quoted", "Cite"}:
        return klartext(c[1])
    return klartext(c) if art in {"Plain", "Para", "Frage"} else ""


def _erstes_wort(liste: Sequence[Knoten]) -> str:
    """Womit der Inhalt beginnt, ohne Rekursion: so tief reichte sie vielleicht nicht."""
    stapel: list[Any] = [list(liste)]
    while stapel:
        teil = stapel.pop()
        if isinstance(teil, dict) and teil.get("t") == "Str":
            return str(teil["c"])
        if isinstance(teil, dict | list):
            stapel += reversed([*teil.values()] if isinstance(teil, dict) else teil)
    return ""


def ist_nachweis(k: Knoten) -> bool:
    """Ob ein Absatz oder ein Stück davon nur sagt, von wem ein Foto ist."""
    c = inhalt(k)
    if k["t"] in {"Para", "Plain"}:
        return len(c) == 1 and ist_nachweis(c[0])
    return k["t"] == "Span" and "bw-bildnachweis" in c[0][1]


def alle_knoten(knoten: object) -> Iterator[Knoten]:
    """Alle Knoten unter einem Knoten oder einer Liste, in Reihenfolge."""
    if isinstance(knoten, dict):
        yield knoten
        yield from alle_knoten(knoten.get("c"))
    elif isinstance(knoten, list | tuple):
        for teil in knoten:
            yield from alle_knoten(teil)
    elif isinstance(knoten, Prosatafel):
        for zeile in (*knoten.kopf, *knoten.rumpf):
            for fach in zeile:
                yield from alle_knoten(fach.bloecke)


def sichtbar(nur: Sequence[Any], format_: str) -> bool:
    """Ob der Inhalt eines Knotens ``Nur`` in diesem Format steht."""
    return bool((nur[0] in {format_, ""}) != nur[1])


class Leser:
    """Ein Gang durch einen Text; Befunde gehen an ``melde``."""

    def __init__(self, melde: Melder) -> None:
        self.melde = melde
        self._tiefe = 0

    def _innen(self, lies: Callable[[Knoten], Iterator[Knoten]], liste: Sequence[Knoten]) -> list[Knoten]:
        """Eine Ebene weiter innen; zu viele werden gemeldet, denn kein Schreiber käme bis dorthin."""
        self._tiefe += 1
        try:
            if self._tiefe > TIEFE:
                self.melde("satz-tief", _erstes_wort(liste))
                return []
            return [neu for k in liste for neu in lies(k)]
        finally:
            self._tiefe -= 1

    # --- Blöcke --------------------------------------------------------------------------------------

    def bloecke(self, liste: Sequence[Knoten], *, oben: bool = False) -> list[Knoten]:
        """Alle Blöcke; ``oben``: sie stehen in keinem Rahmen."""
        return self._innen(partial(self._block, oben=oben), liste)

    def _block(self, k: Knoten, oben: bool) -> Iterator[Knoten]:
        art, c = k["t"], inhalt(k)
        if art == "Para" and oben and len(c) == 1 and c[0]["t"] == "Strong":
            yield {"t": "Frage", "c": self.inlines(c[0]["c"])}
        elif art in {"Para", "Plain"}:
            self._zeilen(c)
            yield {"t": art, "c": self.inlines(c)}
        elif art == "Header":
            yield {"t": "Kopf", "c": [c[0], c[1][0], c[1][1], self.inlines(c[2])]}
        elif art in {"BulletList", "BlockQuote", "OrderedList"}:
            yield {"t": art, "c": self._liste(art, c)}
        elif art == "DefinitionList":
            paare = [[self.inlines(name), [self.bloecke(t) for t in texte]] for name, texte in c]
            yield {"t": art, "c": paare}
        elif art == "LineBlock":
            yield {"t": art, "c": [self.inlines(zeile) for zeile in c]}
        elif art == "Div":
            yield from self._rahmen(c, oben)
        elif art == "Table":
            yield self._tafel(c[0][0], None, c)
        elif art == "Figure":
            yield from self._bild(c[0][0], c[2], self._unterschrift(c[1][1]))
        elif art == "CodeBlock":
            for klasse in c[0][1]:
                if klasse.startswith("{"):
                    self.melde("satz-code-im-text", klasse)
            yield k
        elif art == "RawBlock":
            self._roh(c)
        elif art == "HorizontalRule":
            yield k
        elif art == "Warnung" and c[0] == ZU_TIEF:
            self.melde("satz-tief", "")
        elif art == "Warnung" and c[0] != "NoteDefinedButNotUsed":
            genannt = re.search(r"'([^']+)'", c[1])
            was = _WARNUNGEN.get(c[0], "wird übergangen")
            self.melde("satz-pandoc-warnung", f"{genannt[1] if genannt else ':::'} {was}")

    def _zeilen(self, absatz: Sequence[Knoten]) -> None:
        """Zeilen eines Absatzes, die als Überschrift, Liste, Rahmen oder Tabelle gemeint waren."""
        zeilen: list[list[Knoten]] = [[]]
        for k in absatz:
            if k["t"] in {"SoftBreak", "LineBreak"}:
                zeilen.append([])
            else:
                zeilen[-1].append(k)
        texte = [klartext(z).strip() for z in zeilen]
        striche = [t for z, t in zip(zeilen, texte, strict=True) if {"t": "Str", "c": "|"} in z]
        if len(striche) > 1:
            self.melde("satz-tabelle-form", striche[0][:60])
        punkte = [t for t in texte[1:] if _PUNKT.match(t)]
        if len(punkte) > 1 or any(d.endswith(":") and _PUNKT.match(t) for d, t in pairwise(texte)):
            self.melde("satz-liste", punkte[0][:60])
        for text in texte:
            if _KOPFZEILE.match(text):
                self.melde("satz-leerzeile", text[:60])

    def _liste(self, art: str, c: Any) -> Any:
        if art == "BlockQuote":
            return self.bloecke(c)
        if art == "BulletList":
            return [self.bloecke(punkt) for punkt in c]
        return [c[0], [self.bloecke(punkt) for punkt in c[1]]]

    def _roh(self, c: Sequence[str]) -> None:
        """Kommentare aus Texten sind nie öffentlich; anderes Rohe gäbe es nur in einem Format."""
        if c[0] not in {"html", "html5"}:
            self.melde("satz-roh-fremd", c[1].strip().split("\n")[0][:40])
        elif not c[1].lstrip().startswith(("<!--", "</")):
            self.melde("satz-roh-html", re.sub(r"\s+", " ", c[1])[:40])

    def _rahmen(self, c: Any, oben: bool) -> Iterator[Knoten]:
        (marke, klassen, paare), inhalt = c
        werte = dict(paare)
        kasten = next((k[8:] for k in klassen if k.startswith("callout-") and k[8:] in KAESTEN), "")
        for k in klassen:
            if k not in _RAHMEN and not k.startswith("bw-") and k != f"callout-{kasten}":
                self.melde("satz-rahmen-unbekannt", k)
        for name in werte:
            if name.startswith("layout"):
                self.melde("satz-rahmen-unbekannt", name)
        if marke.startswith("fig-"):
            letzter = inhalt[-1]["c"] if len(inhalt) > 1 and inhalt[-1]["t"] in {"Para", "Plain"} else []
            yield from self._bild(marke, inhalt, letzter)
        elif marke.startswith("tbl-"):
            yield from self._tafelrahmen(marke, inhalt)
        elif kasten:
            yield self._kasten(kasten, werte.get("title"), inhalt)
        elif {"content-visible", "content-hidden"} & set(klassen):
            yield self._nur(klassen, werte, self.bloecke(inhalt, oben=oben))
        else:
            yield {"t": "Div", "c": [[marke, klassen, []], self.bloecke(inhalt)]}

    def _nur(self, klassen: Sequence[str], werte: dict[str, str], inhalt: list[Knoten]) -> Knoten:
        """Sichtbar nur in einem Format; „pdf“ und „typst“ sind dasselbe."""
        format_ = werte.get("when-format") or werte.get("unless-format") or ""
        for name, wert in werte.items():
            if name not in {"when-format", "unless-format"} or wert not in FORMATE:
                self.melde("satz-rahmen-format", f'{name}="{wert}"')
        if "content-hidden" in klassen and not werte:
            self.melde("satz-rahmen-format", "content-hidden")
        ausser = ("unless-format" in werte) != ("content-hidden" in klassen)
        return {"t": "Nur", "c": ["typst" if format_ == "pdf" else format_, ausser, inhalt]}

    def _kasten(self, art: str, titel: str | None, inhalt: Sequence[Knoten]) -> Knoten:
        """Titel ist das Attribut ``title``, sonst die erste Überschrift; sie zählt nicht als Kapitel."""
        if titel is not None:
            worte = [{"t": "Str", "c": titel}]
        elif inhalt and inhalt[0]["t"] == "Header":
            worte, inhalt = self.inlines(inhalt[0]["c"][2]), inhalt[1:]
        else:
            worte = [{"t": "Str", "c": KAESTEN[art]}]
        return {"t": "Kasten", "c": [art, worte, self.bloecke(inhalt)]}

    def _bild(self, marke: str, inhalt: Sequence[Knoten], unterschrift: Sequence[Knoten]) -> Iterator[Knoten]:
        bild = next((k for k in alle_knoten(inhalt) if k["t"] == "Image"), None)
        if bild is None:
            self.melde("satz-abbildung-leer", marke)
            return
        if not unterschrift:
            self.melde("satz-unterschrift-fehlt", marke)
        nachweise = [b for b in inhalt if ist_nachweis(b)]
        erwartet = (2 if unterschrift else 1) + len(nachweise)
        ganz = [k for k in inhalt if k["t"] in {"Para", "Plain"} and len(k["c"]) == 1 and k["c"][0] is bild]
        if marke and (not ganz or len(inhalt) > erwartet):
            self.melde("satz-rahmen-rest", marke)
        _, quelle, alt = self._bildangaben(bild)
        worte = self.inlines(unterschrift)
        for b in nachweise:
            punkt = "" if klartext(worte).rstrip().endswith((".", "!", "?", "“")) or not worte else "."
            worte = [*worte, {"t": "Str", "c": punkt}, {"t": "Space"}, *self.inlines(b["c"])]
        yield {"t": "Bild", "c": [marke, quelle, alt, worte]}

    def _bildangaben(self, bild: Knoten) -> tuple[Knoten, str, str]:
        (_, _, paare), text, (quelle, _) = bild["c"]
        werte = dict(paare)
        alt = werte.get("fig-alt") or werte.get("alt") or klartext(text)
        if not alt.strip():
            self.melde("satz-alt-fehlt", quelle)
        if _SCHEMA.match(quelle) or quelle.startswith("//"):
            self.melde("satz-bild-fremd", quelle)
        else:
            self.melde("bild", quelle)
        return bild, quelle, alt

    def _tafelrahmen(self, marke: str, inhalt: Sequence[Knoten]) -> Iterator[Knoten]:
        tabelle = next((b for b in inhalt if b["t"] == "Table"), None)
        if tabelle is None:
            self.melde("satz-tabelle-leer", marke)
            return
        letzter = inhalt[-1]
        text = letzter["c"] if letzter["t"] in {"Para", "Plain"} else None
        if len(inhalt) > (1 if text is None else 2) or (text and tabelle["c"][1][1]):
            self.melde("satz-rahmen-rest", marke)
        yield self._tafel(marke, text, tabelle["c"])

    def _tafel(self, marke: str, unterschrift: Sequence[Knoten] | None, c: Any) -> Knoten:
        text = self._unterschrift(c[1][1]) if unterschrift is None else unterschrift
        if marke and not text:
            self.melde("satz-unterschrift-fehlt", marke)
        lagen = [spalte[0]["t"] for spalte in c[2]]
        rumpf = [zeile for koerper in c[4] for zeile in (*koerper[2], *koerper[3])]
        if not any(klartext(b).strip() for zeile in c[3][1] for _, _, _, _, b in zeile[1]):
            erste = next((klartext(f[4]) for zeile in rumpf for f in zeile[1]), "")
            self.melde("satz-tabelle-kopf", erste.strip() or "sie ist leer")
        tafel = Prosatafel(
            tuple(self._zeile(z, lagen) for z in c[3][1]),
            tuple(self._zeile(z, lagen) for z in (*rumpf, *c[5][1])),
        )
        return {"t": "Tafel", "c": [marke if marke.startswith("tbl-") else "", self.inlines(text), tafel]}

    def _zeile(self, zeile: Any, lagen: Sequence[str]) -> tuple[Fach, ...]:
        faecher = []
        for i, (_, lage, zeilen, spalten, bloecke) in enumerate(zeile[1]):
            rechts = "AlignRight" in {lage["t"], lagen[i] if i < len(lagen) else ""}
            inhalt = self.bloecke(bloecke)
            faecher.append(Fach(inhalt, klartext(inhalt), spalten, zeilen, rechts))
        return tuple(faecher)

    def _unterschrift(self, bloecke: Sequence[Knoten]) -> list[Knoten]:
        return [k for b in bloecke if b["t"] in {"Para", "Plain"} for k in b["c"]]

    # --- Im Satz -------------------------------------------------------------------------------------

    def inlines(self, liste: Sequence[Knoten]) -> list[Knoten]:
        """Alles im Satz, mit festen Abständen und deutschen Anführungszeichen."""
        return mit_abstaenden(self._innen(self._inline, liste))

    def _inline(self, k: Knoten) -> Iterator[Knoten]:
        art, c = k["t"], inhalt(k)
        if art == "Str":
            self._wort(c)
            yield dict(k)
        elif art in {"Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"}:
            yield {"t": art, "c": self.inlines(c)}
        elif art == "Quoted":
            auf, zu = ("‚", "‘") if c[0]["t"] == "SingleQuote" else ("„", "“")
            yield from ({"t": "Str", "c": auf}, *self.inlines(c[1]), {"t": "Str", "c": zu})
        elif art == "Cite":
            ziele = [[z["citationId"], z["citationMode"]["t"] == "SuppressAuthor"] for z in c[0]]
            yield {"t": "Verweis", "c": ziele}
        elif art == "Note":
            yield {"t": art, "c": self.bloecke(c)}
        elif art == "Link":
            yield {"t": art, "c": [c[0], self.inlines(c[1]), [self._ziel(c[2][0]), c[2][1]]]}
        elif art == "Image":
            _, quelle, alt = self._bildangaben(k)
            yield {"t": "Bildchen", "c": [quelle, alt]}
        elif art == "Span":
            yield {"t": art, "c": [c[0], self.inlines(c[1])]}
        elif art == "Math":
            self.melde("satz-formel", c[1][:40])
        elif art == "RawInline":
            self._roh(c)
        elif art == "Code":
            if _AUSDRUCK.match(c[1]):
                self.melde("satz-code-im-text", c[1][:40])
            yield k
        else:
            yield k

    def _wort(self, text: str) -> None:
        """Zeichen, die etwas bewirken sollten und nun dastehen."""
        if "{{<" in text:
            self.melde("satz-kurzbefehl", text[:40])
        elif text.startswith("{{"):
            self.melde("satz-bindung-offen", text[:40])
        elif note := _NOTENREST.search(text):
            self.melde("satz-fussnote-fehlt", note[1])
        elif "][" in text:
            self.melde("satz-linkziel-fehlt", text[:40])
        elif _EINZELNE.search(text):
            self.melde("satz-klammer-woertlich", text[:40])
        elif (
            text.startswith((":::", "```", "~~~"))
            or any(z in text for z in ("**", "~~", "`"))
            or _ZEICHENPAAR.search(text)
        ):
            self.melde("satz-zeichen-woertlich", text[:40])

    def _ziel(self, adresse: str) -> str:
        """Verweise auf Quelldateien zeigen auf die gesetzten Seiten; nur sichere Schemata."""
        if adresse_verboten(adresse):
            self.melde("satz-link-schema", adresse[:60])
        if _SCHEMA.match(adresse):
            return adresse
        return re.sub(r"\.(?:ipynb|qmd)(?=#|$)", ".html", adresse)


# --- Feste Abstände in Abkürzungen und vor Zahlen --------------------------------------------------------

_LUECKEN = {"Space": " ", "SoftBreak": "\n"}


def mit_abstaenden(inlines: list[Knoten]) -> list[Knoten]:
    """Setzt schmale und geschützte Leerzeichen: „z. B.“, „§ 24“, „12,5 %“ brechen nicht um."""
    neu: list[Knoten] = []
    lauf: list[Knoten] = []
    for k in [*inlines, {"t": ""}]:
        if k["t"] == "Str" or k["t"] in _LUECKEN:
            lauf.append(k)
            continue
        neu += _geschuetzt(lauf)
        lauf = []
        neu += [k] if k["t"] else []
    return neu


def _geschuetzt(lauf: list[Knoten]) -> list[Knoten]:
    """Worte und Lücken am Stück; was verbunden wird, ist danach ein Wort."""
    text = "".join(_LUECKEN.get(k["t"]) or str(k["c"]) for k in lauf)
    if (fest := geschuetzt(text)) == text:
        return lauf
    teile = re.split(r"([ \n])", fest)
    arten = {zeichen: art for art, zeichen in _LUECKEN.items()}
    return [{"t": arten[t]} if t in arten else {"t": "Str", "c": t} for t in teile if t]
