"""Ein Manuskript für Quarto: Notizbuch oder ``.qmd``; gesetzt wird dort.

Texte und Überschriften bleiben das Markdown, das Menschen schrieben. Alles andere haben die Schreiber für
HTML und Typst schon fertig: je Format ein roher Block, von denen Quarto den passenden nimmt. Auch der Rahmen
der Seite (Kopf, Inhalt, Fuß) ist der des eingebauten Satzes. So steht auf der Seite und im PDF dasselbe wie
dort, gedruckt auf denselben Seiten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.gegenstand.gegenstaende import Abbildung, Kopf, Tabelle, Ueberschrift
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import form, vermessung
from berichtswerk.satz.manuskript import NAMEN, Manuskript, Teil, kapitelkoepfe
from berichtswerk.satz.prosa import Prosa
from berichtswerk.satz.raster import Auftakt, Zeile
from berichtswerk.satz.seitenplan import Plan
from berichtswerk.schreiber.html import rumpf as html_rumpf
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.html.seite import Rahmen, Seitenkontext
from berichtswerk.schreiber.typst import maskiere as typst_maskiere
from berichtswerk.schreiber.typst import rumpf as typst_rumpf
from berichtswerk.schreiber.typst.rumpf import Stueck
from berichtswerk.tabelle.tabelle import maskiere

EINSTIEG = """\
---
# Die Startseite für Quarto. Was darauf steht, kommt aus daten/kreis.yaml und berichte/*/*/bericht.yml.
format: {html: {body-classes: bw-seite bw-start}}
number-sections: false
---

::: {.bw-startseite}
:::
"""
"""Inhalt von ``index.qmd``."""


DRUCK = "druck"
"""Ordner in den Beilagen: Bilder für den Druck, und was neben der Seite liegt, ohne dass Quarto es setzt."""
_AUFZAEHLUNG = re.compile(r"(^[ \t]*(?:\d+|[A-Za-z])[.)][ \t]+)", re.MULTILINE)
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")


class _Ausgeschrieben(yaml.SafeDumper):
    """Schreibt gleiche Werte aus, statt auf den ersten zu verweisen: das liest sich und liest jeder."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def notizbuch(
    m: Manuskript,
    kontext: Seitenkontext,
    zeichnungen: Mapping[str, str],
    beilagen: Collection[str] = (),
    *,
    plan: Plan | None = None,
) -> dict[str, Any]:
    """Das Notizbuch eines Berichts: Kopf als rohe Zelle, je Gegenstand eine Markdown-Zelle.

    ``zeichnungen`` sind die SVG der Abbildungen für die Seite; im PDF steht die Datei daneben. ``beilagen``
    sind die Dateien unter ``<stamm>/``. Nach ``plan`` enden die Seiten des PDF; ohne ihn setzt Quarto nur die
    Webseite.
    """
    rahmen = html_seite.rahmen(m, kontext)
    texte = _texte(m, kontext.projekt, zeichnungen, beilagen, plan)
    return _notizbuch(kopf(m, rahmen, kontext.titel_zusatz, geplant=plan is not None), _um(rahmen, texte))


def fehlerblatt(titel: str, kontext: Seitenkontext, befunde: Iterable[Meldung]) -> dict[str, Any]:
    """Was die Vorschau statt eines Berichts zeigt, der nicht zustande kommt."""
    blatt = Manuskript(Kopf(titel=f"{titel}: Es gibt Fehler", inhalt=False), (), {}, (), 1, Path())
    rahmen = html_seite.rahmen(blatt, kontext)
    kaesten = []
    for b in befunde:
        ort = ", ".join(t for t in (b.datei, b.ort, b.feld) if t)
        saetze = [ort, f"Ursache: {b.ursache}" * bool(b.ursache), f"Abhilfe: {b.abhilfe}" * bool(b.abhilfe)]
        text = "\n\n".join(maskiere(satz) for satz in saetze if satz)
        kaesten.append(f"::: {{.callout-important}}\n## {maskiere(b.text)}\n\n{text}\n:::")
    return _notizbuch(kopf(blatt, rahmen, kontext.titel_zusatz), _um(rahmen, kaesten))


