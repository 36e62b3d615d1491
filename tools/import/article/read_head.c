/* SPDX-License-Identifier: ISC */
/*
 * Reads gemtext with a head, the form in which authors write for the portal:
 *
 *	title: 标准化服务平台上线
 *	section: hnbzhdt
 *	published: 2026-11-18 09:30
 *
 *	The body, gemtext, from here to the end.
 *
 * A head is read strictly: an unknown key is refused. If it were ignored, the
 * author would not notice that a value is lost.
 */
#include "base/url.h"
#include "base/utf8.h"
#include "text/reference.h"
#include "text/space.h"
#include "tools/import/customs/customs.h"
#include "tools/import/clean.h"
#include "tools/import/customs/date.h"
#include "tools/import/article/read.h"

enum { EXCERPT_BYTES = 60, KEY_MAX_BYTES = 32 };

#define WIDE_BAR "\uFF5C" /* | in full width */

/* Keys that every capsule has; their numbers come after those of fields. */
enum { KEY_PUBLISHED = CUSTOMS_FIELDS_MAX, KEY_ATTACHMENT, KEYS };

static const char *const own_keys[] = {"published", "attachment"};

struct head {
	const struct reading *in;
	struct article *article;
	size_t line;
	bool given[KEYS];
};

static enum err
check_url(const struct head *head, struct str value)
{
	struct str mended;
	struct url url;
	enum err err = reference_stored(head->in->arena, value, &mended);

	if (err == ERR_NOMEM)
		return reading_nomem(head->in);
	if (err != OK || url_parse(mended, &url) != OK || url.scheme.len == 0)
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is not a whole URL that readers may be led to",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	return OK;
}

/* Is this a word of the list? It may be spaced out, 标　题. */
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

/* The meaning of a word in the list of aliases; the word itself if it is not an
 * alias. */
static struct str
translate(struct str word, const struct custom_alias *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_word(word, list[i].name))
			return str_from(list[i].means);
	return word;
}

static enum err
check_choice(
    const struct head *head, const struct custom_field *field, struct str value)
{
	const struct word_list *choices = &field->choices;
	struct buf list;
	enum err err;

	if (choices->count == 0 || words_are(*choices, value))
		return OK;
	buf_init(&list, 1024);
	for (size_t i = 0; i < choices->count; i++) {
		if (i > 0)
			buf_text(&list, i + 1 < choices->count ? ", " : " or ");
		buf_str(&list, choices->list[i]);
	}
	err = reading_refuse(head->in, head->line, "\"%.*s\" is no %s: %.*s",
	    STR_ARG(utf8_cut(value, EXCERPT_BYTES)), field->name,
	    STR_ARG(buf_view(&list)));
	buf_release(&list);
	return err;
}

