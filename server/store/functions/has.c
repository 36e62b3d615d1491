/* SPDX-License-Identifier: ISC */
/*
 * Does a text hold the words of a search? An index without positions
 * (detail=none) can only say that all tokens occur somewhere in a text, so the
 * text itself is searched here.
 */
#include "store/functions/fold.h"
#include "store/functions/functions.h"

enum { TEXT_BYTES_MAX = 64 * 1024 * 1024 };

/*
 * Search for the last byte of the needle and not for the first: in UTF-8 the
 * first byte of nearly all Chinese characters has one of five values, the last
 * byte one of 64.
 */
static bool
holds(struct str text, struct str needle)
{
	size_t before = needle.len - 1;
	char last = needle.data[before];

	for (size_t i = before; i < text.len; i++) {
		size_t ahead = str_find_byte(
		    (struct str){text.data + i, text.len - i}, last);
		if (ahead == SIZE_MAX)
			return false;
		i += ahead;
		if (memcmp(text.data + i - before, needle.data, before) == 0)
			return true;
	}
	return false;
}

/*
 * The fast path: nearly all candidates hold the exact bytes of a Chinese term,
 * and folding does not change such bytes. So the text is searched as it is,
 * before it is folded.
 */
static bool
has_all_plainly(struct str text, const struct fold_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		if (fold_plain_len(terms->term[i]) != terms->term[i].len ||
		    !holds(text, terms->term[i]))
			return false;
	return true;
}

/* The terms of the words, folded once per statement if they do not change. */
static const struct fold_terms *
terms_of(sqlite3_context *context, sqlite3_value *value)
{
	struct fold_terms *terms = sqlite3_get_auxdata(context, 1);

	if (terms != NULL)
		return terms;
	terms = malloc(sizeof(*terms));
	if (terms == NULL)
		return NULL;
	fold_terms(terms, sql_text(value));
	sqlite3_set_auxdata(context, 1, terms, free);
	/* SQLite may have freed the data at once, if it does not keep them. */
	return sqlite3_get_auxdata(context, 1);
}

static bool
has_all(struct str text, const struct fold_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		if (!holds(text, terms->term[i]))
			return false;
	return terms->count > 0;
}

static void
call_has(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct fold_terms *terms = terms_of(context, value[1]);
	struct fold_terms own;
	struct buf text;

	(void)count;
	if (terms == NULL) {
		fold_terms(&own, sql_text(value[1]));
		terms = &own;
	}
	if (terms->count == 0 || sql_is_null(value[0])) {
		sqlite3_result_int(context, 0);
		return;
	}
	if (has_all_plainly(sql_text(value[0]), terms)) {
		sqlite3_result_int(context, 1);
		return;
	}
	buf_init(&text, TEXT_BYTES_MAX);
	fold_canonical(&text, sql_text(value[0]));
	if (text.err == OK)
		sqlite3_result_int(context, has_all(buf_view(&text), terms));
	else if (text.err == ERR_NOMEM)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_error_toobig(context);
	buf_release(&text);
}

static void
call_fold(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct buf out;

	(void)count;
	if (sql_is_null(value[0]))
		return;
	buf_init(&out, TEXT_BYTES_MAX);
	fold_add(&out, sql_text(value[0]));
	sql_result(context, &out);
}

int
functions_register_has(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_has", 2, SQL_PURE, call_has},
	    {"text_fold", 1, SQL_PURE, call_fold}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
