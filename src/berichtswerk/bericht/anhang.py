"""Der Anhang: Steckbriefe, Begriffe, Quellen, Lücken und die Verzeichnisse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from berichtswerk.bericht import steckbrief
from berichtswerk.bericht.anzeige import Anzeige, luecken_markdown
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.gegenstand.gegenstaende import (
    Begriffe,
    Beleg,
    Luecken,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Verzeichnisse,
)
from berichtswerk.grund import zahl
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.worte import belegzeilen

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle

Verzeichnis = Literal["darstellungen", "begriffe", "quellen", "luecken"]


class Anhang:
    """Was Rechnung und Daten erklärt und meist am Ende eines Berichts steht."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

    def indikator(self, *kennzahlen: str) -> Anzeige:
        """Steckbriefe: Zweck, Aussagefähigkeit, Definition, Berechnung, Datenverfügbarkeit; ohne Nummer.

        Args:
            kennzahlen: ids.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.

        Beispiel:
            >>> b.indikator("arbeitslosenquote", "sgb2_quote")
        """
        s = self.sicht
        texte = []
        for k in kennzahlen:
            reihe = s.reihe(k).gebiet(s.gebiet.schluessel)
            texte.append(steckbrief.steckbrief(s.beschreibung(k), s.bestand.quellen, reihe))
        return s.gib(Steckbriefe(eintraege=tuple(texte)))

    def verzeichnis(self, was: Verzeichnis) -> Anzeige:
        """Ein Verzeichnis dessen, was der Bericht zeigt.

        Args:
            was: „darstellungen“ (Abbildungen und Tabellen), „begriffe“ (Glossar der gezeigten Kennzahlen),
                „quellen“ (benutzte Quellen mit Namensnennung und Lizenz) oder „luecken“ (was sich mit den
                vorhandenen Daten nicht zeigen lässt, auch was später fehlt).

        Raises:
            ValueError: das Verzeichnis gibt es nicht.

        Beispiel:
            >>> b.verzeichnis("quellen")
        """
        if was == "darstellungen":
            return self.sicht.gib(Verzeichnisse())
        if was == "luecken":
            fehlend = self.sicht.register.fehlend
            return self.sicht.gib(Luecken(), lambda: luecken_markdown([("", f.grund) for f in fehlend]))
        if was == "begriffe":
            return self._begriffe()
        if was == "quellen":
            return self._quellen()
        raise ValueError(
            f"Ein Verzeichnis „{was}“ gibt es nicht; möglich: darstellungen, begriffe, quellen, luecken."
        )

    def _begriffe(self) -> Anzeige:
        """Glossar aller gezeigten Kennzahlen mit Werten; was leicht missverstanden wird, nur in HTML."""
        r = self.sicht.register
        gezeigt = [k for k in r.benutzt.values() if k.id in r.mit_zahl]
        alle = sorted(gezeigt, key=lambda k: (k.name.casefold(), k.id))
        # Szenarien tragen oft dieselbe Definition; sie steht beim ersten
        einmal = {k.definition: k for k in reversed(alle) if k.definition}.values()
        eintraege = [steckbrief.begriff(k) for k in alle if any(k is e for e in einmal)]
        return self.sicht.gib(Begriffe(eintraege=tuple(eintraege)))

    def _quellen(self) -> Anzeige:
        """Tabelle der bisher benutzten Quellen; gleiche Namensnennungen mit Lizenz stehen einmal darüber."""
        s, label = self.sicht, "tbl-quellen"
        benutzt = s.register.quellen
        quellen = [s.bestand.quellen[name] for name in sorted(benutzt)]
        if not quellen:
            return s.fehlt(label, "Quellen", "Bisher ist keine Quelle benutzt.")
        gruppen: dict[str, list[Quelle]] = {}
        for q in quellen:
            gruppen.setdefault(belegzeilen.nennung_kurz(q, gerechnet=benutzt[q.name]), []).append(q)
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
        return s.gib(
            Tabelle(
                label=label, unterschrift="Benutzte Quellen mit Namensnennung und Lizenz",
                tabelle=Tabellenmodell(kopf=kopf, zeilen=tuple(zeilen)), beleg=Beleg(beispiel=beispiel),
            )
        )  # fmt: skip
