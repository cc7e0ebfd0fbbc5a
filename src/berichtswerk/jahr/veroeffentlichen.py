"""Veröffentlichen: erst überträgt ein Lauf alles daneben, dann stellt er um, Seiten zuletzt.

Im Ziel liegt neben der Site der Ordner ``.berichtswerk``: ``vorrat/`` (jeder Inhalt einmal, unter seiner
Prüfsumme), ``fassungen/`` (je Veröffentlichung, welcher Inhalt wo liegt), ``wechsel/`` (fertig zum Umstellen)
und ``stand.json``: welche Fassung gilt und welche gerade eine andere ablöst. Ein abgebrochener Lauf lässt
online stehen, was dort stand, oder ganze Dateien beider Fassungen, ohne toten Verweis; der nächste vollendet.
Übertragen wird nur, was im Vorrat fehlt; zurück geht es ohne Übertragung.
"""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from berichtswerk.ausfuehrung.freigabe import ist_beschlossen
from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.grund.ablage import dateisumme
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe, aufgezaehlt
from berichtswerk.grund.projekt import Projekt, unzulaessig
from berichtswerk.jahr.ziele import ZIELDATEI, Ort

EIGEN = ".berichtswerk"
VORRAT, FASSUNGEN, WECHSEL = f"{EIGEN}/vorrat", f"{EIGEN}/fassungen", f"{EIGEN}/wechsel"
STAND, SCHUTZ = f"{EIGEN}/stand.json", f"{EIGEN}/.htaccess"
_SCHUTZ = b"Require all denied\n"
"""Apache zeigt den Ordner niemandem; darin steht nur, was schon einmal veröffentlicht war."""
TROTZ = ("entwurf", "beispiel", "platzhalter")
"""Was nur auf Verlangen hinausgeht."""
_UNFERTIG = '<meta name="robots" content="noindex">'
_PLATZHALTER = "[vor Veröffentlichung eintragen]"
_FORM = "%Y%m%d-%H%M%S"
M = TypeVar("M", bound=BaseModel)
Fortschritt = Callable[[str, int, int], None]
"""Was geschieht, das wievielte Stück, von wie vielen."""


class SiteFehlt(Befundart):
    text = "Es gibt noch nichts zu veröffentlichen."
    abhilfe = "Rendern Sie zuerst: berichtswerk render."


class SiteVeraltet(Befundart):
    text = "Seit dem letzten vollständigen Rendern hat sich etwas geändert, das noch nicht in _site/ steht."
    abhilfe = "Rendern Sie alles („berichtswerk render“), wenn die Änderung dabei sein soll."
    stufe = Stufe.WARNUNG


class EntwurfNichtOeffentlich(Befundart):
    text = "Keine Ausgabe ist beschlossen oder veröffentlicht; es gibt nur {welche}."
    feld = "status"
    ursache = "Entwürfe und Beispielausgaben gehen nicht hinaus."
    abhilfe = (
        "Bringen Sie eine Ausgabe zum Abschluss („berichtswerk freigabe“), oder sagen Sie „--trotz entwurf“ "
        "(Suchmaschinen zeigen sie dann nicht)."
    )


class BeispielNichtOeffentlich(Befundart):
    text = "Erfundene Beispieldaten oder der Hinweis auf eine Beispielausgabe stehen auf: {welche}."
    ursache = "Leserinnen und Leser hielten sie für echt."
    abhilfe = (
        "Ersetzen Sie die Beispieldaten und leeren Sie „portal.hinweis“ in daten/kreis.yaml, oder sagen Sie "
        "„--trotz beispiel“."
    )


class PlatzhalterNichtOeffentlich(Befundart):
    text = "„[vor Veröffentlichung eintragen]“ steht noch auf: {welche}."
    ursache = "Offen in daten/kreis.yaml: {offen}."
    abhilfe = "Tragen Sie die Angaben ein und rendern Sie, oder sagen Sie „--trotz platzhalter“."


class ZielFremd(Befundart):
    text = "Im Ziel „{ziel}“ liegt schon etwas, das nicht von hier stammt: {was}."
    feld = "ziele.{ziel}"
    ursache = "Was gleich heißt, würde ersetzt."
    abhilfe = "Nennen Sie einen leeren Ordner, oder sagen Sie „--uebernehmen“; Fremdes bleibt dann liegen."


