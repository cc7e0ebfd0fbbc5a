"""Die eine Grenze: was Texte, Bilder, Marke, Quellen und Notizbücher nennen, liegt im Projekt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manuskripthilfe import Werk

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.bericht.ausgabe import lade_ausgabe
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import PfadVerwehrt, Projekt, unzulaessig

HINAUS = [
    "../../../../x.svg", "a/../../../../../x.svg", "/etc/x.svg", "//rechner/x.svg", "C:/x.svg", "c:x.svg",
    "\\\\rechner\\x.svg", "..\\x.svg", "~/x.svg", "~root/x.svg", "file:x.svg", "https://x.example/x.svg",
    "con.svg", "abb/AUX.svg", "nul", "com1.a.svg", "lpt¹.svg", "abb./x.svg", "x.svg.", "x.svg ", "abb /x.svg",
    "a\0.svg", "a\n.svg", "a?.svg", "a|b.svg", "", " ", "x:strom.svg", "draussen.svg", "ordner/x.svg",
    "weit/x.svg",
]  # fmt: skip
DARIN = [
    "x.svg",
    "abb/x.svg",
    "../x.svg",
    "../../../x.svg",
    "./a/../x.svg",
    "a b/ö.svg",
    "konsole.svg",
    "drin.svg",
]


@pytest.fixture
def ort(tmp_path: Path) -> tuple[Projekt, Path]:
    """Ein Ordner im Projekt mit Verknüpfungen nach draußen (Datei, Ordner, über zwei) und nach drinnen."""
    projekt, ab = Projekt(tmp_path / "kreis"), tmp_path / "kreis" / "berichte" / "a" / "2024"
    ab.mkdir(parents=True)
    (tmp_path / "x.svg").write_text("geheim", encoding="utf-8")
    (ab / "draussen.svg").symlink_to(tmp_path / "x.svg")
    (ab / "ordner").symlink_to(tmp_path, target_is_directory=True)
    (ab / "weit").symlink_to("ordner", target_is_directory=True)
    (projekt.wurzel / "x.svg").write_text("hier", encoding="utf-8")
    (ab / "drin.svg").symlink_to(projekt.wurzel / "x.svg")
    return projekt, ab


@pytest.mark.parametrize("name", HINAUS)
def test_hinaus_fuehrt_kein_weg(ort: tuple[Projekt, Path], name: str) -> None:
    with pytest.raises(PfadVerwehrt) as fehler:
        ort[0].datei(name, ort[1])
    meldung = fehler.value.melde(datei="a.md", ort="Zeile 1")
    assert meldung.kennung == "pfad-fremd" and meldung.text == f"Der Pfad „{name}“ gilt hier nicht."
    assert meldung.ursache and "Legen Sie die Datei in den Projektordner" in meldung.abhilfe


@pytest.mark.parametrize("name", DARIN)
def test_drinnen_gilt_jeder_weg(ort: tuple[Projekt, Path], name: str) -> None:
    pfad = ort[0].datei(name, ort[1])
    assert pfad.is_relative_to(ort[0].wurzel) and ".." not in pfad.parts


def test_ueber_den_namen_des_projektordners_geht_es_nicht_zurueck(ort: tuple[Projekt, Path]) -> None:
    with pytest.raises(PfadVerwehrt, match="hinaus"):
        ort[0].datei("../../../../kreis/x.svg", ort[1])


def test_engere_grenze(ort: tuple[Projekt, Path]) -> None:
    with pytest.raises(PfadVerwehrt) as fehler:
        ort[0].datei("../x.svg", ort[1], ort[1])
    assert fehler.value.angaben["wo"] == "berichte/a/2024/"


@given(st.lists(st.sampled_from(["..", ".", "a", "ordner", "weit", "drin.svg", "", "kreis"]), max_size=9))
def test_was_gilt_liegt_auch_wirklich_darin(
    tmp_path_factory: pytest.TempPathFactory, teile: list[str]
) -> None:
    wurzel = tmp_path_factory.getbasetemp() / "grenze" / "kreis"
    ab = wurzel / "a" / "b"
    ab.mkdir(parents=True, exist_ok=True)
    if not (ab / "ordner").is_symlink():
        (ab / "ordner").symlink_to(wurzel.parent)
    try:
        pfad = Projekt(wurzel).datei("/".join(teile), ab)
    except PfadVerwehrt:
        return
    assert pfad.resolve().is_relative_to(wurzel.resolve())


def test_der_wortlaut_allein() -> None:
    assert not unzulaessig("dateien/Bevölkerung 2024.csv") and not unzulaessig("../konto.md")


# --- dieselbe Meldung an jeder Stelle --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../../con.md", "/etc/passwd", "~/x.md", "..\\x.md", "aux.md", "%2Fetc/passwd"]
)
def test_in_texten(tmp_path: Path, name: str) -> None:
    werk = Werk.neu(tmp_path)
    (befund,) = werk.befunde(f"## A\n\n{{{{< include {name} >}}}}\n")
    assert (befund.kennung, befund.datei, befund.ort) == (
        "pfad-fremd",
        "berichte/pruef/texte/0.md",
        "Zeile 3",
    )


def test_bild_ueber_einen_verknuepften_ordner(tmp_path: Path) -> None:
    werk = Werk.neu(tmp_path)
    (werk.ordner / "raus").symlink_to(tmp_path)
    (tmp_path / "a.svg").write_text("<svg/>", encoding="utf-8")
    (befund,) = werk.befunde('![](raus/a.svg){fig-alt="b"}')
    assert befund.kennung == "pfad-fremd" and "Verknüpfung" in befund.ursache


def test_text_den_ein_notizbuch_nennt(muster: Projekt, tmp_path: Path) -> None:
    ausgabe = lade_ausgabe(muster, "lage", 2024)
    (tmp_path / "geheim.md").write_text("geheim", encoding="utf-8")
    (ausgabe.ordner / "texte" / "raus.md").symlink_to(tmp_path / "geheim.md")
    for name in ("../../../../../geheim", "raus", "/etc/passwd", "../bericht"):
        with pytest.raises(BerichtswerkFehler, match="pfad-fremd"):
            ausgabe.text(name)


def test_notizbuch_und_ordner(muster: Projekt) -> None:
    (muster.wurzel / "fremd.ipynb").write_text("{}", encoding="utf-8")
    beschreibung = muster.berichte / "lage" / "2024" / "bericht.yml"
    text = beschreibung.read_text("utf-8")
    beschreibung.write_text(text.replace("notizbuch: lage", "notizbuch: ../fremd"), encoding="utf-8")
    geraet = muster.berichte / "con" / "2024"
    geraet.mkdir(parents=True)
    (geraet / "bericht.yml").write_text(text, encoding="utf-8")
    befunde = {m.datei: m for m in plane(muster).meldungen}
    assert befunde["berichte/lage/2024/bericht.yml"].kennung == "pfad-fremd"
    assert befunde["berichte/con/2024/bericht.yml"].kennung == "ordnername-ungueltig"


def test_warteschlange_statt_datei_haelt_nichts_auf(tmp_path: Path) -> None:
    import os

    werk = Werk.neu(tmp_path)
    os.mkfifo(werk.ordner / "texte" / "rohr.md")
    (befund,) = werk.befunde("## A\n\n{{< include rohr.md >}}\n")
    assert befund.kennung == "satz-include-fehlt"
