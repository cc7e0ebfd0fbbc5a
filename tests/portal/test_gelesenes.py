"""Alles, was ein Bericht einbindet, steht in seiner Spur: ändert es sich, entsteht er neu."""

from __future__ import annotations

import subprocess
import sys

import pytest

from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site import stand
from berichtswerk.site.bau import rendere

BILD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><title>%s</title><path d="M1 1"/></svg>'
)
LESER = """
import os, sys
wurzel, gelesen = os.path.realpath(sys.argv[1]) + os.sep, set()
def haken(ereignis, args):
    if ereignis == "open" and isinstance(args[0], (str, os.PathLike)):
        if not set(str(args[1] or "")) & set("wax+") and not (args[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            pfad = os.path.abspath(os.fspath(args[0]))
            if pfad.startswith(wurzel) and os.path.isfile(pfad):
                gelesen.add(pfad[len(wurzel):])
sys.addaudithook(haken)
from pathlib import Path
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere
assert rendere(Projekt(Path(sys.argv[1])), ["lage"], ["html"]).gelungen
print("\\n".join(sorted(gelesen)))
"""


@pytest.fixture
def projekt(muster: Projekt) -> Projekt:
    """Ein Bericht, der von überall im Projekt etwas einbindet, auch über Verknüpfungen darin."""
    gemeinsam = muster.wurzel / "gemeinsam"
    gemeinsam.mkdir()
    (gemeinsam / "teil.md").write_text("Gemeinsames.\n\n{{< include tiefer.md >}}\n", encoding="utf-8")
    (gemeinsam / "tiefer.md").write_text("Tiefer.\n", encoding="utf-8")
    (gemeinsam / "bild.svg").write_text(BILD % "eins", encoding="utf-8")
    (gemeinsam / "zweites.svg").write_text(BILD % "zwei", encoding="utf-8")
    (gemeinsam / "seite.md").write_text("Auf einer Seite.\n", encoding="utf-8")
    ordner = muster.berichte / "lage" / "2024"
    (ordner / "v.svg").symlink_to("../../../gemeinsam/zweites.svg")
    text = ordner / "texte" / "einleitung.md"
    mehr = (
        "\n\n{{< include ../../../../gemeinsam/teil.md >}}\n\n"
        "![](../../../gemeinsam/bild.svg){fig-alt='a'}\n\n"
        "![](v.svg){fig-alt='b'}\n"
    )
    text.write_text(text.read_text("utf-8") + mehr, encoding="utf-8")
    seite = muster.layout / "seiten" / "impressum.md"
    mehr = "\n{% raw %}\n{{< include ../../gemeinsam/seite.md >}}\n{% endraw %}\n"
    seite.write_text(seite.read_text("utf-8") + mehr, encoding="utf-8")
    return muster


def test_jede_gelesene_datei_steht_in_einer_spur(projekt: Projekt) -> None:
    lauf = subprocess.run(
        [sys.executable, "-c", LESER, str(projekt.wurzel)], capture_output=True, encoding="utf-8", check=False
    )
    assert lauf.returncode == 0, lauf.stderr
    gelesen = {n for n in lauf.stdout.splitlines() if not n.startswith((".berichtswerk", "_site"))}
    assert {"gemeinsam/tiefer.md", "gemeinsam/bild.svg", "berichte/lage/2024/v.svg"} <= gelesen
    spuren = Spuren(projekt)
    site = spuren.lies("site", stand._name(["lage"], ["html"]))
    assert site is not None
    erfasst = {n for n in gelesen if stand.ist_erfasst(n)} | set(site.eintraege)
    assert gelesen - erfasst == set()
    je_bericht = set()
    for stamm in ("lage-2024", "lage-2024-land"):
        for schritt, name in (("setzen", f"{stamm}.html"), ("ausführen", stamm)):
            spur = spuren.lies(schritt, name)  # type: ignore[arg-type]
            assert spur is not None, (schritt, name)
            je_bericht |= set(spur.dateien())
    nur_site = {"_quarto.yml", "gemeinsam/seite.md"}
    fremde = {n for n in gelesen if n.startswith(("berichte/satzung", "daten/", "notebooks/"))}
    erzeugt = {n for n in gelesen if n.endswith(("lage-2024.ipynb", "lage-2024-land.ipynb"))}
    assert gelesen - je_bericht - nur_site - fremde - erzeugt == set()


def test_aendert_sich_eingebundenes_entsteht_der_bericht_neu(projekt: Projekt) -> None:
    assert rendere(projekt, ["lage"], ["html"]).gelungen
    seite = projekt.site / "berichte" / "lage" / "2024" / "lage-2024.html"
    for datei, neu, wo in (
        ("gemeinsam/tiefer.md", "Geändert in der Tiefe.\n", seite),
        ("gemeinsam/seite.md", "Geändert auf der Seite.\n", projekt.site / "seiten" / "impressum.html"),
        ("gemeinsam/bild.svg", BILD % "geändert", seite.parent / "../../../gemeinsam/bild.svg"),
    ):
        assert stand.unveraendert(projekt, ["lage"], ["html"]) is not None, datei
        (projekt.wurzel / datei).write_text(neu, encoding="utf-8")
        assert stand.unveraendert(projekt, ["lage"], ["html"]) is None, datei
        assert rendere(projekt, ["lage"], ["html"]).gelungen
        assert neu.strip().rstrip(".") in wo.read_text("utf-8"), datei
    verknuepft = projekt.berichte / "lage" / "2024" / "v.svg"
    verknuepft.unlink()
    verknuepft.symlink_to("../../../gemeinsam/bild.svg")
    assert stand.unveraendert(projekt, ["lage"], ["html"]) is None
