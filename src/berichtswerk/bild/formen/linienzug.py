"""Die Züge einer Linienabbildung: Bänder, durchgezogene und gestrichelte Linien, Punkte am Rand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from berichtswerk.bild.anordnung import Achse, abschnitte
from berichtswerk.bild.leinwand import FORMEN_DER_PUNKTE, Ebene, ebene
from berichtswerk.fach.veraenderung import BruchArtig
from berichtswerk.gegenstand.serien import Punkt, Serie


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


def einmal(serien: Sequence[Serie]) -> tuple[Serie, ...]:
    """Szenarien mit gleichem Verlauf vor der Vorausrechnung: er bleibt nur an der ersten Serie.

    Die übrigen behalten ihren letzten Ist-Wert, an dem die gestrichelte Linie ansetzt.
    """
    gesehen: set[tuple[Punkt, ...]] = set()
    ergebnis = []
    for s in serien:
        ist = s.mit_zahl(prognose=False)
        doppelt = bool(s.mit_zahl(prognose=True)) and len(ist) > 1 and ist in gesehen
        gesehen.add(ist)
        weg = set(ist[:-1]) if doppelt else set()
        ergebnis.append(replace(s, punkte=tuple(p for p in s.punkte if p not in weg)))
    return tuple(ergebnis)


def linienzuege(
    serien: Sequence[Serie], farben: Sequence[str], flaeche: Flaeche, brueche: Sequence[BruchArtig]
) -> list[Ebene]:
    """Bänder, durchgezogene und gestrichelte Linien, Punkte an Anfang und Ende."""
    start = flaeche.x(flaeche.jahre[0])
    skalen = {
        "x": {
            "domain": [flaeche.jahre[0], max(flaeche.jahre[-1], flaeche.jahre[0] + 1)],
            "range": [start, max(flaeche.bis, start + 1)],
            "nice": False,
            "zero": False,
        },
        "y": {"domain": [flaeche.achse.von, flaeche.achse.bis], "nice": False, "zero": False},
    }
    ebenen: list[Ebene] = []
    # der Fokus liegt zuoberst
    for i in sorted(range(len(serien)), key=lambda i: serien[i].rolle == "fokus"):
        form = FORMEN_DER_PUNKTE[i % len(FORMEN_DER_PUNKTE)]
        ebenen += _eine(serien[i], farben[i], form, skalen, [b.jahr for b in brueche])
    return ebenen


def _eine(serie: Serie, farbe: str, form: str, skalen: dict[str, Any], brueche: Sequence[int]) -> list[Ebene]:
    def feld(name: str, achse: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "axis": None, "scale": skalen[achse]}

    stark = 3.0 if serie.rolle == "fokus" else 2.0
    x, y = feld("jahr", "x"), feld("wert", "y")
    ebenen = []
    band = _band(serie)
    if band:
        marke: dict[str, Any] = {"type": "area", "color": farbe, "opacity": 0.2}
        ebenen.append(ebene(band, marke, x=x, y=feld("unten", "y"), y2={"field": "oben"}))
    voll, voraus, punkte = _stuecke(serie, brueche)
    abschnitt = {"field": "abschnitt", "type": "nominal"}
    for zeilen, mehr in ((voll, {}), (voraus, {"strokeDash": [5, 4], "strokeCap": "butt"})):
        if zeilen:
            marke = {"type": "line", "color": farbe, "strokeWidth": stark, **mehr}
            ebenen.append(ebene(zeilen, marke, x=x, y=y, detail=abschnitt))
    if punkte:
        groesse = 62 if stark == 3.0 else 48
        marke = {
            "type": "point",
            "shape": form,
            "filled": True,
            "opacity": 1,
            "color": farbe,
            "size": groesse,
        }
        ebenen.append(ebene(punkte, marke, x=x, y=y))
    return ebenen


def _band(serie: Serie) -> list[dict[str, Any]]:
    """Grenzen je Jahr; das Band einer Vorausrechnung öffnet sich am letzten Ist-Wert."""
    band: list[dict[str, Any]] = [
        {"jahr": int(p.x), "unten": p.unten, "oben": p.oben}
        for p in serie.punkte
        if p.unten is not None and p.oben is not None
    ]
    davor = [p for p in serie.mit_zahl() if band and int(p.x) < band[0]["jahr"]]
    if davor and not davor[-1].prognose:
        anfang = davor[-1]
        band.insert(0, {"jahr": int(anfang.x), "unten": anfang.wert, "oben": anfang.wert})
    return band


def _stuecke(
    serie: Serie, brueche: Sequence[int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Zeilen der durchgezogenen und der gestrichelten Linie und der Punkte (Rand und Einzelwerte)."""
    ps = serie.punkte
    stuecke = abschnitte([int(p.x) for p in ps], [p.wert for p in ps], brueche, [p.prognose for p in ps])
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
        if len(ist) == 1 and kommt and rand and rand[0] is ist[0]:
            rand = rand[1:]  # hier setzt nur die gestrichelte Linie an
        for z in rand:
            punkte[z["jahr"]] = {"jahr": z["jahr"], "wert": z["wert"]}
    return voll, voraus, list(punkte.values())
