/* SPDX-License-Identifier: ISC */
/*
 * From folded characters (fold_read.c) to words and runs of Chinese: where a
 * token begins, the form in which texts are compared, the terms of a search.
 */
#include "store/functions/fold.h"

#include "base/utf8.h"

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
	struct fold_text text;
	struct fold_char at;

	fold_begin(&text, s);
	while (fold_next(&text, &at))
		utf8_add(out, at.c);
}

/* The letters of a number's name, such as ISO in ISO9001, are at most these. */
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
	enum { ROOM = 8 }; /* a space and a character */
	struct fold_state state = {FOLD_OTHER, false, 0};
	struct fold_text text;
	struct fold_char at;
	char *place = NULL, *end = NULL;

	fold_begin(&text, s);
	for (;;) {
		size_t plain = 0;
		enum fold_step step;

		/* The fast path, for most of a Chinese text: folding does not
		 * change these characters, so they are copied. */
		if (state.last == FOLD_CJK && !state.gap &&
		    text.at == text.count)
			plain = fold_plain_len(text.rest);
		if ((size_t)(end - place) < plain + ROOM) {
			size_t room = plain + text.rest.len + 8 * (size_t)ROOM;
			if (place != NULL)
				out->len = (size_t)(place - out->data);
			place = buf_reserve(out, room);
			if (place == NULL)
				return;
			end = place + room;
		}
		if (plain > 0) {
			memcpy(place, text.rest.data, plain);
			place += plain;
			text.rest = str_slice(text.rest, plain, text.rest.len);
		}
		if (!fold_next(&text, &at))
			break;
		step = fold_advance(&state, &at);
		if (step == FOLD_SKIPPED)
			continue;
		if (step == FOLD_APART)
			*place++ = ' ';
		place += fold_write(place, at.c);
	}
	out->len = (size_t)(place - out->data);
}

bool
fold_starts(struct str s, struct str needle)
{
	struct fold_state state = {FOLD_OTHER, false, 0};
	struct fold_text text;
	struct fold_char at;

	fold_begin(&text, s);
	while (needle.len > 0) {
		enum fold_step step;
		if (!fold_next(&text, &at))
			return false;
		step = fold_advance(&state, &at);
		if (step == FOLD_SKIPPED && state.last == FOLD_OTHER)
			return false; /* s begins with a separator */
		if (step == FOLD_SKIPPED)
			continue;
		/* FOLD_APART stands for a space, and terms have none. */
		if (step == FOLD_APART || utf8_next(&needle) != at.c)
			return false;
	}
	return true;
}

/* A run of the reader's words that is being read. */
struct run {
	char *start, *place; /* in the text of the terms */
	char *token;         /* the beginning of its last token */
	size_t characters;   /* of the run, also those that were cut off */
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
		/* Drop the word that would be cut: half a word is not a token
		 * of any text. (A run of one word is kept and cut, because the
		 * tokenizer cuts it at the same place.) */
		run->place = run->token;
	}
	run->characters++;
}

void
fold_terms(struct fold_terms *out, struct str words)
{
	struct run run = {.start = out->text, .place = out->text};
	struct fold_text text;
	struct fold_char at;

	out->count = 0;
	fold_begin(&text, words);
	for (;;) {
		bool more = fold_next(&text, &at);

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
