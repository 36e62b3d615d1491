/* SPDX-License-Identifier: ISC */
/*
 * A module has one entry point. SQLite calls it for each new connection through
 * one automatic extension. That extension also passes SQLite's table of
 * routines to the extensions that were loaded from files. So no connection ever
 * needs to turn on the loading of extensions.
 *
 * The code of a loaded file runs in the server. So nobody but root may be able
 * to change or replace the file: a file that a capsule's author or a worker
 * could have written is refused.
 */
#include "store/modules.h"

#include <sys/stat.h>
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <strings.h>

#include "base/file_path.h"
#include "base/utf8.h"
#include "store/functions/functions.h"

enum { NAME_MAX_BYTES = 64 };

static struct function_module used[MODULES_MAX];
static char used_names[MODULES_MAX][NAME_MAX_BYTES];
static size_t used_count;

/* ---- modules that are compiled in ----------------------------------- */

static enum err
find(struct str name, struct function_module *out, struct buf *why)
{
	const char *names[MODULES_MAX], *nearest;
	size_t n = 0;

	for (; n < MODULES_MAX && function_modules[n] != NULL; n++) {
		names[n] = function_modules[n]->name;
		if (str_equal(name, str_from(names[n]))) {
			*out = *function_modules[n];
			return OK;
		}
	}
	buf_text(why, "there is no module ");
	utf8_add_line(why, name);
	nearest = str_nearest(name, names, n);
	if (nearest != NULL)
		buf_printf(why, ", did you mean %s?", nearest);
	buf_text(why, n == 0 ? " (none was compiled in" : " (there are:");
	for (size_t i = 0; i < n; i++)
		buf_printf(why, " %s", names[i]);
	buf_char(why, ')');
	return ERR_INPUT;
}

/* ---- extensions in files -------------------------------------------- */

static bool
is_roots(const char *path, struct buf *why)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		utf8_add_line(why, str_from(path));
		buf_text(why, ": ");
		owner_add_errno(why, path);
		return false;
	}
	if (st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	utf8_add_line(why, str_from(path));
	buf_text(why, ": others than root can change it");
	owner_add(why, path);
	return false;
}

/* Can nobody but root change the file or a folder above it? */
static bool
is_safe(const char *real, struct buf *why)
{
	char folder[PATH_MAX] = "/";

	if (!is_roots(folder, why))
		return false;
	for (size_t i = 1; real[i] != '\0'; i++) {
		if (real[i] == '/' && !is_roots(folder, why))
			return false;
		folder[i] = real[i];
		folder[i + 1] = '\0';
	}
	return is_roots(folder, why);
}

/* Find the file that a path leads to. */
static enum err
find_file(struct str name, char real[PATH_MAX], struct buf *why)
{
	char path[PATH_MAX];
	struct stat st;

	if (name.len >= sizeof(path)) {
		buf_text(why, "a path is too long");
		return ERR_INPUT;
	}
	memcpy(path, name.data, name.len);
	path[name.len] = '\0';
	if (realpath(path, real) == NULL || stat(real, &st) != 0) {
		enum err err = errno == ENOMEM ? ERR_NOMEM : ERR_INPUT;

		utf8_add_line(why, name);
		buf_text(why, ": ");
		owner_add_errno(why, path);
		return err;
	}
	if (!S_ISREG(st.st_mode)) {
		utf8_add_line(why, name);
		buf_text(why, ": is not a regular file");
		return ERR_INPUT;
	}
	return is_safe(real, why) ? OK : ERR_INPUT;
}

/*
 * Find the entry point of a file as SQLite does: sqlite3_extension_init, or
 * sqlite3_NAME_init. NAME is the letters (in newer versions also the digits) of
 * the file's name, without a leading "lib", up to the first dot.
 */
static void *
entry_of(void *library, const char *real)
{
	void *found = dlsym(library, "sqlite3_extension_init");
	const char *base = strrchr(real, '/') + 1;

	if (strncasecmp(base, "lib", 3) == 0)
		base += 3;
	for (int digits = 0; found == NULL && digits < 2; digits++) {
		char symbol[NAME_MAX + 16] = "sqlite3_";
		size_t n = strlen(symbol);

		for (const char *c = base; *c != '\0' && *c != '.'; c++)
			if (isalpha((unsigned char)*c) ||
			    (digits && isdigit((unsigned char)*c)))
				symbol[n++] = (char)tolower((unsigned char)*c);
		memcpy(symbol + n, "_init", sizeof("_init"));
		found = dlsym(library, symbol);
	}
	return found;
}

