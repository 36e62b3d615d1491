/* SPDX-License-Identifier: ISC */
/*
 * A small server inside the parent's loop. The address of a Unix socket has
 * room for some 100 bytes, and the path of a state folder may be longer. So
 * both sides change into the folder for a moment, and use the file's name
 * alone.
 */
#include "run/status/status.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/worker/process.h"

enum {
	CLIENT_MS = 5000, /* from accept to the last byte */
	ASK_MS = 15000,   /* in status_ask(): to read the whole report */
	BACKLOG = 16,
	PIECE_BYTES = 16 * 1024
};

/* ---- the name -------------------------------------------------------- */

/* Call act, which is bind(2) or connect(2), inside the folder. errno on
 * failure. */
static bool
at_name(int socket, const char *state,
    int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un name = {
	    .sun_family = AF_UNIX, .sun_path = STATUS_SOCKET};
	int home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = home >= 0 && chdir(state) == 0;
	int saved;

	if (good && act == bind)
		(void)unlink(STATUS_SOCKET);
	good = good && act(socket, (struct sockaddr *)&name, sizeof(name)) == 0;
	saved = errno;
	if (home >= 0) {
		if (fchdir(home) != 0)
			log_error("run: cannot go back to where it was "
				  "started: %s",
			    strerror(errno));
		close(home);
	}
	errno = saved;
	return good;
}

static int
open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd >= 0) {
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	}
	return fd;
}

/* ---- opening and closing --------------------------------------------- */

void
status_init(struct status_socket *status)
{
	status->listening = -1;
	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++)
		status->client[i] = (struct status_client){.socket = -1};
}

enum err
status_open(struct status_socket *status, const char *state, struct buf *why)
{
	const mode_t before = umask(0177); /* bind(2) makes it with 0600 */
	int fd = open_socket();
	bool good =
	    fd >= 0 && at_name(fd, state, bind) && listen(fd, BACKLOG) == 0;

	(void)umask(before);
	if (good) {
		process_keep_private(fd);
		status->listening = fd;
		return OK;
	}
	buf_printf(why, "cannot make %s/%s: %s", state, STATUS_SOCKET,
	    strerror(errno));
	if (fd >= 0)
		close(fd);
	return ERR_IO;
}

static void
drop(struct status_client *client)
{
	process_close(client->socket);
	buf_release(&client->out);
	*client = (struct status_client){.socket = -1};
}

void
status_close(struct status_socket *status, const char *state)
{
	char path[4096];
	int n;

	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++)
		drop(&status->client[i]);
	if (status->listening < 0)
		return;
	process_close(status->listening);
	status->listening = -1;
	n = snprintf(path, sizeof(path), "%s/%s", state, STATUS_SOCKET);
	if (n > 0 && (size_t)n < sizeof(path))
		(void)unlink(path);
}

/* ---- serving --------------------------------------------------------- */

static bool
has_room(const struct status_socket *status)
{
	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++)
		if (status->client[i].socket < 0)
			return true;
	return false;
}

size_t
status_poll(const struct status_socket *status, struct pollfd *out)
{
	size_t n = 0;

	if (status->listening >= 0 && has_room(status))
		out[n++] =
		    (struct pollfd){.fd = status->listening, .events = POLLIN};
	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++) {
		const struct status_client *client = &status->client[i];

		if (client->socket >= 0)
			out[n++] = (struct pollfd){.fd = client->socket,
			    .events = client->out.len > 0 ? POLLOUT : POLLIN};
	}
	return n;
}

int64_t
status_next_ms(const struct status_socket *status)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++)
		if (status->client[i].socket >= 0 &&
		    status->client[i].deadline_ms < next)
			next = status->client[i].deadline_ms;
	return next;
}

static void
accept_clients(struct status_socket *status, int64_t now_ms)
{
	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++) {
		struct status_client *client = &status->client[i];
		int fd;

		if (client->socket >= 0)
			continue;
		fd = accept(status->listening, NULL, NULL);
		if (fd < 0)
			return;
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
		process_keep_private(fd);
		client->socket = fd;
		client->deadline_ms = now_ms + CLIENT_MS;
		buf_init(&client->out, REPORT_MAX_BYTES);
	}
}

