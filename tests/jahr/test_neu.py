"""Ein neuer Landkreis aus dem fertigen Paket: sein Projekt rendert sofort und füllt sich mit Lieferungen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from berichtswerk.cli import main
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.gebiete import Gebiet, Gebietsdatei, Gebietsverzeichnis
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.gemeindeverzeichnis import lies_landkreis
from berichtswerk.worte.sprache import im_nominativ, ortsangabe

WURZEL = Path(__file__).parents[2]


def satz(art: str, ars: str, name: str, kennzeichen: str = "", hektar: int = 0, leute: int = 0) -> str:
    """Eine Zeile des GV100AD."""
    zahlen = f"{hektar:011}{leute:011}{leute // 2:011}" if art == "60" else ""
    return (f"{art}20241231{ars}".ljust(22) + name.ljust(100) + kennzeichen).ljust(128) + zahlen + "\r\n"


VERZEICHNIS = "".join([
    satz("10", "97", "Beispielland"),
    satz("40", "97201", "Andersau, Landkreis", "44"),
    satz("40", "97053", "Seeblick", "44"),
    satz("40", "97001", "Hauptort, Stadt", "41"),
    satz("50", "97053   0010", "Hafen, Stadt", "50"),
    satz("60", "970530100010", "Hafen, Stadt", "63", 12345, 20000),
    satz("50", "97053   5001", "Moorland", "51"),
    satz("60", "970530215001", "Moorland", "64", 4000, 900),
    satz("60", "970530225001", "Großdeich", "64", 3000, 700),
    satz("60", "970539999999", "Watt (gemeindefrei)", "66", 100),
    satz("60", "972010010001", "Fremdort", "64"),
])  # fmt: skip


@pytest.fixture(scope="module")
def verzeichnis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    datei = tmp_path_factory.mktemp("gv") / "GV100AD_311224.txt"
    datei.write_bytes(VERZEICHNIS.encode("cp1252"))
    return datei


def rufe(umgebung: dict[str, str], ordner: Path, *zeile: str) -> str:
    """Der Befehl des gebauten Pakets."""
    lauf = subprocess.run(
        [sys.executable, "-m", "berichtswerk", *zeile], cwd=ordner, capture_output=True, text=True,
        check=False, env={**os.environ, **umgebung}, timeout=240,
    )  # fmt: skip
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    return lauf.stdout


@pytest.fixture(scope="module")
def kreis(verzeichnis: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Das Projekt eines Kreises in einem anderen Land, angelegt und gerendert mit dem gebauten Paket."""
    ort = tmp_path_factory.mktemp("rad")
    bau = ["-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", ort, WURZEL]
    subprocess.run([sys.executable, *map(str, bau)], check=True, timeout=240)
    (rad,) = ort.glob("*.whl")
    packe = ["-m", "pip", "install", "-q", "--no-deps", "--target", ort / "paket", rad]
    subprocess.run([sys.executable, *map(str, packe)], check=True, timeout=240)
    umgebung = {"PYTHONPATH": str(ort / "paket")}
    angaben = ["--gemeinden", str(verzeichnis), "--ags", "97053", "--jahr", "2026"]
    gesagt = rufe(umgebung, ort, "neu", "seeblick", *angaben)
    assert "Angelegt: seeblick für Landkreis Seeblick, 2 Kommunen, 7 Berichte." in gesagt
    umgebung["BERICHTSWERK_PROJEKT"] = str(ort / "seeblick")
    rufe(umgebung, ort, "render")
    return ort / "seeblick", umgebung


def seite(projekt: Path, bericht: str, ausgabe: str = "2026") -> str:
    pfad = projekt / "_site" / "berichte" / bericht / ausgabe / f"{bericht}-{ausgabe}.html"
    return pfad.read_text("utf-8").replace("\u00ad", "")


def test_alle_berichte_rendern_sofort_und_nennen_was_fehlt(kreis: tuple[Path, dict[str, str]]) -> None:
    projekt, _ = kreis
    for bericht in ("sozialbericht", "bildungsbericht", "pflegebericht", "bildung-und-migration"):
        html = seite(projekt, bericht)
        assert "Nicht dargestellt" in html
        assert "Landkreis Seeblick" in html
    assert "Nicht dargestellt" in seite(projekt, "kita-bedarfsplan", "2026-2028")
    assert (projekt / "_site/berichte/steckbriefe/2026/steckbriefe-2026-amt-moorland.html").is_file()


