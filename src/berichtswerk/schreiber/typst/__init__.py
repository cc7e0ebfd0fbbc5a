"""Typst für das PDF: Text je Kapitel, dazu, was der Umbruch über Abbildungen und Tabellen wissen muss."""
