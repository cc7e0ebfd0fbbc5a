"""Parameter in ein Notizbuch einsetzen: eine Zelle hinter der Zelle mit der Marke ``parameters``."""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Mapping
from typing import Any

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

MARKE = "parameters"
EINGESETZT = "injected-parameters"
NUR_NOTIZBUCH = "nur-notizbuch"
"""Marke von Zellen, die nur für die Arbeit am Notizbuch da sind und nicht in den Bericht kommen."""
KENNUNG = "bw-parameter"
ABSCHLUSS_KENNUNG = "bw-abschluss"
ABSCHLUSS = "from berichtswerk.ausfuehrung.mitschrift import abschluss\n\nabschluss()"

Notizbuch = dict[str, Any]
"""Ein Notizbuch als JSON-Objekt (nbformat 4)."""


def marken(zelle: Mapping[str, Any]) -> list[str]:
    """Die Marken (tags) einer Zelle."""
    return list(zelle.get("metadata", {}).get("tags", []))


def quelltext(zelle: Mapping[str, Any]) -> str:
    """Der Quelltext einer Zelle, ob als Text oder als Liste von Zeilen gespeichert."""
    text = zelle.get("source", "")
    return "".join(text) if isinstance(text, list) else str(text)


def finde_parameterzelle(nb: Notizbuch) -> int | None:
    """Stelle der Parameterzelle oder ``None``."""
    return next(
        (i for i, z in enumerate(nb["cells"]) if z["cell_type"] == "code" and MARKE in marken(z)), None
    )


def vorgaben(nb: Notizbuch) -> dict[str, int]:
    """Namen der Parameterzelle mit ihrer Zeile; leer, wenn es keine Zelle gibt."""
    stelle = finde_parameterzelle(nb)
    if stelle is None:
        return {}
    try:
        baum = ast.parse(quelltext(nb["cells"][stelle]))
    except SyntaxError:
        return {}  # den Fehler meldet die Ausführung mit Zelle und Zeile
    namen: dict[str, int] = {}
    for knoten in baum.body:
        ziele = knoten.targets if isinstance(knoten, ast.Assign) else []
        if isinstance(knoten, ast.AnnAssign):
            ziele = [knoten.target]
        namen.update({z.id: knoten.lineno for z in ziele if isinstance(z, ast.Name)})
    return namen


def setze_ein(nb: Notizbuch, werte: Mapping[str, Any], *, datei: str, notizbuch: str) -> Notizbuch:
    """Kopie des Notizbuchs mit eingesetzten Parametern und der Abschlusszelle.

    ``datei`` ist die ``bericht.yml``, aus der die Werte stammen; ``notizbuch`` der Pfad für Meldungen.
    Wirft :class:`BerichtswerkFehler`, wenn Parameter unbekannt sind oder die Zelle fehlt.
    """
    neu = copy.deepcopy(nb)
    neu["cells"] = [z for z in neu["cells"] if EINGESETZT not in marken(z)]
    stelle = finde_parameterzelle(neu)
    if werte:
        if stelle is None:
            raise BerichtswerkFehler(_ohne_zelle(notizbuch))
        _pruefe_namen(neu, werte, datei, notizbuch)
        text = "\n".join(f"{name} = {wert!r}" for name, wert in werte.items())
        neu["cells"].insert(stelle + 1, _zelle(KENNUNG, text, [EINGESETZT]))
    neu["cells"].append(_zelle(ABSCHLUSS_KENNUNG, ABSCHLUSS, []))
    return neu


def _zelle(kennung: str, text: str, tags: list[str]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": kennung,
        "metadata": {"tags": tags} if tags else {},
        "outputs": [],
        "source": text,
    }


def _ohne_zelle(notizbuch: str) -> Meldung:
    return Meldung(
        "parameterzelle-fehlt",
        "Das Notizbuch hat keine Zelle für Parameter.",
        datei=notizbuch,
        ursache=f"Keine Codezelle trägt die Marke „{MARKE}“.",
        abhilfe=(
            "Öffnen Sie das Notizbuch in JupyterLab, wählen Sie die Zelle mit den Vorgaben (zum Beispiel "
            f"ausgabe = …) und tragen Sie rechts unter „Cell Tags“ die Marke {MARKE} ein."
        ),
    )


def _pruefe_namen(nb: Notizbuch, werte: Mapping[str, Any], datei: str, notizbuch: str) -> None:
    bekannt = vorgaben(nb)
    meldungen = []
    for name in werte:
        if name in bekannt:
            continue
        nahe = difflib.get_close_matches(name, bekannt, n=3)
        vorschlag = " oder ".join(nahe) if nahe else ", ".join(sorted(bekannt)) or "keine"
        meldungen.append(
            Meldung(
                "parameter-unbekannt",
                f"Der Parameter „{name}“ kommt im Notizbuch nicht vor.",
                datei=datei,
                feld=name,
                ursache=f"Die Parameterzelle von {notizbuch} legt keinen Namen „{name}“ fest.",
                abhilfe=f"Gemeint sein kann: {vorschlag}. Sonst den Namen in der Parameterzelle ergänzen.",
            )
        )
    if meldungen:
        raise BerichtswerkFehler(meldungen)
