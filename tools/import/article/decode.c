/* SPDX-License-Identifier: ISC */
/*
 * Finds the encoding of a file and converts it to UTF-8. The byte order mark
 * comes first, then the encoding that a page names, then a guess by the bytes.
 * A guess leaves a note for the operator.
 */
#include "tools/import/article/internal.h"

#include "base/utf8.h"
#include "tools/import/charset.h"
#include "tools/import/html/internal.h"

enum {
	LOOK_BYTES = 64 * 1024, /* a page must name its encoding in these */
	WIDE_EVIDENCE = 2,      /* so many characters prove UTF-8 */
	NULS_MIN = 4            /* fewer NULs do not prove UTF-16 */
};

/* Count the Chinese characters and marks that are valid UTF-8. */
static size_t
count_wide(struct str text)
{
	size_t n = 0;

	while (text.len > 0 && n < WIDE_EVIDENCE) {
		uint32_t c = utf8_next(&text);
		n += c != UTF8_BAD &&
		    ((c >= 0x2010 && c <= 0x9FFF) ||
			(c >= 0xFF00 && c <= 0xFFEF));
	}
	return n;
}

static enum err
use(const struct reading *in, const char *name, bool said, struct buf *out,
    struct str *text)
{
	bool euro = said && strcmp(name, "GB18030") == 0;
	enum err err;

	buf_clear(out);
	err = charset_convert(name, in->text, euro, out);
	if (err == OK)
		*text = buf_view(out);
	return err;
}

/* Read UTF-16; mark: length of the byte order mark at the beginning. */
static enum err
use_utf16(const struct reading *in, const char *name, size_t mark,
    struct buf *out, struct str *text)
{
	struct reading whole = *in;
	enum err err;

	whole.text = str_slice(in->text, mark, in->text.len);
	err = use(&whole, name, false, out, text);
	if (err == OK)
		reading_note(in, 0, "read as %s", name);
	else if (err == ERR_INPUT)
		err = reading_refuse(in, 1 + str_count(buf_view(out), '\n'),
		    "the file begins as %s, and this line is not", name);
	else
		err = reading_nomem(in);
	return err;
}

/* Nothing names the encoding: try the encodings in which Chinese Windows saves
 * texts. */
static enum err
use_guess(const struct reading *in, struct buf *out, struct str *text)
{
	const char *name = charset_guess(in->text);
	enum err err =
	    name == NULL ? ERR_INPUT : use(in, name, false, out, text);

	if (err == OK)
		reading_note(
		    in, 0, "not UTF-8 and says nothing: read as %s", name);
	else if (err == ERR_NOMEM)
		return reading_nomem(in);
	else
		*text = in->text; /* not UTF-8: refused later */
	return OK;
}

/* Is this a name that pages often give by habit, in whatever encoding they are?
 */
static bool
is_habit(const char *said)
{
	const char *name = charset_named(said);

	return name == NULL || strcmp(name, "GB18030") == 0 ||
	    strcmp(name, "BIG5-HKSCS") == 0 || strcmp(name, "CP1252") == 0;
}

/* Read a page whose bytes are certainly another Chinese encoding than the one
 * it names. *used: the page has been read. */
static enum err
use_bytes(
    const struct reading *in, struct buf *out, struct str *text, bool *used)
{
	struct str rest = str_slice(in->text, 0, LOOK_BYTES);
	const char *name = charset_chinese(in->text), *first = NULL;
	char said[CHARSET_NAME_MAX], wrong[CHARSET_NAME_MAX];
	enum err err;

	*used = false;
	if (name == NULL || utf8_valid(in->text))
		return OK;
	while (html_charset(&rest, said)) {
		if (!is_habit(said) ||
		    (charset_named(said) != NULL &&
			strcmp(charset_named(said), name) == 0))
			return OK;
		if (first == NULL)
			first = memcpy(wrong, said, sizeof(wrong));
	}
	if (first == NULL)
		return OK;
	err = use(in, name, true, out, text);
	if (err == ERR_NOMEM)
		return reading_nomem(in);
	*used = err == OK;
	if (*used)
		reading_note(in, 0, "says it is %s, and is %s", first, name);
	return OK;
}

