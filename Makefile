# Zwei Befehle genügen: `make render` erzeugt den Berichtssatz, `make test` prüft alles.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: hilfe umgebung pruefumgebung render test test-voll pruefen notizbuecher bench sperren sauber programme stil notizbuecher-pruefen
.DEFAULT_GOAL := hilfe

hilfe: ## zeigt diese Übersicht
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# einrichten.py merkt sich selbst, was schon installiert ist.
umgebung: ; @$(PYTHON) einrichten.py

pruefumgebung: ; @$(PYTHON) einrichten.py --pruefwerkzeuge

render: umgebung ## erzeugt alle Berichte in _site/
	@$(BIN)/berichtswerk render

test: pruefumgebung programme ## alle Prüfungen: Stil, Typen, Tests, Notizbücher, Seiten, PDF
	@$(MAKE) --no-print-directory -j2 stil notizbuecher-pruefen
	@$(BIN)/python -m pytest -n auto

test-voll: export VOLL=1
# Die langen Prüfungen im Browser stehen in einer Datei: hier teilen sich die Prozesse sie.
test-voll: export PYTEST_ADDOPTS=--dist=load
test-voll: test ## dasselbe, im Browser auch jede eigene Seite einer Abbildung und Tabelle

notizbuecher-pruefen: pruefumgebung ## die Ausgaben in notebooks/ sind, was heute entsteht
	@$(BIN)/python -m pytest --nbval -n auto --dist loadfile -p no:cacheprovider notebooks

stil: pruefumgebung ## Ruff und mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

programme: ## holt Chromium und sshd, wo es geht (Debian mit Verwalterrechten)
	@sh tests/werkzeug/programme_holen.sh

pruefen: umgebung ## prüft die Daten
	@$(BIN)/berichtswerk pruefen daten

notizbuecher: umgebung ## führt notebooks/ neu aus und speichert die Ausgaben
	@$(BIN)/berichtswerk notizbuch

bench: pruefumgebung ## misst die Zeiten als Verhältnisse
	@$(BIN)/python bench/messen.py

sperren: pruefumgebung ## erneuert die Sperrdateien (braucht das Paket uv)
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra bau -o anforderungen.lock
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c anforderungen.lock --extra bau --extra test pyproject.toml -o anforderungen-test.lock

sauber: ## löscht alles Erzeugte
	@rm -rf _site _export _quarto .berichtswerk seiten
