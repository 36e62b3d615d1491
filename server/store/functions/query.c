/* SPDX-License-Identifier: ISC */
/*
 * From the words of a reader to the text for MATCH. That text is a language, in
 * which quotes, stars, AND and NEAR have a meaning, and FTS5 parses a bound
 * value as well. So only letters and digits of the reader are used, each token
 * in quotes.
 */
#include "base/utf8.h"
#include "store/functions/fold.h"
#include "store/functions/functions.h"

enum { QUERY_BYTES_MAX = 64 * 1024, COLUMNS_BYTES_MAX = 200 };

static void
add_quoted(struct buf *out, struct str token)
{
	buf_char(out, '"');
	buf_str(out, token);
	buf_text(out, "\" ");
}

/* The first token of term for an index with detail=none: a word or a pair.
 * *forward: the number of bytes up to the next token. */
static struct str
first_token(struct str term, size_t *forward)
{
	struct fold_state state = {FOLD_OTHER, false, 0};
	struct str rest = term;
	struct fold_char at, next;
	size_t bytes;

	fold_next_folded(&rest, &at);
	fold_advance(&state, &at);
	*forward = bytes = at.raw.len;
	while (rest.len > 0) {
		fold_next_folded(&rest, &next);
		if (fold_advance(&state, &next) != FOLD_JOINED)
			break;
		bytes += next.raw.len;
		if (at.class == FOLD_CJK) {
			if (rest.len == 0)
				*forward = bytes; /* the last pair */
			break;
		}
		*forward = bytes;
	}
	return str_slice(term, 0, bytes);
}

static void
add_tokens(struct buf *out, struct str term, size_t *room)
{
	while (term.len > 0 && *room > 0) {
		size_t forward;

		add_quoted(out, first_token(term, &forward));
		term = str_slice(term, forward, term.len);
		--*room;
	}
}

/* Are these names of columns: small letters, digits and `_`, with blanks
 * between? */
static bool
are_columns(struct str columns)
{
	if (columns.len == 0 || columns.len > COLUMNS_BYTES_MAX)
		return false;
	for (size_t i = 0; i < columns.len; i++) {
		char c = columns.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '_' || c == ' '))
			return false;
	}
	return str_trim(columns).len == columns.len;
}

static void
build(struct buf *out, const struct fold_terms *terms, bool phrases,
    struct str columns)
{
	size_t room = LIMIT_SEARCH_TOKENS;

	if (columns.len > 0)
		buf_printf(out, "{%.*s} : (", STR_ARG(columns));
	for (size_t i = 0; i < terms->count; i++) {
		if (phrases)
			add_quoted(out, terms->term[i]);
		else
			add_tokens(out, terms->term[i], &room);
	}
	if (columns.len > 0)
		buf_char(out, ')');
}

static void
call_query(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct str mode = sql_text(value[1]), columns = {"", 0};
	bool phrases = str_equal(mode, STR("phrase"));
	struct fold_terms terms;
	struct buf out;

	if (!phrases && !str_equal(mode, STR("and"))) {
		sqlite3_result_error(
		    context, "fts_query: the mode is 'phrase' or 'and'", -1);
		return;
	}
	if (count == 3) {
		columns = sql_text(value[2]);
		if (!are_columns(columns)) {
			sqlite3_result_error(context,
			    "fts_query: columns are [a-z0-9_]+, with spaces "
			    "between",
			    -1);
			return;
		}
	}
	fold_terms(&terms, sql_text(value[0]));
	if (terms.count == 0)
		return; /* NULL */
	buf_init(&out, QUERY_BYTES_MAX);
	build(&out, &terms, phrases, columns);
	sql_result(context, &out);
}

int
functions_register_query(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"fts_query", 2, SQL_PURE, call_query},
	    {"fts_query", 3, SQL_PURE, call_query}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
