"""Vorspalten im PDF als Zeilenköpfe auszeichnen (TH, Scope=Row): die Typst-Bindung kann es noch nicht."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any


def _kinder(knoten: Any) -> list[Any]:
    from pikepdf import Array, Dictionary

    inhalt = knoten.get("/K")
    if inhalt is None:
        return []
    liste = list(inhalt) if isinstance(inhalt, Array) else [inhalt]
    return [k for k in liste if isinstance(k, Dictionary)]


def _rumpfzeilen(wurzel: Any) -> Iterator[Any]:
    """Alle TR unter TBody und TFoot, ohne Rekursion (tiefe Bäume)."""
    stapel = [(wurzel, False)]
    while stapel:
        knoten, im_rumpf = stapel.pop()
        art = str(knoten.get("/S", ""))
        if art == "/TR" and im_rumpf:
            yield knoten
            continue
        innen = im_rumpf or art in {"/TBody", "/TFoot"}
        if art == "/Table" and not any(str(k.get("/S", "")) == "/TBody" for k in _kinder(knoten)):
            innen = False
        stapel.extend((k, innen) for k in reversed(_kinder(knoten)))


def _zeichne_aus(zelle: Any) -> None:
    from pikepdf import Array, Dictionary, Name

    eigenschaften = zelle.get("/A")
    neu = Dictionary(O=Name.Table, Scope=Name.Row)
    if eigenschaften is None:
        zelle.A = neu
    elif isinstance(eigenschaften, Array):
        tafel = next((a for a in eigenschaften if str(a.get("/O", "")) == "/Table"), None)
        if tafel is None:
            eigenschaften.append(neu)
        else:
            tafel.Scope = Name.Row
    elif str(eigenschaften.get("/O", "")) == "/Table":
        eigenschaften.Scope = Name.Row
    else:
        zelle.A = Array([eigenschaften, neu])
    zelle.S = Name.TH


def zeichne_zeilenkoepfe_aus(pdf: bytes) -> bytes:
    """Macht die erste Zelle jeder Rumpfzeile zum Zeilenkopf; gleiche Eingabe, gleiche Bytes."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as dokument:
        baum = dokument.Root.get("/StructTreeRoot")
        if baum is None:
            return pdf
        geaendert = False
        for zeile in _rumpfzeilen(baum):
            zellen = [k for k in _kinder(zeile) if str(k.get("/S", "")) in {"/TD", "/TH"}]
            if zellen and str(zellen[0].S) == "/TD":
                _zeichne_aus(zellen[0])
                geaendert = True
        if not geaendert:
            return pdf
        puffer = io.BytesIO()
        dokument.save(puffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return puffer.getvalue()
