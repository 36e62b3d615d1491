# SPDX-License-Identifier: ISC
#
# Fuzzing. tests/fuzz/TARGET.c is a libFuzzer target, corpus/TARGET/ its
# inputs, TARGET.dict (where there is one) its words.
#   make fuzz                         each target for S (10) seconds
#   make fuzz T=gemini_request S=60   one of them
# New inputs go to build/fuzz/corpus/TARGET; one that crashes to
# build/fuzz/crashes/: mend it, then keep it in tests/fuzz/corpus/TARGET.
# `make check` replays all corpora (check-fuzz), which needs no libFuzzer.

FUZZ := gemini_request gopher_selector gemtext log_line ini_file certificate \
	fts_query page_compile import_article answer
FUZZ_HELP := tests/fuzz/place.o
FUZZ_LIBS = $(foreach f,$(below.tools),$(call lib,$(f)))

OPT.fuzz := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link,address,undefined
ifeq ($(VARIANT),fuzz)
CC := clang
FUZZ_MAIN :=
FUZZ_LINK := -fsanitize=fuzzer
else
FUZZ_MAIN := tests/fuzz/replay.o
FUZZ_LINK :=
endif

define fuzz_rule
$(B)/fuzz/$(1): $(B)/tests/fuzz/$(1).o \
    $(foreach o,$(FUZZ_HELP) $(FUZZ_MAIN),$(B)/$(o)) $(FUZZ_LIBS)
	@mkdir -p $$(@D)
	$$(call say,link)
	$$(Q)$$(CC) $$(LDFLAGS_ALL) $(FUZZ_LINK) -o $$@ $$^ $$(LIBS) $$(TOOL_LIBS)
endef
$(foreach t,$(FUZZ),$(eval $(call fuzz_rule,$(t))))

.PHONY: fuzz check-fuzz
S ?= 10
fuzz:
	@tests/fuzz/run.sh $(S) $(if $(T),$(T),$(FUZZ))

check-fuzz:
	@$(SUB) VARIANT=check $(FUZZ:%=build/check/fuzz/%)
	@set -e; for t in $(FUZZ); do \
		printf 'fuzz/%s: ' "$$t"; \
		build/check/fuzz/$$t tests/fuzz/corpus/$$t \
		    2>build/check/fuzz/$$t.log || { \
			tail -n 60 build/check/fuzz/$$t.log; exit 1; }; \
	done