def platzhalter(titel: str) -> dict[str, Any]:
    """Das Notizbuch eines Berichts, den der Vorlauf noch nicht geschrieben hat."""
    return _notizbuch(_yaml({"title": titel, "format": "html"}), ["Dieser Bericht ist noch nicht gesetzt."])


def _notizbuch(kopfzeilen: str, texte: Iterable[str]) -> dict[str, Any]:
    zellen = [_zelle("raw", "bw-kopf", kopfzeilen)]
    zellen += [_zelle("markdown", f"bw-{nummer}", f"{text}\n") for nummer, text in enumerate(texte, 1)]
    kern = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadaten = {"kernelspec": kern, "language_info": {"name": "python"}, "berichtswerk": {"uebergabe": 1}}
    return {"cells": zellen, "metadata": metadaten, "nbformat": 4, "nbformat_minor": 5}


def _zelle(art: str, kennung: str, text: str) -> dict[str, Any]:
    """Quelle als Liste von Zeilen: Quarto verliert sonst die Zeilenenden."""
    return {"cell_type": art, "id": kennung, "metadata": {}, "source": text.splitlines(keepends=True)}


def qmd(m: Manuskript, kontext: Seitenkontext) -> str:
    """Eine Seite der Website als ``.qmd``."""
    rahmen = html_seite.rahmen(m, kontext)
    oben = kopf(m, rahmen, kontext.titel_zusatz)
    return f"{oben}\n\n" + "\n\n".join(_um(rahmen, _texte(m, kontext.projekt, {}))) + "\n"


def kopf(m: Manuskript, rahmen: Rahmen, zusatz: str, *, geplant: bool = False) -> str:
    """Der YAML-Kopf; Reihenfolge fest, Leeres fehlt. ``zusatz`` steht im Fenstertitel dahinter."""
    k = m.kopf
    angaben = {n: getattr(k, n) for n in ("bericht", "ausgabe", "variante", "gebiet", "stamm")}
    angaben |= {"gestalt": "" if k.gestalt == "bericht" else k.gestalt, "geplant": geplant}
    seite = {"pagetitle": " – ".join(dict.fromkeys(t for t in (k.titel, zusatz) if t))}
    seite |= {"body-classes": rahmen.klassen}
    return _yaml(
        {
            "title": k.titel,
            "lang": "de-DE",
            "format": {"html": seite} | ({"typst": {"output-file": k.stamm}} if geplant else {}),
            "number-sections": k.gezaehlt,
            "berichtswerk": {name: wert for name, wert in angaben.items() if wert not in ("", None, False)},
        }
    )


def _um(rahmen: Rahmen, texte: Iterable[str]) -> Iterable[str]:
    """Der Rahmen geht fertig mit: ``layout/berichtswerk.lua`` setzt ihn um den Text."""
    wohin = {"in-header": rahmen.kopf, "before-body": rahmen.davor, "after-body": rahmen.danach}
    for wo, html in wohin.items():
        yield _roh("html", f"<!--bw-{wo}-->\n{html.strip()}")
    yield from texte


