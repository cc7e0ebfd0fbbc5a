"""Angaben und Optionen, die mehrere Befehle gemeinsam haben."""

from __future__ import annotations

from typing import Annotated

import typer

Berichte = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[BERICHT[/AUSGABE]]…",
        help="Welche Berichte, z. B. sozialbericht oder sozialbericht/2024; ohne Angabe alle.",
        show_default=False,
    ),
]
ZeitZelle = Annotated[
    str,
    typer.Option(
        metavar="SEKUNDEN", help="So lange darf eine Zelle höchstens rechnen (300).", show_default=False
    ),
]
ZeitBericht = Annotated[
    str,
    typer.Option(
        metavar="SEKUNDEN", help="So lange darf ein Notizbuch höchstens rechnen (1200).", show_default=False
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        metavar="ADRESSE",
        help="Notizbücher auf einem Dask-Verbund ausführen, z. B. tcp://rechner:8786.",
        show_default=False,
    ),
]
Maschinenlesbar = Annotated[
    bool, typer.Option("--json", help="Maschinenlesbar ausgeben.", show_default=False)
]
