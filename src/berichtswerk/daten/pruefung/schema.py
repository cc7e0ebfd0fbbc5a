"""Halten sich die Felder an das Table Schema? (Frictionless, Meldungen auf Deutsch)

Nur eigene, aufgeräumte CSV-Dateien; ob Werte Zahlen sind, prüft schon der Leser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.meldung import Meldung

GRENZE = 200
"""Mehr Befunde je Datei sammelt Frictionless nicht ein."""

ANDERSWO = frozenset({"hash-count", "byte-count", "primary-key"})
"""Das melden Leser und eigene Prüfungen genauer."""

TYPEN = {
    "string": "Text", "integer": "ganze Zahl", "number": "Zahl", "boolean": "true/false",
    "date": "Datum (JJJJ-MM-TT)", "year": "Jahreszahl (JJJJ)", "yearmonth": "Monat (JJJJ-MM)",
}  # fmt: skip

_GRENZEN = {
    "required": "Das Feld darf nicht leer sein.",
    "unique": "Der Wert darf nur einmal vorkommen.",
    "minimum": "Der kleinste erlaubte Wert ist {}.",
    "maximum": "Der größte erlaubte Wert ist {}.",
    "minLength": "Es müssen mindestens {} Zeichen sein.",
    "maxLength": "Es dürfen höchstens {} Zeichen sein.",
    "pattern": "Der Text hat nicht die verlangte Form {}.",
    "enum": "Erlaubt sind: {}.",
}

_TABELLE = {
    "extra-cell": ("Die Zeile hat ein Feld zu viel.", "Texte mit Trennzeichen brauchen Anführungszeichen."),
    "missing-cell": ("In der Zeile fehlt ein Feld.", "Jede Zeile braucht so viele Felder wie der Kopf."),
    "blank-row": ("Die Zeile ist leer.", "Löschen Sie die Leerzeile."),
    "missing-label": ("Im Kopf fehlt eine Spalte, die das Schema nennt.", "Gleichen Sie Kopf und Schema ab."),
    "extra-label": ("Im Kopf steht eine Spalte, die das Schema nicht nennt.", "Ergänzen Sie sie im Schema."),
    "incorrect-label": ("Eine Spalte heißt anders als im Schema.", "Gleichen Sie Kopf und Schema ab."),
    "duplicate-label": ("Ein Spaltenname kommt zweimal vor.", "Geben Sie jeder Spalte einen eigenen Namen."),
    "blank-label": ("Eine Spalte hat keinen Namen.", "Tragen Sie im Kopf einen Namen ein."),
    "unique-error": ("Ein Wert, der einmalig sein muss, ist es nicht.", "Streichen Sie ihn."),
}  # fmt: skip


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Verstöße gegen Typen und Einschränkungen, Zeile für Zeile."""
    quelle = pruefling.quelle
    pfad = quelle.pfad(pruefling.projekt)
    if quelle.schema_ is None or quelle.lesen.leser != "csv" or quelle.format != "csv" or not pfad.is_file():
        return []
    return begrenze(_meldungen(pruefling))


def _meldungen(pruefling: Pruefling) -> Iterator[Meldung]:
    werte = _wertspalten(pruefling)
    for fehler in _verstoesse(pruefling):
        if fehler["type"] in ANDERSWO or (fehler["type"] == "type-error" and fehler["fieldName"] in werte):
            continue
        yield _meldung(fehler, pruefling)


def _verstoesse(pruefling: Pruefling) -> list[dict[str, Any]]:
    from frictionless import Resource

    ressource = pruefling.quelle.als_ressource()
    ressource.pop("hash", None)
    schema = ressource["schema"]
    schema["missingValues"] = sorted({"", *schema.get("missingValues", []), *pruefling.quelle.zeichen})
    bericht = Resource.from_descriptor(ressource, basepath=str(pruefling.projekt.daten)).validate(
        limit_errors=GRENZE
    )
    return [fehler.to_descriptor() for aufgabe in bericht.tasks for fehler in aufgabe.errors]


def _wertspalten(pruefling: Pruefling) -> set[str]:
    angaben = [w for liste in pruefling.quelle.lesen.groessen.values() for w in liste]
    angaben += pruefling.quelle.lesen.wert or []
    return {w.spalte for w in angaben if isinstance(w.spalte, str)}


def _meldung(fehler: dict[str, Any], pruefling: Pruefling) -> Meldung:
    art, zelle = fehler["type"], fehler.get("cell", "")
    ort = f"Zeile {fehler['rowNumber']}" if "rowNumber" in fehler else ""
    feld = str(fehler.get("fieldName") or fehler.get("label") or "")
    if art == "type-error":
        typ = re.search(r'"(\w+)', fehler["note"])
        erwartet = TYPEN.get(typ[1], typ[1]) if typ else "anderer Typ"
        text, abhilfe = (
            f"„{zelle}“ hat nicht den Typ {erwartet}.",
            "Berichtigen Sie den Wert oder das Schema.",
        )
    elif art == "constraint-error":
        text, abhilfe = _einschraenkung(fehler, zelle), "Berichtigen Sie den Wert oder die Angabe im Schema."
    else:
        text, abhilfe = _TABELLE.get(
            art, ("Die Datei passt nicht zum Schema.", f"Angabe der Prüfung: {fehler['message']}")
        )
    return Meldung(f"schema-{art.removesuffix('-error')}", text, pruefling.datei, ort, feld, "", abhilfe)


def _einschraenkung(fehler: dict[str, Any], zelle: str) -> str:
    treffer = re.fullmatch(r'constraint "(\w+)" is "(.*)"', fehler["note"], re.DOTALL)
    if treffer is None:
        return f"„{zelle}“ verletzt eine Einschränkung des Schemas."
    satz = _GRENZEN.get(treffer[1], "Der Wert verletzt eine Einschränkung des Schemas.")
    grenze = (
        treffer[2].strip("[]").replace("'", "") if treffer[1] == "enum" else treffer[2].removesuffix(".0")
    )
    return satz.format(grenze) if treffer[1] == "required" else f"„{zelle}“: {satz.format(grenze)}"
