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


def _gebunden(site: Path) -> list[Path]:
    """Ohne Steckbriefe, die keine Kapitel haben (``test_steckbriefe.py``), und ohne Beilagen im Ordner."""
    tiefe = len(("berichte", "bericht", "ausgabe", "datei"))
    return [
        p for p in _pdfs(site) if "steckbriefe" not in p.parts and len(p.relative_to(site).parts) == tiefe
    ]


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
    for pfad in _gebunden(site):
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
            assert koepfe["/Row"] > 5 and koepfe["/Column"] > 5, (pfad, koepfe)
            assert koepfe[""] == 0, (pfad, koepfe)
            assert bilder >= (14 if pfad.stem.startswith("sozialbericht") else 4), (pfad, bilder)


def test_umfang_eines_berichts(site: Path) -> None:
    """Fünfzehn Fachkapitel mit Text, Bild und Tabelle; Quellen und Begriffe sind ein Fünftel."""
    haupt = next(p for p in _gebunden(site) if p.stem == "sozialbericht-2024")
    with pikepdf.open(haupt) as pdf:
        assert 18 <= len(pdf.pages) <= 48


# --- Der Aufbau ------------------------------------------------------------------------------------------


def _seite(pdf: Path) -> str:
    return pdf.with_suffix(".html").read_text(encoding="utf-8")


def _wortlaut(html: str) -> str:
    nummer = re.sub(r'<span class="header-section-number">.*?</span>', "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", nummer))).strip()


def _ueberschriften_der_seite(html: str) -> list[tuple[int, str]]:
    """Kapitel, Fragen und Befunde mit ihrer Ebene im PDF (die Seite beginnt bei h2)."""
    muster = r'<h([2-6]) (?:class|data)[^>]*"(?:[^"]*anchored|bw-frage|bw-befund|bw-hinten)"[^>]*>(.*?)</h\1>'
    return [(int(n) - 1, _wortlaut(t)) for n, t in re.findall(muster, html, re.S)]


def test_fragen_und_befunde_sind_ueberschriften_wie_auf_der_seite(site: Path) -> None:
    for pfad in _gebunden(site):
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
        assert gedruckt == gezeigt, pfad.name
        assert sum(t in {b for _, b in gezeigt} for _, t in gedruckt) > 15
        for (oben, _), (unten, titel) in pairwise(alle):
            assert unten <= oben + 1, (pfad.name, titel)


def test_lesezeichen_fuehren_zu_allen_kapiteln_und_abschnitten_aber_nicht_zu_fragen(site: Path) -> None:
    for pfad in _gebunden(site):
        html = _seite(pfad)
        zaehlt = re.findall(r'<h([2-4]) [^>]*data-number="([\d.]+)"[^>]*>(.*?)</h\1>', html, re.S)
        erwartet = [(nummer.count("."), f"{nummer} {_wortlaut(t)}") for _, nummer, t in zaehlt]
        with pikepdf.open(pfad) as pdf, pdf.open_outline() as gliederung:
            punkte = [p for wurzel in gliederung.root for p in _punkte(wurzel, 0)]
        assert [(e, _wortlaut(t)) for e, t in punkte if t[0].isdigit()] == erwartet, pfad.name
        fragen = {_wortlaut(t) for t in re.findall(r'<h\d class="bw-\w+">(.*?)</h\d>', html, re.S)}
        assert not fragen & {t for _, t in punkte}


def _punkte(punkt: Any, ebene: int) -> Iterator[tuple[int, str]]:
    yield ebene, str(punkt.title)
    for kind in punkt.children:
        yield from _punkte(kind, ebene + 1)


def test_glossar_kacheln_und_steckbriefe_sind_listen(site: Path) -> None:
    for pfad in _gebunden(site):
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
    for pfad in _gebunden(site):
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


# --- Was auf der Seite steht ------------------------------------------------------------------------------


def _marken(knoten: Any, seite: Any = None) -> Iterator[tuple[Any, int]]:
    """Seite und Nummer alles Gesetzten unter einem Element."""
    if isinstance(knoten, pikepdf.Array):
        for kind in knoten:
            yield from _marken(kind, seite)
    elif isinstance(knoten, pikepdf.Dictionary):
        seite = knoten.get("/Pg", seite)
        if str(knoten.get("/Type", "")) == "/MCR":
            yield seite.objgen, int(knoten.MCID)
        elif "/K" in knoten:
            yield from _marken(knoten.K, seite)
    else:
        yield seite.objgen, int(knoten)


