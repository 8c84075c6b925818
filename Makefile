# make help lists what there is. Every target does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
SWIFT_FILES = Package.swift Sources Tests Fuzz

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install the system packages that building and testing need (Debian 12)
	@scripts/setup test

.PHONY: vendor
vendor: ## fetch the pinned chart library of the dashboard
	@scripts/vendor

.PHONY: build
build: ## build bhav for use (.build/release/bhav)
	@scripts/setup run
	scripts/vendor
	swift build --configuration release --product bhav

.PHONY: run
run: build ## serve the mock market; USE_MOCK_DATA=false for real sources, HOST and PORT as given
	@export USE_MOCK_DATA="$(or $(USE_MOCK_DATA),true)"
	$(if $(HOST),export HOST="$(HOST)")
	$(if $(PORT),export PORT="$(PORT)")
	exec .build/release/bhav serve

.PHONY: test
test: ## every test: Swift, the page in a browser, UDF and events in Node, the Python client (some 20 minutes after the build)
	@scripts/setup test
	scripts/vendor
	scripts/check-imports --self-test
	scripts/test

.PHONY: fault-matrix
fault-matrix: ## run every fault against live and past data (some 10 minutes) and write docs/fault-matrix.md
	@BHAV_FAULT_MATRIX="$(CURDIR)/docs/fault-matrix.md" swift test --filter 'FaultMatrixTests/all'

.PHONY: fault-soak
fault-soak: ## run random faults, clock jumps and slow viewers for MINUTES (default 60); ends with a table
	@BHAV_FAULT_SOAK_MINUTES="$(or $(MINUTES),60)" BHAV_FAULT_SOAK_VIEWERS="$(or $(VIEWERS),300)" swift test --filter 'SoakTests/soak'

.PHONY: fuzz
fuzz: ## fuzz TARGET (default all; `list` names them) with libFuzzer for SECONDS (60) each
	@scripts/fuzz "$(or $(TARGET),all)" "$(or $(SECONDS),60)"

.PHONY: sanitize
sanitize: ## run the Swift suite under a sanitizer, KIND=thread or address (hours on two cores; FILTER= for a part)
	@scripts/sanitize "$(KIND)" $(if $(FILTER),--filter "$(FILTER)")

.PHONY: python
python: ## build the wheel of the Python client into .build-python/dist (clients/python/check tests it)
	@clients/python/check --wheel-only

.PHONY: format
format: ## format the Swift files
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

.PHONY: lint
lint: ## check the format of the Swift files, the scripts' syntax and the words of texts
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	for script in scripts/setup scripts/test scripts/vendor scripts/fuzz scripts/sanitize scripts/quiet-test-output scripts/docs .ci/run clients/python/check packaging/deb packaging/test-deb; do bash -n "$$script"; done
	python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' scripts/check-imports scripts/check-clock scripts/check-words scripts/mutants packaging/man.py Tests/dashboard/*.py Benchmarks/*.py Benchmarks/*/*.py
	scripts/check-clock
	scripts/check-words
	scripts/mutants --check
	echo "lint: clean"

.PHONY: docs
docs: ## build the DocC archives of the library products into .build/docs; fails on a warning
	@scripts/docs

.PHONY: imports
imports: ## check that each room imports only what Package.swift allows, and that ARCHITECTURE.md names it
	@scripts/check-imports

.PHONY: bench
bench: ## measure beside other tools and the machine's limit (BHAV=program) and write docs/performance.md
	@[ -n "$${BHAV:-}" ] || [ -x .build/release/bhav ] || $(MAKE) build
	python3 Benchmarks/bench.py $(BENCH)

.PHONY: bench-store
bench-store: ## measure the store alone, beside Python's executemany
	cd Benchmarks && swift build -c release --product StoreBenchmark && python3 compare.py .build/release/StoreBenchmark

.PHONY: bench-memory
bench-memory: ## ten years of minutes of SYMBOLS (200) symbols, 11 GB of disk in FOLDER (/tmp): the memory it takes
	cd Benchmarks && swift build -c release --product MemoryBenchmark \
		&& .build/release/MemoryBenchmark $(or $(SYMBOLS),200) 2400 $(or $(FOLDER),/tmp)

.PHONY: mutants
mutants: ## plant mistakes one at a time and see which the tests notice (half an hour)
	@scripts/mutants

.PHONY: install
install: build ## install bhav and the dashboard under PREFIX (default /usr/local)
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/bhav"
	install -m 755 .build/release/bhav "$(DESTDIR)$(PREFIX)/bin/bhav"
	rm -rf "$(DESTDIR)$(PREFIX)/share/bhav/Dashboard"
	cp -R .build/release/bhav_MarketServer.resources/Dashboard "$(DESTDIR)$(PREFIX)/share/bhav/Dashboard"
	echo "install: $(DESTDIR)$(PREFIX)/bin/bhav"

.PHONY: deb
deb: ## build a Debian package of the program, the dashboard and the service (some 15 minutes)
	@scripts/setup run
	packaging/deb

.PHONY: test-deb
test-deb: ## install the package in a fresh Debian and run it (root, debootstrap, a mirror; not part of make test)
	@packaging/test-deb

.PHONY: clean
clean: ## remove what was built and fetched
	@rm -rf .build .build-artifacts .build-deb .build-fuzz .build-thread .build-address .build-python .build-mutants
	rm -rf Benchmarks/.build* Sources/MarketServer/Dashboard/vendor
