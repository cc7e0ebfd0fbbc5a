"""Eigene Rechnungen in YAML: was sie ergeben, woher ihre Werte kommen, jede Meldung im Wortlaut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import Nachrechner
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach import rechenwerk
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.definitionspruefung import pruefe_rechnung
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.methoden.eingabe import genug
from berichtswerk.fach.methoden.ergebnis import Ergebnis, gesperrt
from berichtswerk.fach.rechenwerk import Gerechnet, rechne
from berichtswerk.fach.rechnung import Rechenkennzahl, Rechnung, lade_rechnungen
from berichtswerk.fach.reihe import Reihe, Wert, zeilentext
from berichtswerk.grund import ablage
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status

PROJEKT = Projekt(Path(__file__).parents[2])
KREIS, WEST, AMT, STADT = "99001", "99001-P1", "990015801", "990010020"

GUT = """\
id: kinder
name: Kinder
methode: unsicherheit.anteile
eingaben:
  faelle: {quelle: kinder}
parameter: {zaehler: treffer, nenner: alle}
jahre: {basis: faelle, ende: basis+3}
szenarien: {mittlere: mittlere Variante, obere: obere Variante}
annahmen:
  zuzug:
    name: Zuzug ab {basis+1}
    wert: 2
    werte: {obere: 3}
    herkunft: Amt
    begruendung: wie {basis}
    stand: 2026-01-31
reihen:
  kinderquote:
    ergebnis: anteil
    name: Kinderquote bis {ende}
    einheit: Prozent
    einheit_kurz: "%"
    art: anteil
    spanne: [obere]
    eingaben: [faelle]
    formel: Treffer / alle · 100
    definition: Treffer in Prozent.
