/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: the rehearsal, which the generation forks
 * and whose way to open the site the worker uses; the logger's two sides; and
 * the sandbox of each system, for sandbox.c.
 */
#ifndef GUIJU_RUN_WORKER_INTERNAL_H
#define GUIJU_RUN_WORKER_INTERNAL_H

#include <sys/socket.h>

#include "base/file_path.h"
#include "page/site.h"
#include "run/config/complain.h"
#include "run/config/config.h"
#include "run/worker/crew.h"
#include "run/worker/listeners.h"
#include "run/worker/logger.h"
#include "run/worker/sandbox.h"

/* ---- rehearse.c ------------------------------------------------------ */

/*
 * The rehearsal: at start and at every reload a short-lived child migrates the
 * database and opens the site before any worker does. So the parent needs no
 * SQLite, and a capsule that fails here is never served.
 */

/* The options with which to open the site of this configuration. They borrow
 * from config. */
struct site_options rehearse_site_options(
    const struct config *config, const struct listeners *listeners);

/*
 * Become the user, bring the database up to the schema, open the site and
 * close it again. Errors go to complain(). If an existing database lacks
 * something of the schema, everything is tried on a copy first: a bad capsule
 * must not leave a half-migrated database to the generation that serves.
 * serving: the state folder of the generation that serves, NULL at start. A
 * database that has gone from that folder is not made anew. capsule: its
 * fingerprint; a start skips all checks if the cache of the last server matches
 * it (run/worker/start_cache.h). strange: the database is not the one that is
 * served; it is verified unless the cache knows it. Returns the exit status for
 * the child. Call it in a forked child only.
 */
enum status rehearse(const struct config *config,
    const struct listeners *listeners, uint64_t capsule, const char *serving,
    bool strange);

/* Open the site. Findings that keep it from opening go to complain(). NULL: it
 * does not open, and *status says why. loud: complain also of findings that do
 * not keep it from opening (with --dev a page that does not compile is an
 * error page for the reader). */
struct site *rehearse_open_site(
    const struct site_options *options, bool loud, enum status *status);

/* ---- logger.c, logger_child.c ------------------------------------------ */

enum {
	CHANNELS_MAX = CREW_MAX + 16, /* workers, and the other processes */
	CHANNEL_NAME_SIZE = 16,
	LOGGER_USER_SIZE = 64,
	LOGGER_REST_MS = 2 /* lines come together meanwhile */
};

/* The socket of one process. */
struct channel {
	int socket; /* the logger's end */
	pid_t pid;
	char process[CHANNEL_NAME_SIZE];
	bool ended; /* for the parent: the process has ended */
	struct logger_share share;
};

/* What the parent tells the logger. A descriptor may come with it: the socket
 * if the order names a process, the log if it does not. */
struct order {
	char process[CHANNEL_NAME_SIZE];
	pid_t pid;
	enum log_format format;
	bool serving;
	bool settle; /* write what has been sent, then answer by a byte */
};

/* Room for one descriptor, aligned for its header. */
union rights {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

/* What the parent knows, and the logger inherits. */
struct logger {
	pid_t pid;   /* 0: none */
	int control; /* the parent's end; in the logger its own */
	int file;    /* the log */
	int own;     /* the parent's socket for its own messages */
	int null;    /* /dev/null */
	struct channel channel[CHANNELS_MAX];
	size_t count;
	enum log_format format;
	bool serving;
	bool settling; /* for the logger: the last order was to settle */
	char user[LOGGER_USER_SIZE];
	enum sandbox_mode sandbox;
	int64_t started_ms, due_ms;
	unsigned deaths; /* early ones in a row */
};

/* Add the logger's end of a socket; NULL: there are CHANNELS_MAX. Remove a
 * channel: the last one takes its index. */
struct channel *logger_add_channel(
    struct logger *to, int socket, const char *process, pid_t pid);
void logger_remove_channel(struct logger *from, struct channel *channel);

/* In the child: be the logger until nobody can send any more. It heeds no
 * signal. control: its end of the socket for orders. Does not return. */
void logger_run(struct logger *inherited, int control);

/* ---- sandbox_linux.c, sandbox_openbsd.c, sandbox_freebsd.c ------------- */

/*
 * One of these files holds sandbox_enter(): the headers of the system decide
 * which. On other systems sandbox.c has an empty one.
 */

#if __has_include(<linux/landlock.h>)
#define SANDBOX_LINUX
#elif __has_include(<sys/pledge.h>)
#define SANDBOX_OPENBSD
#elif __has_include(<sys/capsicum.h>)
#define SANDBOX_FREEBSD
#endif

enum sandbox_who {
	/* Opens any file; runs no program, opens no connection. */
	SANDBOX_PARENT,
	/* A rehearsal, a night or the checkpoints: reads the capsule and the
	 * tables of libmagic, reads and writes below state, makes folders
	 * there. */
	SANDBOX_TASK,
	/* Reads below static and state, writes the database and below the
	 * folders of tallies and of uploads; nothing else. */
	SANDBOX_WORKER,
	/* Opens nothing. */
	SANDBOX_LOGGER
};

enum { SANDBOX_READ_MAX = 32, SANDBOX_WRITE_MAX = 5 };

struct sandbox_bounds {
	enum sandbox_who who;
	/* Files, and folders with all below, to read and write; they may not
	 * exist. */
	struct file_path write[SANDBOX_WRITE_MAX];
	size_t write_count;
	/* Folders and files to read; they may not exist. */
	struct file_path read[SANDBOX_READ_MAX];
	size_t read_count;
};

/*
 * Restrict this process for good, and write into facts which mechanisms of the
 * system are in force. A system without any is not an error. ERR_IO: the system
 * has a mechanism and enabling it failed; errno says why.
 */
enum err sandbox_enter(const struct sandbox_bounds *bounds,
    struct sandbox_facts *facts) MUST_CHECK;

#endif
