"""Aus einer Zeile werden Sätze: Gebiet, Zeit, Merkmale und je Wertspalte ein Wert mit Status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from berichtswerk.daten.lesen import Zeitangabe
from berichtswerk.daten.leser.bezug import Bezugsleser, Unbekannt, Weglassen
from berichtswerk.daten.leser.gebietsfinder import Gebietsfinder
from berichtswerk.daten.leser.grund import Formel, Sammler, Verbunden, Zeile, als_text, buchstabe
from berichtswerk.daten.leser.kopf import Tabellenkopf
from berichtswerk.daten.leser.spaltenplan import Wertfach
from berichtswerk.daten.leser.werte import UnlesbarerWert, Wertleser
from berichtswerk.daten.leser.zeiten import lies_zeit
from berichtswerk.grund.zeichen import NACHSATZ, Status

Satz = tuple[Any, ...]
"""gebiet, zeit, jahr, *merkmale, groesse, wert, status, basis, gebietsstand, datei, zeile, spalte, roh"""


@dataclass(frozen=True)
class Bauplan:
    """Alles Aufgelöste, was eine Zeile zu Sätzen macht."""

    kopf: Tabellenkopf
    gebiet: Bezugsleser
    finder: Gebietsfinder
    zeit: Bezugsleser | None
    """``None``, wenn jede Wertspalte ihre Zeit selbst hat"""
    zeitangabe: Zeitangabe | None
    merkmale: Mapping[str, Bezugsleser]
    merkmalsnamen: tuple[str, ...]
    groesse: Bezugsleser | None
    basis: Bezugsleser | str
    gebietsstand: Bezugsleser | str
    faecher: list[Wertfach]
    leere_weglassen: bool
    werte: Wertleser
    kennbuchstaben: Mapping[str, Status]
    datei: str
    blatt: str
    """Name des Blattes bei Tabellenkalkulation, sonst leer"""
    sammler: Sammler


@dataclass(frozen=True)
class _Zeilenkopf:
    gebiet: str
    zeit: tuple[str, int] | None
    merkmale: Mapping[str, str]
    groesse: str
    basis: str
    gebietsstand: str


def baue(plan: Bauplan, zeile: Zeile) -> Iterator[Satz]:
    """Alle Sätze einer Zeile; Befunde gehen an den Sammler."""
    try:
        kopf = _zeilenkopf(plan, zeile)
    except Weglassen:
        return
    if plan.leere_weglassen and not any(_gefuellt(fach, zeile) for fach in plan.faecher):
        return
    for fach in plan.faecher:
        if (satz := _satz(plan, fach, kopf, zeile)) is not None:
            yield satz


def _gefuellt(fach: Wertfach, zeile: Zeile) -> bool:
    zelle = zeile.felder[fach.stelle] if fach.stelle < len(zeile.felder) else None
    return not isinstance(zelle, Verbunden) and bool(als_text(zelle).strip())


def _zeilenkopf(plan: Bauplan, zeile: Zeile) -> _Zeilenkopf:
    je_spalte = plan.gebiet.bezug.je_spalte
    gebiet = "" if je_spalte else _text(plan, plan.gebiet, zeile)
    if not je_spalte and not plan.finder.gewuenscht(gebiet):
        raise Weglassen
    merkmale = {name: _text(plan, leser, zeile) for name, leser in plan.merkmale.items()}
    groesse = _text(plan, plan.groesse, zeile) if plan.groesse else ""
    schluessel = "" if je_spalte else plan.finder.finde(gebiet, zeile.nr)
    if schluessel is None:
        raise Weglassen
    basis = plan.basis if isinstance(plan.basis, str) else _text(plan, plan.basis, zeile)
    stand = plan.gebietsstand
    stand = stand if isinstance(stand, str) else _text(plan, stand, zeile)
    return _Zeilenkopf(schluessel, _zeit(plan, zeile), merkmale, groesse, basis, stand)


def _text(plan: Bauplan, leser: Bezugsleser, zeile: Zeile) -> str:
    if plan.blatt and (formel := leser.formel(zeile)) is not None:
        _melde_formel(plan, formel, zeile, leser.ort())
        raise Weglassen
    try:
        return leser.lies(zeile)
    except Unbekannt as fehler:
        plan.sammler.dazu(
            "text-unbekannt", f"„{fehler}“ ist hier nicht vorgesehen.", f"Zeile {zeile.nr}", leser.ort(),
            abhilfe="Ergänzen Sie den Text in der Quelle unter „werte“ oder berichtigen Sie die Lieferung.",
        )  # fmt: skip
        raise Weglassen from None


def _zeit(plan: Bauplan, zeile: Zeile) -> tuple[str, int] | None:
    if plan.zeit is None or plan.zeitangabe is None:
        return None
    text = _text(plan, plan.zeit, zeile)
    try:
        return lies_zeit(text, plan.zeitangabe.art, plan.zeitangabe.tag)
    except ValueError:
        plan.sammler.dazu(
            "zeit-unlesbar", f"„{text}“ ist keine Zeitangabe der Art „{plan.zeitangabe.art}“.",
            f"Zeile {zeile.nr}", plan.zeit.ort(),
            abhilfe="Berichtigen Sie das Feld; steht mehr als die Zeit darin, schneiden Sie den Text unter "
            "lesen.zeit mit „muster“ zu.",
        )  # fmt: skip
        raise Weglassen from None


def _satz(plan: Bauplan, fach: Wertfach, kopf: _Zeilenkopf, zeile: Zeile) -> Satz | None:
    zelle = zeile.felder[fach.stelle] if fach.stelle < len(zeile.felder) else ""
    try:
        wert, status = plan.werte.lies(zelle, fach.faktor)
    except UnlesbarerWert as fehler:
        ort = _ort(plan, fach.stelle, zeile)
        name = plan.kopf.bezeichnung(fach.stelle)
        plan.sammler.dazu(
            fehler.kennung, fehler.text, ort, name, ursache=fehler.ursache, abhilfe=fehler.abhilfe
        )
        return None
    if fach.qualitaet is not None and status is Status.WERT:
        status = _kennbuchstabe(plan, fach.qualitaet, zeile)
    zeit = fach.zeit or kopf.zeit
    if zeit is None:
        return None
    merkmale = (fach.merkmale.get(n) or kopf.merkmale.get(n, "") for n in plan.merkmalsnamen)
    name = fach.groesse if fach.groesse is not None else kopf.groesse
    spalte = f"{plan.blatt}!{buchstabe(fach.stelle)}" if plan.blatt else plan.kopf.bezeichnung(fach.stelle)
    roh = "" if isinstance(zelle, Verbunden) else als_text(zelle).strip()
    return (
        fach.gebiet or kopf.gebiet, *zeit, *merkmale, name, wert, status.value, kopf.basis, kopf.gebietsstand,
        plan.datei, zeile.nr, spalte, roh,
    )  # fmt: skip


def _kennbuchstabe(plan: Bauplan, stelle: int, zeile: Zeile) -> Status:
    text = als_text(zeile.felder[stelle]).strip() if stelle < len(zeile.felder) else ""
    if not text:
        return Status.WERT
    status = plan.kennbuchstaben.get(text) or NACHSATZ.get(text.lower())
    if status is None:
        plan.sammler.dazu(
            "zeichen-unbekannt", f"Der Kennbuchstabe „{text}“ ist in dieser Quelle nicht erklärt.",
            _ort(plan, stelle, zeile), plan.kopf.bezeichnung(stelle),
            ursache="Bekannt sind: e, p, r, s.",
            abhilfe="Ergänzen Sie ihn unter lesen.qualitaet.werte mit seiner Bedeutung.",
        )  # fmt: skip
        return Status.WERT
    return status


def _ort(plan: Bauplan, stelle: int, zeile: Zeile) -> str:
    return f"Blatt „{plan.blatt}“, Zelle {buchstabe(stelle)}{zeile.nr}" if plan.blatt else f"Zeile {zeile.nr}"


def _melde_formel(plan: Bauplan, formel: Formel, zeile: Zeile, name: str) -> None:
    try:
        plan.werte.lies(formel)
    except UnlesbarerWert as fehler:
        plan.sammler.dazu(
            fehler.kennung,
            fehler.text,
            f"Zeile {zeile.nr}",
            name,
            ursache=fehler.ursache,
            abhilfe=fehler.abhilfe,
        )
