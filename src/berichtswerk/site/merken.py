"""Gesetzte Berichte aufheben: gilt die Spur ihrer Eingaben noch, kommen Seite, PDF und Beilagen von dort."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.notizbuch import Notizbuch
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import FASSUNG, MODUL, PAKET, Summen
from berichtswerk.grund.ablage import schluessel_aus
from berichtswerk.grund.dateien import pruefsumme
from berichtswerk.grund.meldung import Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt

_FASSUNGEN = (
    "python", "pydantic", "pyyaml", "jinja2", "vl-convert-python", "fonttools", "pypandoc-binary", "typst",
    "pikepdf", "brand-yml", "uharfbuzz", "brotli",
)  # fmt: skip
_RAEUME = "grund marke gegenstand worte bild tabelle bericht ausfuehrung satz site"
_STOCKWERKE = ("*.py", *(f"{raum}/**/*" for raum in _RAEUME.split()))
"""Was beim Übergeben und Setzen mitwirkt; aus anderen Stockwerken zählt, was dabei geladen war."""


@dataclass(frozen=True, slots=True)
class Gemerkt:
    """Ein gesetzter Bericht: Dateien ab dem Ordner der Ausgabe und was dazu zu melden war."""

    dateien: dict[str, bytes]
    meldungen: Meldungen


class Gedaechtnis:
    """Sucht und merkt gesetzte Berichte eines Laufs."""

    def __init__(self, projekt: Projekt, formate: Collection[str]) -> None:
        self.projekt, self.formate = projekt, "+".join(sorted(formate))
        self.summen = Summen(projekt)

    def hole(self, auftrag: Auftrag, roh: Notizbuch, zusatz: str) -> tuple[Gemerkt | None, str]:
        """Was für diesen Auftrag noch gilt, sonst ``None`` und der Grund, warum neu gesetzt wird."""
        grund = self.grund(auftrag, roh, zusatz)
        if grund:
            return None, grund
        stand = self._stand(auftrag)
        paket = self.summen.ablage.hole("paket", stand["paket"])
        if paket is None:
            return None, "das aufgehobene Ergebnis ist unvollständig"
        meldungen = Meldungen([Meldung(**{**m, "stufe": Stufe(m["stufe"])}) for m in stand["meldungen"]])
        return Gemerkt(_entpackt(paket), meldungen), "unverändert"

    def grund(self, auftrag: Auftrag, roh: Notizbuch, zusatz: str) -> str:
        """Warum dieser Auftrag neu gesetzt wird; leer, wenn alles gilt."""
        stand = self._stand(auftrag)
        if not stand:
            return "noch nicht gesetzt"
        if stand["roh"] != rohsumme(roh):
            return "das Notizbuch hat ein anderes Ergebnis"
        neue = [n for n in self._dateien(auftrag) if n not in stand["spur"]]
        return (
            self.summen.abweichung(stand["spur"])
            or (f"{neue[0]} ist neu" if neue else "")
            or ("die Größe des vorigen PDF ist anders" if stand["zusatz"] != zusatz else "")
        )

    def merke(
        self, auftrag: Auftrag, roh: Notizbuch, zusatz: str, gesetzt: Gemerkt, nachgelesen: Collection[str]
    ) -> None:
        """Hebt einen gesetzten Bericht mit der Spur seiner Eingaben auf."""
        namen = [*self._dateien(auftrag), *_daten(roh), *nachgelesen, *_programm()]
        namen += [FASSUNG + f for f in _FASSUNGEN]
        ablage = self.summen.ablage
        paket = _gepackt(gesetzt.dateien)
        summe = pruefsumme(paket)
        if not ablage.hat("paket", summe):
            ablage.lege("paket", summe, paket)
        stand = {
            "roh": rohsumme(roh),
            "zusatz": zusatz,
            "spur": self.summen.nimm_auf(namen),
            "paket": summe,
            "meldungen": [asdict(m) for m in gesetzt.meldungen],
        }
        ablage.lege("satz", self._name(auftrag), json.dumps(stand, sort_keys=True).encode())

    def _name(self, auftrag: Auftrag) -> str:
        return f"{auftrag.stamm}.{self.formate}"

    def _stand(self, auftrag: Auftrag) -> dict[str, Any]:
        roh = self.summen.ablage.hole("satz", self._name(auftrag))
        stand: dict[str, Any] = json.loads(roh) if roh else {}
        return stand

    def _dateien(self, auftrag: Auftrag) -> list[str]:
        """Was Menschen für diesen Bericht schreiben: Beschreibung, Texte, Bilder, Notizbuch, Layout."""
        p = self.projekt
        pfade = [*_eigene(auftrag.ordner), *_ordner(p.layout), *sorted(p.daten.glob("*.yaml"))]
        if auftrag.notizbuch is not None:
            pfade.append(auftrag.notizbuch)
        eigene = [pfad.relative_to(p.wurzel).as_posix() for pfad in pfade]
        return [*eigene, "daten/kennzahlen/", "daten/rechnungen/"]


def _gepackt(dateien: Mapping[str, bytes]) -> bytes:
    """Alle Dateien hintereinander, davor eine Zeile mit Namen und Längen: ein Zugriff statt hundert."""
    kopf = json.dumps({name: len(inhalt) for name, inhalt in dateien.items()}).encode()
    return b"\n".join([kopf, b"".join(dateien.values())])


def _entpackt(paket: bytes) -> dict[str, bytes]:
    kopf, _, rest = paket.partition(b"\n")
    dateien, ab = {}, 0
    for name, laenge in json.loads(kopf).items():
        dateien[name] = rest[ab : ab + laenge]
        ab += laenge
    return dateien


def rohsumme(roh: Notizbuch) -> str:
    """Prüfsumme der Zellen eines ausgeführten Notizbuchs."""
    gemerkt = roh.get("metadata", {}).get("berichtswerk", {}).get("zellen")
    return str(gemerkt or schluessel_aus(json.dumps(roh["cells"], sort_keys=True)))


def _daten(roh: Notizbuch) -> list[str]:
    """Datendateien, die das Notizbuch las: ihre Prüfsummen stehen im Zahlennachweis."""
    spur = roh.get("metadata", {}).get("berichtswerk", {}).get("spur", {})
    return [name for name in spur if name.startswith("daten/") and not name.endswith("/")]


def _programm() -> list[str]:
    fest = {p for muster in _STOCKWERKE for p in PAKET.glob(muster) if p.is_file() and p.suffix != ".pyc"}
    geladen = {
        Path(m.__file__)
        for n, m in list(sys.modules.items())
        if n.startswith((f"{PAKET.name}.daten", f"{PAKET.name}.fach")) and m.__file__
    }
    return [MODUL + p.relative_to(PAKET).as_posix() for p in fest | geladen]


def _eigene(ordner: Path) -> Iterator[Path]:
    """Dateien einer Ausgabe ohne ihre Übergaben (``<stamm>.ipynb`` und der Ordner gleichen Namens)."""
    for pfad in sorted(ordner.iterdir()):
        if pfad.name.startswith(".") or pfad.suffix == ".ipynb" or pfad.with_suffix(".ipynb").exists():
            continue
        yield from _ordner(pfad) if pfad.is_dir() else (pfad,)


def _ordner(ordner: Path) -> list[Path]:
    return [p for p in sorted(ordner.rglob("*")) if p.is_file() and not p.name.startswith(".")]
