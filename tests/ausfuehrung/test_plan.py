"""Der Plan: alle Ausgaben und Varianten, eindeutige Namen, verständliche Absagen."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt


def _lege_an(projekt: Projekt, ordner: str, *zeilen: str) -> Path:
    pfad = projekt.berichte / ordner / "bericht.yml"
    pfad.parent.mkdir(parents=True, exist_ok=True)
    grund = ["titel: Probe", "herausgeber: Landkreis", "stand: 2025-07-01"]
    pfad.write_text("\n".join([*grund, *zeilen]) + "\n", "utf-8")
    return pfad


def test_je_ausgabe_und_variante_ein_auftrag_mit_eigenem_namen(muster: Projekt) -> None:
    plan = plane(muster)
    assert [(a.stamm, a.parameter, a.untertitel) for a in plan.auftraege] == [
        ("lage-2024", {"gebiet": "99068"}, "Landkreis Musterland"),
        ("lage-2024-land", {"gebiet": "99"}, "Land Musterstaat"),
        ("satzung-2024", {}, ""),
    ]
    assert [a.ziel for a in plan.auftraege][1] == "berichte/lage/2024/lage-2024-land"
    assert plan.auftraege[2].notizbuch is None, "ohne Notizbuch entsteht ein Bericht nur aus Texten"
    assert not len(plan.meldungen)


@pytest.mark.parametrize(
    ("namen", "staemme"),
    [
        ([], ["lage-2024", "lage-2024-land", "satzung-2024"]),
        (["lage"], ["lage-2024", "lage-2024-land"]),
        (["lage/2024"], ["lage-2024", "lage-2024-land"]),
        (["berichte/lage/2024/"], ["lage-2024", "lage-2024-land"]),
        (["berichte\\lage\\2024"], ["lage-2024", "lage-2024-land"]),
        (["lage-2024-land", "satzung"], ["lage-2024-land", "satzung-2024"]),
    ],
)
def test_auswahl_nach_bericht_ausgabe_oder_stamm(
    muster: Projekt, namen: list[str], staemme: list[str]
) -> None:
    assert [a.stamm for a in plane(muster).waehle(namen)] == staemme


def test_unbekannter_name_nennt_die_aehnlichsten(muster: Projekt) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        plane(muster).waehle(["lge/2024", "satzun", "wetter"])
    assert (
        str(fehler.value)
        == """\
FEHLER [bericht-unbekannt] Feld „lge/2024“
  Den Bericht „lge/2024“ gibt es nicht.
  Abhilfe: Meinten Sie „lage/2024“, „lage-2024-land“, „satzung/2024“?

FEHLER [bericht-unbekannt] Feld „satzun“
  Den Bericht „satzun“ gibt es nicht.
  Abhilfe: Meinten Sie „satzung“, „satzung/2024“?

FEHLER [bericht-unbekannt] Feld „wetter“
  Den Bericht „wetter“ gibt es nicht.
  Abhilfe: Vorhanden sind: „lage“, „lage-2024-land“, „lage/2024“, „satzung“, „satzung/2024“."""
    )


def test_gleicher_dateiname_aus_verschiedenen_ordnern_ist_ein_fehler(muster: Projekt) -> None:
    _lege_an(muster, "kita/2024", "notizbuch: lage", "varianten: [{name: nord}]")
    _lege_an(muster, "kita-2024/nord", "notizbuch: lage")
    plan = plane(muster)
    assert [str(m) for m in plan.meldungen] == [
        """\
