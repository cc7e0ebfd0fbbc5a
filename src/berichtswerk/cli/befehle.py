"""Die Befehle und ihre Optionen. Jeder Befehl lädt sein Modul erst, wenn er läuft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from berichtswerk.cli.angaben import Berichte, Cluster, Maschinenlesbar, ZeitBericht, ZeitZelle
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


@app.callback(help="Berichte aus geprüften Daten: barrierefreie Webseiten und PDF.")
def vorab(
    projekt: Annotated[
        str,
        typer.Option(
            metavar="ORDNER",
            help="Das Projekt; ohne Angabe hier oder in einem Ordner darüber.",
            show_default=False,
        ),
    ] = "",
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Die Version nennen.", callback=_version, is_eager=True, show_default=False
        ),
    ] = False,
) -> None:
    """Angaben, die für alle Befehle gelten."""
    if projekt and not Path(projekt).is_dir():
        raise falsch(f"Den Ordner „{projekt}“ gibt es nicht.")
    AUFRUF.projekt = Path(projekt) if projekt else None


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Führt aus und setzt: alle oder die genannten Berichte nach _site/.",
)
def render(
    berichte: Berichte = None,
    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="html|pdf", help="Nur dieses Format; ohne Angabe beide.", show_default=False
        ),
    ] = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    *,
    cluster: Cluster = "",
    warum: Annotated[
        bool,
        typer.Option(
            "--warum", help="Nur sagen, was neu entstünde und warum; nichts tun.", show_default=False
        ),
    ] = False,
    zeiten: Annotated[
        bool,
        typer.Option("--zeiten", help="Am Ende zeigen, wo die Zeit blieb.", show_default=False),
    ] = False,
) -> None:
    """``berichtswerk render``."""
    formate = tuple(f for f in ("html", "pdf") if not format or f in format)
    fremd = [f for f in format or () if f not in ("html", "pdf")]
    if fremd:
        raise falsch(f"Das Format „{fremd[0]}“ gibt es nicht; möglich sind html und pdf.")
    from berichtswerk.cli.rendern import erklaere, rendere

    if warum:
        _ende(erklaere(_projekt(), berichte or (), formate))
        return
    grenzen = _zeiten(zeit_zelle, zeit_bericht)
    _ende(rendere(_projekt(), berichte or (), formate, grenzen, cluster, tafel=zeiten))


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Zeigt die Berichte im Browser und erneuert die Seite, sobald eine Datei gespeichert ist.",
)
def vorschau(
    bericht: Annotated[
        str,
        typer.Argument(
            metavar="[BERICHT[/AUSGABE]]",
            help="Der Bericht, der sich öffnet, z. B. sozialbericht/2024; ohne Angabe die Startseite.",
            show_default=False,
        ),
    ] = "",
    port: Annotated[
        str,
        typer.Option(metavar="NUMMER", help="Der Port auf diesem Rechner (8765).", show_default=False),
    ] = "",
    kein_browser: Annotated[
        bool, typer.Option("--kein-browser", help="Keinen Browser öffnen.", show_default=False)
    ] = False,
    abfragen: Annotated[
        bool,
        typer.Option(
            "--abfragen",
            help="Dateien regelmäßig vergleichen; nötig auf Netzlaufwerken, die Änderungen nicht melden.",
            show_default=False,
        ),
    ] = False,
) -> None:
    """``berichtswerk vorschau``."""
    if port and not (port.isdecimal() and int(port) < 65536):
        raise falsch(f"Hinter --port steht eine Zahl von 0 bis 65535, nicht „{port}“.")
    from berichtswerk.cli.vorschau import zeige

    nummer = int(port) if port else None
    _ende(zeige(_projekt(), bericht, nummer, browser=not kein_browser, abfragen=abfragen))


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Führt nur aus und legt die fertigen Notizbücher in berichte/ ab (Vorlauf von quarto render).",
)
def ausfuehren(
    berichte: Berichte = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    cluster: Cluster = "",
) -> None:
    """``berichtswerk ausfuehren``."""
    from berichtswerk.cli.rendern import fuehre_aus

    _ende(fuehre_aus(_projekt(), berichte or (), _zeiten(zeit_zelle, zeit_bericht), cluster))


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Ergänzt, was Quarto fehlt: Zeilenköpfe im PDF, Daten, Schutz (Nachlauf von quarto render).",
)
def nachbereiten() -> None:
    """``berichtswerk nachbereiten``."""
    from berichtswerk.cli.nachbereiten import bereite_nach

    _ende(bereite_nach(_projekt()))


app.add_typer(pruefgruppe, name="pruefen")


@pruefgruppe.command(
    "daten",
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Quellen, Kennzahlen und Angaben zum Landkreis; nennt alle Befunde.",
)
def pruefe_daten(
    maschinenlesbar: Maschinenlesbar = False,
    heute: Annotated[
        str,
        typer.Option(
            metavar="JJJJ-MM-TT",
            help="Der Tag, an dem Lieferungen fällig sein sollen; sonst heute.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """``berichtswerk pruefen daten``."""
    from berichtswerk.cli.pruefen import pruefe

    _ende(pruefe(_projekt(), _tag(heute), maschinenlesbar=maschinenlesbar))


@pruefgruppe.command(
    "texte",
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Texte der Ausgaben: abgetippte Zahlen, falsche Richtungswörter, Unbenutztes, tote Verweise.",
)
def pruefe_texte(
    namen: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BERICHT[/AUSGABE]]…",
            help="Welche Ausgaben, z. B. sozialbericht/2024; ohne Angabe alle.",
            show_default=False,
        ),
    ] = None,
    maschinenlesbar: Maschinenlesbar = False,
) -> None:
    """``berichtswerk pruefen texte``."""
    from berichtswerk.cli.pruefen import pruefe_texte as pruefe

    _ende(pruefe(_projekt(), namen or (), maschinenlesbar=maschinenlesbar))


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Zeigt jede Ausgabe, ihre Parameter, ihren Status und was daraus entsteht.",
)
def liste(maschinenlesbar: Maschinenlesbar = False) -> None:
    """``berichtswerk liste``."""
    from berichtswerk.cli.liste import zeige

    _ende(zeige(_projekt(), maschinenlesbar=maschinenlesbar))


@app.command(
    cls=Befehl,
    options_metavar=OPTIONEN,
    help="Führt notebooks/ neu aus und speichert die Ausgaben darin, wie JupyterLab sie zeigt.",
)
def notizbuch(
    namen: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]…",
            help="Welche Notizbücher, z. B. sozialbericht; ohne Angabe alle.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """``berichtswerk notizbuch``."""
    from berichtswerk.cli.notizbuch import erneuere

    _ende(erneuere(_projekt(), namen or ()))


def _zeiten(zelle: str, bericht: str) -> tuple[float | None, float | None]:
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
