"""Das Gateway für die Fortschreibung: was seit der letzten Ausgabe neu ist."""

from __future__ import annotations

from dataclasses import replace

from berichtswerk.bericht import kennzahltabellen as kt
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.ausgabe import Ausgabe, lade_ausgabe
from berichtswerk.bericht.tor_kapitel import Kapitel
from berichtswerk.bild import reihenbild as bild
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.gegenstand.gegenstaende import Nachweis, Tabelle, Tabellenmodell, Tabellenzeile
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle import tabellenbau as bau

BRUCH = "x = nicht vergleichbar, dazwischen liegt ein Zeitreihenbruch"


class Fortschreibung(Kapitel):
    """„Was sich seit der letzten Ausgabe geändert hat“."""

    def vorige_ausgabe(self) -> Ausgabe | None:
        """Die jüngste frühere Ausgabe desselben Berichts: die mit dem nächstkleineren Datenstand."""
        ordner = self.projekt.berichte / self.ausgabe.bericht
        namen = sorted(p.parent.name for p in ordner.glob("*/bericht.yml"))
        andere = [
            lade_ausgabe(self.projekt, self.ausgabe.bericht, n) for n in namen if n != self.ausgabe.name
        ]
        fruehere = [a for a in andere if a.bis is not None and self.bis is not None and a.bis < self.bis]
        return max(fruehere, key=lambda a: (a.bis or 0, a.name), default=None)

    def aenderungen(self, label: str = "tbl-aenderungen") -> Anzeige:
        """Tabelle der bisher gezeigten Kennzahlen, zu denen seit der vorigen Ausgabe neue Werte vorliegen.

        Verglichen wird der letzte Wert, den die vorige Ausgabe zeigen konnte, mit dem letzten dieser
        Ausgabe, beide nach heutigem Datenstand. Ohne frühere Ausgabe oder ohne Neues kommt ein Platzhalter.
        """
        vorige = self.vorige_ausgabe()
        if vorige is None:
            return self.fehlt(label, "Änderungen", "Es gibt keine frühere Ausgabe dieses Berichts.")
        gesammelt: list[Nachweis] = []
        reihen: list[Reihe] = []
        zeilen: list[Tabellenzeile] = []
        for kennung in [k.id for k in self._benutzt.values() if k.id in self.katalog]:
            paar = self._paar(self.reihe(kennung), vorige.bis or 0)
            if paar is not None and all(r.kennzahl.id != kennung for r in reihen):
                reihe = replace(self.reihe(kennung), werte=paar)
                reihen.append(reihe)
                zeilen.append(self._zeile(reihe, gesammelt))
        if not zeilen:
            return self.fehlt(label, "Änderungen", "Seit der vorigen Ausgabe liegen keine neuen Werte vor.")
        titel = vorige.datei.titel
        kopf = bau.kopf("Kennzahl", "Jahr", titel, "Jahr", "diese Ausgabe", "Veränderung")
        hinweise = (f"Werte von „{titel}“ nach heutigem Datenstand.", f"Zeichenerklärung: {BRUCH}")
        return self.gib(
            Tabelle(
                label=label,
                unterschrift=f"Neue Werte seit der Ausgabe „{titel}“, {self.gebiet.name}",
                tabelle=Tabellenmodell(kopf=kopf, zeilen=tuple(zeilen)),
                beleg=self.beleg(reihen, hinweise, definition=""),
                werte=(*self.nachweise(reihen, label), *gesammelt),
            )
        )

    def _paar(self, reihe: Reihe, grenze: int) -> tuple[Wert, Wert] | None:
        """Letzter Wert bis ``grenze`` und letzter Wert überhaupt; ``None``, wenn nichts Neues da ist."""
        eigene = [w for w in bild.mit_zahl(bild.je_jahr(reihe)) if w.gebiet == self.gebiet.schluessel]
        alte = [w for w in eigene if w.jahr <= grenze]
        return (alte[-1], eigene[-1]) if alte and eigene[-1].jahr > alte[-1].jahr else None

    def _zeile(self, reihe: Reihe, gesammelt: list[Nachweis]) -> Tabellenzeile:
        k = reihe.kennzahl
        alt, neu = reihe.werte
        gebrochen = any(alt.jahr < b.jahr <= neu.jahr for b in reihe.brueche)
        if gebrochen:
            unterschied = bau.zeichenzelle(Status.GESPERRT)
        else:
            unterschied = kt.veraenderungszelle(
                reihe, self.gebiet, (alt.jahr, neu.jahr), gesammelt, einheit=True
            )
        felder = [
            bau.textzelle(str(alt.jahr), zahl_spalte=True),
            kt.zelle(alt, k),
            bau.textzelle(str(neu.jahr), zahl_spalte=True),
            kt.zelle(neu, k),
            unterschied,
        ]
        return bau.zeile(kt.kopftext(k), felder)
