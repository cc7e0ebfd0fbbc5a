"""``berichtswerk quelle``: eine Lieferung beschreiben und zeigen, was aus ihr gelesen wird."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from berichtswerk.cli.anzeige import anzahl, zeige_meldungen
from berichtswerk.daten import lesebericht
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import dezimal, schreibe, zeitraum
from berichtswerk.grund.zeichen import Status

BREIT = 34
"""So viele Zeichen eines Textes zeigt eine Spalte."""


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
