"""Das Gateway für den Anhang: Annahmen, Steckbriefe, Begriffe, Quellen, Lücken, Verzeichnisse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from berichtswerk.bericht import steckbrief
from berichtswerk.bericht.anzeige import Anzeige, luecken_markdown
from berichtswerk.bericht.tor_texte import Texte
from berichtswerk.gegenstand.gegenstaende import (
    Begriffe,
    Beleg,
    Fehlt,
    Gegenstand,
    Luecken,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Verzeichnisse,
)
from berichtswerk.grund import zahl
from berichtswerk.tabelle import annahmentabelle
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.worte import belegzeilen

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle
    from berichtswerk.fach.methoden.annahmen import Abweichung, Dreiklang, Szenario


@dataclass(eq=False)
class Anhang(Texte):
    """Was Rechnung und Daten erklärt und meist am Ende eines Berichts steht."""

    _fehlend: list[Fehlt] = field(default_factory=list)

    def annahmen(
        self,
        szenario: Szenario | Dreiklang[Szenario],
        *,
        label: str,
        abweichungen: Sequence[Abweichung] = (),
        quellen: Sequence[str] = (),
        unterschrift: str = "",
    ) -> Anzeige:
        """Tabelle aller Annahmen mit Herkunft, Begründung und Stand.

        Args:
            szenario: ein Szenario, oder drei (untere, mittlere, obere Variante) nebeneinander.
            label: ``tbl-…``.
            abweichungen: Annahmen, die für einzelne Kommunen anders gesetzt sind; sie stehen darunter.
            quellen: Quellen, auf die sich die Annahmen stützen.
            unterschrift: Vorgabe ist „Annahmen der Rechnung“ mit dem Namen des Szenarios.
        """
        orte = {a.gebiet: self.name_von(self.bestand.gebiete.finde(a.gebiet)) for a in abweichungen}
        modell, nachweise, name = annahmentabelle.baue(szenario, abweichungen, orte)
        return self.gib(
            Tabelle(
                label=label, tabelle=modell, werte=nachweise,
                unterschrift=unterschrift or f"Annahmen der Rechnung{f', {name}' if name else ''}",
                beleg=self.beleg_frei(quellen) if quellen else Beleg(),
            )
        )  # fmt: skip

    def indikator(self, *kennzahlen: str) -> Anzeige:
        """Steckbriefe: Zweck, Aussagefähigkeit, Definition, Berechnung, Datenverfügbarkeit; ohne Nummer.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.
        """
        texte = []
        for k in kennzahlen:
            beschreibung = self.beschreibung(k)
            reihe = self.reihe(k).gebiet(self.gebiet.schluessel)
            texte.append(steckbrief.steckbrief(beschreibung, self.bestand.quellen, reihe))
        return self.gib(Steckbriefe(eintraege=tuple(texte)))

    def luecken(self) -> Anzeige:
        """Was sich mit den vorhandenen Daten nicht zeigen lässt, mit Grund; auch später Fehlendes."""
        return self.gib(Luecken())

    def gib(self, gegenstand: Gegenstand) -> Anzeige:
        """Merkt auch, was fehlt."""
        if isinstance(gegenstand, Fehlt):
            self._fehlend.append(gegenstand)
        return super().gib(gegenstand)

    def lesetext(self, gegenstand: Gegenstand) -> str:
        """Markdown zum Lesen in JupyterLab."""
        if isinstance(gegenstand, Luecken):
            return luecken_markdown([("", f.grund) for f in self._fehlend])
        return super().lesetext(gegenstand)

    def verzeichnisse(self) -> Anzeige:
        """Platz für Abbildungs- und Tabellenverzeichnis."""
        return self.gib(Verzeichnisse())

    def definitionen(self) -> Anzeige:
        """Glossar aller gezeigten Kennzahlen mit Werten; was leicht missverstanden wird, nur in HTML."""
        gezeigt = [k for k in self._benutzt.values() if k.id in self._mit_zahl]
        alle = sorted(gezeigt, key=lambda k: (k.name.casefold(), k.id))
        # Szenarien tragen oft dieselbe Definition; sie steht beim ersten
        einmal = {k.definition: k for k in reversed(alle) if k.definition}.values()
        eintraege = [steckbrief.begriff(k) for k in alle if any(k is e for e in einmal)]
        return self.gib(Begriffe(eintraege=tuple(eintraege)))

    def quellenverzeichnis(self, label: str = "tbl-quellen") -> Anzeige:
        """Tabelle der bisher benutzten Quellen; gleiche Namensnennungen mit Lizenz stehen einmal darüber."""
        quellen = [self.bestand.quellen[name] for name in sorted(self._quellen)]
        if not quellen:
            return self.fehlt(label, "Quellen", "Bisher ist keine Quelle benutzt.")
        gruppen: dict[str, list[Quelle]] = {}
        for q in quellen:
            gruppen.setdefault(belegzeilen.nennung_kurz(q, gerechnet=self._quellen[q.name]), []).append(q)
        zeilen = []
        for nennung, liste in sorted(gruppen.items()):
            zeilen.append(bau.gruppenzeile(nennung, 3))
            for q in sorted(liste, key=lambda q: q.title.casefold()):
                titel = f"{q.title} (Beispieldaten)" if q.ist_beispiel else q.title
                tabelle = ", ".join(belegzeilen.tabellen_kurz(q)) or "–"
                felder = [bau.textzelle(tabelle), bau.textzelle(zahl.datum(q.statistik.stand))]
                zeilen.append(bau.zeile(titel, felder))
        kopf = (tuple(bau.textzelle(t) for t in ("Quelle", "Tabelle", "Stand")),)
        beispiel = any(q.ist_beispiel for q in quellen)
        return self.gib(
            Tabelle(
                label=label, unterschrift="Benutzte Quellen mit Namensnennung und Lizenz",
                tabelle=Tabellenmodell(kopf=kopf, zeilen=tuple(zeilen)), beleg=Beleg(beispiel=beispiel),
            )
        )  # fmt: skip
