/* SPDX-License-Identifier: ISC */
/*
 * `guiju get` runs one page without a network. It prints, byte for byte, the
 * answer that the protocol of the address would send. Authors use `guiju get`
 * to look at a page, and most tests of pages use it.
 */
#include "tools/command.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "page/site.h"
#include "run/config/config.h"
#include "run/config/state.h"
#include "store/store.h"
#include "wire/wire.h"

enum {
	TEXT_MAX = 4096,
	REPLY_MAX = 4 * 1024 * 1024,
	ARENA_MAX = 32 * 1024 * 1024,
	PIECE = 64 * 1024
};

static int run_get(int argc, char **argv);

struct get {
	const char *capsule, *cert;
	int64_t now; /* below 0: the clock's time */
	const char *address;
	struct config config;
	struct wire_host ours;
	struct site *site;
	struct arena *arena;
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
	struct str address = str_from(get->address);
	const struct wire *wire = wire_of_url(address);
	struct wire_line line = {.text = address, .sni = get->ours.host};
	struct identity identity = {
	    .fingerprint = str_from(get->cert), .name = STR(""), .valid = true};
	struct request request = {
	    .arena = get->arena, .protocol = &wire->protocol};
	struct reply reply = {.file = -1};
	struct buf out;
	enum err err = OK;

	if (wire->line_of_url != NULL)
		err = wire->line_of_url(get->arena, address, &line.text);
	if (err != OK)
		return err;
	get->ours.words = site_words(get->site);
	err = wire->request(&line, &get->ours, &request, &reply);
	if (err == OK) {
		request.identity = get->cert[0] != '\0' ? &identity : NULL;
		site_answer(get->site, &request, &reply);
	} else if (err != ERR_INPUT) {
		return err;
	}
	buf_init(&out, REPLY_MAX);
	wire->reply(&out, &request, &reply, &get->ours);
	err = out.err;
	if (err == OK && out.len > 0 &&
	    fwrite(out.data, 1, out.len, stdout) != out.len)
		err = ERR_IO;
	buf_release(&out);
	if (err == OK && reply.type == REPLY_FILE)
		err = write_file(reply.file);
	return err;
}

static enum err
check_copy(const struct config *config, struct buf *why)
{
	struct file_path database, schema;
	enum err err;

	err = file_path_join(&database, config->state, STATE_DATABASE);
	if (err == OK)
		err = file_path_join(&schema, config->capsule, CAPSULE_SCHEMA);
	if (err == OK)
		err = store_check_copy(database.text, schema.text, why);
	return err;
}

static enum err
open_site(struct get *get)
{
	const bool is_copy = get->config.role == ROLE_REPLICA;
	struct site_options options = {.capsule = get->capsule,
	    .state_dir = get->config.state,
	    .download = str_from(get->config.download),
	    .language = str_from(get->config.language),
	    .host = get->ours.host,
	    .register_path = str_from(get->config.register_path),
	    .services = get->ours.services,
	    .primary_host =
		is_copy ? str_from(get->config.primary.host) : STR(""),
	    .primary_port = get->config.primary.port};
	struct finding *findings = NULL;
	struct buf why;
	enum err err;

	buf_init(&why, TEXT_MAX);
	err = config_use(&get->config, &why);
	if (err == OK && is_copy) {
		err = check_copy(&get->config, &why);
	} else if (err == OK && state_is_copy(get->config.state)) {
		buf_printf(&why,
		    "%s is a copy: add --role replica and --primary",
		    get->config.state);
		err = ERR_INPUT;
	} else if (err == OK) {
		err = state_make_folder(get->config.state, 0750, &why);
	}
	if (err == OK && !is_copy)
		err = state_migrate(get->config.state, get->capsule, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	if (err != OK)
		return err;
	err = site_open(&options, &get->site, &findings);
	for (const struct finding *f = findings; f != NULL; f = f->next)
		if (f->kind == FINDING_WRONG)
			complain("%s/%s:%u: %s", get->capsule, f->file, f->line,
			    f->message);
	findings_free(findings);
	return err;
}

static enum err
set_host(struct get *get)
{
	const struct config *c = &get->config;

	get->ours = (struct wire_host){.host = str_from(c->host),
	    .admin = str_from(c->admin),
	    .description = str_from(c->description),
	    .services = wire_services()};
	for (size_t i = 0; i < wire_count; i++)
		if (c->public_port[i] != 0)
			get->ours.services.item[i].port = c->public_port[i];
		else if (c->listen[i].count > 0)
			get->ours.services.item[i].port =
			    c->listen[i].item[0].port;
	get->arena = arena_new(ARENA_MAX);
	return get->arena == NULL ? ERR_NOMEM : OK;
}

static int
run_get(int argc, char **argv)
{
	struct get get = {.now = -1};
	struct arguments arguments;
	enum err err;
	int status = command_read(&command_get, argc, argv, &get, &arguments);

	if (status == STATUS_OK)
		status = (int)config_open(
		    get.capsule, &arguments.flags, &get.config);
	if (status != STATUS_OK)
		return status;
	get.address = arguments.operand[0];
	if (get.now >= 0)
		clock_set_now_s(get.now);
	err = set_host(&get);
	if (err == OK)
		err = open_site(&get);
	if (err == ERR_INPUT || err == ERR_MISSING)
		status = STATUS_REFUSED;
	if (err == OK) {
		err = answer(&get);
		if (err == ERR_INPUT)
			complain("`%s` is not an address", get.address);
		else if (err != OK || fflush(stdout) != 0)
			complain("the answer could not be written");
	}
	site_close(get.site);
	arena_free(get.arena);
	config_release(&get.config);
	if (err != OK && status == STATUS_OK)
		status = STATUS_FAILURE;
	return status;
}
