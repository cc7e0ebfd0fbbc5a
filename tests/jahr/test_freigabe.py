"""Freigaben: in ihrer Folge, durch eine Funktion, und nur, solange sich kein Byte ändert."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from ausgabenhilfe import FUNKTION, ORDNER, TAG, aendere, anlegen, auftrag, gehe

from berichtswerk.ausfuehrung import spur
from berichtswerk.ausfuehrung.freigabe import Schrittname
from berichtswerk.cli import main
from berichtswerk.gegenstand.gegenstaende import BAND, Kopf
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.freigabe import gib_frei, nimm_zurueck
from berichtswerk.site.bau import rendere


def _starte(projekt: Projekt, *argumente: str) -> int:
    return main(["--projekt", str(projekt.wurzel), *argumente])


def _kennungen(fehler: pytest.ExceptionInfo[BerichtswerkFehler]) -> list[str]:
    return [m.kennung for m in fehler.value.meldungen]


def test_ein_schritt_nennt_funktion_tag_und_stand(
    geprueft: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(geprueft, "freigabe") == 0
    assert capsys.readouterr().out == (
        f"lage/2024: Fachlich geprüft\n  Fachlich geprüft am 26.11.2026, {FUNKTION}\n"
    )
    assert _starte(geprueft, "freigabe", "lage/2024", "--json") == 0
    (eintrag,) = json.loads(capsys.readouterr().out)
    assert eintrag["status"] == eintrag["freigabe"]["gilt"] == "geprueft"
    stand = eintrag["freigabe"]["schritte"][0]["stand"]
    damals = json.loads(Archiv(geprueft).hole(stand))
    assert {"daten/dateien/einwohner.csv", f"{ORDNER}/texte/einleitung.md", "layout/bericht.css"} <= set(
        damals
    )
    assert "notebooks/lage.ipynb" in damals and "modul:schreiber/html/seite.py" in damals


@pytest.mark.parametrize(
    "datei",
    [
        f"{ORDNER}/texte/einleitung.md", f"{ORDNER}/bericht.yml", "daten/dateien/einwohner.csv",
        "daten/quellen/einwohner.yaml", "daten/gebiete.yaml", "layout/bericht.css", "notebooks/lage.ipynb",
    ],
)  # fmt: skip
def test_ein_geaendertes_byte_nimmt_den_schritt(geprueft: Projekt, datei: str) -> None:
    pfad = geprueft.wurzel / datei
    vorher = pfad.read_bytes()
    pfad.write_bytes(vorher + b"\n")
    a = auftrag(geprueft)
    assert (a.status, a.freigabe.gilt, a.freigabe.gefallen) == ("entwurf", None, "Fachlich geprüft")
    assert a.freigabe.gruende == (f"{datei} geändert",)
    pfad.write_bytes(vorher)
    assert auftrag(geprueft).status == "geprueft"


def test_auch_das_programm_gehoert_dazu(geprueft: Projekt, monkeypatch: pytest.MonkeyPatch) -> None:
    echte = spur._modulsumme
    monkeypatch.setattr(spur, "_modulsumme", lambda ort: "x" if ort == "grund/zahl.py" else echte(ort))
    assert auftrag(geprueft).freigabe.gruende == ("Berichtswerk geändert: grund/zahl.py",)


def test_was_neben_der_ausgabe_entsteht_nimmt_nichts(geprueft: Projekt) -> None:
    """Eine fremde Quelle, die Leseliste und Erzeugtes gehen die Ausgabe nichts an."""
    fremd = (geprueft.quellen / "einwohner.yaml").read_text("utf-8").replace("einwohner", "fremdes")
    (geprueft.quellen / "fremdes.yaml").write_text(fremd, "utf-8")
    (geprueft.wurzel / ORDNER / "lesen.md").write_text("- [ ] alles\n", "utf-8")
    (geprueft.layout / "marke.css").unlink()
    assert auftrag(geprueft).status == "geprueft"


def test_das_band_sagt_was_gilt_und_was_gefallen_ist(geprueft: Projekt) -> None:
    assert rendere(geprueft, formate=("html",)).gelungen
    seite = geprueft.site / f"{ORDNER}/lage-2024.html"
    assert f'<p class="bw-band">{BAND["geprueft"]}</p>' in seite.read_text("utf-8")
    aendere(geprueft.wurzel / ORDNER / "texte/einleitung.md", "Dieser Bericht", "Der Bericht")
    assert rendere(geprueft, formate=("html",)).gelungen
    assert '<p class="bw-band">Entwurf: seit „Fachlich geprüft“ geändert</p>' in seite.read_text("utf-8")
    assert Kopf(titel="x", status="beschlossen").band == ""


def test_liste_zeigt_den_gefallenen_schritt(geprueft: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    aendere(geprueft.wurzel / ORDNER / "texte/einleitung.md", "Dieser Bericht", "Der Bericht")
    assert _starte(geprueft, "liste") == 0
    gezeigt = capsys.readouterr().out
    assert "  Status:    Entwurf, Stand" in gezeigt
    assert (
        "  Freigabe:  Fachlich geprüft am 26.11.2026, Sachgebiet Planung\n"
        f"             „Fachlich geprüft“ gilt nicht mehr: {ORDNER}/texte/einleitung.md geändert\n"
    ) in gezeigt


def test_schritte_gehen_der_reihe_nach(geprueft: Projekt) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        gehe(geprueft, "beschlossen")
    assert _kennungen(fehler) == ["schritt-fehlt"]
    assert "davor steht „Planerrunde“" in str(fehler.value)
    with pytest.raises(BerichtswerkFehler) as fehler:
        gib_frei(geprueft, "lage/2024", "geprueft", "Jugendamt", tag=TAG)
    assert _kennungen(fehler) == ["schritt-gegangen"]
    aendere(geprueft.wurzel / ORDNER / "texte/einleitung.md", "Dieser Bericht", "Der Bericht")
    with pytest.raises(BerichtswerkFehler) as fehler:
        gehe(geprueft, "planerrunde")
    assert "„Fachlich geprüft“ gilt nicht mehr" in str(fehler.value)


def test_derselbe_schritt_noch_einmal_aendert_nichts(geprueft: Projekt) -> None:
    """Niemand weiß, ob ein abgebrochener Befehl schon fertig war; er gibt ihn einfach noch einmal."""
    vorher = (geprueft.wurzel / ORDNER / "freigabe.yml").read_bytes()
    gehe(geprueft, "geprueft")
    assert (geprueft.wurzel / ORDNER / "freigabe.yml").read_bytes() == vorher


def test_was_ein_getoeteter_befehl_halb_schrieb_ist_danach_fort(geprueft: Projekt) -> None:
    reste = [
        geprueft.wurzel / ORDNER / "texte/.zahlen.md.99999999.neu",
        geprueft.archiv / ".x.xz.99999999.neu",
    ]
    laeuft = geprueft.wurzel / ORDNER / f".freigabe.yml.{os.getpid()}.neu"
    for datei in (*reste, laeuft):
        datei.write_text("halb", "utf-8")
    gehe(geprueft, "geprueft")
    assert not any(r.exists() for r in reste) and laeuft.exists()


def test_was_in_word_gesagt_wurde_nimmt_keinen_schritt(geprueft: Projekt) -> None:
    """Die Rückmeldungen liegen neben der Ausgabe, sie stehen nicht in ihr."""
    (geprueft.wurzel / ORDNER / "rueckmeldungen.yaml").write_text("rueckmeldungen: []\n", "utf-8")
    assert auftrag(geprueft).status == "geprueft"


def test_zuruecknehmen_geht_vor_dem_beschluss(geprueft: Projekt) -> None:
    """Der genannte Schritt, mit jedem danach; noch einmal gegeben bleibt es dabei."""
    vorher = (geprueft.wurzel / ORDNER / "freigabe.yml").read_bytes()
    gehe(geprueft, "planerrunde")
    for _ in range(2):
        nimm_zurueck(geprueft, "lage/2024", "planerrunde")
        assert (geprueft.wurzel / ORDNER / "freigabe.yml").read_bytes() == vorher
    gehe(geprueft, "planerrunde")
    for _ in range(2):
        assert _starte(geprueft, "freigabe", "lage/2024", "geprueft", "--zurueck") == 0
        assert auftrag(geprueft).status == "entwurf"
        assert not (geprueft.wurzel / ORDNER / "freigabe.yml").exists()


def test_ein_beschluss_ist_endgueltig(beschlossen: Projekt) -> None:
    nimm_zurueck(beschlossen, "lage/2024", "veroeffentlicht")  # nicht gegeben: nichts zu tun
    with pytest.raises(BerichtswerkFehler) as fehler:
        nimm_zurueck(beschlossen, "lage/2024", "planerrunde")
    assert _kennungen(fehler) == ["schritt-endgueltig"]


def test_eine_beispielausgabe_und_eine_fehlerhafte_gehen_keinen_schritt(tmp_path: Path) -> None:
    projekt = anlegen(tmp_path / "projekt")
    aendere(projekt.wurzel / ORDNER / "texte/einleitung.md", "{{ gebiet }}", "{{ gibtesnicht }}")
    with pytest.raises(BerichtswerkFehler) as fehler:
        gehe(projekt, "geprueft")
    assert "bindung-unbekannt" in _kennungen(fehler)
    assert all(m.stufe is Stufe.FEHLER for m in fehler.value.meldungen)
    assert not (projekt.wurzel / ORDNER / "freigabe.yml").exists()
    aendere(projekt.wurzel / ORDNER / "bericht.yml", "status: entwurf", "status: beispiel")
    with pytest.raises(BerichtswerkFehler) as fehler:
        gehe(projekt, "geprueft")
    assert _kennungen(fehler) == ["beispiel-nicht-freizugeben"]


@pytest.mark.parametrize(
    ("angaben", "satz"),
    [
        (
            ["lage/2024", "fertig", "--durch", "x"],
            "Ein Schritt heißt geprueft, planerrunde,",
        ),
        (["lage/2024", "geprueft"], "Nennen Sie mit --durch"),
        (["lage/2024", "--zurueck"], "Nennen Sie zu --zurueck Ausgabe und Schritt"),
        (["lage/2024", "geprueft", "--durch", "x", "--datum", "morgen"], "Hinter --datum steht ein Datum"),
    ],
)
def test_falsche_aufrufe(
    geprueft: Projekt, angaben: list[str], satz: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(geprueft, "freigabe", *angaben) == 2
    assert satz in " ".join(capsys.readouterr().err.split())


def test_ein_bericht_mit_zwei_ausgaben_ist_mehrdeutig(geprueft: Projekt) -> None:
    ordner = geprueft.wurzel / "berichte/lage/2023"
    ordner.mkdir()
    (ordner / "bericht.yml").write_bytes((geprueft.wurzel / ORDNER / "bericht.yml").read_bytes())
    with pytest.raises(BerichtswerkFehler) as fehler:
        gib_frei(geprueft, "lage", "planerrunde", FUNKTION, tag=TAG)
    assert _kennungen(fehler) == ["ausgabe-mehrdeutig"]
    assert "lage/2023, lage/2024" in str(fehler.value)


@pytest.mark.parametrize(
    ("stand", "tag", "grund"),
    [
        (
            "2031-07-01",
            TAG,
            "Der 26.11.2026 liegt vor dem 01.07.2031: bis dahin reichen ihre Daten",
        ),
        (
            "2025-07-01",
            date(1999, 1, 1),
            "Der 01.01.1999 liegt vor dem 26.11.2026: da wurde „Fachlich",
        ),
    ],
)
def test_ein_tag_vor_dem_stand_oder_dem_vorigen_schritt_ist_ein_versehen(
    geprueft: Projekt, stand: str, tag: date, grund: str
) -> None:
    datei = geprueft.wurzel / ORDNER / "bericht.yml"
    aendere(datei, "stand: 2025-07-01", f"stand: {stand}")
    schritt: Schrittname = "geprueft" if "2031" in stand else "planerrunde"
    vorher = datei.with_name("freigabe.yml").read_bytes()
    with pytest.raises(BerichtswerkFehler) as fehler:
        gib_frei(geprueft, "lage/2024", schritt, FUNKTION, tag=tag)
    assert grund in str(fehler.value) and "schritt-vorher" in str(fehler.value)
    assert datei.with_name("freigabe.yml").read_bytes() == vorher


def test_ein_tag_in_der_zukunft_geht_nicht(geprueft: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    befehl = ["--projekt", str(geprueft.wurzel), "freigabe", "lage/2024", "planerrunde", "--durch", FUNKTION]
    assert main([*befehl, "--datum", "2999-01-01"]) == 2
    assert "Der 01.01.2999 hinter --datum liegt in der Zukunft." in capsys.readouterr().err


def test_ohne_beschreibung_verschwindet_nichts_still(
    beschlossen: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eingefrorenes kommt auch dann aus dem Archiv; fehlt dieses, sagt es jeder Befehl zur Ausgabe."""
    (beschlossen.wurzel / ORDNER / "bericht.yml").unlink()
    a = auftrag(beschlossen)
    assert a.titel == "Lagebericht 2024"
    assert a.freigabe.revision is not None
    Archiv(beschlossen).ort(a.freigabe.revision.fassung).unlink()
    ordner = ["--projekt", str(beschlossen.wurzel)]
    assert main([*ordner, "freigabe", "lage/2024", "veroeffentlicht", "--durch", FUNKTION]) == 1
    assert "FEHLER [archiv-fehlt] archiv/" in capsys.readouterr().err
    assert main([*ordner, "render"]) == 1
    assert (beschlossen.site / ORDNER / "lage-2024.html").is_file()
