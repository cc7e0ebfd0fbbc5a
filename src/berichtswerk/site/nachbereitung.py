"""Nach „quarto render“: was Quarto fehlt, ergänzen und die Site im Ganzen tauschen.

Quarto setzt nach ``_quarto/`` und leert diesen Ordner zu Beginn jedes Laufs. ``_site/`` ändert sich erst
hier, und nur, wenn alles Verlangte gesetzt ist; sonst bleibt die vorige Fassung stehen. Jede Seite bekommt
eine Content-Security-Policy: erlaubt ist, was in der Seite steht, sonst nur Eigenes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.grund.ablage import Ablage, lebt, schreibe_ganz
from berichtswerk.grund.fremdes import bereinigt
from berichtswerk.grund.meldung import Befundart, Meldungen
from berichtswerk.schreiber.formate import dateien as neben_der_seite
from berichtswerk.schreiber.formate import quarto_druckt
from berichtswerk.schreiber.html import mit_festem
from berichtswerk.schreiber.quarto import DRUCK
from berichtswerk.site import eingefroren
from berichtswerk.site.auftritt import lege_layout_bei, trete_auf
from berichtswerk.site.seiten import SUCHE, Umgebung, groesse
from berichtswerk.site.suche import WISSEN, suchseite, verzeichne, wissen
from berichtswerk.site.tausch import bauplatz, sperre, tausche

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


_NUR_QUELLE = shutil.ignore_patterns("*.md", "bericht.yml", "search.json", ".*")
"""Was Quarto nur ablegt, weil es das beobachtet, und sein leeres Suchverzeichnis: beides bleibt zurück."""
_GROESSE = re.compile(r'(<a href="([^":#?]+\.pdf)">[^<]*</a> <span class="bw-zusatz">PDF)(?=</span>)')
_PDF = re.compile(r'<a\s[^>]*?href="([^":#?]+\.pdf)"[^>]*>(.*?)</a>', re.DOTALL)
_VON_QUARTO = '<meta name="generator" content="quarto-'


class PdfUnlesbar(Befundart):
    text = "Ein PDF lässt sich nicht öffnen; seine Tabellen haben keine Zeilenköpfe."
    ursache = "{grund}"
    abhilfe = "Rendern Sie den Bericht erneut."


class SeiteLaedtFremdes(Befundart):
    text = "Die Seite würde beim Öffnen etwas von einem fremden Server laden: {adresse}"
    ursache = "Ein Format, ein Thema oder eine Ausgabe des Notizbuchs bindet es ein."
    abhilfe = "Nehmen Sie die Einstellung zurück oder legen Sie die Datei nach layout/."


class AusgabeordnerFehlt(Befundart):
    kennung = "ausgabe-ordner-fehlt"
    text = "Es gibt noch nichts nachzubereiten."
    ursache = "Der Ausgabeordner fehlt."
    abhilfe = "Rufen Sie zuerst „quarto render“ auf; ohne Quarto genügt „berichtswerk render“."


@dataclass(frozen=True, slots=True)
class Quartolauf:
    """Was Quarto seinen Haken über den Lauf sagt; Pfade gelten ab der Projektwurzel.

    ``alles``: das ganze Projekt war verlangt. ``still``: Quarto zeigt nichts an; so setzt die Vorschau, wenn
    jemand eine Seite ansieht.
    """

    ausgabe: str = ""
    alles: bool = False
    still: bool = False
    eingaben: tuple[str, ...] = ()
    ausgaben: tuple[str, ...] = ()

    @classmethod
    def aus(cls, umgebung: Mapping[str, str]) -> Quartolauf:
        """Liest die Variablen ``QUARTO_PROJECT_…``; außerhalb von Quarto ist alles leer."""
        return cls(
            umgebung.get("QUARTO_PROJECT_OUTPUT_DIR", ""),
            umgebung.get("QUARTO_PROJECT_RENDER_ALL") == "1",
            umgebung.get("QUARTO_PROJECT_SCRIPT_QUIET") == "1",
            _liste(umgebung, "INPUT_FILES"),
            _liste(umgebung, "OUTPUT_FILES"),
        )

    def ist_vorschau(self, projekt: Projekt) -> bool:
        """Ob „quarto preview“ läuft und nur einzelne Seiten neu setzt."""
        marke = projekt.wurzel / ".quarto" / "preview" / "lock"
        return not self.alles and marke.is_file() and lebt(marke.read_text("utf-8").strip())


def _liste(umgebung: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Eine Liste von Dateien; lange Listen schreibt Quarto auf Wunsch in eine Datei."""
    datei = umgebung.get(f"QUARTO_USE_FILE_FOR_PROJECT_{name}")
    text = Path(datei).read_text("utf-8") if datei else umgebung.get(f"QUARTO_PROJECT_{name}", "")
    return tuple(zeile.replace("\\", "/") for zeile in text.splitlines() if zeile)


