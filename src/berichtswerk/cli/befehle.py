"""Die Befehle und ihre Optionen. Ihr Docstring ist ihre Hilfe; jeder lädt sein Modul erst, wenn er läuft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from berichtswerk.cli.deutsch import OPTIONEN, Befehl, Gruppe, falsch
from berichtswerk.grund.projekt import Projekt


@dataclass(slots=True)
class _Aufruf:
    """Was vor dem Befehl angegeben war."""

    projekt: Path | None = None


AUFRUF = _Aufruf()

app = typer.Typer(
    cls=Gruppe,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    options_metavar=OPTIONEN,
    subcommand_metavar="BEFEHL …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
pruefgruppe = typer.Typer(
    cls=Gruppe,
    rich_markup_mode=None,
    no_args_is_help=True,
    options_metavar=OPTIONEN,
    subcommand_metavar="WAS …",
    help="Prüft, ohne etwas zu rendern.",
)


def _befehl(gruppe: typer.Typer, name: str | None = None) -> Callable[[Callable[..., None]], Any]:
    """Meldet eine Funktion als Befehl an; ihr Docstring ist die Hilfe."""
    return gruppe.command(name, cls=Befehl, options_metavar=OPTIONEN)


def _option(hilfe: str, *namen: str, metavar: str | None = None, **mehr: Any) -> Any:
    return typer.Option(*namen, metavar=metavar, help=hilfe, show_default=False, **mehr)


def _angabe(metavar: str, hilfe: str) -> Any:
    return typer.Argument(metavar=metavar, help=hilfe, show_default=False)


_WELCHE = "Welche Berichte, z. B. sozialbericht oder sozialbericht/2024; ohne Angabe alle."
Berichte = Annotated[list[str] | None, _angabe("[BERICHT[/AUSGABE]]…", _WELCHE)]
Notizbuecher = Annotated[
    list[str] | None, _angabe("[NAME]…", "Welche Notizbücher, z. B. sozialbericht; ohne Angabe alle.")
]
Start = Annotated[
    str,
    _angabe(
        "[BERICHT[/AUSGABE]]",
        "Der Bericht, der sich öffnet, z. B. sozialbericht/2024; ohne Angabe die Startseite.",
    ),
]
Ordner = Annotated[
    str, _option("Das Projekt; ohne Angabe hier oder in einem Ordner darüber.", metavar="ORDNER")
]
Format = Annotated[
    list[str] | None, _option("Nur dieses Format; ohne Angabe beide.", "--format", metavar="html|pdf")
]
ZeitZelle = Annotated[str, _option("So lange darf eine Zelle höchstens rechnen (300).", metavar="SEKUNDEN")]
ZeitBericht = Annotated[
    str, _option("So lange darf ein Notizbuch höchstens rechnen (1200).", metavar="SEKUNDEN")
]
_VERBUND = "Notizbücher auf einem Dask-Verbund ausführen, z. B. tcp://rechner:8786."
Cluster = Annotated[str, _option(_VERBUND, metavar="ADRESSE")]
Maschinenlesbar = Annotated[bool, _option("Maschinenlesbar ausgeben.", "--json")]
Warum = Annotated[bool, _option("Nur sagen, was neu entstünde und warum; nichts tun.", "--warum")]
Zeiten = Annotated[bool, _option("Am Ende zeigen, wo die Zeit blieb.", "--zeiten")]
Port = Annotated[str, _option("Der Port auf diesem Rechner (8765).", metavar="NUMMER")]
KeinBrowser = Annotated[bool, _option("Keinen Browser öffnen.", "--kein-browser")]
_NETZ = "Dateien regelmäßig vergleichen; nötig auf Netzlaufwerken, die Änderungen nicht melden."
Abfragen = Annotated[bool, _option(_NETZ, "--abfragen")]
Heute = Annotated[
    str, _option("Der Tag, an dem Lieferungen fällig sein sollen; sonst heute.", metavar="JJJJ-MM-TT")
]


def _projekt() -> Projekt:
    return Projekt.finde(AUFRUF.projekt)


def _ende(rueckgabe: int) -> None:
    if rueckgabe:
        raise typer.Exit(rueckgabe)


def _version(gefragt: bool) -> None:
    if gefragt:
        from importlib.metadata import version

        print(f"Berichtswerk {version('berichtswerk')}")
        raise typer.Exit


Version = Annotated[bool, _option("Die Version nennen.", "--version", callback=_version, is_eager=True)]


@app.callback()
def vorab(projekt: Ordner = "", version: Version = False) -> None:
    """Berichte aus geprüften Daten: barrierefreie Webseiten und PDF."""
    if projekt and not Path(projekt).is_dir():
        raise falsch(f"Den Ordner „{projekt}“ gibt es nicht.")
    AUFRUF.projekt = Path(projekt) if projekt else None


@_befehl(app)
def render(
    berichte: Berichte = None,
    format: Format = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    *,
    cluster: Cluster = "",
    warum: Warum = False,
    zeiten: Zeiten = False,
) -> None:
    """Führt aus und setzt: alle oder die genannten Berichte nach _site/."""
    formate = tuple(f for f in ("html", "pdf") if not format or f in format)
    fremd = [f for f in format or () if f not in ("html", "pdf")]
    if fremd:
        raise falsch(f"Das Format „{fremd[0]}“ gibt es nicht; möglich sind html und pdf.")
    from berichtswerk.cli.rendern import erklaere, rendere

    if warum:
        _ende(erklaere(_projekt(), berichte or (), formate))
        return
    grenzen = _grenzen(zeit_zelle, zeit_bericht)
    _ende(rendere(_projekt(), berichte or (), formate, grenzen, cluster, tafel=zeiten))


@_befehl(app)
def vorschau(
    bericht: Start = "", port: Port = "", kein_browser: KeinBrowser = False, abfragen: Abfragen = False
) -> None:
    """Zeigt die Berichte im Browser und erneuert die Seite, sobald eine Datei gespeichert ist."""
    if port and not (port.isdecimal() and int(port) < 65536):
        raise falsch(f"Hinter --port steht eine Zahl von 0 bis 65535, nicht „{port}“.")
    from berichtswerk.cli.vorschau import zeige

    nummer = int(port) if port else None
    _ende(zeige(_projekt(), bericht, nummer, browser=not kein_browser, abfragen=abfragen))


@_befehl(app)
def ausfuehren(
    berichte: Berichte = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    cluster: Cluster = "",
) -> None:
    """Führt nur aus und legt die fertigen Notizbücher in berichte/ ab (Vorlauf von quarto render)."""
    from berichtswerk.cli.rendern import fuehre_aus

    _ende(fuehre_aus(_projekt(), berichte or (), _grenzen(zeit_zelle, zeit_bericht), cluster))


@_befehl(app)
def nachbereiten() -> None:
    """Ergänzt, was Quarto fehlt: Zeilenköpfe im PDF, Daten, Schutz (Nachlauf von quarto render)."""
    from berichtswerk.cli.nachbereiten import bereite_nach

    _ende(bereite_nach(_projekt()))


app.add_typer(pruefgruppe, name="pruefen")


@_befehl(pruefgruppe, "daten")
def pruefe_daten(maschinenlesbar: Maschinenlesbar = False, heute: Heute = "") -> None:
    """Quellen, Kennzahlen und Angaben zum Landkreis; nennt alle Befunde."""
    from berichtswerk.cli.pruefen import pruefe

    _ende(pruefe(_projekt(), _tag(heute), maschinenlesbar=maschinenlesbar))


@_befehl(pruefgruppe, "texte")
def pruefe_texte(berichte: Berichte = None, maschinenlesbar: Maschinenlesbar = False) -> None:
    """Texte der Ausgaben: abgetippte Zahlen, falsche Richtungswörter, Unbenutztes, tote Verweise."""
    from berichtswerk.cli.pruefen import pruefe_texte as pruefe

    _ende(pruefe(_projekt(), berichte or (), maschinenlesbar=maschinenlesbar))


@_befehl(app)
def liste(maschinenlesbar: Maschinenlesbar = False) -> None:
    """Zeigt jede Ausgabe, ihre Parameter, ihren Status und was daraus entsteht."""
    from berichtswerk.cli.liste import zeige

    _ende(zeige(_projekt(), maschinenlesbar=maschinenlesbar))


@_befehl(app)
def notizbuch(namen: Notizbuecher = None) -> None:
    """Führt notebooks/ neu aus und speichert die Ausgaben darin, wie JupyterLab sie zeigt."""
    from berichtswerk.cli.notizbuch import erneuere

    _ende(erneuere(_projekt(), namen or ()))


def _grenzen(zelle: str, bericht: str) -> tuple[float | None, float | None]:
    return _sekunden("--zeit-zelle", zelle), _sekunden("--zeit-bericht", bericht)


def _sekunden(option: str, text: str) -> float | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) == 0:
        raise falsch(f"Hinter {option} steht eine ganze Zahl von Sekunden, nicht „{text}“.")
    return float(text)


def _tag(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as fehler:
        raise falsch(f"Hinter --heute steht ein Datum wie 2026-01-31, nicht „{text}“.") from fehler
