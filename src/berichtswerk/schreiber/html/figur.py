"""Abbildungen, Tabellen, Eckwerte, Glossar und Kästen als HTML, mit den Klassen, die auch Quarto vergibt."""

from __future__ import annotations

import re
from html import escape

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Eckwert,
    Eckwerte,
    Quellen,
    Randnotiz,
    Randzahl,
    Steckbrief,
    Steckbriefe,
    Tabelle,
)
from berichtswerk.schreiber.html.tabelle import tabelle as als_tabelle
from berichtswerk.tabelle.tabelle import BEISPIELSATZ

KENNUNG = "caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"
"""Die feste Kennung, die auch Quarto an Unterschriften hängt."""


def text(wortlaut: str) -> str:
    """Wortlaut als HTML-Text."""
    return escape(wortlaut, quote=False)


def rahmen(marke: str, name: str, titel: str, kern: str, *, stufe: int = 0, unterzeile: str = "") -> str:
    """Nummer, Befund (mit ``stufe`` als Überschrift), Unterzeile, dann das Bild oder die Tabelle.

    ``titel`` und ``kern`` sind HTML; ohne Befund ist der Titel die Unterschrift.
    """
    art, kennung = marke[:3], f"{marke}-{KENNUNG}"
    element = f"h{stufe}" if stufe else "span"
    zeile = (
        f'<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-{art}" '
        f'id="{kennung}">\n<span class="bw-abbnummer">{text(name)}<span class="bw-vorlesen">: </span></span>'
        f'\n<{element} class="bw-befund">{titel}</{element}>\n{unterzeile}</figcaption>'
    )
    if art == "fig":
        klasse = "quarto-float quarto-figure anchored"
        kern = f'<div aria-describedby="{kennung}">\n{kern}\n</div>'
    else:
        klasse, kern = "quarto-float anchored", rollbereich(kern, kennung)
    auf = f'<div id="{marke}" class="{klasse}">\n<figure class="quarto-float quarto-float-{art} figure">'
    return "\n".join([auf, zeile, kern, "</figure>\n</div>"])


def rollbereich(tabelle: str, beschriftet_durch: str = "") -> str:
    """Rollbarer Bereich um eine Tabelle: mit der Tastatur erreichbar und benannt."""
    name = f'aria-labelledby="{beschriftet_durch}"' if beschriftet_durch else (
        'aria-label="Tabelle, waagerecht verschiebbar"'
    )  # fmt: skip
    return f'<div class="bw-rollbereich" role="group" tabindex="0" {name}>\n{tabelle}\n</div>'


def figur(g: Abbildung | Tabelle, name: str, kern: str, stufe: int) -> str:
    """Eine Abbildung oder Tabelle im Rahmen: ihr Befund ist die Überschrift."""
    if not g.befund:
        return rahmen(g.label, name, text(g.unterschrift), kern)
    return rahmen(g.label, name, text(g.befund), kern, stufe=stufe, unterzeile=_unterzeile(g.unterschrift))


def _unterzeile(unterschrift: str) -> str:
    """Was, wo, wann, Einheit."""
    return f'<p class="bw-unterzeile">{text(unterschrift)}</p>\n'


def bild(a: Abbildung, stamm: str, zeichnung: str) -> str:
    """Das Bild allein: die Zeichnung, sonst die Datei."""
    if zeichnung:
        return f'<div class="bw-bild" role="img" aria-label="{escape(a.alt)}">\n{zeichnung}\n</div>'
    quelle = f"{escape(stamm)}/abb/{a.label}.svg"
    return f'<img src="{quelle}" class="img-fluid figure-img" alt="{escape(a.alt)}">'


def daten(g: Abbildung | Tabelle, stamm: str) -> str:
    """Die Daten dahinter, zugeklappt; leer auf Seiten, neben denen keine liegen."""
    csv = f'<a href="{escape(stamm)}/daten/{g.label}.csv">Daten als CSV-Datei</a>'
    if isinstance(g, Tabelle):
        return _falte("Daten der Tabelle", g.unterschrift, f"<p>{csv}</p>") if stamm else ""
    spezifikation = f'<a href="{escape(stamm)}/abb/{g.label}.json">Spezifikation der Abbildung (JSON)</a>'
    tafel = rollbereich(als_tabelle(g.daten))
    return _falte("Daten zur Abbildung", g.unterschrift, f"{tafel}\n<p>{csv} · {spezifikation}</p>")


def _falte(titel: str, unterschrift: str, inhalt: str) -> str:
    zusammen = text(f"{titel}: {unterschrift}")
    return f'<details class="bw-daten"><summary>{zusammen}</summary>\n{inhalt}\n</details>'


