"""Lieferungen annehmen, zurückgeben, anmahnen: Wortlaut, Unterschied, und ein Abbruch an jeder Stelle."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.ausfuehrung.lauf import neuere_lieferungen
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.cli import main
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.lieferungen import lies_verzeichnis
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.grund.meldung import BerichtswerkFehler, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.lieferung import Wunsch, erinnerungen, faellige, naechste_nach, nimm_an, pruefe_bestand

HEUTE = date(2026, 11, 26)
ALLES = """\
gebiet,jahr,einwohner
99068,2022,10010
99068,2023,10020
99068,2024,10007
99,2022,2500000
99,2023,2510000
99,2024,2520000
DG,2022,84000000
DG,2023,84100000
DG,2024,84200000
"""
NEU = f"{ALLES}99068,2025,10100\n"


def schreibe(ordner: Path, inhalt: str, name: str = "neu.csv") -> Path:
    datei = ordner / name
    datei.write_text(inhalt, encoding="utf-8")
    return datei


def nimm(projekt: Projekt, datei: Path, *optionen: str) -> int:
    aufruf = ["--projekt", str(projekt.wurzel), "lieferung", "annehmen", str(datei)]
    return main([*aufruf, "--quelle", "einwohner", *optionen])


def wert(projekt: Projekt, zeit: str, gebiet: str = "99068") -> float | None:
    tabelle = Datenbestand(projekt).tabelle("einwohner")
    paare = zip(tabelle.texte["gebiet"], tabelle.texte["zeit"], tabelle.wert, strict=True)
    return {(g, z): w for g, z, w in paare}.get((gebiet, zeit))


def test_eine_lieferung_wird_gezeigt_abgelegt_und_gilt(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    datei = schreibe(tmp_path, NEU)
    assert nimm(muster, datei, "--datum", "2026-03-01", "--probe") == 0
    assert not (muster.daten / "lieferungen").exists(), "eine Probe hinterläßt nichts"
    assert nimm(muster, datei, "--datum", "2026-03-01") == 0
    assert capsys.readouterr().out.endswith(
        "einwohner:\n"
        "1 neuer Wert:\n"
        "  99068, 2025, einwohner: 10\u202f100  (Zeile 11, einwohner)\n"
        "9 Werte sind gleich geblieben.\n"
        "Angenommen: daten/lieferungen/einwohner/2026-03-01/neu.csv, gilt ab 01.03.2026. "
        "Die nächste wird am 30.06.2027 erwartet.\n"
        "Ausgaben mit einem früheren Stand lesen weiter, was bis dahin vorlag.\n"
    )
    assert wert(muster, "2025") == 10100
    assert (muster.daten / "lieferungen/einwohner/2026-03-01/neu.csv").read_text("utf-8") == NEU
    assert nimm(muster, datei) == 0
    assert "schon angenommen (am 01.03.2026); nichts zu tun" in capsys.readouterr().out
    assert len(lies_verzeichnis(muster, "einwohner")) == 1
    assert [m.kennung for m in pruefe_bestand(muster, ["einwohner"])] == []


def test_am_selben_tag_wird_nichts_ueberschrieben(muster: Projekt, tmp_path: Path) -> None:
    for inhalt in (NEU, NEU.replace("10100", "10101")):
        nimm_an(muster, schreibe(tmp_path, inhalt), "einwohner", tag=HEUTE, heute=HEUTE)
    assert [e.datei for e in lies_verzeichnis(muster, "einwohner")] == [
        "lieferungen/einwohner/2026-11-26/neu.csv", "lieferungen/einwohner/2026-11-26-2/neu.csv",
    ]  # fmt: skip
    assert wert(muster, "2025") == 10101


@pytest.mark.parametrize(
    ("inhalt", "optionen", "kennung", "satz"),
    [
        (NEU.replace("10020", "10200"), (), "lieferung-berichtigt",
         "sind anders als bisher (1): 99068, 2023, einwohner: 10\u202f020 → 10\u202f200."),
        ("gebiet,jahr,einwohner\n99068,2025,10100\n", (), "lieferung-unvollstaendig",
         "stehen nicht in dieser Lieferung (9), z. B. 99, 2022, einwohner: 2\u202f500\u202f000;"),
        (NEU, ("--datum", "2999-01-01"), "lieferung-zukunft", "Der 01.01.2999 liegt in der Zukunft."),
        (NEU.replace("10100", "viele"), (), "zeichen-unbekannt", "„viele“"),
        (NEU.replace("10100", "-5"), (), "schema-constraint", "„-5“: Der kleinste erlaubte Wert ist 0."),
        ("gebiet;jahr\n", (), "trennzeichen-falsch", "hat die Datei nur eine Spalte."),
    ],
)  # fmt: skip
def test_was_auffaellt_haelt_an(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str], inhalt: str,
    optionen: tuple[str, ...], kennung: str, satz: str,
) -> None:  # fmt: skip
    assert nimm(muster, schreibe(tmp_path, inhalt), *optionen) == 1
    fehler = capsys.readouterr().err
    assert f"FEHLER [{kennung}]" in fehler, fehler
    assert satz in fehler
    assert ".eingang" not in fehler, "genannt ist die Datei, die jemand angab"
    assert not (muster.daten / "lieferungen").exists()


def test_wer_es_sagt_nimmt_berichtigungen_und_teile_an(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    datei = schreibe(tmp_path, "gebiet,jahr,einwohner\n99068,2023,10200\n99068,2025,10100\n")
    assert nimm(muster, datei) == 1
    assert "2 Fehler" in capsys.readouterr().err, "beides auf einmal"
    assert nimm(muster, datei, "--dazu", "--berichtigt", "--json") == 0
    angaben: dict[str, Any] = json.loads(capsys.readouterr().out)
    (berichtigt,) = angaben["unterschied"]["berichtigt"]
    assert (berichtigt["alt"], berichtigt["neu"], berichtigt["fundort"]) == (
        10020,
        10200,
        "Zeile 2, einwohner",
    )
    assert angaben["unterschied"]["weg"] == []
    assert (wert(muster, "2023"), wert(muster, "2022"), wert(muster, "2025")) == (10200, 10010, 10100)


def test_ein_angenommener_befund_bleibt_es_in_der_naechsten_lieferung(
    muster: Projekt, tmp_path: Path
) -> None:
    sprung = ALLES.replace("99068,2024,10007", "99068,2024,90007")
    (muster.daten / "dateien" / "einwohner.csv").write_text(sprung, encoding="utf-8")

    def spruenge() -> list[str]:
        gefunden = pruefe_daten(Datenbestand(muster), HEUTE, ["einwohner"])
        return [m.text for m in gefunden if m.kennung in {"wert-sprung", "hinweis-veraltet"}]

    (text,) = spruenge()
    (muster.daten / "hinweise.yaml").write_text(
        f"hinweise:\n  - {{befund: wert-sprung, datei: daten/dateien/einwohner.csv, grund: so gezählt, "
        f"funktion: Planung, datum: 2026-01-01, text: '{text}'}}\n",
        encoding="utf-8",
    )
    assert spruenge() == []
    neu = schreibe(tmp_path, sprung + "99068,2025,90100\n")
    annahme = nimm_an(muster, neu, "einwohner", tag=HEUTE, heute=HEUTE)
    assert [m.kennung for m in annahme.meldungen] == ["angabe-alt"]
    assert spruenge() == []


def test_zu_grosses_wird_gar_nicht_erst_gelesen(muster: Projekt, tmp_path: Path) -> None:
    yaml = muster.quellen / "einwohner.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("lesen:", "lesen:\n  grenze_mb: 1"), encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        nimm_an(muster, schreibe(tmp_path, " " * 1_000_001), "einwohner", tag=HEUTE, heute=HEUTE)
    assert fehler.value.meldungen[0].text == "Die Datei hat 2 MB; gelesen werden höchstens 1 MB."


def test_behebt_eine_lieferung_einen_berichtigten_fehler_haelt_das_annehmen_an(
    muster: Projekt, tmp_path: Path
) -> None:
    korrektur = muster.daten / "korrekturen" / "amt.yaml"
    korrektur.parent.mkdir()
    text = (
        'quelle: einwohner\ngebiet: "99068"\nzeit: 2023\ngroesse: einwohner\nerwartet: 10020\n'
        "richtig: 10200\ngrund: Zahlendreher im Amt\nbeleg: Auskunft\nfunktion: Planung\ndatum: 2025-01-02\n"
    )
    korrektur.write_text(text, encoding="utf-8")
    datei, wunsch = schreibe(tmp_path, NEU.replace("10020", "10200")), Wunsch(berichtigt=True)
    with pytest.raises(BerichtswerkFehler) as fehler:
        nimm_an(muster, datei, "einwohner", wunsch, tag=HEUTE, heute=HEUTE)
    assert [m.kennung for m in fehler.value.meldungen if m.stufe is Stufe.FEHLER] == ["korrektur-behoben"]
    assert not lies_verzeichnis(muster, "einwohner")
    korrektur.write_text(f"{text}erledigt: {HEUTE}\n", encoding="utf-8")
    assert wert(muster, "2023") == 10200, "bis zur Lieferung gilt sie weiter"
    nimm_an(muster, datei, "einwohner", wunsch, tag=HEUTE, heute=HEUTE)
    assert wert(muster, "2023") == 10200
    assert Datenbestand(muster).tabelle("einwohner").berichtigt == {}


def test_frueher_als_die_letzte_geht_nicht(muster: Projekt, tmp_path: Path) -> None:
    nimm_an(muster, schreibe(tmp_path, NEU), "einwohner", tag=HEUTE, heute=HEUTE)
    andere = schreibe(tmp_path, NEU.replace("10100", "10101"))
    with pytest.raises(BerichtswerkFehler) as fehler:
        nimm_an(muster, andere, "einwohner", tag=date(2026, 1, 1), heute=HEUTE)
    assert fehler.value.meldungen[0].text == (
        "Der 01.01.2026 liegt vor der letzten angenommenen Lieferung (26.11.2026)."
    )


def test_alte_jahre_in_titel_und_quellenangabe_fallen_auf(muster: Projekt, tmp_path: Path) -> None:
    annahme = nimm_an(
        muster, schreibe(tmp_path, NEU), "einwohner", Wunsch(probe=True), tag=HEUTE, heute=HEUTE
    )
    assert [m.kennung for m in annahme.meldungen] == ["angabe-alt"]
    wunsch = Wunsch(nennung="© Statistisches Amt des Musterstaats, 2026", titel="Bevölkerung 2025")
    annahme = nimm_an(muster, schreibe(tmp_path, NEU), "einwohner", wunsch, tag=HEUTE, heute=HEUTE)
    assert len(annahme.meldungen) == 0
    heute, damals = (Datenbestand(muster, am=am).quelle("einwohner") for am in (None, date(2025, 7, 1)))
    assert (heute.title, damals.title) == ("Bevölkerung 2025", "Bevölkerung am 31. Dezember")
    assert "2026" in heute.statistik.attribution
    assert "2025" in damals.statistik.attribution


def test_zurueck_laesst_wieder_gelten_was_davor_war(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nimm_an(muster, schreibe(tmp_path, NEU), "einwohner", tag=HEUTE, heute=HEUTE)
    aufruf = [
        "--projekt",
        str(muster.wurzel),
        "lieferung",
        "zurueck",
        "einwohner",
        "2026-11-26",
        "--grund",
        "falsch",
    ]
    assert main(aufruf) == 0
    assert "1 Wert fällt weg:\n  99068, 2025, einwohner: 10\u202f100" in capsys.readouterr().out
    assert wert(muster, "2025") is None
    assert (muster.daten / "lieferungen/einwohner/2026-11-26/neu.csv").exists()
    assert main(aufruf) == 0, "noch einmal ändert nichts"
    assert "schon zurückgegeben" in capsys.readouterr().out
    assert main([*aufruf[:5], "2020-01-01", *aufruf[6:]]) == 1
    assert "Eine Lieferung „2020-01-01“ hat diese Quelle nicht." in capsys.readouterr().err
    assert main(aufruf[:-2]) == 2


def test_liste_nennt_was_gilt_und_was_veraendert_ist(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for tag, inhalt in ((date(2026, 1, 1), NEU), (HEUTE, NEU.replace("10100", "10101"))):
        nimm_an(muster, schreibe(tmp_path, inhalt), "einwohner", tag=tag, heute=HEUTE)
    liste = ["--projekt", str(muster.wurzel), "lieferung", "liste"]
    assert main(liste) == 0
    zeilen = capsys.readouterr().out.splitlines()
    assert [z.rpartition("  ")[2] for z in zeilen] == ["ersetzt", "gilt"]
    datei = muster.daten / "lieferungen/einwohner/2026-11-26/neu.csv"
    datei.write_text("geändert", encoding="utf-8")
    schreibe(datei.parent, "", "fremd.csv")
    assert main(liste) == 1
    fehler = capsys.readouterr().err
    assert "Die Datei ist nicht mehr die angenommene." in fehler
    (befund,) = [m for m in pruefe_daten(Datenbestand(muster), HEUTE, ["einwohner"]) if m.feld == "hash"]
    assert befund.text == "Die Datei ist nicht mehr die, die angenommen wurde."
    assert "HINWEIS [lieferung-liegt] daten/lieferungen/einwohner/2026-11-26/fremd.csv" in fehler
    assert main([*liste, "--json"]) == 1
    assert [e["zustand"] for e in json.loads(capsys.readouterr().out)["lieferungen"]] == ["ersetzt", "gilt"]


def test_die_juengste_ausgabe_erfaehrt_von_neueren_lieferungen(muster: Projekt, tmp_path: Path) -> None:
    nimm_an(muster, schreibe(tmp_path, NEU), "einwohner", tag=HEUTE, heute=HEUTE)
    plan = {a.stamm: a for a in plane(muster).auftraege}
    gelesen = ("daten/dateien/einwohner.csv", "daten/gebiete.yaml")
    (hinweis,) = neuere_lieferungen(muster, plan["lage-2024"], gelesen)
    assert (hinweis.datei, hinweis.stufe) == ("berichte/lage/2024/bericht.yml", Stufe.HINWEIS)
    assert hinweis.text == (
        "Von der Quelle „einwohner“ gibt es eine neuere Lieferung (26.11.2026); "
        "diese Ausgabe liest sie nicht."
    )
    assert "„stand: 2026-11-26“" in hinweis.abhilfe
    assert neuere_lieferungen(muster, plan["lage-2024"], ("daten/gebiete.yaml",)) == [], "nicht gelesen"
    assert neuere_lieferungen(muster, plan["lage-2024-land"], gelesen) == [], "einmal je Ausgabe"
    naechste = muster.berichte / "lage" / "2026" / "bericht.yml"
    naechste.parent.mkdir()
    naechste.write_text("titel: [", encoding="utf-8")
    assert neuere_lieferungen(muster, plan["lage-2024"], gelesen) == [hinweis], "Kaputtes hält nichts auf"
    alt = (muster.berichte / "lage" / "2024" / "bericht.yml").read_text("utf-8")
    naechste.write_text(alt.replace("stand: 2025-07-01", "stand: 2026-12-01"), encoding="utf-8")
    assert neuere_lieferungen(muster, plan["lage-2024"], gelesen) == [], "früheren Ausgaben fehlt nichts"


def test_faellige_mit_fertigem_text(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert faellige(muster, date(2027, 6, 30)) == []
    assert [f.tage for f in faellige(muster, date(2027, 6, 20), 10)] == [-10]
    (f,) = faellige(muster, date(2027, 7, 3))
    assert (f.quelle, f.tage, f.ressort) == ("einwohner", 3, "Sachgebiet Planung")
    text = erinnerungen(muster, [f])["Sachgebiet Planung"]
    assert text.startswith("Betreff: Zahlen für die Planungsberichte: eine Lieferung steht aus\n")
    assert "erwartet am 30.06.2027, seit 3 Tagen überfällig; zuletzt geliefert mit Stand 30.06.2025." in text
    assert "Bitte abrufen bei: Statistisches Amt des Musterstaats." in text
    assert "Formular" not in text, "amtliche Zahlen ruft man ab"
    assert "Formular" in erinnerungen(muster, [type(f)(**{**asdict(f), "herkunft": "fachamt"})])[f.ressort]
    assert (
        main(["--projekt", str(muster.wurzel), "lieferung", "faellig", "--heute", "2027-07-03", "--json"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["faellig"][0]["faellig"] == "2027-06-30"


def test_wovon_noch_nie_etwas_kam_steht_aus_und_ist_mit_der_ersten_lieferung_da(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (muster.daten / "dateien" / "einwohner.csv").unlink()
    yaml = muster.quellen / "einwohner.yaml"
    yaml.write_text(yaml.read_text("utf-8") + "ausstehend: true\n", encoding="utf-8")
    (f,) = faellige(muster, date(2026, 1, 1))
    assert f.stand is None
    assert "fehlt noch; noch nie geliefert." in erinnerungen(muster, [f])[f.ressort]
    assert main(["--projekt", str(muster.wurzel), "lieferung", "faellig"]) == 0
    assert capsys.readouterr().out.startswith("noch nie      einwohner:")
    annahme = nimm_an(muster, schreibe(tmp_path, NEU), "einwohner", tag=HEUTE, heute=HEUTE)
    assert len(annahme.unterschied.neu) == 10
    assert wert(muster, "2025") == 10100
    assert faellige(muster, date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    ("periode", "termin", "geliefert", "naechste"),
    [
        ("jaehrlich", "2026-06-30", "2026-07-15", "2027-06-30"),
        ("jaehrlich", "2026-06-30", "2026-05-01", "2027-06-30"),
        ("jaehrlich", "2027-06-30", "2026-03-01", "2027-06-30"),
        ("jaehrlich", "2027-03-31", "2026-11-26", "2027-03-31"),
        ("jaehrlich", "2022-06-30", "2026-07-15", "2027-06-30"),
        ("vierteljaehrlich", "2026-01-31", "2026-02-02", "2026-04-30"),
        ("monatlich", "2024-01-31", "2024-02-01", "2024-02-29"),
        ("einmalig", None, "2026-07-15", None),
    ],
)
def test_der_naechste_termin_rueckt_weiter(
    muster: Projekt, periode: str, termin: str | None, geliefert: str, naechste: str | None
) -> None:
    quelle = Datenbestand(muster).quelle("einwohner")
    faellig = date.fromisoformat(termin) if termin else None
    s = quelle.statistik.model_copy(update={"periodizitaet": periode, "naechste_lieferung": faellig})
    neu = naechste_nach(quelle.model_copy(update={"statistik": s}), date.fromisoformat(geliefert))
    assert (neu and neu.isoformat()) == naechste


STERBEN = """
import os, shutil, sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.lieferungen import lies_verzeichnis
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.lieferung import gib_zurueck, nimm_an, pruefe_bestand

