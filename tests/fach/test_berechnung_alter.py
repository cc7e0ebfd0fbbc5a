"""Altersgrenzen: zusammensetzen, nie zerschneiden; Durchschnittsalter."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rechnerhilfe import berechne

from berichtswerk.fach.alter import alterstext, zerlege
from berichtswerk.grund.zahl import runde
from berichtswerk.grund.zeichen import Status

KREIS = {"gebiet": "99001", "zeit": "2023-12-31"}


def zeile(von: int | None, bis: int | None, wert: float | None, **mehr: Any) -> dict[str, Any]:
    return {**KREIS, "alter_von": von, "alter_bis": bis, "wert": wert, **mehr}


def altersweg(zaehler: dict[str, Any], nenner: dict[str, Any]) -> dict[str, Any]:
    return {
        "zaehler": [{"quelle": "bev", "groesse": "anzahl", "wo": zaehler}],
        "nenner": [{"quelle": "bev", "groesse": "anzahl", "wo": nenner}],
    }


ALTENQUOTIENT = altersweg({"alter_von": ">=65"}, {"alter_von": ">=20", "alter_bis": "<=65"})
GRUPPEN = [(0, 20, 120), (20, 40, 200), (40, 65, 280), (65, 80, 70), (80, None, 30), (None, None, 700)]


def test_altenquotient_und_jugendquotient_aus_altersgruppen(bestand: Any, kennzahl: Any) -> None:
    """Prüffälle 100/480 → 20,8 und 120/480 → 25,0 je 100."""
    bestand.mit("bev", [zeile(*g) for g in GRUPPEN])
    alt = berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023)
    jugend = altersweg({"alter_bis": "<=20"}, {"alter_von": ">=20", "alter_bis": "<=65"})
    jung = berechne(kennzahl(jugend), bestand).wert("99001", 2023)
    assert (runde(alt.wert, 1), runde(jung.wert, 1)) == (Decimal("20.8"), Decimal("25.0"))
    assert alt.formel == (
        "anzahl [65 Jahre und älter] / anzahl [20 bis unter 65 Jahre] × 100 = 100 / 480 × 100"
    )
    assert [(b.rolle, b.zeile) for b in alt.belege] == [
        ("zaehler", 5), ("zaehler", 6), ("nenner", 3), ("nenner", 4)
    ]  # fmt: skip


def test_grenze_in_einer_gruppe_gibt_keinen_wert(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("bev", [zeile(0, 18, 1), zeile(18, 25, 1), zeile(25, 65, 1), zeile(65, None, 1)])
    reihe = berechne(kennzahl(ALTENQUOTIENT), bestand)
    wert = reihe.wert("99001", 2023)
    assert (wert.wert, wert.status) == (None, Status.GESPERRT)
    assert [str(h) for h in reihe.hinweise] == [
        "HINWEIS [kennzahl-ohne-wert] daten/kennzahlen/probe.yaml, 99001 2023-12-31\n"
        "  Die Altersgrenze 20 liegt in der gelieferten Gruppe „18 bis unter 25 Jahre“; "
        "„20 bis unter 65 Jahre“ "
        "lässt sich daraus nicht bilden.\n"
        "  Abhilfe: Liegt die Zahl vor, ergänzen Sie die Lieferung; sonst steht im Bericht ein Zeichen dafür."
    ]


@pytest.mark.parametrize(
    ("gruppen", "grund"),
    [
        ([(0, 20, 1), (20, 65, 1), (65, 100, 1)], "Eine offene Endgruppe ist nicht geliefert"),
        ([(20, 65, 1), (70, None, 1)], "Ab 65 Jahren fehlt eine anschließende Altersgruppe"),
    ],
)
def test_luecken_geben_keinen_wert(bestand: Any, kennzahl: Any, gruppen: Any, grund: str) -> None:
    bestand.mit("bev", [zeile(*g) for g in gruppen])
    wert = berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023)
    assert (wert.wert, wert.status) == (None, Status.FEHLT)
    assert wert.hinweise[0].startswith(grund)


def test_ueberschneidende_gliederungen_werden_nicht_doppelt_gezaehlt(bestand: Any, kennzahl: Any) -> None:
    """Altersjahre und Gruppen in einer Datei: jede Person zählt einmal, die Summenzeile gar nicht mit."""
    doppelt = [(65, 70, 30), (70, 80, 40), (20, 65, 480)]
    bestand.mit("bev", [zeile(*g) for g in [*GRUPPEN, *doppelt]])
    wert = berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023)
    assert (wert.zaehler, wert.nenner) == (100, 480)
    assert len(wert.belege) == 3  # 65–80, 80+, 20–65: die gröbste Zusammensetzung


def test_geheime_gruppe_wird_durch_die_andere_gliederung_umgangen(bestand: Any, kennzahl: Any) -> None:
    bestand.mit(
        "bev",
        [zeile(0, 65, 9), zeile(65, 80, None), zeile(80, None, 3), zeile(65, None, 5), zeile(20, 65, 8)],
    )
    assert berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023).zaehler == 5


def test_geheime_gruppe_macht_die_summe_geheim(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("bev", [zeile(20, 65, 8), zeile(65, 80, None), zeile(80, None, 3)])
    wert = berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023)
    assert (wert.wert, wert.status) == (None, Status.GEHEIM)


def test_ohne_altersbedingung_gilt_die_summenzeile_sonst_alle_gruppen(
    bestand: Any, kennzahl: Any, weg: Any
) -> None:
    bestand.mit("n", [{**KREIS, "wert": 1000}])
    ohne_nenner = {"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}
    anzahl = kennzahl(ohne_nenner, art="anzahl", faktor=1, einheit_kurz=None)
    bestand.mit("z", [zeile(*g) for g in GRUPPEN])
    assert berechne(anzahl, bestand).wert("99001", 2023).belege[0].zeile == 7
    bestand.mit("z", [zeile(*g) for g in GRUPPEN if g[0] is not None])
    assert berechne(anzahl, bestand).wert("99001", 2023).wert == 700


def test_doppelte_altersgruppe_wird_gesperrt(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("bev", [zeile(20, 65, 8), zeile(20, 65, 9), zeile(65, None, 3)])
    wert = berechne(kennzahl(ALTENQUOTIENT), bestand).wert("99001", 2023)
    assert wert.hinweise == (
        "Die Altersgruppe „20 bis unter 65 Jahre“ ist mehrfach geliefert (Zeilen 2, 3).",
    )


def durchschnitt(**mehr: Any) -> dict[str, Any]:
    return {"mittel": {"quelle": "bev", "groesse": "anzahl", **mehr}}


def test_durchschnittsalter_von_hand(bestand: Any, kennzahl: Any) -> None:
    """2 Personen mit 0, 1 mit 1, 1 in 2 und älter (angenommen 10): (2·0,5 + 1,5 + 10) / 4 = 3,125."""
    bestand.mit(
        "bev", [zeile(0, 1, 2), zeile(1, 2, 1), zeile(2, None, 1), zeile(0, 2, 3), zeile(None, None, 4)]
    )
    wert = berechne(kennzahl(durchschnitt(offene_gruppe=10)), bestand).wert("99001", 2023)
    assert wert.wert == 3.125
    zaehler = sum(b.gewicht * b.wert for b in wert.belege if b.rolle == "zaehler")
    nenner = sum(b.gewicht * b.wert for b in wert.belege if b.rolle == "nenner")
    assert wert.faktor * zaehler / nenner == wert.wert


@pytest.mark.parametrize(
    ("gruppen", "angaben", "hinweis"),
    [
        ([(0, 1, 2), (1, None, 1)], {}, "Für die offene Endgruppe ist kein mittleres Alter angegeben."),
        (
            [(0, 5, 2), (5, None, 1)],
            {"offene_gruppe": 10},
            "Für das Durchschnittsalter fehlen Altersjahre; geliefert ist „unter 5 Jahre“.",
        ),
    ],
)
def test_durchschnittsalter_nur_aus_altersjahren(
    bestand: Any, kennzahl: Any, gruppen: Any, angaben: Any, hinweis: str
) -> None:
    bestand.mit("bev", [zeile(*g) for g in gruppen])
    wert = berechne(kennzahl(durchschnitt(**angaben)), bestand).wert("99001", 2023)
    assert (wert.wert, wert.status, wert.hinweise) == (None, Status.GESPERRT, (hinweis,))


def test_im_hohen_alter_genuegen_fuenfergruppen_wenn_es_erlaubt_ist(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("bev", [zeile(0, 1, 1), zeile(1, 6, 1), zeile(6, None, 1)])
    wert = berechne(kennzahl(durchschnitt(offene_gruppe=8, einzeljahre_bis=1)), bestand).wert("99001", 2023)
    assert wert.wert == 4  # (0,5 + 3,5 + 8) / 3


@pytest.mark.parametrize(
    ("gruppe", "text"),
    [
        ((65, math.inf), "65 Jahre und älter"),
        ((0, 20), "unter 20 Jahre"),
        ((20, 65), "20 bis unter 65 Jahre"),
        ((7, 8), "7 Jahre"),
        ((0, math.inf), "alle Altersgruppen"),
    ],
)
def test_altersgruppe_in_worten(gruppe: tuple[float, float], text: str) -> None:
    assert alterstext(*gruppe) == text


@given(
    grenzen=st.sets(st.integers(min_value=1, max_value=99), min_size=2, max_size=12),
    dazu=st.lists(st.tuples(st.integers(0, 50), st.integers(51, 120)), max_size=6),
    daten=st.data(),
)
def test_zerlegung_ist_immer_lueckenlos_und_ueberschneidungsfrei(grenzen: Any, dazu: Any, daten: Any) -> None:
    punkte = [0, *sorted(grenzen), math.inf]
    gruppen = [*pairwise(punkte), *dazu]
    von = daten.draw(st.sampled_from(punkte[:-1]))
    bis = daten.draw(st.sampled_from([p for p in punkte if p > von]))
    gewaehlt = zerlege((von, bis), daten.draw(st.permutations(gruppen))).gruppen
    assert gewaehlt[0][0] == von
    assert gewaehlt[-1][1] == bis
    assert all(a[1] == b[0] for a, b in pairwise(gewaehlt))
    assert gewaehlt == zerlege((von, bis), gruppen).gruppen  # Reihenfolge der Lieferung ist gleichgültig
