"""Nur dieser Rechner, nur dieser Ordner: was die Vorschau ausliefert und was nicht."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from vorschauhilfe import SEITE, hole, seite, warte_bis_gesetzt

from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.beigaben import ANLAGENARTEN
from berichtswerk.vorschau.vorschau import Vorschau, medienart


@pytest.fixture(scope="module")
def laufend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vorschau]:
    """Eine Vorschau, an der diese Prüfungen nichts ändern."""
    import shutil

    tests = Path(__file__).parents[1]
    wurzel = tmp_path_factory.mktemp("dienst") / "Muster für alle"
    shutil.copytree(tests / "muster", wurzel)
    shutil.copytree(tests.parent / "layout", wurzel / "layout")
    with Vorschau(Projekt(wurzel), "lage", port=0) as v:
        warte_bis_gesetzt(v)
        yield v


def test_nur_auf_diesem_rechner_erreichbar(laufend: Vorschau) -> None:
    assert laufend.dienst.server_address[0] == "127.0.0.1"
    eigene = {i[4][0] for i in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for adresse in eigene - {"127.0.0.1"}:
        with socket.socket() as s:
            s.settimeout(2)
            assert s.connect_ex((adresse, laufend.dienst.server_port)) != 0


@pytest.mark.parametrize("name", ["boese.example", "boese.example:80", ""])
def test_fremde_namen_fuer_diesen_rechner_sind_ausgesperrt(laufend: Vorschau, name: str) -> None:
    status, _, inhalt = hole(laufend, "/index.html", Host=name)
    assert (status, inhalt.decode()) == (421, "Diese Adresse gehört nicht zur Vorschau.\n")


@pytest.mark.parametrize(
    "pfad",
    [
        "/../../../daten/kreis.yaml",
        "/%2e%2e/%2e%2e/%2e%2e/daten/kreis.yaml",
        "/layout/../../../../daten/kreis.yaml",
        "/..%2f..%2f..%2fdaten/kreis.yaml",
        "/..%5c..%5cdaten%5ckreis.yaml",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/C:/Windows/win.ini",
        "/.verborgen",
        "/index.html%00.css",
        "/verweis/kreis.yaml",
        "/gibt-es-nicht.html",
        "/berichte/lage/2024/",
        "/_vorschau/anderes.js",
    ],
)
def test_ausserhalb_des_ordners_gibt_es_nichts(laufend: Vorschau, pfad: str) -> None:
    verweis = laufend.werkstatt.bau / "verweis"
    if not verweis.exists():
        verweis.symlink_to(laufend.werkstatt.projekt.daten)
    (laufend.werkstatt.bau / ".verborgen").write_text("geheim", "utf-8")
    assert hole(laufend, pfad)[0] == 404


def test_die_richtlinie_oeffnet_sich_nur_fuer_das_skript_der_vorschau(laufend: Vorschau) -> None:
    html = seite(laufend)
    fund = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert fund is not None
    richtlinie = dict(t.strip().split(" ", 1) for t in fund[1].replace("&#x27;", "'").split(";"))
    ursprung = laufend.dienst.ursprung
    assert richtlinie["script-src"] == f"'self' {ursprung}/_vorschau/skript.js"
    assert richtlinie["connect-src"] == f"{ursprung}/_vorschau/zustand"
    assert richtlinie["default-src"] == "'none'" and richtlinie["style-src"] == "'self'"
    gesetzt = (laufend.werkstatt.bau / SEITE).read_text("utf-8")
    assert "_vorschau" not in gesetzt and "script-src &#39;self&#39;;" in gesetzt


def test_nichts_bleibt_im_zwischenspeicher_und_nichts_wird_geraten(laufend: Vorschau) -> None:
    for pfad, art in (
        ("/", "text/html; charset=utf-8"),
        ("/layout/bericht.css", "text/css; charset=utf-8"),
        ("/_vorschau/skript.js", "text/javascript; charset=utf-8"),
        (f"/{SEITE.removesuffix('.html')}/abb/fig-verlauf.svg", "image/svg+xml"),
        (f"/{SEITE.removesuffix('.html')}/daten.zip", "application/zip"),
    ):
        status, kopf, _ = hole(laufend, pfad)
        assert (status, kopf["content-type"]) == (200, art), pfad
        assert kopf["cache-control"] == "no-store" and kopf["x-content-type-options"] == "nosniff"


def test_jede_anlage_hat_ihre_art() -> None:
    arten = {endung: medienart(Path(f"a{endung}")) for endung in [*ANLAGENARTEN, ".gif", ".ttf"]}
    assert "application/octet-stream" not in arten.values(), arten
    assert arten[".ods"] == "application/vnd.oasis.opendocument.spreadsheet"
    assert {medienart(Path(n)) for n in ("a.pf_meta", "a", "a.tar.gz")} == {"application/octet-stream"}


def test_jeder_verweis_der_startseite_fuehrt_auf_eine_seite(laufend: Vorschau) -> None:
    ziele = set(re.findall(r'href="([^":#]+)"', seite(laufend, "index.html")))
    assert len(ziele) > 10
    assert {z for z in ziele if hole(laufend, f"/{z.lstrip('/')}")[0] != 200} == set()


def test_kopf_der_ereignisse_kommt_ohne_inhalt_und_endet(laufend: Vorschau) -> None:
    with socket.create_connection(("127.0.0.1", laufend.dienst.server_port), timeout=5) as s:
        name = f"127.0.0.1:{laufend.dienst.server_port}"
        s.sendall(f"HEAD /_vorschau/zustand?seite=index.html HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        antwort = b"".join(iter(lambda: s.recv(4096), b""))
    assert antwort.startswith(b"HTTP/1.1 200") and antwort.endswith(b"\r\n\r\n") and b"data:" not in antwort


def test_wer_nichts_schickt_wird_getrennt(laufend: Vorschau, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < laufend.dienst.RequestHandlerClass.timeout <= 60
    monkeypatch.setattr(laufend.dienst.RequestHandlerClass, "timeout", 0.2)
    with socket.create_connection(("127.0.0.1", laufend.dienst.server_port), timeout=5) as s:
        s.sendall(b"GET /index.html HTTP/1.1\r\n")
        assert s.recv(1) == b""


def test_viele_verbindungen_warten_statt_zu_scheitern(laufend: Vorschau) -> None:
    offen = [
        socket.create_connection(("127.0.0.1", laufend.dienst.server_port), timeout=5) for _ in range(60)
    ]
    try:
        assert hole(laufend, "/index.html")[0] == 200
    finally:
        for s in offen:
            s.close()


def test_die_leseliste_ist_eine_seite(laufend: Vorschau) -> None:
    ordner = laufend.dienst.werkstatt.projekt.berichte / "lage/2024"
    adresse = "/berichte/lage/2024/lesen.html"
    assert hole(laufend, adresse)[0] == 404
    (ordner / "lesen.md").write_text(
        "# Was neu zu lesen ist: Lage\n\n<!-- vorige: lage/2022 abbild: 0 -->\n\n## Sätze (2)\n\n"
        "- [ ] `0123abcd` texte/a.md, Zeile 3: Zahl\n  - bisher: 5 < 6\n  - jetzt: 7\n"
        "- [x] `0123abce` texte/b.md, Zeile 4: Jahr\n\n## Notizen\n", "utf-8",
    )  # fmt: skip
    try:
        html = hole(laufend, adresse)[2].decode()
    finally:
        (ordner / "lesen.md").unlink()
    assert "<h1" in html and "Was neu zu lesen ist: Lage" in html and "vorige" not in html
    offen = "<li><strong>offen: </strong>texte/a.md, Zeile 3: Zahl<ul><li>bisher: 5 &lt; 6</li>"
    assert offen in html and "<li><strong>gelesen: </strong>texte/b.md, Zeile 4: Jahr</li>" in html
