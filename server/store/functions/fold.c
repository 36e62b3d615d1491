/* SPDX-License-Identifier: ISC */
/*
 * Folding and classes of characters. Every search runs all candidate texts
 * through here, so ASCII and the common Chinese characters take a short way;
 * all others ask libunistring (Unicode's own categories and case mapping).
 */
#include "store/functions/fold.h"

#include <unicase.h>
#include <unictype.h>

#include "base/utf8.h"

/* CJK characters and what is written between them without spaces: kana,
 * hangul, bopomofo, radicals, iteration marks. Blocks of Unicode 15. */
static bool
is_cjk(uint32_t c)
{
	static const uint32_t ranges[][2] = {{0x1100, 0x11FF}, {0x2E80, 0x2FDF},
	    {0x3005, 0x3007}, {0x3021, 0x3029}, {0x3031, 0x3035},
	    {0x3038, 0x303C}, {0x3041, 0x309F}, {0x30A1, 0x30FA},
	    {0x30FC, 0x318E}, {0x31A0, 0x31BF}, {0x31F0, 0x31FF},
	    {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA960, 0xA97F},
	    {0xAC00, 0xD7FF}, {0xF900, 0xFAFF}, {0xFF66, 0xFFDC},
	    {0x1AFF0, 0x1B16F}, {0x20000, 0x3FFFD}};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static enum fold_class
class_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
		    ? FOLD_WORD
		    : FOLD_OTHER;
	if (c == UTF8_BAD)
		return FOLD_OTHER;
	if (is_cjk(c))
		return FOLD_CJK;
	return uc_is_general_category_withtable(c,
		   UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N)
	    ? FOLD_WORD
	    : FOLD_OTHER;
}

static uint32_t
fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
		c -= 0xFF01 - 0x21;
	if (c == 0x3000) /* ideographic space */
		return ' ';
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
	return c == UTF8_BAD ? c : uc_tolower(c);
}

static bool
is_unseen(uint32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || /* variation selectors */
	    (c >= 0xE0100 && c <= 0xE01EF) ||  /* and their supplement */
	    (c != UTF8_BAD && utf8_is_invisible(c));
}

