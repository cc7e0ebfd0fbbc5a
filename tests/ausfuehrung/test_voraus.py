"""Was alle Läufe einer Ausgabe gleich rechnen, wird einmal gerechnet und gilt nur, solange alles stimmt."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from berichtswerk.ausfuehrung.arbeiter import Arbeiter, Startart
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.kind import Abbestellt, Mitschrift
from berichtswerk.ausfuehrung.lauf import GEMEINSAM_AB, fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.spur import FREMD
from berichtswerk.bericht import voraus
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.grund import ablage
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt

GEBIETE = ("99068", "99", "DG")
DATEN = "daten/dateien/einwohner.csv"


@pytest.fixture
def im_lauf(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wie im Prozess eines Laufs."""
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    yield
    voraus.halte(None)


@pytest.fixture
def gerechnet(muster: Projekt, im_lauf: None) -> voraus.Voraus:
    """Vorausgerechnet ist die Ausgabe lage/2024."""
    mitschrift = Mitschrift(str(muster.wurzel), weiter=lambda: True)
    fertig = voraus.rechne(muster, "lage", "2024", ["einwohner", "gibt-es-nicht"])
    gelesen = mitschrift.dateien()
    mitschrift.ende()
    ablage.richte_ein(None)
    assert fertig is not None
    assert gelesen is not None
    bereit = voraus.Voraus(muster, "lage", "2024", *fertig, voraus.summen(muster, gelesen))
    voraus.halte(bereit)
    return bereit


def findet(projekt: Projekt, gerechnet: voraus.Voraus, gebiet: str = "99") -> bool:
    sicht = Sicht.lade("lage", "2024", gebiet, projekt=projekt)
    assert sicht.reihe("einwohner").wert(gebiet, 2024)
    return sicht.rechner is gerechnet.rechner


def test_jeder_ort_findet_vor_was_gerechnet_ist(muster: Projekt, gerechnet: voraus.Voraus) -> None:
    assert {DATEN, "daten/quellen/", "daten/gebiete.yaml"} <= gerechnet.gelesen.keys()
    assert "einwohner" in gerechnet.bestand._tabellen, "gelesen ist die Tabelle schon"
    assert all(findet(muster, gerechnet, gebiet) for gebiet in GEBIETE)


def test_ein_lauf_liest_trotzdem_jede_datei(muster: Projekt, gerechnet: voraus.Voraus) -> None:
    mitschrift = Mitschrift(str(muster.wurzel))
    assert findet(muster, gerechnet)
    mitschrift.ende()
    ablage.richte_ein(None)
    assert gerechnet.gelesen.keys() <= set(mitschrift.gelesen()), "alles steht in seiner Spur"


def test_was_sich_geaendert_hat_gilt_nicht_auch_mit_derselben_zeit(
    muster: Projekt, gerechnet: voraus.Voraus
) -> None:
    datei = muster.wurzel / DATEN
    stand = datei.stat()
    alt = datei.read_text("utf-8")
    datei.write_text(alt.replace("10020", "10021"), "utf-8")
    os.utime(datei, ns=(stand.st_atime_ns, stand.st_mtime_ns))
    assert not findet(muster, gerechnet)
    datei.write_text(alt, "utf-8")
    assert findet(muster, gerechnet)
    (muster.quellen / "neu.yaml").write_text("name: neu\n", "utf-8")
    assert voraus.hole(muster, "lage", "2024") is None, "eine Quelle ist dazugekommen"


