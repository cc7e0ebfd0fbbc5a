"""Alter am Stichtag: 34, 41 und 46 Geburtsmonate, Ränder der Monate, fehlende Monate."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.stichtag import (
    GRUPPEN,
    Altersgruppe,
    Einschulung,
    Klassengruppe,
    aus_altersjahren,
    geburtszeitraum,
    gleichverteilt,
    kinder_am_stichtag,
    volle_geburtsmonate,
)
from berichtswerk.grund.zeichen import Status

KINDERGARTEN = Altersgruppe("3 bis Einschulung", 36, None)
FUENF_JE_MONAT = {(j, m): 5.0 for j in range(2010, 2030) for m in range(1, 13)}


@pytest.mark.parametrize(
    ("stichtag", "monate", "kinder"),
    [(date(2025, 8, 1), 34, 170), (date(2026, 3, 1), 41, 205), (date(2026, 7, 31), 46, 230)],
)
def test_geburtsmonate_bei_stichtag_30_september(stichtag: date, monate: int, kinder: int) -> None:
    """Rechenbeispiel zur Unterjährigkeit: Einschulungsstichtag 30.09., fünf Geburten je Monat."""
    assert len(volle_geburtsmonate(*geburtszeitraum(KINDERGARTEN, stichtag))) == monate
    assert kinder_am_stichtag(FUENF_JE_MONAT, KINDERGARTEN, stichtag).zahl == kinder


def test_anderer_einschulungsstichtag_verschiebt_die_gruppe() -> None:
    juni = Einschulung(stichtag=(6, 30))
    zeitraum = geburtszeitraum(KINDERGARTEN, date(2025, 8, 1), juni)
    assert zeitraum == (date(2019, 7, 1), date(2022, 8, 1))
    assert len(volle_geburtsmonate(*zeitraum)) == 37


def test_klasse_eins_umfasst_oktober_bis_september() -> None:
    assert geburtszeitraum(Klassengruppe("1", 1, 1), date(2025, 8, 1)) == (
        date(2018, 10, 1),
        date(2019, 9, 30),
    )
    assert geburtszeitraum(Klassengruppe("1-4", 1, 4), date(2025, 9, 1))[0] == date(2015, 10, 1)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_jedes_kind_bis_zwoelf_ist_in_genau_einer_gruppe(stichtag: date) -> None:
    zeitraeume = sorted(geburtszeitraum(g, stichtag) for g in GRUPPEN)
    for (_, bis), (von, _) in pairwise(zeitraeume):
        assert von == bis + timedelta(days=1)
    assert zeitraeume[-1][1] == stichtag


def test_angebrochene_monate_zaehlen_nur_auf_wunsch() -> None:
    gruppe = Altersgruppe("unter 1", 0, 12)
    tag = date(2025, 6, 15)
    assert kinder_am_stichtag(FUENF_JE_MONAT, gruppe, tag).zahl == 55
    assert kinder_am_stichtag(FUENF_JE_MONAT, gruppe, tag, nur_volle=False).zahl == pytest.approx(60, abs=0.2)


def test_fehlender_monat_gibt_keine_teilsumme() -> None:
    ohne = {m: n for m, n in FUENF_JE_MONAT.items() if m != (2020, 5)}
    ergebnis = kinder_am_stichtag(ohne, KINDERGARTEN, date(2025, 8, 1))
    assert (ergebnis.wert, ergebnis.status) == (None, Status.FEHLT)
    assert ergebnis.hinweis == "Kinder des Geburtsmonats 05/2020 fehlen (1 Monate)"


def test_jahreswerte_werden_auf_monate_verteilt() -> None:
    assert sum(gleichverteilt({2020: 60, 2021: 24}).values()) == pytest.approx(84)
    assert aus_altersjahren([12, 24], 2025)[2024, 7] == 2
