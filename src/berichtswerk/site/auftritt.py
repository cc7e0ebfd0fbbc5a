"""Wie die Website nach außen auftritt: Sitemap, Feed neuer Ausgaben, Vorschaubilder, Seite für tote Adressen.

Alles außer der letzten braucht die öffentliche Adresse der Site (``portal.adresse`` in ``daten/kreis.yaml``)
und entsteht ohne sie nicht. In Sitemap und Feed steht nur Veröffentlichtes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from pydantic import Field

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.bild.teilbild import Teilbild, hole
from berichtswerk.gegenstand.gegenstaende import BAND
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml
from berichtswerk.marke.marke import Marke
from berichtswerk.schreiber.html.seite import layoutdateien, rahme
from berichtswerk.site.seiten import FEED, NICHT_GEFUNDEN, SEITEN, Umgebung, vorschaubild

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_TOT = """\
<p>Die Seite wurde verschoben, umbenannt oder es hat sie nie gegeben.</p>
<ul>
<li><a href="{start}">Zur Startseite mit allen Berichten</a></li>
<li><a href="{suche}">In den Berichten suchen</a></li>
</ul>
"""


class UmleitungOhneZiel(Befundart):
    text = "Die Umleitung von „{von}“ führt auf eine Seite, die es nicht gibt."
    ursache = "Genannt ist {nach}."
    abhilfe = "Berichtigen Sie „nach“ oder nehmen Sie die Umleitung weg."
    stufe = Stufe.WARNUNG


class UmleitungVerdeckt(UmleitungOhneZiel):
    kennung = "umleitung-verdeckt"
    text = "Unter „{von}“ liegt selbst eine Seite; die Umleitung von dort nach {nach} gilt nicht."
    ursache = ""
    abhilfe = "Nehmen Sie die Umleitung weg."


class AdresseVerschwunden(Befundart):
    text = "Die veröffentlichte Seite {von} gibt es nicht mehr."
    ursache = "Wer sie zitiert hat, landet im Leeren; meist hat ein Label einen neuen Namen."
    abhilfe = "Nennen Sie in daten/umleitungen.yaml unter „von“ diese Adresse und unter „nach“ die neue."
    stufe = Stufe.WARNUNG


Seite = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w-]*(/[\w-]+)*\.html$")]


class Umleitung(YamlModell):
    """Eine frühere Adresse und die heutige, beide ab der Wurzel der Site."""

    von: Seite
    nach: Seite


class Umleitungen(YamlModell):
    """``daten/umleitungen.yaml``: Adressen, die es einmal gab."""

    umleitungen: tuple[Umleitung, ...] = ()


def trete_auf(umgebung: Umgebung, auftraege: Sequence[Auftrag], bau: Path) -> list[Meldung]:
    """Legt alles nach ``bau``; ``auftraege`` sind die Berichte, deren Seiten dort liegen.

    Raises:
        BerichtswerkFehler: ``daten/umleitungen.yaml`` hat Fehler.
    """
    meldungen = _leite_um(umgebung, auftraege, bau)
    dateien = {NICHT_GEFUNDEN: nicht_gefunden(umgebung).encode()}
    if umgebung.kreis.portal.oeffentlich:
        dateien |= {"sitemap.xml": sitemap(umgebung, auftraege), FEED: feed(umgebung, auftraege)}
        ohne = [a for a in auftraege if a.fassung is None and not (bau / vorschaubild(a)).is_file()]
        dateien |= dict(vorschaubilder(umgebung, ohne))
    for ort, inhalt in dateien.items():
        (bau / ort).parent.mkdir(parents=True, exist_ok=True)
        (bau / ort).write_bytes(inhalt)
    return meldungen


def _leite_um(umgebung: Umgebung, auftraege: Sequence[Auftrag], bau: Path) -> list[Meldung]:
    """Legt eine Seite unter jede frühere Adresse; meldet, was ins Leere führt oder führen würde."""
    datei = umgebung.projekt.daten / "umleitungen.yaml"
    liste = lade_yaml(datei, Umleitungen, umgebung.projekt).umleitungen if datei.is_file() else ()
    meldungen = []
    for nr, u in enumerate(liste, 1):
        art = UmleitungVerdeckt if _ist_seite(bau / u.von) else UmleitungOhneZiel
        if art is UmleitungVerdeckt or not (bau / u.nach).is_file():
            meldungen.append(
                art.melde(datei="daten/umleitungen.yaml", ort=f"Nr. {nr}", von=u.von, nach=u.nach)
            )
            continue
        (bau / u.von).parent.mkdir(parents=True, exist_ok=True)
        schreibe_ganz(bau / u.von, _umleitung(umgebung, u))
    for a in filter(_ist_oeffentlich, auftraege):
        alte = (p.relative_to(umgebung.projekt.site) for p in (umgebung.projekt.site / a.ziel).glob("*.html"))
        weg = sorted(p.as_posix() for p in alte if not (bau / p).exists())
        beschreibung = umgebung.projekt.relativ(a.ordner / "bericht.yml")
        meldungen += (AdresseVerschwunden.melde(datei=beschreibung, von=von) for von in weg)
    return meldungen


def _ist_seite(pfad: Path) -> bool:
    """Ob dort eine Seite liegt, die keine Weiterleitung ist (von einem früheren Lauf)."""
    return pfad.is_file() and 'http-equiv="refresh"' not in pfad.read_text("utf-8")


def _umleitung(umgebung: Umgebung, u: Umleitung) -> str:
    """Eine Seite, die weiterleitet; ohne Weiterleitung steht der Verweis da."""
    titel = "Diese Seite hat eine neue Adresse"
    ziel = "../" * u.von.count("/") + u.nach
    kontext = replace(umgebung.seite(u.von, titel), adresse=umgebung.adresse(u.nach), weiter=ziel)
    inhalt = f'<p><a href="{ziel}">Weiter zur neuen Adresse</a></p>\n'
    return rahme(inhalt, umgebung.kopf(titel), kontext)


def lege_layout_bei(projekt: Projekt, bau: Path) -> None:
    """Kopiert, was die Seiten aus ``layout/`` brauchen, nach ``bau``."""
    for datei in (*layoutdateien(projekt), projekt.layout / "suche.js", projekt.layout / "suche.css"):
        ziel = bau / datei.relative_to(projekt.wurzel)
        ziel.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(datei, ziel)


def nicht_gefunden(umgebung: Umgebung) -> str:
    """Die Seite, die der Server bei einer toten Adresse zeigt, in welchem Ordner auch immer.

    Ihre Verweise beginnen deshalb an der Wurzel des Servers; steht die Adresse der Site nicht fest, gelten
    sie nur für Adressen auf oberster Ebene.
    """
    adresse = umgebung.kreis.portal.oeffentlich
    wurzel = f"{urlsplit(adresse).path}/" if adresse else ""
    titel = "Diese Seite gibt es nicht"
    kontext = replace(umgebung.seite(NICHT_GEFUNDEN, titel), wurzel_relativ=wurzel, adresse="")
    inhalt = _TOT.format(start=f"{wurzel}index.html", suche=f"{wurzel}seiten/suche.html")
    return rahme(inhalt, umgebung.kopf(titel), kontext)


def noch_nicht(umgebung: Umgebung, ort: str) -> str:
    """Die Seite an der Adresse eines Berichts, der noch nicht veröffentlicht ist; niemand soll sie finden."""
    titel = "Dieser Bericht ist noch nicht veröffentlicht"
    start = f"{'../' * ort.count('/')}index.html"
    inhalt = f'<p><a href="{start}">Zur Startseite mit allen veröffentlichten Berichten</a></p>\n'
    return rahme(inhalt, umgebung.kopf(titel), replace(umgebung.seite(ort, titel), verborgen=True))


def sitemap(umgebung: Umgebung, auftraege: Sequence[Auftrag]) -> bytes:
    """Alle Seiten, die gefunden werden sollen, nach https://www.sitemaps.org/protocol.html."""
    ET.register_namespace("", _SITEMAP)
    wurzel = ET.Element(f"{{{_SITEMAP}}}urlset")
    allgemein = [] if umgebung.kreis.portal.hinweis else ["index", *SEITEN]
    orte = [(f"{ort}.html", "") for ort in allgemein]
    orte += [(f"{a.ziel}.html", a.angaben.datei.stand.isoformat()) for a in auftraege if _ist_oeffentlich(a)]
    for ort, stand in orte:
        seite = ET.SubElement(wurzel, f"{{{_SITEMAP}}}url")
        ET.SubElement(seite, f"{{{_SITEMAP}}}loc").text = umgebung.adresse(ort)
        if stand:
            ET.SubElement(seite, f"{{{_SITEMAP}}}lastmod").text = stand
    return _xml(wurzel)


