"""Übergabe-Notizbuch oder ``.qmd`` → ein Markdown-Text mit Kopf, dazu alle Befunde der Zellen."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.satz.befunde import meldung

OPTIONEN = frozenset({"label", "fig-cap", "fig-alt", "tbl-cap", "echo", "include", "output"})
_OPTION = re.compile(r"^#\|\s?(.*)$")
_KOPF = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_INCLUDE = re.compile(r"^\{\{<\s*include\s+([^>\s]+)\s*>\}\}[ \t]*$", re.M)
_ERLAUBT = ("text/markdown", "image/svg+xml", "text/plain", "application/vnd.berichtswerk+json")


@dataclass(slots=True)
class Dokument:
    """Ein gelesenes Dokument: Markdown mit Zellmarken, Kopf, eingebettete SVG, Befunde."""

    datei: str
    ordner: Path
    kopf: dict[str, Any] = field(default_factory=dict)
    teile: list[str] = field(default_factory=list)
    beilagen: dict[str, str] = field(default_factory=dict)
    meldungen: Meldungen = field(default_factory=Meldungen)
    ist_notizbuch: bool = False

    @property
    def markdown(self) -> str:
        """Das ganze Dokument für pandoc, mit YAML-Kopf."""
        kopf = yaml.safe_dump(_schlicht(self.kopf), allow_unicode=True, sort_keys=True, width=10_000)
        return f"---\n{kopf}---\n\n" + "\n\n".join(self.teile) + "\n"

    def ort(self, zelle: int) -> str:
        """„Zelle 4 des Notizbuchs“ oder leer."""
        return f"Zelle {zelle} des Notizbuchs" if zelle and self.ist_notizbuch else ""

    def melde(self, kennung: str, was: str, zelle: int = 0) -> None:
        """Nimmt einen Befund auf."""
        self.meldungen.dazu(meldung(kennung, was, self.datei, self.ort(zelle)))


def _schlicht(wert: Any) -> Any:
    """Datumsangaben als ISO-Text: pandoc liest sie sonst je nach YAML-Fassung verschieden."""
    if isinstance(wert, dict):
        return {str(k): _schlicht(v) for k, v in wert.items()}
    if isinstance(wert, list):
        return [_schlicht(v) for v in wert]
    return wert.isoformat() if hasattr(wert, "isoformat") else wert


def lies(pfad: Path, anzeige: str) -> Dokument:
    """Liest ``.ipynb`` oder ``.qmd``/``.md``; ``anzeige`` ist der Dateiname in Meldungen."""
    dok = Dokument(anzeige, pfad.parent, ist_notizbuch=pfad.suffix == ".ipynb")
    try:
        text = pfad.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fehler:
        dok.melde("satz-notizbuch" if dok.ist_notizbuch else "satz-kopf", _kurz(fehler))
        return dok
    if not dok.ist_notizbuch:
        _lies_qmd(dok, text)
        return dok
    try:
        notizbuch = json.loads(text)
    except json.JSONDecodeError as fehler:
        dok.melde("satz-notizbuch", _kurz(fehler))
        return dok
    return lies_notizbuch(notizbuch, dok)


def _kurz(fehler: Exception) -> str:
    return str(fehler).splitlines()[0]


def _lies_qmd(dok: Dokument, text: str) -> None:
    kopf = _KOPF.match(text)
    if kopf:
        _nimm_kopf(dok, kopf[1], 0)
        text = text[kopf.end() :]
    dok.teile.append(_binde_ein(dok, text, (dok.ordner / Path(dok.datei).name,)))
    if "title" not in dok.kopf:
        dok.melde("satz-kopf", "title fehlt")


def _binde_ein(dok: Dokument, text: str, weg: tuple[Path, ...], zelle: int = 0) -> str:
    """Ersetzt ``{{< include pfad >}}``; Kreise und fehlende Dateien werden gemeldet."""

    def ersetze(fund: re.Match[str]) -> str:
        ziel = (weg[-1].parent / fund[1]).resolve()
        if ziel in {w.resolve() for w in weg}:
            dok.melde("satz-include-kreis", fund[1], zelle)
            return ""
        try:
            inhalt = ziel.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            dok.melde("satz-include-fehlt", fund[1], zelle)
            return ""
        return _binde_ein(dok, _KOPF.sub("", inhalt, count=1), (*weg, ziel), zelle)

    return _INCLUDE.sub(ersetze, text)


def _nimm_kopf(dok: Dokument, text: str, zelle: int) -> None:
    try:
        kopf = yaml.safe_load(text)
    except yaml.YAMLError as fehler:
        dok.melde("satz-kopf", _kurz(fehler), zelle)
        return
    if not isinstance(kopf, dict):
        dok.melde("satz-kopf", "keine Liste von name: wert", zelle)
        return
    dok.kopf.update(kopf)


def _text(wert: Any) -> str:
    return wert if isinstance(wert, str) else "".join(wert)


def lies_notizbuch(notizbuch: Mapping[str, Any], dok: Dokument) -> Dokument:
    """Liest ein geladenes Notizbuch (nbformat 4) in ``dok``."""
    zellen = notizbuch.get("cells")
    if not isinstance(zellen, list) or notizbuch.get("nbformat") != 4:
        dok.melde("satz-notizbuch", "keine Zellen in nbformat 4")
        return dok
    for nr, zelle in enumerate(zellen, start=1):
        quelle = _text(zelle.get("source", ""))
        kopf = _KOPF.match(quelle) if nr == 1 else None
        if kopf:
            _nimm_kopf(dok, kopf[1], nr)
            quelle = quelle[kopf.end() :]
        if zelle.get("cell_type") == "markdown" or (kopf and quelle.strip()):
            _fuege_an(dok, nr, _binde_ein(dok, quelle, (dok.ordner / "notizbuch",), nr))
        elif zelle.get("cell_type") == "code":
            _lies_code(dok, nr, quelle, zelle.get("outputs", []))
    if "title" not in dok.kopf:
        dok.melde("satz-kopf", "title fehlt", 1)
    return dok


def _fuege_an(dok: Dokument, nr: int, text: str) -> None:
    if text.strip():
        dok.teile.append(f"```{{=bw-zelle}}\n{nr}\n```\n\n{text.strip(chr(10))}")


@lru_cache(maxsize=64)
def _optionen_aus(text: str) -> Any:
    """Optionen wiederholen sich von Zelle zu Zelle; YAML zu lesen dauert länger als alles andere hier."""
    return yaml.safe_load(text)


def _optionen(dok: Dokument, nr: int, quelle: str) -> tuple[dict[str, Any], str]:
    zeilen = quelle.splitlines()
    kopf = []
    while zeilen and (fund := _OPTION.match(zeilen[0])):
        kopf.append(fund[1])
        zeilen.pop(0)
    code = "\n".join(zeilen).strip("\n")
    try:
        roh = _optionen_aus("\n".join(kopf)) if kopf else {}
    except yaml.YAMLError as fehler:
        dok.melde("satz-zelloption-yaml", _kurz(fehler), nr)
        return {}, code
    if not isinstance(roh, dict):
        dok.melde("satz-zelloption-yaml", str(roh), nr)
        return {}, code
    for name, wert in roh.items():
        _pruefe_option(dok, nr, str(name), wert)
    return {str(k): v for k, v in roh.items()}, code


def _pruefe_option(dok: Dokument, nr: int, name: str, wert: Any) -> None:
    if name not in OPTIONEN:
        dok.melde("satz-zelloption", name, nr)
        return
    erlaubt = (
        isinstance(wert, bool) or (name == "output" and wert == "asis")
        if name in {"echo", "include", "output"}
        else isinstance(wert, str)
    )
    if not erlaubt:
        dok.melde("satz-zelloption-wert", f"{name}: {wert}", nr)


def _lies_code(dok: Dokument, nr: int, quelle: str, ausgaben: list[dict[str, Any]]) -> None:
    optionen, code = _optionen(dok, nr, quelle)
    fehler = next((a for a in ausgaben if a.get("output_type") == "error"), None)
    if fehler is not None:
        dok.melde("satz-ausgabe-fehler", f"{fehler.get('ename', '')}: {fehler.get('evalue', '')}", nr)
        return
    if optionen.get("include") is False:
        return
    teile = []
    if optionen.get("echo", True) and code:
        teile.append(f"```python\n{code}\n```")
    if optionen.get("output", True) is not False:
        for nummer, ausgabe in enumerate(ausgaben):
            teile.append(_ausgabe(dok, nr, optionen, ausgabe, nummer))
    _fuege_an(dok, nr, "\n\n".join(t for t in teile if t.strip()))


def _ausgabe(
    dok: Dokument, nr: int, optionen: Mapping[str, Any], ausgabe: dict[str, Any], nummer: int
) -> str:
    if ausgabe.get("output_type") == "stream":
        dok.melde("satz-ausgabe-art", f"Text über {ausgabe.get('name', 'stdout')}", nr)
        return ""
    daten: Mapping[str, Any] = ausgabe.get("data", {})
    fremd = [art for art in daten if art not in _ERLAUBT and not art.startswith("application/vnd.vega")]
    if fremd:
        dok.melde("satz-ausgabe-art", fremd[0], nr)
        return ""
    if "text/markdown" in daten:
        return _als_tabelle(_text(daten["text/markdown"]), optionen)
    if "image/svg+xml" in daten:
        return _als_abbildung(dok, nr, optionen, _text(daten["image/svg+xml"]), nummer)
    if daten:
        dok.melde("satz-ausgabe-art", next(iter(daten)), nr)
    return ""


def _als_tabelle(markdown: str, optionen: Mapping[str, Any]) -> str:
    """Mit ``label: tbl-…`` und ``tbl-cap`` wird die Ausgabe zur nummerierten Tabelle."""
    marke, titel = str(optionen.get("label", "")), optionen.get("tbl-cap")
    if not marke.startswith("tbl-") or not titel:
        return markdown
    return f"::: {{#{marke}}}\n\n{markdown.strip()}\n\n{titel}\n:::"


def _als_abbildung(dok: Dokument, nr: int, optionen: Mapping[str, Any], svg: str, nummer: int) -> str:
    marke = str(optionen.get("label", ""))
    fehlt = [n for n in ("fig-cap", "fig-alt") if not str(optionen.get(n) or "").strip()]
    if not marke.startswith("fig-"):
        fehlt.insert(0, "label")
    if fehlt:
        dok.melde("satz-svg-ohne-marke", ", ".join(fehlt), nr)
        return ""
    if nummer:
        marke = f"{marke}-{nummer + 1}"
    dok.beilagen[f"bw-beilage:{marke}.svg"] = svg
    alt = str(optionen["fig-alt"]).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'::: {{#{marke}}}\n![](bw-beilage:{marke}.svg){{fig-alt="{alt}"}}\n\n{optionen["fig-cap"]}\n:::'


def als_meldungen(meldungen: Meldungen, weitere: list[Meldung]) -> Meldungen:
    """Beide Listen zusammen, ohne Doppelte, in Reihenfolge."""
    alle = Meldungen()
    for m in [*meldungen, *weitere]:
        if m not in alle.liste:
            alle.dazu(m)
    return alle
