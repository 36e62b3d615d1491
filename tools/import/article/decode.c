/* SPDX-License-Identifier: ISC */
#include "tools/import/article/decode.h"

#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"
#include "tools/import/table/charset.h"
#include "tools/import/article/read.h"

enum {
	LOOK_BYTES = 64 * 1024, /* a page must name its encoding in these */
	WIDE_EVIDENCE = 2,      /* so many characters prove UTF-8 */
	NULS_MIN = 4            /* fewer NULs do not prove UTF-16 */
};

/* Names of encodings in the HTML standard that iconv(3) does not know, or reads
 * in a narrower sense. */
static const struct encoding {
	const char *said, *name; /* NULL: UTF-8 */
} encodings[] = {
    {"utf-8", NULL},
    {"utf8", NULL},
    {"unicode-1-1-utf-8", NULL},
    {"utf-16", NULL}, /* this name, in ASCII, cannot be true */
    {"utf-16le", NULL},
    {"utf-16be", NULL},
    {"unicode", NULL},
    {"gb2312", "GB18030"},
    {"gb-2312", "GB18030"},
    {"gb_2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"csgb2312", "GB18030"},
    {"chinese", "GB18030"},
    {"iso-ir-58", "GB18030"},
    {"csiso58gb231280", "GB18030"},
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
    {"x-cp1252", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"l1", "CP1252"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"x-euc-jp", "EUC-JP"},
    {"euc-kr", "CP949"},
    {"korean", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"ksc5601", "CP949"},
    {"ksc_5601", "CP949"},
    {"windows-949", "CP949"},
};

static const char *
name_of(const char *said)
{
	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (strcmp(said, encodings[i].said) == 0)
			return encodings[i].name;
	return said;
}

/* Append bytes, converted to UTF-8. euro: the byte 80 is the euro sign, as in
 * the GBK of Windows. ERR_INPUT: the bytes do not fit the encoding, and out has
 * the part before; ERR_MISSING: the encoding is not known. */
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
			buf_text(out, "\u20AC");
			from++;
			left--;
		} else {
			err = ERR_INPUT;
		}
	}
	iconv_close(to_utf8);
	return err != OK ? err : out->err;
}

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
	err = convert(in->text, name, euro, out);
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
	const char *name = name_of(said);

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
		    (name_of(said) != NULL && strcmp(name_of(said), name) == 0))
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
		const char *name = name_of(said);
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

	if (html_charset(&rest, said) && name_of(said) != NULL)
		reading_note(in, 0, "says it is %s, and is UTF-8", said);
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
		err = article_check_text(&decoded);
	if (err == OK)
		*text = decoded.text;
	return err;
}