def feed(umgebung: Umgebung, auftraege: Sequence[Auftrag]) -> bytes:
    """Die veröffentlichten Ausgaben, jüngste zuerst, als Atom (RFC 4287); die Zeiten sind ihr Stand."""
    ET.register_namespace("", _ATOM)
    kreis, oben = umgebung.kreis, f"{{{_ATOM}}}"
    gezeigt = [a for a in auftraege if _ist_oeffentlich(a) and not (a.angaben.datei.fuer and a.variante)]
    gezeigt.sort(key=lambda a: (a.angaben.datei.stand, a.stamm), reverse=True)
    wurzel = ET.Element(f"{oben}feed", {"xml:lang": "de"})
    staende = [a.angaben.datei.stand.isoformat() for a in gezeigt] or ["1970-01-01"]
    _angaben(wurzel, kreis.portal.titel, umgebung.adresse(FEED), staende[0])
    ET.SubElement(wurzel, f"{oben}link", {"rel": "self", "href": umgebung.adresse(FEED)})
    ET.SubElement(wurzel, f"{oben}link", {"href": umgebung.adresse("index.html")})
    ET.SubElement(ET.SubElement(wurzel, f"{oben}author"), f"{oben}name").text = kreis.herausgeber
    for a in gezeigt:
        eintrag = ET.SubElement(wurzel, f"{oben}entry")
        seite = umgebung.adresse(f"{a.ziel}.html")
        _angaben(eintrag, a.voller_titel, seite, a.angaben.datei.stand.isoformat())
        ET.SubElement(eintrag, f"{oben}link", {"href": seite})
        if a.angaben.datei.beschreibung:
            ET.SubElement(eintrag, f"{oben}summary").text = a.angaben.datei.beschreibung.strip()
    return _xml(wurzel)


