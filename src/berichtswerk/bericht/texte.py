"""Texte, Überschriften, Platzhalter und gebundene Zahlen, wie das Notizbuch sie nennt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from berichtswerk.bericht.anzeige import Anzeige, im_lauf
from berichtswerk.bericht.fehler import MarkeDoppelt, MarkeForm, UeberschriftEbene
from berichtswerk.bericht.namen import Namen, aus_reihe
from berichtswerk.bericht.sicht import Teil
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.gegenstand.gegenstaende import Bindung, Nachweis, Text, Ueberschrift, Zeitwert
from berichtswerk.gegenstand.nachweis import rechenweg
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.worte.bindungswerte import OhneWert, werte_aus


class Texte(Teil):
    """Texte der Planung, Überschriften aus Schleifen und gebundene Namen."""

    def text(self, name: str) -> Anzeige:
        """``texte/<name>.md`` der Ausgabe; gebundene Zahlen werden erst beim Setzen eingesetzt.

        ``name`` ist der Dateiname ohne Endung, auch mit Unterordner (``einheiten/musterau``). Beim Blick auf
        ein anderes Gebiet (``b.fuer(…)``) gelten dort gebundene Namen, ``{{ gebiet }}`` und Kennzahlen zuerst
        für dieses.

        >>> b.text("auf-einen-blick")
        """
        s = self.sicht
        s.register.texte.setdefault(s.bereich, set()).add(name)
        return s.gib(Text(name=name, bereich=s.bereich), lambda: Namen(s).lesetext(name))

    def ueberschrift(self, text: str, ebene: int = 3, marke: str = "", *, seite: bool = False) -> Anzeige:
        """Eine Überschrift, wo keine Markdown-Zelle stehen kann: in einer Schleife.

        ``text`` ist der Wortlaut ohne Auszeichnung, ``ebene`` 2 ein Kapitel, 3 und 4 gliedern es; ``marke``
        („sec-…“) gilt für Verweise im Text (``@sec-…``), mit ``seite`` beginnt im PDF eine neue Seite.

        Raises:
            BerichtswerkFehler: ``ueberschrift-ebene``, ``marke-form`` oder ``marke-doppelt``.

        >>> b.ueberschrift("Musterau", ebene=3, marke="sec-musterau", seite=True)
        """
        if ebene not in range(2, 5):  # 1 ist der Titel des Berichts, unter 4 gliedert niemand mehr
            raise BerichtswerkFehler(UeberschriftEbene.melde(ebene=ebene))
        if marke:
            if not re.fullmatch(r"sec-[a-z0-9]+(-[a-z0-9]+)*", marke):
                raise BerichtswerkFehler(MarkeForm.melde(marke=marke))
            if marke in self.sicht.register.labels and im_lauf():
                raise BerichtswerkFehler(MarkeDoppelt.melde(marke=marke))
            self.sicht.register.labels.add(marke)
        return self.sicht.gib(Ueberschrift(text=text.strip(), ebene=ebene, marke=marke, neue_seite=seite))

    def fehlt(self, label: str, was: str, grund: str = "", *, nach: str | Sequence[str] = "") -> Anzeige:
        """Platzhalter mit deutschem Grund statt einer leeren Abbildung oder Tabelle.

        ``label`` ist das, unter dem sie stünde, ``was`` sagt, was fehlt („Schulen nach Schulart“), ``nach``
        nennt die Gliederung, die fehlt. Der ``grund`` heißt sonst „Zu „…“ liegen im Landkreis … keine Daten
        vor.“

        >>> b.fehlt("tbl-schularten", "Schulen nach Schulart")
        """
        return self.sicht.fehlt(label, was, grund, nach=nach)

    def zahl(
        self, wert: float, *, name: str, quellen: Sequence[str], formel: str, jahr: int | None = None,
        einheit: str = "", stellen: int = 0, art: str = "anzahl", teile: Sequence[Nachweis] = (),
        eingaben: Sequence[Any] = (),
    ) -> Bindung:  # fmt: skip
        """Eine selbst gerechnete Zahl mit Quelle und Formel, zum Binden.

        ``wert`` ist die ungerundete Zahl, ``name`` heißt sie im Satz, ``formel`` beschreibt die Rechnung in
        Worten, ``quellen`` nennt, womit gerechnet wurde. ``jahr`` ist sonst der Datenstand, ``einheit`` steht
        hinter der Zahl („%“), ``stellen`` sind Nachkommastellen, ``art`` wie bei Kennzahlen. ``teile``:
        Nachweise eingegangener Werte; ``eingaben``: Auszüge aus ``b.daten(…)`` oder Reihen, die eingingen,
        statt der ganzen Quellen.

        >>> b.binde(plaetze=b.zahl(412, name="Plätze", quellen=["kita_plaetze"], formel="Summe"))
        """
        s, zeit = self.sicht, str(jahr or self.sicht.bis or 0)
        beleg = s.beleg_frei(quellen)
        eintrag = Nachweis(
            anzeige=zahl.mit_einheit(zahl.schreibe(float(wert), stellen), einheit), wert=float(wert),
            gebiet=s.gebiet.schluessel, zeit=zeit, rechnung="eigene", teile=tuple(teile),
            weg=rechenweg(name, formel, s.eingaenge(quellen, eingaben)),
        )  # fmt: skip
        return Bindung(
            name=name, kennzahl_art=art, einheit=einheit, stellen=stellen, beispiel=beleg.beispiel,
            quelle="; ".join(q.zeile for q in beleg.quellen), gebiet=s.gebiet.schluessel,
            reihe=(Zeitwert(jahr=int(zeit), zeit=zeit, nachweis=eintrag),),
        )  # fmt: skip

    def binde(self, **namen: Any) -> None:
        """Gibt Reihen, Werten, Zahlen oder Texten einen Namen für die Texte.

        ``namen``: Name → Reihe, Wert, ``b.zahl(…)`` oder Text. Beim Blick auf ein anderes Gebiet gilt der
        Name in dessen Texten; im ganzen Bericht nur, solange ihn kein zweites Gebiet vergibt.

        Raises:
            TypeError: bei einer nackten Zahl; sie braucht eine Quelle (``b.zahl``).

        >>> b.binde(quote=b.kennzahl("arbeitslosenquote"), ort="Musterau")
        """
        s = self.sicht
        for kurz, inhalt in namen.items():
            gebunden = inhalt
            if isinstance(gebunden, Wert):
                gebunden = Reihe(s.katalog.finde(gebunden.kennzahl), (gebunden,))
            if isinstance(gebunden, Reihe):
                s.merke_quellen([gebunden.gebiet(s.gebiet.schluessel)])
                gebunden = aus_reihe(s, gebunden)
            elif isinstance(gebunden, str):
                gebunden = Bindung(art="text", text=gebunden)
            if not isinstance(gebunden, Bindung):
                raise TypeError(f"„{kurz}“: eine Zahl braucht Quelle und Formel; nehmen Sie b.zahl(…).")
            s.register.gebunden[f"{s.bereich}:{kurz}" if s.bereich else kurz] = gebunden

    def satz(self, inhalt: str | Reihe, attribut: str = "satz") -> str | None:
        """Ein gerechneter Satz, etwa als ``befund=``; ``None``, wo es keinen gibt.

        ``inhalt`` ist id oder Reihe, ``attribut`` heißt wie in Texten: ``satz``, ``satz_vergleich``,
        ``vorausrechnung_satz``.

        >>> b.linie("pflegegeld", "ambulant", label="fig-arten", befund=b.satz("ambulant"))
        """
        try:
            return werte_aus(aus_reihe(self.sicht, self.sicht.reihe(inhalt)), None, attribut, None).text
        except OhneWert:
            return None
