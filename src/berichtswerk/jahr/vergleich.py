"""Zwei Ausgaben nebeneinander: Seite, PDF und Mappe mit allem, was sich zwischen ihnen geändert hat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from berichtswerk.ausfuehrung.plan import Plan
from berichtswerk.daten.kreis import Kreis
from berichtswerk.gegenstand.gegenstaende import (
    Beleg,
    Dokument,
    Fliesstext,
    Gegenstand,
    Kopf,
    Tabelle,
    Tabellenmodell,
)
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe
from berichtswerk.jahr.abbild import Abbild, Zahl
from berichtswerk.jahr.erratum import gebietsnamen, wofuer
from berichtswerk.jahr.fortschreiben import abbild_von
from berichtswerk.jahr.freigabe import eine_ausgabe
from berichtswerk.jahr.unterschied import Unterschied, vergleiche
from berichtswerk.satz import pdf
from berichtswerk.satz.manuskript import lies
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.site.seiten import Umgebung
from berichtswerk.tabelle import ods
from berichtswerk.tabelle.tabelle import maskiere
from berichtswerk.tabelle.tabellenbau import kopf, textzelle, zeile

TITEL = "Was sich geändert hat"


def stelle_gegenueber(projekt: Projekt, plan: Plan, alt: str, neu: str) -> tuple[Unterschied, date]:
    """Der Unterschied zweier Ausgaben und der Stand der neueren; Eingefrorenes kommt aus dem Archiv.

    Raises:
        BerichtswerkFehler: unbekannt, mehrdeutig, oder eine Ausgabe hat Fehler.
    """
    vorher, nachher = eine_ausgabe(plan, alt), eine_ausgabe(plan, neu)
    unterschied = vergleiche(abbild_von(projekt, vorher), abbild_von(projekt, nachher))
    return unterschied, nachher[0].angaben.datei.stand


def schreibe_vergleich(projekt: Projekt, plan: Plan, u: Unterschied, stand: date) -> dict[str, bytes]:
    """Seite, PDF und Mappe unter ihrem Dateinamen; gleiche Eingabe, gleiche Bytes.

    Raises:
        BerichtswerkFehler: etwas davon lässt sich nicht setzen.
    """
    stamm = f"vergleich-{u.alt.name}-{u.neu.name}".replace("/", "-")
    umgebung, namen = Umgebung.zu(projekt, plan.auftraege), gebietsnamen(projekt)
    dokument = als_dokument(u, namen, stamm, stand, umgebung.kreis)
    manuskript, meldungen = lies(dokument, projekt, projekt.wurzel, Ablage.von(projekt))
    meldungen.pruefe()
    kontext = umgebung.seite(f"{stamm}.html", TITEL)
    kontext = replace(kontext, navigation=(), fusszeile=(), brotkrumen=(), adresse="", feed="")
    return {
        f"{stamm}.html": html_seite.schreibe(manuskript, kontext).encode(),
        f"{stamm}.pdf": pdf.setze(manuskript, projekt, {}),
        f"{stamm}.ods": als_mappe(u, namen, umgebung.kreis.schluessel),
    }


def als_dokument(u: Unterschied, namen: dict[str, str], stamm: str, stand: date, kreis: Kreis) -> Dokument:
    """Der Vergleich zum Setzen: Überblick, neueste Werte, Texte, Zahlen, Definitionen und Quellen."""
    titelei = Kopf(
        titel=TITEL, untertitel=f"{_genannt(u.alt)} und {_genannt(u.neu)}",
        stamm=stamm, status="entwurf", stand=stand, herausgeber=kreis.herausgeber,
    )  # fmt: skip
    teile: list[Gegenstand] = [Fliesstext(markdown=_ueberblick(u))]
    if werte := neueste(u, kreis.schluessel):
        teile += [Fliesstext(markdown=_ZU_DEN_WERTEN), _wertetafel(werte)]
    teile.append(Fliesstext(markdown=_saetze(u)))
    ohne = "" if u.geaendert else f"\n{_KEINE_REVISION}"
    teile.append(Fliesstext(markdown=f"## Berichtigte Zahlen\n{ohne}"))
    teile += _tafeln(u, namen)
    if u.neue or u.entfallene:
        teile.append(Fliesstext(markdown=_neues(u)))
    teile.append(Fliesstext(markdown=_begriffe(u)))
    return Dokument(kopf=titelei, inhalt=tuple(teile))


_ZU_DEN_WERTEN = (
    "## Neueste Werte\n\nWas beide Ausgaben für den Landkreis zeigen und worin die neuere weiter reicht oder "
    "anderes sagt. Ob ein Wert gut oder schlecht ist, sagt die Tabelle nicht."
)
_KEINE_REVISION = "Keine Zahl, die in beiden Ausgaben für dasselbe Jahr steht, ist heute anders."


def _genannt(a: Abbild) -> str:
    return a.titel if a.ausgabe in a.titel else f"{a.titel} ({a.ausgabe})"


def neueste(u: Unterschied, kreis: str) -> list[tuple[str, Zahl, Zahl]]:
    """Name, letzter Wert vorher und jetzt je Kennzahl des Landkreises, wo beide sich unterscheiden."""
    je: list[dict[str, Zahl]] = []
    for abbild in (u.alt, u.neu):
        letzte: dict[str, Zahl] = {}
        mehrdeutig: set[str] = set()
        for z in abbild.zahlen:
            if z.gebiet != kreis or not z.kennzahl or not z.zeit or "/" in z.zeit or z.stelle:
                continue  # ein Zeitraum ist eine Veränderung, eine Stelle ein Teil davon
            bisher = letzte.get(z.kennzahl)
            if bisher is None or z.zeit > bisher.zeit:
                letzte[z.kennzahl] = z
                mehrdeutig.discard(z.kennzahl)
            elif z.zeit == bisher.zeit and z.anzeige != bisher.anzeige:
                mehrdeutig.add(z.kennzahl)
        je.append({k: z for k, z in letzte.items() if k not in mehrdeutig})
    vorher, nachher = je
    paare = ((k, vorher[k], z) for k, z in nachher.items() if k in vorher and k in u.neu.begriffe)
    je_name: dict[str, tuple[str, Zahl, Zahl]] = {}
    for k, a, b in paare:
        name = u.neu.begriffe[k].name or k
        if name not in je_name or b.zeit > je_name[name][2].zeit:  # zwei Grundlagen: die jüngere
            je_name[name] = name, a, b
    return [(n, a, b) for n, a, b in je_name.values() if (a.zeit, a.anzeige) != (b.zeit, b.anzeige)]


def _wertetafel(werte: Sequence[tuple[str, Zahl, Zahl]]) -> Tabelle:
    zeilen = tuple(
        zeile(name, [textzelle(t, zahl_spalte=True) for t in (a.zeit[:4], a.anzeige, b.zeit[:4], b.anzeige)])
        for name, a, b in werte
    )
    modell = Tabellenmodell(kopf=kopf("Kennzahl", "Jahr", "bisher", "Jahr", "jetzt"), zeilen=zeilen)
    return Tabelle(
        label="tbl-werte", unterschrift="Neueste Werte vorher und jetzt", tabelle=modell, beleg=Beleg()
    )


def _ueberblick(u: Unterschied) -> str:
    einseitig = _nur_in_einer(u)
    saetze = [p for p in u.saetze if p.satz.variante not in einseitig]
    neu = sum(p.alt is None or not p.alt.text for p in saetze)
    weg = sum(p.neu is None or not p.neu.text for p in saetze)
    anzahlen = [
        (len(saetze) - neu - weg, "Sätze lauten anders"), (neu, "Sätze sind neu"),
        (weg, "Sätze sind entfallen"),
        (_anzahl(u.neue, einseitig), "Zahlen in Abbildungen und Tabellen sind neu"),
        (_anzahl(u.entfallene, einseitig), "Zahlen stehen nicht mehr da"),
        (len(u.geaendert), "Zahlen stehen in beiden Ausgaben und sind heute anders"),
        (len(u.begriffe), "Definitionen oder Quellen sind anders"),
    ]  # fmt: skip
    punkte = [f"- {schreibe(zahl) if zahl else 'keine'} {was}" for zahl, was in anzahlen]
    punkte += [f"- die Fassung „{maskiere(name)}“ ist {wie}" for name, wie in einseitig.items()]
    return "\n".join(["## Auf einen Blick", "", *punkte])


def _anzahl(zahlen: Sequence[Zahl], einseitig: Collection[str]) -> int:
    return sum(z.variante not in einseitig for z in zahlen)


def _nur_in_einer(u: Unterschied) -> dict[str, str]:
    """Fassungen (für das Land etwa), die es nur in einer der beiden Ausgaben gibt."""
    vorher, nachher = ({s.variante for s in a.saetze} for a in (u.alt, u.neu))
    return {name: "neu" if name in nachher else "entfallen" for name in sorted((vorher ^ nachher) - {""})}


def _saetze(u: Unterschied) -> str:
    """Kapitel für Kapitel, wie der Bericht läuft; Datei und Zeile stehen in der Mappe."""
    zeilen = ["## Texte", ""]
    einseitig = _nur_in_einer(u)
    for name, wie in einseitig.items():
        anzahl = sum(p.satz.variante == name for p in u.saetze)
        satz = f"Die Fassung „{maskiere(name)}“ ist {wie}; ihre {schreibe(anzahl)} Sätze stehen in der Mappe."
        zeilen += [satz, ""]
    paare = [p for p in u.saetze if p.satz.variante not in einseitig]
    hier = ""
    for p in paare:
        ort = ", ".join(t for t in (p.satz.kapitel or p.satz.datei, p.satz.variante) if t)
        if ort != hier:
            hier = ort
            zeilen += ["", f"### {maskiere(ort)}", ""]
        bisher, jetzt = (maskiere(s.text) if s else "" for s in (p.alt, p.neu))
        gruende = ", ".join(p.gruende)
        if not (bisher and jetzt):
            zeilen.append(f"- **{'neu' if jetzt else 'entfallen'}:** {jetzt or bisher}")
        elif bisher == jetzt:
            zeilen.append(f"- **{gruende} anders:** {jetzt}")
        else:
            zeilen += [f"- **geändert** ({gruende})", f"    - bisher: {bisher}", f"    - jetzt: {jetzt}"]
    return "\n".join(zeilen if paare else [*zeilen, "Kein Satz ist anders."])


def _tafeln(u: Unterschied, namen: dict[str, str]) -> Iterator[Tabelle]:
    """Je Abbildung oder Tabelle, in der sich Zahlen geändert haben, eine Tabelle."""
    je_titel: dict[str, list[tuple[Zahl, Zahl]]] = {}
    for alt, neu in u.geaendert:
        je_titel.setdefault(neu.titel, []).append((alt, neu))
    for nr, (titel, paare) in enumerate(je_titel.items(), 1):
        zeilen = tuple(
            zeile(
                wofuer(neu, namen).removeprefix(f"{titel}: "),
                [textzelle(z.anzeige, zahl_spalte=True) for z in (alt, neu)],
            )
            for alt, neu in paare
        )
        modell = Tabellenmodell(kopf=kopf("Wofür", "bisher", "jetzt"), zeilen=zeilen)
        yield Tabelle(label=f"tbl-zahlen-{nr}", unterschrift=titel, tabelle=modell, beleg=Beleg())


def _neues(u: Unterschied) -> str:
    zeilen = ["### Neu und entfallen", ""]
    einseitig = _nur_in_einer(u)
    for wort, zahlen in (("neu", u.neue), ("entfallen", u.entfallene)):
        je: dict[str, set[str]] = {}
        anzahl: dict[str, int] = {}
        for z in (z for z in zahlen if z.variante not in einseitig):
            je.setdefault(z.titel, set()).add(z.zeit[:4])
            anzahl[z.titel] = anzahl.get(z.titel, 0) + 1
        for titel, jahre in je.items():
            wann = ", ".join(sorted(j for j in jahre if j))
            zeilen.append(
                f"- {maskiere(titel)}: {schreibe(anzahl[titel])} {wort}" + (f" ({wann})" if wann else "")
            )
    return "\n".join([*zeilen, "", "Jede einzelne steht in der Mappe (ODS)."])


def _begriffe(u: Unterschied) -> str:
    zeilen = ["## Definitionen und Quellen", ""]
    for b in u.begriffe:
        name = f"**{maskiere(b.name)}**, {b.was}"
        if b.alt and b.neu:
            zeilen += [f"- {name}", f"    - bisher: {maskiere(b.alt)}", f"    - jetzt: {maskiere(b.neu)}"]
        else:
            zeilen.append(f"- {name} {'neu' if b.neu else 'entfallen'}: {maskiere(b.neu or b.alt)}")
    return "\n".join(zeilen if u.begriffe else [*zeilen, "Keine Definition und keine Quelle ist anders."])


def als_mappe(u: Unterschied, namen: dict[str, str], kreis: str) -> bytes:
    """Eine ODS-Mappe: Texte, Zahlen (geändert, neu, entfallen), Definitionen und Quellen."""
    texte = [
        [p.satz.kapitel, p.satz.datei, str(p.satz.zeile), ", ".join(p.gruende), p.alt.text if p.alt else "",
         p.neu.text if p.neu else ""]
        for p in u.saetze
    ]  # fmt: skip
    zahlen = [["geändert", wofuer(b, namen), a.anzeige, b.anzeige] for a, b in u.geaendert]
    zahlen += [["neu", wofuer(z, namen), "", z.anzeige] for z in u.neue]
    zahlen += [["entfallen", wofuer(z, namen), z.anzeige, ""] for z in u.entfallene]
    begriffe = [[b.name, b.was, b.alt, b.neu] for b in u.begriffe]
    titel = f"{TITEL}: {_genannt(u.alt)} und {_genannt(u.neu)}"
    werte = [[name, a.zeit[:4], a.anzeige, b.zeit[:4], b.anzeige] for name, a, b in neueste(u, kreis)]
    blaetter = [
        _blatt("Neueste Werte", titel, ("Kennzahl", "Jahr vorher", "bisher", "Jahr jetzt", "jetzt"), werte),
        _blatt("Texte", titel, ("Kapitel", "Datei", "Zeile", "Was", "bisher", "jetzt"), texte),
        _blatt("Zahlen", titel, ("Was", "Wofür", "bisher", "jetzt"), zahlen),
        _blatt("Definitionen und Quellen", titel, ("Name", "Was", "bisher", "jetzt"), begriffe),
    ]
    return ods.schreibe(blaetter, titel)


def _blatt(name: str, titel: str, spalten: Sequence[str], zeilen: Iterable[Sequence[str]]) -> ods.Blatt:
    gefuellt = [[fach or "–" for fach in z] for z in zeilen]
    return ods.Blatt(name, spalten, gefuellt or [["–" for _ in spalten]], (titel,))
