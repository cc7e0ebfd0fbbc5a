"""Vom ausgeführten Notizbuch zur Übergabe, die gesetzt wird: Markdown, SVG, CSV, Nachweis.

Hier wird nichts mehr gerechnet; Texte werden mit den Bindungen des Notizbuchs aufgelöst. Ein geänderter
Satz braucht deshalb keine Ausführung.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from berichtswerk.ausfuehrung.fehlertext import nicht_veroeffentlicht
from berichtswerk.ausfuehrung.kapitel import Luecke, Stueck, als_liste, raeume_auf
from berichtswerk.ausfuehrung.parameter import (
    NUR_NOTIZBUCH,
    Notizbuch,
    finde_parameterzelle,
    marken,
    quelltext,
)
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.stueckbau import Bau, Schreiber, Zeichner, lesbar
from berichtswerk.ausfuehrung.titelei import titelei
from berichtswerk.bericht.anzeige import luecken_markdown
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    MIME,
    Abbildung,
    Bindungen,
    Gegenstand,
    Luecken,
    Tabelle,
    Text,
    aus_json,
)
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte.bindung import Nachrechnen

__all__ = ["Uebergabe", "Zeichner", "baue", "nur_texte", "schreibe", "zeilen"]


@dataclass(slots=True)
class Uebergabe:
    """Eine fertige Übergabe im Speicher: das Notizbuch, seine Beilagen und alle Befunde."""

    notizbuch: Notizbuch
    beilagen: dict[str, bytes] = field(default_factory=dict)
    meldungen: Meldungen = field(default_factory=Meldungen)
    beispiel: bool = False
    nachgelesen: tuple[str, ...] = ()
    """Dateien, die erst für Kennzahlen in Texten gelesen wurden."""


def baue(
    projekt: Projekt,
    auftrag: Auftrag,
    roh: Notizbuch,
    zeichne: Zeichner,
    *,
    nachrechnen: Nachrechnen | None = None,
    weitere: frozenset[str] = frozenset(),
    schreibe_spec: Schreiber = lesbar,
) -> Uebergabe:
    """Baut die Übergabe aus dem ausgeführten Notizbuch; schreibt nichts.

    ``nachrechnen`` wird gefragt, wenn ein Text eine Kennzahl nennt, die das Notizbuch nicht gebunden hat;
    ``weitere`` sind die Namen, die es kennt.
    """
    bau = Bau(projekt, auftrag, zeichne, nachrechnen, weitere, schreibe_spec)
    gegenstaende = _gegenstaende(roh)
    flach = [g for gruppe in gegenstaende.values() for g in gruppe]
    for g in flach:
        if isinstance(g, Bindungen):
            bau.bindungen = g
    bau.gezeigt = [g for g in flach if isinstance(g, Abbildung | Tabelle)]
    bau.meldungen.alle(_doppelte_label(auftrag, bau.gezeigt))
    zellen = _zellen(bau, roh, gegenstaende)
    bau.meldungen.alle(nicht_veroeffentlicht(projekt, auftrag, roh))
    gebiet = bau.bindungen.werte.get("gebiet")
    daten = any(name.startswith("daten/") for name in bau.beilagen)
    kopf = titelei(auftrag, gebiet.text if gebiet else "", bau.beispiel, daten)
    inhalt = nachweis.sammle(bau.nachweise, projekt)
    bau.beilagen["nachweis.json"] = nachweis.schreibe(inhalt).encode()
    nb = _notizbuch([_zelle("raw", "bw-kopf", kopf), *zellen])
    if daten:
        bau.beilagen["daten.zip"] = _gepackt(auftrag.stamm, bau.beilagen)
    return Uebergabe(nb, bau.beilagen, bau.meldungen, bau.beispiel)


def _gepackt(stamm: str, beilagen: dict[str, bytes]) -> bytes:
    """Alle CSV-Dateien und der Nachweis in einer Datei; gleiche Eingabe, gleiche Bytes."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as paket:
        for name in sorted(beilagen):
            if name.startswith("daten/") or name == "nachweis.json":
                # ZIP kennt keine frühere Zeit als 1980; die echte machte jeden Lauf anders
                eintrag = zipfile.ZipInfo(f"{stamm}/{name}", (1980, 1, 1, 0, 0, 0))
                eintrag.compress_type, eintrag.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                eintrag.create_system = 3
                paket.writestr(eintrag, beilagen[name])
    return puffer.getvalue()


