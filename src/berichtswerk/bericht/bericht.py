"""Das Gateway, wie es in Notizbüchern steht: ``from berichtswerk import Bericht``.

Alles, was ein Bericht zeigt, geht hier hindurch; daraus entstehen Zahlformen, Quellenzeilen, Definitionen,
Alternativtexte, Datentabellen und der Nachweis, ohne dass im Notizbuch etwas dafür steht.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.bericht.abbildungen import Abbildungen
from berichtswerk.bericht.anhang import Anhang
from berichtswerk.bericht.anzeige import Anzeige, im_lauf
from berichtswerk.bericht.daten import Daten
from berichtswerk.bericht.fehler import NameMehrdeutig
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.bericht.tabellen import Tabellen
from berichtswerk.bericht.texte import Texte
from berichtswerk.gegenstand.gegenstaende import Bindung, Bindungen
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet

_ANGELEGT: list[Sicht] = []
"""Die Sichten aller Berichte, die das laufende Notizbuch angelegt hat."""


class Bericht:
    """Ein Bericht für eine Ausgabe und ein Gebiet; ``b.linie?`` erklärt jede Methode mit Beispiel.

    - zeigen: ``linie``, ``saeulen``, ``karte``, ``vielfache``, ``hantel``, ``pyramide``, ``abbildung``,
      ``tabelle``, ``eckwerte``, ``annahmen``, ``aenderungen``, ``indikator``, ``verzeichnis``
    - schreiben: ``text``, ``ueberschrift``, ``fehlt``, ``binde``
    - rechnen: ``daten``, ``hat``, ``kennzahl``, ``rechnung``, ``zahl``, ``satz``
    - Gebiete: ``gebiet``, ``teilgebiete``, ``fuer``; alles Weitere in ``sicht``
    """

    def __init__(
        self,
        bericht: str,
        ausgabe: str | int,
        gebiet: str | None = None,
        variante: str | None = None,
        projekt: Projekt | Path | None = None,
    ) -> None:
        """Findet Projekt, Ausgabe, Gebiet und Daten.

        Args:
            bericht: Ordner unter ``berichte/``.
            ausgabe: Ordner darunter, meist das Jahr; sie bestimmt den Datenstand.
            gebiet: Schlüssel oder Name; Vorgabe aus ``bericht.yml``, sonst der Kreis.
            variante: Name der Variante für eigene Texte; Vorgabe ist die mit diesem Gebiet.
            projekt: Projektordner; Vorgabe ist der nächste über dem Arbeitsordner.

        Raises:
            BerichtswerkFehler: Projekt, Ausgabe oder Gebiet gibt es nicht; Beschreibungen sind fehlerhaft.
        """
        self._blicke(Sicht.lade(bericht, ausgabe, gebiet, variante, projekt))
        if im_lauf():
            _ANGELEGT.append(self._sicht)

    def _blicke(self, sicht: Sicht) -> None:
        """Stellt die Teile auf, die sich diese Sicht teilen."""
        self._sicht = sicht
        bilder, tabellen, texte = Abbildungen(sicht), Tabellen(sicht), Texte(sicht)
        daten, anhang = Daten(sicht), Anhang(sicht)
        self.linie = bilder.linie
        self.saeulen = bilder.saeulen
        self.karte = bilder.karte
        self.vielfache = bilder.vielfache
        self.hantel = bilder.hantel
        self.pyramide = bilder.pyramide
        self.abbildung = bilder.abbildung
        self.tabelle = tabellen.tabelle
        self.eckwerte = tabellen.eckwerte
        self.annahmen = tabellen.annahmen
        self.aenderungen = tabellen.aenderungen
        self.text = texte.text
        self.ueberschrift = texte.ueberschrift
        self.fehlt = texte.fehlt
        self.binde = texte.binde
        self.zahl = texte.zahl
        self.satz = texte.satz
        self.daten = daten.daten
        self.hat = daten.hat
        self.kennzahl = daten.kennzahl
        self.teilgebiete = daten.teilgebiete
        self.rechnung = daten.rechnung
        self.indikator = anhang.indikator
        self.verzeichnis = anhang.verzeichnis

    def fuer(self, gebiet: str) -> Bericht:
        """Derselbe Bericht mit Blick auf ein anderes Gebiet, für Schleifen über Kommunen.

        Labels, Quellen und Begriffe bleiben gemeinsam; alle Methoden gelten für ``gebiet``, auch ``binde``
        und ``text``: ein Text für alle Kommunen zeigt je Kommune deren Zahlen.

        Args:
            gebiet: Schlüssel oder Name.

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` oder ``gebiet-mehrdeutig``.

        Beispiel:
            >>> ort = b.fuer("Musterau")
            >>> ort.linie("bevoelkerung_kommunen", label="fig-musterau")
        """
        neu = Bericht.__new__(Bericht)
        neu._blicke(self._sicht.fuer(gebiet))
        return neu

    @property
    def gebiet(self) -> Gebiet:
        """Das Gebiet, um das es geht: ``schluessel``, ``name``, ``name_kurz``, ``ebene``, ``teil_von``.

        Beispiel:
            >>> b.gebiet.name
            'Landkreis Muster'
        """
        return self._sicht.gebiet

    @property
    def sicht(self) -> Sicht:
        """Alles Weitere für eigene Rechnungen: ``projekt``, ``ausgabe``, ``bis``, ``bestand``, ``katalog``,
        ``standardgebiete``, ``thema``, ``ort()`` („im Landkreis …“), ``name_von(gebiet)``.

        Beispiel:
            >>> b.sicht.katalog["arbeitslosenquote"].name
            'Arbeitslosenquote'
        """
        return self._sicht

    def __repr__(self) -> str:
        s = self._sicht
        bis = f", Daten bis {s.bis}" if s.bis else ""
        return f"{s.ausgabe.datei.titel} {s.ausgabe.name}: {s.gebiet.name}{bis}"


def angelegt() -> tuple[Sicht, ...]:
    """Die Sichten aller Berichte dieses Laufs, in der Reihenfolge ihres Entstehens."""
    return tuple(_ANGELEGT)


def abschluss() -> Anzeige | None:
    """Die letzte Übergabe: alles, womit Texte später aufgelöst werden; ``None`` ohne Bericht.

    Legt ein Notizbuch mehrere Berichte an, gelten ``{{ gebiet }}``, ``{{ ausgabe }}`` und nicht eigens
    gebundene Kennzahlen für den ersten.

    Raises:
        BerichtswerkFehler: ``name-mehrdeutig``, wenn zwei Berichte einen Namen verschieden binden.
    """
    if not _ANGELEGT:
        return None
    werte: dict[str, Bindung] = {}
    woher: dict[str, Sicht] = {}
    offen: dict[str, None] = {}
    for sicht in _ANGELEGT:
        eigens, alle = sicht.register.gebunden, Texte(sicht).bindungen()
        offen |= dict.fromkeys(alle.offen)
        for name, bindung in alle.werte.items():
            if name not in werte:
                werte[name], woher[name] = bindung, sicht
            elif werte[name] != bindung and (name in eigens or name in woher[name].register.gebunden):
                raise BerichtswerkFehler(
                    NameMehrdeutig.melde(name=name, eins=_titel(woher[name]), zwei=_titel(sicht))
                )
    return _ANGELEGT[0].gib(Bindungen(werte=dict(sorted(werte.items())), offen=tuple(offen)))


def _titel(sicht: Sicht) -> str:
    return f"{sicht.ausgabe.datei.titel} {sicht.ausgabe.name}, {sicht.gebiet.name}"
