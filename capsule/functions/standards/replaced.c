/* SPDX-License-Identifier: ISC */
/*
 * Reads a cell of 代替标准号 to its end: numbers in any list, ranges, and words
 * before and behind them. The cell decides whether these standards are in
 * force. So if anything is not understood, it is reported, and nothing of the
 * cell is used.
 *
 *	部分代替 GB/T 1-2000、2-2000     a part of both
 *	GB/T 1-2000（部分代替）          a part of it
 *	GB/T 1.1～1.3-2000 中的附录A     a part of three
 *	代替：GB/T 1-2000《方法》        all of it
 *	无                               nothing
 */
#include "replaced.h"

#include "base/utf8.h"
#include "standards.h"
#include "fold.h"

enum {
	TEXT_BYTES_MAX = 64 * 1024,
	ENTRIES_MAX = 500,
	RAW_BYTES_MAX = 200,
	RESULT_BYTES_MAX = 1024 * 1024
};

struct entry {
	struct std_number number;
	struct str raw;
	bool partly;
};

struct scan {
	struct str text; /* what is left */
	struct entry *entry;
	size_t count, room;
	bool no_memory;
	size_t group;    /* the first that words behind the last speak of */
	bool partly;     /* what words before a number have said */
	bool behind;     /* a number, and no separator since */
	bool linked;     /* a number, and 和 */
	bool in_title;   /* inside 《》 */
	bool none;       /* 无 */
	struct str left; /* not understood; no data: nothing so far */
};

static void
advance(struct scan *scan, size_t n)
{
	scan->text = str_slice(scan->text, n, scan->text.len);
}

/* Up to the next sign that separates, as what was not understood. */
static void
give_up(struct scan *scan)
{
	struct str rest = scan->text;
	size_t n = scan->text.len;

	while (rest.len > 0) {
		size_t at = scan->text.len - rest.len;
		uint32_t c = utf8_next(&rest);

		if (at > 0 &&
		    (c == 0x3001 || c == ',' || c == ';' || c == '\n' ||
			c == '\t')) {
			n = at;
			break;
		}
	}
	scan->left = utf8_cut(str_slice(scan->text, 0, n), RAW_BYTES_MAX);
}

static bool
make_room(struct scan *scan, size_t n)
{
	size_t room = scan->room == 0 ? 4 : scan->room;
	struct entry *entry;

	while (room < scan->count + n)
		room *= 2;
	if (room == scan->room)
		return true;
	entry = sqlite3_realloc64(scan->entry, room * sizeof(*entry));
	scan->no_memory = entry == NULL;
	if (entry == NULL)
		return false;
	scan->entry = entry;
	scan->room = room;
	return true;
}

static void
take_span(struct scan *scan)
{
	const struct entry *before =
	    scan->count > 0 ? &scan->entry[scan->count - 1] : NULL;
	struct std_span span;
	size_t end, n;
	struct str raw;

	end = std_span_read(
	    scan->text, before == NULL ? NULL : &before->number, &span);
	n = end == 0 ? 0 : std_span_count(&span);
	if (n == 0 || scan->count + n > ENTRIES_MAX || !make_room(scan, n)) {
		give_up(scan);
		return;
	}
	if (!scan->linked)
		scan->group = scan->count;
	scan->linked = false;
	raw = str_trim(str_slice(scan->text, 0, end));
	for (size_t i = 0; i < n; i++) {
		struct entry *entry = &scan->entry[scan->count++];

		*entry = (struct entry){.raw = raw, .partly = scan->partly};
		std_span_at(&span, i, &entry->number);
	}
	advance(scan, end);
	scan->behind = true;
}

/* Words say something of the numbers before them, or of those to come. */
static void
take_judgement(struct scan *scan, enum std_phrase phrase, bool behind)
{
	if (phrase == STD_PHRASE_NONE)
		scan->none = true;
	if (phrase != STD_PHRASE_PART && phrase != STD_PHRASE_WHOLE)
		return;
	if (!behind) {
		scan->partly = phrase == STD_PHRASE_PART;
		return;
	}
	for (size_t i = scan->group; i < scan->count; i++)
		scan->entry[i].partly = phrase == STD_PHRASE_PART;
}

static bool
is_separator(uint32_t c)
{
	return c == 0x3001 || c == ',' || c == ';' || c == '\n' || c == '\t' ||
	    c == '|' || c == 0xFE50 || c == 0xFF64;
}

