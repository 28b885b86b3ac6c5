# 海市 Haishi. `make up` from nothing opens the demo expo; `make help` lists the rest.
# A stamp file stands for each finished step, so that a second run has nothing to do.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
BUILT := haishi/config/built
# For commands that build and check: nothing they do belongs to an installation.
BUILDER := HAISHI_HOME=$(CURDIR)/build/home $(BIN)/python

WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)
STATIC_SOURCES := $(shell find haishi -path $(BUILT) -prune -o -path '*/static/*' -type f -print)
CATALOGUES := $(wildcard haishi/*/locale/*/LC_MESSAGES/*.po)

.PHONY: help up install build develop check check-types check-rest test browser wheel clean

help:
	@echo "make up        安装、构建、启动演示展会 / install, build, open the demo expo"
	@echo "make install   只安装与构建 / install and build only"
	@echo "make check     全部静态检查 / every static check"
	@echo "make test      检查与全部测试 / checks and every test"
	@echo "make wheel     生成安装包 / build a wheel into dist/"
	@echo "make clean     删除构建产物，保留 var/ / remove what was built, keep var/"

up: install
	@exec $(BIN)/haishi up

# The two halves wait for different registries: side by side they take as long as the slower one.
install:
	@$(MAKE) -s --no-print-directory -j2 $(VENV)/.runtime web/node_modules/.installed
	@$(MAKE) -s --no-print-directory build

build: $(VENV)/.runtime $(VENV)/.translated $(BUILT)/static/.collected

$(VENV)/bin/python:
	@tools/make_venv.sh $(VENV)

# What `up` needs, and the three packages that building needs, each pinned by hash.
$(VENV)/.runtime: requirements/prod.txt requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "  · Python 依赖 · Python packages"
	@awk '/^[a-z]/ {keep = /^(babel|setuptools|wheel)==/} keep' requirements/dev.txt > $(VENV)/build.txt
	@$(PIP) install --require-hashes -r requirements/prod.txt -r $(VENV)/build.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.developer: requirements/dev.txt $(VENV)/.runtime
	@echo "  · 开发依赖 · developer packages"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

web/node_modules/.installed: web/package-lock.json
	@command -v npm >/dev/null || { echo "需要 Node 20 / Node 20 is needed: https://nodejs.org" >&2; exit 1; }
	@echo "  · 前端依赖 · front-end packages"
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT)/web/manifest.json: web/node_modules/.installed $(WEB_SOURCES)
	@echo "  · 构建前端 · build the front end"
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@

$(VENV)/.translated: $(CATALOGUES) $(VENV)/.runtime
	@$(BIN)/python tools/translations.py compile
	@touch $@

$(BUILT)/static/.collected: $(BUILT)/web/manifest.json $(STATIC_SOURCES) | $(VENV)/.runtime
	@echo "  · 收集静态文件 · collect static files"
	@$(BUILDER) -m haishi manage collectstatic --no-input --clear --verbosity 0
	@touch $@

develop: install $(VENV)/.developer

# In two halves side by side: the types take as long as everything else together.
check: develop
	@$(MAKE) --no-print-directory -j2 check-types check-rest

check-types:
	$(BUILDER) -m mypy

check-rest:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/lint-imports
	$(BUILDER) -m haishi manage makemigrations --check --dry-run
	$(BIN)/python tools/translations.py check
	$(BIN)/python tools/settings_table.py check
	$(BIN)/python -m wire.typescript check
	cd web && npm run --silent check && npm run --silent test

browser: develop
	@tools/browser.sh $(BIN)

# pytest comes last, so that its closing line is the last line.
test: develop
	@$(MAKE) --no-print-directory -j3 browser check-types check-rest
	$(BIN)/pytest -n 2

wheel: develop
	@rm -rf build/lib dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist
	@ls dist

clean:
	rm -rf build dist $(BUILT) $(VENV)/.translated *.egg-info
	find haishi -name '*.mo' -delete
