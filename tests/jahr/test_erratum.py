"""Eine Berichtigung ändert nur, was sie soll; beide Revisionen sind erreichbar, der Unterschied steht da."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ausgabenhilfe import FUNKTION, ORDNER, TAG, aendere, auftrag, bytes_der_ausgabe, gehe, liefere

from berichtswerk.ausfuehrung.freigabe import Aenderung, Freigaben, Freigabestand, Revision, lade_fassung
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import _berichtigung
from berichtswerk.bericht.fehler import AusgabeFehlt
from berichtswerk.cli import main
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.jahr.abbild import Abbild, Satz
from berichtswerk.jahr.erratum import _nach_wortlaut, _stelle_her, berichtige
from berichtswerk.jahr.unterschied import vergleiche
from berichtswerk.satz import pdf
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.prosa import Prosa
from berichtswerk.site.bau import rendere
from berichtswerk.site.suche import WISSEN

GRUND = "Zahlendreher im Text"
VORIGE = "berichte/lage/2024-revision-1"


def _berichtige(projekt: Projekt, *mit: str) -> list[tuple[str, str, str]]:
    fertig = berichtige(projekt, "lage/2024", GRUND, FUNKTION, tag=TAG, mit=mit)
    assert fertig.revision.nummer == 2
    return [(a.wo, a.alt, a.neu) for a in fertig.revision.aenderungen]


def test_ein_text_wird_berichtigt_und_sonst_nichts(
    beschlossen: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Auch wenn die Daten inzwischen andere sind: es gelten die von damals."""
    gesetzte: list[Manuskript] = []
    echte = pdf.setze

    def setze(m: Manuskript, *mehr: Any) -> bytes:
        gesetzte.append(m)
        return echte(m, *mehr)

    monkeypatch.setattr(pdf, "setze", setze)
    vorher = bytes_der_ausgabe(beschlossen)
    liefere(beschlossen, "99068,2024,10007", "99068,2024,12345")
    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "bis 2015", "bis 2016")
    assert _berichtige(beschlossen) == [
        (
            "Kapitel\u00a02 „Zahlen“",
            "Die Reihe der Gemeinden reicht bis 2015.",
            "Die Reihe der Gemeinden reicht bis 2016.",
        )
    ]
    freigabe = (beschlossen.wurzel / ORDNER / "freigabe.yml").read_bytes()
    _berichtige(beschlossen)  # noch einmal gegeben: dieselbe Revision
    assert (beschlossen.wurzel / ORDNER / "freigabe.yml").read_bytes() == freigabe
    assert rendere(beschlossen).gelungen
    seite = (beschlossen.site / ORDNER / "lage-2024.html").read_text("utf-8")
    assert f"Revision 2 vom {datum(TAG, lang=True)}, berichtigte Fassung</p>" in seite
    assert f"<strong>Grund:</strong> {GRUND}" in seite and "texte/zahlen.md" not in seite
    assert "10 007" in seite.replace("\u00a0", " ").replace("\u202f", " ")
    assert 'href="../../../berichte/lage/2024-revision-1/lage-2024.html"' in seite and "noindex" not in seite
    frueher = bytes_der_ausgabe(beschlossen, f"{VORIGE}/**/*")
    assert {n.replace(VORIGE, ORDNER): i for n, i in frueher.items()} == vorher
    assert "revision-1" not in (beschlossen.site / WISSEN).read_text("utf-8")
    (gedruckt,) = gesetzte
    assert gedruckt.kopf.band == f"Revision 2 vom {datum(TAG, lang=True)}, berichtigte Fassung"
    kasten = next(teil for teil in gedruckt.einzeln() if isinstance(teil, Prosa))
    gesagt = kasten.quelle.markdown
    assert GRUND in gesagt and "reicht bis **2016" in gesagt, "auch im PDF, vor allem anderen"
    adresse = "https://www.musterland.example/planung/berichte/lage/2024-revision-1/lage-2024.html"
    assert f"[Revision 1]({adresse})" in gesagt
    a, archiv = auftrag(beschlossen), Archiv(beschlossen)
    eins, zwei = (lade_fassung(beschlossen, r) for r in a.freigabe.freigaben.revisionen)
    nur_neues = archiv.paket(zwei.pakete[-1]).keys()
    assert zwei.pakete[:-1] == eins.pakete and not nur_neues & {*eins.dateien.values()}
    assert a.status == "beschlossen" and [r.nummer for r in a.freigabe.freigaben.revisionen] == [1, 2]