/* Does a number begin here, if only blanks are before it? */
static bool
number_next(struct str text)
{
	struct str rest = text = str_trim(text);
	char c = text.len == 0 ? 0 : std_fold_char(utf8_next(&rest));

	return (std_is_letter(c) || std_is_digit(c)) &&
	    std_phrase_len(text) == 0;
}

static void
take_phrase(struct scan *scan)
{
	size_t n = std_phrase_len(scan->text);
	struct str words = str_slice(scan->text, 0, n), rest;
	enum std_phrase phrase = std_phrase_judge(words);
	bool behind = scan->count > 0;

	rest = str_slice(scan->text, n, scan->text.len);
	if (n == 0 || phrase == STD_PHRASE_UNREAD) {
		give_up(scan);
		return;
	}
	/* "GB/T 1-2000 和 GB/T 2-2000": between two numbers. A part that is
	 * named directly behind one belongs to it, unless it says that what
	 * comes is replaced. */
	if (number_next(rest) &&
	    (!scan->behind || str_find(words, STR("代替")) != SIZE_MAX ||
		str_find(words, STR("替代")) != SIZE_MAX))
		behind = false;
	scan->linked = phrase == STD_PHRASE_PLAIN && scan->behind;
	take_judgement(scan, phrase, behind);
	advance(scan, n);
}

/* The bytes of what stands in brackets here, and *inside; 0: they do not
 * close. */
static size_t
brackets(struct str text, struct str *inside)
{
	struct str rest = text;
	uint32_t open = utf8_next(&rest), c;
	uint32_t close = open == '(' ? ')' : open + 1;
	size_t from = text.len - rest.len, depth = 1;

	while (rest.len > 0) {
		size_t at = text.len - rest.len;

		c = utf8_next(&rest);
		depth += c == open;
		depth -= c == close;
		if (depth == 0) {
			*inside = str_slice(text, from, at);
			return text.len - rest.len;
		}
	}
	return 0;
}

/* Does a number stand anywhere in it? */
static bool
holds_number(struct str text)
{
	while (text.len > 0) {
		size_t n = std_phrase_len(text);

		text = str_slice(text, n, text.len);
		if (text.len > 0 && number_next(text))
			return true;
		if (text.len > 0)
			utf8_next(&text);
	}
	return false;
}

/* (ISO 9001:2008, IDT): what the number before it adopts. */
static bool
is_adoption(struct str inside)
{
	static const char *const degrees[] = {"IDT", "MOD", "NEQ", "EQV"};

	inside = str_trim(inside);
	for (size_t i = 0; i < sizeof(degrees) / sizeof(*degrees); i++)
		if (str_ends(inside, str_from(degrees[i])) ||
		    str_starts(inside, str_from(degrees[i])))
			return true;
	return false;
}

static void
take_brackets(struct scan *scan, uint32_t open)
{
	struct str inside;
	size_t n = brackets(scan->text, &inside);
	bool title = open == 0x300A || open == 0x3008;

	if (n == 0) {
		give_up(scan);
	} else if (number_next(inside) && !scan->behind) {
		scan->in_title = title;
		advance(scan,
		    utf8_cut(scan->text, 3).len == 3 && open != '(' ? 3 : 1);
	} else if (title) {
		if (number_next(inside))
			give_up(scan);
		else
			advance(scan, n);
	} else if (scan->behind && is_adoption(inside)) {
		advance(scan, n);
	} else {
		enum std_phrase phrase = holds_number(inside)
		    ? STD_PHRASE_UNREAD
		    : std_phrase_judge(inside);

		if (phrase == STD_PHRASE_UNREAD) {
			give_up(scan);
			return;
		}
		take_judgement(scan, phrase, scan->count > 0);
		advance(scan, n);
	}
}

