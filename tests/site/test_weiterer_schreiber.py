"""Ein weiteres Ausgabeformat ist ein weiterer Schreiber und sonst nichts: hier schreibt einer Klartext."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatchmethod
from pathlib import Path
from typing import Any, get_args

import pytest
from manuskripthilfe import Werk

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import uebergib
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwerte,
    Fehlt,
    Fliesstext,
    Gegenstand,
    Luecken,
    Notizfeld,
    Ortsblatt,
    Quellen,
    Randnotiz,
    Randzahl,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.manuskript import Manuskript, lies, verzeichnisse
from berichtswerk.satz.prosa import Prosa, Prosatafel, sichtbar
from berichtswerk.satz.raster import (
    KLEIN_ANTEIL,
    Anmerkungen,
    Auftakt,
    Kurzbotschaften,
    Zeile,
    kleingedrucktes,
)
from berichtswerk.schreiber.word.baum import Baum, alle_texte
from berichtswerk.schreiber.word.herkunft import Zuordnung


class Klartext:
    """Schreibt ein Manuskript als Text, je Art von Gegenstand eine Methode."""

    def __init__(self, m: Manuskript) -> None:
        self.m, self.noten = m, list[str]()

    def schreibe(self) -> str:
        return "\n\n".join([*(self.teil(t) for t in self.m.teile), *self.noten])

    @singledispatchmethod
    def teil(self, g: object) -> str:
        raise NotImplementedError(type(g).__name__)

    @teil.register
    def _(self, g: Prosa) -> str:
        return self.bloecke(g.bloecke)

    @teil.register
    def _(self, g: Auftakt) -> str:
        zahlen = " ".join(f"{z.zahl} {z.text}" for z in g.zahlen)
        return f"{self.teil(g.kopf)}\n{self.bloecke(g.botschaft)}\n{zahlen}"

    @teil.register
    def _(self, g: Zeile) -> str:
        return "\n".join([*map(self.teil, (*g.haupt, *g.rand)), g.quelle])

    @teil.register
    def _(self, g: Kurzbotschaften) -> str:
        return "\n".join(f"{self.bloecke(b.satz)} {self.bloecke(b.beleg)}" for b in g.eintraege)

    @teil.register
    def _(self, g: Anmerkungen) -> str:
        return "\n".join(self.teil(n) for _, notizen in g.eintraege for n in notizen)

    @teil.register
    def _(self, g: Randnotiz) -> str:
        return f"{g.titel}: {g.text}"

    @teil.register
    def _(self, g: Randzahl) -> str:
        return f"{g.zahl} {g.text}"

    @teil.register
    def _(self, g: Quellen) -> str:
        return "\n".join(f"{a.name} {a.kurz} {a.lang} {a.nennung}" for a in g.eintraege)

    @teil.register
    def _(self, g: Ortsblatt) -> str:
        zahlen = "\n".join(f"{z.zahl} {z.text} {z.kreis}" for z in g.zahlen)
        worte = (g.name, g.im_satz, g.botschaft, g.gehoert, *g.offen, zahlen, self.beleg(g.beleg))
        return "\n".join(worte)

    @teil.register
    def _(self, g: Notizfeld) -> str:
        return "\n".join((g.titel, *g.fragen))

    @teil.register
    def _(self, g: Ueberschrift) -> str:
        return f"{self.m.nummer(g.marke)} {g.text}"

    @teil.register
    def _(self, g: Abbildung) -> str:
        kopf = f"{self.m.marken[g.label].name}: {g.unterschrift}"
        return "\n".join(
            [g.befund, g.weiter, *g.lesehilfe, kopf, g.alt, self.tafel(g.daten), self.beleg(g.beleg)]
        )

    @teil.register
    def _(self, g: Tabelle) -> str:
        kopf = f"{self.m.marken[g.label].name}: {g.unterschrift}"
        return "\n".join([g.befund, kopf, self.tafel(g.tabelle), self.beleg(g.beleg)])

    @teil.register
    def _(self, g: Eckwerte) -> str:
        return "\n".join([f"{e.name}: {'; '.join(e.angaben())}" for e in g.eintraege] + [self.beleg(g.beleg)])

    @teil.register
    def _(self, g: Begriffe) -> str:
        return "\n".join(f"{e.name}: {e.text} {e.fallen}" for e in g.eintraege)

    @teil.register
    def _(self, g: Steckbriefe) -> str:
        return "\n".join(
            f"{e.name} ({e.einheit})\n" + "\n".join(map(": ".join, e.felder)) for e in g.eintraege
        )

    @teil.register
    def _(self, g: Fehlt) -> str:
        return f"Es fehlt: {g.grund}"

    @teil.register
    def _(self, g: Luecken) -> str:
        return "\n".join(map(": ".join, g.eintraege))

    @teil.register
    def _(self, _g: Verzeichnisse) -> str:
        return "\n".join(
            f"{self.m.marken[k].name}: {t}" for _, liste in verzeichnisse(self.m) for k, t in liste
        )

    def tafel(self, t: Tabellenmodell) -> str:
        zeilen = [*t.kopf, *(z.zellen for z in t.zeilen)]
        faecher = (
            [" ".join([z.text, z.zusatz, *(z.spanne or ())]).strip() for z in zeile] for zeile in zeilen
        )
        return "\n".join(map(" | ".join, faecher))

    def beleg(self, b: Beleg) -> str:
        return "\n".join([*(q.zeile for q in b.quellen), b.definition, *b.hinweise])

    def bloecke(self, liste: Iterable[Any]) -> str:
        return "\n".join(map(self.knoten, liste))

    def knoten(self, k: Any) -> str:
        """Ein Knoten: Wörter, Verweise und Fußnoten eigens, sonst alles darunter."""
        if isinstance(k, str) or k is None:
            return ""
        if isinstance(k, list | tuple):
            return "".join(map(self.knoten, k))
        if isinstance(k, Prosatafel):
            return "\n".join(" | ".join(self.bloecke(f.bloecke) for f in z) for z in (*k.kopf, *k.rumpf))
        if not isinstance(k, dict):
            return ""
        art: str = k["t"]
        c: Any = k.get("c")
        if art == "Verweis":
            return ", ".join(self.m.marken[marke].name for marke, _ in c)
        if art == "Nur":
            return self.bloecke(c[2]) if sichtbar(c, "txt") else ""
        if art == "Note":
            self.noten.append(self.bloecke(c))
            return ""
        if art in {"Str", "Code", "CodeBlock"}:
            return str(c if art == "Str" else c[1])
        if art == "Kasten":
            return f"{self.knoten(c[1])}\n{self.bloecke(c[2])}"
        if art in {"Bild", "Bildchen"}:
            return f"{c[-2]} {self.knoten(c[-1])}" if art == "Bild" else str(c[1])
        wort = "\n" if art in {"Para", "Plain", "Frage", "Kopf"} else ""
        return " " if c is None else self.knoten(c) + wort


# --- Nichts geht verloren --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def manuskripte(projekt: Path) -> list[tuple[tuple[Gegenstand, ...], Manuskript]]:
    """Alle Berichte: was übergeben wurde, und wie es gelesen ist; ausgeführt sind sie schon."""
    p = Projekt(projekt)
    fertig = []
    for lauf in fuehre_aus(p, plane(p).waehle(())):
        dokument = uebergib(p, lauf).dokument
        m, befunde = lies(dokument, p, lauf.auftrag.ordner, Ablage.von(p))
        assert not befunde.fehler
        fertig.append((dokument.inhalt, m))
    return fertig


_UNGELESEN = frozenset(
    [
        "art",
        "ebene",
        "label",
        "ziel",
        "form",
        "motiv",
        "wahl",
        "spec",
        "werte",
        "nennung",
        "marke",
        "status",
        "vorlesen",
        "kennzahl",
        "rechnungen",  # steht nur, wo viele Quellen über sie eingehen
        "lizenz",
        "welche",
        "aussage",
        "aussagen",
    ]
)


def _texte(wert: Any) -> Iterator[str]:
    """Alle Wörter eines Modells, die Menschen lesen."""
    if isinstance(wert, str):
        yield wert
    elif isinstance(wert, dict):
        for name, teil in wert.items():
            if name not in _UNGELESEN and not (name == "name" and "zeile" in wert):
                yield from _texte(teil)
    elif isinstance(wert, list | tuple):
        for teil in wert:
            yield from _texte(teil)


_AUSZEICHNUNG = re.compile(
    r"\{[^{}\n]*\}|\]\([^)]*\)|-?@(?:fig|tbl|sec)-[\w-]+|^:::.*$|\[\^\w+\]:?|<https?:[^>]*>|<!--.*?-->", re.M
)


def _woerter(markdown: str) -> list[str]:
    """Die Wörter eines Textes ohne Auszeichnung, Marken und Adressen."""
    return re.findall(r"\w+", _AUSZEICHNUNG.sub(" ", markdown))


def _mit_leerzeichen(text: str) -> str:
    """Jeder Abstand als Leerzeichen: Zahlen in Begriffen haben am Rand schmale, hinten einfache."""
    return re.sub(r"\s", " ", text)


def _fehlt_in(woerter: Sequence[str], text: Sequence[str]) -> list[str]:
    vorhanden = set(text)
    return [w for w in woerter if w not in vorhanden]


def test_jede_zahl_und_jeder_satz_aller_berichte_kommt_an(
    manuskripte: list[tuple[tuple[Gegenstand, ...], Manuskript]],
) -> None:
    gesehen = set()
    for inhalt, m in manuskripte:
        text = Klartext(m).schreibe()
        woerter = re.findall(r"\w+", text)
        gesetzt = _mit_leerzeichen(text)
        for g in inhalt:
            gesehen.add(type(g))
            if isinstance(g, Fliesstext):
                assert (g.datei, _fehlt_in(_woerter(g.markdown), woerter)) == (g.datei, [])
                continue
            for wort in _texte(g.model_dump()):
                assert _mit_leerzeichen(wort) in gesetzt, (m.kopf.stamm, type(g).__name__, wort)
    assert gesehen >= {
        Abbildung,
        Tabelle,
        Fliesstext,
        Ueberschrift,
        Eckwerte,
        Begriffe,
        Steckbriefe,
        Verzeichnisse,
    }


_NICHT_IN_WORD: dict[type, Any] = {
    Abbildung: {"alt", "lesehilfe", "beleg", "daten"},
    Begriffe: {"eintraege": {"__all__": {"fallen"}}},
    Quellen: {"eintraege": {"__all__": {"name", "kurz"}}},
    Ortsblatt: {"beleg", "name", "im_satz"},
}
"""Was im Bild steckt, am Rand schon gesagt ist oder nur auf der Seite steht."""


def test_auch_in_word_fehlt_nichts(
    manuskripte: list[tuple[tuple[Gegenstand, ...], Manuskript]],
) -> None:
    """Alles außer den Zahlen hinter einer Abbildung; die stehen in der Mappe."""
    for inhalt, m in manuskripte:
        gesetzt = _mit_leerzeichen(" ".join(alle_texte(Baum(m, Zuordnung([], {}), {}).schreibe())))
        gesetzt = re.sub(r" +", " ", gesetzt)
        woerter = re.findall(r"\w+", gesetzt)
        for g in inhalt:
            if isinstance(g, Fliesstext):
                assert (g.datei, _fehlt_in(_woerter(g.markdown), woerter)) == (g.datei, [])
                continue
            for wort in _texte(g.model_dump(exclude=_NICHT_IN_WORD.get(type(g), {"beleg"}))):
                schlicht = re.sub(r" +", " ", _mit_leerzeichen(wort)).strip()
                assert schlicht in gesetzt, (m.kopf.stamm, type(g).__name__, wort)


def test_kleingedrucktes_ist_hoechstens_ein_drittel_des_textes(
    manuskripte: list[tuple[tuple[Gegenstand, ...], Manuskript]],
) -> None:
    """Quellenzeilen und Rand gegen Text, Befunde und Botschaften; die Zahlen stehen in der Ausgabe.

    Steckbriefe sind Blätter aus Zahlen und Bildern mit wenig Text.
    """
    for _, m in manuskripte:
        if m.kopf.gestalt == "steckbrief" or m.kopf.stamm.startswith("steckbriefe"):
            continue
        text, klein = kleingedrucktes(m.teile)
        print(f"{m.kopf.stamm}: {klein} von {text} Wörtern klein ({klein / text:.0%})")
        assert klein <= text * KLEIN_ANTEIL, m.kopf.stamm


def test_was_nur_in_einem_anderen_format_steht_bleibt_weg(tmp_path: Path) -> None:
    text = "".join(
        f'::: {{.content-visible {art}-format="html"}}\n{art} html\n:::\n\n' for art in ("when", "unless")
    )
    gesetzt = Klartext(Werk.neu(tmp_path).manuskript(f"## A\n\n{text}")).schreibe()
    assert "unless html" in gesetzt and "when html" not in gesetzt


def test_es_gibt_keine_art_die_ein_schreiber_nicht_kennt() -> None:
    """Was ein Dokument enthalten kann, ist die Liste der Gegenstände; Texte sind da schon gelesen."""
    waehle = vars(Klartext)["teil"].dispatcher.dispatch
    arten = set(get_args(get_args(Gegenstand)[0])) - {Fliesstext}
    ohne = {a.__name__ for a in arten if waehle(a) is waehle(object)}
    aufgeloest, neben_den_berichten = {"Text", "Bindungen"}, {"Themen", "Orte", "Kennzahlen"}
    in_word = {a.__name__ for a in arten if hasattr(Baum, f"_{a.__name__.lower()}")}
    assert in_word == {a.__name__ for a in arten} - ohne
    assert ohne == aufgeloest | neben_den_berichten, "in keinem Bericht, wenn ihn ein Schreiber bekommt"