class ZielstandUnlesbar(Befundart):
    text = "Im Ziel „{ziel}“ ist „{was}“ beschädigt."
    feld = "ziele.{ziel}"
    ursache = "{grund}"
    abhilfe = (
        "Löschen Sie im Ziel den Ordner „.berichtswerk“ und veröffentlichen Sie mit „--uebernehmen“: alles "
        "wird neu übertragen, frühere Fassungen gehen dabei verloren."
    )


class ZielInArbeit(Befundart):
    text = "Während der Übertragung hat jemand anderes in das Ziel „{ziel}“ veröffentlicht."
    feld = "ziele.{ziel}"
    abhilfe = "Sprechen Sie sich ab; dann hilft derselbe Befehl noch einmal."


class UebertragungUnvollstaendig(Befundart):
    text = "Im Ziel „{ziel}“ ist nicht angekommen, was übertragen wurde: {was}."
    feld = "ziele.{ziel}"
    ursache = "Die Größe dort ist eine andere. Online steht weiter die vorige Fassung."
    abhilfe = "Prüfen Sie den freien Platz im Ziel; derselbe Befehl überträgt es noch einmal."


class FassungUnbekannt(Befundart):
    text = "Im Ziel „{ziel}“ gibt es {was} nicht."
    feld = "ziele.{ziel}"
    abhilfe = "Vorhanden sind: {vorhanden}. „berichtswerk veroeffentlichen {ziel} --liste“ zeigt sie."


class FassungUnvollstaendig(Befundart):
    text = "Auf die Fassung {fassung} im Ziel „{ziel}“ lässt sich nicht umstellen: im Vorrat fehlt {was}."
    feld = "ziele.{ziel}"
    ursache = (
        "Jemand hat dort in .berichtswerk/vorrat/ etwas gelöscht oder geändert. Online ist nichts anders."
    )
    abhilfe = "Wählen Sie mit --auf eine andere Fassung, oder veröffentlichen Sie neu."


def _sicherer_name(name: str) -> str:
    """Was im Ziel steht, hat ein Fremder in der Hand: danach wird geschrieben und gelöscht."""
    if unzulaessig(name) or ".." in name.split("/") or f"{name}/".startswith(f"{EIGEN}/"):
        raise ValueError(f"Der Name {name!r} gilt hier nicht.")
    return name


Summe = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, AfterValidator(_sicherer_name)]
Kennung = Annotated[str, StringConstraints(pattern=r"^\d{8}-\d{6}$")]


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Eintrag(_Json):
    """Ein Inhalt: Prüfsumme (SHA-256) und Größe in Bytes."""

    summe: Summe
    groesse: int


class Fassung(_Json):
    """Eine Veröffentlichung: was wo liegt."""

    kennung: Kennung
    dateien: dict[Name, Eintrag]


class Zielstand(_Json):
    """Welche Fassung online gilt, welche sie gerade ablöst, und alle, die es waren; die jüngste zuletzt.

    ``vorher`` ist, was online galt, als die jüngste entstand.
    """

    fassung: Kennung | None = None
    wechsel: Kennung | None = None
    verlauf: tuple[Kennung, ...] = ()
    vorher: Kennung | None = None

    @property
    def jetzt(self) -> str:
        """Was online gilt oder gerade an seine Stelle rückt; leer, solange es nichts gibt."""
        return self.wechsel or self.fassung or ""

    @property
    def zurueck(self) -> str:
        """Wohin es zurück geht; ist die jüngste schon zurückgenommen, bleibt es dabei. Leer: nirgends."""
        if not self.verlauf or self.jetzt != self.verlauf[-1]:
            return self.jetzt
        return self.vorher if self.vorher in self.verlauf else "".join(self.verlauf[-2:-1])


@dataclass(slots=True)
class Unterschied:
    """Was eine Veröffentlichung im Ziel ändert; Namen ab der Wurzel der Site."""

    neu: list[str] = field(default_factory=list)
    geaendert: list[str] = field(default_factory=list)
    entfaellt: list[str] = field(default_factory=list)
    gleich: int = 0
    bytes: int = 0
    """So viele sind zu übertragen."""

    @property
    def leer(self) -> bool:
        """Ob online schon alles steht."""
        return not (self.neu or self.geaendert or self.entfaellt or self.bytes)


