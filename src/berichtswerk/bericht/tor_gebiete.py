"""Das Gateway für Gebiete im Vergleich und den Altersaufbau: Karte, kleine Vielfache, Hantel, Pyramide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, Unpack

from berichtswerk.bericht.altersaufbau import Aufbau, frueheres_jahr, lies_aufbau
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.grundlage import RAUM, Inhalt
from berichtswerk.bericht.tor_abbildungen import Abbildungen, Texte, brueche_von, im_rahmen
from berichtswerk.bild import reihenbild as bild
from berichtswerk.gegenstand.gegenstaende import Abbildung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Serie

if TYPE_CHECKING:
    from berichtswerk.fach.reihe import Reihe


class Gebietsbilder(Abbildungen):
    """Kommunen stehen immer in fester Reihenfolge, der Wert des ganzen Gebiets daneben; keine Rangfolge."""

    def karte(
        self,
        kennzahl: Inhalt,
        *,
        label: str,
        jahr: int | None = None,
        nach: str = "einheiten",
        grenzen: Sequence[float] | None = None,
        mitte: float | None = None,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Karte der Kommunen: Flächen, wenn eine Quelle mit Grenzen (geojson) da ist, sonst Kacheln.

        Args:
            kennzahl: id oder Reihe; nur Quoten und andere bezogene Werte, absolute Zahlen täuschen auf
                Flächen.
            label: ``fig-…``.
            jahr: Vorgabe ist das jüngste mit Werten für die meisten.
            nach: Gliederung, meist „einheiten“.
            grenzen: bis zu vier innere Klassengrenzen.
            mitte: bedeutsame Mitte (etwa 0) für zweiseitige Farben.
            texte: siehe :class:`~berichtswerk.bericht.tor_abbildungen.Texte`.
        """
        from berichtswerk.bericht.kartenbild import zeichne_karte

        gebiete = self.gegliedert(nach)
        alle, jahr, reihen = self.ein_jahr([kennzahl], gebiete, jahr)
        if jahr is None or not bild.mit_zahl(reihen[0]):
            return self.fehlt(label, texte.get("was") or self.namen([kennzahl]), nach=nach)
        wahl = {
            "thema": self.thema, "bezug": self.bezug(alle[0], jahr), "grenzen": grenzen, "mitte": mitte,
            "raum": RAUM.get(nach, "Gebieten"), "befund": texte.get("befund"), "alt": texte.get("alt"),
        }  # fmt: skip
        punkte = {
            g.schluessel: bild.punkt(self.name_von(g), alle[0].wert(g.schluessel, jahr)) for g in gebiete
        }
        angaben = self.angaben(reihen, [self.gebiet], texte, bild.zeit(reihen, jahr))
        diagramm, quelle = zeichne_karte(self, gebiete, punkte, angaben, wahl)
        if diagramm is None:
            return self.fehlt(label, self.namen([kennzahl]), "Für diese Gebiete gibt es keine Karte.")
        gezeigt = [bild.auswahl(alle[0], [*gebiete, self.gebiet], lambda w: w.jahr == jahr)]
        return self.abgabe(label, diagramm, gezeigt, [self.gebiet], texte, nach=nach, quellen=quelle)

    def vielfache(
        self,
        *kennzahlen: Inhalt,
        label: str,
        nach: str | Sequence[str] = "einheiten",
        von: int | None = None,
        bis: int | None = None,
        spalten: int = 3,
        null: bool = False,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Kleine Bilder mit gleichen Achsen.

        Eine Kennzahl: je Kommune ein Bild neben dem Wert des ganzen Gebiets. Mehrere (gleiche Einheit): je
        Kennzahl ein Bild für das Gebiet.
        """
        from berichtswerk.bild.formen.vielfache import kleine_vielfache

        if len(kennzahlen) != 1:
            reihen, serien, _ = self.jahresreihen(kennzahlen, (), von, bis)
            vergleich, nach = None, ""
        else:
            reihen, serien, vergleich = self._teilreihen(kennzahlen[0], nach, von, bis)
        if not any(s.mit_zahl() for s in serien):
            return self.fehlt(label, texte.get("was") or self.namen(kennzahlen), nach=nach)
        diagramm = kleine_vielfache(
            serien, self.angaben(reihen, [self.gebiet], texte), thema=self.thema, spalten=spalten, null=null,
            vergleich=vergleich, brueche=brueche_von(reihen), raum=RAUM.get(str(nach), "Bereichen"),
            befund=texte.get("befund"), alt=texte.get("alt"),
        )  # fmt: skip
        return self.abgabe(label, diagramm, reihen, [self.gebiet], texte, nach=nach)

    def _teilreihen(
        self, kennzahl: Inhalt, nach: str | Sequence[str], von: int | None, bis: int | None
    ) -> tuple[list[Reihe], list[Serie], Serie | None]:
        """Je Teilgebiet eine Serie und die des ganzen Gebiets (nicht bei absoluten Zahlen)."""
        gebiete = self.gegliedert(nach)
        alle, _, _ = self.ein_jahr([kennzahl], gebiete, None)
        if not alle:
            return [], [], None
        # nur Jahre, in denen auch Teile eine Zahl haben; sonst wäre fast die ganze Achse leer
        jahre = {w.jahr for w in bild.mit_zahl(bild.auswahl(alle[0], gebiete, lambda w: True))}
        mit_ganzem = [] if alle[0].kennzahl.art in {"anzahl", "saldo"} else [self.gebiet]
        reihe = bild.auswahl(
            alle[0], [*gebiete, *mit_ganzem], lambda w: w.jahr in jahre and im_rahmen(w.jahr, von, bis)
        )
        serien = [bild.ueber_jahre(reihe, g, self.name_von(g), "teil") for g in gebiete]
        ganzes = bild.ueber_jahre(reihe, self.gebiet, self.name_von(self.gebiet), "vergleich")
        return [reihe], serien, ganzes if mit_ganzem and ganzes.mit_zahl() else None

    def hantel(
        self,
        kennzahl: Inhalt,
        *,
        label: str,
        jahre: tuple[int, int],
        nach: str | Sequence[str] = "einheiten",
        null: bool = False,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Zwei Zeitpunkte je Gebiet (hohl: früher, gefüllt: später) mit dem Wert des ganzen Gebiets."""
        from berichtswerk.bild.formen.hantel import hantel

        gebiete = self.gegliedert(nach)
        alle, _, _ = self.ein_jahr([kennzahl], gebiete, None)
        if not alle:
            return self.fehlt(label, texte.get("was", ""), nach=nach)
        reihe = bild.auswahl(alle[0], gebiete, lambda w: w.jahr in jahre)
        if {w.jahr for w in bild.mit_zahl(reihe)} != set(jahre):
            return self.fehlt(label, self.namen([kennzahl]), nach=nach)
        frueher, spaeter = (
            bild.mit_namen(
                bild.ueber_gebiete(reihe, gebiete, j, self.name_von, "teil"), bild.zeit([reihe], j)
            )
            for j in jahre
        )
        absolut = reihe.kennzahl.art in {"anzahl", "saldo"}
        bezug = None if absolut else self.bezug(alle[0], jahre[1])
        diagramm = hantel(
            frueher, spaeter, self.angaben([reihe], [self.gebiet], texte), thema=self.thema, bezug=bezug,
            brueche=brueche_von([reihe]), raum=RAUM.get(str(nach), "Gebieten"), null=null,
            befund=texte.get("befund"), alt=texte.get("alt"),
        )  # fmt: skip
        if bezug:
            reihe = bild.auswahl(
                alle[0], [*gebiete, self.gebiet],
                lambda w: w.jahr in jahre and (w.gebiet != self.gebiet.schluessel or w.jahr == jahre[1]),
            )  # fmt: skip
        return self.abgabe(label, diagramm, [reihe], [self.gebiet], texte, nach=nach)

    def pyramide(
        self,
        quelle: str,
        *,
        label: str,
        groesse: str = "einwohner",
        jahr: int | None = None,
        vergleich: int | Literal["vorher"] | None = "vorher",
        schritt: int = 5,
        **texte: Unpack[Texte],
    ) -> Anzeige:
        """Altersaufbau nach Geschlecht aus einer Quelle mit ``alter_von``, ``alter_bis``, ``geschlecht``.

        Args:
            quelle: Name der Quelle; gibt es sie nicht, steht das statt der Abbildung da.
            label: ``fig-…``.
            groesse: Messgröße der Quelle.
            jahr: Vorgabe ist das jüngste bis zum Datenstand.
            vergleich: Jahr des Umrisses (dann in Prozent der jeweiligen Bevölkerung); „vorher“ ist das
                jüngste frühere, ``None`` keines.
            schritt: Breite der Altersgruppen in Jahren; Gruppen der Quelle werden nie geteilt.
            texte: siehe :class:`~berichtswerk.bericht.tor_abbildungen.Texte`.
        """
        from berichtswerk.bild.formen.pyramide import pyramide

        if quelle not in self.bestand.quellen:
            return self.fehlt(label, "Altersaufbau")
        werte = self.daten(quelle)
        lies = partial(lies_aufbau, werte, quelle, self.gebiet.schluessel, groesse, schritt=schritt)
        aufbau = lies(jahr=jahr)
        if aufbau is None:
            return self.fehlt(label, "Altersaufbau")
        damals = (
            frueheres_jahr(werte, self.gebiet.schluessel, aufbau.jahr) if vergleich == "vorher" else vergleich
        )
        frueher = lies(jahr=damals, grenzen=aufbau.grenzen) if damals else None
        if frueher is not None and frueher.grenzen != aufbau.grenzen:
            aufbau = lies(jahr=aufbau.jahr, grenzen=frueher.grenzen) or aufbau
        if frueher is None and vergleich not in (None, "vorher"):
            return self.fehlt(label, f"Altersaufbau {vergleich}")
        zeit = str(aufbau.jahr) if frueher is None else f"{aufbau.jahr} und {frueher.jahr}"
        angaben = Angaben("Altersaufbau", self.gebiet.name, "Personen", artikel="der", zeit=zeit)
        diagramm = pyramide(
            aufbau.maenner, aufbau.frauen, angaben, thema=self.thema, anteil=frueher is not None,
            vergleich=(frueher.maenner, frueher.frauen) if frueher else None,
            vergleich_name=str(frueher.jahr) if frueher else "",
            befund=texte.get("befund"), alt=texte.get("alt"),
        )  # fmt: skip
        return self._pyramide(label, quelle, diagramm, [a for a in (aufbau, frueher) if a], texte)

    def _pyramide(
        self, label: str, quelle: str, diagramm: Diagramm, aufbauten: Sequence[Aufbau], texte: Texte
    ) -> Anzeige:
        jahre = " und ".join(str(a.jahr) for a in aufbauten)
        einheit = "Personen" if len(aufbauten) == 1 else "in % der Bevölkerung"
        basen = dict.fromkeys(f"Grundlage {a.jahr}: {a.basis}." for a in aufbauten if a.basis)
        zusatz = f", {jahre} ({einheit})"
        return self.gib(
            Abbildung(
                label=label, befund=diagramm.befund, alt=diagramm.alt, form=diagramm.form, spec=diagramm.spec,
                unterschrift=texte.get("unterschrift") or f"Altersaufbau {self.ort()}{zusatz}",
                beleg=self.beleg_frei([quelle], hinweise=(*diagramm.hinweise, *basen)),
                daten=bild.aus_datentafel(diagramm.daten),
                werte=tuple(n for a in aufbauten for n in a.nachweise),
            )
        )  # fmt: skip

    def bezug(self, reihe: Reihe, jahr: int) -> tuple[str, float | None] | None:
        """Name und Wert des ganzen Gebiets, der neben denen der Teile steht."""
        wert = reihe.wert(self.gebiet.schluessel, jahr)
        return (self.name_von(self.gebiet), wert.wert) if wert and wert.wert is not None else None
