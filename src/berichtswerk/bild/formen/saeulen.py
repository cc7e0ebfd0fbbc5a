"""Säulen (stehend) und Balken (liegend): Vergleich von Jahren oder Gebieten, ganz oder in Teilen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.liegend import zeichne_liegend
from berichtswerk.bild.formen.stapel import Art, Bau, als_anteile, angaben_fuer, kategorien
from berichtswerk.bild.formen.stehend import zeichne_stehend
from berichtswerk.bild.thema import Thema
from berichtswerk.fach.veraenderung import BruchArtig
from berichtswerk.gegenstand.serien import Angaben, Datentafel, Diagramm, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

HOEHE = 186.0
_ARTNAME = {
    "gruppiert": "diagramm",
    "gestapelt": "diagramm, gestapelt",
    "anteil": "diagramm, auf 100 % gestapelt",
    "gegenlaeufig": "diagramm mit zwei Richtungen",
}


def saeulen(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    thema: Thema,
    art: Art = "gruppiert",
    liegend: bool | None = None,
    brueche: Sequence[BruchArtig] = (),
    bezug: tuple[str, float | None] | None = None,
    raum: str = "Gebieten",
    geordnet: bool = False,
    alt: str | None = None,
    befund: str | None = None,
    hoehe: float = HOEHE,
) -> Diagramm:
    """Zeichnet Säulen oder Balken; die Werteachse schließt immer die Null ein.

    ``art="anteil"`` rechnet Anteile aus den Werten. ``art="gegenlaeufig"`` braucht zwei Serien ohne
    negative Werte; sonst stehen die Säulen nebeneinander mit ihrem Vorzeichen. ``liegend`` legt die
    Säulen zu Balken (Vorgabe: wenn die Kategorien Namen sind). ``bezug`` ist ein Vergleichswert (Name,
    Wert), der als Linie erscheint. ``raum`` ist der Name der Kategorien im Dativ der Mehrzahl
    („Kommunen“). ``geordnet=True`` färbt die Serien als Stufen einer Farbe (Altersgruppen), sonst als
    Kategorien.
    """
    serien = tuple(serien)
    art = _zulaessig(art, serien)
    xs = kategorien(serien)
    gezeigt = als_anteile(serien) if art == "anteil" else serien
    masz = angaben_fuer(art, angaben)
    waagerecht = liegend if liegend is not None else not all(isinstance(x, int) for x in xs)
    jahre = [x for x in xs if isinstance(x, int)]
    bruch = g.gezeigte(brueche, jahre) if len(jahre) == len(xs) else []
    gesagt = _worte(gezeigt, masz, art, liegend=waagerecht, brueche=bruch, bezug=bezug, raum=raum)
    text = alt if alt is not None else gesagt.alt
    bau = Bau(gezeigt, masz, thema, art, xs, bruch, bezug, _farben(serien, thema, geordnet), hoehe, text)
    spec = zeichne_liegend(bau) if waagerecht else zeichne_stehend(bau)
    hinweise = g.hinweise_zu(gezeigt, bruch)
    return Diagramm(
        spec,
        "balken" if waagerecht else "saeulen",
        text,
        befund if befund is not None else gesagt.befund,
        _tafel(serien, gezeigt, angaben, art),
        hinweise,
        gesagt.aussagen,
    )


def _zulaessig(art: Art, serien: tuple[Serie, ...]) -> Art:
    """Nach unten gezeichnet wäre ein negativer Wert nicht mehr als solcher zu erkennen."""
    negativ = any(p.wert is not None and p.wert < 0 for s in serien for p in s.punkte)
    return "gruppiert" if art == "gegenlaeufig" and (negativ or len(serien) != 2) else art


def balken(serien: Sequence[Serie], angaben: Angaben, *, thema: Thema, **wahl: Any) -> Diagramm:
    """Liegende Säulen; sonst wie :func:`saeulen`."""
    return saeulen(serien, angaben, thema=thema, liegend=True, **wahl)


def _farben(serien: Sequence[Serie], thema: Thema, geordnet: bool) -> list[str]:
    if geordnet and len(serien) > 1:
        return g.leiter(len(serien), thema)
    return g.farben(serien, thema)


def _worte(
    serien: tuple[Serie, ...],
    angaben: Angaben,
    art: Art,
    *,
    liegend: bool,
    brueche: Sequence[BruchArtig],
    bezug: worte.Bezug,
    raum: str,
) -> worte.Worte:
    """Was über die Säulen gesagt wird: Teile, Saldo, Summe, einzelne Reihen oder Gebiete."""
    form = ("Balken" if liegend else "Säulen") + _ARTNAME[art]
    if not all(isinstance(p.x, int) for s in serien for p in s.punkte):
        haupt = sprache.fokus(serien) or (serien[-1] if serien else None)
        if art == "anteil" and haupt is not None:
            angaben = Angaben(f"Anteil {haupt.name}", einheit_kurz="%", stellen=0, anteil=True)
        return worte.spannweite(form, haupt.punkte if haupt else (), angaben, raum=raum, bezug=bezug)
    if art == "anteil" or (art == "gestapelt" and angaben.anteil):
        return worte.groesster_teil(form, serien, angaben)
    if len(serien) == 1 and any((p.wert or 0) < 0 for p in serien[0].punkte):
        return worte.um_null(form, serien[0], angaben)
    if art == "gestapelt":
        serien = (replace(g.summe(serien, angaben.was), im_satz="die Summe"),)
    return worte.jahresreihe(form, serien, angaben, brueche)


def _tafel(serien: tuple[Serie, ...], gezeigt: tuple[Serie, ...], angaben: Angaben, art: Art) -> Datentafel:
    """Bei Anteilen stehen Ausgangswerte und Anteile nebeneinander."""
    tafel = g.tafel(serien, angaben)
    if art != "anteil":
        return tafel
    teile = g.tafel(
        [replace(s, name=f"{s.name}, Anteil") for s in gezeigt],
        replace(angaben_fuer(art, angaben), stellen=1),
    )
    zeilen = tuple((*a, *b[1:]) for a, b in zip(tafel.zeilen, teile.zeilen, strict=True))
    return Datentafel((*tafel.kopf, *teile.kopf[1:]), zeilen)