def schreibe(auftrag: Auftrag, uebergabe: Uebergabe) -> None:
    """Schreibt Notizbuch und Beilagen; Gleiches bleibt unberührt, Überzähliges verschwindet."""
    for name, inhalt in uebergabe.beilagen.items():
        schreibe_ganz(auftrag.beilagen / name, inhalt)
    for pfad in sorted(auftrag.beilagen.rglob("*"), reverse=True):
        if pfad.is_dir():
            if not any(pfad.iterdir()):
                pfad.rmdir()
        elif pfad.relative_to(auftrag.beilagen).as_posix() not in uebergabe.beilagen:
            pfad.unlink()
    text = json.dumps(uebergabe.notizbuch, ensure_ascii=False, indent=1, sort_keys=True)
    schreibe_ganz(auftrag.uebergabe, f"{text}\n")


def nur_texte(auftrag: Auftrag) -> Notizbuch:
    """Ein Bericht ohne Notizbuch: alle Texte der Ausgabe in der Reihenfolge ihrer Dateinamen."""
    namen = sorted({p.stem for p in (auftrag.ordner / "texte").glob("*.md")})
    zellen = []
    for nummer, name in enumerate(namen, 1):
        ausgabe = {
            "output_type": "display_data",
            "metadata": {},
            "data": {MIME: {"art": "text", "name": name}},
        }
        zellen.append({**_zelle("code", f"text-{nummer}", f'b.text("{name}")'), "outputs": [ausgabe]})
    return _notizbuch(zellen)


def _gegenstaende(roh: Notizbuch) -> dict[int, list[Gegenstand]]:
    return {
        i: [aus_json(a["data"][MIME]) for a in z.get("outputs", []) if MIME in a.get("data", {})]
        for i, z in enumerate(roh["cells"])
    }


def _zellen(bau: Bau, roh: Notizbuch, gegenstaende: dict[int, list[Gegenstand]]) -> list[dict[str, Any]]:
    """Die Zellen der Übergabe; was vor der Parameterzelle steht, erklärt nur das Notizbuch."""
    stuecke = _stuecke(bau, roh, gegenstaende)
    alle = [s for gruppe in stuecke.values() for s in gruppe]
    luecken = raeume_auf(alle)
    _nenne_luecken(bau, alle, luecken)
    for s in alle:
        bau.nachweise += s.nachweise
        bau.meldungen.alle(s.meldungen)
    zellen: list[dict[str, Any]] = []
    for i, z in enumerate(roh["cells"]):
        kennung = str(z.get("id") or f"zelle-{i}")
        if z["cell_type"] == "markdown":
            zellen += [_zelle("markdown", kennung, s.markdown) for s in stuecke.get(i, []) if s.markdown]
        elif z["cell_type"] == "code":
            zellen.append(_codezelle(z, kennung, stuecke[i]))
    return zellen


def _stuecke(bau: Bau, roh: Notizbuch, gegenstaende: dict[int, list[Gegenstand]]) -> dict[int, list[Stueck]]:
    """Je Zelle, was sie zum Bericht beiträgt."""
    beginn = finde_parameterzelle(roh)
    datei = bau.projekt.relativ(bau.auftrag.notizbuch) if bau.auftrag.notizbuch else ""
    stuecke: dict[int, list[Stueck]] = {}
    for i, z in enumerate(roh["cells"]):
        quelle, nur_hier = quelltext(z), NUR_NOTIZBUCH in marken(z)
        if z["cell_type"] == "markdown":
            if (beginn is None or i > beginn) and not nur_hier:
                stuecke[i] = [bau.textstueck(quelle, datei)]
        elif z["cell_type"] == "code":
            verborgen = nur_hier or "#| include: false" in quelle
            stuecke[i] = [] if verborgen else [bau.stueck(g) for g in gegenstaende[i]]
    return stuecke


