"""Das ganze Jahr, Befehl für Befehl, wie Menschen es tippen: jeder Schritt einmal getötet und neu gegeben.

Drei Lieferungen, eine mit einer berichtigten früheren Zahl; Sozialbericht und Kita-Bedarfsplan werden
fortgeschrieben, gelesen, gehen durch Word, werden freigegeben und eingefroren; die Website geht hinaus (SFTP
und WebDAV), wird berichtigt und zurückgestellt.

Zwei gleiche Projekte gehen denselben Weg. Im einen läuft jeder Befehl durch; im anderen wird er getötet, zu
einem zufälligen Augenblick oder vor einem zufälligen Schritt, mit dem er etwas schriebe, und noch einmal
gegeben. Danach liegt in beiden dasselbe.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest
import yaml
from ausgabenhilfe import aendere, anlegen
from befehlshilfe import Ende, Ursprung, ursprung
from lxml import html
from prozesshilfe import kinder, uebrig
from serverhilfe import sshd, webdav
from worthilfe import Word

from berichtswerk.grund.ablage import dateisumme

SAAT = int(os.environ.get("BERICHTSWERK_SAAT", "0")) or random.randrange(10**6)
FUNKTION = ("--durch", "Sachgebiet Planung", "--datum", "2026-11-26")
QUELLEN = {"hilfen": "Hilfen zum Leben", "plaetze": "Plätze in Kitas"}
SAETZE = [
    f"Der {n}. Gedanke gilt {was} und bleibt."
    for n, was in enumerate(
        ("dem Wohnen", "der Arbeit", "der Pflege", "dem Verkehr", "der Schule", "dem Sport", "dem Handel")
        * 3,
        1,
    )
]
TEXTE = {
    "lage": """\
## Zahlen {#sec-zahlen}

Im Landkreis leben {{ einwohner }} Menschen. Das zeigt @fig-verlauf.
Die Bevölkerung ist {{ einwohner.richtung }}.

Es gab {{ hilfen }} Hilfen. Früher waren es {{ hilfen[2022] }}.

"""
    + "\n\n".join(SAETZE)
    + "\n",
    "kita": """\
## Zahlen {#sec-zahlen}

Es gibt {{ plaetze }} Plätze. Im Jahr 2023 waren es {{ plaetze[2023] }}.
Im Jahr 2022 waren es {{ plaetze[2022] }}.

