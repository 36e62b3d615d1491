/* SPDX-License-Identifier: ISC */
#include "tools/import/decode.h"

#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"
#include "tools/import/read.h"

enum {
	LOOK_BYTES = 64 * 1024, /* where a page must have said its encoding */
	WIDE_EVIDENCE = 2,      /* characters that only UTF-8 writes so */
	CHINESE_EVIDENCE = 4    /* of GB18030 in what is called Latin */
};

/* Names that the HTML standard has for an encoding, and iconv(3) has not or
 * takes at their word. */
static const struct encoding {
	const char *said, *name; /* NULL: UTF-8 */
} encodings[] = {
    {"utf-8", NULL},
    {"utf8", NULL},
    {"unicode-1-1-utf-8", NULL},
    {"utf-16", NULL}, /* a page in UTF-16 could not say so in ASCII */
    {"utf-16le", NULL},
    {"utf-16be", NULL},
    {"unicode", NULL},
    {"gb2312", "GB18030"},
    {"gb-2312", "GB18030"},
    {"gb_2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"csgb2312", "GB18030"},
    {"chinese", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"ms936", "GB18030"},
    {"windows-936", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"csbig5", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"iso-8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"us-ascii", "CP1252"},
    {"ascii", "CP1252"},
    {"windows-1252", "CP1252"},
};

static const char *
name_of(const char *said)
{
	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (strcmp(said, encodings[i].said) == 0)
			return encodings[i].name;
	return said;
}

static size_t
count_lines(struct str text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

/* Append bytes in UTF-8. euro: 80 is one, as in Windows' own GBK. ERR_INPUT:
 * they are not written so; ERR_MISSING: there is no such encoding; out holds
 * what could be read. */
static enum err
convert(struct str bytes, const char *name, bool euro, struct buf *out)
{
	iconv_t to_utf8 = iconv_open("UTF-8", name);
	/* iconv(3) takes a pointer that is not const and writes nothing. */
	char *from = (char *)(uintptr_t)bytes.data;
	size_t left = bytes.len;
	enum err err = OK;

	if (to_utf8 == (iconv_t)-1)
		return errno == EINVAL ? ERR_MISSING : ERR_NOMEM;
	while (left > 0 && err == OK) {
		size_t room = left * 2 + 16, before = room, n;
		char *to = buf_reserve(out, room);
		if (to == NULL) {
			err = ERR_NOMEM;
			break;
		}
		n = iconv(to_utf8, &from, &left, &to, &room);
		out->len += before - room;
		if (n != (size_t)-1 || errno == E2BIG)
			continue;
		if (euro && (unsigned char)*from == 0x80) {
			buf_text(out, "€");
			from++;
			left--;
		} else {
			err = ERR_INPUT;
		}
	}
	iconv_close(to_utf8);
	return err != OK ? err : out->err;
}

/* Chinese characters and their marks, written as UTF-8 writes them. */
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

static bool
is_ascii(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.data[i] >= 0x80)
			return false;
	return true;
}

/* Are there more lines that are no UTF-8 than such that are? One broken
 * character does not make a text Chinese of another kind. */
static bool
is_foreign(struct str text)
{
	size_t good = 0, bad = 0;

	while (text.len > 0) {
		size_t end = str_find_byte(text, '\n');
		struct str line =
		    str_slice(text, 0, end == SIZE_MAX ? text.len : end);
		text = str_slice(text, line.len + 1, text.len);
		if (is_ascii(line))
			continue;
		if (utf8_valid(line))
			good++;
		else
			bad++;
	}
	return bad > good;
}

static enum err
use(const struct reading *in, const char *name, bool said, struct buf *out,
    struct str *text)
{
	bool euro = said && strcmp(name, "GB18030") == 0;
	enum err err;

	buf_clear(out);
	err = convert(in->text, name, euro, out);
	if (err == OK)
		*text = buf_view(out);
	return err;
}

/* What begins with the mark of UTF-16. */
static enum err
use_utf16(const struct reading *in, const char *name, struct buf *out,
    struct str *text)
{
	struct reading whole = *in;
	enum err err;

	whole.text = str_slice(in->text, 2, in->text.len);
	err = use(&whole, name, false, out, text);
	if (err == OK)
		reading_note(in, 0, "read as %s", name);
	else if (err == ERR_INPUT)
		err = reading_refuse(in, count_lines(buf_view(out)),
		    "the file begins as %s, and this line is not", name);
	else
		err = reading_nomem(in);
	return err;
}

/* Nothing says what it is: as Chinese Windows saves texts, if that fits. */
static enum err
use_guess(const struct reading *in, struct buf *out, struct str *text)
{
	enum err err = ERR_INPUT;

	if (is_foreign(in->text))
		err = use(in, "GB18030", false, out, text);
	if (err == OK)
		reading_note(
		    in, 0, "not UTF-8 and says nothing: read as GB18030");
	else if (err == ERR_NOMEM)
		return reading_nomem(in);
	else
		*text = in->text; /* which is not UTF-8: that will be said */
	return OK;
}

/* Editors of the years put iso-8859-1 on pages in Chinese. Read as such they
 * are pairs of accented letters; nothing that is written so can be read as
 * GB18030 and is then Chinese all through. */
static bool
is_chinese(const struct reading *in, struct buf *out, struct str *text)
{
	size_t chinese = 0, all = 0;
	struct str rest;

	if (use(in, "GB18030", false, out, text) != OK)
		return false;
	for (rest = *text; rest.len > 0;) {
		uint32_t c = utf8_next(&rest);
		all += c >= 0x80;
		chinese += (c >= 0x4E00 && c <= 0x9FFF) ||
		    (c >= 0x3000 && c <= 0x301F) ||
		    (c >= 0xFF00 && c <= 0xFFEF) ||
		    (c >= 0x2010 && c <= 0x2030);
	}
	return chinese >= CHINESE_EVIDENCE && chinese * 10 >= all * 9;
}

/* The first that a page says and that its bytes bear out. */
static enum err
use_said(const struct reading *in, struct buf *out, struct str *text)
{
	struct str rest = str_slice(in->text, 0, LOOK_BYTES);
	char said[CHARSET_NAME_MAX], first[CHARSET_NAME_MAX] = "";
	size_t line = 0, names = 0;
	bool known = true;

	while (html_charset(&rest, said)) {
		const char *name = name_of(said);
		enum err err = ERR_INPUT;
		if (name != NULL && strcmp(name, "CP1252") == 0 &&
		    is_chinese(in, out, text)) {
			reading_note(
			    in, 0, "says it is %s, and is GB18030", said);
			return OK;
		}
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
		line = name != NULL ? count_lines(buf_view(out)) : 0;
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

/* The name that a page gives itself first, if it is not UTF-8's. */
static void
note_wrong_name(const struct reading *in)
{
	struct str rest = str_slice(in->text, 0, LOOK_BYTES);
	char said[CHARSET_NAME_MAX];

	if (html_charset(&rest, said) && name_of(said) != NULL)
		reading_note(in, 0, "says it is %s, and is UTF-8", said);
}

enum err
decode(const struct reading *in, bool page, struct buf *out, struct str *text)
{
	struct reading decoded = *in;
	bool marked = str_starts(in->text, STR("\xEF\xBB\xBF"));
	enum err err = OK;

	if (marked)
		decoded.text = str_slice(in->text, 3, in->text.len);
	else if (str_starts(in->text, STR("\xFF\xFE")))
		err = use_utf16(in, "UTF-16LE", out, &decoded.text);
	else if (str_starts(in->text, STR("\xFE\xFF")))
		err = use_utf16(in, "UTF-16BE", out, &decoded.text);
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
		err = article_check_text(&decoded);
	if (err == OK)
		*text = decoded.text;
	return err;
}
