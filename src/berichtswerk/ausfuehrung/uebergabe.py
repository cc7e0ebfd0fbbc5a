"""Vom ausgeführten Notizbuch zur Übergabe, die gesetzt wird: Markdown, SVG, CSV, Nachweis.

Hier wird nichts mehr gerechnet; Texte werden mit den Bindungen des Notizbuchs aufgelöst. Ein geänderter
Satz braucht deshalb keine Ausführung.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from berichtswerk.ausfuehrung import rahmen
from berichtswerk.ausfuehrung.fehlertext import nicht_veroeffentlicht
from berichtswerk.ausfuehrung.parameter import (
    NUR_NOTIZBUCH,
    Notizbuch,
    finde_parameterzelle,
    marken,
    quelltext,
)
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.speicher import schreibe_ganz
from berichtswerk.ausfuehrung.titelei import titelei
from berichtswerk.darstellung import nachweis, tabelle
from berichtswerk.darstellung.bindung import Nachrechnen, loese_auf
from berichtswerk.darstellung.uebergabe import (
    MIME,
    Abbildung,
    Bindungen,
    Eckwerte,
    Fehlt,
    Gegenstand,
    Markdown,
    Nachweis,
    Tabelle,
    Text,
    Verzeichnisse,
    aus_json,
)
from berichtswerk.daten.aehnlich import vorschlag
from berichtswerk.meldung import Meldung, Meldungen
from berichtswerk.projekt import Projekt

Zeichner = Callable[[dict[str, Any]], str]
"""Vega-Lite-Spezifikation zu SVG; wirft ``ValueError``, wenn sie sich nicht zeichnen lässt."""


@dataclass(slots=True)
class Uebergabe:
    """Eine fertige Übergabe im Speicher: das Notizbuch, seine Beilagen und alle Befunde."""

    notizbuch: Notizbuch
    beilagen: dict[str, bytes] = field(default_factory=dict)
    meldungen: Meldungen = field(default_factory=Meldungen)
    beispiel: bool = False


@dataclass(slots=True)
class _Bau:
    """Ein Durchgang durch das ausgeführte Notizbuch."""

    projekt: Projekt
    auftrag: Auftrag
    zeichne: Zeichner
    nachrechnen: Nachrechnen | None
    weitere: frozenset[str]
    bindungen: Bindungen = field(default_factory=lambda: Bindungen(werte={}))
    gezeigt: list[Abbildung | Tabelle] = field(default_factory=list)
    nachweise: list[Nachweis] = field(default_factory=list)
    meldungen: Meldungen = field(default_factory=Meldungen)
    beilagen: dict[str, bytes] = field(default_factory=dict)
    beispiel: bool = False

    def text(self, name: str) -> str:
        """Ein Text der Ausgabe, mit eingesetzten Zahlen."""
        pfad = self.auftrag.angaben.text(name, self.auftrag.variante or None)
        if pfad is None:
            self.meldungen.dazu(_text_fehlt(self.auftrag, name))
            return ""
        return self.loese(pfad.read_text(encoding="utf-8"), self.projekt.relativ(pfad))

    def loese(self, text: str, datei: str) -> str:
        """Setzt gebundene Zahlen ein und merkt Nachweise und Befunde."""
        ergebnis = loese_auf(text, self.bindungen, datei, self.nachrechnen, self.weitere)
        self.meldungen.alle(ergebnis.meldungen)
        self.nachweise += ergebnis.nachweise
        self.beispiel |= any(f"{{{{ {n}" in text and b.beispiel for n, b in self.bindungen.werte.items())
        return ergebnis.markdown.strip("\n")

    def markdown(self, g: Gegenstand) -> str:
        """Das Markdown eines Gegenstands; legt nebenbei seine Beilagen an."""
        self.nachweise += nachweis.nachweise_von(g)
        if isinstance(g, Text):
            return self.text(g.name)
        if isinstance(g, Abbildung | Tabelle):
            self.lege_bei(g)
            schreiber: Any = rahmen.abbildung if isinstance(g, Abbildung) else rahmen.tabelle
            return str(schreiber(g, self.auftrag.stamm))
        if isinstance(g, Eckwerte):
            self.beispiel |= g.beleg.beispiel
            return rahmen.eckwerte(g)
        if isinstance(g, Verzeichnisse):
            return rahmen.verzeichnisse(g, self.gezeigt)
        if isinstance(g, Markdown):
            return g.markdown
        return rahmen.fehlt(g) if isinstance(g, Fehlt) else ""

    def lege_bei(self, g: Abbildung | Tabelle) -> None:
        """CSV, und bei Abbildungen SVG und Spezifikation."""
        self.beispiel |= g.beleg.beispiel
        csv = tabelle.als_csv(rahmen.modell(g), g.beleg)
        # mit Kennung am Anfang, sonst liest Excel die Umlaute falsch
        self.beilagen[f"daten/{g.label}.csv"] = csv.encode("utf-8-sig")
        if isinstance(g, Tabelle):
            return
        spec = json.dumps(g.spec, ensure_ascii=False, sort_keys=True, indent=1)
        self.beilagen[f"abb/{g.label}.json"] = f"{spec}\n".encode()
        try:
            self.beilagen[f"abb/{g.label}.svg"] = self.zeichne(g.spec).encode()
        except ValueError as fehler:
            self.meldungen.dazu(_nicht_zeichenbar(self.auftrag, g.label, str(fehler)))


def baue(
    projekt: Projekt,
    auftrag: Auftrag,
    roh: Notizbuch,
    zeichne: Zeichner,
    *,
    nachrechnen: Nachrechnen | None = None,
    weitere: frozenset[str] = frozenset(),
) -> Uebergabe:
    """Baut die Übergabe aus dem ausgeführten Notizbuch; schreibt nichts.

    ``nachrechnen`` wird gefragt, wenn ein Text eine Kennzahl nennt, die das Notizbuch nicht gebunden hat;
    ``weitere`` sind die Namen, die es kennt.
    """
    bau = _Bau(projekt, auftrag, zeichne, nachrechnen, weitere)
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
    kopf = titelei(auftrag, gebiet.text if gebiet else "", bau.beispiel)
    inhalt = nachweis.sammle(bau.nachweise, projekt)
    bau.beilagen["nachweis.json"] = nachweis.schreibe(inhalt).encode()
    nb = _notizbuch([_zelle("raw", "bw-kopf", kopf), *zellen])
    if any(name.startswith("daten/") for name in bau.beilagen):
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


def _zellen(bau: _Bau, roh: Notizbuch, gegenstaende: dict[int, list[Gegenstand]]) -> list[dict[str, Any]]:
    """Die Zellen der Übergabe; was vor der Parameterzelle steht, erklärt nur das Notizbuch."""
    beginn = finde_parameterzelle(roh)
    zellen: list[dict[str, Any]] = []
    for i, z in enumerate(roh["cells"]):
        kennung = str(z.get("id") or f"zelle-{i}")
        if z["cell_type"] == "markdown":
            if (beginn is None or i > beginn) and NUR_NOTIZBUCH not in marken(z):
                datei = bau.projekt.relativ(bau.auftrag.notizbuch) if bau.auftrag.notizbuch else ""
                zellen.append(_zelle("markdown", kennung, bau.loese(quelltext(z), datei)))
        elif z["cell_type"] == "code":
            zellen.append(_codezelle(bau, z, kennung, gegenstaende[i]))
    return zellen


def _codezelle(bau: _Bau, z: dict[str, Any], kennung: str, gruppe: list[Gegenstand]) -> dict[str, Any]:
    quelle = quelltext(z)
    verborgen = NUR_NOTIZBUCH in marken(z) or "#| include: false" in quelle
    teile = [] if verborgen else [bau.markdown(g) for g in gruppe]
    sichtbar = [teil for teil in teile if teil]
    if gruppe and all(isinstance(g, Text) for g in gruppe) and not verborgen:
        return _zelle("markdown", kennung, "\n\n".join(sichtbar))
    code = "\n".join(zeile for zeile in quelle.splitlines() if not zeile.startswith("#|")).strip("\n")
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


def _text_fehlt(auftrag: Auftrag, name: str) -> Meldung:
    ordner = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/texte"
    return Meldung(
        "text-fehlt",
        f"Das Notizbuch verlangt den Text „{name}“, den es nicht gibt.",
        datei=f"{ordner}/{name}.md",
        abhilfe=vorschlag(name, auftrag.angaben.textnamen(), sonst="Legen Sie die Datei an. Vorhanden sind: ")
        or f"Legen Sie die Datei im Ordner {ordner} an.",
    )


def _nicht_zeichenbar(auftrag: Auftrag, label: str, grund: str) -> Meldung:
    return Meldung(
        "abbildung-nicht-zeichenbar",
        f"Die Abbildung „{label}“ lässt sich nicht zeichnen.",
        datei=f"notebooks/{auftrag.notizbuch.name}" if auftrag.notizbuch else "",
        feld=label,
        ursache=grund,
        abhilfe="Prüfen Sie die Spezifikation der Abbildung im Notizbuch.",
    )


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
