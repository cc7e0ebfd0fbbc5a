"""Aus dem Inhalt eines Tabellenfachs werden Zahl und Status."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from berichtswerk.daten.leser.grund import Formel, Prozentzelle, Verbunden, als_text
from berichtswerk.grund.zahl import Zahlform, dezimal, lies
from berichtswerk.grund.zeichen import NACHSATZ, Status

_NACHSATZ = re.compile(r"^(.*[\d)])\s*([a-z])$", re.DOTALL)
_VERRUTSCHT = re.compile(r"\d \d(?!\d\d(?!\d))")
"""Leerzeichen zwischen Ziffern, auf das keine Dreiergruppe folgt: zwei Zahlen in einem Feld."""
_KLAMMER = re.compile(r"^\(\s*(.*?)\s*\)$", re.DOTALL)
_ENTSCHAERFT = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": None, "\ufeff": None})


class UnlesbarerWert(ValueError):
    """Ein Fach, das weder Zahl noch bekanntes Zeichen ist; sagt Kennung, Text, Ursache und Abhilfe."""

    def __init__(self, kennung: str, text: str, ursache: str = "", abhilfe: str = "") -> None:
        super().__init__(text)
        self.kennung, self.text, self.ursache, self.abhilfe = kennung, text, ursache, abhilfe


class Wertleser:
    """Liest Fächer einer Quelle nach deren Zahlform und Zeichensatz."""

    def __init__(
        self, zahlform: Zahlform, zeichen: Mapping[str, Status], entfernen: str | None = None
    ) -> None:
        self._form = zahlform
        self._zeichen = zeichen
        self._entfernen = re.compile(entfernen) if entfernen else None

    def lies(self, zelle: Any, faktor: Decimal = Decimal(1)) -> tuple[float | None, Status]:
        """Zahl (mal ``faktor``) und Status; ohne Zahl ist sie ``None``.

        Raises:
            UnlesbarerWert: Text in einer Zahl, unbekanntes Zeichen, Formel, Prozent ohne ``prozent``.
        """
        if isinstance(zelle, Prozentzelle):
            return self._aus_prozent(zelle, faktor)
        if isinstance(zelle, int | float) and not isinstance(zelle, bool):
            return self._aus_zahl(zelle, faktor)
        if isinstance(zelle, Formel):
            raise _formel(zelle)
        text = "" if isinstance(zelle, Verbunden) else als_text(zelle).translate(_ENTSCHAERFT).strip()
        if self._entfernen:
            text = self._entfernen.sub("", text).strip()
        return self._aus_text(text, faktor)

    def _aus_zahl(self, zahl: float, faktor: Decimal) -> tuple[float | None, Status]:
        if math.isnan(zahl):
            return None, Status.FEHLT
        if (status := self._zeichen.get(als_text(zahl))) is not None:
            return _ohne_zahl(status)
        return (float(zahl) if faktor == 1 else float(dezimal(zahl) * faktor)), Status.WERT

    def _aus_prozent(self, zelle: Prozentzelle, faktor: Decimal) -> tuple[float | None, Status]:
        wert, status = self._aus_zahl(zelle.wert, faktor * 100)
        if status is Status.WERT and not zelle.mal_hundert:
            raise _prozent(zelle.wert)
        return wert, status

    def _aus_text(self, text: str, faktor: Decimal) -> tuple[float | None, Status]:
        if (status := self._zeichen.get(text)) is not None:
            return _ohne_zahl(status)
        try:
            if not _VERRUTSCHT.search(text):
                return float(lies(text, self._form) * faktor), Status.WERT
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
        except UnlesbarerWert:
            raise self._unlesbar(text) from None
        return wert, (Status.EINGESCHRAENKT if status.hat_zahl and status is not Status.NULL else status)

    def _unlesbar(self, text: str) -> UnlesbarerWert:
        if not text:
            return UnlesbarerWert(
                "wert-leer", "Das Feld ist leer.", "Die Quelle erlaubt hier keine leeren Felder.",
                "Ergänzen Sie den Wert oder das Zeichen.",
            )  # fmt: skip
        if len(text) <= 3 and not any(z.isdigit() for z in text):
            bekannt = " ".join(z for z in self._zeichen if z) or "keine"
            return UnlesbarerWert(
                "zeichen-unbekannt", f"Das Zeichen „{text}“ ist in dieser Quelle nicht erklärt.",
                f"Bekannte Zeichen: {bekannt}.",
                "Nennen Sie in der Quelle den Zeichensatz (statistik.zeichensatz) oder ergänzen Sie das "
                f"Zeichen mit seiner Bedeutung: zeichen: {{\"{text}\": unbekannt}}.",
            )  # fmt: skip
        return UnlesbarerWert(
            "wert-keine-zahl", f"„{_gekuerzt(text)}“ ist keine Zahl.", self._andere_form(text),
            "Berichtigen Sie das Feld in der Lieferung oder fragen Sie bei der liefernden Stelle nach.",
        )  # fmt: skip

    def _andere_form(self, text: str) -> str:
        formen: tuple[Zahlform, ...] = ("deutsch", "englisch", "schlicht")
        for form in formen:
            try:
                lies(text, form)
            except ValueError:
                continue
            return f"Erwartet wird die Zahlform „{self._form}“; das hier ist „{form}“ (lesen.zahlform)."
        return f"Erwartet wird eine Zahl in der Form „{self._form}“."


def _ohne_zahl(status: Status) -> tuple[float | None, Status]:
    return (0.0 if status in (Status.NULL, Status.GERUNDET_NULL) else None), status


def _formel(zelle: Formel) -> UnlesbarerWert:
    return UnlesbarerWert(
        "formel-statt-wert", f"Statt eines Wertes steht hier die Formel „{_gekuerzt(zelle.text)}“.",
        "Formeln werden nie ausgerechnet.",
        "Ersetzen Sie in der Lieferung Formeln durch Werte (Kopieren, Inhalte einfügen: Werte). Soll das in "
        "der Datei gespeicherte Ergebnis gelten, setzen Sie „formeln: gespeicherter_wert“.",
    )  # fmt: skip


def _prozent(zahl: float) -> UnlesbarerWert:
    anteil, gezeigt = (f"{d.normalize():f}".replace(".", ",") for d in (dezimal(zahl), dezimal(zahl) * 100))
    return UnlesbarerWert(
        "zelle-prozent", f"Excel zeigt hier {gezeigt} %, gespeichert ist {anteil}.",
        "Das Zahlenformat der Zelle enthält ein Prozentzeichen; welche der beiden Zahlen gelten soll, ist "
        "nicht gesagt.",
        f"Setzen Sie in der Quelle unter lesen „prozent: prozentwert“ (gelesen wird {gezeigt}) oder "
        f"„prozent: anteil“ (gelesen wird {anteil}).",
    )  # fmt: skip


def _gekuerzt(text: str) -> str:
    einzeilig = " ".join(text.split())
    return einzeilig if len(einzeilig) <= 60 else einzeilig[:57] + "…"
