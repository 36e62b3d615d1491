/* SPDX-License-Identifier: ISC */
/*
 * The page compiler's state, private to this room. compile.c reads blocks, text
 * lines and holes; directives.c reads lines that begin with `%`; include.c
 * reads partials.
 */
#ifndef GUIJU_PAGE_COMPILE_INTERNAL_H
#define GUIJU_PAGE_COMPILE_INTERNAL_H

#include "page/compile/compile.h"
#include "page/compile/page.h"
#include "page/compile/scope.h"
#include "page/compile/statement.h"

/* ---- flow.c ---------------------------------------------------------- */

/* The ways through a page: lines that nothing reaches, a second question. */

/*
 * Add findings for three mistakes: a node that nothing reaches, because each
 * way to it meets % go, % moved or % fail first; a second % ask on one way
 * through the page; an % if without any content.
 */
void flow_check(const struct page *page, struct findings *findings);

/* ---- partials.c ------------------------------------------------------ */

/* Partials that no page includes. */

/*
 * Add a finding for each partial below pages/ that no page includes, and one
 * for each mistake in such a partial. Call it after all pages are compiled.
 * ERR_NOMEM, ERR_IO.
 */
enum err partials_check(const struct compile_options *options) MUST_CHECK;

enum {
	INCLUDE_DEPTH_MAX = 8,
	BLOCK_DEPTH_MAX = 32 /* nested blocks: the compiler recurses */
};

struct compiler {
	const struct compile_options *options;
	struct page *page;
	struct scope scope;
	struct source source;
	size_t at;                      /* index of the next line of source */
	const struct source_line *line; /* the current one */
	unsigned depth;                 /* of nested includes */
	struct str
	    including[INCLUDE_DEPTH_MAX]; /* the partials around the line */
	/* Where the page first uses :body, :mime and :token. */
	struct str upload_file[BUILTIN_TOKEN - BUILTIN_BODY + 1];
	unsigned upload_line[BUILTIN_TOKEN - BUILTIN_BODY + 1];
	unsigned blocks; /* blocks around the line */
	int level;       /* of the nearest heading above the line */
	bool raw;        /* lines are not gemtext, or are inside a group */
	bool in_group;   /* inside a preformatted group */
	enum err fatal;  /* ERR_NOMEM or ERR_IO: compiling stops */
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

/* Add a new node at the end of a list; *end moves behind the node. NULL: the
 * error is in c->fatal. */
struct node *compile_node(
    struct compiler *c, enum node_type type, struct node ***end);
/* Add a name, which holds until the end of the block. */
void compile_name(struct compiler *c, struct str name, int slot);
/* A directive's argument, which may have several lines, as one line. */
struct str compile_one_line(struct compiler *c, struct str text);
/* The bit of page->private_segments for a parameter; 0: the address has no such
 * parameter. */
uint32_t compile_segment(const struct page *page, struct str parameter);
/* Compile a line whose holes must have no filter. NULL: the text is empty, or
 * there is a finding. */
struct piece *compile_text(struct compiler *c, struct str text);
/* Compile the address of a link, of % go or of % moved. */
struct piece *compile_address(
    struct compiler *c, struct str text, bool may_seal);
/* Note it if the current line is the first to use :body, :mime or :token. */
void compile_note_upload(struct compiler *c);
/* Compile lines up to the end of the block or of the file; returns what ended
 * them. */
enum block_end compile_block(struct compiler *c, struct node ***end);
/* Add a finding: the current line ends a block where none is open. where: the
 * partial that holds the line, or empty. */
void compile_closes_nothing(
    struct compiler *c, enum block_end ended, struct str where);
/* For a message: where a word that ends a block belongs. Empty: the word ends
 * any block, or is not such a word. */
const char *compile_owner(enum block_end ended);
/* Compile a statement of the current line into node->statement; its columns get
 * slots. false: there is a finding, or the error is in c->fatal. */
bool compile_statement(struct compiler *c, enum statement_kind kind,
    struct str sql, struct node *node);
/* The current line is % file (give.c). */
void compile_file(struct compiler *c, struct node ***end);
/* Compile the lines of a partial; the current line is % include (include.c). */
void compile_include(struct compiler *c, struct node ***end);
/* Compile the guards of the page's folders, the outermost first. */
void compile_guards(struct compiler *c, struct node ***end);
/* Compile all lines of a script. */
void compile_script(struct compiler *c, struct node ***end);
/* Compile the current line, a directive. Returns which block it ends;
 * END_OF_FILE: none. */
enum block_end compile_directive(struct compiler *c, struct node ***end);

#endif
