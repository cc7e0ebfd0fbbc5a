"""Die Befehle zum Leben einer Ausgabe: freigeben, berichtigen, fortschreiben, vergleichen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import BadParameter

from berichtswerk.cli.anzeige import anzahl, fortschritt, ort, zeige_meldungen
from berichtswerk.cli.buero import EXPORT, Nach
from berichtswerk.cli.rahmen import Maschinenlesbar, angabe, option, projekt, tag
from berichtswerk.grund.zahl import datum

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.freigabe import Freigaben
    from berichtswerk.ausfuehrung.plan import Auftrag
    from berichtswerk.jahr.fortschreiben import Fortgeschrieben
    from berichtswerk.jahr.leseliste import Leseliste
    from berichtswerk.jahr.unterschied import Unterschied

Ausgabe = Annotated[str, angabe("BERICHT/AUSGABE", "Die Ausgabe, z. B. sozialbericht/2024.")]
Ausgabenwahl = Annotated[
    str, angabe("[BERICHT/AUSGABE]", "Die Ausgabe, z. B. sozialbericht/2024; ohne Angabe zeigt er alle.")
]
Bericht = Annotated[str, angabe("BERICHT", "Der Bericht, z. B. sozialbericht.")]
Neu = Annotated[str, angabe("NEU", "Die neue Ausgabe, z. B. 2026 oder 2028-2030.")]
Alt = Annotated[str, angabe("ALT", "Die frühere Ausgabe, z. B. sozialbericht/2024.")]
NeuereAusgabe = Annotated[str, angabe("NEU", "Die spätere Ausgabe, z. B. sozialbericht/2026.")]
Schrittwahl = Annotated[
    str,
    angabe("[SCHRITT]", "geprueft, planerrunde, beschlossen oder veroeffentlicht; ohne Angabe zeigt er nur."),
]
_DURCH = "Durch welche Funktion, z. B. „Sachgebiet Prävention und Planung“; keine Namen von Personen."
Durch = Annotated[str, option(_DURCH, metavar="FUNKTION")]
Vermerk = Annotated[str, option("Was dazu festzuhalten ist, z. B. die Vorlage.", metavar="WORTLAUT")]
Datum = Annotated[str, option("Der Tag des Schritts; sonst heute.", metavar="JJJJ-MM-TT")]
Grund = Annotated[str, option("Warum berichtigt wird; steht im Bericht.", metavar="WORTLAUT")]
_MIT = "Diese Datei gilt, wie sie heute ist (sonst wie beschlossen); wiederholt."
Mit = Annotated[list[str] | None, option(_MIT, metavar="DATEI")]
Zurueck = Annotated[
    bool, option("Diesen Schritt zurücknehmen, mit jedem danach; nur vor „beschlossen“.", "--zurueck")
]


def freigabe(
    ausgabe: Ausgabenwahl = "",
    schritt: Schrittwahl = "",
    durch: Durch = "",
    vermerk: Vermerk = "",
    datum: Datum = "",
    *,
    zurueck: Zurueck = False,
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Hält fest, wie weit eine Ausgabe ist; ab „beschlossen“ ist sie eingefroren.

    Ein Schritt gilt, solange sich nichts ändert, woraus die Ausgabe entstand: Texte, Daten, Kennzahlen,
    Notizbuch, Layout, Programm. Beschlossenes kommt danach Byte für Byte aus archiv/.
    """
    from berichtswerk.ausfuehrung.freigabe import SCHRITTE
    from berichtswerk.ausfuehrung.plan import plane
    from berichtswerk.jahr import freigabe as werk

    hier, am = projekt(), _vergangen(datum)
    if schritt and schritt not in SCHRITTE:
        raise BadParameter(
            f"Ein Schritt heißt {', '.join(SCHRITTE[:-1])} oder {SCHRITTE[-1]}, nicht „{schritt}“."
        )
    if schritt and not (zurueck or durch.strip()):
        raise BadParameter("Nennen Sie mit --durch, durch welche Funktion der Schritt geht.")
    meldungen = None
    if zurueck:
        if not schritt:
            raise BadParameter("Nennen Sie zu --zurueck Ausgabe und Schritt, z. B. geprueft.")
        werk.nimm_zurueck(hier, ausgabe, schritt)
    elif schritt:
        with fortschritt(1, still=maschinenlesbar) as melde:
            fertig = werk.gib_frei(
                hier, ausgabe, schritt, durch.strip(), tag=am, vermerk=vermerk,
                fortschritt=melde,
            )  # fmt: skip
        meldungen = fertig.meldungen
    plan = plane(hier)
    gezeigt = werk.eine_ausgabe(plan, ausgabe)[:1] if ausgabe else werk.staende(plan.auftraege)
    _zeige(gezeigt, maschinenlesbar)
    if meldungen is not None:
        zeige_meldungen(meldungen)
    if not ausgabe:
        zeige_meldungen(plan.meldungen)
    return 1 if not ausgabe and plan.meldungen.fehler else 0


