"""Ein Dokument für Quarto: Notizbuch oder ``.qmd`` mit Quarto-Markdown; gesetzt wird dort."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from berichtswerk.gegenstand.dokument import Dokument, Kopf
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwert,
    Eckwerte,
    Fehlt,
    Fliesstext,
    Gegenstand,
    Luecken,
    Steckbriefe,
    Tabelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.schreiber.html.tabelle import tabelle as html_tabelle
from berichtswerk.schreiber.typst.tafel import tabelle as typst_tabelle
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, maskiere

_NUR_HTML = '.content-visible when-format="html"'
_BEISPIEL = f"**{BEISPIELSATZ[0]}**{BEISPIELSATZ[1]}"


class _Ausgeschrieben(yaml.SafeDumper):
    """Schreibt gleiche Werte aus, statt auf den ersten zu verweisen: das liest sich und liest jeder."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def notizbuch(dokument: Dokument) -> dict[str, Any]:
    """Das Notizbuch eines Berichts: Kopf als rohe Zelle, je Gegenstand eine Markdown-Zelle."""
    daten = any(isinstance(g, Abbildung | Tabelle) for g in dokument.inhalt)
    zellen = [_zelle("raw", "bw-kopf", kopf(dokument.kopf, daten=daten))]
    for nummer, g in enumerate(dokument.inhalt, 1):
        text = markdown(g, dokument)
        if text:
            zellen.append(_zelle("markdown", f"bw-{nummer}", f"{text}\n"))
    kern = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadaten = {"kernelspec": kern, "language_info": {"name": "python"}, "berichtswerk": {"uebergabe": 1}}
    return {"cells": zellen, "metadata": metadaten, "nbformat": 4, "nbformat_minor": 5}


def _zelle(art: str, kennung: str, text: str) -> dict[str, Any]:
    """Quelle als Liste von Zeilen: Quarto verliert sonst die Zeilenenden."""
    return {"cell_type": art, "id": kennung, "metadata": {}, "source": text.splitlines(keepends=True)}


def qmd(dokument: Dokument, *, start: bool = False) -> str:
    """Eine Seite der Website als ``.qmd``; ``start``: die Startseite."""
    k = dokument.kopf
    angaben = {
        "title": k.titel,
        "subtitle": k.untertitel,
        "format": "html",
        "number-sections": False,
        "toc": k.inhalt,
        "berichtswerk": {"start": start, **({"band": k.band} if k.band else {})},
    }
    texte = [markdown(g, dokument) for g in dokument.inhalt]
    return f"{_yaml(angaben)}\n\n" + "\n\n".join(t for t in texte if t) + "\n"


def kopf(k: Kopf, *, daten: bool) -> str:
    """Der YAML-Kopf eines Berichts; Reihenfolge fest, Leeres fehlt. ``daten``: es gibt eine ``daten.zip``."""
    namen = ("bericht", "ausgabe", "variante", "gebiet", "gebiet_name", "stamm", "status", "band", "stand")
    angaben = {n: getattr(k, n) for n in (*namen, "herausgeber", "redaktion", "kontakt", "beschluss")}
    angaben |= {"beispiel": k.beispiel, "daten": daten}
    return _yaml(
        {
            "title": k.titel,
            "subtitle": k.untertitel,
            "date": k.stand,
            "author": k.herausgeber,
            "lang": "de-DE",
            "format": {"html": "default", "typst": {"output-file": k.stamm}},
            "berichtswerk": {name: wert for name, wert in angaben.items() if wert not in ("", None, False)},
        }
    )


