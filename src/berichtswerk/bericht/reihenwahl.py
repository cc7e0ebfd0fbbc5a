"""Von Reihen zu Serien: welche Werte eine Abbildung zeigt, mit Namen, Rolle und Status."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from berichtswerk.fach.veraenderung import gemeinsames_jahr, ohne_voraus
from berichtswerk.gegenstand.serien import Punkt, Rolle, Serie
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte.sprache import aufzaehlung

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe, Wert


class EinheitVerschieden(Befundart):
    text = "{kennzahlen} haben verschiedene Einheiten."
    ursache = "Einheiten: {einheiten}."
    abhilfe = "Zeigen Sie sie in eigenen Abbildungen oder in einer Tabelle."


def je_jahr(reihe: Reihe) -> Reihe:
    """Je Gebiet und Jahr nur der letzte Wert (bei Monatswerten der des letzten Monats)."""
    letzte: dict[tuple[str, int], Wert] = {}
    for w in reihe.werte:
        davor = letzte.get((w.gebiet, w.jahr))
        if davor is None or w.zeit >= davor.zeit:
            letzte[w.gebiet, w.jahr] = w
    if len(letzte) == len(reihe.werte):
        return reihe
    return replace(reihe, werte=tuple(w for w in reihe.werte if letzte[w.gebiet, w.jahr] is w))


def zeitraum(von: int | None, bis: int | None) -> range:
    """Die Jahre von bis; ``None`` heißt ohne Grenze."""
    return range(0 if von is None else von, 10_000 if bis is None else bis + 1)


def auswahl(reihe: Reihe, gebiete: Iterable[Gebiet], jahre: Container[int | None]) -> Reihe:
    """Nur die genannten Gebiete und Jahre; Brüche, die davon unberührt sind, fallen weg."""
    schluessel = [g.schluessel for g in gebiete]
    werte = tuple(w for w in reihe.werte if w.gebiet in schluessel and w.jahr in jahre)
    da = [w.jahr for w in werte if w.wert is not None]
    je = dict(reihe.brueche_je)
    gemeint = {b for s in schluessel for b in je.get(s, ())} if je else set(reihe.brueche)
    brueche = tuple(b for b in sorted(gemeint) if da and min(da) < b.jahr <= max(da))
    return replace(reihe, werte=werte, brueche=brueche)


def mit_zahl(reihe: Reihe) -> list[Wert]:
    """Die Werte mit Zahl."""
    return [w for w in reihe if w.wert is not None]


def punkt(x: int | str, wert: Wert | None) -> Punkt:
    """Ein Wert als Punkt der Abbildung, mit Spanne und Kennzeichen der Vorausrechnung."""
    if wert is None:
        return Punkt(x, None, Status.UNBEKANNT)
    return Punkt(x, wert.wert, wert.status, wert.prognose, wert.unten, wert.oben)


def ueber_jahre(reihe: Reihe, gebiet: Gebiet, name: str, rolle: Rolle) -> Serie:
    """Eine Serie über die Jahre für ein Gebiet."""
    k, im_satz = reihe.kennzahl, ""
    if rolle == "teil" and k.artikel and not k.satz_in_mehrzahl:
        im_satz = f"{k.artikel} {k.name_satz or k.name}"
    punkte = tuple(punkt(w.jahr, w) for w in reihe if w.gebiet == gebiet.schluessel)
    return Serie(name, punkte, rolle, "", im_satz, k.id, gebiet.schluessel)


def ueber_gebiete(
    reihe: Reihe, gebiete: Sequence[Gebiet], jahr: int, namen: Callable[[Gebiet], str], rolle: Rolle
) -> Serie:
    """Eine Serie über Gebiete für ein Jahr; wo nichts geliefert ist, steht „unbekannt“."""
    punkte = [punkt(namen(g), reihe.wert(g.schluessel, jahr)) for g in gebiete]
    return Serie(reihe.kennzahl.name, tuple(punkte), rolle)


def zeit(reihen: Sequence[Reihe], jahr: int) -> str:
    """„2023“ oder „2035 (Vorausrechnung)“."""
    voraus = any(w.prognose for r in reihen for w in mit_zahl(r) if w.jahr == jahr)
    return f"{jahr} (Vorausrechnung)" if voraus else str(jahr)


def bestes_jahr(reihen: Sequence[Reihe], gebiete: Sequence[Gebiet]) -> int | None:
    """Das jüngste Jahr, in dem mindestens die Hälfte der Gebiete eine Zahl hat; sonst das mit den meisten.

    Vorausgerechnete Jahre zählen nur, wenn es keine anderen gibt.
    """
    schluessel = {g.schluessel for g in gebiete}
    werte = [w for reihe in reihen for w in mit_zahl(reihe) if w.gebiet in schluessel]
    haelfte = (len(schluessel) * len(reihen) + 1) // 2
    return gemeinsames_jahr((w.jahr for w in ohne_voraus(werte)), haelfte, notfalls=True)


def gemeinsame_einheit(kennzahlen: Sequence[Kennzahl]) -> tuple[str, str]:
    """Lange und kurze Einheit, die für alle gilt; bei verschiedenen langen nur die kurze oder „Anzahl“.

    Raises:
        BerichtswerkFehler: ``einheit-verschieden``: solche Werte gehören nicht auf eine Achse.
    """
    kurze = dict.fromkeys(k.einheit_kurz or "" for k in kennzahlen)
    zaehlend = {k.absolut for k in kennzahlen}
    if len(kurze) > 1 or len(zaehlend) > 1:
        genannt = aufzaehlung([f"„{k.id}“" for k in kennzahlen])
        einheiten = ", ".join(k.einheit for k in kennzahlen)
        raise BerichtswerkFehler(EinheitVerschieden.melde(kennzahlen=genannt, einheiten=einheiten))
    lange = dict.fromkeys(k.einheit for k in kennzahlen)
    kurz = next(iter(kurze), "")
    return (next(iter(lange)) if len(lange) == 1 else kurz or "Anzahl"), kurz
