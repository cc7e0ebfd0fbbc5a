"""Die Seiten um die Berichte herum, als Dokumente: beide Haustüren setzen dieselben.

Pflichtseiten entstehen aus ``daten/kreis.yaml`` und den Vorlagen in ``layout/seiten/``, die Startseite
aus den Berichten, die Datenübersicht aus ``daten/quellen/``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import yaml

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.kreis import Kreis, ist_offen
from berichtswerk.gegenstand.gegenstaende import BAND, STATUSWORT, Dokument, Fliesstext
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.satz.manuskript import lies
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.site.datenseite import TITEL, datenseite
from berichtswerk.site.umgebung import Umgebung
from berichtswerk.tabelle.tabelle import maskiere

PFLICHTSEITEN = ("impressum", "datenschutz", "barrierefreiheit")


class VorlageKaputt(Befundart):
    """Eine Vorlage in ``layout/seiten`` hat einen Fehler oder nennt Unbekanntes."""

    text = "Eine Vorlage der Pflichtseiten lässt sich nicht füllen."
    ursache = "{grund}"
    abhilfe = "Vergleichen Sie die Namen in geschweiften Klammern mit daten/kreis.yaml."


def baue_seiten(
    umgebung: Umgebung, auftraege: Sequence[Auftrag], mit_pdf: Collection[str]
) -> dict[str, Dokument]:
    """Start-, Daten- und Pflichtseiten unter ihrem Ort auf der Site ohne Endung (``seiten/daten``).

    ``auftraege`` sind die Berichte der Startseite; ``mit_pdf`` die Stämme derer mit PDF.

    Raises:
        BerichtswerkFehler: Angaben zum Landkreis, Quellen oder Vorlagen sind fehlerhaft.
    """
    kreis = umgebung.kreis
    kopf = umgebung.kopf(kreis.portal.titel, kreis.name)
    start = Fliesstext(markdown=startseite(kreis, auftraege, mit_pdf))
    seiten = {
        "index": Dokument(kopf=kopf, inhalt=(start,)),
        "seiten/daten": Dokument(kopf=umgebung.kopf(TITEL), inhalt=datenseite(umgebung.projekt)),
    }
    for name in PFLICHTSEITEN:
        angaben, text = pflichtseite(umgebung.projekt, kreis, name)
        kopf = umgebung.kopf(str(angaben["title"])).model_copy(update={"inhalt": angaben.get("toc", True)})
        inhalt = (Fliesstext(markdown=text, datei=f"layout/seiten/{name}.md"),)
        seiten[f"seiten/{name}"] = Dokument(kopf=kopf, inhalt=inhalt)
    return seiten


def setze_seite(umgebung: Umgebung, ort: str, dokument: Dokument) -> str:
    """Eine dieser Seiten als HTML.

    Raises:
        BerichtswerkFehler: ihr Text hat Fehler.
    """
    projekt = umgebung.projekt
    manuskript, meldungen = lies(dokument, projekt, projekt.wurzel, Ablage.von(projekt))
    meldungen.pruefe()
    kontext = umgebung.seite(f"{ort}.html", dokument.kopf.titel, start=ort == "index")
    return html_seite.schreibe(manuskript, kontext)


def pflichtseite(projekt: Projekt, kreis: Kreis, name: str) -> tuple[dict[str, Any], str]:
    """Angaben und Text einer Pflichtseite aus ``layout/seiten/<name>.md``; Werte sind maskiert."""
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
        text = umgebung.get_template(f"{name}.md").render(kreis=kreis)
    except (TemplateError, OSError) as fehler:
        ort = f"Zeile {zeile}" if (zeile := getattr(fehler, "lineno", None)) else ""
        raise BerichtswerkFehler(VorlageKaputt.melde(datei=datei, ort=ort, grund=fehler)) from fehler
    _, kopf, rumpf = text.split("---\n", 2)
    return yaml.safe_load(kopf), rumpf


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
        f"{hinweis}{maskiere(kreis.portal.einleitung)}\n\n"
        "Woher die Zahlen kommen, zeigt die [Übersicht aller Datenquellen](seiten/daten.html).\n\n"
        f":::: {{.bw-karten}}\n\n{karten}\n\n::::\n"
    )


def _karte(gruppe: Sequence[Auftrag], mit_pdf: Collection[str]) -> str:
    haupt = gruppe[0]
    datei = haupt.angaben.datei
    angaben = f"Stand: {datum(datei.stand, lang=True)}"
    zeilen = [
        f"## [{maskiere(haupt.titel)}]({haupt.ziel}.html)",
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
