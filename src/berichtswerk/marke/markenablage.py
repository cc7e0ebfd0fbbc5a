"""Die gelesene Marke aufheben: dieselbe Markendatei wird einmal mit brand_yml gelesen und geprüft."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from berichtswerk.grund.ablage import Ablage, aktiv, programmstand, summe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import DATEI, Diagrammfarben, Logo, Marke, Schriftdatei

ART = "markendatei"


def lade(projekt: Projekt, stelle: Ablage | None = None) -> Marke:
    """Wie :meth:`Marke.lade`, aus der Ablage (sonst der eingerichteten), wenn sie dort liegt.

    Raises:
        BerichtswerkFehler: wie :meth:`Marke.lade`; Fehlerhaftes wird nie aufgehoben.
    """
    ort, pfad = stelle or aktiv(), projekt.layout / DATEI
    schluessel = _schluessel(pfad)
    if ort is None or not schluessel:
        return Marke.lade(projekt)
    aufgehoben = ort.hole(ART, schluessel)
    if aufgehoben is not None:
        marke = _aus(json.loads(aufgehoben), pfad)
        if all(s.pfad.is_file() for s in marke.schriften):
            return marke
    marke = Marke.lade(projekt)
    if schluessel == _schluessel(pfad):  # niemand hat sie währenddessen geändert
        ort.lege(ART, schluessel, json.dumps(_als_json(marke)).encode("ascii"))
    return marke


def _schluessel(pfad: Path) -> str:
    """Prüfsumme der Markendatei und dessen, was sie liest; leer, wenn sie sich nicht öffnen lässt."""
    try:
        inhalt = pfad.read_bytes()
    except OSError:
        return ""
    programm = programmstand("marke")
    return summe(inhalt, programm, metadata.version("brand_yml"))


def _als_json(marke: Marke) -> dict[str, Any]:
    ordner = marke.datei.parent
    logo = marke.logo
    return {
        "name": marke.name,
        "name_kurz": marke.name_kurz,
        "farben": dict(marke.farben),
        "diagramm": marke.diagramm.model_dump(mode="json"),
        "schrift": marke.schrift,
        "betonung": marke.betonung,
        "schriften": [[_ab(s.pfad, ordner), s.staerke, s.stil] for s in marke.schriften],
        "logo": logo and [_ab(logo.hell, ordner), _ab(logo.dunkel, ordner), logo.alt],
    }


def _ab(pfad: Path, ordner: Path) -> str:
    return pfad.relative_to(ordner).as_posix() if pfad.is_relative_to(ordner) else str(pfad)


def _aus(angaben: dict[str, Any], pfad: Path) -> Marke:
    ordner, logo = pfad.parent, angaben["logo"]
    return Marke(
        datei=pfad,
        name=angaben["name"],
        name_kurz=angaben["name_kurz"],
        farben=MappingProxyType(angaben["farben"]),
        diagramm=Diagrammfarben.model_validate(angaben["diagramm"]),
        schrift=angaben["schrift"],
        betonung=angaben["betonung"],
        schriften=tuple(Schriftdatei(ordner / p, staerke, stil) for p, staerke, stil in angaben["schriften"]),
        logo=Logo(ordner / logo[0], ordner / logo[1], logo[2]) if logo else None,
    )
