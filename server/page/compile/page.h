/* SPDX-License-Identifier: ISC */
/*
 * A compiled page: a tree of nodes. In the tree each name is a slot number and
 * each SQL text is a prepared statement. Private to page/.
 *
 * A running page has an array of values, the slots. There is one slot per
 * built-in name, one per parameter of the address and one per column of each
 * statement. The compiler decides, by the place of a name, which slot the name
 * means. A running page only fills and reads slots.
 */
#ifndef GUIJU_PAGE_COMPILE_PAGE_H
#define GUIJU_PAGE_COMPILE_PAGE_H

#include <sqlite3.h>

#include "base/stats.h"
#include "page/compile/findings.h"
#include "page/reply.h"
#include "page/compile/source.h"

/* The built-in names. They are the first slots of every page, in this order. */
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
	BUILTIN_VISITOR,
	/* Names of a capsule with accounts. */
	BUILTIN_ACCOUNT,
	BUILTIN_ROLE,
	BUILTIN_CERT_ID,
	BUILTIN_CERTIFICATE,
	BUILTIN_COUNT
};
extern const char *const builtin_names[BUILTIN_COUNT];

/* How a hole shows its value. */
enum filter {
	FILTER_NONE,
	FILTER_URL,     /* the value is a whole address */
	FILTER_GEMTEXT, /* the value is gemtext, with its own lines */
	FILTER_TEXT,    /* the value is plain text */
	FILTER_QUOTE,   /* the same; each line becomes a quote */
	FILTER_SEAL,    /* {seal}: a fresh one-time token */
	FILTER_FROM     /* {from}: the page as a return address */
};

/* One part of a line: a literal text, or a hole. */
struct piece {
	struct piece *next;
	struct str literal; /* if slot < 0 */
	int slot;
	enum filter filter;
};

struct statement {
	sqlite3_stmt *stmt; /* borrowed from prepared */
	struct prepared *prepared;
	/* Of a page that writes: the same text on the connection that cannot
	 * write, for the time before the lock. NULL: there is none. */
	struct prepared *unlocked;
	int bind_count;
	int *bind_slots; /* [i] for SQL parameter i + 1 */
	int column_count;
	int first_slot; /* of the columns, which follow each other */
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
	NODE_ROWS, /* statement, record: % table and % record of a script */
	NODE_ASK,  /* pieces, secret */
	NODE_CERT,
	NODE_ACCOUNT, /* pieces */
	NODE_ROLE,    /* mimes */
	NODE_UPLOAD,  /* limit, mimes */
	NODE_EDIT,    /* slot */
	NODE_NOTICE,  /* pieces */
	NODE_LANG,    /* pieces */
	NODE_GO,      /* address, permanent, returns */
	NODE_FILE,    /* slot or statement; table, column, pieces (type) */
	NODE_FAIL     /* refusal, pieces, again */
};

struct node {
	struct node *next;
	enum node_type type;
	struct str file; /* the source file, which may be a partial */
	unsigned line;
	enum block_type block;
	int level; /* of a heading; stored gemtext goes below this */
	struct piece *pieces;
	struct piece *address;
	struct statement statement;
	const struct condition *condition; /* of % if; NULL: ask SQLite */
	struct node *body, *otherwise;
	int slot;
	enum filter filter;
	enum refusal refusal;
	bool secret, permanent;
	bool returns;  /* % return: the address is for a reader without a way */
	bool optional; /* % one has a % none, in otherwise */
	bool early;    /* % one: a row from before the lock is good enough */
	bool record;   /* % record, not % table */
	bool again;    /* % fail ask: a prompt instead of a refusal */
	bool uploads;  /* of a link: readers upload to the address */
	size_t limit;
	struct str mimes; /* of % upload; of % role: its roles. Separated by
			   * spaces */
	/* Of % file: the column that holds the file, and slot is the row's id.
	 * Empty: slot is the file. */
	struct str table, column;
};

/* The format of a page's lines, from the file's extension. */
enum format {
	FORMAT_GEMTEXT,
	FORMAT_TEXT,
	FORMAT_XML,
	FORMAT_CSV,
	FORMAT_JSON,
	FORMAT_CONTENT /* content lines: calendars and cards */
};

struct page {
	struct page *next; /* in the list of all pages */
	struct str file;   /* pages/news/[section]/index.gmi */
	enum format format;
	/* The extension has no format: the page says its type itself. */
	bool other;
	struct str mime;        /* of raw formats, or from % type */
	bool typed;             /* the page has % type */
	bool says_language;     /* the page has % lang */
	struct str *parameters; /* names, in the order of the address */
	size_t parameter_count;
	/* Address segments that the log must hide: the seal's, and those that
	 * % private names. Bit 0 stands for the first segment. */
	uint32_t private_segments;
	int slot_count;
	struct node *first;
	/* What the page may do, for the map and for links. */
	bool asks, writes, needs_cert, document, sealed, uploads, gives_file;
	bool edits;   /* it has % edit */
	bool returns; /* it is below a folder [from] */
	bool needs_account;
	bool uses_account;  /* the certificate's account is looked up */
	bool uses_visitor;  /* the page uses :visitor */
	bool reads_token;   /* :token, which may stand for a certificate */
	bool notices, goes; /* it has % notice; it has % go or % return */
	/* Of a sealed page: the label of the links that lead to it. Empty: no
	 * link does, or links of several labels. */
	struct str act;
	bool act_is_whole; /* the label has no holes */
	bool act_differs;  /* there are several labels */
	size_t findings;   /* of this page; > 0: it cannot be run */
	struct page_stats *stats;
};

/* The page may need the writing connection. */
#define PAGE_USES_WRITER(page) ((page)->sealed || (page)->writes)

/* The name of the parameter that holds the token of a page that writes. */
#define SEAL_NAME "seal"
/* The name of the parameter that holds a return address. */
#define FROM_NAME "from"

#endif
