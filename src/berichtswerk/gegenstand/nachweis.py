"""Der Nachweis eines Berichts: jede gezeigte Zahl mit dem Weg zurück zur gelieferten Datei.

``nachweis.json`` nennt je Zahl Ort, Anzeige, Rechnung und Fundstellen, dazu jeden Rechenweg einmal und die
Prüfsumme jeder Datei. Fundstellen von Gebieten, die der Bericht nicht zeigt, stehen nicht darin: von ihnen
bleiben Datei und Zahl der Zeilen.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from berichtswerk.gegenstand.gegenstaende import Eingabe, Fundstelle, Gegenstand, Nachweis, Rechenweg
from berichtswerk.grund import zahl
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import ANZEIGE

if TYPE_CHECKING:
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.rechenwerk import Tafel
    from berichtswerk.fach.reihe import Eingang, Wert


def anzeige(wert: Wert, kennzahl: Kennzahl) -> str:
    """Der Wert, wie er im Text steht: gerundet, mit kurzer Einheit; ohne Zahl das Zeichen."""
    if wert.wert is None:
        return ANZEIGE.get(wert.status, ".")
    text = zahl.schreibe(wert.wert, kennzahl.nachkommastellen)
    return zahl.mit_einheit(text, kennzahl.einheit_kurz)


def aus_wert(wert: Wert, kennzahl: Kennzahl, ort: str = "") -> Nachweis:
    """Der Nachweis zu einem Wert einer Kennzahl."""
    belege = tuple(
        Fundstelle(
            quelle=b.quelle, datei=b.datei, zeile=b.zeile, spalte=b.spalte, wert=b.wert, rolle=b.rolle,
            gewicht=b.vorzeichen * b.gewicht, gebiet=b.gebiet if b.gebiet != wert.gebiet else "",
        )
        for b in wert.belege
    )  # fmt: skip
    quotient = any(b.rolle == "nenner" for b in belege)
    eigene = wert.eigene
    return Nachweis(
        ort=ort, anzeige=anzeige(wert, kennzahl), wert=wert.wert, status=wert.status, gebiet=wert.gebiet,
        zeit=wert.zeit, kennzahl=kennzahl.id, faktor=wert.faktor, belege=belege, unten=wert.unten,
        oben=wert.oben, formel="" if eigene else wert.formel,
        rechnung="eigene" if eigene else "quotient" if quotient else "wert",
        teile=tuple(aus_wert(t.wert, t.kennzahl) for t in eigene.teile) if eigene else (),
        weg=rechenweg(eigene.rechnung or kennzahl.id, wert.formel, eigene.eingaenge) if eigene else None,
    )  # fmt: skip


def rechenweg(kennung: str, formel: str, eingaenge: Iterable[Eingang]) -> Rechenweg:
    """Der Rechenweg mit allem, was einging; gleiche sind dasselbe Objekt."""
    return _rechenweg(kennung, formel, tuple(eingaenge))


@lru_cache(maxsize=4096)
def _rechenweg(kennung: str, formel: str, eingaenge: tuple[Eingang, ...]) -> Rechenweg:
    eingaben = tuple(Eingabe.model_validate(e, from_attributes=True) for e in eingaenge)
    return Rechenweg(id=kennung, formel=formel, eingaben=eingaben)


def aus_tafel(tafel: Tafel, wert: float, gezeigt: str, zeile: str) -> Nachweis:
    """Der Nachweis zu einer Zahl einer gerechneten Tafel."""
    weg = rechenweg(tafel.eigene.rechnung, tafel.angabe.formel, tafel.eigene.eingaenge)
    return Nachweis(anzeige=gezeigt, wert=wert, stelle=zeile, rechnung="eigene", weg=weg)


def nachweise_von(gegenstand: Gegenstand) -> tuple[Nachweis, ...]:
    """Die Nachweise eines Gegenstands, jeder mit dessen Label als Ort; ohne Label mit seiner Art."""
    ort = getattr(gegenstand, "label", "") or gegenstand.art
    eintraege = getattr(gegenstand, "werte", ())
    if not isinstance(eintraege, tuple):
        return ()
    return tuple(n if n.ort else n.model_copy(update={"ort": ort}) for n in eintraege)


def sammle(nachweise: Iterable[Nachweis], projekt: Projekt, offen: Iterable[str] = ()) -> dict[str, Any]:
    """Der Inhalt von ``nachweis.json``: Prüfsummen der Dateien, Rechenwege und nummerierte Einträge.

    Gleiches am selben Ort steht nur einmal; die Reihenfolge ist die des Berichts. Zeilen stehen nur von
    Gebieten darin, die der Bericht zeigt, und von denen in ``offen`` (Land und Bund).
    """
    eintraege: dict[tuple[Any, ...], Nachweis] = {}
    for n in nachweise:
        eintraege.setdefault(
            (n.ort, n.stelle, n.kennzahl, n.gebiet, n.zeit, n.rechnung, n.anzeige, n.wert), n
        )
    gezeigt = frozenset((*offen, "", *(n.gebiet for n in eintraege.values())))
    gekuerzt: dict[int, Rechenweg] = {}
    oeffentlich = [_oeffentlich(n, gezeigt, gekuerzt) for n in eintraege.values()]
    dateien = sorted({d: q for n in oeffentlich for d, q in alle_dateien(n)}.items())
    wege: dict[Rechenweg, str] = {}
    fertig = [{"nr": nr, **_objekt(n, wege)} for nr, n in enumerate(oeffentlich, 1)]
    return {
        "dateien": {d: {"pruefsumme": pruefsumme(projekt, d), "quelle": q} for d, q in dateien},
        "rechenwege": {nr: w.model_dump(mode="json", exclude_defaults=True) for w, nr in wege.items()},
        "eintraege": fertig,
    }


def _objekt(n: Nachweis, wege: dict[Rechenweg, str]) -> dict[str, Any]:
    """Der Eintrag als JSON-Objekt; Rechenwege stehen als Verweis."""
    objekt = n.model_dump(mode="json", exclude_defaults=True, exclude={"teile", "weg"})
    if isinstance(n.weg, Rechenweg):
        objekt["weg"] = wege.setdefault(n.weg, f"w{len(wege) + 1}")
    if n.teile:
        objekt["teile"] = [_objekt(t, wege) for t in n.teile]
    return objekt


def _oeffentlich(n: Nachweis, gezeigt: frozenset[str], gekuerzt: dict[int, Rechenweg]) -> Nachweis:
    """Der Nachweis ohne Zeilen von Gebieten, die nicht gezeigt werden.

    ``gekuerzt`` sind die Rechenwege ohne sie, unter der ``id`` des ganzen: viele Werte teilen sich einen.
    """
    neu: dict[str, Any] = {}
    verborgen: list[Fundstelle] = []
    if any(f.gebiet not in gezeigt for f in n.belege):
        neu["belege"] = ()
        verborgen += n.belege
    if any(t.gebiet not in gezeigt for t in n.teile):
        neu["teile"] = ()
        verborgen += [f for t in n.teile for f in alle_fundstellen(t)]
    elif n.teile:
        neu["teile"] = tuple(_oeffentlich(t, gezeigt, gekuerzt) for t in n.teile)
    if isinstance(n.weg, Rechenweg):
        if (weg := gekuerzt.get(id(n.weg))) is None:
            eingaben = tuple(_eingabe(e, gezeigt) for e in n.weg.eingaben)
            weg = gekuerzt[id(n.weg)] = n.weg.model_copy(update={"eingaben": eingaben})
        neu["weg"] = weg
    if verborgen:
        zeilen = {(f.quelle, f.datei, f.zeile) for f in verborgen}
        je_datei = sorted(Counter((q, d) for q, d, _ in zeilen).items())
        neu["verdeckt"] = tuple(Eingabe(quelle=q, datei=d, anzahl=anzahl) for (q, d), anzahl in je_datei)
    return n.model_copy(update=neu) if neu else n


def _eingabe(e: Eingabe, gezeigt: frozenset[str]) -> Eingabe:
    if gezeigt.issuperset(e.gebiete):
        return e.model_copy(update={"gebiete": ()})
    return e.model_copy(update={"gebiete": (), "zeilen": ""})


def schreibe(inhalt: dict[str, Any]) -> str:
    """``nachweis.json`` als Text; ein Eintrag je Zeile, Schlüssel sortiert."""

    def zeile(objekt: Any) -> str:
        return json.dumps(objekt, ensure_ascii=False, sort_keys=True, allow_nan=False)

    zeilen = ",\n".join(zeile(e) for e in inhalt["eintraege"])
    kopf = "".join(f'"{teil}": {zeile(inhalt[teil])},\n' for teil in ("dateien", "rechenwege"))
    return f'{{{kopf}"eintraege": [\n{zeilen}\n]}}\n'


def alle_fundstellen(nachweis: Nachweis) -> Iterator[Fundstelle]:
    """Alle Fundstellen, auch die der Teile."""
    yield from nachweis.belege
    for teil in nachweis.teile:
        yield from alle_fundstellen(teil)


def alle_dateien(nachweis: Nachweis) -> Iterator[tuple[str, str]]:
    """Paare (Datei, Quelle) aller Fundstellen und Eingaben, auch die der Teile."""
    eingaben = nachweis.weg.eingaben if isinstance(nachweis.weg, Rechenweg) else ()
    yield from ((f.datei, f.quelle) for f in nachweis.belege)
    yield from ((e.datei, e.quelle) for e in (*nachweis.verdeckt, *eingaben))
    for teil in nachweis.teile:
        yield from alle_dateien(teil)


def pruefsumme(projekt: Projekt, datei: str) -> str:
    """``sha256:…`` einer Datei ab der Projektwurzel; leer, wenn es sie nicht gibt."""
    pfad = projekt.wurzel / datei
    return "sha256:" + hashlib.sha256(pfad.read_bytes()).hexdigest() if pfad.is_file() else ""
