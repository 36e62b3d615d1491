/* SPDX-License-Identifier: ISC */
/*
 * Reads the texts beside a number. Tables write a dash, 无 or NULL into a cell
 * without a value. In any column, these count as an empty cell.
 *
 * This file also tells whether the text behind a number is the title of that
 * standard. People copy titles with other blanks and signs, in part, or with
 * further columns of their table. So only Chinese words are compared, and words
 * that tables write beside any standard do not count.
 */
#include "base/utf8.h"
#include "replaced.h"
#include "standards.h"
#include "store/functions/fold.h"

enum { WORD_BYTES_MAX = 32, TITLE_BYTES_MAX = 8192 };

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

static bool
is_chinese(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF);
}

/* Without the words of a table at its beginning. */
static struct str
skip_columns(struct str run)
{
	static const char *const words[] = {"现行", "有效", "废止", "作废",
	    "部分", "被代替", "代替", "即将", "发布", "实施", "推荐性",
	    "强制性", "指导性", "推荐", "强制", "国家标准", "行业标准",
	    "地方标准", "团体标准", "企业标准", "国际标准", "最新版", "版本",
	    "年版", "修改单"};
	size_t i;

	do {
		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (str_starts(run, str_from(words[i]))) {
				run = str_slice(run, strlen(words[i]), run.len);
				break;
			}
	} while (i < sizeof(words) / sizeof(*words));
	return run;
}

/* The next run of Chinese characters of *text; empty: there is none. */
static struct str
next_run(struct str *text)
{
	struct str run = {text->data, 0};

	while (text->len > 0) {
		struct str rest = *text;
		bool chinese = is_chinese(utf8_next(&rest));

		if (!chinese && run.len > 0)
			break;
		if (chinese && run.len == 0)
			run.data = text->data;
		if (chinese)
			run.len = (size_t)(rest.data - run.data);
		*text = rest;
	}
	return run;
}

static void
call_fits(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct str title = sql_text(value[0]), text = sql_text(value[1]), run;
	bool said = false, fits = true;
	struct buf words;

	(void)count;
	buf_init(&words, TITLE_BYTES_MAX);
	while ((run = next_run(&title)).len > 0)
		buf_add(&words, run.data, run.len);
	while (fits && (run = next_run(&text)).len > 0) {
		if (str_find(buf_view(&words), run) == SIZE_MAX)
			run = skip_columns(run);
		if (utf8_count(run) < 2)
			continue;
		said = true;
		fits = str_find(buf_view(&words), run) != SIZE_MAX;
	}
	if (words.err == ERR_NOMEM)
		sqlite3_result_error_nomem(context);
	else if (said && words.len > 0 && words.err == OK)
		sqlite3_result_int(context, fits);
	buf_release(&words);
}

int
std_register_cells(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_said", 1, SQL_PURE, call_said},
	    {"std_title_fits", 2, SQL_PURE, call_fits}};

	return sql_register(db, list, sizeof(list) / sizeof(*list), NULL);
}
