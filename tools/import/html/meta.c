/* SPDX-License-Identifier: ISC */
/*
 * Finds <meta charset> and <meta http-equiv=content-type> before the page is
 * parsed, as the HTML standard says (13.2.3.2, "prescan"). A plain search would
 * also find these words in other elements and attributes, where they do not
 * name the encoding.
 */
#include "tools/import/html/internal.h"

struct attribute {
	struct str name, value;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
skip(struct str *rest, size_t n)
{
	*rest = str_slice(*rest, n, rest->len);
}

static void
skip_blanks(struct str *rest)
{
	while (rest->len > 0 && is_blank(rest->data[0]))
		skip(rest, 1);
}

/* Take the text up to one of these bytes, or to the end. */
static struct str
take_until(struct str *rest, const char *ends)
{
	size_t n = 0;
	struct str taken;

	while (n < rest->len &&
	    (rest->data[n] == '\0' || strchr(ends, rest->data[n]) == NULL))
		n++;
	taken = str_slice(*rest, 0, n);
	skip(rest, n);
	return taken;
}

/* Read the next attribute of a tag; false: the tag has ended. */
static bool
take_attribute(struct str *rest, struct attribute *out)
{
	*out = (struct attribute){{"", 0}, {"", 0}};
	while (
	    rest->len > 0 && (is_blank(rest->data[0]) || rest->data[0] == '/'))
		skip(rest, 1);
	if (rest->len == 0 || rest->data[0] == '>') {
		skip(rest, 1);
		return false;
	}
	out->name = take_until(rest, "= \t\n\r\f/>");
	if (out->name.len == 0) /* it begins with = */
		skip(rest, 1);
	skip_blanks(rest);
	if (rest->len == 0 || rest->data[0] != '=')
		return true;
	skip(rest, 1);
	skip_blanks(rest);
	if (rest->len > 0 && (rest->data[0] == '"' || rest->data[0] == '\'')) {
		const char quote[] = {rest->data[0], '\0'};
		skip(rest, 1);
		out->value = take_until(rest, quote);
		skip(rest, 1);
	} else {
		out->value = take_until(rest, " \t\n\r\f>");
	}
	return true;
}

/* The value behind "charset=" in the attribute `content`. */
static struct str
charset_of(struct str content)
{
	const struct str word = STR("charset");

	while (content.len >= word.len) {
		struct str rest;
		if (!str_equal_nocase(str_slice(content, 0, word.len), word)) {
			skip(&content, 1);
			continue;
		}
		skip(&content, word.len);
		rest = content;
		skip_blanks(&rest);
		if (rest.len == 0 || rest.data[0] != '=')
			continue;
		skip(&rest, 1);
		skip_blanks(&rest);
		if (rest.len > 0 &&
		    (rest.data[0] == '"' || rest.data[0] == '\'')) {
			const char quote[] = {rest.data[0], '\0'};
			skip(&rest, 1);
			return take_until(&rest, quote);
		}
		return take_until(&rest, "; \t\n\r\f");
	}
	return (struct str){"", 0};
}

static bool
set_name(struct str value, char name[CHARSET_NAME_MAX])
{
	size_t n = 0;

	value = str_trim(value);
	if (value.len == 0 || value.len >= CHARSET_NAME_MAX)
		return false;
	for (; n < value.len; n++) {
		char c = value.data[n];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    strchr("-_.:", c) == NULL)
			return false;
		name[n] = c;
	}
	name[n] = '\0';
	return true;
}

/* Read a <meta>, whose name has been taken off. */
static bool
read_meta(struct str *rest, char name[CHARSET_NAME_MAX])
{
	struct str charset = {"", 0}, content = {"", 0};
	bool equiv = false, has_charset = false, has_content = false;
	struct attribute a;

	while (take_attribute(rest, &a)) {
		if (str_equal_nocase(a.name, STR("http-equiv"))) {
			equiv = equiv ||
			    str_equal_nocase(a.value, STR("content-type"));
		} else if (str_equal_nocase(a.name, STR("charset")) &&
		    !has_charset) {
			charset = a.value;
			has_charset = true;
		} else if (str_equal_nocase(a.name, STR("content")) &&
		    !has_content) {
			content = a.value;
			has_content = true;
		}
	}
	if (has_charset)
		return set_name(charset, name);
	return equiv && set_name(charset_of(content), name);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Read a tag's name; skip what begins like a tag and is not a tag. */
static struct str
take_name(struct str *rest)
{
	struct attribute a;
	struct str name = {"", 0};
	size_t end;

	if (str_starts(*rest, STR("!--"))) {
		end = str_find(*rest, STR("-->"));
		skip(rest, end == SIZE_MAX ? rest->len : end + 3);
		return name;
	}
	if (rest->len > 0 && rest->data[0] == '/')
		skip(rest, 1);
	if (rest->len == 0 || !is_letter(rest->data[0])) {
		(void)take_until(rest, ">");
		return name;
	}
	name = take_until(rest, " \t\n\r\f/>");
	if (!str_equal_nocase(name, STR("meta")))
		while (take_attribute(rest, &a))
			;
	return name;
}

/* <?xml version="1.0" encoding="gbk"?> */
static bool
read_declaration(struct str *rest, char name[CHARSET_NAME_MAX])
{
	struct attribute a;
	bool found = false;

	if (!str_starts(*rest, STR("<?xml ")))
		return false;
	skip(rest, strlen("<?xml"));
	while (take_attribute(rest, &a))
		if (str_equal_nocase(a.name, STR("encoding")))
			found = set_name(a.value, name);
	return found;
}

bool
html_charset(struct str *rest, char name[CHARSET_NAME_MAX])
{
	if (read_declaration(rest, name))
		return true;
	while (rest->len > 0) {
		(void)take_until(rest, "<");
		skip(rest, 1);
		if (str_equal_nocase(take_name(rest), STR("meta")) &&
		    read_meta(rest, name))
			return true;
	}
	return false;
}
