"""Die Vorschau als Ganzes: Werkstatt, Wache und ein Dienst, der nur diesem Rechner antwortet.

Skript und Meldungen werden erst beim Ausliefern in die gesetzte Seite eingesetzt; die veröffentlichte bleibt
ohne.
"""

from __future__ import annotations

import errno
import hmac
import http.server
import json
import mimetypes
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape, unescape
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.grund.ablage import lebt, schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe, warum
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe
from berichtswerk.schreiber.formate import WEITERE
from berichtswerk.site.tausch import OrdnerNichtBeschreibbar
from berichtswerk.vorschau.aenderung import Wache, wirkung
from berichtswerk.vorschau.werkstatt import Melder, Werkstatt, Zustand

ADRESSE = "127.0.0.1"
GEDULD = 1.5
"""Sekunden, die eine Anfrage auf eine gerade entstehende Seite wartet, ehe sie zeigt, was es gibt."""
HERZSCHLAG = 10.0
"""Sekunden, nach denen eine stille Verbindung ein Lebenszeichen erhält; so fällt auf, wer ging."""

HOECHSTENS = 2_000_000
"""So viele Bytes nimmt die Vorschau auf einmal an; eine lange Leseliste hat ein Zehntel."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
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
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".geojson": "application/geo+json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}
"""Was neben einer Seite liegen kann, auch als Anlage; was der Rechner sonst dazu weiß, gilt danach."""
VORSILBE = "/_vorschau/"
SKRIPT = f"{VORSILBE}skript.js"
STIL = f"{VORSILBE}stil.css"
EREIGNISSE = f"{VORSILBE}zustand"

_RICHTLINIE = re.compile(
    r'(<meta http-equiv="Content-Security-Policy"(?: data-berichtswerk)? content=")([^"]*)(">)'
)
_EIGENES = {SKRIPT: "skript.js", STIL: "stil.css"}


class Dienst(http.server.ThreadingHTTPServer):
    """Liefert aus, was die Werkstatt gesetzt hat; ``port`` 0 nimmt einen freien."""

    daemon_threads = True
    request_queue_size = 128  # ein Browser öffnet für eine Seite viele Verbindungen auf einmal
    block_on_close = False
    allow_reuse_address = os.name != "nt"  # unter Windows teilten sich sonst zwei Programme einen Port

    def __init__(self, port: int, werkstatt: Werkstatt) -> None:
        super().__init__((ADRESSE, port), _Anfrage)
        self.werkstatt = werkstatt
        self.wurzel = werkstatt.bau.resolve()
        self.marke = secrets.token_urlsafe(32)
        """Was ein Formular zurückgeben muss, um etwas zu schreiben; nur Seiten der Vorschau kennen es."""
        self.schreibt = threading.Lock()

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
    timeout = 30.0  # wer so lange nichts schickt oder abnimmt, hält keinen Faden mehr fest
    server_version, sys_version = "Berichtswerk", ""

    def log_message(self, format: str, *args: Any) -> None:
        """Anfragen gehören nicht ins Terminal."""

    def do_HEAD(self) -> None:
        """Wie GET ohne Inhalt."""
        self.do_GET()

    def do_GET(self) -> None:
        """Beantwortet eine Anfrage."""
        if not self._ist_eigen():
            return None
        adresse = urlsplit(self.path)
        if adresse.path == EREIGNISSE:
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
        if datei := self._leseliste(name):
            gesagt = {n: int(w[0]) for n, w in parse_qs(adresse.query).items() if w[0].isdecimal()}
            return self._zeige_leseliste(HTTPStatus.OK, name, datei, _gespeichert(gesagt))
        return self._seite(name, pfad) if pfad.suffix == ".html" else self._datei(name, pfad)

    def do_POST(self) -> None:
        """Nimmt Haken an einer Leseliste; sonst schreibt die Vorschau nichts."""
        self.close_connection = True  # was abgewiesen wird, wird nicht zu Ende gelesen
        if not self._ist_eigen():
            return None
        name = unquote(urlsplit(self.path).path).lstrip("/")
        datei = self._leseliste(name) if self._pfad(name) else None
        if datei is None:
            return self._text(HTTPStatus.NOT_FOUND, "Hier lässt sich nichts abhaken.")
        if self.headers.get("Origin") not in {f"http://{n}" for n in self._eigene_namen()}:
            return self._text(
                HTTPStatus.FORBIDDEN, "Abhaken lässt sich nur auf der Seite der Vorschau selbst."
            )
        laenge = self.headers.get("Content-Length", "")
        if not laenge.isdecimal() or int(laenge) > HOECHSTENS:
            return self._text(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "So viel nimmt die Vorschau nicht an.")
        felder = parse_qs(self.rfile.read(int(laenge)).decode("ascii", "replace"), errors="replace")
        return self._hake_ab(name, datei, felder)

    def _hake_ab(self, name: str, datei: Path, felder: dict[str, list[str]]) -> None:
        """Schreibt die Haken in ``lesen.md``; gelingt es nicht, stehen sie noch auf der Seite."""
        from berichtswerk.jahr.leseliste import hake_ab, wuensche

        gezeigt = [(g.removesuffix("x"), g.endswith("x")) for g in felder.get("gezeigt", [])]
        wunsch = wuensche(gezeigt, felder.get("gelesen", []))
        if not hmac.compare_digest(felder.get("marke", [""])[0].encode(), self.server.marke.encode()):
            grund = "Nicht gespeichert: die Vorschau wurde neu gestartet. Speichern Sie noch einmal."
            return self._zeige_leseliste(HTTPStatus.FORBIDDEN, name, datei, grund, wunsch)
        try:
            with self.server.schreibt:
                roh = datei.read_bytes()
                neu, ohne = hake_ab(roh.decode(), wunsch)
                schreibe_ganz(datei, neu.encode())
        except (OSError, UnicodeDecodeError) as fehler:
            grund = warum(fehler) if isinstance(fehler, OSError) else "sie ist nicht als UTF-8 gespeichert"
            satz = f"Nicht gespeichert: lesen.md lässt sich nicht schreiben ({grund})."
            return self._zeige_leseliste(HTTPStatus.INTERNAL_SERVER_ERROR, name, datei, satz, wunsch)
        da = [haken for kennung, haken in wunsch.items() if kennung not in ohne]
        zuletzt = max((nr for nr, (k, _) in enumerate(gezeigt, 1) if k in wunsch), default=0)
        ziel = f"/{quote(name)}?gesetzt={da.count(True)}&genommen={da.count(False)}&anders={len(ohne)}"
        return self._kopf(HTTPStatus.SEE_OTHER, "text/plain", 0, Location=f"{ziel}#haken-{zuletzt}")

    def _ist_eigen(self) -> bool:
        """Ob die Anfrage dieser Vorschau gilt; sonst ist sie schon abgewiesen."""
        eigen = self.headers.get("Host", "") in self._eigene_namen()
        if not eigen:
            self._text(HTTPStatus.MISDIRECTED_REQUEST, "Diese Adresse gehört nicht zur Vorschau.")
        return eigen

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

    def _leseliste(self, name: str) -> Path | None:
        """Die Datei, deren Seite das ist (``berichte/<bericht>/<ausgabe>/lesen.html``)."""
        if not (name.startswith("berichte/") and name.endswith("/lesen.html") and name.count("/") == 3):
            return None
        datei = (self.server.werkstatt.projekt.wurzel / name).with_suffix(".md")
        return datei if datei.is_file() else None

    def _zeige_leseliste(
        self, status: HTTPStatus, name: str, datei: Path, gesagt: str, wunsch: dict[str, bool] | None = None
    ) -> None:
        """Was in einer fortgeschriebenen Ausgabe zu lesen ist, wie es gerade in ``lesen.md`` steht."""
        from berichtswerk.jahr.leseliste import als_html
        from berichtswerk.schreiber.html.seite import rahme
        from berichtswerk.site.seiten import Umgebung

        projekt = self.server.werkstatt.projekt
        try:
            text = projekt.lies_text(datei)
        except BerichtswerkFehler as fehler:
            return self._text(HTTPStatus.INTERNAL_SERVER_ERROR, Meldungen(list(fehler.meldungen)).als_text())
        titel, inhalt = als_html(text, self.server.marke, gesagt, wunsch)
        umgebung = Umgebung.zu(projekt, ())
        kontext = replace(umgebung.seite(name, titel), stile=(STIL.lstrip("/"),))
        html = rahme(inhalt, umgebung.kopf(titel), kontext)
        html = html.replace('content="no-referrer"', 'content="same-origin"', 1)  # sonst bliebe Origin leer
        if gesagt:
            html = html.replace("<title>", f"<title>{escape(gesagt)} – ", 1)
        nie_eingebettet = {"Content-Security-Policy": "frame-ancestors 'none'"}
        return self._sende(status, ARTEN[".html"], html.encode(), **nie_eingebettet)

    def _zu_lesen(self, auftrag: Auftrag) -> str:
        """Der Weg von der Seite einer Ausgabe zu ihrer Leseliste, wenn sie eine hat."""
        from berichtswerk.jahr.leseliste import lies

        try:
            stand = lies(self.server.werkstatt.projekt, auftrag.ordner)
        except (BerichtswerkFehler, OSError):
            return '<a href="lesen.html">Leseliste</a>'
        return f'<a href="lesen.html">Leseliste: {stand[1]} von {stand[0]} offen</a>' if stand else ""

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
            if any(m.stufe is Stufe.FEHLER for m in zustand.meldungen):
                text = "Der Bericht kommt noch nicht zustande. Was zu tun ist, steht unten."
            html = warteseite(auftrag.titel, text)
        return self._html(HTTPStatus.OK, name, html, zustand, auftrag)

    def _html(
        self, status: HTTPStatus, name: str, html: str, zustand: Zustand, auftrag: Auftrag | None = None
    ) -> None:
        ursprung = f"http://{self.headers['Host']}"
        fertig = richte_her(html, name, zustand, ursprung, self._zu_lesen(auftrag) if auftrag else "")
        self._sende(status, ARTEN[".html"], fertig.encode("utf-8"))

    def _datei(self, name: str, pfad: Path) -> None:
        if gehoert := self.server.werkstatt.daneben(name):
            auftrag, form = gehoert
            if fehler := self.server.werkstatt.drucke(f"{auftrag.ziel}.html", form):
                zustand = Zustand(form, tuple(fehler), False)
                text = f"Der Bericht als {WEITERE[form].name} kommt nicht zustande."
                html = warteseite(auftrag.titel, text)
                return self._html(HTTPStatus.INTERNAL_SERVER_ERROR, name, html, zustand)
        elif name.startswith("pagefind/pagefind"):
            self.server.werkstatt.suche()
        art = medienart(pfad)
        try:
            return self._sende(HTTPStatus.OK, art, pfad.read_bytes())
        except OSError:
            return self._text(HTTPStatus.NOT_FOUND, "Diese Datei gibt es in der Vorschau nicht.")

    def _zustaende(self, name: str) -> None:
        """Server-Sent Events: der Zustand der Seite, jedes Mal wenn er sich ändert."""
        self.close_connection = True
        self._kopf(HTTPStatus.OK, "text/event-stream; charset=utf-8", None)
        if self.command == "HEAD":
            return
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

    def _sende(self, status: HTTPStatus, art: str, inhalt: bytes, **kopf: str) -> None:
        self._kopf(status, art, len(inhalt), **kopf)
        if self.command != "HEAD":
            self.wfile.write(inhalt)

    def _kopf(self, status: HTTPStatus, art: str, laenge: int | None, **kopf: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", art)
        if laenge is not None:
            self.send_header("Content-Length", str(laenge))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, wert in kopf.items():
            self.send_header(name, wert)
        self.end_headers()


def _gespeichert(zahlen: Mapping[str, int]) -> str:
    """Was mit den Haken geschah; leer, solange nichts gespeichert wurde."""
    if "anders" not in zahlen:
        return ""
    wohin = [f"{zahlen[was]} {was}" for was in ("gesetzt", "genommen") if zahlen.get(was)]
    satz = f"Gespeichert: {' und '.join(wohin) or 'nichts geändert'}."
    anders = f" {zahlen['anders']} Haken verfallen, weil sich ihr Satz inzwischen geändert hat."
    return satz + anders * bool(zahlen["anders"])


def medienart(pfad: Path) -> str:
    """Womit der Browser die Datei öffnet; was niemand kennt, lädt er herunter."""
    bekannt, gepackt = mimetypes.MimeTypes().guess_type(pfad.name)
    sonst = bekannt if bekannt and not gepackt else "application/octet-stream"
    return ARTEN.get(pfad.suffix.lower(), sonst)


def _als_json(zustand: Zustand) -> str:
    inhalt = {
        "fassung": zustand.fassung,
        "fehler": meldungen(zustand.meldungen),
        "stand": stand(zustand),
    }
    return json.dumps(inhalt, ensure_ascii=False)


def richte_her(html: str, seite: str, zustand: Zustand, ursprung: str, lesen: str = "") -> str:
    """Die Seite mit Skript und Meldungen; ``ursprung`` ist ``http://127.0.0.1:8765``, ``lesen`` ein Link.

    An der veröffentlichten Fassung ändert sich nichts: eingesetzt wird erst beim Ausliefern.
    """
    html = _RICHTLINIE.sub(lambda f: f"{f[1]}{escape(oeffne(unescape(f[2]), ursprung))}{f[3]}", html, count=1)
    kopf = (
        f'<link rel="stylesheet" href="{STIL}">\n<script src="{SKRIPT}" data-seite="{escape(seite)}" '
        f'data-fassung="{escape(zustand.fassung)}" defer></script>\n</head>'
    )
    return html.replace("</head>", kopf, 1).replace("</body>", f"{rahmen(zustand, lesen)}</body>", 1)


def oeffne(richtlinie: str, ursprung: str) -> str:
    """Erlaubt zusätzlich genau das Skript der Vorschau und seine eine Verbindung, sonst nichts."""
    erlaubt = {"script-src": f"{ursprung}{SKRIPT}", "connect-src": f"{ursprung}{EREIGNISSE}"}
    teile: dict[str, str] = {}
    for angabe in filter(None, (a.strip() for a in richtlinie.split(";"))):
        name, _, werte = angabe.partition(" ")
        teile[name] = werte
    for name, adresse in erlaubt.items():
        bisher = teile.get(name, "").replace("'none'", "").strip()
        teile[name] = f"{bisher} {adresse}".strip()
    return "; ".join(f"{name} {werte}".strip() for name, werte in teile.items())


def rahmen(zustand: Zustand, lesen: str = "") -> str:
    """Der Bereich der Vorschau am Ende der Seite; leer, solange alles gelungen und nichts zu lesen ist."""
    zettel = f'<p id="bw-vorschau-lesen">{lesen}</p>' if lesen else ""
    return (
        f'<aside id="bw-vorschau" aria-label="Vorschau">{zettel}'
        f'<div id="bw-vorschau-fehler" role="alert">{meldungen(zustand.meldungen)}</div>'
        f'<p id="bw-vorschau-stand" role="status">{stand(zustand)}</p></aside>\n'
    )


def stand(zustand: Zustand) -> str:
    """Ein Satz, solange an der Seite gearbeitet wird."""
    return "Wird neu gesetzt …" if zustand.arbeitet else ""


def meldungen(liste: Sequence[Meldung]) -> str:
    """Alle Befunde als HTML, Fehler zuerst: was, wo, warum, was als Nächstes zu tun ist."""
    if not liste:
        return ""
    fehler = [m for m in liste if m.stufe is Stufe.FEHLER]
    hinweise = [m for m in liste if m.stufe is not Stufe.FEHLER]
    teile = ['<div class="bw-vorschau-meldungen" tabindex="0">']
    if fehler:
        anzahl = "Ein Fehler" if len(fehler) == 1 else f"{len(fehler)} Fehler"
        satz = "Die Seite zeigt den letzten gelungenen Stand und erneuert sich, sobald"
        titel = f"{anzahl}. {satz} der Fehler behoben und gespeichert ist."
        teile += [f'<p class="bw-vorschau-titel">{titel}</p>', *_liste(fehler)]
    if hinweise:
        anzahl = "Ein Hinweis" if len(hinweise) == 1 else f"{len(hinweise)} Hinweise"
        zu = f'<summary class="bw-vorschau-titel">{anzahl} zu den Texten dieser Seite</summary>'
        teile += ["<details>", zu, *_liste(hinweise), "</details>"]  # zugeklappt: gelesen wird der Bericht
    return "\n".join([*teile[:-1], f"{teile[-1]}</div>"])


def _liste(befunde: Sequence[Meldung]) -> list[str]:
    return ['<ol class="bw-vorschau-liste">', *(_meldung(m) for m in befunde), "</ol>"]


def _meldung(m: Meldung) -> str:
    stelle = [f"<code>{escape(m.stelle)}</code>"] if m.stelle else []
    return f"<li>{'<br>'.join([f'<strong>{escape(m.text)}</strong>', *stelle, *map(escape, m.rat)])}</li>"


def warteseite(titel: str, text: str) -> str:
    """Eine Seite, die noch nicht gesetzt ist: sie lädt sich selbst, sobald es so weit ist."""
    return (
        '<!DOCTYPE html>\n<html lang="de-DE">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; "
        "base-uri 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(titel)} – Vorschau</title>\n</head>\n"
        f'<body class="bw-vorschau-warten">\n<main><h1>{escape(titel)}</h1><p>{escape(text)}</p>'
        '<p><a href="/index.html">Zur Startseite</a></p></main>\n</body>\n</html>\n'
    )


PORT = 8765
"""Der übliche Port; ist er belegt, nimmt die Vorschau einen der nächsten."""
_AUSWEICHEN = 20


class PortBelegt(Befundart):
    kennung = "vorschau-port"
    text = "Der Port {port} auf {adresse} lässt sich nicht benutzen."
    ursache = "{grund}"
    abhilfe = "Beenden Sie das andere Programm oder nennen Sie einen anderen Port, z. B. --port 9000."


class Vorschau:
    """Ein laufender Dienst für ein Projekt; als Kontextmanager zu benutzen.

    ``port=None`` nimmt 8765 oder den nächsten freien, 0 irgendeinen freien.

    Raises:
        BerichtswerkFehler: unbekannter Bericht, belegter Port oder kein Schreibrecht.
    """

    def __init__(
        self,
        projekt: Projekt,
        name: str = "",
        *,
        port: int | None = None,
        abfragen: bool = False,
        melder: Melder = lambda *_: None,
    ) -> None:
        gewaehlt = plane(projekt).waehle([name] if name else [])
        self._vorrang = [a.stamm for a in gewaehlt] if name else []
        self._anfang = f"{gewaehlt[0].ziel}.html" if name else "index.html"
        self._bau = _bauplatz(projekt)
        try:
            self.werkstatt = Werkstatt(projekt, self._bau, melder)
            try:
                self.dienst = _binde(port, self.werkstatt)
            except BaseException:
                self.werkstatt.beende()
                raise
        except BaseException:
            shutil.rmtree(self._bau, ignore_errors=True)
            raise
        self.wache = Wache(projekt, lambda p: self.werkstatt.nimm(wirkung(projekt, p)), abfragen=abfragen)
        self._faden = threading.Thread(target=self.dienst.serve_forever, args=(0.1,), daemon=True)

    @property
    def adresse(self) -> str:
        """Wo die Vorschau beginnt: der verlangte Bericht, sonst die Startseite."""
        return f"{self.dienst.ursprung}/{self._anfang}"

    def __enter__(self) -> Vorschau:
        self._faden.start()
        self.wache.beginne()
        self.werkstatt.beginne(self._vorrang)
        return self

    def __exit__(
        self, art: type[BaseException] | None, fehler: BaseException | None, spur: TracebackType | None
    ) -> None:
        self.wache.beende()
        self.werkstatt.beende()  # weckt auch, wer auf einen neuen Zustand wartet
        self.dienst.shutdown()
        self.dienst.server_close()
        self._faden.join(5)
        shutil.rmtree(self._bau, ignore_errors=True)


def _bauplatz(projekt: Projekt) -> Path:
    """Ein eigener Ordner je Vorschau; was eine abgebrochene hinterließ, verschwindet."""
    oben = projekt.arbeit / "vorschau"
    bau = oben / f"{os.getpid()}@{platform.node()}"
    try:
        for alt in oben.glob("*"):
            if alt.name.endswith(f"@{platform.node()}") and not lebt(alt.name.partition("@")[0]):
                shutil.rmtree(alt, ignore_errors=True)
        shutil.rmtree(bau, ignore_errors=True)
        bau.mkdir(parents=True)
    except OSError as fehler:
        befund = OrdnerNichtBeschreibbar.melde(datei=str(projekt.wurzel), grund=warum(fehler))
        raise BerichtswerkFehler(befund) from fehler
    return bau


def _binde(port: int | None, werkstatt: Werkstatt) -> Dienst:
    versuche: Sequence[int] = range(PORT, PORT + _AUSWEICHEN) if port is None else [port]
    for versuch in versuche:
        try:
            return Dienst(versuch, werkstatt)
        except OSError as fehler:
            if fehler.errno != errno.EADDRINUSE:
                verboten = isinstance(fehler, PermissionError)
                grund = "Das Betriebssystem erlaubt es nicht." if verboten else f"{warum(fehler)}."
                raise BerichtswerkFehler(
                    PortBelegt.melde(port=versuch, adresse=ADRESSE, grund=grund)
                ) from fehler
    genannt = versuche[0] if len(versuche) == 1 else f"{versuche[0]} bis {versuche[-1]}"
    grund = "Ein anderes Programm benutzt ihn, vielleicht eine zweite Vorschau."
    raise BerichtswerkFehler(PortBelegt.melde(port=genannt, adresse=ADRESSE, grund=grund))


def zeige(projekt: Projekt, name: str, port: int | None, *, browser: bool, abfragen: bool) -> None:
    """Läuft, bis Strg+C kommt, und sagt im Terminal, was gesetzt ist."""
    ende = threading.Event()
    for nummer in (signal.SIGINT, signal.SIGTERM):
        signal.signal(nummer, lambda *_: ende.set())
    with Vorschau(projekt, name, port=port, abfragen=abfragen, melder=_melde) as vorschau:
        print(f"Vorschau: {vorschau.adresse}", flush=True)
        print("Speichern genügt, die Seite erneuert sich. Beenden mit Strg+C.", flush=True)
        # ohne Bildschirm nähme ein Browser für das Terminal dieses in Beschlag
        bildschirm = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if browser and (sys.platform != "linux" or bildschirm):
            webbrowser.open(vorschau.adresse)
        while not ende.wait(0.5):  # mit Frist, sonst käme Strg+C unter Windows nicht an
            pass
    print("Vorschau beendet.", flush=True)


def _melde(seite: str, sekunden: float, befunde: tuple[Meldung, ...]) -> None:
    liste = Meldungen(list(befunde))
    if liste.fehler:
        print(f"gescheitert: {seite}", flush=True)
    else:
        print(f"gesetzt: {seite} ({schreibe(sekunden, 1)} Sekunden)", flush=True)
    if befunde:
        print(f"\n{liste.als_text()}\n", file=sys.stderr, flush=True)
