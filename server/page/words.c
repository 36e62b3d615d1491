/* SPDX-License-Identifier: ISC */
/*
 * The table of words. A new row needs a key that says when the word is said,
 * and a line in guiju.ini(5); tests/lint/manual_words.sh checks the line.
 */
#include "page/words.h"

enum {
	FILLED_MAX = 4 * 1024,  /* bytes */
	LANGUAGE_MAX_BYTES = 35 /* RFC 5646, 4.4.1 */
};

const struct word_row word_rows[WORD_COUNT] = {
    [WORD_MISSING] = {"missing", "Not found"},
    [WORD_GONE] = {"gone", "Gone"},
    [WORD_BAD] = {"bad", "Bad request"},
    [WORD_FOREIGN] = {"foreign", "Not served here"},
    [WORD_FORBIDDEN] = {"forbidden", "Not permitted"},
    [WORD_NEEDS_CERT] = {"needs-certificate", "Certificate required"},
    [WORD_BAD_CERT] = {"bad-certificate", "Certificate not valid"},
    [WORD_BUSY] = {"busy", "Busy"},
    [WORD_DOWN] = {"down", "Closed for maintenance"},
    [WORD_BROKEN] = {"broken", "Temporary failure"},
    [WORD_FAILURE] = {"failure", "Temporary failure (reference {reference})"},

    [WORD_LINE_LATE] = {"line-late", "Bad request: not ended in time"},
    [WORD_LINE_LONG] = {"line-long", "Bad request: too long"},
    [WORD_LINE_CUT] = {"line-cut", "Bad request: cut short"},
    [WORD_NOT_UTF8] = {"not-utf8", "Bad request: {part} is not UTF-8"},
    [WORD_BLANK] = {"blank", "Bad request: blank in the {part}"},
    [WORD_CONTROL] = {"control",
	"Bad request: control character {character} in the {part}"},
    [WORD_PART_URL] = {"part-url", "URL"},
    [WORD_PART_PATH] = {"part-path", "path"},
    [WORD_PART_INPUT] = {"part-input", "input"},
    [WORD_PART_SELECTOR] = {"part-selector", "selector"},

    [WORD_URL_MALFORMED] = {"url-malformed", "Bad request: malformed URL"},
    [WORD_URL_RELATIVE] = {"url-relative", "Bad request: no absolute URL"},
    [WORD_URL_FRAGMENT] = {"url-fragment", "Bad request: fragment in URL"},
    [WORD_URL_USER] = {"url-user", "Bad request: user name in URL"},
    [WORD_URL_NO_HOST] = {"url-no-host", "Bad request: no host in URL"},
    [WORD_URL_SCHEME] = {"url-scheme", "Not served here: scheme"},
    [WORD_HOST_NOT_ASCII] = {"host-not-ascii",
	"Bad request: host name not ASCII"},
    [WORD_HOST_FOREIGN] = {"host-foreign",
	"Not served here: host; use {address}"},
    [WORD_PORT] = {"port", "Bad request: port"},
    [WORD_PORT_FOREIGN] = {"port-foreign",
	"Not served here: port; use {address}"},
    [WORD_TLS_NAME] = {"tls-name",
	"Not served here: TLS server name; use {address}"},
    [WORD_PATH] = {"path", "Bad request: path"},
    [WORD_REDIRECT] = {"redirect", "Redirect to no usable address"},

    [WORD_LINE_PARTS] = {"line-parts", "Bad request: not {parts}"},
    [WORD_LENGTH] = {"length", "Bad request: length"},
    [WORD_HOST] = {"host", "Bad request: host"},
    [WORD_PATH_RELATIVE] = {"path-relative", "Bad request: path without /"},
    [WORD_DATA_LONG] = {"data-long", "Bad request: too much data"},
    [WORD_DATA_AND_QUERY] = {"data-and-query", "Bad request: data and a query"},

    [WORD_SELECTOR] = {"selector", "Bad request: selector"},
    [WORD_INPUT_LONG] = {"input-long", "Bad request: too many words"},
    [WORD_NO_URL] = {"no-url", "Bad request: no such URL"},
    [WORD_INPUT] = {"input", "Input"},
    [WORD_MOVED] = {"moved", "Moved"},
    [WORD_ONLY_OVER] = {"only-over", "Only over {protocol}"},
    [WORD_NO_HTTP] = {"no-http", "This is a {protocol} server"},
    [WORD_NO_HTTP_USE] = {"no-http-use",
	"It does not speak HTTP; its addresses:"},
    [WORD_LEADS_OUT] = {"leads-out", "This link leads out of {protocol}"},

    [WORD_CERT_NO_DATES] = {"certificate-no-dates",
	"Certificate without dates"},
    [WORD_CERT_EXPIRED] = {"certificate-expired",
	"Certificate expired at {date}"},
    [WORD_CERT_EARLY] = {"certificate-early",
	"Certificate not valid before {date}"},
    [WORD_CERT_WEAK] = {"certificate-weak", "Certificate with a weak key"},
    [WORD_CERT_REVOKED] = {"certificate-revoked",
	"Certificate revoked on {date}"},
    [WORD_CERT_REVOKED_FOR] = {"certificate-revoked-for",
	"Certificate revoked on {date}: {reason}"},
    [WORD_ACCOUNT_CLOSED] = {"account-closed",
	"This account was closed on {date}: {reason}"},
    [WORD_ROLE_NEEDED] = {"role-needed",
	"Not for this account; certificate {fingerprint}"},

    [WORD_NO_UPLOAD] = {"no-upload", "No upload here"},
    [WORD_UPLOAD_OFF] = {"upload-off", "This server takes no uploads"},
    [WORD_UPLOAD_EXPECTED] = {"upload-expected", "Upload expected: {address}"},
    [WORD_UPLOAD_PARAMETERS] = {"upload-parameters",
	"Bad request: parameters of the upload"},
    [WORD_UPLOAD_MOVED] = {"upload-moved", "Not stored; see {address}"},
    [WORD_UPLOAD_LATE] = {"upload-late", "Upload too slow"},
    [WORD_UPLOAD_SHORT] = {"upload-short", "Upload cut short"},
    [WORD_UPLOAD_LONG] = {"upload-long", "Upload longer than its size says"},
    [WORD_UPLOAD_NO_ROOM] = {"upload-no-room",
	"Not stored: there is no room for the upload at the moment"},
    [WORD_UPLOAD_EMPTY] = {"upload-empty", "Empty upload"},
    [WORD_UPLOAD_LARGE] = {"upload-large", "Too large: at most {bytes} bytes"},
    [WORD_UPLOAD_TYPE] = {"upload-type",
	"Type not accepted; accepted: {types}"},
    [WORD_UPLOAD_UTF8] = {"upload-utf8", "Not accepted: the text is not UTF-8"},
    [WORD_UPLOAD_LOOKS] = {"upload-looks",
	"Type not accepted: it looks like {type}"},
    [WORD_UPLOAD_UNKNOWN] = {"upload-unknown",
	"Not accepted: its type cannot be told"},
    [WORD_UPLOAD_TO_PRIMARY] = {"upload-to-primary",
	"This is a copy: upload to {host}"},
    [WORD_UPLOAD_KEPT] = {"upload-kept",
	"{reason} (your text is kept as a draft for {days} days)"},
    [WORD_NOT_ACCEPTED] = {"not-accepted", "Not accepted"},
    [WORD_NOTHING_TO_EDIT] = {"nothing-to-edit", "Nothing to edit here"},

    [WORD_SEAL_NONE] = {"seal-none",
	"Nothing is done yet: please confirm it here."},
    [WORD_SEAL_FOREIGN] = {"seal-foreign",
	"Nothing was done: a link of another reader or another page."},
    [WORD_SEAL_NO_IDENTITY] = {"seal-no-identity",
	"Nothing is done yet: the link was made without your identity."},
    [WORD_SEAL_LATE] = {"seal-late",
	"Nothing was done: this link is older than {minutes} minutes."},
    [WORD_SEAL_USED] = {"seal-used",
	"This link has done it already: confirm only to do it again."},
    [WORD_SEAL_ACT] = {"seal-act", "Confirm"},
    [WORD_SEAL_BACK] = {"seal-back", "Back"}};

