// Auf der eigenen Seite einer Abbildung: ein Knopf holt die interaktive Ansicht (interaktiv.js), erst wenn jemand sie will.
"use strict";
(() => {
  const bild = document.querySelector(".bw-einzeln figure");
  const tafel = document.querySelector("#zahlen ~ .bw-rollbereich table");
  if (!bild || !tafel || tafel.querySelectorAll("td.zahl").length < 2) return;
  const skript = document.currentScript.src.replace("figur.js", "interaktiv.js");
  const knopf = document.createElement("button");
  const platz = document.createElement("div");
  knopf.type = "button";
  knopf.className = "bw-interaktiv-start";
  knopf.textContent = "Interaktiv ansehen";
  knopf.setAttribute("aria-expanded", "false");
  platz.id = "bw-interaktiv";
  platz.hidden = true;
  knopf.setAttribute("aria-controls", platz.id);
  bild.after(knopf, platz);
  knopf.addEventListener("click", () => {
    platz.hidden = !platz.hidden;
    knopf.setAttribute("aria-expanded", String(!platz.hidden));
    if (platz.childElementCount || platz.hidden) return;
    const laedt = document.createElement("script");
    laedt.src = skript;
    laedt.addEventListener("error", () => { platz.textContent = "Die Ansicht lässt sich nicht laden. Alle Zahlen stehen unten in der Tabelle."; });
    document.head.append(laedt);
  });
})();
