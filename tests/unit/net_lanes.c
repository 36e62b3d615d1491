/* SPDX-License-Identifier: ISC */
/*
 * Requests for costly pages wait for a lane, and all others are answered
 * meanwhile. The server is a child process; the test is another worker, which
 * has the only lane when it wants. Nothing here hangs on how long a page takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/net.h"

enum {
	TRIES = 10,
	COST_US = 110000, /* of a page: longer than the longest settling */
	SHARE = LIMIT_LANE_QUEUE / 4, /* of one network */
	LATE = 9,                     /* 127.0.9.1 */
	PATIENCE_MS = 15000,
	/* Nobody may have more of them than the worker has free. */
	CONNECTIONS = 4 * LIMIT_LANE_QUEUE
};

static struct net_listener listener;
static unsigned port;
static struct peers *peers;
static struct peers_seat seat;
static const struct peers_limits limits = {CONNECTIONS, 1000, 100, 100, 1};
static pid_t server;

/* ---- the site that is none ------------------------------------------ */

static struct ip
ip_of(unsigned network)
{
	struct ip ip = {{0}};

	ip.byte[10] = ip.byte[11] = 0xFF;
	ip.byte[12] = 127;
	ip.byte[14] = (unsigned char)network;
	ip.byte[15] = 1;
	return ip;
}

/* All but "/" are costly. Of "/unknown" nothing is known yet; "/sealed" comes
 * with a seal; "/late" says how many connections of LATE the server has. */
void
site_answer(
    struct site *site, const struct request *request, struct reply *reply)
{
	const struct ip late = ip_of(LATE);
	struct str path;

	(void)site;
	*reply = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/plain"),
	    .bytes = STR("cheap"),
	    .file = -1};
	if (request->path.count == 0)
		return;
	path = request->path.segment[0];
	reply->bytes = STR("costly");
	if (str_equal(path, STR("late")))
		reply->bytes = arena_printf(
		    request->arena, "late %u", peers_count(peers, &late));
	if (request->costly != NULL)
		*request->costly = (struct costly){.mean_us = COST_US,
		    .unknown = str_equal(path, STR("unknown")),
		    .sealed = str_equal(path, STR("sealed"))};
}

static _Noreturn void
serve(void)
{
	struct event_base *base = event_base_new();
	struct net_options options = {.host = STR("localhost"),
	    .services = {.item = {{&wire_gopher.protocol, port}}, .count = 1},
	    .listeners = &listener,
	    .listener_count = 1,
	    .connections_max = CONNECTIONS};
	struct net *net;

	peers_sit(peers, limits, &options.seat);
	if (net_open(base, &options, &net) != OK)
		_exit(3);
	event_base_dispatch(base);
	_exit(3);
}

static int
set_up(void **state)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, CONNECTIONS), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	listener = (struct net_listener){fd, &wire_gopher};
	port = ntohs(address.sin_port);
	assert_int_equal(peers_new(&peers), OK);
	peers_sit(peers, limits, &seat);
	log_set_level(LOG_LEVEL_ERROR);
	server = fork();
	if (server == 0)
		serve();
	close(fd);
	return server < 0;
}

static int
tear_down(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	assert_int_equal(waitpid(server, NULL, 0), server);
	peers_free(peers);
	return 0;
}

/* ---- clients ---------------------------------------------------------- */

/* A connection from 127.0.network.1 on which the line has been said. */
static int
ask_from(unsigned network, const char *line)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (network << 8))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)port);
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(
	    send(fd, line, strlen(line), MSG_NOSIGNAL), strlen(line));
	return fd;
}

static int
ask(const char *line)
{
	return ask_from(0, line);
}

static bool
is_answered(int fd, int patience_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	return poll(&wait, 1, patience_ms) == 1;
}

/* All that comes; closes. */
static const char *
hear(int fd)
{
	static char text[256];
	size_t len = 0;
	ssize_t n = 0;

	do {
		assert_true(is_answered(fd, PATIENCE_MS));
		n = recv(fd, text + len, sizeof(text) - 1 - len, 0);
		assert_true(n >= 0);
		len += (size_t)n;
	} while (n > 0);
	text[len] = '\0';
	close(fd);
	return text;
}

static bool
is_told_to_wait(const char *answer)
{
	return strncmp(answer, "3503 ", 5) == 0;
}

/* ---- the lane ---------------------------------------------------------- */

static struct lane lane;
static int64_t taken_ms;

static void
take(void)
{
	const int64_t end_ms = clock_ms() + PATIENCE_MS;

	while (!peers_take_lane(&seat, clock_us(), &lane)) {
		assert_true(clock_ms() < end_ms);
		usleep(500);
	}
	taken_ms = clock_ms();
}

/* Has the lane been this test's from take() to now? If not, what was seen
 * meanwhile says nothing. */
static bool
was_mine(void)
{
	return clock_ms() < taken_ms + LIMIT_LANE_MS;
}

