"""Wie hoch alles wird: misst die Stücke einer Druckfassung mit Typst, jedes einmal, bevor gesetzt wird.

Jedes Stück steht für sich: was die anderen sagen, ändert an seinem Maß nichts. Gemessen wird in einem eigenen
Dokument, ohne Bilder, Titelblatt und Verzeichnisse; wie hoch ein Bild ist, weiß, wer es zeichnet. Nummern
sind dieselben wie im Bericht: von ihnen kann abhängen, wo eine Zeile bricht.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from berichtswerk.satz.seitenplan import Plan, Zeilenmass
from berichtswerk.schreiber.typst.rumpf import Stueck

ABFRAGE = "query(<bw-mass>).map(m => m.value)"
"""Fragt das Dokument aus :func:`dokument`; Antwort ist JSON."""
_KOPF = """#import "vorlage.typ": *
#show: bw-satz
#metadata(bw-spiegel)<bw-mass>
#show link: it => it.body
#let image(..angaben) = box(width: 100%, height: 0pt)
#let bw-figur(marke: "", breit: false, befund: false, rand: (), inhalt) = {
  let haupt = bw-beschriftung(befund, inhalt)
  if breit { bw-nebeneinander(true, rand, haupt) } else { haupt }
}
#let bw-zeile(breit: false, rand: (), haupt) = if breit { bw-nebeneinander(true, rand, haupt) } else { haupt }
"""
_NOTENLUFT = 14.0
"""Was die Linie über den Fußnoten einer Seite braucht."""
_KLEBT = {"titel"}


class Masse(NamedTuple):
    """Was ein Dokument aus :func:`dokument` misst: der Satzspiegel und jedes Stück."""

    spiegel: Mapping[str, Any]
    stuecke: Sequence[Mapping[str, Any]]


def dokument(stuecke: Iterable[Stueck]) -> str:
    """Ein Typst-Dokument, das alle diese Stücke misst."""
    return _KOPF + "\n".join(messung(s) for s in stuecke)


def messung(s: Stueck) -> str:
    """Was in diesem Dokument zu einem Stück steht; davon hängt sein Maß ab und von der Vorlage."""
    tafel = s.tafel if s.tafel and len(s.tafel.reihen) >= 2 * s.tafel.beisammen else None
    kopf = tafel.mit(tafel.kopf) if tafel and tafel.kopf else ""
    reihen = [tafel.mit(r) for r in tafel.reihen] if tafel else []
    art = "heading" if s.art in {"auftakt", "titel"} else s.kennung[:3]
    text = (
        f'#bw-messe("{art}", "{s.nummer}", [\n\n{s.text}\n\n], kopf: [{kopf}], '
        f"breit: {str(s.breit).lower()}, rand: ({''.join(f'{r}, ' for r in s.rand if not s.breit)}), "
        f"reihen: ({''.join(f'[{r}], ' for r in reihen)}), fuss: [{s.fuss if tafel else ''}], "
        f"noten: ({''.join(f'[{n}], ' for n in s.noten)}))"
    )
    if s.art != "auftakt":
        return text
    schmal = f"#bw-schmal.update(true)\n{text}\n#bw-schmal.update(false)" if s.anschluss else text
    return f"{s.davor}\n{text}\n{schmal}\n#bw-auftakt-stand.update(none)"


def zeilen(stuecke: Sequence[Stueck], masse: Masse, kleinst: Mapping[str, float]) -> list[Zeilenmass]:
    """Die Zeilen des ganzen Berichts.

    Eine Abbildung in ``kleinst`` kann anders hoch werden, bis zu diesem Anteil ihrer Höhe.
    """
    davor = ["", *(s.art for s in stuecke)]
    return [
        _zeile(s, m, masse.spiegel, davor[n], kleinst.get(s.kennung))
        for n, (s, m) in enumerate(zip(stuecke, masse.stuecke, strict=True))
    ]


def _zeile(
    s: Stueck, m: Mapping[str, Any], spiegel: Mapping[str, Any], davor: str, kleinst: float | None
) -> Zeilenmass:
    bild = s.verhaeltnis * spiegel["voll" if s.breit else "breite"]
    luft = spiegel["nach"].get(davor, spiegel["luft"][s.art])
    hoehe, reihen = m["hoehe"] + bild, tuple(m["reihen"])
    if s.fliesst and not s.rand:
        reihen = (spiegel["zeile"],) * max(1, round(hoehe / spiegel["zeile"]))
    return Zeilenmass(
        s.kennung, hoehe, s.art, rand=m["rand"], bild=bild, kleinst=bild * (kleinst or 1),
        groesst=1e9 if kleinst else bild, luft=luft, reihen=reihen, fliessend=s.fliesst,
        beisammen=s.tafel.beisammen if s.tafel else 1,
        kopf=m["kopf"], fuss=m["fuss"], noten=sum(m["noten"]) + _NOTENLUFT * bool(m["noten"]),
        klebt=s.art in _KLEBT, beginnt=s.beginnt, schmal=m.get("schmal", 0.0) if s.anschluss else 0.0,
    )  # fmt: skip


def lies(antwort: str, stuecke: Iterable[Stueck]) -> Masse:
    """Die Antwort auf :data:`ABFRAGE`."""
    spiegel, *alle = json.loads(antwort)
    weiter = iter(alle)

    def mass(s: Stueck) -> dict[str, Any]:
        m: dict[str, Any] = next(weiter)
        return {**m, "schmal": next(weiter)["hoehe"]} if s.art == "auftakt" else m

    return Masse(spiegel, [mass(s) for s in stuecke])


def wahl(stuecke: Iterable[Stueck], plan: Plan) -> str:
    """Was der Plan für diese Stücke bestimmt, als Wörterbuch für ``bw-stueck``."""
    eintraege = [e for s in stuecke if (e := _eintrag(s.kennung, plan))]
    return f"({', '.join(eintraege) or ':'})"


def _eintrag(kennung: str, plan: Plan) -> str:
    """Was der Plan für ein Stück bestimmt; leer, wenn er es nicht kennt."""
    s = plan.setzungen.get(kennung)
    if s is None:
        return ""
    angaben = ["umbruch: true"] if s.umbruch else [f"oben: {s.oben}pt"]
    angaben += ["schmal: true"] * s.schmal + ["lang: true"] * s.lang
    angaben += [f"frei: {s.frei}pt"] * bool(s.frei)
    return f'"{kennung}": ({", ".join(angaben)})'
