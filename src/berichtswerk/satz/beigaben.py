"""Was Texte mitbringen: Literatur, Anlagen und Fotos der Ausgabe.

Alles geschieht am Markdown, ehe es gelesen wird: aus ``[@id]`` wird ein Link auf das Verzeichnis, aus
``anlagen/plan.pdf`` der Ort der Kopie neben der Seite, unter ein Foto kommt sein Nachweis. So steht in jedem
Format dasselbe, ohne dass ein Schreiber davon weiß.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from pydantic import ConfigDict, Field, RootModel

from berichtswerk.gegenstand.gegenstaende import Fliesstext
from berichtswerk.grund.ablage import Ablage, fassung, pruefsumme, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, Stufe, vorschlag
from berichtswerk.grund.projekt import PfadVerwehrt, Projekt
from berichtswerk.grund.yamldatei import YamlModell, lies_yaml
from berichtswerk.grund.zahl import schreibe
from berichtswerk.satz.form import ohne_code
from berichtswerk.tabelle.tabelle import maskiere
from berichtswerk.worte.sprache import alphabetisch

LITERATUR, ANLAGEN, FOTOS = "literatur.yaml", "anlagen/anlagen.yml", "bilder/bilder.yml"
KANTE = 1600
"""Pixel der längeren Kante eines Fotos: auf Seite und Papier scharf, in der Datei klein."""
RASTER = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
ANLAGENARTEN: Mapping[str, tuple[str, bytes]] = {
    ".pdf": ("PDF", b"%PDF-"),
    ".csv": ("CSV", b""),
    ".xlsx": ("Excel", b"PK\x03\x04"),
    ".docx": ("Word", b"PK\x03\x04"),
    ".ods": ("ODS", b"PK\x03\x04"),
    ".odt": ("ODT", b"PK\x03\x04"),
    ".txt": ("Text", b""),
    ".jpg": ("JPEG", b"\xff\xd8"),
    ".jpeg": ("JPEG", b"\xff\xd8"),
    ".png": ("PNG", b"\x89PNG"),
    ".geojson": ("GeoJSON", b"{"),
}
"""Was Anlage sein darf: Endung → Name für Menschen, Anfang der Datei. Nichts davon führt etwas aus."""
GROSS = 25_000_000
"""Bytes, ab denen eine Anlage für eine Website zu groß ist."""


class LiteraturUnvollstaendig(Befundart):
    text = "Dem Eintrag „{id}“ fehlt {was}."
    feld = "{id}"
    ursache = "Ohne diese Angabe fände niemand das Werk."
    abhilfe = "Ergänzen Sie {was}."


class LiteraturDoppelt(Befundart):
    text = "Die id „{id}“ steht zweimal."
    feld = "{id}"
    ursache = "Ein Verweis im Text wäre nicht eindeutig."
    abhilfe = "Geben Sie einem der Einträge eine andere id."


class LiteraturUngenannt(Befundart):
    text = "Den Eintrag „{id}“ nennt kein Text; er steht nicht im Verzeichnis."
    feld = "{id}"
    abhilfe = "Verweisen Sie im Text mit [@{id}] oder löschen Sie den Eintrag."
    stufe = Stufe.HINWEIS


class AnlageArt(Befundart):
    text = "„{name}“ kann keine Anlage sein."
    ursache = "{grund}"
    abhilfe = (
        "Erlaubt sind "
        + ", ".join(e[1:] for e in ANLAGENARTEN)
        + ". Speichern Sie die Datei so, oder entfernen Sie sie."
    )


class AnlageTitel(Befundart):
    text = "Der Anlage „{name}“ fehlt ein Titel."
    ursache = "Im Bericht stünde nur ihr Dateiname."
    abhilfe = "Schreiben Sie in anlagen/anlagen.yml: {name}: {{titel: …}}."
    stufe = Stufe.WARNUNG


class AnlageBarrieren(Befundart):
    text = "Die Anlage „{name}“ ist nicht barrierefrei: {was}."
    ursache = "Was eine Behörde veröffentlicht, muss auch vorgelesen werden können (PDF/UA)."
    abhilfe = "Speichern Sie das PDF mit Tags, Titel und Sprache neu (Word: Optionen, „PDF/UA-konform“)."
    stufe = Stufe.WARNUNG


class AnlageOrt(Befundart):
    text = "Die Anlage „{name}“ verrät, wo das Foto aufgenommen wurde."
    ursache = (
        "Kamera oder Telefon haben den Ort (GPS) in die Datei geschrieben; Anlagen bleiben, wie sie sind."
    )
    abhilfe = "Speichern Sie das Bild ohne diese Angaben, oder zeigen Sie es als Foto aus dem Ordner bilder/."


class AnlageGross(Befundart):
    text = "Die Anlage „{name}“ ist mit {groesse} sehr groß."
    ursache = "Wer sie unterwegs öffnet, wartet lange."
    abhilfe = "Verkleinern Sie Bilder darin oder teilen Sie die Datei."
    stufe = Stufe.WARNUNG


class BeigabeUnbekannt(Befundart):
    text = "Zu „{name}“ gibt es keine Datei."
    feld = "{name}"
    ursache = "Im Ordner {ordner} liegt keine Datei dieses Namens."
    abhilfe = "{rat}"


class FotoAngabe(Befundart):
    text = "Dem Foto „{name}“ fehlt {was}."
    ursache = "Jedes Foto braucht einen Alternativtext, einen Nachweis und eine Lizenz."
    abhilfe = "Schreiben Sie in bilder/bilder.yml: {name}: {{alt: …, urheber: …, lizenz: …}}."


class FotoUnlesbar(Befundart):
    text = "Das Foto „{name}“ lässt sich nicht lesen."
    ursache = "{grund}"
    abhilfe = "Speichern Sie es als JPEG, PNG oder WebP neu."


# --- Was in den Dateien steht ----------------------------------------------------------------------------


class Person(YamlModell):
    """Wer ein Werk verantwortet, wie in CSL: Name in Teilen, oder als Ganzes (``literal``)."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @property
    def kurz(self) -> str:
        """Wie im Text."""
        return self.literal or self.family

    @property
    def lang(self) -> str:
        """Wie im Verzeichnis."""
        return self.literal or ", ".join(t for t in (self.family, self.given) if t)


