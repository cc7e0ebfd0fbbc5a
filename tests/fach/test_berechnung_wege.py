"""Rechenwege: Reihenfolge, Terme, Zeit des Nenners, veröffentlichte Werte, Merkmale."""

from __future__ import annotations

from typing import Any

import pytest
from rechnerhilfe import berechne

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status


def feld(zeit: Any, wert: float | None, **mehr: Any) -> dict[str, Any]:
    return {"gebiet": "99001", "zeit": str(zeit), "wert": wert, **mehr}


def wert_aus(quelle: str, **mehr: Any) -> dict[str, Any]:
    return {"wert": {"quelle": quelle, "groesse": "anzahl", **mehr}}


def test_der_erste_weg_mit_einem_wert_gilt_je_jahr(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [feld(2021, 1), feld(2022, None), feld(2023, 3)]).mit(
        "n", [feld(j, 10) for j in (2021, 2022, 2023)]
    )
    bestand.mit("inkar", [feld(2021, 77), feld(2022, 20), feld(2024, 40)])
    reihe = berechne(kennzahl(weg(), wert_aus("inkar")), bestand)
    assert [(w.jahr, w.wert, w.weg) for w in reihe] == [
        (2021, 10, 1), (2022, 20, 2), (2023, 30, 1), (2024, 40, 2)
    ]  # fmt: skip
    assert reihe.wert("99001", 2024).formel == "veröffentlichter Wert: anzahl"
    assert reihe.quellen == ("z", "n", "inkar")


def test_hat_kein_weg_eine_zahl_bleibt_der_status_des_ersten(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [feld(2022, None)]).mit("n", [feld(2022, 10)])
    bestand.mit("inkar", [feld(2022, None, status="unsicher")])
    wert = berechne(kennzahl(weg(), wert_aus("inkar")), bestand).wert("99001", 2022)
    assert (wert.status, wert.weg) == (Status.GEHEIM, 1)


