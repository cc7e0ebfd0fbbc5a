"""Gezählt und aufgelöst wird vor dem Schreiben: Nummern, Gliederung, Verweise, Einbindungen."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manuskripthilfe import KOPF, Werk, abbildung, tabelle

from berichtswerk.gegenstand.gegenstaende import Gegenstand, Ueberschrift, Verzeichnisse
from berichtswerk.satz.manuskript import Gliederungspunkt, verzeichnisse
from berichtswerk.satz.prosa import Prosa


def flach(punkte: tuple[Gliederungspunkt, ...]) -> list[tuple[str, str]]:
    return [(p.nummer, p.titel) for punkt in punkte for p in (punkt, *_alle(punkt))]


def _alle(punkt: Gliederungspunkt) -> list[Gliederungspunkt]:
    return [p for kind in punkt.kinder for p in (kind, *_alle(kind))]


def test_kapitel_gezaehlt_und_verschachtelt(werk: Werk) -> None:
    m = werk.manuskript(
        "## Lage {#sec-lage}\n\n### *Alter* im `Kreis`\n",
        Ueberschrift(text="Pflege", ebene=3),
        Ueberschrift(text="Dank", gezaehlt=False),
        "### Unter Dank\n\n## Ende\n",
    )
    assert flach(m.gliederung) == [
        ("1", "Lage"), ("1.1", "Alter im Kreis"), ("1.2", "Pflege"), ("", "Dank"),
        ("1.3", "Unter Dank"), ("2", "Ende"),
    ]  # fmt: skip
    assert [p.titel for p in m.gliederung] == ["Lage", "Dank", "Ende"]
    assert m.marken["sec-lage"].name == "Kapitel\u00a01" and m.marken["dank"].name == "„Dank“"


def test_kapitel_mit_einer_raute_ergeben_dasselbe(werk: Werk) -> None:
    eine = werk.manuskript("# Lage\n\n## Alter\n").gliederung
    assert eine == werk.manuskript("## Lage\n\n### Alter\n").gliederung


def test_seiten_der_website_zaehlen_nicht(werk: Werk) -> None:
    werk.kopf = KOPF.model_copy(update={"gezaehlt": False})
    assert flach(werk.manuskript("## A\n\n### B\n").gliederung) == [("", "A"), ("", "B")]


def test_gleiche_ueberschriften_bekommen_verschiedene_kennungen(werk: Werk) -> None:
    m = werk.manuskript("## Lage\n", Ueberschrift(text="Lage"), "## Lage\n")
    assert [p.marke for p in m.gliederung] == ["lage", "lage-1", "lage-2"]


def test_ueberschriften_in_kaesten_zaehlen_nicht(werk: Werk) -> None:
    m = werk.manuskript("## A\n\n::: {.callout-note}\n#### Titel\nText\n:::\n\n- # kein Kapitel\n")
    assert flach(m.gliederung) == [("1", "A")]


def test_verzeichnisse_nennen_auch_was_in_texten_steht(werk: Werk) -> None:
    text = "## A\n\n| a |\n|---|\n| 1 |\n\n: Aus dem *Text* {#tbl-t}\n"
    m = werk.manuskript(text, Verzeichnisse(), tabelle("tbl-n"), abbildung("fig-n"))
    assert verzeichnisse(m) == [
        ("Abbildungen", [("fig-n", "Geburten im Kreis, 2005–2023 (Anzahl)")]),
        ("Tabellen", [("tbl-t", "Aus dem Text"), ("tbl-n", "Einwohner der Gemeinden, 2023")]),
    ]


def test_verzeichnisse_wiederholen_nicht_den_ort_des_berichts(werk: Werk) -> None:
    """Fünfzehnmal „im Landkreis Muster-Au, im Land Seeland und in Deutschland“ liest niemand."""
    werk.kopf = KOPF.model_copy(update={"gebiet_name": "Landkreis Muster-Au"})
    ort = "im Landkreis Muster-Au"
    unterschriften = {
        f"Quote {ort}, im Land Seeland und in Deutschland, 2005–2023 (in %)": "Quote, 2005–2023 (in %)",
        f"Quote {ort} und in Deutschland, 2021": "Quote, 2021",
        f"Rückblick {ort}: Fehler (in %)": "Rückblick: Fehler (in %)",
        f"Die Kommunen {ort}": "Die Kommunen",
        "Kinder in Muster, 2023": "Kinder in Muster, 2023",
        f"Schulen {ort}-Süd": f"Schulen {ort}-Süd",
    }
    bilder = [
        abbildung(f"fig-{n}").model_copy(update={"unterschrift": u}) for n, u in enumerate(unterschriften)
    ]
    ((_, eintraege),) = verzeichnisse(werk.manuskript(*bilder))
    assert [text for _, text in eintraege] == [*unterschriften.values()]


def test_einbinden_ohne_kopf_und_mit_richtigem_ort(werk: Werk) -> None:
    teil = werk.ordner / "texte" / "teil.md"
    teil.write_text("---\ntitle: T\n---\n\nAus dem Teil, siehe @fig-weg.\n", encoding="utf-8")
    (befund,) = werk.befunde("## A\n\n{{< include teil.md >}}\n")
    assert (befund.datei, befund.ort) == ("berichte/pruef/texte/teil.md", "Zeile 5")
    teil.write_text("---\ntitle: T\n---\n\nAus dem Teil.\n", encoding="utf-8")
    m = werk.manuskript("## A\n\n{{< include teil.md >}}\n")
    assert [k["t"] for t in m.einzeln() if isinstance(t, Prosa) for k in t.bloecke] == ["Kopf", "Para"]


def test_einbinden_im_kreis_und_ueber_die_grenze(werk: Werk, tmp_path: Path) -> None:
    texte = werk.ordner / "texte"
    (texte / "teil.md").write_text("{{< include 0.md >}}\n", encoding="utf-8")
    (befund,) = werk.befunde("## A\n\n{{< include teil.md >}}\n")
    assert befund.kennung == "satz-include-kreis"
    assert (befund.datei, befund.ort) == ("berichte/pruef/texte/teil.md", "Zeile 1")
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    (texte / "verknuepft.md").symlink_to(tmp_path / "geheim.txt")
    for ziel in ("verknuepft.md", "../../../../geheim.txt", str(tmp_path / "geheim.txt")):
        befunde = werk.befunde(f"## A\n\n{{{{< include {ziel} >}}}}\n")
        assert [m.kennung for m in befunde] == ["pfad-fremd"], ziel


# --- Für jede Reihenfolge --------------------------------------------------------------------------------

ARTEN = st.sampled_from(["fig", "tbl", "text-tbl", "kapitel", "abschnitt", "objekt-kapitel"])


def _dokument(folge: list[str]) -> tuple[list[Gegenstand | str], list[str]]:
    """Gegenstände in dieser Reihenfolge und ihre Marken; der erste Text verweist auf alle."""
    inhalt: list[Gegenstand | str] = ["## Anfang {#sec-anfang}\n"]
    marken = ["sec-anfang"]
    for i, art in enumerate(folge):
        if art == "fig":
            inhalt.append(abbildung(f"fig-x{i}"))
        elif art == "tbl":
            inhalt.append(tabelle(f"tbl-x{i}"))
        elif art == "text-tbl":
            inhalt.append(f"| a |\n|---|\n| 1 |\n\n: Titel {{#tbl-x{i}}}\n")
        elif art == "objekt-kapitel":
            inhalt.append(Ueberschrift(text=f"T{i}", marke=f"sec-x{i}"))
        else:
            inhalt.append(f"{'##' if art == 'kapitel' else '###'} T{i} {{#sec-x{i}}}\n")
        marken.append(f"{ {'fig': 'fig', 'tbl': 'tbl', 'text-tbl': 'tbl'}.get(art, 'sec') }-x{i}")
    inhalt[0] = str(inhalt[0]) + "\n" + "\n\n".join(f"Siehe @{m}." for m in marken) + "\n"
    return inhalt, marken


def _erwartet(folge: list[str]) -> list[str]:
    """Die Nummern, wie man sie mit der Hand vergibt."""
    kapitel, abschnitt, bilder, tafeln = 1, 0, 0, 0
    nummern = ["Kapitel 1"]
    for art in folge:
        if art == "fig":
            bilder += 1
            nummern.append(f"Abbildung {bilder}")
        elif art in {"tbl", "text-tbl"}:
            tafeln += 1
            nummern.append(f"Tabelle {tafeln}")
        elif art == "abschnitt":
            abschnitt += 1
            nummern.append(f"Kapitel {kapitel}.{abschnitt}")
        else:
            kapitel, abschnitt = kapitel + 1, 0
            nummern.append(f"Kapitel {kapitel}")
    return nummern


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ARTEN, max_size=12))
def test_nummern_sind_fortlaufend_und_jeder_verweis_nennt_die_richtige(werk: Werk, folge: list[str]) -> None:
    inhalt, marken = _dokument(folge)
    erwartet = _erwartet(folge)
    m = werk.manuskript(*inhalt)
    assert [m.marken[k].name.replace("\u00a0", " ") for k in marken] == erwartet
    html, typst = (t.replace("\u00a0", " ") for t in (werk.html(*inhalt), werk.typst(*inhalt)))
    paare = list(zip(marken, erwartet, strict=True))
    assert re.findall(r'Siehe <a href="#([\w-]+)" class="quarto-xref">([^<]+)</a>\.', html) == paare
    ohne_seiten = re.sub(r', S\.~#bw-seitenzahl\("[\w-]+"\)', "", typst)  # in anderen Kapiteln mit Seite
    assert re.findall(r"Siehe #link\(<([\w-]+)>\)\[([^\]]+)\];\.", ohne_seiten) == paare
    for marke, name in paare:  # was so heißt, trägt auch die Nummer
        if not marke.startswith("sec-"):
            nummer = f'<span class="bw-abbnummer">{name}<'
            assert f'id="{marke}-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca">\n{nummer}' in html
        elif marke.startswith("sec-"):
            nummer = name.removeprefix("Kapitel ")
            assert re.search(rf'<section id="{marke}"[^>]*data-number="{re.escape(nummer)}">', html)
        assert typst.count(f"<{marke}>\n") + typst.endswith(f"<{marke}>") >= 1
