"""Veröffentlichen: was hinausgeht, was anhält, was ein Abbruch hinterlässt; an echten Servern."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fsspec
import pytest
import yaml
from ausgabenhilfe import FUNKTION, ORDNER, TAG, aendere, auftrag
from prozesshilfe import kinder, uebrig
from serverhilfe import Sshd, schluessel, sshd, webdav

from berichtswerk.ausfuehrung.freigabe import lade_fassung
from berichtswerk.cli import main
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr import veroeffentlichen as v
from berichtswerk.jahr.erratum import berichtige
from berichtswerk.jahr.ziele import Ort, Sftpziel, Zipziel, kennwort, lies_ziel, oeffne, verstaendlich
from berichtswerk.site.bau import rendere

ALT = {
    "index.html": '<a href="berichte/lage/2024/lage-2024.html">Lage</a>',
    "berichte/lage/2024/lage-2024.html": '<img src="abb/größe 1%.svg"><link href="../../../layout/stil.css">',
    "berichte/lage/2024/abb/größe 1%.svg": "<svg>alt</svg>",
    "layout/stil.css": "p{color:red}",
    "layout/doppelt.css": "p{color:red}",
    "seiten/weg.html": "Diese Seite entfällt.",
}
NEU = {
    "index.html": '<a href="berichte/lage/2024/lage-2024.html">Lage</a> neu',
    "berichte/lage/2024/lage-2024.html": '<img src="abb/neu/fig.svg"><link href="../../../layout/stil.css">',
    "berichte/lage/2024/abb/neu/fig.svg": "<svg>neu</svg>",
    "layout/stil.css": "p{color:blau}"[:11] + "}",
    "layout/doppelt.css": "p{color:red}",
}


def lege(site: Path, seiten: dict[str, str]) -> None:
    """Macht den Ordner zu genau dieser Site."""
    for pfad in sorted(site.rglob("*"), reverse=True):
        pfad.rmdir() if pfad.is_dir() else pfad.unlink()
    for name, text in seiten.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, "utf-8")


def online(ordner: Path) -> dict[str, str]:
    """Was Leserinnen und Leser sehen."""
    dateien = (p for p in ordner.rglob("*") if p.is_file())
    namen = {p.relative_to(ordner).as_posix(): p for p in dateien}
    return {n: p.read_text("utf-8") for n, p in namen.items() if not n.startswith(v.EIGEN)}


def ist_ganz(seiten: dict[str, str]) -> None:
    """Jede Datei ist eine der beiden Fassungen, und jeder Verweis führt irgendwohin."""
    for name, text in seiten.items():
        assert text in {ALT.get(name), NEU.get(name)}, name
        for verweis in re.findall(r'(?:src|href)="([^"]+)"', text):
            ziel = os.path.normpath(Path(name).parent / verweis)
            assert ziel in seiten, (name, verweis)


def beschreibe(projekt: Projekt, **ziele: dict[str, Any]) -> None:
    """Schreibt veroeffentlichung.yaml."""
    (projekt.wurzel / "veroeffentlichung.yaml").write_text(yaml.safe_dump({"ziele": ziele}), "utf-8")


def rufe(projekt: Projekt, *zeile: str) -> int:
    """Der Befehl, wie ihn jemand eintippt."""
    return main(["--projekt", str(projekt.wurzel), "veroeffentlichen", *zeile])


@pytest.fixture
def projekt(muster: Projekt) -> Projekt:
    """Ein Projekt mit einer kleinen Site und ohne Platzhalter."""
    lege(muster.site, ALT)
    return muster


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("sshd") / "a") as dort:
        yield dort


def sftpziel(dort: Sshd, ordner: Path, **mehr: Any) -> dict[str, Any]:
    return {
        "art": "sftp", "rechner": "127.0.0.1", "port": dort.port, "benutzer": dort.benutzer,
        "ordner": str(ordner), "schluessel": str(dort.eigener), "fingerabdruck": dort.fingerabdruck, **mehr,
    }  # fmt: skip


@pytest.fixture(params=["ordner", "sftp", "webdav"])
def ziel(request: pytest.FixtureRequest, projekt: Projekt, tmp_path: Path,
         monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # fmt: skip
    """Dasselbe Ziel „web“ je Art; gibt den Ordner zurück, den Besucher sehen."""
    ordner = tmp_path / "öffentlich"
    if request.param == "webdav":
        monkeypatch.setenv("BERICHTSWERK_KENNWORT_WEB", "geheim")
        with webdav(ordner, "planung", "geheim") as adresse:
            beschreibe(
                projekt, web={"art": "webdav", "adresse": adresse, "benutzer": "planung", "behalten": 2}
            )
            yield ordner
        return
    if request.param == "sftp":
        beschreibe(projekt, web=sftpziel(request.getfixturevalue("server"), ordner, behalten=2))
    else:
        beschreibe(projekt, web={"art": "ordner", "ordner": str(ordner), "behalten": 2})
    yield ordner


def test_hinaus_aendern_zurueck_und_wieder_vor(
    projekt: Projekt, ziel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rufe(projekt, "web") == 0, capsys.readouterr().err
    assert online(ziel) == ALT
    assert "6 neu, 0 gleich" in capsys.readouterr().out
    lege(projekt.site, NEU)
    assert rufe(projekt, "web", "--probe") == 0
    gezeigt = capsys.readouterr().out
    assert "neu       berichte/lage/2024/abb/neu/fig.svg" in gezeigt
    assert "geändert  layout/stil.css" in gezeigt
    assert "entfällt  seiten/weg.html" in gezeigt
    assert "Geschrieben wurde nichts." in gezeigt
    assert online(ziel) == ALT
    assert rufe(projekt, "web", "--json") == 0
    antwort = json.loads(capsys.readouterr().out)
    assert antwort["neu"] == ["berichte/lage/2024/abb/neu/fig.svg"]
    assert antwort["gleich"] == 1
    assert antwort["bytes"] == sum(len(t) for n, t in NEU.items() if t != ALT.get(n))  # nur Geändertes
    assert online(ziel) == NEU
    assert not (ziel / "seiten").exists()  # leere Ordner bleiben nicht liegen
    assert rufe(projekt, "web") == 0
    assert "ist aktuell" in capsys.readouterr().out
    assert rufe(projekt, "web", "--zurueck") == 0
    assert online(ziel) == ALT
    assert re.search(r"Umgestellt auf \d{8}-\d{6} in „web“: online gilt", capsys.readouterr().out)
    assert rufe(projekt, "web", "--zurueck") == 0  # noch einmal gegeben bleibt es dabei
    assert online(ziel) == ALT
    assert "daran ändert sich nichts.\nWieder vor: berichtswerk" in capsys.readouterr().out
    assert rufe(projekt, "web", "--liste", "--json") == 0
    fassungen = json.loads(capsys.readouterr().out)
    assert [f["online"] for f in fassungen] == [False, True]
    assert rufe(projekt, "web", "--auf", fassungen[0]["fassung"]) == 0
    assert online(ziel) == NEU
    lege(projekt.site, NEU | {"neu.html": "drei"})
    assert rufe(projekt, "web") == 0
    assert len(list((ziel / v.FASSUNGEN).iterdir())) == 2  # behalten: 2; was nur die erste brauchte, ist fort
    texte = [p.read_text("utf-8") for p in (ziel / v.VORRAT).iterdir()]
    assert sorted(texte) == sorted({*NEU.values(), "drei"})


def test_verlorenes_und_veraendertes_im_ziel_wird_geheilt(projekt: Projekt, ziel: Path) -> None:
    assert rufe(projekt, "web") == 0
    (ziel / "layout/stil.css").unlink()
    (ziel / "index.html").unlink()
    (ziel / "index.html").write_text("von Hand geändert", "utf-8")
    assert rufe(projekt, "web") == 0
    assert online(ziel) == ALT


class Abbruch(BaseException):
    """Der Rechner ist weg."""


class Zerbrechlich(Ort):
    """Ein Ort, der nach so vielen Schritten abbricht; ein Schreiben bleibt dabei halb."""

    schritte = 0

    def _zaehle(self, name: str = "") -> None:
        self.schritte -= 1
        if self.schritte < 0:
            if name:
                super().lege(name, b"halb")
            raise Abbruch

    def lege(self, name: str, inhalt: Path | bytes) -> None:
        self._zaehle(name)
        super().lege(name, inhalt)

    def kopiere(self, von: str, nach: str) -> None:
        self._zaehle()
        super().kopiere(von, nach)

    def ersetze(self, von: str, nach: str) -> None:
        self._zaehle()
        super().ersetze(von, nach)

    def loesche(self, name: str) -> None:
        self._zaehle()
        super().loesche(name)

    def lege_ordner_an(self, name: str) -> None:
        self._zaehle()
        super().lege_ordner_an(name)


@pytest.mark.parametrize("zurueck", [False, True])
def test_bricht_es_an_irgendeiner_stelle_ab_bleibt_die_site_ganz_und_der_naechste_lauf_vollendet(
    tmp_path: Path, zurueck: bool
) -> None:
    fs = fsspec.filesystem("file", skip_instance_cache=True)
    for schritt in range(200):
        site, ziel = tmp_path / f"site{schritt}", tmp_path / f"ziel{schritt}"
        site.mkdir()
        for seiten in (NEU, ALT) if zurueck else (ALT,):
            lege(site, seiten)
            v.Stelle(Ort(fs, ziel.as_posix()), "web").veroeffentliche(site, v.erfasse(site))
        lege(site, NEU)
        ort = Zerbrechlich(fs, ziel.as_posix())
        ort.schritte = schritt
        try:
            stelle = v.Stelle(ort, "web")
            stelle.stelle_zurueck("") if zurueck else stelle.veroeffentliche(site, v.erfasse(site))
        except Abbruch:
            ist_ganz(online(ziel))
            stelle = v.Stelle(Ort(fs, ziel.as_posix()), "web")
            if not zurueck:
                stelle.veroeffentliche(site, v.erfasse(site))
            else:
                stelle.stelle_zurueck("")
            assert online(ziel) == NEU
            assert not list((ziel / v.WECHSEL).iterdir())
        else:
            assert schritt > 10  # alle Stellen sind durch
            return
    raise AssertionError("nimmt kein Ende")


def test_abgebrochenes_umstellen_geht_auch_zurueck(
    projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fs = fsspec.filesystem("file", skip_instance_cache=True)
    site, ziel = tmp_path / "site", tmp_path / "ziel"
    site.mkdir()
    lege(site, ALT)
    v.Stelle(Ort(fs, ziel.as_posix()), "web").veroeffentliche(site, v.erfasse(site))
    lege(site, NEU)
    ort = Zerbrechlich(fs, ziel.as_posix())
    stelle = v.Stelle(ort, "web")
    ort.schritte = 16
    with pytest.raises(Abbruch):
        stelle.veroeffentliche(site, v.erfasse(site))
    assert json.loads((ziel / v.STAND).read_text("utf-8"))["wechsel"]
    beschreibe(projekt, web={"art": "ordner", "ordner": str(ziel)})
    assert rufe(projekt, "web", "--liste", "--json") == 0
    assert [f["online"] for f in json.loads(capsys.readouterr().out)] == [False, False], "keine ist es ganz"
    v.Stelle(Ort(fs, ziel.as_posix()), "web").stelle_zurueck("")
    assert online(ziel) == ALT


def test_zurueck_heisst_was_galt_ehe_die_juengste_kam(
    projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Auch wenn dazwischen eine zurückgenommene liegt, und wenn wenige behalten werden."""
    ordner = tmp_path / "o"
    beschreibe(projekt, web={"art": "ordner", "ordner": str(ordner), "behalten": 2})
    for seiten in (ALT, NEU):
        lege(projekt.site, seiten)
        assert rufe(projekt, "web") == 0
    assert rufe(projekt, "web", "--zurueck") == 0  # NEU war falsch
    lege(projekt.site, NEU | {"neu.html": "berichtigt"})
    assert rufe(projekt, "web") == 0
    capsys.readouterr()
    assert rufe(projekt, "web", "--liste") == 0
    drei, _, eins = capsys.readouterr().out.splitlines()[-3:]
    assert drei.endswith("  online") and eins.endswith("  dorthin führt --zurueck")
    for _ in range(2):
        assert rufe(projekt, "web", "--zurueck") == 0
        assert online(ordner) == ALT


