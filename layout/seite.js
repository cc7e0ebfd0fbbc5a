// Ohne dieses Skript geht alles: das aufgeklappte Inhaltsverzeichnis bleibt dann nach der Wahl offen, bis man es zuklappt,
// die Kapitel stehen auch auf dem Telefon alle da, und ältere Browser springen nicht in Zugeklapptes.
for (const liste of document.querySelectorAll('.bw-gliederung-schmal details')) {
  liste.addEventListener('click', (e) => { if (e.target.closest('a')) liste.open = false; });
  liste.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    liste.open = false;
    liste.querySelector('summary').focus();
  });
}

// Auf dem Telefon steht von jedem Kapitel zuerst nur sein Anfang da; die Suche im Browser findet auch den Rest.
// Welche offen sind, merkt sich der Eintrag im Verlauf: wer zurückkommt, findet sie wieder so.
const schmal = matchMedia('screen and (max-width: 59.99em)');
const kapitel = [];
const KURZ = 10000; // so viele Pixel lang darf eine Seite ganz dastehen, etwa ein Steckbrief
function falteKapitel() {
  if (document.documentElement.scrollHeight < KURZ) return;
  const offene = history.state?.offen ?? [];
  for (const abschnitt of document.querySelectorAll('.bw-bericht .bw-text > section:not(:first-of-type)')) {
    const titel = abschnitt.querySelector('h2');
    const kopf = abschnitt.querySelector(':scope > .bw-auftakt') ?? titel;
    const rest = [...abschnitt.children].slice([...abschnitt.children].indexOf(kopf) + 1);
    if (!kopf || !rest.length) continue;
    const klappe = document.createElement('details');
    const griff = document.createElement('summary');
    const leise = document.createElement('span');
    klappe.className = 'bw-kapitel';
    klappe.open = offene.includes(abschnitt.id);
    leise.className = 'bw-vorlesen';
    leise.textContent = `: ${titel.textContent.trim()}`;
    griff.append('Kapitel lesen', leise);
    klappe.append(griff, ...rest);
    abschnitt.append(klappe);
    kapitel.push(klappe);
  }
}
// Vier Spalten aus Worten stehen dort Fach unter Fach, wie die Tabellen der Notizbücher aus Sätzen.
const ROLLEN = { thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', 'thead th': 'columnheader', 'tbody th': 'rowheader', td: 'cell' };
function stelleUntereinander() {
  for (const tafel of document.querySelectorAll('.bw-rollbereich > table:not(.bw-tabelle)')) {
    const koepfe = tafel.tHead?.rows.length === 1 ? [...tafel.tHead.rows[0].cells] : [];
    if (koepfe.length < 4 || tafel.querySelector('.zahl, [colspan], [rowspan], [align=right], [style*=right]')) continue;
    tafel.classList.add('bw-saetze');
    tafel.setAttribute('role', 'table');
    for (const [art, rolle] of Object.entries(ROLLEN)) for (const e of tafel.querySelectorAll(art)) e.setAttribute('role', rolle);
    for (const fach of tafel.querySelectorAll('td')) fach.dataset.kopf = koepfe[fach.cellIndex].textContent.trim();
  }
}
function oeffneAlle() { for (const klappe of kapitel) klappe.open = true; }
if (schmal.matches) { stelleUntereinander(); falteKapitel(); }
schmal.addEventListener('change', () => { if (!schmal.matches) oeffneAlle(); });
addEventListener('beforeprint', oeffneAlle);
addEventListener('pagehide', () => {
  const offen = kapitel.filter((k) => k.open).map((k) => k.parentElement.id);
  if (kapitel.length) history.replaceState({ ...history.state, offen }, '');
});

// Trennstellen in langen Wörtern sieht man nicht; kopiert in eine Mappe fände man das Wort damit nicht wieder.
addEventListener('copy', (e) => {
  const text = String(getSelection());
  if (!text.includes('\u00ad')) return;
  const auswahl = document.createElement('div');
  auswahl.append(getSelection().getRangeAt(0).cloneContents());
  e.clipboardData.setData('text/plain', text.replaceAll('\u00ad', ''));
  e.clipboardData.setData('text/html', auswahl.innerHTML.replaceAll('\u00ad', ''));
  e.preventDefault();
});

function klappeAuf() {
  const ziel = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!ziel) return;
  const zu = [];
  for (let k = ziel.closest('details'); k; k = k.parentElement.closest('details')) if (!k.open) zu.push(k);
  zu.push(...ziel.querySelectorAll(':scope > .bw-kapitel:not([open])'));
  for (const klappe of zu) klappe.open = true;
  if (zu.length) ziel.scrollIntoView();
}
addEventListener('hashchange', klappeAuf);
klappeAuf();

// Eine Tabelle, die nach rechts noch weitergeht, zeigt es am Rand.
const zeigeRand = (bereich) => bereich.classList.toggle('bw-rollt', bereich.scrollLeft + bereich.clientWidth < bereich.scrollWidth - 2);
const beobachter = new ResizeObserver((alle) => { for (const { target } of alle) zeigeRand(target); });
for (const bereich of document.querySelectorAll('.bw-rollbereich')) {
  beobachter.observe(bereich);
  bereich.addEventListener('scroll', () => zeigeRand(bereich), { passive: true });
}