static enum err
read_field(struct head *head, int place, struct str value)
{
	const struct reading *in = head->in;
	const struct customs *customs = in->customs;
	const struct custom_field *field = &customs->field[place];
	enum err err = OK;

	if (field->type == CUSTOM_FLAG || field->choices.count > 0)
		value = translate(value, customs->value, customs->values);
	if (field->type == CUSTOM_FLAG && !str_equal(value, STR("yes")) &&
	    !str_equal(value, STR("no")))
		err = reading_refuse(in, head->line,
		    "\"%.*s\" is neither yes nor no",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	else if (field->type == CUSTOM_URL)
		err = check_url(head, value);
	else if (field->type == CUSTOM_NAMES &&
	    (clean_str(in->arena, value, &value) != OK ||
		byline_names(customs, in->arena, value, &value) != OK))
		err = reading_nomem(in);
	if (err == OK)
		err = check_choice(head, field, value);
	return err == OK ? article_put(in, head->article, place, value) : err;
}

static enum err
read_published(struct head *head, struct str value)
{
	if (date_read(head->in->customs, value, &head->article->published) !=
	    OK)
		return reading_refuse(head->in, head->line,
		    "\"%.*s\" is not a date; write it as 2026-11-18 09:30",
		    STR_ARG(utf8_cut(value, EXCERPT_BYTES)));
	head->article->has_published = true;
	return OK;
}

/* Read an attachment: path | label. */
static enum err
read_attachment(struct head *head, struct str value)
{
	struct article *article = head->article;
	struct attachment *a = &article->attachment[article->attachments];
	struct str path;

	if (article->attachments == ARTICLE_ATTACHMENTS_MAX)
		return reading_refuse(head->in, head->line,
		    "more than %d attachments", ARTICLE_ATTACHMENTS_MAX);
	if (str_find(value, STR(WIDE_BAR)) < str_find_byte(value, '|')) {
		size_t at = str_find(value, STR(WIDE_BAR));
		path = str_slice(value, 0, at);
		value = str_slice(value, at + strlen(WIDE_BAR), value.len);
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

static const char *
key_name(const struct customs *customs, int key)
{
	return key < KEY_PUBLISHED ? customs->field[key].name
				   : own_keys[key - KEY_PUBLISHED];
}

static const char *
nearest_key(const struct customs *customs, struct str name)
{
	const char *names[KEYS];
	size_t n = 0;

	for (size_t i = 0; i < customs->fields; i++)
		names[n++] = customs->field[i].name;
	for (int key = KEY_PUBLISHED; key < KEYS; key++)
		names[n++] = key_name(customs, key);
	return str_nearest(name, names, n);
}

/* List the first alias of each key, for the nearest name in a message. */
static void
add_aliases(struct buf *out, const struct customs *customs)
{
	const char *last = "";

	for (size_t i = 0; i < customs->keys; i++) {
		if (strcmp(customs->key[i].means, last) == 0)
			continue;
		last = customs->key[i].means;
		buf_char(out, ' ');
		buf_str(out, customs->key[i].name);
	}
}

static enum err
refuse_key(const struct head *head, struct str name)
{
	const char *nearest = nearest_key(head->in->customs, name);
	struct buf list;
	enum err err;

	buf_init(&list, 1024);
	if ((unsigned char)name.data[0] >= 0x80)
		add_aliases(&list, head->in->customs);
	err = reading_refuse(head->in, head->line,
	    "unknown key \"%.*s\"%s%s%s%s%.*s", STR_ARG(name),
	    nearest != NULL ? ", did you mean " : "",
	    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "",
	    list.len > 0 ? ", the keys are" : "", STR_ARG(buf_view(&list)));
	buf_release(&list);
	return err;
}

/* The number of a field, or of one of own_keys; CUSTOMS_NONE: neither. */
static int
find_key(const struct customs *customs, struct str name)
{
	name = translate(name, customs->key, customs->keys);
	for (size_t i = 0; i < customs->fields; i++)
		if (str_equal_nocase(name, str_from(customs->field[i].name)))
			return (int)i;
	for (int key = KEY_PUBLISHED; key < KEYS; key++)
		if (str_equal_nocase(name, str_from(key_name(customs, key))))
			return key;
	return CUSTOMS_NONE;
}

/* The length in bytes of a key: letters, or ideographs in Chinese. */
static size_t
key_len(struct str line)
{
	size_t n = 0;

	while (n < line.len && n <= KEY_MAX_BYTES) {
		struct str rest = str_slice(line, n, line.len);
		uint32_t c = utf8_next(&rest);
		/* Blanks between two ideographs space a word out. */
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

/* Split `key: value`; the colon may be full-width. */
static bool
split(struct str line, struct str *key, struct str *value)
{
	size_t n = key_len(line);

	*key = str_slice(line, 0, n);
	*value = space_skip(str_slice(line, n, line.len));
	if (n == 0 || !clean_take_colon(value))
		return false;
	*value = space_trim(*value);
	return true;
}

bool
head_is_line(const struct customs *customs, struct str line)
{
	struct str key, value;

	return split(space_trim(line), &key, &value) && key.len > 0 &&
	    (unsigned char)key.data[0] < 0x80 &&
	    nearest_key(customs, key) != NULL;
}

/* Where keys are words of the language, a text or a capture may also begin with
 * such lines. They are a head if all lines up to the first blank line are such,
 * and if one of them is a title. */
bool
head_is_whole(const struct customs *customs, struct str text)
{
	int title = customs_field(customs, "title");
	struct str line, name, value;
	bool begun = false, titled = false;

	while (space_next_line(&text, &line)) {
		int key;
		line = space_trim(line);
		if (line.len == 0 && begun)
			break;
		if (line.len == 0)
			continue;
		begun = true;
		if (!split(line, &name, &value))
			return false;
		key = find_key(customs, name);
		titled = titled || (key != CUSTOMS_NONE && key == title);
	}
	return titled;
}

static enum err
read_line(struct head *head, struct str line)
{
	struct str name, value;
	int key;

	if (!split(line, &name, &value))
		return reading_refuse(head->in, head->line,
		    "the head has lines `key: value` and ends with a blank "
		    "line; this is neither");
	key = find_key(head->in->customs, name);
	if (key == CUSTOMS_NONE)
		return refuse_key(head, name);
	if (head->given[key] && key != KEY_ATTACHMENT)
		return reading_refuse(head->in, head->line, "%s is given twice",
		    key_name(head->in->customs, key));
	head->given[key] = true;
	if (value.len == 0) /* a key that the author left empty */
		return OK;
	return key == KEY_PUBLISHED ? read_published(head, value)
	    : key == KEY_ATTACHMENT ? read_attachment(head, value)
				    : read_field(head, key, value);
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
	if (article_get(out, "title").len == 0)
		return reading_refuse(
		    in, head.line, "no title: the head has no `title: ...`");
	return read_body(&head, rest);
}
