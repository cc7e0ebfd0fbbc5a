"""Rendern: ausführen, setzen, die Site daneben bauen und im Ganzen tauschen."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.daten.kreis import offene_angaben
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere as sichere_marke
from berichtswerk.marke.lesen import warnungen
from berichtswerk.marke.marke import Marke
from berichtswerk.satz import platz
from berichtswerk.satz.manuskript import lies as lies_texte
from berichtswerk.schreiber.formate import alle, dateien
from berichtswerk.schreiber.html.seite import layoutdateien
from berichtswerk.site import eingefroren, stand
from berichtswerk.site.auftritt import lege_layout_bei, noch_nicht, trete_auf
from berichtswerk.site.satzlauf import Gesetzt, Satzlauf
from berichtswerk.site.seiten import SUCHE, Umgebung, baue_seiten, setze_seite
from berichtswerk.site.start import Nebenan
from berichtswerk.site.suche import WISSEN, Vorlauf, suchseite, verzeichne, wissen
from berichtswerk.site.tausch import bauplatz, sperre, tausche
from berichtswerk.site.vorbereitung import lege_eingaben_an

Fortschritt = Callable[[str, Auftrag | None, int], None]
"""Was gerade geschah, mit welchem Auftrag, und wie viele Schritte es insgesamt sind."""
_SEITENVERWEIS = re.compile(r'href="([^":#?]+\.html)')


@dataclass(slots=True)
class Bilanz:
    """Was ein Lauf erreicht hat."""

    gesetzt: list[Gesetzt] = field(default_factory=list)
    behalten: list[str] = field(default_factory=list)
    meldungen: Meldungen = field(default_factory=Meldungen)
    getauscht: bool = False
    fremd: bool = False
    """Ob ein Notizbuch aus einer Datenbank oder dem Netz liest: dann gilt sein Ergebnis nur einmal."""
    weitere: tuple[str, ...] = ()
    """Gelesene Dateien, die nicht in den Ordnern des Projekts liegen."""

    def merke_gelesenes(self, namen: Iterable[str]) -> None:
        """Merkt davon, was nicht ohnehin bei jedem Lauf geprüft wird."""
        neue = {n for n in namen if not stand.ist_erfasst(n)}
        self.weitere = tuple(sorted({*self.weitere, *neue}))

    @property
    def gelungen(self) -> bool:
        """Ob alles Verlangte entstand."""
        return not self.meldungen.fehler and all(g.gelungen for g in self.gesetzt)


def rendere(
    projekt: Projekt,
    namen: Sequence[str] = (),
    formate: Collection[str] = (),
    *,
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    fortschritt: Fortschritt | None = None,
    eingaben: Mapping[str, str] | None = None,
) -> Bilanz:
    """Rendert alle oder die genannten Berichte und tauscht die Site.

    Was nicht verlangt war oder scheitert, behält seine vorigen Seiten. Ohne ``formate`` entstehen alle.
    ``executor`` führt die Notizbücher anderswo aus (:class:`berichtswerk.ausfuehrung.verbund.Verbund`) und
    ist zu Ende, sobald alle gerechnet sind: Setzen braucht den Speicher.
    ``eingaben`` sind die eben erfassten (:func:`berichtswerk.site.stand.erfasse`), wenn sie schon vorliegen.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder Fehler, mit denen keine Site entstehen kann.
    """
    eingaben, formate = eingaben or stand.erfasse(projekt), formate or alle()
    with zeiten.miss("lesen"):
        plan = plane(projekt)
    auswahl = plan.waehle(namen)
    offen = [a for a in auswahl if a.fassung is None]
    if "html" not in formate and any((projekt.site / f"{a.ziel}.html").is_file() for a in auswahl):
        formate = (*formate, "html")  # die Seite verweist auf alles, was neben ihr liegt
    melde = fortschritt or (lambda *_: None)
    with sperre(projekt), bauplatz(projekt) as bau:
        with zeiten.miss("lesen"):
            umgebung = Umgebung.zu(projekt, plan.auftraege)
            sichere_marke(projekt)
            layoutdateien(projekt)  # was fehlt, soll sich jetzt zeigen, nicht am Ende
        bilanz = Bilanz(meldungen=plan.meldungen)
        ablage = Ablage.von(projekt)
        orte = [f"{a.ziel}.html" for a in offen]
        with closing(Vorlauf(projekt.site, bau.with_name(f"{bau.name}-vorlauf"), orte, ablage)) as vorlauf:
            voraus = threading.Thread(target=_lies_voraus, args=(umgebung, plan), daemon=True)
            beginne_voraus = _beginnt_einmal(voraus)

            def nimm(ort: str, html: str) -> None:
                vorlauf.nimm(ort, html)
                beginne_voraus()

            laeufe = fuehre_aus(
                projekt, offen, grenzen=grenzen, executor=executor, zeichnet=True, derweil=beginne_voraus
            )
            lauf = Satzlauf(umgebung, bau, formate, nimm, [a.stamm for a in offen])
            laeufe = _merke_gelesenes(laeufe, bilanz, executor)
            bilanz.gesetzt = _setze_alle(lauf, laeufe, len(offen), melde)
            if voraus.is_alive():
                voraus.join()
            for g in bilanz.gesetzt:
                bilanz.meldungen.neue(g.meldungen)
                bilanz.merke_gelesenes(g.gelesen)
            platz.raeume_auf(projekt)
            if offen and not any(g.gelungen for g in bilanz.gesetzt) and projekt.site.exists():
                return bilanz
            _behalte(projekt, plan, bilanz, bau)
            with zeiten.miss("site"):
                bilanz.merke_gelesenes(_baue_seiten(umgebung, plan, bau))
                da = [a for a in plan.auftraege if (bau / f"{a.ziel}.html").is_file()]
                bilanz.meldungen.alle(trete_auf(umgebung, da, bau))
            melde("Suche", None, len(offen))
            with zeiten.miss("suche"):
                bilanz.meldungen.alle(verzeichne(bau, ablage, vorlauf))
        with zeiten.miss("site"):
            tausche(projekt, bau)
            ablage.kuerze()
            lege_eingaben_an(projekt, plan)
        bilanz.getauscht = True
    bilanz.meldungen.alle([*warnungen(Marke.lade(projekt)), *offene_angaben(umgebung.kreis)])
    if bilanz.gelungen and not bilanz.fremd:
        stand.merke(
            projekt, namen, formate, eingaben=eingaben, weitere=bilanz.weitere,
            berichte=len(bilanz.gesetzt), meldungen=bilanz.meldungen,
        )  # fmt: skip
    return bilanz


def baue_ohne(projekt: Projekt, plan: Plan, zurueck: Collection[str]) -> Path:
    """Die Site ohne diese Ausgaben (``bericht/ausgabe``); gibt den Ordner zurück, in dem sie liegt.

    Gerechnet und gesetzt wird nichts: Beschlossenes kommt aus dem Archiv, das Übrige aus ``_site``; Start-
    und Datenseite, Sitemap, Feed und Suche entstehen neu. Wo eine Seite auf eine dieser Ausgaben verweist,
    liegt eine, die sagt, dass sie noch nicht veröffentlicht ist. Nur unter ``sperre`` benutzen.

    Raises:
        BerichtswerkFehler: etwas, das bleiben soll, lässt sich nicht lesen.
    """
    ordner = tuple(f"berichte/{name}/" for name in zurueck)
    bleiben = tuple(a for a in plan.auftraege if f"{a.bericht}/{a.ausgabe}" not in zurueck)
    umgebung, fertig = Umgebung.zu(projekt, bleiben), projekt.arbeit / "hinaus"
    with bauplatz(projekt) as bau:
        Meldungen(eingefroren.lege_bei(projekt, bleiben, bau)).pruefe()
        for ort in {f"berichte/{a.bericht}/{a.ausgabe}" for a in bleiben if a.fassung is None}:
            _uebernimm_ordner(projekt.site / ort, bau / ort)
        _uebernimm_ordner(projekt.site / "site_libs", bau / "site_libs")  # wenn Quarto sie setzte
        sichere_marke(projekt)
        _baue_seiten(umgebung, Plan(bleiben, Meldungen()), bau)
        trete_auf(umgebung, [a for a in bleiben if (bau / f"{a.ziel}.html").is_file()], bau)
        for ort in _tote_verweise(bau, ordner):
            (bau / ort).parent.mkdir(parents=True, exist_ok=True)
            (bau / ort).write_text(noch_nicht(umgebung, ort), encoding="utf-8", newline="\n")
        verzeichne(bau, Ablage.von(projekt))
        shutil.rmtree(fertig, ignore_errors=True)
        bau.rename(fertig)
    return fertig


def _tote_verweise(bau: Path, ordner: tuple[str, ...]) -> set[str]:
    """Seiten in diesen Ordnern, auf die eine andere verweist und die es nicht gibt."""
    ziele = set[str]()
    for pfad in bau.rglob("*.html"):
        hier = pfad.parent.relative_to(bau).as_posix()
        for verweis in _SEITENVERWEIS.findall(pfad.read_text("utf-8")):
            ziele.add(posixpath.normpath(posixpath.join(hier, unquote(verweis))))
    return {ort for ort in ziele if ort.startswith(ordner) and not (bau / ort).exists()}


def _merke_gelesenes(
    laeufe: Iterable[Ausgefuehrt], bilanz: Bilanz, executor: Executor | None
) -> Iterator[Ausgefuehrt]:
    """Reicht Läufe durch und merkt, ob sie etwas lasen, dessen Änderung sonst niemand sieht."""
    for a in laeufe:
        bilanz.fremd |= a.fremd
        bilanz.merke_gelesenes(a.gelesen)
        yield a
    if executor is not None:
        executor.shutdown()


def _setze_alle(
    lauf: Satzlauf, laeufe: Iterable[Ausgefuehrt], anzahl: int, melde: Fortschritt
) -> list[Gesetzt]:
    """Setzt nebeneinander, was ausgeführt ist, während anderes noch rechnet."""
    ergebnisse: dict[str, Gesetzt] = {}
    kerne = os.cpu_count() or 1
    laufend: set[Future[Gesetzt]] = set()

    def nimm_an(*, hoechstens: int) -> None:
        """Nimmt Fertiges an, bis nur noch so viele in Arbeit sind: mehr lägen nur im Speicher."""
        while len(laufend) > hoechstens:
            fertig = wait(laufend, return_when=FIRST_COMPLETED).done
            laufend.difference_update(fertig)
            for g in (f.result() for f in fertig):
                ergebnisse[g.auftrag.stamm] = g
                melde("gesetzt" if g.gelungen else "gescheitert", g.auftrag, anzahl)

    with ThreadPoolExecutor(kerne, "satz") as faeden:
        for a in laeufe:
            melde("ausgeführt", a.auftrag, anzahl)
            laufend.add(faeden.submit(lauf.setze, a))
            nimm_an(hoechstens=2 * kerne)
        nimm_an(hoechstens=0)
    return [ergebnisse[stamm] for stamm in sorted(ergebnisse)]


def _beginnt_einmal(faden: threading.Thread) -> Callable[[], None]:
    """Beginnt den Faden beim ersten Aufruf; zwei Fäden könnten zugleich rufen."""
    erster = threading.Lock()

    def beginne() -> None:
        if erster.acquire(blocking=False):
            faden.start()

    return beginne


def _lies_voraus(umgebung: Umgebung, plan: Plan) -> None:
    """Liest die eigenen Seiten schon, während gerechnet oder gedruckt wird; sie liegen dann in der Ablage."""

    daneben = {ort for a in plan.auftraege for ort in dateien(a).values()}
    nebenan = Nebenan(daneben, lambda a: umgebung.projekt.site / a.ziel)
    # meldet der Bau der Seiten; RuntimeError: der Befehl endet schon
    with suppress(BerichtswerkFehler, OSError, RuntimeError):
        for dokument in baue_seiten(umgebung, plan.auftraege, nebenan).values():
            lies_texte(dokument, umgebung.projekt, umgebung.projekt.wurzel, Ablage.von(umgebung.projekt))


def _baue_seiten(umgebung: Umgebung, plan: Plan, bau: Path) -> list[str]:
    """Startseite, Pflichtseiten, Datenübersicht, Suche und was sie an Dateien brauchen; was sie lasen."""
    projekt = umgebung.projekt
    gezeigt = [a for a in plan.auftraege if (bau / f"{a.ziel}.html").is_file()]
    daneben = {ort for a in gezeigt for ort in dateien(a).values() if (bau / ort).is_file()}
    seiten = baue_seiten(umgebung, gezeigt, Nebenan(daneben, lambda a: bau / a.ziel)).items()
    fertig = {f"{ort}.html": setze_seite(umgebung, ort, dokument) for ort, dokument in seiten}
    html = {ort: text for ort, (text, _) in fertig.items()}
    vorige = projekt.site / "index.html"
    if plan.meldungen.fehler and vorige.is_file():  # Fehler nehmen keinem Bericht die Karte
        html["index.html"] = vorige.read_text(encoding="utf-8")
    suche = {SUCHE: suchseite(umgebung), WISSEN: wissen(projekt, gezeigt)}
    for ort, text in {**html, **suche}.items():
        (bau / ort).parent.mkdir(parents=True, exist_ok=True)
        (bau / ort).write_text(text, encoding="utf-8", newline="\n")
    lege_layout_bei(projekt, bau)
    return [name for _, gelesen in fertig.values() for name in gelesen]


def _behalte(projekt: Projekt, plan: Plan, bilanz: Bilanz, bau: Path) -> None:
    """Übernimmt Beschlossenes aus dem Archiv und vorige Seiten; die Bilanz nennt, was von früher ist.

    Von früher ist, was nicht verlangt war, was gescheitert ist, und ein Format, das diesmal nicht gesetzt
    wurde. Berichte, die es nicht mehr gibt, verschwinden; solche mit fehlerhafter ``bericht.yml`` bleiben.
    """
    bilanz.meldungen.alle(eingefroren.lege_bei(projekt, plan.auftraege, bau))
    if not projekt.site.is_dir():
        return
    neu = {g.auftrag.stamm for g in bilanz.gesetzt if g.gelungen}
    staemme = {a.stamm for a in plan.auftraege}
    behalten = []
    for auftrag in (a for a in plan.auftraege if a.fassung is None):
        uebernommen = [
            name.upper()
            for name, ort in {"html": f"{auftrag.ziel}.html", **dateien(auftrag)}.items()
            if _uebernimm(projekt.site / ort, bau / ort)
        ]
        if auftrag.stamm not in neu:
            _uebernimm_ordner(projekt.site / auftrag.ziel, bau / auftrag.ziel)
            _uebernimm_zeichnungen(projekt.site, bau, Path(auftrag.ziel).parent, staemme)
        if uebernommen:
            ganz = auftrag.stamm not in neu
            behalten.append(auftrag.stamm if ganz else f"{auftrag.stamm} ({', '.join(uebernommen)})")
    bilanz.behalten = behalten + _ungeplante(projekt, plan, bau)


def _ungeplante(projekt: Projekt, plan: Plan, bau: Path) -> list[str]:
    """Ordner, deren Beschreibung gerade fehlerhaft ist."""
    geplant = {(a.bericht, a.ausgabe) for a in plan.auftraege}
    behalten = []
    kaputte = {projekt.berichte / name / "bericht.yml" for name in plan.gescheitert}
    for beschreibung in sorted({*projekt.berichte.glob("*/*/bericht.yml"), *kaputte}):
        bericht, ausgabe = beschreibung.parts[-3:-1]
        ordner = Path("berichte", bericht, ausgabe)
        if (bericht, ausgabe) not in geplant and (projekt.site / ordner).is_dir():
            _uebernimm_ordner(projekt.site / ordner, bau / ordner)
            behalten.append(f"{bericht}/{ausgabe}")
    return behalten


def _uebernimm(von: Path, nach: Path) -> bool:
    if nach.exists() or not von.is_file():
        return False
    nach.parent.mkdir(parents=True, exist_ok=True)
    _verknuepfe(von, nach)
    return True


def _uebernimm_ordner(von: Path, nach: Path) -> None:
    if von.is_dir():
        shutil.copytree(von, nach, dirs_exist_ok=True, copy_function=_verknuepfe)


def _uebernimm_zeichnungen(von: Path, nach: Path, ordner: Path, staemme: Collection[str]) -> None:
    """Zeichnungen, die ein Text nennt, liegen neben der Seite, nicht in ihrem Ordner (``staemme``)."""
    for zeichnung in (von / ordner).rglob("*.svg"):
        if zeichnung.relative_to(von / ordner).parts[0] not in staemme:
            _uebernimm(zeichnung, nach / zeichnung.relative_to(von))


def _verknuepfe(von: str | Path, nach: str | Path) -> None:
    """Zweiter Name für dieselbe Datei; wo das Laufwerk das nicht kann, eine Abschrift.

    Übernommenes wird nicht mehr beschrieben, nur mit der vorigen Site gelöscht.
    """
    try:
        os.link(von, nach)
    except FileExistsError:
        return  # Neues geht vor
    except OSError:
        shutil.copyfile(von, nach)
