#!/bin/sh
# Holt die Programme, die die Prüfungen brauchen und die es nicht als Python-Paket gibt, wo das ohne Rückfrage
# geht: auf Debian mit Verwalterrechten.
set -u
PATH="$PATH:/usr/sbin:/sbin"
hat() { for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done; return 1; }
fehlende() {
  hat chromium chromium-browser google-chrome || echo chromium
  hat sshd || echo openssh-server
  hat soffice libreoffice || echo libreoffice-writer-nogui
}
pakete=$(fehlende)
[ -z "$pakete" ] && exit 0
if [ "$(id -u)" = 0 ] && hat apt-get; then
  echo "Installiere $(echo $pakete) …"
  hole() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null 2>&1; }
  apt-get update -qq >/dev/null 2>&1
  for paket in $pakete; do
    # LibreOffice ohne Empfohlenes: 200 MB statt einer halben Arbeitsumgebung
    case "$paket" in libreoffice-*) hole --no-install-recommends "$paket" ;; *) hole "$paket" ;; esac
  done
  # die Prüfungen starten ihren eigenen sshd; dieser Rechner soll dadurch keinen bekommen
  case "$pakete" in *openssh-server*) hat systemctl && systemctl disable --now ssh.service ssh.socket >/dev/null 2>&1 ;; esac
  pakete=$(fehlende)
  [ -z "$pakete" ] && exit 0
fi
echo "ACHTUNG: Es fehlt und lässt sich hier nicht installieren: $(echo $pakete)." >&2
echo "Ohne chromium laufen die Prüfungen der Seiten nicht, ohne openssh-server die von SFTP, ohne
libreoffice-writer-nogui die Rundreise durch ein Textprogramm; mit CI=true ist das ein Fehler." >&2
if [ "${CI:-}" = true ]; then exit 1; fi
exit 0
