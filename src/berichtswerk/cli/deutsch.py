"""Typer auf Deutsch: Hilfe, Überschriften und Fehler im Aufruf."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from berichtswerk.grund.meldung import vorschlag

OPTIONEN = "[OPTIONEN]"
HILFE = "Diese Hilfe zeigen."


class _Deutsch:
    """Was Gruppe und Befehl gemeinsam anders machen als Typer."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Die Zeile „Aufruf: …“."""
        angaben = [p.metavar for p in self.params if p.param_type_name == "argument"]
        gruppe = [self.subcommand_metavar] if isinstance(self, TyperGroup) else []
        teile = [self.options_metavar, *angaben, *gruppe]
        formatter.write_usage(ctx.command_path, " ".join(teile), "Aufruf: ")

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
        felder = [(p.param_type_name, _zeile(p, ctx)) for p in self.get_params(ctx)]
        for ueberschrift, art in (("Angaben", "argument"), ("Optionen", "option")):
            zeilen = [zeile for typ, zeile in felder if typ == art and zeile is not None]
            if zeilen:
                with formatter.section(ueberschrift):
                    formatter.write_dl(zeilen)
        if isinstance(self, TyperGroup):
            for abschnitt, namen in _abschnitte(self).items():
                with formatter.section(abschnitt):
                    formatter.write_dl([(n, _kurz(self.commands[n])) for n in namen])


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


def _zeile(param: Any, ctx: Any) -> Any:
    """Name und Erklärung; Typer nennt bei Listen sonst noch ihren Python-Typ."""
    if param.param_type_name == "argument":
        return (param.metavar, param.help or "")
    return param.get_help_record(ctx)


def _abschnitte(gruppe: TyperGroup) -> dict[str, list[str]]:
    """Die Namen der Befehle nach ihrem Abschnitt, beide in der Reihenfolge ihrer Anmeldung."""
    abschnitte: dict[str, list[str]] = {}
    for name, befehl in gruppe.commands.items():
        genannt = getattr(befehl, "rich_help_panel", None)
        abschnitte.setdefault(genannt if isinstance(genannt, str) else "Befehle", []).append(name)
    return abschnitte


def _kurz(befehl: Any) -> str:
    """Der erste Satz der Hilfe."""
    return str(befehl.help or "").strip().split("\n\n", maxsplit=1)[0].replace("\n", " ")


def ist_aufruffehler(fehler: Exception) -> bool:
    """Ob die Befehlszeile falsch war (und nicht das, was sie auslöste)."""
    return hasattr(fehler, "format_message") and hasattr(fehler, "exit_code")


def zeige_aufruffehler(fehler: Any) -> None:
    """Schreibt Aufrufzeile, Fehler und den Weg zur Hilfe auf die Fehlerausgabe."""
    ctx: Any = getattr(fehler, "ctx", None)
    if type(fehler).__name__ == "NoArgsIsHelpError":
        print(ctx.get_help(), file=sys.stderr)
        return
    if ctx is not None:
        print(f"{ctx.get_usage()}\n", file=sys.stderr)
    print(f"FEHLER  {uebersetze(fehler)}", file=sys.stderr)
    pfad = ctx.command_path if ctx is not None else "berichtswerk"
    print(f"  Abhilfe: „{pfad} --help“ erklärt, was möglich ist.", file=sys.stderr)


def uebersetze(fehler: Any) -> str:
    """Der deutsche Wortlaut eines Fehlers im Aufruf."""
    text = str(getattr(fehler, "message", "") or "")
    uebersetzer = _WORTLAUT.get(type(fehler).__name__)
    if uebersetzer is not None:
        return uebersetzer(fehler, text)
    zuviel = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", text, re.DOTALL)
    if zuviel:
        return f"Das gehört nicht hierher: {zuviel[1]}"
    return "Es fehlt ein Befehl." if text == "Missing command." else text


def _option_unbekannt(fehler: Any, _text: str) -> str:
    bekannt = [o for p in fehler.ctx.command.get_params(fehler.ctx) for o in p.opts if o.startswith("-")]
    hilfe = vorschlag(fehler.option_name, bekannt, sonst="Vorhanden sind: ")
    return f"Die Option „{fehler.option_name}“ gibt es hier nicht. {hilfe}".strip()


def _option_gebraucht(fehler: Any, text: str) -> str:
    nimmt = "nimmt keinen Wert" if "does not take" in text else "braucht einen Wert"
    return f"Die Option „{fehler.option_name}“ {nimmt}."


_WORTLAUT: dict[str, Callable[[Any, str], str]] = {
    "NoSuchOption": _option_unbekannt,
    "BadOptionUsage": _option_gebraucht,
    "BadParameter": lambda _fehler, text: text,
}
