"""Jedes PDF: PDF/UA-1 und PDF/A-2a mit veraPDF, dazu was veraPDF nicht fragt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf


def _pdfs(site: Path) -> list[Path]:
    dateien = sorted(site.rglob("*.pdf"))
    assert dateien
    return dateien


def test_verapdf_findet_keinen_verstoss(site: Path, verapdf: Any) -> None:
    assert {p.name: v for p in _pdfs(site) if (v := verapdf.verstoesse(p))} == {}


def _elemente(knoten: Any) -> Iterator[pikepdf.Dictionary]:
    if isinstance(knoten, pikepdf.Array):
        for kind in knoten:
            yield from _elemente(kind)
    elif isinstance(knoten, pikepdf.Dictionary):
        yield knoten
        if "/K" in knoten:
            yield from _elemente(knoten.K)


def _geltung(element: pikepdf.Dictionary) -> str:
    attribute = element.get("/A")
    liste = attribute if isinstance(attribute, pikepdf.Array) else [attribute]
    return "".join(str(a.get("/Scope", "")) for a in liste if isinstance(a, pikepdf.Dictionary))


def test_sprache_titel_lesezeichen_tabellenkoepfe_und_alternativtexte(site: Path) -> None:
    for pfad in _pdfs(site):
        with pikepdf.open(pfad) as pdf:
            wurzel = pdf.Root
            assert str(wurzel.Lang) == "de-DE", pfad
            assert wurzel.ViewerPreferences.DisplayDocTitle, pfad
            assert len(str(pdf.docinfo["/Title"])) > 8, pfad
            assert "/Outlines" in wurzel, pfad
            koepfe: Counter[str] = Counter()
            bilder = 0
            for element in _elemente(wurzel.StructTreeRoot.K):
                art = str(element.get("/S", ""))
                if art == "/TH":
                    koepfe[_geltung(element)] += 1
                if art == "/Figure":
                    text = str(element.get("/Alt", "")).strip()
                    assert text, pfad
                    bilder += len(text) > 40  # die Wortmarke trägt nur den Namen
            assert koepfe["/Row"] > 10 and koepfe["/Column"] > 10, (pfad, koepfe)
            assert koepfe[""] == 0, (pfad, koepfe)
            assert bilder >= (14 if pfad.stem.startswith("sozialbericht") else 4), (pfad, bilder)


def test_umfang_eines_berichts(site: Path) -> None:
    haupt = next(p for p in _pdfs(site) if p.stem == "sozialbericht-2024")
    with pikepdf.open(haupt) as pdf:
        assert 18 <= len(pdf.pages) <= 34
