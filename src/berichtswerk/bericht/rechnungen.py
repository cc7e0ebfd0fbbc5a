"""Das Gateway für eigene Rechnungen: Vorausrechnungen, Szenarien und Schätzungen als Reihe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from berichtswerk.bericht.fehler import RechenreiheAngaben
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.fach.kennzahl import Art
from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.rechenreihe import Angabe, Rechenkennzahl, Stelle, Umstand, baue, kennung
from berichtswerk.fach.reihe import Bruch, Reihe, Teil, Wert
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status


class Rechnungen:
    """Was ein Notizbuch selbst rechnet, wird zur Reihe und lässt sich zeigen wie eine Kennzahl."""

    def __init__(self, sicht: Sicht) -> None:
        self.sicht = sicht

    def rechenreihe(
        self,
        *,
        name: str,
        einheit: str,
        werte: Mapping[Stelle, Angabe],
        quellen: Sequence[str],
        formel: str,
        einheit_kurz: str = "",
        art: Art = "anzahl",
        stellen: int = 0,
        prognose_ab: int | None = None,
        definition: str = "",
        artikel: Literal["", "der", "die", "das"] = "",
        mehrzahl: bool = False,
        name_satz: str = "",
        band: str = "",
        status: Status | str | None = None,
        annahmen: Szenario | str | None = None,
        teile: Mapping[Stelle, Sequence[Wert]] | None = None,
        brueche: Mapping[int, str] | None = None,
        schwelle_kaum: float = 0,
        eingaben: Sequence[Any] = (),
    ) -> Reihe:
        """Eine selbst gerechnete Reihe; sie geht überall, wo sonst die id einer Kennzahl steht.

        Args:
            name: wie die Reihe in Abbildungen, Tabellen und Begriffen heißt.
            einheit: volle Einheit unter Abbildungen („Kinder“, „Prozent der Kinder unter 3“).
            werte: (Gebietsschlüssel, Jahr) → Zahl, ``None``, ``Ergebnis`` oder (Zahl, untere, obere Grenze).
                Leer ergibt überall, wo die Reihe gezeigt wird, einen Platzhalter.
            quellen: Namen der Quellen, mit denen gerechnet wurde; sind Beispieldaten darunter, ist alles als
                Beispiel gekennzeichnet.
            formel: die Rechnung in Worten, für den Nachweis.
            einheit_kurz: hinter der Zahl („%“).
            art: wie bei Kennzahlen; bei „anteil“ sind Unterschiede Prozentpunkte.
            stellen: Nachkommastellen.
            prognose_ab: ab diesem Jahr vorausgerechnet: gestrichelt, „s“ in Tabellen.
            definition: ein Satz unter Abbildungen und Tabellen und in den Begriffen.
            artikel: für ganze Sätze („die“).
            mehrzahl: ob der Name in der Mehrzahl steht.
            name_satz: wie der Name im Satz heißt; Vorgabe ist der Name.
            band: was die Grenzen sind („95-%-Intervall“); Vorgabe bei Vorausrechnungen „Spanne untere bis
                obere Variante“.
            status: Status der nicht vorausgerechneten Zahlen, etwa „geschaetzt“.
            annahmen: Szenario (sein Name steht in den Hinweisen) oder ein Hinweis in Worten.
            teile: Werte, die eingegangen sind, je Stelle; sie stehen mit ihren Fundstellen im Nachweis.
            brueche: Jahr → Grund eines Zeitreihenbruchs vor diesem Jahr.
            schwelle_kaum: Unterschiede darunter heißen „kaum verändert“.
            eingaben: Auszüge aus ``b.daten(…)`` oder Reihen, die eingingen; Vorgabe: die ganzen Quellen.

        Raises:
            BerichtswerkFehler: alle Fehler der Angaben auf einmal.

        Beispiel:
            >>> b.rechenreihe(name="Bedarf", einheit="Plätze", werte={(gebiet, 2030): (410, 380, 440)},
            ...               prognose_ab=2025, quellen=["kinder"], formel="Kinder mal Quote")
        """
        _pruefe(name, formel, quellen, art, einheit_kurz)
        self.sicht.beleg_frei(quellen)
        kennzahl = Rechenkennzahl(
            id=kennung(name), name=name, einheit=einheit, einheit_kurz=einheit_kurz, art=art,
            nachkommastellen=stellen, definition=definition, artikel=artikel, mehrzahl=mehrzahl,
            name_satz=name_satz or None, band=band, schwelle_kaum=schwelle_kaum,
        )  # fmt: skip
        umstand = Umstand(
            formel=formel, eingaenge=self.sicht.eingaenge(quellen, eingaben), prognose_ab=prognose_ab,
            status=Status(status) if status else Status.WERT, bis=self.sicht.bis,
            hinweise=_hinweise(annahmen),
        )  # fmt: skip
        finde = self.sicht.bestand.gebiete.finde
        eigene: dict[Stelle, Angabe] = {(finde(g).schluessel, j): w for (g, j), w in werte.items()}
        reihe = baue(
            kennzahl, eigene, umstand,
            teile={(finde(g).schluessel, j): self._teile(t) for (g, j), t in (teile or {}).items()},
            brueche=[Bruch(j, grund) for j, grund in (brueche or {}).items()],
        )  # fmt: skip
        self.sicht.register.eigene[reihe.kennzahl.id] = reihe.kennzahl
        return reihe

    def _teile(self, werte: Sequence[Wert]) -> tuple[Teil, ...]:
        return tuple(
            Teil(self.sicht.register.eigene.get(w.kennzahl) or self.sicht.katalog.finde(w.kennzahl), w)
            for w in werte
        )


def _hinweise(annahmen: Szenario | str | None) -> tuple[str, ...]:
    if isinstance(annahmen, Szenario):
        return (f"Annahmen: {annahmen.name}.",)
    return (annahmen,) if annahmen else ()


def _pruefe(name: str, formel: str, quellen: Sequence[str], art: str, einheit_kurz: str) -> None:
    """Was eine Rechenreihe immer braucht; alle Fehler auf einmal."""
    fehler = []
    if not name.strip():
        fehler.append(("name", "Eine Rechenreihe braucht einen Namen.", "Geben Sie name=„…“ an."))
    if not formel.strip():
        fehler.append(("formel", f"Die Rechenreihe „{name}“ nennt keine Formel.", "Geben Sie formel=„…“ an."))
    if not quellen or isinstance(quellen, str):
        text = f"Die Rechenreihe „{name}“ nennt keine Quelle."
        fehler.append(("quellen", text, "Geben Sie quellen=[…] mit den benutzten Quellen an."))
    if art not in get_args(Art):
        text = f"Die Art „{art}“ gibt es nicht."
        fehler.append(("art", text, f"Möglich sind: {', '.join(get_args(Art))}."))
    elif art == "anteil" and einheit_kurz not in {"%", "‰"}:
        text = f"Die Rechenreihe „{name}“ ist ein Anteil ohne Prozentzeichen."
        fehler.append(("einheit_kurz", text, "Geben Sie einheit_kurz=„%“ an."))
    if fehler:
        raise BerichtswerkFehler(
            [RechenreiheAngaben.melde(feld=f, was=text, hilfe=hilfe) for f, text, hilfe in fehler]
        )
