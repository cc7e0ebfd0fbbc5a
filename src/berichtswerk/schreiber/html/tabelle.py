"""Tabellen als HTML: jede Kopfzelle mit ``scope``, jede Zeile mit Zeilenkopf, ohne Stilangaben."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.zahl import SCHMAL
from berichtswerk.grund.zeichen import ERKLAERUNG
from berichtswerk.tabelle.tabelle import Polster, polster, zelltext


def tabelle(modell: Tabellenmodell) -> str:
    """Die Tabelle ohne ``<caption>``: ihre Überschrift steht im Rahmen darum.

    Zahlen tragen ``class="zahl"`` und sind mit Leerzeichen fester Breite am Komma ausgerichtet. Ein Zeichen
    (``.``, ``x`` …) und ein Buchstabe hinter der Zahl (``s``) sind für Vorleseprogramme versteckt; vorgelesen
    wird ``<span class="bw-vorlesen">``.
    """
    zeilen = ['<table class="caption-top table bw-tabelle">', "<thead>"]
    for kopfzeile in modell.kopf:
        zellen = (_kopfzelle(z, k > 0) for k, z in enumerate(kopfzeile))
        zeilen.append(f"<tr>{''.join(zellen)}</tr>")
    zeilen.append("</thead>")
    breiten = polster(modell)
    for koerper in _koerper(modell.zeilen):
        zeilen += ["<tbody>", *(_zeile(zeile, breiten) for zeile in koerper), "</tbody>"]
    return "\n".join([*zeilen, "</table>"])


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


def _kopfzelle(zelle: Tabellenzelle, ist_wertspalte: bool) -> str:
    merkmale = f' scope="{"colgroup" if zelle.spalten > 1 else "col"}"' + _spannen(zelle)
    if ist_wertspalte and zelle.zahl:
        merkmale += ' class="zahl"'
    return f"<th{merkmale}>{escape(geschuetzt(zelle.text), quote=False)}</th>"


def _spannen(zelle: Tabellenzelle) -> str:
    spalten = f' colspan="{zelle.spalten}"' if zelle.spalten > 1 else ""
    return spalten + (f' rowspan="{zelle.zeilen}"' if zelle.zeilen > 1 else "")


def _zeile(zeile: Tabellenzeile, breiten: Polster) -> str:
    klasse = "" if zeile.art == "zeile" else f' class="{zeile.art}"'
    klasse += f' id="{escape(zeile.marke)}"' if zeile.marke else ""
    kopf, *rest = zeile.zellen
    scope = "rowgroup" if zeile.art == "gruppe" else "row"
    teile = [f'<tr{klasse}><th scope="{scope}"{_spannen(kopf)}>{_inhalt(kopf, breiten, 0)}</th>']
    for spalte, zelle in enumerate(rest, 1):
        zahlklasse = ' class="zahl"' if zelle.zahl else ""
        teile.append(f"<td{zahlklasse}{_spannen(zelle)}>{_inhalt(zelle, breiten, spalte)}</td>")
    return "".join(teile) + "</tr>"


def _inhalt(zelle: Tabellenzelle, breiten: Polster, spalte: int) -> str:
    if zelle.vorlesen:
        return (
            f'<span aria-hidden="true">{escape(zelle.text, quote=False)}</span>'
            f'<span class="bw-vorlesen">{escape(zelle.vorlesen, quote=False)}</span>'
        )
    ganz = escape(zelltext(zelle, breiten, spalte), quote=False)
    wort = ERKLAERUNG.get(zelle.status) if zelle.zusatz and zelle.status else None
    if wort is None:
        return ganz
    davor, buchstabe, danach = ganz.rpartition(SCHMAL + zelle.zusatz)
    laut = f'<span class="bw-vorlesen"> ({wort})</span>'
    return f'{davor}<span aria-hidden="true">{buchstabe}</span>{laut}{danach}'
