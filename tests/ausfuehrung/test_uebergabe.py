"""Die Übergabe: Gegenstände in der Reihenfolge des Lesens, Zeichnungen, CSV, Nachweis; nichts gerechnet."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import Bild, Nachrechner, Uebergabe, baue, nur_texte
from berichtswerk.gegenstand.gegenstaende import Abbildung, Fliesstext, Tabelle, als_json
from berichtswerk.grund.projekt import Projekt


class Probezeichner:
    """Zeichnet nicht, sondern nennt, was zu zeichnen wäre."""

    def zeichne(self, a: Abbildung, bericht: str = "") -> Bild:
        daten = json.dumps(a.spec["data"])
        return Bild(json.dumps(a.spec), f"<svg id='{a.label}'>{daten}</svg>", f"datei aus {daten}", 0.8)

    def in_hoehe(self, a: Abbildung, bericht: str, anteil: float) -> bytes:
        return f"{a.label} {anteil}".encode()


def _fuehre(projekt: Projekt, *namen: str) -> dict[str, Ausgefuehrt]:
    return {a.auftrag.stamm: a for a in fuehre_aus(projekt, plane(projekt).waehle(namen))}


def _baue(projekt: Projekt, a: Ausgefuehrt) -> Uebergabe:
    assert a.roh is not None, a.meldungen.als_text()
    return baue(projekt, a.auftrag, a.roh, Probezeichner())


def _texte(u: Uebergabe) -> str:
    return "\n\n".join(g.markdown for g in u.dokument.inhalt if isinstance(g, Fliesstext))


def _alles(u: Uebergabe) -> str:
    """Alles, was ein Schreiber zu sehen bekommt."""
    return (
        als_json(u.dokument)
        + str(u.beilagen)
        + str(u.zeichnungen)
        + str([b.svg for b in u.druckbilder.values()])
    )


@pytest.fixture
def laeufe(muster: Projekt) -> dict[str, Ausgefuehrt]:
    return _fuehre(muster)


def test_kopf_traegt_was_auf_titelblatt_und_impressum_steht(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    kopf = _baue(muster, laeufe["lage-2024-land"]).dokument.kopf
    assert kopf.model_dump(exclude_defaults=True, exclude={"stand", "herausgeber"}) == {
        "titel": "Lagebericht 2024", "untertitel": "Land Musterstaat", "stamm": "lage-2024-land",
        "bericht": "lage", "ausgabe": "2024", "variante": "land", "gebiet": "99",
        "gebiet_name": "Land Musterstaat", "status": "beispiel", "redaktion": "Sachgebiet Planung",
    }  # fmt: skip
    assert kopf.stand and kopf.herausgeber
    assert kopf.band == "Beispielausgabe, keine amtliche Veröffentlichung"


def test_gegenstaende_stehen_in_der_reihenfolge_des_notizbuchs(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    einleitung, satz, abbildung, tabelle = _baue(muster, laeufe["lage-2024"]).dokument.inhalt
    assert isinstance(einleitung, Fliesstext) and isinstance(satz, Fliesstext)
    assert (einleitung.datei, einleitung.ort) == ("berichte/lage/2024/texte/einleitung.md", "")
    assert (satz.datei, satz.ort) == ("notebooks/lage.ipynb", "Zelle 6")
    assert isinstance(abbildung, Abbildung) and isinstance(tabelle, Tabelle)
    assert (abbildung.label, tabelle.label) == ("fig-verlauf", "tbl-werte")
    assert abbildung.befund == "Zuletzt 10007."
    assert abbildung.alt == "Linie: Landkreis Musterland, zuletzt 10007."
    assert [z.zeile for z in abbildung.beleg.quellen] == ["Quelle: Statistisches Amt des Musterstaats"]


def test_erklaerung_vor_der_parameterzelle_steht_nicht_im_bericht(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    text = _texte(_baue(muster, laeufe["lage-2024"]))
    assert "Erklärt, wie das Notizbuch" not in text
    assert "Ein Satz aus dem Notizbuch über Landkreis Musterland." in text


def test_zwei_gebiete_zeigen_nie_die_zahlen_des_anderen(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    alles_kreis, alles_land = (_alles(_baue(muster, laeufe[s])) for s in ("lage-2024", "lage-2024-land"))
    for zahl in ("10010", "10020", "10007"):
        assert zahl in alles_kreis and zahl not in alles_land
    for zahl in ("2500000", "2510000", "2520000"):
        assert zahl in alles_land and zahl not in alles_kreis


def test_beilagen_und_paket(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    u = _baue(muster, laeufe["lage-2024"])
    assert sorted(u.beilagen) == [
        "abb/fig-verlauf.json", "abb/fig-verlauf.svg", "daten.zip", "daten/fig-verlauf.csv",
        "daten/fig-verlauf.ods", "daten/tbl-werte.csv", "daten/tbl-werte.ods", "nachweis.json",
    ]  # fmt: skip
    assert u.beilagen["daten/tbl-werte.csv"].decode("utf-8-sig").splitlines()[:2] == [
        "Jahr;Einwohner;Quelle",
        "2022;10010;Quelle: Statistisches Amt des Musterstaats",
    ]
    with zipfile.ZipFile(io.BytesIO(u.beilagen["daten.zip"])) as paket:
        assert paket.namelist() == [
            "lage-2024/daten/fig-verlauf.csv", "lage-2024/daten/tbl-werte.csv", "lage-2024/nachweis.json",
        ]  # fmt: skip


def test_je_abbildung_eine_zeichnung_fuer_seite_druck_und_weitergabe(
    muster: Projekt, laeufe: dict[str, Ausgefuehrt]
) -> None:
    u = _baue(muster, laeufe["lage-2024"])
    assert u.zeichnungen["fig-verlauf"].startswith("<svg id='fig-verlauf'>")
    druck = u.druckbilder["abb/fig-verlauf.svg"]
    assert druck.svg == b"fig-verlauf 1.0" and druck.kleinst == 0.8
    assert druck.in_hoehe is not None and druck.in_hoehe(0.9) == b"fig-verlauf 0.9"
    assert u.beilagen["abb/fig-verlauf.svg"].startswith(b"datei aus ")


def test_geaenderter_satz_braucht_keine_ausfuehrung(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    (muster.berichte / "lage/2024/texte/einleitung.md").write_text(
        "## Anders\n\nNeu: {{ gebiet }}.\n", "utf-8"
    )
    assert "## Anders\n\nNeu: Landkreis Musterland." in _texte(_baue(muster, laeufe["lage-2024"]))


def test_eigener_text_einer_variante_hat_vorrang(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    eigener = muster.berichte / "lage/2024/texte/land/einleitung.md"
    eigener.parent.mkdir()
    eigener.write_text("## Nur für das Land\n", "utf-8")
    assert "Nur für das Land" in _texte(_baue(muster, laeufe["lage-2024-land"]))
    assert "Nur für das Land" not in _texte(_baue(muster, laeufe["lage-2024"]))


def test_bericht_ohne_notizbuch_sind_seine_texte(muster: Projekt) -> None:
    (auftrag,) = plane(muster).waehle(("satzung",))
    u = baue(muster, auftrag, nur_texte(auftrag), Probezeichner())
    namen = [g.datei.rpartition("/")[2] for g in u.dokument.inhalt if isinstance(g, Fliesstext)]
    assert namen == ["01-anlass.md", "02-folgen.md"] and not u.meldungen.liste
    assert sorted(u.beilagen) == ["nachweis.json"]


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
FEHLER [textdatei-fehlt] berichte/verlangt-fehlenden-text/2024/texte/einleitug.md
  Das Notizbuch verlangt den Text „einleitug“, den es nicht gibt.
  Abhilfe: Meinten Sie „einleitung“?"""
    ]
    doppelt = lauf["lage-2024"]
    assert doppelt.roh is not None
    abbildung = next(z for z in doppelt.roh["cells"] if len(z.get("outputs", [])) == 2)
    doppelt.roh["cells"].append(abbildung)
    assert [str(m) for m in _baue(fehlermuster, doppelt).meldungen][:1] == [
        """\
FEHLER [label-mehrfach] notebooks/lage.ipynb, Feld „fig-verlauf“
  Das Label „fig-verlauf“ ist mehrfach vergeben.
  Ursache: Unter einem Label steht nur eine Abbildung oder Tabelle; Verweise wären mehrdeutig.
  Abhilfe: Geben Sie einer der beiden ein anderes label=…."""
    ]


