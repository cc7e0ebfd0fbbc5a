"""Ein Eckwert aus einer gebundenen Reihe: Wert, Stand, jüngste Veränderung, Vergleich im selben Jahr."""

from __future__ import annotations

from berichtswerk.gegenstand.gegenstaende import Bindung, Eckvergleich, Eckwert, Nachweis
from berichtswerk.grund import zahl
from berichtswerk.worte import sprache
from berichtswerk.worte.aussage import als_aussage
from berichtswerk.worte.bindungswerte import VERGLEICHE, Blick, OhneWert, stand, werte_aus


def eckwert(bindung: Bindung) -> tuple[Eckwert, list[Nachweis]]:
    """Der Eckwert und die Nachweise aller Zahlen darin; ``bindung.reihe`` ist nicht leer."""
    blick = Blick.auf(bindung, None)
    richtung, nachweise = _richtung(blick)
    vergleiche, weitere = _vergleiche(blick)
    v = None if blick.letzter.prognose else blick.verlauf().letzter
    genannt = [blick.letzter, *(w for w in blick.reihe if w.nachweis in weitere)]
    eintrag = Eckwert(
        name=bindung.name, kennzahl=bindung.kennzahl, wert=_wert(blick), stand=_stand(blick),
        richtung=richtung, vergleiche=tuple(vergleiche), beispiel=bindung.beispiel,
        aussage=als_aussage(v, blick.rede, bindung.kennzahl, bindung.gebiet, map(stand, genannt)),
    )  # fmt: skip
    return eintrag, [blick.letzter.nachweis, *nachweise, *weitere]


def _richtung(blick: Blick) -> tuple[str, list[Nachweis]]:
    """„seit 2020 um 3,8 Prozentpunkte gestiegen“, oder warum es keine Richtung gibt."""
    try:
        v, treffer = blick.zuletzt(), werte_aus(blick.bindung, None, "verlauf", None)
    except OhneWert:
        bruch = blick.verlauf().bruch
        grund = f"mit früheren Jahren nicht vergleichbar (Zeitreihenbruch {bruch.jahr})" if bruch else ""
        return grund, []
    marken = [m for m in treffer.marken if m != "Beispieldaten"]
    klammer = f" ({', '.join(marken)})" if marken else ""
    return f"seit {v.alt.jahr} {treffer.text}{klammer}", list(treffer.nachweise)


def _wert(blick: Blick) -> str:
    """Der Wert mit Einheit; hat er eine Spanne, steht sie dahinter."""
    n, stellen = blick.letzter.nachweis, blick.bindung.stellen
    if n.unten is None or n.oben is None:
        return n.anzeige
    spanne = sprache.spanne_text(zahl.schreibe(n.unten, stellen), zahl.schreibe(n.oben, stellen))
    return f"{n.anzeige} ({spanne})"


def _stand(blick: Blick) -> str:
    zeit = sprache.stand(blick.letzter.zeit)
    return f"Vorausrechnung {zeit}" if blick.letzter.prognose else zeit


def _vergleiche(blick: Blick) -> tuple[list[Eckvergleich], list[Nachweis]]:
    """Vergleichsgebiete im jüngsten gemeinsamen Jahr; ist es nicht das eigene letzte, steht der eigene dabei.

    Ein Gebiet ohne gemeinsames Jahr wird genannt, aber nicht daneben gestellt.
    """
    b = blick.bindung
    if b.kennzahl_art in {"anzahl", "saldo"}:
        return [], []
    jahr, paare = blick.nebeneinander()
    frueher = jahr != blick.letzter.jahr
    gezeigt = [(e, w) for e, w in paare if e or frueher]
    zusatz = f" {jahr}" if frueher else ""
    fertig = [
        Eckvergleich(name=f"{b.vergleichsnamen.get(e, e)}{zusatz}", wert=w.nachweis.anzeige)
        for e, w in gezeigt
    ]
    for e in VERGLEICHE:
        werte = b.vergleich.get(e, ())
        if werte and e not in {ebene for ebene, _ in paare}:
            fertig.append(Eckvergleich(name=b.vergleichsnamen.get(e, e), wert=f"nur {werte[-1].jahr}"))
    return fertig, [w.nachweis for _, w in gezeigt]
