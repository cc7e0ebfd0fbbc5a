"""„So lesen“: wie man eine seltenere Form liest, mit einem Beispiel aus ihren Daten.

Jede Lesehilfe ist ein Paar aus Regel und Beispiel; im Bericht steht sie, wo eine Regel zum ersten Mal gilt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte.sprache import grenzen, spanne_text, wert_text

Lesehilfe = tuple[str, ...]
"""Regel und Beispiel; leer, wo eine Form keine braucht."""


def _mit_wert(punkte: Sequence[Punkt]) -> list[Punkt]:
    return [p for p in punkte if p.wert is not None and p.status in {Status.WERT, Status.GESCHAETZT}]


def hantel(von: Serie, bis: Serie, angaben: Angaben) -> Lesehilfe:
    """Ring und Punkt je Gebiet; das Beispiel ist das erste Gebiet mit beiden Werten."""
    frueher = {p.x: p for p in _mit_wert(von.punkte)}
    paar = next(((frueher[p.x], p) for p in _mit_wert(bis.punkte) if p.x in frueher), None)
    if paar is None:
        return ()
    kurz = replace(angaben, einheit_kurz="%" if angaben.einheit_kurz == "%" else "")
    alt, neu = (wert_text(p.wert or 0.0, kurz) for p in paar)
    regel = f"Leerer Ring: {von.name}, voller Punkt: {bis.name}; der Strich dazwischen ist der Unterschied."
    return regel, f"Beispiel {paar[1].x}: {alt} ({von.name}) und {neu} ({bis.name})."


def pyramide(seite: Serie, umriss: Serie | None, angaben: Angaben, jahr: str, name: str) -> Lesehilfe:
    """Balken und Umriss; das Beispiel ist die Gruppe, in der beide am weitesten auseinanderliegen."""
    if umriss is None:
        return ("Je länger der Balken, desto größer die Altersgruppe; links Männer, rechts Frauen.",)
    damals = {p.x: p.wert for p in _mit_wert(umriss.punkte)}
    da = [p for p in _mit_wert(seite.punkte) if damals.get(p.x) is not None]
    if not da:
        return ()
    p = max(da, key=lambda p: abs((p.wert or 0.0) - (damals[p.x] or 0.0)))
    mehr = "ist die Gruppe größer als" + (f" {name}" if name.isdigit() else " dort")
    regel = f"Balken: {jahr}, Umriss: {name}. Wo der Balken über den Umriss ragt, {mehr}."
    werte = [wert_text(w or 0.0, angaben) for w in (p.wert, damals[p.x])]
    return regel, f"Beispiel {seite.name} {p.x}: Balken {werte[0]}, Umriss {werte[1]}."


def gestapelt(serien: Sequence[Serie], angaben: Angaben, *, liegend: bool) -> Lesehilfe:
    """Übereinanderliegende Teile; das Beispiel ist der erste Teil der letzten Säule."""
    teil = next((s for s in serien if _mit_wert(s.punkte)), None)
    if teil is None or len(serien) < 2:
        return ()
    p = _mit_wert(teil.punkte)[-1]
    wort, lage = ("Balken", "nebeneinander") if liegend else ("Säule", "übereinander")
    regel = f"Die Abschnitte einer {wort} liegen {lage}; zusammen sind sie das Ganze."
    if liegend:
        regel = regel.replace("einer Balken", "eines Balkens")
    return regel, f"Beispiel {p.x}: {teil.schild} {wert_text(p.wert or 0.0, angaben)}."


def karte(punkte: Sequence[Punkt], angaben: Angaben, *, symbole: bool) -> Lesehilfe:
    """Farbe oder Kreis; das Beispiel ist das Gebiet mit dem höchsten Wert, ohne Urteil."""
    da = _mit_wert(punkte)
    if not da:
        return ()
    p = max(da, key=lambda p: p.wert or 0.0)
    regel = (
        "Je größer der Kreis, desto höher die Zahl." if symbole
        else "Je stärker sich die Fläche vom Grund abhebt, desto höher der Wert; das ist kein Urteil."
    )  # fmt: skip
    return regel, f"Beispiel {p.x}: {wert_text(p.wert or 0.0, angaben)}."


def vielfache(serien: Sequence[Serie], angaben: Angaben, vergleich: Serie | None) -> Lesehilfe:
    """Kleine Bilder mit gleichen Achsen."""
    erste = next((s for s in serien if s.mit_zahl()), None)
    if erste is None:
        return ()
    p = erste.mit_zahl()[-1]
    grau = f"; die graue Linie ist {vergleich.schild}" if vergleich else ""
    regel = f"Alle Bilder haben dieselben Achsen und lassen sich vergleichen{grau}."
    return regel, f"Beispiel {erste.schild}: {wert_text(p.wert or 0.0, angaben)} im Jahr {p.x}."


_SPANNEN = {
    "zufall": "wie weit der Wert allein durch den Zufall kleiner Zahlen schwanken kann",
    "intervall": "wie unsicher der Wert ist",
    "": "wie weit die Annahmen auseinanderliegen",
}
"""Was die Grenzen sind, nach dem Wort in ihrer Benennung."""


def spanne(serien: Sequence[Serie], angaben: Angaben, *, band: bool) -> Lesehilfe:
    """Ein Band an der Linie oder ein feiner Strich am Balken."""
    da = [p for s in serien for p in s.punkte if grenzen(p, angaben.stellen)]
    if not da:
        return ()
    p = da[-1] if band else da[0]
    was = next((satz for wort, satz in _SPANNEN.items() if wort in angaben.band.lower()), _SPANNEN[""])
    regel = f"{'Die helle Fläche' if band else 'Der feine Strich'} zeigt, {was}."
    text = spanne_text(*(grenzen(p, angaben.stellen) or ("", "")))
    return regel, f"Beispiel {p.x}: {wert_text(p.wert or 0.0, angaben)} ({text})."


def streifen(name: str, ort: str, kreis: str, *, hoeher: bool) -> Lesehilfe:
    """Abstand zum Kreis, jede Zeile mit eigener Skala."""
    regel = "Rechts vom Strich liegt der Wert über dem Kreis, links darunter; höher heißt nicht besser."
    return regel, f"Beispiel {name}: {ort}, Kreis {kreis}, also {'rechts' if hoeher else 'links'}."
