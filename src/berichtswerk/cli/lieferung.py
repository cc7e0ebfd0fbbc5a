"""``liefervorlage`` und ``lieferung``: vom Formular für ein Ressort bis zur angenommenen Lieferung."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from typer import BadParameter

from berichtswerk.cli.anzeige import anzahl, fortschritt, ort, zeige_meldungen
from berichtswerk.cli.rahmen import (
    Heute,
    Maschinenlesbar,
    Quelle,
    angabe,
    befehl,
    gruppe,
    option,
    projekt,
    tag,
)
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.zahl import datum, schreibe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.lieferungen import Lieferung
    from berichtswerk.daten.tabelle import Tabelle
    from berichtswerk.jahr.lieferung import Aenderung, Annahme, Faellig, Unterschied

HOECHSTENS = 20
"""So viele Änderungen einer Art stehen einzeln da; alle nennt ``--json``."""


class VorlageVorhanden(Befundart):
    text = "Diese Datei gibt es schon; überschrieben wird nichts."
    ursache = "Ein Formular, das jemand ausgefüllt hat, ginge sonst verloren."
    abhilfe = "Nennen Sie hinter --nach einen anderen Ordner, oder räumen Sie die Datei weg."


liefergruppe = gruppe("Nimmt Lieferungen an, zeigt ihren Unterschied zur vorigen und mahnt ausstehende an.")
Quellen = Annotated[list[str] | None, angabe("[QUELLE]…", "Nur diese Quellen; ohne Angabe alle.")]
Art = Annotated[str, option("Nur diese Art; ohne Angabe beide.", metavar="xlsx|ods")]
Nach = Annotated[
    str, option("Wohin das Formular kommt; ohne Angabe in den Ordner, in dem Sie stehen.", metavar="ORDNER")
]
Ab = Annotated[str, option("Nur bisherige Werte ab diesem Jahr; ohne Angabe alle.", metavar="JAHR")]
Datei = Annotated[
    str, angabe("DATEI", "Die Lieferung: ein ausgefülltes Formular, oder in der Form der Quelle.")
]
ZuQuelle = Annotated[
    str, option("Zu welcher Quelle sie gehört; ein Formular sagt es selbst.", metavar="QUELLE")
]
Datum = Annotated[str, option("Der Tag, an dem sie kam; sonst heute.", metavar="JJJJ-MM-TT")]
Dazu = Annotated[bool, option("Frühere Werte, die sie nicht nennt, gelten weiter.", "--dazu")]
Ganz = Annotated[bool, option("Frühere Werte, die sie nicht nennt, gelten nicht mehr.", "--ganz")]
Berichtigt = Annotated[bool, option("Andere Werte früherer Zeiten sind richtig.", "--berichtigt")]
Naechste = Annotated[
    str, option("Wann die nächste kommt; sonst eine Periode nach dem bisherigen Tag.", metavar="JJJJ-MM-TT")
]
Titel = Annotated[str, option("Neuer Titel der Quelle.", metavar="WORTLAUT")]
Nennung = Annotated[str, option("Neue Quellenangabe.", "--quellenangabe", metavar="WORTLAUT")]
Probe = Annotated[bool, option("Nur prüfen und vergleichen; nichts ablegen.", "--probe")]
Grund = Annotated[str, option("Warum sie nicht mehr gilt (nötig).", metavar="WORTLAUT")]
Nummer = Annotated[
    str, angabe("LIEFERUNG", "Welche, z. B. 2026-11-26; „berichtswerk lieferung liste“ nennt sie.")
]
Vorlauf = Annotated[str, option("Auch, was in so vielen Tagen fällig wird (0).", metavar="TAGE")]


def liefervorlage(
    quelle: Quelle, art: Art = "", nach: Nach = "", ab: Ab = "", maschinenlesbar: Maschinenlesbar = False
) -> int:
    """Schreibt das Formular, mit dem ein Ressort liefert (XLSX und ODS): Auswahllisten, Prüfungen, Anleitung.

    Die bisherigen Werte stehen darin, die Zeilen der nächsten Zeit sind vorbereitet. Ausgefüllt liest es
    „berichtswerk lieferung annehmen“.
    """
    if art and art not in {"xlsx", "ods"}:
        raise BadParameter(f"Hinter --art steht xlsx oder ods, nicht „{art}“.")
    if ab and not (ab.isdecimal() and len(ab) == 4):
        raise BadParameter(f"Hinter --ab steht ein Jahr wie 2020, nicht „{ab}“.")
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.grund import ablage
    from berichtswerk.jahr.liefervorlage import Formular

    hier, ordner = projekt(), Path(nach or ".")
    arten = cast("list[Literal['ods', 'xlsx']]", [art] if art else ["xlsx", "ods"])
    ziele = [ordner / f"{quelle}.{a}" for a in arten]
    if da := [VorlageVorhanden.melde(datei=ort(z)) for z in ziele if z.exists()]:
        raise BerichtswerkFehler(da)
    with ablage.im(hier):
        bestand = Datenbestand(hier)
        formular = Formular.zu(bestand, bestand.quelle(quelle), _falls_da(bestand, quelle))
    ordner.mkdir(parents=True, exist_ok=True)
    for a, ziel in zip(arten, ziele, strict=True):
        ablage.schreibe_ganz(ziel, formular.schreibe(a, int(ab) if ab else None))
    if maschinenlesbar:
        print(json.dumps({"quelle": quelle, "dateien": [str(z) for z in ziele]}, ensure_ascii=False))
    else:
        print(*(f"Geschrieben: {ort(z)}" for z in ziele), sep="\n")
    return 0


def _falls_da(bestand: Datenbestand, quelle: str) -> Tabelle | None:
    """Was bisher geliefert ist; eine Quelle, deren Datei noch fehlt, bekommt ein leeres Formular."""
    from berichtswerk.jahr.lieferung import bisherige

    return bisherige(bestand, quelle)


@befehl(liefergruppe, "annehmen")
def annehmen(
    datei: Datei,
    quelle: ZuQuelle = "",
    datum: Datum = "",
    *,
    dazu: Dazu = False,
    ganz: Ganz = False,
    berichtigt: Berichtigt = False,
    naechste: Naechste = "",
    titel: Titel = "",
    nennung: Nennung = "",
    probe: Probe = False,
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Prüft eine Lieferung, zeigt den Unterschied zur vorigen und legt sie unter ihrem Tag ab.

    Fehlen frühere Werte oder sind welche anders, hält der Befehl an, bis Sie sagen, was gilt. Überschrieben
    wird nie; „berichtswerk lieferung zurueck“ nimmt sie wieder zurück.
    """
    if dazu and ganz:
        raise BadParameter("--dazu und --ganz schließen einander aus.")
    am, bald = tag(datum, "datum"), tag(naechste, "naechste") if naechste else None
    from berichtswerk.grund import ablage
    from berichtswerk.jahr.lieferung import Wunsch, nimm_an
    from berichtswerk.jahr.liefervorlage import quelle_von

    if not (quelle := quelle or quelle_von(Path(datei))):
        raise BadParameter(
            "Hinter --quelle steht, zu welcher Quelle die Datei gehört; sie selbst sagt es nicht."
        )
    wunsch = Wunsch("dazu" if dazu else "ganz" if ganz else "", berichtigt, bald, titel, nennung, probe)
    hier = projekt()
    try:
        with ablage.im(hier), fortschritt(1, still=maschinenlesbar) as melde:
            melde("geprüft und verglichen wird die Lieferung", None, 1)
            annahme = nimm_an(hier, Path(datei), quelle, wunsch, tag=am, heute=date.today())
    except BerichtswerkFehler as fehler:
        if not maschinenlesbar:
            raise
        befunde = [asdict(m) for m in fehler.meldungen]
        _drucke({"quelle": quelle, "angenommen": False, "befunde": befunde})
        return 1
    if maschinenlesbar:
        _drucke(_als_dict(annahme))
        return 0
    print("\n".join(_absaetze(annahme)))
    zeige_meldungen(annahme.meldungen)
    return 0


