"""Zwei Ausgaben nebeneinander: Seite, PDF und Mappe mit allem, was sich zwischen ihnen geändert hat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from berichtswerk.ausfuehrung.plan import Plan
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
from berichtswerk.jahr.abbild import Zahl
from berichtswerk.jahr.erratum import gebietsnamen, wofuer
from berichtswerk.jahr.fortschreiben import abbild_von
from berichtswerk.jahr.freigabe import eine_ausgabe
from berichtswerk.jahr.unterschied import Satzpaar, Unterschied, vergleiche
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
    dokument = als_dokument(u, namen, stamm, stand, umgebung.kreis.herausgeber)
    manuskript, meldungen = lies(dokument, projekt, projekt.wurzel, Ablage.von(projekt))
    meldungen.pruefe()
    kontext = umgebung.seite(f"{stamm}.html", TITEL)
    kontext = replace(kontext, navigation=(), fusszeile=(), brotkrumen=(), adresse="", feed="")
    return {
        f"{stamm}.html": html_seite.schreibe(manuskript, kontext).encode(),
        f"{stamm}.pdf": pdf.setze(manuskript, projekt, {}),
        f"{stamm}.ods": als_mappe(u, namen),
    }


def als_dokument(
    u: Unterschied, namen: dict[str, str], stamm: str, stand: date, herausgeber: str
) -> Dokument:
    """Der Vergleich zum Setzen: Überblick, Sätze, Zahlen, Definitionen und Quellen."""
    titelei = Kopf(
        titel=TITEL, untertitel=f"{u.alt.titel} ({u.alt.ausgabe}) und {u.neu.titel} ({u.neu.ausgabe})",
        stamm=stamm, status="entwurf", stand=stand, herausgeber=herausgeber,
    )  # fmt: skip
    teile: list[Gegenstand] = [Fliesstext(markdown=_ueberblick(u)), Fliesstext(markdown=_saetze(u.saetze))]
    teile.append(
        Fliesstext(markdown="## Zahlen\n" + ("" if u.geaendert else "\nKeine gezeigte Zahl ist anders."))
    )
    teile += _tafeln(u, namen)
    if u.neue or u.entfallene:
        teile.append(Fliesstext(markdown=_neues(u)))
    teile.append(Fliesstext(markdown=_begriffe(u)))
    return Dokument(kopf=titelei, inhalt=tuple(teile))


def _ueberblick(u: Unterschied) -> str:
    anzahlen = [
        (len(u.saetze), "Sätze sind anders"), (len(u.geaendert), "gezeigte Zahlen sind anders"),
        (len(u.neue), "Zahlen sind neu"), (len(u.entfallene), "Zahlen sind entfallen"),
        (len(u.begriffe), "Definitionen oder Quellen sind anders"),
    ]  # fmt: skip
    return "\n".join(["## Auf einen Blick", "", *(f"- {schreibe(zahl)} {was}" for zahl, was in anzahlen)])


def _saetze(paare: Sequence[Satzpaar]) -> str:
    zeilen = ["## Texte", ""]
    datei = ""
    for p in paare:
        if p.satz.datei != datei:
            datei = p.satz.datei
            zeilen += ["", f"### {maskiere(datei)}", ""]
        ort = f"Zeile {p.satz.zeile}" + (f", {p.satz.variante}" if p.satz.variante else "")
        zeilen.append(f"- **{ort}** ({', '.join(p.gruende)})")
        zeilen.append(f"    - bisher: {maskiere(p.alt.text) if p.alt and p.alt.text else '–'}")
        zeilen.append(f"    - jetzt: {maskiere(p.neu.text) if p.neu and p.neu.text else '–'}")
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
    for wort, zahlen in (("neu", u.neue), ("entfallen", u.entfallene)):
        je: dict[str, set[str]] = {}
        anzahl: dict[str, int] = {}
        for z in zahlen:
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
        zeilen.append(f"- **{maskiere(b.name)}**, {b.was}")
        zeilen.append(f"    - bisher: {maskiere(b.alt) or '–'}")
        zeilen.append(f"    - jetzt: {maskiere(b.neu) or '–'}")
    return "\n".join(zeilen if u.begriffe else [*zeilen, "Keine Definition und keine Quelle ist anders."])


def als_mappe(u: Unterschied, namen: dict[str, str]) -> bytes:
    """Eine ODS-Mappe: Texte, Zahlen (geändert, neu, entfallen), Definitionen und Quellen."""
    texte = [
        [p.satz.datei, str(p.satz.zeile), ", ".join(p.gruende), p.alt.text if p.alt else "",
         p.neu.text if p.neu else ""]
        for p in u.saetze
    ]  # fmt: skip
    zahlen = [["geändert", wofuer(b, namen), a.anzeige, b.anzeige] for a, b in u.geaendert]
    zahlen += [["neu", wofuer(z, namen), "", z.anzeige] for z in u.neue]
    zahlen += [["entfallen", wofuer(z, namen), z.anzeige, ""] for z in u.entfallene]
    begriffe = [[b.name, b.was, b.alt, b.neu] for b in u.begriffe]
    titel = f"{TITEL}: {u.alt.titel} ({u.alt.ausgabe}) und {u.neu.titel} ({u.neu.ausgabe})"
    blaetter = [
        _blatt("Texte", titel, ("Datei", "Zeile", "Was", "bisher", "jetzt"), texte),
        _blatt("Zahlen", titel, ("Was", "Wofür", "bisher", "jetzt"), zahlen),
        _blatt("Definitionen und Quellen", titel, ("Name", "Was", "bisher", "jetzt"), begriffe),
    ]
    return ods.schreibe(blaetter, titel)


def _blatt(name: str, titel: str, spalten: Sequence[str], zeilen: Iterable[Sequence[str]]) -> ods.Blatt:
    gefuellt = [[fach or "–" for fach in z] for z in zeilen]
    return ods.Blatt(name, spalten, gefuellt or [["–" for _ in spalten]], (titel,))
