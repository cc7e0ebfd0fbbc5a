"""Platzhalter; folgt."""