/* ---- the tests ----------------------------------------------------------- */

/* false: the machine was too slow for it. */
static bool
try_to_wait(void)
{
	int waiting[3];
	bool answered = false;

	take();
	for (int i = 0; i < 3; i++)
		waiting[i] = ask("/costly\r\n");
	for (int i = 0; i < 20; i++)
		assert_string_equal(hear(ask("\r\n")), "cheap");
	for (int i = 0; i < 3; i++)
		answered |= is_answered(waiting[i], 0);
	assert_true(!answered || !was_mine());
	answered = !was_mine();
	peers_leave_lane(&seat, &lane);
	for (int i = 0; i < 3; i++)
		assert_string_equal(hear(waiting[i]), "costly");
	return !answered;
}

static void
a_costly_page_waits_and_others_do_not(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_to_wait())
		assert_true(++tries < TRIES);
	/* The lane is left behind each page. */
	take();
	peers_leave_lane(&seat, &lane);
}

/* Whoever goes leaves the others where they are. */
static void
one_who_has_gone_is_not_waited_for(void **state)
{
	int first, last;

	(void)state;
	for (int i = 0; i < 20; i++) {
		take();
		first = ask("/costly\r\n");
		close(ask("/costly\r\n"));
		last = ask("/costly\r\n");
		assert_string_equal(hear(ask("\r\n")), "cheap");
		peers_leave_lane(&seat, &lane);
		assert_string_equal(hear(first), "costly");
		assert_string_equal(hear(last), "costly");
	}
	/* A connection that is reset while it waits. */
	for (int i = 0; i < 20; i++) {
		const struct linger at_once = {.l_onoff = 1};

		take();
		first = ask("/costly\r\n");
		assert_string_equal(hear(ask("\r\n")), "cheap");
		setsockopt(
		    first, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(first);
		peers_leave_lane(&seat, &lane);
		take();
		peers_leave_lane(&seat, &lane);
		assert_string_equal(hear(ask("/costly\r\n")), "costly");
	}
}

/* Ask count times for a page, each time from another network, while nobody gets
 * a lane. Returns how many are answered at once. */
static int
fill(int *waiting, int count, const char *line)
{
	struct pollfd fds[LIMIT_LANE_QUEUE];

	for (int i = 0; i < count; i++)
		waiting[i] = ask_from((unsigned)i + 10, line);
	for (int i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = waiting[i], .events = POLLIN};
	/* A worker answers in turn: what has come before this is decided. */
	assert_string_equal(hear(ask("\r\n")), "cheap");
	return poll(fds, (nfds_t)count, 0);
}

/* Those without a seal leave a quarter of the queue to those with one. */
static bool
try_to_fill(void)
{
	enum { OPEN = LIMIT_LANE_QUEUE * 3 / 4, KEPT = LIMIT_LANE_QUEUE / 4 };
	int open[OPEN], sealed[KEPT], fd, answered;
	bool mine;

	take();
	answered = fill(open, OPEN, "/costly\r\n");
	fd = ask_from(1, "/costly\r\n");
	assert_true(is_told_to_wait(hear(fd)) || !was_mine());
	answered += fill(sealed, KEPT, "/sealed\r\n");
	fd = ask_from(1, "/sealed\r\n");
	assert_true(is_told_to_wait(hear(fd)) || !was_mine());
	/* Only its answer makes a page known. */
	fd = ask_from(1, "/unknown\r\n");
	assert_string_equal(hear(fd), "costly");
	mine = was_mine();
	peers_leave_lane(&seat, &lane);
	assert_true(!mine || answered == 0);
	for (int i = 0; i < OPEN; i++)
		(void)hear(open[i]);
	for (int i = 0; i < KEPT; i++)
		(void)hear(sealed[i]);
	return mine;
}

static void
a_queue_has_an_end(void **state)
{
	int tries = 0;

	(void)state;
	assert_in_range(LIMIT_LANE_QUEUE, 4, CONNECTIONS - 1);
	while (!try_to_fill())
		assert_true(++tries < TRIES);
	assert_string_equal(hear(ask("/costly\r\n")), "costly");
}

/* One network does not fill the queue; with all it may have of it, the others
 * still wait for their pages, and get them. */
static bool
try_to_crowd(void)
{
	int share[SHARE], other, told;
	bool mine;

	take();
	for (int i = 0; i < SHARE; i++)
		share[i] = ask("/costly\r\n");
	told = ask("/costly\r\n");
	other = ask_from(1, "/costly\r\n");
	assert_true(is_told_to_wait(hear(told)) || !was_mine());
	mine = was_mine() && !is_answered(other, 0);
	peers_leave_lane(&seat, &lane);
	assert_true(strcmp(hear(other), "costly") == 0 || !mine);
	for (int i = 0; i < SHARE; i++)
		assert_true(strcmp(hear(share[i]), "costly") == 0 || !mine);
	return mine;
}

static void
a_network_has_its_share(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_to_crowd())
		assert_true(++tries < TRIES);
}

