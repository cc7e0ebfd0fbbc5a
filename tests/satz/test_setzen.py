"""PDF: beide Normen, gleiche Bytes, Seiten wie gewollt, Fehler von Typst an der Stelle des Textes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from manuskripthilfe import ABSATZ, BELEG, KOPF, Werk, abbildung, tabelle, tafel, zellen

from berichtswerk.gegenstand.gegenstaende import (
    Begriff,
    Begriffe,
    Eckvergleich,
    Eckwert,
    Eckwerte,
    Fehlt,
    Gegenstand,
    Luecken,
    Steckbrief,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Tabellenzelle,
    Ueberschrift,
)
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.satz import dienst, pandoc, pdf, platz
from berichtswerk.satz.befunde import TypstFehler, aus_typst
from berichtswerk.satz.dienst import TYPST, Dienst
from berichtswerk.satz.pdf import Werkbank, werkbank
from berichtswerk.satz.seitenplan import Plan

STECKBRIEF = Steckbrief(
    name="Geburten", einheit="Anzahl",
    felder=(("Zweck", "Planung der Plätze."), ("Definition", "Lebendgeborene.")),
)  # fmt: skip
ECKWERTE = Eckwerte(
    beleg=BELEG,
    eintraege=(
        Eckwert(name="Einwohner", kennzahl="e", wert="99 372", stand="2023", richtung="↓ gesunken"),
        Eckwert(name="Quote", kennzahl="q", wert="6 %", vergleiche=(Eckvergleich(name="Land", wert="5 %"),)),
    ),
)  # fmt: skip
ALLES: tuple[Gegenstand | str, ...] = (
    "## Lage {#sec-lage}\n\n**Wie viele sind es?**\n\n"
    "Siehe @fig-a, @tbl-lang und @sec-lage.[^1]\n\n[^1]: Näheres.\n",
    abbildung("fig-a"),
    abbildung("fig-b"),
    "### Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherungspolicenverwaltung\n\n"
    "Kindertagesbetreuungsbedarfsplanungsverordnungsänderungsentwurf und "
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz\n\n- eins\n    - zwei\n\n1. drei\n",
    tabelle("tbl-lang", 80),
    "## Kästen\n\n::: {.callout-warning}\n## Achtung\nText mit *Betonung*.\n:::\n\n"
    "| Begriff | Erklärung |\n|:--|:--|\n| Quote | Anteil |\n\n: Begriffe {#tbl-begriffe}\n\n> Ein Zitat.\n\n"
    "Wort\n:   Erklärung im Text\n",
    ECKWERTE,
    Ueberschrift(text="Begriffe", ebene=3),
    Begriffe(
        eintraege=(Begriff(name="Altenquotient", text="Ab 65."), Begriff(name="Wohngeld", text="Zuschuss."))
    ),
    Steckbriefe(eintraege=(STECKBRIEF,) * 5),
    Fehlt(grund="Keine Zahlen."),
    Luecken(eintraege=(("Pflege", "Keine Daten."),)),
)  # fmt: skip


@pytest.fixture
def fertig(werk: Werk) -> bytes:
    return werk.pdf(*ALLES)


def _ohne_gedrucktes(werk: Werk) -> None:
    for art in ("pdf", "mass"):
        shutil.rmtree(werk.projekt.wurzel / ".berichtswerk" / "ablage" / art)


# --- Normen und Bytes ------------------------------------------------------------------------------------


def test_verapdf_findet_nichts(fertig: bytes, tmp_path: Path, verapdf: Any) -> None:
    (tmp_path / "a.pdf").write_bytes(fertig)
    assert verapdf.verstoesse(tmp_path / "a.pdf") == []


def test_verapdf_faende_einen_fehlenden_alternativtext(fertig: bytes, tmp_path: Path, verapdf: Any) -> None:
    (tmp_path / "a.pdf").write_bytes(fertig)
    with pikepdf.open(tmp_path / "a.pdf") as dokument:
        for objekt in dokument.objects:
            if isinstance(objekt, pikepdf.Dictionary) and str(objekt.get("/S", "")) == "/Figure":
                del objekt["/Alt"]
        dokument.save(tmp_path / "ohne.pdf")
    assert any("7.3-1" in fund for fund in verapdf.verstoesse(tmp_path / "ohne.pdf"))


def test_gleiche_eingabe_gleiche_bytes(werk: Werk, fertig: bytes) -> None:
    pandoc.beende()
    _ohne_gedrucktes(werk)
    assert werk.pdf(*ALLES) == fertig


def test_sprache_titel_zeitstempel(fertig: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(fertig)
    with pikepdf.open(tmp_path / "a.pdf") as dokument:
        assert str(dokument.Root.Lang) == "de-DE"
        assert dokument.Root.ViewerPreferences.DisplayDocTitle
        assert str(dokument.docinfo["/Title"]) == "Prüfbericht"
        assert str(dokument.docinfo["/CreationDate"]).startswith("D:20250630")


def test_band_steht_auf_dem_titelblatt_nur_vor_der_veroeffentlichung(werk: Werk) -> None:
    davor = werk.druck("## A\n").kopf
    werk.kopf = KOPF.model_copy(update={"status": "veroeffentlicht"})
    assert "Beispielausgabe" in davor and "Beispielausgabe" not in werk.druck("## A\n").kopf


def test_eine_andere_farbe_der_marke_erreicht_das_pdf(werk: Werk) -> None:
    vorher = werk.pdf("## A\n")
    marke_typ = werk.projekt.layout / "typst" / "marke.typ"
    neu = re.sub(r'primary: rgb\("#.{6}', 'primary: rgb("#7a1e5c', marke_typ.read_text(encoding="utf-8"))
    marke_typ.write_text(neu, encoding="utf-8")
    assert werk.pdf("## A\n") != vorher


def test_typst_zaehlt_wie_das_manuskript(werk: Werk) -> None:
    """Unterschriften und Überschriften zählt Typst selbst; Verweise stehen schon fertig da."""
    inhalt: tuple[Gegenstand | str, ...] = (
        "## A\n\n**Frage?**\n", abbildung("fig-a"), "### B\n", tabelle("tbl-a"),
        "## Ohne {.unnumbered}\n\nX\n",
        abbildung("fig-b"), Ueberschrift(text="C", ebene=3), hohe_tafel(16, KOPF_EINFACH), "## D\n\nEnde.\n",
    )  # fmt: skip
    m, druck = werk.manuskript(*inhalt), werk.druck(*inhalt)
    abfrage = """(
      query(figure).map(f => (str(f.label), counter(figure.where(kind: f.kind)).at(f.location()))),
      query(heading.where(outlined: true)).filter(h => h.numbering != none)
        .map(h => (str(h.label), counter(heading).at(h.location()))),
    ).flatten()"""
    with werkbank("zahl", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.bebildere(druck.bilder)
        bank.waehle(druck.kapitel, Plan())
        flach = json.loads(bank.frage(abfrage))
    gezaehlt: dict[str, list[str]] = {}
    for wert in flach:
        if isinstance(wert, str):
            marke = wert
        else:
            gezaehlt.setdefault(marke, []).append(str(wert))
    assert {k: ".".join(v) for k, v in gezaehlt.items()} == {
        k: z.nummer for k, z in m.marken.items() if z.nummer
    }
    assert len(gezaehlt) == 8


# --- Was auf Druckseiten passt ---------------------------------------------------------------------------

MERKMAL = re.compile(r"Merkmal\\-(\d+)")
LANG = "Der Wert folgt dem Mittel der letzten Jahre und gilt bis auf Weiteres. " * 6
KOPF_EINFACH = (zellen("Annahme", "Herkunft", "Begründung"),)
KOPF_DOPPELT = (
    (Tabellenzelle(text="Annahme", zeilen=2), Tabellenzelle(text="Angaben", spalten=2)),
    zellen("Herkunft", "Begründung"),
)


def hohe_tafel(zeilen: int, kopf: Any, text: str = LANG) -> Tabelle:
    """Wenige, aber mehrzeilige Zellen; mit kurzem Text passt sie in die Textspalte."""
    rumpf = tafel(*(zellen("Annahme über Kinder", "Landkreis", f"Merkmal-{i} {text}") for i in range(zeilen)))
    modell = Tabellenmodell(kopf=kopf, zeilen=rumpf.zeilen)
    beleg = BELEG.model_copy(update={"hinweise": ("Merkmal-999",)})
    return Tabelle(label="tbl-hoch", unterschrift="Annahmen der Rechnung", tabelle=modell, beleg=beleg)


def orte(werk: Werk, *inhalt: Gegenstand | str) -> tuple[list[tuple[int, int, float]], float]:
    """Nummer, Seite und Höhe aller ``Merkmal-<n>`` im Satz und der untere Rand des Satzspiegels."""
    druck = werk.druck(*inhalt)
    for k in druck.kapitel:
        k.stuecke[:] = [replace(s, text=MERKMAL.sub(r"#[#metadata(\1)<merkmal>]", s.text)) for s in k.stuecke]
    auftrag = pdf.Druckauftrag(druck, {}, datetime(2025, 6, 30), (), {})
    with werkbank("orte", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.waehle(druck.kapitel, pdf._geplant(auftrag, bank, Ablage.von(werk.projekt)))
        antwort = bank.frage(
            "(query(<merkmal>).map(m => (m.value, m.location().page(), m.location().position().y.pt())))"
        )
    return [tuple(m) for m in json.loads(antwort)], (297 - 22) / 25.4 * 72


@pytest.mark.parametrize(("zeilen", "text", "breit"), [(16, LANG, True), (90, "kurz", False)])
@pytest.mark.parametrize("kopf", [KOPF_EINFACH, KOPF_DOPPELT])
def test_tabelle_hoeher_als_eine_seite_bricht_um(
    werk: Werk, kopf: Any, zeilen: int, text: str, breit: bool
) -> None:
    stellen, unten = orte(werk, "## A\n\n" + ABSATZ * 3, hohe_tafel(zeilen, kopf, text), ABSATZ)
    stellen.sort()
    assert [m[0] for m in stellen] == [*range(zeilen), 999]
    *seiten, rand = [m[1] for m in stellen]
    assert seiten == sorted(seiten) and len(set(seiten)) > 1
    assert rand == seiten[-1 if breit else 0]  # neben dem Anfang; wo kein Rand bleibt, darunter
    assert all(y < unten for _, _, y in stellen)


def test_tabelle_im_text_bricht_um(werk: Werk) -> None:
    zeilen = "".join(f"| Kinder | Merkmal-{i} {LANG} |\n" for i in range(30))
    text = f"## A\n\n{ABSATZ * 3}| Annahme | Begründung |\n|:--|:--|\n{zeilen}\n{ABSATZ}"
    stellen, unten = orte(werk, text)
    seiten = [m[1] for m in stellen]
    assert seiten == sorted(seiten) and len(set(seiten)) > 1
    assert all(y < unten for _, _, y in stellen)


def test_kurze_tabelle_bleibt_beisammen(werk: Werk) -> None:
    stellen, _ = orte(werk, "## A\n\n" + ABSATZ * 8, hohe_tafel(5, KOPF_EINFACH))
    assert len({m[1] for m in stellen}) == 1


def test_ein_doppelpunkt_steht_nie_am_fuss_und_die_liste_auf_der_naechsten_seite(werk: Werk) -> None:
    """„Der Kreistag beschließt:“ stand allein am Fuß, der Beschluss auf der Seite danach."""
    liste = "\n".join(f"{n}. Satz des Beschlusses mit einigen Wörtern mehr" for n in range(1, 9))
    (kapitel,) = werk.druck("## A\n\nText.\n\nDer Kreistag beschließt:\n\n" + liste).kapitel
    arten = {s.text.strip(): s.art for s in kapitel.stuecke}
    assert arten["Der Kreistag beschließt:"] == "titel" and arten["Text."] == "text"


def test_von_vielen_eintraegen_steht_keine_reihe_allein(werk: Werk) -> None:
    """Im Verzeichnis stand „Abbildung 33“ allein oben auf der letzten Seite."""

    def beisammen(anzahl: int) -> int:
        eintraege = tuple(Begriff(name=f"Begriff {n}", text="Erklärung.") for n in range(anzahl))
        (kapitel,) = werk.druck("## A\n", Begriffe(eintraege=eintraege)).kapitel
        return next(s.tafel.beisammen for s in kapitel.stuecke if s.tafel)

    assert beisammen(12) == 2 and beisammen(4) == 1


def test_namen_und_kuerzel_werden_nicht_getrennt(werk: Werk) -> None:
    """Im Landkreis las man „Ostp-rignitz“ und „IN-KAR“: kein Wörterbuch kennt sie."""
    marke = (werk.projekt.wurzel / "layout" / "typst" / "marke.typ").read_text(encoding="utf-8")
    haus = re.search(r'^  name: "(?:.* )?(.+)"', marke, re.MULTILINE)
    assert haus is not None
    name = haus[1].split("-")[0]
    druck = werk.druck("## A\n\nText.\n")
    for stueck in (stuecke := druck.kapitel[0].stuecke):
        if stueck.text.strip() == "Text.":
            hoehen = ", ".join(
                f"measure(block(width: 5mm)[{w}]).height.pt()"
                for w in ("x", name, "INKAR", "Bevölkerung", "Kita-x", r"x \ x")
            )
            stuecke[stuecke.index(stueck)] = replace(
                stueck, text=f"#context [#metadata(({hoehen})) <hoehen>]"
            )
    auftrag = pdf.Druckauftrag(druck, {}, datetime(2025, 6, 30), (), {})
    with werkbank("namen", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.waehle(druck.kapitel, pdf._geplant(auftrag, bank, Ablage.von(werk.projekt)))
        eine, des_hauses, kuerzel, wort, mit_strich, zwei = json.loads(
            bank.frage("query(<hoehen>).last().value")
        )
    assert des_hauses == kuerzel == eine < wort and mit_strich == zwei


def test_abschnitt_auf_neuer_seite_aus_text_und_notizbuch(werk: Werk) -> None:
    text = "## A\n\nMerkmal-1 eins\n\n### Adorf {#sec-adorf .bw-neue-seite}\n\nMerkmal-2 zwei\n"
    neu = Ueberschrift(text="Bdorf", ebene=3, neue_seite=True)
    stellen, _ = orte(werk, text, neu, "Merkmal-3 drei\n")
    assert [m[1] - stellen[0][1] for m in stellen] == [0, 1, 2]


@pytest.mark.parametrize("kapitel", [5, 17, 30])
def test_inhalt_und_impressum_stehen_auf_einer_seite(werk: Werk, kapitel: int) -> None:
    """Mit 15 Kapiteln rückte die letzte Zeile des Impressums allein auf eine dritte Seite."""
    werk.kopf = KOPF.model_copy(update={"redaktion": "Amt für Familien und Soziales", "kontakt": "Planung"})
    satz = "Von 2011 bis 2021 ging die Quote jedes Jahr zurück, von 17,0 auf 7,8 Prozent, zuletzt langsamer."
    texte = [
        f"## Kapitel {n}\n\n::: {{.kernbotschaft}}\n{satz}\n:::\n\nMerkmal-{n}\n" for n in range(1, kapitel)
    ]
    stellen, _ = orte(werk, *texte)
    assert stellen[0][1] == 3


def test_ein_eintrag_des_glossars_bricht_nicht_ueber_spalten(werk: Werk) -> None:
    """Begriff, erste und letzte Zeile jedes Eintrags stehen in derselben Spalte derselben Seite."""
    eintraege = tuple(
        Begriff(name=f"Begriff {i}", text=f"Merkmal-{i} {'Wort ' * (i % 40)}Merkmal-{i}") for i in range(90)
    )
    stellen, _ = orte(werk, "## A\n", Begriffe(eintraege=eintraege))
    assert len(stellen) == 180 and len({s for _, s, _ in stellen}) > 1
    for (eins, seite, oben), (zwei, ende, unten) in zip(stellen[::2], stellen[1::2], strict=True):
        assert eins == zwei and seite == ende and oben <= unten


# --- Werkbank --------------------------------------------------------------------------------------------

TEXT: tuple[Gegenstand | str, ...] = (
    "## A\n\nEin Satz.\n", abbildung("fig-a"), "## B\n\n### C {#sec-c .bw-neue-seite}\n\nSiehe @fig-a.\n"
)  # fmt: skip


def test_zerlegt_wird_vor_allem_was_auf_neuer_seite_beginnt(werk: Werk) -> None:
    druck = werk.druck(*TEXT)
    assert druck.kopf.startswith("#show: bericht.with(") and "#let bw-figur(" in druck.vorlage
    a, b, c = (k.stuecke for k in druck.kapitel)
    assert [s.text.split(" <")[0].split("\n")[-1] for s in (a[0], b[0], c[0])] == [
        "#heading(level: 1)[A]", "#heading(level: 1)[B]", "#heading(level: 2)[C]"
    ]  # fmt: skip
    assert all(s.beginnt for s in (a[0], b[0], c[0])) and not any(s.beginnt for s in (*a[1:], *c[1:]))


def test_zugleich_gesetzte_dokumente_stoeren_sich_nicht(werk: Werk) -> None:
    einzeln = werk.pdf(*TEXT)
    _ohne_gedrucktes(werk)
    with ThreadPoolExecutor(3) as faeden:
        assert list(faeden.map(lambda _: werk.pdf(*TEXT), range(3))) == [einzeln] * 3


def test_der_platz_verschwindet_mit_dem_prozess(werk: Werk) -> None:
    werk.pdf(*TEXT)
    (ort,) = Path(werk.projekt.wurzel, ".berichtswerk").glob("satz-*")
    platz._raeume_auf(ort, os.getpid() + 1)
    assert ort.is_dir()
    platz._raeume_auf(ort, os.getpid())
    assert not ort.exists()


def test_eine_abgeraeumte_werkbank_aendert_das_pdf_nicht(werk: Werk, monkeypatch: pytest.MonkeyPatch) -> None:
    vorher = werk.pdf(*TEXT)
    _ohne_gedrucktes(werk)
    gestoert: list[Path] = []
    drucke = Werkbank.drucke

    def raeume_ab_und_drucke(bank: Werkbank, zeit: datetime) -> bytes:
        if not gestoert:
            gestoert.append(bank._platz)
            shutil.rmtree(bank._platz)
        return drucke(bank, zeit)

    monkeypatch.setattr(Werkbank, "drucke", raeume_ab_und_drucke)
    assert werk.pdf(*TEXT) == vorher
    assert gestoert


def test_was_liegen_blieb_waermt_typst_vor_und_aendert_nichts(
    werk: Werk, monkeypatch: pytest.MonkeyPatch
) -> None:
    werk.kopf = werk.kopf.model_copy(update={"stamm": "pruef-2024"})
    werk.pdf(*TEXT)
    kalt = werk.pdf(*TEXT, "Ein Satz mehr.\n")
    _ohne_gedrucktes(werk)
    lager = werk.projekt.wurzel / ".berichtswerk/satz"
    texte = werk.projekt.berichte / "pruef/2024/texte"
    texte.mkdir(parents=True)
    (texte / "a.md").touch()
    gefragt: list[str] = []
    frage = Dienst.frage

    def merke(typst: Dienst, anfrage: Any, *weiteres: Any) -> Any:
        gefragt.extend([anfrage["was"]] if isinstance(anfrage, dict) else ())
        return frage(typst, anfrage, *weiteres)

    monkeypatch.setattr(Dienst, "frage", merke)
    drucken = ["beginne", "miss", "beginne", "drucke"]
    for namen in ([], ["pruef"], ["berichte/pruef/2024"], ["anderer"]):
        platz.raeume_auf(werk.projekt)
        assert [p.name for p in lager.iterdir()] == ["pruef-2024"]
        gefragt.clear()
        platz.waerme_vor(werk.projekt, namen)
        for faden in (f for f in threading.enumerate() if f.name == platz.FADEN):
            faden.join()
        assert werk.pdf(*TEXT, "Ein Satz mehr.\n") == kalt
        assert gefragt == (drucken if namen == ["anderer"] else ["beginne", "miss", *drucken])
        _ohne_gedrucktes(werk)


def test_waehrend_typst_druckt_geschieht_anderes(werk: Werk) -> None:
    derweil: list[str] = []
    with dienst.derweil(lambda: derweil.append("Seite")):
        gedruckt = werk.pdf(*TEXT)
        assert werk.pdf(*TEXT) == gedruckt
    assert derweil == ["Seite"]  # aus der Ablage wird nicht gedruckt

    def scheitert() -> None:
        raise ValueError("Seite")

    with dienst.derweil(scheitert), pytest.raises(ValueError, match="Seite"):
        werk.pdf(*TEXT, "Ein Satz mehr.\n")
    assert werk.pdf(*TEXT, "Ein Satz mehr.\n") == werk.pdf(*TEXT, "Ein Satz mehr.\n")


def test_viele_faeden_beginnen_zugleich(werk: Werk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Der Ordner des Prozesses wird einmal geleert, nicht unter den Händen des ersten Fadens."""
    geleert: list[Path] = []

    def langsam(ort: Path, **_: object) -> None:
        geleert.append(ort)
        time.sleep(0.2)

    monkeypatch.setattr(platz.shutil, "rmtree", langsam)
    with ThreadPoolExecutor(4) as faeden:
        ergebnisse = set(faeden.map(platz._ort, [werk.projekt] * 4))
    assert len(ergebnisse) == 1 and geleert == [*ergebnisse]
    assert threading.active_count() < 20


