# Everything below stays inside this folder: environments in .venv*, the rest in build/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; `make PYTHON=/path/to/python test` names another.
PYTHON ?= $(firstword $(foreach python,python3.11 python3 python3.12 python3.13,$(shell \
	$(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))

BUILD := $(CURDIR)/build
export IPYTHONDIR := $(BUILD)/ipython
export JUPYTER_CONFIG_DIR := $(BUILD)/jupyter/config
export JUPYTER_DATA_DIR := $(BUILD)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(BUILD)/jupyter/runtime
export MPLCONFIGDIR := $(BUILD)/matplotlib
unexport PYTHONDONTWRITEBYTECODE # many kernels start, and need not compile the package

NOTEBOOK := 01_quickstart
NBCONVERT := .venv/bin/python -m nbconvert --log-level=ERROR

.PHONY: help demo notebooks lab test test-browser test-pandas2 test-pandas3 chromium lint bench fidelity clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: .venv/ready | $(BUILD) ## run the first notebook, print what it shows, render it to build/
	@env -u ANTHROPIC_API_KEY -u ANTHROPIC_AUTH_TOKEN $(NBCONVERT) --execute --to notebook \
		--ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--output-dir $(BUILD) notebooks/$(NOTEBOOK).ipynb
	@$(NBCONVERT) --to html $(BUILD)/$(NOTEBOOK).ipynb
	@$(NBCONVERT) --to markdown --stdout --NbConvertBase.display_data_priority=text/plain \
		--TemplateExporter.exclude_input=True --TemplateExporter.exclude_markdown=True \
		$(BUILD)/$(NOTEBOOK).ipynb | cat -s
	@echo 'Rendered, with plots: build/$(NOTEBOOK).html'
	@echo 'To try it in JupyterLab: make lab'

notebooks: .venv/ready | $(BUILD) ## run the notebooks again, in place, and keep what they show
	@$(NBCONVERT) --execute --inplace --to notebook --ExecutePreprocessor.store_widget_state=False \
		--ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--ClearMetadataPreprocessor.enabled=True \
		--ClearMetadataPreprocessor.preserve_nb_metadata_mask='{("kernelspec",),("language_info","name")}' \
		notebooks/*.ipynb

lab: .venv/ready | $(BUILD) ## open the first notebook in JupyterLab
	.venv/bin/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/$(NOTEBOOK).ipynb

test: lint .venv-pandas3/ready chromium | $(BUILD) ## style, types, and all tests on pandas 2.2 and 3
	@$(MAKE) -j2 --output-sync=target test-pandas2 test-browser test-pandas3 # a browser mostly waits

# There are as many processes as cores already.
test-%: export OMP_NUM_THREADS := 1
test-%: export OPENBLAS_NUM_THREADS := 1

test-pandas2: .venv/ready | $(BUILD)
	.venv/bin/python -m pytest -n logical --ignore=tests/browser

test-pandas3: .venv-pandas3/ready | $(BUILD)
	.venv-pandas3/bin/python -m pytest -m 'not once' --ignore=tests/browser

test-browser: .venv/ready chromium | $(BUILD)
	.venv/bin/python -m pytest tests/browser

chromium: # for tests/browser, which look for it under the same names
	@command -v chromium chromium-browser google-chrome >/dev/null || { $(INSTALL_CHROMIUM); }

lint: .venv/ready ## style and types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

bench: .venv-bench/ready | $(BUILD) ## speed and memory, beside NumPy and SDV
	.venv-bench/bin/python -m pytest -s -W default tests/benchmarks/bench_*.py

fidelity: .venv-bench/ready | $(BUILD) ## beside real cohorts and trained generators: COHORTS=folder
	@$(if $(COHORTS),,echo 'Name a folder of real cohorts: make fidelity COHORTS=path' \
		'[ANSWERS=folder] [ENGINE=offline] [ONLY=cohort] [PAPER=1]' >&2; exit 1)
	@.venv-bench/bin/python -m tests.benchmarks.fidelity --cohorts '$(COHORTS)' \
		$(foreach answers,$(ANSWERS),--answers '$(answers)') $(if $(ENGINE),--engine '$(ENGINE)') \
		$(if $(ONLY),--only $(foreach cohort,$(ONLY),'$(cohort)')) $(if $(PAPER),--paper)
	@echo 'Also in build/fidelity.md; plots: build/fidelity/*.png' >&2

clean: ## remove what make made, the environments too
	rm -rf .venv .venv-pandas3 .venv-bench build .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BUILD):
	@mkdir -p $@

# An environment is made once, and brought up to date when pyproject.toml changes.
# SDMetrics takes no pandas 3; the widgets of the first are Binder's.
.venv/ready: INSTALL := -e '.[browser,evaluate,lab,parquet,test]' 'pandas==2.2.*' ipywidgets==8.1.7
.venv-pandas3/ready: INSTALL := -e '.[parquet,test]' 'pandas>=3'
.venv-bench/ready: INSTALL := -e '.[baselines,evaluate,parquet,test]'

ENVIRONMENTS := .venv .venv-pandas3 .venv-bench
$(ENVIRONMENTS:=/ready): pyproject.toml
	@$(if $(PYTHON),,echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python' >&2; exit 1)
	@echo 'Installing into $(@D): this takes a minute or two.'
	@$(PYTHON) -m venv $(@D) || { $(INSTALL_VENV) && $(PYTHON) -m venv --clear $(@D); }
	@$(@D)/bin/python -m pip install -qq $(INSTALL)
	@touch $@

# Debian's bare Python comes without venv.
INSTALL_VENV = $(APT_INSTALL) python3-venv
INSTALL_CHROMIUM = $(if $(filter 0,$(shell id -u)),echo 'Installing Chromium.'; $(APT_INSTALL) chromium, \
	echo 'The tests need Chromium: sudo apt-get install chromium' >&2; exit 1)
APT_INSTALL = apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y
