"""Das Gateway für Tabellen und Eckwerte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from berichtswerk.bericht import kennzahltabellen
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.grundlage import Inhalt
from berichtswerk.bericht.kennzahltabellen import Gebaut
from berichtswerk.bericht.tor_abbildungen import spannenhinweise
from berichtswerk.bericht.tor_gebiete import Gebietsbilder
from berichtswerk.bericht.verlaufstabelle import kennzahlen_und_jahre
from berichtswerk.bild import reihenbild as bild
from berichtswerk.fach.rechenreihe import voraus_ab
from berichtswerk.gegenstand.gegenstaende import Tabelle, Tabellenmodell
from berichtswerk.tabelle.tabelle import rundungshinweis, zeichenerklaerung
from berichtswerk.tabelle.tabellenbau import aus_frame
from berichtswerk.worte.belegzeilen import definitionen


class Tabellentexte(TypedDict, total=False):
    """Was gerechnete Texte ersetzt oder ergänzt."""

    was: str
    unterschrift: str
    befund: str
    hinweise: Sequence[str]


class Tabellen(Gebietsbilder):
    """Tabellen aus Kennzahlen oder aus einem DataFrame."""

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
            texte: siehe :class:`Tabellentexte`; bei einem DataFrame ist ``unterschrift`` Pflicht.

        Raises:
            BerichtswerkFehler: unbekannte Kennzahl oder Quelle.
            ValueError: DataFrame ohne Quelle oder Unterschrift.
        """
        if inhalt and hasattr(inhalt[0], "columns"):
            modell = aus_frame(
                inhalt[0],
                spalten=spalten,
                stellen=stellen,
                gruppe=gruppe,
                summen=summen,
                vorzeichen=vorzeichen,
            )
            return self._freie_tabelle(modell, label, quellen, texte)
        if nach == "jahre":
            gebaut = kennzahltabellen.nach_jahren(self, inhalt, vergleich, von, bis, nur=jahre)
        elif nach == "kennzahlen" and jahre:
            gebaut = kennzahlen_und_jahre(self, inhalt, tuple(jahre), gruppen or {}, zusatz or {})
        elif nach == "kennzahlen":
            gebaut = kennzahltabellen.nach_kennzahlen(self, inhalt, vergleich, jahr)
        elif jahre:
            gebaut = kennzahltabellen.gebiete_und_jahre(
                self, inhalt, nach, tuple(jahre), vergleich=vergleich, veraenderung=veraenderung
            )
        else:
            gebaut = kennzahltabellen.nach_gebieten(self, inhalt, nach, vergleich, jahr)
        if gebaut is None:
            return self.fehlt(label, texte.get("was") or self.namen(inhalt), nach=nach)
        return self._tabelle(gebaut, label, texte)

    def _tabelle(self, gebaut: Gebaut, label: str, texte: Tabellentexte) -> Anzeige:
        jahre = [w.jahr for r in gebaut.reihen for w in bild.mit_zahl(r)]
        was = texte.get("was") or self.namen(gebaut.reihen)
        voraus = voraus_ab(w for r in gebaut.reihen for w in r)
        return self.gib(
            Tabelle(
                label=label,
                befund=texte.get("befund", ""),
                unterschrift=texte.get("unterschrift")
                or self.beschriftung(was, gebaut.einheit, gebaut.orte, jahre, voraus),
                tabelle=gebaut.modell,
                beleg=self.beleg(
                    gebaut.reihen,
                    (
                        *texte.get("hinweise", ()),
                        *gebaut.hinweise,
                        *spannenhinweise(gebaut.reihen, "tabelle"),
                        *_hinweise(gebaut.modell),
                    ),
                    definitionen([r.kennzahl for r in gebaut.reihen]),
                ),
                werte=(*self.nachweise(gebaut.reihen, label), *gebaut.abgeleitet),
            )
        )

    def _freie_tabelle(
        self, modell: Tabellenmodell, label: str, quellen: Sequence[str], texte: Tabellentexte
    ) -> Anzeige:
        if not quellen or not texte.get("unterschrift"):
            raise ValueError("Eine Tabelle aus einem DataFrame braucht quellen=[…] und unterschrift=„…“.")
        return self.gib(
            Tabelle(
                label=label,
                befund=texte.get("befund", ""),
                unterschrift=texte["unterschrift"],
                tabelle=modell,
                beleg=self.beleg_frei(quellen, hinweise=(*texte.get("hinweise", ()), *_hinweise(modell))),
            )
        )


def _hinweise(modell: Tabellenmodell) -> tuple[str, ...]:
    return tuple(h for h in (rundungshinweis(modell), zeichenerklaerung(modell)) if h)
