"""Bekannte Fehler eines Herausgebers: ``daten/korrekturen/*.yaml``, je Datei einer.

Die Lieferung bleibt, wie sie kam; berichtigt wird beim Lesen, und der Wert trägt den Status „berichtigt“ und
den Satz dazu. Steht in der Lieferung nicht mehr, was ``erwartet`` ist, hat der Herausgeber etwas geändert:
dann hält die Quelle an, bis jemand die Korrektur beendet (``erledigt``) oder berichtigt.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import date

from pydantic import Field

from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lies_yaml
from berichtswerk.grund.zahl import dezimal, schreibe
from berichtswerk.grund.zeichen import Status


class KorrekturUeberholt(Befundart):
    text = "Die Korrektur zu {was} passt nicht mehr: geliefert ist {ist}, erwartet war {erwartet}."
    ursache = "Der Herausgeber hat den Wert geändert. Er steht in {fundort}."
    abhilfe = (
        "Sehen Sie nach, was stimmt. Gilt die neue Lieferung, schreiben Sie „erledigt: {stand}“ in die "
        "Korrektur; ist auch der neue Wert falsch, beenden Sie sie und legen Sie eine weitere an."
    )
    feld = "erwartet"


class KorrekturBehoben(KorrekturUeberholt):
    kennung = "korrektur-behoben"
    text = "Der Herausgeber hat den Fehler zu {was} behoben: geliefert ist jetzt {ist}."
    ursache = "Die Korrektur wird nicht mehr gebraucht. Der Wert steht in {fundort}."
    abhilfe = "Schreiben Sie „erledigt: {stand}“ in die Korrektur; frühere Ausgaben brauchen sie weiter."


class KorrekturOhneStelle(Befundart):
    text = "Was die Korrektur berichtigen soll, steht nicht in der Lieferung: {was}."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie gebiet, zeit, merkmale und groesse; „berichtswerk quelle zeige {quelle}“ zeigt sie."


class KorrekturDoppelt(Befundart):
    text = "Zu {was} gibt es zwei Korrekturen."
    ursache = "Die andere steht in {andere}."
    abhilfe = "Löschen Sie eine der beiden, oder beenden Sie die ältere mit „erledigt“."


class KorrekturOhneQuelle(Befundart):
    text = "Eine Quelle „{name}“, die diese Korrektur berichtigen soll, gibt es nicht."
    abhilfe = "{vorschlag}"
    feld = "quelle"


class Korrektur(YamlModell):
    """Ein falscher Wert einer Lieferung und der richtige."""

    quelle: str
    gebiet: str
    """Schlüssel"""
    zeit: str
    """wie „berichtswerk quelle zeige“ sie nennt: ``2023``, ``2023-12-31``, ``2023/24``"""
    merkmale: dict[str, str] = Field(default_factory=dict)
    groesse: str
    erwartet: float
    """was die Lieferung fälschlich nennt"""
    richtig: float
    grund: str = Field(min_length=10)
    beleg: str = Field(min_length=5)
    """woran zu sehen ist, daß es so stimmt"""
    funktion: str
    """wer das entschieden hat (Funktion, kein Name)"""
    datum: date
    """gilt für Ausgaben, deren ``stand`` nicht davor liegt"""
    erledigt: date | None = None
    """ab der Lieferung dieses Tages stimmt der Wert"""
    datei: str = Field(default="", exclude=True)
    name: str = Field(default="", exclude=True)
    """wo sie steht und wie das Gebiet heißt; trägt das Programm ein"""

    @property
    def was(self) -> str:
        """„„plaetze“, 99068, 2024, Art genehmigt“."""
        teile = [f"„{self.groesse}“", self.gebiet, self.zeit, *(f"{m} {a}" for m, a in self.merkmale.items())]
        return ", ".join(teile)

    def gilt(self, am: date | None, lieferung: date | None) -> bool:
        """Ob sie für eine Ausgabe mit Stand ``am`` und deren jüngste Lieferung gilt (``None``: die erste)."""
        rechtzeitig = am is None or self.datum <= am
        return rechtzeitig and not (self.erledigt and lieferung and lieferung >= self.erledigt)

    def satz(self) -> str:
        """Was Lesende erfahren."""
        wo = ", ".join([self.name or self.gebiet, self.zeit, *self.merkmale.values()])
        statt = f"{_zahl(self.richtig)} statt der gelieferten {_zahl(self.erwartet)}"
        return f"Berichtigt ({wo}): {statt}; {self.grund.rstrip('.')}. Beleg: {self.beleg.rstrip('.')}."


def _zahl(wert: float) -> str:
    stellen = dezimal(wert).normalize().as_tuple().exponent
    return schreibe(wert, max(-stellen, 0) if isinstance(stellen, int) else 0)


def lade(projekt: Projekt, quellen: Collection[str]) -> Iterator[tuple[str, Korrektur | list[Meldung]]]:
    """Je Datei die Quelle und ihre Korrektur, oder was an der Datei falsch ist.

    Raises:
        BerichtswerkFehler: eine Datei sagt nicht, zu welcher Quelle sie gehört: dann wäre jede zweifelhaft.
    """
    ordner = projekt.daten / "korrekturen"
    namen: list[str] = []
    with suppress(OSError):  # auch der vergebliche Blick steht in der Spur eines Laufs
        namen = sorted(os.listdir(ordner))  # noqa: PTH208
    for name in (n for n in namen if n.endswith(".yaml") and n[0] != "."):
        dokument = lies_yaml(ordner / name, projekt)
        gemeint = str(dokument.daten.get("quelle", ""))
        if gemeint and gemeint not in quellen:
            hilfe = vorschlag(gemeint, quellen, sonst="Vorhanden sind: ")
            befund = dokument.melde(KorrekturOhneQuelle, "quelle", name=gemeint, vorschlag=hilfe)
            raise BerichtswerkFehler(befund)
        try:
            korrektur = dokument.als(Korrektur).model_copy(update={"datei": dokument.datei})
        except BerichtswerkFehler as fehler:
            if not gemeint:
                raise
            yield gemeint, fehler.meldungen
            continue
        yield gemeint, korrektur


def wende_an(korrekturen: Sequence[Korrektur], tabelle: Tabelle) -> None:
    """Berichtigt die genannten Werte in der Tabelle; alles oder nichts.

    Raises:
        BerichtswerkFehler: mit allen Korrekturen, die nicht (mehr) passen.
    """
    stellen = _stellen(tabelle) if korrekturen else {}
    befunde: list[Meldung] = []
    gefunden: dict[int, Korrektur] = {}
    for k in korrekturen:
        gesucht = (k.gebiet, k.zeit, *(k.merkmale.get(m, "") for m in tabelle.merkmale), k.groesse)
        hier = [] if k.merkmale.keys() - set(tabelle.merkmale) else stellen.get(gesucht, [])
        if len(hier) != 1:
            befunde.append(_ohne_stelle(k, tabelle, len(hier)))
        elif hier[0] in gefunden:
            befunde.append(KorrekturDoppelt.melde(datei=k.datei, was=k.was, andere=gefunden[hier[0]].datei))
        elif tabelle.wert[hier[0]] != k.erwartet:
            befunde.append(_ueberholt(k, tabelle, hier[0]))
        else:
            gefunden[hier[0]] = k
    if befunde:
        raise BerichtswerkFehler(befunde)
    for stelle, k in gefunden.items():
        tabelle.berichtige(stelle, k.richtig, k.satz())


def _stellen(tabelle: Tabelle) -> dict[tuple[str, ...], list[int]]:
    stellen: dict[tuple[str, ...], list[int]] = {}
    namen = ("gebiet", "zeit", *tabelle.merkmale, "groesse")
    for stelle, schluessel in enumerate(zip(*(tabelle.texte[n] for n in namen), strict=True)):
        stellen.setdefault(schluessel, []).append(stelle)
    return stellen


def _ohne_stelle(k: Korrektur, tabelle: Tabelle, anzahl: int) -> Meldung:
    fremd = [m for m in k.merkmale if m not in tabelle.merkmale]
    grund = "Diese Angabe gibt es dort nicht."
    if anzahl:
        grund = f"Sie steht dort {anzahl}-mal, auf verschiedener Basis oder mit verschiedenem Gebietsstand."
    elif fremd:
        grund = f"Ein Merkmal „{fremd[0]}“ hat die Quelle nicht."
    elif k.groesse not in tabelle.groessen:
        grund = f"Eine Größe „{k.groesse}“ hat die Quelle nicht. {vorschlag(k.groesse, tabelle.groessen)}"
    return KorrekturOhneStelle.melde(datei=k.datei, was=k.was, grund=grund, quelle=k.quelle)


def _ueberholt(k: Korrektur, tabelle: Tabelle, stelle: int) -> Meldung:
    wert = tabelle.wert[stelle]
    art = KorrekturBehoben if wert == k.richtig else KorrekturUeberholt
    fundort = ", ".join(
        (tabelle.texte["datei"][stelle], f"Zeile {tabelle.zeile[stelle]}", tabelle.texte["spalte"][stelle])
    )
    ist = Status.FEHLT if math.isnan(wert) else _zahl(wert)
    return art.melde(
        datei=k.datei, was=k.was, ist=ist, erwartet=_zahl(k.erwartet), fundort=fundort,
        stand=tabelle.quelle.statistik.stand,
    )  # fmt: skip
