/* SPDX-License-Identifier: ISC */
/* File types. The names first: libmagic is asked only where they are silent. */
#include "page/mime.h"

#include <magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum {
	LOOK_BYTES = 64 * 1024, /* what libmagic sees of a file */
	REMEMBERED = 256,       /* files whose type is remembered */
	TYPE_MAX = 100
};

struct memory {
	dev_t device;
	ino_t inode;
	struct timespec changed; /* inodes are used again within a second */
	off_t size;
	char type[TYPE_MAX];
};

struct sniffer {
	magic_t magic;
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
sniffer_open(struct sniffer **out)
{
	struct sniffer *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ERR_NOMEM;
	/* A look at the bytes only: nothing is unpacked or followed. */
	s->magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
	    MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_ELF);
	if (s->magic == NULL || magic_load(s->magic, NULL) != 0) {
		log_error("mime: libmagic: %s",
		    s->magic == NULL ? "no memory" : magic_error(s->magic));
		sniffer_close(s);
		return ERR_IO;
	}
	*out = s;
	return OK;
}

void
sniffer_close(struct sniffer *sniffer)
{
	if (sniffer == NULL)
		return;
	if (sniffer->magic != NULL)
		magic_close(sniffer->magic);
	free(sniffer);
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

/* Ask libmagic and write its answer to type. */
static void
look(struct sniffer *sniffer, int file, char type[TYPE_MAX])
{
	static unsigned char bytes[LOOK_BYTES];
	ssize_t n = pread(file, bytes, sizeof(bytes), 0);
	const char *answer = NULL;

	if (n > 0)
		answer = magic_buffer(sniffer->magic, bytes, (size_t)n);
	if (answer == NULL || strchr(answer, '/') == NULL ||
	    strlen(answer) > TYPE_MAX - 20)
		answer = n == 0 ? "text/plain" : "application/octet-stream";
	snprintf(type, TYPE_MAX, "%s%s", answer,
	    strncmp(answer, "text/", 5) == 0 ? "; charset=utf-8" : "");
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
    struct sniffer *sniffer, struct arena *arena, struct str name, int file)
{
	struct str type = mime_of_name(name);
	struct memory *seen;
	struct stat st;

	if (type.len > 0)
		return type;
	if (fstat(file, &st) != 0)
		return STR("application/octet-stream");
	seen = &sniffer->memory[(size_t)st.st_ino % REMEMBERED];
	if (!is_remembered(seen, &st)) {
		look(sniffer, file, seen->type);
		seen->device = st.st_dev;
		seen->inode = st.st_ino;
		seen->changed = st.st_ctim;
		seen->size = st.st_size;
	}
	type = arena_str(arena, str_from(seen->type));
	return type.data == NULL ? STR("application/octet-stream") : type;
}
