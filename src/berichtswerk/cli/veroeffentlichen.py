"""``veroeffentlichen``: die Site hinausgeben, nachsehen, zurückgehen."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import BadParameter

from berichtswerk.cli.anzeige import anzahl, dauer, ort, zeige_meldungen
from berichtswerk.cli.rahmen import Maschinenlesbar, angabe, option, projekt
from berichtswerk.grund.zahl import datum, schreibe

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt
    from berichtswerk.jahr.veroeffentlichen import Hinaus, Stelle, Unterschied
    from berichtswerk.jahr.ziele import Fragmentziel, Zipziel

_TROTZ = ("entwurf", "beispiel", "platzhalter")

Zielname = Annotated[str, angabe("ZIEL", "Name eines Ziels in veroeffentlichung.yaml.")]
Probe = Annotated[bool, option("Nur zeigen, was sich im Ziel änderte; nichts schreiben.", "--probe")]
Liste = Annotated[bool, option("Nur zeigen, welche Veröffentlichungen im Ziel liegen.", "--liste")]
Zurueck = Annotated[bool, option("Die letzte Veröffentlichung zurücknehmen.", "--zurueck")]
Auf = Annotated[str, option("Auf diese Veröffentlichung umstellen (--liste nennt sie).", metavar="FASSUNG")]
Trotz = Annotated[
    list[str] | None, option("Auch hinausgeben, was noch so ist; wiederholt.", metavar="|".join(_TROTZ))
]
Uebernehmen = Annotated[
    bool, option("In einen Ordner veröffentlichen, in dem schon anderes liegt.", "--uebernehmen")
]


def veroeffentlichen(
    ziel: Zielname,
    probe: Probe = False,
    liste: Liste = False,
    zurueck: Zurueck = False,
    auf: Auf = "",
    *,
    trotz: Trotz = None,
    uebernehmen: Uebernehmen = False,
    maschinenlesbar: Maschinenlesbar = False,
) -> int:
    """Gibt die Site hinaus, nur Geändertes, Seiten zuletzt: in einen Ordner, über SFTP oder WebDAV, als ZIP
    oder als Fragmente.

    Wohin, steht in veroeffentlichung.yaml. Entwürfe und Beispielausgaben bleiben hier. Bricht es ab, bleibt
    online eine ganze Fassung, und derselbe Befehl macht weiter. Frühere Veröffentlichungen bleiben im Ziel.
    """
    if fremd := [t for t in trotz or () if t not in _TROTZ]:
        raise BadParameter(f"Hinter --trotz steht {' oder '.join(_TROTZ)}, nicht „{fremd[0]}“.")
    if sum((probe, liste, zurueck or bool(auf))) > 1:
        raise BadParameter("--probe, --liste und --zurueck (oder --auf) gehen nicht zusammen.")
    from berichtswerk.jahr import veroeffentlichen as v
    from berichtswerk.jahr.ziele import Fragmentziel, Zipziel, lies_ziel, oeffne, verstaendlich
    from berichtswerk.site.tausch import sperre

    beginn, hier = time.monotonic(), projekt()
    wohin = lies_ziel(hier, ziel)
    if isinstance(wohin, Zipziel | Fragmentziel):
        if liste or zurueck or auf:
            raise BadParameter("Ein ZIP und Fragmente kennen keine früheren Veröffentlichungen.")
        with sperre(hier):
            hinaus = _pruefe(hier, trotz or (), probe=probe)
            with verstaendlich(ziel, wohin):
                return _lege_hier_ab(hier, ziel, wohin, hinaus, probe=probe, maschinenlesbar=maschinenlesbar)
    with sperre(hier), zaehlwerk(still=maschinenlesbar) as melde:
        hinaus = v.Hinaus(hier.site)
        if not (liste or zurueck or auf):
            melde("stellt zusammen, was hinausgeht", 0, 0)
            hinaus = _pruefe(hier, trotz or (), probe=probe)
        meldungen = hinaus.meldungen
        with oeffne(hier, ziel, wohin) as stelle_dort:
            dort = v.Stelle(stelle_dort, ziel, wohin.behalten, melde)
            if liste:
                return _zeige_fassungen(dort, maschinenlesbar)
            if zurueck or auf:
                bisher = dort.stand.fassung if dort.stand.wechsel is None else None
                return _melde_fassung(dort, ziel, bisher, dort.stelle_zurueck(auf), maschinenlesbar)
            dateien = v.erfasse(hinaus.site)
            if (fremdes := dort.fremdes()) and not uebernehmen:
                meldungen.dazu(v.fremd(ziel, fremdes))
            unterschied = dort.vergleiche(dateien)
            kennung = ""
            if not (probe or meldungen.fehler) and not (unterschied.leer and dort.stand.wechsel is None):
                kennung = dort.veroeffentliche(hinaus.site, dateien)
    return _zeige(ziel, unterschied, hinaus, kennung, beginn, probe=probe, maschinenlesbar=maschinenlesbar)


def _pruefe(hier: Projekt, trotz: Sequence[str], *, probe: bool) -> Hinaus:
    """Was hinausgeht. Ohne ``probe`` hält an, was dagegen spricht, ehe jemand eine Verbindung aufnimmt."""
    from berichtswerk.jahr.veroeffentlichen import SiteVeraltet, stelle_bereit
    from berichtswerk.schreiber.formate import alle
    from berichtswerk.site.stand import unveraendert

    hinaus = stelle_bereit(hier, trotz)
    if unveraendert(hier, (), alle()) is None:
        hinaus.meldungen.dazu(SiteVeraltet.melde(datei="_site"))
    if not probe:
        hinaus.meldungen.pruefe()
    return hinaus


def _lege_hier_ab(
    hier: Projekt, ziel: str, wohin: Zipziel | Fragmentziel, hinaus: Hinaus, *, probe: bool,
    maschinenlesbar: bool,
) -> int:  # fmt: skip
    """Was von Hand hochgeladen oder eingefügt wird: ein ZIP, Fragmente."""
    from berichtswerk.jahr.fragment import fragmente, schreibe
    from berichtswerk.jahr.veroeffentlichen import erfasse, packe

    if wohin.art == "zip":
        stelle = hier.wurzel / wohin.datei
        namen = list(erfasse(hinaus.site)) if probe else packe(hinaus.site, stelle)
    else:
        stelle = hier.wurzel / Path(wohin.ordner).expanduser()
        inhalte = fragmente(hier, hinaus.site, ziel, wohin.seiten, hinaus.zurueck)
        namen = list(inhalte)
        if not probe:
            schreibe(stelle, inhalte)
    if maschinenlesbar:
        print(_json(hinaus, ziel=ziel, ort=str(stelle), dateien=namen, geschrieben=not probe))
        return 1 if hinaus.meldungen.fehler else 0
    zeige_meldungen(hinaus.meldungen)
    _zeige_zurueck(hinaus)
    umfang = anzahl(len(namen), "Datei", "Dateien")
    print("\n".join(namen) if probe else f"Geschrieben: {ort(stelle)} ({umfang})")
    return 1 if hinaus.meldungen.fehler else 0


def _json(hinaus: Hinaus, **angaben: Any) -> str:
    meldungen = json.loads(hinaus.meldungen.als_json())
    alles = {**angaben, "nicht_dabei": hinaus.zurueck, "meldungen": meldungen}
    return json.dumps(alles, ensure_ascii=False, indent=1)


def _zeige_zurueck(hinaus: Hinaus) -> None:
    if hinaus.zurueck:
        print(f"Nicht dabei, weil nicht beschlossen: {', '.join(hinaus.zurueck)}")
        print(f"So geht es hinaus: {ort(hinaus.site / 'index.html')}")


def _zeige(
    ziel: str, u: Unterschied, hinaus: Hinaus, kennung: str, beginn: float, *, probe: bool,
    maschinenlesbar: bool,
) -> int:  # fmt: skip
    rueckgabe = 1 if hinaus.meldungen.fehler else 0
    arten = {"neu": u.neu, "geändert": u.geaendert, "entfällt": u.entfaellt}
    if maschinenlesbar:
        felder = {"neu": u.neu, "geaendert": u.geaendert, "entfaellt": u.entfaellt, "gleich": u.gleich}
        print(_json(hinaus, ziel=ziel, fassung=kennung or None, **felder, bytes=u.bytes))
        return rueckgabe
    zeige_meldungen(hinaus.meldungen)
    if probe or not hinaus.meldungen.fehler:
        _zeige_zurueck(hinaus)
    if probe:
        for art, namen in arten.items():
            print(*(f"{art:<9} {name}" for name in namen), sep="\n", end="\n" * bool(namen))
    if not probe and hinaus.meldungen.fehler:
        return rueckgabe
    summe = ", ".join(f"{schreibe(len(namen))} {art}" for art, namen in arten.items() if namen)
    summe = f"{summe or 'nichts anders'}, {schreibe(u.gleich)} gleich"
    if probe:
        print(f"Ziel „{ziel}“: {summe}; zu übertragen sind {_groesse(u.bytes)}. Geschrieben wurde nichts.")
    elif kennung:
        print(f"Veröffentlicht in „{ziel}“ als {kennung}: {summe}; {_groesse(u.bytes)} in {dauer(beginn)}.")
    else:
        print(f"Ziel „{ziel}“ ist aktuell: {summe} ({dauer(beginn)}).")
    return rueckgabe


def _groesse(zahl: int) -> str:
    return f"{schreibe(zahl / 1e6, 1)} MB" if zahl >= 1e5 else f"{schreibe(zahl / 1e3, 1)} kB"


def _zeige_fassungen(dort: Stelle, maschinenlesbar: bool) -> int:
    from berichtswerk.jahr.veroeffentlichen import zeitpunkt

    zeilen, eintraege = [], []
    for kennung in reversed(dort.stand.verlauf):
        zeit, zahl = zeitpunkt(kennung).astimezone(), len(dort.fassung(kennung).dateien)
        jetzt = kennung == dort.stand.jetzt
        marke = "  online" if jetzt else "  dorthin führt --zurueck" * (kennung == dort.stand.zurueck)
        zeilen.append(f"{kennung}  {_wann(kennung)}, {anzahl(zahl, 'Datei', 'Dateien')}{marke}")
        online = jetzt and dort.stand.wechsel is None  # abgebrochen ist keine ganz umgestellt
        angaben = {"fassung": kennung, "zeit": zeit.isoformat(), "dateien": zahl, "online": online}
        eintraege.append(angaben)
    if maschinenlesbar:
        print(json.dumps(eintraege, ensure_ascii=False, indent=1))
        return 0
    print("\n".join(zeilen) or "In dieses Ziel wurde noch nichts veröffentlicht.")
    if dort.stand.wechsel:
        print("Das Umstellen brach ab; derselbe Befehl noch einmal vollendet es.")
    return 0


def _wann(kennung: str) -> str:
    from berichtswerk.jahr.veroeffentlichen import zeitpunkt

    zeit = zeitpunkt(kennung).astimezone()
    return f"{datum(zeit.date())}, {zeit:%H:%M} Uhr"


def _melde_fassung(dort: Stelle, ziel: str, bisher: str | None, kennung: str, maschinenlesbar: bool) -> int:
    """Was jetzt online gilt, auch wenn sich daran nichts geändert hat."""
    if maschinenlesbar:
        print(json.dumps({"ziel": ziel, "fassung": kennung, "bisher": bisher}, ensure_ascii=False, indent=1))
        return 0
    if bisher == kennung:
        print(f"In „{ziel}“ gilt schon {kennung} vom {_wann(kennung)}; daran ändert sich nichts.")
    else:
        print(f"Umgestellt auf {kennung} in „{ziel}“: online gilt die Website vom {_wann(kennung)}.")
    andere = f"berichtswerk veroeffentlichen {ziel} --auf FASSUNG"
    if dort.stand.verlauf[-1] != kennung:
        print(f"Wieder vor: {andere.replace('FASSUNG', dort.stand.verlauf[-1])}")
    if dort.stand.verlauf[0] != kennung:
        print(f"Weiter zurück: {andere} (--liste nennt alle)")
    return 0


@contextmanager
def zaehlwerk(*, still: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Fortschritt über viele gleiche Stücke: ein Balken im Terminal, sonst je Zehntel eine Zeile."""
    if still:
        yield lambda _was, _nummer, _gesamt: None
        return
    if not sys.stdout.isatty():
        zuletzt: list[tuple[str, int]] = []

        def zeile(was: str, nummer: int, gesamt: int) -> None:
            stufe = (was, 10 * nummer // gesamt if gesamt else 0)
            if zuletzt != [stufe]:
                zuletzt[:] = [stufe]
                print(f"{was}: {nummer} von {gesamt}" if gesamt else was, flush=True)

        yield zeile
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    prozent, text = TextColumn("{task.percentage:>3.0f} %"), TextColumn("{task.description}")
    with Progress(BarColumn(), prozent, TimeRemainingColumn(), text, transient=True) as balken:
        aufgabe = balken.add_task("beginnt", total=None)
        yield lambda was, nummer, gesamt: balken.update(
            aufgabe, completed=nummer, total=gesamt or None, description=was
        )
