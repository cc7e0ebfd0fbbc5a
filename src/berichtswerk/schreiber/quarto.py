"""Ein Manuskript für Quarto: Notizbuch oder ``.qmd``; gesetzt wird dort.

Texte und Überschriften bleiben das Markdown, das Menschen schrieben. Abbildungen und Tabellen sind Quartos
eigene (``::: {#fig-x}``), damit es sie zählt und auf sie verweist. Was darin und darum herum steht, haben die
Schreiber für HTML und Typst schon fertig: je Format ein roher Block, von denen Quarto den passenden nimmt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import yaml

from berichtswerk.gegenstand.gegenstaende import Abbildung, Kopf, Tabelle, Ueberschrift
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import form, vermessung
from berichtswerk.satz.manuskript import Manuskript, Teil, kapitelkoepfe
from berichtswerk.satz.prosa import Prosa
from berichtswerk.satz.raster import Auftakt, Zeile
from berichtswerk.satz.seitenplan import Plan
from berichtswerk.schreiber.html import figur as html_figur
from berichtswerk.schreiber.html import rumpf as html_rumpf
from berichtswerk.schreiber.typst import rumpf as typst_rumpf
from berichtswerk.schreiber.typst import zeichenkette
from berichtswerk.schreiber.typst.rumpf import Stueck
from berichtswerk.schreiber.typst.tafel import tabelle as typst_tabelle
from berichtswerk.tabelle.tabelle import maskiere

EINSTIEG = """\
---
# Die Startseite für Quarto. Was darauf steht, kommt aus daten/kreis.yaml und berichte/*/*/bericht.yml.
format: html
number-sections: false
toc: false
---

::: {.bw-startseite}
:::
"""
"""Inhalt von ``index.qmd``."""


RESERVE = 30.0
"""So viel (Punkt) bleibt je Seite frei: Quartos Beschriftungen nehmen etwas mehr Platz."""
DRUCKBILDER = "druck"
"""Ordner neben den Beilagen mit den Bildern für den Druck; veröffentlicht wird er nicht."""
_TYPST = re.compile(r"^```\{=typst\}\n.*?\n```$", re.S | re.M)
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")


class _Ausgeschrieben(yaml.SafeDumper):
    """Schreibt gleiche Werte aus, statt auf den ersten zu verweisen: das liest sich und liest jeder."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def notizbuch(
    m: Manuskript,
    projekt: Projekt,
    zeichnungen: Mapping[str, str],
    beilagen: Collection[str] = (),
    *,
    plan: Plan | None = None,
    druck: bool = True,
) -> dict[str, Any]:
    """Das Notizbuch eines Berichts: Kopf als rohe Zelle, je Gegenstand eine Markdown-Zelle.

    ``zeichnungen`` sind die SVG der Abbildungen für die Seite; im PDF steht die Datei daneben. ``beilagen``
    sind die Dateien unter ``<stamm>/``. Nach ``plan`` enden die Seiten des PDF; ohne ``druck`` setzt Quarto
    nur die Webseite.
    """
    daten = any(isinstance(t, Abbildung | Tabelle) for t in m.einzeln())
    oben = kopf(m.kopf, daten=daten, druck=druck, geplant=plan is not None)
    return _notizbuch(oben, _texte(m, projekt, zeichnungen, beilagen, plan))


def fehlerblatt(titel: str, befunde: Iterable[Meldung]) -> dict[str, Any]:
    """Was die Vorschau statt eines Berichts zeigt, der nicht zustande kommt."""
    kaesten = []
    for b in befunde:
        ort = ", ".join(t for t in (b.datei, b.ort, b.feld) if t)
        saetze = [ort, f"Ursache: {b.ursache}" * bool(b.ursache), f"Abhilfe: {b.abhilfe}" * bool(b.abhilfe)]
        text = "\n\n".join(maskiere(satz) for satz in saetze if satz)
        kaesten.append(f"::: {{.callout-important}}\n## {maskiere(b.text)}\n\n{text}\n:::")
    return _notizbuch(_yaml({"title": f"{titel}: Es gibt Fehler", "format": "html", "toc": False}), kaesten)


def platzhalter(titel: str) -> dict[str, Any]:
    """Das Notizbuch eines Berichts, den der Vorlauf noch nicht geschrieben hat."""
    angaben = {"title": titel, "format": "html", "toc": False}
    return _notizbuch(_yaml(angaben), ["Dieser Bericht ist noch nicht gesetzt."])


