"""Alle Aufträge einmal ausführen: wiederverwenden, was noch gilt; den Rest nebeneinander rechnen.

Was ein Notizbuch scheitern lässt, wird zur Meldung: Bericht, Zelle, Zeile, Fehler, Rat.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.auftrag import (
    Ausgabeart,
    Executor,
    FehlerArt,
    Gemeinsames,
    Grenzen,
    Lauf,
    Laufergebnis,
    Rohausgabe,
    Zellfehler,
)
from berichtswerk.ausfuehrung.notizbuch import (
    ABSCHLUSS_KENNUNG,
    EINGESETZT,
    NUR_NOTIZBUCH,
    Notizbuch,
    marken,
    quelltext,
    vorbereitet,
)
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import FASSUNG, FREMD, Spuren
from berichtswerk.bericht.ausgabe import lade_ausgabe
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.lieferungen import verpasste
from berichtswerk.gegenstand.gegenstaende import MIME, Gegenstand, aus_json
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import pruefsumme
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum, schreibe
from berichtswerk.marke.marke import Marke

_SCHEITERT = "Der Bericht {stamm} kommt nicht zustande: "


class ZelleScheitert(Befundart):
    kennung = "zelle-fehler"
    text = _SCHEITERT + "Eine Zelle scheitert."
    ursache = "{grund}{zeile}"
    abhilfe = "{rat}"


class LieferungNachStand(Befundart):
    text = "Die Ausgabe zeigt {jahr} aus der Quelle „{quelle}“; deren Datei kam erst am {tag}."
    ursache = "Der Stand der Ausgabe ist der {stand}; das jüngste Jahr einer Datei kam mit ihr."
    abhilfe = "Schreiben Sie „stand: {neu}“ oder später, oder ein früheres Jahr in „bis“."
    feld = "stand"
    stufe = Stufe.WARNUNG


class LieferungNeuer(Befundart):
    text = "Von der Quelle „{quelle}“ gibt es eine neuere Lieferung ({tag}); diese Ausgabe liest sie nicht."
    ursache = "Eine Ausgabe liest, was bis zu ihrem Stand vorlag, hier bis zum {stand}."
    abhilfe = (
        "Soll sie hinein, schreiben Sie „stand: {neu}“ oder später; sonst beginnen Sie die nächste Ausgabe."
    )
    feld = "stand"
    stufe = Stufe.HINWEIS


class ZelleZuLang(Befundart):
    kennung = "zelle-zeit-zelle"
    text = _SCHEITERT + "Eine Zelle rechnet zu lange."
    ursache = "Nach {zelle} war sie nicht fertig."
    abhilfe = (
        "Suchen Sie nach einer Schleife ohne Ende oder erhöhen Sie die Grenze mit --zeit-zelle SEKUNDEN."
    )


class NotizbuchZuLang(Befundart):
    kennung = "zelle-zeit-bericht"
    text = _SCHEITERT + "Das Notizbuch rechnet insgesamt zu lange."
    ursache = "Nach {bericht} war es nicht fertig."
    abhilfe = "Rechnen Sie weniger auf einmal oder erhöhen Sie die Grenze mit --zeit-bericht SEKUNDEN."


class ZuVielSpeicher(Befundart):
    kennung = "zelle-speicher"
    text = _SCHEITERT + "Eine Zelle braucht zu viel Arbeitsspeicher."
    ursache = "Erlaubt sind {speicher} MB.{zeile}"
    abhilfe = (
        "Lesen Sie weniger Daten auf einmal oder erhöhen Sie in bericht.yml grenzen: {{speicher_mb: …}}."
    )


class AusgabenZuGross(Befundart):
    kennung = "zelle-zu-viel"
    text = _SCHEITERT + "Die Ausgaben sind zu groß."
    ursache = "Abbildungen und Tabellen umfassen {umfang} Zeichen, erlaubt sind {erlaubt}."
    abhilfe = "Zeigen Sie zusammengefasste Werte statt einzelner Datensätze."


class LaufBeendet(Befundart):
    kennung = "zelle-beendet"
    text = _SCHEITERT + "Der Rechenvorgang wurde beendet."
    ursache = "Das Betriebssystem oder jemand hat ihn abgebrochen{signal}."
    abhilfe = "Oft fehlt Arbeitsspeicher: Lesen Sie weniger Daten auf einmal und rendern Sie erneut."


class RohGezeigt(Befundart):
    kennung = "nicht-veroeffentlicht"
    text = "Die Zelle {was}."
    ursache = "Was nicht über b.… gezeigt wird, hat weder Quelle noch Alternativtext und fehlt im Bericht."
    abhilfe = (
        "{rat} Dient die Zelle nur der Arbeit am Notizbuch, beginnen Sie sie mit „#| output: false“ oder "
        f"geben Sie ihr die Marke {NUR_NOTIZBUCH}."
    )


class NichtGezeigt(Befundart):
    text = "Die Zelle legt etwas an, das der Bericht nicht zeigt: {text}."
    ursache = (
        "Eine Zelle zeigt nur, womit ihre letzte Zeile endet; was davor, in einer Schleife, unter if, "
        "in einer Funktion oder vor „;“ steht, sieht niemand."
    )
    abhilfe = "Geben Sie jedem eine eigene Zelle, oder schreiben Sie display(…) darum. Sonst löschen Sie es."


class WarnungGezeigt(Befundart):
    kennung = "zelle-warnt"
    stufe = Stufe.HINWEIS
    text = "Während die Zelle lief, gab es eine Warnung."
    ursache = "{text}"
    abhilfe = "Prüfen Sie in JupyterLab, ob das Ergebnis trotzdem stimmt."


_ARTEN: dict[FehlerArt, type[Befundart]] = {
    "fehler": ZelleScheitert,
    "zeit_zelle": ZelleZuLang,
    "zeit_bericht": NotizbuchZuLang,
    "beendet": LaufBeendet,
    "zu_viel": AusgabenZuGross,
    "speicher": ZuVielSpeicher,
}
_RAT = {
    "NameError": "Prüfen Sie die Schreibweise und ob der Name in einer früheren Zelle festgelegt wird.",
    "ModuleNotFoundError": "Installieren Sie das Paket in der Umgebung oder entfernen Sie den Import.",
    "ImportError": "Prüfen Sie die Schreibweise des Importierten und die Fassung des Pakets.",
    "KeyError": "Diesen Schlüssel oder diese Spalte gibt es nicht: Prüfen Sie die Schreibweise.",
    "IndexError": "Die Liste ist kürzer als erwartet: Prüfen Sie, ob Daten vorliegen.",
    "FileNotFoundError": "Prüfen Sie den Pfad; er gilt ab dem Ordner notebooks/.",
    "SyntaxError": "Prüfen Sie Klammern, Anführungszeichen und Doppelpunkte in dieser Zeile.",
    "IndentationError": "Prüfen Sie die Einrückung dieser Zeile.",
    "ZeroDivisionError": "Der Nenner ist null: Prüfen Sie die Daten oder rechnen Sie über eine Kennzahl.",
    "AttributeError": "Diese Methode oder Eigenschaft gibt es hier nicht: Schreibweise prüfen.",
    "TypeError": "Art oder Zahl der Angaben passt nicht: Prüfen Sie den Aufruf in dieser Zeile.",
    "ValueError": "Der Wert passt nicht zum Aufruf: Prüfen Sie die Angaben in dieser Zeile.",
    "SystemExit": "Entfernen Sie exit() oder sys.exit(): Ein Bericht endet mit seiner letzten Zelle.",
    "StdinNotImplementedError": "Ein Bericht fragt nicht nach: Ersetzen Sie input() durch einen Parameter.",
}
_RAT_SONST = "Öffnen Sie das Notizbuch in JupyterLab und führen Sie es von oben bis zu dieser Zelle aus."
_GEZEIGT: dict[Ausgabeart, tuple[str, str]] = {
    "tabelle": ("zeigt eine Tabelle, die nicht aus b.tabelle(…) kommt", "Zeigen Sie sie mit b.tabelle(…)."),
    "bild": ("zeigt ein Bild, das nicht aus b.abbildung(…) kommt", "Zeigen Sie es mit b.abbildung(…)."),
    "markdown": ("zeigt Text, der nicht aus b.text(…) kommt", "Zeigen Sie ihn mit b.text(…)."),
    "text": (
        "gibt mit print() Text aus: „{text}“",
        "Zeigen Sie ihn mit b.text(…) oder entfernen Sie print().",
    ),
    "wert": (
        "zeigt einen Wert: „{text}“",
        "Binden Sie ihn in einem Text oder beenden Sie die Zeile mit „;“.",
    ),
}


def fehlermeldungen(
    projekt: Projekt, auftrag: Auftrag, eingabe: str, fehler: Zellfehler, grenzen: Grenzen
) -> list[Meldung]:
    """Warum ein Lauf scheiterte; ``eingabe`` ist das Notizbuch mit Parametern (JSON).

    Was das Werk selbst meldete (eine Zeile in Daten, ein Schlüssel in YAML), steht an seiner Stelle; nennt es
    keine, ist es die Zelle, die danach verlangte.
    """
    ort, zeile = _ort(json.loads(eingabe), fehler)
    datei = _datei(projekt, auftrag)
    if any(m.stufe is Stufe.FEHLER for m in fehler.meldungen):
        befunde = dict.fromkeys([*fehler.zweifel, *fehler.meldungen])
        return [m if m.datei else replace(m, datei=datei, ort=m.ort or ort) for m in befunde]
    text = fehler.text.replace(str(projekt.wurzel), ".")
    befund = _ARTEN[fehler.art].melde(
        datei=datei, ort=ort, stamm=auftrag.stamm,
        grund=f"{fehler.name}: {text}" if text else fehler.name, rat=_RAT.get(fehler.name, _RAT_SONST),
        zeile=f"\n  Zeile:   {zeile}" if zeile else "",
        zelle=_sekunden(grenzen.zelle), bericht=_sekunden(grenzen.bericht),
        speicher=schreibe(grenzen.speicher_mb), signal=_signal(fehler.signal),
        umfang=_millionen(int(fehler.text or 0)) if fehler.art == "zu_viel" else "",
        erlaubt=_millionen(grenzen.objekte_je_bericht),
    )  # fmt: skip
    return [*fehler.zweifel, befund]


def zu_rohausgaben(
    projekt: Projekt, auftrag: Auftrag, eingabe: str, ausgaben: Sequence[Rohausgabe]
) -> list[Meldung]:
    """Fehler für alles, was eine Zelle am Tor vorbei zeigt; Warnungen von Bibliotheken als Hinweis."""
    nb: Notizbuch = json.loads(eingabe)
    meldungen = []
    for a in ausgaben:
        datei, ort = _datei(projekt, auftrag), _ort(nb, Zellfehler("fehler", a.zelle))[0]
        if a.art == "warnung":
            meldungen.append(WarnungGezeigt.melde(datei=datei, ort=ort, text=a.text))
        elif a.art == "ungezeigt":
            meldungen.append(NichtGezeigt.melde(datei=datei, ort=ort, text=a.text))
        else:
            was, rat = _GEZEIGT[a.art]
            meldungen.append(RohGezeigt.melde(datei=datei, ort=ort, was=was.format(text=a.text), rat=rat))
    return meldungen


def neuere_lieferungen(projekt: Projekt, auftrag: Auftrag, gelesen: Collection[str]) -> list[Meldung]:
    """Je Quelle ein Hinweis, von der es Neueres gibt, als der Stand der Ausgabe zuläßt.

    Nur für die jüngste Ausgabe eines Berichts, solange sie nicht veröffentlicht ist: früheren fehlt nichts.
    """
    datei, hier = auftrag.angaben.datei, auftrag.angaben.ordner
    if auftrag.variante or datei.status == "veroeffentlicht":
        return []
    for name in (p.parent.name for p in hier.parent.glob("*/bericht.yml")):
        with contextlib.suppress(BerichtswerkFehler):  # was an einer anderen falsch ist, sagt der Plan
            if lade_ausgabe(projekt, auftrag.bericht, name).datei.stand > datei.stand:
                return []
    return [
        LieferungNeuer.melde(
            datei=projekt.relativ(hier / "bericht.yml"), quelle=name, tag=datum(lieferung.datum),
            stand=datum(datei.stand), neu=lieferung.datum,
        )
        for name, lieferung in verpasste(projekt, gelesen, datei.stand)
    ]  # fmt: skip


def nach_dem_stand(projekt: Projekt, auftrag: Auftrag, gelesen: Collection[str]) -> list[Meldung]:
    """Je Quelle eine Warnung, deren jüngstes Jahr die Ausgabe zeigt, obwohl es nach ihrem Stand kam."""
    angaben, stand = auftrag.angaben, auftrag.angaben.datei.stand
    bestand = Datenbestand(projekt, am=stand)
    return [
        LieferungNachStand.melde(
            datei=projekt.relativ(angaben.ordner / "bericht.yml"), quelle=quelle.name, jahr=jahr,
            tag=datum(quelle.statistik.stand), stand=datum(stand), neu=quelle.statistik.stand,
        )
        for quelle, jahr in bestand.spaeter_geliefert(gelesen, stand, angaben.bis)
    ]  # fmt: skip


def _datei(projekt: Projekt, auftrag: Auftrag) -> str:
    return projekt.relativ(auftrag.notizbuch) if auftrag.notizbuch else ""


def _millionen(anzahl: int) -> str:
    return f"{schreibe(anzahl / 1e6, 1)} Millionen"


def _sekunden(wert: float) -> str:
    return f"{schreibe(wert, 0 if float(wert).is_integer() else 1)} Sekunden"


def _signal(nummer: int) -> str:
    if not nummer:
        return ""
    try:
        return f" (Signal {nummer}, {signal.Signals(nummer).name})"
    except ValueError:
        return f" (Signal {nummer})"


def _ort(nb: Notizbuch, fehler: Zellfehler) -> tuple[str, str]:
    """„Zelle 7, Zeile 2“ wie in JupyterLab von oben gezählt, und der Text der Zeile."""
    if fehler.zelle < 0:
        return "vor der ersten Zelle", ""
    zelle = nb["cells"][fehler.zelle]
    if zelle.get("id") == ABSCHLUSS_KENNUNG:
        return "nach der letzten Zelle", ""
    zeilen = quelltext(zelle).splitlines()
    text = zeilen[fehler.zeile - 1].strip() if 0 < fehler.zeile <= len(zeilen) else ""
    if EINGESETZT in marken(zelle):
        return "eingesetzte Parameter", text
    nummer = sum(EINGESETZT not in marken(z) for z in nb["cells"][: fehler.zelle + 1])
    return f"Zelle {nummer}" + (f", Zeile {fehler.zeile}" if fehler.zeile else ""), text


_PRAEGEND = ("python", "pandas", "altair", "ipython", "numpy", "pydantic")
"""Was außer unserem Programm das Ergebnis eines Notizbuchs prägen kann."""
GEMEINSAM_AB = 3
"""Ab so vielen Läufen desselben Notizbuchs wird vorausgerechnet, was alle brauchen."""
_GENANNT = re.compile(r"""(?:'|\\")([\w-]+)(?:'|\\")""")
"""Was im Text eines Notizbuchs (JSON) in Anführungszeichen steht; darunter sind Kennzahlen und Rechnungen."""
_FREI = ".abbildung("
"""Womit ein Notizbuch eine freie Abbildung zeigt; nur dafür braucht es die Zeichner von Vega."""
VERSUCHE = 2
"""So oft wird gerechnet, was von außen beendet wurde: einmal kann es ein Zufall sein."""


