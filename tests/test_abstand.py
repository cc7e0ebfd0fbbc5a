"""Was zusammengehört, bricht nicht um: Zahlen, Einheiten, Abkürzungen, Verweise, Tage."""

import pytest

from berichtswerk.grund.abstand import UNTEILBAR, geschuetzt
from berichtswerk.schreiber.html import text
from berichtswerk.schreiber.typst import maskiere


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
        ("Auslastung (in %) und je 1 000", "Auslastung (in~%) und je~1_000"),
        ("12,5 % und 3 Prozentpunkte", "12,5_% und 3~Prozentpunkte"),
        ("5,49 € je m² und 40 Menschen je km²", "5,49_€ je~m² und 40 Menschen je~km²"),
        ("§ 8a Abs. 1 SGB VIII", "§~8a~Abs.~1 SGB~VIII"),
        (
            "Schüler der Sekundarstufe I und der Sekundarstufe II.",
            "Schüler der Sekundarstufe~I und der Sekundarstufe~II.",
        ),
        ("Pflegegrad 2, Stufe 3, Klasse 10, Tabelle 4", "Pflegegrad~2, Stufe~3, Klasse~10, Tabelle~4"),
        ("Erziehung (KldB 831)", "Erziehung (KldB~831)"),
        ("2023 (Index, 31.12.2011 = 100)", "2023 (Index, 31.12.2011 =~100)"),
        ("3- bis 6-Jährige", "3-~bis 6-Jährige"),
        ("13,9 je 1 000 und 6,1 je 10 000", "13,9 je~1_000 und 6,1 je~10_000"),
        ("ab 65 Jahren, von 18 bis unter 25 Jahren", "ab 65~Jahren, von 18 bis unter 25~Jahren"),
        ("je Person ab 80; ab 2025", "je Person ab~80; ab 2025"),
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


@pytest.mark.parametrize(
    ("geschrieben", "unteilbar"),
    [
        ("Quote der unter 3-Jährigen, 2019–2030", ["3-Jährigen", "2019–2030"]),
        ("3-\u00a0bis 6-Jährige, SGB-II-Quote", ["3-\u00a0bis", "6-Jährige", "SGB-II"]),
        ("nach der U3-Betreuung, per E-Mail", ["U3-Betreuung", "E-Mail"]),
        ("INKAR (Stand 2024). © Bundesinstitut für Bau", ["© Bundesinstitut"]),
        (
            "dl-de/by-2-0; (www.govdata.de/dl-de/by-2-0), cc-by-4.0.",
            ["dl-de/by-2-0", "dl-de/by-2-0", "cc-by-4.0"],
        ),
        ("Tabelle 12411-01-01-4, 22411-01-01-4-B", ["12411-01-01-4", "22411-01-01-4-B"]),
        # ein langes Wort muss umbrechen können, ein gewöhnliches mit Bindestrich darf es
        ("Kita-Bedarfsplan, Ostprignitz-Ruppin, 5-Personenbedarfsgemeinschaften", []),
    ],
)
def test_am_strich_bricht_nicht_um_was_zusammengehoert(geschrieben: str, unteilbar: list[str]) -> None:
    assert [f[0] for f in UNTEILBAR.finditer(geschrieben)] == unteilbar
    assert text(geschrieben).count('<span class="bw-fest">') == len(unteilbar)
    assert maskiere(geschrieben).count("#box[") == len(unteilbar)


def test_eine_lange_adresse_bricht_hinter_dem_at() -> None:
    assert text("an durchsetzung@amt.beispiel.de") == "an durchsetzung@<wbr>amt.beispiel.de"
    assert text("zu @ 5 Euro") == "zu @ 5 Euro"
