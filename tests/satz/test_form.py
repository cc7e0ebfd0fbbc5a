"""Die Form der Texte: schlechte Eingabe neben der Meldung, und kein Wort geht ohne Befund verloren."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manuskripthilfe import Werk

from berichtswerk.grund.meldung import Stufe
from berichtswerk.satz import form

BILD = '![](abb/a.svg){fig-alt="a"}'
FAELLE: list[tuple[str, str, int, str]] = [
    # Eingabe, Kennung, Zeile, Wortlaut
    ("A\n\n::: {.callout-note}\nB\n", "satz-rahmen-offen", 3,
     "Der Kasten „::: {.callout-note}“ wird nicht geschlossen."),
    ("::: {.callout-note}\nA\n:::\n\n::: {.callout-tip}\n\n::: {.lead}\nB\n:::\n", "satz-rahmen-offen", 5,
     "Der Kasten „::: {.callout-tip}“ wird nicht geschlossen."),
    ("A\n\n:::\n", "satz-rahmen-offen", 3, "Hier endet ein Kasten, der nirgends beginnt."),
    ("A\n::: {.callout-note}\nB\n:::\n", "satz-leerzeile", 2,
     "Vor „::: {.callout-note}“ fehlt eine Leerzeile."),
    ("> ::: {.callout-note}\n> B\n", "satz-rahmen-offen", 1,
     "Der Kasten „::: {.callout-note}“ wird nicht geschlossen."),
    ("A\n\n##  {#sec-a}\n", "satz-kopf-form", 3, "Hinter „##“ steht keine Überschrift."),
    ("A\n\n[^1]: B[^1]\n", "satz-fussnote-unbenutzt", 3,
     "Die Fußnote [^1] nennt niemand; ihr Wortlaut fehlt im Bericht."),
    ("A\n\nDas *ist\noffen.\n", "satz-betonung-offen", 3, "Die Betonung bei „*ist“ wird nicht geschlossen."),
    ("Das (_ist_) zu, _das offen.\n", "satz-betonung-offen", 1,
     "Die Betonung bei „_das offen.“ wird nicht geschlossen."),
    ("Das ~~ist~~ zu, ~~das offen.\n", "satz-tilde-offen", 1,
     "Die Zeichen „~~das offen.“ verschwänden aus dem Bericht."),
    ("Schüler*innen sind *wichtig*.\n", "satz-stern-im-wort", 1,
     "Der Stern in „Schüler*innen“ würde verschwinden."),
    ("Das *ist es, Schüler*innen.\n", "satz-stern-im-wort", 1,
     "Der Stern in „Schüler*innen“ würde verschwinden."),
    ("A\n\nnach \u202elinks\n", "satz-zeichen-unsichtbar", 3,
     "Hier steht das Zeichen U+202E, das niemand sieht oder das die Leserichtung umkehrt."),
    ("A\n\n" + ">" * 300 + " tief\n", "satz-tief", 3,
     "Zu viele Zitate, Listen oder Kästen stehen ineinander: tief"),
    (">" * 3000 + " tief\n", "satz-tief", 0, "Zu viele Zitate, Listen oder Kästen stehen ineinander: "),
    (f"Siehe [a]({'a' * 300}.pdf).\n", "link-tot", 1, f"Der Link auf „{'a' * 300}.pdf“ führt ins Leere."),
    ("\\newpage\n", "satz-roh-fremd", 1, "Roher Text für ein einzelnes Format ist nicht erlaubt: \\newpage"),
    ("Text\n## Kopf\n", "satz-leerzeile", 2, "Vor „## Kopf“ fehlt eine Leerzeile."),
    ("A\n\n```\nB\n", "satz-zaun-offen", 3, "Der Block „```“ wird nicht geschlossen."),
    ("A [Plan(x) und\nmehr.\n", "satz-klammer-offen", 1,
     "Die eckige Klammer bei „[Plan(x) und“ hat kein Gegenstück."),
    ("Ende] da.\n", "satz-klammer-offen", 1, "Die eckige Klammer bei „Ende]“ hat kein Gegenstück."),
    ("[Amt](https://example.org und\n", "satz-link-offen", 1,
     "Der Link „[Amt](https://example.org und“ wird nicht geschlossen."),
    ("Siehe [Plan] (plan.pdf).\n", "satz-link-offen", 1,
     "„[Plan] (plan.pdf)“ ist kein Link: zwischen den Klammern steht ein Leerzeichen."),
    ("Siehe [](https://a.example).\n", "satz-link-offen", 1,
     "Der Link „[](https://a.example)“ hat keinen Text."),
    ("A[^a b]\n", "satz-fussnote-fehlt", 1, "Zur Fußnote [^a b] fehlt der Wortlaut."),
    ("Ein `Wort\n", "satz-zeichen-woertlich", 1, "Die Zeichen „`Wort“ stünden wörtlich im Bericht."),
    ("[Plan](<der plan.pdf>)\n", "link-tot", 1, "Der Link auf „der%20plan.pdf“ führt ins Leere."),
    ("A[^1]\n", "satz-fussnote-fehlt", 1, "Zur Fußnote [^1] fehlt der Wortlaut."),
    ("A^[innen [^7]]\n", "satz-fussnote-fehlt", 1, "Zur Fußnote [^7] fehlt der Wortlaut."),
    ("A\n\n[^1]: B\n", "satz-fussnote-unbenutzt", 3,
     "Die Fußnote [^1] nennt niemand; ihr Wortlaut fehlt im Bericht."),
    ("A[^1]\n\n[^1]: B\n\n[^1]: C\n", "satz-fussnote-doppelt", 5,
     "Die Fußnote [^1] steht zweimal in dieser Datei."),
    ("Siehe [das][hier].\n", "satz-linkziel-fehlt", 1, "Zu „[das][hier].“ fehlt das Ziel."),
    ("A\n\n[Hinweis]: wichtig\n", "satz-linkziel-unbenutzt", 3,
     "Die Zeile „[Hinweis]: …“ verschwände: niemand verweist auf sie."),
    ("a | b\n1 | 2\n", "satz-tabelle-form", 1,
     "Diese Zeilen sehen aus wie eine Tabelle und wären keine: a | b"),
    ("Text\n| a | b |\n|--|--|\n| 1 | 2 |\n", "satz-tabelle-form", 2,
     "Diese Zeilen sehen aus wie eine Tabelle und wären keine: | a | b |"),
    ("| a | b |\n|--|--|\n| 1 | 2 | 3 |\n", "satz-tabelle-fach", 3,
     "Diese Tabellenzeile hat 3 Fächer bei 2 Spalten; was darüber hinausgeht, fehlte im Bericht."),
    ("| | |\n|--|--|\n| eins | 2 |\n", "satz-tabelle-kopf", 3, "Eine Tabelle hat keine Kopfzeile: eins"),
    ("##Kopf\n", "satz-kopf-form", 1, "„##Kopf“ ist keine Überschrift."),
    ("Schüler*innen und Lehrer*innen\n", "satz-stern-im-wort", 1,
     "Der Stern in „Schüler*innen“ würde verschwinden."),
    ("A <!-- geheim\n\nB\n", "satz-kommentar-offen", 1, "Ein Kommentar wird nicht geschlossen: <!-- geheim"),
    ("---\ntitle: A\n---\n\nB\n", "satz-vorspann", 1, "Dieser Text beginnt mit einem Vorspann zwischen ---."),
    ("Es sind { x } Plätze.\n", "satz-klammer-woertlich", 1,
     "Die geschweifte Klammer in „{“ stünde wörtlich im Bericht."),
    ("Das ist **fett.\n", "satz-zeichen-woertlich", 1, "Die Zeichen „**fett.“ stünden wörtlich im Bericht."),
    ("Drei Punkte:\n- eins\n- zwei\n", "satz-liste", 2, "Diese Zeile wäre kein Punkt einer Liste: - eins"),
    (f"::: {{#fig-a}}\nDavor\n\n{BILD}\n\nUnten\n:::\n", "satz-rahmen-rest", 1,
     "Im Rahmen „fig-a“ steht mehr als eine Abbildung oder Tabelle und ihre Unterschrift."),
    ("[a]\n\n[a]: https://a.example\n[a]: https://b.example\n", "satz-linkziel-doppelt", 4,
     "Das Ziel „[a]: …“ steht zweimal in dieser Datei."),
    ("A[^1]\n\n[^1]:\n\nDer nächste Absatz.\n", "satz-fussnote-fehlt", 3, "Die Fußnote [^1] ist leer."),
    ("Siehe [Amt]().\n", "satz-link-offen", 1, "Der Link „[Amt]()“ hat keine Adresse."),
    ("A\n\nmit \\(x/y\\) darin\n", "satz-formel-klammer", 3,
     "Eine Formel im Text wird nicht gesetzt: \\(x/y\\)"),
    ("A\n\n• eins\n• zwei\n", "satz-punkt-form", 3, "Diese Zeile wäre kein Punkt einer Liste: • eins"),
    ("– eins\n– zwei\n", "satz-punkt-form", 1, "Diese Zeile wäre kein Punkt einer Liste: – eins"),
    ("- eins\n-zwei\n", "satz-punkt-form", 2, "Diese Zeile wäre kein Punkt einer Liste: -zwei"),
    ("A\n\nB <!-- a <!-- b --> c -->\n", "satz-kommentar-offen", 3,
     "Hier endet ein Kommentar, der schon zu Ende ist: B c -->"),
    ("Der LandrÃ¤tin\n", "satz-zeichen-vertauscht", 1,
     "„Ã¤“ ist ein Umlaut oder Sonderzeichen, das beim Kopieren zerbrochen ist."),
    ("Ein\u200bwohner\n", "satz-zeichen-unsichtbar", 1,
     "Hier steht das Zeichen U+200B, das niemand sieht oder das die Leserichtung umkehrt."),
    ("Das ist __wichtig.\n", "satz-zeichen-woertlich", 1,
     "Die Zeichen „__wichtig.“ stünden wörtlich im Bericht."),
    ("Auf 270 km^2 leben\n", "satz-zeichen-woertlich", 1, "Die Zeichen „km^2“ stünden wörtlich im Bericht."),
    ('::: {.content-visible when-format="docx"}\nA\n:::\n', "satz-rahmen-format", 1,
     'Was in diesem Rahmen steht, erschiene nirgends oder überall: when-format="docx"'),
    ('::: {.content-hidden when-profile="a"}\nA\n:::\n', "satz-rahmen-format", 1,
     'Was in diesem Rahmen steht, erschiene nirgends oder überall: when-profile="a"'),
    ("::: {.content-hidden}\nA\n:::\n", "satz-rahmen-format", 1,
     "Was in diesem Rahmen steht, erschiene nirgends oder überall: content-hidden"),
    ("1.  eins\n\n    ::: {.callout-note}\n    A\n", "satz-pandoc-warnung", 3,
     "pandoc liest hier etwas anderes, als dasteht: ::: in einer Liste oder einem Zitat wird nicht "
     "geschlossen"),
    ("- ::: {.callout-note}\n  A\n", "satz-rahmen-offen", 1,
     "Der Kasten „- ::: {.callout-note}“ wird nicht geschlossen."),
    ("Siehe [hier](#sec-weg).\n", "link-tot", 1, "Der Link auf „#sec-weg“ führt ins Leere."),
    ("[Anlage](anlage.pdf)\n", "link-tot", 1, "Der Link auf „anlage.pdf“ führt ins Leere."),
    ("[Netz](https://)\n", "link-tot", 1, "Der Link auf „https://“ führt ins Leere."),
    ("[Post](mailto:ohne)\n", "link-tot", 1, "Der Link auf „mailto:ohne“ führt ins Leere."),
    ("[Bericht](../weg/2024/weg-2024.ipynb)\n", "link-tot", 1,
     "Der Link auf „../weg/2024/weg-2024.ipynb“ führt ins Leere."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kennung", "zeile", "wortlaut"), FAELLE, ids=[f[1] for f in FAELLE])
def test_gemeldet_mit_zeile_der_datei(werk: Werk, text: str, kennung: str, zeile: int, wortlaut: str) -> None:
    (meldung,) = werk.befunde(text)
    assert (meldung.kennung, meldung.text, meldung.stufe) == (kennung, wortlaut, Stufe.FEHLER)
    assert (meldung.datei, meldung.ort) == ("berichte/pruef/texte/0.md", f"Zeile {zeile}" if zeile else "")
    assert meldung.ursache and meldung.abhilfe


def test_eine_ebene_ueber_den_kapiteln(werk: Werk) -> None:
    (meldung,) = werk.befunde("## Lage\n", "# Alter\n")
    assert (meldung.kennung, meldung.datei, meldung.ort) == (
        "satz-kopf-erste", "berichte/pruef/texte/1.md", "Zeile 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "A[^1] und A[^1]\n\n[^1]: B\n\n    C\n",
        "::: {.callout-note}\n\n::: {.callout-tip}\nA\n:::\n:::\n",
        "::: {.callout-note}\n## Titel\nA\n:::\n",
        "## A\n### B\n",
        "| Zeile eins\n| Zeile zwei\n",
        "| a | b |\n|--|--|\n| 1 \\| 2 | 3 |\n",
        "::: {#tbl-x}\n| a | b |\n|--|--|\n| 1 | 2 |\n\nUnten\n:::\n",
        "Siehe [Amt][amt] oder [amt].\n\n[amt]: https://example.org\n",
        "Wort [sic] und [in Klammern (rund)].\n",
        "`[` und `<!--` und `{ x }`\n",
        "```\n::: offen [\n| a | b\n| c | d\n```\n",
        "Schüler\\*innen und Lehrer\\*innen, Bürger*in\n",
        "Am\n1. Januar und am\n31. Dezember\n",
        "Kosten 5\\|6 \\[offen\n",
        "[Datei](https://example.org/a_(b).pdf)\n",
        "<!-- [ ::: { --> Text\n",
        "Text\n\n---\n\nText\n",
        "% Prozente\n\nZeile\n",
        "[Plan (A)] (siehe oben)\n",
        "- ::: {.callout-note}\n  A\n  :::\n",
        "***Wichtig*** und **fett** und ~~weg~~\n",
        "A[^1]\n\n[^1]:\n    Näheres.\n",
        "- eins\n- zwei\n\n  -5 Grad\n\nKita-\n-plätze – so\n– und so\n",
        "m^2^ und 10^6^ und a_b__c, ein Pfeil \\--> und `-->`\n",
        "Ein\u00adwohner, Ã und Â allein, \\[a\\] nicht\n",
    ],
)
def test_was_in_ordnung_ist_bleibt_ohne_befund(werk: Werk, text: str) -> None:
    assert [str(m) for m in werk.befunde(text)] == []


@pytest.mark.parametrize(
    "wort",
    [
        "[Text der Planung]",
        "vor Veröffentlichung eintragen",
        "TODO",
        "xx",
        "XXX",
        "???",
        "[folgt]",
        "____",
        "ToDo",
        "t. b. d.",
        "@@@",
        "[hier Zahl einsetzen]",
        "(wird noch ergänzt)",
        "Text folgt",
    ],
)
@pytest.mark.parametrize(
    ("status", "stufe"),
    [("entwurf", "hinweis"), ("beispiel", "hinweis"), ("veroeffentlicht", "fehler")],
)
def test_was_ein_bericht_nicht_tragen_darf(werk: Werk, wort: str, status: str, stufe: str) -> None:
    werk.kopf = werk.kopf.model_copy(update={"status": status})
    (meldung,) = werk.befunde(f"Erster Satz.\n\nHier: {wort}\n")
    assert (meldung.kennung, meldung.ort, str(meldung.stufe)) == ("text-unfertig", "Zeile 3", stufe)
    assert meldung.text == f"Hier steht noch „{wort}“."


def test_kommentare_und_geschuetzte_worte_sind_fertig(werk: Werk) -> None:
    werk.kopf = werk.kopf.model_copy(update={"status": "veroeffentlicht"})
    assert werk.befunde("<!-- TODO xx -->Text, der Max heißt. Was? Wirklich??\n") == []


def test_der_titel_einer_tabelle_ohne_marke_bleibt(werk: Werk) -> None:
    text = "| a |\n|---|\n| 1 |\n\n: Plätze im Kreis\n"
    assert "Plätze im Kreis" in werk.html(text) and "Plätze im Kreis" in werk.typst(text)


# --- Nichts verschwindet ---------------------------------------------------------------------------------

WORT = st.integers(0, 10**6).map(lambda n: f"wort{n}q")
ZEICHEN = st.sampled_from(
    [
        "[",
        "]",
        "(",
        ")",
        "*",
        "**",
        "_",
        "`",
        "~~",
        "^",
        ":::",
        "|",
        "#",
        "[^1]",
        "^[",
        "](",
        "{",
        "}",
        "<!--",
        "-->",
        "- ",
        ": ",
    ]
)
ZEILE = st.lists(st.one_of(WORT, ZEICHEN), min_size=1, max_size=6).map(" ".join)


def _kasten(inhalt: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(
            st.sampled_from(["callout-note", "callout-tip", "lead"]), inhalt, st.sampled_from([":::", ""])
        ).map(lambda t: f"::: {{.{t[0]}}}\n\n{t[1]}\n\n{t[2]}"),
        st.lists(inhalt, max_size=3).map("\n\n".join),
        inhalt.map(lambda t: "> " + t.replace("\n", "\n> ")),
        inhalt.map(lambda t: "- " + t.replace("\n", "\n  ")),
    )


FUSSNOTE = st.tuples(st.sampled_from("12a"), WORT, st.booleans()).map(
    lambda t: f"Text[^{t[0]}]\n\n[^{t[0]}]: {t[1]}" if t[2] else f"[^{t[0]}]: {t[1]}"
)
TABELLE = st.lists(st.lists(WORT, min_size=1, max_size=3), min_size=1, max_size=4).map(
    lambda zeilen: "\n".join(
        f"| {' | '.join(z)} |" + (f"\n|{'---|' * len(z)}" if i == 0 else "") for i, z in enumerate(zeilen)
    )
)
VERWEIS = st.tuples(WORT, WORT).map(lambda t: f"[{t[0]}]: {t[1]}")
BLOCK = st.recursive(st.one_of(ZEILE, FUSSNOTE, TABELLE, VERWEIS), _kasten, max_leaves=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BLOCK, min_size=1, max_size=4))
def test_kein_wort_und_keine_fussnote_verschwindet_ohne_befund(werk: Werk, bloecke: list[str]) -> None:
    text = "\n\n".join(bloecke) + "\n"
    if werk.befunde(text):
        return
    gesucht = set(re.findall(r"wort\d+q", form.ohne_kommentare(text)))
    for geschrieben in (unescape(werk.html(text)), werk.typst(text)):
        assert gesucht <= set(re.findall(r"wort\d+q", geschrieben))
