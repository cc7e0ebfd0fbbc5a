"""Abbildungen, Tabellen, Eckwerte, Glossar und Kästen als HTML, mit den Klassen, die auch Quarto vergibt."""

from __future__ import annotations

from html import escape

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwert,
    Eckwerte,
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


def rahmen(marke: str, name: str, unterschrift: str, kern: str) -> str:
    """Bild oder Tabelle mit Nummer und Unterschrift; die einer Tabelle steht darüber."""
    art, kennung = marke[:3], f"{marke}-{KENNUNG}"
    lage = "bottom" if art == "fig" else "top"
    zeile = (
        f'<figcaption class="quarto-float-caption-{lage} quarto-float-caption quarto-float-{art}" '
        f'id="{kennung}">\n{text(name)}: {unterschrift}\n</figcaption>'
    )
    if art == "fig":
        klasse = "quarto-float quarto-figure quarto-figure-center anchored"
        teile = [f'<div aria-describedby="{kennung}">\n{kern}\n</div>', zeile]
    else:
        klasse, teile = "quarto-float anchored", [zeile, rollbereich(kern, kennung)]
    auf = f'<div id="{marke}" class="{klasse}">\n<figure class="quarto-float quarto-float-{art} figure">'
    return "\n".join([auf, *teile, "</figure>\n</div>"])


def rollbereich(tabelle: str, beschriftet_durch: str = "") -> str:
    """Rollbarer Bereich um eine Tabelle: mit der Tastatur erreichbar und benannt."""
    name = f'aria-labelledby="{beschriftet_durch}"' if beschriftet_durch else (
        'aria-label="Tabelle, waagerecht verschiebbar"'
    )  # fmt: skip
    return f'<div class="bw-rollbereich" role="group" tabindex="0" {name}>\n{tabelle}\n</div>'


def abbildung(a: Abbildung, name: str, stamm: str, stufe: int, zeichnung: str) -> str:
    """Befund als Überschrift, Bild, Beleg und die Daten dahinter; ``zeichnung`` ist SVG oder leer."""
    return _figur(
        befund(a.befund, stufe),
        rahmen(a.label, name, text(a.unterschrift), bild(a, stamm, zeichnung)),
        beleg(a.beleg),
        daten(a, stamm),
    )


def bild(a: Abbildung, stamm: str, zeichnung: str) -> str:
    """Das Bild allein: die Zeichnung, sonst die Datei."""
    if zeichnung:
        return f'<div class="bw-bild" role="img" aria-label="{escape(a.alt)}">\n{zeichnung}\n</div>'
    quelle = f"{escape(stamm)}/abb/{a.label}.svg"
    return f'<img src="{quelle}" class="img-fluid figure-img" alt="{escape(a.alt)}">'


def tabelle(t: Tabelle, name: str, stamm: str, stufe: int) -> str:
    """Befund als Überschrift, Tabelle, Beleg und CSV."""
    return _figur(
        befund(t.befund, stufe),
        rahmen(t.label, name, text(t.unterschrift), als_tabelle(t.tabelle)),
        beleg(t.beleg),
        daten(t, stamm),
    )


def daten(g: Abbildung | Tabelle, stamm: str) -> str:
    """Die Daten dahinter, zugeklappt; leer auf Seiten, neben denen keine liegen."""
    csv = f'<a href="{escape(stamm)}/daten/{g.label}.csv">Daten als CSV-Datei</a>'
    if isinstance(g, Tabelle):
        return _falte("Daten der Tabelle", g.unterschrift, f"<p>{csv}</p>") if stamm else ""
    spezifikation = f'<a href="{escape(stamm)}/abb/{g.label}.json">Spezifikation der Abbildung (JSON)</a>'
    tafel = rollbereich(als_tabelle(g.daten))
    return _falte("Daten zur Abbildung", g.unterschrift, f"{tafel}\n<p>{csv} · {spezifikation}</p>")


def _figur(*teile: str) -> str:
    return "\n".join(['<div class="bw-figur">', *(t for t in teile if t), "</div>"])


def befund(wortlaut: str, stufe: int) -> str:
    """Der Befund als Überschrift dieser Stufe; leer, wenn es keinen gibt."""
    return f'<h{stufe} class="bw-befund">{text(wortlaut)}</h{stufe}>' if wortlaut else ""


def _falte(titel: str, unterschrift: str, inhalt: str) -> str:
    zusammen = text(f"{titel}: {unterschrift}")
    return f'<details class="bw-daten"><summary>{zusammen}</summary>\n{inhalt}\n</details>'


def beleg(b: Beleg) -> str:
    """Quellen, Definition und Hinweise; Beispieldaten zuerst."""
    absaetze = [f"<strong>{text(BEISPIELSATZ[0])}</strong>{text(BEISPIELSATZ[1])}"] if b.beispiel else []
    absaetze += ["<br>\n".join(text(q.zeile) for q in b.quellen)] if b.quellen else []
    absaetze += [text(t) for t in (b.definition, *b.hinweise) if t]
    if not absaetze:
        return ""
    return "\n".join(['<div class="bw-beleg">', *(f"<p>{a}</p>" for a in absaetze), "</div>"])


def eckwerte(e: Eckwerte) -> str:
    """Begriffsliste: erst der Wert, dann Stand, Richtung und Vergleichsgebiete."""
    alle = all(eintrag.beispiel for eintrag in e.eintraege)  # dann sagt es der Beleg einmal für alle
    karten = "\n".join(_eckwert(eintrag, marke=not alle) for eintrag in e.eintraege)
    liste = f'<dl class="bw-eckwerte">\n{karten}\n</dl>'
    return "\n".join(t for t in (liste, beleg(e.beleg)) if t)


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
