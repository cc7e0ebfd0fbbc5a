"""Aus ``layout/_brand.yml`` erzeugt: Stylesheet-Variablen, Typst-Marke und Schriften für das Web."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.farbe import kontrast, lab, lesbar_auf, mische, mit_helligkeit
from berichtswerk.marke.lesen import ROLLEN
from berichtswerk.marke.marke import Diagrammfarben, Marke

_LATEIN = (
    "U+0020-007E,U+00A0-017F,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2039,U+203A,"
    "U+2070-208E,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2215,U+2248,U+2260,U+2264,U+2265"
)
_ALS_KLASSE = str.maketrans("_.", "--")
_BESCHRIFTET = ("fokus", "akzent", "vergleich", "kategorien", "klassen", "pole", "leiter")
"""Farben von Flächen, auf denen Schrift stehen kann."""
_BENANNT = ("fokus", "akzent", "vergleich", "kategorien", "achse", "leiter")
"""Farben von Linien, deren Name daneben in derselben Farbe steht."""
_ROLLE = {
    "text": "foreground", "text_leise": "secondary", "gitter": "linie", "flaeche": "light",
    "grund": "background",
}  # fmt: skip
"""Farben der Abbildungen, die im Dunkeln die der Seite sind."""
DUNKEL = "screen and (prefers-color-scheme: dark)"
"""Wann die dunkle Seite gilt; gedruckt wird immer hell."""
_HINWEIS = "Erzeugt aus _brand.yml; Änderungen dort, nicht hier."


def _aufgehellt(farbe: str, grund: str, ziel: float = 5.5) -> str:
    """Hellt ``farbe`` auf, bis sie auf dem dunklen Grund als Text lesbar ist."""
    for schritt in range(21):
        neu = mische(farbe, "#ffffff", schritt / 20)
        if kontrast(neu, grund) >= ziel:
            return neu
    return "#ffffff"


def css(marke: Marke) -> str:
    """Inhalt von ``layout/marke.css``: Schriften und Farben, hell und dunkel."""
    teile = [f"/* {_HINWEIS} */"]
    for s in marke.schriften:
        woff = quote(marke.ab_layout(s.pfad.with_suffix(".woff2")))
        teile.append(
            f'@font-face {{ font-family: "{marke.schrift}"; font-style: {s.stil}; font-weight: {s.staerke}; '
            f'font-display: swap; src: url("{woff}") format("woff2"); }}'
        )
    hell, dunkel = palette(marke)
    teile.append(f':root {{\n  --bw-schrift: "{marke.schrift}", sans-serif;\n{_variablen(hell)}}}')
    teile += _farbregeln(marke)
    teile += [f"@media {DUNKEL} {{\n:root {{\n{_variablen(dunkel)}}}", *_farbregeln(marke, dunkel), "}"]
    teile += [f".bw-bild {regel}" for regel in _bildregeln(marke.farbnamen)]
    return "\n".join(teile) + "\n"


def _farbregeln(marke: Marke, dunkel: Mapping[str, str] | None = None) -> Iterator[str]:
    """Die Farben der Abbildungen, und was in einer Fachplanung davon abweicht."""
    allgemein = _bildfarben(marke, dunkel)
    yield f":root {{\n{_variablen(allgemein)}}}"
    for bericht in sorted(marke.leitfarben):
        eigene = marke.fuer(bericht)
        leit = _leit(marke.leitfarbe(bericht), dunkel["background"] if dunkel else "")
        bild = {n: w for n, w in _bildfarben(eigene, dunkel).items() if w != allgemein[n]}
        yield f".bw-leit-{bericht} {{\n{_variablen(leit | bild)}}}"


def _leit(leit: str, dunkler_grund: str = "") -> dict[str, str]:
    """Die Leitfarbe als Schrift und als Feld unter weißer Schrift, auf hellem oder dunklem Grund."""
    if not dunkler_grund:
        return {"akzenttext": leit, "leitfeld": leit}
    return {"akzenttext": mit_helligkeit(leit, 76), "leitfeld": mische(leit, dunkler_grund, 0.3)}


def _bildnamen(namen: Diagrammfarben) -> Iterator[tuple[str, str, int]]:
    """Name im Stylesheet, Feld und Stelle jeder Farbe, die Abbildungen nennen; jede einmal."""
    bekannt: set[str] = set()
    for feld, name in asdict(namen).items():
        for nr, einzeln in enumerate([name] if isinstance(name, str) else name):
            if einzeln not in bekannt:
                bekannt.add(einzeln)
                yield einzeln.removeprefix("marke:").translate(_ALS_KLASSE), feld, nr


def _bildfarben(marke: Marke, dunkel: Mapping[str, str] | None) -> dict[str, str]:
    """Die Farben der Abbildungen und die der Schrift auf ihren Flächen, hell oder auf dunklem Grund."""
    farben = {}
    for name, feld, nr in _bildnamen(marke.farbnamen):
        wert = getattr(marke.diagramm, feld)
        farbe = wert if isinstance(wert, str) else wert[nr]
        if dunkel:
            farbe = dunkel[_ROLLE[feld]] if feld in _ROLLE else _umgekehrt(farbe, feld in ("klassen", "pole"))
        farben[f"d-{name}"] = farbe
        if feld in _BESCHRIFTET:
            d = marke.diagramm
            schrift = (dunkel["background"], "#ffffff") if dunkel else (d.text, d.grund)
            farben[f"d-auf-{name}"] = lesbar_auf(farbe, *schrift)
        if feld in _BENANNT:
            farben[f"d-text-{name}"] = farbe if dunkel else marke.loese(f"marke:als_text({farbe})")
    return farben


def _umgekehrt(farbe: str, gestuft: bool) -> str:
    """Helles wird dunkel und umgekehrt: Klassen kehren sich um, Nachbarn bleiben verschieden hell."""
    war = lab(farbe)[0]
    return mit_helligkeit(farbe, max(20.0, 108 - war) if gestuft else 100 - 0.75 * war)


def _bildregeln(namen: Diagrammfarben) -> Iterator[str]:
    """Welche Klasse der Zeichnung (:mod:`berichtswerk.bild.svg`) welche Farbe bekommt."""
    for name, feld, _ in _bildnamen(namen):
        yield f".f-{name} {{ fill: var(--bw-d-{name}); }}"
        yield f".s-{name} {{ stroke: var(--bw-d-{name}); }}"
        if feld in _BESCHRIFTET:
            yield f".f-schrift-auf-{name} {{ fill: var(--bw-d-auf-{name}); }}"
        if feld in _BENANNT:
            yield f".f-als-text-{name} {{ fill: var(--bw-d-text-{name}); }}"


def palette(marke: Marke) -> tuple[dict[str, str], dict[str, str]]:
    """Farben der hellen und (als Ergänzung) der dunklen Seite; Text erreicht überall 4,5 : 1."""
    f = _rollen(marke)
    hell = {**f, "linie": mische(f["background"], f["foreground"], 0.2), **_leit(f["primary"])}
    hell |= _band(marke.band)
    grund = mische(f["dark"], "#000000", 0.25)
    dunkel = {
        "foreground": mische(f["background"], f["dark"], 0.08),
        "background": grund,
        "secondary": _aufgehellt(f["secondary"], grund, 7),
        "light": mische(grund, "#ffffff", 0.07),
        "linie": mische(grund, "#ffffff", 0.24),
        **_leit(f["primary"], grund),
        **_band(mische(marke.band, grund, 0.72)),
        **{k: _aufgehellt(f[k], grund, 6) for k in ("success", "info", "warning", "danger")},
    }
    return hell, dunkel


def _band(farbe: str) -> dict[str, str]:
    return {"band": farbe, "auf-band": lesbar_auf(farbe, "#000000", "#ffffff")}


def _rollen(marke: Marke) -> dict[str, str]:
    """Die Farben der Rollen und die der Schrift auf den beiden kräftigen."""
    f = {rolle: marke.farben[rolle] for rolle in ROLLEN}
    return f | {f"auf-{r}": lesbar_auf(f[r], "#ffffff", "#000000") for r in ("primary", "tertiary")}


def symbol(marke: Marke) -> str:
    """Zeichen der Site im Reiter des Browsers: drei Säulen auf der Hauptfarbe."""
    f = _rollen(marke)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="5" fill="{f["primary"]}"/>'
        f'<path fill="{f["auf-primary"]}" d="M7 5h5v22H7zM14 12h5v15h-5zM21 18h5v9h-5z"/></svg>\n'
    )


def _variablen(farben: dict[str, str], einzug: str = "  ") -> str:
    return "".join(f"{einzug}--bw-{name}: {wert};\n" for name, wert in farben.items())


def typ(marke: Marke) -> str:
    """Inhalt von ``layout/typst/marke.typ``; pandoc liest ihn als Vorlage, darum ist ``$`` verdoppelt."""
    farben = _rollen(marke)
    farben["linie"] = mische(farben["background"], farben["foreground"], 0.25)
    zeilen = [f"// {_HINWEIS}", "#let marke = ("]
    zeilen += [f'  {name}: rgb("{wert}"),' for name, wert in farben.items()]
    zeilen += [
        f"  schrift: {_zitat(marke.schrift)},",
        f"  name: {_zitat(marke.name)},",
        f"  wortmarke-alt: {_zitat(marke.wortmarke.alt)},",
        f"  wortmarke: {_zitat(marke.wortmarke.hell.read_text(encoding='utf-8'))},",
        f'  band: rgb("{marke.band}"),',
        "  leitfarben: (" if marke.leitfarben else "  leitfarben: (:",  # „()“ wäre eine leere Liste
        *(f'    "{b}": rgb("{marke.leitfarbe(b)}"),' for b in sorted(marke.leitfarben)),
        "  ),",
        f"  wortmarke-hell: {_zitat(marke.wortmarke.dunkel.read_text(encoding='utf-8'))},",
        ")",
    ]
    return "\n".join(zeilen).replace("$", "$$") + "\n"


def _zitat(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "") + '"'


def woff2(ttf: Path) -> bytes:
    """Lateinischer Ausschnitt eines Schnitts als WOFF2; gleiche Eingabe, gleiche Bytes."""
    from importlib import import_module

    from fontTools.ttLib import TTFont

    subset: Any = import_module("fontTools.subset")
    wahl = subset.Options()
    wahl.flavor = "woff2"
    wahl.layout_features = ["kern", "liga", "mark", "mkmk", "tnum", "lnum", "pnum", "ccmp", "locl", "sups"]
    wahl.hinting = False
    wahl.name_IDs = ["*"]
    schrift = TTFont(ttf, recalcTimestamp=False)
    # sonst hingen die Bytes davon ab, ob und in welcher Fassung HarfBuzz da ist
    schrift.cfg["fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"] = False
    schneider = subset.Subsetter(wahl)
    schneider.populate(unicodes=subset.parse_unicodes(_LATEIN))
    schneider.subset(schrift)
    schrift.flavor = "woff2"
    puffer = io.BytesIO()
    schrift.save(puffer)
    return puffer.getvalue()


def webschriften(marke: Marke) -> dict[Path, Path]:
    """Je Schriftdatei ihre Fassung für das Web."""
    return {s.pfad: s.pfad.with_suffix(".woff2") for s in marke.schriften}


def sichere(projekt: Projekt) -> tuple[Path, ...]:
    """Schreibt, was von der Marke abweicht, und nennt die geschriebenen Dateien.

    WOFF2 entsteht nur, wo die Datei fehlt: das Packen kostet Sekunden.
    """
    marke, layout = Marke.lade(projekt), projekt.layout
    geschrieben = []
    soll = {layout / "marke.css": css(marke), layout / "typst" / "marke.typ": typ(marke)}
    soll[layout / "symbol.svg"] = symbol(marke)
    for ziel, inhalt in soll.items():
        if not ziel.is_file() or ziel.read_text(encoding="utf-8") != inhalt:
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_text(inhalt, encoding="utf-8", newline="\n")
            geschrieben.append(ziel)
    for vorlage, ziel in webschriften(marke).items():
        if not ziel.is_file():
            ziel.write_bytes(woff2(vorlage))
            geschrieben.append(ziel)
    return tuple(geschrieben)
