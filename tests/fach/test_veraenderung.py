"""Veränderungen: Betrag, Prozent, Prozentpunkte, Richtung, Brüche dazwischen."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rechnerhilfe import berechne

from berichtswerk.fach.veraenderung import (
    Bruch,
    Masz,
    Richtung,
    Stand,
    Veraenderung,
    gemeinsames_jahr,
    ohne_voraus,
    verlauf,
    voraus_ab,
)  # fmt: skip
from berichtswerk.worte.aussage import Rede, veraenderung_text

ANZAHL = {"art": "anzahl", "faktor": 1, "einheit_kurz": None, "nachkommastellen": 0}


@pytest.fixture
def reihe(bestand: Any, kennzahl: Any) -> Any:
    """Reihe aus zwei Werten (2022, 2023)."""

    def mache(alt: float | None, neu: float | None, brueche: Any = (), **felder: Any) -> Any:
        werte = [{"gebiet": "99001", "zeit": z, "wert": w} for z, w in (("2022", alt), ("2023", neu))]
        bestand.mit("z", werte, brueche=list(brueche))
        return berechne(kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, **felder), bestand)

    return mache


def test_anzahl_in_prozent(reihe: Any) -> None:
    v = reihe(200, 250, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozent) == (50, 25)
    assert v.richtung is Richtung.GESTIEGEN


@pytest.mark.parametrize(("alt", "prozent"), [(99, None), (100, 50.0)])
def test_veraenderungsrate_erst_ab_hundert(reihe: Any, alt: float, prozent: float | None) -> None:
    """Hessisches Statistisches Landesamt: „x“, wenn die Ausgangszahl kleiner als 100 ist."""
    v = reihe(alt, alt * 1.5, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert v.prozent == prozent
    assert v.absolut == alt / 2


def test_bei_quotienten_zaehlt_die_fallzahl_im_zaehler(bestand: Any, kennzahl: Any, weg: Any) -> None:
    zeiten = ("2022", "2023")
    bestand.mit("n", [{"gebiet": "99001", "zeit": z, "wert": 1000} for z in zeiten])
    quotient = kennzahl(weg(), art="quotient", einheit_kurz=None)
    for zaehler, prozent in ((99, None), (100, 20.0)):
        bestand.mit(
            "z",
            [{"gebiet": "99001", "zeit": z, "wert": zaehler * (1 + 0.2 * i)} for i, z in enumerate(zeiten)],
        )
        v = berechne(quotient, bestand).veraenderung("99001", 2022, 2023)
        assert (v.prozent is None) if prozent is None else v.prozent == pytest.approx(prozent)


def test_anteile_aendern_sich_in_prozentpunkten(reihe: Any) -> None:
    v = reihe(0.055, 0.062).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozent) == (0.7, None)  # genau, nicht 0,6999999


def test_saldo_hat_keine_rate(reihe: Any) -> None:
    v = reihe(-872, 300, **{**ANZAHL, "art": "saldo"}).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozent) == (1172, None)


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        (10.0, 10.49, Richtung.KAUM),
        (10.0, 10.5, Richtung.GESTIEGEN),
        (10.0, 9.5, Richtung.GESUNKEN),
        (10.0, 9.51, Richtung.KAUM),
    ],
)
def test_richtung_nach_schwelle(reihe: Any, alt: float, neu: float, erwartet: Richtung) -> None:
    v = reihe(alt, neu, faktor=1, schwelle_kaum=0.5).veraenderung("99001", 2022, 2023)
    assert v.richtung is erwartet


def test_gleich_gezeigte_werte_sind_kaum_veraendert(reihe: Any) -> None:
    klein = {"faktor": 1, "schwelle_kaum": 0.01}
    assert reihe(12.41, 12.44, **klein).veraenderung("99001", 2022, 2023).richtung is Richtung.KAUM
    assert reihe(12.44, 12.46, **klein).veraenderung("99001", 2022, 2023).richtung is Richtung.GESTIEGEN


def test_brueche_dazwischen_werden_genannt(reihe: Any) -> None:
    bruch = [{"jahr": 2023, "grund": "Umstellung"}]
    v = reihe(200, 250, bruch, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert [(b.jahr, b.grund) for b in v.brueche] == [(2023, "Umstellung")]
    assert reihe(200, 250, [{"jahr": 2022, "grund": "früher"}], **ANZAHL).veraenderung(
        "99001", 2022, 2023
    ).brueche == ()  # fmt: skip


def test_ohne_zahl_keine_veraenderung(reihe: Any) -> None:
    r = reihe(None, 250, **ANZAHL)
    assert r.veraenderung("99001", 2022, 2023) is None
    assert r.veraenderung("99001", 2010, 2023) is None


@pytest.mark.parametrize(
    ("masz", "alt", "neu", "erwartet"),
    [
        (Masz("anteil", 1), 90.0, 90.4, Richtung.KAUM),  # Vorgabe: ein halber Prozentpunkt
        (Masz("anteil", 1), 90.0, 90.5, Richtung.GESTIEGEN),
        (Masz("anzahl", 0), 1000, 1019, Richtung.KAUM),  # Vorgabe: 2 %
        (Masz("anzahl", 0), 1000, 1020, Richtung.GESTIEGEN),
        (Masz("anzahl", 0, 10), 1000, 1019, Richtung.GESTIEGEN),  # die eigene Schwelle geht vor
        (Masz("anzahl", 0, 10, zufall=True), 584, 566, Richtung.KAUM),  # 1,96 · √(2 · 584) = 67
        (Masz("anzahl", 0, 10, zufall=True), 768, 584, Richtung.GESUNKEN),
        (Masz("anzahl", 0, zufall=True), 29, 20, Richtung.KAUM),
        (Masz("anzahl", 0, zufall=True), 29, 12, Richtung.GESUNKEN),
        (Masz("anzahl", 0, zufall=True), 40_000, 39_000, Richtung.GESUNKEN),  # große Zahlen: die Vorgabe gilt
        (Masz("anzahl", 0, 50), 2_500_000, 2_500_100, Richtung.KAUM),  # „um 0,0 %“ sagt niemand
    ],
)
def test_eine_schwelle_fuer_alle(masz: Masz, alt: float, neu: float, erwartet: Richtung) -> None:
    assert Veraenderung(Stand(2020, alt), Stand(2021, neu), masz).richtung is erwartet


def test_voraus_ist_ein_unterschied_von_eins_kaum_etwas() -> None:
    """30 auf 31 Klassen in zehn Jahren ist kein Anstieg; gezählt sind es 3 Prozent."""
    masz, alt = Masz("anzahl", 0, zufall=False), Stand(2024, 30)
    assert Veraenderung(alt, Stand(2030, 31, prognose=True), masz).richtung is Richtung.KAUM
    assert Veraenderung(alt, Stand(2030, 31), masz).richtung is Richtung.GESTIEGEN
    assert Veraenderung(alt, Stand(2030, 32, prognose=True), masz).richtung is Richtung.GESTIEGEN


def _reihe(*paare: tuple[int, float]) -> list[Stand]:
    return [Stand(j, w) for j, w in paare]


def _jahre(v: Any) -> list[tuple[int, int]]:
    return [(s.alt.jahr, s.neu.jahr) for s in v.schritte]


def test_eine_wende_teilt_den_verlauf() -> None:
    v = verlauf(_reihe((2010, 10), (2015, 20), (2020, 12)), Masz("anteil", 1))
    assert v is not None and _jahre(v) == [(2010, 2015), (2015, 2020)]
    assert [s.richtung for s in v.schritte] == [Richtung.GESTIEGEN, Richtung.GESUNKEN]


def test_erzaehlt_wird_ab_dem_letzten_jahr_in_dem_es_etwas_noch_nicht_gab() -> None:
    """„stieg von 0,0 (2010) auf 11,3“, wo bis 2014 niemand studierte."""
    v = verlauf(_reihe((2010, 0), (2013, 0), (2014, 0), (2015, 4), (2021, 11.3)), Masz("anteil", 1))
    assert v is not None and _jahre(v) == [(2014, 2021)]
    nichts = verlauf(_reihe((2010, 0), (2014, 0)), Masz("anteil", 1))
    assert nichts is not None and _jahre(nichts) == [(2010, 2014)]


def test_kleines_zittern_ist_keine_wende() -> None:
    v = verlauf(_reihe((2010, 10), (2011, 14), (2012, 13), (2013, 20)), Masz("anteil", 1))
    assert v is not None and _jahre(v) == [(2010, 2013)]


def test_am_ende_zaehlt_schon_eine_kleine_umkehr() -> None:
    """3 168 auf 3 594 ist wenig gegen den Rückgang davor, aber es ist die jüngste Nachricht."""
    v = verlauf(_reihe((2003, 12404), (2022, 3168), (2025, 3594)), Masz("anzahl", 0, 30))
    assert v is not None and v.letzter is not None
    assert (v.letzter.alt.jahr, v.letzter.richtung) == (2022, Richtung.GESTIEGEN)


def test_nie_ueber_einen_bruch() -> None:
    v = verlauf(_reihe((2010, 10), (2015, 20), (2020, 12)), Masz("anteil", 1), [Bruch(2015, "neu gezählt")])
    assert v is not None and v.bruch is not None
    assert _jahre(v) == [(2015, 2020)] and v.bruch.jahr == 2015
    allein = verlauf(_reihe((2010, 10), (2020, 12)), Masz("anteil", 1), [Bruch(2015, "neu gezählt")])
    assert allein is not None and allein.schritte == ()


def test_viele_wenden_sind_schwankung_oder_trend() -> None:
    zick = _reihe(*((2000 + i, w) for i, w in enumerate((13, 20, 10, 19, 12, 15))))
    v = verlauf(zick, Masz("anteil", 1))
    assert v is not None and v.schwankt and v.tief is not None and v.hoch is not None
    assert (v.tief.jahr, v.hoch.jahr, _jahre(v)) == (2002, 2001, [(2004, 2005)])
    steigend = _reihe(*((2000 + i, w) for i, w in enumerate((10, 16, 12, 20, 15, 25))))
    v = verlauf(steigend, Masz("anteil", 1))
    assert v is not None and not v.schwankt and v.schritte[0].trotz_schwankung
    assert _jahre(v) == [(2000, 2005)]


def test_vorausgerechnetes_beginnt_beim_letzten_ist_wert() -> None:
    v = verlauf([*_reihe((2020, 100), (2024, 120)), Stand(2030, 90, True)], Masz("anzahl", 0))
    assert v is not None and _jahre(v) == [(2020, 2024)]
    assert [(s.alt.jahr, s.neu.jahr, s.voraus) for s in v.voraus] == [(2024, 2030, True)]


@given(
    st.lists(st.floats(0, 1000), min_size=2, max_size=25),
    st.sampled_from(["anteil", "anzahl", "quotient"]),
    st.integers(0, 2),
)
def test_schritte_haengen_aneinander_und_enden_am_letzten_wert(
    werte: list[float], art: str, stellen: int
) -> None:
    staende = _reihe(*((2000 + i, w) for i, w in enumerate(werte)))
    v = verlauf(staende, Masz(art, stellen))
    assert v is not None and v.schritte and v.schritte[-1].neu == staende[-1]
    for a, b in itertools.pairwise(v.schritte):
        assert a.neu == b.alt
    if not v.schwankt and not v.schritte[0].trotz_schwankung:
        assert len(v.schritte) <= 3


# --- Welche Jahre -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jahre", "mindestens", "notfalls", "erwartet"),
    [
        ([2021, 2023, 2021, 2022, 2023], 2, False, 2023),  # das jüngste, das beide haben
        ([2023, 2021, 2022], 2, False, None),
        ([2023, 2021, 2022, 2021], 3, True, 2021),  # keines haben alle drei: das der meisten
        ([2023, 2022], 2, True, 2023),
        ([], 0, True, None),
    ],
)
def test_verglichen_wird_im_juengsten_gemeinsamen_jahr(
    jahre: list[int], mindestens: int, notfalls: bool, erwartet: int | None
) -> None:
    assert gemeinsames_jahr(jahre, mindestens, notfalls=notfalls) == erwartet


def test_vorausgerechnetes_zaehlt_nur_wenn_es_nichts_anderes_gibt() -> None:
    ist, voraus = Stand(2023, 1.0), Stand(2030, 2.0, True)
    assert ohne_voraus([ist, voraus]) == [ist] and ohne_voraus([voraus]) == [voraus]
    assert voraus_ab([ist, voraus, Stand(2027, 2.0, True)]) == 2027 and voraus_ab([ist]) is None


@pytest.mark.parametrize(
    ("masz", "alt", "neu", "erwartet"),
    [
        (Masz("anzahl", 0), 30, 31, Richtung.KAUM),  # 1,96 · √30 = 10,7: nur eine der Zahlen schwankt
        (Masz("anzahl", 0), 30, 40, Richtung.KAUM),
        (Masz("anzahl", 0), 30, 41, Richtung.GESTIEGEN),
        (Masz("anzahl", 0, 20), 804, 760, Richtung.KAUM),  # 55,6, trotz der eigenen Schwelle 20
        (Masz("anzahl", 0, 20), 804, 740, Richtung.GESUNKEN),
        (Masz("anzahl", 0), 0, 1, Richtung.KAUM),
        (Masz("anzahl", 0), 99_000, 97_000, Richtung.GESUNKEN),  # große Zahlen: die Vorgabe gilt
        (Masz("anzahl", 0, zufall=True), 584, 530, Richtung.GESUNKEN),  # gemessen gegen Erwartung: 47
        (Masz("anzahl", 0, zufall=False), 30, 32, Richtung.GESTIEGEN),  # Klassen sind nicht gezählt
        (Masz("anteil", 1), 30.0, 31.0, Richtung.GESTIEGEN),
    ],
)
def test_vorausgerechnetes_steigt_oder_sinkt_erst_ueber_den_zufall_hinaus(
    masz: Masz, alt: float, neu: float, erwartet: Richtung
) -> None:
    kommt = Veraenderung.zwischen(Stand(2024, alt), Stand(2030, neu, prognose=True), masz)
    assert kommt.richtung is erwartet
    assert kommt.im_zufall is (erwartet is Richtung.KAUM)
    v = verlauf([Stand(2024, alt), Stand(2030, neu, prognose=True)], masz)
    assert v is not None and [s.richtung for s in v.voraus] == [erwartet]


def test_was_auch_ohne_zufall_kaum_hiesse_heisst_so() -> None:
    kommt = Veraenderung(Stand(2024, 500), Stand(2030, 505, prognose=True), Masz("anzahl", 0))
    assert (kommt.richtung, kommt.im_zufall) == (Richtung.KAUM, False)
    rede = Rede("die Zahl der Kinder", "sie")
    fern = Veraenderung(Stand(2024, 30), Stand(2030, 38, prognose=True), Masz("anzahl", 0))
    assert veraenderung_text(fern, rede) == "kaum verändert"
    assert veraenderung_text(kommt, rede) == "kaum verändert"


def test_zufall_erzaehlt_keine_wenden() -> None:
    zick = [*_reihe((2019, 44), (2020, 31), (2021, 47), (2022, 38), (2023, 29)), Stand(2030, 24, True)]
    v = verlauf(zick, Masz("anzahl", 0, zufall=True))
    assert v is not None and not v.schwankt
    assert [(s.alt.jahr, s.neu.jahr, s.richtung) for s in v.schritte] == [(2019, 2023, Richtung.KAUM)]
    assert [(s.neu.jahr, s.richtung) for s in v.voraus] == [(2030, Richtung.KAUM)]