/* Use the first encoding that a page names and that its bytes fit. */
static enum err
use_said(const struct reading *in, struct buf *out, struct str *text)
{
	struct str rest = str_slice(in->text, 0, LOOK_BYTES);
	char said[CHARSET_NAME_MAX], first[CHARSET_NAME_MAX] = "";
	size_t line = 0, names = 0;
	bool known = true, used;

	if (use_bytes(in, out, text, &used) != OK)
		return ERR_NOMEM;
	if (used)
		return OK;
	while (html_charset(&rest, said)) {
		const char *name = charset_named(said);
		enum err err = ERR_INPUT;
		if (name != NULL)
			err = use(in, name, true, out, text);
		else if (utf8_valid(in->text))
			err = OK;
		if (err == OK && name == NULL)
			*text = in->text;
		if (err == OK && names > 0)
			reading_note(
			    in, 0, "says it is %s, and is %s", first, said);
		if (err == OK || err == ERR_NOMEM)
			return err == OK ? OK : reading_nomem(in);
		if (names++ > 0)
			continue;
		memcpy(first, said, sizeof(first));
		known = err != ERR_MISSING;
		line = name != NULL ? 1 + str_count(buf_view(out), '\n') : 0;
	}
	if (names == 0 && !utf8_valid(in->text))
		return use_guess(in, out, text);
	if (names > 0 && !known)
		return reading_refuse(in, 0,
		    "the page says it is %s, which is not known here", first);
	*text = in->text;
	return line == 0
	    ? OK
	    : reading_refuse(in, line,
		  "the page says it is %s, and this line is not", first);
}

/* Note the first encoding that a page names, if it is not UTF-8. */
static void
note_wrong_name(const struct reading *in)
{
	struct str rest = str_slice(in->text, 0, LOOK_BYTES);
	char said[CHARSET_NAME_MAX];

	if (html_charset(&rest, said) && charset_named(said) != NULL)
		reading_note(in, 0, "says it is %s, and is UTF-8", said);
}

/* Check that a text is UTF-8 without NUL. */
static enum err
check_text(const struct reading *in)
{
	struct str rest = in->text;
	size_t line = 1;

	while (rest.len > 0) {
		uint32_t c = utf8_next(&rest);
		if (c == UTF8_BAD)
			return reading_refuse(in, line,
			    "not UTF-8, nor anything else that is known");
		if (c == 0)
			return reading_refuse(
			    in, line, "holds a NUL byte: not a text");
		line += c == '\n';
	}
	return OK;
}

enum err
decode(const struct reading *in, bool page, struct buf *out, struct str *text)
{
	struct reading decoded = *in;
	bool marked = str_starts(in->text, STR("\xEF\xBB\xBF"));
	const char *wide = NULL;
	enum err err = OK;

	if (in->text.len % 2 == 0 && str_count(in->text, '\0') >= NULS_MIN)
		wide = charset_guess(in->text);

	if (marked)
		decoded.text = str_slice(in->text, 3, in->text.len);
	else if (str_starts(in->text, STR("\xFF\xFE")))
		err = use_utf16(in, "UTF-16LE", 2, out, &decoded.text);
	else if (str_starts(in->text, STR("\xFE\xFF")))
		err = use_utf16(in, "UTF-16BE", 2, out, &decoded.text);
	else if (wide != NULL)
		err = use_utf16(in, wide, 0, out, &decoded.text);
	else if (utf8_valid(in->text) &&
	    (!page || count_wide(in->text) >= WIDE_EVIDENCE))
		marked = true;
	else if (page)
		err = use_said(in, out, &decoded.text);
	else
		err = use_guess(in, out, &decoded.text);
	if (err == OK && marked && page)
		note_wrong_name(&decoded);
	if (err == OK)
		err = check_text(&decoded);
	if (err == OK)
		*text = decoded.text;
	return err;
}
