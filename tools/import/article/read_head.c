/* SPDX-License-Identifier: ISC */
/*
 * Gemtext with a head, the form in which articles are written for the portal:
 *
 *	title: 标准化服务平台上线
 *	section: hnbzhdt
 *	published: 2026-11-18 09:30
 *
 *	The body, gemtext, from here to the end.
 *
 * A head is strict where prose is not: a misspelt key would otherwise lose
 * what somebody has written, without a word.
 */
#include "base/url.h"
#include "base/utf8.h"
#include "text/reference.h"
#include "text/space.h"
#include "tools/import/customs/byline.h"
#include "tools/import/clean.h"
#include "tools/import/customs/customs.h"
#include "tools/import/customs/date.h"
#include "tools/import/article/read.h"

enum { EXCERPT_BYTES = 60, KEY_MAX_BYTES = 32 };

struct head {
	const struct reading *in;
	struct article *article;
	size_t line;
	unsigned given; /* bit i: row i has been there */
};

/* A key that may stand in a head, and who reads its value. */
struct key {
	const char *name;
	enum err (*read)(struct head *head, int what, struct str value);
	int what; /* an enum article_field, or which flag */
	bool many;
};

enum { FLAG_PINNED, FLAG_SAMPLE };

static enum err
read_text(struct head *head, int what, struct str value)
{
	return article_set(
	    head->in, head->article, (enum article_field)what, value);
}

static enum err
read_byline(struct head *head, int what, struct str value)
{
	struct str clean, names;

	if (clean_str(head->in->arena, value, &clean) != OK ||
	    byline_names(head->in->arena, clean, &names) != OK)
		return reading_nomem(head->in);
	return read_text(head, what, names);
}

static enum err
read_url(struct head *head, int what, struct str value)
{
	struct str mended;
	struct url url;
	enum err err = reference_stored(head->in->arena, value, &mended);

	if (err == ERR_NOMEM)
		return reading_nomem(head->in);
	if (err != OK || url_parse(mended, &url) != OK || url.scheme.len == 0)
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is no whole URL that a reader may be sent to",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	return read_text(head, what, value);
}

/* A word of the list, which may be set wide, 标　题? */
static bool
is_word(struct str text, struct str word)
{
	while (word.len > 0) {
		uint32_t wanted = utf8_next(&word);
		if (text.len == 0 || utf8_next(&text) != wanted)
			return false;
		text = space_skip(text);
	}
	return text.len == 0;
}

/* What the list calls this, or itself. */
static struct str
translate(struct str word, const struct custom_key *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_word(word, str_from(list[i].name)))
			return str_from(list[i].key);
	return word;
}

static enum err
read_status(struct head *head, int what, struct str value)
{
	value = translate(value, custom_values, custom_values_count);
	if (!str_equal(value, STR("live")) && !str_equal(value, STR("draft")))
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is no status: live or draft",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	return read_text(head, what, value);
}

static enum err
read_published(struct head *head, int what, struct str value)
{
	(void)what;
	if (date_read(value, &head->article->published) != OK)
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is no date: 2026-11-18 09:30 is one",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	head->article->has_published = true;
	return OK;
}

static enum err
read_flag(struct head *head, int what, struct str value)
{
	bool yes;

	value = translate(value, custom_values, custom_values_count);
	yes = str_equal(value, STR("yes"));

	if (!yes && !str_equal(value, STR("no")))
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is neither yes nor no",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	if (what == FLAG_PINNED)
		head->article->pinned = yes;
	else
		head->article->sample = yes;
	return OK;
}

/* path | label */
static enum err
read_attachment(struct head *head, int what, struct str value)
{
	struct article *article = head->article;
	struct attachment *a = &article->attachment[article->attachments];
	struct str path;

	(void)what;
	if (article->attachments == ARTICLE_ATTACHMENTS_MAX)
		return reading_refuse(head->in, head->line,
		    "more than %d attachments", ARTICLE_ATTACHMENTS_MAX);
	if (str_find(value, STR("｜")) < str_find_byte(value, '|')) {
		size_t at = str_find(value, STR("｜"));
		path = str_slice(value, 0, at);
		value = str_slice(value, at + strlen("｜"), value.len);
	} else {
		(void)str_next_part(&value, '|', &path);
	}
	if (clean_str(head->in->arena, path, &a->path) != OK ||
	    clean_str(head->in->arena, value, &a->label) != OK)
		return reading_nomem(head->in);
	a->line = head->line;
	if (a->path.len == 0)
		return reading_refuse(head->in, head->line,
		    "an attachment is `path | what it is`; here is no path");
	article->attachments++;
	return OK;
}

static const struct key keys[] = {
    {"title", read_text, FIELD_TITLE, false},
    {"section", read_text, FIELD_SECTION, false},
    {"kicker", read_text, FIELD_KICKER, false},
    {"subtitle", read_text, FIELD_SUBTITLE, false},
    {"byline", read_byline, FIELD_BYLINE, false},
    {"source", read_text, FIELD_SOURCE, false},
    {"source_url", read_url, FIELD_SOURCE_URL, false},
    {"publisher", read_text, FIELD_PUBLISHER, false},
    {"summary", read_text, FIELD_SUMMARY, false},
    {"published", read_published, 0, false},
    {"pinned", read_flag, FLAG_PINNED, false},
    {"sample", read_flag, FLAG_SAMPLE, false},
    {"status", read_status, FIELD_STATUS, false},
    {"article", read_text, FIELD_ARTICLE, false},
    {"attachment", read_attachment, 0, true},
};

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static const char *
nearest_key(struct str name)
{
	const char *names[KEYS];

	for (size_t i = 0; i < KEYS; i++)
		names[i] = keys[i].name;
	return str_nearest(name, names, KEYS);
}

