/* SPDX-License-Identifier: ISC */
/*
 * Whatever is stored, a page keeps the lines that its template gave it. The
 * output is read by small parsers that share nothing with the writers.
 */
#include "text_fixture.h"

#include <uniwidth.h>

static const char *const payloads[] = {"=> gemini://evil/ x", "# big", "```",
    "* x", "> x", "a\r\n=> /logout", "\u2028=> x", " \t=> x", "2026-01-01 fake",
    "```\n=> gemini://evil/ x\n```", "\xC2\x85# x", "\v* x", "\f> x",
    "\u2029```", "\r=> x", "\u200B=> x", "\u3000# x", "\u202E=> x",
    "\xEF\xBB\xBF# x", "\x1b[2J", "a\tb\tc\td\te", ".", ".\r\n",
    "a\r\n.\r\n1fake\t/fake\tevil.example\t70\r\n", "\t\t\t", "\xff\xfe",
    "\xC0\xAF", "=:/ask x", "####### x", "*\tx", "\x9b\x33m", "\xE2\x80",
    "\xF0\x9F\x91", "", " ", "\n\n\n", "`````` x",
    "标准，“一”《二》。三：四；五！六？七、八（九）十标准标准标准标准标准"};

enum { PAYLOADS = sizeof(payloads) / sizeof(*payloads) };

/* ---- an independent reader of gemtext -------------------------------- */

struct counts {
	size_t links, headings, items, quotes, toggles, lines;
};

/* What some clients trim before they look. ZERO WIDTH SPACE is not in it. */
static const char *
trimmed(const char *line)
{
	static const char *const blanks[] = {" ", "\t", "\xC2\xA0",
	    "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x83", "\xE2\x80\x8A",
	    "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
		size_t n = strlen(blanks[i]);
		if (strncmp(line, blanks[i], n) == 0) {
			line += n;
			i = (size_t)-1;
		}
	}
	return line;
}

static void
count_line(const char *line, bool *in_group, struct counts *counts)
{
	counts->lines++;
	if (strncmp(line, "```", 3) == 0) {
		*in_group = !*in_group;
		counts->toggles++;
	} else if (*in_group) {
		return;
	} else if (strncmp(line, "=>", 2) == 0 || strncmp(line, "=:", 2) == 0) {
		counts->links++;
	} else if (line[0] == '#') {
		counts->headings++;
	} else if (line[0] == '*' && (line[1] == ' ' || line[1] == '\t')) {
		counts->items++;
	} else if (line[0] == '>') {
		counts->quotes++;
	}
}

static struct counts
count_gemtext(struct str text, bool trim)
{
	struct counts counts = {0};
	bool in_group = false;

	while (text.len > 0) {
		char line[8192];
		size_t n = 0;
		while (n < text.len && text.data[n] != '\n')
			n++;
		assert_true(n < text.len); /* a final LF */
		assert_true(n < sizeof(line));
		memcpy(line, text.data, n);
		line[n] = '\0';
		count_line(trim ? trimmed(line) : line, &in_group, &counts);
		text = str_slice(text, n + 1, text.len);
	}
	assert_false(in_group);
	return counts;
}

/* No character but LF and what a reader sees; the guard only begins lines. */
static void
assert_gemtext_clean(struct str text)
{
	uint32_t before = '\n';

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);
		assert_int_not_equal(c, UTF8_BAD);
		if (c == 0x200B)
			assert_int_equal(before, '\n');
		else if (c != '\n')
			assert_false(utf8_is_control(c) ||
			    utf8_is_invisible(c) || utf8_is_line_end(c));
		before = c;
	}
}

static void
assert_counts(const struct blocks *list, struct str text)
{
	struct counts own = {0}, plain, trim;
	const struct block *b;

	for (b = list->first; b != NULL; b = b->next) {
		own.links += b->type == BLOCK_LINK;
		own.headings += b->type == BLOCK_HEADING;
		own.items += b->type == BLOCK_ITEM;
		own.quotes += b->type == BLOCK_QUOTE;
		own.toggles += b->type == BLOCK_PRE ? 2 : 0;
	}
	plain = count_gemtext(text, false);
	trim = count_gemtext(text, true);
	own.lines = plain.lines;
	assert_memory_equal(&plain, &own, sizeof(own));
	assert_memory_equal(&trim, &own, sizeof(own));
	assert_gemtext_clean(text);
}

