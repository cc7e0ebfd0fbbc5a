"""Der Blick auf eine gebundene Reihe: letzter Wert, Vorwert, Vergleich, Brüche dazwischen."""

from __future__ import annotations

from dataclasses import dataclass

from berichtswerk.gegenstand.gegenstaende import Bindung, Nachweis, Zeitwert
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import saetze

VERGLEICHE = ("land", "bund", "kreis")


class OhneWert(Exception):
    """Der Name ist richtig, aber es gibt hier keinen Wert; der Text sagt, warum."""


@dataclass(frozen=True, slots=True)
class Treffer:
    """Der einzusetzende Text, seine belegten Zahlen und Marken, die einmal je Absatz erscheinen."""

    text: str
    nachweise: tuple[Nachweis, ...] = ()
    marken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sicht:
    """Eine gebundene Reihe bis zu ihrem letzten (oder einem genannten) Jahr."""

    bindung: Bindung
    reihe: tuple[Zeitwert, ...]

    @classmethod
    def auf(cls, bindung: Bindung, jahr: int | None) -> Sicht:
        """Die Reihe, die mit ``jahr`` endet; ``None`` heißt: mit dem letzten, nicht vorausgerechneten Wert.

        Eine ganz vorausgerechnete Reihe endet mit ihrem letzten Wert.
        """
        reihe = tuple(w for w in bindung.reihe if w.nachweis.wert is not None)
        if not reihe:
            raise OhneWert(f"Zu „{bindung.name or bindung.kennzahl}“ gibt es hier keine Daten.")
        if jahr is None:
            return cls(bindung, tuple(w for w in reihe if not w.prognose) or reihe)
        bis = tuple(w for w in reihe if w.jahr <= jahr)
        if not bis or bis[-1].jahr != jahr:
            raise OhneWert(f"Für das Jahr {jahr} gibt es keinen Wert; vorhanden: {_jahre(reihe)}.")
        return cls(bindung, bis)

    @property
    def letzter(self) -> Zeitwert:
        """Der Wert, um den es geht."""
        return self.reihe[-1]

    @property
    def vorwert(self) -> Zeitwert:
        """Der Wert davor, auch wenn er mehr als ein Jahr zurückliegt."""
        if len(self.reihe) < 2:
            raise OhneWert(f"Vor {self.letzter.jahr} gibt es keinen Wert.")
        return self.reihe[-2]

    @property
    def vorjahr(self) -> Zeitwert:
        """Der Wert des Vorjahres."""
        if self.vorwert.jahr != self.letzter.jahr - 1:
            raise OhneWert(
                f"Für das Vorjahr {self.letzter.jahr - 1} gibt es keinen Wert; nehmen Sie .vorwert."
            )
        return self.vorwert

    @property
    def vergleichbar(self) -> Zeitwert:
        """Der Vorwert, wenn kein Zeitreihenbruch dazwischenliegt: sonst wäre der Bruch die Veränderung."""
        vorwert = self.vorwert
        for bruch in self.bindung.brueche:
            if vorwert.jahr < bruch.jahr <= self.letzter.jahr:
                raise OhneWert(
                    f"Zwischen {vorwert.jahr} und {self.letzter.jahr} liegt ein Zeitreihenbruch "
                    f"({bruch.jahr}); die Werte sind nicht vergleichbar."
                )
        return vorwert

    @property
    def beginn(self) -> Zeitwert:
        """Der erste Wert, als Bezug für Veränderungen; er liegt vor dem letzten."""
        return self.reihe[0] if len(self.reihe) > 1 else self.vorwert

    def im_jahr(self, jahr: int) -> Zeitwert:
        """Der Wert eines Jahres."""
        return Sicht.auf(self.bindung, jahr).letzter

    def vergleich(self, ebene: str) -> Zeitwert:
        """Der Wert des Vergleichsgebiets im selben Jahr; nie ein anderes Jahr."""
        for wert in self.bindung.vergleich.get(ebene, ()):
            if wert.jahr == self.letzter.jahr and wert.nachweis.wert is not None:
                return wert
        raise OhneWert(f"Für {self.letzter.jahr} gibt es keinen Vergleichswert „{ebene}“.")

    def messlatte(self, ebene: str) -> Zeitwert:
        """Wie :meth:`vergleich`, aber nur wo ein Vergleich sinnvoll ist (nicht bei absoluten Zahlen)."""
        if self.bindung.kennzahl_art in {"anzahl", "saldo"}:
            raise OhneWert("Absolute Zahlen verschieden großer Gebiete lassen sich nicht vergleichen.")
        return self.vergleich(ebene)

    def extrem(self, vorzeichen: int) -> Zeitwert:
        """Höchster (1) oder tiefster (−1) Wert, bei Gleichstand der frühere."""
        return max(self.reihe, key=lambda w: (vorzeichen * zahl_von(w), -w.jahr))


def zahl_von(wert: Zeitwert) -> float:
    """Die ungerundete Zahl eines Wertes, der eine hat."""
    assert wert.nachweis.wert is not None  # Sicht enthält nur Werte mit Zahl
    return wert.nachweis.wert


def _jahre(reihe: tuple[Zeitwert, ...]) -> str:
    return zahl.zeitraum(reihe[0].jahr, reihe[-1].jahr)


def marken(sicht: Sicht, *werte: Zeitwert) -> tuple[str, ...]:
    """Beispieldaten, geschätzt, vorläufig und Brüche zwischen den verglichenen Jahren."""
    zeichen = ["Beispieldaten"] if sicht.bindung.beispiel else []
    stati = {w.nachweis.status for w in werte}
    voraus = any(w.prognose for w in werte)
    zeichen += ["Vorausrechnung"] if voraus else ["geschätzt"] if Status.GESCHAETZT in stati else []
    zeichen += ["vorläufig"] if Status.VORLAEUFIG in stati else []
    von, bis = min(w.jahr for w in werte), max(w.jahr for w in werte)
    jahre = [str(b.jahr) for b in sicht.bindung.brueche if von < b.jahr <= bis]
    if jahre:
        wort = "Zeitreihenbruch" if len(jahre) == 1 else "Zeitreihenbrüche"
        zeichen.append(f"{wort} {saetze.aufzaehlung(jahre)}")
    return tuple(zeichen)
