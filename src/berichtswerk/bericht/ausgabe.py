"""Die Beschreibung einer Ausgabe: ``berichte/<bericht>/<ausgabe>/bericht.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from berichtswerk.bericht.fehler import AusgabeFehlt, FuerLeer, TextFehlt
from berichtswerk.daten.gebiete import Ebene, Gebietsverzeichnis
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import PfadVerwehrt, Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml

Parameter = dict[str, str | int | float | bool]
"""Werte der Zelle ``parameters`` des Notizbuchs."""


Gebietsart = Literal["kommunen", "gemeinden", "planungsgebiete"]
_EBENE: dict[Gebietsart, Ebene] = {
    "kommunen": "einheit",
    "gemeinden": "gemeinde",
    "planungsgebiete": "planungsgebiet",
}


class Beschluss(YamlModell):
    """Wer den Bericht wann unter welcher Vorlage beschlossen hat."""

    gremium: str
    datum: date | None = None
    vorlage: str = ""


class Beilagen(YamlModell):
    """Was auf der Vorlage an das Gremium steht, und ob die Beilagen schon vor dem Beschluss online gehen.

    In ``beschluss``, ``sachverhalt``, ``kosten`` und ``anlagen`` gelten Markdown und Bindungen.
    """

    online: bool = False

    gremium: str = ""
    sitzung: date | None = None
    nummer: str = ""
    einreicher: str = ""
    beschluss: str = ""
    sachverhalt: str = ""
    kosten: str = ""
    anlagen: tuple[str, ...] = ()


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


class Titelbild(YamlModell):
    """Das Bild auf dem Titelblatt: Form und die Abbildung (``fig-…``), aus deren Daten es entsteht."""

    form: Literal["linien", "saeulen", "pyramide", "punkte", "karte"]
    aus: str = Field(pattern=r"^fig-[a-z0-9-]+$")


class Berichtsdatei(YamlModell):
    """Inhalt von ``bericht.yml``.

    ``bis`` ist das letzte Jahr, das diese Ausgabe zeigt; ohne Angabe das Jahr im Namen der Ausgabe.
    ``fuer`` macht aus der Ausgabe je Gebiet eine, keine davon die eigentliche: ``titel`` heißt das Ganze,
    ``titel_je_gebiet`` jede einzelne, ``uebersicht`` ist das Notizbuch der Seite, die alle zusammen zeigt.
    ``gestalt`` bestimmt, was neben der Seite liegt: ein Bericht als PDF, oder Profil und Poster (``blatt``).
    """

    titel: str = Field(min_length=1)
    untertitel: str = ""
    beschreibung: str = ""
    notizbuch: str = ""
    parameter: Parameter = Field(default_factory=dict)
    varianten: tuple[Variante, ...] = ()
    fuer: Gebietsart | None = None
    titel_je_gebiet: str = "{titel}: {gebiet}"
    uebersicht: str = ""
    gestalt: Literal["bericht", "steckbrief"] = "bericht"
    blatt: Literal["A3", "A2", "A1", "A0"] = "A3"
    bis: int | None = Field(default=None, ge=1900, le=2200)
    herausgeber: str = Field(min_length=1)
    redaktion: str = ""
    kontakt: str = ""
    stand: date
    beschluss: Beschluss | None = None
    beilagen: Beilagen = Field(default_factory=Beilagen)
    status: Literal["entwurf", "beispiel", "veroeffentlicht"] = "entwurf"
    vorwort: str = ""
    titelbild: Titelbild | None = None
    grenzen: Grenzangaben = Field(default_factory=Grenzangaben)


@dataclass(frozen=True, slots=True)
class Ausgabe:
    """Eine Ausgabe auf der Platte: wo sie liegt, was ``bericht.yml`` über sie sagt und ihre Varianten.

    Eine Variante ist dort genannt oder, mit ``fuer``, eines der Gebiete.
    """

    bericht: str
    name: str
    ordner: Path
    datei: Berichtsdatei
    varianten: tuple[Variante, ...] = ()

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
        return next((v for v in self.varianten if str(v.parameter.get("gebiet")) == gebiet), None)

    def text_fehlt(self, name: str) -> Meldung:
        """Die Meldung zu einem Text, den es nicht gibt, mit ähnlichen Namen."""
        ordner = f"berichte/{self.bericht}/{self.name}/texte"
        hilfe = vorschlag(name, self.textnamen())
        return TextFehlt.melde(datei=f"{ordner}/{name}.md", name=name, vorschlag=hilfe)

    def textnamen(self) -> list[str]:
        """Namen aller Texte, mit Unterordner, ohne den Ordner der Variante; sortiert."""
        texte = self.ordner / "texte"
        varianten = {v.name for v in self.varianten}
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
        erwartet = f"berichte/{bericht}/{ausgabe}/bericht.yml"
        raise BerichtswerkFehler(
            AusgabeFehlt.melde(datei=erwartet, bericht=bericht, ausgabe=ausgabe, vorhanden=vorhanden)
        )
    datei = lade_yaml(pfad, Berichtsdatei, projekt)
    return Ausgabe(
        bericht, str(ausgabe), ordner, datei, (*datei.varianten, *_je_gebiet(projekt, datei, pfad))
    )


def _je_gebiet(projekt: Projekt, datei: Berichtsdatei, pfad: Path) -> tuple[Variante, ...]:
    """Die Varianten, die ``fuer`` verlangt: je Gebiet des Kreises eine, in fester Reihenfolge."""
    if datei.fuer is None:
        return ()
    verzeichnis = Gebietsverzeichnis.lade(projekt)
    kreis = verzeichnis.kreis
    gebiete = verzeichnis.kinder(kreis.schluessel, _EBENE[datei.fuer])
    if not gebiete:
        ort = projekt.relativ(pfad)
        raise BerichtswerkFehler(FuerLeer.melde(datei=ort, fuer=datei.fuer, kreis=kreis.name))
    return tuple(
        Variante(
            name=g.marke,
            titel=datei.titel_je_gebiet.replace("{titel}", datei.titel).replace("{gebiet}", g.name),
            untertitel=datei.titel,
            parameter={"gebiet": g.schluessel},
        )
        for g in gebiete
    )
