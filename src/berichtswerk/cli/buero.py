"""``tabellen`` und ``word``: was aus Berichten in die Büroprogramme geht und von dort zurückkommt."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import BadParameter

from berichtswerk.cli.anzeige import anzahl, dauer, fortschritt, ort, zeige_meldungen
from berichtswerk.cli.rahmen import Berichte, Maschinenlesbar, angabe, befehl, gruppe, option, projekt
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
    from berichtswerk.ausfuehrung.plan import Auftrag
    from berichtswerk.jahr.rueckmeldung import Rueckmeldung
    from berichtswerk.satz.gelesen import Gelesen

Dokumente = Iterator[tuple[Meldungen, Iterator[tuple[str, bytes]]]]
"""Je Dokument seine Befunde und seine Dateien (Name, Inhalt)."""
EXPORT = "_export"
"""Der Ordner im Projekt, in dem liegt, was niemand anderswohin haben wollte."""


class ExportEingefroren(Befundart):
    text = "Die Ausgabe {name} ist beschlossen und eingefroren; daraus entsteht kein neues Dokument."
    ursache = "Gerechnet würde mit den Daten von heute, nicht mit denen des Beschlusses."
    abhilfe = "Neben ihrer Seite liegen PDF und zu jeder Abbildung und Tabelle CSV und ODS von damals."


class BeilageNichtEingefroren(Befundart):
    text = "Mit der Ausgabe {name} ist keine Beilage dieser Art eingefroren: {arten}."
    ursache = "Beschlossen wurde sie mit den Beilagen, die es damals gab; neue rechneten mit Daten von heute."
    abhilfe = "Was eingefroren ist, schreibt „berichtswerk beilagen {name}“ ohne --art."


class OhneTabellen(Befundart):
    text = "Der Bericht „{name}“ zeigt keine Tabelle und keine Abbildung; es entsteht keine Mappe."
    abhilfe = "Wählen Sie einen anderen Bericht; „berichtswerk liste“ nennt alle."
    stufe = Stufe.WARNUNG


MAPPEN = ("ods", "xlsx")
Mappenart = Annotated[list[str] | None, option("Nur diese Art; ohne Angabe beide.", metavar="|".join(MAPPEN))]
WORTARTEN = ("docx", "odt")
Wortart = Annotated[
    list[str] | None, option("Nur diese Art; ohne Angabe beide.", metavar="|".join(WORTARTEN))
]
wortgruppe = gruppe("Ein Bericht geht zu Menschen, die in Word oder LibreOffice arbeiten, und kommt zurück.")
Nach = Annotated[str, option("Wohin die Dateien kommen (_export/ im Projekt).", metavar="ORDNER")]


def tabellen(
    berichte: Berichte = None,
    art: Mappenart = None,
    nach: Nach = "",
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Schreibt je Bericht eine Mappe mit allen Tabellen (ODS, XLSX): Zahlen als Zahlen, barrierefrei."""
    arten = _arten(art, MAPPEN)
    from berichtswerk.schreiber import mappe

    def schreibe(auftrag: Auftrag, gelesen: Gelesen) -> Iterator[tuple[str, bytes]]:
        if not mappe.gezeigte(gelesen.manuskript):
            gelesen.meldungen.dazu(OhneTabellen.melde(name=auftrag.stamm))
            return
        for endung in arten:
            yield f"{auftrag.stamm}-tabellen.{endung}", mappe.schreibe(gelesen.manuskript, endung)

    return _exportiere(projekt(), berichte or (), nach, schreibe, maschinenlesbar=maschinenlesbar)


BEILAGEN = ("vorlage", "presse", "einfach", "folien", "bild")
Beilagenart = Annotated[
    list[str] | None, option("Nur diese Beilage; ohne Angabe alle, die es gibt.", metavar="|".join(BEILAGEN))
]


