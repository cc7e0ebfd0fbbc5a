"""Woher die Zahlen einer eigenen Tabelle oder Abbildung kommen: aus gelesenen Zeilen oder einer Rechnung.

Ein DataFrame aus ``b.daten(…)`` trägt zu jedem Wert seine Fundstelle (``datei``, ``zeile``, ``spalte``).
Bleiben diese Spalten beim Auswählen erhalten, führt jede Zahl von selbst dorthin; sonst nennt ``rechnung=``
den Weg.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from berichtswerk.bericht.fehler import RechnungFehlt
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    Fundstelle,
    Nachweis,
    Rechenweg,
    Tabellenmodell,
    Tabellenzelle,
)
from berichtswerk.grund.meldung import BerichtswerkFehler

if TYPE_CHECKING:
    import pandas as pd

_FUNDSTELLE = {"datei", "zeile", "spalte", "wert"}


class Angabe(NamedTuple):
    """Wie aus den ``eingaben`` (sonst den ganzen ``quellen``) wurde, was nicht unverändert gelesen ist."""

    label: str
    quellen: Sequence[str]
    rechnung: str
    eingaben: Sequence[Any]


def nachweise(
    sicht: Sicht,
    modell: Tabellenmodell,
    rahmen: pd.DataFrame,
    spalten: Sequence[Any],
    angabe: Angabe,
) -> tuple[Nachweis, ...]:
    """Der Nachweis jeder Zahl einer Tabelle aus einem DataFrame.

    ``spalten`` sind die Spalten des DataFrame in der Reihenfolge des Modells.

    Raises:
        BerichtswerkFehler: ``rechnung-fehlt``, wenn Zahlen weder gelesen noch beschrieben sind.
    """
    gelesen = set(rahmen.columns) >= _FUNDSTELLE
    quelle_von = sicht.quellen_der_dateien(angabe.quellen) if gelesen else {}
    gebiete = sicht.bestand.gebiete.values()
    orte = {name: g.schluessel for g in gebiete for name in (g.name, sicht.name_von(g))}
    koepfe = [z.text for z in modell.kopf[-1]]
    weg: Rechenweg | None = None
    gefunden: list[Nachweis] = []
    zeilen = (z for z in modell.zeilen if z.art != "gruppe")
    for zeile, satz in zip(zeilen, rahmen.to_dict("records"), strict=True):
        name, *faecher = zeile.zellen
        for kopf, spalte, fach in zip(koepfe[1:], spalten[1:], faecher, strict=True):
            if fach.wert is None:
                continue
            stelle = f"{name.text} · {kopf}"
            gebiet = str(satz.get("gebiet") or orte.get(name.text, ""))
            if gelesen and spalte == "wert":
                belege = (_fundstelle(satz, quelle_von),)
                zeit = str(satz.get("zeit", ""))
                gefunden.append(_eintrag(fach, angabe.label, stelle, gebiet=gebiet, zeit=zeit, belege=belege))
                continue
            if not angabe.rechnung:
                raise BerichtswerkFehler(RechnungFehlt.melde(label=angabe.label, spalte=kopf))
            if weg is None:
                eingaenge = sicht.eingaenge(angabe.quellen, angabe.eingaben)
                weg = nachweis.rechenweg(angabe.label, angabe.rechnung, eingaenge)
            gefunden.append(_eintrag(fach, angabe.label, stelle, gebiet=gebiet, rechnung="eigene", weg=weg))
    return tuple(gefunden)


def _fundstelle(satz: dict[Any, Any], quelle_von: dict[str, str]) -> Fundstelle:
    datei = str(satz["datei"])
    return Fundstelle(
        quelle=quelle_von.get(datei, ""), datei=datei, zeile=int(satz["zeile"]), spalte=str(satz["spalte"]),
        wert=float(satz["wert"]), rolle="wert",
    )  # fmt: skip


def _eintrag(fach: Tabellenzelle, label: str, stelle: str, **felder: Any) -> Nachweis:
    return Nachweis(ort=label, stelle=stelle, anzeige=fach.text, wert=fach.wert, **felder)
