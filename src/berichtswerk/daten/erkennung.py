"""Wie eine unbekannte Lieferung aufgebaut ist: Familie, Kodierung, Kopf, Gebiet, Zeit, Werte, Zahlform.

:func:`erkenne` sieht sich die Zellen an, schlägt eine Beschreibung vor und liest mit ihr: was der Leser daran
beanstandet, wird ergänzt, wo nur eines gemeint sein kann, und sonst gefragt. Geraten wird nie.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from berichtswerk.daten.lesen import BELEGT, Kopf
from berichtswerk.daten.leser import auftraege, leser, lies
from berichtswerk.daten.leser.grund import Blatt, Formel, Verbunden, als_text, art_von, glatt
from berichtswerk.daten.leser.kopf import Tabellenkopf, teile
from berichtswerk.daten.leser.text import beste_kodierung, geoeffnet, ist_gepackter_text
from berichtswerk.daten.leser.werte import lies_zeit, verbinde_zeit
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, aufgezaehlt
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import Zahlform
from berichtswerk.grund.zeichen import DIN

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis
    from berichtswerk.daten.tabelle import Tabelle

MEIST = 0.8
"""Ab diesem Anteil gilt eine Spalte als Schlüssel, Namen oder Zahlen."""
KOPFHOEHE = 9
"""Mehr Kopfzeilen hat keine Lieferung."""
VERSUCHE = 8
"""So oft wird ergänzt und wieder gelesen."""
_ZAHL = re.compile(r"[(]?[+\-−–]?\s?\d[\d.,\u00a0\u202f\u2009 ]*([)]|\s?([a-z]|%|‰|€|[¹²³⁰⁴-⁹*†]+|\d?\)))*")
_SCHLUESSEL = re.compile(r"(0[1-9]|1[0-6])(\d{3}(\d{3,4}(\d{3})?)?)?|[1-9]\d{3}(\d{3}(\d{4})?)?|DG|DE|D")
_WERTARTIG = re.compile(
    r"(?i)(?:ca\.?|rd\.?|etwa|rund|(ü|ue)ber|unter|mind\w*\.?|max\w*\.?|[<>≤≥~≈])?\s*-?\d"
)
_TAUSENDER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_JAHRESZAHL = re.compile(r"(19|20)\d{2}")
_ZEICHEN = frozenset(DIN) | {"*", "•", "n.a.", "k.A.", "k. A.", "—", "--", "**", "g", "k", "t", "u", "/"}
_SCHLUESSELWORT = re.compile(
    r"(?i)\b(gebiet|ags|ars|gkz|agr|rs|kennziffer|schl(ü|ue)ssel\w*|schl|nummer|kreis-?nr|gem(einde)?-?(nr|kennziffer))\b"
    r"|schl(ü|ue)ssel|^\d_.*(code|Code)$|^schl\."
)
_NAMENSWORT = re.compile(
    r"(?i)gebiet|gemeinde|kreis|stadt|region|\bort\b|\bamt\b|kommune|raumeinheit|name|land"
)
_ZEITWORT = re.compile(
    r"(?i)^(bezugs|berichts|kalender|haushalts|erhebungs|kita-?|kindergarten|schul|wahl|daten)?-?jahre?\b|^(zeit"
    r"|zeitraum|zeitpunkt|time|year|datum|stichtag|tag|(bezugs|berichts)?(monat|quartal|zeitraum|zeit)|periode)\b"
)
_FREMDZEIT = re.compile(
    r"(?i)gebietsstand|^stand|\bstand\b|abruf|erstell|©|lizen|grenzen|zuordnung|export|druck|zensus|basis|\bgültig"
    r"|\bgueltig|aktualis|ver(ö|oe)ffentlich|redaktion|ausgabe|erschien"
)
_KEIN_WERT = re.compile(
    r"(?i)\bplz\b|postleit|\blon\b|\blat\b|l(ä|ae)ngengrad|breitengrad|koordinat|schl(ü|ue)ssel|telefon|lfd|^nr\.?$|nuts|^id$|_id$"
    r"|_roh$|satz-?art|kenn-?zeichen|^rang"
)
_BEIWERK = re.compile(
    r"(?i)quelle|anmerkung|bemerkung|hinweis|fu(ß|ss)note|kommentar|gebietsstand|^stand|basis"
)
_ALTERWORT = re.compile(
    r"(?i)alter|jahrgang|klasse|stufe|\bvon\b|\bbis\b|_von|_bis|gruppe|code|monat|gr(ö|oe)(ß|ss)e"
)
_GLIEDERUNG = re.compile(
    r"(?i)^(alter|altersjahre?|lebensjahre?|pflegegrad|klassenstufe|jahrgangsstufe)$|(^|[_ ])(von|bis)$"
)
_GROESSENWORT = re.compile(
    r"(?i)^(indikator|kennzahl|merkmal|messgr(ö|oe)(ß|ss)e|variable|item|gr(ö|oe)(ß|ss)e)$"
)
_EINHEITSWORT = re.compile(r"(?i)^(ma(ß|ss))?einheit(en)?$|^unit$|_unit$")
_WERTWORT = re.compile(r"(?i)^(wert|value|anzahl|zahl|betrag|n)$")
_JAHR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_KOPFJAHR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d(?!\)))")
"""auch mit Fußnote: „20241)“"""
_GESAMT = re.compile(r"(?i)^(insgesamt|gesamt|summe|kreis|landkreis|kreis(gebiet)? (insgesamt|gesamt)|"
                     r"(land)?kreis:? (insgesamt|gesamt)|zusammen|total)[.:]?$")  # fmt: skip
_EINHEITEN = frozenset({"anzahl", "prozent", "%", "personen", "eur", "euro", "tsd. eur", "qkm", "km²", "ha"})
_TITELZEIT = (
    r"\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}",
    r"\d{1,2}\.\s?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
    r"\s(?:19|20)\d{2}",
    r"(?:Schuljahr|SJ)\s(?:19|20)\d{2}/\d{2,4}",
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\s(?:19|20)\d{2}",
    r"[1-4]\.\s?Quartal\s(?:19|20)\d{2}",
    r"(?<!\d)(?:19|20)\d{2}(?![\d/])",
)


BEDEUTUNGEN = ("null", "unbekannt", "geheim", "spaeter", "fehlt")
"""Was ein Zeichen statt einer Zahl heißen kann; seltenere Bedeutungen stehen in docs/quellen.md."""
WAHL: Mapping[str, tuple[str, ...]] = {
    "zahlform": get_args(Zahlform),
    "strich": ("null", "unbekannt"),
    "minus": ("hinten", "klammer", "vorn"),
    "ebene": ("gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"),
    "prozent": ("prozentwert", "anteil"),
    "formeln": ("gespeicherter_wert",),
    "verstecktes": ("lesen", "weglassen"),
    "durchgestrichen": ("lesen", "fehlt"),
    "hochgestellt": ("lesen", "fehlt"),
}
"""Frage (und Option von ``quelle neu``) → was man antworten kann."""
_STRICHE = ("-", "–", "\u2212", "—", "--")
_KLARE = re.compile(
    r"(?i)k\.? ?a\.?|keine angaben?|n\.? ?v\.?|n\. ?a\.|n/a|nicht (verfügbar|bekannt|erhoben)|unbekannt|keine daten"
    r"|#nv|#n/a"
)
"""was nur „nicht bekannt“ heißen kann"""


class AufbauUnklar(Befundart):
    text = "Wie die Lieferung aufgebaut ist, ist nicht zu erkennen: {was}."
    ursache = "{grund}"
    abhilfe = "Beschreiben Sie sie von Hand; docs/quellen.md nennt jede Angabe mit einem Beispiel."


class GebietWiderspricht(Befundart):
    text = "Die Lieferung nennt selbst Gebiete: {gebiete}. Dazu passt die Angabe „{gebiet}“ nicht."
    ursache = "Mit ihr gälten alle Werte für dieses eine Gebiet."
    abhilfe = "Lassen Sie --gebiet weg, oder nennen Sie die Spalte, in der die Gebiete stehen."


class ZeitWiderspricht(Befundart):
    text = "Die Lieferung nennt selbst Zeiten: {zeiten}. Dazu passt die Angabe „{zeit}“ nicht."
    ursache = "Mit ihr gälten alle Werte für diese eine Zeit."
    abhilfe = "Lassen Sie --zeit weg."


class EntscheidungOffen(Befundart):
    text = "{frage}"
    ursache = "{grund}"
    abhilfe = "Entscheiden Sie mit --{option}; möglich: {moeglich}."


@dataclass(frozen=True)
class Frage:
    """Was nur ein Mensch entscheiden kann."""

    option: str
    """Name der Option und der Vorgabe, die antwortet"""
    frage: str
    moeglich: tuple[str, ...]
    grund: str = ""
    zeichen: str = ""
    """welches Zeichen gemeint ist (Option ``zeichen``)"""

    def meldung(self, datei: str) -> Meldung:
        """Der Befund, wenn niemand antwortet."""
        moeglich = [f"„{self.zeichen}={m}“" for m in self.moeglich] if self.zeichen else self.moeglich
        return EntscheidungOffen.melde(datei=datei, option=self.option, frage=self.frage, grund=self.grund,
                                       moeglich=" oder ".join(moeglich))  # fmt: skip


class FragenOffen(Exception):
    """Ohne diese Antworten wird nichts geschrieben."""

    def __init__(self, fragen: Sequence[Frage]) -> None:
        super().__init__()
        self.fragen = list(fragen)


class KeineTabelle(Exception):
    """Auf diesem Blatt ist keine Tabelle zu erkennen; sagt, warum."""


@dataclass
class Vorgaben:
    """Antworten auf Fragen; leer heißt: nicht gegeben."""

    blatt: str = ""
    zahlform: str = ""
    strich: str = ""
    zeit: str = ""
    gebiet: str = ""
    ebene: str = ""
    minus: str = ""
    """auch mehreres: „hinten,klammer“"""
    prozent: str = ""
    formeln: str = ""
    verstecktes: str = ""
    durchgestrichen: str = ""
    hochgestellt: str = ""
    zeichen: dict[str, str] = field(default_factory=dict)
    """Zeichen der Lieferung → was es heißt"""
    groessen: dict[str, str] = field(default_factory=dict)
    """Kopftext oder vorgeschlagener Name → gewünschter Name der Messgröße"""

    def beantwortet(self, frage: Frage) -> bool:
        """Ob auf diese Frage schon geantwortet ist."""
        if frage.zeichen:
            return frage.zeichen in self.zeichen
        antwort = getattr(self, frage.option)
        if frage.option == "minus":
            return not set(frage.moeglich).isdisjoint(antwort.split(","))
        return bool(antwort)

    def antworte(self, frage: Frage, antwort: str) -> None:
        """Trägt die Antwort ein."""
        if frage.zeichen:
            self.zeichen[frage.zeichen] = antwort
        elif frage.option == "minus" and self.minus:
            self.minus += f",{antwort}"
        else:
            setattr(self, frage.option, antwort)


@dataclass
class Fund:
    """Eine Beschreibung, mit der sich die Lieferung lesen läßt, oder was ihr noch im Weg steht."""

    angaben: dict[str, Any]
    """wie sie in der YAML steht, ohne Namen, Pfad und was nur Menschen wissen"""
    tabelle: Tabelle | None
    befunde: list[Meldung]
    bemerkungen: list[str]
    titel: str = ""


def erkenne(pfad: Path, verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben) -> Fund:
    """Erkennt den Aufbau und liest zur Probe.

    Raises:
        FragenOffen: etwas muß ein Mensch entscheiden.
        BerichtswerkFehler: keine Tabelle, kein bekanntes Gebiet, Datei kaputt.
    """
    with tempfile.TemporaryDirectory(prefix="bw-quelle-") as ordner:
        probe = Projekt(Path(ordner))
        ziel = probe.daten / "dateien" / pfad.name
        ziel.parent.mkdir(parents=True)
        shutil.copyfile(pfad, ziel)
        return _Erkennung(ziel, probe, verzeichnis, vorgaben).erkenne()


def _beschreibung(datei: str, angaben: Mapping[str, Any]) -> Quelle:
    statistik = {
        "herausgeber": "x", "stand": "2000-01-01", "attribution": "x", "ressort": "x",
        "periodizitaet": "einmalig", "herkunft": "fachamt", **angaben.get("statistik", {}),
    }  # fmt: skip
    return Quelle.model_validate(
        {"name": "probe", "title": "x", "path": f"dateien/{datei}", **angaben, "statistik": statistik}
    )


@dataclass
class _Aufbau:
    """Was auf einem Blatt erkannt ist."""

    blatt: Blatt
    lesen: dict[str, Any]
    bemerkungen: list[str]
    kopf: Tabellenkopf
    zeit_gefunden: bool
    titel: str
    ohne_jahr: bool
    """ob nirgends außerhalb der Daten ein Jahr steht"""
    dazu: Mapping[str, Any]
    """wo Monat oder Quartal im Kopf stehen, wenn das Jahr anderswo steht"""
    unlesbar: str
    """welche Zeitangaben nicht zu lesen sind"""


class _Erkennung:
    def __init__(
        self, pfad: Path, probe: Projekt, verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben
    ) -> None:
        self._pfad, self._probe, self._verzeichnis, self._vorgaben = pfad, probe, verzeichnis, vorgaben
        self._gebiet = lru_cache(maxsize=None)(self._suche_gebiet)

    def _suche_gebiet(self, text: str) -> str:
        """Der eigene Schlüssel; leer, wenn keines oder mehrere gemeint sein können."""
        treffer = self._verzeichnis.treffer(text)
        if not treffer and re.fullmatch(r"[1-9]\d{3}(\d{3}(\d{4})?)?", text):
            treffer = self._verzeichnis.treffer("0" + text)
        return treffer[0].schluessel if len(treffer) == 1 else ""

    def erkenne(self) -> Fund:
        with self._pfad.open("rb") as datei:
            anfang = datei.read(65_536)
        art = art_von(anfang)
        self._angaben: dict[str, Any] = {}
        text = art in {"text", "utf16"} or (art == "xlsx" and ist_gepackter_text(self._pfad))
        if text and re.match(rb"(10|20|40|50|60)\d{8}(0[1-9]|1[0-6])", anfang):
            return self._probiere(self._gv100(), [], "")
        self._angaben |= self._textangaben(art) if text else {"format": self._endung("xlsx")}
        blaetter = self._blaetter("csv" if text else "xlsx")
        if text and (familie := self._familie(blaetter[0])) is not None:
            return self._probiere(*familie)
        gefunden: list[_Aufbau] = []
        gruende: list[str] = []
        for blatt in blaetter:
            if self._vorgaben.blatt and blatt.name.strip() != self._vorgaben.blatt.strip():
                continue
            try:
                gefunden.append(_Blattsicht(blatt, self._gebiet, self._verzeichnis, self._vorgaben).erkenne())
            except KeineTabelle as fehlt:
                gruende.append(f"{blatt.name}: {fehlt}" if blatt.name else str(fehlt))
        if not gefunden:
            grund = "; ".join(dict.fromkeys(gruende)) or "Das Blatt gibt es nicht."
            raise BerichtswerkFehler(
                AufbauUnklar.melde(
                    datei=self._pfad.name, was="keine Tabelle mit Gebieten und Werten", grund=grund
                )
            )
        gefunden[0].bemerkungen += [f"Blatt nicht gelesen: {g}" for g in dict.fromkeys(gruende)]
        return self._probiere(*self._vereine(gefunden, text))

    def _endung(self, sonst: str) -> str:
        endung = self._pfad.suffix[1:].lower()
        bekannt = {"csv", "txt", "tsv", "asc", "xlsx", "xlsm", "xlsb", "xls", "ods", "html"}
        return endung if endung in bekannt else sonst

    def _textangaben(self, art: str) -> dict[str, Any]:
        angaben: dict[str, Any] = {"format": self._endung("csv"), "encoding": "utf-8"}
        auftrag = self._auftrag({**angaben, "lesen": _platzhalter("csv")})
        with geoeffnet(auftrag) as datei:
            roh = datei.read(2_000_000)
        if art == "utf16" or roh[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            kodierung = "utf-16"
        else:
            kodierung = "utf-8" if roh.startswith(b"\xef\xbb\xbf") else beste_kodierung(roh)
        angaben["encoding"] = kodierung
        zeilen = roh.decode(kodierung, "replace").splitlines()[:400]
        if zeilen and re.match(r"(?i)\ufeff?\"?sep=.", zeilen[0]):
            return angaben
        return {**angaben, "dialect": {"csv": {"delimiter": trenner(zeilen).replace("\t", "\\t")}}}

    def _auftrag(self, angaben: Mapping[str, Any]) -> Any:
        return auftraege(_beschreibung(self._pfad.name, angaben), self._probe)[0]

    def _blaetter(self, name: str) -> list[Blatt]:
        lesen = _platzhalter(name)
        if name == "xlsx":
            lesen |= {"blatt": self._vorgaben.blatt or "alle"}
            lesen |= {n: w for n in ("formeln", "verstecktes") if (w := getattr(self._vorgaben, n))}
        auftrag = self._auftrag({**self._angaben, "lesen": lesen})
        blaetter = list(leser(name)(auftrag))
        auftrag.sammler.pruefe()
        return blaetter

    # Familien mit festem Aufbau

    def _gv100(self) -> dict[str, Any]:
        self._angaben |= {"format": self._endung("asc"), "encoding": beste_kodierung(self._pfad.read_bytes())}
        return {
            "leser": "gv100", "gebiet": {"spalte": "ags", "unbekannte": "weglassen"},
            "zeit": {"spalte": "gebietsstand", "art": "stichtag"},
            "groessen": {n: n for n in ("flaeche_ha", "bevoelkerung", "maennlich")},
        }  # fmt: skip

    def _familie(self, blatt: Blatt) -> tuple[dict[str, Any], list[str], str] | None:
        """Die flachen Formen von GENESIS, alt und neu."""
        zeilen = iter(blatt.zeilen())
        _, kopf = next(zeilen, (0, []))
        namen = [glatt(str(feld)) for feld in kopf]
        neu = "value_variable_code" in namen
        if not neu and "Statistik_Code" not in namen:
            return None
        code, label, merkmal = (
            ("{}_variable_attribute_code", "{}_variable_attribute_label", "{}_variable_label")
            if neu
            else ("{}_Auspraegung_Code", "{}_Auspraegung_Label", "{}_Merkmal_Label")
        )
        folge = [feld for _, feld in zip(range(5000), (f for _, f in zeilen), strict=False)]
        inhalt = {name: [f[i] for f in folge if i < len(f)] for i, name in enumerate(namen)}
        nummern = [n for n in range(1, 10) if code.format(n) in namen]
        eigene = {n: sum(bool(self._gebiet(c)) for c in set(inhalt[code.format(n)])) for n in nummern}
        schluesselig = {
            n: _anteil(inhalt[code.format(n)], lambda c: bool(_SCHLUESSEL.fullmatch(c))) for n in nummern
        }
        gebiet = max(nummern, key=lambda n: (schluesselig[n] >= MEIST, eigene[n]), default=0)
        if not gebiet:
            return None
        lesen: dict[str, Any] = {
            "leser": "genesis_flach",
            "gebiet": {"spalte": code.format(gebiet), "unbekannte": "weglassen"},
            "zeit": {"spalte": "time" if neu else "Zeit"},
        }
        merkmale = {
            bezeichner(next(iter(inhalt.get(merkmal.format(n), ["merkmal"])), "merkmal")): label.format(n)
            for n in nummern
            if n != gebiet and len(set(inhalt[code.format(n)])) > 1
        }
        if merkmale:
            lesen["merkmale"] = merkmale
        if neu:
            labels = inhalt.get("value_variable_label", inhalt["value_variable_code"])
            groessen = dict(zip(inhalt["value_variable_code"], labels, strict=False))
            werte = {c: self._name(t, c) for c, t in groessen.items()}
            lesen |= {"groesse": {"spalte": "value_variable_code", "werte": werte}, "wert": "value"}
        else:
            ab = max(i for i, n in enumerate(namen) if re.match(r"\d_Auspraegung_Label", n)) + 1
            lesen["groessen"] = {self._name(_titel_der_spalte(n), n): n for n in namen[ab:] if n}
        self._angaben["statistik"] = {"zeichensatz": "din55301"}
        titel = next(iter(inhalt.get("statistics_label" if neu else "Statistik_Label", [])), "")
        return lesen, [], titel

    def _name(self, text: str, sonst: str) -> str:
        wunsch = self._vorgaben.groessen
        return (
            wunsch.get(text) or wunsch.get(sonst) or wunsch.get("") or bezeichner(text) or bezeichner(sonst)
        )

    # Mehrere Blätter

    def _vereine(self, gefunden: list[_Aufbau], text: bool) -> tuple[dict[str, Any], list[str], str]:
        """Die Angaben für alle gleich aufgebauten Blätter; sind sie verschieden, wird gefragt."""
        erster = gefunden[0]
        lesen = dict(erster.lesen)
        ist_genesis = text and re.match(r"GENESIS-Tabelle|Tabelle: \d", erster.titel)
        lesen["leser"] = "genesis_tabelle" if ist_genesis else "csv" if text else "xlsx"
        namen = [a.blatt.name for a in gefunden]
        if not text and not self._vorgaben.blatt:
            gleiche = [a for a in gefunden if _gleich(a.lesen, erster.lesen)]
            if len(gleiche) < len(gefunden):
                frage = f"Welches Blatt gilt? {aufgezaehlt(namen)} haben verschiedenen Aufbau."
                raise FragenOffen([Frage("blatt", frage, tuple(namen))])
        if not text:
            lesen["blatt"] = namen if len(namen) > 1 else namen[0]
        if len(gefunden) > 1:
            for schluessel in ("daten_bis", "daten_ab"):
                if any(a.lesen.get(schluessel) != erster.lesen.get(schluessel) for a in gefunden):
                    lesen.pop(schluessel, None)
            if not erster.zeit_gefunden:
                lesen |= _zeit_aus_blattnamen(namen, erster.dazu)
            elif "blattname" not in lesen["gebiet"]:
                lesen["merkmale"] = {**lesen.get("merkmale", {}), "blatt": {"blattname": ".+"}}
        if "zeit" not in lesen:
            lesen["zeit"] = self._zeit_anderswo(erster, namen[0] if not text else "")
        zeichen = {z for a in gefunden for z in a.lesen.get("zeichen", ())}
        lesen.pop("zeichen", None)
        self._zeichen = frozenset(zeichen)
        if zeichen & (_ZEICHEN - {"", "g", "k", "t", "u"}):
            self._angaben["statistik"] = {"zeichensatz": "ba" if "*" in zeichen else "din55301"}
        if neben := lesen.pop("neben", None):
            self._angaben.setdefault("statistik", {}).update(neben)
        return lesen, [b for a in gefunden for b in a.bemerkungen], erster.titel

    def _zeit_anderswo(self, aufbau: _Aufbau, blattname: str) -> dict[str, Any]:
        """Aus Titel, Blatt- oder Dateiname, wo nur eine Zeit steht; sonst wird gefragt."""
        if self._vorgaben.zeit:
            return {"fest": self._vorgaben.zeit, **aufbau.dazu}
        titel = [t for t in aufbau.titel.split("\n") if not _FREMDZEIT.search(t)]
        stamm = self._pfad.stem if aufbau.ohne_jahr and not _FREMDZEIT.search(self._pfad.stem) else ""
        for woher, texte in (("titel", titel), ("blattname", [blattname]), ("dateiname", [stamm])):
            muster, treffer = _zeit_im_text(texte, nur_jahr=woher != "titel" or bool(aufbau.dazu))
            if len(treffer) == 1 and muster:
                return {woher: f"({muster})", **aufbau.dazu}
            if len(treffer) > 1:
                break
        kandidaten = sorted({j for t in (*aufbau.titel.split("\n"), blattname, self._pfad.stem)
                             for j in _JAHR.findall(t)})  # fmt: skip
        frage = "Für welche Zeit die Werte gelten, steht nicht eindeutig in der Lieferung."
        raise FragenOffen([Frage("zeit", frage, (*kandidaten, "JJJJ", "JJJJ-MM-TT"), aufbau.unlesbar)])

    # Probe

    def _probiere(self, lesen: dict[str, Any], bemerkungen: list[str], titel: str) -> Fund:
        """Liest; ergänzt, was nur eines heißen kann, und fragt nach dem Rest."""
        v = self._vorgaben
        einfache = ("prozent", "formeln", "verstecktes", "durchgestrichen", "hochgestellt")
        lesen |= {n: w for n in einfache if (w := getattr(v, n))}
        lesen |= {"minus": v.minus.split(",")} if v.minus else {}
        lesen |= {"zahlform": v.zahlform} if v.zahlform and "zahlform" not in lesen else {}
        if v.ebene:
            lesen["gebiet"]["ebene"] = v.ebene
        if v.zeit:
            teil = lesen.get("zeit", {}).get("dazu") if _JAHRESZAHL.fullmatch(v.zeit) else None
            lesen["zeit"] = {"fest": v.zeit, **({"dazu": teil} if isinstance(teil, dict) else {})}
        statistik = self._angaben.setdefault("statistik", {})
        klare = {z: "unbekannt" for z in self._zeichen if _KLARE.fullmatch(z)}
        striche = dict.fromkeys((z for z in _STRICHE if z in self._zeichen), v.strich) if v.strich else {}
        if zeichen := {**klare, **striche, **v.zeichen}:
            statistik["zeichen"] = zeichen
        tabelle, befunde = self._lies(lesen)
        for _ in range(VERSUCHE):
            if tabelle is not None or not self._ergaenze(lesen, befunde, bemerkungen):
                break
            tabelle, befunde = self._lies(lesen)
        fragen = [f for f in _fragen(befunde) if not v.beantwortet(f)]
        if tabelle is not None and not v.verstecktes and (versteckt := _verstecktes(tabelle)):
            frage = f"Versteckt sind {versteckt}: gelten die Werte darin?"
            fragen.append(Frage("verstecktes", frage, WAHL["verstecktes"]))
        if tabelle is not None and not v.strich and self._fraglich(lesen, tabelle):
            fragen.append(_STRICH)
        if fragen:
            raise FragenOffen(fragen)
        if tabelle is not None:
            bemerkungen += _vermerke(tabelle)
        if not statistik:
            del self._angaben["statistik"]
        return Fund({**self._angaben, "lesen": lesen}, tabelle, befunde, bemerkungen, titel)

    _zeichen: frozenset[str] = frozenset()
    """Texte in Wertspalten, die keine Zahlen sind"""

    def _lies(self, lesen: Mapping[str, Any]) -> tuple[Tabelle | None, list[Meldung]]:
        """Die Tabelle, oder was den Leser aufhält."""
        try:
            quelle = _beschreibung(self._pfad.name, {**self._angaben, "lesen": lesen})
            return lies(quelle, self._probe, self._verzeichnis), []
        except BerichtswerkFehler as fehler:
            return None, fehler.meldungen
        except ValidationError as fehler:
            was = "die erkannten Angaben passen nicht zusammen"
            texte = (re.sub(r"^Value error, | \|\| .*", "", f["msg"]) for f in fehler.errors())
            grund = " ".join(dict.fromkeys(texte))
            unklar = AufbauUnklar.melde(datei=self._pfad.name, was=was, grund=grund)
            raise BerichtswerkFehler(unklar) from None

    def _fraglich(self, lesen: Mapping[str, Any], tabelle: Tabelle) -> bool:
        """Ob „-“ vorkommt, ohne daß amtliche Statistik dafür steht."""
        amtlich = lesen["leser"].startswith(("genesis", "inkar"))
        return not amtlich and not set(_STRICHE).isdisjoint(tabelle.texte["roh"].texte)

    def _ergaenze(self, lesen: dict[str, Any], befunde: Sequence[Meldung], bemerkungen: list[str]) -> bool:
        """Ergänzt eine Angabe, die aus den Befunden sicher folgt; ``False``, wenn nichts mehr folgt."""
        arten = {b.kennung for b in befunde if b.stufe.value == "fehler"}
        gebiet = lesen["gebiet"]
        if "gebiet-fuehrende-null" in arten and "fuehrende_null" not in gebiet:
            gebiet["fuehrende_null"] = "ergaenzen"
            return True
        if arten == {"gebiet-unbekannt"} and "spalte" in gebiet and "unbekannte" not in gebiet:
            gebiet["unbekannte"] = "weglassen"  # was einem eigenen Gebiet gleicht, meldet der Leser weiter
            return True
        if "schluessel-doppelt" in arten and lesen.get("leere_zeilen") is None:
            lesen["leere_zeilen"] = "weglassen"
            return True
        if "wert-keine-zahl" in arten and "entfernen" not in lesen:
            anhaengsel = {m[1] for b in befunde for m in [re.search(r"„entfernen: '(.+?)'“", b.abhilfe)] if m}
            sicher = {a for a in anhaengsel if re.fullmatch(r"\\s\*\\?(%|[¹²³⁰⁴-⁹*†€‰]+)\$", a)}
            if sicher and anhaengsel == sicher and not self._hat_zweideutige_fussnote(befunde):
                lesen["entfernen"] = "|".join(sorted(sicher))
                bemerkungen.append("Aus den Werten gestrichen: " + ", ".join(sorted(sicher)))
                return True
        return False

    @staticmethod
    def _hat_zweideutige_fussnote(befunde: Sequence[Meldung]) -> bool:
        return any(b.kennung == "wert-keine-zahl" and "entfernen: '" not in b.abhilfe for b in befunde)


_STRICH = Frage("strich", "Was „-“ in dieser Lieferung heißt, sagt sie nicht.", WAHL["strich"],
                "„null“: nichts vorhanden (0); „unbekannt“: nicht erhoben oder geheim.")  # fmt: skip
_FRAGEN = {
    "zahlform-unklar": "zahlform", "strich-unklar": "strich", "zelle-prozent": "prozent", "formel-statt-wert": "formeln",
    "wert-gestrichen": "durchgestrichen", "wert-hochgestellt": "hochgestellt", "gebiet-mehrdeutig": "ebene",
}  # fmt: skip
"""Befund des Lesers → Option, die ihn beantwortet"""


def _fragen(befunde: Sequence[Meldung]) -> Iterator[Frage]:
    """Befunde des Lesers, die mit einer Option zu beantworten sind, je Option einmal."""
    gestellt: set[str] = set()
    for befund in befunde:
        option, moeglich, zeichen = _FRAGEN.get(befund.kennung, ""), None, ""
        if befund.kennung == "klammer-unklar":
            option, moeglich = "minus", ("klammer", "vorn")
        elif befund.kennung == "wert-keine-zahl" and "minus: hinten" in befund.abhilfe:
            option, moeglich = "minus", ("hinten",)
        elif befund.kennung == "zeichen-unbekannt" and (m := re.match("Das Zeichen „(.+?)“", befund.text)):
            option, zeichen = ("strich", "") if m[1] in _STRICHE else ("zeichen", m[1])
            moeglich = BEDEUTUNGEN if zeichen else None
        art = option + zeichen + "".join(moeglich or ())
        if option and art not in gestellt:
            gestellt.add(art)
            yield Frage(option, befund.text, moeglich or WAHL[option], befund.ursache, zeichen)


def _verstecktes(tabelle: Tabelle) -> str:
    """„Zeile 3, Spalte C“, wenn gelesene Blätter Verstecktes haben; sonst leer."""
    orte = [
        f"{wort} {stelle}" + (f" ({b.blatt})" if len(tabelle.bericht.blaetter) > 1 else "")
        for b in tabelle.bericht.blaetter
        if b.gelesen
        for wort, liste in (("Zeile", b.versteckte_zeilen), ("Spalte", b.versteckte_spalten))
        for stelle in liste
    ]
    return ", ".join(orte[:6]) + (f" und {len(orte) - 6} weitere" if len(orte) > 6 else "")


def _vermerke(tabelle: Tabelle) -> Iterator[str]:
    for blatt in tabelle.bericht.blaetter:
        for grund, weg in blatt.weggelassen.items():
            yield f"{weg.anzahl} Zeilen nicht gelesen: {grund}"


def _gleich(eins: Mapping[str, Any], zwei: Mapping[str, Any]) -> bool:
    """Ob zwei Blätter mit denselben Angaben zu lesen sind."""
    egal = {"daten_bis", "zeichen", "zahlformen"}
    return {k: v for k, v in eins.items() if k not in egal} == {
        k: v for k, v in zwei.items() if k not in egal
    }


def _platzhalter(name: str) -> dict[str, Any]:
    return {"leser": name, "gebiet": {"fest": "x"}, "zeit": {"fest": "2000"}, "groessen": {"n": 1},
            "grenze_mb": 400}  # fmt: skip


def trenner(zeilen: Sequence[str]) -> str:
    """Das Trennzeichen, mit dem die meisten Zeilen gleich viele Felder haben, möglichst schon die erste.

    Anführungszeichen mitten in Feldern sprechen dagegen: dort wurde in einem Text getrennt.
    """
    bester, guete = ";", 0.0
    for zeichen in ";\t|,":
        try:
            felder = [f for f in csv.reader(zeilen, delimiter=zeichen) if any(t.strip() for t in f)]
        except csv.Error:
            continue
        haeufig = Counter(len(f) for f in felder if len(f) > 1).most_common(1)
        if not haeufig:
            continue
        zerrissen = sum(any('"' in t for t in f) for f in felder)
        anteil = (haeufig[0][1] - zerrissen) / len(felder) + 0.5 * (len(felder[0]) == haeufig[0][0])
        if anteil > guete + 0.2:
            bester, guete = zeichen, anteil
    return bester


_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "²": "2", "%": " prozent "})


def bezeichner(text: str) -> str:
    """Ein Name für Messgröße oder Merkmal aus einem Kopftext: ``Bevölkerung (Anzahl)`` → ``bevoelkerung``."""
    kurz = re.sub(r"\(([^)]*)\)", lambda m: "" if m[1].casefold() in _EINHEITEN else m[1], text)
    kurz = re.sub(r"(?<=\w)-\s+(?=[a-zäöü])", "", kurz)
    kurz = re.sub(r"(\d\)|[¹²³])+$", "", kurz.strip())
    name = re.sub(r"[^a-z0-9]+", "_", kurz.casefold().translate(_UMLAUTE)).strip("_")
    return f"g_{name}" if name[:1].isdigit() else name[:60].rstrip("_")


def _titel_der_spalte(name: str) -> str:
    teile_ = [t for t in name.split("__") if t]
    return teile_[1] if len(teile_) > 1 else name


def _anteil(werte: Sequence[str], probe: Callable[[str], bool]) -> float:
    gefuellt = [w for w in werte if w]
    return sum(map(probe, gefuellt)) / len(gefuellt) if gefuellt else 0.0


@lru_cache(maxsize=100_000)
def _ist_zeit(text: str) -> bool:
    try:
        lies_zeit(text)
    except ValueError:
        return False
    return not text.isdigit() or (len(text) == 4 and 1800 <= int(text) <= 2100) or len(text) in {6, 8}


def _ist_jahresteil(text: str) -> bool:
    """Ein Monat oder Quartal ohne Jahr: „Januar“, „1. Quartal“."""
    return bool(text) and not text.isdigit() and _ist_zeit(verbinde_zeit("2020", text))


_ROEMISCH = frozenset({"I", "II", "III", "IV"})


_PERIODEN = {"monat": 12, "quartal": 4}
"""Kopftext → so weit zählt eine Spalte, die nur Nummern hat."""


@lru_cache(maxsize=100_000)
def _ist_zahl(text: str) -> bool:
    return bool(_ZAHL.fullmatch(text))


def _zeit_im_text(texte: Sequence[str], *, nur_jahr: bool) -> tuple[str, set[str]]:
    """Das genaueste Muster, das etwas findet, und alles, was es findet."""
    for muster in _TITELZEIT[-1:] if nur_jahr else _TITELZEIT:
        if treffer := {m for t in texte for m in re.findall(muster, t)}:
            jahre = {j for t in texte for j in _JAHR.findall(t)}
            return muster, treffer if len(jahre) <= 1 else jahre
    return "", set()


def _zeit_aus_blattnamen(namen: Sequence[str], dazu: Mapping[str, Any]) -> dict[str, Any]:
    """Die Zeit, wenn jeder Blattname eine andere nennt; die genaueste gilt."""
    for muster in () if dazu else _TITELZEIT[:-1]:
        zeiten = [re.findall(muster, n) for n in namen]
        if all(len(z) == 1 for z in zeiten) and len(set(map(tuple, zeiten))) == len(zeiten):
            return {"zeit": {"blattname": f"({muster})"}}
    jahre = [_JAHR.findall(n) for n in namen]
    if all(len(j) == 1 for j in jahre) and len(set(map(tuple, jahre))) == len(jahre):
        return {"zeit": {"blattname": _JAHR.pattern, **(dazu or {"art": "jahr"})}}
    return {}


class _Blattsicht:
    """Ein Blatt als Zellen: sucht Gebiet, Kopf, Zeit und Werte."""

    def __init__(
        self, blatt: Blatt, gebiet: Callable[[str], str], verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben
    ) -> None:
        self._blatt, self._gebiet, self._verzeichnis = blatt, gebiet, verzeichnis
        self._vorgaben = vorgaben
        self._zeilen = [
            (nr, felder) for nr, felder in blatt.zeilen() if any(als_text(f).strip() for f in felder)
        ]
        self._breite = max((len(f) for _, f in self._zeilen), default=0)
        self._texte = [[glatt(als_text(f)) for f in felder] for _, felder in self._zeilen]
        for zeile in self._texte:
            zeile.extend([""] * (self._breite - len(zeile)))
        self.bemerkungen: list[str] = []
        self._aus_abschnitt: dict[str, Any] = {}
        self._neben: dict[str, Any] = {}
        """Basis und Gebietsstand, wenn sie je Zeile dastehen"""
        self._einheit: dict[str, Any] = {}
        self._genannt: set[int] = set()
        """Spalten, von denen die Bemerkungen sagen, was mit ihnen ist"""

    def _spalte(self, stelle: int, zeilen: Sequence[int] | None = None) -> list[str]:
        return [self._texte[i][stelle] for i in (range(len(self._texte)) if zeilen is None else zeilen)]

    def erkenne(self) -> _Aufbau:
        """Die Angaben dieses Blattes.

        Raises:
            KeineTabelle: hier ist keine Tabelle; sagt, warum.
            FragenOffen: etwas muß ein Mensch entscheiden.
        """
        if len(self._texte) < 2:
            raise KeineTabelle("fast leer")
        gebiet, daten, belegt = self._finde_gebiet()
        self._daten, self._belegt = daten, belegt
        self._anfang = daten[0] if self._anfang is None else self._anfang
        self._bestimme_spalten()
        kopfzeilen = self._finde_kopf()
        kopf = self._baue_kopf(kopfzeilen)
        if self._gebietszeile is not None:
            gebiet["kopf"] = kopfzeilen.index(self._gebietszeile) + 1
        if isinstance(gebiet.get("leer"), dict):
            gebiet["leer"] = {"spalte": self._verweis(gebiet["leer"]["spalte"] - 1)}
        if "spalte" in gebiet:
            gebiet["spalte"] = self._verweis(gebiet["spalte"] - 1)
        lesen: dict[str, Any] = {"gebiet": gebiet}
        if kopf is not None:
            lesen["kopf"] = kopf
        self._titel = "\n".join(
            " ".join(dict.fromkeys(t for t in self._texte[i] if t))
            for i in range(kopfzeilen[0] if kopfzeilen else self._anfang)
        )
        zeit = self._finde_zeit()
        self._pruefe_zeitantwort(zeit)
        if zeit:
            lesen["zeit"] = zeit
        lesen |= self._finde_werte(zeit)
        lesen |= self._raender(kopfzeilen)
        lesen["zeichen"] = sorted(
            {t for j in self._wertspalten for t in self._spalte(j, daten) if t and not _ist_zahl(t)}
        )[:50]
        if form := self._zahlform():
            lesen["zahlform"] = form
        return _Aufbau(self._blatt, lesen, self.bemerkungen, self._kopf, bool(zeit), self._titel,
                       self._ohne_jahr(), self._dazu, self._unlesbare_zeiten())  # fmt: skip

    def _ohne_jahr(self) -> bool:
        innen = set(self._daten)
        return not any(_JAHR.search(t) for i, z in enumerate(self._texte) if i not in innen for t in z)

    # Gebiet

    def _finde_gebiet(self) -> tuple[dict[str, Any], list[int], set[int]]:
        """Angabe, Zeilen mit Daten (Stellen) und belegte Spalten."""
        wunsch = self._vorgaben.gebiet
        spalte = next((z.index(wunsch) for z in self._texte[:30] if wunsch and wunsch in z), None)
        if wunsch and (spalte is None or self._gebiet(wunsch)):
            return self._gewuenschtes_gebiet(wunsch)
        return self._suche_gebietsangabe(spalte)

    def _gewuenschtes_gebiet(self, wunsch: str) -> tuple[dict[str, Any], list[int], set[int]]:
        """Das Gebiet aus der Antwort; nennt die Lieferung selbst andere, gilt die Antwort nicht."""
        try:
            erkannt = self._suche_gebietsangabe(None)
        except KeineTabelle:
            return self._festes_gebiet(wunsch)
        except FragenOffen as offen:
            if offen.fragen == [self._frage_gebiet()]:
                return self._festes_gebiet(wunsch)
            raise
        andere = {g for g in self._genannte_gebiete(*erkannt) if g} - {self._gebiet(wunsch)}
        if not andere:
            return erkannt
        gebiete = aufgezaehlt(sorted(andere)[:3]) + (" und andere" if len(andere) > 3 else "")
        raise BerichtswerkFehler(
            GebietWiderspricht.melde(datei=self._blatt.name or "Lieferung", gebiet=wunsch, gebiete=gebiete)
        )

    def _genannte_gebiete(
        self, angabe: Mapping[str, Any], daten: Sequence[int], belegt: Collection[int]
    ) -> Iterator[str]:
        """Die bekannten Gebiete der Angabe; leere Texte für unbekannte."""
        if "blattname" in angabe:
            yield self._gebiet(self._blatt.name.strip())
        if "spalten" in angabe:
            yield "".join(self._texte[daten[0]][j] for j in sorted(belegt))
        if self._gebietszeile is not None:
            yield from (self._gebiet(self._texte[self._gebietszeile][j]) for j in self._nur_gebiete)
        yield from (self._gebiet(self._texte[i][j]) for i in daten for j in belegt)

    def _suche_gebietsangabe(self, spalte: int | None) -> tuple[dict[str, Any], list[int], set[int]]:
        """Wo die Lieferung ihre Gebiete nennt; ``spalte``, wenn ein Mensch es gesagt hat."""
        if (zusammen := self._zusammengesetzt()) is not None:
            return zusammen
        moegliche: list[tuple[Any, int, list[int]]] = []
        for j in range(self._breite) if spalte is None else [spalte]:
            texte = self._spalte(j)
            hier = [i for i, t in enumerate(texte) if self._schluesselig(t)]
            if not hier:
                continue
            spanne = [t for t in texte[hier[0] : hier[-1] + 1] if t and not _JAHRESZAHL.fullmatch(t)]
            eigene = {g for t in {texte[i] for i in hier} if (g := self._gebiet(t))}
            wort = any(_SCHLUESSELWORT.search(t) for t in texte[: hier[0]] if t)
            lang = {g for g in eigene if len(g) >= 5 or g == "DG"}
            anteil = len(hier) / len(spanne)
            haeufig = len(hier) > 0.3 * sum(any(map(_ist_zahl, z)) for z in self._texte)
            fremd = spalte is None and not wort and self._ist_andere_nummer(texte, hier)
            if eigene and not fremd and (wort or (lang and haeufig)) and anteil >= (0.3 if wort else MEIST):
                moegliche.append(((bool(lang), wort, len(eigene), anteil, -j), j, hier))
        if moegliche:
            _, j, hier = max(moegliche)
            self._pruefe_andere([k for guete, k, _ in moegliche if k != j and guete[1]], j, hier)
            return self._mit_luecken(j, hier, {"spalte": j + 1, "unbekannte": "weglassen"})
        return self._schluessel_im_text() or self._nach_namen()

    def _ist_andere_nummer(self, texte: Sequence[str], hier: Sequence[int]) -> bool:
        """Postleitzahlen und dergleichen: fünf Ziffern, von denen die wenigsten bekannte Schlüssel sind."""
        nummern = {texte[i] for i in hier}
        if any(re.search(r"(?i)\bplz\b|postleit", t) for t in texte[: hier[0]]):
            return True
        unbekannt = sum(not self._gebiet(t) for t in nummern)
        return all(re.fullmatch(r"\d{5}", t) for t in nummern) and 2 * unbekannt > len(nummern)

    def _schluessel_im_text(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Schlüssel und Name in einem Feld: „09999 Musterkreis“, „Musterkreis (09999)“."""
        for j in range(self._breite):
            for muster in (r"^(\d{2,12})\s+\D", r"\((\d{5,12})\)$"):
                funde = {i: m[1] for i, t in enumerate(self._spalte(j)) if (m := re.search(muster, t))}
                eigene = [i for i, t in funde.items() if self._schluesselig(t) and self._gebiet(t)]
                zahlen = [i for i in funde if any(map(_ist_zahl, self._texte[i]))]
                if eigene and len(zahlen) > 0.5 * len(funde):
                    for i, schluessel in funde.items():
                        self._texte[i][j] = schluessel
                    angabe = {"spalte": j + 1, "muster": muster, "unbekannte": "weglassen"}
                    return angabe, sorted(zahlen), {j}
        return None

    def _pruefe_andere(self, andere: Sequence[int], j: int, hier: Sequence[int]) -> None:
        """Zwei Spalten mit verschiedenen Gebieten (Wohnort, Arbeitsort): welche gilt, wird gefragt."""
        for k in andere:
            paare = [(self._texte[i][j], self._texte[i][k]) for i in hier if self._texte[i][k]]
            fremd = [
                a
                for a, b in paare
                if not a.startswith(b.rstrip("0"))
                and not b.startswith(a.rstrip("0"))
                and (not self._gebiet(a) or self._gebiet(a) != self._gebiet(b))
            ]
            if len(fremd) > 0.1 * len(paare):
                namen = tuple(self._texte[max(hier[0] - 1, 0)][n] for n in sorted((j, k)))
                raise FragenOffen([Frage("gebiet", "Zwei Spalten nennen Gebiete; welche gilt?", namen)])

    def _schluesselig(self, text: str) -> bool:
        ohne = text.replace(" ", "")
        if _JAHRESZAHL.fullmatch(ohne) or not _SCHLUESSEL.fullmatch(ohne):
            return ohne.isdigit() and len(ohne) > 3 and bool(self._gebiet(ohne))
        return True

    def _mit_luecken(
        self, j: int, hier: list[int], angabe: dict[str, Any]
    ) -> tuple[dict[str, Any], list[int], set[int]]:
        """Leere Schlüssel zwischen gefüllten, wo Werte stehen: der Schlüssel darüber gilt weiter."""
        leer = [
            i for i in range(hier[0], len(self._texte))
            if not self._texte[i][j] and sum(_ist_zahl(t) for t in self._texte[i]) >= 1
            and len([t for t in self._texte[i] if t]) > 1
        ]  # fmt: skip
        leer = [i for i in leer if not any(_GESAMT.match(t) for t in self._texte[i] if t)]
        if len(leer) > 0.3 * len(hier):
            abstaende = Counter(b - a for a, b in pairwise(hier))
            if len(abstaende) == 1 and next(iter(abstaende)) > 1:
                for i in range(hier[0] + 1, len(self._texte)):
                    self._texte[i][j] = self._texte[i][j] or self._texte[i - 1][j]
                return {**angabe, "auffuellen": True}, sorted({*hier, *leer}), {j}
        for k in range(self._breite) if leer else ():
            if k != j and self._nennt_dasselbe(j, k, hier, leer):
                return {**angabe, "leer": {"spalte": k + 1}}, sorted({*hier, *leer}), {j, k}
        return angabe, hier, {j}

    def _nennt_dasselbe(self, j: int, k: int, hier: Sequence[int], leer: Sequence[int]) -> bool:
        """Ob Spalte ``k`` die Namen zu den Schlüsseln nennt, auch dort, wo der Schlüssel fehlt."""
        paare = [(self._gebiet(self._texte[i][j]), self._gebiet(self._texte[i][k])) for i in hier]
        gleich = [a == b for a, b in paare if a]
        return 2 * sum(gleich) > len(gleich) and any(self._gebiet(self._texte[i][k]) for i in leer)

    def _festes_gebiet(self, text: str) -> tuple[dict[str, Any], list[int], set[int]]:
        return {"fest": text}, self._zahlenzeilen(), set()

    def _zahlenzeilen(self) -> list[int]:
        """Zeilen mit einem Text und Zahlen, die nicht alle Zeiten sind."""
        zeilen = [
            i
            for i, t in enumerate(self._texte)
            if any(_ist_zahl(x) for x in t[1:]) and len([x for x in t if x]) > 1
        ]
        zeilen = [i for i in zeilen if not all(_ist_zeit(x) for x in self._texte[i][1:] if x)]
        if not zeilen:
            raise KeineTabelle("keine Zeilen mit Zahlen")
        return zeilen

    def _zusammengesetzt(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Der Schlüssel in Teilen: Land, Regierungsbezirk, Kreis, Gemeinde in eigenen Spalten."""
        teile_ = {"land": 2, "rb": 1, "regierungsbezirk": 1, "kreis": 2, "kr": 2, "gem": 3, "gemeinde": 3, "gmd": 3}
        for i, zeile in enumerate(self._texte[:40]):
            kopf = {
                t.casefold().rstrip("."): j for j, t in enumerate(zeile) if t.casefold().rstrip(".") in teile_
            }
            if not {"kreis", "kr"} & kopf.keys() or len(kopf) < 2:
                continue
            namen = sorted(kopf, key=lambda n: kopf[n])
            stellen = [teile_[n] for n in namen]
            eigen = self._verzeichnis.kreis.schluessel
            vorsatz = "" if "land" in kopf else eigen[:2]
            if vorsatz and "rb" not in kopf and "regierungsbezirk" not in kopf:
                stellen[next(i for i, n in enumerate(namen) if n in {"kreis", "kr"})] = 3
            spalten = [kopf[n] for n in namen]

            def schluessel(
                f: list[str],
                spalten: list[int] = spalten,
                stellen: list[int] = stellen,
                vorsatz: str = vorsatz,
            ) -> str:
                stuecke = [f[j].zfill(n) if f[j] else "" for j, n in zip(spalten, stellen, strict=True)]
                return vorsatz + "".join(stuecke) if all(t.isdigit() or not t for t in stuecke) else ""

            daten = [
                k
                for k in range(i + 1, len(self._texte))
                if len(s := schluessel(self._texte[k])) in {5, 8} and s.isdigit()
            ]
            if any(self._gebiet(schluessel(self._texte[k])) for k in daten):
                angabe: dict[str, Any] = {"spalten": [j + 1 for j in spalten], "stellen": stellen}
                angabe |= {"vorsatz": vorsatz} if vorsatz else {}
                erste = (k for k in range(i + 1, daten[0]) if self._texte[k][spalten[0]].isdigit())
                self._anfang = next(erste, daten[0])
                satzart = self._satzart(daten)
                if satzart:
                    self._wo = satzart
                    spalte, wert = next(iter(satzart.items()))
                    daten = [k for k in daten if self._texte[k][int(spalte) - 1] == wert]
                return {**angabe, "unbekannte": "weglassen"}, daten, set(spalten)
        return None

    _wo: Mapping[str, str] = {}
    _anfang: int | None = None
    """erste Zeile unter dem Kopf, wenn es nicht die erste mit Daten ist"""

    def _satzart(self, daten: Sequence[int]) -> dict[str, str]:
        """Die Spalte mit der Satzart, wenn nur eine Art Gemeinden nennt."""
        for j in range(min(3, self._breite)):
            werte = {self._texte[k][j] for k in daten}
            if "60" in werte and werte <= {"10", "20", "30", "40", "50", "60"}:
                return {str(j + 1): "60"}
        return {}

    def _nach_namen(self) -> tuple[dict[str, Any], list[int], set[int]]:
        bester: tuple[Any, ...] | None = None
        for j in range(self._breite):
            texte = self._spalte(j)
            hier = [i for i, t in enumerate(texte) if t and not t[0].isdigit() and self._gebiet(t)
                    and sum(bool(x) for x in self._texte[i]) > 1]  # fmt: skip
            if not hier:
                continue
            eigene = {self._gebiet(texte[i]) for i in hier}
            wort = any(_NAMENSWORT.search(t) for t in texte[: hier[0]])
            spanne = [t for i, t in enumerate(texte) if hier[0] <= i <= hier[-1] and t]
            anteil = len(hier) / len(spanne)
            if (len(eigene) > 1 or wort) and anteil >= 0.02:
                guete = (len(eigene), anteil, -j)
                if bester is None or guete > bester[0]:
                    bester = (guete, j, hier, anteil, spanne)
        if im_kopf := self._gebiete_im_kopf():
            return im_kopf
        if bester is None and self._gebiet(self._blatt.name.strip()):
            return {"blattname": ".+"}, self._zahlenzeilen(), set()
        if bester is None:
            raise FragenOffen([self._frage_gebiet()]) if self._hat_zahlen() else KeineTabelle(
                "kein Gebiet aus daten/gebiete.yaml gefunden")  # fmt: skip
        _, j, hier, anteil, spanne = bester
        angabe: dict[str, Any] = {"spalte": j + 1}
        texte = self._spalte(j)
        dahinter = [
            i
            for i in range(hier[0], len(texte))
            if texte[i] and sum(_ist_zahl(x) for x in self._texte[i]) > 0
        ]
        gesamt = {
            t for i, t in enumerate(texte)
            if _GESAMT.match(t) and not self._gebiet(t) and any(map(_ist_zahl, self._texte[i]))
        }  # fmt: skip
        if gesamt:
            angabe["werte"] = dict.fromkeys(sorted(gesamt))
            rat = "bleibt weg; ist es der Landkreis, tragen Sie seinen Schlüssel ein"
            self.bemerkungen.append(f"{aufgezaehlt(sorted(gesamt))} {rat}")
        if anteil < 0.5:
            angabe["unbekannte"] = "weglassen"
        angabe, daten, belegt = self._mit_luecken(j, hier, angabe)
        letzte = hier[-1]
        while letzte + 1 in dahinter:
            letzte += 1
        return angabe, sorted({*daten, *(i for i in dahinter if i <= letzte)}), belegt

    def _gebiete_im_kopf(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Die Kopfzeile, deren Texte Gebiete sind, wenn darunter Zahlen stehen."""
        for i, zeile in enumerate(self._texte[:30]):
            spalten = [j for j, t in enumerate(zeile) if j and t and self._gebiet(t)]
            if len(spalten) > 1 and len(spalten) >= MEIST * sum(bool(t) for t in zeile[1:]):
                daten = [
                    k for k in range(i + 1, len(self._texte))
                    if any(_ist_zahl(self._texte[k][j]) for j in spalten) and self._texte[k][0]
                ]  # fmt: skip
                self._gebietszeile, self._nur_gebiete = i, spalten
                return ({"kopf": 1}, daten, set()) if daten else None
        return None

    _gebietszeile: int | None = None
    _nur_gebiete: Sequence[int] = ()

    def _hat_zahlen(self) -> bool:
        return sum(_ist_zahl(t) for zeile in self._texte for t in zeile) >= 2

    def _frage_gebiet(self) -> Frage:
        kreis = self._verzeichnis.kreis
        frage = "Für welches Gebiet die Werte gelten, steht nicht in der Lieferung."
        moeglich = (kreis.schluessel, "anderer Schlüssel aus daten/gebiete.yaml")
        return Frage("gebiet", frage, moeglich, f"{kreis.schluessel}: {kreis.name}")

    # Spalten und Kopf

    def _bestimme_spalten(self) -> None:
        """Welche Spalten unter dem Kopf Zahlen, welche Text haben."""
        self._zahlen: list[int] = []
        self._textspalten: list[int] = []
        for j in range(self._breite):
            if j in self._belegt:
                continue
            inhalt = [t for t in self._spalte(j, self._daten) if t]
            if not inhalt:
                continue
            zahlig = [t for t in inhalt if _ist_zahl(t) or t in _ZEICHEN or self._ist_formel(j)]
            mit_ziffer = any(_ist_zahl(t) for t in zahlig) or all(t in _ZEICHEN for t in inhalt)
            mit_ziffer = mit_ziffer or self._ist_formel(j)
            einheit = any(map(_EINHEITSWORT.match, self._spalte(j)[: self._daten[0]]))
            ist_zahl = 2 * len(zahlig) >= len(inhalt) and mit_ziffer and not einheit
            ist_zahl = ist_zahl and not self._ist_schluesselspalte(j)
            (self._zahlen if ist_zahl else self._textspalten).append(j)

    def _ist_schluesselspalte(self, j: int) -> bool:
        """Ein weiterer Gebietsschlüssel (Wohnort neben Arbeitsort) ist keine Messgröße."""
        wort = any(_SCHLUESSELWORT.search(t) for t in self._spalte(j)[: self._daten[0]])
        return wort and _anteil(self._spalte(j, self._daten), self._schluesselig) >= MEIST

    def _ist_formel(self, j: int) -> bool:
        return any(
            isinstance(self._zeilen[i][1][j], Formel) for i in self._daten[:20] if j < len(self._zeilen[i][1])
        )

    def _finde_kopf(self) -> list[int]:
        """Stellen der Kopfzeilen, von oben."""
        kopf: list[int] = []
        spalten = set(self._zahlen) | set(self._textspalten) | self._belegt
        ab = self._daten[0] if self._anfang is None else self._anfang
        erste = self._zeilen[ab][0]
        for i in range(ab - 1, -1, -1):
            nr, felder = self._zeilen[i]
            eigene = [j for j, f in enumerate(felder) if als_text(f).strip() and not isinstance(f, Verbunden)]
            texte = [self._texte[i][j] for j in eigene]
            if kopf and self._zeilen[kopf[-1]][0] - nr > 1:
                break
            if len(texte) > 2 and _ist_zaehlung(texte):
                continue
            if len(eigene) < 2 and not (
                kopf and len(eigene) == 1 and eigene[0] in self._zahlen and eigene[0] > 0
            ):
                if kopf or (not _ist_zeit(texte[0]) and nr < erste - 3):
                    break
                continue
            if not set(eigene) & spalten or self._ist_datenartig(i):
                continue
            kopf.append(i)
            if len(kopf) == KOPFHOEHE:
                break
        return kopf[::-1]

    def _ist_datenartig(self, i: int) -> bool:
        """Ob über Wertspalten gewöhnliche Zahlen stehen: eine Datenzeile, deren Gebiet unbekannt ist."""
        texte, zeile = [t for j in self._zahlen if (t := self._texte[i][j])], [t for t in self._texte[i] if t]
        zahlen = bool(texte) and all(_ist_zahl(t) and not _ist_zeit(t) for t in texte)
        kopfwort = any(_NAMENSWORT.fullmatch(t) or _SCHLUESSELWORT.fullmatch(t) for t in zeile)
        zaehlung = len(zeile) > 2 and _ist_zaehlung(zeile)
        return (zahlen or self._unter_dem_kopf(i)) and not kopfwort and not zaehlung

    def _unter_dem_kopf(self, i: int) -> bool:
        """Ob Gebiet, Zeit und Zahlen wie in den Daten gefüllt sind und der Kopf schon weiter oben steht."""
        zeile, spalten = self._texte[i], {*self._belegt, *self._zahlen}
        if not self._belegt or not all(zeile[j] for j in spalten):
            return False
        if not all(_ist_zahl(zeile[j]) or zeile[j] in _ZEICHEN for j in self._zahlen):
            return False
        darueber = [z for z in self._texte[:i] if all(z[j] for j in spalten)]
        return any(
            (_NAMENSWORT.search(z[j]) or _SCHLUESSELWORT.search(z[j])) and z[j] != zeile[j]
            for z in darueber
            for j in self._belegt
        )

    def _baue_kopf(self, kopfzeilen: list[int]) -> Any:
        """Die Angabe „kopf“; legt den gelesenen Kopf zum Nachschlagen ab."""
        if not kopfzeilen:
            self._kopf = Tabellenkopf([], self._breite)
            self._ebenen: list[list[str]] = []
            return 0
        nummern = [self._zeilen[i][0] for i in kopfzeilen]
        auffuellen = []
        wertstellen = sorted(self._zahlen)
        for ebene, i in enumerate(kopfzeilen[:-1], start=1):
            texte, felder = self._texte[i], self._zeilen[i][1]
            offen = False
            for j in wertstellen:
                verbunden = j < len(felder) and isinstance(felder[j], Verbunden)
                darueber = ["|".join(self._texte[k][s] for k in kopfzeilen[: ebene - 1]) for s in (j - 1, j)]
                if not texte[j] and offen and not verbunden and darueber[1] in {darueber[0], ""}:
                    auffuellen.append(ebene)
                    break
                offen = offen or bool(texte[j])
        angabe: dict[str, Any] = {}
        if nummern == [self._zeilen[0][0] + k for k in range(len(nummern))] and kopfzeilen[0] == 0:
            angabe["anzahl"] = len(nummern)
        else:
            luecke = nummern != list(range(nummern[0], nummern[-1] + 1))
            angabe["zeilen"] = nummern if luecke or len(nummern) == 1 else f"{nummern[0]}-{nummern[-1]}"
        if auffuellen:
            angabe["auffuellen"] = auffuellen
        _, self._kopf, _ = teile(self._blatt, Kopf.model_validate(angabe))
        self._ebenen = [[*e, *([""] * (self._breite - len(e)))] for e in self._kopf.ebenen]
        if angabe == {"anzahl": 1}:
            return None
        return angabe["anzahl"] if list(angabe) == ["anzahl"] else angabe

    def _verweis(self, j: int) -> str | int:
        """Wie die Spalte in der Beschreibung heißt: mit ihrem Kopftext, wenn er eindeutig ist."""
        name = self._kopf.bezeichnung(j) if j < self._kopf.breite else ""
        eindeutig = j < self._kopf.breite and self._kopf.namen[j] and self._kopf.namen.count(name) == 1
        sicher = eindeutig and not re.fullmatch(r"/.*/|=[A-Z]{1,3}|\d+", name)
        return name if sicher else j + 1

    def _kopftext(self, j: int) -> str:
        return self._kopf.namen[j] if j < self._kopf.breite else ""

    def _kopfende(self, j: int) -> str:
        """Die unterste Kopfzeile über der Spalte."""
        return self._kopftext(j).rsplit(" | ", maxsplit=1)[-1]

    # Zeit

    def _finde_zeit(self) -> dict[str, Any]:
        """Aus Spalte, Kopf oder Zwischenzeile; leer, wenn dort keine steht."""
        self._zeitspalten: set[int] = set()
        kandidaten: list[tuple[Any, int]] = []
        for j in (*self._textspalten, *self._zahlen):
            inhalt = {t for t in self._spalte(j, self._daten) if t}
            kopf = self._kopfende(j)
            wort = bool(_ZEITWORT.match(kopf)) or (kopf == "Stand" and not any(t.isdigit() for t in inhalt))
            vorne = not kopf and j < min((k for k in self._zahlen if k != j), default=self._breite)
            if not inhalt or not (wort or vorne) or not self._ist_zeitspalte(inhalt, kopf):
                continue
            ziffern = all(t.isdigit() for t in inhalt)
            kandidaten.append(((wort, not ziffern, len(inhalt), -j), j))
        if kandidaten:
            _, j = max(kandidaten)
            self._zeitspalten = {k for _, k in kandidaten}
            zeiten = self._spalte(j, self._daten)
            gruppiert = {"auffuellen": True} if zeiten[0] and zeiten.count("") > 0.3 * len(zeiten) else {}
            return {"spalte": self._verweis(j), **gruppiert, **self._zweite_zeit(j)}
        zeit = self._zeit_im_kopf()
        if zeit and not (self._zeitmuster or all(_JAHRESZAHL.fullmatch(t) for t in self._zeittexte())):
            return zeit
        self._dazu = self._teile_im_kopf()
        zeit = zeit or self._zeit_im_abschnitt()
        return {**zeit, **self._dazu} if zeit else {}

    @staticmethod
    def _ist_zeitspalte(inhalt: Collection[str], kopf: str) -> bool:
        """Lauter Zeiten; heißt die Spalte nach der Zeit, genügt die Mehrzahl, und der Leser nennt den Rest."""
        zeiten = sum(map(_ist_zeit, inhalt))
        return zeiten == len(inhalt) or (2 * zeiten > len(inhalt) > 1 and bool(_ZEITWORT.match(kopf)))

    def _zeittexte(self) -> list[str]:
        return [self._ebenen[self._zeitebene - 1][j] for j in self._nur]

    def _pruefe_zeitantwort(self, zeit: Mapping[str, Any]) -> None:
        """Eine Zeit für alle Werte gilt nicht, wenn die Lieferung selbst mehrere nennt."""
        antwort = self._vorgaben.zeit
        if not antwort:
            return
        nach_zeit = [j for j in (*self._textspalten, *self._zahlen) if _ZEITWORT.match(self._kopfende(j))]
        stellen = self._zeitspalten or nach_zeit
        texte = {t for j in stellen for t in self._spalte(j, self._daten) if t}
        if self._zeitebene and self._zeitebene != self._teilebene and not self._zeitspalten:
            texte = set(self._zeittexte())
        if len(texte) > 1:
            zeiten = aufgezaehlt(sorted(texte)[:3]) + (" und andere" if len(texte) > 3 else "")
            raise BerichtswerkFehler(
                ZeitWiderspricht.melde(datei=self._blatt.name or "Lieferung", zeit=antwort, zeiten=zeiten)
            )

    def _unlesbare_zeiten(self) -> str:
        """Was in einer Spalte, die nach Zeit klingt, keine Zeit ist; leer, wenn es keine solche gibt."""
        for j in (*self._textspalten, *self._zahlen):
            inhalt = dict.fromkeys(t for t in self._spalte(j, self._daten) if t)
            falsch = [t for t in inhalt if not _ist_zeit(t)]
            kopf = self._kopfende(j)
            if _ZEITWORT.match(kopf) and falsch:
                return f"In der Spalte „{kopf}“ ist keine Zeit zu lesen: {aufgezaehlt(falsch[:3])}."
        return ""

    def _zweite_zeit(self, j: int) -> dict[str, Any]:
        """Monat oder Quartal zum Jahr: aus einer Spalte oder aus dem Kopf."""
        if not all(_JAHRESZAHL.fullmatch(t) for t in self._spalte(j, self._daten) if t):
            return {}
        for k in (*self._textspalten, *self._zahlen):
            inhalt = {t for t in self._spalte(k, self._daten) if t}
            art = self._kopfende(k).casefold()
            nummern = all(t.isdecimal() and 1 <= int(t) <= _PERIODEN.get(art, 0) for t in inhalt)
            roemisch = art != "quartal" and not inhalt.isdisjoint(_ROEMISCH)
            if k != j and inhalt and (nummern or (all(map(_ist_jahresteil, inhalt)) and not roemisch)):
                self._zeitspalten.add(k)
                return {"dazu": self._verweis(k), **({"art": art} if nummern else {})}
        return self._teile_im_kopf()

    def _teile_im_kopf(self) -> dict[str, Any]:
        """Monate oder Quartale ohne Jahr über Wertspalten; leer, wenn dort keine stehen."""
        for ebene, texte in enumerate(self._ebenen, start=1):
            stellen = [k for k in self._nur or self._zahlen if k not in self._zeitspalten]
            stellen = [k for k in stellen if _ist_jahresteil(texte[k])]
            roemisch = {texte[k] for k in stellen} & _ROEMISCH
            if ebene != self._zeitebene and len(stellen) > 1 and roemisch in (set(), _ROEMISCH):
                self._zeitebene, self._teilebene, self._nur = self._zeitebene or ebene, ebene, stellen
                return {"dazu": {"kopf": ebene}}
        return {}

    def _zeit_im_kopf(self) -> dict[str, Any]:
        """Die Kopfzeile, in der über Wertspalten Zeiten stehen, allein oder neben anderem Text."""
        for ebene, texte in enumerate(self._ebenen, start=1):
            hier = [j for j in self._zahlen if j < len(texte) and texte[j]]
            rein = [j for j in hier if _ist_zeit(texte[j])]
            gemischt = [
                j for j in hier if len(_KOPFJAHR.findall(texte[j])) == 1 and not _FREMDZEIT.search(texte[j])
            ]
            if rein and (len(rein) >= MEIST * len(hier) or (len(rein) > 1 and set(gemischt) <= set(rein))):
                self._zeitebene, self._zeitmuster, self._nur = ebene, "", rein
                return {"kopf": ebene}
            if len({_KOPFJAHR.findall(texte[j])[0] for j in gemischt}) > 1 and len(gemischt) >= 2:
                self._zeitebene, self._zeitmuster, self._nur = ebene, _KOPFJAHR.pattern, gemischt
                return {"kopf": ebene, "muster": _KOPFJAHR.pattern}
        return {}

    _zeitebene = 0
    _teilebene = 0
    """Kopfzeile mit Monaten oder Quartalen, zu denen das Jahr anderswo steht"""
    _dazu: Mapping[str, Any] = {}
    _zeitmuster = ""
    _nur: Sequence[int] = ()

    def _zeit_im_abschnitt(self) -> dict[str, Any]:
        """Zwischenzeilen, in denen nur eine Zeit steht („2015;;;“), auch die erste über dem Kopf."""
        zeiten = [
            t
            for z in self._texte
            if len(einzeln := {x for x in z if x}) == 1 and _ist_zeit(t := next(iter(einzeln)))
        ]
        if not zeiten:
            return {}
        muster = (
            r"^\d{4}$" if all(t.isdigit() and len(t) == 4 for t in zeiten) else r"^\d{1,2}\.\d{1,2}\.\d{4}$"
        )
        return {"abschnitt": muster} if all(re.match(muster, t) for t in zeiten) else {}

    # Werte und Merkmale

    def _finde_werte(self, zeit: Mapping[str, Any]) -> dict[str, Any]:
        """Wertspalten und Merkmale."""
        merkmale, stellen = self._finde_merkmale(self._moegliche_werte())
        stellen = sorted([*stellen, *self._verschriebene_werte(merkmale)])
        self._nenne_uebrige({*stellen, *merkmale.values()})
        if not stellen:
            raise KeineTabelle("keine Spalte mit Zahlen")
        self._wertspalten = stellen
        ergebnis: dict[str, Any] = {}
        groesse = self._groessenspalte(merkmale)
        if merkmale or self._aus_abschnitt:
            ergebnis["merkmale"] = {n: self._verweis(j) for n, j in merkmale.items()} | self._aus_abschnitt
        ergebnis |= self._einheit
        if self._neben:
            ergebnis["neben"] = self._neben
        if self._wo:
            ergebnis["wo"] = dict(self._wo)
        if groesse is not None and len(stellen) == 1:
            wert = {"spalte": self._verweis(stellen[0])}
            return {**ergebnis, "groesse": self._verweis(groesse), "wert": wert}
        if self._gebietszeile is not None:
            return {**ergebnis, **self._groesse_unter_gebieten(stellen)}
        if self._zeitebene:
            return {**ergebnis, **self._groessen_mit_zeit(stellen)}
        return {**ergebnis, "groessen": self._groessen_je_spalte(stellen)}

    def _moegliche_werte(self) -> list[int]:
        """Zahlenspalten, die Werte sein können; was nicht dazugehört, wird vermerkt."""
        breite = self._kopf.breite if self._ebenen else self._breite
        stellen = [j for j in self._zahlen if j not in self._zeitspalten and j < breite]
        for grund, weg in (
            ("keine Messgrößen", [j for j in stellen if _KEIN_WERT.search(self._kopftext(j))]),
            ("Zeitangaben", [j for j in stellen if self._nennt_zeiten(j)]),
            ("ohne Zeit im Kopf", [j for j in stellen if self._zeitebene and j not in self._nur]),
            ("ohne Gebiet im Kopf", [j for j in stellen if self._nur_gebiete and j not in self._nur_gebiete]),
        ):
            if weg := [j for j in weg if j in stellen]:
                self.bemerkungen.append(f"Nicht gelesen ({grund}): {self._aufgezaehlt(weg)}")
                stellen = [j for j in stellen if j not in weg]
        return stellen

    def _verschriebene_werte(self, merkmale: Mapping[str, int]) -> list[int]:
        """Spalten mit „12 Kinder“, „ca. 5“, „98'861“: Werte, die der Leser beanstandet."""
        rest = [j for j in self._textspalten if j not in merkmale.values() and j not in self._zeitspalten]
        if self._zeitebene:
            rest = [j for j in rest if j in self._nur]
        andere = (_KEIN_WERT, _BEIWERK, _ALTERWORT, _FREMDZEIT, _SCHLUESSELWORT, _EINHEITSWORT)
        return [
            j
            for j in rest
            if j not in self._nur_gebiete
            and not any(wort.search(self._kopftext(j)) for wort in andere)
            and _anteil(self._spalte(j, self._daten), _ist_wertartig) >= 0.5
        ]

    def _nenne_uebrige(self, gelesen: set[int]) -> None:
        """Vermerkt jede Spalte, die im Entwurf keine Rolle hat und noch nicht genannt ist."""
        gelesen = gelesen | self._belegt | self._zeitspalten | self._genannt | set(self._nur_gebiete)
        gelesen |= {int(j) - 1 for j in self._wo}
        rest = [j for j in (*self._textspalten, *self._zahlen) if j not in gelesen]
        rest = [j for j in sorted(rest) if self._ebenen or j in self._zahlen]
        mit_ziffern = [j for j in rest if _anteil(self._spalte(j, self._daten), _hat_ziffer) >= 0.5]
        if ohne := [j for j in rest if j not in mit_ziffern]:
            self.bemerkungen.append(f"Nicht gelesen: {self._aufgezaehlt(ohne)}")
        if mit_ziffern:
            spalten = self._aufgezaehlt(mit_ziffern)
            self.bemerkungen.append(f"OFFEN: nicht gelesen, obwohl dort Zahlen stehen: {spalten}")

    def _aufgezaehlt(self, spalten: Sequence[int]) -> str:
        self._genannt |= set(spalten)
        return aufgezaehlt([self._kopftext(j)[:60] or f"Spalte {j + 1}" for j in spalten])

    def _nennt_zeiten(self, j: int) -> bool:
        letzter = self._kopfende(j)
        wort = _ZEITWORT.match(letzter) or re.search(r"(?i)jahr(e|gang)?$", letzter)
        return bool(wort) and _anteil(self._spalte(j, self._daten), _ist_zeit) >= 0.5

    def _groessen_je_spalte(self, stellen: list[int]) -> dict[str, Any]:
        """Jede Spalte ist eine Messgröße und heißt nach den Kopfzeilen, die sie unterscheiden."""
        groessen: dict[str, Any] = {}
        gemeinsam = self._gemeinsame_ebenen(stellen)
        for j in stellen:
            if (text := self._kopftext(j)) and [self._kopftext(k) for k in stellen].count(text) > 1:
                raise KeineTabelle(f"mehrere Spalten heißen „{text}“")
            ebenen = [e[j] for n, e in enumerate(self._ebenen) if e[j] and n not in gemeinsam]
            eigene = " | ".join(dict.fromkeys(ebenen)) or text
            name = self._wunschname(text, eigene, j, einzig=len(stellen) == 1)
            groessen[_frei(name, groessen)] = self._verweis(j)
        return groessen

    def _groesse_unter_gebieten(self, stellen: list[int]) -> dict[str, Any]:
        """Die eine Messgröße, wenn im Kopf Gebiete stehen."""
        wert = {"spalte": {"von": stellen[0] + 1, "bis": stellen[-1] + 1}}
        name = bezeichner(self._titelwort()) or "wert"
        return {"groessen": {self._vorgaben.groessen.get("", name): wert}}

    def _gemeinsame_ebenen(self, stellen: list[int]) -> set[int]:
        """Kopfzeilen, die über allen Wertspalten dasselbe sagen."""
        alle = range(len(self._ebenen))
        return {n for n in alle if len(stellen) > 1 and len({self._ebenen[n][j] for j in stellen}) == 1}

    def _wunschname(self, text: str, eigene: str, j: int, *, einzig: bool) -> str:
        teile_ = [t for t in eigene.split(" | ") if t.casefold() not in _EINHEITEN]
        name = bezeichner(" ".join(teile_)) or bezeichner(eigene) or f"spalte_{j + 1}"
        wunsch = self._vorgaben.groessen
        return wunsch.get(text) or wunsch.get(name) or (wunsch.get("", "") if einzig else "") or name

    def _groessen_mit_zeit(self, stellen: list[int]) -> dict[str, Any]:
        """Messgrößen, wenn die Zeit im Kopf steht: sie heißen nach den anderen Kopfzeilen."""
        bereich: Any = {"von": stellen[0] + 1, "bis": stellen[-1] + 1} if len(stellen) > 1 else stellen[0] + 1
        luecken = stellen != list(range(stellen[0], stellen[-1] + 1))
        wert: Any = [{"spalte": j + 1} for j in stellen] if luecken else {"spalte": bereich}
        if self._zeitmuster:
            mit_jahr = [self._ebenen[self._zeitebene - 1][j] for j in stellen]
            ohne = {t: re.sub(r"^\s*([a-z]|[*†¹²³]|\d\))$", "", _KOPFJAHR.sub("", t)) for t in mit_jahr}
            werte = {t: bezeichner(rest) or "wert" for t, rest in ohne.items()}
            if len(set(werte.values())) > 1:
                return {"groesse": {"kopf": self._zeitebene, "werte": werte}, "wert": wert}
        andere = [e for e in range(1, len(self._ebenen) + 1) if e not in {self._zeitebene, self._teilebene}
                  and len({self._ebenen[e - 1][j] for j in stellen}) > 1]  # fmt: skip
        if not andere:
            fest = [
                self._ebenen[e - 1][stellen[0]]
                for e in range(1, len(self._ebenen) + 1)
                if e not in {self._zeitebene, self._teilebene}
            ]
            text = " ".join(t for t in fest if t and t.casefold() not in _EINHEITEN) or self._titelwort()
            name = self._wunschname(text, text, stellen[0], einzig=True)
            return {"groessen": {name: wert}}
        erste = max(
            andere, key=lambda e: len({self._ebenen[e - 1][j] for j in stellen}) if len(andere) == 1 else -e
        )
        texte_ = dict.fromkeys(self._ebenen[erste - 1][j] for j in stellen)
        if "" in texte_:
            raise KeineTabelle("Kopfzeilen mit Lücken über der Zeit")
        werte = {t: self._vorgaben.groessen.get(t) or bezeichner(t) for t in texte_}
        ergebnis: dict[str, Any] = {"groesse": {"kopf": erste, "werte": werte}, "wert": wert}
        weitere = {f"kopf_{e}": {"kopf": e} for e in andere if e != erste}
        return {**ergebnis, "merkmale": weitere} if weitere else ergebnis

    def _titelwort(self) -> str:
        zeilen = [z for z in self._titel.split("\n") if z and not re.match(r"GENESIS-Tabelle|Tabelle:", z)]
        return re.sub(r"[-–] .*|\d.*", "", zeilen[0]) if zeilen else "wert"

    def _finde_merkmale(self, stellen: list[int]) -> tuple[dict[str, int], list[int]]:
        """Spalten, die Zeilen desselben Gebiets und derselben Zeit unterscheiden."""
        schluessel = [
            tuple(self._texte[i][j] for j in sorted({*self._belegt, *self._zeitspalten})) for i in self._daten
        ]
        gebiete = [tuple(self._texte[i][j] for j in sorted(self._belegt)) for i in self._daten]
        merkmale: dict[str, int] = {}
        genommen: list[list[str]] = []
        einmalig = len(set(schluessel)) == len(schluessel)
        for j in self._textspalten:
            inhalt = self._spalte(j, self._daten)
            kopf = self._kopftext(j)
            if j in self._zeitspalten:
                continue
            einheit = _EINHEITSWORT.match(kopf) or all(t.casefold() in _EINHEITEN for t in inhalt)
            if einheit and len(set(inhalt)) > 1:
                self._genannt.add(j)
                self._einheit = {"einheit": self._verweis(j)}
                continue
            if len(set(inhalt)) < 2 or _bestimmt(gebiete, inhalt):
                if len(set(inhalt)) == 1 and inhalt[0] and not self._gebiet(inhalt[0]):
                    self._genannt.add(j)
                    self.bemerkungen.append(
                        f"Gilt für alle Zeilen: {kopf or f'Spalte {j + 1}'} = {inhalt[0][:60]}"
                    )
                continue
            if kopf.casefold() in {"basis", "gebietsstand"}:
                self._genannt.add(j)
                self._neben[kopf.casefold()] = {"spalte": kopf}
                schluessel = [(*s, t) for s, t in zip(schluessel, inhalt, strict=True)]
                continue
            if einmalig or _BEIWERK.search(kopf) or any(_bestimmt(g, inhalt) for g in genommen):
                continue
            merkmale[_merkmalname(kopf, j, merkmale)] = j
            genommen.append(inhalt)
            schluessel = [(*s, t) for s, t in zip(schluessel, inhalt, strict=True)]
        if len(set(schluessel)) < len(schluessel) and (abschnitte := self._abschnitte()):
            muster = "|".join(re.escape(t) for t in dict.fromkeys(abschnitte.values()))
            self._aus_abschnitt["abschnitt"] = {"abschnitt": f"^({muster})$"}
        for j in list(stellen):
            if len(stellen) == 1:
                break
            noetig = len(set(schluessel)) < len(schluessel) and _ALTERWORT.search(self._kopftext(j))
            if noetig or _GLIEDERUNG.search(self._kopftext(j)):
                merkmale[_merkmalname(self._kopftext(j), j, merkmale)] = j
                schluessel = [(*s, t) for s, t in zip(schluessel, self._spalte(j, self._daten), strict=True)]
                stellen = [k for k in stellen if k != j]
        return merkmale, stellen

    def _abschnitte(self) -> dict[int, str]:
        """Zwischenzeilen mit einem einzigen Text, der keine Zeit ist; jede Datenzeile steht unter einer."""
        daten, abschnitte = set(self._daten), {}
        for i in range(self._daten[-1]):
            einzeln = {t for t in self._texte[i] if t}
            if i not in daten and len(einzeln) == 1 and not _ist_zeit(text := einzeln.pop()):
                abschnitte[i] = text
        davor = [i for i in abschnitte if i < self._daten[0]]
        erste = max(davor, default=self._daten[-1])
        abschnitte = {i: t for i, t in abschnitte.items() if i >= erste}
        return abschnitte if len(abschnitte) > 1 and erste < self._daten[0] else {}

    def _groessenspalte(self, merkmale: dict[str, int]) -> int | None:
        """Die Textspalte, die in langen Tabellen die Messgröße nennt."""
        for name, j in merkmale.items():
            if _GROESSENWORT.match(self._kopftext(j)) and any(
                _WERTWORT.match(self._kopftext(k)) for k in self._wertspalten
            ):
                del merkmale[name]
                return j
        return None

    # Ränder und Zahlform

    def _raender(self, kopfzeilen: list[int]) -> dict[str, Any]:
        """Zeilen zwischen Kopf und Daten und hinter den Daten, die nicht dazugehören."""
        ergebnis: dict[str, Any] = {}
        if kopfzeilen:
            dazwischen = [
                i for i in range(kopfzeilen[-1] + 1, self._anfang or 0)
                if len({t for t in self._texte[i] if t}) > 1 and not self._ist_datenartig(i)
            ]  # fmt: skip
            if dazwischen:
                ergebnis["daten_ab"] = self._zeilen[dazwischen[-1] + 1][0]
        if self._belegt and (summen := self._summenzeilen(kopfzeilen[-1] + 1 if kopfzeilen else 0)):
            ergebnis["auslassen"] = [rf"^{re.escape(t)}( \||$)" for t in summen]
            self.bemerkungen.append(f"Zeilen ohne Schlüssel bleiben weg: {aufgezaehlt(summen)}")
        letzte = self._daten[-1]
        while letzte + 1 < len(self._texte) and self._hat_werte(self._texte[letzte + 1]):
            letzte += 1  # eine Zeile mit Werten ist kein Fuß, auch ohne Gebiet: der Leser meldet sie
        fuss = self._texte[letzte + 1 :]
        if not fuss or re.match(r"_{3,}", next(t for t in fuss[0] if t)):
            return ergebnis
        anfang = next(t for t in fuss[0] if t)
        wort = re.match(r"\W*\w+", anfang)
        muster = re.escape(wort[0]) if wort else re.escape(anfang[:5])
        davor = range(self._anfang or 0, letzte + 1)
        erste = [next((t for t in self._texte[i] if t), "") for i in davor]
        if any(re.match(muster, t) for t in erste):
            ergebnis["daten_bis"] = self._zeilen[letzte][0]
        else:
            ergebnis["ende"] = muster
        return ergebnis

    def _hat_werte(self, zeile: list[str]) -> bool:
        """Ob in Wertspalten Zahlen stehen, ohne daß die Zeile eine Summe ist."""
        zahl = any(_ist_zahl(zeile[j]) for j in self._wertspalten)
        return zahl and not _GESAMT.match(next(t for t in zeile if t))

    def _summenzeilen(self, ab: int) -> list[str]:
        """Wie Zeilen zwischen den Daten beginnen, die statt eines Schlüssels „Insgesamt“ sagen."""
        daten, schluessel = set(self._daten), min(self._belegt)
        offen = [
            i
            for i in range(ab, self._daten[-1])
            if i not in daten and not self._texte[i][schluessel]
        ]
        erste = {next(t for t in self._texte[i] if t) for i in offen}
        return sorted(t for t in erste if _GESAMT.match(t))

    def _zahltexte(self, j: int) -> set[str]:
        """Was in einer Spalte als Text steht, ohne Vorzeichen und Anhängsel."""
        roh = {f for i in self._daten if j < len(z := self._zeilen[i][1]) and isinstance(f := z[j], str)}
        return {re.sub(r"[\s+\-−%€‰*†¹²³]|[a-z]$", "", glatt(f).strip("()")) for f in roh}

    def _zahlform(self) -> str:
        """Die Form, wenn die Zahlen selbst sie verraten; sonst leer."""
        if self._vorgaben.zahlform:
            return self._vorgaben.zahlform
        je_spalte = {j: self._zahltexte(j) for j in self._wertspalten}
        zahlen = set().union(*je_spalte.values())

        def hat(muster: str) -> bool:
            return any(re.fullmatch(muster, z) for z in zahlen)

        komma = hat(r"\d+,\d+") and hat(r"(?![1-9]\d{0,2},\d{3}$)\d+,\d+")
        punkt = hat(r"\d+\.\d+") and hat(r"(?![1-9]\d{0,2}\.\d{3}$)\d+\.\d+")
        punkte = hat(r"\d{1,3}(\.\d{3}){2,}(,\d+)?") or hat(r"\d{1,3}(\.\d{3})+,\d+")
        kommas = hat(r"\d{1,3}(,\d{3}){2,}(\.\d+)?") or hat(r"\d{1,3}(,\d{3})+\.\d+")
        deutsch, englisch = komma or punkte, punkt or kommas
        if deutsch and englisch:
            return ""
        if deutsch:
            return "deutsch"
        if not englisch:
            return ""
        if kommas or hat(r"[1-9]\d{0,2},\d{3}"):
            return "englisch"
        for j, texte in je_spalte.items():
            if texte and (beispiel := _tausend_oder_bruch(texte)):
                frage = f"Zahlen wie „{beispiel}“ in „{self._kopftext(j)}“ sind mehrdeutig."
                grund = "Dort stehen hinter jedem Punkt genau drei Ziffern, in einer anderen Spalte nicht."
                raise FragenOffen([Frage("zahlform", frage, ("deutsch", "englisch", "schlicht"), grund)])
        return "schlicht"


def _hat_ziffer(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _ist_wertartig(text: str) -> bool:
    """Eine Zahl mit Zusatz: „12 Kinder“, „ca. 5“, „>10“, „98'861“."""
    return bool(_WERTARTIG.match(text)) and not _ist_zeit(text)


def _tausend_oder_bruch(texte: Collection[str]) -> str:
    """Eine Zahl der Spalte, wenn jeder Punkt ein Tausenderpunkt sein kann; sonst leer."""
    mit_punkt = sorted(t for t in texte if "." in t and any(map(str.isdigit, t)))
    return mit_punkt[0] if mit_punkt and all(re.fullmatch(_TAUSENDER, t) for t in mit_punkt) else ""


def _merkmalname(kopf: str, j: int, vergeben: Mapping[str, Any]) -> str:
    name = bezeichner(kopf.rsplit(" | ", maxsplit=1)[-1]) or f"merkmal_{j + 1}"
    return _frei(f"angabe_{name}" if name in BELEGT else name, vergeben)


def _frei(name: str, vergeben: Mapping[str, Any]) -> str:
    """Der Name, wenn nötig mit einer Nummer."""
    if name not in vergeben:
        return name
    return next(f"{name}_{n}" for n in range(2, 10_000) if f"{name}_{n}" not in vergeben)


def _bestimmt(eins: Sequence[Any], zwei: Sequence[Any]) -> bool:
    """Ob zu jedem aus ``eins`` immer dasselbe aus ``zwei`` gehört."""
    bekannt: dict[Any, Any] = {}
    return all(bekannt.setdefault(a, b) == b for a, b in zip(eins, zwei, strict=True))


def _ist_zaehlung(texte: Sequence[str]) -> bool:
    """Eine Zeile, die nur die Spalten zählt: 1, 2, 3 …"""
    zahlen = [t.strip("()") for t in texte]
    return (
        all(z.isdecimal() for z in zahlen)
        and int(zahlen[0]) < 3
        and [int(z) for z in zahlen] == list(range(int(zahlen[0]), int(zahlen[0]) + len(zahlen)))
    )
