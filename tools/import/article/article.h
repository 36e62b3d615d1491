/* SPDX-License-Identifier: ISC */
/*
 * An article as `guiju import article` has understood it, before the capsule
 * decides what becomes of it; and the file it is being read from.
 *
 * Every reader (read_head.c, read_html.c, read_capture.c) fills the same
 * struct. All text in it is clean UTF-8; every field but the body is one line.
 * It lives in the arena of the reading.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

enum {
	ARTICLE_BYTES_MAX = 8 * 1024 * 1024, /* of a file that is read */
	ARTICLE_FIELD_MAX = 2000,            /* bytes of a field */
	ARTICLE_ATTACHMENTS_MAX = 32
};

/* How a file is written. */
enum article_kind {
	ARTICLE_ANY, /* not known yet: look at the content */
	ARTICLE_HEAD,
	ARTICLE_HTML,
	ARTICLE_CAPTURE,
	ARTICLE_PLAIN
};

struct attachment {
	struct str path;  /* below the capsule's static folder */
	struct str label; /* empty: none was given */
	struct str mime;  /* filled in by attachment_check(), like bytes */
	int64_t bytes;
	size_t line; /* where the file names it */
};

struct article {
	const char *file; /* as the operator named it; borrowed */
	size_t place;     /* among the files of one import */
	enum article_kind kind;
	const struct customs *customs; /* which fields there are; borrowed */
	/* By their places there; data is NULL where it has none. A flag is
	 * "yes" or "no". */
	struct str field[CUSTOMS_FIELDS_MAX];
	int64_t published; /* UTC seconds */
	bool has_published;
	struct str body;   /* gemtext */
	struct str remark; /* what the operator should know; empty: nothing */
	struct attachment attachment[ARTICLE_ATTACHMENTS_MAX];
	size_t attachments;
};

/* A file being read. */
struct reading {
	struct arena *arena; /* where what is found goes; kept */
	const char *file;    /* for messages; borrowed */
	struct str text;     /* UTF-8, without NUL (HTML: any bytes) */
	struct buf *why;     /* gets one line when reading fails */
	struct buf *notes;   /* gets what the operator should know; NULL: not */
	const struct customs *customs; /* borrowed */
};

/*
 * Say why the file is refused: "file:line: message", one clean line; line 0
 * leaves the number away. Gives ERR_INPUT, so that a reader can return it.
 */
enum err reading_refuse(const struct reading *in, size_t line,
    const char *format, ...) PRINTF_LIKE(3, 4);
/* Note what the operator should know, though the file is read: "line 7: ...",
 * behind what was noted before. Line 0 leaves the number away. */
void reading_note(const struct reading *in, size_t line, const char *format,
    ...) PRINTF_LIKE(3, 4);
/* Report that memory ran out; gives ERR_NOMEM. */
enum err reading_nomem(const struct reading *in);

/*
 * Put text into a field, cleaned (clean_line); text that is blank leaves the
 * field absent, and so does a field that is CUSTOMS_NONE. ERR_INPUT: it is too
 * long, and refused. ERR_NOMEM.
 */
enum err article_put(const struct reading *in, struct article *article,
    int field, struct str text) MUST_CHECK;
/* The same by the field's name. */
enum err article_set(const struct reading *in, struct article *article,
    const char *field, struct str text) MUST_CHECK;

/* What a field holds; empty: it has nothing, or is not asked for. */
struct str article_get(const struct article *article, const char *field);

/* A copy whose text lives in arena. ERR_NOMEM, ERR_LIMIT. */
enum err article_copy(struct arena *arena, const struct article *from,
    struct article *to) MUST_CHECK;

/*
 * See that each attachment of an article is a file below CAPSULE/static, and
 * fill in its type, its size and, where none was given, its label. ERR_INPUT:
 * one is not; why says so with file and line. ERR_NOMEM.
 */
enum err attachment_check(struct arena *arena, const char *capsule,
    struct article *article, struct buf *why) MUST_CHECK;

/*
 * Append a line for each link of the body that leads nowhere a reader may be
 * led (text/reference.h): the file, the line of the body, and the address,
 * which the article's page shows as text. arena: for scratch.
 */
void links_tell(
    struct buf *out, struct arena *arena, const struct article *article);

#endif