/* U+5000 to U+9FFF, well-formed: the most of any Chinese text. */
static bool
is_common_cjk(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.data;

	return s.len >= 3 && at[0] >= 0xE5 && at[0] <= 0xE9 &&
	    (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80;
}

bool
fold_is_common_cjk(struct str s)
{
	while (is_common_cjk(s))
		s = (struct str){s.data + 3, s.len - 3};
	return s.len == 0;
}

bool
fold_next(struct str *rest, struct fold_char *out)
{
	while (rest->len > 0) {
		const char *start = rest->data;
		unsigned char first = (unsigned char)*start;
		uint32_t c;

		if (is_common_cjk(*rest)) {
			c = (first & 0x0Fu) << 12 |
			    ((unsigned char)start[1] & 0x3Fu) << 6 |
			    ((unsigned char)start[2] & 0x3Fu);
			*out = (struct fold_char){{start, 3}, c, FOLD_CJK};
			*rest = (struct str){start + 3, rest->len - 3};
			return true;
		}
		c = utf8_next(rest);
		if (c >= 0x80 && is_unseen(c))
			continue;
		c = fold(c);
		*out = (struct fold_char){
		    {start, (size_t)(rest->data - start)}, c, class_of(c)};
		return true;
	}
	return false;
}

size_t
fold_write(char *place, uint32_t c)
{
	if (c < 0x80) {
		place[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		place[0] = (char)(0xC0 | c >> 6);
		place[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		place[0] = (char)(0xE0 | c >> 12);
		place[1] = (char)(0x80 | (c >> 6 & 0x3F));
		place[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	place[0] = (char)(0xF0 | c >> 18);
	place[1] = (char)(0x80 | (c >> 12 & 0x3F));
	place[2] = (char)(0x80 | (c >> 6 & 0x3F));
	place[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

void
fold_add(struct buf *out, struct str s)
{
	struct fold_char at;

	while (fold_next(&s, &at))
		utf8_add(out, at.c);
}

/* More letters than these before a digit do not make a number's name. */
enum { LETTERS_MAX = 6 };

static enum fold_step
advance_word(struct fold_state *state, bool digit)
{
	bool follows = state->last == FOLD_WORD;
	bool number = follows && digit && state->letters > 0 &&
	    state->letters <= LETTERS_MAX;
	bool begins = !follows || state->gap || number;

	if (digit)
		state->letters = 0;
	else if (begins)
		state->letters = 1;
	else if (state->letters > 0 && state->letters <= LETTERS_MAX)
		state->letters++;
	if (!begins)
		return FOLD_JOINED;
	return follows && !number ? FOLD_APART : FOLD_NEW;
}

enum fold_step
fold_advance(struct fold_state *state, const struct fold_char *at)
{
	enum fold_step step;

	if (at->class == FOLD_OTHER) {
		state->gap = true;
		return FOLD_SKIPPED;
	}
	if (at->class == FOLD_WORD)
		step = advance_word(state, at->c >= '0' && at->c <= '9');
	else if (state->last != FOLD_CJK)
		step = FOLD_NEW;
	else
		step = state->gap ? FOLD_APART : FOLD_JOINED;
	state->last = at->class;
	state->gap = false;
	return step;
}

void
fold_canonical(struct buf *out, struct str s)
{
	/*
	 * A folded character takes at most half as much again (two bytes
	 * become three: U+023A), a space at most what the separator took.
	 */
	char *start = s.len > SIZE_MAX / 2
	    ? NULL
	    : buf_reserve(out, s.len + s.len / 2 + 4);
	char *place = start;
	struct fold_state state = {FOLD_OTHER, false, 0};
	struct fold_char at;

	if (start == NULL)
		return;
	for (;;) {
		enum fold_step step;

		/* Inside Chinese nothing changes: most of the work. */
		while (
		    state.last == FOLD_CJK && !state.gap && is_common_cjk(s)) {
			memcpy(place, s.data, 3);
			place += 3;
			s = (struct str){s.data + 3, s.len - 3};
		}
		if (!fold_next(&s, &at))
			break;
		step = fold_advance(&state, &at);
		if (step == FOLD_SKIPPED)
			continue;
		if (step == FOLD_APART)
			*place++ = ' ';
		place += fold_write(place, at.c);
	}
	out->len += (size_t)(place - start);
}

bool
fold_starts(struct str text, struct str needle)
{
	struct fold_state state = {FOLD_OTHER, false, 0};
	struct fold_char at;

	while (needle.len > 0) {
		enum fold_step step;
		if (!fold_next(&text, &at))
			return false;
		step = fold_advance(&state, &at);
		if (step == FOLD_SKIPPED && state.last == FOLD_OTHER)
			return false; /* begins with a separator */
		if (step == FOLD_SKIPPED)
			continue;
		/* A term holds no space. */
		if (step == FOLD_APART || utf8_next(&needle) != at.c)
			return false;
	}
	return true;
}

/* A run of what a reader typed, while it is read. */
struct run {
	char *start, *place; /* in the text of the terms */
	char *token;         /* where its last token begins */
	size_t characters;   /* of the run, were they kept or not */
	struct fold_state state;
};

static void
run_add(struct run *run, const struct fold_char *at)
{
	enum fold_step step = fold_advance(&run->state, at);

	if (run->characters < FOLD_TERM_CHARACTERS) {
		if (step != FOLD_JOINED)
			run->token = run->place;
		run->place += fold_write(run->place, at->c);
	} else if (run->characters == FOLD_TERM_CHARACTERS &&
	    step == FOLD_JOINED && at->class == FOLD_WORD &&
	    run->token > run->start) {
		/* Half a word is no token of any text. (A run that is one
		 * word is cut where the tokenizer cuts it as well.) */
		run->place = run->token;
	}
	run->characters++;
}

void
fold_terms(struct fold_terms *out, struct str words)
{
	struct run run = {.start = out->text, .place = out->text};
	struct fold_char at;

	out->count = 0;
	for (;;) {
		bool more = fold_next(&words, &at);

		if (more && at.class != FOLD_OTHER) {
			run_add(&run, &at);
			continue;
		}
		if (run.characters > 0)
			out->term[out->count++] = (struct str){
			    run.start, (size_t)(run.place - run.start)};
		if (!more || out->count == FOLD_TERMS_MAX)
			return;
		run = (struct run){.start = run.place, .place = run.place};
	}
}
