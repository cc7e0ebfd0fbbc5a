"""``layout/_brand.yml`` lesen und prüfen: jeder Befund auf Deutsch, mit Zeile, alle auf einmal.

Gebaut wird auf ``brand-yml``; den Text öffnen wir selbst (UTF-8 auch unter Windows). Was Stylesheet, PDF und
Abbildungen daraus schreiben, ist danach unbedenklich: Farben sind ``#rrggbb``, Schriftnamen bestehen aus
Buchstaben, Dateien liegen in ``layout/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from berichtswerk.grund.fremdes import svg_verboten
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import PfadFremd, PfadVerwehrt, Projekt
from berichtswerk.grund.yamldatei import Pfad, YamlDokument, YamlModell, lies_yaml
from berichtswerk.marke import farbe
from berichtswerk.marke.marke import DATEI, Diagrammfarben, Marke, Schriftdatei, Wortmarke

ROLLEN = (
    "foreground", "background", "primary", "secondary", "tertiary",
    "success", "info", "warning", "danger", "light", "dark",
)  # fmt: skip
_SCHRIFTNAME = re.compile(r"[^\W\d_][\w .+-]{0,59}")
_DIAGRAMM = ("defaults", "berichtswerk", "diagramm")
_LEIT = ("defaults", "berichtswerk", "leitfarben")


class KeineFarbe(Befundart):
    kennung = "marke-farbe"
    text = "„{wert}“ ist keine Farbe."
    ursache = "Erwartet wird die Form #rrggbb oder ein Name aus color.palette."
    abhilfe = "Schreiben Sie die Farbe sechsstellig, zum Beispiel #095c6d."


class MarkeLeer(Befundart):
    text = "Hier steht kein Wert."
    feld = "{name}"
    ursache = "Hinter dem Doppelpunkt ist die Zeile leer, oder dort steht null oder ~."
    abhilfe = "Tragen Sie den Wert ein, oder löschen Sie die Zeile: dann gilt die Vorgabe."


class FarbeFehlt(Befundart):
    kennung = "marke-farbe-fehlt"
    text = "Die Farbe „{rolle}“ ist nicht festgelegt."
    abhilfe = "Nennen Sie dort eine Farbe oder einen Namen aus color.palette."
    feld = "color.{rolle}"


class FarbnameUnbekannt(Befundart):
    kennung = "marke-farbname"
    text = "Die Farbe „{wert}“ ist nicht festgelegt."
    ursache = "Der Name steht weder unter color noch unter color.palette."
    abhilfe = "Vorhanden sind: {vorhanden}."


class FarbverweisImKreis(Befundart):
    kennung = "marke-palette"
    text = "Die Farben lassen sich nicht auflösen: Namen verweisen im Kreis aufeinander."
    abhilfe = "Nennen Sie unter color.palette je Namen eine Farbe der Form #rrggbb."


class KontrastZuKlein(Befundart):
    kennung = "marke-kontrast"
    text = "„{vorn}“ hebt sich von „{hinten}“ zu wenig ab."
    ursache = "Der Kontrast {farbe} auf {grund} ist {ist} : 1; nötig sind für {was} {soll} : 1."
    abhilfe = "Wählen Sie eine dunklere Farbe für „{vorn}“ oder eine hellere für „{hinten}“."


class FarbenAehnlich(Befundart):
    kennung = "marke-farben-aehnlich"
    text = "Die Kategorien {eins} und {zwei} sind für Menschen mit {sehweise} kaum zu unterscheiden."
    ursache = "Der Farbunterschied ist {ist}; deutlich zu sehen ist er ab 10."
    abhilfe = "Wählen Sie für eine der beiden eine deutlich hellere oder dunklere Farbe."
    feld = "defaults.berichtswerk.diagramm.kategorien"
    stufe = Stufe.WARNUNG


class SchriftFehlt(Befundart):
    kennung = "marke-schrift"
    text = "Die Hausschrift ist nicht festgelegt."
    abhilfe = "Nennen Sie eine Familie aus typography.fonts."
    feld = "typography.base.family"


class SchriftnameUnzulaessig(Befundart):
    kennung = "marke-schriftname"
    text = "„{name}“ ist kein Name einer Schrift."
    ursache = "Erlaubt sind höchstens 60 Buchstaben, Ziffern, Leerzeichen, Punkte, Plus und Bindestriche."
    abhilfe = "Schreiben Sie den Namen so, wie er in der Schriftdatei steht, etwa „Fira Sans“."
    feld = "typography.base.family"


class SchriftdateiFehlt(Befundart):
    kennung = "marke-schriftdatei"
    text = "Die Schriftdatei gibt es nicht."
    ursache = "Gesucht wurde {pfad} im Ordner der Markendatei."
    abhilfe = "Legen Sie die Datei dort ab oder berichtigen Sie den Pfad."


class SchriftOhneDateien(Befundart):
    kennung = "marke-schrift-ohne-dateien"
    text = "Zur Hausschrift „{familie}“ sind keine Dateien genannt."
    ursache = "Schriften kommen nur aus eigenen Dateien (source: file), nie aus dem Netz."
    abhilfe = "Nennen Sie die Dateien der Schnitte 400 und 600 unter typography.fonts."
    feld = "typography.fonts"


class MarkeAnders(Befundart):
    text = "Die Angaben unter „{teil}“ haben nicht die Form, die brand.yml verlangt."
    ursache = "Etwas darin fehlt oder ist von anderer Art, etwa eine Liste statt eines Textes."
    abhilfe = "Vergleichen Sie mit der vorigen Fassung; die Form beschreibt posit-dev.github.io/brand-yml."


class NameFehlt(Befundart):
    kennung = "marke-name"
    text = "Der Name ist nicht festgelegt."
    abhilfe = "Nennen Sie den Namen der Verwaltung, etwa „Landkreis Beispiel“."
    feld = "meta.name.full"


class WortmarkeFehlt(Befundart):
    kennung = "marke-wortmarke"
    text = "Die Wortmarke ist nicht festgelegt."
    abhilfe = "Nennen Sie unter logo.medium ein Bild für hellen (light) und eines für dunklen Grund (dark)."
    feld = "logo.medium"


class WortmarkeUnlesbar(Befundart):
    kennung = "marke-wortmarke-datei"
    text = "Die Wortmarke „{pfad}“ lässt sich nicht verwenden."
    ursache = "{grund}"
    abhilfe = "Legen Sie eine SVG-Datei ohne Skripte und ohne Verweise nach außen in layout/ ab."
    feld = "logo.medium"


class _Angaben(YamlModell):
    """``defaults.berichtswerk.diagramm``: Namen, die auf ``color`` und ``color.palette`` verweisen.

    ``stufen`` und ``gegensatz`` werden aus einer beziehungsweise zwei Farben berechnet oder als Liste von
    fünf Farben genannt.
    """

    fokus: str = "primary"
    akzent: str = "tertiary"
    vergleich: tuple[str, ...] = Field(default=("secondary", "secondary"), min_length=2)
    kategorien: tuple[str, ...] = Field(min_length=2, max_length=5)
    stufen: str | tuple[str, str, str, str, str] = "primary"
    gegensatz: tuple[str, str] | tuple[str, str, str, str, str] = ("tertiary", "primary")
    text: str = "foreground"
    text_leise: str = "secondary"
    achse: str = "secondary"
    gitter: str = "light"
    flaeche: str = "light"
    grund: str = "background"


class _Eigene(YamlModell):
    diagramm: _Angaben
    band: str = "tertiary"
    leitfarben: dict[str, str] = Field(default_factory=dict)


class _Vorgaben(BaseModel):
    model_config = ConfigDict(extra="ignore")
    berichtswerk: _Eigene


class _Zusatz(BaseModel):
    model_config = ConfigDict(extra="ignore")
    defaults: _Vorgaben


def lies(projekt: Projekt) -> Marke:
    """Liest und prüft ``layout/_brand.yml``.

    Raises:
        BerichtswerkFehler: mit einer Meldung je Befund.
    """
    dokument = lies_yaml(projekt.wurzel / DATEI, projekt)
    return _Leser(dokument, projekt).marke()


class _Leser:
    """Ein Durchgang durch die Datei; sammelt Befunde."""

    def __init__(self, dokument: YamlDokument, projekt: Projekt) -> None:
        self.projekt, self.layout = projekt, projekt.layout
        self.dokument, self.befunde = dokument, Meldungen()

    def marke(self) -> Marke:
        """Die geprüfte Marke."""
        from brand_yml import Brand

        for teil in ("color", "typography", "logo"):
            for pfad in _leere(self.dokument.daten.get(teil), (teil,)):
                self._melde(MarkeLeer, *pfad, name=".".join(map(str, pfad)))
        self.befunde.pruefe()
        try:
            brand: Any = self.dokument.als(Brand)
        except BerichtswerkFehler as fehler:
            raise BerichtswerkFehler([_deutsch(m) for m in fehler.meldungen]) from None
        except Exception as fehler:  # was nicht die erwartete Form hat, wirft dort KeyError, TypeError …
            if type(fehler).__name__ == "CircularReferenceError":
                self._melde(FarbverweisImKreis, "color", "palette")
            else:
                teil = self._formlos(Brand)
                self._melde(MarkeAnders, teil, teil=teil)
            raise BerichtswerkFehler(self.befunde) from None
        zusatz = self.dokument.als(_Zusatz)
        farben = self._farben(brand)
        self.befunde.pruefe()  # mit falschen Farben ließe sich nicht weiterrechnen
        diagramm = self._diagramm(zusatz.defaults.berichtswerk.diagramm, farben)
        band = self._loese(zusatz.defaults.berichtswerk.band, farben, "defaults", "berichtswerk", "band")
        leitfarben = self._leitfarben(zusatz.defaults.berichtswerk.leitfarben, farben)
        familie, staerke = self._schrift(brand)
        meta = brand.meta.name if brand.meta and brand.meta.name else None
        name = str(getattr(meta, "full", None) or meta or "").strip()
        if not name:
            self._melde(NameFehlt, "meta", "name", "full")
        schriften = self._schriften(brand, familie)
        wortmarke = self._wortmarke(brand)
        self._kontraste(farben, diagramm)
        for bericht, wert in leitfarben.items():
            self._kontrast((*_LEIT, bericht), wert, "color.light", farben["light"], "Texte")
        self.befunde.pruefe()
        assert wortmarke is not None
        return Marke(
            self.layout, name, str(getattr(meta, "short", None) or name), farben, diagramm,
            familie, staerke, schriften, wortmarke, band, leitfarben,
        )  # fmt: skip

    def _melde(self, art: type[Befundart], *pfad: str | int, **angaben: Any) -> None:
        self.befunde.dazu(self.dokument.melde(art, *pfad, **angaben))

    def _farben(self, brand: Any) -> dict[str, str]:
        farben = {k: str(v).lower() for k, v in (brand.color.to_dict() if brand.color else {}).items()}
        palette = self.dokument.daten.get("color", {}).get("palette") or {}
        for k, v in farben.items():
            roh = self.dokument.daten["color"].get(k)
            pfad: Pfad = ("color", k) if roh is not None else ("color", "palette", k)
            # ein Verweis auf einen falschen Eintrag ist an dem Eintrag falsch
            if not farbe.ist_farbe(v) and (roh is None or roh not in palette):
                self._melde(KeineFarbe, *pfad, wert=v)
        for rolle in ROLLEN:
            if rolle not in farben:
                self._melde(FarbeFehlt, "color", rolle, rolle=rolle)
        return farben

    def _loese(self, wert: Any, farben: dict[str, str], *pfad: str | int) -> Any:
        """Die Farbe zu einem Namen, oder jede einer Liste."""
        if not isinstance(wert, str):
            return tuple(self._loese(w, farben, *pfad, i) for i, w in enumerate(wert))
        ergebnis = farben.get(wert, wert.lower())
        if farbe.ist_farbe(ergebnis):
            return ergebnis
        self._melde(FarbnameUnbekannt, *pfad, wert=wert, vorhanden=", ".join(sorted(farben)))
        return farben["foreground"]

    def _diagramm(self, namen: _Angaben, farben: dict[str, str]) -> Diagrammfarben:
        f = {feld: self._loese(wert, farben, *_DIAGRAMM, feld) for feld, wert in namen.model_dump().items()}
        stufen, gegensatz = f.pop("stufen"), f.pop("gegensatz")
        klassen = farbe.stufen(stufen) if isinstance(stufen, str) else stufen
        pole = farbe.gegensatz(*gegensatz) if len(gegensatz) == 2 else gegensatz
        return Diagrammfarben(**f, klassen=klassen, pole=pole, leiter=farbe.leiter(klassen[3]))

    def _leitfarben(self, namen: dict[str, str], farben: dict[str, str]) -> dict[str, str]:
        return {bericht: self._loese(wert, farben, *_LEIT, bericht) for bericht, wert in namen.items()}

    def _schrift(self, brand: Any) -> tuple[str, int]:
        schrift = brand.typography
        familie = str(schrift.base.family if schrift and schrift.base else "" or "")
        if familie in ("", "None"):
            self._melde(SchriftFehlt, "typography", "base", "family")
            familie = ""
        elif not _SCHRIFTNAME.fullmatch(familie):
            self._melde(SchriftnameUnzulaessig, "typography", "base", "family", name=familie)
        staerke = schrift.headings.weight if schrift and schrift.headings else 600
        return familie, _staerke(staerke)

    def _schriften(self, brand: Any, familie: str) -> tuple[Schriftdatei, ...]:
        gefunden: list[Schriftdatei] = []
        for nr, f in enumerate(brand.typography.fonts if brand.typography else ()):
            for i, datei in enumerate(f.files if f.family == familie and f.source == "file" else ()):
                ort = ("typography", "fonts", nr, "files", i)
                pfad = self._eigene(str(datei.path.root), *ort)
                if pfad is not None and not pfad.is_file():
                    self._melde(SchriftdateiFehlt, *ort, pfad=datei.path.root)
                gefunden.append(Schriftdatei(pfad or self.layout, _staerke(datei.weight), str(datei.style)))
        if familie and not gefunden:
            self._melde(SchriftOhneDateien, "typography", "fonts", familie=familie)
        return tuple(gefunden)

    def _eigene(self, name: str, *ort: str | int) -> Path | None:
        """Der Pfad zu einer Datei unter ``layout/``; ``None``, wenn er hinausführt."""
        try:
            return self.projekt.datei(name, self.layout, self.layout)
        except PfadVerwehrt as fehler:
            self._melde(PfadFremd, *ort, **fehler.angaben)
            return None

    def _formlos(self, form: Any) -> str:
        """Der Teil der Datei, an dem die Bibliothek scheitert, ohne es zu sagen."""
        for teil, inhalt in self.dokument.daten.items():
            try:
                form.model_validate({teil: inhalt})
            except ValidationError:
                continue
            except Exception:
                return str(teil)
        return ""

    def _wortmarke(self, brand: Any) -> Wortmarke | None:
        bild = getattr(brand.logo, "medium", None) or getattr(brand.logo, "small", None)
        if bild is None:
            self._melde(WortmarkeFehlt, "logo", "medium")
            return None
        hell, dunkel = (getattr(bild, name, None) for name in ("light", "dark"))
        hell, dunkel = hell or dunkel or bild, dunkel or hell or bild
        pfade = [self._bild(str(b.path.root)) for b in (hell, dunkel)]
        alt = str(getattr(hell, "alt", None) or "")
        return Wortmarke(pfade[0], pfade[1], alt) if pfade[0] and pfade[1] else None

    def _bild(self, name: str) -> Path | None:
        pfad = self._eigene(name, "logo")
        if pfad is None:
            return None
        if not pfad.is_file():
            grund = "Die Datei gibt es nicht."
        elif pfad.suffix.lower() != ".svg":
            grund = "Es ist keine SVG-Datei."
        elif gefahr := svg_verboten(pfad.read_bytes()):
            grund = f"Sie enthält {gefahr}."
        else:
            return pfad
        self._melde(WortmarkeUnlesbar, "logo", pfad=name, grund=grund)
        return pfad

    def _kontraste(self, farben: dict[str, str], d: Diagrammfarben) -> None:
        """Was als Text oder als Linie dienen soll, muss sich abheben."""
        texte = ("foreground", "secondary", "primary", "info", "success", "warning", "danger")
        for hinten in ("background", "light"):
            for vorn in texte:
                self._kontrast(("color", vorn), farben[vorn], f"color.{hinten}", farben[hinten], "Texte")
        for feld in ("text", "text_leise", "fokus", "akzent"):
            self._kontrast((*_DIAGRAMM, feld), getattr(d, feld), "grund", d.grund, "Texte")
        linien = [("achse", d.achse), *(("kategorien", f) for f in d.kategorien)]
        for feld, wert in [*linien, *(("vergleich", f) for f in d.vergleich)]:
            self._kontrast((*_DIAGRAMM, feld), wert, "grund", d.grund, "Linien")

    def _kontrast(self, pfad: tuple[str, ...], vorn: str, name: str, hinten: str, was: str) -> None:
        soll = farbe.LESBAR if was == "Texte" else farbe.SICHTBAR
        ist = farbe.kontrast(vorn, hinten)
        if ist < soll:
            zahlen = {"ist": _komma(ist), "soll": _komma(soll), "farbe": vorn, "grund": hinten}
            self._melde(KontrastZuKlein, *pfad, vorn=pfad[-1], hinten=name, was=was, **zahlen)


_GRUENDE = (
    ("Sass", "Ein Farbname besteht aus a–z, A–Z, 0–9, - und _ und beginnt nicht mit einer Ziffer."),
    ("extension", "Hier wird der Pfad einer Datei mit passender Endung erwartet."),
    ("weight", "Hier wird eine Schriftstärke erwartet: 100 bis 900, normal oder bold."),
)


def _leere(knoten: Any, pfad: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Wo unter einem Teil der Datei ein Wert fehlt; fehlt der Teil selbst, ist das in Ordnung."""
    paare = (
        knoten.items() if isinstance(knoten, dict) else enumerate(knoten) if isinstance(knoten, list) else ()
    )
    for name, wert in paare:
        if wert is None:
            yield (*pfad, name)
        else:
            yield from _leere(wert, (*pfad, name))


