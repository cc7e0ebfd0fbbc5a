"""Nur dieser Rechner, nur dieser Ordner: was die Vorschau ausliefert und was nicht."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

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


LISTE = "/berichte/lage/2024/lesen.html"
A, B, C = "0123abcd", "0123abce", "0123abcf"


@pytest.fixture
def liste(laufend: Vorschau) -> Iterator[Path]:
    """Eine Leseliste mit drei Stellen, eine davon gelesen."""
    datei = laufend.dienst.werkstatt.projekt.berichte / "lage/2024/lesen.md"
    datei.write_bytes(
        "# Was neu zu lesen ist: Lage\n\n<!-- vorige: lage/2022 abbild: 0 -->\n\n"
        "Gegenüber lage/2022. Gelesen: 1 von 3.\n\n## Sätze (3)\n\n"
        f"- [ ] `{A}` texte/a.md, Zeile 3: Zahl\n  - bisher: Es sind 5 < 6\n  - jetzt: Es sind 7\n"
        f"- [x] `{B}` texte/b.md, Zeile 4: Jahr\n- [ ] `{C}` texte/c.md, Zeile 5: Rang\n"
        "\n## Notizen\n\nklären\n".replace("\n", "\r\n").encode()
    )
    yield datei
    datei.unlink(missing_ok=True)


def _sende(v: Vorschau, *gelesen: str, marke: str | None = None, **kopf: str) -> tuple[int, str, str]:
    """Schickt das Formular, wie es ein Browser von der Seite schickt: Status, wohin, Inhalt."""
    felder = [("marke", v.dienst.marke if marke is None else marke)]
    felder += [("gezeigt", A), ("gezeigt", f"{B}x"), ("gezeigt", C)] + [("gelesen", k) for k in gelesen]
    leitung = http.client.HTTPConnection("127.0.0.1", v.dienst.server_port, timeout=30)
    leitung.request("POST", LISTE, urlencode(felder), {"Origin": v.dienst.ursprung} | kopf)
    antwort = leitung.getresponse()
    ergebnis = antwort.status, antwort.getheader("Location", ""), antwort.read().decode()
    leitung.close()
    return ergebnis


def _haken(datei: Path) -> str:
    return "".join(re.findall(r"^- \[(.)\]", datei.read_text("utf-8"), re.MULTILINE))


def test_die_leseliste_ist_ein_formular(laufend: Vorschau, liste: Path) -> None:
    status, kopf, roh = hole(laufend, LISTE)
    html = roh.decode()
    assert status == 200 and kopf["content-security-policy"] == "frame-ancestors 'none'"
    assert "<h1" in html and "Was neu zu lesen ist: Lage" in html and "vorige" not in html
    assert '<label for="haken-1">texte/a.md, Zeile 3: Zahl</label>' in html
    assert f'value="{B}" id="haken-2" checked>' in html and f'value="{A}" id="haken-1" aria' in html
    assert "<li>bisher: Es sind <mark>5 &lt; 6</mark></li><li>jetzt: Es sind <mark>7</mark></li>" in html
    assert '<a href="lesen.html">Leseliste: 2 von 3 offen</a>' in seite(laufend)
    liste.unlink()
    assert hole(laufend, LISTE)[0] == 404 and "lesen.html" not in seite(laufend)


def test_haken_kommen_in_die_datei_und_alles_uebrige_bleibt(laufend: Vorschau, liste: Path) -> None:
    vorher = liste.read_bytes()
    status, wohin, _ = _sende(laufend, A)  # a gesetzt, b genommen
    assert (status, wohin) == (303, f"{LISTE}?gesetzt=1&genommen=1&anders=0#haken-2")
    erwartet = vorher.replace(f"[ ] `{A}".encode(), f"[x] `{A}".encode())
    assert liste.read_bytes() == erwartet.replace(f"[x] `{B}".encode(), f"[ ] `{B}".encode())
    html = hole(laufend, wohin.partition("#")[0])[2].decode()
    gesagt = "Gespeichert: 1 gesetzt und 1 genommen."
    assert f'<p role="status">{gesagt}</p>' in html and f"<title>{gesagt} – Was neu" in html


def test_was_inzwischen_in_der_datei_geschah_bleibt(laufend: Vorschau, liste: Path) -> None:
    """Zwischen Zeigen und Speichern hakt jemand im Editor ab, und ein Satz ändert sich."""
    text = liste.read_bytes().decode().replace(f"[ ] `{C}`", f"[x] `{C}`").replace(A, "ffffffff")
    liste.write_bytes(text.encode() + b"mehr\n")
    status, wohin, _ = _sende(laufend, A, B)
    assert (status, "anders=1" in wohin) == (303, True)
    assert _haken(liste) == " xx" and liste.read_bytes().endswith(b"mehr\n")
    verfallen = "1 Haken verfallen, weil sich ihr Satz inzwischen geändert hat."
    assert verfallen in hole(laufend, wohin.partition("#")[0])[2].decode()


@pytest.mark.parametrize("ursprung", ["http://boese.example", "null", "http://127.0.0.1:1", ""])
def test_von_fremden_seiten_wird_nichts_abgehakt(laufend: Vorschau, liste: Path, ursprung: str) -> None:
    status, _, inhalt = _sende(laufend, A, B, C, Origin=ursprung)
    assert (status, inhalt) == (403, "Abhaken lässt sich nur auf der Seite der Vorschau selbst.\n")
    assert _sende(laufend, A, Host="boese.example")[0] == 421
    assert _haken(liste) == " x "


def test_eine_fremde_marke_speichert_nicht_und_verliert_keinen_haken(laufend: Vorschau, liste: Path) -> None:
    status, _, html = _sende(laufend, A, marke="von gestern")
    assert (status, _haken(liste)) == (403, " x ")
    assert "Nicht gespeichert: die Vorschau wurde neu gestartet. Speichern Sie noch einmal." in html
    assert f'value="{A}" id="haken-1" checked' in html and f'value="{B}" id="haken-2">' in html
    assert f'name="gezeigt" value="{A}">' in html and f'name="gezeigt" value="{B}x">' in html


def test_was_die_vorschau_nicht_annimmt(laufend: Vorschau, liste: Path) -> None:
    assert _sende(laufend, A, **{"Content-Length": "3000000"})[0] == 413
    liste.write_bytes("# Was\n\n- [ ] `0123abcd` f\xfcr\n".encode("latin-1"))
    status, _, inhalt = _sende(laufend, A)
    assert status == 500 and "lesen.md" in inhalt and "UTF-8" in inhalt
    liste.unlink()
    assert _sende(laufend, A)[0] == 404