def test_nichts_fuehrt_ins_leere(kreis: tuple[Path, dict[str, str]]) -> None:
    """Verweise der Seiten, auch auf Dateien, und Anleitungen, die eine Meldung nennt."""
    site, tot = kreis[0] / "_site", []
    for html in site.rglob("*.html"):
        for ziel in re.findall(r'href="([^"#:?]+)', html.read_text("utf-8")):
            ort = site / ziel.lstrip("/") if ziel.startswith("/") else html.parent / ziel
            if not (ort.is_file() or (ort / "index.html").is_file()):
                tot.append(f"{html.relative_to(site)}: {ziel}")
    assert tot == []
    quelltext = "".join(p.read_text("utf-8") for p in (WURZEL / "src").rglob("*.py"))
    genannt = set(re.findall(r"\bdocs/([a-z-]+\.md)", quelltext))
    assert genannt - {p.name for p in (kreis[0] / "docs").iterdir()} == set()


def test_nichts_vom_landkreis_der_vorlage_kommt_mit(kreis: tuple[Path, dict[str, str]]) -> None:
    vorlage = yaml.safe_load((WURZEL / "daten" / "gebiete.yaml").read_text("utf-8"))
    namen = {
        g[f]
        for g in vorlage["gebiete"]
        for f in ("name", "name_kurz")
        if f in g and (g["ebene"] not in {"bund", "land"} or g["schluessel"] == vorlage["kreis"][:2])
    }
    marke = yaml.safe_load((WURZEL / "layout" / "_brand.yml").read_text("utf-8"))["meta"]["name"]
    worte = sorted({*namen, *marke.values(), vorlage["kreis"], "Oderzeitung", "fruehwarnung:"})
    muster = re.compile("|".join(rf"\b{re.escape(n)}" for n in worte))
    funde = {}
    for pfad in kreis[0].rglob("*"):
        if pfad.suffix not in {".yaml", ".yml", ".ipynb", ".md", ".html", ".csv", ".svg", ".css", ".typ"}:
            continue
        name = pfad.relative_to(kreis[0]).as_posix()
        if ".berichtswerk" in name:
            continue
        funde[name] = sorted(set(muster.findall(pfad.read_text("utf-8"))))
    assert {name: fund for name, fund in funde.items() if fund} == {}


def test_notizbuecher_und_verweise_nennen_die_eigene_ausgabe(kreis: tuple[Path, dict[str, str]]) -> None:
    """In JupyterLab ist sonst keine Ausgabe da, und Namen von Kommunen führen ins Leere."""
    for name, ausgabe in (("sozialbericht", "2026"), ("kita-bedarfsplan", '"2026-2028"')):
        zellen = json.loads((kreis[0] / f"notebooks/{name}.ipynb").read_text("utf-8"))["cells"]
        (quelle,) = [z["source"] for z in zellen if "parameters" in z["metadata"].get("tags", ())]
        assert quelle[0].startswith(f"ausgabe = {ausgabe}  #")
        assert 'gebiet = "97053"' in "".join(quelle)
    verglichen = json.loads((kreis[0] / "notebooks/kommunenvergleich.ipynb").read_text("utf-8"))["cells"]
    assert 'steckbriefe=f"steckbriefe-{ausgabe}"' in "".join(s for z in verglichen for s in z["source"])


def test_ohne_lieferungen_ist_alles_in_ordnung(kreis: tuple[Path, dict[str, str]]) -> None:
    """Was nur für Lieferungen des anderen Landkreises gilt, vermisst hier niemand."""
    projekt, umgebung = kreis
    gesagt = rufe(umgebung, projekt, "pruefen", "daten")
    assert "0 Fehler, 0 Warnungen" in gesagt
    assert re.search(r"Noch nicht geliefert sind \d+ Quellen", gesagt)
    quellen = [yaml.safe_load(p.read_text("utf-8")) for p in (projekt / "daten/quellen").glob("*.yaml")]
    assert {q["statistik"]["herkunft"] for q in quellen} == {"amtlich", "fachamt"}
    titel = [q["title"] for q in quellen]
    assert [
        t for t in titel if not t.startswith("Zensus") and re.search(r"\b20\d\d|Presse|Beispiel\b", t)
    ] == []


