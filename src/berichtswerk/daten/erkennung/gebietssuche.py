"""Wo eine Lieferung ihre Gebiete nennt: Schlüssel in jeder Schreibweise, in Teilen, im Text, Namen, Kopf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from berichtswerk.daten.erkennung.texte import (
    GESAMT,
    JAHRESZAHL,
    MEIST,
    NAMENSWORT,
    SCHLUESSEL,
    SCHLUESSELWORT,
    ist_zahl,
    ist_zeit,
)
from berichtswerk.daten.erkennung.vorgaben import Frage, FragenOffen, Vorgaben
from berichtswerk.daten.gebiete import saubere
from berichtswerk.daten.leser.grund import Blatt, als_text, glatt
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, aufgezaehlt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any


class GebietWiderspricht(Befundart):
    text = "Die Lieferung nennt selbst Gebiete: {gebiete}. Dazu passt die Angabe „{gebiet}“ nicht."
    ursache = "Mit ihr gälten alle Werte für dieses eine Gebiet."
    abhilfe = "Lassen Sie --gebiet weg, oder nennen Sie die Spalte, in der die Gebiete stehen."


class KeineTabelle(Exception):
    """Auf diesem Blatt ist keine Tabelle zu erkennen; sagt, warum."""


class Zellen:
    """Die Zellen eines Blattes: roh und als glatte Texte, alle Zeilen gleich breit, ohne leere."""

    def __init__(self, blatt: Blatt) -> None:
        self.blatt = blatt
        self.zeilen = [
            (nr, felder) for nr, felder in blatt.zeilen() if any(als_text(f).strip() for f in felder)
        ]
        self.breite = max((len(f) for _, f in self.zeilen), default=0)
        self.texte = [[glatt(als_text(f)) for f in felder] for _, felder in self.zeilen]
        for zeile in self.texte:
            zeile.extend([""] * (self.breite - len(zeile)))

    def spalte(self, stelle: int, zeilen: Sequence[int] | None = None) -> list[str]:
        """Die Texte einer Spalte, aller oder der genannten Zeilen."""
        return [self.texte[i][stelle] for i in (range(len(self.texte)) if zeilen is None else zeilen)]


class Gebietssuche:
    """Sucht auf einem Blatt, wo die Gebiete stehen; was sie fand, sagen ihre Felder."""

    def __init__(
        self,
        zellen: Zellen,
        gebiet: Callable[[str], str],
        verzeichnis: Gebietsverzeichnis,
        vorgaben: Vorgaben,
    ) -> None:
        self._zellen, self._gebiet, self._verzeichnis = zellen, gebiet, verzeichnis
        self._texte, self._breite, self._spalte = zellen.texte, zellen.breite, zellen.spalte
        self._vorgaben, self._blatt = vorgaben, zellen.blatt
        self.bemerkungen: list[str] = []
        self.wo: Mapping[str, str] = {}
        self.anfang: int | None = None
        """erste Zeile unter dem Kopf, wenn es nicht die erste mit Daten ist"""
        self.gebietszeile: int | None = None
        self.nur_gebiete: Sequence[int] = ()
        """Spalten, über denen Gebiete stehen"""

    def finde(self) -> tuple[dict[str, Any], list[int], set[int]]:
        """Angabe, Zeilen mit Daten (Stellen) und belegte Spalten."""
        wunsch = self._vorgaben.gebiet
        spalte = next((z.index(wunsch) for z in self._texte[:30] if wunsch and wunsch in z), None)
        if wunsch and (spalte is None or self._gebiet(wunsch)):
            return self._gewuenschtes_gebiet(wunsch)
        return self._suche_gebietsangabe(spalte)

    def _gewuenschtes_gebiet(self, wunsch: str) -> tuple[dict[str, Any], list[int], set[int]]:
        """Das Gebiet aus der Antwort; nennt die Lieferung selbst andere, gilt die Antwort nicht."""
        try:
            erkannt = self._suche_gebietsangabe(None)
        except KeineTabelle:
            return self._festes_gebiet(wunsch)
        except FragenOffen as offen:
            if offen.fragen == [self._frage_gebiet()]:
                return self._festes_gebiet(wunsch)
            raise
        andere = {g for g in self._genannte_gebiete(*erkannt) if g} - {self._gebiet(wunsch)}
        if not andere:
            return erkannt
        gebiete = aufgezaehlt(sorted(andere)[:3]) + (" und andere" if len(andere) > 3 else "")
        raise BerichtswerkFehler(
            GebietWiderspricht.melde(datei=self._blatt.name or "Lieferung", gebiet=wunsch, gebiete=gebiete)
        )

    def _genannte_gebiete(
        self, angabe: Mapping[str, Any], daten: Sequence[int], belegt: Collection[int]
    ) -> Iterator[str]:
        """Die bekannten Gebiete der Angabe; leere Texte für unbekannte."""
        if "blattname" in angabe:
            yield self._gebiet(self._blatt.name.strip())
        if "spalten" in angabe:
            yield "".join(self._texte[daten[0]][j] for j in sorted(belegt))
        if self.gebietszeile is not None:
            yield from (self._gebiet(self._texte[self.gebietszeile][j]) for j in self.nur_gebiete)
        yield from (self._gebiet(self._texte[i][j]) for i in daten for j in belegt)

    def _suche_gebietsangabe(self, spalte: int | None) -> tuple[dict[str, Any], list[int], set[int]]:
        """Wo die Lieferung ihre Gebiete nennt; ``spalte``, wenn ein Mensch es gesagt hat."""
        if (zusammen := self._zusammengesetzt()) is not None:
            return zusammen
        moegliche: list[tuple[Any, int, list[int]]] = []
        for j in range(self._breite) if spalte is None else [spalte]:
            texte = self._spalte(j)
            hier = [i for i, t in enumerate(texte) if self.schluesselig(t)]
            if not hier:
                continue
            spanne = [t for t in texte[hier[0] : hier[-1] + 1] if t and not JAHRESZAHL.fullmatch(t)]
            eigene = {g for t in {texte[i] for i in hier} if (g := self._gebiet(t))}
            wort = any(SCHLUESSELWORT.search(t) for t in texte[: hier[0]] if t)
            lang = {g for g in eigene if len(g) >= 5 or g == "DG"}
            anteil = len(hier) / len(spanne)
            haeufig = len(hier) > 0.3 * sum(any(map(ist_zahl, z)) for z in self._texte)
            fremd = spalte is None and not wort and self._ist_andere_nummer(texte, hier)
            if eigene and not fremd and (wort or (lang and haeufig)) and anteil >= (0.3 if wort else MEIST):
                moegliche.append(((bool(lang), wort, len(eigene), anteil, -j), j, hier))
        if moegliche:
            _, j, hier = max(moegliche)
            self._pruefe_andere([k for guete, k, _ in moegliche if k != j and guete[1]], j, hier)
            return self._mit_luecken(j, hier, {"spalte": j + 1, "unbekannte": "weglassen"})
        return self._schluessel_im_text() or self._nach_namen()

    def _ist_andere_nummer(self, texte: Sequence[str], hier: Sequence[int]) -> bool:
        """Postleitzahlen und dergleichen: fünf Ziffern, von denen die wenigsten bekannte Schlüssel sind."""
        nummern = {texte[i] for i in hier}
        if any(re.search(r"(?i)\bplz\b|postleit", t) for t in texte[: hier[0]]):
            return True
        unbekannt = sum(not self._gebiet(t) for t in nummern)
        return all(re.fullmatch(r"\d{5}", t) for t in nummern) and 2 * unbekannt > len(nummern)

    def _schluessel_im_text(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Schlüssel und Name in einem Feld: „09999 Musterkreis“, „Musterkreis (09999)“."""
        for j in range(self._breite):
            for muster in (r"^(\d{2,12})\s+\D", r"\((\d{5,12})\)$"):
                funde = {i: m[1] for i, t in enumerate(self._spalte(j)) if (m := re.search(muster, t))}
                eigene = [i for i, t in funde.items() if self.schluesselig(t) and self._gebiet(t)]
                zahlen = [i for i in funde if any(map(ist_zahl, self._texte[i]))]
                if eigene and len(zahlen) > 0.5 * len(funde):
                    for i, schluessel in funde.items():
                        self._texte[i][j] = schluessel
                    angabe = {"spalte": j + 1, "muster": muster, "unbekannte": "weglassen"}
                    return angabe, sorted(zahlen), {j}
        return None

    def _pruefe_andere(self, andere: Sequence[int], j: int, hier: Sequence[int]) -> None:
        """Zwei Spalten mit verschiedenen Gebieten (Wohnort, Arbeitsort): welche gilt, wird gefragt."""
        for k in andere:
            paare = [(self._texte[i][j], self._texte[i][k]) for i in hier if self._texte[i][k]]
            fremd = [
                a
                for a, b in paare
                if not a.startswith(b.rstrip("0"))
                and not b.startswith(a.rstrip("0"))
                and (not self._gebiet(a) or self._gebiet(a) != self._gebiet(b))
            ]
            if len(fremd) > 0.1 * len(paare):
                namen = tuple(self._texte[max(hier[0] - 1, 0)][n] for n in sorted((j, k)))
                raise FragenOffen([Frage("gebiet", "Zwei Spalten nennen Gebiete; welche gilt?", namen)])

    def ebene(self, text: str) -> str:
        """Die Ebene des gemeinten Gebiets; leer, wenn es keines gibt."""
        return self._verzeichnis[schluessel].ebene if (schluessel := self._gebiet(text)) else ""

    def schluesselig(self, text: str) -> bool:
        """Ob der Text wie ein Gebietsschlüssel aussieht und nicht wie ein Jahr."""
        ohne = saubere(text)
        if JAHRESZAHL.fullmatch(ohne) or not SCHLUESSEL.fullmatch(ohne):
            return ohne.isdigit() and len(ohne) > 3 and bool(self._gebiet(ohne))
        return True

    def _mit_luecken(
        self, j: int, hier: list[int], angabe: dict[str, Any]
    ) -> tuple[dict[str, Any], list[int], set[int]]:
        """Leere Schlüssel zwischen gefüllten, wo Werte stehen: der Schlüssel darüber gilt weiter."""
        leer = [
            i for i in range(hier[0], len(self._texte))
            if not self._texte[i][j] and sum(ist_zahl(t) for t in self._texte[i]) >= 1
            and len([t for t in self._texte[i] if t]) > 1
        ]  # fmt: skip
        leer = [i for i in leer if not any(GESAMT.match(t) for t in self._texte[i] if t)]
        if len(leer) > 0.3 * len(hier):
            abstaende = Counter(b - a for a, b in pairwise(hier))
            if len(abstaende) == 1 and next(iter(abstaende)) > 1:
                for i in range(hier[0] + 1, len(self._texte)):
                    self._texte[i][j] = self._texte[i][j] or self._texte[i - 1][j]
                return {**angabe, "auffuellen": True}, sorted({*hier, *leer}), {j}
        for k in range(self._breite) if leer else ():
            if k != j and self._nennt_dasselbe(j, k, hier, leer):
                return {**angabe, "leer": {"spalte": k + 1}}, sorted({*hier, *leer}), {j, k}
        return angabe, hier, {j}

    def _nennt_dasselbe(self, j: int, k: int, hier: Sequence[int], leer: Sequence[int]) -> bool:
        """Ob Spalte ``k`` die Namen zu den Schlüsseln nennt, auch dort, wo der Schlüssel fehlt."""
        paare = [(self._gebiet(self._texte[i][j]), self._gebiet(self._texte[i][k])) for i in hier]
        gleich = [a == b for a, b in paare if a]
        return 2 * sum(gleich) > len(gleich) and any(self._gebiet(self._texte[i][k]) for i in leer)

    def _festes_gebiet(self, text: str) -> tuple[dict[str, Any], list[int], set[int]]:
        return {"fest": text}, self._zahlenzeilen(), set()

    def _zahlenzeilen(self) -> list[int]:
        """Zeilen mit einem Text und Zahlen, die nicht alle Zeiten sind."""
        zeilen = [
            i
            for i, t in enumerate(self._texte)
            if any(ist_zahl(x) for x in t[1:]) and len([x for x in t if x]) > 1
        ]
        zeilen = [i for i in zeilen if not all(ist_zeit(x) for x in self._texte[i][1:] if x)]
        if not zeilen:
            raise KeineTabelle("keine Zeilen mit Zahlen")
        return zeilen

    def _zusammengesetzt(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Der Schlüssel in Teilen: Land, Regierungsbezirk, Kreis, Gemeinde in eigenen Spalten."""
        teile_ = {
            "land": 2,
            "rb": 1,
            "regierungsbezirk": 1,
            "kreis": 2,
            "kr": 2,
            "gem": 3,
            "gemeinde": 3,
            "gmd": 3,
        }
        for i, zeile in enumerate(self._texte[:40]):
            kopf = {
                t.casefold().rstrip("."): j for j, t in enumerate(zeile) if t.casefold().rstrip(".") in teile_
            }
            if not {"kreis", "kr"} & kopf.keys() or len(kopf) < 2:
                continue
            namen = sorted(kopf, key=lambda n: kopf[n])
            stellen = [teile_[n] for n in namen]
            eigen = self._verzeichnis.kreis.schluessel
            vorsatz = "" if "land" in kopf else eigen[:2]
            if vorsatz and "rb" not in kopf and "regierungsbezirk" not in kopf:
                stellen[next(i for i, n in enumerate(namen) if n in {"kreis", "kr"})] = 3
            spalten = [kopf[n] for n in namen]

            def schluessel(
                f: list[str],
                spalten: list[int] = spalten,
                stellen: list[int] = stellen,
                vorsatz: str = vorsatz,
            ) -> str:
                stuecke = [f[j].zfill(n) if f[j] else "" for j, n in zip(spalten, stellen, strict=True)]
                return vorsatz + "".join(stuecke) if all(t.isdigit() or not t for t in stuecke) else ""

            daten = [
                k
                for k in range(i + 1, len(self._texte))
                if len(s := schluessel(self._texte[k])) in {5, 8} and s.isdigit()
            ]
            if any(self._gebiet(schluessel(self._texte[k])) for k in daten):
                angabe: dict[str, Any] = {"spalten": [j + 1 for j in spalten], "stellen": stellen}
                angabe |= {"vorsatz": vorsatz} if vorsatz else {}
                erste = (k for k in range(i + 1, daten[0]) if self._texte[k][spalten[0]].isdigit())
                self.anfang = next(erste, daten[0])
                satzart = self._satzart(daten)
                if satzart:
                    self.wo = satzart
                    spalte, wert = next(iter(satzart.items()))
                    daten = [k for k in daten if self._texte[k][int(spalte) - 1] == wert]
                return {**angabe, "unbekannte": "weglassen"}, daten, set(spalten)
        return None

    def _satzart(self, daten: Sequence[int]) -> dict[str, str]:
        """Die Spalte mit der Satzart, wenn nur eine Art Gemeinden nennt."""
        for j in range(min(3, self._breite)):
            werte = {self._texte[k][j] for k in daten}
            if "60" in werte and werte <= {"10", "20", "30", "40", "50", "60"}:
                return {str(j + 1): "60"}
        return {}

    def _nach_namen(self) -> tuple[dict[str, Any], list[int], set[int]]:
        bester: tuple[Any, ...] | None = None
        for j in range(self._breite):
            texte = self._spalte(j)
            hier = [i for i, t in enumerate(texte) if t and not t[0].isdigit() and self._gebiet(t)
                    and sum(bool(x) for x in self._texte[i]) > 1]  # fmt: skip
            if not hier:
                continue
            eigene = {self._gebiet(texte[i]) for i in hier}
            wort = any(NAMENSWORT.search(t) for t in texte[: hier[0]])
            spanne = [t for i, t in enumerate(texte) if hier[0] <= i <= hier[-1] and t]
            anteil = len(hier) / len(spanne)
            if (len(eigene) > 1 or wort) and anteil >= 0.02:
                guete = (len(eigene), anteil, -j)
                if bester is None or guete > bester[0]:
                    bester = (guete, j, hier, anteil, spanne)
        if im_kopf := self._gebiete_im_kopf():
            return im_kopf
        if bester is None and self._gebiet(self._blatt.name.strip()):
            return {"blattname": ".+"}, self._zahlenzeilen(), set()
        if bester is None:
            raise FragenOffen([self._frage_gebiet()]) if self._hat_zahlen() else KeineTabelle(
                "kein Gebiet aus daten/gebiete.yaml gefunden")  # fmt: skip
        _, j, hier, anteil, spanne = bester
        angabe: dict[str, Any] = {"spalte": j + 1}
        texte = self._spalte(j)
        dahinter = [
            i for i in range(hier[0], len(texte)) if texte[i] and sum(ist_zahl(x) for x in self._texte[i]) > 0
        ]
        gesamt = {
            t for i, t in enumerate(texte)
            if GESAMT.match(t) and not self._gebiet(t) and any(map(ist_zahl, self._texte[i]))
        }  # fmt: skip
        if gesamt:
            angabe["werte"] = dict.fromkeys(sorted(gesamt))
            rat = "bleibt weg; ist es der Landkreis, tragen Sie seinen Schlüssel ein"
            self.bemerkungen.append(f"{aufgezaehlt(sorted(gesamt))} {rat}")
        angabe, daten, belegt = self._mit_luecken(j, hier, angabe)
        letzte = hier[-1]
        while letzte + 1 in dahinter:
            letzte += 1
        daten = sorted({*daten, *(i for i in dahinter if i <= letzte)})
        fremde = {t for i in range(letzte + 1) if (t := texte[i]) and not self._gebiet(t)}
        if anteil < 0.5 or not any(self._verzeichnis.verschrieben(t, kuehn=True) for t in fremde):
            angabe["unbekannte"] = "weglassen"  # einen Namen, der einem eigenen gleicht, meldet der Leser
        return angabe, daten, belegt

    def _gebiete_im_kopf(self) -> tuple[dict[str, Any], list[int], set[int]] | None:
        """Die Kopfzeile, deren Texte Gebiete sind, wenn darunter Zahlen stehen."""
        for i, zeile in enumerate(self._texte[:30]):
            spalten = [j for j, t in enumerate(zeile) if j and t and self._gebiet(t)]
            if len(spalten) > 1 and len(spalten) >= MEIST * sum(bool(t) for t in zeile[1:]):
                daten = [
                    k for k in range(i + 1, len(self._texte))
                    if self._texte[k][0] and any(ist_zahl(self._texte[k][j]) for j in spalten)
                    and not (k == i + 1 and all(ist_zeit(self._texte[k][j]) for j in spalten))
                ]  # fmt: skip
                self.gebietszeile = i
                self.nur_gebiete = [
                    j for j in range(spalten[0], self._breite) if j in spalten or not zeile[j]
                ]
                return ({"kopf": 1}, daten, set()) if daten else None
        return None

    def _hat_zahlen(self) -> bool:
        return sum(ist_zahl(t) for zeile in self._texte for t in zeile) >= 2

    def _frage_gebiet(self) -> Frage:
        kreis = self._verzeichnis.kreis
        frage = "Für welches Gebiet die Werte gelten, steht nicht in der Lieferung."
        moeglich = (kreis.schluessel, "anderer Schlüssel aus daten/gebiete.yaml")
        return Frage("gebiet", frage, moeglich, f"{kreis.schluessel}: {kreis.name}")
