"""Eine Content-Security-Policy für fertige Seiten: erlaubt ist, was in der Seite steht, sonst nur Eigenes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_KENNUNG = "data-berichtswerk"
_MARKE = re.compile(rf'<meta http-equiv="Content-Security-Policy" {_KENNUNG} content="[^"]*">\n?')
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


class _Leser(HTMLParser):
    """Sammelt Skripte, Ereignisse und Adressen einer Seite."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fund = _Fund()
        self._skript: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        werte = {name: wert or "" for name, wert in attrs}
        self.fund.ereignisse += [wert for name, wert in werte.items() if name.startswith("on") and wert]
        adresse = werte.get(_LADEND.get(tag, ""), "")
        if tag == "link" and _LADENDE_VERWEISE & set(werte.get("rel", "").lower().split()):
            adresse = werte.get("href", "")
        if _FREMD.match(adresse):
            self.fund.fremd.append(adresse)
        if tag == "script" and "src" not in werte and werte.get("type", "").lower() in _AUSFUEHRBAR:
            self._skript = []

    def handle_data(self, data: str) -> None:
        if self._skript is not None:
            self._skript.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._skript is not None:
            self.fund.skripte.append("".join(self._skript))
            self._skript = None


def _lies(html: str) -> _Fund:
    leser = _Leser()
    leser.feed(html)
    leser.close()
    return leser.fund


def fremde_adressen(html: str) -> tuple[str, ...]:
    """Adressen anderer Server, die der Browser beim Öffnen von selbst laden würde."""
    return tuple(dict.fromkeys(_lies(html).fremd))


def schuetze(html: str) -> str:
    """Setzt die Policy als ``meta`` an den Anfang des Kopfes; ein zweites Mal ändert sich nichts.

    Seiten, die schon eine eigene Policy tragen, bleiben, wie sie sind.
    """
    ohne = _MARKE.sub("", html)
    kopf = _KOPF.search(ohne)
    if kopf is None or 'http-equiv="Content-Security-Policy"' in ohne:
        return ohne
    marke = f'<meta http-equiv="Content-Security-Policy" {_KENNUNG} content="{richtlinie(ohne)}">\n'
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
