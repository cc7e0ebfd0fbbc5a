"""Die Tabelle der Annahmen: jede mit Wert, Herkunft, Begründung und Stand."""

from __future__ import annotations

from collections.abc import Sequence

from berichtswerk.fach.methoden.annahmen import Annahme, Szenario
from berichtswerk.fach.reihe import Eingang
from berichtswerk.gegenstand.gegenstaende import Nachweis, Tabellenmodell, Tabellenzelle
from berichtswerk.gegenstand.nachweis import rechenweg
from berichtswerk.grund.zahl import datum
from berichtswerk.tabelle import tabellenbau as bau

Gebaut = tuple[Tabellenmodell, tuple[Nachweis, ...]]
_HERKUNFT = ("Herkunft", "Begründung", "Stand")


def baue(szenarien: Sequence[Szenario], haupt: Szenario, gruppe: str = "") -> Gebaut:
    """Alle Annahmen (einer Gruppe) und die Nachweise ihrer Zahlen.

    Szenarien stehen nur nebeneinander, wenn sie sich in einer der Annahmen unterscheiden; Herkunft,
    Begründung und Stand sind die des Szenarios ``haupt``.
    """
    gezeigt = [a for a in haupt.annahmen if a.zeigen and gruppe in ("", a.gruppe)]
    je_szenario = [[s.annahme(a.name) for a in gezeigt] for s in szenarien]
    verschieden = any(len({a.wert for a in fassungen}) > 1 for fassungen in zip(*je_szenario, strict=True))
    spalten = [s.name for s in szenarien] if verschieden else ["Wert"]
    fassungen = list(zip(*(je_szenario if verschieden else [gezeigt]), strict=True))
    return _gebaut(spalten, list(zip(gezeigt, fassungen, strict=True)))


def abweichungen(haupt: Szenario, eigene: Sequence[Annahme]) -> Gebaut:
    """Annahmen einer Kommune neben denen des Landkreises."""
    return _gebaut(["Landkreis", "Kommune"], [(a, (haupt.annahme(a.name), a)) for a in eigene])


def _gebaut(spalten: Sequence[str], zeilen: Sequence[tuple[Annahme, Sequence[Annahme]]]) -> Gebaut:
    koepfe = ("Annahme", *spalten, *_HERKUNFT)
    kopf = tuple(bau.textzelle(text, zahl_spalte=0 < nr <= len(spalten)) for nr, text in enumerate(koepfe))
    gebaut = []
    for a, fassungen in zeilen:
        worte = [bau.textzelle(t or "–") for t in (a.herkunft, a.begruendung, datum(a.datum))]
        gebaut.append(bau.zeile(a.bezeichnung or a.name, [*map(_wert, fassungen), *worte]))
    nachweise = [_nachweis(a) for _, fassungen in zeilen for a in fassungen if _zahl(a) is not None]
    return Tabellenmodell(kopf=(kopf,), zeilen=tuple(gebaut)), tuple(nachweise)


def _wert(a: Annahme) -> Tabellenzelle:
    return bau.textzelle(a.anzeige()).model_copy(update={"zahl": _zahl(a) is not None})


def _zahl(a: Annahme) -> float | None:
    return None if isinstance(a.wert, bool | str | tuple) else float(a.wert)


def _nachweis(a: Annahme) -> Nachweis:
    """Eine Annahme ist gesetzt, nicht gemessen: der Nachweis nennt, wo sie steht und wer sie gesetzt hat."""
    quelle, datei, zeile = a.fundstelle
    text = f"Annahme „{a.bezeichnung or a.name}“: {a.begruendung} ({a.herkunft}, {datum(a.datum)})"
    weg = rechenweg("annahmen", "", [Eingang("annahmen", quelle, datei, str(zeile), 1)]) if datei else None
    return Nachweis(anzeige=a.anzeige(), wert=_zahl(a), rechnung="annahme", formel=text, weg=weg)
