"""Wie ein Gegenstand im Notizbuch erscheint: als Übergabe für den Lauf, lesbar für Menschen in JupyterLab."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.tabelle.tabelle import BEISPIEL, als_markdown, maskiere

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Sicht


def im_lauf() -> bool:
    """Ob die Ausführung läuft; dann gibt eine Zelle nur die Übergabe aus und zeichnet nichts."""
    return os.environ.get("BERICHTSWERK_LAUF") == "1"


class Anzeige:
    """Ein Gegenstand, der sich am Ende einer Zelle selbst zeigt; nie als ``text/html``."""

    offen: ClassVar[dict[int, Anzeige]] = {}
    """Was im laufenden Notizbuch angelegt und noch nicht gezeigt ist: was bleibt, fehlte im Bericht."""

    def __init__(self, gegenstand: u.Gegenstand, sicht: Sicht, lies: Callable[[], str] | None = None) -> None:
        self.gegenstand = gegenstand
        self._sicht = sicht
        self._lies = lies
        if im_lauf():
            self.offen[id(self)] = self

    def __repr__(self) -> str:
        return kurztext(self.gegenstand)

    @property
    def name(self) -> str:
        """Wie eine Meldung den Gegenstand nennt: mit Label, Titel oder Art."""
        g = self.gegenstand
        if isinstance(g, u.Ueberschrift):
            return f"Überschrift „{g.text}“"
        return getattr(g, "label", "") or (kurztext(g) if isinstance(g, u.Text) else g.art.capitalize())

    @property
    def chart(self) -> Any:
        """Die Abbildung als Altair-Chart mit den Farben der Marke, zum Ändern und Zurückgeben.

        Beispiel:
            >>> chart = b.linie("arbeitslosenquote", label="fig-quote").chart
            >>> b.abbildung(chart.mark_line(strokeDash=[4, 2]), label="fig-quote")

        Raises:
            AttributeError: es ist keine Abbildung.
        """
        from berichtswerk.bild.frei import vorlage

        if not isinstance(self.gegenstand, u.Abbildung):
            raise AttributeError(f"Nur eine Abbildung hat einen Chart; dies ist: {kurztext(self.gegenstand)}")
        self.offen.pop(id(self), None)
        self._sicht.register.vorlagen[self.gegenstand.label] = self.gegenstand
        return vorlage(self.gegenstand, self._sicht.thema)

    def buendel(self) -> dict[str, Any]:
        """Was der Lauf aus der Zelle liest."""
        return {u.MIME: u.als_json(self.gegenstand), "text/plain": kurztext(self.gegenstand)}

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        self.offen.pop(id(self), None)
        for stueck in [self.buendel()] if im_lauf() else self.stuecke():
            publish_display_data(stueck)  # type: ignore[no-untyped-call]

    def stuecke(self) -> list[dict[str, Any]]:
        """Für JupyterLab: Befund, Bild oder Tabelle, Beleg; neben dem Bild steht, was es zeigt.

        Werte und Nachweise bleiben dem Lauf vorbehalten, damit gespeicherte Notizbücher klein sind.
        """
        g = self.gegenstand
        kurz = kurztext(g)
        if isinstance(g, u.Abbildung):
            from berichtswerk.bild.motiv import spezifikation_von
            from berichtswerk.bild.svg import als_datei

            gezeigt: dict[str, Any] = {"art": g.art, "label": g.label, "alt": g.alt, "form": g.form}
            gezeigt |= {"motiv": g.motiv} if g.motiv else {"spec": g.spec}
            svg = als_datei(spezifikation_von(g, self._sicht.thema), self._sicht.thema.marke)
            bild = {"image/svg+xml": svg, u.MIME: gezeigt, "text/plain": kurz}
            return [_markdown(f"**{maskiere(g.befund)}**"), bild, _markdown(_unter(g.unterschrift, g.beleg))]
        if isinstance(g, u.Tabelle):
            oben = _markdown(f"*{maskiere(g.unterschrift)}*")
            tafel = {"text/markdown": als_markdown(g.tabelle), "text/plain": kurz}
            return [oben, tafel, _markdown(_unter("", g.beleg))]
        text = self._lies() if self._lies else lesetext(g)
        return [{"text/markdown": text, "text/plain": kurz}] if text else [{"text/plain": kurz}]


def lesetext(g: u.Gegenstand) -> str:
    """Markdown zum Lesen in JupyterLab."""
    if isinstance(g, u.Eckwerte):
        return eckwerte_markdown(g)
    if isinstance(g, u.Ueberschrift):
        return f"{'#' * g.ebene} {maskiere(g.text)}"
    if isinstance(g, u.Begriffe):
        return "\n".join(f"- **{maskiere(e.name)}**: {maskiere(e.text)}" for e in g.eintraege)
    if isinstance(g, u.Steckbriefe):
        return "\n\n".join(_steckbrief(e) for e in g.eintraege)
    return g.grund if isinstance(g, u.Fehlt) else getattr(g, "markdown", "")


def _steckbrief(e: u.Steckbrief) -> str:
    einheit = f" ({maskiere(e.einheit)})" if e.einheit else ""
    felder = "\n".join(f"- *{name}*: {maskiere(text)}" for name, text in e.felder)
    return f"**{maskiere(e.name)}**{einheit}\n\n{felder}"


def _markdown(text: str) -> dict[str, Any]:
    return {"text/markdown": text, "text/plain": text[:80]}


def _unter(unterschrift: str, beleg: u.Beleg) -> str:
    """Unterschrift; Quellenzeile; Definition und Hinweise in einem Absatz."""
    quellen = " ".join(maskiere(q.zeile) for q in beleg.quellen)
    rest = " ".join(maskiere(t) for t in (beleg.definition, *beleg.hinweise) if t)
    marke = f"**{BEISPIEL}**" if beleg.beispiel else ""
    return "\n\n".join(t for t in (marke, maskiere(unterschrift), quellen, rest) if t)


def eckwerte_markdown(eckwerte: u.Eckwerte) -> str:
    """Die Eckwerte als Liste."""
    zeilen = []
    for e in eckwerte.eintraege:
        vergleiche = "; ".join(f"{v.name}: {v.wert}" for v in e.vergleiche)
        rest = " · ".join(t for t in (e.stand, e.richtung, vergleiche, BEISPIEL if e.beispiel else "") if t)
        zeilen.append(f"- **{maskiere(e.name)}: {maskiere(e.wert)}** {maskiere(rest)}")
    return "\n".join([*zeilen, "", _unter("", eckwerte.beleg)])


def luecken_markdown(gruende: Sequence[str]) -> str:
    """Was fehlt, als Liste; leer, wenn nichts fehlt."""
    zeilen = dict.fromkeys(f"- {maskiere(grund)}" for grund in gruende)
    return "\n".join(["Nicht dargestellt:", "", *zeilen]) if zeilen else ""


def quellen_markdown(angaben: Sequence[u.Quellenangabe]) -> str:
    """Das Quellenverzeichnis als Liste."""
    return "\n".join(f"- {maskiere(a.lang)}; {maskiere(a.nennung)}" for a in angaben)


def kurztext(g: u.Gegenstand) -> str:
    """Eine Zeile über den Gegenstand, für ``text/plain``."""
    if isinstance(g, u.Abbildung | u.Tabelle):
        return f"{g.label}: {g.befund or g.unterschrift}"
    if isinstance(g, u.Fehlt):
        return f"{g.label}: {g.grund}" if g.label else g.grund
    if isinstance(g, u.Text):
        return f"Text „{g.name}“"
    if isinstance(g, u.Eckwerte):
        return f"{len(g.eintraege)} Eckwerte"
    if isinstance(g, u.Bindungen):
        return f"{len(g.werte)} gebundene Namen"
    return getattr(g, "markdown", f"Platz für: {g.art}")[:80]
