"""Was die neue Site von der vorigen übernimmt."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from berichtswerk.ausfuehrung.plan import Plan
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.satzlauf import Gesetzt


def behalte(projekt: Projekt, plan: Plan, gesetzt: Sequence[Gesetzt], bau: Path) -> list[str]:
    """Übernimmt vorige Seiten und gibt zurück, welche Berichte (oder Formate) von früher sind.

    Das betrifft, was nicht verlangt war, was gescheitert ist, und ein Format, das diesmal nicht gesetzt
    wurde. Berichte, die es nicht mehr gibt, verschwinden; solche mit fehlerhafter ``bericht.yml`` bleiben.
    """
    if not projekt.site.is_dir():
        return []
    neu = {g.auftrag.stamm for g in gesetzt if g.gelungen}
    behalten = []
    for auftrag in plan.auftraege:
        uebernommen = [
            endung
            for endung in (".html", ".pdf")
            if _uebernimm(projekt.site / f"{auftrag.ziel}{endung}", bau / f"{auftrag.ziel}{endung}")
        ]
        if auftrag.stamm not in neu:
            _uebernimm_ordner(projekt.site / auftrag.ziel, bau / auftrag.ziel)
        if uebernommen:
            ganz = auftrag.stamm not in neu
            behalten.append(auftrag.stamm if ganz else f"{auftrag.stamm} ({uebernommen[0][1:].upper()})")
    return behalten + _ungeplante(projekt, plan, bau)


def _ungeplante(projekt: Projekt, plan: Plan, bau: Path) -> list[str]:
    """Ordner, deren Beschreibung gerade fehlerhaft ist."""
    geplant = {(a.bericht, a.ausgabe) for a in plan.auftraege}
    behalten = []
    for beschreibung in sorted(projekt.berichte.glob("*/*/bericht.yml")):
        bericht, ausgabe = beschreibung.parts[-3:-1]
        ordner = Path("berichte", bericht, ausgabe)
        if (bericht, ausgabe) not in geplant and (projekt.site / ordner).is_dir():
            _uebernimm_ordner(projekt.site / ordner, bau / ordner)
            behalten.append(f"{bericht}/{ausgabe}")
    return behalten


def _uebernimm(von: Path, nach: Path) -> bool:
    if nach.exists() or not von.is_file():
        return False
    nach.parent.mkdir(parents=True, exist_ok=True)
    _verknuepfe(von, nach)
    return True


def _uebernimm_ordner(von: Path, nach: Path) -> None:
    if von.is_dir():
        shutil.copytree(von, nach, dirs_exist_ok=True, copy_function=_verknuepfe)


def _verknuepfe(von: str | Path, nach: str | Path) -> None:
    """Zweiter Name für dieselbe Datei; wo das Laufwerk das nicht kann, eine Abschrift.

    Übernommenes wird nicht mehr beschrieben, nur mit der vorigen Site gelöscht.
    """
    try:
        os.link(von, nach)
    except FileExistsError:
        return  # Neues geht vor
    except OSError:
        shutil.copyfile(von, nach)
