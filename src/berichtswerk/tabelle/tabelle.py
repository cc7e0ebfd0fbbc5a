"""Was alle Tabellen gemeinsam haben, Markdown für JupyterLab, CSV für die Weitergabe.

Aus demselben Modell, damit alle Schreiber dasselbe zeigen. Die Überschrift steht nicht in der Tabelle,
sondern in der Beschriftung darüber.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from berichtswerk.gegenstand.gegenstaende import Beleg, Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund import zahl, zeichen
from berichtswerk.worte.sprache import spanne_text

ZIFFERNBREIT = "\u2007"
"""Leerzeichen so breit wie eine Ziffer: füllt fehlende Nachkommastellen auf."""
KOMMABREIT = "\u2008"
RUNDUNG = "Abweichungen in den Summen erklären sich aus dem Runden der Einzelwerte."
BEISPIEL = "Beispieldaten"

BEISPIELSATZ = ("Beispieldaten", ", keine amtlichen Zahlen.")
"""Der Satz unter Beispieldaten; der erste Teil ist hervorgehoben."""
Polster = dict[int, tuple[int, int]]
"""Je Spalte: meiste Nachkommastellen und breitester Zusatz hinter einer Zahl."""

_ZAHL_VORN = re.compile(
    r"\(?(?P<zahl>[+\u2212-]?\d{1,3}(?:[\u202f\u00a0]\d{3})+(?:,\d+)?|[+\u2212-]?\d+(?:,\d+)?)\)?"
    r"(?:[\u202f\u00a0 ](?P<einheit>[^\d\W].*|[%‰€²°].*))?\Z"
)
"""Eine ganze Zahl mit ihren Gruppen, vielleicht eingeklammert, dahinter vielleicht die Einheit."""
_NACHKOMMA = re.compile(r",(\d+)\)?$")
_MIT_EINHEIT = re.compile(r"\d\D*[^\W\d_]$|[%‰€²°]$")
"""Hinter der Zahl steht ihre Einheit: das Komma lässt sich nicht ausrichten, der Rand schon."""


def spaltenzahl(modell: Tabellenmodell) -> int:
    """Breite der Tabelle in Spalten, verbundene Zellen mitgezählt."""
    return sum(zelle.spalten for zelle in modell.kopf[0])


def spanne(zelle: Tabellenzelle) -> str:
    """„(7,1–11,2)“ hinter der Zahl; leer auch, wo die Grenzen gerundet gleich sind."""
    return f"({spanne_text(*zelle.spanne)})" if zelle.spanne and len(set(zelle.spanne)) > 1 else ""


def _spanne(zelle: Tabellenzelle) -> str:
    text = spanne(zelle)
    return zahl.GESCHUETZT + text if text else ""


def _nachkomma(zelle: Tabellenzelle) -> int:
    treffer = _NACHKOMMA.search(zelle.text)
    return len(treffer[1]) if treffer else 0


def zelltext(zelle: Tabellenzelle, breiten: Polster, spalte: int) -> str:
    """Der ganze Text eines Fachs: Zahl, Zusatz dicht dahinter, Füllung bis zum Rand der Spalte, Spanne."""
    zusatz = zahl.SCHMAL + zelle.zusatz if zelle.zusatz else ""
    if not spalte or not zelle.zahl or spalte not in breiten or _MIT_EINHEIT.search(zelle.text):
        return f"{zelle.text}{zusatz}{_spanne(zelle)}"
    (stellen, breite), eigene = breiten[spalte], _nachkomma(zelle)
    komma = KOMMABREIT if stellen and not eigene else ""
    hinten = "" if zusatz or not breite else zahl.SCHMAL + ZIFFERNBREIT * breite
    # der Abstand fürs Komma zuletzt: hinter ihm darf eine Zeile brechen, und die Füllung ginge verloren
    return f"{zelle.text}{zusatz}{ZIFFERNBREIT * (stellen - eigene)}{hinten}{komma}{_spanne(zelle)}"


def polster(modell: Tabellenmodell) -> Polster:
    """Je Spalte: meiste Nachkommastellen und breitester Zusatz hinter einer Zahl.

    Ein Zeichen („.“) macht aus einer Spalte, deren Kopf und übrige Fächer Wörter sind, keine aus Zahlen.
    """
    breiten: Polster = {}
    woerter = {s for s, z in enumerate(modell.kopf[0]) if not z.zahl} if len(modell.kopf) == 1 else set()
    for zeile in modell.zeilen:
        for spalte, zelle in enumerate(zeile.zellen):
            if zelle.zahl and not (zelle.vorlesen and spalte in woerter):
                alt = breiten.get(spalte, (0, 0))
                breiten[spalte] = max(alt[0], _nachkomma(zelle)), max(alt[1], len(zelle.zusatz))
    return breiten


def als_markdown(modell: Tabellenmodell) -> str:
    """Pipe-Tabelle für JupyterLab: eine Kopfzeile, Zahlen rechts, Gruppen und Summen fett."""
    koepfe = flache_koepfe(modell)
    zahlspalten = {s for z in modell.zeilen for s, zelle in enumerate(z.zellen) if zelle.zahl}
    striche = ["---:" if s in zahlspalten else ":---" for s in range(len(koepfe))]
    zeilen = [koepfe, striche, *(_markdownzeile(z, len(koepfe)) for z in modell.zeilen)]
    return "\n".join("| " + " | ".join(zeile) + " |" for zeile in zeilen)


def _markdownzeile(zeile: Tabellenzeile, breite: int) -> list[str]:
    fett = "**" if zeile.art in {"gruppe", "summe"} else ""
    texte: list[str] = []
    for zelle in zeile.zellen:
        zusatz = zahl.SCHMAL + zelle.zusatz if zelle.zusatz else ""
        texte.append(f"{fett}{maskiere(zelle.text)}{zusatz}{_spanne(zelle)}{fett}")
        texte += [" "] * (zelle.spalten - 1)
    return texte + [" "] * (breite - len(texte))


def maskiere(text: str) -> str:
    """Maskiert die Zeichen, die in Markdown etwas bedeuten, damit fremder Text Text bleibt."""
    text = re.sub(r"([\\`*_\[\]<>|$#@^~{}&!])", r"\\\1", re.sub(r"\s*[\r\n]+\s*", " ", text).strip())
    # am Anfang einer Zeile begänne damit eine Liste oder eine Linie
    return re.sub(
        r"^(?![A-Z]\. \S)(\(?\w{1,9})(?=[.)](\s|$))|^(?=[-+:](\s|$))|(?<![^-=])(?=[-=]{2})", r"\1\\", text
    )


def flache_koepfe(modell: Tabellenmodell) -> list[str]:
    """Eine Überschrift je Spalte; mehrere Kopfzeilen werden mit „: “ verbunden."""
    koepfe: list[list[str]] = [[] for _ in range(spaltenzahl(modell))]
    frei_ab = [0] * len(koepfe)
    for nr, kopfzeile in enumerate(modell.kopf):
        frei = (s for s, ab in enumerate(frei_ab) if ab <= nr)
        for zelle in kopfzeile:
            for s in islice(frei, zelle.spalten):
                koepfe[s].append(zelle.text)
                frei_ab[s] = nr + zelle.zeilen
    return [": ".join(teile) for teile in koepfe]


@dataclass(frozen=True, slots=True)
class Zahlfach:
    """Eine Zahl, wie sie gezeigt wird (``1234,50``), und was hinter ihr steht (``p``)."""

    text: str
    zusatz: str = ""

    @property
    def wert(self) -> float | None:
        """Die gezeigte Zahl; ``None``, wo statt ihrer ein Zeichen steht."""
        try:
            return float(self.text.replace(",", "."))
        except ValueError:
            return None


def flach(modell: Tabellenmodell, *, zerlegt: bool = False) -> tuple[list[str], list[list[str | Zahlfach]]]:
    """Köpfe und Zeilen ohne verbundene Fächer: Gruppen werden zur ersten Spalte, Spannen zu zweien.

    ``zerlegt``: in Zahlenspalten stehen nur Zahlen (oder nichts); was ein Zeichen oder Buchstabe sagt, steht
    ausgeschrieben in einer Spalte „…: Status“, eine Einheit hinter der Zahl in „…: Einheit“.
    """
    gruppiert = any(zeile.art == "gruppe" for zeile in modell.zeilen)
    mit_spanne = {s for z in modell.zeilen for s, zelle in enumerate(z.zellen) if zelle.spanne}
    zusaetze = _zusatzspalten(modell) if zerlegt else {}
    kopf = ["Gruppe"] if gruppiert else []
    for s, name in enumerate(flache_koepfe(modell)):
        kopf += [name, *(f"{name}: {zusatz}" for zusatz in zusaetze.get(s, ()))]
        kopf += [f"{name}: untere Grenze", f"{name}: obere Grenze"] if s in mit_spanne else []
    zeilen: list[list[str | Zahlfach]] = []
    gruppe = ""
    for zeile in modell.zeilen:
        if zeile.art == "gruppe":
            gruppe = zeile.zellen[0].text
            continue
        gruppe = "" if zeile.ausserhalb else gruppe
        felder: list[str | Zahlfach] = [gruppe] if gruppiert else []
        for s, zelle in enumerate(zeile.zellen):
            if zelle.zahl and zerlegt:
                fach, worte = _zerlegt(zelle)
                felder += [fach, *(worte[zusatz] for zusatz in zusaetze.get(s, ()))]
            else:
                felder.append(Zahlfach(_csv_zahl(zelle.text), zelle.zusatz) if zelle.zahl else zelle.text)
                felder += [""] * len(zusaetze.get(s, ()))
            if s in mit_spanne:
                felder += (Zahlfach(_csv_zahl(g)) for g in zelle.spanne or ("", ""))
        zeilen.append(felder)
    return kopf, zeilen


def _zusatzspalten(modell: Tabellenmodell) -> dict[int, tuple[str, ...]]:
    """Je Zahlenspalte, was neben ihr eine eigene Spalte braucht: „Einheit“, „Status“."""
    noetig: dict[int, set[str]] = {}
    for zeile in modell.zeilen:
        for s, zelle in enumerate(zeile.zellen):
            if zelle.zahl:
                noetig.setdefault(s, set()).update(name for name, wort in _zerlegt(zelle)[1].items() if wort)
    return {s: tuple(sorted(namen)) for s, namen in noetig.items()}


def _zerlegt(zelle: Tabellenzelle) -> tuple[str | Zahlfach, dict[str, str]]:
    """Die Zahl eines Fachs (leer, wo es keine gibt), ihre Einheit, in Worten ihr Status."""
    status = zelle.status or zeichen.NACHSATZ.get(zelle.zusatz) or zeichen.DIN.get(zelle.text)
    worte = {"Einheit": "", "Status": zeichen.ERKLAERUNG.get(status, "") if status else ""}
    if status is zeichen.Status.NULL:
        return Zahlfach("0"), worte
    if fund := _ZAHL_VORN.match(zelle.text):
        worte["Einheit"] = fund["einheit"] or ""
        return Zahlfach(_csv_zahl(fund["zahl"])), worte
    return ("" if worte["Status"] else zelle.text), worte


def als_csv(modell: Tabellenmodell, beleg: Beleg | None = None) -> str:
    """CSV mit Semikolon und Dezimalkomma, ohne Tausendergruppen; Gruppen werden zur ersten Spalte.

    Zahlen stehen gerundet wie gezeigt. Mit ``beleg`` folgen die Spalten „Hinweis“ (bei Beispieldaten) und
    „Quelle“ in jeder Zeile, damit Marke und Namensnennung die Datei nie verlassen.
    """
    anhang = {"Hinweis": BEISPIEL} if beleg and beleg.beispiel else {}
    if beleg:
        anhang["Quelle"] = _csv_text(" / ".join(zeile.nennung or zeile.zeile for zeile in beleg.quellen))
    kopf, zeilen = flach(modell)
    ausgabe = io.StringIO()
    schreiber = csv.writer(ausgabe, delimiter=";", lineterminator="\n")
    schreiber.writerow([*map(_csv_text, kopf), *anhang])
    for zeile in zeilen:
        felder = (_csv_text(f) if isinstance(f, str) else f"{f.text} {f.zusatz}".rstrip() for f in zeile)
        schreiber.writerow([*felder, *anhang.values()])
    return ausgabe.getvalue()


def _csv_zahl(text: str) -> str:
    return text.replace(zahl.SCHMAL, "").replace(zahl.GESCHUETZT, "").replace(zahl.MINUS, "-")


def _csv_text(text: str) -> str:
    """Text in einer Zeile, den kein Tabellenprogramm als Formel ausführt."""
    text = re.sub(r"[\t\r\n]+", " ", text).strip()
    return text if re.fullmatch(r"-?[\d.,]*|[^=+@＝＋－＠-].*", text) else f"'{text}"


def zeichenerklaerung(modell: Tabellenmodell) -> str:
    """„Zeichenerklärung: …“ nur für die Zeichen, die in der Tabelle vorkommen; sonst leer."""
    stati = {z.status for zeile in modell.zeilen for z in zeile.zellen if z.zahl and z.status}
    teile = zeichen.erklaerungen(stati)
    return f"Zeichenerklärung: {'; '.join(teile)}" if teile else ""


def buchstaben(modell: Tabellenmodell) -> tuple[str, ...]:
    """„s = geschätzte Zahl“: was an Zahlen steht, auch im Bild; ein Punkt steht dort nicht."""
    alle = zeichenerklaerung(modell).removeprefix("Zeichenerklärung: ").split("; ")
    return tuple(t for t in alle if t[:1].isalpha() and not t.startswith("x "))


def rundungshinweis(modell: Tabellenmodell) -> str:
    """Der Satz zu gerundeten Summen, wenn eine gezeigte Summe nicht die Summe der gezeigten Werte ist."""
    for summe in (z for z in modell.zeilen if z.art == "summe"):
        for spalte, zelle in enumerate(summe.zellen):
            teile = [z.zellen[spalte] for z in modell.zeilen if z.art == "zeile" and len(z.zellen) > spalte]
            if _weicht_durch_runden_ab(zelle, teile):
                return RUNDUNG
    return ""


def _weicht_durch_runden_ab(summe: Tabellenzelle, teile: Sequence[Tabellenzelle]) -> bool:
    """Ungerundet ergeben die Teile die Summe, gerundet nicht."""
    if summe.wert is None or not teile or any(t.wert is None for t in teile):
        return False
    stellen = _nachkomma(summe)
    werte = [zahl.dezimal(t.wert) for t in teile if t.wert is not None]
    genau = abs(sum(werte) - zahl.dezimal(summe.wert)) < zahl.dezimal(10.0 ** -(stellen + 3))
    return genau and sum(zahl.runde(w, stellen) for w in werte) != zahl.runde(summe.wert, stellen)
