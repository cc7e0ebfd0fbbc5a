"""Kleine deutsche Bausteine, aus denen Befunde und Alternativtexte entstehen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from berichtswerk.gegenstand.serien import Angaben, BruchArtig, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import ANZEIGE, ERKLAERUNG, NACHZEICHEN, Status

Richtung = Literal["gestiegen", "gesunken", "kaum verändert", "unverändert"]

GENUG_FUER_PROZENT = 100
"""Ab diesem Ausgangswert werden Änderungen einer Anzahl in Prozent gesagt, darunter als „von … auf …“."""
GENUG_NACH_BRUCH = 4
"""So viele Werte nach dem letzten Bruch genügen, um nur über die Zeit danach zu sprechen."""

_WOERTER = (
    "null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
)  # fmt: skip


def zahlwort(n: int) -> str:
    """Zahlen bis zwölf als Wort (für Mehrzahlen), darüber als Ziffern."""
    return _WOERTER[n] if 0 <= n < len(_WOERTER) else zahl.schreibe(n)


def wert_text(wert: float, angaben: Angaben, *, vorzeichen: bool = False) -> str:
    """Zahl mit kurzer Einheit: „12,5 %“."""
    return zahl.mit_einheit(
        zahl.schreibe(wert, angaben.stellen, vorzeichen=vorzeichen), angaben.einheit_kurz or None
    )


def punkt_text(punkt: Punkt, angaben: Angaben, *, einheit: bool = False) -> str:
    """Was im Tabellenfach steht: Zahl, Zahl mit Nachzeichen, Zahl in Klammern oder das Zeichen."""
    if punkt.wert is None or punkt.status is Status.NULL or not punkt.status.hat_zahl:
        return ANZEIGE.get(punkt.status, ANZEIGE[Status.UNBEKANNT])
    text = wert_text(punkt.wert, angaben) if einheit else zahl.schreibe(punkt.wert, angaben.stellen)
    if punkt.status is Status.EINGESCHRAENKT:
        return f"({text})"
    zeichen = NACHZEICHEN.get(punkt.status, "")
    return text + (zahl.SCHMAL + zeichen if zeichen else "")


def spanne_text(unten: str, oben: str) -> str:
    """„7,1–11,2“; mit Vorzeichen „−3 bis 4“, damit Minus und Bis-Strich nicht aneinanderstoßen."""
    return f"{unten}{zahl.BIS}{oben}" if zahl.MINUS not in unten + oben else f"{unten} bis {oben}"


def grenzen(punkt: Punkt, stellen: int) -> tuple[str, str] | None:
    """Untere und obere Grenze eines Punktes als Text; ``None`` ohne Spanne."""
    if punkt.wert is None or punkt.unten is None or punkt.oben is None:
        return None
    return zahl.schreibe(punkt.unten, stellen), zahl.schreibe(punkt.oben, stellen)


def zeichenerklaerung(serien: Iterable[Serie]) -> tuple[str, ...]:
    """Je vorkommendem Zeichen eine Erklärung, in fester Reihenfolge."""
    vorhanden = {
        Status.UNBEKANNT if p.wert is None and p.status.hat_zahl and p.status is not Status.NULL else p.status
        for s in serien
        for p in s.punkte
    }
    paare: dict[str, str] = {}
    for status in Status:
        if status in vorhanden and status is not Status.WERT:
            zeichen = "( )" if status is Status.EINGESCHRAENKT else ANZEIGE.get(status) or NACHZEICHEN[status]
            paare.setdefault(zeichen, ERKLAERUNG[status])
    return tuple(f"{zeichen} = {text}" for zeichen, text in paare.items())


def aufzaehlung(teile: Sequence[str], wort: str = "und") -> str:
    """„a, b und c“."""
    if len(teile) < 2:
        return "".join(teile)
    return f"{', '.join(teile[:-1])} {wort} {teile[-1]}"


def gross(text: str) -> str:
    """Erster Buchstabe groß, der Rest bleibt."""
    return text[:1].upper() + text[1:]


def subjekt(angaben: Angaben) -> str:
    """Satzanfang mit Artikel, wenn der bekannt ist: „Die Zahl der Geburten“; sonst leer."""
    artikel = "die" if angaben.plural else angaben.artikel
    return f"{gross(artikel)} {angaben.was}" if artikel else ""


@dataclass(frozen=True, slots=True)
class Aenderung:
    """Änderung zwischen zwei Werten einer Reihe und wie man sie sagt."""

    anfang: Punkt
    ende: Punkt
    angaben: Angaben
    brueche: tuple[BruchArtig, ...] = ()

    @property
    def von(self) -> float:
        """Ausgangswert."""
        assert self.anfang.wert is not None
        return self.anfang.wert

    @property
    def bis(self) -> float:
        """Endwert."""
        assert self.ende.wert is not None
        return self.ende.wert

    @property
    def richtung(self) -> Richtung:
        """Richtungswort mit Schwelle."""
        a = self.angaben
        if zahl.runde(self.von, a.stellen) == zahl.runde(self.bis, a.stellen):
            return "unverändert"
        schwelle = a.schwelle if a.schwelle is not None else 0.02 * abs(self.von)
        if abs(self.bis - self.von) < schwelle:
            return "kaum verändert"
        return "gestiegen" if self.bis > self.von else "gesunken"

    @property
    def betrag(self) -> str:
        """„um 28 %“, „um 3,2 Prozentpunkte“ oder „von 35,1 auf 48,2“."""
        if self.angaben.anteil:
            return "um " + prozentpunkte(self.bis - self.von, self.angaben.stellen)
        zaehlt = self.angaben.stellen == 0 and self.bis >= 0
        if zaehlt and self.von >= GENUG_FUER_PROZENT and self.bis < 2 * self.von:
            prozent = abs(self.bis - self.von) / self.von * 100
            return f"um {zahl.schreibe(prozent, 0 if prozent >= 9.95 else 1)}{zahl.SCHMAL}%"
        return self.von_auf

    @property
    def von_auf(self) -> str:
        """„von 35,1 auf 48,2“ mit Einheit nur am Ende."""
        return f"von {zahl.schreibe(self.von, self.angaben.stellen)} auf {wert_text(self.bis, self.angaben)}"

    @property
    def vorbehalt(self) -> str:
        """Nennt die Brüche, über die hinweg verglichen wird."""
        jahre = [str(j) for j in sorted({b.jahr for b in self.brueche})]
        if not jahre:
            return ""
        return f" (Zeitreihen{'bruch' if len(jahre) == 1 else 'brüche'} {aufzaehlung(jahre)})"


def prozentpunkte(differenz: float, stellen: int) -> str:
    """„3,2 Prozentpunkte“, ohne Vorzeichen."""
    text = zahl.schreibe(abs(differenz), max(stellen, 0))
    return f"{text}{zahl.GESCHUETZT}{'Prozentpunkt' if text == '1' else 'Prozentpunkte'}"


def aenderung(serie: Serie, angaben: Angaben, brueche: Sequence[BruchArtig] = ()) -> Aenderung | None:
    """Erste und letzte Ist-Zahl einer Jahresreihe; nach einem Bruch nur die Zeit danach, wenn sie reicht.

    ``None`` bei weniger als zwei Werten. Geht der Vergleich über einen Bruch, trägt er ihn bei sich.
    """
    ist = sorted((p for p in serie.mit_zahl(prognose=False) if isinstance(p.x, int)), key=lambda p: int(p.x))
    if len(ist) < 2:
        return None
    getroffen = [b for b in brueche if int(ist[0].x) < b.jahr <= int(ist[-1].x)]
    if not getroffen:
        return Aenderung(ist[0], ist[-1], angaben)
    letzter = max(getroffen, key=lambda b: b.jahr)
    danach = [p for p in ist if int(p.x) >= letzter.jahr]
    if len(danach) >= GENUG_NACH_BRUCH:
        return Aenderung(danach[0], ist[-1], angaben)
    return Aenderung(ist[0], ist[-1], angaben, tuple(getroffen))


def voraus_ab(serien: Iterable[Serie]) -> int | None:
    """Das erste vorausgerechnete Jahr der Serien; ``None`` ohne Vorausrechnung."""
    jahre = [p.x for s in serien for p in s.mit_zahl(prognose=True) if isinstance(p.x, int)]
    return min(jahre, default=None)


def mit_spanne(punkt: Punkt, angaben: Angaben) -> str:
    """„812 (700–900)“ mit Einheit; ohne Spanne nur die Zahl."""
    assert punkt.wert is not None
    grenzen_ = grenzen(punkt, angaben.stellen)
    text = wert_text(punkt.wert, angaben)
    return f"{text} ({spanne_text(*grenzen_)})" if grenzen_ else text


def gleicher_verlauf(serien: Sequence[Serie]) -> bool:
    """Ob alle Serien vor der Vorausrechnung dieselben Werte haben: Szenarien derselben Größe."""
    ist = {tuple((p.x, p.wert) for p in s.mit_zahl(prognose=False)) for s in serien}
    return len(ist) == 1 and all(s.mit_zahl(prognose=True) for s in serien)


def zeitspanne(serien: Iterable[Serie]) -> str:
    """„2005–2023“ aus den Jahren aller Punkte; leer, wenn es keine Jahre sind."""
    jahre = [p.x for s in serien for p in s.punkte if isinstance(p.x, int)]
    return zahl.zeitraum(min(jahre), max(jahre)) if jahre else ""


def fokus(serien: Sequence[Serie]) -> Serie | None:
    """Die Serie mit Rolle „fokus“; die einzige, wenn es nur eine gibt."""
    if len(serien) == 1:
        return serien[0]
    return next((s for s in serien if s.rolle == "fokus"), None)
