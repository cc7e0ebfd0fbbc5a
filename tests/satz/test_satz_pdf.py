"""Die PDF entsprechen PDF/UA-1 und PDF/A-2a, sind wiederholbar und tragen Zeilenköpfe."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from bausteine import SVG, Notizbuchbauer, ausgabe, code, figur, tafel

from berichtswerk import satz
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pdf as pdf_modul
from berichtswerk.satz import zeilenkoepfe
from berichtswerk.satz.typstfehler import uebersetze

ALLES = (
    "## Lage {#sec-lage}\n\nSiehe @fig-a, @tbl-lang und @sec-lage.[^1]\n\n[^1]: Näheres.\n",
    figur("fig-a"),
    figur("fig-b"),
    "### Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherungspolicenverwaltung\n\n"
    "Kindertagesbetreuungsbedarfsplanungsverordnungsänderungsentwurf und "
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz\n\n- eins\n    - zwei\n\n1. drei\n",
    tafel("tbl-lang", 80),
    "## Kästen\n\n::: {.callout-warning}\n## Achtung\nText mit *Betonung*.\n:::\n\n"
    "::: {.bw-eckwerte}\nEinwohner\n:   99 372\n:   ↓ gesunken\n\nQuote\n:   6,4 %\n:::\n\n"
    "| Begriff | Erklärung |\n|:--|:--|\n| Quote | Anteil |\n\n: Begriffe {#tbl-begriffe}\n\n"
    '::: {.bw-verzeichnisse .content-visible when-format="html"}\n- @fig-a\n:::\n\n> Ein Zitat.\n\n'
    "::: {.bw-begriffe}\nAltenquotient\n:   Personen ab 65 Jahren je 100 Personen im Erwerbsalter.\n\n"
    "Wohngeld\n:   Zuschuss zur Miete.\n:::\n",
)


@pytest.fixture
def fertig(projekt: Projekt, notizbuch: Notizbuchbauer) -> bytes:
    return satz.setze_pdf(notizbuch(*ALLES), projekt)


def elemente(pdf: bytes) -> Iterator[Any]:
    """Alle Elemente des Strukturbaums."""
    with pikepdf.open(io.BytesIO(pdf)) as dokument:
        stapel = [dokument.Root.StructTreeRoot.K]
        while stapel:
            knoten = stapel.pop()
            if isinstance(knoten, pikepdf.Array):
                stapel.extend(list(knoten))
            elif isinstance(knoten, pikepdf.Dictionary):
                if "/S" in knoten:
                    yield knoten
                if "/K" in knoten:
                    stapel.append(knoten.K)


def test_verapdf_findet_nichts(fertig: bytes, tmp_path: Path, verapdf: Any) -> None:
    (tmp_path / "a.pdf").write_bytes(fertig)
    assert verapdf.verstoesse(tmp_path / "a.pdf") == []


def test_verapdf_faende_einen_fehlenden_alternativtext(fertig: bytes, tmp_path: Path, verapdf: Any) -> None:
    with pikepdf.open(io.BytesIO(fertig)) as dokument:
        stapel = [dokument.Root.StructTreeRoot.K]
        while stapel:
            knoten = stapel.pop()
            if isinstance(knoten, pikepdf.Array):
                stapel.extend(list(knoten))
            elif isinstance(knoten, pikepdf.Dictionary):
                if str(knoten.get("/S", "")) == "/Figure" and "/Alt" in knoten:
                    del knoten["/Alt"]
                if "/K" in knoten:
                    stapel.append(knoten.K)
        dokument.save(tmp_path / "ohne.pdf")
    assert any("7.3-1" in fund for fund in verapdf.verstoesse(tmp_path / "ohne.pdf"))


def test_gleiche_eingabe_gleiche_bytes(projekt: Projekt, notizbuch: Notizbuchbauer, fertig: bytes) -> None:
    satz.beende()
    assert satz.setze_pdf(notizbuch(*ALLES), projekt) == fertig


def test_beide_formate_zusammen_ergeben_dasselbe(
    projekt: Projekt, notizbuch: Notizbuchbauer, fertig: bytes
) -> None:
    kontext = satz.Seitenkontext(projekt=projekt)
    seite, pdf = satz.setze_beide(notizbuch(*ALLES), kontext)
    assert pdf == fertig
    assert seite == satz.setze_html(notizbuch(*ALLES), kontext)


def test_sprache_titel_lesezeichen_zeitstempel(fertig: bytes) -> None:
    with pikepdf.open(io.BytesIO(fertig)) as dokument:
        assert str(dokument.Root.Lang) == "de-DE"
        assert dokument.Root.ViewerPreferences.DisplayDocTitle
        assert str(dokument.docinfo["/Title"]) == "Prüfbericht"
        assert str(dokument.docinfo["/CreationDate"]).startswith("D:20250630")
        with dokument.open_outline() as gliederung:
            titel = [str(punkt.title) for punkt in gliederung.root]
    assert titel == ["Inhalt", "Abbildungen", "Tabellen", "1 Lage", "2 Kästen"]


def test_koepfe_und_alternativtexte(fertig: bytes) -> None:
    arten: Counter[str] = Counter()
    alternativ = []
    for knoten in elemente(fertig):
        art = str(knoten.S)
        if art == "/TH":
            art += "Row" if "/Row" in repr(knoten.get("/A")) else "Column"
        if art == "/Figure":
            alternativ.append(str(knoten.get("/Alt", "")))
        arten[art] += 1
    # 80 Gemeinden, Gruppe, Kreis und eine Zeile der Begriffe
    assert arten["/THRow"] == 83
    assert alternativ.count("Liniendiagramm „Geburten“: Rückgang") == 2
    assert all(alternativ)


def _unbearbeitet(projekt: Projekt, pfad: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(pdf_modul, "zeichne_zeilenkoepfe_aus", lambda roh: roh)
    return satz.setze_pdf(pfad, projekt)


def _baum(pdf: bytes) -> list[tuple[str, str]]:
    return [(str(e.S), repr(e.get("/A"))) for e in elemente(pdf)]


def test_kurzer_weg_zu_zeilenkoepfen_ergibt_denselben_baum(
    projekt: Projekt, notizbuch: Notizbuchbauer, monkeypatch: pytest.MonkeyPatch
) -> None:
    roh = _unbearbeitet(projekt, notizbuch(*ALLES), monkeypatch)
    lang = zeilenkoepfe.mit_pikepdf(roh)
    monkeypatch.setattr(zeilenkoepfe, "mit_pikepdf", lambda _: pytest.fail("der kurze Weg ging nicht"))
    kurz = zeilenkoepfe.zeichne_zeilenkoepfe_aus(roh)
    assert kurz != roh and sorted(_baum(kurz)) == sorted(_baum(lang)) != sorted(_baum(roh))
    assert zeilenkoepfe.zeichne_zeilenkoepfe_aus(kurz) == kurz
    with pikepdf.open(io.BytesIO(kurz)) as dokument:
        assert dokument.check_pdf_syntax() == []


def test_anders_gebaute_pdf_bekommen_ihre_zeilenkoepfe_mit_pikepdf(
    projekt: Projekt, notizbuch: Notizbuchbauer, monkeypatch: pytest.MonkeyPatch
) -> None:
    roh, gepackt = _unbearbeitet(projekt, notizbuch(*ALLES), monkeypatch), io.BytesIO()
    with pikepdf.open(io.BytesIO(roh)) as dokument:
        dokument.save(gepackt, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    fertig = zeilenkoepfe.zeichne_zeilenkoepfe_aus(gepackt.getvalue())
    assert sum("/Row" in angaben for _, angaben in _baum(fertig)) == 83


def _spalten(projekt: Projekt, pfad: Path) -> list[float]:
    zeile = next(z for z in _typst(projekt, pfad).splitlines() if z.strip().startswith("columns:"))
    return [float(w) for w in re.findall(r"([\d.]+)fr", zeile)]


def test_lange_texte_draengen_zahlen_nicht_aus_ihrer_spalte(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    lang = "Bevölkerung nach Geschlecht und Altersgruppen in den Gemeinden " * 4
    text = f"## A\n\n| Quelle | Stand | Nennung |\n|:--|--:|:--|\n| {lang} | 24.06.2018 | {lang} |\n"
    quelle, stand, nennung = _spalten(projekt, notizbuch(text))
    assert stand >= len("24.06.2018") and abs(quelle - nennung) < 2
    assert quelle + stand + nennung <= 84.2


def _typst(projekt: Projekt, pfad: Path) -> str:
    from berichtswerk.satz.teilmenge import wandle

    meldungen, gesetzt = wandle(pfad, projekt, ("typst",))
    assert not meldungen.fehler
    return gesetzt.ergebnis.typst.split("#show: doc => bericht(")[-1]


def test_nur_fuers_vorlesen_gedachtes_steht_nicht_im_druck(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    assert "unbekannt" not in _typst(projekt, notizbuch("## A\n", tafel("tbl-x", 2)))


def test_band_steht_auf_dem_titelblatt_nur_vor_der_veroeffentlichung(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    kopf = "---\ntitle: T\nberichtswerk: {{band: {}, stand: 2025-06-30}}\n---\n"
    groesse = {
        band: _elementzahl(satz.setze_pdf(notizbuch("## A\n", kopf=kopf.format(band)), projekt))
        for band in ("Entwurf", "null")
    }
    assert groesse["Entwurf"] > groesse["null"]


def _elementzahl(pdf: bytes) -> int:
    return sum(1 for _ in elemente(pdf))


def test_eingebettetes_svg_und_eigene_seite(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    zelle = code(
        "#| label: fig-s\n#| fig-cap: Karte\n#| fig-alt: Karte\n#| echo: false\nk()", {"image/svg+xml": SVG}
    )
    assert satz.setze_pdf(notizbuch("## A\n", zelle), projekt).startswith(b"%PDF")
    qmd = projekt.wurzel / "seite.qmd"
    qmd.write_text("---\ntitle: Über uns\n---\n\n## Kontakt\n\nText.\n", encoding="utf-8")
    assert satz.setze_pdf(qmd, projekt).startswith(b"%PDF")


def test_zeichen_ausserhalb_der_schrift_wird_mit_zelle_gemeldet(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        satz.setze_pdf(notizbuch("## A\n", ausgabe("Schnee ☃ hier.\n")), projekt)
    assert str(fehler.value) == (
        "FEHLER [satz-zeichen-fehlt] berichte/pruef/bericht.ipynb, Zelle 3 des Notizbuchs\n"
        "  Das Zeichen „☃“ (U+2603) gibt es in der Hausschrift nicht.\n"
        "  Ursache: PDF/UA verlangt, dass jedes Zeichen gesetzt und vorgelesen werden kann.\n"
        "  Abhilfe: Zeichen durch ein anderes oder durch ein Wort ersetzen."
    )


def test_kaputtes_bild_wird_genannt(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch("## A\n", figur("fig-a"))
    (pfad.parent / "abb" / "a.svg").write_text("<svg", encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        satz.setze_pdf(pfad, projekt)
    assert "Die Bilddatei „a.svg“ ist kein lesbares SVG." in str(fehler.value)


@pytest.mark.parametrize(
    ("diagnose", "kennung"),
    [
        ("error: file not found (searched at /x/fehlt.svg)\n", "satz-bild-fehlt"),
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
def test_fehler_von_typst_auf_deutsch(diagnose: str, kennung: str) -> None:
    fehler = uebersetze("", diagnose, "// Zelle 2\n", "a.ipynb")
    assert [m.kennung for m in fehler.meldungen] == [kennung]


def test_notizbuch_mit_fehlender_unterschrift_scheitert_nicht_erst_in_typst(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    with pytest.raises(BerichtswerkFehler, match="satz-unterschrift-fehlt"):
        satz.setze_pdf(notizbuch('## A\n\n::: {#fig-x}\n![](abb/a.svg){fig-alt="a"}\n:::\n'), projekt)