struct str
words_text(const struct words *words, enum word word)
{
	return words == NULL || words->text[word].len == 0
	    ? str_from(word_rows[word].english)
	    : words->text[word];
}

bool
words_next_hole(struct str *rest, struct str *before, struct str *name)
{
	const size_t open = str_find_byte(*rest, '{');
	const size_t len =
	    str_find_byte(str_slice(*rest, open, rest->len), '}');

	if (open == SIZE_MAX || len == SIZE_MAX)
		return false;
	*before = str_slice(*rest, 0, open);
	*name = str_slice(*rest, open + 1, open + len);
	*rest = str_slice(*rest, open + len + 1, rest->len);
	return true;
}

size_t
words_hole(struct str text, struct str name)
{
	struct str before, found;

	for (size_t i = 0; words_next_hole(&text, &before, &found); i++)
		if (str_equal(found, name))
			return i;
	return SIZE_MAX;
}

struct str
words_fill(const struct words *words, struct arena *arena, enum word word,
    const struct str values[])
{
	const struct str english = str_from(word_rows[word].english);
	struct str rest = words_text(words, word), before, name;
	struct str filled = STR("");
	struct buf out;

	buf_init(&out, FILLED_MAX);
	while (words_next_hole(&rest, &before, &name)) {
		buf_str(&out, before);
		buf_str(&out, values[words_hole(english, name)]);
	}
	buf_str(&out, rest);
	if (arena_take(arena, &out, &filled) != OK)
		filled = STR("");
	buf_release(&out);
	return filled;
}

