"""Was Prüfungen im echten Chromium messen: axe, und ob in Abbildungen Texte übereinander stehen."""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
REGELN = "{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}"
SEHEN = "{type:'rule',values:['color-contrast','link-in-text-block','target-size']}"
"""Was davon abhängt, wie die Seite aussieht."""
GLEICHES = "[['.bw-rollbereich tr:nth-child(n+4)'],['.bw-bild'],['.bw-falte dd'],['.bw-klappe li + li']]"
"""Was auf einer Seite hundertmal gleich aussieht: einmal angesehen genügt."""
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


def axe(seite: Page, regeln: str = REGELN, ohne: str = "[]") -> list[str]:
    """Führt axe in einer eigenen Skriptwelt aus, an der strengen CSP der Seite vorbei.

    ``ohne`` sind Stellen, die es nicht ansieht.
    """
    sitzung = seite.context.new_cdp_session(seite)
    sitzung.send("Page.setBypassCSP", {"enabled": True})
    rahmen = sitzung.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    welt = sitzung.send("Page.createIsolatedWorld", {"frameId": rahmen, "worldName": "axe"})
    ort = {"contextId": welt["executionContextId"]}
    sitzung.send("Runtime.evaluate", {"expression": AXE, **ort})
    lauf = (
        f"axe.run({{include:[['html']],exclude:{ohne}}},{{preload:false,runOnly:{regeln}}})"
        ".then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.html.slice(0,120)).join(' | ')))"
    )
    antwort: dict[str, Any] = sitzung.send(
        "Runtime.evaluate", {"expression": lauf, "awaitPromise": True, "returnByValue": True, **ort}
    )
    sitzung.detach()
    assert "value" in antwort["result"], antwort
    return list(antwort["result"]["value"])


def texte_in_abbildungen(seite: Page) -> list[str]:
    """Texte gezeigter Abbildungen, die übereinander stehen, herausragen oder kleiner als 14 Pixel sind."""
    funde: list[str] = seite.evaluate(_TEXTE)
    return funde
