"""Die Übergabe: Markdown, SVG, CSV, Nachweis; nichts, was Quarto nachladen oder ausführen müsste."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import yaml

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import Uebergabe, baue, schreibe
from berichtswerk.grund.projekt import Projekt


def _fuehre(projekt: Projekt, *namen: str) -> dict[str, Ausgefuehrt]:
    return {a.auftrag.stamm: a for a in fuehre_aus(projekt, plane(projekt).waehle(namen))}


def _zeichne(spec: dict[str, Any]) -> str:
    return f"<svg>{json.dumps(spec['data'])}</svg>"


def _baue(projekt: Projekt, a: Ausgefuehrt) -> Uebergabe:
    assert a.roh is not None, a.meldungen.als_text()
    return baue(projekt, a.auftrag, a.roh, _zeichne)


def _markdown(u: Uebergabe) -> str:
    teile = []
    for z in u.notizbuch["cells"]:
        if z["cell_type"] != "code":
            teile.append("".join(z["source"]))
        teile += ["".join(a["data"]["text/markdown"]) for a in z.get("outputs", [])]
    return "\n\n".join(teile)


@pytest.fixture
def laeufe(muster: Projekt) -> dict[str, Ausgefuehrt]:
    return _fuehre(muster)


def test_kopf_traegt_was_auf_titelblatt_und_impressum_steht(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    erste = _baue(muster, laeufe["lage-2024-land"]).notizbuch["cells"][0]
    assert erste["cell_type"] == "raw"
    kopf = yaml.safe_load("".join(erste["source"]).strip("-\n"))
    assert kopf["title"] == "Lagebericht 2024" and kopf["subtitle"] == "Land Musterstaat"
    assert kopf["format"] == {"html": "default", "typst": {"output-file": "lage-2024-land"}}
    assert kopf["berichtswerk"] | {"stand": "", "herausgeber": ""} == {
        "bericht": "lage", "ausgabe": "2024", "variante": "land", "gebiet": "99",
        "gebiet_name": "Land Musterstaat", "stamm": "lage-2024-land", "status": "beispiel", "daten": True,
        "band": "Beispielausgabe, keine amtliche Veröffentlichung",
        "redaktion": "Sachgebiet Planung", "stand": "", "herausgeber": "",
    }  # fmt: skip


def test_ausgaben_sind_nur_markdown_als_liste_von_zeilen(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    for a in laeufe.values():
        for z in _baue(muster, a).notizbuch["cells"]:
            assert isinstance(z["source"], list)
            if z["cell_type"] == "code":
                assert z["source"][0] in ("#| echo: false\n", "#| include: false\n")
                assert all(set(o["data"]) == {"text/markdown"} for o in z["outputs"])
                assert all(isinstance(o["data"]["text/markdown"], list) for o in z["outputs"])


def test_rahmen_einer_abbildung(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    text = _markdown(_baue(muster, laeufe["lage-2024"]))
    beginn = text.index(":::: {.bw-figur}")
    assert text[beginn : text.index("::::", beginn + 5)].splitlines()[:15] == [
        ":::: {.bw-figur}",
        "::: {.bw-befund}",
        "Zuletzt 10007.",
        ":::",
        "",
        "::: {#fig-verlauf}",
        '![](lage-2024/abb/fig-verlauf.svg){fig-alt="Linie: Landkreis Musterland, zuletzt 10007."}',
        "",
        "Bevölkerung, Landkreis Musterland",
        ":::",
        "",
        "::: {.bw-beleg}",
        "Quelle: Statistisches Amt des Musterstaats",
        ":::",
        "",
    ]
    assert "[Daten als CSV-Datei](lage-2024/daten/fig-verlauf.csv)" in text


def test_erklaerung_vor_der_parameterzelle_steht_nicht_im_bericht(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    text = _markdown(_baue(muster, laeufe["lage-2024"]))
    assert "Erklärt, wie das Notizbuch" not in text
    assert "Ein Satz aus dem Notizbuch über Landkreis Musterland." in text


def test_zwei_gebiete_zeigen_nie_die_zahlen_des_anderen(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    kreis, land = (_baue(muster, laeufe[s]) for s in ("lage-2024", "lage-2024-land"))
    alles_kreis = _markdown(kreis) + str(kreis.beilagen)
    alles_land = _markdown(land) + str(land.beilagen)
    for zahl in ("10010", "10020", "10007"):
        assert zahl in alles_kreis and zahl not in alles_land
    for zahl in ("2500000", "2510000", "2520000"):
        assert zahl in alles_land and zahl not in alles_kreis
    assert "lage-2024-land/" in alles_land and "lage-2024/" not in alles_land


def test_beilagen_und_paket(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    u = _baue(muster, laeufe["lage-2024"])
    assert sorted(u.beilagen) == [
        "abb/fig-verlauf.json", "abb/fig-verlauf.svg", "daten.zip", "daten/fig-verlauf.csv",
        "daten/tbl-werte.csv", "nachweis.json",
    ]  # fmt: skip
    assert u.beilagen["daten/tbl-werte.csv"].decode("utf-8-sig").splitlines()[:2] == [
        "Jahr;Einwohner;Quelle",
        "2022;10010;Quelle: Statistisches Amt des Musterstaats",
    ]
    with zipfile.ZipFile(io.BytesIO(u.beilagen["daten.zip"])) as paket:
        assert paket.namelist() == [
            "lage-2024/daten/fig-verlauf.csv", "lage-2024/daten/tbl-werte.csv", "lage-2024/nachweis.json",
        ]  # fmt: skip


def test_geaenderter_satz_braucht_keine_ausfuehrung(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    (muster.berichte / "lage/2024/texte/einleitung.md").write_text(
        "## Anders\n\nNeu: {{ gebiet }}.\n", "utf-8"
    )
    text = _markdown(_baue(muster, laeufe["lage-2024"]))
    assert "## Anders\n\nNeu: Landkreis Musterland." in text


def test_eigener_text_einer_variante_hat_vorrang(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    eigener = muster.berichte / "lage/2024/texte/land/einleitung.md"
    eigener.parent.mkdir()
    eigener.write_text("## Nur für das Land\n", "utf-8")
    assert "Nur für das Land" in _markdown(_baue(muster, laeufe["lage-2024-land"]))
    assert "Nur für das Land" not in _markdown(_baue(muster, laeufe["lage-2024"]))


def test_unbekannter_name_im_text_nennt_datei_und_zeile(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    datei = muster.berichte / "lage/2024/texte/einleitung.md"
    datei.write_text("## Lage\n\nWert: {{ gebit }}.\n", "utf-8")
    assert [str(m) for m in _baue(muster, laeufe["lage-2024"]).meldungen] == [
        """\
