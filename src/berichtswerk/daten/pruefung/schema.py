"""Halten sich die Felder an das Table Schema? (Frictionless, Meldungen auf Deutsch)

Nur eigene, aufgeräumte CSV-Dateien; ob Werte Zahlen sind, prüft schon der Leser. Zuerst wird jede
verschiedene Zelle einer Spalte einmal geprüft; nur wenn etwas auffällt, sucht Frictionless alle Zeilen ab.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from berichtswerk.daten.leser.grund import Leseauftrag, Sammler
from berichtswerk.daten.leser.text import Textzeilen, datensaetze
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.fremdes import ohne_sprachlehre
from berichtswerk.grund.meldung import Befundart, Meldung

STUECK = 500
"""So viele Zeilen werden zugleich durchgesehen; bei mehr sucht Python zu oft nach Abfall."""
GRENZE = 200
"""Mehr Befunde je Datei sammelt Frictionless nicht ein."""

ANDERSWO = frozenset({"hash-count", "byte-count"})
"""Das melden eigene Prüfungen genauer; doppelte Schlüssel meldet schon der Leser."""

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


class SchemaVerstoss(Befundart):
    text = "Die Datei passt nicht zum Schema."
    abhilfe = "Angabe der Prüfung: {nachricht}"


class SchemaTyp(SchemaVerstoss):
    kennung = "schema-type"
    text = "„{zelle}“ hat nicht den Typ {typ}."
    abhilfe = (
        "Gilt der Wert, ändern Sie schema.fields der Quelle; sonst fragen Sie bei der liefernden Stelle nach."
    )


class SchemaEinschraenkung(SchemaVerstoss):
    kennung = "schema-constraint"
    text = "{satz}"
    abhilfe = (
        "Gilt der Wert, ändern Sie schema.fields der Quelle; sonst fragen Sie bei der liefernden Stelle nach."
    )


def _art(fehler: str, text: str, abhilfe: str) -> type[SchemaVerstoss]:
    """Die Befundart zu einer Fehlerart von Frictionless."""
    angaben = {"kennung": f"schema-{fehler}", "text": text, "abhilfe": abhilfe, "__doc__": text}
    return type(f"Schema_{fehler}", (SchemaVerstoss,), {**angaben, "__module__": __name__})


_TABELLE = {
    "extra-cell": ("Die Zeile hat ein Feld zu viel.", "Prüfen Sie das Trennzeichen unter dialect.csv."),
    "missing-cell": ("In der Zeile fehlt ein Feld.", "Prüfen Sie das Trennzeichen unter dialect.csv."),
    "blank-row": ("Die Zeile ist leer.", "Gehört sie dazu, streichen Sie „schema“."),
    "missing-label": ("Im Kopf fehlt eine Spalte, die das Schema nennt.", "Gleichen Sie Kopf und Schema ab."),
    "extra-label": ("Im Kopf steht eine Spalte, die das Schema nicht nennt.", "Ergänzen Sie sie im Schema."),
    "incorrect-label": ("Eine Spalte heißt anders als im Schema.", "Gleichen Sie Kopf und Schema ab."),
    "duplicate-label": ("Ein Spaltenname kommt zweimal vor.", "Geben Sie unter lesen.kopf „namen“ an."),
    "blank-label": ("Eine Spalte hat keinen Namen.", "Geben Sie unter lesen.kopf „namen“ an."),
    "unique-error": ("Ein einmaliger Wert ist es nicht.", "Gilt er doch, streichen Sie „unique“."),
}  # fmt: skip
ARTEN: dict[str, type[SchemaVerstoss]] = {
    "type-error": SchemaTyp,
    "constraint-error": SchemaEinschraenkung,
    **{fehler: _art(fehler.removesuffix("-error"), *texte) for fehler, texte in _TABELLE.items()},
}
"""Fehlerart von Frictionless → Befundart."""


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Verstöße gegen Typen und Einschränkungen, Zeile für Zeile."""
    quelle = pruefling.quelle
    if (
        quelle.schema_ is None
        or not quelle.schema_.fields
        or quelle.lesen.leser != "csv"
        or quelle.format != "csv"
    ):
        return
    ohne_sprachlehre()
    from frictionless import Resource

    ressource = quelle.als_ressource()
    ressource.pop("hash", None)
    ressource["schema"].pop("primaryKey", None)
    schema, werte = ressource["schema"], _wertspalten(pruefling)
    schema["missingValues"] = sorted({"", *schema.get("missingValues", []), *quelle.zeichen})
    if _unauffaellig(pruefling, schema, werte):
        return
    bericht = Resource.from_descriptor(ressource, basepath=str(pruefling.projekt.daten)).validate(
        limit_errors=GRENZE
    )
    for fehler in (f.to_descriptor() for aufgabe in bericht.tasks for f in aufgabe.errors):
        if fehler["type"] in ANDERSWO or (fehler["type"] == "type-error" and fehler["fieldName"] in werte):
            continue
        yield _meldung(fehler, pruefling)