@dataclass(slots=True)
class Hinaus:
    """Was hinausgeht: der Ordner, die Ausgaben, die hier bleiben, und was dagegen spricht."""

    site: Path
    zurueck: list[str] = field(default_factory=list)
    meldungen: Meldungen = field(default_factory=Meldungen)


def stelle_bereit(projekt: Projekt, trotz: Collection[str] = ()) -> Hinaus:
    """Die Site ohne Entwürfe und Beispielausgaben, und ob sie reif ist; nur unter ``sperre`` benutzen.

    Entwurf ist, was auf seiner Seite so heißt und seither nicht beschlossen wurde. Ohne Entwürfe, oder wenn
    sie ``trotz`` allem mitgehen sollen, ist es ``_site`` selbst.

    Raises:
        BerichtswerkFehler: ``site-fehlt``, oder etwas, das hinausgehen soll, lässt sich nicht lesen.
    """
    from berichtswerk.ausfuehrung.plan import plane
    from berichtswerk.site.bau import baue_ohne

    if not (projekt.site / "index.html").is_file():
        raise BerichtswerkFehler(SiteFehlt.melde(datei="_site"))
    hinaus = Hinaus(projekt.site)
    seiten = {p.relative_to(projekt.site).parts: p for p in projekt.site.glob("berichte/*/*/*.html")}
    entwuerfe = {"/".join(teile[1:3]) for teile, p in seiten.items() if _UNFERTIG in p.read_text("utf-8")}
    if entwuerfe and "entwurf" not in trotz:
        plan = plane(projekt)
        geplant = {f"{a.bericht}/{a.ausgabe}": a.fassung is not None for a in plan.auftraege}
        hinaus.zurueck = sorted(name for name in entwuerfe if not geplant.get(name))
        Meldungen([m for n, ms in plan.gescheitert.items() if _fest(projekt, n, hinaus) for m in ms]).pruefe()
        gesetzt = {"/".join(teile[1:3]) for teile in seiten}
        if not any(fest or n in gesetzt - entwuerfe for n, fest in geplant.items()):
            befund = EntwurfNichtOeffentlich.melde(datei="berichte", welche=aufgezaehlt(hinaus.zurueck))
            hinaus.meldungen.dazu(befund)
        else:
            hinaus.site = baue_ohne(projekt, plan, hinaus.zurueck)
    hinaus.meldungen.alle(_unreif(projekt, hinaus, trotz))
    return hinaus


def _fest(projekt: Projekt, name: str, hinaus: Hinaus) -> bool:
    """Ob eine Ausgabe, die sich nicht lesen lässt, hinausgehört: kein Entwurf, oder schon beschlossen."""
    return name not in hinaus.zurueck or ist_beschlossen(projekt.berichte / name)


def _unreif(projekt: Projekt, hinaus: Hinaus, trotz: Collection[str]) -> Iterator[Meldung]:
    """Was dagegen spricht, diese Seiten hinauszugeben; gelesen wird, was auf ihnen steht."""
    beispiele, platzhalter = set(), set()
    for pfad in sorted(hinaus.site.rglob("*.html")):
        name, seite = pfad.relative_to(hinaus.site).as_posix(), pfad.read_text("utf-8")
        bericht = "/".join(name.split("/")[1:3]) if name.startswith("berichte/") else ""
        if bericht in hinaus.zurueck:
            continue
        if (name == "index.html" and _UNFERTIG in seite) or (bericht and "Beispieldaten" in seite):
            beispiele.add(bericht or name)
        if _PLATZHALTER in seite:
            platzhalter.add(bericht or name)
    if beispiele and "beispiel" not in trotz:
        yield BeispielNichtOeffentlich.melde(datei="_site", welche=aufgezaehlt(sorted(beispiele)))
    if platzhalter and "platzhalter" not in trotz:
        offen = ", ".join(lade_kreis(projekt).offen()) or "nichts"
        welche = aufgezaehlt(sorted(platzhalter))
        yield PlatzhalterNichtOeffentlich.melde(datei="_site", welche=welche, offen=offen)


