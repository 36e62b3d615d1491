/* SPDX-License-Identifier: ISC */
/*
 * Which words may be stored. Readers may type anything, also private data by
 * mistake. So a term is short and folded, and does not look like an address, a
 * telephone number, an identity number or a token.
 *
 * term_clean(text), term_add(name, text, day): words for the table guiju_term.
 * In a program that does not count words, term_add() only gives the term.
 */
#include "store/functions/functions.h"

#include <unictype.h>

#include "base/utf8.h"
#include "store/functions/fold.h"

enum {
	DIGITS_MAX = 7, /* with or without separators: a telephone number */
	TOKEN_MAX = 20, /* seals and tokens of drafts have 32 characters */
	TEXT_MAX_BYTES = 8 * TERM_MAX_BYTES
};

/* The numbers and tokens seen so far. */
struct sight {
	unsigned digits; /* digits in a row, separators ignored */
	unsigned token;  /* characters of a token in a row */
	bool token_digit;
	bool number, refused;
};

static bool
is_between(uint32_t c)
{
	return c < 0x80 && strchr(" .-()/+_", (int)c) != NULL;
}

static void
look(struct sight *sight, uint32_t c)
{
	bool digit = uc_decimal_value(c) >= 0;
	bool small = (c >= 'a' && c <= 'z') || c == '-' || c == '_';

	if (digit)
		sight->digits++;
	else if (!is_between(c))
		sight->digits = 0;
	sight->token = digit || small ? sight->token + 1 : 0;
	sight->token_digit = sight->token > 0 && (sight->token_digit || digit);
	sight->number |= sight->digits >= DIGITS_MAX;
	sight->refused |=
	    c == '@' || (sight->token >= TOKEN_MAX && sight->token_digit);
}

static bool
is_private(struct str term, bool (*keeps)(struct str term))
{
	struct sight sight = {0};
	struct str rest = term;

	while (rest.len > 0)
		look(&sight, utf8_next(&rest));
	if (sight.refused || str_find(term, STR("://")) != SIZE_MAX)
		return true;
	return sight.number && (keeps == NULL || !keeps(term));
}

/* Append text with one blank for each group of blanks and control characters,
 * and none at both ends. */
static void
add_tidy(struct buf *out, struct str text)
{
	bool gap = false, any = false;

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (utf8_is_control(c) || uc_is_property_white_space(c)) {
			gap = any;
			continue;
		}
		if (gap)
			buf_char(out, ' ');
		utf8_add(out, c);
		gap = false;
		any = true;
	}
}

static bool
has_word(struct str term)
{
	struct fold_char at;

	while (term.len > 0) {
		fold_next_folded(&term, &at);
		if (at.class != FOLD_OTHER)
			return true;
	}
	return false;
}

bool
term_clean(struct buf *out, struct str text, bool (*keeps)(struct str term))
{
	struct buf folded;
	struct str term;

	/* TEXT_MAX_BYTES is more than a term has, because folding may make a
	 * text shorter. */
	if (text.len == 0 || text.len > TEXT_MAX_BYTES || !utf8_valid(text))
		return false;
	buf_init(&folded, 16 * TEXT_MAX_BYTES);
	fold_add(&folded, text);
	buf_clear(out);
	add_tidy(out, buf_view(&folded));
	if (folded.err != OK)
		out->err = folded.err;
	buf_release(&folded);
	term = buf_view(out);
	return out->err == OK && term.len <= TERM_MAX_BYTES &&
	    utf8_count(term) <= TERM_MAX_CHARACTERS && has_word(term) &&
	    !is_private(term, keeps);
}

static void
call_clean(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct function_host *host = sqlite3_user_data(context);
	struct buf term;

	(void)count;
	buf_init(&term, TEXT_MAX_BYTES);
	if (term_clean(
		&term, sql_text(value[0]), host == NULL ? NULL : host->keeps))
		sql_result(context, &term);
	else
		buf_release(&term);
}

static void
call_add(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct function_host *host = sqlite3_user_data(context);
	struct buf term;

	(void)count;
	buf_init(&term, TEXT_MAX_BYTES);
	if (!term_clean(
		&term, sql_text(value[1]), host == NULL ? NULL : host->keeps)) {
		buf_release(&term);
		return;
	}
	if (host != NULL && host->term != NULL)
		host->term(host->context, sql_text(value[0]), buf_view(&term),
		    sql_text(value[2]));
	sql_result(context, &term);
}

int
functions_register_term(sqlite3 *db, const struct function_host *host)
{
	/* Only a page's own statement may count words. */
	static const struct sql_function list[] = {
	    {"term_clean", 1, SQL_PURE, call_clean},
	    {"term_add", 3, SQLITE_DIRECTONLY, call_add}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), host);
}
