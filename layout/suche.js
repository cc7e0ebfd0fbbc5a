// Suche in den Berichten. Lädt nur eigene Dateien; nichts verlässt den Browser.
"use strict";
(() => {
  const wurzel = new URL("../", document.currentScript.src);
  const feld = document.getElementById("bw-suchwort");
  const stand = document.getElementById("bw-suchstand");
  const liste = document.getElementById("bw-treffer");
  const formular = document.getElementById("bw-suche");
  const HOECHSTENS = 20; // so viele Stellen zeigt die Seite
  const GELESEN = 60; // so viele Fundstellen je Wortlaut werden verglichen
  const UMSCHREIBUNGEN = 6;
  let bereit;
  let lauf = 0;

  // Groß, klein und Umlaute sind gleich: „Bürgergeld“, „buergergeld“ und „BURGERGELD“
  const schlicht = (text) =>
    text
      .toLowerCase()
      .replace(/ä/g, "ae")
      .replace(/ö/g, "oe")
      .replace(/ü/g, "ue")
      .replace(/ß/g, "ss");
  const worte = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];

  async function lade() {
    const pagefind = await import(new URL("pagefind/pagefind.js", wurzel).href);
    await pagefind.options({ baseUrl: wurzel.pathname, excerptLength: 30 });
    const antwort = await fetch(new URL("seiten/suche.json", wurzel));
    return { pagefind, wissen: await antwort.json() };
  }

  // Dieselbe Frage in den Wörtern, die im Bericht stehen könnten
  function umschreibungen(frage, gleich) {
    const andere = new Set();
    const gefragt = worte(frage);
    const suchbar = gefragt.map(schlicht);
    for (const reihe of gleich) {
      for (const wort of reihe) {
        const gesucht = worte(schlicht(wort));
        const stelle = suchbar.findIndex((_, i) => gesucht.every((w, j) => suchbar[i + j] === w));
        if (stelle < 0) continue;
        for (const anderes of reihe)
          if (anderes !== wort)
            andere.add([...gefragt.slice(0, stelle), anderes, ...gefragt.slice(stelle + gesucht.length)].join(" "));
      }
    }
    return [...andere].slice(0, UMSCHREIBUNGEN);
  }

  // Wer „ue“ tippt, meint vielleicht „ü“
  const mitUmlaut = (frage) => frage.replace(/ae/gi, "ä").replace(/oe/gi, "ö").replace(/ue/gi, "ü");

  // Ob ein Wort des Textes ein gesuchtes ist: gleicher Anfang, bei langen auch mitten im Wort
  function trifft(text, gesucht) {
    return worte(schlicht(text)).some((w) => gesucht.some((g) => w.startsWith(g) || (g.length > 4 && w.includes(g))));
  }
  const staemme = (frage) => worte(schlicht(frage)).map((w) => (w.length > 5 ? w.slice(0, -1) : w));

  async function finde(frage) {
    bereit = bereit || lade().catch((fehler) => ((bereit = undefined), Promise.reject(fehler)));
    const { pagefind, wissen } = await bereit;
    let auch = umschreibungen(frage, wissen.gleich);
    let stellen = await sammle(pagefind, wissen, [[frage, 1], [mitUmlaut(frage), 1], ...auch.map((a) => [a, 0.6])]);
    if (!stellen.length && worte(frage).length > 1) {
      auch = worte(frage).filter((wort) => wort.length > 2);
      stellen = await sammle(pagefind, wissen, auch.map((a) => [a, 1]));
    }
    return { stellen: gruppiert(stellen), auch };
  }

  // Jede Stelle einmal, mit ihrem besten Gewicht; die eigenen Wörter zählen mehr als umschriebene
  async function sammle(pagefind, wissen, fragen) {
    const beste = new Map();
    for (const [frage, anteil] of fragen) {
      const gesucht = staemme(frage);
      const { results } = await pagefind.search(frage);
      const daten = await Promise.all(results.slice(0, GELESEN).map((r) => r.data()));
      daten.forEach((d, i) => {
        const ort = d.meta.ziel;
        const [bericht, reihe, rang] = wissen.seiten[ort.split("#")[0]] || ["", "", 9];
        const im = (text) => gesucht.filter((g) => trifft(text, [g])).length / gesucht.length;
        if (im(`${d.meta.title} ${d.meta.weg || ""} ${d.content}`) < 1) return; // Pagefind rät sonst weiter
        const gewicht = results[i].score * anteil * (d.meta.hinten ? 0.3 : 1) * (1 + 2 * im(d.meta.title) + im(bericht));
        if (!(beste.get(ort)?.gewicht >= gewicht))
          beste.set(ort, { ort, bericht, reihe, rang, gewicht, frage, titel: d.meta.title, weg: d.meta.weg, text: d.content });
      });
    }
    return [...beste.values()];
  }

  // Dieselbe Stelle in mehreren Ausgaben ist ein Treffer: vorn die jüngste, die anderen darunter
  function gruppiert(stellen) {
    const gruppen = new Map();
    for (const stelle of stellen) {
      const name = `${stelle.reihe}|${stelle.ort.split("#")[1] ? schlicht(stelle.titel) : ""}`;
      gruppen.set(name, [...(gruppen.get(name) || []), stelle]);
    }
    const geordnet = [...gruppen.values()].map((gruppe) => {
      gruppe.sort((a, b) => a.rang - b.rang || b.gewicht - a.gewicht);
      const gewicht = Math.max(...gruppe.map((s) => s.gewicht)) / (1 + gruppe[0].rang);
      return { ...gruppe[0], gewicht, aeltere: gruppe.slice(1) };
    });
    return geordnet.sort((a, b) => b.gewicht - a.gewicht || (a.ort < b.ort ? -1 : 1));
  }

  // Auszug um die erste Fundstelle; hervorgehoben wird nach Wörtern, damit Umlaute stimmen
  function auszug(text, frage) {
    const gesucht = staemme(frage);
    const teile = text.replaceAll("\u00ad", "").split(/(\s+)/);
    const erste = Math.max(0, teile.findIndex((teil) => trifft(teil, gesucht)));
    const von = Math.max(0, erste - 16);
    const absatz = document.createElement("p");
    if (von > 0) absatz.append("… ");
    for (const teil of teile.slice(von, von + 64)) {
      if (trifft(teil, gesucht)) {
        const marke = document.createElement("mark");
        marke.textContent = teil;
        absatz.append(marke);
      } else absatz.append(teil);
    }
    if (teile.length > von + 64) absatz.append(" …");
    return absatz;
  }

  function link(stelle, text) {
    const verweis = document.createElement("a");
    verweis.href = new URL(stelle.ort, wurzel).href;
    verweis.textContent = text;
    return verweis;
  }

  function zeige(stelle) {
    const punkt = document.createElement("li");
    const kopf = document.createElement("h2");
    kopf.append(link(stelle, stelle.titel));
    punkt.append(kopf);
    if (stelle.weg) {
      const weg = document.createElement("p");
      weg.className = "bw-weg";
      weg.textContent = stelle.weg;
      punkt.append(weg);
    }
    punkt.append(auszug(stelle.text, stelle.frage));
    if (stelle.aeltere.length) {
      const auch = document.createElement("p");
      auch.append("Auch in: ");
      stelle.aeltere.slice(0, 4).forEach((s, i) => auch.append(i ? ", " : "", link(s, s.bericht || s.titel)));
      punkt.append(auch);
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
      const { stellen, auch } = await finde(wort);
      if (dieser !== lauf) return;
      liste.replaceChildren(...stellen.slice(0, HOECHSTENS).map(zeige));
      const anzahl = stellen.length;
      const zahl = anzahl === 0 ? "Keine Treffer" : anzahl === 1 ? "1 Treffer" : `${anzahl} Treffer`;
      const mehr = anzahl > HOECHSTENS ? `, gezeigt werden ${HOECHSTENS}` : "";
      const dazu = auch.length && anzahl ? ` Gesucht wurde auch nach: ${auch.join(", ")}.` : "";
      stand.textContent = `${zahl} für „${wort}“${mehr}.${dazu}`;
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
