"""Der Vergleich zweier Ausgaben: Texte, Zahlen, Definitionen, Quellen; als Seite, PDF und Mappe."""

import json
import zipfile
from pathlib import Path

import pytest
from ausgabenhilfe import ORDNER, TAG, aendere, liefere

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.cli import main
from berichtswerk.gegenstand.gegenstaende import Bindung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.abbild import Abbild, Begriff, Satz, Zahl, als_begriff, klartext
from berichtswerk.jahr.fortschreiben import schreibe_fort
from berichtswerk.jahr.unterschied import gruende, vergleiche
from berichtswerk.jahr.vergleich import neueste


def _satz(text: str, roh: str = "roh", *namen: str) -> Satz:
    return Satz(datei="texte/a.md", zeile=1, roh=roh, text=text, namen=namen)


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        ("Es sind 10 Plätze.", "Es sind 12 Plätze.", ["Zahl"]),
        ("Seit 2021 gilt das.", "Seit 2023 gilt das.", ["Jahr"]),
        ("Die Zahl ist gestiegen.", "Die Zahl ist gesunken.", ["Richtung"]),
        ("Am höchsten ist A.", "Am niedrigsten ist A.", ["Rang"]),
        ("Im Jahr 2021 sank sie auf 1,5.", "Im Jahr 2022 sank sie auf 2,5.", ["Jahr", "Zahl"]),
        ("Vorn liegt Altdorf.", "Vorn liegt Neustadt.", ["Angabe"]),  # gleich geschrieben: ein gebundener Ort
        ("Es ist so.", "", ["erscheint nicht mehr"]),
        ("", "Es ist so.", ["erscheint"]),
        ("Es ist so.", "Es ist so.", []),
    ],
)
def test_warum_ein_satz_anders_ist(alt: str, neu: str, erwartet: list[str]) -> None:
    assert gruende(_satz(alt), _satz(neu), {}) == erwartet
    assert gruende(_satz("Es ist so."), _satz("Es ist anders.", "neu geschrieben"), {}) == ["Wortlaut"]
    assert gruende(_satz(""), _satz("", "roh", "quote"), {"quote": ["Quelle"]}) == []


def test_begriffe_heissen_wie_fuer_sich_und_stehen_einmal_da() -> None:
    def abbild(definition: str) -> Abbild:
        reihe = Bindung(
            name="natürliche Saldo", titel="Natürlicher Saldo", artikel="der", definition=definition
        )
        begriff = als_begriff(reihe)
        return Abbild(
            bericht="b", ausgabe="1", titel="B", begriffe={"saldo": begriff, "saldo_frueher": begriff}
        )

    u = vergleiche(abbild("Geborene minus Gestorbene"), abbild("Geborene ohne Gestorbene"))
    assert [(b.name, b.was) for b in u.begriffe] == [("Natürlicher Saldo", "Definition")]


def test_gezeigt_werden_worte_ohne_auszeichnung() -> None:
    text = (
        "::: {.callout-note} Das **ist** [hier](a.html) `so`, \\*siehe @fig-a und @tbl-b.[^1] "
        "## Titel {#sec-x .unnumbered} :::"
    )
    klar = "Das ist hier so, *siehe Abbildung und Tabelle. ## Titel"
    assert klartext(text) == klar


def test_jeder_satz_steht_in_genau_einem_paar_und_jede_zahl_einmal() -> None:
    def abbild(saetze: list[Satz], zahlen: dict[str, str], definition: str) -> Abbild:
        return Abbild(
            bericht="b", ausgabe="1", titel="B", saetze=tuple(saetze),
            zahlen=tuple(Zahl(wo="fig-a", titel="A", zeit=z, anzeige=w) for z, w in zahlen.items()),
            begriffe={"quote": Begriff(name="Quote", definition=definition)},
        )  # fmt: skip

    alt = abbild([_satz("eins", "e"), _satz("weg", "w")], {"2021": "1", "2022": "2"}, "Anteil an allen")
    neu = abbild(
        [_satz("eins", "e", "quote"), _satz("mehr", "m"), _satz("noch", "n")],
        {"2022": "3", "2023": "4"},
        "Anteil",
    )
    u = vergleiche(alt, neu)
    assert [(p.alt and p.alt.text, p.neu and p.neu.text, p.gruende) for p in u.saetze] == [
        ("eins", "eins", ("Definition",)),
        ("weg", None, ("entfallen",)),
        (None, "mehr", ("neu",)),
        (None, "noch", ("neu",)),
    ]
    assert [(a.anzeige, b.anzeige) for a, b in u.geaendert] == [("2", "3")]
    assert [z.zeit for z in u.neue] == ["2023"] and [z.zeit for z in u.entfallene] == ["2021"]
    assert [(b.was, b.alt, b.neu) for b in u.begriffe] == [("Definition", "Anteil an allen", "Anteil")]
    assert not vergleiche(alt, alt)


