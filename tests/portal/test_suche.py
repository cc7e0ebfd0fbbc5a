"""Das Suchverzeichnis entsteht, während noch PDF gesetzt werden, und gilt nur für genau diese Seiten."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Meldung
from berichtswerk.site import suche

RUFE = suche._rufe_pagefind


def seite(text: str, groesse: str = "1 MB") -> str:
    groesse = f'<section class="bw-downloads" data-pagefind-ignore><p>PDF, {groesse}</p></section>'
    leiste = f'{groesse}\n<div class="bw-text">'
    return (
        "<!DOCTYPE html><html lang='de'><head><title>A</title></head><body><main data-pagefind-body>"
        f'{leiste}<section id="sec-a" class="level2"><h2>Lage</h2><p>{text}</p></section></div>'
        "</main></body></html>"
    )


def lege(site: Path, **seiten: str) -> Path:
    site.mkdir(exist_ok=True)
    for name, html in seiten.items():
        (site / f"{name}.html").write_text(html, "utf-8")
    return site


def inhalt(site: Path) -> dict[str, bytes]:
    ordner = site / "pagefind"
    return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in ordner.rglob("*") if p.is_file()}


@pytest.fixture
def aufrufe(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Welche Seiten Pagefind je Aufruf bekam."""
    gezaehlt: list[list[str]] = []

    def rufe(platz: Path, seiten: Mapping[str, str]) -> Meldung | None:
        gezaehlt.append(sorted(seiten))
        return RUFE(platz, seiten)

    monkeypatch.setattr(suche, "_rufe_pagefind", rufe)
    return gezaehlt


def test_vorlauf_nimmt_neue_und_alte_seiten_und_spart_den_bau_am_ende(
    tmp_path: Path, aufrufe: list[list[str]]
) -> None:
    ablage = Ablage(tmp_path / "ablage")
    alt = lege(tmp_path / "alt", a=seite("Kita"), b=seite("Pflege"), start="<p>ohne Bericht</p>")
    neu = lege(tmp_path / "neu", a=seite("Kita und Hort", "2 MB"), b=seite("Pflege"))
    with closing(suche.Vorlauf(alt, tmp_path / "platz", ["a.html"], ablage)) as vorlauf:
        vorlauf.nimm("a.html", seite("Kita und Hort", "steht noch nicht fest"))
        assert suche.verzeichne(neu, ablage, vorlauf) == []
    assert aufrufe == [["a/sec-a.html", "b/sec-a.html"]]
    assert not (tmp_path / "platz").exists()
    ohne = lege(tmp_path / "ohne", a=seite("Kita und Hort", "2 MB"), b=seite("Pflege"))
    assert suche.verzeichne(ohne) == []
    assert inhalt(neu) == inhalt(ohne) and inhalt(neu)


def test_was_anders_kam_als_erwartet_wird_neu_verzeichnet(tmp_path: Path, aufrufe: list[list[str]]) -> None:
    ablage = Ablage(tmp_path / "ablage")
    neu = lege(tmp_path / "neu", a=seite("Kita"))
    with closing(suche.Vorlauf(tmp_path / "leer", tmp_path / "platz", ["a.html"], ablage)) as vorlauf:
        vorlauf.nimm("a.html", seite("Kita und Hort"))
        assert suche.verzeichne(neu, ablage, vorlauf) == []
    assert len(aufrufe) == 2
    ohne = lege(tmp_path / "ohne", a=seite("Kita"))
    suche.verzeichne(ohne)
    assert inhalt(neu) == inhalt(ohne)


def test_vorlauf_wartet_auf_alle_seiten(tmp_path: Path, aufrufe: list[list[str]]) -> None:
    ablage = Ablage(tmp_path / "ablage")
    erwartet = ["a.html", "b.html"]
    with closing(suche.Vorlauf(tmp_path / "leer", tmp_path / "platz", erwartet, ablage)) as vorlauf:
        vorlauf.nimm("a.html", seite("Kita"))
    assert aufrufe == []


def test_misslingt_der_vorlauf_wird_es_noch_einmal_versucht(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versuche: list[int] = []

    def rufe(platz: Path, seiten: Mapping[str, str]) -> Meldung | None:
        versuche.append(1)
        return RUFE(platz, seiten) if len(versuche) > 1 else suche.SucheOhneVerzeichnis.melde(grund="kaputt")

    monkeypatch.setattr(suche, "_rufe_pagefind", rufe)
    ablage = Ablage(tmp_path / "ablage")
    neu = lege(tmp_path / "neu", a=seite("Kita"))
    with closing(suche.Vorlauf(tmp_path / "leer", tmp_path / "platz", ["a.html"], ablage)) as vorlauf:
        vorlauf.nimm("a.html", seite("Kita"))
        assert suche.verzeichne(neu, ablage, vorlauf) == []
    assert len(versuche) == 2 and inhalt(neu)


def test_pagefind_scheitert_mit_meldung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suche, "get_executable", lambda: Path("/bin/false"))
    neu = lege(tmp_path / "neu", a=seite("Kita"))
    (meldung,) = suche.verzeichne(neu, Ablage(tmp_path / "ablage"))
    assert str(meldung) == (
        "WARNUNG [suche-ohne-verzeichnis] seiten/suche.html\n"
        "  Das Suchverzeichnis ließ sich nicht bauen; die Suche findet nichts.\n"
        "  Ursache: Pagefind endete mit 1.\n"
        "  Abhilfe: Prüfen Sie mit „python -m pagefind --version“, ob Pagefind hier läuft."
    )


def test_ohne_bericht_gibt_es_nichts_zu_verzeichnen(tmp_path: Path, aufrufe: list[list[str]]) -> None:
    """Im frischen Klon, in dem jeder Bericht scheitert, hat die Suche keinen eigenen Fehler."""
    (tmp_path / "index.html").write_text("<main>Start</main>", "utf-8")
    assert suche.verzeichne(tmp_path) == []
    assert aufrufe == []
