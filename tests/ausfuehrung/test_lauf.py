"""Ausführen: einmal je Auftrag, gleiches Ergebnis auf beiden Wegen, verständliche Fehler."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import Future
from datetime import date
from pathlib import Path

import psutil
import pytest
from prozesshilfe import kinder, lebt, uebrig

from berichtswerk.ausfuehrung.arbeiter import Arbeiter, Startart
from berichtswerk.ausfuehrung.auftrag import Grenzen, Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus, grenzen_fuer, nach_dem_stand
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.spur import _baumsumme
from berichtswerk.bild import svg
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc

WEGE: tuple[Startart, ...] = ("forkserver", "spawn")
KURZ = Grenzen(zelle=4, bericht=60)


def _fuehre(
    projekt: Projekt, *namen: str, weg: Startart = "forkserver", grenzen: Grenzen = KURZ
) -> dict[str, Ausgefuehrt]:
    with Arbeiter(2, art=weg) as executor:
        laeufe = fuehre_aus(projekt, plane(projekt).waehle(namen), grenzen=grenzen, executor=executor)
        return {a.auftrag.stamm: a for a in laeufe}


def _meldung(ergebnis: Ausgefuehrt) -> str:
    assert ergebnis.roh is None
    return "\n".join(str(m) for m in ergebnis.meldungen)


MELDUNGEN = {
    "zelle-scheitert": """\
FEHLER [zelle-fehler] notebooks/zelle_scheitert.ipynb, Zelle 4, Zeile 3
  Der Bericht zelle-scheitert-2024 kommt nicht zustande: Eine Zelle scheitert.
  Ursache: ZeroDivisionError: division by zero
  Zeile:   anteil = zaehler / nenner
  Abhilfe: Der Nenner ist null: Prüfen Sie die Daten oder rechnen Sie über eine Kennzahl.""",
    "fehler-in-frueherer-funktion": """\
FEHLER [zelle-fehler] notebooks/fehler_in_frueherer_funktion.ipynb, Zelle 3, Zeile 2
  Der Bericht fehler-in-frueherer-funktion-2024 kommt nicht zustande: Eine Zelle scheitert.
  Ursache: ZeroDivisionError: division by zero
  Zeile:   anteil(x, 0)
  Abhilfe: Der Nenner ist null: Prüfen Sie die Daten oder rechnen Sie über eine Kennzahl.""",
    "schreibfehler": """\
FEHLER [zelle-fehler] notebooks/schreibfehler.ipynb, Zelle 2, Zeile 1
  Der Bericht schreibfehler-2024 kommt nicht zustande: Eine Zelle scheitert.
  Ursache: SyntaxError: expected ':'
  Zeile:   for jahr in (2023, 2024)
  Abhilfe: Prüfen Sie Klammern, Anführungszeichen und Doppelpunkte in dieser Zeile.""",
    "haelt-python-an": """\
FEHLER [zelle-zeit-zelle] notebooks/haelt_python_an.ipynb, Zelle 2
  Der Bericht haelt-python-an-2024 kommt nicht zustande: Eine Zelle rechnet zu lange.
  Ursache: Nach 4 Sekunden war sie nicht fertig.
  Abhilfe: Suchen Sie nach einer Schleife ohne Ende oder erhöhen Sie die Grenze mit --zeit-zelle SEKUNDEN.""",
    "beendet-sich-selbst": """\
FEHLER [zelle-fehler] notebooks/beendet_sich_selbst.ipynb, Zelle 2
  Der Bericht beendet-sich-selbst-2024 kommt nicht zustande: Eine Zelle scheitert.
  Ursache: SystemExit: genug
  Abhilfe: Entfernen Sie exit() oder sys.exit(): Ein Bericht endet mit seiner letzten Zelle.""",
    "fragt-nach": """\