def test_eine_genannte_datei_gilt_wie_sie_heute_ist(
    beschlossen: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    liefere(beschlossen, "99068,2024,10007", "99068,2024,10017")
    befehl = ["--projekt", str(beschlossen.wurzel), "erratum", "lage/2024", "--grund", "Lieferung berichtigt"]
    befehl += [
        "--durch",
        FUNKTION,
        "--mit",
        "daten/dateien/einwohner.csv",
        "--mit",
        "daten/quellen/einwohner.yaml",
    ]
    assert main(befehl) == 0
    gesagt = [z.strip() for z in capsys.readouterr().out.replace("\u202f", " ").splitlines()]
    alt, neu = "Im Landkreis leben {} Menschen.", gesagt.index
    assert neu(f"jetzt:  {alt.format('10 017')}") == neu(f"bisher: {alt.format('10 007')}") + 1
    assert "Bevölkerung" in "".join(gesagt) or "Einwohner" in "".join(gesagt)
    assert "jetzt:  10 017" in gesagt
    verlauf = "Abbildung\u00a01 „Einwohner"
    assert any(z.startswith(verlauf) and z.endswith("Landkreis Musterland, 2024") for z in gesagt), gesagt
    assert "Kapitel\u00a02 „Zahlen“ (texte/zahlen.md, Zeile 3)" in gesagt


def test_jede_variante_nennt_nur_was_sich_in_ihr_aendert(beschlossen: Projekt) -> None:
    a = auftrag(beschlossen)
    ueberall, land = Aenderung(wo="Titel", alt="A", neu="B"), Aenderung(wo="Seite", alt="1", variante="land")
    assert a.freigabe.revision is not None
    zwei = a.freigabe.revision.model_copy(update={"nummer": 2, "grund": "g", "aenderungen": (land, ueberall)})
    nur_land = zwei.model_copy(update={"aenderungen": (land,)})

    def kasten(variante: str, revision: Revision) -> str:
        stand = Freigabestand(Freigaben(revisionen=(revision,)), "beschlossen")
        (text,) = _berichtigung(beschlossen, replace(a, variante=variante, freigabe=stand))
        return text.markdown

    assert "- Seite\n    - Bisher: 1\n    - Jetzt: entfällt." in kasten("land", zwei)
    assert "Seite\n" not in kasten("", zwei) and "- Titel: bisher A, jetzt **B**" in kasten("", zwei)
    assert "was Sie hier lesen, ist wie zuvor" in kasten("", nur_land)


def test_danach_geht_es_weiter_mit_der_naechsten(beschlossen: Projekt) -> None:
    gehe(beschlossen, "veroeffentlicht")
    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "bis 2015", "bis 2016")
    _berichtige(beschlossen)
    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "bis 2016", "bis 2017")
    dritte = berichtige(beschlossen, "lage/2024", GRUND, FUNKTION, tag=TAG)
    assert dritte.revision.nummer == 3 and auftrag(beschlossen).status == "veroeffentlicht"
    assert rendere(beschlossen).gelungen
    namen = {p.name for p in (beschlossen.site / "berichte/lage").iterdir()}
    assert namen == {"2024", "2024-revision-1", "2024-revision-2"}


