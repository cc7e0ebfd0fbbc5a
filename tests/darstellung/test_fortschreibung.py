"""Was sich seit der letzten Ausgabe geändert hat: am eigenen Bestand."""

from __future__ import annotations

from pathlib import Path

from berichtswerk import Bericht
from berichtswerk.gegenstand.gegenstaende import Fehlt, Tabelle
from berichtswerk.grund.projekt import Projekt

PROJEKT = Projekt(Path(__file__).resolve().parents[2])
S, N = "\u202f", "\u00a0"


def _zeilen(tabelle: Tabelle) -> list[list[str]]:
    return [[z.text for z in zeile.zellen] for zeile in tabelle.tabelle.zeilen]


def test_neue_werte_gegen_die_vorige_ausgabe() -> None:
    bericht = Bericht("sozialbericht", ausgabe=2024, projekt=PROJEKT)
    for kennzahl in ("bevoelkerung", "arbeitslose", "sgb2_quote"):
        bericht.kennzahl(kennzahl)
    tabelle = bericht.aenderungen().gegenstand
    assert isinstance(tabelle, Tabelle)
    # die SGB-II-Quote hat nichts Neues; zwischen den Einwohnerzahlen wechselt die Grundlage
    assert _zeilen(tabelle) == [
        ["Bevölkerung", "2022", f"99{S}871", "2024", f"99{S}152", "x"],
        ["Arbeitslose", "2022", f"3{S}168", "2025", f"3{S}594", f"+13,5{S}%"],
    ]
    assert "ein x steht, liegt zwischen den Werten ein Zeitreihenbruch" in " ".join(tabelle.beleg.hinweise)
    assert len(tabelle.werte) == 5


def test_genannte_kennzahlen_in_ihrer_reihenfolge_auch_ungezeigte() -> None:
    bericht = Bericht("sozialbericht", ausgabe=2024, projekt=PROJEKT)
    bericht.kennzahl("geburten")
    tabelle = bericht.aenderungen("arbeitslose", "bevoelkerung").gegenstand
    assert isinstance(tabelle, Tabelle)
    assert [zeile[0] for zeile in _zeilen(tabelle)] == ["Arbeitslose", "Bevölkerung"]


def test_ohne_fruehere_ausgabe_gibt_es_keine_tabelle() -> None:
    bericht = Bericht("sozialbericht", ausgabe=2022, projekt=PROJEKT)
    bericht.kennzahl("arbeitslose")
    fehlt = bericht.aenderungen().gegenstand
    assert isinstance(fehlt, Fehlt)
    assert fehlt.grund == "Es gibt keine frühere Ausgabe dieses Berichts."


def test_plan_und_ist_stehen_nebeneinander() -> None:
    """Was mit den Daten bis 2020 für 2024 herauskam, neben dem, was 2024 gemessen ist: 566 Geburten."""
    bericht = Bericht("kita-bedarfsplan", ausgabe="2025-2027", projekt=PROJEKT)
    tabelle = bericht.eingetroffen("bev_geburten", "kita_belegung").gegenstand
    assert isinstance(tabelle, Tabelle)
    ((name, jahr, plan, ist, unterschied),) = _zeilen(tabelle)  # die Belegung ist nie vorausgerechnet
    assert (name, jahr, ist) == ("Geburten", "2024", "566")
    assert unterschied == f"{100 * (566 / float(plan) - 1):+.1f}{S}%".replace(".", ",").replace("-", "−")
    assert any("Daten bis 2020" in h for h in tabelle.beleg.hinweise)


def test_ohne_fruehere_ausgabe_ist_nichts_zu_vergleichen() -> None:
    bericht = Bericht("kita-bedarfsplan", ausgabe="2021-2023", projekt=PROJEKT)
    fehlt = bericht.eingetroffen("bev_geburten").gegenstand
    assert isinstance(fehlt, Fehlt)
    assert fehlt.grund == "Es gibt keine frühere Ausgabe dieses Berichts."
