/* SPDX-License-Identifier: ISC */
/*
 * What tables write into a cell that has nothing to say: a dash, 无, NULL. It
 * is the same as an empty one, in whatever column it stands.
 */
#include "base/utf8.h"
#include "store/functions/fold.h"
#include "standards.h"
#include "replaced.h"

enum { WORD_BYTES_MAX = 32 };

/* Dashes and slashes only, whichever they are. */
static bool
is_signs(struct str text)
{
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c != '-' && c != '/' && c != '\\' && c != '*' &&
		    c != 0xFF0D && c != 0xFF0F && c != 0x2212 && c != 0x30FC &&
		    c != 0x2500 && (c < 0x2010 || c > 0x2015))
			return false;
	}
	return true;
}

bool
std_is_nothing(struct str text)
{
	static const char *const words[] = {"无", "没有", "空", "空白", "暂无",
	    "不详", "未知", "待定", "null", "(null)", "none", "nil", "n/a",
	    "na", "nan", "#n/a", "\\n", "0000-00-00", "0000-00-00 00:00:00"};
	struct buf folded;
	bool nothing = false;

	text = str_trim(text);
	if (text.len > WORD_BYTES_MAX)
		return false;
	if (is_signs(text))
		return true;
	buf_init(&folded, 2 * WORD_BYTES_MAX);
	fold_add(&folded, text);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (folded.err == OK &&
		    str_equal(buf_view(&folded), str_from(words[i])))
			nothing = true;
	buf_release(&folded);
	return nothing;
}

static void
call_said(sqlite3_context *context, int count, sqlite3_value **value)
{
	(void)count;
	if (!sql_is_null(value[0]) && !std_is_nothing(sql_text(value[0])))
		sqlite3_result_value(context, value[0]);
}

int
std_register_said(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_said", 1, SQL_PURE, call_said}};

	return sql_register(db, list, 1, NULL);
}
