"""Seiten sind voll: gemessen an jedem PDF eines Berichts, wie es veröffentlicht wird."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest

WERKZEUG = Path(__file__).parents[1] / "werkzeug" / "fuellung.py"


@pytest.fixture(scope="module")
def fuellung() -> ModuleType:
    """Das Messwerkzeug; es läuft auch für sich: ``python tests/werkzeug/fuellung.py BERICHT.pdf …``."""
    angaben = importlib.util.spec_from_file_location("fuellung", WERKZEUG)
    assert angaben is not None and angaben.loader is not None
    modul = importlib.util.module_from_spec(angaben)
    sys.modules["fuellung"] = modul
    angaben.loader.exec_module(modul)
    return modul


def berichte(site: Path) -> list[Path]:
    """Die PDF mit Kapiteln; Profile und Poster haben keine."""
    gefunden = []
    for pfad in sorted(site.rglob("*.pdf")):
        with pikepdf.open(pfad) as pdf, pdf.open_outline() as gliederung:
            if any(p.title[:1].isdigit() for p in gliederung.root):
                gefunden.append(pfad)
    return gefunden


def test_hoechstens_zwei_prozent_der_seiten_sind_unter_sechzig_prozent_voll(
    site: Path, fuellung: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    text, unter_60, unter_75, mit_enden = fuellung.bericht(berichte(site))
    with capsys.disabled():
        print(f"\n{text}")
    assert unter_60 <= 0.02 and unter_75 <= 0.15 and mit_enden <= 0.05


def test_profile_und_poster_reichen_bis_unten(
    site: Path, fuellung: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ob ihre Spalten dazwischen Lücken haben, misst ``test_steckbriefe``."""
    mit_kapiteln = berichte(site)
    blaetter = [p for p in (site / "berichte" / "steckbriefe").glob("*/*.pdf") if p not in mit_kapiteln]
    kanten = [k for p in blaetter for k in fuellung.unterkanten(p)]
    with capsys.disabled():
        print(f"\n{len(kanten)} Seiten Profile und Poster: bis {max(kanten):.0f} mm über den Blattrand")
    assert len(kanten) == 30 and max(kanten) < 23


KURZ = 13
"""So viele Zeilen hat eine kurze Tabelle mit ihrem Kopf."""


def test_kurze_tabellen_stehen_auf_einer_seite(
    site: Path, fuellung: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Was umbricht, ist lang, und nirgends steht eine Zeile allein."""
    alle = {pfad.name: fuellung.zerteilte(pfad) for pfad in sorted(site.rglob("*.pdf"))}
    with capsys.disabled():
        print("\nUmbrochene Tabellen:", {name: teile for name, teile in alle.items() if teile})
    teile = [t for dort in alle.values() for t in dort]
    assert all(sum(t.zeilen) > KURZ and min(t.zeilen) >= 3 for t in teile)


def test_umbrochene_tabellen_werden_gefunden(tmp_path: Path, fuellung: ModuleType) -> None:
    import typst

    tafel = "#table(columns: 2, {}[Ort], [Zahl]), ..range({}).map(i => ([Ort #i], [#i])).flatten())"
    quelle = "#set document(title: [Probe])\n#set page(height: 100mm)\n= Eins\n"
    quelle += tafel.format("table.header(", 3) + tafel.format("table.header(", 30)
    (tmp_path / "a.typ").write_text(quelle, encoding="utf-8")
    typst.Compiler(input=tmp_path / "a.typ").compile(
        output=tmp_path / "a.pdf", format="pdf", pdf_standards=["ua-1"]
    )
    (lang,) = fuellung.zerteilte(tmp_path / "a.pdf")
    assert len(lang.seiten) == len(lang.zeilen) > 1 and sum(lang.zeilen) == 31


def test_gemessen_wird_was_auf_der_seite_steht(tmp_path: Path, fuellung: ModuleType) -> None:
    """Zierde zählt nicht, ein Bild zählt; ein Kapitel mitten auf der Seite ist kein Anfang."""
    import typst

    quelle = """#set page(paper: "a4", margin: (x: 22mm, top: 26mm, bottom: 22mm), footer: [Fuß])
#set document(title: [Probe])
#set heading(numbering: "1.1")
= Eins
#v(100mm)
Text
= Zwei
#pagebreak()
#figure(image("a.svg", height: 240mm, alt: "Säule"))
#pagebreak()
= Drei
#place(top, pdf.artifact(rect(height: 200mm)))
"""
    saeule = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 24"><rect width="1" height="24"/></svg>'
    (tmp_path / "a.svg").write_text(saeule, encoding="utf-8")
    (tmp_path / "a.typ").write_text(quelle, encoding="utf-8")
    satz = typst.Compiler(input=tmp_path / "a.typ")
    satz.compile(output=tmp_path / "a.pdf", format="pdf", pdf_standards=["ua-1"])
    seiten = fuellung.seiten(tmp_path / "a.pdf")
    assert [(s.nummer, s.ende) for s in seiten] == [(1, False), (2, True), (3, True)]
    assert 0.4 < seiten[0].anteil < 0.55 and 0.9 < seiten[1].anteil < 1 and seiten[2].anteil < 0.1
