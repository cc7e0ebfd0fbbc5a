"""Die Züge einer Linienabbildung: Bänder, durchgezogene und gestrichelte Linien, Punkte am Rand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from berichtswerk.darstellung.anordnung import Achse, abschnitte
from berichtswerk.darstellung.leinwand import FORMEN_DER_PUNKTE, daten
from berichtswerk.darstellung.typen import BruchArtig, Serie

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class Flaeche:
    """Gerechnete Geometrie einer Linienabbildung."""

    achse: Achse
    jahre: tuple[int, ...]
    hoehe: float
    breite: float
    von: float
    bis: float

    def x(self, jahr: float) -> float:
        """Pixel eines Jahres."""
        spanne = self.jahre[-1] - self.jahre[0]
        if not spanne:
            return (self.von + self.bis) / 2
        return self.von + (self.bis - self.von) * (jahr - self.jahre[0]) / spanne

    def y(self, wert: float) -> float:
        """Pixel eines Wertes."""
        return self.achse.lage(wert, self.hoehe)


def linienzuege(
    serien: Sequence[Serie], farben: Sequence[str], flaeche: Flaeche, brueche: Sequence[BruchArtig]
) -> list[alt.Chart]:
    """Bänder, durchgezogene und gestrichelte Linien, Punkte an Anfang und Ende."""
    import altair as alt

    x = alt.X(
        "jahr:Q",
        axis=None,
        scale=alt.Scale(
            domain=[flaeche.jahre[0], max(flaeche.jahre[-1], flaeche.jahre[0] + 1)],
            range=[flaeche.x(flaeche.jahre[0]), max(flaeche.bis, flaeche.x(flaeche.jahre[0]) + 1)],
            nice=False,
            zero=False,
        ),
    )
    skala = alt.Scale(domain=[flaeche.achse.von, flaeche.achse.bis], nice=False, zero=False)
    ebenen = []
    # der Fokus liegt zuoberst
    folge = sorted(range(len(serien)), key=lambda i: serien[i].rolle == "fokus")
    for i in folge:
        ebenen += _eine(
            serien[i],
            farben[i],
            FORMEN_DER_PUNKTE[i % 5],
            x=x,
            skala=skala,
            brueche=[b.jahr for b in brueche],
        )
    return ebenen


def _eine(
    serie: Serie, farbe: str, form: str, *, x: alt.X, skala: alt.Scale, brueche: Sequence[int]
) -> list[alt.Chart]:
    import altair as alt

    y = alt.Y("wert:Q", axis=None, scale=skala)
    stark = 3.0 if serie.rolle == "fokus" else 2.0
    ebenen = []
    band = [
        {"jahr": int(p.x), "unten": p.unten, "oben": p.oben}
        for p in serie.punkte
        if p.unten is not None and p.oben is not None
    ]
    if band:
        ebenen.append(
            alt.Chart(daten(band))
            .mark_area(color=farbe, opacity=0.2)
            .encode(x=x, y=alt.Y("unten:Q", axis=None, scale=skala), y2="oben:Q")
        )
    voll, voraus, punkte = _stuecke(serie, brueche)
    for zeilen, muster in ((voll, None), (voraus, [5, 4])):
        if zeilen:
            marke: dict[str, Any] = {"strokeDash": muster, "strokeCap": "butt"} if muster else {}
            ebenen.append(
                alt.Chart(daten(zeilen))
                .mark_line(color=farbe, strokeWidth=stark, **marke)
                .encode(x=x, y=y, detail="abschnitt:N")
            )
    if punkte:
        ebenen.append(
            alt.Chart(daten(punkte))
            .mark_point(shape=form, filled=True, opacity=1, color=farbe, size=62 if stark == 3.0 else 48)
            .encode(x=x, y=y)
        )
    return ebenen


def _stuecke(
    serie: Serie, brueche: Sequence[int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Zeilen der durchgezogenen und der gestrichelten Linie und der Punkte (Rand und Einzelwerte)."""
    ps = serie.punkte
    stuecke = abschnitte([int(p.x) for p in ps], [p.wert for p in ps], brueche)
    voll: list[dict[str, Any]] = []
    voraus: list[dict[str, Any]] = []
    punkte: dict[Any, dict[str, Any]] = {}
    for nr, stueck in enumerate(stuecke):
        zeilen = [{"jahr": int(ps[i].x), "wert": ps[i].wert, "abschnitt": nr} for i in stueck]
        ist = [z for z, i in zip(zeilen, stueck, strict=True) if not ps[i].prognose]
        kommt = [z for z, i in zip(zeilen, stueck, strict=True) if ps[i].prognose]
        if len(ist) > 1:
            voll += ist
        if kommt:
            # die gestrichelte Linie setzt am letzten Ist-Wert an
            voraus += [*ist[-1:], *kommt]
        rand = [zeilen[0], zeilen[-1]] if len(zeilen) == 1 or nr in (0, len(stuecke) - 1) else []
        if len(zeilen) > 1 and rand:
            rand = [z for z, zeigen in ((zeilen[0], nr == 0), (zeilen[-1], nr == len(stuecke) - 1)) if zeigen]
        for z in rand:
            punkte[z["jahr"]] = {"jahr": z["jahr"], "wert": z["wert"]}
    return voll, voraus, list(punkte.values())
