"""Lieferungen annehmen, vergleichen, zurückgeben und anmahnen.

Angenommen wird erst, was gelesen und geprüft ist und dessen Unterschied zur letzten Lieferung jemand kennt:
fehlen frühere Werte oder sind welche berichtigt, muß es beim Aufruf gesagt sein. Die Datei liegt unter ihrem
Tag und wird nie überschrieben; gültig macht sie allein der Eintrag im Verzeichnis, der im Ganzen geschrieben
wird. Stirbt der Befehl, gilt der letzte Stand, und derselbe Aufruf führt ihn zu Ende.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.korrekturen import Korrektur, lade
from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.daten.leser import DateiFehlt, lies
from berichtswerk.daten.leser.grund import DateiZuGross
from berichtswerk.daten.lieferungen import (
    Lieferung,
    Rueckgabe,
    angewandt,
    geltende,
    lies_verzeichnis,
    ordner,
    verzeichnisdatei,
)  # fmt: skip
from berichtswerk.daten.pruefung import pruefe_quelle
from berichtswerk.daten.pruefung.hinweise import ohne_angenommene
from berichtswerk.daten.pruefung.lieferung import TAGE
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.grund.ablage import dateisumme, raeume_weg, schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe, aufgezaehlt
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import als_yaml, lade_yaml
from berichtswerk.grund.zahl import datum, dezimal, schreibe
from berichtswerk.grund.zeichen import Status
from berichtswerk.jahr.liefervorlage import erkenne, im_formular, kopf_von_datei, pruefe_werte, stelle_von
from berichtswerk.site.tausch import sperre

Umfang = Literal["", "ganz", "dazu"]
BEISPIELE = 3
"""So viele Werte nennt ein Befund einzeln."""
_ENDUNGEN = {"xlsx", "xlsm", "xlsb", "xls", "ods", "html", "geojson", "json", "csv", "txt", "tsv", "asc"}


class LieferdateiFehlt(Befundart):
    text = "Die Datei gibt es nicht."
    abhilfe = "Prüfen Sie Name und Ordner; Groß- und Kleinschreibung zählt."


class LieferungZukunft(Befundart):
    text = "Der {tag} liegt in der Zukunft."
    ursache = "Eine Lieferung gilt ab dem Tag, an dem sie kam."
    abhilfe = "Nennen Sie hinter --datum den Tag der Lieferung, oder lassen Sie die Angabe weg (heute)."


class LieferungFrueher(Befundart):
    text = "Der {tag} liegt vor der letzten angenommenen Lieferung ({letzte})."
    ursache = "Ausgaben mit einem Stand dazwischen läsen auf einmal etwas anderes."
    abhilfe = "Nehmen Sie die Lieferung mit dem heutigen Tag an."


class LieferungUnvollstaendig(Befundart):
    text = "Frühere Werte stehen nicht in dieser Lieferung ({anzahl}), z. B. {beispiele}."
    ursache = "Sie kann nur Neues bringen, oder es fehlt etwas."
    abhilfe = (
        "Gelten die früheren weiter, rufen Sie den Befehl mit --dazu auf; sollen sie nicht mehr gelten, mit "
        "--ganz. Sonst fragen Sie nach."
    )


class LieferungBerichtigt(Befundart):
    text = "Werte früherer Zeiten sind anders als bisher ({anzahl}): {beispiele}."
    ursache = "Was schon veröffentlicht ist, ändert niemand ohne Ihr Wissen."
    abhilfe = "Stimmen die neuen Werte, rufen Sie den Befehl mit --berichtigt auf; sonst fragen Sie nach."


class LieferungLeer(Befundart):
    text = "Die Lieferung bringt nichts Neues: jeder Wert ist wie bisher."
    abhilfe = "Nichts zu tun; angenommen wird sie trotzdem, damit der Tag der Lieferung stimmt."
    stufe = Stufe.HINWEIS


class AuspraegungNeu(Befundart):
    text = "Neu unter „{merkmal}“: {namen}."
    ursache = "Bisher gab es: {bisher}."
    abhilfe = "Ist es ein Schreibfehler, lassen Sie die Lieferung berichtigen."
    stufe = Stufe.WARNUNG


class AngabeAlt(Befundart):
    text = "{welche} der Quelle nennt {alt}, die Lieferung ist von {neu}: {angabe}"
    abhilfe = "Nehmen Sie die Lieferung mit {option} „…“ an; für frühere Ausgaben bleibt der alte Wortlaut."
    stufe = Stufe.WARNUNG


class VerzeichnisGeaendert(Befundart):
    text = "Jemand anders hat inzwischen eine Lieferung dieser Quelle angenommen oder zurückgegeben."
    abhilfe = "Rufen Sie den Befehl noch einmal auf; er vergleicht dann mit dem neuen Stand."


class LieferungUnbekannt(Befundart):
    text = "Eine Lieferung „{name}“ hat diese Quelle nicht."
    abhilfe = "Vorhanden sind: {vorhanden}."


class LieferungVeraendert(Befundart):
    text = "{was}"
    ursache = "Angenommen am {tag} mit der Prüfsumme {soll}."
    abhilfe = "Stellen Sie die Datei aus der Sicherung wieder her; angenommene Lieferungen ändert niemand."


class LieferungLiegt(Befundart):
    text = "Diese Datei liegt bei den Lieferungen, ist aber nicht angenommen."
    ursache = "Das Annehmen wurde unterbrochen, oder jemand hat sie von Hand abgelegt."
    abhilfe = "Nehmen Sie sie an (berichtswerk lieferung annehmen), oder löschen Sie sie."
    stufe = Stufe.HINWEIS


@dataclass(frozen=True, slots=True)
class Aenderung:
    """Ein Wert, der anders ist als bisher; ``alt`` oder ``neu`` ist ``None``, wo keine Zahl steht."""

    gebiet: str
    zeit: str
    merkmale: tuple[tuple[str, str], ...]
    groesse: str
    alt: float | None
    neu: float | None
    status_alt: str = ""
    status_neu: str = ""
    fundort: str = ""
    """wo der neue Wert steht, bei weggefallenen der alte"""

    @property
    def jahr(self) -> int:
        """Das (erste) Jahr."""
        return int(self.zeit[:4])

    def satz(self) -> str:
        """„99068, 2023, einwohner: 10 020 → 10 030“."""
        wo = ", ".join([self.gebiet, self.zeit, *(a for _, a in self.merkmale if a), self.groesse])
        alt, neu = _wert(self.alt, self.status_alt), _wert(self.neu, self.status_neu)
        return f"{wo}: {' → '.join(w for w in (alt, neu) if w)}"


@dataclass(frozen=True, slots=True)
class Unterschied:
    """Was eine Lieferung gegenüber der vorigen ändert; Leeres zählt nicht.

    ``berichtigt`` sind andere Werte in Jahren vor dem jüngsten dieser Lieferung, ``geaendert`` in diesem.
    """

    neu: tuple[Aenderung, ...] = ()
    weg: tuple[Aenderung, ...] = ()
    geaendert: tuple[Aenderung, ...] = ()
    berichtigt: tuple[Aenderung, ...] = ()
    gleich: int = 0

    def __bool__(self) -> bool:
        return bool(self.neu or self.weg or self.geaendert or self.berichtigt)


@dataclass(frozen=True, slots=True)
class Annahme:
    """Was beim Annehmen herauskam; ``lieferung`` ist ``None``, wenn nur nachgesehen wurde."""

    quelle: str
    lieferung: Lieferung | None
    unterschied: Unterschied
    meldungen: Meldungen = field(default_factory=Meldungen)
    schon_da: bool = False


@dataclass(frozen=True, slots=True)
class Faellig:
    """Eine Lieferung, die aussteht; ``tage`` sind negativ, solange sie noch kommen kann."""

    quelle: str
    titel: str
    faellig: date
    tage: int
    stand: date | None
    """der Stand der letzten; ``None``: es kam noch nie etwas"""
    ressort: str
    herausgeber: str
    herkunft: str
    kennzahlen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wunsch:
    """Was jemand beim Annehmen dazu sagt."""

    umfang: Umfang = ""
    berichtigt: bool = False
    naechste: date | None = None
    titel: str = ""
    nennung: str = ""
    probe: bool = False


# --- vergleichen ------------------------------------------------------------------------------------------


def vergleiche(alt: Tabelle | None, neu: Tabelle, *, dazu: bool = False) -> Unterschied:
    """Der Unterschied zweier Lieferungen, geordnet nach Zeit, Gebiet, Merkmalen.

    ``dazu``: was nur die alte hat, gilt weiter und ist nicht weggefallen.
    """
    frueher, jetzt = ({} if alt is None else _werte(alt)), _werte(neu)
    grenze = max((int(z["zeit"][:4]) for z in jetzt.values()), default=0)
    neues, weg, anders = [], [], []
    for schluessel, zeile in jetzt.items():
        vorher = frueher.get(schluessel)
        if vorher is None:
            neues.append(_aenderung(None, zeile))
        elif vorher["status"] != zeile["status"] or not _gleich(vorher["wert"], zeile["wert"]):
            anders.append(_aenderung(vorher, zeile))
    if not dazu:
        weg = [_aenderung(z, None) for s, z in frueher.items() if s not in jetzt]
    return Unterschied(
        neu=_geordnet(neues),
        weg=_geordnet(weg),
        geaendert=_geordnet(a for a in anders if a.jahr >= grenze),
        berichtigt=_geordnet(a for a in anders if a.jahr < grenze),
        gleich=len(jetzt) - len(neues) - len(anders),
    )


def _gleich(eins: float | None, zwei: float | None) -> bool:
    """Bis auf die letzte der sechzehn Stellen, die Tabellenprogramme nicht halten."""
    if eins is None or zwei is None:
        return eins is zwei
    return math.isclose(eins, zwei, rel_tol=1e-14, abs_tol=0)


def _geordnet(werte: Iterable[Aenderung]) -> tuple[Aenderung, ...]:
    return tuple(sorted(werte, key=lambda a: (a.zeit, a.gebiet, a.merkmale, a.groesse)))


def _werte(tabelle: Tabelle) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Jede Angabe einmal, ohne leere Felder; von zwei Gebietsständen gilt der jüngere."""
    basen = len(tabelle.texte["basis"].texte) > 1
    werte: dict[tuple[Any, ...], dict[str, Any]] = {}
    for zeile in sorted(tabelle.alle_zeilen(), key=lambda z: str(z["gebietsstand"])):
        if zeile["status"] == Status.FEHLT:
            continue
        zahl = zeile["wert"] if Status(zeile["status"]).hat_zahl else None
        merkmale = tuple((m, zeile[m]) for m in tabelle.merkmale if zeile[m])
        schluessel = (zeile["gebiet"], zeile["zeit"], merkmale, zeile["groesse"], zeile["basis"] * basen)
        werte[schluessel] = {**zeile, "wert": zahl, "merkmale": merkmale}
    return werte


