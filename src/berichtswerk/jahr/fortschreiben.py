"""Die nächste Ausgabe aus der letzten: Texte gehen mit, Jahre rücken weiter, nichts bleibt still alt.

Übernommen wird jede Datei der Ausgabe. In ``bericht.yml`` rücken die Jahre weiter, die Angaben sind: im
Titel die aus dem Namen der Ausgabe, ``bis``, Jahre unter ``parameter``; der Stand ist heute, Beschluss und
Freigaben bleiben zurück. Was danach zu lesen ist, steht in ``lesen.md``
(:mod:`berichtswerk.jahr.leseliste`).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from berichtswerk.ausfuehrung.freigabe import DATEI as FREIGABE
from berichtswerk.ausfuehrung.freigabe import Fassung, lade_fassung
from berichtswerk.ausfuehrung.plan import Auftrag, Plan, pruefe_namen
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.abbild import Abbild, bilde_ab
from berichtswerk.jahr.leseliste import DATEI as LESELISTE
from berichtswerk.jahr.leseliste import Leseliste, anfang
from berichtswerk.site.tausch import bauplatz, sperre

_JAHR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BLEIBT = {FREIGABE, LESELISTE, "seitenplan.json", "rueckmeldungen.yaml"}
"""Was zur vorigen Ausgabe gehört und nicht mitgeht."""


class AusgabeGibtEs(Befundart):
    text = "Die Ausgabe {name} gibt es schon, und sie ist keine Fortschreibung."
    ursache = "Neben ihrer bericht.yml liegt keine lesen.md."
    abhilfe = "Wählen Sie einen anderen Namen; überschrieben wird nie."


class VorigeFehlt(Befundart):
    text = "Der Bericht „{bericht}“ hat keine Ausgabe vor „{neu}“, aus der sie entstehen könnte."
    abhilfe = "Nennen Sie eine spätere, zum Beispiel {beispiel}."


class JahreUnklar(Befundart):
    text = "Um wie viele Jahre „{neu}“ nach „{alt}“ liegt, sagen die Namen nicht."
    ursache = "Der Name einer Ausgabe beginnt mit ihrem Jahr (2026 oder 2025-2027)."
    abhilfe = "Nennen Sie die neue Ausgabe nach ihrem Jahr."


@dataclass(slots=True)
class Fortgeschrieben:
    """Was entstand: Ordner, übernommene Dateien, was in ``bericht.yml`` weiterrückte, die Leseliste."""

    alt: str
    neu: str
    dateien: tuple[str, ...] = ()
    gerueckt: tuple[str, ...] = ()
    leseliste: Leseliste | None = None
    neu_angelegt: bool = False


def schreibe_fort(projekt: Projekt, plan: Plan, bericht: str, neu: str, tag: date) -> Fortgeschrieben:
    """Legt die Ausgabe ``neu`` an, ganz oder gar nicht; gibt es sie schon, bleibt sie, wie sie ist.

    Raises:
        BerichtswerkFehler: der Bericht ist unbekannt, der Name ungültig, oder es gibt keine frühere Ausgabe.
    """
    ausgaben = {a.ausgabe: a for a in reversed(plan.waehle([bericht])) if a.bericht == bericht}
    ziel = projekt.berichte / bericht / neu
    pruefe_namen(projekt, ziel / "bericht.yml")
    if ziel.exists():
        if not (ziel / LESELISTE).is_file():
            befund = AusgabeGibtEs.melde(datei=projekt.relativ(ziel), name=f"{bericht}/{neu}")
            raise BerichtswerkFehler(befund)
        return Fortgeschrieben("", f"{bericht}/{neu}")
    fruehere = sorted(name for name in ausgaben if name < neu)
    if not fruehere:
        beispiel = f"{max(ausgaben)}-neu" if ausgaben else "2026"
        raise BerichtswerkFehler(VorigeFehlt.melde(bericht=bericht, neu=neu, beispiel=beispiel))
    alt = ausgaben[fruehere[-1]]
    weiter = _abstand(alt.ausgabe, neu)
    auftraege = [a for a in plan.auftraege if a.ordner == alt.ordner]
    abbild = abbild_von(projekt, auftraege)
    with sperre(projekt), bauplatz(projekt) as bau:
        quelle = _quelle(projekt, alt, bau)
        platz = bau / "neu"
        dateien = _uebernimm(quelle, platz)
        text, gerueckt = fortgerueckt((quelle / "bericht.yml").read_text("utf-8"), alt.ausgabe, weiter, tag)
        schreibe_ganz(platz / "bericht.yml", text)
        summe = Archiv(projekt).lege(abbild.als_bytes())
        schreibe_ganz(platz / LESELISTE, anfang(f"{alt.bericht}/{alt.ausgabe}", summe))
        platz.rename(ziel)
    return Fortgeschrieben(
        f"{alt.bericht}/{alt.ausgabe}", f"{bericht}/{neu}", tuple(dateien), tuple(gerueckt), neu_angelegt=True
    )


def abbild_von(projekt: Projekt, auftraege: list[Auftrag]) -> Abbild:
    """Das Abbild einer Ausgabe: von Eingefrorenem das aus dem Archiv, sonst das heutige."""
    revision = auftraege[0].freigabe.revision
    if revision is None:
        return bilde_ab(projekt, auftraege)
    fassung: Fassung = lade_fassung(projekt, revision)
    return Abbild.model_validate_json(Archiv(projekt).hole(fassung.abbild))


def _abstand(alt: str, neu: str) -> int:
    jahre = [re.match(r"\d{4}(?!\d)", name) for name in (alt, neu)]
    if jahre[0] is None or jahre[1] is None:
        raise BerichtswerkFehler(JahreUnklar.melde(alt=alt, neu=neu))
    return int(jahre[1][0]) - int(jahre[0][0])


def _quelle(projekt: Projekt, alt: Auftrag, bau: Path) -> Path:
    """Der Ordner der vorigen Ausgabe; von Eingefrorenem die Texte, wie sie beschlossen sind."""
    if alt.fassung is None:
        return alt.ordner
    ordner, archiv = projekt.relativ(alt.ordner) + "/", Archiv(projekt)
    for name, summe in alt.fassung.eingaben.items():
        if name.startswith(ordner):
            ziel = bau / "alt" / name.removeprefix(ordner)
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_bytes(archiv.hole(summe))
    for pfad in eigene_dateien(alt.ordner):  # auch, was die Ausgabe nicht zeigte (unbenutzte Texte)
        ziel = bau / "alt" / pfad.relative_to(alt.ordner)
        if not ziel.exists():
            ziel.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pfad, ziel)
    return bau / "alt"


def eigene_dateien(ordner: Path) -> list[Path]:
    """Alles, was Menschen in eine Ausgabe legten, ohne Übergaben und ohne, was zur Freigabe gehört."""
    uebergaben = {p.stem for p in ordner.glob("*.ipynb")}
    return [
        p
        for p in sorted(ordner.rglob("*"))
        if p.is_file()
        and p.name not in _BLEIBT
        and not any(t.startswith(".") for t in p.relative_to(ordner).parts)
        and p.relative_to(ordner).parts[0] not in uebergaben
        and p.relative_to(ordner).parts[0].removesuffix(".ipynb") not in uebergaben
    ]


def _uebernimm(quelle: Path, ziel: Path) -> list[str]:
    namen = []
    for pfad in eigene_dateien(quelle):
        name = pfad.relative_to(quelle)
        (ziel / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pfad, ziel / name)
        namen.append(name.as_posix())
    return namen


_SITZUNG = re.compile(r"\s+(?:sitzung|nummer):")
"""Was auf der Vorlage nur für die eine Sitzung gilt."""


def fortgerueckt(text: str, name: str, weiter: int, tag: date) -> tuple[str, list[str]]:
    """``bericht.yml`` der nächsten Ausgabe, und was sich darin änderte; Kommentare bleiben."""
    eigene = set(re.findall(r"\d{4}", name))
    zeilen, gerueckt, block = [], [], ""
    for zeile in text.splitlines():
        if not zeile[:1].isspace() and ":" in zeile and not zeile.startswith("#"):
            block = zeile.partition(":")[0]
        if block == "beschluss" or (block == "beilagen" and _SITZUNG.match(zeile)):
            gerueckt.append(f"{zeile.strip()} → entfällt")
            continue
        neu = _zeile(zeile, block, eigene, weiter, tag)
        if neu != zeile:
            gerueckt.append(f"{zeile.strip()} → {neu.strip()}")
        zeilen.append(neu)
    return "\n".join(zeilen) + "\n", gerueckt


def _zeile(zeile: str, block: str, eigene: set[str], weiter: int, tag: date) -> str:
    angabe, kommentar = re.fullmatch(r"(.*?)(\s+#.*)?", zeile).groups("")  # type: ignore[union-attr]
    schluessel = angabe.strip().lstrip("- ").partition(":")[0]

    def rueckt(fund: re.Match[str]) -> str:
        return str(int(fund[0]) + weiter)

    def rueckt_eigenes(fund: re.Match[str]) -> str:
        return rueckt(fund) if fund[0] in eigene else fund[0]

    if block == "stand":
        return f"stand: {tag.isoformat()}{kommentar}"
    if block == "status":
        return f"status: entwurf{kommentar}"
    if block == "bis" or (block in ("parameter", "varianten") and schluessel not in ("titel", "untertitel")):
        return _JAHR.sub(rueckt, angabe) + kommentar
    return _JAHR.sub(rueckt_eigenes, angabe) + kommentar
