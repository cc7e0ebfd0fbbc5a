"""Was Prüfungen im echten Chromium messen: axe, und ob in Abbildungen Texte übereinander stehen."""

from __future__ import annotations

import importlib.resources
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
REGELN = "{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}"
SEHEN = ("color-contrast", "link-in-text-block")
"""Was davon abhängt, welche Farben die Seite hat."""
MODI: dict[str, dict[str, str]] = {
    "hell": {"color_scheme": "light", "contrast": "no-preference"},
    "dunkel": {"color_scheme": "dark", "contrast": "no-preference"},
    "kontrast": {"color_scheme": "light", "contrast": "more"},
    "dunkel, kontrast": {"color_scheme": "dark", "contrast": "more"},
}
"""Wie Menschen eine Seite ansehen: was der Browser ihr als Wunsch meldet."""
_ALLES = "{include:[['html']]}"
_BEISPIELE = """() => {
  const gemerkt = new Map(), gesehen = new Map();
  const grund = (e) => {
    if (!e) return '';
    if (!gemerkt.has(e)) {
      const c = getComputedStyle(e), deckt = c.backgroundColor.startsWith('rgb(') && c.opacity === '1';
      let eigen = [c.backgroundColor, c.backgroundImage, c.opacity, c.position, c.filter].join();
      if (eigen === 'rgba(0, 0, 0, 0),none,1,static,none') eigen = '';
      gemerkt.set(e, deckt && c.backgroundImage === 'none' ? eigen : eigen + grund(e.parentElement));
    }
    return gemerkt.get(e);
  };
  const schrift = (e) => {
    const c = getComputedStyle(e);
    return [c.color, c.fontSize, c.fontWeight, c.textDecorationLine, c.textShadow, c.opacity].join();
  };
  const hatText = (e) => [...e.childNodes].some((k) => k.nodeType === 3 && k.data.trim());
  for (const e of document.querySelectorAll('body *')) {
    if (!(hatText(e) || e.matches('a, input, select, textarea')) || !e.checkVisibility()) continue;
    const um = e.closest('a')?.parentElement, satz = um && hatText(um);
    const art = e.closest('svg') ? 'svg' : e.tagName;
    const so = [art, schrift(e), um ? schrift(um) : '', satz, grund(e)].join('|');
    if (!gesehen.has(so)) gesehen.set(so, e);
  }
  globalThis.bwBeispiele = gesehen;
  return [...gesehen.keys()].sort();
}"""
"""Wie Text aussieht (Schrift, Farben, alles dahinter), mit je einem Beispiel."""
_MERKE = "(arten) => arten.forEach(a => globalThis.bwBeispiele.get(a).setAttribute('data-axe', ''))"
_IN_ORDNUNG: set[str] = set()
"""Was schon auf irgendeiner Seite ohne Mangel war: gleiches Aussehen hat gleichen Kontrast."""
_NUR_BEISPIELE = """() => {
  const noetig = new Set([document.body]);
  for (const b of document.querySelectorAll('[data-axe]'))
    for (let e = b; e; e = e.parentElement) noetig.add(e);
  for (const t of document.querySelectorAll('table:has([data-axe])')) {
    const zeilen = [...t.querySelectorAll('tbody tr')].sort((a, b) => b.cells.length - a.cells.length);
    if (zeilen.length) noetig.add(zeilen[0]);
  }
  for (const e of [...document.querySelectorAll('body *')])
    if (!noetig.has(e) && !noetig.has(e.parentElement)) e.remove();
}"""
"""Alles übrige fort außer Geschwistern und der vollsten Zeile einer Tabelle (die Schrift folgt den Spalten):
axe misst sonst jedes Mal die Lage von Tausenden Elementen."""
_TEXTE = """() => {
  const funde = [];
  for (const svg of document.querySelectorAll('.bw-bild svg')) {
    const rahmen = svg.getBoundingClientRect();
    if (!rahmen.width) continue;
    const texte = [...svg.querySelectorAll('text')].map(t => {
      const r = t.getBoundingClientRect(), h = r.height * 0.22;
      return {text: t.textContent, l: r.left, r: r.right, o: r.top + h, u: r.bottom - h,
              px: parseFloat(getComputedStyle(t).fontSize) * rahmen.width / svg.viewBox.baseVal.width};
    });
    const wo = (svg.closest('[id]') || {}).id || '';
    texte.forEach((a, i) => {
      if (a.l < rahmen.left - 1 || a.r > rahmen.right + 1 || a.o < rahmen.top - 1 || a.u > rahmen.bottom + 1)
        funde.push(`${wo}: „${a.text}“ ragt aus dem Bild`);
      if (a.px < 13.9) funde.push(`${wo}: „${a.text}“ ist ${a.px.toFixed(1)} px groß`);
      for (const b of texte.slice(i + 1))
        if (a.l < b.r - 1 && b.l < a.r - 1 && a.o < b.u - 1 && b.o < a.u - 1)
          funde.push(`${wo}: „${a.text}“ auf „${b.text}“`);
    });
  }
  return funde;
}"""


