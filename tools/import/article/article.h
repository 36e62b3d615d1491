/* SPDX-License-Identifier: ISC */
/*
 * An article as `guiju import article` has read it, before the capsule's script
 * stores it; and the file that is being read.
 *
 * Every reader (read_head.c, read_html.c, read_capture.c) fills in the same
 * struct article. All its text is clean UTF-8; every field but the body is one
 * line. The text lives in the arena of the struct reading.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "tools/import/customs/customs.h"

enum {
	ARTICLE_BYTES_MAX = 8 * 1024 * 1024, /* per file */
	ARTICLE_FIELD_MAX = 2000,            /* bytes per field */
	ARTICLE_ATTACHMENTS_MAX = 32
};

/* The form in which a file is written. */
enum article_kind {
	ARTICLE_ANY, /* not known yet: the content tells */
	ARTICLE_HEAD,
	ARTICLE_HTML,
	ARTICLE_CAPTURE,
	ARTICLE_PLAIN
};

struct attachment {
	struct str path;  /* below the capsule's static folder */
	struct str label; /* empty: the file gives none */
	struct str mime;  /* attachment_check() sets this, and bytes */
	int64_t bytes;
	size_t line; /* where the file names it */
};

struct article {
	const char *file; /* as the operator named it; borrowed */
	size_t number;    /* among the files of one import */
	enum article_kind kind;
	const struct customs *customs; /* the fields that exist; borrowed */
	/* In the order of customs->field. data is NULL where the article has no
	 * such field. A flag is "yes" or "no". */
	struct str field[CUSTOMS_FIELDS_MAX];
	int64_t published; /* UTC seconds */
	bool has_published;
	struct str body;   /* gemtext */
	struct str remark; /* notes for the operator; empty: none */
	struct attachment attachment[ARTICLE_ATTACHMENTS_MAX];
	size_t attachments;
};

/* A file being read. */
struct reading {
	struct arena *arena; /* holds what is found; kept */
	const char *file;    /* for messages; borrowed */
	struct str text;     /* UTF-8, without NUL (HTML: any bytes) */
	struct buf *why;     /* gets one line when reading fails */
	struct buf *notes;   /* gets notes for the operator; NULL: none kept */
	const struct customs *customs; /* borrowed */
};

/*
 * Write to in->why, as one clean line, why the file is refused: "file:line:
 * message"; line 0 omits the number. Returns ERR_INPUT, so that a reader can
 * return the call.
 */
enum err reading_refuse(const struct reading *in, size_t line,
    const char *format, ...) PRINTF_LIKE(3, 4);
/* Append a note for the operator about a file that is not refused: "line 7:
 * ...". Line 0 omits the number. */
void reading_note(const struct reading *in, size_t line, const char *format,
    ...) PRINTF_LIKE(3, 4);
/* Write to in->why that the import is out of memory; returns ERR_NOMEM. */
enum err reading_nomem(const struct reading *in);

/*
 * Store text in a field, cleaned by clean_line(). Blank text, or the field
 * CUSTOMS_NONE, stores nothing. ERR_INPUT: the text is too long, and in->why
 * says so. ERR_NOMEM.
 */
enum err article_put(const struct reading *in, struct article *article,
    int field, struct str text) MUST_CHECK;
/* Store text in the field of this name; the errors are those of article_put().
 */
enum err article_set(const struct reading *in, struct article *article,
    const char *field, struct str text) MUST_CHECK;

/* The text of a field; empty: the field is absent, or the capsule's script does
 * not ask for it. */
struct str article_get(const struct article *article, const char *field);

/* Make a copy whose text lives in arena. ERR_NOMEM, ERR_LIMIT. */
enum err article_copy(struct arena *arena, const struct article *from,
    struct article *to) MUST_CHECK;

/*
 * Check that each attachment of an article is a file below CAPSULE/static. Fill
 * in its MIME type, its size and a missing label. ERR_INPUT: an attachment is
 * not such a file; why names file and line. ERR_NOMEM.
 */
enum err attachment_check(struct arena *arena, const char *capsule,
    struct article *article, struct buf *why) MUST_CHECK;

/*
 * Append one line per link of the body that the article's page will show as
 * text, because its address is not safe for readers (text/reference.h). The
 * line has the file, the line of the body, and the address. arena: scratch
 * memory.
 */
void links_tell(
    struct buf *out, struct arena *arena, const struct article *article);

#endif
