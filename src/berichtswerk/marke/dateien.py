"""Aus ``layout/_brand.yml`` erzeugt: Stylesheet-Variablen, Typst-Marke und Schriften für das Web."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from berichtswerk.grund.ablage import Ablage, codesumme, dateisumme, fassung, schluessel_aus
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

_ROLLEN = (
    "foreground", "background", "primary", "secondary", "tertiary",
    "success", "info", "warning", "danger", "light", "dark",
)  # fmt: skip
_LATEIN = (
    "U+0020-007E,U+00A0-017F,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2039,U+203A,"
    "U+2070-208E,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2215,U+2248,U+2260,U+2264,U+2265"
)
_HINWEIS = "Erzeugt aus _brand.yml; Änderungen dort, nicht hier."


@dataclass(frozen=True, slots=True)
class Schnitt:
    """Ein Schriftschnitt: Datei ab ``layout/``, Gewicht, ``normal`` oder ``italic``."""

    datei: str
    gewicht: int
    stil: str


@dataclass(frozen=True, slots=True)
class Markenwerte:
    """Was Stylesheet und Typst-Vorlage von der Marke brauchen; Farben als ``#rrggbb``."""

    farben: dict[str, str]
    schrift: str
    schnitte: tuple[Schnitt, ...]
    name: str
    wortmarke: str
    wortmarke_hell: str
    wortmarke_alt: str


def lies_marke(projekt: Projekt) -> Markenwerte:
    """Liest ``layout/_brand.yml`` mit der Bibliothek des Standards."""
    return _gelesen(projekt, dateisumme(projekt.layout / "_brand.yml"))


@cache
def _gelesen(projekt: Projekt, summe: str) -> Markenwerte:
    """Die Marke aus der Ablage: die Bibliothek zu laden dauert länger als alles, was danach kommt."""
    ablage, pfad = Ablage.von(projekt), projekt.layout / "_brand.yml"
    schluessel = schluessel_aus(summe, codesumme(Path(__file__)), fassung("brand-yml"))
    bekannt = ablage.hole("marke", schluessel)
    if bekannt is not None:
        werte = json.loads(bekannt)
        return Markenwerte(**{**werte, "schnitte": tuple(Schnitt(**s) for s in werte["schnitte"])})
    marke = _lies(pfad, projekt.relativ(pfad))
    ablage.lege("marke", schluessel, json.dumps(asdict(marke)).encode())
    return marke


def _lies(pfad: Path, anzeige: str) -> Markenwerte:
    from brand_yml import Brand
    from pydantic import ValidationError
    from ruamel.yaml.error import YAMLError

    try:
        marke: Any = Brand.from_yaml(pfad)
        farben = {rolle: str(getattr(marke.color, rolle)) for rolle in _ROLLEN}
        familie = marke.typography.fonts[0]
        schnitte = tuple(
            Schnitt(str(d.path.root), int(_gewicht(d.weight)), str(d.style)) for d in familie.files
        )
        bilder = marke.logo.images
        dunkel, hell = bilder["wortmarke"], bilder["wortmarke-hell"]
        name = str(marke.meta.name.full)
    except (
        OSError,
        ValueError,
        YAMLError,
        ValidationError,
        AttributeError,
        KeyError,
        IndexError,
        TypeError,
    ) as fehler:
        raise BerichtswerkFehler(
            Meldung(
                "marke-unlesbar",
                "Die Marke lässt sich nicht lesen.",
                datei=anzeige,
                ursache=str(fehler).splitlines()[0],
                abhilfe="Es braucht meta.name.full, logo.images (wortmarke, wortmarke-hell), color "
                f"({', '.join(_ROLLEN)}) und typography.fonts mit Dateien.",
            )
        ) from fehler
    farben = {k: v.lower() for k, v in farben.items()}
    return Markenwerte(
        farben,
        str(familie.family),
        schnitte,
        name,
        str(dunkel.path.root),
        str(hell.path.root),
        str(dunkel.alt),
    )


def _gewicht(wert: Any) -> Any:
    return getattr(wert, "root", wert)


