"""Ein Manuskript für Quarto: Notizbuch oder ``.qmd``; gesetzt wird dort.

Auf der Seite bleiben Texte und Überschriften das Markdown, das Menschen schrieben; alles andere hat der
Schreiber für HTML schon fertig, auch den Rahmen (Kopf, Inhalt, Fuß). Was gedruckt wird, ist Wort für Wort der
Typst-Text des eingebauten Satzes, je Kapitel ein roher Block mit dem, was der Seitenplan bestimmt: ein
anderer Text wäre anders hoch, und die Seiten endeten woanders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from berichtswerk.gegenstand.gegenstaende import Abbildung, Kopf, Tabelle, Ueberschrift
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import als_yaml
from berichtswerk.satz import form, vermessung
from berichtswerk.satz.manuskript import NAMEN, Manuskript, Teil, kapitelkoepfe
from berichtswerk.satz.prosa import Prosa
from berichtswerk.satz.raster import Auftakt, Zeile
from berichtswerk.satz.seitenplan import Plan
from berichtswerk.schreiber.html import rumpf as html_rumpf
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.html.seite import Rahmen, Seitenkontext
from berichtswerk.schreiber.typst import rumpf as typst_rumpf
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
    texte = [*_um(rahmen, _texte(m, zeichnungen, beilagen))]
    if plan is not None:
        texte += _druck(m, kontext.projekt, plan)
    return _notizbuch(kopf(m, rahmen, kontext.titel_zusatz, geplant=plan is not None), texte)


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
    return f"{oben}\n\n" + "\n\n".join(_um(rahmen, _texte(m, {}))) + "\n"


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
    return f"---\n{als_yaml(gefuellt, 10_000)}---"


def _texte(m: Manuskript, zeichnungen: Mapping[str, str], beilagen: Collection[str] = ()) -> Iterable[str]:
    """Jeder Teil der Seite als Markdown, ohne leere."""
    schreiber = _Schreiber(m, zeichnungen, beilagen)
    texte = [schreiber.teil(teil) for teil in m.teile]
    if m.marken:
        marken = {k: [escape(z.name), escape(z.nummer)] for k, z in m.marken.items() if z.art in NAMEN}
        texte.insert(0, _roh("html", f"<!--bw-marken {json.dumps(marken, ensure_ascii=False)}-->"))
    return (text for text in texte if text)


def _druck(m: Manuskript, projekt: Projekt, plan: Plan) -> Iterator[str]:
    """Was gedruckt wird: der Aufruf der Vorlage, dann jedes Kapitel; die Bilder liegen unter ``druck/``."""
    ordner = f"{m.kopf.stamm}/{DRUCK}"
    yield _roh("typst", typst_rumpf.kopf(m.kopf, m.zeichen, ordner))
    for kapitel in typst_rumpf.Rumpf(m, projekt, {}, ordner).schreibe():
        stuecke = (s.setze(f", plan: {vermessung.wahl([s], plan)}") for s in kapitel.stuecke)
        yield _roh("typst", "".join(stuecke))


class _Schreiber:
    """Ein Gang durch das Manuskript; der Schreiber für HTML läuft mit und kennt so die Ebene."""

    def __init__(self, m: Manuskript, zeichnungen: Mapping[str, str], beilagen: Collection[str]) -> None:
        self.m, self.texte = m, 0
        self.html = html_rumpf.Rumpf(m, zeichnungen, beilagen)

    def teil(self, teil: Teil) -> str:
        """Ein Teil des Manuskripts; leer, wenn es dort nichts zu sehen gibt."""
        if isinstance(teil, Prosa):
            return self._prosa(teil)
        if isinstance(teil, Ueberschrift):
            self._merke(teil.ebene)
            return _ueberschrift(teil)
        if isinstance(teil, Auftakt):
            auf = _roh("html", '<div class="bw-auftakt">')
            return _zusammen(auf, self.teil(teil.kopf), _roh("html", f"{self.html.botschaft(teil)}\n</div>"))
        if isinstance(teil, Zeile) and not _figur(teil):
            return self._textzeile(teil)
        self.html.zeilen.clear()
        self.html.teil(teil)
        return _roh("html", "\n".join(self.html.zeilen))

    def _prosa(self, teil: Prosa) -> str:
        for k in kapitelkoepfe(teil.bloecke):
            self._merke(k["c"][0])
        self.texte += 1
        return mit_abstaenden(mit_eigenen_noten(teil.quelle.markdown.strip("\n"), f"t{self.texte}"))

    def _merke(self, ebene: int) -> None:
        self.html.prosa.ebene = ebene - self.m.oberste + 2

    def _textzeile(self, z: Zeile) -> str:
        """Haupttext zwischen rohen Blöcken, die ihn und seinen Rand umschließen."""
        unten = f"{self.html.fuss(z)}\n</div>\n{self.html.rand(z)}\n</div>"
        haupt = (
            self._prosa(t) if isinstance(t, Prosa) else _roh("html", self.html.gegenstand(t)) for t in z.haupt
        )
        return _zusammen(_roh("html", html_rumpf.zeile_auf(z)), *haupt, _roh("html", unten))


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
    zaun = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{zaun}{{={format_}}}\n{text.strip()}\n{zaun}" if text.strip() else ""