class Zeitangabe(YamlModell):
    """Ein Datum wie in CSL: ``date-parts: [[2020, 3, 1]]``."""

    date_parts: tuple[tuple[int, ...], ...] = Field(default=(), alias="date-parts")
    raw: str = ""
    model_config = ConfigDict(populate_by_name=True)


class Werk(YamlModell):
    """Ein Eintrag der Literatur mit den Feldern von CSL-JSON."""

    model_config = ConfigDict(populate_by_name=True)
    id: str = Field(pattern=r"^[A-Za-zÄÖÜäöüß0-9_][\wäöüß-]*$")
    type: str = "book"
    title: str = ""
    author: tuple[Person, ...] = ()
    editor: tuple[Person, ...] = ()
    issued: Zeitangabe | str = ""
    edition: str = ""
    publisher: str = ""
    publisher_place: str = Field(default="", alias="publisher-place")
    container_title: str = Field(default="", alias="container-title")
    collection_title: str = Field(default="", alias="collection-title")
    volume: str = ""
    issue: str = ""
    number: str = ""
    page: str = ""
    genre: str = ""
    doi: str = Field(default="", alias="DOI")
    isbn: str = Field(default="", alias="ISBN")
    url: str = Field(default="", alias="URL")
    accessed: Zeitangabe | str = ""
    note: str = ""

    @property
    def jahr(self) -> str:
        """Das Erscheinungsjahr; „o. J.“ gibt es nur, wenn es so dasteht."""
        if isinstance(self.issued, Zeitangabe):
            return str(self.issued.date_parts[0][0]) if self.issued.date_parts else self.issued.raw
        fund = re.search(r"\d{4}", self.issued)
        return fund[0] if fund else self.issued

    @property
    def namen(self) -> tuple[Person, ...]:
        """Wer vorn steht: Verfasser, sonst Herausgeber, sonst der Verlag."""
        return self.author or self.editor or ((Person(literal=self.publisher),) if self.publisher else ())

    def fehlende(self) -> list[str]:
        """Was zum Wiederfinden fehlt."""
        muss = {
            "der Titel (title)": self.title,
            "wer es verfasst hat (author, editor oder publisher)": self.namen,
            "das Jahr (issued)": self.jahr,
        }
        if self.type.startswith("article") or self.type == "chapter":
            muss["worin es erschienen ist (container-title)"] = self.container_title
        if self.type in {"webpage", "post-weblog"}:
            muss["die Adresse (URL)"] = self.url
        return [name for name, wert in muss.items() if not wert]

    def als_eintrag(self, jahr: str) -> str:
        """Der Eintrag im Verzeichnis als Markdown: „Nachname, Vorname (2020): Titel. Ort: Verlag.“"""
        namen = "; ".join(p.lang for p in self.namen) + (" (Hg.)" if self.editor and not self.author else "")
        teile = [f"{namen} ({jahr}): {self.title}"]
        if self.container_title:
            band = " ".join(t for t in (self.volume, f"({self.issue})" if self.issue else "") if t)
            teile.append(
                ", ".join(t for t in (f"In: {self.container_title} {band}".strip(), self._seiten()) if t)
            )
        if self.collection_title:
            teile.append(", ".join(t for t in (self.collection_title, self.number) if t))
        if self.edition:
            teile.append(f"{self.edition}. Aufl" if self.edition.isdigit() else self.edition)
        verlag = self.publisher if self.author or self.editor else ""
        teile.append(": ".join(t for t in (self.publisher_place, verlag) if t))
        text = " ".join(f"{maskiere(t.rstrip('.'))}." for t in teile if t)
        if ziel := self.url or (f"https://doi.org/{self.doi}" if self.doi else ""):
            wann = _tag(self.accessed)
            text += f" [{maskiere(ziel)}]({ziel})" + (f" (abgerufen am {wann})." if wann else ".")
        return text

    def _seiten(self) -> str:
        return f"S. {self.page.replace('-', '–')}" if self.page else ""


