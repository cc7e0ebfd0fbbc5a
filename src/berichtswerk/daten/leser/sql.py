"""Leser ``sql``: eine SELECT-Abfrage über SQLAlchemy, nur lesend und mit Zeitgrenze.

Die Adresse der Datenbank steht in einer Umgebungsvariable, nie in einer Datei. Erlaubt ist genau eine
SELECT-Abfrage; SQLite wird nur lesend geöffnet, andere Datenbanken in einer nur lesenden Transaktion, wo
es sie gibt; am Ende wird immer zurückgerollt. Antwortet die Datenbank nicht, hält ``zeitgrenze`` an.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from berichtswerk.daten.lesen import LesenSql
from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Zeile
from berichtswerk.grund.meldung import Befundart

if TYPE_CHECKING:
    from sqlalchemy import Engine

T = TypeVar("T")

_BEIWERK = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`", re.DOTALL)
_VERBOTEN = re.compile(
    r"\b(insert|update|delete|merge|replace|drop|alter|create|truncate|grant|revoke|attach|detach|pragma|vacuum|"
    r"copy|call|exec|execute|into|load_extension|set|lock|reindex|analyze)\b",
    re.IGNORECASE,
)
_STUECK = 5_000


class SqlUmgebungFehlt(Befundart):
    text = "Die Umgebungsvariable {variable} ist nicht gesetzt."
    abhilfe = "Setzen Sie sie auf die SQLAlchemy-Adresse der Datenbank (steht nie in einer Datei)."
    feld = "lesen.url_umgebung"


class SqlAdresse(Befundart):
    text = "Der Inhalt von {variable} ist keine gültige SQLAlchemy-Adresse."
    ursache = "Form oder Treiber ist unbekannt."
    abhilfe = "Form: treiber://nutzer:kennwort@rechner/datenbank"
    feld = "lesen.url_umgebung"


class SqlNurLesen(Befundart):
    text = "Erlaubt ist genau eine SELECT-Abfrage."
    ursache = "{grund}"
    abhilfe = "Schreiben Sie die Abfrage als ein einziges SELECT."
    feld = "lesen.abfrage"


class SqlFehler(Befundart):
    text = "Die Datenbank hat die Abfrage nicht beantwortet."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie Verbindung, Rechte und Abfrage."
    feld = "lesen.abfrage"


class SqlZeitgrenze(Befundart):
    text = "Die Datenbank hat nach {sekunden} Sekunden noch nicht alles geliefert."
    ursache = "Sie ist nicht erreichbar, oder die Abfrage braucht zu lange."
    abhilfe = "Prüfen Sie die Verbindung, grenzen Sie die Abfrage ein oder erhöhen Sie „zeitgrenze“."
    feld = "lesen.zeitgrenze"


class _Frist:
    """Die Zeit, die der Datenbank bleibt; gezählt wird nur, während auf sie gewartet wird."""

    def __init__(self, auftrag: Leseauftrag, sekunden: int, adresse: str) -> None:
        self._auftrag, self._sekunden, self._adresse = auftrag, sekunden, adresse
        self._rest = float(sekunden)
        self.haengt = False
        """ob ein Aufruf nicht zurückkam: dann wird nichts mehr geschlossen"""

    def warte(self, was: Callable[[], T], brich_ab: Callable[[], object] = lambda: None) -> T:
        """Das Ergebnis; Fehler der Datenbank werden zur Meldung, ohne die Adresse zu nennen.

        Raises:
            BerichtswerkFehler: sql-fehler, sql-zeitgrenze.
        """
        import sqlalchemy

        ergebnis: list[T] = []
        fehler: list[BaseException] = []

        def rufe() -> None:
            try:
                ergebnis.append(was())
            except BaseException as f:  # der Faden hat niemanden, der sie sonst sähe
                fehler.append(f)

        faden = threading.Thread(target=rufe, daemon=True, name="datenbank")
        anfang = time.monotonic()
        faden.start()
        faden.join(self._rest)
        self._rest = max(0.0, self._rest - (time.monotonic() - anfang))
        if faden.is_alive():
            with contextlib.suppress(Exception):
                brich_ab()
            faden.join(2)
            self.haengt = faden.is_alive()
            raise self._auftrag.sammler.halt(SqlZeitgrenze, sekunden=self._sekunden)
        if not fehler:
            return ergebnis[0]
        if isinstance(fehler[0], sqlalchemy.exc.SQLAlchemyError):
            grund = _ohne_adresse(fehler[0], self._adresse)
            raise self._auftrag.sammler.halt(SqlFehler, grund=grund) from None
        raise fehler[0]


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
        raise auftrag.sammler.halt(SqlUmgebungFehlt, variable=lesen.url_umgebung)
    import sqlalchemy

    try:
        maschine = _maschine(adresse)
    except (sqlalchemy.exc.ArgumentError, ImportError, ValueError):
        raise auftrag.sammler.halt(SqlAdresse, variable=lesen.url_umgebung) from None
    frist = _Frist(auftrag, lesen.zeitgrenze, adresse)
    verbindung = None
    try:
        verbindung = frist.warte(maschine.connect)
        yield _blatt(verbindung, abfrage, frist)
    finally:
        if not frist.haengt:
            if verbindung is not None:
                verbindung.close()
            maschine.dispose()


def _abfrage(auftrag: Leseauftrag, lesen: LesenSql) -> str:
    text = lesen.abfrage
    if text is None:
        text = auftrag.pfad.read_text(encoding=auftrag.quelle.encoding)
    text = text.strip().rstrip(";").strip()
    nackt = _BEIWERK.sub(" ", text).strip()
    anfang = nackt.split(None, 1)[0].lower() if nackt else ""
    verboten = _VERBOTEN.search(nackt)
    if anfang not in {"select", "with"} or ";" in nackt or verboten:
        grund = f"Gefunden: „{verboten[0]}“." if verboten else "Sie beginnt nicht mit SELECT oder WITH."
        if ";" in nackt:
            grund = "Es sind mehrere Anweisungen."
        raise auftrag.sammler.halt(SqlNurLesen, grund=grund)
    return text


def _maschine(adresse: str) -> Engine:
    import sqlalchemy

    url = sqlalchemy.make_url(adresse)
    if url.get_backend_name() != "sqlite":
        return sqlalchemy.create_engine(url)

    def oeffne() -> sqlite3.Connection:
        pfad = Path(url.database or "").resolve()
        return sqlite3.connect(f"{pfad.as_uri()}?mode=ro", uri=True, check_same_thread=False)

    return sqlalchemy.create_engine("sqlite+pysqlite://", creator=oeffne)


def _blatt(verbindung: Any, abfrage: str, frist: _Frist) -> Blatt:
    import sqlalchemy

    def frage() -> Any:
        if verbindung.dialect.name in {"postgresql", "mysql", "mariadb", "oracle"}:
            verbindung.execute(sqlalchemy.text("SET TRANSACTION READ ONLY"))
        # exec_driver_sql statt text(): Doppelpunkte der Abfrage sind keine Parameter
        return verbindung.execution_options(stream_results=True).exec_driver_sql(abfrage)

    def brich_ab() -> None:
        treiber = verbindung.connection.dbapi_connection
        getattr(treiber, "interrupt", getattr(treiber, "cancel", treiber.close))()

    ergebnis = frist.warte(frage, brich_ab)
    namen = [str(name) for name in ergebnis.keys()]  # noqa: SIM118 - kein dict

    def zeilen() -> Iterator[Zeile]:
        nr = 0
        while stueck := frist.warte(lambda: ergebnis.fetchmany(_STUECK), brich_ab):
            for satz in stueck:
                nr += 1
                yield nr, [float(wert) if isinstance(wert, Decimal) else wert for wert in satz]
        verbindung.rollback()

    return Blatt("", zeilen, spaltennamen=namen)


def _ohne_adresse(fehler: Exception, adresse: str) -> str:
    text = str(getattr(fehler, "orig", None) or type(fehler).__name__)
    return " ".join(text.replace(adresse, "…").split())[:200]