def gezeigte(roh: Notizbuch) -> dict[int, list[Gegenstand]]:
    """Die Gegenstände eines ausgeführten Notizbuchs je Zelle."""
    return {
        i: [aus_json(a["data"][MIME]) for a in z.get("outputs", []) if MIME in a.get("data", {})]
        for i, z in enumerate(roh["cells"])
    }


@dataclass
class Ausgefuehrt:
    """Ein Auftrag nach der Ausführung: das rohe Notizbuch oder die Meldungen, warum nicht."""

    auftrag: Auftrag
    inhalt: bytes = b""
    """Das ausgeführte Notizbuch als JSON; leer, wenn es keines gibt."""
    grund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)
    gelesen: tuple[str, ...] = ()
    """Gelesene Dateien ab der Projektwurzel."""
    fremd: bool = False
    """Ob auch aus einer Datenbank oder dem Netz gelesen wurde: dann gilt das Ergebnis nur einmal."""

    @cached_property
    def roh(self) -> Notizbuch | None:
        """Das ausgeführte Notizbuch."""
        nb: Notizbuch | None = json.loads(self.inhalt) if self.inhalt else None
        return nb

    @cached_property
    def gegenstaende(self) -> dict[int, list[Gegenstand]]:
        """Was die Zellen zeigen, unter ihrer Nummer; gelesen wird es einmal, wie oft sich Texte ändern."""
        return gezeigte(self.roh) if self.roh is not None else {}

    @cached_property
    def summe(self) -> str:
        """Prüfsumme des ausgeführten Notizbuchs."""
        return pruefsumme(self.inhalt)


