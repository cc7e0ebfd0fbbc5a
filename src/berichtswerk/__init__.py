"""Berichtswerk: Planungsberichte aus geprüften Daten."""
