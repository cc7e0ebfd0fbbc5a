"""Die Marke: Farben, Schriften und Logo aus ``layout/_brand.yml`` (Standard brand.yml).

Die Farben der Abbildungen stehen dort unter ``defaults.berichtswerk.diagramm``; Namen verweisen auf
``color`` und ``color.palette``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import farbe

DATEI = "_brand.yml"


class Diagrammfarben(BaseModel):
    """Farben der Abbildungen; in der Datei Namen, nach dem Laden ``#rrggbb``.

    ``stufen`` und ``gegensatz`` werden aus einer beziehungsweise zwei Farben berechnet oder als
    Liste von fünf Farben genannt.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fokus: str = "primary"
    akzent: str = "tertiary"
    vergleich: tuple[str, ...] = Field(default=("secondary", "secondary"), min_length=2)
    kategorien: tuple[str, ...] = Field(min_length=2, max_length=5)
    stufen: str | tuple[str, str, str, str, str] = "primary"
    gegensatz: tuple[str, str] | tuple[str, str, str, str, str] = ("tertiary", "primary")
    text: str = "foreground"
    text_leise: str = "secondary"
    achse: str = "secondary"
    gitter: str = "light"
    flaeche: str = "light"
    grund: str = "background"

    @property
    def klassen(self) -> tuple[str, ...]:
        """Fünf Klassen einer Farbe, hell nach dunkel."""
        return farbe.stufen(self.stufen) if isinstance(self.stufen, str) else self.stufen

    @property
    def pole(self) -> tuple[str, ...]:
        """Fünf Klassen um eine Mitte."""
        g = self.gegensatz
        return farbe.gegensatz(g[0], g[1]) if len(g) == 2 else g


@dataclass(frozen=True, slots=True)
class Schriftdatei:
    """Ein Schnitt der Hausschrift: Datei, Stärke (400, 600 …) und Stil (``normal``/``italic``)."""

    pfad: Path
    staerke: int
    stil: str


@dataclass(frozen=True, slots=True)
class Logo:
    """Wortmarke: Bilddatei für hellen und für dunklen Grund und ihr Alternativtext."""

    hell: Path
    dunkel: Path
    alt: str


@dataclass(frozen=True, slots=True)
class Marke:
    """Alles Gestaltete, aus einer Datei gelesen; ``farben`` löst alle Namen in ``#rrggbb`` auf."""

    datei: Path
    name: str
    name_kurz: str
    farben: Mapping[str, str]
    diagramm: Diagrammfarben
    schrift: str
    betonung: int
    schriften: tuple[Schriftdatei, ...]
    logo: Logo | None

    @classmethod
    def lade(cls, projekt: Projekt) -> Marke:
        """Liest ``layout/_brand.yml``.

        Raises:
            BerichtswerkFehler: Datei fehlt, ist kein YAML, nennt Unbekanntes oder fehlende Dateien.
        """
        return cls.aus_datei(projekt.layout / DATEI, projekt.relativ(projekt.layout / DATEI))

    @classmethod
    def aus_datei(cls, pfad: Path, name: str = "") -> Marke:
        """Liest eine Markendatei; ``name`` ist der Pfad, wie er in Meldungen steht."""
        name = name or pfad.name
        brand = _lies(pfad, name)
        befunde = Meldungen()
        farben = _farben(brand, name, befunde)
        diagramm = _diagramm(brand, farben, name, befunde)
        familie, staerke = _schrift(brand, name, befunde)
        schriften = _schriften(brand, familie, pfad.parent, name, befunde)
        befunde.pruefe()
        assert diagramm is not None
        meta = brand.meta.name if brand.meta and brand.meta.name else None
        voll = str(getattr(meta, "full", None) or meta or "")
        return cls(
            pfad, voll, str(getattr(meta, "short", None) or voll), MappingProxyType(farben), diagramm,
            familie, staerke, schriften, _logo(brand, pfad.parent),
        )  # fmt: skip

    def schnitt(self, staerke: int = 400, stil: str = "normal") -> Schriftdatei:
        """Der Schnitt, der ``staerke`` am nächsten kommt."""
        gleich = [s for s in self.schriften if s.stil == stil] or list(self.schriften)
        return min(gleich, key=lambda s: (abs(s.staerke - staerke), s.staerke))


def _lies(pfad: Path, name: str) -> Any:
    """Liest die Datei mit brand_yml und übersetzt dessen Fehler."""
    from brand_yml import Brand
    from ruamel.yaml.error import YAMLError

    if not pfad.is_file():
        raise BerichtswerkFehler(
            Meldung(
                "marke-fehlt",
                "Die Markendatei mit Farben, Schriften und Logo fehlt.",
                datei=name,
                abhilfe="Legen Sie die Datei an oder stellen Sie sie aus der Vorlage wieder her.",
            )
        )
    try:
        return Brand.from_yaml_str(pfad.read_text(encoding="utf-8"), pfad)
    except ValidationError as fehler:
        raise BerichtswerkFehler(_feldmeldungen(fehler, name)) from None
    except (YAMLError, ValueError, TypeError, UnicodeDecodeError) as fehler:
        zeile = getattr(getattr(fehler, "problem_mark", None), "line", None)
        raise BerichtswerkFehler(
            Meldung(
                "marke-unlesbar",
                "Die Markendatei ist kein gültiges brand.yml.",
                datei=name,
                ort="" if zeile is None else f"Zeile {zeile + 1}",
                ursache=str(getattr(fehler, "problem", None) or fehler).splitlines()[0],
                abhilfe="Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen an dieser Stelle.",
            )
        ) from None


