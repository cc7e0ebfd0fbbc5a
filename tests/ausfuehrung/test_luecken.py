"""Kapitel ohne Daten entfallen samt Überschrift und werden genannt; Verweise darauf werden Text."""

from __future__ import annotations

from typing import Any

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import (
    Luecke,
    Stueck,
    Uebergabe,
    als_liste,
    baue,
    ohne_verweise,
    raeume_auf,
)
from berichtswerk.gegenstand.gegenstaende import (
    MIME,
    Fehlt,
    Fliesstext,
    Luecken,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.projekt import Projekt


def fehlt(label: str, grund: str = "Keine Daten.") -> Stueck:
    return Stueck(Fehlt(label=label, grund=grund))


def text(markdown: str) -> Stueck:
    return Stueck(Fliesstext(markdown=markdown))


def markdown(stueck: Stueck) -> str:
    return stueck.gegenstand.markdown if isinstance(stueck.gegenstand, Fliesstext) else ""


def test_abschnitt_ohne_gezeigtes_entfaellt_mit_unterabschnitten() -> None:
    stuecke = [
        text("## Lage\n\nText, siehe @fig-weg und [@fig-da; @tbl-weg], (vgl. @sec-pflege)."),
        fehlt("fig-da"),
        Stueck(Verzeichnisse()),
        text("## Pflege {#sec-pflege}\n\nEinleitung."),
        Stueck(Ueberschrift(text="Heime", ebene=3)),
        fehlt("fig-weg", "Keine Heime."),
        fehlt("tbl-weg", "Keine Heime."),
        text("### Dienste\n\nText.\n\n## Schluss\n\nEnde."),
    ]
    luecken = raeume_auf(stuecke)
    assert [(lu.titel, lu.gruende, lu.entfaellt) for lu in luecken] == [
        ("Lage", ("Keine Daten.",), False),
        ("Pflege", ("Keine Heime.",), True),
    ]
    assert markdown(stuecke[0]) == (
        "## Lage\n\nText, siehe (Abbildung entfällt) und (Abbildung entfällt), (Abschnitt entfällt)."
    )
    assert [s.gegenstand for s in stuecke[3:7]] == [None] * 4
    assert markdown(stuecke[7]) == "## Schluss\n\nEnde."


def test_ueberschrift_in_rahmen_und_quelltext_beginnt_kein_kapitel() -> None:
    lage = "## Lage\n\n::: {.callout-tip}\n## Tipp\n:::\n\n```\n# kein Kapitel\n```"
    stuecke = [text(lage), fehlt("fig-x"), text("## Ende")]
    assert [(lu.titel, lu.entfaellt) for lu in raeume_auf(stuecke)] == [("Lage", True)]
    assert [markdown(s) for s in stuecke] == ["", "", "## Ende"]


@pytest.mark.parametrize(
    ("verweis", "erwartet"),
    [
        ("Siehe @fig-a.", "Siehe (Abbildung entfällt)."),
        ("Hoch (siehe @tbl-a).", "Hoch (Tabelle entfällt)."),
        ("[-@fig-a]", "(Abbildung entfällt)"),
        ("[@fig-b; @fig-a]", "[@fig-b]"),
        ("@fig-ab, [@fig-b] und a@fig-a.de", "@fig-ab, [@fig-b] und a@fig-a.de"),
        (r"\@fig-a", r"\@fig-a"),
    ],
)
def test_verweise_auf_fehlendes_werden_text(verweis: str, erwartet: str) -> None:
    assert ohne_verweise(verweis, {"fig-a", "tbl-a"}) == erwartet


class Ungefragt:
    """Hier wird nichts gezeichnet."""

    def seite(self, spec: dict[str, Any], label: str) -> str:
        raise AssertionError

    def druck(self, spec: dict[str, Any]) -> bytes:
        raise AssertionError

    datei = spezifikation = druck


def _baue(muster: Projekt, *zellen: Any) -> Uebergabe:
    """Übergabe aus Markdown-Texten und Listen von Gegenständen."""
    nb = []
    for i, z in enumerate(zellen):
        if isinstance(z, str):
            nb.append({"cell_type": "markdown", "id": f"m{i}", "metadata": {}, "source": z})
            continue
        ausgaben = [{"output_type": "display_data", "metadata": {}, "data": {MIME: g}} for g in z]
        zelle = {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": "b", "outputs": ausgaben}
        nb.append({**zelle, "execution_count": 1})
    auftrag = plane(muster).waehle(("lage",))[0]
    roh = {"cells": nb, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return baue(muster, auftrag, roh, Ungefragt())


NOTIZEN = {"art": "notizfeld", "titel": "Notizen", "fragen": ["Was fehlt?"]}
FEHLT = {"art": "fehlt", "label": "fig-pflege", "grund": "Zu „Pflege“ liegen keine Daten vor."}


def test_liste_der_luecken_nennt_abschnitt_und_grund(muster: Projekt) -> None:
    u = _baue(
        muster, "## Alter\n\nSiehe @fig-pflege.", [NOTIZEN], "## Pflege\n\nText.",
        [FEHLT], "## Methodik", [{"art": "luecken"}],
    )  # fmt: skip
    inhalt = u.dokument.inhalt
    assert [g.markdown for g in inhalt if isinstance(g, Fliesstext)] == [
        "## Alter\n\nSiehe (Abbildung entfällt).", "## Methodik",
    ]  # fmt: skip
    assert [g.eintraege for g in inhalt if isinstance(g, Luecken)] == [
        (("Pflege", "Zu „Pflege“ liegen keine Daten vor."),)
    ]


@pytest.mark.parametrize("liste", [True, False])
def test_fehlendes_steht_in_der_liste_der_luecken_sonst_als_kasten(muster: Projekt, liste: bool) -> None:
    grund = "Zu „Heime“ liegen keine Daten vor."
    kasten = FEHLT | {"label": "fig-heime", "grund": grund}
    ende: list[Any] = ["## Methodik", [{"art": "luecken"}]] if liste else []
    u = _baue(muster, "## Pflege\n\nText.", [NOTIZEN], [kasten], *ende)
    kaesten = [g.grund for g in u.dokument.inhalt if isinstance(g, Fehlt)]
    genannt = [g.eintraege for g in u.dokument.inhalt if isinstance(g, Luecken)]
    assert kaesten == ([] if liste else [grund])
    assert genannt == [(("Pflege", grund),)] * liste


def test_ein_kapitel_fehlt_nie_still(muster: Projekt) -> None:
    u = _baue(muster, "## Pflege", [FEHLT], "## Methodik", [{"art": "luecken"}])
    assert [str(m) for m in u.meldungen] == [
        """\
WARNUNG [kapitel-entfaellt] berichte/lage/2024/bericht.yml
  Das Kapitel „Pflege“ fehlt in diesem Bericht, weil zu allem darin Daten fehlen.
  Ursache: Zu „Pflege“ liegen keine Daten vor.
  Abhilfe: Ergänzen Sie die Daten, oder prüfen Sie „bis“ in bericht.yml: so weit reicht die Ausgabe."""
    ]


def test_viele_fehlende_kapitel_sind_eine_meldung(muster: Projekt) -> None:
    """Wo noch kaum Daten geliefert sind, stünden sonst hundert Meldungen da."""
    kapitel = [z for n in range(4) for z in (f"## Teil {n}", [FEHLT | {"label": f"fig-{n}"}])]
    u = _baue(muster, *kapitel, "## Methodik", [{"art": "luecken"}])
    assert [str(m) for m in u.meldungen] == [
        """\
WARNUNG [kapitel-entfaellt] berichte/lage/2024/bericht.yml
  4 Kapitel fehlen in diesem Bericht, weil zu allem darin Daten fehlen: \
„Teil 0“, „Teil 1“, „Teil 2“, „Teil 3“.
  Abhilfe: Ergänzen Sie die Daten, oder prüfen Sie „bis“ in bericht.yml: so weit reicht die Ausgabe."""
    ]
    assert [m.text for m in _baue(muster, *(z.replace("## ", "### ") if isinstance(z, str) else z
                                            for z in kapitel)).meldungen] == [
        "4 Abschnitte entfallen, weil zu allem darin Daten fehlen: „Teil 0“, „Teil 1“, „Teil 2“, „Teil 3“."
    ]  # fmt: skip


def test_ein_leeres_verzeichnis_steht_nicht_da(muster: Projekt) -> None:
    u = _baue(muster, "## Lage\n\nText.", "## Verzeichnisse", [{"art": "verzeichnisse"}], "## Lücken",
              [{"art": "luecken"}])  # fmt: skip
    assert [m.kennung for m in u.meldungen] == []
    assert [g.markdown for g in u.dokument.inhalt if isinstance(g, Fliesstext)] == [
        "## Lage\n\nText.", "## Lücken",
    ]  # fmt: skip
    grund = "Abbildungen und Tabellen zeigt dieser Bericht noch nicht."
    assert [g.eintraege for g in u.dokument.inhalt if isinstance(g, Luecken)] == [(("Verzeichnisse", grund),)]


def test_eine_ueberschrift_ohne_alles_faellt_auf(muster: Projekt) -> None:
    """Ein Kapitel, dessen Abbildung hinter „if b.hat(…)“ ausblieb, stünde leer im Bericht."""
    text = muster.berichte / "lage/2024/texte/ort.md"
    text.write_text("## Ort\n\n### Nord\n\n<!-- folgt -->\n\n### Süd\n", "utf-8")
    u = _baue(
        muster, "## Lage\n\n### Heute\n\nText.", [{"art": "text", "name": "ort"}], "## Heime",
        "## Methodik", "### Quellen", [NOTIZEN], [{"art": "ueberschrift", "text": "Ende"}],
    )  # fmt: skip
    assert [(m.datei, m.ort, m.text) for m in u.meldungen] == [
        ("berichte/lage/2024/texte/ort.md", "Zeile 1", "Unter der Überschrift „Ort“ steht nichts."),
        ("notebooks/lage.ipynb", "Zelle 3", "Unter der Überschrift „Heime“ steht nichts."),
        ("berichte/lage/2024/bericht.yml", "", "Unter der Überschrift „Ende“ steht nichts."),
    ]
    assert (
        str(u.meldungen.liste[1])
        == """\
WARNUNG [kapitel-leer] notebooks/lage.ipynb, Zelle 3
  Unter der Überschrift „Heime“ steht nichts.
  Ursache: Kein Text, keine Abbildung und keine Tabelle folgt, bevor die nächste Überschrift beginnt.
  Abhilfe: Ergänzen Sie, was dort stehen soll, oder löschen Sie die Überschrift. Steht im Notizbuch b.… \
unter if: b.fehlt(…) nennt im Bericht, was fehlt."""
    )


def test_ohne_platz_fuer_luecken_sagt_es_ein_hinweis(muster: Projekt) -> None:
    u = _baue(muster, "### Pflege", [FEHLT])
    assert [str(m) for m in u.meldungen] == [
        """\
HINWEIS [kapitel-entfaellt] berichte/lage/2024/bericht.yml
  Der Abschnitt „Pflege“ entfällt, weil zu allem darin Daten fehlen.
  Ursache: Zu „Pflege“ liegen keine Daten vor.
  Abhilfe: Mit b.verzeichnis(„luecken“) nennt der Bericht selbst, was er nicht zeigt."""
    ]
    assert [g.eintraege for g in u.dokument.inhalt if isinstance(g, Luecken)] == [
        (("Pflege", "Zu „Pflege“ liegen keine Daten vor."),)
    ]  # sonst stünde auf der Seite gar nichts


def test_wo_nichts_fehlt_sondern_nichts_zu_zeigen_ist_wird_nichts_gemeldet(muster: Projekt) -> None:
    erste = FEHLT | {"grund": "Es gibt keine frühere Ausgabe dieses Berichts.", "mangel": False}
    u = _baue(muster, "## Neues", [erste], "## Methodik", [{"art": "luecken"}])
    assert [str(m) for m in u.meldungen] == []
    gemischt = _baue(muster, "## Neues", [erste, FEHLT | {"label": "fig-b"}], "## Methodik\n\nText.")
    assert [m.kennung for m in gemischt.meldungen] == ["kapitel-entfaellt"]


def test_derselbe_grund_steht_im_verzeichnis_der_luecken_einmal() -> None:
    """Vier Abbildungen ohne Daten sind ein Satz mit vier Namen, nicht viermal derselbe."""
    grund = "Zu „{}“ liegen im Land bis 2025 keine Daten nach Kommunen vor."
    luecken = [
        Luecke("Vergleich", (grund.format("A"), grund.format("B (SGB II)"), "Sonst nichts."), True),
        Luecke("Lage", (grund.format("C"),), False),
        Luecke("Vergleich", (grund.format("A"), grund.format("D"), "Zu „A“ liegen keine Daten vor."), False),
    ]
    assert als_liste(luecken) == [
        (
            "Vergleich",
            grund.replace("„{}“", "„A“, „B (SGB II)“ und „D“") + " Sonst nichts.",
        ),
        ("Lage", grund.format("C")),
    ]


def test_was_in_vielen_abschnitten_aus_demselben_grund_fehlt_steht_einmal_da() -> None:
    """Vorher eine ganze Seite „… liegen im Land … bis 2026 keine Daten vor“."""
    luecken = [Luecke(t, (f"Zu „{n}“ liegen hier keine Daten vor.",), True) for t, n in ("Aa", "Bb", "Cc")]
    nach = "liegen hier keine Daten nach Kommunen vor."
    luecken += [Luecke(t, (f"Zu „{n}“ {nach}",), True) for t, n in ("Aa", "Bx", "Cy")]
    luecken.append(Luecke("D", ("Schwellen sind nicht gesetzt.",), False))
    assert als_liste(luecken) == [
        ("", "Zu „a“, „b“ und „c“ liegen hier keine Daten vor."),
        ("", f"Zu „x“ und „y“ {nach}"),
        ("D", "Schwellen sind nicht gesetzt."),
    ]