def fortschreiben(
    bericht: Bericht, neu: Neu, datum: Datum = "", *, maschinenlesbar: Maschinenlesbar = False
) -> int:
    """Legt die nächste Ausgabe aus der letzten an und schreibt, was neu zu lesen ist (lesen.md).

    Texte gehen mit, Jahre in bericht.yml rücken weiter. Gibt es die Ausgabe schon, erneuert der Befehl nur
    ihre Leseliste; Haken bleiben, wo sich der Satz nicht geändert hat.
    """
    from berichtswerk.ausfuehrung.plan import plane
    from berichtswerk.jahr import freigabe as werk
    from berichtswerk.jahr.fortschreiben import schreibe_fort
    from berichtswerk.jahr.leseliste import erneuere

    hier, am = projekt(), tag(datum, "datum")
    with fortschritt(1, still=maschinenlesbar) as melde:
        melde("gelesen wird die vorige Ausgabe", None, 1)
        fertig = schreibe_fort(hier, plane(hier), bericht, neu, am)
    name = f"{bericht}/{neu}"
    if fertig.neu_angelegt and not maschinenlesbar:
        print(f"Angelegt: berichte/{name}, aus {fertig.alt}")
        for zeile in fertig.gerueckt:
            print(f"  bericht.yml: {zeile}")
        print(f"  Übernommen: {', '.join(fertig.dateien)}", flush=True)
    with fortschritt(1, still=maschinenlesbar) as melde:
        melde("gelesen und verglichen wird die neue", None, 1)
        liste = erneuere(hier, werk.eine_ausgabe(plane(hier), name))
    if maschinenlesbar:
        print(json.dumps(_leseliste_als_objekt(liste, fertig), ensure_ascii=False, indent=1))
    else:
        offen = f"{len(liste.offen)} von {len(liste.punkte)} Stellen sind zu lesen"
        print(f"{offen}: berichte/{name}/lesen.md")
    return 0


def erratum(
    ausgabe: Ausgabe, grund: Grund = "", durch: Durch = "", datum: Datum = "", *, mit: Mit = None,
    maschinenlesbar: Maschinenlesbar = False,
) -> int:  # fmt: skip
    """Berichtigt eine beschlossene Ausgabe: daraus wird die nächste Revision, die vorige bleibt erreichbar.

    Es gelten die Daten von damals und die Texte von heute, dazu, was --mit nennt. Der Bericht zeigt vorn,
    was sich ändert und warum.
    """
    from berichtswerk.jahr.erratum import berichtige

    if not grund.strip() or not durch.strip():
        raise BadParameter("Nennen Sie mit --grund, warum, und mit --durch, durch welche Funktion.")
    with fortschritt(1, still=maschinenlesbar) as melde:
        fertig = berichtige(
            projekt(), ausgabe, grund.strip(), durch.strip(), tag=_vergangen(datum), mit=mit or (),
            fortschritt=melde,
        )  # fmt: skip
    r = fertig.revision
    if maschinenlesbar:
        print(json.dumps(r.model_dump(mode="json"), ensure_ascii=False, indent=1))
    else:
        stellen = anzahl(len(r.aenderungen), "Stelle", "Stellen")
        print(f"Revision {r.nummer} von {ausgabe}: {stellen} geändert")
        for a in r.aenderungen:
            stelle = f"{a.wo} ({a.stelle})" if a.stelle else a.wo
            print(f"  {stelle}\n    bisher: {a.alt or '–'}\n    jetzt:  {a.neu or '–'}")
    zeige_meldungen(fertig.meldungen)
    return 0


def vergleich(
    alt: Alt, neu: NeuereAusgabe, nach: Nach = "", *, maschinenlesbar: Maschinenlesbar = False
) -> int:
    """Zeigt, was zwischen zwei Ausgaben anders ist: Texte, Zahlen, Definitionen, Quellen (HTML, PDF, ODS).

    Von einer beschlossenen Ausgabe gilt, was im Archiv liegt, auch wenn es ihre Daten nicht mehr gibt.
    """
    from berichtswerk.ausfuehrung.plan import plane
    from berichtswerk.grund.ablage import schreibe_ganz
    from berichtswerk.jahr.vergleich import schreibe_vergleich, stelle_gegenueber
    from berichtswerk.marke.dateien import sichere
    from berichtswerk.site.auftritt import lege_layout_bei

    hier = projekt()
    ziel = Path(nach) if nach else hier.wurzel / EXPORT
    plan = plane(hier)
    with fortschritt(1, still=maschinenlesbar) as melde:
        melde("gelesen und verglichen werden beide", None, 1)
        unterschied, stand = stelle_gegenueber(hier, plan, alt, neu)
    sichere(hier)
    dateien = schreibe_vergleich(hier, plan, unterschied, stand)
    for name, inhalt in dateien.items():
        schreibe_ganz(ziel / name, inhalt)
    lege_layout_bei(hier, ziel)
    felder = ("saetze", "geaendert", "neue", "entfallene", "begriffe")
    if maschinenlesbar:
        objekt = _unterschied_als_objekt(unterschied, [ziel / n for n in dateien])
        print(json.dumps(objekt, ensure_ascii=False, indent=1))
    else:
        print(*(f"Geschrieben: {ort(ziel / name)}" for name in dateien), sep="\n")
        worte = ("Sätze", "Zahlen geändert", "neu", "entfallen", "Definitionen und Quellen")
        teile = (f"{len(getattr(unterschied, f))} {w}" for f, w in zip(felder, worte, strict=True))
        print(", ".join(teile))
    return 0


