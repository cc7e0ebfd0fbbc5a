"""Durch Quarto wird gedruckt, was der eingebaute Satz druckt: derselbe Text, derselbe Plan, dieselben Bilder.

Ein Kasten oder eine Tabelle, die dort anders geschrieben ankämen, wären anders hoch: der Bericht hätte mit
Quarto andere Seiten.
"""

from __future__ import annotations

import re
import shutil

import pypandoc
import pytest
import typst
from manuskripthilfe import ABSATZ, Werk, abbildung, bilder, tabelle
from quartohilfe import BAUSTEINE, RAHMEN, WURZEL, Filtern, als_markdown

from berichtswerk.satz import pdf, vermessung
from berichtswerk.schreiber import quarto
from berichtswerk.schreiber.html.seite import Seitenkontext
from berichtswerk.schreiber.typst import rumpf

REIHEN = "\n".join(
    f"| Gemeinde {n} | = ausgeglichen | {n} Plätze, wenn alle Vorhaben fertig werden |" for n in range(14)
)
TEXTE = {
    "Kasten": "::: {.callout-important}\n## Zwei Zahlen\nAm selben Tag.\n\nZwei Absätze.\n:::",
    "Frage und Fett": "**Was zeigt das?**\n\n**Fett am Anfang.** Dann *schräg*, `Code` und @fig-bild.",
    "Tabelle ohne Marke": f"| Ort | Lage | Stand |\n|---|---|---|\n{REIHEN}",
    "Tabelle mit Marke": f"| Ort | Lage | Stand |\n|---|---|---|\n{REIHEN}\n\n: Lage {{#tbl-lage}}",
    "Bild": "![Ein Bild](abb/a.svg){#fig-foto fig-alt=\"Ein Bild\"}",
    "Listen": "- eins\n- zwei\n\n  noch ein Absatz\n\n1. erstens\n2. zweitens",
    "Zitat und Code": "> Ein Zitat.\n\n```\n= kein Kopf\n```\n\n---",
    "Fußnote": "Ein Satz.[^a]\n\n[^a]: Eine Note, etwas länger.",
    "nur im Druck": '::: {.content-visible when-format="pdf"}\nNur im Druck.\n:::\n\n'
    '::: {.content-visible when-format="html"}\nNur auf der Seite.\n:::',
    "Randnotiz": f"{ABSATZ}\n\n::: {{.randnotiz}}\n**Wort.** Was es heißt.\n:::",
    "Kapitel": "## Neu {.unnumbered}\n\n### Darunter {.bw-neue-seite}\n\nText.\n\n## Leer {.unnumbered}",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTE.values(), ids=TEXTE)
def test_jede_art_text_kommt_wortgleich_und_geplant_an(werk: Werk, filtern: Filtern, text: str) -> None:
    inhalt = ("## Lage\n\n" + ABSATZ, text, abbildung("fig-bild"), tabelle("tbl-werte", zeilen=30))
    m = werk.manuskript(*inhalt)
    plan = pdf.plane_seiten(m, werk.projekt, bilder(m))
    gesetzt = filtern(als_markdown(quarto.notizbuch(m, Seitenkontext(werk.projekt), {}, plan=plan)), "typst")
    kapitel = werk.druck(*inhalt).kapitel
    hier = "\n".join([rumpf.kopf(m.kopf, m.zeichen), *(k.text for k in kapitel)])
    stueck = r'(#bw-stueck\("([^"]+)"), plan: (\(.*\))\)\['
    dort = re.sub(stueck, r"\1)[", gesetzt).replace('image("pruef-2025/druck/', 'image("abb/')
    assert dort.split() == hier.split()
    geplant = {kennung: wahl for _, kennung, wahl in re.findall(stueck, gesetzt)}
    assert geplant == {s.kennung: vermessung.wahl([s], plan) for k in kapitel for s in k.stuecke}
    assert len(geplant) > 3 and plan.setzungen.keys() == geplant.keys()


def test_was_quarto_davor_setzt_aendert_am_bild_der_seiten_nichts(werk: Werk, filtern: Filtern) -> None:
    """Regeln für Quelltext, Begriffe und Abbildungen bringt Quarto selbst mit."""
    text = "\n\n".join(t for name, t in TEXTE.items() if name != "Kapitel")
    m = werk.manuskript(f"## Lage\n\n{text}", abbildung("fig-bild"), tabelle("tbl-werte", zeilen=30))
    plan = pdf.plane_seiten(m, werk.projekt, bilder(m))
    druck = werk.ordner / "pruef-2025/druck"
    druck.mkdir(parents=True)
    (druck / "fig-bild.svg").write_bytes(next(iter(bilder(m).values())).svg)
    inhalt = filtern(als_markdown(quarto.notizbuch(m, Seitenkontext(werk.projekt), {}, plan=plan)), "typst")
    mit, ohne = (_seiten(werk, f"{davor}{BAUSTEINE}", inhalt) for davor in (RAHMEN, ""))
    assert len(mit) > 3 and mit == ohne


def _seiten(werk: Werk, rahmen: str, inhalt: str) -> list[bytes]:
    """Die Seiten als kleine Bilder."""
    for name in ("typst-template.typ", "typst-show.typ", "marke.typ"):
        shutil.copy(WURZEL / "layout/typst" / name, werk.ordner)
    vorlage = werk.ordner / "vorlage.typ"
    vorlage.write_text(rahmen, encoding="utf-8")
    kopf = "---\nberichtswerk: {geplant: true}\n---\n\n"
    text = pypandoc.convert_text(
        f"{kopf}```{{=typst}}\n{inhalt}\n```", "typst", "markdown",
        extra_args=["--wrap=none", f"--template={vorlage}"],
    )  # fmt: skip
    datei = werk.ordner / "bericht.typ"
    datei.write_text(text, encoding="utf-8")
    schriften = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[WURZEL / "layout/fonts"]
    )
    seiten = typst.compile(datei, root=werk.projekt.wurzel, font_paths=schriften, format="png", ppi=40)
    assert isinstance(seiten, list)
    return seiten
