"""Die Seiten um die Berichte herum, als Dokumente: beide Haustüren setzen dieselben.

Pflichtseiten entstehen aus ``daten/kreis.yaml`` und den Vorlagen in ``layout/seiten/``, die Startseite
(``start.py``) aus den Berichten, die Seite der Daten
(``daten.py``) aus ``daten/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.kreis import Kreis, ist_offen, lade_kreis
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum, schreibe
from berichtswerk.satz.manuskript import lies
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.html.seite import Seitenkontext, Verweis
from berichtswerk.site.daten import TITEL, datenseite
from berichtswerk.site.start import Nebenan, startseite
from berichtswerk.tabelle.tabelle import maskiere
from berichtswerk.worte.sprache import gross, im_nominativ

if TYPE_CHECKING:
    pass

PFLICHTSEITEN = ("impressum", "datenschutz", "barrierefreiheit")
SEITEN = ("seiten/daten", *(f"seiten/{name}" for name in PFLICHTSEITEN))
"""Was außer der Startseite und den Berichten entsteht."""
SUCHE = "seiten/suche.html"
DATEN = "seiten/daten.html"
FEED = "feed.xml"
NICHT_GEFUNDEN = "404.html"
ORTE = ("Orte", "index.html#orte")
NAVIGATION = (("Themen", "index.html#themen"), ORTE, ("Daten", DATEN), ("Suche", SUCHE))
FUSSZEILE = (
    ("Impressum", "seiten/impressum.html"),
    ("Datenschutz", "seiten/datenschutz.html"),
    ("Erklärung zur Barrierefreiheit", "seiten/barrierefreiheit.html"),
)


class VorlageKaputt(Befundart):
    text = "Eine Vorlage der Pflichtseiten lässt sich nicht füllen."
    ursache = "{grund}"
    abhilfe = "Vergleichen Sie die Namen in geschweiften Klammern mit daten/kreis.yaml."


@dataclass(frozen=True, slots=True)
class Umgebung:
    """Baut Seitenkontexte für ein Projekt; ``orte``: ob einzelne Gebiete eigene Seiten haben."""

    projekt: Projekt
    kreis: Kreis
    orte: bool = False

    @classmethod
    def zu(cls, projekt: Projekt, auftraege: Iterable[Auftrag]) -> Umgebung:
        """Die Umgebung einer Site mit diesen Berichten.

        Raises:
            BerichtswerkFehler: ``daten/kreis.yaml`` fehlt oder hat Fehler.
        """
        return cls(projekt, lade_kreis(projekt), any(a.angaben.datei.fuer and a.variante for a in auftraege))

    def seite(self, ziel: str, titel: str, *, suche: bool = False, start: bool = False) -> Seitenkontext:
        """Kontext einer allgemeinen Seite; ``ziel`` ist ihr Ort ab der Wurzel (``seiten/daten.html``)."""
        return Seitenkontext(
            **self._gemeinsam(ziel, "" if start else titel),
            seitenart="start" if start else "seite",
            suche=suche,
            skripte=("layout/suche.js",) if suche else (),
            stile=("layout/suche.css",) if suche else (),
        )

    def kopf(self, titel: str, untertitel: str = "") -> u.Kopf:
        """Der Kopf einer Seite, die kein Bericht ist."""
        status: Literal["beispiel", "veroeffentlicht"] = (
            "beispiel" if self.kreis.portal.hinweis else "veroeffentlicht"
        )
        return u.Kopf(titel=titel, untertitel=untertitel, status=status, gezaehlt=False, inhalt=False)

    def bericht(self, auftrag: Auftrag, downloads: tuple[Verweis, ...], bildtext: str = "") -> Seitenkontext:
        """Kontext der Seite eines Berichts; ``bildtext`` sagt, was sein Bild für geteilte Links zeigt."""
        gemeinsam = self._gemeinsam(f"{auftrag.ziel}.html", auftrag.titel)
        beschreibung = " ".join(auftrag.angaben.datei.beschreibung.split()) or auftrag.untertitel
        eigenes = {"beschreibung": beschreibung, "vorschaubild": self.adresse(vorschaubild(auftrag))}
        return Seitenkontext(
            **{**gemeinsam, **eigenes}, seitenart="bericht", downloads=downloads,
            skripte=(html_seite.SKRIPT,), bildtext=bildtext,
        )  # fmt: skip

    def einzelseite(
        self, auftrag: Auftrag, label: str, titel: str, name: str, *, interaktiv: bool = False
    ) -> Seitenkontext:
        """Kontext der eigenen Seite einer Abbildung oder Tabelle; ``name`` ist „Abbildung 3“."""
        gemeinsam = self._gemeinsam(f"{auftrag.ziel}/{label}.html", titel)
        bild = f"{auftrag.ziel}/abb/{label}.png" if label.startswith("fig-") else vorschaubild(auftrag)
        weg = Verweis("Berichte", "index.html"), Verweis(auftrag.titel, f"{auftrag.ziel}.html")
        eigenes: dict[str, Any] = {
            "brotkrumen": (*weg, Verweis(name, "", aktuell=True)),
            "titel_zusatz": f"{auftrag.titel}, {self.kreis.name}",
            "beschreibung": titel,
            "vorschaubild": self.adresse(bild),
            "skripte": ("layout/figur.js",) if interaktiv else (),
        }
        return Seitenkontext(**{**gemeinsam, **eigenes})

    def adresse(self, ort: str) -> str:
        """Die öffentliche Adresse eines Orts auf der Site; leer, solange die der Site nicht feststeht."""
        wurzel = self.kreis.portal.oeffentlich
        return f"{wurzel}/{ort.removesuffix('index.html')}" if wurzel else ""

    def _gemeinsam(self, ziel: str, titel: str) -> dict[str, Any]:
        """Was jede Seite trägt; nur die Startseite (ohne Titel) hat keinen Weg zu sich."""

        def verweise(liste: tuple[tuple[str, str], ...]) -> tuple[Verweis, ...]:
            return tuple(Verweis(text, href, aktuell=href == ziel) for text, href in liste)

        weg = (Verweis("Berichte", "index.html"), Verweis(titel, "", aktuell=True))
        return {
            "projekt": self.projekt,
            "wurzel_relativ": "../" * ziel.count("/"),
            "navigation": verweise(tuple(p for p in NAVIGATION if self.orte or p != ORTE)),
            "fusszeile": verweise(FUSSZEILE),
            "brotkrumen": weg if titel else (),
            "titel_zusatz": f"{self.kreis.portal.titel}, {self.kreis.name}" if titel else "",
            "beschreibung": " ".join(self.kreis.portal.einleitung.split()),
            "adresse": self.adresse(ziel),
            "vorschaubild": self.adresse(vorschaubild()),
            "feed": self.adresse(FEED),
        }


def vorschaubild(auftrag: Auftrag | None = None) -> str:
    """Der Ort des Bildes für geteilte Links auf der Site: das eines Berichts, sonst das der ganzen."""
    return f"{auftrag.ziel}/vorschau.png" if auftrag else "layout/vorschau.png"


def groesse(datei: Path) -> str:
    """Größe einer Datei für Menschen."""
    return lesbar(datei.stat().st_size)


def lesbar(anzahl: int) -> str:
    """Bytes für Menschen: „84 KB“, „1,2 MB“."""
    if anzahl < 1_000_000:
        return f"{schreibe(max(1, anzahl / 1000))}\u00a0KB"
    return f"{schreibe(anzahl / 1e6, 1)}\u00a0MB"


def baue_seiten(umgebung: Umgebung, auftraege: Sequence[Auftrag], nebenan: Nebenan) -> dict[str, u.Dokument]:
    """Start-, Daten- und Pflichtseiten unter ihrem Ort auf der Site ohne Endung (``seiten/daten``).

    ``auftraege`` sind die Berichte der Startseite.

    Raises:
        BerichtswerkFehler: Angaben zum Landkreis, Quellen oder Vorlagen sind fehlerhaft.
    """
    kreis = umgebung.kreis
    kopf = umgebung.kopf(kreis.portal.titel, kreis.name)
    seiten = {
        "index": u.Dokument(kopf=kopf, inhalt=startseite(umgebung.projekt, kreis, auftraege, nebenan)),
        "seiten/daten": u.Dokument(
            kopf=umgebung.kopf(TITEL), inhalt=datenseite(umgebung.projekt, auftraege, nebenan)
        ),
    }
    for name in PFLICHTSEITEN:
        angaben, text = pflichtseite(umgebung.projekt, kreis, name)
        kopf = umgebung.kopf(str(angaben["title"])).model_copy(update={"inhalt": angaben.get("toc", True)})
        inhalt = (u.Fliesstext(markdown=text, datei=f"layout/seiten/{name}.md"),)
        seiten[f"seiten/{name}"] = u.Dokument(kopf=kopf, inhalt=inhalt)
    return seiten


def setze_seite(umgebung: Umgebung, ort: str, dokument: u.Dokument) -> tuple[str, tuple[str, ...]]:
    """Eine dieser Seiten als HTML, und welche Dateien ihr Text nennt.

    Raises:
        BerichtswerkFehler: ihr Text hat Fehler.
    """
    projekt = umgebung.projekt
    manuskript, meldungen = lies(dokument, projekt, projekt.wurzel, Ablage.von(projekt))
    meldungen.pruefe()
    kontext = umgebung.seite(f"{ort}.html", dokument.kopf.titel, start=ort == "index")
    return html_seite.schreibe(manuskript, kontext), manuskript.eingebunden


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
    umgebung.filters.update(
        post=_post, netz=_netz, tag=lambda d: datum(d, lang=True), wer=lambda n: gross(im_nominativ(n))
    )
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