def test_ein_getoeteter_lauf_ueber_sftp_wird_vom_naechsten_vollendet(
    projekt: Projekt, tmp_path: Path, server: Sshd
) -> None:
    beschreibe(projekt, web=sftpziel(server, tmp_path / "oeffentlich"))
    assert rufe(projekt, "web") == 0
    neu = NEU | {f"layout/stueck{n:03}.css": f"/* {n} */" * 4000 for n in range(120)}
    lege(projekt.site, neu)
    saat = random.randrange(10**6)
    halt = random.Random(saat).randrange(30)  # von „überträgt: 1“ bis „stellt um: 124“
    befehl = [
        sys.executable,
        "-m",
        "berichtswerk",
        "--projekt",
        str(projekt.wurzel),
        "veroeffentlichen",
        "web",
    ]
    with subprocess.Popen(befehl, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as lauf:
        assert lauf.stdout is not None
        schritte = (z for z in lauf.stdout if z.startswith(("überträgt", "legt", "stellt")))
        next(itertools.islice(schritte, halt, None), "")
        lauf.send_signal(signal.SIGKILL)
        alle = kinder(lauf.pid)
    assert not uebrig(alle)
    seiten = online(tmp_path / "oeffentlich")
    ist_ganz({n: t for n, t in seiten.items() if "stueck" not in n})
    assert all(t == neu[n] for n, t in seiten.items() if "stueck" in n), f"Saat {saat}"
    assert rufe(projekt, "web") == 0
    assert online(tmp_path / "oeffentlich") == neu, f"Saat {saat}"


def test_fsspec_naehme_jeden_server_wir_nur_den_genannten(
    projekt: Projekt, tmp_path: Path, server: Sshd, capsys: pytest.CaptureFixture[str]
) -> None:
    zeile = {"port": server.port, "username": server.benutzer, "key_filename": str(server.eigener)}
    leichtsinnig = fsspec.filesystem(
        "sftp", host="127.0.0.1", **zeile, look_for_keys=False, allow_agent=False, skip_instance_cache=True
    )
    leichtsinnig.client.close()  # die Vorgabe der Bibliothek fragt nicht
    angemeldet = server.protokoll().count("Accepted publickey")
    anderer = schluessel(tmp_path / "anderer")
    beschreibe(projekt, web=sftpziel(server, tmp_path / "oeffentlich", fingerabdruck=anderer))
    assert rufe(projekt, "web") == 1
    gesagt = capsys.readouterr().err
    assert "FEHLER [server-geaendert] veroeffentlichung.yaml, Feld „ziele.web.fingerabdruck“" in gesagt
    assert f"Genannt ist {anderer}, gezeigt hat er {server.fingerabdruck} (ssh-ed25519)" in gesagt
    assert "gibt sich für den Server aus" in gesagt
    beschreibe(projekt, web=sftpziel(server, tmp_path / "oeffentlich", fingerabdruck=[]))
    assert rufe(projekt, "web") == 1
    gesagt = capsys.readouterr().err
    assert "FEHLER [server-unbekannt]" in gesagt
    assert f"„fingerabdruck: {server.fingerabdruck}“" in gesagt
    assert server.protokoll().count("Accepted publickey") == angemeldet  # ohne Anmeldung getrennt
    assert not (tmp_path / "oeffentlich").exists()


def test_ein_vertauschter_server_bekommt_nichts(
    projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sshd(tmp_path / "echt") as echt:
        beschreibe(projekt, web=sftpziel(echt, tmp_path / "oeffentlich"))
        assert rufe(projekt, "web") == 0
    with sshd(tmp_path / "falsch") as falsch:  # derselbe Name, ein anderer Schlüssel
        angaben = sftpziel(echt, tmp_path / "oeffentlich", port=falsch.port)
        beschreibe(projekt, web=angaben)
        assert rufe(projekt, "web") == 1
        assert "publickey" not in falsch.protokoll()
    assert f"gezeigt hat er {falsch.fingerabdruck}" in capsys.readouterr().err


def test_was_an_der_verbindung_scheitert_sagt_was_zu_tun_ist(
    projekt: Projekt, tmp_path: Path, server: Sshd, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    schluessel(tmp_path / "fremd")
    with webdav(tmp_path / "dav", "planung", "geheim") as adresse, socket.socket() as stumm:
        stumm.bind(("127.0.0.1", 0))  # vergeben, aber niemand nimmt an
        zu = stumm.getsockname()[1]
        monkeypatch.setenv("BERICHTSWERK_KENNWORT_DAV", "falsch")
        beschreibe(
            projekt,
            sftp=sftpziel(server, tmp_path / "o", schluessel=str(tmp_path / "fremd")),
            ohne=sftpziel(server, tmp_path / "gibt" / "es" / "nicht"),
            fort=sftpziel(server, tmp_path / "o", port=zu),
            dav={"art": "webdav", "adresse": adresse, "benutzer": "planung"},
            tot={"art": "webdav", "adresse": f"http://127.0.0.1:{zu}"},
            paket={"art": "zip", "datei": "gibt/es/nicht.zip"},
            hier={"art": "ordner", "ordner": "."},
            site={"art": "ordner", "ordner": "_site/online"},
            platte={"art": "ordner", "ordner": str(tmp_path / "gibt" / "es" / "nicht")},
        )
        erwartet = {
            "sftp": ("anmeldung-verweigert", "Kennwort oder Schlüssel gelten dort nicht"),
            "ohne": ("ziel-sperrig", "Datei oder Ordner gibt es nicht"),
            "fort": ("ziel-unerreichbar", "Dort antwortet niemand: Dienst aus oder falscher „port“."),
            "dav": ("anmeldung-verweigert", "BERICHTSWERK_KENNWORT_DAV"),
            "tot": ("ziel-unerreichbar", "Dort antwortet niemand"),
            "paket": ("ziel-sperrig", "Datei oder Ordner gibt es nicht"),
            "hier": ("ziel-im-projekt", "es träfe Ihre Berichte und Daten"),
            "site": ("ziel-im-projekt", "_site"),
            "platte": ("ziel-sperrig", "Datei oder Ordner gibt es nicht"),
        }
        for name, (kennung, wort) in erwartet.items():
            assert rufe(projekt, name) == 1
            gesagt = capsys.readouterr().err
            assert f"FEHLER [{kennung}] veroeffentlichung.yaml, Feld „ziele.{name}" in gesagt, (name, gesagt)
            assert wort in gesagt, (name, gesagt)
            assert "Abhilfe: " in gesagt


def test_beschreibung_mit_fehlern(projekt: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert rufe(projekt, "web") == 1
    assert "[zieldatei-fehlt] veroeffentlichung.yaml" in capsys.readouterr().err
    sftp = {"art": "sftp", "rechner": "a", "benutzer": "b", "ordner": "/c"}
    faelle: list[tuple[str, dict[str, Any]]] = [
        ("Kennwörter stehen nie in einer Datei.", sftp | {"kennwort": "x"}),
        ("Kennwörter stehen nie in einer Datei.", {"art": "webdav", "adresse": "https://a:b@example.org/x"}),
        ("Die Adresse ist unverschlüsselt.", {"art": "webdav", "adresse": "http://example.org/x"}),
        ("Der Text hat nicht die verlangte Form", sftp | {"fingerabdruck": "16:27:ac"}),
        ("„ftp“ ist hier nicht möglich.", {"art": "ftp", "rechner": "a"}),
    ]
    for wortlaut, angaben in faelle:
        beschreibe(projekt, web=angaben)
        assert rufe(projekt, "web") == 1
        assert wortlaut in capsys.readouterr().err
    beschreibe(projekt, web={"art": "ordner", "ordner": "x"})
    assert rufe(projekt, "wep") == 1
    assert "Das Ziel „wep“ gibt es nicht.\n  Abhilfe: Meinten Sie „web“?" in capsys.readouterr().err


def test_unfertiges_geht_nur_auf_verlangen_hinaus(
    projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beschreibe(projekt, web={"art": "ordner", "ordner": str(tmp_path / "o")})
    entwurf = '<meta name="robots" content="noindex">'
    lege(projekt.site, ALT | {
        "index.html": ALT["index.html"] + entwurf,
        "berichte/lage/2024/lage-2024.html": ALT["berichte/lage/2024/lage-2024.html"] + entwurf,
        "berichte/lage/2022/lage-2022.html": "telefonisch: [vor Veröffentlichung eintragen]" + entwurf,
        "berichte/lage/2023/lage-2023.html": "12 (Beispieldaten)",
        "seiten/impressum.html": "Telefon: [vor Veröffentlichung eintragen]",
    })  # fmt: skip
    assert rufe(projekt, "web") == 1
    gesagt = capsys.readouterr().err
    assert "FEHLER [entwurf-nicht-oeffentlich] berichte, Feld „status“" in gesagt
    assert "Keine Ausgabe ist beschlossen oder veröffentlicht; es gibt nur „lage/2022“, „lage/2024“" in gesagt
    assert "stehen auf: „index.html“, „lage/2023“." in gesagt
    assert "steht noch auf: „seiten/impressum.html“.\n  Ursache: Offen in daten/kreis.yaml: " in gesagt
    assert "redaktion.telefon" in gesagt
    assert not (tmp_path / "o").exists()
    assert rufe(projekt, "web", "--probe") == 1  # zeigt trotzdem, was käme
    assert "neu       index.html" in capsys.readouterr().out
    alles = [teil for wort in v.TROTZ for teil in ("--trotz", wort)]
    assert rufe(projekt, "web", *alles[2:]) == 1
    assert rufe(projekt, "web", *alles) == 0
    assert (tmp_path / "o" / "index.html").is_file()
    assert rufe(projekt, "web", "--trotz", "allem") == 2


def test_entwuerfe_bleiben_hier_und_hinterlassen_keine_spur(
    beschlossen: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hinaus geht, was beschlossen ist (auch berichtigt), und was ohne Beschluss öffentlich ist."""
    muster, entwurf = Path(__file__).parents[1] / "muster", beschlossen.berichte / "lage/2026"
    shutil.copytree(muster / "berichte/satzung", beschlossen.berichte / "satzung")
    shutil.copytree(beschlossen.wurzel / ORDNER, entwurf, ignore=shutil.ignore_patterns("freigabe.yml"))
    aendere(entwurf / "bericht.yml", "Lagebericht 2024", "Geheimer Lagebericht")
    anlass = beschlossen.berichte / "satzung/2024/texte/01-anlass.md"
    aendere(anlass, "nur aus Text", "nur aus Text ([mehr](../../lage/2026/lage-2026.ipynb))")
    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "bis 2015", "bis 2016")
    berichtige(beschlossen, "lage/2024", "Jahr", FUNKTION, tag=TAG)
    assert rendere(beschlossen, formate=["html"]).gelungen
    ordner, web = tmp_path / "o", ("web", "--trotz", "beispiel", "--trotz", "platzhalter")
    fragmente = {"art": "fragment", "ordner": "fragmente"}
    beschreibe(beschlossen, web={"art": "ordner", "ordner": str(ordner)}, typo3=fragmente)
    assert rufe(beschlossen, *web) == 0
    assert "Nicht dabei, weil nicht beschlossen: lage/2026\n" in capsys.readouterr().out
    seiten = {p.relative_to(ordner).as_posix() for p in ordner.rglob("*") if v.EIGEN not in p.parts}
    (stumpf,) = (n for n in seiten if n.startswith("berichte/lage/2026/"))
    assert "noch nicht veröffentlicht" in (text := (ordner / stumpf).read_text("utf-8")) and "noindex" in text
    assert {f"{ORDNER}/lage-2024.pdf", "berichte/lage/2024-revision-1/lage-2024.html"} <= seiten
    assert "berichte/satzung/2024/satzung-2024.html" in seiten and "pagefind/pagefind.js" in seiten
    alles = b"".join((ordner / n).read_bytes() for n in seiten if (ordner / n).is_file())
    assert b"Geheimer" not in alles and "Geheimer" in (beschlossen.site / "index.html").read_text("utf-8")
    for name in ("sitemap.xml", "feed.xml", "seiten/suche.json", "index.html"):
        assert "lage-2026" not in (ordner / name).read_text("utf-8"), name
    for name in (n for n in seiten if n.endswith(".html")):
        for verweis in re.findall(r'(?:src|href)="([^":#?]+)[#?"]', (ordner / name).read_text("utf-8")):
            ziel = os.path.normpath(Path(name).parent / unquote(verweis))
            assert name == "404.html" or ziel in seiten, (name, verweis)
    assert rufe(beschlossen, *web, "--json") == 0
    antwort = json.loads(capsys.readouterr().out)
    assert (antwort["nicht_dabei"], antwort["fassung"], antwort["neu"]) == (["lage/2026"], None, [])
    assert rufe(beschlossen, "typo3", *web[1:]) == 0
    namen = {p.name for p in (beschlossen.wurzel / "fragmente").iterdir()}
    assert namen == {"lage_2024_lage-2024.html", "satzung_2024_satzung-2024.html"}
    assert rufe(beschlossen, *web, "--trotz", "entwurf") == 0
    assert "Geheimer" in (ordner / "index.html").read_text("utf-8")


def test_fehlt_im_archiv_etwas_geht_nichts_hinaus(
    beschlossen: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(beschlossen.site / ORDNER, beschlossen.site / "berichte/lage/2026")
    seite = beschlossen.site / "berichte/lage/2026/lage-2024.html"
    seite.write_text('<meta name="robots" content="noindex">', "utf-8")
    revision = auftrag(beschlossen).freigabe.revision
    assert revision is not None
    fehlt = Archiv(beschlossen).ort(lade_fassung(beschlossen, revision).dateien[f"{ORDNER}/lage-2024.pdf"])
    fehlt.unlink()
    beschreibe(beschlossen, web={"art": "ordner", "ordner": str(tmp_path / "o")})
    assert rufe(beschlossen, "web", "--trotz", "beispiel", "--trotz", "platzhalter") == 1
    assert f"FEHLER [archiv-fehlt] {beschlossen.relativ(fehlt)}" in capsys.readouterr().err
    Archiv(beschlossen).ort(revision.fassung).unlink()  # jetzt weiß nicht einmal der Plan von ihr
    shutil.copyfile(seite, beschlossen.site / ORDNER / "lage-2024.html")
    assert rufe(beschlossen, "web", "--trotz", "beispiel", "--trotz", "platzhalter") == 1
    assert "FEHLER [archiv-fehlt]" in capsys.readouterr().err
    assert not (tmp_path / "o").exists() and not list(beschlossen.arbeit.glob("bau-*"))


def test_fremdes_bleibt(projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ordner = tmp_path / "htdocs"
    ordner.mkdir()
    (ordner / "typo3.php").write_text("<?php", "utf-8")
    beschreibe(projekt, web={"art": "ordner", "ordner": str(ordner)})
    assert rufe(projekt, "web") == 1
    assert "liegt schon etwas, das nicht von hier stammt: „typo3.php“." in capsys.readouterr().err
    assert [p.name for p in ordner.iterdir()] == ["typo3.php"]
    assert rufe(projekt, "web", "--uebernehmen") == 0
    assert online(ordner) == ALT | {"typo3.php": "<?php"}
    lege(projekt.site, NEU)
    assert rufe(projekt, "web") == 0
    assert online(ordner) == NEU | {"typo3.php": "<?php"}


@pytest.mark.parametrize(
    ("stand", "grund"),
    [
        ("{halb", "Expecting property name"),
        ('{"fassung": "../../etc"}', "1 validation error"),
    ],
)
def test_beschaedigter_stand_im_ziel(
    projekt: Projekt, tmp_path: Path, stand: str, grund: str, capsys: pytest.CaptureFixture[str]
) -> None:
    beschreibe(projekt, web={"art": "ordner", "ordner": str(tmp_path / "o")})
    assert rufe(projekt, "web") == 0
    (tmp_path / "o" / v.STAND).write_text(stand, "utf-8")
    assert rufe(projekt, "web") == 1
    gesagt = capsys.readouterr().err
    assert "[zielstand-unlesbar]" in gesagt
    assert "„.berichtswerk/stand.json“ beschädigt" in gesagt
    assert grund in gesagt


def test_eine_fremde_fassung_loescht_nichts_ausserhalb(projekt: Projekt, tmp_path: Path) -> None:
    beschreibe(projekt, web={"art": "ordner", "ordner": str(tmp_path / "o")})
    assert rufe(projekt, "web") == 0
    (tmp_path / "wichtig").write_text("x", "utf-8")
    (fassung,) = (tmp_path / "o" / v.FASSUNGEN).iterdir()
    angaben = json.loads(fassung.read_text("utf-8"))
    angaben["dateien"]["../wichtig"] = angaben["dateien"]["index.html"]
    fassung.write_text(json.dumps(angaben), "utf-8")
    assert rufe(projekt, "web") == 1
    assert (tmp_path / "wichtig").is_file()


def test_zurueck_ohne_vorige_und_mit_luecke_im_vorrat(
    projekt: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beschreibe(projekt, web={"art": "ordner", "ordner": str(tmp_path / "o")})
    assert rufe(projekt, "web") == 0
    assert rufe(projekt, "web", "--zurueck") == 1
    assert "[fassung-unbekannt]" in capsys.readouterr().err
    assert rufe(projekt, "web", "--auf", "20200101-000000") == 1
    assert "gibt es die Fassung „20200101-000000“ nicht." in capsys.readouterr().err
    lege(projekt.site, NEU)
    assert rufe(projekt, "web") == 0
    fort = next(p for p in (tmp_path / "o" / v.VORRAT).iterdir() if "alt" in p.read_text("utf-8"))
    fort.unlink()
    assert rufe(projekt, "web", "--zurueck") == 1
    assert "im Vorrat fehlt „berichte/lage/2024/abb/größe 1%.svg“" in capsys.readouterr().err
    assert online(tmp_path / "o") == NEU


def test_zwei_zugleich(projekt: Projekt, tmp_path: Path) -> None:
    fs = fsspec.filesystem("file", skip_instance_cache=True)
    ort = Ort(fs, (tmp_path / "o").as_posix())
    erste, zweite = v.Stelle(ort, "web"), v.Stelle(ort, "web")
    erste.veroeffentliche(projekt.site, v.erfasse(projekt.site))
    zweite.ordner, zweite.wurzel_fehlt = erste.ordner, False
    with pytest.raises(BerichtswerkFehler, match="jemand anderes"):
        zweite.veroeffentliche(projekt.site, v.erfasse(projekt.site))


def test_was_halb_ankommt_wird_nicht_umgestellt(projekt: Projekt, tmp_path: Path) -> None:
    class Voll(Ort):
        def lege(self, name: str, inhalt: Path | bytes) -> None:
            super().lege(name, b"x" if name.startswith(v.VORRAT) else inhalt)

    fs = fsspec.filesystem("file", skip_instance_cache=True)
    with pytest.raises(BerichtswerkFehler, match="nicht angekommen"):
        v.Stelle(Voll(fs, (tmp_path / "o").as_posix()), "web").veroeffentliche(
            projekt.site, v.erfasse(projekt.site)
        )
    assert online(tmp_path / "o") == {}


def test_kennwort_aus_umgebung_oder_schluesselbund(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Bund(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {("berichtswerk", "haus-web"): "aus dem Bund"}.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

        def delete_password(self, service: str, username: str) -> None:
            raise NotImplementedError

    vorher = keyring.get_keyring()
    keyring.set_keyring(Bund())
    try:
        assert kennwort("haus-web") == "aus dem Bund"
        assert kennwort("anderes") == ""
        monkeypatch.setenv("BERICHTSWERK_KENNWORT_HAUS_WEB", "aus der Umgebung")
        assert kennwort("haus-web") == "aus der Umgebung"
    finally:
        keyring.set_keyring(vorher)


def test_zip_ist_ganz_und_gleich(projekt: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    beschreibe(projekt, paket={"art": "zip", "datei": "planung.zip"})
    datei = projekt.wurzel / "planung.zip"
    assert rufe(projekt, "paket", "--probe") == 0
    assert not datei.exists()
    assert rufe(projekt, "paket") == 0
    with zipfile.ZipFile(datei) as archiv:
        assert {n: archiv.read(n).decode() for n in archiv.namelist()} == ALT
    vorher = datei.read_bytes()
    time.sleep(0.01)
    os.utime(projekt.site / "index.html")
    assert rufe(projekt, "paket") == 0
    assert datei.read_bytes() == vorher
    assert rufe(projekt, "paket", "--zurueck") == 2


def test_ohne_site(projekt: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    lege(projekt.site, {})
    beschreibe(projekt, web={"art": "ordner", "ordner": "o"})
    assert rufe(projekt, "web") == 1
    assert "[site-fehlt] _site" in capsys.readouterr().err
    assert lies_ziel(projekt, "web").behalten == 5
    with (
        pytest.raises(BerichtswerkFehler, match="ziel-sperrig"),
        oeffne(projekt, "w", lies_ziel(projekt, "web")),
    ):
        raise PermissionError(13, "nein", "o")
    for fehler, wo in (
        (OSError(28, "voll", "hier.html", None, "dort.html"), "dort.html"),
        (OSError(28, "voll"), "x.zip"),
    ):
        with (
            pytest.raises(BerichtswerkFehler) as gemeldet,
            verstaendlich("w", Zipziel(art="zip", datei="x.zip")),
        ):
            raise fehler
        (meldung,) = gemeldet.value.meldungen
        assert f"„{wo}“ nicht lesen oder schreiben" in meldung.text and "kein Platz" in meldung.ursache


@pytest.mark.parametrize(
    "fehler",
    [OSError("Socket is closed"), EOFError(), ConnectionResetError(104, "weg"), TimeoutError()],
    ids=repr,
)
def test_jede_art_abzureissen_heisst_abgerissen(fehler: Exception) -> None:
    ziel = Sftpziel(art="sftp", rechner="server.example", benutzer="planung", ordner="web")
    with pytest.raises(BerichtswerkFehler) as gemeldet, verstaendlich("w", ziel):
        raise fehler
    (meldung,) = gemeldet.value.meldungen
    assert meldung.kennung == "ziel-unerreichbar" and "derselbe Befehl macht dort weiter" in meldung.abhilfe


def test_reisst_die_verbindung_ab_sagt_es_die_meldung_und_der_naechste_lauf_vollendet(
    projekt: Projekt, tmp_path: Path
) -> None:
    with sshd(tmp_path / "ssh") as dort:
        beschreibe(projekt, web=sftpziel(dort, tmp_path / "oeffentlich"))
        assert rufe(projekt, "web") == 0
        lege(projekt.site, NEU)
        angaben = lies_ziel(projekt, "web")
        assert isinstance(angaben, Sftpziel)

        def reisse_ab(was: str, nummer: int, _gesamt: int) -> None:
            if was == "stellt um" and nummer == 2:
                for prozess in kinder(dort.prozess.pid):
                    prozess.kill()

        with (
            pytest.raises(BerichtswerkFehler, match="derselbe Befehl macht dort weiter") as fehler,
            oeffne(projekt, "web", angaben) as ort,
        ):
            v.Stelle(ort, "web", melde=reisse_ab).veroeffentliche(projekt.site, v.erfasse(projekt.site))
        assert [m.kennung for m in fehler.value.meldungen] == ["ziel-unerreichbar"]
        ist_ganz(online(tmp_path / "oeffentlich"))
        assert rufe(projekt, "web") == 0
        assert online(tmp_path / "oeffentlich") == NEU