def _aenderung(alt: dict[str, Any] | None, neu: dict[str, Any] | None) -> Aenderung:
    zeile = neu or alt or {}
    return Aenderung(
        zeile["gebiet"], zeile["zeit"], zeile["merkmale"], zeile["groesse"],
        alt["wert"] if alt else None, neu["wert"] if neu else None,
        alt["status"] if alt else "", neu["status"] if neu else "", stelle_von(zeile),
    )  # fmt: skip


def _wert(wert: float | None, status: str) -> str:
    if wert is None:
        return status
    stellen = dezimal(wert).normalize().as_tuple().exponent
    zahl = schreibe(wert, max(-stellen, 0) if isinstance(stellen, int) else 0)
    return zahl if status in {Status.WERT, Status.NULL} else f"{zahl} ({status})"


# --- annehmen ---------------------------------------------------------------------------------------------


def nimm_an(
    projekt: Projekt, datei: Path, quelle: str, wunsch: Wunsch | None = None, *, tag: date, heute: date
) -> Annahme:
    """Liest, prüft und vergleicht eine Lieferung und legt sie ab; mit ``wunsch.probe`` nur das Erste.

    Wer dieselbe Datei noch einmal annimmt, ändert nichts.

    Raises:
        BerichtswerkFehler: mit allem, was daran falsch ist; abgelegt ist dann nichts.
    """
    if not datei.is_file():
        raise BerichtswerkFehler(LieferdateiFehlt.melde(datei=str(datei)))
    bestand = Datenbestand(projekt)
    bestand.quelle(quelle)
    bisher, summe = lies_verzeichnis(projekt, quelle), f"sha256:{dateisumme(datei)}"
    letzte = next(reversed([e for e in bisher if e.zurueck is None]), None)
    if letzte is not None and letzte.summe == summe:
        _raeume(projekt, quelle, summe)
        return Annahme(quelle, letzte, Unterschied(), schon_da=True)
    if befunde := _pruefe_tag(tag, heute, letzte):
        raise BerichtswerkFehler(befunde)
    beschreibung = lade_yaml(projekt.quellen / f"{quelle}.yaml", Quelle, projekt)
    grenze, groesse = beschreibung.lesen.grenze_mb, datei.stat().st_size
    if groesse > grenze * 1_000_000:
        befund = DateiZuGross.melde(datei=str(datei), groesse=-(-groesse // 1_000_000), grenze=grenze)
        raise BerichtswerkFehler(befund)
    eingang = _in_den_eingang(projekt, datei, summe)
    vorgang = _Vorgang(bestand, beschreibung, bisher, eingang, summe, wunsch or Wunsch(), tag)
    ist, kopf = projekt.relativ(eingang), kopf_von_datei(eingang)

    def genannt(meldungen: Iterable[Meldung]) -> list[Meldung]:
        """Die Befunde an der Datei, die gemeint ist, nicht an ihrer Abschrift."""
        hier = ((m, m.datei == ist) for m in meldungen)
        return [im_formular(replace(m, datei=str(datei)), kopf) if so else m for m, so in hier]

    try:
        annahme = vorgang.nimm(heute)
    except BerichtswerkFehler as fehler:
        raise BerichtswerkFehler(genannt(fehler.meldungen)) from None
    finally:
        _raeume(projekt, quelle, summe)
    return replace(annahme, meldungen=Meldungen(genannt(annahme.meldungen)))


@dataclass(frozen=True, slots=True)
class _Vorgang:
    """Eine Lieferung auf ihrem Weg; ``eingang`` ist die Abschrift, ``bisher`` das Verzeichnis."""

    bestand: Datenbestand
    beschreibung: Quelle
    bisher: Sequence[Lieferung]
    eingang: Path
    summe: str
    wunsch: Wunsch
    tag: date

    def nimm(self, heute: date) -> Annahme:
        projekt, name, datei = self.bestand.projekt, self.beschreibung.name, self._datei
        alt = bisherige(self.bestand, name)
        entwurf = self._entwurf(alt)
        neu = lies(angewandt(self.beschreibung, [entwurf]), projekt, self.bestand.gebiete)
        if entwurf.formular and (falsch := list(pruefe_werte(self.beschreibung, neu, datei))):
            raise BerichtswerkFehler(falsch)
        dazu = self.wunsch.umfang == "dazu" and alt is not None
        unterschied = vergleiche(alt, neu, dazu=dazu)
        if dazu:
            entwurf = entwurf.model_copy(update={"umfang": "dazu"})
        korrekturen = _korrekturen(self.bestand, name, self.tag)
        gilt = angewandt(self.beschreibung, geltende([*self.bisher, entwurf]), korrekturen)
        pruefling = Pruefling(gilt, projekt, self.bestand.gebiete, heute)
        geprueft = Meldungen(list(pruefe_quelle(pruefling)))
        meldungen = Meldungen(
            [
                *_pruefe_unterschied(unterschied, self.wunsch, datei),
                *_pruefe_auspraegungen(alt, neu, datei),
                *ohne_angenommene(geprueft, projekt, set(), pruefling.frueher),
                *_pruefe_angaben(gilt, neu, projekt),
            ]
        )
        meldungen.pruefe()
        if self.wunsch.probe:
            return Annahme(name, None, unterschied, meldungen)
        return Annahme(name, self._lege_ab(entwurf), unterschied, meldungen)

    @property
    def _datei(self) -> str:
        return self.bestand.projekt.relativ(self.eingang)

    def _entwurf(self, alt: Tabelle | None) -> Lieferung:
        """Der Eintrag, als läge die Datei schon da, wo sie jetzt noch im Eingang liegt."""
        formular = erkenne(self.bestand, self.beschreibung, alt, self.eingang)
        endung = self.eingang.suffix.lower().lstrip(".")
        gepackt = self.beschreibung.compression and not formular
        return Lieferung.model_construct(
            datum=self.tag,
            datei=self.eingang.relative_to(self.bestand.projekt.daten).as_posix(),
            format=endung if endung in _ENDUNGEN and not gepackt else self.beschreibung.format,
            summe=self.summe,
            umfang="ganz",
            formular=formular,
            naechste=self.wunsch.naechste
            or naechste_nach(self.bestand.quelle(self.beschreibung.name), self.tag),
            title=self.wunsch.titel or None,
            attribution=self.wunsch.nennung or None,
            zurueck=None,
        )

    def _lege_ab(self, entwurf: Lieferung) -> Lieferung:
        """Erst die Datei, dann der Eintrag, der sie gelten lässt."""
        projekt, name = self.bestand.projekt, self.beschreibung.name
        with sperre(projekt):
            if lies_verzeichnis(projekt, name) != list(self.bisher):
                raise BerichtswerkFehler(VerzeichnisGeaendert.melde(datei=_verzeichnisname(projekt, name)))
            ziel = _freier_platz(projekt, name, entwurf, self.eingang.name)
            schreibe_ganz(ziel, self.eingang.read_bytes())
            lieferung = entwurf.model_copy(update={"datei": ziel.relative_to(projekt.daten).as_posix()})
            _schreibe(projekt, name, [*self.bisher, lieferung])
        return lieferung


def _pruefe_tag(tag: date, heute: date, letzte: Lieferung | None) -> list[Meldung]:
    if tag > heute:
        return [LieferungZukunft.melde(tag=datum(tag))]
    if letzte is not None and tag < letzte.datum:
        return [LieferungFrueher.melde(tag=datum(tag), letzte=datum(letzte.datum))]
    return []


def _eingang(projekt: Projekt, summe: str) -> Path:
    return ordner(projekt) / ".eingang" / summe[7:19]


def _raeume(projekt: Projekt, quelle: str, summe: str) -> None:
    """Leert den Eingang dieser Datei und nimmt weg, was ein abgebrochener Lauf halb geschrieben hat."""
    raeume_weg(_eingang(projekt, summe))
    for rest in (*ordner(projekt).glob(f".{quelle}.yaml.*.neu"), *ordner(projekt).glob(f"{quelle}/*/.*.neu")):
        raeume_weg(rest)
    with suppress(OSError):  # was ein anderer Lauf hineinlegte, bleibt
        for leer in (ordner(projekt) / ".eingang", ordner(projekt)):
            leer.rmdir()


def _in_den_eingang(projekt: Projekt, datei: Path, summe: str) -> Path:
    """Eine Abschrift im Projekt, denn gelesen wird nur darin; sie darf jederzeit verschwinden."""
    ziel = _eingang(projekt, summe) / re.sub(r"[^\w.\-]+", "_", datei.name)
    schreibe_ganz(ziel, datei.read_bytes())
    return ziel


def bisherige(bestand: Datenbestand, name: str) -> Tabelle | None:
    """Was die Quelle bisher ergibt; ``None``, wenn es ihre Datei noch nicht gibt."""
    try:
        return bestand.tabelle(name)
    except BerichtswerkFehler as fehler:
        if {m.kennung for m in fehler.meldungen} == {DateiFehlt.kennung}:
            return None
        raise


def naechste_nach(quelle: Quelle, tag: date) -> date | None:
    """Wann nach einer Lieferung dieses Tages die nächste zu erwarten ist: der bisherige Termin, weiter."""
    termin, art = quelle.statistik.naechste_lieferung, quelle.statistik.periodizitaet
    if termin is None or art not in TAGE:
        return termin
    monate = {"monatlich": 1, "vierteljaehrlich": 3, "jaehrlich": 12, "zweijaehrlich": 24}[art]
    # eine etwas verfrühte Lieferung erledigt den Termin, auf den sie kommt
    schritt = 0
    while (neu := _um_monate(termin, monate * schritt)) <= tag + timedelta(days=TAGE[art] // 4):
        schritt += 1
    return neu


def _um_monate(tag: date, monate: int) -> date:
    jahr, monat = divmod(tag.year * 12 + tag.month - 1 + monate, 12)
    for letzter in (tag.day, 30, 29, 28):
        try:
            return date(jahr, monat + 1, min(tag.day, letzter))
        except ValueError:
            continue
    raise AssertionError("jeder Monat hat 28 Tage")


def _korrekturen(bestand: Datenbestand, name: str, tag: date) -> list[Korrektur]:
    gelesen = (k for q, k in lade(bestand.projekt, set(bestand.quellen)) if q == name)
    return [k for k in gelesen if isinstance(k, Korrektur) and k.gilt(None, tag)]


def _pruefe_unterschied(unterschied: Unterschied, wunsch: Wunsch, datei: str) -> Iterator[Meldung]:
    if unterschied.weg and not wunsch.umfang:
        yield LieferungUnvollstaendig.melde(
            datei=datei, anzahl=schreibe(len(unterschied.weg)), beispiele=_beispiele(unterschied.weg)
        )
    if (anders := unterschied.berichtigt) and not wunsch.berichtigt:
        yield LieferungBerichtigt.melde(
            datei=datei, ort=anders[0].fundort, anzahl=schreibe(len(anders)), beispiele=_beispiele(anders)
        )
    if not unterschied:
        yield LieferungLeer.melde(datei=datei)


def _beispiele(werte: Sequence[Aenderung]) -> str:
    rest = len(werte) - BEISPIELE
    return "; ".join(a.satz() for a in werte[:BEISPIELE]) + (f" und {rest} weitere" if rest > 0 else "")


def _pruefe_auspraegungen(alt: Tabelle | None, neu: Tabelle, datei: str) -> Iterator[Meldung]:
    for merkmal in neu.merkmale if alt is not None else ():
        bisher = set(alt.texte[merkmal].texte) if alt and merkmal in alt.texte else set()
        if bisher and (fremde := [t for t in neu.texte[merkmal].texte if t not in bisher]):
            yield AuspraegungNeu.melde(
                datei=datei, merkmal=merkmal, namen=aufgezaehlt(fremde), bisher=aufgezaehlt(sorted(bisher))
            )


def _pruefe_angaben(quelle: Quelle, neu: Tabelle, projekt: Projekt) -> Iterator[Meldung]:
    """Titel und Quellenangabe, die ein altes Jahr als letztes nennen."""
    datei, bis = projekt.relativ(projekt.quellen / f"{quelle.name}.yaml"), max(neu.jahre, default=0)
    s = quelle.statistik
    angaben = (
        ("Der Titel", "title", quelle.title, "--titel", bis),
        ("Die Quellenangabe", "statistik.attribution", s.attribution, "--quellenangabe", s.stand.year),
    )
    for welche, feld, text, option, jahr in angaben:
        genannt = max(map(int, re.findall(r"\b(?:19|20)\d\d\b", text)), default=jahr)
        if genannt < jahr:
            yield AngabeAlt.melde(
                datei=datei, feld=feld, welche=welche, alt=genannt, neu=jahr, angabe=text, option=option
            )


def _freier_platz(projekt: Projekt, name: str, lieferung: Lieferung, dateiname: str) -> Path:
    """``<datum>/<name>``, am selben Tag ``<datum>-2/…``; was ein Abbruch hinterließ, wird benutzt."""
    wurzel, nummer = ordner(projekt) / name, 1
    while True:
        platz = wurzel / (f"{lieferung.datum}" if nummer == 1 else f"{lieferung.datum}-{nummer}")
        if not platz.exists() or f"sha256:{dateisumme(platz / dateiname)}" == lieferung.summe:
            return platz / dateiname
        if not any(p for p in platz.iterdir() if not p.name.startswith(".")):
            return platz / dateiname
        nummer += 1


def _verzeichnisname(projekt: Projekt, name: str) -> str:
    return projekt.relativ(verzeichnisdatei(projekt, name))


def _schreibe(projekt: Projekt, name: str, lieferungen: Sequence[Lieferung]) -> None:
    inhalt = [e.model_dump(exclude_none=True, exclude_defaults=True) for e in lieferungen]
    kopf = "# Geschrieben von „berichtswerk lieferung“; die Dateien daneben ändert niemand.\n"
    schreibe_ganz(verzeichnisdatei(projekt, name), kopf + als_yaml({"lieferungen": inhalt}))


# --- zurückgeben ------------------------------------------------------------------------------------------


def nummer_von(lieferung: Lieferung) -> str:
    """Wie eine Lieferung heißt: ihr Ordner (``2026-11-26`` oder ``2026-11-26-2``)."""
    return Path(lieferung.datei).parent.name


def gib_zurueck(projekt: Projekt, quelle: str, nummer: str, grund: str, heute: date) -> Annahme:
    """Nimmt eine Lieferung zurück: sie gilt nicht mehr, Datei und Eintrag bleiben.

    Raises:
        BerichtswerkFehler: es gibt sie nicht, oder ohne sie wäre die Quelle fehlerhaft.
    """
    bestand = Datenbestand(projekt)
    bestand.quelle(quelle)
    with sperre(projekt):
        bisher = lies_verzeichnis(projekt, quelle)
        hier = next((n for n, e in enumerate(bisher) if nummer_von(e) == nummer), None)
        if hier is None:
            vorhanden = aufgezaehlt(nummer_von(e) for e in bisher) or "keine"
            raise BerichtswerkFehler(
                LieferungUnbekannt.melde(
                    datei=_verzeichnisname(projekt, quelle), name=nummer, vorhanden=vorhanden
                )
            )
        _raeume(projekt, quelle, bisher[hier].summe)
        if bisher[hier].zurueck is not None:
            return Annahme(quelle, bisher[hier], Unterschied(), schon_da=True)
        zurueck = bisher[hier].model_copy(update={"zurueck": Rueckgabe(datum=heute, grund=grund)})
        danach = [*bisher[:hier], zurueck, *bisher[hier + 1 :]]
        beschreibung = lade_yaml(projekt.quellen / f"{quelle}.yaml", Quelle, projekt)
        gelten = geltende(danach)
        letzte = gelten[-1].datum if gelten else date.min
        gilt = angewandt(beschreibung, gelten, _korrekturen(bestand, quelle, letzte))
        unterschied = vergleiche(_falls_lesbar(bestand, quelle), lies(gilt, projekt, bestand.gebiete))
        _schreibe(projekt, quelle, danach)
    return Annahme(quelle, zurueck, unterschied)


def _falls_lesbar(bestand: Datenbestand, quelle: str) -> Tabelle | None:
    try:
        return bestand.tabelle(quelle)
    except BerichtswerkFehler:  # eine Lieferung, die sich nicht lesen lässt, gibt man gerade zurück
        return None


# --- nachsehen --------------------------------------------------------------------------------------------


def pruefe_bestand(projekt: Projekt, namen: Iterable[str]) -> Meldungen:
    """Ist jede angenommene Datei noch da und unverändert; liegt etwas dort, das niemand annahm?"""
    meldungen = Meldungen()
    for name in namen:
        lieferungen = lies_verzeichnis(projekt, name)
        bekannt = {projekt.daten / e.datei: e for e in lieferungen}
        for pfad, e in bekannt.items():
            ist = dateisumme(pfad)
            if f"sha256:{ist}" != e.summe:
                was = "Die Datei ist nicht mehr die angenommene." if ist else "Die angenommene Datei fehlt."
                meldungen.dazu(
                    LieferungVeraendert.melde(
                        datei=projekt.relativ(pfad), was=was, tag=datum(e.datum), soll=e.summe
                    )
                )
        for pfad in sorted((ordner(projekt) / name).rglob("*")):
            if pfad.is_file() and pfad not in bekannt and not pfad.name.startswith((".", "~$")):
                meldungen.dazu(LieferungLiegt.melde(datei=projekt.relativ(pfad)))
    return meldungen


def faellige(projekt: Projekt, heute: date, vorlauf: int = 0) -> list[Faellig]:
    """Lieferungen, deren Tag gekommen ist oder in ``vorlauf`` Tagen kommt, die älteste zuerst.

    Nennt eine Quelle keinen Tag, gilt eine Lieferung als ausstehend, wenn der Stand zwei Perioden alt ist.
    Wovon noch nie etwas kam, steht heute aus.
    """
    bestand, ergebnis = Datenbestand(projekt), []
    kennzahlen: list[Kennzahl] = []
    with suppress(BerichtswerkFehler):  # ohne sie fehlt nur, wofür eine Lieferung gebraucht wird
        kennzahlen = list(Kennzahlenkatalog.lade(projekt).values())
    for quelle in (*bestand.quellen.values(), *bestand.ausstehende.values()):
        s, nie = quelle.statistik, quelle.name in bestand.ausstehende
        if s.naechste_lieferung is None and s.periodizitaet not in TAGE and not nie:
            continue
        tag = s.naechste_lieferung or s.stand + timedelta(days=2 * TAGE.get(s.periodizitaet, 0) + 1)
        tag = min(tag, heute) if nie else tag
        if (tage := (heute - tag).days) < (1 if vorlauf == 0 else -vorlauf) and not nie:
            continue
        namen = tuple(k.name for k in kennzahlen if quelle.name in k.quellen())
        ergebnis.append(
            Faellig(
                quelle.name,
                quelle.title,
                tag,
                tage,
                None if nie else s.stand,
                s.ressort,
                s.herausgeber,
                s.herkunft,
                namen,
            )
        )
    return sorted(ergebnis, key=lambda f: (f.faellig, f.quelle))


def erinnerungen(projekt: Projekt, faellig: Sequence[Faellig]) -> dict[str, str]:
    """Je Ressort ein Text, fertig zum Versenden; was man selbst abruft, steht darin als Abruf."""
    kreis = lade_kreis(projekt)
    je_ressort: dict[str, list[Faellig]] = {}
    for f in faellig:
        je_ressort.setdefault(f.ressort, []).append(f)
    return {
        ressort: _erinnerung(liste, kreis.name, kreis.redaktion.name) for ressort, liste in je_ressort.items()
    }


_FORMULAR_LIEGT_BEI = (
    "Ein Formular mit den bisherigen Werten liegt bei; die neuen Zeilen sind vorbereitet. Stimmt ein",
    "früherer Wert nicht mehr, ändern Sie ihn bitte darin; wir sehen es.",
)


def _erinnerung(liste: Sequence[Faellig], kreis: str, funktion: str) -> str:
    anzahl = "eine Lieferung steht aus" if len(liste) == 1 else f"{len(liste)} Lieferungen stehen aus"
    zeilen = [
        f"Betreff: Zahlen für die Planungsberichte: {anzahl}",
        "",
        "Guten Tag,",
        "",
        f"für die Planungsberichte ({kreis}) fehlen noch Zahlen, für die Sie zuständig sind:",
        "",
    ]
    for f in liste:
        wann = f"erwartet am {datum(f.faellig)}"
        wann += f", seit {f.tage} {'Tag' if f.tage == 1 else 'Tagen'} überfällig" if f.tage > 0 else ""
        zuletzt = f"zuletzt geliefert mit Stand {datum(f.stand)}" if f.stand else "noch nie geliefert"
        zeilen.append(f"- {f.titel}: {wann if f.stand else 'fehlt noch'}; {zuletzt}.")
        if f.herkunft in {"amtlich", "presse"}:
            zeilen.append(f"  Bitte abrufen bei: {f.herausgeber}.")
        if f.kennzahlen:
            zeilen.append(f"  Gebraucht für: {aufgezaehlt(f.kennzahlen, 4)}.")
    if any(f.herkunft not in {"amtlich", "presse"} for f in liste):
        zeilen += ["", *_FORMULAR_LIEGT_BEI]
    return "\n".join(
        [*zeilen, "", "Gibt es nichts Neues, genügt eine kurze Antwort.", "", "Freundliche Grüße", funktion]
    )
