"""Das Gateway für Abbildungen: aus Kennzahlen werden Linien und Säulen mit allen Texten darum herum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.grundlage import RAUM, Inhalt
from berichtswerk.bericht.tor_rechnung import Rechnungen
from berichtswerk.bild import reihenbild as bild
from berichtswerk.fach.rechenreihe import voraus_ab
from berichtswerk.gegenstand.gegenstaende import Abbildung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Rolle, Serie
from berichtswerk.worte.befundnachweis import befundnachweise

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.reihe import Bruch, Reihe

Saeulenart = Literal["gruppiert", "gestapelt", "anteil", "gegenlaeufig"]


class Texte(TypedDict, total=False):
    """Was gerechnete Texte ersetzt; alles ist freiwillig."""

    was: str
    """Gemeinsamer Name, wenn mehrere Kennzahlen gezeigt werden („Betreute Kinder nach Alter“)."""
    unterschrift: str
    befund: str
    alt: str


class Abbildungen(Rechnungen):
    """Linien und Säulen; fehlen die Daten, kommt ein Platzhalter mit Grund statt einer leeren Abbildung."""

    def linie(
        self,
        *kennzahlen: Inhalt,
        label: str,
        vergleich: Sequence[str] | None = None,
        von: int | None = None,
        bis: int | None = None,
        null: bool = False,
        band: bool = True,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Veränderung über Jahre: eine Kennzahl mit Vergleichsgebieten, oder mehrere für das Gebiet.

        Args:
            kennzahlen: ids oder Reihen; mehrere (auch Szenarien) brauchen dieselbe Einheit.
            label: ``fig-…`` für Verweise im Text.
            vergleich: Ebenen („land“, „bund“, „kreis“) oder Schlüssel; Vorgabe je nach Ebene
                (bei absoluten Zahlen keine), ``()`` für keine.
            von: erstes Jahr.
            bis: letztes Jahr; nie jünger als der Datenstand der Ausgabe.
            null: Werteachse bei null beginnen.
            band: Spannen als Band zeigen.
            texte: siehe :class:`Texte`.
        """
        from berichtswerk.bild.formen.linie import linie

        reihen, serien, orte = self.jahresreihen(kennzahlen, vergleich, von, bis)
        if not _etwas_da(reihen):
            return self.fehlt(label, self._was(kennzahlen, texte))
        diagramm = linie(
            serien, self.angaben(reihen, orte, texte), thema=self.thema, null=null, band=band,
            brueche=brueche_von(reihen),
            befund=texte.get("befund"), alt=texte.get("alt"),
        )  # fmt: skip
        return self.abgabe(label, diagramm, reihen, orte, texte)

    def saeulen(
        self,
        *kennzahlen: Inhalt,
        label: str,
        nach: str | Sequence[str] = "jahre",
        art: Saeulenart = "gruppiert",
        vergleich: Sequence[str] | None = (),
        jahr: int | None = None,
        von: int | None = None,
        bis: int | None = None,
        geordnet: bool = False,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Säulen über Jahre (``nach="jahre"``) oder Balken über Gebiete.

        Args:
            kennzahlen: ids oder Reihen; mehrere (gleiche Einheit) stehen nebeneinander oder gestapelt.
            label: ``fig-…``.
            nach: „jahre“, „einheiten“, „planungsgebiete“, „gemeinden“, „kreise“, eine Liste von Gebieten
                oder „vergleich“ (das Gebiet und seine Vergleichsgebiete).
            art: gruppiert, gestapelt, anteil (auf 100 %) oder gegenlaeufig (Zu- und Fortzüge).
            vergleich: Vergleichsgebiete über Jahre; Vorgabe keine.
            jahr: Jahr beim Vergleich von Gebieten; Vorgabe ist das jüngste mit Werten für die meisten.
            von: erstes Jahr.
            bis: letztes Jahr.
            geordnet: Serien sind Stufen (Altersgruppen) und werden als Stufen einer Farbe gezeigt.
            texte: siehe :class:`Texte`.
        """
        from berichtswerk.bild.formen.saeulen import saeulen

        if nach != "jahre":
            return self._balken(kennzahlen, label, nach, jahr, texte=texte, art=art, geordnet=geordnet)
        reihen, serien, orte = self.jahresreihen(kennzahlen, vergleich, von, bis)
        if not _etwas_da(reihen):
            return self.fehlt(label, self._was(kennzahlen, texte))
        diagramm = saeulen(
            serien, self.angaben(reihen, orte, texte), thema=self.thema, art=art, geordnet=geordnet,
            brueche=brueche_von(reihen), befund=texte.get("befund"), alt=texte.get("alt"),
        )  # fmt: skip
        return self.abgabe(label, diagramm, reihen, orte, texte)

    def _balken(
        self, kennzahlen: Sequence[Inhalt], label: str, nach: str | Sequence[str], jahr: int | None,
        *, texte: Texte, **form: Any,
    ) -> Anzeige:  # fmt: skip
        from berichtswerk.bild.formen.saeulen import balken

        gebiete = self.gegliedert(nach)
        alle, jahr, reihen = self.ein_jahr(kennzahlen, gebiete, jahr)
        if jahr is None or not _etwas_da(reihen):
            return self.fehlt(label, self._was(kennzahlen, texte), nach=str(nach))
        rolle: Rolle = "fokus" if len(reihen) == 1 else "teil"
        serien = [bild.ueber_gebiete(r, gebiete, jahr, self.name_von, rolle) for r in reihen]
        # neben der Summe des ganzen Gebiets wären die Balken der Teile Stummel
        mit_bezug = len(alle) == 1 and nach != "vergleich" and alle[0].kennzahl.art not in {"anzahl", "saldo"}
        kreis = alle[0].wert(self.gebiet.schluessel, jahr) if mit_bezug else None
        bezug = (self.name_von(self.gebiet), kreis.wert) if kreis and kreis.wert is not None else None
        diagramm = balken(
            serien, self.angaben(reihen, [self.gebiet], texte, bild.zeit(reihen, jahr)),
            thema=self.thema, bezug=bezug, raum=RAUM.get(str(nach), "Gebieten"),
            befund=texte.get("befund"), alt=texte.get("alt"), **form,
        )  # fmt: skip
        if bezug:
            reihen = [bild.auswahl(r, [*gebiete, self.gebiet], lambda w: w.jahr == jahr) for r in alle]
        return self.abgabe(label, diagramm, reihen, [self.gebiet], texte, nach=nach)

    def abbildung(
        self,
        chart: Any,
        *,
        label: str,
        unterschrift: str,
        alt: str,
        quellen: Sequence[str] = (),
        befund: str = "",
        daten: Any = None,
        kennzahlen: Sequence[str] = (),
    ) -> Anzeige:
        """Eine freie Altair-Abbildung.

        Args:
            chart: ``alt.Chart`` oder eine Vega-Lite-Spezifikation; Daten müssen in der Abbildung stehen.
            label: ``fig-…``.
            unterschrift: was, wo, wann, Einheit.
            alt: Alternativtext; er lässt sich hier nicht rechnen.
            quellen: Namen der Quellen (``daten/quellen/<name>.yaml``).
            befund: der eine Satz über der Abbildung.
            daten: DataFrame für die Datentabelle hinter der Abbildung; Vorgabe sind die Daten der Abbildung.
            kennzahlen: ids, deren Definition darunter stehen soll.
        """
        from berichtswerk.bild.frei import daten_von, spezifikation
        from berichtswerk.tabelle.tabellenbau import aus_frame

        spec = spezifikation(chart, self.thema, alt)
        definition = " ".join(self.katalog.finde(k).definition for k in kennzahlen)
        return self.gib(
            Abbildung(
                label=label, befund=befund, unterschrift=unterschrift, alt=alt, spec=spec, form="frei",
                beleg=self.beleg_frei(quellen, definition),
                daten=aus_frame(daten_von(spec) if daten is None else daten, stellen=2),
            )
        )  # fmt: skip

    # --- Bausteine -----------------------------------------------------------------------------------

    def jahresreihen(
        self, kennzahlen: Sequence[Inhalt], vergleich: Sequence[str] | None, von: int | None, bis: int | None
    ) -> tuple[list[Reihe], list[Serie], list[Gebiet]]:
        """Reihen, Serien und Gebiete einer Abbildung über Jahre."""
        inhalte = [k for k in kennzahlen if k is not None]
        allein = len(inhalte) == 1
        if allein and vergleich is None and self.beschreibung(inhalte[0]).art in {"anzahl", "saldo"}:
            vergleich = ()  # neben den Millionen des Bundes wäre das Gebiet ein Strich am Boden
        orte = [self.gebiet, *(self.vergleichsgebiete(vergleich) if allein else [])]
        gebiete = list(dict.fromkeys([*self.standardgebiete, *(g.schluessel for g in orte)]))
        reihen = [
            bild.auswahl(bild.je_jahr(self.reihe(k, gebiete)), orte, lambda w: im_rahmen(w.jahr, von, bis))
            for k in inhalte
        ]
        if not allein:
            serien = [bild.ueber_jahre(r, self.gebiet, r.kennzahl.name, "teil") for r in reihen]
            return reihen, [s for s in serien if s.mit_zahl()], orte
        vorhanden = [g for g in orte if any(w.gebiet == g.schluessel for w in bild.mit_zahl(reihen[0]))]
        serien = [
            bild.ueber_jahre(reihen[0], g, self.name_von(g), "fokus" if g == self.gebiet else "vergleich")
            for g in vorhanden
        ]
        # ohne eigenen Wert ist die Abbildung keine Aussage über das Gebiet
        return (reihen, serien, vorhanden) if self.gebiet in vorhanden else ([], [], orte)

    def ein_jahr(
        self, kennzahlen: Sequence[Inhalt], gebiete: Sequence[Gebiet], jahr: int | None
    ) -> tuple[list[Reihe], int | None, list[Reihe]]:
        """Reihen aller Gebiete samt eigenem, das Jahr, und die Reihen nur mit den gezeigten Werten."""
        schluessel = list(dict.fromkeys([*(g.schluessel for g in gebiete), *self.standardgebiete]))
        alle = [bild.je_jahr(self.reihe(k, schluessel)) for k in kennzahlen if k is not None]
        gewaehlt = jahr if jahr is not None else bild.bestes_jahr(alle, gebiete)
        return alle, gewaehlt, [bild.auswahl(r, gebiete, lambda w: w.jahr == gewaehlt) for r in alle]

    def gegliedert(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Die Gebiete einer Gliederung; „vergleich“ ist das Gebiet mit seinen Vergleichsgebieten."""
        if nach == "vergleich":
            return [self.gebiet, *self.vergleichsgebiete()]
        return self.teilgebiete(nach)

    def angaben(
        self, reihen: Sequence[Reihe], orte: Sequence[Gebiet], texte: Texte, zeit: str = ""
    ) -> Angaben:
        """Was gezeigt wird, für Befund und Alternativtext."""
        wo = ", ".join(g.name for g in orte)
        return bild.angaben([r.kennzahl for r in reihen], wo, texte.get("was"), zeit)

    def _was(self, kennzahlen: Iterable[Inhalt], texte: Texte) -> str:
        return texte.get("was") or self.namen(kennzahlen)

    def abgabe(
        self,
        label: str,
        diagramm: Diagramm,
        reihen: Sequence[Reihe],
        orte: Sequence[Gebiet],
        texte: Texte,
        *,
        nach: str | Sequence[str] = "",
        quellen: Sequence[str] = (),
    ) -> Anzeige:
        """Die fertige Abbildung: Unterschrift, Beleg, Datentabelle, Nachweise; ``quellen`` kommen dazu."""
        gezeigt = [r for r in reihen if len(r)]
        jahre = [w.jahr for r in gezeigt for w in bild.mit_zahl(r)]
        kennzahlen = [r.kennzahl for r in gezeigt]
        was = f"{self._was(gezeigt, texte)} {NACH.get(str(nach), '')}".strip()
        einheit = bild.gemeinsame_einheit(kennzahlen)[0]
        voraus = voraus_ab(w for r in gezeigt for w in r)
        unterschrift = self.beschriftung(was, einheit, orte, jahre, voraus)
        angaben = self.angaben(gezeigt, orte, texte)
        gerechnet = befundnachweise(diagramm.befund, gezeigt, orte, angaben, brueche_von(gezeigt))
        return self.gib(
            Abbildung(
                label=label,
                befund=diagramm.befund,
                unterschrift=texte.get("unterschrift") or unterschrift,
                alt=diagramm.alt,
                form=diagramm.form,
                spec=diagramm.spec,
                beleg=self.beleg(
                    gezeigt, (*diagramm.hinweise, *spannenhinweise(gezeigt, diagramm.form)), weitere=quellen
                ),
                daten=bild.aus_datentafel(diagramm.daten),
                werte=(*self.nachweise(gezeigt, label), *gerechnet),
            )
        )


_ZEIGEN = {"linie": "Band", "balken": "Feine Striche", "saeulen": "Feine Striche", "tabelle": "In Klammern"}


def spannenhinweise(reihen: Iterable[Reihe], form: str) -> tuple[str, ...]:
    """„Band: 95-%-Intervall“, je Art der Spanne einmal; leer, wo die Form keine Spannen zeigt."""
    baender = dict.fromkeys(
        getattr(r.kennzahl, "band", "") for r in reihen if any(w.unten is not None for w in r)
    )
    return tuple(f"{_ZEIGEN[form]}: {band}" for band in baender if band and form in _ZEIGEN)


NACH = {gliederung: f"nach {raum}" for gliederung, raum in RAUM.items()}


def im_rahmen(jahr: int, von: int | None, bis: int | None) -> bool:
    """Ob das Jahr in der Spanne liegt; ``None`` heißt ohne Grenze."""
    return (von is None or jahr >= von) and (bis is None or jahr <= bis)


def _etwas_da(reihen: Iterable[Reihe]) -> bool:
    return any(bild.mit_zahl(r) for r in reihen)


def brueche_von(reihen: Iterable[Reihe]) -> list[Bruch]:
    """Alle Brüche der gezeigten Reihen."""
    return sorted({b for r in reihen for b in r.brueche})
