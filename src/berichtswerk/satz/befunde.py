"""Was an Texten nicht geht: je Fall eine Klasse mit Wortlaut, Ursache und nächstem Schritt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from berichtswerk.grund.meldung import ARTEN, Befundart, BerichtswerkFehler, Meldung

if TYPE_CHECKING:
    from berichtswerk.schreiber.typst.rumpf import Druckfassung

_TEILMENGE = "Was geht, steht in docs/teilmenge.md."


class SatzVerweisOffen(Befundart):
    text = "Der Verweis @{was} führt ins Leere."
    ursache = "Keine Abbildung, Tabelle oder Überschrift dieses Berichts trägt diese Marke."
    abhilfe = "Marke berichtigen{naechste}."


class SatzZitat(Befundart):
    text = "Das Zitat @{was} kann nicht aufgelöst werden."
    ursache = "Weder literatur.yaml der Ausgabe noch berichte/literatur.yaml hat einen Eintrag mit dieser id."
    abhilfe = "Eintrag ergänzen oder id berichtigen{naechste}; ein @ im Text als \\@ schreiben."


class SatzMarkeDoppelt(Befundart):
    text = "Die Marke „{was}“ ist zweimal vergeben."
    ursache = "Verweise wären nicht eindeutig."
    abhilfe = "Eine der beiden umbenennen."


class SatzEbeneSprung(Befundart):
    text = "Die Überschrift „{was}“ überspringt eine Ebene."
    ursache = "Nach ## folgt ###, nicht ####; Vorleseprogramme und PDF/UA verlangen lückenlose Ebenen."
    abhilfe = "Eine Raute weniger setzen."


class SatzKopfErste(Befundart):
    text = "Die Überschrift „{was}“ steht eine Ebene über den Kapiteln."
    ursache = "Der Bericht beginnt mit ##; mit # rückten alle Kapitel unter diese Überschrift."
    abhilfe = "Zwei Rauten setzen: ## {was}"


class SatzAltFehlt(Befundart):
    text = "Das Bild „{was}“ hat keinen Alternativtext."
    ursache = "Ohne ihn ist der Bericht nicht barrierefrei und ergibt kein PDF/UA."
    abhilfe = 'Hinter das Bild {{fig-alt="…"}} schreiben: was, wo, wann, Richtung, Höchst- und Tiefstwert.'


class SatzBildFremd(Befundart):
    text = "Das Bild „{was}“ liegt auf einem fremden Rechner."
    ursache = "Berichte laden nichts aus dem Netz."
    abhilfe = "Bild als SVG neben den Bericht legen."


class SatzBildFormat(Befundart):
    text = "Das Bild „{was}“ ist kein SVG."
    ursache = "Zeichnungen sind SVG; Fotos (JPEG, PNG, WebP) liegen im Ordner bilder/ der Ausgabe."
    abhilfe = "Bild als SVG speichern, ein Foto nach bilder/ legen und als bilder/name.jpg nennen."


class SatzBildFehlt(Befundart):
    text = "Die Bilddatei „{was}“ fehlt."
    ursache = "Dort liegt keine Datei; der Pfad gilt ab dem Ordner des Dokuments."
    abhilfe = "Legen Sie die Datei neben den Bericht oder berichtigen Sie den Pfad."


class SatzAbbildungLeer(Befundart):
    text = "Die Abbildung „{was}“ enthält kein Bild."
    ursache = "Zwischen ::: {{#{was}}} und ::: fehlt ![](….svg)."
    abhilfe = "Bild ergänzen oder den Rahmen entfernen."


class SatzTabelleLeer(Befundart):
    text = "Die Tabelle „{was}“ enthält keine Tabelle."
    ursache = "Zwischen ::: {{#{was}}} und ::: fehlt die Tabelle."
    abhilfe = "Tabelle ergänzen oder den Rahmen entfernen."


class SatzUnterschriftFehlt(Befundart):
    text = "„{was}“ hat keine Unterschrift."
    ursache = "Der letzte Absatz im Rahmen ist die Unterschrift; er fehlt."
    abhilfe = "Einen Absatz ergänzen: was, wo, wann, Einheit."


class SatzRohHtml(Befundart):
    text = "Rohes HTML ist nicht erlaubt: {was}"
    ursache = "Es fehlte im PDF."
    abhilfe = "In Markdown schreiben. " + _TEILMENGE


class SatzTief(Befundart):
    text = "Zu viele Zitate, Listen oder Kästen stehen ineinander: {was}"
    ursache = "So tief verschachtelt liest und setzt es niemand."
    abhilfe = "Weniger ineinander stellen; oft sind > oder ::: am Anfang der Zeile nicht gemeint."


class SatzRohFremd(Befundart):
    text = "Roher Text für ein einzelnes Format ist nicht erlaubt: {was}"
    ursache = "Er erschiene nur in einem der beiden Formate."
    abhilfe = "In Markdown schreiben. " + _TEILMENGE


class SatzFormel(Befundart):
    text = "Eine Formel im Text wird nicht gesetzt: ${was}$"
    ursache = "Formeln können im PDF keinen Alternativtext tragen."
    abhilfe = "Formel in Worten oder als einfache Zeile schreiben; ein Dollarzeichen als \\$."


class SatzCodeImText(Befundart):
    text = "Hier stünde ausführbarer Code: {was}"
    ursache = "Der Satz führt nichts aus; der Code erschiene wörtlich im Bericht."
    abhilfe = "Zahl im Notizbuch binden und im Text {{{{ name }}}} schreiben."


class SatzKurzbefehl(Befundart):
    text = "Den Kurzbefehl {was} … kennt der Satz nicht."
    ursache = "Nur {{{{< include datei.qmd >}}}} auf einer eigenen Zeile wird verstanden."
    abhilfe = "Inhalt ausschreiben oder include benutzen."


class SatzBindungOffen(Befundart):
    text = "Eine gebundene Zahl wurde nicht eingesetzt: {was}"
    ursache = "Gebundene Zahlen setzt die Ausführung ein; hier blieb die Klammer stehen."
    abhilfe = "Den Text nach texte/ der Ausgabe legen oder den Namen prüfen."


class SatzKlammerWoertlich(Befundart):
    text = "Die geschweifte Klammer in „{was}“ stünde wörtlich im Bericht."
    ursache = (
        "Eine gebundene Zahl braucht zwei; eine Angabe wie {{.unnumbered}} steht hinter einer Überschrift."
    )
    abhilfe = "Schreiben Sie {{{{ name }}}}; eine gemeinte Klammer als \\{{."


class SatzZeichenWoertlich(Befundart):
    text = "Die Zeichen „{was}“ stünden wörtlich im Bericht."
    ursache = "Ihnen fehlt das Gegenstück, oder vor der Zeile fehlt eine Leerzeile."
    abhilfe = "Gegenstück oder Leerzeile ergänzen; gemeinte Zeichen mit \\ davor schreiben."


class SatzListe(Befundart):
    text = "Diese Zeile wäre kein Punkt einer Liste: {was}"
    ursache = "Vor der Liste fehlt eine Leerzeile; die Punkte liefen im Absatz hintereinander."
    abhilfe = "Eine leere Zeile vor den ersten Punkt setzen."


class SatzRahmenRest(Befundart):
    text = "Im Rahmen „{was}“ steht mehr als eine Abbildung oder Tabelle und ihre Unterschrift."
    ursache = (
        "Ein Rahmen trägt ein Bild oder eine Tabelle, danach einen Absatz; das Übrige fehlte im Bericht."
    )
    abhilfe = "Was dazugehört, vor oder hinter den Rahmen schreiben."


class SatzPandocWarnung(Befundart):
    text = "pandoc liest hier etwas anderes, als dasteht: {was}"
    ursache = "Etwas ist doppelt, offen oder ohne Ziel."
    abhilfe = "Die Stelle berichtigen. " + _TEILMENGE


class LinkTot(Befundart):
    text = "Der Link auf „{was}“ führt ins Leere."
    feld = "{was}"
    ursache = "{grund}"
    abhilfe = "Berichtigen Sie das Ziel oder nehmen Sie den Link heraus{naechste}."


class SatzRahmenUnbekannt(Befundart):
    text = "Der Rahmen „{was}“ wird nicht verstanden."
    ursache = "Bekannt sind callout-note, -tip, -important, -caution, -warning und content-visible."
    abhilfe = "Rahmen entfernen oder durch einen bekannten ersetzen. " + _TEILMENGE


class SatzRahmenFormat(Befundart):
    text = "Was in diesem Rahmen steht, erschiene nirgends oder überall: {was}"
    ursache = "Einen Bericht gibt es als html und als pdf (oder typst); andere Bedingungen gelten hier nicht."
    abhilfe = 'Schreiben Sie when-format="html", when-format="pdf", oder löschen Sie den Rahmen.'


class SatzLinkSchema(Befundart):
    text = "Der Link „{was}“ ist nicht erlaubt."
    ursache = "Erlaubt sind Adressen mit https, http, mailto und tel sowie Verweise innerhalb der Website."
    abhilfe = "Adresse berichtigen oder den Link entfernen."


class SatzIncludeFehlt(Befundart):
    text = "Die eingebundene Datei „{was}“ gibt es nicht."
    ursache = "Der Pfad gilt ab dem Ordner der einbindenden Datei."
    abhilfe = "Pfad berichtigen."


class SatzIncludeKreis(Befundart):
    text = "Die Datei „{was}“ bindet sich selbst ein."
    ursache = "Das Einbinden nähme kein Ende."
    abhilfe = "Eine der include-Zeilen entfernen."


class SatzZeichenFehlt(Befundart):
    text = "Das Zeichen {was} gibt es in der Hausschrift nicht."
    ursache = "PDF/UA verlangt, dass jedes Zeichen gesetzt und vorgelesen werden kann."
    abhilfe = "Zeichen durch ein anderes oder durch ein Wort ersetzen."


class SatzTitelFehlt(Befundart):
    text = "Das Dokument hat keinen Titel."
    ursache = "PDF/UA verlangt einen Titel."
    abhilfe = "titel in bericht.yml eintragen."


class SatzBildUnsicher(Befundart):
    text = "Das Bild „{was}“ kann so nicht veröffentlicht werden."
    ursache = "Die Datei enthält {grund}."
    abhilfe = "Im Zeichenprogramm als einfaches SVG speichern, mit Text statt HTML und ohne Verweise."


class SatzBildKaputt(Befundart):
    text = "Die Bilddatei „{was}“ ist kein lesbares SVG."
    ursache = "Die Datei ist beschädigt oder hat die falsche Endung."
    abhilfe = "Bild neu erzeugen."


class SatzTypst(Befundart):
    text = "Typst konnte das PDF nicht setzen."
    ursache = "{was}"
    abhilfe = "Prüfen Sie den Text an dieser Stelle und layout/typst; bleibt der Fehler, melden Sie ihn."


class BildOhnePng(Befundart):
    text = "Eine Abbildung von {bericht} lässt sich nicht als PNG zeichnen."
    ursache = "{grund}"
    abhilfe = "Geben Sie die Meldung an die Technik weiter; ein freies Bild prüfen Sie im Notizbuch."


class SatzTypstZeit(Befundart):
    text = "Das PDF von {stamm} kommt nicht zustande: Typst war nach {sekunden} Sekunden nicht fertig."
    ursache = "Meist läuft in layout/typst/typst-template.typ eine Schleife viel zu oft."
    abhilfe = "Nehmen Sie die letzte Änderung an layout/typst oder am Text zurück."


class SatzTypstSpeicher(Befundart):
    text = "Das PDF von {stamm} kommt nicht zustande: Typst braucht mehr als {speicher} GB Arbeitsspeicher."
    ursache = "Meist legt eine Schleife in layout/typst/typst-template.typ immer mehr an."
    abhilfe = "Nehmen Sie die letzte Änderung an layout/typst oder am Text zurück."


class SatzTypstAbbruch(Befundart):
    text = "Das PDF von {stamm} kommt nicht zustande: Typst ist abgestürzt."
    ursache = "Das Programm endete mit {ende}; oft ruft sich eine Funktion in layout/typst selbst auf."
    abhilfe = "Nehmen Sie die letzte Änderung an layout/typst zurück; bleibt der Fehler, melden Sie ihn."


class SatzVorlageMisst(Befundart):
    text = "Die Vorlage sagt nicht, wie die Seite aufgeteilt ist: {was} fehlt oder ist von anderer Art."
    ursache = "Danach richtet sich, wo Seiten enden. Die Angaben stehen in bw-spiegel und bw-messe."
    abhilfe = "Stellen Sie die Angabe wieder her, zum Beispiel mit der vorigen Fassung der Datei."


class TypstFehler(RuntimeError):
    """Was Typst beanstandet: ``message`` und ``diagnostic``, auf Englisch."""

    def __init__(self, message: str, diagnostic: str) -> None:
        super().__init__(message)
        self.message, self.diagnostic = message, diagnostic


def meldung(
    kennung: str, was: str, datei: str, ort: str = "", *, bekannt: tuple[str, ...] = (), **angaben: Any
) -> Meldung:
    """Die Meldung zu einem Befund; ``bekannt`` sind Marken, aus denen die nächsten genannt werden."""
    funde = get_close_matches(was, bekannt, n=3, cutoff=0.4)
    naechste = f"; am nächsten liegen: {', '.join(funde)}" if funde else ""
    return ARTEN[kennung].melde(datei=datei, ort=ort, was=was, naechste=naechste, **angaben)


def fundort(was: str, dateien: Iterable[Path]) -> tuple[Path, str] | None:
    """Die Datei und „Zeile 12“, wo ein Mensch das geschrieben hat; Marken und Überschriften zuerst."""
    wort = re.escape(was.split("\n", maxsplit=1)[0].strip())
    if not wort:
        return None
    zeilen = [(datei, nr, z) for datei in dateien for nr, z in enumerate(_zeilen(datei), 1)]
    for muster in (rf"(?:@|\{{#|^#+ ){wort}(?![\w-])", wort, wort.split("\\ ")[0]):
        for datei, nr, zeile in zeilen:
            if re.search(muster, zeile):
                return datei, f"Zeile {nr}"
    return None


def _zeilen(datei: Path) -> list[str]:
    try:
        return datei.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


# --- Fehler von Typst auf Deutsch, mit der Stelle im Text statt im Zwischentext --------------------------

_STELLE = re.compile(r"[┌╭]─ .*?([^/\\\s]+):(\d+):\d+")
_KAPITEL = re.compile(r"kapitel-(\d+)\.typ")
_MUSTER: tuple[tuple[re.Pattern[str], type[Befundart]], ...] = (
    (re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S), SatzZeichenFehlt),
    (re.compile(r"file not found \(searched at .*?([^/\\]+)\)"), SatzBildFehlt),
    (re.compile(r"missing alt text|alternative description"), SatzAltFehlt),
    (re.compile(r"missing document title"), SatzTitelFehlt),
    (re.compile(r"skipped from heading|first heading"), SatzEbeneSprung),
    (re.compile(r"failed to (?:parse|load|decode) SVG|failed to decode image"), SatzBildKaputt),
)


def aus_typst(fehler: TypstFehler, druck: Druckfassung, vorspann: int, wurzel: Path) -> BerichtswerkFehler:
    """Alle Fehler einer Diagnose von Typst als Meldungen, jeder mit Datei und Ort seines Textes.

    ``vorspann`` ist die Zahl der Zeilen, die in einer Kapiteldatei vor ihrem Text stehen.
    """
    teile = re.split(r"^error: ", fehler.diagnostic, flags=re.M)
    einzeln = [t for t in teile if t.strip()] or [fehler.message]
    meldungen = {t: _eine(t, druck, vorspann, wurzel) for t in einzeln}
    # Marken fehlen auch dann, wenn ein anderer Fehler die Abbildung verhindert hat.
    echte = [m for t, m in meldungen.items() if "does not exist in the document" not in t]
    return BerichtswerkFehler(dict.fromkeys(echte or meldungen.values()))


def _eine(text: str, druck: Druckfassung, vorspann: int, wurzel: Path) -> Meldung:
    stelle = _STELLE.search(text)
    datei, ort = _herkunft(stelle, druck, vorspann, wurzel) if stelle else ("", "")
    for muster, art in _MUSTER:
        fund = muster.search(text)
        if fund is not None:
            was = fund[1].strip() if fund.groups() else stelle[1] if stelle else ""
            if not ort and datei and (dort := fundort(was, [wurzel / datei])):
                ort = dort[1]
            if art is SatzZeichenFehlt:
                return zeichen_fehlt(was, datei, ort)
            return art.melde(datei=datei, ort=ort, was=was)
    zeile = text.strip().splitlines()[0] if text.strip() else "ohne Angabe"
    return SatzTypst.melde(datei=datei, ort=ort, was=zeile)


def _herkunft(stelle: re.Match[str], druck: Druckfassung, vorspann: int, wurzel: Path) -> tuple[str, str]:
    """Datei und Ort des Textes, aus dem die Zeile einer Kapiteldatei gesetzt ist oder der ein Bild nennt."""
    if stelle[1] == "vorlage.typ":
        return _in_der_vorlage(int(stelle[2]), wurzel / "layout/typst")
    nummer = _KAPITEL.fullmatch(stelle[1])
    if nummer is not None:
        return druck.kapitel[int(nummer[1])].woher(int(stelle[2]) - vorspann)
    for kapitel in druck.kapitel:
        davor, gefunden, _ = kapitel.text.partition(f"/{stelle[1]}")
        if gefunden:
            return kapitel.woher(davor.count("\n") + 1)
    return "", ""


def _in_der_vorlage(zeile: int, ordner: Path) -> tuple[str, str]:
    """Datei und Zeile, aus denen eine Zeile der Vorlage ist: die Marke steht mitten darin."""
    zeilen = enumerate(_zeilen(ordner / "typst-template.typ"), 1)
    davor = next((nr for nr, z in zeilen if "marke.typ()" in z), 0)
    eingesetzt = len(_zeilen(ordner / "marke.typ"))
    if davor <= zeile <= davor + eingesetzt:
        return "layout/typst/marke.typ", f"Zeile {zeile - davor + 1}"
    return "layout/typst/typst-template.typ", f"Zeile {zeile - eingesetzt if zeile > davor else zeile}"


def zeichen_fehlt(text: str, datei: str, ort: str) -> Meldung:
    """Der Befund, dass die Hausschrift ein Zeichen nicht hat, mit seiner Nummer."""
    nummern = " ".join(f"U+{ord(z):04X}" for z in text[:5])
    return SatzZeichenFehlt.melde(datei=datei, ort=ort, was=f"„{text}“ ({nummern})")
