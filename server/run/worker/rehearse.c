/* SPDX-License-Identifier: ISC */
/*
 * Migration and check in a child. SQLite's own backup makes the copy of the
 * database, so the copy is consistent even while workers write.
 */
#include "run/worker/internal.h"

#include <sys/stat.h>
#include <errno.h>

#include <sqlite3.h>

#include "base/capability.h"
#include "base/clock.h"
#include "base/log.h"
#include "run/worker/start_cache.h"
#include "run/config/state.h"
#include "run/worker/sandbox.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/sync.h"

enum {
	WHY_MAX_BYTES = 2048,
	BUSY_MS = 5000 /* longest wait for a worker that writes */
};

/* What one rehearsal needs. */
struct rehearsal {
	const struct config *config;
	uint64_t capsule; /* its fingerprint */
	bool first;       /* at start: nothing is served yet */
	bool strange;     /* another database than the one that is served */
	struct site_options site;
	struct file_path database, schema, content, copy_dir, copy;
	struct buf why;
};

struct site_options
rehearse_site_options(
    const struct config *config, const struct listeners *listeners)
{
	return (struct site_options){
	    .capsule = config->capsule,
	    .state_dir = config->state,
	    .download = str_from(config->download),
	    .language = str_from(config->language),
	    .host = str_from(config->host),
	    .register_path = str_from(config->register_path),
	    .services = listeners->services,
	    .primary_host = config->role == ROLE_REPLICA
		? str_from(config->primary.host)
		: STR(""),
	    .primary_port = config->primary.port,
	    .uploads = config->titan == TITAN_ON,
	    .count_views = config->role == ROLE_PRIMARY,
	    .explain = config->dev,
	};
}

/* Complain of what is wrong. Of advice and missing words log only the number:
 * `guiju check` lists them. */
static void
complain_findings(const struct finding *finding, const char *capsule)
{
	const size_t slow = findings_count(finding, FINDING_SLOW);
	const size_t lacking = findings_count(finding, FINDING_WORDS);

	for (; finding != NULL; finding = finding->next)
		if (finding->kind == FINDING_SCRIPT)
			log_warn(
			    "run: %s: %s", finding->file, finding->message);
		else if (finding->kind != FINDING_WRONG)
			continue;
		else if (finding->line > 0)
			complain("%s:%u: %s", finding->file, finding->line,
			    finding->message);
		else
			complain("%s: %s", finding->file, finding->message);
	if (slow > 0)
		log_warn("run: %zu place%s in the pages may be slow; `guiju "
			 "check %s` tells where",
		    slow, slow == 1 ? "" : "s", capsule);
	if (lacking > 0)
		log_warn("run: words are lacking in %zu place%s; `guiju check "
			 "%s` tells where",
		    lacking, lacking == 1 ? "" : "s", capsule);
}

/* With --dev broken pages are served; the pages show their findings. */
static void
log_broken(const struct finding *finding)
{
	for (; finding != NULL; finding = finding->next)
		log_warn("page: %s:%u: %s", finding->file, finding->line,
		    finding->message);
}

struct site *
rehearse_open_site(
    const struct site_options *options, bool loud, enum status *status)
{
	struct finding *findings = NULL;
	struct site *site = NULL;
	enum err err = site_open(options, &site, &findings);

	if (err != OK || loud)
		complain_findings(findings, options->capsule);
	if (err == OK && loud)
		log_broken(site_findings(site));
	if (err == ERR_NOMEM)
		complain("out of memory");
	else if (err != OK && findings == NULL)
		complain("capsule %s does not open", options->capsule);
	findings_free(findings);
	*status = status_of(err);
	return err == OK ? site : NULL;
}

static enum status
check_site(const struct site_options *options)
{
	enum status status;
	struct site *site = rehearse_open_site(options, true, &status);

	site_close(site);
	return status;
}

