"""Texte: gebundene Zahlen, Überschriften, Platzhalter und alles, womit Texte später aufgelöst werden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from berichtswerk.bericht import bindungsbau
from berichtswerk.bericht.anzeige import Anzeige, im_lauf
from berichtswerk.bericht.fehler import MarkeDoppelt, MarkeForm, UeberschriftEbene
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.gegenstand.gegenstaende import Bindung, Bindungen, Nachweis, Text, Ueberschrift
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.worte.bindung import Ergebnis, gebundene_namen, loese_auf
from berichtswerk.worte.bindungswerte import OhneWert, werte_aus

EBENEN = range(2, 5)
"""Erlaubte Ebenen: 1 ist der Titel des Berichts, unter 4 gliedert niemand mehr."""


class Texte:
    """Texte der Planung, Überschriften aus Schleifen und die gebundenen Namen."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

    def text(self, name: str) -> Anzeige:
        """``texte/<name>.md`` der Ausgabe; gebundene Zahlen werden erst beim Setzen eingesetzt.

        Beim Blick auf ein anderes Gebiet (``b.fuer(…)``) gelten dort gebundene Namen, ``{{ gebiet }}`` und
        Kennzahlen zuerst für dieses.

        Args:
            name: Dateiname ohne Endung; darf in Unterordner zeigen (``einheiten/musterau``).

        Beispiel:
            >>> b.text("auf-einen-blick")
        """
        s = self.sicht
        if s.bereich:
            s.register.bereichstexte.setdefault(s.bereich, set()).add(name)
        return s.gib(Text(name=name, bereich=s.bereich), lambda: self._lesetext(name))

    def ueberschrift(self, text: str, ebene: int = 3, marke: str = "", *, seite: bool = False) -> Anzeige:
        """Eine Überschrift, wo keine Markdown-Zelle stehen kann: in einer Schleife.

        Args:
            text: Wortlaut ohne Auszeichnung.
            ebene: 2 ist ein Kapitel, 3 und 4 gliedern es.
            marke: ``sec-…`` für Verweise im Text (``@sec-…``).
            seite: Der Abschnitt beginnt im PDF auf einer neuen Seite.

        Raises:
            BerichtswerkFehler: ``ueberschrift-ebene``, ``marke-form`` oder ``marke-doppelt``.

        Beispiel:
            >>> b.ueberschrift("Musterau", ebene=3, marke="sec-musterau", seite=True)
        """
        if ebene not in EBENEN:
            raise BerichtswerkFehler(UeberschriftEbene.melde(ebene=ebene))
        if marke:
            self._merke_marke(marke)
        return self.sicht.gib(Ueberschrift(text=text.strip(), ebene=ebene, marke=marke, neue_seite=seite))

    def _merke_marke(self, marke: str) -> None:
        labels = self.sicht.register.labels
        if not re.fullmatch(r"sec-[a-z0-9]+(-[a-z0-9]+)*", marke):
            raise BerichtswerkFehler(MarkeForm.melde(marke=marke))
        if marke in labels and im_lauf():
            raise BerichtswerkFehler(MarkeDoppelt.melde(marke=marke))
        labels.add(marke)

    def fehlt(self, label: str, was: str, grund: str = "", *, nach: str | Sequence[str] = "") -> Anzeige:
        """Platzhalter mit deutschem Grund statt einer leeren Abbildung oder Tabelle.

        Args:
            label: das Label, unter dem sie stünde.
            was: was fehlt („Schulen nach Schulart“).
            grund: Vorgabe ist „Zu „…“ liegen im Landkreis … bis … keine Daten vor.“
            nach: Gliederung, die fehlt („einheiten“).

        Beispiel:
            >>> b.fehlt("tbl-schularten", "Schulen nach Schulart")
        """
        return self.sicht.fehlt(label, was, grund, nach=nach)

    def zahl(
        self, wert: float, *, name: str, quellen: Sequence[str], formel: str, jahr: int | None = None,
        einheit: str = "", stellen: int = 0, art: str = "anzahl", teile: Sequence[Nachweis] = (),
        eingaben: Sequence[Any] = (),
    ) -> Bindung:  # fmt: skip
        """Eine selbst gerechnete Zahl mit Quelle und Formel, zum Binden.

        Args:
            wert: die ungerundete Zahl.
            name: wie sie im Satz heißt.
            quellen: Namen der Quellen, mit denen gerechnet wurde.
            formel: die Rechnung in Worten, für den Nachweis.
            jahr: Vorgabe ist der Datenstand.
            einheit: hinter der Zahl („%“).
            stellen: Nachkommastellen.
            art: wie bei Kennzahlen.
            teile: Nachweise eingegangener Werte.
            eingaben: Auszüge aus ``b.daten(…)`` oder Reihen, die eingingen; Vorgabe: die ganzen Quellen.

        Beispiel:
            >>> b.binde(plaetze=b.zahl(412, name="Plätze", quellen=["kita_plaetze"], formel="Summe"))
        """
        s = self.sicht
        beleg = s.beleg_frei(quellen)
        zeile = "; ".join(q.zeile for q in beleg.quellen)
        return bindungsbau.aus_zahl(
            float(wert), jahr or s.bis or 0, name=name, einheit=einheit, stellen=stellen, formel=formel,
            quelle=zeile, beispiel=beleg.beispiel, art=art, gebiet=s.gebiet.schluessel, teile=teile,
            eingaenge=s.eingaenge(quellen, eingaben),
        )  # fmt: skip

    def binde(self, **namen: Any) -> None:
        """Gibt Reihen, Werten, Zahlen oder Texten einen Namen für die Texte.

        Beim Blick auf ein anderes Gebiet gilt der Name in dessen Texten; im ganzen Bericht nur, solange ihn
        kein zweites Gebiet vergibt.

        Args:
            namen: Name → Reihe, Wert, ``b.zahl(…)`` oder Text.

        Raises:
            TypeError: bei einer nackten Zahl; sie braucht eine Quelle (``b.zahl``).

        Beispiel:
            >>> b.binde(quote=b.kennzahl("arbeitslosenquote"), ort="Musterau")
        """
        s = self.sicht
        for kurz, inhalt in namen.items():
            name = f"{s.bereich}:{kurz}" if s.bereich else kurz
            if isinstance(inhalt, Wert):
                k = s.katalog.finde(inhalt.kennzahl)
                inhalt = Reihe(k, (inhalt,))  # noqa: PLW2901
            if isinstance(inhalt, Reihe):
                s.register.gebunden[name] = bindungsbau.aus_reihe(s, inhalt)
            elif isinstance(inhalt, Bindung):
                s.register.gebunden[name] = inhalt
            elif isinstance(inhalt, str):
                s.register.gebunden[name] = Bindung(art="text", text=inhalt)
            else:
                raise TypeError(f"„{kurz}“: eine Zahl braucht Quelle und Formel; nehmen Sie b.zahl(…).")

    def satz(self, inhalt: str | Reihe, attribut: str = "satz") -> str | None:
        """Ein gerechneter Satz, etwa als ``befund=``; ``None``, wo es keinen gibt.

        Args:
            inhalt: id oder Reihe.
            attribut: wie in Texten: ``satz``, ``satz_vergleich``, ``vorausrechnung_satz``.

        Beispiel:
            >>> b.linie("pflegegeld", "ambulant", label="fig-arten", befund=b.satz("ambulant"))
        """
        try:
            bindung = bindungsbau.aus_reihe(self.sicht, self.sicht.reihe(inhalt))
            return werte_aus(bindung, None, attribut, None).text
        except OhneWert:
            return None

    # --- Bindungen -----------------------------------------------------------------------------------

    def bindung(self, kennung: str) -> Bindung | None:
        """Die Bindung einer Kennzahl für das Gebiet; ``None``, wenn es sie nicht gibt.

        Passt als ``nachrechnen`` zu :func:`berichtswerk.worte.bindung.loese_auf`.
        """
        s = self.sicht
        gebunden = s.register.gebunden
        if s.bereich and (eigene := gebunden.get(f"{s.bereich}:{kennung}")):
            return eigene
        # im Bereich gilt eine Kennzahl für dessen Gebiet, auch wenn der Bericht sie anders gebunden hat
        if kennung in gebunden and not (s.bereich and kennung in s.katalog):
            return gebunden[kennung]
        if kennung not in s.katalog:
            return None
        if kennung not in self._nebenbei:
            self._nebenbei[kennung] = bindungsbau.aus_reihe(s, s.reihe(kennung))
        return self._nebenbei[kennung]

    @property
    def _nebenbei(self) -> dict[str, Bindung]:
        """Bindungen, die erst ein Text verlangt hat; sie gelten nur für das eigene Gebiet."""
        return self.sicht.register.nebenbei.setdefault(self.sicht.bereich, {})

    def bindungen(self) -> Bindungen:
        """Gebiet, Ausgabe, Gebundenes, alle gezeigten Kennzahlen und die, die in den Texten stehen.

        Nicht der ganze Katalog: ein Bericht soll nur von den Daten abhängen, die er braucht.
        """
        s = self.sicht
        for kennung in (*s.register.benutzt, *self._in_texten()):
            self.bindung(kennung)
        datei = s.ausgabe.datei
        ausgabe = {"titel": datei.titel, "stand": zahl.datum(datei.stand), "bis": str(s.bis or "")}
        fest = {
            "gebiet": self._gebietsbindung(),
            "ausgabe": Bindung(art="text", text=s.ausgabe.name, attribute=ausgabe),
        }
        gebunden = s.register.gebunden
        werte = {**gebunden, **fest}
        if s.bereich:
            werte |= self._nebenbei | Bindungen(werte=gebunden).im_bereich(s.bereich).werte | fest
        else:
            werte = {**self._nebenbei, **self._eindeutige(), **werte, **self._aus_bereichen()}
        ebene = s.bestand.gebiete.ebene
        offen = tuple(g.schluessel for g in (*ebene("land"), *ebene("bund")))
        return Bindungen(werte=dict(sorted(werte.items())), offen=offen)

    def _gebietsbindung(self) -> Bindung:
        """Was ``{{ gebiet }}`` und seine Attribute in Texten sagen."""
        s, g = self.sicht, self.sicht.gebiet
        gebiet = {"name": g.name, "kurz": s.name_von(g), "im": s.ort(), "schluessel": g.schluessel}
        ebenen = {
            f"ist_{e}": "ja" if g.ebene == e else "" for e in ("kreis", "land", "planungsgebiet", "einheit")
        }
        return Bindung(art="text", text=g.name, attribute={**gebiet, **ebenen, "ebene": g.ebene})

    def _eindeutige(self) -> dict[str, Bindung]:
        """Namen, die nur ein Bereich vergibt: sie gelten im ganzen Bericht."""
        je_name: dict[str, list[Bindung]] = {}
        for name, bindung in self.sicht.register.gebunden.items():
            bereich, _, kurz = name.rpartition(":")
            if bereich:
                je_name.setdefault(kurz, []).append(bindung)
        return {kurz: liste[0] for kurz, liste in je_name.items() if len(liste) == 1}

    def _aus_bereichen(self) -> dict[str, Bindung]:
        """Was die Texte der Bereiche brauchen: deren Gebiet und die Kennzahlen, die sie nennen."""
        s = self.sicht
        werte: dict[str, Bindung] = {}
        for bereich, namen in s.register.bereichstexte.items():
            dort = Texte(s.fuer(bereich))
            pfade = [p for n in sorted(namen) if (p := s.ausgabe.text(n, s.variante)) is not None]
            verlangt = {n for p in pfade for n in gebundene_namen(p.read_text("utf-8", errors="replace"))}
            werte[f"{bereich}:gebiet"] = dort._gebietsbindung()
            for kennung in sorted(verlangt & set(s.katalog)):
                gefunden = dort.bindung(kennung)
                if gefunden is not None:
                    werte[f"{bereich}:{kennung}"] = gefunden
        return werte

    def _in_texten(self) -> list[str]:
        """Kennzahlen, die in den Texten dieser Ausgabe gebunden sind."""
        texte = sorted((self.sicht.ausgabe.ordner / "texte").glob("**/*.md"))
        namen = {n for t in texte for n in gebundene_namen(t.read_text(encoding="utf-8", errors="replace"))}
        return sorted(namen & set(self.sicht.katalog))

    def loese(self, name: str) -> Ergebnis:
        """Ein Text der Ausgabe mit eingesetzten Zahlen und allen Befunden.

        Raises:
            BerichtswerkFehler: ``text-fehlt``.
        """
        s = self.sicht
        pfad = s.ausgabe.text(name, s.variante)
        if pfad is None:
            raise BerichtswerkFehler(s.ausgabe.text_fehlt(name))
        text = pfad.read_text(encoding="utf-8")
        return loese_auf(text, self.bindungen(), s.projekt.relativ(pfad), self.bindung, s.katalog)

    def _lesetext(self, name: str) -> str:
        """Markdown zum Lesen in JupyterLab, mit Meldungen darunter."""
        try:
            ergebnis = self.loese(name)
        except BerichtswerkFehler as fehler:
            return f"```\n{fehler}\n```"
        meldungen = "\n\n".join(str(m) for m in ergebnis.meldungen)
        return ergebnis.markdown + (f"\n\n```\n{meldungen}\n```" if meldungen else "")
