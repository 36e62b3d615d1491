/* SPDX-License-Identifier: ISC */
/*
 * The page compiler's own state, shared by its parts: compile.c (blocks, text
 * lines, holes), directives.c (what stands behind a `%`) and include.c
 * (partials).
 */
#ifndef GUIJU_PAGE_COMPILE_INTERNAL_H
#define GUIJU_PAGE_COMPILE_INTERNAL_H

#include "page/compile/compile.h"
#include "page/compile/page.h"
#include "page/compile/scope.h"

/* ---- flow.c ---------------------------------------------------------- */

/* Ways through a page: what is never reached, what is asked twice. */

/*
 * Tell of nodes that nothing reaches, because % go, % moved or % fail stands
 * above them in each case; of a second % ask on one way through the page; and
 * of an % if in which nothing stands.
 */
void flow_check(const struct page *page, struct findings *findings);

/* ---- partials.c ------------------------------------------------------ */

/* Partials that no page includes. */

/*
 * When all pages are compiled: tell of the partials below pages/ that none of
 * them has included, and of the mistakes in these, which nobody would meet.
 * ERR_NOMEM, ERR_IO.
 */
enum err partials_check(const struct compile_options *options) MUST_CHECK;

enum {
	INCLUDE_DEPTH_MAX = 8,
	BLOCK_DEPTH_MAX = 32 /* blocks inside each other: our stack is finite */
};

struct compiler {
	const struct compile_options *options;
	struct page *page;
	struct scope scope;
	struct source source;
	size_t at;                               /* the next line of source */
	const struct source_line *line;          /* the current one */
	unsigned depth;                          /* of includes */
	struct str including[INCLUDE_DEPTH_MAX]; /* the partials around us */
	unsigned blocks;                         /* % each and % if around us */
	int level;      /* of the nearest heading above */
	bool raw;       /* lines are raw: not gemtext, or inside a group */
	bool in_group;  /* inside a preformatted group */
	enum err fatal; /* ERR_NOMEM or ERR_IO: stop */
};

enum block_end {
	END_OF_FILE,
	END_END,
	END_NONE,
	END_ELSE,
	END_ELIF,
	END_FENCE
};

#define FINDING(c, ...)                                        \
	findings_add((c)->options->findings, (c)->source.file, \
	    (c)->line == NULL ? 0 : (c)->line->line, __VA_ARGS__)

/* A new node at the end of a list; *end moves behind it. NULL: c->fatal. */
struct node *compile_node(
    struct compiler *c, enum node_type type, struct node ***end);
/* A name from here to the end of the block. */
void compile_name(struct compiler *c, struct str name, int slot);
/* The argument of a directive, which may go over several lines, as one. */
struct str compile_one_line(struct compiler *c, struct str text);
/* The bit of page->private_segments for a parameter of the address; 0: it has
 * no such parameter. */
uint32_t compile_segment(const struct page *page, struct str parameter);
/* A line with holes, none of which has a filter. NULL for an empty text, or
 * after a finding. */
struct piece *compile_text(struct compiler *c, struct str text);
/* The address of a link, of % go or of % moved. */
struct piece *compile_address(
    struct compiler *c, struct str text, bool may_seal);
/* Lines up to the end of the file or of the block; says which. */
enum block_end compile_block(struct compiler *c, struct node ***end);
/* Tell of the current line where it has ended no block; where: the partial in
 * which it stands, or empty. */
void compile_closes_nothing(
    struct compiler *c, enum block_end ended, struct str where);
/* Where the word that ends a block so belongs, for a message; empty: a word
 * that ends any block, or none. */
const char *compile_owner(enum block_end ended);
/* The current line is % include: the lines of its partial (include.c). */
void compile_include(struct compiler *c, struct node ***end);
/* All lines of a script. */
void compile_script(struct compiler *c, struct node ***end);
/* The current line, a directive. What block it ends, END_OF_FILE for none. */
enum block_end compile_directive(struct compiler *c, struct node ***end);

#endif
