// Die interaktive Ansicht einer Abbildung: gezeichnet aus der Tabelle derselben Seite, mit Maus und Pfeiltasten zu lesen.
// Zeilen mit Jahren ergeben Linien, andere je Zeile Punkte. Die Tabelle zeigt, welche Zahl gewählt ist, und wählt selbst.
"use strict";
(() => {
  const platz = document.getElementById("bw-interaktiv");
  const tafel = document.querySelector("#zahlen ~ .bw-rollbereich table");
  const rollbereich = tafel.parentElement;
  const FARBEN = ["fokus", "akzent", "vergleich-0", "kategorien-2", "kategorien-3", "kategorien-4", "text", "kategorien-1"];
  const STRICHE = ["", "7 4", "2 4", "10 3 2 3", "", "7 4", "2 4", "10 3 2 3"];
  const FORMEN = [  // um den Nullpunkt, etwa gleich groß
    "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z", "M-4,-4H4V4H-4Z", "M0,-5.6L5.6,0L0,5.6L-5.6,0Z", "M0,-5L5,4H-5Z",
  ];
  const SCHRIFT = 14, ZEILE = 26;

  // --- lesen: was in den Zellen steht, bleibt, wie es dasteht ---
  function wort(zelle) {
    const kopie = zelle.cloneNode(true);
    for (const leise of kopie.querySelectorAll("[aria-hidden] + .bw-vorlesen")) leise.remove();
    return kopie.textContent.replace(/[\u2007\u2008\u00ad]/g, "").trim();
  }
  function zahl(text) {
    const fund = text.replace(/[\s\u00a0\u202f]/g, "").match(/^[+\u2212-]?\d+(,\d+)?/);
    return fund ? Number(fund[0].replace("\u2212", "-").replace(",", ".")) : null;
  }
  const koepfe = [...tafel.tHead.rows].at(-1).cells;
  const zeilen = [...tafel.querySelectorAll("tbody tr:not(.gruppe)")].filter((z) => z.cells.length === koepfe.length);
  const gemeinsam = document.querySelector("#zahlen + .bw-einheit span")?.textContent;  // dann steht sie in keinem Kopf
  const einheit = (kopf) => gemeinsam ?? kopf.match(/\(([^()]*)\)$/)?.[1] ?? "";
  const erste = einheit(wort(koepfe[1]));
  const reihen = [...koepfe].slice(1).map((kopf, i) => ({ kopf: wort(kopf), spalte: i + 1 }))
    .filter((r) => einheit(r.kopf) === erste)
    .map((r, nr) => ({
      ...r, nr, an: nr < FARBEN.length, name: (gemeinsam === undefined && r.kopf.replace(/\s*\([^()]*\)$/, "")) || r.kopf,
      punkte: zeilen.map((z, zeile) => ({ zeile, zelle: z.cells[r.spalte], text: wort(z.cells[r.spalte]) })).map((p) => ({ ...p, wert: zahl(p.text) })),
    }))
    .filter((r) => r.punkte.some((p) => p.wert !== null));
  const namen = zeilen.map((z) => wort(z.cells[0]));
  const jahre = namen.map((n) => Number(n.match(/\d{4}/)?.[0] ?? NaN));
  const brueche = (document.querySelector(".bw-einzeln figure").dataset.brueche ?? "").split(" ").filter(Boolean).map(Number);
  const zeitlich = jahre.length > 1 && jahre.every((j, i) => j > (jahre[i - 1] ?? -Infinity));

  // --- Rahmen: Wahl der Reihen, Zeichnung, Ansage ---
  const neu = (name, angaben = {}, ...inhalt) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [k, w] of Object.entries(angaben)) e.setAttribute(k, w);
    e.append(...inhalt);
    return e;
  };
  const farbe = (r) => FARBEN[r.nr % FARBEN.length];
  const zeichen = (r, x, y) => neu("path", { d: FORMEN[r.nr % FORMEN.length], transform: `translate(${x},${y})`, class: `f-${farbe(r)} s-grund`, "stroke-width": 1.5 });
  const strich = (r, d, muster = STRICHE[r.nr % STRICHE.length]) => neu("path", { d, class: `s-${farbe(r)}`, fill: "none", "stroke-width": r.nr ? 2 : 3, "stroke-dasharray": muster });
  const feld = document.createElement("fieldset");
  const titel = document.createElement("legend");
  const bild = document.createElement("div");
  const stand = document.createElement("p");
  const hilfe = document.createElement("p");
  const svg = neu("svg", { role: "application", "aria-roledescription": "interaktives Diagramm", "aria-labelledby": "bw-interaktiv-name", "aria-describedby": "bw-interaktiv-hilfe" });
  titel.textContent = "Reihen";
  feld.append(titel);
  bild.className = "bw-bild";
  bild.append(svg);
  stand.setAttribute("role", "status");
  hilfe.id = "bw-interaktiv-hilfe";
  hilfe.className = "bw-quelle";
  const HILFE = "Mit den Pfeiltasten von Wert zu Wert, mit der Maus auf einen Wert zeigen; die Tabelle darunter zeigt ihn auch.";
  const name = document.createElement("p");
  name.id = "bw-interaktiv-name";
  name.textContent = `Interaktiv: ${document.querySelector(".subtitle").textContent}`;
  name.className = "bw-vorlesen";
  for (const r of reihen) {
    const hier = document.createElement("label");
    const kasten = Object.assign(document.createElement("input"), { type: "checkbox", checked: r.an });
    const muster = neu("svg", { width: 34, height: 14, viewBox: "0 0 34 14", "aria-hidden": "true" });
    muster.append(...(zeitlich ? [strich(r, "M1,7H33")] : []), zeichen(r, 17, 7));
    kasten.addEventListener("change", () => {
      r.an = kasten.checked;
      const da = reihen.filter((x) => x.an).length;
      zeichne();
      stand.textContent = `${r.name} ${r.an ? "gezeigt" : "ausgeblendet"}, ${da} von ${reihen.length} Reihen.`;
    });
    const farbig = Object.assign(document.createElement("span"), { className: "bw-bild" });
    farbig.append(muster);
    hier.append(kasten, farbig, r.name);
    feld.append(hier);
  }
  platz.className = "bw-interaktiv";
  platz.append(name, ...(reihen.length > 1 ? [feld] : []), bild, stand, hilfe);

  // --- zeichnen ---
  let marken = [], gewaehlt = null;
  const schreibe = (wert, stellen) => wert.toLocaleString("de-DE", { minimumFractionDigits: stellen, maximumFractionDigits: stellen }).replaceAll(".", "\u202f").replace("-", "\u2212");
  const text = (x, y, inhalt, anker, klasse = "f-text-leise") => neu("text", { x, y, "text-anchor": anker, class: klasse, "font-size": SCHRIFT }, inhalt);
  const breite_von = (inhalt) => inhalt.length * SCHRIFT * 0.56;

  function teilung(von, bis) {
    const roh = (bis - von) / 5 || 1, zehner = 10 ** Math.floor(Math.log10(roh));
    const schritt = [1, 2, 2.5, 5, 10].map((f) => f * zehner).find((s) => s >= roh * 0.999);
    const aus = [];
    for (let i = Math.floor(von / schritt); i * schritt < bis + schritt * 0.999; i++) aus.push(Number((i * schritt).toFixed(9)));
    return { aus, stellen: Math.max(0, ...aus.map((w) => (String(w).split(".")[1] ?? "").length)) };
  }

  function zeichne() {
    const offen = reihen.filter((r) => r.an);
    const werte = offen.flatMap((r) => r.punkte.map((p) => p.wert)).filter((w) => w !== null);
    svg.replaceChildren();
    marken = [];
    if (!werte.length) return;
    const W = Math.max(288, Math.round(bild.clientWidth));
    const kleinster = Math.min(...werte), groesster = Math.max(...werte);
    const ab = zeitlich && kleinster > 0.6 * groesster ? kleinster : Math.min(0, kleinster);  // sonst sähe man nichts
    const { aus, stellen } = teilung(ab, Math.max(groesster, ab ? groesster : 0));
    const [unten, oben] = [aus[0], aus.at(-1)];
    hilfe.textContent = unten > 0 ? `Die senkrechte Achse beginnt nicht bei null. ${HILFE}` : HILFE;
    const schilder = aus.map((w) => schreibe(w, stellen));
    const links = zeitlich ? Math.max(...schilder.map(breite_von)) + 10 : Math.min(W * 0.42, Math.max(...namen.map(breite_von)) + 12);
    const rechts = W - Math.max(18, breite_von(zeitlich ? "2000" : schilder.at(-1)) / 2 + 2), kopf = zeitlich || !erste ? 26 : 46, fuss = zeitlich ? Math.round(W * 0.5) + 60 : kopf + zeilen.length * ZEILE;
    const H = fuss + (zeitlich ? 28 : 8);
    svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
    const [von, bis] = zeitlich ? [jahre[0], jahre.at(-1)] : [unten, oben];
    const xx = (w) => links + ((w - von) / (bis - von || 1)) * (rechts - links);
    const yy = (w) => fuss - ((w - unten) / (oben - unten || 1)) * (fuss - kopf);
    const ort = (p) => zeitlich ? [xx(jahre[p.zeile]), yy(p.wert)] : [xx(p.wert), kopf + (p.zeile + 0.5) * ZEILE];
    const grund = neu("g", { "aria-hidden": "true" });
    svg.append(grund);
    const masz = erste === "%" ? "in %" : erste;
    let beschriftet = breite_von(masz);
    grund.append(text(0, SCHRIFT, masz, "start"));
    const linie = (x1, y1, x2, y2, klasse) => grund.append(neu("line", { x1, y1, x2, y2, class: klasse, "stroke-width": 1 }));
    aus.forEach((w, i) => {
      if (zeitlich) { linie(links, yy(w), rechts, yy(w), w ? "s-gitter" : "s-achse"); grund.append(text(links - 8, yy(w) + 5, schilder[i], "end")); }
      else { linie(xx(w), kopf, xx(w), fuss, w ? "s-gitter" : "s-achse"); grund.append(text(xx(w), kopf - 8, schilder[i], "middle")); }
    });
    let frei = -Infinity;
    namen.forEach((n, i) => {
      if (!zeitlich) { grund.append(text(0, kopf + (i + 0.5) * ZEILE + 5, breite_von(n) > links - 8 ? `${n.slice(0, Math.floor((links - 16) / SCHRIFT / 0.56))}…` : n, "start", "f-text")); return; }
      const x = xx(jahre[i]), letztes = xx(jahre.at(-1));
      if (x - frei < 44 || (i < namen.length - 1 && letztes - x < 44)) return;
      grund.append(text(x, fuss + 20, String(jahre[i]), "middle"));
      frei = x;
    });
    if (!zeitlich) zeilen.forEach((_, i) => {
      const hier = offen.map((r) => r.punkte[i].wert).filter((w) => w !== null);
      if (hier.length > 1) linie(xx(Math.min(...hier)), kopf + (i + 0.5) * ZEILE, xx(Math.max(...hier)), kopf + (i + 0.5) * ZEILE, "s-achse");
    });
    if (zeitlich) for (const b of brueche.filter((b) => von < b && b <= bis)) {
      const x = xx(b - 0.5), schild = `Bruch ${b}`, halb = breite_von(schild) / 2, mitte = Math.min(x, W - halb);
      grund.append(neu("line", { x1: x, y1: kopf, x2: x, y2: fuss, class: "s-text-leise", "stroke-width": 1.2, "stroke-dasharray": "2 3" }));
      if (mitte - halb < beschriftet + 8) continue;
      grund.append(text(mitte, SCHRIFT, schild, "middle"));
      beschriftet = mitte + halb;
    }
    for (const r of offen) {
      const da = r.punkte.filter((p) => p.wert !== null), zuege = { voll: "", luecke: "", voraus: "" };
      const schritt = Math.min(...da.slice(1).map((p, i) => jahre[p.zeile] - jahre[da[i].zeile]));
      let vor = null, zuletzt = "";
      for (const p of da) {
        const [x, y] = ort(p).map((w) => Math.round(w * 10) / 10);
        const ab = vor && jahre[vor.p.zeile], an = jahre[p.zeile];
        if (vor && !brueche.some((b) => ab < b && b <= an)) {  // über einen Bruch führt keine Linie, über eine Lücke eine gepunktete
          const art = namen[p.zeile].includes("Voraus") ? "voraus" : an - ab > schritt ? "luecke" : "voll";
          zuege[art] += `${art === zuletzt ? "" : `M${vor.x},${vor.y}`}L${x},${y}`;
          zuletzt = art;
        } else zuletzt = "";
        vor = { p, x, y };
        const marke = neu("g", { role: "img", tabindex: -1, "aria-label": `${r.name}, ${namen[p.zeile]}: ${p.text}${erste === "%" ? " %" : ""}` });
        marke.append(neu("circle", { cx: x, cy: y, r: 11, fill: "transparent" }), zeichen(r, x, y));
        marken.push({ r, p, x, y, marke });
        marke.addEventListener("focus", () => waehle(r, p));
      }
      if (zeitlich) grund.append(strich(r, zuege.voll), strich(r, zuege.luecke, "2 5"), strich(r, zuege.voraus, "6 4"));
    }
    svg.append(...marken.map((m) => m.marke));
    const wieder = gewaehlt && marken.find((m) => m.r === gewaehlt.r && m.p === gewaehlt.p);
    (wieder ?? marken[0]).marke.setAttribute("tabindex", 0);
    if (wieder) zeige(wieder); else vergiss();
  }

  // --- wählen: Schild im Bild, Zelle in der Tabelle ---
  function vergiss() {
    gewaehlt = null;
    for (const z of tafel.querySelectorAll(".bw-gewaehlt")) z.classList.remove("bw-gewaehlt");
    svg.querySelector(".bw-schild")?.remove();
  }
  function zeige(m) {
    const [, , W] = svg.getAttribute("viewBox").split(" ").map(Number);
    const worte = [`${namen[m.p.zeile]}: ${m.p.text}${erste === "%" ? " %" : ""}`, m.r.name];
    const breite = Math.min(W, Math.max(...worte.map(breite_von)) + 20);
    const x = Math.min(Math.max(0, m.x - breite / 2), W - breite), y = m.y > 70 ? m.y - 62 : m.y + 14;
    const schild = neu("g", { class: "bw-schild", "aria-hidden": "true" });
    schild.append(neu("rect", { x, y, width: breite, height: 48, rx: 3, class: "f-grund s-text", "stroke-width": 1.5 }));
    worte.forEach((w, i) => {
      const zeile = text(x + breite / 2, y + 19 + i * 20, w, "middle", "f-text");
      if (!i) zeile.setAttribute("font-weight", 600);
      schild.append(zeile);
    });
    svg.append(schild);
  }
  function waehle(r, p) {
    const m = marken.find((k) => k.r === r && k.p === p);
    if (!m || gewaehlt?.p === p) return;
    vergiss();
    gewaehlt = { r, p };
    for (const k of marken) k.marke.setAttribute("tabindex", k === m ? 0 : -1);
    zeige(m);
    p.zelle.classList.add("bw-gewaehlt");
    zeilen[p.zeile].cells[0].classList.add("bw-gewaehlt");
    const oben = p.zelle.getBoundingClientRect().top - rollbereich.getBoundingClientRect().top;
    if (rollbereich.scrollHeight > rollbereich.clientHeight) rollbereich.scrollTop += oben - rollbereich.clientHeight / 2;
  }

  svg.addEventListener("keydown", (e) => {
    const hier = marken.find((m) => m.marke === document.activeElement);
    if (!hier || e.altKey || e.ctrlKey || e.metaKey) return;
    const quer = marken.filter((m) => m.p.zeile === hier.p.zeile).sort((a, b) => a.p.wert - b.p.wert || a.r.nr - b.r.nr);
    const laengs = marken.filter((m) => m.r === hier.r);
    const [vor, zurueck, hoch, runter] = zeitlich ? ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"] : ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"];
    const ziel = {
      [vor]: laengs[laengs.indexOf(hier) + 1], [zurueck]: laengs[laengs.indexOf(hier) - 1],
      [hoch]: quer[quer.indexOf(hier) + 1], [runter]: quer[quer.indexOf(hier) - 1],
      Home: laengs[0], End: laengs.at(-1),
    };
    if (e.key === "Escape") { vergiss(); return; }
    if (!(e.key in ziel)) return;
    e.preventDefault();
    ziel[e.key]?.marke.focus();
  });
  const zeigeNahes = (e) => {
    const ab = svg.getBoundingClientRect(), masz = svg.viewBox.baseVal.width / ab.width;
    const [x, y] = [(e.clientX - ab.left) * masz, (e.clientY - ab.top) * masz];
    const nah = marken.map((m) => ({ m, weg: Math.hypot(m.x - x, m.y - y) })).sort((a, b) => a.weg - b.weg)[0];
    if (nah && nah.weg < 30) waehle(nah.m.r, nah.m.p);
  };
  svg.addEventListener("pointermove", zeigeNahes);
  svg.addEventListener("pointerdown", zeigeNahes);
  tafel.addEventListener("click", (e) => {
    const zelle = e.target.closest("td");
    for (const r of reihen) for (const p of r.punkte) if (p.zelle === zelle && r.an) waehle(r, p);
  });
  let breit = 0;
  new ResizeObserver(() => {
    if (Math.abs(bild.clientWidth - breit) < 2) return;
    breit = bild.clientWidth;
    zeichne();
  }).observe(bild);
})();
