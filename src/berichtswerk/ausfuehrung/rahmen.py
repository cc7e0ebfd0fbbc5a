"""Von den Gegenständen der Darstellung zum Markdown, das Quarto und der eingebaute Satz verstehen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwert,
    Eckwerte,
    Fehlt,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.tabelle.tabelle import als_html, maskiere

_NUR_HTML = '.content-visible when-format="html"'
BEISPIEL = "**Beispieldaten**, keine amtlichen Zahlen."


def abbildung(a: Abbildung, stamm: str) -> str:
    """Befund, Abbildung mit Unterschrift, Beleg und die Daten dahinter."""
    alt = re.sub(r"\s+", " ", a.alt).replace("\\", "\\\\").replace('"', '\\"')
    figur = f'![]({stamm}/abb/{a.label}.svg){{fig-alt="{alt}"}}\n\n{maskiere(a.unterschrift)}'
    daten = [
        _roh_html(als_html(a.daten)),
        f"[Daten als CSV-Datei]({stamm}/daten/{a.label}.csv) · "
        f"[Spezifikation der Abbildung (JSON)]({stamm}/abb/{a.label}.json)",
    ]
    return _figur(
        a.befund, _div(f"#{a.label}", figur), _beleg(a.beleg), _daten(a.label, a.unterschrift, daten)
    )


def tabelle(t: Tabelle, stamm: str) -> str:
    """Befund, Tabelle mit Überschrift, Beleg und CSV."""
    kern = f"{_roh_html(als_html(t.tabelle))}\n\n{maskiere(t.unterschrift)}"
    daten = [f"[Daten als CSV-Datei]({stamm}/daten/{t.label}.csv)"]
    return _figur(
        t.befund, _div(f"#{t.label}", kern), _beleg(t.beleg), _daten(t.label, t.unterschrift, daten)
    )


def eckwerte(e: Eckwerte) -> str:
    """Begriffsliste: erst der Wert, dann Stand, Richtung und Vergleichsgebiete."""
    alle = all(eintrag.beispiel for eintrag in e.eintraege)  # dann sagt es der Beleg einmal für alle
    liste = "\n\n".join(_eckwert(eintrag, marke=not alle) for eintrag in e.eintraege)
    return "\n\n".join(teil for teil in (_div(".bw-eckwerte", liste), _beleg(e.beleg)) if teil)


def _eckwert(e: Eckwert, *, marke: bool) -> str:
    angaben = [e.wert]
    stand = f"Stand {e.stand}" if e.stand and not e.stand.startswith("Vorausrechnung") else e.stand
    angaben += [", ".join(t for t in (e.richtung, stand) if t)]
    angaben += [f"{v.name}: {v.wert}" for v in e.vergleiche]
    zeilen = [f":   {maskiere(a)}" for a in angaben if a] + (
        [f":   {BEISPIEL}"] if e.beispiel and marke else []
    )
    return "\n\n".join([maskiere(e.name), *zeilen]).replace("\n\n:   ", "\n:   ", 1)


def fehlt(f: Fehlt) -> str:
    """Ein Kasten, der sagt, was sich nicht zeigen lässt."""
    return _div(".callout-note", f"## Dazu liegen keine Daten vor\n\n{maskiere(f.grund)}")


def ueberschrift(u: Ueberschrift) -> str:
    """Eine Überschrift mit Marke."""
    angaben = [f"#{u.marke}"] * bool(u.marke) + [".bw-neue-seite"] * u.neue_seite
    angaben += [".unnumbered"] * (not u.gezaehlt)
    anker = f" {{{' '.join(angaben)}}}" if angaben else ""
    return f"{'#' * u.ebene} {maskiere(u.text)}{anker}"


def begriffe(b: Begriffe) -> str:
    """Begriffsliste; was leicht missverstanden wird, nur auf der Webseite."""
    eintraege = []
    for e in b.eintraege:
        zeilen = [maskiere(e.name), f":   {maskiere(e.text)}"]
        if e.fallen:
            zeilen += ["", *(f"    {z}" for z in (f"::: {{{_NUR_HTML}}}", maskiere(e.fallen), ":::"))]
        eintraege.append("\n".join(zeilen))
    return "\n\n".join(["::: {.bw-begriffe}", *eintraege, ":::"])


def steckbriefe(s: Steckbriefe) -> str:
    """Je Steckbrief ein Rahmen mit Kopfzeile und Begriffsliste."""
    texte = []
    for e in s.eintraege:
        liste = "\n\n".join(f"{name}\n:   {maskiere(text)}" for name, text in e.felder)
        einheit = f" ({maskiere(e.einheit)})" if e.einheit else ""
        texte.append(f"::: {{.bw-steckbrief}}\n**{maskiere(e.name)}**{einheit}\n\n{liste}\n:::")
    return "\n\n".join(texte)


def verzeichnisse(v: Verzeichnisse, gezeigt: Sequence[Abbildung | Tabelle]) -> str:
    """Listen der Abbildungen und Tabellen mit Querverweis (nur HTML; das PDF baut sie selbst)."""
    teile = []
    for art, titel, klasse in (
        ("abbildungen", "Abbildungen", Abbildung),
        ("tabellen", "Tabellen", Tabelle),
    ):
        eintraege = [g for g in gezeigt if isinstance(g, klasse)]
        if art in v.welche and eintraege:
            zeilen = "\n".join(f"- @{g.label}: {maskiere(g.unterschrift)}" for g in eintraege)
            teile.append(f"**{titel}**\n\n{zeilen}")
    return _div(f".bw-verzeichnisse {_NUR_HTML}", "\n\n".join(teile)) if teile else ""


def modell(g: Abbildung | Tabelle) -> Tabellenmodell:
    """Die Tabelle hinter einem Gegenstand, für die CSV-Datei."""
    return g.daten if isinstance(g, Abbildung) else g.tabelle


def _figur(befund: str, *teile: str) -> str:
    kopf = [_div(".bw-befund", maskiere(befund))] if befund else []
    return _div(".bw-figur", "\n\n".join([*kopf, *(t for t in teile if t)]), 4)


def _beleg(b: Beleg) -> str:
    absaetze = [BEISPIEL] if b.beispiel else []
    absaetze += ["  \n".join(maskiere(q.zeile) for q in b.quellen)] if b.quellen else []
    absaetze += [maskiere(b.definition)] if b.definition else []
    absaetze += [maskiere(h) for h in b.hinweise]
    return _div(".bw-beleg", "\n\n".join(absaetze)) if absaetze else ""


def _daten(label: str, unterschrift: str, teile: Sequence[str]) -> str:
    titel = "Daten zur Abbildung" if label.startswith("fig-") else "Daten der Tabelle"
    zeile = re.sub(r"\s+", " ", unterschrift).replace("\\", "").replace('"', "„")
    attribute = f'.bw-daten {_NUR_HTML} titel="{titel}: {zeile}"'
    return _div(attribute, "\n\n".join(teile))


def _div(attribute: str, inhalt: str, doppelpunkte: int = 3) -> str:
    zaun = ":" * doppelpunkte
    return f"{zaun} {{{attribute}}}\n{inhalt}\n{zaun}"


def _roh_html(html: str) -> str:
    return f"```{{=html}}\n{html.strip()}\n```"
