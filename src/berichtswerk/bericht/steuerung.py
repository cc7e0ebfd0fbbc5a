"""Was aus den Zahlen folgt: Maßnahmen mit ihrem Stand, woran man Erfolg erkennt, Frühwarnung."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, get_args

from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.sicht import pruefe_wahl
from berichtswerk.bericht.tabellen import Tabellen, Tabellentexte, hinweise_zu
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.fach.massnahme import WORTE, Erfolg, massnahmen_zu
from berichtswerk.fach.massnahme import Stand as Massnahmenstand
from berichtswerk.fach.reihe import Reihe
from berichtswerk.fach.schwelle import Oben, Warnlage, warnlagen
from berichtswerk.gegenstand.gegenstaende import WARNMARKE, Beleg, Tabellenmodell, Tabellenzeile
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.worte.befund import TITEL
from berichtswerk.worte.belegzeilen import definitionen
from berichtswerk.worte.sprache import aufzaehlung, zahlwort

Massnahmenart = Literal["stand", "erfolg"]
_MASSNAHMENKOPF = ("Befund", "Ziel", "Maßnahme", "zuständig", "bis wann", "Stand")
_WARNKOPF = ("Kennzahl", "Lage", "Jahr", "Wert", "Schwelle", "Vergleich")


_OBEN: dict[Oben, str] = {"land": "Land", "bund": "Bund"}


class Steuerung(Tabellen):
    """Tabellen, aus denen hervorgeht, was zu tun ist."""

    def massnahmen(self, was: Massnahmenart = "stand", label: str = "") -> Anzeige:
        """Maßnahmen aus ``daten/massnahmen.yaml``, wie sie für diesen Bericht zum Stand der Ausgabe galten.

        ``was``: „stand“ zeigt Befund, Ziel, Maßnahme, zuständig, bis wann und Stand; „erfolg“ je Kennzahl
        Ausgangswert, jüngsten Wert und wohin sie sich bewegen soll. ``label`` ist sonst „tbl-massnahmen“ oder
        „tbl-erfolg“.

        Raises:
            BerichtswerkFehler: ``wahl-unbekannt``.

        >>> b.massnahmen()
        """
        pruefe_wahl("was", was, get_args(Massnahmenart))
        s = self.sicht
        gezeigt = massnahmen_zu(s.katalog.massnahmen, s.ausgabe.bericht, s.ausgabe.datei.stand)
        label = label or ("tbl-massnahmen" if was == "stand" else "tbl-erfolg")
        if s.gebiet.ebene in {"land", "bund"}:  # was der Kreis vorhat, gilt nicht für sie
            return s.fehlt(label, "Maßnahmen", f"Maßnahmen schlägt dieser Bericht {s.ort()} nicht vor.")
        if was == "erfolg":
            return self._erfolg([m.erfolg for m, _ in gezeigt if m.erfolg], label)
        if not gezeigt:
            return s.fehlt(label, "Maßnahmen", "Maßnahmen sind bisher nicht vorgeschlagen.", mangel=False)
        zeilen = [
            bau.zeile(
                m.befund,
                [
                    bau.textzelle(text or "offen")
                    for text in (m.ziel, m.massnahme, m.zustaendig, m.bis, _massnahmenstand(stand))
                ],
            )
            for m, stand in gezeigt
        ]
        modell = Tabellenmodell(kopf=(tuple(map(bau.textzelle, _MASSNAHMENKOPF)),), zeilen=tuple(zeilen))
        ohne = all(not stand.beschluss for _, stand in gezeigt)
        hinweise = ["Zur Beratung; noch ohne Beschluss."] if ohne else []
        hinweise.append("Der Stand wird mit jeder Ausgabe fortgeschrieben.")
        unterschrift = f"Was bis wann geschehen soll, Stand {zahl.datum(s.ausgabe.datei.stand)}"
        beleg = Beleg(hinweise=tuple(hinweise))
        return self._abgeben(label, modell, beleg, (), texte={"unterschrift": unterschrift})

    def _erfolg(self, ziele: Iterable[Erfolg], label: str) -> Anzeige:
        s = self.sicht
        reihen, zeilen, nachweise = [], [], []
        for ziel in {z.kennzahl: z for z in ziele}.values():
            reihe = s.reihe(ziel.kennzahl, [s.gebiet.schluessel])
            werte = {w.jahr: w for w in bild.mit_zahl(reihe) if not w.prognose}
            if ziel.ausgang not in werte:
                continue
            k, zuletzt = reihe.kennzahl, max(werte)
            gezeigt = [werte[ziel.ausgang], *([werte[zuletzt]] if zuletzt > ziel.ausgang else [])]
            einheit = k.einheit_kurz or k.einheit
            felder = [
                feld
                for w in gezeigt
                for feld in (
                    bau.textzelle(str(w.jahr)),
                    bau.zahlzelle(w.wert, w.status, stellen=k.nachkommastellen, einheit=einheit),
                )
            ]
            felder += [bau.zeichenzelle(Status.SPAETER)] * (4 - len(felder))
            zeilen.append(bau.zeile(k.name, [*felder, bau.textzelle(_soll(ziel, k))]))
            reihen.append(replace(reihe, werte=tuple(gezeigt)))
            nachweise += [s.nachweis(w, k) for w in gezeigt]
        if not zeilen:
            return s.fehlt(label, "Kennzahlen des Erfolgs", mangel=False)
        koepfe = ("Kennzahl", "Ausgang", "Wert", "zuletzt", "Wert", "soll")
        kopf = tuple(bau.textzelle(t, zahl_spalte=t == "Wert") for t in koepfe)
        modell = Tabellenmodell(kopf=(kopf,), zeilen=tuple(zeilen))
        beleg = s.beleg(reihen, hinweise_zu(modell), definitionen([r.kennzahl for r in reihen]))
        unterschrift = f"Ausgangswert, jüngster Wert und Ziel {s.ort()}"
        return self._abgeben(label, modell, beleg, nachweise, texte={"unterschrift": unterschrift})

    def fruehwarnung(self, *kennzahlen: str, label: str = "tbl-fruehwarnung") -> Anzeige:
        """Tabelle der Schwellen: wo sie überschritten sind, seit wann, und was dahinterstehen kann.

        ``kennzahlen`` sind ids, sonst alle bisher gezeigten mit ``fruehwarnung``; überschrittene stehen oben.
        ``label`` ist „tbl-…“.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt``.

        >>> b.fruehwarnung()
        """
        s = self.sicht
        if s.gebiet.ebene in {"land", "bund"}:  # die Schwellen sind für den Kreis gesetzt
            return s.fehlt(label, "Frühwarnung", f"Schwellen sind {s.ort()} nicht gesetzt.", mangel=False)
        gezeigt = kennzahlen or tuple(
            k for k in s.register.benutzt if k in s.katalog and k in s.register.mit_zahl
        )
        oben = {
            ebene: g.schluessel
            for ebene in get_args(Oben)
            if (g := s.bestand.gebiete.vorfahr(s.gebiet.schluessel, ebene)) and g != s.gebiet
        }
        lagen: list[tuple[Reihe, Warnlage]] = []
        for kennung in gezeigt:
            if s.beschreibung(kennung).fruehwarnung:
                reihe = s.reihe(kennung, [s.gebiet.schluessel, *oben.values()])
                lagen += [(reihe, lage) for lage in warnlagen(reihe, s.gebiet.schluessel, oben)]
        if not lagen:
            return s.fehlt(
                label, "Frühwarnung", "Für diese Kennzahlen sind keine Schwellen gesetzt.", mangel=False
            )
        lagen.sort(key=lambda paar: (not paar[1].ueberschritten, paar[1].voraus is None))
        reihen = [replace(r, werte=tuple(w for w in (lage.wert, lage.vergleich) if w)) for r, lage in lagen]
        modell = Tabellenmodell(
            kopf=(tuple(bau.textzelle(t, zahl_spalte=t in {"Jahr", "Wert"}) for t in _WARNKOPF),),
            zeilen=tuple(_warnzeile(r.kennzahl, lage) for r, lage in lagen),
        )
        gesetzt = dict.fromkeys(lage.schwelle.festgelegt for _, lage in lagen)
        anlass = [f"{r.kennzahl.name}: {lage.schwelle.warum}" for r, lage in lagen if lage.ueberschritten]
        hinweise = (
            *anlass,
            "Eine überschrittene Schwelle ist ein Anlass zu prüfen, kein Urteil und kein Ziel.",
            f"Schwellen: {'; '.join(gesetzt)}.",
            *hinweise_zu(modell),
        )
        beleg = s.beleg(reihen, hinweise, definition="")
        werte = [s.nachweis(w, r.kennzahl) for r in reihen for w in r]
        befund = _warnbefund([(r.kennzahl.name, lage) for r, lage in lagen])
        texte: Tabellentexte = {"unterschrift": f"Frühwarnung {s.ort()}", "befund": befund}
        return self._abgeben(label, modell, beleg, werte, texte=texte)


def _massnahmenstand(stand: Massnahmenstand) -> str:
    wort = WORTE[stand.stand]
    return f"{wort} ({stand.beschluss})" if stand.beschluss else wort


def _soll(ziel: Erfolg, k: Kennzahl) -> str:
    """„sinken“ oder „höchstens 8,0 % bis 2028“."""
    if ziel.zielwert is None:
        return {"halten": "mindestens gleich bleiben"}.get(ziel.soll, ziel.soll)
    grenze = "höchstens" if ziel.soll == "sinken" else "mindestens"
    wert = zahl.mit_einheit(zahl.schreibe(ziel.zielwert, k.nachkommastellen), k.einheit_kurz or "")
    return f"{grenze} {wert}{f' bis {ziel.bis}' if ziel.bis else ''}"


def _warnbefund(lagen: list[tuple[str, Warnlage]]) -> str:
    """„Schwelle überschritten: Pflegequote.“ oder, wo das zu lang wird, „Drei von neun Schwellen …“."""
    namen = dict.fromkeys(name for name, lage in lagen if lage.ueberschritten)
    if not namen:
        return "Keine der gesetzten Schwellen ist überschritten."
    kurz = f"Schwelle überschritten: {aufzaehlung(list(namen))}."
    if len(kurz) <= TITEL:
        return kurz
    ueber = sum(bool(lage.ueberschritten) for _, lage in lagen)
    return f"{zahlwort(ueber).capitalize()} von {zahlwort(len(lagen))} Schwellen sind überschritten."


def _warnzeile(k: Kennzahl, lage: Warnlage) -> Tabellenzeile:
    einheit = k.einheit_kurz or ""
    wert = bau.zahlzelle(lage.wert.wert, lage.wert.status, stellen=k.nachkommastellen, einheit=einheit)
    felder = [
        bau.textzelle(_lage(lage)),
        bau.textzelle(str(lage.wert.jahr), zahl_spalte=True),
        wert,
        bau.textzelle(grenze_in_worten(k, lage)),
        bau.textzelle(_vergleich(k, lage)),
    ]
    return bau.zeile(k.name, felder).model_copy(update={"marke": f"{WARNMARKE}{k.id}"})


def grenze_in_worten(k: Kennzahl, lage: Warnlage) -> str:
    """„über dem Landeswert“, „unter 30 %“, „Anstieg um 5 % in drei Jahren“."""
    s = lage.schwelle
    if s.fest is None:
        menge = s.steigt_um if s.steigt_um is not None else s.sinkt_um
        einheit = {"anzahl": "%", "anteil": "Prozentpunkte"}.get(k.art, k.einheit_kurz or "")
        betrag = zahl.mit_einheit(zahl.schreibe(menge or 0.0, 1 if k.art != "anzahl" else 0), einheit)
        jahre = "einem Jahr" if s.in_jahren == 1 else f"{zahlwort(s.in_jahren)} Jahren"
        return f"{'Anstieg' if s.steigt_um is not None else 'Rückgang'} um {betrag} in {jahre}"
    wort = "über" if s.ueber is not None else "unter"
    if isinstance(s.fest, str):
        return f"{wort} dem {_OBEN[s.fest]}eswert"
    return f"{wort} {zahl.mit_einheit(zahl.schreibe(s.fest, k.nachkommastellen), k.einheit_kurz or '')}"


def _vergleich(k: Kennzahl, lage: Warnlage) -> str:
    """Woran der Wert gemessen ist: „9,6 % (Land)“, „5,1 % (2019)“; bei fester Grenze sie selbst."""
    grenze = lage.schwelle.fest
    wert = lage.vergleich.wert if lage.vergleich else grenze
    if not isinstance(wert, float | int):
        return ""
    text = zahl.mit_einheit(zahl.schreibe(wert, k.nachkommastellen), k.einheit_kurz or "")
    if lage.vergleich is None:
        return text
    return f"{text} ({_OBEN[grenze] if isinstance(grenze, str) else lage.vergleich.jahr})"


def _lage(lage: Warnlage) -> str:
    """„↑ überschritten seit 2021“, „voraussichtlich ab 2029“, „eingehalten“."""
    if lage.ueberschritten is None:
        return "nicht zu prüfen"
    if lage.ueberschritten:
        zeichen = "↓" if lage.schwelle.unter is not None or lage.schwelle.sinkt_um is not None else "↑"
        seit = f" seit {lage.seit}" if lage.seit and lage.seit < lage.wert.jahr else ""
        return f"{zeichen} überschritten{seit}"
    return f"→ voraussichtlich ab {lage.voraus}" if lage.voraus else "eingehalten"
