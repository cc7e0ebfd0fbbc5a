"""Kennzahlen berechnen: aus Definition und Datenbestand wird eine Reihe von Werten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from berichtswerk.daten.gebietsschluessel import EBENEN, EBENENNAME
from berichtswerk.fach.brueche import brueche_eines_gebiets, vereinige
from berichtswerk.fach.definitionspruefung import pruefe_definition
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.fach.wege import Rechenweg
from berichtswerk.meldung import BerichtswerkFehler, Meldung, Stufe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebiet


def berechne(
    kennzahl: Kennzahl,
    bestand: Datenbestand,
    gebiete: Iterable[str] | None = None,
    von: int | None = None,
    bis: int | None = None,
) -> Reihe:
    """Berechnet eine Kennzahl, ungerundet und mit Belegen.

    Args:
        kennzahl: Definition mit Rechenwegen.
        bestand: Quellen und Gebiete.
        gebiete: Schlüssel oder Namen; ohne Angabe alle Gebiete, für die die Kennzahl gebildet wird.
        von: erstes Jahr (einschließlich).
        bis: letztes Jahr (einschließlich); Daten späterer Jahre gehen nicht ein.

    Returns:
        Werte nach Gebiet und Zeit. Rechenwege über Quellen, die es nicht gibt, entfallen (Hinweis an der
        Reihe). Wo für einen Bestandteil nichts geliefert ist, gibt es keinen Wert; wo ein Teil fehlt, geheim
        oder nicht verrechenbar ist, einen Wert ohne Zahl mit Status und Erklärung.

    Raises:
        BerichtswerkFehler: Definition passt nicht zu den Quellen; unbekanntes Gebiet; Quelle nicht lesbar.
    """
    befunde = pruefe_definition(kennzahl, bestand)
    if any(b.stufe is Stufe.FEHLER for b in befunde):
        raise BerichtswerkFehler(befunde)
    gewaehlt, hinweise = _gebiete(kennzahl, bestand, gebiete)
    hinweise.extend(befunde)
    wege = [
        Rechenweg(kennzahl, nummer, bestand)
        for nummer, weg in enumerate(kennzahl.wege, start=1)
        if all(a.quelle in bestand.quellen for a in weg.auswahlen())
    ]
    werte: list[Wert] = []
    je_gebiet = []
    for gebiet in gewaehlt:
        eigene = list(_werte(wege, gebiet.schluessel, von, bis))
        werte.extend(eigene)
        da = [q for q in kennzahl.quellen() if q in bestand.quellen]
        der_quellen = {q: bestand.quellen[q].statistik.brueche for q in da}
        brueche = brueche_eines_gebiets(eigene, bestand.gebiete, kennzahl.brueche, der_quellen)
        je_gebiet.append((gebiet.schluessel, brueche))
    hinweise.extend(_hinweise(kennzahl, werte))
    return Reihe(
        kennzahl, tuple(werte), vereinige(b for _, b in je_gebiet), tuple(hinweise), tuple(je_gebiet)
    )


def _gebiete(
    kennzahl: Kennzahl, bestand: Datenbestand, gewuenscht: Iterable[str] | None
) -> tuple[list[Gebiet], list[Meldung]]:
    """Die Gebiete, für die gerechnet wird, und Hinweise auf zu kleine."""
    verzeichnis = bestand.gebiete
    grenze = EBENEN.index(kennzahl.kleinste_ebene)
    if gewuenscht is None:
        return [g for g in verzeichnis.values() if EBENEN.index(g.ebene) >= grenze], []
    gefunden = list(dict.fromkeys(verzeichnis.finde(g) for g in gewuenscht))
    gross = [g for g in gefunden if EBENEN.index(g.ebene) >= grenze]
    ebene = EBENENNAME[kennzahl.kleinste_ebene]
    hinweise = [
        _hinweis(kennzahl, f"„{kennzahl.name}“ gibt es für {g.name} nicht: kleinste Ebene ist {ebene}.")
        for g in gefunden
        if g not in gross
    ]
    return gross, hinweise


def _werte(wege: list[Rechenweg], gebiet: str, von: int | None, bis: int | None) -> Iterator[Wert]:
    """Je Jahr die Werte des ersten Weges, der eine Zahl hat; sonst des ersten, der etwas weiß."""
    zeiten = [w.zeiten(gebiet) for w in wege]
    for jahr in sorted({jahr for liste in zeiten for jahr, _ in liste}):
        if (von is not None and jahr < von) or (bis is not None and jahr > bis):
            continue
        ersatz: list[Wert] = []
        for weg, liste in zip(wege, zeiten, strict=True):
            versuche = [weg.rechne(gebiet, jahr, zeit) for j, zeit in liste if j == jahr]
            werte = [w for w in versuche if w is not None]
            if any(w.wert is not None for w in werte):
                ersatz = werte
                break
            ersatz = ersatz or werte
        yield from ersatz


def _hinweise(kennzahl: Kennzahl, werte: Iterable[Wert]) -> Iterator[Meldung]:
    """Gleiche Erklärungen zusammengefasst, mit den betroffenen Gebieten und Zeiten."""
    stellen: dict[str, list[str]] = {}
    for wert in werte:
        for text in wert.hinweise:
            stellen.setdefault(text, []).append(f"{wert.gebiet} {wert.zeit}")
    for text, orte in stellen.items():
        ort = ", ".join(orte[:5]) + (f" und {len(orte) - 5} weitere" if len(orte) > 5 else "")
        yield _hinweis(kennzahl, text, ort)


def _hinweis(kennzahl: Kennzahl, text: str, ort: str = "") -> Meldung:
    datei = f"daten/kennzahlen/{kennzahl.id}.yaml"
    return Meldung("kennzahl-ohne-wert", text, datei, ort, stufe=Stufe.HINWEIS)
