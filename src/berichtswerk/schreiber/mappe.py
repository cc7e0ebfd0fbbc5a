"""Alle Zahlen eines Berichts als Mappe: Titelblatt, Inhalt, Hinweise, je Tabelle und Abbildung ein Blatt.

Kein Fach ist verbunden, jede Tabelle hat einen Kopf und ihren Titel in A1, jede Zahl ist eine Zahl; was
Zeichen sagen, steht in Worten daneben. Daraus werden ODS (``tabelle.ods``) und XLSX (``tabelle.xlsx``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from berichtswerk.gegenstand.gegenstaende import STATUSWORT, Abbildung, Tabelle
from berichtswerk.grund.zahl import datum
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.tabelle import ods, xlsx
from berichtswerk.tabelle.ods import Blatt, Sprung
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, flach

TITEL, INHALT, HINWEISE = "Titel", "Inhalt", "Hinweise"
ENDUNGEN = {"ods": ods.schreibe, "xlsx": xlsx.schreibe}
"""Die Arten von Mappen und wer sie schreibt."""


def schreibe(m: Manuskript, art: str) -> bytes:
    """Die Mappe eines Berichts; ``art`` ist ``ods`` oder ``xlsx``. Gleiche Eingabe, gleiche Bytes."""
    return ENDUNGEN[art](blaetter(m), titel(m))


def titel(m: Manuskript) -> str:
    """Wie die Mappe heißt."""
    return f"{': '.join(t for t in (m.kopf.titel, m.kopf.untertitel) if t)}, Tabellen"


def blaetter(m: Manuskript) -> list[Blatt]:
    """Alle Blätter; Tabellen und Abbildungen heißen wie im Bericht („Tabelle 3“) und folgen ihm."""
    gezeigt = gezeigte(m)
    tafeln = [_blatt(name, g) for name, g in gezeigt]
    eintraege = [
        (Sprung(name, name), g.unterschrift, _umfang(t)) for (name, g), t in zip(gezeigt, tafeln, strict=True)
    ]
    inhalt = Blatt(INHALT, ("Blatt", "Was es zeigt", "Umfang"), eintraege, (f"Inhalt: {m.kopf.titel}",))
    hinweise = Blatt(
        HINWEISE, ("Gilt für", "Art", "Inhalt"), list(_hinweise(m, gezeigt)), ("Hinweise und Quellen",)
    )
    return [_titelblatt(m, len(tafeln)), inhalt, hinweise, *tafeln]


def gezeigte(m: Manuskript) -> list[tuple[str, Abbildung | Tabelle]]:
    """Alle Abbildungen und Tabellen mit dem Namen ihres Blatts."""
    alle = (g for g in m.einzeln() if isinstance(g, Abbildung | Tabelle))
    return [(m.marken[g.label].name.replace("\u00a0", " "), g) for g in alle]


def _titelblatt(m: Manuskript, anzahl: int) -> Blatt:
    k = m.kopf
    angaben = {
        "Bericht": k.titel,
        "Untertitel": k.untertitel,
        "Gebiet": k.gebiet_name,
        "Stand": datum(k.stand, lang=True) if k.stand else "",
        "Status": STATUSWORT[k.status],
        "Achtung": " ".join(t for t in (k.band, "".join(BEISPIELSATZ) if k.beispiel else "") if t),
        "Herausgeber": k.herausgeber,
        "Redaktion": k.redaktion,
        "Kontakt": k.kontakt,
        "Beschluss": k.beschluss,
        "Umfang": f"{anzahl} Tabellen, je Blatt eine; die Namen der Blätter sind die Nummern im Bericht.",
        "Zahlen": "Zahlen sind gerundet wie im Bericht. Wo keine steht, nennt die Spalte „Status“ den Grund.",
    }
    zeilen: list[tuple[str | Sprung, ...]] = [(name, wert) for name, wert in angaben.items() if wert]
    zeilen += [("Weiter", Sprung(f"Zum Blatt „{ziel}“", ziel)) for ziel in (INHALT, HINWEISE)]
    return Blatt(TITEL, ("Angabe", "Inhalt"), zeilen, (titel(m),))


def _blatt(name: str, g: Abbildung | Tabelle) -> Blatt:
    kopf, zeilen = flach(g.daten if isinstance(g, Abbildung) else g.tabelle, zerlegt=True)
    quellen = " ".join(q.zeile for q in g.beleg.quellen)
    beispiel = ("".join(BEISPIELSATZ),) if g.beleg.beispiel else ()
    ueber = (f"{name}: {g.unterschrift}", *((g.befund,) if g.befund else ()), *beispiel, quellen)
    return Blatt(name, kopf, zeilen, tuple(z for z in ueber if z))


def _umfang(blatt: Blatt) -> str:
    return f"{len(blatt.zeilen)} Zeilen, {len(blatt.kopf)} Spalten"


def _hinweise(
    m: Manuskript, gezeigt: Sequence[tuple[str, Abbildung | Tabelle]]
) -> Iterator[tuple[str | Sprung, ...]]:
    for zeichen in m.zeichen:
        yield "alle Tabellen", "Zeichen im Bericht", zeichen
    for q in m.quellen:
        yield "alle Tabellen", f"Quelle {q.nummer}", " ".join(t for t in (q.lang or q.kurz, q.nennung) if t)
    nummern = {q.name: q.nummer for q in m.quellen}
    begriffe: set[tuple[str, str]] = set()
    for name, g in gezeigt:
        for zeile in g.beleg.quellen:
            genannt = [nummern[a.name] for a in zeile.angaben if a.name in nummern]
            yield Sprung(name, name), "Quelle", ", ".join(genannt) or zeile.nennung or zeile.zeile
        for b in g.beleg.begriffe:
            if (b.name, b.text) not in begriffe:
                begriffe.add((b.name, b.text))
                yield Sprung(name, name), f"Begriff {b.name}", b.text
        for hinweis in g.beleg.hinweise:
            yield Sprung(name, name), "Hinweis", hinweis
        if isinstance(g, Abbildung):
            yield Sprung(name, name), "Was die Abbildung zeigt", g.alt
