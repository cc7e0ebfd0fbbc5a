"""Aus Reihen, Werten und Zahlen werden gebundene Namen für die Texte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from berichtswerk.bericht import reihenwahl
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Bindung, Bruchstelle, Nachweis, Zeitwert
from berichtswerk.grund import zahl
from berichtswerk.worte import belegzeilen

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Sicht
    from berichtswerk.fach.reihe import Eingang, Reihe


def aus_reihe(sicht: Sicht, reihe: Reihe) -> Bindung:
    """Bindet eine Reihe für das Gebiet der Sicht und die Gebiete darüber."""
    verzeichnis, eigener = sicht.bestand.gebiete, sicht.gebiet.schluessel
    oben = {e: verzeichnis.vorfahr(eigener, e) for e in ("kreis", "land", "bund")}
    vergleich = {e: g for e, g in oben.items() if g is not None and g.schluessel != eigener}
    eigene, k = reihe.gebiet(eigener), reihe.kennzahl
    beleg = belegzeilen.beleg_aus_reihen([eigene], sicht.bestand.quellen)
    return Bindung(
        name=k.name_satz or k.name,
        kennzahl=k.id,
        kennzahl_art=k.art,
        einheit=k.einheit_kurz or "",
        stellen=k.nachkommastellen,
        schwelle_kaum=k.schwelle_kaum,
        artikel=k.artikel,
        mehrzahl=k.satz_in_mehrzahl,
        definition=k.definition,
        quelle="; ".join(re.sub(r"^Quellen?: ", "", q.zeile) for q in beleg.quellen),
        beispiel=beleg.beispiel,
        gebiet=eigener,
        reihe=_zeitwerte(reihe, eigener),
        vergleich={e: w for e, g in vergleich.items() if (w := _zeitwerte(reihe, g.schluessel))},
        gebietsnamen={"": sicht.ort(), **{e: sicht.ort(g) for e, g in vergleich.items()}},
        vergleichsnamen={
            "": sicht.name_von(sicht.gebiet),
            **{e: sicht.name_von(g) for e, g in vergleich.items()},
        },
        brueche=tuple(Bruchstelle(jahr=b.jahr, grund=b.grund) for b in eigene.brueche),
    )


def _zeitwerte(reihe: Reihe, gebiet: str) -> tuple[Zeitwert, ...]:
    werte = sorted(reihenwahl.je_jahr(reihe.gebiet(gebiet)).werte, key=lambda w: w.jahr)
    return tuple(
        Zeitwert(jahr=w.jahr, zeit=w.zeit, nachweis=nachweis.aus_wert(w, reihe.kennzahl), prognose=w.prognose)
        for w in werte
        if w.wert is not None
    )


def aus_zahl(
    wert: float, jahr: int, *, name: str, einheit: str, stellen: int, formel: str, quelle: str,
    beispiel: bool, art: str, gebiet: str, eingaenge: Iterable[Eingang], teile: Sequence[Nachweis] = (),
) -> Bindung:  # fmt: skip
    """Bindet eine im Notizbuch gerechnete Zahl; die Rechnung steht in Worten im Nachweis."""
    anzeige = zahl.mit_einheit(zahl.schreibe(wert, stellen), einheit)
    eintrag = Nachweis(
        anzeige=anzeige, wert=wert, gebiet=gebiet, zeit=str(jahr), rechnung="eigene", teile=tuple(teile),
        weg=nachweis.rechenweg(name, formel, eingaenge),
    )  # fmt: skip
    return Bindung(
        name=name, kennzahl_art=art, einheit=einheit, stellen=stellen, quelle=quelle, beispiel=beispiel,
        gebiet=gebiet, reihe=(Zeitwert(jahr=jahr, zeit=str(jahr), nachweis=eintrag),),
    )  # fmt: skip
