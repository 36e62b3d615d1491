/* SPDX-License-Identifier: ISC */
/* Opens a site for questions, and asks it. */
#include "tools/asking.h"

#include "run/config/state.h"
#include "store/store.h"

enum { TEXT_MAX = 4096, ARENA_MAX = 32 * 1024 * 1024 };

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

/* Put the configuration into force, and migrate the database. */
static enum err
prepare_state(struct asking *asking)
{
	const struct config *config = &asking->config;
	const bool is_copy = config->role == ROLE_REPLICA;
	struct buf why;
	enum err err;

	buf_init(&why, TEXT_MAX);
	err = config_use(config, &why);
	if (err == OK && is_copy) {
		err = check_copy(config, &why);
	} else if (err == OK && state_is_copy(config->state)) {
		buf_printf(&why,
		    "%s is a copy: add --role replica and --primary",
		    config->state);
		err = ERR_INPUT;
	} else if (err == OK) {
		err = state_make_folder(config->state, 0750, &why);
	}
	if (err == OK && !is_copy)
		err = state_migrate(config->state, asking->capsule, &why);
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	return err;
}

static enum err
open_site(
    struct asking *asking, const struct seal_keys *seal_keys, bool explain)
{
	const struct config *config = &asking->config;
	const bool is_copy = config->role == ROLE_REPLICA;
	struct site_options options = {.capsule = asking->capsule,
	    .state_dir = config->state,
	    .download = str_from(config->download),
	    .language = str_from(config->language),
	    .host = asking->ours.host,
	    .register_path = str_from(config->register_path),
	    .services = asking->ours.services,
	    .seal_keys = seal_keys,
	    .primary_host = is_copy ? str_from(config->primary.host) : STR(""),
	    .primary_port = config->primary.port,
	    .uploads = config->titan == TITAN_ON,
	    .explain = explain};
	struct finding *findings = NULL;
	enum err err = prepare_state(asking);

	if (err != OK)
		return err;
	err = site_open(&options, &asking->site, &findings);
	for (const struct finding *f = findings; f != NULL; f = f->next)
		if (f->kind == FINDING_WRONG || f->kind == FINDING_SCRIPT)
			complain("%s/%s:%u: %s", asking->capsule, f->file,
			    f->line, f->message);
	findings_free(findings);
	if (err == OK)
		asking->ours.words = site_words(asking->site);
	return err;
}

static enum err
set_host(struct asking *asking)
{
	const struct config *c = &asking->config;

	asking->ours = (struct wire_host){.host = str_from(c->host),
	    .admin = str_from(c->admin),
	    .description = str_from(c->description),
	    .services = wire_services()};
	for (size_t i = 0; i < wire_count; i++)
		if (c->public_port[i] != 0)
			asking->ours.services.item[i].port = c->public_port[i];
		else if (c->listen[i].count > 0)
			asking->ours.services.item[i].port =
			    c->listen[i].item[0].port;
	asking->arena = arena_new(ARENA_MAX);
	return asking->arena == NULL ? ERR_NOMEM : OK;
}

int
asking_open(struct asking *out, const char *capsule,
    const struct config_flags *flags, const struct seal_keys *seal_keys,
    bool explain)
{
	int status;
	enum err err;

	*out = (struct asking){.capsule = capsule};
	status = (int)config_open(capsule, flags, &out->config);
	if (status != STATUS_OK)
		return status;
	err = set_host(out);
	if (err == OK)
		err = open_site(out, seal_keys, explain);
	return err == OK ? STATUS_OK : (int)status_of(err);
}

void
asking_close(struct asking *asking)
{
	site_close(asking->site);
	arena_free(asking->arena);
	config_release(&asking->config);
	*asking = (struct asking){.capsule = NULL};
}

/* Complain of the findings of a page, and of those of partials, functions and
 * words, of which the page may be made. */
static void
complain_of_page(const struct asking *asking, struct str page)
{
	const struct finding *f = site_findings(asking->site);

	for (; f != NULL; f = f->next) {
		const struct str file = str_from(f->file);
		const bool partial = str_find(file, STR("/_")) != SIZE_MAX;

		if (str_equal(file, page) || partial ||
		    !str_starts(file, STR(CAPSULE_PAGES "/")))
			complain("%s/%s:%u: %s", asking->capsule, f->file,
			    f->line, f->message);
	}
}

enum err
asking_ask(struct asking *asking, const struct question *question,
    struct buf *out, int *file)
{
	const struct wire *wire = wire_of_url(question->address);
	struct wire_line line = {
	    .text = question->address, .sni = asking->ours.host};
	struct request request = {
	    .arena = asking->arena, .protocol = &wire->protocol};
	struct reply reply = {.file = -1};
	enum err err = OK;

	arena_clear(asking->arena);
	if (wire->line_of_url != NULL)
		err = wire->line_of_url(
		    asking->arena, question->address, &line.text);
	if (err != OK)
		return err;
	err = wire->request(&line, &asking->ours, &request, &reply);
	if (err == OK) {
		request.identity = question->identity;
		request.upload = question->upload;
		request.edit = question->edit;
		site_answer(asking->site, &request, &reply);
	} else if (err != ERR_INPUT) {
		return err;
	}
	if (reply.explains) {
		complain_of_page(asking, reply.page);
		return ERR_MISSING;
	}
	wire->reply(out, &request, &reply, &asking->ours);
	if (reply.type == REPLY_FILE)
		*file = reply.file;
	return out->err;
}
