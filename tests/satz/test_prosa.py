"""Was Menschen schreiben: schlechte Eingabe neben der genauen Meldung, deutsche Zeichen, sichere Verweise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from manuskripthilfe import Werk, abbildung

from berichtswerk.gegenstand.gegenstaende import Fliesstext
from berichtswerk.grund.meldung import ARTEN
from berichtswerk.satz.prosa import klartext

BILD = "![](abb/a.svg)"
PFAD = (
    "Legen Sie die Datei in den Projektordner und nennen Sie den Weg dorthin mit Schrägstrichen, ohne "
    "Laufwerk, Adresse und Verknüpfung nach draußen."
)
MELDUNGEN: list[tuple[str, str, str, str, str]] = [
    # Eingabe (Zeile 1 ist leer), Ort, Kennung, Text, Abhilfe
    (
        "Siehe @fig-geburt; @fig-geburten gibt es.",
        "Zeile 2",
        "satz-verweis-offen",
        "Der Verweis @fig-geburt führt ins Leere.",
        "Marke berichtigen; am nächsten liegen: fig-geburten.",
    ),
    (
        "Siehe @meier2020.",
        "Zeile 2",
        "satz-zitat",
        "Das Zitat @meier2020 kann nicht aufgelöst werden.",
        "Eintrag ergänzen oder id berichtigen; ein @ im Text als \\@ schreiben.",
    ),
    (
        f'::: {{#fig-geburten}}\n{BILD}{{fig-alt="a"}}\n\nText\n:::',
        "Zeile 2",
        "satz-marke-doppelt",
        "Die Marke „fig-geburten“ ist zweimal vergeben.",
        "Eine der beiden umbenennen.",
    ),
    (
        "Brot\n\n#### B\n",
        "Zeile 4",
        "satz-ebene-sprung",
        "Die Überschrift „B“ überspringt eine Ebene.",
        "Eine Raute weniger setzen.",
    ),
    (
        f"::: {{#fig-a}}\n{BILD}\n\nUnterschrift\n:::",
        "Zeile 3",
        "satz-alt-fehlt",
        "Das Bild „abb/a.svg“ hat keinen Alternativtext.",
        'Hinter das Bild {fig-alt="…"} schreiben: was, wo, wann, Richtung, Höchst- und Tiefstwert.',
    ),
    (
        '![](https://a.example/b.svg){fig-alt="b"}',
        "Zeile 2",
        "satz-bild-fremd",
        "Das Bild „https://a.example/b.svg“ liegt auf einem fremden Rechner.",
        "Bild als SVG neben den Bericht legen.",
    ),
    (
        '![](abb/a.png){fig-alt="b"}',
        "Zeile 2",
        "satz-bild-format",
        "Das Bild „abb/a.png“ ist kein SVG.",
        "Bild als SVG speichern, ein Foto nach bilder/ legen und als bilder/name.jpg nennen.",
    ),
    (
        '![](abb/weg.svg){fig-alt="b"}',
        "Zeile 2",
        "satz-bild-fehlt",
        "Die Bilddatei „abb/weg.svg“ fehlt.",
        "Legen Sie die Datei neben den Bericht oder berichtigen Sie den Pfad.",
    ),
    (
        "::: {#fig-a}\nNur Text\n:::",
        "Zeile 2",
        "satz-abbildung-leer",
        "Die Abbildung „fig-a“ enthält kein Bild.",
        "Bild ergänzen oder den Rahmen entfernen.",
    ),
    (
        "::: {#tbl-a}\nNur Text\n:::",
        "Zeile 2",
        "satz-tabelle-leer",
        "Die Tabelle „tbl-a“ enthält keine Tabelle.",
        "Tabelle ergänzen oder den Rahmen entfernen.",
    ),
    (
        "::: {#tbl-a}\n| a |\n|---|\n| 1 |\n:::",
        "Zeile 2",
        "satz-unterschrift-fehlt",
        "„tbl-a“ hat keine Unterschrift.",
        "Einen Absatz ergänzen: was, wo, wann, Einheit.",
    ),
    (
        "```{=html}\n<div>Hallo</div>\n```",
        "Zeile 3",
        "satz-roh-html",
        "Rohes HTML ist nicht erlaubt: <div>Hallo</div>",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        '```{=html}\n<table style="x"><tr><td>a</td></tr></table>\n```',
        "Zeile 3",
        "satz-roh-html",
        'Rohes HTML ist nicht erlaubt: <table style="x"><tr><td>a</td></tr></ta',
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "Ein <b>fettes</b> Wort",
        "Zeile 2",
        "satz-roh-html",
        "Rohes HTML ist nicht erlaubt: <b>",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        '<img src="x" onerror="alert(1)">',
        "Zeile 2",
        "satz-roh-html",
        'Rohes HTML ist nicht erlaubt: <img src="x" onerror="alert(1)">',
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "```{=latex}\n\\newpage\n```",
        "Zeile 3",
        "satz-roh-fremd",
        "Roher Text für ein einzelnes Format ist nicht erlaubt: \\newpage",
        "In Markdown schreiben. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "Die Quote ist $x/y$.",
        "Zeile 2",
        "satz-formel",
        "Eine Formel im Text wird nicht gesetzt: $x/y$",
        "Formel in Worten oder als einfache Zeile schreiben; ein Dollarzeichen als \\$.",
    ),
    (
        "Es sind `{python} n` Personen.",
        "Zeile 2",
        "satz-code-im-text",
        "Hier stünde ausführbarer Code: {python} n",
        "Zahl im Notizbuch binden und im Text {{ name }} schreiben.",
    ),
    (
        "```{python}\nx\n```",
        "Zeile 2",
        "satz-code-im-text",
        "Hier stünde ausführbarer Code: {python} x",
        "Zahl im Notizbuch binden und im Text {{ name }} schreiben.",
    ),
    (
        "Text {{< video a.mp4 >}} Text",
        "Zeile 2",
        "satz-kurzbefehl",
        "Den Kurzbefehl {{< … kennt der Satz nicht.",
        "Inhalt ausschreiben oder include benutzen.",
    ),
    (
        "Es sind {{ einwohner }} Personen.",
        "Zeile 2",
        "satz-bindung-offen",
        "Eine gebundene Zahl wurde nicht eingesetzt: {{",
        "Den Text nach texte/ der Ausgabe legen oder den Namen prüfen.",
    ),
    (
        "::: {.panel-tabset}\nA\n:::",
        "Zeile 2",
        "satz-rahmen-unbekannt",
        "Der Rahmen „panel-tabset“ wird nicht verstanden.",
        "Rahmen entfernen oder durch einen bekannten ersetzen. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        '::: {layout-ncol="2"}\nA\n:::',
        "Zeile 2",
        "satz-rahmen-unbekannt",
        "Der Rahmen „layout-ncol“ wird nicht verstanden.",
        "Rahmen entfernen oder durch einen bekannten ersetzen. Was geht, steht in docs/teilmenge.md.",
    ),
    (
        "{{< include weg.md >}}",
        "Zeile 2",
        "satz-include-fehlt",
        "Die eingebundene Datei „weg.md“ gibt es nicht.",
        "Pfad berichtigen.",
    ),
    (
        "{{< include ../../../../weg.md >}}",
        "Zeile 2",
        "pfad-fremd",
        "Der Pfad „../../../../weg.md“ gilt hier nicht.",
        PFAD,
    ),
    (
        '![](../../../weg.svg){fig-alt="b"}',
        "Zeile 2",
        "pfad-fremd",
        "Der Pfad „../../../weg.svg“ gilt hier nicht.",
        PFAD,
    ),
    (
        "[klick](JavaScript:alert(1))",
        "Zeile 2",
        "satz-link-schema",
        "Der Link „JavaScript:alert(1)“ ist nicht erlaubt.",
        "Adresse berichtigen oder den Link entfernen.",
    ),
    (
        "[klick](//fremd.example/x)",
        "Zeile 2",
        "satz-link-schema",
        "Der Link „//fremd.example/x“ ist nicht erlaubt.",
        "Adresse berichtigen oder den Link entfernen.",
    ),
]


@pytest.mark.parametrize(
    ("text", "ort", "kennung", "wortlaut", "abhilfe"),
    MELDUNGEN,
    ids=[f"{n}-{m[2]}" for n, m in enumerate(MELDUNGEN)],
)
def test_abgewiesen_mit_datei_zeile_und_abhilfe(
    werk: Werk, text: str, ort: str, kennung: str, wortlaut: str, abhilfe: str
) -> None:
    befunde = werk.befunde("## A\n", abbildung("fig-geburten"), f"\n{text}\n")
    assert [(m.kennung, m.text, m.abhilfe) for m in befunde] == [(kennung, wortlaut, abhilfe)]
    assert (befunde[0].datei, befunde[0].ort) == ("berichte/pruef/texte/2.md", ort)
    assert befunde[0].ursache


def test_in_einem_notizbuch_ist_der_ort_die_zelle(werk: Werk) -> None:
    zelle = Fliesstext(markdown="Siehe @fig-x.", datei="notebooks/a.ipynb", ort="Zelle 7")
    assert [(m.datei, m.ort) for m in werk.befunde(zelle)] == [("notebooks/a.ipynb", "Zelle 7")]


def test_alles_auf_einmal_und_nichts_doppelt(werk: Werk) -> None:
    befunde = werk.befunde("@fig-x und @fig-x und $y$", "::: {.column}\n$y$\n:::")
    assert [m.kennung for m in befunde] == [
        "satz-formel", "satz-rahmen-unbekannt", "satz-formel", "satz-verweis-offen",
    ]  # fmt: skip


def test_verweis_im_kasten_in_der_tabelle_und_in_der_unterschrift_zaehlt(werk: Werk) -> None:
    text = (
        "::: {.callout-note}\n@fig-x\n:::\n\n"
        f'::: {{#fig-b}}\n{BILD}{{fig-alt="a"}}\n\nWie @fig-y\n:::\n\n'
        "| a |\n|---|\n| @fig-z |\n\nWort[^1]\n\n[^1]: @fig-n"
    )
    texte = {m.text for m in werk.befunde(text)}
    assert texte == {f"Der Verweis @fig-{m} führt ins Leere." for m in "xyzn"}


def test_kommentare_sind_nie_oeffentlich(werk: Werk) -> None:
    text = "Wert.<!-- intern --> Ende.\n\n<!-- TODO\n\nmehrzeilig -->\n\n- Punkt <!-- klein -->\n"
    html, typst = werk.html(text), werk.typst(text)
    for wort in ("intern", "TODO", "mehrzeilig", "klein", "<!--"):
        assert wort not in html and wort not in typst
    assert "Ende." in html and "Ende." in typst


def test_attribute_aus_texten_werden_nicht_zu_html(werk: Werk) -> None:
    text = '[klick](https://a.example){onclick="böse()" style="x"} '
    text += '[x]{onclick="y" .bw-status}\n\n::: {.bw-karte onclick="z"}\nA\n:::\n'
    html = werk.html(text)
    assert "onclick" not in html and "style" not in html
    assert '<span class="bw-status">x</span>' in html and '<div class="bw-karte">' in html


def test_bild_hinter_einer_verknuepfung_nach_draussen(werk: Werk, tmp_path: Path) -> None:
    (tmp_path / "draussen.svg").write_text("<svg/>", encoding="utf-8")
    (werk.ordner / "abb" / "hier.svg").symlink_to(tmp_path / "draussen.svg")
    befunde = werk.befunde('![](abb/hier.svg){fig-alt="b"}')
    assert [m.kennung for m in befunde] == ["pfad-fremd"]


def test_deutsche_zeichen(werk: Werk) -> None:
    m = werk.manuskript("\"Wort\" und 'halb' -- z. B. nach § 24, 12,5 % d. h. viel...\n")
    (absatz,) = m.teile[0].bloecke  # type: ignore[union-attr]
    assert (
        klartext(absatz["c"]) == "„Wort“ und ‚halb‘ – z.\u202fB. nach §\u00a024, 12,5\u202f% d.\u202fh. viel…"
    )


def test_jede_kennung_hat_einen_fall_in_den_pruefungen() -> None:
    hier = Path(__file__).parents[1]
    geprueft = "".join(p.read_text(encoding="utf-8") for p in hier.rglob("test_*.py"))
    kennungen = [k for k, art in ARTEN.items() if art.__module__.startswith("berichtswerk.satz.")]
    assert len(kennungen) > 20
    assert [k for k in kennungen if k not in geprueft] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), max_size=3))
@example(["\x00", "\ud800".encode("utf-8", "replace").decode(), "\r\n\u2028"])
def test_beliebiger_text_gibt_befunde_oder_eine_seite_nie_einen_absturz(werk: Werk, texte: list[str]) -> None:
    stuecke = [Fliesstext(markdown=t, datei="notebooks/a.ipynb", ort="Zelle 1") for t in texte]
    befunde = werk.befunde(*stuecke)
    assert all(m.text and m.abhilfe for m in befunde)
    if not befunde:
        werk.html(*stuecke)
        werk.typst(*stuecke)