def _feldmeldungen(fehler: ValidationError, name: str, davor: str = "") -> list[Meldung]:
    texte = {
        "extra_forbidden": (
            "Diesen Schlüssel gibt es hier nicht.",
            "Schreibweise prüfen oder Zeile löschen.",
        ),
        "missing": ("Dieser Schlüssel fehlt.", "Ergänzen Sie ihn."),
    }
    meldungen = []
    for e in fehler.errors():
        text, abhilfe = texte.get(e["type"], ("Dieser Wert passt nicht.", "Berichtigen Sie den Wert."))
        feld = davor + ".".join(str(t) for t in e["loc"])
        ursache = "" if e["type"] in texte else str(e["msg"])
        meldungen.append(Meldung("marke-feld", text, datei=name, feld=feld, ursache=ursache, abhilfe=abhilfe))
    return meldungen


def _farben(brand: Any, name: str, befunde: Meldungen) -> dict[str, str]:
    roh: dict[str, str] = brand.color.to_dict() if brand.color else {}
    farben = {k: str(v).lower() for k, v in roh.items()}
    for k, v in farben.items():
        if not farbe.ist_farbe(v):
            befunde.dazu(
                Meldung(
                    "marke-farbe",
                    f"„{v}“ ist keine Farbe.",
                    datei=name,
                    feld=f"color.{k}",
                    ursache="Erwartet wird die Form #rrggbb oder ein Name aus color.palette.",
                    abhilfe="Schreiben Sie die Farbe sechsstellig, zum Beispiel #095c6d.",
                )
            )
    for noetig in ("foreground", "background", "primary", "secondary", "tertiary", "light"):
        if noetig not in farben:
            befunde.dazu(
                Meldung(
                    "marke-farbe-fehlt",
                    f"Die Farbe „{noetig}“ ist nicht festgelegt.",
                    datei=name,
                    feld=f"color.{noetig}",
                    abhilfe="Nennen Sie dort eine Farbe oder einen Namen aus color.palette.",
                )
            )
    return farben


def _diagramm(brand: Any, farben: dict[str, str], name: str, befunde: Meldungen) -> Diagrammfarben | None:
    davor = "defaults.berichtswerk.diagramm"
    eigene = ((brand.defaults or {}).get("berichtswerk") or {}).get("diagramm") or {}
    try:
        namen = Diagrammfarben.model_validate(eigene)
    except ValidationError as fehler:
        befunde.alle(_feldmeldungen(fehler, name, davor + "."))
        return None

    def loese(wert: Any, feld: str) -> Any:
        if not isinstance(wert, str):
            return tuple(loese(w, feld) for w in wert)
        ergebnis = farben.get(wert, wert.lower())
        if not farbe.ist_farbe(ergebnis):
            befunde.dazu(
                Meldung(
                    "marke-farbname",
                    f"Die Farbe „{wert}“ ist nicht festgelegt.",
                    datei=name,
                    feld=f"{davor}.{feld}",
                    ursache="Der Name steht weder unter color noch unter color.palette.",
                    abhilfe="Vorhanden sind: " + ", ".join(sorted(farben)) + ".",
                )
            )
        return ergebnis

    return Diagrammfarben(**{k: loese(v, k) for k, v in namen.model_dump().items()})


def _schrift(brand: Any, name: str, befunde: Meldungen) -> tuple[str, int]:
    schrift = brand.typography
    familie = schrift.base.family if schrift and schrift.base else None
    if not familie:
        befunde.dazu(
            Meldung(
                "marke-schrift",
                "Die Hausschrift ist nicht festgelegt.",
                datei=name,
                feld="typography.base.family",
                abhilfe="Nennen Sie eine Familie aus typography.fonts.",
            )
        )
    staerke = schrift.headings.weight if schrift and schrift.headings else 600
    return str(familie or ""), _staerke(staerke)


def _staerke(angabe: Any) -> int:
    wert = getattr(angabe, "root", angabe)
    return wert if isinstance(wert, int) else 700 if wert == "bold" else 400


def _schriften(
    brand: Any, familie: str, ordner: Path, name: str, befunde: Meldungen
) -> tuple[Schriftdatei, ...]:
    gefunden: list[Schriftdatei] = []
    for f in brand.typography.fonts if brand.typography else ():
        if f.family != familie or f.source != "file":
            continue
        for datei in f.files:
            pfad = ordner / str(datei.path.root)
            if not pfad.is_file():
                befunde.dazu(
                    Meldung(
                        "marke-schriftdatei",
                        "Die Schriftdatei gibt es nicht.",
                        datei=name,
                        feld="typography.fonts",
                        ursache=f"Gesucht wurde {datei.path.root} im Ordner der Markendatei.",
                        abhilfe="Legen Sie die Datei dort ab oder berichtigen Sie den Pfad.",
                    )
                )
            staerke = _staerke(datei.weight)
            gefunden.append(Schriftdatei(pfad, staerke, str(datei.style)))
    if familie and not gefunden:
        befunde.dazu(
            Meldung(
                "marke-schrift-ohne-dateien",
                f"Zur Hausschrift „{familie}“ sind keine Dateien genannt.",
                datei=name,
                feld="typography.fonts",
                ursache="Schriften kommen nur aus eigenen Dateien (source: file), nie aus dem Netz.",
                abhilfe="Nennen Sie die Dateien der Schnitte 400 und 600 unter typography.fonts.",
            )
        )
    return tuple(gefunden)


def _logo(brand: Any, ordner: Path) -> Logo | None:
    bild = getattr(brand.logo, "medium", None) or getattr(brand.logo, "small", None)
    if bild is None:
        return None
    hell, dunkel = getattr(bild, "light", None) or bild, getattr(bild, "dark", None) or bild
    return Logo(
        ordner / str(hell.path.root), ordner / str(dunkel.path.root), str(getattr(hell, "alt", None) or "")
    )
