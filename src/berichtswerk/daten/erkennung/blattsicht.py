"""Was auf einem Blatt steht: Kopf, Zeit, Werte, Merkmale, Ränder und Zahlform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from berichtswerk.daten.erkennung.gebietssuche import Gebietssuche, KeineTabelle, Zellen
from berichtswerk.daten.erkennung.texte import (
    ALTERWORT,
    BEIWERK,
    EINHEITEN,
    EINHEITSWORT,
    FREMDZEIT,
    GESAMT,
    GLIEDERUNG,
    GROESSENWORT,
    JAHR,
    JAHRESZAHL,
    KEIN_WERT,
    KOPFJAHR,
    MEIST,
    NAMENSWORT,
    PERIODEN,
    ROEMISCH,
    SCHLUESSELWORT,
    VORLAEUFIG,
    WERTWORT,
    ZEICHEN,
    ZEITWORT,
    anteil_von,
    bestimmt,
    bezeichner,
    form_der_zahlen,
    freier_name,
    hat_ziffer,
    ist_jahresteil,
    ist_wertartig,
    ist_zaehlung,
    ist_zahl,
    ist_zeit,
    merkmalname,
    tausend_oder_bruch,
    zeit_im_text,
)
from berichtswerk.daten.erkennung.vorgaben import WAHL, Frage, FragenOffen, Vorgaben
from berichtswerk.daten.lesen import Kopf
from berichtswerk.daten.leser.grund import Blatt, Formel, Verbunden, als_text, glatt
from berichtswerk.daten.leser.kopf import Tabellenkopf, teile
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, aufgezaehlt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

KOPFHOEHE = 9
"""Mehr Kopfzeilen hat keine Lieferung."""


class ZeitWiderspricht(Befundart):
    text = "Die Lieferung nennt selbst Zeiten: {zeiten}. Dazu passt die Angabe „{zeit}“ nicht."
    ursache = "Mit ihr gälten alle Werte für diese eine Zeit."
    abhilfe = "Lassen Sie --zeit weg."


@dataclass
class Aufbau:
    """Was auf einem Blatt erkannt ist."""

    blatt: Blatt
    lesen: dict[str, Any]
    bemerkungen: list[str]
    kopf: Tabellenkopf
    zeit_gefunden: bool
    titel: str
    ohne_jahr: bool
    """ob nirgends außerhalb der Daten ein Jahr steht"""
    dazu: Mapping[str, Any]
    """wo Monat oder Quartal im Kopf stehen, wenn das Jahr anderswo steht"""
    unlesbar: str
    """welche Zeitangaben nicht zu lesen sind"""


class Blattsicht:
    """Ein Blatt als Zellen: sucht Gebiet, Kopf, Zeit und Werte."""

    def __init__(
        self, blatt: Blatt, gebiet: Callable[[str], str], verzeichnis: Gebietsverzeichnis, vorgaben: Vorgaben
    ) -> None:
        self._zellen = Zellen(blatt)
        self._blatt, self._gebiet, self._vorgaben = blatt, gebiet, vorgaben
        self._zeilen, self._texte = self._zellen.zeilen, self._zellen.texte
        self._breite, self._spalte = self._zellen.breite, self._zellen.spalte
        self._suche = Gebietssuche(self._zellen, gebiet, verzeichnis, vorgaben)
        self.bemerkungen = self._suche.bemerkungen
        self._aus_abschnitt: dict[str, Any] = {}
        self._neben: dict[str, Any] = {}
        """Basis und Gebietsstand, wenn sie je Zeile dastehen"""
        self._einheit: dict[str, Any] = {}
        self._leere: list[int] = []
        self._offen: dict[int, str] = {}
        """nicht gelesene Spalten, über die ein Mensch entscheiden muß, und warum"""
        self._genannt: set[int] = set()
        """Spalten, von denen die Bemerkungen sagen, was mit ihnen ist"""

    def erkenne(self) -> Aufbau:
        """Die Angaben dieses Blattes.

        Raises:
            KeineTabelle: hier ist keine Tabelle; sagt, warum.
            FragenOffen: etwas muß ein Mensch entscheiden.
        """
        if len(self._texte) < 2:
            raise KeineTabelle("fast leer")
        gebiet, daten, belegt = self._suche.finde()
        self._anfang = self._suche.anfang
        self._daten, self._belegt = daten, belegt
        self._anfang = daten[0] if self._anfang is None else self._anfang
        self._bestimme_spalten()
        kopfzeilen = self._finde_kopf()
        kopf = self._baue_kopf(kopfzeilen)
        self._leere = [j for j in self._leere if self._hat_eigenen_kopf(j, kopfzeilen)]
        if self._suche.gebietszeile is not None:
            gebiet["kopf"] = kopfzeilen.index(self._suche.gebietszeile) + 1
        if isinstance(gebiet.get("leer"), dict):
            gebiet["leer"] = {"spalte": self._verweis(gebiet["leer"]["spalte"] - 1)}
        if "spalte" in gebiet:
            gebiet["spalte"] = self._verweis(gebiet["spalte"] - 1)
        lesen: dict[str, Any] = {"gebiet": gebiet}
        if kopf is not None:
            lesen["kopf"] = kopf
        self._titel = "\n".join(
            " ".join(dict.fromkeys(t for t in self._texte[i] if t))
            for i in range(kopfzeilen[0] if kopfzeilen else self._anfang)
        )
        zeit = self._finde_zeit()
        self._pruefe_zeitantwort(zeit)
        if zeit:
            lesen["zeit"] = zeit
        lesen |= self._finde_werte(zeit)
        lesen |= self._raender(kopfzeilen)
        lesen["zeichen"] = sorted(
            {t for j in self._wertspalten for t in self._spalte(j, daten) if t and not ist_zahl(t)}
        )[:50]
        if self._hat_zwischenzeilen(kopfzeilen[-1] + 1 if kopfzeilen else 0):
            lesen["leere_zeilen"] = "weglassen"
        form, eigene = self._zahlform()
        lesen |= {"zahlform": form} if form else {}
        self._mit_eigener_form(lesen, eigene)
        return Aufbau(self._blatt, lesen, self.bemerkungen, self._kopf, bool(zeit), self._titel,
                       self._ohne_jahr(), self._dazu, self._unlesbare_zeiten())  # fmt: skip

    def _ohne_jahr(self) -> bool:
        innen = set(self._daten)
        return not any(JAHR.search(t) for i, z in enumerate(self._texte) if i not in innen for t in z)

    # Spalten und Kopf

    def _bestimme_spalten(self) -> None:
        """Welche Spalten unter dem Kopf Zahlen, welche Text haben."""
        self._zahlen: list[int] = []
        self._textspalten: list[int] = []
        for j in range(self._breite):
            if j in self._belegt:
                continue
            inhalt = [t for t in self._spalte(j, self._daten) if t]
            if not inhalt:
                self._leere.append(j)
                continue
            zahlig = [t for t in inhalt if ist_zahl(t) or t in ZEICHEN or self._ist_formel(j)]
            mit_ziffer = any(ist_zahl(t) for t in zahlig) or all(t in ZEICHEN for t in inhalt)
            mit_ziffer = mit_ziffer or self._ist_formel(j)
            einheit = any(map(EINHEITSWORT.match, self._spalte(j)[: self._daten[0]]))
            zahlspalte = 2 * len(zahlig) >= len(inhalt) and mit_ziffer and not einheit
            zahlspalte = zahlspalte and not self._ist_schluesselspalte(j)
            (self._zahlen if zahlspalte else self._textspalten).append(j)

    def _ist_schluesselspalte(self, j: int) -> bool:
        """Ein weiterer Gebietsschlüssel (Wohnort neben Arbeitsort) ist keine Messgröße."""
        wort = any(SCHLUESSELWORT.search(t) for t in self._spalte(j)[: self._daten[0]])
        return wort and anteil_von(self._spalte(j, self._daten), self._suche.schluesselig) >= MEIST

    def _ist_formel(self, j: int) -> bool:
        return any(
            isinstance(self._zeilen[i][1][j], Formel) for i in self._daten[:20] if j < len(self._zeilen[i][1])
        )

    def _finde_kopf(self) -> list[int]:
        """Stellen der Kopfzeilen, von oben."""
        kopf: list[int] = []
        spalten = set(self._zahlen) | set(self._textspalten) | self._belegt
        ab = self._daten[0] if self._anfang is None else self._anfang
        erste = self._zeilen[ab][0]
        for i in range(ab - 1, -1, -1):
            nr, felder = self._zeilen[i]
            eigene = [j for j, f in enumerate(felder) if als_text(f).strip() and not isinstance(f, Verbunden)]
            texte = [self._texte[i][j] for j in eigene]
            if kopf and self._zeilen[kopf[-1]][0] - nr > 1:
                break
            if len(texte) > 2 and ist_zaehlung(texte):
                continue
            if len(eigene) < 2 and not (
                kopf and len(eigene) == 1 and eigene[0] in self._zahlen and eigene[0] > 0
            ):
                if kopf or (not ist_zeit(texte[0]) and nr < erste - 3):
                    break
                continue
            if not set(eigene) & spalten or self._ist_datenartig(i):
                continue
            kopf.append(i)
            if len(kopf) == KOPFHOEHE:
                break
        return kopf[::-1]

    def _ist_datenartig(self, i: int) -> bool:
        """Ob über Wertspalten gewöhnliche Zahlen stehen: eine Datenzeile, deren Gebiet unbekannt ist."""
        texte, zeile = [t for j in self._zahlen if (t := self._texte[i][j])], [t for t in self._texte[i] if t]
        zahlen = bool(texte) and all(ist_zahl(t) and not ist_zeit(t) for t in texte)
        kopfwort = any(NAMENSWORT.fullmatch(t) or SCHLUESSELWORT.fullmatch(t) for t in zeile)
        zaehlung = len(zeile) > 2 and ist_zaehlung(zeile)
        return (zahlen or self._unter_dem_kopf(i)) and not kopfwort and not zaehlung

    def _unter_dem_kopf(self, i: int) -> bool:
        """Ob Gebiet, Zeit und Zahlen wie in den Daten gefüllt sind und der Kopf schon weiter oben steht."""
        zeile, spalten = self._texte[i], {*self._belegt, *self._zahlen}
        if not self._belegt or not all(zeile[j] for j in spalten):
            return False
        if not all(ist_zahl(zeile[j]) or zeile[j] in ZEICHEN for j in self._zahlen):
            return False
        darueber = [z for z in self._texte[:i] if all(z[j] for j in spalten)]
        return any(
            (NAMENSWORT.search(z[j]) or SCHLUESSELWORT.search(z[j])) and z[j] != zeile[j]
            for z in darueber
            for j in self._belegt
        )

    def _baue_kopf(self, kopfzeilen: list[int]) -> Any:
        """Die Angabe „kopf“; legt den gelesenen Kopf zum Nachschlagen ab."""
        if not kopfzeilen:
            self._kopf = Tabellenkopf([], self._breite)
            self._ebenen: list[list[str]] = []
            return 0
        nummern = [self._zeilen[i][0] for i in kopfzeilen]
        auffuellen = []
        wertstellen = sorted(self._zahlen)
        for ebene, i in enumerate(kopfzeilen[:-1], start=1):
            texte, felder = self._texte[i], self._zeilen[i][1]
            offen = False
            for j in wertstellen:
                verbunden = j < len(felder) and isinstance(felder[j], Verbunden)
                darueber = ["|".join(self._texte[k][s] for k in kopfzeilen[: ebene - 1]) for s in (j - 1, j)]
                if not texte[j] and offen and not verbunden and darueber[1] in {darueber[0], ""}:
                    auffuellen.append(ebene)
                    break
                offen = offen or bool(texte[j])
        angabe: dict[str, Any] = {}
        if nummern == [self._zeilen[0][0] + k for k in range(len(nummern))] and kopfzeilen[0] == 0:
            angabe["anzahl"] = len(nummern)
        else:
            luecke = nummern != list(range(nummern[0], nummern[-1] + 1))
            angabe["zeilen"] = nummern if luecke or len(nummern) == 1 else f"{nummern[0]}-{nummern[-1]}"
        if auffuellen:
            angabe["auffuellen"] = auffuellen
        _, self._kopf, _ = teile(self._blatt, Kopf.model_validate(angabe))
        self._ebenen = [[*e, *([""] * (self._breite - len(e)))] for e in self._kopf.ebenen]
        if angabe == {"anzahl": 1}:
            return None
        return angabe["anzahl"] if list(angabe) == ["anzahl"] else angabe

    def _hat_eigenen_kopf(self, j: int, kopfzeilen: Sequence[int]) -> bool:
        """Ob in der untersten Kopfzeile über der Spalte ein Text steht, der nur zu ihr gehört."""
        felder = self._zeilen[kopfzeilen[-1]][1] if kopfzeilen else []
        return j < len(felder) and bool(als_text(felder[j]).strip()) and not isinstance(felder[j], Verbunden)

    def _verweis(self, j: int) -> str | int:
        """Wie die Spalte in der Beschreibung heißt: mit ihrem Kopftext, wenn er eindeutig ist."""
        name = self._kopf.bezeichnung(j) if j < self._kopf.breite else ""
        eindeutig = j < self._kopf.breite and self._kopf.namen[j] and self._kopf.namen.count(name) == 1
        sicher = eindeutig and not re.fullmatch(r"/.*/|=[A-Z]{1,3}|\d+", name)
        return name if sicher else j + 1

    def _kopftext(self, j: int) -> str:
        return self._kopf.namen[j] if j < self._kopf.breite else ""

    def _kopfende(self, j: int) -> str:
        """Die unterste Kopfzeile über der Spalte."""
        return self._kopftext(j).rsplit(" | ", maxsplit=1)[-1]

    # Zeit

    def _finde_zeit(self) -> dict[str, Any]:
        """Aus Spalte, Kopf oder Zwischenzeile; leer, wenn dort keine steht."""
        self._zeitspalten: set[int] = set()
        kandidaten: list[tuple[Any, int]] = []
        for j in (*self._textspalten, *self._zahlen):
            inhalt = {t for t in self._spalte(j, self._daten) if t}
            kopf = self._kopfende(j)
            wort = bool(ZEITWORT.match(kopf)) or (kopf == "Stand" and not any(t.isdigit() for t in inhalt))
            vorne = not kopf and j < min((k for k in self._zahlen if k != j), default=self._breite)
            if not inhalt or not (wort or vorne) or not self._ist_zeitspalte(inhalt, kopf):
                continue
            ziffern = all(t.isdigit() for t in inhalt)
            kandidaten.append(((wort, not ziffern, len(inhalt), -j), j))
        if kandidaten:
            _, j = max(kandidaten)
            self._zeitspalten = {k for _, k in kandidaten}
            zeiten = self._spalte(j, self._daten)
            gruppiert = {"auffuellen": True} if zeiten[0] and zeiten.count("") > 0.3 * len(zeiten) else {}
            return {"spalte": self._verweis(j), **gruppiert, **self._zweite_zeit(j)}
        if zeit := self._zeit_mit_zusatz():
            return zeit
        zeit = self._zeit_im_kopf()
        if zeit and not (self._zeitmuster or all(JAHRESZAHL.fullmatch(t) for t in self._zeittexte())):
            return zeit
        self._dazu = self._teile_im_kopf()
        zeit = zeit or self._zeit_im_abschnitt()
        return {**zeit, **self._dazu} if zeit else {}

    def _zeit_mit_zusatz(self) -> dict[str, Any]:
        """Eine Spalte, in der zur Jahreszahl manchmal „vorläufig“ steht."""
        for j in (*self._textspalten, *self._zahlen):
            texte = [t for t in self._spalte(j, self._daten) if t]
            if ZEITWORT.match(self._kopfende(j)) and all(map(VORLAEUFIG.fullmatch, texte)):
                self._zeitspalten = {j}
                self.bemerkungen.append(f"Zusätze zur Zeit („vorläufig“) fallen weg: „{self._kopftext(j)}“")
                return {"spalte": self._verweis(j), "muster": JAHR.pattern}
        return {}

    @staticmethod
    def _ist_zeitspalte(inhalt: Collection[str], kopf: str) -> bool:
        """Lauter Zeiten; heißt die Spalte nach der Zeit, genügt die Mehrzahl: der Leser nennt den Rest."""
        zeiten = sum(map(ist_zeit, inhalt))
        return zeiten == len(inhalt) or (2 * zeiten > len(inhalt) > 1 and bool(ZEITWORT.match(kopf)))

    def _zeittexte(self) -> list[str]:
        return [self._ebenen[self._zeitebene - 1][j] for j in self._nur]

    def _pruefe_zeitantwort(self, zeit: Mapping[str, Any]) -> None:
        """Eine Zeit für alle Werte gilt nicht, wenn die Lieferung selbst mehrere nennt."""
        antwort = self._vorgaben.zeit
        if not antwort:
            return
        nach_zeit = [j for j in (*self._textspalten, *self._zahlen) if ZEITWORT.match(self._kopfende(j))]
        stellen = self._zeitspalten or nach_zeit
        texte = {t for j in stellen for t in self._spalte(j, self._daten) if t}
        if self._zeitebene and self._zeitebene != self._teilebene and not self._zeitspalten:
            texte = set(self._zeittexte())
        if len(texte) > 1:
            zeiten = aufgezaehlt(sorted(texte)[:3]) + (" und andere" if len(texte) > 3 else "")
            raise BerichtswerkFehler(
                ZeitWiderspricht.melde(datei=self._blatt.name or "Lieferung", zeit=antwort, zeiten=zeiten)
            )

    def _unlesbare_zeiten(self) -> str:
        """Was in einer Spalte, die nach Zeit klingt, keine Zeit ist; leer, wenn es keine solche gibt."""
        for j in (*self._textspalten, *self._zahlen):
            inhalt = dict.fromkeys(t for t in self._spalte(j, self._daten) if t)
            falsch = [t for t in inhalt if not ist_zeit(t)]
            kopf = self._kopfende(j)
            if ZEITWORT.match(kopf) and falsch:
                return f"In der Spalte „{kopf}“ ist keine Zeit zu lesen: {aufgezaehlt(falsch[:3])}."
        return ""

    def _zweite_zeit(self, j: int) -> dict[str, Any]:
        """Monat oder Quartal zum Jahr: aus einer Spalte oder aus dem Kopf."""
        if not all(JAHRESZAHL.fullmatch(t) for t in self._spalte(j, self._daten) if t):
            return {}
        for k in (*self._textspalten, *self._zahlen):
            inhalt = {t for t in self._spalte(k, self._daten) if t}
            art = self._kopfende(k).casefold()
            nummern = all(t.isdecimal() and 1 <= int(t) <= PERIODEN.get(art, 0) for t in inhalt)
            roemisch = art != "quartal" and not inhalt.isdisjoint(ROEMISCH)
            if k != j and inhalt and (nummern or (all(map(ist_jahresteil, inhalt)) and not roemisch)):
                self._zeitspalten.add(k)
                return {"dazu": self._verweis(k), **({"art": art} if nummern else {})}
        return self._teile_im_kopf()

    def _teile_im_kopf(self) -> dict[str, Any]:
        """Monate oder Quartale ohne Jahr über Wertspalten; leer, wenn dort keine stehen."""
        for ebene, texte in enumerate(self._ebenen, start=1):
            stellen = [k for k in self._nur or self._zahlen if k not in self._zeitspalten]
            stellen = [k for k in stellen if ist_jahresteil(texte[k])]
            roemisch = {texte[k] for k in stellen} & ROEMISCH
            if ebene != self._zeitebene and len(stellen) > 1 and roemisch in (set(), ROEMISCH):
                self._zeitebene, self._teilebene, self._nur = self._zeitebene or ebene, ebene, stellen
                return {"dazu": {"kopf": ebene}}
        return {}

    def _zeit_im_kopf(self) -> dict[str, Any]:
        """Die Kopfzeile, in der über Wertspalten Zeiten stehen, allein oder neben anderem Text."""
        for ebene, texte in enumerate(self._ebenen, start=1):
            hier = [j for j in self._zahlen if j < len(texte) and texte[j]]
            rein = [j for j in hier if ist_zeit(texte[j])]
            gemischt = [
                j for j in hier if len(KOPFJAHR.findall(texte[j])) == 1 and not FREMDZEIT.search(texte[j])
            ]
            if rein and (len(rein) >= MEIST * len(hier) or (len(rein) > 1 and set(gemischt) <= set(rein))):
                self._zeitebene, self._zeitmuster, self._nur = ebene, "", rein
                return {"kopf": ebene}
            if len({KOPFJAHR.findall(texte[j])[0] for j in gemischt}) > 1 and len(gemischt) >= 2:
                self._zeitebene, self._zeitmuster, self._nur = ebene, KOPFJAHR.pattern, gemischt
                return {"kopf": ebene, "muster": KOPFJAHR.pattern}
        return self._eine_zeit_im_kopf()

    def _eine_zeit_im_kopf(self) -> dict[str, Any]:
        """Dieselbe Zeit neben anderem Text über jeder Zahlenspalte: „Plätze 2023 | Kinder 2023“."""
        stellen = [j for j in self._zahlen if not KEIN_WERT.search(self._kopftext(j))]
        for ebene, texte in enumerate(self._ebenen, start=1):
            hier = [texte[j] for j in stellen if j < len(texte)]
            muster, zeiten = zeit_im_text(hier, nur_jahr=False)
            if (
                len(zeiten) == 1
                and all(re.search(muster, t) for t in hier)
                and not any(map(FREMDZEIT.search, hier))
            ):
                self._zeitebene, self._zeitmuster, self._nur = ebene, f"({muster})", stellen
                return {"kopf": ebene, "muster": self._zeitmuster}
        return {}

    _zeitebene = 0
    _teilebene = 0
    """Kopfzeile mit Monaten oder Quartalen, zu denen das Jahr anderswo steht"""
    _dazu: Mapping[str, Any] = {}
    _zeitmuster = ""
    _nur: Sequence[int] = ()

    def _zeit_im_abschnitt(self) -> dict[str, Any]:
        """Zwischenzeilen, in denen nur eine Zeit steht („2015;;;“), auch die erste über dem Kopf."""
        zeiten = [
            t
            for z in self._texte
            if len(einzeln := {x for x in z if x}) == 1 and ist_zeit(t := next(iter(einzeln)))
        ]
        if not zeiten:
            return {}
        muster = (
            r"^\d{4}$" if all(t.isdigit() and len(t) == 4 for t in zeiten) else r"^\d{1,2}\.\d{1,2}\.\d{4}$"
        )
        return {"abschnitt": muster} if all(re.match(muster, t) for t in zeiten) else {}

    # Werte und Merkmale

    def _finde_werte(self, zeit: Mapping[str, Any]) -> dict[str, Any]:
        """Wertspalten und Merkmale."""
        merkmale, stellen = self._finde_merkmale(self._moegliche_werte())
        stellen = sorted([*stellen, *self._verschriebene_werte(merkmale)])
        self._nenne_uebrige({*stellen, *merkmale.values()})
        if not stellen:
            raise KeineTabelle("keine Spalte mit Zahlen")
        self._wertspalten = stellen
        ergebnis: dict[str, Any] = {}
        groesse = self._groessenspalte(merkmale)
        if merkmale or self._aus_abschnitt:
            ergebnis["merkmale"] = {n: self._verweis(j) for n, j in merkmale.items()} | self._aus_abschnitt
        ergebnis |= self._einheit
        if self._neben:
            ergebnis["neben"] = self._neben
        if self._suche.wo:
            ergebnis["wo"] = dict(self._suche.wo)
        if self._offen:
            offen = {str(self._verweis(j)): f"OFFEN: {warum}" for j, warum in self._offen.items()}
            ergebnis["ungelesen"] = offen
        if groesse is not None and len(stellen) == 1:
            wert = {"spalte": self._verweis(stellen[0])}
            return {**ergebnis, "groesse": self._verweis(groesse), "wert": wert}
        if self._suche.gebietszeile is not None:
            return {**ergebnis, **self._groesse_unter_gebieten(stellen)}
        if self._zeitebene:
            return {**ergebnis, **self._groessen_mit_zeit(stellen)}
        return {**ergebnis, "groessen": self._groessen_je_spalte(stellen)}

    def _moegliche_werte(self) -> list[int]:
        """Zahlenspalten, die Werte sein können; was nicht dazugehört, wird vermerkt."""
        breite = self._kopf.breite if self._ebenen else self._breite
        stellen = [j for j in self._zahlen if j not in self._zeitspalten and j < breite]
        for grund, weg in (
            (
                "keine Messgrößen",
                [j for j in stellen if KEIN_WERT.search(self._kopftext(j)) or self._zaehlt(j)],
            ),
            ("Zeitangaben", [j for j in stellen if self._nennt_zeiten(j)]),
            ("ohne Zeit im Kopf", [j for j in stellen if self._zeitebene and j not in self._nur]),
            (
                "ohne Gebiet im Kopf",
                [j for j in stellen if self._suche.nur_gebiete and j not in self._suche.nur_gebiete],
            ),
        ):
            if weg := [j for j in weg if j in stellen]:
                self.bemerkungen.append(f"Nicht gelesen ({grund}): {self._aufgezaehlt(weg)}")
                stellen = [j for j in stellen if j not in weg]
                if grund.startswith("ohne"):
                    self._offen |= dict.fromkeys(weg, f"Zahlen {grund}")
        return stellen

    def _zaehlt(self, j: int) -> bool:
        """Ob eine Spalte ohne Kopftext nur die Zeilen zählt: 0, 1, 2 …"""
        texte = self._spalte(j, self._daten)
        return len(texte) > 1 and bool(self._ebenen) and not self._kopftext(j) and ist_zaehlung(texte)

    def _verschriebene_werte(self, merkmale: Mapping[str, int]) -> list[int]:
        """Spalten mit „12 Kinder“, „ca. 5“, „98'861“: Werte, die der Leser beanstandet."""
        rest = [j for j in self._textspalten if j not in merkmale.values() and j not in self._zeitspalten]
        if self._zeitebene:
            rest = [j for j in rest if j in self._nur]
        andere = (KEIN_WERT, BEIWERK, ALTERWORT, FREMDZEIT, SCHLUESSELWORT, EINHEITSWORT)
        return [
            j
            for j in rest
            if j not in self._suche.nur_gebiete
            and not any(wort.search(self._kopftext(j)) for wort in andere)
            and anteil_von(self._spalte(j, self._daten), ist_wertartig) >= 0.5
        ]

    def _nenne_uebrige(self, gelesen: set[int]) -> None:
        """Vermerkt jede Spalte, die im Entwurf keine Rolle hat und noch nicht genannt ist."""
        gelesen = gelesen | self._belegt | self._zeitspalten | self._genannt | set(self._suche.nur_gebiete)
        gelesen |= {int(j) - 1 for j in self._suche.wo}
        rest = [j for j in (*self._textspalten, *self._zahlen) if j not in gelesen]
        rest = [j for j in sorted(rest) if self._ebenen or j in self._zahlen]
        mit_ziffern = [j for j in rest if anteil_von(self._spalte(j, self._daten), hat_ziffer) >= 0.5]
        if ohne := [j for j in rest if j not in mit_ziffern]:
            self.bemerkungen.append(f"Nicht gelesen: {self._aufgezaehlt(ohne)}")
        if mit_ziffern:
            self.bemerkungen.append(f"Zu entscheiden: Zahlen stehen auch in {self._aufgezaehlt(mit_ziffern)}")
        if self._leere:
            self.bemerkungen.append(f"Leer ist {self._aufgezaehlt(self._leere)}")
        self._offen |= dict.fromkeys(mit_ziffern, "dort stehen Zahlen") | dict.fromkeys(self._leere, "leer")

    def _aufgezaehlt(self, spalten: Sequence[int]) -> str:
        self._genannt |= set(spalten)
        return aufgezaehlt([self._kopftext(j)[:60] or f"Spalte {j + 1}" for j in spalten])

    def _nennt_zeiten(self, j: int) -> bool:
        letzter = self._kopfende(j)
        wort = ZEITWORT.match(letzter) or re.search(r"(?i)jahr(e|gang)?$", letzter)
        return bool(wort) and anteil_von(self._spalte(j, self._daten), ist_zeit) >= 0.5

    def _groessen_je_spalte(self, stellen: list[int]) -> dict[str, Any]:
        """Jede Spalte ist eine Messgröße und heißt nach den Kopfzeilen, die sie unterscheiden."""
        groessen: dict[str, Any] = {}
        gemeinsam = self._gemeinsame_ebenen(stellen)
        for j in stellen:
            if (text := self._kopftext(j)) and [self._kopftext(k) for k in stellen].count(text) > 1:
                raise KeineTabelle(f"mehrere Spalten heißen „{text}“")
            ebenen = [e[j] for n, e in enumerate(self._ebenen) if e[j] and n not in gemeinsam]
            eigene = " | ".join(dict.fromkeys(ebenen)) or text
            name = self._wunschname(text, eigene, j, einzig=len(stellen) == 1)
            groessen[freier_name(name, groessen)] = self._verweis(j)
        return groessen

    def _groesse_unter_gebieten(self, stellen: list[int]) -> dict[str, Any]:
        """Die eine Messgröße, wenn im Kopf Gebiete stehen."""
        wert = {"spalte": {"von": stellen[0] + 1, "bis": stellen[-1] + 1}}
        name = bezeichner(self._titelwort()) or "wert"
        return {"groessen": {self._vorgaben.groessen.get("", name): wert}}

    def _gemeinsame_ebenen(self, stellen: list[int]) -> set[int]:
        """Kopfzeilen, die über allen Wertspalten dasselbe sagen."""
        alle = range(len(self._ebenen))
        return {n for n in alle if len(stellen) > 1 and len({self._ebenen[n][j] for j in stellen}) == 1}

    def _wunschname(self, text: str, eigene: str, j: int, *, einzig: bool) -> str:
        teile_ = [t for t in eigene.split(" | ") if t.casefold() not in EINHEITEN]
        name = bezeichner(" ".join(teile_)) or bezeichner(eigene) or f"spalte_{j + 1}"
        wunsch = self._vorgaben.groessen
        return wunsch.get(text) or wunsch.get(name) or (wunsch.get("", "") if einzig else "") or name

    def _groessen_mit_zeit(self, stellen: list[int]) -> dict[str, Any]:
        """Messgrößen, wenn die Zeit im Kopf steht: sie heißen nach den anderen Kopfzeilen."""
        bereich: Any = {"von": stellen[0] + 1, "bis": stellen[-1] + 1} if len(stellen) > 1 else stellen[0] + 1
        luecken = stellen != list(range(stellen[0], stellen[-1] + 1))
        wert: Any = [{"spalte": j + 1} for j in stellen] if luecken else {"spalte": bereich}
        if self._zeitmuster:
            mit_jahr = [self._ebenen[self._zeitebene - 1][j] for j in stellen]
            ohne = {
                t: re.sub(r"^\s*([a-z]|[*†¹²³]|\d\))$", "", re.sub(self._zeitmuster, "", t)) for t in mit_jahr
            }
            werte = {t: bezeichner(rest) or "wert" for t, rest in ohne.items()}
            if len(set(werte.values())) > 1:
                return {"groesse": {"kopf": self._zeitebene, "werte": werte}, "wert": wert}
            if (name := next(iter(werte.values()))) != "wert":
                return {"groessen": {self._wunschname(name, name, stellen[0], einzig=True): wert}}
        andere = [e for e in range(1, len(self._ebenen) + 1) if e not in {self._zeitebene, self._teilebene}
                  and len({self._ebenen[e - 1][j] for j in stellen}) > 1]  # fmt: skip
        if not andere:
            fest = [
                self._ebenen[e - 1][stellen[0]]
                for e in range(1, len(self._ebenen) + 1)
                if e not in {self._zeitebene, self._teilebene}
            ]
            text = " ".join(t for t in fest if t and t.casefold() not in EINHEITEN) or self._titelwort()
            name = self._wunschname(text, text, stellen[0], einzig=True)
            return {"groessen": {name: wert}}
        erste = max(
            andere, key=lambda e: len({self._ebenen[e - 1][j] for j in stellen}) if len(andere) == 1 else -e
        )
        texte_ = dict.fromkeys(self._ebenen[erste - 1][j] for j in stellen)
        if "" in texte_:
            raise KeineTabelle("Kopfzeilen mit Lücken über der Zeit")
        werte = {t: self._vorgaben.groessen.get(t) or bezeichner(t) for t in texte_}
        ergebnis: dict[str, Any] = {"groesse": {"kopf": erste, "werte": werte}, "wert": wert}
        weitere = {f"kopf_{e}": {"kopf": e} for e in andere if e != erste}
        return {**ergebnis, "merkmale": weitere} if weitere else ergebnis

    def _titelwort(self) -> str:
        zeilen = [z for z in self._titel.split("\n") if z and not re.match(r"GENESIS-Tabelle|Tabelle:", z)]
        return re.sub(r"[-–] .*|\d.*", "", zeilen[0]) if zeilen else "wert"

    def _finde_merkmale(self, stellen: list[int]) -> tuple[dict[str, int], list[int]]:
        """Spalten, die Zeilen desselben Gebiets und derselben Zeit unterscheiden."""
        schluessel = [
            tuple(self._texte[i][j] for j in sorted({*self._belegt, *self._zeitspalten})) for i in self._daten
        ]
        gebiete = [tuple(self._texte[i][j] for j in sorted(self._belegt)) for i in self._daten]
        merkmale: dict[str, int] = {}
        genommen: list[list[str]] = []
        einmalig = len(set(schluessel)) == len(schluessel)
        for j in self._textspalten:
            inhalt = self._spalte(j, self._daten)
            kopf = self._kopftext(j)
            if j in self._zeitspalten:
                continue
            einheit = EINHEITSWORT.match(kopf) or all(t.casefold() in EINHEITEN for t in inhalt)
            if einheit and len(set(inhalt)) > 1:
                self._genannt.add(j)
                self._einheit = {"einheit": self._verweis(j)}
                continue
            if len(set(inhalt)) < 2 or bestimmt(gebiete, inhalt):
                if len(set(inhalt)) == 1 and inhalt[0] and not self._gebiet(inhalt[0]):
                    self._genannt.add(j)
                    self.bemerkungen.append(
                        f"Gilt für alle Zeilen: {kopf or f'Spalte {j + 1}'} = {inhalt[0][:60]}"
                    )
                continue
            if kopf.casefold() in {"basis", "gebietsstand"}:
                self._genannt.add(j)
                self._neben[kopf.casefold()] = {"spalte": kopf}
                schluessel = [(*s, t) for s, t in zip(schluessel, inhalt, strict=True)]
                continue
            if einmalig or BEIWERK.search(kopf) or any(bestimmt(g, inhalt) for g in genommen):
                continue
            merkmale[merkmalname(kopf, j, merkmale)] = j
            genommen.append(inhalt)
            schluessel = [(*s, t) for s, t in zip(schluessel, inhalt, strict=True)]
        if len(set(schluessel)) < len(schluessel) and (abschnitte := self._abschnitte()):
            muster = "|".join(re.escape(t) for t in dict.fromkeys(abschnitte.values()))
            self._aus_abschnitt["abschnitt"] = {"abschnitt": f"^({muster})$"}
        for j in list(stellen):
            if len(stellen) == 1:
                break
            noetig = len(set(schluessel)) < len(schluessel) and ALTERWORT.search(self._kopftext(j))
            if noetig or GLIEDERUNG.search(self._kopftext(j)):
                merkmale[merkmalname(self._kopftext(j), j, merkmale)] = j
                schluessel = [(*s, t) for s, t in zip(schluessel, self._spalte(j, self._daten), strict=True)]
                stellen = [k for k in stellen if k != j]
        return merkmale, stellen

    def _abschnitte(self) -> dict[int, str]:
        """Zwischenzeilen mit einem einzigen Text, der keine Zeit ist; jede Datenzeile steht unter einer."""
        daten, abschnitte = set(self._daten), {}
        for i in range(self._daten[-1]):
            einzeln = {t for t in self._texte[i] if t}
            if i not in daten and len(einzeln) == 1 and not ist_zeit(text := einzeln.pop()):
                abschnitte[i] = text
        davor = [i for i in abschnitte if i < self._daten[0]]
        erste = max(davor, default=self._daten[-1])
        abschnitte = {i: t for i, t in abschnitte.items() if i >= erste}
        return abschnitte if len(abschnitte) > 1 and erste < self._daten[0] else {}

    def _groessenspalte(self, merkmale: dict[str, int]) -> int | None:
        """Die Textspalte, die in langen Tabellen die Messgröße nennt."""
        for name, j in merkmale.items():
            if GROESSENWORT.match(self._kopftext(j)) and any(
                WERTWORT.match(self._kopftext(k)) for k in self._wertspalten
            ):
                del merkmale[name]
                return j
        return None

    # Ränder und Zahlform

    def _raender(self, kopfzeilen: list[int]) -> dict[str, Any]:
        """Zeilen zwischen Kopf und Daten und hinter den Daten, die nicht dazugehören."""
        ergebnis: dict[str, Any] = {}
        if kopfzeilen:
            dazwischen = [
                i for i in range(kopfzeilen[-1] + 1, self._anfang or 0)
                if len({t for t in self._texte[i] if t}) > 1 and not self._ist_datenartig(i)
            ]  # fmt: skip
            if dazwischen:
                ergebnis["daten_ab"] = self._zeilen[dazwischen[-1] + 1][0]
        if self._belegt and (summen := self._summenzeilen(kopfzeilen[-1] + 1 if kopfzeilen else 0)):
            ergebnis["auslassen"] = [rf"^{re.escape(t)}( \||$)" for t in summen]
            self.bemerkungen.append(f"Zeilen ohne Schlüssel bleiben weg: {aufgezaehlt(summen)}")
        letzte = self._daten[-1]
        while letzte + 1 < len(self._texte) and self._hat_werte(self._texte[letzte + 1]):
            letzte += 1  # eine Zeile mit Werten ist kein Fuß, auch ohne Gebiet: der Leser meldet sie
        fuss = self._texte[letzte + 1 :]
        if not fuss or re.match(r"_{3,}", next(t for t in fuss[0] if t)):
            return ergebnis
        anfang = next(t for t in fuss[0] if t)
        wort = re.match(r"\W*\w+", anfang)
        muster = re.escape(wort[0]) if wort else re.escape(anfang[:5])
        davor = range(self._anfang or 0, letzte + 1)
        erste = [next((t for t in self._texte[i] if t), "") for i in davor]
        if any(re.match(muster, t) for t in erste):
            ergebnis["daten_bis"] = self._zeilen[letzte][0]
        else:
            ergebnis["ende"] = muster
        return ergebnis

    def _hat_werte(self, zeile: list[str]) -> bool:
        """Ob in Wertspalten Zahlen stehen, ohne daß die Zeile eine Summe ist."""
        zahl = any(ist_zahl(zeile[j]) for j in self._wertspalten)
        return zahl and not GESAMT.match(next(t for t in zeile if t))

    def _hat_zwischenzeilen(self, ab: int) -> bool:
        """Ob zwischen den Daten Gebiete einer anderen Ebene ohne jeden Wert stehen: Überschriften."""
        if not self._belegt:
            return False
        ebenen: dict[bool, set[str]] = {True: set(), False: set()}
        for i in range(ab, self._daten[-1]):
            gefuellt = any(self._texte[i][j] for j in self._wertspalten)
            ebenen[gefuellt].add(self._suche.ebene(self._texte[i][min(self._belegt)]))
        return bool(ebenen[False] - {""}) and not (ebenen[False] - {""}) & ebenen[True]

    def _summenzeilen(self, ab: int) -> list[str]:
        """Wie Zeilen zwischen den Daten beginnen, die statt eines Schlüssels „Insgesamt“ sagen."""
        daten, schluessel = set(self._daten), min(self._belegt)
        offen = [i for i in range(ab, self._daten[-1]) if i not in daten and not self._texte[i][schluessel]]
        erste = {next(t for t in self._texte[i] if t) for i in offen}
        return sorted(t for t in erste if GESAMT.match(t))

    def _zahltexte(self, j: int) -> set[str]:
        """Was in einer Spalte als Text steht, ohne Vorzeichen und Anhängsel."""
        roh = {f for i in self._daten if j < len(z := self._zeilen[i][1]) and isinstance(f := z[j], str)}
        return {re.sub(r"[\s+\-−%€‰*†¹²³]|[a-z]$", "", glatt(f).strip("()")) for f in roh}

    def _zahlform(self) -> tuple[str, dict[int, str]]:
        """Die Form der Lieferung, wenn die Zahlen sie verraten; dazu Spalten mit anderer."""
        je_spalte = {j: form_der_zahlen(self._zahltexte(j)) for j in self._wertspalten}
        tausenderkomma = any(
            re.fullmatch(r"[1-9]\d{0,2},\d{3}", z) for j in je_spalte for z in self._zahltexte(j)
        )
        if (tausenderkomma and "deutsch" not in je_spalte.values()) or "englisch" in je_spalte.values():
            je_spalte = {j: "englisch" if f == "schlicht" else f for j, f in je_spalte.items()}
        sicher = Counter(f for f in je_spalte.values() if f)
        form = self._vorgaben.zahlform or (sicher.most_common(1)[0][0] if sicher else "")
        offen = [j for j in je_spalte if tausend_oder_bruch(self._zahltexte(j))]
        if offen and not self._vorgaben.zahlform and (form == "schlicht" or len(sicher) > 1):
            beispiel, spalte = tausend_oder_bruch(self._zahltexte(offen[0])), self._kopftext(offen[0])
            frage = f"Zahlen wie „{beispiel}“ in „{spalte}“ sind mehrdeutig."
            grund = "Dort stehen hinter jedem Punkt genau drei Ziffern, in einer anderen Spalte nicht."
            raise FragenOffen([Frage("zahlform", frage, WAHL["zahlform"], grund)])
        andere = {j: f for j, f in je_spalte.items() if f and f != form}
        return form, {j: f for j, f in andere.items() if (f, form) != ("schlicht", "schweizerisch")}

    def _mit_eigener_form(self, lesen: dict[str, Any], formen: Mapping[int, str]) -> None:
        """Trägt Spalten, deren Zahlen anders geschrieben sind, mit ihrer Form ein."""
        verweise = {self._verweis(j): form for j, form in formen.items()}
        for name, spalte in lesen.get("groessen", {}).items():
            if isinstance(spalte, str | int) and spalte in verweise:
                lesen["groessen"][name] = {"spalte": spalte, "zahlform": verweise[spalte]}
