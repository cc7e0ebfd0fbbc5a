"""Aus dem Scheitern eines Notizbuchs wird eine Meldung: Bericht, Zelle, Zeile, Fehler, Rat."""

from __future__ import annotations

import json
import signal

from berichtswerk.ausfuehrung.auftrag import Grenzen, Zellfehler
from berichtswerk.ausfuehrung.parameter import (
    ABSCHLUSS_KENNUNG,
    EINGESETZT,
    NUR_NOTIZBUCH,
    Notizbuch,
    marken,
    quelltext,
)
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe

RAT = {
    "NameError": "Prüfen Sie die Schreibweise und ob der Name in einer früheren Zelle festgelegt wird.",
    "ModuleNotFoundError": "Installieren Sie das Paket in der Umgebung oder entfernen Sie den Import.",
    "ImportError": "Prüfen Sie die Schreibweise des Importierten und die Fassung des Pakets.",
    "KeyError": "Diesen Schlüssel oder diese Spalte gibt es nicht: Prüfen Sie die Schreibweise.",
    "IndexError": "Die Liste ist kürzer als erwartet: Prüfen Sie, ob Daten vorliegen.",
    "FileNotFoundError": "Prüfen Sie den Pfad; er gilt ab dem Ordner notebooks/.",
    "SyntaxError": "Prüfen Sie Klammern, Anführungszeichen und Doppelpunkte in dieser Zeile.",
    "IndentationError": "Prüfen Sie die Einrückung dieser Zeile.",
    "ZeroDivisionError": "Der Nenner ist null: Prüfen Sie die Daten oder rechnen Sie über eine Kennzahl.",
    "AttributeError": "Diese Methode oder Eigenschaft gibt es hier nicht: Schreibweise prüfen.",
    "TypeError": "Art oder Zahl der Angaben passt nicht: Prüfen Sie den Aufruf in dieser Zeile.",
    "ValueError": "Der Wert passt nicht zum Aufruf: Prüfen Sie die Angaben in dieser Zeile.",
    "SystemExit": "Entfernen Sie exit() oder sys.exit(): Ein Bericht endet mit seiner letzten Zelle.",
    "StdinNotImplementedError": "Ein Bericht fragt nicht nach: Ersetzen Sie input() durch einen Parameter.",
}
_RAT_SONST = "Öffnen Sie das Notizbuch in JupyterLab und führen Sie es von oben bis zu dieser Zelle aus."
_GEZEIGT = {
    "tabelle": "Die Zelle zeigt eine Tabelle, die nicht aus b.tabelle(…) kommt; im Bericht fehlt sie.",
    "bild": "Die Zelle zeigt ein Bild, das nicht aus b.abbildung(…) kommt; im Bericht fehlt es.",
    "markdown": "Die Zelle zeigt Text, der nicht aus b.text(…) kommt; im Bericht fehlt er.",
    "text": "Die Zelle gibt mit print() Text aus; im Bericht fehlt er.",
    "wert": "Die Zelle zeigt einen Wert, der nicht über b.… kommt; im Bericht fehlt er.",
}


def meldung(
    projekt: Projekt, auftrag: Auftrag, eingabe: str, fehler: Zellfehler, grenzen: Grenzen
) -> Meldung:
    """Die Meldung zu einem gescheiterten Lauf; ``eingabe`` ist das Notizbuch mit Parametern (JSON)."""
    nb: Notizbuch = json.loads(eingabe)
    ort, zeile = _ort(nb, fehler)
    text, ursache, abhilfe = _worte(projekt, fehler, grenzen)
    return Meldung(
        f"zelle-{fehler.art.replace('_', '-')}",
        f"Der Bericht {auftrag.stamm} kommt nicht zustande: {text}",
        datei=projekt.relativ(auftrag.notizbuch) if auftrag.notizbuch else "",
        ort=ort,
        ursache=ursache + (f"\n  Zeile:   {zeile}" if zeile else ""),
        abhilfe=abhilfe,
    )


def _worte(projekt: Projekt, fehler: Zellfehler, grenzen: Grenzen) -> tuple[str, str, str]:
    """Was geschah, die Ursache und der nächste Schritt."""
    if fehler.art != "fehler":
        return _ueber_der_grenze(fehler, grenzen)
    text = fehler.text.replace(str(projekt.wurzel), ".")
    if fehler.name == "BerichtswerkFehler":
        return "Die Zelle meldet einen Fehler.", text, "Beheben Sie das Gemeldete und rendern Sie erneut."
    ursache = f"{fehler.name}: {text}" if text else fehler.name
    return "Eine Zelle scheitert.", ursache, RAT.get(fehler.name, _RAT_SONST)


