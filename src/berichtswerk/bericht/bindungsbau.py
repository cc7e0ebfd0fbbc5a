"""Aus Reihen, Werten und Zahlen werden gebundene Namen für die Texte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from berichtswerk.bild import reihenbild
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Bindung, Bruchstelle, Nachweis, Zeitwert
from berichtswerk.grund import zahl

if TYPE_CHECKING:
    from berichtswerk.fach.reihe import Reihe


def aus_reihe(
    reihe: Reihe, gebiet: str, vergleich: Mapping[str, str], *, namen: Mapping[str, str],
    kurz: Mapping[str, str], beispiel: bool, quelle: str,
) -> Bindung:  # fmt: skip
    """Bindet eine Reihe.

    Args:
        reihe: Werte des Gebiets und der Vergleichsgebiete.
        gebiet: Schlüssel des Gebiets, um das es geht.
        vergleich: Ebene → Schlüssel des Vergleichsgebiets.
        namen: Ebene → Ort im Satz („im Land …“); ``""`` für das Gebiet selbst.
        kurz: Ebene → kurzer Name.
        beispiel: ob Beispieldaten eingegangen sind.
        quelle: Quellenzeile für ``.quelle``.
    """
    k = reihe.kennzahl
    eigene = reihe.gebiet(gebiet)
    return Bindung(
        name=k.name_satz or k.name,
        kennzahl=k.id,
        kennzahl_art=k.art,
        einheit=k.einheit_kurz or "",
        stellen=k.nachkommastellen,
        schwelle_kaum=k.schwelle_kaum,
        artikel=k.artikel,
        mehrzahl=k.mehrzahl,
        definition=k.definition,
        quelle=quelle,
        beispiel=beispiel,
        gebiet=gebiet,
        reihe=_zeitwerte(reihe, gebiet),
        vergleich={ebene: w for ebene, s in vergleich.items() if (w := _zeitwerte(reihe, s))},
        gebietsnamen=dict(namen),
        vergleichsnamen=dict(kurz),
        brueche=tuple(Bruchstelle(jahr=b.jahr, grund=b.grund) for b in eigene.brueche),
    )


def _zeitwerte(reihe: Reihe, gebiet: str) -> tuple[Zeitwert, ...]:
    werte = sorted(reihenbild.je_jahr(reihe.gebiet(gebiet)).werte, key=lambda w: w.jahr)
    return tuple(
        Zeitwert(jahr=w.jahr, zeit=w.zeit, nachweis=nachweis.aus_wert(w, reihe.kennzahl), prognose=w.prognose)
        for w in werte
        if w.wert is not None
    )


def aus_zahl(
    wert: float, jahr: int, *, name: str, einheit: str, stellen: int, formel: str, quelle: str,
    beispiel: bool, art: str, gebiet: str, teile: Sequence[Nachweis] = (),
    dateien: Iterable[tuple[str, str]] = (),
) -> Bindung:  # fmt: skip
    """Bindet eine im Notizbuch gerechnete Zahl; die Rechnung steht in Worten im Nachweis."""
    anzeige = zahl.mit_einheit(zahl.schreibe(wert, stellen), einheit)
    eintrag = Nachweis(
        anzeige=anzeige, wert=wert, gebiet=gebiet, zeit=str(jahr), formel=formel, rechnung="eigene",
        teile=tuple(teile), quellen=nachweis.quelldateien(dateien),
    )  # fmt: skip
    return Bindung(
        name=name, kennzahl_art=art, einheit=einheit, stellen=stellen, quelle=quelle, beispiel=beispiel,
        gebiet=gebiet, reihe=(Zeitwert(jahr=jahr, zeit=str(jahr), nachweis=eintrag),),
    )  # fmt: skip
