"""``render`` und ``ausfuehren``; mit ``--zeiten`` auch, wo die Zeit blieb."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from berichtswerk.cli.anzeige import anzahl, dauer, fortschritt, ort, zeige_meldungen
from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeiten import Abschnitt, gemessen

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen
    from berichtswerk.grund.projekt import Projekt
    from berichtswerk.site.bau import Bilanz


@contextmanager
def _executor(projekt: Projekt, cluster: str, *, voraus: bool = False) -> Iterator[Executor | None]:
    """Der Verbund unter dieser Adresse; ohne Adresse rechnet der Rechner selbst.

    Mit ``voraus`` läuft der Forkserver schon an, ehe feststeht, was zu rechnen ist.
    """
    executor: Executor | None = None
    if cluster:
        from berichtswerk.ausfuehrung.verbund import Verbund

        executor = Verbund(cluster, projekt)
    elif voraus:
        from berichtswerk.ausfuehrung.arbeiter import Arbeiter

        executor = Arbeiter(wurzel=str(projekt.wurzel), einmalig=True)
    try:
        yield executor
    except BaseException:
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)
        raise
    if executor is not None:
        executor.shutdown()


def rendere(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str] = (),
    grenzen: Grenzen | None = None,
    cluster: str = "",
    *,
    tafel: bool = False,
) -> int:
    """Führt aus, setzt und tauscht die Site; 1, wenn etwas davon nicht gelang. Ohne ``formate`` alle.

    Ist nichts geändert, endet der Befehl hier, ohne mehr zu laden als nötig.
    """
    beginn = time.monotonic()
    from berichtswerk.schreiber.formate import alle
    from berichtswerk.site.stand import erfasse, rechnet_wohl, unveraendert

    formate = formate or alle()
    eingaben = erfasse(projekt)
    steht = unveraendert(projekt, namen, formate, eingaben)
    if steht is not None and not tafel:
        zeige_meldungen(steht[1])
        aktuell = anzahl(steht[0], "Bericht ist", "Berichte sind")
        print(f"Nichts geändert: {aktuell} aktuell ({dauer(beginn)}).")
        print(f"Ansehen: {ort(projekt.site / 'index.html')}")
        return 0
    from berichtswerk.satz import pandoc, platz

    rechnet = rechnet_wohl(projekt, eingaben)
    with _executor(projekt, cluster, voraus=rechnet and not cluster) as executor:
        pandoc.waerme_vor()  # pandoc und Typst laufen an, während Python noch lädt
        if "pdf" in formate and not rechnet:
            platz.waerme_vor(projekt, namen)
        from berichtswerk.site.bau import rendere as baue

        gc.freeze()  # sonst sucht Python bei jedem Bericht dutzendfach nach Kreisen, auch in allem Geladenen
        gc.set_threshold(100_000, 20, 20)
        with fortschritt(2, 1) as melde:
            bilanz = baue(
                projekt, namen, formate, grenzen=grenzen, executor=executor, fortschritt=melde,
                eingaben=eingaben,
            )  # fmt: skip
    zeige_meldungen(bilanz.meldungen)
    if tafel:
        print(f"\n{zeitentafel(gemessen(), time.monotonic() - beginn)}\n")
    _zeige_bilanz(projekt, bilanz, beginn)
    gc.freeze()  # sonst sucht Python beim Beenden noch einmal in allem
    return 0 if bilanz.gelungen else 1


def _zeige_bilanz(projekt: Projekt, bilanz: Bilanz, beginn: float) -> None:
    gelungen = sum(g.gelungen for g in bilanz.gesetzt)
    gescheitert = len(bilanz.gesetzt) - gelungen
    teile = [f"{anzahl(gelungen, 'Bericht', 'Berichte')} gesetzt"]
    if gescheitert:
        teile.append(f"{gescheitert} gescheitert")
    print(f"{', '.join(teile)} in {dauer(beginn)}.")
    if bilanz.behalten:
        print(f"Unverändert übernommen: {', '.join(bilanz.behalten)}")
    if bilanz.getauscht:
        print(f"Ansehen: {ort(projekt.site / 'index.html')}")
    elif projekt.site.exists():
        print(f"Die vorige Fassung bleibt: {ort(projekt.site / 'index.html')}")


def fuehre_aus(projekt: Projekt, namen: Sequence[str], grenzen: Grenzen, cluster: str = "") -> int:
    """Führt aus, schreibt Übergaben, Startseite, Pflichtseiten und die Marke; setzt nichts."""
    from berichtswerk.site.vorbereitung import bereite_vor

    beginn = time.monotonic()
    with _executor(projekt, cluster) as executor, fortschritt(1) as melde:
        ergebnis = bereite_vor(projekt, namen, grenzen=grenzen, executor=executor, fortschritt=melde)
    zeige_meldungen(ergebnis.meldungen)
    if not ergebnis.gelungen:
        print(f"Ausgeführt in {dauer(beginn)}; solange es Fehler gibt, setzt Quarto nichts.")
        if projekt.site.is_dir():
            print(f"Die vorige Fassung bleibt: {ort(projekt.site / 'index.html')}", flush=True)
        return 1
    print(f"Ausgeführt in {dauer(beginn)}; gesetzt wird mit „quarto render“.", flush=True)
    return 0


_SPALTEN = ("lesen", "prüfen", "ausführen", "übergeben", "abbildungen", "pandoc", "typst", "site", "suche")


def zeitentafel(abschnitte: Sequence[Abschnitt], gesamt: float) -> str:
    """Wo die Zeit blieb, in Sekunden je Bericht und insgesamt, und der Weg, der das Ende bestimmte.

    ``gesamt`` ist die Zeit auf der Uhr; Summen können darüber liegen.
    """
    summen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for a in abschnitte:
        summen[a.bericht][a.was] += a.dauer
    for je in summen.values():
        if "abbildungen" in je:  # gezeichnet wird während des Übergebens
            je["übergeben"] = max(0.0, je["übergeben"] - je["abbildungen"])
    zeilen: list[tuple[str, ...]] = [("Sekunden", *_SPALTEN, "Summe")]
    zeilen += [_zeile(n, summen[n]) for n in sorted(n for n in summen if n)]
    zeilen.append(_zeile("gemeinsam", summen[""]))
    zeilen.append(_zeile("insgesamt", {s: sum(je[s] for je in summen.values()) for s in _SPALTEN}))
    breiten = [max(map(len, spalte)) for spalte in zip(*zeilen, strict=True)]
    text = [
        "  ".join([name.ljust(breiten[0]), *(z.rjust(b) for z, b in zip(zahlen, breiten[1:], strict=True))])
        for name, *zahlen in zeilen
    ]
    kette = (a for a in _kritischer_weg(abschnitte) if a.dauer >= 0.01)
    weg = " → ".join(f"{a.bericht} {a.was}".strip() + f" {schreibe(a.dauer, 2)}" for a in kette)
    return "\n".join([*text, "", f"Auf der Uhr: {schreibe(gesamt, 2)} s", f"Kritischer Weg: {weg}"])


def _zeile(name: str, je: dict[str, float]) -> tuple[str, ...]:
    werte = [je.get(s, 0.0) for s in _SPALTEN]
    return (name, *(schreibe(w, 2) if w >= 0.005 else "–" for w in werte), schreibe(sum(werte), 2))


def _kritischer_weg(abschnitte: Sequence[Abschnitt]) -> list[Abschnitt]:
    """Die Kette, die das Ende bestimmt: rückwärts je der Abschnitt, der zuletzt vor dem Beginn endete."""
    kette: list[Abschnitt] = []
    rest = sorted((a for a in abschnitte if a.was != "abbildungen"), key=lambda a: a.bis)
    while rest:
        kette.insert(0, rest.pop())
        rest = [a for a in rest if a.bis <= kette[0].von + 0.005]
    return kette