class Literaturdatei(YamlModell):
    """``literatur.yaml``: eine Liste unter ``literatur``."""

    literatur: tuple[Werk, ...] = ()


class Anlagenangabe(YamlModell):
    """Was ``anlagen.yml`` über eine Datei sagt."""

    titel: str = Field(min_length=1)


class Fotoangabe(YamlModell):
    """Was ``bilder.yml`` über ein Foto sagt."""

    alt: str = ""
    urheber: str = ""
    lizenz: str = ""


class Anlagendatei(RootModel[dict[str, Anlagenangabe]]):
    """``anlagen.yml``: Dateiname → Angaben."""


class Fotodatei(RootModel[dict[str, Fotoangabe]]):
    """``bilder.yml``: Dateiname → Angaben."""


def _tag(zeit: Zeitangabe | str) -> str:
    if isinstance(zeit, str):
        teile = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", zeit)
        return f"{int(teile[3])}.{int(teile[2])}.{teile[1]}" if teile else zeit
    return ".".join(str(t) for t in reversed(zeit.date_parts[0])) if zeit.date_parts else zeit.raw


# --- Am Markdown -----------------------------------------------------------------------------------------

_ID = r"[A-Za-zÄÖÜäöüß0-9_](?:[\wäöüß-]*\w)?"
_MARKE = r"(?!(?:fig|tbl|sec)-)"
_GRUPPE = re.compile(
    rf"(?<!\\)\[(?P<inhalt>[^\[\]]*?(?<![\w\\])-?@{_MARKE}{_ID}[^\[\]]*)\](?!\(|\{{|:|\[(?!\^))"
)
_TEIL = re.compile(rf"^(?P<davor>[^@]*?)(?P<ohne>-?)@(?P<id>{_ID})(?P<danach>.*)$", re.S)
_EINZELN = re.compile(rf"(?<![\w\\.@\[;-])@{_MARKE}(?P<id>{_ID})")
_FOTO = re.compile(
    r"!\[(?P<text>[^\]]*)\]\(<?(?P<ziel>bilder/(?:[^)\s<>]+|(?<=<bilder/)[^<>\n]+))>?\)(?P<attr>\{[^}\n]*\})?"
)
_ANLAGE = re.compile(r"(?<=\]\()(?:anlagen/(?P<name>[^)\s#<>]+)|<anlagen/(?P<mit>[^<>\n]+)>)")


