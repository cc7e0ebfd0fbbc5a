"""Was zusammengehört, bricht nicht um: Zahlen, Einheiten, Abkürzungen, Verweise, Tage."""

import pytest

from berichtswerk.grund.abstand import geschuetzt


@pytest.mark.parametrize(
    ("geschrieben", "gezeigt"),
    [
        ("7,4 von 1 000 Menschen", "7,4 von 1_000 Menschen"),
        ("1 234 567,8 Euro", "1_234_567,8~Euro"),
        ("§ 8a SGB XI", "§~8a SGB~XI"),
        ("§ 24 Absatz 2 SGB VIII", "§~24 Absatz~2 SGB~VIII"),
        ("z. B. oder z.B. und i. d. R.", "z._B. oder z._B. und i._d._R."),
        ("Abb. 3 und Kapitel 4", "Abb.~3 und Kapitel~4"),
        ("am 31. Dezember 2024", "am 31.~Dezember~2024"),
        ("9. Mai 2011 und 15. Mai 2022", "9.~Mai~2011 und 15.~Mai~2022"),
        ("Auslastung (in %) und je 1 000", "Auslastung (in~%) und je 1_000"),
        ("12,5 % und 3 Prozentpunkte", "12,5_% und 3~Prozentpunkte"),
        ("5,49 € je m² und 40 Menschen je km²", "5,49_€ je~m² und 40 Menschen je~km²"),
        # keine Tausendergruppen: Jahre, Telefonnummern, Tabellennummern
        ("2027 100 Plätze", "2027 100 Plätze"),
        ("Tabelle 12411-01-01-4", "Tabelle 12411-01-01-4"),
        ("030 123 456", "030 123_456"),
    ],
)
def test_feste_abstaende(geschrieben: str, gezeigt: str) -> None:
    fest = geschuetzt(geschrieben)
    assert fest.replace("\u00a0", "~").replace("\u202f", "_") == gezeigt
    assert geschuetzt(fest) == fest
