"""Ist die nächste Lieferung überfällig?"""

from __future__ import annotations

from collections.abc import Iterator

from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.zahl import datum

TAGE = {"monatlich": 31, "vierteljaehrlich": 92, "jaehrlich": 366, "zweijaehrlich": 731}
"""Länge einer Periode."""


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt bei überschrittenem ``naechste_lieferung``, sonst bei einem Stand, der zwei Perioden alt ist."""
    statistik = pruefling.quelle.statistik
    faellig = statistik.naechste_lieferung
    if faellig is not None:
        tage = (pruefling.heute - faellig).days
        seit = f"{tage} Tagen" if tage > 1 else "1 Tag"
        if tage > 0:
            yield _meldung(
                pruefling,
                "lieferung-ueberfaellig",
                f"Die nächste Lieferung war am {datum(faellig)} erwartet; überfällig seit {seit}.",
                "naechste_lieferung",
                Stufe.WARNUNG,
            )
    elif statistik.periodizitaet in TAGE:
        alter = (pruefling.heute - statistik.stand).days
        if alter > 2 * TAGE[statistik.periodizitaet]:
            yield _meldung(
                pruefling,
                "lieferung-alt",
                f"Der Stand {datum(statistik.stand)} ist mehr als zwei Perioden alt.",
                "stand",
                Stufe.HINWEIS,
            )


def _meldung(pruefling: Pruefling, kennung: str, text: str, feld: str, stufe: Stufe) -> Meldung:
    statistik = pruefling.quelle.statistik
    return Meldung(
        kennung,
        text,
        pruefling.beschreibung,
        feld=f"statistik.{feld}",
        ursache=f"Zuständig: {statistik.ressort}; Herausgeber: {statistik.herausgeber}.",
        abhilfe="Legen Sie die neue Datei ab und ändern Sie hash, stand und naechste_lieferung; kommt nichts "
        "mehr, setzen Sie „periodizitaet: einmalig“.",
        stufe=stufe,
    )
