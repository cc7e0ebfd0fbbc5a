"""Angaben zum herausgebenden Landkreis: ``daten/kreis.yaml`` (Impressum, Datenschutz, Startseite).

Unbekanntes steht dort als „[vor Veröffentlichung eintragen]“; :func:`ist_offen` erkennt es.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from berichtswerk.grund.fremdes import mailadresse, webadresse
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import Dateipfad, YamlModell, lade_yaml


class KreisOffen(Befundart):
    text = "Angaben zum Landkreis fehlen noch und stehen als Platzhalter auf den Pflichtseiten."
    ursache = "Offen: {offen}"
    abhilfe = "Tragen Sie die Werte ein, bevor Sie die Seiten veröffentlichen."
    stufe = Stufe.HINWEIS


class KreisOhneAdresse(Befundart):
    text = "Die öffentliche Adresse der Website steht nicht fest; Sitemap, Feed und Vorschaubilder fehlen."
    feld = "portal.adresse"
    ursache = "Suchmaschinen, Feedleser und geteilte Links brauchen vollständige Adressen."
    abhilfe = "Tragen Sie ein, wo die Startseite liegt, z. B. https://www.example.org/planung."
    stufe = Stufe.HINWEIS


Netz = Annotated[str, AfterValidator(webadresse)]
Post = Annotated[str, AfterValidator(mailadresse)]


class Anschrift(YamlModell):
    """Postanschrift."""

    strasse: str
    plz: str = Field(pattern=r"^(\d{5}|\[vor Veröffentlichung eintragen\])$")
    ort: str


class Kontakt(YamlModell):
    """Eine Stelle (Funktion, keine Person) mit den Wegen, sie zu erreichen."""

    name: str = ""
    anschrift: str = ""
    email: Post = ""
    telefon: str = ""
    webseite: Netz = ""


class Datenschutz(YamlModell):
    """Angaben der Datenschutzerklärung (Art. 13 DSGVO)."""

    verantwortlich: str
    beauftragte: Kontakt
    aufsichtsbehoerde: Kontakt
    protokolle: str


class Barrierefreiheit(YamlModell):
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


class Portal(YamlModell):
    """Titel und Einleitung der Startseite; ``hinweis`` steht sichtbar auf Startseite und im Fuß.

    ``adresse`` ist, wo die Startseite öffentlich liegt, auch in einem Unterordner
    (``https://www.example.org/planung``), ohne Schrägstrich am Ende.
    """

    titel: str
    einleitung: str
    hinweis: str | None = None
    adresse: Annotated[Netz, AfterValidator(lambda text: text.rstrip("/"))] = ""

    @property
    def oeffentlich(self) -> str:
        """Die Adresse; leer, solange sie nicht feststeht."""
        return "" if ist_offen(self.adresse) else self.adresse


class Grenzangaben(YamlModell):
    """Eine Datei mit amtlichen Grenzen (GeoPackage oder GeoJSON); docs/karten.md nennt die des BKG."""

    datei: Dateipfad
    """Pfad ab ``daten/``."""
    nennung: str = Field(min_length=1)
    """Was die Lizenz als Quellenvermerk verlangt: „© GeoBasis-DE / BKG (2026) dl-de/by-2-0“."""
    ebene: str = ""
    """Ebene im GeoPackage; ohne Angabe die der Gemeinden (``…_gem``), sonst die erste."""
    schluessel: str = ""
    """Spalte mit dem Gebietsschlüssel; ohne Angabe AGS oder ARS."""
    koordinaten: Literal["", "EPSG:4326", "EPSG:4258", "EPSG:25831", "EPSG:25832", "EPSG:25833"] = ""
    """Koordinatensystem, wenn die Datei es nicht oder falsch nennt."""


class Kartenangaben(YamlModell):
    """Woraus Karten werden; alles ist freiwillig."""

    grenzen: Grenzangaben | None = None
    """Amtliche Grenzen; ohne sie entsteht eine schematische Karte."""
    orte: str = ""
    """Quelle mit Ort, Länge und Breite (``lon``, ``lat``) je Gebiet, für die schematische Karte."""
    nachbarn: str = ""
    """Quelle mit gemeinsamen Grenzen (Merkmal ``nachbar``, Messgröße in km), für die schematische Karte."""


class Kreis(YamlModell):
    """Alles, was ein anderer Landkreis für seine Pflichtseiten ändert."""

    name: str
    name_kurz: str
    schluessel: str = Field(pattern=r"^\d{5}$")
    land: str
    vertreten_durch: str
    anschrift: Anschrift
    telefon: str
    email: Post
    webseite: Netz = Field(pattern=r"^(https://|\[vor Veröffentlichung eintragen\]$)")
    umsatzsteuer_id: str | None = None
    herausgeber: str
    redaktion: Kontakt
    aufsicht: str | None = None
    datenschutz: Datenschutz
    barrierefreiheit: Barrierefreiheit
    portal: Portal
    karte: Kartenangaben = Kartenangaben()

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


def lade_kreis(projekt: Projekt) -> Kreis:
    """Liest ``daten/kreis.yaml``.

    Raises:
        BerichtswerkFehler: Datei fehlt oder ist kein gültiges YAML; sonst alle Felder auf einmal.
    """
    return lade_yaml(projekt.daten / "kreis.yaml", Kreis, projekt)


class _NurKarte(YamlModell, extra="ignore"):
    karte: Kartenangaben = Kartenangaben()


def lade_karte(projekt: Projekt) -> Kartenangaben:
    """Liest ``karte`` aus ``daten/kreis.yaml``; ob das Übrige vollständig ist, bleibt offen.

    Raises:
        BerichtswerkFehler: Datei fehlt, ist kein gültiges YAML, oder ``karte`` hat Fehler.
    """
    return lade_yaml(projekt.daten / "kreis.yaml", _NurKarte, projekt).karte


def offene_angaben(kreis: Kreis) -> list[Meldung]:
    """Hinweise auf alle Angaben, die vor dem Veröffentlichen noch fehlen; leer, wenn keine fehlt."""
    offen = [pfad for pfad in kreis.offen() if pfad != "portal.adresse"]
    datei = "daten/kreis.yaml"
    meldungen = [KreisOffen.melde(datei=datei, offen=", ".join(offen))] if offen else []
    return meldungen if kreis.portal.oeffentlich else [*meldungen, KreisOhneAdresse.melde(datei=datei)]
