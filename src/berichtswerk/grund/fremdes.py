"""Was Menschen zum Veröffentlichen hergeben: welche Adressen und welche SVG-Dateien das sein dürfen.

Dazu, was fremde Bibliotheken nicht zu laden brauchen.
"""

from __future__ import annotations

import re
import sys
from html import escape
from xml.parsers import expat

SCHEMATA = frozenset({"https", "http", "mailto", "tel"})
_SCHEMA = re.compile(r"([^/?#]*):")
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_TIEFE, _HOECHSTENS = 200, 200_000
_VERBOTEN = {
    "script": "Skripte", "foreignobject": "HTML (foreignObject)", "iframe": "fremde Inhalte",
    "object": "fremde Inhalte", "embed": "fremde Inhalte", "audio": "fremde Inhalte",
    "video": "fremde Inhalte", "handler": "Skripte", "listener": "Skripte", "animate": "Bewegung",
    "set": "Bewegung", "animatemotion": "Bewegung", "animatetransform": "Bewegung",
    "animatecolor": "Bewegung", "discard": "Bewegung", "feimage": "fremde Bilder",
}  # fmt: skip
_EINGEBETTET = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_ORT = re.compile(r"url\(\s*([\"']?)#[\w:.-]+\1\s*\)")
_CSS = re.compile(r"@|\\|url\s*\(|image(-set)?\s*\(|src\s*\(|expression\s*\(|behavior|-moz-binding", re.I)
_CSS_KOMMENTAR = re.compile(r"/\*.*?(\*/|\Z)", re.S)


def adresse_verboten(adresse: str) -> str:
    """Warum ein Link nicht sein darf, in einem Satz; leer, wenn er darf (:data:`SCHEMATA`, relativ)."""
    if not adresse.isprintable():
        return "Die Adresse enthält ein unsichtbares Zeichen."
    if re.match(r"[/\\]{2}|\\", adresse.lstrip()):
        return "Die Adresse nennt einen anderen Rechner ohne https."
    schema = _SCHEMA.match(adresse)
    if schema and schema[1].lower() not in SCHEMATA:
        return "Erlaubt sind Adressen mit https, http, mailto und tel sowie Verweise innerhalb der Website."
    if schema and "@" in re.split(r"[/?#]", adresse[schema.end() :].lstrip("/"), maxsplit=1)[0]:
        return "" if schema[1].lower() == "mailto" else "Die Adresse enthält einen Benutzernamen."
    return ""


def webadresse(text: str) -> str:
    """Prüft für Beschreibungen eine vollständige Adresse; leer und „[noch offen]“ gelten.

    Raises:
        ValueError: mit Grund und nächstem Schritt.
    """
    if text and not re.fullmatch(r"\[[^\[\]]*\]", text):
        fremd = re.search(r"[\s<>()\[\]\"'`{}|\\^]", text) or not re.match(r"https?://[^/]*\w", text)
        if fremd or adresse_verboten(text):
            raise ValueError(
                f"„{text}“ ist keine Webadresse. || Schreiben Sie sie vollständig und ohne Leerzeichen und "
                "Klammern, z. B. https://www.example.org/seite."
            )
    return text


def mailadresse(text: str) -> str:
    """Prüft für Beschreibungen eine E-Mail-Adresse; leer und „[noch offen]“ gelten.

    Raises:
        ValueError: mit Grund und nächstem Schritt.
    """
    if text and not re.fullmatch(r"\[[^\[\]]*\]|[\w.+-]+@[\w-]+(\.[\w-]+)+", text):
        raise ValueError(f"„{text}“ ist keine E-Mail-Adresse. || Schreiben Sie sie wie amt@kreis.example.")
    return text


def attribut(text: str) -> str:
    """Ein Wert für XML in Anführungszeichen; ``xml.sax.saxutils`` lüde dafür erst das halbe Netz."""
    return f'"{escape(text)}"'.replace("\n", "&#10;").replace("\t", "&#9;")


class _Gefunden(Exception):
    """Mehr muss man von der Datei nicht wissen."""


