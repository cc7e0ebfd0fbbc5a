"""Was an Texten nicht geht: je Fall eine Klasse mit Wortlaut, Ursache und nächstem Schritt."""

from __future__ import annotations

from difflib import get_close_matches

from berichtswerk.grund.meldung import ARTEN, Befundart, Meldung

_TEILMENGE = "Was geht, steht in docs/teilmenge.md."


class VerweisOffen(Befundart):
    """Ein Verweis nennt eine Marke, die niemand trägt."""

    kennung = "satz-verweis-offen"
    text = "Der Verweis @{was} führt ins Leere."
    ursache = "Keine Abbildung, Tabelle oder Überschrift dieses Berichts trägt diese Marke."
    abhilfe = "Marke berichtigen{naechste}."


class ZitatUnbekannt(Befundart):
    """Ein @ im Text ist kein Verweis auf Abbildung, Tabelle oder Kapitel."""

    kennung = "satz-zitat"
    text = "Das Zitat @{was} kann nicht aufgelöst werden."
    ursache = "Der Satz kennt Verweise mit @fig-, @tbl- und @sec-, aber kein Literaturverzeichnis."
    abhilfe = "Quelle als Fußnote schreiben: Text[^1]; ein @ im Text als \\@."


class MarkeDoppelt(Befundart):
    """Zwei Stellen tragen dieselbe Marke."""

    kennung = "satz-marke-doppelt"
    text = "Die Marke „{was}“ ist zweimal vergeben."
    ursache = "Verweise wären nicht eindeutig."
    abhilfe = "Eine der beiden umbenennen."


class EbeneSprung(Befundart):
    """Eine Überschrift überspringt eine Ebene."""

    kennung = "satz-ebene-sprung"
    text = "Die Überschrift „{was}“ überspringt eine Ebene."
    ursache = "Nach ## folgt ###, nicht ####; Vorleseprogramme und PDF/UA verlangen lückenlose Ebenen."
    abhilfe = "Eine Raute weniger setzen."


class AltFehlt(Befundart):
    """Ein Bild hat keinen Alternativtext."""

    kennung = "satz-alt-fehlt"
    text = "Das Bild „{was}“ hat keinen Alternativtext."
    ursache = "Ohne ihn ist der Bericht nicht barrierefrei und ergibt kein PDF/UA."
    abhilfe = 'Hinter das Bild {{fig-alt="…"}} schreiben: was, wo, wann, Richtung, Höchst- und Tiefstwert.'


class BildFremd(Befundart):
    """Ein Bild käme aus dem Netz."""

    kennung = "satz-bild-fremd"
    text = "Das Bild „{was}“ liegt auf einem fremden Rechner."
    ursache = "Berichte laden nichts aus dem Netz."
    abhilfe = "Bild als SVG neben den Bericht legen."


class BildFormat(Befundart):
    """Ein Bild ist kein SVG."""

    kennung = "satz-bild-format"
    text = "Das Bild „{was}“ ist kein SVG."
    ursache = "Der Satz nimmt nur SVG: es bleibt in Bildschirm und Druck scharf."
    abhilfe = "Bild als SVG speichern."


class BildFehlt(Befundart):
    """Eine genannte Bilddatei gibt es nicht."""

    kennung = "satz-bild-fehlt"
    text = "Die Bilddatei „{was}“ fehlt."
    ursache = "Dort liegt keine Datei; der Pfad gilt ab dem Ordner des Dokuments."
    abhilfe = "Legen Sie die Datei neben den Bericht oder berichtigen Sie den Pfad."


class AbbildungLeer(Befundart):
    """In einem Rahmen fig-… steht kein Bild."""

    kennung = "satz-abbildung-leer"
    text = "Die Abbildung „{was}“ enthält kein Bild."
    ursache = "Zwischen ::: {{#{was}}} und ::: fehlt ![](….svg)."
    abhilfe = "Bild ergänzen oder den Rahmen entfernen."


class TabelleLeer(Befundart):
    """In einem Rahmen tbl-… steht keine Tabelle."""

    kennung = "satz-tabelle-leer"
    text = "Die Tabelle „{was}“ enthält keine Tabelle."
    ursache = "Zwischen ::: {{#{was}}} und ::: fehlt die Tabelle."
    abhilfe = "Tabelle ergänzen oder den Rahmen entfernen."


class UnterschriftFehlt(Befundart):
    """Eine gezählte Abbildung oder Tabelle hat keine Unterschrift."""

    kennung = "satz-unterschrift-fehlt"
    text = "„{was}“ hat keine Unterschrift."
    ursache = "Der letzte Absatz im Rahmen ist die Unterschrift; er fehlt."
    abhilfe = "Einen Absatz ergänzen: was, wo, wann, Einheit."


class RohHtml(Befundart):
    """Im Text steht HTML."""

    kennung = "satz-roh-html"
    text = "Rohes HTML ist nicht erlaubt: {was}"
    ursache = "Es fehlte im PDF."
    abhilfe = "In Markdown schreiben. " + _TEILMENGE


class RohFremd(Befundart):
    """Im Text steht Rohes eines anderen Formats."""

    kennung = "satz-roh-fremd"
    text = "Roher Text im Format „{was}“ ist nicht erlaubt."
    ursache = "Er erschiene nur in einem der beiden Formate."
    abhilfe = "In Markdown schreiben. " + _TEILMENGE