/* Clients that have reset their connections have no place. */
static bool
try_to_haunt(void)
{
	const struct linger at_once = {.l_onoff = 1};
	const struct ip here = ip_of(0);
	int fd;
	bool mine;

	take();
	for (int i = 0; i < SHARE; i++) {
		fd = ask("/costly\r\n");
		assert_string_equal(hear(ask_from(1, "\r\n")), "cheap");
		setsockopt(
		    fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fd);
	}
	while (peers_count(peers, &here) > 0 && was_mine())
		usleep(500);
	mine = was_mine();
	/* One that has closed its side still reads. */
	fd = ask("/costly\r\n");
	shutdown(fd, SHUT_WR);
	assert_string_equal(hear(ask_from(1, "\r\n")), "cheap");
	peers_leave_lane(&seat, &lane);
	assert_string_equal(hear(fd), "costly");
	return mine;
}

static void
who_has_gone_has_no_place(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_to_haunt())
		assert_true(++tries < TRIES);
}

/* Hold the lane for longer than anybody waits for it. */
static bool
try_to_outwait(int64_t wait_ms)
{
	const int64_t end_ms = clock_ms() + wait_ms + PATIENCE_MS;
	bool told;
	int fd;

	take();
	fd = ask("/costly\r\n");
	while (!is_answered(fd, 100) && clock_ms() < end_ms) {
		/* The lane is this test's again before the server looks. */
		peers_leave_lane(&seat, &lane);
		take();
	}
	told = is_told_to_wait(hear(fd));
	peers_leave_lane(&seat, &lane);
	return told;
}

static void
nobody_waits_for_long(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_to_outwait(LIMIT_LANE_WAIT_MS))
		assert_true(++tries < TRIES);
	assert_string_equal(hear(ask("/costly\r\n")), "costly");
}

/* A page that has a lane lets others finish for LIMIT_LANE_SETTLE_MS, not for
 * as long as a client likes to be silent. */
static void
a_page_begins_beside_a_silent_client(void **state)
{
	int silent = ask("");

	(void)state;
	assert_string_equal(hear(ask("/costly\r\n")), "costly");
	assert_false(is_answered(silent, LIMIT_LANE_SETTLE_MS));
	close(silent);
}

/* false: the machine was too slow for it. */
static bool
try_beside_a_reader(void)
{
	int reader = ask("/costly\r\n");
	int64_t began_ms;
	bool soon;

	assert_true(is_answered(reader, PATIENCE_MS));
	began_ms = clock_ms();
	assert_string_equal(hear(ask("\r\n")), "cheap");
	soon = clock_ms() < began_ms + LIMIT_DRAIN_MS / 2;
	close(reader);
	return soon;
}

/* A worker accepts again as soon as the costly page has run. It does not wait
 * until the reader of that page has closed. */
static void
others_do_not_wait_for_the_reader_of_a_costly_page(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_beside_a_reader())
		assert_true(++tries < TRIES);
}

/* false: the server did not wait for the silent client for long enough. */
static bool
try_to_come_late(void)
{
	const int64_t began_ms = clock_ms();
	int silent, first, second, late;
	struct lane none;
	const char *text;
	bool slow;

	take();
	first = ask("/late\r\n");
	second = ask("/costly\r\n");
	silent = ask("");
	assert_string_equal(hear(ask("\r\n")), "cheap");
	peers_leave_lane(&seat, &lane);
	while (peers_take_lane(&seat, clock_us(), &none))
		peers_leave_lane(&seat, &none);
	late = ask_from(LATE, "\r\n"); /* the server has the lane */
	text = hear(first);
	slow = clock_ms() - began_ms > LIMIT_LANE_MS;
	assert_true(slow || strcmp(text, "late 0") == 0);
	assert_string_equal(hear(late), "cheap");
	assert_string_equal(hear(second), "costly");
	close(silent);
	return !slow;
}

/* Who comes while a worker has a lane goes to another one. */
static void
a_worker_with_a_lane_does_not_accept(void **state)
{
	int tries = 0;

	(void)state;
	while (!try_to_come_late())
		assert_true(++tries < TRIES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_costly_page_waits_and_others_do_not),
	    cmocka_unit_test(one_who_has_gone_is_not_waited_for),
	    cmocka_unit_test(a_queue_has_an_end),
	    cmocka_unit_test(nobody_waits_for_long),
	    cmocka_unit_test(a_network_has_its_share),
	    cmocka_unit_test(who_has_gone_has_no_place),
	    cmocka_unit_test(a_page_begins_beside_a_silent_client),
	    cmocka_unit_test(
		others_do_not_wait_for_the_reader_of_a_costly_page),
	    cmocka_unit_test(a_worker_with_a_lane_does_not_accept)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
