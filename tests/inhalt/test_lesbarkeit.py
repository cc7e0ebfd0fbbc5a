"""Die Lesbarkeit Einfacher Sprache: die Formel an einem gerechneten Beispiel, jede Regel an einem Satz."""

import re

import pytest

from berichtswerk.worte.lesbarkeit import pruefe, saetze, silben, stufe, wiener

REIM = "Alle meine Entchen schwimmen auf dem See, Köpfchen unters Wasser, Schwänzchen in die Höh."
WOERTER = (
    "Alle am Aufmerksamkeit betrachtet dem die Grünen meisten nennenswerte "
    "Parteien quantitativ rein Thema wenig widmen überraschend."
)
"""Der andere Satz dort, nach dem ABC: gezählt wird, was darin steht."""


def _erste(text: str) -> float:
    """Die erste Wiener Sachtextformel, mit dem gezählt, womit die vierte hier zählt."""
    alle = saetze(text)
    worte = [w for s in alle for w in re.findall(r"\w+", s)]
    ms, iw, es = (
        100 * sum(art(w) for w in worte) / len(worte)
        for art in (lambda w: silben(w) >= 3, lambda w: len(w) > 6, lambda w: silben(w) == 1)
    )
    return 0.1935 * ms + 0.1672 * len(worte) / len(alle) + 0.1297 * iw - 0.0327 * es - 0.875


def test_formel_und_zaehlung_ergeben_veroeffentlichte_werte() -> None:
    """Die Werte stehen in den Prüfungen des Pakets textstat (test_wiener_sachtextformel.py).

    Für die vierte Formel nennt es 2,36 zu einem Text mit 9,0 Wörtern je Satz und 6 langen von 99 Wörtern; für
    deutsche Texte nur die erste, 3,77 und 13,913. An ihr zeigt sich, daß Sätze, Wörter und Silben hier ebenso
    gezählt sind.
    """
    assert round(wiener(9.0, 100 * 6 / 99), 3) == 2.36
    assert (round(_erste(REIM), 3), round(_erste(WOERTER), 3)) == (3.77, 13.913)


def test_die_vierte_wiener_sachtextformel_am_gerechneten_beispiel() -> None:
    assert wiener(10, 20) == pytest.approx(0.2656 * 10 + 0.2744 * 20 - 1.693) == pytest.approx(6.451)
    text = "Der Landkreis zahlt Geld. Die Familie bekommt Wohngeld."
    assert saetze(text) == ["Der Landkreis zahlt Geld.", "Die Familie bekommt Wohngeld."]
    assert [silben(w) for w in ("Geld", "Landkreis", "Familie", "bekommt", "Bauer", "Häuser")] == [
        1,
        2,
        3,
        2,
        2,
        2,
    ]
    assert stufe(text) == pytest.approx(0.2656 * 4 + 0.2744 * 100 / 8 - 1.693)
    assert stufe("") == 0


@pytest.mark.parametrize(
    ("text", "arten"),
    [
        ("Das ist kurz.", []),
        ("Ende 2024 lebten 12 345 Menschen hier, am 1. Mai 2025 waren es etwas mehr.", []),
        (" ".join(["Wort"] * 16) + ".", ["satz"]),
        ("Die Einwohnermeldebehörde hilft. Die Einwohnermeldebehörde ist offen.", ["wort"]),
        ("Die **Einwohnermeldebehörde** ist ein Amt. Die Einwohnermeldebehörde hilft.", []),
        ("Die Einwohner-Melde-Behörde hilft.", []),
        ("Das Geld wird vom Amt ausgezahlt.", ["passiv"]),
        ("Es wird kalt, wir sind gegen Frost.", []),
    ],
)
def test_jede_regel_findet_was_schwer_ist(text: str, arten: list[str]) -> None:
    assert [b.art for b in pruefe(text)] == arten
