"""Die Dokumentation nennt, was es gibt: Klassen, Dateien, Befehle."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from berichtswerk.cli.befehle import app

WURZEL = Path(__file__).parents[1]
RAEUME = sorted(p.name for p in (WURZEL / "src" / "berichtswerk").iterdir() if (p / "__init__.py").is_file())
SEITEN = sorted([*(WURZEL / "docs").glob("*.md"), WURZEL / "README.md", WURZEL / "CONTRIBUTING.md"])
_NAME = re.compile(rf"`((?:{'|'.join(RAEUME)})(?:\.(?!yml\b)\w+)*)`")
_VERWEIS = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
_PFAD = re.compile(r"`((?:src|tests|daten|layout|docs|bench|notebooks|berichte)/[\w./-]+\.\w+)`")


def _gibt_es(name: str) -> bool:
    """Ob ``raum.modul.Klasse`` ein Raum, ein Modul oder etwas darin ist."""
    teile = name.split(".")
    for laenge in range(len(teile), 0, -1):
        try:
            ding: object = importlib.import_module(".".join(["berichtswerk", *teile[:laenge]]))
        except ModuleNotFoundError:
            continue
        for teil in teile[laenge:]:
            ding = getattr(ding, teil, None)
        return ding is not None
    return False


@pytest.mark.parametrize("seite", SEITEN, ids=lambda p: p.name)
def test_genannte_namen_dateien_und_verweise_gibt_es(seite: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", seite.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    if seite.name == "teilmenge.md":  # Beispiele für Texte nennen Dateien, die es hier nicht gibt
        text = re.sub(r"^\|.*$", "", text, flags=re.MULTILINE)
    fehlt = [n for n in _NAME.findall(text) if not _gibt_es(n)]
    fehlt += [v for v in _VERWEIS.findall(text) if not (seite.parent / v).exists()]
    fehlt += [p for p in _PFAD.findall(text) if not (WURZEL / p).exists() and "<" not in p]
    assert fehlt == []


def test_das_glossar_ist_geordnet_und_nennt_jeden_gegenstand() -> None:
    text = (WURZEL / "docs" / "glossar.md").read_text("utf-8")
    woerter = re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:]
    umlaute = str.maketrans({"ü": "u", "ä": "a", "ö": "o", "Ü": "U"})
    schluessel = [w.translate(umlaute).casefold() for w in woerter]
    assert sorted(schluessel, key=str) == sorted(set(schluessel)), "jedes Wort einmal"
    assert set(RAEUME) <= set(re.findall(r"`(\w+)`", (WURZEL / "docs" / "architektur.md").read_text("utf-8")))


def test_jeder_befehl_steht_in_der_liesmich_und_hat_eine_hilfe() -> None:
    text = (WURZEL / "README.md").read_text("utf-8")
    befehle = {(c.name or c.callback.__name__, c.callback) for c in app.registered_commands if c.callback}
    for g in app.registered_groups:
        einzelne = g.typer_instance.registered_commands if g.typer_instance else ()
        befehle |= {(f"{g.name} {c.name}", c.callback) for c in einzelne if c.callback}
    assert [n for n, _ in sorted(befehle, key=str) if f"berichtswerk {n}" not in text] == []
    assert [n for n, f in befehle if not (f.__doc__ or "").strip().endswith(".")] == []


def test_zwei_befehle_genuegen() -> None:
    block = (WURZEL / "README.md").read_text("utf-8").split("## Loslegen")[1].split("```")[1]
    befehle = [z.split("#")[0].strip() for z in block.splitlines()[1:] if z.strip()]
    assert befehle == ["make render", "make test"]
