"""``berichtswerk quelle``: eine Lieferung beschreiben und zeigen, was aus ihr gelesen wird."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.cli.anzeige import anzahl, zeige_meldungen
from berichtswerk.daten import lesebericht
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.erkennung.probe import Fund, erkenne
from berichtswerk.daten.erkennung.texte import bezeichner
from berichtswerk.daten.erkennung.vorgaben import Frage, FragenOffen, Vorgaben
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.ablage import dateisumme
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import dezimal, schreibe, zeitraum
from berichtswerk.grund.zeichen import Status

BREIT = 34
"""So viele Zeichen eines Textes zeigt eine Spalte."""


class LieferungFehlt(Befundart):
    text = "Die Datei „{datei}“ gibt es nicht."
    abhilfe = "Prüfen Sie Name und Ordner; Groß- und Kleinschreibung zählt."


class QuelleVorhanden(Befundart):
    text = "{was} gibt es schon; überschrieben wird nichts."
    abhilfe = "{hilfe}"


def neu(projekt: Projekt, lieferungen: Sequence[Path], name: str, vorgaben: Vorgaben) -> int:
    """Erkennt eine Lieferung, legt sie mit ihrer Beschreibung ab und zeigt, was gelesen wird.

    Mehrere Dateien haben dieselbe Form; erkannt wird an der ersten, gelesen werden alle. Ohne Antwort auf
    eine offene Frage wird nichts geschrieben; am Terminal wird gefragt.

    Raises:
        BerichtswerkFehler: keine Tabelle zu erkennen, Fragen offen, Quelle oder Datei schon vorhanden.
    """
    for lieferung in lieferungen:
        if not lieferung.is_file():
            raise BerichtswerkFehler(LieferungFehlt.melde(datei=str(lieferung)))
    name = name or bezeichner(lieferungen[0].stem)
    beschreibung, ziele = projekt.quellen / f"{name}.yaml", [_ziel(projekt, d) for d in lieferungen]
    for lieferung, ziel in zip(lieferungen, ziele, strict=True):
        _pruefe_frei(projekt, beschreibung, ziel, lieferung)
    fund = _erkenne(lieferungen, Datenbestand(projekt), vorgaben)
    for lieferung, ziel in zip(lieferungen, ziele, strict=True):
        if not ziel.exists():
            ziel.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(lieferung, ziel)
    text = beschreibe(name, [z.relative_to(projekt.daten).as_posix() for z in ziele], ziele[0], fund)
    with beschreibung.open("x", encoding="utf-8", newline="\n") as datei:
        datei.write(text)
    orte = ", ".join(map(projekt.relativ, ziele))
    print(f"Geschrieben: {projekt.relativ(beschreibung)}; die Lieferung liegt in {orte}.")
    print(*(f"  {b}" for b in fund.bemerkungen), sep="\n")
    print(f"Offen sind Angaben, die mit OFFEN beginnen. Danach: berichtswerk pruefen daten {name}\n")
    if fund.tabelle is None:
        zeige_meldungen(Meldungen(fund.befunde))
        return 1
    return zeige(projekt, name, 12)


def _ziel(projekt: Projekt, lieferung: Path) -> Path:
    """Wo die Lieferung im Projekt liegt: dort, wo sie schon ist, sonst in ``daten/dateien/``."""
    if lieferung.resolve().is_relative_to(projekt.daten.resolve()):
        return projekt.daten / lieferung.resolve().relative_to(projekt.daten.resolve())
    return projekt.daten / "dateien" / re.sub(r"[^\w.\-]+", "_", lieferung.name)


def _pruefe_frei(projekt: Projekt, beschreibung: Path, ziel: Path, lieferung: Path) -> None:
    if beschreibung.exists():
        raise BerichtswerkFehler(
            QuelleVorhanden.melde(
                datei=projekt.relativ(beschreibung), was="Diese Beschreibung",
                hilfe="Nennen Sie mit --name einen anderen Namen, oder löschen Sie die Beschreibung.",
            )
        )  # fmt: skip
    if ziel.exists() and dateisumme(ziel) != dateisumme(lieferung):
        raise BerichtswerkFehler(
            QuelleVorhanden.melde(
                datei=projekt.relativ(ziel), was="Eine andere Datei dieses Namens",
                hilfe="Geben Sie der neuen Lieferung einen anderen Namen.",
            )
        )  # fmt: skip


def _erkenne(lieferungen: Sequence[Path], bestand: Datenbestand, vorgaben: Vorgaben) -> Fund:
    am_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    while True:
        try:
            fund = erkenne(lieferungen, bestand.gebiete, vorgaben)
            if am_terminal and not vorgaben.groessen:
                _benenne(fund.angaben["lesen"].get("groessen", {}))
            return fund
        except FragenOffen as offen:
            if not am_terminal:
                raise BerichtswerkFehler([f.meldung(lieferungen[0].name) for f in offen.fragen]) from None
            for frage in offen.fragen:
                vorgaben.antworte(frage, _frage(frage))


def _frage(frage: Frage) -> str:
    """Die Antwort eines Menschen am Terminal."""
    print("\n".join(t for t in (frage.frage, frage.grund) if t))
    while True:
        antwort = _eingabe(f"  {' | '.join(frage.moeglich)}: ")
        if antwort and (antwort in frage.moeglich or frage.option in {"zeit", "gebiet"}):
            return antwort


def _benenne(groessen: dict[str, Any]) -> None:
    """Fragt je Messgröße nach ihrem Namen; Eingabe allein nimmt den Vorschlag."""
    if groessen:
        print("Wie heißen die Messgrößen im Haus? Eingabe nimmt den Vorschlag.")
    alte = list(groessen.items())
    groessen.clear()
    for vorschlag, spalte in alte:
        while (name := bezeichner(_eingabe(f"  {spalte} [{vorschlag}]: ")) or vorschlag) in groessen:
            print(f"  „{name}“ ist schon vergeben.")
        groessen[name] = spalte


def _eingabe(aufforderung: str) -> str:
    try:
        return input(aufforderung).strip()
    except EOFError:
        raise KeyboardInterrupt from None


def beschreibe(name: str, pfade: Sequence[str], datei: Path, fund: Fund) -> str:
    """Der Text der YAML: was erkannt ist, mit Prüfsumme; was nur Menschen wissen, beginnt mit OFFEN."""
    angaben = dict(fund.angaben)
    lesen = {"leser": "", **angaben.pop("lesen")}
    statistik = angaben.pop("statistik", {})
    amtlich = str(lesen["leser"]).startswith("genesis")
    tabelle = re.search(r"\d{5}-\d{2,4}(-\d{2}-\d(-[A-Z])?)?", fund.titel)
    with datei.open("rb") as strom:
        summe = hashlib.file_digest(strom, "sha256").hexdigest()
    titel = fund.titel.split("\n")[-1 if amtlich else 0].strip() or f"OFFEN: Titel zu {name}"
    kopf: dict[str, Any] = {"name": name, "title": titel[:120], "path": pfade[0]}
    kopf |= {"extrapaths": [*pfade[1:]]} if len(pfade) > 1 else {}
    kopf |= {**angaben, "hash": f"sha256:{summe}"}
    fest: dict[str, Any] = {
        "herausgeber": "Statistische Ämter des Bundes und der Länder"
        if amtlich
        else "OFFEN: wer die Zahlen herausgibt",
        **({"tabelle": tabelle[0]} if tabelle else {}),
        "stand": date.today(),
        "attribution": "OFFEN: Quellenangabe, wie sie unter Abbildungen stehen soll",
        "ressort": "OFFEN: wer im Haus zuständig ist",
        "periodizitaet": "einmalig",
        "herkunft": "amtlich" if amtlich else "fachamt",
        **statistik,
    }
    lizenz = (
        {"name": "dl-de-by-2.0", "title": "Datenlizenz Deutschland – Namensnennung – Version 2.0"}
        if amtlich
        else {"name": "OFFEN", "title": "unter welcher Lizenz, z. B. dl-de-by-2.0"}
    )
    zeilen = [
        "# Entwurf von „berichtswerk quelle neu“. Was mit OFFEN beginnt, weiß nur ein Mensch.",
        *_zeilen_yaml(kopf, 0),
        "licenses:",
        f"  - {_knapp(lizenz)}",
        "statistik:",
        *_zeilen_yaml(fest, 1, _KOMMENTARE),
        "lesen:",
        *(f"  # {b}" for b in fund.bemerkungen),
        *_zeilen_yaml(lesen, 1, _KOMMENTARE),
    ]
    return "\n".join(zeilen) + "\n"


_KOMMENTARE = {
    "stand": "Tag der Ablage; tragen Sie den Tag der Lieferung ein",
    "periodizitaet": "jaehrlich, zweijaehrlich, vierteljaehrlich, monatlich; dann auch naechste_lieferung",
    "herkunft": "amtlich, fachamt, presse oder beispiel",
    "zeichensatz": "was Zeichen statt einer Zahl heißen",
    "zeichen": "so entschieden",
    "groessen": "Name im Haus: Spalte der Lieferung; die Namen sind Vorschläge",
    "groesse": "werte: Text der Lieferung zu Name im Haus; die Namen sind Vorschläge",
    "zahlform": "deutsch 1.234,5 · englisch 1,234.5 · schlicht 1234.5",
    "fest": "so entschieden",
}


def _zeilen_yaml(
    angaben: dict[str, Any], tiefe: int, kommentare: dict[str, str] | None = None
) -> Iterator[str]:
    """Je Angabe eine Zeile; Messgrößen untereinander."""
    rand = "  " * tiefe
    for schluessel, wert in angaben.items():
        notiz = f"  # {kommentare[schluessel]}" if kommentare and schluessel in kommentare else ""
        if schluessel == "groessen":
            yield f"{rand}groessen:{notiz}"
            yield from (f"{rand}  {_knapp(k)}: {_knapp(v)}" for k, v in wert.items())
        else:
            yield f"{rand}{schluessel}: {_knapp(wert)}{notiz}"


def _knapp(wert: Any) -> str:
    """Ein Wert als YAML auf einer Zeile."""
    text = yaml.safe_dump(wert, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return text.removesuffix("...\n").strip()


def zeige(projekt: Projekt, name: str, zeilen: int, *, maschinenlesbar: bool = False) -> int:
    """Liest die Quelle und druckt, was daraus wurde; 1, wenn etwas daran falsch ist.

    Raises:
        BerichtswerkFehler: die Quelle gibt es nicht oder sie läßt sich nicht lesen.
    """
    bestand = Datenbestand(projekt)
    tabelle = bestand.tabelle(name)
    verstecktes = getattr(tabelle.quelle.lesen, "verstecktes", "melden")
    meldungen = Meldungen(list(lesebericht.befunde(tabelle.bericht, verstecktes)))
    if maschinenlesbar:
        befunde = [asdict(m) for m in meldungen]
        print(json.dumps({**_angaben(tabelle, bestand, zeilen), "befunde": befunde}, ensure_ascii=False,
                         indent=1))  # fmt: skip
    else:
        print("\n\n".join(_absaetze(tabelle, bestand, zeilen)))
        zeige_meldungen(Meldungen([m for m in meldungen if m.kennung != "zeilen-weggelassen"]))
    return 1 if meldungen.fehler else 0


def _zeilen(tabelle: Tabelle, bestand: Datenbestand, hoechstens: int) -> list[dict[str, Any]]:
    """Die ersten Werte mit ihrer Rohzelle und ihrem Ort."""
    import numpy as np

    zeilen = tabelle.zeilen(np.arange(min(hoechstens, len(tabelle))))
    namen = {z["gebiet"]: bestand.gebiete[z["gebiet"]].name for z in zeilen if z["gebiet"] in bestand.gebiete}
    return [
        {
            **{n: z[n] for n in ("datei", "zeile", "spalte", "roh")},
            "wert": None if math.isnan(z["wert"]) else z["wert"],
            **{n: z[n] for n in ("status", "gebiet")},
            "name": namen.get(z["gebiet"], ""),
            **{n: z[n] for n in ("zeit", *tabelle.merkmale, "groesse")},
        }
        for z in zeilen
    ]


def _angaben(tabelle: Tabelle, bestand: Datenbestand, zeilen: int) -> dict[str, Any]:
    """Alles, was ``zeige`` zeigt, für Maschinen."""
    bericht = tabelle.bericht.als_dict()
    return {
        "quelle": tabelle.quelle.name,
        "titel": tabelle.quelle.title,
        "anzahl": len(tabelle),
        "werte": _zeilen(tabelle, bestand, zeilen),
        "zeichen": lesebericht.zeichen_je_spalte(tabelle),
        "je_jahr": [
            {"datei": datei, "blatt": blatt, "jahr": jahr, "werte": menge}
            for (datei, blatt, jahr), menge in sorted(lesebericht.werte_je(tabelle).items())
        ],
        "blaetter": bericht["blaetter"],
    }


def _absaetze(tabelle: Tabelle, bestand: Datenbestand, zeilen: int) -> Iterator[str]:
    jahre = sorted(set(tabelle.jahre))
    gebiete = anzahl(len(tabelle.texte["gebiet"].texte), "Gebiet", "Gebiete")
    umfang = [anzahl(len(tabelle), "Wert", "Werte"), gebiete]
    umfang += [zeitraum(jahre[0], jahre[-1])] if jahre else []
    yield f"{tabelle.quelle.name}: {tabelle.quelle.title}\n{', '.join(umfang)}"
    if erste := _zeilen(tabelle, bestand, zeilen):
        yield _tafel(erste, tabelle)
    if zeichen := lesebericht.zeichen_je_spalte(tabelle):
        status = _status_der_zeichen(tabelle)
        yield "Zeichen statt einer Zahl:\n" + "\n".join(
            f"  {spalte}: " + ", ".join(f"{n} × {_zitat(z)} ({status.get(z, '')})" for z, n in je.items())
            for spalte, je in list(zeichen.items())[:40]
        )
    if weg := [
        f"  {blatt.blatt or blatt.datei}: {w.anzahl} × {grund}; {'; '.join(w.beispiele[:2])}"
        for blatt in tabelle.bericht.blaetter
        for grund, w in blatt.weggelassen.items()
    ]:
        yield "\n".join(["Nicht gelesene Zeilen:", *weg[:40]])
    if tabelle.berichtigt:
        yield "\n".join(["Anders als geliefert:", *(f"  {s}" for s in tabelle.berichtigt.values())])
    yield "Werte mit Zahl:\n" + "\n".join(_je_jahr(tabelle))


def _je_jahr(tabelle: Tabelle) -> Iterator[str]:
    """Je Datei und Blatt die Zahl der Werte je Jahr; gleiche aufeinanderfolgende Jahre zusammen."""
    orte: dict[str, list[tuple[int, int]]] = {}
    for (datei, blatt, jahr), menge in sorted(lesebericht.werte_je(tabelle).items()):
        orte.setdefault(f"{datei}, Blatt „{blatt}“" if blatt else datei, []).append((jahr, menge))
    for ort, folge in list(orte.items())[:40]:
        spannen: list[list[int]] = []
        for jahr, menge in folge:
            if spannen and spannen[-1][1:] == [jahr - 1, menge]:
                spannen[-1][1] = jahr
            else:
                spannen.append([jahr, jahr, menge])
        teile = (f"{zeitraum(von, bis)} {'je ' if von < bis else ''}{menge}" for von, bis, menge in spannen)
        yield f"  {ort}: {', '.join(teile)}"


def _status_der_zeichen(tabelle: Tabelle) -> dict[str, str]:
    """Rohtext → wie er gelesen wird (der erste Fund gilt)."""
    status, roh = tabelle.texte["status"], tabelle.texte["roh"]
    import numpy as np

    _, erste = np.unique(roh.zahlen(), return_index=True)
    return {roh[i]: status[i] for i in erste.tolist()}


def _zitat(zeichen: str) -> str:
    return f"„{zeichen}“" if zeichen else "leer"


def _tafel(zeilen: Sequence[dict[str, Any]], tabelle: Tabelle) -> str:
    """Die Werte als Tafel: Rohzelle, Wert, Status, Gebiet, Zeit, Merkmale, Größe, Fundort."""
    kopf = ["roh", "wert", "status", "gebiet", "zeit", *tabelle.merkmale, "groesse", "Fundort"]
    mehrere = len({z["datei"] for z in zeilen}) > 1
    inhalt = []
    for z in zeilen:
        ort = f"Zeile {z['zeile']}, {z['spalte']}"
        fest = {
            "wert": "" if z["wert"] is None else _zahl(z["wert"]),
            "status": "" if z["status"] == Status.WERT else z["status"],
            "gebiet": f"{z['gebiet']} {z['name']}".strip(),
            "Fundort": f"{z['datei']}, {ort}" if mehrere else ort,
        }
        inhalt.append([_kurz(str(fest.get(n, z.get(n, "")))) for n in kopf])
    breiten = [max(len(zeile[i]) for zeile in [kopf, *inhalt]) for i in range(len(kopf))]
    rechts = {kopf.index("roh"), kopf.index("wert")}
    return "\n".join(
        "  ".join(
            text.rjust(b) if i in rechts else text.ljust(b)
            for i, (text, b) in enumerate(zip(zeile, breiten, strict=True))
        ).rstrip()
        for zeile in [kopf, *inhalt]
    )


def _zahl(wert: float) -> str:
    """Die Zahl mit allen Stellen, die sie hat."""
    exponent = dezimal(wert).normalize().as_tuple().exponent
    return schreibe(wert, max(-exponent, 0) if isinstance(exponent, int) else 0)


def _kurz(text: str) -> str:
    return text if len(text) <= BREIT else text[: BREIT - 1] + "…"