def test_veroeffentlichter_wert_wird_unveraendert_uebernommen(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("inkar", [feld(2022, 8.25)])
    assert berechne(kennzahl(wert_aus("inkar")), bestand).wert("99001", 2022).wert == 8.25
    umgerechnet = {**wert_aus("inkar"), "faktor": 0.1}
    assert berechne(kennzahl(umgerechnet), bestand).wert("99001", 2022).wert == 0.825


def test_veroeffentlichte_raten_werden_nie_addiert(bestand: Any, kennzahl: Any) -> None:
    bestand.mit(
        "inkar", [feld(2022, 8, alter_von=0, alter_bis=18), feld(2022, 9, alter_von=18, alter_bis=None)]
    )
    wert = berechne(kennzahl(wert_aus("inkar")), bestand).wert("99001", 2022)
    assert (wert.wert, wert.status) == (None, Status.GESPERRT)
    assert wert.hinweise == (
        "Ein veröffentlichter Wert muss genau ein Feld sein; die Auswahl trifft mehrere.",
    )


def test_saldo_zieht_ab_und_kann_negativ_sein(bestand: Any, kennzahl: Any) -> None:
    """Geburten minus Sterbefälle; null als Differenz ist keine „genaue Null“."""
    terme = [{"quelle": "g", "groesse": "anzahl"}, {"quelle": "s", "groesse": "anzahl", "vorzeichen": -1}]
    saldo = kennzahl({"zaehler": terme}, art="saldo", faktor=1, einheit_kurz=None)
    bestand.mit("g", [feld(2022, 584), feld(2023, 5)]).mit("s", [feld(2022, 1456), feld(2023, 5)])
    reihe = berechne(saldo, bestand)
    wert = reihe.wert("99001", 2022)
    assert wert.wert == -872
    assert wert.formel == "(anzahl − anzahl) = (584 − 1\u202f456)"
    assert [(b.wert, b.vorzeichen) for b in wert.belege] == [(584, 1), (1456, -1)]
    assert (reihe.wert("99001", 2023).wert, reihe.wert("99001", 2023).status) == (0, Status.WERT)


def test_fehlt_ein_summand_gibt_es_keinen_wert(bestand: Any, kennzahl: Any) -> None:
    terme = [{"quelle": "a", "groesse": "anzahl"}, {"quelle": "b", "groesse": "anzahl"}]
    bestand.mit("a", [feld(2022, 1), feld(2023, 1)]).mit("b", [feld(2022, None)])
    reihe = berechne(kennzahl({"zaehler": terme}, faktor=1), bestand)
    assert [(w.jahr, w.wert, w.status) for w in reihe] == [(2022, None, Status.GEHEIM)]


@pytest.mark.parametrize(
    ("nenner_zeit", "erwartet"),
    [("gleich", 10 / 120), ("vorjahr", 10 / 80), ("mittel", 10 / 100), (2021, 10 / 50)],
)
def test_zeit_des_nenners(bestand: Any, kennzahl: Any, weg: Any, nenner_zeit: Any, erwartet: float) -> None:
    bestand.mit("z", [feld("2023-03-01", 10)])
    bestand.mit(
        "n", [feld("2021-12-31", 50), feld("2022-12-31", 80), feld("2023-05-15", 1), feld("2023-12-31", 120)]
    )
    wert = berechne(kennzahl(weg(nenner_zeit=nenner_zeit), faktor=1), bestand).wert("99001", 2023)
    assert wert.wert == pytest.approx(erwartet, rel=1e-14)
    assert wert.zeit == "2023-03-01"


def test_ohne_nenner_im_jahr_gibt_es_keinen_eintrag(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [feld(2022, 1), feld(2023, 1)]).mit("n", [feld(2022, 10)])
    assert berechne(kennzahl(weg()), bestand).jahre == (2022,)


def test_bis_sieht_spaetere_daten_nie(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [feld(j, j) for j in range(2015, 2025)]).mit(
        "n", [feld(j, 10) for j in range(2015, 2025)]
    )
    reihe = berechne(kennzahl(weg(), weg(von=2030)), bestand, bis=2020)
    assert reihe.jahre == (2015, 2016, 2017, 2018, 2019, 2020)
    assert not {b.zeile for w in reihe for b in w.belege} & {8, 9, 10, 11}


def test_mehrere_zeiten_im_jahr_bleiben_erhalten(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("z", [feld("2023-01", 1), feld("2023-06", 6), feld("2023-12", 12)])
    reihe = berechne(kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, faktor=1), bestand)
    assert [w.zeit for w in reihe] == ["2023-01", "2023-06", "2023-12"]
    assert reihe.wert("99001", 2023).zeit == "2023-12"


def auswahl(**wo: Any) -> dict[str, Any]:
    return {"zaehler": [{"quelle": "z", "groesse": "anzahl", "wo": wo}]}


MERKMALE = [
    feld(2023, 6, geschlecht="maennlich"),
    feld(2023, 4, geschlecht="weiblich"),
    feld(2023, 10, geschlecht="insgesamt"),
]


@pytest.mark.parametrize(
    ("wo", "erwartet"),
    [
        ({}, 10),
        ({"geschlecht": "weiblich"}, 4),
        ({"geschlecht": ["maennlich", "weiblich"]}, 10),
    ],
)
def test_merkmale(bestand: Any, kennzahl: Any, wo: Any, erwartet: float) -> None:
    bestand.mit("z", MERKMALE)
    assert berechne(kennzahl(auswahl(**wo), faktor=1), bestand).wert("99001", 2023).wert == erwartet


def test_liste_verlangt_jeden_teil(bestand: Any, kennzahl: Any) -> None:
    andere = [feld(2022, 6, geschlecht="maennlich")]
    bestand.mit("z", [*MERKMALE, *andere])
    wert = berechne(kennzahl(auswahl(geschlecht=["maennlich", "weiblich"]), faktor=1), bestand).wert(
        "99001", 2022
    )
    assert (wert.wert, wert.status, wert.hinweise) == (
        None, Status.FEHLT, ("Es fehlt eine Angabe für „weiblich“.",)
    )  # fmt: skip


def test_vergleich_an_anderen_merkmalen_addiert_die_treffer(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("z", [feld(2023, w, personen=p) for p, w in ((1, 50), (4, 7), (5, 2))])
    assert berechne(kennzahl(auswahl(personen=">=4"), faktor=1), bestand).wert("99001", 2023).wert == 9


def test_doppelt_gelieferter_wert_wird_gesperrt(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("z", [feld(2023, 1), feld(2023, 2)])
    wert = berechne(kennzahl(auswahl(), faktor=1), bestand).wert("99001", 2023)
    assert wert.hinweise == ("Derselbe Wert ist mehrfach geliefert (Zeilen 2, 3).",)


@pytest.mark.parametrize(
    ("weg_", "meldung"),
    [
        (
            {"zaehler": [{"quelle": "zz", "groesse": "anzal"}]},
            "FEHLER [kennzahl-groesse] daten/kennzahlen/probe.yaml, Rechenweg 1, Feld „groesse“\n"
            "  Die Quelle „zz“ hat keine Größe „anzal“.\n"
            "  Abhilfe: Meinten Sie „anzahl“?",
        ),
        (
            {"zaehler": [{"quelle": "zz", "groesse": "anzahl", "wo": {"geschlect": "w"}}]},
            "FEHLER [kennzahl-merkmal] daten/kennzahlen/probe.yaml, Rechenweg 1, Feld „wo.geschlect“\n"
            "  Die Quelle „zz“ gliedert nicht nach „geschlect“.\n"
            "  Abhilfe: Meinten Sie „geschlecht“?",
        ),
        (
            {
                "zaehler": [
                    {"quelle": "zz", "groesse": "anzahl", "wo": {"geschlecht": ["maennlich", "weibl"]}}
                ]
            },
            "FEHLER [kennzahl-merkmal] daten/kennzahlen/probe.yaml, Rechenweg 1, Feld „wo.geschlecht“\n"
            "  Das Merkmal „geschlecht“ hat keine Ausprägung „weibl“.\n"
            "  Abhilfe: Meinten Sie „weiblich“?",
        ),
        (
            {"zaehler": [{"quelle": "zz", "groesse": "anzahl"}]},
            "FEHLER [merkmal-offen] daten/kennzahlen/probe.yaml, Rechenweg 1, Feld „wo.geschlecht“\n"
            "  Die Quelle „zz“ gliedert nach „geschlecht“; die Kennzahl nennt es nicht.\n"
            "  Ursache: Ausprägungen: „maennlich“, „weiblich“; eine Summenzeile („insgesamt“) ist nicht "
            "geliefert.\n"
            "  Abhilfe: Ergänzen Sie unter „wo“ das Merkmal „geschlecht“ mit einer Ausprägung oder einer "
            "Liste.",
        ),
    ],
)
def test_definition_die_nicht_zur_quelle_passt(bestand: Any, kennzahl: Any, weg_: Any, meldung: str) -> None:
    bestand.mit("zz", MERKMALE[:2])
    with pytest.raises(BerichtswerkFehler) as fehler:
        berechne(kennzahl(weg_), bestand)
    assert str(fehler.value) == meldung


def test_alle_widersprueche_auf_einmal(bestand: Any, kennzahl: Any) -> None:
    terme = [{"quelle": "zz", "groesse": "x"}, {"quelle": "zz", "groesse": "y"}]
    with pytest.raises(BerichtswerkFehler) as fehler:
        berechne(kennzahl({"zaehler": terme}), bestand.mit("zz", MERKMALE))
    assert len(fehler.value.meldungen) == 2


def test_weg_ueber_eine_quelle_die_es_nicht_gibt_entfaellt(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("zz", [feld(2023, 5)])
    reihe = berechne(kennzahl(wert_aus("zy"), wert_aus("zz")), bestand)
    assert [(w.jahr, w.wert, w.weg) for w in reihe] == [(2023, 5, 2)]
    assert str(reihe.hinweise[0]) == (
        "WARNUNG [kennzahl-quelle] daten/kennzahlen/probe.yaml, Rechenweg 1, Feld „quelle“\n"
        "  Die Quelle „zy“ gibt es nicht; der Rechenweg entfällt.\n"
        "  Abhilfe: Bekannt sind: „zz“."
    )


def test_was_nur_hier_gilt_liegt_ueber_dem_was_ueberall_gilt(kennzahl: Any) -> None:
    """Rechenwege und Vorbehalte kommen dazu, alles andere ersetzt; ein anderer Kreis nimmt es nicht mit."""
    hier = {"wege": [wert_aus("presse")], "fallen": ["Nach der Presse."], "definition": "Bis 2016 amtlich."}
    k = kennzahl(wert_aus("zy"), fallen=["Kleine Zahlen."], hier=hier)
    assert k.quellen() == ("zy", "presse")
    assert (k.fallen, k.definition) == (["Kleine Zahlen.", "Nach der Presse."], "Bis 2016 amtlich.")
    with pytest.raises(ValueError, match="defintion"):
        kennzahl(wert_aus("zy"), hier={"defintion": "Verschrieben."})


def test_zu_einer_ausstehenden_quelle_ist_nichts_zu_melden(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("zz", [feld(2023, 5)])
    bestand.ausstehende["zy"] = bestand.quellen["zz"]
    reihe = berechne(kennzahl(wert_aus("zy"), wert_aus("zz")), bestand)
    assert ([w.wert for w in reihe], reihe.hinweise) == ([5], ())


def test_ohne_jede_quelle_gibt_es_keinen_wert_und_keinen_fehler(
    bestand: Any, kennzahl: Any, weg: Any
) -> None:
    reihe = berechne(kennzahl(weg(), wert_aus("inkar")), bestand)
    assert (reihe.werte, reihe.brueche, len(reihe.hinweise)) == ((), (), 3)