@dataclass(slots=True)
class Nachbereitet:
    """Was bearbeitet wurde: der Ordner, die Zahl der PDF und Seiten, ob ``_site`` neu ist, alle Befunde."""

    site: Path
    pdf: int = 0
    seiten: int = 0
    getauscht: bool = False
    meldungen: Meldungen = field(default_factory=Meldungen)


def bereite_nach(projekt: Projekt, lauf: Quartolauf | None = None) -> Nachbereitet:
    """Bearbeitet, was Quarto gesetzt hat; ``lauf`` beschreibt sonst die Umgebung des Prozesses.

    Ist das ganze Projekt gesetzt, wird daraus ``_site``. Nach einem Bericht in beiden Formaten werden dessen
    Dateien in ``_site`` ersetzt, wenn auch das Übrige von Quarto stammt. Alles andere bleibt in
    ``_quarto``.
    """
    lauf = lauf or Quartolauf.aus(os.environ)
    ausgabe = projekt.wurzel / (lauf.ausgabe or "_quarto")
    ergebnis = Nachbereitet(ausgabe)
    if not ausgabe.is_dir():
        ergebnis.meldungen.dazu(AusgabeordnerFehlt.melde(datei=projekt.relativ(ausgabe)))
        return ergebnis
    alle = plane(projekt).auftraege
    auftraege = [a for a in alle if a.fassung is None]
    neu = [Path(os.path.relpath(projekt.wurzel / name, ausgabe)).as_posix() for name in lauf.ausgaben]
    if not lauf.ausgabe:  # von Hand aufgerufen
        neu = [p.relative_to(ausgabe).as_posix() for p in ausgabe.rglob("*.*")]
    ergebnis.pdf, ergebnis.seiten = (sum(n.endswith(e) for n in neu) for e in (".pdf", ".html"))
    if (lauf.alles or not lauf.ausgabe) and _enthaelt(neu, auftraege):
        neu = []
    elif lauf.still or not _ersetzbar(projekt, neu, auftraege):
        _lege_daten_bei(auftraege, ausgabe, neu)
        if not lauf.still:
            _loese_tote_verweise(ausgabe, neu)
        return ergebnis
    ergebnis.pdf = ergebnis.seiten = 0
    with sperre(projekt), bauplatz(projekt) as bau:
        ergebnis.site = bau
        _stelle_zusammen(projekt, ausgabe, bau, neu)
        # nur, was Quarto setzte: alles Weitere kommt fertig dazu
        _bearbeite(ergebnis, [bau / name for name in neu] or sorted(bau.rglob("*")))
        _lege_daten_bei(auftraege, bau, neu)
        ergebnis.meldungen.alle(eingefroren.lege_bei(projekt, alle, bau))
        umgebung = Umgebung.zu(projekt, alle)
        lege_layout_bei(projekt, bau)
        da = [a for a in alle if (bau / f"{a.ziel}.html").is_file()]
        ergebnis.meldungen.alle(trete_auf(umgebung, da, bau))
        for ort, text in {SUCHE: suchseite(umgebung), WISSEN: wissen(projekt, da)}.items():
            schreibe_ganz(bau / ort, text)
        ergebnis.meldungen.alle(verzeichne(bau, Ablage.von(projekt)))
        if not ergebnis.meldungen.fehler:
            tausche(projekt, bau)
            ergebnis.getauscht = True
    ergebnis.site = projekt.site
    return ergebnis


def _enthaelt(neu: Sequence[str], auftraege: Sequence[Auftrag]) -> bool:
    """Ob jeder Bericht in beiden Formaten gesetzt ist; die Vorschau und „--to html“ lassen die PDF weg."""
    ziele = {f"{a.ziel}.html" for a in auftraege} | {f"{a.ziel}.pdf" for a in auftraege if quarto_druckt(a)}
    return ziele <= set(neu)


