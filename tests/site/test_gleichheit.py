"""Gleiche Eingabe, gleiche Bytes; eine geänderte Farbe erreicht alles; ein Fehler lässt die Site heil."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from sitehilfe import kopiere_projekt, rendere

GEPRUEFT = {".html", ".pdf", ".csv", ".json", ".svg", ".css"}


def _summen(site: Path) -> dict[str, str]:
    return {
        p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(site.rglob("*"))
        if p.is_file() and p.suffix in GEPRUEFT
    }


def test_zweimal_rendern_gibt_dieselben_bytes(site: Path, tmp_path: Path) -> None:
    zweites = kopiere_projekt(tmp_path / "anderswo")
    ergebnis = rendere(zweites)
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    erste, zweite = _summen(site), _summen(zweites / "_site")
    assert {k for k in erste | zweite if erste.get(k) != zweite.get(k)} == set()


def test_nichts_verraet_den_rechner(site: Path, projekt: Path) -> None:
    spuren = [
        p.relative_to(site).as_posix()
        for p in site.rglob("*")
        if p.is_file() and p.suffix in GEPRUEFT - {".pdf"} and str(projekt.parent) in p.read_text("utf-8")
    ]
    assert spuren == []


@pytest.fixture(scope="module")
def umgefaerbt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dasselbe Projekt mit einer anderen Primärfarbe in ``layout/_brand.yml``."""
    ordner = kopiere_projekt(tmp_path_factory.mktemp("farbe") / "projekt")
    marke = ordner / "layout" / "_brand.yml"
    text = marke.read_text("utf-8")
    name = re.search(r"^  primary: (\S+)", text, re.M)
    assert name is not None
    neu, anzahl = re.subn(
        rf'(^    {name[1]}: )"#[0-9a-fA-F]{{6}}"', r'\1"#7a1f5c"', text, count=1, flags=re.M
    )
    assert anzahl == 1
    marke.write_text(neu, "utf-8")
    ergebnis = rendere(ordner, "sozialbericht/2022")
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    return ordner / "_site"


def test_eine_andere_primaerfarbe_erreicht_seite_pdf_und_jede_abbildung(site: Path, umgefaerbt: Path) -> None:
    assert "#7a1f5c" in (umgefaerbt / "layout" / "marke.css").read_text("utf-8").lower()
    pdf = "berichte/sozialbericht/2022/sozialbericht-2022.pdf"
    assert (umgefaerbt / pdf).read_bytes() != (site / pdf).read_bytes()
    alle = umgefaerbt.rglob("berichte/**/*.svg")
    abbildungen = sorted(p for p in alle if p.name != "titel.svg")  # weiß auf der Leitfarbe
    assert len(abbildungen) >= 14
    alt = re.search(
        r"--bw-primary: (#[0-9a-f]{6})", (site / "layout" / "marke.css").read_text("utf-8").lower()
    )
    for bild in abbildungen:
        vorher = site / bild.relative_to(umgefaerbt)
        assert bild.read_bytes() != vorher.read_bytes(), bild.name
        if alt is not None:
            assert alt[1] not in bild.read_text("utf-8").lower(), bild.name


def test_ein_fehler_laesst_die_veroeffentlichte_fassung_unversehrt(projekt: Path, tmp_path: Path) -> None:
    ordner = kopiere_projekt(tmp_path / "projekt")
    assert rendere(ordner, "sozialbericht/2022").returncode == 0
    vorher = _summen(ordner / "_site")
    text = ordner / "berichte/sozialbericht/2022/texte/arbeit.md"
    text.write_text("Die Quote beträgt {{ arbeitslosenqote }}.\n", "utf-8")
    ergebnis = rendere(ordner, "sozialbericht/2022")
    assert ergebnis.returncode == 1
    ausgabe = ergebnis.stdout + ergebnis.stderr
    assert "arbeit.md" in ausgabe and "Zeile 1" in ausgabe and "arbeitslosenquote" in ausgabe
    assert _summen(ordner / "_site") == vorher
