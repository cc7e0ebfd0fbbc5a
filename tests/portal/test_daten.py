"""Die Seite der Daten: was Berichte zeigen, steht bei der Kennzahl, mit Jahren, Gebieten, Verweisen."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from berichtswerk.ausfuehrung.plan import Auftrag, plane
from berichtswerk.gegenstand.gegenstaende import (
    WARNMARKE,
    Begriff,
    Beleg,
    Kennzahleintrag,
    Kennzahlen,
    Tabelle,
    Tabellenmodell,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.schreiber.html.portal import kennzahlen
from berichtswerk.site.daten import VERZEICHNIS, datenseite, verzeichne
from berichtswerk.site.start import Nebenan
from berichtswerk.tabelle import tabellenbau as bau


def eintrag(zeit: str, ort: str = "fig-verlauf", **mehr: Any) -> dict[str, Any]:
    beleg = {"datei": "daten/dateien/einwohner.csv", "quelle": "einwohner", "zeile": 2}
    vorgabe = {"kennzahl": "einwohner", "gebiet": "99068", "belege": [beleg]}
    return {**vorgabe, "zeit": zeit, "ort": ort, **mehr}


def seite(
    projekt: Projekt, ordner: Path, *zahlen: dict[str, Any], tabellen: Sequence[Tabelle] = ()
) -> Kennzahleintrag:
    ordner.mkdir(exist_ok=True)
    namen = {"fig-verlauf": "Abbildung 1: Einwohner, 2019–2024"}
    roh = verzeichne({"eintraege": zahlen, "rechenwege": {}}, namen, tabellen)
    (ordner / VERZEICHNIS).write_bytes(roh)

    def beilagen(a: Auftrag) -> Path:
        return ordner if a.stamm == "lage-2024" else ordner / "ohne"

    inhalt = datenseite(projekt, plane(projekt).auftraege, Nebenan((), beilagen))
    (liste,) = (g for g in inhalt if isinstance(g, Kennzahlen))
    return next(e for e in liste.eintraege if e.kennung == "einwohner")


def test_gezeigtes_steht_mit_jahren_gebieten_berichten_und_dateien_da(
    muster: Projekt, tmp_path: Path
) -> None:
    frei = eintrag("2030", kennzahl="", ort="fig-anderes")
    text = eintrag(
        "2024-12-31", "berichte/lage/2024/texte/einleitung.md:3", belege=[], teile=[eintrag("2024")]
    )
    e = seite(muster, tmp_path / "b", eintrag("2019"), text, frei)
    assert (e.zeit, e.gebiete) == ("2019–2024", ("Landkreis",))
    bericht = "../berichte/lage/2024/lage-2024"
    name = "Lagebericht 2024, Abbildung 1"
    assert e.berichte == ((f"{name}: Einwohner, 2019–2024", f"{bericht}.html#fig-verlauf"),)
    assert e.dateien == ((f"{name} (CSV)", f"{bericht}/daten/fig-verlauf.csv"),)
    assert e.quellen == (("Bevölkerung am 31. Dezember", "#quelle-einwohner"),)


def test_ein_neuer_stand_eines_berichts_gilt_sofort(muster: Projekt, tmp_path: Path) -> None:
    nur_text = eintrag("2023", "berichte/lage/2024/texte/einleitung.md:3")
    erst = seite(muster, tmp_path / "b", nur_text)
    assert erst.zeit == "2023" and erst.dateien == ()
    assert erst.berichte == (("Lagebericht 2024", "../berichte/lage/2024/lage-2024.html"),)
    assert seite(muster, tmp_path / "b", nur_text, eintrag("2025")).zeit == "2023–2025"


def test_eine_fehlerhafte_kennzahl_nimmt_der_seite_nur_sie(muster: Projekt, tmp_path: Path) -> None:
    (muster.kennzahlen / "kaputt.yaml").write_text("id: kaputt\n", "utf-8")
    assert seite(muster, tmp_path / "b", eintrag("2024")).zeit == "2024"


def test_erklaerungen_von_gerechnetem_nennen_die_jahre_des_berichts(muster: Projekt, tmp_path: Path) -> None:
    kennzahl = muster.kennzahlen / "einwohner.yaml"
    text = re.sub(
        "definition: .*",
        'definition: "Bis {basis} gezählt, im Jahr {basis+1} geschätzt."',
        kennzahl.read_text("utf-8"),
    )
    kennzahl.write_text(text, "utf-8")
    assert (
        seite(muster, tmp_path / "a").definition
        == "Bis zum Basisjahr gezählt, im Jahr nach dem Basisjahr geschätzt."
    )
    name = str(yaml.safe_load(text)["name"])
    begriff = Begriff(name=name, text="Bis 2024 gezählt, danach bis 2041.")
    modell = Tabellenmodell(kopf=bau.kopf("A", "B"), zeilen=(bau.zeile("C", [bau.textzelle("D")]),))
    tabelle = Tabelle(label="tbl-a", unterschrift="A", tabelle=modell, beleg=Beleg(begriffe=(begriff,)))
    gezeigt = seite(muster, tmp_path / "b", eintrag("2024"), tabellen=[tabelle])
    assert gezeigt.definition == begriff.text


def test_eine_ueberschrittene_schwelle_leuchtet_auf(muster: Projekt, tmp_path: Path) -> None:
    felder = ("Einwohner", "↓ überschritten seit 2023", "2024", "4 900", "unter 5 000", "5 000")
    zeile = bau.zeile(felder[0], [bau.textzelle(t) for t in felder[1:]])
    modell = Tabellenmodell(
        kopf=bau.kopf(*map(str, range(6))),
        zeilen=(zeile.model_copy(update={"marke": f"{WARNMARKE}einwohner"}),),
    )
    tabelle = Tabelle(label="tbl-fruehwarnung", unterschrift="Frühwarnung", tabelle=modell, beleg=Beleg())
    e = seite(muster, tmp_path / "b", eintrag("2024"), tabellen=[tabelle])
    assert e.warnungen == ("unter 5 000: ↓ überschritten seit 2023 (2024: 4 900)",)
    assert "<dt>Frühwarnung</dt>" in kennzahlen(Kennzahlen(eintraege=(e,)), 2)
    oben = datenseite(muster, plane(muster).auftraege, Nebenan((), lambda a: tmp_path / "b"))
    assert any("überschritten bei: [" in getattr(g, "markdown", "") for g in oben)


def test_das_verzeichnis_einer_aelteren_fassung_genuegt(muster: Projekt, tmp_path: Path) -> None:
    seite(muster, tmp_path / "b", eintrag("2024"))
    alt = json.loads((tmp_path / "b" / VERZEICHNIS).read_bytes())
    del alt["warnungen"]
    (tmp_path / "b" / VERZEICHNIS).write_text(json.dumps(alt), "utf-8")
    assert datenseite(muster, plane(muster).auftraege, Nebenan((), lambda a: tmp_path / "b"))


def test_berichtigte_werte_und_neue_lieferungen_stehen_sofort_auf_der_seite(
    muster: Projekt, tmp_path: Path
) -> None:
    def texte() -> str:
        inhalt = datenseite(muster, plane(muster).auftraege, Nebenan((), lambda _: tmp_path))
        return "\n".join(str(g) for g in inhalt)

    assert "Berichtigte Werte" not in texte()
    (muster.daten / "korrekturen").mkdir()
    (muster.daten / "korrekturen" / "amt.yaml").write_text(
        'quelle: einwohner\ngebiet: "99068"\nzeit: 2023\ngroesse: einwohner\nerwartet: 10020\n'
        "richtig: 10200\ngrund: Zahlendreher in der Tabelle\nbeleg: Auskunft des Amtes\nfunktion: Planung\n"
        "datum: 2025-01-02\n",
        encoding="utf-8",
    )
    assert "## Berichtigte Werte" in texte()
    assert "Zahlendreher in der Tabelle" in texte()
    ordner = muster.daten / "lieferungen"
    ordner.mkdir()
    (ordner / "einwohner.yaml").write_text(
        "lieferungen:\n  - {datum: 2025-12-24, datei: lieferungen/einwohner/neu.csv, format: csv, "
        f"summe: 'sha256:{'0' * 64}'}}\n",
        encoding="utf-8",
    )
    assert "24.12.2025" in texte()