def _deutsch(m: Meldung) -> Meldung:
    """Ersetzt die englischen Sätze von brand-yml."""
    if m.kennung != "yaml-wert-falsch" or m.text.startswith(("Hier ", "Der ", "Die ")):
        return m
    text = next((deutsch for teil, deutsch in _GRUENDE if teil in m.text), "Der Wert passt hier nicht.")
    return replace(m, text=text)


def _staerke(angabe: Any) -> int:
    wert = getattr(angabe, "root", angabe)
    return wert if isinstance(wert, int) else 700 if wert == "bold" else 400


def _komma(wert: float) -> str:
    # abgeschnitten, nicht gerundet: 4,49 ist nicht 4,5
    return f"{int(wert * 10) / 10:.1f}".replace(".", ",")


_SEHWEISEN: dict[farbe.Sehweise, str] = {
    "protan": "Rotblindheit",
    "deutan": "Grünblindheit",
    "tritan": "Blaublindheit",
}


def warnungen(marke: Marke) -> list[Meldung]:
    """Je Paar von Kategorien, das nicht alle unterscheiden können, eine Warnung."""
    befunde = []
    for (i, eins), (j, zwei) in combinations(enumerate(marke.diagramm.kategorien, 1), 2):
        for sehweise, name in _SEHWEISEN.items():
            ist = farbe.unterschied(*(farbe.simuliere(f, sehweise) for f in (eins, zwei)))
            if ist < farbe.DEUTLICH:
                angaben: dict[str, Any] = {
                    "eins": f"{i} ({eins})", "zwei": f"{j} ({zwei})", "sehweise": name, "ist": _komma(ist),
                }  # fmt: skip
                befunde.append(FarbenAehnlich.melde(datei=DATEI, **angaben))
                break
    return befunde
