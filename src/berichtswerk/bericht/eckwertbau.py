"""Ein Eckwert aus einer gebundenen Reihe: Wert, Stand, Richtung, Vergleich."""

from __future__ import annotations

from berichtswerk.gegenstand.gegenstaende import Bindung, Eckvergleich, Eckwert, Nachweis
from berichtswerk.grund import zahl
from berichtswerk.worte import saetze
from berichtswerk.worte.bindungswerte import werte_aus
from berichtswerk.worte.sicht import VERGLEICHE, OhneWert, Sicht
from berichtswerk.worte.sprache import spanne_text


def eckwert(bindung: Bindung) -> tuple[Eckwert, list[Nachweis]]:
    """Der Eckwert und die Nachweise aller Zahlen darin; ``bindung.reihe`` ist nicht leer."""
    sicht = Sicht.auf(bindung, None)
    nachweise = [sicht.letzter.nachweis]
    try:
        verlauf = werte_aus(bindung, None, "verlauf", None)
        marken = [m for m in verlauf.marken if m != "Beispieldaten"]
        klammer = f" ({', '.join(marken)})" if marken else ""
        richtung = f"gegenüber {sicht.vorwert.jahr} {verlauf.text}{klammer}"
        nachweise += verlauf.nachweise
    except OhneWert:
        richtung = _ohne_richtung(sicht)
    vergleiche = []
    for ebene in VERGLEICHE:
        gefunden = _vergleich(sicht, ebene)
        if gefunden is not None:
            vergleiche.append(gefunden[0])
            nachweise.append(gefunden[1])
    eintrag = Eckwert(
        name=bindung.name, kennzahl=bindung.kennzahl, wert=_wert(sicht),
        stand=_stand(sicht), richtung=richtung, vergleiche=tuple(vergleiche),
        beispiel=bindung.beispiel,
    )  # fmt: skip
    return eintrag, nachweise


def _ohne_richtung(sicht: Sicht) -> str:
    """Warum keine Richtung dasteht, wenn es zwar einen Vorwert gibt, er aber nicht vergleichbar ist."""
    try:
        return f"mit {sicht.vorwert.jahr} nicht vergleichbar (Zeitreihenbruch)"
    except OhneWert:
        return ""


def _wert(sicht: Sicht) -> str:
    """Der Wert mit Einheit; hat er eine Spanne, steht sie dahinter."""
    n, stellen = sicht.letzter.nachweis, sicht.bindung.stellen
    if n.unten is None or n.oben is None:
        return n.anzeige
    return f"{n.anzeige} ({spanne_text(zahl.schreibe(n.unten, stellen), zahl.schreibe(n.oben, stellen))})"


def _stand(sicht: Sicht) -> str:
    stand = saetze.stand(sicht.letzter.zeit)
    return f"Vorausrechnung {stand}" if sicht.letzter.prognose else stand


def _vergleich(sicht: Sicht, ebene: str) -> tuple[Eckvergleich, Nachweis] | None:
    """Der Wert des Vergleichsgebiets im selben Jahr, sonst der letzte davor mit Jahreszahl."""
    if sicht.bindung.kennzahl_art in {"anzahl", "saldo"}:
        return None
    werte = [w for w in sicht.bindung.vergleich.get(ebene, ()) if w.jahr <= sicht.letzter.jahr]
    if not werte:
        return None
    letzter = werte[-1]
    anderes_jahr = f" ({letzter.jahr})" if letzter.jahr != sicht.letzter.jahr else ""
    name = sicht.bindung.vergleichsnamen.get(ebene, ebene)
    return Eckvergleich(name=name, wert=letzter.nachweis.anzeige + anderes_jahr), letzter.nachweis
