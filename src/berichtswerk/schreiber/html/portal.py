"""Was nur auf den Seiten um die Berichte herum steht, als HTML: Karten der Themen, Orte, Kennzahlen."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from berichtswerk.gegenstand.gegenstaende import (
    STATUSWORT,
    Kennzahleintrag,
    Kennzahlen,
    Orte,
    Themen,
    Themenkarte,
    Verweis,
)
from berichtswerk.grund.zahl import GESCHUETZT
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.html import text
from berichtswerk.schreiber.html.figur import klappe

SKRIPT = "layout/daten.js"
"""Was eine Seite mit Kennzahlen lädt, ab der Wurzel der Site."""


def skripte(m: Manuskript) -> tuple[str, ...]:
    """Das Skript, wo die Seite Kennzahlen zur Wahl hat."""
    return (SKRIPT,) if any(isinstance(t, Kennzahlen) for t in m.einzeln()) else ()


def schreibe(g: Themen | Orte | Kennzahlen, stufe: int) -> str:
    """Einer dieser Gegenstände; ``stufe`` ist die seiner Überschriften."""
    if isinstance(g, Themen):
        return themen(g, stufe)
    return orte(g, stufe) if isinstance(g, Orte) else kennzahlen(g, stufe)


def verweis(v: Verweis) -> str:
    """Ein Link; ohne Ziel nur sein Wortlaut."""
    return f'<a href="{escape(v[1])}">{text(v[0])}</a>' if v[1] else text(v[0])


def liste(verweise: Iterable[Verweis]) -> str:
    """Verweise als Liste; leer, wenn es keine gibt."""
    punkte = "\n".join(f"<li>{verweis(v)}</li>" for v in verweise)
    return f"<ul>\n{punkte}\n</ul>" if punkte else ""


def themen(t: Themen, stufe: int) -> str:
    """Je Thema eine Karte mit dem Bild des Titelblatts."""
    return "\n".join(['<ul class="bw-karten">', *(_karte(k, stufe) for k in t.eintraege), "</ul>"])


def _karte(k: Themenkarte, stufe: int) -> str:
    bild = k.bild if k.bild.startswith("<") else f'<img src="{escape(k.bild)}" alt="">' if k.bild else ""
    wort = f'<span class="bw-status bw-status-{k.status}">{STATUSWORT[k.status]}</span>'
    titel = k.titel.replace(" – ", f"{GESCHUETZT}– ")  # keine Zeile beginnt mit dem Strich
    teile = [
        f'<li class="bw-karte bw-leit-{escape(k.bericht)}">',
        f'<div class="bw-kartenbild">{bild.strip()}</div>',
        f"<h{stufe}>{verweis((titel, k.ziel))}</h{stufe}>",
        *(f"<p>{text(a)}</p>" for a in k.absaetze if a),
        f'<p class="bw-stand">{wort} <span class="bw-fest">{text(k.stand)}</span></p>',
        liste(k.dateien),
        *(["<p>Weitere Gebiete:</p>", liste(k.gebiete)] if k.gebiete else []),
        "</li>",
    ]
    return "\n".join(t for t in teile if t)


def orte(o: Orte, stufe: int) -> str:
    """Die Karte, deren Flächen zu den Seiten führen, und daneben dieselben Orte als Liste."""
    koepfe = (f"<h{stufe}>{text(oben)}</h{stufe}>\n" if oben else "" for oben, _ in o.gruppen)
    paare = zip(koepfe, o.gruppen, strict=True)
    spalten = [f'<div class="bw-ort">\n{kopf}{liste(gruppe)}\n</div>' for kopf, (_, gruppe) in paare]
    namen = "\n".join(['<div class="bw-orte">', *spalten, "</div>"])
    if not o.karte:
        return namen
    hinweise = "\n".join(f'<p class="bw-quelle">{text(h)}</p>' for h in o.hinweise)
    karte = f'<div class="bw-bild">\n{o.karte}\n</div>\n{hinweise}'
    return f'<div class="bw-ortskarte">\n<div>\n{karte}\n</div>\n{namen}\n</div>'


def kennzahlen(k: Kennzahlen, stufe: int) -> str:
    """Je Thema eine Liste, zugeklappt; ein Skript setzt eine Wahl davor."""
    teile = ['<div class="bw-kennzahlen">']
    for thema, gruppe in groupby(k.eintraege, lambda e: e.thema):
        punkte = [_kennzahl(e) for e in gruppe]
        was = "eine Kennzahl" if len(punkte) == 1 else f"{len(punkte)} Kennzahlen"
        liste_ = klappe(f"{was} zeigen", "\n".join(["<ul>", *punkte, "</ul>"]), f"zum Thema {thema}")
        teile.append(f"<section>\n<h{stufe}>{text(thema)}</h{stufe}>\n{liste_}\n</section>")
    return "\n".join([*teile, "</div>"])


def _kennzahl(e: Kennzahleintrag) -> str:
    kurz = " · ".join(t for t in (e.einheit, e.zeit, ", ".join(e.gebiete)) if t)
    paare = [
        ("Frühwarnung", "<br>".join(map(text, e.warnungen))),
        ("Zu beachten", text(e.fallen)),
        ("Berichte", liste(e.berichte) or "Zurzeit zeigt sie kein Bericht."),
        ("Zahlen", liste(e.dateien)),
        ("Quellen", liste(e.quellen)),
    ]
    felder = "\n".join(f"<dt>{wort}</dt>\n<dd>{inhalt}</dd>" for wort, inhalt in paare if inhalt)
    return (
        f'<li data-gebiete="{escape(" ".join(e.gebiete))}">\n'
        f'<details class="bw-kennzahl" id="k-{escape(e.kennung)}">'
        f"<summary><strong>{text(e.name)}</strong> <span>{text(kurz)}</span></summary>\n"
        f'<p>{text(e.definition)}</p>\n<dl class="bw-woher">\n{felder}\n</dl>\n</details></li>'
    )