def fremd(ziel: str, was: Iterable[str]) -> Meldung:
    """Die Meldung über Fremdes im Ziel."""
    return ZielFremd.melde(datei=ZIELDATEI, ziel=ziel, was=aufgezaehlt(was, 5))


def erfasse(site: Path) -> dict[str, Eintrag]:
    """Alle Dateien der Site; sie darf sich danach nicht ändern (:func:`berichtswerk.site.tausch.sperre`)."""
    dateien = {p.relative_to(site).as_posix(): p for p in sorted(site.rglob("*")) if p.is_file()}
    return {
        name: Eintrag(summe=dateisumme(pfad), groesse=pfad.stat().st_size)
        for name, pfad in dateien.items()
        if not name.startswith(".bw-")
    }


def _rang(name: str) -> tuple[int, str]:
    """Die Folge beim Umstellen: Beigaben, Verzeichnis der Suche, Seiten, zuletzt, was auf alle weist."""
    if name in {"index.html", "sitemap.xml", "feed.xml"}:
        return 3, name
    if name.endswith(".html"):
        return 2, name
    return (1 if name.startswith("pagefind/") and name.count("/") == 1 else 0), name


def zeitpunkt(kennung: str) -> datetime:
    """Wann eine Fassung entstand (UTC); das ist ihre Kennung."""
    return datetime.strptime(kennung, _FORM).replace(tzinfo=UTC)


def _still(_was: str, _nummer: int, _gesamt: int) -> None:
    """Niemand sieht zu."""