@dataclass
class Beigaben:
    """Literatur, Anlagen und Fotos einer Ausgabe; sammelt, was die Texte davon nennen."""

    projekt: Projekt
    ordner: Path
    stamm: str
    ablage: Ablage | None = None
    meldungen: Meldungen = field(default_factory=Meldungen)
    dateien: dict[str, bytes] = field(default_factory=dict)
    """Was neben die Seite gehört: Name ab ``<stamm>/`` → Inhalt."""
    genannt: dict[str, Werk] = field(default_factory=dict)
    kaputt: set[str] = field(default_factory=set)
    """Namen der Angabendateien mit Fehlern: was in ihnen stehen müsste, fehlt nicht."""
    gelesen: set[Path] = field(default_factory=set)
    """Dateien, die Texte nennen; auch fehlende, denn sie könnten kommen."""

    def richte_her(self, markdown: str, datei: str, ort: str) -> str:
        """Ein Text mit Verweisen auf Literatur, Anlagen und Fotos, wie sie auf der Website gelten."""
        if not self.stamm:
            return markdown
        for muster, ersatz in (
            (_GRUPPE, self._gruppe), (_EINZELN, self._einzeln), (_ANLAGE, self._anlage),
            (_FOTO, lambda m, ganz: self._foto(m, ganz, datei, ort)),
        ):  # fmt: skip
            markdown = _ersetze(muster, ersatz, markdown)
        return markdown

    def anhaenge(self) -> Iterator[Fliesstext]:
        """Die Verzeichnisse am Ende des Berichts: Anlagen, Literatur; leere fehlen."""
        if not self.stamm:
            return
        if zeilen := list(self._anlagenliste()):
            yield Fliesstext(markdown="## Anlagen {.unnumbered}\n\n" + "\n".join(zeilen))
        self._melde_ungenannte()
        if self.genannt:
            folge = sorted(self.genannt.values(), key=self._schluessel)
            zeilen = [f"- []{{#lit-{w.id}}}{w.als_eintrag(self.jahre[w.id])}" for w in folge]
            yield Fliesstext(markdown="## Literatur {.unnumbered}\n\n" + "\n".join(zeilen))

    # --- Literatur -----------------------------------------------------------------------------------

    @cached_property
    def literatur(self) -> dict[str, Werk]:
        """Alle Einträge: die der Ausgabe gehen denen des Projekts vor."""
        alle: dict[str, Werk] = {}
        for pfad in (self.projekt.berichte / LITERATUR, self.ordner / LITERATUR):
            inhalt = self._lies(pfad, Literaturdatei)
            eigene: dict[str, Werk] = {}
            for werk in inhalt.literatur if inhalt else ():
                datei = self.projekt.relativ(pfad)
                if werk.id in eigene:
                    self.meldungen.dazu(LiteraturDoppelt.melde(datei=datei, id=werk.id))
                eigene[werk.id] = werk
                for was in werk.fehlende():
                    self.meldungen.dazu(LiteraturUnvollstaendig.melde(datei=datei, id=werk.id, was=was))
            alle |= eigene
        return alle

    @cached_property
    def jahre(self) -> dict[str, str]:
        """Je Eintrag sein Jahr; gleiche Namen mit gleichem Jahr bekommen a, b …"""
        je: dict[tuple[str, str], list[Werk]] = {}
        for werk in sorted(self.literatur.values(), key=lambda w: (w.title.casefold(), w.id)):
            je.setdefault((_wer(werk), werk.jahr), []).append(werk)
        return {
            w.id: w.jahr + (chr(97 + i) if len(gruppe) > 1 else "")
            for gruppe in je.values()
            for i, w in enumerate(gruppe)
        }

    def _schluessel(self, w: Werk) -> tuple[str, str, str]:
        return alphabetisch("; ".join(p.lang for p in w.namen)), self.jahre[w.id], w.title.casefold()

    def _gruppe(self, m: re.Match[str], ganz: str) -> str:
        teile = [_TEIL.match(t.strip()) for t in m["inhalt"].split(";")]
        if not all(t and t["id"] in self.literatur for t in teile):
            return m[0]  # meldet, wer den Verweis liest
        return "(" + "; ".join(self._zitat(t) for t in teile if t) + ")"

    def _zitat(self, t: re.Match[str]) -> str:
        werk = self.genannt[t["id"]] = self.literatur[t["id"]]
        name = self.jahre[werk.id] if t["ohne"] else f"{_wer(werk)} {self.jahre[werk.id]}"
        return f"{t['davor']}[{maskiere(name)}](#lit-{werk.id}){t['danach']}"

    def _einzeln(self, m: re.Match[str], ganz: str) -> str:
        werk = self.literatur.get(m["id"])
        if werk is None:
            return m[0]
        self.genannt[werk.id] = werk
        return f"{maskiere(_wer(werk))} ([{self.jahre[werk.id]}](#lit-{werk.id}))"

    def _melde_ungenannte(self) -> None:
        eigene = self._lies(self.ordner / LITERATUR, Literaturdatei)
        datei = self.projekt.relativ(self.ordner / LITERATUR)
        for werk in eigene.literatur if eigene else ():
            if werk.id not in self.genannt:
                self.meldungen.dazu(LiteraturUngenannt.melde(datei=datei, id=werk.id))

    # --- Anlagen -------------------------------------------------------------------------------------

    def _anlage(self, m: re.Match[str], ganz: str) -> str:
        return f"{self.stamm}/anlagen/{quote(m['mit']) if m['mit'] else m['name']}"

    def _anlagenliste(self) -> Iterator[str]:
        ordner = self.ordner / "anlagen"
        namen = sorted(p.name for p in ordner.iterdir() if p.name[0] not in "._") if ordner.is_dir() else []
        angaben = self._angaben(ANLAGEN, Anlagendatei, namen)
        for name in (n for n in namen if n != Path(ANLAGEN).name):
            inhalt = self._pruefe_anlage(ordner / name)
            if inhalt is None:
                continue
            self.dateien[f"anlagen/{name}"] = inhalt
            titel = angaben[name].titel if name in angaben else ""
            if name.lower().endswith(".pdf"):
                titel = titel or self._pruefe_pdf(ordner / name, inhalt)
            if not titel and Path(ANLAGEN).name not in self.kaputt:
                self.meldungen.dazu(AnlageTitel.melde(datei=self.projekt.relativ(ordner / name), name=name))
            art = ANLAGENARTEN[Path(name).suffix.lower()][0]
            ort = f"{self.stamm}/anlagen/{quote(name)}"
            yield f"- [{maskiere(titel or name)}]({ort}) ({art}, {_groesse(len(inhalt))})"

    def _pruefe_anlage(self, pfad: Path) -> bytes | None:
        datei, name = self.projekt.relativ(pfad), pfad.name
        art = ANLAGENARTEN.get(pfad.suffix.lower())
        grund = ""
        if verwehrt := self._verwehrt(name, pfad.parent):
            grund = verwehrt
        elif not pfad.is_file():
            grund = "Das ist keine Datei."
        elif art is None:
            grund = f"Dateien mit der Endung „{pfad.suffix or 'keine'}“ werden nicht veröffentlicht."
        elif not (inhalt := pfad.read_bytes()).startswith(art[1]) or _fuehrt_aus(inhalt, art[1]):
            grund = "Der Inhalt passt nicht zur Endung oder enthält Programme (Makros, HTML)."
        else:
            if len(inhalt) > GROSS:
                self.meldungen.dazu(AnlageGross.melde(datei=datei, name=name, groesse=_groesse(len(inhalt))))
            if art[0] in RASTER.values() and _nennt_ort(inhalt, art[0]):
                self.meldungen.dazu(AnlageOrt.melde(datei=datei, name=name))
            return inhalt
        self.meldungen.dazu(AnlageArt.melde(datei=datei, name=name, grund=grund))
        return None

    def _pruefe_pdf(self, pfad: Path, inhalt: bytes) -> str:
        """Meldet, was der Barrierefreiheit fehlt; gibt den Titel zurück, den das PDF selbst nennt."""
        datei = self.projekt.relativ(pfad)
        try:
            titel, fehlt = _pdf_befund(inhalt)
        except Exception as fehler:  # pikepdf wirft je nach Schaden Verschiedenes, auf Englisch
            grund = str(fehler) if isinstance(fehler, ValueError) else "Das PDF ist beschädigt."
            if type(fehler).__name__ == "PasswordError":
                grund = "Das PDF verlangt ein Kennwort."
            self.meldungen.dazu(AnlageArt.melde(datei=datei, name=pfad.name, grund=grund))
            return pfad.name
        if fehlt:
            was = ", ".join(fehlt)
            self.meldungen.dazu(AnlageBarrieren.melde(datei=datei, name=pfad.name, was=was))
        return titel

    # --- Fotos ---------------------------------------------------------------------------------------

    @cached_property
    def fotos(self) -> Mapping[str, Fotoangabe]:
        """Was ``bilder.yml`` sagt."""
        ordner = self.ordner / "bilder"
        return self._angaben(FOTOS, Fotodatei, [p.name for p in ordner.iterdir()] if ordner.is_dir() else [])

    def _foto(self, m: re.Match[str], ganz: str, datei: str, ort: str) -> str:
        ziel = unquote(m["ziel"])
        pfad, name = self.ordner / ziel, ziel.removeprefix("bilder/")
        if pfad.suffix.lower() not in RASTER or not pfad.is_file() or self._verwehrt(ziel, self.ordner):
            return m[0]  # SVG, und was der Leser selbst meldet
        zeile = ganz.count("\n", 0, m.start()) + 1
        angabe, attr = self.fotos.get(name, Fotoangabe()), m["attr"] or ""
        eigener = m["text"].strip() or "alt=" in attr
        fehlt = {
            "ein Alternativtext (alt)": eigener or angabe.alt.strip(),
            "der Nachweis, wer es aufgenommen hat (urheber)": angabe.urheber.strip(),
            "die Lizenz (lizenz)": angabe.lizenz.strip(),
        }
        for was in (w for w, da in fehlt.items() if not da and Path(FOTOS).name not in self.kaputt):
            wo = self.projekt.relativ(self.ordner / FOTOS) if (self.ordner / FOTOS).is_file() else datei
            stelle = "" if wo != datei else ort or f"Zeile {zeile}"
            self.meldungen.neue([FotoAngabe.melde(datei=wo, ort=stelle, name=name, was=was)])
        self.dateien[ziel] = self._zugerichtet(pfad) or b""
        if not eigener:
            alt = " ".join((angabe.alt or "ohne Angabe").replace('"', "”").replace("\\", "\\\\").split())
            attr = attr[:-1] + f' fig-alt="{alt}"}}' if attr else f'{{fig-alt="{alt}"}}'
        wer = maskiere(", ".join(t for t in (angabe.urheber, angabe.lizenz) if t))
        nachweis = f"[Foto: {wer}]{{.bw-bildnachweis}}"
        bild = f"![{m['text']}]({self.stamm}/{quote(ziel)}){attr}"
        allein = ganz[ganz.rfind("\n", 0, m.start()) + 1 : m.start()].strip() == ""
        rest = ganz[m.end() : ganz.find("\n", m.end()) if "\n" in ganz[m.end() :] else None]
        return f"{bild}\n\n{nachweis}\n" if allein and not rest.strip() else f"{bild} {nachweis}"

    def _zugerichtet(self, pfad: Path) -> bytes | None:
        roh = pfad.read_bytes()
        schluessel = summe(pruefsumme(roh), str(KANTE), pfad.suffix.lower(), fassung("pillow"))
        fertig = self.ablage.hole("foto", schluessel) if self.ablage else None
        if fertig is None:
            try:
                fertig = verkleinere(roh, RASTER[pfad.suffix.lower()])
            except Exception as fehler:  # Pillow wirft je nach Schaden Verschiedenes
                datei = self.projekt.relativ(pfad)
                grund = str(fehler) if isinstance(fehler, Unbrauchbar) else "Die Datei ist beschädigt."
                self.meldungen.neue([FotoUnlesbar.melde(datei=datei, name=pfad.name, grund=grund)])
                return None
            if self.ablage:
                self.ablage.lege("foto", schluessel, fertig)
        return fertig

    def _verwehrt(self, name: str, ab: Path) -> str:
        """Warum die Datei nicht gelesen werden darf; leer, wenn sie es darf."""
        try:
            self.gelesen.add(self.projekt.datei(name, ab))
        except PfadVerwehrt as fehler:
            return str(fehler)
        return ""

    # --- Angaben -------------------------------------------------------------------------------------

    def _lies(self, pfad: Path, modell: type[Any]) -> Any:
        """Eine Datei mit Angaben; ``None``, wenn es sie nicht gibt oder sie Fehler hat."""
        if not pfad.is_file():
            return None
        try:
            return lies_yaml(pfad, self.projekt).als(modell)
        except BerichtswerkFehler as fehler:
            self.meldungen.neue(fehler.meldungen)
            self.kaputt.add(pfad.name)
            return None

    def _angaben(self, name: str, modell: type[Any], da: Iterable[str]) -> Mapping[str, Any]:
        pfad, vorhanden = self.ordner / name, sorted(da)
        inhalt = self._lies(pfad, modell)
        angaben: dict[str, Any] = inhalt.root if inhalt else {}
        for fremd in (n for n in angaben if n not in vorhanden):
            rat = vorschlag(fremd, vorhanden) or "Legen Sie die Datei dorthin oder löschen Sie den Eintrag."
            befund = BeigabeUnbekannt.melde(
                datei=self.projekt.relativ(pfad), name=fremd, ordner=pfad.parent.name, rat=rat
            )
            self.meldungen.neue([befund])
        return angaben


