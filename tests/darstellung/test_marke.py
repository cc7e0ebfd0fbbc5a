"""Die Marke: ein Leser, jeder Befund auf Deutsch mit Datei und Zeile; Namen führen zur Farbe von heute."""

from __future__ import annotations

import dataclasses
import json
import locale
import math
from pathlib import Path

import pytest
from bildhilfe import PROJEKT, kopie

from berichtswerk.bild.formen.gemeinsam import leiter
from berichtswerk.bild.thema import Thema
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import dateien, farbe, lesen
from berichtswerk.marke.marke import Marke


@pytest.fixture(scope="module")
def marke() -> Marke:
    return Marke.lade(PROJEKT)


def _meldung(tmp_path: Path, *ersetzungen: tuple[str, str]) -> str:
    projekt = kopie(tmp_path, *ersetzungen)
    with pytest.raises(BerichtswerkFehler) as fehler:
        Marke.lade(projekt)
    return "\n\n".join(str(m) for m in fehler.value.meldungen)


def _zeile(text: str) -> int:
    zeilen = (PROJEKT.layout / "_brand.yml").read_text("utf-8").splitlines()
    return next(nr for nr, zeile in enumerate(zeilen, 1) if text in zeile)


# --- lesen


def test_die_aufgehobene_marke_ist_dieselbe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projekt = kopie(tmp_path)
    echt = lesen.lies(projekt)
    assert Marke.lade(projekt) == echt
    monkeypatch.setattr(lesen, "lies", lambda _: pytest.fail("noch einmal gelesen"))
    from berichtswerk.marke import marke as modul

    modul._geladen.cache_clear()
    wieder = Marke.lade(projekt)
    assert wieder == echt and hash(wieder.diagramm) == hash(echt.diagramm)


def test_eine_andere_marke_und_eine_fehlende_schrift_fallen_auf(tmp_path: Path) -> None:
    projekt = kopie(tmp_path)
    datei = projekt.layout / "_brand.yml"
    vorher = Marke.lade(projekt)
    datei.write_text(datei.read_text("utf-8").replace(vorher.farben["primary"], "#123456"), "utf-8")
    assert Marke.lade(projekt).farben["primary"] == "#123456"
    vorher.schriften[0].pfad.unlink()
    with pytest.raises(BerichtswerkFehler, match="Die Schriftdatei gibt es nicht"):
        Marke.lade(projekt)


def test_umlaute_bleiben_auch_wo_das_system_kein_utf8_spricht(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locale, "getpreferredencoding", lambda *_: "cp1252")
    monkeypatch.setattr(locale, "getencoding", lambda: "cp1252", raising=False)
    projekt = kopie(tmp_path, ("full: Landkreis Ostprignitz-Ruppin", "full: Landkreis Überwörth"))
    assert lesen.lies(projekt).name == "Landkreis Überwörth"


# --- falsche und feindliche Angaben


def test_eine_farbe_als_wort_nennt_die_zeile(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("  primary: petrol", '  primary: "red"')) == (
        f"FEHLER [marke-farbe] layout/_brand.yml, Zeile {_zeile('  primary: petrol')}, Feld „color.primary“\n"
        "  „red“ ist keine Farbe.\n"
        "  Ursache: Erwartet wird die Form #rrggbb oder ein Name aus color.palette.\n"
        "  Abhilfe: Schreiben Sie die Farbe sechsstellig, zum Beispiel #095c6d."
    )


@pytest.mark.parametrize("leer", ["", " null", " ~"])
def test_eine_leere_angabe_nennt_feld_und_zeile(tmp_path: Path, leer: str) -> None:
    assert _meldung(tmp_path, ("  primary: petrol", f"  primary:{leer}")) == (
        f"FEHLER [marke-leer] layout/_brand.yml, Zeile {_zeile('  primary: petrol')}, Feld „color.primary“\n"
        "  Hier steht kein Wert.\n"
        "  Ursache: Hinter dem Doppelpunkt ist die Zeile leer, oder dort steht null oder ~.\n"
        "  Abhilfe: Tragen Sie den Wert ein, oder löschen Sie die Zeile: dann gilt die Vorgabe."
    )


