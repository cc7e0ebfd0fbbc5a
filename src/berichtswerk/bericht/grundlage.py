"""Was alle Teile des Gateways brauchen: Projekt, Ausgabe, Gebiet, Kennzahlen bis zum Datenstand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.ausgabe import Ausgabe
from berichtswerk.daten.gebietsschluessel import EBENEN, Ebene
from berichtswerk.fach.reihe import Reihe
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Abbildung, Beleg, Fehlt, Gegenstand, Nachweis
from berichtswerk.grund import zahl
from berichtswerk.grund.aehnlich import vorschlag
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte import belegzeilen
from berichtswerk.worte.saetze import aufzaehlung, ortsangabe
from berichtswerk.worte.sprache import zahlwort

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.bild.thema import Thema
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.berechnung import Rechner
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.fach.kennzahl import Kennzahl

Inhalt = str | Reihe | None
"""Was gezeigt werden kann: die id einer Kennzahl oder eine Reihe (auch selbst gerechnet); ``None`` fehlt."""

_VERGLEICH: dict[Ebene, tuple[Ebene, ...]] = {
    "gemeinde": ("kreis", "land"),
    "einheit": ("kreis", "land"),
    "planungsgebiet": ("kreis", "land"),
    "kreis": ("land", "bund"),
    "land": ("bund",),
    "bund": (),
}
"""Womit ein Gebiet verglichen wird, wenn nichts anderes verlangt ist."""

_PLURAL: dict[str, Ebene] = {
    "gemeinden": "gemeinde",
    "einheiten": "einheit",
    "planungsgebiete": "planungsgebiet",
    "kreise": "kreis",
}

RAUM: dict[str, str] = {
    "einheiten": "Kommunen",
    "gemeinden": "Gemeinden",
    "planungsgebiete": "Planungsgebieten",
    "kreise": "Kreisen",
}
"""Gliederungen, wie sie im Satz heißen (Dativ Mehrzahl)."""


@dataclass(eq=False)
class Grundlage:
    """Ein Bericht für ein Gebiet und eine Ausgabe; nichts Gezeigtes ist jünger als ``bis``."""

    projekt: Projekt
    ausgabe: Ausgabe
    bestand: Datenbestand
    katalog: Kennzahlenkatalog
    gebiet: Gebiet
    bis: int | None
    variante: str | None = None
    _reihen: dict[tuple[str, tuple[str, ...] | None], Reihe] = field(default_factory=dict)
    _rechner: Rechner = field(init=False)
    _benutzt: dict[str, Kennzahl] = field(default_factory=dict)
    _mit_zahl: set[str] = field(default_factory=set)
    _quellen: dict[str, bool] = field(default_factory=dict)
    _labels: set[str] = field(default_factory=set)
    _eigene: dict[str, Kennzahl] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Ein Rechner für alle Blicke auf diesen Bericht."""
        from berichtswerk.fach.berechnung import Rechner

        self._rechner = Rechner(self.bestand)

    # --- Daten ---------------------------------------------------------------------------------------

    def reihe(self, inhalt: str | Reihe, gebiete: Iterable[str] | None = None) -> Reihe:
        """Die Reihe einer Kennzahl für das Gebiet und seine Vergleichsgebiete (oder ``gebiete``).

        Von einer fertigen Reihe bleiben diese Gebiete; gerechnet wird dann nichts.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt`` mit den ähnlichsten Namen.
        """
        from berichtswerk.fach.rechenreihe import beschraenke

        schluessel = tuple(gebiete) if gebiete is not None else self.standardgebiete
        kennzahl = self.beschreibung(inhalt)
        schon = self._benutzt.setdefault(kennzahl.id, kennzahl)
        if schon.definition != kennzahl.definition:  # zwei eigene Reihen gleichen Namens
            self._benutzt[f"{kennzahl.id}: {kennzahl.definition}"] = kennzahl
        if isinstance(inhalt, Reihe):
            reihe = beschraenke(inhalt, schluessel)
        elif (inhalt, schluessel) in self._reihen:
            return self._reihen[inhalt, schluessel]
        else:
            reihe = self._rechner.berechne(kennzahl, schluessel, bis=self.bis)
            self._reihen[inhalt, schluessel] = reihe
        if any(w.wert is not None for w in reihe):
            self._mit_zahl.add(kennzahl.id)
        return reihe

    def beschreibung(self, inhalt: str | Reihe) -> Kennzahl:
        """Die Kennzahl hinter einer id oder Reihe."""
        return inhalt.kennzahl if isinstance(inhalt, Reihe) else self.katalog.finde(inhalt)

    def daten(self, quelle: str) -> pd.DataFrame:
        """Die gelesenen Werte einer Quelle in langer Form, höchstens bis zum Datenstand der Ausgabe.

        Raises:
            BerichtswerkFehler: ``quelle-unbekannt``, oder die Datei ist nicht lesbar.
        """
        self.beleg_frei([quelle])
        werte = self.bestand.tabelle(quelle).werte
        return werte if self.bis is None else werte[werte["jahr"] <= self.bis].reset_index(drop=True)

    @cached_property
    def standardgebiete(self) -> tuple[str, ...]:
        """Das Gebiet selbst und alle Gebiete darüber."""
        oben = [self.bestand.gebiete.vorfahr(self.gebiet.schluessel, e) for e in ("kreis", "land", "bund")]
        return tuple(dict.fromkeys([self.gebiet.schluessel, *(g.schluessel for g in oben if g)]))

    def vergleichsgebiete(self, vergleich: Sequence[str] | None = None) -> list[Gebiet]:
        """Vergleichsgebiete über dem eigenen; ``vergleich`` nennt Ebenen oder Schlüssel.

        Ebenen, die es über dem Gebiet nicht gibt, fallen weg: dasselbe Notizbuch gilt für Kreis und Land.
        """
        verzeichnis = self.bestand.gebiete
        gefunden: list[Gebiet] = []
        for name in _VERGLEICH[self.gebiet.ebene] if vergleich is None else vergleich:
            ebene: Ebene | None = next((e for e in EBENEN if e == name), None)
            oben = verzeichnis.vorfahr(self.gebiet.schluessel, ebene) if ebene else verzeichnis.finde(name)
            gefunden += [oben] if oben and oben != self.gebiet else []
        return list({g.schluessel: g for g in gefunden}.values())

    def teilgebiete(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Gebiete einer Ebene im eigenen Gebiet („einheiten“) oder die genannten, in fester Reihenfolge."""
        verzeichnis = self.bestand.gebiete
        if not isinstance(nach, str):
            return [verzeichnis.finde(name) for name in nach]
        if nach not in _PLURAL:
            raise ValueError(f"„{nach}“ ist keine Gliederung; möglich: {', '.join(_PLURAL)}.")
        if nach == "kreise":
            return list(verzeichnis.ebene("kreis"))
        # vom Land sind nur die Kommunen des eigenen Kreises bekannt; sie stehen nicht für das Land
        vollstaendig = self.gebiet.ebene not in {"land", "bund"}
        return list(verzeichnis.kinder(self.gebiet.schluessel, _PLURAL[nach])) if vollstaendig else []

    @cached_property
    def thema(self) -> Thema:
        """Farben und Maße der Abbildungen aus der Marke."""
        from berichtswerk.bild.thema import Thema
        from berichtswerk.marke import markenablage

        return Thema(markenablage.lade(self.projekt))

    # --- Beschriftung --------------------------------------------------------------------------------

    def namen(self, inhalte: Iterable[Inhalt]) -> str:
        """Die Namen mehrerer Kennzahlen, für Unterschriften und Platzhalter; mehr als drei werden gezählt."""
        namen = [self.beschreibung(k).name for k in inhalte if k is not None]
        return aufzaehlung(namen) if len(namen) <= 3 else f"{zahlwort(len(namen)).capitalize()} Kennzahlen"

    def name_von(self, gebiet: Gebiet) -> str:
        """Der Name, unter dem ein Gebiet in Abbildungen und Tabellen steht."""
        return gebiet.name_kurz or gebiet.name

    def ort(self, gebiet: Gebiet | None = None) -> str:
        """Das Gebiet im Satz: „im Landkreis …“."""
        g = gebiet or self.gebiet
        return ortsangabe(g.name, g.ebene, g.art or "")

    def beschriftung(
        self, was: str, einheit: str, orte: Sequence[Gebiet], jahre: Iterable[int], voraus: int | None = None
    ) -> str:
        """Unterschrift: was, wo, wann (``voraus``: ab wann vorausgerechnet), Einheit."""
        liste = sorted(set(jahre))
        wann = zahl.zeitraum(liste[0], liste[-1]) if liste else ""
        if voraus is not None:
            wann += " (Vorausrechnung)" if voraus <= liste[0] else f", Vorausrechnung ab {voraus}"
        wo = aufzaehlung([self.ort(g) for g in orte])
        einheit = "in %" if einheit in {"%", "Prozent"} else einheit
        text = ", ".join(teil for teil in (f"{was} {wo}".strip(), wann) if teil)
        return f"{text} ({einheit})" if einheit else text

    # --- Abgabe --------------------------------------------------------------------------------------

    def gib(self, gegenstand: Gegenstand) -> Anzeige:
        """Merkt Label und Quellen und macht den Gegenstand anzeigbar.

        Raises:
            BerichtswerkFehler: ``label-doppelt``.
        """
        label = getattr(gegenstand, "label", "")
        if label and label in self._labels and not self._interaktiv:
            raise BerichtswerkFehler(
                Meldung(
                    "label-doppelt",
                    f"Das Label „{label}“ steht schon an einer anderen Abbildung oder Tabelle.",
                    feld="label",
                    ursache="Verweise im Text könnten nicht unterscheiden, was gemeint ist.",
                    abhilfe="Geben Sie jeder Abbildung und Tabelle ein eigenes Label.",
                )
            )
        self._labels.add(label)
        return Anzeige(gegenstand, self)

    @property
    def _interaktiv(self) -> bool:
        """Ob jemand Zellen von Hand ausführt; dann darf dieselbe Zelle zweimal laufen."""
        from berichtswerk.bericht.anzeige import im_lauf

        return not im_lauf()

    def zeichne(self, abbildung: Abbildung) -> str:
        """SVG einer Abbildung, für JupyterLab."""
        from berichtswerk.bild.svg import als_datei

        return als_datei(abbildung.spec, self.thema.marke)

    def lesetext(self, gegenstand: Gegenstand) -> str:
        """Markdown zum Lesen in JupyterLab; ergänzt vom Gateway."""
        return getattr(gegenstand, "grund", "") or getattr(gegenstand, "markdown", "")

    def fehlt(self, label: str, was: str, grund: str = "", *, nach: str | Sequence[str] = "") -> Anzeige:
        """Platzhalter mit deutschem Grund statt einer leeren Abbildung."""
        bis = f" bis {self.bis}" if self.bis else ""
        teile = f" nach {RAUM[str(nach)]}" if str(nach) in RAUM else ""
        worueber = f"Zu „{was}“" if was else "Hierzu"
        text = grund or f"{worueber} liegen {self.ort()}{bis} keine Daten{teile} vor."
        return self.gib(Fehlt(label=label, grund=text))

    def beleg(
        self,
        reihen: Sequence[Reihe],
        hinweise: Iterable[str] = (),
        definition: str | None = None,
        weitere: Sequence[str] = (),
    ) -> Beleg:
        """Beleg zu Reihen (und ``weitere`` Quellen); merkt die Quellen für das Quellenverzeichnis."""
        benutzt = belegzeilen.quellen_von(reihen) | dict.fromkeys(weitere, False)
        for name, gerechnet in benutzt.items():
            self._quellen[name] = self._quellen.get(name, False) or gerechnet
        return belegzeilen.beleg_aus_reihen(
            reihen, self.bestand.quellen, hinweise=hinweise, definition=definition, weitere=weitere
        )

    def beleg_frei(self, quellen: Sequence[str], definition: str = "", hinweise: Iterable[str] = ()) -> Beleg:
        """Beleg zu genannten Quellen, mit denen gerechnet wurde.

        Raises:
            BerichtswerkFehler: ``quelle-unbekannt`` mit den ähnlichsten Namen.
        """
        unbekannt = [q for q in quellen if q not in self.bestand.quellen]
        if unbekannt:
            raise BerichtswerkFehler([_quelle_unbekannt(q, self.bestand.quellen) for q in unbekannt])
        self._quellen.update(dict.fromkeys(quellen, True))
        paare = [(self.bestand.quellen[q], True) for q in quellen]
        return belegzeilen.beleg(paare, hinweise=hinweise, definition=definition)

    def nachweise(self, reihen: Iterable[Reihe], label: str) -> tuple[Nachweis, ...]:
        """Nachweise aller gezeigten Werte mit Zahl."""
        return tuple(
            nachweis.aus_wert(w, reihe.kennzahl, label)
            for reihe in reihen
            for w in reihe
            if w.wert is not None
        )


def _quelle_unbekannt(name: str, bekannt: Iterable[str]) -> Meldung:
    return Meldung(
        "quelle-unbekannt",
        f"Die Quelle „{name}“ gibt es nicht.",
        feld="quellen",
        abhilfe=vorschlag(name, bekannt),
    )
