"""Der Stand nach einem Lauf: ist keine Eingabe anders und die Site noch dieselbe, ist nichts zu tun.

Geprüft wird der Inhalt aller Dateien, nicht ihre Zeit; geladen wird dafür fast nichts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from berichtswerk.ausfuehrung.spur import BAUM, BIBLIOTHEKEN, PROGRAMM, Spuren
from berichtswerk.grund.ablage import summe
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt

_ORDNER = ("berichte", "daten", "layout", "notebooks")
_EINGABEN = (*(BAUM + ordner for ordner in _ORDNER), "_quarto.yml", PROGRAMM, BIBLIOTHEKEN)
_RECHNET = (BAUM + "daten", BAUM + "notebooks", PROGRAMM, BIBLIOTHEKEN)
_SITE = BAUM + "_site"
_ZULETZT = "zuletzt"


def erfasse(projekt: Projekt) -> dict[str, str]:
    """Prüfsummen aller Eingaben des Projekts, des Programms und der Bibliotheken."""
    return Spuren(projekt).nimm_auf(_EINGABEN)


def unveraendert(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str],
    eingaben: Mapping[str, str] | None = None,
) -> tuple[int, Meldungen] | None:
    """Wie viele Berichte unverändert gelten und was dazu zu melden ist; ``None``, wenn etwas anders ist.

    ``eingaben`` sind die von :func:`erfasse`, wenn sie schon vorliegen.
    """
    spuren, name = Spuren(projekt, eingaben), _name(namen, formate)
    zuletzt = spuren.lies("site", name)
    if zuletzt is None or any(zuletzt.eintraege.get(n) != w for n, w in (eingaben or {}).items()):
        return None  # dann braucht niemand die Site zu lesen
    stand = spuren.hole("site", name, {})
    if isinstance(stand, str):
        return None
    spur, berichte = stand
    return int(berichte), Meldungen(list(spur.meldungen))


def rechnet_wohl(projekt: Projekt, jetzt: Mapping[str, str]) -> bool:
    """Ob seit dem letzten Lauf etwas anders ist, woran Notizbücher hängen; genau weiß es erst der Plan."""
    spur = Spuren(projekt).lies("site", _ZULETZT)
    return spur is None or any(spur.eintraege.get(name) != jetzt.get(name) for name in _RECHNET)


def merke(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str],
    *,
    eingaben: Mapping[str, str],
    weitere: Sequence[str],
    berichte: int,
    meldungen: Meldungen,
) -> None:
    """Hebt den Stand auf; ``eingaben`` sind die von :func:`erfasse` vor dem Lauf.

    ``weitere`` sind gelesene Dateien außerhalb der Ordner, die ohnehin geprüft werden. Hat sich während des
    Laufs etwas geändert, wird nichts aufgehoben: welche Fassung galt, weiß niemand.
    """
    spuren = Spuren(projekt)
    if spuren.nimm_auf(_EINGABEN) != eingaben:
        return
    alles = (*_EINGABEN, *weitere, _SITE)
    gebaut = str(berichte).encode()
    spuren.hinterlasse("site", _name(namen, formate), {}, namen=alles, inhalt=gebaut, meldungen=meldungen)
    spuren.hinterlasse("site", _ZULETZT, {}, namen=_RECHNET, inhalt=gebaut)


def ist_erfasst(name: str) -> bool:
    """Ob eine Datei ab der Wurzel zu den Eingaben gehört, die immer geprüft werden."""
    return name.split("/", maxsplit=1)[0] in _ORDNER


def _name(namen: Sequence[str], formate: Collection[str]) -> str:
    return summe(*sorted(formate), "", *sorted(namen))
