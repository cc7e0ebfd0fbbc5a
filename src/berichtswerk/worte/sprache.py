"""Kleine deutsche Bausteine: Zahlen mit Einheit, Zeichen, Aufzählungen, Orte, Zeitangaben."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import ANZEIGE, NACHZEICHEN, Status, erklaerungen

_WOERTER = (
    "null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
)  # fmt: skip
_ARTIKEL = {
    "Landkreis": "der", "Kreis": "der", "Regionalverband": "der", "Verwaltungsverband": "der", "GVV": "der",
    "Amt": "das", "Land": "das", "Planungsgebiet": "das",
    "Region": "die", "Städteregion": "die", "Stadt": "die", "Samtgemeinde": "die", "Verbandsgemeinde": "die",
    "Verwaltungsgemeinschaft": "die", "VVG": "die", "Kirchspielslandgemeinde": "die", "Erfüllende": "die",
}  # fmt: skip
"""Der Artikel zum ersten Wort eines Namens; eine Gemeinde „Stadt …“ (Stadt Wehlen) hat keinen."""
_KREISNAME = re.compile(r"(?:kreis|Kreis)\b")
"""„Wetteraukreis“, „Rhein-Kreis Neuss“, „Märkischer Kreis“: der Name ist zugleich die Art."""
_WEIBLICH = {"Kommunen", "Gemeinden"}
_UMLAUTE = str.maketrans("äöü", "aou")
_KUERZEST = 4
"""Kürzer wird der Name einer Reihe nicht („I“ statt „Sekundarstufe I“)."""
_BESTIMMT = frozenset({"der", "die", "das", "dem", "den", "des"})


def zahlwort(n: int) -> str:
    """Zahlen bis zwölf als Wort (für Mehrzahlen), darüber als Ziffern."""
    return _WOERTER[n] if 0 <= n < len(_WOERTER) else zahl.schreibe(n)


def in_einigen(n: int, gesamt: int, raum: str) -> str:
    """„in einer von zehn Kommunen“, „in allen zehn Kommunen“; ``raum`` steht im Dativ der Mehrzahl."""
    if n == gesamt:
        return f"in beiden {raum}" if n == 2 else f"in allen {zahlwort(n)} {raum}"
    if n == 0:
        return f"in {'keiner' if raum in _WEIBLICH else 'keinem'} der {zahlwort(gesamt)} {raum}"
    return f"{in_so_vielen(n, raum)} von {zahlwort(gesamt)} {raum}"


def in_so_vielen(n: int, raum: str) -> str:
    """„in einer“, „in einem“, „in zwei“: das Geschlecht folgt dem Wort für die Räume."""
    eine = "einer" if raum in _WEIBLICH else "einem"
    return f"in {eine if n == 1 else zahlwort(n)}"


def aufzaehlung(teile: Sequence[str]) -> str:
    """„a“, „a und b“, „a, b und c“."""
    if len(teile) < 2:
        return "".join(teile)
    return f"{', '.join(teile[:-1])} und {teile[-1]}"


def mit_punkt(text: str) -> str:
    """Der Text als Satz: mit Punkt am Ende, wenn er noch keines hat."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def gross(text: str) -> str:
    """Erster Buchstabe groß, der Rest bleibt."""
    return text[:1].upper() + text[1:]


def schilder(serien: Sequence[Serie]) -> list[str]:
    """Was an den Reihen eines Gebiets steht: ihre Namen ohne das, womit alle anfangen oder enden.

    „Schulabgang mit Hochschulreife“ und „Schulabgang ohne Abschluss“ heißen im Bild „mit Hochschulreife“ und
    „ohne Abschluss“, „Jungen ohne Abschluss“ und „Mädchen ohne Abschluss“ „Jungen“ und „Mädchen“.
    """
    namen = [s.schild for s in serien]
    verschieden = len({s.kennzahl for s in serien}) == len(serien) or not any(s.kennzahl for s in serien)
    if len(serien) < 2 or not verschieden or len({s.gebiet for s in serien}) > 1 or not serien[0].gebiet:
        return namen
    teile = [n.split() for n in namen]
    vorn, hinten = _gleich(teile), _gleich([t[::-1] for t in teile])
    while vorn and any(t[vorn][0].isdigit() for t in teile):  # „ab 65 Jahren“, nicht „65 Jahren“
        vorn -= 1
    ende = teile[0][len(teile[0]) - hinten :] if hinten else []
    if vorn and _BESTIMMT.isdisjoint([teile[0][vorn - 1], *(t[vorn] for t in teile)]):
        gekuerzt = [" ".join(t[vorn:]) for t in teile]
    elif len(ende) > 1 and ende[0].islower() and all(t[-hinten - 1][0].isupper() for t in teile):
        gekuerzt = [" ".join(t[:-hinten]) for t in teile]
    else:
        return namen
    return gekuerzt if all(len(n) >= _KUERZEST for n in gekuerzt) else namen