def test_es_gilt_nur_im_lauf_dieser_ausgabe(
    muster: Projekt, gerechnet: voraus.Voraus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert voraus.hole(muster, "lage", "2023") is None
    monkeypatch.delenv("BERICHTSWERK_LAUF")
    assert not findet(muster, gerechnet), "in JupyterLab rechnet jedes Notizbuch für sich"
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    voraus.verbirg()
    assert not findet(muster, gerechnet)


def test_zweifel_an_einer_quelle_nennt_nur_wer_sie_liest(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    zweifel = [Meldung("probe", "Passt nicht.", DATEN)]
    monkeypatch.setattr("berichtswerk.daten.pruefung.fehler_von", lambda *_: zweifel)
    assert voraus.rechne(muster, "lage", "2024", ["einwohner"]) is None
    assert voraus.rechne(muster, "lage", "2024", []) is not None


def test_abbestellt_hoert_es_beim_naechsten_lesen_auf(muster: Projekt) -> None:
    geht = [True]
    mitschrift = Mitschrift(str(muster.wurzel), weiter=lambda: geht[0])
    (muster.wurzel / DATEN).read_bytes()
    geht[0] = False
    with pytest.raises(Abbestellt):
        voraus.rechne(muster, "lage", "2024", ["einwohner"])
    mitschrift.ende()
    ablage.richte_ein(None)


def test_vorausgerechnet_wird_ohne_datenbank_und_ohne_was_sich_dabei_aendert(muster: Projekt) -> None:
    mitschrift = Mitschrift(str(muster.wurzel), weiter=lambda: True)
    (muster.wurzel / DATEN).read_bytes()
    with pytest.raises(PermissionError):
        mitschrift.beobachte("sqlite3.connect", (str(muster.wurzel / "register.db"),))
    assert mitschrift.dateien() is None, FREMD
    neu = Mitschrift(str(muster.wurzel), weiter=lambda: True)
    assert neu.dateien() == set()
    (muster.wurzel / DATEN).write_text((muster.wurzel / DATEN).read_text("utf-8"), "utf-8")
    assert neu.dateien() is None
    neu.ende()
    ablage.richte_ein(None)


def _mit_orten(muster: Projekt, anzahl: int, *zellen: str) -> None:
    """Der Bericht „lage“ für so viele Gebiete; sein Notizbuch hat diese Zellen."""
    varianten = "".join(
        f'  - {{name: v{g.lower()}, untertitel: {g}, parameter: {{gebiet: "{g}"}}}}\n'
        for g in GEBIETE[1:anzahl]
    )
    bericht = muster.berichte / "lage/2024/bericht.yml"
    kopf = bericht.read_text("utf-8").partition("varianten:\n")[0]
    rest = "herausgeber: Landkreis Musterland\nstand: 2025-07-01\nstatus: beispiel\n"
    bericht.write_text(f"{kopf}varianten:\n{varianten}{rest}", "utf-8")
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    neue = [nb["cells"][2] | {"id": f"z{i}", "source": z} for i, z in enumerate(zellen)]
    nb["cells"] = [*nb["cells"][:2], *neue]
    buch.write_text(json.dumps(nb), "utf-8")


def _laufe(
    muster: Projekt, anzahl: int, erwartet: bool, weg: Startart = "forkserver"
) -> dict[str, list[object]]:
    """Die Ausgaben je Ort; jeder Lauf prüft selbst, ob er die Tabelle schon vorfindet."""
    _mit_orten(
        muster, anzahl, 'from berichtswerk import Bericht\nb = Bericht("lage", ausgabe, gebiet)',
        f'assert ("einwohner" in b.sicht.bestand._tabellen) is {erwartet}',
        'b.linie("einwohner", label="fig-e")',
    )  # fmt: skip
    with Arbeiter(2, art=weg) as executor:
        laeufe = [*fuehre_aus(muster, plane(muster).waehle(["lage"]), executor=executor, neu=True)]
    assert [str(m) for a in laeufe for m in a.meldungen.fehler] == []
    assert len(laeufe) == anzahl
    return {a.auftrag.stamm: [z.get("outputs") for z in (a.roh or {})["cells"]] for a in laeufe}


def test_mehrere_orte_lesen_eine_tabelle_einmal_und_zeigen_dasselbe_wie_allein(muster: Projekt) -> None:
    zusammen = _laufe(muster, GEMEINSAM_AB, erwartet=True)
    assert zusammen == _laufe(muster, GEMEINSAM_AB, erwartet=False, weg="spawn")
    assert _laufe(muster, GEMEINSAM_AB - 1, erwartet=False).items() <= zusammen.items()


class _Merkt:
    """Ein Executor, der sich merkt, was er bekommt, und nichts rechnet."""

    zugleich = 9

    def __init__(self) -> None:
        self.laeufe: list[Lauf] = []

    def submit(self, lauf: Lauf) -> Future[Laufergebnis]:
        self.laeufe.append(lauf)
        fertig: Future[Laufergebnis] = Future()
        fertig.set_result(Laufergebnis(lauf.stamm, fehler=Zellfehler("fehler", -1)))
        return fertig

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...


def test_was_nichts_teilt_beginnt_zuerst_und_alle_orte_bekommen_dasselbe_aufgetragen(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    _mit_orten(muster, 3, 'b.linie("einwohner", "ab-2020", label=\'fig-e\')')
    shutil.copytree(muster.berichte / "lage", muster.berichte / "allein")
    bericht = muster.berichte / "allein/2024/bericht.yml"
    text = bericht.read_text("utf-8").replace("notizbuch: lage", "notizbuch: allein")
    bericht.write_text(re.sub(r"(?m)^varianten:\n(  .*\n)+", "", text), "utf-8")
    klein = json.loads((muster.notebooks / "lage.ipynb").read_text("utf-8"))
    klein["cells"] = klein["cells"][:2]
    (muster.notebooks / "allein.ipynb").write_text(json.dumps(klein), "utf-8")
    executor, derweil = _Merkt(), list[int]()
    plan = plane(muster).waehle(["lage", "allein"])
    tu = lambda: derweil.append(len(executor.laeufe))  # noqa: E731
    assert len([*fuehre_aus(muster, plan, executor=executor, derweil=tu)]) == 4
    assert derweil == [4], "einmal, sobald alle eingereicht sind: ein Kern ist frei"
    assert len([*fuehre_aus(muster, plan[:2], executor=executor, derweil=tu)]) == 2
    assert derweil == [4], "zwei Notizbücher, zwei Kerne"
    allein, *orte = (lauf.gemeinsam for lauf in executor.laeufe[:4])
    assert allein is None
    assert orte[0] is not None
    assert {"einwohner", "ab-2020", "fig-e"} <= set(orte[0].namen)
    assert set(orte) == {orte[0]}
