"""Das Raster: Auftakte, Botschaften, Rand und Quellen, und was an ihnen nicht geht."""

from __future__ import annotations

import pytest
from manuskripthilfe import BELEG, Werk, abbildung, tabelle

from berichtswerk.gegenstand.gegenstaende import (
    Aussage,
    Begriff,
    Begriffe,
    Beleg,
    Eckvergleich,
    Eckwert,
    Eckwerte,
    Quellen,
    Quellenangabe,
    Quellenzeile,
    Randnotiz,
    Randzahl,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.prosa import klartext
from berichtswerk.satz.raster import (
    KLEIN_ANTEIL,
    NOTIZ_WORTE,
    NOTIZEN,
    Anmerkungen,
    Auftakt,
    Kurzbotschaften,
    Zeile,
    kleingedrucktes,
    worte,
    zerlege,
)

KERN = (
    "::: {.kernbotschaft}\nDie Zahl **hält** sich.\n\n- **99 152** Menschen, 2024\n- **−574** Saldo\n"
    "- **3** zu viel\n:::\n"
)
LANG = "## A\n\n" + "Dieser Text ist lang genug für alles. " * 30
KURZ = "::: {.kurzbotschaft}\n**Satz {n}.** Beleg dazu (@fig-a).\n:::\n\n"


def beleg(*namen: str, **mehr: object) -> Beleg:
    """Ein Beleg mit diesen Quellen, jede von einem eigenen Amt."""
    angaben = tuple(Quellenangabe(name=n, kurz=f"Amt {n.upper()}") for n in namen)
    zeile = Quellenzeile(name=", ".join(namen), zeile="Quelle: lang", angaben=angaben, gerechnet=True)
    return Beleg(quellen=(zeile,), **mehr)  # type: ignore[arg-type]


def zeilen(m: Manuskript) -> list[Zeile]:
    return [t for t in m.teile if isinstance(t, Zeile)]


def test_auftakt_traegt_kernbotschaft_und_hoechstens_zwei_zahlen(werk: Werk) -> None:
    m = werk.manuskript("## Bevölkerung\n\n" + KERN + "\nText.\n")
    (auftakt,) = (t for t in m.teile if isinstance(t, Auftakt))
    assert (auftakt.nummer, auftakt.titel, klartext(auftakt.botschaft)) == (
        "1", "Bevölkerung", "Die Zahl hält sich.",
    )  # fmt: skip
    assert auftakt.zahlen == (
        Randzahl(zahl="99\u202f152", text="Menschen, 2024"),
        Randzahl(zahl="−574", text="Saldo"),
    )
    html = werk.html("## Bevölkerung\n\n" + KERN + "\nText.\n")
    assert '<p class="bw-kernbotschaft">Die Zahl <strong>hält</strong> sich.</p>' in html
    assert "zu viel" not in html


def test_ohne_kernbotschaft_stehen_im_auftakt_nur_zahlen_und_kein_befund_doppelt(werk: Werk) -> None:
    eckwerte = Eckwerte(
        eintraege=(Eckwert(name="Geburten", kennzahl="g", wert="584", stand="2023"),), beleg=BELEG
    )
    m = werk.manuskript(
        "## Blick\n", eckwerte, "## A\n\nText.\n", abbildung("fig-a", aussagen=(Aussage(kennzahl="g"),)),
        "## B\n\nText.\n", "## C\n", abbildung("fig-c", befund="Anders."),
    )  # fmt: skip
    (auftakt,) = (t for t in m.teile if isinstance(t, Auftakt))
    assert (auftakt.titel, klartext(auftakt.botschaft)) == ("A", "")
    assert [z.zahl for z in auftakt.zahlen] == ["584"]


def test_eine_kernbotschaft_die_ueber_einer_abbildung_noch_einmal_steht_wird_gemeldet(werk: Werk) -> None:
    text = "## A\n\n::: {.kernbotschaft}\nDie Zahl der **Geburten** ist gesunken\n:::\n"
    (befund,) = werk.befunde(text, abbildung("fig-a"))
    assert befund.kennung == "kernbotschaft-wiederholt" and befund.ort.startswith("Zeile ")
    assert "„A“" in befund.text and "Abbildung\u00a01" in befund.text
    assert not werk.befunde(text.replace("gesunken", "niedrig"), abbildung("fig-a"))


def test_botschaften_und_eckwerte_stehen_in_einer_zeile(werk: Werk) -> None:
    land = Eckvergleich(name="Land", wert="7,2", ebene="land", zahl=7.2)
    eckwerte = Eckwerte(
        eintraege=(Eckwert(name="Quote", kennzahl="q", wert="7,8 %", zahl=7.8, vergleiche=(land,)),),
        beleg=beleg("a"),
    )
    text = "## Auf einen Blick\n\nVorspann.\n\n" + "".join(KURZ.replace("{n}", str(n)) for n in range(3))
    m = werk.manuskript(text, eckwerte, "## A\n", abbildung("fig-a"))
    zeile = zeilen(m)[0]
    assert isinstance(zeile.haupt[-1], Kurzbotschaften) and zeile.rand == (eckwerte,)
    assert [(klartext(b.satz), b.ziel) for b in zeile.haupt[-1].eintraege] == [
        (f"Satz {n}.", "fig-a") for n in range(3)
    ]
    quelle = werk.typst(text, eckwerte, "## A\n", abbildung("fig-a"))
    assert "achse: (kreis: 7.8000, land: 7.2000)" in quelle and "am-rand: true" in quelle


@pytest.mark.parametrize(
    ("text", "kennung"),
    [
        ("## A\n\n" + KERN + "\n" + KERN, "kernbotschaft-doppelt"),
        ("## A\n\n::: {.randzahl}\nOhne Zahl\n:::\n", "botschaft-form"),
        ("## A\n\n::: {.randnotiz}\n**Nur Titel**\n:::\n", "botschaft-form"),
        ("## A\n\n::: {.kernbotschaft}\n" + "Wort " * 31 + "\n:::\n", "botschaft-lang"),
        ("## A\n\nText.\n\n::: {.randnotiz}\n**Titel** " + "Wort " * 40 + "\n:::\n", "botschaft-lang"),
        ("## A\n\n" + KURZ.replace(" (@fig-a)", ""), "kurzbotschaft-zahl"),
    ],
)
def test_was_an_botschaften_nicht_geht(werk: Werk, text: str, kennung: str) -> None:
    befunde = werk.befunde(text)
    assert kennung in {b.kennung for b in befunde}
    assert all(b.datei == "berichte/pruef/texte/0.md" for b in befunde)
    assert all(b.ort.startswith("Zeile ") for b in befunde if b.kennung.startswith("botschaft-"))


def test_ein_befund_nennt_die_zeile_der_botschaft(werk: Werk) -> None:
    (befund,) = werk.befunde("## A\n\nText.\n\n::: {.randzahl}\nOhne Zahl\n:::\n")
    assert (befund.kennung, befund.ort) == ("botschaft-form", "Zeile 6")


def test_am_rand_stehen_hoechstens_drei_kurze_notizen_der_rest_hinten(werk: Werk) -> None:
    hinweise = (*(f"Bruch {i}: Umstellung {i}." for i in range(4)), "Lang " * 40)
    m = werk.manuskript(LANG, abbildung("fig-a", beleg=BELEG.model_copy(update={"hinweise": hinweise})))
    (zeile,) = zeilen(m)
    assert [r.titel for r in zeile.rand if isinstance(r, Randnotiz)] == ["Bruch 0", "Bruch 1", "Bruch 2"]
    (hinten,) = (t for t in m.teile if isinstance(t, Anmerkungen))
    ((marke, notizen),) = hinten.eintraege
    assert marke == ("fig-a",) and len(notizen) == 2
    assert len(zeile.rand) <= NOTIZEN and all(worte(r.text) <= NOTIZ_WORTE for r in zeile.rand)  # type: ignore[union-attr]


def test_eine_verkuerzte_achse_steht_am_bild_auch_wenn_nicht_alles_platz_hat(werk: Werk) -> None:
    hinweise = (
        *(f"Bruch {i}: Umstellung {i}." for i in range(3)),
        "Die senkrechte Achse beginnt nicht bei null.",
    )
    m = werk.manuskript(LANG, abbildung("fig-a", beleg=BELEG.model_copy(update={"hinweise": hinweise})))
    titel = [r.titel for z in zeilen(m) for r in z.rand if isinstance(r, Randnotiz)]
    assert titel == ["Bruch 0", "Bruch 1", "Zu beachten"]


def test_ein_begriff_steht_am_rand_wo_er_zuerst_vorkommt(werk: Werk) -> None:
    mit = BELEG.model_copy(
        update={"begriffe": (Begriff(name="Quote", text="Anteil."),), "hinweise": ("Gerundet.",)}
    )
    m = werk.manuskript(LANG, abbildung("fig-a", beleg=mit), tabelle("tbl-b", beleg=mit))
    assert [len(z.rand) for z in zeilen(m)] == [2, 0]
    assert zeilen(m)[0].rand[1] == Randnotiz(titel="Zu beachten", text="Gerundet.")


def test_am_rand_bricht_eine_definition_nicht_hinter_einem_tag_ab(werk: Werk) -> None:
    begriff = Begriff(name="Einwohner", text="Gemeldete am 31. Dezember, z. B. Studierende. Ohne Gäste.")
    beleg = BELEG.model_copy(update={"begriffe": (begriff,), "definition": begriff.text})
    m = werk.manuskript(LANG, abbildung("fig-x", beleg=beleg), Begriffe(eintraege=(begriff,)))
    assert [r.text for z in zeilen(m) for r in z.rand if isinstance(r, Randnotiz)] == [
        "Gemeldete am 31.\u00a0Dezember, z.\u202fB. Studierende."
    ]


def test_ab_drei_quellen_in_folge_stehen_nur_die_erste_und_die_letzte(werk: Werk) -> None:
    inhalt = ("## A\n", abbildung("fig-a", beleg=beleg("e", "d")), tabelle("tbl-b", beleg=beleg(*"abc")),
              tabelle("tbl-c", beleg=beleg(*"abcd")))  # fmt: skip
    assert [z.quelle for z in zeilen(werk.manuskript(*inhalt))] == [
        "Quellen: Q1, Q2; eigene Berechnung",
        "Quellen: Q3 bis Q5; eigene Berechnung",
        "Quellen: Q2 bis Q5; eigene Berechnung",
    ]
    assert "#link(<quelle-2>)[Q2]; bis #link(<quelle-5>)[Q5];" in werk.typst(*inhalt)


def test_quellen_sind_nach_ihrer_ersten_nennung_nummeriert_und_stehen_einmal_lang(werk: Werk) -> None:
    verzeichnis = Quellen(
        eintraege=tuple(
            Quellenangabe(name=n, kurz=n, lang=f"Tabelle {n}", nennung=f"Amt | Lizenz {n}") for n in "abc"
        )
    )
    inhalt = (
        "## A\n", abbildung("fig-b", beleg=beleg("b")), tabelle("tbl-ab", beleg=beleg("a", "b")),
        "## Quellen\n", verzeichnis,
    )  # fmt: skip
    m = werk.manuskript(*inhalt)
    assert [z.quelle for z in zeilen(m)] == [
        "Quelle: Amt B Q1; eigene Berechnung",
        "Quellen: Q1, Q2; eigene Berechnung",
    ]
    assert [(q.nummer, q.name) for q in m.quellen] == [("Q1", "b"), ("Q2", "a"), ("Q3", "c")]
    html, typst = werk.html(*inhalt), werk.typst(*inhalt)
    for nummer, name in enumerate("bac", 1):
        assert html.count(f"Lizenz {name}") == typst.count(f"Lizenz {name}") == 1
        assert f'<dt id="quelle-{nummer}">Q{nummer}</dt>' in html and f'"quelle-{nummer}"' in typst
    assert '<a href="#quelle-1">Q1</a>' in html and "#link(<quelle-1>)[Q1];" in typst


def test_eine_eigene_rechnung_aus_vielen_quellen_steht_als_eine_nummer_da(werk: Werk) -> None:
    """Woraus sie schöpft, sagt ihr Eintrag im Verzeichnis; wenige Quellen stehen selbst da."""

    def gerechnet(*namen: str, rechnungen: tuple[str, ...] = ("Bedarf",)) -> Beleg:
        ohne = beleg(*namen)
        angaben = [a.model_copy(update={"rechnungen": rechnungen}) for a in ohne.quellen[0].angaben]
        zeile = ohne.quellen[0].model_copy(update={"angaben": tuple(angaben)})
        return ohne.model_copy(update={"quellen": (zeile,)})

    viele = gerechnet(*"abcdef")
    mit_anderer = viele.model_copy(update={"quellen": (*viele.quellen, *beleg("x").quellen)})
    inhalt = (
        "## A\n", abbildung("fig-a", beleg=gerechnet(*"abcde")),
        abbildung("fig-b", beleg=mit_anderer),
        abbildung("fig-c", beleg=gerechnet("a", "b")),
        abbildung("fig-d", beleg=gerechnet(*"abcde", rechnungen=("Bedarf", "Bevölkerung"))),
    )  # fmt: skip
    m = werk.manuskript(*inhalt)
    assert [z.quelle for z in zeilen(m)] == [
        "Quelle: eigene Rechnung R1",
        "Quellen: eigene Rechnung R1; Q7",
        "Quellen: Q1, Q2; eigene Berechnung",
        "Quellen: eigene Rechnung R1, R2",
    ]
    assert [(q.nummer, q.lang) for q in m.quellen[-2:]] == [
        ("R1", "Bedarf. Eigene Rechnung aus Q1 bis Q6."),
        ("R2", "Bevölkerung. Eigene Rechnung aus Q1 bis Q5."),
    ]
    html, typst = werk.html(*inhalt), werk.typst(*inhalt)
    assert '<dt id="rechnung-1">R1</dt>' in html and '<a href="#rechnung-1">R1</a>' in html
    assert '"rechnung-1"' in typst and "#link(<rechnung-1>)[R1];" in typst


def test_ohne_verzeichnis_der_quellen_fuehrt_keine_nummer_ins_leere(werk: Werk) -> None:
    inhalt = ("## A\n", abbildung("fig-b", beleg=beleg("b")))
    assert 'id="quelle-1"' in werk.html(*inhalt)
    assert werk.pdf(*inhalt).startswith(b"%PDF")


def test_randnotizen_stehen_neben_den_absaetzen_davor(werk: Werk) -> None:
    text = "## A\n\nEins.\n\nZwei.\n\nDrei.\n\n::: {.randnotiz}\n**Saldo.** Zuzüge minus Fortzüge.\n"
    text += ":::\n\nVier.\n"
    m = werk.manuskript(text)
    (zeile,) = zeilen(m)
    assert zeile.rand == (Randnotiz(titel="Saldo", text="Zuzüge minus Fortzüge."),)
    (absatz,) = zeile.haupt
    assert [klartext([k]) for k in absatz.bloecke] == ["Zwei.", "Drei."]  # type: ignore[union-attr]
    html = werk.html(text)
    assert html.index("Eins.") < html.index("bw-zeile") < html.index("Saldo") < html.index("Vier.")


def test_kennungen_der_zeilen_sind_eindeutig_und_bleiben_wenn_sich_anderes_aendert(werk: Werk) -> None:
    notiz = "\n\n::: {.randzahl}\n**5** Orte\n:::\n\n"
    kapitel = f"## B {{#sec-b}}\n\nEins.{notiz}Zwei.{notiz}"
    vorher = [z.kennung for z in zeilen(werk.manuskript(kapitel))]
    nachher = [z.kennung for z in zeilen(werk.manuskript(f"## A\n\nText.{notiz}", kapitel))]
    assert vorher == ["zeile-sec-b-1", "zeile-sec-b-2"] and nachher[1:] == vorher


def test_zerlegt_bleibt_alles_erhalten() -> None:
    text = "## A\n\nSatz[^n] und [Link][z].\n\n::: {.randzahl}\n**5** x\n:::\n\nEnde.\n\n[^n]: Note.\n\n[z]: https://a.de\n"
    stuecke = zerlege(text)
    assert [art for art, _ in stuecke] == ["kopf", "", "randzahl", ""]
    assert "[^n]: Note." in stuecke[1][1] and "https://a.de" in stuecke[1][1]
    assert "[^n]" not in stuecke[3][1]
    assert zerlege("Nur Text.\n\n::: {.callout-note}\n## Titel\nText\n:::\n") == [
        ("", "Nur Text.\n\n::: {.callout-note}\n## Titel\nText\n:::")
    ]


def test_kleingedrucktes_uebertoent_den_text_nie(werk: Werk) -> None:
    """Hinweise, die zu viel wären, stehen hinten; Begriffe und Notizen der Planung bleiben am Rand."""
    mit = BELEG.model_copy(
        update={
            "begriffe": (Begriff(name="Quote", text="Anteil an allen."),),
            "hinweise": tuple(
                f"Bruch {i}: Die Zählung wurde umgestellt, Werte davor sind anders {i}." for i in "ab"
            ),
        }
    )
    inhalt = ("## A\n\nEin kurzer Satz.\n", abbildung("fig-a", beleg=mit))
    (zeile,) = zeilen(werk.manuskript(*inhalt))
    assert [r.titel for r in zeile.rand] == ["Quote"]  # type: ignore[union-attr]
    assert "Die Zählung wurde umgestellt" in werk.html(*inhalt).partition("Anmerkungen")[2]
    m = werk.manuskript(LANG, abbildung("fig-a", beleg=mit))
    text, klein = kleingedrucktes(m.teile)
    assert len(zeilen(m)[0].rand) == 3 and klein <= text * KLEIN_ANTEIL


def test_auch_gleich_lange_hinweise_einer_abbildung_weichen(werk: Werk) -> None:
    hinweise = tuple(f"Hier steht {wort}{19 * ' viel'}." for wort in ("dies", "das"))
    mit = BELEG.model_copy(update={"hinweise": hinweise})
    m = werk.manuskript("## A\n\nEin kurzer Satz.\n", abbildung("fig-a", beleg=mit))
    hinten = next(t for t in m.teile if isinstance(t, Anmerkungen))
    assert [n.text for _, notizen in hinten.eintraege for n in notizen] == list(hinweise)


def test_so_lesen_steht_wo_eine_regel_zum_ersten_mal_gilt(werk: Werk) -> None:
    hilfe = ("Je dunkler, desto höher.", "Beispiel A: 3.")
    bilder = [
        abbildung(f"fig-{x}", lesehilfe=h)
        for x, h in (("a", hilfe), ("b", (hilfe[0], "Beispiel B: 5.")), ("c", ("Leerer Ring: 2021.",)))
    ]
    m = werk.manuskript(LANG, *bilder)
    notizen = {z.kennung: [r for r in z.rand if isinstance(r, Randnotiz)] for z in zeilen(m)}
    so_lesen = [n.text for liste in notizen.values() for n in liste if n.titel == "So lesen"]
    assert so_lesen == ["Je dunkler, desto höher. Beispiel A: 3.", "Leerer Ring: 2021."]
    assert all(len(liste) <= 3 for liste in notizen.values())


def test_die_saetze_unter_dem_befund_stehen_auf_der_seite_und_im_druck(werk: Werk) -> None:
    """Was für den Titel zu lang ist, geht in keinem Format verloren."""
    bild = abbildung("fig-a", weiter="Insgesamt schwankte sie.")
    assert '<p class="bw-weiter">Insgesamt schwankte sie.</p>' in werk.html(LANG, bild)
    assert "#bw-weiter[Insgesamt schwankte sie.]" in werk.typst(LANG, bild)


def test_der_auftakt_sagt_eine_zahl_nur_einmal(werk: Werk) -> None:
    """Die Botschaft nennt 584; dieselbe Zahl daneben wäre keine zweite Auskunft."""
    eintraege = tuple(
        Eckwert(name=n, kennzahl="g", wert=w, stand="2023")
        for n, w in (("Geburten", "584"), ("je 1 000", "5,9"))
    )
    aussage = Aussage(kennzahl="g", gebiet="k")
    bild = abbildung("fig-a", aussagen=(aussage,))
    text = "## A\n\n::: {.kernbotschaft}\nDie Zahl sank auf 584.\n:::\n\nText.\n"
    m = werk.manuskript("## Blick\n", Eckwerte(eintraege=eintraege, beleg=BELEG), text, bild)
    (auftakt,) = (t for t in m.teile if isinstance(t, Auftakt))
    assert auftakt.zahlen == (Randzahl(zahl="5,9", text="je 1 000, 2023"),)


def test_wo_die_achse_beginnt_steht_an_jedem_bild(werk: Werk) -> None:
    """Andere Hinweise stehen einmal im Bericht; eine gekürzte Achse verzerrt jedes Bild."""
    hinweise = ("Die senkrechte Achse beginnt nicht bei null.", "Gezählt am 1. März.")
    bilder = [abbildung(f"fig-{n}").model_copy(update={"beleg": Beleg(hinweise=hinweise)}) for n in "ab"]
    m = werk.manuskript(LANG, *bilder)
    rand = [" ".join(r.text for r in z.rand if isinstance(r, Randnotiz)) for z in zeilen(m)]
    assert ["Achse beginnt" in r for r in rand] == [True, True]
    assert ["März" in r for r in rand] == [True, False]


def test_anmerkungen_zu_einer_abbildung_stehen_zusammen(werk: Werk) -> None:
    """„Abbildung 1“ stand dreimal untereinander, je Hinweis einmal."""
    hinweise = tuple(f"{name}: {'Wort ' * 40}." for name in ("Bruch", "Stichtag"))
    bild = abbildung("fig-a").model_copy(update={"beleg": Beleg(hinweise=hinweise)})
    zu_viel = "::: {.randnotiz}\n**Noch mehr** steht hier.\n:::\n\n"
    m = werk.manuskript(LANG, bild, zu_viel * 4)
    (alle,) = (t.eintraege for t in m.teile if isinstance(t, Anmerkungen))
    assert [marken for marken, _ in alle] == [("fig-a",)] and len(alle[0][1]) >= 3


def test_was_zu_vielen_abbildungen_dasselbe_sagt_steht_einmal(werk: Werk) -> None:
    """„Die senkrechte Achse beginnt nicht bei null“ stand vierzehnmal."""
    gleich = f"Zu beachten: Die senkrechte Achse beginnt nicht bei null. {'Wort ' * 40}"
    bilder = [
        abbildung(f"fig-{nr}").model_copy(update={"beleg": Beleg(hinweise=(gleich,))}) for nr in range(4)
    ]
    m = werk.manuskript("## A\n\nText.\n", *bilder)
    (alle,) = (t.eintraege for t in m.teile if isinstance(t, Anmerkungen))
    assert [(marken, len(notizen)) for marken, notizen in alle] == [(("fig-0", "fig-1", "fig-2", "fig-3"), 1)]


def test_eine_liste_aus_langen_texten_steht_ueber_die_ganze_breite(werk: Werk) -> None:
    """Vier Spalten mit Namen von Schulen und Orten brachen in der Textspalte fast in jeder Zeile um."""
    texte = (
        "Schule am Kastaniensteg Neuruppin",
        "Förderschule geistige Entwicklung",
        "Wittstock/Dosse",
        "Alt Ruppin",
    )
    zeile = Tabellenzeile(zellen=tuple(Tabellenzelle(text=t) for t in texte))
    kopf = (tuple(Tabellenzelle(text=t) for t in ("Einrichtung", "Art", "Kommune", "Ort")),)
    breit = tabelle("tbl-a", 2).model_copy(update={"tabelle": Tabellenmodell(kopf=kopf, zeilen=(zeile,))})
    m = werk.manuskript("## A\n\nText.\n", breit, tabelle("tbl-b", 2))
    assert [z.breit for z in zeilen(m)] == [True, False]