def _ersetze(muster: re.Pattern[str], ersatz: Callable[[re.Match[str], str], str], markdown: str) -> str:
    """Ersetzt Fundstellen außerhalb von Quelltext."""
    verdeckt = ohne_code(markdown)
    teile, ab = [], 0
    for m in muster.finditer(verdeckt):
        teile += [markdown[ab : m.start()], ersatz(m, markdown)]
        ab = m.end()
    return "".join([*teile, markdown[ab:]]) if ab else markdown


def _wer(werk: Werk) -> str:
    """„Nachname“, „Nachname/Zweitname“, „Nachname u. a.“."""
    namen = [p.kurz for p in werk.namen]
    return f"{namen[0]} u. a." if len(namen) > 2 else "/".join(namen) or "o. A."


def _groesse(anzahl: int) -> str:
    if anzahl < 1_000_000:
        return f"{schreibe(max(1, anzahl / 1000))}\u00a0KB"
    return f"{schreibe(anzahl / 1e6, 1)}\u00a0MB"


def _fuehrt_aus(inhalt: bytes, anfang: bytes) -> bool:
    """Ob eine Datei Makros, HTML oder einen Programmkopf trägt."""
    if anfang == b"PK\x03\x04":
        return b"vbaProject" in inhalt or b"/Basic/" in inhalt
    if anfang in {b"", b"{"}:
        kopf = inhalt[:2000].lstrip().lower()
        return kopf.startswith((b"<", b"mz", b"\x7felf", b"#!")) or b"<script" in kopf or b"\0" in kopf
    return False