/* One step; the text is not empty. */
static void
step(struct scan *scan)
{
	struct str rest = scan->text;
	uint32_t c = utf8_next(&rest);
	char folded = std_fold_char(c);
	size_t n = scan->text.len - rest.len;

	if (is_separator(c)) {
		scan->behind = false;
		advance(scan, n);
	} else if (c == '(' || c == 0x300A || c == 0x3008 || c == 0x3010 ||
	    c == 0x300C) {
		take_brackets(scan, c);
	} else if (c == 0x300B || c == 0x3009) {
		scan->in_title = false;
		advance(scan, n);
	} else if (folded == ' ' || c == ':' || c == ')' || c == 0x3002 ||
	    (c >= 0x3009 && c <= 0x3011) || (c == '.' && rest.len == 0)) {
		advance(scan, n);
	} else if (scan->in_title && scan->behind) {
		/* The title behind a number, as far as its bracket. */
		n = str_find(scan->text, STR("》"));
		advance(scan, n == SIZE_MAX ? scan->text.len : n);
	} else if ((std_is_letter(folded) || std_is_digit(folded)) &&
	    std_phrase_len(scan->text) == 0) {
		take_span(scan);
	} else {
		take_phrase(scan);
	}
}

/* Years are written in all of the numbers of a list, or in none. */
static void
compare_years(struct scan *scan)
{
	const struct std_number *none = NULL;
	bool some = false;
	size_t at = 0;

	for (size_t i = 0; i < scan->count; i++) {
		const struct std_number *number = &scan->entry[i].number;

		if (number->level < STD_NATIONAL ||
		    number->level > STD_ENTERPRISE)
			continue;
		some |= number->year != 0;
		if (number->year == 0 && none == NULL) {
			none = number;
			at = i;
		}
	}
	if (none != NULL && some)
		scan->left = scan->entry[at].raw;
}

static void
write_entry(struct buf *out, const struct entry *entry)
{
	struct buf text;

	buf_init(&text, 1024);
	buf_text(out, out->len > 1 ? ",{" : "{");
	std_write(&text, &entry->number);
	std_json_member(out, "number", buf_view(&text));
	buf_clear(&text);
	std_write_key(&text, &entry->number);
	std_json_member(out, "key", buf_view(&text));
	std_json_member(out, "raw", utf8_cut(entry->raw, RAW_BYTES_MAX));
	buf_printf(out, ",\"partly\":%d}", entry->partly);
	if (text.err != OK)
		out->err = text.err;
	buf_release(&text);
}

/* Full-width forms as plain ones; what shows nothing is gone. */
static void
add_plain(struct buf *out, struct str text)
{
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c >= 0xFF01 && c <= 0xFF5E)
			buf_char(out, (char)(c - 0xFF01 + 0x21));
		else if (c == '\r')
			buf_char(out, '\n');
		else if (std_fold_char(c) != 0)
			utf8_add(out, c);
	}
}

static void
give(sqlite3_context *context, struct scan *scan)
{
	struct buf out;

	if (scan->left.data == NULL && scan->count == 0 && scan->none)
		return;
	if (scan->left.data == NULL && scan->count > 0 && scan->none)
		scan->left = STR("无");
	if (scan->left.data == NULL)
		compare_years(scan);
	buf_init(&out, RESULT_BYTES_MAX);
	buf_char(&out, '[');
	for (size_t i = 0; i < scan->count && scan->left.data == NULL; i++)
		write_entry(&out, &scan->entry[i]);
	buf_char(&out, ']');
	if (scan->left.data != NULL) {
		buf_clear(&out);
		buf_char(&out, '{');
		std_json_member(&out, "unread", str_trim(scan->left));
		buf_char(&out, '}');
	}
	sql_result(context, &out);
}

static void
call_replaced(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct scan scan = {.partly = false};
	struct buf text;

	(void)count;
	if (sql_is_null(value[0]) || std_is_nothing(sql_text(value[0])))
		return;
	buf_init(&text, TEXT_BYTES_MAX);
	add_plain(&text, sql_text(value[0]));
	scan.text = buf_view(&text);
	if (text.err == ERR_LIMIT)
		give_up(&scan);
	while (scan.text.len > 0 && scan.left.data == NULL)
		step(&scan);
	if (scan.count == 0 && scan.left.data == NULL && !scan.none)
		scan.left = utf8_cut(buf_view(&text), RAW_BYTES_MAX);
	if (text.err == ERR_NOMEM || scan.no_memory)
		sqlite3_result_error_nomem(context);
	else
		give(context, &scan);
	buf_release(&text);
	sqlite3_free(scan.entry);
}

int
std_register_replaced(sqlite3 *db)
{
	static const struct sql_function list[] = {
	    {"std_replaced", 1, SQL_PURE, call_replaced}};

	return sql_register(db, list, 1, NULL);
}