def test_so_geht_noch_nichts_hinaus(
    kreis: tuple[Path, dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ziel = {"ziele": {"web": {"art": "ordner", "ordner": str(tmp_path / "o")}}}
    (kreis[0] / "veroeffentlichung.yaml").write_text(yaml.safe_dump(ziel), "utf-8")
    assert main(["--projekt", str(kreis[0]), "veroeffentlichen", "web"]) == 1
    gesagt = capsys.readouterr().err
    assert "[entwurf-nicht-oeffentlich]" in gesagt
    assert "„sozialbericht/2026“" in gesagt
    assert "[platzhalter-nicht-oeffentlich]" in gesagt
    assert not (tmp_path / "o").exists()


def test_das_pdf_ist_barrierefrei(kreis: tuple[Path, dict[str, str]], verapdf: Any) -> None:
    projekt, _ = kreis
    assert verapdf.verstoesse(projekt / "_site/berichte/sozialbericht/2026/sozialbericht-2026.pdf") == []


def test_eine_lieferung_macht_das_erste_kapitel(kreis: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    projekt, umgebung = kreis
    bestand = Datenbestand(Projekt(projekt))
    assert len(bestand.quellen) == 0
    assert "arbeitslose" in bestand.ausstehende
    rufe(umgebung, tmp_path, "liefervorlage", "arbeitslose", "--art", "xlsx")
    assert (tmp_path / "arbeitslose.xlsx").is_file()
    felder = yaml.safe_load((projekt / "daten/quellen/arbeitslose.yaml").read_text("utf-8"))["schema"][
        "fields"
    ]
    namen = [f["name"] for f in felder]
    zeilen = [",".join(namen)]
    for gebiet, anzahl in (("DG", 2_700_000), ("97", 40_000), ("97053", 1_234)):
        for jahr in (2023, 2024, 2025):
            werte = {"gebiet": gebiet, "jahr": str(jahr)}
            zeilen.append(",".join(werte.get(n, str(anzahl) if "quote" not in n else "5.1") for n in namen))
    (tmp_path / "arbeitslose.csv").write_text("\n".join(zeilen) + "\n", "utf-8")
    rufe(umgebung, tmp_path, "lieferung", "annehmen", "arbeitslose.csv", "--quelle", "arbeitslose")
    rufe(umgebung, tmp_path, "render", "sozialbericht", "--format", "html")
    html = seite(projekt, "sozialbericht")
    assert "1\u202f234" in html
    assert re.search(r"<h2[^>]*>[^<]*(<[^>]+>[^<]*)*Arbeit", html)


def test_gebiete_aus_dem_gemeindeverzeichnis(verzeichnis: Path, tmp_path: Path) -> None:
    zeile = [
        "neu",
        str(tmp_path / "p"),
        "--gemeinden",
        str(verzeichnis),
        "--ags",
        "97053",
        "--name",
        "Kreis am See",
    ]
    assert main(zeile) == 0
    gebiete = Gebietsverzeichnis.lade(Projekt(tmp_path / "p"))
    assert {s: g.name for s, g in gebiete.items()} == {
        "DG": "Deutschland", "97": "Land Beispielland", "97053": "Kreis am See", "970530010": "Hafen",
        "97053010": "Hafen", "970535001": "Amt Moorland", "97053021": "Moorland", "97053022": "Großdeich",
    }  # fmt: skip
    assert gebiete["970535001"].flaeche_km2 == 70
    assert gebiete["97053010"].art == "Stadt"
    assert not list(tmp_path.glob(".*"))


KOPF: list[list[Any]] = [
    ["Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 31.12.2024 (4. Quartal)"],
    [],
    ["Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", *[None] * 4, "Gemeindename",
     "Fläche km2 1)", "Bevölkerung2)", *[None] * 3, "Postleit-zahl3)", "Geografische Mittelpunktkoordinaten"],
    [None, None, "Land", "RB", "Kreis", "VB", "Gem", None, None, "insgesamt", "männlich", "weiblich",
     "je km2", None, "Längengrad", "Breitengrad"],
    [None, None, "Gebietsstand am 31.12.2024 (4. Quartal)", None, None, None, None, None, None, "31.12.2023"],
    [],
]  # fmt: skip
"""Der Kopf der Arbeitsmappen „AuszugGV…Aktuell.xlsx“, wie das Statistische Bundesamt sie veröffentlicht."""
ZEILEN: list[list[Any]] = [
    ["10", None, "97", None, None, None, None, "Beispielland"],
    ["40", "44", "97", "0", "53", None, None, "Seeblick"],
    ["50", "50", "97", "0", "53", "0010", None, "Hafen, Hansestadt"],
    ["60", "63", "97", "0", "53", "0010", "010", "Hafen, Hansestadt", 123.45, 20000, 9900, 10100, 162,
     "99001", "10,5", "53,1"],
    ["50", "52", "97", "0", "53", "5401", None, "Moorland"],
    ["60", "64", "97", "0", "53", "5401", "022", "Großdeich", 30, 700, 350, 350, 23, "99003", "10,7", "53,2"],
    ["60", "60", "97", "0", "53", "5401", "021", "Moorland,Flecken", 40, 900, 450, 450, 22, "99002",
     "10,6", "53,4"],
    ["Quelle: Gemeindeverzeichnis-Informationssytem GV-ISys"],
]  # fmt: skip


def mappe(ziel: Path, zeilen: list[list[Any]]) -> Path:
    """Eine Arbeitsmappe mit einem Blatt „Inhalt“ davor."""
    from openpyxl import Workbook

    buch = Workbook()
    buch.create_sheet("Onlineprodukt_Gemeinden31122024")
    for zeile in zeilen:
        buch.worksheets[1].append(zeile)
    buch.save(ziel)
    return ziel


def test_die_arbeitsmappe_nennt_auch_die_mittelpunkte(tmp_path: Path) -> None:
    kreis = lies_landkreis(mappe(tmp_path / "AuszugGV4QAktuell.xlsx", KOPF + ZEILEN), "97053")
    assert (kreis.name, kreis.land, str(kreis.stand), kreis.ausgabe) == (
        "Landkreis Seeblick", "Beispielland", "2024-12-31", "GV-ISys",
    )  # fmt: skip
    assert [(g["schluessel"], g["name"], g.get("art"), g.get("lon")) for g in kreis.gebiete[3:]] == [
        ("970530010", "Hafen", "Stadt", 10.5), ("97053010", "Hafen", "Stadt", 10.5),
        ("970535401", "Samtgemeinde Moorland", "Samtgemeinde", 10.65),
        ("97053022", "Großdeich", "Gemeinde", 10.7), ("97053021", "Moorland", "Markt", 10.6),
    ]  # fmt: skip
    assert kreis.gebiete[2]["flaeche_km2"] == 193.45
    als_zahlen = [[float(z) if str(z).isdigit() else z for z in zeile] for zeile in ZEILEN]
    gespeichert = lies_landkreis(mappe(tmp_path / "neu.xlsx", KOPF + als_zahlen), "97053")
    assert gespeichert.gebiete == kreis.gebiete


def test_der_gv100ad_darf_im_zip_bleiben(verzeichnis: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "GV100AD4QAktuell.zip", "w") as archiv:
        archiv.writestr("Datensatzbeschreibung.pdf", b"%PDF")
        archiv.write(verzeichnis, verzeichnis.name)
    im_zip = lies_landkreis(tmp_path / "GV100AD4QAktuell.zip", "97053")
    assert im_zip == lies_landkreis(verzeichnis, "97053")


@pytest.mark.parametrize(
    ("name", "kennzeichen", "heisst", "wo", "wer", "was"),
    [
        ("Wetterau", "43", "Kreis Wetterau", "im Kreis Wetterau", "der Kreis Wetterau", "Kreis"),
        ("Wetteraukreis", "44", "Wetteraukreis", "im Wetteraukreis", "der Wetteraukreis", "Kreis"),
        ("Moorischer Kreis", "43", "Moorischer Kreis", "im Moorischen Kreis", "der Moorische Kreis", "Kreis"),
        ("Region Hafen", "44", "Region Hafen", "in der Region Hafen", "die Region Hafen", "Region"),
        ("Moor", "44", "Landkreis Moor", "im Landkreis Moor", "der Landkreis Moor", "Landkreis"),
    ],
)
def test_der_kreis_heisst_wie_dort(
    tmp_path: Path, name: str, kennzeichen: str, heisst: str, wo: str, wer: str, was: str
) -> None:
    alt = satz("40", "97053", "Seeblick", "44")
    (tmp_path / "gv.txt").write_text(
        VERZEICHNIS.replace(alt, satz("40", "97053", name, kennzeichen)), "utf-8"
    )
    kreis = lies_landkreis(tmp_path / "gv.txt", "97053")
    assert kreis.name == heisst
    assert (ortsangabe(heisst, "kreis"), im_nominativ(heisst)) == (wo, wer)
    gebiete = [Gebiet(**g) for g in kreis.gebiete]
    inhalt = Gebietsdatei(gebietsstand=kreis.stand, kreis="97053", gebiete=gebiete)
    assert Gebietsverzeichnis(inhalt).kreiswort == was


@pytest.mark.parametrize(
    ("text", "gemeint"),
    [
        ("Großdeich", "97053022"), ("Samtgemeinde Moorland", "970535401"),
        ("Moorland, Samtgemeinde", "970535401"), ("SG Moorland", "970535401"),
        ("Moorland, Flecken", "97053021"), ("Hafen, Hansestadt", "970530010"),
    ],
)  # fmt: skip
def test_lieferungen_nennen_verband_und_gemeinde_gleichen_namens(
    tmp_path: Path, text: str, gemeint: str
) -> None:
    kreis = lies_landkreis(mappe(tmp_path / "gv.xlsx", KOPF + ZEILEN), "97053")
    gebiete = [Gebiet(**g) for g in kreis.gebiete]
    inhalt = Gebietsdatei(gebietsstand=kreis.stand, kreis="97053", gebiete=gebiete)
    verzeichnis = Gebietsverzeichnis(inhalt)
    gefunden = verzeichnis.finde(text)
    assert gefunden.schluessel == gemeint or gemeint in {
        g.schluessel for g in verzeichnis.gleiche(gefunden.schluessel)
    }


@pytest.mark.parametrize(
    ("kennzeichen", "name", "art"),
    [
        ("52", "Samtgemeinde Moorland", "Samtgemeinde"),
        ("54", "Verwaltungsgemeinschaft Moorland", "Verwaltungsgemeinschaft"),
        ("53", "Verbandsgemeinde Moorland", "Verbandsgemeinde"),
        ("56", "Verwaltungsverband Moorland", "Verwaltungsverband"),
        ("58", "Erfüllende Gemeinde Moorland", "Erfüllende Gemeinde"),
    ],
)
def test_verbaende_anderer_laender(tmp_path: Path, kennzeichen: str, name: str, art: str) -> None:
    alt, neu = (satz("50", "97053   5001", "Moorland", k) for k in ("51", kennzeichen))
    (tmp_path / "gv.txt").write_text(VERZEICHNIS.replace(alt, neu), "utf-8")
    gebiete = {g["schluessel"]: g for g in lies_landkreis(tmp_path / "gv.txt", "97053").gebiete}
    assert (gebiete["970535001"]["name"], gebiete["970535001"]["art"]) == (name, art)


def test_was_nicht_geht_sagt_was_zu_tun_ist(
    verzeichnis: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gut = ["--gemeinden", str(verzeichnis), "--ags", "97053"]
    fremd, fehlt = str(tmp_path / "falsch.txt"), str(tmp_path / "fehlt.txt")
    leer = str(mappe(tmp_path / "leer.xlsx", [["Jahr", "Wert"]]))
    (tmp_path / "da").mkdir()
    (tmp_path / "da" / "x").touch()
    (tmp_path / "falsch.txt").write_text("Schlüssel;Name\n97053;Seeblick\n", "utf-8")
    faelle = [
        (["da", *gut], "[ordner-belegt]", "überschrieben wird nichts"),
        (["p", "--gemeinden", str(verzeichnis), "--ags", "97999"], "[kreis-nicht-verzeichnet]",
         "Landkreise dieses Landes: „97201 Andersau, Landkreis“, „97053 Seeblick“."),
        (["p", "--gemeinden", str(verzeichnis), "--ags", "98053"], "[kreis-nicht-verzeichnet]",
         "es gibt: „97 Beispielland“."),
        (["p", "--gemeinden", fremd, "--ags", "97053"], "[verzeichnis-fremd]", "GV100AD"),
        (["p", "--gemeinden", fehlt, "--ags", "97053"], "[verzeichnis-fremd]",
         "Datei oder Ordner gibt es nicht"),
        (["p", "--gemeinden", str(verzeichnis), "--ags", "97001"], "[kreisfreie-stadt]",
         "„Hauptort“ (97001)"),
        (["p", "--gemeinden", leer, "--ags", "97053"], "[verzeichnis-fremd]", "Kopf „Satzart“"),
        (["da/x/p", *gut], "[ordner-nicht-anzulegen]", "Auf dem Weg liegt eine Datei"),
    ]  # fmt: skip
    for zeile, kennung, wort in faelle:
        assert main(["neu", str(tmp_path / zeile[0]), *zeile[1:]]) == 1
        gesagt = capsys.readouterr().err
        assert f"FEHLER {kennung}" in gesagt, gesagt
        assert wort in gesagt, gesagt
        assert "Abhilfe: " in gesagt
    for zeile in (["p"], ["p", "--gemeinden", "x", "--ags", "7053"], ["p", *gut, "--jahr", "26"]):
        assert main(["neu", *zeile]) == 2
    for ags, rat in (("7053", "(07053)?"), ("97053021", "ihr Kreis hat 97053")):
        capsys.readouterr()
        assert main(["neu", "p", "--gemeinden", "x", "--ags", ags]) == 2
        assert rat in " ".join(capsys.readouterr().err.split())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["da", "falsch.txt", "leer.xlsx"]


def test_ein_abbruch_hinterlaesst_nichts(
    verzeichnis: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def abbruch(*_: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("berichtswerk.jahr.neu._leere_quelle", abbruch)
    zeile = ["neu", str(tmp_path / "p"), "--gemeinden", str(verzeichnis), "--ags", "97053"]
    assert main(zeile) == 130
    assert list(tmp_path.iterdir()) == []


def test_wo_der_kreis_nicht_landkreis_heisst_tun_es_auch_die_definitionen_nicht(
    verzeichnis: Path, tmp_path: Path
) -> None:
    zeile = ["neu", str(tmp_path / "p"), "--gemeinden", str(verzeichnis), "--ags", "97053"]
    assert main([*zeile, "--name", "Kreis Seeblick"]) == 0
    texte = [
        p.read_text("utf-8")
        for o in ("kennzahlen", "rechnungen")
        for p in (tmp_path / "p/daten" / o).iterdir()
    ]
    assert [t for t in texte if "Landkreis" in t] == []
    assert any("des Kreises" in t for t in texte)


def test_was_ein_getoeteter_lauf_liegen_liess_raeumt_der_naechste_weg(
    verzeichnis: Path, tmp_path: Path
) -> None:
    tot = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    rest, fremd = tmp_path / f".p.{int(tot.stdout)}.neu", tmp_path / f".p.{os.getppid()}.neu"
    for ordner in (rest, fremd):
        (ordner / "layout").mkdir(parents=True)
    assert main(["neu", str(tmp_path / "p"), "--gemeinden", str(verzeichnis), "--ags", "97053"]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["p", fremd.name])


def test_maschinenlesbar(verzeichnis: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zeile = ["neu", str(tmp_path / "p"), "--gemeinden", str(verzeichnis), "--ags", "97053", "--json"]
    assert main([*zeile, "--jahr", "2026"]) == 0
    antwort = json.loads(capsys.readouterr().out)
    assert antwort["name"] == "Landkreis Seeblick"
    assert antwort["berichte"][0] == "bildung-und-migration/2026"
    assert "kita-bedarfsplan/2026-2028" in antwort["berichte"]
