/* SPDX-License-Identifier: ISC */
/* The pages of articles, and what readers ask for. */
#include "tests/bench/kinds.h"
#include "tests/bench/synthetic.h"

uint64_t
kinds_pick(uint64_t n, uint64_t purpose, int64_t limit)
{
	return limit <= 0 ? 0
			  : synthetic_hash(n, 1000 + purpose) % (uint64_t)limit;
}

/* ---- articles ------------------------------------------------------ */

static void
home(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)p, (void)n, (void)input;
	buf_text(path, "/");
}

static void
list_first(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)n, (void)input;
	buf_printf(path, "/news/%s/", p->section);
}

/* Around page 40,000, or the last ones of a shorter list. */
static void
list_far(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	int64_t far = p->pages < 40020 ? p->pages : 40020;

	(void)input;
	buf_printf(path, "/news/%s/page/%lld", p->section,
	    (long long)(far - (int64_t)kinds_pick(n, 1, 20)));
}

static void
list_year(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_printf(path, "/news/%s/year/%d/", p->section,
	    (int)(2007 + kinds_pick(n, 2, 19)));
}

static void
article(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)input;
	buf_printf(path, "/article/%llu",
	    (unsigned long long)kinds_pick(n, 3, p->articles) + 1);
}

static void
feed(const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)p, (void)n, (void)input;
	buf_text(path, "/atom.xml");
}

/* ---- search in articles -------------------------------------------- */

static void
search(struct buf *path, const char *kind, struct str words)
{
	buf_printf(path, "/search/%s/", kind);
	url_add_segment(path, words);
	buf_char(path, '/');
}

/* Three characters that eight articles have. */
static void
search_rare(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf name;

	(void)input;
	buf_init(&name, 64);
	synthetic_name(&name, kinds_pick(n, 4, p->articles) + 1);
	search(path, "text", buf_view(&name));
	buf_release(&name);
}

static void
search_rare_title(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf name;

	(void)input;
	buf_init(&name, 64);
	synthetic_name(&name, kinds_pick(n, 4, p->articles) + 1);
	search(path, "title", buf_view(&name));
	buf_release(&name);
}

static void
search_common(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)p, (void)input;
	search(path, "text", synthetic_common(n));
}

static void
search_common_title(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	(void)p, (void)input;
	search(path, "title", synthetic_common(n));
}

static void
search_one(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct str word = synthetic_word(synthetic_hash(n, 5));

	(void)p, (void)input;
	search(path, "text", str_slice(word, 0, 3));
}

/* Two words side by side: each is common, both together are not. */
static void
search_phrase(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf words;

	(void)p, (void)input;
	buf_init(&words, 256);
	buf_str(&words, synthetic_word(synthetic_hash(n, 6)));
	buf_str(&words, synthetic_word(synthetic_hash(n, 7)));
	search(path, "text", buf_view(&words));
	buf_release(&words);
}

static void
search_nothing(
    const struct portal *p, uint64_t n, struct buf *path, struct buf *input)
{
	struct buf name;

	(void)p, (void)input;
	buf_init(&name, 64);
	synthetic_name(&name, 1000000000 + n * SYNTHETIC_NAMESAKES);
	search(path, "text", buf_view(&name));
	buf_release(&name);
}

const struct kind kinds_articles[] = {{"home", home, REPLY_BLOCKS, AIM_US},
    {"list, page 1", list_first, REPLY_BLOCKS, AIM_US},
    {"list, page 40,000", list_far, REPLY_BLOCKS, AIM_US},
    {"list of a year", list_year, REPLY_BLOCKS, AIM_US},
    {"article", article, REPLY_BLOCKS, AIM_US},
    {"feed of all", feed, REPLY_BYTES, AIM_US},
    {"search, rare word", search_rare, REPLY_BLOCKS, AIM_US},
    {"search, rare in titles", search_rare_title, REPLY_BLOCKS, AIM_US},
    {"search, no hit", search_nothing, REPLY_BLOCKS, AIM_US},
    {"search, phrase", search_phrase, REPLY_BLOCKS, AIM_HEAVY_US},
    {"search, one character", search_one, REPLY_BLOCKS, AIM_HEAVY_US},
    {"search, common word", search_common, REPLY_BLOCKS, AIM_HEAVY_US},
    {"search, common in titles", search_common_title, REPLY_BLOCKS,
	AIM_HEAVY_US},
    {NULL, NULL, REPLY_BLOCKS, 0}};