def _nenne_luecken(bau: Bau, stuecke: Sequence[Stueck], luecken: Sequence[Luecke]) -> None:
    """Füllt die Liste der Lücken; ohne Platz dafür sagt ein Hinweis, welche Kapitel entfallen."""
    platz = [s for s in stuecke if isinstance(s.gegenstand, Luecken)]
    for s in platz:
        s.markdown = luecken_markdown(als_liste(luecken))
    for luecke in luecken if not platz else ():
        if luecke.entfaellt:
            bau.meldungen.dazu(_kapitel_entfaellt(bau.auftrag, luecke))


def _kapitel_entfaellt(auftrag: Auftrag, luecke: Luecke) -> Meldung:
    return Meldung(
        "kapitel-entfaellt",
        f"Der Abschnitt „{luecke.titel}“ entfällt, weil zu allem darin Daten fehlen.",
        datei=f"berichte/{auftrag.bericht}/{auftrag.ausgabe}",
        ort=auftrag.variante,
        ursache=" ".join(luecke.gruende),
        abhilfe="Mit b.verzeichnis(„luecken“) nennt der Bericht selbst, was er nicht zeigt.",
        stufe=Stufe.HINWEIS,
    )


def _codezelle(z: dict[str, Any], kennung: str, stuecke: Sequence[Stueck]) -> dict[str, Any]:
    sichtbar = [s.markdown for s in stuecke if s.markdown]
    if stuecke and all(isinstance(s.gegenstand, Text) for s in stuecke):
        return _zelle("markdown", kennung, "\n\n".join(sichtbar))
    code = "\n".join(x for x in quelltext(z).splitlines() if not x.startswith("#|")).strip("\n")
    kopf = "#| echo: false\n#| output: asis" if sichtbar else "#| include: false"
    return {
        **_zelle("code", kennung, f"{kopf}\n{code}"),
        "execution_count": z.get("execution_count"),
        "outputs": [
            {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": zeilen(f"{teil}\n")}}
            for teil in sichtbar
        ],
    }


def zeilen(text: str) -> list[str]:
    """Text als Liste von Zeilen: Quarto verliert sonst die Zeilenenden."""
    return text.splitlines(keepends=True)


def _zelle(art: str, kennung: str, text: str) -> dict[str, Any]:
    zelle: dict[str, Any] = {"cell_type": art, "id": kennung, "metadata": {}, "source": zeilen(text)}
    return {**zelle, "execution_count": None, "outputs": []} if art == "code" else zelle


def _notizbuch(zellen: list[dict[str, Any]]) -> Notizbuch:
    kern = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadaten = {"kernelspec": kern, "language_info": {"name": "python"}, "berichtswerk": {"uebergabe": 1}}
    return {"cells": zellen, "metadata": metadaten, "nbformat": 4, "nbformat_minor": 5}


def _doppelte_label(auftrag: Auftrag, gezeigt: list[Abbildung | Tabelle]) -> list[Meldung]:
    label = [g.label for g in gezeigt]
    return [
        Meldung(
            "label-doppelt",
            f"Das Label „{name}“ ist mehrfach vergeben.",
            datei=f"notebooks/{auftrag.notizbuch.name}" if auftrag.notizbuch else "",
            feld=name,
            ursache="Unter einem Label steht nur eine Abbildung oder Tabelle; Verweise wären mehrdeutig.",
            abhilfe="Geben Sie einer der beiden ein anderes label=….",
        )
        for name in sorted({n for n in label if label.count(n) > 1})
    ]
