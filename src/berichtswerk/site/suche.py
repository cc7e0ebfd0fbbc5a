"""Die Suche: ein Verzeichnis der Berichte mit Pagefind, das ganz auf dem eigenen Server liegt."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Annotated, Any

from pagefind_bin import get_executable
from pydantic import Field

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.grund.ablage import Ablage, fassung, programmstand, summe
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml
from berichtswerk.satz.dienst import mit_uns
from berichtswerk.schreiber.html.seite import rahme
from berichtswerk.site.eingefroren import ist_frueher
from berichtswerk.site.seiten import SUCHE, Umgebung

_INHALT = """\
<noscript><p>Die Suche braucht JavaScript. Ohne JavaScript finden Sie alle Berichte auf der
<a href="../index.html">Startseite</a>; in einem Bericht sucht die Suchfunktion des Browsers.</p></noscript>
<form class="bw-suche" role="search" id="bw-suche" hidden>
<label for="bw-suchwort">Suchwort</label>
<input type="search" id="bw-suchwort" name="q" autocomplete="off" spellcheck="false">
<button type="submit">Suchen</button>
</form>
<p id="bw-suchstand" role="status" aria-live="polite"></p>
<ol id="bw-treffer" class="bw-treffer"></ol>
"""
WISSEN = "seiten/suche.json"
"""Was die Suchseite außer dem Verzeichnis lädt (:func:`wissen`)."""
GRENZE_S = 120.0
"""So lange darf Pagefind brauchen; üblich sind Zehntelsekunden."""
_SUCHBAR = "data-pagefind-body"
"""Steht in den Seiten der Berichte; nur sie werden durchsucht."""
_UEBERSCHRIFT = re.compile("h[2-6]")
_OHNE = {"summary", "nav", "svg", "script", "style"}
_OHNE_KLASSEN = {
    "bw-falte",
    "bw-werkzeug",
    "bw-verzeichnisse",
    "bw-quelle",
    "bw-quellen",
    "bw-auftakt-zahlen",
    "header-section-number",
    "bw-nummer",
}
"""Was in Fundstellen nicht steht: Leiste, Verzeichnisse, Belege, Nummern, Zugeklapptes, Bilder."""
_VERZEICHNIS = {"bw-begriffe", "bw-quellen"}
_HINTEN = '<span data-pagefind-meta="hinten:ja"></span>'
_UEBERFLUESSIG = (
    "pagefind-ui.*",
    "pagefind-modular-ui.*",
    "pagefind-highlight.js",
    "pagefind-component-ui.*",
)


class SucheOhneVerzeichnis(Befundart):
    text = "Das Suchverzeichnis ließ sich nicht bauen; die Suche findet nichts."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie mit „python -m pagefind --version“, ob Pagefind hier läuft."
    stufe = Stufe.WARNUNG


def suchseite(umgebung: Umgebung) -> str:
    """Die Seite mit dem Suchfeld; das Skript dazu ist ``layout/suche.js``."""
    return rahme(_INHALT, umgebung.kopf("Suche"), umgebung.seite(SUCHE, "Suche", suche=True))


class Begriffe(YamlModell):
    """``daten/begriffe.yaml``: Reihen von Wörtern, mit denen Menschen dasselbe suchen."""

    gleich: tuple[tuple[Annotated[str, Field(min_length=2)], ...], ...] = ()


def wissen(projekt: Projekt, auftraege: Sequence[Auftrag]) -> str:
    """Was die Suche außer dem Verzeichnis weiß, als JSON.

    ``gleich`` sind Reihen gleicher Wörter, ``seiten`` je Ort der Titel, die Reihe der Berichte und ihr Rang:
    0 hat die jüngste Ausgabe, je ältere eins mehr, eine Fassung für ein anderes Gebiet noch einen halben.

    Raises:
        BerichtswerkFehler: ``daten/begriffe.yaml`` hat Fehler.
    """
    pfad = projekt.daten / "begriffe.yaml"
    gleich = lade_yaml(pfad, Begriffe, projekt).gleich if pfad.is_file() else ()
    je_bericht: dict[str, list[tuple[str, str]]] = {}
    for a in auftraege:
        stand = (a.angaben.datei.stand.isoformat(), a.ausgabe)
        if stand not in (ausgaben := je_bericht.setdefault(a.bericht, [])):
            ausgaben.append(stand)
    seiten = {}
    for a in auftraege:
        aelter = sorted(je_bericht[a.bericht], reverse=True)
        rang = aelter.index((a.angaben.datei.stand.isoformat(), a.ausgabe))
        nebenbei = bool(a.variante) and a.angaben.datei.fuer is None
        seiten[f"{a.ziel}.html"] = [a.titel, a.bericht, rang + nebenbei / 2]
    return json.dumps({"gleich": gleich, "seiten": seiten}, ensure_ascii=False, sort_keys=True) + "\n"


class Vorlauf:
    """Baut das Verzeichnis schon, während noch PDF entstehen: es braucht nur den Text der Seiten.

    ``erwartet`` sind die Orte der Seiten, die dieser Lauf setzt; die übrigen liegen fertig in ``site``.
    Stimmt am Ende etwas nicht überein, baut :func:`verzeichne` neu.
    """

    def __init__(self, site: Path, platz: Path, erwartet: Collection[str], ablage: Ablage) -> None:
        self._site, self._platz, self._ablage = site, platz, ablage
        self._erwartet, self._offen = frozenset(erwartet), set(erwartet)
        self._seiten: dict[str, str] = {}
        self._schloss = threading.Lock()
        self._faden: threading.Thread | None = None
        self._schluessel = ""

    def nimm(self, ort: str, html: str) -> None:
        """Nimmt eine gesetzte Seite auf; nach der letzten beginnt der Bau."""
        with self._schloss:
            self._seiten |= _suchbare({ort: html}, self._ablage)
            self._offen.discard(ort)
            if self._offen or self._faden is not None:
                return
            self._faden = threading.Thread(target=self._baue, name="suche")
            self._faden.start()

    def gib(self, schluessel: str, ziel: Path) -> bool:
        """Stellt das Verzeichnis nach ``ziel``, wenn es dieses ist; wartet, wenn es gerade entsteht."""
        if self._faden is not None and self._schluessel in ("", schluessel):
            self._faden.join()
        fertig = self._platz / "pagefind"
        passt = self._schluessel == schluessel and fertig.is_dir()
        if passt:
            fertig.rename(ziel)
        return passt

    def close(self) -> None:
        """Wartet, bis nichts mehr läuft, und räumt auf (für ``contextlib.closing``)."""
        if self._faden is not None:
            self._faden.join()
        shutil.rmtree(self._platz, ignore_errors=True)

    def _baue(self) -> None:
        seiten = _suchbare(_lies(self._site, self._erwartet), self._ablage) | self._seiten
        self._schluessel = _schluessel(seiten)
        if self._ablage.hole("suche", self._schluessel) is None:
            with suppress(OSError):  # meldet der Lauf, wenn er am Ende selbst baut
                _baue(self._platz, seiten, self._ablage)


def verzeichne(site: Path, ablage: Ablage | None = None, vorlauf: Vorlauf | None = None) -> list[Meldung]:
    """Baut das Suchverzeichnis unter ``pagefind/``; misslingt es, bleibt die Suche ohne Treffer.

    Sind die Seiten die eines ``vorlauf``, steht es schon fertig da; sind sie dieselben wie zuletzt, kommt es
    aus der ``ablage``.
    """
    seiten = _suchbare(_lies(site), ablage)
    if not seiten:  # kein Bericht, kein Verzeichnis: Pagefind hielte das für einen Fehler
        return []
    schluessel, ziel, platz = _schluessel(seiten), site / "pagefind", site.with_name(f"{site.name}-suche")
    shutil.rmtree(ziel, ignore_errors=True)
    if vorlauf is not None and vorlauf.gib(schluessel, ziel):
        return []
    fertig = ablage.hole("suche", schluessel) if ablage is not None else None
    if fertig is not None:
        with zipfile.ZipFile(io.BytesIO(fertig)) as paket:
            paket.extractall(ziel)
        return []
    try:
        if (meldung := _baue(platz, seiten, ablage)) is None:
            (platz / "pagefind").rename(ziel)
    finally:
        shutil.rmtree(platz, ignore_errors=True)
    return [meldung] if meldung is not None else []


def _schluessel(seiten: Mapping[str, str]) -> str:
    return summe(fassung("pagefind"), *(t for s in sorted(seiten.items()) for t in s))


def _baue(platz: Path, seiten: Mapping[str, str], ablage: Ablage | None) -> Meldung | None:
    """Baut das Verzeichnis dieser Seiten nach ``platz/pagefind`` und hebt es auf; sonst, warum nicht."""
    meldung = _rufe_pagefind(platz, seiten)
    if meldung is None and ablage is not None:
        ablage.lege("suche", _schluessel(seiten), _gepackt(platz / "pagefind"))
    return meldung


def _rufe_pagefind(platz: Path, seiten: Mapping[str, str]) -> Meldung | None:
    for name, html in seiten.items():
        ziel = platz / "seiten" / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_text(html, encoding="utf-8", newline="\n")
    (platz / "seiten").mkdir(parents=True, exist_ok=True)
    befehl = [str(get_executable()), "--site", str(platz / "seiten"), "--force-language", "de"]
    befehl += ["--silent", "--output-path", str(platz / "pagefind")]
    grund = _lass_laufen([*mit_uns(), *befehl], platz)
    if grund:
        return SucheOhneVerzeichnis.melde(datei=SUCHE, grund=grund)
    for muster in _UEBERFLUESSIG:
        for pfad in (platz / "pagefind").glob(muster):
            pfad.unlink()
    return None


def _lass_laufen(befehl: Sequence[str], platz: Path) -> str:
    """Warum ein Programm scheiterte; leer, wenn es gelang. Länger als erlaubt läuft es nicht."""
    try:
        lauf = subprocess.run(
            befehl, capture_output=True, encoding="utf-8", errors="replace", check=False, cwd=platz,
            timeout=GRENZE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"Pagefind kam nach {GRENZE_S:.0f} Sekunden nicht zu Ende."
    if not lauf.returncode:
        return ""
    return (lauf.stderr or lauf.stdout).strip()[-500:] or f"Pagefind endete mit {lauf.returncode}."


def _gepackt(ordner: Path) -> bytes:
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as paket:
        for pfad in sorted(p for p in ordner.rglob("*") if p.is_file()):
            paket.write(pfad, pfad.relative_to(ordner).as_posix())
    return puffer.getvalue()


def _lies(site: Path, ohne: Collection[str] = ()) -> dict[str, str]:
    """Die Seiten der Berichte, außer denen an diesen Orten; Einzelseiten und Pflichtseiten sucht niemand."""
    orte = ((p.relative_to(site).as_posix(), p) for p in sorted(site.rglob("*.html")))
    gelesen = ((ort, p.read_bytes()) for ort, p in orte if ort not in ohne)
    return {ort: roh.decode() for ort, roh in gelesen if _SUCHBAR.encode() in roh}


def _suchbare(texte: Mapping[str, str], ablage: Ablage | None = None) -> dict[str, str]:
    """Je Abschnitt eines Berichts eine kleine Seite für Pagefind, unter ihrem Ort im Verzeichnis.

    Zerlegt wird eine Seite einmal, dann liegen ihre Abschnitte in der ``ablage``.

    Eine Fundstelle ist ein Abschnitt, kein ganzer Bericht: nur so steht der richtige vorn. Über dem eigenen
    Text stehen die Überschriften, unter denen er liegt, damit auch findet, wer „Kita“ und den Ort eingibt.
    """
    seiten: dict[str, str] = {}
    for ort, html in texte.items():
        if _SUCHBAR in html and not ist_frueher(ort):
            schluessel = summe(ort, html, programmstand("site/suche.py"))
            roh = ablage.hole("fundstellen", schluessel) if ablage is not None else None
            if roh is None:
                stellen = {
                    f"{ort.removesuffix('.html')}/{stelle.marke or 'seite'}.html": stelle.html(ort)
                    for stelle in _fundstellen(html)
                }
                roh = json.dumps(stellen).encode()
                if ablage is not None:
                    ablage.lege("fundstellen", schluessel, roh)
            seiten |= json.loads(roh)
    return seiten


@dataclass(slots=True)
class _Fundstelle:
    """Ein Abschnitt: Überschrift, die Überschriften darüber, sein eigener Text."""

    marke: str
    titel: str = ""
    weg: tuple[str, ...] = ()
    text: list[str] = field(default_factory=list)
    hinten: bool = False
    """Ob es ein Verzeichnis ist: es nennt fast jedes Wort, gemeint ist meist das Kapitel dazu."""

    def html(self, ort: str) -> str:
        ziel = f"{ort}#{self.marke}" if self.marke else ort
        weg, text = (escape(" ".join(t.split())) for t in (" › ".join(self.weg), " ".join(self.text)))
        return (
            f"<!DOCTYPE html><html lang='de'><head><title>{escape(self.titel)}</title></head><body><main "
            f'{_SUCHBAR} data-pagefind-meta="ziel:{escape(ziel)}">'
            f"<h1>{escape(self.titel)}</h1>"
            f'<h3 data-pagefind-meta="weg">{weg}</h3>{_HINTEN * self.hinten}<p>{text}</p>'
            "</main></body></html>\n"
        )


def _fundstellen(html: str) -> list[_Fundstelle]:
    """Die Abschnitte einer Seite in der Reihenfolge des Lesens; leere fehlen.

    Die erste Fundstelle ist die Seite selbst: ihr Titel und was vor dem ersten Abschnitt steht.
    """
    from lxml import etree

    wurzel = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8")).find(".//main")
    seite = _Fundstelle("")
    alle = [seite]

    def lies(knoten: Any, stelle: _Fundstelle) -> None:
        """Liest die Kinder; ein Abschnitt beginnt eine neue Fundstelle und gibt seinen Kopf an sie ab."""
        for kind in knoten:
            if isinstance(kind.tag, str) and not _ist_beiwerk(kind):
                if (kopf := _ueberschrift(kind)) is not None:
                    weg = (*stelle.weg, stelle.titel) if stelle.titel else stelle.weg
                    unter = _Fundstelle(kind.get("id"), _worte(kopf), weg)
                    alle.append(unter)
                    kopf.getparent().remove(kopf)
                    lies(kind, unter)
                elif kind.tag == "h1":
                    stelle.titel = stelle.titel or _worte(kind)
                else:
                    stelle.hinten |= bool(_VERZEICHNIS & set(kind.get("class", "").split()))
                    stelle.text.append(kind.text or "")
                    lies(kind, stelle)
            stelle.text += (" ", kind.tail or "")

    if wurzel is not None:
        lies(wurzel, seite)
    return [s for s in alle if s.titel and "".join(s.text).strip()]


def _ist_beiwerk(knoten: Any) -> bool:
    klassen = set(knoten.get("class", "").split())
    return knoten.tag in _OHNE or "data-pagefind-ignore" in knoten.attrib or bool(_OHNE_KLASSEN & klassen)


def _ueberschrift(knoten: Any) -> Any:
    """Die Überschrift, mit der ein Abschnitt mit Marke beginnt, auch in seinem Auftakt; sonst nichts."""
    if knoten.tag != "section" or not knoten.get("id") or not len(knoten):
        return None
    return next(
        (k for k in knoten[0].iter() if isinstance(k.tag, str) and _UEBERSCHRIFT.fullmatch(k.tag)), None
    )


def _worte(knoten: Any) -> str:
    """Der Text einer Überschrift ohne ihre Nummer."""
    teile = [knoten.text or ""]
    for kind in knoten:
        if not _ist_beiwerk(kind):
            teile.append("".join(kind.itertext()))
        teile.append(kind.tail or "")
    return " ".join("".join(teile).split())
