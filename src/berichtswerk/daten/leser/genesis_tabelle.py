"""Leser ``genesis_tabelle``: Tabellen-CSV aus GENESIS und der Regionaldatenbank.

Die Familie: Titelzeilen, mehrzeiliger Kopf (jede Spalte mit allen Ebenen), Beschriftung links ohne
Kopftext, eingerückte Namen, Jahr oder Stichtag als Spalte, Kopfzeile oder Zwischenzeile („2015;;;“),
Fußblock nach ``____``. Alles davon beschreibt ``lesen``; Vorgaben sind Semikolon, deutsche Zahlen,
Zeichen nach DIN 55301 und der Fußblock.
"""

from __future__ import annotations

from berichtswerk.daten.leser.csvdatei import lies

__all__ = ["lies"]
