"""Eine Abbildung, eine Adresse: je Abbildung und Tabelle eines Berichts eine eigene Seite.

Sie liegt unter ``<stamm>/<label>.html`` neben dem Bericht und zeigt dasselbe Bild, dieselben Zahlen, dazu,
wie man sie zitiert und woher jede Zahl kommt: Datei, Zeile, Spalte und Rechnung.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.bild.formen import FORMEN
from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis
from berichtswerk.fach.reihe import zeilentext
from berichtswerk.gegenstand.gegenstaende import Abbildung, Beleg, Kopf, Tabelle
from berichtswerk.grund.zahl import GESCHUETZT, datum
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.pdf import als_png
from berichtswerk.satz.raster import Zeile
from berichtswerk.schreiber.html import figur
from berichtswerk.schreiber.html import text as als_text
from berichtswerk.schreiber.html.rumpf import NACHWEIS
from berichtswerk.schreiber.html.seite import rahme
from berichtswerk.site.daten import VERZEICHNIS, verzeichne
from berichtswerk.site.seiten import Umgebung
from berichtswerk.tabelle.tabelle import flache_koepfe, zeichenerklaerung
from berichtswerk.worte.belegzeilen import NUR_VERWEIS, ZEICHENERKLAERUNG

INTERAKTIV = frozenset(FORMEN) - {"streifen", "lagekarte"}
"""Formen, deren Tabelle sich auf einer Achse zeichnen lässt: ihre Seite bietet sie interaktiv an."""
BREIT_AB = 8
"""So viele Spalten Zahlen hat eine Abbildung höchstens, neben denen rechts noch die Quellen stehen."""
WIEDERHOLT_AB = 4
"""Ab so vielen Fundstellen nennt eine zweite Zahl mit denselben nur noch die erste."""
ZUGEKLAPPT_AB = 6
"""Ab so vielen sind sie zugeklappt."""
_ZEITEN = re.compile(r"(\d{4}(?:-\d{2}-\d{2})?)/(\d{4}(?:-\d{2}-\d{2})?)")
_TAG = re.compile(r"\d{4}-\d{2}-\d{2}")
_BRUCH = re.compile(r"Zeitreihenbruch vor (\d{4})")
_WEGE = ("Zahl", "Gebiet", "Zeit", "Wo sie steht", "Rechnung")
_LANG = 160
"""Eine längere Fundstelle steht ebenfalls nur einmal."""
KURZ_BIS = 12
"""Unter einer Tabelle mit höchstens so vielen Zeilen steht das Zitat, sonst am Rand."""
BEGRIFFE_AB = 4
"""Bei so vielen Begriffen am Rand auch unter einem Bild."""


def zeichne_bei(umgebung: Umgebung, auftrag: Auftrag, u: Uebergabe) -> None:
    """Legt zu den Beilagen je Abbildung ein PNG.

    Raises:
        BerichtswerkFehler: ein Bild lässt sich nicht zeichnen.
    """
    svg = {n: inhalt for n, inhalt in u.beilagen.items() if n.startswith("abb/fig-") and n.endswith(".svg")}
    for name, png in als_png(umgebung.projekt, auftrag.stamm, svg).items():
        u.beilagen[name.removesuffix(".svg") + ".png"] = png


def lege_bei(umgebung: Umgebung, auftrag: Auftrag, m: Manuskript, u: Uebergabe) -> None:
    """Legt zu den Beilagen je Abbildung und Tabelle ihre Seite ``<label>.html``."""
    verzeichnis = Gebietsverzeichnis.lade(umgebung.projekt)
    gebiete = {schluessel: verzeichnis[schluessel].name for schluessel in verzeichnis}
    nachweis = json.loads(u.beilagen.get(NACHWEIS, b'{"eintraege": [], "rechenwege": {}}'))
    wege: dict[str, list[dict[str, Any]]] = {}
    for eintrag in nachweis["eintraege"]:
        wege.setdefault(eintrag.get("ort", ""), []).append(eintrag)
    breit = {
        g.label for g, weit in _gezeigte(m) if (weit if isinstance(g, Tabelle) else _spalten(g) > BREIT_AB)
    }
    gezeigte = [g for g, _ in _gezeigte(m)]
    beilagen = {*u.beilagen, *(f"{g.label}.html" for g in gezeigte)}
    seiten = {}
    begriffe = next((f"#{k}" for k, z in m.marken.items() if z.titel == "Begriffe"), "")
    for g in gezeigte:
        eintraege = wege.get(g.label, [])
        herkunft = list(_einmal([_weg(e, nachweis["rechenwege"], gebiete) for e in eintraege]))
        ort = _ort(auftrag, verzeichnis, {str(e.get("gebiet", "")) for e in eintraege})
        name, titel = m.marken[g.label].name, _mit_ort(g.befund or g.unterschrift, ort)
        interaktiv = isinstance(g, Abbildung) and g.form in INTERAKTIV
        kontext = umgebung.einzelseite(auftrag, g.label, titel, name, interaktiv=interaktiv)
        inhalt = [
            f'<div class="bw-einzeln{" bw-weit" * (g.label in breit)}{" bw-knapp" * _ist_kurz(g)}">\n<div>',
            _anfang(auftrag, g, name, u.zeichnungen.get(g.label, "")),
            figur.werkzeuge(g.label, name, ".", beilagen),
            *_zahlen(g, name),
            "</div>\n<div>",
            *_quellen(g.beleg, f"../{auftrag.stamm}.html{begriffe}"),
            "</div>\n<div>",
            _abschnitt("zitieren", "Zitieren und weitergeben"),
            _zitat(auftrag, f"{name}: {g.unterschrift}", _allein(titel, g, ort), kontext.adresse),
            "</div>\n</div>",
            _herkunft(herkunft, _stelle(g, eintraege)),
        ]
        seite = rahme("\n".join(t for t in inhalt if t), _kopf(m.kopf, g, name, titel), kontext)
        seiten[f"{g.label}.html"] = seite.encode()
    namen = {g.label: f"{m.marken[g.label].name}: {g.unterschrift}" for g in gezeigte}
    u.beilagen |= seiten | {VERZEICHNIS: verzeichne(nachweis, namen, gezeigte)}


def _spalten(a: Abbildung) -> int:
    return sum(z.spalten for z in a.daten.kopf[0])


def _ist_kurz(g: Abbildung | Tabelle) -> bool:
    """Ob der Rand länger würde als das, neben dem er steht."""
    if isinstance(g, Tabelle):
        return len(g.tabelle.zeilen) <= KURZ_BIS
    return len(g.daten.zeilen) <= KURZ_BIS and len(g.beleg.begriffe) >= BEGRIFFE_AB


def _gezeigte(m: Manuskript) -> Iterator[tuple[Abbildung | Tabelle, bool]]:
    """Jede Darstellung, und ob sie im Bericht über die ganze Breite geht."""
    for teil in m.teile:
        if isinstance(teil, Zeile) and teil.haupt and isinstance(g := teil.haupt[0], Abbildung | Tabelle):
            yield g, teil.breit


def _ort(auftrag: Auftrag, verzeichnis: Gebietsverzeichnis, gezeigt: set[str]) -> Gebiet | None:
    """Um welchen Ort es geht, wenn es nicht der des Berichts ist, oder der eines Steckbriefs."""
    eigener = str(auftrag.parameter.get("gebiet", ""))
    ort = eigener if auftrag.gestalt == "steckbrief" else next(iter(gezeigt - {eigener}), "")
    allein = auftrag.gestalt == "steckbrief" or len(gezeigt) == 1
    return verzeichnis[ort] if allein and ort in {*verzeichnis} else None


def _mit_ort(titel: str, ort: Gebiet | None) -> str:
    """Im Bericht sagt der Zusammenhang, um welchen Ort es geht; allein muss es die Seite sagen."""
    if ort is None or (ort.name_kurz or ort.name) in titel:
        return titel
    return f"{ort.name}{' –' if ': ' in titel else ':'} {titel}"


def _allein(titel: str, g: Abbildung | Tabelle, ort: Gebiet | None) -> str:
    """Was in einer Nachricht steht: der Befund und, wo er den Ort nicht nennt, was die Darstellung zeigt."""
    return titel if ort is not None or not g.befund else f"{titel.rstrip('.')}. {g.unterschrift}"


def _kopf(bericht: Kopf, g: Abbildung | Tabelle, name: str, titel: str) -> Kopf:
    return Kopf(
        titel=titel, status=bericht.status, gefallen=bericht.gefallen,
        revision=bericht.revision,
        untertitel=f"{name}: {g.unterschrift}" if g.befund else name,
        bericht=bericht.bericht, stand=bericht.stand, herausgeber=bericht.herausgeber,
        beispiel=g.beleg.beispiel, gezaehlt=False, inhalt=False,
    )  # fmt: skip


def _anfang(auftrag: Auftrag, g: Abbildung | Tabelle, name: str, zeichnung: str) -> str:
    """Der Weg zurück in den Bericht und, bei Abbildungen, das Bild."""
    bericht = f"../{auftrag.stamm}.html#{g.label}"
    weg = f'<p class="bw-zurueck"><a href="{bericht}">{als_text(f"{name} im Bericht lesen")}</a></p>'
    if not isinstance(g, Abbildung):
        return weg
    bild = figur.bild(g, "..", zeichnung)
    jahre = " ".join(sorted({jahr for h in g.beleg.hinweise for jahr in _BRUCH.findall(h)}))
    brueche = f' data-brueche="{jahre}"' if jahre else ""
    rahmen = f'<figure class="figure bw-form-{g.form or "frei"}"{brueche}>\n{bild}\n</figure>'
    return f"{weg}\n{figur.weiter(g)}{rahmen}{_so_lesen(g)}"


def _so_lesen(a: Abbildung) -> str:
    return f"\n<p><strong>So lesen:</strong> {als_text(' '.join(a.lesehilfe))}</p>" if a.lesehilfe else ""


def _zahlen(g: Abbildung | Tabelle, name: str) -> Iterator[str]:
    yield _abschnitt("zahlen", "Die Zahlen" if isinstance(g, Abbildung) else "Die Tabelle")
    yield figur.zahlen(g, name)
    if zeichen := zeichenerklaerung(g.daten if isinstance(g, Abbildung) else g.tabelle):
        yield f'<p class="bw-quelle">{als_text(zeichen)}.</p>'


def _quellen(b: Beleg, begriffe: str) -> Iterator[str]:
    """Quellen, Begriffe, Hinweise; der Verweis auf viele Begriffe führt in den Bericht (``begriffe``).

    Was die Zeichen heißen, steht schon unter den Zahlen.
    """
    hinweise = tuple(h for h in b.hinweise if not h.startswith(ZEICHENERKLAERUNG))
    if quellen := figur.belege(b.model_copy(update={"hinweise": hinweise})):
        yield _abschnitt("quellen", "Quellen und Begriffe")
        verweis = als_text(NUR_VERWEIS)
        yield quellen.replace(
            f"<dd>{verweis}</dd>", f'<dd><a href="{begriffe}">{verweis} des Berichts</a></dd>'
        )


def _abschnitt(marke: str, titel: str) -> str:
    return f'<h2 id="{marke}">{titel}</h2>'


def _zitat(auftrag: Auftrag, was: str, befund: str, adresse: str) -> str:
    datei = auftrag.angaben.datei
    stand = "" if ", Stand " in was else f"Stand: {datum(datei.stand, lang=True)}"
    teile = [f"{datei.herausgeber}: {auftrag.titel}, {was}", stand, adresse]
    zitat = ". ".join(t for t in teile if t)
    weiter = f"{befund.rstrip('.')}. {auftrag.titel}{', ' + adresse if adresse else ''}"
    return (
        f'<dl class="bw-zitat">\n<dt>Als Quelle</dt>\n<dd>{als_text(zitat)}</dd>\n'
        f"<dt>In einer Nachricht</dt>\n<dd>{als_text(weiter)}</dd>\n</dl>"
    )


def _stelle(g: Abbildung | Tabelle, eintraege: Sequence[Mapping[str, Any]]) -> str:
    """Was über der Stelle einer Zahl steht: „Gebiet“, sonst der Kopf der ersten Spalte („Alter“)."""
    tafel = g.daten if isinstance(g, Abbildung) else g.tabelle
    return _WEGE[1] if all(e.get("gebiet") for e in eintraege) else flache_koepfe(tafel)[0]


def _herkunft(zeilen: Sequence[Sequence[str]], stelle: str) -> str:
    """Der Abschnitt mit dem Weg jeder Zahl; ``stelle`` ist der Kopf der zweiten Spalte.

    Eine leere Spalte fehlt, ein Gebiet für alle Zahlen steht einmal darüber.
    """
    titel = _abschnitt("woher", "Woher kommt die Zahl?")
    if not zeilen:
        return f"{titel}\n<p>Hier stehen Angaben; gerechnet ist nichts.</p>"
    gebiete = {z[1] for z in zeilen}
    alle = gebiete.pop() if stelle == _WEGE[1] and len(zeilen) > 1 and len(gebiete) == 1 else ""
    koepfe = (_WEGE[0], escape(stelle), *_WEGE[2:])
    offen = [i for i in range(len(_WEGE)) if any(z[i] for z in zeilen) and not (alle and i == 1)]
    kopf = "".join(f'<th scope="col" role="columnheader">{koepfe[i]}</th>' for i in offen)
    koerper = "\n".join(
        f'<tr role="row"><th scope="row" role="rowheader">{z[0]}</th>'
        + "".join(f'<td role="cell" data-kopf="{koepfe[i]}">{z[i]}</td>' for i in offen[1:])
        + "</tr>"
        for z in zeilen
    )
    teile = (
        f'<thead role="rowgroup">\n<tr role="row">{kopf}</tr>\n</thead>',
        f'<tbody role="rowgroup">\n{koerper}\n</tbody>',
    )
    tafel = '<table class="table bw-wege bw-saetze" role="table">\n{}\n{}\n</table>'.format(*teile)
    einleitung = (
        "<p>Jede gezeigte Zahl mit der Stelle in der gelieferten Datei, an der sie steht oder aus der sie "
        f'gerechnet ist. Dasselbe für den ganzen Bericht enthält der <a href="{NACHWEIS}">Zahlennachweis '
        f"(JSON)</a>.{f' Gebiet: {alle}.' if alle else ''}</p>"
    )
    bereich = figur.rollbereich(tafel, name="Herkunft der Zahlen")
    return f"{titel}\n{einleitung}\n{bereich}"


def _weg(e: Mapping[str, Any], rechenwege: Mapping[str, Any], gebiete: Mapping[str, str]) -> list[str]:
    """Eine Zeile der Herkunft als HTML: Zahl, Gebiet, Zeit, Fundstellen, Rechnung."""
    rechnung = e.get("formel") or rechenwege.get(e.get("weg", ""), {}).get("formel") or ""
    schluessel = e.get("gebiet", "")
    return [
        escape(e["anzeige"]),
        escape(gebiete.get(schluessel, schluessel) or e.get("stelle", "")),
        escape(_zeit(str(e.get("zeit", "")))),
        "<br>".join(dict.fromkeys(fundstellen(e, rechenwege))),
        escape(rechnung),
    ]


def _zeit(zeit: str) -> str:
    """„31.12.2024“, „2023“ und, wo aus zwei Zeiten gerechnet ist, „2016 und 2022“."""
    if zwei := _ZEITEN.fullmatch(zeit):
        return " und ".join(map(_zeit, zwei.groups()))
    return datum(date.fromisoformat(zeit)) if _TAG.fullmatch(zeit) else zeit


def _einmal(zeilen: Sequence[list[str]]) -> Iterator[list[str]]:
    """Viele gleiche Fundstellen stehen bei der ersten Zahl, bei den übrigen „wie bei 2 328 (2015)“."""
    erste: dict[str, str] = {}
    for zahl, gebiet, zeit, wo, rechnung in zeilen:
        diese = f"{zahl} ({zeit or gebiet})" if zahl.strip("–.x…/") else f"{gebiet}, {zeit}".strip(", ")
        viel = wo.count("<br>") + 1 >= WIEDERHOLT_AB or len(wo) > _LANG
        zuvor = erste.setdefault(wo, diese) if viel else diese
        yield [zahl, gebiet, zeit, _klappbar(wo) if zuvor == diese else f"wie bei {zuvor}", rechnung]


def _klappbar(wo: str) -> str:
    """Viele Fundstellen sind zugeklappt: ausgeschrieben nähme jede Zahl einen halben Bildschirm ein."""
    anzahl = wo.count("<br>") + 1
    if anzahl < ZUGEKLAPPT_AB:
        return wo
    return f'<details class="bw-stellen"><summary>{anzahl} Stellen</summary>\n{wo}\n</details>'


def fundstellen(e: Mapping[str, Any], rechenwege: Mapping[str, Any]) -> Iterator[str]:
    """Wo eine Zahl und alles, woraus sie gerechnet ist, in den Dateien steht."""
    stellen: dict[tuple[str, str], set[int]] = {}
    for b in e.get("belege", ()):
        hier = stellen.setdefault((b["datei"], str(b.get("spalte") or "")), set())
        hier |= {int(b["zeile"])} if b.get("zeile") else set()
    for (datei, spalte), zeilen in stellen.items():
        wort = "Zeile" if len(zeilen) == 1 else "Zeilen"
        wo = f", {wort}{GESCHUETZT}{zeilentext(sorted(zeilen))}" if zeilen else ""
        yield f"{_datei(datei)}{als_text(wo + (f', Spalte{GESCHUETZT}{spalte}' if spalte else ''))}"
    for eingabe in (*rechenwege.get(e.get("weg", ""), {}).get("eingaben", ()), *e.get("verdeckt", ())):
        yield f"{_datei(eingabe['datei'])}, {als_text(_zeilen(eingabe))}"
    for teil in e.get("teile", ()):
        yield from fundstellen(teil, rechenwege)


def _zeilen(eingabe: Mapping[str, Any]) -> str:
    """„Zeile 7“, „Zeilen 2–21“ oder, wo es zu viele sind, ihre Anzahl."""
    if zeilen := str(eingabe.get("zeilen") or ""):
        return f"{'Zeile' if zeilen.isdigit() else 'Zeilen'}{GESCHUETZT}{zeilen}"
    return f"{eingabe['anzahl']}{GESCHUETZT}{'Zeile' if eingabe['anzahl'] == 1 else 'Zeilen'}"


@lru_cache(maxsize=1024)
def _datei(pfad: str) -> str:
    return f"<code>{escape(pfad.rsplit('/', 1)[-1])}</code>"
