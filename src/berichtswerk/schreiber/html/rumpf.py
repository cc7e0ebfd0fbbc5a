"""Ein Manuskript als HTML: Abschnitte, Nummern, Gegenstände in der Reihenfolge des Lesens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Eckwerte,
    Fehlt,
    Luecken,
    Steckbriefe,
    Tabelle,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.satz.manuskript import Manuskript, Prosa, Teil, verzeichnisse
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.schreiber.html import figur
from berichtswerk.schreiber.html.prosa import Prosaschreiber, sichtbar


def schreibe(m: Manuskript, zeichnungen: Mapping[str, str] | None = None) -> str:
    """Der Rumpf der Seite; ``zeichnungen`` sind die SVG der Abbildungen unter ihrem Label.

    Abbildungen ohne Zeichnung stehen als Datei ``<stamm>/abb/<label>.svg`` da.
    """
    return Rumpf(m, zeichnungen or {}).schreibe()


class Rumpf:
    """Ein Gang durch das Manuskript; ``prosa.ebene`` ist die der letzten Überschrift."""

    def __init__(self, m: Manuskript, zeichnungen: Mapping[str, str]) -> None:
        self.m, self.zeichnungen = m, zeichnungen
        self.prosa = Prosaschreiber(m)
        self.zeilen: list[str] = []
        self.offen: list[int] = []

    def schreibe(self) -> str:
        """Alle Teile, in Abschnitte gefasst."""
        for teil in self.m.teile:
            self._teil(teil)
        self._schliesse(0)
        return "\n".join(z for z in self.zeilen if z) + "\n" + self.prosa.notenliste()

    def _teil(self, teil: Teil) -> None:
        if isinstance(teil, Prosa):
            self._bloecke(teil.bloecke)
        elif isinstance(teil, Ueberschrift):
            klassen = ["bw-neue-seite"] * teil.neue_seite + ["unnumbered"] * (not teil.gezaehlt)
            self._kopf(teil.ebene, teil.marke, klassen, figur.text(teil.text))
        else:
            self.zeilen.append(self.gegenstand(teil))

    def _bloecke(self, bloecke: Sequence[Knoten]) -> None:
        for k in bloecke:
            c = inhalt(k)
            if k["t"] == "Kopf":
                self._kopf(c[0], c[1], c[2], self.prosa.inlines(c[3]))
            elif k["t"] == "Nur":
                if sichtbar(c):
                    self._bloecke(c[2])
            else:
                self.zeilen.append(self.prosa.block(k))

    def gegenstand(self, g: Teil) -> str:
        """Ein Gegenstand, der kein Text und keine Überschrift ist."""
        stufe = min(self.prosa.ebene + 1, 6)
        stamm = self.m.kopf.stamm
        if isinstance(g, Abbildung):
            zeichnung = self.zeichnungen.get(g.label, "")
            return figur.abbildung(g, self.m.marken[g.label].name, stamm, stufe, zeichnung)
        if isinstance(g, Tabelle):
            return figur.tabelle(g, self.m.marken[g.label].name, stamm, stufe)
        if isinstance(g, Eckwerte):
            return figur.eckwerte(g)
        if isinstance(g, Begriffe):
            return figur.begriffe(g)
        if isinstance(g, Steckbriefe):
            return figur.steckbriefe(g)
        if isinstance(g, Fehlt):
            return figur.kasten("note", "Dazu liegen keine Daten vor", f"<p>{figur.text(g.grund)}</p>")
        if isinstance(g, Luecken):
            return self._luecken(g)
        return self._verzeichnisse(g) if isinstance(g, Verzeichnisse) else ""

    def _luecken(self, g: Luecken) -> str:
        if not g.eintraege:
            return ""
        paare = [f"{titel}: {grund}" if titel else grund for titel, grund in g.eintraege]
        punkte = "\n".join(f"<li>{figur.text(p)}</li>" for p in dict.fromkeys(paare))
        return f"<p>Nicht dargestellt:</p>\n<ul>\n{punkte}\n</ul>"

    def _verzeichnisse(self, g: Verzeichnisse) -> str:
        stufe = min(self.prosa.ebene + 1, 6)
        teile = []
        for titel, eintraege in verzeichnisse(g, self.m):
            punkte = "\n".join(
                f"<li>{self.prosa.verweis(marke)}: {figur.text(text)}</li>" for marke, text in eintraege
            )
            teile.append(f"<h{stufe}>{titel}</h{stufe}>\n<ul>\n{punkte}\n</ul>")
        return '<div class="bw-verzeichnisse">\n' + "\n".join(teile) + "\n</div>" if teile else ""

    def _kopf(self, ebene: int, marke: str, klassen: Sequence[str], inhalt: str) -> None:
        """Schließt Abschnitte gleicher und tieferer Ebene und öffnet einen neuen."""
        stufe = ebene - self.m.oberste + 2
        self._schliesse(stufe)
        nummer = self.m.nummer(marke)
        ungezaehlt = [k for k in klassen if k != "unnumbered"] + ["unnumbered"] * (not nummer)
        namen = " ".join([f"level{stufe}", *ungezaehlt, "anchored"])
        zahl = f' data-number="{nummer}"' if nummer else ""
        davor = f'<span class="header-section-number">{nummer}</span> ' if nummer else ""
        self.zeilen += [
            f'<section id="{escape(marke)}" class="{namen}"{zahl}>',
            f'<h{stufe} class="{" ".join([*ungezaehlt, "anchored"])}"{zahl}>{davor}{inhalt}</h{stufe}>',
        ]
        self.offen.append(stufe)
        self.prosa.ebene = stufe

    def _schliesse(self, stufe: int) -> None:
        while self.offen and self.offen[-1] >= stufe:
            self.offen.pop()
            self.zeilen.append("</section>")
        self.prosa.ebene = self.offen[-1] if self.offen else 1