static enum err
load(const char *real, struct function_module *out, struct buf *why)
{
	void *library = dlopen(real, RTLD_NOW | RTLD_LOCAL), *entry;

	if (library == NULL) {
		utf8_add_line(why, str_from(dlerror()));
		return ERR_INPUT;
	}
	entry = entry_of(library, real);
	if (entry == NULL ||
	    sqlite3_compileoption_used("OMIT_LOAD_EXTENSION")) {
		utf8_add_line(why, str_from(real));
		buf_text(why,
		    entry == NULL ? ": is not an extension of SQLite"
				  : ": this SQLite cannot load extensions");
		dlclose(library);
		return ERR_INPUT;
	}
	/* C does not allow a cast from a data pointer to a function pointer;
	 * POSIX does. */
	memcpy(&out->init, &entry, sizeof(out->init));
	return OK;
}

/* ---- the list ------------------------------------------------------- */

/* Read the list into used[], or only check it. */
static enum err
read_list(struct str list, bool use, struct buf *why)
{
	char real[PATH_MAX];
	struct str name;
	size_t n = 0;
	enum err err = OK;

	while (err == OK && str_next_part(&list, ' ', &name)) {
		struct function_module module = {.name = ""};

		if (name.len == 0)
			continue;
		if (n == MODULES_MAX) {
			buf_printf(why, "more than %d", (int)MODULES_MAX);
			return ERR_INPUT;
		}
		if (str_starts(name, STR("/"))) {
			err = find_file(name, real, why);
			if (err == OK && use)
				err = load(real, &module, why);
		} else if (str_find(name, STR("/")) != SIZE_MAX) {
			utf8_add_line(why, name);
			buf_text(why, ": a path must begin with /");
			err = ERR_INPUT;
		} else {
			err = find(name, &module, why);
		}
		if (err == OK && use) {
			snprintf(used_names[n], NAME_MAX_BYTES, "%.*s",
			    STR_ARG(name));
			module.name = used_names[n];
			used[n] = module;
		}
		n++;
	}
	if (use)
		used_count = n;
	return err;
}

enum err
modules_check(struct str list, struct buf *why)
{
	return read_list(list, false, why);
}

/* SQLite calls this for each connection that this process opens. */
static int
init_all(sqlite3 *db, char **error, const sqlite3_api_routines *routines)
{
	for (size_t i = 0; i < used_count; i++) {
		char *reason = NULL;
		int code = used[i].init(db, &reason, routines);

		/* The files stay loaded for good, so this is a success. */
		if (code == SQLITE_OK_LOAD_PERMANENTLY)
			code = SQLITE_OK;
		if (code != SQLITE_OK) {
			*error = sqlite3_mprintf("%s: %s", used[i].name,
			    reason == NULL ? sqlite3_errstr(code) : reason);
			sqlite3_free(reason);
			return code;
		}
	}
	return SQLITE_OK;
}

/* Try the entry points on a connection that is used for nothing else. */
static enum err
try_all(struct buf *why)
{
	sqlite3 *db = NULL;
	int code = sqlite3_auto_extension((void (*)(void))init_all);

	if (code == SQLITE_OK)
		code = sqlite3_open(":memory:", &db);
	if (code != SQLITE_OK && code != SQLITE_NOMEM)
		utf8_add_line(why, str_from(sqlite3_errmsg(db)));
	sqlite3_close(db);
	return code == SQLITE_OK   ? OK
	    : code == SQLITE_NOMEM ? ERR_NOMEM
				   : ERR_INPUT;
}

enum err
modules_use(struct str list, struct buf *why)
{
	enum err err;

	modules_configure();
	buf_text(why, "functions: ");
	err = read_list(list, true, why);
	if (err == OK && used_count > 0)
		err = try_all(why);
	if (err == ERR_NOMEM)
		buf_text(why, "out of memory");
	if (err == OK)
		buf_clear(why);
	else
		used_count = 0;
	return err;
}

bool
modules_keep(struct str text)
{
	for (size_t i = 0; i < used_count; i++)
		if (used[i].keeps != NULL && used[i].keeps(text))
			return true;
	return false;
}

/*
 * Our processes have one thread, so SQLite needs no mutexes. Nobody asks SQLite
 * how much memory it uses, so it need not count. If SQLite is in use already it
 * refuses the change, and works as before.
 */
void
modules_configure(void)
{
	static bool done;

	if (!done) {
		(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
		(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	}
	done = true;
}
