"""Kleine Dokumente für die Prüfungen von Satz und Schreibern: Gegenstände bauen, lesen, schreiben."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from berichtswerk.ausfuehrung.uebergabe import Druckbild
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Beleg,
    Dokument,
    Fliesstext,
    Gegenstand,
    Kopf,
    Quellenzeile,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pdf
from berichtswerk.satz.manuskript import Manuskript, lies
from berichtswerk.schreiber.html import rumpf as html
from berichtswerk.schreiber.typst import rumpf as typst

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="160" viewBox="0 0 400 160">'
    '<rect width="400" height="160" fill="#fff"/><path d="M20 140L380 30" stroke="#095c6d" stroke-width="3"/>'
    '<text x="20" y="20" font-family="Fira Sans" font-size="12">1 234 Geburten</text></svg>'
)
KOPF = Kopf(
    titel="Prüfbericht", untertitel="Ein Bericht zum Prüfen", stamm="pruef-2025", status="beispiel",
    stand=date(2025, 6, 30), herausgeber="Kreis Muster",
)  # fmt: skip
BELEG = Beleg(quellen=(Quellenzeile(name="amt", zeile="Quelle: Amt; Stand: 30.06.2025."),))
ABSATZ = "Der Landkreis hat zehn Kommunen, und jede plant für sich. " * 6 + "\n\n"


def zellen(*texte: str, zahl: bool = False) -> tuple[Tabellenzelle, ...]:
    """Eine Zeile: die erste Zelle ist der Zeilenkopf; ``zahl`` gilt für die übrigen."""
    return tuple(Tabellenzelle(text=t, zahl=zahl and i > 0) for i, t in enumerate(texte))


def tafel(*zeilen: tuple[Tabellenzelle, ...], kopf: tuple[str, ...] = ("Jahr", "Zahl")) -> Tabellenmodell:
    """Ein Tabellenmodell mit einer Kopfzeile."""
    return Tabellenmodell(
        kopf=(zellen(*kopf, zahl=True),), zeilen=tuple(Tabellenzeile(zellen=z) for z in zeilen)
    )


def abbildung(
    label: str, unterschrift: str = "Geburten im Kreis, 2005–2023 (Anzahl)", **mehr: object
) -> Abbildung:
    """Eine Abbildung mit Befund, Beleg und Daten."""
    werte: dict[str, object] = {
        "befund": "Die Zahl der Geburten ist gesunken.",
        "alt": "Liniendiagramm „Geburten“: Rückgang",
        "daten": tafel(zellen("2005", "12", zahl=True)),
        "beleg": BELEG,
        "spec": {},
        **mehr,
    }
    return Abbildung(label=label, unterschrift=unterschrift, **werte)  # type: ignore[arg-type]


def tabelle(label: str, zeilen: int = 1, **mehr: object) -> Tabelle:
    """Eine Tabelle mit Gruppen-, Summen- und ``zeilen`` Wertezeilen."""
    gruppe = Tabellenzeile(art="gruppe", zellen=(Tabellenzelle(text="Nord", spalten=3),))
    rumpf = [
        Tabellenzeile(zellen=zellen(f"Gemeinde {i}", str(1000 + i), f"1,{i % 10}", zahl=True))
        for i in range(zeilen)
    ]
    offen = Tabellenzelle(text=".", zahl=True, vorlesen="unbekannt")
    summe = Tabellenzeile(art="summe", zellen=(*zellen("Kreis"), offen, Tabellenzelle(text="–", zahl=True)))
    modell = Tabellenmodell(
        kopf=(zellen("Gemeinde", "Einwohner", "Veränderung (%)", zahl=True),), zeilen=(gruppe, *rumpf, summe)
    )
    werte: dict[str, object] = {"unterschrift": "Einwohner der Gemeinden, 2023", "beleg": BELEG, **mehr}
    return Tabelle(label=label, tabelle=modell, **werte)  # type: ignore[arg-type]


@dataclass
class Werk:
    """Ein Projekt mit dem echten Layout und ein Ordner eines Berichts darin.

    Ein ``str`` unter den Inhalten wird zur Textdatei ``texte/<nr>.md`` dieses Berichts.
    """

    projekt: Projekt
    kopf: Kopf = KOPF

    @classmethod
    def neu(cls, ordner: Path) -> Werk:
        """Im Pfad ein Leerzeichen und ein Umlaut, im Bericht ein Bild ``abb/a.svg``."""
        wurzel = ordner / "Kreis Prüf"
        shutil.copytree(Path(__file__).parents[1] / "layout", wurzel / "layout")
        werk = cls(Projekt(wurzel))
        (werk.ordner / "abb").mkdir(parents=True)
        (werk.ordner / "texte").mkdir()
        (werk.ordner / "abb" / "a.svg").write_text(SVG, encoding="utf-8")
        return werk

    @property
    def ordner(self) -> Path:
        """Der Ordner des Berichts."""
        return self.projekt.wurzel / "berichte" / "pruef"

    def dokument(self, *inhalt: Gegenstand | str) -> Dokument:
        """Das Dokument; Texte liegen danach auf der Platte."""
        teile: list[Gegenstand] = []
        for nummer, g in enumerate(inhalt):
            if not isinstance(g, str):
                teile.append(g)
                continue
            datei = self.ordner / "texte" / f"{nummer}.md"
            datei.write_text(g, encoding="utf-8")
            teile.append(Fliesstext(markdown=g, datei=self.projekt.relativ(datei)))
        return Dokument(kopf=self.kopf, inhalt=tuple(teile))

    def befunde(self, *inhalt: Gegenstand | str) -> list[Meldung]:
        """Was beim Lesen gefunden wird."""
        return lies(self.dokument(*inhalt), self.projekt, self.ordner)[1].liste

    def manuskript(self, *inhalt: Gegenstand | str) -> Manuskript:
        """Das gelesene Dokument; ohne Befunde."""
        manuskript, meldungen = lies(self.dokument(*inhalt), self.projekt, self.ordner)
        assert not meldungen.liste, meldungen.als_text()
        return manuskript

    def html(self, *inhalt: Gegenstand | str) -> str:
        """Der Rumpf der Seite."""
        return html.schreibe(self.manuskript(*inhalt))

    def druck(self, *inhalt: Gegenstand | str) -> typst.Druckfassung:
        """Die Druckfassung; jede Abbildung zeigt dasselbe Bild."""
        m = self.manuskript(*inhalt)
        return typst.schreibe(m, self.projekt, {name: b.svg for name, b in bilder(m).items()})

    def typst(self, *inhalt: Gegenstand | str) -> str:
        """Der Typst-Text aller Kapitel."""
        return "\n".join(k.text for k in self.druck(*inhalt).kapitel)

    def pdf(self, *inhalt: Gegenstand | str) -> bytes:
        """Das fertige PDF."""
        m = self.manuskript(*inhalt)
        return pdf.setze(m, self.projekt, bilder(m))


def bilder(m: Manuskript) -> dict[str, Druckbild]:
    """Für jede Abbildung dasselbe Bild."""
    return {f"abb/{g.label}.svg": Druckbild(SVG.encode()) for g in m.einzeln() if isinstance(g, Abbildung)}
