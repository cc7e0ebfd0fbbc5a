"""Leser ``sql``: eine SELECT-Abfrage über SQLAlchemy, nur lesend.

Die Adresse der Datenbank steht in einer Umgebungsvariable, nie in einer Datei. Erlaubt ist genau eine
SELECT-Abfrage; SQLite wird nur lesend geöffnet, andere Datenbanken in einer nur lesenden Transaktion, wo
es sie gibt; am Ende wird immer zurückgerollt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.lesearten import LesenSql
from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Zeile

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_BEIWERK = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`", re.DOTALL)
_VERBOTEN = re.compile(
    r"\b(insert|update|delete|merge|replace|drop|alter|create|truncate|grant|revoke|attach|detach|pragma|vacuum|"
    r"copy|call|exec|execute|into|load_extension|set|lock|reindex|analyze)\b",
    re.IGNORECASE,
)
_STUECK = 5_000


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Ein Blatt mit den Spalten der Abfrage; die Nummer der Zeile zählt die Ergebniszeilen.

    Raises:
        BerichtswerkFehler: Umgebungsvariable fehlt, Abfrage nicht erlaubt, Datenbank antwortet nicht.
    """
    lesen = auftrag.quelle.lesen
    assert isinstance(lesen, LesenSql)
    abfrage = _abfrage(auftrag, lesen)
    adresse = os.environ.get(lesen.url_umgebung, "")
    if not adresse:
        raise auftrag.sammler.halt(
            "sql-umgebung-fehlt", f"Die Umgebungsvariable {lesen.url_umgebung} ist nicht gesetzt.",
            feld="lesen.url_umgebung",
            abhilfe="Setzen Sie sie auf die SQLAlchemy-Adresse der Datenbank (steht nie in einer Datei).",
        )  # fmt: skip
    import sqlalchemy

    try:
        maschine = _maschine(adresse)
    except (sqlalchemy.exc.ArgumentError, ImportError, ValueError):
        # die Adresse enthält meist ein Kennwort und darf in keiner Meldung stehen
        raise auftrag.sammler.halt(
            "sql-adresse", f"Der Inhalt von {lesen.url_umgebung} ist keine gültige SQLAlchemy-Adresse.",
            feld="lesen.url_umgebung", ursache="Form oder Treiber ist unbekannt.",
            abhilfe="Form: treiber://nutzer:kennwort@rechner/datenbank",
        ) from None  # fmt: skip
    with _gemeldet(auftrag, adresse):
        try:
            with maschine.connect() as verbindung:
                yield _blatt(verbindung, abfrage, auftrag, adresse)
        finally:
            maschine.dispose()


@contextmanager
def _gemeldet(auftrag: Leseauftrag, adresse: str) -> Iterator[None]:
    """Fehler der Datenbank werden zur Meldung, ohne die Adresse zu nennen."""
    import sqlalchemy

    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as fehler:
        raise auftrag.sammler.halt(
            "sql-fehler", "Die Datenbank hat die Abfrage nicht beantwortet.", feld="lesen.abfrage",
            ursache=_ohne_adresse(fehler, adresse), abhilfe="Prüfen Sie Verbindung, Rechte und Abfrage.",
        ) from None  # fmt: skip


def _abfrage(auftrag: Leseauftrag, lesen: LesenSql) -> str:
    text = lesen.abfrage
    if text is None:
        text = auftrag.pfad.read_text(encoding=auftrag.kodierung)
    text = text.strip().rstrip(";").strip()
    nackt = _BEIWERK.sub(" ", text).strip()
    anfang = nackt.split(None, 1)[0].lower() if nackt else ""
    verboten = _VERBOTEN.search(nackt)
    if anfang not in {"select", "with"} or ";" in nackt or verboten:
        grund = f"Gefunden: „{verboten[0]}“." if verboten else "Sie beginnt nicht mit SELECT oder WITH."
        if ";" in nackt:
            grund = "Es sind mehrere Anweisungen."
        raise auftrag.sammler.halt(
            "sql-nur-lesen", "Erlaubt ist genau eine SELECT-Abfrage.", feld="lesen.abfrage", ursache=grund,
            abhilfe="Schreiben Sie die Abfrage als ein einziges SELECT.",
        )  # fmt: skip
    return text


def _maschine(adresse: str) -> Engine:
    import sqlalchemy

    url = sqlalchemy.make_url(adresse)
    if url.get_backend_name() == "sqlite":
        return sqlalchemy.create_engine("sqlite+pysqlite://", creator=_sqlite(url))
    return sqlalchemy.create_engine(url)


def _sqlite(url: URL) -> Any:
    import sqlite3
    from pathlib import Path

    def oeffne() -> sqlite3.Connection:
        pfad = Path(url.database or "").resolve()
        return sqlite3.connect(f"{pfad.as_uri()}?mode=ro", uri=True)

    return oeffne


def _blatt(verbindung: Connection, abfrage: str, auftrag: Leseauftrag, adresse: str) -> Blatt:
    import sqlalchemy

    if verbindung.dialect.name in {"postgresql", "mysql", "mariadb", "oracle"}:
        verbindung.execute(sqlalchemy.text("SET TRANSACTION READ ONLY"))
    # exec_driver_sql statt text(): Doppelpunkte der Abfrage sind keine Parameter
    ergebnis = verbindung.execution_options(stream_results=True).exec_driver_sql(abfrage)
    namen = [str(name) for name in ergebnis.keys()]  # noqa: SIM118 - kein dict

    def zeilen() -> Iterator[Zeile]:
        nr = 0
        while True:
            with _gemeldet(auftrag, adresse):
                stueck = ergebnis.fetchmany(_STUECK)
            if not stueck:
                break
            for satz in stueck:
                nr += 1
                yield Zeile(nr, [_zahl(wert) for wert in satz])
        verbindung.rollback()

    return Blatt("", zeilen, spaltennamen=namen)


def _zahl(wert: Any) -> Any:
    from decimal import Decimal

    return float(wert) if isinstance(wert, Decimal) else wert


def _ohne_adresse(fehler: Exception, adresse: str) -> str:
    text = str(getattr(fehler, "orig", None) or type(fehler).__name__)
    return " ".join(text.replace(adresse, "…").split())[:200]
