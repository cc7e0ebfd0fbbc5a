"""Das Gateway für Texte: gebundene Zahlen, Eckwerte, Abschluss."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from berichtswerk.bericht import bindungsbau, eckwertbau
from berichtswerk.bericht.anzeige import Anzeige, eckwerte_markdown
from berichtswerk.bericht.grundlage import Inhalt
from berichtswerk.bericht.tor_tabellen import Tabellen
from berichtswerk.gegenstand.gegenstaende import (
    Bindung,
    Bindungen,
    Eckwerte,
    Gegenstand,
    Nachweis,
    Text,
)
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.worte import belegzeilen
from berichtswerk.worte.bindung import Ergebnis, gebundene_namen, loese_auf
from berichtswerk.worte.bindungswerte import werte_aus
from berichtswerk.worte.sicht import OhneWert

if TYPE_CHECKING:
    from berichtswerk.fach.reihe import Reihe


@dataclass(eq=False)
class Texte(Tabellen):
    """Texte, Eckwerte und die Bindungen, mit denen Texte später aufgelöst werden."""

    _gebunden: dict[str, Bindung] = field(default_factory=dict)
    _nebenbei: dict[str, Bindung] = field(default_factory=dict)
    """Bindungen, die erst ein Text verlangt hat; sie gelten nur für das eigene Gebiet."""
    _bereich: str = ""
    """Schlüssel des Gebiets beim Blick auf ein anderes; siehe ``fuer``."""
    _bereichstexte: dict[str, tuple[Texte, set[str]]] = field(default_factory=dict)

    def text(self, name: str) -> Anzeige:
        """``texte/<name>.md`` der Ausgabe; gebundene Zahlen werden erst beim Setzen eingesetzt.

        ``name`` darf in Unterordner zeigen (``einheiten/musterau``). Beim Blick auf ein anderes Gebiet
        (``b.fuer(…)``) gelten dort gebundene Namen, ``{{ gebiet }}`` und Kennzahlen zuerst für dieses.
        """
        if self._bereich:
            self._bereichstexte.setdefault(self._bereich, (self, set()))[1].add(name)
        return self.gib(Text(name=name, bereich=self._bereich))

    def kennzahl(self, kennung: str, gebiete: Sequence[str] | None = None) -> Reihe:
        """Die Reihe einer Kennzahl für das Gebiet und seine Vergleichsgebiete, zum Weiterrechnen."""
        return self.reihe(kennung, gebiete)

    def zahl(
        self, wert: float, *, name: str, quellen: Sequence[str], formel: str, jahr: int | None = None,
        einheit: str = "", stellen: int = 0, art: str = "anzahl", teile: Sequence[Nachweis] = (),
    ) -> Bindung:  # fmt: skip
        """Eine selbst gerechnete Zahl mit Quelle und Formel, zum Binden: ``b.binde(plaetze=b.zahl(…))``."""
        beleg = self.beleg_frei(quellen)
        zeile = "; ".join(q.zeile for q in beleg.quellen)
        return bindungsbau.aus_zahl(
            float(wert), jahr or self.bis or 0, name=name, einheit=einheit, stellen=stellen, formel=formel,
            quelle=zeile, beispiel=beleg.beispiel, art=art, gebiet=self.gebiet.schluessel, teile=teile,
            dateien=self._dateien(quellen),
        )  # fmt: skip

    def binde(self, **namen: Any) -> None:
        """Gibt Reihen, Werten, Zahlen oder Texten einen Namen für die Texte.

        Beim Blick auf ein anderes Gebiet gilt der Name in dessen Texten; im ganzen Bericht nur, solange ihn
        kein zweites Gebiet vergibt.

        Raises:
            TypeError: bei einer nackten Zahl; sie braucht eine Quelle (``b.zahl``).
        """
        from berichtswerk.fach.reihe import Reihe, Wert

        for kurz, inhalt in namen.items():
            name = f"{self._bereich}:{kurz}" if self._bereich else kurz
            if isinstance(inhalt, Wert):
                k = self._eigene.get(inhalt.kennzahl) or self.katalog.finde(inhalt.kennzahl)
                inhalt = Reihe(k, (inhalt,))  # noqa: PLW2901
            if isinstance(inhalt, Reihe):
                self._gebunden[name] = self._aus_reihe(inhalt)
            elif isinstance(inhalt, Bindung):
                self._gebunden[name] = inhalt
            elif isinstance(inhalt, str):
                self._gebunden[name] = Bindung(art="text", text=inhalt)
            else:
                raise TypeError(f"„{kurz}“: eine Zahl braucht Quelle und Formel; nehmen Sie b.zahl(…).")

    def eckwerte(self, *kennzahlen: Inhalt, label: str = "", unterschrift: str = "") -> Anzeige:
        """Eckwerte (ids oder Reihen): Wert, Stand, Richtung zum Vorwert, Vergleichsgebiete.

        Ohne Daten fehlt der Eintrag.
        """
        alle = [self.reihe(k) for k in kennzahlen if k is not None]
        paare = [(r, b) for r in alle if (b := self._aus_reihe(r)).reihe]
        if not paare:
            return self.fehlt(label, "Eckwerte")
        gebaut = [eckwertbau.eckwert(b) for _, b in paare]
        zeiten = {(n.kennzahl, n.gebiet, n.zeit) for _, liste in gebaut for m in liste for n in (m, *m.teile)}
        reihen = [
            replace(r, werte=tuple(w for w in r if (w.kennzahl, w.gebiet, w.zeit) in zeiten))
            for r, _ in paare
        ]
        return self.gib(
            Eckwerte(
                label=label, unterschrift=unterschrift, eintraege=tuple(e for e, _ in gebaut),
                beleg=self.beleg(reihen, definition=""), werte=tuple(n for _, liste in gebaut for n in liste),
            )
        )  # fmt: skip

    def satz(self, inhalt: str | Reihe, attribut: str = "satz_seit_beginn") -> str:
        """Ein gerechneter Satz ohne Schlusspunkt, etwa als ``befund=``; leer, wo es keinen gibt.

        ``attribut`` wie in Texten: ``satz``, ``satz_seit_beginn``, ``satz_vergleich``.
        """
        try:
            return werte_aus(self._aus_reihe(self.reihe(inhalt)), None, attribut, None).text.rstrip(".")
        except OhneWert:
            return ""

    # --- Bindungen -----------------------------------------------------------------------------------

    def bindung(self, kennung: str) -> Bindung | None:
        """Die Bindung einer Kennzahl für das Gebiet; ``None``, wenn es sie nicht gibt.

        Passt als ``nachrechnen`` zu :func:`berichtswerk.worte.bindung.loese_auf`.
        """
        eigene = f"{self._bereich}:{kennung}"
        if self._bereich and eigene in self._gebunden:
            return self._gebunden[eigene]
        # im Bereich gilt eine Kennzahl für dessen Gebiet, auch wenn der Bericht sie anders gebunden hat
        if kennung in self._gebunden and not (self._bereich and kennung in self.katalog):
            return self._gebunden[kennung]
        if kennung not in self.katalog:
            return None
        if kennung not in self._nebenbei:
            self._nebenbei[kennung] = self._aus_reihe(self.reihe(kennung))
        return self._nebenbei[kennung]

    def _aus_reihe(self, reihe: Reihe) -> Bindung:
        verzeichnis = self.bestand.gebiete
        eigener = self.gebiet.schluessel
        oben = {e: verzeichnis.vorfahr(eigener, e) for e in ("kreis", "land", "bund")}
        vergleich = {e: g for e, g in oben.items() if g is not None and g.schluessel != eigener}
        beleg = belegzeilen.beleg_aus_reihen([reihe.gebiet(eigener)], self.bestand.quellen)
        quelle = "; ".join(re.sub(r"^Quellen?: ", "", q.zeile) for q in beleg.quellen)
        return bindungsbau.aus_reihe(
            reihe, eigener, {e: g.schluessel for e, g in vergleich.items()},
            namen={"": self.ort(), **{e: self.ort(g) for e, g in vergleich.items()}},
            kurz={e: self.name_von(g) for e, g in vergleich.items()},
            beispiel=beleg.beispiel, quelle=quelle,
        )  # fmt: skip

    def bindungen(self) -> Bindungen:
        """Gebiet, Ausgabe, Gebundenes, alle gezeigten Kennzahlen und die, die in den Texten stehen.

        Nicht der ganze Katalog: ein Bericht soll nur von den Daten abhängen, die er braucht.
        """
        for kennung in (*self._benutzt, *self._in_texten()):
            self.bindung(kennung)
        datei = self.ausgabe.datei
        ausgabe = {"titel": datei.titel, "stand": zahl.datum(datei.stand), "bis": str(self.bis or "")}
        fest = {
            "gebiet": self.gebietsbindung(),
            "ausgabe": Bindung(art="text", text=self.ausgabe.name, attribute=ausgabe),
        }
        werte = {**self._gebunden, **fest}
        if self._bereich:
            werte |= self._nebenbei | Bindungen(werte=self._gebunden).im_bereich(self._bereich).werte | fest
        else:
            werte = {**self._nebenbei, **self._eindeutige(), **werte, **self._aus_bereichen()}
        return Bindungen(werte=dict(sorted(werte.items())))

    def gebietsbindung(self) -> Bindung:
        """Was ``{{ gebiet }}`` und seine Attribute in Texten sagen."""
        g = self.gebiet
        gebiet = {"name": g.name, "kurz": self.name_von(g), "im": self.ort(), "schluessel": g.schluessel}
        ebenen = {
            f"ist_{e}": "ja" if g.ebene == e else "" for e in ("kreis", "land", "planungsgebiet", "einheit")
        }
        return Bindung(art="text", text=g.name, attribute={**gebiet, **ebenen, "ebene": g.ebene})

    def _eindeutige(self) -> dict[str, Bindung]:
        """Namen, die nur ein Bereich vergibt: sie gelten im ganzen Bericht."""
        je_name: dict[str, list[Bindung]] = {}
        for name, bindung in self._gebunden.items():
            bereich, _, kurz = name.rpartition(":")
            if bereich:
                je_name.setdefault(kurz, []).append(bindung)
        return {kurz: liste[0] for kurz, liste in je_name.items() if len(liste) == 1}

    def _aus_bereichen(self) -> dict[str, Bindung]:
        """Was die Texte der Bereiche brauchen: deren Gebiet und die Kennzahlen, die sie nennen."""
        werte: dict[str, Bindung] = {}
        for bereich, (tor, namen) in self._bereichstexte.items():
            pfade = [p for n in sorted(namen) if (p := self.ausgabe.text(n, self.variante)) is not None]
            verlangt = {n for p in pfade for n in gebundene_namen(p.read_text("utf-8", errors="replace"))}
            werte[f"{bereich}:gebiet"] = tor.gebietsbindung()
            for kennung in sorted(verlangt & set(self.katalog)):
                gefunden = tor.bindung(kennung)
                if gefunden is not None:
                    werte[f"{bereich}:{kennung}"] = gefunden
        return werte

    def _in_texten(self) -> list[str]:
        """Kennzahlen, die in den Texten dieser Ausgabe gebunden sind."""
        texte = sorted((self.ausgabe.ordner / "texte").glob("**/*.md"))
        namen = {n for t in texte for n in gebundene_namen(t.read_text(encoding="utf-8", errors="replace"))}
        return sorted(namen & set(self.katalog))

    def abschluss(self) -> Anzeige:
        """Die letzte Übergabe eines Notizbuchs: alles, womit Texte später aufgelöst werden."""
        return self.gib(self.bindungen())

    def loese(self, name: str) -> Ergebnis:
        """Ein Text der Ausgabe mit eingesetzten Zahlen und allen Befunden."""
        pfad = self.ausgabe.text(name, self.variante)
        if pfad is None:
            raise BerichtswerkFehler(self.ausgabe.text_fehlt(name))
        return loese_auf(
            pfad.read_text(encoding="utf-8"),
            self.bindungen(),
            self.projekt.relativ(pfad),
            self.bindung,
            self.katalog,
        )

    def lesetext(self, gegenstand: Gegenstand) -> str:
        """Markdown zum Lesen in JupyterLab, mit Meldungen darunter."""
        if isinstance(gegenstand, Eckwerte):
            return eckwerte_markdown(gegenstand)
        if not isinstance(gegenstand, Text):
            return super().lesetext(gegenstand)
        try:
            ergebnis = self.loese(gegenstand.name)
        except BerichtswerkFehler as fehler:
            return f"```\n{fehler}\n```"
        meldungen = "\n\n".join(str(m) for m in ergebnis.meldungen)
        return ergebnis.markdown + (f"\n\n```\n{meldungen}\n```" if meldungen else "")
