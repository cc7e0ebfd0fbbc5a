"""Der Rahmen einer Seite: Kopf, Band, Navigation, Downloads, Gliederung, Fuß (``layout/seite.html``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from berichtswerk.gegenstand.gegenstaende import BAND, Kopf
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.trennung import trennbar
from berichtswerk.grund.zahl import datum
from berichtswerk.marke.dateien import DUNKEL, webschriften
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.manuskript import Gliederungspunkt, Manuskript
from berichtswerk.schreiber.html import ort, portal, rumpf
from berichtswerk.schreiber.html import text as als_text

if TYPE_CHECKING:
    from jinja2 import Template

SKRIPT = "layout/seite.js"
"""Was jede Seite eines Berichts lädt, ab der Wurzel der Site."""
Seitenart = Literal["bericht", "seite", "start"]
_VORLAGEN = ("seite.html", "suche.js", "suche.css", "typst/typst-template.typ")

_FEST = (
    *("marke.css", "bericht.css", "steckbrief.css", "symbol.svg"),
    *("seite.js", "vergleich.js", "daten.js", "figur.js", "interaktiv.js"),
)


class LayoutFehlt(Befundart):
    text = "Eine Datei der Gestaltung fehlt."
    ursache = "Ohne sie entsteht keine Seite."
    abhilfe = "Holen Sie sie aus der vorigen Fassung zurück (git checkout {datei})."


@dataclass(frozen=True, slots=True)
class Verweis:
    """Ein Link der Seite. ``href`` gilt ab der Wurzel der Site (``index.html``) oder ist vollständig.

    ``zusatz`` steht klein dahinter („PDF, 1,2 MB“); ``aktuell`` setzt ``aria-current``; ``herunterladen``
    setzt das Attribut ``download``.
    """

    text: str
    href: str
    zusatz: str = ""
    aktuell: bool = False
    herunterladen: bool = False


@dataclass(frozen=True, slots=True)
class Seitenkontext:
    """Rahmen einer Seite: Navigation, Downloads, Fußzeile, Status.

    ``wurzel_relativ`` führt von der Seite zur Wurzel der Site (``""``, ``"../../../"``); davor gesetzt
    werden alle ``href`` ohne Schema und ohne führendes ``#``. ``suche=True`` erlaubt WebAssembly in der
    Content-Security-Policy und lädt die ``skripte`` (Pfade ab der Wurzel).
    """

    projekt: Projekt
    wurzel_relativ: str = ""
    navigation: tuple[Verweis, ...] = ()
    brotkrumen: tuple[Verweis, ...] = ()
    downloads: tuple[Verweis, ...] = ()
    fusszeile: tuple[Verweis, ...] = ()
    seitenart: Seitenart = "seite"
    suche: bool = False
    skripte: tuple[str, ...] = ()
    stile: tuple[str, ...] = ()
    titel_zusatz: str = ""
    """Steht im Fenstertitel hinter dem Seitentitel, z. B. der Name der Site."""
    beschreibung: str = ""
    weiter: str = ""
    """Wohin die Seite sofort weiterleitet, ab hier."""
    verborgen: bool = False
    """Ob Suchmaschinen die Seite übergehen sollen, auch wenn sie kein Entwurf ist."""
    adresse: str = ""
    """Die vollständige öffentliche Adresse dieser Seite; leer, solange keine feststeht."""
    vorschaubild: str = ""
    feed: str = ""
    """Vollständige Adressen des Bildes für geteilte Links und des Feeds."""
    bildtext: str = ""
    """Was auf diesem Bild steht, wenn es mehr ist als der Titel."""


def schreibe(
    m: Manuskript,
    kontext: Seitenkontext,
    zeichnungen: Mapping[str, str] | None = None,
    beilagen: Collection[str] = (),
) -> str:
    """Die fertige Seite zu einem Manuskript; ``beilagen`` liegen unter ``<stamm>/`` neben ihr."""
    return _um(m, kontext, rumpf.schreibe(m, zeichnungen, beilagen))


@dataclass(frozen=True, slots=True)
class Rahmen:
    """Was auf einer Seite um den Rumpf herum steht, für den, der sie selbst setzt.

    ``kopf`` folgt in ``<head>`` dem Titel, ``davor`` und ``danach`` stehen in ``<body>``, das ``klassen``
    trägt.
    """

    kopf: str
    klassen: str
    davor: str
    danach: str


def rahmen(m: Manuskript, kontext: Seitenkontext) -> Rahmen:
    """Der Rahmen der Seite zu einem Manuskript, ohne ihre Content-Security-Policy."""
    fund = _RAHMEN.search(_um(m, kontext, _RUMPF))
    assert fund is not None, "layout/seite.html: Titel, Rumpf oder Ende fehlen"
    return Rahmen(**fund.groupdict())


_RUMPF = "<!-- Rumpf -->"
_RAHMEN = re.compile(
    r'</title>\n(?P<kopf>.*)</head>\n<body class="(?P<klassen>[^"]*)">\n'
    rf"(?P<davor>.*){_RUMPF}(?P<danach>.*)</body>",
    re.DOTALL,
)


def _um(m: Manuskript, kontext: Seitenkontext, inhalt: str) -> str:
    """Die Seite mit allem, was Gegenstände dieses Manuskripts dazu laden."""
    gliederung = m.gliederung if m.kopf.inhalt else ()
    stile, skripte = (*kontext.stile, *ort.stile(m)), (*kontext.skripte, *ort.skripte(m), *portal.skripte(m))
    return _fuelle(replace(kontext, stile=stile, skripte=skripte), inhalt, m.kopf, gliederung)


def rahme(inhalt: str, kopf: Kopf, kontext: Seitenkontext) -> str:
    """Rahmen um fertiges HTML ohne ``h1``; es wird nicht geprüft und muss selbst sauber sein."""
    return _fuelle(kontext, inhalt, kopf, ())


def kopfzeilen(kontext: Seitenkontext, titel: str, status: str) -> str:
    """Was Suchmaschinen und geteilte Links über eine Seite wissen sollen, als HTML für ihren Kopf.

    Nur Veröffentlichtes wird gefunden; Adressen und Bild stehen da, sobald die Adresse der Site feststeht.
    """
    k, art = kontext, "article" if kontext.seitenart == "bericht" else "website"
    offen = {"og:type": art, "og:locale": "de_DE", "og:title": titel, "og:url": k.adresse}
    offen |= {"og:description": k.beschreibung, "og:site_name": k.titel_zusatz, "og:image": k.vorschaubild}
    if k.vorschaubild:
        offen |= {"og:image:width": "1200", "og:image:height": "630", "og:image:alt": k.bildtext or titel}
    zeilen = [f'<meta name="description" content="{escape(k.beschreibung)}">'] if k.beschreibung else []
    if status in BAND or k.verborgen:
        zeilen.append('<meta name="robots" content="noindex">')
    if k.weiter:
        zeilen.append(f'<meta http-equiv="refresh" content="0; url={escape(k.weiter)}">')
    if k.adresse:
        zeilen.append(f'<link rel="canonical" href="{escape(k.adresse)}">')
        zeilen += (f'<meta property="{n}" content="{escape(w)}">' for n, w in offen.items() if w)
    if k.feed:
        feed = f'type="application/atom+xml" href="{escape(k.feed)}" title="Neue Ausgaben"'
        zeilen.append(f'<link rel="alternate" {feed}>')
    return "\n".join(zeilen)


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


def _fuelle(kontext: Seitenkontext, inhalt: str, kopf: Kopf, gliederung: tuple[Gliederungspunkt, ...]) -> str:
    pfad = kontext.projekt.layout / "seite.html"

    def ziel(href: str) -> str:
        fremd = "://" in href or href.startswith(("#", "mailto:", "tel:"))
        return href if fremd else kontext.wurzel_relativ + href

    marke = Marke.lade(kontext.projekt)
    return _vorlage(pfad, pfad.stat().st_mtime_ns).render(
        k=kontext,
        ziel=ziel,
        richtlinie=_richtlinie(kontext),
        rumpf=inhalt,
        trennbar=trennbar,
        als_text=als_text,
        kopf=kopf,
        gliederung=gliederung,
        stand=datum(kopf.stand, lang=True) if kopf.stand else "",
        marke=marke,
        kopfzeilen=kopfzeilen(kontext, kopf.titel, kopf.status),
        dunkel=DUNKEL,
    )


def layoutdateien(projekt: Projekt) -> tuple[Path, ...]:
    """Dateien von ``layout/``, die jede Seite braucht und die auf die Site gehören.

    Raises:
        BerichtswerkFehler: ``layout-fehlt`` je Datei, auch für die Vorlagen, nach denen gesetzt wird.
    """
    marke = Marke.lade(projekt)
    fest = [projekt.layout / name for name in _FEST]
    vorlagen = [projekt.layout / name for name in _VORLAGEN]
    if fehlt := [p for p in (*fest, *vorlagen) if not p.is_file()]:
        raise BerichtswerkFehler([LayoutFehlt.melde(datei=projekt.relativ(p)) for p in fehlt])
    return (*fest, marke.wortmarke.hell, marke.wortmarke.dunkel, *webschriften(marke).values())