"""


def lade(ordner: Path, text: str, name: str = "kinder") -> dict[str, Rechnung]:
    ziel = ordner / "daten" / "rechnungen"
    ziel.mkdir(parents=True, exist_ok=True)
    (ziel / f"{name}.yaml").write_text(text, encoding="utf-8")
    return lade_rechnungen(Projekt(ordner))


def ohne_kennzahl(*_: Any) -> Any:
    raise AssertionError("keine Kennzahl gefragt")


@pytest.fixture
def ergibt(bestand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Gerechnet]:
    """Rechnet mit einer Methode, die ``ergebnis`` zurückgibt; Daten bis 2024 für zwei Einheiten."""

    def mache(
        ergebnis: dict[str, Any] | Callable[..., Any], *ersatz: tuple[str, str], bis: int = 2024
    ) -> Gerechnet:
        zeilen = [{"gebiet": g, "zeit": j, "wert": 1} for g in (AMT, STADT) for j in (2023, 2024, 2025)]
        bestand.mit("kinder", zeilen)
        text = GUT.replace("methode: unsicherheit.anteile", "methode: unsicherheit.anteile\ngebiete: einheit")
        text = text.replace("parameter: {zaehler: treffer, nenner: alle}\n", "")
        for alt, neu in ersatz:
            assert alt in text
            text = text.replace(alt, neu)
        fertig = ergebnis if callable(ergebnis) else lambda faelle, lage, szenario: ergebnis
        monkeypatch.setattr(rechenwerk, "lade_methode", lambda *_: fertig)
        return rechne(lade(tmp_path, text)["kinder"], bestand, ohne_kennzahl, bis)

    return mache


# --- Was eine Rechnung ergibt ----------------------------------------------------------------------------


def test_szenarien_geben_spanne_status_und_jahre(ergibt: Callable[..., Gerechnet]) -> None:
    def methode(faelle: Any, szenario: Any) -> dict[str, Any]:
        return {"anteil": {(AMT, 2024): 5, (AMT, 2027): 5 + szenario.zahl("zuzug")}}

    gerechnet = ergibt(methode)
    assert (gerechnet.zeit.basis, gerechnet.zeit.ende) == (2024, 2027)
    reihe = gerechnet.reihen["kinderquote"]
    assert reihe.kennzahl.name == "Kinderquote bis 2027"
    heute, dann = reihe.werte
    assert (heute.wert, heute.unten, heute.prognose, heute.status) == (5, None, False, Status.WERT)
    assert (dann.wert, dann.unten, dann.oben, dann.prognose, dann.status) == (
        7,
        7,
        8,
        True,
        Status.GESCHAETZT,
    )
    (annahme,) = gerechnet.szenarien["obere"].annahmen
    assert (annahme.bezeichnung, annahme.wert, annahme.begruendung) == ("Zuzug ab 2025", 3, "wie 2024")


@pytest.mark.parametrize(("basis", "benutzt"), [(2025, {2025}), (2024, {2024}), (2020, {2025})])
def test_eine_spaetere_erhebung_schreibt_nicht_um_was_davor_war(
    ergibt: Callable[..., Gerechnet], basis: int, benutzt: set[int]
) -> None:
    """„letztes“ ist das jüngste Jahr der Quelle bis zur Basis; liegt alles danach, das jüngste überhaupt."""
    gesehen: set[int] = set()

    def methode(faelle: Any, szenario: Any) -> dict[str, Any]:
        gesehen.update(int(j) for j in faelle["jahr"])
        return {"anteil": {(AMT, basis): 5}}

    faelle = ("faelle: {quelle: kinder}", "faelle: {quelle: kinder, jahr: letztes}")
    gerechnet = ergibt(methode, faelle, ("basis: faelle", f"basis: {basis}"), bis=2025)
    assert gerechnet.reihen["kinderquote"].werte[0].wert == 5 and gesehen == benutzt


def test_jeder_wert_nennt_rechnung_formel_datei_und_zeilen_seines_gebiets(
    ergibt: Callable[..., Gerechnet],
) -> None:
    reihe = ergibt({"anteil": {(AMT, 2024): 5, (STADT, 2024): 6, (KREIS, 2024): 11}}).reihen["kinderquote"]
    amt, _, kreis = reihe.werte
    assert amt.eigene is not None and kreis.eigene is not None
    assert (amt.eigene.rechnung, amt.formel) == ("kinder", "Treffer / alle · 100")
    (eingang,) = amt.eigene.eingaenge
    assert (eingang.quelle, eingang.datei, eingang.zeilen) == ("kinder", "daten/dateien/kinder.csv", "2–3")
    assert [e.zeilen for e in kreis.eigene.eingaenge] == ["2–3, 5–6"]  # 4 und 7 liegen nach dem Datenstand
    assert amt.quellen == ("kinder",)


def test_summen_der_groesseren_gebiete_nur_wenn_alle_teile_da_sind(ergibt: Callable[..., Gerechnet]) -> None:
    werte = {(AMT, 2023): 1, (STADT, 2023): 2, (AMT, 2024): 3, (STADT, 2024): gesperrt("kein Nenner")}
    reihe = ergibt({"anteil": werte}, ("    formel:", "    summe: true\n    formel:")).reihen["kinderquote"]
    summen = {(w.gebiet, w.jahr): w.wert for w in reihe if w.gebiet in {KREIS, WEST}}
    assert summen == {(KREIS, 2023): 3, (WEST, 2023): 3}
    (ohne,) = (w for w in reihe if w.gebiet == STADT and w.jahr == 2024)
    assert (ohne.wert, ohne.status, ohne.hinweise) == (None, Status.GESPERRT, ("kein Nenner",))


def test_was_aus_geschaetztem_summiert_ist_bleibt_geschaetzt(ergibt: Callable[..., Gerechnet]) -> None:
    werte = {
        (AMT, 2023): Ergebnis(1.0, Status.GESCHAETZT), (STADT, 2023): 2, (AMT, 2024): 3, (STADT, 2024): 4,
    }  # fmt: skip
    reihe = ergibt({"anteil": werte}, ("    formel:", "    summe: true\n    formel:")).reihen["kinderquote"]
    assert [(w.jahr, w.wert, w.status) for w in reihe if w.gebiet == KREIS] == [
        (2023, 3, Status.GESCHAETZT),
        (2024, 7, Status.WERT),
    ]


def test_eine_methode_kann_ihr_szenario_mit_dem_hauptszenario_vergleichen(
    ergibt: Callable[..., Gerechnet],
) -> None:
    def methode(faelle: Any, szenario: Any, haupt: Any) -> dict[str, Any]:
        return {"anteil": {(AMT, 2027): szenario.zahl("zuzug") - haupt.zahl("zuzug")}}

    (wert,) = ergibt(methode).reihen["kinderquote"].werte
    assert (wert.wert, wert.unten, wert.oben) == (0, 0, 1)


GEBILDET = """\
  rest:
    zaehler: [alle, -kinderquote]
    nenner: [alle]
    faktor: 100
    name: Rest
    einheit: Prozent
    einheit_kurz: "%"
    art: anteil
    spanne: [obere]
    formel: (alle − Kinder) / alle
    definition: Rest.
  alle:
    name: Alle
    einheit: Kinder
    art: anzahl
    formel: gezählt
    definition: Alle.
