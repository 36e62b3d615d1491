/* SPDX-License-Identifier: ISC */
#include "tools/import/table/internal.h"

#include "base/utf8.h"
#include "text/space.h"

/* What Excel, LibreOffice and WPS write for what they cannot compute. */
static const char *const errors[] = {"#REF!", "#N/A", "#NAME?", "#VALUE!",
    "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "Err:501", "Err:502",
    "Err:504", "Err:508", "Err:509", "Err:511", "Err:522", "Err:523"};

bool
value_is_odd(struct str cell)
{
	return cell.len > 0 && strchr("=#E", cell.data[0]) != NULL;
}

static bool
is_error(struct str s)
{
	size_t hashes = 0;

	while (hashes < s.len && s.data[hashes] == '#')
		hashes++;
	if (hashes == s.len && s.len > 2)
		return true; /* wider than its column */
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (str_equal(s, str_from(errors[i])))
			return true;
	return false;
}

/* Append the text in quotes, in which each quote is written twice. False: s is
 * not in such quotes, and nothing is appended. */
static bool
unquote(struct str s, struct buf *out)
{
	size_t before = out->len;

	if (s.len < 2 || s.data[0] != '"' || s.data[s.len - 1] != '"')
		return false;
	s = str_slice(s, 1, s.len - 1);
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '"' && (++i == s.len || s.data[i] != '"')) {
			out->len = before;
			return false;
		}
		buf_char(out, s.data[i]);
	}
	return true;
}

/* Take invisible characters off both ends. */
static struct str
trim(struct str s)
{
	for (;;) {
		struct str rest = s = space_trim(s);
		uint32_t c = rest.len == 0 ? 'x' : utf8_next(&rest);
		if (c == UTF8_BAD || !utf8_is_invisible(c))
			return s;
		s = rest;
	}
}

const char *
value_read(struct str cell, struct buf *out)
{
	struct str s = trim(cell), formula;

	if (is_error(s))
		return "the error of a spreadsheet";
	if (!str_starts(s, STR("="))) {
		buf_str(out, cell);
		return NULL;
	}
	formula = space_trim(str_slice(s, 1, s.len));
	if (unquote(formula, out))
		return NULL;
	if (formula.len > 0 && formula.data == s.data + 1)
		return "a formula";
	buf_str(out, cell); /* a sign, not the beginning of a formula */
	return NULL;
}
