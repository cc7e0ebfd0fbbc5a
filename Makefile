# Zwei Befehle genügen: `make render` erzeugt den Berichtssatz, `make test` prüft alles.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: hilfe render test pruefen notizbuecher bench sperren sauber browser stil
.DEFAULT_GOAL := hilfe

hilfe: ## zeigt diese Übersicht
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/pip.ok: ; @$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "Berichtswerk braucht Python 3.11 bis 3.13; gefunden: " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "Die Umgebung lässt sich nicht anlegen. Auf Debian und Ubuntu hilft: apt-get install python3-venv"; exit 1; }
	@touch $@

# Die Marken halten fest, dass installiert ist; sie veralten, wenn sich die Sperrdatei ändert.
$(VENV)/laufzeit.ok: $(VENV)/pip.ok anforderungen.lock pyproject.toml
	@echo "Installiere Berichtswerk und seine gesperrten Abhängigkeiten …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r anforderungen.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.ok: $(VENV)/laufzeit.ok anforderungen-test.lock
	@echo "Installiere die Prüfwerkzeuge …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r anforderungen-test.lock
	@touch $@

render: $(VENV)/laufzeit.ok ## erzeugt alle Berichte in _site/
	@$(BIN)/berichtswerk render

test: $(VENV)/test.ok browser ## alle Prüfungen: Stil, Typen, Tests, Notizbücher, Seiten, PDF
	@$(MAKE) --no-print-directory stil
	@$(BIN)/python -m pytest
	@$(BIN)/python -m pytest --nbval -p no:cacheprovider notebooks

stil: $(VENV)/test.ok ## Ruff und mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

browser: ## holt Chromium, wo es geht (Debian mit Verwalterrechten)
	@sh tests/werkzeug/browser_holen.sh

pruefen: $(VENV)/laufzeit.ok ## prüft die Daten
	@$(BIN)/berichtswerk pruefen daten

notizbuecher: $(VENV)/laufzeit.ok ## führt notebooks/ neu aus und speichert die Ausgaben
	@$(BIN)/berichtswerk notizbuch

bench: $(VENV)/test.ok ## misst die Zeiten als Verhältnisse
	@$(BIN)/python bench/messen.py

sperren: $(VENV)/test.ok ## erneuert die Sperrdateien (braucht das Paket uv)
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra bau -o anforderungen.lock
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c anforderungen.lock --extra bau --extra test pyproject.toml -o anforderungen-test.lock

sauber: ## löscht alles Erzeugte
	@rm -rf _site .berichtswerk seiten index.qmd
