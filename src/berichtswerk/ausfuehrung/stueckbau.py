"""Vom einzelnen Gegenstand zum Markdown, mit Beilagen, Nachweisen und Befunden."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from berichtswerk.ausfuehrung import rahmen
from berichtswerk.ausfuehrung.kapitel import Stueck
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Bindungen,
    Eckwerte,
    Fehlt,
    Fliesstext,
    Gegenstand,
    Nachweis,
    Steckbriefe,
    Tabelle,
    Text,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.aehnlich import vorschlag
from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.tabelle import tabelle
from berichtswerk.worte.bindung import Nachrechnen, loese_auf

Zeichner = Callable[[dict[str, Any]], str]
"""Vega-Lite-Spezifikation zu SVG; wirft ``ValueError``, wenn sie sich nicht zeichnen lässt."""
Schreiber = Callable[[dict[str, Any]], bytes]
"""Vega-Lite-Spezifikation zu der Datei, die Leserinnen bekommen."""


def lesbar(spec: dict[str, Any]) -> bytes:
    """Eine Spezifikation als JSON, je Angabe und je Ebene eine Zeile."""
    return f"{_zeilen(spec, 3, '')}\n".encode()


def _zeilen(wert: Any, tiefe: int, einzug: str) -> str:
    """Bis ``tiefe`` eingerückt, darunter in einer Zeile: ganz eingerückt schreibt Python zehnmal so lang."""
    if not tiefe or not wert or not isinstance(wert, dict | list):
        return json.dumps(wert, ensure_ascii=False, sort_keys=True)
    innen = f"{einzug} "
    if isinstance(wert, dict):
        teile = [
            f"{json.dumps(str(k), ensure_ascii=False)}: {_zeilen(wert[k], tiefe - 1, innen)}"
            for k in sorted(wert)
        ]
        auf, zu = "{}"
    else:
        teile = [_zeilen(w, tiefe - 1, innen) for w in wert]
        auf, zu = "[]"
    return f"{auf}\n{innen}" + f",\n{innen}".join(teile) + f"\n{einzug}{zu}"


@dataclass(slots=True)
class Bau:
    """Ein Durchgang durch das ausgeführte Notizbuch."""

    projekt: Projekt
    auftrag: Auftrag
    zeichne: Zeichner
    nachrechnen: Nachrechnen | None
    weitere: frozenset[str]
    schreibe_spec: Schreiber = lesbar
    bindungen: Bindungen = field(default_factory=lambda: Bindungen(werte={}))
    gezeigt: list[Abbildung | Tabelle] = field(default_factory=list)
    nachweise: list[Nachweis] = field(default_factory=list)
    meldungen: Meldungen = field(default_factory=Meldungen)
    beilagen: dict[str, bytes] = field(default_factory=dict)
    beispiel: bool = False

    def text(self, name: str, bereich: str = "") -> str:
        """Ein Text der Ausgabe, mit eingesetzten Zahlen (zuerst denen des Bereichs)."""
        pfad = self.auftrag.angaben.text(name, self.auftrag.variante or None)
        if pfad is None:
            self.meldungen.dazu(_text_fehlt(self.auftrag, name))
            return ""
        return self.loese(pfad.read_text(encoding="utf-8"), self.projekt.relativ(pfad), bereich)

    def loese(self, text: str, datei: str, bereich: str = "") -> str:
        """Setzt gebundene Zahlen ein und merkt Nachweise und Befunde."""
        bindungen = self.bindungen.im_bereich(bereich)
        ergebnis = loese_auf(text, bindungen, datei, self._rechner(bereich), self.weitere)
        self.meldungen.alle(ergebnis.meldungen)
        self.nachweise += ergebnis.nachweise
        self.beispiel |= any(f"{{{{ {n}" in text and b.beispiel for n, b in bindungen.werte.items())
        return ergebnis.markdown.strip("\n")

    def _rechner(self, bereich: str) -> Nachrechnen | None:
        """Nachrechnen für das Gebiet des Bereichs, nie still für das des Berichts."""
        rechne = self.nachrechnen
        if rechne is None or not bereich:
            return rechne
        return lambda name: rechne(f"{bereich}:{name}")

    def stueck(self, g: Gegenstand) -> Stueck:
        """Ein Gegenstand mit allem, was er an Nachweisen und Befunden mitbringt."""
        return self._fange(lambda: self.markdown(g), g)

    def textstueck(self, text: str, datei: str) -> Stueck:
        """Eine Markdown-Zelle des Notizbuchs."""
        return self._fange(lambda: self.loese(text, datei), None)

    def _fange(self, schreibe: Callable[[], str], g: Gegenstand | None) -> Stueck:
        """Hält Nachweise und Befunde beim Stück, bis feststeht, ob es bleibt."""
        nachweise, meldungen = self.nachweise, self.meldungen
        self.nachweise, self.meldungen = [], Meldungen()
        try:
            return Stueck(schreibe(), g, self.nachweise, [*self.meldungen])
        finally:
            self.nachweise, self.meldungen = nachweise, meldungen

    def markdown(self, g: Gegenstand) -> str:
        """Das Markdown eines Gegenstands; legt nebenbei seine Beilagen an."""
        self.nachweise += nachweis.nachweise_von(g)
        if isinstance(g, Text):
            return self.text(g.name, g.bereich)
        if isinstance(g, Abbildung | Tabelle):
            self.lege_bei(g)
            schreiber: Any = rahmen.abbildung if isinstance(g, Abbildung) else rahmen.tabelle
            return str(schreiber(g, self.auftrag.stamm))
        if isinstance(g, Eckwerte):
            self.beispiel |= g.beleg.beispiel
            return rahmen.eckwerte(g)
        if isinstance(g, Verzeichnisse):
            return rahmen.verzeichnisse(g, self.gezeigt)
        for art, schreibe in _SCHREIBER.items():
            if isinstance(g, art):
                return str(schreibe(g))
        return rahmen.fehlt(g) if isinstance(g, Fehlt) else ""

    def lege_bei(self, g: Abbildung | Tabelle) -> None:
        """CSV, und bei Abbildungen SVG und Spezifikation."""
        self.beispiel |= g.beleg.beispiel
        csv = tabelle.als_csv(rahmen.modell(g), g.beleg)
        # mit Kennung am Anfang, sonst liest Excel die Umlaute falsch
        self.beilagen[f"daten/{g.label}.csv"] = csv.encode("utf-8-sig")
        if isinstance(g, Tabelle):
            return
        self.beilagen[f"abb/{g.label}.json"] = self.schreibe_spec(g.spec)
        try:
            self.beilagen[f"abb/{g.label}.svg"] = self.zeichne(g.spec).encode()
        except ValueError as fehler:
            self.meldungen.dazu(_nicht_zeichenbar(self.auftrag, g.label, str(fehler)))


_SCHREIBER: dict[Any, Callable[[Any], str]] = {
    Fliesstext: lambda g: g.markdown,
    Ueberschrift: rahmen.ueberschrift,
    Begriffe: rahmen.begriffe,
    Steckbriefe: rahmen.steckbriefe,
}


def _text_fehlt(auftrag: Auftrag, name: str) -> Meldung:
    ordner = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/texte"
    return Meldung(
        "text-fehlt",
        f"Das Notizbuch verlangt den Text „{name}“, den es nicht gibt.",
        datei=f"{ordner}/{name}.md",
        abhilfe=vorschlag(name, auftrag.angaben.textnamen(), sonst="Legen Sie die Datei an. Vorhanden sind: ")
        or f"Legen Sie die Datei im Ordner {ordner} an.",
    )


def _nicht_zeichenbar(auftrag: Auftrag, label: str, grund: str) -> Meldung:
    return Meldung(
        "abbildung-nicht-zeichenbar",
        f"Die Abbildung „{label}“ lässt sich nicht zeichnen.",
        datei=f"notebooks/{auftrag.notizbuch.name}" if auftrag.notizbuch else "",
        feld=label,
        ursache=grund,
        abhilfe="Prüfen Sie die Spezifikation der Abbildung im Notizbuch.",
    )