def _zeichen(schrift: Any) -> dict[int, str]:
    """Welches Zeichen hinter jeder Nummer einer Schrift steht."""
    tafel, abbildung = schrift.ToUnicode.read_bytes().decode("latin-1"), {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", tafel, re.S):
        for nummer, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            abbildung[int(nummer, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return abbildung


def _gesetzt(seite: Any) -> dict[int, str]:
    """Je Nummer der Text; ein Trennstrich am Zeilenende ist „\u00ad“."""
    schriften = {name: _zeichen(schrift) for name, schrift in seite.Resources.Font.items()}
    texte: dict[int, str] = {}
    offen: list[int | None] = []
    schrift, statt = "", 0  # statt: so tief steckt, was anders vorgelesen wird, als es dasteht
    for angaben, wort in pikepdf.parse_content_stream(seite):
        if str(wort) in {"BDC", "BMC"}:
            marke = angaben[1] if len(angaben) > 1 and isinstance(angaben[1], pikepdf.Dictionary) else {}
            offen.append(int(marke["/MCID"]) if "/MCID" in marke else None)
            if "/ActualText" in marke and not statt:
                statt = len(offen)
                nummer = next((n for n in offen[::-1] if n is not None), -1)
                texte[nummer] = texte.get(nummer, "") + str(marke["/ActualText"])
        elif str(wort) == "EMC":
            statt = 0 if statt == len(offen) else statt
            offen.pop()
        elif str(wort) == "Tf":
            schrift = str(angaben[0])
        elif str(wort) in {"Tj", "TJ"} and not statt:
            nummer = next((n for n in offen[::-1] if n is not None), -1)
            stuecke = list(angaben[0]) if str(wort) == "TJ" else [angaben[0]]
            roh = b"".join(bytes(s) for s in stuecke if isinstance(s, pikepdf.String))
            codes = (int.from_bytes(roh[i : i + 2], "big") for i in range(0, len(roh), 2))
            texte[nummer] = texte.get(nummer, "") + "".join(schriften[schrift].get(c, "?") for c in codes)
    return texte


def test_im_tabellenkopf_ist_kein_wort_mehr_als_einmal_getrennt(site: Path) -> None:
    getrennt, koepfe = [], 0
    for pfad in _gebunden(site):
        with pikepdf.open(pfad) as pdf:
            texte: dict[Any, dict[int, str]] = {}
            seiten = {seite.objgen: seite for seite in pdf.pages}
            for kopf in (e for e in _elemente(pdf.Root.StructTreeRoot.K) if _geltung(e) == "/Column"):
                stuecke = []
                for seite, nummer in _marken(kopf):
                    texte[seite] = texte.get(seite) or _gesetzt(seiten[seite])
                    stuecke.append(texte[seite].get(nummer, ""))
                worte = "".join(stuecke).split()
                assert worte, pfad.name
                koepfe += 1
                getrennt += [(pfad.name, w) for w in worte if w.count("\u00ad") > 1]
    assert getrennt == [] and koepfe > 300


def test_eine_zwischenueberschrift_steht_nie_am_seitenende(site: Path) -> None:
    """Sie und die Zeile darunter stehen auf derselben Seite."""
    gruppen = 0
    for pfad in _gebunden(site):
        with pikepdf.open(pfad) as pdf:
            for tafel in (e for e in _elemente(pdf.Root.StructTreeRoot.K) if _art(e) == "Table"):
                zeilen = [z for z in _elemente(tafel.K) if _art(z) == "TR"]
                for zeile, naechste in pairwise(zeilen):
                    (erste, *weitere) = _kinder(zeile)
                    if not weitere and _geltung(erste) == "/Row":
                        gruppen += 1
                        (oben, _), (unten, _) = (next(_marken(z)) for z in (zeile, naechste))
                        assert oben == unten, (pfad.name, str(erste.ID))
    assert gruppen > 60


def test_alternativtexte_sind_kurz_und_buchstaben_hinter_zahlen_werden_nicht_vorgelesen(site: Path) -> None:
    for pfad in _gebunden(site):
        with pikepdf.open(pfad) as pdf:
            elemente = list(_elemente(pdf.Root.StructTreeRoot.K))
            texte = [str(e.Alt) for e in elemente if "/Alt" in e]
            alle = [*texte, *(str(e.T) for e in elemente if "/T" in e)]
        assert {t for t in texte if len(t) > 250} == set(), pfad.name
        assert [t for t in alle if re.search(r"\d(?:\s*(?:%|Prozent|Personen))?\s[prs]\b", t)] == [], (
            pfad.name
        )
