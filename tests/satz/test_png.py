"""PNG zum Weitergeben: dasselbe Bild, mit eigenen Schriften, aus der Ablage, mit Meldung bei Fehlern."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pdf

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="70" viewBox="0 0 700 70">'
    b'<rect width="700" height="70" fill="#095c6d"/></svg>'
)


def test_jedes_svg_wird_unter_seinem_namen_zum_png_und_bleibt_gleich(muster: Projekt) -> None:
    bilder = {"abb/fig-a.svg": SVG, "abb/fig-b.svg": SVG.replace(b"#095c6d", b"#ffffff")}
    erst = pdf.als_png(muster, "probe", bilder)
    assert list(erst) == list(bilder)
    with Image.open(io.BytesIO(erst["abb/fig-a.svg"])) as bild:
        assert 1050 <= bild.width <= 1100 and bild.convert("RGB").getpixel((500, 60)) == (9, 92, 109)
    assert pdf.als_png(muster, "probe", bilder) == erst
    assert pdf.als_png(muster, "anders", bilder) == erst


def test_viele_bilder_werden_in_stuecken_gezeichnet_und_sind_dieselben(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    bilder = {f"abb/fig-{n}.svg": SVG.replace(b"#09", f"#0{n}".encode()) for n in range(5)}
    auf_einmal: list[int] = []
    zeichne = pdf.Werkbank.zeichne

    def zaehle(self: pdf.Werkbank, teil: dict[str, bytes]) -> dict[str, bytes]:
        auf_einmal.append(len(teil))
        return zeichne(self, teil)

    monkeypatch.setattr(pdf.Werkbank, "zeichne", zaehle)
    monkeypatch.setattr(pdf, "JE_MAL", 2)
    in_stuecken = pdf.als_png(muster, "probe", bilder)
    assert auf_einmal == [2, 2, 1] and len({*in_stuecken.values()}) == 5
    monkeypatch.setattr(pdf, "JE_MAL", 24)
    shutil.rmtree(muster.wurzel / ".berichtswerk/ablage")
    assert pdf.als_png(muster, "probe", bilder) == in_stuecken


def test_ein_unlesbares_bild_wird_gemeldet(muster: Projekt) -> None:
    with pytest.raises(BerichtswerkFehler) as gefangen:
        pdf.als_png(muster, "lage-2024", {"abb/fig-a.svg": b"<svg>kein Ende"})
    (meldung,) = gefangen.value.meldungen
    assert meldung.kennung == "bild-ohne-png"
    assert "Eine Abbildung von lage-2024 lässt sich nicht als PNG zeichnen." in str(meldung)