/* ---- an independent reader of menus ---------------------------------- */

static size_t
take_menu_line(struct str menu, struct str fields[4])
{
	size_t tabs = 0, start = 0, at;

	for (at = 0; at < menu.len && menu.data[at] != '\r'; at++) {
		unsigned char c = (unsigned char)menu.data[at];
		if (c == '\t') {
			assert_true(tabs < 3);
			fields[tabs++] = str_slice(menu, start, at);
			start = at + 1;
			continue;
		}
		assert_true(c >= 0x20 && c != 0x7F);
	}
	assert_true(at + 1 < menu.len && menu.data[at + 1] == '\n');
	assert_int_equal(tabs, 3);
	fields[3] = str_slice(menu, start, at);
	return at + 2;
}

static size_t
assert_menu(struct str menu)
{
	size_t items = 0, lines = 0;

	assert_true(utf8_valid(menu));
	while (!str_equal(menu, STR(".\r\n"))) {
		struct str fields[4], text;
		int64_t port;
		size_t taken = take_menu_line(menu, fields);
		assert_true(fields[0].len > 0);
		text = str_slice(fields[0], 1, fields[0].len);
		assert_true(u8_width((const uint8_t *)text.data, text.len,
				"UTF-8") <= GOPHER_COLUMNS);
		assert_true(fields[1].len <= 255);
		assert_int_equal(str_to_int(fields[3], 1, 65535, &port), OK);
		if (fields[0].data[0] == 'i') {
			assert_text(fields[1],
			    lines == 0 && fields[1].len > 0 ? "TITLE" : "");
			assert_text(fields[2], "error.host");
			assert_int_equal(port, 1);
		} else {
			assert_text(fields[2], "portal.example");
			assert_int_equal(port, 70);
			items++;
		}
		lines++;
		menu = str_slice(menu, taken, menu.len);
	}
	return items;
}

/* ---- plain text ------------------------------------------------------ */

static void
assert_plain(struct str text)
{
	assert_true(utf8_valid(text));
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool begins = i == 0 || text.data[i - 1] == '\n';
		assert_false(begins && c == '.');
		if (c == '\n')
			assert_true(i > 0 && text.data[i - 1] == '\r');
		else if (c == '\r')
			assert_true(
			    i + 1 < text.len && text.data[i + 1] == '\n');
		else
			assert_true(c >= 0x20 && c != 0x7F);
	}
	assert_true(text.len == 0 || text.data[text.len - 1] == '\n');
}

/* ---- all of it -------------------------------------------------------- */

static void
fill_targets(struct blocks *list, struct str selector, size_t *items)
{
	for (struct block *b = list->first; b != NULL; b = b->next) {
		bool clean = utf8_valid(selector) && selector.len <= 255;
		struct str rest = selector;
		if (b->type != BLOCK_LINK)
			continue;
		b->target = (struct target){.type = '0',
		    .selector = selector,
		    .host = STR("portal.example"),
		    .port = 70};
		while (rest.len > 0) {
			uint32_t c = utf8_next(&rest);
			clean = clean && !utf8_is_control(c) &&
			    !utf8_is_line_end(c);
		}
		*items += clean;
	}
}

static void
assert_page(struct text_fixture *f, struct str selector)
{
	const struct plain_style style = {.columns = GOPHER_COLUMNS,
	    .line_end = STR("\r\n"),
	    .guard_dots = true};
	size_t items = 0;

	assert_int_equal(f->blocks.err, OK);
	buf_clear(&f->out);
	write_gemtext(&f->out, &f->blocks, NULL);
	assert_int_equal(f->out.err, OK);
	assert_counts(&f->blocks, buf_view(&f->out));

	fill_targets(&f->blocks, selector, &items);
	buf_clear(&f->out);
	write_menu(&f->out, &f->blocks);
	assert_int_equal(f->out.err, OK);
	assert_int_equal(assert_menu(buf_view(&f->out)), items);

	buf_clear(&f->out);
	write_plain(&f->out, &f->blocks, &style);
	assert_int_equal(f->out.err, OK);
	assert_plain(buf_view(&f->out));
}

