"""Die Zeilen unter Abbildungen und Tabellen: Quelle, Stand, Bearbeitung, Definition, Hinweise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from berichtswerk.gegenstand.gegenstaende import Begriff, Beleg, Quellenangabe, Quellenzeile
from berichtswerk.grund import zahl
from berichtswerk.worte.sprache import aufzaehlung, gross, mit_punkt

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Lizenz, Quelle
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe, Wert

AB_HIER_VERWEIS = 4
"""Ab so vielen Kennzahlen stehen die Definitionen nur im Abschnitt Begriffe."""
NUR_VERWEIS = "siehe Abschnitt „Begriffe“"
"""Steht dann statt der Definitionen."""
VIELE_AEMTER = 4
"""Ab so vielen Herausgebern nennt die Quellenzeile nur sie; Tabellen und Stände stehen im Verzeichnis."""
OFT = 3
"""Ab so vielen Quellen steht ihre gemeinsame Lizenz einmal."""
_LIZENZ = re.compile(r"\([\w.:/-]+/[\w./-]+\)$")
"""Ein Teil der Namensnennung, der mit der Adresse des Lizenztextes endet."""
GERECHNET = "eigene Berechnung (Daten verändert)"
DARGESTELLT = "eigene Darstellung"
# Vermerke zur Bearbeitung, die schon in der Namensnennung stehen; wir setzen den zutreffenden
_BEARBEITUNG = re.compile(r"(auswahl|eigene (berechnung|darstellung)|daten verändert)", re.IGNORECASE)
_UND = "; "
"""Trennt in der Beschreibung einer Quelle mehrere Herausgeber; in der Zeile trennt es Quellen."""
_TABELLE = re.compile(r"tabellen? ", re.IGNORECASE)
ZEICHENERKLAERUNG = "Zeichenerklärung:"
_BEISPIEL = re.compile(r" \(Beispiel(?:daten)?\)")
"""Was Titel und Herausgeber von Beispieldaten anhängen; wir sagen es selbst, einmal und überall gleich."""
_ZEICHEN = re.compile(r"\S{1,3}( \))? = ")
PERIODE = {
    "jaehrlich": "jährlich",
    "zweijaehrlich": "alle zwei Jahre",
    "vierteljaehrlich": "vierteljährlich",
    "monatlich": "monatlich",
    "einmalig": "einmalig",
}
_GENAUIGKEIT = {
    "cell_key": "Die Quelle verändert Fallzahlen zum Schutz Einzelner leicht (Cell-Key-Verfahren); Summen "
    "können abweichen.",
    "5er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 5.",
    "10er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 10.",
}


def quellenzeile(
    quellen: Sequence[tuple[Quelle, bool]], rechnungen: Mapping[str, tuple[str, ...]] | None = None
) -> Quellenzeile:
    """„Quelle: Amt, Tabelle … (Stand …); dl-de/by-2-0; eigene Berechnung (Daten verändert)“.

    Gleiche Herausgeber, Stände und Lizenzen stehen nur einmal. Die volle Namensnennung, die die Datenlizenz
    Deutschland verlangt, steht im Quellenverzeichnis und in ``nennung`` (für CSV-Dateien). ``rechnungen``:
    zu Quellen, die nur über eigene Rechnungen eingehen, deren Namen.
    """
    gerechnet = any(art for _, art in quellen)
    aemter = list(dict.fromkeys(herausgeber(q) for q, _ in quellen))
    if gerechnet and len(aemter) >= VIELE_AEMTER:
        jeder = dict.fromkeys(wer for amt in aemter for wer in amt.split(_UND))
        zeile = f"Quellen: {', '.join(jeder)} (im Einzelnen: Verzeichnis „Quellen“ des Berichts); {GERECHNET}"
    else:
        lizenzen = dict.fromkeys(kurzlizenz(li) for q, _ in quellen for li in q.licenses if li.path)
        teile = [*_herausgeber([q for q, _ in quellen]), *lizenzen, GERECHNET if gerechnet else DARGESTELLT]
        zeile = f"{'Quellen' if len(quellen) > 1 else 'Quelle'}: {'; '.join(teile)}"
    volle = dict.fromkeys(nennung(q, gerechnet=art) for q, art in quellen)
    return Quellenzeile(
        name=", ".join(q.name for q, _ in quellen), zeile=zeile, nennung=" / ".join(volle),
        angaben=tuple(
            Quellenangabe(name=q.name, kurz=herausgeber(q), rechnungen=(rechnungen or {}).get(q.name, ()))
            for q, _ in quellen
        ),
        gerechnet=gerechnet,
    )  # fmt: skip


def quellenangabe(quelle: Quelle, *, gerechnet: bool) -> Quellenangabe:
    """Die Quelle, wie sie im Verzeichnis „Quellen“ steht: Titel, Tabelle, Stand, Namensnennung und Lizenz."""
    angabe = _mit_stand([quelle.statistik.stand], tabellen_kurz(quelle))
    titel, genannt = quelle.title, nennung_kurz(quelle, gerechnet=gerechnet)
    if quelle.ist_beispiel:  # „Beispieldaten“ steht im Verzeichnis davor
        titel, genannt = _BEISPIEL.sub("", titel), gross(re.sub(r"^Beispieldaten,? ", "", genannt))
    return Quellenangabe(
        name=quelle.name,
        kurz=herausgeber(quelle),
        lang=f"{titel}, {angabe}".replace(", (", " ("),
        nennung=genannt,
        lizenz=next((kurzlizenz(li) for li in quelle.licenses if li.path), ""),
        beispiel=quelle.ist_beispiel,
    )


def lizenzen_einmal(
    angaben: Sequence[Quellenangabe],
) -> tuple[tuple[Quellenangabe, ...], tuple[tuple[str, str], ...]]:
    """Wo dieselbe Lizenz oft steht, nennt jede Quelle ihr Kürzel; dazu, was die Kürzel heißen.

    So erlaubt es die Datenlizenz Deutschland: das Kürzel mit Verweis auf den Lizenztext.
    """
    volle = {a.name: next((t for t in a.nennung.split(" | ") if _LIZENZ.search(t)), "") for a in angaben}
    oft = Counter((a.lizenz, volle[a.name]) for a in angaben if a.lizenz and volle[a.name])
    kurz = {paar for paar, anzahl in oft.items() if anzahl >= OFT and len(paar[1]) > len(paar[0])}
    gekuerzt = tuple(
        a.model_copy(update={"nennung": a.nennung.replace(volle[a.name], a.lizenz)})
        if (a.lizenz, volle[a.name]) in kurz
        else a
        for a in angaben
    )
    return gekuerzt, tuple(sorted(kurz))


def herausgeber(quelle: Quelle) -> str:
    """Wer die Zahlen herausgibt, ohne „(Beispieldaten)“; das sagen Zeile, Bild und Verzeichnis selbst."""
    return _BEISPIEL.sub("", quelle.statistik.herausgeber)


def _herausgeber(quellen: Sequence[Quelle]) -> list[str]:
    """Je Herausgeber ein Eintrag mit Tabellen und Ständen."""
    gruppen: dict[str, dict[tuple[date, bool], list[str]]] = {}  # je Stand, was es damals gab
    for q in quellen:
        amt = herausgeber(q)
        marke = q.ist_beispiel and not amt.startswith("Beispiel")
        tabellen = gruppen.setdefault(amt, {}).setdefault((q.statistik.stand, marke), [])
        tabellen += [t for t in tabellen_kurz(q) if t not in tabellen]
    zeilen = []
    for amt, staende in gruppen.items():
        gleiche: dict[tuple[bool, tuple[str, ...]], list[date]] = {}
        for (stand, marke), tabellen in staende.items():
            gleiche.setdefault((marke, tuple(tabellen)), []).append(stand)
        angaben = (_mit_stand(tage, tabellen, beispiel=marke) for (marke, tabellen), tage in gleiche.items())
        zeilen.append(", ".join([amt.replace(_UND, ", "), *angaben]).replace(", (", " ("))
    return zeilen


def _mit_stand(staende: Sequence[date], tabellen: Sequence[str], *, beispiel: bool = False) -> str:
    nummern = [t for t in tabellen if t[:1].isdigit()]
    wort = "Tabellen" if len(nummern) > 1 else "Tabelle"
    angaben = [t for t in tabellen if t not in nummern]
    angaben += [f"{wort} {', '.join(nummern)}"] if nummern else []
    tage = " und ".join(zahl.datum(tag) for tag in sorted(staende))
    return f"{', '.join(angaben)} ({'Beispieldaten, ' * beispiel}Stand {tage})".strip()


def tabellen_kurz(quelle: Quelle) -> list[str]:
    """Tabellennummern; lange Listen von Merkmalen werden zu ihrem ersten Wort („INKAR“)."""
    text = quelle.statistik.tabelle or ""
    if len(text) > 60 or (" " in text and "_" in text):
        return [text.split()[0]]
    return [t.strip() for t in text.split(",") if t.strip()]


def kurzlizenz(lizenz: Lizenz) -> str:
    """„dl-de/by-2-0“, wie die Lizenz selbst sich abkürzt; sonst ihr Name."""
    name = lizenz.name.lower()
    return re.sub(r"^dl-de-([a-z]+)-(\d)\.(\d)$", r"dl-de/\1-\2-\3", name) if name else lizenz.title or ""


def nennung(quelle: Quelle, *, gerechnet: bool) -> str:
    """Volle Namensnennung: Bereitsteller, Lizenz mit Verweis, Tabelle, Stand, Bearbeitung."""
    tabelle = [f"Tabelle {', '.join(tabellen_kurz(quelle))}"] if quelle.statistik.tabelle else []
    mitte = [*tabelle, f"Stand {zahl.datum(quelle.statistik.stand)}"]
    return " | ".join([*_bereitsteller(quelle), *mitte, GERECHNET if gerechnet else DARGESTELLT])


def nennung_kurz(quelle: Quelle, *, gerechnet: bool) -> str:
    """Die Namensnennung ohne Tabelle und Stand, wo beides in eigenen Spalten steht."""
    return " | ".join([*_bereitsteller(quelle), GERECHNET if gerechnet else DARGESTELLT])


def _bereitsteller(quelle: Quelle) -> list[str]:
    """Bereitsteller und Lizenz mit Verweis."""
    teile = [t.strip() for t in " ".join(quelle.statistik.attribution.split()).split("|")]
    teile = [t for t in teile if t and not _BEARBEITUNG.match(t) and not _TABELLE.match(t)]
    lizenz = next((li.title or li.name for li in quelle.licenses if li.path), "")
    if lizenz and not re.search(r"lizenz|licen|dl-de|\bcc ", " ".join(teile), re.IGNORECASE):
        teile.append(lizenz)
    return teile


def ist_gerechnet(wert: Wert) -> bool:
    """Ob der Wert selbst gebildet wurde (Quotient, Summe, Umrechnung) und nicht nur übernommen."""
    return wert.eigene is not None or len(wert.belege) > 1 or any(b.wert != wert.wert for b in wert.belege)


def quellen_von(reihen: Iterable[Reihe]) -> dict[str, bool]:
    """Namen der Quellen aller Werte mit Zahl → ob damit gerechnet wurde."""
    gerechnet: dict[str, bool] = {}
    for wert in (w for reihe in reihen for w in reihe if w.wert is not None):
        for name in wert.quellen:
            gerechnet[name] = gerechnet.get(name, False) or ist_gerechnet(wert)
    return gerechnet


def rechnungen_von(reihen: Iterable[Reihe]) -> dict[str, tuple[str, ...]]:
    """Zu jeder Quelle, die nur über eigene Rechnungen eingeht, deren Namen."""
    je: dict[str, dict[str, None]] = {}
    for wert in (w for reihe in reihen for w in reihe if w.wert is not None):
        for name in wert.quellen:
            je.setdefault(name, {})[wert.eigene.name if wert.eigene else ""] = None
    return {name: tuple(namen) for name, namen in je.items() if all(namen)}


def beleg_aus_reihen(
    reihen: Sequence[Reihe],
    quellen: Mapping[str, Quelle],
    *,
    hinweise: Iterable[str] = (),
    definition: str | None = None,
    weitere: Sequence[str] = (),
) -> Beleg:
    """Beleg zu allem, was gezeigt wird: Quellen ohne Wiederholung, Definitionen, Beispielmarke."""
    benutzt = dict.fromkeys(weitere, False) | quellen_von(reihen)
    kennzahlen = {reihe.kennzahl.id: reihe.kennzahl for reihe in reihen if len(reihe)}
    begriffe = [] if definition is not None else list(kennzahlen.values())
    return beleg(
        [(quellen[name], gerechnet) for name, gerechnet in benutzt.items() if name in quellen],
        rechnungen={q: namen for q, namen in rechnungen_von(reihen).items() if q not in weitere},
        hinweise=(
            *hinweise,
            *_werthinweise(reihen),
            *_presse(reihen, quellen),
            *_berichtigt_in_rechnungen(reihen, quellen),
        ),
        definition=definition if definition is not None else definitionen(kennzahlen.values()),
        begriffe={
            k.definition: Begriff(name=gross(k.name), text=k.definition) for k in begriffe if k.definition
        },
    )


def _werthinweise(reihen: Sequence[Reihe]) -> list[str]:
    """Was an den Werten selbst auffällt: Erklärungen, Wechsel des Rechenwegs, verschiedene Grundlagen."""
    texte = [h for reihe in reihen for w in reihe if w.wert is not None for h in w.hinweise]
    wege = [[w for g in r.gebiete[:1] if (w := wegsatz(r, g))] for r in reihen]
    texte += _mit_namen(wege, reihen, "Rechenweg: ")
    texte += _mit_namen([_grundlagen(r) for r in reihen], reihen)
    return list(dict.fromkeys(texte))


def _presse(reihen: Sequence[Reihe], quellen: Mapping[str, Quelle]) -> list[str]:
    """Welche Jahre aus Presseberichten stammen: zweite Wahl, die zu erkennen sein muss.

    Eine eigene Rechnung nimmt alle ihre Eingaben in jedes Jahr mit; dann steht nur, dass solche dabei sind.
    """
    presse = {name for name, quelle in quellen.items() if quelle.statistik.herkunft == "presse"}
    gezeigt = (w for r in reihen for w in r if w.wert is not None and presse.intersection(w.quellen))
    eigene, jahre = False, set[int]()
    for w in gezeigt:
        eigene = eigene or w.eigene is not None
        if w.eigene is None and not w.prognose:
            jahre.add(w.jahr)
    saetze = [f"Nach Presseberichten: {aufzaehlung(_zeitraeume(jahre))}."] if jahre else []
    return [*saetze, *(["In die Rechnung gehen auch Presseberichte ein."] if eigene else [])]


def _berichtigt_in_rechnungen(reihen: Sequence[Reihe], quellen: Mapping[str, Quelle]) -> list[str]:
    """Korrekturen an Quellen, mit denen eine eigene Rechnung rechnet; sonst trägt sie der Wert selbst."""
    jahre: dict[str, int] = {}
    for wert in (w for r in reihen for w in r if w.wert is not None and w.eigene is not None):
        for name in wert.quellen:
            jahre[name] = max(jahre.get(name, 0), wert.jahr)
    return [s for name, jahr in jahre.items() for s in quellen[name].berichtigungen(jahr)]


def _zeitraeume(jahre: Iterable[int]) -> list[str]:
    """Ab drei Jahren in Folge ein Zeitraum: ``2015, 2019 bis 2024``; einzelne Jahre bleiben einzeln."""
    laeufe: list[list[int]] = []
    for jahr in sorted(set(jahre)):
        if laeufe and laeufe[-1][-1] == jahr - 1:
            laeufe[-1].append(jahr)
        else:
            laeufe.append([jahr])
    je_lauf = ([f"{lauf[0]} bis {lauf[-1]}"] if len(lauf) > 2 else map(str, lauf) for lauf in laeufe)
    return [text for texte in je_lauf for text in texte]


def _mit_namen(je_reihe: Sequence[Sequence[str]], reihen: Sequence[Reihe], sonst: str = "") -> list[str]:
    """Setzt den Namen der Kennzahl davor; gilt der Satz für alle, ``sonst``."""
    if len({tuple(saetze) for saetze in je_reihe}) <= 1:
        return [f"{sonst}{satz}" for satz in je_reihe[0]] if je_reihe else []
    paare = zip(reihen, je_reihe, strict=True)
    return [f"{reihe.kennzahl.name}: {satz}" for reihe, saetze in paare for satz in saetze]


def geordnet(hinweise: Iterable[str]) -> tuple[str, ...]:
    """Ohne Wiederholung, jeder ein Satz; Zeichen („. = …“) zusammen als Zeichenerklärung am Ende."""
    zeichen: dict[str, None] = {}
    saetze: dict[str, None] = {}
    for text in hinweise:
        erklaert = text.startswith(ZEICHENERKLAERUNG) or _ZEICHEN.match(text)
        if erklaert:
            zeichen.update(dict.fromkeys(text.removeprefix(ZEICHENERKLAERUNG).strip().split("; ")))
        elif text:
            saetze[mit_punkt(text)] = None
    letzter = [mit_punkt(f"{ZEICHENERKLAERUNG} {'; '.join(zeichen)}")] if zeichen else []
    return (*saetze, *letzter)


def _grundlagen(reihe: Reihe) -> list[str]:
    """Ein Satz, wenn Gebiete im selben Jahr auf verschiedenen Grundlagen stehen (Zensus 2011 und 2022)."""
    jahre: dict[tuple[str, ...], list[int]] = {}
    for jahr in reihe.jahre:
        if len(basen := reihe.basen(jahr)) > 1:
            jahre.setdefault(basen, []).append(jahr)
    return [
        f"Werte auf verschiedener Grundlage ({', '.join(map(str, liste))}): {', '.join(basen)}; "
        "sie sind nur eingeschränkt vergleichbar."
        for basen, liste in jahre.items()
    ]


def definitionen(kennzahlen: Iterable[Kennzahl]) -> str:
    """Der Definitionssatz; bei mehreren mit ihrem Namen davor, ab vier nur der Verweis auf die Begriffe."""
    liste = list({k.definition: k for k in kennzahlen if k.definition.strip()}.values())
    if len(liste) >= AB_HIER_VERWEIS:
        return NUR_VERWEIS
    if len(liste) == 1:
        return liste[0].definition
    return " ".join(f"{gross(k.name)}: {mit_punkt(k.definition)}" for k in liste)


def beleg(
    quellen: Sequence[tuple[Quelle, bool]],
    *,
    hinweise: Iterable[str] = (),
    definition: str = "",
    begriffe: Mapping[str, Begriff] | None = None,
    rechnungen: Mapping[str, tuple[str, ...]] | None = None,
) -> Beleg:
    """Beleg aus Quellen (mit: ob gerechnet wurde); feste Reihenfolge nach Namen, ohne doppelte Zeilen.

    ``rechnungen``: siehe :func:`quellenzeile`.
    """
    sortiert = sorted(quellen, key=lambda paar: paar[0].name)
    genau = [_GENAUIGKEIT[g] for q, _ in sortiert if (g := q.statistik.genauigkeit) in _GENAUIGKEIT]
    return Beleg(
        quellen=(quellenzeile(sortiert, rechnungen),) if sortiert else (),
        definition=definition,
        begriffe=tuple((begriffe or {}).values()),
        hinweise=geordnet((*hinweise, *genau)),
        beispiel=any(q.ist_beispiel for q, _ in quellen),
    )


def wegsatz(reihe: Reihe, gebiet: str) -> str:
    """Zum Beispiel „eigene Berechnung (2010–2015), veröffentlichter Wert (2016–2021).“

    Leer, wenn alle Werte des Gebiets von derselben Art sind. Wechselt die Art, können kleine Unterschiede der
    Abgrenzung einen Sprung erzeugen; der Satz gehört deshalb unter die Abbildung.
    """
    if not reihe.kennzahl.wege:  # eine eigene Rechnung
        return ""
    arten: dict[str, list[int]] = {}
    for wert in sorted(reihe.gebiet(gebiet).werte, key=lambda w: w.jahr):
        if wert.wert is not None:
            veroeffentlicht = reihe.kennzahl.wege[wert.weg - 1].wert is not None
            art = "veröffentlichter Wert" if veroeffentlicht else "eigene Berechnung"
            arten.setdefault(art, []).append(wert.jahr)
    if len(arten) < 2:
        return ""
    alle = sorted({jahr for jahre in arten.values() for jahr in jahre})
    return ", ".join(f"{art} ({_spannen(jahre, alle)})" for art, jahre in arten.items()) + "."


def _spannen(jahre: Sequence[int], alle: Sequence[int]) -> str:
    """Jahre als Spannen; ein Jahr ohne Wert unterbricht eine Spanne nicht."""
    spannen: list[list[int]] = []
    for jahr in dict.fromkeys(jahre):
        vorher = alle[alle.index(jahr) - 1] if alle.index(jahr) else None
        if spannen and spannen[-1][1] == vorher:
            spannen[-1][1] = jahr
        else:
            spannen.append([jahr, jahr])
    return ", ".join(zahl.zeitraum(von, bis) for von, bis in spannen)
