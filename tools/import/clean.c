/* SPDX-License-Identifier: ISC */
/* Cleans text, character by character and line by line. */
#include "tools/import/clean.h"

#include "base/utf8.h"
#include "text/space.h"

#define GUARD "\xE2\x80\x8B" /* U+200B, zero width space */
#define FENCE "```"

bool
clean_is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
	    c == 0x3000;
}

bool
clean_is_ideograph(uint32_t c)
{
	/* U+3007 is the zero in Chinese numerals for years. */
	return c == 0x3007 || (c >= 0x3400 && c <= 0x4DBF) ||
	    (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x323AF);
}

/* Characters from here on are wide: Chinese puts no space between them. */
enum { WIDE_MIN = 0x2E80 };

void
clean_line(struct buf *out, struct str s)
{
	uint32_t last = 0; /* the character written last; 0: none */
	bool space = false, broken = false;

	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (clean_is_space(c) || utf8_is_line_end(c)) {
			/* A typed space beside a line end stays a space. */
			broken = utf8_is_line_end(c)
			    ? broken || !space
			    : broken && (c == ' ' || c == '\t');
			space = true;
			continue;
		}
		if (c == UTF8_BAD || utf8_is_control(c) || utf8_is_invisible(c))
			continue;
		if (space && last != 0 &&
		    !(broken && last >= WIDE_MIN && c >= WIDE_MIN))
			buf_char(out, ' ');
		utf8_add(out, c);
		last = c;
		space = broken = false;
	}
}

/* Copy the text in b into the arena, and release b. */
static enum err
settle(struct arena *arena, struct buf *b, struct str *out)
{
	enum err err = arena_take(arena, b, out);

	buf_release(b);
	return err == OK ? OK : ERR_NOMEM;
}

enum err
clean_str(struct arena *arena, struct str s, struct str *out)
{
	struct buf b;

	buf_init(&b, s.len + 1);
	clean_line(&b, s);
	return settle(arena, &b, out);
}

static bool
is_word(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
	/* General punctuation, CJK punctuation, full-width punctuation. */
	return c >= 0xC0 && c != 0xD7 && c != 0xF7 &&
	    !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3001 && c <= 0x3006) &&
	    !(c >= 0x3008 && c <= 0x303F) && !(c >= 0xFE10 && c <= 0xFE6F) &&
	    !(c >= 0xFF00 && c <= 0xFF0F) && !(c >= 0xFF1A && c <= 0xFF20) &&
	    !(c >= 0xFF3B && c <= 0xFF40) && !(c >= 0xFF5B && c <= 0xFF65) &&
	    !clean_is_space(c) && !utf8_is_invisible(c);
}

enum err
clean_key(struct arena *arena, struct str s, struct str *out)
{
	struct buf b;

	buf_init(&b, s.len + 1);
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);
		if (c == UTF8_BAD)
			continue;
		/* Full-width letters and digits count as ASCII ones. */
		if ((c >= 0xFF10 && c <= 0xFF19) ||
		    (c >= 0xFF21 && c <= 0xFF3A) ||
		    (c >= 0xFF41 && c <= 0xFF5A))
			c -= 0xFEE0;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (is_word(c))
			utf8_add(&b, c);
	}
	return settle(arena, &b, out);
}

bool
clean_is_markup(struct str line)
{
	return str_starts(line, STR("#")) || str_starts(line, STR(">")) ||
	    str_starts(line, STR("* ")) || str_starts(line, STR("=>")) ||
	    str_starts(line, STR(FENCE));
}

void
clean_add_guarded(struct buf *out, struct str line)
{
	if (clean_is_markup(line))
		buf_text(out, GUARD);
	buf_str(out, line);
}

void
clean_preformatted(struct buf *out, struct str line)
{
	while (line.len > 0) {
		uint32_t c = utf8_next(&line);
		if (c == 0xA0)
			c = ' ';
		if (c == UTF8_BAD || (utf8_is_control(c) && c != '\t') ||
		    utf8_is_invisible(c))
			continue;
		utf8_add(out, c);
	}
}

/* Append one line of gemtext. Spaces inside the line stay. In a link, spaces of
 * any kind become blanks, because a blank separates address and label. A guard
 * (U+200B) in front of markup is invisible, but an author put it there: it
 * stays. */
static void
add_gemtext_line(struct buf *out, struct str line)
{
	size_t at = out->len;
	bool guarded = str_starts(line, STR(GUARD));
	bool link = str_starts(line, STR("=>"));
	struct str kept;

	while (line.len > 0) {
		uint32_t c = utf8_next(&line);
		if (c == '\t' || c == 0xA0 || (link && clean_is_space(c)))
			c = ' ';
		if (c == UTF8_BAD || utf8_is_control(c) || utf8_is_invisible(c))
			continue;
		utf8_add(out, c);
	}
	if (out->err != OK)
		return;
	kept = str_slice(buf_view(out), at, out->len);
	out->len = at + space_cut(kept).len;
	kept = str_slice(buf_view(out), at, out->len);
	if (guarded && clean_is_markup(kept) &&
	    buf_reserve(out, sizeof(GUARD) - 1) != NULL) {
		char *place = out->data + at;
		memmove(place + sizeof(GUARD) - 1, place, kept.len);
		memcpy(place, GUARD, sizeof(GUARD) - 1);
		out->len += sizeof(GUARD) - 1;
	}
}

void
clean_gemtext(struct buf *out, struct str text)
{
	bool preformatted = false, blank = false;
	struct str line;

	while (out->err == OK && space_next_line(&text, &line)) {
		size_t at = out->len;
		struct str kept;

		if (preformatted)
			clean_preformatted(out, line);
		else
			add_gemtext_line(out, line);
		kept = str_slice(buf_view(out), at, out->len);
		if (kept.len == 0 && !preformatted) {
			blank = true;
			continue;
		}
		if (blank && at > 0 && buf_reserve(out, 1) != NULL) {
			memmove(out->data + at + 1, out->data + at, kept.len);
			out->data[at++] = '\n';
			out->len++;
		}
		blank = false;
		kept = str_slice(buf_view(out), at, out->len);
		if (str_starts(kept, STR(FENCE)))
			preformatted = !preformatted;
		buf_char(out, '\n');
	}
	if (preformatted)
		buf_text(out, FENCE "\n");
}

bool
clean_take(struct str *rest, const char *what)
{
	struct str s = str_from(what);

	if (!str_starts(*rest, s))
		return false;
	*rest = str_slice(*rest, s.len, rest->len);
	return true;
}

bool
clean_take_any(struct str *rest, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (clean_take(rest, list[i]))
			return true;
	return false;
}

bool
clean_take_colon(struct str *rest)
{
	return clean_take(rest, ":") || clean_take(rest, "\uFF1A");
}