def _yaml(angaben: dict[str, Any]) -> str:
    gefuellt = {name: wert for name, wert in angaben.items() if wert not in ("", None)}
    text = yaml.dump(gefuellt, Dumper=_Ausgeschrieben, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---"


def markdown(g: Gegenstand, dokument: Dokument) -> str:
    """Ein Gegenstand als Quarto-Markdown; leer, was es dort nicht gibt."""
    stamm = dokument.kopf.stamm
    if isinstance(g, Fliesstext):
        return g.markdown
    if isinstance(g, Ueberschrift):
        return _ueberschrift(g)
    if isinstance(g, Abbildung):
        return _abbildung(g, stamm)
    if isinstance(g, Tabelle):
        return _tabelle(g, stamm)
    if isinstance(g, Eckwerte):
        return _eckwerte(g)
    if isinstance(g, Begriffe):
        return _begriffe(g)
    if isinstance(g, Steckbriefe):
        return _steckbriefe(g)
    if isinstance(g, Fehlt):
        return _div(".callout-note", f"## Dazu liegen keine Daten vor\n\n{maskiere(g.grund)}")
    if isinstance(g, Luecken):
        return _luecken(g)
    return _verzeichnisse(g, dokument.inhalt) if isinstance(g, Verzeichnisse) else ""


def _ueberschrift(u: Ueberschrift) -> str:
    angaben = [f"#{u.marke}"] * bool(u.marke) + [".bw-neue-seite"] * u.neue_seite
    angaben += [".unnumbered"] * (not u.gezaehlt)
    anker = f" {{{' '.join(angaben)}}}" if angaben else ""
    return f"{'#' * u.ebene} {maskiere(u.text)}{anker}"


def _abbildung(a: Abbildung, stamm: str) -> str:
    alt = re.sub(r"\s+", " ", a.alt).replace("\\", "\\\\").replace('"', '\\"')
    figur = f'![]({stamm}/abb/{a.label}.svg){{fig-alt="{alt}"}}\n\n{maskiere(a.unterschrift)}'
    daten = [
        _roh("html", html_tabelle(a.daten)),
        f"[Daten als CSV-Datei]({stamm}/daten/{a.label}.csv) · "
        f"[Spezifikation der Abbildung (JSON)]({stamm}/abb/{a.label}.json)",
    ]
    return _figur(
        a.befund, _div(f"#{a.label}", figur), _beleg(a.beleg), _daten(a.label, a.unterschrift, daten)
    )


def _tabelle(t: Tabelle, stamm: str) -> str:
    # beide Formate nebeneinander: für rohes HTML allein startete Quarto im Druck je Tabelle einen Prozess
    tafeln = [_roh("html", html_tabelle(t.tabelle)), _roh("typst", typst_tabelle(t.tabelle))]
    kern = "\n\n".join([*tafeln, maskiere(t.unterschrift)])
    daten = [f"[Daten als CSV-Datei]({stamm}/daten/{t.label}.csv)"]
    falte = _daten(t.label, t.unterschrift, daten) if stamm else ""
    return _figur(t.befund, _div(f"#{t.label}", kern), _beleg(t.beleg), falte)


def _eckwerte(e: Eckwerte) -> str:
    alle = all(eintrag.beispiel for eintrag in e.eintraege)  # dann sagt es der Beleg einmal für alle
    liste = "\n\n".join(_eckwert(eintrag, marke=not alle) for eintrag in e.eintraege)
    return "\n\n".join(teil for teil in (_div(".bw-eckwerte", liste), _beleg(e.beleg)) if teil)


def _eckwert(e: Eckwert, *, marke: bool) -> str:
    zeilen = [f":   {maskiere(a)}" for a in e.angaben()]
    zeilen += [f":   {_BEISPIEL}"] if e.beispiel and marke else []
    return "\n\n".join([maskiere(e.name), *zeilen]).replace("\n\n:   ", "\n:   ", 1)


def _begriffe(b: Begriffe) -> str:
    eintraege = []
    for e in b.eintraege:
        zeilen = [maskiere(e.name), f":   {maskiere(e.text)}"]
        if e.fallen:
            zeilen += ["", *(f"    {z}" for z in (f"::: {{{_NUR_HTML}}}", maskiere(e.fallen), ":::"))]
        eintraege.append("\n".join(zeilen))
    return "\n\n".join(["::: {.bw-begriffe}", *eintraege, ":::"])


def _steckbriefe(s: Steckbriefe) -> str:
    texte = []
    for e in s.eintraege:
        liste = "\n\n".join(f"{name}\n:   {maskiere(text)}" for name, text in e.felder)
        einheit = f" ({maskiere(e.einheit)})" if e.einheit else ""
        texte.append(f"::: {{.bw-steckbrief}}\n**{maskiere(e.name)}**{einheit}\n\n{liste}\n:::")
    return "\n\n".join(texte)


def _luecken(g: Luecken) -> str:
    if not g.eintraege:
        return ""
    zeilen = [f"- {f'{maskiere(titel)}: ' if titel else ''}{maskiere(grund)}" for titel, grund in g.eintraege]
    return "\n".join(["Nicht dargestellt:", "", *dict.fromkeys(zeilen)])


def _verzeichnisse(v: Verzeichnisse, inhalt: Sequence[Gegenstand]) -> str:
    """Listen mit Querverweis (nur HTML; das PDF baut sie selbst)."""
    teile = []
    for art, titel, klasse in (
        ("abbildungen", "Abbildungen", Abbildung),
        ("tabellen", "Tabellen", Tabelle),
    ):
        eintraege = [g for g in inhalt if isinstance(g, klasse)]
        if art in v.welche and eintraege:
            zeilen = "\n".join(f"- @{g.label}: {maskiere(g.unterschrift)}" for g in eintraege)
            teile.append(f"**{titel}**\n\n{zeilen}")
    return _div(f".bw-verzeichnisse {_NUR_HTML}", "\n\n".join(teile)) if teile else ""


def _figur(befund: str, *teile: str) -> str:
    kopf = [_div(".bw-befund", maskiere(befund))] if befund else []
    return _div(".bw-figur", "\n\n".join([*kopf, *(t for t in teile if t)]), 4)


def _beleg(b: Beleg) -> str:
    absaetze = [_BEISPIEL] if b.beispiel else []
    absaetze += ["  \n".join(maskiere(q.zeile) for q in b.quellen)] if b.quellen else []
    absaetze += [maskiere(b.definition)] if b.definition else []
    absaetze += [maskiere(h) for h in b.hinweise]
    return _div(".bw-beleg", "\n\n".join(absaetze)) if absaetze else ""


def _daten(label: str, unterschrift: str, teile: Sequence[str]) -> str:
    titel = "Daten zur Abbildung" if label.startswith("fig-") else "Daten der Tabelle"
    zeile = re.sub(r"\s+", " ", unterschrift).replace("\\", "").replace('"', "„")
    attribute = f'.bw-daten {_NUR_HTML} titel="{titel}: {zeile}"'
    return _div(attribute, "\n\n".join(teile))


def _div(attribute: str, inhalt: str, doppelpunkte: int = 3) -> str:
    zaun = ":" * doppelpunkte
    return f"{zaun} {{{attribute}}}\n{inhalt}\n{zaun}"


def _roh(format_: str, text: str) -> str:
    return f"```{{={format_}}}\n{text.strip()}\n```"
