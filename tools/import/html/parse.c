/* SPDX-License-Identifier: ISC */
/*
 * Makes a tree of a text by gumbo. That library follows the HTML standard to
 * the letter, so a page is read as a browser reads it. The tree of gumbo is
 * copied into our own at once. gumbo has no limits: its memory comes from this
 * file, and longjmp() leaves gumbo when the memory or the time is used up.
 */
#include <gumbo.h>
#include <setjmp.h>
#include <time.h>

#include "tools/import/html/internal.h"

enum {
	PARSER_BYTES_MAX = 512 * 1024 * 1024,
	PARSER_CPU_S = 20, /* a longer parse is an attack */
	LOOK_EVERY = 256   /* allocations between looks at the time */
};

/* The parser's memory. It is freed as a whole, never piece by piece. */
struct memory {
	struct arena *arena;
	unsigned long taken;
	clock_t until;
	enum { ENOUGH, OUT, TOO_MUCH, TOO_LATE } state;
	jmp_buf out;
};

static void *
take(void *context, size_t size)
{
	struct memory *memory = context;
	void *piece = NULL;

	if (++memory->taken % LOOK_EVERY == 0 && clock() > memory->until)
		memory->state = TOO_LATE;
	else if (arena_used(memory->arena) + size > PARSER_BYTES_MAX)
		memory->state = TOO_MUCH;
	else if ((piece = arena_alloc(memory->arena, size)) == NULL)
		memory->state = OUT;
	if (piece == NULL)
		longjmp(memory->out, 1);
	return piece;
}

static void
give_back(void *context, void *piece)
{
	(void)context, (void)piece;
}

static const GumboOutput *
parse(struct memory *memory, struct str text)
{
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = take;
	options.deallocator = give_back;
	options.userdata = memory;
	options.max_errors = 0;
	if (setjmp(memory->out) != 0)
		return NULL;
	return gumbo_parse_with_options(&options, text.data, text.len);
}

/* The state of copying the tree. */
struct copy {
	const struct reading *in;
	size_t nodes;
	enum err err; /* why copying stopped; the reason is in in->why */
};

/* Add a last child; NULL: copy->err says why. */
static struct html_node *
add_node(struct copy *copy, struct html_node *parent, enum html_type type,
    size_t line)
{
	struct html_node *node;

	if (++copy->nodes > HTML_NODES_MAX) {
		copy->err = reading_refuse(copy->in, line,
		    "more than %d elements and texts", HTML_NODES_MAX);
		return NULL;
	}
	node = arena_alloc(copy->in->arena, sizeof(*node));
	if (node == NULL) {
		copy->err = reading_nomem(copy->in);
		return NULL;
	}
	*node =
	    (struct html_node){.type = type, .parent = parent, .line = line};
	if (parent != NULL && parent->last != NULL)
		parent->last->next = node;
	else if (parent != NULL)
		parent->children = node;
	if (parent != NULL)
		parent->last = node;
	return node;
}

static enum err
set_str(struct copy *copy, const char *text, struct str *out)
{
	*out = arena_str(copy->in->arena, str_from(text));
	return out->data == NULL ? reading_nomem(copy->in) : OK;
}

static enum err
copy_attributes(
    struct copy *copy, const GumboVector *from, struct html_node *to)
{
	const struct html_attribute **end = &to->attributes;

	for (unsigned i = 0; i < from->length; i++) {
		const GumboAttribute *attribute = from->data[i];
		struct html_attribute *mine =
		    arena_alloc(copy->in->arena, sizeof(*mine));
		if (mine == NULL)
			return reading_nomem(copy->in);
		mine->next = NULL;
		if (set_str(copy, attribute->name, &mine->name) != OK ||
		    set_str(copy, attribute->value, &mine->value) != OK)
			return ERR_NOMEM;
		*end = mine;
		end = &mine->next;
	}
	return OK;
}

