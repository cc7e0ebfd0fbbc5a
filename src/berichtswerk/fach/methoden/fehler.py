"""Befunde der Methoden: falsche Eingaben und Annahmen, mit denen sich nicht rechnen lässt."""

from __future__ import annotations

from berichtswerk.grund.meldung import Befundart


class LaengeFalsch(Befundart):
    """Eine Reihe hat eine andere Länge als die übrigen."""

    kennung = "methode-laenge"
    text = "„{name}“ hat {ist} Einträge, erwartet werden {soll}."
    abhilfe = "Alle Reihen auf dieselben Altersgruppen oder Einheiten bringen."
    feld = "{name}"


class KeineZahl(Befundart):
    """Eine Reihe enthält NaN oder Unendlich."""

    kennung = "methode-zahl"
    text = "„{name}“ enthält an Stelle {stelle} keine endliche Zahl."
    abhilfe = "Fehlende Werte vor der Rechnung ergänzen oder das Gebiet auslassen."
    feld = "{name}"


class Negativ(Befundart):
    """Eine Reihe enthält einen negativen Wert, wo es keinen geben kann."""

    kennung = "methode-negativ"
    text = "„{name}“ enthält an Stelle {stelle} den negativen Wert {wert}."
    abhilfe = "Vorzeichen und Spalte der Quelle prüfen."
    feld = "{name}"


class Ausserhalb(Befundart):
    """Eine einzelne Zahl liegt außerhalb des Erlaubten."""

    kennung = "methode-bereich"
    text = "„{name}“ ist {wert}, erlaubt ist {von} bis {bis}."
    abhilfe = "Einheit prüfen (Prozent oder Anteil) und die Annahme berichtigen."
    feld = "{name}"


class ReiheKurz(Befundart):
    """Das Verfahren braucht mehr Jahre oder Jahrgänge."""

    kennung = "methode-kurz"
    text = "„{name}“ hat {ist} Jahre oder Jahrgänge, das Verfahren braucht mindestens {noetig}."
    abhilfe = "Weitere Jahre liefern oder das Fenster des Verfahrens verkleinern."
    feld = "{name}"


class SchuljahreZuWenige(ReiheKurz):
    """Für gemittelte Übergänge fehlen Schuljahre."""

    text = "„Schülerzahlen“ hat {ist} Schuljahre, das Verfahren braucht mindestens {noetig}."
    abhilfe = "Weitere Schuljahre liefern oder weniger Übergänge mitteln."
    feld = "Schülerzahlen"


class AnnahmeDoppelt(Befundart):
    """Ein Szenario nennt eine Annahme zweimal."""

    text = "Das Szenario „{szenario}“ nennt die Annahme „{name}“ mehrfach."
    abhilfe = "Nur eine Fassung behalten; was nur für eine Kommune gilt, mit ihrem Gebiet angeben."
    feld = "{name}"


class AnnahmeUnbekannt(Befundart):
    """Eine Methode fragt nach einer Annahme, die das Szenario nicht nennt."""

    text = "Das Szenario „{szenario}“ kennt die Annahme „{name}“ nicht."
    abhilfe = "Annahme ergänzen oder einen vorhandenen Namen verwenden: {nahe}."
    feld = "{name}"


class AnnahmeKeineZahl(Befundart):
    """Eine Annahme, mit der gerechnet wird, ist Text oder Reihe."""

    text = "Die Annahme „{name}“ im Szenario „{szenario}“ ist keine einzelne Zahl."
    abhilfe = "Eine Zahl angeben; Reihen werden getrennt übergeben."
    feld = "{name}"


class SterbetafelNull(Befundart):
    """Der Sterbetafel fehlen durchlebte Jahre."""

    text = "Die Sterbetafel braucht mindestens drei Altersgruppen mit positiven durchlebten Jahren."
    abhilfe = "Sterbetafel (nLx) vollständig angeben; nur die letzte, offene Gruppe darf null sein."
    feld = "nLx"


class GeschlechtUnbekannt(Befundart):
    """Die Bevölkerung nennt andere Geschlechter als das Modell."""

    text = "Die Bevölkerung ist gegliedert nach: {geschlechter}."
    abhilfe = "Die Geschlechter „weiblich“ und wahlweise „maennlich“ nennen."
    feld = "Bevölkerung"


class UeberlebenFehlt(Befundart):
    """Für ein Geschlecht fehlen Überlebensraten."""

    text = "Für „{geschlecht}“ fehlen Überlebensraten."
    abhilfe = "Sterbetafel für jedes gerechnete Geschlecht angeben."
    feld = "{geschlecht}"


class WanderungZuGross(Befundart):
    """Es ziehen mehr Menschen fort, als da sind."""

    text = "Der Wegzug übersteigt den Bestand in Altersgruppe {stelle} ({geschlecht})."
    abhilfe = "Wanderungssaldo dieser Altersgruppe verkleinern oder als Rate ansetzen."
    feld = "{geschlecht}"