@pytest.mark.parametrize(
    "wert", ["#fff", "#12345g", "#1234567", "rgb(1,2,3)", "red; } body { display: none", 'x"/><script>', ""]
)
def test_nur_sechsstellige_farben_kommen_durch(tmp_path: Path, wert: str) -> None:
    text = _meldung(tmp_path, ('tinte: "#1b2529"', f"tinte: {json.dumps(wert)}"))
    assert text.startswith(
        f"FEHLER [marke-farbe] layout/_brand.yml, Zeile {_zeile('    tinte:')}, Feld „color.palette.tinte“\n"
    )
    assert text.count("FEHLER") == 1, "die Verweise auf tinte sind nicht auch noch falsch"


def test_unbekannte_farbe_wird_mit_vorhandenen_namen_gemeldet(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("[primary, ocker,", "[primary, ockr,")).startswith(
        f"FEHLER [marke-farbname] layout/_brand.yml, Zeile {_zeile('[primary, ocker')}, "
        "Feld „defaults.berichtswerk.diagramm.kategorien.1“\n"
        "  Die Farbe „ockr“ ist nicht festgelegt.\n"
        "  Ursache: Der Name steht weder unter color noch unter color.palette.\n"
        "  Abhilfe: Vorhanden sind: background, basalt, blau, "
    )