def test_saetze_gehoeren_zusammen_wenn_sie_einander_aehneln() -> None:
    """Ein Satz davor schiebt nicht alle folgenden gegen fremde."""

    def abbild(*texte: str) -> Abbild:
        saetze = tuple(_satz(t, t) for t in texte)
        return Abbild(bericht="b", ausgabe="1", titel="B", saetze=saetze)

    alt = abbild("Die Quote lag 2021 bei 7 Prozent.", "Immer mehr Alte.", "Das liegt an den Jahrgängen.")
    neu = abbild(
        "Woher das kommt, sagt niemand.", "Die Quote lag 2023 bei 8 Prozent.", "Immer mehr Alte.",
        "Das liegt an den starken Jahrgängen.", "Ende.",
    )  # fmt: skip
    paare_ = [(p.alt and p.alt.text, p.neu and p.neu.text) for p in vergleiche(alt, neu).saetze]
    assert paare_ == [
        (None, "Woher das kommt, sagt niemand."),
        ("Die Quote lag 2021 bei 7 Prozent.", "Die Quote lag 2023 bei 8 Prozent."),
        ("Das liegt an den Jahrgängen.", "Das liegt an den starken Jahrgängen."),
        (None, "Ende."),
    ]


def test_die_neuesten_werte_stehen_nebeneinander() -> None:
    def abbild(*zahlen: tuple[str, str, str]) -> Abbild:
        alle = tuple(Zahl(wo="f", kennzahl=k, gebiet="12068", zeit=z, anzeige=w) for k, z, w in zahlen)
        return Abbild(
            bericht="b", ausgabe="1", titel="B", zahlen=alle,
            begriffe={k: Begriff(name=k.title()) for k, _, _ in zahlen},
        )  # fmt: skip

    alt = abbild(
        ("quote", "2021", "7,0"), ("quote", "2020", "6,0"), ("gleich", "2021", "1"), ("alt", "2021", "2")
    )
    neu = abbild(
        ("quote", "2023", "8,0"), ("quote", "2021/2023", "1,0"), ("gleich", "2021", "1"),
        ("neu", "2023", "3"),
        ("doppelt", "2023", "3"), ("doppelt", "2023", "4"),
    )  # fmt: skip
    werte = neueste(vergleiche(alt, neu), "12068")
    assert [(n, a.zeit, a.anzeige, b.zeit, b.anzeige) for n, a, b in werte] == [
        ("Quote", "2021", "7,0", "2023", "8,0")
    ]
    assert neueste(vergleiche(alt, neu), "12069") == []


def test_seite_pdf_und_mappe_nennen_dasselbe(
    beschlossen: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gegen eine beschlossene Ausgabe, deren Daten, Definition und Quelle inzwischen andere sind."""
    liefere(beschlossen, "99068,2024,10007", "99068,2024,10107")
    aendere(beschlossen.kennzahlen / "einwohner.yaml", "mit Hauptwohnung", "mit *einziger* Wohnung")
    aendere(beschlossen.quellen / "einwohner.yaml", "herausgeber: Statistisches", "herausgeber: Neues")
    schreibe_fort(beschlossen, plane(beschlossen), "lage", "2026", TAG)
    befehl = ["--projekt", str(beschlossen.wurzel), "vergleich", "lage/2024", "lage/2026"]
    assert main([*befehl, "--nach", str(tmp_path / "v"), "--json"]) == 0
    objekt = json.loads(capsys.readouterr().out.replace("\u202f", " "))
    assert next((t["alt"], t["neu"]) for t in objekt["texte"]) == (
        "Im Landkreis leben 10 007 Menschen.", "Im Landkreis leben 10 107 Menschen."
    )  # fmt: skip
    anzeigen = [(p["alt"]["anzeige"], p["neu"]["anzeige"]) for p in objekt["geaendert"]]
    assert ("10 007", "10 107") in anzeigen
    assert {b["was"] for b in objekt["begriffe"]} == {"Definition", "Quelle"}
    stamm = tmp_path / "v/vergleich-lage-2024-lage-2026"
    seite = stamm.with_suffix(".html").read_text("utf-8").replace("\u202f", " ").replace("\u00a0", " ")
    assert "10 007" in seite and "10 107" in seite and "*einziger* Wohnung" in seite
    assert "Neues Amt" in seite and "noindex" in seite and (tmp_path / "v/layout/bericht.css").is_file()
    assert stamm.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(stamm.with_suffix(".ods")) as mappe:
        inhalt = mappe.read("content.xml").decode().replace("\u202f", " ").replace("\u00a0", " ")
    assert "Im Landkreis leben 10 107 Menschen." in inhalt and "Neues Amt" in inhalt and "10 007" in inhalt
    vorher = {d: Path(d).read_bytes() for d in objekt["dateien"]}
    assert main([*befehl, "--nach", str(tmp_path / "v")]) == 0
    assert "Geschrieben: " in capsys.readouterr().out
    assert {d: Path(d).read_bytes() for d in vorher} == vorher
    assert (beschlossen.wurzel / ORDNER / "freigabe.yml").is_file()


def test_unbekannte_ausgabe(beschlossen: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--projekt", str(beschlossen.wurzel), "vergleich", "lage/2024", "lage/2030"]) == 1
    assert "bericht-unbekannt" in capsys.readouterr().err