class RandsummenUngleich(Befundart):
    """Zeilen- und Spaltensummen ergeben verschiedene Gesamtzahlen."""

    kennung = "ras-randsummen"
    text = "Die Zeilensummen ergeben {zeilen}, die Spaltensummen {spalten}."
    abhilfe = "Beide Randsummen auf dieselbe Gesamtzahl bringen (zum Beispiel proportional)."
    feld = "Randsummen"


class RandLeer(Befundart):
    """Eine leere Zeile oder Spalte soll eine Summe bekommen."""

    kennung = "ras-leer"
    text = "{art} {stelle} enthält nur Nullen, soll aber auf {soll} angepasst werden."
    abhilfe = "Ausgangstafel ergänzen oder die Randsumme auf null setzen."
    feld = "{art}"


class NichtKonvergent(Befundart):
    """Die Anpassung kommt nicht ans Ziel."""

    kennung = "ras-nicht-konvergent"
    text = (
        "Die Anpassung hat nach {durchlauf} Durchläufen noch eine Abweichung von {abweichung} "
        "(erlaubt {grenze})."
    )
    ursache = "Die Randsummen sind mit den besetzten Feldern nicht gleichzeitig erreichbar."
    abhilfe = "Nullen in der Ausgangstafel prüfen: sie können unvereinbar mit den Randsummen sein."
    feld = "Randsummen"


class AltersgruppeLeer(Befundart):
    """Am Stichtag kann niemand in der Altersgruppe sein."""

    text = "Die Gruppe „{name}“ enthält am {stichtag:%d.%m.%Y} keinen Geburtstag."
    abhilfe = "Grenzen der Gruppe und Einschulungsstichtag prüfen."
    feld = "{name}"


class PlaetzeVerkehrt(Befundart):
    """Plätze enden, bevor sie beginnen."""

    kennung = "kapazitaet-zeitraum"
    text = "Die Plätze in „{einheit}“ enden am {bis} vor ihrem Beginn am {von}."
    abhilfe = "Beginn und Ende in der Lieferung prüfen."
    feld = "{einheit}"


class PlaetzeOhneEnde(Befundart):
    """Eine befristete Ausnahme hat kein Ende."""

    kennung = "kapazitaet-ohne-ende"
    text = "Die befristete Ausnahme in „{einheit}“ hat kein Enddatum."
    abhilfe = "Enddatum der Ausnahmegenehmigung eintragen."
    feld = "{einheit}"


class PflegeGewichte(Befundart):
    """Die Gewichte gemischter Pflegequoten ergeben nicht eins."""

    text = "Die Gewichte der Mischung ergeben {summe} statt 1 oder sind negativ."
    abhilfe = "Gewichte zwischen 0 und 1 angeben, die zusammen 1 ergeben."
    feld = "Mischung"


class PflegeArt(Befundart):
    """Ein Szenario nennt eine Entwicklung der Quoten, die es nicht gibt."""

    text = "Das Szenario „{szenario}“ hat die unbekannte Art „{art}“."
    abhilfe = "Eine dieser Arten angeben: {arten}."
    feld = "art"


class PflegeAusgangsjahr(Befundart):
    """Ohne Bevölkerung im Jahr der Quoten lässt sich nichts fortschreiben."""

    text = "Die Bevölkerung des Ausgangsjahres {jahr} fehlt."
    abhilfe = "Bevölkerung für das Jahr der Pflegequoten angeben."
    feld = "Bevölkerung"


class VersorgungAnteile(Befundart):
    """Die Anteile der Versorgungsarten ergeben nicht eins."""

    text = "Die Anteile der Versorgungsarten ergeben in einer Altersgruppe {summe} statt 1."
    abhilfe = "Anteile so angeben, dass jede Altersgruppe zusammen 1 ergibt."
    feld = "Versorgungsarten"


class VersorgungArt(Befundart):
    """Verlagert werden soll in eine Versorgungsart, die es nicht gibt."""

    text = "Die Versorgungsart „{art}“ kommt in den Anteilen nicht vor."
    abhilfe = "Eine dieser Arten angeben: {arten}."
    feld = "{art}"


class DurchgangFehlt(Befundart):
    """Für eine besetzte Klasse ist nicht gesagt, wie viele weitergehen."""

    text = "Für {form}, Klasse {klasse}, fehlt die Durchgangsquote."
    abhilfe = "Quote aus den letzten Schuljahren berechnen oder als Annahme setzen."
    feld = "{form}, Klasse {klasse}"


class GlaettungZaehler(Befundart):
    """Ein Anteil wäre größer als eins."""

    text = "An Stelle {stelle} ist der Zähler größer als der Nenner."
    abhilfe = "Nur Anteile zwischen 0 und 1 lassen sich so glätten."
    feld = "Treffer"


class IndikatorUnbekannt(Befundart):
    """Der Index soll aus einem Indikator entstehen, der nicht vorliegt (oder aus keinem)."""

    kennung = "index-indikatoren"
    text = "{was}"
    abhilfe = "Aus diesen wählen: {werte}."
    feld = "Indikatoren"


class IndexDoppelt(Befundart):
    """Eine Einheit oder ein Indikator steht zweimal da."""

    text = "„{name}“ kommt mehrfach vor."
    abhilfe = "Jede Einheit und jeden Indikator nur einmal angeben."
    feld = "Sozialindex"
