/* SPDX-License-Identifier: ISC */
/*
 * Reads a plain file or an xz file line by line. Only one line and one buffer
 * are in memory: a small compressed file can hold a very long text.
 */
#include "tools/import/table/internal.h"

#include <errno.h>
#include <sys/stat.h>

#include <lzma.h>

#include "base/utf8.h"
#include "tools/import/charset.h"

enum {
	PIECE_BYTES = 64 * 1024,
	LINE_BYTES_MAX = 4 * 1024 * 1024,
	XZ_MEMORY_MAX = 256 * 1024 * 1024 /* three times what `xz -9` needs */
};

struct lines {
	const char *path; /* kept */
	FILE *file;       /* owned */
	int64_t size, done;
	bool compressed, finished;
	lzma_stream xz;
	unsigned char in[PIECE_BYTES];
	const char *charset_name; /* NULL: UTF-8 */
	struct charset *charset;  /* owned; NULL: UTF-8 */
	struct buf text;          /* lines from `at` on */
	size_t at;
	bool old_mac; /* a CR ends a line; else LF, with CRs before it or not */
	bool after_cr;
};

static enum err
blame(const struct lines *lines, struct buf *why, const char *message,
    enum err err)
{
	utf8_add_line(why, str_from(lines->path));
	buf_text(why, ": ");
	utf8_add_line(why, str_from(message));
	return err;
}

/* Formats that people often hand in instead of a table, and what helps. */
static const struct {
	struct str magic;
	const char *remedy;
} strangers[] = {
    {{"PK\3\4", 4},
	"is a spreadsheet's own file or a ZIP: save the sheet as CSV"},
    {{"\xD0\xCF\x11\xE0", 4},
	"is a spreadsheet's own file: save the sheet as CSV"},
    {{"\x1F\x8B", 2}, "is compressed with gzip: unpack it, or use xz"},
    {{"%PDF", 4}, "is a PDF, not a table"},
};

static enum err
refuse_strangers(struct lines *lines, struct str begin, struct buf *why)
{
	for (size_t i = 0; i < sizeof(strangers) / sizeof(*strangers); i++)
		if (str_starts(begin, strangers[i].magic))
			return blame(
			    lines, why, strangers[i].remedy, ERR_INPUT);
	return OK;
}

/* Find an xz file by its first bytes (.xz file format 1.2.0, 2.1.1.1). */
static enum err
look(struct lines *lines, struct buf *why)
{
	static const unsigned char magic[] = {0xFD, '7', 'z', 'X', 'Z', 0};
	char begin[sizeof(magic)];
	struct stat st;
	size_t n = fread(begin, 1, sizeof(begin), lines->file);

	if (ferror(lines->file) || fseek(lines->file, 0, SEEK_SET) != 0 ||
	    fstat(fileno(lines->file), &st) != 0)
		return blame(lines, why, "cannot be read", ERR_IO);
	lines->size = st.st_size;
	lines->compressed =
	    n == sizeof(magic) && memcmp(begin, magic, sizeof(magic)) == 0;
	if (lines->compressed &&
	    lzma_stream_decoder(&lines->xz, XZ_MEMORY_MAX, LZMA_CONCATENATED) !=
		LZMA_OK)
		return blame(lines, why, "out of memory", ERR_NOMEM);
	return refuse_strangers(lines, (struct str){begin, n}, why);
}

/* Read bytes of the file into `in`; returns their number, 0 at the end. */
static size_t
fetch(struct lines *lines)
{
	size_t n = fread(lines->in, 1, sizeof(lines->in), lines->file);

	lines->done += (int64_t)n;
	return n;
}

static enum err
inflate(struct lines *lines, struct buf *why)
{
	char *place = buf_reserve(&lines->text, PIECE_BYTES);
	lzma_stream *xz = &lines->xz;
	lzma_ret ret;

	if (place == NULL)
		return blame(lines, why, "out of memory", ERR_NOMEM);
	if (xz->avail_in == 0) {
		xz->avail_in = fetch(lines);
		xz->next_in = lines->in;
	}
	xz->next_out = (unsigned char *)place;
	xz->avail_out = PIECE_BYTES;
	ret = lzma_code(xz, feof(lines->file) ? LZMA_FINISH : LZMA_RUN);
	lines->text.len += PIECE_BYTES - xz->avail_out;
	if (ret == LZMA_STREAM_END)
		lines->finished = true;
	else if (ret == LZMA_MEM_ERROR || ret == LZMA_MEMLIMIT_ERROR)
		return blame(lines, why, "needs too much memory", ERR_NOMEM);
	else if (ret != LZMA_OK)
		return blame(lines, why, "is damaged or cut off", ERR_INPUT);
	return OK;
}

/* Convert the text from an offset on to UTF-8. */
static enum err
decode(struct lines *lines, size_t from, struct buf *why)
{
	struct buf fresh;
	enum err err;

	buf_init(&fresh, LINE_BYTES_MAX + 2 * PIECE_BYTES);
	buf_str(
	    &fresh, str_slice(buf_view(&lines->text), from, lines->text.len));
	lines->text.len = from;
	err = fresh.err != OK ? ERR_NOMEM
			      : charset_add(lines->charset, buf_view(&fresh),
				    lines->finished, &lines->text);
	buf_release(&fresh);
	return err == OK ? OK : blame(lines, why, "out of memory", err);
}

