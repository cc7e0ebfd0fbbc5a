"""Die Farben der Marke halten Kontrast, sind grau und bei Farbfehlsichtigkeit zu unterscheiden."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from bildhilfe import GEBURTEN, blatt, farbe_von, farben, galerie, jahre, kopie, thema

from berichtswerk.bild.formen.gemeinsam import leiter
from berichtswerk.bild.formen.linie import linie
from berichtswerk.bild.svg import als_datei
from berichtswerk.marke import farbe
from berichtswerk.marke.marke import Marke

F = farben()
GRUPPEN = {
    "kategorien": F.kategorien,
    "fokus_und_vergleich": (F.fokus, *F.vergleich),
    "pyramide": (F.fokus, F.akzent),
    "stufen": F.klassen,
    "gegensatz": F.pole,
}
SEHWEISEN = (None, "protan", "deutan", "tritan")


@pytest.mark.parametrize(
    ("a", "b", "erwartet"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_farbunterschied_stimmt_mit_den_veroeffentlichten_pruefpaaren(
    a: farbe.Lab, b: farbe.Lab, erwartet: float
) -> None:
    """Prüfpaare aus Sharma, Wu, Dalal (2005), Tabelle 1."""
    assert farbe.unterschied_lab(a, b) == pytest.approx(erwartet, abs=0.0001)


def test_kontrast_stimmt_mit_bekannten_werten() -> None:
    assert farbe.kontrast("#000000", "#ffffff") == pytest.approx(21)
    assert farbe.kontrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("farbe_", [*F.kategorien, F.fokus, F.akzent, *F.vergleich, F.achse])
def test_linien_und_flaechen_halten_drei_zu_eins_gegen_den_grund(farbe_: str) -> None:
    assert farbe.kontrast(farbe_, F.grund) >= 3.0


@pytest.mark.parametrize("schrift", [F.text, F.text_leise, F.fokus, F.akzent])
def test_schriftfarben_halten_viereinhalb_zu_eins(schrift: str) -> None:
    assert farbe.kontrast(schrift, F.grund) >= 4.5


@pytest.mark.parametrize(
    "name", ["primary", "secondary", "tertiary", "foreground", "info", "success", "warning", "danger"]
)
def test_bedeutungsfarben_sind_auf_weiss_und_auf_heller_flaeche_lesbar(name: str) -> None:
    alle = thema().marke.farben
    assert farbe.kontrast(alle[name], alle["background"]) >= 4.5
    assert farbe.kontrast(alle[name], alle["light"]) >= 4.5


@pytest.mark.parametrize("name", GRUPPEN)
@pytest.mark.parametrize("sehweise", SEHWEISEN)
def test_farben_einer_gruppe_sind_fuer_alle_zu_unterscheiden(
    name: str, sehweise: farbe.Sehweise | None
) -> None:
    gesehen = [farbe.simuliere(f, sehweise) if sehweise else f for f in GRUPPEN[name]]
    assert min(farbe.unterschied(a, b) for a, b in combinations(gesehen, 2)) >= 10.0


def test_nachbarn_unterscheiden_sich_im_graudruck() -> None:
    for name in ("kategorien", "stufen", "gegensatz"):
        hell = [farbe.lab(f)[0] for f in GRUPPEN[name]]
        assert min(abs(a - b) for a, b in pairwise(hell)) >= 12, name
        assert min(abs(a - b) for a, b in combinations(hell, 2)) >= 8, name


@pytest.mark.parametrize("flaeche", [*F.kategorien, *F.klassen, *F.pole, F.akzent])
def test_zahlen_auf_flaechen_sind_lesbar(flaeche: str) -> None:
    assert farbe.kontrast(farbe_von(thema().schrift_auf(flaeche)), flaeche) >= 4.5


def test_hoechstens_fuenf_kategorien_und_genau_fuenf_stufen() -> None:
    assert len(F.kategorien) <= 5
    assert len(F.klassen) == len(F.pole) == 5


def test_eine_andere_hauptfarbe_aendert_jede_abbildung(tmp_path: Path) -> None:
    alt = F.fokus
    anders = Marke.lade(kopie(tmp_path, (f'"{alt}"', '"#5b2a86"')))
    bild = linie([jahre("Landkreis", 800, 600, rolle="fokus")], GEBURTEN)
    svg = als_datei(blatt(bild), anders)
    assert "#5b2a86" in svg
    assert alt not in svg
    assert anders.diagramm.klassen != F.klassen
    assert anders.diagramm.pole != F.pole


def test_jede_abbildung_benutzt_nur_farben_der_marke() -> None:
    import re

    erlaubt = {str(v).lower() for v in thema().marke.farben.values()} | set(F.klassen) | set(F.pole)
    erlaubt |= {farbe_von(f) for n in range(1, 6) for f in leiter(n, thema())}
    erlaubt |= {schrift for f in erlaubt if (schrift := farbe.als_schrift(f, F.grund))}
    for name, bild in galerie().items():
        svg = als_datei(blatt(bild), thema().marke)
        benutzt = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))
        assert benutzt <= erlaubt, name
