"""Vom Dokument zum Manuskript: Texte gelesen und geprüft, alles gezählt, Verweise aufgelöst.

Danach kennt jeder Schreiber Nummern und Gliederung; keiner liest, was ein anderer schrieb.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Dokument,
    Fliesstext,
    Gegenstand,
    Kopf,
    Quellenangabe,
    Randnotiz,
    Randzahl,
    Tabelle,
    Ueberschrift,
)
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.fremdes import svg_verboten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import PfadFremd, PfadVerwehrt, Projekt
from berichtswerk.marke.schrift import ungesetzte
from berichtswerk.satz import form, pandoc
from berichtswerk.satz.befunde import fundort, meldung, zeichen_fehlt
from berichtswerk.satz.beigaben import LITERATUR, RASTER, Beigaben
from berichtswerk.satz.pandoc import Knoten, TextHaengt, inhalt
from berichtswerk.satz.prosa import WOERTLICH, Leser, Prosa, alle_knoten, ist_nachweis, klartext
from berichtswerk.satz.raster import Anmerkungen, Auftakt, Kurzbotschaften, Zeile, ordne, zerlege

NAMEN = {"fig": "Abbildung", "tbl": "Tabelle", "sec": "Kapitel"}
_KOPF = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.S)
_INCLUDE = re.compile(r"^\{\{<\s*include\s+([^>\s]+)\s*>\}\}[ \t]*$", re.M)


Einfach = Gegenstand | Prosa
"""Ein Teil, der nichts Zusammengesetztes ist."""
Teil = Einfach | Auftakt | Zeile | Kurzbotschaften | Anmerkungen


@dataclass(frozen=True, slots=True)
class Marke:
    """Worauf ein Verweis zeigt: Art (``fig``, ``tbl``, ``sec``), Nummer (leer: ungezählt), Titel."""

    art: str
    nummer: str
    titel: str

    @property
    def name(self) -> str:
        """„Abbildung 3“; bei ungezählten Kapiteln ihr Titel."""
        return f"{NAMEN[self.art]}\u00a0{self.nummer}" if self.nummer else f"„{self.titel}“"


@dataclass(frozen=True, slots=True)
class Gliederungspunkt:
    """Eine Überschrift: Ebene ab 1, Nummer (leer, wenn ungezählt), Text, Sprungmarke, Unterpunkte."""

    ebene: int
    nummer: str
    titel: str
    marke: str
    kinder: tuple[Gliederungspunkt, ...] = ()


@dataclass(frozen=True, slots=True)
class Manuskript:
    """Alles, was ein Schreiber braucht. ``oberste`` ist die Ebene der Kapitel, ``ordner`` der der Bilder."""

    kopf: Kopf
    teile: tuple[Teil, ...]
    marken: Mapping[str, Marke]
    gliederung: tuple[Gliederungspunkt, ...]
    oberste: int
    ordner: Path
    quellen: tuple[Quellenangabe, ...] = ()
    """Alle Quellen mit Nummer, in der Reihenfolge ihrer Nennung."""
    zeichen: tuple[str, ...] = ()
    """Was die Zeichen in Tabellen bedeuten („. = keine Angabe“), jedes einmal."""
    eingebunden: tuple[str, ...] = ()
    """Dateien ab der Projektwurzel, die Texte nennen: Eingebundenes, Bilder, Fotos."""
    dateien: Mapping[str, bytes] = field(default_factory=dict)
    """Anlagen und zugerichtete Fotos, wie sie neben die Seite gehören: Name ab ``<stamm>/`` → Inhalt."""

    def datei(self, ziel: str) -> bytes | None:
        """Der Inhalt eines Fotos oder einer Anlage, auf die ein Text verweist; sonst ``None``."""
        return self.dateien.get(unquote(ziel).removeprefix(f"{self.kopf.stamm}/"))

    def einzeln(self) -> Iterator[Einfach]:
        """Alle Teile ohne das Raster: Texte und Gegenstände in der Reihenfolge des Lesens."""
        for teil in self.teile:
            if isinstance(teil, Zeile):
                for t in (*teil.haupt, *teil.rand):
                    if not isinstance(t, Kurzbotschaften | Randnotiz | Randzahl):
                        yield t
            elif isinstance(teil, Auftakt):
                yield teil.kopf
            elif not isinstance(teil, Kurzbotschaften | Anmerkungen):
                yield teil

    def nummer(self, kennung: str) -> str:
        """Nummer einer Überschrift, Abbildung oder Tabelle; leer, wenn ungezählt."""
        marke = self.marken.get(kennung)
        return marke.nummer if marke else ""


def lies(
    dokument: Dokument, projekt: Projekt, ordner: Path, ablage: Ablage | None = None
) -> tuple[Manuskript, Meldungen]:
    """Liest die Texte eines Dokuments und zählt; Befunde sind gesammelt, nicht geworfen.

    ``ordner``: worauf sich Bilder und eingebundene Dateien in Texten beziehen.
    """
    lauf = _Lauf(projekt, ordner, dokument.kopf, Beigaben(projekt, ordner, dokument.kopf.stamm, ablage))
    inhalt_: list[Gegenstand] = []
    arten: list[str] = []
    for g in dokument.inhalt:
        if not isinstance(g, Fliesstext):
            inhalt_.append(g)
            continue
        for art, markdown in zerlege(lauf.eingebunden(g)) or [("", "")]:
            inhalt_.append(g.model_copy(update={"markdown": markdown}))
            arten.append(art)
    anhaenge = list(lauf.beigaben.anhaenge())
    lauf.meldungen.neue(lauf.beigaben.meldungen)
    inhalt_ += anhaenge
    texte = [g for g in inhalt_ if isinstance(g, Fliesstext)]
    arten += [""] * len(anhaenge)
    gelesen = iter(zip(arten, pandoc.lies([t.markdown for t in texte], ablage), strict=True))
    einfach: list[Einfach] = [
        lauf.prosa(g, *next(gelesen)) if isinstance(g, Fliesstext) else g for g in inhalt_
    ]
    literatur = {f"lit-{i}": Marke("lit", "", i) for i in lauf.beigaben.genannt}
    zaehler = _Zaehler(dokument.kopf.gezaehlt, _oberste(einfach))
    einfach = [zaehler.nimm(t) for t in einfach]
    lauf.pruefe_verweise(einfach, zaehler)
    geordnet = ordne(einfach, zaehler.marken, zaehler.oberste)
    lauf.meldungen.neue(lauf.mit_zeile(befund, quelle) for befund, quelle in geordnet.meldungen)
    manuskript = Manuskript(
        dokument.kopf, geordnet.teile, zaehler.marken | literatur, zaehler.gliederung(), zaehler.oberste,
        ordner, geordnet.quellen, geordnet.zeichen,
        tuple(sorted(p.relative_to(projekt.wurzel).as_posix() for p in lauf.beigaben.gelesen)),
        lauf.beigaben.dateien,
    )  # fmt: skip
    return manuskript, lauf.meldungen


@dataclass(slots=True)
class _Lauf:
    """Was beim Lesen gefunden wird, mit Ort in der Datei des Menschen."""

    projekt: Projekt
    ordner: Path
    kopf: Kopf
    beigaben: Beigaben
    meldungen: Meldungen = field(default_factory=Meldungen)
    eingebundene: dict[str, list[Path]] = field(default_factory=dict)
    formlos: set[tuple[str, str]] = field(default_factory=set)
    """Texte (Datei, Zelle), an deren Form etwas falsch ist."""

    def melde(
        self, kennung: str, was: str, text: Fliesstext, bekannt: tuple[str, ...] = (), **angaben: Any
    ) -> None:
        if kennung in WOERTLICH and (text.datei, text.ort) in self.formlos:
            return
        if kennung in {"satz-bindung-offen", "satz-kurzbefehl"} and "{{" not in text.markdown:
            return  # maskiert (\\{\\{): ein Name, der so heißt
        datei, ort = self._fundort(text, was)
        befund = meldung(kennung, was, datei, ort, bekannt=bekannt, **angaben)
        if befund not in self.meldungen.liste:
            self.meldungen.dazu(befund)

    def _fundort(self, text: Fliesstext, was: str) -> tuple[str, str]:
        """Datei und „Zeile 12“, wo der Wortlaut steht, auch in eingebundenen; in Notizbüchern die Zelle."""
        if text.ort or not text.datei:
            return text.datei, text.ort
        dateien = [self.projekt.wurzel / text.datei, *self.eingebundene.get(text.datei, ())]
        fund = fundort(was, dateien) or fundort(unquote(was), dateien)
        return (self.projekt.relativ(fund[0]), fund[1]) if fund else (text.datei, "")

    def mit_zeile(self, befund: Meldung, text: Fliesstext | None) -> Meldung:
        """Der Befund mit der Zeile, in der das Stück Text beginnt, wo sie so in der Datei steht."""
        if text is None or befund.ort or not text.datei.endswith(".md"):
            return befund
        erste = next((z.strip() for z in text.markdown.split("\n") if z.strip()), "")
        pfad = self.projekt.wurzel / text.datei
        zeilen = self.projekt.lies_text(pfad).split("\n") if pfad.is_file() else []
        nummern = (nr for nr, z in enumerate(zeilen, 1) if z.strip() == erste)
        return replace(befund, ort=f"Zeile {nr}") if (nr := next(nummern, 0)) else befund

    def datei(self, name: str, ab: Path, text: Fliesstext) -> Path | None:
        """Die Datei, die ein Text ab ``ab`` nennt; gilt der Pfad nicht, wird es gemeldet."""
        try:
            pfad = self.projekt.datei(unquote(name), ab)
            self.beigaben.gelesen.add(pfad)
            return pfad
        except PfadVerwehrt as fehler:
            self.melde(PfadFremd.kennung, text=text, **{**fehler.angaben, "was": name})
            return None

    def eingebunden(self, text: Fliesstext) -> str:
        """Der Text mit allem Eingebundenen, ohne Kommentare; dabei wird die Form jeder Datei geprüft."""
        ist_text = text.datei.endswith((".md", ".qmd"))
        datei = self.projekt.wurzel / text.datei if ist_text else self.ordner / "notizbuch"
        geschrieben = text.markdown
        if ist_text:
            with contextlib.suppress(OSError, BerichtswerkFehler):  # meldet, wer sie zuerst las
                geschrieben = self.projekt.lies_text(datei)
        if not text.datei.startswith("layout/"):  # Pflichtseiten sind Vorlagen, ihr Text entsteht erst
            self._pruefe_form(geschrieben, text.datei, text)
        ganz = form.ohne_kommentare(self._binde_ein(text.markdown, (datei,), text))
        return self.beigaben.richte_her(ganz, text.datei, text.ort)

    def _pruefe_form(self, geschrieben: str, datei: str, text: Fliesstext) -> None:
        befunde = form.pruefe(geschrieben, datei, text.ort, self.kopf.status)
        for zeichen, zeilen in ungesetzte(form.sichtbar(geschrieben), self.projekt.layout / "fonts").items():
            wo = f"Zeile{'n' * (len(zeilen) > 1)} {', '.join(map(str, zeilen))}"
            befunde.append(zeichen_fehlt(zeichen, datei, text.ort or wo))
        self.meldungen.neue(befunde)
        if any(b.stufe is Stufe.FEHLER for b in befunde):
            self.formlos.add((text.datei, text.ort))

    def _binde_ein(self, markdown: str, weg: tuple[Path, ...], text: Fliesstext) -> str:
        """Ersetzt ``{{< include pfad >}}``; Kreise, Fehlendes und Fremdes werden gemeldet."""

        def ersetze(fund: re.Match[str]) -> str:
            ziel = self.datei(fund[1], weg[-1].parent, text)
            if ziel is None:
                return ""
            if ziel.resolve() in {w.resolve() for w in weg}:
                self.melde("satz-include-kreis", fund[1], text)
                return ""
            try:
                inhalt = self.projekt.lies_text(ziel)
            except OSError:
                self.melde("satz-include-fehlt", fund[1], text)
                return ""
            except BerichtswerkFehler as fehler:
                self.meldungen.neue(fehler.meldungen)
                return ""
            self.eingebundene.setdefault(text.datei, []).append(ziel)
            rumpf = _KOPF.sub("", inhalt, count=1)
            davor = inhalt[: len(inhalt) - len(rumpf)]
            self._pruefe_form("\n" * davor.count("\n") + rumpf, self.projekt.relativ(ziel), text)
            return self._binde_ein(rumpf, (*weg, ziel), text)

        return _INCLUDE.sub(ersetze, markdown)

    def prosa(self, text: Fliesstext, art: str, bloecke: list[Knoten] | None) -> Prosa:
        if bloecke is None:
            sekunden = f"{pandoc.GRENZE_S:.0f}"
            self.meldungen.dazu(TextHaengt.melde(datei=text.datei, ort=text.ort, sekunden=sekunden))
            return Prosa((), text, art)

        def melde(kennung: str, was: str) -> None:
            if kennung != "bild":
                self.melde(kennung, was, text)
                return
            if self.kopf.stamm and unquote(was).removeprefix(f"{self.kopf.stamm}/") in self.beigaben.dateien:
                return
            pfad = self.datei(was, self.ordner, text)
            if pfad is None:
                return
            svg = was.lower().endswith(".svg")
            foto = was.startswith("bilder/") and pfad.suffix.lower() in RASTER
            if not (svg or foto):
                self.melde("satz-bild-format", was, text)
            elif not pfad.is_file():
                self.melde("satz-bild-fehlt", was, text)
            elif not svg:
                self.melde("satz-bild-format", was, text)
            elif pfad is not None and (grund := svg_verboten(pfad.read_bytes())):
                self.melde("satz-bild-unsicher", was, text, grund=grund)

        return Prosa(tuple(Leser(melde).bloecke(bloecke, oben=True)), text, art)

    def pruefe_verweise(self, teile: Sequence[Einfach], zaehler: _Zaehler) -> None:
        """Verweise ins Leere, doppelte Marken und übersprungene Ebenen."""
        bekannte_ziele = {*zaehler.marken, *(f"lit-{i}" for i in self.beigaben.genannt)}
        bekannt = tuple(sorted(m for m in zaehler.marken if m.partition("-")[0] in NAMEN))
        texte = [t for t in teile if isinstance(t, Prosa)]
        anker_in: dict[str, set[str]] = {}
        for t in texte:
            anker = {k["c"][0][0] for k in alle_knoten(t.bloecke) if k["t"] in {"Span", "Div"}}
            anker_in.setdefault(t.quelle.datei, set()).update(anker)
        for teil in texte:
            geprueft = bool(teil.quelle.datei)  # was das Haus selbst schreibt, verweist auf das, was es macht
            anker = anker_in[teil.quelle.datei]
            for k in alle_knoten(teil.bloecke):
                if (
                    geprueft
                    and k["t"] == "Link"
                    and (grund := self._tot(k["c"][2][0], {*bekannte_ziele, *anker}))
                ):
                    ziel = k["c"][2][0]
                    quellen = (ziel.replace(".html", e) for e in (".ipynb", ".qmd"))
                    geschrieben = next((q for q in quellen if q in teil.quelle.markdown), ziel)
                    geschrieben = geschrieben.removeprefix(f"{self.kopf.stamm}/")
                    self.melde("link-tot", geschrieben, teil.quelle, bekannt, grund=grund)
                if k["t"] == "Verweis":
                    for marke, _ in k["c"]:
                        if marke.partition("-")[0] not in NAMEN:
                            bekannte = tuple(self.beigaben.literatur)
                            if LITERATUR not in self.beigaben.kaputt:
                                self.melde("satz-zitat", marke, teil.quelle, bekannte)
                        elif marke not in zaehler.marken:
                            self.melde("satz-verweis-offen", marke, teil.quelle, bekannt)
        for kennung, was, woher in zaehler.befunde:
            quelle = woher.quelle if isinstance(woher, Prosa) else Fliesstext(markdown="")
            self.melde(kennung, was, quelle)

    def _tot(self, ziel: str, marken: set[str]) -> str:
        """Warum ein Link ins Leere führt; leer, wenn er gilt. Fremde Seiten werden nicht aufgerufen."""
        try:
            teile = urlsplit(ziel)
        except ValueError:
            return "Die Adresse ist nicht zu lesen."
        if teile.scheme or teile.netloc:
            return _falsche_adresse(teile)
        if not teile.path:
            fehlt = bool(teile.fragment) and unquote(teile.fragment) not in marken
            return "Diese Sprungmarke setzt der Bericht nicht." if fehlt else ""
        return self._unveroeffentlicht(unquote(teile.path))

    def _unveroeffentlicht(self, ziel: str) -> str:
        """Warum es eine Datei auf der Website nicht gibt; leer, wenn es sie gibt."""
        eigener, _, rest = ziel.partition("/")
        if self.kopf.stamm and eigener == self.kopf.stamm:  # was neben dieser Seite liegt
            fehlt = rest.startswith("anlagen/") and rest not in self.beigaben.dateien
            if fehlt and (self.ordner / rest).exists():
                return "Sie kann keine Anlage sein; warum, sagt die Meldung zur Datei."
            return f"Im Ordner anlagen/ liegt {Path(rest).name} nicht." if fehlt else ""
        try:
            pfad = self.projekt.datei(ziel, self.ordner)
        except PfadVerwehrt as fehler:
            return str(fehler)
        if self._ist_seite(pfad):
            return ""
        if pfad.is_file():
            return "Es gibt die Datei, aber veröffentlicht wird sie nur aus dem Ordner anlagen/."
        return "Die Datei gibt es im Ordner der Ausgabe nicht."

    def _ist_seite(self, pfad: Path) -> bool:
        """Ob dort eine Seite der Website entsteht: ein Bericht oder eine der übrigen."""
        if pfad.suffix not in {".html", ".ipynb", ".qmd", ".pdf"}:
            return False
        ort = Path(self.projekt.relativ(pfad)).parts
        if len(ort) == 1 or ort[0] == "seiten":
            return True
        ordner = pfad.parent
        return (ordner / "bericht.yml").is_file() and pfad.name.startswith(
            f"{ordner.parent.name}-{ordner.name}"
        )


def _falsche_adresse(teile: SplitResult) -> str:
    if teile.scheme in {"http", "https"} and "." not in teile.netloc:
        return "Die Adresse nennt keinen Server."
    return "Die Adresse hat kein @." if teile.scheme == "mailto" and "@" not in teile.path else ""


def kapitelkoepfe(bloecke: Sequence[Knoten]) -> Iterator[Knoten]:
    """Überschriften, die zählen: nicht die in Kästen und Listen."""
    for k in bloecke:
        if k["t"] == "Kopf":
            yield k
        elif k["t"] == "Nur":
            yield from kapitelkoepfe(k["c"][2])
        elif k["t"] == "Div":
            yield from kapitelkoepfe(k["c"][1])


def _oberste(teile: Sequence[Einfach]) -> int:
    ebenen = [t.ebene for t in teile if isinstance(t, Ueberschrift)]
    ebenen += [k["c"][0] for t in teile if isinstance(t, Prosa) for k in kapitelkoepfe(t.bloecke)]
    return min(ebenen, default=2)


class _Zaehler:
    """Zählt in der Reihenfolge des Dokuments und macht Kennungen eindeutig."""

    def __init__(self, gezaehlt: bool, oberste: int) -> None:
        self.gezaehlt, self.oberste = gezaehlt, oberste
        self.marken: dict[str, Marke] = {}
        self.befunde: list[tuple[str, str, Einfach]] = []
        self._stand = [0] * 10
        self._anzahl: Counter[str] = Counter()
        self._vergeben: Counter[str] = Counter()
        self._letzte = 0
        self._punkte: list[tuple[int, str, str, str]] = []

    def nimm(self, teil: Einfach) -> Einfach:
        """Zählt einen Teil; Überschriften bekommen dabei ihre Kennung."""
        if isinstance(teil, Abbildung | Tabelle):
            self._zaehle(teil.label, teil.unterschrift, teil)
        elif isinstance(teil, Ueberschrift):
            kennung = self._kopf(teil.ebene, teil.marke, teil.text, teil.gezaehlt, teil)
            return teil.model_copy(update={"marke": kennung})
        elif isinstance(teil, Prosa):
            return Prosa(tuple(self._bloecke(teil.bloecke, teil)), teil.quelle, teil.art)
        return teil

    def _bloecke(self, bloecke: Sequence[Knoten], teil: Prosa) -> list[Knoten]:
        return [self._block(k, teil) for k in bloecke]

    def _block(self, k: Knoten, teil: Prosa) -> Knoten:
        c = inhalt(k)
        if k["t"] == "Kopf":
            ebene, marke, klassen, text = c
            kennung = self._kopf(ebene, marke, klartext(text), "unnumbered" not in klassen, teil)
            return {"t": "Kopf", "c": [ebene, kennung, klassen, text]}
        if k["t"] == "Nur":
            return {"t": "Nur", "c": [c[0], c[1], self._bloecke(c[2], teil)]}
        if k["t"] == "Div":
            return {"t": "Div", "c": [c[0], self._bloecke(c[1], teil)]}
        if k["t"] in {"Bild", "Tafel"} and c[0]:
            worte = c[1] if k["t"] == "Tafel" else c[3]
            ohne = [i for i in worte if not ist_nachweis(i)]
            titel = klartext(ohne)
            self._zaehle(c[0], titel if len(ohne) == len(worte) else titel.rstrip(" ."), teil)
        return k

    def _zaehle(self, marke: str, titel: str, teil: Einfach) -> None:
        art = marke[:3]
        if marke in self.marken:
            self.befunde.append(("satz-marke-doppelt", marke, teil))
        self._anzahl[art] += 1
        self.marken[marke] = Marke(art, str(self._anzahl[art]), titel)

    def _kopf(self, ebene: int, marke: str, titel: str, gezaehlt: bool, teil: Einfach) -> str:
        tiefe = ebene - self.oberste
        if ebene == 1 and self._punkte and self._punkte[0][0] > 1:
            self.befunde.append(("satz-kopf-erste", titel, teil))
        elif not self._punkte and self.oberste == 1:
            pass  # die falsche ist die mit einer Raute, nicht diese
        elif tiefe > self._letzte + (1 if self._punkte else 0):
            self.befunde.append(("satz-ebene-sprung", titel, teil))
        self._letzte = tiefe
        nummer = ""
        if gezaehlt and self.gezaehlt:
            self._stand[tiefe] += 1
            self._stand[tiefe + 1 :] = [0] * (len(self._stand) - tiefe - 1)
            nummer = ".".join(map(str, self._stand[: tiefe + 1]))
        kennung = self._eindeutig(marke or _kennung(titel), teil)
        self.marken[kennung] = Marke("sec", nummer, titel)
        self._punkte.append((tiefe + 1, nummer, titel, kennung))
        return kennung

    def _eindeutig(self, kennung: str, teil: Einfach) -> str:
        """Gleiche Überschriften bekommen -1, -2 …; gleiche ``sec-…`` sind ein Fehler."""
        anzahl = self._vergeben[kennung]
        self._vergeben[kennung] += 1
        if not anzahl:
            return kennung
        if kennung.startswith("sec-"):
            self.befunde.append(("satz-marke-doppelt", kennung, teil))
        return f"{kennung}-{anzahl}"

    def gliederung(self) -> tuple[Gliederungspunkt, ...]:
        """Die Überschriften als Baum."""
        return _baum(self._punkte, 1)[0]


def _baum(
    punkte: Sequence[tuple[int, str, str, str]], ebene: int
) -> tuple[tuple[Gliederungspunkt, ...], Sequence[tuple[int, str, str, str]]]:
    fertig = []
    while punkte and punkte[0][0] >= ebene:
        tiefe, nummer, titel, marke = punkte[0]
        kinder, punkte = _baum(punkte[1:], tiefe + 1)
        fertig.append(Gliederungspunkt(tiefe, nummer, titel, marke, kinder))
    return tuple(fertig), punkte


def _kennung(titel: str) -> str:
    """Wie pandoc aus dem Titel eine Sprungmarke macht."""
    text = re.sub(r"[^\w\s.-]", "", titel.lower())
    return re.sub(r"^[^a-zäöüß]+", "", re.sub(r"\s+", "-", text.strip())) or "abschnitt"


def verzeichnisse(m: Manuskript) -> list[tuple[str, list[tuple[str, str]]]]:
    """Überschrift und Einträge (Marke, Unterschrift) von Abbildungs- und Tabellenverzeichnis, ohne leere.

    Den Ort, um den es im ganzen Bericht geht, und womit er verglichen wird, nennt dort kein Eintrag.
    """
    ort = re.escape(m.kopf.gebiet_name)
    verglichen = r"(?:(?:, | und )(?:im Land [^\s,(]+|in Deutschland))*"
    hier = re.compile(rf" i[mn] (?:Land |Amt )?{ort}{verglichen}(?=[,:( ]|$)") if ort else None
    alle = [
        (
            titel,
            [(k, hier.sub("", z.titel) if hier else z.titel) for k, z in m.marken.items() if z.art == art],
        )
        for titel, art in (("Abbildungen", "fig"), ("Tabellen", "tbl"))
    ]
    return [(titel, eintraege) for titel, eintraege in alle if eintraege]
