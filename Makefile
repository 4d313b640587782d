# All that one needs to build, run and test keepd; `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: build run release install uninstall deb try-deb test lint format sim reexec mutations docs \
	measure bench-check bench-reactor bench-logs bench-peers bench-growth soak-logs fuzz chaos \
	security sanitize tidy clean help

# --- Using it

build: ## build for debugging (the default)
	@scripts/setup
	swift build

# `exec`, so that signals and the exit status pass between make and keepd with nothing in between;
# `env -u`, so that make's own variables do not reach every program that keepd starts.
run: ## build a release and run config/demo.json in the foreground, until Ctrl-C
	@scripts/setup
	swift build -c release --static-swift-stdlib
	@exec env -u MAKEFLAGS -u MAKELEVEL -u MAKE_TERMERR -u MAKE_TERMOUT -u MFLAGS \
		.build/release/keepd --config config/demo.json

# --- Installing it; with PREFIX=/usr/local and DESTDIR= (a root to put it into)

# Where the programs are that are installed.
BUILD ?= .build/release

release: ## build what is installed
	@scripts/setup release
	swift build -c release --static-swift-stdlib

# By root, who may have no Swift: so it does not look whether the release is the newest.
install: | $(BUILD)/keepd ## install programs, manual pages, completions, units and schema
	@scripts/install $(BUILD)

uninstall: ## remove what was installed
	@scripts/install --remove

deb: | $(BUILD)/keepd ## make a Debian package, in .build/deb
	@scripts/setup deb
	@scripts/deb $(BUILD) .build/deb

try-deb: ## install a package of the newest release in a fresh Debian 12; needs root
	@$(MAKE) --silent release
	@$(MAKE) --silent deb
	@scripts/try-deb .build/deb/keepd_*.deb

$(BUILD)/keepd:
	@$(MAKE) --silent release

export PREFIX DESTDIR

# --- Working on it

test: ## build and run all tests
	@scripts/setup test
	swift build --build-tests
	swift test --skip-build --disable-xctest

lint: ## complain about what `make format` would change
	@swift format lint --strict --parallel --recursive Sources Tests Snippets Benchmarks Package.swift

format: ## put all Swift files into the common form
	@swift format --in-place --parallel --recursive Sources Tests Snippets Benchmarks Package.swift

# A release of its own, for it is to be fast and yet to be tested.
RELEASED_TESTS := -c release --scratch-path .build/sim -Xswiftc -enable-testing --disable-xctest

sim: ## simulate worlds: SEED=the one to replay, SEEDS=how many, STEPS=how long
	@scripts/setup test
	@swift build --quiet --build-tests -c release --scratch-path .build/sim -Xswiftc -enable-testing
	@$(if $(SEED),KEEPD_SIM_SEED=$(SEED)) $(if $(SEEDS),KEEPD_SIM_SEEDS=$(SEEDS)) \
		$(if $(STEPS),KEEPD_SIM_STEPS=$(STEPS)) \
		swift test --skip-build $(RELEASED_TESTS) --filter \
		'SimulationTests/$(if $(SEEDS),.supervision.keeps.its.promises.for.long,.supervision.keeps.its.promises.in.any)'

reexec: ## have keepd execute itself COUNT=100 times in a row under load
	@scripts/setup test
	swift build -c release --static-swift-stdlib
	swift build --build-tests
	@KEEPD_BUILD=$(CURDIR)/.build/release KEEPD_REEXECS=$(or $(COUNT),100) \
		swift test --skip-build --disable-xctest --filter ReexecLogTests/fifty

mutations: ## break the rules of supervision one at a time, and see that the tests notice
	@scripts/setup test
	@python3 Tests/Mutations/mutations.py $(WORDS)

FUZZ := $(or $(TARGETS),calls lines rotation configuration)

fuzz: export KEEPD_FUZZ := 1
fuzz: ## give parsers what nobody thought of: RUNS=1000000 for each of TARGETS="calls lines …"
	@scripts/setup test
	swift build -c release --product fuzz --sanitize=fuzzer --scratch-path .build/fuzz
	@set -e; for target in $(FUZZ); do \
		mkdir -p .build/fuzz/corpus/$$target; \
		KEEPD_FUZZ_TARGET=$$target .build/fuzz/release/fuzz -runs=$(or $(RUNS),1000000) \
			-max_len=2048 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 \
			.build/fuzz/corpus/$$target Tests/Fuzz/corpus/$$target; \
	done

sanitize: export KEEPD_REACTOR_ONLY := 1
sanitize: ## run the tests of Reactor and LinuxSystem under ThreadSanitizer, then AddressSanitizer
	@scripts/setup test
	@$(MAKE) --silent sanitize-thread sanitize-address

sanitize-%:
	swift build --build-tests --sanitize=$* --scratch-path .build/$*
	TSAN_OPTIONS=suppressions=Tests/ReactorTests/thread.supp:halt_on_error=0:exitcode=66 \
	ASAN_OPTIONS=detect_leaks=0 \
		swift test --skip-build --disable-xctest --sanitize=$* --scratch-path .build/$* \
		--filter 'ReactorTests|LinuxSystemTests'

docs: ## write docs/state-machine.md anew
	@KEEPD_WRITE_DOCS=1 swift test --disable-xctest --filter StateMachineDocument

