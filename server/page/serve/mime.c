/* SPDX-License-Identifier: ISC */
/*
 * File types. The name decides first. If the name does not tell, a child
 * process examines the content (page/run/sniff.c), and the type is cached while
 * the file is unchanged. This takes about a millisecond. So it is done at the
 * first request for the file, not for a whole folder at each start.
 */
#include "page/serve/mime.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "page/run/sniff.h"

enum {
	REMEMBERED = 256, /* files whose type is cached */
	TYPE_MAX = 128
};

struct memory {
	dev_t device;
	ino_t inode;
	struct timespec changed; /* in ns: inodes are reused quickly */
	off_t size;
	char type[TYPE_MAX];
};

struct mimes {
	struct sniffer *sniffer;
	struct memory memory[REMEMBERED];
};

static const struct {
	const char *extension, *type;
} types[] = {
    {".gmi", "text/gemini; charset=utf-8"},
    {".gemini", "text/gemini; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".tsv", "text/tab-separated-values; charset=utf-8"},
    {".ics", "text/calendar; charset=utf-8"},
    {".vcf", "text/vcard; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".htm", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".atom", "application/atom+xml; charset=utf-8"},
    {".xml", "application/xml; charset=utf-8"},
    {".json", "application/json"},
    {".pdf", "application/pdf"},
    {".zip", "application/zip"},
    {".gz", "application/gzip"},
    {".xz", "application/x-xz"},
    {".tar", "application/x-tar"},
    {".gpub", "application/gpub+zip"},
    {".epub", "application/epub+zip"},
    {".doc", "application/msword"},
    {".docx",
	"application/vnd.openxmlformats-officedocument."
	"wordprocessingml.document"},
    {".xls", "application/vnd.ms-excel"},
    {".xlsx",
	"application/vnd.openxmlformats-officedocument."
	"spreadsheetml.sheet"},
    {".wps", "application/vnd.ms-works"},
    {".sqlite", "application/vnd.sqlite3"},
    {".sqlite3", "application/vnd.sqlite3"},
    {"SHA256SUMS", "text/plain; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".svg", "image/svg+xml"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".opus", "audio/opus"},
    {".mp4", "video/mp4"},
    {".webm", "video/webm"},
};

enum err
mimes_open(struct sniffer *sniffer, struct mimes **out)
{
	struct mimes *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ERR_NOMEM;
	m->sniffer = sniffer;
	*out = m;
	return OK;
}

void
mimes_close(struct mimes *mimes)
{
	free(mimes);
}

struct str
mime_of_name(struct str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct str extension = str_from(types[i].extension);
		if (name.len >= extension.len &&
		    str_equal_nocase(
			str_slice(name, name.len - extension.len, name.len),
			extension))
			return str_from(types[i].type);
	}
	return STR("");
}

/* Is it UTF-8? If n is SNIFF_BYTES, the last character may be cut off. */
static bool
is_utf8(const char *bytes, size_t n)
{
	struct str s = {bytes, n};

	for (int cut = 0; cut < 4 && n == SNIFF_BYTES; cut++)
		if (utf8_valid(str_slice(s, 0, n - (size_t)cut)))
			return true;
	return utf8_valid(s);
}

/* Write the file's type, found by content, to type. false: do not cache it. */
static bool
look(
    struct sniffer *sniffer, struct arena *arena, int file, char type[TYPE_MAX])
{
	static char bytes[SNIFF_BYTES];
	ssize_t n = pread(file, bytes, sizeof(bytes), 0);
	struct str seen = STR("application/octet-stream");
	enum err err = OK;

	if (n == 0)
		seen = STR("text/plain");
	if (n > 0)
		err = sniff(
		    sniffer, arena, (struct str){bytes, (size_t)n}, &seen);
	if (err != OK)
		log_warn("mime: a file could not be looked at%s",
		    err == ERR_LATE        ? ": it took too long"
			: err == ERR_INPUT ? ": it ended the look"
					   : "");
	snprintf(type, TYPE_MAX, "%.*s%s", STR_ARG(seen),
	    str_starts(seen, STR("text/")) && n >= 0 &&
		    is_utf8(bytes, (size_t)n)
		? "; charset=utf-8"
		: "");
	return n >= 0 && (err == OK || err == ERR_LATE || err == ERR_INPUT);
}

static bool
is_remembered(const struct memory *seen, const struct stat *st)
{
	return seen->type[0] != '\0' && seen->inode == st->st_ino &&
	    seen->device == st->st_dev && seen->size == st->st_size &&
	    seen->changed.tv_sec == st->st_ctim.tv_sec &&
	    seen->changed.tv_nsec == st->st_ctim.tv_nsec;
}

struct str
mime_of_file(
    struct mimes *mimes, struct arena *arena, struct str name, int file)
{
	struct str type = mime_of_name(name);
	struct memory *seen;
	struct stat st;

	if (type.len > 0)
		return type;
	if (fstat(file, &st) != 0)
		return STR("application/octet-stream");
	seen = &mimes->memory[(size_t)st.st_ino % REMEMBERED];
	if (!is_remembered(seen, &st)) {
		bool lasts = look(mimes->sniffer, arena, file, seen->type);

		seen->device = st.st_dev;
		seen->inode = lasts ? st.st_ino : 0;
		seen->changed = st.st_ctim;
		seen->size = st.st_size;
	}
	return arena_str(arena, str_from(seen->type));
}
