"""Ein Bericht oder eine Abbildung zum Einfügen in eine fremde Seite (TYPO3): ohne Skript, mit eigenen Regeln.

Die Regeln gelten nur im Fragment (``@scope``) und ändern an der Seite darum nichts; deren Schrift gilt auch
innen. Bilder stehen darin, Verweise führen auf die veröffentlichte Site. Gesetzt wird einspaltig und hell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.ziele import ZIELDATEI
from berichtswerk.site.eingefroren import ist_frueher

_ENTFAELLT = re.compile(r"@font-face|@page|prefers-color-scheme: dark|@media print|min-width: (?:60|78)em")
"""Blöcke, die in einer fremden Seite nichts zu suchen haben oder ihre ganze Breite brauchten."""
_WURZEL = re.compile(r"(?<![\w.#-])(?::root|html|body)(?![\w-])")


class FragmentOhneAdresse(Befundart):
    text = "Fragmente brauchen die öffentliche Adresse der Website; sie steht noch nicht fest."
    feld = "portal.adresse"
    ursache = "Verweise und Dateien zum Herunterladen führen von der fremden Seite dorthin."
    abhilfe = "Tragen Sie ein, wo die Startseite liegt, z. B. https://www.example.org/planung."


class FragmentOhneSeite(Befundart):
    text = "Zu „{muster}“ gibt es keine Seite, die hinausgeht."
    feld = "ziele.{ziel}.seiten"
    abhilfe = "Nennen Sie Seiten ab _site/, z. B. berichte/sozialbericht/2024/*.html."


def fragmente(
    projekt: Projekt, site: Path, name: str, muster: tuple[str, ...], ohne: Sequence[str] = ()
) -> dict[str, str]:
    """Je Seite von ``site`` ihr Fragment, unter dem Namen der Seite ab der Wurzel.

    Nicht dabei sind frühere Revisionen und die Ausgaben ``ohne`` (``bericht/ausgabe``).

    Raises:
        BerichtswerkFehler: ``fragment-ohne-adresse``, ``fragment-ohne-seite``.
    """
    adresse = lade_kreis(projekt).portal.oeffentlich
    if not adresse:
        raise BerichtswerkFehler(FragmentOhneAdresse.melde(datei="daten/kreis.yaml"))
    ordner = tuple(f"berichte/{ausgabe}/" for ausgabe in ohne)

    def gemeint(pfad: Path) -> bool:
        ort = pfad.relative_to(site).as_posix()
        return not (ist_frueher(ort) or ort.startswith(ordner))

    gefunden = {m: sorted(filter(gemeint, site.glob(m))) for m in muster}
    if leer := [
        FragmentOhneSeite.melde(datei=ZIELDATEI, ziel=name, muster=m) for m, s in gefunden.items() if not s
    ]:
        raise BerichtswerkFehler(leer)
    seiten = {p for pfade in gefunden.values() for p in pfade}
    namen = {p.relative_to(site).as_posix(): p for p in sorted(seiten)}
    return {n: fragment(p.read_text("utf-8"), f"{adresse}/{n}", p.parent) for n, p in namen.items()}


def schreibe(ordner: Path, inhalte: dict[str, str]) -> None:
    """Schreibt jedes Fragment unter seinem Namen, ohne die Ordner der Site."""
    for name, inhalt in inhalte.items():
        schreibe_ganz(ordner / name.removeprefix("berichte/").replace("/", "_"), inhalt)


def fragment(seite: str, adresse: str, ordner: Path) -> str:
    """Das Fragment einer Seite der Site; ``adresse`` ist, wo sie öffentlich liegt, ``ordner``, wo hier."""
    html: Any = lxml.html
    baum = html.document_fromstring(seite)
    stile = [str(v) for v in baum.xpath('//link[@rel="stylesheet"]/@href')]
    regeln = "\n".join(beschraenke((ordner / stil).read_text("utf-8")) for stil in stile)
    (inhalt,) = baum.xpath('//*[@id="inhalt"]')
    for knoten in inhalt.xpath(".//script | .//style"):
        knoten.drop_tree()
    for knoten in inhalt.iter(etree.Element):
        for attribut in ("href", "src"):
            if (ziel := knoten.get(attribut)) and not ziel.startswith("#"):
                knoten.set(attribut, urljoin(adresse, ziel))
    del inhalt.attrib["id"], inhalt.attrib["tabindex"]
    klassen = " ".join(k for k in baum.body.get("class", "").split() if k != "bw-mit-gliederung")
    titel = " ".join(baum.xpath("string(//h1)").split())
    ende = html.Element("p", {"class": "bw-angaben"})
    verweis = etree.SubElement(ende, "a", {"href": adresse})
    verweis.text = f"{titel}: ganze Seite mit allen Daten"
    inhalt.append(ende)
    rumpf = html.tostring(inhalt, encoding="unicode")
    return (
        f'<div class="bw-fragment {klassen}" lang="de">\n<style>\n@scope (.bw-fragment) {{\n{regeln}\n'
        f":scope {{ --bw-schrift: inherit; }}\n}}\n</style>\n{rumpf}\n</div>\n"
    )


def beschraenke(regeln: str) -> str:
    """Die Regeln eines Stylesheets, wie sie in ``@scope`` gelten: die Seite heißt dort ``:scope``."""
    regeln = re.sub(r"/\*.*?\*/", "", regeln, flags=re.DOTALL)
    bleibt = (b for b in _bloecke(regeln) if not _ENTFAELLT.search(b.partition("{")[0]))
    text = "".join(bleibt).strip()
    return re.sub(r"[^{};]+(?=\{)", lambda m: _WURZEL.sub(":scope", m[0]), text)


def _bloecke(text: str) -> Iterator[str]:
    """Die Blöcke der obersten Ebene, jeder mit seinem Kopf."""
    tiefe = beginn = 0
    for stelle in re.finditer(r'"[^"]*"|[{}]', text):
        tiefe += {"{": 1, "}": -1}.get(stelle[0], 0)
        if stelle[0] == "}" and tiefe == 0:
            yield text[beginn : stelle.end()]
            beginn = stelle.end()
