// Zwei oder drei Orte nebeneinander. Die Wahl steht in der Adresse; ohne dieses Skript bleibt die ganze Tabelle.
"use strict";
(() => {
  const HOECHSTENS = 3;
  const SCHLUESSEL = "orte";

  function aus_adresse(orte) {
    const angabe = new URLSearchParams(location.hash.slice(1)).get(SCHLUESSEL) || "";
    return angabe.split(",").filter((ort) => orte.includes(ort)).slice(0, HOECHSTENS);
  }

  function merke(gewaehlt) {
    const rest = gewaehlt.length ? `#${SCHLUESSEL}=${gewaehlt.join(",")}` : location.pathname + location.search;
    history.replaceState(null, "", rest);
  }

  function richte_ein(rahmen, nummer) {
    const orte = rahmen.dataset.orte.split(" ");
    const zeilen = [...rahmen.querySelectorAll("table tr")].filter((z) => z.cells.length > orte.length);
    const ab = zeilen[0].cells.length - orte.length; // davor: Kennzahl und Vergleich
    const gruppen = [...rahmen.querySelectorAll("tr.gruppe > th")];
    const namen = zeilen[0].cells;
    const feld = document.createElement("fieldset");
    feld.className = "bw-wahl-feld";
    const titel = document.createElement("legend");
    titel.textContent = "Zwei oder drei nebeneinander";
    const stand = document.createElement("p");
    stand.className = "bw-wahl-stand";
    stand.setAttribute("role", "status");
    const alle = document.createElement("button");
    alle.type = "button";
    alle.textContent = "Alle zeigen";
    const kaesten = orte.map((ort, i) => {
      const name = document.createElement("label");
      const kasten = document.createElement("input");
      kasten.type = "checkbox";
      kasten.value = ort;
      kasten.id = `bw-wahl-${nummer}-${ort}`;
      name.htmlFor = kasten.id;
      name.append(kasten, ` ${namen[i + ab].textContent.replaceAll("\u00ad", "")}`);
      feld.append(name);
      return kasten;
    });
    feld.prepend(titel);
    feld.append(alle, stand);
    rahmen.prepend(feld);

    function zeige() {
      const gewaehlt = kaesten.filter((k) => k.checked).map((k) => k.value);
      const voll = gewaehlt.length === HOECHSTENS;
      for (const k of kaesten) k.disabled = voll && !k.checked;
      const offen = (ort) => !gewaehlt.length || gewaehlt.includes(ort);
      for (const zeile of zeilen) orte.forEach((ort, i) => { zeile.cells[i + ab].hidden = !offen(ort); });
      const breite = zeilen[0].cells.length - (gewaehlt.length ? orte.length - gewaehlt.length : 0);
      for (const kopf of gruppen) kopf.colSpan = breite;
      for (const punkt of rahmen.querySelectorAll("[data-ort]")) punkt.hidden = !offen(punkt.dataset.ort);
      alle.hidden = !gewaehlt.length;
      stand.textContent = gewaehlt.length
        ? `${gewaehlt.length} von ${orte.length} gezeigt.${voll ? " Mehr passen nicht nebeneinander." : ""}`
        : `Alle ${orte.length} gezeigt.`;
    }

    function uebernimm() {
      const gewaehlt = aus_adresse(orte);
      for (const k of kaesten) k.checked = gewaehlt.includes(k.value);
      zeige();
    }

    feld.addEventListener("change", () => {
      zeige();
      merke(kaesten.filter((k) => k.checked).map((k) => k.value));
    });
    alle.addEventListener("click", () => {
      for (const k of kaesten) k.checked = false;
      zeige();
      merke([]);
      kaesten[0].focus();
    });
    window.addEventListener("hashchange", uebernimm);
    uebernimm();
  }

  document.querySelectorAll(".bw-wahl").forEach(richte_ein);
})();
