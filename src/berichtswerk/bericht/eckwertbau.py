"""Ein Eckwert aus einer gebundenen Reihe: Wert, Stand, jüngste Veränderung, Vergleich im selben Jahr."""

from __future__ import annotations

from berichtswerk.gegenstand.gegenstaende import Bindung, Eckvergleich, Eckwert, Nachweis
from berichtswerk.grund import zahl
from berichtswerk.worte import sprache
from berichtswerk.worte.aussage import als_aussage
from berichtswerk.worte.bindungswerte import VERGLEICHE, OhneWert, Sicht, stand, werte_aus


def eckwert(bindung: Bindung) -> tuple[Eckwert, list[Nachweis]]:
    """Der Eckwert und die Nachweise aller Zahlen darin; ``bindung.reihe`` ist nicht leer."""
    sicht = Sicht.auf(bindung, None)
    richtung, nachweise = _richtung(sicht)
    vergleiche, weitere = _vergleiche(sicht)
    v = None if sicht.letzter.prognose else sicht.verlauf().letzter
    genannt = [sicht.letzter, *(w for w in sicht.reihe if w.nachweis in weitere)]
    eintrag = Eckwert(
        name=bindung.name, kennzahl=bindung.kennzahl, wert=_wert(sicht), stand=_stand(sicht),
        richtung=richtung, vergleiche=tuple(vergleiche), beispiel=bindung.beispiel,
        aussage=als_aussage(v, sicht.rede, bindung.kennzahl, bindung.gebiet, map(stand, genannt)),
    )  # fmt: skip
    return eintrag, [sicht.letzter.nachweis, *nachweise, *weitere]


def _richtung(sicht: Sicht) -> tuple[str, list[Nachweis]]:
    """„seit 2020 um 3,8 Prozentpunkte gestiegen“, oder warum es keine Richtung gibt."""
    try:
        v, treffer = sicht.zuletzt(), werte_aus(sicht.bindung, None, "verlauf", None)
    except OhneWert:
        bruch = sicht.verlauf().bruch
        grund = f"mit früheren Jahren nicht vergleichbar (Zeitreihenbruch {bruch.jahr})" if bruch else ""
        return grund, []
    marken = [m for m in treffer.marken if m != "Beispieldaten"]
    klammer = f" ({', '.join(marken)})" if marken else ""
    return f"seit {v.alt.jahr} {treffer.text}{klammer}", list(treffer.nachweise)


def _wert(sicht: Sicht) -> str:
    """Der Wert mit Einheit; hat er eine Spanne, steht sie dahinter."""
    n, stellen = sicht.letzter.nachweis, sicht.bindung.stellen
    if n.unten is None or n.oben is None:
        return n.anzeige
    spanne = sprache.spanne_text(zahl.schreibe(n.unten, stellen), zahl.schreibe(n.oben, stellen))
    return f"{n.anzeige} ({spanne})"


def _stand(sicht: Sicht) -> str:
    zeit = sprache.stand(sicht.letzter.zeit)
    return f"Vorausrechnung {zeit}" if sicht.letzter.prognose else zeit


def _vergleiche(sicht: Sicht) -> tuple[list[Eckvergleich], list[Nachweis]]:
    """Vergleichsgebiete im jüngsten gemeinsamen Jahr; ist es nicht das eigene letzte, steht der eigene dabei.

    Ein Gebiet ohne gemeinsames Jahr wird genannt, aber nicht daneben gestellt.
    """
    b = sicht.bindung
    if b.kennzahl_art in {"anzahl", "saldo"}:
        return [], []
    jahr, paare = sicht.nebeneinander()
    frueher = jahr != sicht.letzter.jahr
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
