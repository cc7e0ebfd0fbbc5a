"""Der Plan: was gerendert würde. Jede Ausgabe, je Variante ein Auftrag mit eindeutigem Dateinamen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from berichtswerk.ausfuehrung.freigabe import DATEI as FREIGABE
from berichtswerk.ausfuehrung.freigabe import Fassung, Freigabestand, lade_fassung, lies, werte
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.bericht.ausgabe import Ausgabe, Berichtsdatei, Parameter, Variante, lade_ausgabe
from berichtswerk.gegenstand.gegenstaende import Ausgabestatus
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, vorschlag
from berichtswerk.grund.projekt import PfadVerwehrt, Projekt, unzulaessig

_Feld = Literal["notizbuch", "uebersicht"]
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BerichtUnbekannt(Befundart):
    kennung = "bericht-unbekannt"
    text = "Den Bericht „{name}“ gibt es nicht."
    feld = "{name}"
    abhilfe = "{rat}"


class NotizbuchFehlt(Befundart):
    kennung = "notizbuch-fehlt"
    text = "Das Notizbuch „{name}“ gibt es nicht."
    abhilfe = "{rat}"


class Ordnername(Befundart):
    kennung = "ordnername-ungueltig"
    text = "Der Ordnername „{name}“ kann nicht Teil einer Webadresse sein."
    ursache = "Erlaubt sind Kleinbuchstaben a bis z, Ziffern und Bindestriche; con, aux und nul sind Geräte."
    abhilfe = "Benennen Sie den Ordner um, zum Beispiel in „pflegebericht“ oder „2024“."


class StammDoppelt(Befundart):
    kennung = "stamm-doppelt"
    text = "Mehrere Berichte würden unter demselben Namen „{stamm}“ veröffentlicht."
    feld = "{stamm}"
    ursache = "Bericht, Ausgabe und Variante ergeben zusammengesetzt denselben Dateinamen."
    abhilfe = "Benennen Sie einen der Ordner oder eine der Varianten um."


@dataclass(frozen=True, slots=True)
class Auftrag:
    """Ein zu rendernder Bericht: Ausgabe, Variante und Parameter; ``stamm`` trägt alle Dateinamen."""

    bericht: str
    ausgabe: str
    variante: str
    stamm: str
    angaben: Ausgabe
    parameter: Parameter = field(hash=False)
    notizbuch: Path | None
    titel: str
    untertitel: str
    freigabe: Freigabestand = field(default_factory=Freigabestand, hash=False)
    fassung: Fassung | None = field(default=None, hash=False)
    """Was eingefroren ist: dann entsteht nichts mehr, alles kommt aus dem Archiv."""

    @property
    def status(self) -> Ausgabestatus:
        """Der Schritt der Freigabe, der gilt; vor dem ersten, was ``bericht.yml`` sagt."""
        if self.freigabe.gilt is not None:
            return self.freigabe.gilt
        return "entwurf" if self.freigabe.gefallen else self.angaben.datei.status

    @property
    def voller_titel(self) -> str:
        """Der Titel; heißt eine Variante wie die Ausgabe, dazu ihr Untertitel."""
        gleich = self.variante and self.titel == self.angaben.datei.titel
        return f"{self.titel}: {self.untertitel or self.variante}" if gleich else self.titel

    @property
    def ordner(self) -> Path:
        """``berichte/<bericht>/<ausgabe>``."""
        return self.angaben.ordner

    @property
    def gestalt(self) -> str:
        """Die Gestalt der Ausgabe; die Übersicht über alle Gebiete ist immer ein Bericht."""
        uebersicht = self.angaben.datei.fuer is not None and not self.variante
        return "bericht" if uebersicht else self.angaben.datei.gestalt

    @property
    def uebergabe(self) -> Path:
        """Das Übergabe-Notizbuch, das gesetzt wird."""
        return self.ordner / f"{self.stamm}.ipynb"

    @property
    def beilagen(self) -> Path:
        """Ordner mit Abbildungen, Daten und Nachweis."""
        return self.ordner / self.stamm

    @property
    def ziel(self) -> str:
        """Ort auf der Site ohne Endung, z. B. ``berichte/a/2024/a-2024``."""
        return f"berichte/{self.bericht}/{self.ausgabe}/{self.stamm}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Alle Aufträge in fester Reihenfolge und was an Beschreibungen nicht stimmt."""

    auftraege: tuple[Auftrag, ...]
    meldungen: Meldungen
    gescheitert: Mapping[str, Sequence[Meldung]] = field(default_factory=dict)
    """Warum eine Ausgabe („bericht/ausgabe“) nicht dabei ist."""

    def waehle(self, namen: Sequence[str]) -> tuple[Auftrag, ...]:
        """Aufträge zu ``BERICHT``, ``BERICHT/AUSGABE`` oder Dateistamm; ohne Namen alle.

        Raises:
            BerichtswerkFehler: ``bericht-unbekannt`` für jeden Namen, auf den nichts passt.
        """
        if not namen:
            return self.auftraege
        unbekannt = [name for name in namen if not any(_passt(a, name) for a in self.auftraege)]
        if unbekannt:
            raise BerichtswerkFehler([m for name in unbekannt for m in self._warum_nicht(name)])
        return tuple(a for a in self.auftraege if any(_passt(a, name) for name in namen))

    def _warum_nicht(self, name: str) -> list[Meldung]:
        """Gibt es die Ausgabe, ist ihre Beschreibung fehlerhaft; sonst ist der Name unbekannt."""
        gemeint = _gereinigt(name)
        warum = [m for n, ms in self.gescheitert.items() if gemeint in (n, n.split("/")[0]) for m in ms]
        return warum or [self._unbekannt(name)]

    def _unbekannt(self, name: str) -> Meldung:
        bekannt = {a.bericht for a in self.auftraege} | {f"{a.bericht}/{a.ausgabe}" for a in self.auftraege}
        bekannt |= {a.stamm for a in self.auftraege if a.variante}
        rat = vorschlag(name, sorted(bekannt), sonst="Vorhanden sind: ")
        sonst = "Legen Sie unter berichte/ einen Ordner mit bericht.yml an."
        return BerichtUnbekannt.melde(name=name, rat=rat or sonst)


