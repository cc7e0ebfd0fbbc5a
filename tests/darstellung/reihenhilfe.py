"""Gerechnete Reihen für Prüfungen: das echte Rechenwerk mit einer Methode, die vorgegebene Werte liefert."""

import re
from unittest import mock

from berichtswerk.fach import rechenwerk
from berichtswerk.fach.rechnung import Rechnung

KREIS, ADORF, BEHEIM, CESTADT = "99001", "990010010", "990010020", "990010030"
VORAUS = {
    (KREIS, 2022): 900, (KREIS, 2023): 880, (KREIS, 2024): 860,
    (KREIS, 2025): (850, 820, 880), (KREIS, 2030): (800, 700, 900),
}  # fmt: skip


def rechne(b, werte=None, quellen=("arbeit",), **angaben):
    """Eine Reihe „Kinder unter 3“ mit diesen Werten; ``angaben`` wie in ``daten/rechnungen``."""
    felder = {
        "name": "Kinder unter 3", "einheit": "Kinder", "art": "anzahl", "prognose_ab": 2025, "artikel": "die",
        "formel": "Kinder des Vorjahrs mal Überlebenswahrscheinlichkeit",
        "name_satz": "Zahl der Kinder unter 3",
        "definition": "Kinder vor dem dritten Geburtstag.", "ergebnis": "werte", **angaben,
    }  # fmt: skip
    kennung = re.sub(r"[^a-z0-9]+", "_", felder["name"].lower())
    rechnung = Rechnung.model_validate({
        "id": "probe", "name": "Probe", "methode": "probe.probe", "gebiete": "einheit",
        "jahre": {"basis": 2024}, "eingaben": {q: {"quelle": q} for q in quellen},
        "reihen": {kennung: felder},
    })  # fmt: skip
    fertig = VORAUS if werte is None else werte
    with mock.patch.object(rechenwerk, "lade_methode", lambda *_: lambda **_: {"werte": fertig}):
        return rechenwerk.rechne(rechnung, b.sicht.bestand, None, b.sicht.bis).reihen[kennung]
