"""Notizbücher als JSON: Marken, Quelltexte, Parameter; und wie aus einem das wird, was ausgeführt wird."""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.plan import Auftrag
    from berichtswerk.grund.projekt import Projekt

MARKE = "parameters"
EINGESETZT = "injected-parameters"
NUR_NOTIZBUCH = "nur-notizbuch"
"""Marke von Zellen, die nur für die Arbeit am Notizbuch da sind und nicht in den Bericht kommen."""
ABSCHLUSS_KENNUNG = "bw-abschluss"
_ABSCHLUSS = "from berichtswerk.ausfuehrung.kind import abschluss\n\nabschluss()"
_VERBORGEN = re.compile(r"^#\| *(include|output): *false\b", re.MULTILINE)

Notizbuch = dict[str, Any]
"""Ein Notizbuch als JSON-Objekt (nbformat 4)."""


class NotizbuchUnlesbar(Befundart):
    text = "Die Datei ist kein lesbares Notizbuch."
    ursache = "{grund}"
    abhilfe = "Lässt es sich auch in JupyterLab nicht öffnen, stellen Sie eine frühere Fassung her."


class ParameterzelleFehlt(Befundart):
    text = "Das Notizbuch hat keine Zelle für Parameter."
    ursache = f"Keine Codezelle trägt die Marke „{MARKE}“."
    abhilfe = (
        "Öffnen Sie das Notizbuch in JupyterLab, wählen Sie die Zelle mit den Vorgaben (zum Beispiel "
        f"ausgabe = …) und tragen Sie rechts unter „Cell Tags“ die Marke {MARKE} ein."
    )


class ParameterUnbekannt(Befundart):
    text = "Der Parameter „{name}“ kommt im Notizbuch nicht vor."
    feld = "{name}"
    ursache = "Die Parameterzelle von {notizbuch} legt keinen Namen „{name}“ fest."
    abhilfe = "Gemeint sein kann: {vorschlag}. Sonst den Namen in der Parameterzelle ergänzen."


def marken(zelle: Mapping[str, Any]) -> list[str]:
    """Die Marken (tags) einer Zelle."""
    return list(zelle.get("metadata", {}).get("tags", []))


def quelltext(zelle: Mapping[str, Any]) -> str:
    """Der Quelltext einer Zelle, ob als Text oder als Liste von Zeilen gespeichert."""
    return "".join(zelle.get("source", ""))


def verborgen(zelle: Mapping[str, Any]) -> bool:
    """Ob nichts von dieser Zelle in den Bericht soll: Marke, ``#| include: false``, ``#| output: false``."""
    return NUR_NOTIZBUCH in marken(zelle) or _VERBORGEN.search(quelltext(zelle)) is not None


def finde_parameterzelle(nb: Notizbuch) -> int | None:
    """Stelle der Parameterzelle oder ``None``."""
    return next(
        (i for i, z in enumerate(nb["cells"]) if z["cell_type"] == "code" and MARKE in marken(z)), None
    )


def vorbereitet(projekt: Projekt, auftrag: Auftrag) -> str:
    """Das Notizbuch des Auftrags, wie es ausgeführt wird, als JSON: mit Parametern, ohne alte Ausgaben.

    Raises:
        BerichtswerkFehler: die Datei ist unlesbar, ein Parameter unbekannt oder die Zelle dafür fehlt.
    """
    assert auftrag.notizbuch is not None
    name = projekt.relativ(auftrag.notizbuch)
    try:
        nb: Notizbuch = json.loads(auftrag.notizbuch.read_text(encoding="utf-8"))
        zellen = [z for z in nb["cells"] if EINGESETZT not in marken(z)]
        for z in zellen:
            z["source"] = quelltext(z)
            if z["cell_type"] == "code":
                z["outputs"], z["execution_count"] = [], None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fehler:
        raise BerichtswerkFehler(NotizbuchUnlesbar.melde(datei=name, grund=fehler)) from fehler
    nb |= {"cells": zellen, "metadata": {}}
    werte = dict(auftrag.parameter)
    bekannt = _vorgaben(nb)
    if "ausgabe" in bekannt:
        werte.setdefault("ausgabe", auftrag.ausgabe)
    if werte:
        stelle = finde_parameterzelle(nb)
        if stelle is None:
            raise BerichtswerkFehler(ParameterzelleFehlt.melde(datei=name))
        datei = projekt.relativ(auftrag.ordner / "bericht.yml")
        unbekannt = [
            ParameterUnbekannt.melde(datei=datei, name=n, notizbuch=name, vorschlag=_vorschlag(n, bekannt))
            for n in werte
            if n not in bekannt
        ]
        if unbekannt:
            raise BerichtswerkFehler(unbekannt)
        text = "\n".join(f"{n} = {wert!r}" for n, wert in werte.items())
        zellen.insert(stelle + 1, _zelle("bw-parameter", text, EINGESETZT))
    zellen.append(_zelle(ABSCHLUSS_KENNUNG, _ABSCHLUSS))
    return json.dumps(nb, ensure_ascii=False, sort_keys=True)


def _vorgaben(nb: Notizbuch) -> list[str]:
    """Namen, die die Parameterzelle festlegt; leer, wenn es keine Zelle gibt."""
    stelle = finde_parameterzelle(nb)
    try:
        baum = ast.parse(quelltext(nb["cells"][stelle])) if stelle is not None else None
    except SyntaxError:  # den Fehler meldet die Ausführung mit Zelle und Zeile
        return []
    ziele: list[ast.expr] = []
    for satz in baum.body if baum else ():
        ziele += satz.targets if isinstance(satz, ast.Assign) else ()
        ziele += [satz.target] if isinstance(satz, ast.AnnAssign) else ()
    return [z.id for z in ziele if isinstance(z, ast.Name)]


def _vorschlag(name: str, bekannt: list[str]) -> str:
    return " oder ".join(difflib.get_close_matches(name, bekannt)) or ", ".join(sorted(bekannt)) or "keine"


def _zelle(kennung: str, text: str, *tags: str) -> dict[str, Any]:
    metadaten = {"tags": list(tags)} if tags else {}
    zelle: dict[str, Any] = {"cell_type": "code", "id": kennung, "metadata": metadaten, "source": text}
    return {**zelle, "execution_count": None, "outputs": []}
