"""Eine gesetzte Seite für die Vorschau herrichten: Skript, Meldungen, und die Richtlinie nur dafür öffnen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

from berichtswerk.grund.meldung import Meldung
from berichtswerk.vorschau.werkstatt import Zustand

VORSILBE = "/_vorschau/"
SKRIPT = f"{VORSILBE}skript.js"
STIL = f"{VORSILBE}stil.css"
EREIGNISSE = f"{VORSILBE}zustand"

_RICHTLINIE = re.compile(
    r'(<meta http-equiv="Content-Security-Policy"(?: data-berichtswerk)? content=")([^"]*)(">)'
)


def richte_her(html: str, seite: str, zustand: Zustand, ursprung: str) -> str:
    """Die Seite mit Skript und Meldungen; ``ursprung`` ist ``http://127.0.0.1:8765``.

    An der veröffentlichten Fassung ändert sich nichts: eingesetzt wird erst beim Ausliefern.
    """
    html = _RICHTLINIE.sub(lambda f: f"{f[1]}{escape(oeffne(unescape(f[2]), ursprung))}{f[3]}", html, count=1)
    kopf = (
        f'<link rel="stylesheet" href="{STIL}">\n<script src="{SKRIPT}" data-seite="{escape(seite)}" '
        f'data-fassung="{escape(zustand.fassung)}" defer></script>\n</head>'
    )
    return html.replace("</head>", kopf, 1).replace("</body>", f"{rahmen(zustand)}</body>", 1)


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


def rahmen(zustand: Zustand) -> str:
    """Der Bereich der Vorschau am Ende der Seite; leer, solange alles gelungen ist."""
    return (
        '<aside id="bw-vorschau" aria-label="Vorschau">'
        f'<div id="bw-vorschau-fehler" role="alert">{meldungen(zustand.meldungen)}</div>'
        f'<p id="bw-vorschau-stand" role="status">{stand(zustand)}</p></aside>\n'
    )


def stand(zustand: Zustand) -> str:
    """Ein Satz, solange an der Seite gearbeitet wird."""
    return "Wird neu gesetzt …" if zustand.arbeitet else ""


def meldungen(liste: Sequence[Meldung]) -> str:
    """Alle Fehler als HTML: was, wo, warum, was als Nächstes zu tun ist."""
    if not liste:
        return ""
    anzahl = "Ein Fehler" if len(liste) == 1 else f"{len(liste)} Fehler"
    teile = [
        '<div class="bw-vorschau-meldungen" tabindex="0">',
        f'<p class="bw-vorschau-titel">{anzahl}. Die Seite zeigt den letzten gelungenen Stand und '
        "erneuert sich, sobald der Fehler behoben und gespeichert ist.</p>",
        '<ol class="bw-vorschau-liste">',
        *(_meldung(m) for m in liste),
        "</ol></div>",
    ]
    return "\n".join(teile)


def _meldung(m: Meldung) -> str:
    stelle = ", ".join(t for t in (m.datei, m.ort, f"Feld „{m.feld}“" if m.feld else "") if t)
    zeilen = [f"<strong>{escape(m.text)}</strong>"]
    if stelle:
        zeilen.append(f"<code>{escape(stelle)}</code>")
    zeilen += [f"{name}: {escape(t)}" for name, t in (("Ursache", m.ursache), ("Abhilfe", m.abhilfe)) if t]
    return f"<li>{'<br>'.join(zeilen)}</li>"


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
