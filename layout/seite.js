// Ohne dieses Skript geht alles: das aufgeklappte Inhaltsverzeichnis bleibt dann nach der Wahl offen, bis man es zuklappt,
// und ältere Browser springen nicht in Zugeklapptes.
for (const liste of document.querySelectorAll('.bw-gliederung-schmal details')) {
  liste.addEventListener('click', (e) => { if (e.target.closest('a')) liste.open = false; });
  liste.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    liste.open = false;
    liste.querySelector('summary').focus();
  });
}
function klappeAuf() {
  const ziel = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const klappe = ziel?.closest('details:not([open])');
  if (!klappe) return;
  klappe.open = true;
  ziel.scrollIntoView();
}
addEventListener('hashchange', klappeAuf);
klappeAuf();