def _unauffaellig(pruefling: Pruefling, schema: dict[str, Any], werte: set[str]) -> bool:
    """Ob jede Zelle für sich besteht und jede Zeile so breit ist wie der Kopf; im Zweifel nicht."""
    from frictionless import Schema

    quelle, felder = pruefling.quelle, Schema.from_descriptor(schema).fields
    einmalig = any(f.constraints.get("unique") for f in felder)
    if einmalig or quelle.extrapaths or (quelle.dialect and quelle.dialect.model_fields_set - {"csv"}):
        return False
    auftrag = Leseauftrag(quelle, quelle.pfad(pruefling.projekt), pruefling.datei, Sammler(pruefling.datei))
    zeilen = datensaetze(auftrag, Textzeilen(auftrag))
    _, kopf = next(zeilen, (0, []))
    if kopf != [f.name for f in felder]:
        return False
    verschiedene: list[set[str]] = [set() for _ in felder]
    while stueck := [zellen for _, zellen in islice(zeilen, STUECK)]:
        if set(map(len, stueck)) != {len(felder)}:
            return False
        for gesehen, spalte in zip(verschiedene, zip(*stueck, strict=True), strict=True):
            gesehen.update(spalte)
    return all(
        not {art for zelle in gesehen for art in lies(zelle)[1] or ()}
        - ({"type"} if f.name in werte else set())
        for gesehen, f, lies in zip(
            verschiedene, felder, (f.create_cell_reader() for f in felder), strict=True
        )
    )


def _wertspalten(pruefling: Pruefling) -> set[str]:
    angaben = [w for liste in pruefling.quelle.lesen.groessen.values() for w in liste]
    angaben += pruefling.quelle.lesen.wert or []
    return {w.spalte for w in angaben if isinstance(w.spalte, str)}


def _meldung(fehler: dict[str, Any], pruefling: Pruefling) -> Meldung:
    zelle, typ = fehler.get("cell", ""), re.search(r'"(\w+)', fehler.get("note", ""))
    return ARTEN.get(fehler["type"], SchemaVerstoss).melde(
        datei=pruefling.datei, ort=f"Zeile {fehler['rowNumber']}" if "rowNumber" in fehler else "",
        feld=str(fehler.get("fieldName") or fehler.get("label") or ""), zelle=zelle,
        typ=TYPEN.get(typ[1], typ[1]) if typ else "anderer Typ", satz=_einschraenkung(fehler, zelle),
        nachricht=fehler["message"],
    )  # fmt: skip


def _einschraenkung(fehler: dict[str, Any], zelle: str) -> str:
    treffer = re.fullmatch(r'constraint "(\w+)" is "(.*)"', fehler.get("note", ""), re.DOTALL)
    if treffer is None:
        return f"„{zelle}“ verletzt eine Einschränkung des Schemas."
    satz = _GRENZEN.get(treffer[1], "Der Wert verletzt eine Einschränkung des Schemas.")
    grenze = (
        treffer[2].strip("[]").replace("'", "") if treffer[1] == "enum" else treffer[2].removesuffix(".0")
    )
    return satz.format(grenze) if treffer[1] == "required" else f"„{zelle}“: {satz.format(grenze)}"