/* Complain of what is in r->why; if it is empty, of the database. */
static enum status
complain_why(struct rehearsal *r, enum err err)
{
	struct str why = buf_view(&r->why);
	const struct str copy = str_from(r->copy.text);

	if (why.len == 0) {
		complain("%s: does not open", r->database.text);
	} else if (copy.len > 0 && str_starts(why, copy)) {
		/* Name the original: the copy is removed, and what is wrong in
		 * the copy is wrong in the original. */
		why = str_slice(why, copy.len, why.len);
		complain("%s%.*s", r->database.text, STR_ARG(why));
	} else {
		complain("%.*s", STR_ARG(why));
	}
	return status_of(err);
}

/* Has nobody planted anything in the schema of a database? */
static enum status
examine(struct rehearsal *r, const char *database)
{
	enum err err = schema_examine(database, r->schema.text, &r->why);

	return err == OK ? STATUS_OK : complain_why(r, err);
}

static enum status
migrate(struct rehearsal *r)
{
	enum err err = store_migrate(
	    r->database.text, r->schema.text, r->content.text, &r->why);

	return err == OK ? examine(r, r->database.text) : complain_why(r, err);
}

static int
read_number(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

static enum err
open_reading(struct rehearsal *r, sqlite3 **db)
{
	int code = sqlite3_open_v2(r->database.text, db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, sync_vfs());

	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(*db, BUSY_MS);
	if (code != SQLITE_OK)
		buf_printf(
		    &r->why, "%s: %s", r->database.text, sqlite3_errstr(code));
	return store_err(code);
}

/* Is there a database, and does it lack something of the schema? A database
 * that is not ours or cannot be read is not pending: store_migrate() refuses it
 * and says why. */
static enum err
is_pending(struct rehearsal *r, bool *pending)
{
	enum schema_rules rules;
	struct schema schema;
	struct stat file;
	sqlite3 *db = NULL;
	int64_t version = 0, id = 0;
	enum err err;

	*pending = false;
	if (stat(r->database.text, &file) != 0 || file.st_size == 0)
		return OK;
	err = schema_list(r->schema.text, &schema, &r->why);
	if (err == OK)
		err = open_reading(r, &db);
	if (err == OK &&
	    read_number(db, "PRAGMA application_id", &id) == SQLITE_OK &&
	    id == STORE_APPLICATION_ID &&
	    read_number(db, "PRAGMA user_version", &version) == SQLITE_OK) {
		err =
		    schema_look(&schema, r->database.text, db, &rules, &r->why);
		*pending = version < schema.version ||
		    (err == OK && rules != SCHEMA_RULES_CURRENT);
	}
	sqlite3_close(db);
	schema_release(&schema);
	return err;
}

/* Try the migration and the pages on a copy. */
static enum status
try_on_copy(struct rehearsal *r)
{
	struct site_options site = r->site;
	enum status status;
	enum err err;

	site.state_dir = r->copy_dir.text;
	state_remove_folder(r->copy_dir.text);
	err = state_make_folder(r->copy_dir.text, 0700, &r->why);
	if (err == OK)
		err = store_copy(r->database.text, r->copy.text, &r->why);
	if (err == OK)
		err =
		    store_try_migration(r->copy.text, r->schema.text, &r->why);
	status = err == OK ? examine(r, r->copy.text) : complain_why(r, err);
	if (status == STATUS_OK)
		status = check_site(&site);
	state_remove_folder(r->copy_dir.text);
	return status;
}

/* Verify a database that comes from elsewhere, unless it is to be made. */
static enum err
verify(struct rehearsal *r)
{
	const int64_t began_ms = clock_ms();
	const char *database = r->database.text;
	struct stat file;
	enum err err;

	if (stat(database, &file) != 0 || file.st_size == 0)
		return OK;
	log_info("run: %s is not as a good stop of this server has left it: "
		 "all of it is verified",
	    database);
	err = r->config->role == ROLE_REPLICA
	    ? store_verify_copy(database, "run", &r->why)
	    : store_verify(database, "run", &r->why);
	if (err == OK)
		log_info("run: verified in %.1f s",
		    (double)(clock_ms() - began_ms) / 1000);
	return err;
}

/* The database of a replica is never changed: it fits the capsule or is
 * refused. */
static enum status
check_copy(struct rehearsal *r)
{
	enum err err = r->strange ? verify(r) : OK;
	enum status status;

	if (err == OK)
		err =
		    store_check_copy(r->database.text, r->schema.text, &r->why);
	status =
	    err == OK ? examine(r, r->database.text) : complain_why(r, err);
	return status == STATUS_OK ? check_site(&r->site) : status;
}

static enum status
run(struct rehearsal *r)
{
	enum start_cache same = START_CACHE_NOTHING;
	bool pending;
	enum status status = STATUS_OK;
	enum err err = state_become_user(r->config, &r->why);

	if (err == OK)
		err = config_use(r->config, &r->why);
	/* Root checks without its capabilities, which workers lack, too. */
	if (err == OK && r->config->sandbox != SANDBOX_OFF)
		err = capability_keep(CAPABILITIES_NONE);
	if (err == OK)
		err = rights_of_state(r->config, &r->why);
	if (err == OK) {
		status = sandbox_test(r->config);
		if (status != STATUS_OK)
			return status;
		err = sandbox_task(r->config);
		if (err != OK)
			buf_text(&r->why, "cannot enter the sandbox");
	}
	if (err == OK && r->config->role == ROLE_REPLICA)
		return check_copy(r);
	if (err == OK)
		err = state_make_uploads(r->config->state, r->first, &r->why);
	if (err == OK && r->first)
		same = start_cache_take(r->config->state, r->capsule);
	if (same == START_CACHE_ALL && !r->config->dev) {
		log_info("run: all is as it was checked before");
		return examine(r, r->database.text);
	}
	if (err == OK && r->strange && same == START_CACHE_NOTHING)
		err = verify(r);
	if (err == OK)
		err = is_pending(r, &pending);
	if (err != OK)
		return complain_why(r, err);
	if (pending)
		status = try_on_copy(r);
	if (status == STATUS_OK)
		status = migrate(r);
	if (status == STATUS_OK && !pending)
		status = check_site(&r->site);
	return status;
}

/* Has the database that is being served been removed or renamed? */
static bool
is_gone(const struct rehearsal *r, const char *serving)
{
	struct stat file;

	return serving != NULL && strcmp(serving, r->config->state) == 0 &&
	    stat(r->database.text, &file) != 0;
}

enum status
rehearse(const struct config *config, const struct listeners *listeners,
    uint64_t capsule, const char *serving, bool strange)
{
	struct rehearsal r = {.config = config,
	    .capsule = capsule,
	    .first = serving == NULL,
	    .strange = strange};
	enum status status;

	r.site = rehearse_site_options(config, listeners);
	buf_init(&r.why, WHY_MAX_BYTES);
	if (file_path_join(&r.database, config->state, STATE_DATABASE) == OK &&
	    file_path_join(&r.schema, config->capsule, CAPSULE_SCHEMA) == OK &&
	    file_path_join(&r.content, config->capsule, CAPSULE_CONTENT) ==
		OK &&
	    file_path_join(&r.copy_dir, config->state, "rehearsal") == OK &&
	    file_path_join(&r.copy, r.copy_dir.text, STATE_DATABASE) == OK) {
		if (is_gone(&r, serving)) {
			complain("%s is gone; it is not made anew while it "
				 "is being served",
			    r.database.text);
			status = STATUS_REFUSED;
		} else {
			status = run(&r);
		}
	} else {
		complain("a folder's path is too long");
		status = STATUS_FAILURE;
	}
	buf_release(&r.why);
	return status;
}
