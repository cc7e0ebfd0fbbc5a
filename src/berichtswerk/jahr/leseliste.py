"""Die Leseliste einer fortgeschriebenen Ausgabe: nur, was sich geändert hat, alt neben neu, zum Abhaken.

Sie liegt als ``lesen.md`` im Ordner der Ausgabe. Ein Haken gehört zum Inhalt seines Satzes: ändert der sich
wieder, fällt er. Was unter „Notizen“ steht, bleibt stehen.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from typing import Literal

from berichtswerk.ausfuehrung.notizbuch import finde_parameterzelle, quelltext
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis
from berichtswerk.grund.ablage import raeume_reste, schreibe_ganz, summe
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.abbild import Abbild, bilde_ab
from berichtswerk.jahr.unterschied import Begriffspaar, Satzpaar, Unterschied, vergleiche
from berichtswerk.worte.sprache import alphabetisch

DATEI = "lesen.md"
_KOPF = re.compile(r"<!-- vorige: (?P<name>\S+) abbild: (?P<summe>[0-9a-f]{64}) -->")
_HAKEN = re.compile(r"^- \[(?P<haken>[ \txX]*)\] `(?P<kennung>[0-9a-f]{8})`", re.MULTILINE)
_STAND = re.compile(r"(?m)^(?P<davor>Gegenüber .*?Gelesen: )\d+ von \d+")
_NOTIZEN = "## Notizen"
_JAHR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
_GEGENWART = re.compile(
    r"\b(?:[Vv]orig|[Ll]etzt|[Dd]ies|[Nn]ächst|[Kk]ommend)\w* Ausgabe\b|\bNeu (?:ist|sind)\b"
    r"|\b(?:[Ee]rstmals|[Dd]erzeit\w*|[Aa]ktuell\w*|[Nn]euerdings|[Kk]ürzlich)\b"
    r"|\b(?:vergangen|letzt|kommend|nächst)\w* Jahr\b"
)
"""Worte, die nur für die Ausgabe stimmen, in der sie zuerst standen."""
_ZEIT = re.compile(r"\d{4}(?:-\d\d-\d\d)?")
_OHNE = re.compile(r"<!--.*?-->|\]\([^)]*\)|\{#[^}]*\}|https?://\S+", re.DOTALL)
_GIBT_ES = re.compile(r"\{\{\s*wenn\s+[^={}]*\}\}")
"""Fragt nur, ob es einen Wert gibt; sein Jahr steht nicht da, und ein Wert, den es gibt, bleibt."""
_LESENSWERT = {
    "Jahr", "Zahl", "Richtung", "Rang", "Angabe", "Definition", "Quelle", "erscheint", "erscheint nicht mehr",
}  # fmt: skip
EINZELN = 3
"""So viele berichtigte frühere Zahlen einer Kennzahl stehen einzeln da; alle nennt ``vergleich``."""

Art = Literal["satz", "fest"]


class LeselisteOhneVorige(Befundart):
    text = "Diese Leseliste nennt nicht, aus welcher Ausgabe sie entstand."
    ursache = "Die Zeile „<!-- vorige: … abbild: … -->“ fehlt oder ist verändert."
    abhilfe = "Holen Sie die Zeile aus der Versionsverwaltung zurück."


@dataclass(frozen=True, slots=True)
class Punkt:
    """Etwas zu lesen: wo es steht, warum, vorher und jetzt; ``gelesen`` ist der Haken."""

    art: Art
    wo: str
    gruende: tuple[str, ...]
    jetzt: str
    bisher: str = ""
    begriffe: tuple[tuple[str, str, str], ...] = ()
    """Was sich an Definition oder Quelle geändert hat: was, bisher, jetzt."""
    gelesen: bool = False
    schluessel: str = ""

    @property
    def kennung(self) -> str:
        """Acht Zeichen, die am Inhalt hängen."""
        return summe(self.schluessel, self.bisher, self.jetzt, *(t for b in self.begriffe for t in b))[:8]


@dataclass(slots=True)
class Leseliste:
    """Alles, was an einer fortgeschriebenen Ausgabe zu lesen ist."""

    vorige: str
    ausgabe: str
    titel: str
    punkte: list[Punkt] = field(default_factory=list)
    daten: list[str] = field(default_factory=list)

    @property
    def offen(self) -> list[Punkt]:
        """Was noch nicht abgehakt ist."""
        return [p for p in self.punkte if not p.gelesen]


def anfang(vorige: str, abbild: str) -> str:
    """Eine Leseliste, die erst gefüllt wird: sie nennt schon, woraus die Ausgabe entstand."""
    return f"# Was neu zu lesen ist\n\n<!-- vorige: {vorige} abbild: {abbild} -->\n"


def erneuere(projekt: Projekt, auftraege: Sequence[Auftrag]) -> Leseliste:
    """Schreibt die Leseliste einer Ausgabe neu; Haken bleiben, wo der Inhalt derselbe ist.

    Raises:
        BerichtswerkFehler: sie nennt keine vorige Ausgabe, oder die Ausgabe hat Fehler.
    """
    raeume_reste(projekt.archiv, auftraege[0].ordner)
    pfad = auftraege[0].ordner / DATEI
    text = projekt.lies_text(pfad)
    kopf = _KOPF.search(text)
    if kopf is None:
        raise BerichtswerkFehler(LeselisteOhneVorige.melde(datei=projekt.relativ(pfad)))
    alt = Abbild.model_validate_json(Archiv(projekt).hole(kopf["summe"]))
    neu = bilde_ab(projekt, auftraege)
    text = projekt.lies_text(pfad)  # so lange wie das Rechnen dauert, hakt vielleicht jemand ab
    gelesen = {kennung for kennung, haken in _haken(text) if haken}
    liste = Leseliste(kopf["name"], neu.name, neu.titel)
    u = vergleiche(*(a.model_copy(update={"saetze": (*a.saetze, *a.beilagen)}) for a in (alt, neu)))
    saetze, genannt = _saetze(u)
    vorher = _angaben_vorher(projekt, kopf["name"])
    feste = [*_feste_saetze(u, genannt), *_feste_angaben(projekt, auftraege[0], vorher)]
    punkte = [*saetze, *feste]
    liste.punkte = [_mit_haken(p, gelesen) for p in punkte]
    liste.daten = list(_daten(u, Gebietsverzeichnis.lade(projekt)))
    notizen = text.partition(f"\n{_NOTIZEN}\n")[2].strip("\n")
    schreibe_ganz(pfad, als_markdown(liste, kopf[0], notizen))
    return liste


def lies(projekt: Projekt, ordner: Path) -> tuple[int, int] | None:
    """Wie viele Punkte die Leseliste hat und wie viele davon offen sind; ``None`` ohne Leseliste."""
    pfad = ordner / DATEI
    if not pfad.is_file():
        return None
    haken = [da for _, da in _haken(projekt.lies_text(pfad))]
    return len(haken), haken.count(False)


def _haken(text: str) -> Iterator[tuple[str, bool]]:
    for m in _HAKEN.finditer(text):
        yield m["kennung"], bool(m["haken"].strip())


def wuensche(gezeigt: Iterable[tuple[str, bool]], gewaehlt: Iterable[str]) -> dict[str, bool]:
    """Welche Haken jemand setzte oder nahm: was die Seite zeigte, neben dem, was von ihr kam."""
    stellen = [*gezeigt]
    vorher, jetzt = Counter(k for k, haken in stellen if haken), Counter(gewaehlt)
    kennungen = dict.fromkeys(k for k, _ in stellen)
    return {k: jetzt[k] > vorher[k] for k in kennungen if jetzt[k] != vorher[k]}


def hake_ab(text: str, wunsch: Mapping[str, bool]) -> tuple[str, set[str]]:
    """Die Leseliste mit diesen Haken, und welche keine Stelle mehr haben; alles Übrige bleibt."""

    def setze(m: re.Match[str]) -> str:
        haken = wunsch.get(m["kennung"])
        return m[0] if haken is None else f"- [{'x' if haken else ' '}] `{m['kennung']}`"

    neu = _HAKEN.sub(setze, text)
    stand = [da for _, da in _haken(neu)]
    neu = _STAND.sub(lambda m: f"{m['davor']}{stand.count(True)} von {len(stand)}", neu, count=1)
    return neu, wunsch.keys() - {kennung for kennung, _ in _haken(neu)}


def _mit_haken(p: Punkt, gelesen: set[str]) -> Punkt:
    return replace(p, gelesen=p.kennung in gelesen)


def _saetze(u: Unterschied) -> tuple[list[Punkt], set[tuple[str, str]]]:
    """Sätze, an denen sich etwas geändert hat, das kein Mensch schrieb; dazu Datei und Wortlaut."""
    je_name: dict[str, list[Begriffspaar]] = {}
    for b in u.begriffe:
        je_name.setdefault(b.kennung, []).append(b)
    punkte, genannt = [], set()
    for paar in u.saetze:
        if _LESENSWERT.isdisjoint(paar.gruende) or _selbst_geschrieben(paar):
            continue
        genannt.add((paar.satz.datei, paar.satz.roh))
        begriffe = [
            (f"{b.was} „{b.name}“", b.alt, b.neu) for n in paar.satz.namen for b in je_name.get(n, ())
        ]
        punkte.append(Punkt(
            "satz", paar.wo, paar.gruende + _fester_grund(_festes(paar.satz.roh)),
            paar.neu.text if paar.neu else "", paar.alt.text if paar.alt else "", tuple(begriffe),
            schluessel=_schluessel(paar),
        ))  # fmt: skip
    return punkte, genannt


def _selbst_geschrieben(paar: Satzpaar) -> bool:
    """Ob an einem umgeschriebenen Satz nichts gebunden ist: wer ihn schrieb, hat ihn gelesen."""
    return bool(paar.alt and paar.neu and paar.alt.roh != paar.neu.roh and not paar.neu.namen)


def _schluessel(paar: Satzpaar) -> str:
    s = paar.satz
    return "\n".join((s.datei, s.variante, s.bereich))


def _festes(text: str, *, worte: bool = True) -> tuple[str, ...]:
    """Getippte Jahre, auch in einer Bindung, und Worte wie „vorige Ausgabe“: kein neuer Wert ändert sie."""
    schlicht = _OHNE.sub(" ", _GIBT_ES.sub(" ", text))
    return tuple(dict.fromkeys([*_JAHR.findall(schlicht), *(_GEGENWART.findall(schlicht) * worte)]))


def _fester_grund(festes: tuple[str, ...]) -> tuple[str, ...]:
    return (f"fest geschrieben: {', '.join(festes)}",) if festes else ()


def _feste_saetze(u: Unterschied, genannt: set[tuple[str, str]]) -> Iterator[Punkt]:
    """Übernommene Sätze, in denen etwas fest steht; wer einen seither umschrieb, hat ihn gelesen."""
    vorher = {(s.datei, s.roh) for s in u.alt.saetze}
    gesehen = set(genannt)
    for s in u.neu.saetze:
        zeilenweise = s.datei.startswith("bericht.yml") or s.datei.endswith(".ipynb")  # kommen noch
        festes = () if zeilenweise else _festes(s.roh)
        if festes and s.text and (s.datei, s.roh) in vorher - gesehen:
            gesehen.add((s.datei, s.roh))
            wo = f"{s.datei}, Zeile {s.zeile}"
            yield Punkt("fest", wo, _fester_grund(festes), s.text, schluessel=f"{s.datei}\n{s.roh}")


def _angaben_vorher(projekt: Projekt, vorige: str) -> set[str]:
    """Die Zeilen der ``bericht.yml``, aus der diese wurde: was darin nicht steht, ist weitergerückt."""
    pfad = projekt.berichte / vorige / "bericht.yml"
    return {_ohne_kommentar(z) for z in projekt.lies_text(pfad).splitlines()} if pfad.is_file() else set()


def _ohne_kommentar(zeile: str) -> str:
    return zeile.partition(" #")[0].strip()


def _feste_angaben(projekt: Projekt, auftrag: Auftrag, vorher: set[str]) -> Iterator[Punkt]:
    """Jahre, die in ``bericht.yml`` stehen blieben (ohne ``stand``), und die in Zellen des Notizbuchs."""
    datei = "bericht.yml"
    for nr, zeile in enumerate(projekt.lies_text(auftrag.ordner / datei).splitlines(), 1):
        schlicht = _ohne_kommentar(zeile)
        if not schlicht.startswith(("stand:", "#")) and (not vorher or schlicht in vorher):
            yield from _fest(f"{datei}, Zeile {nr}", schlicht, datei)
    if auftrag.notizbuch is None:
        return
    name = projekt.relativ(auftrag.notizbuch)
    nb = json.loads(auftrag.notizbuch.read_text("utf-8"))
    beginn = finde_parameterzelle(nb)
    for nr, zelle in enumerate(nb["cells"]):
        if beginn is None or nr > beginn:
            for zeile in quelltext(zelle).splitlines():
                schlicht = zeile.strip()
                if not schlicht.startswith("#|"):
                    yield from _fest(f"{name}, Zelle {nr + 1}", schlicht, name)


def _fest(wo: str, text: str, datei: str) -> Iterator[Punkt]:
    if festes := _festes(text, worte=not datei.endswith(".ipynb")):  # ein Notizbuch gilt für alle Ausgaben
        yield Punkt("fest", wo, _fester_grund(festes), text, schluessel=datei)


def _daten(u: Unterschied, gebiete: Mapping[str, Gebiet]) -> Iterator[str]:
    """Was weiter reicht, was berichtigt ist, was fehlt und was stehen blieb; das Neue zuerst."""
    stehen: dict[int, dict[str, None]] = {}
    for kennung in sorted(u.neu.begriffe, key=lambda k: alphabetisch(u.neu.begriffe[k].name)):
        jetzt, vorher = u.neu.begriffe[kennung], u.alt.begriffe.get(kennung)
        name, bis = jetzt.name or kennung, vorher.bis if vorher else None
        if jetzt.bis is None:
            yield from [f"{name}: keine Werte mehr, bisher bis {bis}"] if bis else []
        elif bis is None:
            yield f"{name}: neu, bis {jetzt.bis}"
        elif jetzt.bis > bis:
            yield f"{name}: bis {jetzt.bis}, bisher bis {bis}"
        else:
            stehen.setdefault(jetzt.bis, {})[name] = None
    for kennung in sorted(u.alt.begriffe.keys() - u.neu.begriffe.keys()):
        yield f"{u.alt.begriffe[kennung].name or kennung}: kommt nicht mehr vor"
    yield from _berichtigt(u, gebiete)
    bekannt = {_JAHR.sub("", luecke) for luecke in u.alt.luecken}
    fehlt = [luecke for luecke in u.neu.luecken if _JAHR.sub("", luecke) not in bekannt]
    yield from (f"Es fehlt: {luecke}" for luecke in fehlt)
    if geblieben := len(u.neu.luecken) - len(fehlt):
        yield f"Es fehlt weiter, was in der vorigen Ausgabe fehlte ({geblieben}); „Datenlücken“ nennt es."
    for bis, namen in sorted(stehen.items(), reverse=True):
        yield f"Unverändert nur bis {bis}: {', '.join(namen)}"


def _berichtigt(u: Unterschied, gebiete: Mapping[str, Gebiet]) -> Iterator[str]:
    """Gemessene Zahlen früherer Jahre, die jetzt anders sind, je Kennzahl."""
    je_kennzahl: dict[str, dict[str, None]] = {}
    for alt, neu in u.geaendert:
        begriff = u.neu.begriffe.get(neu.kennzahl)
        if begriff and begriff.bis and _ZEIT.fullmatch(neu.zeit) and int(neu.zeit[:4]) <= begriff.bis:
            ort = gebiete[neu.gebiet].name if neu.gebiet in gebiete else neu.gebiet
            wo = f"{ort}, {neu.zeit}: {alt.anzeige} → {neu.anzeige}"
            je_kennzahl.setdefault(begriff.name or neu.kennzahl, {})[wo] = None
    for name, stellen in je_kennzahl.items():
        mehr = f" und {len(stellen) - EINZELN} weitere" if len(stellen) > EINZELN else ""
        yield f"{name}: frühere Zahl ist anders ({'; '.join(list(stellen)[:EINZELN])}{mehr})"


def als_markdown(liste: Leseliste, kopf: str, notizen: str = "") -> str:
    """Die Leseliste als Text: je Punkt eine Zeile zum Abhaken, darunter bisher und jetzt."""
    saetze = [p for p in liste.punkte if p.art == "satz"]
    feste = [p for p in liste.punkte if p.art == "fest"]
    gelesen = len(liste.punkte) - len(liste.offen)
    zeilen = [
        f"# Was neu zu lesen ist: {liste.titel}", "", kopf, "",
        f"Gegenüber {liste.vorige}. Gelesen: {gelesen} von {len(liste.punkte)}. Abgehakt wird mit einem x "
        "(`- [x]`) oder in der Vorschau. Ändert sich der Satz danach noch einmal, fällt der Haken. "
        f"Die Liste erneuert `berichtswerk fortschreiben {liste.ausgabe.replace('/', ' ')}`.", "",
        f"## Sätze, die sich geändert haben ({len(saetze)})", "",
        *(_absaetze(saetze) or ["Keine."]), "",
        f"## Was fest geschrieben ist ({len(feste)})", "",
        "Diese Jahre und Worte rücken nicht von selbst weiter.", "",
        *(_absaetze(feste) or ["Nichts."]), "",
        "## Fehlende und neue Daten", "",
        *([f"- {zeile}" for zeile in liste.daten] or ["Keine."]), "",
        _NOTIZEN, "",
    ]  # fmt: skip
    return "\n".join(zeilen) + (f"\n{notizen}\n" if notizen else "")


def _absaetze(punkte: Iterable[Punkt]) -> list[str]:
    zeilen = []
    for p in punkte:
        zeilen.append(f"- [{'x' if p.gelesen else ' '}] `{p.kennung}` {p.wo}: {', '.join(p.gruende)}")
        if p.art == "fest":
            zeilen.append(f"  - {p.jetzt}")
            continue
        zeilen.append(f"  - bisher: {p.bisher or '(stand nicht da)'}")
        zeilen.append(f"  - jetzt: {p.jetzt or '(steht nicht mehr da)'}")
        for was, alt, neu in p.begriffe:
            zeilen += [f"  - {was} bisher: {alt or '–'}", f"  - {was} jetzt: {neu or '–'}"]
    return zeilen


def als_html(
    text: str, marke: str, gesagt: str = "", wunsch: Mapping[str, bool] | None = None
) -> tuple[str, str]:
    """Titel und Inhalt der Seite zu einer Leseliste (Markdown): ein Formular zum Abhaken, ohne Skript.

    ``marke`` geht mit dem Formular zurück; ``gesagt`` ist, was zuletzt geschah; ``wunsch`` sind Haken, die
    noch nicht gespeichert sind.
    """
    titel, teile, tiefe, nr = "", list[str](), 0, 0
    zeilen = [*re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).splitlines(), ""]
    for davor, zeile, danach in zip(["", *zeilen], zeilen, [*zeilen[1:], ""], strict=False):
        schlicht = zeile.strip()
        ebene = 2 if zeile.startswith("  - ") else 1 if zeile.startswith("- ") else 0
        wechsel = _WECHSEL[tiefe, ebene]
        teile.append(wechsel.replace("<ul>", f'<ul id="stelle-{nr}">') if _HAKEN.match(davor) else wechsel)
        tiefe = ebene
        if schlicht.startswith("# "):
            titel = schlicht[2:]
        elif schlicht.startswith("## "):
            teile.append(f"<h2>{escape(schlicht[3:])}</h2>")
        elif haken := _HAKEN.match(zeile):
            nr += 1
            teile.append(_kaestchen(nr, haken, zeile[haken.end() :].strip(), danach, wunsch or {}))
        elif ebene:
            teile.append(_fassung(davor, zeile, danach) if ebene == 2 else escape(schlicht[2:]))
        elif schlicht:
            teile.append(f"<p>{escape(schlicht.replace('`', ''))}</p>")
    knopf = '<button type="submit">Haken speichern</button>' * bool(nr)
    return titel, (
        '<form class="bw-lesen" method="post" action="lesen.html">'
        f'<input type="hidden" name="marke" value="{escape(marke)}">{"".join(teile)}'
        f'<div class="bw-lesen-leiste">{knopf}<p role="status">{escape(gesagt)}</p></div></form>'
    )


_WECHSEL = {
    (0, 0): "", (0, 1): "<ul><li>", (0, 2): "<ul><li><ul><li>",
    (1, 0): "</li></ul>", (1, 1): "</li><li>", (1, 2): "<ul><li>",
    (2, 0): "</li></ul></li></ul>", (2, 1): "</li></ul></li><li>", (2, 2): "</li><li>",
}  # fmt: skip
"""Was zwischen zwei Ebenen einer Liste steht."""
_FASSUNG = re.compile(r"  - (?P<was>.*?)(?P<wort>bisher|jetzt): (?P<text>.*)")


def _kaestchen(nr: int, haken: re.Match[str], wo: str, danach: str, wunsch: Mapping[str, bool]) -> str:
    """Das Kästchen einer Stelle; vorgelesen wird dazu, was darunter steht."""
    kennung, da = haken["kennung"], bool(haken["haken"].strip())
    an = " checked" * wunsch.get(kennung, da)
    dazu = f' aria-describedby="stelle-{nr}"' * danach.startswith("  - ")
    return (
        f'<input type="hidden" name="gezeigt" value="{kennung}{"x" * da}">'
        f'<input type="checkbox" name="gelesen" value="{kennung}" id="haken-{nr}"{an}{dazu}> '
        f'<label for="haken-{nr}">{escape(wo)}</label>'
    )


def _fassung(davor: str, zeile: str, danach: str) -> str:
    """„bisher“ oder „jetzt“; was in der anderen Fassung nicht steht, ist hervorgehoben."""
    hier = _FASSUNG.match(zeile)
    dort = hier and _FASSUNG.match(danach if hier["wort"] == "bisher" else davor)
    if not (hier and dort and hier["was"] == dort["was"] and hier["wort"] != dort["wort"]):
        return escape(zeile.strip()[2:])
    worte, andere = (f["text"].split(" ") for f in (hier, dort))
    stuecke = []
    for art, a, b, _, _ in SequenceMatcher(None, worte, andere, autojunk=False).get_opcodes():
        stueck = escape(" ".join(worte[a:b]))
        stuecke += [stueck if art == "equal" else f"<mark>{stueck}</mark>"] * (a < b)
    return f"{escape(hier['was'])}{hier['wort']}: {' '.join(stuecke)}"
