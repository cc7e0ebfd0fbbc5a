"""Jedes PDF: PDF/UA-1 und PDF/A-2a mit veraPDF, dazu was veraPDF nicht fragt: was vorgelesen wird."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
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
    """Alle Elemente des Strukturbaums in der Reihenfolge des Vorlesens."""
    if isinstance(knoten, pikepdf.Array):
        for kind in knoten:
            yield from _elemente(kind)
    elif isinstance(knoten, pikepdf.Dictionary) and "/S" in knoten:
        yield knoten
        if "/K" in knoten:
            yield from _elemente(knoten.K)


def _kinder(knoten: Any) -> list[pikepdf.Dictionary]:
    """Nur die unmittelbar darunter."""
    inhalt = knoten.get("/K", [])
    liste = list(inhalt) if isinstance(inhalt, pikepdf.Array) else [inhalt]
    return [k for k in liste if isinstance(k, pikepdf.Dictionary) and "/S" in k]


def _art(knoten: Any) -> str:
    return str(knoten.S)[1:]


def _geltung(element: pikepdf.Dictionary) -> str:
    return str(_tafelangaben(element).get("/Scope", ""))


def _tafelangaben(element: pikepdf.Dictionary) -> Any:
    attribute = element.get("/A")
    liste = attribute if isinstance(attribute, pikepdf.Array) else [attribute]
    tafel = (a for a in liste if isinstance(a, pikepdf.Dictionary) and str(a.get("/O", "")) == "/Table")
    return next(tafel, pikepdf.Dictionary())


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


# --- Der Aufbau ------------------------------------------------------------------------------------------


def _seite(pdf: Path) -> str:
    return pdf.with_suffix(".html").read_text(encoding="utf-8")


def _wortlaut(html: str) -> str:
    nummer = re.sub(r'<span class="header-section-number">.*?</span>', "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", nummer))).strip()


def _ueberschriften_der_seite(html: str) -> list[tuple[int, str]]:
    """Kapitel, Fragen und Befunde mit ihrer Ebene im PDF (die Seite beginnt bei h2)."""
    muster = r'<h([2-6]) (?:class|data)[^>]*"(?:[^"]*anchored|bw-frage|bw-befund)"[^>]*>(.*?)</h\1>'
    return [(int(n) - 1, _wortlaut(t)) for n, t in re.findall(muster, html, re.S)]


def test_fragen_und_befunde_sind_ueberschriften_wie_auf_der_seite(site: Path) -> None:
    for pfad in _pdfs(site):
        with pikepdf.open(pfad) as pdf:
            alle = [
                (int(_art(e)[1:]), re.sub(r"\s+", " ", str(e.T)))
                for e in _elemente(pdf.Root.StructTreeRoot.K)
                if re.fullmatch(r"H\d", _art(e))
            ]
        davor = [titel for _, titel in alle].index(
            next(t for n, t in _ueberschriften_der_seite(_seite(pfad)))
        )
        gedruckt, gezeigt = alle[davor:], _ueberschriften_der_seite(_seite(pfad))
        assert gedruckt == [h for h in gezeigt if h in gedruckt or h[1] != "Verzeichnisse"], pfad.name
        assert sum(t in {b for _, b in gezeigt} for _, t in gedruckt) > 15
        for (oben, _), (unten, titel) in pairwise(alle):
            assert unten <= oben + 1, (pfad.name, titel)


def test_lesezeichen_fuehren_zu_allen_kapiteln_und_abschnitten_aber_nicht_zu_fragen(site: Path) -> None:
    for pfad in _pdfs(site):
        html = _seite(pfad)
        zaehlt = re.findall(r'<h([2-4]) [^>]*data-number="([\d.]+)"[^>]*>(.*?)</h\1>', html, re.S)
        erwartet = [(nummer.count("."), f"{nummer} {_wortlaut(t)}") for _, nummer, t in zaehlt]
        with pikepdf.open(pfad) as pdf, pdf.open_outline() as gliederung:
            punkte = [p for wurzel in gliederung.root for p in _punkte(wurzel, 0)]
        assert [(e, _wortlaut(t)) for e, t in punkte if t[0].isdigit()] == erwartet, pfad.name
        fragen = {t for _, t in _ueberschriften_der_seite(html)} - {t.split(" ", 1)[1] for _, t in erwartet}
        assert not fragen & {t for _, t in punkte}


def _punkte(punkt: Any, ebene: int) -> Iterator[tuple[int, str]]:
    yield ebene, str(punkt.title)
    for kind in punkt.children:
        yield from _punkte(kind, ebene + 1)


def test_glossar_kacheln_und_steckbriefe_sind_listen(site: Path) -> None:
    for pfad in _pdfs(site):
        html = _seite(pfad)
        erwartet = [
            liste.count("<dt>") for liste in re.findall(r'<dl class="bw-eckwerte">.*?</dl>', html, re.S)
        ]
        begriffe = re.findall(r'<div class="bw-begriffe">.*?</div>', html, re.S)
        erwartet += [liste.count("<dt>") for liste in begriffe]
        erwartet += [s.count("<dt>") for s in re.findall(r'<div class="bw-steckbrief">.*?</div>', html, re.S)]
        with pikepdf.open(pfad) as pdf:
            listen = [e for e in _elemente(pdf.Root.StructTreeRoot.K) if _art(e) == "L"]
            for liste in listen:
                assert {_art(k) for k in _kinder(liste)} <= {"LI", "Caption"}
                for punkt in _kinder(liste):
                    assert [_art(k) for k in _kinder(punkt)][:2] == ["Lbl", "LBody"], pfad.name
                    assert punkt.P.objgen == liste.objgen
            anzahlen = Counter(len(_kinder(liste)) for liste in listen)
        assert sum(erwartet) > 5 and not Counter(erwartet) - anzahlen, (pfad.name, erwartet, anzahlen)


def test_jede_zelle_nennt_ihren_zeilenkopf_und_ihren_spaltenkopf(site: Path) -> None:
    for pfad in _pdfs(site):
        with pikepdf.open(pfad) as pdf:
            bekannt = pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)
            zellen = 0
            for zeile in (e for e in _elemente(pdf.Root.StructTreeRoot.K) if _art(e) == "TR"):
                faecher = _kinder(zeile)
                eigene = {str(f.ID) for f in faecher if _art(f) == "TH"}
                for fach in (f for f in faecher if _art(f) == "TD"):
                    koepfe = [str(k) for k in _tafelangaben(fach).Headers]
                    arten = {_geltung(bekannt[k]) for k in koepfe}
                    assert arten == {"/Row", "/Column"} and eigene & set(koepfe), (pfad.name, koepfe)
                    zellen += 1
        assert zellen > 20, pfad.name


def test_alternativtexte_sind_kurz_und_buchstaben_hinter_zahlen_werden_nicht_vorgelesen(site: Path) -> None:
    for pfad in _pdfs(site):
        with pikepdf.open(pfad) as pdf:
            elemente = list(_elemente(pdf.Root.StructTreeRoot.K))
            texte = [str(e.Alt) for e in elemente if "/Alt" in e]
            alle = [*texte, *(str(e.T) for e in elemente if "/T" in e)]
        assert {t for t in texte if len(t) > 250} == set(), pfad.name
        assert [t for t in alle if re.search(r"\d(?:\s*(?:%|Prozent|Personen))?\s[prs]\b", t)] == [], (
            pfad.name
        )
