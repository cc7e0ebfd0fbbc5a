"""Schlüssel und Namen von Gebieten: Schreibweisen, die in Lieferungen vorkommen.

Der einzige Ort, der Schlüsselschemata (AGS, ARS, GVB, ARS-Teil) und Namenszusätze („, Stadt“, „Amt …“) kennt.
"""

from __future__ import annotations

import re
from typing import Literal

Ebene = Literal["gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"]
EBENEN: tuple[Ebene, ...] = ("gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund")
"""Ebenen von klein nach groß."""

EBENENNAME: dict[Ebene, str] = {
    "gemeinde": "Gemeinde",
    "einheit": "kommunale Einheit",
    "planungsgebiet": "Planungsgebiet",
    "kreis": "Kreis",
    "land": "Land",
    "bund": "Bund",
}

Zusatz = Literal["amt", "ort", "kreis", "land", "planungsgebiet"]
"""Was ein Namenszusatz über die Ebene sagt; ``ort`` heißt Stadt oder Gemeinde, kein Amt."""

_VORN: tuple[tuple[str, Zusatz], ...] = (
    ("verbandsgemeinde ", "amt"), ("samtgemeinde ", "amt"), ("amt ", "amt"),
    ("landkreis ", "kreis"), ("kreis ", "kreis"), ("lk ", "kreis"), ("land ", "land"),
    ("planungsgebiet ", "planungsgebiet"), ("stadt ", "ort"), ("gemeinde ", "ort"),
)  # fmt: skip
_HINTEN: tuple[tuple[str, Zusatz], ...] = (
    (", verbandsgemeinde", "amt"), (", amt", "amt"), (", landkreis", "kreis"), (", kreis", "kreis"),
    (", lk", "kreis"), (", land", "land"), (", stadt", "ort"), (", gemeinde", "ort"), (", hansestadt", "ort"),
)  # fmt: skip


def zerlege_namen(name: str) -> tuple[str, Zusatz | None]:
    """Trennt einen Namen in vergleichbaren Kern und Zusatz.

    ``"Musterau (Aue), Stadt"`` → ``("musterau aue", "ort")``; ``"Amt Musterau"`` → ``("musterau", "amt")``.
    """
    text = " ".join(name.casefold().split())
    for anfang, zusatz in _VORN:
        if text.startswith(anfang):
            return _kern(text.removeprefix(anfang)), zusatz
    for ende, zusatz in _HINTEN:
        if text.endswith(ende):
            return _kern(text.removesuffix(ende)), zusatz
    return _kern(text), None


def _kern(text: str) -> str:
    """Klammern, Schräg- und Bindestriche zählen nicht: „Musterau/Aue“ = „Musterau (Aue)“."""
    return " ".join(re.sub(r"[()/\-–,]", " ", text).split())


def zusatz_passt(zusatz: Zusatz | None, ebene: Ebene, art: str | None) -> bool:
    """Ob ein Gebiet dieser Ebene und Art den Zusatz tragen kann.

    Ohne Zusatz passt alles außer Planungsgebieten: deren Namen sind hausintern und meist Ortsnamen.
    """
    ist_verband = ebene == "einheit" and (art or "").casefold() in {"amt", "verbandsgemeinde", "samtgemeinde"}
    match zusatz:
        case None:
            return ebene != "planungsgebiet"
        case "amt":
            return ist_verband
        case "ort":
            return ebene in {"gemeinde", "einheit"} and not ist_verband
        case _:
            return ebene == zusatz


def abgeleitete_schluessel(schluessel: str, ebene: Ebene, teil_von: str | None) -> dict[str, tuple[str, ...]]:
    """Schreibweisen eines Schlüssels, die sich aus dem eigenen ergeben, je Schema.

    Gemeinde 8-stellig (AGS), Einheit 9-stellig (GVB), Kreis 5- und Land 2-stellig. Der ARS einer Gemeinde ist
    der GVB-Schlüssel ihrer Einheit und die letzten drei Stellen des AGS; Kreise und Länder werden mit Nullen
    aufgefüllt; der ARS-Teil ist die Verbandsnummer (Stellen 6 bis 9).
    """
    match ebene:
        case "gemeinde":
            verband = teil_von if teil_von and re.fullmatch(r"\d{9}", teil_von) else None
            ars = (verband + schluessel[-3:],) if verband and len(schluessel) == 8 else ()
            return {"ags": (schluessel,), "ars": ars}
        case "einheit" if re.fullmatch(r"\d{9}", schluessel):
            return {
                "gvb": (schluessel,),
                "ars": (schluessel, schluessel + "000"),
                "ars_teil": (schluessel[5:],),
            }
        case "kreis" | "land" if schluessel.isdigit():
            kurz, lang = schluessel.ljust(8, "0"), schluessel.ljust(12, "0")
            return {"ags": (schluessel, kurz), "ars": (schluessel, lang)}
        case "bund":
            return {"ags": ("DG", "DE", "00"), "ars": ("DG", "DE", "00")}
        case _:
            return {}


def saubere(text: object) -> str:
    """Text eines Schlüssels oder Namens ohne Ränder; Ziffernfolgen ohne innere Leerzeichen."""
    roh = str(text).strip()
    ohne = re.sub(r"\s+", "", roh)
    return ohne if ohne.isdigit() else roh
