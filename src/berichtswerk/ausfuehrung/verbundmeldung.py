"""Meldungen zur Ausführung auf einem Verbund von Rechnern."""

from __future__ import annotations

from berichtswerk.grund.meldung import Meldung


def extra_fehlt() -> Meldung:
    """``--cluster`` ohne das Extra."""
    return Meldung(
        "verbund-extra-fehlt",
        "Für --cluster fehlt das Paket Dask.",
        abhilfe='Installieren Sie es im Projektordner mit: pip install ".[cluster]"',
    )


def nicht_erreichbar(adresse: str, fehler: Exception) -> Meldung:
    """Unter der Adresse antwortet kein Scheduler."""
    ursache = "Die Adresse ist keine wie tcp://rechner:8786."
    if isinstance(fehler, OSError):
        ursache = "Dort antwortet kein Dask-Scheduler."
    return Meldung(
        "verbund-nicht-erreichbar",
        f"Der Verbund „{adresse}“ ist nicht erreichbar.",
        feld="--cluster",
        ursache=ursache,
        abhilfe="Prüfen Sie Adresse und Netz; ohne --cluster rechnet dieser Rechner allein.",
    )


def ohne_arbeiter(adresse: str) -> Meldung:
    """Der Scheduler antwortet, aber niemand rechnet."""
    return Meldung(
        "verbund-ohne-rechner",
        f"Im Verbund „{adresse}“ rechnet niemand.",
        feld="--cluster",
        ursache="Der Scheduler antwortet, aber kein Rechner ist bei ihm angemeldet.",
        abhilfe=f"Starten Sie auf den Rechnern: dask worker {adresse}",
    )


def verloren(adresse: str) -> Meldung:
    """Die Verbindung zum Scheduler brach ab."""
    return Meldung(
        "verbund-verloren",
        f"Die Verbindung zum Verbund „{adresse}“ brach ab.",
        feld="--cluster",
        ursache="Der Scheduler wurde beendet oder das Netz ist unterbrochen.",
        abhilfe="Starten Sie den Verbund neu und rendern Sie erneut; Fertiges wird wiederverwendet.",
    )


def ohne_programm(fehler: ImportError) -> Meldung:
    """Auf einem Rechner fehlt Berichtswerk."""
    return Meldung(
        "verbund-ohne-berichtswerk",
        "Auf einem Rechner des Verbunds fehlt ein Paket.",
        ursache=str(fehler),
        abhilfe="Installieren Sie auf allen Rechnern dieselbe Umgebung wie hier (anforderungen.lock).",
    )


def anderer_stand(hier: str, dort: str) -> Meldung:
    """Auf einem Rechner sind andere Fassungen installiert."""
    unterschied = [
        f"{d} statt {h}" for h, d in zip(hier.split(", "), dort.split(", "), strict=True) if h != d
    ]
    return Meldung(
        "verbund-anderer-stand",
        "Auf einem Rechner des Verbunds ist etwas anderes installiert als hier.",
        ursache=f"Dort: {', '.join(unterschied)}. Die Ergebnisse wären nicht dieselben.",
        abhilfe="Installieren Sie auf allen Rechnern dieselbe Umgebung wie hier (anforderungen.lock).",
    )


def geaendert(datei: str) -> Meldung:
    """Eine Datei änderte sich, während der Verbund rechnete."""
    return Meldung(
        "verbund-datei-geaendert",
        "Die Datei wurde während des Renderns geändert.",
        datei=datei,
        ursache="Der Verbund rechnet mit dem Stand vom Beginn; der ist nicht mehr da.",
        abhilfe="Rendern Sie erneut.",
    )


def arbeiter_gestoert(fehler: OSError) -> Meldung:
    """Ein Rechner kann nicht schreiben oder lesen."""
    return Meldung(
        "verbund-rechner-gestoert",
        "Ein Rechner des Verbunds kann nicht arbeiten.",
        ursache=f"{fehler.strerror or fehler}",
        abhilfe="Prüfen Sie dort freien Platz und Schreibrechte.",
    )
