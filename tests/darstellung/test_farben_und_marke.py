"""Die Marke: Farben halten Kontrast, sind grau und bei Farbfehlsichtigkeit zu unterscheiden; Meldungen."""

from __future__ import annotations

import shutil
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from bildhilfe import GEBURTEN, MARKE, farbe_von, farben, galerie, jahre, thema

from berichtswerk.bild.formen.gemeinsam import leiter
from berichtswerk.bild.formen.linie import linie
from berichtswerk.bild.svg import als_datei
from berichtswerk.bild.thema import Thema
from berichtswerk.grund.meldung import BerichtswerkFehler
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


def _kopie(tmp_path: Path, *ersetzungen: tuple[str, str]) -> Path:
    ziel = tmp_path / "layout"
    shutil.copytree(MARKE.parent, ziel)
    datei = ziel / "_brand.yml"
    text = datei.read_text(encoding="utf-8")
    for alt, neu in ersetzungen:
        assert alt in text
        text = text.replace(alt, neu)
    datei.write_text(text, encoding="utf-8")
    return datei


def _meldung(tmp_path: Path, *ersetzungen: tuple[str, str]) -> str:
    with pytest.raises(BerichtswerkFehler) as fehler:
        Marke.aus_datei(_kopie(tmp_path, *ersetzungen), "layout/_brand.yml")
    return str(fehler.value)


def test_eine_andere_hauptfarbe_aendert_jede_abbildung(tmp_path: Path) -> None:
    alt = F.fokus
    anders = Marke.aus_datei(_kopie(tmp_path, (f'"{alt}"', '"#5b2a86"')))
    bild = linie([jahre("Landkreis", 800, 600, rolle="fokus")], GEBURTEN, thema=Thema(anders))
    svg = als_datei(bild.spec, anders)
    assert "#5b2a86" in svg
    assert alt not in svg
    assert anders.diagramm.klassen != F.klassen
    assert anders.diagramm.pole != F.pole


def test_jede_abbildung_benutzt_nur_farben_der_marke() -> None:
    import re

    erlaubt = {str(v).lower() for v in thema().marke.farben.values()} | set(F.klassen) | set(F.pole)
    erlaubt |= {farbe_von(f) for n in range(1, 6) for f in leiter(n, thema())}
    for name, bild in galerie().items():
        svg = als_datei(bild.spec, thema().marke)
        benutzt = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))
        assert benutzt <= erlaubt, name


def test_unbekannte_farbe_wird_mit_vorhandenen_namen_gemeldet(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("[primary, ocker,", "[primary, ockr,"))
    assert text.startswith(
        "FEHLER [marke-farbname] layout/_brand.yml, Feld „defaults.berichtswerk.diagramm.kategorien“\n"
        "  Die Farbe „ockr“ ist nicht festgelegt.\n"
        "  Ursache: Der Name steht weder unter color noch unter color.palette.\n"
        "  Abhilfe: Vorhanden sind: background, basalt, blau, "
    )


def test_keine_farbe(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ('tinte: "#1b2529"', 'tinte: "dunkel"')).startswith(
        "FEHLER [marke-farbe] layout/_brand.yml, Feld „color.tinte“\n"
        "  „dunkel“ ist keine Farbe.\n"
        "  Ursache: Erwartet wird die Form #rrggbb oder ein Name aus color.palette.\n"
        "  Abhilfe: Schreiben Sie die Farbe sechsstellig, zum Beispiel #095c6d."
    )


def test_unbekannter_schluessel(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("      gitter: nebel", "      raster: nebel")) == (
        "FEHLER [marke-feld] layout/_brand.yml, Feld „defaults.berichtswerk.diagramm.raster“\n"
        "  Diesen Schlüssel gibt es hier nicht.\n"
        "  Abhilfe: Schreibweise prüfen oder Zeile löschen."
    )


def test_unbekannter_schluessel_des_standards(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("  tertiary: kupfer", "  tertiary: kupfer\n  vierte: kupfer")) == (
        "FEHLER [marke-feld] layout/_brand.yml, Feld „color.vierte“\n"
        "  Diesen Schlüssel gibt es hier nicht.\n"
        "  Abhilfe: Schreibweise prüfen oder Zeile löschen."
    )


def test_fehlende_farbe(tmp_path: Path) -> None:
    assert "FEHLER [marke-farbe-fehlt] layout/_brand.yml, Feld „color.light“\n" in _meldung(
        tmp_path, ("  light: hauch\n", ""), ("flaeche: light", "flaeche: hauch")
    )


def test_fehlende_schriftdatei(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("FiraSans-Italic.ttf", "FiraSans-Schraeg.ttf")) == (
        "FEHLER [marke-schriftdatei] layout/_brand.yml, Feld „typography.fonts“\n"
        "  Die Schriftdatei gibt es nicht.\n"
        "  Ursache: Gesucht wurde fonts/FiraSans-Schraeg.ttf im Ordner der Markendatei.\n"
        "  Abhilfe: Legen Sie die Datei dort ab oder berichtigen Sie den Pfad."
    )


def test_schrift_aus_dem_netz_wird_abgelehnt(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  base:\n    family: Fira Sans", "  base:\n    family: Inter"))
    assert text.startswith(
        "FEHLER [marke-schrift-ohne-dateien] layout/_brand.yml, Feld „typography.fonts“\n"
        "  Zur Hausschrift „Inter“ sind keine Dateien genannt.\n"
        "  Ursache: Schriften kommen nur aus eigenen Dateien (source: file), nie aus dem Netz.\n"
    )


def test_ohne_hausschrift(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("    family: Fira Sans\n    weight: 400", "    weight: 400"))
    assert text.startswith(
        "FEHLER [marke-schrift] layout/_brand.yml, Feld „typography.base.family“\n"
        "  Die Hausschrift ist nicht festgelegt.\n"
        "  Abhilfe: Nennen Sie eine Familie aus typography.fonts."
    )


def test_kaputtes_yaml_nennt_die_zeile(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  foreground: tinte", "   foreground: tinte"))
    assert text.startswith("FEHLER [marke-unlesbar] layout/_brand.yml, Zeile ")
    assert "Abhilfe: Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen an dieser Stelle." in text


def test_fehlende_datei(tmp_path: Path) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        Marke.aus_datei(tmp_path / "_brand.yml", "layout/_brand.yml")
    assert str(fehler.value) == (
        "FEHLER [marke-fehlt] layout/_brand.yml\n"
        "  Die Markendatei mit Farben, Schriften und Logo fehlt.\n"
        "  Abhilfe: Legen Sie die Datei an oder stellen Sie sie aus der Vorlage wieder her."
    )