/* Name an element. An unknown element keeps the name that the page gives it. */
static enum err
set_name(struct copy *copy, const GumboElement *element, struct str *out)
{
	GumboStringPiece piece = element->original_tag;
	char *name;

	if (element->tag != GUMBO_TAG_UNKNOWN)
		return set_str(
		    copy, gumbo_normalized_tagname(element->tag), out);
	gumbo_tag_from_original_text(&piece);
	*out = arena_str(copy->in->arena,
	    (struct str){piece.data == NULL ? "" : piece.data, piece.length});
	if (out->data == NULL)
		return reading_nomem(copy->in);
	name = (char *)(uintptr_t)out->data; /* writable */
	for (size_t i = 0; i < out->len; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] = (char)(name[i] - 'A' + 'a');
	return OK;
}

static enum err copy_children(struct copy *copy, const GumboVector *from,
    struct html_node *to, size_t depth);

static enum err
copy_element(struct copy *copy, const GumboNode *from, struct html_node *parent,
    size_t depth)
{
	const GumboElement *element = &from->v.element;
	size_t line = element->start_pos.line;
	struct html_node *node;
	enum err err;

	/* An element that the parser adds gets its parent's line. */
	if (line == 0 && parent != NULL)
		line = parent->line;
	if (depth > HTML_DEPTH_MAX)
		return reading_refuse(copy->in, line,
		    "elements are nested too deep for an article");
	node = add_node(copy, parent, HTML_ELEMENT, line);
	if (node == NULL)
		return copy->err;
	err = set_name(copy, element, &node->name);
	if (err == OK)
		err = copy_attributes(copy, &element->attributes, node);
	if (err == OK)
		err = copy_children(copy, &element->children, node, depth + 1);
	return err == OK ? html_settle(copy->in, node) : err;
}

static enum err
copy_text(struct copy *copy, const GumboNode *from, struct html_node *parent)
{
	enum html_type type =
	    from->type == GUMBO_NODE_COMMENT ? HTML_COMMENT : HTML_TEXT;
	struct html_node *node =
	    add_node(copy, parent, type, from->v.text.start_pos.line);

	return node == NULL ? copy->err
			    : set_str(copy, from->v.text.text, &node->text);
}

static enum err
copy_children(struct copy *copy, const GumboVector *from, struct html_node *to,
    size_t depth)
{
	enum err err = OK;

	for (unsigned i = 0; i < from->length && err == OK; i++) {
		const GumboNode *child = from->data[i];
		if (child->type == GUMBO_NODE_ELEMENT ||
		    child->type == GUMBO_NODE_TEMPLATE)
			err = copy_element(copy, child, to, depth);
		else if (child->type != GUMBO_NODE_DOCUMENT)
			err = copy_text(copy, child, to);
	}
	return err;
}

static enum err
copy_document(
    const struct reading *in, const GumboOutput *output, struct html_node **out)
{
	struct copy copy = {.in = in};

	*out = add_node(&copy, NULL, HTML_DOCUMENT, 0);
	return *out == NULL
	    ? copy.err
	    : copy_children(
		  &copy, &output->document->v.document.children, *out, 0);
}

static enum err
refuse(const struct reading *in, const struct memory *memory)
{
	if (memory->state == OUT)
		return reading_nomem(in);
	return reading_refuse(in, 0,
	    memory->state == TOO_LATE
		? "elements are nested so that the page takes too long to read"
		: "the page takes too much memory to read");
}

enum err
html_parse(
    const struct reading *in, struct str text, struct html_node **document)
{
	struct memory memory = {.arena = arena_new(PARSER_BYTES_MAX),
	    .until = clock() + (clock_t)PARSER_CPU_S * CLOCKS_PER_SEC};
	const GumboOutput *output;
	size_t line;
	enum err err;

	if (memory.arena == NULL)
		return reading_nomem(in);
	if (html_count_open(text, &line) > HTML_OPEN_MAX) {
		arena_free(memory.arena);
		return reading_refuse(
		    in, line, "elements are nested too deep for an article");
	}
	output = parse(&memory, text);
	err = output == NULL ? refuse(in, &memory)
			     : copy_document(in, output, document);
	arena_free(memory.arena);
	return err;
}