/* ---- languages ------------------------------------------------------ */

bool
words_is_language(struct str text)
{
	struct str part;
	bool good = text.len > 0 && text.len <= LANGUAGE_MAX_BYTES;

	for (size_t i = 0; good && i < text.len; i++) {
		const char c = text.data[i];
		good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-';
	}
	while (good && str_next_part(&text, '-', &part))
		good = part.len >= 1 && part.len <= 8;
	return good;
}

bool
words_shorten(struct str *tag)
{
	size_t len = tag->len;

	while (len > 0 && tag->data[len - 1] != '-')
		len--;
	if (len == 0)
		return false;
	tag->len = len - 1;
	return true;
}

bool
words_same_language(struct str a, struct str b)
{
	return str_equal_nocase(str_slice(a, 0, str_find_byte(a, '-')),
	    str_slice(b, 0, str_find_byte(b, '-')));
}

/* The section of the language itself or of a shorter tag, or NULL. */
static const struct words *
find_own(const struct words *list, struct str language)
{
	do {
		for (const struct words *w = list; w != NULL; w = w->next)
			if (str_equal_nocase(w->language, language))
				return w;
	} while (words_shorten(&language));
	return NULL;
}

const struct words *
words_of(const struct words *list, struct str language)
{
	static const struct words english = {.language = {"en", 2}};
	const struct words *own = find_own(list, language);

	if (own != NULL)
		return own;
	if (list != NULL &&
	    (words_same_language(language, list->language) ||
		!words_same_language(language, STR("en"))))
		return list;
	return &english;
}

bool
words_speak(const struct words *list, struct str language)
{
	return find_own(list, language) != NULL ||
	    words_same_language(language, STR("en")) ||
	    (list != NULL && words_same_language(language, list->language));
}
