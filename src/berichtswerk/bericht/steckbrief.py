"""Steckbrief und Begriff einer Kennzahl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from berichtswerk.fach.formel import formel
from berichtswerk.gegenstand.gegenstaende import Begriff, Steckbrief
from berichtswerk.grund import zahl
from berichtswerk.worte.belegzeilen import tabellen_kurz

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe

_PERIODE = {
    "jaehrlich": "jährlich",
    "zweijaehrlich": "alle zwei Jahre",
    "monatlich": "monatlich",
    "vierteljaehrlich": "vierteljährlich",
    "einmalig": "einmalig",
}
_EBENE = {
    "gemeinde": "Gemeinden",
    "einheit": "Kommunen",
    "planungsgebiet": "Planungsgebiete",
    "kreis": "Landkreis",
    "land": "Land",
    "bund": "Bund",
}


def steckbrief(kennzahl: Kennzahl, quellen: Mapping[str, Quelle], reihe: Reihe) -> Steckbrief:
    """Name, Einheit und Felder; ``reihe`` sind die Werte des Gebiets. Leere Felder fehlen."""
    felder = [
        ("Zweck", kennzahl.zweck),
        ("Aussagefähigkeit", kennzahl.aussagefaehigkeit),
        ("Definition", kennzahl.definition),
        ("Berechnung", berechnung(kennzahl, quellen)),
        ("Datenverfügbarkeit", kennzahl.verfuegbarkeit or verfuegbarkeit(kennzahl, quellen, reihe)),
        ("Zu beachten", " ".join(kennzahl.fallen)),
    ]
    gefuellt = tuple((name, _eine_zeile(text)) for name, text in felder if text.strip())
    return Steckbrief(name=kennzahl.name, einheit=kennzahl.einheit or "", felder=gefuellt)


def _eine_zeile(text: str) -> str:
    return " ".join(text.split())


def berechnung(kennzahl: Kennzahl, quellen: Mapping[str, Quelle]) -> str:
    """Die Formeln aller Wege, jede einmal; Größen heißen, wie die Quelle ihre Spalte betitelt."""
    texte = []
    for weg in kennzahl.wege:
        if weg.wert is not None:
            texte.append("veröffentlichter Wert")
            continue
        text = re.sub(r" \[[^\]]*\b[Ii]nsgesamt\b[^\]]*\]", "", formel(kennzahl, weg))
        for a in weg.auswahlen():
            titel = _titel(quellen.get(a.quelle), a.groesse)
            text = re.sub(rf"\b{re.escape(a.groesse)}\b", titel.replace("\\", r"\\"), text)
        texte.append(text)
    return "; ersatzweise ".join(dict.fromkeys(texte))


def _titel(quelle: Quelle | None, groesse: str) -> str:
    felder = quelle.schema_.fields if quelle and quelle.schema_ else []
    return next((f.title for f in felder if f.name == groesse and f.title), groesse)


def verfuegbarkeit(kennzahl: Kennzahl, quellen: Mapping[str, Quelle], reihe: Reihe) -> str:
    """Herausgeber, Tabelle, Periodizität, Jahre und kleinste Ebene, aus Quellen und Werten."""
    teile = []
    for q in (quellen[name] for name in kennzahl.quellen() if name in quellen):
        tabellen = tabellen_kurz(q)
        wort = "Tabelle " if any(t[:1].isdigit() for t in tabellen) else ""
        tabelle = f", {wort}{', '.join(tabellen)}" if tabellen else ""
        teile.append(f"{q.statistik.herausgeber}{tabelle} ({_PERIODE[q.statistik.periodizitaet]})")
    jahre = [w.jahr for w in reihe if w.wert is not None]
    spanne = f"Werte {zahl.zeitraum(min(jahre), max(jahre))}" if jahre else "keine Werte für dieses Gebiet"
    ebene = f"kleinste Ebene: {_EBENE[kennzahl.kleinste_ebene]}"
    return "; ".join([*dict.fromkeys(teile), spanne, ebene]) + "."


def begriff(kennzahl: Kennzahl) -> Begriff:
    """Eintrag des Glossars: Definition, die Einheit nur wenn nötig; Fallstricke nur in HTML."""
    text = kennzahl.definition
    if _einheit_noetig(kennzahl):
        text = f"{text.rstrip('.')}. Einheit: {kennzahl.einheit}."
    return Begriff(name=kennzahl.name, text=_eine_zeile(text), fallen=_eine_zeile(" ".join(kennzahl.fallen)))


def _einheit_noetig(kennzahl: Kennzahl) -> bool:
    """Nicht bei Anzahlen, und nicht, wenn die Definition die Einheit schon nennt."""
    if kennzahl.art in {"anzahl", "saldo"} or not kennzahl.einheit:
        return False
    definition = kennzahl.definition.casefold()
    bezug = re.search(r"\bje .+", kennzahl.einheit.casefold())  # „je 100 Personen“ steht meist schon da
    if bezug and bezug.group() in definition:
        return False
    return kennzahl.einheit.casefold() not in definition and not (
        kennzahl.einheit_kurz == "%" and ("prozent" in definition or "anteil" in definition)
    )