FEHLER [zelle-fehler] notebooks/fragt_nach.ipynb, Zelle 2, Zeile 1
  Der Bericht fragt-nach-2024 kommt nicht zustande: Eine Zelle scheitert.
  Ursache: StdinNotImplementedError: raw_input was called, but this frontend does not support input requests.
  Zeile:   jahr = input("Welches Jahr?")
  Abhilfe: Ein Bericht fragt nicht nach: Ersetzen Sie input() durch einen Parameter.""",
    "uebergibt-zu-viel": """\
FEHLER [zelle-zu-viel] notebooks/uebergibt_zu_viel.ipynb, Zelle 2
  Der Bericht uebergibt-zu-viel-2024 kommt nicht zustande: Die Ausgaben sind zu groß.
  Ursache: Abbildungen und Tabellen umfassen 50,0 Millionen Zeichen, erlaubt sind 40,0 Millionen.
  Abhilfe: Zeigen Sie zusammengefasste Werte statt einzelner Datensätze.""",
    "ohne-parameterzelle": """\
FEHLER [parameterzelle-fehlt] notebooks/ohne_parameterzelle.ipynb
  Das Notizbuch hat keine Zelle für Parameter.
  Ursache: Keine Codezelle trägt die Marke „parameters“.
  Abhilfe: Öffnen Sie das Notizbuch in JupyterLab, wählen Sie die Zelle mit den Vorgaben (zum Beispiel \
ausgabe = …) und tragen Sie rechts unter „Cell Tags“ die Marke parameters ein.""",
    "meldet-deutsch": """\
FEHLER [kennzahl-unbekannt] notebooks/meldet_deutsch.ipynb, Zelle 2, Zeile 3
  Die Kennzahl „einwoner“ gibt es nicht.
  Abhilfe: Meinten Sie „einwohner“?""",
    "kein-notizbuch": """\
FEHLER [notizbuch-unlesbar] notebooks/kein_notizbuch.ipynb
  Die Datei ist kein lesbares Notizbuch.
  Ursache: Expecting value: line 1 column 12 (char 11)
  Abhilfe: Lässt es sich auch in JupyterLab nicht öffnen, stellen Sie eine frühere Fassung her.""",
}
BEENDET = """\
FEHLER [zelle-beendet] notebooks/wird_beendet.ipynb, Zelle 2
  Der Bericht wird-beendet-2024 kommt nicht zustande: Der Rechenvorgang wurde beendet.
  Ursache: Das Betriebssystem oder jemand hat ihn abgebrochen (Signal 9, SIGKILL).
  Abhilfe: Oft fehlt Arbeitsspeicher: Lesen Sie weniger Daten auf einmal und rendern Sie erneut."""


@pytest.mark.parametrize("weg", WEGE)
def test_jeder_fehler_nennt_zelle_zeile_ursache_und_rat(fehlermuster: Projekt, weg: Startart) -> None:
    ergebnisse = _fuehre(fehlermuster, *MELDUNGEN, "wird-beendet", "lage", weg=weg)
    gesehen = {name: _meldung(ergebnisse[f"{name}-2024"]) for name in MELDUNGEN}
    assert gesehen == MELDUNGEN
    assert _meldung(ergebnisse["wird-beendet-2024"]) == BEENDET
    assert ergebnisse["lage-2024"].roh is not None, "die übrigen Berichte entstehen trotzdem"
    assert ergebnisse["lage-2024-land"].roh is not None


@pytest.mark.parametrize("weg", WEGE)
def test_speichergrenze_aus_bericht_yml(fehlermuster: Projekt, weg: Startart) -> None:
    datei = fehlermuster.berichte / "sammelt-immer-mehr/2024/bericht.yml"
    datei.write_text(datei.read_text("utf-8") + "grenzen: {speicher_mb: 200}\n", "utf-8")
    ergebnis = _fuehre(fehlermuster, "sammelt-immer-mehr", weg=weg)
    assert (
        _meldung(ergebnis["sammelt-immer-mehr-2024"])
        == """\
