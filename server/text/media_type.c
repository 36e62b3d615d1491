/* SPDX-License-Identifier: ISC */
/* A media type as a header writes it (RFC 9110, sections 5.6 and 8.3.1); the
 * types of the names that files have. */
#include "text/media_type.h"

#include <string.h>

enum {
	WRITTEN_MAX = 256 /* bytes of a type */
};

/* The length of the token at the beginning (RFC 9110, 5.6.2). */
static size_t
token_len(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.data[n] > ' ' && s.data[n] <= '~' &&
	    strchr("\"(),/:;<=>?@[\\]{}", s.data[n]) == NULL)
		n++;
	return n;
}

/* The length of the quoted string at the beginning, with its quotes. 0: it does
 * not end, or it holds bytes that a header may not hold. */
static size_t
quoted_len(struct str s)
{
	for (size_t n = 1; n < s.len; n++) {
		if (s.data[n] < ' ' || s.data[n] > '~')
			return 0;
		if (s.data[n] == '"')
			return n + 1;
		if (s.data[n] == '\\')
			n++;
	}
	return 0;
}

/* Cut a token off *rest, or a quoted string if quoted is set. */
static bool
take(struct str *rest, bool quoted, struct str *word)
{
	const size_t len = quoted && str_starts(*rest, STR("\""))
	    ? quoted_len(*rest)
	    : token_len(*rest);

	*word = str_slice(*rest, 0, len);
	*rest = str_slice(*rest, len, rest->len);
	if (str_starts(*word, STR("\"")))
		*word = str_slice(*word, 1, len - 1);
	return len > 0;
}

static bool
take_byte(struct str *rest, char c)
{
	if (rest->len == 0 || rest->data[0] != c)
		return false;
	*rest = str_slice(*rest, 1, rest->len);
	return true;
}

static void
skip_blanks(struct str *rest)
{
	while (take_byte(rest, ' '))
		;
}

bool
media_type_read(struct str text, struct str *charset)
{
	struct str rest = text, name, value;

	*charset = STR("");
	if (text.len >= WRITTEN_MAX || !take(&rest, false, &name) ||
	    !take_byte(&rest, '/') || !take(&rest, false, &name))
		return false;
	for (skip_blanks(&rest); rest.len > 0; skip_blanks(&rest)) {
		if (!take_byte(&rest, ';'))
			return false;
		skip_blanks(&rest);
		if (!take(&rest, false, &name) || !take_byte(&rest, '=') ||
		    !take(&rest, true, &value))
			return false;
		if (!str_equal_nocase(name, STR("charset")))
			continue;
		if (charset->len > 0)
			return false;
		*charset = value;
	}
	return true;
}

/* ---- by name -------------------------------------------------------- */

static const struct {
	const char *extension, *type;
} types[] = {
    {".gmi", "text/gemini; charset=utf-8"},
    {".gemini", "text/gemini; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".tsv", "text/tab-separated-values; charset=utf-8"},
    {".ics", "text/calendar; charset=utf-8"},
    {".vcf", "text/vcard; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".htm", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".atom", "application/atom+xml; charset=utf-8"},
    {".xml", "application/xml; charset=utf-8"},
    {".json", "application/json"},
    {".pdf", "application/pdf"},
    {".zip", "application/zip"},
    {".gz", "application/gzip"},
    {".xz", "application/x-xz"},
    {".tar", "application/x-tar"},
    {".gpub", "application/gpub+zip"},
    {".epub", "application/epub+zip"},
    {".doc", "application/msword"},
    {".docx",
	"application/vnd.openxmlformats-officedocument."
	"wordprocessingml.document"},
    {".xls", "application/vnd.ms-excel"},
    {".xlsx",
	"application/vnd.openxmlformats-officedocument."
	"spreadsheetml.sheet"},
    {".wps", "application/vnd.ms-works"},
    {".sqlite", "application/vnd.sqlite3"},
    {".sqlite3", "application/vnd.sqlite3"},
    {"SHA256SUMS", "text/plain; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".svg", "image/svg+xml"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".opus", "audio/opus"},
    {".mp4", "video/mp4"},
    {".webm", "video/webm"},
};

struct str
media_type_of_name(struct str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct str extension = str_from(types[i].extension);
		if (name.len >= extension.len &&
		    str_equal_nocase(
			str_slice(name, name.len - extension.len, name.len),
			extension))
			return str_from(types[i].type);
	}
	return STR("");
}