@befehl(liefergruppe, "zurueck")
def zurueck(
    quelle: Quelle, nummer: Nummer, grund: Grund = "", maschinenlesbar: Maschinenlesbar = False
) -> int:
    """Nimmt eine Lieferung zurück: es gilt wieder, was davor war; Datei und Eintrag bleiben."""
    if not grund.strip():
        raise BadParameter("Hinter --grund steht, warum die Lieferung nicht mehr gilt.")
    from berichtswerk.grund import ablage
    from berichtswerk.jahr.lieferung import gib_zurueck

    hier = projekt()
    with ablage.im(hier):
        annahme = gib_zurueck(hier, quelle, nummer, grund, date.today())
    if maschinenlesbar:
        _drucke(_als_dict(annahme))
    elif annahme.schon_da:
        print(f"{quelle}: Die Lieferung {nummer} ist schon zurückgegeben; nichts zu tun.")
    else:
        print(f"{quelle}: Die Lieferung {nummer} gilt nicht mehr; Datei und Eintrag bleiben.")
        print("\n".join(_unterschied(annahme.unterschied)))
    return 0


@befehl(liefergruppe, "liste")
def liste(namen: Quellen = None, maschinenlesbar: Maschinenlesbar = False) -> int:
    """Alle angenommenen Lieferungen, welche gilt, und ob ihre Dateien unverändert sind."""
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.lieferungen import geltende, lies_verzeichnis, verzeichnete
    from berichtswerk.jahr.lieferung import nummer_von, pruefe_bestand

    hier = projekt()
    bestand = Datenbestand(hier)
    for name in namen or ():
        bestand.quelle(name)
    quellen = list(namen or verzeichnete(hier))
    eintraege: list[dict[str, Any]] = []
    for name in quellen:
        lieferungen = lies_verzeichnis(hier, name)
        gelten = geltende(lieferungen)
        for e in lieferungen:
            zustand = "zurückgegeben" if e.zurueck else "gilt" if e in gelten else "ersetzt"
            eintraege.append({"quelle": name, "lieferung": nummer_von(e), "zustand": zustand, **_eintrag(e)})
    meldungen = pruefe_bestand(hier, quellen)
    if maschinenlesbar:
        _drucke({"lieferungen": eintraege, "befunde": [asdict(m) for m in meldungen]})
    else:
        print("\n".join(map(_zeile, eintraege)) or "Es ist noch keine Lieferung angenommen.")
        zeige_meldungen(meldungen)
    return 1 if meldungen.fehler else 0