def _ueber_der_grenze(fehler: Zellfehler, grenzen: Grenzen) -> tuple[str, str, str]:
    """Zu lange, zu groß, zu viel Speicher oder von außen beendet."""
    if fehler.art == "zeit_zelle":
        return (
            "Eine Zelle rechnet zu lange.",
            f"Nach {_sekunden(grenzen.zelle)} war sie nicht fertig.",
            "Suchen Sie nach einer Schleife ohne Ende oder erhöhen Sie die Grenze mit --zeit-zelle SEKUNDEN.",
        )
    if fehler.art == "zeit_bericht":
        return (
            "Das Notizbuch rechnet insgesamt zu lange.",
            f"Nach {_sekunden(grenzen.bericht)} war es nicht fertig.",
            "Rechnen Sie weniger auf einmal oder erhöhen Sie die Grenze mit --zeit-bericht SEKUNDEN.",
        )
    if fehler.art == "speicher":
        return (
            "Eine Zelle braucht zu viel Arbeitsspeicher.",
            f"Erlaubt sind {schreibe(grenzen.speicher_mb)} MB.",
            "Lesen Sie weniger Daten auf einmal oder erhöhen Sie in bericht.yml grenzen: {speicher_mb: …}.",
        )
    if fehler.art == "zu_viel":
        return (
            "Die Ausgaben sind zu groß.",
            f"Abbildungen und Tabellen umfassen {_millionen(int(fehler.text or 0))} Zeichen, "
            f"erlaubt sind {_millionen(grenzen.objekte_je_bericht)}.",
            "Zeigen Sie zusammengefasste Werte statt einzelner Datensätze.",
        )
    return (
        "Der Rechenvorgang wurde beendet.",
        "Das Betriebssystem oder jemand hat ihn abgebrochen" + _signal(fehler.signal) + ".",
        "Oft fehlt Arbeitsspeicher: Lesen Sie weniger Daten auf einmal und rendern Sie erneut.",
    )


def _millionen(anzahl: int) -> str:
    return f"{schreibe(anzahl / 1e6, 1)} Millionen"


def _sekunden(wert: float) -> str:
    return f"{schreibe(wert, 0 if float(wert).is_integer() else 1)} Sekunden"


def _signal(nummer: int) -> str:
    if not nummer:
        return ""
    try:
        return f" (Signal {nummer}, {signal.Signals(nummer).name})"
    except ValueError:
        return f" (Signal {nummer})"


def _ort(nb: Notizbuch, fehler: Zellfehler) -> tuple[str, str]:
    """„Zelle 7, Zeile 2“ wie in JupyterLab von oben gezählt, und der Text der Zeile."""
    if fehler.zelle < 0:
        return "vor der ersten Zelle", ""
    zelle = nb["cells"][fehler.zelle]
    if zelle.get("id") == ABSCHLUSS_KENNUNG:
        return "nach der letzten Zelle", ""
    zeilen = quelltext(zelle).splitlines()
    text = zeilen[fehler.zeile - 1].strip() if 0 < fehler.zeile <= len(zeilen) else ""
    if EINGESETZT in marken(zelle):
        return "eingesetzte Parameter", text
    nummer = sum(EINGESETZT not in marken(z) for z in nb["cells"][: fehler.zelle + 1])
    return f"Zelle {nummer}" + (f", Zeile {fehler.zeile}" if fehler.zeile else ""), text


def nicht_veroeffentlicht(projekt: Projekt, auftrag: Auftrag, roh: Notizbuch) -> list[Meldung]:
    """Hinweise zu Ausgaben, die nicht über die Darstellung gingen und deshalb im Bericht fehlen."""
    datei = projekt.relativ(auftrag.notizbuch) if auftrag.notizbuch else ""
    meldungen = []
    nummer = 0
    for z in roh["cells"]:
        nummer += EINGESETZT not in marken(z)
        if NUR_NOTIZBUCH in marken(z) or "#| include: false" in quelltext(z):
            continue
        for a in z.get("outputs", []):
            arten = a.get("metadata", {}).get("berichtswerk", {}).get("verworfen", [])
            meldungen += [_nicht_gezeigt(datei, nummer, art) for art in arten]
    return meldungen


def _nicht_gezeigt(datei: str, nummer: int, art: str) -> Meldung:
    return Meldung(
        "nicht-veroeffentlicht",
        _GEZEIGT[art],
        datei=datei,
        ort=f"Zelle {nummer}",
        abhilfe="Soll es im Bericht stehen, zeigen Sie es über b.…; sonst geben Sie der Zelle die Marke "
        f"{NUR_NOTIZBUCH}.",
        stufe=Stufe.HINWEIS,
    )