/* The first Chinese word for each key: two of them are seldom alike. */
static void
add_chinese_keys(struct buf *out)
{
	const char *last = "";

	for (size_t i = 0; i < custom_keys_count; i++) {
		if (strcmp(custom_keys[i].key, last) == 0)
			continue;
		last = custom_keys[i].key;
		buf_char(out, ' ');
		buf_text(out, custom_keys[i].name);
	}
}

static enum err
refuse_key(const struct head *head, struct str name)
{
	const char *nearest = nearest_key(name);
	struct buf list;
	enum err err;

	buf_init(&list, 1024);
	if ((unsigned char)name.data[0] >= 0x80)
		add_chinese_keys(&list);
	err = reading_refuse(head->in, head->line,
	    "unknown key \"%.*s\"%s%s%s%s%.*s", STR_ARG(name),
	    nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "",
	    list.len > 0 ? ", the keys are" : "", STR_ARG(buf_view(&list)));
	buf_release(&list);
	return err;
}

static const struct key *
find_key(struct str name)
{
	name = translate(name, custom_keys, custom_keys_count);
	for (size_t i = 0; i < KEYS; i++)
		if (str_equal_nocase(name, str_from(keys[i].name)))
			return &keys[i];
	return NULL;
}

/* Bytes of the letters or, of Chinese, ideographs that a key is made of. */
static size_t
key_len(struct str line)
{
	size_t n = 0;

	while (n < line.len && n <= KEY_MAX_BYTES) {
		struct str rest = str_slice(line, n, line.len);
		uint32_t c = utf8_next(&rest);
		/* Between two ideographs blanks make a word wide. */
		if (n > 0 && (unsigned char)line.data[0] >= 0x80 &&
		    clean_is_space(c)) {
			rest = space_skip(rest);
			c = rest.len > 0 ? utf8_next(&rest) : ' ';
		}
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    c != '_' && c != '-' && !clean_is_ideograph(c))
			break;
		n = line.len - rest.len;
	}
	return n;
}

/* Take `key: value` apart; a full-width colon is one as well. */
static bool
split(struct str line, struct str *key, struct str *value)
{
	size_t n = key_len(line);

	*key = str_slice(line, 0, n);
	*value = space_skip(str_slice(line, n, line.len));
	if (n == 0 || (!clean_take(value, ":") && !clean_take(value, "：")))
		return false;
	*value = space_trim(*value);
	return true;
}

bool
head_is_line(struct str line)
{
	struct str key, value;

	return split(space_trim(line), &key, &value) && key.len > 0 &&
	    (unsigned char)key.data[0] < 0x80 && nearest_key(key) != NULL;
}

/* In Chinese such lines stand in texts and captures as well: they are a head
 * if the lines up to the first blank one are all such and one is a title. */
bool
head_is_chinese(struct str text)
{
	struct str line, name, value;
	bool begun = false, titled = false;

	while (space_next_line(&text, &line)) {
		const struct key *key;
		line = space_trim(line);
		if (line.len == 0 && begun)
			break;
		if (line.len == 0)
			continue;
		begun = true;
		if (!split(line, &name, &value))
			return false;
		key = find_key(name);
		titled = titled ||
		    (key != NULL && key->read == read_text &&
			key->what == FIELD_TITLE);
	}
	return titled;
}

static enum err
read_line(struct head *head, struct str line)
{
	const struct key *key;
	struct str name, value;
	unsigned bit;

	if (!split(line, &name, &value))
		return reading_refuse(head->in, head->line,
		    "the head has lines `key: value` and ends with a blank "
		    "line; this is neither");
	key = find_key(name);
	if (key == NULL)
		return refuse_key(head, name);
	bit = 1u << (key - keys);
	if (!key->many && (head->given & bit) != 0)
		return reading_refuse(
		    head->in, head->line, "%s is given twice", key->name);
	head->given |= bit;
	/* A key without a value is a form not filled in. */
	return value.len > 0 ? key->read(head, key->what, value) : OK;
}

static enum err
read_body(struct head *head, struct str text)
{
	struct buf b;
	enum err err;

	buf_init(&b, 2 * ARTICLE_BYTES_MAX);
	clean_gemtext(&b, text);
	err = arena_take(head->in->arena, &b, &head->article->body);
	buf_release(&b);
	if (err != OK)
		return reading_nomem(head->in);
	if (head->article->body.len == 0)
		return reading_refuse(head->in, head->line,
		    "no body: nothing stands below the head");
	return OK;
}

enum err
article_from_head(const struct reading *in, struct article *out)
{
	struct head head = {.in = in, .article = out};
	struct str rest = in->text, line;
	bool begun = false;

	while (space_next_line(&rest, &line)) {
		enum err err;
		head.line++;
		line = space_trim(line);
		if (line.len == 0 && begun)
			break;
		if (line.len == 0)
			continue;
		begun = true;
		err = read_line(&head, line);
		if (err != OK)
			return err;
	}
	if (!article_has(out, FIELD_TITLE))
		return reading_refuse(
		    in, head.line, "no title: the head has no `title: ...`");
	return read_body(&head, rest);
}