@befehl(liefergruppe, "faellig")
def faellig(heute: Heute = "", vorlauf: Vorlauf = "", maschinenlesbar: Maschinenlesbar = False) -> int:
    """Welche Lieferungen ausstehen, und je Ressort eine fertige Erinnerung."""
    if vorlauf and not vorlauf.isdecimal():
        raise BadParameter(f"Hinter --vorlauf steht eine ganze Zahl von Tagen, nicht „{vorlauf}“.")
    from berichtswerk.jahr.lieferung import erinnerungen, faellige

    hier = projekt()
    ausstehend = faellige(hier, tag(heute), int(vorlauf or 0))
    texte = erinnerungen(hier, ausstehend)
    if maschinenlesbar:
        _drucke(
            {
                "faellig": [{**asdict(f), "faellig": f.faellig, "stand": f.stand} for f in ausstehend],
                "erinnerungen": [{"ressort": ressort, "text": text} for ressort, text in texte.items()],
            }
        )
    elif not ausstehend:
        print("Keine Lieferung steht aus.")
    else:
        print("\n".join(map(_faellig, ausstehend)))
        for ressort, text in texte.items():
            print(f"\n=== Erinnerung an: {ressort} ===\n{text}")
    return 0


# --- Ausgabe ----------------------------------------------------------------------------------------------


