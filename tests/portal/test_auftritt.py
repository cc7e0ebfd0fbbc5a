"""Was Suchmaschinen, Feedleser und geteilte Links über die Site erfahren, und was nicht."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.bild.teilbild import Teilbild, zeichne
from berichtswerk.daten.kreis import lade_kreis, offene_angaben
from berichtswerk.gegenstand.gegenstaende import Fliesstext, Orte, Themen
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke
from berichtswerk.schreiber.html.seite import kopfzeilen
from berichtswerk.site.auftritt import trete_auf
from berichtswerk.site.seiten import Umgebung
from berichtswerk.site.start import Nebenan, startseite

ADRESSE = "https://www.musterland.example/planung"


def setze(pfad: Path, alt: str, neu: str) -> None:
    text = pfad.read_text("utf-8")
    assert alt in text
    pfad.write_text(text.replace(alt, neu), "utf-8")


def umgebung(projekt: Projekt) -> Umgebung:
    return Umgebung(projekt, lade_kreis(projekt))


def auftritt(projekt: Projekt, ziel: Path) -> Sequence[Auftrag]:
    auftraege = plane(projekt).auftraege
    trete_auf(umgebung(projekt), auftraege, ziel)
    return auftraege


@pytest.fixture
def veroeffentlicht(muster: Projekt) -> Projekt:
    """Eine veröffentlichte Ausgabe auf einer Site ohne Hinweis."""
    setze(muster.daten / "kreis.yaml", "  hinweis: Beispielausgabe, keine amtliche Veröffentlichung\n", "")
    for pfad in muster.berichte.glob("*/*/bericht.yml"):
        pfad.write_text(
            pfad.read_text("utf-8").replace("status: beispiel", "status: veroeffentlicht"), "utf-8"
        )
    return muster


def test_entwuerfe_stehen_weder_in_sitemap_noch_feed_und_werden_nicht_gefunden(
    muster: Projekt, tmp_path: Path
) -> None:
    auftraege = auftritt(muster, tmp_path)
    gefunden = (tmp_path / "sitemap.xml").read_text("utf-8") + (tmp_path / "feed.xml").read_text("utf-8")
    assert "satzung-2024.html" in gefunden and "lage-2024" not in gefunden
    kontext = umgebung(muster).bericht(auftraege[0], ())
    assert '<meta name="robots" content="noindex">' in kopfzeilen(kontext, "Titel", "entwurf")
    assert '<meta name="robots" content="noindex">' in kopfzeilen(kontext, "Titel", "beispiel")
    assert "noindex" not in kopfzeilen(kontext, "Titel", "veroeffentlicht")


def test_kopf_eines_berichts_nennt_adresse_beschreibung_und_bild(muster: Projekt) -> None:
    auftrag = plane(muster).auftraege[0]
    zeilen = kopfzeilen(umgebung(muster).bericht(auftrag, ()), 'Bericht „A" & B', "veroeffentlicht")
    seite = f"{ADRESSE}/{auftrag.ziel}.html"
    assert f'<link rel="canonical" href="{seite}">' in zeilen
    assert f'<meta property="og:url" content="{seite}">' in zeilen
    assert f'<meta property="og:image" content="{ADRESSE}/{auftrag.ziel}/vorschau.png">' in zeilen
    assert f'href="{ADRESSE}/feed.xml"' in zeilen
    assert '<meta property="og:title" content="Bericht „A&quot; &amp; B">' in zeilen


def test_ohne_adresse_entsteht_nichts_davon_und_das_wird_gesagt(muster: Projekt, tmp_path: Path) -> None:
    setze(muster.daten / "kreis.yaml", "  adresse: https://www.musterland.example/planung/\n", "")
    auftraege = auftritt(muster, site := tmp_path / "site")
    assert [p.name for p in site.rglob("*")] == ["404.html"]
    zeilen = kopfzeilen(umgebung(muster).bericht(auftraege[0], ()), "Titel", "veroeffentlicht")
    assert "canonical" not in zeilen and "og:" not in zeilen and "feed" not in zeilen
    assert [str(m) for m in offene_angaben(lade_kreis(muster)) if m.feld == "portal.adresse"] == [
        "HINWEIS [kreis-ohne-adresse] daten/kreis.yaml, Feld „portal.adresse“\n"
        "  Die öffentliche Adresse der Website steht nicht fest; Sitemap, Feed und Vorschaubilder fehlen.\n"
        "  Ursache: Suchmaschinen, Feedleser und geteilte Links brauchen vollständige Adressen.\n"
        "  Abhilfe: Tragen Sie ein, wo die Startseite liegt, z. B. https://www.example.org/planung."
    ]


def test_tote_adressen_fuehren_aus_jedem_ordner_zurueck(muster: Projekt, tmp_path: Path) -> None:
    auftritt(muster, tmp_path)
    seite = (tmp_path / "404.html").read_text("utf-8")
    assert 'href="/planung/index.html"' in seite and 'href="/planung/layout/bericht.css"' in seite
    assert "noindex" in seite and "canonical" not in seite


def test_vorschaubild_haelt_lange_titel_im_rand_und_ist_wiederholbar(muster: Projekt) -> None:
    marke = Marke.lade(muster)
    lang = "Kindertagesstättenbedarfsplanung und Schulentwicklungsplanung für Amt Neustadt (Dosse) 2025–2027"
    bild_dazu = Teilbild(lang, "Untertitel " * 12, "#095c6d")
    roh = zeichne(marke, bild_dazu)
    assert roh == zeichne(marke, bild_dazu)
    with Image.open(io.BytesIO(roh)) as bild:
        rand = bild.convert("RGB").crop((1130, 0, 1200, 520))
        assert rand.getcolors() == [(70 * 520, (9, 92, 109))]


def test_startseite_fuehrt_nach_thema_und_ort_und_legt_aeltere_ausgaben_ab(muster: Projekt) -> None:
    neu = muster.berichte / "lage" / "2025"
    neu.mkdir()
    text = (muster.berichte / "lage" / "2024" / "bericht.yml").read_text("utf-8")
    text = text.replace("Lagebericht 2024", "Lagebericht 2025").replace("2025-07-01", "2026-07-01")
    kopf, _, _ = text.partition("parameter:")
    rest = "herausgeber: Landkreis Musterland\nstand: 2026-07-01\nstatus: beispiel\nfuer: gemeinden\n"
    (neu / "bericht.yml").write_text(kopf + rest, "utf-8")
    ort = '  - {schluessel: "99068001", name: Musterdorf, ebene: gemeinde, teil_von: "99068"}\n'
    pfad = muster.daten / "gebiete.yaml"
    pfad.write_text(pfad.read_text("utf-8").rstrip() + f"\n{ort}", "utf-8")
    plan = plane(muster)
    assert not plan.meldungen.fehler, plan.meldungen
    nebenan = Nebenan({"berichte/lage/2024/lage-2024.pdf"}, lambda _: muster.site)
    inhalt = startseite(muster, lade_kreis(muster), plan.auftraege, nebenan)
    (themen,) = (g for g in inhalt if isinstance(g, Themen))
    titel = [k.titel for k in themen.eintraege]
    assert "Lagebericht 2025" in titel and "Lagebericht 2024" not in titel
    (orte,) = (g for g in inhalt if isinstance(g, Orte))
    ((oben, ((name, ziel),)),) = orte.gruppen
    assert (oben, name) == ("Landkreis Musterland", "Musterdorf")
    assert ziel.startswith("berichte/lage/2025/lage-2025-")
    (karte,) = (k for k in themen.eintraege if k.bericht == "lage")
    assert karte.bild.startswith("<svg aria-hidden=") and not karte.gebiete
    for zeichnung in re.findall(r"<svg.*?</svg>", orte.karte):
        assert re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', zeichnung) == [(ziel, "Musterdorf")]
        assert zeichnung.index('<g aria-hidden="true">') < zeichnung.index("<a href")
    assert inhalt == startseite(muster, lade_kreis(muster), plan.auftraege, nebenan)  # aus der Ablage
    archiv = inhalt[-1]
    assert isinstance(archiv, Fliesstext)
    assert "[Lagebericht 2024](berichte/lage/2024/lage-2024.html), auch [als PDF: Lage" in archiv.markdown


def _seite(ort: Path, text: str = "<html></html>") -> None:
    ort.parent.mkdir(parents=True, exist_ok=True)
    ort.write_text(text, "utf-8")


def _umleitungen(projekt: Projekt, *paare: tuple[str, str]) -> None:
    zeilen = "".join(f"  - {{von: {von}, nach: {nach}}}\n" for von, nach in paare)
    (projekt.daten / "umleitungen.yaml").write_text(f"umleitungen:\n{zeilen}", "utf-8")


def test_fruehere_adressen_fuehren_zur_heutigen(muster: Projekt, tmp_path: Path) -> None:
    bau, neu = tmp_path / "bau", "berichte/lage/2024/lage-2024/fig-neu.html"
    _seite(bau / neu)
    _umleitungen(muster, ("berichte/lage/2023/fig-alt.html", neu))
    for _ in "zweimal":  # der zweite Lauf findet die Weiterleitung des ersten vor
        assert trete_auf(umgebung(muster), (), bau) == []
    html = (bau / "berichte/lage/2023/fig-alt.html").read_text("utf-8")
    ziel = f"../../../{neu}"
    assert f'<meta http-equiv="refresh" content="0; url={ziel}">' in html and f'<a href="{ziel}">' in html
    assert f'<link rel="canonical" href="{ADRESSE}/{neu}">' in html


def test_umleitungen_ins_leere_und_auf_bestehende_seiten_werden_gemeldet(
    muster: Projekt, tmp_path: Path
) -> None:
    _seite(tmp_path / "bau" / "da.html", "<p>eigene</p>")
    _umleitungen(muster, ("alt.html", "weg.html"), ("da.html", "index.html"))
    assert [str(m) for m in trete_auf(umgebung(muster), (), tmp_path / "bau")] == [
        "WARNUNG [umleitung-ohne-ziel] daten/umleitungen.yaml, Nr. 1\n"
        "  Die Umleitung von „alt.html“ führt auf eine Seite, die es nicht gibt.\n"
        "  Ursache: Genannt ist weg.html.\n"
        "  Abhilfe: Berichtigen Sie „nach“ oder nehmen Sie die Umleitung weg.",
        "WARNUNG [umleitung-verdeckt] daten/umleitungen.yaml, Nr. 2\n"
        "  Unter „da.html“ liegt selbst eine Seite; die Umleitung von dort nach index.html gilt nicht.\n"
        "  Abhilfe: Nehmen Sie die Umleitung weg.",
    ]
    assert (tmp_path / "bau" / "da.html").read_text("utf-8") == "<p>eigene</p>"


def test_umleitungen_fuehren_nicht_aus_der_site(muster: Projekt, tmp_path: Path) -> None:
    _umleitungen(muster, ("../alt.html", "https://fremd.example/a.html"))
    with pytest.raises(BerichtswerkFehler) as gefangen:
        trete_auf(umgebung(muster), (), tmp_path / "bau")
    assert {m.feld for m in gefangen.value.meldungen} == {"umleitungen.0.von", "umleitungen.0.nach"}


def test_eine_verschwundene_veroeffentlichte_adresse_wird_gemeldet(
    veroeffentlicht: Projekt, tmp_path: Path
) -> None:
    auftraege = [a for a in plane(veroeffentlicht).auftraege if a.stamm == "lage-2024"]
    alt, neu = (f"{auftraege[0].ziel}/{name}.html" for name in ("fig-alt", "fig-neu"))
    _seite(veroeffentlicht.site / alt)
    _seite(tmp_path / "bau" / neu)
    (meldung,) = trete_auf(umgebung(veroeffentlicht), auftraege, tmp_path / "bau")
    assert str(meldung) == (
        "WARNUNG [adresse-verschwunden] berichte/lage/2024/bericht.yml\n"
        f"  Die veröffentlichte Seite {alt} gibt es nicht mehr.\n"
        "  Ursache: Wer sie zitiert hat, landet im Leeren; meist hat ein Label einen neuen Namen.\n"
        "  Abhilfe: Nennen Sie in daten/umleitungen.yaml unter „von“ diese Adresse und unter „nach“ die neue."
    )
    _umleitungen(veroeffentlicht, (alt, neu))
    assert trete_auf(umgebung(veroeffentlicht), auftraege, tmp_path / "bau") == []
