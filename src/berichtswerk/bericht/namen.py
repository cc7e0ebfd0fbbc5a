"""Die gebundenen Namen eines Berichts: womit seine Texte aufgelöst werden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.bericht import reihenwahl
from berichtswerk.gegenstand.gegenstaende import Bindung, Bindungen, Zeitwert
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.worte import belegzeilen
from berichtswerk.worte.bindung import Ergebnis, gebundene_namen, loese_auf

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Sicht
    from berichtswerk.fach.reihe import Reihe


def aus_reihe(sicht: Sicht, reihe: Reihe) -> Bindung:
    """Bindet eine Reihe für das Gebiet der Sicht und die Gebiete darüber."""
    verzeichnis, eigener = sicht.bestand.gebiete, sicht.gebiet.schluessel
    oben = {e: verzeichnis.vorfahr(eigener, e) for e in ("kreis", "land", "bund")}
    vergleich = {e: g for e, g in oben.items() if g is not None and g.schluessel != eigener}
    eigene, k = reihe.gebiet(eigener), reihe.kennzahl
    beleg = belegzeilen.beleg_aus_reihen([eigene], sicht.bestand.quellen)
    orte = {"": sicht.gebiet, **vergleich}
    return Bindung(
        name=k.name_satz or k.name, titel=k.name, kennzahl=k.id, kennzahl_art=k.art,
        einheit=k.einheit_kurz or "", stellen=k.nachkommastellen, schwelle_kaum=k.schwelle_kaum,
        zufall=k.zufall, artikel=k.artikel,
        mehrzahl=k.satz_in_mehrzahl, definition=k.definition, beispiel=beleg.beispiel, gebiet=eigener,
        quelle="; ".join(re.sub(r"^Quellen?: ", "", q.zeile) for q in beleg.quellen),
        reihe=_zeitwerte(sicht, reihe, eigener),
        vergleich={e: w for e, g in vergleich.items() if (w := _zeitwerte(sicht, reihe, g.schluessel))},
        gebietsnamen={e: sicht.ort(g) for e, g in orte.items()},
        vergleichsnamen={e: sicht.name_von(g) for e, g in orte.items()},
        brueche=eigene.brueche,
    )  # fmt: skip


def _zeitwerte(sicht: Sicht, reihe: Reihe, gebiet: str) -> tuple[Zeitwert, ...]:
    werte = sorted(reihenwahl.je_jahr(reihe.gebiet(gebiet)).werte, key=lambda w: w.jahr)
    return tuple(
        Zeitwert(jahr=w.jahr, zeit=w.zeit, nachweis=sicht.nachweis(w, reihe.kennzahl), prognose=w.prognose)
        for w in werte
        if w.wert is not None
    )


def _gebunden_in(texte: Iterable[Path]) -> set[str]:
    """Namen, die diese Texte binden."""
    gelesen = (t.read_text(encoding="utf-8", errors="replace") for t in texte if t.is_file())
    return {n for text in gelesen for n in gebundene_namen(text)}


class Namen:
    """Was ein Text dieser Sicht sieht: Gebiet, Ausgabe, Gebundenes und Kennzahlen des Katalogs."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

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
            self._nebenbei[kennung] = aus_reihe(s, s.reihe(kennung))
        return self._nebenbei[kennung]

    @property
    def _nebenbei(self) -> dict[str, Bindung]:
        """Bindungen, die erst ein Text verlangt hat; sie gelten nur für das eigene Gebiet."""
        return self.sicht.register.nebenbei.setdefault(self.sicht.bereich, {})

    def bindungen(self) -> Bindungen:
        """Gebiet, Ausgabe, Gebundenes, alle gezeigten Kennzahlen und die, die in den Texten stehen.

        Nicht der ganze Katalog: ein Bericht soll nur von den Daten abhängen, die er braucht.
        """
        s, gebunden = self.sicht, self.sicht.register.gebunden
        for kennung in (*s.register.benutzt, *self._verlangte((s.ausgabe.ordner / "texte").glob("**/*.md"))):
            self.bindung(kennung)
        datei = s.ausgabe.datei
        ausgabe = {"titel": datei.titel, "stand": zahl.datum(datei.stand), "bis": str(s.bis or "")}
        fest = {
            "gebiet": self._gebietsbindung(),
            "ausgabe": Bindung(art="text", text=s.ausgabe.name, attribute=ausgabe),
        }
        werte = {**gebunden, **fest}
        if s.bereich:
            werte |= self._nebenbei | Bindungen(werte=gebunden).im_bereich(s.bereich).werte | fest
        else:
            werte = {**self._nebenbei, **self._eindeutige(), **werte, **self._aus_bereichen()}
        ebene = s.bestand.gebiete.ebene
        offen = tuple(g.schluessel for g in (*ebene("land"), *ebene("bund")))
        return Bindungen(werte=dict(sorted(werte.items())), offen=offen, katalog=self._uebrige(werte))

    def _uebrige(self, werte: Mapping[str, Bindung]) -> dict[str, str]:
        """Wie die übrigen Kennzahlen im Satz heißen; was mehrere meint oder schon gebunden ist, fehlt."""
        vergeben = {b.name.casefold() for b in werte.values()}
        je: dict[str, set[str]] = {}
        for kennung, k in self.sicht.katalog.items():
            for name in {n.casefold() for n in (k.name, k.name_satz) if n} - vergeben:
                if len(name) > 3 and kennung not in werte:
                    je.setdefault(name, set()).add(kennung)
        return {name: min(kennungen) for name, kennungen in sorted(je.items()) if len(kennungen) == 1}

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
        for bereich in filter(None, s.register.texte):
            dort = Namen(s.fuer(bereich))
            werte[f"{bereich}:gebiet"] = dort._gebietsbindung()
            for kennung in dort._gezeigte():
                if gefunden := dort.bindung(kennung):
                    werte[f"{bereich}:{kennung}"] = gefunden
        return werte

    def quellen_merken(self) -> None:
        """Was nur im Satz steht, gehört auch ins Quellenverzeichnis: die Kennzahlen der gezeigten Texte."""
        for bereich in list(self.sicht.register.texte):
            dort = Namen(self.sicht.fuer(bereich)) if bereich else self
            for kennung in dort._gezeigte():
                dort.sicht.merke_quellen([dort.sicht.reihe(kennung).gebiet(dort.sicht.gebiet.schluessel)])

    def genannte(self) -> set[str]:
        """Kennzahlen, von denen die gezeigten Texte sprechen, auch unter einem Namen des Notizbuchs.

        Was eine Bedingung ausblendet, zählt nicht.
        """
        kennungen = set[str]()
        for bereich in list(self.sicht.register.texte):
            dort = Namen(self.sicht.fuer(bereich)) if bereich else self
            bindungen = dort.bindungen()
            for pfad in dort._texte():
                text = pfad.read_text(encoding="utf-8", errors="replace")
                gelesen = loese_auf(text, bindungen, "", dort.bindung)
                namen = {re.split(r"[.\[]", s.ausdruck)[0] for s in gelesen.stuecke if s.ausdruck}
                kennungen |= {b.kennzahl for n in namen if (b := gelesen.bindungen.get(n))}
        return kennungen

    def _texte(self) -> list[Path]:
        """Die gezeigten Texte dieser Sicht."""
        s = self.sicht
        namen = s.register.texte.get(s.bereich, ())
        return [p for n in namen if (p := s.ausgabe.text(n, s.variante))]

    def _gezeigte(self) -> list[str]:
        """Kennzahlen, die in den gezeigten Texten dieser Sicht gebunden sind."""
        return self._verlangte(self._texte())

    def _verlangte(self, texte: Iterable[Path]) -> list[str]:
        """Kennzahlen, die in diesen Texten gebunden sind."""
        return sorted(_gebunden_in(texte) & set(self.sicht.katalog))

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

    def lesetext(self, name: str) -> str:
        """Markdown zum Lesen in JupyterLab, mit Meldungen darunter."""
        try:
            ergebnis = self.loese(name)
        except BerichtswerkFehler as fehler:
            return f"```\n{fehler}\n```"
        meldungen = "\n\n".join(str(m) for m in ergebnis.meldungen)
        return ergebnis.markdown + (f"\n\n```\n{meldungen}\n```" if meldungen else "")
