"""Eine Berichtigung: aus den archivierten Eingaben und dem, was sich ändern soll, entsteht Revision n + 1.

Gerechnet wird in einem Projekt, das nur für diesen Befehl aus dem Archiv entsteht: Daten, Kennzahlen,
Notizbuch und Layout von damals, Texte und ``bericht.yml`` von heute, dazu die Dateien, die man nennt. So
ändert eine Berichtigung nur, was sie soll. Die vorige Revision bleibt Byte für Byte erreichbar.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from textwrap import shorten

from berichtswerk.ausfuehrung.freigabe import Aenderung, Freigaben, Freigabestand, Revision
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.grund.ablage import dateisumme, raeume_reste
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, Stufe, aufgezaehlt
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe
from berichtswerk.jahr.abbild import Abbild, Zahl, bilde_ab, zerlege
from berichtswerk.jahr.fortschreiben import eigene_dateien
from berichtswerk.jahr.freigabe import eine_ausgabe, friere_ein, pruefe_archiv, pruefe_tag, schreibe_freigaben
from berichtswerk.jahr.setzen import Fortschritt, setze
from berichtswerk.jahr.unterschied import Unterschied, vergleiche
from berichtswerk.site.tausch import bauplatz, sperre

HOECHSTENS = 40
"""So viele geänderte Stellen nennt der Kasten im Bericht einzeln."""


class NichtBeschlossen(Befundart):
    text = "Berichtigt wird nur, was beschlossen ist; {name} ist es nicht."
    abhilfe = "Ändern Sie die Ausgabe einfach; sie ist noch nicht eingefroren."


class NichtsBerichtigt(Befundart):
    text = "Es gibt nichts zu berichtigen: die Ausgabe sagt dasselbe wie in Revision {nummer}."
    ursache = "Texte und bericht.yml sind wie damals, und keine genannte Datei ändert etwas."
    abhilfe = "Ändern Sie den Text in {ordner}, oder nennen Sie die berichtigte Datei mit --mit."


class DateiNichtImProjekt(Befundart):
    text = "Die Datei „{name}“ gibt es im Projekt nicht."
    abhilfe = "Nennen Sie sie ab dem Projektordner, zum Beispiel daten/dateien/arbeitslose_ba.csv."


class DateiVonDamals(Befundart):
    text = "Gerechnet wird mit {namen}, wie beim Beschluss; heute steht dort anderes."
    ursache = "Hat sich seither das Programm geändert, passt die Datei von damals nicht mehr dazu."
    abhilfe = "Soll die heutige gelten, sagen Sie: {mit}."


@dataclass(frozen=True, slots=True)
class Berichtigt:
    """Was eine Berichtigung ergab."""

    revision: Revision
    unterschied: Unterschied
    meldungen: Meldungen


def berichtige(
    projekt: Projekt, name: str, grund: str, durch: str, *, tag: date, mit: Sequence[str] = (),
    fortschritt: Fortschritt = lambda *_: None,
) -> Berichtigt:  # fmt: skip
    """Macht aus einer eingefrorenen Ausgabe die nächste Revision; ganz oder gar nicht.

    Ändert sich nichts und ist die letzte Revision genau diese Berichtigung, bleibt es bei ihr: so lässt sich
    ein abgebrochener Befehl noch einmal geben.

    ``mit`` sind Dateien oder Ordner ab der Projektwurzel, die gelten sollen, wie sie heute sind.

    Raises:
        BerichtswerkFehler: nicht beschlossen, nichts geändert, eine Datei fehlt, oder die Ausgabe hat Fehler.
    """
    with sperre(projekt), bauplatz(projekt) as bau:
        auftrag = eine_ausgabe(plane(projekt), name)[0]
        raeume_reste(projekt.archiv, auftrag.ordner)
        frei, fassung = auftrag.freigabe, auftrag.fassung
        if fassung is None or frei.revision is None:
            bericht = projekt.relativ(auftrag.ordner / "bericht.yml")
            voll = f"{auftrag.bericht}/{auftrag.ausgabe}"
            raise BerichtswerkFehler(NichtBeschlossen.melde(datei=bericht, name=voll))
        pruefe_archiv(projekt, frei)
        pruefe_tag(projekt, auftrag, tag)
        werkstatt = _stelle_her(projekt, auftrag, mit, bau / "werkstatt")
        plan = plane(werkstatt)
        auftraege = eine_ausgabe(plan, f"{auftrag.bericht}/{auftrag.ausgabe}")
        damals = Abbild.model_validate_json(Archiv(projekt).hole(fassung.abbild))
        with _erklaert(projekt, werkstatt):
            heute = bilde_ab(werkstatt, auftraege)
        unterschied = vergleiche(_nach_wortlaut(damals), _nach_wortlaut(heute))
        if not unterschied and auftraege[0].angaben.datei == fassung.datei:
            letzte = frei.revision
            if letzte.nummer > 1 and (letzte.grund, letzte.durch, letzte.datum) == (grund, durch, tag):
                return Berichtigt(letzte, unterschied, Meldungen())
            ordner = projekt.relativ(auftrag.ordner)
            raise BerichtswerkFehler(NichtsBerichtigt.melde(nummer=frei.revision.nummer, ordner=ordner))
        aenderungen = tuple(_aenderungen(werkstatt, unterschied, fassung.datei.titel))
        vorlaeufig = Revision(
            nummer=frei.revision.nummer + 1, datum=tag, durch=durch, fassung="0" * 64, grund=grund,
            aenderungen=aenderungen,
        )  # fmt: skip
        stand = Freigabestand(Freigaben(revisionen=(vorlaeufig,)), "beschlossen")
        with _erklaert(projekt, werkstatt):
            gesetzt = setze(werkstatt, plan, [replace(a, freigabe=stand) for a in auftraege], fortschritt)
        neue = friere_ein(Archiv(projekt), auftraege[0], gesetzt, heute, fassung.pakete)
        revision = vorlaeufig.model_copy(update={"fassung": neue})
        freigaben = frei.freigaben.model_copy(update={"revisionen": (*frei.freigaben.revisionen, revision)})
        schreibe_freigaben(auftrag, freigaben)
    return Berichtigt(revision, unterschied, gesetzt.meldungen)


def _nach_wortlaut(abbild: Abbild) -> Abbild:
    """Sätze, wie das Programm von heute sie teilt, verglichen nach dem, was dasteht.

    Das Abbild von damals kann ein früheres Programm geteilt haben; gesagt hat der Bericht dasselbe.
    """
    saetze = (
        s.model_copy(update={"roh": teil.strip(), "text": teil.strip()})
        for s in abbild.saetze
        for _, teil in zerlege(s.text) or [(0, "")]
    )
    return abbild.model_copy(update={"saetze": tuple(saetze)})


@contextmanager
def _erklaert(projekt: Projekt, werkstatt: Projekt) -> Iterator[None]:
    """Sagt zu einem Fehler in einer Datei von damals, die es heute anders gibt, wie die heutige gilt."""
    try:
        yield
    except BerichtswerkFehler as fehler:
        namen = sorted({m.datei for m in fehler.meldungen if m.stufe is Stufe.FEHLER})
        anders = [
            n
            for n in namen
            if n
            and (projekt.wurzel / n).is_file()
            and (werkstatt.wurzel / n).is_file()
            and dateisumme(projekt.wurzel / n) != dateisumme(werkstatt.wurzel / n)
        ]
        if not anders:
            raise
        mit = " ".join(f"--mit {n}" for n in anders)
        hinweis = DateiVonDamals.melde(datei=anders[0], namen=aufgezaehlt(anders), mit=mit)
        raise BerichtswerkFehler([*fehler.meldungen, hinweis]) from fehler


def _stelle_her(projekt: Projekt, auftrag: Auftrag, mit: Sequence[str], wurzel: Path) -> Projekt:
    """Das Projekt, wie es eingefroren wurde, mit den Texten von heute und den genannten Dateien."""
    assert auftrag.fassung is not None
    fehlend = [n for n in mit if not projekt.datei(n.rstrip("/"), projekt.wurzel).exists()]
    if fehlend:
        raise BerichtswerkFehler([DateiNichtImProjekt.melde(name=n) for n in fehlend])
    archiv, ordner = Archiv(projekt), projekt.relativ(auftrag.ordner)
    for name, summe in auftrag.fassung.eingaben.items():
        if not name.startswith(f"{ordner}/"):
            (wurzel / name).parent.mkdir(parents=True, exist_ok=True)
            (wurzel / name).write_bytes(archiv.hole(summe))
    shutil.copyfile(projekt.wurzel / "_quarto.yml", wurzel / "_quarto.yml")
    # Maßnahmen und Wegweiser nennen die übrigen Berichte: es gibt sie auch hier, gesetzt wird keiner
    andere = (p for p in projekt.berichte.glob("*/*/bericht.yml") if p.parents[1] != auftrag.ordner.parent)
    # was seither ins Layout kam, braucht das Programm von heute; was es damals gab, bleibt wie damals
    layout = (p for p in sorted(projekt.layout.rglob("*")) if p.is_file())
    for pfad in (*andere, *projekt.notebooks.glob("*.ipynb"), *layout):
        ziel = wurzel / projekt.relativ(pfad)
        if not ziel.exists():
            ziel.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pfad, ziel)
    neue = [projekt.relativ(p) for p in eigene_dateien(auftrag.ordner)]
    for name in (*neue, *(n.rstrip("/") for n in mit)):
        ziel = wurzel / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        if (projekt.wurzel / name).is_dir():
            shutil.copytree(projekt.wurzel / name, ziel, dirs_exist_ok=True)
        else:
            shutil.copyfile(projekt.wurzel / name, ziel)
    return Projekt(wurzel)


def _aenderungen(projekt: Projekt, u: Unterschied, titel: str) -> Iterator[Aenderung]:
    """Was der Kasten nennt: Titel, Sätze, Zahlen, Begriffe; was je Variante darüber hinausgeht, gezählt."""
    je_variante: dict[str, list[Aenderung]] = {}
    for a in _alle(projekt, u, titel):
        je_variante.setdefault(a.variante, []).append(a)
    for variante, alle in je_variante.items():
        yield from alle[:HOECHSTENS]
        if (rest := len(alle) - HOECHSTENS) > 0:
            wo = f"{schreibe(rest)} weitere Stellen"
            yield Aenderung(wo=wo, alt="siehe vorige Fassung", neu="berichtigt", variante=variante)


def _alle(projekt: Projekt, u: Unterschied, titel: str) -> Iterator[Aenderung]:
    if u.neu.titel != titel:
        yield Aenderung(wo="Titel", alt=titel, neu=u.neu.titel)
    for p in u.saetze:
        alt, neu, wo = p.alt.text if p.alt else "", p.neu.text if p.neu else "", p.satz.kapitel
        stelle = p.wo if wo else ""
        if alt == neu:  # nur eine Definition oder Quelle ist anders; sie steht für sich
            continue
        yield Aenderung(wo=wo or p.wo, alt=alt, neu=neu, stelle=stelle, variante=p.satz.variante)
    namen = gebietsnamen(projekt)
    zahlen: list[tuple[Zahl | None, Zahl | None]] = [*u.geaendert]
    zahlen += [*((None, z) for z in u.neue), *((z, None) for z in u.entfallene)]
    for vorher, nachher in zahlen:
        z = nachher or vorher
        assert z is not None
        begriff = u.neu.begriffe.get(z.kennzahl) or u.alt.begriffe.get(z.kennzahl)
        was = begriff.name if begriff and begriff.name.lower() not in z.titel.lower() else ""
        teile = (was, z.stelle, namen.get(z.gebiet, z.gebiet), z.zeit[:4])
        titel = shorten(z.titel, 70, placeholder=" …", break_on_hyphens=False)
        wo = f"{z.name} „{titel}“: {', '.join(t for t in teile if t)}"
        alt, neu = (w.anzeige if w else "" for w in (vorher, nachher))
        yield Aenderung(wo=wo.strip().removesuffix(":"), alt=alt, neu=neu, variante=z.variante)
    yield from (Aenderung(wo=f"{b.was} von „{b.name}“", alt=b.alt, neu=b.neu) for b in u.begriffe)


def gebietsnamen(projekt: Projekt) -> dict[str, str]:
    """Schlüssel → Name aller Gebiete."""
    verzeichnis = Gebietsverzeichnis.lade(projekt)
    return {schluessel: verzeichnis[schluessel].name for schluessel in verzeichnis}


def wofuer(z: Zahl, namen: dict[str, str]) -> str:
    """„Bevölkerung: Musterland, 2024“."""
    teile = [namen.get(z.gebiet, z.gebiet), z.zeit[:4], z.stelle]
    rest = ", ".join(t for t in teile if t)
    return f"{z.titel}: {rest}" if rest else z.titel