_AUSFUEHREND = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
"""Was ein PDF ausführen oder mitbringen kann, wo auch immer es darin steht."""


def _nennt_ort(inhalt: bytes, art: str) -> bool:
    """Ob ein Bild sagt, wo es aufgenommen wurde; ein unlesbares sagt nichts."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(inhalt), formats=[art]) as bild:
            return bool(bild.getexif().get_ifd(0x8825)) or b"exif:GPSL" in inhalt
    except Exception:  # Pillow wirft je nach Schaden Verschiedenes
        return False


class Unbrauchbar(ValueError):
    """Warum ein lesbares Bild kein Foto sein kann."""


def _pdf_befund(inhalt: bytes) -> tuple[str, list[str]]:
    """Titel und was zur Barrierefreiheit fehlt.

    Raises:
        ValueError: verschlüsselt, oder es führt etwas aus; der Text ist für Menschen.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(inhalt)) as pdf:
        wurzel: Any = pdf.Root
        if pdf.is_encrypted:
            raise ValueError("Das PDF ist verschlüsselt.")
        stapel: list[Any] = list(pdf.objects)
        while stapel:
            teil = stapel.pop()
            if isinstance(teil, pikepdf.Array):
                stapel += [k for k in teil if isinstance(k, pikepdf.Object) and not k.is_indirect]
            if not isinstance(teil, pikepdf.Dictionary | pikepdf.Stream):
                continue
            if _AUSFUEHREND & set(teil.keys()) or str(teil.get("/S", "")) in {"/JavaScript", "/Launch"}:
                raise ValueError("Das PDF enthält Skripte, startet Programme oder bringt Dateien mit.")
            stapel += [k for _, k in teil.items() if isinstance(k, pikepdf.Object) and not k.is_indirect]
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            titel = str(xmp.get("dc:title", "") or pdf.docinfo.get("/Title", "")).strip()
            ua = "pdfuaid:part" in xmp
        markiert = bool(wurzel.get("/MarkInfo", {}).get("/Marked", False)) and "/StructTreeRoot" in wurzel
        angaben = {
            "Tags fehlen": markiert,
            "die Kennung PDF/UA fehlt": ua,
            "der Titel fehlt": titel,
            "die Sprache fehlt": str(wurzel.get("/Lang", "")),
        }
    return titel, [was for was, da in angaben.items() if not da]