@dataclass(slots=True)
class Vorhaben:
    """Was neu zu rechnen ist, und warum."""

    auftrag: Auftrag
    eingabe: str
    grund: str
    grenzen: Grenzen = field(default_factory=Grenzen)
    gemeinsam: Gemeinsames | None = None
    versuche: int = 0
    meldungen: Meldungen = field(default_factory=Meldungen)


def fuehre_aus(
    projekt: Projekt,
    auftraege: Sequence[Auftrag],
    *,
    grenzen: Grenzen | None = None,
    executor: Executor | None = None,
    neu: bool = False,
    zeichnet: bool = False,
    derweil: Callable[[], object] = lambda: None,
) -> Iterator[Ausgefuehrt]:
    """Führt jeden Auftrag höchstens einmal aus; liefert, sobald einer fertig ist.

    ``executor`` rechnet anstelle des eigenen; ``neu=True`` führt auch aus, was noch gilt. Mit
    ``zeichnet=True`` laufen die Zeichner freier Abbildungen an, während Notizbücher rechnen; ``derweil``
    geschieht, sobald die ersten rechnen, wenn dabei ein Kern frei bleibt.
    """
    offen: list[Vorhaben] = []
    spuren = Spuren(projekt)
    for auftrag in auftraege:
        with zeiten.bericht(auftrag.stamm), zeiten.miss("prüfen"):
            bereit = pruefe(projekt, auftrag, spuren, neu=neu)
        if isinstance(bereit, Ausgefuehrt):
            yield bereit
        else:
            bereit.grenzen = grenzen_fuer(auftrag, grenzen or Grenzen())
            offen.append(bereit)
    _suche_gemeinsames(offen)
    # das Längste zuerst: am Ende wartet niemand darauf; wofür vorausgerechnet wird, das geht schnell
    offen.sort(key=lambda v: (v.gemeinsam is None, _umfang(v)), reverse=True)
    if offen:
        yield from _rechne(spuren, offen, executor, derweil, zeichnet=zeichnet)


