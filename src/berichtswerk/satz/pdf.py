"""PDF mit Typst im eigenen Prozess: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate

from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import PAKET, Ablage, dateisumme, fassung, schluessel_aus
from berichtswerk.grund.dateien import pruefsumme
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.typstfehler import uebersetze
from berichtswerk.satz.umbruch import Kapitel, Umbruch, entscheide, waehle
from berichtswerk.satz.werkbank import Werkbank, schriften, werkbank
from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus
from berichtswerk.schreiber.typst.rumpf import Druckfassung, schreibe

_SCHLOSS = threading.Lock()
_GESETZT: list[bool] = []
_OHNE_DATUM = date(2000, 1, 1)
_PRAEGEND = ("pdf.py", "umbruch.py", "werkbank.py", "zeilenkoepfe.py")


def setze(m: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> bytes:
    """Das fertige PDF; ein schon gesetztes kommt aus der Ablage.

    ``bilder`` sind die Abbildungen unter ``abb/<label>.svg``. Der Zeitstempel ist der Stand der Ausgabe:
    gleiche Eingabe, gleiche Bytes.

    Raises:
        BerichtswerkFehler: was Typst nicht setzen kann, mit Datei und Ort des Textes.
    """
    druck = schreibe(m, projekt, bilder)
    zeit = _zeitstempel(m)
    ablage = Ablage.von(projekt)
    praegend = _praegend(projekt)
    schluessel = _schluessel(druck, projekt, zeit, praegend)
    fertig = ablage.hole("pdf", schluessel)
    if fertig is None:
        with zeiten.miss("typst"):
            fertig = zeichne_zeilenkoepfe_aus(_setze(druck, m, projekt, zeit, praegend))
        ablage.lege("pdf", schluessel, fertig)
    return fertig


def _schluessel(druck: Druckfassung, projekt: Projekt, zeit: datetime, praegend: Sequence[str]) -> str:
    """Alles, was die Bytes des PDF bestimmt: Text, Bilder, Schriften, Programmteile und Fassungen."""
    return schluessel_aus(
        druck.vorlage,
        druck.kopf,
        *(k.text for k in druck.kapitel),
        zeit.isoformat(),
        *(f"{name} {pruefsumme(inhalt)}" for name, inhalt in sorted(druck.bilder.items())),
        *(f"{name} {dateisumme(projekt.wurzel / name[1:])}" for name in druck.dateien),
        *praegend,
    )


def _setze(
    druck: Druckfassung, m: Manuskript, projekt: Projekt, zeit: datetime, praegend: Sequence[str]
) -> bytes:
    """Misst den Umbruch und setzt, mit einem einzigen Typst-Satz: er rechnet nur Geändertes neu."""
    import typst

    def versuche(bank: Werkbank) -> bytes:
        bank.lege_auf(druck)
        bank.waehle(_umbruch(druck, Ablage.von(projekt), bank, praegend))
        return bank.drucke(zeit)

    with werkbank(m.kopf.stamm or m.kopf.titel, projekt) as bank:
        try:
            roh = versuche(bank)
        except (typst.TypstError, OSError):
            try:
                roh = versuche(bank)  # jemand hat die Werkbank abgeräumt
            except typst.TypstError as fehler:
                raise uebersetze(fehler, druck) from fehler
    _vergiss_altes(projekt)
    return roh


def _umbruch(druck: Druckfassung, ablage: Ablage, bank: Werkbank, praegend: Sequence[str]) -> list[str]:
    """Misst, bis keine Abbildung mehr ein Loch reißt, und hebt die Entscheidungen je Kapitel auf.

    Scheitert das Messen, bleibt alles, wie es ist: der Fehler im Text zeigt sich beim Setzen gleich danach
    noch einmal, dort mit seiner Stelle.
    """
    kapitel = [Kapitel.aus(k.figuren) for k in druck.kapitel]
    schluessel = umbruchschluessel(druck, praegend)
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


def umbruchschluessel(druck: Druckfassung, praegend: Sequence[str]) -> dict[int, str]:
    """Je Kapitel mit Abbildungen alles, was seinen Umbruch bestimmt.

    Dazu gehört die Gliederung aller Kapitel: von ihr hängen die Nummern in Verweisen und Unterschriften ab.
    Was vor dem ersten Kapitel steht, beginnt auf keiner eigenen Seite; dafür gibt es keinen Schlüssel.
    """
    geruest = "\n".join(zeile for k in druck.kapitel for zeile in k.geruest)
    gemeinsam = schluessel_aus(druck.vorlage, druck.kopf, geruest, *praegend)
    noten = [0, *accumulate(k.noten for k in druck.kapitel)]
    return {
        nummer: schluessel_aus(gemeinsam, k.text, repr(k.figuren), str(noten[nummer]))
        for nummer, k in enumerate(druck.kapitel)
        if k.figuren and nummer
    }


def _praegend(projekt: Projekt) -> list[str]:
    """Schriften, Programmteile und Fassungen, die in jedes PDF eingehen."""
    return [
        *(f"{p.name} {dateisumme(p)}" for p in sorted((projekt.layout / "fonts").rglob("*.[to]tf"))),
        *(f"{name} {dateisumme(PAKET / 'satz' / name)}" for name in _PRAEGEND),
        *(f"{name} {fassung(name)}" for name in ("typst", "pikepdf")),
    ]


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


def _zeitstempel(m: Manuskript) -> datetime:
    """Stand der Ausgabe um Mitternacht UTC."""
    tag = m.kopf.stand or _OHNE_DATUM
    return datetime(tag.year, tag.month, tag.day, tzinfo=UTC)
