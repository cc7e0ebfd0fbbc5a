"""Eine herausgegebene Site als Ganzes: gefunden, geteilt, abonniert, zitiert; nichts ist mehr Entwurf."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from PIL import Image

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere

ADRESSE = "https://www.musterland.example/planung"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FRUEHER, HEUTE = (
    "berichte/lage/2023/lage-2023/fig-bevoelkerung.html",
    "berichte/lage/2024/lage-2024/fig-verlauf.html",
)
IMMER_VERSTECKT = {"404.html", "seiten/suche.html", FRUEHER}
"""Was keine Suchmaschine zeigen soll: Fehlerseite, Suche, Weiterleitungen."""


def _seiten(projekt: Projekt) -> dict[str, str]:
    ort = projekt.site
    return {p.relative_to(ort).as_posix(): p.read_text("utf-8") for p in sorted(ort.rglob("*.html"))}


def _klar(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _meta(html: str, name: str) -> str:
    treffer = re.search(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)">', html)
    return treffer[1] if treffer else ""


def test_alles_darf_gefunden_werden_und_nennt_seine_eine_adresse(herausgegeben: Projekt) -> None:
    seiten = _seiten(herausgegeben)
    versteckt = {name for name, html in seiten.items() if "noindex" in _meta(html, "robots")}
    assert versteckt <= IMMER_VERSTECKT
    for name, html in seiten.items():
        if name in IMMER_VERSTECKT:
            continue
        ort = "" if name == "index.html" else name
        assert re.findall(r'<link rel="canonical" href="([^"]*)">', html) == [f"{ADRESSE}/{ort}"], name


def test_geteilte_links_zeigen_titel_satz_und_bild(herausgegeben: Projekt) -> None:
    for name, html in _seiten(herausgegeben).items():
        if not name.startswith("berichte/") or name == FRUEHER:
            continue
        assert _meta(html, "og:title"), name
        assert _meta(html, "og:description") == _meta(html, "description"), name
        bild = _meta(html, "og:image")
        assert bild.startswith(f"{ADRESSE}/berichte/"), name
        with Image.open(herausgegeben.site / bild.removeprefix(f"{ADRESSE}/")) as gezeichnet:
            assert gezeichnet.width >= 1000 and (gezeichnet.size == (1200, 630) or "/abb/" in bild), name


def test_sitemap_und_feed_nennen_jede_ausgabe_die_juengste_zuerst(herausgegeben: Projekt) -> None:
    auftraege = plane(herausgegeben).auftraege
    seiten = {f"{ADRESSE}/{a.ziel}.html" for a in auftraege}
    orte = {e.text for e in ET.parse(herausgegeben.site / "sitemap.xml").iter(f"{SITEMAP}loc")}
    assert seiten <= orte and {f"{ADRESSE}/", f"{ADRESSE}/seiten/daten.html"} <= orte
    for ort in orte:
        name = (ort or "").removeprefix(f"{ADRESSE}/") or "index.html"
        assert (herausgegeben.site / name).is_file(), ort
    feed = ET.parse(herausgegeben.site / "feed.xml").getroot()
    eintraege = feed.findall(f"{ATOM}entry")
    assert {e.findtext(f"{ATOM}id") for e in eintraege} == seiten
    zeiten = [e.findtext(f"{ATOM}updated") or "" for e in eintraege]
    assert zeiten == sorted(zeiten, reverse=True) and feed.findtext(f"{ATOM}updated") == zeiten[0]
    titel = [e.findtext(f"{ATOM}title") for e in eintraege]
    assert len(set(titel)) == len(titel), "jeder Eintrag heißt anders"
    assert "Lagebericht 2024: Land Musterstaat" in titel


def test_die_startseite_zeigt_die_juengste_ausgabe_und_legt_die_aeltere_ab(herausgegeben: Projekt) -> None:
    html = _seiten(herausgegeben)["index.html"]
    oben, _, archiv = html.partition("Frühere Ausgaben")
    assert "lage-2024.html" in oben and "lage-2023" not in oben
    assert "lage-2023.html" in archiv and "lage-2024" not in archiv
    verweise = re.findall(r'<a href="[^"]*lage-2023[^"]*\.html"[^>]*>(.*?)</a>', archiv)
    assert verweise == ["Lagebericht 2023", "Lagebericht 2023: Land Musterstaat"]


def test_nichts_traegt_mehr_eine_marke_von_entwurf_oder_beispiel(herausgegeben: Projekt) -> None:
    for name, html in _seiten(herausgegeben).items():
        assert not re.search(r"Entwurf|Beispielausgabe|keine amtliche|eintragen\]", _klar(html)), name
        assert "bw-band" not in html, name
    for pfad in herausgegeben.site.rglob("*.pdf"):
        with pikepdf.open(pfad) as pdf:
            angaben = " ".join(str(w) for w in pdf.docinfo.values())
            assert not re.search(r"Entwurf|Beispiel", angaben), pfad.name


def test_wer_eine_fruehere_adresse_zitiert_hat_kommt_an(herausgegeben: Projekt) -> None:
    seiten = _seiten(herausgegeben)
    ziel = f"../../../../{HEUTE}"
    assert f'<meta http-equiv="refresh" content="0; url={ziel}">' in seiten[FRUEHER]
    assert f'<link rel="canonical" href="{ADRESSE}/{HEUTE}">' in seiten[FRUEHER]
    assert f"{ADRESSE}/{HEUTE}" in _klar(seiten[HEUTE]), "zum Zitieren steht die volle Adresse da"


@pytest.fixture
def kopie(herausgegeben: Projekt, tmp_path: Path) -> Projekt:
    """Zum Verändern."""
    shutil.copytree(herausgegeben.wurzel, tmp_path / "p")
    return Projekt(tmp_path / "p")


def _ersetze(pfad: Path, alt: str, neu: str) -> None:
    text = pfad.read_text("utf-8")
    assert alt in text
    pfad.write_text(text.replace(alt, neu), "utf-8")


def test_platzhalter_kommen_nicht_in_eine_veroeffentlichte_ausgabe(kopie: Projekt) -> None:
    vorher = {n: (kopie.site / n).read_bytes() for n in (HEUTE, "berichte/lage/2024/lage-2024.html")}
    _ersetze(kopie.berichte / "lage/2024/texte/einleitung.md", "Dieser Bericht", "TODO: Dieser Bericht")
    bilanz = rendere(kopie)
    assert not bilanz.gelungen
    (fehler,) = {m.kennung for m in bilanz.meldungen.fehler}
    assert fehler == "text-unfertig"
    assert all((kopie.site / n).read_bytes() == roh for n, roh in vorher.items()), "das Alte bleibt"


def test_seiten_der_abbildungen_bleiben_wo_sie_sind(kopie: Projekt) -> None:
    """Eine neue Ausgabe und eine umgestellte alte ändern keine Adresse."""
    adressen = {n for n in _seiten(kopie) if "/fig-" in n or "/tbl-" in n}
    assert len(adressen) == 9
    neu = kopie.berichte / "lage" / "2025"
    shutil.copytree(kopie.berichte / "lage" / "2024", neu)
    _ersetze(neu / "bericht.yml", "2024", "2025")
    _ersetze(neu / "bericht.yml", "2025-07-01", "2026-07-01")
    _ersetze(kopie.berichte / "lage/2024/texte/einleitung.md", "## Lage", "## Vorab\n\nMehr Text.\n\n## Lage")
    bilanz = rendere(kopie)
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    danach = {n for n in _seiten(kopie) if "/fig-" in n or "/tbl-" in n}
    assert adressen < danach
    assert "berichte/lage/2025/lage-2025/fig-verlauf.html" in danach
