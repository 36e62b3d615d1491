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
#include "page/run/sniff.h"
#include "text/media_type.h"

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

/* Write the file's type, found by content, to type. false: do not cache it. */
static bool
look(
    struct sniffer *sniffer, struct arena *arena, int file, char type[TYPE_MAX])
{
	static char bytes[SNIFF_BYTES];
	ssize_t n = pread(file, bytes, sizeof(bytes), 0);
	struct str seen = STR("application/octet-stream");
	enum err err = OK;

	if (n >= 0)
		err = sniff_media_type(
		    sniffer, arena, (struct str){bytes, (size_t)n}, &seen);
	if (err != OK)
		log_warn("mime: a file could not be looked at%s",
		    err == ERR_LATE        ? ": it took too long"
			: err == ERR_INPUT ? ": it ended the look"
					   : "");
	snprintf(type, TYPE_MAX, "%.*s", STR_ARG(seen));
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
	struct str type = media_type_of_name(name);
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
