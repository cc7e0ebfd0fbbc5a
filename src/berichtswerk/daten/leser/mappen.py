"""Tabellenkalkulation: ``xlsx`` (xlsx, xlsm, xlsb, altes xls, ods, HTML) und ``inkar`` (dasselbe oder CSV).

Welcher Leser es ist, sagt der Inhalt, nicht die Endung. Alle geben Blätter derselben Form
(:mod:`berichtswerk.daten.leser.rohblatt`); hier wird gewählt, was gelesen wird, Verbundenes aufgefüllt und
Verstecktes gemeldet. Formeln und Makros werden nie ausgeführt. Zahlenzellen gelten, wie sie gespeichert sind,
außer Prozent: darüber entscheidet ``prozent``. Text wird nach ``zahlform`` gelesen.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence

from berichtswerk.daten.lesebericht import Blattbericht, Weggelassen
from berichtswerk.daten.lesen import LesenMappe
from berichtswerk.daten.leser import text
from berichtswerk.daten.leser.grund import (
    ARTNAME,
    Blatt,
    DateiKennwort,
    DateiLeer,
    DateiZuGross,
    Gezeichnet,
    Leseauftrag,
    Zeile,
    buchstabe,
    dateiart,
)
from berichtswerk.daten.leser.rohblatt import Rohblatt, Verbund
from berichtswerk.daten.muster import als_muster
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, vorschlag

ENTPACKT = 20
"""So viel Mal größer als ``grenze_mb`` darf der entpackte Inhalt sein."""


class XlsxUngueltig(Befundart):
    text = "Die Datei ist keine lesbare Excel-Arbeitsmappe."
    ursache = "{grund}"
    abhilfe = (
        "Fordern Sie die Datei neu an; lässt Excel sie öffnen, speichern Sie sie unter anderem Namen als "
        "„Excel-Arbeitsmappe (*.xlsx)“ und legen Sie diese ab."
    )


class MappeIstText(XlsxUngueltig):
    text = "Die Datei ist keine Arbeitsmappe, sondern Text mit Trennzeichen, auch wenn sie anders heißt."
    ursache = ""
    abhilfe = (
        "Setzen Sie in der Quelle „leser: csv“, „encoding: {kodierung}“ und dialect: {{csv: {{delimiter: "
        '"{trenner}"}}}}.'
    )


class MappeZuGross(DateiZuGross):
    text = "Entpackt hat die Arbeitsmappe {groesse} MB; gelesen werden höchstens {grenze} MB."
    ursache = ""
    abhilfe = "Löschen Sie überflüssige Blätter oder fordern Sie einen Auszug an."


class BlattFehlt(Befundart):
    text = "Das Tabellenblatt „{blatt}“ gibt es nicht."
    ursache = "Die Arbeitsmappe hat {anzahl}."
    abhilfe = "{vorschlag}"
    feld = "lesen.blatt"


class BlattAlleVersteckt(BlattFehlt):
    text = "Alle Blätter der Arbeitsmappe sind versteckt."
    ursache = "Vorhanden sind: {namen}."
    abhilfe = "Nennen Sie unter lesen.blatt das Blatt, das gelten soll, beim Namen."


def lies_inkar(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """INKAR (BBSR) als CSV oder Arbeitsmappe; die Art der Datei wird an ihrem Inhalt erkannt.

    Zwei Kopfzeilen: Indikator (über mehrere Jahre), Jahr; links Kennziffer, Raumeinheit, Aggregat.
    """
    ist_text = dateiart(auftrag.pfad) in {"text", "utf16", "leer"} or text.ist_gepackter_text(auftrag.pfad)
    return text.lies(auftrag) if ist_text else lies(auftrag)


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Die gewählten Blätter.

    Raises:
        BerichtswerkFehler: keine Arbeitsmappe, leer, mit Kennwort, Blatt fehlt.
    """
    lesen = auftrag.quelle.lesen
    assert isinstance(lesen, LesenMappe)
    roh = _oeffne(auftrag, lesen)
    gewaehlt = _waehle(auftrag, lesen, roh)
    berichte = [Blattbericht(auftrag.datei, b.name, n in gewaehlt, b.versteckt) for n, b in enumerate(roh)]
    auftrag.bericht.blaetter += berichte
    for nummer in gewaehlt:
        yield _blatt(auftrag, lesen, roh[nummer], berichte[nummer])


