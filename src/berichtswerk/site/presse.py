"""Für die Presse: neben jedem Bericht mit Kurzbotschaften eine Seite, von der alles zu haben ist.

Die Seite und das Bild zum Teilen gibt es immer. Text als DOCX und PDF, Folien und Einfache Sprache liegen
daneben, sobald die Ausgabe beschlossen ist oder ``beilagen: online`` es sagt: sie zu setzen kostet Zeit, und
vor dem Beschluss braucht sie niemand von dort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.bild.teilbild import PasstNicht, Teilbild, hole
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.satz.beilagen import (
    Beilage,
    eigener_text,
    hat_botschaften,
    lies_beilage,
    schreibe_beilage,
    teilbild_zu,
)
from berichtswerk.schreiber.html import rumpf
from berichtswerk.schreiber.html.seite import Verweis, rahme
from berichtswerk.site.seiten import Umgebung, lesbar

SEITE, BILD, BILDTEXT = "presse.html", "vorschau.png", "vorschau.txt"
TITEL = "Für die Presse"
_KONTAKT = re.compile(r'<section id="rückfragen".*?</section>\n', re.DOTALL)
"""Wen man fragen kann, steht mit dem Bild am Rand."""


def _orte(auftrag: Auftrag) -> dict[str, str]:
    """Was neben der Seite liegt, in dieser Folge, und wie es heißt; die Vorlage gehört nicht dazu."""
    stamm = auftrag.stamm
    return {
        f"{stamm}-presse.pdf": "Text als PDF", f"{stamm}-presse.docx": "Text als Word-Dokument",
        f"{stamm}-folien.pdf": "Folien als PDF", f"{stamm}-folien.pptx": "Folien als PowerPoint-Datei",
        f"{stamm}-einfach.pdf": "In Einfacher Sprache als PDF",
        f"{stamm}-einfach.docx": "In Einfacher Sprache als Word-Dokument",
        BILD: "Bild zum Teilen", f"{stamm}-bild-quadrat.png": "Bild, quadratisch",
    }  # fmt: skip


def lege_presse_bei(umgebung: Umgebung, ausgefuehrt: Ausgefuehrt, u: Uebergabe) -> Meldungen:
    """Legt zu den Beilagen der Site die Seite, das Bild und, wo es sie gibt, die Dateien; ihre Befunde.

    Was Fehler hat, fehlt; ohne fehlerfreien Text für die Presse gibt es auch die Seite nicht.
    """
    auftrag, projekt, meldungen = ausgefuehrt.auftrag, umgebung.projekt, Meldungen()
    if auftrag.variante or auftrag.gestalt != "bericht" or not hat_botschaften(projekt, ausgefuehrt):
        return meldungen

    def lies(art: str) -> Beilage | None:
        beilage = lies_beilage(projekt, ausgefuehrt, art, verlangt=False)
        if isinstance(beilage, Meldungen):
            meldungen.neue(beilage)
            return None
        meldungen.neue(beilage.meldungen)
        u.nachgelesen = tuple(dict.fromkeys([*u.nachgelesen, *beilage.gelesen.uebergabe.nachgelesen]))
        return None if beilage.meldungen.fehler else beilage

    presse, bild = lies("presse"), lies("bild")
    if presse is None:
        return meldungen
    teilbild = teilbild_zu(projekt, bild) if bild else None
    if teilbild:
        try:
            u.beilagen |= {BILD: hole(projekt, teilbild), BILDTEXT: f"{teilbild.alternativtext}\n".encode()}
        except PasstNicht:  # geteilte Links zeigen dann den Titel; „beilagen“ sagt es
            teilbild = None
    dateien: dict[str, bytes] = {}
    if ist_online(auftrag):
        eigene = ["einfach"] * eigener_text(auftrag, "einfach").is_file()
        weitere = [presse, bild, *map(lies, ["folien", *eigene])]
        for beilage in (b for b in weitere if b is not None):
            try:
                dateien |= dict(schreibe_beilage(projekt, beilage))
            except BerichtswerkFehler as fehler:
                meldungen.neue(fehler.meldungen)
            meldungen.neue(beilage.meldungen)
    orte = _orte(auftrag)
    u.beilagen |= {n: inhalt for n, inhalt in dateien.items() if n in orte}
    u.beilagen[SEITE] = _seite(umgebung, auftrag, presse, teilbild, u.beilagen).encode()
    return meldungen


def ist_online(auftrag: Auftrag) -> bool:
    """Ob die Beilagen dieser Ausgabe auf der Site liegen."""
    return auftrag.status in {"beschlossen", "veroeffentlicht"} or auftrag.angaben.datei.beilagen.online


def _seite(
    umgebung: Umgebung, auftrag: Auftrag, presse: Beilage, bild: Teilbild | None, dateien: Mapping[str, bytes]
) -> str:
    m = presse.gelesen.manuskript
    kontext = umgebung.einzelseite(auftrag, "presse", m.kopf.titel, TITEL)
    weg, name = tuple(_downloads(auftrag, dateien)), umgebung.kreis.name
    kontext = replace(kontext, downloads=weg, titel_zusatz=name, bildtext=bild.alternativtext if bild else "")
    inhalt = rumpf.schreibe(m)
    kontakt = _KONTAKT.search(inhalt)
    rand = kontakt[0] if kontakt else ""
    if bild:
        rand += (
            f'<section>\n<h2>Bild zum Teilen</h2>\n<p><img src="{BILD}" width="1200" height="630" '
            'alt="Das Bild; was darauf steht, folgt als Text."></p>\n'
            f"<p>Alternativtext zum Übernehmen: {escape(bild.alternativtext)}</p>\n</section>\n"
        )
    inhalt = _KONTAKT.sub("", inhalt)
    return rahme(
        f'<div class="bw-einzeln">\n<div>\n{inhalt}</div>\n<div>\n{rand}</div>\n</div>\n', m.kopf, kontext
    )


def _downloads(auftrag: Auftrag, dateien: Mapping[str, bytes]) -> Iterator[Verweis]:
    for ort, name in _orte(auftrag).items():
        if (inhalt := dateien.get(ort)) is not None:
            zusatz = f"{ort.rsplit('.', 1)[1].upper()}, {lesbar(len(inhalt))}"
            yield Verweis(name, f"{auftrag.ziel}/{ort}", zusatz, herunterladen=True)


def verweis(auftrag: Auftrag, u: Uebergabe) -> Iterator[Verweis]:
    """Der Verweis auf die Seite im Kasten „Herunterladen“ des Berichts; keiner, wo es sie nicht gibt."""
    if SEITE in u.beilagen:
        mit = "Seite mit Text, Folien und Bild" if ist_online(auftrag) else "Seite mit Text und Bild"
        yield Verweis(TITEL, f"{auftrag.ziel}/{SEITE}", mit)


def bildtext(u: Uebergabe) -> str:
    """Was das Bild für geteilte Links sagt; leer, wenn es nur den Titel zeigt."""
    return u.beilagen.get(BILDTEXT, b"").decode().strip()
