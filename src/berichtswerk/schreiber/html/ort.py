"""Steckbriefe als HTML: Kopf eines Ortes, Notizfeld, Tabellen mit wählbaren Spalten."""

from __future__ import annotations

from html import escape

from berichtswerk.gegenstand.gegenstaende import Notizfeld, Ortsblatt, Ortszahl, Tabelle
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.html import text

STIL, SKRIPT = "layout/steckbrief.css", "layout/vergleich.js"
"""Was eine Seite mit diesen Gegenständen lädt, ab der Wurzel der Site."""


def stile(m: Manuskript) -> tuple[str, ...]:
    """Das Stylesheet, wo die Seite einen Ort oder eine Wahl zeigt."""
    eigene = (
        isinstance(t, Ortsblatt | Notizfeld) or (isinstance(t, Tabelle) and t.wahl) for t in m.einzeln()
    )
    return (STIL,) if any(eigene) else ()


def skripte(m: Manuskript) -> tuple[str, ...]:
    """Das Skript, wo die Seite Spalten zur Wahl hat."""
    return (SKRIPT,) if any(isinstance(t, Tabelle) and t.wahl for t in m.einzeln()) else ()


def ortsblatt(o: Ortsblatt) -> str:
    """Botschaft, Eckzahlen mit denen des Kreises, was fehlt."""
    teile = [f'<p class="bw-ort-botschaft">{text(o.botschaft)}</p>'] if o.botschaft else []
    if o.gehoert:
        teile.append(f'<p class="bw-ort-lage">{text(o.gehoert)}</p>')
    teile.append('<dl class="bw-ort-zahlen">\n' + "\n".join(map(_zahl, o.zahlen)) + "\n</dl>")
    if o.offen:
        teile.append(f'<p class="bw-ort-offen">Keine Angabe: {text("; ".join(o.offen))}.</p>')
    return "\n".join(['<div class="bw-ort">', *teile, "</div>"])


def _zahl(z: Ortszahl) -> str:
    kreis = f"\n<dd>{text(z.kreis)}</dd>" if z.kreis else ""
    return f"<div>\n<dt>{text(z.text)}</dt>\n<dd>{text(z.zahl)}</dd>{kreis}\n</div>"


def notizfeld(n: Notizfeld) -> str:
    """Die Fragen; gedruckt ist darunter Platz zum Schreiben."""
    fragen = "\n".join(f"<li>{text(f)}</li>" for f in n.fragen)
    titel = f'<p class="bw-notizen-titel">{text(n.titel)}</p>'
    return f'<div class="bw-notizen">\n{titel}\n<ul>\n{fragen}\n</ul>\n</div>'


def wahl(t: Tabelle) -> tuple[str, str]:
    """Was ein Skript um die Tabelle für die Wahl braucht, auf und zu; ohne Skript bleibt sie ganz."""
    marken = escape(" ".join(w.marke for w in t.wahl))
    ziele = [w for w in t.wahl if w.ziel]
    punkte = "\n".join(
        f'<li data-ort="{escape(w.marke)}"><a href="{escape(w.ziel)}">{text(w.name)}</a></li>' for w in ziele
    )
    liste = (
        f'\n<p class="bw-wahl-einzeln">Jedes Gebiet einzeln:</p>\n<ul class="bw-wahl-orte">\n{punkte}\n</ul>'
        if ziele
        else ""
    )
    return f'<div class="bw-wahl" data-orte="{marken}">', f"{liste}\n</div>"
