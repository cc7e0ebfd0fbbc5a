"""Was alle Befehle teilen: wie sie angemeldet werden, ihr Projekt, gemeinsame Optionen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import BadParameter

from berichtswerk.cli.deutsch import OPTIONEN, Befehl, Gruppe
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt

_ORDNER: list[Path] = []
"""Der Ordner aus ``--projekt``."""


def gruppe(hilfe: str) -> typer.Typer:
    """Eine Gruppe von Befehlen (``berichtswerk quelle …``)."""
    return typer.Typer(
        cls=Gruppe, rich_markup_mode=None, no_args_is_help=True, options_metavar=OPTIONEN,
        subcommand_metavar="WAS …", help=hilfe,
    )  # fmt: skip


def befehl(
    gruppe: typer.Typer, name: str | None = None, abschnitt: str | None = None
) -> Callable[[Callable[..., int]], Any]:
    """Meldet eine Funktion als Befehl an; ihr Docstring ist die Hilfe, ``abschnitt`` ihr Platz darin."""
    return gruppe.command(name, cls=Befehl, options_metavar=OPTIONEN, rich_help_panel=abschnitt)


def option(hilfe: str, *namen: str, metavar: str | None = None, **mehr: Any) -> Any:
    """Eine Option mit deutscher Hilfe."""
    return typer.Option(*namen, metavar=metavar, help=hilfe, show_default=False, **mehr)


def angabe(metavar: str, hilfe: str) -> Any:
    """Eine Angabe ohne ``--``."""
    return typer.Argument(metavar=metavar, help=hilfe, show_default=False)


_WELCHE = "Welche Berichte, z. B. sozialbericht oder sozialbericht/2024; ohne Angabe alle."
Berichte = Annotated[list[str] | None, angabe("[BERICHT[/AUSGABE]]…", _WELCHE)]
Maschinenlesbar = Annotated[bool, option("Maschinenlesbar ausgeben.", "--json")]
Quelle = Annotated[str, angabe("QUELLE", "Name der Quelle, z. B. kita_belegung_einheiten.")]
Heute = Annotated[
    str, option("Der Tag, an dem Lieferungen fällig sein sollen; sonst heute.", metavar="JJJJ-MM-TT")
]


def waehle_projekt(ordner: str) -> None:
    """Merkt sich den Ordner aus ``--projekt``; leer: hier oder darüber."""
    if ordner and not Path(ordner).is_dir():
        raise BadParameter(f"Den Ordner „{ordner}“ gibt es nicht.")
    _ORDNER[:] = [Path(ordner)] if ordner else []


def projekt() -> Projekt:
    """Das Projekt aus ``--projekt``, sonst das, in dem der Befehl läuft."""
    return Projekt.finde(*_ORDNER)


def nenne(meldungen: Meldungen, maschinenlesbar: bool) -> int:
    """Druckt alle Befunde; gibt den Rückgabewert zurück."""
    print(meldungen.als_json() if maschinenlesbar else meldungen.als_text())
    return 1 if meldungen.fehler else 0


def tag(text: str, option: str = "heute") -> date:
    """Der Tag hinter einer Option; ohne Angabe heute."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as fehler:
        raise BadParameter(f"Hinter --{option} steht ein Datum wie 2026-01-31, nicht „{text}“.") from fehler
