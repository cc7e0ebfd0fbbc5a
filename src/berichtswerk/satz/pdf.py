"""PDF mit Typst im eigenen Prozess: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import PAKET, Ablage, dateisumme, fassung, schluessel_aus
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.teilmenge import Gesetztes, wandle
from berichtswerk.satz.typstfehler import uebersetze
from berichtswerk.satz.umbruch import Kapitel, Umbruch, entscheide, waehle
from berichtswerk.satz.werkbank import NORMEN, Druckteile, Werkbank, merke, schriften, werkbank
from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus

_SCHLOSS = threading.Lock()
_GESETZT: list[bool] = []
_OHNE_DATUM = date(2000, 1, 1)
_PRAEGEND = ("pdf.py", "umbruch.py", "werkbank.py", "zeilenkoepfe.py")
_BILD = re.compile(r'image\("([^"]+)"')
_GERUEST = re.compile(r'^=+ |^#heading\(.*?\)|numbering: "1"\) <[^>]+>|^<[^>]+>$', re.MULTILINE)
"""Überschriften und Marken: was Nummern trägt."""


def setze_pdf(eingabe: Path, projekt: Projekt) -> bytes:
    """Das fertige PDF. Der Zeitstempel ist der Stand der Ausgabe: gleiche Eingabe, gleiche Bytes."""
    meldungen, gesetzt = wandle(eingabe, projekt, ("typst",))
    meldungen.pruefe()
    return drucke(gesetzt, projekt)


def drucke(gesetzt: Gesetztes, projekt: Projekt) -> bytes:
    """Setzt den fertigen Typst-Text; ein schon gesetzter kommt aus der Ablage."""
    dok = gesetzt.dokument
    quelle = _mit_beilagen(gesetzt.ergebnis.typst, dok.beilagen)
    zeit = _zeitstempel(dok.kopf)
    ablage = Ablage.von(projekt)
    praegend = _praegend(projekt)
    schluessel = _schluessel(quelle, dok.ordner, zeit, praegend)
    fertig = ablage.hole("pdf", schluessel)
    if fertig is None:
        with zeiten.miss("typst"):
            fertig = zeichne_zeilenkoepfe_aus(_setze(quelle, gesetzt, projekt, zeit, praegend))
        ablage.lege("pdf", schluessel, fertig)
    return fertig


def _schluessel(quelle: str, ordner: Path, zeit: datetime, praegend: Sequence[str]) -> str:
    """Alles, was die Bytes des PDF bestimmt: Text, Bilder, Schriften, Programmteile und Fassungen."""
    bilder = sorted(set(_BILD.findall(quelle)))
    return schluessel_aus(
        quelle,
        zeit.isoformat(),
        *(f"{name} {dateisumme(ordner / name)}" for name in bilder),
        *praegend,
    )


def _setze(
    quelle: str, gesetzt: Gesetztes, projekt: Projekt, zeit: datetime, praegend: Sequence[str]
) -> bytes:
    """Misst den Umbruch und setzt, mit einem einzigen Typst-Satz: er rechnet nur Geändertes neu."""
    import typst

    dok = gesetzt.dokument
    teile = Druckteile.zerlege(quelle)
    bilder = _bilderort(dok.ordner, projekt)

    def setze(bank: Werkbank) -> tuple[bytes, list[str]]:
        bank.lege_auf(teile, bilder)
        wahlen = _umbruch(teile, dok.ordner, Ablage.von(projekt), bank, praegend)
        bank.waehle(wahlen)
        return bank.drucke(zeit), wahlen

    with werkbank(dok.datei, projekt) as bank:
        try:
            roh, wahlen = setze(bank)
        except (typst.TypstError, OSError):
            ganz = _setze_am_ort(quelle, gesetzt, projekt, zeit)
            try:
                roh, wahlen = setze(bank)  # der Text stimmt: jemand hat die Werkbank abgeräumt
            except typst.TypstError:
                return ganz  # in Kapitel zerlegt geht dieser Text nicht
    merke(dok.datei, projekt, quelle, bilder, wahlen)
    _vergiss_altes(projekt)
    return roh


def _umbruch(
    teile: Druckteile, ordner: Path, ablage: Ablage, bank: Werkbank, praegend: Sequence[str]
) -> list[str]:
    """Misst, bis keine Abbildung mehr ein Loch reißt, und hebt die Entscheidungen je Kapitel auf.

    Scheitert das Messen, bleibt alles, wie es ist: der Fehler im Text zeigt sich beim Setzen gleich danach
    noch einmal, dort mit seiner Stelle.
    """
    kapitel = [Kapitel.lies(text, ordner) for text in teile.kapitel]
    schluessel = umbruchschluessel(teile, kapitel, praegend)
    bekannt = {
        nummer: Umbruch.aus_json(roh)
        for nummer, name in schluessel.items()
        if (roh := ablage.hole("umbruch", name)) is not None
    }

    def miss(umbrueche: Sequence[Umbruch]) -> str:
        bank.waehle(waehle(kapitel, umbrueche))
        return bank.miss()

    try:
        umbrueche = entscheide(kapitel, bekannt, miss)
    except RuntimeError:
        return waehle(kapitel, [k.anfang() for k in kapitel])
    for nummer in schluessel.keys() - bekannt.keys():
        ablage.lege("umbruch", schluessel[nummer], umbrueche[nummer].als_json().encode())
    return waehle(kapitel, umbrueche)


def umbruchschluessel(
    teile: Druckteile, kapitel: Sequence[Kapitel], praegend: Sequence[str]
) -> dict[int, str]:
    """Je Kapitel mit Abbildungen alles, was seinen Umbruch bestimmt.

    Dazu gehört die Gliederung aller Kapitel: von ihr hängen die Nummern in Verweisen und Unterschriften ab.
    Was vor dem ersten Kapitel steht, beginnt auf keiner eigenen Seite; dafür gibt es keinen Schlüssel.
    """
    gemeinsam = schluessel_aus(
        teile.vorlage,
        teile.kopf,
        "\n".join(_GERUEST.findall("\n".join(teile.kapitel))),
        *praegend,
    )
    noten = [0, *accumulate(text.count("#footnote[") for text in teile.kapitel)]
    return {
        nummer: schluessel_aus(gemeinsam, teile.kapitel[nummer], repr(k.groessen), str(noten[nummer]))
        for nummer, k in enumerate(kapitel)
        if k.marken and nummer
    }


def _praegend(projekt: Projekt) -> list[str]:
    """Schriften, Programmteile und Fassungen, die in jedes PDF eingehen."""
    return [
        *(f"{p.name} {dateisumme(p)}" for p in sorted((projekt.layout / "fonts").rglob("*.[to]tf"))),
        *(f"{name} {dateisumme(PAKET / 'satz' / name)}" for name in _PRAEGEND),
        *(f"{name} {fassung(name)}" for name in ("typst", "pikepdf")),
    ]


def _bilderort(ordner: Path, projekt: Projekt) -> str:
    """Der Ordner des Dokuments, ab der Wurzel, wie er in einer Zeichenkette von Typst steht."""
    name = "/" + ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix() + "/"
    return name.replace("/./", "/").replace("\\", "\\\\").replace('"', '\\"')


def _setze_am_ort(quelle: str, gesetzt: Gesetztes, projekt: Projekt, zeit: datetime) -> bytes:
    """Setzt ohne Werkbank; scheitert auch das, nennt der Fehler seine Stelle mit den Namen des Berichts."""
    import typst

    dok = gesetzt.dokument
    try:
        satz = typst.Compiler(input=quelle.encode("utf-8"), root=dok.ordner, font_paths=schriften(projekt))
        roh = satz.compile(format="pdf", pdf_standards=[*NORMEN], timestamp=zeit)
    except typst.TypstError as fehler:
        raise _deutsch(fehler, quelle, dok.datei) from fehler
    assert isinstance(roh, bytes)
    return roh


def _vergiss_altes(projekt: Projekt) -> None:
    """Typst behält, was es in den letzten zehn Dokumenten rechnete; ein leeres dazwischen halbiert das.

    Mit jedem leeren altert alles um eins. Es kostet etwas; dem ersten Dokument eines Prozesses genügt keines.
    """
    import typst

    with _SCHLOSS:
        erstes = not _GESETZT
        _GESETZT[:] = [True]
    if not erstes:
        typst.Compiler(input=b"x", font_paths=schriften(projekt)).compile(format="svg")


def _mit_beilagen(quelle: str, beilagen: dict[str, str]) -> str:
    for name, svg in beilagen.items():
        text = svg.replace("\\", "\\\\").replace('"', '\\"')
        quelle = quelle.replace(f'image("{name}"', f'image(bytes("{text}"), format: "svg"')
    return quelle


def _deutsch(fehler: Any, quelle: str, datei: str) -> BerichtswerkFehler:
    botschaft = str(getattr(fehler, "message", fehler))
    diagnose = str(getattr(fehler, "diagnostic", ""))
    return uebersetze(botschaft, diagnose, quelle, datei)


def _zeitstempel(kopf: dict[str, Any]) -> datetime:
    """Stand der Ausgabe (sonst ``date``) um Mitternacht UTC."""
    angaben = kopf.get("berichtswerk")
    stand = (angaben.get("stand") if isinstance(angaben, dict) else None) or kopf.get("date")
    if isinstance(stand, str):
        try:
            stand = date.fromisoformat(stand)
        except ValueError:
            stand = None
    tag = stand if isinstance(stand, date) else _OHNE_DATUM
    return datetime(tag.year, tag.month, tag.day, tzinfo=UTC)
