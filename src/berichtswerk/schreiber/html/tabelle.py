"""Tabellen als HTML: jede Kopfzelle mit ``scope``, jede Zeile mit Zeilenkopf, ohne Stilangaben."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund.abstand import geschuetzt, mit_einheit_fest
from berichtswerk.grund.trennung import ORTSFUGE, WEICH, trennbar
from berichtswerk.grund.zahl import SCHMAL
from berichtswerk.grund.zeichen import ERKLAERUNG
from berichtswerk.schreiber.html import text
from berichtswerk.tabelle.tabelle import ZIFFERNBREIT, Polster, flache_koepfe, polster, spanne, zelltext

SATZ = 45
"""Längeres ist ein Satz und keine Angabe."""
VIELE_SPALTEN, WOERTER = 5, 25
"""Bei so vielen Spalten nehmen schon so viele Zeichen Wort den Zahlen auf dem Telefon den Platz."""
LISTE_AB = 21
"""Zahlen in so vielen Zeilen liest man die Spalte hinunter, auch neben Wörtern."""
KURZ = 6
"""So viele Zeichen hat höchstens, was auf dem Telefon keine eigene Breite braucht („2024“)."""
TELEFON = 60
"""So viele Zeichen passen auf dem Telefon nicht mehr nebeneinander, auch umgebrochen."""
SCHMALSTE, UEBLICHE = 38.5, 48
"""So viele Ziffern breit ist eine Tabelle auf dem schmalsten (320 Pixel) und einem üblichen Telefon."""
_NAME, _RAND, _BUCHSTABE, _SCHMAL = 12, 0.9, 0.88, 0.5
"""So viele Ziffern breit sind Namen von Zeilen mindestens, zwei Ränder, ein Buchstabe, ein Satzzeichen."""
_EINHEIT = re.compile(r"(?<=\w)[ \u00a0]\((?:[^()]|\([^()]*\))*\)$")
_DOPPELNAME = re.compile(r"\w+-[A-ZÄÖÜ]\w+")
"""„Doppel-Name“: bricht nur, wo kein Platz ist."""
_UMBRUCH = re.compile(f"(?<=[-/]) ?| +|{WEICH}")
_SCHRAEG = re.compile(r"(?<=[a-zäöüß])/(?=[A-ZÄÖÜ])")
"""„Ort/Fluss“ bricht nach dem Schrägstrich und nicht vor dem letzten Buchstaben."""
_ROLLEN = {
    "table": ' role="table"', "gruppe": ' role="rowgroup"', "zeile": ' role="row"',
    "spalte": ' role="columnheader"', "kopf": ' role="rowheader"', "fach": ' role="cell"',
}  # fmt: skip
"""Was die Elemente auch dann sind, wenn sie untereinander stehen."""


def tabelle(modell: Tabellenmodell, *, orte: bool = False) -> str:
    """Die Tabelle ohne ``<caption>``: ihre Überschrift steht im Rahmen darum.

    Zahlen tragen ``class="zahl"`` und sind mit Leerzeichen fester Breite am Komma ausgerichtet. Ein Zeichen
    (``.``, ``x`` …) und ein Buchstabe hinter der Zahl (``s``) sind für Vorleseprogramme versteckt; vorgelesen
    wird ``<span class="bw-vorlesen">``. Eine Tabelle aus Sätzen steht auf dem Telefon Fach unter Fach: sie
    ist ``bw-saetze``, nennt ihre Rollen selbst und an jedem Fach den Kopf der Spalte. Haben in einer Spalte
    nur einzelne Zahlen eine Spanne, steht sie darunter (``bw-spannen-unten``), und alle Zahlen stehen am Rand
    der Spalte. Wo ``orte`` neben ihrem Vergleich stehen (``bw-nebeneinander``), bleibt dessen Spalte stehen;
    auf dem Telefon ist jede Zeile ein Feld mit Vergleich und Orten. Stehen vorn nur Jahre (``bw-kurz``),
    braucht die erste Spalte auf dem Telefon keine eigene Breite. Passt dort eine andere nicht neben ihre
    Zahlen, stehen die Namen der Zeilen darüber (``bw-oben``).
    """
    saetze, unten = not orte and _aus_saetzen(modell), _einzelne(modell)
    kurz = all(len(z.zellen[0].text) <= KURZ for z in modell.zeilen)
    breiten = dict.fromkeys(polster(modell), (0, 0)) if unten else polster(modell)
    oben = not (orte or saetze or kurz) and _passt_nur_untereinander(modell, breiten)
    klassen = "caption-top table bw-tabelle" + " bw-kurz" * kurz + " bw-saetze" * saetze
    klassen += " bw-spannen-unten" * unten
    klassen += " bw-nebeneinander" * orte + " bw-oben" * oben
    koepfe = [z.text for z in modell.kopf[-1]] if saetze or orte else []
    rollen = _ROLLEN if saetze or orte or oben else dict.fromkeys(_ROLLEN, "")
    zeilen = [
        f'<table class="{klassen}"{rollen["table"]}>',
        f"<thead{rollen['gruppe']}>",
    ]
    for kopfzeile in modell.kopf:
        zellen = (_kopfzelle(z, k > 0, rollen["spalte"], orte=orte) for k, z in enumerate(kopfzeile))
        zeilen.append(f"<tr{rollen['zeile']}>{''.join(zellen)}</tr>")
    zeilen.append("</thead>")
    for koerper in _koerper(modell.zeilen):
        gebaut = (_zeile(zeile, breiten, koepfe, rollen) for zeile in koerper)
        zeilen += [f"<tbody{rollen['gruppe']}>", *gebaut, "</tbody>"]
    return "\n".join([*zeilen, "</table>"])


def ohne_gemeinsame_einheit(modell: Tabellenmodell) -> tuple[Tabellenmodell, str]:
    """Nennt jede Spalte mit Zahlen dieselbe Einheit „(…)“, die Tabelle ohne sie und die Einheit; sonst „“."""
    vorn, *koepfe = modell.kopf[-1]
    einheiten = {(_EINHEIT.search(z.text) or [""])[0] for z in koepfe}
    if len(modell.kopf) > 1 or len(koepfe) < 2 or len(einheiten) > 1 or not (einheit := einheiten.pop()):
        return modell, ""
    kurz = (z.model_copy(update={"text": z.text.removesuffix(einheit)}) for z in koepfe)
    return modell.model_copy(update={"kopf": ((vorn, *kurz),)}), einheit.strip()[1:-1]


def _aus_saetzen(modell: Tabellenmodell) -> bool:
    """Ob zwei Spalten Sätze sind oder Wörter auf dem Telefon einander oder den Zahlen den Platz nähmen."""
    faecher = [z.zellen for z in modell.zeilen if z.art != "gruppe"]
    if len(modell.kopf) != 1 or any(z.spalten > 1 or z.zeilen > 1 for zeile in faecher for z in zeile):
        return False
    laengen = [max((len(z.text) for z in s if not z.zahl), default=0) for s in zip(*faecher, strict=True)]
    if any(z.zahl for zeile in faecher for z in zeile):
        grenze = SATZ if len(laengen) < VIELE_SPALTEN else WOERTER
        return len(faecher) < LISTE_AB and sum(laengen[1:]) > grenze
    return sum(laenge > SATZ for laenge in laengen) > 1 or (len(laengen) > 3 and sum(laengen) > TELEFON)


def _passt_nur_untereinander(modell: Tabellenmodell, fuellung: Polster) -> bool:
    """Ob neben den Namen der Zeilen nicht alle Spalten auf jedes Telefon passen, aber darunter."""
    koepfe = [k.rpartition(": ")[2] if len(modell.kopf) > 1 else k for k in flache_koepfe(modell)]
    breiten = [max(map(_breite, _UMBRUCH.split(trennbar(mit_einheit_fest(k))))) for k in koepfe]
    for zeile in modell.zeilen:
        for i, z in enumerate(zeile.zellen if len(zeile.zellen) == len(breiten) else ()):
            allein = z.model_copy(update={"spanne": None})
            stuecke = (
                [zelltext(allein, fuellung, i), spanne(z)] if z.zahl else _UMBRUCH.split(trennbar(z.text))
            )
            breiten[i] = max(breiten[i], *map(_breite, stuecke))
    darunter = sum(breiten[1:]) + _RAND * (len(breiten) - 2)
    return darunter <= UEBLICHE and darunter + _RAND + max(breiten[0], _NAME) > SCHMALSTE


def _breite(stueck: str) -> float:
    """Wie breit etwas ist, das nicht umbricht, in Ziffern."""
    return sum(
        1 if z.isdigit() or z == ZIFFERNBREIT else _BUCHSTABE if z.isalpha() else _SCHMAL for z in stueck
    )


def _einzelne(modell: Tabellenmodell) -> bool:
    """Ob in einer Spalte einzelne Zahlen eine Spanne haben, die meisten aber nicht."""
    mit, alle = Counter[int](), Counter[int]()
    for i, zelle in (f for zeile in modell.zeilen for f in enumerate(zeile.zellen)):
        alle[i] += zelle.wert is not None
        mit[i] += zelle.spanne is not None
    return any(0 < mit[i] <= alle[i] / 2 for i in mit)


def _koerper(zeilen: Sequence[Tabellenzeile]) -> Iterator[list[Tabellenzeile]]:
    """Jede Gruppe ist ein ``<tbody>``, denn so weit reicht ihr scope; was hinter ihr steht, ein weiterer."""
    nummern: list[int] = []
    ausserhalb = False
    for zeile in zeilen:
        neu = zeile.art == "gruppe" or zeile.ausserhalb > ausserhalb
        nummern.append((nummern[-1] if nummern else 0) + neu)
        ausserhalb = zeile.ausserhalb
    for _, paare in groupby(zip(nummern, zeilen, strict=True), key=lambda paar: paar[0]):
        yield [zeile for _, zeile in paare]


def _kopfzelle(zelle: Tabellenzelle, ist_wertspalte: bool, rolle: str, *, orte: bool) -> str:
    merkmale = f'{rolle} scope="{"colgroup" if zelle.spalten > 1 else "col"}"' + _spannen(zelle)
    if ist_wertspalte and zelle.zahl:
        merkmale += ' class="zahl bw-name"' if _DOPPELNAME.fullmatch(zelle.text) else ' class="zahl"'
    wortlaut = trennbar(mit_einheit_fest(zelle.text))
    return f"<th{merkmale}>{text(ORTSFUGE.sub(WEICH, wortlaut) if orte else wortlaut)}</th>"


def _spannen(zelle: Tabellenzelle) -> str:
    spalten = f' colspan="{zelle.spalten}"' if zelle.spalten > 1 else ""
    return spalten + (f' rowspan="{zelle.zeilen}"' if zelle.zeilen > 1 else "")


def _zeile(
    zeile: Tabellenzeile, breiten: Polster, koepfe: Sequence[str], rollen: Mapping[str, str]
) -> str:  # fmt: skip
    klasse = rollen["zeile"] if zeile.art == "zeile" else f'{rollen["zeile"]} class="{zeile.art}"'
    klasse += f' id="{escape(zeile.marke)}"' if zeile.marke else ""
    kopf, *rest = zeile.zellen
    scope = "rowgroup" if zeile.art == "gruppe" else "row"
    teile = [
        f'<tr{klasse}><th{rollen["kopf"]} scope="{scope}"{_spannen(kopf)}>{_inhalt(kopf, breiten, 0)}</th>'
    ]
    for spalte, zelle in enumerate(rest, 1):
        wort = ' class="bw-wort"' if spalte in breiten else ""  # ein Wort, wo sonst Zahlen stehen
        zahlklasse = ' class="zahl"' if zelle.zahl and wort else wort
        zahlklasse += rollen["fach"] + (f' data-kopf="{escape(koepfe[spalte])}"' if koepfe else "")
        teile.append(f"<td{zahlklasse}{_spannen(zelle)}>{_inhalt(zelle, breiten, spalte)}</td>")
    return "".join(teile) + "</tr>"


def _inhalt(zelle: Tabellenzelle, breiten: Polster, spalte: int) -> str:
    if zelle.vorlesen:
        return (
            f'<span aria-hidden="true">{escape(zelle.text, quote=False)}</span>'
            f'<span class="bw-vorlesen">{escape(zelle.vorlesen, quote=False)}</span>'
        )
    grenzen = spanne(zelle)
    hinten = f' <span class="bw-spanne">{grenzen}</span>' if grenzen else ""
    ohne = zelle.model_copy(update={"spanne": None}) if zelle.spanne else zelle
    wortlaut = zelltext(ohne, breiten, spalte)
    if zelle.zahl:
        ganz = escape(wortlaut, quote=False)
    else:
        ganz = text(geschuetzt(wortlaut) if spalte else trennbar(mit_einheit_fest(wortlaut)))
        ganz = ganz if spalte else _SCHRAEG.sub("/<wbr>", ganz)
    wort = ERKLAERUNG.get(zelle.status) if zelle.zusatz and zelle.status else None
    if wort is None:
        return ganz + hinten
    davor, buchstabe, danach = ganz.rpartition(SCHMAL + zelle.zusatz)
    laut = f'<span class="bw-vorlesen"> ({wort})</span>'
    return f'{davor}<span aria-hidden="true">{buchstabe}</span>{laut}{danach}{hinten}'
