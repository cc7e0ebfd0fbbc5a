"""Die Beschreibung einer Ausgabe: ``berichte/<bericht>/<ausgabe>/bericht.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from berichtswerk.meldung import BerichtswerkFehler, Meldung
from berichtswerk.projekt import Projekt

Parameter = dict[str, str | int | float | bool]
"""Werte der Zelle ``parameters`` des Notizbuchs."""


class _Streng(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Beschluss(_Streng):
    """Wer den Bericht wann unter welcher Vorlage beschlossen hat."""

    gremium: str
    datum: date | None = None
    vorlage: str = ""


class Variante(_Streng):
    """Dieselbe Ausgabe für ein weiteres Gebiet; ``name`` wird Teil der Dateinamen."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    titel: str = ""
    untertitel: str = ""
    parameter: Parameter = Field(default_factory=dict)


class Berichtsdatei(_Streng):
    """Inhalt von ``bericht.yml``.

    ``bis`` ist das letzte Jahr, das diese Ausgabe zeigt; ohne Angabe das Jahr im Namen der Ausgabe.
    """

    titel: str = Field(min_length=1)
    untertitel: str = ""
    beschreibung: str = ""
    notizbuch: str = ""
    parameter: Parameter = Field(default_factory=dict)
    varianten: tuple[Variante, ...] = ()
    bis: int | None = Field(default=None, ge=1900, le=2200)
    herausgeber: str = Field(min_length=1)
    redaktion: str = ""
    kontakt: str = ""
    stand: date
    beschluss: Beschluss | None = None
    status: Literal["entwurf", "beispiel", "veroeffentlicht"] = "entwurf"
    vorwort: str = ""


@dataclass(frozen=True, slots=True)
class Ausgabe:
    """Eine Ausgabe auf der Platte: wo sie liegt und was ``bericht.yml`` über sie sagt."""

    bericht: str
    name: str
    ordner: Path
    datei: Berichtsdatei

    @property
    def bis(self) -> int | None:
        """Das letzte Jahr, das gezeigt wird; ``None`` heißt ohne Grenze."""
        if self.datei.bis is not None:
            return self.datei.bis
        jahr = re.match(r"(\d{4})(?!\d)", self.name)
        return int(jahr[1]) if jahr else None

    def variante_fuer(self, gebiet: str) -> Variante | None:
        """Die Variante mit diesem Gebiet, sonst ``None`` (die Ausgabe selbst)."""
        if self.datei.parameter.get("gebiet") == gebiet:
            return None
        return next((v for v in self.datei.varianten if v.parameter.get("gebiet") == gebiet), None)

    def text(self, name: str, variante: str | None = None) -> Path | None:
        """Pfad von ``texte/<variante>/<name>.md``, sonst ``texte/<name>.md``, sonst ``None``."""
        texte = self.ordner / "texte"
        stellen = [texte / variante / f"{name}.md"] if variante else []
        stellen.append(texte / f"{name}.md")
        return next((stelle for stelle in stellen if stelle.is_file()), None)


def lade_ausgabe(projekt: Projekt, bericht: str, ausgabe: str | int) -> Ausgabe:
    """Liest ``berichte/<bericht>/<ausgabe>/bericht.yml``.

    Raises:
        BerichtswerkFehler: wenn der Ordner fehlt, YAML ungültig ist oder Felder nicht stimmen.
    """
    ordner = projekt.berichte / bericht / str(ausgabe)
    pfad = ordner / "bericht.yml"
    if not pfad.is_file():
        raise BerichtswerkFehler(_fehlt(projekt, bericht, str(ausgabe)))
    roh = _lies_yaml(projekt, pfad)
    try:
        datei = Berichtsdatei.model_validate(roh)
    except ValidationError as fehler:
        raise BerichtswerkFehler(
            [_feldfehler(projekt.relativ(pfad), e["loc"], e["type"], e["msg"]) for e in fehler.errors()]
        ) from fehler
    return Ausgabe(bericht, str(ausgabe), ordner, datei)


def _lies_yaml(projekt: Projekt, pfad: Path) -> Any:
    try:
        return yaml.safe_load(pfad.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fehler:
        marke = getattr(fehler, "problem_mark", None)
        raise BerichtswerkFehler(
            Meldung(
                "bericht-yaml",
                "Die Beschreibung der Ausgabe ist kein gültiges YAML.",
                datei=projekt.relativ(pfad),
                ort=f"Zeile {marke.line + 1}" if marke else "",
                ursache=str(getattr(fehler, "problem", None) or "keine UTF-8-Datei"),
                abhilfe="Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen in dieser Zeile.",
            )
        ) from fehler


def _fehlt(projekt: Projekt, bericht: str, ausgabe: str) -> Meldung:
    vorhanden = sorted(
        f"{p.parent.parent.name}/{p.parent.name}" for p in projekt.berichte.glob("*/*/bericht.yml")
    )
    return Meldung(
        "ausgabe-fehlt",
        f"Die Ausgabe „{bericht}/{ausgabe}“ gibt es nicht.",
        datei=f"berichte/{bericht}/{ausgabe}/bericht.yml",
        ursache="Vorhanden: " + (", ".join(vorhanden) if vorhanden else "keine Ausgabe") + ".",
        abhilfe="Legen Sie den Ordner mit bericht.yml an oder wählen Sie eine vorhandene Ausgabe.",
    )


_GRUENDE = {
    "missing": "Das Feld fehlt.",
    "extra_forbidden": "Dieses Feld gibt es in bericht.yml nicht.",
    "date_from_datetime_parsing": "Erwartet wird ein Datum in der Form 2024-12-31.",
    "date_parsing": "Erwartet wird ein Datum in der Form 2024-12-31.",
    "date_type": "Erwartet wird ein Datum in der Form 2024-12-31.",
    "literal_error": "Erlaubt sind entwurf, beispiel, veroeffentlicht.",
    "string_type": "Erwartet wird ein Text (in Anführungszeichen).",
    "string_too_short": "Der Text darf nicht leer sein.",
    "string_pattern_mismatch": "Erlaubt sind Kleinbuchstaben, Ziffern und Bindestriche.",
    "int_parsing": "Erwartet wird eine ganze Zahl.",
    "model_type": "Erwartet werden Felder wie titel, herausgeber, stand.",
}


def _feldfehler(datei: str, ort: tuple[int | str, ...], art: str, meldung: str) -> Meldung:
    return Meldung(
        "bericht-feld",
        "Ein Feld der Beschreibung stimmt nicht.",
        datei=datei,
        feld=".".join(str(teil) for teil in ort),
        ursache=_GRUENDE.get(art, meldung),
        abhilfe="Vergleichen Sie mit der bericht.yml einer Ausgabe, die sich rendern lässt.",
    )