def test_passt_eine_datei_von_damals_nicht_mehr_nennt_die_meldung_den_weg_zur_heutigen(
    beschlossen: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, kaputt = (
        "daten/kennzahlen/einwohner.yaml",
        AusgabeFehlt.melde(datei="daten/kennzahlen/einwohner.yaml", bericht="a", ausgabe="b", vorhanden="c"),
    )

    def scheitert(*_: object) -> None:
        raise BerichtswerkFehler(kaputt)

    monkeypatch.setattr("berichtswerk.jahr.erratum.bilde_ab", scheitert)
    with pytest.raises(BerichtswerkFehler) as gleich:
        _berichtige(beschlossen)
    assert [m.kennung for m in gleich.value.meldungen] == ["ausgabe-fehlt"], "dieselbe Datei hülfe nicht"
    (beschlossen.wurzel / name).write_text(
        (beschlossen.wurzel / name).read_text("utf-8") + "# neu\n", "utf-8"
    )
    with pytest.raises(BerichtswerkFehler) as anders:
        _berichtige(beschlossen)
    assert [m.kennung for m in anders.value.meldungen] == ["ausgabe-fehlt", "datei-von-damals"]
    assert f"--mit {name}" in str(anders.value)


def test_anders_geteilte_saetze_sind_keine_aenderung() -> None:
    """Das Abbild von damals hat ein früheres Programm geteilt."""
    ganz = "Was daraus folgt. Es gibt 3 Kitas. Mehr steht hier."
    geteilt = ("Was daraus folgt.", "Es gibt 4 Kitas.")

    def abbild(*texte: str) -> Abbild:
        saetze = tuple(Satz(datei="texte/a.md", zeile=1, roh=t, text=t) for t in texte)
        return Abbild(bericht="a", ausgabe="b", titel="t", saetze=saetze)

    u = vergleiche(_nach_wortlaut(abbild(ganz)), _nach_wortlaut(abbild(*geteilt, "Mehr steht hier.")))
    paare = [(p.alt.text, p.neu.text) for p in u.saetze if p.alt and p.neu]
    assert paare == [("Es gibt 3 Kitas.", "Es gibt 4 Kitas.")] and len(u.saetze) == 1


def test_was_nicht_geht(geprueft: Projekt) -> None:
    with pytest.raises(BerichtswerkFehler, match="nicht-beschlossen"):
        _berichtige(geprueft)


def test_nichts_zu_berichtigen_und_abgebrochen_aendern_nichts(
    beschlossen: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    vorher = (beschlossen.wurzel / ORDNER / "freigabe.yml").read_bytes()
    with pytest.raises(BerichtswerkFehler, match="nichts-berichtigt"):
        _berichtige(beschlossen)
    with pytest.raises(BerichtswerkFehler, match="datei-nicht-im-projekt"):
        _berichtige(beschlossen, "daten/gibtesnicht.csv")

    def bricht_ab(*_: object) -> None:
        raise KeyboardInterrupt

    aendere(beschlossen.wurzel / ORDNER / "texte/zahlen.md", "bis 2015", "bis 2016")
    monkeypatch.setattr("berichtswerk.jahr.erratum.schreibe_freigaben", bricht_ab)
    with pytest.raises(KeyboardInterrupt):
        _berichtige(beschlossen)
    assert (beschlossen.wurzel / ORDNER / "freigabe.yml").read_bytes() == vorher
    assert list(beschlossen.arbeit.glob("bau-*")) == []
    assert main(["--projekt", str(beschlossen.wurzel), "erratum", "lage/2024"]) == 2


def test_die_uebrigen_berichte_sind_auch_in_der_werkstatt(beschlossen: Projekt, tmp_path: Path) -> None:
    """Maßnahmen und Verweise nennen sie; ihre Texte braucht niemand."""
    anderer = beschlossen.berichte / "anderer/2024"
    (anderer / "texte").mkdir(parents=True)
    (anderer / "texte/a.md").write_text("Text.\n", "utf-8")
    (anderer / "bericht.yml").write_bytes((beschlossen.wurzel / ORDNER / "bericht.yml").read_bytes())
    (beschlossen.layout / "seither.html").write_text("neu", "utf-8")
    damals = (beschlossen.layout / "seite.html").read_text("utf-8")
    (beschlossen.layout / "seite.html").write_text("anders", "utf-8")
    werkstatt = _stelle_her(beschlossen, auftrag(beschlossen), (), tmp_path / "werkstatt")
    assert {a.bericht for a in plane(werkstatt).auftraege} == {"lage", "anderer"}
    assert not (werkstatt.berichte / "anderer/2024/texte").exists()
    assert (werkstatt.layout / "seither.html").is_file(), "was das Programm von heute braucht"
    assert (werkstatt.layout / "seite.html").read_text("utf-8") == damals
