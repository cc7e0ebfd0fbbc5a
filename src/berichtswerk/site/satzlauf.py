"""Einen ausgeführten Bericht übergeben und setzen, fertig für die Site."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.dateien import arbeitsordner, schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc, pdf
from berichtswerk.satz.manuskript import Manuskript, Prosa, lies
from berichtswerk.satz.prosa import alle_knoten
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.schreiber.html.seite import Verweis
from berichtswerk.site.merken import Gedaechtnis, Gemerkt
from berichtswerk.site.tausch import als_meldung
from berichtswerk.site.umgebung import Umgebung, groesse, lesbar

_GROESSE = "bw-pdf-groesse"
"""Platzhalter: wie groß das PDF ist, steht erst nach dem Setzen fest."""
SeiteFertig = Callable[[str, str], None]


class Programmfehler(Befundart):
    """Beim Setzen eines Berichts geschah etwas Unvorhergesehenes."""

    kennung = "satz-programmfehler"
    text = "Der Bericht {stamm} kommt nicht zustande: Berichtswerk selbst ist gescheitert."
    ursache = "{grund}"
    abhilfe = "Geben Sie die Datei {spur} an die Technik weiter."


@dataclass(slots=True)
class Gesetzt:
    """Was aus einem Auftrag wurde.

    ``grund`` sagt, ob und warum das Notizbuch neu ausgeführt wurde, ``satzgrund`` dasselbe vom Setzen.
    """

    auftrag: Auftrag
    gelungen: bool = False
    grund: str = ""
    satzgrund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)


def setze(
    umgebung: Umgebung,
    ausgefuehrt: Ausgefuehrt,
    bau: Path,
    formate: Collection[str],
    alt: Path | None,
    *,
    gedaechtnis: Gedaechtnis | None = None,
    seite_fertig: SeiteFertig = lambda *_: None,
) -> Gesetzt:
    """Übergibt und setzt einen Auftrag nach ``bau``; Fehler stehen im Ergebnis.

    ``alt`` ist das PDF der vorigen Fassung: es bleibt gültig verlinkt, wenn nur HTML gesetzt wird. Was das
    ``gedaechtnis`` noch kennt, wird nicht noch einmal gesetzt. ``seite_fertig`` bekommt Ort und HTML, sobald
    die Seite feststeht; nur die Größe des PDF fehlt darin noch.
    """
    auftrag = ausgefuehrt.auftrag
    ergebnis = Gesetzt(auftrag, grund=ausgefuehrt.grund, meldungen=ausgefuehrt.meldungen)
    if not ausgefuehrt.inhalt:
        return ergebnis
    try:
        with zeiten.bericht(auftrag.stamm):
            fertig = _setze(
                umgebung, ausgefuehrt, ergebnis,
                formate=formate, alt=alt, gedaechtnis=gedaechtnis, seite_fertig=seite_fertig,
            )  # fmt: skip
            if fertig is not None:
                with zeiten.miss("site"):
                    _lege_hin(fertig.dateien, (bau / auftrag.ziel).parent)
                ergebnis.gelungen = True
    except BerichtswerkFehler as fehler:
        ergebnis.meldungen.alle(fehler.meldungen)
    except OSError as fehler:
        befund = als_meldung(umgebung.projekt, fehler)
        ergebnis.meldungen.dazu(befund or _programmfehler(umgebung.projekt, auftrag, fehler))
    except Exception as fehler:  # ein Fehler im Programm darf die übrigen Berichte nicht aufhalten
        ergebnis.meldungen.dazu(_programmfehler(umgebung.projekt, auftrag, fehler))
    return ergebnis


def _setze(
    umgebung: Umgebung,
    ausgefuehrt: Ausgefuehrt,
    ergebnis: Gesetzt,
    *,
    formate: Collection[str],
    alt: Path | None,
    gedaechtnis: Gedaechtnis | None,
    seite_fertig: SeiteFertig,
) -> Gemerkt | None:
    """Die Dateien des Berichts, aus dem Gedächtnis oder neu; ``None``, wenn die Übergabe Fehler hat."""
    auftrag = ausgefuehrt.auftrag
    zusatz = groesse(alt) if alt is not None and "pdf" not in formate else ""
    if gedaechtnis is not None:
        with zeiten.miss("prüfen"):
            fertig = gedaechtnis.hole(ausgefuehrt, zusatz)
        ergebnis.satzgrund = fertig if isinstance(fertig, str) else "unverändert"
        if not isinstance(fertig, str):
            ergebnis.meldungen.alle(fertig.meldungen)
            if f"{auftrag.stamm}.html" in fertig.dateien:
                seite_fertig(f"{auftrag.ziel}.html", fertig.dateien[f"{auftrag.stamm}.html"].decode())
            return fertig
    pandoc.waerme_vor()
    with zeiten.miss("übergeben"):
        uebergabe = uebergib(umgebung.projekt, ausgefuehrt)
        manuskript, befunde = lies(
            uebergabe.dokument, umgebung.projekt, auftrag.ordner, Ablage.von(umgebung.projekt)
        )
    ergebnis.meldungen.alle([*uebergabe.meldungen, *befunde])
    if ergebnis.meldungen.fehler:
        return None
    dateien = _erzeuge(
        umgebung, auftrag, uebergabe, manuskript, formate=formate, alt=alt, seite_fertig=seite_fertig
    )
    fertig = Gemerkt(dateien, Meldungen([*uebergabe.meldungen, *befunde]))
    if gedaechtnis is not None:
        eingebunden = [umgebung.projekt.relativ(pfad) for _, pfad in bilder(manuskript)]
        nachgelesen = [*uebergabe.nachgelesen, *manuskript.eingebunden, *eingebunden]
        gedaechtnis.merke(ausgefuehrt, zusatz, fertig, nachgelesen)
    return fertig


def _erzeuge(
    umgebung: Umgebung,
    auftrag: Auftrag,
    uebergabe: Uebergabe,
    manuskript: Manuskript,
    *,
    formate: Collection[str],
    alt: Path | None,
    seite_fertig: SeiteFertig,
) -> dict[str, bytes]:
    """Alle Dateien des Berichts; Namen ab dem Ordner der Ausgabe."""
    dateien = {f"{auftrag.stamm}/{name}": inhalt for name, inhalt in uebergabe.beilagen.items()}
    html = ""
    if "html" in formate:
        hat_pdf = "pdf" in formate or alt is not None
        zusatz = f"PDF, {_GROESSE}" if hat_pdf else ""
        kontext = umgebung.bericht(auftrag, downloads(auftrag, uebergabe, zusatz))
        html = html_seite.schreibe(manuskript, kontext, uebergabe.zeichnungen)
        seite_fertig(f"{auftrag.ziel}.html", html)
        dateien |= {name: quelle.read_bytes() for name, quelle in bilder(manuskript)}
    druck = pdf.setze(manuskript, umgebung.projekt, uebergabe.druckbilder) if "pdf" in formate else b""
    if html:
        pdf_groesse = lesbar(len(druck)) if druck else groesse(alt) if alt else ""
        dateien[f"{auftrag.stamm}.html"] = html.replace(_GROESSE, pdf_groesse).encode()
    if druck:
        dateien[f"{auftrag.stamm}.pdf"] = druck
    return dateien


def _lege_hin(dateien: Mapping[str, bytes], ordner: Path) -> None:
    for name, inhalt in dateien.items():
        ziel = ordner / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_bytes(inhalt)


def downloads(auftrag: Auftrag, uebergabe: Uebergabe, pdf_zusatz: str) -> tuple[Verweis, ...]:
    """Was im Kasten „Herunterladen“ steht; ohne ``pdf_zusatz`` gibt es kein PDF."""
    verweise = [Verweis("Bericht als PDF", f"{auftrag.ziel}.pdf", pdf_zusatz)] if pdf_zusatz else []
    if packung := uebergabe.beilagen.get("daten.zip"):
        zusatz = f"CSV in ZIP, {lesbar(len(packung))}"
        verweise.append(Verweis("Alle Daten", f"{auftrag.ziel}/daten.zip", zusatz, herunterladen=True))
        zusatz = "JSON: jede Zahl mit ihrer Quelle"
        verweise.append(Verweis("Zahlennachweis", f"{auftrag.ziel}/nachweis.json", zusatz))
    return tuple(verweise)


def bilder(m: Manuskript) -> Iterator[tuple[str, Path]]:
    """Name auf der Site und Datei aller Bilder, die Texte selbst nennen; geprüft ist, dass es sie gibt."""
    namen = {
        str(k["c"][1] if k["t"] == "Bild" else k["c"][0])
        for teil in m.teile
        if isinstance(teil, Prosa)
        for k in alle_knoten(teil.bloecke)
        if k["t"] in {"Bild", "Bildchen"}
    }
    yield from ((unquote(name), m.ordner / unquote(name)) for name in sorted(namen))


def _programmfehler(projekt: Projekt, auftrag: Auftrag, fehler: Exception) -> Meldung:
    spur = arbeitsordner(projekt) / f"fehler-{auftrag.stamm}.txt"
    schreibe_ganz(spur, "".join(traceback.format_exception(fehler)))
    return Programmfehler.melde(
        datei=projekt.relativ(auftrag.ordner / "bericht.yml"),
        stamm=auftrag.stamm,
        grund=f"{type(fehler).__name__}: {fehler}",
        spur=projekt.relativ(spur),
    )
