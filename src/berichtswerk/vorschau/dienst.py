"""Die Vorschau ausliefern: nur auf diesem Rechner, nur aus ihrem Ordner, immer frisch."""

from __future__ import annotations

import http.server
import json
import os
import socket
import sys
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from berichtswerk.vorschau import seite as seiten
from berichtswerk.vorschau.werkstatt import Werkstatt, Zustand

ADRESSE = "127.0.0.1"
GEDULD = 1.5
"""Sekunden, die eine Anfrage auf eine gerade entstehende Seite wartet, ehe sie zeigt, was es gibt."""
HERZSCHLAG = 10.0
"""Sekunden, nach denen eine stille Verbindung ein Lebenszeichen erhält; so fällt auf, wer ging."""

ARTEN = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
}
_EIGENES = {seiten.SKRIPT: "skript.js", seiten.STIL: "stil.css"}


class Dienst(http.server.ThreadingHTTPServer):
    """Liefert aus, was die Werkstatt gesetzt hat; ``port`` 0 nimmt einen freien."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name != "nt"  # unter Windows teilten sich sonst zwei Programme einen Port

    def __init__(self, port: int, werkstatt: Werkstatt) -> None:
        super().__init__((ADRESSE, port), _Anfrage)
        self.werkstatt = werkstatt
        self.wurzel = werkstatt.bau.resolve()

    @property
    def ursprung(self) -> str:
        """Die Adresse ohne Schrägstrich am Ende."""
        return f"http://{ADRESSE}:{self.server_port}"

    def server_bind(self) -> None:
        """Wie in der Oberklasse, ohne den Namen des Rechners im Netz nachzuschlagen."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super(http.server.HTTPServer, self).server_bind()
        self.server_name, self.server_port = ADRESSE, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ein Browser, der die Verbindung schließt, ist kein Fehler."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Anfrage(http.server.BaseHTTPRequestHandler):
    """Eine Anfrage des Browsers."""

    server: Dienst
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Berichtswerk", ""

    def log_message(self, format: str, *args: Any) -> None:
        """Anfragen gehören nicht ins Terminal."""

    def do_HEAD(self) -> None:
        """Wie GET ohne Inhalt."""
        self.do_GET()

    def do_GET(self) -> None:
        """Beantwortet eine Anfrage."""
        if self.headers.get("Host", "") not in self._eigene_namen():
            return self._text(HTTPStatus.MISDIRECTED_REQUEST, "Diese Adresse gehört nicht zur Vorschau.")
        adresse = urlsplit(self.path)
        if adresse.path == seiten.EREIGNISSE:
            return self._zustaende(parse_qs(adresse.query).get("seite", [""])[0])
        if adresse.path in _EIGENES:
            name = _EIGENES[adresse.path]
            inhalt = resources.files("berichtswerk.vorschau").joinpath(name).read_bytes()
            return self._sende(HTTPStatus.OK, ARTEN[Path(name).suffix], inhalt)
        name = unquote(adresse.path).lstrip("/")
        name = f"{name}index.html" if name.endswith("/") or not name else name
        pfad = self._pfad(name)
        if pfad is None:
            return self._text(HTTPStatus.NOT_FOUND, "Das gibt es in der Vorschau nicht.")
        return self._seite(name, pfad) if pfad.suffix == ".html" else self._datei(name, pfad)

    def _eigene_namen(self) -> tuple[str, str]:
        """Fremde Namen für diesen Rechner sind ausgesperrt: sonst läse jede Webseite mit."""
        return f"{ADRESSE}:{self.server.server_port}", f"localhost:{self.server.server_port}"

    def _pfad(self, name: str) -> Path | None:
        """Der Ort auf der Platte; ``None`` für alles außerhalb und alles Verborgene."""
        teile = name.split("/")
        if "\\" in name or "\0" in name or ":" in name or any(not t or t.startswith(".") for t in teile):
            return None
        try:
            pfad = (self.server.wurzel / name).resolve()
        except (OSError, ValueError):
            return None
        return pfad if pfad.is_relative_to(self.server.wurzel) else None

    def _seite(self, name: str, pfad: Path) -> None:
        self.server.werkstatt.verlange(name, GEDULD)
        zustand = self.server.werkstatt.zustand(name)  # vor dem Lesen: lieber einmal zu viel neu laden
        auftrag = self.server.werkstatt.auftrag(name)
        try:
            html = pfad.read_text(encoding="utf-8")
        except OSError:
            if auftrag is None:
                return self._text(HTTPStatus.NOT_FOUND, "Diese Seite gibt es in der Vorschau nicht.")
            text = "Der Bericht wird gerade zum ersten Mal gesetzt. Die Seite erscheint von selbst."
            if zustand.meldungen:
                text = "Der Bericht kommt noch nicht zustande. Was zu tun ist, steht unten."
            html = seiten.warteseite(auftrag.titel, text)
        return self._html(HTTPStatus.OK, name, html, zustand)

    def _html(self, status: HTTPStatus, name: str, html: str, zustand: Zustand) -> None:
        ursprung = f"http://{self.headers['Host']}"
        fertig = seiten.richte_her(html, name, zustand, ursprung)
        self._sende(status, ARTEN[".html"], fertig.encode("utf-8"))

    def _datei(self, name: str, pfad: Path) -> None:
        if name.endswith(".pdf"):
            auftrag = self.server.werkstatt.auftrag(f"{name.removesuffix('.pdf')}.html")
            if auftrag is not None and (fehler := self.server.werkstatt.drucke(f"{auftrag.ziel}.html")):
                zustand = Zustand("pdf", tuple(fehler), False)
                html = seiten.warteseite(auftrag.titel, "Das PDF kommt nicht zustande.")
                return self._html(HTTPStatus.INTERNAL_SERVER_ERROR, name, html, zustand)
        elif name.startswith("pagefind/pagefind"):
            self.server.werkstatt.suche()
        art = ARTEN.get(pfad.suffix.lower(), "application/octet-stream")
        try:
            return self._sende(HTTPStatus.OK, art, pfad.read_bytes())
        except OSError:
            return self._text(HTTPStatus.NOT_FOUND, "Diese Datei gibt es in der Vorschau nicht.")

    def _zustaende(self, name: str) -> None:
        """Server-Sent Events: der Zustand der Seite, jedes Mal wenn er sich ändert."""
        self.close_connection = True
        self._kopf(HTTPStatus.OK, "text/event-stream; charset=utf-8", None)
        werkstatt, zuletzt, nummer = self.server.werkstatt, "", -1
        with werkstatt.liest(name):
            while not werkstatt.beendet:
                zustand = _als_json(werkstatt.zustand(name))
                botschaft = f"data: {zustand}\n\n" if zustand != zuletzt else ":\n\n"
                if zustand != zuletzt or nummer == werkstatt.nummer:
                    self.wfile.write(botschaft.encode("utf-8"))
                    self.wfile.flush()
                zuletzt, nummer = zustand, werkstatt.nummer
                werkstatt.warte(nummer, HERZSCHLAG)

    def _text(self, status: HTTPStatus, text: str) -> None:
        self._sende(status, "text/plain; charset=utf-8", f"{text}\n".encode())

    def _sende(self, status: HTTPStatus, art: str, inhalt: bytes) -> None:
        self._kopf(status, art, len(inhalt))
        if self.command != "HEAD":
            self.wfile.write(inhalt)

    def _kopf(self, status: HTTPStatus, art: str, laenge: int | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", art)
        if laenge is not None:
            self.send_header("Content-Length", str(laenge))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()


def _als_json(zustand: Zustand) -> str:
    inhalt = {
        "fassung": zustand.fassung,
        "fehler": seiten.meldungen(zustand.meldungen),
        "stand": seiten.stand(zustand),
    }
    return json.dumps(inhalt, ensure_ascii=False)
