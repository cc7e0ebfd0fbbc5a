"""Beilagen: was neben einem Bericht an Gremium, Presse und alle geht, mit seinen Zahlen aus demselben Lauf.

Eine Beilage ist ein Text mit Bindungen: ``texte/beilagen/<art>.md`` der Ausgabe, sonst die Vorlage
``layout/beilagen/<art>.md``. ``{{ beilage.… }}`` füllt sie aus ``bericht.yml``; steht es allein in einer
Zeile, darf der Inhalt Absätze und eigene Bindungen haben. Die Kurzbotschaften sind die des Berichts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import (
    Textspur,
    Textuebergabe,
    Uebergabe,
    Zusatztext,
    name_in,
    uebergib_texte,
)
from berichtswerk.bericht.ausgabe import Beilagen
from berichtswerk.bild import teilbild
from berichtswerk.bild.teilbild import Teilbild
from berichtswerk.gegenstand.gegenstaende import Abbildung, Bindung, Dokument, Fliesstext, Kopf, Text
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.grund.zahl import schreibe as schreibe_zahl
from berichtswerk.marke.farbe import lesbar_auf
from berichtswerk.marke.marke import Marke
from berichtswerk.marke.schrift import eingebettet
from berichtswerk.satz.gelesen import Gelesen
from berichtswerk.satz.manuskript import Manuskript, lies
from berichtswerk.satz.raster import KURZ, zerlege
from berichtswerk.schreiber.folien import FolieOhneTitel, erste_botschaft
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, maskiere
from berichtswerk.worte import lesbarkeit


class BeilageOhneAngabe(Befundart):
    text = "Der Vorlage fehlt: {felder}."
    ursache = "Ein Gremium kann nur über einen Wortlaut beschließen, den jemand geschrieben hat."
    abhilfe = "Ergänzen Sie {felder} unter „beilagen:“; gibt es keine Kosten, schreiben Sie kosten: Keine."
    feld = "beilagen"


class BeilageOhneText(Befundart):
    text = "Zu „{art}“ gibt es keinen Text."
    ursache = "Weder die Ausgabe noch layout/beilagen/ hat eine Datei dafür."
    abhilfe = "Schreiben Sie ihn in diese Datei; Bindungen gelten wie in allen Texten."


class BeilageOhneBotschaft(Befundart):
    text = "Der Bericht hat keine Kurzbotschaften, die „{art}“ zeigen könnte."
    ursache = "Kein Text, den das Notizbuch zeigt, hat einen Rahmen ::: {{.kurzbotschaft}}."
    abhilfe = "Schreiben Sie drei bis fünf Kurzbotschaften, oder einen eigenen Text texte/beilagen/{art}.md."


class BeilageZuLang(Befundart):
    text = "Die Zusammenfassung für die Presse hat {seiten} Seiten statt einer."
    abhilfe = "Kürzen Sie Kurzbotschaften, oder schreiben Sie einen kürzeren Text texte/beilagen/presse.md."
    stufe = Stufe.WARNUNG


class BildZuVoll(Befundart):
    text = "Ins Bild passt die Botschaft nicht: „{was} …“"
    ursache = "Kleiner gesetzt wäre sie auf dem Telefon nicht mehr zu lesen."
    abhilfe = "Kürzen Sie die erste Kurzbotschaft, oder schreiben Sie einen Satz in texte/beilagen/bild.md."


class SatzZuLang(Befundart):
    text = "Der Satz hat {mass} Wörter: „{was}“"
    ursache = f"In Einfacher Sprache hat ein Satz höchstens {lesbarkeit.SATZ_WORTE}."
    abhilfe = "Machen Sie zwei Sätze daraus: eine Aussage je Satz."
    stufe = Stufe.WARNUNG


class WortZuLang(Befundart):
    text = "Das Wort „{was}“ hat {mass} Zeichen und ist nicht erklärt."
    ursache = f"In Einfacher Sprache ist jedes Wort über {lesbarkeit.WORT_ZEICHEN} Zeichen erklärt."
    abhilfe = "Nehmen Sie ein kürzeres, gliedern Sie es (Wohn-Geld), oder erklären Sie es: **Wort** heißt …"
    stufe = Stufe.WARNUNG


class SatzPassiv(Befundart):
    text = "Der Satz steht im Passiv: „{was}“"
    ursache = "Wer handelt, steht nicht darin; das ist schwerer zu verstehen."
    abhilfe = "Sagen Sie, wer etwas tut."
    stufe = Stufe.WARNUNG


class TextSchwer(Befundart):
    text = "Der Text liegt auf Stufe {wert} der Wiener Sachtextformel; Einfache Sprache endet bei {grenze}."
    ursache = "Gezählt sind Wörter je Satz und Wörter mit drei und mehr Silben (vierte Formel)."
    abhilfe = "Schreiben Sie kürzere Sätze und kürzere Wörter."
    stufe = Stufe.WARNUNG


ARTEN = {
    "vorlage": "Vorlage", "presse": "Für die Presse", "einfach": "In Einfacher Sprache", "folien": "Folien",
    "bild": "Bild",
}  # fmt: skip
"""Die Beilagen und wie sie heißen."""
JE_FOLIE = frozenset({"folien", "bild"})
"""Beilagen, deren Text je Überschrift oder Kurzbotschaft für sich steht."""
AUS_BOTSCHAFTEN = frozenset({"presse", "folien", "bild"})
"""Beilagen, die es überall gibt, wo der Bericht Kurzbotschaften hat."""
_PFLICHT = ("gremium", "beschluss", "kosten")
_FELD = re.compile(
    r"(?m)^\{\{\s*beilage\.(beschluss|sachverhalt|kosten|anlagen|kurzbotschaften|quellen)\s*\}\}[ \t]*$"
)
_KURZTEXT = f".{KURZ}"
_SIEHE = re.compile(r"[ \u00a0]*\((?:siehe |vgl\. )?@(?:fig|tbl|sec)-[\w-]+(?:[;,] ?@[\w-]+)*\)([.,;:]?)")
_SIEHE_UND = re.compile(r"([.!?]?)[ \u00a0]\((?:@(?:fig|tbl|sec)-[\w-]+[;,] )+([^()]*)\)")
_VERWEIS = re.compile(r"(?<![\w@])@(fig|tbl|sec)-[\w-]+")
_BILD = re.compile(r"(?<![\w@])@(fig-[\w-]*\w)")
_TITELSATZ = re.compile(r"(?m)^:::+ *\{\.kurzbotschaft\}\s*\n((?:(?!:::).*\S.*\n)+)")
_FOLIE = "Folie {}"
_QUELLEN = "\x00Quellen\x00"
_UEBERSCHRIFT = re.compile(r"(?m)^(?=#{1,3} )")
_WOANDERS = {"fig": "Abbildung im Bericht", "tbl": "Tabelle im Bericht", "sec": "Kapitel im Bericht"}
_BEFUNDE: dict[str, type[Befundart]] = {"satz": SatzZuLang, "wort": WortZuLang, "passiv": SatzPassiv}


class Beilage(NamedTuple):
    """Eine Beilage vor dem Schreiben; ``abbildungen`` sind die des Berichts, die ihre Folien zeigen.

    ``quellen`` sind Fassungen derselben Quellenangabe zur ersten Botschaft, die längste zuerst.
    """

    art: str
    gelesen: Gelesen
    abbildungen: dict[str, Abbildung]
    quellen: tuple[str, ...] = ()

    @property
    def meldungen(self) -> Meldungen:
        """Alle Befunde."""
        return self.gelesen.meldungen


class _Teil(NamedTuple):
    """Ein aufgelöster Text: eine Kurzbotschaft (``kurz``) oder ein anderer; ``ort`` nennt seine Folie."""

    markdown: str
    datei: str
    kurz: bool
    ort: str = ""


class _Stueck(NamedTuple):
    """Ein Stück der Beilage vor dem Auflösen; ``nur_kurz``: davon zählen nur die Kurzbotschaften."""

    text: Zusatztext
    nur_kurz: bool = False
    quellen: bool = False


def lies_beilage(
    projekt: Projekt, ausgefuehrt: Ausgefuehrt, art: str, *, verlangt: bool
) -> Beilage | Meldungen:
    """Eine Beilage (:data:`ARTEN`) vor dem Schreiben; nur Meldungen, wenn ihr etwas fehlt.

    ``verlangt``: jemand hat sie beim Namen genannt; dann ist ein Fehler, was ihr fehlt, sonst eine Warnung.
    """
    auftrag = ausgefuehrt.auftrag
    meldungen = Meldungen()
    stuecke = [*_stuecke(projekt, ausgefuehrt, art, meldungen, Stufe.FEHLER if verlangt else Stufe.WARNUNG)]
    if meldungen.liste:
        return meldungen
    fertig = uebergib_texte(projekt, ausgefuehrt, (s.text for s in stuecke), {"beilage": _angaben(auftrag)})
    meldungen.neue(fertig.meldungen)
    teile = [
        _Teil(markdown, s.text.datei, s.nur_kurz)
        for s, text in zip(stuecke, fertig.texte, strict=True)
        for markdown in _gezeigt(s, text)
    ]
    bilder: dict[str, Abbildung] = {}
    if art in JE_FOLIE:
        teile, bilder = _je_folie(ausgefuehrt, teile, art, meldungen)
    quellen = dict.fromkeys(map(_ohne_wort, fertig.quellen.values()))
    quellen |= dict.fromkeys(_ohne_wort(q.zeile) for a in bilder.values() for q in a.beleg.quellen)
    liste = "\n".join(f"- {maskiere(q)}" for q in quellen) or "Keine Zahl aus einer Quelle."
    inhalt = tuple(
        Fliesstext(markdown=_ohne_verweise(t).replace(_QUELLEN, liste), datei=t.datei, ort=t.ort)
        for t in teile
    )
    kopf = _kopf(auftrag, art, fertig)
    kopf = kopf.model_copy(
        update={"beispiel": kopf.beispiel or any(a.beleg.beispiel for a in bilder.values())}
    )
    dokument = Dokument(kopf=kopf, inhalt=inhalt)
    manuskript, befunde = lies(dokument, projekt, auftrag.ordner, Ablage.von(projekt))
    meldungen.neue(befunde)
    if art == "einfach":
        meldungen.neue(_schwer("\n\n".join(f.markdown for f in inhalt), inhalt[0].datei))
    uebergabe = Uebergabe(dokument, spuren=fertig.spuren, nachgelesen=fertig.nachgelesen)
    zur_ersten = tuple(_quellen(fertig, bilder.get(_FOLIE.format(1))))
    return Beilage(art, Gelesen(uebergabe, manuskript, meldungen), bilder, zur_ersten)


def _quellen(fertig: Textuebergabe, a: Abbildung | None) -> Iterator[str]:
    """Woher die Zahlen der ersten Botschaft sind, immer kürzer; nennt sie keine, die ihrer Abbildung."""
    botschaften = (n for spur in fertig.spuren if (n := _gebundenes(spur)) is not None)
    namen = next(botschaften, [*fertig.quellen])
    genannt = dict.fromkeys(_ohne_wort(fertig.quellen[n]) for n in namen if n in fertig.quellen)
    beleg = a.beleg.quellen if a else ()
    kurz = dict.fromkeys(angabe.kurz for q in beleg for angabe in q.angaben)
    lang = genannt or dict.fromkeys(_ohne_wort(q.zeile) for q in beleg)
    for fassung in (lang, kurz):
        if fassung:
            yield f"Quelle: {'; '.join(fassung)}"
    if lang:
        yield "Quellen: im Bericht"


def _ohne_wort(zeile: str) -> str:
    """Eine Quellenzeile ohne „Quelle:“."""
    return zeile.removeprefix("Quelle: ").removeprefix("Quellen: ")


def _gebundenes(spur: Textspur) -> list[str] | None:
    """Die Namen, die im Titel der ersten gezeigten Botschaft eines Textes stehen; ``None`` ohne Botschaft."""
    for satz in _TITELSATZ.finditer(spur.quelltext):
        darin = [s for s in spur.stuecke if s.von < satz.end(1) and s.bis > satz.start(1)]
        if darin:
            return [name_in(s.ausdruck) for s in darin if s.ausdruck]
    return None


def pruefe_beilagen(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> tuple[Meldungen, list[Path]]:
    """Die Befunde aller Beilagen, die jemand schrieb oder in ``bericht.yml`` begann; ihre Dateien."""
    meldungen, texte = Meldungen(), _eigene(ausgefuehrt.auftrag)
    for art in texte:
        beilage = lies_beilage(projekt, ausgefuehrt, art, verlangt=False)
        meldungen.neue(beilage if isinstance(beilage, Meldungen) else beilage.meldungen)
    return meldungen, [pfad for pfad in texte.values() if pfad.is_file()]


def _eigene(auftrag: Auftrag) -> dict[str, Path]:
    """Die Beilagen, die jemand schrieb oder in ``bericht.yml`` begann, und wo ihr eigener Wortlaut liegt."""
    begonnen = auftrag.angaben.datei.beilagen.model_copy(update={"online": False}) != Beilagen()
    orte = {art: eigener_text(auftrag, art) for art in ARTEN if not auftrag.variante}
    return {art: p for art, p in orte.items() if p.is_file() or (art == "vorlage" and begonnen)}


class Satz(NamedTuple):
    """Alle Beilagen einer Ausgabe: Dateien unter ihrem Namen, Befunde, und was erst für sie gelesen wurde."""

    dateien: dict[str, bytes]
    meldungen: Meldungen
    nachgelesen: list[str]


def alle_beilagen(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> Satz:
    """Was zu dieser Ausgabe gehört: eigene Beilagen und, wo es Kurzbotschaften gibt, alle daraus."""
    arten = {*_eigene(ausgefuehrt.auftrag)}
    if not ausgefuehrt.auftrag.variante and hat_botschaften(projekt, ausgefuehrt):
        arten |= AUS_BOTSCHAFTEN
    dateien, meldungen, nachgelesen = dict[str, bytes](), Meldungen(), list[str]()
    for art in (a for a in ARTEN if a in arten):
        beilage = lies_beilage(projekt, ausgefuehrt, art, verlangt=False)
        if isinstance(beilage, Meldungen):
            meldungen.neue(beilage)
            continue
        nachgelesen += beilage.gelesen.uebergabe.nachgelesen
        try:
            if not beilage.meldungen.fehler:
                dateien |= dict(schreibe_beilage(projekt, beilage))
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
        meldungen.neue(beilage.meldungen)
    return Satz(dateien, meldungen, nachgelesen)


def _kopf(auftrag: Auftrag, art: str, fertig: Textuebergabe) -> Kopf:
    anders = {
        "titel": auftrag.titel if art in JE_FOLIE else f"{ARTEN[art]}: {auftrag.titel}",
        "untertitel": auftrag.untertitel,
        "stamm": f"{auftrag.stamm}-{art}",
        "gezaehlt": False, "inhalt": False, "titelblatt": False,
    }  # fmt: skip
    return fertig.kopf.model_copy(update=anders)


def _stuecke(
    projekt: Projekt, ausgefuehrt: Ausgefuehrt, art: str, meldungen: Meldungen, stufe: Stufe
) -> Iterator[_Stueck]:
    """Die Datei der Beilage, zerlegt an den Feldern, die allein in einer Zeile stehen."""
    auftrag = ausgefuehrt.auftrag
    eigene = eigener_text(auftrag, art)
    pfad = next((p for p in (eigene, projekt.layout / "beilagen" / f"{art}.md") if p.is_file()), None)
    if pfad is None:
        meldungen.dazu(BeilageOhneText.melde(datei=projekt.relativ(eigene), art=ARTEN[art], stufe=stufe))
        return
    b = auftrag.angaben.datei.beilagen
    bericht_yml = projekt.relativ(auftrag.ordner / "bericht.yml")
    if art == "vorlage" and (fehlt := [f for f in _PFLICHT if not getattr(b, f).strip()]):
        meldungen.dazu(BeilageOhneAngabe.melde(datei=bericht_yml, felder=", ".join(fehlt), stufe=stufe))
    datei, ganz = projekt.relativ(pfad), projekt.lies_text(pfad)
    beginn = 0
    for fund in [*_FELD.finditer(ganz), None]:
        bis = fund.start() if fund else len(ganz)
        zeilen = "\n" * ganz.count("\n", 0, beginn)  # so zählen Befunde die Zeilen der Datei
        if ganz[beginn:bis].strip():
            yield _Stueck(Zusatztext(zeilen + ganz[beginn:bis], datei))
        if fund is None:
            return
        beginn = fund.end()
        if fund[1] == "kurzbotschaften":
            texte = [*_mit_kurzbotschaft(projekt, ausgefuehrt)]
            if not texte:
                meldungen.dazu(BeilageOhneBotschaft.melde(datei=datei, art=art, stufe=stufe))
            yield from (_Stueck(t, nur_kurz=True) for t in texte)
        elif fund[1] == "quellen":
            yield _Stueck(Zusatztext("", datei), quellen=True)
        elif fund[1] == "anlagen":
            alle = (f"{maskiere(auftrag.titel)}, {maskiere(auftrag.untertitel)}", *b.anlagen)
            punkte = "\n".join(f"{nr}. {a}" for nr, a in enumerate(alle, 1))
            yield _Stueck(Zusatztext(punkte, bericht_yml, "beilagen.anlagen"))
        elif text := getattr(b, fund[1]).strip():
            yield _Stueck(Zusatztext(text, bericht_yml, f"beilagen.{fund[1]}"))


def eigener_text(auftrag: Auftrag, art: str) -> Path:
    """Wo der eigene Wortlaut einer Ausgabe liegt, wenn sie einen hat."""
    return auftrag.ordner / "texte/beilagen" / f"{art}.md"


def hat_botschaften(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> bool:
    """Ob ein Text des Berichts Kurzbotschaften hat."""
    return next(_mit_kurzbotschaft(projekt, ausgefuehrt), None) is not None


def _mit_kurzbotschaft(projekt: Projekt, ausgefuehrt: Ausgefuehrt) -> Iterator[Zusatztext]:
    """Die Texte des Berichts mit Kurzbotschaften."""
    for gruppe in ausgefuehrt.gegenstaende.values():
        for g in gruppe:
            if not isinstance(g, Text) or g.bereich:
                continue
            pfad = ausgefuehrt.auftrag.angaben.text(g.name)
            if pfad is not None and _KURZTEXT in (text := projekt.lies_text(pfad)):
                yield Zusatztext(text, projekt.relativ(pfad))


def _angaben(auftrag: Auftrag) -> Bindung:
    """Was in einer Zeile steht, als ``{{ beilage.… }}``."""
    d = auftrag.angaben.datei
    b = d.beilagen
    return Bindung(
        art="text",
        text=auftrag.titel,
        attribute={
            "titel": auftrag.titel, "beschreibung": d.beschreibung.strip(),
            "kontakt": d.kontakt or d.redaktion,
            "gremium": b.gremium, "nummer": b.nummer, "einreicher": b.einreicher or d.herausgeber,
            "sitzung": datum(b.sitzung, lang=True) if b.sitzung else "", "stand": datum(d.stand, lang=True),
        },
    )  # fmt: skip


def _gezeigt(stueck: _Stueck, text: str) -> Iterator[str]:
    """Was von einem aufgelösten Stück dasteht; wo die Quellen stehen, bleibt ein Platz."""
    if stueck.quellen:
        yield _QUELLEN
        return
    teile = [t for art, t in zerlege(text) if art == KURZ] if stueck.nur_kurz else [text]
    yield from (t for t in teile if t.strip())


def _ohne_verweise(t: _Teil) -> str:
    """Klammern einer Kurzbotschaft, die nur in den Bericht zeigen, entfallen; andere sagen, wohin.

    Bleibt von einer Klammer hinter dem Satz ein Rest, gehört er in den Satz: „… fehlen (Beispieldaten).“
    """
    text = t.markdown
    if t.kurz or t.ort:
        text = _SIEHE_UND.sub(r" (\2)\1", _SIEHE.sub(r"\1", text))
    return _VERWEIS.sub(lambda m: _WOANDERS[m[1]], text)


def _je_folie(
    ausgefuehrt: Ausgefuehrt, teile: Sequence[_Teil], art: str, meldungen: Meldungen
) -> tuple[list[_Teil], dict[str, Abbildung]]:
    """Jeder Text mit dem Ort seiner Folie, und welche Abbildung des Berichts sie als erste nennt.

    Eine Folie beginnt mit jeder Überschrift und jeder Kurzbotschaft.
    """
    gruppen = ausgefuehrt.gegenstaende.values()
    alle = {g.label: g for gruppe in gruppen for g in gruppe if isinstance(g, Abbildung)}
    fertig: list[_Teil] = []
    bilder: dict[str, Abbildung] = {}
    nr = 0
    for teil in teile:
        for text in filter(str.strip, [teil.markdown] if teil.kurz else _UEBERSCHRIFT.split(teil.markdown)):
            nr += teil.kurz or text.startswith("#") or (art == "bild" and not nr)
            if not nr:
                was = text.strip()[:60]
                meldungen.dazu(FolieOhneTitel.melde(datei=teil.datei, was=was))
                continue
            ort = _FOLIE.format(nr)
            fertig.append(teil._replace(markdown=text, ort=ort))
            if genannt := next((alle[n] for n in _BILD.findall(text) if n in alle), None):
                bilder.setdefault(ort, genannt)
    return fertig, bilder


def _schwer(text: str, datei: str) -> Iterator[Meldung]:
    """Was an einem Text in Einfacher Sprache schwer ist; ein Befund je Stelle, dazu die Stufe des Ganzen."""
    for b in lesbarkeit.pruefe(text):
        yield _BEFUNDE[b.art].melde(datei=datei, was=b.was, mass=b.mass)
    if (stufe := lesbarkeit.stufe(text)) > lesbarkeit.STUFE:
        grenze = schreibe_zahl(lesbarkeit.STUFE)
        yield TextSchwer.melde(datei=datei, wert=schreibe_zahl(stufe, 1), grenze=grenze)


def schreibe_beilage(projekt: Projekt, beilage: Beilage) -> Iterator[tuple[str, bytes]]:
    """Ihre Dateien: PDF (UA) und DOCX, für die Presse auch HTML, Folien als PPTX; ``<stamm>-<art>.…``.

    Raises:
        BerichtswerkFehler: was nicht auf eine Folie passt, oder was Typst oder pandoc nicht setzen kann.
    """
    from berichtswerk.satz import pdf
    from berichtswerk.schreiber import folien, pptx
    from berichtswerk.schreiber.html import rumpf
    from berichtswerk.schreiber.word import datei as word

    art, gelesen = beilage.art, beilage.gelesen
    m = gelesen.manuskript
    if art == "folien":
        satz = folien.setze(m, projekt, beilage.abbildungen)
        yield f"{m.kopf.stamm}.pdf", pdf.setze_druck(folien.drucke(satz, m, projekt), m, projekt)
        yield f"{m.kopf.stamm}.pptx", pptx.schreibe(satz, m, projekt)
        return
    if art == "bild":
        bild = teilbild_zu(projekt, beilage)
        yield f"{m.kopf.stamm}.png", _gezeichnet(projekt, beilage, bild, teilbild.QUER)
        yield f"{m.kopf.stamm}-quadrat.png", _gezeichnet(projekt, beilage, bild, teilbild.QUADRAT)
        yield f"{m.kopf.stamm}.txt", f"{bild.alternativtext}\n".encode()
        return
    druck = pdf.setze(m, projekt, {})
    if art == "presse":
        if _seiten(druck) > 1:
            druck = pdf.setze(replace(m, kopf=m.kopf.model_copy(update={"eng": True})), projekt, {})
        if (seiten := _seiten(druck)) > 1:
            datei = next(g.datei for g in gelesen.uebergabe.dokument.inhalt if isinstance(g, Fliesstext))
            gelesen.meldungen.dazu(BeilageZuLang.melde(datei=datei, seiten=seiten))
        yield f"{m.kopf.stamm}.html", _seite(projekt, m, rumpf.schreibe(m)).encode()
    yield f"{m.kopf.stamm}.pdf", druck
    for endung, inhalt in word.schreibe(gelesen, projekt, ("docx",)).items():
        yield f"{m.kopf.stamm}.{endung}", inhalt


def _seiten(druck: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(druck)) as offen:
        return len(offen.pages)


def teilbild_zu(projekt: Projekt, beilage: Beilage) -> Teilbild:
    """Was auf dem Bild steht: die erste Botschaft, ihr Bericht, ihre Quelle."""
    m = beilage.gelesen.manuskript
    k = m.kopf
    return Teilbild(
        k.titel, k.untertitel, Marke.lade(projekt).leitfarbe(k.bericht), erste_botschaft(m), beilage.quellen,
        f"Stand: {datum(k.stand, lang=True)}" if k.stand else "", k.band,
    )  # fmt: skip


def _gezeichnet(projekt: Projekt, beilage: Beilage, bild: Teilbild, masse: tuple[int, int]) -> bytes:
    try:
        return teilbild.hole(projekt, bild, masse)
    except teilbild.PasstNicht as fehler:
        inhalt = beilage.gelesen.uebergabe.dokument.inhalt
        datei = next((g.datei for g in inhalt if isinstance(g, Fliesstext)), "")
        raise BerichtswerkFehler(BildZuVoll.melde(datei=datei, was=bild.botschaft[:60])) from fehler


def _seite(projekt: Projekt, m: Manuskript, inhalt: str) -> str:
    """Eine Seite für sich nach ``layout/beilagen/presse.html``: ohne Skript und fremde Dateien."""
    k, marke = m.kopf, Marke.lade(projekt)
    dunkel, hell, farbe = marke.farben["foreground"], marke.farben["background"], marke.leitfarbe(k.bericht)
    stand = f"Stand: {datum(k.stand, lang=True)}" if k.stand else ""
    zeile = " · ".join(t for t in (k.untertitel, k.herausgeber, stand) if t)
    vermerk = " · ".join(t for t in (k.band, "".join(BEISPIELSATZ) if k.beispiel else "") if t)
    worte = "".join((inhalt, k.titel, zeile, vermerk))
    svg = marke.wortmarke.hell.read_text("utf-8")
    werte = {
        "titel": escape(k.titel), "zeile": escape(zeile), "inhalt": inhalt,
        "wortmarke": svg[svg.index("<svg"):].strip(),
        "robots": '<meta name="robots" content="noindex">\n' if k.band else "",
        "vermerk": f'<p class="band" role="note">{escape(vermerk)}</p>\n' if vermerk else "",
        "schrift": escape(marke.schrift), "grund": hell, "text": dunkel, "farbe": farbe,
        "auffarbe": lesbar_auf(farbe, dunkel, hell), "band": marke.band,
        "aufband": lesbar_auf(marke.band, dunkel, hell),
        "normal": eingebettet(marke.schnitt(400).pfad, worte),
        "stark": eingebettet(marke.schnitt(marke.betonung).pfad, worte),
    }  # fmt: skip
    return Template(projekt.lies_text(projekt.layout / "beilagen/presse.html")).substitute(werte)
