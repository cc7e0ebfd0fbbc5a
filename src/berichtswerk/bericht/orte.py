"""Steckbriefe: ein Gebiet und der Kreis nebeneinander, immer im selben Jahr, ohne Rangfolge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Unpack

from berichtswerk.bericht import kennzahltabellen as kt
from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.abbildungen import Texte, in_worten
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.sicht import Inhalt, Teil
from berichtswerk.fach.veraenderung import ohne_voraus
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Nachweis,
    Notizfeld,
    Ortsblatt,
    Ortswahl,
    Ortszahl,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
)
from berichtswerk.grund import zahl
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.tabelle.tabelle import maskiere, rundungshinweis, zeichenerklaerung
from berichtswerk.worte.aussage import ableitung
from berichtswerk.worte.sprache import gross, im_nominativ, stand, zahlwort

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe, Wert

Kopfzeilen = tuple[tuple[Tabellenzelle, ...], ...]
GEWACHSEN, AELTER, GRUNDSICHERUNG = 0.5, 1.0, 3.0
"""Ab welchem Unterschied ein Ort gewachsen (in %), älter (Prozentpunkte) oder öfter auf Grundsicherung
angewiesen ist (je 1 000) als der Kreis."""
_ANTEILIG = ("anteilig mehr", "anteilig weniger", "anteilig etwa gleich viele")


@dataclass(frozen=True, slots=True)
class _Paar:
    """Eine Kennzahl mit ihren Werten in dem einen Jahr, in dem sie verglichen wird."""

    reihe: Reihe
    jahr: int

    @property
    def kennzahl(self) -> Kennzahl:
        return self.reihe.kennzahl

    def wert(self, gebiet: Gebiet) -> Wert | None:
        """Der Wert im gemeinsamen Jahr, auch ohne Zahl."""
        return self.reihe.wert(gebiet.schluessel, self.jahr)

    def zahl(self, gebiet: Gebiet) -> float | None:
        """Die Zahl im gemeinsamen Jahr."""
        wert = self.wert(gebiet)
        return wert.wert if wert else None


class Orte(Teil):
    """Was ein Steckbrief zeigt; für ein Gebiet des Kreises, mit dem ganzen Kreis daneben."""

    def ortsblatt(
        self, *, bevoelkerung: str, seit: int, alter: str = "", grundsicherung: str = ""
    ) -> Anzeige:  # fmt: skip
        """Kopf eines Steckbriefs: Eckzahlen mit denen des Kreises und ein Satz, der aus den Daten folgt.

        ``bevoelkerung`` ist die id der Einwohnerzahl, ``seit`` das Jahr, mit dem sie verglichen wird.
        ``alter`` (Anteil der Älteren) und ``grundsicherung`` (je 1 000) sind ids, die in den Satz eingehen;
        was fehlt, wird genannt.

        >>> b.ortsblatt(bevoelkerung="bevoelkerung", seit=2011, alter="anteil_ab_65")
        """
        s, ort = self.sicht, self.sicht.gebiet
        einwohner = self._paar(bevoelkerung, [ort])
        if einwohner is None or einwohner.zahl(ort) is None:
            return s.fehlt("", f"Einwohnerzahl {s.ort()}")
        gesammelt: list[Nachweis] = []
        zahlen = [self._einwohner(einwohner, gesammelt)]
        satz, offen = list[str](), list[str]()
        if wuchs := self._wuchs(einwohner, seit, gesammelt):
            zahlen.append(wuchs[0])
            satz.append(wuchs[1])
        else:
            offen.append(f"Veränderung seit {seit}")
        zahlen += self._flaeche(einwohner, gesammelt)
        reihen = [self._gezeigt(einwohner, [ort, self._kreis])]
        for kennung, worte, schwelle in (
            (alter, ("älter als der Kreis", "jünger als der Kreis", "so alt wie der Kreis"), AELTER),
            (grundsicherung, _ANTEILIG, GRUNDSICHERUNG),
        ):
            paar = self._paar(kennung, [ort]) if kennung else None
            if kennung and paar is None:
                offen.append(s.katalog.finde(kennung).name)
            elif paar:
                teil = self._gegen_kreis(paar, worte, schwelle, gesammelt)
                satz.append(f"{teil} Menschen in Grundsicherung" if kennung == grundsicherung else teil)
                reihen.append(self._gezeigt(paar, [ort, self._kreis]))
        oben = s.bestand.gebiete.vorfahr(ort.schluessel, "planungsgebiet")
        blatt = Ortsblatt(
            name=ort.name, im_satz=im_nominativ(ort.name), marke=ort.marke,
            botschaft=f"{gross(', '.join(satz))}." if satz else "", offen=tuple(offen),
            gehoert=oben.name if oben and oben != ort else "", zahlen=tuple(zahlen),
            beleg=s.beleg([replace(r, werte=tuple(bild.mit_zahl(r))) for r in reihen], definition=""),
            werte=tuple(gesammelt),
        )  # fmt: skip
        return s.gib(blatt, lambda: _lesbar(blatt))

    def gegenueber(
        self, gruppen: Mapping[str, Sequence[Inhalt]], *, label: str, unterschrift: str,
        namen: Mapping[str, str] = MappingProxyType({}),
    ) -> Anzeige:  # fmt: skip
        """Tabelle: je Kennzahl der Wert des Gebiets und der des Kreises im selben Jahr.

        ``gruppen`` ordnet ids oder Reihen unter Zwischenüberschriften; ``label`` ist „tbl-…“,
        ``unterschrift`` steht darüber, ``namen`` gibt Kennzahlen (id) hier einen anderen. Was für das Gebiet
        fehlt oder gesperrt ist, steht als Zeichen da.

        >>> b.gegenueber({"Pflege": ["pflegedienste"]}, label="tbl-vor-ort", unterschrift="Was es gibt")
        """
        s, orte = self.sicht, [self.sicht.gebiet, self._kreis]
        kopf = bau.kopf("Kennzahl", "vor Ort", "Kreis", "Stand")
        inhalt = self._nebeneinander(gruppen, orte, kopf, namen, mit_jahr=True)
        if inhalt is None:
            return s.fehlt(label, unterschrift)
        return s.gib(Tabelle(label=label, unterschrift=unterschrift, **inhalt))

    def vergleich(
        self, gruppen: Mapping[str, Sequence[Inhalt]], *, label: str, unterschrift: str,
        nach: str = "einheiten", steckbriefe: str = "", namen: Mapping[str, str] = MappingProxyType({}),
    ) -> Anzeige:  # fmt: skip
        """Tabelle aller Gebiete einer Gliederung neben dem Kreis, auf der Seite auch zwei oder drei davon.

        ``gruppen``, ``unterschrift`` und ``namen`` wie bei ``gegenueber``, ``label`` „tbl-…“, ``nach`` die
        Gliederung; ``steckbriefe`` ist der Stamm der Ausgabe, deren Seiten unter den Namen liegen.

        >>> b.vergleich({"Alter": ["anteil_ab_65"]}, label="tbl-vergleich", unterschrift="Alle Kommunen")
        """
        s = self.sicht
        gebiete = list(s.gegliedert(nach))
        kopf = bau.kopf("Kennzahl", "Kreis", *(s.name_von(g) for g in gebiete))
        inhalt = self._nebeneinander(gruppen, [self._kreis, *gebiete], kopf, namen, mit_jahr=False)
        if inhalt is None:
            return s.fehlt(label, unterschrift, nach=nach)
        ziel = f"{steckbriefe}-{{}}.html" if steckbriefe else ""
        wahl = tuple(Ortswahl(marke=g.marke, name=g.name, ziel=ziel.format(g.marke)) for g in gebiete)
        return s.gib(Tabelle(label=label, unterschrift=unterschrift, wahl=wahl, **inhalt))

    def abweichungen(
        self, *kennzahlen: Inhalt, label: str, namen: Mapping[str, str] = MappingProxyType({}),
        themen: Mapping[str, Sequence[str]] = MappingProxyType({}), **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Worin sich das Gebiet vom Kreis unterscheidet: je Kennzahl eine Zeile mit eigener Skala.

        ``kennzahlen`` sind ids oder Reihen, ``label`` „fig-…“, ``namen`` gibt Kennzahlen (id) hier einen
        anderen, ``themen`` ordnet ids unter Zwischenüberschriften. Punkt: das Gebiet, Ringe: die übrigen der
        gleichen Ebene, ohne Namen, Mitte: der Kreis. Jede Zeile nennt ihr Jahr und ob sie ein Beispiel ist;
        ``texte`` ersetzen gerechnete.

        >>> b.abweichungen("anteil_ab_65", "arbeitslosenanteil", label="fig-abweichungen")
        """
        from berichtswerk.bild.formen.streifen import Streif, streifen

        s, ort = self.sicht, self.sicht.gebiet
        andere = [g for g in s.bestand.gebiete.kinder(self._kreis.schluessel, ort.ebene) if g != ort]
        paare = [p for k in kennzahlen if k is not None and (p := self._paar(k, [ort, *andere]))]
        if not paare:
            return s.fehlt(label, texte.get("was", "Unterschiede zum Kreis"))
        gezeigt = [self._gezeigt(p, [ort, *andere, self._kreis]) for p in paare]
        thema = {k: name for name, ids in themen.items() for k in ids}
        zeilen = tuple(
            Streif(
                name=namen.get(p.kennzahl.id, p.kennzahl.name),
                unter=f"{kt.einheit_im_kopf(p.kennzahl)}, {p.jahr}{' · Beispiel' * s.beleg([q]).beispiel}",
                ort=bild.punkt(s.name_von(ort), p.wert(ort)), kreis=p.zahl(self._kreis) or 0.0,
                andere=tuple(w for g in andere if (w := p.zahl(g)) is not None),
                stellen=p.kennzahl.nachkommastellen, saldo=p.kennzahl.art == "saldo",
                gruppe=thema.get(p.kennzahl.id, ""),
            )
            for p, q in zip(paare, gezeigt, strict=True)
        )  # fmt: skip
        d = streifen(zeilen, s.name_von(ort), im_nominativ(ort.name), len(andere))
        d = in_worten(label, d, texte)
        unterschrift = texte.get("unterschrift") or (
            f"Punkt: {s.name_von(ort)}, Ringe: die anderen {zahlwort(len(andere))} Kommunen, Strich: Kreis. "
            "Jede Zeile hat ihre eigene Skala"
        )
        return s.gib(
            Abbildung(
                label=label, befund=d.befund, weiter=d.weiter, lesehilfe=d.lesehilfe,
                unterschrift=unterschrift, alt=d.alt,
                form=d.form, motiv=d.motiv, beleg=s.beleg(gezeigt, d.hinweise), daten=d.daten,
                werte=s.nachweise(gezeigt),
            )
        )  # fmt: skip

    def notizen(self, *fragen: str, titel: str = "Platz für Ihre Notizen") -> Anzeige:
        """Ein Feld zum Beschreiben für eine Zukunftswerkstatt: ``titel``, und ``fragen`` mit Platz darunter.

        >>> b.notizen("Was läuft gut?", "Was fehlt?", "Was tun wir zuerst?")
        """
        lesbar = "\n".join((f"**{maskiere(titel)}**", "", *(f"- {maskiere(f)}" for f in fragen)))
        return self.sicht.gib(Notizfeld(titel=titel, fragen=fragen), lambda: lesbar)

    # --- Bausteine -----------------------------------------------------------------------------------

    @property
    def _kreis(self) -> Gebiet:
        return self.sicht.bestand.gebiete.kreis

    def _paar(self, inhalt: Inhalt, gebiete: Sequence[Gebiet]) -> _Paar | None:
        """Die Kennzahl im jüngsten Jahr, das Kreis und mindestens die Hälfte der Gebiete haben.

        Vorausgerechnetes zählt nur, wenn nichts gemessen ist; ohne gemeinsames Jahr ``None``.
        """
        if inhalt is None:
            return None
        kreis = self._kreis.schluessel
        noetig = max(1, (len({g.schluessel for g in gebiete} - {kreis}) + 1) // 2)
        voraus: _Paar | None = None
        gemessen = False
        for ein_jahr in self.sicht.rueckwaerts(inhalt, [*(g.schluessel for g in gebiete), kreis]):
            reihe = bild.je_jahr(ein_jahr)
            werte = ohne_voraus(bild.mit_zahl(reihe))
            gemessen |= any(not w.prognose for w in werte)
            da = {w.gebiet for w in werte}
            if kreis in da and len(da) > noetig:
                paar = _Paar(reihe, reihe.werte[0].jahr)
                if not werte[0].prognose:
                    return paar
                voraus = voraus or paar
        return None if gemessen else voraus

    def _gezeigt(self, paar: _Paar, orte: Sequence[Gebiet]) -> Reihe:
        return bild.auswahl(paar.reihe, orte, [paar.jahr])

    def _nebeneinander(
        self, gruppen: Mapping[str, Sequence[Inhalt]], orte: Sequence[Gebiet], kopf: Kopfzeilen,
        namen: Mapping[str, str], *, mit_jahr: bool,
    ) -> dict[str, Any] | None:  # fmt: skip
        """Tabelle, Beleg und Nachweise: je Kennzahl eine Zeile, je Ort ein Fach; Leeres fällt weg.

        Das gemeinsame Jahr steht in einer Spalte (``mit_jahr``) oder neben dem Namen.
        """
        s = self.sicht
        alle: list[_Paar] = []
        zeilen: list[Tabellenzeile] = []
        for name, inhalte in gruppen.items():
            paare = [p for k in inhalte if (p := self._paar(k, orte))]
            if paare and name:
                zeilen.append(bau.gruppenzeile(name, len(kopf[0])))
            for p in paare:
                felder = [kt.zelle(p.wert(g), p.kennzahl) for g in orte]
                felder += [bau.textzelle(str(p.jahr), zahl_spalte=True)] if mit_jahr else []
                titel = kt.kopftext(p.kennzahl, "" if mit_jahr else str(p.jahr))
                eigener = namen.get(p.kennzahl.id, p.kennzahl.name)
                zeit = titel.removeprefix(p.kennzahl.name)
                komma = "," if not mit_jahr and eigener[-1:].isdigit() else ""  # „seit 2011, 2023“
                zeilen.append(bau.zeile(f"{eigener}{komma}{zeit}", felder))
            alle += paare
        if not alle:
            return None
        modell = Tabellenmodell(kopf=kopf, zeilen=tuple(zeilen))
        gezeigt = [self._gezeigt(p, orte) for p in alle]
        hinweise = tuple(h for h in (rundungshinweis(modell), zeichenerklaerung(modell)) if h)
        return {"tabelle": modell, "beleg": s.beleg(gezeigt, hinweise), "werte": s.nachweise(gezeigt)}

    # --- Eckzahlen und Botschaft ---------------------------------------------------------------------

    def _einwohner(self, p: _Paar, gesammelt: list[Nachweis]) -> Ortszahl:
        s = self.sicht
        hier, ganz = (s.nachweis(w, p.kennzahl) for g in (s.gebiet, self._kreis) if (w := p.wert(g)))
        gesammelt += [hier, ganz]
        wann = f"am {stand(hier.zeit)}" if hier.zeit.count("-") == 2 else hier.zeit
        return Ortszahl(zahl=hier.anzeige, text=f"Menschen {wann}", kreis=f"Kreis {ganz.anzeige}")

    def _wuchs(self, p: _Paar, seit: int, gesammelt: list[Nachweis]) -> tuple[Ortszahl, str] | None:
        """Die Veränderung seit einem Jahr und was sie heißt; ``None``, wo nicht gerechnet werden darf."""
        hier, kreis = (self._veraenderung(p, g, seit) for g in (self.sicht.gebiet, self._kreis))
        if hier is None:
            return None
        gesammelt += [n for n in (hier, kreis) if n]
        wert = hier.wert or 0.0
        worte = ("gewachsen", "kleiner geworden", "fast gleich groß geblieben")
        wort = lage(wert, 0.0, GEWACHSEN, worte)
        neben = f"Kreis {kreis.anzeige}" if kreis else "Kreis: keine Angabe"
        return Ortszahl(zahl=hier.anzeige, text=f"seit {seit}", kreis=neben), (
            f"seit {seit} {wort} ({hier.anzeige})"
        )

    def _veraenderung(self, p: _Paar, gebiet: Gebiet, seit: int) -> Nachweis | None:
        ganz = self.sicht.reihe(p.kennzahl.id, [self.sicht.gebiet.schluessel, self._kreis.schluessel])
        v = ganz.veraenderung(gebiet.schluessel, seit, p.jahr)
        alt, neu = ganz.wert(gebiet.schluessel, seit), p.wert(gebiet)
        if v is None or v.prozent is None or v.brueche or alt is None or neu is None:
            return None
        text = zahl.mit_einheit(zahl.schreibe(v.prozent, 1, vorzeichen=True), "%")
        return ableitung("prozent", text, *(nachweis.aus_wert(w, p.kennzahl) for w in (neu, alt)))

    def _flaeche(self, p: _Paar, gesammelt: list[Nachweis]) -> list[Ortszahl]:
        """Dichte und Zahl der Gemeinden, wo das Verzeichnis der Gebiete Flächen kennt."""
        s, verzeichnis, zahlen = self.sicht, self.sicht.bestand.gebiete, []
        hier, ganz = (self._dichte(p, g) for g in (s.gebiet, self._kreis))
        if hier and s.gebiet.flaeche_km2:
            gesammelt += [n for n in (hier, ganz) if n]
            km2 = zahl.mit_einheit(zahl.schreibe(s.gebiet.flaeche_km2), "km²")
            neben = f"Kreis {ganz.anzeige}" if ganz else "Kreis: keine Angabe"
            zahlen.append(Ortszahl(zahl=hier.anzeige, text=f"Menschen je km² auf {km2}", kreis=neben))
        teile, alle = (len(verzeichnis.kinder(g.schluessel, "gemeinde")) for g in (s.gebiet, self._kreis))
        if teile:
            wort = "Gemeinde" if teile == 1 else "Gemeinden"
            zahlen.append(Ortszahl(zahl=str(teile), text=wort, kreis=f"Kreis {alle}"))
        return zahlen

    def _dichte(self, p: _Paar, gebiet: Gebiet) -> Nachweis | None:
        wert = p.wert(gebiet)
        if wert is None or wert.wert is None or not gebiet.flaeche_km2:
            return None
        dichte = wert.wert / gebiet.flaeche_km2
        formel = (
            f"Einwohnerzahl / Fläche ({zahl.schreibe(gebiet.flaeche_km2, 2)} km², Verzeichnis der Gebiete)"
        )
        return Nachweis(
            anzeige=zahl.schreibe(dichte), wert=dichte, gebiet=gebiet.schluessel, zeit=wert.zeit,
            rechnung="eigene", formel=formel, teile=(nachweis.aus_wert(wert, p.kennzahl),),
        )  # fmt: skip

    def _gegen_kreis(
        self, p: _Paar, worte: tuple[str, str, str], schwelle: float, gesammelt: list[Nachweis]
    ) -> str:
        s = self.sicht
        hier, kreis = p.wert(s.gebiet), p.wert(self._kreis)
        assert hier and kreis and hier.wert is not None and kreis.wert is not None
        gesammelt += [s.nachweis(w, p.kennzahl) for w in (hier, kreis)]
        return f"{p.jahr} {lage(hier.wert, kreis.wert, schwelle, worte)}"


def lage(hier: float, dort: float, schwelle: float, worte: tuple[str, str, str]) -> str:
    """Mehr, weniger oder so viel wie dort: das erste, zweite oder dritte Wort."""
    return worte[0] if hier > dort + schwelle else worte[1] if hier < dort - schwelle else worte[2]


def _lesbar(blatt: Ortsblatt) -> str:
    """Für JupyterLab: Botschaft und Eckzahlen."""
    zahlen = "\n".join(f"- **{z.zahl}** {maskiere(f'{z.text}; {z.kreis}')}" for z in blatt.zahlen)
    return f"**{maskiere(blatt.name)}: {maskiere(blatt.botschaft)}**\n\n{zahlen}"
