"""HTML-Seiten: der Rumpf von pandoc im Rahmen ``layout/seite.html``."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from berichtswerk.bericht.ausgabe import BAND
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.marke.dateien import webschriften
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.kontext import Gliederungspunkt, Seite, Seitenkontext
from berichtswerk.satz.teilmenge import Gesetztes, wandle

if TYPE_CHECKING:
    from jinja2 import Template


def setze_html(eingabe: Path, kontext: Seitenkontext) -> Seite:
    """Die fertige Seite zu einem Notizbuch oder einer ``.qmd``."""
    meldungen, gesetzt = wandle(eingabe, kontext.projekt, ("html",))
    meldungen.pruefe()
    return baue_seite(gesetzt, kontext)


def baue_seite(gesetzt: Gesetztes, kontext: Seitenkontext) -> Seite:
    """Legt den Rahmen um den gesetzten Rumpf."""
    ergebnis = gesetzt.ergebnis
    rumpf = _mit_beilagen(ergebnis.html, gesetzt.dokument.beilagen)
    rumpf = rumpf.replace('role="doc-endnotes"', 'role="doc-endnotes" aria-label="Fußnoten"')
    rumpf = rumpf.replace('role="doc-backlink"', 'role="doc-backlink" aria-label="Zurück zum Text"')
    ohne = gesetzt.dokument.kopf.get("toc") is False
    gliederung = () if ohne else tuple(_punkt(p) for p in ergebnis.gliederung)
    html = _fuelle(kontext, rumpf, ergebnis.titel, ergebnis.untertitel, gliederung)
    return Seite(html, ergebnis.titel, gliederung, gesetzt.dokument.kopf)


def rahme(inhalt: str, titel: str, kontext: Seitenkontext) -> str:
    """Rahmen um fertiges HTML; ``inhalt`` wird nicht geprüft und muss selbst sauber sein."""
    return _fuelle(kontext, inhalt, titel, "", ())


def _punkt(roh: Mapping[str, Any]) -> Gliederungspunkt:
    return Gliederungspunkt(
        int(roh["ebene"]), roh["nummer"], roh["titel"], roh["marke"], tuple(_punkt(k) for k in roh["kinder"])
    )


def _mit_beilagen(html: str, beilagen: Mapping[str, str]) -> str:
    for name, svg in beilagen.items():
        daten = base64.b64encode(svg.encode("utf-8")).decode("ascii")
        html = html.replace(f'src="{escape(name)}"', f'src="data:image/svg+xml;base64,{daten}"')
    return html


@cache
def _vorlage(pfad: Path, _stand: int) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    umgebung = Environment(
        loader=FileSystemLoader(pfad.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return umgebung.get_template(pfad.name)


def _richtlinie(kontext: Seitenkontext) -> str:
    """Content-Security-Policy: nur Eigenes; WebAssembly allein auf der Suchseite."""
    skript = "'self' 'wasm-unsafe-eval'" if kontext.suche else "'self'" if kontext.skripte else "'none'"
    verbindung = "'self'" if kontext.suche else "'none'"
    return (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
        f"script-src {skript}; connect-src {verbindung}; base-uri 'none'; form-action 'self'"
    )


def _fuelle(
    kontext: Seitenkontext,
    rumpf: str,
    titel: str,
    untertitel: str,
    gliederung: tuple[Gliederungspunkt, ...],
) -> str:
    pfad = kontext.projekt.layout / "seite.html"

    def ziel(href: str) -> str:
        fremd = "://" in href or href.startswith(("#", "mailto:", "tel:"))
        return href if fremd else kontext.wurzel_relativ + href

    marke = Marke.lade(kontext.projekt)
    return _vorlage(pfad, pfad.stat().st_mtime_ns).render(
        k=kontext,
        ziel=ziel,
        richtlinie=_richtlinie(kontext),
        rumpf=rumpf,
        titel=titel,
        untertitel=untertitel,
        gliederung=gliederung,
        band=BAND.get(kontext.status, ""),
        stand=datum(kontext.stand, lang=True) if kontext.stand else "",
        marke=marke,
    ) + ("\n" if not rumpf.endswith("\n\n") else "")


def layoutdateien(projekt: Projekt) -> tuple[Path, ...]:
    """Dateien von ``layout/``, die jede Seite braucht und die auf die Site gehören."""
    marke = Marke.lade(projekt)
    fest = [projekt.layout / name for name in ("marke.css", "bericht.css", "symbol.svg")]
    return (*fest, marke.wortmarke.hell, marke.wortmarke.dunkel, *webschriften(marke).values())
