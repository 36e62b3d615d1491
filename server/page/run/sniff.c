/* SPDX-License-Identifier: ISC */
/* The type that bytes look like, and whether the sender's type agrees. */
#include "page/run/sniff.h"

#include <magic.h>

#include "base/log.h"
#include "base/utf8.h"

enum { TYPE_MAX = 100 };

#define UNKNOWN STR("application/octet-stream")

/* libmagic examines only the bytes: it unpacks nothing and follows no
 * structure. Old versions of libmagic lack the last two flags. */
#ifndef MAGIC_NO_CHECK_JSON
#define MAGIC_NO_CHECK_JSON 0
#endif
#ifndef MAGIC_NO_CHECK_CSV
#define MAGIC_NO_CHECK_CSV 0
#endif
#define MAGIC_FLAGS                                                         \
	(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |   \
	    MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_JSON | \
	    MAGIC_NO_CHECK_CSV)

struct sniffer {
	magic_t magic;
};

enum err
sniffer_open(struct sniffer **out)
{
	struct sniffer *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ERR_NOMEM;
	s->magic = magic_open(MAGIC_FLAGS);
	if (s->magic == NULL || magic_load(s->magic, NULL) != 0) {
		log_error("sniff: libmagic: %s",
		    s->magic == NULL ? "no memory" : magic_error(s->magic));
		sniffer_close(s);
		return ERR_IO;
	}
	*out = s;
	return OK;
}

void
sniffer_close(struct sniffer *sniffer)
{
	if (sniffer == NULL)
		return;
	if (sniffer->magic != NULL)
		magic_close(sniffer->magic);
	free(sniffer);
}

/* Runs in the child. */
static void
sniff_bytes(void *context, struct str bytes, struct buf *answer)
{
	struct sniffer *sniffer = context;
	const char *type = magic_buffer(sniffer->magic, bytes.data, bytes.len);

	if (type != NULL)
		buf_text(answer, type);
}

/* Is it a media type in lower case (RFC 6838, 4.2)? The child is not trusted.
 */
static bool
is_type(struct str type)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+";
	size_t slash = str_find_byte(type, '/');

	if (slash == SIZE_MAX || slash == 0 || slash + 1 == type.len ||
	    type.len > TYPE_MAX)
		return false;
	for (size_t i = 0; i < type.len; i++)
		if (i != slash &&
		    (type.data[i] == '\0' ||
			strchr(allowed, type.data[i]) == NULL))
			return false;
	return true;
}

enum err
sniff_by(const struct isolate_work *work, struct arena *arena, struct str bytes,
    struct str *type)
{
	struct str seen = STR("");
	struct buf answer;
	enum err err;

	buf_init(&answer, ISOLATE_ANSWER_MAX);
	err = isolate_run(work, str_slice(bytes, 0, SNIFF_BYTES), &answer);
	if (err == OK) {
		seen = is_type(buf_view(&answer)) ? buf_view(&answer) : UNKNOWN;
		seen = arena_str(arena, seen);
		if (seen.data == NULL)
			err = ERR_NOMEM;
	}
	buf_release(&answer);
	if (err == OK)
		*type = seen;
	return err;
}

enum err
sniff(struct sniffer *sniffer, struct arena *arena, struct str bytes,
    struct str *type)
{
	const struct isolate_work work = {sniff_bytes, sniffer};

	return sniff_by(&work, arena, bytes, type);
}

/* Is it UTF-8? If it has SNIFF_BYTES, the last character may be cut off. */
static bool
is_utf8(struct str s)
{
	for (size_t cut = 0; cut < 4 && s.len == SNIFF_BYTES; cut++)
		if (utf8_valid(str_slice(s, 0, s.len - cut)))
			return true;
	return utf8_valid(s);
}

enum err
sniff_media_type(struct sniffer *sniffer, struct arena *arena, struct str bytes,
    struct str *type)
{
	struct str seen = STR("text/plain");
	enum err err = OK;

	if (bytes.len > 0)
		err = sniff(sniffer, arena, bytes, &seen);
	if (err != OK)
		seen = UNKNOWN;
	*type = str_starts(seen, STR("text/")) && is_utf8(bytes)
	    ? arena_printf(arena, "%.*s; charset=utf-8", STR_ARG(seen))
	    : seen;
	if (type->data != NULL)
		return err;
	*type = UNKNOWN;
	return ERR_NOMEM;
}

/* ---- does it agree? ------------------------------------------------ */

/* Types that may look like another type, because they are made of it. */
static const struct {
	const char *begins, *ends; /* of the sender's type */
	const char *looks;         /* a type, or the beginning of types */
} made_of[] = {
    {"text/", "", "text/"},
    /* A text may begin like the header of a mail. */
    {"text/", "", "message/rfc822"},
    {"application/json", "", "text/"},
    {"application/", "+json", "text/"},
    {"application/xml", "", "text/"},
    {"application/", "+xml", "text/"},
    {"image/svg+xml", "", "text/"},
    {"application/", "+zip", "application/zip"},
    {"application/vnd.openxmlformats-", "", "application/zip"},
    {"application/vnd.oasis.opendocument.", "", "application/zip"},
};

/* "application/x-gzip" and "application/gzip" are the same. */
static struct str
without_x(struct str type, struct str *major)
{
	size_t slash = str_find_byte(type, '/');
	struct str minor = str_slice(type, slash + 1, type.len);

	*major = str_slice(type, 0, slash);
	return str_starts(minor, STR("x-")) ? str_slice(minor, 2, minor.len)
					    : minor;
}

static bool
is_same(struct str a, struct str b)
{
	struct str major_a, major_b;
	struct str minor_a = without_x(a, &major_a);
	struct str minor_b = without_x(b, &major_b);

	return str_equal_nocase(major_a, major_b) &&
	    str_equal_nocase(minor_a, minor_b);
}

static bool
starts_nocase(struct str s, struct str prefix)
{
	return str_equal_nocase(str_slice(s, 0, prefix.len), prefix);
}

bool
sniff_agrees(struct str said, struct str seen)
{
	said = str_trim(str_slice(said, 0, str_find_byte(said, ';')));
	if (str_find_byte(said, '/') == SIZE_MAX ||
	    str_find_byte(seen, '/') == SIZE_MAX)
		return false;
	for (size_t i = 0; i < sizeof(made_of) / sizeof(*made_of); i++) {
		struct str ends = str_from(made_of[i].ends);

		if (starts_nocase(said, str_from(made_of[i].begins)) &&
		    said.len >= ends.len &&
		    str_equal_nocase(
			str_slice(said, said.len - ends.len, said.len), ends) &&
		    str_starts(seen, str_from(made_of[i].looks)))
			return true;
	}
	/* A type that is not in the table must look like itself. */
	return !starts_nocase(said, STR("text/")) && is_same(said, seen);
}

const char *
sniff_tables(void)
{
	const char *paths = magic_getpath(NULL, 0);

	return paths == NULL ? "" : paths;
}