def _angaben(knoten: ET.Element, titel: str, kennung: str, stand: str) -> None:
    for name, wert in (("title", titel), ("id", kennung), ("updated", f"{stand}T00:00:00Z")):
        ET.SubElement(knoten, f"{{{_ATOM}}}{name}").text = wert


def _xml(wurzel: ET.Element) -> bytes:
    ET.indent(wurzel)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(wurzel, encoding="unicode")}\n'.encode()


def _ist_oeffentlich(auftrag: Auftrag) -> bool:
    return auftrag.status == "veroeffentlicht"


def vorschaubilder(umgebung: Umgebung, auftraege: Sequence[Auftrag]) -> Iterator[tuple[str, bytes]]:
    """Ort auf der Site und Inhalt der Bilder für geteilte Links: das der Site und je Bericht eines."""
    projekt, kreis = umgebung.projekt, umgebung.kreis
    marke = Marke.lade(projekt)
    seite = Teilbild(kreis.portal.titel, kreis.name, marke.leitfarbe(""))
    yield vorschaubild(), hole(projekt, seite)
    for a in auftraege:
        farbe, vermerk = marke.leitfarbe(a.bericht), BAND.get(a.status, "")
        bericht = Teilbild(a.titel, a.untertitel or kreis.name, farbe, vermerk=vermerk)
        yield vorschaubild(a), hole(projekt, bericht)
