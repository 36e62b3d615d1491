/* SPDX-License-Identifier: ISC */
/*
 * How slow an upload may be. The clock for deadlines is the test's (the linker
 * puts ours in its place), and the connection is in this process, so nothing
 * depends on the machine's speed. The protocol is Titan without TLS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "net/internal.h"

enum { SIZE = 1024 * 1024, SMALL = 9, SECOND_MS = 1000 };

static char dir[64];
static struct event_base *base;
static struct net *net;
static struct wire plain;
static int64_t now_ms = 1000;

int64_t __wrap_clock_ms(void);

int64_t
__wrap_clock_ms(void)
{
	return now_ms;
}

/* The site that is none: it takes each upload. */
void
site_answer(
    struct site *site, const struct request *request, struct reply *reply)
{
	(void)site;
	*reply = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/plain"),
	    .bytes = STR("taken"),
	    .file = -1};
	reply->awaits = request->upload->awaited;
}

/* ---- a client ------------------------------------------------------- */

static int client;

/* Let the server do all it can. */
static void
turn(void)
{
	enum { TURNS = 8 };

	for (int i = 0; i < TURNS; i++)
		assert_true(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
}

static void
send_bytes(size_t n)
{
	static char bytes[16 * 1024];

	while (n > 0) {
		const size_t some = n < sizeof(bytes) ? n : sizeof(bytes);
		const ssize_t sent = send(client, bytes, some, MSG_NOSIGNAL);

		assert_true(sent > 0);
		n -= (size_t)sent;
		turn();
	}
}

static void
begin(size_t size)
{
	static const unsigned char from[IP4_BYTES] = {192, 0, 2, 1};
	const struct ip ip = ip_from_v4(from);
	char line[128];
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(fcntl(pair[i], F_SETFL, O_NONBLOCK), 0);
	client = pair[0];
	connection_open(net, pair[1], &plain, &ip);
	snprintf(line, sizeof(line), "titan://localhost/up;size=%zu\r\n", size);
	assert_int_equal(
	    send(client, line, strlen(line), MSG_NOSIGNAL), strlen(line));
	turn();
	assert_int_equal(net_connections(net), 1);
}

/* Time passes. Deadlines that are over are found by their timers. */
static void
pass(int64_t ms)
{
	now_ms += ms;
	for (struct connection *c = net->connections; c != NULL; c = c->next)
		if (c->deadline_ms <= now_ms)
			event_active(&c->event, EV_TIMEOUT, 1);
	turn();
}

/* What the client reads; empty: nothing yet. */
static const char *
hear(void)
{
	static char text[256];
	const ssize_t n = recv(client, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
end(void)
{
	close(client);
	turn();
	assert_int_equal(net_connections(net), 0);
}

/* ---- the tests ------------------------------------------------------ */

#define TOO_SLOW "59 Upload too slow\r\n"
#define TAKEN "20 text/plain\r\ntaken"

static void
a_trickle_is_refused(void **state)
{
	(void)state;
	begin(SIZE);
	send_bytes(LIMIT_UPLOAD_BYTES_LEAST);
	pass(LIMIT_UPLOAD_MS);
	assert_string_equal(hear(), "");
	/* One byte less in the second minute. */
	send_bytes(LIMIT_UPLOAD_BYTES_LEAST - 1);
	pass(LIMIT_UPLOAD_MS - 1);
	assert_string_equal(hear(), "");
	pass(1);
	assert_string_equal(hear(), TOO_SLOW);
	end();
}

static void
a_byte_per_second_is_refused(void **state)
{
	(void)state;
	begin(SIZE);
	for (int s = 0; s < LIMIT_UPLOAD_MS / SECOND_MS; s++) {
		assert_string_equal(hear(), "");
		send_bytes(1);
		pass(SECOND_MS);
	}
	assert_string_equal(hear(), TOO_SLOW);
	end();
}

/* Bytes that come all the time hold up the timer, and not the deadline. */
static void
who_sends_on_meets_the_deadline_as_well(void **state)
{
	(void)state;
	begin(SIZE);
	now_ms += LIMIT_UPLOAD_MS - 1;
	send_bytes(1);
	assert_string_equal(hear(), "");
	now_ms += 1;
	send_bytes(1);
	assert_string_equal(hear(), TOO_SLOW);
	end();
}

/* Each minute has its bytes, until the deadline of the whole is near: one
 * millisecond is left. */
static void
send_until_the_end(void)
{
	int64_t left_ms =
	    LIMIT_UPLOAD_MS + SIZE / LIMIT_UPLOAD_BYTES_PER_MS - 1;

	begin(SIZE);
	for (; left_ms > LIMIT_UPLOAD_MS; left_ms -= LIMIT_UPLOAD_MS) {
		send_bytes(LIMIT_UPLOAD_BYTES_LEAST);
		pass(LIMIT_UPLOAD_MS);
		assert_string_equal(hear(), "");
	}
	send_bytes(LIMIT_UPLOAD_BYTES_LEAST);
	pass(left_ms);
	assert_string_equal(hear(), "");
}

static void
a_whole_upload_has_a_deadline(void **state)
{
	/* LIMIT_UPLOAD_MS, and SIZE / LIMIT_UPLOAD_BYTES_PER_MS. */
	const int64_t minutes =
	    (LIMIT_UPLOAD_MS + SIZE / LIMIT_UPLOAD_BYTES_PER_MS) /
	    LIMIT_UPLOAD_MS;

	(void)state;
	send_until_the_end();
	pass(1);
	assert_string_equal(hear(), TOO_SLOW);
	end();
	/* The last moment is early enough. */
	send_until_the_end();
	send_bytes((size_t)(SIZE - (minutes + 1) * LIMIT_UPLOAD_BYTES_LEAST));
	assert_string_equal(hear(), TAKEN);
	end();
}

/* The descriptors that are open. */
static int
open_count(void)
{
	enum { MOST = 256 };
	int count = 0;

	for (int fd = 0; fd < MOST; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	assert_true(count < MOST);
	return count;
}

/* Is a file of the folder still in this process's memory? A system without
 * such a list says no. */
static bool
is_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[1024];
	bool found = false;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL)
		found = found || strstr(line, dir) != NULL;
	if (maps != NULL)
		fclose(maps);
	return found;
}

/* A worker receives uploads for months. */
static void
nothing_is_held_of_an_upload(void **state)
{
	const int before = open_count();

	(void)state;
	begin(SMALL);
	send_bytes(SMALL);
	assert_string_equal(hear(), TAKEN);
	end();
	assert_false(is_mapped());
	assert_int_equal(open_count(), before);
	/* One that is cut. */
	begin(SMALL);
	send_bytes(1);
	end();
	assert_false(is_mapped());
	assert_int_equal(open_count(), before);
}

static int
set_up(void **state)
{
	struct net_options options = {.host = STR("localhost"),
	    .services = {.item = {{&wire_gemini.protocol, 1965}}, .count = 1},
	    .uploads = dir,
	    .connections_max = 8};

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-upload-XXXXXX");
	assert_non_null(mkdtemp(dir));
	plain = wire_titan;
	plain.tls = WIRE_TLS_NEVER;
	log_set_level(LOG_LEVEL_ERROR);
	base = event_base_new();
	return base == NULL || net_open(base, &options, &net) != OK;
}

static int
tear_down(void **state)
{
	(void)state;
	net_close(net);
	event_base_free(base);
	return rmdir(dir); /* nothing is left of an upload */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_trickle_is_refused),
	    cmocka_unit_test(a_byte_per_second_is_refused),
	    cmocka_unit_test(who_sends_on_meets_the_deadline_as_well),
	    cmocka_unit_test(a_whole_upload_has_a_deadline),
	    cmocka_unit_test(nothing_is_held_of_an_upload)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