"""


def test_gebildete_reihe_rechnet_je_szenario_und_nennt_ihre_teile(ergibt: Callable[..., Gerechnet]) -> None:
    def methode(faelle: Any, szenario: Any) -> dict[str, Any]:
        return {
            "anteil": {(AMT, 2027): 10 * szenario.zahl("zuzug")},
            "alle": {(AMT, 2027): 40, (AMT, 2026): None},
        }

    reihen = ergibt(methode, ("reihen:\n", "reihen:\n" + GEBILDET)).reihen
    (rest,) = reihen["rest"].werte
    assert (rest.wert, rest.unten, rest.oben) == (50, 25, 50)
    assert rest.eigene is not None
    assert [t.kennzahl.id for t in rest.eigene.teile] == ["alle", "kinderquote", "alle"]
    assert {e.zeilen for e in rest.eigene.eingaenge} >= {"2–3"}
    assert [(w.jahr, w.status) for w in reihen["alle"]] == [(2026, Status.FEHLT), (2027, Status.GESCHAETZT)]


def test_dieselben_eingaben_werden_einmal_gerechnet_und_ergeben_dasselbe(
    ergibt: Callable[..., Gerechnet], tmp_path: Path
) -> None:
    gerufen: list[str] = []

    def methode(faelle: Any, szenario: Any) -> dict[str, Any]:
        gerufen.append(szenario.name)
        spanne = (szenario.zahl("zuzug"), 1, None)
        return {"anteil": {(AMT, 2024): spanne, (STADT, 2024): gesperrt("kein Nenner")}, "wort": "so"}

    def werte(*ersatz: tuple[str, str]) -> tuple[Any, Any]:
        gerechnet = ergibt(methode, *ersatz)
        return gerechnet.reihen["kinderquote"].werte, gerechnet.texte

    ohne_ablage = werte()
    gerufen.clear()
    with ablage.im(Projekt(tmp_path)):
        assert werte() == werte() == ohne_ablage
        assert gerufen == ["mittlere Variante", "obere Variante"]
        werte(("wert: 2", "wert: 4"))
        assert gerufen[2:] == ["mittlere Variante"]  # die obere hat ihren eigenen Wert


def test_eine_reihe_wird_erst_gerechnet_wenn_jemand_sie_zeigt(ergibt: Callable[..., Gerechnet]) -> None:
    gerufen: list[str] = []

    def methode(faelle: Any, szenario: Any) -> dict[str, Any]:
        gerufen.append(szenario.name)
        return {"anteil": {(AMT, 2024): 5}}

    reihen = ergibt(methode).reihen
    assert (list(reihen), gerufen) == (["kinderquote"], ["mittlere Variante"])
    assert reihen["kinderquote"] is reihen["kinderquote"]
    assert gerufen == ["mittlere Variante", "obere Variante"]


def test_ohne_pflichteingabe_sind_alle_reihen_leer(bestand: Any, tmp_path: Path) -> None:
    gerechnet = rechne(lade(tmp_path, GUT)["kinder"], bestand, ohne_kennzahl, 2024)
    assert gerechnet.zeit.basis == 2024
    assert [len(r) for r in gerechnet.reihen.values()] == [0]


def test_tafel_waehlt_ordnet_und_benennt_zeilen(ergibt: Callable[..., Gerechnet]) -> None:
    tafel = """\
tafeln:
  gruppen:
    kopf: Gruppe
    zeilen: {b: Die Zweite, a: Die Erste}
    spalten: {zahl: {name: Anzahl}}
    formel: gezählt
    unterschrift: Gruppen {basis}
"""
    ergebnis = {"anteil": {}, "gruppen": [{"kopf": k, "zahl": n} for n, k in enumerate("abc")]}
    fertig = ergibt(ergebnis, ("reihen:\n", tafel + "reihen:\n")).tafeln["gruppen"]
    assert [(z["kopf"], z["zahl"]) for z in fertig.zeilen] == [("Die Zweite", 1), ("Die Erste", 0)]
    assert (fertig.unterschrift, fertig.quellen) == ("Gruppen 2024", ("kinder",))


DARAUF = """\
id: darauf
name: Darauf
methode: unsicherheit.anteile
eingaben:
  menschen: {rechnung: kinder, ergebnis: tabelle, wo: {geschlecht: weiblich}}
jahre: {basis: menschen, ende: basis+1}
reihen:
  daraufhin: {ergebnis: anzahl, name: Darauf, einheit: Kinder, art: anzahl, formel: gezählt, definition: ""}