HEUTE = date(2026, 11, 26)
urbild, datei, platz = map(Path, sys.argv[1:])

def nimm(projekt):
    nimm_an(projekt, datei, "einwohner", tag=HEUTE, heute=HEUTE)

def gib(projekt):
    gib_zurueck(projekt, "einwohner", "2026-11-26", "falsch", HEUTE)

def stirb_beim(schritt):
    zaehler = [0]
    def beobachte(ereignis, args):
        schreibt = ereignis == "open" and (str(args[1] or "r")[0] in "wax" or (args[2] or 0) & os.O_ACCMODE)
        if schreibt or ereignis in {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
            zaehler[0] += 1
            if zaehler[0] == schritt:
                os._exit(9)
    sys.addaudithook(beobachte)

def laufe(tun, projekt, schritt):
    kind = os.fork()
    if not kind:
        stirb_beim(schritt)
        tun(projekt)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(kind, 0)[1])

def abschrift(name):
    return Projekt(shutil.copytree(urbild, platz / name, ignore=shutil.ignore_patterns("layout", "berichte")))

nimm(abschrift("warm"))  # lädt alle Module
for tun, danach in ((nimm, 10), (gib, 9)):
    schritt, gestorben = 0, 9
    while gestorben == 9:
        schritt += 1
        projekt = abschrift(f"{tun.__name__}{schritt}")
        if tun is gib:
            nimm(projekt)
        gestorben = laufe(tun, projekt, schritt)
        assert gestorben in (0, 9), gestorben
        anzahl = len(Datenbestand(projekt).tabelle("einwohner"))
        assert anzahl in (9, 10), anzahl  # der alte oder der neue Stand, nie etwas dazwischen
        tun(projekt)  # derselbe Aufruf führt zu Ende
        assert len(Datenbestand(projekt).tabelle("einwohner")) == danach, schritt
        assert len(lies_verzeichnis(projekt, "einwohner")) == 1, schritt
        assert not len(pruefe_bestand(projekt, ["einwohner"])), schritt
        reste = [p.name for p in (projekt.daten / "lieferungen").rglob(".*")]
        assert not reste, (schritt, reste)
    print(tun.__name__, schritt)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="stirbt mit os.fork")
def test_stirbt_der_befehl_gilt_der_letzte_stand_und_derselbe_aufruf_endet(
    muster: Projekt, tmp_path: Path
) -> None:
    """An jeder Stelle, an der etwas geschrieben wird: vor ihr sterben, nachsehen, noch einmal aufrufen."""
    platz = tmp_path / "laeufe"
    platz.mkdir()
    aufruf = [sys.executable, "-c", STERBEN, str(muster.wurzel), str(schreibe(tmp_path, NEU)), str(platz)]
    lauf = subprocess.run(aufruf, capture_output=True, text=True, check=False, timeout=120)
    assert lauf.returncode == 0, lauf.stderr
    schritte = dict(z.split() for z in lauf.stdout.splitlines())
    assert int(schritte["nimm"]) > 8, "es wurde wirklich an vielen Stellen gestorben"
    assert int(schritte["gib"]) > 2
