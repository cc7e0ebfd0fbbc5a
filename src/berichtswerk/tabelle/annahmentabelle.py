"""Die Tabelle der Annahmen: jede mit Wert, Herkunft, Begründung und Stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from berichtswerk.fach.methoden.annahmen import KOPF, Abweichung, Annahme, Dreiklang, Szenario
from berichtswerk.gegenstand.gegenstaende import Nachweis, Tabellenmodell, Tabellenzelle
from berichtswerk.grund.zahl import datum
from berichtswerk.tabelle import tabellenbau as bau

_DREI = ("untere Variante", "mittlere Variante", "obere Variante")


def baue(
    szenario: Szenario | Dreiklang[Szenario], abweichungen: Sequence[Abweichung], orte: Mapping[str, str]
) -> tuple[Tabellenmodell, tuple[Nachweis, ...], str]:
    """Tabelle, Nachweise der Zahlen darin und der Name des Szenarios.

    ``orte`` nennt zu jedem Gebiet einer Abweichung seinen Namen. Stehen drei Varianten nebeneinander, gelten
    Herkunft, Begründung und Stand der mittleren (die Spanne steht in der Begründung der anderen).
    """
    drei = isinstance(szenario, Dreiklang)
    alle = (
        [szenario.untere, szenario.mittlere, szenario.obere]
        if isinstance(szenario, Dreiklang)
        else [szenario]
    )
    haupt = alle[1] if drei else alle[0]
    spalten = _DREI if drei else (KOPF[1],)
    gezeigt: list[Annahme] = []
    zeilen = []
    for annahme in haupt.annahmen:
        fassungen = [s.annahme(annahme.name) for s in alle]
        gezeigt += fassungen
        begruendung = next((f for f in fassungen if f.wert != annahme.wert), annahme).begruendung
        zellen = [_wert(f) for f in fassungen]
        zeilen.append(bau.zeile(annahme.name, [*zellen, *_herkunft(annahme, begruendung)]))
    if abweichungen:
        zeilen.append(bau.gruppenzeile("Abweichungen einzelner Kommunen", len(spalten) + 4))
    for a in abweichungen:
        gezeigt.append(a.annahme)
        zellen = [_wert(a.annahme)] * len(spalten)
        name = f"{a.annahme.name}, {orte[a.gebiet]}"
        zeilen.append(bau.zeile(name, [*zellen, *_herkunft(a.annahme, a.annahme.begruendung)]))
    zahlig = len(spalten)
    kopf = tuple(
        bau.textzelle(t, zahl_spalte=0 < nr <= zahlig) for nr, t in enumerate((KOPF[0], *spalten, *KOPF[2:]))
    )
    modell = Tabellenmodell(kopf=(kopf,), zeilen=tuple(zeilen))
    return modell, _nachweise(gezeigt), "" if drei else haupt.name


def _wert(a: Annahme) -> Tabellenzelle:
    return bau.textzelle(a.anzeige()).model_copy(update={"zahl": _zahl(a) is not None})


def _herkunft(a: Annahme, begruendung: str) -> list[Tabellenzelle]:
    return [bau.textzelle(t or "–") for t in (a.herkunft, begruendung, datum(a.datum))]


def _zahl(a: Annahme) -> float | None:
    return None if isinstance(a.wert, bool | str | tuple) else float(a.wert)


def _nachweise(annahmen: Sequence[Annahme]) -> tuple[Nachweis, ...]:
    """Eine Annahme ist gesetzt, nicht gemessen: der Nachweis nennt, wer sie warum gesetzt hat."""
    return tuple(
        Nachweis(
            anzeige=a.anzeige(), wert=_zahl(a), rechnung="annahme",
            formel=f"Annahme „{a.name}“: {a.begruendung} ({a.herkunft}, {datum(a.datum)})",
        )
        for a in annahmen
        if _zahl(a) is not None
    )  # fmt: skip
