"""PDF mit Typst: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts.

Gemessen wird einmal (:mod:`~.vermessung`), geplant (:mod:`~.seitenplan`), gesetzt einmal. Typst läuft als
eigenes Programm (:mod:`~.typstdienst`), nie länger und größer als erlaubt, und merkt sich Ergebnisse je
Datei. Darum liegen Vorlage und Kapitel einzeln auf einer :class:`Werkbank`, und was der Plan bestimmt, steht
neben den Kapiteln statt in ihnen: ein anderer Umbruch lässt alles andere, wie es ist. Der Platz eines
Dokuments bleibt im Prozess derselbe, damit ein vorher gesetzter Stand hilft.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, TypeVar

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane as auftragsplan
from berichtswerk.ausfuehrung.uebergabe import Druckbild
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import (
    Ablage,
    dateisumme,
    fassung,
    programmstand,
    pruefsumme,
    schreibe_ganz,
    summe,
)
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe as schreibe_zahl
from berichtswerk.satz import befunde, platz, vermessung
from berichtswerk.satz.dienst import DERWEIL, SPEICHER_GB, Abgebrochen, Dienst, Zeitueberschreitung
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.seitenplan import Bisher, Plan, plane
from berichtswerk.schreiber.typst.rumpf import Druckfassung, Kapitel, Stueck, schreibe

T = TypeVar("T")
PLANDATEI = "seitenplan.json"
"""Neben ``bericht.yml``: woran sich der Umbruch hält. Nur ein Befehl schreibt sie, nie das Setzen."""
VORLAGE = "layout/typst/typst-template.typ"
NORMEN = ["a-2a", "ua-1"]
VORSPANN = """#import "vorlage.typ": *
#import "wahl-{nummer}.typ": bw-stueck
"""
"""Womit jede Kapiteldatei beginnt."""
DICHTE = 144.0
"""Punkte je Zoll eines PNG: 700 Punkte breite Zeichnungen werden 1 050 Bildpunkte breit."""
JE_MAL = 24
"""So viele Bilder zeichnet Typst zugleich: von zweihundert auf einmal belegte jedes seine zwei Megabyte."""
_GETOETET, _OHNE_SPEICHER = -9, -6
"""Womit Linux meldet, dass jemand Typst beendete oder ihm Speicher fehlte (Rust bricht dann ab)."""
_OHNE_DATUM = date(2000, 1, 1)
_PRAEGEND = ("satz/pdf.py", "satz/struktur.py", "satz/seitenplan.py", "satz/vermessung.py")


class SeitenplanUnlesbar(Befundart):
    text = "Der festgehaltene Umbruch ist nicht zu lesen."
    ursache = (
        "Die Datei gehört „berichtswerk seitenplan“; jemand hat sie verändert, oder Git fand Widersprüche."
    )
    abhilfe = "Löschen Sie die Datei oder rufen Sie „berichtswerk seitenplan“ auf."


@dataclass(frozen=True, slots=True)
class Druckauftrag:
    """Was die Bytes eines PDF bestimmt: Text, Bilder, früherer Plan, Stand, Programm."""

    druck: Druckfassung
    bilder: Mapping[str, Druckbild]
    zeit: datetime
    praegend: tuple[str, ...]
    bisher: Bisher


def beauftrage(m: Manuskript, projekt: Projekt, bilder: Mapping[str, Druckbild]) -> Druckauftrag:
    """Alles, was zum Planen und Drucken gehört; ``bilder`` sind die unter ``abb/<label>.svg``."""
    druck = schreibe(m, projekt, {name: b.svg for name, b in bilder.items()})
    bisher = lies_plan(projekt, m.ordner).get(m.kopf.stamm, {})
    return Druckauftrag(druck, bilder, _zeitstempel(m), tuple(_praegend(projekt)), bisher)


def setze(m: Manuskript, projekt: Projekt, bilder: Mapping[str, Druckbild]) -> bytes:
    """Das fertige PDF; ein schon gesetztes kommt aus der Ablage.

    Der Zeitstempel ist der Stand der Ausgabe: gleiche Eingabe, gleiche Bytes.

    Raises:
        BerichtswerkFehler: was Typst nicht setzen kann, mit Datei und Ort des Textes.
    """
    return _fertig(beauftrage(m, projekt, bilder), m, projekt, _gesetzt if m.kopf.titelblatt else _geflossen)


def setze_blatt(m: Manuskript, projekt: Projekt, art: Literal["poster", "profil"]) -> bytes:
    """Ein Steckbrief als Poster oder Profil; ein schon gesetztes kommt aus der Ablage.

    Raises:
        BerichtswerkFehler: was Typst nicht setzen kann.
    """
    from berichtswerk.schreiber.typst import steckbrief

    return setze_druck(steckbrief.schreibe(m, projekt, art), m, projekt)


def setze_druck(druck: Druckfassung, m: Manuskript, projekt: Projekt) -> bytes:
    """Was schon verteilt ist: Blätter und Folien; ein schon gesetztes kommt aus der Ablage.

    Raises:
        BerichtswerkFehler: was Typst nicht setzen kann.
    """
    auftrag = Druckauftrag(druck, {}, _zeitstempel(m), tuple(_praegend(projekt)), {})
    return _fertig(auftrag, m, projekt, _gedruckt)


def _gedruckt(a: Druckauftrag, bank: Werkbank, _: Ablage) -> bytes:
    """Ein Blatt, dessen Plan schon feststeht."""
    bank.bebildere(a.druck.bilder)
    return bank.drucke(a.zeit)


def _fertig(
    auftrag: Druckauftrag,
    m: Manuskript,
    projekt: Projekt,
    tu: Callable[[Druckauftrag, Werkbank, Ablage], bytes],
) -> bytes:
    """Das fertige PDF aus der Ablage, sonst von der Werkbank."""
    ablage, schluessel = Ablage.von(projekt), _schluessel(auftrag, projekt)
    fertig = ablage.hole("pdf", schluessel)
    if fertig is None:
        with zeiten.miss("typst"):
            roh = _an_der_werkbank(auftrag, m, projekt, tu)
            from berichtswerk.satz.struktur import ergaenze

            fertig = ergaenze(roh)
        ablage.lege("pdf", schluessel, fertig)
    return fertig


def als_png(projekt: Projekt, stamm: str, bilder: Mapping[str, bytes]) -> dict[str, bytes]:
    """SVG als PNG mit den Schriften des Layouts, unter denselben Namen; fertige kommen aus der Ablage.

    Raises:
        BerichtswerkFehler: Typst kann eines nicht zeichnen.
    """
    ablage, umstand = Ablage.von(projekt), (str(DICHTE), *_praegend(projekt))
    namen = {name: summe(pruefsumme(inhalt), *umstand) for name, inhalt in bilder.items()}
    fertig = {name: roh for name, s in namen.items() if (roh := ablage.hole("png", s)) is not None}
    offen = {name: inhalt for name, inhalt in bilder.items() if name not in fertig}
    if not offen:
        return fertig
    with zeiten.miss("png"), werkbank(f"{stamm}-png", projekt) as bank:
        try:
            gezeichnet: dict[str, bytes] = {}
            for ab in range(0, len(offen), JE_MAL):
                gezeichnet |= bank.zeichne(dict([*offen.items()][ab : ab + JE_MAL]))
        except (befunde.TypstFehler, Zeitueberschreitung, Abgebrochen) as fehler:
            raise BerichtswerkFehler(befunde.BildOhnePng.melde(bericht=stamm, grund=fehler)) from fehler
    for name, roh in gezeichnet.items():
        ablage.lege("png", namen[name], roh)
    return fertig | gezeichnet


def plane_seiten(m: Manuskript, projekt: Projekt, bilder: Mapping[str, Druckbild]) -> Plan:
    """Der Seitenplan allein, ohne zu drucken.

    Raises:
        BerichtswerkFehler: wie :func:`setze`.
    """
    return _an_der_werkbank(beauftrage(m, projekt, bilder), m, projekt, _geplant)


def lies_plan(projekt: Projekt, ordner: Path) -> dict[str, Bisher]:
    """Die festgehaltenen Pläne einer Ausgabe unter ihrem Stamm (:data:`PLANDATEI`); ohne die Datei keine.

    Raises:
        BerichtswerkFehler: die Datei enthält anderes.
    """
    datei = ordner / PLANDATEI
    if not datei.is_file():
        return {}
    try:
        plaene = json.loads(projekt.lies_text(datei))
        return {str(stamm): {str(k): float(f) for k, f in plan.items()} for stamm, plan in plaene.items()}
    except (ValueError, AttributeError, TypeError) as fehler:
        raise BerichtswerkFehler(SeitenplanUnlesbar.melde(datei=projekt.relativ(datei))) from fehler


def halte_fest(projekt: Projekt, namen: Sequence[str] = ()) -> tuple[list[str], Meldungen]:
    """Schreibt den Plan aller oder der genannten Berichte neben ihre ``bericht.yml``; gibt die Dateien.

    Geplant wird mit dem Festgehaltenen, wo es eines gibt. Was es nicht mehr gibt, verschwindet daraus.

    Raises:
        BerichtswerkFehler: unbekannte Namen.
    """
    from berichtswerk.satz.gelesen import lies_bericht

    alle = auftragsplan(projekt)
    auswahl = [a for a in alle.waehle(namen) if a.gestalt == "bericht" and a.fassung is None]
    meldungen, neue = Meldungen(list(alle.meldungen)), dict[Path, dict[str, Bisher]]()
    for fertig in fuehre_aus(projekt, auswahl):
        meldungen.neue(fertig.meldungen)
        if not fertig.inhalt:
            continue
        try:
            gelesen = lies_bericht(projekt, fertig)
            meldungen.neue(gelesen.meldungen)
            gelesen.meldungen.pruefe()
            plan = plane_seiten(gelesen.manuskript, projekt, gelesen.uebergabe.druckbilder)
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
            continue
        neue.setdefault(fertig.auftrag.ordner, {})[fertig.auftrag.stamm] = plan.merke()
    platz.raeume_auf(projekt)
    for ordner, plaene in neue.items():
        staemme = {a.stamm for a in alle.auftraege if a.ordner == ordner}
        ganz = {s: p for s, p in (lies_plan(projekt, ordner) | plaene).items() if s in staemme}
        text = json.dumps(dict(sorted(ganz.items())), ensure_ascii=False, indent=1)
        schreibe_ganz(ordner / PLANDATEI, f"{text}\n")
    return sorted(projekt.relativ(ordner / PLANDATEI) for ordner in neue), meldungen


def _schluessel(a: Druckauftrag, projekt: Projekt) -> str:
    """Alles, was die Bytes des PDF bestimmt: Text, Bilder, Schriften, Programmteile und Fassungen."""
    return summe(
        a.druck.vorlage,
        a.druck.kopf,
        *(k.text for k in a.druck.kapitel),
        a.zeit.isoformat(),
        json.dumps(a.bisher),
        *(f"{name} {pruefsumme(inhalt)}" for name, inhalt in sorted(a.druck.bilder.items())),
        *(f"{name} {dateisumme(projekt.wurzel / name[1:])}" for name in a.druck.dateien),
        *a.praegend,
    )


def _an_der_werkbank(
    a: Druckauftrag, m: Manuskript, projekt: Projekt, tu: Callable[[Druckauftrag, Werkbank, Ablage], T]
) -> T:
    """Misst, plant und setzt; was jemand dabei abräumt oder beendet, beginnt einmal von vorn."""
    stamm = f"{m.kopf.stamm or m.kopf.titel}{a.druck.platz}"
    for versuch in (1, 2):
        try:
            with werkbank(stamm, projekt) as bank:
                bank.lege_auf(a.druck)
                return tu(a, bank, Ablage.von(projekt))
        except befunde.TypstFehler as fehler:
            if versuch == 2:
                vorspann = VORSPANN.count("\n")
                raise befunde.aus_typst(fehler, a.druck, vorspann, projekt.wurzel) from fehler
        except Zeitueberschreitung as fehler:
            raise _gescheitert(m, befunde.SatzTypstZeit) from fehler
        except Abgebrochen as fehler:
            if fehler.ende == _OHNE_SPEICHER:
                raise _gescheitert(m, befunde.SatzTypstSpeicher) from fehler
            if versuch == 2 or fehler.ende != _GETOETET:
                raise _gescheitert(m, befunde.SatzTypstAbbruch, fehler.ende) from fehler
        except OSError:
            if versuch == 2:
                raise
    raise AssertionError


def _gescheitert(m: Manuskript, art: type[Befundart], ende: int = 0) -> BerichtswerkFehler:
    k, grenze = m.kopf, schreibe_zahl(platz.GRENZE_S)
    datei = f"berichte/{k.bericht}/{k.ausgabe}/bericht.yml" if k.bericht else ""
    angaben: dict[str, Any] = {"stamm": k.stamm or k.titel, "sekunden": grenze, "speicher": SPEICHER_GB}
    return BerichtswerkFehler(art.melde(datei=datei, ort=k.variante, ende=ende, **angaben))


def _gesetzt(a: Druckauftrag, bank: Werkbank, ablage: Ablage) -> bytes:
    try:
        plan = _geplant(a, bank, ablage)
    except befunde.TypstFehler:
        bank.bebildere(a.druck.bilder)
        bank.waehle(a.druck.kapitel, Plan())
        bank.drucke(a.zeit)  # derselbe Fehler im Text, hier mit seiner Stelle
        raise
    bank.bebildere(a.druck.bilder | gestreckt(a.bilder, plan))
    bank.waehle(a.druck.kapitel, plan)
    return bank.drucke(a.zeit)


def _geflossen(a: Druckauftrag, bank: Werkbank, _: Ablage) -> bytes:
    """Ein kurzer Text ohne Titelblatt: er bricht, wo die Seite zu Ende ist."""
    bank.bebildere(a.druck.bilder)
    bank.waehle(a.druck.kapitel, None)
    return bank.drucke(a.zeit)


def gestreckt(bilder: Mapping[str, Druckbild], plan: Plan) -> dict[str, bytes]:
    """Die Abbildungen, die höher oder niedriger werden, als sie von allein wären."""
    return {
        name: b.in_hoehe(s.dehnung)
        for name, b in bilder.items()
        if b.in_hoehe and (s := plan.setzungen.get(Path(name).stem)) and s.dehnung != 1
    }


def _geplant(a: Druckauftrag, bank: Werkbank, ablage: Ablage) -> Plan:
    """Der Seitenplan."""
    stuecke = [s for k in a.druck.kapitel for s in k.stuecke]
    if not stuecke:
        return Plan()
    try:
        masse = _gemessen(stuecke, summe(a.druck.vorlage, *a.praegend), bank, ablage)
        kleinst = {Path(name).stem: b.kleinst for name, b in a.bilder.items() if b.in_hoehe}
        zeilen = vermessung.zeilen(stuecke, masse, kleinst)
        return plane(zeilen, float(masse.spiegel["hoehe"]), a.bisher)
    except (KeyError, IndexError, TypeError, ValueError) as fehler:
        was = f"„{fehler.args[0]}“" if isinstance(fehler, KeyError) else "eine Angabe"
        raise BerichtswerkFehler(befunde.SatzVorlageMisst.melde(datei=VORLAGE, was=was)) from fehler


def _gemessen(stuecke: Sequence[Stueck], umstand: str, bank: Werkbank, ablage: Ablage) -> vermessung.Masse:
    """Die Maße aller Stücke; gemessen wird nur, was beim vorigen Mal nicht im Dokument stand."""
    name = summe(bank.name, umstand)
    namen = [pruefsumme(vermessung.messung(s)) for s in stuecke]
    roh = ablage.hole("mass", name)
    spiegel, bekannt = json.loads(roh) if roh is not None else (None, {})
    offen = {n: s for n, s in zip(namen, stuecke, strict=True) if n not in bekannt}
    if offen:
        neu = vermessung.lies(bank.miss(vermessung.dokument(offen.values())), offen.values())
        spiegel, bekannt = neu.spiegel, bekannt | dict(zip(offen, neu.stuecke, strict=True))
        ablage.lege("mass", name, json.dumps([spiegel, {n: bekannt[n] for n in namen}]).encode())
    return vermessung.Masse(spiegel, [bekannt[n] for n in namen])


def _praegend(projekt: Projekt) -> list[str]:
    """Schriften, Programmteile und Fassungen, die in jedes PDF eingehen."""
    schriften = [(p, p.stat()) for p in sorted((projekt.layout / "fonts").rglob("*.[to]tf"))]
    return [
        *(f"{p.name} {_schriftsumme(p, s.st_size, s.st_mtime_ns)}" for p, s in schriften),
        programmstand(*_PRAEGEND),
        *(f"{name} {fassung(name)}" for name in ("typst", "pikepdf")),
    ]


@cache
def _schriftsumme(pfad: Path, groesse: int, zeit: int) -> str:
    """Prüfsumme einer Schrift; bei gleicher Größe und Zeit einmal je Prozess, nicht für jeden Bericht."""
    return dateisumme(pfad)


def _zeitstempel(m: Manuskript) -> datetime:
    """Stand der Ausgabe um Mitternacht UTC."""
    tag = m.kopf.stand or _OHNE_DATUM
    return datetime(tag.year, tag.month, tag.day, tzinfo=UTC)


class Werkbank:
    """Dateien und Satz eines Dokuments."""

    def __init__(self, ort: Path, projekt: Projekt, dienst: Dienst) -> None:
        """``dienst`` rechnet für sie."""
        self.name, self._platz, self._projekt, self._dienst = ort.name, ort, projekt, dienst
        ort.mkdir(parents=True, exist_ok=True)

    def _beginne(self, name: str) -> None:
        self._nimm(platz.beginne(self._projekt, self._dienst, self._platz / f"{name}.typ"))

    def _rufe(self, was: str, derweil: Callable[[], object] | None = None, **angaben: Any) -> Any:
        return self._nimm(self._dienst.frage({"was": was, **angaben}, platz.GRENZE_S, derweil))

    @staticmethod
    def _nimm(antwort: Mapping[str, Any]) -> Any:
        if "fehler" in antwort:
            raise befunde.TypstFehler(antwort["fehler"], antwort["diagnose"])
        return antwort["antwort"]

    def lege_auf(self, fassung: Druckfassung) -> None:
        """Schreibt Vorlage und Kapitel."""
        self._schreibe("vorlage", fassung.vorlage)
        for nummer, kapitel in enumerate(fassung.kapitel):
            self._schreibe(f"kapitel-{nummer}", VORSPANN.format(nummer=nummer) + kapitel.text)
        folge = "".join(f'#include "kapitel-{nummer}.typ"\n' for nummer in range(len(fassung.kapitel)))
        self._schreibe("haupt", f'#import "vorlage.typ": *\n{fassung.kopf}\n{folge}')

    def bebildere(self, bilder: Mapping[str, bytes]) -> None:
        """Schreibt die Bilder."""
        for name, inhalt in bilder.items():
            schreibe_ganz(self._platz / name, inhalt)

    def waehle(self, kapitel: Sequence[Kapitel], plan: Plan | None) -> None:
        """Setzt ein, was der Plan je Kapitel bestimmt; ohne Plan fließt der Text."""
        for nummer, k in enumerate(kapitel):
            geplant = f"bw-stueck.with(plan: {vermessung.wahl(k.stuecke, plan)})" if plan else "bw-fliesst"
            funktion = f"#let bw-stueck = vorlage.{geplant}"
            self._schreibe(f"wahl-{nummer}", f'#import "vorlage.typ"\n{funktion}\n')

    def miss(self, dokument: str) -> str:
        """Was ein Dokument aus :func:`berichtswerk.satz.vermessung.dokument` misst (JSON)."""
        self._schreibe("mass", dokument)
        return self.frage(vermessung.ABFRAGE, "mass")

    def frage(self, frage: str, datei: str = "haupt") -> str:
        """Setzt und beantwortet eine Frage in Typst (JSON)."""
        self._beginne(datei)
        return str(self._rufe("miss", frage=frage))

    def drucke(self, zeit: datetime) -> bytes:
        """Setzt und gibt das PDF aus; was derweil zu tun ist, geschieht dabei."""
        ziel = self._platz / "fertig.pdf"
        self._beginne("haupt")

        def derweil() -> None:
            DERWEIL.get()()
            import_module("berichtswerk.satz.struktur")  # pikepdf lädt, wer druckt

        self._rufe("drucke", derweil, ziel=str(ziel), normen=NORMEN, zeit=zeit.timestamp())
        fertig = ziel.read_bytes()
        ziel.unlink()
        return fertig

    def zeichne(self, bilder: Mapping[str, bytes]) -> dict[str, bytes]:
        """Jedes SVG als PNG, unter demselben Namen."""
        self.bebildere(bilder)
        seiten = "".join(f'#page(image("{name}"))\n' for name in bilder)
        self._schreibe("bilder", f"#set page(width: auto, height: auto, margin: 8pt)\n{seiten}")
        self._beginne("bilder")
        ziel = str(self._platz / "bild-{}.png")
        self._rufe("zeichne", ziel=ziel, dichte=DICHTE)
        return {name: Path(ziel.format(nr)).read_bytes() for nr, name in enumerate(bilder)}

    def _schreibe(self, name: str, text: str) -> None:
        schreibe_ganz(self._platz / f"{name}.typ", text)


@contextlib.contextmanager
def werkbank(name: str, projekt: Projekt) -> Iterator[Werkbank]:
    """Die Werkbank eines Dokuments; zur selben Zeit arbeitet nur einer daran."""
    with platz.besetzt(projekt, name) as (ort, dienst):
        yield Werkbank(ort, projekt, dienst)
