"""Wohin veröffentlicht wird: ``veroeffentlichung.yaml``, Kennwörter, je Art von Ziel ein Ort zum Schreiben.

Kennwörter stehen nie in Dateien, sondern in der Umgebung oder im Schlüsselbund des Rechners. Ein Server, der
sich mit einem anderen als dem genannten Schlüssel ausweist, bekommt nichts zu sehen, auch kein Kennwort.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from berichtswerk.grund.fremdes import webadresse
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag, warum
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lade_yaml

ZIELDATEI = "veroeffentlichung.yaml"
DIENST = "berichtswerk"
"""Unter diesem Namen stehen Kennwörter im Schlüsselbund."""
_UNERREICHBAR = (
    (r"Unable to connect|refused|Errno 111", "Dort antwortet niemand: Dienst aus oder falscher „port“."),
    (r"Name or service|nodename|getaddrinfo|Errno -[235]", "Diesen Namen kennt das Netz nicht."),
    (r"CERTIFICATE_VERIFY|certificate", "Das Zertifikat des Servers gilt nicht."),
    (r"timed? ?out", "Der Server antwortet nicht."),
    (r"Socket is closed", "Der Server hat die Verbindung beendet."),
    (r"protocol banner", "Unter dieser Nummer („port“) antwortet etwas anderes als SSH."),
)
"""Woran man in fremden Wortlauten erkennt, woran es liegt."""
WARTEN = 60.0
"""So viele Sekunden darf ein Server schweigen."""


class ZieldateiFehlt(Befundart):
    text = "Wohin veröffentlicht wird, ist noch nicht beschrieben."
    abhilfe = "Legen Sie die Datei an; docs/veroeffentlichen.md zeigt je Art von Ziel ein Beispiel."


class ZielUnbekannt(Befundart):
    text = "Das Ziel „{name}“ gibt es nicht."
    feld = "ziele"
    abhilfe = "{rat}"


class ServerUnbekannt(Befundart):
    text = "Der Server {rechner} weist sich mit einem Schlüssel aus, den das Ziel „{ziel}“ nicht nennt."
    feld = "ziele.{ziel}.fingerabdruck"
    ursache = "Gezeigt hat er {gezeigt}. Übertragen wurde nichts, auch kein Kennwort."
    abhilfe = (
        "Lassen Sie sich den Fingerabdruck vom Betreiber des Servers bestätigen (am Telefon) und tragen Sie "
        "ihn ein: „fingerabdruck: {kurz}“."
    )


class ServerGeaendert(Befundart):
    text = "Der Server {rechner} weist sich mit einem anderen Schlüssel aus als im Ziel „{ziel}“ genannt."
    feld = "ziele.{ziel}.fingerabdruck"
    ursache = (
        "Genannt ist {genannt}, gezeigt hat er {gezeigt}. Entweder hat der Betreiber ihn erneuert, oder "
        "jemand gibt sich für den Server aus. Übertragen wurde nichts, auch kein Kennwort."
    )
    abhilfe = "Fragen Sie den Betreiber (am Telefon). Erst wenn er den neuen bestätigt, tragen Sie ihn ein."


class AnmeldungVerweigert(Befundart):
    text = "{rechner} lässt „{benutzer}“ nicht hinein."
    feld = "ziele.{ziel}"
    ursache = "{grund}"
    abhilfe = (
        "Setzen Sie das Kennwort in der Umgebung ({variable}) oder einmal im Schlüsselbund: "
        "„keyring set berichtswerk {ziel}“. Prüfen Sie „benutzer“ und, wenn genannt, „schluessel“."
    )


class ZielUnerreichbar(Befundart):
    text = "Die Verbindung zu {rechner} kommt nicht zustande oder ist abgerissen."
    feld = "ziele.{ziel}"
    ursache = "{grund}"
    abhilfe = (
        "Online steht weiter eine ganze Fassung. Prüfen Sie Netz und Adresse; derselbe Befehl macht dort "
        "weiter, wo er aufgehört hat."
    )


class ZielImProjekt(Befundart):
    text = "Das Ziel „{ziel}“ liegt dort, wo das Projekt selbst liegt: {ordner}."
    feld = "ziele.{ziel}.ordner"
    ursache = "Veröffentlichen ersetzt und löscht dort Dateien: es träfe Ihre Berichte und Daten."
    abhilfe = "Nennen Sie einen Ordner daneben, zum Beispiel ../website."


class ZielSperrig(Befundart):
    text = "Im Ziel „{ziel}“ lässt sich „{was}“ nicht lesen oder schreiben."
    feld = "ziele.{ziel}"
    ursache = "{grund}"
    abhilfe = (
        "Online steht weiter eine ganze Fassung. Prüfen Sie „ordner“, „adresse“ oder „datei“, Rechte und "
        "freien Platz; derselbe Befehl macht dort weiter, wo er aufgehört hat."
    )


_KENNWORT = (
    "Kennwörter stehen nie in einer Datei. || Löschen Sie es hier (und ändern Sie es), und setzen Sie es "
    "in der Umgebung oder im Schlüsselbund; docs/veroeffentlichen.md zeigt, wie."
)


class _Ziel(YamlModell):
    behalten: int = Field(default=5, ge=1, le=100)
    """So viele Veröffentlichungen bleiben im Ziel, die jetzige eingeschlossen."""

    @model_validator(mode="before")
    @classmethod
    def _ohne_kennwort(cls, werte: Any) -> Any:
        if isinstance(werte, dict) and {"kennwort", "passwort", "password", "passphrase"} & {*werte}:
            raise ValueError(_KENNWORT)
        return werte


def _sicher(adresse: str) -> str:
    """Nur verschlüsselt, außer auf diesem Rechner; kein Kennwort in der Adresse."""
    if re.match(r"\w+://[^/]*@", adresse):
        raise ValueError(_KENNWORT)
    teile = urlsplit(webadresse(adresse))
    if teile.scheme != "https" and teile.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("Die Adresse ist unverschlüsselt. || Verlangt ist https://; sonst läse jeder mit.")
    return adresse.rstrip("/")


Text = Annotated[str, StringConstraints(min_length=1)]
Fingerabdruck = Annotated[str, StringConstraints(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]
Adresse = Annotated[str, AfterValidator(_sicher)]
Muster = Annotated[str, StringConstraints(pattern=r"^\w[\w*-]*(/[\w*][\w.*-]*)*\.html$")]


class Ordnerziel(_Ziel):
    """Ein Ordner dieses Rechners oder eines Netzlaufwerks; ein relativer Pfad gilt ab dem Projekt."""

    art: Literal["ordner"]
    ordner: Text


class Sftpziel(_Ziel):
    """Ein Ordner auf einem Server mit SSH. ``schluessel`` ist die Datei des eigenen privaten Schlüssels."""

    art: Literal["sftp"]
    rechner: Text
    port: int = Field(default=22, ge=1, le=65535)
    benutzer: Text
    ordner: Text
    fingerabdruck: Annotated[
        tuple[Fingerabdruck, ...], BeforeValidator(lambda w: (w,) if isinstance(w, str) else w)
    ] = ()
    """Womit sich der Server ausweist; mehrere, wenn er mehrere Arten von Schlüsseln hat."""
    schluessel: str = ""


class Webdavziel(_Ziel):
    """Eine Sammlung auf einem WebDAV-Server (Nextcloud, Apache, TYPO3-Hosting)."""

    art: Literal["webdav"]
    adresse: Adresse
    benutzer: str = ""


class Zipziel(_Ziel):
    """Ein Archiv der ganzen Site, zum Hochladen von Hand; ein relativer Pfad gilt ab dem Projekt."""

    art: Literal["zip"]
    datei: Annotated[str, StringConstraints(pattern=r"\.zip$")]


class Fragmentziel(_Ziel):
    """Seiten zum Einfügen in fremde; ``seiten`` sind Muster ab ``_site/``, ohne Angabe alle Berichte."""

    art: Literal["fragment"]
    ordner: Text
    seiten: tuple[Muster, ...] = ("berichte/*/*/*.html",)


Ziel = Annotated[Ordnerziel | Sftpziel | Webdavziel | Zipziel | Fragmentziel, Field(discriminator="art")]


class Zieldatei(YamlModell):
    """Inhalt von ``veroeffentlichung.yaml``."""

    ziele: dict[Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")], Ziel]


def lies_ziel(projekt: Projekt, name: str) -> Ziel:
    """Das Ziel dieses Namens.

    Raises:
        BerichtswerkFehler: ``zieldatei-fehlt``, ``ziel-unbekannt`` oder alle Fehler der Datei.
    """
    datei = projekt.wurzel / ZIELDATEI
    if not datei.is_file():
        raise BerichtswerkFehler(ZieldateiFehlt.melde(datei=ZIELDATEI))
    ziele = lade_yaml(datei, Zieldatei, projekt).ziele
    if name not in ziele:
        rat = vorschlag(name, ziele) or "Beschreiben Sie es dort."
        raise BerichtswerkFehler(ZielUnbekannt.melde(datei=ZIELDATEI, name=name, rat=rat))
    return ziele[name]


def variable(name: str) -> str:
    """Die Variable der Umgebung, in der das Kennwort dieses Ziels stehen kann."""
    return f"BERICHTSWERK_KENNWORT_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"


def kennwort(name: str) -> str:
    """Das Kennwort des Ziels (oder das seines Schlüssels) aus Umgebung oder Schlüsselbund; sonst leer."""
    if genannt := os.environ.get(variable(name)):
        return genannt
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(DIENST, name) or ""
    except KeyringError:  # ein Server ohne Schlüsselbund
        return ""


class Ort:
    """Ein Ordner, in den geschrieben wird; Namen sind relativ, mit Schrägstrichen. Grundlage: fsspec.

    ``ersetze`` und ``kopiere`` arbeiten dort, wo die Dateien liegen: ersetzt wird in einem Zug.
    """

    def __init__(self, fs: Any, wurzel: str) -> None:
        self.fs, self.wurzel = fs, wurzel

    def pfad(self, name: str) -> str:
        """Der Pfad, wie ihn das Dateisystem versteht."""
        return f"{self.wurzel}/{name}" if name else self.wurzel

    def liste(self, unter: str = "") -> tuple[dict[str, int], set[str]]:
        """Alle Dateien mit ihrer Größe und alle Ordner; ``find`` von fsspec überginge Fehler.

        Raises:
            FileNotFoundError: den Ordner gibt es nicht.
        """
        dateien: dict[str, int] = {}
        ordner: set[str] = set()
        offen = [unter]
        while offen:
            hier = offen.pop()
            for eintrag in self.fs.ls(self.pfad(hier), detail=True):
                letzter = eintrag["name"].replace(os.sep, "/").rstrip("/").rpartition("/")[2]
                name = f"{hier}/{letzter}" if hier else letzter
                if eintrag["type"] == "directory" and not eintrag.get("islink"):
                    ordner.add(name)
                    offen.append(name)
                else:
                    dateien[name] = int(eintrag["size"] or 0)
        return dateien, ordner

    def lies(self, name: str) -> bytes:
        """Der Inhalt einer Datei."""
        return cast(bytes, self.fs.cat_file(self.pfad(name)))

    def lege(self, name: str, inhalt: Path | bytes) -> None:
        """Schreibt eine Datei; ihren Ordner gibt es."""
        if isinstance(inhalt, bytes):
            self.fs.pipe_file(self.pfad(name), inhalt)
        else:
            self.fs.put_file(str(inhalt), self.pfad(name))

    def kopiere(self, von: str, nach: str) -> None:
        """Legt denselben Inhalt unter einem zweiten Namen ab, den es noch nicht gibt."""
        self.fs.cp_file(self.pfad(von), self.pfad(nach))

    def ersetze(self, von: str, nach: str) -> None:
        """Verschiebt eine Datei an ihren Platz; was dort lag, ist in einem Zug ersetzt."""
        os.replace(self.pfad(von), self.pfad(nach))  # noqa: PTH105

    def loesche(self, name: str) -> None:
        """Löscht eine Datei."""
        self.fs.rm_file(self.pfad(name))

    def lege_ordner_an(self, name: str) -> None:
        """Legt einen Ordner an; den darüber gibt es."""
        self.fs.mkdir(self.pfad(name), create_parents=False)

    def loesche_ordner(self, name: str) -> None:
        """Löscht einen leeren Ordner."""
        self.fs.rmdir(self.pfad(name))

    def schliesse(self) -> None:
        """Beendet die Verbindung."""


class Sftport(Ort):
    """Über SSH; kopiert wird als zweiter Name derselben Datei, wo der Server es kann (OpenSSH)."""

    def lege(self, name: str, inhalt: Path | bytes) -> None:
        """Schreibt und fragt nach der Größe; ``put_file`` von fsspec fragte vorher nach jedem Ordner."""
        strom = BytesIO(inhalt) if isinstance(inhalt, bytes) else inhalt.open("rb")
        with strom:
            self.fs.ftp.putfo(strom, self.pfad(name))

    def kopiere(self, von: str, nach: str) -> None:
        """Ein zweiter Name, sonst einmal hin und zurück."""
        from paramiko.sftp import CMD_EXTENDED

        try:
            self.fs.ftp._request(CMD_EXTENDED, "hardlink@openssh.com", self.pfad(von), self.pfad(nach))
        except OSError:
            self.lege(nach, self.lies(von))

    def ersetze(self, von: str, nach: str) -> None:
        """In einem Zug (``posix-rename``)."""
        self.fs.mv(self.pfad(von), self.pfad(nach))

    def lege_ordner_an(self, name: str) -> None:
        """Ohne die Rückfragen von fsspec."""
        self.fs.ftp.mkdir(self.pfad(name))

    def schliesse(self) -> None:
        """Beendet die Verbindung."""
        self.fs.client.close()


class Webdavort(Ort):
    """Über HTTP. ``mv`` von webdav4 kopierte und löschte; hier verschiebt der Server."""

    def lege(self, name: str, inhalt: Path | bytes) -> None:
        """Schreibt; ``put_file`` von webdav4 fragte vorher nach jedem Ordner."""
        strom = BytesIO(inhalt) if isinstance(inhalt, bytes) else inhalt.open("rb")
        with strom:
            self.fs.client.upload_fileobj(strom, self.pfad(name), overwrite=True)

    def kopiere(self, von: str, nach: str) -> None:
        """Der Server kopiert."""
        self.fs.client.copy(self.pfad(von), self.pfad(nach), overwrite=True)

    def ersetze(self, von: str, nach: str) -> None:
        """Der Server verschiebt und ersetzt."""
        self.fs.client.move(self.pfad(von), self.pfad(nach), overwrite=True)

    def loesche(self, name: str) -> None:
        """Löscht eine Datei."""
        self.fs.client.remove(self.pfad(name))

    def schliesse(self) -> None:
        """Beendet die Verbindung."""
        self.fs.client.http.close()


@contextlib.contextmanager
def oeffne(projekt: Projekt, name: str, ziel: Ordnerziel | Sftpziel | Webdavziel) -> Iterator[Ort]:
    """Der Ort hinter einem Ziel; was an Verbindung und Ort scheitert, wird zur Meldung.

    Raises:
        BerichtswerkFehler: eine der Klassen dieses Moduls.
    """
    ort: Ort | None = None
    try:
        with verstaendlich(name, ziel):
            ort = _ort(projekt, name, ziel)
            yield ort
    finally:
        if ort is not None:
            with contextlib.suppress(Exception):
                ort.schliesse()


def _ort(projekt: Projekt, name: str, ziel: Ordnerziel | Sftpziel | Webdavziel) -> Ort:
    if isinstance(ziel, Sftpziel):
        return _sftp(name, ziel)
    if isinstance(ziel, Webdavziel):
        from webdav4.fsspec import WebdavFileSystem

        auth = (ziel.benutzer, kennwort(name)) if ziel.benutzer else None
        fs = WebdavFileSystem(ziel.adresse, auth=auth, timeout=WARTEN, skip_instance_cache=True)
        return Webdavort(fs, "")
    from fsspec.implementations.local import LocalFileSystem

    pfad = (projekt.wurzel / Path(ziel.ordner).expanduser()).resolve()
    eigene = (
        *(projekt.daten, projekt.berichte, projekt.archiv, projekt.notebooks, projekt.layout),
        *(projekt.arbeit, projekt.site),
    )
    wurzel = projekt.wurzel.resolve()
    if wurzel.is_relative_to(pfad) or any(pfad.is_relative_to(e.resolve()) for e in eigene):
        raise BerichtswerkFehler(ZielImProjekt.melde(datei=ZIELDATEI, ziel=name, ordner=str(pfad)))
    return Ort(LocalFileSystem(skip_instance_cache=True), pfad.as_posix())


def _sftp(name: str, ziel: Sftpziel) -> Sftport:
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    class NurDieser(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        """Fragt bei jeder Verbindung: bekannte Schlüssel lädt hier niemand. fsspec nähme sonst jeden an."""

        def missing_host_key(self, client: Any, _rechner: str, schluessel: Any) -> None:
            if schluessel.fingerprint not in ziel.fingerabdruck:
                client.close()
                raise BerichtswerkFehler(_fremder_schluessel(name, ziel, schluessel))

    geheim = kennwort(name)
    anmeldung: dict[str, Any] = {
        "allow_agent": False,
        "look_for_keys": False,
    }  # sonst zu viele Versuche
    if ziel.schluessel:
        anmeldung |= {"key_filename": str(Path(ziel.schluessel).expanduser()), "passphrase": geheim or None}
    elif geheim:
        anmeldung |= {"password": geheim}
    else:
        anmeldung = {}
    fs = SFTPFileSystem(
        ziel.rechner, port=ziel.port, username=ziel.benutzer, host_key_policy=NurDieser(), timeout=WARTEN / 2,
        banner_timeout=WARTEN / 2, auth_timeout=WARTEN, skip_instance_cache=True, **anmeldung,
    )  # fmt: skip
    fs.ftp.get_channel().settimeout(WARTEN)
    return Sftport(fs, ziel.ordner.rstrip("/") or "/")


def _fremder_schluessel(name: str, ziel: Sftpziel, schluessel: Any) -> Meldung:
    kurz, genannt = schluessel.fingerprint, ", ".join(ziel.fingerabdruck)
    angaben: dict[str, Any] = {
        "rechner": _rechner(ziel),
        "ziel": name,
        "gezeigt": f"{kurz} ({schluessel.get_name()})",
    }
    if genannt:
        return ServerGeaendert.melde(datei=ZIELDATEI, genannt=genannt, **angaben)
    return ServerUnbekannt.melde(datei=ZIELDATEI, kurz=kurz, **angaben)


def _rechner(ziel: Ziel) -> str:
    if isinstance(ziel, Sftpziel):
        return f"{ziel.rechner}:{ziel.port}"
    return urlsplit(ziel.adresse).netloc if isinstance(ziel, Webdavziel) else "diesem Rechner"


@contextlib.contextmanager
def verstaendlich(name: str, ziel: Ziel) -> Iterator[None]:
    """Macht aus Fehlern der Bibliotheken Meldungen; geladen wird nur, was das Ziel ohnehin braucht."""
    rechner = _rechner(ziel)

    def melde(art: type[Befundart], grund: str, **mehr: Any) -> BerichtswerkFehler:
        benutzer = ziel.benutzer if isinstance(ziel, Sftpziel | Webdavziel) else ""
        angaben: dict[str, Any] = {
            "rechner": rechner,
            "ziel": name,
            "benutzer": benutzer,
            "variable": variable(name),
        }
        return BerichtswerkFehler(art.melde(datei=ZIELDATEI, grund=grund, **angaben, **mehr))

    fremd: Sequence[type[Exception]] = ()
    if isinstance(ziel, Sftpziel):
        from paramiko.ssh_exception import SSHException

        fremd = (SSHException, EOFError)
    elif isinstance(ziel, Webdavziel):
        import httpx
        from webdav4.client import ClientError

        fremd = (httpx.HTTPError, ClientError)
    try:
        yield
    except tuple(fremd) as fehler:
        if grund := _verweigert(fehler):
            raise melde(AnmeldungVerweigert, grund) from fehler
        if getattr(fehler, "msg", None):  # webdav4: der Server hat geantwortet
            raise melde(
                ZielSperrig, f"Der Server antwortet: {fehler}.", was=_stelle(fehler, ziel)
            ) from fehler
        raise melde(ZielUnerreichbar, _warum_unerreichbar(fehler)) from fehler
    except (ConnectionError, TimeoutError) as fehler:
        grund = warum(fehler) if fehler.errno else "Der Server antwortet nicht."
        raise melde(ZielUnerreichbar, grund) from fehler
    except OSError as fehler:
        abgerissen = not fehler.errno and str(fehler) == "Socket is closed"  # so sagt es paramiko
        if abgerissen or type(fehler).__name__ in {"gaierror", "NoValidConnectionsError"}:
            raise melde(ZielUnerreichbar, _warum_unerreichbar(fehler)) from fehler
        grund = warum(fehler) if fehler.errno else f"Der Server meldet: {fehler}"
        raise melde(ZielSperrig, grund, was=_stelle(fehler, ziel)) from fehler


def _warum_unerreichbar(fehler: Exception) -> str:
    """Der Grund in Worten, wo er sich erkennen lässt; sonst, was die Bibliothek sagt."""
    wortlaut = str(fehler)
    for muster, grund in _UNERREICHBAR:
        if re.search(muster, wortlaut):
            return grund
    return f"{type(fehler).__name__}: {wortlaut}".rstrip(": ")


def _verweigert(fehler: Exception) -> str:
    """Warum die Anmeldung scheiterte; leer, wenn es etwas anderes ist."""
    if getattr(fehler, "status_code", None) == 401:
        return "Benutzer oder Kennwort stimmen nicht, oder es ist keines gesetzt."
    name = type(fehler).__name__
    if name == "PasswordRequiredException":
        return "Der private Schlüssel ist mit einem Kennwort geschützt, und keines ist gesetzt."
    if "Authentication" in name or "No authentication methods" in str(fehler):
        return "Kennwort oder Schlüssel gelten dort nicht, oder es ist keines gesetzt."
    return ""


def _stelle(fehler: Exception, ziel: Ziel) -> str:
    """Welche Datei es war; beim Kopieren zählt, wohin. Sagt der Fehler keine, der Ort des Ziels."""
    for name in ("path", "filename2", "filename"):
        if stelle := getattr(fehler, name, None):
            return str(stelle)
    return ziel.datei if isinstance(ziel, Zipziel) else getattr(ziel, "ordner", "eine Datei")
