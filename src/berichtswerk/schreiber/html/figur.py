"""Abbildungen, Tabellen, Eckwerte, Glossar und Kästen als HTML, mit den Klassen, die auch Quarto vergibt."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwert,
    Eckwerte,
    Quellen,
    Randnotiz,
    Randzahl,
    Steckbrief,
    Steckbriefe,
    Tabelle,
)
from berichtswerk.schreiber.html import text
from berichtswerk.schreiber.html.tabelle import ohne_gemeinsame_einheit
from berichtswerk.schreiber.html.tabelle import tabelle as als_tabelle
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, buchstaben
from berichtswerk.worte.belegzeilen import NUR_VERWEIS, ZEICHENERKLAERUNG
from berichtswerk.worte.sprache import gross

KENNUNG = "caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"
"""Die feste Kennung, die auch Quarto an Unterschriften hängt."""

DATEIEN = (
    ("SVG", "abb/{}.svg"),
    ("PNG", "abb/{}.png"),
    ("CSV", "daten/{}.csv"),
    ("ODS", "daten/{}.ods"),
    ("JSON", "abb/{}.json"),
)
"""Was zu einer Abbildung oder Tabelle herunterzuladen ist: Wort und Ort unter ``<stamm>/``."""
OFFENE_ZEILEN = 6
"""So viele Zeilen hat eine Tabelle höchstens, die auch auf dem Telefon gleich dasteht."""
KURZ = 40
"""So viele Zeichen hat höchstens, was in einer Liste vor dem Doppelpunkt für sich stehen kann."""


def rahmen(marke: str, name: str, titel: str, kern: str, *, stufe: int = 0, unterzeile: str = "") -> str:
    """Nummer, Befund (mit ``stufe`` als Überschrift), Unterzeile, dann das Bild oder die Tabelle.

    ``titel`` und ``kern`` sind HTML; ohne Befund ist der Titel die Unterschrift.
    """
    art, kennung = marke[:3], f"{marke}-{KENNUNG}"
    element = f"h{stufe}" if stufe else "span"
    zeile = (
        f'<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-{art}" '
        f'id="{kennung}">\n<span class="bw-abbnummer">{text(name)}<span class="bw-vorlesen">: </span></span>'
        f'\n<{element} class="bw-befund">{titel}</{element}>\n{unterzeile}</figcaption>'
    )
    if art == "fig":
        klasse = "quarto-float quarto-figure anchored"
        kern = f'<div aria-describedby="{kennung}">\n{kern}\n</div>'
    else:
        klasse = "quarto-float anchored"
    auf = f'<div id="{marke}" class="{klasse}">\n<figure class="quarto-float quarto-float-{art} figure">'
    return "\n".join([auf, zeile, kern, "</figure>\n</div>"])


def rollbereich(tabelle: str, beschriftet_durch: str = "", name: str = "") -> str:
    """Rollbarer Bereich um eine Tabelle: mit der Tastatur erreichbar und benannt."""
    if beschriftet_durch:
        angabe = f'aria-labelledby="{beschriftet_durch}"'
    else:
        angabe = f'aria-label="{escape(name or "Tabelle, waagerecht verschiebbar")}"'
    return f'<div class="bw-rollbereich" role="group" tabindex="0" {angabe}>\n{tabelle}\n</div>'


def figur(g: Abbildung | Tabelle, name: str, kern: str, stufe: int) -> str:
    """Eine Abbildung oder Tabelle im Rahmen: ihr Befund ist die Überschrift."""
    if not g.befund:
        return rahmen(g.label, name, text(g.unterschrift), kern)
    darunter = weiter(g) + _unterzeile(g.unterschrift)
    return rahmen(g.label, name, text(g.befund), kern, stufe=stufe, unterzeile=darunter)


def weiter(g: Abbildung | Tabelle) -> str:
    """Die Sätze unter dem Befund; leer, wenn er alles sagt."""
    saetze = g.weiter if isinstance(g, Abbildung) else ""
    return f'<p class="bw-weiter">{text(saetze)}</p>\n' if saetze else ""


def _unterzeile(unterschrift: str) -> str:
    """Was, wo, wann, Einheit."""
    return f'<p class="bw-unterzeile">{text(unterschrift)}</p>\n'


def bild(a: Abbildung, stamm: str, zeichnung: str) -> str:
    """Das Bild allein: die Zeichnung, sonst die Datei."""
    if zeichnung:
        return f'<div class="bw-bild" role="img" aria-label="{escape(a.alt)}">\n{zeichnung}\n</div>'
    quelle = f"{escape(stamm)}/abb/{a.label}.svg"
    return f'<img src="{quelle}" class="img-fluid figure-img" alt="{escape(a.alt)}">'


def tafel(t: Tabelle) -> str:
    """Die Tabelle im Rollbereich, darunter ihre Zeichen; eine längere ist auf dem Telefon zugeklappt."""
    bereich = rollbereich(als_tabelle(t.tabelle, orte=bool(t.wahl)), f"{t.label}-{KENNUNG}")
    bereich = "\n".join(teil for teil in (bereich, zeichen(t.beleg)) if teil)
    lang = len(t.tabelle.zeilen) > OFFENE_ZEILEN and not t.wahl  # wer wählt, will die Wahl sehen
    return klappe("Tabelle zeigen", bereich) if lang else bereich


def klappe(titel: str, inhalt: str, wozu: str = "") -> str:
    """Was nur auf dem Telefon zugeklappt ist; ``wozu`` hört nur, wer sich vorlesen lässt."""
    return f'<details class="bw-klappe"><summary>{text(titel)}{leise(wozu)}</summary>\n{inhalt}\n</details>'


def werkzeuge(label: str, name: str, stamm: str, beilagen: Collection[str]) -> str:
    """Was man mit einer Abbildung oder Tabelle tun kann: ihre Adresse und jede Datei, die zu ihr beiliegt."""
    eigene = f"{escape(stamm)}/{label}.html" if f"{label}.html" in beilagen else f"#{label}"
    punkte = [(eigene, "Link", f"zu {name}", "")]
    punkte += [
        (f"{escape(stamm)}/{muster.format(label)}", wort, f"zu {name} herunterladen", " download")
        for wort, muster in DATEIEN
        if muster.format(label) in beilagen
    ]
    zeilen = [
        f'<li><a href="{ziel}"{laden}>{wort}<span class="bw-vorlesen"> {text(wozu)}</span></a></li>'
        for ziel, wort, wozu, laden in punkte
    ]
    return "\n".join(
        [f'<ul class="bw-werkzeug" aria-label="{escape(name)} weiterverwenden">', *zeilen, "</ul>"]
    )


def daten(a: Abbildung, name: str) -> str:
    """Die Zahlen hinter dem Bild als Tabelle, zugeklappt."""
    return _falte("Tabelle zeigen", f"mit den Zahlen zu {name}", zahlen(a, name))


def zahlen(g: Abbildung | Tabelle, name: str) -> str:
    """Die Zahlen als Tabelle im Rollbereich; eine Einheit, die für alle gilt, steht einmal darüber."""
    modell, einheit = ohne_gemeinsame_einheit(g.daten if isinstance(g, Abbildung) else g.tabelle)
    davor = f'<p class="bw-quelle bw-einheit">Einheit: <span>{text(einheit)}</span></p>\n' if einheit else ""
    orte = isinstance(g, Tabelle) and bool(g.wahl)
    return davor + rollbereich(als_tabelle(modell, orte=orte), name=f"Zahlen zu {name}")


def woher(g: Abbildung | Tabelle, name: str, weg: str) -> str:
    """Woher die Zahlen kommen, zugeklappt: Begriffe, Quellen, Hinweise und (``weg``) jede einzelne Zahl."""
    inhalt = belege(g.beleg, weg)
    return _falte("Woher kommt die Zahl?", f"Quellen und Begriffe zu {name}", inhalt) if inhalt else ""


def belege(b: Beleg, weg: str = "") -> str:
    """Begriffe, Quellen und Hinweise als Begriffsliste; leer, wenn es nichts davon gibt."""
    paare = [(e.name, text(e.text)) for e in b.begriffe]
    wort = "Begriffe" if b.definition == NUR_VERWEIS else "Begriff"
    paare += [(wort, text(b.definition))] if b.definition and not b.begriffe else []
    for q in b.quellen:
        wort, _, rest = q.zeile.partition(": ")
        paare.append((wort, text(rest)) if rest else ("Quelle", text(q.zeile)))
    for hinweis in b.hinweise:
        wort, _, rest = hinweis.partition(": ")
        if rest and f"{wort}:" != ZEICHENERKLAERUNG:  # ein Zeichen bleibt klein
            rest = gross(rest)
        paare.append((wort, text(rest)) if rest and len(wort) < KURZ else ("Hinweis", text(hinweis)))
    if weg:
        paare.append(("Weg der Zahl", weg))
    nach_wort: dict[str, list[str]] = {}
    for wort, inhalt in paare:
        nach_wort.setdefault(wort, []).append(inhalt)
    liste = "\n".join(
        f"<dt>{text(wort)}</dt>\n{''.join(f'<dd>{i}</dd>' for i in _ohne_anfaenge(liste))}"
        for wort, liste in nach_wort.items()
    )
    return f'<dl class="bw-woher">\n{liste}\n</dl>' if paare else ""


def _ohne_anfaenge(saetze: Sequence[str]) -> list[str]:
    """Ein Satz, mit dem ein anderer beginnt, sagt nichts Eigenes: „Pflegegrade statt Pflegestufen.“"""

    def geht_weiter(s: str) -> bool:
        anfang = re.compile(rf"{re.escape(s.removesuffix('.'))}(?:[.;:]|,? )")
        return any(t != s and anfang.match(t) for t in saetze)

    return [s for nr, s in enumerate(saetze) if s not in saetze[:nr] and not geht_weiter(s)]


def _falte(titel: str, wozu: str, inhalt: str) -> str:
    return f'<details class="bw-falte"><summary>{text(titel)}{leise(wozu)}</summary>\n{inhalt}\n</details>'


def leise(wozu: str) -> str:
    """Ein Zusatz, den nur hört, wer sich vorlesen lässt: Damit ist ein Link auch allein verständlich."""
    return f'<span class="bw-vorlesen"> {text(wozu)}</span>' if wozu else ""


def zeichen(b: Beleg) -> str:
    """Was die Zeichen einer Tabelle bedeuten."""
    saetze = (h for h in b.hinweise if h.startswith(ZEICHENERKLAERUNG))
    return "\n".join(f'<p class="bw-quelle">{text(s)}</p>' for s in saetze)


def am_bild(a: Abbildung) -> str:
    """Was die Buchstaben an den Zahlen eines Bildes heißen."""
    if not (zeichen := "; ".join(buchstaben(a.daten))):
        return ""
    return f'\n<p class="bw-quelle">{text(f"{ZEICHENERKLAERUNG} {zeichen}.")}</p>'


def quelle(zeile: str, *, beispiel: bool) -> str:
    """Die Quellenzeile; ihre Nummern führen zum Verzeichnis. Beispieldaten zuerst."""
    marke = f"<strong>{text(BEISPIELSATZ[0])}</strong>. " if beispiel else ""
    worte = re.sub(r"\bQ(\d+)\b", r'<a href="#quelle-\1">Q\1</a>', text(zeile))
    worte = re.sub(r"\bR(\d+)\b", r'<a href="#rechnung-\1">R\1</a>', worte)
    return f'<p class="bw-quelle">{marke}{worte}</p>' if marke or worte else ""


def notizen(alle: Sequence[Randnotiz]) -> str:
    """Notizen am Rand; auf dem Telefon stehen zuerst nur ihre Titel da."""
    titel = '<div class="bw-notiz">\n<p class="bw-notiz-titel">{}</p>\n<p>{}</p>\n</div>'
    teile = [titel.format(text(n.titel), text(n.text)) for n in alle]
    return klappe("Anmerkung: " + ", ".join(n.titel for n in alle), "\n".join(teile)) if teile else ""


def zahl(z: Randzahl, element: str = "p") -> str:
    """Eine große Zahl und was sie zählt."""
    return f'<{element} class="bw-randzahl"><strong>{text(z.zahl)}</strong> {text(z.text)}</{element}>'


def quellen(q: Quellen, stufe: int) -> str:
    """Das Quellenverzeichnis mit Sprungmarken ``quelle-1``, ``quelle-2`` …"""
    zeilen = []
    for a in q.eintraege:
        marke = f"<strong>{text(BEISPIELSATZ[0])}</strong>. " if a.beispiel else ""
        lang = ". ".join(t for t in (a.lang or a.kurz, a.nennung) if t)
        zeilen.append(f'<dt id="{a.anker}">{a.nummer}</dt>\n<dd>{marke}{text(lang)}</dd>')
    liste = klappe("Alle Quellen zeigen", "\n".join(["<dl>", *zeilen, "</dl>"]))
    kopf = f'<h{stufe} class="bw-hinten">Quellen</h{stufe}>'
    return f'<div class="bw-quellen">\n{kopf}\n{liste}\n</div>' if zeilen else ""


def eckwerte(e: Eckwerte) -> str:
    """Begriffsliste: erst der Wert, dann Stand, Richtung und Vergleichsgebiete; ohne Quellenzeile."""
    alle = all(eintrag.beispiel for eintrag in e.eintraege)  # dann sagt es der Beleg einmal für alle
    karten = "\n".join(_eckwert(eintrag, marke=not alle) for eintrag in e.eintraege)
    return f'<dl class="bw-eckwerte">\n{karten}\n</dl>'


def _eckwert(e: Eckwert, *, marke: bool) -> str:
    wert, *weitere = e.angaben()
    zahlwort, klammer, spanne = wert.partition(" (")
    gross_ = text(zahlwort) + (f' <span class="bw-spanne">({text(spanne)}</span>' if klammer else "")
    zeilen = [f"<dd>{gross_}</dd>", *(f"<dd>{text(a)}</dd>" for a in weitere)]
    if e.beispiel and marke:
        zeilen.append(f"<dd><strong>{text(BEISPIELSATZ[0])}</strong>{text(BEISPIELSATZ[1])}</dd>")
    return "\n".join(["<div>", f"<dt>{text(e.name)}</dt>", *zeilen, "</div>"])


def begriffe(b: Begriffe) -> str:
    """Glossar als Begriffsliste."""
    zeilen = []
    for e in b.eintraege:
        zusatz = f"<p>{text(e.fallen)}</p>" if e.fallen else ""
        zeilen.append(f"<dt>{text(e.name)}</dt>\n<dd>\n<p>{text(e.text)}</p>{zusatz}\n</dd>")
    liste = "\n".join(["<dl>", *zeilen, "</dl>"])
    return f'<div class="bw-begriffe">\n{klappe("Alle Begriffe zeigen", liste)}\n</div>'


def steckbriefe(s: Steckbriefe) -> str:
    """Je Steckbrief ein Rahmen mit Name und Begriffsliste."""
    return "\n".join(_steckbrief(e) for e in s.eintraege)


def _steckbrief(e: Steckbrief) -> str:
    einheit = f" ({text(e.einheit)})" if e.einheit else ""
    felder = "\n".join(f"<dt>{text(name)}</dt>\n<dd>{text(wert)}</dd>" for name, wert in e.felder)
    kopf = f"<p><strong>{text(e.name)}</strong>{einheit}</p>"
    beschreibung = klappe("Beschreibung zeigen", f"<dl>\n{felder}\n</dl>")
    return f'<div class="bw-steckbrief">\n{kopf}\n{beschreibung}\n</div>'


def kasten(art: str, titel: str, inhalt: str) -> str:
    """Ein Kasten; ``titel`` und ``inhalt`` sind HTML."""
    return (
        f'<div class="callout callout-style-default callout-{art} callout-titled" role="note">\n'
        '<div class="callout-header d-flex align-content-center">\n'
        '<div class="callout-icon-container" aria-hidden="true"><i class="callout-icon"></i></div>\n'
        f'<div class="callout-title-container flex-fill">\n{titel}\n</div>\n</div>\n'
        f'<div class="callout-body-container callout-body">\n{inhalt}\n</div>\n</div>'
    )
