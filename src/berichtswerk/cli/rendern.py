"""``render`` und ``ausfuehren``."""

from __future__ import annotations

import gc
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from berichtswerk.cli.anzeige import anzahl, dauer, fortschritt, ort, zeige_meldungen

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.auftrag import Executor, Grenzen
    from berichtswerk.grund.projekt import Projekt
    from berichtswerk.site.bau import Bilanz

Zeiten = tuple[float | None, float | None]


def _grenzen(zeiten: Zeiten) -> Grenzen:
    from berichtswerk.ausfuehrung.auftrag import Grenzen

    vorgabe = Grenzen()
    return Grenzen(zelle=zeiten[0] or vorgabe.zelle, bericht=zeiten[1] or vorgabe.bericht)


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

        executor = Arbeiter(wurzel=str(projekt.wurzel))
    try:
        yield executor
    except BaseException:
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)
        raise
    if executor is not None:
        executor.shutdown()


def _raeume_seltener_auf() -> None:
    """Nach Kreisen sucht Python sonst bei jedem Bericht dutzendfach, auch in allem Geladenen."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def erklaere(projekt: Projekt, namen: Sequence[str], formate: Collection[str]) -> int:
    """Sagt je Ausgabe in einer Zeile, warum sie neu entstünde oder nicht; tut nichts."""
    from berichtswerk.site.warum import begruende

    for zeile in begruende(projekt, namen, formate):
        print(zeile)
    return 0


def rendere(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str],
    zeiten: Zeiten,
    cluster: str = "",
    *,
    tafel: bool = False,
) -> int:
    """Führt aus, setzt und tauscht die Site; 1, wenn etwas davon nicht gelang.

    Ist nichts geändert, endet der Befehl hier, ohne mehr zu laden als nötig.
    """
    beginn = time.monotonic()
    from berichtswerk.site.stand import erfasse, rechnet_wohl, unveraendert

    eingaben = erfasse(projekt)
    steht = unveraendert(projekt, namen, formate, eingaben)
    if steht is not None and not tafel:
        zeige_meldungen(steht[1])
        print(f"Nichts geändert: {_aktuell(steht[0])} ({dauer(beginn)}).")
        print(f"Ansehen: {ort(projekt.site / 'index.html')}")
        return 0
    from berichtswerk.satz import pandoc

    voraus = not cluster and rechnet_wohl(projekt, eingaben)
    with _executor(projekt, cluster, voraus=voraus) as executor:
        pandoc.waerme_vor()  # pandoc läuft an, während Python noch lädt
        from berichtswerk.site.bau import rendere as baue

        _raeume_seltener_auf()
        with fortschritt(2, 1) as melde:
            bilanz = baue(
                projekt, namen, formate, grenzen=_grenzen(zeiten), executor=executor, fortschritt=melde,
                eingaben=eingaben,
            )  # fmt: skip
    zeige_meldungen(bilanz.meldungen)
    if tafel:
        from berichtswerk.cli.zeitentafel import zeige

        zeige(time.monotonic() - beginn)
    _zeige_bilanz(projekt, bilanz, beginn)
    return 0 if bilanz.gelungen else 1


def _aktuell(berichte: int) -> str:
    return f"{anzahl(berichte, 'Bericht ist', 'Berichte sind')} aktuell"


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


def fuehre_aus(projekt: Projekt, namen: Sequence[str], zeiten: Zeiten, cluster: str = "") -> int:
    """Führt aus, schreibt Übergaben, Startseite, Pflichtseiten und die Marke; setzt nichts."""
    from berichtswerk.site.vorbereitung import bereite_vor

    beginn = time.monotonic()
    with _executor(projekt, cluster) as executor, fortschritt(1) as melde:
        meldungen = bereite_vor(
            projekt, namen, grenzen=_grenzen(zeiten), executor=executor, fortschritt=melde
        )
    zeige_meldungen(meldungen)
    print(f"Ausgeführt in {dauer(beginn)}; gesetzt wird mit „quarto render“.", flush=True)
    return 1 if meldungen.fehler else 0