def _vergangen(datum: str) -> date:
    """Der Tag eines Schritts: heute oder früher."""
    am = tag(datum, "datum")
    if am > date.today():
        raise BadParameter(f"Der {am:%d.%m.%Y} hinter --datum liegt in der Zukunft.")
    return am


def _unterschied_als_objekt(u: Unterschied, dateien: Sequence[Path]) -> dict[str, Any]:
    return {
        "alt": u.alt.name,
        "neu": u.neu.name,
        "dateien": [str(d) for d in dateien],
        "texte": [
            {"wo": p.wo, "gruende": list(p.gruende), "alt": p.alt.text if p.alt else None,
             "neu": p.neu.text if p.neu else None}
            for p in u.saetze
        ],
        "geaendert": [{"alt": a.model_dump(), "neu": b.model_dump()} for a, b in u.geaendert],
        "neue": [z.model_dump() for z in u.neue],
        "entfallene": [z.model_dump() for z in u.entfallene],
        "begriffe": [asdict(b) for b in u.begriffe],
    }  # fmt: skip


def _leseliste_als_objekt(liste: Leseliste, fertig: Fortgeschrieben) -> dict[str, Any]:
    return {
        "ausgabe": liste.ausgabe,
        "vorige": liste.vorige,
        "angelegt": fertig.neu_angelegt,
        "dateien": list(fertig.dateien),
        "gerueckt": list(fertig.gerueckt),
        "punkte": [{"kennung": p.kennung, **asdict(p)} for p in liste.punkte],
        "daten": liste.daten,
    }


def _zeige(auftraege: Sequence[Auftrag], maschinenlesbar: bool) -> None:
    if maschinenlesbar:
        print(json.dumps([_objekt(a) for a in auftraege], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_absatz(a) for a in auftraege) or "Es gibt noch keine Ausgabe unter berichte/.")


def freigabe_als_objekt(auftrag: Auftrag) -> dict[str, Any] | None:
    """Die Freigabe eines Auftrags für ``--json``; ``None``, solange es keine gibt."""
    frei = auftrag.freigabe
    if not frei.freigaben.schritte:
        return None
    return {
        "gilt": frei.gilt,
        "gefallen": frei.gefallen,
        "geaendert": list(frei.gruende),
        **frei.freigaben.model_dump(mode="json"),
    }


def freigabe_in_worten(auftrag: Auftrag) -> list[str]:
    """Je Schritt eine Zeile, dann, was nicht mehr gilt und warum."""
    frei = auftrag.freigabe
    zeilen = _schritte(frei.freigaben)
    if frei.gefallen:
        gruende = list(frei.gruende[:3]) + (
            [f"{len(frei.gruende) - 3} weitere"] if len(frei.gruende) > 3 else []
        )
        zeilen.append(f"„{frei.gefallen}“ gilt nicht mehr: {'; '.join(gruende)}")
    return zeilen


def _schritte(freigaben: Freigaben) -> list[str]:
    from berichtswerk.gegenstand.gegenstaende import STATUSWORT

    zeilen = []
    for s in freigaben.schritte:
        vermerk = f" ({s.vermerk})" if s.vermerk else ""
        zeilen.append(f"{STATUSWORT[s.schritt]} am {datum(s.datum)}, {s.durch}{vermerk}")
    zeilen += [
        f"Revision {r.nummer} vom {datum(r.datum)}: {r.grund}" for r in freigaben.revisionen if r.grund
    ]
    return zeilen


def _objekt(auftrag: Auftrag) -> dict[str, Any]:
    return {
        "bericht": auftrag.bericht,
        "ausgabe": auftrag.ausgabe,
        "titel": auftrag.angaben.datei.titel,
        "status": auftrag.status,
        "freigabe": freigabe_als_objekt(auftrag),
    }


def _absatz(auftrag: Auftrag) -> str:
    from berichtswerk.gegenstand.gegenstaende import STATUSWORT

    kopf = f"{auftrag.bericht}/{auftrag.ausgabe}: {STATUSWORT[auftrag.status]}"
    if auftrag.fassung is not None:
        kopf += ", eingefroren"
    return "\n".join([kopf, *(f"  {zeile}" for zeile in freigabe_in_worten(auftrag))])
