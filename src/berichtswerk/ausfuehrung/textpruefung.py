"""Was ein Text über Zahlen sagt, gegen die Daten: je Satz, mit der Zeile in der Datei der Planung.

Gefunden werden: Jahreszahlen neben Werten anderer Jahre; abgetippte Zahlen, die die Daten kennen oder bei
denen sie etwas anderes sagen; Richtungswörter, Vergleiche und Höchststände, die den Zahlen widersprechen,
gebunden oder nur beim Namen genannt; Sätze, die über eine Reihe etwas anderes sagen als die Abbildung daneben
(verglichen wird, was die Gegenstände über sich selbst sagen, nicht der Wortlaut).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise

from berichtswerk.fach.veraenderung import Richtung, Veraenderung
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Stufe
from berichtswerk.worte.bindung import Nachrechnen
from berichtswerk.worte.bindungswerte import Blick, OhneWert, braucht_jahr, kennt, werte_aus, zahl_von

AUSNAHME = "<!-- getippt"
"""Steht das in der Zeile, ist die Zahl mit Absicht getippt: ``<!-- getippt: gesetzliche Grenze -->``."""


class AussagenVerschieden(Befundart):
    text = "Der Text sagt über „{name}“ etwas anderes als {andere}: {was}."
    ursache = "Beide Sätze stimmen, aber sie sprechen über verschiedene Zeiträume oder runden verschieden."
    abhilfe = (
        "Nehmen Sie {{{{ {name}.satz }}}}, oder {{{{ {name}.verlauf }}}} seit {{{{ {name}.seit_jahr }}}}."
    )
    stufe = Stufe.WARNUNG


class ZahlGetippt(Befundart):
    text = "Die Zahl „{zahl}“ ist abgetippt; die Daten kennen sie als {ausdruck}."
    feld = "{zahl}"
    ursache = "Eine abgetippte Zahl bleibt stehen, wenn sich die Daten ändern."
    abhilfe = (
        "Schreiben Sie {{{{ {ausdruck} }}}}. Ist sie mit Absicht getippt (etwa ein Gesetz), "
        f"schreiben Sie {AUSNAHME}: Grund --> in die Zeile."
    )
    stufe = Stufe.WARNUNG


class ZahlFalsch(Befundart):
    text = "Zu „{wovon}“ kennen die Daten die Zahl „{zahl}“ nicht; {daten}."
    feld = "{zahl}"
    ursache = "Die Zahl ist getippt: ein Tippfehler, ein alter Stand oder eine andere Quelle."
    abhilfe = (
        "Schreiben Sie {{{{ {ausdruck} }}}}. Ist eine andere Zahl gemeint, "
        f"schreiben Sie {AUSNAHME}: woher --> in die Zeile."
    )


class JahrWiderspricht(Befundart):
    text = "Im Satz steht {jahr}, aber „{was}“ ist der Wert von {wirklich}."
    feld = "{name}"
    ursache = "Die Jahreszahl ist getippt; der Wert gehört zu einem anderen Jahr."
    abhilfe = "Schreiben Sie {{{{ {name}.jahr }}}} statt der Jahreszahl{sonst}."


class JahreVermischt(JahrWiderspricht):
    kennung = "jahre-vermischt"
    text = "Der Satz gilt {jahr}, aber „{was}“ ist der Wert von {wirklich}."
    ursache = "Das Jahr kommt aus {woher}; „{name}“ reicht nicht gleich weit."
    abhilfe = "Nennen Sie auch das andere Jahr, {{{{ {name}.jahr }}}}{sonst}."
    stufe = Stufe.WARNUNG


class RichtungWiderspricht(Befundart):
    text = "Im Text steht {wort}, die Daten sagen: {daten}."
    feld = "{name}"
    ursache = "Das Wort ist getippt und folgt den Daten nicht."
    abhilfe = "Schreiben Sie {{{{ {name}.{attribut} }}}}; dann wählt der Bericht das Wort selbst."


@dataclass(frozen=True, slots=True)
class Gesagt:
    """Eine Aussage und wo sie steht: ``fig-quote``, ``tbl-eckwerte`` oder ``texte/a.md:3``."""

    ort: str
    aussage: u.Aussage


def gezeigtes(gegenstaende: Iterable[u.Gegenstand]) -> tuple[Gesagt, ...]:
    """Was Abbildungen und Eckwerte aussagen."""
    gefunden = []
    for g in gegenstaende:
        if isinstance(g, u.Abbildung):
            gefunden += [Gesagt(g.label, a) for a in g.aussagen]
        elif isinstance(g, u.Eckwerte):
            gefunden += [Gesagt(g.label or "eckwerte", e.aussage) for e in g.eintraege if e.aussage]
    return tuple(gefunden)


@dataclass
class Wissen:
    """Woran Texte gemessen werden: gebundene Werte eines Bereichs, und was der Bericht sonst aussagt.

    Ein Wissen gilt für alle Texte des Bereichs; was daraus zu rechnen ist, wird einmal gerechnet.
    """

    bindungen: Mapping[str, u.Bindung]
    gezeigt: tuple[Gesagt, ...] = ()
    katalog: Mapping[str, str] = field(default_factory=dict)
    """Wie Kennzahlen heißen, die der Bericht nicht zeigt → ihre Kennung."""
    rechne: Nachrechnen | None = None

    @cached_property
    def reihen(self) -> dict[str, u.Bindung]:
        """Gebundene Reihen mit Werten."""
        return {n: b for n, b in self.bindungen.items() if b.art == "reihe" and ":" not in n and b.reihe}

    @cached_property
    def formen(self) -> dict[str, list[tuple[str, str, int]]]:
        """Gezeigte Form („7,4%“) → Name, Ausdruck, Jahr; der jüngste Wert einer Reihe zuerst."""
        bekannt: dict[str, list[tuple[str, str, int]]] = {}
        for name, bindung in self.reihen.items():
            for form, ausdruck, jahr in _formen(name, bindung):
                bekannt.setdefault(form, []).append((name, ausdruck, jahr))
        return bekannt

    @cached_property
    def genannt(self) -> re.Pattern[str]:
        """Findet die Namen der Reihen im Satz, die längsten zuerst."""
        return _namensmuster(self._namen)

    @cached_property
    def _namen(self) -> dict[str, str]:
        """Wie eine Reihe im Satz heißen kann → ihr gebundener Name; Mehrdeutiges fehlt."""
        je: dict[str, set[str]] = {}
        for name, b in self.reihen.items():
            for wort in {b.name.casefold(), name.casefold()}:
                if len(wort) > 3 and "_" not in wort:
                    je.setdefault(wort, set()).add(name)
        return {wort: min(namen, key=len) for wort, namen in je.items() if self._eine(namen)}

    def _eine(self, namen: set[str]) -> bool:
        return len({(self.reihen[n].kennzahl, self.reihen[n].gebiet) for n in namen}) == 1

    def in_worten(self, satz: str) -> dict[str, re.Match[str]]:
        """Reihen, die der Satz beim Namen nennt."""
        return {self._namen[m[1].casefold()]: m for m in self.genannt.finditer(satz)}

    @cached_property
    def _ungezeigt(self) -> re.Pattern[str]:
        return _namensmuster(self.katalog)

    @cached_property
    def _anfaenge(self) -> frozenset[str]:
        """Womit diese Namen beginnen: das nachzusehen geht viel schneller, als sie zu suchen."""
        return frozenset(name[:4] for name in self.katalog)

    def zum(self, satz: str) -> Wissen:
        """Das Wissen zu diesem Satz: behauptet er etwas über eine ungezeigte Kennzahl, mit ihren Werten."""
        if self.rechne is None or self._anfaenge.isdisjoint(w[:4] for w in _WORT.findall(satz.casefold())):
            return self
        funde = {m.span(): self.katalog[m[1].casefold()] for m in self._ungezeigt.finditer(satz)}
        if not funde or not _behauptet(satz):
            return self
        bekannt = [m.span() for m in self.genannt.finditer(satz)]  # „Zahl der Geburten“ meint „Geburten“
        gemeint = {name for (ab, bis), name in funde.items() if all(bis <= v or n <= ab for v, n in bekannt)}
        dazu: dict[str, u.Bindung] = {}
        for name in sorted(gemeint - self.bindungen.keys()):
            with suppress(BerichtswerkFehler):  # was an ihren Daten falsch ist, sagt „pruefen daten“
                dazu |= {name: b} if (b := self.rechne(name)) is not None else {}
        return Wissen({**self.bindungen, **dazu}, self.gezeigt) if dazu else self


_WORT = re.compile(r"\w+")


def _namensmuster(namen: Iterable[str]) -> re.Pattern[str]:
    woerter = "|".join(map(re.escape, sorted(namen, key=lambda n: (-len(n), n)))) or "(?!)"
    return re.compile(rf"(?<![\w-])({woerter})(?:e?[ns])?(?![\w-])", re.I)


@dataclass(frozen=True, slots=True)
class _Satz:
    """Ein Satz mit seinem Ort im Text; ``ohne`` ist er ohne Bindungen, gleich lang."""

    ohne: str
    ab: int
    ganz: str
    """Der ganze Text, in dem er steht."""
    stellen: tuple[re.Match[str], ...] = ()
    namen: Mapping[str, re.Match[str]] = field(default_factory=dict)

    def zeile(self, stelle: int = 0) -> int:
        """Zeile im Text, ab 1."""
        return self.ganz.count("\n", 0, self.ab + stelle) + 1

    def gewollt(self, stelle: int) -> bool:
        """Ob in der Zeile steht, dass mit Absicht getippt ist."""
        ab, bis = self.ab + stelle, self.ganz.find("\n", self.ab + stelle)
        return AUSNAHME in self.ganz[self.ganz.rfind("\n", 0, ab) + 1 : bis if bis >= 0 else None]


def pruefe(
    text: str, datei: str, wissen: Wissen, aussagen: Sequence[tuple[int, u.Aussage]] = ()
) -> list[Meldung]:
    """Alle Widersprüche eines Textes zu den Daten; ``aussagen`` macht er mit gebundenen Zahlen."""
    geschrieben = [Gesagt(f"{datei}:{zeile}", a) for zeile, a in aussagen]
    befunde = [*andere_aussagen(datei, geschrieben, wissen.gezeigt, wissen.bindungen)]
    for satz, kennt_ in _saetze(text, wissen):
        befunde += _jahre(satz, datei, kennt_)
        befunde += _zahlen(satz, datei, kennt_)
        befunde += _worte(satz, datei, kennt_)
    return list(dict.fromkeys(befunde))


# --- Sätze -------------------------------------------------------------------------------------------------

_LUECKEN = "\u0020\u00a0\u202f\u2009"
_MONATE = "|".join(zahl.MONATE)
_BINDUNG = re.compile(
    r"\{\{\s*(?P<name>[a-zäöüß_]\w*)(?:\[(?P<jahr>\d{4})\])?(?:\.(?P<attribut>\w+)(?:\[(?P<bezug>\d{4})\])?)?\s*\}\}"
)
_STEUERUNG = re.compile(r"\{\{\s*(?:wenn\b[^}]*|sonst|ende)\s*\}\}")
_VERDECKT = re.compile(
    r"<!--.*?-->|`[^`\n]*`|\]\([^)\s]*\)|(?<!\{)\{[^{}]*\}(?!\})|https?://\S+|\[\^[^\]]+\]", re.S
)
_SATZENDE = re.compile(
    r"(?<=[^\d\s.][.!?:])\s+(?=[A-ZÄÖÜ{„*\d])|\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|\d\d?[.)])[ \t])|\n(?=#|\||:::)"
)


def _leer(muster: re.Pattern[str], text: str) -> str:
    """Ersetzt Fundstellen durch Leerzeichen; Länge und Zeilenenden bleiben."""
    return muster.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def _saetze(text: str, allgemein: Wissen) -> Iterator[tuple[_Satz, Wissen]]:
    """Sätze ohne Überschriften, mit dem, was man dazu weiß.

    Bedingungen, Kommentare und Adressen sind durch Leerzeichen ersetzt.
    """
    schlicht = _leer(_VERDECKT, _leer(_STEUERUNG, text))
    beginn = 0
    for von, bis in [*(m.span() for m in _SATZENDE.finditer(schlicht)), (len(schlicht), len(schlicht))]:
        stueck = schlicht[beginn:von]
        rand = len(stueck) - len(stueck.lstrip())
        satz = stueck.strip()
        if satz:
            ohne = _leer(_BINDUNG, satz)
            wissen = allgemein.zum(ohne)
            stellen = tuple(m for m in _BINDUNG.finditer(satz) if m["name"] in wissen.bindungen)
            namen = wissen.in_worten(ohne)
            if satz.startswith("#") and not stellen:
                pass  # eine Überschrift behauptet nur, was sie bindet
            elif stellen or namen or re.search(r"\d", ohne):
                yield _Satz(ohne, beginn + rand, text, stellen, namen), wissen
        beginn = bis


def _um_welche(satz: _Satz, wissen: Wissen) -> tuple[str, u.Bindung] | None:
    """Die eine Reihe, um die es im Satz geht: gebunden oder beim Namen genannt."""
    gebunden = {m["name"] for m in satz.stellen if m["name"] in wissen.reihen}
    je = {(wissen.reihen[n].kennzahl, wissen.reihen[n].gebiet): n for n in [*satz.namen, *gebunden]}
    if len(je) != 1 or (not gebunden and len(satz.namen) != 1):
        return None
    (name,) = je.values()
    return name, wissen.reihen[name]


_NAEHER = re.compile(
    r"^\s*(?:,\s*)?(?:der|des|von|bei|unter|für|in|im|aus|zwischen|ab|bis|je)\s+"
    r"(?!Jahr|Jahre|Jahres|Landkreis|Kreis|20\d\d|19\d\d)(?:den\s+|der\s+|dem\s+)?[A-ZÄÖÜa-zäöü]"
)
_WOANDERS = re.compile(
    r"\b(?:[Ii]n|[Ii]m|[Aa]us|[Ff]ür|[Uu]nter|[Bb]ei)\s+(?:den\s+|der\s+|dem\s+)?"
    r"(?!Jahr|Landkreis|Kreis|Vergleich|Vorjahr|Ende|Durchschnitt|Jahresdurchschnitt|Schnitt|Mittel)[A-ZÄÖÜ]\w+"
)


def _sicher(satz: _Satz, name: str) -> bool:
    """Ob der Satz die ganze Reihe meint: kein „der Frauen“ dahinter, kein anderer Ort darin."""
    m = satz.namen.get(name)
    ohne = satz.ohne
    return bool(m) and not _NAEHER.match(ohne[m.end() :]) and not _WOANDERS.search(ohne)  # type: ignore[union-attr]


# --- Jahreszahlen neben Werten ---------------------------------------------------------------------------

_JAHR = re.compile(
    r"(?<![\w.,§–/-])(?:\d{1,2}\.[ \u00a0]?(?:\d{1,2}\.|(?:"
    + _MONATE
    + r"))[ \u00a0]?)?(?P<jahr>(?:19|20|21)\d\d)(?!\d|[.,]\d|[–-]\d|[–-] )"
)
_KEIN_WERTJAHR = re.compile(
    r"(?:\b(?:seit|ab|vor|von|gegenüber|zu|als|mit|bis|nach|Zensus|Stand:?|Fassung|vom|Basis(?:jahr)?|Reform)"
    r"|bericht|plan|ausgabe|gesetz|zensus|reform|novelle|verordnung|statistik)"
    r"(?:\s+(?:dem|der|den|das|Jahr|Jahre|Ende|Anfang|Mitte))*\s*$",
    re.I,
)
_SPANNE = re.compile(
    r"\b(?:von|zwischen|seit)\s+(?P<von>(?:19|20)\d\d)\s+(?:bis|und)\s+(?P<bis>(?:19|20)\d\d)", re.I
)
_JAHR_BEI = re.compile(
    r"(?P<jahr>(?:19|20)\d\d)\s+(?:(?:noch|nur|erst|schon|dagegen|aber)\s+)?(?:bei|waren es|betr[ua]g\w*)"
    r"\s*(?:rund|etwa|knapp|gut)?\s*$"
)
"""„im Bund 2023 bei“: das Jahr gehört zu dem Wert, der folgt, auch wenn der Satz mehrere nennt."""
_OHNE_JAHR = (
    "richtung",
    "verlauf",
    "satz",
    "zum_",
    "seit",
    "abstand",
    "veraenderung",
    "name",
    "einheit",
    "definition",
    "quelle",
)


def _jahre(satz: _Satz, datei: str, wissen: Wissen) -> Iterator[Meldung]:
    """Gebundene Werte eines anderen Jahres als des einen, das daneben getippt ist."""
    getippt, alle = _jahre_im(satz, wissen)
    if not getippt:
        yield from _vermischt(satz, datei, wissen, alle)
        return
    for m in satz.stellen:
        bindung = wissen.reihen.get(m["name"])
        jahr = _jahr_von(bindung, m) if bindung is not None else None
        if bindung is None or jahr is None or satz.gewollt(m.start()):
            continue
        davor = _JAHR_BEI.search(satz.ohne[: m.start()])
        if davor and int(davor["jahr"]) != jahr and davor.start("jahr") in {wo for _, wo in getippt}:
            nah = int(davor["jahr"]), davor.start("jahr")
            yield _falsches_jahr((satz, datei), (m["name"], bindung), m[0].strip("{} "), nah, jahr)
            continue
        if jahr in alle:
            continue
        nah = min(getippt, key=lambda g: abs(g[1] - m.start()))
        yield _falsches_jahr((satz, datei), (m["name"], bindung), m[0].strip("{} "), nah, jahr)


def _vermischt(satz: _Satz, datei: str, wissen: Wissen, alle: set[int]) -> Iterator[Meldung]:
    """Das einzige Jahr im Satz ist gebunden, danach steht der jüngste Wert einer Reihe, die anders endet."""
    jahr = next(iter(alle), 0)
    jahre = (m for m in satz.stellen if m["attribut"] == "jahr" and not m["jahr"] and _gezeigt(wissen, m))
    genannt = next(jahre, None)
    if len(alle) != 1 or genannt is None or _KEIN_WERTJAHR.search(satz.ohne[: genannt.start()]):
        return
    for m in satz.stellen[satz.stellen.index(genannt) + 1 :]:
        bindung = wissen.reihen.get(m["name"])
        wirklich = _jahr_von(bindung, m) if bindung is not None and not m["jahr"] else None
        if bindung is None or wirklich in (None, jahr) or satz.gewollt(m.start()):
            continue
        gibt_es = any(w.jahr == jahr for w in bindung.reihe)
        sonst = f", oder nehmen Sie {{{{ {m['name']}[{jahr}] }}}}" if gibt_es else ""
        yield JahreVermischt.melde(
            datei=datei, ort=f"Zeile {satz.zeile(m.start())}", jahr=jahr, was=m[0].strip("{} "),
            wirklich=wirklich, name=m["name"], sonst=sonst, woher=genannt[0].strip("{} "),
        )  # fmt: skip


def _gezeigt(wissen: Wissen, m: re.Match[str]) -> str:
    with suppress(OhneWert):
        return _treffer(wissen.bindungen[m["name"]], m)
    return ""


def _falsches_jahr(
    ort: tuple[_Satz, str], reihe: tuple[str, u.Bindung], was: str, getippt: tuple[int, int], wirklich: int
) -> Meldung:
    (satz, datei), (name, bindung), (jahr, wo) = ort, reihe, getippt
    gibt_es = any(w.jahr == jahr for w in bindung.reihe)
    sonst = f", oder {{{{ {name}[{jahr}] }}}}" if gibt_es else f"; für {jahr} gibt es keinen Wert"
    return JahrWiderspricht.melde(
        datei=datei,
        ort=f"Zeile {satz.zeile(wo)}",
        jahr=jahr,
        was=was,
        wirklich=wirklich,
        name=name,
        sonst=sonst,
    )


def _jahre_im(satz: _Satz, wissen: Wissen) -> tuple[list[tuple[int, int]], set[int]]:
    """Getippte Jahre, die zu einem Wert gehören können (mit Stelle), und alle genannten."""
    ohne = satz.ohne
    spannen = {m.start("bis") for m in _SPANNE.finditer(ohne)}
    funde = [(int(m["jahr"]), m.start("jahr"), m.start()) for m in _JAHR.finditer(ohne)]
    alle = {int(j) for j in re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", ohne)}
    getippt = [(jahr, wo) for jahr, wo, ab in funde if wo in spannen or not _KEIN_WERTJAHR.search(ohne[:ab])]
    for m in satz.stellen:
        alle |= {int(j) for j in re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", _gezeigt(wissen, m))}
    return getippt, alle


def _treffer(b: u.Bindung, m: re.Match[str]) -> str:
    """Was eine Bindung zeigt, wenn sie ein Jahr nennen kann; sonst leer."""
    attribut = m["attribut"] or ""
    if b.art == "text":
        return b.attribute.get(attribut, "") if attribut else b.text
    if not attribut.endswith(("jahr", "stand")) or not kennt(attribut) or attribut == "vorjahr":
        return ""
    return werte_aus(b, _zahl(m["jahr"]), attribut, _zahl(m["bezug"])).text


def _zahl(text: str | None) -> int | None:
    return int(text) if text else None


def _jahr_von(b: u.Bindung, m: re.Match[str]) -> int | None:
    """Das Jahr des gezeigten Wertes; ``None``, wo keiner gezeigt wird oder mehrere."""
    attribut = m["attribut"] or ""
    if (attribut.endswith(("jahr", "stand")) and attribut != "vorjahr") or attribut.startswith(_OHNE_JAHR):
        return None
    if (attribut and (not kennt(attribut) or braucht_jahr(attribut))) or (
        "_" in attribut and "zahl" not in attribut
    ):
        return None
    try:
        treffer = werte_aus(b, _zahl(m["jahr"]), attribut, _zahl(m["bezug"]))
        if treffer.aussage is not None and treffer.aussage.werte:
            return treffer.aussage.werte[0][0]
        return Blick.auf(b, _zahl(m["jahr"])).letzter.jahr
    except OhneWert:
        return None


# --- Abgetippte Zahlen: was die Daten kennen, gehört gebunden, sonst veraltet es still -------------------

_ZAHL = re.compile(
    rf"(?<![\w.,§/–-])(?P<zahl>\d{{1,3}}(?:[{_LUECKEN}.]\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?)"
    rf"(?![\w/]|[.,]\d|\.[{_LUECKEN}]?(?:{_MONATE}))"
    rf"(?P<prozent>[{_LUECKEN}\n]?(?:%|Prozent\b))?"
)
_ANZEIGE = re.compile(rf"[-−]?[\d{_LUECKEN}.]*\d(?:,\d+)?")
_DAVOR = re.compile(
    r"(?:§§?|Abs\.|Nr\.|Art\.|Kapitel|Abschnitt|Tabelle|Abbildung|Klasse|Klassen|Grad|Zensus|je|von|unter|ab|bis"
    r"|Stand|Seite|SGB)\s*$"
)
_DANACH = re.compile(r"^\s*(?:bis\s+unter\b|Jahre|Monate|Stunden|Tage|-?jährig|€-)")
_UM = re.compile(r"\b(?:um|plus|minus)\s+(?:rund|etwa|fast|gut|knapp|mehr als)?\s*$", re.I)
_PUNKTE = re.compile(r"^\s*-?(?:Prozentpunkt|Punkt)")
_GERADE = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:(?:im Jahr\s+|Ende\s+)?(?:19|20)\d\d\s+)?"
    r"(?:lag|liegt|lagen|betr[ua]g\w*|beträgt|erreicht\w*|war|waren|ist|sind|sank|stieg|fiel|von|bei|:|\d)"
)


def _zahlen(satz: _Satz, datei: str, wissen: Wissen) -> Iterator[Meldung]:
    """Zahlen außerhalb von ``{{ … }}``: bekannte gehören gebunden, falsche berichtigt."""
    ohne, um = satz.ohne, _um_welche(satz, wissen)
    for m in _ZAHL.finditer(ohne):
        if satz.gewollt(m.start()) or _ausgenommen(ohne, m):
            continue
        form = _form(m["zahl"], bool(m["prozent"]))
        bekannt = wissen.formen.get(form, [])
        eigene = [b for b in bekannt if um is not None and wissen.reihen[b[0]] is um[1]]
        if _klein(m) and not (eigene and len(m["zahl"]) > 2 and um is not None and um[0] in satz.namen):
            continue
        if eigene or (bekannt and um is None):
            yield from _bekannte(satz, datei, wissen, m, eigene or bekannt)
        elif um is not None and um[0] in satz.namen and (falsch := _falsche(satz, datei, wissen, m, um)):
            yield falsch
        elif bekannt:
            yield from _bekannte(satz, datei, wissen, m, bekannt)


def _bekannte(
    satz: _Satz, datei: str, wissen: Wissen, m: re.Match[str], bekannt: Sequence[tuple[str, str, int]]
) -> Iterator[Meldung]:
    getippt, alle = _jahre_im(satz, wissen)
    passend = [b for b in bekannt if b[2] in alle] or list(bekannt)
    name, ausdruck, jahr = passend[0]
    zahl, ort = m[0].strip(), f"Zeile {satz.zeile(m.start())}"
    if name in satz.namen and getippt and jahr not in alle and _sicher(satz, name):
        nah = min(getippt, key=lambda g: abs(g[1] - m.start()))
        if any(w.jahr == nah[0] for w in wissen.reihen[name].reihe):
            yield _falsches_jahr((satz, datei), (name, wissen.reihen[name]), zahl, nah, jahr)
            return
    yield ZahlGetippt.melde(datei=datei, ort=ort, zahl=zahl, ausdruck=ausdruck)


def _falsche(
    satz: _Satz, datei: str, wissen: Wissen, m: re.Match[str], um: tuple[str, u.Bindung]
) -> Meldung | None:
    """Eine getippte Zahl neben dem Namen einer Reihe, die dort anders lautet; Veränderungen zählen nicht."""
    (name, b), ohne = um, satz.ohne
    if bool(m["prozent"]) is not (b.einheit == "%"):
        return None
    if _UM.search(ohne[: m.start()]) or _PUNKTE.match(ohne[m.end() :]):
        return None
    getippt = float(re.sub(rf"[{_LUECKEN}.]", "", m["zahl"]).replace(",", "."))
    stellen = len(m["zahl"].partition(",")[2])
    alle = [w for liste in (b.reihe, *b.vergleich.values()) for w in liste if w.nachweis.wert is not None]
    _, jahre = _jahre_im(satz, wissen)
    if any(round(zahl_von(w), stellen) == getippt and (not jahre or w.jahr in jahre) for w in alle):
        return None
    ende = satz.namen[name].end()
    dazwischen = re.sub(r"\b(?:19|20)\d\d\b", "", ohne[ende : m.start()])
    gerade = m.start() > ende and _GERADE.match(ohne[ende:]) and not re.search(r"[,;\d]| und ", dazwischen)
    sicher = bool(gerade) and _sicher(satz, name)
    gemeint = next((w for w in reversed(b.reihe) if w.jahr in jahre), b.reihe[-1])
    wert = gemeint.nachweis.wert or 0.0
    if not sicher and not (wert and 0.5 <= getippt / wert <= 2):
        return None
    return ZahlFalsch.melde(
        datei=datei, ort=f"Zeile {satz.zeile(m.start())}", wovon=b.name or name, zahl=m[0].strip(),
        daten=f"{gemeint.jahr} sind es {gemeint.nachweis.anzeige}",
        ausdruck=name if gemeint is b.reihe[-1] else f"{name}[{gemeint.jahr}]",
        stufe=Stufe.FEHLER if sicher else Stufe.WARNUNG,
    )  # fmt: skip


def _ausgenommen(satz: str, treffer: re.Match[str]) -> bool:
    """Jahre, Altersgrenzen, Paragrafen und kleine Zählungen sind keine Werte der Daten."""
    zahl, prozent = treffer["zahl"], treffer["prozent"]
    if prozent:
        return False
    if re.fullmatch(r"(?:19|20|21)\d\d", zahl):
        return True
    return bool(_DAVOR.search(satz[: treffer.start()]) or _DANACH.match(satz[treffer.end() :]))


def _klein(treffer: re.Match[str]) -> bool:
    """Eine ganze Zahl unter 1 000 ohne Einheit: sie ist meist keine Zahl der Daten."""
    zahl = treffer["zahl"]
    return not treffer["prozent"] and "," not in zahl and len(re.sub(r"\D", "", zahl)) < 4


def _form(text: str, prozent: bool) -> str:
    return re.sub(rf"[{_LUECKEN}.]", "", text) + ("%" if prozent else "")


def _formen(name: str, bindung: u.Bindung) -> Iterator[tuple[str, str, int]]:
    def form(w: u.Zeitwert) -> str:
        zahl = _ANZEIGE.match(w.nachweis.anzeige)
        return _form(zahl[0], "%" in w.nachweis.anzeige) if zahl is not None else ""

    for i, w in enumerate(reversed(bindung.reihe)):
        yield form(w), name if i == 0 else f"{name}[{w.jahr}]", w.jahr
    letztes = bindung.reihe[-1].jahr
    for ebene, werte in bindung.vergleich.items():
        for w in werte:
            if w.jahr == letztes:
                yield form(w), f"{name}.{ebene}", w.jahr


# --- Richtungswörter, Vergleiche und Höchststände --------------------------------------------------------

_WORTE: dict[Richtung, re.Pattern[str]] = {
    Richtung.GESTIEGEN: re.compile(
        r"\b(?:an)?ge(?:stiegen|wachsen|klettert)\b|\b(?:steigt|steigen|stieg|stiegen|wächst|wuchs|wuchsen)\b"
        r"|\b(?:zugenommen|zugelegt|erhöht(?:e|en)?|kletter(?:t|te|ten))\b|\b(?:Anstieg|Zunahme|Zuwachs)\b"
        r"|\b(?:nahm(?:en)?|nimmt|nehmen)\b[^.]*\bzu\b(?=\s*[.,;)]|$)"
    ),
    Richtung.GESUNKEN: re.compile(
        r"\b(?:ab)?gesunken\b|\b(?:gefallen|sinkt|sinken|sank|sanken|fiel|fielen|abgenommen|zurückgegangen)\b"
        r"|\b(?:(?:verringer|verminder|reduzier)(?:t|te|ten)|geschrumpft|schrumpften?|rückläufig)\b"
        r"|\b(?:fällt|fallen)(?=\s+(?:(?:seit|im Jahr|weiter|wieder|leicht|deutlich)\s+)*(?:auf|um|von|\d))"
        r"|\b(?:Rückgang|Abnahme)\b|\b(?:ging|gingen|geht|gehen)\b[^.]*\bzurück\b"
        r"|\b(?:nahm(?:en)?|nimmt|nehmen)\b[^.]*\bab\b(?=\s*[.,;)]|$)"
    ),
    Richtung.KAUM: re.compile(
        r"\b(?:kaum|nicht|wenig) verändert\b|\bunverändert\b|\bgleich geblieben\b"
        r"|\bstagnier(?:t|te|ten)\b|\b(?:blieb|bleibt)(?:en)?\b[^.,;]*\b(?:stabil|konstant|gleich)\b"
    ),
}
_LAGE = re.compile(
    r"\b(?P<wie>über|unter) (?:dem (?P<ebene>Land|Bund|Kreis)es?(?:wert|durchschnitt|schnitt)"
    r"|(?P<beide>Land und Bund)\b)"
    r"|\b(?P<mehr>höher|größer|mehr|niedriger|geringer|kleiner|weniger) als im (?P<wo>Land|Bund|Kreis)\w*"
    r"(?:[\s()]*\bund im (?P<auch>Land|Bund)\b)?",
    re.IGNORECASE,
)
_MEHR = {"höher", "größer", "mehr"}
_JEDES_JAHR = re.compile(r"(?<!fast )(?<!beinahe )\bjede[sm] Jahr\b")
"""Mit einem Richtungswort davor oder danach: jeder Schritt geht dorthin."""
_OFFEN = re.compile(
    r"\b(?:nicht|weder|ob|wenn|falls|würden?|könnten?|sollen?|soll|muss|zunächst|zeitweise|vorübergehend|zwischenzeitlich|damals)\b",
    re.IGNORECASE,
)
"""Wörter, nach denen ein Satz keine einfache Behauptung ist."""
_SELBST = ("richtung", "verlauf", "satz", "zum_", "hoechst", "tiefst")
"""Attribute, die ihr Wort selbst nach den Daten wählen."""
_SEIT = re.compile(
    r"\b(?:seit|gegenüber|verglichen mit|Vergleich zu|von|ab|zwischen|als)"
    r"\s+(?:dem\s+|Jahr\s+|Ende\s+|Anfang\s+)*"
    r"(?P<jahr>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_VORJAHR = re.compile(r"\b(?:Vorjahr|Jahr zuvor)")
_GRENZE: tuple[tuple[int, str, re.Pattern[str]], ...] = (
    (1, "hoechstwert", re.compile(
        r"\bso hoch wie (?:noch )?nie\b|\bnie(?:mals)?\b[^.;]*\bso (?:hoch|viele?)\b(?! wie)"
        r"|\b(?:Höchst|Rekord)(?:stand|wert|hoch|niveau)\w*"
        r"|\bhöchste[rnms]? (?:Wert|Stand|Anteil|Quote|Zahl)\b", re.I)),
    (-1, "tiefstwert", re.compile(
        r"\bso (?:niedrig|gering|tief) wie (?:noch )?nie\b"
        r"|\bnie(?:mals)?\b[^.;]*\bso (?:niedrig|gering|tief|wenige?)\b(?! wie)"
        r"|\b(?:Tiefst|Niedrigst)(?:stand|wert|niveau)\w*|\bRekordtief\w*"
        r"|\b(?:niedrigste|geringste|tiefste|kleinste)[rnms]? (?:Wert|Stand|Anteil|Quote|Zahl)\b", re.I)),
)  # fmt: skip
_RAUM = re.compile(
    r"\b(?:aller|allen|unter den|Kommunen?|Gemeinden?|Ämter|Städten?|Landkreise\w*|Kreisen|Ländern"
    r"|Altersgruppen?)\b"
)
_FACH = (
    (re.compile(r"\b(?:verdoppelt|Verdopplung|Verdoppelung)\w*", re.I), 1.6, 2.5),
    (re.compile(r"\bverdreifacht\w*|\bVerdreifachung\b", re.I), 2.5, 3.6),
    (re.compile(r"\b(?:halbiert|Halbierung)\w*", re.I), 0.4, 0.625),
)


_TRENNT = re.compile(
    r";|\s[–-]\s|,?\s+(?:während|wohingegen|wogegen|aber|doch|jedoch|dagegen|hingegen|zugleich)\s|,?\s+und\s"
)
_ZEITBEZUG = ("beginn", "vorwert", "vorjahr")


def _behauptet(ohne: str) -> bool:
    """Ob ein Satz ohne seine Bindungen etwas sagt, das sich an Daten messen lässt."""
    muster = (*_WORTE.values(), *(m for _, _, m in _GRENZE), *(m for m, _, _ in _FACH), _LAGE)
    return any(m.search(ohne) for m in muster) or any(
        not (_ausgenommen(ohne, m) or _klein(m)) for m in _ZAHL.finditer(ohne)
    )


def _teilsaetze(satz: _Satz, wissen: Wissen) -> Iterator[_Satz]:
    """Teile eines Satzes über mehrere Reihen, die je ein eigenes Richtungswort haben; sonst keine.

    Was zu anderen Teilen gehört, ist durch Leerzeichen ersetzt; eine Zeitangabe gilt für alle.
    """
    ohne = satz.ohne
    if _WOANDERS.search(ohne) or _OFFEN.search(ohne):
        return
    grenzen = [0, *(stelle for m in _TRENNT.finditer(ohne) for stelle in m.span()), len(ohne)]
    teile = [(ab, bis) for ab, bis in zip(grenzen[::2], grenzen[1::2], strict=True)]
    if not all(sum(bool(m.search(ohne, ab, bis)) for m in _WORTE.values()) == 1 for ab, bis in teile):
        return
    zeiten = [m.span() for muster in (_SPANNE, _SEIT, _JAHR, _VORJAHR) for m in muster.finditer(ohne)]
    for ab, bis in teile:
        eigene = tuple(m for m in satz.stellen if ab <= m.start() < bis)
        hat_zeit = any(ab <= von < bis for von, _ in zeiten) or any(map(_mit_zeit, eigene))
        if not hat_zeit and any(map(_mit_zeit, satz.stellen)):
            continue  # eine gebundene Zeit aus einem anderen Teil lässt sich nicht übertragen
        sichtbar = [(ab, bis), *([] if hat_zeit else zeiten)]
        allein = "".join(
            z if z == "\n" or any(von <= i < nach for von, nach in sichtbar) else " "
            for i, z in enumerate(ohne)
        )
        yield _Satz(allein, satz.ab, satz.ganz, eigene, wissen.in_worten(allein))


def _mit_zeit(m: re.Match[str]) -> bool:
    return bool(m["jahr"] or m["bezug"]) or (m["attribut"] or "").startswith(_ZEITBEZUG)


def _worte(satz: _Satz, datei: str, wissen: Wissen, *, teil: bool = False) -> Iterator[Meldung]:
    """Getippte Worte eines Satzes (oder Teilsatzes) über eine einzige Reihe, die nicht zu ihr passen."""
    um = _um_welche(satz, wissen)
    if um is None and not teil:
        for allein in _teilsaetze(satz, wissen):
            yield from _worte(allein, datei, wissen, teil=True)
    if um is None or any((m["attribut"] or "").startswith(_SELBST) for m in satz.stellen):
        return
    gebunden = any(m["name"] in wissen.reihen for m in satz.stellen)
    if not gebunden and not _sicher(satz, um[0]):
        return
    for wo, wort, daten, attribut in _widersprueche(satz, um[1]):
        if not satz.gewollt(wo):
            yield RichtungWiderspricht.melde(
                datei=datei,
                ort=f"Zeile {satz.zeile(wo)}",
                name=um[0],
                attribut=attribut,
                wort=f"„{' '.join(wort.split())}“",
                daten=daten,
            )


_Widerspruch = tuple[int, str, str, str]
"""Stelle im Satz, Wort, was die Daten sagen, das bessere Attribut."""


def _widersprueche(satz: _Satz, b: u.Bindung) -> Iterator[_Widerspruch]:
    ohne = satz.ohne
    if ohne.rstrip(" *_“").endswith("?"):
        return  # eine Frage behauptet nichts
    yield from _vergleich(ohne, b)
    if _OFFEN.search(ohne):
        return
    gesagt = [(wie, m) for wie, muster in _WORTE.items() if (m := muster.search(ohne))]
    if len(gesagt) == 1:
        yield from _jedes_jahr(ohne, b, gesagt[0][0])
    v = _veraenderung(ohne, b, satz.stellen)
    rede = Blick.auf(b, None).rede if v is not None else None
    if v is not None and rede is not None:
        daten = f"von {rede.mit_jahr(v.alt)} auf {rede.mit_jahr(v.neu)} {v.richtung.value}"
        if len(gesagt) == 1 and v.richtung is not gesagt[0][0]:
            yield gesagt[0][1].start(), gesagt[0][1][0], daten, "verlauf"
        for muster, von, bis in _FACH:
            m = muster.search(ohne)
            if m and v.alt.wert > 0 and not von <= v.neu.wert / v.alt.wert <= bis:
                yield m.start(), m[0], daten, "verlauf"
    yield from _grenzen(ohne, b)


def _grenzen(ohne: str, b: u.Bindung) -> Iterator[_Widerspruch]:
    """Höchst- und Tiefststände in der Zeit; nennt der Satz mehrere Gebiete, meint er vielleicht die."""
    if _RAUM.search(ohne):
        return
    try:
        blick = Blick.auf(b, None)
    except OhneWert:
        return
    seit = _SEIT.search(ohne)
    reihe = [w for w in blick.reihe if seit is None or w.jahr >= int(seit["jahr"])]
    for vorzeichen, attribut, muster in _GRENZE:
        m = muster.search(ohne)
        if m is None or len(reihe) < 2:
            continue
        rand = max(reihe, key=lambda w: vorzeichen * zahl_von(w))
        gezeigt = (round(zahl_von(w), b.stellen) for w in (rand, blick.letzter))
        if vorzeichen * (next(gezeigt) - next(gezeigt)) > 0:
            wie = "höher" if vorzeichen > 0 else "niedriger"
            letzter = blick.letzter
            daten = (
                f"{letzter.nachweis.anzeige} im Jahr {letzter.jahr}, {wie} war der Wert {rand.jahr} "
                f"({rand.nachweis.anzeige})"
            )
            yield m.start(), m[0], daten, attribut


def _veraenderung(ohne: str, bindung: u.Bindung, stellen: Sequence[re.Match[str]]) -> Veraenderung | None:
    """Was der Satz vergleicht: ein genanntes Jahr, den Beginn, den Vorwert, sonst die letzte Wende."""
    try:
        blick = Blick.auf(bindung, None)
        if spanne := _SPANNE.search(ohne):
            blick = Blick.auf(bindung, int(spanne["bis"]))
        frueher = _frueher(ohne, blick, stellen)
        getippt = {
            int(m["jahr"]) for m in _JAHR.finditer(ohne) if not _KEIN_WERTJAHR.search(ohne[: m.start()])
        }
        if frueher is None and len(getippt) == 1 and not getippt & {blick.letzter.jahr}:
            blick = Blick.auf(bindung, getippt.pop())  # „ging 2023 zurück“: gegenüber dem Wert davor
            return blick.seit(blick.vorwert)
        return blick.zuletzt() if frueher is None else blick.seit(frueher)
    except OhneWert:
        return None


def _frueher(ohne: str, blick: Blick, stellen: Sequence[re.Match[str]]) -> u.Zeitwert | None:
    if seit := _SEIT.search(ohne):
        return blick.im_jahr(int(seit["jahr"]))
    for m in stellen:
        attribut, jahr = m["attribut"] or "", m["bezug"] or m["jahr"]
        if attribut.startswith("beginn"):
            return blick.reihe[0]
        if attribut.startswith(("vorwert", "vorjahr")):
            return blick.vorwert
        if jahr and int(jahr) != blick.letzter.jahr:
            return blick.im_jahr(int(jahr))
    return blick.vorjahr if _VORJAHR.search(ohne) else None


def _vergleich(ohne: str, b: u.Bindung) -> Iterator[_Widerspruch]:
    for m in _LAGE.finditer(ohne):
        wie = (m["wie"] or ("über" if m["mehr"].lower() in _MEHR else "unter")).lower()
        for ebene in ("Land", "Bund") if m["beide"] else filter(None, (m["ebene"] or m["wo"], m["auch"])):
            try:
                blick = Blick.auf(b, None)
                anderer, wirklich = blick.messlatte(ebene.lower()), blick.lage(ebene.lower())
            except OhneWert:
                continue
            if not wirklich.startswith(wie):
                jetzt = blick.letzter.nachweis.anzeige
                daten = f"{jetzt} gegenüber {anderer.nachweis.anzeige}, also {wirklich}"
                yield m.start(), m[0], daten, f"zum_{ebene.lower()}"


def _jedes_jahr(ohne: str, b: u.Bindung, richtung: Richtung) -> Iterator[_Widerspruch]:
    """„sank seit 2016 jedes Jahr“: kein Schritt zwischen gezeigten Werten geht anders."""
    m, seit = _JEDES_JAHR.search(ohne), _SEIT.search(ohne)
    if m is None or seit is None or richtung is Richtung.KAUM:
        return
    ab, bis = int(seit["jahr"]), int(s["bis"]) if (s := _SPANNE.search(ohne)) else math.inf
    reihe = [w for w in b.reihe if ab <= w.jahr <= bis and not w.prognose]
    zeichen = 1 if richtung is Richtung.GESTIEGEN else -1
    for alt, neu in pairwise(reihe):
        if zeichen * (zahl.runde(zahl_von(neu), b.stellen) - zahl.runde(zahl_von(alt), b.stellen)) <= 0:
            daten = f"{alt.nachweis.anzeige} ({alt.jahr}) und {neu.nachweis.anzeige} ({neu.jahr})"
            yield m.start(), m[0], daten, "verlauf"
            return


# --- Aussagen über dieselbe Reihe, die sich unterscheiden ------------------------------------------------


def unterschiede(eins: u.Aussage, zwei: u.Aussage) -> Iterator[str]:
    """Worin sich zwei Aussagen über dieselbe Reihe widersprechen; leer, wenn sie zueinander passen.

    Zwei Schritte passen nicht, wenn sie im selben Jahr enden und in verschiedenen beginnen, oder wenn sie
    dieselben Jahre verschieden beschreiben. Ein Wert desselben Jahres muss überall gleich dastehen.
    """
    bekannt = dict(eins.werte)
    for jahr, wert in zwei.werte:
        if bekannt.get(jahr, wert) != wert:
            yield f"{jahr} einmal {bekannt[jahr]}, einmal {wert}"
    for a in eins.schritte:
        for b in zwei.schritte:
            if a.bis == b.bis and a.von != b.von:
                yield f"bis {a.bis} einmal seit {a.von} {_wie(a)}, einmal seit {b.von} {_wie(b)}"
            elif (a.von, a.bis) == (b.von, b.bis) and _wie(a) != _wie(b):
                yield f"{a.von} bis {a.bis} einmal {_wie(a)}, einmal {_wie(b)}"


def _wie(s: u.Schritt) -> str:
    return f"um {s.betrag} {s.richtung}" if s.betrag else s.richtung


def verschiedenes(gesagt: Sequence[Gesagt]) -> Iterator[tuple[Gesagt, Gesagt, str]]:
    """Alle Paare, die über dieselbe Kennzahl und dasselbe Gebiet Verschiedenes sagen."""
    je: dict[tuple[str, str], dict[u.Aussage, Gesagt]] = {}
    for g in gesagt:
        if g.aussage.kennzahl:
            je.setdefault((g.aussage.kennzahl, g.aussage.gebiet), {}).setdefault(g.aussage, g)
    for gruppe in je.values():
        for eins, zwei in combinations(gruppe.values(), 2):
            for was in unterschiede(eins.aussage, zwei.aussage):
                yield eins, zwei, was


def andere_aussagen(
    datei: str, geschrieben: Sequence[Gesagt], gezeigt: Sequence[Gesagt], bindungen: Mapping[str, u.Bindung]
) -> Iterator[Meldung]:
    """Je Stelle eines Textes, die einer Abbildung oder einem Eckwert widerspricht, eine Warnung."""
    namen = {(b.kennzahl, b.gebiet): name for name, b in bindungen.items()}
    for eins, zwei, was in verschiedenes([*gezeigt, *geschrieben]):
        if zwei.ort.startswith(datei):
            name = namen.get((zwei.aussage.kennzahl, zwei.aussage.gebiet), zwei.aussage.kennzahl)
            zeile = zwei.ort.rpartition(":")[2]
            yield AussagenVerschieden.melde(
                datei=datei, ort=f"Zeile {zeile}", feld=name, name=name, andere=eins.ort, was=was
            )