def pruefe(
    projekt: Projekt, auftrag: Auftrag, spuren: Spuren, *, neu: bool = False
) -> Ausgefuehrt | Vorhaben:
    """Was für einen Auftrag noch gilt, sonst was zu rechnen ist; führt nichts aus."""
    if auftrag.notizbuch is None:
        from berichtswerk.ausfuehrung.uebergabe import nur_texte

        return Ausgefuehrt(auftrag, json.dumps(nur_texte(auftrag), sort_keys=True).encode(), "nur Texte")
    try:
        eingabe = vorbereitet(projekt, auftrag)
    except BerichtswerkFehler as gescheitert:
        return Ausgefuehrt(auftrag, meldungen=Meldungen(gescheitert.meldungen))
    stand = "verlangt" if neu else spuren.hole("ausführen", auftrag.stamm, _umstand(eingabe))
    if isinstance(stand, str):
        return Vorhaben(auftrag, eingabe, stand)
    spur, inhalt = stand
    meldungen = Meldungen(list(spur.meldungen))
    return Ausgefuehrt(auftrag, inhalt, "unverändert", meldungen, tuple(spur.dateien()))


def _umstand(eingabe: str) -> dict[str, str]:
    return {"Notizbuch oder Parameter geändert": pruefsumme(eingabe)}


