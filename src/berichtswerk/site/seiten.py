"""Die Seiten um die Berichte herum, als ``.qmd``: beide Haustüren setzen dieselben Dateien.

Pflichtseiten entstehen aus ``daten/kreis.yaml`` und den Vorlagen in ``layout/seiten/``, die Startseite
aus den Berichten, die Datenübersicht aus ``daten/quellen/``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.bericht.ausgabe import BAND
from berichtswerk.daten.kreis import Kreis, ist_offen, lade_kreis
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.site.datenseite import datenseite
from berichtswerk.tabelle.tabelle import maskiere

PFLICHTSEITEN = ("impressum", "datenschutz", "barrierefreiheit")
STATUSWORT = {
    "entwurf": "Entwurf",
    "beispiel": "Beispielausgabe",
    "veroeffentlicht": "Veröffentlicht",
}


def schreibe_seiten(projekt: Projekt, auftraege: Sequence[Auftrag], mit_pdf: Collection[str]) -> list[Path]:
    """Schreibt ``index.qmd`` und ``seiten/*.qmd``; gibt ihre Pfade zurück.

    ``auftraege`` sind die Berichte der Startseite; ``mit_pdf`` die Stämme derer mit PDF.

    Raises:
        BerichtswerkFehler: Angaben zum Landkreis, Quellen oder Vorlagen sind fehlerhaft.
    """
    kreis = lade_kreis(projekt)
    inhalt = {"index.qmd": startseite(kreis, auftraege, mit_pdf), "seiten/daten.qmd": datenseite(projekt)}
    for name in PFLICHTSEITEN:
        inhalt[f"seiten/{name}.qmd"] = pflichtseite(projekt, kreis, name)
    for ziel, text in inhalt.items():
        schreibe_ganz(projekt.wurzel / ziel, text)
    schreibe_ganz(projekt.wurzel / "seiten" / "_metadata.yml", _angaben(kreis, start=False))
    return [projekt.wurzel / ziel for ziel in inhalt]


def pflichtseite(projekt: Projekt, kreis: Kreis, name: str) -> str:
    """Eine Pflichtseite aus ``layout/seiten/<name>.md``; Werte sind für Markdown maskiert."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

    umgebung = Environment(
        loader=FileSystemLoader(projekt.layout / "seiten"),
        undefined=StrictUndefined,
        finalize=lambda wert: maskiere(wert) if type(wert) is str else wert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    umgebung.filters.update(post=_post, netz=_netz, tag=lambda d: datum(d, lang=True))
    datei = f"layout/seiten/{name}.md"
    try:
        return umgebung.get_template(f"{name}.md").render(kreis=kreis)
    except (TemplateError, OSError) as fehler:
        raise BerichtswerkFehler(_vorlage_kaputt(datei, fehler)) from fehler


class _Fertig(str):
    """Text, der schon Markdown ist und nicht noch einmal maskiert wird."""

    __slots__ = ()


def _post(adresse: str) -> Any:
    """E-Mail-Adresse als Link; ein Platzhalter bleibt Text."""
    return adresse if ist_offen(adresse) or not adresse else _Fertig(f"<{adresse}>")


def _netz(adresse: str) -> Any:
    """Webadresse als Link mit lesbarem Text."""
    lesbar = adresse.removeprefix("https://").rstrip("/")
    return adresse if ist_offen(adresse) or not adresse else _Fertig(f"[{maskiere(lesbar)}]({adresse})")


def startseite(kreis: Kreis, auftraege: Sequence[Auftrag], mit_pdf: Collection[str]) -> str:
    """Startseite: worum es geht, und je Ausgabe eine Karte; die jüngste Ausgabe zuerst."""
    eigener = kreis.portal.hinweis not in (None, *BAND.values())  # sonst steht er schon im Band darüber
    hinweis = f"**{maskiere(kreis.portal.hinweis or '')}**\n\n" if eigener else ""
    ausgaben: dict[tuple[str, str], list[Auftrag]] = {}
    for auftrag in auftraege:
        ausgaben.setdefault((auftrag.bericht, auftrag.ausgabe), []).append(auftrag)
    geordnet = sorted(ausgaben.values(), key=lambda g: (g[0].angaben.datei.stand, g[0].ausgabe), reverse=True)
    karten = "\n\n".join(_karte(gruppe, mit_pdf) for gruppe in geordnet)
    return (
        f"{_kopf(kreis.portal.titel, kreis.name, _angaben(kreis, start=True))}"
        f"{hinweis}{maskiere(kreis.portal.einleitung)}\n\n"
        "Woher die Zahlen kommen, zeigt die [Übersicht aller Datenquellen](seiten/daten.html).\n\n"
        f":::: {{.bw-karten}}\n\n{karten}\n\n::::\n"
    )


def _karte(gruppe: Sequence[Auftrag], mit_pdf: Collection[str]) -> str:
    haupt = gruppe[0]
    datei = haupt.angaben.datei
    angaben = f"Stand: {datum(datei.stand, lang=True)}"
    zeilen = [
        f"## [{maskiere(haupt.titel)}]({haupt.ziel}.html) {{.unnumbered}}",
        maskiere(haupt.untertitel),
        maskiere(datei.beschreibung),
        f"[{STATUSWORT[datei.status]}]{{.bw-status .bw-status-{datei.status}}} {angaben}",
        _verweise(haupt, haupt.stamm in mit_pdf),
    ]
    weitere = [_weiteres(a, a.stamm in mit_pdf) for a in gruppe[1:]]
    if weitere:
        zeilen.append("Weitere Gebiete:\n\n" + "\n".join(weitere))
    return "::: {.bw-karte}\n" + "\n\n".join(z for z in zeilen if z) + "\n:::"


def _gebiet(auftrag: Auftrag) -> str:
    """Wie eine Variante heißt: ihr Titel, sonst Untertitel, sonst ihr Name."""
    eigene = next((v for v in auftrag.angaben.datei.varianten if v.name == auftrag.variante), None)
    name = (eigene.titel or eigene.untertitel) if eigene else ""
    return name or auftrag.variante


def _verweise(auftrag: Auftrag, pdf: bool) -> str:
    """Liste der Dateien; die Linktexte sagen für sich allein, was sie öffnen."""
    name = maskiere(auftrag.titel)
    zeilen = [f"- [{name} als PDF]({auftrag.ziel}.pdf)"] if pdf else []
    if auftrag.notizbuch is not None:
        zeilen.append(f"- [Daten zum {name} (ZIP)]({auftrag.ziel}/daten.zip)")
    return "\n".join(zeilen)


def _weiteres(auftrag: Auftrag, pdf: bool) -> str:
    name = maskiere(_gebiet(auftrag))
    zeile = f"- [{name}]({auftrag.ziel}.html)"
    return f"{zeile}, auch [als PDF: {name}]({auftrag.ziel}.pdf)" if pdf else zeile


def titel_von(qmd: Path) -> str:
    """Der Titel im Kopf einer erzeugten Seite."""
    zeile = next(z for z in qmd.read_text(encoding="utf-8").splitlines() if z.startswith("title: "))
    return zeile.removeprefix("title: ").strip('"').replace('\\"', '"')


def _angaben(kreis: Kreis, *, start: bool) -> str:
    """Was der Titelblock der Seiten, die Quarto setzt, über den Titel hinaus braucht."""
    band = f"  band: {_zitat(BAND['beispiel'])}\n" if kreis.portal.hinweis else ""
    return f"berichtswerk:\n  start: {str(start).lower()}\n{band}"


def _kopf(titel: str, untertitel: str, angaben: str) -> str:
    zeilen = [f"title: {_zitat(titel)}"] + ([f"subtitle: {_zitat(untertitel)}"] if untertitel else [])
    zeilen += ["format: html", "number-sections: false", "toc: false", angaben]
    return "---\n" + "\n".join(zeilen) + "---\n\n"


def _zitat(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _vorlage_kaputt(datei: str, fehler: Exception) -> Meldung:
    return Meldung(
        "vorlage-kaputt",
        "Eine Vorlage der Pflichtseiten lässt sich nicht füllen.",
        datei=datei,
        ort=f"Zeile {zeile}" if (zeile := getattr(fehler, "lineno", None)) else "",
        ursache=str(fehler),
        abhilfe="Vergleichen Sie die Namen in geschweiften Klammern mit daten/kreis.yaml.",
    )
