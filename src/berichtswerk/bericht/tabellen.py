"""Tabellen und Eckwerte: aus Kennzahlen, aus einem DataFrame, aus Annahmen, zur vorigen Ausgabe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from berichtswerk.bericht import bindungsbau, eckwertbau, herkunft
from berichtswerk.bericht import kennzahltabellen as kt
from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.abbildungen import spannenhinweise
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.ausgabe import Ausgabe, lade_ausgabe
from berichtswerk.bericht.sicht import Inhalt, Sicht
from berichtswerk.bericht.verlaufstabelle import kennzahlen_und_jahre
from berichtswerk.fach.reihe import Reihe, Wert, voraus_ab
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    Beleg,
    Eckwerte,
    Nachweis,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
)
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle import annahmentabelle
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.tabelle.tabelle import rundungshinweis, zeichenerklaerung
from berichtswerk.worte.belegzeilen import definitionen

if TYPE_CHECKING:
    import pandas as pd

BRUCH = "x = nicht vergleichbar, dazwischen liegt ein Zeitreihenbruch"


class Tabellentexte(TypedDict, total=False):
    """Was gerechnete Texte ersetzt oder ergänzt."""

    was: str
    unterschrift: str
    befund: str
    hinweise: Sequence[str]


class Tabellen:
    """Alles, was Zahlen in Zeilen und Spalten oder als Eckwerte zeigt."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

    def tabelle(
        self,
        *inhalt: Any,
        label: str,
        nach: str | Sequence[str] = "jahre",
        jahr: int | None = None,
        jahre: Sequence[int] = (),
        von: int | None = None,
        bis: int | None = None,
        vergleich: Sequence[str] | None = None,
        veraenderung: bool = False,
        quellen: Sequence[str] = (),
        spalten: Mapping[str, str] | None = None,
        stellen: int | Mapping[str, int] = 0,
        gruppe: str | None = None,
        summen: Sequence[str] = (),
        vorzeichen: Sequence[str] = (),
        gruppen: Mapping[str, Sequence[Inhalt]] | None = None,
        zusatz: Mapping[str, Mapping[int, str]] | None = None,
        rechnung: str = "",
        eingaben: Sequence[Any] = (),
        **texte: Unpack[Tabellentexte],
    ) -> Anzeige:
        """Eine Tabelle aus Kennzahlen (ids oder Reihen) oder aus einem DataFrame.

        Args:
            inhalt: ids oder Reihen, oder ein einziger DataFrame.
            label: ``tbl-…``.
            nach: was in den Zeilen steht: „jahre“; „einheiten“, „planungsgebiete“, „gemeinden“, „kreise“ oder
                eine Liste von Gebieten; „kennzahlen“ (Spalten: das Gebiet und seine Vergleichsgebiete).
            jahr: Jahr der Werte bei Gebieten; Vorgabe je Kennzahl das jüngste mit Werten für die meisten.
            jahre: mehrere Jahre: als Spalten (nach Gebieten oder Kennzahlen) oder als Zeilen (nach Jahren).
            von: erstes Jahr bei „jahre“.
            bis: letztes Jahr bei „jahre“.
            vergleich: Vergleichsgebiete; Vorgabe je nach Ebene, ``()`` für keine.
            veraenderung: mit ``jahre``: Spalte mit der Veränderung vom ersten zum letzten Jahr.
            quellen: Namen der Quellen eines DataFrame (Pflicht dort).
            spalten: DataFrame: Spalte → Überschrift mit Einheit, zugleich Auswahl und Reihenfolge.
            stellen: DataFrame: Nachkommastellen.
            gruppe: DataFrame: Spalte, deren Wechsel eine Zwischenüberschrift setzt.
            summen: DataFrame: Zeilenköpfe, die als Summe abgesetzt werden.
            vorzeichen: DataFrame: Spalten, deren Zahlen ein Vorzeichen tragen („+23“).
            gruppen: nach Kennzahlen mit Jahren: Zwischenüberschrift → Kennzahlen (statt ``inhalt``).
            zusatz: dort Textzeilen am Ende: Name → Jahr → Text.
            rechnung: DataFrame: wie die Zahlen gerechnet sind, in Worten. Entfällt, wo sie unverändert aus
                ``b.daten`` kommen und deren Spalten ``datei``, ``zeile``, ``spalte``, ``wert`` noch da sind.
            eingaben: DataFrame: Auszüge aus ``b.daten(…)`` oder Reihen, die eingingen; Vorgabe: die Quellen.
            texte: ``was``, ``unterschrift``, ``befund``, ``hinweise`` ersetzen oder ergänzen gerechnete
                Texte; bei einem DataFrame ist ``unterschrift`` Pflicht.

        Raises:
            BerichtswerkFehler: unbekannte Kennzahl oder Quelle, ``rechnung-fehlt``.
            ValueError: DataFrame ohne Quelle oder Unterschrift.

        Beispiel:
            >>> b.tabelle("geburten", "sterbefaelle", label="tbl-bewegung", von=2015, vergleich=())
        """
        if inhalt and hasattr(inhalt[0], "columns"):
            weg = herkunft.Angabe(label, quellen, rechnung, eingaben)
            return self._aus_frame(
                inhalt[0], texte, weg, spalten=spalten, stellen=stellen, gruppe=gruppe, summen=summen,
                vorzeichen=vorzeichen,
            )  # fmt: skip
        if len(inhalt) == 1 and isinstance(inhalt[0], str) and inhalt[0] in self.sicht.katalog.tafeln:
            return self._tafel(inhalt[0], label, texte)
        if nach == "jahre":
            gebaut = kt.nach_jahren(self.sicht, inhalt, vergleich, von, bis, nur=jahre)
        elif nach == "kennzahlen" and jahre:
            gebaut = kennzahlen_und_jahre(self.sicht, inhalt, tuple(jahre), gruppen or {}, zusatz or {})
        elif nach == "kennzahlen":
            gebaut = kt.nach_kennzahlen(self.sicht, inhalt, vergleich, jahr)
        elif jahre:
            gebaut = kt.gebiete_und_jahre(
                self.sicht, inhalt, nach, tuple(jahre), vergleich=vergleich, veraenderung=veraenderung
            )
        else:
            gebaut = kt.nach_gebieten(self.sicht, inhalt, nach, vergleich, jahr)
        if gebaut is None:
            return self.sicht.fehlt(label, texte.get("was") or self.sicht.namen(inhalt), nach=nach)
        return self._tabelle(gebaut, label, texte)

    def _tabelle(self, gebaut: kt.Gebaut, label: str, texte: Tabellentexte) -> Anzeige:
        jahre = [w.jahr for r in gebaut.reihen for w in bild.mit_zahl(r)]
        was = texte.get("was") or self.sicht.namen(gebaut.reihen)
        voraus = voraus_ab(w for r in gebaut.reihen for w in r)
        return self.sicht.gib(
            Tabelle(
                label=label,
                befund=texte.get("befund", ""),
                unterschrift=texte.get("unterschrift")
                or self.sicht.beschriftung(was, gebaut.einheit, gebaut.orte, jahre, voraus),
                tabelle=gebaut.modell,
                beleg=self.sicht.beleg(
                    gebaut.reihen,
                    (
                        *texte.get("hinweise", ()),
                        *gebaut.hinweise,
                        *spannenhinweise(gebaut.reihen, "tabelle"),
                        *_hinweise(gebaut.modell),
                    ),
                    definitionen([r.kennzahl for r in gebaut.reihen]),
                ),
                werte=(*self.sicht.nachweise(gebaut.reihen, label), *gebaut.abgeleitet),
            )
        )

    def _aus_frame(
        self, daten: pd.DataFrame, texte: Tabellentexte, weg: herkunft.Angabe, *,
        spalten: Mapping[str, str] | None, gruppe: str | None, **form: Any,
    ) -> Anzeige:  # fmt: skip
        if not weg.quellen or not texte.get("unterschrift"):
            raise ValueError("Eine Tabelle aus einem DataFrame braucht quellen=[…] und unterschrift=„…“.")
        modell = bau.aus_frame(daten, spalten=spalten, gruppe=gruppe, **form)
        hinweise = (*texte.get("hinweise", ()), *_hinweise(modell))
        namen = list(spalten or (s for s in daten.columns if s != gruppe))
        return self.sicht.gib(
            Tabelle(
                label=weg.label,
                befund=texte.get("befund", ""),
                unterschrift=texte["unterschrift"],
                tabelle=modell,
                beleg=self.sicht.beleg_frei(weg.quellen, hinweise=hinweise),
                werte=herkunft.nachweise(self.sicht, modell, daten, namen, weg),
            )
        )

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
                    felder.append(bau.textzelle(wert))
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
        hinweise = (*angabe.hinweise, *texte.get("hinweise", ()), *_hinweise(modell))
        unterschrift = texte.get("unterschrift") or tafel.unterschrift.replace("{im}", s.ort())
        return s.gib(
            Tabelle(
                label=label, befund=texte.get("befund", ""), unterschrift=unterschrift,
                tabelle=modell, beleg=s.beleg_frei(tafel.quellen, hinweise=hinweise), werte=tuple(nachweise),
            )
        )  # fmt: skip

    def eckwerte(self, *kennzahlen: Inhalt, label: str = "", unterschrift: str = "") -> Anzeige:
        """Eckwerte: Wert, Stand, Richtung zum Vorwert, Vergleichsgebiete. Ohne Daten fehlt der Eintrag.

        Args:
            kennzahlen: ids oder Reihen.
            label: ``tbl-…``, wenn im Text darauf verwiesen wird.
            unterschrift: steht darüber.

        Beispiel:
            >>> b.eckwerte("bevoelkerung", "arbeitslosenquote", label="tbl-eckwerte")
        """
        s = self.sicht
        alle = [s.reihe(k) for k in kennzahlen if k is not None]
        paare = [(r, b) for r in alle if (b := bindungsbau.aus_reihe(s, r)).reihe]
        if not paare:
            return s.fehlt(label, "Eckwerte")
        gebaut = [eckwertbau.eckwert(b) for _, b in paare]
        zeiten = {(n.kennzahl, n.gebiet, n.zeit) for _, liste in gebaut for m in liste for n in (m, *m.teile)}
        reihen = [
            replace(r, werte=tuple(w for w in r if (w.kennzahl, w.gebiet, w.zeit) in zeiten))
            for r, _ in paare
        ]
        return s.gib(
            Eckwerte(
                label=label, unterschrift=unterschrift, eintraege=tuple(e for e, _ in gebaut),
                beleg=s.beleg(reihen, definition=""), werte=tuple(n for _, liste in gebaut for n in liste),
            )
        )  # fmt: skip

    def annahmen(
        self,
        rechnung: str,
        *,
        label: str,
        gruppe: str = "",
        gebiet: str = "",
        unterschrift: str = "",
    ) -> Anzeige:
        """Tabelle der Annahmen einer Rechnung mit Herkunft, Begründung und Stand.

        Szenarien stehen nebeneinander, wo sie sich unterscheiden.

        Args:
            rechnung: id unter ``daten/rechnungen/``.
            label: ``tbl-…``.
            gruppe: nur die Annahmen dieser Gruppe.
            gebiet: stattdessen die Annahmen, die dieses Gebiet anders setzt, neben denen des Landkreises.
            unterschrift: Vorgabe nennt die Gruppe oder das Gebiet.

        Beispiel:
            >>> b.annahmen("schuelerzahlen", label="tbl-annahmen")
        """
        s, gerechnet = self.sicht, self.sicht.rechnung(rechnung)
        if not gerechnet:
            return s.fehlt(label, f"Annahmen: {gerechnet.rechnung.name}")
        haupt = gerechnet.szenarien[gerechnet.rechnung.haupt]
        if gebiet:
            ort = s.bestand.gebiete.finde(gebiet)
            eigene = [a.annahme for a in gerechnet.abweichungen if a.gebiet == ort.schluessel]
            modell, nachweise = annahmentabelle.abweichungen(haupt, eigene)
            vorgabe = f"Abweichende Annahmen: {ort.name}"
        else:
            modell, nachweise = annahmentabelle.baue(list(gerechnet.szenarien.values()), haupt, gruppe)
            vorgabe = f"Annahmen der Rechnung{f', {gruppe}' if gruppe else ''}"
        return s.gib(
            Tabelle(
                label=label, tabelle=modell, werte=nachweise, unterschrift=unterschrift or vorgabe,
                beleg=s.beleg_frei(gerechnet.annahmenquellen) if gerechnet.annahmenquellen else Beleg(),
            )
        )  # fmt: skip

    def aenderungen(self, label: str = "tbl-aenderungen") -> Anzeige:
        """Tabelle der bisher gezeigten Kennzahlen, zu denen seit der vorigen Ausgabe neue Werte vorliegen.

        Verglichen wird der letzte Wert, den die vorige Ausgabe zeigen konnte, mit dem letzten dieser
        Ausgabe, beide nach heutigem Datenstand. Ohne frühere Ausgabe oder ohne Neues kommt ein Platzhalter.

        Args:
            label: ``tbl-…``.

        Beispiel:
            >>> b.aenderungen()
        """
        s = self.sicht
        vorige = _vorige_ausgabe(s)
        if vorige is None:
            return s.fehlt(label, "Änderungen", "Es gibt keine frühere Ausgabe dieses Berichts.")
        gesammelt: list[Nachweis] = []
        reihen: list[Reihe] = []
        zeilen: list[Tabellenzeile] = []
        for kennung in [k.id for k in s.register.benutzt.values() if k.id in s.katalog and k.wege]:
            paar = _paar(s, s.reihe(kennung), vorige.bis or 0)
            if paar is not None and all(r.kennzahl.id != kennung for r in reihen):
                reihe = replace(s.reihe(kennung), werte=paar)
                reihen.append(reihe)
                zeilen.append(_aenderungszeile(s, reihe, gesammelt))
        if not zeilen:
            return s.fehlt(label, "Änderungen", "Seit der vorigen Ausgabe liegen keine neuen Werte vor.")
        titel = vorige.datei.titel
        kopf = bau.kopf("Kennzahl", "Jahr", titel, "Jahr", "diese Ausgabe", "Veränderung")
        hinweise = (f"Werte von „{titel}“ nach heutigem Datenstand.", f"Zeichenerklärung: {BRUCH}")
        return s.gib(
            Tabelle(
                label=label,
                unterschrift=f"Neue Werte seit der Ausgabe „{titel}“, {s.gebiet.name}",
                tabelle=Tabellenmodell(kopf=kopf, zeilen=tuple(zeilen)),
                beleg=s.beleg(reihen, hinweise, definition=""),
                werte=(*s.nachweise(reihen, label), *gesammelt),
            )
        )


