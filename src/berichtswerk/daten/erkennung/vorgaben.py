"""Was nur ein Mensch entscheiden kann: Fragen, mögliche Antworten und was geantwortet ist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from berichtswerk.grund.meldung import Befundart, Meldung
from berichtswerk.grund.zahl import Zahlform

BEDEUTUNGEN = ("null", "unbekannt", "geheim", "spaeter", "fehlt")
"""Was ein Zeichen statt einer Zahl heißen kann; seltenere Bedeutungen stehen in docs/quellen.md."""
WAHL: Mapping[str, tuple[str, ...]] = {
    "zahlform": get_args(Zahlform),
    "strich": ("null", "unbekannt"),
    "minus": ("hinten", "klammer", "vorn"),
    "ebene": ("gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"),
    "prozent": ("prozentwert", "anteil"),
    "formeln": ("gespeicherter_wert",),
    "verstecktes": ("lesen", "weglassen"),
    "durchgestrichen": ("lesen", "fehlt"),
    "hochgestellt": ("lesen", "fehlt"),
}
"""Frage (und Option von ``quelle neu``) → was man antworten kann."""


class EntscheidungOffen(Befundart):
    text = "{frage}"
    ursache = "{grund}"
    abhilfe = "Entscheiden Sie mit --{option}; möglich: {moeglich}."


@dataclass(frozen=True)
class Frage:
    """Was nur ein Mensch entscheiden kann."""

    option: str
    """Name der Option und der Vorgabe, die antwortet"""
    frage: str
    moeglich: tuple[str, ...]
    grund: str = ""
    zeichen: str = ""
    """welches Zeichen gemeint ist (Option ``zeichen``)"""

    def meldung(self, datei: str) -> Meldung:
        """Der Befund, wenn niemand antwortet."""
        moeglich = [f"„{self.zeichen}={m}“" for m in self.moeglich] if self.zeichen else self.moeglich
        return EntscheidungOffen.melde(datei=datei, option=self.option, frage=self.frage, grund=self.grund,
                                       moeglich=" oder ".join(moeglich))  # fmt: skip


class FragenOffen(Exception):
    """Ohne diese Antworten wird nichts geschrieben."""

    def __init__(self, fragen: Sequence[Frage]) -> None:
        super().__init__()
        self.fragen = list(fragen)


@dataclass
class Vorgaben:
    """Antworten auf Fragen; leer heißt: nicht gegeben."""

    blatt: str = ""
    zahlform: str = ""
    strich: str = ""
    zeit: str = ""
    gebiet: str = ""
    ebene: str = ""
    minus: str = ""
    """auch mehreres: „hinten,klammer“"""
    prozent: str = ""
    formeln: str = ""
    verstecktes: str = ""
    durchgestrichen: str = ""
    hochgestellt: str = ""
    zeichen: dict[str, str] = field(default_factory=dict)
    """Zeichen der Lieferung → was es heißt"""
    groessen: dict[str, str] = field(default_factory=dict)
    """Kopftext oder vorgeschlagener Name → gewünschter Name der Messgröße"""

    def beantwortet(self, frage: Frage) -> bool:
        """Ob auf diese Frage schon geantwortet ist."""
        if frage.zeichen:
            return frage.zeichen in self.zeichen
        antwort = getattr(self, frage.option)
        if frage.option == "minus":
            return not set(frage.moeglich).isdisjoint(antwort.split(","))
        return bool(antwort)

    def antworte(self, frage: Frage, antwort: str) -> None:
        """Trägt die Antwort ein."""
        if frage.zeichen:
            self.zeichen[frage.zeichen] = antwort
        elif frage.option == "minus" and self.minus:
            self.minus += f",{antwort}"
        else:
            setattr(self, frage.option, antwort)