/* Append some more text. */
static enum err
fill(struct lines *lines, struct buf *why)
{
	enum err err = OK;
	size_t before;

	if (lines->at > 0) {
		lines->text.len -= lines->at;
		memmove(lines->text.data, lines->text.data + lines->at,
		    lines->text.len);
		lines->at = 0;
	}
	if (lines->text.len > LINE_BYTES_MAX)
		return blame(
		    lines, why, "holds a line longer than 4 MB", ERR_INPUT);
	before = lines->text.len;
	if (lines->compressed) {
		err = inflate(lines, why);
	} else {
		size_t n = fetch(lines);
		buf_add(&lines->text, lines->in, n);
		lines->finished = n == 0;
		if (lines->text.err != OK)
			err = blame(lines, why, "out of memory", ERR_NOMEM);
	}
	if (err == OK && ferror(lines->file))
		err = blame(lines, why, "cannot be read", ERR_IO);
	if (err == OK && lines->charset != NULL)
		err = decode(lines, before, why);
	return err;
}

/* Remove byte order marks at the beginning. There are two if a file with a mark
 * was saved with a mark again. */
static void
skip_marks(struct lines *lines)
{
	while (str_starts(
	    str_slice(buf_view(&lines->text), lines->at, lines->text.len),
	    STR("\xEF\xBB\xBF")))
		lines->at += 3;
}

/* Does the first line outside quotes end with a CR that no LF follows? */
static bool
is_old_mac(struct str text)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			quoted = !quoted;
		if (quoted || (text.data[i] != '\r' && text.data[i] != '\n'))
			continue;
		while (i < text.len && text.data[i] == '\r')
			i++;
		return i < text.len ? text.data[i] != '\n'
				    : text.data[i - 1] == '\r';
	}
	return false;
}

/* Find the encoding of the file by its first piece. */
static enum err
guess_charset(struct lines *lines, struct buf *why)
{
	struct str begin;
	enum err err = OK;

	while (lines->text.len < PIECE_BYTES && !lines->finished && err == OK)
		err = fill(lines, why);
	if (err != OK)
		return err;
	begin = buf_view(&lines->text);
	while (!lines->finished && begin.len > 0 &&
	    begin.data[begin.len - 1] != '\n')
		begin.len--;
	if (begin.len == 0)
		begin = buf_view(&lines->text);
	lines->charset_name = charset_guess(begin);
	if (lines->charset_name == NULL)
		return OK;
	err = charset_open(lines->charset_name, &lines->charset);
	if (err != OK)
		return blame(lines, why,
		    "is not UTF-8, and cannot be read otherwise here", err);
	return decode(lines, 0, why);
}

static enum err
guess(struct lines *lines, struct buf *why)
{
	enum err err = guess_charset(lines, why);

	if (err != OK)
		return err;
	skip_marks(lines);
	lines->old_mac = is_old_mac(
	    str_slice(buf_view(&lines->text), lines->at, lines->text.len));
	return OK;
}

enum err
lines_open(const char *path, struct lines **out, struct buf *why)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	enum err err;

	if (lines == NULL) {
		buf_text(why, "out of memory");
		return ERR_NOMEM;
	}
	lines->path = path;
	lines->xz = (lzma_stream)LZMA_STREAM_INIT;
	buf_init(&lines->text, LINE_BYTES_MAX + 2 * PIECE_BYTES);
	lines->file = fopen(path, "re");
	if (lines->file == NULL)
		err = blame(lines, why, strerror(errno),
		    errno == ENOENT ? ERR_MISSING : ERR_IO);
	else
		err = look(lines, why);
	if (err == OK)
		err = guess(lines, why);
	if (err == OK)
		*out = lines;
	else
		lines_close(lines);
	return err;
}

void
lines_close(struct lines *lines)
{
	if (lines == NULL)
		return;
	if (lines->file != NULL)
		fclose(lines->file);
	lzma_end(&lines->xz);
	charset_close(lines->charset);
	buf_release(&lines->text);
	free(lines);
}

/* Find the next line end from an offset on; SIZE_MAX: there is none yet. */
static size_t
find_end(const struct lines *lines, struct str text, size_t from)
{
	struct str rest = str_slice(text, from, text.len);
	size_t end = str_find_byte(rest, '\n'), cr;

	if (lines->old_mac) {
		cr = str_find_byte(
		    str_slice(rest, 0, end == SIZE_MAX ? rest.len : end), '\r');
		if (cr != SIZE_MAX)
			end = cr;
	}
	return end == SIZE_MAX ? SIZE_MAX : from + end;
}

/* An LF behind the CR of an old Macintosh belongs to the same line end. */
static enum err
skip_lf(struct lines *lines, struct buf *why)
{
	enum err err = OK;

	while (err == OK && lines->at == lines->text.len && !lines->finished)
		err = fill(lines, why);
	if (err == OK && lines->at < lines->text.len &&
	    lines->text.data[lines->at] == '\n')
		lines->at++;
	return err;
}

bool
lines_next(
    struct lines *lines, struct str *line, enum err *err, struct buf *why)
{
	size_t searched = 0;

	*err = OK;
	if (lines->after_cr) {
		lines->after_cr = false;
		*err = skip_lf(lines, why);
	}
	while (*err == OK) {
		struct str rest = str_slice(
		    buf_view(&lines->text), lines->at, lines->text.len);
		size_t end = find_end(lines, rest, searched);
		if (end == SIZE_MAX && !lines->finished) {
			searched = rest.len;
			*err = fill(lines, why);
			continue;
		}
		if (rest.len == 0)
			return false;
		lines->after_cr = end != SIZE_MAX && rest.data[end] == '\r';
		lines->at += end == SIZE_MAX ? rest.len : end + 1;
		*line = str_slice(rest, 0, end);
		while (str_ends(*line, STR("\r")))
			line->len--;
		return true;
	}
	return false;
}

const char *
lines_charset(const struct lines *lines)
{
	return lines->charset_name;
}

unsigned
lines_percent(const struct lines *lines)
{
	int64_t percent = lines->size > 0 ? lines->done * 100 / lines->size : 0;

	return percent > 100 ? 100 : (unsigned)percent;
}
