"""Ein kleines Gebietsverzeichnis mit führenden Nullen und einem Ort, der Stadt und Amt zugleich ist."""

from __future__ import annotations

from pathlib import Path

from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.grund.projekt import Projekt

YAML = """\
gebietsstand: "2024-12-31"
kreis: "01099"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "01", name: Land Muster, name_kurz: Muster, ebene: land, teil_von: DG}
  - {schluessel: "01099", name: Landkreis Seenland, ebene: kreis, teil_von: "01", weitere_namen: [SL]}
  - {schluessel: 01099-P1, name: Planungsgebiet Seestadt, ebene: planungsgebiet, teil_von: "01099"}
  - {schluessel: 01099-P2, name: Planungsgebiet Aue, ebene: planungsgebiet, teil_von: "01099"}
  - schluessel: "010990020"
    name: Seestadt
    ebene: einheit
    teil_von: 01099-P1
    art: Stadt
  - {schluessel: "01099020", name: Seestadt, ebene: gemeinde, teil_von: "010990020", art: Stadt,
     lon: 12.5, lat: 53}
  - schluessel: "010995801"
    name: Amt Neustadt (Aue)
    name_kurz: Amt Neustadt
    ebene: einheit
    teil_von: 01099-P2
    art: Amt
    weitere_schluessel: {alt: "01099901", jobcenter: ["J1", "J2"]}
  - {schluessel: "01099052", name: Neustadt (Aue), ebene: gemeinde, teil_von: "010995801", art: Stadt}
  - {schluessel: "01099053", name: Ost-/Westdorf, ebene: gemeinde, teil_von: "010995801", art: Gemeinde}
"""


def lade(ordner: Path, text: str = YAML) -> Gebietsverzeichnis:
    (ordner / "daten").mkdir(exist_ok=True)
    (ordner / "daten" / "gebiete.yaml").write_text(text, encoding="utf-8")
    return Gebietsverzeichnis.lade(Projekt(ordner))
