/* SPDX-License-Identifier: ISC */
/*
 * `guiju get`: run one page without a network and print, byte for byte, what
 * the protocol of its address would send. What page authors look with, and
 * what most tests of pages are made of.
 */
#include "tools/command.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/zone.h"
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

const struct command command_get = {
    "get",
    "run one page and print what would be sent",
    "usage: guiju get [--capsule DIR] [--now SECONDS] [--cert FINGERPRINT]\n"
    "                 [--state DIR] [--host NAME] ADDRESS\n"
    "\n"
    "ADDRESS is a URL of a protocol that guiju serves, by whose scheme it is\n"
    "answered: gemini://HOST/PATH[?INPUT], gopher://HOST/TSELECTOR (T is the\n"
    "item type; words of a search stand behind %09). The page runs on\n"
    "the portal's own database, which is made if it is not there; views are\n"
    "not counted. What the protocol would send goes to standard output,\n"
    "header and all.\n"
    "\n"
    "Exit status: 0 there was an answer, were it a refusal; 1 a disk or\n"
    "memory failed, or ADDRESS is none; 2 usage; 78 the configuration, the\n"
    "capsule or the database is refused.\n"
    "\n"
    "  --capsule DIR       the capsule's folder (default: capsule)\n"
    "  --state DIR         the folder of the database (default: as served)\n"
    "  --host NAME         the public name (default: as served)\n"
    "  --now SECONDS       the time that the page sees, since 1970 UTC\n"
    "  --cert FINGERPRINT  ask with this identity: 64 hexadecimal digits\n",
    run_get,
};

struct get {
	const char *capsule;
	struct str cert;
	const char *address;
	struct config config;
	struct wire_host ours;
	struct site *site;
	struct arena *arena;
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
	    .fingerprint = get->cert, .name = STR(""), .valid = true};
	struct request request = {
	    .arena = get->arena, .protocol = &wire->protocol};
	struct reply reply = {.file = -1};
	struct buf out;
	enum err err = OK;

	if (wire->line_of_url != NULL)
		err = wire->line_of_url(get->arena, address, &line.text);
	if (err != OK)
		return err;
	err = wire->request(&line, &get->ours, &request, &reply);
	if (err == OK) {
		request.identity = get->cert.len > 0 ? &identity : NULL;
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
open_site(struct get *get)
{
	const bool is_copy = get->config.role == ROLE_REPLICA;
	struct site_options options = {.capsule = get->capsule,
	    .state_dir = get->config.state,
	    .language = str_from(get->config.language),
	    .host = get->ours.host,
	    .services = get->ours.services,
	    .primary_host =
		is_copy ? str_from(get->config.primary.host) : STR(""),
	    .primary_port = get->config.primary.port};
	char database[TEXT_MAX], schema[TEXT_MAX], content[TEXT_MAX];
	struct finding *findings = NULL;
	struct buf why;
	enum err err;

	snprintf(database, sizeof(database), "%s/portal.db", get->config.state);
	snprintf(schema, sizeof(schema), "%s/schema", get->capsule);
	snprintf(content, sizeof(content), "%s/content", get->capsule);
	buf_init(&why, TEXT_MAX);
	if (is_copy)
		err = store_check_copy(database, schema, &why);
	else if (state_is_copy(get->config.state)) {
		buf_printf(&why,
		    "%s is a copy: add --role replica and --primary",
		    get->config.state);
		err = ERR_INPUT;
	} else
		err = state_make_folder(get->config.state, 0750, &why);
	if (err == OK && !is_copy)
		err = store_migrate(database, schema, content, &why);
	if (err != OK)
		complain("get: %.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	if (err != OK)
		return err;
	err = site_open(&options, &get->site, &findings);
	for (const struct finding *f = findings; f != NULL; f = f->next)
		if (!f->slow)
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

/* An option of ours and its value, "--name value" or "--name=value". NULL: it
 * is not this one. */
static const char *
option_value(const char *name, int argc, char **argv, int *at)
{
	size_t n = strlen(name);

	if (strncmp(argv[*at], name, n) != 0)
		return NULL;
	if (argv[*at][n] == '=')
		return argv[(*at)++] + n + 1;
	if (argv[*at][n] != '\0' || *at + 1 >= argc)
		return NULL;
	*at += 2;
	return argv[*at - 1];
}

static enum err
set_cert(struct get *get, const char *text, struct buf *why)
{
	get->cert = str_from(text);
	if (get->cert.len == 64 && strspn(text, "0123456789abcdef") == 64)
		return OK;
	buf_text(why, "--cert takes 64 lower-case hexadecimal digits");
	return ERR_INPUT;
}

static enum err
set_now(const char *text, struct buf *why)
{
	int64_t now;

	if (str_to_int(str_from(text), 0, INT32_MAX * 4LL, &now) != OK) {
		buf_text(why, "--now takes seconds since 1970");
		return ERR_INPUT;
	}
	clock_set_now_s(now);
	return OK;
}

/* argv[*at], which is no flag of the configuration. */
static enum err
take_argument(struct get *get, int argc, char **argv, int *at, struct buf *why)
{
	static const char *const own[] = {"--capsule", "--now", "--cert"};
	const char *value;

	if (argv[*at][0] != '-' && get->address == NULL) {
		get->address = argv[(*at)++];
		return OK;
	}
	value = option_value("--capsule", argc, argv, at);
	if (value != NULL) {
		get->capsule = value;
		return OK;
	}
	value = option_value("--cert", argc, argv, at);
	if (value != NULL)
		return set_cert(get, value, why);
	value = option_value("--now", argc, argv, at);
	if (value != NULL)
		return set_now(value, why);
	if (argv[*at][0] != '-')
		buf_text(why, "one ADDRESS at a time");
	else
		config_unknown_flag(why, argv[*at], own, 3);
	return ERR_INPUT;
}

/* STATUS_OK: go on. */
static int
take_arguments(
    struct get *get, int argc, char **argv, struct config_flags *flags)
{
	struct buf why;
	enum err err = OK;
	int at = 1, status = STATUS_OK;

	buf_init(&why, TEXT_MAX);
	while (err == OK && at < argc) {
		err = config_take_flag(flags, argc, argv, &at, &why);
		if (err == ERR_MISSING)
			err = take_argument(get, argc, argv, &at, &why);
	}
	if (err == OK && get->address == NULL) {
		buf_text(&why, "name one ADDRESS");
		err = ERR_INPUT;
	}
	if (err != OK)
		status = command_usage(
		    &command_get, "%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return status;
}

static int
run_get(int argc, char **argv)
{
	struct get get = {.capsule = "capsule"};
	struct config_flags flags = {0};
	enum err err;
	int status = take_arguments(&get, argc, argv, &flags);

	if (status == STATUS_OK)
		status = (int)config_open(get.capsule, &flags, &get.config);
	if (status != STATUS_OK)
		return status;
	err = zone_use(get.config.zone);
	if (err == OK)
		err = set_host(&get);
	if (err == OK)
		err = open_site(&get);
	if (err == ERR_INPUT || err == ERR_MISSING)
		status = STATUS_REFUSED;
	if (err == OK) {
		err = answer(&get);
		if (err == ERR_INPUT)
			complain("get: `%s` is no address", get.address);
		else if (err != OK || fflush(stdout) != 0)
			complain("get: the answer could not be written");
	}
	site_close(get.site);
	arena_free(get.arena);
	config_release(&get.config);
	if (err != OK && status == STATUS_OK)
		status = STATUS_FAILURE;
	return status;
}
