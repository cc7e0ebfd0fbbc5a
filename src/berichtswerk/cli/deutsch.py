"""Typer auf Deutsch: Hilfe, Überschriften und Fehler im Aufruf."""

from __future__ import annotations

import re
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from berichtswerk.daten.aehnlich import vorschlag

OPTIONEN = "[OPTIONEN]"
HILFE = "Diese Hilfe zeigen."


class _Deutsch:
    """Was Gruppe und Befehl gemeinsam anders machen als Typer."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Die Zeile „Aufruf: …“."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "Aufruf: ")

    def get_help_option_names(self: Any, ctx: Any) -> list[str]:
        """In fester Reihenfolge; Typer liefert sie aus einer Menge."""
        return list(ctx.help_option_names)

    def get_help_option(self: Any, ctx: Any) -> Any:
        """Die Option ``--help`` mit deutscher Erklärung."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = HILFE
        return option

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        """Angaben, Optionen und Befehle mit deutschen Überschriften."""
        felder = [(p.param_type_name, p.get_help_record(ctx)) for p in self.get_params(ctx)]
        for ueberschrift, art in (("Angaben", "argument"), ("Optionen", "option")):
            zeilen = [zeile for typ, zeile in felder if typ == art and zeile is not None]
            if zeilen:
                with formatter.section(ueberschrift):
                    formatter.write_dl(zeilen)
        if isinstance(self, TyperGroup):
            with formatter.section("Befehle"):
                formatter.write_dl([(n, _kurz(self.commands[n])) for n in self.list_commands(ctx)])


class Befehl(_Deutsch, TyperCommand):
    """Ein Befehl mit deutscher Hilfe."""


class Gruppe(_Deutsch, TyperGroup):
    """Eine Befehlsgruppe mit deutscher Hilfe; kennt bei Schreibfehlern die nächsten Namen."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In der Reihenfolge, in der sie vereinbart sind."""
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Wie Typer, mit deutscher Meldung für unbekannte Befehle."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            hilfe = vorschlag(name, list(self.commands), sonst="Vorhanden sind: ")
            ctx.fail(f"Den Befehl „{name}“ gibt es nicht. {hilfe}".strip())
        return super().resolve_command(ctx, args)


def _kurz(befehl: Any) -> str:
    """Der erste Satz der Hilfe."""
    return str(befehl.help or "").strip().split("\n\n", maxsplit=1)[0].replace("\n", " ")


def ist_aufruffehler(fehler: Exception) -> bool:
    """Ob die Befehlszeile falsch war (und nicht das, was sie auslöste)."""
    return hasattr(fehler, "format_message") and hasattr(fehler, "exit_code")


def zeige_aufruffehler(fehler: Any) -> None:
    """Schreibt Aufrufzeile, Fehler und den Weg zur Hilfe auf die Fehlerausgabe."""
    ctx = getattr(fehler, "ctx", None)
    if type(fehler).__name__ == "NoArgsIsHelpError":
        print(ctx.get_help(), file=sys.stderr)
        return
    if ctx is not None:
        print(ctx.get_usage(), file=sys.stderr)
    print(f"\nFEHLER  {uebersetze(fehler)}", file=sys.stderr)
    pfad = ctx.command_path if ctx is not None else "berichtswerk"
    print(f"  Abhilfe: „{pfad} --help“ erklärt, was möglich ist.", file=sys.stderr)


def uebersetze(fehler: Any) -> str:
    """Der deutsche Wortlaut eines Fehlers im Aufruf."""
    art, text = type(fehler).__name__, str(getattr(fehler, "message", "") or "")
    if art == "NoSuchOption":
        return _option_unbekannt(fehler)
    if art == "BadOptionUsage":
        nimmt = "nimmt keinen Wert" if "does not take" in text else "braucht einen Wert"
        return f"Die Option „{fehler.option_name}“ {nimmt}."
    if art == "MissingParameter":
        return f"Es fehlt: {_name(fehler)}."
    if art == "BadParameter":
        return f"{_name(fehler)}: {text}"
    zuviel = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", text, re.DOTALL)
    if zuviel:
        return f"Das gehört nicht hierher: {zuviel[1]}"
    if text == "Missing command.":
        return "Es fehlt ein Befehl."
    return text


def _option_unbekannt(fehler: Any) -> str:
    bekannt = [o for p in fehler.ctx.command.get_params(fehler.ctx) for o in p.opts if o.startswith("-")]
    hilfe = vorschlag(fehler.option_name, bekannt, sonst="Vorhanden sind: ")
    return f"Die Option „{fehler.option_name}“ gibt es hier nicht. {hilfe}".strip()


def _name(fehler: Any) -> str:
    """Wie die Angabe heißt, um die es geht."""
    param = getattr(fehler, "param", None)
    if param is None:
        return "Angabe"
    return str(param.opts[0] if param.param_type_name == "option" else param.metavar or param.name)


def falsch(text: str) -> typer.BadParameter:
    """Ein Fehler zu einer Angabe, mit deutschem Text."""
    return typer.BadParameter(text)
