# SPDX-License-Identifier: ISC
#
# What reads the source without running it. Each by its own name, too:
#   make lint-tidy      make lint-cppcheck      make lint-hardening ...
# In build/lint is what has been found good, so that only what has changed is
# looked at again.
#
# What a formatter, a checker or an analyzer says differs by its version. Those
# named here are Debian 12's; where another is installed, the lint says so and
# leaves it out (tests/lint/tool.sh).
CLANG_LINT := 14
CPPCHECK_LINT := 2.10
GCC_LINT := 12

LINT_C := $(sort $(shell find server capsule tools tests -name '*.c'))
LINT_H := $(sort $(shell find server capsule tools tests -name '*.h'))
LINT_SH := .ci/run $(sort $(shell find tests tools -name '*.sh'))
LINT_FLAGS := $(STD) -DSQLITE_CORE -Iserver -I. -Itests/unit -I$(B)/tables \
	-Ibuild/tables $(PKG_CFLAGS)

.PHONY: lint lint-words lint-format lint-shell lint-cppcheck lint-tidy \
	lint-tidy-files lint-manuals lint-hardening lint-analyzer lint-paths \
	lint-paths-files
lint: lint-words lint-format lint-manuals lint-shell
	@$(SUB) lint-cppcheck lint-tidy
	@$(MAKE) --no-print-directory lint-hardening
	@$(MAKE) --no-print-directory lint-analyzer

lint-words:
	@tests/lint/floors.sh
	@tests/lint/words.sh
	@tests/lint/english.sh
	@tests/lint/literals.sh tools
	@tests/lint/tour.sh
	@tests/lint/schema.sh capsule
	@tests/lint/statements.sh

lint-format:
	@tool=$$(tests/lint/tool.sh clang-format $(CLANG_LINT)) || exit 0; \
	$$tool --dry-run -Werror $(LINT_C) $(LINT_H)

lint-manuals:
	@for m in $(MANUALS); do \
		mandoc -Tlint -Wwarning $$m || exit 1; done

lint-shell:
	@shellcheck $(LINT_SH)

# Its own look at memory, bounds and conditions that are always true; style is
# clang-format's.
lint-cppcheck: $(FOLD_TABLES)
	@mkdir -p build/lint/cppcheck
	@tool=$$(tests/lint/tool.sh cppcheck $(CPPCHECK_LINT)) || exit 0; \
	$$tool --quiet --std=c11 --error-exitcode=1 -j $(JOBS) \
	    --enable=warning,performance,portability --inline-suppr \
	    --cppcheck-build-dir=build/lint/cppcheck \
	    --suppressions-list=tests/lint/cppcheck.txt \
	    -Iserver -I. -Ibuild/tables server tools \
	    $(call modules,*.c)

# .clang-tidy says which checks, and why.
lint-tidy:
	@tool=$$(tests/lint/tool.sh clang-tidy $(CLANG_LINT)) || exit 0; \
	$(SUB) TIDY=$$tool lint-tidy-files
lint-tidy-files: $(patsubst %.c,build/lint/%.tidy, \
	$(filter server/% tools/%,$(LINT_C)) $(call modules,*.c))
build/lint/%.tidy: %.c $(LINT_H) $(FOLD_TABLES) .clang-tidy
	@mkdir -p $(@D)
	@$(TIDY) --quiet $< -- $(LINT_FLAGS) 2>/dev/null
	@touch $@

# The release that would be installed, not the flags that it was to have.
lint-hardening:
	@$(SUB) VARIANT=release all
	@tests/lint/hardening.sh build/release/guiju build/release/guiju_sql.so \
	    $(FUNCTIONS:%=build/release/%.so)

# gcc's analyzer warns while it compiles.
lint-analyzer:
	@tool=$$(tests/lint/tool.sh gcc $(GCC_LINT)) || exit 0; \
	$(SUB) VARIANT=analyzer CC=$$tool all

# clang's analyzer follows paths across the calls of a file, which takes
# minutes (check-long). insecureAPI wants functions that glibc has not.
lint-paths:
	@tool=$$(tests/lint/tool.sh clang-tidy $(CLANG_LINT)) || exit 0; \
	$(SUB) TIDY=$$tool lint-paths-files
lint-paths-files: $(patsubst %.c,build/lint/%.paths, \
	$(filter server/% tools/%,$(LINT_C)) $(call modules,*.c))
build/lint/%.paths: %.c $(LINT_H)
	@mkdir -p $(@D)
	@$(TIDY) --quiet --warnings-as-errors='*' \
	    --checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,-clang-analyzer-deadcode.DeadStores,-clang-analyzer-optin.performance.Padding' \
	    $< -- $(LINT_FLAGS) 2>/dev/null
	@touch $@
