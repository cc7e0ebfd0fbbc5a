"""Tabellen und Eckwerte: aus Kennzahlen, aus einem DataFrame, aus Annahmen, zur vorigen Ausgabe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from berichtswerk.bericht import herkunft
from berichtswerk.bericht import kennzahltabellen as kt
from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.abbildungen import spannenhinweise
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.ausgabe import Ausgabe, lade_ausgabe
from berichtswerk.bericht.fehler import TabelleAngaben
from berichtswerk.bericht.namen import aus_reihe
from berichtswerk.bericht.sicht import Inhalt, Sicht, Teil, pruefe_angaben
from berichtswerk.daten.lieferungen import verzeichnete
from berichtswerk.fach.methoden.annahmen import Annahme, Szenario
from berichtswerk.fach.reihe import Eingang, Reihe, Wert
from berichtswerk.fach.veraenderung import voraus_ab
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    Beleg,
    Bindung,
    Eckvergleich,
    Eckwert,
    Eckwerte,
    Nachweis,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)  # fmt: skip
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import ANZEIGE, Status
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.tabelle.tabelle import rundungshinweis, zeichenerklaerung
from berichtswerk.worte import sprache
from berichtswerk.worte.aussage import als_aussage
from berichtswerk.worte.belegzeilen import NUR_VERWEIS, definitionen
from berichtswerk.worte.bindungswerte import VERGLEICHE, Blick, OhneWert, stand, werte_aus

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.fach.berechnung import Rechner

BRUCH = "Wo statt der Veränderung ein x steht, liegt zwischen den Werten ein Zeitreihenbruch."
Annahmentabelle = tuple[Tabellenmodell, tuple[Nachweis, ...], tuple[str, ...]]
"""Die Tabelle, die Nachweise ihrer Zahlen und was darunter steht."""
_HERKUNFT = ("Herkunft", "Begründung", "Stand")


class Tabellentexte(TypedDict, total=False):
    """Was gerechnete Texte ersetzt oder ergänzt."""

    was: str
    unterschrift: str
    befund: str
    hinweise: Sequence[str]


class Tabellen(Teil):
    """Alles, was Zahlen in Zeilen und Spalten oder als Eckwerte zeigt."""

    def tabelle(
        self, *inhalt: Any, label: str, nach: str | Sequence[str] = "jahre", jahr: int | None = None,
        jahre: Sequence[int] = (), von: int | None = None, bis: int | None = None,
        vergleich: Sequence[str] | None = None, veraenderung: bool = False, quellen: Sequence[str] = (),
        spalten: Mapping[str, str] | None = None, stellen: int | Mapping[str, int] = 0,
        gruppe: str | None = None, summen: Sequence[str] = (), vorzeichen: Sequence[str] = (),
        gruppen: Mapping[str, Sequence[Inhalt]] | None = None,
        rechnung: str = "", eingaben: Sequence[Any] = (), **texte: Unpack[Tabellentexte],
    ) -> Anzeige:  # fmt: skip
        """Eine Tabelle aus Kennzahlen oder aus einem DataFrame; ``inhalt`` sind ids, Reihen oder dieser.

        ``label`` ist „tbl-…“; ``texte`` (``was``, ``unterschrift``, ``befund``, ``hinweise``) ersetzen oder
        ergänzen gerechnete.

        Aus Kennzahlen: ``nach`` sagt, was in den Zeilen steht: „jahre“; „einheiten“, „planungsgebiete“,
        „gemeinden“, „kreise“ oder eine Liste von Gebieten; „kennzahlen“ (Spalten: das Gebiet und seine
        Vergleichsgebiete). ``jahr``: das der Werte bei Gebieten, sonst je Kennzahl das jüngste mit Werten für
        die meisten; ``jahre``: mehrere als Spalten (nach Gebieten oder Kennzahlen) oder als Zeilen (nach
        Jahren), mit ``veraenderung`` dazu eine Spalte vom ersten zum letzten; ``von``, ``bis``: erstes und
        letztes bei „jahre“; ``vergleich``: Vergleichsgebiete, ``()`` für keine. Nach Kennzahlen mit Jahren
        stehen in ``gruppen`` Zwischenüberschrift → Kennzahlen (statt ``inhalt``).

        Aus einem DataFrame, dort Pflicht: ``unterschrift``, Namen der ``quellen`` und ``rechnung``: wie die
        Zahlen gerechnet sind, in Worten (entfällt, wo sie unverändert aus ``b.daten`` kommen und deren
        Spalten ``datei``, ``zeile``, ``spalte``, ``wert`` noch da sind). ``eingaben``: Auszüge aus
        ``b.daten(…)`` oder Reihen, die eingingen, statt der ganzen Quellen. ``spalten``: Spalte → Überschrift
        mit Einheit, zugleich Auswahl und Reihenfolge; ``stellen``: Nachkommastellen; ``gruppe``: Spalte,
        deren Wechsel eine Zwischenüberschrift setzt; ``summen``: Zeilenköpfe, die abgesetzt werden;
        ``vorzeichen``: Spalten mit Vorzeichen („+23“).

        Raises:
            BerichtswerkFehler: unbekannte Kennzahl oder Quelle, ``rechnung-fehlt``; ein DataFrame ohne Quelle
                oder Unterschrift.

        >>> b.tabelle("geburten", "sterbefaelle", label="tbl-bewegung", von=2015, vergleich=())
        """
        s = self.sicht
        if inhalt and hasattr(inhalt[0], "columns"):
            weg = herkunft.Angabe(label, quellen, rechnung, eingaben)
            return self._aus_frame(
                inhalt[0], texte, weg, spalten=spalten, stellen=stellen, gruppe=gruppe, summen=summen,
                vorzeichen=vorzeichen,
            )  # fmt: skip
        if len(inhalt) == 1 and isinstance(inhalt[0], str) and inhalt[0] in s.katalog.tafeln:
            return self._tafel(inhalt[0], label, texte)
        if nach == "jahre":
            gebaut = kt.nach_jahren(s, inhalt, vergleich, von, bis, nur=jahre)
        elif nach == "kennzahlen" and jahre:
            gebaut = kt.kennzahlen_und_jahre(s, inhalt, jahre, gruppen or {})
        elif nach == "kennzahlen":
            gebaut = kt.nach_kennzahlen(s, inhalt, vergleich, jahr)
        elif jahre:
            gebaut = kt.gebiete_und_jahre(s, inhalt, nach, jahre, vergleich, veraenderung=veraenderung)
        else:
            gebaut = kt.nach_gebieten(s, inhalt, nach, vergleich, jahr)
        if gebaut is None:
            return s.fehlt(label, texte.get("was") or s.namen(inhalt), nach=nach)
        reihen = gebaut.reihen
        voraus = voraus_ab(w for r in reihen for w in bild.mit_zahl(r))
        unterschrift = s.beschriftung(
            texte.get("was") or s.namen(reihen), "", gebaut.orte,
            [w.jahr for r in reihen for w in bild.mit_zahl(r)], voraus,
        )  # fmt: skip
        hinweise = (
            *texte.get("hinweise", ()), *gebaut.hinweise, *spannenhinweise(reihen, "In Klammern"),
            *hinweise_zu(gebaut.modell),
        )  # fmt: skip
        viele = definitionen([r.kennzahl for r in reihen]) == NUR_VERWEIS
        beleg = s.beleg(reihen, hinweise, NUR_VERWEIS if viele else None)
        werte = (*s.nachweise(reihen), *gebaut.abgeleitet)
        return self._abgeben(label, gebaut.modell, beleg, werte, unterschrift=unterschrift, texte=texte)

    def _abgeben(
        self, label: str, modell: Tabellenmodell, beleg: Beleg, werte: Iterable[Nachweis],
        *, unterschrift: str = "", texte: Tabellentexte,
    ) -> Anzeige:  # fmt: skip
        pruefe_angaben(label, texte, Tabellentexte)
        return self.sicht.gib(
            Tabelle(
                label=label, befund=texte.get("befund", ""), tabelle=modell, beleg=beleg, werte=tuple(werte),
                unterschrift=texte.get("unterschrift") or unterschrift,
            )
        )  # fmt: skip

    def _aus_frame(
        self, daten: pd.DataFrame, texte: Tabellentexte, weg: herkunft.Angabe, *,
        spalten: Mapping[str, str] | None, gruppe: str | None, **form: Any,
    ) -> Anzeige:  # fmt: skip
        angaben = {"quellen": weg.quellen, "unterschrift": texte.get("unterschrift")}
        if fehlend := ", ".join(name for name, wert in angaben.items() if not wert):
            raise BerichtswerkFehler(TabelleAngaben.melde(label=weg.label, fehlend=fehlend))
        modell = bau.aus_frame(daten, spalten=spalten, gruppe=gruppe, **form)
        hinweise = (*texte.get("hinweise", ()), *hinweise_zu(modell))
        namen = list(spalten or (s for s in daten.columns if s != gruppe))
        beleg = self.sicht.beleg_frei(weg.quellen, hinweise=hinweise)
        werte = herkunft.nachweise(self.sicht, modell, daten, namen, weg)
        return self._abgeben(weg.label, modell, beleg, werte, texte=texte)

    def _tafel(self, name: str, label: str, texte: Tabellentexte) -> Anzeige:
        """Eine Tafel, die eine Rechnung ergibt."""
        s = self.sicht
        gerechnet = s.rechnung(s.katalog.tafeln[name])
        tafel = gerechnet.tafeln.get(name)
        if tafel is None or not tafel.zeilen or s.gebiet != s.bestand.gebiete.kreis:
            return s.fehlt(label, texte.get("was") or gerechnet.rechnung.name)
        angabe, nachweise, zeilen = tafel.angabe, [], []
        spalten = {k: f for k, f in angabe.spalten.items() if any(z.get(k) is not None for z in tafel.zeilen)}
        namen = {g.schluessel: g.name for g in s.bestand.gebiete.values()}
        for z in tafel.zeilen:
            felder = []
            kopf = namen.get(str(z["kopf"]), str(z["kopf"]))
            for spalte, form in spalten.items():
                wert = z.get(spalte)
                if isinstance(wert, str):
                    gesperrt = wert == ANZEIGE[Status.GESPERRT]
                    felder.append(bau.zeichenzelle(Status.GESPERRT) if gesperrt else bau.textzelle(wert))
                    continue
                felder.append(bau.zahlzelle(wert, stellen=form.nachkommastellen))
                if wert is not None:
                    nachweise.append(nachweis.aus_tafel(tafel, float(wert), felder[-1].text, kopf))
            summe = kopf in angabe.summen or str(z["kopf"]) == s.gebiet.schluessel
            zeilen.append(bau.zeile(kopf, felder, "summe" if summe else "zeile"))
        zahlig = [any(z.zellen[k].zahl for z in zeilen) for k in range(len(spalten) + 1)]
        koepfe = [angabe.kopf, *(f.name for f in spalten.values())]
        modell = Tabellenmodell(
            kopf=(tuple(bau.textzelle(t, zahl_spalte=z) for t, z in zip(koepfe, zahlig, strict=True)),),
            zeilen=tuple(zeilen),
        )
        hinweise = (*angabe.hinweise, *texte.get("hinweise", ()), *hinweise_zu(modell))
        rechnung = tafel.eigene.name if angabe.gerechnet else ""
        beleg = s.beleg_frei(tafel.quellen, hinweise=hinweise, gerechnet=angabe.gerechnet, rechnung=rechnung)
        unterschrift = tafel.unterschrift.replace("{im}", s.ort())
        return self._abgeben(label, modell, beleg, nachweise, unterschrift=unterschrift, texte=texte)

    def eckwerte(self, *kennzahlen: Inhalt, label: str = "") -> Anzeige:
        """Eckwerte: Wert, Stand, Richtung zum Vorwert, Vergleichsgebiete. Ohne Daten fehlt der Eintrag.

        ``kennzahlen`` sind ids oder Reihen; ``label`` („tbl-…“), wenn im Text darauf verwiesen wird.

        >>> b.eckwerte("bevoelkerung", "arbeitslosenquote", label="tbl-eckwerte")
        """
        s = self.sicht
        alle = [s.reihe(k) for k in kennzahlen if k is not None]
        paare = [(r, b) for r in alle if (b := aus_reihe(s, r)).reihe]
        if not paare:
            return s.fehlt(label, "Eckwerte")
        gebaut = [_eckwert(b) for _, b in paare]
        zeiten = {(n.kennzahl, n.gebiet, n.zeit) for _, liste in gebaut for m in liste for n in (m, *m.teile)}
        reihen = [
            replace(r, werte=tuple(w for w in r if (w.kennzahl, w.gebiet, w.zeit) in zeiten))
            for r, _ in paare
        ]
        return s.gib(
            Eckwerte(
                label=label, eintraege=tuple(e for e, _ in gebaut),
                beleg=s.beleg(reihen, definition=""), werte=tuple(n for _, liste in gebaut for n in liste),
            )
        )  # fmt: skip

    def annahmen(
        self, rechnung: str, *, label: str, gruppe: str = "", gebiet: str = "", unterschrift: str = ""
    ) -> Anzeige:
        """Tabelle der Annahmen einer Rechnung mit Herkunft, Begründung und Stand (ist er gleich, darunter).

        Szenarien stehen nebeneinander, wo sie sich unterscheiden. ``rechnung`` ist die id unter
        ``daten/rechnungen/``, ``label`` „tbl-…“; ``gruppe``: nur die Annahmen dieser Gruppe; ``gebiet``:
        stattdessen die, die dieses Gebiet anders setzt, neben denen des Landkreises; ``unterschrift`` nennt
        sonst die Gruppe oder das Gebiet.

        >>> b.annahmen("schuelerzahlen", label="tbl-annahmen")
        """
        s, gerechnet = self.sicht, self.sicht.rechnung(rechnung)
        if not gerechnet:
            return s.fehlt(label, f"Annahmen: {gerechnet.rechnung.name}")
        haupt = gerechnet.szenarien[gerechnet.rechnung.haupt]
        if gebiet:
            ort = s.bestand.gebiete.finde(gebiet)
            eigene = [a.annahme for a in gerechnet.abweichungen if a.gebiet == ort.schluessel]
            modell, nachweise, hinweise = _abweichungen(haupt, eigene, s.bestand.gebiete.kreiswort)
            vorgabe = f"Abweichende Annahmen: {ort.name}"
        else:
            modell, nachweise, hinweise = _annahmen(list(gerechnet.szenarien.values()), haupt, gruppe)
            vorgabe = f"Annahmen der Rechnung{f', {gruppe}' if gruppe else ''}"
        beleg = Beleg(hinweise=hinweise)
        if quellen := gerechnet.annahmenquellen:
            beleg = s.beleg_frei(quellen, hinweise=hinweise, rechnung=gerechnet.rechnung.name)
        return self._abgeben(label, modell, beleg, nachweise, texte={"unterschrift": unterschrift or vorgabe})

    def aenderungen(self, *kennzahlen: str, label: str = "tbl-aenderungen") -> Anzeige:
        """Tabelle der Kennzahlen, zu denen seit der vorigen Ausgabe neue Werte vorliegen.

        ``kennzahlen`` sind ids, sonst alle bisher gezeigten. Verglichen wird der letzte Wert, den die vorige
        Ausgabe zeigen konnte, aus den Lieferungen bei ihrem Stand, mit dem letzten dieser Ausgabe; ohne
        frühere Ausgabe oder ohne Neues kommt ein Platzhalter. ``label`` ist „tbl-…“.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.

        >>> b.aenderungen()
        """
        s = self.sicht
        vorige = _vorige_ausgabe(s)
        if vorige is None:
            return s.fehlt(
                label, "Änderungen", "Es gibt keine frühere Ausgabe dieses Berichts.", mangel=False
            )
        gesammelt: list[Nachweis] = []
        reihen: list[Reihe] = []
        gezeigt = [k.id for k in s.register.benutzt.values() if k.id in s.katalog and k.wege]
        damals = _rechner_bei(s, vorige.datei.stand)
        for kennung in kennzahlen or gezeigt:
            vorher = s.reihe(kennung)
            if damals is not s.rechner:
                vorher = damals.berechne(vorher.kennzahl, [s.gebiet.schluessel], bis=vorige.bis or 0)
            if paar := _paar(s, vorher, s.reihe(kennung), vorige.bis or 0):
                reihen.append(replace(s.reihe(kennung), werte=paar))
        if not reihen:
            return s.fehlt(
                label, "Änderungen", "Seit der vorigen Ausgabe liegen keine neuen Werte vor.", mangel=False
            )
        zeilen = tuple(_aenderungszeile(s, r, gesammelt) for r in reihen)
        titel = vorige.datei.titel
        kopf = bau.kopf("Kennzahl", "Jahr", titel, "Jahr", "diese Ausgabe", "Veränderung")
        welche = "nach heutigem Datenstand" if damals is s.rechner else "nach den Lieferungen bei ihrem Stand"
        hinweise = (f"Werte von „{titel}“ {welche}.", BRUCH)
        unterschrift = f"Neue Werte seit der Ausgabe „{titel}“, {s.gebiet.name}"
        beleg, werte = s.beleg(reihen, hinweise, definition=""), (*s.nachweise(reihen), *gesammelt)
        modell = Tabellenmodell(kopf=kopf, zeilen=zeilen)
        return self._abgeben(label, modell, beleg, werte, texte={"unterschrift": unterschrift})

    def eingetroffen(self, *kennzahlen: str, label: str = "tbl-eingetroffen") -> Anzeige:
        """Plan und Ist: was die vorige Ausgabe vorausgerechnet hätte, und was eingetreten ist.

        ``kennzahlen`` sind Reihen von Rechnungen mit Vorausrechnung; gerechnet wird mit den Daten bis zum
        Datenstand der vorigen Ausgabe, verglichen im letzten gemessenen Jahr. Ohne frühere Ausgabe kommt ein
        Platzhalter. ``label`` ist „tbl-…“.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.

        >>> b.eingetroffen("bev_geburten")
        """
        s, was = self.sicht, "Vorausgerechnet und eingetreten"
        vorige = _vorige_ausgabe(s)
        if vorige is None:
            return s.fehlt(label, was, "Es gibt keine frühere Ausgabe dieses Berichts.", mangel=False)
        paare = [p for k in kennzahlen if (p := _eingetroffen(s, k, vorige.bis or 0))]
        if not paare:
            grund = "Zu den Vorausrechnungen der vorigen Ausgabe ist noch nichts gemessen."
            return s.fehlt(label, was, grund, mangel=False)
        gesammelt: list[Nachweis] = []
        zeilen = tuple(_eintreffzeile(s, plan, ist, gesammelt) for plan, ist in paare)
        titel = vorige.datei.titel
        kopf = bau.kopf("Kennzahl", "Jahr", f"vorausgerechnet: {titel}", "eingetreten", "Unterschied")
        reihen = [r for paar in paare for r in paar]
        modell = Tabellenmodell(kopf=kopf, zeilen=zeilen)
        hinweise = (
            f"Vorausgerechnet mit den Daten bis {vorige.bis} und der heutigen Methode.", *hinweise_zu(modell)
        )  # fmt: skip
        beleg, werte = s.beleg(reihen, hinweise, definition=""), (*s.nachweise(reihen), *gesammelt)
        unterschrift = f"Vorausrechnung der Ausgabe „{titel}“ und gemessene Werte, {s.gebiet.name}"
        return self._abgeben(label, modell, beleg, werte, texte={"unterschrift": unterschrift})


def _eingetroffen(s: Sicht, kennung: str, damals: int) -> tuple[Reihe, Reihe] | None:
    """Was beim Datenstand ``damals`` für das letzte gemessene Jahr vorausgerechnet war, und der Wert."""
    ort = s.gebiet.schluessel
    heute = s.reihe(kennung, [ort])
    gemessen = [w for w in bild.mit_zahl(heute) if not w.prognose and w.jahr > damals]
    if not gemessen:
        return None
    ist = gemessen[-1]
    vorher = s.rechner.berechne(s.katalog.finde(kennung), [ort], bis=damals)
    plan = [w for w in bild.mit_zahl(vorher) if w.prognose and w.jahr == ist.jahr]
    return (replace(vorher, werte=tuple(plan)), replace(heute, werte=(ist,))) if plan else None


def _eintreffzeile(s: Sicht, plan: Reihe, ist: Reihe, gesammelt: list[Nachweis]) -> Tabellenzeile:
    k, voraus, heute = ist.kennzahl, plan.werte[0], ist.werte[0]
    unterschied = kt.abweichung(voraus, heute, k, gesammelt)
    jahr = bau.textzelle(str(heute.jahr), zahl_spalte=True)
    return bau.zeile(kt.kopftext(k), [jahr, kt.zelle(voraus, k), kt.zelle(heute, k), unterschied])


def _hat_angaben(ordner: Path) -> bool:
    """Ob in dem Ordner eine Ausgabe liegt; auch der vergebliche Versuch steht in der Spur eines Laufs."""
    try:
        (ordner / "bericht.yml").open("rb").close()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _vorige_ausgabe(s: Sicht) -> Ausgabe | None:
    """Die jüngste frühere Ausgabe desselben Berichts: die mit dem nächstkleineren Datenstand."""
    ordner = s.projekt.berichte / s.ausgabe.bericht
    namen = sorted(p.name for p in ordner.iterdir() if _hat_angaben(p))
    andere = [lade_ausgabe(s.projekt, s.ausgabe.bericht, n) for n in namen if n != s.ausgabe.name]
    fruehere = [a for a in andere if a.bis is not None and s.bis is not None and a.bis < s.bis]
    return max(fruehere, key=lambda a: (a.bis or 0, a.name), default=None)


def _rechner_bei(s: Sicht, tag: date) -> Rechner:
    """Der Rechner mit den Lieferungen, die es an diesem Tag gab; gibt es keine, ist es der dieser Sicht."""
    if tag == s.bestand.am or not any(verzeichnete(s.projekt)):
        return s.rechner
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.fach.berechnung import Rechner

    return Rechner(Datenbestand(s.projekt, am=tag), s.katalog)


def _paar(s: Sicht, vorher: Reihe, heute: Reihe, grenze: int) -> tuple[Wert, Wert] | None:
    """Letzter Wert bis ``grenze`` damals und letzter Wert heute; ``None``, wenn nichts Neues da ist."""
    alte, eigene = (
        [w for w in bild.mit_zahl(bild.je_jahr(r)) if w.gebiet == s.gebiet.schluessel]
        for r in (vorher, heute)
    )
    alte = [w for w in alte if w.jahr <= grenze]
    return (alte[-1], eigene[-1]) if alte and eigene[-1].jahr > alte[-1].jahr else None


def _aenderungszeile(s: Sicht, reihe: Reihe, gesammelt: list[Nachweis]) -> Tabellenzeile:
    k, (alt, neu) = reihe.kennzahl, reihe.werte
    if any(alt.jahr < b.jahr <= neu.jahr for b in reihe.brueche):
        unterschied = bau.zeichenzelle(Status.GESPERRT)
    else:
        unterschied = kt.veraenderungszelle(reihe, s.gebiet, (alt.jahr, neu.jahr), gesammelt, einheit=True)
    stellen = [f for w in (alt, neu) for f in (bau.textzelle(str(w.jahr), zahl_spalte=True), kt.zelle(w, k))]
    return bau.zeile(kt.kopftext(k), [*stellen, unterschied])


def hinweise_zu(modell: Tabellenmodell) -> tuple[str, ...]:
    """Was unter jeder Tabelle steht, die es braucht: Rundung und Zeichen."""
    return tuple(h for h in (rundungshinweis(modell), zeichenerklaerung(modell)) if h)


# --- Annahmen ------------------------------------------------------------------------------------------


def _annahmen(szenarien: Sequence[Szenario], haupt: Szenario, gruppe: str = "") -> Annahmentabelle:
    """Alle Annahmen (einer Gruppe) und die Nachweise ihrer Zahlen.

    Szenarien stehen nur nebeneinander, wenn sie sich in einer der Annahmen unterscheiden; Herkunft,
    Begründung und Stand sind die des Szenarios ``haupt``.
    """
    gezeigt = [a for a in haupt.annahmen if a.zeigen and gruppe in ("", a.gruppe)]
    je_szenario = [[s.annahme(a.name) for a in gezeigt] for s in szenarien]
    verschieden = any(len({a.wert for a in fassungen}) > 1 for fassungen in zip(*je_szenario, strict=True))
    spalten = [s.name for s in szenarien] if verschieden else ["Wert"]
    fassungen = list(zip(*(je_szenario if verschieden else [gezeigt]), strict=True))
    return _annahmentabelle(spalten, list(zip(gezeigt, fassungen, strict=True)))


def _abweichungen(haupt: Szenario, eigene: Sequence[Annahme], kreis: str) -> Annahmentabelle:
    """Annahmen einer Kommune neben denen des Kreises (er heißt ``kreis``)."""
    return _annahmentabelle([kreis, "Kommune"], [(a, (haupt.annahme(a.name), a)) for a in eigene])


def _annahmentabelle(
    spalten: Sequence[str], zeilen: Sequence[tuple[Annahme, Sequence[Annahme]]]
) -> Annahmentabelle:
    """``zeilen``: je Annahme, wie sie in jeder der ``spalten`` ist.

    Zahlen in mehreren Spalten stehen ohne Einheit; sie steht einmal, hinter dem Namen. Haben alle denselben
    Stand, steht er unter der Tabelle.
    """
    staende = sorted({a.datum for a, _ in zeilen})
    einer = len(staende) == 1
    koepfe = ("Annahme", *spalten, *(_HERKUNFT[:-1] if einer else _HERKUNFT))
    kopf = tuple(bau.textzelle(text, zahl_spalte=0 < nr <= len(spalten)) for nr, text in enumerate(koepfe))
    gebaut: list[Tabellenzeile] = []
    nachweise: list[Nachweis] = []
    for a, fassungen in zeilen:
        worte = [
            bau.textzelle(t or "–")
            for t in (a.herkunft, a.begruendung, *([] if einer else [zahl.datum(a.datum)]))
        ]
        kopfwort, gezeigt = a.bezeichnung or a.name, fassungen
        if a.einheit and len(fassungen) > 1 and all(_annahmezahl(f) is not None for f in fassungen):
            kopfwort += f" ({'in ' * a.einheit.startswith('%')}{a.einheit})"
            gezeigt = [replace(f, einheit="") for f in fassungen]
        gebaut.append(bau.zeile(kopfwort, [*map(_annahmewert, gezeigt), *worte]))
        nachweise += [_annahmenachweis(f) for f in gezeigt if _annahmezahl(f) is not None]
    darunter = tuple(f"Stand der Annahmen: {zahl.datum(stand)}." for stand in staende if einer)
    return Tabellenmodell(kopf=(kopf,), zeilen=tuple(gebaut)), tuple(nachweise), darunter


def _annahmewert(a: Annahme) -> Tabellenzelle:
    return bau.textzelle(a.anzeige()).model_copy(update={"zahl": _annahmezahl(a) is not None})


def _annahmezahl(a: Annahme) -> float | None:
    return None if isinstance(a.wert, bool | str | tuple) else float(a.wert)


def _annahmenachweis(a: Annahme) -> Nachweis:
    """Eine Annahme ist gesetzt, nicht gemessen: der Nachweis nennt, wo sie steht und wer sie gesetzt hat."""
    quelle, datei, zeile = a.fundstelle
    text = f"Annahme „{a.bezeichnung or a.name}“: {a.begruendung} ({a.herkunft}, {zahl.datum(a.datum)})"
    eingang = [Eingang("annahmen", quelle, datei, str(zeile), 1)]
    weg = nachweis.rechenweg("annahmen", "", eingang) if datei else None
    return Nachweis(anzeige=a.anzeige(), wert=_annahmezahl(a), rechnung="annahme", formel=text, weg=weg)


# --- Eckwerte ------------------------------------------------------------------------------------------


def _eckwert(bindung: Bindung) -> tuple[Eckwert, list[Nachweis]]:
    """Der Eckwert und die Nachweise aller Zahlen darin; ``bindung.reihe`` ist nicht leer."""
    blick = Blick.auf(bindung, None)
    richtung, nachweise = _richtung(blick)
    vergleiche, weitere = _vergleiche(blick)
    v = None if blick.letzter.prognose else blick.verlauf().letzter
    genannt = [blick.letzter, *(w for w in blick.reihe if w.nachweis in weitere)]
    n, stellen, zeit = blick.letzter.nachweis, bindung.stellen, sprache.stand(blick.letzter.zeit)
    wert = _kurz(bindung, n)
    if n.unten is not None and n.oben is not None:
        wert += f" ({sprache.spanne_text(zahl.schreibe(n.unten, stellen), zahl.schreibe(n.oben, stellen))})"
    eintrag = Eckwert(
        name=bindung.name, kennzahl=bindung.kennzahl, wert=wert, richtung=richtung,
        stand=f"Vorausrechnung {zeit}" if blick.letzter.prognose else zeit,
        vergleiche=tuple(vergleiche), zahl=n.wert, beispiel=bindung.beispiel,
        aussage=als_aussage(v, blick.rede, bindung.kennzahl, bindung.gebiet, map(stand, genannt)),
    )  # fmt: skip
    return eintrag, [blick.letzter.nachweis, *nachweise, *weitere]


def _kurz(bindung: Bindung, n: Nachweis) -> str:
    """Der Wert ohne die Einheit, die schon im Namen steht („Personal je 100 Versorgte“)."""
    if sprache.einheit_neben(bindung.name, bindung.einheit) == bindung.einheit:
        return n.anzeige
    return n.anzeige.removesuffix(bindung.einheit).rstrip()


def _richtung(blick: Blick) -> tuple[str, list[Nachweis]]:
    """„seit 2020 um 3,8 Prozentpunkte gestiegen“, oder warum es keine Richtung gibt."""
    try:
        v, treffer = blick.zuletzt(), werte_aus(blick.bindung, None, "verlauf", None)
    except OhneWert:
        bruch = blick.verlauf().bruch
        grund = f"mit früheren Jahren nicht vergleichbar (Zeitreihenbruch {bruch.jahr})" if bruch else ""
        return grund, []
    marken = [m for m in treffer.marken if m != "Beispieldaten"]
    klammer = f" ({', '.join(marken)})" if marken else ""
    return f"seit {v.alt.jahr} {treffer.text}{klammer}", list(treffer.nachweise)


def _vergleiche(blick: Blick) -> tuple[list[Eckvergleich], list[Nachweis]]:
    """Vergleichsgebiete im jüngsten gemeinsamen Jahr; ist es nicht das eigene letzte, steht der eigene dabei.

    Ein Gebiet ohne gemeinsames Jahr wird genannt, aber nicht daneben gestellt.
    """
    b = blick.bindung
    if b.kennzahl_art in {"anzahl", "saldo"}:
        return [], []
    jahr, paare = blick.nebeneinander()
    frueher = jahr != blick.letzter.jahr
    gezeigt = [(e, w) for e, w in paare if e or frueher]
    zusatz = f" {jahr}" if frueher else ""
    fertig = [
        Eckvergleich(
            name=f"{b.vergleichsnamen.get(e, e)}{zusatz}", wert=_kurz(b, w.nachweis), ebene=e,
            zahl=w.nachweis.wert,
        )
        for e, w in gezeigt
    ]  # fmt: skip
    for e in VERGLEICHE:
        werte = b.vergleich.get(e, ())
        if werte and e not in {ebene for ebene, _ in paare}:
            fertig.append(Eckvergleich(name=b.vergleichsnamen.get(e, e), wert=f"nur {werte[-1].jahr}"))
    return fertig, [w.nachweis for _, w in gezeigt]