class Stelle:
    """Ein Ziel, wie es zu Beginn eines Laufs ist.

    Raises:
        BerichtswerkFehler: ``zielstand-unlesbar``; was am Ort scheitert, meldet ``ziele.oeffne``.
    """

    def __init__(self, ort: Ort, name: str, behalten: int = 5, melde: Fortschritt = _still) -> None:
        self.ort, self.name, self.behalten, self.melde = ort, name, behalten, melde
        melde("sieht nach, was im Ziel liegt", 0, 0)
        try:
            self.da, self.ordner = ort.liste()
            self.wurzel_fehlt = False
        except FileNotFoundError:
            self.da, self.ordner, self.wurzel_fehlt = {}, set(), True
        self.stand = self._stand()
        self._gelesen: dict[str, Fassung] = {}

    def fassung(self, kennung: str) -> Fassung:
        """Eine Fassung, die im Ziel verzeichnet ist."""
        if kennung not in self._gelesen:
            self._gelesen[kennung] = self._lies(f"{FASSUNGEN}/{kennung}.json", Fassung)
        return self._gelesen[kennung]

    def vergleiche(self, dateien: Mapping[str, Eintrag]) -> Unterschied:
        """Was anders würde. Auch was im Ziel fehlt oder eine andere Größe hat, gilt als geändert."""
        liegt, bekannt = self._liegt()
        u = Unterschied()
        for name, eintrag in dateien.items():
            if name not in self.da:
                u.neu.append(name)
            elif liegt.get(name) == eintrag:
                u.gleich += 1
            else:
                u.geaendert.append(name)
        u.entfaellt = sorted((bekannt & self.da.keys()) - dateien.keys())
        u.bytes = sum(dict(self._fehlt(dateien.values())).values())
        return u

    def fremdes(self) -> list[str]:
        """Was im Ziel liegt und aus keiner Veröffentlichung stammt, solange es noch keine gibt."""
        fremd = sorted(n for n in self.da if not n.startswith(f"{EIGEN}/"))
        return fremd if self.stand == Zielstand() else []

    def veroeffentliche(self, site: Path, dateien: Mapping[str, Eintrag]) -> str:
        """Überträgt, was fehlt, und stellt um; gibt die Kennung der neuen Fassung zurück."""
        self._lege_ordner_an([*(f"{n}/." for n in (VORRAT, FASSUNGEN, WECHSEL))])
        if SCHUTZ not in self.da:
            self.ort.lege(SCHUTZ, _SCHUTZ)
        fehlt = dict(self._fehlt(dateien.values()))
        woher = {eintrag.summe: name for name, eintrag in dateien.items() if eintrag.summe in fehlt}
        for nummer, (summe, quelle) in enumerate(sorted(woher.items(), key=lambda p: _rang(p[1])), 1):
            if f"{VORRAT}/{summe}" in self.da:  # halb angekommen; es darf keinen zweiten Namen haben
                self.ort.loesche(f"{VORRAT}/{summe}")
            self.ort.lege(f"{VORRAT}/{summe}", site / quelle)
            self.melde("überträgt", nummer, len(woher))
        if fehlt:
            self.da |= self.ort.liste(VORRAT)[0]
            if falsch := [woher[summe] for summe, _ in self._fehlt(dateien.values())]:
                raise self._fehler(UebertragungUnvollstaendig, was=aufgezaehlt(falsch))
        neu = Fassung(kennung=self._neue_kennung(), dateien=dict(dateien))
        self.ort.lege(f"{FASSUNGEN}/{neu.kennung}.json", neu.model_dump_json().encode())
        self._stelle_um(neu)
        return neu.kennung

    def stelle_zurueck(self, kennung: str) -> str:
        """Stellt auf eine frühere Fassung um, ohne etwas zu übertragen; leer: auf die vor der jüngsten.

        Noch einmal gegeben bleibt es dabei.

        Raises:
            BerichtswerkFehler: ``fassung-unbekannt``, ``fassung-unvollstaendig``.
        """
        vorhanden, ziel = self.stand.verlauf, kennung or self.stand.zurueck
        if ziel not in vorhanden:
            was = f"die Fassung „{kennung}“" if kennung else "eine frühere Fassung"
            raise self._fehler(FassungUnbekannt, was=was, vorhanden=aufgezaehlt(vorhanden) or "keine")
        fassung = self.fassung(ziel)
        if fehlt := {s for s, _ in self._fehlt(fassung.dateien.values())}:
            was = aufgezaehlt(n for n, e in fassung.dateien.items() if e.summe in fehlt)
            raise self._fehler(FassungUnvollstaendig, fassung=ziel, was=was)
        self._stelle_um(fassung)
        return ziel

    def _stelle_um(self, fassung: Fassung) -> None:
        """Macht online, was im Vorrat liegt: erst bereitlegen, dann ein Zug je Datei."""
        if self._stand() != self.stand:
            raise self._fehler(ZielInArbeit)
        for rest in [n for n in self.da if n.startswith(f"{WECHSEL}/")]:
            self.ort.loesche(rest)
        u = self.vergleiche(fassung.dateien)
        dran = sorted((*u.neu, *u.geaendert), key=_rang)
        self._lege_ordner_an(dran)
        for nummer, name in enumerate(dran):
            self.ort.kopiere(f"{VORRAT}/{fassung.dateien[name].summe}", f"{WECHSEL}/{nummer}")
            self.melde("legt bereit", nummer + 1, len(dran))
        verlauf = tuple(sorted({*self.stand.verlauf, fassung.kennung}))
        bisher, vorher = self.stand.fassung, self.stand.vorher
        if fassung.kennung not in self.stand.verlauf:
            vorher = bisher
        mitten = Zielstand(fassung=bisher, wechsel=fassung.kennung, verlauf=verlauf, vorher=vorher)
        self._schreibe_stand(mitten)
        for nummer, name in enumerate(dran):
            self.ort.ersetze(f"{WECHSEL}/{nummer}", name)
            self.melde("stellt um", nummer + 1, len(dran))
        for name in sorted(u.entfaellt, key=_rang, reverse=True):
            self.ort.loesche(name)
        immer = {fassung.kennung, vorher if self.behalten > 1 else None, *verlauf[-self.behalten :]}
        bleiben = tuple(k for k in verlauf if k in immer)
        self._schreibe_stand(Zielstand(fassung=fassung.kennung, verlauf=bleiben, vorher=vorher))
        self._raeume_auf(u.entfaellt, fassung)

    def _raeume_auf(self, entfallen: Iterable[str], jetzige: Fassung) -> None:
        """Löscht leere Ordner und, was zu keiner behaltenen Fassung gehört."""
        bleiben = self.stand.verlauf
        fassungen = [jetzige if k == jetzige.kennung else self.fassung(k) for k in bleiben]
        inhalte = {e.summe for f in fassungen for e in f.dateien.values()}
        alte = {n for n in self.da if n.startswith(f"{FASSUNGEN}/")}
        for name in sorted(alte - {f"{FASSUNGEN}/{k}.json" for k in bleiben}):
            self.ort.loesche(name)
        vorrat = {n for n in self.da if n.startswith(f"{VORRAT}/")}
        for name in sorted(n for n in vorrat if n.rpartition("/")[2] not in inhalte):
            self.ort.loesche(name)
        belegt = {e for name in jetzige.dateien for e in _darueber(name)}
        for ordner in sorted({e for name in entfallen for e in _darueber(name)} - belegt, reverse=True):
            with contextlib.suppress(OSError):  # Fremdes darin bleibt
                self.ort.loesche_ordner(ordner)

    def _liegt(self) -> tuple[dict[str, Eintrag], set[str]]:
        """Was nachweislich online liegt, und alle Namen, die von hier stammen.

        Blieb ein Lauf mitten im Umstellen stehen, ist nur sicher, was beide Fassungen gleich haben.
        """
        kennungen = [k for k in (self.stand.fassung, self.stand.wechsel) if k]
        fassungen = [self.fassung(k).dateien for k in kennungen]
        bekannt = {name for dateien in fassungen for name in dateien}
        if not fassungen or (self.stand.wechsel and len(fassungen) == 1):
            return {}, bekannt
        liegt = {n: e for n, e in fassungen[0].items() if all(f.get(n) == e for f in fassungen)}
        return {n: e for n, e in liegt.items() if self.da.get(n) == e.groesse}, bekannt

    def _fehlt(self, eintraege: Iterable[Eintrag]) -> Iterable[tuple[str, int]]:
        """Inhalte, die im Vorrat fehlen oder nur halb da sind, mit ihrer Größe."""
        for e in eintraege:
            if self.da.get(f"{VORRAT}/{e.summe}") != e.groesse:
                yield e.summe, e.groesse

    def _lege_ordner_an(self, dateien: Iterable[str]) -> None:
        if self.wurzel_fehlt:
            self.ort.lege_ordner_an("")
            self.wurzel_fehlt = False
        for ordner in sorted({o for name in dateien for o in _darueber(name)} - self.ordner):
            self.ort.lege_ordner_an(ordner)
            self.ordner.add(ordner)

    def _neue_kennung(self) -> str:
        zeit = datetime.now(UTC)
        if self.stand.verlauf:  # auch wenn die Uhr nachgeht: die neue ist die letzte
            zeit = max(zeit, zeitpunkt(self.stand.verlauf[-1]) + timedelta(seconds=1))
        return zeit.strftime(_FORM)

    def _schreibe_stand(self, stand: Zielstand) -> None:
        self.ort.lege(f"{STAND}.neu", stand.model_dump_json().encode())
        self.ort.ersetze(f"{STAND}.neu", STAND)
        self.stand = stand

    def _stand(self) -> Zielstand:
        try:
            return self._lies(STAND, Zielstand)
        except FileNotFoundError:
            return Zielstand()

    def _lies(self, name: str, modell: type[M]) -> M:
        try:
            return modell.model_validate(json.loads(self.ort.lies(name)))
        except (ValidationError, ValueError) as fehler:
            grund = str(fehler).splitlines()[0]
            raise self._fehler(ZielstandUnlesbar, was=name, grund=grund) from fehler

    def _fehler(self, art: type[Befundart], **angaben: Any) -> BerichtswerkFehler:
        return BerichtswerkFehler(art.melde(datei=ZIELDATEI, ziel=self.name, **angaben))


def _darueber(name: str) -> list[str]:
    """Alle Ordner über einer Datei, der oberste zuerst."""
    teile = name.split("/")[:-1]
    return ["/".join(teile[: i + 1]) for i in range(len(teile))]


def packe(site: Path, ziel: Path) -> list[str]:
    """Schreibt die Site als ZIP, ganz oder gar nicht; gibt die Namen zurück. Gleiches, gleiche Bytes."""
    neu = ziel.with_name(f".{ziel.name}.{os.getpid()}.neu")
    namen = list(erfasse(site))
    try:
        with zipfile.ZipFile(neu, "w", zipfile.ZIP_DEFLATED) as archiv:
            for name in namen:
                kopf = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                kopf.compress_type, kopf.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archiv.writestr(kopf, (site / name).read_bytes())
        neu.replace(ziel)
    finally:
        neu.unlink(missing_ok=True)
    return namen