def _gereinigt(name: str) -> str:
    return name.replace("\\", "/").removeprefix("berichte/").rstrip("/")


def _passt(auftrag: Auftrag, name: str) -> bool:
    ausgabe = f"{auftrag.bericht}/{auftrag.ausgabe}"
    return _gereinigt(name) in (auftrag.bericht, ausgabe, auftrag.stamm, f"{ausgabe}/{auftrag.stamm}")


def plane(projekt: Projekt) -> Plan:
    """Liest alle ``berichte/*/*/bericht.yml``; fehlerhafte werden gemeldet, die übrigen geplant.

    Was freigegeben ist, verschwindet nicht still: fehlt seine ``bericht.yml``, gilt es als fehlerhaft, und
    Eingefrorenes kommt auch ohne sie aus dem Archiv.
    """
    meldungen, spuren = Meldungen(), Spuren(projekt)
    auftraege: list[Auftrag] = []
    gescheitert: dict[str, Sequence[Meldung]] = {}
    da = (p for name in ("bericht.yml", FREIGABE) for p in projekt.berichte.glob(f"*/*/{name}"))
    for pfad in sorted({p.with_name("bericht.yml") for p in da}):
        bericht, ausgabe = pfad.parent.parent.name, pfad.parent.name
        try:
            pruefe_namen(projekt, pfad)
            freigabe = werte(lies(projekt, pfad.parent), spuren)
            if freigabe.revision is None:
                auftraege += _auftraege(projekt, lade_ausgabe(projekt, bericht, ausgabe), freigabe)
            else:
                fassung = lade_fassung(projekt, freigabe.revision)
                auftraege += _auftraege(projekt, fassung.angaben(projekt), freigabe, fassung)
        except BerichtswerkFehler as fehler:
            meldungen.alle(fehler.meldungen)
            gescheitert[f"{bericht}/{ausgabe}"] = tuple(fehler.meldungen)
    doppelt = _doppelte(auftraege)
    meldungen.alle(doppelt)
    falsch = {m.feld for m in doppelt}
    return Plan(tuple(a for a in auftraege if a.stamm not in falsch), meldungen, gescheitert)