def _notizbuch(kopfzeilen: str, texte: Iterable[str]) -> dict[str, Any]:
    zellen = [_zelle("raw", "bw-kopf", kopfzeilen)]
    zellen += [_zelle("markdown", f"bw-{nummer}", f"{text}\n") for nummer, text in enumerate(texte, 1)]
    kern = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadaten = {"kernelspec": kern, "language_info": {"name": "python"}, "berichtswerk": {"uebergabe": 1}}
    return {"cells": zellen, "metadata": metadaten, "nbformat": 4, "nbformat_minor": 5}


def _zelle(art: str, kennung: str, text: str) -> dict[str, Any]:
    """Quelle als Liste von Zeilen: Quarto verliert sonst die Zeilenenden."""
    return {"cell_type": art, "id": kennung, "metadata": {}, "source": text.splitlines(keepends=True)}


def qmd(m: Manuskript, projekt: Projekt, *, start: bool = False) -> str:
    """Eine Seite der Website als ``.qmd``; ``start``: die Startseite."""
    k = m.kopf
    angaben = {
        "title": k.titel,
        "subtitle": k.untertitel,
        "format": "html",
        "number-sections": False,
        "toc": k.inhalt,
        "berichtswerk": {"start": start, **({"band": k.band} if k.band else {})},
    }
    return f"{_yaml(angaben)}\n\n" + "\n\n".join(_texte(m, projekt, {})) + "\n"


def kopf(k: Kopf, *, daten: bool, druck: bool = True, geplant: bool = False) -> str:
    """Der YAML-Kopf eines Berichts; Reihenfolge fest, Leeres fehlt. ``daten``: es gibt eine ``daten.zip``."""
    namen = ("bericht", "ausgabe", "variante", "gebiet", "gebiet_name", "stamm", "status", "band", "stand")
    angaben = {n: getattr(k, n) for n in (*namen, "herausgeber", "redaktion", "kontakt", "beschluss")}
    angaben |= {"beispiel": k.beispiel, "daten": daten, "geplant": geplant}
    return _yaml(
        {
            "title": k.titel,
            "subtitle": k.untertitel,
            "date": k.stand,
            "author": k.herausgeber,
            "lang": "de-DE",
            "format": {"html": "default", **({"typst": {"output-file": k.stamm}} if druck else {})},
            "berichtswerk": {name: wert for name, wert in angaben.items() if wert not in ("", None, False)},
        }
    )


def _yaml(angaben: dict[str, Any]) -> str:
    gefuellt = {name: wert for name, wert in angaben.items() if wert not in ("", None)}
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
    schreiber = _Schreiber(m, projekt, zeichnungen, beilagen)
    texte = [schreiber.teil(teil) for teil in m.teile]
    if plan is not None:
        stuecke = typst_rumpf.Rumpf(m, projekt, {}).je_teil()
        texte = [_geplant(*t, plan) if t[0] else "" for t in zip(texte, m.teile, stuecke, strict=True)]
    return (text for text in texte if text)


def _geplant(text: str, teil: Teil, stuecke: Sequence[Stueck], plan: Plan) -> str:
    """Ein Teil zwischen rohen Blöcken, die ihn im Druck zum Stück machen.

    Texte haben je Absatz eines: ``layout/berichtswerk.lua`` setzt sie vor die Blöcke, die folgen.
    """
    auf = [f'#bw-stueck("{s.kennung}", plan: ({vermessung.eintrag(s.kennung, plan)}))[' for s in stuecke]
    if not auf:
        return text
    if isinstance(teil, Prosa):
        return f"{_roh('typst', f'//bw-plan {json.dumps(auf, ensure_ascii=False)}')}\n\n{text}"
    if len(auf) > 1:  # was hinten in Paaren steht
        druck = "\n".join(f"{a}\n\n{s.text}\n\n]\n" for a, s in zip(auf, stuecke, strict=True))
        return "\n\n".join([_TYPST.sub("", text).strip(), _roh("typst", druck)])
    ohne_luft = text.replace("#bw-figur(", "#bw-figurzeile(")  # den Abstand gibt das Stück
    return "\n\n".join([_roh("typst", auf[0]), ohne_luft, _roh("typst", "]")])


