"""Befunde, die das Gateway meldet."""

from __future__ import annotations

from berichtswerk.grund.meldung import Befundart


class LabelDoppelt(Befundart):
    text = "Das Label „{label}“ steht schon an einer anderen Abbildung oder Tabelle."
    feld = "label"
    ursache = "Verweise im Text könnten nicht unterscheiden, was gemeint ist."
    abhilfe = "Geben Sie jeder Abbildung und Tabelle ein eigenes Label."


class AngabeUnbekannt(Befundart):
    text = "„{label}“ bekommt die Angabe „{name}“, die es dort nicht gibt."
    feld = "{name}"
    ursache = "Ein Schreibfehler, oder die Angabe gehört zu einer anderen Methode."
    abhilfe = "{vorschlag}"


class WahlUnbekannt(Befundart):
    text = "„{wert}“ gibt es für {angabe}=… nicht."
    feld = "{angabe}"
    abhilfe = "{vorschlag}"


class AchseOhneGrund(Befundart):
    text = "„{label}“ zeigt „{kennzahl}“ mit einem anderen Maßstab als die übrigen Berichte."
    feld = "grund"
    ursache = "„{schluessel}“ steht in der Kennzahl und gilt überall, damit Abbildungen vergleichbar sind."
    abhilfe = "Lassen Sie {angabe}=… weg oder ergänzen Sie grund=„…“; der Grund steht unter der Abbildung."


class FuerLeer(Befundart):
    text = "„fuer: {fuer}“ trifft kein Gebiet."
    feld = "fuer"
    ursache = "In daten/gebiete.yaml hat „{kreis}“ kein solches."
    abhilfe = "Ergänzen Sie die Gebiete dort oder nennen Sie bei „fuer“ eine andere Ebene."


class KarteAnzahl(Befundart):
    text = "„{label}“ färbt Flächen nach „{kennzahl}“, einer Anzahl."
    feld = "art"
    ursache = "Große Gemeinden sähen allein wegen ihrer Einwohnerzahl oder Fläche anders aus als kleine."
    abhilfe = "Lassen Sie art=… weg (dann zeigen Kreise die Anzahl) oder nehmen Sie eine Quote."


class UeberschriftEbene(Befundart):
    text = "Eine Überschrift der Ebene {ebene} gibt es nicht."
    feld = "ebene"
    abhilfe = "Möglich sind 2 (Kapitel), 3 und 4."


class MarkeForm(Befundart):
    text = "Die Marke „{marke}“ passt nicht."
    feld = "marke"
    ursache = "Verlangt ist sec-… mit Kleinbuchstaben, Ziffern und Bindestrichen."
    abhilfe = "Schreiben Sie zum Beispiel marke=„sec-bevoelkerung“."


class MarkeDoppelt(Befundart):
    text = "Die Marke „{marke}“ steht schon an einer anderen Überschrift."
    feld = "marke"
    abhilfe = "Geben Sie jeder Überschrift eine eigene Marke."


class NameMehrdeutig(Befundart):
    text = "Der Name „{name}“ ist zweimal verschieden gebunden."
    feld = "{name}"
    ursache = "Gebunden haben ihn „{eins}“ und „{zwei}“."
    abhilfe = "Geben Sie einem der beiden in b.binde(…) einen anderen Namen."


class TextFehlt(Befundart):
    text = "Den Text „{name}“ gibt es in dieser Ausgabe nicht."
    ursache = "{vorschlag}"
    abhilfe = "Legen Sie {datei} an oder berichtigen Sie den Namen im Notizbuch."


class AusgabeFehlt(Befundart):
    text = "Die Ausgabe „{bericht}/{ausgabe}“ gibt es nicht."
    ursache = "Vorhanden: {vorhanden}."
    abhilfe = "Legen Sie den Ordner mit bericht.yml an oder wählen Sie eine vorhandene Ausgabe."


class RechnungFehlt(Befundart):
    text = "Woher die Zahlen der Spalte „{spalte}“ in „{label}“ kommen, ist nicht gesagt."
    feld = "rechnung"
    ursache = "Sie stehen so in keiner gelesenen Zeile (Spalten datei, zeile, spalte, wert aus b.daten)."
    abhilfe = "Beschreiben Sie den Weg mit rechnung=„…“ und nennen Sie mit eingaben=[…], was einging."


class TabelleAngaben(Befundart):
    text = "Der Tabelle „{label}“ aus einem DataFrame fehlt: {fehlend}."
    feld = "{fehlend}"
    ursache = "Anders als eine Kennzahl nennt ein DataFrame weder Herkunft noch Beschriftung."
    abhilfe = "Ergänzen Sie im Aufruf quellen=[…] mit Namen aus daten/quellen/ und unterschrift=„…“."


class AbbildungAngaben(Befundart):
    text = "Der Abbildung „{label}“ fehlt: {fehlend}."
    abhilfe = "Geben Sie es an, oder ändern Sie die Vorlage einer Abbildung (b.linie(…).chart)."


class AbbildungDaten(Befundart):
    text = "Die Abbildung „{label}“ zeigt andere Daten als ihre Vorlage „{vorlage}“."
    feld = "chart"
    ursache = "Befund, Alternativtext und Nachweis gelten nur für die Daten der Vorlage."
    abhilfe = "Ändern Sie nur das Aussehen, oder geben Sie befund=, alt=, quellen= und rechnung= neu an."
