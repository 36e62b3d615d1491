/* SPDX-License-Identifier: ISC */
/*
 * A stored text, read into blocks and written in the three forms. Nothing
 * comes out that the list of blocks does not hold: what was written as
 * gemtext reads as the same list, a menu has no other items than the links,
 * no form has a control character.
 */
#include "fuzz.h"

#include "text/block.h"
#include "text/write.h"

enum { TEXT_MAX = 16 * 1024, LIST_MAX = 256 * 1024, OUT_MAX = 16 << 20 };

static struct arena *arena;

/* The first byte of the input says how it is read; the rest is the text. */
enum { READ_PLAIN = 1, READ_QUOTE = 2, FILL_TARGETS = 4, BELOW_SHIFT = 4 };

static void
read_text(struct blocks *list, unsigned how, struct str text)
{
	if (how & READ_PLAIN)
		read_plain(list, text);
	else if (how & READ_QUOTE)
		read_quote(list, text);
	else
		read_gemtext(list, text, (int)(how >> BELOW_SHIFT & 3));
}

/* Targets of all kinds, among them some that are none. */
static void
fill_targets(struct blocks *list)
{
	static const char types[] = "0179Ighsx";
	size_t n = 0;

	for (struct block *b = list->first; b != NULL; b = b->next) {
		if (b->type != BLOCK_LINK)
			continue;
		n += b->url.len;
		b->target = (struct target){.type = types[n % sizeof(types)],
		    .selector = n % 5 == 0 ? b->text : b->url,
		    .host = n % 7 == 0 ? b->text : STR("portal.example"),
		    .port = (unsigned)(n * 331 % 70000),
		    .address = n % 3 == 0 ? b->text : STR("")};
	}
}

/* ---- gemtext -------------------------------------------------------- */

static void
check_same(const struct block *a, const struct block *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next) {
		MUST(a->type == b->type);
		MUST(a->level == b->level);
		MUST(str_equal(a->url, b->url));
		MUST(str_equal(a->body, b->body));
		MUST(str_equal(a->text, b->text) ||
		    (a->type == BLOCK_LINK && a->text.len == 0 &&
			str_equal(b->text, b->url)));
	}
	MUST(a == NULL && b == NULL);
}

static void
check_gemtext(const struct blocks *list)
{
	struct blocks again;
	struct buf out;

	buf_init(&out, OUT_MAX);
	write_gemtext(&out, list, NULL);
	MUST(out.err == OK);
	MUST(is_clean_text(buf_view(&out), "\n"));
	MUST(out.len == 0 || out.data[out.len - 1] == '\n');
	blocks_init(&again, arena, OUT_MAX);
	read_gemtext(&again, buf_view(&out), 0);
	MUST(again.err == OK);
	check_same(list->first, again.first);
	buf_release(&out);
}

/* ---- menu ----------------------------------------------------------- */

/* From here on, the first link that a line of this type may be. */
static const struct block *
find_link(const struct block *b, char type)
{
	while (b != NULL && (b->type != BLOCK_LINK || b->target.type != type))
		b = b->next;
	return b;
}

static void
check_menu(const struct blocks *list)
{
	const struct block *link = list->first;
	struct str rest, line;
	struct buf out;
	bool ended = false;

	buf_init(&out, OUT_MAX);
	write_menu(&out, list);
	MUST(out.err == OK);
	MUST(is_clean_text(buf_view(&out), "\t\r\n"));
	rest = buf_view(&out);
	while (rest.len > 0) {
		size_t end = str_find(rest, STR("\r\n"));
		unsigned tabs = 0;
		MUST(end != SIZE_MAX && !ended);
		line = str_slice(rest, 0, end);
		rest = str_slice(rest, end + 2, rest.len);
		MUST(str_find_byte(line, '\r') == SIZE_MAX);
		MUST(str_find_byte(line, '\n') == SIZE_MAX);
		ended = str_equal(line, STR("."));
		if (ended)
			continue;
		for (size_t i = 0; i < line.len; i++)
			tabs += line.data[i] == '\t';
		MUST(tabs == 3);
		if (line.data[0] == 'i') {
			MUST(str_ends(line, STR("\terror.host\t1")));
			continue;
		}
		link = find_link(link, line.data[0]);
		MUST(link != NULL);
		link = link->next;
	}
	MUST(ended);
	buf_release(&out);
}

/* ---- plain text ----------------------------------------------------- */

static void
check_plain(const struct blocks *list, unsigned columns)
{
	const struct plain_style style = {columns, STR("\r\n"), true};
	struct str rest;
	struct buf out;

	buf_init(&out, OUT_MAX);
	write_plain(&out, list, &style);
	MUST(out.err == OK);
	MUST(is_clean_text(buf_view(&out), "\r\n"));
	rest = buf_view(&out);
	while (rest.len > 0) {
		size_t end = str_find(rest, STR("\r\n"));
		MUST(end != SIZE_MAX && rest.data[0] != '.');
		MUST(str_find_byte(str_slice(rest, 0, end), '\r') == SIZE_MAX);
		MUST(str_find_byte(str_slice(rest, 0, end), '\n') == SIZE_MAX);
		rest = str_slice(rest, end + 2, rest.len);
	}
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blocks list;

	if (arena == NULL)
		arena = arena_new(256 << 20);
	MUST(arena != NULL);
	if (size == 0 || size > TEXT_MAX)
		return 0;
	blocks_init(&list, arena, LIST_MAX);
	read_text(&list, data[0], fuzz_str(data + 1, size - 1));
	MUST(list.err == OK || list.err == ERR_LIMIT);
	if (list.err == OK) {
		check_gemtext(&list);
		if (data[0] & FILL_TARGETS)
			fill_targets(&list);
		check_menu(&list);
		check_plain(&list, 0);
		check_plain(&list, PLAIN_COLUMNS);
	}
	arena_clear(arena);
	return 0;
}
