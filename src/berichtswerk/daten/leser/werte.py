"""Aus dem Inhalt eines Faches werden Zahl und Status, aus einer Zeitangabe die Schreibweise des Hauses."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from berichtswerk.daten.leser.grund import Abgewiesen, Formel, Gezeichnet, Prozentzelle, Verbunden, als_text
from berichtswerk.daten.muster import Regel, regel
from berichtswerk.grund.meldung import Befundart
from berichtswerk.grund.zahl import Zahlform, dezimal, lies
from berichtswerk.grund.zeichen import NACHSATZ, Status

_NACHSATZ = re.compile(r"^(.*[0-9)])\s*([a-z])$", re.DOTALL)
_VERRUTSCHT = re.compile(r"[0-9] [0-9](?![0-9][0-9](?![0-9]))")
"""Leerzeichen zwischen Ziffern, auf das keine Dreiergruppe folgt: zwei Zahlen in einem Feld."""
_ZWEIDEUTIG = re.compile(r"[+\-\u2212–]?\s*[1-9][0-9]{0,2}\s*[.,]\s*[0-9]{3}")
"""Was ohne Angabe der Zahlform auch ganz anders gemeint sein kann: „1.234“."""
GROESSTE = 1e15
"""Ab hier ist nichts mehr eine Zahl der Statistik, und eine Gleitkommazahl verlöre Stellen."""
_ANHAENGSEL = re.compile(
    r"^[+-]?[0-9][0-9.,\s]*(?P<rest>[¹²³⁰⁴-⁹*%‰€†]+|\s?[0-9]{1,2}\)|\s[0-9]|\s?(EUR|Tsd\.?|Mio\.?|km²|ha))$"
)
"""Zahl und was hinter ihr stehen kann, ohne zu ihr zu gehören: Fußnote, Einheit."""
_VORANGESTELLT = re.compile(r"^(?P<rest>€|EUR|Euro)\s*[+-]?[0-9]")
_MINUS_HINTEN = re.compile(r"([0-9][0-9.,'’\s]*?)\s*[-\u2212–]")
_MINUS = re.compile(r"^[-\u2212–]\s*[0-9]|[0-9]\s*[-\u2212–]$")
_KLAMMER = re.compile(r"^\(\s*(.*?)\s*\)$", re.DOTALL)
_ENTSCHAERFT = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u00ad": None,
        "\ufeff": None,
        "\ufe63": "-",
        "\uff0d": "-",
    }
)


class WertLeer(Befundart):
    text = "Das Feld ist leer."
    ursache = "Die Quelle erlaubt hier keine leeren Felder."
    abhilfe = "Ergänzen Sie den Wert oder das Zeichen."


class ZeichenUnbekannt(Befundart):
    text = "Das Zeichen „{zeichen}“ ist in dieser Quelle nicht erklärt."
    ursache = "Bekannte Zeichen: {bekannt}."
    abhilfe = (
        "Nennen Sie in der Quelle den Zeichensatz (statistik.zeichensatz) oder ergänzen Sie das Zeichen mit "
        'seiner Bedeutung: zeichen: {{"{zeichen}": unbekannt}}.'
    )


class WertKeineZahl(Befundart):
    text = "„{gelesen}“ ist keine Zahl."
    ursache = "{grund}"
    abhilfe = "{hilfe}"


class MinusEntfernt(Befundart):
    text = "„entfernen“ streicht das Minus: aus „{gelesen}“ würde {rest}."
    abhilfe = "Schreiben Sie das Muster enger; ein Minus hinter der Zahl liest „minus: hinten“."
    feld = "lesen.entfernen"


class ZahlformUnklar(Befundart):
    text = "Zahlen wie „{gelesen}“ sind mehrdeutig: {eins} oder {zwei}."
    ursache = "Ob Punkt und Komma Tausender trennen oder Nachkommastellen, sagt diese Quelle nicht."
    abhilfe = (
        "Setzen Sie in der Quelle unter lesen „zahlform: deutsch“ (1.234,5), „zahlform: englisch“ (1,234.5) "
        "oder „zahlform: schlicht“ (1234.5 und 1234,5, ohne Tausenderzeichen)."
    )
    feld = "lesen.zahlform"


class ZahlformGemischt(Befundart):
    text = "„{eins}“ und „{zwei}“ schreiben die Nachkommastellen verschieden."
    ursache = "Mit „zahlform: schlicht“ gilt Punkt oder Komma, aber nicht beides in einer Lieferung."
    abhilfe = "Setzen Sie unter lesen „zahlform: deutsch“ (1.234,5) oder „zahlform: englisch“ (1,234.5)."
    feld = "lesen.zahlform"


class ZahlRiesig(Befundart):
    text = "„{gelesen}“ ist zu groß für einen Wert der Statistik."
    ursache = "Gelesen werden Zahlen unter 1 000 000 000 000 000; oft sind zwei Felder zusammengewachsen."
    abhilfe = (
        "Sehen Sie in der Lieferung nach; liest die Quelle die falsche Spalte, berichtigen Sie „groessen“."
    )


class WertVerbunden(Befundart):
    text = "Der Wert „{gelesen}“ gilt für mehrere Felder: sie sind verbunden."
    ursache = "Wie er sich auf Zeilen oder Spalten verteilt, ist nicht zu erkennen."
    abhilfe = (
        "Nehmen Sie diese Zeilen mit lesen.auslassen aus, fragen Sie nach den einzelnen Werten, oder setzen "
        "Sie „verbundene: erste“ (der Wert gilt dann nur für das erste Feld)."
    )


class WertGestrichen(Befundart):
    text = "Der Wert „{gelesen}“ ist durchgestrichen."
    ursache = "Ob er noch gilt, ist nicht gesagt."
    abhilfe = "Setzen Sie unter lesen „durchgestrichen: lesen“ (er gilt) oder „durchgestrichen: fehlt“."


class ZeileGestrichen(WertGestrichen):
    text = "„{gelesen}“ ist durchgestrichen; die Werte der Zeile stehen noch da."
    ursache = "Ob die Zeile noch gilt, ist nicht gesagt."


class WertHochgestellt(Befundart):
    text = "Der Wert „{gelesen}“ ist ganz hoch- oder tiefgestellt."
    ursache = "Ob er eine Zahl ist oder eine Fußnote, ist nicht gesagt."
    abhilfe = "Setzen Sie unter lesen „hochgestellt: lesen“ (er gilt) oder „hochgestellt: fehlt“."


class FormelStattWert(Befundart):
    text = "Statt eines Wertes steht hier die Formel „{formel}“."
    ursache = "Formeln werden nie ausgerechnet."
    abhilfe = (
        "Soll das in der Datei gespeicherte Ergebnis gelten, setzen Sie unter lesen „formeln: "
        "gespeicherter_wert“; sonst bitten Sie um Werte statt Formeln."
    )


class FormelOhneErgebnis(FormelStattWert):
    ursache = "Ein Ergebnis ist in der Datei nicht gespeichert; Formeln werden nie ausgerechnet."
    abhilfe = "Öffnen Sie die Datei in Excel und speichern Sie sie, oder bitten Sie um Werte statt Formeln."


class ZelleProzent(Befundart):
    text = "Excel zeigt hier {gezeigt} %, gespeichert ist {anteil}."
    ursache = (
        "Das Zahlenformat der Zelle enthält ein Prozentzeichen; welche der beiden Zahlen gelten soll, ist "
        "nicht gesagt."
    )
    abhilfe = (
        "Setzen Sie in der Quelle unter lesen „prozent: prozentwert“ (gelesen wird {gezeigt}) oder „prozent: "
        "anteil“ (gelesen wird {anteil})."
    )


class ZeitUnlesbar(Befundart):
    text = "„{zeit}“ ist keine Zeitangabe der Art „{zeitart}“."
    abhilfe = (
        "Steht mehr als die Zeit darin, schneiden Sie den Text unter lesen.zeit mit „muster“ zu; gehört die "
        "Zeile nicht zur Tabelle, nennen Sie sie unter lesen.auslassen."
    )


class ZeitImKopfUnlesbar(ZeitUnlesbar):
    abhilfe = "Schneiden Sie den Text unter lesen.zeit mit „muster“ zu oder berichtigen Sie „art“."


class Wertleser:
    """Liest Fächer einer Quelle nach deren Zahlform und Zeichensatz."""

    def __init__(
        self, zahlform: Zahlform, zeichen: Mapping[str, Status], entfernen: str | None = None, *,
        angegeben: bool = True, durchgestrichen: Umgang = "fehler", hochgestellt: Umgang = "fehler",
        nur_erste: bool = False, minus: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """``angegeben``: ob die Quelle die Zahlform selbst nennt; sonst ist „1.234“ ein Fehler."""
        self._form = zahlform
        self._zeichen = zeichen
        self._entfernen = regel(entfernen) if entfernen else None
        self._zweideutig = None if angegeben else _ZWEIDEUTIG
        self._trenner: dict[str, str] = {}
        """Dezimalzeichen → erste Zahl mit ihm (nur in der schlichten Form)"""
        self._formel = self._erste = ""
        """die erste mehrdeutige Zahl: sie steht in jeder Meldung, damit sich gleiche zusammenfassen lassen"""
        self._durchgestrichen, self._hochgestellt = durchgestrichen, hochgestellt
        self._nur_erste, self._minus = nur_erste, minus

    def lies(self, zelle: Any, faktor: Decimal = Decimal(1)) -> tuple[float | None, Status]:
        """Zahl (mal ``faktor``) und Status; ohne Zahl ist sie ``None``.

        Raises:
            Abgewiesen: Text in einer Zahl, unbekanntes Zeichen, Formel, Prozent ohne ``prozent``.
        """
        if isinstance(zelle, Prozentzelle):
            return self._aus_prozent(zelle, faktor)
        if isinstance(zelle, int | float) and not isinstance(zelle, bool):
            return self._aus_zahl(zelle, faktor)
        if isinstance(zelle, Formel):
            self._formel = self._formel or gekuerzt(zelle.text)
            raise Abgewiesen(
                FormelOhneErgebnis if zelle.ohne_ergebnis else FormelStattWert, formel=self._formel
            )
        if isinstance(zelle, Verbunden):
            gelesen = als_text(zelle)
            if not self._nur_erste and any(z.isdigit() for z in gelesen):
                raise Abgewiesen(WertVerbunden, gelesen=gekuerzt(gelesen))
            zelle = ""
        if isinstance(zelle, Gezeichnet):
            for gilt, umgang, art in (
                (zelle.gestrichen, self._durchgestrichen, WertGestrichen),
                (zelle.ganz and any(z.isdigit() for z in zelle), self._hochgestellt, WertHochgestellt),
            ):
                if gilt and umgang == "fehler":
                    raise Abgewiesen(art, gelesen=gekuerzt(zelle.gezeigt))
                if gilt and umgang == "fehlt" and not isinstance(zelle.wert, str):
                    return None, Status.FEHLT
            if zelle.wert is not None:
                return self.lies(zelle.wert, faktor)
        text = als_text(zelle).translate(_ENTSCHAERFT).strip()
        if self._entfernen:
            text = self._bereinigt(self._entfernen, text)
        return self._aus_text(self._mit_vorzeichen(text) if self._minus else text, faktor)

    @staticmethod
    def _bereinigt(entfernen: Regel, text: str) -> str:
        """Der Text ohne, was die Quelle streicht; ein Minus darf nicht dabei sein."""
        rest = entfernen.streiche(text).strip()
        if _MINUS.search(text) and rest[:1].isdigit() and not _MINUS.search(rest):
            raise Abgewiesen(MinusEntfernt, gelesen=gekuerzt(text), rest=gekuerzt(rest))
        return rest

    def _mit_vorzeichen(self, text: str) -> str:
        """„7-“ und „(7)“ als „-7“, wenn die Quelle es so sagt."""
        hinten = _MINUS_HINTEN.fullmatch(text) if "hinten" in self._minus else None
        klammer = _KLAMMER.match(text) if "klammer" in self._minus else None
        innen = (hinten or klammer or [text, text])[1]
        return f"-{innen}" if innen != text and innen[:1].isdigit() else text

    def _aus_zahl(self, zahl: float, faktor: Decimal) -> tuple[float | None, Status]:
        if math.isnan(zahl):
            return None, Status.FEHLT
        if not -GROESSTE < zahl < GROESSTE:
            raise Abgewiesen(ZahlRiesig, gelesen=gekuerzt(str(zahl)))
        if (status := self._zeichen.get(als_text(zahl))) is not None:
            return _ohne_zahl(status)
        return (float(zahl) if faktor == 1 else float(dezimal(zahl) * faktor)), Status.WERT

    def _aus_prozent(self, zelle: Prozentzelle, faktor: Decimal) -> tuple[float | None, Status]:
        wert, status = self._aus_zahl(zelle.wert, faktor * 100)
        if status is Status.WERT and not zelle.mal_hundert:
            zahlen = dezimal(zelle.wert), dezimal(zelle.wert) * 100
            anteil, gezeigt = (f"{d.normalize():f}".replace(".", ",") for d in zahlen)
            raise Abgewiesen(ZelleProzent, anteil=anteil, gezeigt=gezeigt)
        return wert, status

    def _aus_text(self, text: str, faktor: Decimal) -> tuple[float | None, Status]:
        if (status := self._zeichen.get(text)) is not None:
            return _ohne_zahl(status)
        if len(text) < 16 and faktor == 1 and text.isascii() and text.isdigit():
            return float(text), Status.WERT  # dasselbe Ergebnis, ohne den Umweg über Decimal
        if self._zweideutig is not None and self._zweideutig.fullmatch(text):
            raise self._mehrdeutig(text)
        try:
            if not _VERRUTSCHT.search(text):
                zahl = lies(text, self._form) if len(text) <= 60 else GROESSTE
                if not -GROESSTE < zahl < GROESSTE:
                    raise Abgewiesen(ZahlRiesig, gelesen=gekuerzt(text))
                if self._form == "schlicht" and not text.isdigit():
                    self._pruefe_trenner(text)
                return float(dezimal(zahl) * faktor), Status.WERT
        except Abgewiesen:
            raise
        except ValueError:
            pass
        if treffer := _KLAMMER.match(text):
            return self._geklammert(text, treffer[1], faktor)
        if (treffer := _NACHSATZ.match(text)) and treffer[2] in NACHSATZ:
            wert, status = self._aus_text(treffer[1].strip(), faktor)
            return wert, (NACHSATZ[treffer[2]] if status is Status.WERT else status)
        raise self._unlesbar(text)

    def _geklammert(self, text: str, innen: str, faktor: Decimal) -> tuple[float | None, Status]:
        if not innen:
            return None, Status.UNSICHER
        try:
            wert, status = self._aus_text(innen, faktor)
        except Abgewiesen:
            raise self._unlesbar(text) from None
        return wert, (Status.EINGESCHRAENKT if status.hat_zahl and status is not Status.NULL else status)

    def _pruefe_trenner(self, text: str) -> None:
        if zeichen := "." if "." in text else "," if "," in text else "":
            self._trenner.setdefault(zeichen, text)
            if len(self._trenner) > 1:
                eins, zwei = self._trenner.values()
                raise Abgewiesen(ZahlformGemischt, eins=eins, zwei=zwei)

    def _mehrdeutig(self, text: str) -> Abgewiesen:
        self._erste = self._erste or text
        punkt = "." in self._erste
        andere = self._erste.replace(".", ",") if punkt else self._erste
        return Abgewiesen(
            ZahlformUnklar,
            gelesen=self._erste,
            eins=self._erste.replace("." if punkt else ",", ""),
            zwei=andere,
        )

    def _unlesbar(self, text: str) -> Abgewiesen:
        if not text:
            return Abgewiesen(WertLeer)
        if len(text) <= 30 and not text.startswith("#") and not any(z.isdigit() for z in text):
            bekannt = " ".join(z for z in self._zeichen if z) or "keine"
            return Abgewiesen(ZeichenUnbekannt, zeichen=text, bekannt=bekannt)
        grund, hilfe = self._andere_form(text)
        return Abgewiesen(WertKeineZahl, gelesen=gekuerzt(text), grund=grund, hilfe=hilfe)

    def _andere_form(self, text: str) -> tuple[str, str]:
        """Ursache und nächster Schritt: fast immer eine Angabe in der Beschreibung der Quelle."""
        if text.startswith("#"):
            return (
                "Das ist das Fehlerzeichen einer Tabellenkalkulation.",
                f'Fragen Sie nach dem Wert; soll er fehlen, setzen Sie „zeichen: {{"{text}": unbekannt}}“.',
            )
        if _MINUS_HINTEN.fullmatch(text):
            return (
                "Das Minus steht hinter der Zahl.",
                "Ist sie negativ, setzen Sie unter lesen „minus: hinten“.",
            )
        if _VERRUTSCHT.search(text):
            return (
                "Zwischen den Ziffern steht ein Leerzeichen, auf das keine Dreiergruppe folgt: zwei Zahlen "
                "oder eine Fußnote.",
                "Eine Fußnote streicht lesen.entfernen, z. B. „entfernen: '\\s\\d$'“; sonst fragen Sie nach.",
            )
        for form in get_args(Zahlform):
            try:
                lies(text, form)
            except ValueError:
                continue
            return (
                f"Erwartet wird die Zahlform „{self._form}“; das hier ist „{form}“.",
                f"Gilt das für die ganze Lieferung, setzen Sie unter lesen „zahlform: {form}“.",
            )
        grund = f"Erwartet wird eine Zahl in der Form „{self._form}“."
        vorn, hinten = _VORANGESTELLT.match(text), _ANHAENGSEL.match(text)
        if vorn or hinten:
            rest = (vorn["rest"] if vorn else hinten["rest"] if hinten else "").strip()
            muster = f"^{re.escape(rest)}\\s*" if vorn else f"\\s*{re.escape(rest)}$"
            return grund, f"Gehört „{rest}“ nicht zur Zahl, hilft „entfernen: '{muster}'“ unter lesen."
        return grund, (
            "Streichen Sie mit lesen.entfernen, was nicht zur Zahl gehört; gehört die Zeile nicht zur "
            "Tabelle, nennen Sie sie unter lesen.auslassen; sonst fragen Sie bei der liefernden Stelle nach."
        )


def _ohne_zahl(status: Status) -> tuple[float | None, Status]:
    return (0.0 if status in (Status.NULL, Status.GERUNDET_NULL) else None), status


def gekuerzt(text: str) -> str:
    """Höchstens 60 Zeichen, auf einer Zeile."""
    einzeilig = " ".join(text.split())
    return einzeilig if len(einzeilig) <= 60 else einzeilig[:57] + "…"


Zeitart = Literal["jahr", "stichtag", "monat", "quartal", "schuljahr", "selbst"]
Umgang = Literal["fehler", "lesen", "fehlt"]

_MONATSNAMEN = {
    name: nummer
    for nummer, namen in enumerate(
        ("januar jänner jan", "februar feber feb", "märz maerz mär mrz mar", "april apr", "mai may",
         "juni jun",
         "juli jul", "august aug", "september sept sep", "oktober october okt oct", "november nov",
         "dezember december dez dec"), start=1)
    for name in namen.split()
}  # fmt: skip
_JAHRFORM = r"(?P<j>[0-9]{4})"
_KURZJAHR = r"(?:(?P<j>[0-9]{4})|['’]?(?P<jj>[0-9]{2}))"
_NAME = r"(?P<mn>[A-Za-zäÄ]{3,10})"
_ZAHLWORT = r"(?P<q>[1-4]|I{1,3}|IV)"
_QUARTALSWORT = r"(?:Q|Qu\.?|Quartal|Vj\.?|VJ\.?|Vierteljahr)"


def _formen(*muster: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(f"^{m}$", re.ASCII if "ä" not in m else re.NOFLAG) for m in muster)


_JAHR = _formen(_JAHRFORM)
_TAG = _formen(
    rf"(?P<t>[0-9]{{1,2}})\.\s?(?P<m>[0-9]{{1,2}})\.\s?{_KURZJAHR}",
    rf"{_JAHRFORM}-(?P<m>[0-9]{{2}})-(?P<t>[0-9]{{2}})(?:[T ].*)?",
    rf"{_JAHRFORM}(?P<m>[0-9]{{2}})(?P<t>[0-9]{{2}})",
    rf"(?P<t>[0-9]{{1,2}})\.\s*{_NAME}\.?\s+{_JAHRFORM}",
)
_MONAT = _formen(
    rf"{_JAHRFORM}[-/.](?P<m>[0-9]{{2}})",
    rf"(?P<m>[0-9]{{1,2}})[/.-]\s?{_JAHRFORM}",
    rf"{_JAHRFORM}\s?M(?P<m>[0-9]{{1,2}})",
    rf"{_JAHRFORM}(?P<m>0[1-9]|1[0-2])",
    rf"{_NAME}\.?[\s/-]*{_KURZJAHR}",
    rf"{_JAHRFORM}[\s/-]+{_NAME}\.?",
)
_QUARTAL = _formen(
    rf"{_JAHRFORM}\s?[-/ ]?\s?Q(?P<q>[1-4])",
    rf"Q\s?(?P<q>[1-4])[\s/-]*{_KURZJAHR}",
    rf"{_ZAHLWORT}\.?\s?{_QUARTALSWORT}[\s/-]*{_KURZJAHR}",
    rf"{_JAHRFORM}[\s/,-]+{_ZAHLWORT}\.?\s?{_QUARTALSWORT}",
    rf"{_JAHRFORM}[\s/,-]+{_QUARTALSWORT}\s?{_ZAHLWORT}",
    rf"{_QUARTALSWORT}\s?{_ZAHLWORT}[\s/-]*{_KURZJAHR}",
    rf"(?P<q>I{{1,3}}|IV)\s?[/-]\s?{_KURZJAHR}",
    rf"{_JAHRFORM}\s?[/-]\s?(?P<q>I{{1,3}}|IV)",
)
_ROEMISCH = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ISO_MONAT = re.compile(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
_SCHULJAHR = re.compile(r"^(?:(?:Schuljahr|SJ)\s)?([0-9]{4})\s?[/–-]\s?([0-9]{4}|[0-9]{2})$")
_KURZES_SCHULJAHR = re.compile(r"^(?:Schuljahr|SJ)\s([0-9]{2})\s?/\s?([0-9]{2})$")


def lies_zeit(text: str, art: Zeitart = "selbst", tag: str | None = None) -> tuple[str, int]:
    """Zeit in der Schreibweise des Hauses und ihr (erstes) Jahr.

    Ein Stichtag, Monat oder Quartal ergibt bei ``art="jahr"`` dessen Jahr; eine Jahreszahl ergibt mit ``tag``
    („31.12.“) einen Stichtag und bei ``art="schuljahr"`` das Schuljahr, das in ihr beginnt. Zweistellige
    Jahre (Dez 21) liegen zwischen 1950 und 2049.

    Raises:
        ValueError: keine Zeitangabe dieser Art.
    """
    roh = " ".join(text.split())
    zeit = _lies(roh, art, tag) if len(roh) <= 60 else ""
    jahr = int(zeit[:4] or 0)
    if not 1700 <= jahr <= 2200:
        raise ValueError(text)
    return zeit, jahr


_NUR_MONAT = re.compile(r"^(?:MONAT)?([0-9]{1,2})\.?$")
_NUR_QUARTAL = re.compile(r"^(?:QUART|VJ|Q)?([1-4]|I{1,3}|IV)\.?$")


def verbinde_zeit(eins: str, zwei: str = "", *, art: Zeitart = "selbst") -> str:
    """Zwei Angaben zu einer: „2021“ und „Jan“ zu „Jan 2021“, mit ``art`` auch „2021“ und „3“.

    Eine bloße Nummer kann Monat oder Quartal sein; ohne ``art`` bleibt sie unlesbar.
    """
    if not eins.strip() or not zwei.strip():
        return eins or zwei
    if _JAHR[0].match(zwei.strip()):
        eins, zwei = zwei, eins
    jahr, teil = eins.strip(), zwei.strip()
    if not _JAHR[0].match(jahr):
        return f"{eins} {zwei}"
    if (monat := _NUR_MONAT.match(teil)) and (art == "monat" or teil.startswith("MONAT")):
        return f"{jahr}-{int(monat[1]):02d}"
    if (quartal := _NUR_QUARTAL.match(teil)) and (art == "quartal" or not teil[0].isdigit()):
        return f"{jahr}-Q{_ROEMISCH.get(quartal[1]) or quartal[1]}"
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.", teil):
        return teil + jahr
    return f"{teil} {jahr}"


def _lies(roh: str, art: Zeitart, tag: str | None) -> str:
    roh = re.sub(r"^['’]([0-9]{2})$", lambda m: str(_jahreszahl({"j": None, "jj": m[1]})), roh)
    if _JAHR[0].match(roh):
        return _aus_jahr(roh, art, tag)
    if art == "schuljahr":
        return _schuljahr(roh)
    if art == "selbst" and _ist_beides(roh):
        raise ValueError(roh)
    if (
        art == "selbst"
        and not _ISO_MONAT.match(roh)
        and (_SCHULJAHR.match(roh) or _KURZES_SCHULJAHR.match(roh))
    ):
        return _schuljahr(roh)
    stichtag = _datum(roh, _TAG)
    monat = stichtag[:7] or _datum(roh, _MONAT)[:7]
    quartal = f"{monat[:4]}-Q{(int(monat[5:]) + 2) // 3}" if stichtag else "" if monat else _quartal(roh)
    ergebnis = {
        "stichtag": stichtag, "monat": monat, "jahr": (monat or quartal)[:4], "quartal": quartal,
        "selbst": stichtag or monat or quartal,
    }.get(art, "")  # fmt: skip
    if not ergebnis:
        raise ValueError(roh)
    return ergebnis


def _aus_jahr(jahr: str, art: Zeitart, tag: str | None) -> str:
    if art == "schuljahr":
        return f"{jahr}/{(int(jahr) + 1) % 100:02d}"
    if tag:
        tage, monat, _ = tag.split(".")
        return date(int(jahr), int(monat), int(tage)).isoformat()
    if art in {"stichtag", "monat", "quartal"}:
        raise ValueError(jahr)
    return jahr


def _ist_beides(roh: str) -> bool:
    """``201112``: Dezember 2011 oder das Schuljahr 2011/12?"""
    if len(roh) != 6 or not (roh.isascii() and roh.isdigit()):
        return False
    jahr, folge = int(roh[:4]), int(roh[4:])
    return 1 <= folge <= 12 and (jahr + 1) % 100 == folge


def _schuljahr(roh: str) -> str:
    if kurz := _KURZES_SCHULJAHR.match(roh):
        roh = f"20{kurz[1]}/{kurz[2]}"
    if re.fullmatch(r"[0-9]{6}", roh):
        roh = f"{roh[:4]}/{roh[4:]}"
    treffer = _SCHULJAHR.match(roh)
    if not treffer or (int(treffer[1]) + 1) % 100 != int(treffer[2]) % 100:
        raise ValueError(roh)
    return f"{treffer[1]}/{treffer[2][-2:]}"


def _datum(roh: str, formen: Sequence[re.Pattern[str]]) -> str:
    """Der Tag (ohne Angabe der erste des Monats) als JJJJ-MM-TT; leer, wenn keine Form passt."""
    for muster in formen:
        if treffer := muster.match(roh):
            teile = treffer.groupdict()
            if "mn" in teile and teile["mn"].lower() not in _MONATSNAMEN:
                continue
            return date(_jahreszahl(teile), _monatszahl(teile), int(teile.get("t", 1))).isoformat()
    return ""


def _quartal(roh: str) -> str:
    for muster in _QUARTAL:
        if treffer := muster.match(roh):
            teile = treffer.groupdict()
            return f"{_jahreszahl(teile)}-Q{_ROEMISCH.get(teile['q']) or int(teile['q'])}"
    return ""


def _jahreszahl(teile: Mapping[str, str | None]) -> int:
    if jahr := teile["j"]:
        return int(jahr)
    kurz = int(teile.get("jj") or 0)
    return kurz + (2000 if kurz < 50 else 1900)


def _monatszahl(teile: Mapping[str, str]) -> int:
    return int(teile["m"]) if "m" in teile else _MONATSNAMEN[teile["mn"].lower()]
