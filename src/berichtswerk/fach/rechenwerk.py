"""Rechnet, was ``daten/rechnungen/*.yaml`` beschreibt: Eingaben, Methode je Szenario, Reihen mit Belegen.

Eine Methode ist eine öffentliche Funktion in :mod:`berichtswerk.fach.methoden`. Sie bekommt die Eingaben
unter ihrem Namen (eine Quelle als ``DataFrame`` mit der Spalte ``teil``: das Gebiet der Rechnung, in dem die
Zeile liegt; die Tabelle einer anderen Rechnung als ``DataFrame``; eine Kennzahl als :class:`Reihe`; ``None``,
wenn eine freiwillige fehlt), dazu nach Wunsch ``lage``, ``szenario``, ``haupt`` (das Hauptszenario) und
Parameter. Zurück gibt sie je Ergebnis ``{(Gebiet, Jahr): Zahl}``, für eine Tafel ihre Zeilen. Mit denselben
Eingaben ergibt eine Methode dasselbe: gerechnet wird einmal, für alle Notizbücher, die danach fragen, und
eine Reihe erst, wenn jemand sie zeigt.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from berichtswerk.daten.gebiete import Ebene
from berichtswerk.fach import methoden
from berichtswerk.fach.methoden.annahmen import Abweichung, Annahme, Szenario
from berichtswerk.fach.methoden.ergebnis import (
    Angabe,
    Ergebnis,
    Lage,
    Stelle,
    Tafelzeile,
    Werte,
    quotient,
    zahl,
)
from berichtswerk.fach.methoden.fehler import ReiheKurz
from berichtswerk.fach.rechnung import (
    ANNAHMEN,
    EIGENE,
    Eingabe,
    Rechenkennzahl,
    Rechnung,
    Tafelangabe,
    Zeitrahmen,
)
from berichtswerk.fach.reihe import (
    Eigenrechnung,
    Eingang,
    Fundorte,
    Reihe,
    Teil,
    Wert,
    eingaenge,
    eingaenge_an,
    fundorte,
    zeilentext,
)
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.fach.zellen import passt
from berichtswerk.grund.ablage import aktiv, fassung, programmstand, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.tabelle import Tabelle

UNTEN: tuple[Ebene, ...] = ("planungsgebiet", "einheit", "gemeinde")
"""Ebenen unter dem Landkreis."""
BAND_PROGNOSE = "Spanne von der unteren bis zur oberen Variante"
BAND_SONST = "Unsicherheitsbereich"

Kennzahlreihe = Callable[[str, Sequence[str], int | None], Reihe]
"""Rechnet eine Kennzahl für Gebiete bis zu einem Jahr."""
AndereRechnung = Callable[[str, int | None], "Gerechnet"]
"""Eine andere Rechnung aus Daten bis zu einem Jahr."""


class MethodeUnbekannt(Befundart):
    kennung = "rechnung-methode"
    text = "Die Methode „{name}“ gibt es nicht."
    abhilfe = "{vorschlag}"


class EingabeFalsch(Befundart):
    kennung = "rechnung-eingabe"
    text = "Die Methode „{methode}“ {was} „{name}“."
    abhilfe = "Sie nimmt: {bekannt}."


class ErgebnisUnbekannt(Befundart):
    kennung = "rechnung-ergebnis"
    text = "Die Methode „{methode}“ liefert kein Ergebnis „{name}“."
    abhilfe = "{vorschlag}"


class ZahlUnendlich(Befundart):
    kennung = "rechnung-zahl"
    text = "Die Reihe „{name}“ enthält eine unendliche Zahl."
    abhilfe = "Prüfen Sie auf Teilen durch null."


class SpanneFalsch(Befundart):
    kennung = "rechnung-spanne"
    text = "In der Reihe „{name}“ liegt {wert:g} nicht in {unten:g} bis {oben:g}."
    abhilfe = "Prüfen Sie die Grenzen, die die Methode liefert."


class WertNachDatenstand(Befundart):
    kennung = "rechnung-zukunft"
    text = "Die Reihe „{name}“ hat Werte nach dem Datenstand {bis}."
    abhilfe = "Geben Sie mit „prognose_ab“ an, ab welchem Jahr vorausgerechnet ist."


_T = TypeVar("_T")


class _BeiBedarf(Mapping[str, _T]):
    """Gebaut wird, wonach jemand fragt, und nur einmal."""

    def __init__(self, namen: Iterable[str], baue: Callable[[str], _T]) -> None:
        self._namen, self._baue, self._fertig = tuple(namen), baue, dict[str, _T]()

    def __getitem__(self, name: str) -> _T:
        if name not in self._namen:
            raise KeyError(name)
        if name not in self._fertig:
            self._fertig[name] = self._baue(name)
        return self._fertig[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._namen)

    def __len__(self) -> int:
        return len(self._namen)


@dataclass(frozen=True)
class Tafel:
    """Eine gerechnete Tabelle: Spalten wie angegeben, je Zeile Kopf und Zahlen oder Worte."""

    angabe: Tafelangabe
    unterschrift: str
    zeilen: tuple[Tafelzeile, ...]
    eigene: Eigenrechnung
    quellen: tuple[str, ...]


@dataclass(frozen=True)
class Gerechnet:
    """Was eine Rechnung ergibt; ohne die nötigen Daten sind alle Reihen leer."""

    rechnung: Rechnung
    zeit: Zeitrahmen
    szenarien: Mapping[str, Szenario] = field(default_factory=dict)
    abweichungen: tuple[Abweichung, ...] = ()
    reihen: Mapping[str, Reihe] = field(default_factory=dict)
    tafeln: Mapping[str, Tafel] = field(default_factory=dict)
    quellen: tuple[str, ...] = ()
    """Alles, was eingegangen ist."""
    annahmenquellen: tuple[str, ...] = ()
    """Worauf sich die Annahmen stützen."""
    texte: Mapping[str, str] = field(default_factory=dict)
    """Ergebnisse der Methode, die Worte sind."""
    werk: _Rechenwerk | None = field(default=None, repr=False, compare=False)
    """Womit andere Rechnungen weiterrechnen."""

    @property
    def basis(self) -> int:
        """Das letzte gemessene Jahr."""
        return self.zeit.basis

    @property
    def ziel(self) -> int:
        """Das Jahr, auf das die Planung zielt."""
        return self.zeit.ziel

    @property
    def ende(self) -> int:
        """Das letzte vorausgerechnete Jahr."""
        return self.zeit.ende

    @property
    def jahre(self) -> range:
        """Die Jahre von der Basis bis zum Ende."""
        return range(self.basis, self.ende + 1)

    def zeilen(self, ergebnis: str, *gebiete: str) -> tuple[list[Mapping[str, Any]], tuple[Eingang, ...]]:
        """Die Zeilen eines Ergebnisses der Methode im Hauptszenario zu diesen Gebieten, und was einging.

        Leer, wo die Rechnung ihre Daten nicht hat oder das Ergebnis nicht liefert.
        """
        if self.werk is None:
            return [], ()
        alle = self.werk.ergebnisse(self.rechnung.haupt).get(ergebnis) or []
        return [z for z in alle if z["gebiet"] in gebiete], self.werk.orte(None, *gebiete)

    def __bool__(self) -> bool:
        """Ob es Ergebnisse gibt."""
        return any(len(r) for r in self.reihen.values()) or any(t.zeilen for t in self.tafeln.values())


@dataclass
class _Eingang:
    """Eine gelesene Eingabe."""

    name: str
    quelle: str
    werte: pd.DataFrame | Reihe
    profil: bool = False
    """Ob sie auch für Gebiete gilt, die nicht darin vorkommen."""
    werk: _Rechenwerk | None = None
    """Die Rechnung, aus der sie stammt."""
    _stellen: dict[tuple[frozenset[str], ...], tuple[Eingang, ...]] = field(default_factory=dict)

    @property
    def quellen(self) -> tuple[str, ...]:
        if self.werk:
            return self.werk.quellen(None)
        return self.werte.quellen if isinstance(self.werte, Reihe) else (self.quelle,)

    def stellen(self, *wahl: frozenset[str]) -> tuple[Eingang, ...]:
        """Dateien und Zeilen zur ersten Gruppe von Gebieten, die vorkommt; sonst bei Profilen alle."""
        if self.werk:
            return self.werk.orte(None, *sorted(wahl[0]))
        if wahl not in self._stellen:
            da = self.werte.gebiete if isinstance(self.werte, Reihe) else self._fundorte
            sonst = frozenset(da if self.profil else ())
            self._stellen[wahl] = self._suche(next((g for g in wahl if not g.isdisjoint(da)), sonst))
        return self._stellen[wahl]

    @cached_property
    def _fundorte(self) -> Fundorte:
        return {} if isinstance(self.werte, Reihe) else fundorte(self.werte)

    def _suche(self, gebiete: frozenset[str]) -> tuple[Eingang, ...]:
        if isinstance(self.werte, Reihe):
            return eingaenge(self.name, (b for w in self.werte if w.gebiet in gebiete for b in w.belege))
        return eingaenge_an(self.name, self.quelle, self._fundorte, gebiete)

    @cached_property
    def ein_jahr(self) -> Reihe | None:
        """Die Reihe, wenn sie nur ein Jahr hat."""
        return self.werte if isinstance(self.werte, Reihe) and len(self.werte.jahre) == 1 else None


def lade_methode(name: str, feld: str, rechnung: Rechnung) -> Callable[..., Any]:
    """Die Funktion „modul.funktion“ aus ``fach/methoden``.

    Raises:
        BerichtswerkFehler: ``rechnung-methode`` mit den ähnlichsten Namen.
    """
    modul, _, funktion = name.partition(".")
    bekannt = [m.name for m in iter_modules(methoden.__path__)]
    gesucht = modul
    if modul in bekannt:
        geladen = import_module(f"{methoden.__name__}.{modul}")
        eigene = inspect.getmembers(
            geladen, lambda f: inspect.isfunction(f) and f.__module__ == geladen.__name__
        )
        bekannt, gesucht = [n for n, _ in eigene if not n.startswith("_")], funktion
        if funktion in bekannt:
            gefunden: Callable[..., Any] = getattr(geladen, funktion)
            return gefunden
    nah = vorschlag(gesucht, bekannt, sonst="Möglich sind: ")
    raise BerichtswerkFehler(rechnung.melde(MethodeUnbekannt, feld, name=name, vorschlag=nah))


DAZU = ("lage", "szenario", "haupt")
"""Was eine Methode außer Eingaben und Parametern verlangen kann."""


def pruefe_methode(rechnung: Rechnung) -> list[Meldung]:
    """Ob es die Methode gibt und Eingaben und Parameter zu ihr passen."""
    try:
        methode = lade_methode(rechnung.methode, "methode", rechnung)
        if rechnung.messung:
            lade_methode(rechnung.messung, "messung", rechnung)
    except BerichtswerkFehler as fehler:
        return fehler.meldungen
    parameter = inspect.signature(methode).parameters
    gegeben = {
        **dict.fromkeys(rechnung.eingaben, "eingaben"),
        **dict.fromkeys(rechnung.parameter, "parameter"),
    }
    beliebig = any(p.kind is p.VAR_KEYWORD for p in parameter.values())
    einzeln = {n: p for n, p in parameter.items() if p.kind is not p.VAR_KEYWORD}
    noetig = [n for n, p in einzeln.items() if p.default is p.empty and n not in DAZU]
    falsch = [("kennt keine Angabe", n, f) for n, f in gegeben.items() if n not in einzeln and not beliebig]
    falsch += [("braucht die Angabe", n, "eingaben") for n in noetig if n not in gegeben]
    bekannt = ", ".join(f"„{n}“" for n in einzeln if n not in DAZU)
    return [
        rechnung.melde(
            EingabeFalsch, wo, *([n] if n in gegeben else []), methode=rechnung.methode, was=was, name=n,
            bekannt=bekannt,
        )
        for was, n, wo in falsch
    ]  # fmt: skip


def rechne(
    rechnung: Rechnung,
    bestand: Datenbestand,
    kennzahlreihe: Kennzahlreihe,
    bis: int | None,
    andere: AndereRechnung | None = None,
) -> Gerechnet:
    """Rechnet alle Reihen und Tafeln einer Rechnung aus Daten bis zum Jahr ``bis``.

    ``andere`` braucht nur, wer mit einer anderen Rechnung weiterrechnet.

    Raises:
        BerichtswerkFehler: Methode, Eingaben oder Ergebnisse passen nicht; eine Quelle ist nicht lesbar; eine
            Zahl ist unmöglich.
    """
    if befunde := pruefe_methode(rechnung):
        raise BerichtswerkFehler(befunde)
    return _Rechenwerk(rechnung, bestand, kennzahlreihe, bis, andere).alles()


@dataclass
class _Rechenwerk:
    """Ein Durchgang durch eine Rechnung."""

    rechnung: Rechnung
    bestand: Datenbestand
    kennzahlreihe: Kennzahlreihe
    bis: int | None
    andere: AndereRechnung | None = None
    _ergebnisse: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _werte: dict[tuple[str, str], Werte] = field(default_factory=dict)
    _kennzahlen: dict[str, Reihe] = field(default_factory=dict)
    _tabellen: dict[str, pd.DataFrame] = field(default_factory=dict)
    _orte: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Eingang, ...]] = field(default_factory=dict)

    def alles(self) -> Gerechnet:
        """Alle Ergebnisse; leer, wo Daten fehlen oder die bis zum Datenstand dem Verfahren nicht reichen."""
        if self.vollstaendig:
            try:
                return self._gerechnet()
            except BerichtswerkFehler as fehler:
                if self.bis is None or any(m.kennung != ReiheKurz.kennung for m in fehler.meldungen):
                    raise
        leer = {k: Reihe(e.mit_jahren(self.zeit, ""), ()) for k, e in self.rechnung.reihen.items()}
        return Gerechnet(self.rechnung, self.zeit, reihen=leer)

    def _gerechnet(self) -> Gerechnet:
        r = self.rechnung
        return Gerechnet(
            r, self.zeit, self.szenarien, self.abweichungen, self.reihen, _BeiBedarf(r.tafeln, self.tafel),
            self.quellen(None), self.quellen(None if r.messung else [ANNAHMEN]),
            {k: w for k, w in self.ergebnisse(r.haupt).items() if isinstance(w, str)}, self,
        )  # fmt: skip

    # --- Eingaben ------------------------------------------------------------------------------------

    @cached_property
    def lage(self) -> Lage:
        """Landkreis, Gebiete der Rechnung und Jahre."""
        verzeichnis, ebene, zeit = self.bestand.gebiete, self.rechnung.gebiete, self.zeit
        kreis = verzeichnis.kreis
        teile = (kreis,) if ebene == "kreis" else verzeichnis.kinder(kreis.schluessel, ebene)
        return Lage(
            kreis.schluessel, tuple(g.schluessel for g in teile),
            (verzeichnis.land.schluessel, verzeichnis.bund.schluessel),
            zeit.beginn, zeit.basis, zeit.ziel, zeit.ende,
        )  # fmt: skip

    @cached_property
    def zeit(self) -> Zeitrahmen:
        basis = self.rechnung.jahre.basis
        if isinstance(basis, str):
            andere = self._andere(self.rechnung.eingaben[basis])
            if andere is not None:
                return self.rechnung.jahre.rahmen(andere.basis)
            roh = self._roh.get(basis)
            jahre = roh.jahre if isinstance(roh, Reihe) else () if roh is None else roh["jahr"]
            basis = max((int(j) for j in jahre), default=self.bis or 0)
        return self.rechnung.jahre.rahmen(basis)

    @cached_property
    def _roh(self) -> dict[str, pd.DataFrame | Reihe | None]:
        return {name: self._lies(e) for name, e in self.rechnung.eingaben.items()}

    @cached_property
    def vollstaendig(self) -> bool:
        """Ob jede Pflichteingabe Werte hat."""
        quelle = self.rechnung.annahmen_quelle
        zeilen = self._annahmenzeilen
        return (not quelle or (zeilen is not None and not zeilen.empty)) and all(
            name in self.eingaenge for name, e in self.rechnung.eingaben.items() if e.pflicht
        )

    @cached_property
    def eingaenge(self) -> dict[str, _Eingang]:
        """Alle vorhandenen Eingaben, auf ihre Jahre beschränkt; auch die Annahmen einer Quelle."""
        fertig = {}
        for name, e in self.rechnung.eingaben.items():
            werte = self._roh[name]
            if isinstance(werte, Reihe):
                werte = _letztes(werte, self.lage.teile) if e.jahr == "letztes" else werte
            elif werte is not None:
                letztes = e.jahr == "letztes"
                jahr = _juengstes(werte, self.zeit.basis) if letztes else e.jahr and self.zeit.jahr(e.jahr)
                werte = werte if jahr is None else werte[werte["jahr"] == jahr]
                werte = werte if e.von is None else werte[werte["jahr"] >= self.zeit.jahr(e.von)]
                werte = werte.reset_index(drop=True) if e.rechnung or werte["wert"].notna().any() else None
            if werte is not None:
                andere = self._andere(e)
                werk = None if andere is None else andere.werk
                if werk and not isinstance(werte, Reihe):
                    auswahl = repr((e.wo, e.jahr, e.von, self.zeit))
                    werte.attrs["inhalt"] = summe(werte.attrs["inhalt"], auswahl)
                fertig[name] = _Eingang(name, e.quelle, werte, e.gebiet == "alle", werk)
        return fertig

    def _andere(self, e: Eingabe) -> Gerechnet | None:
        return self.andere(e.rechnung, self.bis) if e.rechnung and self.andere else None

    def _tabelle(self, e: Eingabe) -> pd.DataFrame | None:
        """Die Tabelle einer anderen Rechnung; was in ihr steht, kennt die Ablage an ihrem Schlüssel."""
        import pandas as pd

        andere = self._andere(e)
        if andere is None or andere.werk is None:
            return None
        merke = andere.werk._tabellen
        if e.ergebnis not in merke:
            zeilen = andere.werk.ergebnisse(andere.rechnung.haupt).get(e.ergebnis) or []
            merke[e.ergebnis] = pd.DataFrame.from_records(zeilen)
            merke[e.ergebnis].attrs["inhalt"] = summe(repr(zeilen))
        tabelle = merke[e.ergebnis]
        for merkmal, bedingung in e.wo.items():
            tabelle = tabelle[[passt(str(w), bedingung) for w in tabelle[merkmal]]]
        return None if tabelle.empty else tabelle

    def _lies(self, e: Eingabe) -> pd.DataFrame | Reihe | None:
        kreis = self.bestand.gebiete.kreis.schluessel
        if e.kennzahl:
            ebene = self.rechnung.gebiete
            teile = [] if ebene == "kreis" else self.bestand.gebiete.kinder(kreis, ebene)
            reihe = self.kennzahlreihe(e.kennzahl, [kreis, *(g.schluessel for g in teile)], self.bis)
            return reihe if any(w.wert is not None for w in reihe) else None
        if e.rechnung:
            return self._tabelle(e)
        if e.quelle not in self.bestand.quellen:
            return None
        return self._auszug(self.bestand.tabelle(e.quelle), e)

    def _auszug(self, tabelle: Tabelle, e: Eingabe) -> pd.DataFrame | None:
        """Die Zeilen, die eine Eingabe nennt, mit ihrem ``teil``; gesucht wird, ehe Texte daraus werden."""
        import numpy as np

        stellen = tabelle.stellen(e.groesse) if e.groesse else np.arange(len(tabelle))
        if self.bis is not None:
            stellen = stellen[tabelle.jahr_je_zeile()[stellen] <= self.bis]
        for merkmal, bedingung in e.wo.items():
            gewollt = [w for w in tabelle.auspraegungen(stellen, merkmal) if passt(w, bedingung)]
            stellen = tabelle.mit(stellen, merkmal, gewollt)
        if e.gebiet == "kreis":
            stellen = tabelle.mit(stellen, "gebiet", [self.bestand.gebiete.kreis.schluessel])
        teil = {g: self._teil(g) for g in tabelle.auspraegungen(stellen, "gebiet")}
        if e.gebiet == "teile":
            stellen = tabelle.mit(stellen, "gebiet", [g for g, t in teil.items() if t])
        if not len(stellen):
            return None
        werte = tabelle.auszug(stellen)
        return werte.assign(teil=[teil[g] for g in werte["gebiet"].tolist()])

    def _teil(self, gebiet: str) -> str:
        """Das Gebiet der Rechnung, in dem ``gebiet`` liegt; leer bei fremden und größeren."""
        oben = self.bestand.gebiete.vorfahr(gebiet, self.rechnung.gebiete)
        kreis = oben and self.bestand.gebiete.vorfahr(oben.schluessel, "kreis")
        return oben.schluessel if oben and kreis == self.bestand.gebiete.kreis else ""

    # --- Annahmen ------------------------------------------------------------------------------------

    @cached_property
    def szenarien(self) -> dict[str, Szenario]:
        """Je Szenario alle Annahmen."""
        gemessen: Mapping[str, float] = {}
        if self.rechnung.messung:
            gemessen = self._rufe(self.rechnung.messung, "messung", None, self.lage)
        return {
            s: Szenario(
                name,
                (
                    *(
                        a.annahme(k, s, gemessen, self.zeit, self.rechnung.ort(k))
                        for k, a in self.rechnung.annahmen.items()
                        if a.wert != "gemessen" or k in gemessen
                    ),
                    *self._gelieferte.get((s, self.lage.gebiet), ()),
                ),
            )
            for s, name in self.rechnung.szenarien.items()
        }

    @cached_property
    def _annahmenzeilen(self) -> pd.DataFrame | None:
        """Je Gebiet und Annahme die Zeilen, die beim Datenstand galten: die zuletzt festgelegten."""
        quelle = self.rechnung.annahmen_quelle
        if not quelle or quelle not in self.bestand.quellen:
            return None
        werte = self.bestand.tabelle(quelle).werte
        werte = werte if self.bis is None else werte[werte["jahr"] <= self.bis]
        zuletzt = werte.groupby(["gebiet", "annahme"])["festgelegt_am"].transform("max")
        return werte[werte["festgelegt_am"] == zuletzt]

    @cached_property
    def _gelieferte(self) -> dict[tuple[str, str], tuple[Annahme, ...]]:
        """Die Annahmen der Quelle unter Szenario und Gebiet."""
        je: dict[tuple[str, str], tuple[Annahme, ...]] = {}
        for z in [] if self._annahmenzeilen is None else self._annahmenzeilen.to_dict("records"):
            stelle = z["groesse"], z["gebiet"]
            annahme = Annahme(
                z["annahme"], z["wert"], z["einheit"], z["angabe_von"], z["begruendung"],
                date.fromisoformat(z["festgelegt_am"]),
                len(f"{z['wert']:g}".partition(".")[2]) if z["einheit"] else 3, z["bezeichnung"],
                fundstelle=(self.rechnung.annahmen_quelle, z["datei"], z["zeile"]),
            )  # fmt: skip
            je[stelle] = (*je.get(stelle, ()), annahme)
        return je

    @cached_property
    def abweichungen(self) -> tuple[Abweichung, ...]:
        """Annahmen, die ein Teilgebiet anders setzt."""
        teile = [g for g in self.lage.teile if g != self.lage.gebiet]
        return tuple(
            Abweichung(g, a) for g in teile for a in self._gelieferte.get((self.rechnung.haupt, g), ())
        )

    # --- Rechnen -------------------------------------------------------------------------------------

    def _rufe(self, name: str, wofuer: str, szenario: Szenario | None, lage: Lage) -> Any:
        methode = lade_methode(name, wofuer, self.rechnung)
        gegeben: dict[str, Any] = {n: e.werte for n, e in self.eingaenge.items()}
        gegeben |= {**self.rechnung.parameter, "lage": lage, "szenario": szenario}
        if szenario is not None:
            gegeben["haupt"] = self.szenarien[self.rechnung.haupt]
        parameter = inspect.signature(methode).parameters
        beliebig = any(p.kind is p.VAR_KEYWORD for p in parameter.values())
        namen = {*parameter, *(self.eingaenge if beliebig else ())}
        return _einmal(name, methode, {n: w for n, w in gegeben.items() if n in namen})

    def ergebnisse(self, szenario: str) -> Mapping[str, Any]:
        """Was die Methode in diesem Szenario liefert."""
        if szenario not in self._ergebnisse:
            self._ergebnisse[szenario] = self._rechne(szenario)
        return self._ergebnisse[szenario]

    def _rechne(self, szenario: str) -> Mapping[str, Any]:
        if szenario != EIGENE:
            gerechnet: Mapping[str, Any] = self._rufe(
                self.rechnung.methode, "methode", self.szenarien[szenario], self.lage
            )
            return gerechnet
        haupt = self.szenarien[self.rechnung.haupt]
        gesammelt: dict[str, Werte] = {}
        for g in dict.fromkeys(a.gebiet for a in self.abweichungen):
            eigenes = haupt.mit(*(a.annahme for a in self.abweichungen if a.gebiet == g))
            for name, werte in self._rufe(
                self.rechnung.methode, "methode", eigenes, replace(self.lage, teile=(g,))
            ).items():
                if isinstance(werte, dict):
                    gesammelt.setdefault(name, {}).update(werte)
        return gesammelt

    def werte(self, name: str, szenario: str) -> Werte:
        """Alle Werte einer Reihe in einem Szenario, mit Summen der größeren Gebiete."""
        if (name, szenario) not in self._werte:
            self._werte[name, szenario] = self._rechne_werte(name, szenario)
        return self._werte[name, szenario]

    def _rechne_werte(self, name: str, szenario: str) -> Werte:
        r = self.rechnung.reihen[name]
        if r.zaehler:
            return self._gebildet(r, szenario)
        if r.szenario == EIGENE and not self.abweichungen:
            return {}
        ergebnisse = self.ergebnisse(r.szenario or szenario)
        werte: Werte = dict(self._ergebnis(ergebnisse, r.ergebnis or name, "reihen", name, "ergebnis"))
        return self._mit_summen(werte) if r.summe else werte

    def _mit_summen(self, werte: Werte) -> Werte:
        verzeichnis = self.bestand.gebiete
        summen: Werte = {}
        for oben in (
            self.lage.gebiet,
            *(g.schluessel for g in verzeichnis.kinder(self.lage.gebiet, "planungsgebiet")),
        ):
            kinder = [g.schluessel for g in verzeichnis.kinder(oben, self.rechnung.gebiete)]
            for jahr in dict.fromkeys(j for _, j in werte):
                teile = [werte.get((k, jahr)) for k in kinder]
                zahlen = [n for t in teile if (n := zahl(t)) is not None]
                if kinder and len(zahlen) == len(kinder):
                    geschaetzt = any(isinstance(t, Ergebnis) and t.status is Status.GESCHAETZT for t in teile)
                    alle = sum(zahlen)
                    summen[oben, jahr] = Ergebnis(alle, Status.GESCHAETZT) if geschaetzt else alle
        return {**summen, **werte}

    def _gebildet(self, r: Rechenkennzahl, szenario: str) -> Werte:
        """Faktor · Σ Zähler / Σ Nenner, wo alle Bestandteile eine Zahl haben."""
        oben = [self._bestandteil(t, szenario) for t in r.zaehler]
        unten = [self._bestandteil(t, szenario) for t in r.nenner]
        werte: Werte = {}
        for stelle in oben[0][1]:
            if all(zahl(w.get(stelle)) is not None for _, w in (*oben, *unten)):
                z, n = (math.fsum(v * (zahl(w[stelle]) or 0) for v, w in teil) for teil in (oben, unten))
                werte[stelle] = quotient(z, n, r.faktor) if r.nenner else r.faktor * z
        return werte

    def _bestandteil(self, term: str, szenario: str) -> tuple[int, Werte]:
        name = term.removeprefix("-")
        zeichen = -1 if term.startswith("-") else 1
        if name in self.rechnung.reihen:
            return zeichen, self.werte(name, szenario)
        return zeichen, {(w.gebiet, w.jahr): w.wert for w in self._kennzahl(name)}

    def _kennzahl(self, name: str) -> Reihe:
        if name not in self._kennzahlen:
            verzeichnis = self.bestand.gebiete
            weitere = [g.schluessel for g in verzeichnis.kinder(self.lage.gebiet, "planungsgebiet")]
            gebiete = [self.lage.gebiet, *weitere, *self.lage.teile]
            self._kennzahlen[name] = self.kennzahlreihe(name, gebiete, self.bis)
        return self._kennzahlen[name]

    # --- Reihen --------------------------------------------------------------------------------------

    @cached_property
    def reihen(self) -> Mapping[str, Reihe]:
        """Die Reihen, mit Spanne, Status und Herkunft jedes Werts."""
        return _BeiBedarf(self.rechnung.reihen, self._baue)

    def _baue(self, name: str) -> Reihe:
        r = self.rechnung.reihen[name]
        haupt = r.szenario or self.rechnung.haupt
        grenzen = [self.werte(name, s) for s in r.spanne]
        ab = math.inf if r.prognose_ab == "nie" else self.zeit.jahr(r.prognose_ab)
        if self.bis is not None and r.prognose_ab != "nie":
            ab = min(ab, self.bis + 1)
        von, bis = (None if j is None else self.zeit.jahr(j) for j in (r.von, r.bis))
        fertig: list[Wert] = []
        befunde: list[Meldung] = []
        for stelle, angabe in self.werte(name, haupt).items():
            jahr = int(str(stelle[1])[:4])
            if (von is not None and jahr < von) or (bis is not None and jahr > bis):
                continue
            wert = self._wert(r, stelle, angabe, jahr >= ab, [zahl(g.get(stelle)) for g in grenzen])
            befunde += self._pruefe(r, wert)
            fertig.append(wert)
        if befunde:
            raise BerichtswerkFehler(befunde)
        platz = {g: nr for nr, g in enumerate(dict.fromkeys(w.gebiet for w in fertig))}
        fertig.sort(key=lambda w: (platz[w.gebiet], w.jahr, w.zeit))
        mit_grenzen = [w for w in fertig if w.unten is not None]
        sonst = BAND_PROGNOSE if any(w.prognose for w in mit_grenzen) else BAND_SONST
        kennzahl = r.mit_jahren(self.zeit, r.band or (sonst if mit_grenzen else ""))
        return Reihe(kennzahl, tuple(fertig), tuple(sorted(Bruch(b.jahr, b.grund) for b in r.brueche)))

    def _wert(
        self, r: Rechenkennzahl, stelle: Stelle, angabe: Angabe, prognose: bool, grenzen: list[float | None]
    ) -> Wert:
        mitte, unten, oben = angabe if isinstance(angabe, tuple) else (angabe, None, None)
        betrag, status = zahl(mitte), r.status
        if isinstance(mitte, Ergebnis) and (mitte.wert is None or mitte.status is not Status.WERT):
            status = mitte.status
        elif betrag is None:
            status = Status.FEHLT
        if prognose and betrag is not None:
            status = Status.GESCHAETZT if betrag else status
            alle = [g for g in grenzen if g is not None]
            unten, oben = (min(betrag, *alle), max(betrag, *alle)) if alle else (unten, oben)
        mit_spanne = betrag is not None and unten is not None and oben is not None
        gebiet, zeit = stelle[0], str(stelle[1])
        eigene = self._herkunft(r, gebiet, zeit)
        hinweise = (*r.hinweise, *([mitte.hinweis] if isinstance(mitte, Ergebnis) and mitte.hinweis else ()))
        return Wert(
            kennzahl=r.id, gebiet=gebiet, zeit=zeit, jahr=int(zeit[:4]), wert=betrag, status=status,
            formel=self.zeit.fuelle(r.formel),
            quellen=tuple(sorted({q for e in eigene.eingaenge if (q := e.quelle)})), prognose=prognose,
            unten=float(unten) if mit_spanne and unten is not None else None,
            oben=float(oben) if mit_spanne and oben is not None else None,
            hinweise=hinweise, eigene=eigene,
        )  # fmt: skip

    def _pruefe(self, r: Rechenkennzahl, w: Wert) -> Iterable[Meldung]:
        wo: dict[str, Any] = {
            "datei": self.rechnung.datei,
            "ort": f"{w.gebiet}, {w.zeit}",
            "feld": f"reihen.{r.id}",
        }
        zahlen = [z for z in (w.wert, w.unten, w.oben) if z is not None]
        if not all(math.isfinite(z) for z in zahlen):
            yield ZahlUnendlich.melde(**wo, name=r.name)
        elif w.wert is not None and w.unten is not None and w.oben is not None:
            rand = 1e-9 * max(1.0, *(abs(z) for z in zahlen))
            if not w.unten - rand <= w.wert <= w.oben + rand:
                yield SpanneFalsch.melde(**wo, name=r.name, wert=w.wert, unten=w.unten, oben=w.oben)
        if self.bis is not None and w.jahr > self.bis and not w.prognose and w.wert is not None:
            yield WertNachDatenstand.melde(**wo, name=r.name, bis=self.bis)

    # --- Herkunft ------------------------------------------------------------------------------------

    def _herkunft(self, r: Rechenkennzahl, gebiet: str, zeit: str) -> Eigenrechnung:
        """Was in den Wert eingegangen ist: Dateien und Zeilen, Annahmen, andere Reihen."""
        teile: list[Teil] = []
        for name in (t.removeprefix("-") for t in (*r.zaehler, *r.nenner)):
            quelle = self.reihen[name] if name in self.reihen else self._kennzahl(name)
            wert = quelle.wert(gebiet, int(zeit[:4]))
            teile += [Teil(quelle.kennzahl, wert)] if wert else []
        for name in self.eingaenge if r.eingaben is None and not r.zaehler else r.eingaben or ():
            eingang = self.eingaenge.get(name)
            if eingang and (reihe := eingang.ein_jahr):
                teile += [Teil(reihe.kennzahl, w) for w in reihe.gebiet(gebiet) if w.wert is not None]
        if r.zaehler and r.eingaben is None:
            orte = dict.fromkeys(e for t in teile for e in _orte(t.wert))
            return Eigenrechnung(self.rechnung.id, tuple(orte), tuple(teile), self.rechnung.name)
        return Eigenrechnung(
            self.rechnung.id, self.orte(r.eingaben, gebiet), tuple(teile), self.rechnung.name
        )

    def orte(self, eingaben: Sequence[str] | None, *gebiete: str) -> tuple[Eingang, ...]:
        """Dateien und Zeilen der Eingaben zu diesen Gebieten, sonst zu ihren Teilen, sonst zum Landkreis."""
        gefragt = tuple([*self.eingaenge, ANNAHMEN] if eingaben is None else eingaben)
        if (gefragt, gebiete) not in self._orte:
            kinder = self.bestand.gebiete.kinder
            unten = frozenset(g.schluessel for o in gebiete for e in UNTEN for g in kinder(o, e))
            wahl = (frozenset(gebiete), unten, frozenset([self.lage.gebiet]))
            orte = [o for n in gefragt if n in self.eingaenge for o in self.eingaenge[n].stellen(*wahl)]
            orte += self._annahmenorte(*gebiete) if ANNAHMEN in gefragt else ()
            self._orte[gefragt, gebiete] = tuple(orte)
        return self._orte[gefragt, gebiete]

    def _annahmenorte(self, *gebiete: str) -> tuple[Eingang, ...]:
        orte: tuple[Eingang, ...] = ()
        if self.rechnung.annahmen:
            zeilen = zeilentext(sorted(self.rechnung.ort(a)[1] for a in self.rechnung.annahmen))
            orte = (Eingang(ANNAHMEN, "", self.rechnung.datei, zeilen, len(self.rechnung.annahmen)),)
        dort = self._annahmenfundorte
        return *orte, *eingaenge_an(
            ANNAHMEN, self.rechnung.annahmen_quelle, dort, {self.lage.gebiet, *gebiete}
        )

    @cached_property
    def _annahmenfundorte(self) -> Fundorte:
        return {} if self._annahmenzeilen is None else fundorte(self._annahmenzeilen)

    def quellen(self, eingaben: Sequence[str] | None) -> tuple[str, ...]:
        """Namen der Quellen dieser Eingaben (ohne Angabe aller)."""
        gefragt = [*self.eingaenge, ANNAHMEN] if eingaben is None else eingaben
        namen = [q for n in gefragt if n in self.eingaenge for q in self.eingaenge[n].quellen]
        quelle = self.rechnung.annahmen_quelle
        return tuple(dict.fromkeys([*namen, *([quelle] if quelle and ANNAHMEN in gefragt else [])]))

    # --- Tafeln --------------------------------------------------------------------------------------

    def tafel(self, name: str) -> Tafel:
        """Eine Tabelle der Methode im ersten Szenario."""
        angabe = self.rechnung.tafeln[name]
        ergebnisse = self.ergebnisse(self.rechnung.haupt)
        zeilen = self._ergebnis(ergebnisse, angabe.ergebnis or name, "tafeln", name, "ergebnis")
        if angabe.zeilen:
            je_kopf = {str(z["kopf"]): z for z in zeilen}
            zeilen = [{**je_kopf[k], "kopf": text} for k, text in angabe.zeilen.items() if k in je_kopf]
        eingaenge = self.orte(angabe.eingaben, *self.lage.teile)
        eigene = Eigenrechnung(self.rechnung.id, eingaenge, name=self.rechnung.name)
        quellen = tuple(sorted({e.quelle for e in eigene.eingaenge if e.quelle}))
        return Tafel(angabe, self.zeit.fuelle(angabe.unterschrift), tuple(zeilen), eigene, quellen)

    def _ergebnis(self, ergebnisse: Mapping[str, Any], name: str, *stelle: str) -> Any:
        """Ein Ergebnis der Methode; eines, das sie auch mit allen Daten nicht liefert, ist ein Fehler."""
        if name in ergebnisse:
            return ergebnisse[name]
        if self.bis is not None:
            spaeter = _Rechenwerk(self.rechnung, self.bestand, self.kennzahlreihe, None, self.andere)
            ergebnisse = spaeter.ergebnisse(self.rechnung.haupt) if spaeter.vollstaendig else ergebnisse
            if name in ergebnisse:
                return type(ergebnisse[name])()
        nah = vorschlag(name, ergebnisse, sonst="Möglich sind: ")
        raise BerichtswerkFehler(
            self.rechnung.melde(
                ErgebnisUnbekannt, *stelle, name=name, methode=self.rechnung.methode, vorschlag=nah
            )
        )


def _juengstes(werte: pd.DataFrame, basis: int) -> int:
    """Das jüngste Jahr bis zur Basis, damit Späteres nicht umschreibt, was davor war; sonst das jüngste."""
    bisher = werte.loc[werte["jahr"] <= basis, "jahr"]
    return int((werte["jahr"] if bisher.empty else bisher).max())


def _letztes(reihe: Reihe, teile: Sequence[str]) -> Reihe | None:
    """Das jüngste Jahr, in dem alle Gebiete eine Zahl haben."""
    je_jahr: dict[int, set[str]] = {}
    for w in reihe:
        if w.wert is not None:
            je_jahr.setdefault(w.jahr, set()).add(w.gebiet)
    jahre = [j for j, da in je_jahr.items() if set(teile) <= da]
    return reihe.jahr(max(jahre)) if jahre and teile else None


def _orte(wert: Wert) -> Iterable[Eingang]:
    if wert.eigene:
        yield from wert.eigene.eingaenge
    yield from eingaenge(wert.kennzahl, wert.belege)


def _einmal(name: str, methode: Callable[..., Any], gegeben: Mapping[str, Any]) -> Any:
    """Was eine Methode mit diesen Angaben ergibt; aufgehoben, wo es eine Ablage gibt.

    Gilt immer so, wie es aufgehoben wird: aus der Ablage und frisch gerechnet ist es dasselbe.
    """
    if (stelle := aktiv()) is None:
        return methode(**gegeben)
    programm = programmstand("fach", "grund/zahl.py", "grund/zeichen.py")
    bibliotheken = (fassung(paket) for paket in ("numpy", "pandas"))
    angaben = (teil for n in sorted(gegeben) for teil in (n, _inhalt(gegeben[n])))
    schluessel = summe(name, programm, *bibliotheken, *angaben)
    roh = stelle.hole("rechnung", schluessel)
    if roh is None:
        text = json.dumps(_als_listen(methode(**gegeben)), default=_in_json, ensure_ascii=False)
        roh = text.encode()
        stelle.lege("rechnung", schluessel, roh)
    return _aus_listen(json.loads(roh))


def _inhalt(angabe: Any) -> str:
    """Alles an einer Angabe, womit eine Methode rechnen kann, als Text."""
    if isinstance(angabe, Reihe):
        werte = [
            (w.gebiet, w.zeit, w.wert, w.status, w.basis, w.gebietsstand, w.prognose, w.unten, w.oben,
             w.zaehler, w.nenner)
            for w in angabe
        ]  # fmt: skip
        return repr((angabe.kennzahl, werte, angabe.brueche))
    if hasattr(angabe, "columns") and "inhalt" in angabe.attrs:
        return str(angabe.attrs["inhalt"])
    if hasattr(angabe, "columns"):
        return repr([(str(n), str(angabe[n].dtype), angabe[n].tolist()) for n in angabe.columns])
    return repr(angabe)


def _als_listen(ergebnisse: Mapping[str, Any]) -> dict[str, Any]:
    """Werte je Stelle als Liste; Tafeln, Worte und einzelne Zahlen bleiben."""
    return {
        name: {"werte": [(*stelle, angabe) for stelle, angabe in e.items()]} if isinstance(e, dict) else e
        for name, e in ergebnisse.items()
    }


def _in_json(wert: Any) -> Any:
    return asdict(wert) if isinstance(wert, Ergebnis) else wert.item()  # Zahlen von numpy


def _aus_listen(gelesen: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {(g, j): _angabe(a) for g, j, a in e["werte"]} if isinstance(e, dict) else e
        for name, e in gelesen.items()
    }


def _angabe(gelesen: Any) -> Angabe:
    if isinstance(gelesen, list):
        mitte, unten, oben = gelesen
        return _angabe(mitte), unten, oben  # type: ignore[return-value]
    return (
        Ergebnis(gelesen["wert"], Status(gelesen["status"]), gelesen["hinweis"])
        if isinstance(gelesen, dict)
        else gelesen
    )
