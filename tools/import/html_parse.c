/* SPDX-License-Identifier: ISC */
/*
 * From bytes to a tree. The encoding is settled here rather than by libxml2,
 * which takes "gb2312" at its word and stops at the first of the thousands of
 * characters that pages so labelled use without having them.
 */
#include <errno.h>
#include <iconv.h>

#include <libxml/HTMLparser.h>

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/html.h"
#include "tools/import/read.h"

enum {
	LOOK_BYTES = 4096,  /* where a page must have said its encoding */
	NAME_MAX_BYTES = 32 /* of an encoding */
};

/* What stands behind charset= , in lower case and NUL-terminated. */
static void
find_charset(struct str text, char *out, size_t size)
{
	static const char word[] = "charset";
	struct str rest = str_slice(text, 0, LOOK_BYTES);
	size_t n = 0;

	out[0] = '\0';
	while (rest.len > sizeof(word) &&
	    !str_equal_nocase(str_slice(rest, 0, sizeof(word) - 1), STR(word)))
		rest = str_slice(rest, 1, rest.len);
	if (rest.len <= sizeof(word))
		return;
	rest = str_slice(rest, sizeof(word) - 1, rest.len);
	while (rest.len > 0 && strchr("= \t\r\n\"'", rest.data[0]) != NULL)
		rest = str_slice(rest, 1, rest.len);
	for (; n + 1 < size && n < rest.len; n++) {
		char c = rest.data[n];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_')
			break;
		out[n] = c;
	}
	out[n] = '\0';
}

/* The name for iconv(3); NULL: the text is UTF-8 and need only be checked. */
static const char *
encoding_of(const char *charset)
{
	static const char *const chinese[] = {
	    "gb2312", "gb_2312-80", "gbk", "gb18030", "cp936", "x-gbk"};

	if (charset[0] == '\0' || strcmp(charset, "utf-8") == 0 ||
	    strcmp(charset, "utf8") == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(chinese) / sizeof(*chinese); i++)
		if (strcmp(charset, chinese[i]) == 0)
			return "GB18030";
	return charset;
}

static size_t
line_of(struct str text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.len; i++)
		line += text.data[i] == '\n';
	return line;
}

static enum err
convert(const struct reading *in, iconv_t to_utf8, const char *charset,
    struct buf *out)
{
	/* iconv(3) takes a pointer that is not const and writes nothing. */
	char *from = (char *)(uintptr_t)in->text.data;
	size_t left = in->text.len;

	while (left > 0) {
		size_t room = left * 2 + 16, before = room;
		char *to = buf_reserve(out, room);
		size_t n;
		if (to == NULL)
			return reading_nomem(in);
		n = iconv(to_utf8, &from, &left, &to, &room);
		out->len += before - room;
		if (n == (size_t)-1 && errno != E2BIG)
			return reading_refuse(in,
			    line_of(in->text, in->text.len - left),
			    "the page says it is %s, and this line is not",
			    charset);
	}
	return OK;
}

/* in->text in UTF-8: itself, or what out holds then. */
static enum err
decode(const struct reading *in, struct buf *out, struct str *text)
{
	char charset[NAME_MAX_BYTES];
	const char *name;
	struct reading decoded = *in;
	iconv_t to_utf8;
	enum err err = OK;

	find_charset(in->text, charset, sizeof(charset));
	name = encoding_of(charset);
	if (name != NULL) {
		to_utf8 = iconv_open("UTF-8", name);
		if (to_utf8 == (iconv_t)-1)
			return reading_refuse(in, 0,
			    "the page says it is %s, which is not known here",
			    charset);
		err = convert(in, to_utf8, charset, out);
		iconv_close(to_utf8);
		decoded.text = buf_view(out);
	}
	if (err == OK)
		err = article_check_text(&decoded);
	if (err == OK)
		*text = decoded.text;
	return err;
}

/* libxml2 wants somewhere to complain; pages of this kind give much cause. */
static void
ignore(void *context, const char *format, ...)
{
	(void)context, (void)format;
}

static enum err
check_tree(
    const struct reading *in, const htmlParserCtxt *parser, xmlDocPtr tree)
{
	int line = parser->lastError.line;

	/* The parser gives up for one reason alone: depth. */
	if (parser->disableSAX)
		return reading_refuse(in, line > 0 ? (size_t)line : 0,
		    "elements are nested too deep for an article");
	if (tree == NULL || xmlDocGetRootElement(tree) == NULL)
		return reading_refuse(
		    in, 0, "there is no element in this page");
	return OK;
}

static enum err
parse(const struct reading *in, struct str text, xmlDocPtr *doc)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
	    HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT;
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	xmlDocPtr tree;
	enum err err;

	if (parser == NULL)
		return reading_nomem(in);
	xmlSetGenericErrorFunc(NULL, ignore);
	tree = htmlCtxtReadMemory(
	    parser, text.data, (int)text.len, NULL, "UTF-8", options);
	err = check_tree(in, parser, tree);
	if (err == OK)
		*doc = tree;
	else
		xmlFreeDoc(tree);
	htmlFreeParserCtxt(parser);
	return err;
}

enum err
html_parse(const struct reading *in, xmlDocPtr *doc)
{
	struct buf converted;
	struct str text = {"", 0};
	enum err err;

	buf_init(&converted, 4 * ARTICLE_BYTES_MAX);
	err = decode(in, &converted, &text);
	if (err == OK)
		err = parse(in, text, doc);
	buf_release(&converted);
	return err;
}
