"""Ein Manuskript als HTML: Abschnitte, Nummern, Texte und Gegenstände in der Reihenfolge des Lesens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Eckwerte,
    Fehlt,
    Kennzahlen,
    Luecken,
    Notizfeld,
    Orte,
    Ortsblatt,
    Quellen,
    Randnotiz,
    Steckbriefe,
    Tabelle,
    Themen,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.satz.manuskript import Manuskript, Teil, verzeichnisse
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Fach, Prosa, Prosatafel, sichtbar
from berichtswerk.satz.raster import Anmerkungen, Auftakt, Kurzbotschaften, Zeile
from berichtswerk.schreiber.html import figur, ort, portal
from berichtswerk.schreiber.html import text as als_text

_ELEMENTE = {
    "Emph": "em",
    "Strong": "strong",
    "Underline": "u",
    "Strikeout": "del",
    "Superscript": "sup",
    "Subscript": "sub",
}
NACHWEIS = "nachweis.json"
_ZAHLARTEN = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}


def schreibe(
    m: Manuskript, zeichnungen: Mapping[str, str] | None = None, beilagen: Collection[str] = ()
) -> str:
    """Der Rumpf der Seite; ``zeichnungen`` sind die SVG der Abbildungen unter ihrem Label.

    Abbildungen ohne Zeichnung stehen als Datei ``<stamm>/abb/<label>.svg`` da. ``beilagen`` sind die Namen
    der Dateien unter ``<stamm>/``: angeboten wird, was es gibt.
    """
    return Rumpf(m, zeichnungen or {}, beilagen).schreibe()


def zeile_auf(z: Zeile) -> str:
    """Öffnet die Zeile und ihren Haupttext. Breit sind nur Tabellen: Bilder stehen in eigener Größe da."""
    breit = z.breit and not (z.haupt and isinstance(z.haupt[0], Abbildung))
    return f'<div class="bw-zeile{" bw-breit" * breit}">\n<div class="bw-haupt">'


class Rumpf:
    """Ein Gang durch das Manuskript; ``prosa.ebene`` ist die der letzten Überschrift."""

    def __init__(self, m: Manuskript, zeichnungen: Mapping[str, str], beilagen: Collection[str] = ()) -> None:
        self.m, self.zeichnungen, self.beilagen = m, zeichnungen, beilagen
        self.prosa = Prosaschreiber(m)
        self.zeilen: list[str] = []
        self.offen: list[int] = []

    def schreibe(self) -> str:
        """Alle Teile, in Abschnitte gefasst."""
        for teil in self.m.teile:
            self.teil(teil)
        self._schliesse(0)
        return "\n".join(z for z in self.zeilen if z) + "\n" + self.prosa.notenliste()

    def teil(self, teil: Teil) -> None:
        """Ein Teil; eine Überschrift öffnet dabei ihren Abschnitt."""
        if isinstance(teil, Prosa):
            self._bloecke(teil.bloecke)
        elif isinstance(teil, Ueberschrift):
            klassen = ["bw-neue-seite"] * teil.neue_seite + ["unnumbered"] * (not teil.gezaehlt)
            self._kopf(teil.ebene, teil.marke, klassen, als_text(teil.text))
        elif isinstance(teil, Auftakt):
            self._auftakt(teil)
        elif isinstance(teil, Zeile):
            self._zeile(teil)
        else:
            self.zeilen.append(self.gegenstand(teil))

    def _auftakt(self, a: Auftakt) -> None:
        """Die Überschrift mit Kernbotschaft und Zahlen in einem Feld."""
        ab = len(self.zeilen)
        self.teil(a.kopf)
        kopf = next(n for n in range(ab, len(self.zeilen)) if self.zeilen[n].startswith("<section"))
        self.zeilen.insert(kopf + 1, '<div class="bw-auftakt">')
        self.zeilen += [self.botschaft(a), "</div>"]

    def botschaft(self, a: Auftakt) -> str:
        """Was im Auftakt unter der Überschrift steht."""
        zeilen = []
        if a.botschaft:
            zeilen.append(f'<p class="bw-kernbotschaft">{self.prosa.inlines(a.botschaft)}</p>')
        if a.zahlen:
            punkte = [figur.zahl(z, "li") for z in a.zahlen]
            zeilen += ['<ul class="bw-auftakt-zahlen">', *punkte, "</ul>"]
        return "\n".join(zeilen)

    def _zeile(self, z: Zeile) -> None:
        """Haupttext, daneben (auf schmalen Schirmen darunter) der Rand."""
        self.zeilen.append(zeile_auf(z))
        for teil in z.haupt:
            self.teil(teil)
        self.zeilen += [self.fuss(z), "</div>", self.rand(z), "</div>"]

    def fuss(self, z: Zeile) -> str:
        """Was unter einem Bild oder einer Tabelle steht: Quelle, Werkzeuge, Zahlen und ihre Herkunft."""
        g = z.haupt[0] if z.haupt else None
        if isinstance(g, Ortsblatt):
            return figur.quelle(z.quelle, beispiel=g.beleg.beispiel)
        if not isinstance(g, Abbildung | Tabelle):
            return ""
        name, stamm = self.m.marken[g.label].name, self.m.kopf.stamm
        werkzeuge = figur.werkzeuge(g.label, name, stamm, self.beilagen) if stamm else ""
        teile = [
            figur.quelle(z.quelle, beispiel=g.beleg.beispiel),
            '<div class="bw-unten">',
            figur.klappe("Dateien", werkzeuge, f"zu {name}") if werkzeuge else "",
            figur.daten(g, name) if isinstance(g, Abbildung) else "",
            figur.woher(g, name, self._weg(g.label, name, stamm)),
            "</div>",
        ]
        return "\n".join(t for t in teile if t)

    def _weg(self, label: str, name: str, stamm: str) -> str:
        """Wo jede einzelne Zahl mit Datei und Zeile steht: auf der eigenen Seite, sonst im Zahlennachweis."""
        if f"{label}.html" in self.beilagen:
            wohin = f"{escape(stamm)}/{label}.html#woher"
            return f'<a href="{wohin}">Jede Zahl mit Datei und Zeile{figur.leise(f"zu {name}")}</a>'
        if NACHWEIS in self.beilagen:
            ziel = f"{escape(stamm)}/{NACHWEIS}"
            return f'<a href="{ziel}">Zahlennachweis (JSON)</a>: jede Zahl mit Datei und Zeile'
        return ""

    def rand(self, z: Zeile) -> str:
        """Der Rand einer Zeile; leer, wenn dort nichts steht."""
        zeilen: list[str] = []
        for _, gruppe in groupby(z.rand, type):
            gleiche = list(gruppe)
            zeilen.append(figur.notizen([r for r in gleiche if isinstance(r, Randnotiz)]))
            andere = (r for r in gleiche if not isinstance(r, Randnotiz))
            zeilen += (figur.eckwerte(r) if isinstance(r, Eckwerte) else figur.zahl(r) for r in andere)
        if z.quelle and any(isinstance(r, Eckwerte) for r in z.rand):
            beispiel = any(r.beleg.beispiel for r in z.rand if isinstance(r, Eckwerte))
            zeilen.append(figur.quelle(z.quelle, beispiel=beispiel))
        zeilen = [t for t in zeilen if t]
        return "\n".join(['<div class="bw-rand">', *zeilen, "</div>"]) if zeilen else ""

    def _bloecke(self, bloecke: Sequence[Knoten]) -> None:
        for k in bloecke:
            c = inhalt(k)
            if k["t"] == "Kopf":
                self._kopf(c[0], c[1], c[2], self.prosa.inlines(c[3]))
            elif k["t"] == "Nur":
                if sichtbar(c, "html"):
                    self._bloecke(c[2])
            else:
                self.zeilen.append(self.prosa.block(k))

    def gegenstand(self, g: Teil) -> str:
        """Ein Gegenstand, der kein Text, keine Überschrift und keine Zeile ist."""
        stufe = min(self.prosa.ebene + 1, 6)
        if isinstance(g, Abbildung | Tabelle):
            return self.figur(g, stufe)
        if isinstance(g, Eckwerte):
            alle = bool(g.eintraege) and all(e.beispiel for e in g.eintraege)
            return figur.eckwerte(g) + ("\n" + figur.quelle("", beispiel=True) if alle else "")
        if isinstance(g, Kurzbotschaften):
            return self._kurzbotschaften(g)
        if isinstance(g, Begriffe):
            return figur.begriffe(g)
        if isinstance(g, Steckbriefe):
            return figur.steckbriefe(g)
        if isinstance(g, Fehlt):
            return figur.kasten("note", "Dazu liegen keine Daten vor", f"<p>{als_text(g.grund)}</p>")
        if isinstance(g, Luecken):
            return self._luecken(g)
        if isinstance(g, Quellen):
            return figur.quellen(g, stufe)
        if isinstance(g, Anmerkungen):
            return self._anmerkungen(g, stufe)
        if isinstance(g, Ortsblatt | Notizfeld):
            return ort.ortsblatt(g) if isinstance(g, Ortsblatt) else ort.notizfeld(g)
        if isinstance(g, Themen | Orte | Kennzahlen):
            return portal.schreibe(g, stufe)
        return self._verzeichnisse() if isinstance(g, Verzeichnisse) else ""

    def figur(self, g: Abbildung | Tabelle, stufe: int) -> str:
        """Eine Abbildung oder Tabelle in ihrem Rahmen."""
        if isinstance(g, Tabelle):
            kern = figur.tafel(g)
        else:
            kern = figur.bild(g, self.m.kopf.stamm, self.zeichnungen.get(g.label, "")) + figur.am_bild(g)
        inhalt = figur.figur(g, self.m.marken[g.label].name, kern, stufe)
        ganz = f'<div class="bw-figur">\n{inhalt}\n</div>'
        if not (isinstance(g, Tabelle) and g.wahl):
            return ganz
        auf, zu = ort.wahl(g)
        return f"{auf}\n{ganz}{zu}"

    def _kurzbotschaften(self, g: Kurzbotschaften) -> str:
        zeilen = ['<ol class="bw-kurzbotschaften">']
        for b in g.eintraege:
            zeilen.append(f'<li><p class="bw-satz">{self.prosa.inlines(b.satz)}</p>')
            zeilen += [self.prosa.bloecke(b.beleg), "</li>"]
        return "\n".join([*zeilen, "</ol>"])

    def _anmerkungen(self, g: Anmerkungen, stufe: int) -> str:
        zeilen = ["<ul>"]
        for marken, notizen in g.eintraege:
            davor = ", ".join(self.prosa.verweis(m) for m in marken if m in self.m.marken)
            davor += ": " if davor else ""
            saetze = [f"<em>{als_text(n.titel)}</em>: {als_text(n.text)}" for n in notizen]
            if len(saetze) > 1:  # viele in einem Absatz fände niemand
                punkte = "\n".join(f"<li>{s}</li>" for s in saetze)
                saetze = [f"\n<ul>\n{punkte}\n</ul>\n"]
            zeilen.append(f"<li>{davor}{''.join(saetze)}</li>")
        liste = figur.klappe("Alle Anmerkungen zeigen", "\n".join([*zeilen, "</ul>"]))
        kopf = f'<h{stufe} class="bw-hinten">Anmerkungen</h{stufe}>'
        return f'<div class="bw-anmerkungen">\n{kopf}\n{liste}\n</div>'

    def _luecken(self, g: Luecken) -> str:
        if not g.eintraege:
            return ""
        paare = [f"{titel}: {grund}" if titel else grund for titel, grund in g.eintraege]
        punkte = "\n".join(f"<li>{als_text(p)}</li>" for p in dict.fromkeys(paare))
        return f"<p>Nicht dargestellt:</p>\n<ul>\n{punkte}\n</ul>"

    def _verzeichnisse(self) -> str:
        stufe = min(self.prosa.ebene + 1, 6)
        teile = []
        for titel, eintraege in verzeichnisse(self.m):
            punkte = "\n".join(
                f"<li>{self.prosa.verweis(marke)}: {als_text(text)}</li>" for marke, text in eintraege
            )
            liste = figur.klappe(f"Alle {titel} zeigen", f"<ul>\n{punkte}\n</ul>")
            teile.append(f'<h{stufe} class="bw-hinten">{titel}</h{stufe}>\n{liste}')
        return '<div class="bw-verzeichnisse">\n' + "\n".join(teile) + "\n</div>" if teile else ""

    def _kopf(self, ebene: int, marke: str, klassen: Sequence[str], inhalt: str) -> None:
        """Schließt Abschnitte gleicher und tieferer Ebene und öffnet einen neuen."""
        stufe = min(ebene - self.m.oberste + 2, 6)
        self._schliesse(stufe)
        nummer = self.m.nummer(marke)
        ungezaehlt = [k for k in klassen if k != "unnumbered"] + ["unnumbered"] * (not nummer)
        namen = " ".join([f"level{stufe}", *ungezaehlt, "anchored"])
        zahl = f' data-number="{nummer}"' if nummer else ""
        davor = f'<span class="header-section-number">{nummer}</span> ' if nummer else ""
        self.zeilen += [
            f'<section id="{escape(marke)}" class="{namen}"{zahl}>',
            f'<h{stufe} class="{" ".join([*ungezaehlt, "anchored"])}"{zahl}>{davor}{inhalt}</h{stufe}>',
        ]
        self.offen.append(stufe)
        self.prosa.ebene = stufe

    def _schliesse(self, stufe: int) -> None:
        while self.offen and self.offen[-1] >= stufe:
            self.offen.pop()
            self.zeilen.append("</section>")
        self.prosa.ebene = self.offen[-1] if self.offen else 1


@dataclass
class Prosaschreiber:
    """Schreibt Knoten; sammelt Fußnoten des ganzen Dokuments. ``ebene`` ist die der letzten Überschrift."""

    m: Manuskript
    noten: list[str] = field(default_factory=list)
    ebene: int = 1

    # --- Im Satz -------------------------------------------------------------------------------------

    def inlines(self, liste: Sequence[Knoten]) -> str:
        """Knoten im Satz."""
        return "".join(self._inline(k) for k in liste)

    def _inline(self, k: Knoten) -> str:
        art, c = k["t"], inhalt(k)
        if art == "Str":
            return als_text(c)
        if art in {"Space", "SoftBreak"}:
            return " " if art == "Space" else "\n"
        if art in _ELEMENTE:
            return f"<{_ELEMENTE[art]}>{self.inlines(c)}</{_ELEMENTE[art]}>"
        if art == "SmallCaps":
            return f'<span class="smallcaps">{self.inlines(c)}</span>'
        if art == "Verweis":
            return ", ".join(self.verweis(marke, nur) for marke, nur in c)
        if art == "Link":
            titel = f' title="{escape(c[2][1])}"' if c[2][1] else ""
            klassen = [*c[0][1], *(["uri"] if "uri" in c[0][1] else [])]
            klasse = f' class="{escape(" ".join(dict.fromkeys(klassen)))}"' if klassen else ""
            return f'<a href="{escape(c[2][0])}"{klasse}{titel}>{self.inlines(c[1])}</a>'
        if art == "Note":
            return self._note(c)
        if art == "Code":
            return f"<code>{escape(c[1], quote=False)}</code>"
        if art == "Span":
            return f"<span{_attribute(c[0])}>{self.inlines(c[1])}</span>"
        if art == "Bildchen":
            return f'<img src="{escape(c[0])}" class="img-fluid figure-img" alt="{escape(c[1])}">'
        return "<br>\n" if art == "LineBreak" else ""

    def verweis(self, marke: str, nur_nummer: bool = False) -> str:
        """„Abbildung 3“ als Link."""
        ziel = self.m.marken[marke]
        text = ziel.nummer if nur_nummer and ziel.nummer else ziel.name
        return f'<a href="#{marke}" class="quarto-xref">{escape(text, quote=False)}</a>'

    def _note(self, bloecke: Sequence[Knoten]) -> str:
        self.noten.append("")
        nr = len(self.noten)
        self.noten[nr - 1] = self.bloecke(bloecke)
        return f'<a href="#fn{nr}" class="footnote-ref" id="fnref{nr}" role="doc-noteref"><sup>{nr}</sup></a>'

    def notenliste(self) -> str:
        """Alle Fußnoten am Ende der Seite; leer, wenn es keine gibt."""
        if not self.noten:
            return ""
        zeilen = ['<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes" '
                  'aria-label="Fußnoten">', "<hr>", "<ol>"]  # fmt: skip
        for nr, text in enumerate(self.noten, 1):
            zurueck = (
                f'<a href="#fnref{nr}" class="footnote-back" role="doc-backlink" '
                'aria-label="Zurück zum Text">↩︎</a>'
            )
            rumpf = f"{text[:-4]}{zurueck}</p>" if text.endswith("</p>") else f"{text}<p>{zurueck}</p>"
            zeilen.append(f'<li id="fn{nr}">{rumpf}</li>')
        return "\n".join([*zeilen, "</ol>", "</section>", ""])

    # --- Blöcke --------------------------------------------------------------------------------------

    def bloecke(self, liste: Sequence[Knoten]) -> str:
        """Blöcke ohne eigene Abschnitte (in Listen, Kästen, Fußnoten)."""
        return "\n".join(t for t in (self.block(k) for k in liste) if t)

    def block(self, k: Knoten) -> str:
        """Ein Block; Überschriften ohne Abschnitt darum."""
        art, c = k["t"], inhalt(k)
        schreibe = getattr(self, f"_{art.lower()}", None)
        return str(schreibe(c)) if schreibe is not None else ""

    def _para(self, c: Any) -> str:
        return f"<p>{self.inlines(c)}</p>"

    def _plain(self, c: Any) -> str:
        return self.inlines(c)

    def _frage(self, c: Any) -> str:
        stufe = min(self.ebene + 1, 6)
        return f'<h{stufe} class="bw-frage">{self.inlines(c)}</h{stufe}>'

    def _kopf(self, c: Any) -> str:
        stufe = min(c[0] - self.m.oberste + 2, 6)
        return f'<h{stufe} id="{escape(c[1])}">{self.inlines(c[3])}</h{stufe}>'

    def _bulletlist(self, c: Any) -> str:
        return "\n".join(["<ul>", *(f"<li>{self.bloecke(p)}</li>" for p in c), "</ul>"])

    def _orderedlist(self, c: Any) -> str:
        (beginn, art, _), punkte = c
        start = f' start="{beginn}"' if beginn != 1 else ""
        typ = f' type="{_ZAHLARTEN[art["t"]]}"' if art["t"] in _ZAHLARTEN else ""
        return "\n".join([f"<ol{start}{typ}>", *(f"<li>{self.bloecke(p)}</li>" for p in punkte), "</ol>"])

    def _definitionlist(self, c: Any) -> str:
        zeilen = ["<dl>"]
        for begriff, texte in c:
            zeilen.append(f"<dt>{self.inlines(begriff)}</dt>")
            zeilen += [f"<dd>{self.bloecke(t)}</dd>" for t in texte]
        return "\n".join([*zeilen, "</dl>"])

    def _blockquote(self, c: Any) -> str:
        return f"<blockquote>\n{self.bloecke(c)}\n</blockquote>"

    def _lineblock(self, c: Any) -> str:
        return '<div class="line-block">' + "<br>\n".join(self.inlines(z) for z in c) + "</div>"

    def _codeblock(self, c: Any) -> str:
        return f'<pre tabindex="0"><code>{escape(c[1], quote=False)}</code></pre>'

    def _horizontalrule(self, _: Any) -> str:
        return "<hr>"

    def _div(self, c: Any) -> str:
        return f"<div{_attribute(c[0])}>\n{self.bloecke(c[1])}\n</div>"

    def _nur(self, c: Any) -> str:
        return f"<div>\n{self.bloecke(c[2])}\n</div>" if sichtbar(c, "html") else ""

    def _kasten(self, c: Any) -> str:
        return figur.kasten(c[0], self.inlines(c[1]), self.bloecke(c[2]))

    def _bild(self, c: Any) -> str:
        marke, quelle, alt, text = c
        bild = f'<img src="{escape(quelle)}" class="img-fluid figure-img" alt="{escape(alt)}">'
        return figur.rahmen(marke, self.m.marken[marke].name, self.inlines(text), bild)

    def _tafel(self, c: Any) -> str:
        marke, text, tafel = c
        if not marke:
            return figur.rollbereich(self._prosatafel(tafel, self.inlines(text)))
        bereich = figur.rollbereich(self._prosatafel(tafel), f"{marke}-{figur.KENNUNG}")
        return figur.rahmen(marke, self.m.marken[marke].name, self.inlines(text), bereich)

    def _prosatafel(self, tafel: Prosatafel, titel: str = "") -> str:
        zeilen = ['<table class="caption-top table">', *([f"<caption>{titel}</caption>"] if titel else [])]
        if tafel.kopf:
            zeilen += ["<thead>", *(self._zeile(z, kopf=True) for z in tafel.kopf), "</thead>"]
        return "\n".join(
            [*zeilen, "<tbody>", *(self._zeile(z, kopf=False) for z in tafel.rumpf), "</tbody>", "</table>"]
        )

    def _zeile(self, zeile: Sequence[Fach], *, kopf: bool) -> str:
        faecher = []
        for i, f in enumerate(zeile):
            ist_kopf = kopf or i == 0
            scope = ("colgroup" if f.spalten > 1 else "col") if kopf else "row"
            merkmale = f' scope="{scope}"' if ist_kopf else ""
            merkmale += f' colspan="{f.spalten}"' if f.spalten > 1 else ""
            merkmale += f' rowspan="{f.zeilen}"' if f.zeilen > 1 else ""
            merkmale += ' class="zahl"' if f.rechts else ""
            name = "th" if ist_kopf else "td"
            faecher.append(f"<{name}{merkmale}>{self.bloecke(f.bloecke)}</{name}>")
        return f"<tr>{''.join(faecher)}</tr>"


def _attribute(attr: Any) -> str:
    """Kennung und Klassen eines Knotens."""
    kennung = f' id="{escape(attr[0])}"' if attr[0] else ""
    return kennung + (f' class="{escape(" ".join(attr[1]))}"' if attr[1] else "")
