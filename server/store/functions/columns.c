/* SPDX-License-Identifier: ISC */
/*
 * Tables and charts in preformatted text, whose columns are those of a
 * terminal: a Chinese character has two. printf() counts characters.
 */
#include "base/utf8.h"
#include "store/functions/functions.h"
#include "text/wrap.h"

enum { COLUMNS_MAX = 256, TEXT_BYTES_MAX = 1024 * 1024 };

/* Append text in exactly `columns` columns. */
static void
add_padded(struct buf *out, struct str text, unsigned columns, bool right)
{
	struct arena *arena = arena_new(TEXT_BYTES_MAX);
	struct str fit;
	unsigned blanks;

	if (arena == NULL || text_fit(arena, text, columns, &fit) != OK) {
		out->err = ERR_NOMEM;
	} else {
		blanks = columns - text_width(fit);
		if (right)
			buf_fill(out, ' ', blanks);
		buf_add(out, fit.data, fit.len);
		if (!right)
			buf_fill(out, ' ', blanks);
	}
	arena_free(arena);
}

/* text_pad(text, columns[, 'left' | 'right']) */
static void
call_pad(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct str side = count > 2 ? sql_text(value[2]) : STR("left");
	const bool right = str_equal(side, STR("right"));
	struct buf line, out;

	if (!right && !str_equal(side, STR("left"))) {
		sqlite3_result_error(
		    context, "text_pad: 'left' or 'right'", -1);
		return;
	}
	buf_init(&line, TEXT_BYTES_MAX);
	buf_init(&out, TEXT_BYTES_MAX);
	utf8_add_line(&line, sql_text(value[0]));
	if (line.err != OK)
		out.err = line.err;
	else
		add_padded(&out, buf_view(&line),
		    (unsigned)sql_size(value[1], 0, COLUMNS_MAX), right);
	buf_release(&line);
	sql_result(context, &out);
}

/* bar(n, max, columns) */
static void
call_bar(sqlite3_context *context, int count, sqlite3_value **value)
{
	const double n = sqlite3_value_double(value[0]);
	const double max = sqlite3_value_double(value[1]);
	const size_t columns = sql_size(value[2], 0, COLUMNS_MAX);
	size_t length = 0;
	struct buf out;

	(void)count;
	if (n > 0 && max > 0 && columns > 0)
		length = n >= max ? columns
				  : (size_t)(n / max * (double)columns + 0.5);
	if (n > 0 && max > 0 && columns > 0 && length == 0)
		length = 1; /* what is there is seen */
	buf_init(&out, TEXT_BYTES_MAX);
	while (length-- > 0)
		utf8_add(&out, 0x2588); /* FULL BLOCK */
	sql_result(context, &out);
}

int
functions_register_columns(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"text_pad", 2, SQL_PURE, call_pad},
	    {"text_pad", 3, SQL_PURE, call_pad},
	    {"bar", 3, SQL_PURE, call_bar}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