measure: ## measure what the README promises; WORKS="polling peers" for a part of it
	@scripts/setup test
	@scripts/setup bench-logs
	swift build -c release --static-swift-stdlib
	@python3 Benchmarks/measure.py $(WORKS)

COUNTED := keepd keepctl loopwork

# Stripped, for valgrind gives up at what Swift says of its lines.
bench-check: ## compare instructions with what is kept; KEEP=1 to keep what is counted now
	@scripts/setup bench-check
	swift build -c release --static-swift-stdlib
	@mkdir -p .build/check
	@for program in $(COUNTED); do strip -o .build/check/$$program .build/release/$$program; done
	@cc -O2 -Wall -Wextra -shared -fPIC -o .build/check/valgrind.so Benchmarks/check/valgrind.c
	@KEEPD_BUILD=$(CURDIR)/.build/check python3 Benchmarks/check/check.py $(if $(KEEP),--keep)

bench-reactor: ## measure Reactor beside other event loops; SCALE=0.1 ROUNDS=1 for a quick look
	@scripts/setup bench
	@$(MAKE) --silent $(addprefix .build/bench/,bench_bare bench_libuv flood count_malloc.so)
	@touch Benchmarks/reactor/swift/Package.swift # or new files of Reactor are not seen
	swift build -c release --static-swift-stdlib --package-path Benchmarks/reactor/swift \
		--scratch-path .build/bench-swift
	@python3 Benchmarks/reactor/run.py $(if $(JSON),--json $(JSON)) $(WORKS)

bench-logs: ## measure the way of logs beside others; SCALE=0.1 ROUNDS=1 for a quick look
	@scripts/setup bench-logs
	@mkdir -p .build/bench
	cc -O2 -Wall -Wextra -o .build/bench/logs Benchmarks/logs/logs.c
	swift build -c release --static-swift-stdlib
	@python3 Benchmarks/logs/run.py .build/bench/logs .build/release/keepd .build/release/keepctl \
		$(WORKS)

bench-peers: ## measure keepd beside other supervisors; ROUNDS=1 PEERS=keepd,s6 for a quick look
	@scripts/setup bench-peers
	@$(MAKE) --silent $(addprefix .build/bench/,child reference)
	swift build -c release --static-swift-stdlib
	@python3 Benchmarks/peers/run.py .build/bench/child --rounds $(or $(ROUNDS),5) \
		--peers '$(PEERS)' --scenarios '$(SCENARIOS)' $(if $(JSON),--json $(JSON))

bench-growth: ## measure keepd with ever more programs, and plot it to SVG=.build/growth.svg
	@scripts/setup bench-peers
	@$(MAKE) --silent .build/bench/child
	swift build -c release --static-swift-stdlib
	@python3 Benchmarks/peers/growth.py .build/bench/child --svg $(or $(SVG),.build/growth.svg) \
		$(if $(COUNTS),--counts $(COUNTS))

.build/bench/%: Benchmarks/peers/%.c
	@mkdir -p $(@D)
	cc -O2 -Wall -Wextra -static -o $@ $<

soak-logs: ## have 50 programs log for MINUTES=30 and account for every line; needs root
	@scripts/setup bench-logs
	@mkdir -p .build/bench
	cc -O2 -Wall -Wextra -o .build/bench/logs Benchmarks/logs/logs.c
	swift build -c release --static-swift-stdlib
	@MINUTES=$(or $(MINUTES),30) python3 Benchmarks/logs/soak.py .build/bench/logs \
		.build/release/keepd .build/release/keepctl

chaos: ## make trouble for 100 programs and keepd; MINUTES=1 SEED= CHAOS=kill,reload,…; needs root
	@scripts/setup bench-logs
	@mkdir -p .build/chaos
	cc -O2 -Wall -Wextra -o .build/chaos/victim Tests/Chaos/victim.c
	swift build -c release --static-swift-stdlib
	@MINUTES=$(MINUTES) SEED=$(SEED) CHAOS=$(CHAOS) PROGRAMS=$(PROGRAMS) python3 \
		Tests/Chaos/chaos.py .build/chaos/victim .build/release/keepd .build/release/keepctl

security: ## print what systemd thinks of the exposure of keepd.service, and of it hardened
	@mkdir -p .build/hardened
	@cat systemd/keepd.service systemd/keepd.service.d/hardened.conf.example \
		> .build/hardened/keepd.service
	@for unit in systemd .build/hardened; do \
		systemd-analyze security --offline=yes --no-pager $$unit/keepd.service; \
	done

.build/bench/%: Benchmarks/reactor/c/%.c Benchmarks/reactor/c/bench.h
	@mkdir -p $(@D)
	cc -O2 -Wall -Wextra -o $@ $< $(if $(findstring libuv,$@),$$(pkg-config --cflags --libs libuv))

.build/bench/%.so: Benchmarks/reactor/c/%.c
	@mkdir -p $(@D)
	cc -O2 -Wall -Wextra -shared -fPIC -o $@ $<

tidy: ## list what has grown long: files over 500 lines, functions over 60
	@swift build --quiet --build-tests
	@KEEPD_TIDY_REPORT=1 swift test --skip-build --disable-xctest --filter 'grown long' 2>&1 \
		| grep -E ': (file|function) of [0-9]+ lines$$' || true

clean: ## remove all that was built
	rm -rf .build

help: ## list all this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