class Axe:
    """axe auf der gerade geöffneten Seite, in einer eigenen Skriptwelt, an ihrer strengen CSP vorbei."""

    def __init__(self, seite: Page) -> None:
        self._seite = seite
        self._sitzung = seite.context.new_cdp_session(seite)
        self._sitzung.send("Page.setBypassCSP", {"enabled": True})
        rahmen = self._sitzung.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        welt = self._sitzung.send("Page.createIsolatedWorld", {"frameId": rahmen, "worldName": "axe"})
        self._ort = {"contextId": welt["executionContextId"]}
        self._werte_aus(AXE)

    def __enter__(self) -> Axe:
        return self

    def __exit__(self, *_: object) -> None:
        self._sitzung.detach()

    def alles(self) -> list[str]:
        """Verstöße gegen jede Regel, in den Farben, die die Seite gerade hat."""
        return self._laufe(_ALLES, f"runOnly:{REGELN}")

    def aufbau(self) -> list[str]:
        """Verstöße gegen alles, was nicht von den Farben abhängt."""
        aus = ",".join(f"'{r}':{{enabled:false}}" for r in SEHEN)
        return self._laufe(_ALLES, f"runOnly:{REGELN},rules:{{{aus}}}")

    def farben(self) -> list[str]:
        """Verstöße gegen Kontraste in jedem Modus, an Beispielen; danach steht nichts anderes mehr da."""
        neu: dict[str, set[str]] = {}
        for modus in MODI:
            if arten := self._aussehen(modus) - _IN_ORDNUNG:
                neu[modus] = arten
                self._werte_aus(f"({_MERKE})({json.dumps(sorted(arten))})")
        funde = []
        if neu:
            self._werte_aus(f"({_NUR_BEISPIELE})()")
        for modus, arten in neu.items():
            fehlt = arten - self._aussehen(modus)
            funde += [f"{modus}: ohne das übrige sieht es anders aus: {x}" for x in fehlt]
            regeln = f"runOnly:{{type:'rule',values:{list(SEHEN)}}}"
            funde += [f"{modus}: {x}" for x in self._laufe("{include:[['[data-axe]']]}", regeln)]
        if not funde:
            _IN_ORDNUNG.update(*neu.values())
        self._seite.emulate_media(**MODI["hell"])  # type: ignore[arg-type]
        return funde

    def _aussehen(self, modus: str) -> set[str]:
        """Wie Text in einem Modus aussieht."""
        self._seite.emulate_media(**MODI[modus])  # type: ignore[arg-type]
        return set(self._werte_aus(f"({_BEISPIELE})()"))

    def _laufe(self, wo: str, womit: str) -> list[str]:
        lauf = (
            f"axe.run({wo},{{preload:false,resultTypes:['violations'],{womit}}})"
            ".then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.html.slice(0,120)).join(' | ')))"
        )
        return list(self._werte_aus(lauf))

    def _werte_aus(self, ausdruck: str) -> Any:
        antwort = self._sitzung.send(
            "Runtime.evaluate",
            {"expression": ausdruck, "awaitPromise": True, "returnByValue": True, **self._ort},
        )
        assert "exceptionDetails" not in antwort, antwort
        return antwort["result"].get("value")


def axe(seite: Page) -> list[str]:
    """Alle Verstöße der gerade geöffneten Seite."""
    with Axe(seite) as pruefer:
        return pruefer.alles()


def texte_in_abbildungen(seite: Page) -> list[str]:
    """Texte gezeigter Abbildungen, die übereinander stehen, herausragen oder kleiner als 14 Pixel sind."""
    funde: list[str] = seite.evaluate(_TEXTE)
    return funde
