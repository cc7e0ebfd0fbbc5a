"""Steckbriefe im fortlaufenden Bericht: Kopf eines Ortes und Notizfeld."""

from __future__ import annotations

from berichtswerk.gegenstand.gegenstaende import Notizfeld, Ortsblatt
from berichtswerk.schreiber.typst import maskiere


def ortsblatt(o: Ortsblatt) -> str:
    """Botschaft und Eckzahlen, jede mit der des Kreises."""
    kacheln = []
    for z in o.zahlen:
        angaben = f"([{maskiere(z.kreis)}],)" if z.kreis else "()"
        kacheln.append(
            f"(begriff: [{maskiere(z.text)}], wert: [{maskiere(z.zahl)}], stand: [], achse: none, "
            f"vergleiche: (), angaben: {angaben})"
        )
    teile = [f"#strong[{maskiere(o.botschaft)}]"] if o.botschaft else []
    teile += [maskiere(o.gehoert)] if o.gehoert else []
    teile.append("#bw-eckwerte((\n  " + ",\n  ".join(kacheln) + ",\n))")
    teile += [f"Keine Angabe: {maskiere('; '.join(o.offen))}."] if o.offen else []
    return "\n\n".join(teile)


def notizfeld(n: Notizfeld) -> str:
    """Titel und Fragen, darunter Platz."""
    fragen = ", ".join(f"[{maskiere(f)}#v(3em)]" for f in n.fragen)
    return f'#callout(title: [{maskiere(n.titel)}], art: "note", body: list({fragen}))'
