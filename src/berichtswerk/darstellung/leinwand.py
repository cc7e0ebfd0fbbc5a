"""Bausteine der Formen: Schilder in Pixeln, Ebenen, Rahmen. Altair wird erst hier und spät geladen.

Daten stehen auf Skalen, Schilder auf Pixeln (Skala ``None``): so kann ihre Lage berechnet werden, und
nichts überlappt. Das Bild ist genau ``Thema.breite`` breit; ``autosize: none`` verhindert, dass Vega es
verändert.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from berichtswerk.darstellung.anordnung import Achse
from berichtswerk.darstellung.thema import SCHRIFT, ZEILE, Thema

if TYPE_CHECKING:
    import altair as alt

FORMEN_DER_PUNKTE = ("circle", "square", "triangle-up", "diamond", "triangle-down")


@dataclass(frozen=True, slots=True)
class Schild:
    """Ein Text an einer Stelle der Zeichenfläche (Pixel ab links oben)."""

    x: float
    y: float
    text: str
    farbe: str
    buendig: Literal["left", "center", "right"] = "left"
    fett: bool = False
    grundlinie: Literal["middle", "bottom", "top", "alphabetic"] = "middle"


@dataclass(frozen=True, slots=True)
class Strich:
    """Eine gerade Linie in Pixeln."""

    x: float
    y: float
    x2: float
    y2: float
    farbe: str
    breite: float = 1.0
    muster: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Raender:
    """Ränder um die Zeichenfläche in Pixeln."""

    links: float
    oben: float
    rechts: float
    unten: float


def daten(zeilen: Iterable[dict[str, Any]]) -> alt.Data:
    """Zeilen als eingebettete Daten."""
    import altair as alt

    neu: Any = alt.Data
    ergebnis: alt.Data = neu(values=list(zeilen))
    return ergebnis


def pixel(feld: str, achse: Literal["x", "y"]) -> Any:
    """Kodierung eines Feldes, dessen Werte Pixel sind."""
    import altair as alt

    kanal = alt.X if achse == "x" else alt.Y
    return kanal(f"{feld}:Q", scale=None, axis=None)


def schilder(liste: Sequence[Schild], thema: Thema) -> list[alt.Chart]:
    """Je Machart der Schilder eine Ebene, in fester Reihenfolge."""
    import altair as alt

    gruppen: dict[tuple[str, bool, str, str], list[Schild]] = {}
    for s in liste:
        gruppen.setdefault((s.farbe, s.fett, s.buendig, s.grundlinie), []).append(s)
    ebenen = []
    for (farbe, fett, buendig, grundlinie), gruppe in sorted(gruppen.items()):
        zeilen = [{"x": round(s.x, 1), "y": round(s.y, 1), "text": s.text} for s in gruppe]
        marke: dict[str, Any] = {
            "align": buendig,
            "baseline": grundlinie,
            "color": farbe,
            "fontSize": SCHRIFT,
            "fontWeight": thema.marke.betonung if fett else 400,
        }
        ebenen.append(
            alt.Chart(daten(zeilen))
            .mark_text(**marke)
            .encode(x=pixel("x", "x"), y=pixel("y", "y"), text=alt.Text("text:N"))
        )
    return ebenen


def striche(liste: Sequence[Strich]) -> list[alt.Chart]:
    """Je Machart der Striche eine Ebene."""
    import altair as alt

    gruppen: dict[tuple[str, float, tuple[int, ...]], list[Strich]] = {}
    for s in liste:
        gruppen.setdefault((s.farbe, s.breite, s.muster), []).append(s)
    ebenen = []
    for (farbe, breite, muster), gruppe in gruppen.items():  # Späteres liegt vorn
        zeilen = [{k: round(getattr(s, k), 1) for k in ("x", "y", "x2", "y2")} for s in gruppe]
        ebenen.append(
            alt.Chart(daten(zeilen))
            .mark_rule(color=farbe, strokeWidth=breite, strokeDash=list(muster) or alt.Undefined)
            .encode(x=pixel("x", "x"), y=pixel("y", "y"), x2="x2:Q", y2="y2:Q")
        )
    return ebenen


def kaesten(zeilen: Sequence[dict[str, Any]], *, rand: str | None = None) -> alt.Chart:
    """Rechtecke in Pixeln: Zeilen mit x, x2, y, y2, farbe; ``rand`` zieht eine Linie darum."""
    import altair as alt

    mehr: dict[str, Any] = {"stroke": rand, "strokeWidth": 1} if rand else {}
    bild: alt.Chart = (
        alt.Chart(daten(zeilen))
        .mark_rect(**mehr)
        .encode(
            x=pixel("x", "x"),
            y=pixel("y", "y"),
            x2="x2:Q",
            y2="y2:Q",
            color=alt.Color("farbe:N", scale=None, legend=None),
        )
    )
    return bild


def rechtecke(
    zeilen: Sequence[dict[str, Any]],
    thema: Thema,
    achse: Achse,
    richtung: Literal["x", "y"],
    pixel_: tuple[float, float],
) -> list[alt.Chart]:
    """Säulen (``richtung="y"``) oder Balken (``"x"``) auf einer Werteachse; weiße Fugen trennen Nachbarn.

    ``pixel_`` sind die Pixel von Anfang und Ende der Achse.
    """
    import altair as alt

    if not zeilen:
        return []
    quer: Literal["x", "y"] = "x" if richtung == "y" else "y"
    skala = alt.Scale(
        domain=[achse.von, achse.bis],
        range=list(pixel_),
        nice=False,
        zero=True,
    )
    kanal = alt.Y if richtung == "y" else alt.X
    kodierung: dict[str, Any] = {
        richtung: kanal("von:Q", scale=skala, axis=None),
        f"{richtung}2": "bis:Q",
        quer: pixel("quer", quer),
        f"{quer}2": "quer2:Q",
        "color": alt.Color("farbe:N", scale=None, legend=None),
        "fillOpacity": alt.FillOpacity("deckung:Q", scale=None, legend=None),
    }
    duenn = min(z["quer2"] - z["quer"] for z in zeilen) < 6
    return [
        alt.Chart(daten(zeilen))
        .mark_rect(stroke=thema.farben.grund, strokeWidth=0.4 if duenn else 1.0)
        .encode(**kodierung)
    ]


def pfade(
    zeilen: Sequence[dict[str, Any]], farbe: str, breite: float, muster: Sequence[int] = ()
) -> alt.Chart:
    """Linienzüge in Pixeln: Zeilen mit x, y, zug (Nummer des Zuges), folge (Reihenfolge)."""
    import altair as alt

    bild: alt.Chart = (
        alt.Chart(daten(zeilen))
        .mark_line(color=farbe, strokeWidth=breite, strokeDash=list(muster) or alt.Undefined)
        .encode(x=pixel("x", "x"), y=pixel("y", "y"), detail="zug:N", order="folge:Q")
    )
    return bild


def tupfen(
    zeilen: Sequence[dict[str, Any]], farbe: str, form: str = "circle", groesse: float = 62, *, hohl: str = ""
) -> alt.Chart:
    """Punkte in Pixeln: Zeilen mit x, y; ``hohl`` ist die Füllfarbe eines umrandeten Punktes."""
    import altair as alt

    marke: dict[str, Any] = {"fill": hohl, "stroke": farbe, "strokeWidth": 2} if hohl else {"fill": farbe}
    bild: alt.Chart = (
        alt.Chart(daten(zeilen))
        .mark_point(shape=form, size=groesse, opacity=1, **marke)
        .encode(x=pixel("x", "x"), y=pixel("y", "y"))
    )
    return bild


def farbschluessel(
    paare: Sequence[tuple[str, str]], thema: Thema, links: float, breite: float, y: float
) -> tuple[list[Schild], list[dict[str, Any]], int]:
    """Kästchen mit Namen in Zeilen ab ``y`` (Mitte der ersten): Schilder, Kästchen, Anzahl der Zeilen."""
    tafeln: list[Schild] = []
    kaestchen: list[dict[str, Any]] = []
    x, zeile = links, 0
    for name, farbe in paare:
        weite = 18 + thema.breite_von(name)
        if x > links and x + weite > links + breite:
            x, zeile = links, zeile + 1
        mitte = y + zeile * ZEILE
        kaestchen.append({"x": x, "x2": x + 12, "y": mitte - 6, "y2": mitte + 6, "farbe": farbe})
        tafeln.append(Schild(x + 18, mitte, name, thema.farben.text))
        x += weite + 16
    return tafeln, kaestchen, zeile + 1 if paare else 0


def rahme(
    ebenen: Sequence[alt.Chart],
    thema: Thema,
    hoehe: float,
    raender: Raender,
    beschreibung: str,
    *,
    getrennt: bool = False,
) -> dict[str, Any]:
    """Legt Ebenen übereinander und gibt die fertige Spezifikation mit der Konfiguration der Marke.

    ``getrennt=True`` gibt jeder Ebene ihre eigene waagerechte Skala (Pyramide).
    """
    import altair as alt

    breite = round(thema.breite - raender.links - raender.rechts)
    bild = alt.layer(*ebenen).properties(
        width=breite,
        height=round(hoehe),
        padding={
            "left": thema.breite - breite - round(raender.rechts),
            "top": round(raender.oben),
            "right": round(raender.rechts),
            "bottom": round(raender.unten),
        },
        autosize=alt.AutoSizeParams(type="none"),
        description=beschreibung,
    )
    if getrennt:
        bild = bild.resolve_scale(x="independent")
    spec: dict[str, Any] = bild.to_dict()
    spec["config"] = thema.config()
    return spec
