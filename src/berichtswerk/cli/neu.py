"""``neu``: ein Projekt für einen weiteren Landkreis."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated

from typer import BadParameter

from berichtswerk.cli.anzeige import anzahl, ort
from berichtswerk.cli.rahmen import Maschinenlesbar, angabe, option

Neuer = Annotated[str, angabe("ORDNER", "Wo das Projekt liegen soll; es darf ihn noch nicht geben.")]
Verzeichnis = Annotated[
    str,
    option("Das Gemeindeverzeichnis des Statistischen Bundesamtes (GV100AD oder XLSX).", metavar="DATEI"),
]
Schluessel = Annotated[str, option("Amtlicher Schlüssel des Kreises, fünf Ziffern.", metavar="SCHLÜSSEL")]
Kreisname = Annotated[
    str, option("So heißt der Landkreis; sonst wie im Gemeindeverzeichnis.", metavar="NAME")
]
Jahr = Annotated[str, option("Das Jahr der ersten Ausgaben; sonst das laufende.", metavar="JAHR")]


def neu(
    ordner: Neuer,
    gemeinden: Verzeichnis = "",
    ags: Schluessel = "",
    *,
    name: Kreisname = "",
    jahr: Jahr = "",
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Legt das Projekt eines Landkreises an, das sofort rendert: Gebiete, Kennzahlen, Notizbücher, Layout."""
    if not gemeinden:
        raise BadParameter("Es fehlt --gemeinden DATEI: daraus werden die Gebiete.")
    if not re.fullmatch(r"\d{5}", ags):
        raise BadParameter(f"Hinter --ags stehen fünf Ziffern wie 01051, nicht „{ags}“.{_gemeint(ags)}")
    if jahr and not re.fullmatch(r"20\d\d", jahr):
        raise BadParameter(f"Hinter --jahr steht ein Jahr wie 2026, nicht „{jahr}“.")
    from berichtswerk.jahr.gemeindeverzeichnis import lies_landkreis
    from berichtswerk.jahr.neu import lege_an

    heute, ziel = date.today(), Path(ordner)
    kreis = lies_landkreis(Path(gemeinden), ags, name)
    berichte = lege_an(ziel, kreis, int(jahr or heute.year), heute)
    if maschinenlesbar:
        angaben = {"ordner": str(ziel), "name": kreis.name, "kommunen": kreis.kommunen, "berichte": berichte}
        print(json.dumps(angaben, ensure_ascii=False, indent=1))
        return 0
    kommunen = anzahl(kreis.kommunen, "Kommune", "Kommunen")
    print(
        f"Angelegt: {ort(ziel)} für {kreis.name}, {kommunen}, {anzahl(len(berichte), 'Bericht', 'Berichte')}."
    )
    print(f'Weiter: cd "{ort(ziel)}", berichtswerk render. Die erste Stunde beschreibt LIESMICH.md.')
    return 0


def _gemeint(ags: str) -> str:
    """Was statt fünf Ziffern dasteht: eine Gemeinde, oder die führende Null fehlt."""
    if re.fullmatch(r"\d{4}", ags):
        return f" Fehlt die Null davor (0{ags})?"
    if re.fullmatch(r"\d{8,12}", ags):
        return f" Das ist der Schlüssel einer Gemeinde; ihr Kreis hat {ags[:5]}."
    return ""
