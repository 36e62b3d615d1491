/* SPDX-License-Identifier: ISC */
/* The first row of a file names the columns. Each row sets the values of the
 * columns that the compiled scripts ask for. */
#include "tools/import/table/internal.h"

#include <openssl/evp.h>

#include "base/utf8.h"

enum { ROW_BYTES_MAX = 16 * 1024 * 1024 };

void
columns_init(struct columns *columns, struct names *names, const char *source)
{
	*columns = (struct columns){.names = names, .source = source};
	buf_init(&columns->known, ROW_BYTES_MAX);
}

void
columns_release(struct columns *columns)
{
	buf_release(&columns->known);
}

size_t
columns_map(
    struct columns *columns, struct rows *rows, size_t own, struct buf *skipped)
{
	size_t known = 0;

	columns->rows = rows;
	for (size_t i = 0; i < rows_columns(rows); i++) {
		struct str name = rows_column(rows, i);
		size_t slot = names_needed(columns->names, name);

		columns->slot[i] = slot < own ? SIZE_MAX : slot;
		if (columns->slot[i] != SIZE_MAX) {
			known++;
			continue;
		}
		if (name.len == 0) /* an empty column */
			continue;
		buf_text(skipped, skipped->len > 0 ? ", " : "");
		utf8_add_line(skipped, name);
	}
	return known;
}

enum err
columns_offer(struct columns *columns, const struct row *row,
    char hex[COLUMNS_FINGERPRINT], struct buf *why)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf *known = &columns->known;

	buf_clear(known);
	if (columns->source != NULL)
		buf_text(known, columns->source);
	for (size_t i = 0; i < rows_columns(columns->rows); i++) {
		if (columns->slot[i] == SIZE_MAX)
			continue;
		names_set_text(columns->names, columns->slot[i], row->field[i]);
		if (row->field[i].len == 0)
			continue;
		buf_char(known, '\n');
		buf_str(known, rows_column(columns->rows, i));
		buf_char(known, '=');
		buf_str(known, row->field[i]);
	}
	if (known->err != OK ||
	    EVP_Digest(known->data == NULL ? "" : known->data, known->len, sum,
		NULL, EVP_sha256(), NULL) != 1) {
		buf_text(why, "out of memory");
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < COLUMNS_FINGERPRINT / 2; i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	return OK;
}

void
columns_forget(struct columns *columns)
{
	if (columns->rows == NULL)
		return;
	for (size_t i = 0; i < rows_columns(columns->rows); i++)
		if (columns->slot[i] != SIZE_MAX)
			names_set_text(columns->names, columns->slot[i],
			    (struct str){NULL, 0});
	columns->rows = NULL;
}