def _ungueltig(auftrag: Leseauftrag, grund: str) -> BerichtswerkFehler:
    return auftrag.sammler.halt(XlsxUngueltig, grund=grund)


def _oeffne(auftrag: Leseauftrag, lesen: LesenMappe) -> list[Rohblatt]:
    """Alle Blätter der Datei; der Inhalt entscheidet, womit sie gelesen werden."""
    from berichtswerk.daten.leser import html, ods, ooxml, xls, xlsb, xml2003

    art = dateiart(auftrag.pfad)
    if art == "leer":
        raise auftrag.sammler.halt(DateiLeer)
    if art == "kennwort":
        raise auftrag.sammler.halt(DateiKennwort, was="eine Excel-Arbeitsmappe")
    try:
        if art == "xls":
            return xls.blaetter(auftrag.pfad, lesen)
        if art == "html":
            return html.blaetter(auftrag.pfad)
        if art == "xml2003":
            return xml2003.blaetter(auftrag.pfad, lesen)
        if art == "xlsx":
            namen = _pruefe_paket(auftrag)
            if "content.xml" in namen:
                return ods.Mappe(auftrag.pfad, lesen).blaetter()
            leser = xlsb.Mappe if "xl/workbook.bin" in namen else ooxml.Mappe
            return leser(auftrag.pfad, lesen).blaetter()
    except xls.Kennwort:
        raise auftrag.sammler.halt(DateiKennwort, was="eine alte Excel-Datei (xls)") from None
    except BerichtswerkFehler:
        raise
    except Exception:  # kaputte Dateien werfen je nach Leser sehr Verschiedenes
        was = "Die alte Excel-Datei ist" if art == "xls" else "Der Inhalt der Arbeitsmappe ist"
        raise _ungueltig(auftrag, f"{was} beschädigt.") from None
    if art in {"text", "utf16"}:
        with auftrag.pfad.open("rb") as datei:
            anfang = datei.read(4096)
        kodierung = "utf-16" if art == "utf16" else text.beste_kodierung(anfang)
        erste = anfang.decode(kodierung, "replace")
        trenner = max("\t;,|", key=erste.count).replace("\t", "\\t")
        raise auftrag.sammler.halt(MappeIstText, kodierung=kodierung, trenner=trenner)
    raise _ungueltig(auftrag, f"Die Datei ist {ARTNAME[art]}, auch wenn sie anders heißt.")


