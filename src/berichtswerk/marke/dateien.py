"""Aus ``layout/_brand.yml`` erzeugt: Stylesheet-Variablen, Typst-Marke und Schriften für das Web."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
_BESCHRIFTET = ("fokus", "akzent", "vergleich", "kategorien", "klassen", "pole")
"""Farben von Flächen, auf denen Schrift stehen kann."""
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
    je_planung = [(f".bw-leit-{b}", marke.fuer(b)) for b in sorted(marke.leitfarben)]
    teile.append(f':root {{\n  --bw-schrift: "{marke.schrift}", sans-serif;\n{_variablen(hell)}}}')
    teile += [f"{wahl} {{\n{_variablen(_leit(m.diagramm.fokus))}}}" for wahl, m in je_planung]
    bild = _bildfarben(marke, dunkel)
    teile.append(f"@media {DUNKEL} {{\n  :root {{\n{_variablen(dunkel | bild, einzug='    ')}  }}")
    for wahl, m in je_planung:
        eigene = {n: w for n, w in _bildfarben(m, dunkel).items() if w != bild[n]}
        farben = _leit(m.diagramm.fokus, dunkel["background"]) | eigene
        teile.append(f"  {wahl} {{\n{_variablen(farben, einzug='    ')}  }}")
    teile += [*(f"  .bw-bild {regel}" for regel in _bildregeln(marke.farbnamen)), "}"]
    return "\n".join(teile) + "\n"


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


def _bildfarben(marke: Marke, dunkel: dict[str, str]) -> dict[str, str]:
    """Die Farben der Abbildungen auf dunklem Grund, dazu die Schrift auf den Flächen.

    Helles wird dunkel und umgekehrt: Klassen kehren sich um, Nachbarn bleiben verschieden hell.
    """
    fest = {"text": "foreground", "text_leise": "secondary", "gitter": "linie", "flaeche": "light"}
    fest["grund"] = "background"
    farben = {}
    for name, feld, nr in _bildnamen(marke.farbnamen):
        if feld in fest:
            farben[f"d-{name}"] = dunkel[fest[feld]]
            continue
        wert = getattr(marke.diagramm, feld)
        hell = wert if isinstance(wert, str) else wert[nr]
        war = lab(hell)[0]
        neu = mit_helligkeit(hell, max(20.0, 108 - war) if feld in ("klassen", "pole") else 100 - 0.75 * war)
        farben[f"d-{name}"] = neu
        if feld in _BESCHRIFTET:
            farben[f"d-auf-{name}"] = lesbar_auf(neu, dunkel["background"], "#ffffff")
    return farben


def _bildregeln(namen: Diagrammfarben) -> Iterator[str]:
    """Welche Klasse der Zeichnung (:mod:`berichtswerk.bild.svg`) welche Farbe bekommt."""
    for name, feld, _ in _bildnamen(namen):
        yield f":is(.f-{name}, .f-als-text-{name}) {{ fill: var(--bw-d-{name}); }}"
        yield f".s-{name} {{ stroke: var(--bw-d-{name}); }}"
        if feld in _BESCHRIFTET:
            yield f".f-schrift-auf-{name} {{ fill: var(--bw-d-auf-{name}); }}"
    yield '[class*="-helligkeit-"] { filter: invert(1) hue-rotate(180deg); }'


def palette(marke: Marke) -> tuple[dict[str, str], dict[str, str]]:
    """Farben der hellen und (als Ergänzung) der dunklen Seite; Text erreicht überall 4,5 : 1."""
    f = _rollen(marke)
    hell = {**f, "linie": mische(f["background"], f["foreground"], 0.2), **_leit(f["primary"])}
    grund = mische(f["dark"], "#000000", 0.25)
    dunkel = {
        "foreground": mische(f["background"], f["dark"], 0.08),
        "background": grund,
        "secondary": _aufgehellt(f["secondary"], grund, 7),
        "light": mische(grund, "#ffffff", 0.07),
        "linie": mische(grund, "#ffffff", 0.24),
        **_leit(f["primary"], grund),
        **{k: _aufgehellt(f[k], grund, 6) for k in ("success", "info", "warning", "danger")},
    }
    return hell, dunkel


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
        "  leitfarben: (",
        *(f'    "{b}": rgb("{marke.leitfarbe(b)}"),' for b in sorted(marke.leitfarben)),
        "  ),",
        f"  wortmarke-hell: {_zitat(marke.wortmarke.dunkel.read_text(encoding='utf-8'))},",
        ")",
    ]
    return "\n".join(zeilen).replace("$", "$$") + "\n"


def quarto(marke: Marke) -> str:
    """Inhalt von ``layout/marke.yml``: Wortmarke und Name auf den Seiten, die Quarto setzt."""
    hell, dunkel = (
        _zitat(f"layout/{marke.ab_layout(p)}") for p in (marke.wortmarke.hell, marke.wortmarke.dunkel)
    )
    alt = _zitat(f"{marke.wortmarke.alt}, Startseite")
    return (
        f"# {_HINWEIS}\nwebsite:\n  navbar:\n    logo:\n"
        f"      light: {{path: {hell}, alt: {alt}}}\n"
        f"      dark: {{path: {dunkel}, alt: {alt}}}\n"
        f"  page-footer:\n    left: {_zitat(marke.name)}\n"
    )


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
    soll |= {layout / "symbol.svg": symbol(marke), layout / "marke.yml": quarto(marke)}
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
