"""Richtungswörter und Vergleiche, die den Zahlen desselben Satzes widersprechen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from berichtswerk.ausfuehrung.textpruefung.lage import Lage
from berichtswerk.fach.veraenderung import Richtung, Veraenderung
from berichtswerk.gegenstand.gegenstaende import Bindung
from berichtswerk.grund.meldung import Befundart, Meldung
from berichtswerk.worte.bindungswerte import Blick, OhneWert

_WORTE: dict[Richtung, re.Pattern[str]] = {
    Richtung.GESTIEGEN: re.compile(
        r"\b(?:an)?ge(?:stiegen|wachsen)\b|\b(?:steigt|steigen|stieg|stiegen|wuchs|wuchsen|zugenommen|erhöht)\b"
        r"|\b(?:Anstieg|Zunahme|Zuwachs)\b"
    ),
    Richtung.GESUNKEN: re.compile(
        r"\b(?:ab)?gesunken\b|\b(?:gefallen|sinkt|sinken|sank|sanken|abgenommen|zurückgegangen|verringert|geschrumpft)\b"
        r"|\b(?:Rückgang|Abnahme)\b"
    ),
    Richtung.KAUM: re.compile(r"\b(?:kaum|nicht|wenig) verändert\b|\bunverändert\b|\bgleich geblieben\b"),
}
_LAGE = re.compile(r"\b(?P<wie>über|unter) dem (?P<ebene>Land|Bund|Kreis)es?wert", re.IGNORECASE)
_BINDUNG = re.compile(
    r"\{\{\s*(?P<name>[a-zäöüß_]\w*)(?:\[(?P<jahr>\d{4})\])?(?:\.(?P<attribut>\w+)(?:\[(?P<bezug>\d{4})\])?)?\s*\}\}"
)
_STEUERUNG = re.compile(r"\{\{\s*(?:wenn\b[^}]*|sonst|ende)\s*\}\}")
_SATZENDE = re.compile(r"(?<=[^\d\s.][.!?])\s+(?=[A-ZÄÖÜ{„*])|\n\s*\n")
_OFFEN = re.compile(r"\b(?:nicht|weder|ob|wenn|falls|würden?|könnten?)\b", re.IGNORECASE)
"""Wörter, nach denen ein Satz keine einfache Behauptung ist."""
_SELBST = ("richtung", "verlauf", "satz", "zum_")
"""Attribute, die ihr Richtungswort selbst nach den Daten wählen."""


class RichtungWiderspricht(Befundart):
    text = "Im Text steht {wort}, die Daten sagen: {daten}."
    feld = "{name}"
    ursache = "Das Wort ist getippt und folgt den Daten nicht."
    abhilfe = "Schreiben Sie {{{{ {name}.{attribut} }}}}; dann wählt der Bericht das Wort selbst."


def widersprueche(lage: Lage) -> Iterator[Meldung]:
    """Sätze mit genau einer gebundenen Kennzahl und einem getippten Wort, das nicht zu ihr passt."""
    for zeile, satz in _saetze(lage.text):
        bindungen = [m for m in _BINDUNG.finditer(satz) if m["name"] in lage.bindungen.werte]
        namen = {m["name"] for m in bindungen if lage.bindungen.werte[m["name"]].art == "reihe"}
        if len(namen) != 1 or any((m["attribut"] or "").startswith(_SELBST) for m in bindungen):
            continue
        bindung = lage.bindungen.werte[namen.pop()]
        ohne = _BINDUNG.sub(" ", satz)
        yield from _richtung(lage, zeile, ohne, bindung, bindungen)
        yield from _vergleich(lage, zeile, ohne, bindung)


def _saetze(text: str) -> Iterator[tuple[int, str]]:
    """Sätze mit der Zeile, in der sie beginnen; Bedingungen sind entfernt."""
    schlicht = _STEUERUNG.sub(lambda m: " " * len(m[0]), text)
    beginn = 0
    for grenze in [*(m.span() for m in _SATZENDE.finditer(schlicht)), (len(schlicht), len(schlicht))]:
        stueck = schlicht[beginn : grenze[0]]
        rand = len(stueck) - len(stueck.lstrip())
        if stueck.strip():
            yield schlicht.count("\n", 0, beginn + rand) + 1, stueck.strip()
        beginn = grenze[1]


def _richtung(
    lage: Lage, zeile: int, satz: str, bindung: Bindung, stellen: list[re.Match[str]]
) -> Iterator[Meldung]:
    gesagt = [(wie, m[0]) for wie, muster in _WORTE.items() if (m := muster.search(satz))]
    if len(gesagt) != 1 or _OFFEN.search(satz):
        return
    v = _veraenderung(bindung, stellen)
    wie, wort = gesagt[0]
    if v is not None and v.richtung is not wie:
        rede = Blick.auf(bindung, None).rede
        daten = f"von {rede.mit_jahr(v.alt)} auf {rede.mit_jahr(v.neu)} {v.richtung.value}"
        yield _meldung(lage, zeile, (bindung, "verlauf"), f"„{wort}“", daten)


def _veraenderung(bindung: Bindung, stellen: list[re.Match[str]]) -> Veraenderung | None:
    """Was der Satz vergleicht: ein genanntes Jahr, den Beginn, den Vorwert, sonst die letzte Wende."""
    try:
        blick = Blick.auf(bindung, None)
        for m in stellen:
            attribut, jahr = m["attribut"] or "", m["bezug"] or m["jahr"]
            if attribut.startswith("beginn"):
                return blick.seit(blick.reihe[0])
            if attribut.startswith(("vorwert", "vorjahr")):
                return blick.seit(blick.vorwert)
            if jahr and int(jahr) != blick.letzter.jahr:
                return blick.seit(blick.im_jahr(int(jahr)))
        return blick.zuletzt()
    except OhneWert:
        return None


def _vergleich(lage: Lage, zeile: int, satz: str, bindung: Bindung) -> Iterator[Meldung]:
    for m in _LAGE.finditer(satz):
        ebene = m["ebene"].lower()
        try:
            blick = Blick.auf(bindung, None)
            anderer = blick.messlatte(ebene)
        except OhneWert:
            continue
        wirklich = blick.lage(ebene)
        if not wirklich.startswith(m["wie"].lower()):
            daten = f"{blick.letzter.nachweis.anzeige} gegenüber {anderer.nachweis.anzeige}, also {wirklich}"
            yield _meldung(lage, zeile, (bindung, f"zum_{ebene}"), f"„{m[0]}“", daten)


def _meldung(lage: Lage, zeile: int, besser: tuple[Bindung, str], wort: str, daten: str) -> Meldung:
    bindung, attribut = besser
    name = next(n for n, b in lage.bindungen.werte.items() if b is bindung)
    return RichtungWiderspricht.melde(
        datei=lage.datei, ort=f"Zeile {zeile}", name=name, attribut=attribut, wort=wort, daten=daten
    )