def _ersetzbar(projekt: Projekt, neu: Sequence[str], auftraege: Sequence[Auftrag]) -> bool:
    """Ob sich die neuen Dateien in ``_site`` einsetzen lassen: beide Formate, und dort steht Quartos Site."""
    start = projekt.site / "index.html"
    if not neu or not start.is_file() or _VON_QUARTO not in start.read_text("utf-8"):
        return False
    pdfs = {f"{a.ziel}.pdf" for a in auftraege}
    if any(n.endswith(".pdf") and n not in pdfs for n in neu):
        return False
    beruehrt = [a for a in auftraege if {f"{a.ziel}.html", f"{a.ziel}.pdf"} & set(neu)]
    return _enthaelt(neu, beruehrt)


def _stelle_zusammen(projekt: Projekt, ausgabe: Path, bau: Path, neu: Sequence[str]) -> None:
    """Die ganze Ausgabe, oder die vorige Site mit den neuen Dateien darin."""
    if not neu:
        shutil.copytree(ausgabe, bau, dirs_exist_ok=True, ignore=_NUR_QUELLE)
        for ordner in sorted((p for p in bau.rglob("*") if p.is_dir()), reverse=True):
            if not any(ordner.iterdir()):
                ordner.rmdir()
        return
    shutil.copytree(projekt.site, bau, dirs_exist_ok=True)
    for teil in filter(Path.is_dir, (ausgabe / "site_libs", ausgabe / "layout")):
        shutil.copytree(teil, bau / teil.name, dirs_exist_ok=True)
    for name in neu:
        (bau / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ausgabe / name, bau / name)


def _lege_daten_bei(auftraege: Iterable[Auftrag], site: Path, neu: Sequence[str]) -> None:
    """Abbildungen, Daten, Nachweis und was der Vorlauf druckte neben die Seite jedes gesetzten Berichts."""
    for auftrag in auftraege:
        if auftrag.beilagen.is_dir() and (
            not neu or {f"{auftrag.ziel}.html", f"{auftrag.ziel}.pdf"} & set(neu)
        ):
            shutil.rmtree(site / auftrag.ziel, ignore_errors=True)
            ohne = shutil.ignore_patterns(DRUCK)
            shutil.copytree(auftrag.beilagen, site / auftrag.ziel, ignore=ohne)
            for ort in neben_der_seite(auftrag).values():
                if (fertig := auftrag.beilagen / DRUCK / Path(ort).name).is_file():
                    shutil.copyfile(fertig, site / ort)


def _bearbeite(ergebnis: Nachbereitet, dateien: Iterable[Path]) -> None:
    """Zeilenköpfe in jedes PDF, dann die Seiten: sie nennen die Größe der fertigen PDF."""
    dateien = list(dateien)
    for pdf in (d for d in dateien if d.suffix == ".pdf"):
        ergebnis.pdf += _zeilenkoepfe(pdf, ergebnis)
    for bild in (d for d in dateien if d.suffix == ".svg" and d.parent.name == "bilder"):
        schreibe_ganz(bild, bereinigt(bild.read_bytes()))
    for seite in (d for d in dateien if d.suffix == ".html" and "site_libs" not in d.parts):
        html = seite.read_text("utf-8")
        if _POLICY in html and _KENNUNG not in html:  # eine eigene des Vorlaufs, auf die ein Bericht verweist
            continue
        html = mit_festem(_mit_groessen(html, seite.parent))
        name = seite.relative_to(ergebnis.site).as_posix()
        schreibe_ganz(seite, schuetze(html))
        fremde = [SeiteLaedtFremdes.melde(datei=name, adresse=adresse) for adresse in fremde_adressen(html)]
        ergebnis.meldungen.alle(fremde)
        ergebnis.seiten += 1


def _mit_groessen(html: str, ordner: Path) -> str:
    """Nennt bei jedem Download, wie groß er ist."""

    def ersatz(fund: re.Match[str]) -> str:
        datei = ordner / fund[2]
        return f"{fund[1]}, {groesse(datei)}" if datei.is_file() else fund[1]

    return _GROESSE.sub(ersatz, html)