FEHLER [stamm-doppelt] berichte/kita/2024/bericht.yml, berichte/kita-2024/nord/bericht.yml, \
Feld „kita-2024-nord“
  Mehrere Berichte würden unter demselben Namen „kita-2024-nord“ veröffentlicht.
  Ursache: Bericht, Ausgabe und Variante ergeben zusammengesetzt denselben Dateinamen.
  Abhilfe: Benennen Sie einen der Ordner oder eine der Varianten um."""
    ]
    assert "kita-2024-nord" not in [a.stamm for a in plan.auftraege]
    assert "kita-2024" in [a.stamm for a in plan.auftraege], "das Eindeutige bleibt im Plan"


def test_fuer_macht_aus_einer_ausgabe_alle_gebiete_und_keines_ist_das_eigentliche(muster: Projekt) -> None:
    with (muster.daten / "gebiete.yaml").open("a", encoding="utf-8") as datei:
        datei.write(
            "  - {schluessel: P1, name: Planungsgebiet Nord, ebene: planungsgebiet, teil_von: '99068'}\n"
            "  - {schluessel: '990680002', name: Seestadt, ebene: einheit, teil_von: P1}\n"
            "  - {schluessel: '990680001', name: Amt Auen (See), name_kurz: Amt Auen, ebene: einheit,"
            " art: Amt, teil_von: P1}\n"
        )
    angaben = ("notizbuch: lage", 'titel_je_gebiet: "Steckbrief {gebiet}"')
    _lege_an(muster, "orte/2024", *angaben, "fuer: kommunen")
    _lege_an(muster, "gebiete/2024", "notizbuch: lage", "fuer: planungsgebiete", "uebersicht: lage")
    plan = plane(muster)
    assert not len(plan.meldungen)
    orte = plan.waehle(["orte"])
    assert [(a.stamm, a.parameter["gebiet"], a.titel) for a in orte] == [
        ("orte-2024-seestadt", "990680002", "Steckbrief Seestadt"),
        ("orte-2024-amt-auen", "990680001", "Steckbrief Amt Auen (See)"),
    ], "in der Reihenfolge des Verzeichnisses"
    assert {a.untertitel for a in orte} == {"Probe"}, "unter dem Ort steht, wozu er gehört"
    uebersicht, gebiet = plan.waehle(["gebiete"])
    assert (uebersicht.stamm, uebersicht.titel) == ("gebiete-2024", "Probe"), "die Seite über alle zusammen"
    assert gebiet.titel == "Probe: Planungsgebiet Nord"


def test_fuer_ohne_gebiete_sagt_wo_sie_fehlen(muster: Projekt) -> None:
    _lege_an(muster, "orte/2024", "notizbuch: lage", "fuer: kommunen")
    assert [str(m) for m in plane(muster).meldungen] == [
        """\
FEHLER [fuer-leer] berichte/orte/2024/bericht.yml, Feld „fuer“
  „fuer: kommunen“ trifft kein Gebiet.
  Ursache: In daten/gebiete.yaml hat „Landkreis Musterland“ kein solches.
  Abhilfe: Ergänzen Sie die Gebiete dort oder nennen Sie bei „fuer“ eine andere Ebene."""
    ]


def test_uebersicht_nennt_ein_notizbuch_das_es_gibt(muster: Projekt) -> None:
    gebiete = muster.daten / "gebiete.yaml"
    ort = "  - {schluessel: '990680002', name: Seestadt, ebene: einheit, teil_von: '99068'}\n"
    gebiete.write_text(gebiete.read_text("utf-8") + ort, "utf-8")
    _lege_an(muster, "orte/2024", "notizbuch: lage", "fuer: kommunen", "uebersicht: lge")
    assert [str(m) for m in plane(muster).meldungen] == [
        """\
FEHLER [notizbuch-fehlt] berichte/orte/2024/bericht.yml, Feld „uebersicht“
  Das Notizbuch „lge“ gibt es nicht.
  Abhilfe: Meinten Sie „lage“?"""
    ]


def test_fehlerhafte_beschreibungen_halten_die_uebrigen_nicht_auf(muster: Projekt) -> None:
    _lege_an(muster, "Pflege Bericht/2024", "notizbuch: lage")
    _lege_an(muster, "pflege/2024", "notizbuch: lagge")
    _lege_an(muster, "kita/2024", "farbe: rot")
    plan = plane(muster)
    assert len(plan.auftraege) == 3
    assert "berichte/kita/2024/bericht.yml" in [m.datei for m in plan.meldungen]
    assert [str(m) for m in plan.meldungen if "kita" not in m.datei] == [
        """\
FEHLER [ordnername-ungueltig] berichte/Pflege Bericht/2024/bericht.yml
  Der Ordnername „Pflege Bericht“ kann nicht Teil einer Webadresse sein.
  Ursache: Erlaubt sind Kleinbuchstaben a bis z, Ziffern und Bindestriche; con, aux und nul sind Geräte.
  Abhilfe: Benennen Sie den Ordner um, zum Beispiel in „pflegebericht“ oder „2024“.""",
        """\
FEHLER [notizbuch-fehlt] berichte/pflege/2024/bericht.yml, Feld „notizbuch“
  Das Notizbuch „lagge“ gibt es nicht.
  Abhilfe: Meinten Sie „lage“?""",
    ]
