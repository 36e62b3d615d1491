# SPDX-License-Identifier: ISC
#
# make run      everything needed to open the portal in a browser
# make check    everything needed to trust it
# make help     the other targets
#
# Objects live in build/VARIANT/; a variant is a compiler and its flags.
#   release  what is installed: optimised and hardened
#   check    the same sources under AddressSanitizer and
#            UndefinedBehaviorSanitizer, with the points at which tests
#            make them fail (base/fault.h): what the tests run
#   engine   check without any portal's modules, see FUNCTIONS below
#   clang    compiled only, for its warnings
#   analyzer compiled only, for what gcc finds by following each path

VARIANT ?= release
B := build/$(VARIANT)

# What is compiled is told in a word; V=1 shows the commands.
ifeq ($(V),)
Q := @
say = @echo '  $(1) $@'
endif

FLOORS := base text store page wire net run
# What a portal adds to SQL in C, the modules: folders of capsule/functions/.
# `make FUNCTIONS= all` builds an engine without any.
FUNCTIONS ?= $(sort $(patsubst capsule/functions/%/,%, \
	$(dir $(wildcard capsule/functions/*/*.c))))
ifeq ($(VARIANT),engine)
override FUNCTIONS :=
endif
$(foreach f,$(FUNCTIONS),$(if $(wildcard capsule/functions/$(f)/*.c),, \
	$(error capsule/functions/$(f) has no C file)))
PKGS := libevent_core openssl sqlite3 libmagic libidn2 inih liblzma
TOOL_PKGS := gumbo
# May be missing: then nothing filters system calls, and the log says so.
MAYBE_PKGS := $(shell pkg-config --exists libseccomp 2>/dev/null && \
	echo libseccomp)

STD := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wformat=2 \
	-Wimplicit-fallthrough -Wundef -Wconversion -fno-common
HARDEN := -fstack-protector-strong -fPIC
LDHARDEN := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
# A warning that a compiler of tomorrow has is no reason not to run; the
# variants that only tests build, and all of `make check`, have none.
ifneq ($(VARIANT)$(filter check% lint% bench% unit/%,$(MAKECMDGOALS)),release)
export WERROR ?= -Werror
endif

# What not every compiler and processor knows; tests/lint/hardening.sh tells
# whether the program has it.
try = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null \
	&& echo '$(1)')
OPT.release = -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARDEN_MORE)
OPT.check := -DGUIJU_FAULTS -O1 -g -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
OPT.engine := $(OPT.check)
OPT.clang := -O2 -g -Wcomma
# That ownership goes into a struct by way of an address that was counted out
# it cannot see; leaks are LeakSanitizer's, in all tests.
OPT.analyzer := -O2 -g -fanalyzer -Wno-analyzer-malloc-leak \
	-Wduplicated-cond -Wduplicated-branches
ifeq ($(VARIANT),clang)
CC := clang
endif
ifeq ($(VARIANT),analyzer)
CC := gcc
endif
ifeq ($(VARIANT),release)
HARDEN_MORE := $(call try,-fstack-clash-protection) \
	$(call try,-fcf-protection) $(call try,-ftrivial-auto-var-init=zero)
endif

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) $(TOOL_PKGS) \
	$(MAYBE_PKGS) 2>/dev/null) $(if $(MAYBE_PKGS),-DHAVE_SECCOMP)
CFLAGS_ALL = $(STD) $(OPT.$(VARIANT)) $(WARN) $(WERROR) $(HARDEN) -MMD -MP \
	-Iserver -I. -I$(B)/tables -Ibuild/tables $(PKG_CFLAGS) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(PKGS) $(MAYBE_PKGS) 2>/dev/null) -lunistring -lm -ldl
TOOL_LIBS := $(shell pkg-config --libs $(TOOL_PKGS) 2>/dev/null)
LDFLAGS_ALL = $(OPT.$(VARIANT)) $(LDHARDEN) $(LDFLAGS)

src = $(wildcard server/$(1)/*.c server/$(1)/*/*.c)
modules = $(wildcard $(FUNCTIONS:%=capsule/functions/%/$(1)))
obj = $(patsubst %.c,$(B)/%.o,$(call src,$(1)))
lib = $(B)/lib$(1).a

# The libraries that a floor may use: itself and all below it, top first.
below.base := base
below.text := text $(below.base)
below.store := store $(below.text)
below.page := page $(below.store)
below.wire := wire $(below.page)
below.net := net $(below.wire)
below.run := run $(below.net)
below.tools := tools $(below.run)
# A module's tests may ask pages.
$(foreach f,$(FUNCTIONS),$(eval below.$(f) := $(below.page)))

TOOL_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out tools/main.c, \
	$(wildcard tools/*.c tools/*/*.c tools/*/*/*.c)))
TEST_SRC := $(wildcard tests/unit/*_*.c) $(call modules,tests/*_*.c)
TESTS := $(sort $(basename $(notdir $(TEST_SRC))))

.PHONY: all
all: $(B)/guiju $(B)/guiju_sql.so $(FUNCTIONS:%=$(B)/%.so)

$(B)/guiju: $(B)/tools/main.o $(B)/libtools.a $(foreach f,$(below.run),$(call lib,$(f)))
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(TOOL_LIBS)

define floor_rule
$(B)/lib$(1).a: $(call obj,$(1)) $(obj.$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
# The modules, and the table of them (store/functions/functions.h).
obj.store := $(B)/registry.o $(patsubst %.c,$(B)/%.o,$(call modules,*.c))
$(foreach f,$(FLOORS),$(eval $(call floor_rule,$(f))))

# The manuals, which the program carries as plain text (guiju help TOPIC): the
# engine's, those of the modules, and the portal's own where it has modules.
MANUALS := $(wildcard tools/manual/*.[1578]) $(call modules,*.5) \
	$(if $(FUNCTIONS),$(wildcard capsule/manual/*.[1578]))
MANUAL_TEXTS := $(addprefix build/manual/,$(notdir $(MANUALS)))
vpath %.1 $(sort $(dir $(MANUALS)))
vpath %.5 $(sort $(dir $(MANUALS)))
vpath %.7 $(sort $(dir $(MANUALS)))
vpath %.8 $(sort $(dir $(MANUALS)))
# What is bold on paper is written twice in mandoc's text.
build/manual/%: %
	@mkdir -p $(@D)
	$(call say,make)
	$(Q)mandoc -Tutf8 -Owidth=78 $< | LC_ALL=C.UTF-8 sed 's/.\x08//g' >$@
# Which manuals, hangs on FUNCTIONS, as the registry does.
$(B)/tables/manuals.h: tools/embed.sh $(MANUAL_TEXTS) $(B)/registry.c
	@mkdir -p $(@D)
	$(call say,make)
	$(Q)$< manuals $(MANUAL_TEXTS) >$@
$(B)/tools/manual.o: $(B)/tables/manuals.h

# What `guiju init` writes: each folder is a capsule to begin with. Names there
# have brackets: the shell finds the files, and make keeps what matches nothing.
build/tables/beginnings.h: tools/embed.sh $(shell find tools/init -type f)
	@mkdir -p $(@D)
	$(call say,make)
	$(Q)cd tools/init && find . -type f | sed 's,^\./,,' | LC_ALL=C sort | \
	    tr '\n' '\0' | xargs -0 ../embed.sh beginnings >../../$@
$(B)/tools/init.o: build/tables/beginnings.h

# The schema of accounts.
ACCOUNTS := tables.sql rules.sql
build/tables/accounts_schema.h: tools/embed.sh $(ACCOUNTS:%=server/store/accounts/%)
	@mkdir -p $(@D)
	$(call say,make)
	$(Q)cd server/store/accounts && ../../../tools/embed.sh accounts \
	    $(ACCOUNTS) >../../../$@
$(B)/server/store/accounts/accounts.o: build/tables/accounts_schema.h

$(B)/registry.o: $(B)/registry.c
	$(Q)$(CC) $(CFLAGS_ALL) -DSQLITE_CORE -c -o $@ $<
# Written anew only where FUNCTIONS has changed.
$(B)/registry.c: always
	@mkdir -p $(@D)
	@{ echo '#include "store/functions/functions.h"'; \
	for f in $(FUNCTIONS); do \
		echo "extern const struct function_module $${f}_module;"; done; \
	echo 'const struct function_module *const function_modules[] = {'; \
	for f in $(FUNCTIONS); do echo "	&$${f}_module,"; done; \
	echo '	NULL};'; } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
.PHONY: always

$(B)/libtools.a: $(TOOL_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	@ar rcs $@ $^

# The flags stand in this file.
$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(CFLAGS_ALL) -DSQLITE_CORE -c -o $@ $<

# How search folds characters, out of Unicode's data (Debian: unicode-data).
UNICODE ?= /usr/share/unicode
FOLD_TABLES := build/tables/fold_tables.h
$(FOLD_TABLES): server/store/functions/fold_tables.awk \
    $(UNICODE)/DerivedNormalizationProps.txt $(UNICODE)/UnicodeData.txt \
    $(UNICODE)/Unihan_Variants.txt.bz2 \
    $(UNICODE)/Unihan_IRGSources.txt.bz2 \
    $(UNICODE)/Unihan_OtherMappings.txt.bz2
	@mkdir -p $(@D)
	$(call say,make)
	$(Q)bzip2 -dc $(wordlist 4,6,$^) | grep -E \
	    'Variant	|kIICore	|kIRG_GSource	G0|kEACC	' >$@.variants
	$(Q)LC_ALL=C awk -f $< $(wordlist 2,3,$^) \
	    $@.variants >$@.new
	@rm $@.variants
	@mv $@.new $@
$(B)/server/store/functions/fold_read.o \
$(B)/ext/server/store/functions/fold_read.o: $(FOLD_TABLES)

# What C adds to SQL, for the stock sqlite3 shell: .load build/.../guiju_sql
# It runs in somebody else's process, which fences itself, and reads no
# settings.
EXT_WITHOUT := server/base/seccomp.c server/base/isolate.c server/base/ini.c
EXT_OBJ := $(patsubst %.c,$(B)/ext/%.o,$(filter-out $(EXT_WITHOUT), \
	$(call src,base)) $(call src,text) $(wildcard server/store/functions/*.c))
$(B)/ext/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(CC) $(CFLAGS_ALL) -fvisibility=hidden -c -o $@ $<
$(B)/libext.a: $(EXT_OBJ)
	@rm -f $@
	@ar rcs $@ $^
$(B)/guiju_sql.so: $(B)/ext/server/store/functions/extension.o
# A module by itself: .load build/.../NAME
define module_rule
$(B)/$(1).so: $(patsubst %.c,$(B)/ext/%.o,$(wildcard capsule/functions/$(1)/*.c))
endef
$(foreach f,$(FUNCTIONS),$(eval $(call module_rule,$(f))))
$(B)/guiju_sql.so $(FUNCTIONS:%=$(B)/%.so): $(B)/libext.a
	$(call say,link)
	$(Q)$(CC) $(OPT.$(VARIANT)) -shared -Wl,-z,relro,-z,now -o $@ \
		$(filter %.o,$^) $(B)/libext.a -lunistring

# tests/unit/FLOOR_SUBJECT.c is linked with FLOOR and what is below it, and
# MODULE_SUBJECT.c in the tests/ of a module with all that it may ask.
# `make unit/FLOOR_SUBJECT` builds and runs one.
define test_rule
$(B)/unit/$(1): $(patsubst %.c,$(B)/%.o,$(filter %/$(1).c,$(TEST_SRC))) \
    $(foreach f,$(below.$(firstword $(subst _, ,$(1)))),$(call lib,$(f)))
	@mkdir -p $$(@D)
	$$(call say,link)
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ $$(LIBS) $$(TOOL_LIBS) -lcmocka
.PHONY: unit/$(1)
unit/$(1):
	@$$(MAKE) --no-print-directory VARIANT=check build/check/unit/$(1)
	build/check/unit/$(1)
endef
$(foreach t,$(TESTS),$(eval $(call test_rule,$(t))))

# Where these functions can fail on demand (tests/unit/memory_fixture.h).
MEMORY_WRAPPED := malloc calloc realloc strdup strndup arena_alloc arena_array \
	arena_str
$(B)/unit/tools_memory: LDFLAGS_ALL += $(MEMORY_WRAPPED:%=-Wl,--wrap=%)

# Tests put this clock forward.
$(B)/unit/base_log $(B)/unit/net_upload: LDFLAGS_ALL += -Wl,--wrap=clock_ms

# A test has these fail.
$(B)/unit/base_file_path: LDFLAGS_ALL += -Wl,--wrap=open,--wrap=unlink

include tests/tests.mk
-include $(shell find build/$(VARIANT) -name '*.d' 2>/dev/null)
