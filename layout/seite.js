// Schließt das aufgeklappte Inhaltsverzeichnis nach der Wahl und mit Escape. Ohne Skript bleibt es offen, bis man es zuklappt.
for (const liste of document.querySelectorAll('.bw-gliederung-schmal details')) {
  liste.addEventListener('click', (e) => { if (e.target.closest('a')) liste.open = false; });
  liste.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    liste.open = false;
    liste.querySelector('summary').focus();
  });
}
