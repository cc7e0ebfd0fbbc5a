"""Tabellen gehen an pandoc vorbei, und niemand merkt es."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.satz.tafelplatz import lagere_aus, setze_ein

TABELLE = '```{=html}\n<table class="bw-tabelle"><tr><td>1</td></tr></table>\n```'


def test_eine_tabelle_wird_ausgelagert_und_kommt_unveraendert_zurueck() -> None:
    kurz, tafeln = lagere_aus(f"Vorher\n\n{TABELLE}\n\nNachher\n")
    assert [t.innen for t in tafeln.values()] == ["<tr><td>1</td></tr>"]
    (platz,) = tafeln
    assert kurz == f"Vorher\n\n{TABELLE.replace('1', platz)}\n\nNachher\n"
    assert setze_ein(kurz, tafeln) == f"Vorher\n\n{TABELLE}\n\nNachher\n"


@pytest.mark.parametrize(
    "innen",
    ["<table>", "</table><table>", "<script>x</script>", '<td onclick="x">', '<td style="x">', "``` "],
)
def test_was_die_pruefung_abweist_bleibt_stehen(innen: str) -> None:
    text = TABELLE.replace("<tr>", f"{innen}<tr>")
    assert lagere_aus(text) == (text, {})


def test_angaben_an_der_tabelle_selbst_weist_die_pruefung_ab() -> None:
    text = TABELLE.replace('class="bw-tabelle"', 'style="x"')
    assert lagere_aus(text) == (text, {})


def test_plaetze_im_text_bleiben_text() -> None:
    text = f"{TABELLE}\n\n<tr><td>bw-tafelplatz-0123456789ab-0</td></tr>\n"
    assert setze_ein(*lagere_aus(text)) == text


@given(st.lists(st.sampled_from([TABELLE, "Absatz", "```\ncode\n```", "<table>", "\n"]), max_size=8))
def test_hin_und_zurueck_aendert_nichts(teile: list[str]) -> None:
    text = "\n\n".join(teile)
    assert setze_ein(*lagere_aus(text)) == text
