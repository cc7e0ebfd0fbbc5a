"""Eine Ausgabe fertig setzen, ohne die Site anzufassen, und sagen, woraus sie entstand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import Auftrag, Plan
from berichtswerk.ausfuehrung.spur import ERZEUGT, FASSUNG, FREMD, MODUL, Spuren
from berichtswerk.grund.ablage import dateisumme
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.dateien import sichere as sichere_marke
from berichtswerk.satz.beilagen import alle_beilagen
from berichtswerk.schreiber.formate import alle
from berichtswerk.site.auftritt import lege_layout_bei, vorschaubilder
from berichtswerk.site.merken import NEBENBEI, spurname
from berichtswerk.site.satzlauf import Satzlauf
from berichtswerk.site.seiten import Umgebung
from berichtswerk.site.tausch import bauplatz

Fortschritt = Callable[[str, Auftrag | None, int], None]


@dataclass(slots=True)
class Gesetzt:
    """Alle Dateien einer Ausgabe (Ort auf der Site → Inhalt) und alles, woraus sie entstand.

    ``layout`` sind die Dateien, auf die ihre Seiten verweisen; ``beilagen`` bei Beschlossenem, was mit ihr an
    Gremium, Presse und alle geht; ``eingaben`` Dateien, Module und Fassungen mit
    Prüfsummen, wie sie in der Spur stehen.
    """

    dateien: dict[str, bytes] = field(default_factory=dict)
    layout: dict[str, bytes] = field(default_factory=dict)
    beilagen: dict[str, bytes] = field(default_factory=dict)
    eingaben: dict[str, str] = field(default_factory=dict)
    meldungen: Meldungen = field(default_factory=Meldungen)


def setze(
    projekt: Projekt, plan: Plan, auftraege: Sequence[Auftrag], fortschritt: Fortschritt = lambda *_: None
) -> Gesetzt:
    """Führt eine Ausgabe mit allen Varianten aus und setzt sie in jedem Format; was noch gilt, gilt.

    Nur unter :func:`berichtswerk.site.tausch.sperre` benutzen.

    Raises:
        BerichtswerkFehler: die Ausgabe hat Fehler.
    """
    ergebnis = Gesetzt()
    umgebung = Umgebung.zu(projekt, plan.auftraege)
    sichere_marke(projekt)
    with bauplatz(projekt) as bau:
        lauf = Satzlauf(umgebung, bau, alle(), lambda *_: None, [a.stamm for a in auftraege])
        for fertig in fuehre_aus(projekt, auftraege):
            gesetzt = lauf.setze(fertig)
            ergebnis.meldungen.neue(gesetzt.meldungen)
            if gesetzt.gelungen and fertig.auftrag.freigabe.gilt == "beschlossen":
                satz = alle_beilagen(projekt, fertig)
                ergebnis.beilagen |= satz.dateien
                ergebnis.meldungen.neue(satz.meldungen)
                ergebnis.eingaben |= {n: dateisumme(projekt.wurzel / n) for n in satz.nachgelesen}
            fortschritt("gesetzt" if gesetzt.gelungen else "gescheitert", fertig.auftrag, len(auftraege))
        if ergebnis.meldungen.fehler:
            raise BerichtswerkFehler(m for m in ergebnis.meldungen if m.stufe is Stufe.FEHLER)
        ordner = f"berichte/{auftraege[0].bericht}/{auftraege[0].ausgabe}"
        if umgebung.kreis.portal.oeffentlich:
            bilder = vorschaubilder(umgebung, auftraege)
            ergebnis.dateien = {ort: bild for ort, bild in bilder if ort.startswith(ordner)}
        lege_layout_bei(projekt, bau)
        for pfad in sorted(p for p in bau.rglob("*") if p.is_file()):
            ort = pfad.relative_to(bau).as_posix()
            ziel = ergebnis.layout if ort.startswith("layout/") else ergebnis.dateien
            ziel[ort] = pfad.read_bytes()
    spuren = Spuren(projekt)
    for a in auftraege:
        spur = [spuren.lies("ausführen", a.stamm), spuren.lies("setzen", spurname(a, alle()))]
        ergebnis.eingaben |= {n: s for teil in spur if teil is not None for n, s in teil.eintraege.items()}
    return ergebnis


def stand(projekt: Projekt, ordner: str, eingaben: dict[str, str]) -> dict[str, str]:
    """Woran eine Freigabe hängt: jede Datei und jedes Modul mit Prüfsumme, sortiert.

    Es fehlen die Fassungen fremder Bibliotheken (sie heißen auf jedem Rechner anders), bloße Ordner,
    Erzeugtes, was nur neben der Ausgabe liegt, und Beschreibungen von Quellen, deren Daten sie nicht las.
    """
    dateien = [n for n in eingaben if n.startswith("daten/") and not n.endswith(("/", ".yaml"))]
    gelesen = {n.rsplit("/", 1)[1] for n in dateien}
    lieferungen = {n.split("/")[2] for n in dateien if n.startswith("daten/lieferungen/")}

    @cache
    def benutzt(name: str) -> bool:
        text = projekt.lies_text(projekt.wurzel / name)
        quelle = name.rsplit("/", 1)[1].removesuffix(".yaml")
        return "dateien/" not in text or quelle in lieferungen or any(datei in text for datei in gelesen)

    def gehoert(name: str) -> bool:
        if name.startswith(MODUL):
            return True
        if name.startswith(FASSUNG) or name == FREMD or name.endswith("/"):
            return False
        if name.startswith("layout/") and name.endswith(ERZEUGT):
            return False
        if name in {f"{ordner}/{n}" for n in NEBENBEI}:
            return False
        beschreibt = name.startswith(("daten/quellen/", "daten/lieferungen/")) and name.endswith(".yaml")
        return not beschreibt or benutzt(name)

    return {n: s for n, s in sorted(eingaben.items()) if gehoert(n)}