def _gleich(teile: Sequence[Sequence[str]]) -> int:
    """Wie viele Wörter vorn alle gemeinsam haben; von jedem bleibt mindestens eines."""
    laenge = min(map(len, teile)) - 1
    return next((n for n in range(laenge) if len({t[n] for t in teile}) > 1), laenge)


def alphabetisch(text: str) -> str:
    """Schlüssel zum Ordnen wie im Wörterbuch: ä wie a (DIN 5007), groß wie klein."""
    return text.casefold().translate(_UMLAUTE)


def wert_text(wert: float, angaben: Angaben, *, vorzeichen: bool = False) -> str:
    """Zahl mit kurzer Einheit: „12,5 %“."""
    text = zahl.schreibe(wert, angaben.stellen, vorzeichen=vorzeichen)
    return zahl.mit_einheit(text, angaben.einheit_kurz or None)


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
    punkte = [p for s in serien for p in s.punkte]
    offen = (p.wert is None and p.status.hat_zahl and p.status is not Status.NULL for p in punkte)
    return erklaerungen({Status.UNBEKANNT if o else p.status for o, p in zip(offen, punkte, strict=True)})


def zeitspanne(serien: Iterable[Serie]) -> str:
    """„2005–2023“ aus den Jahren aller Punkte; leer, wenn es keine Jahre sind."""
    jahre = [p.x for s in serien for p in s.punkte if isinstance(p.x, int)]
    return zahl.zeitraum(min(jahre), max(jahre)) if jahre else ""


def fokus(serien: Sequence[Serie]) -> Serie | None:
    """Die Serie mit Rolle „fokus“; die einzige, wenn es nur eine gibt."""
    if len(serien) == 1:
        return serien[0]
    return next((s for s in serien if s.rolle == "fokus"), None)


def stand(zeit: str) -> str:
    """Zeitangabe für Menschen: „31.12.2023“, „Juni 2023“, „2023/24“, „2023“."""
    teile = zeit.split("-")
    if len(teile) == 3:
        return f"{teile[2]}.{teile[1]}.{teile[0]}"
    if len(teile) == 2:
        monat = zahl.datum(date(int(teile[0]), int(teile[1]), 1), lang=True)
        return monat.split(zahl.GESCHUETZT, 1)[1]
    return zeit


def ortsangabe(name: str, ebene: str = "", art: str = "") -> str:
    """„im Landkreis …“, „im Land Brandenburg“, „in Deutschland“: der Ort im Satz."""
    artikel = "" if name.startswith("Stadt ") and ebene != "kreis" else _artikel(name)
    if artikel == "die":
        return f"in der {name.replace('Erfüllende ', 'Erfüllenden ', 1)}"
    if artikel:
        return f"im {re.sub('er Kreis$', 'en Kreis', name)}"
    if art == "Amt":
        return f"im Amt {name}"
    return f"im Land {name}" if ebene == "land" else f"in {name}"


def im_nominativ(name: str) -> str:
    """Ein Ort im Satz: „das Amt Seen“, „der Landkreis …“, sonst der Name allein."""
    artikel = _artikel(name)
    return f"{artikel} {re.sub('er Kreis$', 'e Kreis', name)}" if artikel else name


def _artikel(name: str) -> str:
    erstes, _, rest = name.partition(" ")
    if rest and erstes in _ARTIKEL:
        return _ARTIKEL[erstes]
    return "der" if _KREISNAME.search(name) else ""


def einheit_neben(name: str, einheit: str) -> str:
    """Die Einheit neben einem Namen; leer, wo er sie schon nennt („… je 1 000 Haushalte“)."""
    steht_da, gesucht = (t.replace(zahl.SCHMAL, " ").replace(zahl.GESCHUETZT, " ") for t in (name, einheit))
    return "" if gesucht.startswith("je ") and gesucht in steht_da else einheit


def differenz_einheit(art: str, einheit: str) -> str:
    """Einheit eines Unterschieds: Prozentpunkte, wo die Werte Prozente sind."""
    if art == "anteil" or einheit == "%":
        return "Prozentpunkte"
    # „um 3,7 je 100 gestiegen“ läse sich wie eine eigene Rate
    return "" if einheit.startswith("je ") else einheit


def differenz_text(unterschied: float, art: str, einheit: str, stellen: int, *, vorzeichen: bool) -> str:
    """„3,2 Prozentpunkte“, „+1 Prozentpunkt“, „140“: ein Unterschied in seiner Einheit."""
    text = zahl.schreibe(unterschied if vorzeichen else abs(unterschied), stellen, vorzeichen=vorzeichen)
    wort = differenz_einheit(art, einheit)
    if wort == "Prozentpunkte" and text.lstrip(f"+{zahl.MINUS}") == "1":
        wort = "Prozentpunkt"
    return zahl.mit_einheit(text, wort)


def prozent_text(prozent: float, *, vorzeichen: bool = False) -> str:
    """„7,6 %“, „+28,0 %“: Veränderungsraten haben überall eine Nachkommastelle."""
    text = zahl.schreibe(prozent if vorzeichen else abs(prozent), 1, vorzeichen=vorzeichen)
    return zahl.mit_einheit(text, "%")
