"""Satz: Texte lesen (pandoc), zählen, PDF setzen (Typst), Seiten umbrechen."""
