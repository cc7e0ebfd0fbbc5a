// Kennzahlen nach Wort, Thema und Gebiet. Die Wahl steht in der Adresse; ohne dieses Skript bleibt die ganze Liste.
"use strict";
(() => {
  const liste = document.querySelector(".bw-kennzahlen");
  if (!liste) return;
  const themen = [...liste.querySelectorAll(":scope > section")];
  const alle = themen.flatMap((s) => [...s.querySelectorAll("li[data-gebiete]")]);
  const klein = (text) => text.toLowerCase().replace(/\s+/g, " ");
  const worte = new Map(alle.map((p) => [p, klein(p.querySelector("summary").textContent + p.querySelector("p").textContent)]));
  const titel = (s) => s.querySelector("h2, h3, h4").textContent;
  const gebiete = [...new Set(alle.flatMap((p) => p.dataset.gebiete.split(" ").filter(Boolean)))];

  const feld = document.createElement("form");
  feld.className = "bw-wahl-daten";
  feld.setAttribute("role", "search");
  feld.setAttribute("aria-label", "Kennzahlen");
  const stand = document.createElement("p");
  stand.setAttribute("role", "status");
  const eingaben = {
    wort: Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" }),
    thema: auswahl(["Alle Themen", ...themen.map(titel)]),
    gebiet: auswahl(["Alle Gebiete", ...gebiete]),
  };
  for (const [name, text] of [["wort", "Wort"], ["thema", "Thema"], ["gebiet", "Gezeigt für"]]) {
    const hier = document.createElement("label");
    eingaben[name].id = `bw-wahl-${name}`;
    hier.htmlFor = eingaben[name].id;
    hier.append(text, eingaben[name]);
    feld.append(hier);
  }
  feld.append(stand);
  liste.prepend(feld);

  function auswahl(texte) {
    const kasten = document.createElement("select");
    texte.forEach((text, i) => kasten.append(new Option(text, i ? text : "")));
    return kasten;
  }

  function zeige() {
    const gesucht = klein(eingaben.wort.value).split(" ").filter(Boolean);
    const gewaehlt = Object.values(eingaben).some((e) => e.value);
    let anzahl = 0;
    for (const thema of themen) {
      let hier = 0;
      for (const punkt of thema.querySelectorAll("li[data-gebiete]")) {
        const passt = (!eingaben.thema.value || titel(thema) === eingaben.thema.value)
          && (!eingaben.gebiet.value || punkt.dataset.gebiete.split(" ").includes(eingaben.gebiet.value))
          && gesucht.every((wort) => worte.get(punkt).includes(wort));
        punkt.hidden = !passt;
        hier += passt;
      }
      thema.hidden = !hier;
      thema.querySelector(".bw-klappe").open = gewaehlt;
      anzahl += hier;
    }
    stand.textContent = anzahl === alle.length ? `Alle ${anzahl} Kennzahlen.`
      : anzahl ? `${anzahl} von ${alle.length} Kennzahlen.` : "Keine Kennzahl passt dazu.";
  }

  function uebernimm() {
    const marke = decodeURIComponent(location.hash.slice(1));
    const angaben = new URLSearchParams(marke.includes("=") ? location.hash.slice(1) : "");
    for (const [name, eingabe] of Object.entries(eingaben)) eingabe.value = angaben.get(name) ?? "";
    zeige();
    const ziel = marke.startsWith("k-") && document.getElementById(marke);
    if (ziel) { ziel.closest(".bw-klappe").open = ziel.open = true; ziel.scrollIntoView(); }
  }

  feld.addEventListener("input", () => {
    zeige();
    const angaben = Object.entries(eingaben).filter(([, e]) => e.value).map(([n, e]) => [n, e.value]);
    const rest = String(new URLSearchParams(angaben));
    history.replaceState(null, "", rest ? `#${rest}` : location.pathname + location.search);
  });
  feld.addEventListener("submit", (e) => e.preventDefault());
  addEventListener("hashchange", uebernimm);
  uebernimm();
})();
