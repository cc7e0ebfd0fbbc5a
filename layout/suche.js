// Suche in den Berichten. Lädt nur eigene Dateien; nichts verlässt den Browser.
"use strict";
(() => {
  const wurzel = new URL("../", document.currentScript.src);
  const feld = document.getElementById("bw-suchwort");
  const stand = document.getElementById("bw-suchstand");
  const liste = document.getElementById("bw-treffer");
  const formular = document.getElementById("bw-suche");
  const HOECHSTENS = 20;
  let pagefind;
  let lauf = 0;

  async function lade() {
    if (!pagefind) {
      pagefind = await import(new URL("pagefind/pagefind.js", wurzel).href);
      await pagefind.options({ baseUrl: wurzel.pathname, excerptLength: 28 });
    }
    return pagefind;
  }

  function zeige(daten) {
    const punkt = document.createElement("li");
    const verweis = document.createElement("a");
    verweis.href = daten.url;
    verweis.textContent = daten.meta.title || "Bericht";
    const auszug = document.createElement("p");
    auszug.innerHTML = daten.excerpt; // Text der eigenen Seiten, von Pagefind maskiert, mit <mark>
    punkt.append(verweis, auszug);
    const stellen = (daten.sub_results || []).filter((s) => s.url !== daten.url).slice(0, 4);
    if (stellen.length) {
      const unten = document.createElement("ul");
      for (const s of stellen) {
        const zeile = document.createElement("li");
        const a = document.createElement("a");
        a.href = s.url;
        a.textContent = s.title;
        zeile.append(a);
        unten.append(zeile);
      }
      punkt.append(unten);
    }
    return punkt;
  }

  async function suche(wort) {
    const dieser = ++lauf;
    if (!wort) {
      stand.textContent = "";
      liste.replaceChildren();
      return;
    }
    stand.textContent = "Suche läuft …";
    try {
      const ergebnis = await (await lade()).search(wort);
      const daten = await Promise.all(ergebnis.results.slice(0, HOECHSTENS).map((r) => r.data()));
      if (dieser !== lauf) return;
      liste.replaceChildren(...daten.map(zeige));
      const anzahl = ergebnis.results.length;
      const zahl = anzahl === 0 ? "Keine Treffer" : anzahl === 1 ? "1 Treffer" : `${anzahl} Treffer`;
      const mehr = anzahl > HOECHSTENS ? `, gezeigt werden ${HOECHSTENS}` : "";
      stand.textContent = `${zahl} für „${wort}“${mehr}.`;
    } catch {
      stand.textContent = "Die Suche ist gerade nicht verfügbar. Sie funktioniert nur über einen Webserver.";
    }
  }

  formular.hidden = false;
  formular.addEventListener("submit", (ereignis) => {
    ereignis.preventDefault();
    const wort = feld.value.trim();
    const adresse = new URL(location.href);
    if (wort) adresse.searchParams.set("q", wort);
    else adresse.searchParams.delete("q");
    history.replaceState(null, "", adresse);
    suche(wort);
  });
  const anfang = new URL(location.href).searchParams.get("q");
  if (anfang) {
    feld.value = anfang;
    suche(anfang.trim());
  }
})();
