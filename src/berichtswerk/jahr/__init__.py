"""Das Jahr der Planung: Lieferungen, Ausgaben und ihr Leben, Wege nach Word und hinaus."""
