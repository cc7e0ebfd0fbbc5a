"""Tabellen aus Kennzahlen: nach Jahren, nach Gebieten, nach Kennzahlen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.fach.veraenderung import gemeinsames_jahr, ohne_voraus
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Nachweis, Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.worte.aussage import ableitung
from berichtswerk.worte.sprache import differenz_einheit

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Inhalt, Sicht
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe, Wert


Felder = Callable[["Gebiet"], list[Tabellenzelle]]
Gruppen = Mapping[str, "Sequence[Inhalt]"]


@dataclass(frozen=True)
class Gebaut:
    """Eine fertige Tabelle und was darin gezeigt wird."""

    modell: Tabellenmodell
    reihen: list[Reihe]
    orte: list[Gebiet]
    hinweise: tuple[str, ...] = ()
    abgeleitet: tuple[Nachweis, ...] = ()


def einheit_im_kopf(kennzahl: Kennzahl) -> str:
    """„in %“, „je 100“, „Anzahl“: die Einheit, wie sie im Tabellenkopf steht."""
    kurz = kennzahl.einheit_kurz or ""
    if kurz in {"%", "‰", "€"}:
        return f"in {kurz}"
    return kurz or ("Anzahl" if kennzahl.absolut else kennzahl.einheit)


def kopftext(kennzahl: Kennzahl, zeit: str = "") -> str:
    """„Förderquote 2023 (in %)“: Name, Zeit und Einheit, wo sie nicht selbstverständlich ist."""
    name = f"{kennzahl.name} {zeit}" if zeit else kennzahl.name
    einheit = einheit_im_kopf(kennzahl)
    gesagt = einheit == "Anzahl" or einheit in name or (name.endswith("= 100)") and "= 100" in einheit)
    return name if gesagt else f"{name} ({einheit})"


def zelle(wert: Wert | None, kennzahl: Kennzahl) -> Tabellenzelle:
    """Das Fach zu einem Wert; Salden tragen immer ein Vorzeichen."""
    if wert is None:
        return bau.zeichenzelle(Status.FEHLT)
    spanne = (wert.unten, wert.oben) if wert.unten is not None and wert.oben is not None else None
    return bau.zahlzelle(
        wert.wert, wert.status, stellen=kennzahl.nachkommastellen, spanne=spanne,
        vorzeichen=kennzahl.art == "saldo",
    )  # fmt: skip


def bruchhinweise(reihen: Sequence[Reihe]) -> tuple[str, ...]:
    """Ein Satz je Zeitreihenbruch."""
    brueche = sorted({b for r in reihen for b in r.brueche})
    return tuple(f"Zeitreihenbruch vor {b.jahr}: {b.grund.rstrip('.')}." for b in brueche)


def _zweizeiliger_kopf(
    erste: str, *gruppen: tuple[str, Sequence[str]]
) -> tuple[tuple[Tabellenzelle, ...], ...]:
    """Über Spalten stehen Sammelüberschriften: Paare (Überschrift, Spalten)."""
    if all(len(spalten) == 1 for _, spalten in gruppen):
        return bau.kopf(erste, *(f"{ueber}: {s[0]}" if ueber else s[0] for ueber, s in gruppen))
    oben = [bau.textzelle(ueber, zahl_spalte=True, spalten=len(spalten)) for ueber, spalten in gruppen]
    darunter = tuple(bau.textzelle(s, zahl_spalte=True) for _, spalten in gruppen for s in spalten)
    return (bau.textzelle(erste, zeilen=2), *oben), darunter


def nach_jahren(
    b: Sicht, kennzahlen: Sequence[Inhalt], vergleich: Sequence[str] | None, von: int | None,
    bis: int | None, *, nur: Sequence[int] = (),
) -> Gebaut | None:  # fmt: skip
    """Zeilen Jahre (``nur``: diese); Spalten Gebiete (eine Kennzahl) oder Kennzahlen (mehrere).

    Von mehreren Kennzahlen entfallen die ohne eine Zahl für das Gebiet.
    """
    reihen, _, orte = b.jahresreihen(kennzahlen, vergleich, von, bis)
    if nur:
        reihen = [bild.auswahl(r, orte, nur) for r in reihen]
    jahre = sorted({w.jahr for r in reihen for w in bild.mit_zahl(r)})
    if not jahre:
        return None
    if len(reihen) > 1:
        eigene = [r for r in reihen if bild.mit_zahl(r.gebiet(b.gebiet.schluessel))]
        reihen = eigene or reihen
    if len(reihen) == 1:
        k = reihen[0].kennzahl
        spalten = [(reihen[0], g) for g in orte]
        # einen einzigen Ort nennt schon die Unterschrift
        namen = [b.name_von(g) for g in orte]
        kopf = (
            _zweizeiliger_kopf("Jahr", (kopftext(k), namen))
            if len(orte) > 1
            else bau.kopf("Jahr", kopftext(k))
        )
    else:
        spalten = [(r, b.gebiet) for r in reihen]
        kopf = bau.kopf("Jahr", *(kopftext(r.kennzahl) for r in reihen))
    zeilen = tuple(
        bau.zeile(bild.zeit(reihen, j), [zelle(r.wert(g.schluessel, j), r.kennzahl) for r, g in spalten])
        for j in jahre
    )
    orte = orte if len(reihen) == 1 else [b.gebiet]
    return Gebaut(Tabellenmodell(kopf=kopf, zeilen=zeilen), reihen, orte, hinweise=bruchhinweise(reihen))


def nach_kennzahlen(
    b: Sicht, kennzahlen: Sequence[Inhalt], vergleich: Sequence[str] | None, jahr: int | None
) -> Gebaut | None:
    """Zeilen Kennzahlen mit Einheit; Spalten das Gebiet und seine Vergleichsgebiete.

    Nebeneinander stehen Werte desselben Jahres; hat das Gebiet einen neueren, folgt er in eigener Zeile. Das
    Jahr steht nur in einer Spalte, wo sich die Zeilen darin unterscheiden; sonst sagt es die Unterschrift.
    Eine gemeinsame Einheit steht einmal im Kopf.
    """
    orte = [b.gebiet, *b.vergleichsgebiete(vergleich)]
    schluessel = list(dict.fromkeys([*b.standardgebiete, *(g.schluessel for g in orte)]))
    reihen: list[Reihe] = []
    zeilen: list[tuple[Kennzahl, str, list[Tabellenzelle]]] = []
    for inhalt in (k for k in kennzahlen if k is not None):
        reihe = bild.je_jahr(b.reihe(inhalt, schluessel))
        gezeigt = [jahr] if jahr is not None else _vergleichsjahre(reihe, orte)
        if not gezeigt:
            continue
        einzeln = bild.auswahl(reihe, orte, gezeigt)
        reihen.append(einzeln)
        k = reihe.kennzahl
        for j in gezeigt:
            werte = [zelle(einzeln.wert(g.schluessel, j), k) for g in orte]
            zeilen.append((k, bild.zeit([einzeln], j), werte))
    if not any(bild.mit_zahl(r) for r in reihen):
        return None
    mit_jahr = len({zeit for _, zeit, _ in zeilen}) > 1
    einheiten = {einheit_im_kopf(k) for k, _, _ in zeilen}
    eine = "" if len(einheiten) > 1 or einheiten == {"Anzahl"} else einheiten.pop()
    kopf = (
        *(bau.textzelle(t) for t in (f"Kennzahl ({eine})" if eine else "Kennzahl", *["Jahr"] * mit_jahr)),
        *(bau.textzelle(b.name_von(g), zahl_spalte=True) for g in orte),
    )
    gesetzt = [
        bau.zeile(k.name if eine else kopftext(k), [*[bau.textzelle(zeit)] * mit_jahr, *werte])
        for k, zeit, werte in zeilen
    ]
    return Gebaut(Tabellenmodell(kopf=(kopf,), zeilen=tuple(gesetzt)), reihen, orte)


def _vergleichsjahre(reihe: Reihe, orte: Sequence[Gebiet]) -> list[int]:
    """Das jüngste Jahr mit einer Zahl für alle Gebiete, danach das jüngste des eigenen (ersten).

    Vorausgerechnete Jahre nur, wenn es keine anderen gibt.
    """
    je = [ohne_voraus(bild.mit_zahl(reihe.gebiet(g.schluessel))) for g in orte]
    gemeinsam = gemeinsames_jahr((w.jahr for werte in je for w in werte), len(orte))
    eigenes = max((w.jahr for w in je[0]), default=None)
    return sorted({jahr for jahr in (gemeinsam, eigenes) if jahr is not None})


def nach_gebieten(
    b: Sicht, kennzahlen: Sequence[Inhalt], nach: str | Sequence[str], vergleich: Sequence[str] | None,
    jahr: int | None,
) -> Gebaut | None:  # fmt: skip
    """Zeilen Gebiete (nach Planungsgebieten gruppiert), darunter das Gebiet selbst und Vergleichsgebiete."""
    gebiete = b.gegliedert(nach)
    unten = [b.gebiet, *b.vergleichsgebiete(vergleich)]
    spalten: list[tuple[Reihe, int]] = []
    for inhalt in (k for k in kennzahlen if k is not None):
        (reihe,), gewaehlt, _ = b.ein_jahr([inhalt], gebiete or unten, jahr, daneben=unten)
        if gewaehlt is not None:
            spalten.append((bild.auswahl(reihe, [*gebiete, *unten], {gewaehlt}), gewaehlt))
    if not gebiete or not any(bild.mit_zahl(r) for r, _ in spalten):
        return None
    lage = next(((r, j) for r, j in spalten if any(r.stufe(w.gebiet, j) for w in r)), None)
    zeiten = groupby(((bild.zeit([r], j), r.kennzahl) for r, j in spalten), key=itemgetter(0))
    ueber = [(zeit, [k for _, k in gruppe]) for zeit, gruppe in zeiten]
    if len(ueber) == len(spalten):
        kopf = bau.kopf("Gebiet", *(kopftext(k, zeit) for zeit, (k,) in ueber))
    else:
        kopf = _zweizeiliger_kopf("Gebiet", *((zeit, [*map(kopftext, liste)]) for zeit, liste in ueber))
    if lage:
        kopf = ((*kopf[0], bau.textzelle("Lage", zeilen=len(kopf))), *kopf[1:])

    def felder(g: Gebiet) -> list[Tabellenzelle]:
        zellen = [zelle(r.wert(g.schluessel, j), r.kennzahl) for r, j in spalten]
        return [*zellen, bau.textzelle(lage[0].stufe(g.schluessel, lage[1]))] if lage else zellen

    zeilen = _gebietszeilen(b, gebiete, unten, felder, 1 + len(spalten) + bool(lage))
    return Gebaut(Tabellenmodell(kopf=kopf, zeilen=zeilen), [r for r, _ in spalten], [b.gebiet])


def _gebietszeilen(
    b: Sicht, gebiete: Sequence[Gebiet], unten: Sequence[Gebiet], felder: Felder, breite: int
) -> tuple[Tabellenzeile, ...]:
    """Zeilen mit Zwischenüberschriften je Planungsgebiet; eigenes Gebiet und Vergleich abgesetzt."""
    zeilen: list[Tabellenzeile] = []
    bisher: Gebiet | None = None
    for g in gebiete:
        gruppe = b.bestand.gebiete.vorfahr(g.schluessel, "planungsgebiet")
        if gruppe is not None and gruppe not in (bisher, g, b.gebiet):
            zeilen.append(bau.gruppenzeile(gruppe.name, breite))
        bisher = gruppe
        zeilen.append(bau.zeile(b.name_von(g), felder(g)))
    for g in unten:
        zellen = felder(g)
        if g not in gebiete and (g == b.gebiet or any(z.wert is not None for z in zellen)):
            art = "summe" if g == b.gebiet else "vergleich"
            zeilen.append(bau.zeile(g.name, zellen, art, ausserhalb=True))
    return tuple(zeilen)


def gebiete_und_jahre(
    b: Sicht, inhalte: Sequence[Inhalt], nach: str | Sequence[str], jahre: Sequence[int],
    vergleich: Sequence[str] | None, *, veraenderung: bool,
) -> Gebaut | None:  # fmt: skip
    """Zeilen Gebiete, je Kennzahl Spalten für die Jahre mit Werten, auf Wunsch die Veränderung."""
    gebiete = b.gegliedert(nach)
    unten = [b.gebiet, *b.vergleichsgebiete(vergleich)]
    alle, _, _ = b.ein_jahr(inhalte, [*gebiete, *unten], None)
    reihen = [bild.auswahl(r, [*gebiete, *unten], jahre) for r in alle]
    vorhanden = {w.jahr for r in reihen for w in bild.mit_zahl(r)}
    jahre = [j for j in jahre if j in vorhanden]
    if not gebiete or not jahre:
        return None
    veraenderung = veraenderung and len(jahre) > 1
    abgeleitet: list[Nachweis] = []

    def felder(g: Gebiet) -> list[Tabellenzelle]:
        zellen: list[Tabellenzelle] = []
        for r in reihen:
            zellen += [zelle(r.wert(g.schluessel, j), r.kennzahl) for j in jahre]
            zellen += [veraenderungszelle(r, g, jahre, abgeleitet)] if veraenderung else []
        return zellen

    ueber = [gruppe for r in reihen for gruppe in _jahresgruppen(r, jahre, veraenderung)]
    breite = 1 + sum(len(spalten) for _, spalten in ueber)
    zeilen = _gebietszeilen(b, gebiete, unten, felder, breite)
    modell = Tabellenmodell(kopf=_zweizeiliger_kopf("Gebiet", *ueber), zeilen=zeilen)
    return Gebaut(modell, reihen, [b.gebiet], bruchhinweise(reihen), tuple(abgeleitet))


def kennzahlen_und_jahre(
    b: Sicht, inhalte: Sequence[Inhalt], jahre: Sequence[int], gruppen: Gruppen
) -> Gebaut | None:
    """Zeilen Reihen (mit Einheit), Spalten Jahre; Vorausgerechnetes steht unter einer Sammelüberschrift."""
    gegliedert: list[tuple[str, list[Reihe]]] = [
        (name, [_reihe(b, k, jahre) for k in liste if k is not None])
        for name, liste in (gruppen.items() if gruppen else {"": inhalte}.items())
    ]
    reihen = [r for _, liste in gegliedert for r in liste]
    if not any(bild.mit_zahl(r) for r in reihen):
        return None
    zeilen: list[Tabellenzeile] = []
    for name, liste in gegliedert:
        if name:
            zeilen.append(bau.gruppenzeile(name, len(jahre) + 1))
        for r in liste:
            felder = [zelle(r.wert(b.gebiet.schluessel, j), r.kennzahl) for j in jahre]
            zeilen.append(bau.zeile(kopftext(r.kennzahl), felder))
    modell = Tabellenmodell(kopf=_kopf(reihen, jahre), zeilen=tuple(zeilen))
    return Gebaut(modell, reihen, [b.gebiet], hinweise=bruchhinweise(reihen))


def _reihe(b: Sicht, inhalt: str | Reihe, jahre: Sequence[int]) -> Reihe:
    """Die Werte der Jahre ohne Spannen: dafür sind so viele Spalten zu schmal."""
    reihe = bild.auswahl(bild.je_jahr(b.reihe(inhalt)), [b.gebiet], jahre)
    return replace(reihe, werte=tuple(replace(w, unten=None, oben=None) for w in reihe.werte))


def _kopf(reihen: Sequence[Reihe], jahre: Sequence[int]) -> tuple[tuple[Tabellenzelle, ...], ...]:
    """Eine Zeile mit Jahren; mit Vorausrechnung darüber, wo sie beginnt."""
    ist, voraus = _geteilt(reihen, jahre)
    if not voraus:
        return bau.kopf("Kennzahl", *(bild.zeit(reihen, j) for j in jahre))
    gruppen = (("Stand", ist), ("Vorausrechnung", voraus))
    return _zweizeiliger_kopf("Kennzahl", *((name, [*map(str, liste)]) for name, liste in gruppen if liste))


def _geteilt(reihen: Sequence[Reihe], jahre: Sequence[int]) -> tuple[list[int], list[int]]:
    """Jahre mit Ist-Werten und vorausgerechnete; alle in der ersten Liste, wenn sie sich mischen."""
    voraus = [j for j in jahre if bild.zeit(reihen, j) != str(j)]
    ist = [j for j in jahre if j not in voraus]
    return (ist, voraus) if [*ist, *voraus] == [*jahre] else ([*jahre], [])


def _jahresgruppen(reihe: Reihe, jahre: Sequence[int], mit_veraenderung: bool) -> list[tuple[str, list[str]]]:
    """Sammelüberschriften einer Kennzahl mit ihren Jahren; mehrere vorausgerechnete stehen unter eigener."""
    k, (ist, voraus) = reihe.kennzahl, _geteilt([reihe], jahre)
    name = kopftext(k)
    if len(voraus) > 1:
        gruppen = [(name, [*map(str, ist)])] if ist else []
        gruppen.append((f"{name}, Vorausrechnung", [*map(str, voraus)]))
    else:
        gruppen = [(name, [bild.zeit([reihe], j) for j in jahre])]
    if mit_veraenderung:
        masz = differenz_einheit(k.art, k.einheit_kurz or "") or "absolut"
        zeitraum = zahl.zeitraum(jahre[0], jahre[-1])
        gruppen[-1][1].append(f"Veränderung {zeitraum} ({'in %' if k.art == 'anzahl' else masz})")
    return gruppen


def veraenderungszelle(
    reihe: Reihe, gebiet: Gebiet, jahre: Sequence[int], gesammelt: list[Nachweis], *, einheit: bool = False
) -> Tabellenzelle:
    """Veränderung vom ersten zum letzten Jahr: bei Anzahlen in Prozent, sonst die Differenz.

    ``einheit=True`` schreibt die Einheit ins Fach, wo sie nicht im Kopf steht.
    """
    k = reihe.kennzahl
    v = reihe.veraenderung(gebiet.schluessel, jahre[0], jahre[-1])
    werte = [reihe.wert(gebiet.schluessel, j) for j in (jahre[-1], jahre[0])]
    if v is None:
        return bau.zeichenzelle(Status.FEHLT)
    betrag = v.prozent if k.art == "anzahl" else v.absolut
    if betrag is None or v.brueche:  # über einen Zeitreihenbruch wird nicht gerechnet
        return bau.zeichenzelle(Status.GESPERRT)
    neu, alt = (nachweis.aus_wert(w, k) for w in werte if w is not None)
    return _unterschied(betrag, neu, alt, k, gesammelt, einheit=einheit)


def abweichung(voraus: Wert, ist: Wert, k: Kennzahl, gesammelt: list[Nachweis]) -> Tabellenzelle:
    """Was der gemessene Wert vom vorausgerechneten abweicht: Anzahlen in Prozent, sonst die Differenz."""
    if voraus.wert is None or ist.wert is None or (k.art == "anzahl" and not voraus.wert):
        return bau.zeichenzelle(Status.FEHLT)
    prozent = k.art == "anzahl"
    betrag = (ist.wert / voraus.wert - 1) * 100 if prozent else ist.wert - voraus.wert
    neu, alt = nachweis.aus_wert(ist, k), nachweis.aus_wert(voraus, k)
    return _unterschied(betrag, neu, alt, k, gesammelt, einheit=True)


def _unterschied(
    betrag: float, neu: Nachweis, alt: Nachweis, k: Kennzahl, gesammelt: list[Nachweis], *, einheit: bool
) -> Tabellenzelle:
    prozent = k.art == "anzahl"
    stellen = 1 if prozent else k.nachkommastellen
    masz = ("%" if prozent else differenz_einheit(k.art, k.einheit_kurz or "")) if einheit else ""
    fach = bau.zahlzelle(betrag, stellen=stellen, vorzeichen=True, einheit=masz)
    beleg = ableitung("prozent" if prozent else "differenz", fach.text, neu, alt)
    gesammelt.append(beleg.model_copy(update={"wert": betrag}))
    return fach
