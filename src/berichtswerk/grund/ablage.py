"""Dateien ganz oder gar nicht schreiben, Prüfsummen, und die Ablage für Zwischenergebnisse.

Die Ablage liegt in ``.berichtswerk/ablage/`` unter der Prüfsumme der Eingaben. Jeder Eintrag trägt auch die
von Namen und Inhalt; was beschädigt, vertauscht oder keine Datei ist, fällt auf und wird neu gemacht.
Geschrieben wird daneben und umbenannt: ein halber Eintrag entsteht auch bei Stromausfall nicht, und zwei
Läufe zur selben Zeit schreiben höchstens zweimal dasselbe. Der Ordner darf jederzeit gelöscht werden.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from glob import escape
from pathlib import Path
from stat import S_ISREG

from berichtswerk.grund.projekt import Projekt

PAKET = Path(__file__).resolve().parents[1]
GRENZE = 500_000_000
"""So viele Bytes behält die Ablage nach :meth:`Ablage.kuerze`."""
_KOPF = b"bw2 "
_KOPFLAENGE = len(_KOPF) + 64 + 1


@dataclass(frozen=True, slots=True)
class Ablage:
    """Schlüssel → Bytes; ``art`` trennt, was nebeneinander liegt (``pdf``, ``svg``, …)."""

    ordner: Path

    @classmethod
    def von(cls, projekt: Projekt) -> Ablage:
        """Die Ablage eines Projekts."""
        return cls(projekt.arbeit / "ablage")

    def hole(self, art: str, schluessel: str) -> bytes | None:
        """Der Inhalt oder ``None``; Beschädigtes wird gelöscht und gilt als nicht vorhanden."""
        pfad = self.ordner / art / schluessel
        try:
            stand = pfad.lstat()
            if not _ist_eintrag(stand):
                raise IsADirectoryError
            roh = pfad.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raeume_weg(pfad)
            return None
        inhalt = roh[_KOPFLAENGE:]
        if roh[:_KOPFLAENGE] != _kopf(art, schluessel, inhalt):
            raeume_weg(pfad)
            return None
        with contextlib.suppress(OSError):
            os.utime(pfad)  # zuletzt gebraucht: was lange niemand brauchte, geht zuerst
        return inhalt

    def lege(self, art: str, schluessel: str, inhalt: bytes) -> None:
        """Legt ab. Geht es nicht (kein Platz, keine Rechte), wird beim nächsten Mal neu gerechnet."""
        ziel = self.ordner / art / schluessel
        with contextlib.suppress(OSError):
            for ordner in (self.ordner, ziel.parent):
                if not ordner.is_dir():
                    raeume_weg(ordner)
                ordner.mkdir(parents=True, exist_ok=True)
            nummer, name = tempfile.mkstemp(dir=ziel.parent, prefix=f".{os.getpid()}-", suffix=".neu")
            try:
                with os.fdopen(nummer, "wb") as datei:
                    datei.write(_kopf(art, schluessel, inhalt) + inhalt)
                Path(name).replace(ziel)
            finally:
                Path(name).unlink(missing_ok=True)

    def hat(self, art: str, schluessel: str) -> bool:
        """Ob es einen Eintrag gibt, ungeprüft: ein beschädigter fällt beim Holen auf."""
        return (self.ordner / art / schluessel).is_file()

    def lege_einmal(self, art: str, schluessel: str, quelle: Path) -> None:
        """Legt den Inhalt einer Datei ab, wenn er noch nicht da ist."""
        if not self.hat(art, schluessel):
            with contextlib.suppress(OSError):
                self.lege(art, schluessel, quelle.read_bytes())

    def kuerze(self, grenze: int = GRENZE) -> int:
        """Löscht, was am längsten niemand brauchte, bis nur noch ``grenze`` Bytes liegen; gibt sie zurück."""
        eintraege = []
        for pfad in self.ordner.glob("*/*"):
            with contextlib.suppress(OSError):
                stand = pfad.lstat()
                if not _ist_eintrag(stand):
                    raeume_weg(pfad)
                    continue
                eintraege.append((stand.st_mtime_ns, pfad.name, stand.st_size, pfad))
        gesamt = sum(groesse for _, _, groesse, _ in eintraege)
        for _, _, groesse, pfad in sorted(eintraege):
            if gesamt <= grenze:
                break
            with contextlib.suppress(OSError):
                pfad.unlink()
                gesamt -= groesse
        return gesamt


def _kopf(art: str, schluessel: str, inhalt: bytes) -> bytes:
    gesamt = hashlib.sha256(f"{art}/{schluessel}\n".encode())
    gesamt.update(inhalt)
    return _KOPF + gesamt.hexdigest().encode() + b"\n"


def _ist_eintrag(stand: os.stat_result) -> bool:
    return S_ISREG(stand.st_mode) and stand.st_size <= GRENZE


def raeume_weg(pfad: Path) -> None:
    """Löscht, was unter einem Namen der Ablage liegt, was immer es ist; Verknüpfungen, nicht ihr Ziel."""
    with contextlib.suppress(OSError):
        if pfad.is_dir() and not pfad.is_symlink():
            shutil.rmtree(pfad, ignore_errors=True)
        else:
            pfad.unlink()


def summe(*teile: str | bytes) -> str:
    """SHA-256 über alle Teile; jeder zählt für sich (``"a", "bc"`` ist nicht ``"ab", "c"``)."""
    gesamt = hashlib.sha256()
    for teil in teile:
        roh = teil.encode() if isinstance(teil, str) else teil
        gesamt.update(len(roh).to_bytes(8, "big") + roh)
    return gesamt.hexdigest()


@cache
def programmstand(*orte: str) -> str:
    """Prüfsumme der Module dieser Orte (Dateien oder Ordner ab ``berichtswerk/``), einmal je Prozess."""
    dateien = sorted(
        d for ort in orte for d in ((PAKET / ort).rglob("*.py") if (PAKET / ort).is_dir() else [PAKET / ort])
    )
    return summe(*(teil for d in dateien for teil in (d.relative_to(PAKET).as_posix(), d.read_bytes())))


_STELLE: ContextVar[Ablage | None] = ContextVar("ablage", default=None)


def richte_ein(stelle: Ablage | None) -> None:
    """Ab jetzt heben die Stufen der Ausführung in diesem Faden hier auf; ``None`` hebt nichts mehr auf."""
    _STELLE.set(stelle)


@contextlib.contextmanager
def im(projekt: Projekt) -> Iterator[None]:
    """In diesem Block heben alle in der Ablage des Projekts auf."""
    vorher = _STELLE.set(Ablage.von(projekt))
    try:
        yield
    finally:
        _STELLE.reset(vorher)


def aktiv() -> Ablage | None:
    """Die eingerichtete Ablage."""
    return _STELLE.get()


def dateisumme(pfad: str | Path) -> str:
    """SHA-256 einer Datei; leer, wenn es sie nicht gibt."""
    try:  # eine Warteschlange gäbe nie etwas her
        if not S_ISREG(os.stat(pfad).st_mode):  # noqa: PTH116 (bei tausend Dateien zählt, was Path dazu tut)
            return ""
        with open(pfad, "rb", buffering=0) as datei:  # noqa: PTH123
            return hashlib.sha256(datei.read()).hexdigest()
    except OSError:
        return ""


def eintragssumme(projekt: Projekt, name: str) -> str:
    """Prüfsumme einer Datei ab der Wurzel oder der Namen in einem Ordner (``daten/quellen/``); sonst leer."""
    pfad = projekt.wurzel / name
    if not name.endswith("/"):
        return dateisumme(pfad)
    try:
        return summe(*sorted(p.name for p in pfad.iterdir() if p.name[0] not in "._"))
    except OSError:
        return ""


@cache
def fassung(paket: str) -> str:
    """Die Fassung einer installierten Bibliothek, ohne sie zu laden."""
    from importlib import metadata

    return metadata.version(paket)


def code_gleich(alt: bytes, neu: bytes) -> bool:
    """Ob zwei Fassungen eines Moduls dasselbe tun; bei anderen Dateien, ob sie gleich sind.

    Kommentare, Leerzeilen und Beschreibungen zählen nicht.
    """
    return alt == neu or _codesumme(alt) == _codesumme(neu)


@cache
def _codesumme(inhalt: bytes) -> str:
    import ast

    try:
        baum = ast.parse(inhalt)
    except (SyntaxError, ValueError):
        return hashlib.sha256(inhalt).hexdigest()
    for knoten in ast.walk(baum):
        if isinstance(knoten, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            knoten.body[:] = [s for s in knoten.body if not _ist_beschreibung(s)]
    return hashlib.sha256(ast.dump(baum).encode()).hexdigest()


def _ist_beschreibung(satz: object) -> bool:
    import ast

    wert = satz.value if isinstance(satz, ast.Expr) else None
    return isinstance(wert, ast.Constant) and isinstance(wert.value, str)


def pruefsumme(inhalt: str | bytes) -> str:
    """SHA-256 in Hexadezimal."""
    return hashlib.sha256(inhalt.encode() if isinstance(inhalt, str) else inhalt).hexdigest()


def schreibe_ganz(pfad: Path, inhalt: str | bytes) -> bool:
    """Schreibt ganz oder gar nicht; lässt Gleiches unberührt. Gibt zurück, ob geschrieben wurde.

    Was ein getöteter Befehl neben dieser Datei liegen ließ, geht dabei weg.
    """
    daten = inhalt.encode() if isinstance(inhalt, str) else inhalt
    with contextlib.suppress(OSError):
        if pfad.read_bytes() == daten:
            return False
    pfad.parent.mkdir(parents=True, exist_ok=True)
    _raeume_reste(pfad.parent.glob(f".{escape(pfad.name)}.*.neu"))
    neu = pfad.with_name(f".{pfad.name}.{os.getpid()}.neu")
    try:
        neu.write_bytes(daten)
        neu.replace(pfad)
    finally:
        neu.unlink(missing_ok=True)
    return True


def schreibe_gemeinsam(vermerk: Path, wurzel: Path, dateien: Mapping[str, bytes]) -> None:
    """Schreibt mehrere Dateien (Namen ab ``wurzel``) alle oder keine.

    Was kommen soll, steht zuerst im ``vermerk``; wird der Befehl getötet, holt :func:`vollende` es nach.
    """
    vorhaben = {n: [dateisumme(wurzel / n), b64encode(inhalt).decode()] for n, inhalt in dateien.items()}
    schreibe_ganz(vermerk, json.dumps(vorhaben))
    vollende(vermerk, wurzel)


def vollende(vermerk: Path, wurzel: Path) -> None:
    """Schreibt, was ein getöteter Befehl noch schreiben wollte.

    Ist eine der Dateien inzwischen eine andere, gilt, was dort steht, und keine wird angerührt.
    """
    try:
        eintraege = json.loads(vermerk.read_bytes()).items()
        vorhaben = {wurzel / name: (alt, b64decode(neu, validate=True)) for name, (alt, neu) in eintraege}
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, AttributeError):  # unlesbar: es gilt, was dort steht
        vorhaben = {}
    if all(dateisumme(pfad) in (alt, pruefsumme(neu)) for pfad, (alt, neu) in vorhaben.items()):
        for pfad, (_, neu) in vorhaben.items():
            schreibe_ganz(pfad, neu)
    raeume_weg(vermerk)


def raeume_reste(*ordner: Path) -> None:
    """Löscht darin (auch tiefer), was :func:`schreibe_ganz` hinterließ, als sein Prozess getötet wurde."""
    _raeume_reste(r for o in ordner for r in o.glob("**/.*.neu"))


def _raeume_reste(reste: Iterable[Path]) -> None:
    for rest in reste:
        if not lebt(rest.name.rsplit(".", 2)[1]):
            rest.unlink(missing_ok=True)


def lebt(prozess: str) -> bool:
    """Ob der Prozess dieser Nummer noch läuft; im Zweifel ja."""
    if not prozess.isdecimal():
        return False
    if os.name == "nt":  # dort beendete os.kill den Prozess
        return True
    try:
        os.kill(int(prozess), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