def test_fehlende_farbe(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  light: hauch\n", ""), ("flaeche: light", "flaeche: hauch"))
    assert text == (
        f"FEHLER [marke-farbe-fehlt] layout/_brand.yml, Zeile {_zeile('color:')}, Feld „color.light“\n"
        "  Die Farbe „light“ ist nicht festgelegt.\n"
        "  Abhilfe: Nennen Sie dort eine Farbe oder einen Namen aus color.palette."
    )


def test_farben_die_im_kreis_verweisen(tmp_path: Path) -> None:
    kreis = (('tinte: "#1b2529"', "tinte: schiefer"), ('schiefer: "#505b5f"', "schiefer: tinte"))
    assert _meldung(tmp_path, *kreis) == (
        f"FEHLER [marke-palette] layout/_brand.yml, Zeile {_zeile('palette:')}, Feld „color.palette“\n"
        "  Die Farben lassen sich nicht auflösen: Namen verweisen im Kreis aufeinander.\n"
        "  Abhilfe: Nennen Sie unter color.palette je Namen eine Farbe der Form #rrggbb."
    )


@pytest.mark.parametrize(
    ("alt", "neu", "teil"),
    [
        ("    - family: Fira Sans\n      source", "    - source", "typography"),
        ("  base:\n    family: Fira Sans", "  base:\n    family: [Fira Sans]", "typography"),
        ("  medium:\n    light: wortmarke\n    dark: wortmarke-hell", "  medium: 7", "logo"),
    ],
)
def test_was_die_bibliothek_nicht_deutet_nennt_seinen_teil(
    tmp_path: Path, alt: str, neu: str, teil: str
) -> None:
    assert _meldung(tmp_path, (alt, neu)).startswith(
        f"FEHLER [marke-anders] layout/_brand.yml, Zeile {_zeile(f'{teil}:')}, Feld „{teil}“\n"
        f"  Die Angaben unter „{teil}“ haben nicht die Form, die brand.yml verlangt.\n"
    )


def test_eine_wortmarke_fuer_einen_grund_gilt_fuer_beide(tmp_path: Path) -> None:
    wortmarke = lesen.lies(kopie(tmp_path, ("    dark: wortmarke-hell\n", ""))).wortmarke
    assert wortmarke.dunkel == wortmarke.hell


def test_farbname_mit_sonderzeichen(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ('    petrol: "#095c6d"', '    petrol: "#095c6d"\n    "a;b": "#095c6d"'))
    assert "Feld „color.palette“\n  Ein Farbname besteht aus a–z, A–Z, 0–9, - und _ und beginnt" in text


def test_auch_leitfarben_werden_aufgeloest_und_geprueft(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("kita-bedarfsplan: tanne", "kita-bedarfsplan: tanen"))
    assert "Feld „defaults.berichtswerk.leitfarben.kita-bedarfsplan“" in text and "tanne" in text
    text = _meldung(tmp_path / "hell", ("pflegebericht: umbra", "pflegebericht: ocker"))
    assert "marke-kontrast" in text and "leitfarben.pflegebericht" in text and "color.light" in text


def test_zu_heller_text_wird_mit_zahlen_gemeldet(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ('petrol: "#095c6d"', 'petrol: "#6fb7c4"'))
    assert text.startswith(
        f"FEHLER [marke-kontrast] layout/_brand.yml, Zeile {_zeile('  primary: petrol')}, "
        "Feld „color.primary“\n"
        "  „primary“ hebt sich von „color.background“ zu wenig ab.\n"
        "  Ursache: Der Kontrast #6fb7c4 auf #ffffff ist 2,2 : 1; nötig sind für Texte 4,5 : 1.\n"
        "  Abhilfe: Wählen Sie eine dunklere Farbe für „primary“ oder eine hellere für „color.background“."
    )
    assert "Feld „defaults.berichtswerk.diagramm.kategorien“" in text


def test_kategorien_die_nicht_alle_unterscheiden_sind_eine_warnung(tmp_path: Path, marke: Marke) -> None:
    assert lesen.warnungen(marke) == []
    aehnlich = Marke.lade(kopie(tmp_path, ('ocker: "#c97d3d"', 'ocker: "#1a6b4a"')))
    (warnung,) = [m for m in lesen.warnungen(aehnlich) if "1 (#095c6d)" in m.text]
    assert str(warnung).startswith(
        "WARNUNG [marke-farben-aehnlich] layout/_brand.yml, "
        "Feld „defaults.berichtswerk.diagramm.kategorien“\n"
        "  Die Kategorien 1 (#095c6d) und 2 (#1a6b4a) sind für Menschen mit Blaublindheit kaum zu "
        "unterscheiden.\n"
    )


def test_unbekannter_schluessel(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("      gitter: nebel", "      raster: nebel"))
    assert text.startswith(
        f"FEHLER [yaml-schluessel-unbekannt] layout/_brand.yml, Zeile {_zeile('gitter: nebel')}, "
        "Feld „defaults.berichtswerk.diagramm.raster“\n"
        "  Den Schlüssel „raster“ gibt es hier nicht.\n"
    )


def test_unbekannter_schluessel_des_standards(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  tertiary: kupfer", "  tertiary: kupfer\n  vierte: kupfer"))
    assert "Feld „color.vierte“\n  Den Schlüssel „vierte“ gibt es hier nicht.\n" in text


def test_fehlende_schriftdatei(tmp_path: Path) -> None:
    assert _meldung(tmp_path, ("FiraSans-Italic.ttf", "FiraSans-Schraeg.ttf")) == (
        f"FEHLER [marke-schriftdatei] layout/_brand.yml, Zeile {_zeile('FiraSans-Italic')}, "
        "Feld „typography.fonts.0.files.1“\n"
        "  Die Schriftdatei gibt es nicht.\n"
        "  Ursache: Gesucht wurde fonts/FiraSans-Schraeg.ttf im Ordner der Markendatei.\n"
        "  Abhilfe: Legen Sie die Datei dort ab oder berichtigen Sie den Pfad."
    )


@pytest.mark.parametrize("pfad", ["../../../fremd.ttf", "https://example.org/a.ttf"])
def test_dateien_von_ausserhalb_werden_abgelehnt(tmp_path: Path, pfad: str) -> None:
    text = _meldung(tmp_path, ("fonts/FiraSans-Italic.ttf", pfad))
    assert text.startswith("FEHLER [pfad-fremd] layout/_brand.yml, Zeile ")
    assert f"  Der Pfad „{pfad}“ gilt hier nicht.\n" in text and "Legen Sie die Datei in layout/" in text


def test_schrift_aus_dem_netz_wird_abgelehnt(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  base:\n    family: Fira Sans", "  base:\n    family: Inter"))
    assert text.startswith(
        f"FEHLER [marke-schrift-ohne-dateien] layout/_brand.yml, Zeile {_zeile('  fonts:')}, "
        "Feld „typography.fonts“\n"
        "  Zur Hausschrift „Inter“ sind keine Dateien genannt.\n"
        "  Ursache: Schriften kommen nur aus eigenen Dateien (source: file), nie aus dem Netz.\n"
    )


def test_ohne_hausschrift(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("    family: Fira Sans\n    weight: 400", "    weight: 400"))
    assert "FEHLER [marke-schrift] layout/_brand.yml, Zeile " in text
    assert "  Die Hausschrift ist nicht festgelegt.\n" in text


@pytest.mark.parametrize(
    "name", ['Fira"; } body { display: none } a { b: "', "x'){}", "</style><script>", "a\\b"]
)
def test_ein_schriftname_ist_nur_ein_name(tmp_path: Path, name: str) -> None:
    text = _meldung(tmp_path, ("family: Fira Sans", f"family: {json.dumps(name)}"))
    assert f"„{name}“ ist kein Name einer Schrift." in text and "FEHLER [marke-schriftname]" in text


@pytest.mark.parametrize(
    ("inhalt", "grund"),
    [
        (None, "Die Datei gibt es nicht."),
        ('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "Sie enthält "),
        ('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "Sie enthält "),
        (
            '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://a.b/c"/></svg>',
            "Sie enthält einen Verweis nach außen (https://a.b/c).",
        ),
    ],
)
def test_eine_wortmarke_die_nicht_fuer_sich_steht(tmp_path: Path, inhalt: str | None, grund: str) -> None:
    projekt = kopie(tmp_path)
    datei = projekt.layout / "wortmarke.svg"
    datei.unlink()
    if inhalt is not None:
        datei.write_text(inhalt, "utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        Marke.lade(projekt)
    text = str(fehler.value)
    assert text.startswith("FEHLER [marke-wortmarke-datei] layout/_brand.yml, Zeile ")
    assert "  Die Wortmarke „wortmarke.svg“ lässt sich nicht verwenden.\n  Ursache: " + grund in text


def test_kaputtes_yaml_nennt_die_zeile(tmp_path: Path) -> None:
    text = _meldung(tmp_path, ("  foreground: tinte", "   foreground: tinte"))
    assert text.startswith("FEHLER [yaml-ungueltig] layout/_brand.yml, Zeile ")


def test_unvollstaendige_marke_wird_erklaert(tmp_path: Path) -> None:
    projekt = kopie(tmp_path)
    (projekt.layout / "_brand.yml").write_text("meta: {name: {full: Kreis}}\n", encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        dateien.sichere(projekt)
    assert str(fehler.value).startswith(
        "FEHLER [yaml-angabe-fehlt] layout/_brand.yml, Zeile 1, Feld „defaults“\n"
        "  Die Angabe „defaults“ fehlt.\n"
    )


def test_fehlende_datei(tmp_path: Path) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        Marke.lade(Projekt(tmp_path))
    assert str(fehler.value).startswith("FEHLER [yaml-fehlt] layout/_brand.yml\n  Die Datei gibt es nicht.\n")


def test_dateinamen_kommen_nicht_aus_ihrer_angabe_im_stylesheet_heraus(tmp_path: Path) -> None:
    name = "fonts/a') } b { (.ttf"
    projekt = kopie(tmp_path, ("path: fonts/FiraSans-Italic.ttf", f"path: {json.dumps(name)}"))
    (projekt.layout / "fonts" / "FiraSans-Italic.ttf").rename(projekt.layout / name)
    assert 'src: url("fonts/a%27%29%20%7D%20b%20%7B%20%28.woff2")' in dateien.css(Marke.lade(projekt))


# --- Namen


def test_jeder_name_fuehrt_zur_farbe(marke: Marke) -> None:
    namen, farben = marke.farbnamen, marke.diagramm
    for feld in ("fokus", "akzent", "text", "text_leise", "achse", "gitter", "flaeche", "grund"):
        assert marke.loese(getattr(namen, feld)) == getattr(farben, feld)
    for feld in ("vergleich", "kategorien", "klassen", "pole"):
        assert [marke.loese(n) for n in getattr(namen, feld)] == list(getattr(farben, feld))


@pytest.mark.parametrize("nummer", range(5))
def test_schrift_und_schild_werden_erst_beim_zeichnen_bestimmt(marke: Marke, nummer: int) -> None:
    thema, f = Thema(marke), marke.diagramm
    n, flaeche = thema.farben.klassen[nummer], f.klassen[nummer]
    schrift = marke.loese(thema.schrift_auf(n))
    assert schrift == max((f.text, f.grund), key=lambda s: farbe.kontrast(s, flaeche))
    schild, war = marke.loese(thema.als_text(n)), farbe.kontrast(flaeche, f.grund)
    assert farbe.kontrast(schild, f.grund) >= 4.5
    assert (schild == flaeche, schild == f.text_leise) == (war >= 4.5, war < 3)


def test_ein_schild_hat_die_farbe_seiner_linie() -> None:
    """Neben der ockerfarbenen Linie stand ihr Name grau: man suchte, wozu er gehört."""
    schrift = farbe.als_schrift("#c97d3d", "#ffffff")
    assert schrift is not None and 4.5 <= farbe.kontrast(schrift, "#ffffff") < 5
    (_, a, b), (_, war_a, war_b) = farbe.lab(schrift), farbe.lab("#c97d3d")
    assert abs(math.atan2(b, a) - math.atan2(war_b, war_a)) < 0.05
    assert farbe.als_schrift("#f3e0d0", "#ffffff") is None


def test_stufen_werden_gleichmaessig_dunkler(marke: Marke) -> None:
    hell = [farbe.lab(marke.loese(n))[0] for n in leiter(4, Thema(marke))]
    assert hell == pytest.approx([60.5, 47.0, 33.5, 20.0], abs=0.6)


def test_die_ganze_einstellung_loest_sich_auf(marke: Marke) -> None:
    geloest = json.loads(marke.loese_im_text(json.dumps(Thema(marke).config())))
    assert "marke:" not in json.dumps(geloest)
    assert geloest["range"]["category"] == list(marke.diagramm.kategorien)
    assert geloest["axis"]["labelColor"] == marke.diagramm.text_leise


def test_die_form_bemerkt_gleichheit_aber_keine_farbe(marke: Marke) -> None:
    def mit(**farben: str) -> Marke:
        return dataclasses.replace(marke, diagramm=dataclasses.replace(marke.diagramm, **farben))

    assert mit(fokus="#7a1f5c").form() == mit(fokus="#7a1f5d").form()
    assert mit(akzent=marke.diagramm.text).form() != marke.form()
    assert dataclasses.replace(marke, betonung=700).form() != marke.form()


def test_ein_unbekannter_name_ist_ein_fehler(marke: Marke) -> None:
    with pytest.raises(ValueError, match="Den Farbnamen „mischung“ gibt es nicht"):
        marke.loese("marke:mischung(#ffffff)")
    assert marke.loese("#123456") == "#123456"