FEHLER [zelle-speicher] notebooks/sammelt_immer_mehr.ipynb, Zelle 3, Zeile 3
  Der Bericht sammelt-immer-mehr-2024 kommt nicht zustande: Eine Zelle braucht zu viel Arbeitsspeicher.
  Ursache: Erlaubt sind 200 MB.
  Zeile:   teile.append(bytes(1_000_000))
  Abhilfe: Lesen Sie weniger Daten auf einmal oder erhöhen Sie in bericht.yml grenzen: {speicher_mb: …}."""
    )


def test_zeitgrenze_aus_bericht_yml_gilt_ausser_der_aufruf_nennt_eine(fehlermuster: Projekt) -> None:
    datei = fehlermuster.berichte / "rechnet-endlos/2024/bericht.yml"
    datei.write_text(datei.read_text("utf-8") + "grenzen: {zelle: 5, bericht: 10}\n", "utf-8")
    (auftrag,) = plane(fehlermuster).waehle(["rechnet-endlos"])
    assert grenzen_fuer(auftrag, Grenzen()) == Grenzen(zelle=5, bericht=10)
    assert grenzen_fuer(auftrag, Grenzen(zelle=2)) == Grenzen(zelle=2, bericht=10)


def test_zeitgrenze_des_ganzen_berichts(fehlermuster: Projekt) -> None:
    ergebnis = _fuehre(fehlermuster, "rechnet-endlos", grenzen=Grenzen(zelle=60, bericht=1.5))
    assert (
        _meldung(ergebnis["rechnet-endlos-2024"])
        == """\
FEHLER [zelle-zeit-bericht] notebooks/rechnet_endlos.ipynb, Zelle 2
  Der Bericht rechnet-endlos-2024 kommt nicht zustande: Das Notizbuch rechnet insgesamt zu lange.
  Ursache: Nach 1,5 Sekunden war es nicht fertig.
  Abhilfe: Rechnen Sie weniger auf einmal oder erhöhen Sie die Grenze mit --zeit-bericht SEKUNDEN."""
    )


def test_unbekannter_parameter_nennt_aehnliche(muster: Projekt) -> None:
    datei = muster.berichte / "lage" / "2024" / "bericht.yml"
    datei.write_text(datei.read_text("utf-8").replace('{gebiet: "99068"}', '{gebit: "99068"}'), "utf-8")
    ergebnis = _fuehre(muster, "lage")["lage-2024"]
    assert (
        _meldung(ergebnis)
        == """\