def quelle(zeile: str, *, beispiel: bool) -> str:
    """Die Quellenzeile; ihre Nummern führen zum Verzeichnis. Beispieldaten zuerst."""
    marke = f"<strong>{text(BEISPIELSATZ[0])}</strong>{text(BEISPIELSATZ[1])} " if beispiel else ""
    worte = re.sub(r"\bQ(\d+)\b", r'<a href="#quelle-\1">Q\1</a>', text(zeile))
    return f'<p class="bw-quelle">{marke}{worte}</p>' if marke or worte else ""


def notiz(n: Randnotiz) -> str:
    """Eine Notiz am Rand."""
    titel = f'<p class="bw-notiz-titel">{text(n.titel)}</p>'
    return f'<div class="bw-notiz">\n{titel}\n<p>{text(n.text)}</p>\n</div>'


def zahl(z: Randzahl, element: str = "p") -> str:
    """Eine große Zahl und was sie zählt."""
    return f'<{element} class="bw-randzahl"><strong>{text(z.zahl)}</strong> {text(z.text)}</{element}>'


def quellen(q: Quellen, stufe: int) -> str:
    """Das Quellenverzeichnis mit Sprungmarken ``quelle-1``, ``quelle-2`` …"""
    zeilen = []
    for a in q.eintraege:
        marke = f"<strong>{text(BEISPIELSATZ[0])}</strong>. " if a.beispiel else ""
        lang = ". ".join(t for t in (a.lang or a.kurz, a.nennung) if t)
        zeilen.append(f'<dt id="quelle-{a.nummer[1:]}">{a.nummer}</dt>\n<dd>{marke}{text(lang)}</dd>')
    auf = f'<div class="bw-quellen">\n<h{stufe} class="bw-hinten">Quellen</h{stufe}>\n<dl>'
    return "\n".join([auf, *zeilen, "</dl>\n</div>"]) if zeilen else ""


def eckwerte(e: Eckwerte) -> str:
    """Begriffsliste: erst der Wert, dann Stand, Richtung und Vergleichsgebiete; ohne Quellenzeile."""
    alle = all(eintrag.beispiel for eintrag in e.eintraege)  # dann sagt es der Beleg einmal für alle
    karten = "\n".join(_eckwert(eintrag, marke=not alle) for eintrag in e.eintraege)
    return f'<dl class="bw-eckwerte">\n{karten}\n</dl>'


def _eckwert(e: Eckwert, *, marke: bool) -> str:
    zeilen = [f"<dd>{text(a)}</dd>" for a in e.angaben()]
    if e.beispiel and marke:
        zeilen.append(f"<dd><strong>{text(BEISPIELSATZ[0])}</strong>{text(BEISPIELSATZ[1])}</dd>")
    return "\n".join(["<div>", f"<dt>{text(e.name)}</dt>", *zeilen, "</div>"])


def begriffe(b: Begriffe) -> str:
    """Glossar als Begriffsliste."""
    zeilen = []
    for e in b.eintraege:
        zusatz = f"<p>{text(e.fallen)}</p>" if e.fallen else ""
        zeilen.append(f"<dt>{text(e.name)}</dt>\n<dd>\n<p>{text(e.text)}</p>{zusatz}\n</dd>")
    return "\n".join(['<div class="bw-begriffe">', "<dl>", *zeilen, "</dl>", "</div>"])


def steckbriefe(s: Steckbriefe) -> str:
    """Je Steckbrief ein Rahmen mit Name und Begriffsliste."""
    return "\n".join(_steckbrief(e) for e in s.eintraege)


def _steckbrief(e: Steckbrief) -> str:
    einheit = f" ({text(e.einheit)})" if e.einheit else ""
    felder = "\n".join(f"<dt>{text(name)}</dt>\n<dd>{text(wert)}</dd>" for name, wert in e.felder)
    return (
        f'<div class="bw-steckbrief">\n<p><strong>{text(e.name)}</strong>{einheit}</p>\n'
        f"<dl>\n{felder}\n</dl>\n</div>"
    )


def kasten(art: str, titel: str, inhalt: str) -> str:
    """Ein Kasten; ``titel`` und ``inhalt`` sind HTML."""
    return (
        f'<div class="callout callout-style-default callout-{art} callout-titled" role="note">\n'
        '<div class="callout-header d-flex align-content-center">\n'
        '<div class="callout-icon-container" aria-hidden="true"><i class="callout-icon"></i></div>\n'
        f'<div class="callout-title-container flex-fill">\n{titel}\n</div>\n</div>\n'
        f'<div class="callout-body-container callout-body">\n{inhalt}\n</div>\n</div>'
    )
