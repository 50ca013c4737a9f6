# make serve   start Touchstone on http://127.0.0.1:8000 (sets everything up the first time)
# make test    every check and test (sets everything up the first time)
# make lint    style, types and layers only
# make bench   the benchmarks, as JSON
# make scale   docs/scale.md measured anew: a quarter of an hour, on a quiet machine with 24 GB
# make attacks every attack on the walls, as root and as an ordinary user; writes docs/attacks.md (takes many minutes)
# make forgeries  every forged notebook in our grader and in one without walls; writes docs/forgeries.md (some minutes)
# make gate    every bundled exercise through the quality gate
# make editor  rebuild the notebook editor's bundle (needs Node.js; nothing else does)

PYTHON ?= python3
RUN := .venv/bin
TOUCHSTONE_DATA ?= $(CURDIR)/.data
export TOUCHSTONE_DATA
export UV_PROJECT_ENVIRONMENT = .venv
export UV_NO_PROGRESS = 1

.PHONY: serve test lint bench scale attacks forgeries gate editor clean

serve: .venv/server.stamp .venv-candidate/candidate.stamp
	@exec $(RUN)/touchstone serve

test: lint .venv-candidate/candidate.stamp
	@sh tests/install-package chromium chromium "browser tests"
	@sh tests/install-package uidmap newuidmap "tests of users lent to an ordinary user"
	$(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/tests.stamp
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports

bench: .venv/tests.stamp .venv-candidate/candidate.stamp
	$(RUN)/touchstone bench kernels --json
	$(RUN)/touchstone bench grading --json
	$(RUN)/touchstone bench pages --json
	$(RUN)/touchstone bench board --json
	$(RUN)/touchstone bench load --json
	@sh tests/install-package chromium chromium "browser tests"
	$(RUN)/python -m tests.browser.round_trip

scale: .venv/tests.stamp .venv-candidate/candidate.stamp
	$(RUN)/touchstone bench grow --into docs/scale.md

attacks: .venv/tests.stamp .venv-candidate/candidate.stamp
	$(RUN)/python -m tests.attacks.report --write docs/attacks.md

forgeries: .venv/tests.stamp .venv-candidate/candidate.stamp
	$(RUN)/python -m tests.attacks.grading.report --write docs/forgeries.md

gate: .venv/server.stamp .venv-candidate/candidate.stamp
	$(RUN)/touchstone exercises check

editor:
	cd editor && npm ci && npm run build

clean:
	rm -rf .venv .venv-candidate .data .pytest_cache .mypy_cache .ruff_cache

.venv/bin/uv:
	@echo "Touchstone: making the server's environment in .venv"
	@$(PYTHON) -m venv .venv || { echo "Touchstone needs Python's venv module. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/server.stamp: pyproject.toml uv.lock | .venv/bin/uv
	@echo "Touchstone: installing what the server needs"
	@$(RUN)/python -m uv sync --frozen --no-dev --inexact --extra postgres --quiet
	@touch $@

.venv/tests.stamp: pyproject.toml uv.lock | .venv/bin/uv
	@echo "Touchstone: installing what the server and its tests need"
	@$(RUN)/python -m uv sync --frozen --inexact --extra postgres --quiet
	@touch $@ .venv/server.stamp

.venv-candidate/candidate.stamp: sandbox/inside/requirements.txt .venv/server.stamp
	@echo "Touchstone: making the candidates' environment in .venv-candidate (NumPy, pandas, SciPy, scikit-learn, Matplotlib)"
	@$(RUN)/touchstone sandbox install --into .venv-candidate
	@touch $@
