"""Wie eine unbekannte Lieferung aufgebaut ist: Familie, Kodierung, Kopf, Gebiet, Zeit, Werte, Zahlform.

:func:`erkenne` sieht sich die Zellen an, schlägt eine Beschreibung vor und liest mit ihr: was der Leser daran
beanstandet, wird ergänzt, wo nur eines gemeint sein kann, und sonst gefragt. Geraten wird nie.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from berichtswerk.daten.erkennung.blattsicht import Aufbau, Blattsicht
from berichtswerk.daten.erkennung.gebietssuche import KeineTabelle
from berichtswerk.daten.erkennung.texte import (
    FREMDZEIT,
    JAHR,
    JAHRESZAHL,
    KLARE,
    MEIST,
    SCHLUESSEL,
    STRICHE,
    ZEICHEN,
    anteil_von,
    bezeichner,
    titel_der_spalte,
    trenner,
    zeit_aus_blattnamen,
    zeit_im_text,
)
from berichtswerk.daten.erkennung.vorgaben import BEDEUTUNGEN, WAHL, Frage, FragenOffen, Vorgaben
from berichtswerk.daten.leser import auftraege, leser, lies
from berichtswerk.daten.leser.grund import Blatt, art_von, glatt
from berichtswerk.daten.leser.text import beste_kodierung, geoeffnet, ist_gepackter_text
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, aufgezaehlt
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis
    from berichtswerk.daten.tabelle import Tabelle

ANDERS = 6
"""Sind mehr Blätter anders aufgebaut als die übrigen, gehören sie wohl nicht zusammen."""
VERSUCHE = 8
"""So oft wird ergänzt und wieder gelesen."""


class AufbauUnklar(Befundart):
    text = "Wie die Lieferung aufgebaut ist, ist nicht zu erkennen: {was}."
    ursache = "{grund}"
    abhilfe = "Beschreiben Sie sie von Hand; docs/quellen.md nennt jede Angabe mit einem Beispiel."


@dataclass
class Fund:
    """Eine Beschreibung, mit der sich die Lieferung lesen läßt, oder was ihr noch im Weg steht."""

    angaben: dict[str, Any]
    """wie sie in der YAML steht, ohne Namen, Pfad und was nur Menschen wissen"""
    tabelle: Tabelle | None
    befunde: list[Meldung]
    bemerkungen: list[str]
    titel: str = ""


def erkenne(pfade: Sequence[Path], verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben) -> Fund:
    """Erkennt den Aufbau der ersten Datei und liest alle zur Probe.

    Raises:
        FragenOffen: etwas muß ein Mensch entscheiden.
        BerichtswerkFehler: keine Tabelle, kein bekanntes Gebiet, Datei kaputt.
    """
    with tempfile.TemporaryDirectory(prefix="bw-quelle-") as ordner:
        probe = Projekt(Path(ordner))
        ziele = [probe.daten / "dateien" / pfad.name for pfad in pfade]
        ziele[0].parent.mkdir(parents=True)
        for pfad, ziel in zip(pfade, ziele, strict=True):
            shutil.copyfile(pfad, ziel)
        fund = _Erkennung(ziele, probe, verzeichnis, vorgaben).erkenne()
    fund.angaben.pop("extrapaths", None)
    return fund


def _beschreibung(datei: str, angaben: Mapping[str, Any]) -> Quelle:
    statistik = {
        "herausgeber": "x", "stand": "2000-01-01", "attribution": "x", "ressort": "x",
        "periodizitaet": "einmalig", "herkunft": "fachamt", **angaben.get("statistik", {}),
    }  # fmt: skip
    return Quelle.model_validate(
        {"name": "probe", "title": "x", "path": f"dateien/{datei}", **angaben, "statistik": statistik}
    )


class _Erkennung:
    def __init__(
        self, pfade: Sequence[Path], probe: Projekt, verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben
    ) -> None:
        self._weitere = [f"dateien/{p.name}" for p in pfade[1:]]
        self._pfad, self._probe, self._verzeichnis, self._vorgaben = pfade[0], probe, verzeichnis, vorgaben
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
        self._angaben: dict[str, Any] = {"extrapaths": self._weitere} if self._weitere else {}
        text = art in {"text", "utf16"} or (art == "xlsx" and ist_gepackter_text(self._pfad))
        if text and re.match(rb"(10|20|40|50|60)\d{8}(0[1-9]|1[0-6])", anfang):
            return self._probiere(self._gv100(), [], "")
        self._angaben |= self._textangaben(art) if text else {"format": self._endung("xlsx")}
        blaetter = self._blaetter("csv" if text else "xlsx")
        if text and (familie := self._familie(blaetter[0])) is not None:
            return self._probiere(*familie)
        gefunden: list[Aufbau] = []
        gruende: list[str] = []
        offene: FragenOffen | None = None
        for blatt in blaetter:
            if not text and self._vorgaben.blatt and blatt.name.strip() != self._vorgaben.blatt.strip():
                continue
            try:
                gefunden.append(Blattsicht(blatt, self._gebiet, self._verzeichnis, self._vorgaben).erkenne())
            except KeineTabelle as fehlt:
                gruende.append(f"{blatt.name}: {fehlt}" if blatt.name else str(fehlt))
            except FragenOffen as offen:
                if len(blaetter) == 1 or offen.fragen[0].option != "gebiet":
                    raise
                gruende.append(f"{blatt.name}: kein Gebiet genannt")
                offene = offene or offen
        if offene and not gefunden:
            raise offene
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
        angaben: dict[str, Any] = {"format": self._endung("csv"), **self._archiv(art), "encoding": "utf-8"}
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

    def _archiv(self, art: str) -> dict[str, Any]:
        """Welche Dateien eines ZIP-Archivs gemeint sind: die Tabellen darin, oder die genannte."""
        if art != "xlsx":
            return {}
        with zipfile.ZipFile(self._pfad) as archiv:
            alle = [e.filename for e in archiv.infolist() if not e.is_dir()]
        eigene = [n for n in alle if not n.startswith("__MACOSX/") and not Path(n).name.startswith(".")]
        endungen = (".csv", ".tsv"), (".txt", ".asc"), ""
        nach_art = ([n for n in eigene if n.lower().endswith(e)] for e in endungen)
        tabellen = [self._vorgaben.blatt] if self._vorgaben.blatt else next(filter(None, nach_art), [])
        gemeint: Any = tabellen if len(tabellen) > 1 else "".join(tabellen)
        return {"compression": "zip", **({"innerpath": gemeint} if len(alle) > 1 else {})}

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
            n: anteil_von(inhalt[code.format(n)], lambda c: bool(SCHLUESSEL.fullmatch(c))) for n in nummern
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
            lesen["groessen"] = {self._name(titel_der_spalte(n), n): n for n in namen[ab:] if n}
        self._angaben["statistik"] = {"zeichensatz": "din55301"}
        titel = next(iter(inhalt.get("statistics_label" if neu else "Statistik_Label", [])), "")
        return lesen, [], titel

    def _name(self, text: str, sonst: str) -> str:
        wunsch = self._vorgaben.groessen
        return (
            wunsch.get(text) or wunsch.get(sonst) or wunsch.get("") or bezeichner(text) or bezeichner(sonst)
        )

    # Mehrere Blätter

    def _vereine(self, gefunden: list[Aufbau], text: bool) -> tuple[dict[str, Any], list[str], str]:
        """Die Angaben für alle Blätter oder Dateien eines Archivs; was einzelne anders machen, je Blatt."""
        erster = max(gefunden, key=lambda a: sum(_gleich(a.lesen, b.lesen) for b in gefunden))
        anders = [a for a in gefunden if not _gleich(a.lesen, erster.lesen)]
        namen = [a.blatt.name for a in gefunden]
        formen = {f for a in gefunden if (f := a.lesen.pop("zahlform", ""))}
        neben = [a.lesen.pop("neben", {}) for a in gefunden]
        if len(anders) > (0 if text else ANDERS) or len(formen) > 1 or neben != neben[:1] * len(neben):
            frage = f"Welches Blatt gilt? {aufgezaehlt(namen)} haben verschiedenen Aufbau."
            raise FragenOffen([Frage("blatt", frage, tuple(namen))])
        self._ergaenze_zeit(gefunden, [erster, *anders], "" if text else namen[0])
        zeichen = {z for a in gefunden for z in a.lesen.pop("zeichen", ())}
        if any(a.lesen.get("daten_bis") != erster.lesen.get("daten_bis") for a in gefunden):
            for aufbau in gefunden:
                aufbau.lesen.pop("daten_bis", None)
        lesen = dict(erster.lesen)
        ist_genesis = text and re.match(r"GENESIS-Tabelle|Tabelle: \d", erster.titel)
        lesen["leser"] = "genesis_tabelle" if ist_genesis else "csv" if text else "xlsx"
        lesen |= {"zahlform": formen.pop()} if formen else {}
        if not text:
            lesen["blatt"] = namen if len(namen) > 1 else namen[0]
        elif len(namen) > 1:
            self._angaben["innerpath"] = namen
        if anders:
            lesen["je_blatt"] = {a.blatt.name: _unterschied(erster.lesen, a.lesen) for a in anders}
        self._zeichen = frozenset(zeichen)
        if zeichen & (ZEICHEN - {"", "g", "k", "t", "u"}):
            self._angaben["statistik"] = {"zeichensatz": "ba" if "*" in zeichen else "din55301"}
        if neben[0]:
            self._angaben.setdefault("statistik", {}).update(neben[0])
        return lesen, list(dict.fromkeys(b for a in gefunden for b in a.bemerkungen)), erster.titel

    def _ergaenze_zeit(
        self, gefunden: Sequence[Aufbau], verschiedene: Sequence[Aufbau], blattname: str
    ) -> None:
        """Wo in den Tabellen selbst keine Zeit steht: aus den Blattnamen, sonst je Aufbau aus dem Titel."""
        ohne = [a for a in gefunden if not a.zeit_gefunden]
        zeit = zeit_aus_blattnamen([a.blatt.name for a in ohne], ohne[0].dazu) if len(ohne) > 1 else {}
        for aufbau in ohne if zeit else [a for a in verschiedene if not a.zeit_gefunden]:
            name = blattname if len(gefunden) == 1 else aufbau.blatt.name
            aufbau.lesen.update(zeit or {"zeit": self._zeit_anderswo(aufbau, name)})

    def _zeit_anderswo(self, aufbau: Aufbau, blattname: str) -> dict[str, Any]:
        """Aus Titel, Blatt- oder Dateiname, wo nur eine Zeit steht; sonst wird gefragt."""
        if self._vorgaben.zeit:
            return {"fest": self._vorgaben.zeit, **aufbau.dazu}
        titel = [t for t in aufbau.titel.split("\n") if not FREMDZEIT.search(t)]
        stamm = self._pfad.stem if aufbau.ohne_jahr and not FREMDZEIT.search(self._pfad.stem) else ""
        for woher, texte in (("titel", titel), ("blattname", [blattname]), ("dateiname", [stamm])):
            muster, treffer = zeit_im_text(texte, nur_jahr=woher != "titel" or bool(aufbau.dazu))
            if len(treffer) == 1 and muster:
                return {woher: f"({muster})", **aufbau.dazu}
            if len(treffer) > 1:
                break
        kandidaten = sorted({j for t in (*aufbau.titel.split("\n"), blattname, self._pfad.stem)
                             for j in JAHR.findall(t)})  # fmt: skip
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
            teil = lesen.get("zeit", {}).get("dazu") if JAHRESZAHL.fullmatch(v.zeit) else None
            lesen["zeit"] = {"fest": v.zeit, **({"dazu": teil} if isinstance(teil, dict) else {})}
        statistik = self._angaben.setdefault("statistik", {})
        klare = {z: "unbekannt" for z in self._zeichen if KLARE.fullmatch(z)}
        striche = dict.fromkeys((z for z in STRICHE if z in self._zeichen), v.strich) if v.strich else {}
        if zeichen := {**klare, **striche, **v.zeichen}:
            statistik["zeichen"] = zeichen
        tabelle, befunde = self._lies(lesen)
        for _ in range(VERSUCHE):
            if tabelle is not None or not self._ergaenze(lesen, befunde, bemerkungen):
                break
            tabelle, befunde = self._lies(lesen)
        if tabelle is not None and self._meint_monate(lesen, tabelle):
            lesen["zeit"]["art"] = "monat"
            bemerkungen.append("Der erste Tag eines Monats meint hier den Monat")
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

    def _meint_monate(self, lesen: Mapping[str, Any], tabelle: Tabelle) -> bool:
        """Ob neben Monaten nur Monatserste stehen: so speichert eine Tabellenkalkulation „Jun 23“."""
        zeiten = tabelle.texte["zeit"].texte
        monate = [z for z in zeiten if re.fullmatch(r"\d{4}-\d{2}", z)]
        erste = [z for z in zeiten if re.fullmatch(r"\d{4}-\d{2}-01", z)]
        gemischt = bool(monate and erste) and len(monate) + len(erste) == len(zeiten)
        return gemischt and "spalte" in lesen["zeit"] and not lesen["zeit"].keys() & {"art", "dazu"}

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
        return not amtlich and not set(STRICHE).isdisjoint(tabelle.texte["roh"].texte)

    def _ergaenze(self, lesen: dict[str, Any], befunde: Sequence[Meldung], bemerkungen: list[str]) -> bool:
        """Ergänzt eine Angabe, die aus den Befunden sicher folgt; ``False``, wenn nichts mehr folgt."""
        arten = {b.kennung for b in befunde if b.stufe.value == "fehler"}
        gebiet = lesen["gebiet"]
        if "gebiet-fuehrende-null" in arten and "fuehrende_null" not in gebiet:
            gebiet["fuehrende_null"] = "ergaenzen"
            return True
        mehrere = isinstance(lesen.get("blatt"), list) or isinstance(self._angaben.get("innerpath"), list)
        if "schluessel-doppelt" in arten and mehrere and "blatt" not in lesen.get("merkmale", {}):
            lesen["merkmale"] = {**lesen.get("merkmale", {}), "blatt": {"blattname": ".+"}}
            return True
        if "schluessel-doppelt" in arten and lesen.get("leere_zeilen") is None:
            lesen["leere_zeilen"] = "weglassen"
            return True
        if "wert-keine-zahl" in arten and "entfernen" not in lesen:
            anhaengsel = {m[1] for b in befunde for m in [re.search(r"„entfernen: '(.+?)'“", b.abhilfe)] if m}
            sicher = {a for a in anhaengsel if _UNWICHTIG.fullmatch(a)}
            if sicher and anhaengsel == sicher and not self._hat_zweideutige_fussnote(befunde):
                lesen["entfernen"] = "|".join(sorted(sicher))
                bemerkungen.append("Aus den Werten gestrichen: " + ", ".join(sorted(sicher)))
                return True
        return False

    @staticmethod
    def _hat_zweideutige_fussnote(befunde: Sequence[Meldung]) -> bool:
        return any(b.kennung == "wert-keine-zahl" and "entfernen: '" not in b.abhilfe for b in befunde)


_UNWICHTIG = re.compile(r"\\s\*\\?(%|[¹²³⁰⁴-⁹*†€‰]+|km²|ha|EUR)\$|\^(€|EUR|Euro)\\s\*")
"""Muster, die nur Fußnotenzeichen und Einheiten streichen, ohne den Wert zu ändern"""
_STRICH = Frage("strich", "Was „-“ in dieser Lieferung heißt, sagt sie nicht.", WAHL["strich"],
                "„null“: nichts vorhanden (0); „unbekannt“: nicht erhoben oder geheim.")  # fmt: skip
_FRAGEN = {
    "zahlform-unklar": "zahlform", "strich-unklar": "strich", "zelle-prozent": "prozent",
    "formel-statt-wert": "formeln",
    "wert-gestrichen": "durchgestrichen", "wert-hochgestellt": "hochgestellt", "gebiet-mehrdeutig": "ebene",
}  # fmt: skip
"""Befund des Lesers → Option, die ihn beantwortet"""


def _fragen(befunde: Sequence[Meldung]) -> Iterator[Frage]:
    """Befunde des Lesers, die mit einer Option zu beantworten sind, je Option einmal."""
    gestellt: set[str] = set()
    for befund in befunde:
        option, zeichen = _FRAGEN.get(befund.kennung, ""), ""
        moeglich: tuple[str, ...] = WAHL.get(option, ())
        if befund.kennung == "klammer-unklar":
            option, moeglich = "minus", ("klammer", "vorn")
        elif befund.kennung == "wert-keine-zahl" and "minus: hinten" in befund.abhilfe:
            option, moeglich = "minus", ("hinten",)
        elif befund.kennung == "wert-keine-zahl" and (m := re.match("„([<≤] ?[0-9]{1,2})“", befund.text)):
            option, moeglich, zeichen = "zeichen", BEDEUTUNGEN, m[1]
        elif befund.kennung == "zeichen-unbekannt" and (m := re.match("Das Zeichen „(.+?)“", befund.text)):
            option, zeichen = ("strich", "") if m[1] in STRICHE else ("zeichen", m[1])
            moeglich = BEDEUTUNGEN if zeichen else WAHL["strich"]
        art = option + zeichen + "".join(moeglich)
        if option and art not in gestellt:
            gestellt.add(art)
            yield Frage(option, befund.text, moeglich, befund.ursache, zeichen)


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
    egal = {"daten_bis", "zeichen", "zahlform", "neben"}
    return {k: v for k, v in eins.items() if k not in egal} == {
        k: v for k, v in zwei.items() if k not in egal
    }


def _unterschied(gemeinsam: Mapping[str, Any], eigen: Mapping[str, Any]) -> dict[str, Any]:
    """Was auf einem Blatt anders ist; was nur die anderen sagen, wird zurückgenommen."""
    leer: dict[str, Any] = {"auslassen": []} | {n: {} for n in ("merkmale", "groessen", "wo", "ungelesen")}
    neu = {n: w for n, w in eigen.items() if gemeinsam.get(n) != w}
    return neu | {n: leer.get(n) for n in gemeinsam if n not in eigen}


def _platzhalter(name: str) -> dict[str, Any]:
    return {"leser": name, "gebiet": {"fest": "x"}, "zeit": {"fest": "2000"}, "groessen": {"n": 1},
            "grenze_mb": 400}  # fmt: skip
