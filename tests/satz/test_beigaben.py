"""Literatur, Anlagen und Fotos: was Texte mitbringen, steht in jedem Format und hat seine Angaben."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from manuskripthilfe import Werk
from PIL import Image

from berichtswerk.satz.beigaben import KANTE, verkleinere
from berichtswerk.schreiber import quarto
from berichtswerk.schreiber.html.seite import Seitenkontext

LITERATUR = """\
literatur:
  - id: mueller
    type: book
    title: Pflege im Kreis
    author: [{family: Nachname, given: Vorname}, {family: Zweitname, given: Rufname}]
    issued: {date-parts: [[2020]]}
    edition: 2
    publisher: Verlag
    publisher-place: Berlin
  - id: amt
    type: webpage
    title: Statistik der Schulen
    author: [{literal: Statistisches Amt}]
    issued: "2023-05-01"
    URL: https://example.org/a
    accessed: "2024-03-07"
  - id: zeitschrift
    type: article-journal
    title: Altern
    author: [{family: Ähler, given: C.}, {family: B}, {family: C}]
    issued: 2020
    container-title: Soziales
    volume: 12
    issue: 3
    page: 4-9
"""


def _lege(werk: Werk, name: str, inhalt: str | bytes) -> Path:
    pfad = werk.ordner / name
    pfad.parent.mkdir(parents=True, exist_ok=True)
    pfad.write_bytes(inhalt.encode() if isinstance(inhalt, str) else inhalt)
    return pfad


def _klar(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


# --- Literatur -------------------------------------------------------------------------------------------


def test_verweise_und_verzeichnis_stehen_in_jedem_format(werk: Werk) -> None:
    _lege(werk, "literatur.yaml", LITERATUR)
    text = "## A\n\nSo [@mueller, S. 12] und [vgl. @amt; @zeitschrift]. @amt sagt es [-@amt][^1]. `[@x]`\n"
    text += "\n[^1]: Näheres.\n"
    html = werk.html(text)
    klar = _klar(html)
    assert "So (Nachname/Zweitname 2020, S. 12) und (vgl. Statistisches Amt 2023; Ähler u. a. 2020)." in klar
    assert "Statistisches Amt (2023) sagt es (2023)1. [@x]" in klar
    verzeichnis = klar.split("Literatur", 1)[1]
    assert (
        verzeichnis.index("Ähler")
        < verzeichnis.index("Nachname, Vorname")
        < verzeichnis.index("Statistisches")
    )
    assert (
        "Nachname, Vorname; Zweitname, Rufname (2020): Pflege im Kreis. 2. Aufl. Berlin: Verlag."
        in verzeichnis
    )
    assert "Ähler, C.; B; C (2020): Altern. In: Soziales 12 (3), S. 4–9." in verzeichnis
    assert "https://example.org/a (abgerufen am 7.3.2024)." in verzeichnis
    assert 'href="#lit-mueller"' in html and 'id="lit-mueller"' in html
    typst = werk.typst(text)
    assert "#link(<lit-mueller>)" in typst and "<lit-mueller>" in typst
    assert werk.pdf(text).startswith(b"%PDF-")
    zellen = quarto.notizbuch(werk.manuskript(text), Seitenkontext(werk.projekt), {})["cells"]
    markdown = "\n".join("".join(z["source"]) for z in zellen)
    assert (
        "([Nachname/Zweitname 2020](#lit-mueller), S.\u00a012)" in markdown and "[]{#lit-mueller}" in markdown
    )


def test_gleiche_namen_im_selben_jahr_bekommen_buchstaben(werk: Werk) -> None:
    zwei = LITERATUR + "  - {id: neu, title: Zweites, author: [{literal: Statistisches Amt}], issued: 2023}\n"
    _lege(werk, "literatur.yaml", zwei)
    assert "(Statistisches Amt 2023a; Statistisches Amt 2023b)" in _klar(
        werk.html("[@amt; @neu] @mueller @zeitschrift\n")
    )


def test_das_projekt_hat_literatur_fuer_alle(werk: Werk) -> None:
    (werk.projekt.berichte / "literatur.yaml").write_text(LITERATUR, "utf-8")
    assert "(Nachname/Zweitname 2020)" in _klar(werk.html("[@mueller]\n"))


@pytest.mark.parametrize(
    ("datei", "text", "kennung", "wortlaut"),
    [
        (LITERATUR, "[@muller]", "satz-zitat", "Das Zitat @muller kann nicht aufgelöst werden."),
        (LITERATUR, "[@mueller; @amt]", "literatur-ungenannt",
         "Den Eintrag „zeitschrift“ nennt kein Text; er steht nicht im Verzeichnis."),
        ("literatur:\n  - {id: a, title: T, issued: 2020}\n", "[@a]", "literatur-unvollstaendig",
         "Dem Eintrag „a“ fehlt wer es verfasst hat (author, editor oder publisher)."),
        ("literatur:\n  - {id: a, title: T, publisher: P, issued: 2020}\n" * 1
         + "  - {id: a, title: U, publisher: P, issued: 2021}\n", "[@a]", "literatur-doppelt",
         "Die id „a“ steht zweimal."),
    ],
)  # fmt: skip
def test_literatur_mit_fehlern(werk: Werk, datei: str, text: str, kennung: str, wortlaut: str) -> None:
    _lege(werk, "literatur.yaml", datei)
    befunde = {m.kennung: m.text for m in werk.befunde(f"{text}\n")}
    assert befunde[kennung] == wortlaut


def test_eine_unbekannte_id_nennt_die_naechste(werk: Werk) -> None:
    _lege(werk, "literatur.yaml", LITERATUR)
    (meldung,) = (m for m in werk.befunde("Davor.\n\n[@muller]\n") if m.kennung == "satz-zitat")
    assert meldung.ort == "Zeile 3" and "am nächsten liegen: mueller" in meldung.abhilfe


# --- Anlagen ---------------------------------------------------------------------------------------------


def _foto(art: str = "JPEG", breite: int = 2400, hoehe: int = 1200) -> bytes:
    bild = Image.linear_gradient("L").resize((breite, hoehe)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera GEHEIM"  # um 90 Grad gedreht aufgenommen
    exif.get_ifd(0x8825)[1] = "N"
    puffer = io.BytesIO()
    bild.save(puffer, art, exif=exif, comment=b"GEHEIM") if art == "JPEG" else bild.save(
        puffer, art, exif=exif
    )
    return puffer.getvalue()


def _pdf(*, gut: bool) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if gut:
        pdf.Root.Lang = "de-DE"
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        with pdf.open_metadata() as xmp:
            xmp["dc:title"], xmp["pdfuaid:part"] = "Übersichtsplan", "1"
    puffer = io.BytesIO()
    pdf.save(puffer)
    return puffer.getvalue()


def test_anlagen_werden_aufgelistet_verlinkt_und_veroeffentlicht(werk: Werk) -> None:
    _lege(werk, "anlagen/plan.pdf", _pdf(gut=True))
    _lege(werk, "anlagen/liste.csv", "a;b\n1;2\n")
    _lege(werk, "anlagen/anlagen.yml", "liste.csv: {titel: Liste der Plätze}\n")
    (werk.ordner / "anlagen/liste.csv").rename(werk.ordner / "anlagen/die liste.csv")
    _lege(werk, "anlagen/anlagen.yml", "die liste.csv: {titel: Liste}\n")
    leer = werk.html("## A\n\nSiehe [Plan](<anlagen/die liste.csv>).\n")
    assert leer.count('href="pruef-2025/anlagen/die%20liste.csv"') == 2
    (werk.ordner / "anlagen/die liste.csv").rename(werk.ordner / "anlagen/liste.csv")
    _lege(werk, "anlagen/anlagen.yml", "liste.csv: {titel: Liste der Plätze}\n")
    m = werk.manuskript("## A\n\nSiehe [Plan](anlagen/plan.pdf).\n")
    assert set(m.dateien) == {"anlagen/plan.pdf", "anlagen/liste.csv"}
    html = werk.html("## A\n\nSiehe [Plan](anlagen/plan.pdf).\n")
    assert html.count('href="pruef-2025/anlagen/plan.pdf"') == 2
    assert "Übersichtsplan (PDF, 2 KB)" in _klar(html)
    assert "Liste der Plätze (CSV, 1 KB)" in _klar(html)
    assert "Liste der Plätze" in werk.typst("## A\n")


@pytest.mark.parametrize(
    ("name", "inhalt", "kennung", "wortlaut"),
    [
        ("a.html", b"<p>", "anlage-art", "„a.html“ kann keine Anlage sein."),
        ("a.exe", b"MZ", "anlage-art", "„a.exe“ kann keine Anlage sein."),
        ("a.pdf", b"<html>", "anlage-art", "„a.pdf“ kann keine Anlage sein."),
        ("a.csv", b"<!DOCTYPE html><script>", "anlage-art", "„a.csv“ kann keine Anlage sein."),
        ("a.xlsx", b"PK\x03\x04 xl/vbaProject.bin", "anlage-art", "„a.xlsx“ kann keine Anlage sein."),
        ("a.pdf", b"%PDF-1.7 kaputt", "anlage-art", "„a.pdf“ kann keine Anlage sein."),
        ("a.jpg", _foto(), "anlage-ort",
         "Die Anlage „a.jpg“ verrät, wo das Foto aufgenommen wurde."),
        ("a.csv", b"a;b\n", "anlage-titel", "Der Anlage „a.csv“ fehlt ein Titel."),
        ("a.pdf", _pdf(gut=False), "anlage-barrieren",
         "Die Anlage „a.pdf“ ist nicht barrierefrei: Tags fehlen, die Kennung PDF/UA fehlt, der Titel fehlt, "
         "die Sprache fehlt."),
        ("a.txt", b"x" * 25_000_001, "anlage-gross", "Die Anlage „a.txt“ ist mit 25,0\u00a0MB sehr groß."),
    ],
    ids=lambda w: w[:20] if isinstance(w, str) else "",
)  # fmt: skip
def test_was_an_anlagen_nicht_stimmt(
    werk: Werk, name: str, inhalt: bytes, kennung: str, wortlaut: str
) -> None:
    _lege(werk, f"anlagen/{name}", inhalt)
    befunde = {m.kennung: m for m in werk.befunde("## A\n")}
    assert befunde[kennung].text == wortlaut
    assert befunde[kennung].datei == f"berichte/pruef/anlagen/{name}"


def _mit(pdf: pikepdf.Pdf, **mehr: object) -> bytes:
    puffer = io.BytesIO()
    pdf.add_blank_page()
    pdf.save(puffer, **mehr)
    return puffer.getvalue()


def _pdf_das_handelt() -> dict[str, bytes]:
    def skript() -> pikepdf.Dictionary:
        return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    auf, seite, start, anhang = (pikepdf.new() for _ in range(4))
    auf.Root.OpenAction = auf.make_indirect(skript())
    seite.add_blank_page()
    seite.pages[0].obj.AA = pikepdf.Dictionary(O=skript())
    start.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe")
    anhang.attachments["a.exe"] = b"MZ"
    return {"auf": _mit(auf), "seite": _mit(seite), "start": _mit(start), "anhang": _mit(anhang)}


@pytest.mark.parametrize("was", ["auf", "seite", "start", "anhang"])
def test_ein_pdf_das_etwas_ausfuehrt_ist_keine_anlage(werk: Werk, was: str) -> None:
    _lege(werk, "anlagen/a.pdf", _pdf_das_handelt()[was])
    (meldung,) = werk.befunde("## A\n")
    assert (meldung.kennung, meldung.ursache) == (
        "anlage-art", "Das PDF enthält Skripte, startet Programme oder bringt Dateien mit.",
    )  # fmt: skip


def test_warum_ein_pdf_nicht_zu_lesen_ist_steht_auf_deutsch_da(werk: Werk) -> None:
    kennwort = _mit(pikepdf.new(), encryption=pikepdf.Encryption(owner="x", user="x"))
    for inhalt, ursache in (
        (kennwort, "Das PDF verlangt ein Kennwort."), (b"%PDF-1.7 kaputt", "Das PDF ist beschädigt."),
    ):  # fmt: skip
        _lege(werk, "anlagen/a.pdf", inhalt)
        assert [m.ursache for m in werk.befunde("## A\n")] == [ursache]


def test_eine_anlage_die_fehlt_und_eine_die_hinausfuehrt(werk: Werk, tmp_path: Path) -> None:
    (tmp_path / "fremd.csv").write_text("a", "utf-8")
    (werk.ordner / "anlagen").mkdir()
    (werk.ordner / "anlagen" / "fremd.csv").symlink_to(tmp_path / "fremd.csv")
    befunde = {m.kennung: m for m in werk.befunde("Davor.\n\n[Plan](anlagen/plan.pdf)\n")}
    assert befunde["anlage-art"].ursache == "Auf dem Weg dorthin liegt eine Verknüpfung nach draußen."
    tot = befunde["link-tot"]
    assert (tot.text, tot.ort) == ("Der Link auf „anlagen/plan.pdf“ führt ins Leere.", "Zeile 3")
    assert tot.ursache == "Im Ordner anlagen/ liegt plan.pdf nicht."


def test_angaben_zu_etwas_das_es_nicht_gibt(werk: Werk) -> None:
    _lege(werk, "anlagen/plan.csv", "a;b\n")
    _lege(werk, "anlagen/anlagen.yml", "plan.csv: {titel: Plan}\nplann.csv: {titel: Plan}\n")
    (meldung,) = werk.befunde("## A\n")
    assert (meldung.kennung, meldung.text) == ("beigabe-unbekannt", "Zu „plann.csv“ gibt es keine Datei.")
    assert meldung.abhilfe == "Meinten Sie „plan.csv“?"


# --- Fotos -----------------------------------------------------------------------------------------------

ANGABEN = "haus.jpg: {alt: Rathaus von Süden, urheber: Kreisarchiv, lizenz: CC BY 4.0}\n"


@pytest.mark.parametrize("art", ["JPEG", "PNG", "WEBP"])
def test_fotos_werden_aufrecht_kleiner_und_verlieren_alle_angaben(art: str) -> None:
    fertig = verkleinere(_foto(art), art)
    assert fertig == verkleinere(_foto(art), art) and b"GEHEIM" not in fertig and b"Exif" not in fertig
    with Image.open(io.BytesIO(fertig)) as bild:
        assert (bild.format, bild.size) == (art, (KANTE // 2, KANTE)) and not bild.getexif()


def test_durchsichtiges_bleibt_durchsichtig() -> None:
    puffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(puffer, "PNG")
    with Image.open(io.BytesIO(verkleinere(puffer.getvalue(), "PNG"))) as bild:
        assert bild.mode == "RGBA" and bild.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_ein_foto_steht_mit_nachweis_in_jedem_format(werk: Werk) -> None:
    _lege(werk, "bilder/haus.jpg", _foto())
    _lege(werk, "bilder/bilder.yml", ANGABEN)
    text = "## A\n\n::: {#fig-haus}\n![](bilder/haus.jpg)\n\nDas Rathaus\n:::\n\n![](bilder/haus.jpg)\n"
    html = werk.html(text)
    assert html.count('src="pruef-2025/bilder/haus.jpg"') == html.count('alt="Rathaus von Süden"') == 2
    assert "Das Rathaus. Foto: Kreisarchiv, CC BY 4.0" in _klar(html)
    assert _klar(html).count("Foto: Kreisarchiv, CC BY 4.0") == 2
    assert werk.manuskript(text).marken["fig-haus"].titel == "Das Rathaus"
    druck = werk.druck(text)
    assert druck.bilder["pruef-2025/bilder/haus.jpg"] == werk.manuskript(text).dateien["bilder/haus.jpg"]
    assert [s.verhaeltnis for k in druck.kapitel for s in k.stuecke if s.kennung == "fig-haus"] == [2.0]
    assert "Foto: Kreisarchiv" in werk.typst(text) and werk.pdf(text).startswith(b"%PDF-")
    zellen = quarto.notizbuch(werk.manuskript(text), Seitenkontext(werk.projekt), {})["cells"]
    markdown = "\n".join("".join(z["source"]) for z in zellen)
    assert '![](pruef-2025/bilder/haus.jpg){fig-alt="Rathaus von Süden"}' in markdown
    assert "[Foto: Kreisarchiv, CC BY 4.0]{.bw-bildnachweis}" in markdown and "](bilder/" not in markdown


@pytest.mark.parametrize(
    ("angaben", "was"),
    [
        ("", ["ein Alternativtext (alt)", "der Nachweis, wer es aufgenommen hat (urheber)",
              "die Lizenz (lizenz)"]),
        ("haus.jpg: {alt: A, urheber: B}\n", ["die Lizenz (lizenz)"]),
        ("haus.jpg: {urheber: B, lizenz: C}\n", ["ein Alternativtext (alt)"]),
    ],
)  # fmt: skip
def test_ohne_angaben_kein_foto(werk: Werk, angaben: str, was: list[str]) -> None:
    _lege(werk, "bilder/haus.jpg", _foto())
    if angaben:
        _lege(werk, "bilder/bilder.yml", angaben)
    befunde = werk.befunde("Davor.\n\n![](bilder/haus.jpg)\n")
    assert [(m.kennung, m.text) for m in befunde] == [
        ("foto-angabe", f"Dem Foto „haus.jpg“ fehlt {w}.") for w in was
    ]
    ort = ("berichte/pruef/bilder/bilder.yml", "") if angaben else ("berichte/pruef/texte/0.md", "Zeile 3")
    assert {(m.datei, m.ort) for m in befunde} == {ort}


def test_ein_kaputtes_foto_wird_genannt(werk: Werk) -> None:
    _lege(werk, "bilder/haus.jpg", b"kein Bild")
    _lege(werk, "bilder/bilder.yml", ANGABEN)
    (meldung,) = werk.befunde("![](bilder/haus.jpg)\n")
    assert (meldung.kennung, meldung.ursache) == (
        "foto-unlesbar", "Der Inhalt ist kein JPEG: Endung und Inhalt passen nicht zusammen.",
    )  # fmt: skip
    _lege(werk, "bilder/haus.jpg", _foto()[:900])
    assert [m.ursache for m in werk.befunde("![](bilder/haus.jpg)\n")] == ["Die Datei ist beschädigt."]


def test_ein_foto_das_fehlt_und_eines_mit_leerzeichen(werk: Werk) -> None:
    _lege(werk, "bilder/altes haus.jpg", _foto())
    _lege(werk, "bilder/bilder.yml", ANGABEN.replace("haus.jpg", "altes haus.jpg").replace("Süden", "S\\"))
    text = "![](<bilder/altes haus.jpg>)\n"
    assert werk.befunde(text) == [] and 'alt="Rathaus von S\\"' in werk.html(text)
    fehlt = [m.kennung for m in werk.befunde('![](bilder/weg.jpg){fig-alt="a"}\n')]
    assert fehlt == ["satz-bild-fehlt"]


def test_ein_fehler_in_den_angaben_zieht_keine_weiteren_nach_sich(werk: Werk) -> None:
    _lege(werk, "bilder/haus.jpg", _foto())
    _lege(werk, "anlagen/plan.csv", "a;b\n")
    _lege(werk, "bilder/bilder.yml", ANGABEN + "nord.jpg: 3\n")
    _lege(werk, "anlagen/anlagen.yml", "plan.csv: 5\n")
    _lege(werk, "literatur.yaml", LITERATUR + "  - nur Text\n")
    befunde = werk.befunde("![](bilder/haus.jpg)\n\nSiehe [@mueller] und [Plan](anlagen/plan.csv).\n")
    assert {(m.kennung, Path(m.datei).name) for m in befunde} == {
        ("yaml-wert-falsch", n) for n in ("bilder.yml", "anlagen.yml", "literatur.yaml")
    }


def test_quarto_bekommt_fussnoten_die_nur_in_ihrem_text_gelten(werk: Werk) -> None:
    m = werk.manuskript("A[^1]\n\n[^1]: Eins\n", "B[^1] `[^1]`<!-- geheim -->\n\n[^1]: Zwei\n")
    zellen = quarto.notizbuch(m, Seitenkontext(werk.projekt), {})["cells"]
    eins, zwei = ("".join(z["source"]) for z in zellen[-2:])
    assert eins == "A[^t1-1]\n\n[^t1-1]: Eins\n"
    assert zwei == "B[^t2-1] `[^1]`\n\n[^t2-1]: Zwei\n"
    html = werk.html("A[^1]\n\n[^1]: Eins\n", "B[^1]\n\n[^1]: Zwei\n")
    assert "Eins" in html and "Zwei" in html
