"""``render --zeiten``: wo die Zeit blieb, je Bericht und insgesamt, und der Weg, der das Ende bestimmte."""

from __future__ import annotations

from collections import defaultdict

from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeiten import Abschnitt, gemessen, kritischer_weg

_SPALTEN = ("lesen", "prüfen", "ausführen", "übergeben", "abbildungen", "pandoc", "typst", "site", "suche")


def tafel(abschnitte: tuple[Abschnitt, ...], gesamt: float) -> str:
    """Die Tabelle in Sekunden; ``gesamt`` ist die Zeit auf der Uhr, Summen können darüber liegen."""
    summen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for a in abschnitte:
        summen[a.bericht][a.was] += a.dauer
    for je in summen.values():
        if "abbildungen" in je:  # gezeichnet wird während des Übergebens
            je["übergeben"] = max(0.0, je["übergeben"] - je["abbildungen"])
    namen = sorted(n for n in summen if n)
    zeilen: list[tuple[str, ...]] = [("Sekunden", *_SPALTEN, "Summe")]
    zeilen += [_zeile(n, summen[n]) for n in namen]
    zeilen += [_zeile("gemeinsam", summen[""])]
    alle = {s: sum(je[s] for je in summen.values()) for s in _SPALTEN}
    zeilen += [_zeile("insgesamt", alle)]
    breiten = [max(len(z[i]) for z in zeilen) for i in range(len(zeilen[0]))]
    text = [_bund(z, breiten) for z in zeilen]
    weg = " → ".join(f"{a.bericht} {a.was}".strip() + f" {_zahl(a.dauer)}" for a in _kette(abschnitte))
    return "\n".join([*text, "", f"Auf der Uhr: {_zahl(gesamt)} s", f"Kritischer Weg: {weg}"])


def _bund(felder: tuple[str, ...], breiten: list[int]) -> str:
    name, *zahlen = felder
    return "  ".join(
        [name.ljust(breiten[0]), *(f.rjust(b) for f, b in zip(zahlen, breiten[1:], strict=True))]
    )


def _kette(abschnitte: tuple[Abschnitt, ...]) -> tuple[Abschnitt, ...]:
    return tuple(
        a for a in kritischer_weg(tuple(a for a in abschnitte if a.was != "abbildungen")) if a.dauer >= 0.01
    )


def _zeile(name: str, je: dict[str, float]) -> tuple[str, ...]:
    werte = [je.get(s, 0.0) for s in _SPALTEN]
    return (name, *(_zahl(w) if w >= 0.005 else "–" for w in werte), _zahl(sum(werte)))


def _zahl(sekunden: float) -> str:
    return str(schreibe(sekunden, 2))


def zeige(gesamt: float) -> None:
    """Druckt die Tabelle des gerade beendeten Laufs."""
    print(f"\n{tafel(gemessen(), gesamt)}\n")
