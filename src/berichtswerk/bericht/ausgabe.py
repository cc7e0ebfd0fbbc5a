"""Die Beschreibung einer Ausgabe: ``berichte/<bericht>/<ausgabe>/bericht.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from berichtswerk.bericht.fehler import AusgabeFehlt, TextFehlt
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import PfadVerwehrt, Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml

Parameter = dict[str, str | int | float | bool]
"""Werte der Zelle ``parameters`` des Notizbuchs."""


class Beschluss(YamlModell):
    """Wer den Bericht wann unter welcher Vorlage beschlossen hat."""

    gremium: str
    datum: date | None = None
    vorlage: str = ""


class Variante(YamlModell):
    """Dieselbe Ausgabe für ein weiteres Gebiet; ``name`` wird Teil der Dateinamen."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    titel: str = ""
    untertitel: str = ""
    parameter: Parameter = Field(default_factory=dict)


class Grenzangaben(YamlModell):
    """Was das Notizbuch dieser Ausgabe höchstens verbrauchen darf: Sekunden je Zelle und im Ganzen, MB."""

    zelle: float | None = Field(default=None, gt=0)
    bericht: float | None = Field(default=None, gt=0)
    speicher_mb: int | None = Field(default=None, ge=64)


class Berichtsdatei(YamlModell):
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
    grenzen: Grenzangaben = Field(default_factory=Grenzangaben)


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

    @property
    def titel(self) -> str:
        """„Sozialbericht 2024“."""
        return f"{self.datei.titel} {self.name}"

    def variante_fuer(self, gebiet: str) -> Variante | None:
        """Die Variante mit diesem Gebiet, sonst ``None`` (die Ausgabe selbst)."""
        if str(self.datei.parameter.get("gebiet")) == gebiet:
            return None
        return next((v for v in self.datei.varianten if str(v.parameter.get("gebiet")) == gebiet), None)

    def text_fehlt(self, name: str) -> Meldung:
        """Die Meldung zu einem Text, den es nicht gibt, mit ähnlichen Namen."""
        ordner = f"berichte/{self.bericht}/{self.name}/texte"
        hilfe = vorschlag(name, self.textnamen())
        return TextFehlt.melde(datei=f"{ordner}/{name}.md", name=name, vorschlag=hilfe)

    def textnamen(self) -> list[str]:
        """Namen aller Texte, mit Unterordner, ohne den Ordner der Variante; sortiert."""
        texte = self.ordner / "texte"
        varianten = {v.name for v in self.datei.varianten}
        namen = set()
        for pfad in texte.glob("**/*.md"):
            teile = pfad.relative_to(texte).with_suffix("").parts
            namen.add("/".join(teile[1:] if len(teile) > 1 and teile[0] in varianten else teile))
        return sorted(namen)

    def text(self, name: str, variante: str | None = None) -> Path | None:
        """Pfad von ``texte/<variante>/<name>.md``, sonst ``texte/<name>.md``, sonst ``None``.

        Raises:
            BerichtswerkFehler: ``pfad-fremd``, wenn der Name aus dem Ordner hinausführt.
        """
        projekt, texte = Projekt(self.ordner.parents[2]), self.ordner / "texte"
        try:
            namen = [f"{variante}/{name}.md"] if variante else []
            stellen = [projekt.datei(n, texte, texte) for n in (*namen, f"{name}.md")]
        except PfadVerwehrt as fehler:
            raise BerichtswerkFehler(fehler.melde(datei=projekt.relativ(self.ordner), feld=name)) from None
        return next((stelle for stelle in stellen if stelle.is_file()), None)


def lade_ausgabe(projekt: Projekt, bericht: str, ausgabe: str | int) -> Ausgabe:
    """Liest ``berichte/<bericht>/<ausgabe>/bericht.yml``.

    Raises:
        BerichtswerkFehler: wenn der Ordner fehlt, YAML ungültig ist oder Felder nicht stimmen.
    """
    ordner = projekt.berichte / bericht / str(ausgabe)
    pfad = ordner / "bericht.yml"
    if not pfad.is_file():
        da = sorted((p.parent.parent.name, p.parent.name) for p in projekt.berichte.glob("*/*/bericht.yml"))
        vorhanden = ", ".join("/".join(paar) for paar in da) or "keine Ausgabe"
        datei = f"berichte/{bericht}/{ausgabe}/bericht.yml"
        raise BerichtswerkFehler(
            AusgabeFehlt.melde(datei=datei, bericht=bericht, ausgabe=ausgabe, vorhanden=vorhanden)
        )
    return Ausgabe(bericht, str(ausgabe), ordner, lade_yaml(pfad, Berichtsdatei, projekt))
