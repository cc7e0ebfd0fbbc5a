"""Das Gateway, wie es in Notizbüchern steht: ``from berichtswerk import Bericht``.

Alles, was ein Bericht zeigt, geht hier hindurch; daraus entstehen Zahlformen, Quellenzeilen, Definitionen,
Alternativtexte, Datentabellen und der Nachweis, ohne dass im Notizbuch etwas dafür steht.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.bericht.abbildungen import Abbildungen
from berichtswerk.bericht.anhang import Anhang
from berichtswerk.bericht.anzeige import Anzeige, im_lauf
from berichtswerk.bericht.fehler import NameMehrdeutig
from berichtswerk.bericht.namen import Namen
from berichtswerk.bericht.orte import Orte
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.bericht.steuerung import Steuerung
from berichtswerk.bericht.texte import Texte
from berichtswerk.gegenstand.gegenstaende import Bindung, Bindungen
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.rechenwerk import Gerechnet
    from berichtswerk.fach.reihe import Reihe

_ANGELEGT: list[Sicht] = []
"""Die Sichten aller Berichte, die das laufende Notizbuch angelegt hat."""


class Bericht(Abbildungen, Steuerung, Orte, Texte, Anhang):
    """Ein Bericht für eine Ausgabe und ein Gebiet; ``b.linie?`` erklärt jede Methode mit Beispiel.

    - zeigen: ``linie``, ``saeulen``, ``karte``, ``lage``, ``vielfache``, ``hantel``, ``pyramide``,
      ``abbildung``, ``tabelle``, ``eckwerte``, ``annahmen``, ``aenderungen``, ``eingetroffen``,
      ``massnahmen``, ``fruehwarnung``, ``indikator``, ``verzeichnis``
    - Steckbriefe: ``ortsblatt``, ``abweichungen``, ``gegenueber``, ``vergleich``, ``notizen``
    - schreiben: ``text``, ``ueberschrift``, ``fehlt``, ``binde``
    - rechnen: ``daten``, ``hat``, ``kennzahl``, ``rechnung``, ``zahl``, ``satz``
    - Gebiete: ``gebiet``, ``teilgebiete``, ``fuer``; alles Weitere in ``sicht``
    """

    def __init__(
        self, bericht: str, ausgabe: str | int, gebiet: str | None = None, variante: str | None = None,
        projekt: Projekt | Path | None = None,
    ) -> None:  # fmt: skip
        """Findet Projekt, Ausgabe, Gebiet und Daten.

        ``bericht`` ist der Ordner unter ``berichte/``, ``ausgabe`` der darunter, meist das Jahr (sie bestimmt
        den Datenstand); ``gebiet``: Schlüssel oder Name, sonst das aus ``bericht.yml``, sonst der Kreis;
        ``variante`` für eigene Texte, sonst die mit diesem Gebiet; ``projekt`` sonst der Ordner darüber.

        Raises:
            BerichtswerkFehler: Projekt, Ausgabe oder Gebiet gibt es nicht; Beschreibungen sind fehlerhaft.
        """
        super().__init__(Sicht.lade(bericht, ausgabe, gebiet, variante, projekt))
        if im_lauf():
            _ANGELEGT.append(self.sicht)

    def fuer(self, gebiet: str) -> Bericht:
        """Derselbe Bericht mit Blick auf ein anderes ``gebiet`` (Schlüssel oder Name), für Schleifen.

        Labels, Quellen und Begriffe bleiben gemeinsam; alle Methoden gelten für das Gebiet, auch ``binde``
        und ``text``: ein Text für alle Kommunen zeigt je Kommune deren Zahlen.

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` oder ``gebiet-mehrdeutig``.

        >>> ort = b.fuer("Musterau")
        >>> ort.linie("bevoelkerung_kommunen", label="fig-musterau")
        """
        neu = Bericht.__new__(Bericht)
        neu._sicht = self.sicht.fuer(gebiet)
        return neu

    @property
    def gebiet(self) -> Gebiet:
        """Das Gebiet, um das es geht: ``schluessel``, ``name``, ``name_kurz``, ``ebene``, ``teil_von``.

        >>> b.gebiet.name
        'Landkreis Muster'
        """
        return self.sicht.gebiet

    def teilgebiete(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Gebiete einer Ebene im eigenen Gebiet oder die genannten, in fester Reihenfolge.

        ``nach``: „einheiten“, „planungsgebiete“, „gemeinden“, „kreise“ oder eine Liste von Gebieten.

        Raises:
            BerichtswerkFehler: ``wahl-unbekannt``, die Gliederung gibt es nicht.

        >>> for g in b.teilgebiete("einheiten"):
        ...     b.fuer(g.schluessel).text("kommune")
        """
        return self.sicht.teilgebiete(nach)

    def daten(self, quelle: str) -> pd.DataFrame:
        """Die gelesenen Werte einer ``quelle`` in langer Form, höchstens bis zum Datenstand der Ausgabe.

        Spalten sind ``gebiet``, ``jahr``, ``zeit``, ``groesse``, ``wert``, die Merkmale der Quelle und die
        Fundstelle: ``datei``, ``zeile``, ``spalte``.

        Raises:
            BerichtswerkFehler: ``quelle-unbekannt``, oder die Datei ist nicht lesbar.

        >>> b.daten("schulen_schulart").query("gebiet == @gebiet")
        """
        self.sicht.beleg_frei([quelle])
        return self.sicht.werte(quelle)

    def hat(self, *quellen: str) -> bool:
        """Ob es alle ``quellen`` gibt und jede bis zum Datenstand Werte hat.

        Es zählen Werte des eigenen Gebiets, seiner Teile und der Gebiete darüber.

        >>> if b.hat("schulen_schulart"):
        ...     d = b.daten("schulen_schulart")
        """
        s = self.sicht
        gesucht = {*s.standardgebiete, *(g.schluessel for g in s.teile())}
        tafeln = (s.werte(name) if name in s.bestand.quellen else None for name in quellen)
        return all(t is not None and (t["gebiet"].isin(gesucht) & t["wert"].notna()).any() for t in tafeln)

    def kennzahl(self, kennung: str, gebiete: Sequence[str] | None = None) -> Reihe:
        """Die Reihe einer Kennzahl für das Gebiet und seine Vergleichsgebiete, zum Weiterrechnen.

        ``kennung`` ist die id unter ``daten/kennzahlen/``; ``gebiete`` nennt Schlüssel anderer Gebiete.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt`` mit den ähnlichsten Namen.

        >>> b.kennzahl("pflegequote").letzter(gebiet).wert
        """
        return self.sicht.reihe(kennung, gebiete)

    def rechnung(self, kennung: str) -> Gerechnet:
        """Eine Rechnung: ihre Jahre ``basis``, ``ziel``, ``ende``, ``jahre`` und ob gerechnet wurde (``if``).

        ``kennung`` ist die id unter ``daten/rechnungen/``; Reihen und Tafeln zeigt man unter ihrem Namen, wie
        Kennzahlen.

        Raises:
            BerichtswerkFehler: ``rechnung-unbekannt``, oder sie lässt sich nicht rechnen.

        >>> schulen = b.rechnung("schuelerzahlen")
        >>> b.tabelle("vr_grundschule", label="tbl-grundschule", jahre=schulen.jahre)
        """
        gerechnet = self.sicht.rechnung(kennung)
        self.sicht.register.quellen.update(dict.fromkeys(gerechnet.quellen, True))
        return gerechnet

    def __repr__(self) -> str:
        bis = f", Daten bis {self.sicht.bis}" if self.sicht.bis else ""
        return f"{self.sicht.ausgabe.titel}: {self.gebiet.name}{bis}"


def angelegt() -> tuple[Sicht, ...]:
    """Die Sichten aller Berichte dieses Laufs, in der Reihenfolge ihres Entstehens."""
    return tuple(_ANGELEGT)


def zweifel() -> list[Meldung]:
    """Was an den gelesenen Quellen dieses Laufs ein Fehler ist, den niemand angenommen hat."""
    return list(dict.fromkeys(m for sicht in _ANGELEGT for m in sicht.bestand.zweifel))


def abschluss() -> Anzeige | None:
    """Die letzte Übergabe: alles, womit Texte später aufgelöst werden; ``None`` ohne Bericht.

    Legt ein Notizbuch mehrere Berichte an, gelten ``{{ gebiet }}``, ``{{ ausgabe }}`` und nicht eigens
    gebundene Kennzahlen für den ersten.

    Raises:
        BerichtswerkFehler: ``name-mehrdeutig``, wenn zwei Berichte einen Namen verschieden binden; die
            :func:`zweifel` an Quellen.
    """
    if not _ANGELEGT:
        return None
    werte: dict[str, Bindung] = {}
    woher: dict[str, Sicht] = {}
    offen: dict[str, None] = {}
    katalog: dict[str, str] = {}
    for sicht in _ANGELEGT:
        eigens, alle = sicht.register.gebunden, Namen(sicht).bindungen()
        offen |= dict.fromkeys(alle.offen)
        katalog |= alle.katalog
        for name, bindung in alle.werte.items():
            if name not in werte:
                werte[name], woher[name] = bindung, sicht
            elif werte[name] != bindung and (name in eigens or name in woher[name].register.gebunden):
                eins, zwei = (f"{s.ausgabe.titel}, {s.gebiet.name}" for s in (woher[name], sicht))
                raise BerichtswerkFehler(NameMehrdeutig.melde(name=name, eins=eins, zwei=zwei))
    if befunde := zweifel():
        raise BerichtswerkFehler(befunde)
    katalog = {name: kennung for name, kennung in katalog.items() if kennung not in werte}
    return _ANGELEGT[0].gib(
        Bindungen(
            werte=dict(sorted(werte.items())), offen=tuple(offen), katalog=dict(sorted(katalog.items()))
        )
    )
