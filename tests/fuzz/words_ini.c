/* SPDX-License-Identifier: ISC */
/*
 * A capsule's words.ini. Whatever stands in it, each word of each language can
 * be said: one clean line, with the values of its holes in it.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "page/compile/findings.h"
#include "page/words.h"
#include "place.h"

enum { FILE_MAX = 8 * 1024, ARENA_MAX = 16 * 1024 * 1024 };

static void
say_all(struct arena *arena, const struct words *words)
{
	const struct str values[] = {
	    STR("<first>"), STR("<second>"), STR("<third>")};

	for (size_t i = 0; i < WORD_COUNT; i++) {
		const struct str text = words_text(words, (enum word)i);
		struct str said, rest, before, name;

		MUST(text.len > 0 && utf8_valid(text));
		MUST(utf8_clean_len(text) == text.len);
		said = words_fill(words, arena, (enum word)i, values);
		MUST(said.len > 0);
		rest = str_from(word_rows[i].english);
		for (size_t n = 0; words_next_hole(&rest, &before, &name); n++)
			MUST(str_find(said, values[n]) != SIZE_MAX);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = {
	    "zh-Hans", "zh", "de-AT", "en", "en-GB", "fr", "x", ""};
	struct arena *arena = arena_new(ARENA_MAX);
	struct findings found;
	const struct words *words;

	if (size > FILE_MAX) {
		arena_free(arena);
		return 0;
	}
	place_write("words.ini", data, size);
	findings_init(&found);
	MUST(words_read(arena, place(), STR("zh-Hans"), &found, &words) == OK);
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		say_all(arena, words_of(words, str_from(languages[i])));
	for (const struct finding *f = found.first; f != NULL; f = f->next)
		MUST(strcmp(f->file, "words.ini") == 0);
	findings_free(found.first);
	arena_free(arena);
	return 0;
}