class Formel(Befundart):
    """Im Text steht eine Formel."""

    kennung = "satz-formel"
    text = "Eine Formel im Text wird nicht gesetzt: ${was}$"
    ursache = "Formeln können im PDF keinen Alternativtext tragen."
    abhilfe = "Formel in Worten oder als einfache Zeile schreiben; ein Dollarzeichen als \\$."


class CodeImText(Befundart):
    """Im Text steht Code, der ausgeführt werden soll."""

    kennung = "satz-code-im-text"
    text = "Hier stünde ausführbarer Code: {was}"
    ursache = "Der Satz führt nichts aus; der Code erschiene wörtlich im Bericht."
    abhilfe = "Zahl im Notizbuch binden und im Text {{{{ name }}}} schreiben."


class Kurzbefehl(Befundart):
    """Im Text steht ein Kurzbefehl von Quarto."""

    kennung = "satz-kurzbefehl"
    text = "Den Kurzbefehl {was} … kennt der Satz nicht."
    ursache = "Nur {{{{< include datei.qmd >}}}} auf einer eigenen Zeile wird verstanden."
    abhilfe = "Inhalt ausschreiben oder include benutzen."


class BindungOffen(Befundart):
    """Eine gebundene Zahl wurde nicht eingesetzt."""

    kennung = "satz-bindung-offen"
    text = "Eine gebundene Zahl wurde nicht eingesetzt: {was}"
    ursache = "Gebundene Zahlen setzt die Ausführung ein; hier blieb die Klammer stehen."
    abhilfe = "Den Text nach texte/ der Ausgabe legen oder den Namen prüfen."


class RahmenUnbekannt(Befundart):
    """Ein Rahmen ::: trägt eine unbekannte Klasse."""

    kennung = "satz-rahmen-unbekannt"
    text = "Der Rahmen „{was}“ wird nicht verstanden."
    ursache = "Bekannt sind callout-note, -tip, -important, -caution, -warning und content-visible."
    abhilfe = "Rahmen entfernen oder durch einen bekannten ersetzen. " + _TEILMENGE


class PfadFremd(Befundart):
    """Ein Text nennt eine Datei außerhalb des Projekts."""

    kennung = "satz-pfad-fremd"
    text = "Die Datei „{was}“ liegt nicht in diesem Projekt."
    ursache = "Texte dürfen nur nennen, was im Projektordner liegt; Verknüpfungen nach draußen gelten nicht."
    abhilfe = "Die Datei in den Ordner des Berichts kopieren und von dort nennen."


class LinkSchema(Befundart):
    """Ein Link hat ein Schema, das nicht erlaubt ist."""

    kennung = "satz-link-schema"
    text = "Der Link „{was}“ ist nicht erlaubt."
    ursache = "Erlaubt sind Adressen mit https, http, mailto und tel sowie Verweise innerhalb der Website."
    abhilfe = "Adresse berichtigen oder den Link entfernen."


class IncludeFehlt(Befundart):
    """Eine eingebundene Datei gibt es nicht."""

    kennung = "satz-include-fehlt"
    text = "Die eingebundene Datei „{was}“ gibt es nicht."
    ursache = "Der Pfad gilt ab dem Ordner der einbindenden Datei."
    abhilfe = "Pfad berichtigen."


class IncludeKreis(Befundart):
    """Eine Datei bindet sich selbst ein."""

    kennung = "satz-include-kreis"
    text = "Die Datei „{was}“ bindet sich selbst ein."
    ursache = "Das Einbinden nähme kein Ende."
    abhilfe = "Eine der include-Zeilen entfernen."


class ZeichenFehlt(Befundart):
    """Die Hausschrift hat ein Zeichen nicht."""

    kennung = "satz-zeichen-fehlt"
    text = "Das Zeichen {was} gibt es in der Hausschrift nicht."
    ursache = "PDF/UA verlangt, dass jedes Zeichen gesetzt und vorgelesen werden kann."
    abhilfe = "Zeichen durch ein anderes oder durch ein Wort ersetzen."


class TitelFehlt(Befundart):
    """Ein Bericht hat keinen Titel."""

    kennung = "satz-titel-fehlt"
    text = "Das Dokument hat keinen Titel."
    ursache = "PDF/UA verlangt einen Titel."
    abhilfe = "titel in bericht.yml eintragen."


class BildKaputt(Befundart):
    """Typst kann eine Bilddatei nicht lesen."""

    kennung = "satz-bild-kaputt"
    text = "Die Bilddatei „{was}“ ist kein lesbares SVG."
    ursache = "Die Datei ist beschädigt oder hat die falsche Endung."
    abhilfe = "Bild neu erzeugen."


class TypstGescheitert(Befundart):
    """Typst scheitert aus einem Grund, den wir nicht kennen."""

    kennung = "satz-typst"
    text = "Typst konnte das PDF nicht setzen."
    ursache = "{was}"
    abhilfe = "Prüfen Sie den Text an dieser Stelle und layout/typst; bleibt der Fehler, melden Sie ihn."


def meldung(kennung: str, was: str, datei: str, ort: str = "", bekannt: tuple[str, ...] = ()) -> Meldung:
    """Die Meldung zu einem Befund; ``bekannt`` sind Marken, aus denen die nächsten genannt werden."""
    funde = get_close_matches(was, bekannt, n=3, cutoff=0.4)
    naechste = f"; am nächsten liegen: {', '.join(funde)}" if funde else ""
    return ARTEN[kennung].melde(datei=datei, ort=ort, was=was, naechste=naechste)
