# The commands of Relevo. Each sets up what it needs in .venv first, once.
#   make run PYTHON=python3.12    uses that Python instead of the first suitable one
#   make test ARGS="-k spiral"    hands ARGS on to the program, to pytest or to the benchmarks

PYTHON ?=
ARGS ?=
export PYTHON

SET_UP = @sh packaging/set_up.sh
IN_VENV = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test bench bench-start bench-window bench-user bench-controls package try-package check lint types imports lock screenshots translations clean clean-all

help:
	@echo "make run       open the window (without a display: train the default example into relevo-out/)"
	@echo "make test      run the tests"
	@echo "make bench     run the same work by Relevo and by its peers, and print the times"
	@echo "make package   put the program into dist/relevo/, where it runs without Python"
	@echo "make try-package  start what is there as users will: new home, odd path, damaged cache"
	@echo "make bench-window  frames, gaps and speed of the window while it trains"
	@echo "make bench-user  10,000 random events of mouse and keys while it trains, and what is left of them"
	@echo "make bench-controls  how soon every control of the window answers while it trains, the slowest first"
	@echo "make bench-start  how long it takes to a window and to a trained epoch, packaged and from source"
	@echo "make check     lint, types and imports together"
	@echo "make lint      ruff, and the requirements against their locks"
	@echo "make types     mypy"
	@echo "make imports   who may import whom (import-linter)"
	@echo "make lock      write the locked requirements anew (UPGRADE=--upgrade for the newest versions)"
	@echo "make screenshots  draw the pictures of the read-me and of docs/ (ARGS=states: every state, into build/)"
	@echo "make translations  write .ts files for Qt Linguist (ARGS=\"read FILE.ts\": back into the tables)"
	@echo "make clean     remove caches and built files (clean-all: .venv too)"

run:
	$(SET_UP) run
	@$(IN_VENV) main.py $(ARGS)

test:
	$(SET_UP) test
	$(IN_VENV) -m pytest $(ARGS)

bench:
	$(SET_UP) bench
	$(IN_VENV) -m benchmarks $(ARGS)

bench-window:
	$(SET_UP) test
	$(IN_VENV) -m benchmarks.window $(ARGS)

bench-user:
	$(SET_UP) test
	$(IN_VENV) -m benchmarks.user --events 10000 $(ARGS)

bench-controls:
	$(SET_UP) test
	$(IN_VENV) -m benchmarks.controls $(ARGS)

bench-start:
	$(SET_UP) package
	$(IN_VENV) -m benchmarks.start $(ARGS)

package:
	$(SET_UP) package
	$(IN_VENV) -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/package packaging/relevo.spec

try-package:
	$(SET_UP) package
	$(IN_VENV) packaging/try_package.py

check: lint types imports

lint:
	$(SET_UP) test
	$(IN_VENV) -m ruff check .
	$(IN_VENV) packaging/check_requirements.py

types:
	$(SET_UP) test
	$(IN_VENV) -m mypy

imports:
	$(SET_UP) test
	$(IN_VENV) .venv/bin/lint-imports --no-logo

# The locking tool lives in an environment of its own: it is not part of what it locks.
LOCK = ../../build/lock/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url $(UPGRADE)

lock:
	$(SET_UP) run
	$(IN_VENV) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	cd packaging/requirements && $(LOCK) run.in -o run.txt
	cd packaging/requirements && $(LOCK) test.in -o test.txt
	cd packaging/requirements && $(LOCK) bench.in -o bench.txt
	cd packaging/requirements && $(LOCK) package.in -o package.txt
	$(IN_VENV) packaging/check_requirements.py

screenshots:
	$(SET_UP) run
	$(IN_VENV) -m docs.pictures $(ARGS)

translations:
	$(SET_UP) run
	@$(IN_VENV) -m gui.linguist $(or $(ARGS),write)

clean:
	rm -rf build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

clean-all: clean
	rm -rf .venv