class _Schreiber:
    """Ein Gang durch das Manuskript; die beiden anderen Schreiber laufen mit und kennen so die Ebene."""

    def __init__(
        self, m: Manuskript, projekt: Projekt, zeichnungen: Mapping[str, str], beilagen: Collection[str]
    ) -> None:
        self.m, self.zeichnungen, self.texte = m, zeichnungen, 0
        self.html = html_rumpf.Rumpf(m, zeichnungen, beilagen)
        self.typst = typst_rumpf.Rumpf(m, projekt, {})

    def teil(self, teil: Teil) -> str:
        """Ein Teil des Manuskripts; leer, wenn es dort nichts zu sehen gibt."""
        if isinstance(teil, Prosa):
            for k in kapitelkoepfe(teil.bloecke):
                self._merke(k["c"][0])
            self.texte += 1
            return mit_eigenen_noten(teil.quelle.markdown.strip("\n"), f"t{self.texte}")
        if isinstance(teil, Ueberschrift):
            self._merke(teil.ebene)
            return _ueberschrift(teil)
        if isinstance(teil, Auftakt):
            return self._auftakt(teil)
        if isinstance(teil, Zeile):
            return self._zeile(teil)
        return _beide(self.html.gegenstand(teil), self.typst.gegenstand(teil))

    def _merke(self, ebene: int) -> None:
        self.html.prosa.ebene = ebene - self.m.oberste + 2
        self.typst.prosa.ebene = ebene - self.m.oberste + 1

    def _auftakt(self, a: Auftakt) -> str:
        """Im Druck steht vor der Überschrift, was ihr Farbfeld trägt, auf der Seite folgt es ihr."""
        botschaft = self.html.botschaft(a)
        feld = _roh("html", f'<div class="bw-auftakt">\n{botschaft}\n</div>') if botschaft else ""
        return "\n\n".join(t for t in (_roh("typst", self.typst.auftakt(a)), self.teil(a.kopf), feld) if t)

    def _zeile(self, z: Zeile) -> str:
        """Haupttext und Rand zwischen rohen Blöcken, die sie umschließen."""
        auf, rand = html_rumpf.zeile_auf(z), self.html.rand(z)
        if not z.haupt or not isinstance(z.haupt[0], Abbildung | Tabelle):
            haupt = [t for teil in z.haupt if (t := self.teil(teil))]
            return "\n\n".join(
                [_beide(auf, self.typst.zeile_auf(z)), *haupt, _beide(f"</div>\n{rand}\n</div>", "]")]
            )
        g = z.haupt[0]
        davor, danach = self.typst.figurzeile(z, self.typst.befund(g))
        stufe = min(self.html.prosa.ebene + 1, 6)
        befund = f'<h{stufe} class="bw-befund">{html_figur.text(g.befund)}</h{stufe}>' if g.befund else ""
        befund += f"\n{html_figur.weiter(g)}"
        return "\n\n".join(
            [
                _beide(f'{auf}\n<div class="bw-figur">\n{befund}', davor),
                f"::: {{#{g.label}}}\n{self._kern(g, breit=z.breit)}\n\n{maskiere(g.unterschrift)}\n:::",
                _beide(f"{self.html.fuss(z)}\n</div>\n</div>\n{rand}\n</div>", danach),
            ]
        )

    def _kern(self, g: Abbildung | Tabelle, *, breit: bool) -> str:
        stamm = self.m.kopf.stamm
        if isinstance(g, Tabelle):
            return _beide(html_figur.tafel(g), typst_tabelle(g.tabelle, breit=breit).text)
        bild = html_figur.bild(g, stamm, self.zeichnungen.get(g.label, ""))
        datei = zeichenkette(f"{stamm}/{DRUCKBILDER}/{g.label}.svg")
        return _beide(bild, f"#box(image({datei}, alt: {zeichenkette(g.alt)}))")


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


def _ueberschrift(u: Ueberschrift) -> str:
    angaben = [f"#{u.marke}"] * bool(u.marke) + [".bw-neue-seite"] * u.neue_seite
    angaben += [".unnumbered"] * (not u.gezaehlt)
    anker = f" {{{' '.join(angaben)}}}" if angaben else ""
    return f"{'#' * u.ebene} {maskiere(u.text)}{anker}"


def _beide(html: str, typst: str) -> str:
    """Für jedes Format ein roher Block; was es in einem nicht gibt, fehlt."""
    return "\n\n".join(_roh(name, text) for name, text in (("html", html), ("typst", typst)) if text)


def _roh(format_: str, text: str) -> str:
    return f"```{{={format_}}}\n{text.strip()}\n```"