def grenzen_fuer(auftrag: Auftrag, verlangt: Grenzen) -> Grenzen:
    """Was für diesen Bericht gilt: die Angabe im Aufruf, sonst die in bericht.yml, sonst die Vorgabe."""
    datei, vorgabe = auftrag.angaben.datei.grenzen, Grenzen()
    genannt = {n: getattr(datei, n) for n in ("zelle", "bericht", "speicher_mb")}
    gilt = {n: w for n, w in genannt.items() if w is not None and getattr(verlangt, n) == getattr(vorgabe, n)}
    return replace(verlangt, **gilt)


def _umfang(v: Vorhaben) -> int:
    """Wie viel ein Notizbuch zu tun gibt, geschätzt an seiner Datei mit den Ausgaben vom letzten Mal."""
    try:
        return v.auftrag.notizbuch.stat().st_size if v.auftrag.notizbuch else 0
    except OSError:
        return 0


def _suche_gemeinsames(offen: Sequence[Vorhaben]) -> None:
    """Läuft ein Notizbuch für mehr Orte, als Kerne zugleich rechnen, lohnt, einmal vorauszurechnen."""
    gruppen: dict[tuple[str, str, Path | None], list[Vorhaben]] = {}
    for v in offen:
        gruppen.setdefault((v.auftrag.bericht, v.auftrag.ausgabe, v.auftrag.notizbuch), []).append(v)
    for (bericht, ausgabe, _), gruppe in gruppen.items():
        if len(gruppe) < GEMEINSAM_AB:
            continue
        namen = tuple(dict.fromkeys(_GENANNT.findall(gruppe[0].eingabe)))
        for v in gruppe:
            v.gemeinsam = Gemeinsames(bericht, ausgabe, namen)


