"""Die Dokumentation nennt, was es gibt: Klassen, Dateien, Befehle."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.main

from berichtswerk.cli.befehle import app
from berichtswerk.grund.meldung import Befundart

WURZEL = Path(__file__).parents[1]
RAEUME = sorted(p.name for p in (WURZEL / "src" / "berichtswerk").iterdir() if (p / "__init__.py").is_file())
SEITEN = sorted([*(WURZEL / "docs").glob("*.md"), WURZEL / "README.md", WURZEL / "CONTRIBUTING.md"])
_NAME = re.compile(rf"`((?:{'|'.join(RAEUME)})(?:\.(?!yml\b)\w+)*)`")
_VERWEIS = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
_PFAD = re.compile(r"`((?:src|tests|daten|layout|docs|bench|notebooks|berichte)/[\w./-]+\.\w+)`")
_DATEI = re.compile(r"\bdaten/(?:dateien|quellen|kennzahlen|rechnungen)/[\w-]+\.\w+")
_QUELLE = re.compile(
    r"(?:berichtswerk (?:liefervorlage|lieferung zurueck|quelle zeige|pruefen daten)|--quelle|Quelle, z\. B\."
    r") ([a-z]\w+)|lieferung annehmen ([a-z]\w+)\.\w+"
)
_BERICHT = re.compile(r"(?:berichtswerk [a-z ]+|z\. B\.| oder) ([a-z][a-z-]+)(?:/| )20\d\d")


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


def _hilfen(gruppe: typer.Typer, weg: str = "berichtswerk") -> Iterator[tuple[str, str]]:
    """Jeder Befehl mit allem, was seine Hilfe sagt."""
    befehl = typer.main.get_command(gruppe)
    offen = [(weg, befehl)]
    while offen:
        name, b = offen.pop()
        yield name, " ".join([b.help or "", *(getattr(p, "help", None) or "" for p in b.params)])
        offen += [(f"{name} {n}", unter) for n, unter in getattr(b, "commands", {}).items()]


def _meldungen(art: type[Befundart] = Befundart) -> Iterator[tuple[str, str]]:
    """Jede Art von Befund mit dem, was sie rät."""
    for unter in art.__subclasses__():
        yield unter.__name__, f"{unter.ursache} {unter.abhilfe}"
        yield from _meldungen(unter)


def _erfunden(text: str) -> list[str]:
    """Dateien, Quellen und Berichte in Beispielen, die dieses Projekt nicht hat."""
    quellen = ["".join(m) for m in _QUELLE.findall(text)]
    return [
        *(d for d in _DATEI.findall(text) if not (WURZEL / d).is_file()),
        *(q for q in quellen if not (WURZEL / f"daten/quellen/{q}.yaml").is_file()),
        *(b for b in _BERICHT.findall(text) if not (WURZEL / "berichte" / b).is_dir()),
    ]


def test_beispiele_nennen_was_dieses_projekt_hat() -> None:
    """Wer ein Beispiel aus Hilfe, Meldung oder Seite abtippt, bekommt keinen Fehler über seinen Namen."""
    seiten = ((p.name, p.read_text("utf-8")) for p in SEITEN)
    texte = [*seiten, *_hilfen(app), *_meldungen()]
    assert [(wo, falsch) for wo, text in texte if (falsch := _erfunden(text))] == []
    assert len(texte) > 400, "Seiten, Befehle und Meldungen sind dabei"
    schlecht = "berichtswerk liefervorlage wohngeld, daten/dateien/wohngeld.csv, oder wohnbericht/2024"
    assert _erfunden(schlecht) == ["daten/dateien/wohngeld.csv", "wohngeld", "wohnbericht"]
