"""Befunde der Methoden: falsche Eingaben und Annahmen, mit denen sich nicht rechnen lässt."""

from __future__ import annotations

from berichtswerk.grund.meldung import Befundart


class LaengeFalsch(Befundart):
    kennung = "methode-laenge"
    text = "„{name}“ hat {ist} Einträge, erwartet werden {soll}."
    abhilfe = "Alle Reihen auf dieselben Altersgruppen oder Einheiten bringen."
    feld = "{name}"


class KeineZahl(Befundart):
    kennung = "methode-zahl"
    text = "„{name}“ enthält an Stelle {stelle} keine endliche Zahl."
    abhilfe = "Fehlende Werte vor der Rechnung ergänzen oder das Gebiet auslassen."
    feld = "{name}"


class Negativ(Befundart):
    kennung = "methode-negativ"
    text = "„{name}“ enthält an Stelle {stelle} den negativen Wert {wert}."
    abhilfe = "Vorzeichen und Spalte der Quelle prüfen."
    feld = "{name}"


class Ausserhalb(Befundart):
    kennung = "methode-bereich"
    text = "„{name}“ ist {wert}, erlaubt ist {von} bis {bis}."
    abhilfe = "Einheit prüfen (Prozent oder Anteil) und die Annahme berichtigen."
    feld = "{name}"


class ReiheKurz(Befundart):
    kennung = "methode-kurz"
    text = "„{name}“ hat {ist} Jahre oder Jahrgänge, das Verfahren braucht mindestens {noetig}."
    abhilfe = "Weitere Jahre liefern oder das Fenster des Verfahrens verkleinern."
    feld = "{name}"


class SchuljahreZuWenige(ReiheKurz):
    text = "„Schülerzahlen“ hat {ist} Schuljahre, das Verfahren braucht mindestens {noetig}."
    abhilfe = "Weitere Schuljahre liefern oder weniger Übergänge mitteln."
    feld = "Schülerzahlen"


class AnnahmeDoppelt(Befundart):
    text = "Das Szenario „{szenario}“ nennt die Annahme „{name}“ mehrfach."
    abhilfe = "Nur eine Fassung behalten; was nur für eine Kommune gilt, mit ihrem Gebiet angeben."
    feld = "{name}"


class AnnahmeUnbekannt(Befundart):
    text = "Das Szenario „{szenario}“ kennt die Annahme „{name}“ nicht."
    abhilfe = "Annahme ergänzen oder einen vorhandenen Namen verwenden: {nahe}."
    feld = "{name}"


class AnnahmeKeineZahl(Befundart):
    text = "Die Annahme „{name}“ im Szenario „{szenario}“ ist keine einzelne Zahl."
    abhilfe = "Eine Zahl angeben; Reihen werden getrennt übergeben."
    feld = "{name}"


class RandsummenUngleich(Befundart):
    kennung = "ras-randsummen"
    text = "Die Zeilensummen ergeben {zeilen}, die Spaltensummen {spalten}."
    abhilfe = "Beide Randsummen auf dieselbe Gesamtzahl bringen (zum Beispiel proportional)."
    feld = "Randsummen"


class RandLeer(Befundart):
    kennung = "ras-leer"
    text = "{art} {stelle} enthält nur Nullen, soll aber auf {soll} angepasst werden."
    abhilfe = "Ausgangstafel ergänzen oder die Randsumme auf null setzen."
    feld = "{art}"


class NichtKonvergent(Befundart):
    kennung = "ras-nicht-konvergent"
    text = (
        "Die Anpassung hat nach {durchlauf} Durchläufen noch eine Abweichung von {abweichung} "
        "(erlaubt {grenze})."
    )
    ursache = "Die Randsummen sind mit den besetzten Feldern nicht gleichzeitig erreichbar."
    abhilfe = "Nullen in der Ausgangstafel prüfen: sie können unvereinbar mit den Randsummen sein."
    feld = "Randsummen"


class AltersgruppeLeer(Befundart):
    text = "Die Gruppe „{name}“ enthält am {stichtag:%d.%m.%Y} keinen Geburtstag."
    abhilfe = "Grenzen der Gruppe und Einschulungsstichtag prüfen."
    feld = "{name}"


class PlaetzeVerkehrt(Befundart):
    kennung = "kapazitaet-zeitraum"
    text = "Die Plätze in „{einheit}“ enden am {bis} vor ihrem Beginn am {von}."
    abhilfe = "Beginn und Ende in der Lieferung prüfen."
    feld = "{einheit}"


class PlaetzeOhneEnde(Befundart):
    kennung = "kapazitaet-ohne-ende"
    text = "Die befristete Ausnahme in „{einheit}“ hat kein Enddatum."
    abhilfe = "Enddatum der Ausnahmegenehmigung eintragen."
    feld = "{einheit}"


class PflegeGewichte(Befundart):
    text = "Die Gewichte der Mischung ergeben {summe} statt 1 oder sind negativ."
    abhilfe = "Gewichte zwischen 0 und 1 angeben, die zusammen 1 ergeben."
    feld = "Mischung"


class PflegeArt(Befundart):
    text = "Das Szenario „{szenario}“ hat die unbekannte Art „{art}“."
    abhilfe = "Eine dieser Arten angeben: {arten}."
    feld = "art"


class PflegeAusgangsjahr(Befundart):
    text = "Die Bevölkerung des Ausgangsjahres {jahr} fehlt."
    abhilfe = "Bevölkerung für das Jahr der Pflegequoten angeben."
    feld = "Bevölkerung"


class VersorgungAnteile(Befundart):
    text = "Die Anteile der Versorgungsarten ergeben in einer Altersgruppe {summe} statt 1."
    abhilfe = "Anteile so angeben, dass jede Altersgruppe zusammen 1 ergibt."
    feld = "Versorgungsarten"


class DurchgangFehlt(Befundart):
    text = "Für {form}, Klasse {klasse}, fehlt die Durchgangsquote."
    abhilfe = "Quote aus den letzten Schuljahren berechnen oder als Annahme setzen."
    feld = "{form}, Klasse {klasse}"


class GlaettungZaehler(Befundart):
    text = "An Stelle {stelle} ist der Zähler größer als der Nenner."
    abhilfe = "Nur Anteile zwischen 0 und 1 lassen sich so glätten."
    feld = "Treffer"


class IndikatorUnbekannt(Befundart):
    kennung = "index-indikatoren"
    text = "{was}"
    abhilfe = "Aus diesen wählen: {werte}."
    feld = "Indikatoren"


class IndexDoppelt(Befundart):
    text = "„{name}“ kommt mehrfach vor."
    abhilfe = "Jede Einheit und jeden Indikator nur einmal angeben."
    feld = "Sozialindex"


class IndikatorOhneRichtung(Befundart):
    kennung = "index-richtung"
    text = "„{name}“ hat keine Leserichtung und kann nicht in einen Index eingehen."
    ursache = "Ob ein hoher Wert Belastung oder Entlastung bedeutet, steht in der Kennzahl nicht fest."
    abhilfe = (
        "Nehmen Sie die Eingabe aus der Rechnung oder schreiben Sie in daten/kennzahlen/{id}.yaml "
        "„leserichtung: hoch_gut“ oder „hoch_schlecht“."
    )
    feld = "Sozialindex"
