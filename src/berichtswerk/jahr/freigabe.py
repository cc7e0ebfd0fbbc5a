"""Das Leben einer Ausgabe: Entwurf, fachlich geprüft, Planerrunde, beschlossen, veröffentlicht.

Ein Schritt wird nur gegeben, wenn die Ausgabe heute fehlerfrei entsteht; festgehalten wird, durch welche
Funktion, wann und der Stand von allem, woraus sie entstand. „Beschlossen“ friert ein: Seiten, PDF, Daten und
alle Eingaben gehen ins Archiv. Zuletzt wird ``freigabe.yml`` geschrieben, in einem Zug: bricht der Befehl
vorher ab, ist nichts geschehen.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from berichtswerk.ausfuehrung.freigabe import (
    DATEI,
    SCHRITTE,
    Fassung,
    Freigaben,
    Freigabestand,
    Revision,
    Schritt,
    Schrittname,
    lade_fassung,
)
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, plane
from berichtswerk.gegenstand.gegenstaende import STATUSWORT
from berichtswerk.grund.ablage import pruefsumme, raeume_reste, schreibe_ganz, summe
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import als_yaml
from berichtswerk.grund.zahl import schreibe
from berichtswerk.jahr.abbild import Abbild, bilde_ab
from berichtswerk.jahr.leseliste import DATEI as LESELISTE
from berichtswerk.jahr.leseliste import lies as lies_leseliste
from berichtswerk.jahr.setzen import Fortschritt, Gesetzt, setze, stand
from berichtswerk.site.tausch import sperre

GRENZE = 5_000_000
"""So viele Bytes soll eine eingefrorene Ausgabe im Archiv höchstens belegen."""
_TEXT = (".html", ".json", ".svg", ".csv", ".txt", ".xml", ".md")
"""Davon hat eine Ausgabe viele, die sich gleichen."""
_GEZEICHNET = ("vorschau.png", "-bild.png", "-bild-quadrat.png")
"""So heißen neben ``abb/`` Bilder, die das Programm zeichnet; Fotos bleiben, wie sie sind."""
_KOPF = "# Von „berichtswerk freigabe“ geschrieben: bitte nicht von Hand ändern.\n"
_LAYOUT = re.compile(r'(?P<vor>(?:href|src|srcset)="(?:\.\./)+)layout/')


class EineAusgabe(Befundart):
    kennung = "ausgabe-mehrdeutig"
    text = "„{name}“ nennt nicht genau eine Ausgabe."
    ursache = "Gemeint sein können: {moeglich}."
    abhilfe = "Nennen Sie Bericht und Ausgabe, zum Beispiel {beispiel}."


class BeispielNichtFreizugeben(Befundart):
    text = "Eine Beispielausgabe lässt sich nicht freigeben."
    ursache = "In bericht.yml steht „status: beispiel“."
    abhilfe = "Schreiben Sie „status: entwurf“, wenn diese Ausgabe beschlossen werden soll."
    feld = "status"


class SchrittFehlt(Befundart):
    text = "„{schritt}“ geht noch nicht: davor steht „{vorher}“."
    ursache = "{grund}"
    abhilfe = "Geben Sie zuerst „{vorher}“: berichtswerk freigabe {name} {kurz} --durch FUNKTION."


class SchrittGegangen(Befundart):
    text = "„{schritt}“ ist schon gegeben, am {datum} durch {durch}."
    abhilfe = "{rat}"


class SchrittEndgueltig(Befundart):
    text = "„{schritt}“ lässt sich nicht zurücknehmen."
    ursache = "Seit „Beschlossen“ ist die Ausgabe eingefroren; andere können sie zitiert haben."
    abhilfe = "Einen Fehler berichtigen Sie mit „berichtswerk erratum“: daraus wird eine neue Revision."


class SchrittVorher(Befundart):
    text = "Der {tag} liegt vor dem {vorher}: {was}."
    feld = "{feld}"
    abhilfe = "Prüfen Sie --datum (ohne gilt die Uhr dieses Rechners) und „stand“ in bericht.yml."


class LeselisteOffen(Befundart):
    text = "In der Leseliste sind {offen} von {alle} Stellen noch nicht gelesen."
    ursache = "Sie nennt jeden Satz, der sich gegenüber der vorigen Ausgabe geändert hat."
    abhilfe = "Lesen Sie sie und setzen Sie je Stelle ein x, dann geben Sie den Schritt."


class ArchivGross(Befundart):
    text = "Diese Ausgabe belegt im Archiv {groesse} MB; gedacht sind höchstens {grenze} MB."
    ursache = "Am größten sind {groesste}."
    abhilfe = "Verkleinern Sie Fotos, oder zeigen Sie weniger Gebiete in einer Ausgabe."
    stufe = Stufe.WARNUNG


@dataclass(slots=True)
class Freigabe:
    """Was ein Befehl erreicht hat."""

    auftrag: Auftrag
    freigaben: Freigaben
    meldungen: Meldungen = field(default_factory=Meldungen)


def eine_ausgabe(plan: Plan, name: str) -> list[Auftrag]:
    """Die Aufträge (alle Varianten) der einen Ausgabe, die ``name`` nennt.

    Raises:
        BerichtswerkFehler: unbekannt oder mehrdeutig.
    """
    gewaehlt = plan.waehle([name])
    ausgaben = sorted({f"{a.bericht}/{a.ausgabe}" for a in gewaehlt})
    if len(ausgaben) != 1:
        moeglich = ", ".join(ausgaben)
        raise BerichtswerkFehler(EineAusgabe.melde(name=name, moeglich=moeglich, beispiel=ausgaben[-1]))
    return [a for a in plan.auftraege if a.ordner == gewaehlt[0].ordner]


def gib_frei(
    projekt: Projekt, name: str, schritt: Schrittname, durch: str, *, tag: date, vermerk: str = "",
    fortschritt: Fortschritt = lambda *_: None,
) -> Freigabe:  # fmt: skip
    """Gibt einer Ausgabe den nächsten Schritt; ab „beschlossen“ ist sie eingefroren.

    Ist genau dieser Schritt der letzte und gilt er, bleibt alles, wie es ist: so lässt sich ein abgebrochener
    Befehl noch einmal geben.

    Raises:
        BerichtswerkFehler: der Schritt ist nicht an der Reihe, oder die Ausgabe hat Fehler.
    """
    with sperre(projekt):
        plan = plane(projekt)
        auftraege = eine_ausgabe(plan, name)
        auftrag = auftraege[0]
        raeume_reste(projekt.archiv, auftrag.ordner)
        if _ist_gegeben(auftrag.freigabe, schritt, durch, tag, vermerk):
            return Freigabe(auftrag, auftrag.freigabe.freigaben)
        _pruefe_schritt(projekt, auftrag, schritt)
        pruefe_tag(projekt, auftrag, tag)
        archiv, freigaben = Archiv(projekt), auftrag.freigabe.freigaben
        meldungen, revisionen = Meldungen(), freigaben.revisionen
        if auftrag.fassung is not None:  # veröffentlicht wird, was beschlossen ist
            pruefe_archiv(projekt, auftrag.freigabe)
            nachweis = freigaben.schritte[-1].stand
        else:
            gilt = replace(auftrag.freigabe, gilt=schritt, gefallen="")
            gesetzt = setze(projekt, plan, [replace(a, freigabe=gilt) for a in auftraege], fortschritt)
            meldungen = gesetzt.meldungen
            nachweis = lege_stand(projekt, auftrag, gesetzt)
            if schritt == "beschlossen":
                fassung = friere_ein(archiv, auftrag, gesetzt, bilde_ab(projekt, auftraege), ())
                revisionen = (Revision(nummer=1, datum=tag, durch=durch, fassung=fassung),)
                meldungen.alle(_zu_gross(projekt, auftrag, fassung))
        neu = Schritt(schritt=schritt, durch=durch, datum=tag, stand=nachweis, vermerk=vermerk)
        bisher = tuple(s for s in freigaben.schritte if SCHRITTE.index(s.schritt) < SCHRITTE.index(schritt))
        freigaben = Freigaben(schritte=(*bisher, neu), revisionen=revisionen)
        schreibe_freigaben(auftrag, freigaben)
    return Freigabe(auftrag, freigaben, meldungen)


def nimm_zurueck(projekt: Projekt, name: str, schritt: Schrittname) -> Freigabe:
    """Nimmt einen Schritt zurück, mit jedem danach; nur, solange nichts beschlossen ist.

    Ist er nicht gegeben, bleibt alles, wie es ist: so lässt sich ein abgebrochener Befehl noch einmal geben.

    Raises:
        BerichtswerkFehler: der Schritt ist endgültig.
    """
    with sperre(projekt):
        auftrag = eine_ausgabe(plane(projekt), name)[0]
        freigaben, ab = auftrag.freigabe.freigaben, SCHRITTE.index(schritt)
        bleiben = tuple(s for s in freigaben.schritte if SCHRITTE.index(s.schritt) < ab)
        if bleiben == freigaben.schritte:
            return Freigabe(auftrag, freigaben)
        if freigaben.revisionen:
            datei, wort = projekt.relativ(auftrag.ordner / DATEI), STATUSWORT[freigaben.schritte[-1].schritt]
            raise BerichtswerkFehler(SchrittEndgueltig.melde(datei=datei, schritt=wort))
        freigaben = Freigaben(schritte=bleiben)
        schreibe_freigaben(auftrag, freigaben)
    return Freigabe(auftrag, freigaben)


def _ist_gegeben(frei: Freigabestand, schritt: Schrittname, durch: str, tag: date, vermerk: str) -> bool:
    letzter = frei.letzter
    if letzter is None or frei.gilt != schritt:
        return False
    gegeben = (letzter.schritt, letzter.durch, letzter.datum, letzter.vermerk)
    return gegeben == (schritt, durch, tag, vermerk)


def _pruefe_schritt(projekt: Projekt, auftrag: Auftrag, schritt: Schrittname) -> None:
    datei, frei = projekt.relativ(auftrag.ordner / DATEI), auftrag.freigabe
    if auftrag.angaben.datei.status == "beispiel":
        bericht = projekt.relativ(auftrag.ordner / "bericht.yml")
        raise BerichtswerkFehler(BeispielNichtFreizugeben.melde(datei=bericht))
    nummer = SCHRITTE.index(schritt)
    gilt = -1 if frei.gilt is None else SCHRITTE.index(frei.gilt)
    if nummer <= gilt:
        schritte = frei.freigaben.schritte
        schon = next((s for s in schritte if s.schritt == schritt), schritte[-1])
        naechster = SCHRITTE[gilt + 1 : gilt + 2]
        rat = f"Der nächste Schritt ist „{STATUSWORT[naechster[0]]}“." if naechster else ""
        rat = rat or "Einen Fehler berichtigen Sie mit „berichtswerk erratum“."
        befund = SchrittGegangen.melde(
            datei=datei,
            schritt=STATUSWORT[schritt],
            datum=f"{schon.datum:%d.%m.%Y}",
            durch=schon.durch,
            rat=rat,
        )
        raise BerichtswerkFehler(befund)
    if nummer == gilt + 1:
        alle, offen = lies_leseliste(projekt, auftrag.ordner) or (0, 0)
        if offen:
            liste = projekt.relativ(auftrag.ordner / LESELISTE)
            raise BerichtswerkFehler(LeselisteOffen.melde(datei=liste, offen=offen, alle=alle))
        return
    grund = f"Gültig ist „{STATUSWORT[auftrag.status]}“."
    if frei.gefallen:
        grund = f"„{frei.gefallen}“ gilt nicht mehr: {'; '.join(frei.gruende[:5])}."
    vorher = SCHRITTE[gilt + 1]
    raise BerichtswerkFehler(
        SchrittFehlt.melde(
            datei=datei, schritt=STATUSWORT[schritt], vorher=STATUSWORT[vorher], grund=grund, kurz=vorher,
            name=f"{auftrag.bericht}/{auftrag.ausgabe}",
        )
    )  # fmt: skip


def pruefe_tag(projekt: Projekt, auftrag: Auftrag, tag: date) -> None:
    """Nichts wird festgehalten, ehe galt, worauf es sich bezieht: der Stand der Daten, der vorige Schritt.

    Raises:
        BerichtswerkFehler: ``schritt-vorher``.
    """
    freigaben, stand = auftrag.freigabe.freigaben, auftrag.angaben.datei.stand
    ordner = projekt.relativ(auftrag.ordner)
    fruehestens = []
    if auftrag.fassung is None:
        fruehestens.append((stand, f"{ordner}/bericht.yml", "stand", "bis dahin reichen ihre Daten"))
    fruehestens += [
        (s.datum, f"{ordner}/{DATEI}", "schritte", f"da wurde „{STATUSWORT[s.schritt]}“ gegeben")
        for s in freigaben.schritte[-1:]
    ]
    fruehestens += [
        (r.datum, f"{ordner}/{DATEI}", "revisionen", f"da entstand Revision {r.nummer}")
        for r in freigaben.revisionen[-1:]
    ]
    falsch = [
        SchrittVorher.melde(datei=datei, feld=feld, tag=f"{tag:%d.%m.%Y}", vorher=f"{d:%d.%m.%Y}", was=was)
        for d, datei, feld, was in fruehestens
        if tag < d
    ]
    if falsch:
        raise BerichtswerkFehler(falsch)


def lege_stand(projekt: Projekt, auftrag: Auftrag, gesetzt: Gesetzt) -> str:
    """Legt den Stand ins Archiv, an dem ein Schritt hängt; gibt seine Prüfsumme zurück."""
    eintraege = stand(projekt, projekt.relativ(auftrag.ordner), gesetzt.eingaben)
    return Archiv(projekt).lege(json.dumps(eintraege, ensure_ascii=False, indent=0).encode())


def friere_ein(
    archiv: Archiv, auftrag: Auftrag, gesetzt: Gesetzt, abbild: Abbild, pakete: Sequence[str]
) -> str:
    """Legt alles ins Archiv, was die Ausgabe zeigt und woraus sie entstand; gibt die Fassung zurück.

    Gelesen werden die Eingaben, wo die Ausgabe liegt: bei einer Berichtigung nicht im Projekt des Archivs.
    Was schon in ``pakete`` liegt (denen der vorigen Revision), kommt nicht noch einmal hinein.

    Die Seiten verweisen danach auf ihr eigenes Layout: das gemeinsame darf sich ändern. Bilder bekommen eine
    Farbtafel: sie brauchen dann weniger als die Hälfte.
    """
    wurzel = auftrag.ordner.parents[2]
    layout = f"layout/{summe(*(t for n, i in sorted(gesetzt.layout.items()) for t in (n, i)))[:12]}/"
    fertig = {ort: _zum_archiv(ort, inhalt, layout) for ort, inhalt in gesetzt.dateien.items()}
    texte = {n: s for n in sorted(fertig, key=_aehnlich) if (s := _ist_text(n, fertig[n]))}
    bekannt = {p: archiv.paket(p).keys() & texte.values() for p in pakete}
    neue = [fertig[n] for n, s in texte.items() if not any(s in darin for darin in bekannt.values())]
    genutzt = (*(p for p, darin in bekannt.items() if darin), *([archiv.lege_paket(neue)] if neue else []))
    dateien = {ort: texte.get(ort) or archiv.lege(inhalt) for ort, inhalt in sorted(fertig.items())}
    for ort, inhalt in gesetzt.layout.items():
        dateien[layout + ort.removeprefix("layout/")] = archiv.lege(inhalt)
    namen = (n for n in gesetzt.eingaben if ":" not in n and not n.endswith("/"))
    eingaben = {n: archiv.lege(p.read_bytes()) for n in sorted(namen) if (p := wurzel / n).is_file()}
    beilagen = {n: archiv.lege(_zum_archiv(n, i, layout)) for n, i in sorted(gesetzt.beilagen.items())}
    angaben = auftrag.angaben
    fassung = Fassung(
        bericht=auftrag.bericht, ausgabe=auftrag.ausgabe, datei=angaben.datei, varianten=angaben.varianten,
        dateien=dateien, eingaben=eingaben, abbild=archiv.lege(abbild.als_bytes()),
        beilagen=beilagen, pakete=genutzt,
    )  # fmt: skip
    return archiv.lege(fassung.model_dump_json(exclude_defaults=True, indent=0).encode())


def _zum_archiv(ort: str, inhalt: bytes, layout: str) -> bytes:
    """Eine Datei, wie sie eingefroren wird: Seiten mit eigenem Layout, eigene Zeichnungen mit Farbtafel."""
    if ort.endswith(".html"):
        return _mit_layout(inhalt, layout)
    gezeichnet = ort.endswith(_GEZEICHNET) or ("/abb/" in ort and ort.endswith(".png"))
    return mit_farbtafel(inhalt) if gezeichnet else inhalt


def _ist_text(ort: str, inhalt: bytes) -> str:
    """Die Prüfsumme eines Textes, der in ein Paket kann; sonst leer."""
    if not ort.endswith(_TEXT):
        return ""
    try:
        inhalt.decode()
    except UnicodeDecodeError:
        return ""
    return pruefsumme(inhalt)


def _aehnlich(ort: str) -> tuple[str, ...]:
    """Ordnet so, dass nebeneinander liegt, was sich gleicht."""
    return Path(ort).suffix, Path(ort).name, ort


def mit_farbtafel(bild: bytes) -> bytes:
    """Ein deckendes PNG mit höchstens 256 Farben; je Kanal ändern sie sich um höchstens 4 von 255.

    Unsere Zeichnungen haben selten mehr: meist ist jedes Pixel dasselbe. Was sich so nicht sagen lässt (ein
    Foto, Durchsichtiges), bleibt, wie es ist.
    """
    from PIL import Image

    offen = Image.open(io.BytesIO(bild))
    if offen.mode == "RGBA" and offen.getchannel("A").getextrema() != (255, 255):
        return bild
    farben = offen.convert("RGB")
    for stufe in (1, 2, 4, 8):
        grob = farben.point([min(255, (v + stufe // 2) // stufe * stufe) for v in range(256)] * 3)
        if gezaehlt := grob.getcolors(256):
            tafel = grob.quantize(len(gezaehlt), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            klein = io.BytesIO()
            tafel.save(klein, "PNG", optimize=True)
            return min(klein.getvalue(), bild, key=len)
    return bild


def _mit_layout(seite: bytes, ordner: str) -> bytes:
    return _LAYOUT.sub(lambda m: m["vor"] + ordner, seite.decode()).encode()


def pruefe_archiv(projekt: Projekt, frei: Freigabestand) -> None:
    """Liest alles, was zu einer eingefrorenen Ausgabe gehört.

    Raises:
        BerichtswerkFehler: alles, was fehlt oder beschädigt ist, auf einmal.
    """
    meldungen, archiv = Meldungen(), Archiv(projekt)
    for revision in frei.freigaben.revisionen:
        try:
            fassung = lade_fassung(projekt, revision)
            archiv.hole_alle({**fassung.eingaben, **fassung.beilagen, **fassung.dateien}, fassung.pakete)
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
    meldungen.pruefe()


def belegt(projekt: Projekt, fassung: str) -> tuple[int, list[str]]:
    """Wie viele Bytes eine Fassung im Archiv belegt, und die drei größten Dateien darin."""
    archiv = Archiv(projekt)
    inhalt = Fassung.model_validate_json(archiv.hole(fassung))
    alles = {**inhalt.eingaben, **inhalt.beilagen, **inhalt.dateien}
    groesste = sorted(alles, key=lambda ort: archiv.groesse([alles[ort]]), reverse=True)[:3]
    return archiv.groesse([fassung, inhalt.abbild, *inhalt.pakete, *alles.values()]), groesste


def _zu_gross(projekt: Projekt, auftrag: Auftrag, fassung: str) -> Meldungen:
    groesse, groesste = belegt(projekt, fassung)
    meldungen = Meldungen()
    if groesse > GRENZE:
        meldungen.dazu(
            ArchivGross.melde(
                datei=projekt.relativ(auftrag.ordner), groesse=schreibe(groesse / 1e6, 1),
                grenze=schreibe(GRENZE / 1e6), groesste=", ".join(groesste),
            )
        )  # fmt: skip
    return meldungen


def schreibe_freigaben(auftrag: Auftrag, freigaben: Freigaben) -> None:
    """Schreibt ``freigabe.yml`` ganz oder gar nicht; ohne Schritte verschwindet sie."""
    pfad = auftrag.ordner / DATEI
    if not freigaben.schritte:
        pfad.unlink(missing_ok=True)
        return
    daten = freigaben.model_dump(exclude_defaults=True)
    listen = {name: list(werte) for name, werte in daten.items()}
    for revision in listen.get("revisionen", []):
        if "aenderungen" in revision:
            revision["aenderungen"] = list(revision["aenderungen"])
    schreibe_ganz(pfad, _KOPF + als_yaml(listen))


def staende(auftraege: Sequence[Auftrag]) -> list[Auftrag]:
    """Je Ausgabe ein Auftrag, in der Folge des Plans."""
    return list({a.ordner: a for a in reversed(auftraege)}.values())[::-1]
