"""Wo lange zusammengesetzte Wörter umbrechen dürfen: vor ihren Grundwörtern („Mindest|sicherungs|quote“).

Viele Browser haben kein deutsches Trennwörterbuch und brächen „Mindestsicherun / gsquote“ ohne Strich. Die
freien Muster für LibreOffice trennen hier falsch („Beda-rfs-gemeinschaften“); diese Liste kennt weniger
Wörter, trennt aber nur an Fugen. Gesetzt wird sie, wo es eng ist: in Köpfen von Tabellen und im Inhalt.
"""

from __future__ import annotations

import re
from functools import lru_cache

WEICH = "\u00ad"
"""Die weiche Trennstelle: unsichtbar, bis dort umbrochen wird."""
LANG_AB = 14
"""So viele Buchstaben hat ein Wort, das Trennstellen bekommt."""
_GRUNDWOERTER = """
abschl[uü]ss abweichung angebot angehörig anteil arbeitslos armut aufwendung ausgabe auslastung ausschuss
bedarf beauftragt bedürftig beitr[aä]g berechtigt bericht beschäftig beteiligung betreuung bevölkerung
bewerber center durchschnitt einkommen einnahme einrichtung einschätzung empfänger entwicklung erhebung
förderung fortschreibung gebiet gemeinschaft gerechnet geschäft geschichte gesetz gruppe häufigkeit
haushalt heim(?!isch) hilfe(?!b) index kinder klasse korrelation kosten leistung miete nachfrage
(?<!ver)ordnung personal personen pflege pflichtig pl[aä]tz planung potenzial quote quotient
(?<!be)rechnung reife residenz saldo (?<![bg]e)sch[uü]l(?!d) (?<!ver)sicherung st[aä]tte stellen?\\b
steuer stichtag untersuchung versammlung versicherung versorgung verteilung vertrag verwaltung
(?<!zu)(?<!ein)(?<!aus)(?<!ab)wanderung wesen wohn(?:en|geld|ung) zahl(?!t|bar) zentr zuschuss
"""
_FUGE = re.compile(rf"(?<=[^\W\d_]{{4}})(?=(?:{'|'.join(_GRUNDWOERTER.split())}))")
ORTSFUGE = re.compile(
    r"(?<=[a-zäöüß]{3})(?=(?:hausen|haus|heim|berg|burg|dorf|feld|felde|walde|wald|stadt|städt|hagen|leben|rode"
    r"|bach|grabe|brück|brücken|furt|hof|kirchen|kirch|werder|horst|münde|see|thal|tal|stein|weiler|beuren)\b)"
)
"""Wortfugen in Ortsnamen: vor diesen Grundwörtern lässt sich mit Bindestrich trennen."""
_WORT = re.compile(rf"[^\W\d_]{{{LANG_AB},}}")


@lru_cache(maxsize=4096)
def trennbar(text: str) -> str:
    """Der Text mit weichen Trennstellen in langen Wörtern; sonst ändert sich nichts."""
    return _WORT.sub(lambda m: _FUGE.sub(WEICH, m[0]), text)
