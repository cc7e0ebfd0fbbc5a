"""Echte Server auf diesem Rechner, für eine Prüfung gestartet und danach beendet: sshd und WebDAV."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


def freier_port() -> int:
    """Ein Port, den gerade niemand hat."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sshd:
    """Ein laufender sshd: nur SFTP, nur mit dem Schlüssel ``eigener``."""

    port: int
    ordner: Path
    eigener: Path
    fingerabdruck: str
    benutzer: str
    prozess: subprocess.Popen[bytes]

    def protokoll(self) -> str:
        """Was er bisher schrieb."""
        return (self.ordner / "protokoll").read_text("utf-8", "replace")


def schluessel(datei: Path) -> str:
    """Erzeugt ein Paar ohne Kennwort; gibt den Fingerabdruck zurück."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", datei], check=True)
    zeile = subprocess.run(["ssh-keygen", "-lf", datei], check=True, capture_output=True, text=True).stdout
    return zeile.split()[1]


@contextmanager
def sshd(ordner: Path) -> Iterator[Sshd]:
    """OpenSSH auf 127.0.0.1; fehlt er, ist das mit CI=true ein Fehler und sonst eine laute Auslassung."""
    programm = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if programm is None:
        if os.environ.get("CI") == "true":
            pytest.fail("sshd fehlt: SFTP wurde NICHT geprüft.")
        pytest.skip("ACHTUNG: sshd fehlt (Debian: openssh-server), SFTP wurde NICHT geprüft.")
    ordner.mkdir(parents=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # verlangt er von Verwaltern
    fingerabdruck = schluessel(ordner / "server")
    schluessel(ordner / "eigener")
    shutil.copyfile(ordner / "eigener.pub", ordner / "erlaubt")
    for _ in range(5):  # ein anderer kann den freien Port inzwischen haben
        port = freier_port()
        prozess = _starte(programm, ordner, port)
        if _nimmt_an(port, prozess):
            break
    else:
        pytest.fail((ordner / "protokoll").read_text("utf-8", "replace"))
    try:
        yield Sshd(port, ordner, ordner / "eigener", fingerabdruck, getpass.getuser(), prozess)
    finally:
        prozess.terminate()
        prozess.wait(10)


def _starte(programm: str, ordner: Path, port: int) -> subprocess.Popen[bytes]:
    zeilen = [
        f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {ordner}/server", "PidFile none",
        f"AuthorizedKeysFile {ordner}/erlaubt", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
        "KbdInteractiveAuthentication no", "PermitRootLogin yes", "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp", "LogLevel VERBOSE",
    ]  # fmt: skip
    (ordner / "sshd_config").write_text("\n".join(zeilen) + "\n", "utf-8")
    with (ordner / "protokoll").open("wb") as protokoll:
        befehl = [programm, "-D", "-e", "-f", ordner / "sshd_config"]
        return subprocess.Popen(befehl, stderr=protokoll, stdin=subprocess.DEVNULL)


def _nimmt_an(port: int, prozess: subprocess.Popen[bytes]) -> bool:
    """Wartet, bis der Server Verbindungen annimmt; ``False``, wenn er endet."""
    ende = time.monotonic() + 60
    while time.monotonic() < ende and prozess.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    prozess.kill()
    prozess.wait(10)
    return False


@contextmanager
def webdav(ordner: Path, benutzer: str, kennwort: str) -> Iterator[str]:
    """WsgiDAV unter cheroot auf 127.0.0.1; gibt die Adresse der Sammlung zurück."""
    from cheroot.wsgi import Server
    from wsgidav.wsgidav_app import WsgiDAVApp

    ordner.mkdir(parents=True)
    app = WsgiDAVApp({
        "provider_mapping": {"/": str(ordner)},
        "simple_dc": {"user_mapping": {"*": {benutzer: {"password": kennwort}}}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        "verbose": 0, "logging": {"enable": False},
    })  # fmt: skip
    server = Server(("127.0.0.1", 0), app, numthreads=4)
    server.prepare()
    faden = threading.Thread(target=server.serve, daemon=True)
    faden.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        faden.join(10)
