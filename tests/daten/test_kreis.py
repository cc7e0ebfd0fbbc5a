"""``daten/kreis.yaml``: Verstöße mit Zeile, Offenes als ein Hinweis."""

from __future__ import annotations

import pytest

from berichtswerk.daten.kreis import lade_kreis, offene_angaben
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt


def test_verstoesse_nennen_zeile_und_feld(muster: Projekt) -> None:
    pfad = muster.daten / "kreis.yaml"
    text = pfad.read_text("utf-8").replace('plz: "01234"', "plz: 123").replace("telefon:", "telephon:", 1)
    pfad.write_text(text, "utf-8")
    with pytest.raises(BerichtswerkFehler) as gefangen:
        lade_kreis(muster)
    zeile = text[: text.index("plz:")].count("\n") + 1
    assert {(m.kennung, m.feld) for m in gefangen.value.meldungen} >= {
        ("yaml-wert-falsch", "anschrift.plz"), ("yaml-schluessel-unbekannt", "telephon"),
        ("yaml-angabe-fehlt", "telefon"),
    }  # fmt: skip
    assert next(m for m in gefangen.value.meldungen if m.feld == "anschrift.plz").ort == f"Zeile {zeile}"


def test_offenes_ist_ein_hinweis(muster: Projekt) -> None:
    pfad = muster.daten / "kreis.yaml"
    zeilen = pfad.read_text("utf-8").splitlines()
    neu = ['telefon: "[vor Veröffentlichung eintragen]"' if z.startswith("telefon:") else z for z in zeilen]
    pfad.write_text("\n".join(neu), "utf-8")
    assert [str(m) for m in offene_angaben(lade_kreis(muster))] == [
        "HINWEIS [kreis-offen] daten/kreis.yaml\n"
        "  Angaben zum Landkreis fehlen noch und stehen als Platzhalter auf den Pflichtseiten.\n"
        "  Ursache: Offen: telefon, redaktion.telefon\n"
        "  Abhilfe: Tragen Sie die Werte ein, bevor Sie die Seiten veröffentlichen."
    ]
