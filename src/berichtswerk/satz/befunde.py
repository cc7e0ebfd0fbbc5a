"""Die Worte zu den Befunden: je Kennung, was nicht geht, warum und was stattdessen geht."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from berichtswerk.grund.meldung import Meldung


@dataclass(frozen=True, slots=True)
class _Worte:
    text: str
    ursache: str
    abhilfe: str


_TEILMENGE = "Was geht, steht in docs/teilmenge.md."

_WORTE: Mapping[str, _Worte] = MappingProxyType(
    {
        "satz-verweis-offen": _Worte(
            "Der Verweis @{was} führt ins Leere.",
            "Keine Abbildung, Tabelle oder Überschrift dieses Berichts trägt diese Marke.",
            "Marke berichtigen{naechste}.",
        ),
        "satz-zitat": _Worte(
            "Das Zitat @{was} kann nicht aufgelöst werden.",
            "Der Satz kennt Verweise mit @fig-, @tbl- und @sec-, aber kein Literaturverzeichnis.",
            "Quelle als Fußnote schreiben: Text[^1]; ein @ im Text als \\@.",
        ),
        "satz-marke-doppelt": _Worte(
            "Die Marke „{was}“ ist zweimal vergeben.",
            "Verweise wären nicht eindeutig.",
            "Eine der beiden umbenennen.",
        ),
        "satz-ebene-sprung": _Worte(
            "Die Überschrift „{was}“ überspringt eine Ebene.",
            "Nach ## folgt ###, nicht ####; Vorleseprogramme und PDF/UA verlangen lückenlose Ebenen.",
            "Eine Raute weniger setzen.",
        ),
        "satz-alt-fehlt": _Worte(
            "Das Bild „{was}“ hat keinen Alternativtext.",
            "Ohne ihn ist der Bericht nicht barrierefrei und lässt sich nicht als PDF/UA setzen.",
            'Hinter das Bild {{fig-alt="…"}} schreiben: was, wo, wann, Richtung, größter und kleinster Wert.',
        ),
        "satz-bild-fremd": _Worte(
            "Das Bild „{was}“ liegt auf einem fremden Rechner.",
            "Berichte laden nichts aus dem Netz.",
            "Bild als SVG neben den Bericht legen.",
        ),
        "satz-bild-format": _Worte(
            "Das Bild „{was}“ ist kein SVG.",
            "Der Satz nimmt nur SVG: es bleibt in Bildschirm und Druck scharf.",
            "Bild als SVG speichern.",
        ),
        "satz-bild-fehlt": _Worte(
            "Die Bilddatei „{was}“ fehlt.",
            "Dort liegt keine Datei; der Pfad gilt ab dem Ordner des Dokuments.",
            "Bericht neu ausführen oder den Pfad berichtigen.",
        ),
        "satz-abbildung-leer": _Worte(
            "Die Abbildung „{was}“ enthält kein Bild.",
            "Zwischen ::: {{#{was}}} und ::: fehlt ![](….svg).",
            "Bild ergänzen oder den Rahmen entfernen.",
        ),
        "satz-tabelle-leer": _Worte(
            "Die Tabelle „{was}“ enthält keine Tabelle.",
            "Zwischen ::: {{#{was}}} und ::: fehlt die Tabelle.",
            "Tabelle ergänzen oder den Rahmen entfernen.",
        ),
        "satz-unterschrift-fehlt": _Worte(
            "„{was}“ hat keine Unterschrift.",
            "Der letzte Absatz im Rahmen ist die Unterschrift; er fehlt.",
            "Einen Absatz ergänzen: was, wo, wann, Einheit.",
        ),
        "satz-roh-html": _Worte(
            "Rohes HTML ist nicht erlaubt: {was}",
            "Es fehlte im PDF; nur Tabellen der Übergabe dürfen HTML sein, ohne style und Skripte.",
            "In Markdown schreiben. " + _TEILMENGE,
        ),
        "satz-roh-fremd": _Worte(
            "Roher Text im Format „{was}“ ist nicht erlaubt.",
            "Er erschiene nur in einem der beiden Formate.",
            "In Markdown schreiben. " + _TEILMENGE,
        ),
        "satz-formel": _Worte(
            "Eine Formel im Text wird nicht gesetzt: ${was}$",
            "Formeln können im PDF keinen Alternativtext tragen.",
            "Formel in Worten oder als einfache Zeile schreiben; ein Dollarzeichen als \\$.",
        ),
        "satz-code-im-text": _Worte(
            "Hier stünde ausführbarer Code: {was}",
            "Der Satz führt nichts aus; der Code erschiene wörtlich im Bericht.",
            "Zahl im Notizbuch binden und im Text {{{{ name }}}} schreiben.",
        ),
        "satz-kurzbefehl": _Worte(
            "Den Kurzbefehl {was} … kennt der Satz nicht.",
            "Nur {{{{< include datei.qmd >}}}} auf einer eigenen Zeile wird verstanden.",
            "Inhalt ausschreiben oder include benutzen.",
        ),
        "satz-bindung-offen": _Worte(
            "Eine gebundene Zahl wurde nicht eingesetzt: {was}",
            "Gebundene Zahlen setzt die Ausführung ein; hier blieb die Klammer stehen.",
            "Den Text nach texte/ der Ausgabe legen oder den Namen prüfen.",
        ),
        "satz-rahmen-unbekannt": _Worte(
            "Der Rahmen „{was}“ wird nicht verstanden.",
            "Bekannt sind callout-note, -tip, -important, -caution, -warning, content-visible und die "
            "Rahmen der Übergabe (bw-…).",
            "Rahmen entfernen oder durch einen bekannten ersetzen. " + _TEILMENGE,
        ),
        "satz-zelloption": _Worte(
            "Die Zelloption „{was}“ wird nicht verstanden.",
            "Bekannt sind label, fig-cap, fig-alt, tbl-cap, echo, include, output.",
            "Option entfernen oder ersetzen. " + _TEILMENGE,
        ),
        "satz-zelloption-wert": _Worte(
            "Der Wert der Zelloption „{was}“ ist nicht erlaubt.",
            "echo, include: true oder false; output: true, false oder asis; die übrigen sind Text.",
            "Wert berichtigen.",
        ),
        "satz-zelloption-yaml": _Worte(
            "Die Zelloptionen sind kein gültiges YAML: {was}",
            "Jede Zeile hinter #| heißt „name: wert“; Werte mit Doppelpunkt stehen in Anführungszeichen.",
            "Schreibweise berichtigen.",
        ),
        "satz-ausgabe-art": _Worte(
            "Die Zelle gibt {was} aus; das wird nicht gesetzt.",
            "Erlaubt sind text/markdown und image/svg+xml (mit label, fig-cap und fig-alt).",
            "Über den Bericht ausgeben (b.tabelle, b.linie …) oder mit #| output: false stumm schalten.",
        ),
        "satz-ausgabe-fehler": _Worte(
            "Die Zelle endete mit einem Fehler: {was}",
            "Ein Bericht mit gescheiterter Zelle wird nicht gesetzt.",
            "Zelle berichtigen und den Bericht neu ausführen.",
        ),
        "satz-svg-ohne-marke": _Worte(
            "Eine SVG-Ausgabe braucht label (fig-…), fig-cap und fig-alt; es fehlt: {was}",
            "Ohne sie gibt es weder Nummer noch Unterschrift noch Alternativtext.",
            "Zelloptionen ergänzen.",
        ),
        "satz-kopf": _Worte(
            "Der Kopf des Dokuments ist unbrauchbar: {was}",
            "Am Anfang steht YAML zwischen zwei Zeilen ---, mindestens mit title.",
            "Kopf berichtigen.",
        ),
        "satz-include-fehlt": _Worte(
            "Die eingebundene Datei „{was}“ gibt es nicht.",
            "Der Pfad gilt ab dem Ordner der einbindenden Datei.",
            "Pfad berichtigen.",
        ),
        "satz-include-kreis": _Worte(
            "Die Datei „{was}“ bindet sich selbst ein.",
            "Das Einbinden nähme kein Ende.",
            "Eine der include-Zeilen entfernen.",
        ),
        "satz-notizbuch": _Worte(
            "Das Notizbuch lässt sich nicht lesen: {was}",
            "Die Datei ist kein gültiges Jupyter-Notizbuch (nbformat 4).",
            "Bericht neu ausführen.",
        ),
    }
)


def meldung(kennung: str, was: str, datei: str, ort: str = "", bekannt: tuple[str, ...] = ()) -> Meldung:
    """Die Meldung zu einem Befund; ``bekannt`` sind Marken, aus denen die nächsten genannt werden."""
    worte = _WORTE[kennung]
    naechste = get_close_matches(was, bekannt, n=3, cutoff=0.4)
    werte = {"was": was, "naechste": f"; am nächsten liegen: {', '.join(naechste)}" if naechste else ""}
    return Meldung(
        kennung,
        worte.text.format_map(werte),
        datei=datei,
        ort=ort,
        ursache=worte.ursache.format_map(werte),
        abhilfe=worte.abhilfe.format_map(werte),
    )


def kennungen() -> tuple[str, ...]:
    """Alle Kennungen, für die es Worte gibt."""
    return tuple(_WORTE)
