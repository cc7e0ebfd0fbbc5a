"""``liste``: was gerendert würde, ohne Daten zu laden."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.cli.anzeige import zeige_meldungen
from berichtswerk.gegenstand.gegenstaende import STATUSWORT
from berichtswerk.grund.zahl import datum

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


def zeige(projekt: Projekt, *, maschinenlesbar: bool) -> int:
    """Schreibt die Liste; 1, wenn eine Beschreibung fehlerhaft ist."""
    plan = plane(projekt)
    eintraege = [eintrag(projekt, a) for a in plan.auftraege]
    if maschinenlesbar:
        print(json.dumps(eintraege, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_absatz(e) for e in eintraege) or "Es gibt noch keine Ausgabe unter berichte/.")
    zeige_meldungen(plan.meldungen)
    return 1 if plan.meldungen.fehler else 0


def eintrag(projekt: Projekt, auftrag: Auftrag) -> dict[str, Any]:
    """Ein Auftrag als Angaben für Menschen und Maschinen; Reihenfolge fest."""
    datei = auftrag.angaben.datei
    return {
        "name": auftrag.stamm,
        "bericht": auftrag.bericht,
        "ausgabe": auftrag.ausgabe,
        "variante": auftrag.variante,
        "titel": auftrag.titel,
        "untertitel": auftrag.untertitel,
        "status": datei.status,
        "stand": datei.stand.isoformat(),
        "notizbuch": projekt.relativ(auftrag.notizbuch) if auftrag.notizbuch else None,
        "parameter": dict(auftrag.parameter),
        "ergibt": [f"_site/{auftrag.ziel}.{endung}" for endung in ("html", "pdf")],
    }


def _absatz(e: dict[str, Any]) -> str:
    titel = ", ".join(t for t in (e["titel"], e["untertitel"]) if t)
    parameter = ", ".join(f"{n} = {w}" for n, w in e["parameter"].items())
    zeilen = [
        e["name"],
        f"  Titel:     {titel}",
        f"  Status:    {STATUSWORT[e['status']]}, Stand {datum(date.fromisoformat(e['stand']))}",
        f"  Notizbuch: {e['notizbuch'] or 'keines, nur Texte'}",
        f"  Parameter: {parameter}" if parameter else "",
        f"  Ergibt:    {e['ergibt'][0]}",
        f"             {e['ergibt'][1]}",
    ]
    return "\n".join(zeile for zeile in zeilen if zeile)
