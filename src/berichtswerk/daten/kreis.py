"""Angaben zum herausgebenden Landkreis: ``daten/kreis.yaml`` (Impressum, Datenschutz, Startseite).

Unbekanntes steht dort als „[vor Veröffentlichung eintragen]“; :func:`ist_offen` erkennt es.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Stufe
from berichtswerk.grund.projekt import Projekt


class _Streng(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Anschrift(_Streng):
    """Postanschrift."""

    strasse: str
    plz: str = Field(pattern=r"^\d{5}$")
    ort: str


class Kontakt(_Streng):
    """Eine Stelle (Funktion, keine Person) mit den Wegen, sie zu erreichen."""

    name: str = ""
    anschrift: str = ""
    email: str = ""
    telefon: str = ""
    webseite: str = ""


class Datenschutz(_Streng):
    """Angaben der Datenschutzerklärung (Art. 13 DSGVO)."""

    verantwortlich: str
    beauftragte: Kontakt
    aufsichtsbehoerde: Kontakt
    protokolle: str


class Barrierefreiheit(_Streng):
    """Angaben der Erklärung zur Barrierefreiheit (Durchführungsbeschluss (EU) 2018/1523)."""

    stand: date
    letzte_pruefung: date | None = None
    bewertung: Literal["selbst", "fremd"]
    status: Literal["vollstaendig", "teilweise", "nicht"]
    ausnahmen: tuple[str, ...] = ()
    feedback: Kontakt
    frist: str = "einen Monat"
    durchsetzung: Kontakt
    rechtsgrundlage: str
    ueberwachung: str = ""


class Portal(_Streng):
    """Titel und Einleitung der Startseite; ``hinweis`` steht sichtbar auf Startseite und im Fuß."""

    titel: str
    einleitung: str
    hinweis: str | None = None


class Kreis(_Streng):
    """Alles, was ein anderer Landkreis für seine Pflichtseiten ändert."""

    name: str
    name_kurz: str
    schluessel: str = Field(pattern=r"^\d{5}$")
    land: str
    vertreten_durch: str
    anschrift: Anschrift
    telefon: str
    email: str
    webseite: str = Field(pattern=r"^https://")
    umsatzsteuer_id: str | None = None
    herausgeber: str
    redaktion: Kontakt
    aufsicht: str | None = None
    datenschutz: Datenschutz
    barrierefreiheit: Barrierefreiheit
    portal: Portal

    def offen(self) -> tuple[str, ...]:
        """Schlüssel, die noch den Platzhalter tragen, z. B. ``redaktion.email``."""
        return tuple(pfad for pfad, wert in _blaetter(self.model_dump(), "") if ist_offen(wert))


def ist_offen(wert: object) -> bool:
    """Ob ein Wert noch Platzhalter ist („[vor Veröffentlichung eintragen]“)."""
    return isinstance(wert, str) and "[vor Veröffentlichung eintragen]" in wert


def _blaetter(wert: Any, pfad: str) -> Iterator[tuple[str, Any]]:
    if isinstance(wert, dict):
        for name, inneres in wert.items():
            yield from _blaetter(inneres, f"{pfad}.{name}" if pfad else str(name))
    else:
        yield pfad, wert


_GRUENDE = {
    "missing": "Das Feld fehlt.",
    "extra_forbidden": "Dieses Feld gibt es in kreis.yaml nicht.",
    "literal_error": "Der Wert ist keiner der erlaubten.",
    "string_type": "Erwartet wird ein Text (Zahlen in Anführungszeichen).",
    "string_pattern_mismatch": "Der Text hat nicht die erwartete Form.",
    "date_from_datetime_parsing": "Erwartet wird ein Datum in der Form 2024-12-31.",
}


def lade_kreis(projekt: Projekt) -> Kreis:
    """Liest ``daten/kreis.yaml``.

    Raises:
        BerichtswerkFehler: ``kreis-yaml`` oder ``kreis-feld``, alle Felder auf einmal.
    """
    import yaml

    pfad = projekt.daten / "kreis.yaml"
    try:
        roh = yaml.safe_load(pfad.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fehler:
        raise BerichtswerkFehler(_kein_yaml(projekt.relativ(pfad), fehler)) from fehler
    try:
        return Kreis.model_validate(roh)
    except ValidationError as fehler:
        raise BerichtswerkFehler(
            [_feldfehler(e["loc"], e["type"], e["msg"]) for e in fehler.errors()]
        ) from None


def offene_angaben(kreis: Kreis) -> list[Meldung]:
    """Ein Hinweis auf alle Angaben, die vor dem Veröffentlichen noch fehlen; leer, wenn keine fehlt."""
    offen = kreis.offen()
    if not offen:
        return []
    return [
        Meldung(
            "kreis-offen",
            "Angaben zum Landkreis fehlen noch und stehen als Platzhalter auf den Pflichtseiten.",
            datei="daten/kreis.yaml",
            ursache="Offen: " + ", ".join(offen),
            abhilfe="Tragen Sie die Werte ein, bevor Sie die Seiten veröffentlichen.",
            stufe=Stufe.HINWEIS,
        )
    ]


def _kein_yaml(datei: str, fehler: Exception) -> Meldung:
    marke = getattr(fehler, "problem_mark", None)
    return Meldung(
        "kreis-yaml",
        "Die Angaben zum Landkreis sind kein gültiges YAML.",
        datei=datei,
        ort=f"Zeile {marke.line + 1}" if marke else "",
        ursache=str(getattr(fehler, "problem", None) or "keine UTF-8-Datei"),
        abhilfe="Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen in dieser Zeile.",
    )


def _feldfehler(ort: tuple[int | str, ...], art: str, text: str) -> Meldung:
    return Meldung(
        "kreis-feld",
        "Eine Angabe zum Landkreis stimmt nicht.",
        datei="daten/kreis.yaml",
        feld=".".join(str(teil) for teil in ort),
        ursache=_GRUENDE.get(art, text),
        abhilfe="Die Felder und ihre Form beschreibt src/berichtswerk/daten/kreis.py.",
    )
