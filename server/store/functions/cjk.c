/* SPDX-License-Identifier: ISC */
/*
 * The FTS5 tokenizer `cjk`. Chinese has no spaces between words, and a
 * dictionary would cut a query and a document differently. So for each CJK
 * character a document gives two tokens at one position: the pair with the next
 * character, and the character alone. A query gives the pairs only. So words of
 * any length are found, and only where they occur.
 *
 * In a query only one token may have a position, because FTS5 takes colocated
 * tokens for synonyms. The last character of a run gives no token in a query:
 * it is in the last pair. So a query of two characters is one token, which an
 * index with detail=none needs.
 */
#include "store/functions/fold.h"
#include "store/functions/functions.h"

/* A longer word is cut, in documents and queries. */
enum { WORD_BYTES_MAX = FOLD_TERM_CHARACTERS * 4 };

typedef int token_call(void *, int, const char *, int, int, int);

/* One call of xTokenize. */
struct walk {
	const char *text;
	struct fold_text rest;
	struct fold_char at; /* the present character */
	bool more;           /* false: at the end, `at` is not valid */
	struct fold_state state;
	enum fold_step step; /* how `at` continues what is before */
	bool is_query;
	void *context;
	token_call *token;
};

static void
step(struct walk *w)
{
	w->more = fold_next(&w->rest, &w->at);
	if (w->more)
		w->step = fold_advance(&w->state, &w->at);
}

static int
give(struct walk *w, int flags, const char *token, size_t len,
    const char *start, const char *end)
{
	return w->token(w->context, flags, token, (int)len,
	    (int)(start - w->text), (int)(end - w->text));
}

static const char *
end_of(const struct fold_char *at)
{
	return at->raw.data + at->raw.len;
}

/* Give a word or a number. */
static int
walk_word(struct walk *w)
{
	char token[WORD_BYTES_MAX];
	const char *start = w->at.raw.data, *end = start;
	size_t len = 0, characters = 0;

	do {
		if (characters++ < FOLD_TERM_CHARACTERS)
			len += fold_write(token + len, w->at.c);
		end = end_of(&w->at);
		step(w);
	} while (w->more && w->at.class == FOLD_WORD && w->step == FOLD_JOINED);
	return give(w, 0, token, len, start, end);
}

/* Give the tokens of one CJK character. first: it begins a run. */
static int
walk_cjk(struct walk *w, bool first)
{
	struct fold_char here = w->at;
	char token[8];
	size_t one = fold_write(token, here.c), two;
	int code;

	step(w);
	if (!w->more || w->at.class != FOLD_CJK) {
		/* Alone, or the last of a run. In a query the last is left out
		 * only at the end: before a word it keeps the position that it
		 * has in the document. */
		if (w->is_query && !first && !w->more)
			return SQLITE_OK;
		return give(w, 0, token, one, here.raw.data, end_of(&here));
	}
	two = one + fold_write(token + one, w->at.c);
	code = give(w, 0, token, two, here.raw.data, end_of(&w->at));
	if (code == SQLITE_OK && !w->is_query)
		code = give(w, FTS5_TOKEN_COLOCATED, token, one, here.raw.data,
		    end_of(&here));
	return code;
}

static int
tokenize(Fts5Tokenizer *self, void *context, int flags, const char *text,
    int len, token_call *token)
{
	struct walk w = {.text = text,
	    .is_query = (flags & FTS5_TOKENIZE_QUERY) != 0,
	    .context = context,
	    .token = token};
	bool first = true;
	int code = SQLITE_OK;

	(void)self;
	fold_begin(&w.rest, (struct str){text, len < 0 ? 0 : (size_t)len});
	step(&w);
	while (w.more && code == SQLITE_OK) {
		enum fold_class class = w.at.class;
		if (class == FOLD_OTHER)
			step(&w);
		else if (class == FOLD_WORD)
			code = walk_word(&w);
		else
			code = walk_cjk(&w, first);
		first = class != FOLD_CJK;
	}
	return code;
}

/* The tokenizer has no state, so any address serves as its handle. */
static int
tokenizer_new(void *context, const char **args, int count, Fts5Tokenizer **out)
{
	static char nothing;

	(void)context, (void)args;
	if (count != 0)
		return SQLITE_ERROR; /* cjk takes no arguments */
	*out = (Fts5Tokenizer *)(void *)&nothing;
	return SQLITE_OK;
}

static void
tokenizer_free(Fts5Tokenizer *self)
{
	(void)self;
}

/* This statement gives the interface of FTS5 (fts5.html, section 7). */
static int
find_fts5(sqlite3 *db, fts5_api **out)
{
	sqlite3_stmt *statement;
	int code =
	    sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL);

	if (code != SQLITE_OK)
		return code;
	*out = NULL;
	sqlite3_bind_pointer(statement, 1, (void *)out, "fts5_api_ptr", NULL);
	sqlite3_step(statement);
	code = sqlite3_finalize(statement);
	return code == SQLITE_OK && *out == NULL ? SQLITE_ERROR : code;
}

int
functions_register_cjk(sqlite3 *db)
{
	fts5_tokenizer tokenizer = {tokenizer_new, tokenizer_free, tokenize};
	fts5_api *fts5;
	int code = find_fts5(db, &fts5);

	if (code != SQLITE_OK)
		return code;
	return fts5->xCreateTokenizer(fts5, "cjk", NULL, &tokenizer, NULL);
}