"""


def test_eine_rechnung_rechnet_mit_der_tabelle_einer_anderen_weiter(
    bestand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bestand.mit("kinder", [{"gebiet": KREIS, "zeit": 2024, "wert": 1}])
    zeilen = [
        {"gebiet": KREIS, "jahr": j, "geschlecht": s, "n": n}
        for j, s, n in ((2024, "weiblich", 3), (2024, "maennlich", 4), (2025, "weiblich", 5))
    ]

    def methode(name: str, *_: Any) -> Callable[..., Any]:
        def erste(faelle: Any) -> dict[str, Any]:
            return {"anteil": {}, "tabelle": zeilen}

        def zweite(menschen: Any, lage: Any) -> dict[str, Any]:
            assert menschen["geschlecht"].tolist() == ["weiblich", "weiblich"]
            return {
                "anzahl": {(lage.gebiet, j): n for j, n in zip(menschen["jahr"], menschen["n"], strict=True)}
            }

        return erste if name == "erste.e" else zweite

    monkeypatch.setattr(rechenwerk, "lade_methode", methode)
    kinder = GUT.replace("methode: unsicherheit.anteile", "methode: erste.e")
    lade(tmp_path, kinder.replace("parameter: {zaehler: treffer, nenner: alle}\n", ""))
    lade(tmp_path, DARAUF, "darauf")
    rechner = Rechner(bestand, Kennzahlenkatalog.lade(Projekt(tmp_path)))
    gerechnet = rechner.rechnung("darauf", 2024)
    assert (gerechnet.basis, gerechnet.quellen) == (2024, ("kinder",))
    werte = gerechnet.reihen["daraufhin"].werte
    assert [(w.jahr, w.wert, w.prognose) for w in werte] == [(2024, 3, False), (2025, 5, True)]
    assert werte[0].eigene is not None
    assert [e.datei for e in werte[0].eigene.eingaenge] == ["daten/dateien/kinder.csv", DATEI]


def test_rechnungen_die_einander_brauchen_werden_genannt(
    bestand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechenwerk, "lade_methode", lambda *_: lambda **eingaben: {})
    lade(tmp_path, GUT.replace("{quelle: kinder}", "{rechnung: darauf, ergebnis: tabelle}"))
    lade(tmp_path, DARAUF, "darauf")
    rechner = Rechner(bestand, Kennzahlenkatalog.lade(Projekt(tmp_path)))
    with pytest.raises(BerichtswerkFehler) as fehler:
        rechner.rechnung("kinder", 2024)
    assert str(fehler.value) == (
        f"FEHLER [rechnung-im-kreis] {DATEI}\n"
        "  Die Rechnung „kinder“ braucht sich selbst: kinder → darauf → kinder.\n"
        "  Abhilfe: Streichen Sie eine dieser Eingaben."
    )


def test_zeilen_stehen_als_spannen() -> None:
    assert zeilentext([2, 3, 4, 7, 9, 10]) == "2–4, 7, 9–10"


def test_alle_rechnungen_des_projekts_rechnen_und_fuehren_zu_zeilen() -> None:
    bestand, katalog = Datenbestand(PROJEKT), Kennzahlenkatalog.lade(PROJEKT)
    rechner = Rechner(bestand, katalog)
    assert katalog.rechnungen
    for name in katalog.rechnungen:
        gerechnet = rechner.rechnung(name, 2025)
        for kennung, reihe in gerechnet.reihen.items():
            assert any(w.wert is not None for w in reihe), kennung
            for w in reihe:
                assert w.eigene is not None and w.eigene.rechnung == name
                assert any(e.zeilen for e in w.eigene.eingaenge), (kennung, w.gebiet)
        assert all(t.zeilen and any(e.zeilen for e in t.eigene.eingaenge) for t in gerechnet.tafeln.values())


@pytest.mark.parametrize("bis", [1990, 2015, 2018, 2020, 2023])
def test_mit_einem_frueheren_datenstand_rechnet_jede_rechnung_oder_ist_leer(bis: int) -> None:
    katalog = Kennzahlenkatalog.lade(PROJEKT)
    rechner = Rechner(Datenbestand(PROJEKT), katalog)
    for name in katalog.rechnungen:
        gerechnet = rechner.rechnung(name, bis)
        spaeter = [w for r in gerechnet.reihen.values() for w in r if w.jahr > bis and not w.prognose]
        assert not [w for w in spaeter if w.wert is not None], name
        assert all(t.angabe.spalten for t in gerechnet.tafeln.values()), name
    erste = {"schuelerzahlen": 2022, "bevoelkerung": 2018, "einrichtungen": 2015}
    assert {n: bool(rechner.rechnung(n, bis)) for n in erste} == {n: bis >= j for n, j in erste.items()}


def test_reichen_die_daten_bis_zum_datenstand_nicht_ist_die_rechnung_leer_sonst_ein_fehler(
    bestand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def methode(faelle: Any) -> dict[str, Any]:
        genug("Fälle", sorted(set(faelle["jahr"])), 3)
        return {"anteil": {(AMT, 2024): 5}}

    bestand.mit("kinder", [{"gebiet": AMT, "zeit": j, "wert": 1} for j in (2023, 2024)])
    text = GUT.replace("parameter: {zaehler: treffer, nenner: alle}\n", "")
    monkeypatch.setattr(rechenwerk, "lade_methode", lambda *_: methode)
    rechnung = lade(tmp_path, text)["kinder"]
    leer = rechne(rechnung, bestand, ohne_kennzahl, 2024)
    assert (bool(leer), len(leer.reihen["kinderquote"])) == (False, 0)
    with pytest.raises(BerichtswerkFehler) as fehler:
        rechne(rechnung, bestand, ohne_kennzahl, None)
    assert str(fehler.value) == (
        "FEHLER [methode-kurz] Feld „Fälle“\n"
        "  „Fälle“ hat 2 Jahre oder Jahrgänge, das Verfahren braucht mindestens 3.\n"
        "  Abhilfe: Weitere Jahre liefern oder das Fenster des Verfahrens verkleinern."
    )


TAFEL = """\
tafeln:
  liste:
    ergebnis: spaet
    kopf: Name
    spalten: {ort: {name: Ort}}
    unterschrift: Häuser
    formel: gezeigt