def _zeilenkoepfe(pdf: Path, ergebnis: Nachbereitet) -> bool:
    """Zeichnet Zeilenköpfe aus; ein unlesbares PDF wird gemeldet und bleibt, wie es ist."""
    import pikepdf

    from berichtswerk.satz.struktur import ergaenze

    try:
        schreibe_ganz(pdf, ergaenze(pdf.read_bytes()))
    except pikepdf.PdfError as fehler:
        ort = pdf.relative_to(ergebnis.site).as_posix()
        ergebnis.meldungen.dazu(PdfUnlesbar.melde(datei=ort, grund=fehler))
        return False
    return True


def _loese_tote_verweise(ausgabe: Path, neu: Sequence[str]) -> None:
    """Verweise auf PDF, die nicht gesetzt sind, werden zu Text."""

    def ersatz(fund: re.Match[str]) -> str:
        return fund[0] if (seite.parent / fund[1]).is_file() else f"{fund[2]} (nicht gesetzt)"

    for seite in (ausgabe / name for name in neu if name.endswith(".html")):
        schreibe_ganz(seite, _PDF.sub(ersatz, seite.read_text("utf-8")))


_POLICY = 'http-equiv="Content-Security-Policy"'
_KENNUNG = "data-berichtswerk"
_MARKE = re.compile(rf'<meta {_POLICY} {_KENNUNG} content="[^"]*">\n?')
_KOPF = re.compile(r"<head[^>]*>\s*(?:<meta charset[^>]*>\s*)?", re.IGNORECASE)
_LADEND = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
_LADENDE_VERWEISE = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
_AUSFUEHRBAR = {"", "text/javascript", "application/javascript", "module"}
_FREMD = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@dataclass(slots=True)
class _Fund:
    skripte: list[str] = field(default_factory=list)
    ereignisse: list[str] = field(default_factory=list)
    fremd: list[str] = field(default_factory=list)


@lru_cache(maxsize=2)
def _lies(html: str) -> _Fund:
    """Skripte, Ereignisse und fremde Adressen einer Seite."""
    from lxml import etree

    fund = _Fund()
    wurzel = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    for element in (e for e in wurzel.iter() if isinstance(e.tag, str)):
        werte = dict(element.attrib)
        fund.ereignisse += [wert for name, wert in werte.items() if name.startswith("on") and wert]
        adresse = werte.get(_LADEND.get(element.tag, ""), "")
        if element.tag == "link" and _LADENDE_VERWEISE & set(werte.get("rel", "").lower().split()):
            adresse = werte.get("href", "")
        if _FREMD.match(adresse):
            fund.fremd.append(adresse)
        if element.tag == "script" and "src" not in werte and werte.get("type", "").lower() in _AUSFUEHRBAR:
            fund.skripte.append(element.text or "")
    return fund


def fremde_adressen(html: str) -> tuple[str, ...]:
    """Adressen anderer Server, die der Browser beim Öffnen von selbst laden würde."""
    return tuple(dict.fromkeys(_lies(html).fremd))


def schuetze(html: str) -> str:
    """Setzt die Policy als ``meta`` an den Anfang des Kopfes; ein zweites Mal ändert sich nichts.

    Seiten, die schon eine eigene Policy tragen, bleiben, wie sie sind.
    """
    ohne = _MARKE.sub("", html)
    kopf = _KOPF.search(ohne)
    if kopf is None or _POLICY in ohne:
        return ohne
    marke = f'<meta {_POLICY} {_KENNUNG} content="{richtlinie(ohne)}">\n'
    return ohne[: kopf.end()] + marke + ohne[kopf.end() :]


def richtlinie(html: str) -> str:
    """Die Policy einer Seite. Stile darf Quarto setzen, Skripte nur, wie sie in der Seite stehen."""
    fund = _lies(html)
    skript = ["'self'", *_summen(fund.skripte)]
    if fund.ereignisse:
        skript += ["'unsafe-hashes'", *_summen(fund.ereignisse)]
    return (
        "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        f"script-src {' '.join(skript)}; connect-src 'self'; base-uri 'none'; form-action 'self'"
    )


def _summen(texte: list[str]) -> list[str]:
    """Prüfsummen, wie der Browser sie bildet: Zeilenenden vereinheitlicht, jede einmal."""
    vereinheitlicht = dict.fromkeys(t.replace("\r\n", "\n").replace("\r", "\n") for t in texte)
    roh = (hashlib.sha256(t.encode()).digest() for t in vereinheitlicht)
    return [f"'sha256-{base64.b64encode(summe).decode()}'" for summe in roh]