def _anteile(farbe: str) -> tuple[float, float, float]:
    return tuple(int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def helligkeit(farbe: str) -> float:
    """Relative Leuchtdichte nach WCAG 2.1, 0 bis 1; ``farbe`` als ``#rrggbb``."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _anteile(farbe)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def kontrast(a: str, b: str) -> float:
    """Kontrastverhältnis nach WCAG 2.1, 1 bis 21."""
    hell, dunkel = sorted((helligkeit(a), helligkeit(b)), reverse=True)
    return (hell + 0.05) / (dunkel + 0.05)


def mische(a: str, b: str, anteil: float) -> str:
    """``anteil`` von ``b`` in ``a``, linear in sRGB."""
    kanaele = (round((x + (y - x) * anteil) * 255) for x, y in zip(_anteile(a), _anteile(b), strict=True))
    return "#" + "".join(f"{k:02x}" for k in kanaele)


def _schrift_auf(grund: str) -> str:
    return "#ffffff" if kontrast(grund, "#ffffff") >= kontrast(grund, "#000000") else "#000000"


def _aufgehellt(farbe: str, grund: str, ziel: float = 5.5) -> str:
    """Hellt ``farbe`` auf, bis sie auf dem dunklen Grund als Text lesbar ist."""
    for schritt in range(21):
        neu = mische(farbe, "#ffffff", schritt / 20)
        if kontrast(neu, grund) >= ziel:
            return neu
    return "#ffffff"


def css(marke: Markenwerte) -> str:
    """Inhalt von ``layout/marke.css``: Schriften und Farben, hell und dunkel."""
    teile = [f"/* {_HINWEIS} */"]
    for s in marke.schnitte:
        woff = Path(s.datei).with_suffix(".woff2").as_posix()
        teile.append(
            f'@font-face {{ font-family: "{marke.schrift}"; font-style: {s.stil}; font-weight: {s.gewicht}; '
            f'font-display: swap; src: url("{woff}") format("woff2"); }}'
        )
    hell, dunkel = palette(marke)
    teile.append(f':root {{\n  --bw-schrift: "{marke.schrift}", sans-serif;\n{_variablen(hell)}}}')
    teile.append(
        f"@media (prefers-color-scheme: dark) {{\n  :root {{\n{_variablen(dunkel, einzug='    ')}  }}\n}}"
    )
    return "\n".join(teile) + "\n"


def palette(marke: Markenwerte) -> tuple[dict[str, str], dict[str, str]]:
    """Farben der hellen und (als Ergänzung) der dunklen Seite; Text erreicht überall 4,5 : 1."""
    f = marke.farben
    hell = {
        **f,
        "auf-primary": _schrift_auf(f["primary"]),
        "auf-tertiary": _schrift_auf(f["tertiary"]),
        "linie": mische(f["background"], f["foreground"], 0.2),
        "akzenttext": f["primary"],
    }
    grund = mische(f["dark"], "#000000", 0.25)
    dunkel = {
        "foreground": mische(f["background"], f["dark"], 0.08),
        "background": grund,
        "secondary": _aufgehellt(f["secondary"], grund, 7),
        "light": mische(grund, "#ffffff", 0.07),
        "linie": mische(grund, "#ffffff", 0.24),
        "akzenttext": _aufgehellt(f["primary"], grund, 7),
        **{k: _aufgehellt(f[k], grund, 6) for k in ("success", "info", "warning", "danger")},
    }
    return hell, dunkel


def symbol(marke: Markenwerte) -> str:
    """Zeichen der Site im Reiter des Browsers: drei Säulen auf der Hauptfarbe."""
    auf = _schrift_auf(marke.farben["primary"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="5" fill="{marke.farben["primary"]}"/>'
        f'<path fill="{auf}" d="M7 5h5v22H7zM14 12h5v15h-5zM21 18h5v9h-5z"/></svg>\n'
    )


def _variablen(farben: dict[str, str], einzug: str = "  ") -> str:
    return "".join(f"{einzug}--bw-{name}: {wert};\n" for name, wert in farben.items())


def typ(marke: Markenwerte, layout: Path) -> str:
    """Inhalt von ``layout/typst/marke.typ``; pandoc liest ihn als Vorlage, darum ist ``$`` verdoppelt."""
    f = marke.farben
    farben = {**f, "auf-primary": _schrift_auf(f["primary"]), "auf-tertiary": _schrift_auf(f["tertiary"])}
    farben["linie"] = mische(f["background"], f["foreground"], 0.25)
    zeilen = [f"// {_HINWEIS}", "#let marke = ("]
    zeilen += [f'  {name}: rgb("{wert}"),' for name, wert in farben.items()]
    zeilen += [
        f"  schrift: {_zitat(marke.schrift)},",
        f"  name: {_zitat(marke.name)},",
        f"  wortmarke-alt: {_zitat(marke.wortmarke_alt)},",
        f"  wortmarke: {_zitat((layout / marke.wortmarke).read_text(encoding='utf-8'))},",
        f"  wortmarke-hell: {_zitat((layout / marke.wortmarke_hell).read_text(encoding='utf-8'))},",
        ")",
    ]
    return "\n".join(zeilen).replace("$", "$$") + "\n"


def quarto(marke: Markenwerte) -> str:
    """Inhalt von ``layout/marke.yml``: Wortmarke und Name auf den Seiten, die Quarto setzt."""
    alt = _zitat(f"{marke.wortmarke_alt}, Startseite")
    return (
        f"# {_HINWEIS}\nwebsite:\n  navbar:\n    logo:\n"
        f"      light: {{path: layout/{marke.wortmarke}, alt: {alt}}}\n"
        f"      dark: {{path: layout/{marke.wortmarke_hell}, alt: {alt}}}\n"
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


def sichere(projekt: Projekt) -> tuple[Path, ...]:
    """Schreibt, was von der Marke abweicht, und nennt die geschriebenen Dateien.

    WOFF2 entsteht nur, wo die Datei fehlt oder älter als ihre Vorlage ist: das Packen kostet Sekunden.
    """
    marke, layout = lies_marke(projekt), projekt.layout
    geschrieben = []
    soll = {layout / "marke.css": css(marke), layout / "typst" / "marke.typ": typ(marke, layout)}
    soll |= {layout / "symbol.svg": symbol(marke), layout / "marke.yml": quarto(marke)}
    for ziel, inhalt in soll.items():
        if not ziel.is_file() or ziel.read_text(encoding="utf-8") != inhalt:
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_text(inhalt, encoding="utf-8", newline="\n")
            geschrieben.append(ziel)
    for schnitt in marke.schnitte:
        vorlage = layout / schnitt.datei
        ziel = vorlage.with_suffix(".woff2")
        if not ziel.is_file():
            ziel.write_bytes(woff2(vorlage))
            geschrieben.append(ziel)
    return tuple(geschrieben)
