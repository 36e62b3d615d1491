# SPDX-License-Identifier: ISC
#
# The targets for people. Any one test runs alone:
#   make check T=unit/text_wrap     make check T=golden/portal/home
#   make check T=wire/test_run.py
#   make check T=wire/test_run.py::test_the_version_is_printed

JOBS := $(shell nproc 2>/dev/null || echo 2)
SUB := $(MAKE) --no-print-directory -j$(JOBS)
PYTEST := /usr/bin/python3 -m pytest -q -p no:cacheprovider
# A file of tests is one process's, so that its server is started once. One more
# than there are processors: many tests wait for a deadline.
SPREAD := -n $(shell expr $(JOBS) + 1) --dist loadfile

.PHONY: help run deps deps-check check check-build check-unit check-golden \
	check-fuzz check-wire check-distros lint golden bench install clean

help:
	@echo 'make run           build, fill a database, serve the portal'
	@echo 'make check         every build and every test; T=... for one'
	@echo 'make quick         build, unit and golden tests: before each commit'
	@echo 'make check-engine  the tests of the engine, without any module of a portal'
	@echo 'make check-long    faults one by one: each call, 200 deaths; half an hour'
	@echo 'make check-mutants  what no test notices of a change; FILES=... of files'
	@echo 'make check-distros  run and check on each Debian, in chroots; root only'
	@echo 'make lint          what reads the source: format, checkers, hardening'
	@echo 'make golden        write the golden files anew: review the diff!'
	@echo 'make fuzz          hostile inputs, S=10 seconds each; T=... for one'
	@echo 'make bench-acts    a thousand accounts that act at one moment'
	@echo 'make bench         what serving costs, beside a bare OpenSSL server;'
	@echo '                   BENCH_REQUESTS=200 is quick, BENCH_ROWS=1000000 long'
	@echo 'make dist          build/guiju-VERSION.tar.gz, of what git has'
	@echo 'make install       program, manuals, extension below PREFIX'
	@echo 'make clean         remove build/ (never var/ or certs/)'

deps:
	@tools/deps.sh

deps-check:
	@tools/deps.sh check

run: deps
	@$(SUB) all
	@tools/run.sh build/release/guiju

ifdef T
check: deps-check
	@$(SUB) VARIANT=check all $(BENCH_WIRE:%=build/check/bench/%)
	@case '$(T)' in \
	unit/*) $(SUB) '$(T)' ;; \
	fuzz/*) $(SUB) FUZZ='$(T:fuzz/%=%)' check-fuzz ;; \
	golden/*) GUIJU=build/check/guiju tests/golden/run.sh '$(T)' ;; \
	wire/*) GUIJU=build/check/guiju $(PYTEST) 'tests/$(T)' ;; \
	lint) $(SUB) lint ;; \
	*) echo "T is unit/NAME, fuzz/NAME, golden/SUITE/NAME, wire/FILE or lint" >&2; \
	   exit 2 ;; esac
else
check: deps-check
	@$(MAKE) --no-print-directory check-build
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory check-unit
	@$(MAKE) --no-print-directory check-memory
	@$(MAKE) --no-print-directory check-fuzz
	@$(MAKE) --no-print-directory check-golden
	@$(MAKE) --no-print-directory check-engine-pages
	@$(MAKE) --no-print-directory check-wire
endif

check-build:
	@$(SUB) all
	@! grep -q GUIJU_FAULT build/release/guiju  # none of base/fault.c
	@$(SUB) VARIANT=clang all $(foreach t,$(TESTS),build/clang/unit/$(t)) \
	    $(BENCH_WIRE:%=build/clang/bench/%)
	@$(SUB) VARIANT=check all $(foreach t,$(TESTS),build/check/unit/$(t)) \
	    $(BENCH_WIRE:%=build/check/bench/%)

check-unit:
	@tests/unit.sh $(JOBS) build/check/unit $(TESTS)

# Those that try thousands of cases, or wait for clocks, each some seconds.
SLOW_UNIT := net_connection page_damage page_disk page_sniff page_writes \
	standards_number standards_pages store_fold store_search store_tally \
	tools_import_html tools_import_store tools_memory

# Before a commit: what a change to C or to a page breaks first. The golden
# pages come from the release, which is quicker than the check variant.
.PHONY: quick
quick: deps-check
	@$(SUB) all
	@$(SUB) VARIANT=check $(foreach t,$(TESTS),build/check/unit/$(t))
	@$(SUB) quick-unit quick-golden
quick-unit:
	@tests/unit.sh $(JOBS) build/check/unit $(filter-out $(SLOW_UNIT),$(TESTS))
quick-golden:
	@GUIJU=build/release/guiju tests/golden/run.sh

check-golden:
	@GUIJU=build/check/guiju tests/golden/run.sh

golden:
	@$(SUB) VARIANT=check all
	@GUIJU=build/check/guiju UPDATE=1 tests/golden/run.sh

# Tests of the portal's pages alone ask the release, which answers several times
# as fast; check-long asks them under the sanitizers as well.
check-wire:
	@GUIJU=build/check/guiju $(PYTEST) $(SPREAD) -m 'not pages' tests/wire
	@GUIJU=build/release/guiju $(PYTEST) $(SPREAD) -m pages tests/wire

# The engine without any portal's code. It must pass its unit tests, the pages
# of the capsules that `guiju init` makes, and all tests over the wire but those
# of the portal (marked so, see tests/README.md). This takes as long as check
# does; check has check-engine-pages, which takes seconds.
ENGINE_GOLDEN := $(patsubst tests/%/requests,%, \
	$(shell grep -l '^% capsule .*/tools/init/' tests/golden/*/requests)) \
	$(patsubst tools/%,golden/%,$(wildcard tools/init/*))