FEHLER [parameter-unbekannt] berichte/lage/2024/bericht.yml, Feld „gebit“
  Der Parameter „gebit“ kommt im Notizbuch nicht vor.
  Ursache: Die Parameterzelle von notebooks/lage.ipynb legt keinen Namen „gebit“ fest.
  Abhilfe: Gemeint sein kann: gebiet. Sonst den Namen in der Parameterzelle ergänzen."""
    )


def test_ein_fehler_in_den_daten_heisst_im_lauf_wie_in_pruefen_daten(muster: Projekt) -> None:
    csv, beschreibung = muster.daten / "dateien/einwohner.csv", muster.quellen / "einwohner.yaml"
    csv.write_text(csv.read_text("utf-8").replace("10020", "1o020"), "utf-8")
    summe = hashlib.sha256(csv.read_bytes()).hexdigest()
    text = re.sub(r"sha256:\w+", f"sha256:{summe}", beschreibung.read_text("utf-8"))
    beschreibung.write_text(text, "utf-8")
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    aufruf = [
        "from berichtswerk import Bericht\n",
        'Bericht("lage", ausgabe, gebiet).linie("einwohner", label="fig-e")',
    ]
    nb["cells"] = [*nb["cells"][:2], nb["cells"][2] | {"source": aufruf}]
    buch.write_text(json.dumps(nb), "utf-8")
    ergebnis = _fuehre(muster, "lage")["lage-2024"]
    assert list(ergebnis.meldungen) == list(pruefe_daten(Datenbestand(muster), date(2025, 7, 1)))
    assert _meldung(ergebnis).startswith(
        "FEHLER [wert-keine-zahl] daten/dateien/einwohner.csv, Zeile 3, Feld „einwohner“\n  „1o020“ ist keine"
    )


def test_was_nach_dem_stand_der_ausgabe_kam_wird_gemeldet(muster: Projekt) -> None:
    bericht = muster.berichte / "lage" / "2024" / "bericht.yml"
    text = bericht.read_text("utf-8")
    gelesen = ("daten/dateien/einwohner.csv",)

    def befunde(stand: str, bis: str = "", dateien: tuple[str, ...] = gelesen) -> list[str]:
        bericht.write_text(text.replace("stand: 2025-07-01", f"stand: {stand}{bis}"), "utf-8")
        (auftrag,) = (a for a in plane(muster).auftraege if a.stamm == "lage-2024")
        return [str(m) for m in nach_dem_stand(muster, auftrag, dateien)]

    assert befunde("2025-06-29") == [
        "WARNUNG [lieferung-nach-stand] berichte/lage/2024/bericht.yml, Feld „stand“\n"
        "  Die Ausgabe zeigt 2024 aus der Quelle „einwohner“; deren Datei kam erst am 30.06.2025.\n"
        "  Ursache: Der Stand der Ausgabe ist der 29.06.2025; das jüngste Jahr einer Datei kam mit ihr.\n"
        "  Abhilfe: Schreiben Sie „stand: 2025-06-30“ oder später, oder ein früheres Jahr in „bis“."
    ]
    assert befunde("2025-06-30") == []
    assert befunde("2025-06-29", bis="\nbis: 2023") == [], "ob 2023 damals vorlag, weiß niemand"
    assert befunde("2025-06-29", dateien=("daten/gebiete.yaml",)) == [], "nicht gelesen"


def test_viel_text_bleibt_begrenzt_und_am_tor_vorbei_gezeigtes_ist_ein_fehler(fehlermuster: Projekt) -> None:
    ergebnisse = _fuehre(fehlermuster, "gibt-sehr-viel-aus", "zeigt-am-tor-vorbei", grenzen=Grenzen())
    viel = _meldung(ergebnisse["gibt-sehr-viel-aus-2024"])
    assert "[nicht-veroeffentlicht]" in viel and len(viel) < 1000
    assert [str(m) for m in ergebnisse["zeigt-am-tor-vorbei-2024"].meldungen] == [
        f"""\
FEHLER [nicht-veroeffentlicht] notebooks/zeigt_am_tor_vorbei.ipynb, Zelle 2
  Die Zelle {was}.
  Ursache: Was nicht über b.… gezeigt wird, hat weder Quelle noch Alternativtext und fehlt im Bericht.
  Abhilfe: {rat} Dient die Zelle nur der Arbeit am Notizbuch, beginnen Sie sie mit „#| output: false“ oder \
geben Sie ihr die Marke nur-notizbuch."""
        for was, rat in [
            ("zeigt eine Tabelle, die nicht aus b.tabelle(…) kommt", "Zeigen Sie sie mit b.tabelle(…)."),
            (
                "gibt mit print() Text aus: „Zwischenstand“",
                "Zeigen Sie ihn mit b.text(…) oder entfernen Sie print().",
            ),
        ]
    ]


def test_was_angelegt_und_nicht_gezeigt_wird_ist_ein_fehler(mit_tor: Projekt) -> None:
    """Jupyter zeigt nur die letzte Zeile einer Zelle; alles andere fehlte still im Bericht."""
    buch = mit_tor.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    zellen = [
        'b.linie("einwohner", label="fig-a")\nb.linie("einwohner", label="fig-b")',
        'for i in (1, 2):\n    b.tabelle("einwohner", label=f"tbl-{i}")',
        'def kapitel():\n    b.ueberschrift("Alter")\n    b.text("einleitung")\n\nkapitel()',
        'b.linie("einwohner", label="fig-c");',
        # gezeigt oder gewollt:
        'd = b.linie("einwohner", label="fig-d")', "d",
        'e = b.linie("einwohner", label="fig-e")\nb.abbildung(e.chart, label="fig-e")',
        '#| output: false\nb.linie("einwohner", label="fig-f")\nb.verzeichnis("quellen")',
        'from IPython.display import display as zeige\nzeige(b.tabelle("einwohner", label="tbl-g"))',
    ]  # fmt: skip
    nb["cells"] += [nb["cells"][-1] | {"id": f"p{i}", "source": text} for i, text in enumerate(zellen)]
    buch.write_text(json.dumps(nb), "utf-8")
    meldungen = _fuehre(mit_tor, "lage", grenzen=Grenzen())["lage-2024"].meldungen.liste
    assert [(m.ort, m.text) for m in meldungen] == [
        (f"Zelle {zelle}", f"Die Zelle legt etwas an, das der Bericht nicht zeigt: {was}.")
        for zelle, was in [
            (5, "fig-a"), (6, "tbl-1, tbl-2"), (7, "Überschrift „Alter“, Text „einleitung“"), (8, "fig-c"),
        ]
    ]  # fmt: skip
    assert (
        str(meldungen[0])
        == """\
