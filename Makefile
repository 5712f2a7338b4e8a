# meshweft: `make help` lists what there is. Every target that builds installs what is missing first.

SHELL := /bin/bash
SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# More flags for every build, as in `make test SWIFTFLAGS=--disable-automatic-resolution`.
SWIFTFLAGS ?=

bindir = $(DESTDIR)$(PREFIX)/bin
mandir = $(DESTDIR)$(PREFIX)/share/man/man1
bashdir = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
fishdir = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

binary = .build/release/meshweft
manual = docs/man/meshweft.1
# SQLite, zlib and the C++ library are linked in, too: the program is faster by it, and needs nothing but the C library.
archives = $(CURDIR)/.build/static-libraries
# At a fixed address the loader has no 94 000 pointers to adjust, half of the pages that a short command touches: `--version`
# takes 0.75 of the time. The heap, the stack and the C library are still where the kernel puts them.
fixed_address = $(if $(filter Linux,$(shell uname -s)),-Xlinker -no-pie)
# Without a run path the loader does not look for system libraries beside the binary first, in twenty places.
# One set of flags for all release builds: other flags would build everything anew.
release_flags = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -L$(archives) $(fixed_address) $(SWIFTFLAGS)
swift_sources = $(wildcard Package.swift Sources Tests Benchmarks Queries Fuzzing)

.DEFAULT_GOAL := help
.PHONY: demo test test-browser release bench bench-density bench-reports bench-compare torture torture-growth torture-collect fuzz sanitize coverage score \
  score-floors score-findings calibrate fmt lint man install uninstall clean setup help

demo: release ## build, ingest SampleLogs/ into a scratch database, show the reports
	@scripts/demo $(binary)

test: setup ## run the tests, with the SQLite that a release has
	@scripts/static-libraries "$(archives)"
	@# The package manager does not look at archives.
	@[[ ! "$(archives)/libsqlite3.a" -nt .build/debug/meshweft ]] || rm -f .build/debug/meshweft \
	  .build/debug/meshweftPackageTests.xctest
	$(SWIFT) test -Xlinker -L$(archives) $(SWIFTFLAGS)

release: setup ## build .build/release/meshweft with the Swift runtime and SQLite inside
	@scripts/static-libraries "$(archives)"
	@# The package manager does not look at archives.
	@[[ ! "$(archives)/libsqlite3.a" -nt $(binary) ]] || rm -f $(binary) $(binary)-bench
	$(SWIFT) build $(release_flags) --product meshweft

test-browser: release ## check the report's page in a headless Chromium
	@scripts/browser-test $(binary)

bench: release ## measure speed beside plain reading and plain SQLite (LINES=1000000 ROUNDS=3), correlation alone (HOPS="…"), following a stream
	$(SWIFT) build $(release_flags) --product meshweft-bench
	@Benchmarks/run
	@Benchmarks/correlation
	@scripts/setup python3
	@Benchmarks/follow

bench-density: release ## measure the whole job and its outputs from 250 to 100 000 hops a second (LINES=500000 ROUNDS=3 SHAPE="--depth 1")
	$(SWIFT) build $(release_flags) --product meshweft-bench
	@Benchmarks/density

bench-reports: release ## measure every report as a cold process (LINES=1000000 GROWTH=10 ROUNDS=5)
	$(SWIFT) build $(release_flags) --product meshweft-bench
	@Benchmarks/reports

bench-compare: release ## measure the whole job beside DuckDB and others (ARGS='--lines 1000000 --rounds 5')
	$(SWIFT) build $(release_flags) --product meshweft-bench
	@scripts/setup python3 jq lnav goaccess sqlite3
	@Benchmarks/compare/run $(ARGS)

torture: release ## break it at its system calls, flip bytes of databases, feed it bombs (ARGS='--points 0' for all points)
	@scripts/setup strace python3
	@scripts/torture $(ARGS) $(binary)
	@scripts/damage $(binary)
	@scripts/damage --quick --flips 3 --seeds 500 $(binary)
	@scripts/bombs --gigabytes 0.5 $(binary)

torture-growth: release ## run every command over hostile shapes at n, 2n, 4n, 8n: how costs grow (ARGS='--quick')
	@scripts/setup python3
	@scripts/torture-growth $(ARGS) $(binary)

torture-collect: release ## fetch 200 MB of logs through kubectl from stand-ins of two clusters (ARGS='--megabytes 1000')
	@scripts/setup python3 kubernetes-client:kubectl
	@scripts/collect-volume $(ARGS) $(binary)

fuzz: setup ## run the libFuzzer targets, one after the other (SECONDS_EACH=60)
	@scripts/setup python3
	@Fuzzing/run $(or $(SECONDS_EACH),60)

sanitize: setup ## run the tests with the address, thread and undefined-behaviour sanitizers (ARGS='address')
	@scripts/sanitize $(ARGS)

coverage: setup ## run the tests and say which lines they leave out
	@scripts/coverage

score: release ## score the traces of all log sets against their truth
	@scripts/setup python3
	@scripts/score-all

score-findings: release ## score conclusions over situations made for it (ARGS="--seeds 20 --floors --verbose")
	@scripts/setup python3
	@scripts/score-findings $(ARGS)

score-floors: release ## fail where a score fell below its floor (ARGS=--all for all log sets)
	@scripts/setup python3
	@scripts/score-floors $(ARGS)

calibrate: release ## how right confidences are, and the calibration they should have (ARGS=--write to adopt it)
	@scripts/setup python3
	@scripts/calibrate $(ARGS)

fmt: ## format the sources in place
	$(SWIFT) format --in-place --parallel --recursive $(swift_sources)

lint: ## check the sources' style and layout
	$(SWIFT) format lint --strict --parallel --recursive $(swift_sources)
	@scripts/setup python3
	@scripts/tidy

man: release ## make the manual page and docs/reference/commands.md anew from the commands' own help
	@scripts/setup python3
	@scripts/make-manual $(binary)

install: release ## install below $(DESTDIR)$(PREFIX), /usr/local unless set
	install -d "$(bindir)" "$(mandir)" "$(bashdir)" "$(zshdir)" "$(fishdir)"
	install -m 755 $(binary) "$(bindir)/meshweft"
	install -m 644 $(manual) "$(mandir)/meshweft.1"
	$(binary) --generate-completion-script bash >"$(bashdir)/meshweft"
	$(binary) --generate-completion-script zsh >"$(zshdir)/_meshweft"
	$(binary) --generate-completion-script fish >"$(fishdir)/meshweft.fish"

uninstall: ## remove what install put there
	rm -f "$(bindir)/meshweft" "$(mandir)/meshweft.1" \
	  "$(bashdir)/meshweft" "$(zshdir)/_meshweft" "$(fishdir)/meshweft.fish"

clean: ## remove what was built
	$(SWIFT) package clean
	rm -rf .build-*

setup:
	@scripts/setup

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name what; do \
	  printf '  make %-14s %s\n' "$$name" "$$what"; done
