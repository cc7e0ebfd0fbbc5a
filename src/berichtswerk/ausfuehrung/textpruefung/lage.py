"""Was die Prüfung eines Textes wissen muss: der Text, die gebundenen Werte, die Ziele von Verweisen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.notizbuch import Notizbuch, quelltext
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.ausfuehrung.textpruefung.aussagen import Gesagt, gezeigtes
from berichtswerk.gegenstand.gegenstaende import MIME, Bindungen, Gegenstand, Text, aus_json
from berichtswerk.grund.meldung import Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt

MARKE = re.compile(r"\{[^}\n]*#(?P<marke>(?:sec|fig|tbl)-[\w-]+)")
"""Eine selbst gesetzte Sprungmarke: ``## Titel {#sec-arbeit}``."""


@dataclass(frozen=True, slots=True)
class Lage:
    """Ein Text mit allem, woran er gemessen wird.

    ``datei`` ist der Pfad ab der Projektwurzel, ``ordner`` der Ordner der Ausgabe, von dem aus Verweise auf
    Dateien gelten; ``marken`` sind die Kennungen, auf die verwiesen werden darf.
    """

    datei: str
    text: str
    ordner: Path
    bindungen: Bindungen
    marken: frozenset[str] = field(default_factory=frozenset)
    gezeigt: tuple[Gesagt, ...] = ()
    """Was Abbildungen und Eckwerte desselben Berichts aussagen."""


def sammle(projekt: Projekt, namen: Sequence[str], meldungen: Meldungen) -> list[Lage]:
    """Alle Texte der Ausgaben; Unbenutztes und Leeres kommt gleich zu den Meldungen."""
    plan = plane(projekt)
    meldungen.alle(plan.meldungen)
    lagen: list[Lage] = []
    benutzt: dict[Path, set[Path]] = {}
    for fertig in fuehre_aus(projekt, plan.waehle(namen)):
        meldungen.alle(fertig.meldungen)
        if fertig.roh is None:
            continue
        texte, neue = _lagen(projekt, fertig.auftrag, fertig.roh)
        lagen += neue
        benutzt.setdefault(fertig.auftrag.ordner, set()).update(texte)
    for ordner, pfade in sorted(benutzt.items()):
        meldungen.alle(_unbenutzt(projekt, ordner, pfade))
        meldungen.alle(_leer(projekt, pfade))
    return sorted(lagen, key=lambda lage: lage.datei)


def _lagen(projekt: Projekt, auftrag: Auftrag, roh: Notizbuch) -> tuple[set[Path], list[Lage]]:
    gegenstaende = [
        aus_json(a["data"][MIME])
        for z in roh["cells"]
        for a in z.get("outputs", [])
        if MIME in a.get("data", {})
    ]
    bindungen = next((g for g in gegenstaende if isinstance(g, Bindungen)), Bindungen(werte={}))
    gezeigt = gezeigtes(gegenstaende)
    texte = [g for g in gegenstaende if isinstance(g, Text)]
    orte = {(auftrag.angaben.text(g.name, auftrag.variante or None), g.bereich) for g in texte}
    genannt = sorted((p, bereich) for p, bereich in orte if p is not None)
    inhalte = {p: p.read_text(encoding="utf-8") for p, _ in genannt}
    marken = _marken(gegenstaende, [quelltext(z) for z in roh["cells"]] + list(inhalte.values()))
    lagen = [
        # derselbe Text kann in mehreren Bereichen stehen, und dort gelten andere Werte
        Lage(projekt.relativ(p), inhalte[p], auftrag.ordner, bindungen.im_bereich(bereich), marken, gezeigt)
        for p, bereich in genannt
    ]
    return set(inhalte), lagen


def _marken(gegenstaende: Sequence[Gegenstand], texte: Sequence[str]) -> frozenset[str]:
    labels = {str(getattr(g, "label", "")) for g in gegenstaende} - {""}
    return frozenset(labels | {m["marke"] for t in texte for m in MARKE.finditer(t)})


def _unbenutzt(projekt: Projekt, ordner: Path, benutzt: set[Path]) -> list[Meldung]:
    texte = ordner / "texte"
    uebrig = {p: p.relative_to(texte).with_suffix("") for p in texte.rglob("*.md") if p not in benutzt}
    return [
        Meldung(
            "text-unbenutzt",
            "Diesen Text zeigt kein Notizbuch.",
            datei=projekt.relativ(pfad),
            ursache=f'Keine Zelle nennt b.text("{name.as_posix()}").',
            abhilfe="Nehmen Sie den Text ins Notizbuch auf oder löschen Sie die Datei.",
            stufe=Stufe.WARNUNG,
        )
        for pfad, name in sorted(uebrig.items())
    ]


def _leer(projekt: Projekt, benutzt: set[Path]) -> list[Meldung]:
    return [
        Meldung(
            "text-leer",
            "Dieser Text ist leer.",
            datei=projekt.relativ(pfad),
            ursache="Das Notizbuch zeigt ihn, aber es steht nichts darin.",
            abhilfe="Schreiben Sie den Text oder nehmen Sie ihn aus dem Notizbuch.",
            stufe=Stufe.WARNUNG,
        )
        for pfad in sorted(benutzt)
        if not re.sub(r"<!--.*?-->", "", pfad.read_text(encoding="utf-8"), flags=re.S).strip()
    ]
