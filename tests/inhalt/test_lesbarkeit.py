"""Die Lesbarkeit Einfacher Sprache: die Formel an einem gerechneten Beispiel, jede Regel an einem Satz."""

import pytest

from berichtswerk.worte.lesbarkeit import pruefe, saetze, silben, stufe, wiener


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