.PHONY: check-engine check-engine-build check-engine-pages
check-engine: deps-check check-engine-pages
	@$(SUB) VARIANT=engine check-engine-build
	@tests/unit.sh $(JOBS) build/engine/unit $(ENGINE_TESTS)
	@GUIJU=build/engine/guiju $(PYTEST) $(SPREAD) -m 'not portal' tests/wire
ENGINE_TESTS := $(filter $(notdir $(basename $(wildcard tests/unit/*.c))), \
	$(TESTS))
check-engine-build: $(ENGINE_TESTS:%=$(B)/unit/%)
check-engine-pages:
	@$(SUB) VARIANT=engine all
	@! nm build/engine/guiju | grep ' std_'
	@! LC_ALL=C grep -rn '[^ -~	]' --include='*.g*' \
		$(patsubst tests/golden/init/%,tools/init/%,$(ENGINE_GOLDEN:%=tests/%)) | \
		tr -d '\r' | LC_ALL=C grep '[^ -~	]'
	@set -e; for s in $(ENGINE_GOLDEN); do \
		GUIJU=build/engine/guiju tests/golden/run.sh $$s; done

# The long forms: every call that may fail, hundreds of deaths, long clocks.
# A unit test asks for GUIJU_LONG; a test over the wire is marked "long" and
# is left out of `make check`.
LONG_UNIT := page_damage page_disk standards_pages store_lock tools_memory
.PHONY: check-long
check-long: deps-check
	@$(SUB) VARIANT=check all $(foreach t,$(LONG_UNIT),build/check/unit/$(t))
	@set -e; for t in $(LONG_UNIT); do \
		echo "unit/$$t"; GUIJU_LONG=1 build/check/unit/$$t \
		    >build/check/unit/$$t.long.log 2>&1 || { \
		tail -n 60 build/check/unit/$$t.long.log; exit 1; }; \
		grep -h 'PASSED' build/check/unit/$$t.long.log; \
	done
	@GUIJU=build/check/guiju GUIJU_LONG=1 $(PYTEST) tests/wire
	@$(SUB) MEMCHECK_UNIT='$(MEMCHECK_LONG)' check-memory
	@$(SUB) VARIANT=release all
	@GUIJU=tests/guiju-memcheck.sh tests/golden/run.sh; test $$? -lt 2
	@$(SUB) lint-paths

# The release under memcheck. `make check` has the quick unit tests, check-long
# the others but for those that shut themselves into a sandbox, where memcheck
# cannot be, and those that take minutes under it.
MEMCHECK_UNIT := base_buf text_selector base_str base_url base_utf8 \
	net_certificate page_seal text_read text_write wire_gemini wire_gopher
MEMCHECK_NOT := base_isolate page_edges page_language page_map page_sniff \
	run_sandbox standards_pages store_lock store_tally tools_import_html
MEMCHECK_LONG := $(filter-out $(MEMCHECK_UNIT) $(MEMCHECK_NOT),$(TESTS))
.PHONY: check-memory
check-memory:
	@$(SUB) VARIANT=release $(MEMCHECK_UNIT:%=build/release/unit/%)
	@$(SUB) $(MEMCHECK_UNIT:%=check-memory/%)
check-memory/%:
	@tests/memcheck.sh build/release/unit/$* >build/release/unit/$*.log 2>&1 || { \
		tail -n 60 build/release/unit/$*.log; exit 1; }
	@echo 'memcheck unit/$*'

include tests/lint/lint.mk

# `make run` and `make check` on each Debian that is supported, as root and as
# another, in chroots below build/distros/. SUITES=trixie STEPS=run for a part.
check-distros:
	@tools/deps.sh distros
	@/usr/bin/python3 tests/distros.py

# First the server over real sockets, beside a bare OpenSSL server
# (tests/bench/wire.py), then synthetic portals of two sizes and what their
# pages cost (tests/bench/run.sh).
BENCH := act articles commits standards pages
BENCH_WIRE := ceiling load
BENCH_ROWS ?= 100000
BENCH_LIBS = $(foreach f,$(below.wire),$(call lib,$(f)))

$(B)/bench/articles: $(B)/tests/bench/articles.o \
    $(B)/tests/bench/synthetic.o $(BENCH_LIBS)
$(B)/bench/act: $(B)/tests/bench/act.o $(BENCH_LIBS)
$(B)/bench/commits: $(B)/tests/bench/commits.o $(BENCH_LIBS)
$(B)/bench/standards: $(B)/tests/bench/standards.o \
    $(B)/tests/bench/synthetic.o $(BENCH_LIBS)
$(B)/bench/pages: $(B)/tests/bench/pages.o $(B)/tests/bench/kinds_articles.o \
    $(B)/tests/bench/kinds_catalogue.o $(B)/tests/bench/synthetic.o \
    $(BENCH_LIBS)
$(BENCH:%=$(B)/bench/%):
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

check-engine-build: $(BENCH_WIRE:%=$(B)/bench/%)
$(BENCH_WIRE:%=$(B)/bench/%): $(B)/bench/%: $(B)/tests/bench/%.o
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lssl -lcrypto

.PHONY: bench-wire bench-acts bench-pages
bench: deps-check bench-wire
	@$(MAKE) --no-print-directory bench-pages
bench-wire: deps-check
	@$(SUB) all $(BENCH_WIRE:%=build/release/bench/%)
	@/usr/bin/python3 tests/bench/wire.py
	@/usr/bin/python3 tests/bench/confirm.py
# A thousand accounts at one moment; BENCH_READERS says another number.
bench-acts: deps-check
	@$(SUB) all
	@/usr/bin/python3 tests/bench/acts.py
bench-pages: deps-check
	@$(SUB) all $(BENCH:%=build/release/bench/%)
	@mkdir -p build/bench
	@build/release/bench/commits build/bench
	@rm -rf build/bench/act
	@build/release/bench/act build/bench/act
	@tests/bench/run.sh $(BENCH_ROWS)
	@tests/bench/tracking.sh $(BENCH_ROWS)

include tests/fuzz/fuzz.mk

# Small faults in the lines that a change touches, and those that no test
# notices; BASE, FILES, N, SECONDS and LEVEL say what is tried.
.PHONY: check-mutants
check-mutants: deps-check
	@$(SUB) all
	@$(SUB) VARIANT=check all
	@nice -n 19 /usr/bin/python3 tests/mutants.py

PREFIX ?= /usr/local
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/guiju
	install -m 755 $(B)/guiju $(DESTDIR)$(PREFIX)/bin/guiju
	install -m 755 $(B)/guiju_sql.so $(FUNCTIONS:%=$(B)/%.so) \
	    $(DESTDIR)$(PREFIX)/lib/guiju/
	for m in $(MANUALS); do \
		install -D -m 644 -t \
		    $(DESTDIR)$(PREFIX)/share/man/man$${m##*.} $$m || exit 1; done

# The version stands in base/version.h alone.
VERSION := $(shell sed -n 's/^\#define GUIJU_VERSION "\(.*\)"/\1/p' \
	server/base/version.h)
.PHONY: dist
dist:
	@mkdir -p build
	@git archive --prefix=guiju-$(VERSION)/ HEAD | gzip -n \
	    >build/guiju-$(VERSION).tar.gz
	@echo build/guiju-$(VERSION).tar.gz

clean:
	rm -rf build