def verkleinere(roh: bytes, art: str) -> bytes:
    """Ein Foto aufrecht, höchstens :data:`KANTE` Pixel lang, in sRGB und ohne Angaben über Ort und Gerät.

    Gleiche Eingabe, gleiche Bytes.

    Raises:
        Unbrauchbar: kein Bild dieser Art, oder mehr Pixel, als ein Foto hat.
        OSError: die Datei ist beschädigt.
    """
    from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

    try:
        offen = Image.open(io.BytesIO(roh), formats=[art])
    except UnidentifiedImageError:
        raise Unbrauchbar(f"Der Inhalt ist kein {art}: Endung und Inhalt passen nicht zusammen.") from None
    except Image.DecompressionBombError:
        raise Unbrauchbar("Es hat mehr Pixel, als ein Foto haben kann.") from None
    with offen:
        if offen.width * offen.height > 120_000_000:
            raise Unbrauchbar(f"Es hat {offen.width} mal {offen.height} Pixel.")
        profil = offen.info.get("icc_profile")
        bild: Any = ImageOps.exif_transpose(offen)
        durchsichtig = art != "JPEG" and (bild.mode in {"RGBA", "LA", "PA"} or "transparency" in bild.info)
        if profil and bild.mode in {"RGB", "RGBA", "CMYK"}:
            von, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profil)), ImageCms.createProfile("sRGB")
            ziel = "RGBA" if bild.mode == "RGBA" else "RGB"
            bild = ImageCms.profileToProfile(bild, von, srgb, outputMode=ziel) or bild
        bild = bild.convert("RGBA" if durchsichtig else "RGB")
        bild.thumbnail((KANTE, KANTE), Image.Resampling.LANCZOS)
        neu = Image.new(bild.mode, bild.size)  # nichts von dem, was an der Datei hing
        neu.paste(bild)
    puffer = io.BytesIO()
    if art == "PNG":
        neu.save(puffer, art, optimize=True)
    else:
        neu.save(puffer, art, quality=82, optimize=True)
    return puffer.getvalue()
