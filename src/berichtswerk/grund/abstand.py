"""Geschützte Abstände im Wortlaut: was zusammengehört, bricht nicht um („1 000“, „§ 8a“, „z. B.“, „Abb. 3“).

An einem Strich im Wort hilft kein Abstand: was davor und dahinter zusammengehört, findet :data:`UNTEILBAR`
(„2019–2030“, „3-Jährige“, „U3-Betreuung“, „dl-de/by-2-0“), und die Schreiber halten es zusammen, ohne den
Wortlaut zu ändern.

Die eine Stelle für alles: Titel, Unterschriften, Alternativtexte, Belege und Fließtext, in HTML und PDF.
"""

from __future__ import annotations

import re
from functools import lru_cache

from berichtswerk.grund.zahl import GESCHUETZT, MONATE, SCHMAL

_LUECKE = r"[ \n]"
_MONAT = "|".join(MONATE)
_VOR_ZAHL = (
    r"§§?|Nr\.|Abs\.|Art\.|Kap\.|Abb\.|Tab\.|S\.|Nummer|Absatz|Artikel|Kapitel|Abbildung|Abschnitt|"
    r"Klassen?|Seiten?|Tabellen?(?=.\d{1,2}(?![\d-]))|Stufen?|Jahrgangsstufen?|Pflegegrade?n?|Phasen?|KldB"
)
_EINHEIT = r"Prozentpunkte?n?|Prozent|Reihen|Jahren?|Euro|Mio\.|Tsd\.|km²|km|m²|ha|KB|MB|GB|Uhr"
_REGELN: tuple[tuple[re.Pattern[str], str], ...] = (
    # Tausendergruppen; Jahre, Ziffernfolgen mit Strich und führende Nullen sind keine
    (re.compile(r"(?<![\d.,/–§-])(?!0)(\d{1,3})((?: \d{3})+)(?![\d–-])"), ""),
    (re.compile(rf"(?<=\d){_LUECKE}(?=[%‰€])"), SCHMAL),
    (re.compile(rf"(?<=\d){_LUECKE}(?=(?:{_EINHEIT})(?!\w))"), GESCHUETZT),
    (re.compile(rf"\bje{_LUECKE}(?=k?m²|\d)"), f"je{GESCHUETZT}"),
    (re.compile(rf"\bab{_LUECKE}(?=\d{{1,2}}(?![\w.,–-]|.Jahr))"), f"ab{GESCHUETZT}"),
    (re.compile(rf"(?<!\d)(\d{{1,2}}\.){_LUECKE}((?:{_MONAT})\b)(?:{_LUECKE}(?=\d{{4}}\b))?"), ""),
    (re.compile(rf"\b(z|d|u|o|i|v|s)\.{_LUECKE}?(?=(?:B|T|h|a|ä|g|d|R|S|o|u)\.)"), rf"\1.{SCHMAL}"),
    (re.compile(rf"(?<!\w)({_VOR_ZAHL}){_LUECKE}(?=\d)"), rf"\1{GESCHUETZT}"),
    (re.compile(rf"(§{GESCHUETZT}\d+[a-z]?){_LUECKE}(?=Abs\.)"), rf"\1{GESCHUETZT}"),
    # „Sekundarstufe I“, „SGB XII“: eine römische Zahl steht nie allein
    (re.compile(rf"(?<=\w){_LUECKE}(?=[IVX]{{1,5}}(?![\w-]))"), GESCHUETZT),
    (re.compile(rf"(?<=\d =){_LUECKE}(?=\d)"), GESCHUETZT),
    (re.compile(rf"(?<![\w.-])(\d{{1,3}}-){_LUECKE}(?=(?:bis|und|oder)\b)"), rf"\1{GESCHUETZT}"),
    (re.compile(rf"\(in{_LUECKE}(?=[%‰€]\))"), f"(in{GESCHUETZT}"),
)
_KLAMMER = re.compile(r"\([^()]{1,12}\)")
_JE = re.compile(r"\b(in|je) (?=[%\d])")
_KOENNTE = re.compile(r"\d|\b[zdoiuvs]\.|\b[IVX]+\b|\(in\s")
_GLIED = rf"\d(?:[\d.,{GESCHUETZT}{SCHMAL}]*\d)?"
UNTEILBAR = re.compile(
    rf"(?<![\w–])[−+]?{_GLIED}–[−+]?{_GLIED}"  # 2019–2030, 6 464–7 279
    r"|(?<![\w./–-])(?:"
    r"(?:\d{1,3}|[A-Za-zÄÖÜ]\d{0,2}|[A-ZÄÖÜ]{2})-[^\W\d_]{2,15}(?!\w)"  # 3-Jährige, U3-Betreuung, E-Mail
    rf"|\d{{1,3}}-[ {GESCHUETZT}](?:bis|und|oder)(?!\w)"  # 3- bis 6-Jährige: der Abstand allein hielte nicht
    r"|SGB-[IVX]+(?!\w)"
    r"|\w{1,6}(?:-\d\w{0,2}){1,4}(?:-[A-Z])?(?![\w-])"  # Tabelle 12411-01-01-4
    r")"
    r"|(?<![\w.-])(?:dl|cc)-[a-z]{2,4}(?:[/-]\w+)*(?:\.\d)?"  # dl-de/by-2-0, cc-by-4.0
    rf"|©[ {GESCHUETZT}]\w+"  # nie allein am Ende der Zeile
)
"""Was an seinem Strich nicht umbrechen darf; die Schreiber halten jeden Fund zusammen."""


@lru_cache(maxsize=8192)
def geschuetzt(text: str) -> str:
    """Der Text mit festen Abständen; ein zweites Mal ändert sich nichts."""
    if not _KOENNTE.search(text):
        return text
    for muster, ersatz in _REGELN:
        text = muster.sub(ersatz or _verbinde, text)
    return text


def mit_einheit_fest(text: str) -> str:
    """Kopf einer Spalte oder Zeile, dessen Einheit nicht umbricht: „Anteil in %“, „Miete (€ je m²)“."""
    fest = _KLAMMER.sub(lambda m: m[0].replace(" ", GESCHUETZT), geschuetzt(text))
    return _JE.sub(rf"\1{GESCHUETZT}", fest)


def _verbinde(fund: re.Match[str]) -> str:
    """Tausendergruppen schmal, Tag, Monat und Jahr mit ganzem Abstand."""
    return re.sub(_LUECKE, GESCHUETZT if fund[1].endswith(".") else SCHMAL, fund[0])
