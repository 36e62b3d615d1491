/* SPDX-License-Identifier: ISC */
/*
 * A message of the log that holds any bytes, and a record that another process
 * has sent: what comes out is one line of printable ASCII.
 */
#include "fuzz.h"

#include <unistd.h>

#include "base/log.h"

/* Where standard error goes while the log writes. */
static FILE *caught;

static struct str
log_of(struct str text, char *room, size_t size)
{
	int own = dup(STDERR_FILENO), fd = fileno(caught);
	ssize_t n;

	MUST(own >= 0);
	MUST(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	MUST(dup2(fd, STDERR_FILENO) >= 0);
	log_warn("net: %.*s", STR_ARG(text));
	MUST(dup2(own, STDERR_FILENO) >= 0);
	close(own);
	n = pread(fd, room, size, 0);
	MUST(n >= 0);
	return (struct str){room, (size_t)n};
}

static void
check_line(struct str line)
{
	MUST(line.len > 1 && line.data[line.len - 1] == '\n');
	for (size_t i = 0; i + 1 < line.len; i++)
		MUST(line.data[i] >= 0x20 && line.data[i] < 0x7F);
}

static void
try_record(struct str bytes)
{
	const struct log_origin origin = {"worker", 7};
	struct log_record record;
	struct buf line;

	if (log_record_read(bytes, &record) != OK ||
	    record.level == LOG_LEVEL_COMPLAINT)
		return;
	for (int form = LOG_TEXT; form <= LOG_JSON; form++) {
		buf_init(&line, 1024 * 1024);
		log_line_add(&line, (enum log_format)form, &origin,
		    record.level, record.message, record.facts, record.count);
		if (line.err == OK)
			check_line(buf_view(&line));
		buf_release(&line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char room[32 * 1024];

	if (caught == NULL)
		caught = tmpfile();
	MUST(caught != NULL);
	check_line(log_of(fuzz_str(data, size), room, sizeof(room)));
	try_record(fuzz_str(data, size));
	return 0;
}
