"""Der Nachweis eines Berichts: jede gezeigte Zahl mit dem Weg zurück zur gelieferten Datei.

``nachweis.json`` nennt je Zahl Ort, Anzeige, Rechnung und Fundstellen, dazu die Prüfsumme jeder Datei.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from berichtswerk.gegenstand.gegenstaende import Fundstelle, Gegenstand, Nachweis, Quelldatei
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import ANZEIGE

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Wert

GENAU = 1e-9
"""Zulässiger relativer Abstand zwischen gezeigtem und nachgerechnetem Wert (Gleitkommadarstellung)."""


def anzeige(wert: Wert, kennzahl: Kennzahl) -> str:
    """Der Wert, wie er im Text steht: gerundet, mit kurzer Einheit; ohne Zahl das Zeichen."""
    if wert.wert is None:
        return ANZEIGE.get(wert.status, ".")
    text = zahl.schreibe(wert.wert, kennzahl.nachkommastellen)
    return zahl.mit_einheit(text, kennzahl.einheit_kurz)


def aus_wert(wert: Wert, kennzahl: Kennzahl, ort: str = "", gezeigt: str | None = None) -> Nachweis:
    """Der Nachweis zu einem Wert einer Kennzahl."""
    belege = tuple(
        Fundstelle(
            quelle=b.quelle,
            datei=b.datei,
            zeile=b.zeile,
            spalte=b.spalte,
            wert=b.wert,
            rolle=b.rolle,
            gewicht=b.vorzeichen * b.gewicht,
        )
        for b in wert.belege
    )
    quotient = any(b.rolle == "nenner" for b in belege)
    return Nachweis(
        ort=ort,
        anzeige=anzeige(wert, kennzahl) if gezeigt is None else gezeigt,
        wert=wert.wert,
        status=wert.status,
        gebiet=wert.gebiet,
        zeit=wert.zeit,
        kennzahl=kennzahl.id,
        formel=wert.formel,
        rechnung="eigene" if wert.eigene else "quotient" if quotient else "wert",
        faktor=wert.faktor,
        belege=belege,
        unten=wert.unten,
        oben=wert.oben,
        teile=tuple(aus_wert(t.wert, t.kennzahl) for t in wert.eigene.teile) if wert.eigene else (),
        quellen=quelldateien(wert.eigene.dateien) if wert.eigene else (),
    )


def quelldateien(paare: Iterable[tuple[str, str]]) -> tuple[Quelldatei, ...]:
    """Paare (Quelle, Datei) als Angaben des Nachweises."""
    return tuple(Quelldatei(quelle=q, datei=d) for q, d in paare)


def nachweise_von(gegenstand: Gegenstand) -> tuple[Nachweis, ...]:
    """Die Nachweise eines Gegenstands, jeder mit seinem Label als Ort."""
    label = getattr(gegenstand, "label", "")
    eintraege = getattr(gegenstand, "werte", ())
    if not isinstance(eintraege, tuple):
        return ()
    return tuple(n if n.ort or not label else n.model_copy(update={"ort": label}) for n in eintraege)


def sammle(nachweise: Iterable[Nachweis], projekt: Projekt) -> dict[str, Any]:
    """Der Inhalt von ``nachweis.json``: Prüfsummen der Dateien und nummerierte Einträge.

    Gleiches am selben Ort steht nur einmal; die Reihenfolge ist die des Berichts.
    """
    eintraege: dict[tuple[Any, ...], Nachweis] = {}
    for n in nachweise:
        eintraege.setdefault((n.ort, n.kennzahl, n.gebiet, n.zeit, n.rechnung, n.anzeige, n.wert), n)
    nummeriert = [n.model_copy(update={"nr": nr}) for nr, n in enumerate(eintraege.values(), 1)]
    dateien = sorted({d: q for n in nummeriert for d, q in alle_dateien(n)}.items())
    return {
        "dateien": {d: {"pruefsumme": pruefsumme(projekt, d), "quelle": q} for d, q in dateien},
        "eintraege": [n.model_dump(mode="json", exclude_defaults=True) for n in nummeriert],
    }


def schreibe(inhalt: dict[str, Any]) -> str:
    """``nachweis.json`` als Text; ein Eintrag je Zeile, Schlüssel sortiert."""

    def zeile(objekt: Any) -> str:
        return json.dumps(objekt, ensure_ascii=False, sort_keys=True, allow_nan=False)

    zeilen = ",\n".join(zeile(e) for e in inhalt["eintraege"])
    return f'{{"dateien": {zeile(inhalt["dateien"])},\n"eintraege": [\n{zeilen}\n]}}\n'


def alle_fundstellen(nachweis: Nachweis) -> Iterator[Fundstelle]:
    """Alle Fundstellen, auch die der Teile."""
    yield from nachweis.belege
    for teil in nachweis.teile:
        yield from alle_fundstellen(teil)


def alle_dateien(nachweis: Nachweis) -> Iterator[tuple[str, str]]:
    """Paare (Datei, Quelle) aller Fundstellen und genannten Quellen, auch die der Teile."""
    yield from ((f.datei, f.quelle) for f in nachweis.belege)
    yield from ((q.datei, q.quelle) for q in nachweis.quellen)
    for teil in nachweis.teile:
        yield from alle_dateien(teil)


def pruefsumme(projekt: Projekt, datei: str) -> str:
    """``sha256:…`` einer Datei ab der Projektwurzel; leer, wenn es sie nicht gibt."""
    pfad = projekt.wurzel / datei
    return "sha256:" + hashlib.sha256(pfad.read_bytes()).hexdigest() if pfad.is_file() else ""


def nachgerechnet(nachweis: Nachweis) -> Fraction | None:
    """Rechnet den Wert aus Fundstellen und Teilen nach; ``None``, wo nur Worte die Rechnung beschreiben.

    Exakt in Brüchen: Σ Gewicht × Wert, beim Quotienten Faktor × Σ Zähler / Σ Nenner.
    """
    if nachweis.rechnung == "eigene":
        return None
    if nachweis.rechnung in {"differenz", "prozent"}:
        neu, alt = (nachgerechnet(teil) for teil in nachweis.teile)
        if neu is None or alt is None:
            return None
        return neu - alt if nachweis.rechnung == "differenz" else (neu / alt - 1) * 100
    summen = {"zaehler": Fraction(0), "nenner": Fraction(0), "wert": Fraction(0)}
    for f in nachweis.belege:
        if f.wert is None:
            return None
        summen[f.rolle] += _bruch(f.wert) * _bruch(f.gewicht)
    oben = summen["zaehler"] + summen["wert"]
    if nachweis.rechnung == "quotient":
        return _bruch(nachweis.faktor) * oben / summen["nenner"]
    return _bruch(nachweis.faktor) * oben


def _bruch(wert: float | Decimal) -> Fraction:
    return Fraction(zahl.dezimal(wert))


def pruefe_nachweis(
    eintrag: Nachweis | dict[str, Any], bestand: Datenbestand, pruefsummen: dict[str, Any] | None = None
) -> Meldungen:
    """Geht von einer gezeigten Zahl zur gelieferten Zelle und rechnet sie nach.

    Geprüft wird: die Datei ist dieselbe (``pruefsummen`` aus ``nachweis.json``), an Zeile und Spalte steht
    der genannte Wert, die Rechnung ergibt den Wert, und die Anzeige ist dieser Wert gerundet.
    """
    nachweis = eintrag if isinstance(eintrag, Nachweis) else Nachweis.model_validate(eintrag)
    meldungen = Meldungen()
    for datei in dict.fromkeys(d.datei for d in nachweis.quellen):
        erwartet = (pruefsummen or {}).get(datei, {}).get("pruefsumme")
        if erwartet and erwartet != pruefsumme(bestand.projekt, datei):
            meldungen.dazu(_befund(nachweis, f"{datei} hat sich seit dem Rendern geändert."))
    for stelle in alle_fundstellen(nachweis):
        erwartet = (pruefsummen or {}).get(stelle.datei, {}).get("pruefsumme")
        if erwartet and erwartet != pruefsumme(bestand.projekt, stelle.datei):
            meldungen.dazu(_befund(nachweis, f"{stelle.datei} hat sich seit dem Rendern geändert."))
        gelesen = _gelesener_wert(stelle, bestand)
        if gelesen is None or (stelle.wert is not None and not _gleich(gelesen, stelle.wert)):
            text = (
                f"In {stelle.datei}, Zeile {stelle.zeile}, Spalte {stelle.spalte} steht nicht {stelle.wert}."
            )
            meldungen.dazu(_befund(nachweis, text))
    ergebnis = nachgerechnet(nachweis)
    if ergebnis is not None and nachweis.wert is not None and not _gleich(float(ergebnis), nachweis.wert):
        text = f"Nachgerechnet ergibt sich {float(ergebnis)!r} statt {nachweis.wert!r}."
        meldungen.dazu(_befund(nachweis, text))
    if not _zeigt(nachweis):
        meldungen.dazu(_befund(nachweis, f"Gezeigt wird „{nachweis.anzeige}“ für {nachweis.wert!r}."))
    return meldungen


def _gelesener_wert(stelle: Fundstelle, bestand: Datenbestand) -> float | None:
    """Der Wert, der nach der Quellenbeschreibung an dieser Stelle der Datei steht."""
    werte = bestand.tabelle(stelle.quelle).werte
    passend = werte[
        (werte["zeile"] == stelle.zeile)
        & (werte["spalte"] == stelle.spalte)
        & (werte["datei"] == stelle.datei)
    ]
    return float(passend["wert"].iloc[0]) if len(passend) else None


def _gleich(eins: float, zwei: float) -> bool:
    return abs(eins - zwei) <= GENAU * max(1.0, abs(eins), abs(zwei))


def _zeigt(nachweis: Nachweis) -> bool:
    """Ob die Anzeige der gerundete Wert ist (Vorzeichen dürfen Wörter tragen: „um 3 gesunken“)."""
    if nachweis.wert is None:
        return True
    ziffern = "".join(z for z in nachweis.anzeige.split(zahl.GESCHUETZT)[0] if z.isdigit() or z == ",")
    if not ziffern:
        return nachweis.wert == 0
    stellen = len(ziffern.partition(",")[2])
    erwartet = zahl.schreibe(abs(nachweis.wert), stellen).replace(zahl.SCHMAL, "")
    return ziffern == erwartet


def _befund(nachweis: Nachweis, text: str) -> Meldung:
    return Meldung(
        "nachweis-falsch",
        text,
        datei=nachweis.ort,
        ort=f"Zahl {nachweis.nr}" if nachweis.nr else "",
        feld=nachweis.kennzahl,
        ursache="Daten, Definition oder Bericht passen nicht zusammen.",
        abhilfe="Rendern Sie den Bericht neu.",
    )