def _vorige_ausgabe(s: Sicht) -> Ausgabe | None:
    """Die jüngste frühere Ausgabe desselben Berichts: die mit dem nächstkleineren Datenstand."""
    ordner = s.projekt.berichte / s.ausgabe.bericht
    namen = sorted(p.parent.name for p in ordner.glob("*/bericht.yml"))
    andere = [lade_ausgabe(s.projekt, s.ausgabe.bericht, n) for n in namen if n != s.ausgabe.name]
    fruehere = [a for a in andere if a.bis is not None and s.bis is not None and a.bis < s.bis]
    return max(fruehere, key=lambda a: (a.bis or 0, a.name), default=None)


def _paar(s: Sicht, reihe: Reihe, grenze: int) -> tuple[Wert, Wert] | None:
    """Letzter Wert bis ``grenze`` und letzter Wert überhaupt; ``None``, wenn nichts Neues da ist."""
    eigene = [w for w in bild.mit_zahl(bild.je_jahr(reihe)) if w.gebiet == s.gebiet.schluessel]
    alte = [w for w in eigene if w.jahr <= grenze]
    return (alte[-1], eigene[-1]) if alte and eigene[-1].jahr > alte[-1].jahr else None


def _aenderungszeile(s: Sicht, reihe: Reihe, gesammelt: list[Nachweis]) -> Tabellenzeile:
    k = reihe.kennzahl
    alt, neu = reihe.werte
    if any(alt.jahr < b.jahr <= neu.jahr for b in reihe.brueche):
        unterschied = bau.zeichenzelle(Status.GESPERRT)
    else:
        jahre = (alt.jahr, neu.jahr)
        unterschied = kt.veraenderungszelle(reihe, s.gebiet, jahre, gesammelt, einheit=True)
    felder = [
        bau.textzelle(str(alt.jahr), zahl_spalte=True),
        kt.zelle(alt, k),
        bau.textzelle(str(neu.jahr), zahl_spalte=True),
        kt.zelle(neu, k),
        unterschied,
    ]
    return bau.zeile(kt.kopftext(k), felder)


def _hinweise(modell: Tabellenmodell) -> tuple[str, ...]:
    return tuple(h for h in (rundungshinweis(modell), zeichenerklaerung(modell)) if h)
