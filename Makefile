# The two commands to know: make run, make test. README.md says what they do.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: run test check static bench build assets tools lint crash fuzz e2e clean

GO ?= go
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
ASSET_SOURCES := $(shell find assets -path assets/node_modules -prune -o -path assets/dist -prune -o -type f -print)
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

# A town to look at, on http://localhost:8080.
run: bin/refettorio
	./bin/refettorio demo

# The release binary: static, stripped, without paths of the machine that built it.
build: assets
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/refettorio .

bin/refettorio: assets FORCE
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/refettorio .
FORCE:

# Styles, scripts and fonts, built from npm packages into assets/dist.
assets: assets/dist/.stamp
assets/node_modules/.stamp: assets/package.json assets/package-lock.json
	cd assets && $(NPM_CI) && touch node_modules/.stamp
assets/dist/.stamp: assets/node_modules/.stamp $(ASSET_SOURCES)
	cd assets && node build.mjs && touch dist/.stamp

# The fast part: what to run before each commit.
check: static
	$(GO) test -short ./...

static: assets
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "not gofmt'ed: $$unformatted"; exit 1; }
	$(GO) vet ./...

# Everything: static analysis, unit and model tests with the race detector, the
# crash tests, the pages in a real browser.
test: tools static lint
	$(GO) test -race -timeout 10m ./...
	$(MAKE) crash e2e

lint: assets
	$(GO) tool -modfile=tools.mod staticcheck ./...
	$(GO) mod tidy -diff

# The parts of the tests that need more than one process: kill -9 at random
# moments, then the record must hold.
crash: assets
	REFETTORIO_CRASH=$${REFETTORIO_CRASH:-12} $(GO) test -run Crash -count=1 -timeout 10m ./store/...

# The pages in Chromium: cancellation with and without script, keyboard alone,
# the kitchen's sheet, accessibility.
e2e: bin/refettorio e2e/node_modules/.stamp
	cd e2e && node --test --test-concurrency=1
e2e/node_modules/.stamp: e2e/package.json e2e/package-lock.json
	cd e2e && $(NPM_CI) && touch node_modules/.stamp

fuzz:
	@for p in canteen store intake documents; do for f in $$($(GO) test ./$$p -list '^Fuzz' | grep ^Fuzz); do \
	  $(GO) test ./$$p -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-20s} -fuzzminimizetime=1x; done; done

# Figures, as ratios to the least work on raw bbolt in the same run.
bench: assets
	$(GO) run ./bench
	$(GO) test -run "^$$" -bench "FamilyHome|APICommunications/handler" -benchmem ./handlers

# What the tests need beyond Go, Node and make, where it may be installed.
tools:
	@if [ -z "$(BROWSER)" ] || ! command -v xmllint >/dev/null || ! command -v pdftotext >/dev/null || ! command -v strace >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium libxml2-utils poppler-utils strace >/dev/null; \
	  else echo "chromium, xmllint, pdftotext or strace is missing: the tests that need it will say that they are skipped"; fi; fi

clean:
	rm -rf bin assets/dist/* assets/node_modules e2e/node_modules
