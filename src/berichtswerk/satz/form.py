"""Die Form eines Textes, wie er in der Datei steht: was offen blieb, verschwände oder wörtlich dastünde.

pandoc nimmt jeden Text an und rät; was es dabei verschluckt, sagt es nicht. Hier wird Zeile für Zeile
nachgesehen, mit der Zeilennummer der Datei, die ein Mensch geschrieben hat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from berichtswerk.grund.meldung import Befundart, Meldung, Stufe

_KOMMENTAR = re.compile(r"<!--.*?-->", re.S)
_CODE = re.compile(r"(?<!\\)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)")
_BINDUNG = re.compile(r"\{\{.*?\}\}")
_ESCAPE = re.compile(r"\\[^\w\s]")
_ZAUN = re.compile(r"^ {0,3}(`{3,}(?!.*`)|~{3,})")
_RAHMEN = re.compile(r"^ {0,3}:{3,}[ \t]*(?P<art>(?:\{[^{}]*\}|[^\s{}]+)?)[ \t]*:*[ \t]*$")
_LISTENZEICHEN = re.compile(r"^\s*(?:(?:[-+*]|\d+[.)])[ \t]+)+(?=:::)")
_RAND = r"^(?:[ \t>]|[-+*:~][ \t]|\d+[.)][ \t])*"
"""Zitat und Liste, in denen eine Zeile stehen kann."""
_NOTE = re.compile(_RAND + r"\[\^(?P<id>[^\]\s]+)\]:")
_NOTENZEICHEN = re.compile(r"(?<!\\)\[\^(?P<id>[^\]\s]+)\](?!:)")
_NOTE_MIT_LUECKE = re.compile(r"(?<!\\)\[\^(?P<id>[^\]\s]+[ \t][^\]]*)\]")
_LINK_LUECKE = re.compile(
    r"\[[^\[\]]+\] +\((?:https?:|[\w./-]+\.(?:pdf|html?|ipynb|qmd|csv|xlsx|md)\b)[^\s)]*\)"
)
_LINK_LEER = re.compile(r"(?<!!)\[[ \t]*\]\([^)\s]+\)")
_LINK_ZIELLOS = re.compile(r"\[[^\[\]]+\]\([ \t]*(?:<[ \t]*>)?[ \t]*\)")
_KLAMMERFORMEL = re.compile(r"\\\(.*?\\\)", re.S)
_AUFZAEHLUNG = re.compile(r"^ {0,3}(?:[•‣▪●○◦·]\s*|[–—]\s+)\S")
_PUNKT = re.compile(r"^ {0,3}-(?P<luecke>\s+)?(?=[^\W\d_])")
_VERTAUSCHT = re.compile("Ã[\u0080-\u00bf„“”–Œœ‚Ÿ¼¶¤]|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf™œž“”¦]")
_ZIEL = re.compile(_RAND + r"\[(?P<id>(?!\^)[^\]]+)\]:[ \t]*\S")
_TRENNZEILE = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_KOPF = re.compile(r"^ {0,3}(?P<raute>#{1,6})(?P<luecke>[ \t]*)(?P<titel>\S.*)$")
_KOPF_LEER = re.compile(r"^ {0,3}(?P<raute>#{1,6})[ \t]*(?:\{[^}]*\})?[ \t]*$")
_ZITAT = re.compile(r"^(?: {0,3}> ?)+")
_UNSICHTBAR = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
)
_EINZELSTERN = re.compile(r"(?<=[^*\s])\*(?!\*)|(?<!\*)\*(?![*\s])")
_BETONUNG = (
    re.compile(r"(?:^|(?<=[\s(„]))\*(?=[^\W\d_]{2})(?P<rest>(?:(?!(?<=[^\s*])\*).)*)\Z", re.S | re.M),
    re.compile(r"(?:^|(?<=[\s(„]))_(?=[^\W\d_]{2})(?P<rest>(?:(?!(?<=[^\s_])_(?!\w)).)*)\Z", re.S | re.M),
)
"""Ein Stern oder Strich vor einem Wort, dem bis zum Ende des Absatzes keiner hinter einem Wort folgt."""
_TILDEN = re.compile(r"(?<!~)~~(?!~)")
_STERN = re.compile(r"(?<=[^\W\d_])\*(?=[a-zäöüß]{2})")
_STEUERUNG = re.compile(r"\{\{\s*(?:wenn\b[^}]*|sonst|ende)\s*\}\}")

VERRAETERISCH = re.compile(
    r"\[?Text der Planung\]?|\[?vor (?:der )?Veröffentlichung (?:noch )?(?:eintragen|prüfen|ergänzen)\]?"
    r"|\b(?:TODO|T[Oo]-?[Dd][Oo]|todo|FIXME|TBD|tbd|t\.\s?b\.\s?d\.)(?!\w)|\b[Xx]{2,}\b|(?<![\w.])x{2,}"
    r"(?=\s*[%€])"
    r"|\bLorem ipsum\b"
    r"|\[(?:noch )?(?:offen|ergänzen|eintragen|einfügen|prüfen|folgt|Platzhalter)[^\]]{0,40}\]"
    r"|\[[^\]\n]{0,40}(?:einsetzen|eintragen|einfügen|ergänzen|nachtragen)\](?!\()"
    r"|\((?:wird|werden) (?:noch )?(?:ergänzt|nachgetragen|eingefügt|geprüft)\)"
    r"|\b(?:Text|Inhalt) folgt\b(?=\.?\s*$)"
    r"|\?{3,}|@{3,}|…{2,}|_{4,}"
)
"""Worte, die ein veröffentlichter Bericht nicht tragen darf."""
FREI = frozenset({"entwurf", "beispiel"})
"""Status, in denen noch geschrieben wird; mit jedem anderen ist ein verräterisches Wort ein Fehler."""


class RahmenOffen(Befundart):
    kennung = "satz-rahmen-offen"
    text = "Der Kasten „{was}“ wird nicht geschlossen."
    ursache = "Alles, was folgt, rutschte hinein."
    abhilfe = "Hinter den Kasten eine Zeile mit ::: setzen."


class RahmenEnde(RahmenOffen):
    text = "Hier endet ein Kasten, der nirgends beginnt."
    ursache = "Weiter oben fehlt eine Zeile wie ::: {{.callout-note}}, oder der Kasten ist schon zu."
    abhilfe = "Die Zeile löschen oder den Anfang des Kastens ergänzen."


class RahmenZeile(Befundart):
    kennung = "satz-leerzeile"
    text = "Vor „{was}“ fehlt eine Leerzeile."
    ursache = "So gehört die Zeile zum Absatz davor und stünde wörtlich im Bericht."
    abhilfe = "Eine leere Zeile davor setzen."


class ZaunOffen(Befundart):
    kennung = "satz-zaun-offen"
    text = "Der Block „{was}“ wird nicht geschlossen."
    ursache = "Zu den drei Zeichen am Anfang fehlen dieselben am Ende."
    abhilfe = "Hinter den Block eine Zeile mit {was} setzen."


class KlammerOffen(Befundart):
    kennung = "satz-klammer-offen"
    text = "Die eckige Klammer bei „{was}“ hat kein Gegenstück."
    ursache = "Sie stünde wörtlich im Bericht, und ein Link oder eine Fußnote käme nicht zustande."
    abhilfe = "Die Klammer schließen; ist sie gemeint, als \\[ oder \\] schreiben."


class LinkOffen(Befundart):
    kennung = "satz-link-offen"
    text = "Der Link „{was}“ wird nicht geschlossen."
    ursache = "Nach der Adresse fehlt die runde Klammer, oder in der Adresse steht ein Leerzeichen."
    abhilfe = "Schreiben Sie [Text](adresse); ein Leerzeichen in der Adresse als %20."


class LinkLuecke(LinkOffen):
    text = "„{was}“ ist kein Link: zwischen den Klammern steht ein Leerzeichen."
    ursache = "Text und Adresse eines Links stehen ohne Abstand hintereinander."
    abhilfe = "Das Leerzeichen zwischen ] und ( löschen."


class LinkLeer(LinkOffen):
    text = "Der Link „{was}“ hat keinen Text."
    ursache = "Niemand sähe ihn, und Vorleseprogramme läsen nur die Adresse."
    abhilfe = "Zwischen die eckigen Klammern schreiben, wohin er führt."


class LinkZiellos(LinkOffen):
    text = "Der Link „{was}“ hat keine Adresse."
    ursache = "Zwischen den runden Klammern steht nichts; wer klickt, bliebe auf der Seite."
    abhilfe = "Die Adresse ergänzen oder die Klammern löschen."


class KlammerFormel(Befundart):
    kennung = "satz-formel-klammer"
    text = "Eine Formel im Text wird nicht gesetzt: {was}"
    ursache = "Sie stünde als „{was}“ mit ihren Zeichen da; im PDF hätte sie keinen Alternativtext."
    abhilfe = "Schreiben Sie sie in Worten oder mit Hoch- und Tiefgestelltem: m^2^, CO~2~."


class PunktForm(Befundart):
    kennung = "satz-punkt-form"
    text = "Diese Zeile wäre kein Punkt einer Liste: {was}"
    ursache = "Punkte beginnen mit „- “ und einem Leerzeichen; so liefen sie im Absatz hintereinander."
    abhilfe = "Am Anfang der Zeile „- “ schreiben, vor dem ersten Punkt eine leere Zeile."


class FussnoteFehlt(Befundart):
    kennung = "satz-fussnote-fehlt"
    text = "Zur Fußnote [^{was}] fehlt der Wortlaut."
    ursache = "Fußnoten gelten in ihrer Datei; in dieser beginnt keine Zeile mit [^{was}]:."
    abhilfe = "Den Wortlaut auf einer eigenen Zeile ergänzen, mit einer Leerzeile davor: [^{was}]: …"


class FussnoteLeer(FussnoteFehlt):
    text = "Die Fußnote [^{was}] ist leer."
    ursache = "Hinter dem Doppelpunkt steht nichts; der nächste Absatz würde zur Fußnote."
    abhilfe = "Den Wortlaut hinter den Doppelpunkt schreiben, in dieselbe Zeile."


class FussnoteUnbenutzt(Befundart):
    kennung = "satz-fussnote-unbenutzt"
    text = "Die Fußnote [^{was}] nennt niemand; ihr Wortlaut fehlt im Bericht."
    ursache = "Im Text dieser Datei steht nirgends [^{was}]."
    abhilfe = "Im Text [^{was}] setzen oder die Fußnote löschen."


class FussnoteDoppelt(Befundart):
    kennung = "satz-fussnote-doppelt"
    text = "Die Fußnote [^{was}] steht zweimal in dieser Datei."
    ursache = "Gezeigt würde nur der zweite Wortlaut."
    abhilfe = "Der zweiten einen anderen Namen geben."


class LinkzielFehlt(Befundart):
    kennung = "satz-linkziel-fehlt"
    text = "Zu „{was}“ fehlt das Ziel."
    ursache = "Keine Zeile dieser Datei beginnt mit diesem Namen in eckigen Klammern und einem Doppelpunkt."
    abhilfe = "Schreiben Sie [Text](adresse)."


class LinkzielUnbenutzt(Befundart):
    kennung = "satz-linkziel-unbenutzt"
    text = "Die Zeile „[{was}]: …“ verschwände: niemand verweist auf sie."
    ursache = "So geschrieben ist sie das Ziel eines Links [Text][{was}], kein Absatz."
    abhilfe = "Den Link ergänzen, oder \\[{was}] schreiben, wenn es Text ist."


class LinkzielDoppelt(Befundart):
    kennung = "satz-linkziel-doppelt"
    text = "Das Ziel „[{was}]: …“ steht zweimal in dieser Datei."
    ursache = "Alle Links dieses Namens führten zur ersten Adresse."
    abhilfe = "Dem zweiten einen anderen Namen geben."


class TabelleForm(Befundart):
    kennung = "satz-tabelle-form"
    text = "Diese Zeilen sehen aus wie eine Tabelle und wären keine: {was}"
    ursache = "Unter der Kopfzeile fehlt die Trennzeile, oder vor der Tabelle fehlt eine Leerzeile."
    abhilfe = "Unter die Kopfzeile |---|---| setzen (je Spalte ein Fach), davor eine Leerzeile."


class TabelleFach(Befundart):
    kennung = "satz-tabelle-fach"
    text = "Diese Tabellenzeile hat {was}; was darüber hinausgeht, fehlte im Bericht."
    ursache = "Die Trennzeile unter dem Kopf bestimmt, wie viele Spalten die Tabelle hat."
    abhilfe = "Trennzeile und Kopf ergänzen; ein gemeintes | als \\| schreiben."


class TabelleKopf(Befundart):
    kennung = "satz-tabelle-kopf"
    text = "Eine Tabelle hat keine Kopfzeile: {was}"
    ursache = "Ohne sie sagen Vorleseprogramme nicht, was in den Spalten steht."
    abhilfe = "Über die Trennzeile eine Zeile mit den Namen der Spalten setzen."


class KopfForm(Befundart):
    kennung = "satz-kopf-form"
    text = "„{was}“ ist keine Überschrift."
    ursache = "Zwischen Rauten und Text fehlt ein Leerzeichen; die Zeile stünde wörtlich im Bericht."
    abhilfe = "Ein Leerzeichen hinter die Rauten setzen."


class KopfLeer(KopfForm):
    text = "Hinter „{was}“ steht keine Überschrift."
    ursache = "Im Inhaltsverzeichnis stünde eine leere Zeile, und Vorleseprogramme läsen nichts."
    abhilfe = "Den Titel ergänzen oder die Zeile löschen."


class Unsichtbar(Befundart):
    kennung = "satz-zeichen-unsichtbar"
    text = "Hier steht das Zeichen U+{was}, das niemand sieht oder das die Leserichtung umkehrt."
    ursache = "Solche Zeichen kommen mit aus anderen Programmen; U+FFFD steht für ein verlorenes Zeichen."
    abhilfe = "Löschen Sie die Stelle und schreiben Sie sie neu."


class Vertauscht(Befundart):
    kennung = "satz-zeichen-vertauscht"
    text = "„{was}“ ist ein Umlaut oder Sonderzeichen, das beim Kopieren zerbrochen ist."
    ursache = "Ein anderes Programm las UTF-8 als Windows-1252; aus „ä“ wird so „Ã¤“."
    abhilfe = "Schreiben Sie das Wort neu."


class BetonungOffen(Befundart):
    kennung = "satz-betonung-offen"
    text = "Die Betonung bei „{was}“ wird nicht geschlossen."
    ursache = "Das Zeichen stünde wörtlich im Bericht."
    abhilfe = "Dasselbe Zeichen hinter das letzte betonte Wort setzen; ein gemeintes mit \\ davor schreiben."


class TildenOffen(Befundart):
    kennung = "satz-tilde-offen"
    text = "Die Zeichen „{was}“ verschwänden aus dem Bericht."
    ursache = "Zwei Tilden streichen durch, was zwischen ihnen steht; hier fehlt das zweite Paar."
    abhilfe = "Das zweite Paar ergänzen; gemeinte Tilden als \\~ schreiben."


class SternImWort(Befundart):
    kennung = "satz-stern-im-wort"
    text = "Der Stern in „{was}“ würde verschwinden."
    ursache = "Zwei Sterne im selben Absatz sind eine Betonung: was dazwischen steht, wäre kursiv."
    abhilfe = "Den Stern als \\* schreiben: Schüler\\*innen."


class KommentarOffen(Befundart):
    kennung = "satz-kommentar-offen"
    text = "Ein Kommentar wird nicht geschlossen: {was}"
    ursache = "Zu <!-- fehlt -->; der Kommentar stünde im Bericht."
    abhilfe = "Hinter den Kommentar --> setzen."


class KommentarRest(KommentarOffen):
    text = "Hier endet ein Kommentar, der schon zu Ende ist: {was}"
    ursache = "Kommentare stehen nicht ineinander; was hinter dem ersten --> kommt, wäre öffentlich."
    abhilfe = "Das innere <!-- und --> löschen; einen gemeinten Pfeil als → oder \\--> schreiben."


class Vorspann(Befundart):
    kennung = "satz-vorspann"
    text = "Dieser Text beginnt mit einem Vorspann zwischen ---."
    ursache = "Angaben zum Bericht stehen in bericht.yml; hier wären sie Text."
    abhilfe = "Die Zeilen löschen; eine Trennlinie braucht eine Leerzeile darunter."


class Verraeterisch(Befundart):
    kennung = "text-unfertig"
    text = "Hier steht noch „{was}“."
    ursache = "Solche Worte stehen für etwas, das noch fehlt."
    abhilfe = "Ergänzen Sie, was fehlt; mit dem Status „{status}“ {folge}."


Fund = tuple[type[Befundart], int, str]
"""Art, Zeile ab 1, Wortlaut."""


def ohne_kommentare(text: str) -> str:
    """Der Text ohne HTML-Kommentare, denn sie sind nie öffentlich; in Code bleiben sie, was sie sind.

    Steht ein Kommentar allein auf seinen Zeilen, verschwinden sie mit ihm.
    """
    if "<!--" not in text:
        return text
    verdeckt = ohne_code(text)
    teile, ab = [], 0
    for m in _KOMMENTAR.finditer(verdeckt):
        teile.append(text[ab : m.start()])
        allein = m.start() == 0 or text[m.start() - 1] == "\n"
        ab = m.end() + (allein and text[m.end() : m.end() + 1] == "\n")
    return "".join([*teile, text[ab:]])


def pruefe(text: str, datei: str, ort: str, status: str) -> list[Meldung]:
    """Befunde zur Form eines Textes (:func:`funde`) und verräterische Worte; ``ort`` nur bei Zellen."""
    meldungen = [
        art.melde(datei=datei, ort=ort or f"Zeile {zeile}", was=was) for art, zeile, was in funde(text)
    ]
    return [*meldungen, *verrate(text, datei, ort, status)]


def verrate(text: str, datei: str, ort: str, status: str) -> Iterator[Meldung]:
    """Worte, die sagen, dass noch etwas fehlt: Hinweise, solange geschrieben wird, danach Fehler."""
    frei = status in FREI
    folge = "ist das ein Hinweis, veröffentlicht ein Fehler" if frei else "darf es nicht bleiben"
    for zeile, was in unfertiges(text):
        yield Verraeterisch.melde(
            datei=datei, ort=ort or f"Zeile {zeile}", stufe=Stufe.HINWEIS if frei else Stufe.FEHLER,
            was=was, status=status, folge=folge,
        )  # fmt: skip


@lru_cache(maxsize=2000)
def unfertiges(text: str) -> tuple[tuple[int, str], ...]:
    """Zeile und Wort, wo ein Text noch nicht fertig ist; Kommentare zählen nicht."""
    return tuple(
        (nr, m[0])
        for nr, zeile in enumerate(sichtbar(text).splitlines(), 1)
        for m in VERRAETERISCH.finditer(_leer(_BINDUNG, zeile))
    )


def sichtbar(text: str) -> str:
    """Der Text, in dem Kommentare durch Leerzeichen ersetzt sind; jede Zeile behält ihre Nummer."""
    return _leer(_KOMMENTAR, text)


@lru_cache(maxsize=2000)
def funde(text: str) -> tuple[Fund, ...]:
    """Alles, was an der Form nicht stimmt, in der Reihenfolge der Zeilen."""
    verdeckt = ohne_code(text)
    offen = [] if "<!--" not in verdeckt and "-->" not in verdeckt else [*_offener_kommentar(verdeckt)]
    zeilen = _leer(_KOMMENTAR, verdeckt).split("\n")
    alle = [
        *offen, *_zaeune(text.split("\n")), *_vorspann(zeilen), *_rahmen(zeilen), *_noten(zeilen),
        *_linkziele(zeilen), *_tabellen(zeilen), *_koepfe(zeilen), *_absaetze(zeilen),
        *_unsichtbares(text),
    ]  # fmt: skip
    return tuple(sorted(dict.fromkeys(alle), key=lambda f: f[1]))


def _leer(muster: re.Pattern[str], text: str) -> str:
    """Ersetzt Fundstellen durch Leerzeichen; Zeilenenden bleiben."""
    return muster.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def ohne_code(text: str) -> str:
    """Der Text, in dem Quelltext durch Leerzeichen ersetzt ist; alles andere steht, wo es stand."""
    if "`" not in text and "~~~" not in text:
        return text
    zeilen, zaun = [], ""
    for zeile in text.split("\n"):
        m = _ZAUN.match(zeile)
        innen = bool(zaun) or m is not None
        if zaun and m and m[1].startswith(zaun) and not zeile.strip("`~ \t"):
            zaun = ""
        elif not zaun and m:
            zaun = m[1]
        zeilen.append(" " * len(zeile) if innen else zeile)
    return _leer(_CODE, "\n".join(zeilen))


def _zaeune(zeilen: Sequence[str]) -> Iterator[Fund]:
    zaun, beginn = "", 0
    for nr, zeile in enumerate(zeilen, 1):
        m = _ZAUN.match(zeile)
        if m is None:
            continue
        if not zaun:
            zaun, beginn = m[1], nr
        elif m[1].startswith(zaun) and not zeile.strip("`~ \t"):
            zaun = ""
    if zaun:
        yield ZaunOffen, beginn, zaun


def _offener_kommentar(text: str) -> Iterator[Fund]:
    rest = _leer(_KOMMENTAR, text)
    stelle = rest.find("<!--")
    if stelle < 0:
        stelle = _leer(_ESCAPE, rest).find("-->")
        if stelle >= 0:
            ab = rest.rfind("\n", 0, stelle) + 1
            yield (
                KommentarRest,
                rest.count("\n", 0, stelle) + 1,
                " ".join(rest[ab : stelle + 3].split())[-60:],
            )
    else:
        yield KommentarOffen, rest.count("\n", 0, stelle) + 1, rest[stelle:].partition("\n")[0].strip()[:60]


def _vorspann(zeilen: Sequence[str]) -> Iterator[Fund]:
    beginnt = len(zeilen) > 1 and zeilen[0].rstrip() == "---" and zeilen[1].strip()
    if beginnt and any(z.rstrip() in {"---", "..."} for z in zeilen[1:]):
        yield Vorspann, 1, ""


def _unsichtbares(text: str) -> Iterator[Fund]:
    if _UNSICHTBAR.search(text):
        for nr, zeile in enumerate(text.split("\n"), 1):
            for z in dict.fromkeys(_UNSICHTBAR.findall(zeile)):
                yield Unsichtbar, nr, f"{ord(z):04X}"
    if _VERTAUSCHT.search(text):
        for nr, zeile in enumerate(text.split("\n"), 1):
            for z in dict.fromkeys(_VERTAUSCHT.findall(zeile)):
                yield Vertauscht, nr, z


def _rahmen(zeilen: Sequence[str]) -> Iterator[Fund]:
    """Kästen ohne Ende oder Anfang; in Zitaten zählen sie für sich."""
    zitate = [m[0].count(">") if (m := _ZITAT.match(z)) else 0 for z in zeilen]
    for tiefe in sorted(set(zitate)):
        lagen = zip(zeilen, zitate, strict=True)
        yield from _kaesten([_ZITAT.sub("", z) if t == tiefe else "" for z, t in lagen])


def _kaesten(zeilen: Sequence[str]) -> Iterator[Fund]:
    offen: list[tuple[int, str]] = []
    davor_leer = True
    for nr, zeile in enumerate(zeilen, 1):
        ohne = _STEUERUNG.sub("", zeile)
        if not ohne.strip() and zeile.strip():
            continue  # eine Zeile nur mit Steuerung gibt es im Bericht nicht
        m = _RAHMEN.match(_leer(_BINDUNG, _LISTENZEICHEN.sub("", ohne)))
        if m is None:
            davor_leer = not ohne.strip()
            continue
        if m["art"] and not davor_leer:
            yield RahmenZeile, nr, ohne.strip()
        if m["art"]:
            offen.append((nr, ohne.strip()))
        elif offen:
            offen.pop()
        else:
            yield RahmenEnde, nr, ":::"
        davor_leer = True
    for nr, was in offen:
        yield RahmenOffen, nr, was


def _noten(zeilen: Sequence[str]) -> Iterator[Fund]:
    ziele: dict[str, int] = {}
    genannt: dict[str, int] = {}
    for nr, zeile in enumerate(zeilen, 1):
        m = _NOTE.match(zeile)
        if m is not None:
            if m["id"] in ziele:
                yield FussnoteDoppelt, nr, m["id"]
            if not zeile[m.end() :].strip() and not "".join(zeilen[nr : nr + 1]).strip():
                yield FussnoteLeer, nr, m["id"]
            ziele.setdefault(m["id"], nr)
        for n in _NOTENZEICHEN.finditer(zeile):
            if m is None or n["id"] != m["id"]:  # eine Fußnote, die nur sich selbst nennt, sähe niemand
                genannt.setdefault(n["id"], nr)
        for n in _NOTE_MIT_LUECKE.finditer(zeile):
            yield FussnoteFehlt, nr, n["id"]
    for name, nr in genannt.items():
        if name not in ziele:
            yield FussnoteFehlt, nr, name
    for name, nr in ziele.items():
        if name not in genannt:
            yield FussnoteUnbenutzt, nr, name


def _linkziele(zeilen: Sequence[str]) -> Iterator[Fund]:
    ganz = "\n".join(zeilen).casefold()
    schon: set[str] = set()
    for nr, zeile in enumerate(zeilen, 1):
        m = _ZIEL.match(zeile)
        if m is not None:
            name = f"[{m['id'].casefold()}]"
            # genannt ist es als [Text][name] oder [name]; die Zeile selbst zählt nicht
            if name in schon:
                yield LinkzielDoppelt, nr, m["id"]
            elif ganz.count(name) - ganz.count(f"{name}:") <= 0:
                yield LinkzielUnbenutzt, nr, m["id"]
            schon.add(name)


def _faecher(zeile: str) -> int:
    """So viele Fächer hat eine Tabellenzeile; Striche am Rand zählen nicht."""
    inhalt = _ESCAPE.sub("  ", zeile).strip()
    return len(inhalt.removeprefix("|").removesuffix("|").split("|"))


def _tabellen(zeilen: Sequence[str]) -> Iterator[Fund]:
    """Zeilen mit Strichen: mit Trennzeile eine Tabelle, sonst Text, der wie eine aussieht."""
    for beginn, block in _bloecke(zeilen):
        mit = [i for i, z in enumerate(block) if "|" in _ESCAPE.sub("  ", z)]
        if not mit or block[0].lstrip().startswith("+"):
            continue  # eine Tabelle mit ganzem Gitter versteht pandoc selbst
        trenner = next((i for i in mit if i and _TRENNZEILE.match(block[i])), None)
        if trenner is None:  # „| Zeile“ ohne weiteren Strich ist ein Zeilenblock
            wie_eine = [i for i in mit if "|" in block[i].strip()[1:]]
            if len(wie_eine) > 1:
                yield TabelleForm, beginn + wie_eine[0], block[wie_eine[0]].strip()[:60]
        elif trenner > 1:
            yield TabelleForm, beginn + trenner - 1, block[trenner - 1].strip()[:60]
        else:
            spalten = _faecher(block[trenner])
            for i in mit:
                if i != trenner and (n := _faecher(block[i])) > spalten:
                    yield TabelleFach, beginn + i, f"{n} Fächer bei {spalten} Spalten"


def _koepfe(zeilen: Sequence[str]) -> Iterator[Fund]:
    davor = ""
    for nr, zeile in enumerate(zeilen, 1):
        ohne = _STEUERUNG.sub("", zeile)
        if not ohne.strip() and zeile.strip():
            continue
        m = _KOPF.match(ohne)
        if leer := _KOPF_LEER.match(ohne):
            yield KopfLeer, nr, leer["raute"]
        elif m is not None:
            titel = re.sub(r"\s*\{[^}]*\}\s*$", "", m["titel"]).strip()
            if not m["luecke"]:
                if len(m["raute"]) > 1:
                    yield KopfForm, nr, f"{m['raute']}{titel}"
            elif davor.strip() and not _RAHMEN.match(davor) and not davor.lstrip().startswith("#"):
                yield RahmenZeile, nr, f"{m['raute']} {titel}"
        davor = ohne


def _absaetze(zeilen: Sequence[str]) -> Iterator[Fund]:
    """Klammern ohne Gegenstück und Sterne im Wort, je Absatz."""
    for beginn, block in _bloecke(zeilen):
        text = _leer(_ESCAPE, _leer(_BINDUNG, "\n".join(block)))
        if len(tilden := list(_TILDEN.finditer(text))) % 2:
            stelle = tilden[-1].start()
            was = text[stelle : stelle + 30].partition("\n")[0].strip()
            yield TildenOffen, beginn + text.count("\n", 0, stelle), was
        for muster in _BETONUNG:
            if offen := muster.search(text):
                was = text[offen.start() : offen.start() + 30].partition("\n")[0].strip()
                yield BetonungOffen, beginn + text.count("\n", 0, offen.start()), was
        m = _verschwindender_stern(text)
        if m is not None:
            wort = re.search(r"[\w-]*$", text[: m.start()])
            ende = re.match(r"\w+", text[m.end() :])
            was = f"{wort[0] if wort else ''}*{ende[0] if ende else ''}"
            yield SternImWort, beginn + text.count("\n", 0, m.start()), was
        yield from _klammern(text, beginn)
        yield from _punkte(block, beginn)
        for m in _KLAMMERFORMEL.finditer(_leer(_BINDUNG, "\n".join(block))):
            was = re.sub(r"\s+", " ", m[0])[:40]
            yield KlammerFormel, beginn + "\n".join(block).count("\n", 0, m.start()), was
        for muster, art in (
            (_LINK_LUECKE, LinkLuecke), (_LINK_LEER, LinkLeer), (_LINK_ZIELLOS, LinkZiellos),
        ):  # fmt: skip
            for m in muster.finditer(text):
                yield art, beginn + text.count("\n", 0, m.start()), m[0]


def _punkte(block: Sequence[str], beginn: int) -> Iterator[Fund]:
    """Zeilen, die mit einem gemalten Punkt oder ohne Leerzeichen beginnen, wo eine Liste gemeint war."""
    for i, (davor, zeile) in enumerate(pairwise(block), 1):
        if _AUFZAEHLUNG.match(davor) and _AUFZAEHLUNG.match(zeile):
            yield PunktForm, beginn + i - 1, davor.strip()[:60]
            return
        erster, punkt = _PUNKT.match(davor), _PUNKT.match(zeile)
        if erster and punkt and erster["luecke"] and not punkt["luecke"]:
            yield PunktForm, beginn + i, zeile.strip()[:60]
            return


def _verschwindender_stern(text: str) -> re.Match[str] | None:
    """Der erste Stern in einem Wort, den pandoc als Betonung läse: mit einem zweiten davor oder danach."""
    im_wort = _STERN.search(text)
    if im_wort is None:
        return None
    andere = [m.start() for m in _EINZELSTERN.finditer(text) if m.start() != im_wort.start()]
    davor = sum(stelle < im_wort.start() for stelle in andere)
    return im_wort if davor % 2 or davor < len(andere) else None


def _klammern(text: str, beginn: int) -> Iterator[Fund]:
    offen: list[int] = []
    for m in re.finditer(r"[\[\]]", text):
        if m[0] == "[":
            offen.append(m.start())
        elif offen:
            offen.pop()
            if text[m.end() : m.end() + 1] == "(" and not _rund(text[m.end() :]):
                was = text[text.rfind("[", 0, m.start()) :].partition("\n")[0][:60]
                yield LinkOffen, beginn + text.count("\n", 0, m.start()), was.strip()
        else:
            offen = []
            was = text[max(0, m.start() - 20) : m.end()].rpartition("\n")[2].strip()
            yield KlammerOffen, beginn + text.count("\n", 0, m.start()), was
    for stelle in offen[:1]:  # die übrigen desselben Absatzes sind meist nur die Folge
        was = text[stelle : stelle + 30].partition("\n")[0].strip()
        yield KlammerOffen, beginn + text.count("\n", 0, stelle), was


def _rund(rest: str) -> bool:
    """Ob hinter „]“ eine Adresse in runden Klammern steht, wie pandoc sie liest."""
    m = re.match(r"\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)", rest)
    return m is not None


def _bloecke(zeilen: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Absätze: Nummer der ersten Zeile und die Zeilen bis zur nächsten leeren oder zu einem Rahmen."""
    block: list[str] = []
    for nr, zeile in enumerate([*zeilen, ""], 1):
        ohne = _STEUERUNG.sub("", zeile)
        if ohne.strip() and not _RAHMEN.match(ohne):
            block.append(zeile)
        elif block:
            yield nr - len(block), block
            block = []