/* A payload in every place where a stored value may stand. */
static void
template_page(struct blocks *list, struct str value)
{
	blocks_heading(list, 1, value);
	blocks_text(list, value);
	blocks_link(list, STR("/here"), value);
	blocks_link(list, value, STR("label"));
	blocks_link(list, value, value);
	blocks_item(list, value);
	blocks_quote(list, value);
	blocks_heading(list, 2, value);
	blocks_pre(list, value, value);
	read_plain(list, value);
	read_quote(list, value);
	blocks_text(list, STR("the end"));
}

static void
no_payload_changes_the_lines(void **state)
{
	struct text_fixture *f = *state;

	for (size_t i = 0; i < PAYLOADS; i++) {
		text_again(f);
		template_page(&f->blocks, str_from(payloads[i]));
		assert_page(f, str_from(payloads[i]));
	}
}

/* The numbers that the template itself has, not those of the list. */
static void
lines_of_each_type_are_the_template_s(void **state)
{
	struct text_fixture *f = *state;

	for (size_t i = 0; i < PAYLOADS; i++) {
		struct str value = str_from(payloads[i]);
		const struct counts expected = {.links = 2,
		    .headings = 2,
		    .items = 1,
		    .quotes = 1,
		    .toggles = 2};
		for (int trim = 0; trim < 2; trim++) {
			struct counts counts;
			text_again(f);
			blocks_heading(&f->blocks, 1, value);
			blocks_link(&f->blocks, STR("/a"), value);
			blocks_text(&f->blocks, value);
			blocks_item(&f->blocks, value);
			blocks_quote(&f->blocks, value);
			read_plain(&f->blocks, value);
			blocks_pre(&f->blocks, value, value);
			blocks_heading(&f->blocks, 2, value);
			blocks_link(&f->blocks, STR("/b"), value);
			write_gemtext(&f->out, &f->blocks, NULL);
			counts = count_gemtext(buf_view(&f->out), trim == 1);
			counts.lines = 0;
			assert_memory_equal(&counts, &expected, sizeof(counts));
		}
	}
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
random_text(struct buf *out, uint32_t *seed)
{
	size_t parts = next_random(seed) % 12;

	for (size_t i = 0; i < parts; i++) {
		switch (next_random(seed) % 4) {
		case 0:
			buf_char(out, (char)next_random(seed));
			break;
		case 1:
			buf_char(
			    out, "\n\r\t `=>#*. :"[next_random(seed) % 13]);
			break;
		default:
			buf_text(out, payloads[next_random(seed) % PAYLOADS]);
			break;
		}
	}
}

static void
no_random_text_changes_the_lines(void **state)
{
	struct text_fixture *f = *state;
	uint32_t seed = 1436;
	struct buf value;

	buf_init(&value, 64 << 10);
	for (int round = 0; round < 3000; round++) {
		text_again(f);
		buf_clear(&value);
		random_text(&value, &seed);
		template_page(&f->blocks, buf_view(&value));
		read_gemtext(&f->blocks, buf_view(&value), 1);
		assert_page(f, buf_view(&value));
	}
	buf_release(&value);
}

/* A stored gemtext once written reads as what it was written from. */
static void
written_gemtext_reads_as_the_same(void **state)
{
	struct text_fixture *f = *state;
	uint32_t seed = 1965;
	struct buf first;

	buf_init(&first, 1 << 20);
	for (int round = 0; round < 3000; round++) {
		text_again(f);
		buf_clear(&first);
		random_text(&first, &seed);
		read_gemtext(&f->blocks, buf_view(&first), 0);
		buf_clear(&first);
		write_gemtext(&first, &f->blocks, NULL);
		text_again(f);
		read_gemtext(&f->blocks, buf_view(&first), 0);
		write_gemtext(&f->out, &f->blocks, NULL);
		buf_char(&first, '\0');
		assert_text(buf_view(&f->out), first.data);
	}
	buf_release(&first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEXT_TEST(no_payload_changes_the_lines),
	    TEXT_TEST(lines_of_each_type_are_the_template_s),
	    TEXT_TEST(no_random_text_changes_the_lines),
	    TEXT_TEST(written_gemtext_reads_as_the_same)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