def _yaml(angaben: dict[str, Any]) -> str:
    gefuellt = {name: wert for name, wert in angaben.items() if wert not in ("", None, {})}
    text = yaml.dump(gefuellt, Dumper=_Ausgeschrieben, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---"


def _texte(
    m: Manuskript,
    projekt: Projekt,
    zeichnungen: Mapping[str, str],
    beilagen: Collection[str] = (),
    plan: Plan | None = None,
) -> Iterable[str]:
    """Jeder Teil als Markdown, ohne leere; mit ``plan`` im Druck in Stücken wie beim eingebauten Satz."""
    schreiber = _Schreiber(m, projekt, zeichnungen, beilagen, plan)
    druck = typst_rumpf.Rumpf(m, projekt, {}, schreiber.ordner)
    texte = [schreiber.teil(*paar) for paar in zip(m.teile, druck.je_teil(), strict=True)]
    if m.marken:
        gedruckt, gezeigt = _marken(m, druck.prosa.orte), _marken(m, {}, escape)
        texte.insert(0, _roh("typst", f"//bw-marken {_json(gedruckt)}"))
        texte.insert(0, _roh("html", f"<!--bw-marken {_json(gezeigt)}-->"))
    if plan is not None:
        texte.insert(0, _roh("typst", typst_rumpf.kopf(m.kopf, m.zeichen, schreiber.ordner)))
    return (text for text in texte if text)


def _marken(
    m: Manuskript, orte: Mapping[str, int], maskiert: Callable[[str], str] = typst_maskiere
) -> dict[str, list[str | int]]:
    """Worauf Texte verweisen können: Name, Nummer und, wenn ein Notizbuch es zeigt, in welchem Kapitel."""
    return {
        k: [maskiert(z.name), maskiert(z.nummer), *([orte[k]] if k in orte else [])]
        for k, z in m.marken.items()
        if z.art in NAMEN
    }


class _Schreiber:
    """Ein Gang durch das Manuskript; die beiden anderen Schreiber laufen mit und kennen so die Ebene."""

    def __init__(
        self,
        m: Manuskript,
        projekt: Projekt,
        zeichnungen: Mapping[str, str],
        beilagen: Collection[str],
        plan: Plan | None,
    ) -> None:
        self.m, self.plan, self.texte = m, plan, 0
        self.ordner = f"{m.kopf.stamm}/{DRUCK}"
        self.html = html_rumpf.Rumpf(m, zeichnungen, beilagen)
        self.typst = typst_rumpf.Rumpf(m, projekt, {}, self.ordner)

    def teil(self, teil: Teil, stuecke: Sequence[Stueck]) -> str:
        """Ein Teil des Manuskripts; leer, wenn es dort nichts zu sehen gibt.

        Im Druck ist fertig, was kein Text ist; Texte und Überschriften stehen zwischen rohen Blöcken, die sie
        zum Stück machen. Texte haben je Absatz eines: ``layout/berichtswerk.lua`` setzt sie vor die Blöcke,
        die folgen.
        """
        auf = [self._auf(s) for s in stuecke] if self.plan is not None else []
        if isinstance(teil, Prosa):
            return _zusammen(_roh("typst", f"//bw-plan {_json(auf)}") if auf else "", self._prosa(teil))
        if isinstance(teil, Ueberschrift | Auftakt) or (isinstance(teil, Zeile) and not _figur(teil)):
            offen = self._offen(teil)
            return _zusammen(_roh("typst", auf[0]), offen, _roh("typst", "]")) if auf else offen
        self.html.zeilen.clear()
        self.html.teil(teil)
        druck = [f"{self._auf(s)}\n\n{s.text}\n\n]\n" if auf else s.text for s in stuecke]
        return _zusammen(_roh("html", "\n".join(self.html.zeilen)), _roh("typst", "\n".join(druck)))

    def _auf(self, s: Stueck) -> str:
        assert self.plan is not None
        return f'#bw-stueck("{s.kennung}", plan: ({vermessung.eintrag(s.kennung, self.plan)}))['

    def _offen(self, teil: Teil) -> str:
        """Was Quarto in beiden Formaten selbst setzt: Überschriften und Zeilen aus Text."""
        if isinstance(teil, Prosa):
            return self._prosa(teil)
        if isinstance(teil, Ueberschrift):
            self._merke(teil.ebene)
            return _ueberschrift(teil)
        if isinstance(teil, Auftakt):
            return self._auftakt(teil)
        if isinstance(teil, Zeile):
            return self._textzeile(teil)
        return _zusammen(_roh("html", self.html.gegenstand(teil)), _roh("typst", self.typst.gegenstand(teil)))

    def _prosa(self, teil: Prosa) -> str:
        for k in kapitelkoepfe(teil.bloecke):
            self._merke(k["c"][0])
        self.texte += 1
        return mit_abstaenden(mit_eigenen_noten(teil.quelle.markdown.strip("\n"), f"t{self.texte}"))

    def _merke(self, ebene: int) -> None:
        self.html.prosa.ebene = ebene - self.m.oberste + 2
        self.typst.prosa.ebene = ebene - self.m.oberste + 1

    def _auftakt(self, a: Auftakt) -> str:
        """Im Druck steht vor der Überschrift, was ihr Farbfeld trägt, auf der Seite umgibt es beide."""
        auf, zu = (_roh("html", t) for t in ('<div class="bw-auftakt">', f"{self.html.botschaft(a)}\n</div>"))
        return _zusammen(_roh("typst", self.typst.auftakt(a)), auf, self._offen(a.kopf), zu)

    def _textzeile(self, z: Zeile) -> str:
        """Haupttext zwischen rohen Blöcken, die ihn und seinen Rand umschließen."""
        auf = _zusammen(_roh("html", html_rumpf.zeile_auf(z)), _roh("typst", self.typst.zeile_auf(z)))
        unten = f"{self.html.fuss(z)}\n</div>\n{self.html.rand(z)}\n</div>"
        zu = _zusammen(_roh("html", unten), _roh("typst", f"{self.typst.fuss(z)}\n]"))
        return _zusammen(auf, *(self._offen(teil) for teil in z.haupt), zu)


def _figur(z: Zeile) -> bool:
    return bool(z.haupt) and isinstance(z.haupt[0], Abbildung | Tabelle)


def mit_eigenen_noten(markdown: str, davor: str) -> str:
    """Fußnoten gelten in ihrem Text; Quarto liest alle Texte als einen, darum heißen sie dort verschieden."""
    if "[^" not in markdown:
        return markdown
    verdeckt = form.ohne_code(markdown)
    teile, ab = [], 0
    for m in _NOTE.finditer(verdeckt):
        teile += [markdown[ab : m.start()], f"[^{davor}-{m[1]}]"]
        ab = m.end()
    return "".join([*teile, markdown[ab:]])


def mit_abstaenden(markdown: str) -> str:
    """Feste Abstände wie beim eingebauten Satz; Quelltext und die Zeichen von Aufzählungen bleiben."""
    paare = zip(markdown, form.ohne_code(markdown), strict=True)
    teile = []
    for lesbar, gruppe in groupby(paare, lambda p: p[0] == p[1]):
        text = "".join(zeichen for zeichen, _ in gruppe)
        teile += [t if n % 2 or not lesbar else geschuetzt(t) for n, t in enumerate(_AUFZAEHLUNG.split(text))]
    return "".join(teile)


def _ueberschrift(u: Ueberschrift) -> str:
    angaben = [f"#{u.marke}"] * bool(u.marke) + [".bw-neue-seite"] * u.neue_seite
    angaben += [".unnumbered"] * (not u.gezaehlt)
    anker = f" {{{' '.join(angaben)}}}" if angaben else ""
    return f"{'#' * u.ebene} {maskiere(u.text)}{anker}"


def _zusammen(*teile: str) -> str:
    return "\n\n".join(t for t in teile if t)


def _roh(format_: str, text: str) -> str:
    """Ein roher Block für ein Format; leer, wenn es dort nichts gibt."""
    return f"```{{={format_}}}\n{text.strip()}\n```" if text.strip() else ""


def _json(wert: Any) -> str:
    return json.dumps(wert, ensure_ascii=False)