"""


def test_eine_tafel_deren_zeilen_erst_spaeter_kommen_ist_leer_eine_verschriebene_ein_fehler(
    ergibt: Callable[..., Gerechnet],
) -> None:
    def methode(faelle: Any) -> dict[str, Any]:
        spaet = {"spaet": [{"kopf": "Haus", "ort": "Dorf"}]} if 2025 in set(faelle["jahr"]) else {}
        return {"anteil": {(AMT, 2024): 5}, "frueh": [], **spaet}

    dazu = ("reihen:\n", TAFEL + "reihen:\n")
    assert ergibt(methode, dazu).tafeln["liste"].zeilen == ()
    with pytest.raises(BerichtswerkFehler, match="liefert kein Ergebnis „spät“"):
        ergibt(methode, dazu, ("ergebnis: spaet", "ergebnis: spät")).tafeln["liste"]


def test_ein_text_bindet_was_das_notizbuch_nicht_gebunden_hat() -> None:
    kita = next(a for a in plane(PROJEKT).auftraege if a.bericht == "kita-bedarfsplan")
    nachrechner = Nachrechner(PROJEKT, kita)
    bindung = nachrechner("kita_platzbedarf")
    assert bindung is not None
    assert bindung.reihe
    assert "daten/rechnungen/kita-bedarf.yaml" in nachrechner.gelesen()
    assert nachrechner("kita_platzbedrf") is None


# --- Meldungen -------------------------------------------------------------------------------------------

DATEI = "daten/rechnungen/kinder.yaml"
FALSCH = [
    (
        ("id: kinder", "id: kindr"),
        f"FEHLER [rechnung-id] {DATEI}, Zeile 1, Feld „id“\n"
        "  Die id „kindr“ heißt anders als die Datei.\n"
        "  Abhilfe: Schreiben Sie „id: kinder“ oder nennen Sie die Datei kindr.yaml.",
    ),
    (
        ("ende: basis+3", "ende: bassis"),
        f"FEHLER [yaml-wert-falsch] {DATEI}, Zeile 7, Feld „jahre.ende“\n"
        "  „bassis“ ist kein Jahr.\n"
        "  Abhilfe: Schreiben Sie eine Jahreszahl oder beginn, basis, ziel, ende mit Abstand (basis+3).",
    ),
    (
        ("basis: faelle", "basis: fälle"),
        f"FEHLER [rechnung-verweis] {DATEI}, Zeile 7, Feld „jahre.basis“\n"
        "  Die Eingabe „fälle“ gibt es in dieser Rechnung nicht.\n"
        "  Abhilfe: Meinten Sie „faelle“?",
    ),
    (
        ("spanne: [obere]", "spanne: [obre]"),
        f"FEHLER [rechnung-verweis] {DATEI}, Zeile 24, Feld „reihen.kinderquote.spanne“\n"
        "  Das Szenario „obre“ gibt es in dieser Rechnung nicht.\n"
        "  Abhilfe: Meinten Sie „obere“?",
    ),
    (
        ("werte: {obere: 3}", "werte: {hohe: 3}"),
        f"FEHLER [rechnung-verweis] {DATEI}, Zeile 13, Feld „annahmen.zuzug.werte.hohe“\n"
        "  Das Szenario „hohe“ gibt es in dieser Rechnung nicht.\n"
        "  Abhilfe: Möglich sind: „mittlere“, „obere“.",
    ),
    (
        ("wert: 2", "wert: gemessen"),
        f"FEHLER [rechnung-ohne-messung] {DATEI}, Zeile 12, Feld „annahmen.zuzug.wert“\n"
        "  Die Annahme „zuzug“ ist „gemessen“, aber „messung“ nennt keine Methode.\n"
        "  Abhilfe: Ergänzen Sie „messung: modul.methode“ oder schreiben Sie den Wert als Zahl.",
    ),
    (
        ("    herkunft: Amt\n", ""),
        f"FEHLER [yaml-angabe-fehlt] {DATEI}, Zeile 10, Feld „annahmen.zuzug.herkunft“\n"
        "  Die Angabe „herkunft“ fehlt.\n"
        "  Ursache: Sie ist hier Pflicht.\n"
        "  Abhilfe: Ergänzen Sie „herkunft: …“.",
    ),
    (
        ("{quelle: kinder}", "{quelle: kinder, kennzahl: kinder}"),
        f"FEHLER [yaml-wert-falsch] {DATEI}, Zeile 5, Feld „eingaben.faelle“\n"
        "  Eine Eingabe nennt genau eines von „quelle“, „kennzahl“ und „rechnung“.\n"
        "  Abhilfe: Teilen Sie sie in mehrere Eingaben auf.",
    ),
    (
        ("{quelle: kinder}", "{rechnung: kinder}"),
        f"FEHLER [yaml-wert-falsch] {DATEI}, Zeile 5, Feld „eingaben.faelle“\n"
        "  „rechnung“ und „ergebnis“ gehören zusammen.\n"
        "  Abhilfe: Nennen Sie die andere Rechnung und den Namen ihrer Tabelle.",
    ),
    (
        ("    ergebnis: anteil\n", "    ergebnis: anteil\n    zaehler: [a]\n"),
        f"FEHLER [yaml-wert-falsch] {DATEI}, Zeile 18, Feld „reihen.kinderquote“\n"
        "  Eine Reihe ist entweder ein „ergebnis“ oder aus einem „zaehler“ gebildet.\n"
        "  Abhilfe: Streichen Sie eines von beiden.",
    ),
]


@pytest.mark.parametrize(("ersatz", "meldung"), FALSCH)
def test_falsche_datei_nennt_zeile_feld_und_naechsten_schritt(
    tmp_path: Path, ersatz: tuple[str, str], meldung: str
) -> None:
    assert ersatz[0] in GUT
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade(tmp_path, GUT.replace(*ersatz))
    assert str(fehler.value) == meldung


def test_ein_name_gehoert_einer_reihe(tmp_path: Path) -> None:
    lade(tmp_path, GUT)
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade(tmp_path, GUT.replace("id: kinder", "id: zweite"), "zweite")
    assert str(fehler.value) == (
        "FEHLER [rechnung-name-vergeben] daten/rechnungen/zweite.yaml, Zeile 18, Feld „reihen.kinderquote“\n"
        "  Den Namen „kinderquote“ gibt es schon: daten/rechnungen/kinder.yaml.\n"
        "  Ursache: In Texten und Notizbüchern wäre nicht klar, was gemeint ist.\n"
        "  Abhilfe: Geben Sie der Reihe einen eigenen Namen."
    )


METHODE = [
    (
        ("unsicherheit.anteile", "unsicherheit.anteil"),
        f"FEHLER [rechnung-methode] {DATEI}, Zeile 3, Feld „methode“\n"
        "  Die Methode „unsicherheit.anteil“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „anteile“?",
    ),
    (
        ("{zaehler: treffer, nenner: alle}", "{zaehler: treffer, nener: alle}"),
        f"FEHLER [rechnung-eingabe] {DATEI}, Zeile 6, Feld „parameter.nener“\n"
        "  Die Methode „unsicherheit.anteile“ kennt keine Angabe „nener“.\n"
        "  Abhilfe: Sie nimmt: „faelle“, „zaehler“, „nenner“, „zusammen“, „letzte“.\n\n"
        f"FEHLER [rechnung-eingabe] {DATEI}, Zeile 4, Feld „eingaben“\n"
        "  Die Methode „unsicherheit.anteile“ braucht die Angabe „nenner“.\n"
        "  Abhilfe: Sie nimmt: „faelle“, „zaehler“, „nenner“, „zusammen“, „letzte“.",
    ),
    (
        ("ergebnis: anteil", "ergebnis: anteille"),
        f"FEHLER [rechnung-ergebnis] {DATEI}, Zeile 19, Feld „reihen.kinderquote.ergebnis“\n"
        "  Die Methode „unsicherheit.anteile“ liefert kein Ergebnis „anteille“.\n"
        "  Abhilfe: Meinten Sie „anteil“?",
    ),
]


@pytest.mark.parametrize(("ersatz", "meldung"), METHODE)
def test_unpassende_methode_wird_genannt(
    bestand: Any, tmp_path: Path, ersatz: tuple[str, str], meldung: str
) -> None:
    bestand.mit(
        "kinder", [{"gebiet": KREIS, "zeit": 2024, "wert": 1, "groesse": g} for g in ("treffer", "alle")]
    )
    with pytest.raises(BerichtswerkFehler) as fehler:
        dict(rechne(lade(tmp_path, GUT.replace(*ersatz))["kinder"], bestand, ohne_kennzahl, 2024).reihen)
    assert str(fehler.value) == meldung


QUELLEN = [
    (
        ("quelle: kinder", "quelle: kindr"),
        f"WARNUNG [rechnung-quelle] {DATEI}, Zeile 5, Feld „eingaben.faelle.quelle“\n"
        "  Die Quelle „kindr“ gibt es nicht; die Rechnung entfällt.\n"
        "  Abhilfe: Meinten Sie „kinder“?",
    ),
    (
        ("quelle: kinder", "quelle: kindr, pflicht: false"),
        "",
    ),
    (
        ("jahre:", "annahmen_quelle: annahmen\njahre:"),
        f"WARNUNG [rechnung-quelle] {DATEI}, Zeile 7, Feld „annahmen_quelle“\n"
        "  Die Quelle „annahmen“ gibt es nicht; die Rechnung entfällt.\n"
        "  Abhilfe: Bekannt sind: „kinder“.",
    ),
    (
        ("quelle: kinder", "quelle: kinder, groesse: trefer"),
        f"FEHLER [kennzahl-groesse] {DATEI}, Zeile 5, Feld „eingaben.faelle.groesse“\n"
        "  Die Quelle „kinder“ hat keine Größe „trefer“.\n"
        "  Abhilfe: Meinten Sie „treffer“?",
    ),
    (
        ("quelle: kinder", "quelle: kinder, wo: {geschlecht: alle, ort: West}"),
        f"FEHLER [kennzahl-merkmal] {DATEI}, Zeile 5, Feld „eingaben.faelle.wo.geschlecht“\n"
        "  Das Merkmal „geschlecht“ hat keine Ausprägung „alle“.\n"
        "  Abhilfe: Bekannt sind: „maennlich“, „weiblich“.\n\n"
        f"FEHLER [kennzahl-merkmal] {DATEI}, Zeile 5, Feld „eingaben.faelle.wo.ort“\n"
        "  Die Quelle „kinder“ gliedert nicht nach „ort“.\n"
        "  Abhilfe: Bekannt sind: „geschlecht“.",
    ),
    (
        ("unsicherheit.anteile", "unsicherheit.anteil"),
        f"FEHLER [rechnung-methode] {DATEI}, Zeile 3, Feld „methode“\n"
        "  Die Methode „unsicherheit.anteil“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „anteile“?",
    ),
]


@pytest.mark.parametrize(("ersatz", "meldung"), QUELLEN)
def test_pruefen_vergleicht_rechnungen_mit_den_quellen(
    bestand: Any, tmp_path: Path, ersatz: tuple[str, str], meldung: str
) -> None:
    bestand.mit(
        "kinder",
        [
            {"gebiet": KREIS, "zeit": 2024, "wert": 1, "groesse": g, "geschlecht": s}
            for g, s in (("treffer", "weiblich"), ("alle", "maennlich"))
        ],
    )
    katalog = Kennzahlenkatalog({}, lade(tmp_path, GUT.replace(*ersatz)))
    rechnungen = [pruefe_rechnung(r, bestand) for r in katalog.rechnungen.values()]
    assert "\n\n".join(str(m) for m in rechnungen[0]) == meldung


@pytest.mark.parametrize(
    ("ersatz", "zeile", "feld"),
    [
        (("quelle: kinder", "kennzahl: kinderzhl"), 5, "eingaben.faelle.kennzahl"),
        (("ergebnis: anteil", "zaehler: [-kinderzhl]"), 19, "reihen.kinderquote.zaehler"),
    ],
)
def test_unbekannte_kennzahl_faellt_beim_laden_auf(
    tmp_path: Path, ersatz: tuple[str, str], zeile: int, feld: str
) -> None:
    lade(tmp_path, GUT.replace(*ersatz))
    with pytest.raises(BerichtswerkFehler) as fehler:
        Kennzahlenkatalog.lade(Projekt(tmp_path))
    assert str(fehler.value) == (
        f"FEHLER [kennzahl-unbekannt] {DATEI}, Zeile {zeile}, Feld „{feld}“\n"
        "  Die Kennzahl „kinderzhl“ gibt es nicht.\n"
        "  Ursache: Meinten Sie „kinderquote“?\n"
        "  Abhilfe: Berichtigen Sie den Namen oder legen Sie daten/kennzahlen/kinderzhl.yaml an."
    )


def test_unbekannte_rechnung_faellt_beim_laden_auf(tmp_path: Path) -> None:
    lade(tmp_path, GUT.replace("{quelle: kinder}", "{rechnung: kindr, ergebnis: tabelle}"))
    with pytest.raises(BerichtswerkFehler) as fehler:
        Kennzahlenkatalog.lade(Projekt(tmp_path))
    assert str(fehler.value) == (
        f"FEHLER [rechnung-unbekannt] {DATEI}, Zeile 5, Feld „eingaben.faelle.rechnung“\n"
        "  Die Rechnung „kindr“ gibt es nicht.\n"
        "  Ursache: Meinten Sie „kinder“?\n"
        "  Abhilfe: Berichtigen Sie den Namen oder legen Sie daten/rechnungen/kindr.yaml an."
    )


ZAHLEN = [
    (
        {(AMT, 2024): (5, 6, 7), (AMT, 2027): float("inf")},
        f"FEHLER [rechnung-spanne] {DATEI}, {AMT}, 2024, Feld „reihen.kinderquote“\n"
        "  In der Reihe „Kinderquote“ liegt 5 nicht in 6 bis 7.\n"
        "  Abhilfe: Prüfen Sie die Grenzen, die die Methode liefert.\n\n"
        f"FEHLER [rechnung-zahl] {DATEI}, {AMT}, 2027, Feld „reihen.kinderquote“\n"
        "  Die Reihe „Kinderquote“ enthält eine unendliche Zahl.\n"
        "  Abhilfe: Prüfen Sie auf Teilen durch null.",
    ),
    (
        {(AMT, 2025): Ergebnis(5.0)},
        f"FEHLER [rechnung-zukunft] {DATEI}, {AMT}, 2025, Feld „reihen.kinderquote“\n"
        "  Die Reihe „Kinderquote“ hat Werte nach dem Datenstand 2024.\n"
        "  Abhilfe: Geben Sie mit „prognose_ab“ an, ab welchem Jahr vorausgerechnet ist.",
    ),
]


@pytest.mark.parametrize(("werte", "meldung"), ZAHLEN)
def test_unmoegliche_zahlen_werden_alle_genannt(
    ergibt: Callable[..., Gerechnet], werte: dict[Any, Any], meldung: str
) -> None:
    nie = [("    formel:", "    prognose_ab: nie\n    formel:")] if (AMT, 2025) in werte else []
    with pytest.raises(BerichtswerkFehler) as fehler:
        gerechnet = ergibt(
            {"anteil": werte}, ("name: Kinderquote bis {ende}", "name: Kinderquote"), ("[obere]", "[]"), *nie
        )
        dict(gerechnet.reihen)
    assert str(fehler.value) == meldung


@pytest.mark.parametrize(
    ("unten", "oben", "text"),
    [
        (79.6, 84.9, "↓ Überhang"),
        (79.6, 85.0, "↓= Überhang bis ausgeglichen"),
        (85.0, 95.0, "= ausgeglichen"),
        (83.6, 95.2, "↓↑ Überhang bis knapp"),
        (-1.0, 50.0, "↓ Überhang"),
    ],
)
def test_eine_stufe_folgt_der_spanne_nicht_einer_klippe(unten: float, oben: float, text: str) -> None:
    felder = {"id": "auslastung", "rechnung": "r", "name": "Auslastung", "einheit": "Prozent", "formel": "f"}
    stufen = [
        {"ab": 0, "name": "Überhang", "zeichen": "↓"},
        {"ab": 85, "name": "ausgeglichen", "zeichen": "="},
        {"ab": 95, "ausschliesslich": True, "name": "knapp", "zeichen": "↑"},
    ]
    k = Rechenkennzahl(
        **felder,
        art="anteil",
        einheit_kurz="%",
        definition="d",
        stufen=stufen,  # type: ignore[arg-type]
    )
    assert k.stufe(unten, oben) == text
    wert = Wert("auslastung", "kreis", "2027", 2027, 84.9, Status.GESCHAETZT, unten=unten, oben=oben)
    assert Reihe(k, (wert,)).stufe("kreis", 2027) == text