def _rechne(
    spuren: Spuren,
    offen: list[Vorhaben],
    executor: Executor | None,
    derweil: Callable[[], object],
    *,
    zeichnet: bool,
) -> Iterator[Ausgefuehrt]:
    projekt = spuren.projekt
    anzahl = min(len(offen), os.cpu_count() or 1)
    rechnend = executor or Arbeiter(anzahl, wurzel=str(projekt.wurzel))
    anstehend, wartend = deque(offen), dict[Future[Laufergebnis], Vorhaben]()

    def reiche_ein(v: Vorhaben) -> None:
        v.versuche += 1
        orte = str(projekt.wurzel), str(projekt.notebooks)
        lauf = Lauf(v.auftrag.stamm, v.eingabe, *orte, v.grenzen, v.gemeinsam)
        wartend[rechnend.submit(lauf)] = v

    try:
        while anstehend and len(wartend) < rechnend.zugleich:
            reiche_ein(anstehend.popleft())
        with contextlib.suppress(BerichtswerkFehler):  # dann liegt sie bereit, ehe das erste Kind sie braucht
            marke = Marke.lade(projekt)
            if zeichnet and any(_FREI in v.eingabe for v in offen):
                from berichtswerk.bild import svg

                svg.waerme_vor(marke)
        if sum(v.gemeinsam is None for v in offen) < (os.cpu_count() or 1):
            derweil()
        while wartend:
            for fertig in wait(wartend, return_when=FIRST_COMPLETED).done:
                v, ergebnis = wartend.pop(fertig), fertig.result()
                if v.versuche < VERSUCHE and ergebnis.fehler and ergebnis.fehler.art == "beendet":
                    reiche_ein(v)
                else:
                    if anstehend:
                        reiche_ein(anstehend.popleft())
                    yield _nimm_an(Spuren(projekt), v, ergebnis)
    finally:
        if executor is None:
            rechnend.shutdown(wait=not wartend, cancel_futures=True)


def _nimm_an(spuren: Spuren, v: Vorhaben, ergebnis: Laufergebnis) -> Ausgefuehrt:
    fertig_um = time.perf_counter()
    if ergebnis.fehler is not None:
        befunde = fehlermeldungen(spuren.projekt, v.auftrag, v.eingabe, ergebnis.fehler, v.grenzen)
        return Ausgefuehrt(v.auftrag, meldungen=Meldungen(befunde))
    zeiten.trage_ein("ausführen", v.auftrag.stamm, fertig_um - ergebnis.dauer, fertig_um)
    meldungen = Meldungen(zu_rohausgaben(spuren.projekt, v.auftrag, v.eingabe, ergebnis.roh_gezeigt))
    if meldungen.fehler:
        return Ausgefuehrt(v.auftrag, meldungen=meldungen)
    meldungen.alle(neuere_lieferungen(spuren.projekt, v.auftrag, ergebnis.gelesen))
    meldungen.alle(nach_dem_stand(spuren.projekt, v.auftrag, ergebnis.gelesen))
    inhalt = ergebnis.notizbuch
    namen = [*ergebnis.gelesen, *(FASSUNG + f for f in _PRAEGEND)]
    spur = spuren.hinterlasse(
        "ausführen", v.auftrag.stamm, _umstand(v.eingabe), namen=namen, inhalt=inhalt, meldungen=meldungen
    )
    return Ausgefuehrt(
        v.auftrag, inhalt, v.grund, meldungen, tuple(spur.dateien()), fremd=FREMD in spur.eintraege
    )
