"""Leser ``genesis_flach``: flache CSV aus GENESIS, eine Zeile je Wert.

Alte Form: Latin-1, deutscher Kopf (``Statistik_Code``, ``Zeit``, ``1_Auspraegung_Code`` …), eine Spalte je
Messgröße (``BEVSTD__Bevoelkerungsstand__Anzahl``). Neue Form (``ffcsv``): UTF-8 mit BOM, englischer Kopf
(``time``, ``1_variable_attribute_code``, ``value``, ``value_unit``, ``value_variable_code``), Messgröße je
Zeile. Kennbuchstaben stehen, wenn bestellt, in eigenen Spalten (``qualitaet``).
"""

from __future__ import annotations

from berichtswerk.daten.leser.csvdatei import lies

__all__ = ["lies"]
