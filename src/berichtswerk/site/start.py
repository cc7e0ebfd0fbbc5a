"""Die Startseite: je Thema eine Karte mit der jüngsten Ausgabe, die Orte als Karte und Liste, das Archiv."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis
from berichtswerk.daten.kreis import Kreis
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund.ablage import Ablage, dateisumme, programmstand, summe
from berichtswerk.grund.fremdes import attribut
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.marke.marke import Marke
from berichtswerk.schreiber.formate import dateien, fuer
from berichtswerk.tabelle.tabelle import maskiere

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand


class Nebenan(NamedTuple):
    """Was es neben den Seiten gibt: Orte der Dateien auf der Site, und wo Beilagen gerade liegen."""

    dateien: Collection[str]
    beilagen: Callable[[Auftrag], Path]


TITELBILD = "abb/titel.svg"
BREITEN = (470, 344)
"""So breit ist die Karte der Orte, in Pixeln: am Rechner und auf dem Telefon."""


def startseite(
    projekt: Projekt, kreis: Kreis, auftraege: Sequence[Auftrag], nebenan: Nebenan
) -> tuple[u.Gegenstand, ...]:
    """Der Inhalt der Startseite.

    Raises:
        BerichtswerkFehler: Gebiete, Grenzen oder was die Karte sonst liest, haben Fehler.
    """
    eigener = kreis.portal.hinweis not in (None, *u.BAND.values())  # sonst steht er schon im Band darüber
    hinweis = f"**{maskiere(kreis.portal.hinweis or '')}**\n\n" if eigener else ""
    ausgaben: dict[tuple[str, str], list[Auftrag]] = {}
    for auftrag in auftraege:
        ausgaben.setdefault((auftrag.bericht, auftrag.ausgabe), []).append(auftrag)
    geordnet = sorted(ausgaben.values(), key=lambda g: (g[0].angaben.datei.stand, g[0].ausgabe), reverse=True)
    je_bericht: dict[str, list[list[Auftrag]]] = {}
    for gruppe in geordnet:
        je_bericht.setdefault(gruppe[0].bericht, []).append(gruppe)
    neue = [gruppen[0] for gruppen in je_bericht.values()]
    orte, muster = _orte(projekt, kreis, [a for gruppe in neue for a in gruppe])
    teile: list[u.Gegenstand] = [
        u.Fliesstext(
            markdown=f"{hinweis}{maskiere(kreis.portal.einleitung)}\n\n"
            "Woher die Zahlen kommen, zeigt die [Übersicht aller Daten](seiten/daten.html).\n"
        )
    ]
    if neue:
        teile.append(u.Fliesstext(markdown="## Themen {#themen}"))
        teile.append(u.Themen(eintraege=tuple(_karte(gruppe, nebenan, muster) for gruppe in neue)))
    if orte:
        teile += [u.Fliesstext(markdown="## Orte {#orte}"), orte]
    if fruehere := [a for gruppen in je_bericht.values() for gruppe in gruppen[1:] for a in gruppe]:
        archiv = "\n".join(f"- {_weiteres(a, nebenan)}" for a in fruehere)
        teile.append(u.Fliesstext(markdown=f"## Frühere Ausgaben {{#archiv}}\n\n{archiv}"))
    return tuple(teile)


def _karte(gruppe: Sequence[Auftrag], nebenan: Nebenan, muster: str) -> u.Themenkarte:
    """Die Karte einer Ausgabe; ``muster`` zeichnet die Orte, wo keiner von ihnen der wichtigste ist."""
    datei = gruppe[0].angaben.datei
    haupt = None if datei.fuer and gruppe[0].variante else gruppe[0]
    bild = f"{gruppe[0].ziel}/{TITELBILD}" if (nebenan.beilagen(gruppe[0]) / TITELBILD).is_file() else ""
    return u.Themenkarte(
        bericht=gruppe[0].bericht,
        titel=haupt.titel if haupt else datei.titel,
        ziel=f"{haupt.ziel}.html" if haupt else "",
        absaetze=(haupt.untertitel if haupt else datei.untertitel, datei.beschreibung.strip()),
        status=gruppe[0].status,
        stand=f"Stand: {datum(datei.stand, lang=True)}",
        bild=muster if datei.fuer else bild,
        dateien=tuple(_dateien(haupt, nebenan)) if haupt else (),
        gebiete=tuple(
            paar for a in gruppe if a is not haupt and not datei.fuer
            for paar in ((_gebiet(a), f"{a.ziel}.html"), *_daneben(a, nebenan, f"als {{}}: {_gebiet(a)}"))
        ),
    )  # fmt: skip


def _gebiet(auftrag: Auftrag) -> str:
    """Wie eine Variante heißt: ihr Titel, sonst Untertitel, sonst ihr Name."""
    eigene = next((v for v in auftrag.angaben.varianten if v.name == auftrag.variante), None)
    name = (eigene.titel or eigene.untertitel) if eigene else ""
    return name or auftrag.variante


def _daneben(auftrag: Auftrag, nebenan: Nebenan, wie: str) -> list[u.Verweis]:
    """Jede Datei neben der Seite, die es gibt; die Linktexte sagen für sich allein, was sie öffnen."""
    orte = dateien(auftrag)
    formen = ((form.name, orte[name]) for name, form in fuer(auftrag).items())
    return [(wie.format(form), ort) for form, ort in formen if ort in nebenan.dateien]


def _dateien(auftrag: Auftrag, nebenan: Nebenan) -> list[u.Verweis]:
    verweise = _daneben(auftrag, nebenan, f"{auftrag.titel} als {{}}")
    if auftrag.notizbuch is not None and (nebenan.beilagen(auftrag) / "daten.zip").is_file():
        verweise.append((f"Daten zu „{auftrag.titel}“ (ZIP)", f"{auftrag.ziel}/daten.zip"))
    return verweise


def _weiteres(auftrag: Auftrag, nebenan: Nebenan) -> str:
    name = maskiere(auftrag.voller_titel)
    auch = (f", auch [{text}]({ort})" for text, ort in _daneben(auftrag, nebenan, f"als {{}}: {name}"))
    return "".join([f"[{name}]({auftrag.ziel}.html)", *auch])


def _orte(projekt: Projekt, kreis: Kreis, auftraege: Sequence[Auftrag]) -> tuple[u.Orte | None, str]:
    """Die Seiten der Gebiete unter dem Gebiet, zu dem sie gehören, und ein Muster aus ihren Flächen."""
    verzeichnis = Gebietsverzeichnis.lade(projekt)
    je_oben: dict[str, list[u.Verweis]] = {}
    ziele: dict[str, str] = {}
    arten = {a.angaben.datei.fuer: None for a in auftraege if a.angaben.datei.fuer and a.variante}
    for a in auftraege:
        schluessel = str(a.parameter.get("gebiet", ""))
        if not (a.angaben.datei.fuer and a.variante and schluessel in verzeichnis):
            continue
        oben = verzeichnis[schluessel].teil_von or ""
        name = verzeichnis[oben].name if oben in verzeichnis else ""
        je_oben.setdefault(name, []).append((verzeichnis[schluessel].name, f"{a.ziel}.html"))
        if a.angaben.datei.fuer == next(iter(arten)):  # zwei Ebenen lägen auf einer Karte übereinander
            ziele.setdefault(schluessel, f"{a.ziel}.html")
    if not je_oben:
        return None, ""
    gruppen = tuple((oben, tuple(gruppe)) for oben, gruppe in je_oben.items())
    karte, muster, hinweise = _ortskarte(projekt, f"Karte: {kreis.name}", ziele, verzeichnis)
    return u.Orte(gruppen=gruppen, karte=karte, hinweise=tuple(hinweise)), muster


def _ortskarte(
    projekt: Projekt, name: str, ziele: Mapping[str, str], verzeichnis: Gebietsverzeichnis
) -> tuple[str, str, Sequence[str]]:
    """Karte mit Verweisen, Muster und Hinweise; aus der Ablage, solange alles Gelesene dasselbe ist."""
    ablage = Ablage.von(projekt)
    umstand = json.dumps([name, *sorted(ziele.items())], ensure_ascii=False)
    marke = dateisumme(projekt.layout / "_brand.yml")
    schluessel = summe(umstand, marke, programmstand("grund", "daten", "bild", "site/start.py"))
    if (roh := ablage.hole("ortskarte", schluessel)) is not None:
        bekannt = json.loads(roh)
        if all(dateisumme(projekt.wurzel / datei) == s for datei, s in bekannt["gelesen"].items()):
            return bekannt["karte"], bekannt["muster"], bekannt["hinweise"]
    from berichtswerk.daten.bestand import Datenbestand

    bestand = Datenbestand(projekt)
    karte, muster, hinweise = _gezeichnet(bestand, name, ziele, [verzeichnis[s] for s in ziele])
    gelesen = {datei: dateisumme(projekt.wurzel / datei) for datei in bestand.gelesen()}
    fertig = {"gelesen": gelesen, "karte": karte, "muster": muster, "hinweise": hinweise}
    ablage.lege("ortskarte", schluessel, json.dumps(fertig, ensure_ascii=False).encode())
    return karte, muster, hinweise


def _gezeichnet(
    bestand: Datenbestand, name: str, ziele: Mapping[str, str], gebiete: Sequence[Gebiet]
) -> tuple[str, str, Sequence[str]]:
    from berichtswerk.bild import kartengrund, svg, titelbild
    from berichtswerk.bild.formen.karten import Lagekarte, gebietsflaechen
    from berichtswerk.bild.thema import Thema

    grund = kartengrund.lade(bestand, gebiete)
    if grund is None:
        return "", "", ()
    marke = Marke.lade(bestand.projekt)
    motiv = Lagekarte(*gebietsflaechen(grund, gebiete, {}), ())
    je_name = {g.name: ziele[g.schluessel] for g in gebiete}
    bilder = []
    for breite in BREITEN:
        spec = motiv.spec(Thema(marke, breite))
        bilder.append(_mit_verweisen(svg.fuer_seite(spec, marke, f"orte-{breite}"), spec, name, je_name))
    muster, _ = titelbild.zeichne("karte", None, marke.band, motiv.als_objekt())
    muster = muster.replace("<svg ", '<svg aria-hidden="true" preserveAspectRatio="xMidYMid slice" ', 1)
    return svg.beide(*bilder), muster, grund.hinweise


def _mit_verweisen(zeichnung: str, spec: Mapping[str, Any], name: str, ziele: Mapping[str, str]) -> str:
    """Die Zeichnung, über jeder Fläche ein Verweis; Namen stehen schon darin und werden nicht vorgelesen."""
    flaechen = next(e["data"]["values"] for e in spec["layer"] if e.get("mark", {}).get("type") == "geoshape")
    verweise = [
        f'<a href={attribut(ziele[f["name"]])} aria-label={attribut(f["name"])}><path d="'
        + "".join(
            f"M{'L'.join(f'{x},{y}' for x, y in ring)}Z"
            for teil in f["geometry"]["coordinates"] for ring in teil
        )
        + '"/></a>'
        for f in flaechen
    ]  # fmt: skip
    auf, _, rest = zeichnung.strip().partition(">")
    auf = auf.replace('aria-hidden="true"', f'role="group" aria-label={attribut(name)}', 1)
    return f'{auf}><g aria-hidden="true">{rest.removesuffix("</svg>")}</g>{"".join(verweise)}</svg>'
