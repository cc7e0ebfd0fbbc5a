"""Was Typst im Strukturbaum eines PDF noch nicht sagen kann: Zeilenköpfe, und Kacheln als eine Liste.

Die erste Spalte jeder Rumpfzeile wird Zeilenkopf (TH, Scope=Row), und jede Zelle daneben verweist auf ihn
wie schon auf ihren Spaltenkopf. Unter einer Zwischenüberschrift verweist Typst nur noch auf diese, auch wo
sie nicht mehr gilt: dort bekommt jede Zelle den Kopf ihrer Spalte zurück. Kacheln setzt die Vorlage als
Gitter aus Listen mit je einem Punkt: hier wird daraus eine Liste.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, NameTree, ObjectStreamMode, String
from pikepdf import open as oeffne


def ergaenze(pdf: bytes) -> bytes:
    """Das PDF mit ergänztem Strukturbaum; gleiche Eingabe, gleiche Bytes, ein zweites Mal ändert nichts."""
    with oeffne(io.BytesIO(pdf)) as dokument:
        baum = dokument.Root.get("/StructTreeRoot")
        if baum is None:
            return pdf
        tafeln, gitter = _suche(baum)
        koepfe = {k: z for nummer, tafel in enumerate(tafeln) for k, z in _zeilenkoepfe(tafel, nummer)}
        listen = [g for g in gitter if _vereint(g)]
        if not koepfe and not listen:
            return pdf
        if koepfe:
            _trage_ein(dokument, baum, koepfe)
        puffer = io.BytesIO()
        dokument.save(puffer, deterministic_id=True, object_stream_mode=ObjectStreamMode.preserve)
        return puffer.getvalue()


def _kinder(knoten: Any) -> list[Any]:
    inhalt = knoten.get("/K")
    liste = list(inhalt) if isinstance(inhalt, Array) else [inhalt]
    return [k for k in liste if isinstance(k, Dictionary) and "/S" in k]


def _art(knoten: Any) -> str:
    return str(knoten.S)


def _suche(baum: Any) -> tuple[list[Any], list[Any]]:
    """Alle Tabellen und alle Div, in Reihenfolge und ohne Rekursion (tiefe Bäume)."""
    tafeln, gitter = [], []
    stapel = _kinder(baum)[::-1]
    while stapel:
        knoten = stapel.pop()
        art = _art(knoten)
        if art == "/Table":
            tafeln.append(knoten)
        elif art == "/Div":
            gitter.append(knoten)
        if art not in {"/P", "/TOC", "/Figure"}:
            stapel.extend(_kinder(knoten)[::-1])
    return tafeln, gitter


# --- Zeilenköpfe -----------------------------------------------------------------------------------------


def _kopfzeilen(tafel: Any) -> tuple[list[Any], list[Any]]:
    """Die Zeilen mit Spaltenköpfen; dahinter eine Zwischenüberschrift, die Typst noch zum Kopf zählt."""
    zeilen = [z for teil in _kinder(tafel) if _art(teil) == "/THead" for z in _kinder(teil)]
    if len(zeilen) > 1 and len(_kinder(zeilen[-1])) == 1:
        return zeilen[:-1], zeilen[-1:]
    return zeilen, []


def _rumpfzeilen(tafel: Any) -> Iterator[Any]:
    yield from _kopfzeilen(tafel)[1]
    for teil in _kinder(tafel):
        if _art(teil) == "/TR":
            yield teil
        elif _art(teil) in {"/TBody", "/TFoot"}:
            yield from (k for k in _kinder(teil) if _art(k) == "/TR")


def _spaltenkoepfe(tafel: Any) -> list[str]:
    """Je Spalte die Kennung ihres untersten Kopfes."""
    unterste: dict[int, str] = {}
    bis: dict[int, int] = {}  # so weit reicht der Kopf darüber hinab
    for y, zeile in enumerate(_kopfzeilen(tafel)[0]):
        x = 0
        for zelle in _kinder(zeile):
            while bis.get(x, 0) > y:
                x += 1
            angaben = _angaben(zelle)
            for _ in range(int(angaben.get("/ColSpan", 1))):
                unterste[x], bis[x] = str(zelle.get("/ID", "")), y + int(angaben.get("/RowSpan", 1))
                x += 1
    return [unterste[x] for x in sorted(unterste)]


def _zeilenkoepfe(tafel: Any, nummer: int) -> Iterator[tuple[str, Any]]:
    """Macht die ersten Zellen zu Köpfen und bindet die übrigen daran; gibt Kennung und Kopf."""
    kopf, offen = "", 0  # Kennung des letzten Kopfes, und für wie viele Zeilen er noch gilt
    spalten = _spaltenkoepfe(tafel)
    gegliedert = False  # nach einer Zwischenüberschrift, die Typst als Kopf schreibt
    for y, zeile in enumerate(_rumpfzeilen(tafel)):
        zellen = [k for k in _kinder(zeile) if _art(k) in {"/TD", "/TH"}]
        gruppe = len(zellen) == 1 and _art(zellen[0]) == "/TH"
        gegliedert |= gruppe
        if gegliedert and not gruppe:
            for zelle, spaltenkopf in zip(zellen, spalten[len(spalten) - len(zellen) :], strict=False):
                _angaben(zelle).Headers = Array([String(spaltenkopf)])
        offen -= 1
        if offen <= 0 and zellen:
            erste = zellen.pop(0)
            if str(_angaben(erste).get("/Scope", "")) == "/Row":
                return
            kopf = str(erste.get("/ID", f"Z{nummer}y{y}"))
            offen = _zu_kopf(erste, kopf)
            yield kopf, erste
        for zelle in zellen:
            _angaben(zelle).Headers = [*_angaben(zelle).get("/Headers", []), String(kopf)]


def _zu_kopf(zelle: Any, kennung: str) -> int:
    """Zeichnet die Zelle als Zeilenkopf aus; für so viele Zeilen gilt sie."""
    angaben = _angaben(zelle)
    angaben.Scope = Name.Row
    zelle.S, zelle.ID = Name.TH, String(kennung)
    return int(angaben.get("/RowSpan", 1))


def _angaben(zelle: Any) -> Any:
    """Die Angaben zur Tabelle an einer Zelle; fehlen sie, entstehen sie."""
    alle = zelle.get("/A")
    if alle is None:
        alle = zelle.A = Array()
    elif not isinstance(alle, Array):
        alle = zelle.A = Array([alle])
    for angaben in alle:
        if str(angaben.get("/O", "")) == "/Table":
            return angaben
    alle.append(Dictionary(O=Name.Table))
    return alle[-1]


def _trage_ein(dokument: Any, baum: Any, koepfe: dict[str, Any]) -> None:
    """Jede Kennung muss im Verzeichnis der Kennungen stehen, sortiert."""
    verzeichnis = NameTree(baum.IDTree) if "/IDTree" in baum else NameTree.new(dokument)
    for kennung, kopf in koepfe.items():
        verzeichnis[kennung] = kopf
    baum.IDTree = verzeichnis.obj


# --- Kacheln ---------------------------------------------------------------------------------------------


def _vereint(gitter: Any) -> bool:
    """Macht aus einem Gitter von Listen eine Liste; ``False``, wenn es kein solches Gitter ist."""
    faecher = [f for f in _kinder(gitter) if _kinder(f)]  # die letzte Reihe ist vielleicht nicht voll
    listen = [_kinder(f) for f in faecher]
    if len(faecher) < 2 or any(len(k) != 1 or _art(k[0]) != "/L" for k in listen):
        return False
    punkte = [punkt for (liste,) in listen for punkt in _kinder(liste)]
    if "/A" in listen[0][0]:
        gitter.A = listen[0][0].A
    gitter.S, gitter.K = Name.L, Array(punkte)
    for punkt in punkte:
        punkt.P = gitter
    return True
