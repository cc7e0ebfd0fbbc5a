"""Was Typst im Strukturbaum nicht sagt, kommt dazu: Zeilenköpfe mit Kennung, Kacheln als eine Liste."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from manuskripthilfe import BELEG, Werk, abbildung, tabelle, zellen

from berichtswerk.gegenstand.gegenstaende import (
    Eckwert,
    Eckwerte,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.satz import struktur

VERBUNDEN = Tabelle(
    label="tbl-v", unterschrift="Verbunden", beleg=BELEG,
    tabelle=Tabellenmodell(
        kopf=(zellen("Kommune", "Art", "Zahl"),),
        zeilen=(
            Tabellenzeile(zellen=(Tabellenzelle(text="Nord", zeilen=2), *zellen("Kita", "1"))),
            Tabellenzeile(zellen=zellen("Hort", "2")),
            Tabellenzeile(zellen=zellen("Süd", "Kita", "3")),
        ),
    ),
)  # fmt: skip


def kacheln(anzahl: int) -> Eckwerte:
    eintraege = tuple(Eckwert(name=f"Wert {i}", kennzahl="k", wert=str(i)) for i in range(anzahl))
    return Eckwerte(eintraege=eintraege, beleg=BELEG)


def elemente(knoten: Any) -> Iterator[Any]:
    if isinstance(knoten, pikepdf.Array):
        for kind in knoten:
            yield from elemente(kind)
    elif isinstance(knoten, pikepdf.Dictionary) and "/S" in knoten:
        yield knoten
        yield from elemente(knoten.get("/K", pikepdf.Array()))


def zeilen(pdf: bytes) -> list[list[tuple[str, str, list[str]]]]:
    """Je Tabellenzeile ihre Zellen: Art, Kennung, Köpfe."""
    gefunden = []
    with pikepdf.open(io.BytesIO(pdf)) as dokument:
        for tr in (e for e in elemente(dokument.Root.StructTreeRoot.K) if e.S == "/TR"):
            faecher = [k for k in tr.K if isinstance(k, pikepdf.Dictionary)]
            gefunden.append([(str(f.S)[1:], str(f.get("/ID", "")), _koepfe(f)) for f in faecher])
    return gefunden


def _koepfe(fach: Any) -> list[str]:
    return [str(k) for a in fach.A if "/Headers" in a for k in a.Headers]


@pytest.fixture
def roh(werk: Werk, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Was Typst schreibt, ohne Ergänzung."""
    monkeypatch.setattr(struktur, "ergaenze", lambda pdf: pdf)
    fertig = werk.pdf("## A\n", VERBUNDEN, kacheln(7), abbildung("fig-a"), tabelle("tbl-b", 3))
    monkeypatch.undo()
    return fertig


def test_jede_zelle_verweist_auf_den_kopf_ihrer_zeile_auch_ueber_mehrere_zeilen(roh: bytes) -> None:
    kopf, nord, hort, sued = zeilen(struktur.ergaenze(roh))[:4]
    spalten = [kennung for _, kennung, _ in kopf]
    assert [art for art, _, _ in nord] == ["TH", "TD", "TD"] and [art for art, _, _ in hort] == ["TD", "TD"]
    for zeile, zeilenkopf in ((nord[1:], nord[0]), (hort, nord[0]), (sued[1:], sued[0])):
        assert [koepfe for _, _, koepfe in zeile] == [[s, zeilenkopf[1]] for s in spalten[1:]]
    assert sued[0][0] == "TH" and sued[0][1] != nord[0][1] != ""


def test_unter_einer_zwischenueberschrift_verweist_jede_zelle_auf_den_kopf_ihrer_spalte(roh: bytes) -> None:
    """Typst hielte die Zwischenüberschrift für den Kopf aller Spalten bis zum Ende der Tabelle."""
    kopf, gruppe, *rumpf = zeilen(struktur.ergaenze(roh))[4:]
    spalten = [kennung for _, kennung, _ in kopf]
    assert [art for art, _, _ in gruppe] == ["TH"] and len(rumpf) == 4
    for zeile in rumpf:
        assert [art for art, _, _ in zeile] == ["TH", "TD", "TD"]
        zeilenkopf = zeile[0][1]
        assert [koepfe for _, _, koepfe in zeile] == [spalten[:1], *([s, zeilenkopf] for s in spalten[1:])]


def test_alle_kennungen_stehen_im_verzeichnis_und_sind_einmalig(roh: bytes) -> None:
    with pikepdf.open(io.BytesIO(struktur.ergaenze(roh))) as dokument:
        alle = [str(e.ID) for e in elemente(dokument.Root.StructTreeRoot.K) if "/ID" in e]
        assert len(set(alle)) == len(alle) > 10
        assert set(pikepdf.NameTree(dokument.Root.StructTreeRoot.IDTree)) == set(alle)
        assert dokument.check_pdf_syntax() == []


def test_aus_dem_gitter_der_kacheln_wird_eine_liste(roh: bytes) -> None:
    def listen(pdf: bytes) -> list[int]:
        with pikepdf.open(io.BytesIO(pdf)) as dokument:
            return [len(e.K) for e in elemente(dokument.Root.StructTreeRoot.K) if e.S == "/L"]

    assert listen(roh) == [1] * 7 and listen(struktur.ergaenze(roh)) == [7]


def test_ein_zweites_mal_aendert_nichts_und_gleiches_bleibt_gleich(roh: bytes) -> None:
    einmal = struktur.ergaenze(roh)
    assert einmal != roh and struktur.ergaenze(roh) == einmal == struktur.ergaenze(einmal)


def test_auch_gepackte_pdf_und_solche_ohne_strukturbaum(roh: bytes) -> None:
    gepackt, kahl = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(roh)) as dokument:
        dokument.save(gepackt, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        del dokument.Root["/StructTreeRoot"]
        dokument.save(kahl)
    assert zeilen(struktur.ergaenze(gepackt.getvalue())) == zeilen(struktur.ergaenze(roh))
    assert struktur.ergaenze(kahl.getvalue()) == kahl.getvalue()


def test_verapdf_bleibt_zufrieden(roh: bytes, tmp_path: Any, verapdf: Any) -> None:
    (tmp_path / "a.pdf").write_bytes(struktur.ergaenze(roh))
    assert verapdf.verstoesse(tmp_path / "a.pdf") == []
