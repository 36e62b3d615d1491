/* SPDX-License-Identifier: ISC */
/*
 * A compiled page: a tree of nodes in which every name has become a slot
 * number and every SQL text a prepared statement. Private to page/.
 *
 * Names and slots. A page has an array of values, one slot for each built-in
 * name, each parameter of its address and each column of each of its
 * statements. Which slot a name means is decided while compiling, by where it
 * stands; running only fills and reads slots.
 */
#ifndef GUIJU_PAGE_COMPILE_PAGE_H
#define GUIJU_PAGE_COMPILE_PAGE_H

#include <sqlite3.h>

#include "base/stats.h"
#include "page/compile/findings.h"
#include "page/reply.h"
#include "page/compile/source.h"

/* The built-in names, in this order, are the first slots of every page. */
enum builtin {
	BUILTIN_INPUT,
	BUILTIN_PATH,
	BUILTIN_HOST,
	BUILTIN_PROTOCOL,
	BUILTIN_NOW,
	BUILTIN_TODAY,
	BUILTIN_CERT,
	BUILTIN_CERT_NAME,
	BUILTIN_BODY,
	BUILTIN_MIME,
	BUILTIN_TOKEN,
	BUILTIN_QUERY,
	BUILTIN_LANG,
	BUILTIN_COUNT
};
extern const char *const builtin_names[BUILTIN_COUNT];

/* What a hole does to its value. */
enum filter {
	FILTER_NONE,
	FILTER_URL,     /* a whole address from data */
	FILTER_GEMTEXT, /* a stored gemtext, line by line */
	FILTER_TEXT,    /* stored plain text */
	FILTER_QUOTE,   /* the same as quotes */
	FILTER_SEAL     /* {seal}: a fresh one-time token */
};

/* A line's text between and in its holes. */
struct piece {
	struct piece *next;
	struct str literal; /* when slot < 0 */
	int slot;
	enum filter filter;
};

struct statement {
	sqlite3_stmt *stmt; /* borrowed from prepared */
	struct prepared *prepared;
	int bind_count;
	int *bind_slots; /* [i] for SQL parameter i + 1 */
	int column_count;
	int first_slot; /* of its columns, one behind the other */
	struct statement_stats *stats;
};

enum node_type {
	NODE_LINE,   /* a block: block, level, pieces, address for links */
	NODE_STORED, /* {x|gemtext}, {x|text}, {x|quote} alone on a line */
	NODE_PRE,    /* a preformatted group: pieces (alt), body */
	NODE_RAW,    /* a line of a non-gemtext page or in a group */
	NODE_ONE,    /* statement, otherwise (% none), optional */
	NODE_EACH,   /* statement, body, otherwise (% none) */
	NODE_IF,     /* statement, body, otherwise (% else) */
	NODE_DO,
	NODE_ASK, /* pieces, secret */
	NODE_CERT,
	NODE_UPLOAD, /* limit, mimes */
	NODE_EDIT,   /* slot */
	NODE_LANG,   /* pieces */
	NODE_GO,     /* pieces (the address), permanent */
	NODE_FAIL    /* refusal, pieces, again */
};

struct node {
	struct node *next;
	enum node_type type;
	struct str file; /* where it stands: an include has its own */
	unsigned line;
	enum block_type block;
	int level; /* of a heading; for stored gemtext: push below this */
	struct piece *pieces;
	struct piece *address;
	struct statement statement;
	const struct condition *condition; /* of % if; NULL: ask SQLite */
	struct node *body, *otherwise;
	int slot;
	enum filter filter;
	enum refusal refusal;
	bool secret, permanent;
	bool optional; /* % one with a % none, which is otherwise */
	bool again;    /* % fail ask: a prompt in the place of the refusal */
	size_t limit;
	struct str mimes; /* separated by spaces */
};

/* What a page's file name says its lines are. */
enum format {
	FORMAT_GEMTEXT,
	FORMAT_TEXT,
	FORMAT_XML,
	FORMAT_CSV,
	FORMAT_JSON
};

struct page {
	struct page *next; /* all pages of the site */
	struct str file;   /* pages/news/[section]/index.gmi */
	enum format format;
	struct str mime;        /* of raw formats, or from % type */
	bool typed;             /* % type was there */
	bool says_language;     /* % lang was there */
	struct str *parameters; /* names, in the order of the address */
	size_t parameter_count;
	/* Segments of the address that no log may tell, a bit for each from
	 * the left: the seal's, and those that % private names. */
	uint32_t private_segments;
	int slot_count;
	struct node *first;
	/* What it holds anywhere, for the map and for Gopher. */
	bool asks, writes, needs_cert, document, sealed, uploads;
	size_t findings; /* of its own; > 0: it cannot be run */
	struct page_stats *stats;
};

/* A page needs the writing connection: it writes in one transaction. */
#define PAGE_USES_WRITER(page) ((page)->sealed || (page)->writes)

/* The slot of a seal page's own token among its parameters is named so. */
#define SEAL_NAME "seal"

#endif
