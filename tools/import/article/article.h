/* SPDX-License-Identifier: ISC */
/*
 * An article as `guiju import article` has understood it, before the capsule
 * decides what becomes of it; and the file it is being read from.
 *
 * Every reader (read_head.c, read_html.c, read_capture.c, read_plain.c) fills
 * the same struct. All text in it is clean UTF-8; every field but the body is
 * one line. It lives in the arena of the reading.
 */
#ifndef GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H
#define GUIJU_TOOLS_IMPORT_ARTICLE_ARTICLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	ARTICLE_BYTES_MAX = 8 * 1024 * 1024, /* of a file that is read */
	ARTICLE_FIELD_MAX = 2000,            /* bytes of a field */
	ARTICLE_ATTACHMENTS_MAX = 32
};

/* The fields that are one line of text. Absent: data is NULL. */
enum article_field {
	FIELD_SECTION, /* a slug or a name: the capsule knows which there are */
	FIELD_KICKER,  /* 引题, the line above the title */
	FIELD_TITLE,
	FIELD_SUBTITLE,   /* 副题 */
	FIELD_BYLINE,     /* 本报讯 (记者 ...) */
	FIELD_SOURCE,     /* 文章来源 */
	FIELD_SOURCE_URL, /* its address there */
	FIELD_PUBLISHER,  /* 发布人 */
	FIELD_SUMMARY,
	FIELD_STATUS,
	FIELD_ARTICLE, /* which one it corrects: /article/17 */
	FIELD_COUNT
};

/* Their names in a head, in the capsule's SQL and in the listing. */
extern const char *const article_field_name[FIELD_COUNT];

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
	struct str field[FIELD_COUNT];
	int64_t published; /* UTC seconds */
	bool has_published;
	bool pinned, sample;
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
/* Say that memory is out; gives ERR_NOMEM. */
enum err reading_nomem(const struct reading *in);

/*
 * Put text into a field, cleaned (clean_line); text that is blank leaves the
 * field absent. ERR_INPUT: it is too long, and refused. ERR_NOMEM.
 */
enum err article_set(const struct reading *in, struct article *article,
    enum article_field field, struct str text) MUST_CHECK;

bool article_has(const struct article *article, enum article_field field);

/* A copy whose text lives in arena. ERR_NOMEM, ERR_LIMIT. */
enum err article_copy(struct arena *arena, const struct article *from,
    struct article *to) MUST_CHECK;

#endif