def _auftraege(
    projekt: Projekt, angaben: Ausgabe, freigabe: Freigabestand, fassung: Fassung | None = None
) -> list[Auftrag]:
    """Die Ausgabe selbst und ihre Varianten; mit ``fuer`` gibt es nur diese und die Übersicht."""
    datei = angaben.datei
    finde: Callable[[_Feld], Path | None] = partial(_notizbuch, projekt, angaben)
    if fassung is not None:
        finde = partial(_damaliges, projekt, fassung)
    notizbuch = finde("notizbuch")
    varianten = [_auftrag(angaben, v, notizbuch, freigabe, fassung) for v in angaben.varianten]
    if datei.fuer is None:
        return [_auftrag(angaben, None, notizbuch, freigabe, fassung), *varianten]
    if datei.uebersicht:
        varianten.insert(0, _auftrag(angaben, None, finde("uebersicht"), freigabe, fassung))
    return varianten


def _auftrag(
    angaben: Ausgabe, variante: Variante | None, notizbuch: Path | None, freigabe: Freigabestand,
    fassung: Fassung | None,
) -> Auftrag:  # fmt: skip
    datei = angaben.datei
    name = variante.name if variante else ""
    return Auftrag(
        bericht=angaben.bericht,
        ausgabe=angaben.name,
        variante=name,
        stamm="-".join(teil for teil in (angaben.bericht, angaben.name, name) if teil),
        angaben=angaben,
        parameter={**datei.parameter, **(variante.parameter if variante else {})},
        notizbuch=notizbuch,
        titel=(variante.titel if variante else "") or datei.titel,
        untertitel=(variante.untertitel if variante else "") or datei.untertitel,
        freigabe=freigabe,
        fassung=fassung,
    )


def _damaliges(projekt: Projekt, fassung: Fassung, feld: _Feld) -> Path | None:
    """Das Notizbuch einer eingefrorenen Ausgabe, auch wenn es das heute nicht mehr gibt."""
    name = f"notebooks/{_stamm(fassung.datei, fassung.bericht, feld)}.ipynb"
    return projekt.wurzel / name if name in fassung.eingaben else None


def _stamm(datei: Berichtsdatei, bericht: str, feld: _Feld) -> str:
    genannt: str = getattr(datei, feld)
    return (genannt or bericht).removeprefix("notebooks/").removesuffix(".ipynb")


def _notizbuch(projekt: Projekt, angaben: Ausgabe, feld: _Feld) -> Path | None:
    """Das genannte Notizbuch; ohne Angabe das gleichnamige, sonst ein Bericht nur aus Texten."""
    genannt = getattr(angaben.datei, feld)
    datei = projekt.relativ(angaben.ordner / "bericht.yml")
    name = _stamm(angaben.datei, angaben.bericht, feld)
    try:
        pfad = projekt.datei(f"{name}.ipynb", projekt.notebooks, projekt.notebooks)
    except PfadVerwehrt as fehler:
        raise BerichtswerkFehler(fehler.melde(datei=datei, feld=feld)) from None
    if pfad.is_file():
        return pfad
    if not genannt:
        return None
    vorhanden = sorted(p.stem for p in projekt.notebooks.glob("*.ipynb"))
    rat = vorschlag(name, vorhanden, sonst="Vorhanden sind: ") or "Legen Sie es im Ordner notebooks/ an."
    raise BerichtswerkFehler(NotizbuchFehlt.melde(datei=datei, feld=feld, name=genannt, rat=rat))


def pruefe_namen(projekt: Projekt, pfad: Path) -> None:
    """Ob Bericht und Ausgabe Teil einer Webadresse sein können; ``pfad`` ist ihre ``bericht.yml``.

    Raises:
        BerichtswerkFehler: ``ordnername-ungueltig``.
    """
    namen = (pfad.parent.parent.name, pfad.parent.name)
    falsch = [n for n in namen if not _NAME.fullmatch(n) or unzulaessig(n)]
    if falsch:
        raise BerichtswerkFehler(Ordnername.melde(datei=projekt.relativ(pfad), name=falsch[0]))


def _doppelte(auftraege: list[Auftrag]) -> list[Meldung]:
    nach_stamm: dict[str, list[Auftrag]] = {}
    for auftrag in auftraege:
        nach_stamm.setdefault(auftrag.stamm, []).append(auftrag)
    return [
        StammDoppelt.melde(
            datei=", ".join(f"berichte/{a.bericht}/{a.ausgabe}/bericht.yml" for a in gleiche), stamm=stamm
        )
        for stamm, gleiche in nach_stamm.items()
        if len(gleiche) > 1
    ]
