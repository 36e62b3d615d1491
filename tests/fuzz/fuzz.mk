# SPDX-License-Identifier: ISC
#
# Fuzzing. tests/fuzz/TARGET.c is a libFuzzer target, corpus/TARGET/ its
# inputs, TARGET.dict or FIRSTWORD.dict (where there is one) its words. A
# module of capsule/functions/ has the same in its folder fuzz/.
#   make fuzz                         each target for S (10) seconds
#   make fuzz T=gemini_request S=60   one of them
#   make fuzz ENGINE=afl              by AFL++ instead of libFuzzer
# New inputs go to build/fuzz/corpus/TARGET; one that crashes to
# build/fuzz/crashes/: mend it, then keep it in tests/fuzz/corpus/TARGET.
# `make check` (check-fuzz) replays all corpora under the sanitizers of gcc,
# and lets libFuzzer try for two seconds what it makes of them.

FUZZ := url gemini_request titan_request gopher_selector spartan_request \
	gemtext log_line \
	ini_file words_ini token \
	certificate fts_query table table_import page_compile \
	import_article answer proxy_header connection connection_tls \
	$(basename $(notdir $(call modules,fuzz/*.c)))
fuzz_place = $(patsubst %/$(1).c,%, \
	$(wildcard tests/fuzz/$(1).c) $(call modules,fuzz/$(1).c))
# Those that ask a portal; those of them that do it over a connection, whose
# clock stands still until it is moved.
FUZZ_PEER := connection connection_tls
FUZZ_HELP.answer := tests/fuzz/portal.o
$(foreach t,$(FUZZ_PEER),$(eval \
	FUZZ_HELP.$(t) := tests/fuzz/peer.o tests/fuzz/portal.o))
$(foreach t,$(FUZZ_PEER),$(eval FUZZ_LINK.$(t) := -Wl,--wrap=clock_ms))
FUZZ_HELP := tests/fuzz/place.o
FUZZ_LIBS = $(foreach f,$(below.tools),$(call lib,$(f)))

OPT.fuzz := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link,address,undefined
OPT.afl := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=address,undefined
FUZZ_MAIN := tests/fuzz/replay.o
FUZZ_LINK :=
ifneq ($(filter fuzz afl,$(VARIANT)),)
CC := $(if $(filter afl,$(VARIANT)),AFL_QUIET=1 afl-clang-fast,clang)
FUZZ_MAIN :=
FUZZ_LINK := -fsanitize=fuzzer
endif

define fuzz_rule
$(B)/fuzz/$(1): $(B)/$(call fuzz_place,$(1))/$(1).o \
    $(foreach o,$(FUZZ_HELP.$(1)) $(FUZZ_HELP) $(FUZZ_MAIN),$(B)/$(o)) \
    $(FUZZ_LIBS)
	@mkdir -p $$(@D)
	$$(call say,link)
	$$(Q)$$(CC) $$(LDFLAGS_ALL) $(FUZZ_LINK) $$(FUZZ_LINK.$(1)) -o $$@ \
	    $$^ $$(LIBS) $$(TOOL_LIBS)
endef
$(foreach t,$(FUZZ),$(eval $(call fuzz_rule,$(t))))

.PHONY: fuzz check-fuzz $(FUZZ:%=check-fuzz/%)
S ?= 10
ENGINE ?= libfuzzer
FUZZ_BUILD := $(if $(filter afl,$(ENGINE)),afl,fuzz)
fuzz: deps-check
ifeq ($(ENGINE),afl)
	@command -v afl-clang-fast >/dev/null || { \
		echo 'ENGINE=afl needs AFL++: apt-get install afl++' >&2; exit 2; }
endif
	@$(SUB) VARIANT=$(FUZZ_BUILD) \
	    $(patsubst %,build/$(FUZZ_BUILD)/fuzz/%,$(or $(T),$(FUZZ)))
	@tests/fuzz/run.sh $(ENGINE) $(S) $(or $(T),$(FUZZ))

check-fuzz:
	@$(SUB) VARIANT=check $(FUZZ:%=build/check/fuzz/%)
	@$(SUB) VARIANT=fuzz $(FUZZ:%=build/fuzz/fuzz/%)
	@$(SUB) $(FUZZ:%=check-fuzz/%)

$(FUZZ:%=check-fuzz/%): check-fuzz/%:
	@build/check/fuzz/$* $(call fuzz_place,$*)/corpus/$* >build/check/fuzz/$*.log 2>&1 || { \
		tail -n 60 build/check/fuzz/$*.log; exit 1; }
	@tests/fuzz/run.sh check 2 $*
