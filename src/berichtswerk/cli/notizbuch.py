"""``notizbuch``: die Notizbücher neu ausführen und mit Ausgaben speichern."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.ausfuehrung.einchecken import fuehre_aus
from berichtswerk.cli.anzeige import ort, zeige_meldungen
from berichtswerk.grund.aehnlich import vorschlag
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


class NotizbuchUnbekannt(Befundart):
    """Auf der Befehlszeile steht ein Notizbuch, das es nicht gibt."""

    text = "Das Notizbuch „{name}“ gibt es nicht."
    abhilfe = "{rat}"


def erneuere(projekt: Projekt, namen: Sequence[str]) -> int:
    """Führt alle oder die genannten Notizbücher aus; ein gescheitertes bleibt, wie es war."""
    meldungen = Meldungen()
    for pfad in _waehle(projekt, namen):
        try:
            neu = fuehre_aus(projekt, pfad)
        except BerichtswerkFehler as fehler:
            meldungen.alle(fehler.meldungen)
            print(f"gescheitert: {ort(pfad)}", flush=True)
            continue
        geaendert = schreibe_ganz(pfad, neu)
        print(f"{'erneuert' if geaendert else 'unverändert'}: {ort(pfad)}", flush=True)
    zeige_meldungen(meldungen)
    return 1 if meldungen.fehler else 0


def _waehle(projekt: Projekt, namen: Sequence[str]) -> list[Path]:
    vorhanden = {p.stem: p for p in sorted(projekt.notebooks.glob("*.ipynb"))}
    gewuenscht = [Path(n).name.removesuffix(".ipynb") for n in namen]
    fehlt = [n for n in gewuenscht if n not in vorhanden]
    if fehlt:
        raise BerichtswerkFehler(
            [NotizbuchUnbekannt.melde(datei="notebooks", name=n, rat=_rat(n, list(vorhanden))) for n in fehlt]
        )
    return [vorhanden[n] for n in gewuenscht] if namen else list(vorhanden.values())


def _rat(name: str, vorhanden: Sequence[str]) -> str:
    rat = vorschlag(name, vorhanden, sonst="Vorhanden sind: ")
    return rat or "Legen Sie es im Ordner notebooks/ an."