Im Landkreis leben {{ einwohner }} Menschen. Das zeigt @fig-verlauf.
""",
}
LIEFERUNGEN = {
    "einwohner": ("99068,2024,10007\n", "99068,2024,10007\n99068,2025,11000\n"),
    "hilfen": ("99068,2024,310\n", "99068,2024,310\n99068,2025,310\n"),
}
"""Je Quelle: was dort steht, was die neue Lieferung statt dessen sagt; Plätze kommen im Formular."""
ZULETZT = ("geprueft", "planerrunde", "beschlossen", "veroeffentlicht")


def _quelle(wurzel: Path, name: str, titel: str) -> None:
    """Eine zweite Quelle und ihre Kennzahl nach dem Muster der ersten."""
    daten = wurzel / "daten"
    zeilen = {"hilfen": (300, 305, 310), "plaetze": (500, 505, 520)}[name]
    datei = daten / f"dateien/{name}.csv"
    werte = "".join(f"99068,{jahr},{wert}\n" for jahr, wert in zip((2022, 2023, 2024), zeilen, strict=True))
    datei.write_text(f"gebiet,jahr,{name}\n{werte}", "utf-8")
    for art in ("quellen", "kennzahlen"):
        text = (daten / art / "einwohner.yaml").read_text("utf-8")
        text = text.replace("einwohner", name).replace("Einwohnerinnen und Einwohner", titel)
        text = re.sub("hash: .*", f"hash: sha256:{dateisumme(datei)}", text).replace(
            "title: Bevölkerung", f"title: {titel}"
        )
        (daten / art / f"{name}.yaml").write_text(text, "utf-8")


def _projekt(wurzel: Path) -> None:
    """Zwei Berichte über 2024 aus drei Quellen."""
    anlegen(wurzel)
    aendere(wurzel / "daten/kreis.yaml", "[vor Veröffentlichung eintragen]", "01234 5678")
    aendere(
        wurzel / "daten/kreis.yaml",
        "hinweis: Beispielausgabe, keine amtliche Veröffentlichung",
        'hinweis: ""',
    )
    for name, titel in QUELLEN.items():
        _quelle(wurzel, name, titel)
    lage, kita = wurzel / "berichte/lage/2024", wurzel / "berichte/kita/2024"
    aendere(lage / "bericht.yml", "status: entwurf", "status: veroeffentlicht")
    (lage / "texte/einleitung.md").unlink()
    shutil.copytree(lage, kita)
    aendere(kita / "bericht.yml", "titel: Lagebericht", "titel: Kita-Bedarfsplan")
    aendere(kita / "bericht.yml", "notizbuch: lage", "notizbuch: kita")
    for ordner in (lage, kita):
        (ordner / "texte/zahlen.md").write_text(TEXTE[ordner.parent.name], "utf-8")
    buch = (wurzel / "notebooks/lage.ipynb").read_text("utf-8").replace('b.text(\\"einleitung\\")', "1;")
    (wurzel / "notebooks/lage.ipynb").write_text(buch, "utf-8")
    (wurzel / "notebooks/kita.ipynb").write_text(
        buch.replace('Bericht(\\"lage\\"', 'Bericht(\\"kita\\"'), "utf-8"
    )


class Jahr:
    """Beide Projekte; ein Befehl ist getan, wenn er in beiden getan ist."""

    def __init__(self, ordner: Path, ursprung: Ursprung) -> None:
        self.ruhig, self.gestoert, self.ursprung = ordner / "ruhig", ordner / "gestoert", ursprung
        self.zufall, self.getoetet = random.Random(SAAT), 0
        self.verbrauch: list[tuple[float, str]] = []

    def tue(self, *zeile: str, getan: Any = None) -> Any:
        """Gibt den Befehl in beiden; die Antwort (``--json``) des ruhigen Projekts.

        ``getan`` sagt am Projekt, ob der getötete Befehl sein Werk schon vollendet hatte.
        """
        beginn = time.monotonic()
        ruhig = self._rufe(self.ruhig, *zeile)
        dauer, schritt = time.monotonic() - beginn, 0
        if ruhig.schritte and self.zufall.random() < 0.5:
            schritt = self.zufall.randint(1, len(ruhig.schritte))
        pid = self.ursprung.beginne(self.gestoert, *zeile, stirb_vor=schritt)
        alle: list[psutil.Process] = []
        if not schritt:
            time.sleep(self.zufall.uniform(0, dauer))
            alle = kinder(pid)
            self._toete(pid)
        ende = self._ende(*zeile)
        wo = (*zeile, f"(vor {ende.schritte[-1]})" if schritt and ende.schritte else "")
        assert uebrig(alle, 60) == [], self.wo(*wo)
        assert ende.rc in (0, -signal.SIGKILL), f"{self.wo(*wo)}\n{ende.aus}\n{ende.fehler}"
        self.getoetet += ende.rc != 0
        if getan is None or not getan(self):
            self._rufe(self.gestoert, *zeile)
        self.vergleiche(*wo)
        return _antwort(ruhig, zeile)

    def lies(self, *zeile: str) -> Any:
        """Ein Befehl, der nur zeigt."""
        return _antwort(self._rufe(self.gestoert, *zeile), zeile)

    def wo(self, *zeile: str) -> str:
        return f"BERICHTSWERK_SAAT={SAAT}: {' '.join(zeile)}"

    def _toete(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # er ist schon fertig
            os.kill(pid, signal.SIGKILL)

    def _ende(self, *zeile: str) -> Ende:
        ende = self.ursprung.beende()
        self.verbrauch.append((ende.cpu, " ".join(zeile[:3])))
        return ende

    def _rufe(self, wurzel: Path, *zeile: str) -> Ende:
        self.ursprung.beginne(wurzel, *zeile)
        ende = self._ende(*zeile)
        assert ende.rc == 0, f"{self.wo(*zeile)}\n{ende.aus}\n{ende.fehler}"
        return ende

    def online(self, ziel: str = "web") -> None:
        """Besucherinnen und Besucher sehen in beiden Zielen dasselbe."""
        a, b = (_inhalt(self.ruhig.parent / ziel / w.name) for w in self.beide())
        assert a == b != {}, self.wo("online")

    def beide(self) -> Iterator[Path]:
        yield from (self.ruhig, self.gestoert)

    def vergleiche(self, *zeile: str) -> None:
        """Was in den Projekten liegt, ohne Zwischenstände und Ziele."""
        a, b = (_inhalt(p) for p in self.beide())
        assert a.keys() == b.keys(), (self.wo(*zeile), a.keys() ^ b.keys())
        assert [n for n in a if a[n] != b[n]] == [], self.wo(*zeile)


def _antwort(ende: Ende, zeile: Sequence[str]) -> Any:
    return json.loads(ende.aus) if "--json" in zeile else ende.aus


def _inhalt(
    wurzel: Path, ohne: tuple[str, ...] = (".berichtswerk", "veroeffentlichung.yaml")
) -> dict[str, bytes]:
    pfade = (p for p in sorted(wurzel.rglob("*")) if p.is_file())
    namen = {p.relative_to(wurzel).as_posix(): p for p in pfade}
    return {n: p.read_bytes() for n, p in namen.items() if not n.startswith(ohne)}


def _saetze(wurzel: Path, bericht: str, ausgabe: str) -> list[str]:
    """Die Sätze des Textes, wie sie auf der gerenderten Seite stehen."""
    seite = html.fromstring(
        (wurzel / f"_site/berichte/{bericht}/{ausgabe}/{bericht}-{ausgabe}.html").read_bytes()
    )
    absaetze = [" ".join(p.text_content().split()) for p in seite.xpath('//section[@id="sec-zahlen"]/p')]
    return [s for a in absaetze for s in re.split(r"(?<=\.) (?=[A-ZÄÖÜ])", a)]


@pytest.fixture(scope="module")
def jahr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jahr]:
    ordner = tmp_path_factory.mktemp("jahr")
    print(f"BERICHTSWERK_SAAT={SAAT}")
    with pytest.MonkeyPatch.context() as umgebung:
        umgebung.setenv("BERICHTSWERK_KENNWORT_DAV", "geheim")
        with ursprung(ordner / "ursprung") as woher:
            jahr = Jahr(ordner, woher)
            _projekt(jahr.ruhig)
            shutil.copytree(jahr.ruhig, jahr.gestoert)
            yield jahr


def _liefere(jahr: Jahr) -> None:
    """Drei Quellen: zwei als Datei, eine im Formular, mit einer berichtigten früheren Zahl."""
    annehmen = ("lieferung", "annehmen")
    wann = ("--datum", "2026-03-01", "--json")
    faellig = jahr.lies("lieferung", "faellig", "--heute", "2027-12-01", "--json")["faellig"]
    assert {f["quelle"] for f in faellig} == {"einwohner", *QUELLEN}
    for name, (alt, neu) in LIEFERUNGEN.items():
        inhalt = (jahr.ruhig / f"daten/dateien/{name}.csv").read_text("utf-8")
        assert alt in inhalt
        datei = jahr.ruhig.parent / f"{name}.csv"
        datei.write_text(inhalt.replace(alt, neu), "utf-8")
        antwort = jahr.tue(*annehmen, str(datei), "--quelle", name, *wann)
        assert antwort["angenommen"] and len(antwort["unterschied"]["neu"]) == 1
    jahr.lies("liefervorlage", "plaetze", "--nach", str(jahr.ruhig.parent), "--art", "xlsx", "--json")
    formular = jahr.ruhig.parent / "plaetze.xlsx"
    mappe = openpyxl.load_workbook(formular)
    zelle = next(z for z in mappe["Daten"].iter_rows(min_row=4) if z[1].value == "2023")[2]
    assert zelle.value == 505
    zelle.value = 515
    mappe.save(formular)
    antwort = jahr.tue(*annehmen, str(formular), *wann, "--berichtigt")
    assert [(u["alt"], u["neu"]) for u in antwort["unterschied"]["berichtigt"]] == [(505, 515)]


def _schreibe_fort(jahr: Jahr) -> None:
    """Die Leseliste nennt genau die Sätze, die auf den gerenderten Seiten beider Ausgaben anders lauten."""
    listen = {
        bericht: jahr.tue("fortschreiben", bericht, "2026", "--datum", "2026-11-26", "--json")
        for bericht in ("lage", "kita")
    }
    jahr.tue("render", "--format", "html")
    for bericht, liste in listen.items():
        alt, neu = (_saetze(jahr.ruhig, bericht, ausgabe) for ausgabe in ("2024", "2026"))
        assert len(alt) == len(neu) > 4
        anders = [(a, n) for a, n in zip(alt, neu, strict=True) if a != n]
        punkte = [p for p in liste["punkte"] if p["art"] == "satz"]
        genannt = [(p["bisher"], p["jetzt"]) for p in punkte]
        assert [tuple(map(_schlicht, paar)) for paar in genannt] == [tuple(map(_schlicht, p)) for p in anders]
        vorher, nachher = (_gebunden(jahr.ruhig, bericht, ausgabe) for ausgabe in ("2024", "2026"))
        zeilen = {f"texte/zahlen.md, Zeile {z}" for z in vorher if vorher[z] != nachher[z]}
        assert zeilen == {p["wo"] for p in punkte if {"Zahl", "Jahr"} & {*p["gruende"]}}, "gebundene Zahlen"
        assert anders and zeilen
    assert any("505" in p["bisher"] and "515" in p["jetzt"] for p in listen["kita"]["punkte"])
    for wurzel in jahr.beide():
        for bericht in listen:
            aendere(wurzel / f"berichte/{bericht}/2026/lesen.md", "- [ ]", "- [x]")
    geaendert = jahr.tue("vergleich", "lage/2024", "lage/2026", "--json")["texte"]
    assert len(geaendert) == len([p for p in listen["lage"]["punkte"] if p["art"] == "satz"])


def _gebunden(wurzel: Path, bericht: str, ausgabe: str) -> dict[str, list[str]]:
    """Je Zeile des Textes, welche gebundenen Zahlen dort stehen, nach dem Nachweis der Ausgabe."""
    (nachweis,) = (wurzel / f"_site/berichte/{bericht}/{ausgabe}").rglob("nachweis.json")
    zeilen: dict[str, list[str]] = {}
    for e in json.loads(nachweis.read_bytes())["eintraege"]:
        if "zahlen.md:" in e.get("ort", ""):
            zeilen.setdefault(e["ort"].rpartition(":")[2], []).append(e["anzeige"])
    return zeilen


def _schlicht(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _lies_mit_anderen(jahr: Jahr) -> None:
    jahr.tue("word", "export", "lage/2026", "--art", "docx", "--json")
    w, text = Word((jahr.ruhig / "_export/lage-2026.docx").read_bytes()), TEXTE["lage"]
    for n, satz in enumerate(SAETZE[:20]):
        if n % 3 == 0:
            w.ersetze(satz.split(" und bleibt")[0], f"Gedanke {n}", "Kollegin")
            neu = satz.replace(satz.split(" und bleibt")[0], f"Gedanke {n}")
        elif n % 3 == 1:
            w.fuege_ein(satz.removesuffix("."), f" so, wie Nummer {n}", "Kollege")
            neu = satz.replace("bleibt.", f"bleibt so, wie Nummer {n}.")
        else:
            w.streiche(satz.split(" gilt")[0] + " gilt ", "Kollege")
            neu = satz.removeprefix(satz.split(" gilt")[0] + " gilt ")
        text = text.replace(satz, neu)
    for n in range(10):
        wo = ("bereich", "punkt", "nirgends")[n % 3]
        w.kommentiere("bleibt" if wo == "bereich" else "Im Landkreis", f"Kommentar {n}", "Kollegin", wo=wo)
    datei = jahr.ruhig.parent / "zurueck.docx"
    datei.write_bytes(w.fertig())
    antwort = jahr.tue("word", "einlesen", str(datei), "--annehmen", "alle", "--json")
    arten = [r["art"] for r in antwort["rueckmeldungen"]]
    assert (arten.count("kommentar"), len(arten)) == (10, 30)
    assert {r["stand"] for r in antwort["rueckmeldungen"] if r["art"] != "kommentar"} == {"angenommen"}
    assert (jahr.ruhig / "berichte/lage/2026/texte/zahlen.md").read_text("utf-8") == text
    jahr.tue("word", "export", "kita/2026", "--art", "odt", "--json")
    zurueck = jahr.lies("word", "einlesen", str(jahr.gestoert / "_export/kita-2026.odt"), "--json")
    assert zurueck["rueckmeldungen"] == [], "niemand hat etwas geändert"
    assert len(jahr.tue("tabellen", "kita/2026", "--json")["dateien"]) == 2


def _beschliesse(jahr: Jahr) -> None:
    for bericht in ("lage", "kita"):
        for schritt in ZULETZT:
            jahr.tue("freigabe", f"{bericht}/2026", schritt, *FUNKTION, "--json")
    jahr.tue("render")


def _veroeffentliche(jahr: Jahr) -> None:
    """Hinaus, berichtigt, wieder hinaus, und zurück."""
    hinaus = ("veroeffentlichen", "web", "--json")
    assert jahr.lies(*hinaus, "--probe")["neu"]
    assert jahr.tue(*hinaus)["neu"]
    jahr.online()
    assert jahr.tue("veroeffentlichen", "dav", "--json")["neu"]
    jahr.online("dav")
    vorher = _inhalt(jahr.ruhig.parent / "web/ruhig")
    beschlossen = _inhalt(jahr.ruhig / "_site/berichte/lage/2026")
    for wurzel in jahr.beide():
        aendere(wurzel / "daten/kennzahlen/hilfen.yaml", "Personen mit Hauptwohnung", "Fälle")
        aendere(wurzel / "berichte/lage/2026/texte/zahlen.md", "21. Gedanke", "einundzwanzigste Gedanke")
    revision = jahr.tue("erratum", "lage/2026", "--grund", "Zahlwort", *FUNKTION, "--json")
    assert (revision["nummer"], len(revision["aenderungen"])) == (2, 1)
    jahr.tue("render")
    site = jahr.ruhig / "_site/berichte/lage"
    assert _inhalt(site / "2026-revision-1") == beschlossen, "eingefroren, was auch seither geschah"
    assert "Fälle" not in (site / "2026/lage-2026.html").read_text("utf-8")
    jahr.tue(*hinaus)
    jahr.online()
    jahr.tue(
        "veroeffentlichen",
        "web",
        "--zurueck",
        "--json",
        getan=lambda j: j.lies("veroeffentlichen", "web", "--liste", "--json")[-1]["online"],
    )
    jahr.online()
    assert _inhalt(jahr.ruhig.parent / "web/ruhig") == vorher


def test_das_jahr(jahr: Jahr) -> None:
    oben = jahr.ruhig.parent
    with sshd(oben / "sshd") as dort, webdav(oben / "dav", "planung", "geheim") as adresse:
        for wurzel in jahr.beide():
            web = {
                "art": "sftp", "rechner": "127.0.0.1", "port": dort.port, "benutzer": dort.benutzer,
                "ordner": str(oben / "web" / wurzel.name), "schluessel": str(dort.eigener),
                "fingerabdruck": dort.fingerabdruck,
            }  # fmt: skip
            (oben / "web").mkdir(exist_ok=True)
            (oben / "dav" / wurzel.name).mkdir()
            dav = {"art": "webdav", "adresse": f"{adresse}/{wurzel.name}", "benutzer": "planung"}
            ziele = yaml.safe_dump({"ziele": {"web": web, "dav": dav}})
            (wurzel / "veroeffentlichung.yaml").write_text(ziele, "utf-8")
        _liefere(jahr)
        _schreibe_fort(jahr)
        _lies_mit_anderen(jahr)
        _beschliesse(jahr)
        _veroeffentliche(jahr)
    print(*(f"{cpu:5.1f} {zeile}" for cpu, zeile in jahr.verbrauch), sep="\n")
    print(f"{sum(cpu for cpu, _ in jahr.verbrauch):.0f} CPU-Sekunden, {jahr.getoetet} getötet")
    assert jahr.getoetet > 5
