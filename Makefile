# Every command of the project. `make` alone lists them.
PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
ARGS   ?=
SITE   ?= redmine

# what was compiled once is not compiled again by each of the hundreds of processes that the tests start
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup fmt lint types test thorough newyear same access browser contract faults day demo demo-once bench faults-jira mutants audit trace ci clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## virtual environment with everything the commands need
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -qq --upgrade 'pip>=25.1'
	$(PY) -m pip install -qq --constraint constraints.txt --group dev --editable .
	# only for the descriptions of Jira's REST inside it; the program and what it needs stay out
	$(PY) -m pip install -qq --constraint constraints.txt --no-deps jira-as
	@touch $(STAMP)

fmt: $(STAMP) ## format and mend what can be mended
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lint: $(STAMP) ## style, layers, spelling, configuration
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/codespell
	$(VENV)/bin/yamllint --strict config .pre-commit-config.yaml
	$(PY) -m svc_plugin check --offline

types: $(STAMP) ## both type checkers, strict
	$(VENV)/bin/mypy
	$(VENV)/bin/pyright

test: $(STAMP) ## the tests that need no server (those of PostgreSQL and Redis run when SVC_TEST_* name one)
	$(PY) -m pytest -n 3 $(ARGS)

thorough: $(STAMP) ## all of what `make test` takes a part of: every row, server and example, and what takes minutes
	SVC_TEST_THOROUGH=1 $(PY) -m pytest -n 2 $(ARGS)

# whoever works in Shanghai has another day, and here another year, than UTC
newyear: $(STAMP) ## pages and commands on a coming New Year's morning: no test may hold on some days only
	SVC_TEST_MOMENT=2030-12-31T20:00:00+00:00 $(PY) -m pytest -n 3 tests/component tests/pages tests/scenarios $(ARGS)

same: $(STAMP) ## every scenario in memory, at Redmine and at Jira, in both languages: one table of who decided what
	$(PY) -m tests.scenarios.same $(ARGS)

browser: $(STAMP) ## every page in chromium: axe, keyboard alone, sideways scrolling (apt-get install chromium)
	$(PY) -m pip install -qq --constraint constraints.txt --group browser
	$(PY) -m pytest tests/pages/test_in_browser.py $(ARGS)

access: $(STAMP) ## every route, for everybody, with and without a token, for another product's things: one table
	$(PY) -m tests.pages.access_matrix

contract: $(STAMP) ## contract suite, whole story and all scenarios on a real Redmine from Debian's packages (root)
	set -e; settings="$$(tests/real/redmine.sh up)"; eval "export $$settings"; \
	  export SVC_TEST_REDMINE_URL SVC_TEST_REDMINE_ADMIN_KEY SVC_TEST_REDMINE_CONSOLE; \
	  $(PY) -m pytest tests/contract tests/e2e tests/scenarios $(ARGS)

faults: $(STAMP) ## every fault: site, database, network, killed workers, simulated days (SVC_TEST_KILL_SECONDS=600: ten minutes of kills)
	SVC_TEST_THOROUGH=1 $(PY) -m pytest tests/faults tests/component/test_engine_hints.py $(ARGS)
	$(PY) -m tests.faults.simulate --table
	$(PY) -m tests.faults.simulate --minutes 1

day: $(STAMP) ## 24 simulated hours of 10,000 events an hour, with all faults on (a quarter of an hour of one core)
	$(PY) -m tests.faults.simulate --seed 11 --day

demo: $(STAMP) ## the product on this machine with a stand-in; open it in a browser (SITE=redmine, jira or jira-dc)
	$(PY) -m svc_plugin demo --site $(SITE) $(ARGS)

demo-once: $(STAMP) ## play one whole story, write the four documents to out/, end (SITE as for demo)
	$(PY) -m svc_plugin demo --once --site $(SITE) $(ARGS)

bench: bench-receiver bench-decide bench-docgen bench-jira-sync bench-pages bench-reconcile bench-mirror bench-redmine-sync bench-redmine-answer ## all benchmarks (the last three need PostgreSQL or root: bench/README.md)

bench-%: $(STAMP) ## one benchmark: bench-receiver, -decide, -docgen, -jira-sync, -pages, -reconcile, -mirror, -redmine-sync, -redmine-answer
	$(PY) -m pip install -qq --constraint constraints.txt --group bench
	$(PY) -m bench $*

faults-jira: $(STAMP) ## what a Jira that goes wrong costs: the table of faults, at both editions (some minutes)
	$(PY) -m tests.contract.jira_faults

mutants: $(STAMP) ## small changes to the pure core: which of them do its tests not notice (an hour on an idle core)
	$(PY) -m pip install -qq --constraint constraints.txt --group mutants
	$(PY) -m bench.mutants

audit: $(STAMP) ## known vulnerabilities of the pinned dependencies (needs pypi.org itself; a mirror without its JSON fails)
	$(PY) -m pip install -qq --constraint constraints.txt --group audit
	$(VENV)/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

trace: $(STAMP) ## what keeps each clause of the process, and which tests guard it
	$(PY) -m tests.architecture.trace
	$(PY) -m svc_plugin clauses

ci: lint types test ## what must pass before anything lands

clean: ## remove what the commands made
	rm -rf $(VENV) build dist *.egg-info out var .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
