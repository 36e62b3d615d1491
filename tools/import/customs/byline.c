/* SPDX-License-Identifier: ISC */
/* Finds the end of a byline, and the characters that make a name. */
#include "tools/import/customs/customs.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"

enum {
	BRACKET_MAX = 120,     /* characters between a byline's brackets */
	ALONE_MAX = 40,        /* characters of a byline that stands alone */
	NAME_MAX = 3,          /* characters of a name right behind a role */
	DATELINE_MAX = 30,     /* characters of 新华社北京1月11日电 */
	NAMES_MAX_BYTES = 2000 /* of a byline; a longer one is none */
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool
has_role(const struct customs *customs, struct str s)
{
	return words_hold(customs->words[WORDS_ROLE], s) ||
	    words_hold(customs->words[WORDS_BY], s);
}

static struct str
skip_space(struct str s)
{
	struct str rest = s;

	while (rest.len > 0 && clean_is_space(utf8_next(&rest)))
		s = rest;
	return s;
}

/* Take a group in brackets off the beginning; *inside is the text in it. */
static bool
take_brackets(struct str *rest, struct str *inside)
{
	struct str at = skip_space(*rest);
	const char *begin;

	if (!clean_take(&at, "(") && !clean_take(&at, "\uFF08"))
		return false;
	begin = at.data;
	for (size_t n = 0; at.len > 0 && n < BRACKET_MAX; n++) {
		struct str before = at;
		uint32_t c = utf8_next(&at);
		if (c != ')' && c != 0xFF09)
			continue;
		*inside = (struct str){begin, (size_t)(before.data - begin)};
		*rest = at;
		return true;
	}
	return false;
}

/* Take off a dateline: agency, place, day and 电, as in 新华社北京1月11日电. */
static bool
take_dateline(const struct customs *customs, struct str *rest)
{
	struct str at = *rest;

	if (!words_take(customs->words[WORDS_AGENCY], &at))
		return false;
	for (size_t n = 0; at.len > 0 && n < DATELINE_MAX; n++) {
		if (words_take(customs->words[WORDS_DATELINE], &at)) {
			*rest = at;
			return true;
		}
		utf8_next(&at);
	}
	return false;
}

/* 本报记者 黄 萍: a role, names, and no sentence. */
static bool
is_alone(const struct customs *customs, struct str s)
{
	static const char *const marks[] = {"\u3002", "\uFF0C", "\uFF1B",
	    "\uFF01", "\uFF1F", ",", ";", "\uFF1A\u201C"};
	static const char *const bullets[] = {
	    "\u25A1", "\u25A0", "\u25CF", "\u25CB", "\u25CE", " "};
	struct str at = s;

	if (utf8_count(s) > ALONE_MAX ||
	    words_hold(customs->words[WORDS_SENTENCE], s))
		return false;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (str_find(s, str_from(marks[i])) != SIZE_MAX)
			return false;
	while (clean_take_any(&at, bullets, COUNT(bullets)))
		;
	if (words_take(customs->words[WORDS_BY], &at))
		return true;
	/* A name must follow: 记者节开幕 is a headline. */
	return words_take(customs->words[WORDS_ROLE], &at) && at.len > 0 &&
	    (utf8_count(at) <= NAME_MAX || at.data[0] == ' ' ||
		at.data[0] == '/' || clean_take_colon(&at));
}

bool
byline_find(const struct customs *customs, struct str paragraph,
    struct str *byline, struct str *rest)
{
	struct str at = paragraph, inside;
	bool opened = words_take(customs->words[WORDS_REPORT], &at) ||
	    take_dateline(customs, &at);
	struct str behind = at;

	if (is_alone(customs, paragraph)) {
		*byline = paragraph;
		*rest = str_slice(paragraph, paragraph.len, paragraph.len);
		return true;
	}
	if (take_brackets(&behind, &inside) &&
	    (opened || has_role(customs, inside)))
		at = behind;
	else if (!opened)
		return false;
	*byline = str_slice(paragraph, 0, paragraph.len - at.len);
	*rest = skip_space(at);
	return true;
}

/* A run of ideographs, or of other characters. */
struct token {
	struct str text;
	bool name, single; /* ideographs; one of them */
};

struct tokens {
	struct token *list;
	size_t count;
};

static void
push(struct tokens *tokens, struct str text, bool name)
{
	tokens->list[tokens->count++] =
	    (struct token){text, name, name && utf8_count(text) == 1};
}

/* Take off the longest beginning of *rest that is all ideographs, or has none.
 */
static struct str
take_run(struct str *rest, bool *name)
{
	struct str begin = *rest, at = *rest;

	*name = clean_is_ideograph(utf8_next(&at));
	while (at.len > 0) {
		struct str next = at;
		if (clean_is_ideograph(utf8_next(&next)) != *name)
			break;
		at = next;
	}
	*rest = at;
	return str_slice(begin, 0, begin.len - at.len);
}

/* 记者王 越: the role and the first character of a name. */
static bool
split_role(const struct customs *customs, struct str word, struct str behind,
    struct str *role)
{
	struct str at = word, next = skip_space(behind);
	bool name;

	if (next.len == behind.len || next.len == 0 ||
	    utf8_count(take_run(&next, &name)) != 1 || !name ||
	    !words_take(customs->words[WORDS_ROLE], &at) || utf8_count(at) != 1)
		return false;
	*role = str_slice(word, 0, word.len - at.len);
	return true;
}

static void
tokenise(const struct customs *customs, struct tokens *tokens, struct str text)
{
	while (text.len > 0) {
		bool name;
		struct str run = take_run(&text, &name), role;
		if (name && split_role(customs, run, text, &role)) {
			push(tokens, role, true);
			push(tokens, STR(" "), false);
			run = str_slice(run, role.len, run.len);
		}
		push(tokens, run, name);
	}
}

/* Count the single characters from i on, with spaces between them. */
static size_t
count_singles(const struct tokens *tokens, size_t i)
{
	size_t n = 0;

	while (i < tokens->count && tokens->list[i].single) {
		n++;
		if (i + 1 >= tokens->count ||
		    space_trim(tokens->list[i + 1].text).len > 0)
			break;
		i += 2;
	}
	return n;
}

/* Join single characters to names of two; if one is left over, the last name
 * has three. */
static void
add_names(struct buf *out, const struct token *first, size_t singles)
{
	for (size_t i = 0; i < singles; i++) {
		bool begins = i % 2 == 0 && (i + 1 < singles || singles == 1);
		if (i > 0 && begins)
			buf_char(out, ' ');
		buf_str(out, first[i * 2].text);
	}
}

enum err
byline_names(const struct customs *customs, struct arena *arena,
    struct str text, struct str *out)
{
	struct tokens tokens = {0};
	struct buf b;
	enum err err;

	if (text.len > NAMES_MAX_BYTES) {
		*out = text;
		return OK;
	}
	/* Splitting off a role makes three tokens of one, of a word of two
	 * characters at least: as many as bytes are enough. */
	tokens.list = arena_array(arena, text.len, sizeof(struct token));
	if (tokens.list == NULL)
		return ERR_NOMEM;
	tokenise(customs, &tokens, text);
	buf_init(&b, text.len * 2 + 2);
	for (size_t i = 0; i < tokens.count; i++) {
		size_t singles = count_singles(&tokens, i);
		if (singles < 2) {
			buf_str(&b, tokens.list[i].text);
			continue;
		}
		add_names(&b, &tokens.list[i], singles);
		i += singles * 2 - 2;
	}
	err = arena_take(arena, &b, out);
	buf_release(&b);
	return err == OK ? OK : ERR_NOMEM;
}
