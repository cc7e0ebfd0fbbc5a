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