def beilagen(
    berichte: Berichte = None,
    art: Beilagenart = None,
    nach: Nach = "",
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Schreibt, was zum Bericht gehört: Vorlage ans Gremium, Presse, Einfache Sprache, Folien, Bild."""
    arten = _arten(art, BEILAGEN)
    from berichtswerk.satz.beilagen import lies_beilage, schreibe_beilage

    def schreibe(fertig: Ausgefuehrt) -> Dokumente:
        for name in arten:
            beilage = lies_beilage(projekt(), fertig, name, verlangt=bool(art))
            if isinstance(beilage, Meldungen):
                yield beilage, iter(())
            else:
                yield beilage.meldungen, schreibe_beilage(projekt(), beilage)

    def aus_archiv(a: Auftrag) -> Dokumente:
        """Was mit der Ausgabe eingefroren ist, Byte für Byte."""
        alle = a.fassung.beilagen if a.fassung else {}
        namen = {n: re.split(r"[.-]", n.removeprefix(f"{a.stamm}-"))[0] for n in alle}
        if fehlt := [x for x in arten if x not in namen.values()] if art or not alle else []:
            stufe = Stufe.FEHLER if berichte else Stufe.WARNUNG
            angaben = {"name": f"{a.bericht}/{a.ausgabe}", "arten": ", ".join(fehlt)}
            yield Meldungen([BeilageNichtEingefroren.melde(stufe=stufe, **angaben)]), iter(())
        archiv = Archiv(projekt())
        yield Meldungen(), ((n, archiv.hole(summe)) for n, summe in alle.items() if namen[n] in arten)

    return _lege_ab(
        projekt(), berichte or (), nach, schreibe,
        maschinenlesbar=maschinenlesbar, varianten=False, aus_archiv=aus_archiv,
    )  # fmt: skip


@befehl(wortgruppe, "export")
def exportiere(
    berichte: Berichte = None, art: Wortart = None, nach: Nach = "", maschinenlesbar: Maschinenlesbar = False
) -> int:
    """Schreibt Berichte als DOCX und ODT: zum Kommentieren und Ändern, gebundene Zahlen gesperrt."""
    arten = _arten(art, WORTARTEN)
    from berichtswerk.schreiber.word import datei

    def schreibe(auftrag: Auftrag, gelesen: Gelesen) -> Iterator[tuple[str, bytes]]:
        for endung, inhalt in datei.schreibe(gelesen, projekt(), arten).items():
            yield f"{auftrag.stamm}.{endung}", inhalt

    return _exportiere(projekt(), berichte or (), nach, schreibe, maschinenlesbar=maschinenlesbar)


Dokumentdatei = Annotated[str, angabe("DATEI", "Das Dokument, wie es zurückkam (DOCX oder ODT).")]
_NUMMERN = "alle|1,3-5"
Annehmen = Annotated[str, option("Diese Rückmeldungen in die Texte schreiben.", metavar=_NUMMERN)]
Ablehnen = Annotated[str, option("Diese Rückmeldungen nicht übernehmen.", metavar=_NUMMERN)]
_FUNKTION = "Wer hinter einem Namen im Dokument steht, wiederholt; festgehalten wird die Funktion."
Funktionen = Annotated[list[str] | None, option(_FUNKTION, "--funktion", metavar="NAME=FUNKTION")]
Woher = Annotated[
    str, option("Zu welchem Bericht es gehört, wenn das Dokument es nicht sagt.", metavar="BERICHT")
]


@befehl(wortgruppe, "einlesen")
def lies_ein(
    dokument: Dokumentdatei,
    annehmen: Annehmen = "",
    ablehnen: Ablehnen = "",
    funktion: Funktionen = None,
    bericht: Woher = "",
    *,
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Zeigt Änderungen und Kommentare mit Datei und Zeile; schreibt in die Texte, was angenommen ist."""
    gelten, gelten_nicht = _nummern("annehmen", annehmen), _nummern("ablehnen", ablehnen)
    if falsch := next((f for f in funktion or () if "=" not in f), ""):
        raise BadParameter(f"Hinter --funktion steht NAME=FUNKTION, nicht „{falsch}“.")
    from berichtswerk.jahr.word import Wahl, als_objekt
    from berichtswerk.jahr.word import lies_ein as lies

    wahl = Wahl(
        frozenset(gelten or ()), frozenset(gelten_nicht or ()), annehmen == "alle", ablehnen == "alle"
    )
    funktionen = dict(f.split("=", 1) for f in funktion or ())
    with fortschritt(1, still=maschinenlesbar) as melde:
        melde("liest", None, 1)
        ergebnis = lies(projekt(), Path(dokument), wahl, funktionen, bericht)
    if maschinenlesbar:
        objekt = {
            "bericht": ergebnis.auftrag.stamm,
            "rueckmeldungen": [als_objekt(r) for r in ergebnis.rueckmeldungen],
            "geschrieben": list(ergebnis.geschrieben),
            "meldungen": [asdict(m) for m in ergebnis.meldungen],
        }
        print(json.dumps(objekt, ensure_ascii=False, indent=1))
    else:
        zeige_meldungen(ergebnis.meldungen)
        print("\n\n".join(map(_zeige, ergebnis.rueckmeldungen)) or "Das Dokument hat keine Rückmeldungen.")
        staende = Counter(r.stand for r in ergebnis.rueckmeldungen)
        print("\n" + ", ".join(f"{zahl} {stand}" for stand, zahl in staende.items()))
        print(*(f"Geändert: {d}" for d in ergebnis.geschrieben), sep="\n")
    return 1 if ergebnis.meldungen.fehler else 0


def _nummern(name: str, text: str) -> set[int] | None:
    """„1,3-5“ als Zahlen; ``None`` bei „alle“."""
    if text == "alle":
        return None
    zahlen: set[int] = set()
    for teil in filter(None, text.split(",")):
        fund = re.fullmatch(r"\s*(\d{1,5})(?:-(\d{1,5}))?\s*", teil)
        if fund is None:
            raise BadParameter(f"Hinter --{name} steht alle oder 1,3-5, nicht „{text}“.")
        zahlen.update(range(int(fund[1]), int(fund[2] or fund[1]) + 1))
    return zahlen


def _zeige(r: Rueckmeldung) -> str:
    """Eine Rückmeldung in Zeilen: Nummer, Stand, Art, Ort, von wem, was."""
    stelle = f"{r.datei}, Zeile {r.zeile}" if r.datei else "ohne Stelle"
    wer = ", ".join(t for t in (r.wer.name, r.wer.wann[:10]) if t) or "ohne Verfolgung"
    zeilen = [f"{r.nr:>3}  {r.art} ({r.stand})  {stelle}  [{wer}]"]
    if r.art == "kommentar":
        zeilen += [f"     zu „{r.alt}“:"] * bool(r.alt) + [f"     {z}" for z in r.text.split("\n")]
    else:
        zeilen.append(f"     „{r.alt}“ → „{r.neu}“" if r.alt else f"     + „{r.neu}“")
    zeilen += [f"     {t}" for t in (r.umgebung, r.grund) if t]
    return "\n".join(zeilen)


def _arten(gewaehlt: Sequence[str] | None, moeglich: Sequence[str]) -> Sequence[str]:
    if fremd := [a for a in gewaehlt or () if a not in moeglich]:
        *erste, letzte = moeglich
        raise BadParameter(f"Hinter --art steht {', '.join(erste)} oder {letzte}, nicht „{fremd[0]}“.")
    return gewaehlt or moeglich


def _exportiere(
    hier: Projekt,
    namen: Sequence[str],
    nach: str,
    schreibe: Callable[[Auftrag, Gelesen], Iterator[tuple[str, bytes]]],
    *,
    maschinenlesbar: bool,
) -> int:
    """Liest jeden Bericht und legt ab, was ``schreibe`` daraus macht; aus einem mit Fehlern wird nichts."""
    from berichtswerk.satz.gelesen import lies_bericht

    def lies(fertig: Ausgefuehrt) -> Dokumente:
        gelesen = lies_bericht(hier, fertig)
        yield gelesen.meldungen, schreibe(fertig.auftrag, gelesen)

    return _lege_ab(hier, namen, nach, lies, maschinenlesbar=maschinenlesbar)


def _lege_ab(
    hier: Projekt,
    namen: Sequence[str],
    nach: str,
    lies: Callable[[Ausgefuehrt], Dokumente],
    *,
    maschinenlesbar: bool,
    varianten: bool = True,
    aus_archiv: Callable[[Auftrag], Dokumente] | None = None,
) -> int:
    """Führt aus und legt ab, was ``lies`` liefert: je Dokument Befunde und, ohne Fehler, Dateien.

    ``aus_archiv`` liefert, was von einer eingefrorenen Ausgabe zu haben ist; sonst ist sie ein Befund.
    """
    from berichtswerk.ausfuehrung.lauf import fuehre_aus
    from berichtswerk.ausfuehrung.plan import plane

    beginn, ziel = time.monotonic(), Path(nach) if nach else hier.wurzel / EXPORT
    plan = plane(hier)
    gewaehlt = [a for a in plan.waehle(namen) if varianten or not a.variante]
    meldungen = Meldungen(list(plan.meldungen))
    auswahl = [a for a in gewaehlt if a.fassung is None]
    stufe = Stufe.FEHLER if namen else Stufe.WARNUNG
    eingefroren = [a for a in gewaehlt if a.fassung is not None]
    if aus_archiv is None:
        meldungen.alle(ExportEingefroren.melde(name=a.stamm, stufe=stufe) for a in eingefroren)
    dateien: list[Path] = []
    if aus_archiv is not None:
        for a in eingefroren:
            dateien += _lege(hier, ziel, aus_archiv(a), meldungen)
    with fortschritt(1, still=maschinenlesbar) as melde:
        for fertig in fuehre_aus(hier, auswahl):
            meldungen.neue(fertig.meldungen)
            melde("schreibt", fertig.auftrag, len(auswahl))
            if fertig.inhalt:
                dateien += _lege(hier, ziel, lies(fertig), meldungen)
    dateien.sort()
    if maschinenlesbar:
        bericht = {"dateien": list(map(str, dateien)), "meldungen": [asdict(m) for m in meldungen]}
        print(json.dumps(bericht, ensure_ascii=False, indent=1))
    else:
        zeige_meldungen(meldungen)
        print(*(f"Geschrieben: {ort(d)}" for d in dateien), sep="\n")
        print(f"{anzahl(len(dateien), 'Datei', 'Dateien')} in {dauer(beginn)}.")
    return 1 if meldungen.fehler else 0


def _lege(hier: Projekt, ziel: Path, dokumente: Dokumente, meldungen: Meldungen) -> list[Path]:
    """Legt ab, was keine Fehler hat; die Befunde aller Dokumente kommen zu ``meldungen``."""
    from berichtswerk.site.tausch import als_meldung

    dateien: list[Path] = []
    try:
        for befunde, inhalte in dokumente:
            try:
                for name, inhalt in () if befunde.fehler else inhalte:
                    schreibe_ganz(ziel / name, inhalt)
                    dateien.append(ziel / name)
            except BerichtswerkFehler as fehler:  # das nächste Dokument entsteht trotzdem
                befunde.neue(fehler.meldungen)
            meldungen.neue(befunde)
    except BerichtswerkFehler as fehler:
        meldungen.neue(fehler.meldungen)
    except OSError as fehler:
        if (befund := als_meldung(hier, fehler)) is None:
            raise
        meldungen.dazu(befund)
    return dateien
