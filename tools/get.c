/* SPDX-License-Identifier: ISC */
/*
 * `guiju get` runs one page without a network. It prints, byte for byte, the
 * answer that the protocol of the address would send. Authors use `guiju get`
 * to look at a page, and most tests of pages use it.
 */
#include "tools/asking.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "tools/command.h"

enum { PIECE = 64 * 1024 };

static int run_get(int argc, char **argv);

struct get {
	const char *capsule, *cert;
	int64_t now; /* below 0: the clock's time */
	const char *address;
	struct asking asking;
};

/* Is the text empty, or 64 lower-case hexadecimal digits? */
static bool
is_fingerprint(struct str text)
{
	return text.len == 0 ||
	    (text.len == 64 &&
		strspn(text.data, "0123456789abcdef") == text.len);
}

static const struct setting rows[] = {
    {"capsule", .takes = "DIR", .help = "the capsule's folder",
	.type = SETTING_TEXT, FIELD_OF(struct get, capsule), .value = "capsule",
	.min = 1, .wants = "a folder"},
    {"now", .takes = "SECONDS",
	.help = "the time that the page sees, since 1970 UTC",
	.type = SETTING_NUMBER, FIELD_OF(struct get, now),
	.max = INT32_MAX * 4LL, .unit = "seconds"},
    {"cert", .takes = "FINGERPRINT",
	.help = "ask with this identity: 64 lower-case hexadecimal digits",
	.type = SETTING_TEXT, FIELD_OF(struct get, cert), .value = "",
	.is = is_fingerprint, .wants = "64 lower-case hexadecimal digits"},
    {.name = NULL}};

const struct command command_get = {
    .name = "get",
    .summary = "run one page and print what would be sent",
    .operands = "ADDRESS",
    .about =
	"ADDRESS is a URL of a protocol that guiju serves, by whose scheme "
	"it is answered: gemini://HOST/PATH[?INPUT], gopher://HOST/TSELECTOR "
	"(T is the item type; words of a search stand behind %09). The page "
	"runs on the portal's own database, which is made if it is not "
	"there; views are not counted. What the protocol would send goes to "
	"standard output, header and all.\n",
    .options = rows,
    .settings = USED_BY_GET,
    .end = "Exit status: 0 there was an answer, were it a refusal; 1 a disk or "
	   "memory failed, or ADDRESS is not one; 2 usage; 78 the "
	   "configuration, the capsule or the database is refused.\n",
    .run = run_get,
};

static enum err
write_file(int file)
{
	static char piece[PIECE];
	ssize_t n;

	while ((n = read(file, piece, sizeof(piece))) > 0)
		if (fwrite(piece, 1, (size_t)n, stdout) != (size_t)n)
			return ERR_IO;
	close(file);
	return n < 0 ? ERR_IO : OK;
}

static enum err
answer(struct get *get)
{
	const struct identity identity = {
	    .fingerprint = str_from(get->cert), .name = STR(""), .valid = true};
	const struct question question = {.address = str_from(get->address),
	    .identity = get->cert[0] != '\0' ? &identity : NULL};
	int file = -1;
	struct buf out;
	enum err err;

	buf_init(&out, ASKING_REPLY_MAX);
	err = asking_ask(&get->asking, &question, &out, &file);
	if (err == OK && out.len > 0 &&
	    fwrite(out.data, 1, out.len, stdout) != out.len)
		err = ERR_IO;
	buf_release(&out);
	if (err == OK && file >= 0)
		err = write_file(file);
	return err;
}

static int
run_get(int argc, char **argv)
{
	struct get get = {.now = -1};
	struct arguments arguments;
	enum err err;
	int status = command_read(&command_get, argc, argv, &get, &arguments);

	if (status != STATUS_OK)
		return status;
	get.address = arguments.operand[0];
	if (get.now >= 0)
		clock_set_now_s(get.now);
	status =
	    asking_open(&get.asking, get.capsule, &arguments.flags, NULL, true);
	if (status == STATUS_OK) {
		err = answer(&get);
		if (err == ERR_MISSING)
			status = STATUS_REFUSED;
		else if (err == ERR_INPUT)
			complain("`%s` is not an address", get.address);
		else if (err != OK || fflush(stdout) != 0)
			complain("the answer could not be written");
		if (err != OK && status == STATUS_OK)
			status = STATUS_FAILURE;
	}
	asking_close(&get.asking);
	return status;
}
