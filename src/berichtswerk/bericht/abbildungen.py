"""Abbildungen: aus Kennzahlen werden Linien, Säulen, Karten und Pyramiden mit allen Texten darum herum.

Fehlen die Daten, kommt ein Platzhalter mit Grund statt einer leeren Abbildung. Kommunen stehen immer in
fester Reihenfolge, der Wert des ganzen Gebiets daneben; keine Rangfolge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, get_args

from berichtswerk.bericht import herkunft
from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.altersaufbau import Aufbau, frueheres_jahr, im_vergleich, lies_aufbau, rechne_aufbau
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.fehler import AbbildungAngaben, AbbildungDaten, AchseOhneGrund, KarteAnzahl
from berichtswerk.bericht.sicht import RAUM, Inhalt, Teil, pruefe_angaben, pruefe_wahl
from berichtswerk.bild.formen import FORMEN
from berichtswerk.fach.ereignis import ereignisse_zu
from berichtswerk.fach.veraenderung import voraus_ab
from berichtswerk.gegenstand.gegenstaende import Abbildung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Rolle, Serie
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.worte.aussage import genannte
from berichtswerk.worte.aussage import nachweise as belege_zu
from berichtswerk.worte.befund import geteilt
from berichtswerk.worte.sprache import aufzaehlung, ortsangabe

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Ebene, Gebiet
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.rechenwerk import Gerechnet
    from berichtswerk.fach.reihe import Reihe
    from berichtswerk.fach.veraenderung import Bruch

Kartenart = Literal["flaechen", "symbole"]
Saeulenart = Literal["gruppiert", "gestapelt", "anteil"]


class Texte(TypedDict, total=False):
    """Was gerechnete Texte ersetzt; alles ist freiwillig."""

    was: str
    """Gemeinsamer Name, wenn mehrere Kennzahlen gezeigt werden („Betreute Kinder nach Alter“)."""
    unterschrift: str
    befund: str
    alt: str
    achse: tuple[float, float]
    """Werteachse von, bis; weicht sie von der Kennzahl ab, verlangt sie ``grund``."""
    grund: str
    """Warum Achse oder Klassen hier andere sind als sonst; steht unter der Abbildung."""
    hinweise: Sequence[str]
    """Was beim Lesen zu beachten ist; steht bei der Abbildung."""


class Abbildungen(Teil):
    """Abbildungen aus Kennzahlen und eigenen Reihen.

    Alle ersetzen mit ``texte`` (``was``, ``unterschrift``, ``befund``, ``alt``, ``achse``, ``grund``), was
    sonst gerechnet wird; ``hinweise`` kommen dazu.
    """

    def linie(
        self, *kennzahlen: Inhalt, label: str, vergleich: Sequence[str] | None = None, von: int | None = None,
        bis: int | None = None, null: bool = False, band: bool = True, ereignisse: bool = True,
        **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Veränderung über Jahre: eine Kennzahl mit Vergleichsgebieten, oder mehrere für das Gebiet.

        ``kennzahlen`` sind ids oder Reihen (auch Szenarien) mit derselben Einheit, ``label`` ist „fig-…“ für
        Verweise, ``vergleich`` nennt Ebenen („land“, „bund“, „kreis“) oder Schlüssel (``()``: keine; Vorgabe
        je nach Ebene, bei absoluten Zahlen keine), ``von`` und ``bis`` erstes und letztes Jahr. ``null``:
        Werteachse bei null beginnen; ``band``: Spannen als Band zeigen; ``ereignisse``: was in
        ``daten/ereignisse.yaml`` zu den Kennzahlen steht, beschriften; ``texte`` ersetzen gerechnete.

        >>> b.linie("arbeitslosenquote", label="fig-arbeitslosenquote", von=2010)
        """
        from berichtswerk.bild.formen.linie import linie

        gewaehlt = self.sicht.jahresreihen(kennzahlen, vergleich, von, bis)
        bereich = _bereich(label, gewaehlt[0], gewaehlt[2], texte, null=null)
        dabei = ereignisse_zu(self.sicht.katalog.ereignisse, {r.kennzahl.id for r in gewaehlt[0]})
        form = partial(linie, null=null, band=band, bereich=bereich, ereignisse=dabei if ereignisse else ())
        return self._ueber_jahre(form, kennzahlen, label, gewaehlt, texte)

    def saeulen(
        self, *kennzahlen: Inhalt, label: str, nach: str | Sequence[str] = "jahre",
        art: Saeulenart = "gruppiert", vergleich: Sequence[str] | None = (), jahr: int | None = None,
        von: int | None = None, bis: int | None = None, geordnet: bool = False, **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Säulen über Jahre (``nach="jahre"``) oder Balken über Gebiete.

        ``kennzahlen`` (ids oder Reihen gleicher Einheit) stehen nebeneinander oder gestapelt, ``label`` ist
        „fig-…“. ``nach``: „jahre“, „einheiten“, „planungsgebiete“, „gemeinden“, „kreise“, eine Liste von
        Gebieten oder „vergleich“ (das Gebiet und seine Vergleichsgebiete). ``art``: gruppiert, gestapelt oder
        anteil (auf 100 %). Über Jahre: ``vergleich``, ``von``, ``bis`` wie bei ``linie``; über Gebiete:
        ``jahr``, sonst das jüngste mit Werten für die meisten. ``geordnet``: Serien sind Stufen
        (Altersgruppen) einer Farbe; ``texte`` ersetzen gerechnete.

        >>> b.saeulen("arbeitslosenquote", nach="einheiten", label="fig-quote-kommunen")
        """
        from berichtswerk.bild.formen.saeulen import saeulen

        pruefe_wahl("art", art, get_args(Saeulenart))
        if nach != "jahre":
            return self._balken(kennzahlen, label, nach, jahr, texte=texte, art=art, geordnet=geordnet)
        gewaehlt = self.sicht.jahresreihen(kennzahlen, vergleich, von, bis)
        bereich = _saeulenbereich(label, gewaehlt[0], gewaehlt[2], texte, art)
        form = partial(saeulen, art=art, geordnet=geordnet, bereich=bereich)
        return self._ueber_jahre(form, kennzahlen, label, gewaehlt, texte)

    def _ueber_jahre(
        self, form: Callable[..., Diagramm], kennzahlen: Sequence[Inhalt], label: str,
        gewaehlt: tuple[list[Reihe], list[Serie], list[Gebiet]], texte: Texte,
    ) -> Anzeige:  # fmt: skip
        reihen, serien, orte = gewaehlt
        if not _etwas_da(reihen):
            return self.sicht.fehlt(label, self._was(kennzahlen, texte))
        angaben = _angaben(reihen, orte, texte)
        diagramm = form(serien, angaben, brueche=brueche_von(reihen))
        return self._abgabe(label, diagramm, reihen, orte, texte)

    def _balken(
        self, kennzahlen: Sequence[Inhalt], label: str, nach: str | Sequence[str], jahr: int | None,
        *, texte: Texte, **form: Any,
    ) -> Anzeige:  # fmt: skip
        from berichtswerk.bild.formen.saeulen import balken

        s = self.sicht
        gebiete = s.gegliedert(nach)
        alle, jahr, reihen = s.ein_jahr(kennzahlen, gebiete, jahr)
        if jahr is None or not _etwas_da(reihen):
            return s.fehlt(label, self._was(kennzahlen, texte), nach=str(nach))
        rolle: Rolle = "fokus" if len(reihen) == 1 else "teil"
        serien = [bild.ueber_gebiete(r, gebiete, jahr, s.name_von, rolle) for r in reihen]
        # neben der Summe des ganzen Gebiets wären die Balken der Teile Stummel
        mit_bezug = len(alle) == 1 and nach != "vergleich" and not alle[0].kennzahl.absolut
        bezug = self._bezug(alle[0], jahr) if mit_bezug else None
        diagramm = balken(
            serien, _angaben(reihen, [s.gebiet], texte, bild.zeit(reihen, jahr)),
            bezug=bezug, raum=RAUM.get(str(nach), "Gebieten"),
            bereich=_saeulenbereich(label, reihen, gebiete, texte, form["art"]),
            **form,
        )  # fmt: skip
        if bezug:
            reihen = [bild.auswahl(r, [*gebiete, s.gebiet], {jahr}) for r in alle]
        return self._abgabe(label, diagramm, reihen, [s.gebiet], texte, nach=nach)

    def karte(
        self, kennzahl: Inhalt, *, label: str, jahr: int | None = None, nach: str = "einheiten",
        art: Kartenart | None = None, grenzen: Sequence[float] | None = None, **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Karte der Teile des Gebiets: amtliche Grenzen, wenn ``daten/kreis.yaml`` welche nennt.

        ``kennzahl`` ist id oder Reihe, ``label`` „fig-…“, ``jahr`` sonst das jüngste mit Werten für die
        meisten, ``nach`` die Gliederung. ``art``: „flaechen“ färbt nach Klassen (nur Quoten und andere
        bezogene Werte), „symbole“ zeichnet Kreise; ohne Angabe, was zur Kennzahl passt. ``grenzen``: bis zu
        vier innere Klassengrenzen, wenn die Kennzahl keine nennt (sonst mit ``grund``); ``texte`` ersetzen
        gerechnete.

        Raises:
            BerichtswerkFehler: ``karte-anzahl``; eine Anzahl auf Flächen täuscht.

        >>> b.karte("kinderarmutsquote", label="fig-kinderarmut-kommunen", jahr=2022)
        """
        from berichtswerk.bild.formen.karten import flaechenkarte, gebietsflaechen, symbolkarte

        s = self.sicht
        if art is not None:
            pruefe_wahl("art", art, get_args(Kartenart))
        gebiete = s.gegliedert(nach)
        alle, jahr, reihen = s.ein_jahr([kennzahl], gebiete, jahr)
        if jahr is None or not bild.mit_zahl(reihen[0]):
            return s.fehlt(label, self._was([kennzahl], texte), nach=nach)
        k = alle[0].kennzahl
        if art == "flaechen" and k.absolut:
            raise BerichtswerkFehler(KarteAnzahl.melde(label=label, kennzahl=k.name))
        grund = s.kartengrund(gebiete)
        if grund is None:
            return s.fehlt(label, s.namen([kennzahl]), "Für diese Gebiete gibt es keine Karte.")
        punkte = {g.schluessel: bild.punkt(s.name_von(g), alle[0].wert(g.schluessel, jahr)) for g in gebiete}
        flaechen, untergrund = gebietsflaechen(grund, gebiete, punkte)
        angaben = _angaben(reihen, [s.gebiet], texte, bild.zeit(reihen, jahr))
        wahl: dict[str, Any] = {"untergrund": untergrund, "raum": RAUM.get(nach, "Gebieten")}
        if art == "symbole" or k.absolut:
            diagramm = symbolkarte(flaechen, angaben, **wahl)
        else:
            fest, bezug = _klassen(label, k, grenzen, texte), self._bezug(alle[0], jahr)
            diagramm = flaechenkarte(flaechen, angaben, grenzen=fest, bezug=bezug, **wahl)
        gezeigt = [bild.auswahl(alle[0], [*gebiete, s.gebiet], {jahr})]
        diagramm = replace(diagramm, hinweise=(*diagramm.hinweise, *grund.hinweise))
        return self._abgabe(label, diagramm, gezeigt, [s.gebiet], texte, nach=nach, quellen=grund.quellen)

    def lage(self, *, label: str, **texte: Unpack[Texte]) -> Anzeige:
        """Wo das Gebiet im Kreis liegt: alle Kommunen mit Namen, das Gebiet (oder seine Kommunen) farbig.

        Für den Kreis selbst: seine Kommunen.

        ``label`` ist „fig-…“; ``texte`` ersetzen gerechnete.

        >>> b.fuer("Musterau").lage(label="fig-lage")
        """
        from berichtswerk.bild.formen.karten import gebietsflaechen, lagekarte

        s, verzeichnis = self.sicht, self.sicht.bestand.gebiete
        ebene: Ebene = "gemeinde" if s.gebiet.ebene == "gemeinde" else "einheit"
        gebiete = verzeichnis.kinder(verzeichnis.kreis.schluessel, ebene)
        gezeigt = [g for g in gebiete if verzeichnis.vorfahr(g.schluessel, s.gebiet.ebene) == s.gebiet]
        gezeigt = [] if s.gebiet == verzeichnis.kreis else gezeigt
        grund = s.kartengrund(gebiete) if s.gebiet.ebene not in ("land", "bund") else None
        if grund is None or not (gezeigt or s.gebiet == verzeichnis.kreis):
            return s.fehlt(label, "Lage", f"Eine Karte mit der Lage gibt es {s.ort()} nicht.")
        if grund.art == "liste":
            return s.fehlt(label, "Lage", "Zur Lage der Kommunen sind keine Mittelpunkte angegeben.")
        flaechen, untergrund = gebietsflaechen(grund, gebiete, {})
        wo = (s.gebiet.name, verzeichnis.kreis.name)
        d = lagekarte(flaechen, [g.name for g in gezeigt], wo, untergrund, grenzt=grund.nachbarn)
        d = in_worten(label, d, texte)
        beleg = s.beleg_frei(grund.quellen, hinweise=grund.hinweise)
        unterschrift = texte.get("unterschrift") or (
            f"Lage {ortsangabe(verzeichnis.kreis.name, 'kreis')}" if gezeigt else f"Die Kommunen {s.ort()}"
        )
        return s.gib(
            Abbildung(
                label=label, befund=d.befund, weiter=d.weiter, lesehilfe=d.lesehilfe, alt=d.alt,
                form=d.form, motiv=d.motiv, daten=d.daten, unterschrift=unterschrift, beleg=beleg,
            )
        )  # fmt: skip

    def vielfache(
        self, *kennzahlen: Inhalt, label: str, nach: str | Sequence[str] = "einheiten",
        von: int | None = None, bis: int | None = None, spalten: int = 5, null: bool = False,
        **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Kleine Bilder mit gleichen Achsen.

        Eine der ``kennzahlen`` (id oder Reihe): je Gebiet der Gliederung ``nach`` ein Bild neben dem Wert des
        ganzen Gebiets; mehrere gleicher Einheit: je Kennzahl ein Bild für das Gebiet. ``label`` ist „fig-…“,
        ``von`` und ``bis`` erstes und letztes Jahr, ``spalten`` Bilder stehen nebeneinander; ``null``:
        Werteachse bei null beginnen; ``texte`` ersetzen gerechnete.

        >>> b.vielfache("arbeitslosenanteil", nach="einheiten", label="fig-arbeitslosenanteil")
        """
        from berichtswerk.bild.formen.vielfache import kleine_vielfache

        s = self.sicht
        if len(kennzahlen) != 1:
            reihen, serien, teile = s.jahresreihen(kennzahlen, (), von, bis)
            vergleich, nach = None, ""
        else:
            teile = list(s.gegliedert(nach))
            reihen, serien, vergleich = self._teilreihen(kennzahlen[0], teile, von, bis)
        if not any(x.mit_zahl() for x in serien):
            return s.fehlt(label, self._was(kennzahlen, texte), nach=nach)
        diagramm = kleine_vielfache(
            serien, _angaben(reihen, [s.gebiet], texte), spalten=spalten, null=null, vergleich=vergleich,
            bereich=_bereich(label, reihen, teile, texte, null=null), brueche=brueche_von(reihen),
            raum=RAUM.get(str(nach), "Bereichen"),
        )  # fmt: skip
        return self._abgabe(label, diagramm, reihen, [s.gebiet], texte, nach=nach)

    def _teilreihen(
        self, kennzahl: Inhalt, gebiete: Sequence[Gebiet], von: int | None, bis: int | None
    ) -> tuple[list[Reihe], list[Serie], Serie | None]:
        """Je Teilgebiet eine Serie und die des ganzen Gebiets (nicht bei absoluten Zahlen)."""
        s = self.sicht
        alle, _, _ = s.ein_jahr([kennzahl], gebiete, None)
        if not alle:
            return [], [], None
        # nur Jahre, in denen auch Teile eine Zahl haben; sonst wäre fast die ganze Achse leer
        rahmen = bild.zeitraum(von, bis)
        jahre = {w.jahr for w in bild.mit_zahl(bild.auswahl(alle[0], gebiete, rahmen))}
        mit_ganzem = [] if alle[0].kennzahl.absolut else [s.gebiet]
        reihe = bild.auswahl(alle[0], [*gebiete, *mit_ganzem], jahre)
        serien = [bild.ueber_jahre(reihe, g, s.name_von(g), "teil") for g in gebiete]
        ganzes = bild.ueber_jahre(reihe, s.gebiet, s.name_von(s.gebiet), "vergleich")
        return [reihe], serien, ganzes if mit_ganzem and ganzes.mit_zahl() else None

    def hantel(
        self, kennzahl: Inhalt, *, label: str, jahre: tuple[int, int],
        nach: str | Sequence[str] = "einheiten", null: bool = False, **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Zwei Zeitpunkte je Gebiet (hohl: früher, gefüllt: später) mit dem Wert des ganzen Gebiets.

        ``kennzahl`` ist id oder Reihe, ``label`` „fig-…“, ``jahre`` das frühere und das spätere Jahr,
        ``nach`` die Gliederung; ``null``: Werteachse bei null beginnen; ``texte`` ersetzen gerechnete.

        >>> b.hantel("personen_in_bg_je_1000", jahre=(2021, 2022), label="fig-grundsicherung")
        """
        from berichtswerk.bild.formen.hantel import hantel

        s = self.sicht
        gebiete = s.gegliedert(nach)
        alle, _, _ = s.ein_jahr([kennzahl], gebiete, None)
        if not alle:
            return s.fehlt(label, texte.get("was", ""), nach=nach)
        reihe = bild.auswahl(alle[0], gebiete, jahre)
        if {w.jahr for w in bild.mit_zahl(reihe)} != set(jahre):
            return s.fehlt(label, s.namen([kennzahl]), nach=nach)
        frueher, spaeter = (
            replace(bild.ueber_gebiete(reihe, gebiete, j, s.name_von, "teil"), name=bild.zeit([reihe], j))
            for j in jahre
        )
        bezug = None if reihe.kennzahl.absolut else self._bezug(alle[0], jahre[1])
        diagramm = hantel(
            frueher, spaeter, _angaben([reihe], [s.gebiet], texte), bezug=bezug, null=null,
            bereich=_bereich(label, [reihe], gebiete, texte, null=null), brueche=brueche_von([reihe]),
            raum=RAUM.get(str(nach), "Gebieten"), gruppen=self._gruppen(gebiete),
        )  # fmt: skip
        if bezug:
            gezeigt = bild.auswahl(alle[0], [*gebiete, s.gebiet], jahre)
            frueh_ganz = (s.gebiet.schluessel, jahre[0])
            reihe = replace(gezeigt, werte=tuple(w for w in gezeigt if (w.gebiet, w.jahr) != frueh_ganz))
        return self._abgabe(label, diagramm, [reihe], [s.gebiet], texte, nach=nach)

    def pyramide(
        self, quelle: str, *, label: str, groesse: str = "einwohner", jahr: int | None = None,
        vergleich: int | Literal["vorher", "kreis"] | None = "vorher", schritt: int = 5, ergebnis: str = "",
        **texte: Unpack[Texte],
    ) -> Anzeige:  # fmt: skip
        """Altersaufbau nach Geschlecht aus einer Quelle mit ``alter_von``, ``alter_bis``, ``geschlecht``.

        Gibt es die ``quelle`` nicht, steht das statt der Abbildung da. ``label`` ist „fig-…“, ``groesse`` die
        Messgröße der Quelle, ``jahr`` sonst das jüngste bis zum Datenstand. ``vergleich`` ist das Jahr des
        Umrisses (dann in Prozent der jeweiligen Bevölkerung): „vorher“ das jüngste frühere, „kreis“ der Kreis
        im selben Jahr, ``None`` keines. ``schritt``: Breite der Altersgruppen in Jahren (Gruppen der Quelle
        werden nie geteilt). Mit ``ergebnis`` ist ``quelle`` eine Rechnung, und ``ergebnis`` nennt, wo
        sie die Personen je Altersjahr führt; gezeigt wird dann, als geschätzt, ihr letztes gemessenes Jahr.
        ``texte`` ersetzen gerechnete.

        >>> b.pyramide("bevoelkerung_altersjahre", label="fig-altersaufbau", vergleich=2013)
        """
        from berichtswerk.bild.formen.pyramide import pyramide

        s = self.sicht
        if isinstance(vergleich, str):
            pruefe_wahl("vergleich", vergleich, ("vorher", "kreis"))
        if ergebnis:
            gerechnet = s.rechnung(quelle)
            quellen: Sequence[str] = gerechnet.quellen
            aufbau, frueher = self._gerechneter_aufbau(gerechnet, ergebnis, jahr, vergleich, schritt)
        else:
            quellen = [quelle]
            aufbau, frueher = self._gelieferter_aufbau(quelle, groesse, jahr, vergleich, schritt)
        if aufbau is None:
            return s.fehlt(label, "Altersaufbau")
        if frueher is not None and not (aufbau.vollstaendig and frueher.vollstaendig):
            frueher = None  # Anteile an einer Bevölkerung, von der ein Teil fehlt, gibt es nicht
        if frueher is None and vergleich not in (None, "vorher"):
            return s.fehlt(label, f"Altersaufbau {vergleich}")
        aufbauten = [a for a in (aufbau, frueher) if a]
        zeit, einheit = " und ".join(dict.fromkeys(str(a.jahr) for a in aufbauten)), "Personen"
        angaben = Angaben("Altersaufbau", s.gebiet.name, einheit, artikel="der", zeit=zeit)
        verglichen: dict[str, Any] = {}
        if frueher:
            einheit = "in % der Bevölkerung"
            verglichen = {"vergleich": (frueher.maenner, frueher.frauen), "vergleich_name": str(frueher.jahr)}
            if vergleich == "kreis":
                einheit = f"{einheit}; Umriss: Kreis{_ungleich(aufbau.grenzen)}"
                verglichen |= {"vergleich_name": "Kreis", "im_satz": "im Kreis"}
                if satz := im_vergleich(aufbau, frueher, "im Kreis"):
                    texte = {"befund": satz, **texte}
        anteil = frueher is not None
        d = pyramide(aufbau.maenner, aufbau.frauen, angaben, anteil=anteil, **verglichen)
        d = in_worten(label, d, texte)
        basen = dict.fromkeys(f"Grundlage {a.jahr}: {a.basis}." for a in aufbauten if a.basis)
        unterschrift = texte.get("unterschrift") or f"Altersaufbau {s.ort()}, {zeit} ({einheit})"
        return s.gib(
            Abbildung(
                label=label, befund=d.befund, weiter=d.weiter, lesehilfe=d.lesehilfe, alt=d.alt,
                form=d.form, motiv=d.motiv, unterschrift=unterschrift,
                beleg=s.beleg_frei(quellen, hinweise=(*d.hinweise, *basen)),
                daten=d.daten, werte=tuple(n for a in aufbauten for n in a.nachweise),
            )
        )  # fmt: skip

    def _gelieferter_aufbau(
        self, quelle: str, groesse: str, jahr: int | None, vergleich: int | str | None, schritt: int
    ) -> tuple[Aufbau | None, Aufbau | None]:
        """Der Altersaufbau einer Quelle und der, mit dem er verglichen wird."""
        s = self.sicht
        if quelle not in s.bestand.quellen:
            return None, None
        s.beleg_frei([quelle])
        werte = s.werte(quelle)
        teile = [g.schluessel for g in s.bestand.gebiete.kinder(s.gebiet.schluessel, "gemeinde")]
        lies = partial(lies_aufbau, werte, quelle, s.gebiet.schluessel, groesse, teile, schritt=schritt)
        aufbau = lies(jahr=jahr)
        if aufbau is None:
            return None, None
        if vergleich == "kreis":
            kreis = s.bestand.gebiete.kreis.schluessel
            frueher = lies_aufbau(werte, quelle, kreis, groesse, jahr=aufbau.jahr, schritt=schritt)
        else:
            damals = vergleich if isinstance(vergleich, int) else None
            if vergleich == "vorher":
                damals = frueheres_jahr(werte, s.gebiet.schluessel, aufbau.jahr)
            frueher = lies(jahr=damals, grenzen=aufbau.grenzen) if damals else None
        if frueher is not None and frueher.grenzen != aufbau.grenzen:
            aufbau = lies(jahr=aufbau.jahr, grenzen=frueher.grenzen) or aufbau
        return aufbau, frueher

    def _gerechneter_aufbau(
        self, gerechnet: Gerechnet, ergebnis: str, jahr: int | None, vergleich: int | str | None, schritt: int
    ) -> tuple[Aufbau | None, Aufbau | None]:
        """Dasselbe aus einer Rechnung; „vorher“ gibt es dort nicht, ein Jahr muss genannt sein."""
        s = self.sicht
        lies = partial(rechne_aufbau, gerechnet, ergebnis, schritt=schritt)
        aufbau = lies(s.gebiet.schluessel, jahr=jahr)
        if aufbau is None or vergleich in (None, "vorher"):
            return aufbau, None
        if vergleich == "kreis":
            return aufbau, lies(s.bestand.gebiete.kreis.schluessel, jahr=aufbau.jahr)
        return aufbau, lies(s.gebiet.schluessel, jahr=int(vergleich or 0))

    def abbildung(
        self, chart: Any, *, label: str, unterschrift: str = "", alt: str = "", quellen: Sequence[str] = (),
        befund: str | None = None, daten: Any = None, kennzahlen: Sequence[str] = (), rechnung: str = "",
        eingaben: Sequence[Any] = (),
    ) -> Anzeige:  # fmt: skip
        """Eine freie Altair-Abbildung oder die veränderte Vorlage (``.chart``) einer anderen.

        ``chart`` ist ein ``alt.Chart`` oder eine Vega-Lite-Spezifikation mit ihren Daten, ``label`` „fig-…“.
        Von einer Vorlage bleiben Unterschrift, Befund, Alternativtext, Quellen, Daten und Nachweis, solange
        sie dieselben Daten zeigt; was angegeben ist, geht vor, und das Label darf dasselbe sein.

        Sonst verlangt: ``unterschrift`` (was, wo, wann, Einheit), ``alt`` (Alternativtext), ``quellen``
        (Namen unter ``daten/quellen/``) und ``rechnung`` (wie die Zahlen gerechnet sind, in Worten).
        Freiwillig: ``befund``, der eine Satz darüber; ``daten``, ein DataFrame für die Datentabelle statt der
        Daten der Abbildung; ``kennzahlen``, deren Definition darunter steht; ``eingaben``: Auszüge aus
        ``b.daten(…)`` oder Reihen, die eingingen, statt der ganzen Quellen. Veröffentlicht werden nur die
        Spalten, die zu sehen sind; gefiltert und zusammengefasst wird darum im Notizbuch.

        Raises:
            BerichtswerkFehler: ``abbildung-angaben``, ``abbildung-daten``, ``abbildung-rohdaten`` oder
                ``rechnung-fehlt``.

        >>> linie = b.linie("arbeitslosenquote", label="fig-quote")
        >>> b.abbildung(linie.chart.mark_line(strokeDash=[4, 2]), label="fig-quote")
        """
        from berichtswerk.bild.frei import daten_von, spezifikation
        from berichtswerk.tabelle.tabellenbau import aus_frame, noetige_stellen

        s, von = self.sicht, self._vorlage(chart, label, eigene=bool(alt and quellen))
        if von is not None:
            neu: dict[str, Any] = {"label": label, "alt": alt or von.alt, "form": "frei"}
            neu["unterschrift"] = unterschrift or von.unterschrift
            if befund is not None:
                neu["befund"], neu["weiter"] = geteilt(befund)
            werte = tuple(n.model_copy(update={"ort": label}) if n.ort else n for n in von.werte)
            spec = spezifikation(chart, s.thema, alt or von.alt, label)
            return s.gib(
                von.model_copy(update={**neu, "motiv": {}, "spec": spec, "werte": werte}), ersetzt=von.label
            )
        angaben = {"unterschrift": unterschrift, "alt": alt, "quellen": quellen}
        if fehlend := [name for name, wert in angaben.items() if not wert]:
            raise BerichtswerkFehler(AbbildungAngaben.melde(label=label, fehlend=", ".join(fehlend)))
        definition = " ".join(s.katalog.finde(k).definition for k in kennzahlen)
        beleg, spec = s.beleg_frei(quellen, definition), spezifikation(chart, s.thema, alt, label)
        rahmen = daten_von(spec) if daten is None else daten
        modell = aus_frame(rahmen, stellen=noetige_stellen(rahmen))
        weg = herkunft.Angabe(label, quellen, rechnung, eingaben)
        titel, weiter = geteilt(befund or "")
        return s.gib(
            Abbildung(
                label=label, befund=titel, weiter=weiter, unterschrift=unterschrift, alt=alt, spec=spec,
                form="frei", beleg=beleg, daten=modell,
                werte=herkunft.nachweise(s, modell, rahmen, list(rahmen.columns), weg),
            )
        )  # fmt: skip

    def _vorlage(self, chart: Any, label: str, *, eigene: bool) -> Abbildung | None:
        """Die Abbildung, von deren Vorlage ``chart`` stammt; ``None``, wenn alles eigene Angaben sind."""
        from berichtswerk.bild.frei import namen_in, vorlage, zeigt_daten_von

        spec = chart.to_dict() if hasattr(chart, "to_dict") else chart
        vorlagen = self.sicht.register.vorlagen
        von = next((vorlagen[n] for n in namen_in(spec) if n in vorlagen), None)
        if von is None or zeigt_daten_von(spec, vorlage(von, self.sicht.thema).to_dict()):
            return von
        if eigene:
            return None
        raise BerichtswerkFehler(AbbildungDaten.melde(label=label, vorlage=von.label))

    # --- Bausteine -----------------------------------------------------------------------------------

    def _bezug(self, reihe: Reihe, jahr: int) -> tuple[str, float | None] | None:
        """Name und Wert des ganzen Gebiets, der neben denen der Teile steht."""
        wert = reihe.wert(self.sicht.gebiet.schluessel, jahr)
        return (self.sicht.name_von(self.sicht.gebiet), wert.wert) if wert and wert.wert is not None else None

    def _gruppen(self, gebiete: Sequence[Gebiet]) -> dict[str, str]:
        """Zu Kommunen in mehreren Planungsgebieten, in welchem sie liegen; sonst nichts."""
        finde, name_von = self.sicht.bestand.gebiete.vorfahr, self.sicht.name_von
        oben = {g: finde(g.schluessel, "planungsgebiet") for g in gebiete}
        zu = {name_von(g): p.name for g, p in oben.items() if p is not None and p != g}
        return zu if len(zu) == len(gebiete) and len(set(zu.values())) > 1 else {}

    def _was(self, kennzahlen: Iterable[Inhalt], texte: Texte) -> str:
        return texte.get("was") or self.sicht.namen(kennzahlen)

    def _abgabe(
        self, label: str, diagramm: Diagramm, reihen: Sequence[Reihe], orte: Sequence[Gebiet], texte: Texte,
        *, nach: str | Sequence[str] = "", quellen: Sequence[str] = (),
    ) -> Anzeige:  # fmt: skip
        """Die fertige Abbildung: Unterschrift, Beleg, Datentabelle, Nachweise; ``quellen`` kommen dazu."""
        s, diagramm = self.sicht, in_worten(label, diagramm, texte)
        gezeigt = [r for r in reihen if len(r)]
        jahre = [w.jahr for r in gezeigt for w in bild.mit_zahl(r)]
        gliederung = f" nach {RAUM[str(nach)]}" if str(nach) in RAUM else ""
        einheit = bild.gemeinsame_einheit([r.kennzahl for r in gezeigt])[0]
        voraus = voraus_ab(w for r in gezeigt for w in bild.mit_zahl(r))
        aussagen = diagramm.aussagen
        if texte.get("befund"):
            eigene = genannte(texte["befund"], gezeigt, s.gebiet.schluessel)
            aussagen += tuple(a for a in eigene if a not in aussagen)
        spannen = spannenhinweise(gezeigt, FORMEN[diagramm.form].spanne)
        hinweise = (*texte.get("hinweise", ()), *diagramm.hinweise, *spannen)
        if texte.get("grund"):
            hinweise += (f"Anderer Maßstab als sonst: {texte['grund'].rstrip('.')}.",)
        unterschrift = texte.get("unterschrift") or s.beschriftung(
            self._was(gezeigt, texte) + gliederung, einheit, orte, jahre, voraus
        )
        return s.gib(
            Abbildung(
                label=label, befund=diagramm.befund, weiter=diagramm.weiter,
                lesehilfe=diagramm.lesehilfe, unterschrift=unterschrift,
                alt=diagramm.alt, form=diagramm.form, motiv=diagramm.motiv,
                beleg=s.beleg(gezeigt, hinweise, weitere=quellen), daten=diagramm.daten, aussagen=aussagen,
                werte=(*s.nachweise(gezeigt), *belege_zu(aussagen, gezeigt)),
            )
        )  # fmt: skip


def _ungleich(grenzen: Sequence[float]) -> str:
    """Ob Altersgruppen verschieden breit sind: dann ist ein längerer Balken nicht gleich mehr je Jahrgang."""
    breiten = {b - a for a, b in pairwise(grenzen)}
    return "; Gruppen verschieden breit" if len(breiten) > 1 else ""


_OHNE_ZAHL = re.compile(r"(?<!\S)\.(?=[\s.,;)]|$)")
"""Ein Punkt, wo eine Zahl stehen sollte: „2040 werden hier . Menschen leben“."""


def in_worten(label: str, diagramm: Diagramm, texte: Texte) -> Diagramm:
    """Dieselbe Abbildung mit Befund und Alternativtext, wo sie vorgegeben sind.

    Fehlt einem vorgegebenen Satz eine Zahl („.“, wo ``text`` keine hatte), gilt der berechnete.
    """
    pruefe_angaben(label, texte, Texte)
    if (befund := texte.get("befund")) is not None and not _OHNE_ZAHL.search(befund):
        titel, weiter = geteilt(befund)
        diagramm = replace(diagramm, befund=titel, weiter=weiter)
    if (alt := texte.get("alt")) is not None and not _OHNE_ZAHL.search(alt):
        diagramm = replace(diagramm, alt=alt)
    return diagramm


def _angaben(reihen: Sequence[Reihe], orte: Sequence[Gebiet], texte: Texte, zeit: str = "") -> Angaben:
    """Was gezeigt wird, für Befund und Alternativtext; Grammatik nur, wenn es eine einzige Kennzahl ist."""
    kennzahlen = [r.kennzahl for r in reihen]
    k, allein, was = kennzahlen[0], len(kennzahlen) == 1, texte.get("was")
    einheit, kurz = bild.gemeinsame_einheit(kennzahlen)
    name = (k.name_satz or k.name) if allein else aufzaehlung([k.name for k in kennzahlen])
    return Angaben(
        was=was or name, wo=", ".join(g.name for g in orte), einheit=einheit, einheit_kurz=kurz,
        stellen=max(k.nachkommastellen for k in kennzahlen), anteil=k.art == "anteil",
        artikel=k.artikel if allein and not was else "", plural=allein and not was and k.satz_in_mehrzahl,
        schwelle=k.schwelle_kaum, zufall=k.zufall, zeit=zeit, art=k.art,
        band=next((b for k in kennzahlen if (b := getattr(k, "band", ""))), ""),
    )  # fmt: skip


def _bereich(
    label: str, reihen: Sequence[Reihe], gebiete: Iterable[Gebiet], texte: Texte, *, null: bool
) -> tuple[float, float] | None:
    """Erklärte Werteachse der gezeigten Kennzahlen, mit der Null bei ``null``; ``None`` ohne Erklärung."""
    ebenen = {g.ebene for g in gebiete}
    erklaert = {r.kennzahl.id: a for r in reihen if (a := r.kennzahl.werteachse(ebenen))}
    enden = list(erklaert.values())
    if eigene := texte.get("achse"):
        for kennzahl in erklaert:
            _begruendet(label, kennzahl, texte, "achse", "achse")
        enden = [eigene]
    if not enden:
        return None
    nullpunkt = (0.0,) if null else ()
    return min([a for a, _ in enden] + [*nullpunkt]), max([b for _, b in enden] + [*nullpunkt])


def _saeulenbereich(
    label: str, reihen: Sequence[Reihe], gebiete: Iterable[Gebiet], texte: Texte, art: Saeulenart
) -> tuple[float, float] | None:
    """Säulen stehen auf null; gestapelte Anteile ergeben höchstens 100, andere Stapel ihre Summe."""
    if art == "gruppiert":
        return _bereich(label, reihen, gebiete, texte, null=True)
    if art == "gestapelt" and all(r.kennzahl.einheit_kurz == "%" for r in reihen):
        return (0.0, 100.0)
    return None


def _klassen(
    label: str, kennzahl: Kennzahl, grenzen: Sequence[float] | None, texte: Texte
) -> Sequence[float] | None:
    """Klassengrenzen einer Karte: die der Kennzahl, wenn hier keine (begründet) anderen stehen."""
    if grenzen is not None and kennzahl.klassen:
        _begruendet(label, kennzahl.id, texte, "klassen", "grenzen")
    return grenzen if grenzen is not None else kennzahl.klassen or None


def _begruendet(label: str, kennzahl: str, texte: Texte, schluessel: str, angabe: str) -> None:
    if not texte.get("grund"):
        raise BerichtswerkFehler(
            AchseOhneGrund.melde(label=label, kennzahl=kennzahl, schluessel=schluessel, angabe=angabe)
        )


def spannenhinweise(reihen: Iterable[Reihe], wo: str) -> tuple[str, ...]:
    """„Band: 95-%-Intervall“, je Art der Spanne einmal; leer, wo keine gezeigt werden (``wo`` ist leer)."""
    baender = dict.fromkeys(
        getattr(r.kennzahl, "band", "") for r in reihen if any(w.unten is not None for w in r)
    )
    return tuple(f"{wo}: {band}" for band in baender if band and wo)


def _etwas_da(reihen: Iterable[Reihe]) -> bool:
    return any(bild.mit_zahl(r) for r in reihen)


def brueche_von(reihen: Iterable[Reihe]) -> list[Bruch]:
    """Alle Brüche der gezeigten Reihen."""
    return sorted({b for r in reihen for b in r.brueche})
