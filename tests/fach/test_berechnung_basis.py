"""Basis und Gebietsstand werden nie gemischt; jeder Wechsel ist ein Bruch."""

from __future__ import annotations

from typing import Any

import pytest
from rechnerhilfe import berechne

from berichtswerk.daten.gebiete import Gebietsdatei, Gebietsverzeichnis
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.fach.wege import basisrang
from berichtswerk.grund.zeichen import Status

ALT, NEU = "Zensus 2011", "Zensus 2022"


def stand(jahr: int, wert: float, basis: str = "", **mehr: Any) -> dict[str, Any]:
    return {"gebiet": "99001", "zeit": f"{jahr}-12-31", "wert": wert, "basis": basis, **mehr}


def nur_anzahl(kennzahl: Any, **felder: Any) -> Any:
    weg = {"zaehler": [{"quelle": "bev", "groesse": "anzahl"}]}
    return kennzahl(weg, art="anzahl", faktor=1, einheit_kurz=None, nachkommastellen=0, **felder)


def test_bei_zwei_basen_gilt_die_neuere_und_der_bruch_steht_davor(bestand: Any, kennzahl: Any) -> None:
    """Am 31.12.2023 hat der Landkreis zwei richtige Zahlen: 99 929 (Zensus 2011) und 99 372 (Zensus 2022)."""
    bestand.mit("bev", [stand(2022, 99_918, ALT), stand(2023, 99_929, ALT), stand(2023, 99_372, NEU),
                        stand(2024, 99_152, NEU)])  # fmt: skip
    reihe = berechne(nur_anzahl(kennzahl), bestand)
    assert [(w.jahr, w.wert, w.basis) for w in reihe] == [
        (2022, 99_918, ALT), (2023, 99_372, NEU), (2024, 99_152, NEU)
    ]  # fmt: skip
    assert reihe.brueche == (Bruch(2023, "Umstellung von Zensus 2011 auf Zensus 2022"),)
    assert reihe.gebiet("99001").brueche == reihe.brueche
    assert reihe.bis(2022).brueche == ()


def test_erklaerter_bruch_ersetzt_den_gefolgerten(bestand: Any, kennzahl: Any) -> None:
    bestand.mit(
        "bev",
        [stand(2010, 5, "Volkszählung 1987"), stand(2013, 4, ALT)],
        brueche=[{"jahr": 2011, "grund": "Zensus 2011"}],
    )
    assert berechne(nur_anzahl(kennzahl), bestand).brueche == (Bruch(2011, "Zensus 2011"),)


def test_brueche_der_kennzahl_und_der_quelle_im_selben_jahr_stehen_zusammen(
    bestand: Any, kennzahl: Any
) -> None:
    bestand.mit("bev", [stand(2016, 5), stand(2017, 4)], brueche=[{"jahr": 2017, "grund": "Pflegegrade"}])
    eigene = [{"jahr": 2017, "grund": "Neue Abgrenzung"}, {"jahr": 2030, "grund": "später"}]
    assert berechne(nur_anzahl(kennzahl, brueche=eigene), bestand).brueche == (
        Bruch(2017, "Neue Abgrenzung; Pflegegrade"),
    )


def test_zaehler_und_nenner_treffen_sich_auf_derselben_basis(bestand: Any, kennzahl: Any, weg: Any) -> None:
    """Zähler nur auf alter Basis: auch der Nenner nimmt die alte, obwohl es eine neuere gibt."""
    bestand.mit("z", [stand(2023, 10, ALT)]).mit("n", [stand(2023, 100, ALT), stand(2023, 50, NEU)])
    wert = berechne(kennzahl(weg()), bestand).wert("99001", 2023)
    assert (wert.wert, wert.basis) == (10, ALT)


def test_ohne_gemeinsame_basis_kein_wert(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [stand(2023, 10, ALT)]).mit("n", [stand(2023, 50, NEU)])
    reihe = berechne(kennzahl(weg()), bestand)
    assert (reihe.werte[0].wert, reihe.werte[0].status) == (None, Status.GESPERRT)
    assert [h.text for h in reihe.hinweise] == [
        "Die Bestandteile liegen auf verschiedenen Basen vor (Zensus 2011, Zensus 2022)."
    ]


def test_jahresmittel_mischt_keine_basen(bestand: Any, kennzahl: Any, weg: Any) -> None:
    """2022 gibt es nur die alte Basis: das Mittel für 2023 nimmt zweimal die alte."""
    bestand.mit("z", [{"gebiet": "99001", "zeit": "2023", "wert": 10}])
    bestand.mit("n", [stand(2022, 90, ALT), stand(2023, 110, ALT), stand(2023, 500, NEU)])
    wert = berechne(kennzahl(weg(nenner_zeit="mittel")), bestand).wert("99001", 2023)
    assert (wert.wert, wert.nenner, wert.basis) == (10, 100, ALT)
    assert wert.formel == "anzahl / anzahl im Jahresmittel × 100 = 10 / ((90 + 110) / 2) × 100"
    assert [b.gewicht for b in wert.belege] == [1, 0.5, 0.5]


def test_verschiedener_gebietsstand_wird_nicht_verrechnet(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", [stand(2023, 10, gebietsstand="2023-12-31")])
    bestand.mit("n", [stand(2023, 50, gebietsstand="2020-12-31")])
    reihe = berechne(kennzahl(weg()), bestand)
    assert reihe.werte[0].wert is None
    assert [h.text for h in reihe.hinweise] == [
        "Die Bestandteile haben verschiedene Gebietsstände (2020-12-31, 2023-12-31)."
    ]


def test_wechsel_des_gebietsstands_ist_ein_bruch(bestand: Any, kennzahl: Any) -> None:
    bestand.mit("bev", [stand(2020, 5, gebietsstand="2020-12-31"), stand(2021, 6, gebietsstand="2021-12-31")])
    assert berechne(nur_anzahl(kennzahl), bestand).brueche == (
        Bruch(2021, "Wechsel des Gebietsstands von 2020-12-31 auf 2021-12-31"),
    )


def test_ohne_grenzaenderung_ist_ein_anderer_gebietsstand_kein_bruch(
    bestand: Any, kennzahl: Any, verzeichnis: Gebietsverzeichnis
) -> None:
    inhalt = {
        "gebietsstand": "2024-12-31",
        "kreis": "99001",
        "gebiete": [
            {k: getattr(g, k) for k in ("schluessel", "name", "ebene", "teil_von")}
            for g in verzeichnis.values()
        ],
        "gebietsaenderungen": {
            "vollstaendig_seit": "2010-01-01",
            "liste": [{"ab": "2022-01-01", "gebiete": ["99001"], "grund": "Umgliederung"}],
        },
    }
    bestand.gebiete = Gebietsverzeichnis(Gebietsdatei.model_validate(inhalt))
    zeilen = [stand(j, 5, gebietsstand=f"{j}-12-31") for j in (2005, 2012, 2021, 2023)]
    bestand.mit("bev", zeilen)
    assert [b.jahr for b in berechne(nur_anzahl(kennzahl), bestand).brueche] == [2012, 2023]


@pytest.mark.parametrize(
    ("eins", "zwei"),
    [
        ("Zensus 2011", "Zensus 2022"),
        ("Volkszählung 1987", "Fortschreibung auf Basis Zensus 2011"),
        ("", "Zensus 2011"),
    ],
)
def test_neuere_basis_hat_die_juengere_jahreszahl(eins: str, zwei: str) -> None:
    assert basisrang(eins) < basisrang(zwei)
