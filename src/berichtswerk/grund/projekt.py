"""Das Projekt auf der Platte: wo was liegt. Der einzige Ort, der Ordnernamen kennt."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung


class ProjektFehlt(Befundart):
    text = "Hier liegt kein Berichtswerk-Projekt."
    ursache = "Hier und in den Ordnern darüber fehlt _quarto.yml oder daten/kreis.yaml."
    abhilfe = "Wechseln Sie in den Projektordner oder geben Sie ihn mit --projekt ORDNER an."


class PfadUnlesbar(Befundart):
    text = "Der Pfad des Projekts ist kein gültiges UTF-8; Schriften und Bilder ließen sich nicht finden."
    ursache = "Ein Ordner auf dem Weg hat einen Namen in einer alten Kodierung (hier als „?“)."
    abhilfe = "Benennen Sie ihn um oder legen Sie das Projekt anderswohin."


class TextKodierung(Befundart):
    text = "Der Text ist nicht in UTF-8 gespeichert, sondern {wie}."
    ursache = "So gelesen, stünden falsche Zeichen im Bericht."
    abhilfe = (
        "Öffnen Sie die Datei im Editor und speichern Sie sie mit der Kodierung UTF-8 "
        "(im Windows-Editor: Speichern unter, Codierung UTF-8)."
    )


class PfadFremd(Befundart):
    text = "Der Pfad „{was}“ gilt hier nicht."
    ursache = "{grund}"
    abhilfe = (
        "Legen Sie die Datei in {wo} und nennen Sie den Weg dorthin mit Schrägstrichen, ohne Laufwerk, "
        "Adresse und Verknüpfung nach draußen."
    )


class PfadVerwehrt(ValueError):
    """Ein genannter Pfad führt hinaus oder gilt nicht auf jedem Rechner."""

    def __init__(self, was: str, grund: str, wo: str = "den Projektordner") -> None:
        super().__init__(grund)
        self.angaben: dict[str, Any] = {"was": was, "grund": grund, "wo": wo}
        """füllt :class:`PfadFremd`"""

    def melde(self, *, datei: str = "", ort: str = "", feld: str = "") -> Meldung:
        """Die Meldung dazu, überall dieselbe."""
        return PfadFremd.melde(datei=datei, ort=ort, feld=feld, **self.angaben)


@dataclass(frozen=True, slots=True)
class Projekt:
    """Ein Projektordner mit ``_quarto.yml`` und ``daten/kreis.yaml``."""

    wurzel: Path

    @classmethod
    def finde(cls, start: Path | None = None) -> Projekt:
        """Sucht von ``start`` (sonst ``$BERICHTSWERK_PROJEKT``, sonst hier) aufwärts."""
        vorgabe = os.environ.get("BERICHTSWERK_PROJEKT")
        hier = (start or Path(vorgabe or ".")).resolve()
        for ordner in (hier, *hier.parents):
            if (ordner / "_quarto.yml").is_file() and (ordner / "daten" / "kreis.yaml").is_file():
                if (lesbar := str(ordner).encode("utf-8", "replace").decode()) != str(ordner):
                    raise BerichtswerkFehler(PfadUnlesbar.melde(datei=lesbar))
                return cls(ordner)
        raise BerichtswerkFehler(ProjektFehlt.melde(datei=str(hier)))

    @property
    def daten(self) -> Path:
        """``daten/``: Quellen, Kennzahlen, Gebiete, Lieferungen."""
        return self.wurzel / "daten"

    @property
    def quellen(self) -> Path:
        """``daten/quellen/``: eine YAML-Datei je Quelle."""
        return self.daten / "quellen"

    @property
    def kennzahlen(self) -> Path:
        """``daten/kennzahlen/``: eine YAML-Datei je Kennzahl."""
        return self.daten / "kennzahlen"

    @property
    def rechnungen(self) -> Path:
        """``daten/rechnungen/``: eine YAML-Datei je eigener Rechnung."""
        return self.daten / "rechnungen"

    @property
    def berichte(self) -> Path:
        """``berichte/``: ein Ordner je Bericht, darin einer je Ausgabe."""
        return self.wurzel / "berichte"

    @property
    def archiv(self) -> Path:
        """``archiv/``: Inhalte beschlossener Ausgaben unter ihrer Prüfsumme."""
        return self.wurzel / "archiv"

    @property
    def notebooks(self) -> Path:
        """``notebooks/``: ein Notizbuch je Fachplanung."""
        return self.wurzel / "notebooks"

    @property
    def layout(self) -> Path:
        """``layout/``: Marke, Stylesheet, Vorlagen."""
        return self.wurzel / "layout"

    @property
    def arbeit(self) -> Path:
        """``.berichtswerk/``: Zwischenergebnisse, von git ignoriert, jederzeit löschbar."""
        return self.wurzel / ".berichtswerk"

    @property
    def site(self) -> Path:
        """``_site/``: das Veröffentlichte."""
        return self.wurzel / "_site"

    def datei(self, name: str, ab: Path, grenze: Path | None = None) -> Path:
        """Die Datei, die jemand ab einem Ordner des Projekts nennt; ob es sie gibt, bleibt offen.

        Die eine Grenze für alles, was Texte, Bilder, Marke und Beschreibungen nennen: weder „..“ noch eine
        Verknüpfung führt aus ``grenze`` hinaus (ohne Angabe: aus dem Projekt), und der Name gilt auf jedem
        Rechner.

        Raises:
            PfadVerwehrt: mit dem Grund.
        """
        grenze = grenze or self.wurzel
        wo = (
            "den Projektordner" if grenze == self.wurzel else f"{grenze.relative_to(self.wurzel).as_posix()}/"
        )
        if grund := unzulaessig(name):
            raise PfadVerwehrt(name, grund, wo)
        teile = list(ab.relative_to(self.wurzel).parts)
        for teil in name.split("/"):
            if teil == ".." and not teile:
                raise PfadVerwehrt(name, HINAUF, wo)
            teile[len(teile) - (teil == "..") :] = [] if teil in ("", ".", "..") else [teil]
        pfad = self.wurzel.joinpath(*teile)
        if not pfad.is_relative_to(grenze):
            raise PfadVerwehrt(name, HINAUF, wo)
        if not os.path.realpath(pfad).startswith(_echt(self.wurzel) + os.sep):
            raise PfadVerwehrt(name, "Auf dem Weg dorthin liegt eine Verknüpfung nach draußen.", wo)
        return pfad

    def relativ(self, pfad: Path) -> str:
        """Pfad ab der Projektwurzel mit Schrägstrichen; so steht er in Meldungen und Nachweisen."""
        # die Ordner löst ein Lauf einmal auf, nicht für jede Datei darin
        echt = f"{_echt(pfad.parent)}{os.sep}{pfad.name}"
        if pfad.name in ("", "..") or pfad.is_symlink():
            echt = os.path.realpath(pfad)
        wurzel = _echt(self.wurzel) + os.sep
        if echt.startswith(wurzel):
            return echt[len(wurzel) :].replace(os.sep, "/")
        try:
            return Path(echt).relative_to(wurzel).as_posix()
        except ValueError:
            return pfad.name

    def lies_text(self, pfad: Path) -> str:
        """Ein Text, den Menschen schrieben: UTF-8, auch mit Kennung am Anfang; Zeilen enden mit ``\\n``.

        Raises:
            BerichtswerkFehler: ``text-kodierung``.
            OSError: die Datei ist nicht zu lesen.
        """
        if pfad.exists() and not pfad.is_file():  # eine Warteschlange gäbe nie etwas her
            raise FileNotFoundError(str(pfad))
        roh = pfad.read_bytes()
        try:
            text = roh.decode("utf-8-sig")
            stelle = text.find("\0")
        except UnicodeDecodeError as fehler:
            text, stelle = roh.decode("latin-1"), fehler.start
        if stelle >= 0:
            breit = b"\0" in roh or roh.startswith((b"\xff\xfe", b"\xfe\xff"))
            wie = "in UTF-16 (im Windows-Editor „Unicode“)" if breit else "wohl in Windows-1252 („ANSI“)"
            ort = f"Zeile {text.count(chr(10), 0, stelle) + 1}"
            raise BerichtswerkFehler(TextKodierung.melde(datei=self.relativ(pfad), ort=ort, wie=wie))
        return text.replace("\r\n", "\n").replace("\r", "\n")


HINAUF = "Der Weg führt mit „..“ hinaus."
_GERAET = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?")


def unzulaessig(name: str) -> str:  # noqa: PLR0911 (je Grund ein Satz)
    """Warum ein genannter Pfad nicht auf jedem Rechner gilt, in einem Satz; leer, wenn er gilt.

    Geprüft wird nur der Wortlaut: relativ, mit Schrägstrichen, ohne Namen, die Windows anders versteht.
    """
    if not name.strip():
        return "Er ist leer."
    if name.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z][\w+.-]*:", name):
        return "Er beginnt mit einem Laufwerk, einem Rechner, einer Adresse, „~“ oder der Wurzel."
    if lang := next((t for t in name.split("/") if len(t.encode()) > 255), ""):
        return f"„{lang[:40]}…“ ist länger, als ein Dateiname sein darf."
    if zeichen := next((z for z in name if z in '\\:*?"<>|' or not z.isprintable()), ""):
        return f"Das Zeichen {zeichen!a} gilt nicht in jedem Dateinamen."
    for teil in name.split("/"):
        if _GERAET.fullmatch(teil):
            return f"„{teil}“ ist unter Windows ein Gerät, keine Datei."
        if teil.endswith((".", " ")) and teil not in (".", ".."):
            return f"„{teil}“ endet mit einem Punkt oder Leerzeichen."
    return ""


@lru_cache(maxsize=256)
def _echt(ordner: Path) -> str:
    return os.path.realpath(ordner)