def _drucke(inhalt: dict[str, Any]) -> None:
    print(json.dumps(inhalt, ensure_ascii=False, indent=1, default=str))


def _eintrag(e: Lieferung) -> dict[str, Any]:
    felder = e.model_dump(mode="json", exclude={"formular"}, exclude_none=True)
    return {**felder, "form": "Formular" if e.formular else "Form der Quelle"}


def _als_dict(annahme: Annahme) -> dict[str, Any]:
    return {
        "quelle": annahme.quelle,
        "angenommen": annahme.lieferung is not None and annahme.lieferung.zurueck is None,
        "schon_da": annahme.schon_da,
        "lieferung": _eintrag(annahme.lieferung) if annahme.lieferung else None,
        "unterschied": {
            name: [{**asdict(a), "merkmale": dict(a.merkmale)} for a in werte]
            for name, werte in _arten(annahme.unterschied).items()
        },
        "befunde": [asdict(m) for m in annahme.meldungen],
    }


def _arten(u: Unterschied) -> dict[str, Sequence[Aenderung]]:
    return {"neu": u.neu, "weg": u.weg, "geaendert": u.geaendert, "berichtigt": u.berichtigt}


_UEBERSCHRIFT = {
    "neu": ("neuer Wert", "neue Werte"),
    "weg": ("Wert fällt weg", "Werte fallen weg"),
    "geaendert": ("Wert der jüngsten Zeit ist anders", "Werte der jüngsten Zeit sind anders"),
    "berichtigt": ("Wert einer früheren Zeit ist anders", "Werte früherer Zeiten sind anders"),
}


def _unterschied(u: Unterschied) -> list[str]:
    zeilen = []
    for name, werte in _arten(u).items():
        if werte:
            zeilen.append(f"{anzahl(len(werte), *_UEBERSCHRIFT[name])}:")
            zeilen += [f"  {a.satz()}  ({a.fundort})" for a in werte[:HOECHSTENS]]
            rest = len(werte) - HOECHSTENS
            zeilen += [f"  und {schreibe(rest)} weitere (alle mit --json)"] if rest > 0 else []
    return [*zeilen, f"{anzahl(u.gleich, 'Wert ist', 'Werte sind')} gleich geblieben."]


def _absaetze(annahme: Annahme) -> list[str]:
    name, e = annahme.quelle, annahme.lieferung
    if annahme.schon_da and e is not None:
        return [f"{name}: Diese Datei ist schon angenommen (am {datum(e.datum)}); nichts zu tun."]
    zeilen = _unterschied(annahme.unterschied)
    if e is None:
        return [f"{name}: geprüft, nicht abgelegt.", *zeilen]
    naechste = f" Die nächste wird am {datum(e.naechste)} erwartet." if e.naechste else ""
    zeilen.append(f"Angenommen: daten/{e.datei}, gilt ab {datum(e.datum)}.{naechste}")
    zeilen.append("Ausgaben mit einem früheren Stand lesen weiter, was bis dahin vorlag.")
    return [f"{name}:", *zeilen]


def _zeile(e: dict[str, Any]) -> str:
    zustand = e["zustand"]
    if "zurueck" in e:
        zustand += f" am {datum(date.fromisoformat(e['zurueck']['datum']))}: {e['zurueck']['grund']}"
    umfang = "ergänzt die vorige" if e["umfang"] == "dazu" else "ersetzt die vorige"
    return f"{e['quelle']}  {e['lieferung']}  daten/{e['datei']} ({e['form']}, {umfang})  {zustand}"


def _faellig(f: Faellig) -> str:
    if f.stand is None:
        return f"noch nie      {f.quelle}: {f.titel} ({f.ressort})"
    tage = f"seit {anzahl(f.tage, 'Tag', 'Tagen')}" if f.tage > 0 else f"in {anzahl(-f.tage, 'Tag', 'Tagen')}"
    return f"{datum(f.faellig)}  {tage}  {f.quelle}: {f.titel} ({f.ressort})"
