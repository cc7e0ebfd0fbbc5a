"""Warum eine Ausgabe neu entsteht oder nicht, ohne etwas zu tun (``render --warum``)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, pruefe
from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site import stand
from berichtswerk.site.merken import Gedaechtnis
from berichtswerk.site.seiten import groesse

UNVERAENDERT = "unverändert"


@dataclass(frozen=True, slots=True)
class Begruendung:
    """Eine Ausgabe (``sozialbericht-2024.pdf``), ob sie neu entsteht, und warum (nicht)."""

    ausgabe: str
    neu: bool
    grund: str

    def __str__(self) -> str:
        return f"{self.ausgabe}: {f'neu, {self.grund}' if self.neu else self.grund}"


def begruende(
    projekt: Projekt, namen: Sequence[str] = (), formate: Collection[str] = ("html", "pdf")
) -> list[Begruendung]:
    """Je Bericht das ausgeführte Notizbuch und jedes Format, dazu die Site als Ganzes.

    Raises:
        BerichtswerkFehler: unbekannte Namen oder ein unlesbares Notizbuch.
    """
    auswahl = plane(projekt).waehle(namen)
    gedaechtnis, spuren = Gedaechtnis(projekt, formate), Spuren(projekt)
    zeilen = [z for a in auswahl for z in _bericht(projekt, a, gedaechtnis, spuren, formate)]
    steht = stand.unveraendert(projekt, namen, formate) is not None
    grund = UNVERAENDERT if steht else "weil sie aus allem Neuen zusammengesetzt wird"
    return [*zeilen, Begruendung("_site", not steht, grund)]


def _bericht(
    projekt: Projekt, auftrag: Auftrag, gedaechtnis: Gedaechtnis, spuren: Spuren, formate: Collection[str]
) -> Iterator[Begruendung]:
    bereit = pruefe(projekt, auftrag, spuren)
    bereit.meldungen.pruefe()
    gilt = isinstance(bereit, Ausgefuehrt)
    if auftrag.notizbuch is not None:
        yield Begruendung(f"{auftrag.stamm} (Notizbuch)", not gilt, bereit.grund)
    satz = "weil das Notizbuch neu ausgeführt wird"
    if isinstance(bereit, Ausgefuehrt):
        pdf = projekt.site / f"{auftrag.ziel}.pdf"
        stand_ = gedaechtnis.hole(bereit, groesse(pdf) if "pdf" not in formate and pdf.is_file() else "")
        satz = stand_ if isinstance(stand_, str) else ""
    for form in sorted(formate):
        yield Begruendung(f"{auftrag.stamm}.{form}", bool(satz), satz or UNVERAENDERT)