FEHLER [bindung-unbekannt] berichte/lage/2024/texte/einleitung.md, Zeile 3, Feld „gebit“
  Der Name „gebit“ ist nicht bekannt.
  Abhilfe: Meinten Sie „gebiet“?"""
    ]


def test_fehlender_text_und_doppeltes_label(fehlermuster: Projekt) -> None:
    lauf = _fuehre(fehlermuster, "verlangt-fehlenden-text", "lage")
    ordner = fehlermuster.berichte / "verlangt-fehlenden-text/2024/texte"
    ordner.mkdir()
    (ordner / "einleitung.md").write_text("## Text\n", "utf-8")
    assert [str(m) for m in _baue(fehlermuster, lauf["verlangt-fehlenden-text-2024"]).meldungen] == [
        """\
FEHLER [text-fehlt] berichte/verlangt-fehlenden-text/2024/texte/einleitug.md
  Das Notizbuch verlangt den Text „einleitug“, den es nicht gibt.
  Abhilfe: Meinten Sie „einleitung“?"""
    ]
    doppelt = lauf["lage-2024"]
    assert doppelt.roh is not None
    abbildung = next(z for z in doppelt.roh["cells"] if len(z.get("outputs", [])) == 2)
    doppelt.roh["cells"].append(abbildung)
    assert [str(m) for m in _baue(fehlermuster, doppelt).meldungen][:1] == [
        """\
FEHLER [label-doppelt] notebooks/lage.ipynb, Feld „fig-verlauf“
  Das Label „fig-verlauf“ ist mehrfach vergeben.
  Ursache: Unter einem Label steht nur eine Abbildung oder Tabelle; Verweise wären mehrdeutig.
  Abhilfe: Geben Sie einer der beiden ein anderes label=…."""
    ]


def test_nicht_zeichenbare_abbildung(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    def zeichne(spec: dict[str, Any]) -> str:
        raise ValueError("Unbekannte Marke „linie“.")

    a = laeufe["lage-2024"]
    assert a.roh is not None
    assert [str(m) for m in baue(muster, a.auftrag, a.roh, zeichne).meldungen] == [
        """\
FEHLER [abbildung-nicht-zeichenbar] notebooks/lage.ipynb, Feld „fig-verlauf“
  Die Abbildung „fig-verlauf“ lässt sich nicht zeichnen.
  Ursache: Unbekannte Marke „linie“.
  Abhilfe: Prüfen Sie die Spezifikation der Abbildung im Notizbuch."""
    ]


def test_ueberzaehlige_beilagen_verschwinden(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    a = laeufe["lage-2024"]
    rest = a.auftrag.beilagen / "abb" / "alt" / "fig-frueher.svg"
    rest.parent.mkdir(parents=True)
    rest.write_text("<svg/>")
    schreibe(a.auftrag, _baue(muster, a))
    gefunden = {p.relative_to(a.auftrag.beilagen).as_posix() for p in a.auftrag.beilagen.rglob("*")}
    assert "abb/alt" not in gefunden and "abb/fig-verlauf.svg" in gefunden