/* Write the report that word names. false: no such word, or out of memory. */
static bool
answer(struct status_client *client, struct str word,
    const struct report_source *source)
{
	struct report *report;

	if (report_make(source, &report) != OK)
		return false;
	if (str_equal(word, STR("text")) || str_equal(word, STR("all")))
		report_write_text(
		    &client->out, report, str_equal(word, STR("all")));
	else if (str_equal(word, STR("json")))
		report_write_json(&client->out, report);
	else if (str_equal(word, STR("prometheus")))
		report_write_prometheus(&client->out, report);
	report_free(report);
	return client->out.len > 0 && client->out.err == OK;
}

/* Read the word, and answer when it is whole. false: close the client. */
static bool
read_word(struct status_client *client, const struct report_source *source)
{
	struct str word;
	size_t end;
	ssize_t n = read(client->socket, client->line + client->len,
	    STATUS_LINE_MAX - client->len);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	client->len += (size_t)n;
	word = (struct str){client->line, client->len};
	end = str_find_byte(word, '\n');
	if (end == SIZE_MAX)
		return client->len < STATUS_LINE_MAX;
	return answer(client, str_slice(word, 0, end), source);
}

static bool
write_report(struct status_client *client)
{
	while (client->sent < client->out.len) {
		ssize_t n =
		    send(client->socket, client->out.data + client->sent,
			client->out.len - client->sent, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		client->sent += (size_t)n;
	}
	return false;
}

void
status_tend(struct status_socket *status, const struct report_source *source,
    int64_t now_ms)
{
	if (status->listening >= 0)
		accept_clients(status, now_ms);
	for (size_t i = 0; i < STATUS_CLIENTS_MAX; i++) {
		struct status_client *client = &status->client[i];
		bool on = client->socket >= 0 && now_ms < client->deadline_ms;

		if (on && client->out.len == 0)
			on = read_word(client, source);
		if (on && client->out.len > 0)
			on = write_report(client);
		if (!on && client->socket >= 0)
			drop(client);
	}
}

/* ---- asking ---------------------------------------------------------- */

/* Wait until the socket can be read. */
static enum err
wait_for(int fd, int64_t deadline_ms)
{
	struct pollfd news = {.fd = fd, .events = POLLIN};
	int64_t left_ms = deadline_ms - clock_ms();

	while (left_ms > 0) {
		int n = poll(&news, 1, (int)left_ms);

		if (n > 0)
			return OK;
		if (n < 0 && errno != EINTR)
			return ERR_IO;
		left_ms = deadline_ms - clock_ms();
	}
	return ERR_LATE;
}

static enum err
read_report(int fd, struct buf *out)
{
	const int64_t deadline_ms = clock_ms() + ASK_MS;
	enum err err = OK;

	while (err == OK) {
		char *place = buf_reserve(out, PIECE_BYTES);
		ssize_t n;

		if (place == NULL)
			return out->err;
		n = read(fd, place, PIECE_BYTES);
		if (n == 0)
			return out->len > 0 ? OK : ERR_IO;
		if (n > 0)
			out->len += (size_t)n;
		else if (errno == EAGAIN)
			err = wait_for(fd, deadline_ms);
		else if (errno != EINTR)
			err = ERR_IO;
	}
	return err;
}

enum err
status_ask(
    const char *state, const char *word, struct buf *out, struct buf *why)
{
	char line[STATUS_LINE_MAX];
	int n = snprintf(line, sizeof(line), "%s\n", word);
	int fd = open_socket();
	enum err err = ERR_IO;

	errno = fd < 0 ? errno : 0;
	if (fd >= 0 && !at_name(fd, state, connect)) {
		if (errno == ENOENT || errno == ECONNREFUSED) {
			buf_printf(why, "no server runs in %s", state);
			err = ERR_MISSING;
		} else {
			buf_printf(why, "%s/%s: %s", state, STATUS_SOCKET,
			    strerror(errno));
		}
	} else if (fd >= 0 && send(fd, line, (size_t)n, MSG_NOSIGNAL) == n) {
		err = read_report(fd, out);
		if (err != OK)
			buf_printf(why, "the server in %s does not answer%s",
			    state, err == ERR_LATE ? " in time" : "");
	} else {
		buf_printf(
		    why, "%s/%s: %s", state, STATUS_SOCKET, strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return err;
}
