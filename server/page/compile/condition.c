/* SPDX-License-Identifier: ISC */
/*
 * Reading and deciding simple conditions.
 *
 * Page values are bound to parameters. Neither parameters nor literals have an
 * affinity, so SQLite converts nothing: a number and a text are never equal,
 * and each number is less than each text ("Datatypes In SQLite", 4.1 and 4.2).
 * Texts are compared byte by byte, as by the collation BINARY. A few lines are
 * enough to give SQLite's answer. SQLite itself is asked about real numbers,
 * and about a text that stands alone for true or false.
 */
#include "page/compile/condition.h"

enum { TESTS_MAX = 8 };

enum relation {
	NOT_ZERO, /* looks at the left operand alone */
	IS_NULL,
	EQUAL,
	LESS,
	MORE
};

struct operand {
	int slot; /* -1: a literal */
	struct value literal;
};

struct test {
	enum relation relation;
	bool negated; /* NOT before it, IS NOT NULL; <>, >= and <= */
	struct operand left, right;
};

struct condition {
	size_t count;
	struct test test[TESTS_MAX];
};

/* ---- reading -------------------------------------------------------- */

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static void
skip_blanks(struct str *sql)
{
	while (sql->len > 0 && strchr(" \t\r\n", sql->data[0]) != NULL)
		*sql = str_slice(*sql, 1, sql->len);
}

static struct str
take_word(struct str *sql)
{
	struct str word = {sql->data, 0};

	while (word.len < sql->len && is_word_byte(sql->data[word.len]))
		word.len++;
	*sql = str_slice(*sql, word.len, sql->len);
	return word;
}

/* Remove the keyword from the front of *sql, if it stands there. */
static bool
take_keyword(struct str *sql, const char *keyword)
{
	struct str rest = *sql;

	skip_blanks(&rest);
	if (!str_equal_nocase(take_word(&rest), str_from(keyword)))
		return false;
	*sql = rest;
	return true;
}

static bool
take_name(struct scope *scope, struct str *sql, struct operand *out)
{
	*sql = str_slice(*sql, 1, sql->len);
	out->slot = scope_slot(scope, take_word(sql));
	return out->slot >= 0;
}

/* Remove a 'text' that contains no quote. */
static bool
take_string(struct str *sql, struct operand *out)
{
	struct str rest = str_slice(*sql, 1, sql->len);
	size_t end = str_find_byte(rest, '\'');

	if (end == SIZE_MAX ||
	    str_starts(str_slice(rest, end + 1, rest.len), STR("'")))
		return false;
	out->literal = value_text(str_slice(rest, 0, end));
	*sql = str_slice(rest, end + 1, rest.len);
	return true;
}

static bool
take_operand(struct scope *scope, struct str *sql, struct operand *out)
{
	int64_t n;

	*out = (struct operand){.slot = -1};
	skip_blanks(sql);
	if (sql->len == 0)
		return false;
	if (sql->data[0] == ':')
		return take_name(scope, sql, out);
	if (sql->data[0] == '\'')
		return take_string(sql, out);
	if (str_to_int(take_word(sql), 0, INT64_MAX, &n) != OK)
		return false;
	out->literal = value_integer(n);
	return true;
}

/* Remove the sign of a comparison. */
static bool
take_sign(struct str *sql, struct test *test)
{
	static const struct {
		const char *sign; /* longer signs come first */
		enum relation relation;
		bool negated;
	} signs[] = {{"==", EQUAL, false}, {"<>", EQUAL, true},
	    {"!=", EQUAL, true}, {"<=", MORE, true}, {">=", LESS, true},
	    {"=", EQUAL, false}, {"<", LESS, false}, {">", MORE, false}};

	skip_blanks(sql);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		struct str sign = str_from(signs[i].sign);

		if (!str_starts(*sql, sign))
			continue;
		*sql = str_slice(*sql, sign.len, sql->len);
		test->relation = signs[i].relation;
		test->negated ^= signs[i].negated;
		return true;
	}
	return false;
}

static bool
take_test(struct scope *scope, struct str *sql, struct test *test)
{
	*test = (struct test){.relation = NOT_ZERO};
	test->negated = take_keyword(sql, "NOT");
	if (!take_operand(scope, sql, &test->left))
		return false;
	if (take_keyword(sql, "IS")) {
		test->relation = IS_NULL;
		test->negated ^= take_keyword(sql, "NOT");
		return take_keyword(sql, "NULL");
	}
	return !take_sign(sql, test) || take_operand(scope, sql, &test->right);
}

const struct condition *
condition_read(struct arena *arena, struct scope *scope, struct str sql)
{
	struct condition condition = {0}, *kept;

	sql = arena_str(arena, sql); /* the condition keeps strings of it */
	do {
		if (condition.count == TESTS_MAX ||
		    !take_test(scope, &sql, &condition.test[condition.count]))
			return NULL;
		condition.count++;
	} while (take_keyword(&sql, "AND"));
	skip_blanks(&sql);
	if (sql.len > 0)
		return NULL;
	kept = arena_alloc(arena, sizeof(*kept));
	if (kept != NULL)
		*kept = condition;
	return kept;
}

/* ---- deciding ------------------------------------------------------- */

static const struct value *
value_of(const struct operand *operand, const struct value *slots)
{
	return operand->slot >= 0 ? &slots[operand->slot] : &operand->literal;
}

/* <0, 0 or >0, for two integers or texts. Not for real numbers. */
static int
compare(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return a->type == VALUE_TEXT ? 1 : -1;
	if (a->type == VALUE_TEXT)
		return str_compare(a->text, b->text);
	return a->integer < b->integer ? -1 : a->integer > b->integer;
}

static enum verdict
decide_comparison(
    const struct test *test, const struct value *a, const struct value *b)
{
	int order;
	bool holds;

	if (a->type == VALUE_NULL || b->type == VALUE_NULL)
		return VERDICT_NO; /* NULL AND anything is never true */
	if (a->type == VALUE_REAL || b->type == VALUE_REAL)
		return VERDICT_ASK;
	order = compare(a, b);
	holds = test->relation == EQUAL ? order == 0
	    : test->relation == LESS    ? order < 0
					: order > 0;
	return holds != test->negated ? VERDICT_YES : VERDICT_NO;
}

static enum verdict
decide_test(const struct test *test, const struct value *slots)
{
	const struct value *left = value_of(&test->left, slots);

	if (test->relation == IS_NULL)
		return (left->type == VALUE_NULL) != test->negated ? VERDICT_YES
								   : VERDICT_NO;
	if (test->relation != NOT_ZERO)
		return decide_comparison(
		    test, left, value_of(&test->right, slots));
	if (left->type == VALUE_NULL)
		return VERDICT_NO;
	if (left->type != VALUE_INTEGER)
		return VERDICT_ASK;
	return (left->integer != 0) != test->negated ? VERDICT_YES : VERDICT_NO;
}

enum verdict
condition_decide(const struct condition *condition, const struct value *slots)
{
	for (size_t i = 0; i < condition->count; i++) {
		enum verdict verdict = decide_test(&condition->test[i], slots);

		if (verdict != VERDICT_YES)
			return verdict;
	}
	return VERDICT_YES;
}
