"""Gebundene Zahlen in Texten: ``{{ name }}``, ``{{ name.attribut }}``, ``{{ wenn … }} … {{ ende }}``.

Aufgelöst wird ohne Notizbuch, nur aus den mitgegebenen Bindungen: ein geänderter Satz führt nichts aus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from berichtswerk.gegenstand.gegenstaende import Aussage, Bindung, Bindungen, Nachweis
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe, vorschlag
from berichtswerk.tabelle.tabelle import maskiere
from berichtswerk.worte import marken
from berichtswerk.worte.bindungswerte import ATTRIBUTE, OhneWert, Treffer, braucht_jahr, kennt, werte_aus

OHNE = "keine Angabe"
"""Steht im Text, wo ein Wert fehlt; dazu kommt eine Warnung."""

Nachrechnen = Callable[[str], Bindung | None]
"""Rechnet eine Kennzahl, die das Notizbuch nicht gebunden hat; ``None`` heißt: gibt es nicht."""

# \{{ bleibt stehen, {{< … >}} gehört dem Satz, sonst eine Bindung bis zum nächsten }} derselben Zeile;
# in Kommentaren wird nichts eingesetzt
_STELLE = re.compile(r"\\\{\{|(?s:<!--.*?-->)|\{\{(?!<)(?P<inhalt>[^\n{}]*)(?P<zu>\}\})?")
_AUSDRUCK = re.compile(
    r"(?P<name>[a-zäöüß_][\wäöüß-]*)(?:\[(?P<jahr>\d{4})\])?"
    r"(?:\.(?P<attribut>\w+)(?:\[(?P<bezug>\d{4})\])?)?",
    re.IGNORECASE,
)
_WENN = re.compile(r"wenn\s+(?P<ausdruck>[^=\s]+)(?:\s*=\s*(?P<gleich>.+))?")


class BindungForm(Befundart):
    text = "{was}"
    abhilfe = (
        "Schreiben Sie {{{{ name }}}}, {{{{ name.attribut }}}} oder {{{{ wenn name }}}} … {{{{ ende }}}}."
    )


class BindungWenn(BindungForm):
    kennung = "bindung-wenn"


class BindungOffen(BindungForm):
    kennung = "bindung-offen"
    text = "Die Klammern {{{{ werden nicht geschlossen."


class BindungUnbekannt(Befundart):
    text = "Der Name „{wort}“ ist nicht bekannt."
    abhilfe = "{hilfe}"


class BindungAttribut(BindungUnbekannt):
    kennung = "bindung-attribut"
    text = "Das Attribut „{wort}“ ist nicht bekannt."


class BindungOhneWert(Befundart):
    text = "Für „{ausdruck}“ gibt es keinen Wert; im Text steht „{ohne}“."
    ursache = "{grund}"
    abhilfe = "Fassen Sie den Satz in {{{{ wenn {ausdruck} }}}} … {{{{ ende }}}} oder ergänzen Sie die Daten."
    stufe = Stufe.WARNUNG


@dataclass(frozen=True, slots=True)
class Textstueck:
    """Ein Stück des aufgelösten Textes und woher es kommt: Zeichen ``von`` bis ``bis`` der Datei.

    ``ausdruck`` steht bei eingesetzten Werten (``arbeitslose.jahr``), dazu ihre Nachweise; sonst ist der Text
    wörtlich der der Datei. Marken („Beispieldaten“) gehören zu keinem Stück.
    """

    text: str
    von: int
    bis: int
    ausdruck: str = ""
    nachweise: tuple[Nachweis, ...] = ()


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """Der aufgelöste Text, die darin gezeigten Zahlen und alle Befunde."""

    markdown: str
    nachweise: tuple[Nachweis, ...] = ()
    meldungen: tuple[Meldung, ...] = ()
    aussagen: tuple[tuple[int, Aussage], ...] = ()
    """Paare (Zeile, was die gebundene Zahl dort aussagt)."""
    bindungen: Mapping[str, Bindung] = field(default_factory=dict)
    """Alles Gebundene, auch was für diesen Text nachgerechnet wurde."""
    stuecke: tuple[Textstueck, ...] = ()


@dataclass(slots=True)
class _Aufloesung:
    """Ein Durchgang durch einen Text; sammelt statt abzubrechen."""

    bindungen: dict[str, Bindung]
    datei: str
    nachrechnen: Nachrechnen | None
    weitere: tuple[str, ...]
    nachweise: list[Nachweis] = field(default_factory=list)
    aussagen: list[tuple[int, Aussage]] = field(default_factory=list)
    meldungen: list[Meldung] = field(default_factory=list)
    teile: list[str] = field(default_factory=list)
    stuecke: list[Textstueck] = field(default_factory=list)
    bedingungen: list[tuple[bool, int, bool]] = field(default_factory=list)

    def laeuft(self) -> bool:
        """Ob der Text gerade gezeigt wird (alle offenen Bedingungen erfüllt)."""
        return all(erfuellt for erfuellt, _, _ in self.bedingungen)

    def dazu(self, text: str, von: int) -> None:
        """Hängt Text an, der ab Zeichen ``von`` in der Datei steht, wenn keine Bedingung ihn ausblendet."""
        if self.laeuft():
            self.teile.append(text)
            self.stuecke.append(Textstueck(text, von, von + len(text)))

    def stelle(self, inhalt: str, zeile: int, platz: tuple[int, int]) -> None:
        """Verarbeitet, was zwischen den Klammern steht; ``platz`` ist die Stelle der Klammern."""
        wort = inhalt.strip()
        if wort.startswith("wenn ") or wort in {"wenn", "sonst", "ende"}:
            self.steuere(wort, zeile)
        elif self.laeuft():
            treffer = self.werte_aus(wort, zeile)
            if treffer is not None:
                self.setze_ein(treffer, zeile)
                self.stuecke.append(Textstueck(treffer.text, *platz, wort, treffer.nachweise))

    def setze_ein(self, treffer: Treffer, zeile: int) -> None:
        """Setzt Text, Marken und Nachweise eines Treffers ein; die Marken rücken später ans Satzende."""
        self.teile.append(marken.gesetzt(maskiere(treffer.text), treffer.marken))
        ort = f"{self.datei}:{zeile}"
        self.aussagen += [(zeile, treffer.aussage)] if treffer.aussage is not None else []
        self.nachweise += [n.model_copy(update={"ort": ort}) for n in treffer.nachweise]

    def steuere(self, wort: str, zeile: int) -> None:
        """``wenn`` öffnet, ``sonst`` kehrt um, ``ende`` schließt."""
        if wort.startswith("wenn"):
            self.bedingungen.append((self.laeuft() and self.erfuellt(wort, zeile), zeile, False))
        elif not self.bedingungen:
            was = f"„{{{{ {wort} }}}}“ steht ohne „{{{{ wenn … }}}}“ davor."
            self.melde(BindungWenn, zeile, wort, was=was)
        elif wort == "ende":
            self.bedingungen.pop()
        else:
            erfuellt, beginn, schon = self.bedingungen.pop()
            if schon:
                was = f"„{{{{ sonst }}}}“ steht zum zweiten Mal in der Bedingung von Zeile {beginn}."
                self.melde(BindungWenn, zeile, wort, was=was)
            self.bedingungen.append((not erfuellt, beginn, True))

    def erfuellt(self, wort: str, zeile: int) -> bool:
        """Ob es den Wert einer Bedingung gibt (und er gleich dem verlangten Text ist)."""
        form = _WENN.fullmatch(wort)
        if form is None:
            self.melde(BindungForm, zeile, wort, was="Die Bedingung ist unvollständig.")
            return False
        treffer = self.werte_aus(form["ausdruck"], zeile, still=True)
        if treffer is None:
            return False
        verlangt = form["gleich"]
        return bool(treffer.text) if verlangt is None else treffer.text == verlangt.strip()

    def werte_aus(self, ausdruck: str, zeile: int, *, still: bool = False) -> Treffer | None:
        """Ein Ausdruck; Unbekanntes wird Fehler, Fehlendes Warnung (``still``: keine Warnung)."""
        form = _AUSDRUCK.fullmatch(ausdruck)
        if form is None:
            self.melde(BindungForm, zeile, ausdruck, was="In den Klammern steht kein Name.")
            return None
        bindung = self.finde(form["name"], zeile)
        if bindung is None or not self.kennt_attribut(bindung, form, zeile):
            return None
        jahre = [int(form[k]) if form[k] else None for k in ("jahr", "bezug")]
        try:
            return werte_aus(bindung, jahre[0], form["attribut"] or "", jahre[1])
        except OhneWert as grund:
            if not still:
                self.melde(BindungOhneWert, zeile, ausdruck, ausdruck=ausdruck, grund=str(grund), ohne=OHNE)
            return None if still else Treffer(OHNE)

    def finde(self, name: str, zeile: int) -> Bindung | None:
        """Der gebundene oder nachgerechnete Name; sonst eine Meldung mit den ähnlichsten."""
        bindung = self.bindungen.get(name)
        if bindung is None and self.nachrechnen is not None:
            bindung = self.nachrechnen(name)
            if bindung is not None:
                self.bindungen[name] = bindung
        if bindung is None:
            self.melde_unbekannt(BindungUnbekannt, zeile, name, name, (*self.bindungen, *self.weitere))
        return bindung

    def kennt_attribut(self, bindung: Bindung, form: re.Match[str], zeile: int) -> bool:
        """Prüft Attribut und Jahresangaben, bevor gerechnet wird."""
        attribut = form["attribut"] or ""
        als_text, feld = bindung.art == "text", f"{form['name']}.{attribut}"
        bekannt = tuple(bindung.attribute) if als_text else ATTRIBUTE
        if attribut and not (attribut in bekannt if als_text else kennt(attribut)):
            self.melde_unbekannt(BindungAttribut, zeile, feld, attribut, bekannt)
            return False
        if attribut and not als_text and braucht_jahr(attribut) and not form["bezug"]:
            was = f"„{attribut}“ braucht ein Jahr in eckigen Klammern, etwa {{{{ {feld}[2016] }}}}."
            self.melde(BindungForm, zeile, feld, was=was)
            return False
        return True

    def melde(self, art: type[Befundart], zeile: int, feld: str, **angaben: str) -> None:
        """Nimmt einen Befund auf."""
        ort = f"Zeile {zeile}"
        self.meldungen.append(art.melde(datei=self.datei, ort=ort, feld=feld, stufe=art.stufe, **angaben))

    def melde_unbekannt(
        self, art: type[Befundart], zeile: int, feld: str, wort: str, bekannt: tuple[str, ...]
    ) -> None:
        """Unbekannter Name oder unbekanntes Attribut, mit den ähnlichsten."""
        hilfe = vorschlag(wort, sorted(set(bekannt)), sonst="Möglich sind: ") or "Es ist nichts gebunden."
        self.melde(art, zeile, feld, wort=wort, hilfe=hilfe)


def loese_auf(
    text: str, bindungen: Bindungen, datei: str, nachrechnen: Nachrechnen | None = None,
    weitere: Iterable[str] = (),
) -> Ergebnis:  # fmt: skip
    """Löst alle Bindungen eines Textes (Markdown) auf; wirft nie, alle Befunde stehen im Ergebnis.

    ``datei`` ist sein Pfad ab der Projektwurzel, für Meldungen und Nachweise; ``nachrechnen`` rechnet
    Kennzahlen, die das Notizbuch nicht gebunden hat, ``weitere`` sind deren Namen, für Vorschläge.
    """
    lauf = _Aufloesung(dict(bindungen.werte), datei, nachrechnen, tuple(weitere))
    ende = 0
    for stelle in _STELLE.finditer(text):
        lauf.dazu(text[ende : stelle.start()], ende)
        zeile = text.count("\n", 0, stelle.start()) + 1
        ende = stelle.end()
        if stelle.group().startswith("\\"):
            lauf.dazu("{{", ende - 2)
        elif stelle.group().startswith("<!--"):
            lauf.dazu(stelle.group(), stelle.start())
        elif stelle["zu"]:
            ende = _verschlucke_zeile(text, stelle)
            lauf.stelle(stelle["inhalt"], zeile, stelle.span())
        else:
            lauf.melde(BindungOffen, zeile, stelle["inhalt"].strip())
    lauf.dazu(text[ende:], ende)
    for _, zeile, _ in lauf.bedingungen:
        lauf.melde(BindungWenn, zeile, "wenn", was="Zu „{{ wenn … }}“ fehlt „{{ ende }}“.")
    return Ergebnis(
        marken.ans_satzende("".join(lauf.teile)),
        tuple(lauf.nachweise),
        tuple(lauf.meldungen),
        tuple(lauf.aussagen),
        lauf.bindungen,
        tuple(lauf.stuecke),
    )


def gebundene_namen(text: str) -> set[str]:
    """Alle Namen, die ein Text bindet (auch in Bedingungen), ohne Attribute."""
    inhalte = (stelle["inhalt"] or "" for stelle in _STELLE.finditer(text))
    ausdruecke = (inhalt.strip().removeprefix("wenn ").strip() for inhalt in inhalte)
    return {form["name"] for a in ausdruecke if (form := _AUSDRUCK.match(a)) is not None}


def _verschlucke_zeile(text: str, stelle: re.Match[str]) -> int:
    """Steht ``{{ wenn … }}`` allein auf einer Zeile, verschwindet die ganze Zeile."""
    ist_steuerung = re.match(r"\s*(wenn\b|sonst\s*$|ende\s*$)", stelle["inhalt"])
    allein_davor = stelle.start() == 0 or text[stelle.start() - 1] == "\n"
    if ist_steuerung and allein_davor and text[stelle.end() : stelle.end() + 1] == "\n":
        return stelle.end() + 1
    return stelle.end()
