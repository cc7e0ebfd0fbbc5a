// Skript der Vorschau: lädt die Seite neu, wenn sie neu gesetzt ist, und bleibt dabei an der Stelle,
// an der gelesen wird. Es wird nur von der Vorschau eingesetzt und nie veröffentlicht.
"use strict";
(() => {
  const ich = document.currentScript;
  const { seite, fassung } = ich.dataset;
  const schluessel = `bw-vorschau:${seite}`;
  let gezeigt = null;
  const fehler = () => document.getElementById("bw-vorschau-fehler");
  const stand = () => document.getElementById("bw-vorschau-stand");

  // Marken, an denen sich die Lesestelle festhalten lässt; Text darüber darf länger oder kürzer werden.
  const marken = () => [...document.querySelectorAll("main [id]")].filter((e) => e.getClientRects().length);
  const aufklapper = () => [...document.querySelectorAll("main details")];

  function merke() {
    let anker = null;
    for (const e of marken()) {
      const oben = e.getBoundingClientRect().top;
      if (oben > 1) break;
      anker = { id: e.id, oben };
    }
    const ort = {
      x: scrollX, y: scrollY, anker,
      offen: aufklapper().map((d) => d.open),
      fokus: document.activeElement && document.activeElement.id,
    };
    try { sessionStorage.setItem(schluessel, JSON.stringify(ort)); } catch { /* ohne Speicher: oben beginnen */ }
  }

  function kehreZurueck() {
    let ort = null;
    try {
      ort = JSON.parse(sessionStorage.getItem(schluessel));
      sessionStorage.removeItem(schluessel);
    } catch { /* unlesbar: oben beginnen */ }
    if (!ort) return;
    history.scrollRestoration = "manual";
    const klappen = aufklapper();
    if (klappen.length === ort.offen.length) klappen.forEach((d, i) => { d.open = ort.offen[i]; });
    const gehe = () => {
      const e = ort.anker && document.getElementById(ort.anker.id);
      const y = e ? scrollY + e.getBoundingClientRect().top - ort.anker.oben : ort.y;
      scrollTo({ left: ort.x, top: y, behavior: "instant" });
    };
    let bewegt = false;
    for (const art of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(art, () => { bewegt = true; }, { once: true, passive: true });
    }
    gehe();
    const ziel = ort.fokus && document.getElementById(ort.fokus);
    if (ziel) ziel.focus({ preventScroll: true });
    addEventListener("load", async () => {  // Bilder haben jetzt ihre Höhe, mit der Schrift auch die Zeilen
      await document.fonts.ready;
      if (!bewegt) gehe();
      history.scrollRestoration = "auto";
    }, { once: true });
  }

  function zeige(zustand) {
    if (zustand.fassung !== fassung) {
      quelle.close();
      merke();
      location.reload();
      return;
    }
    if (gezeigt !== zustand.fehler) fehler().innerHTML = gezeigt = zustand.fehler;
    if (stand().textContent !== zustand.stand) stand().textContent = zustand.stand;
  }

  kehreZurueck();
  const quelle = new EventSource(`/_vorschau/zustand?seite=${encodeURIComponent(seite)}`);
  quelle.onmessage = (e) => zeige(JSON.parse(e.data));
  quelle.onerror = () => { stand().textContent = "Die Vorschau ist beendet oder nicht erreichbar."; };
  addEventListener("pagehide", () => quelle.close());
})();
