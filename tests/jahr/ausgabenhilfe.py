"""Ein kleines Projekt mit einer Ausgabe, die ihren Weg durch das Jahr geht."""

import json
import shutil
from datetime import date
from pathlib import Path

from berichtswerk.ausfuehrung.freigabe import Schrittname
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.grund.ablage import dateisumme
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.freigabe import gib_frei

TAG = date(2026, 11, 26)
FUNKTION = "Sachgebiet Planung"
ORDNER = "berichte/lage/2024"
_VARIANTEN = 'varianten:\n  - {name: land, untertitel: Land Musterstaat, parameter: {gebiet: "99"}}\n'
ZELLEN = (
    'from berichtswerk import Bericht\nb = Bericht("lage", ausgabe, gebiet)',
    'b.text("einleitung")',
    'b.text("zahlen")',
    'b.linie("einwohner", label="fig-verlauf")',
)
ZAHLEN = """\
## Zahlen {#sec-zahlen}

Im Landkreis leben {{ einwohner }} Menschen. Das zeigt @fig-verlauf.

Die Bevölkerung ist {{ einwohner.richtung }}. Die Reihe der Gemeinden reicht bis 2015.
"""


def anlegen(wurzel: Path) -> Projekt:
    """Das Musterprojekt mit einem Bericht im Entwurf, gerechnet durch das Tor."""
    tests = Path(__file__).parents[1]
    shutil.copytree(tests / "muster", wurzel)
    shutil.copytree(tests.parent / "layout", wurzel / "layout")
    shutil.rmtree(wurzel / "berichte/satzung")
    aendere(wurzel / ORDNER / "bericht.yml", "status: beispiel", "status: entwurf")
    aendere(wurzel / ORDNER / "bericht.yml", _VARIANTEN, "")
    aendere(wurzel / ORDNER / "texte/einleitung.md", "@fig-verlauf und @tbl-werte", "@fig-verlauf")
    (wurzel / ORDNER / "texte/zahlen.md").write_text(ZAHLEN, "utf-8")
    schreibe_zellen(wurzel, *ZELLEN)
    return Projekt(wurzel)


def schreibe_zellen(wurzel: Path, *zellen: str) -> None:
    """Ersetzt im Notizbuch alles hinter der Parameterzelle."""
    pfad = wurzel / "notebooks/lage.ipynb"
    nb = json.loads(pfad.read_text("utf-8"))
    nb["cells"][2:] = [
        {"cell_type": "code", "id": f"z{i}", "metadata": {}, "source": text, "outputs": [],
         "execution_count": None}
        for i, text in enumerate(zellen)
    ]  # fmt: skip
    pfad.write_text(json.dumps(nb), "utf-8")


def aendere(pfad: Path, alt: str, neu: str) -> None:
    """Ersetzt eine Stelle, die es geben muss."""
    text = pfad.read_text("utf-8")
    assert alt in text, pfad
    pfad.write_text(text.replace(alt, neu), "utf-8")


def liefere(projekt: Projekt, alt: str, neu: str) -> None:
    """Ändert die Lieferung und die Prüfsumme in ihrer Beschreibung."""
    datei = projekt.daten / "dateien/einwohner.csv"
    vorher = dateisumme(datei)
    aendere(datei, alt, neu)
    aendere(projekt.quellen / "einwohner.yaml", vorher, dateisumme(datei))


def gehe(projekt: Projekt, *schritte: Schrittname) -> None:
    """Gibt diese Schritte nacheinander."""
    for schritt in schritte:
        gib_frei(projekt, "lage/2024", schritt, FUNKTION, tag=TAG)


def auftrag(projekt: Projekt) -> Auftrag:
    """Der eine Auftrag, wie er heute ist."""
    plan = plane(projekt)
    assert not plan.meldungen.fehler, plan.meldungen.als_text()
    return next(a for a in plan.auftraege if a.bericht == "lage" and a.ausgabe == "2024")


def bytes_der_ausgabe(projekt: Projekt, muster: str = f"{ORDNER}/**/*") -> dict[str, bytes]:
    """Alles, was von der Ausgabe auf der Site liegt."""
    pfade = sorted(p for p in projekt.site.glob(muster) if p.is_file())
    return {p.relative_to(projekt.site).as_posix(): p.read_bytes() for p in pfade}