FEHLER [nicht-gezeigt] notebooks/lage.ipynb, Zelle 5
  Die Zelle legt etwas an, das der Bericht nicht zeigt: fig-a.
  Ursache: Eine Zelle zeigt nur, womit ihre letzte Zeile endet; was davor, in einer Schleife, unter if, in \
einer Funktion oder vor „;“ steht, sieht niemand.
  Abhilfe: Geben Sie jedem eine eigene Zelle, oder schreiben Sie display(…) darum. Sonst löschen Sie es."""
    )


def test_beide_wege_ergeben_dasselbe(muster: Projekt) -> None:
    def inhalt(weg: Startart) -> dict[str, str]:
        shutil.rmtree(muster.wurzel / ".berichtswerk", ignore_errors=True)
        laeufe = _fuehre(muster, weg=weg, grenzen=Grenzen())
        return {stamm: json.dumps(a.roh and a.roh["cells"]) for stamm, a in laeufe.items()}

    erst = inhalt("forkserver")
    assert "10007" in erst["lage-2024"]
    assert inhalt("spawn") == erst


class _Aussen:
    """Ein Executor, bei dem nichts ankommt."""

    zugleich = 1

    def submit(self, lauf: Lauf) -> Future[Laufergebnis]:
        fertig: Future[Laufergebnis] = Future()
        fertig.set_result(Laufergebnis(lauf.stamm, fehler=Zellfehler("beendet", -1)))
        return fertig

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...


def test_vega_laeuft_nur_fuer_freie_abbildungen_an(muster: Projekt, monkeypatch: pytest.MonkeyPatch) -> None:
    gewaermt: list[str] = []
    monkeypatch.setattr(svg, "waerme_vor", lambda marke: gewaermt.append(marke.schrift))

    def laufe() -> int:
        plan = plane(muster).waehle(["lage"])
        assert [*fuehre_aus(muster, plan, executor=_Aussen(), zeichnet=True)]
        return len(gewaermt)

    assert laufe() == 0
    notizbuch = muster.notebooks / "lage.ipynb"
    nb = json.loads(notizbuch.read_text("utf-8"))
    nb["cells"][-1] |= {"cell_type": "code", "source": "b.abbildung(c)", "outputs": []}
    notizbuch.write_text(json.dumps(nb), "utf-8")
    assert laufe() == 1


def test_ein_lauf_hinterlaesst_keine_prozesse_und_keine_dateien(
    fehlermuster: Projekt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pandoc.beende()  # bereitstehende pandoc-Prozesse früherer Prüfungen gehören nicht hierher
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    name, vorher = "startet-ein-programm-und-rechnet-endlos", psutil.Process().children()
    _fuehre(fehlermuster, name, "lage")
    enkel = [int(nummer) for nummer in (fehlermuster.notebooks / "kind.txt").read_text().split()]
    assert len(enkel) == 2, "eines davon hat eine eigene Sitzung"
    assert uebrig(enkel) == [], "auch was das Notizbuch gestartet hat, endet"
    helfer = [h for h in psutil.Process().children() if h not in vorher and lebt(h)]
    assert all("multiprocessing" in " ".join(h.cmdline()) for h in helfer), "der Forkserver bleibt warm"
    assert uebrig(k for h in helfer for k in kinder(h)) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    assert sorted(p.name for p in (fehlermuster.wurzel / ".berichtswerk").iterdir()) == ["ablage"]


def test_unveraendertes_wird_nicht_ausgefuehrt_geaendertes_schon(muster: Projekt) -> None:
    gruende = lambda: {n: a.grund for n, a in _fuehre(muster).items()}  # noqa: E731
    assert gruende() == {
        "lage-2024": "noch nicht ausgeführt", "lage-2024-land": "noch nicht ausgeführt",
        "satzung-2024": "nur Texte",
    }  # fmt: skip
    (muster.berichte / "lage/2024/texte/einleitung.md").write_text("## Neu\n", "utf-8")
    assert gruende()["lage-2024"] == "unverändert"
    csv = muster.daten / "dateien/einwohner.csv"
    csv.write_text(csv.read_text("utf-8").replace("10007", "10008"), "utf-8")
    assert gruende()["lage-2024"] == "daten/dateien/einwohner.csv geändert"
    assert gruende()["lage-2024"] == "unverändert"
    for ergebnis in (muster.wurzel / ".berichtswerk/ablage/ergebnis").iterdir():
        ergebnis.write_bytes(ergebnis.read_bytes().replace(b"10008", b"10009"))
    assert gruende()["lage-2024"] == "das aufgehobene Ergebnis fehlt oder ist beschädigt"
    assert gruende()["lage-2024"] == "unverändert"
    buch = muster.notebooks / "lage.ipynb"
    buch.write_text(buch.read_text("utf-8").replace("zuletzt {werte", "am Ende {werte"), "utf-8")
    assert gruende()["lage-2024-land"] == "Notizbuch oder Parameter geändert"


def test_was_aus_einer_datenbank_kommt_wird_immer_neu_gelesen(muster: Projekt) -> None:
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    nb["cells"][2]["source"].insert(0, 'import sqlite3\nsqlite3.connect("../daten/a.sqlite").close()\n')
    buch.write_text(json.dumps(nb), "utf-8")
    assert _fuehre(muster, "lage")["lage-2024"].roh is not None
    assert _fuehre(muster, "lage")["lage-2024"].grund == "liest eine Datenbank oder aus dem Netz"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kennt die Grenze der Socketpfade nicht")
def test_ein_langer_ordner_fuer_vorlaeufiges_hindert_keinen_lauf(muster: Projekt, tmp_path: Path) -> None:
    lang = tmp_path / ("sehr-langer-name-" * 6)
    lang.mkdir()
    befehl = [sys.executable, "-m", "berichtswerk", "ausfuehren"]
    umgebung = {**os.environ, "TMPDIR": str(lang)}
    ende = subprocess.run(befehl, check=False, cwd=muster.wurzel, env=umgebung, capture_output=True)
    assert ende.returncode == 0, ende.stderr.decode()
    assert list(lang.iterdir()) == []


def test_verknuepfungen_im_kreis_halten_die_spur_nicht_auf(muster: Projekt) -> None:
    (muster.berichte / "a").mkdir()
    for ort, ziel in (("lage/2024/hinauf", ".."), ("lage/2024/heraus", "../../../.."), ("a/b", "../lage")):
        (muster.berichte / ort).symlink_to(ziel)
    (muster.berichte / "lage/zurueck").symlink_to("../a")
    summe = _baumsumme(str(muster.berichte))
    (muster.berichte / "lage/2024/texte/neu.md").write_text("Neu", "utf-8")
    assert _baumsumme(str(muster.berichte)) != summe