def _pruefe_paket(auftrag: Leseauftrag) -> set[str]:
    """Die Namen der Teile eines heilen Pakets.

    Raises:
        BerichtswerkFehler: beschädigt, mit Kennwort, zu groß, keine Arbeitsmappe.
    """
    try:
        with zipfile.ZipFile(auftrag.pfad) as paket:
            namen = set(paket.namelist())
            if any(eintrag.flag_bits & 1 for eintrag in paket.infolist()) or (
                "META-INF/manifest.xml" in namen and b"encryption-data" in paket.read("META-INF/manifest.xml")
            ):
                raise auftrag.sammler.halt(DateiKennwort, was="eine Arbeitsmappe in einem ZIP-Paket")
            entpackt = sum(eintrag.file_size for eintrag in paket.infolist())
            defekt = paket.testzip() if entpackt < 200_000_000 else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        grund = "Das ZIP-Paket der Arbeitsmappe ist beschädigt oder unvollständig."
        raise _ungueltig(auftrag, grund) from None
    if defekt:
        raise _ungueltig(auftrag, "Das ZIP-Paket der Arbeitsmappe ist beschädigt (Prüfsumme).")
    if not {"[Content_Types].xml", "content.xml", "xl/workbook.bin", "xl/workbook.xml"} & namen:
        raise _ungueltig(auftrag, "Die Datei ist ein ZIP-Archiv, aber keine Arbeitsmappe.")
    grenze = auftrag.quelle.lesen.grenze_mb * ENTPACKT
    if entpackt > grenze * 1_000_000:
        raise auftrag.sammler.halt(MappeZuGross, groesse=-(-entpackt // 1_000_000), grenze=grenze)
    return namen


def _waehle(auftrag: Leseauftrag, lesen: LesenMappe, roh: Sequence[Rohblatt]) -> list[int]:
    """Stellen (ab 0) der gewählten Blätter.

    Raises:
        BerichtswerkFehler: blatt-fehlt.
    """
    genannt = [("ohne_blatt", wahl) for wahl in lesen.ohne_blatt] + [
        ("je_blatt", wahl) for wahl in lesen.je_blatt
    ]
    for angabe, wahl in genannt:
        if not _finde_blatt(wahl, roh):
            raise _blatt_fehlt(auftrag, wahl, roh, f"lesen.{angabe}")
    ohne = {n for wahl in lesen.ohne_blatt for n in _finde_blatt(wahl, roh)}
    sichtbare = [n for n, blatt in enumerate(roh) if not blatt.versteckt and n not in ohne]
    if lesen.blatt is None or lesen.blatt == "alle":
        if not sichtbare:
            if roh:
                namen = ", ".join(f"„{b.name}“" for b in roh)
                raise auftrag.sammler.halt(BlattAlleVersteckt, namen=namen)
            raise auftrag.sammler.halt(BlattFehlt, blatt=1, anzahl="keine Tabellenblätter", vorschlag="")
        return sichtbare if lesen.blatt else sichtbare[:1]
    treffer: dict[int, None] = {}
    for einzeln in lesen.blatt if isinstance(lesen.blatt, list) else [lesen.blatt]:
        gefunden = _finde_blatt(einzeln or 1, roh)
        if not gefunden:
            raise _blatt_fehlt(auftrag, einzeln or 1, roh, "lesen.blatt")
        treffer.update(dict.fromkeys(n for n in gefunden if n not in ohne))
    return list(treffer)


def _blatt_fehlt(
    auftrag: Leseauftrag, blatt: str | int, roh: Sequence[Rohblatt], feld: str
) -> BerichtswerkFehler:
    return auftrag.sammler.halt(
        BlattFehlt, feld=feld, blatt=blatt,
        anzahl=f"{len(roh)} {'Blatt' if len(roh) == 1 else 'Blätter'}",
        vorschlag=vorschlag(str(blatt), [b.name for b in roh], sonst="Vorhanden sind: "),
    )  # fmt: skip


def _finde_blatt(wahl: str | int, roh: Sequence[Rohblatt]) -> list[int]:
    """Stellen der gemeinten Blätter; Nummern und Muster meinen sichtbare, ein Name auch ein verstecktes."""
    sichtbare = [n for n, blatt in enumerate(roh) if not blatt.versteckt]
    if isinstance(wahl, int):
        return sichtbare[wahl - 1 : wahl] if wahl > 0 else []
    if muster := als_muster(wahl):
        return [n for n in sichtbare if muster.suche(roh[n].name)]
    return [n for n, blatt in enumerate(roh) if blatt.name.strip() == wahl.strip()]


def _blatt(auftrag: Leseauftrag, lesen: LesenMappe, roh: Rohblatt, bericht: Blattbericht) -> Blatt:
    """Das Blatt zum Umformen: Verbundenes aufgefüllt, Verstecktes gezählt oder weggelassen."""

    def zeilen() -> Iterator[Zeile]:
        bericht.versteckte_zeilen.clear()
        bericht.hochgestellt.anzahl = 0
        vorige, weglassen = 0, lesen.verstecktes == "weglassen"
        try:
            verbund = Verbund(roh.verbundene() if lesen.verbundene != "lassen" else [])
            folge = roh.zeilen()
            for nr, felder, versteckt in folge:
                for leer in range(vorige + 1, nr):
                    yield leer, verbund.fuelle(leer, [])
                vorige = nr
                gefuellt = verbund.fuelle(nr, felder)
                if versteckt and any(feld is not None for feld in felder):
                    bericht.versteckte_zeilen.append(nr)
                    if weglassen:
                        continue
                for stelle in folge.versteckte_spalten if weglassen else ():
                    if stelle < len(gefuellt):
                        gefuellt[stelle] = None
                for stelle, feld in enumerate(gefuellt):
                    if feld.__class__ is Gezeichnet and feld.hoch:
                        bericht.hochgestellt.dazu(f"{buchstabe(stelle)}{nr}: „{feld.gezeigt}“")
                yield nr, gefuellt
            bericht.skaliert = Weggelassen(*getattr(folge, "skaliert", ()))
            bericht.versteckte_spalten = [buchstabe(s) for s in sorted(folge.versteckte_spalten)]
        except BerichtswerkFehler:
            raise
        except Exception:  # kaputter Inhalt fällt erst jetzt auf und wirft sehr Verschiedenes
            raise _ungueltig(auftrag, f"Der Inhalt des Blattes „{roh.name}“ ist beschädigt.") from None

    return Blatt(roh.name, zeilen, tabellenkalkulation=True, bericht=bericht)
