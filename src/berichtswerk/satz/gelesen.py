"""Ein Bericht, gelesen und geprüft: der eine Weg zu allen Befunden, den jede Tür nimmt.

``render``, die Vorschau, der Vorlauf von Quarto und ``pruefen texte`` rufen :func:`lies_bericht` und finden
dasselbe, mit demselben Wortlaut, an derselben Stelle: Bindungen und Zahlen (``ausfuehrung.textpruefung``),
die Form der Datei (``satz.form``), Verweise, Bilder, Anlagen und Literatur (``satz.manuskript``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.ausfuehrung.uebergabe import Bild, Uebergabe, Zeichenwerk, uebergib
from berichtswerk.gegenstand.gegenstaende import Abbildung
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import form
from berichtswerk.satz.manuskript import Manuskript, lies


class TextUnbenutzt(Befundart):
    text = "Diesen Text zeigt kein Notizbuch."
    ursache = 'Keine Zelle nennt b.text("{name}").'
    abhilfe = "Nehmen Sie den Text ins Notizbuch auf oder löschen Sie die Datei."
    stufe = Stufe.WARNUNG


class TextLeer(Befundart):
    text = "Dieser Text ist leer."
    ursache = "Das Notizbuch zeigt ihn, aber es steht nichts darin."
    abhilfe = "Schreiben Sie den Text oder nehmen Sie ihn aus dem Notizbuch."
    stufe = Stufe.WARNUNG


class Gelesen(NamedTuple):
    """Ein Bericht vor dem Schreiben."""

    uebergabe: Uebergabe
    manuskript: Manuskript
    meldungen: Meldungen


def lies_bericht(projekt: Projekt, ausgefuehrt: Ausgefuehrt, zeichner: Zeichenwerk | None = None) -> Gelesen:
    """Übergibt und liest einen ausgeführten Auftrag; alle Befunde stehen darin, jeder einmal."""
    auftrag = ausgefuehrt.auftrag
    uebergabe = uebergib(projekt, ausgefuehrt, zeichner)
    manuskript, befunde = lies(uebergabe.dokument, projekt, auftrag.ordner, Ablage.von(projekt))
    uebergabe.beilagen |= manuskript.dateien
    meldungen = Meldungen()
    meldungen.neue([*uebergabe.meldungen, *befunde, *_leer(projekt, uebergabe.texte)])
    meldungen.neue(_beschreibung(projekt, auftrag))
    return Gelesen(uebergabe, manuskript, meldungen)


class Ungezeichnet(Zeichenwerk):
    """Zeichnet nichts: zum Prüfen genügt, dass eine Abbildung dasteht."""

    def __init__(self) -> None:
        pass

    def zeichne(self, a: Abbildung, bericht: str = "") -> Bild:
        """Nichts."""
        return Bild()


def pruefe_texte(projekt: Projekt, namen: Sequence[str] = ()) -> Meldungen:
    """Liest alle oder die genannten Ausgaben; führt dafür höchstens aus, was sich geändert hat.

    Raises:
        BerichtswerkFehler: unbekannte Namen.
    """
    from berichtswerk.satz.beilagen import pruefe_beilagen

    plan = plane(projekt)
    meldungen = plan.meldungen
    benutzt: dict[Path, set[Path]] = {}
    auswahl = [a for a in plan.waehle(namen) if a.fassung is None]
    folge = {a.stamm: i for i, a in enumerate(auswahl)}
    for fertig in sorted(fuehre_aus(projekt, auswahl), key=lambda a: folge[a.auftrag.stamm]):
        meldungen.neue(fertig.meldungen)
        if not fertig.inhalt:
            continue
        try:
            gelesen = lies_bericht(projekt, fertig, Ungezeichnet())
            befunde, beilagen = pruefe_beilagen(projekt, fertig)
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
            continue
        meldungen.neue(gelesen.meldungen)
        meldungen.neue(befunde)
        benutzt.setdefault(fertig.auftrag.ordner, set()).update((*gelesen.uebergabe.texte, *beilagen))
    for ordner, pfade in sorted(benutzt.items()):
        meldungen.neue(_unbenutzt(projekt, ordner, pfade))
    return meldungen


def _beschreibung(projekt: Projekt, auftrag: Auftrag) -> Iterator[Meldung]:
    """Auch auf Titelblatt und Startseite soll nichts Unfertiges stehen."""
    pfad = auftrag.ordner / "bericht.yml"
    text = re.sub(r"(?m)(?:^|\s)#.*$", "", projekt.lies_text(pfad))
    yield from form.verrate(text, projekt.relativ(pfad), "", auftrag.status)


def _unbenutzt(projekt: Projekt, ordner: Path, benutzt: set[Path]) -> Iterator[Meldung]:
    texte = ordner / "texte"
    for pfad in sorted(p for p in texte.rglob("*.md") if p not in benutzt):
        name = pfad.relative_to(texte).with_suffix("").as_posix()
        yield TextUnbenutzt.melde(datei=projekt.relativ(pfad), name=name)


def _leer(projekt: Projekt, texte: Iterable[Path]) -> Iterator[Meldung]:
    for pfad in texte:
        try:
            text = projekt.lies_text(pfad)
        except BerichtswerkFehler:  # steht schon da
            continue
        if not form.ohne_kommentare(text).strip():
            yield TextLeer.melde(datei=projekt.relativ(pfad))