# --- Grenzen von Typst -----------------------------------------------------------------------------------

ENDLOS = "#let endlos = range(100000).map(i => range(100000).map(j => i * j).len()).sum()"
SAMMELT = "#let viel = range(100000000).map(i => (i, i, i, i))"


@pytest.fixture
def ohne_dienst() -> Iterator[None]:
    """Die Grenzen gelten auch für den Prozess, der schon läuft; hier beginnt jeder neu."""
    TYPST.beende()
    yield
    TYPST.beende()


@pytest.mark.usefixtures("ohne_dienst")
@pytest.mark.parametrize(
    ("zeile", "grenze", "erwartet"),
    [
        (ENDLOS, 4.0, """\
FEHLER [satz-typst-zeit] berichte/pruef/2024/bericht.yml
  Das PDF von pruef-2024 kommt nicht zustande: Typst war nach 4 Sekunden nicht fertig.
  Ursache: Meist läuft in layout/typst/typst-template.typ eine Schleife viel zu oft.
  Abhilfe: Nehmen Sie die letzte Änderung an layout/typst oder am Text zurück."""),
        (SAMMELT, 120.0, """\
FEHLER [satz-typst-speicher] berichte/pruef/2024/bericht.yml
  Das PDF von pruef-2024 kommt nicht zustande: Typst braucht mehr als 2 GB Arbeitsspeicher.
  Ursache: Meist legt eine Schleife in layout/typst/typst-template.typ immer mehr an.
  Abhilfe: Nehmen Sie die letzte Änderung an layout/typst oder am Text zurück."""),
    ],
)  # fmt: skip
def test_eine_vorlage_ohne_ende_oder_mass_haelt_niemanden_auf(
    werk: Werk, monkeypatch: pytest.MonkeyPatch, zeile: str, grenze: float, erwartet: str
) -> None:
    monkeypatch.setattr(platz, "GRENZE_S", grenze)
    werk.kopf = werk.kopf.model_copy(update={"bericht": "pruef", "ausgabe": "2024", "stamm": "pruef-2024"})
    vorlage = werk.projekt.layout / "typst/typst-template.typ"
    gut = vorlage.read_text("utf-8")
    vorlage.write_text(f"{zeile}\n{gut}", "utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        werk.pdf("## A\n\nText.\n")
    assert str(fehler.value) == erwartet
    monkeypatch.undo()
    vorlage.write_text(gut, "utf-8")
    assert werk.pdf("## A\n\nText.\n").startswith(b"%PDF"), "der nächste Bericht bekommt ein neues Typst"


def test_ein_absturz_wird_gemeldet(werk: Werk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absturz = [sys.executable, "-c", "import os; input(); os.kill(os.getpid(), 11)"]
    TYPST.beende()
    monkeypatch.setattr(TYPST, "_beginne", lambda: Dienst(absturz, tmp_path))
    with pytest.raises(BerichtswerkFehler) as fehler:
        werk.pdf("## A\n\nText.\n")
    assert (
        str(fehler.value)
        == """\
FEHLER [satz-typst-abbruch] ohne Ort
  Das PDF von pruef-2025 kommt nicht zustande: Typst ist abgestürzt.
  Ursache: Das Programm endete mit -11; oft ruft sich eine Funktion in layout/typst selbst auf.
  Abhilfe: Nehmen Sie die letzte Änderung an layout/typst zurück; bleibt der Fehler, melden Sie ihn."""
    )


def test_von_aussen_beendetes_typst_wird_neu_gestartet(werk: Werk) -> None:
    vorher = werk.pdf(*TEXT)
    typst = TYPST.hole()
    TYPST.gib(typst)
    typst.prozess.kill()
    typst.prozess.wait()
    _ohne_gedrucktes(werk)
    assert werk.pdf(*TEXT) == vorher


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        ("  hoehe: bw-hoehe.pt(), ", "  ", """\
FEHLER [satz-vorlage-misst] layout/typst/typst-template.typ
  Die Vorlage sagt nicht, wie die Seite aufgeteilt ist: „hoehe“ fehlt oder ist von anderer Art."""),
        ("fill: marke.secondary)", "fill: marke.sekundaer)", """\
FEHLER [satz-typst] layout/typst/typst-template.typ, Zeile {zeile}
  Typst konnte das PDF nicht setzen.
  Ursache: dictionary does not contain key "sekundaer\""""),
    ],
)  # fmt: skip
def test_was_in_der_vorlage_fehlt_wird_mit_ihrer_zeile_genannt(
    werk: Werk, alt: str, neu: str, erwartet: str
) -> None:
    vorlage = werk.projekt.layout / "typst/typst-template.typ"
    text = vorlage.read_text("utf-8")
    zeile = text[: text.index(alt)].count("\n") + 1
    vorlage.write_text(text.replace(alt, neu, 1), "utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        werk.pdf("## A\n\nText.\n", abbildung("fig-a"))
    assert str(fehler.value).startswith(erwartet.format(zeile=zeile))


# --- Fehler von Typst ------------------------------------------------------------------------------------


def test_zeichen_ausserhalb_der_schrift_wird_mit_datei_gemeldet(werk: Werk) -> None:
    teile = ("## A\n\nGut.\n", abbildung("fig-a"), "Vorher.\n\nSchnee ☃ hier.\n", "Danach.\n")
    assert "\n".join(map(str, werk.befunde(*teile))) == (
        "FEHLER [satz-zeichen-fehlt] berichte/pruef/texte/2.md, Zeile 3\n"
        "  Das Zeichen „☃“ (U+2603) gibt es in der Hausschrift nicht.\n"
        "  Ursache: PDF/UA verlangt, dass jedes Zeichen gesetzt und vorgelesen werden kann.\n"
        "  Abhilfe: Zeichen durch ein anderes oder durch ein Wort ersetzen."
    )


def test_schon_beim_lesen_stehen_fehlende_zeichen_mit_allen_zeilen_da(werk: Werk) -> None:
    """Auch „pruefen texte“ und Vorschau nennen sie: gesetzt wird dort nichts."""
    text = (
        "## A ▲\n\nEin Satz → weiter ▲ und 😀.\n\n<!-- ☃ -->\n\nÄhnlich „gut“ – 3\u202f% € ½ ≥ fi\u00adne.\n"
    )
    assert [(m.ort, m.text[:32]) for m in werk.befunde(text)] == [
        ("Zeilen 1, 3", "Das Zeichen „▲“ (U+25B2) gibt es"), ("Zeile 3", "Das Zeichen „😀“ (U+1F600) gibt e"),
    ]  # fmt: skip


def test_in_einer_abbildung_ist_der_ort_ihr_label(werk: Werk) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        werk.pdf("## A\n\nGut.\n", abbildung("fig-a", "Mit ☃"))
    assert [(m.kennung, m.ort) for m in fehler.value.meldungen] == [("satz-zeichen-fehlt", "fig-a")]


@pytest.mark.parametrize(
    ("inhalt", "grund"), [("<svg", "etwas, das kein XML ist (Zeile 1)"), ("<bild/>", "kein <svg> als Ganzes")]
)
def test_kaputtes_bild_wird_genannt(werk: Werk, inhalt: str, grund: str) -> None:
    (werk.ordner / "abb" / "a.svg").write_text(inhalt, encoding="utf-8")
    text = '## A\n\n::: {#fig-a}\n![](abb/a.svg){fig-alt="a"}\n\nText\n:::\n'
    (meldung,) = werk.befunde(text)
    stelle = ("satz-bild-unsicher", "berichte/pruef/texte/0.md", "Zeile 4")
    assert (meldung.kennung, meldung.datei, meldung.ort) == stelle and grund in meldung.ursache


@pytest.mark.parametrize(
    ("diagnose", "kennung"),
    [
        ("error: file not found (searched at /x/fehlt.svg)\n", "satz-bild-fehlt"),
        ("error: failed to decode image\n", "satz-bild-kaputt"),
        ("error: PDF/UA-1 error: missing alt text\n", "satz-alt-fehlt"),
        ("error: PDF/UA-1 error: missing document title\n", "satz-titel-fehlt"),
        ("error: PDF/UA-1 error: skipped from heading level 1 to 3\n", "satz-ebene-sprung"),
        ("error: unclosed delimiter\n", "satz-typst"),
        (
            "error: label `<fig-a>` does not exist in the document\n\nerror: unclosed delimiter\n",
            "satz-typst",
        ),
    ],
)
def test_fehler_von_typst_auf_deutsch(werk: Werk, diagnose: str, kennung: str) -> None:
    fehler = aus_typst(TypstFehler("", diagnose), werk.druck("## A\n"), 2, werk.projekt.wurzel)
    assert [m.kennung for m in fehler.meldungen] == [kennung]