def test_nicht_zeichenbare_abbildung(muster: Projekt, laeufe: dict[str, Ausgefuehrt]) -> None:
    class Ungeschickt(Probezeichner):
        def zeichne(self, a: Abbildung, bericht: str = "") -> Bild:
            raise ValueError("Unbekannte Marke „linie“.")

    a = laeufe["lage-2024"]
    assert a.roh is not None
    assert [str(m) for m in baue(muster, a.auftrag, a.roh, Ungeschickt()).meldungen] == [
        """\
FEHLER [abbildung-nicht-zeichenbar] notebooks/lage.ipynb, Feld „fig-verlauf“
  Die Abbildung „fig-verlauf“ lässt sich nicht zeichnen.
  Ursache: Unbekannte Marke „linie“.
  Abhilfe: Prüfen Sie die Spezifikation der Abbildung im Notizbuch."""
    ]


def test_nachgerechnet_wird_nur_was_sich_geaendert_hat(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    auftrag = plane(muster).waehle(["lage/2024"])[0]
    gerechnet: list[str] = []
    rechne = Nachrechner._rechne

    def zaehle(self: Nachrechner, bereich: str, kennung: str) -> object:
        gerechnet.append(kennung)
        return rechne(self, bereich, kennung)

    monkeypatch.setattr(Nachrechner, "_rechne", zaehle)

    def wert() -> tuple[float, tuple[str, ...]]:
        nachrechner = Nachrechner(muster, auftrag)
        bindung = nachrechner("einwohner")
        assert bindung is not None and nachrechner("einwohnr") is None
        return bindung.reihe[-1].nachweis.wert, nachrechner.gelesen()

    erster = wert()
    assert wert() == erster and gerechnet == ["einwohner"]
    assert {"daten/dateien/einwohner.csv", "berichte/lage/2024/bericht.yml"} <= {*erster[1]}
    daten, quelle = muster.wurzel / "daten/dateien/einwohner.csv", muster.quellen / "einwohner.yaml"
    vorher = hashlib.sha256(daten.read_bytes()).hexdigest()
    daten.write_text(daten.read_text("utf-8").replace("10007", "10009"), "utf-8")
    nachher = hashlib.sha256(daten.read_bytes()).hexdigest()
    quelle.write_text(quelle.read_text("utf-8").replace(vorher, nachher), "utf-8")
    assert (erster[0], wert()[0]) == (10007, 10009) and len(gerechnet) == 2
