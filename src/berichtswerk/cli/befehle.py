"""Die Befehle und ihre Optionen. Ihr Docstring ist ihre Hilfe; jeder lädt erst, was er braucht.

Was ein Befehl zurückgibt, ist der Rückgabewert des Programms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer import BadParameter

from berichtswerk.cli import ausgaben, buero, lieferung, neu, veroeffentlichen
from berichtswerk.cli.anzeige import anzahl, ort, zeige_meldungen
from berichtswerk.cli.deutsch import OPTIONEN, Gruppe
from berichtswerk.cli.rahmen import (
    Berichte,
    Heute,
    Maschinenlesbar,
    Quelle,
    angabe,
    befehl,
    gruppe,
    nenne,
    option,
    projekt,
    tag,
    waehle_projekt,
)  # fmt: skip
from berichtswerk.daten.erkennung.vorgaben import BEDEUTUNGEN, WAHL
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.schreiber.formate import alle, dateien

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.auftrag import Grenzen
    from berichtswerk.ausfuehrung.plan import Auftrag

T = TypeVar("T")


class NotizbuchUnbekannt(Befundart):
    text = "Das Notizbuch „{name}“ gibt es nicht."
    abhilfe = "{rat}"


app = typer.Typer(
    cls=Gruppe,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    options_metavar=OPTIONEN,
    subcommand_metavar="BEFEHL …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
SETZEN = "Setzen und ansehen"
DATEN = "Daten und Lieferungen"
AUSGABEN = "Von Ausgabe zu Ausgabe"
MITLESEN = "Mitlesen und vorlegen"
HINAUS = "Hinaus"
QUARTO = "Vor und nach quarto render"
pruefgruppe = gruppe("Prüft, ohne etwas zu rendern.")
quellgruppe = gruppe("Beschreibt eine Lieferung und zeigt, was aus ihr gelesen wird.")

Notizbuecher = Annotated[
    list[str] | None, angabe("[NAME]…", "Welche Notizbücher, z. B. sozialbericht; ohne Angabe alle.")
]
Quellen = Annotated[list[str] | None, angabe("[QUELLE]…", "Nur diese Quellen; ohne Angabe alle.")]
_LIEFERUNG = "Die Lieferung: CSV, Tabellenkalkulation, GV100AD; auch mehrere Dateien gleicher Form."
Lieferungen = Annotated[list[str], angabe("DATEI…", _LIEFERUNG)]
Quellname = Annotated[str, option("So soll die Quelle heißen; sonst nach der Datei.", metavar="NAME")]
Groessennamen = Annotated[
    list[str] | None,
    option("Name der Messgröße im Haus; bei mehreren KOPFTEXT=NAME, wiederholt.", metavar="NAME"),
]
Blattwahl = Annotated[str, option("Nur dieses Blatt, oder diese Datei eines ZIP-Archivs.", metavar="NAME")]


def _wahl(feld: str, hilfe: str) -> Any:
    return option(hilfe, metavar="|".join(WAHL[feld]))


ZahlformWahl = Annotated[
    str,
    _wahl("zahlform", "1.234,5 (deutsch), 1,234.5 (englisch), 1'234.5 (schweizerisch), 1234.5 (schlicht)."),
]
StrichWahl = Annotated[str, _wahl("strich", "Was „-“ heißt.")]
FesteZeit = Annotated[str, option("Für diese Zeit gelten alle Werte, z. B. 2024.", metavar="ZEIT")]
FestesGebiet = Annotated[str, option("Für dieses Gebiet gelten alle Werte.", metavar="SCHLÜSSEL")]
EbeneWahl = Annotated[str, _wahl("ebene", "Welche Ebene gilt, wo Gebiete gleich heißen.")]
MinusWahl = Annotated[str, _wahl("minus", "Was außer -7 negativ ist: 7-, (7); auch hinten,klammer.")]
ProzentWahl = Annotated[str, _wahl("prozent", "Excel-Zellen in Prozent: 12,5 oder 0,125.")]
FormelWahl = Annotated[str, _wahl("formeln", "Was bei Formeln gilt.")]
VerstecktesWahl = Annotated[str, _wahl("verstecktes", "Was mit versteckten Zeilen und Spalten geschieht.")]
GestrichenWahl = Annotated[str, _wahl("durchgestrichen", "Was Durchgestrichenes heißt.")]
HochWahl = Annotated[str, _wahl("hochgestellt", "Was ganz Hochgestelltes heißt.")]
Zeichenwahl = Annotated[
    list[str] | None,
    option("Was ein Zeichen heißt, wiederholt; z. B. *=geheim.", metavar="ZEICHEN=BEDEUTUNG"),
]
Zeilenzahl = Annotated[str, option("So viele Werte zeigen (12).", "--zeilen", metavar="ANZAHL")]
Start = Annotated[
    str,
    angabe(
        "[BERICHT[/AUSGABE]]",
        "Der Bericht, der sich öffnet, z. B. sozialbericht/2024; ohne Angabe die Startseite.",
    ),
]
Ordner = Annotated[
    str, option("Das Projekt; ohne Angabe hier oder in einem Ordner darüber.", metavar="ORDNER")
]
Format = Annotated[
    list[str] | None, option("Nur dieses Format; ohne Angabe alle.", "--format", metavar="|".join(alle()))
]
ZeitZelle = Annotated[str, option("So lange darf eine Zelle höchstens rechnen (300).", metavar="SEKUNDEN")]
ZeitBericht = Annotated[
    str, option("So lange darf ein Notizbuch höchstens rechnen (1200).", metavar="SEKUNDEN")
]
_VERBUND = "Notizbücher auf einem Dask-Verbund ausführen, z. B. tcp://rechner:8786."
Cluster = Annotated[str, option(_VERBUND, metavar="ADRESSE")]
Warum = Annotated[bool, option("Nur sagen, was neu entstünde und warum; nichts tun.", "--warum")]
Zeiten = Annotated[bool, option("Am Ende zeigen, wo die Zeit blieb.", "--zeiten")]
Port = Annotated[str, option("Der Port auf diesem Rechner (8765).", metavar="NUMMER")]
KeinBrowser = Annotated[bool, option("Keinen Browser öffnen.", "--kein-browser")]
_NETZ = "Dateien regelmäßig vergleichen; nötig auf Netzlaufwerken, die Änderungen nicht melden."
Abfragen = Annotated[bool, option(_NETZ, "--abfragen")]


def _version(gefragt: bool) -> None:
    if gefragt:
        from importlib.metadata import version

        print(f"Berichtswerk {version('berichtswerk')}")
        raise typer.Exit


Version = Annotated[bool, option("Die Version nennen.", "--version", callback=_version, is_eager=True)]


@app.callback()
def vorab(projekt: Ordner = "", version: Version = False) -> None:
    """Berichte aus geprüften Daten: barrierefreie Webseiten und PDF."""
    waehle_projekt(projekt)


@befehl(app, abschnitt=SETZEN)
def render(
    berichte: Berichte = None,
    format: Format = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    *,
    cluster: Cluster = "",
    warum: Warum = False,
    zeiten: Zeiten = False,
) -> int:
    """Führt aus und setzt: alle oder die genannten Berichte nach _site/."""
    formate = tuple(f for f in alle() if not format or f in format)
    fremd = [f for f in format or () if f not in alle()]
    if fremd:
        from berichtswerk.worte.sprache import aufzaehlung

        raise BadParameter(f"Das Format „{fremd[0]}“ gibt es nicht; möglich sind {aufzaehlung(alle())}.")
    if warum:
        from berichtswerk.site.merken import begruende

        print(*begruende(projekt(), berichte or (), formate), sep="\n")
        return 0
    from berichtswerk.cli.rendern import rendere

    grenzen = _grenzen(zeit_zelle, zeit_bericht)
    return rendere(projekt(), berichte or (), formate, grenzen, cluster, tafel=zeiten)


@befehl(app, abschnitt=SETZEN)
def vorschau(
    bericht: Start = "", port: Port = "", kein_browser: KeinBrowser = False, abfragen: Abfragen = False
) -> int:
    """Zeigt die Berichte im Browser und erneuert die Seite, sobald eine Datei gespeichert ist."""
    if port and not (port.isdecimal() and int(port) < 65536):
        raise BadParameter(f"Hinter --port steht eine Zahl von 0 bis 65535, nicht „{port}“.")
    from berichtswerk.vorschau.vorschau import zeige

    nummer = int(port) if port else None
    zeige(projekt(), bericht, nummer, browser=not kein_browser, abfragen=abfragen)
    return 0


def ausfuehren(
    berichte: Berichte = None,
    zeit_zelle: ZeitZelle = "",
    zeit_bericht: ZeitBericht = "",
    cluster: Cluster = "",
) -> int:
    """Führt nur aus und legt die fertigen Notizbücher in berichte/ ab (Vorlauf von quarto render)."""
    from berichtswerk.cli.rendern import fuehre_aus

    return fuehre_aus(projekt(), berichte or (), _grenzen(zeit_zelle, zeit_bericht), cluster)


def nachbereiten() -> int:
    """Ergänzt, was Quarto fehlt: Zeilenköpfe im PDF, Daten, Schutz (Nachlauf von quarto render)."""
    from berichtswerk.site.nachbereitung import bereite_nach

    hier = projekt()
    ergebnis, startseite = bereite_nach(hier), ort(hier.site / "index.html")
    zeige_meldungen(ergebnis.meldungen)
    umfang = f"{anzahl(ergebnis.pdf, 'PDF', 'PDF')}, {anzahl(ergebnis.seiten, 'Seite', 'Seiten')}"
    if ergebnis.meldungen.fehler:
        if hier.site.is_dir():
            print(f"Die vorige Fassung bleibt: {startseite}")
        return 1
    if ergebnis.getauscht:
        print(f"Nachbereitet: {umfang}.\nAnsehen: {startseite}")
    else:
        print(f"Gesetzt nach {hier.relativ(ergebnis.site)}: {umfang}. _site bleibt, wie es ist;")
        print("neu wird es mit „quarto render“ ohne weitere Angaben.")
    return 0


app.add_typer(pruefgruppe, name="pruefen", rich_help_panel=DATEN)


@befehl(pruefgruppe, "daten")
def pruefe_daten(namen: Quellen = None, maschinenlesbar: Maschinenlesbar = False, heute: Heute = "") -> int:
    """Quellen, Kennzahlen und Angaben zum Landkreis; mit Namen nur diese Quellen."""
    am, hier = tag(heute), projekt()
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.kreis import lade_kreis
    from berichtswerk.daten.pruefung import pruefe_daten as pruefe
    from berichtswerk.fach.definitionspruefung import pruefe_katalog
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.grund import ablage

    meldungen, bestand = Meldungen(), Datenbestand(hier)
    if namen:
        with ablage.im(hier):
            return nenne(pruefe(bestand, am, namen), maschinenlesbar)
    _sammle(meldungen, lambda: lade_kreis(hier))
    katalog = _sammle(meldungen, lambda: Kennzahlenkatalog.lade(hier))
    with ablage.im(hier):
        meldungen.alle(_sammle(meldungen, lambda: pruefe(bestand, am)) or ())
        if katalog is not None:
            meldungen.alle(_sammle(meldungen, lambda: pruefe_katalog(katalog, bestand)) or ())
    rueckgabe = nenne(meldungen, maschinenlesbar)
    if katalog is not None and not maschinenlesbar:
        eigene = sum(len(r.reihen) for r in katalog.rechnungen.values())
        wieviele = [
            anzahl(len(bestand.quellen), "Quelle", "Quellen"),
            anzahl(len(katalog) - eigene, "Kennzahl", "Kennzahlen"),
            anzahl(len(katalog.rechnungen), "Rechnung", "Rechnungen"),
        ]
        print(f"Geprüft: {', '.join(wieviele)}.")
        if offen := len(bestand.ausstehende):
            wer = "ist eine Quelle" if offen == 1 else f"sind {offen} Quellen"
            print(f"Noch nicht geliefert {wer}; welche, sagt „berichtswerk lieferung faellig“.")
    return rueckgabe


@befehl(pruefgruppe, "texte")
def pruefe_texte(berichte: Berichte = None, maschinenlesbar: Maschinenlesbar = False) -> int:
    """Texte der Ausgaben: was auch render und die Vorschau finden, dazu unbenutzte Texte."""
    from berichtswerk.satz.gelesen import pruefe_texte as pruefe

    return nenne(pruefe(projekt(), berichte or ()), maschinenlesbar)


@befehl(app, abschnitt=SETZEN)
def seitenplan(berichte: Berichte = None) -> int:
    """Hält fest, wo in den PDF die Seiten enden: eine Korrektur ändert dann so wenige wie möglich."""
    from berichtswerk.satz.pdf import halte_fest

    dateien, meldungen = halte_fest(projekt(), berichte or ())
    zeige_meldungen(meldungen)
    print("\n".join(f"Festgehalten: {name}" for name in dateien) or "Nichts festgehalten.")
    return 1 if meldungen.fehler else 0


app.add_typer(quellgruppe, name="quelle", rich_help_panel=DATEN)
befehl(app, abschnitt=DATEN)(lieferung.liefervorlage)
app.add_typer(lieferung.liefergruppe, name="lieferung", rich_help_panel=DATEN)


@befehl(quellgruppe, "neu")
def neue_quelle(
    dateien: Lieferungen,
    name: Quellname = "",
    groesse: Groessennamen = None,
    blatt: Blattwahl = "",
    zahlform: ZahlformWahl = "",
    *,
    strich: StrichWahl = "",
    zeichen: Zeichenwahl = None,
    minus: MinusWahl = "",
    zeit: FesteZeit = "",
    gebiet: FestesGebiet = "",
    ebene: EbeneWahl = "",
    prozent: ProzentWahl = "",
    formeln: FormelWahl = "",
    verstecktes: VerstecktesWahl = "",
    durchgestrichen: GestrichenWahl = "",
    hochgestellt: HochWahl = "",
) -> int:
    """Erkennt den Aufbau einer Lieferung, schreibt ihre Beschreibung und zeigt, was gelesen wird.

    Was nur ein Mensch entscheiden kann, fragt der Befehl am Terminal, oder man sagt es ihm beim Aufruf;
    sonst wird nichts geschrieben. Überschrieben wird nie.
    """
    from berichtswerk.cli.quelle import neu
    from berichtswerk.daten.erkennung.vorgaben import Vorgaben
    from berichtswerk.grund.zeichen import Status

    namen = {k if trenner else "": v or k for k, trenner, v in (g.rpartition("=") for g in groesse or ())}
    bedeutung = {z: s for z, _, s in (angabe.rpartition("=") for angabe in zeichen or ())}
    if falsch := next((s for s in bedeutung.values() if s not in set(Status)), ""):
        raise BadParameter(f"Ein Zeichen heißt z. B. {' oder '.join(BEDEUTUNGEN)}, nicht „{falsch}“.")
    vorgaben = Vorgaben(
        blatt, zahlform, strich, zeit, gebiet, ebene, minus, prozent, formeln, verstecktes, durchgestrichen,
        hochgestellt, bedeutung, namen,
    )  # fmt: skip
    for feld, moeglich in WAHL.items():
        antworten = getattr(vorgaben, feld).split(",") if feld == "minus" else [getattr(vorgaben, feld)]
        for wert in (a for a in antworten if a and a not in moeglich):
            raise BadParameter(f"Hinter --{feld} steht {' oder '.join(moeglich)}, nicht „{wert}“.")
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise BadParameter(f"Ein Name hat nur Kleinbuchstaben, Ziffern, _ und -, nicht „{name}“.")
    return neu(projekt(), [Path(datei) for datei in dateien], name, vorgaben)


@befehl(quellgruppe, "zeige")
def zeige_quelle(name: Quelle, zeilen: Zeilenzahl = "", maschinenlesbar: Maschinenlesbar = False) -> int:
    """Was aus der Lieferung gelesen wird: Rohzelle und Wert, Zeichen, Weggelassenes, Werte je Jahr."""
    if zeilen and not zeilen.isdecimal():
        raise BadParameter(f"Hinter --zeilen steht eine ganze Zahl, nicht „{zeilen}“.")
    from berichtswerk.cli.quelle import zeige

    return zeige(projekt(), name, int(zeilen or 12), maschinenlesbar=maschinenlesbar)


def _sammle(meldungen: Meldungen, aufruf: Callable[[], T]) -> T | None:
    try:
        return aufruf()
    except BerichtswerkFehler as fehler:
        meldungen.alle(fehler.meldungen)
        return None


@befehl(app, abschnitt=SETZEN)
def liste(maschinenlesbar: Maschinenlesbar = False) -> int:
    """Zeigt jede Ausgabe, ihre Parameter, ihren Status und was daraus entsteht."""
    from berichtswerk.ausfuehrung.plan import plane

    hier = projekt()
    plan = plane(hier)
    eintraege = [_eintrag(hier, a) for a in plan.auftraege]
    schritte = {a.stamm: ausgaben.freigabe_in_worten(a) for a in plan.auftraege}
    if maschinenlesbar:
        print(json.dumps(eintraege, ensure_ascii=False, indent=1))
    else:
        print(
            "\n\n".join(_absatz(e, schritte[e["name"]]) for e in eintraege)
            or "Es gibt noch keine Ausgabe unter berichte/."
        )
    zeige_meldungen(plan.meldungen)
    return 1 if plan.meldungen.fehler else 0


def _eintrag(hier: Projekt, auftrag: Auftrag) -> dict[str, Any]:
    """Ein Auftrag als Angaben für Menschen und Maschinen; Reihenfolge fest."""
    datei = auftrag.angaben.datei
    return {
        "name": auftrag.stamm,
        **{n: getattr(auftrag, n) for n in ("bericht", "ausgabe", "variante", "titel", "untertitel")},
        "status": auftrag.status,
        "freigabe": ausgaben.freigabe_als_objekt(auftrag),
        "stand": datei.stand.isoformat(),
        "notizbuch": hier.relativ(auftrag.notizbuch) if auftrag.notizbuch else None,
        "parameter": dict(auftrag.parameter),
        "ergibt": [f"_site/{ort}" for ort in (f"{auftrag.ziel}.html", *dateien(auftrag).values())],
    }


def _absatz(e: dict[str, Any], schritte: Sequence[str]) -> str:
    from berichtswerk.gegenstand.gegenstaende import STATUSWORT

    titel = ", ".join(t for t in (e["titel"], e["untertitel"]) if t)
    parameter = ", ".join(f"{n} = {w}" for n, w in e["parameter"].items())
    zeilen = [
        e["name"],
        f"  Titel:     {titel}",
        f"  Status:    {STATUSWORT[e['status']]}, Stand {datum(date.fromisoformat(e['stand']))}",
        *(f"  {'' if nr else 'Freigabe:':<10} {zeile}" for nr, zeile in enumerate(schritte)),
        f"  Notizbuch: {e['notizbuch'] or 'keines, nur Texte'}",
        f"  Parameter: {parameter}" if parameter else "",
        *(f"  {'' if nr else 'Ergibt:':<10} {ort_}" for nr, ort_ in enumerate(e["ergibt"])),
    ]
    return "\n".join(zeile for zeile in zeilen if zeile)


@befehl(app, abschnitt=SETZEN)
def notizbuch(namen: Notizbuecher = None) -> int:
    """Führt notebooks/ neu aus und speichert die Ausgaben darin, wie JupyterLab sie zeigt."""
    from berichtswerk.ausfuehrung.einchecken import fuehre_aus
    from berichtswerk.grund.ablage import schreibe_ganz
    from berichtswerk.site.tausch import als_meldung

    meldungen, hier = Meldungen(), projekt()
    for pfad in _waehle(hier, namen or ()):
        try:
            zustand = "erneuert" if schreibe_ganz(pfad, fuehre_aus(hier, pfad)) else "unverändert"
        except BerichtswerkFehler as fehler:  # ein gescheitertes bleibt, wie es war
            meldungen.alle(fehler.meldungen)
            zustand = "gescheitert"
        except OSError as fehler:
            if (befund := als_meldung(hier, fehler)) is None:
                raise
            meldungen.dazu(befund)
            zustand = "gescheitert"
        print(f"{zustand}: {ort(pfad)}", flush=True)
    zeige_meldungen(meldungen)
    return 1 if meldungen.fehler else 0


def _waehle(hier: Projekt, namen: Sequence[str]) -> list[Path]:
    vorhanden = {p.stem: p for p in sorted(hier.notebooks.glob("*.ipynb"))}
    gewuenscht = [Path(n).name.removesuffix(".ipynb") for n in namen]
    befunde = []
    for name in (n for n in gewuenscht if n not in vorhanden):
        rat = vorschlag(name, vorhanden, sonst="Vorhanden sind: ")
        rat = rat or "Legen Sie es im Ordner notebooks/ an."
        befunde.append(NotizbuchUnbekannt.melde(datei="notebooks", name=name, rat=rat))
    if befunde:
        raise BerichtswerkFehler(befunde)
    return [vorhanden[n] for n in gewuenscht] if namen else list(vorhanden.values())


befehl(app, abschnitt=AUSGABEN)(ausgaben.fortschreiben)
befehl(app, abschnitt=AUSGABEN)(ausgaben.freigabe)
befehl(app, abschnitt=AUSGABEN)(ausgaben.erratum)
befehl(app, abschnitt=AUSGABEN)(ausgaben.vergleich)
befehl(app, abschnitt=MITLESEN)(buero.tabellen)
befehl(app, abschnitt=MITLESEN)(buero.beilagen)
app.add_typer(buero.wortgruppe, name="word", rich_help_panel=MITLESEN)
befehl(app, abschnitt=HINAUS)(veroeffentlichen.veroeffentlichen)
befehl(app, abschnitt=HINAUS)(neu.neu)
befehl(app, abschnitt=QUARTO)(ausfuehren)
befehl(app, abschnitt=QUARTO)(nachbereiten)


def _grenzen(zelle: str, bericht: str) -> Grenzen:
    from berichtswerk.ausfuehrung.auftrag import Grenzen

    angaben = {"zelle": zelle, "bericht": bericht}
    for name, text in angaben.items():
        if text and (not text.isdecimal() or int(text) == 0):
            raise BadParameter(f"Hinter --zeit-{name} steht eine ganze Zahl von Sekunden, nicht „{text}“.")
    genannt: dict[str, Any] = {name: float(text) for name, text in angaben.items() if text}
    return Grenzen(**genannt)