class _Pruefer:
    """Ein Gang durch eine SVG-Datei mit expat: nichts wird aufgelöst, nichts geladen."""

    def __init__(self) -> None:
        self.im_stil = False
        self.stil: list[str] = []
        self.offen: list[str] = []
        """die Kennungen der offenen Elemente"""
        self.umfang: dict[str, int] = {}
        """#Kennung → so viele Elemente stehen da, wo sie gezeigt wird"""

    def gefahr(self, roh: bytes) -> str:
        leser = expat.ParserCreate(namespace_separator=" ")
        leser.buffer_text = True
        leser.StartElementHandler, leser.EndElementHandler = self._beginn, self._ende
        leser.CharacterDataHandler = self._text
        leser.EntityDeclHandler = lambda *_: self._melde("eigene Abkürzungen (ENTITY)")
        leser.ProcessingInstructionHandler = lambda *_: self._melde("eine Anweisung an Programme (<?…?>)")
        try:
            leser.Parse(roh, True)
        except _Gefunden as fund:
            return str(fund)
        except expat.ExpatError as fehler:
            return f"etwas, das kein XML ist (Zeile {fehler.lineno})"
        except ValueError:  # eine Kodierung, die es nicht gibt
            return "eine unbekannte Kodierung"
        return ""

    def _melde(self, was: str) -> None:
        raise _Gefunden(was)

    def _beginn(self, name: str, attribute: dict[str, str]) -> None:
        raum, _, art = name.rpartition(" ")
        self.offen.append(attribute.get("id", ""))
        if len(self.offen) == 1 and (raum, art) != (_SVG, "svg"):
            self._melde("kein <svg> als Ganzes")
        if len(self.offen) > _TIEFE:
            self._melde("zu viele Ebenen")
        if art.lower() in _VERBOTEN or raum.endswith("/xhtml"):
            self._melde(_VERBOTEN.get(art.lower(), "HTML"))
        if self.im_stil:
            self._melde("Elemente in Stilangaben")
        self.im_stil = art.lower() == "style"
        self.stil.clear()
        for voll, wert in attribute.items():
            self._attribut(voll, wert, art.lower())
        kopiert = attribute.get("href", attribute.get(f"{_XLINK} href", "")) if art == "use" else ""
        mehr = max(1, self.umfang.get(kopiert, 0))
        for kennung in {f"#{k}" for k in self.offen}:
            self.umfang[kennung] = self.umfang.get(kennung, 0) + mehr
            if self.umfang[kennung] > _HOECHSTENS:
                self._melde("zu viele Elemente")

    def _attribut(self, voll: str, wert: str, element: str) -> None:
        raum, _, name = voll.rpartition(" ")
        name = name.lower()
        if name.startswith("on"):
            self._melde(f"Skripte ({name})")
        elif name in {"href", "src"} and raum in {"", _XLINK}:
            bild = element == "image" and _EINGEBETTET.fullmatch(wert)
            if not wert.strip().startswith("#") and not bild:
                self._melde(f"einen Verweis nach außen ({wert.strip()[:40]})")
        elif name == "base":
            self._melde("einen Verweis nach außen (xml:base)")
        elif name == "style":
            self._pruefe_stil(wert)
        elif "url" in wert.lower() and re.search(r"url\s*\(", _ORT.sub("", wert), re.I):
            self._melde(f"einen Verweis nach außen ({wert.strip()[:40]})")
        elif re.search(r"(java|vb)script:", wert, re.I) or ("(" in wert and "\\" in wert):
            self._melde("Skripte")

    def _pruefe_stil(self, css: str) -> None:
        if _CSS.search(_ORT.sub("", _CSS_KOMMENTAR.sub("", css))):
            self._melde("Stilangaben, die etwas nachladen (url, @import, @font-face)")

    def _text(self, text: str) -> None:
        if self.im_stil:
            self.stil.append(text)

    def _ende(self, name: str) -> None:
        self.offen.pop()
        if self.im_stil:
            self._pruefe_stil("".join(self.stil))
        self.im_stil = False


def svg_verboten(roh: bytes) -> str:
    """Was an einer SVG-Datei nicht veröffentlicht werden darf, in Worten; leer, wenn sie unbedenklich ist.

    Unbedenklich ist, was nur zeichnet: ohne Skripte, Bewegung, HTML, Verweise nach außen und Entitäten.
    """
    return _Pruefer().gefahr(roh)


def bereinigt(roh: bytes) -> bytes:
    """Eine unbedenkliche SVG-Datei ohne Kommentare und ohne Angaben des Zeichenprogramms (Namen, Pfade)."""
    from lxml import etree

    leser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    wurzel = etree.fromstring(roh, leser)
    for teil in list(wurzel.iter()):
        name = etree.QName(teil)
        if name.namespace != _SVG or name.localname == "metadata":
            if (eltern := teil.getparent()) is not None:
                eltern.remove(teil)
            continue
        for angabe in list(teil.attrib):
            raum = etree.QName(angabe).namespace
            if raum not in (None, _XLINK, "http://www.w3.org/XML/1998/namespace"):
                del teil.attrib[angabe]
    etree.cleanup_namespaces(wurzel)
    return bytes(etree.tostring(wurzel, encoding="utf-8"))


def ohne_sprachlehre() -> None:
    """Erspart ``jsonschema`` 38 Grammatiken für Webadressen: eine Sekunde, die hier niemand braucht.

    ``rfc3987_syntax`` und ``isoduration`` prüfen nur die Formate „iri“ und „duration“; fehlen sie, lässt
    ``jsonschema`` diese Prüfungen weg.
    """
    for name in ("rfc3987_syntax", "isoduration"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
