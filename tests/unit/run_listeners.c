/* SPDX-License-Identifier: ISC */
/*
 * Sockets: one port for both families where the kernel chooses it, none
 * closed that the next configuration keeps, and one line when a port is
 * taken.
 */
#include <sys/socket.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "run/worker/listeners.h"
#include "run/worker/process.h"

static struct config
config_of(const char *gemini, const char *gopher)
{
	struct config config = {.dev = false};
	struct str rest = str_from(gemini), part;
	struct buf why;

	buf_init(&why, 1024);
	while (str_next_part(&rest, ' ', &part))
		assert_int_equal(
		    addresses_add(&config.listen[0], part, &why), OK);
	for (size_t i = 1; i < PROTOCOLS_MAX; i++)
		config.listen[i].off = i > 1 || gopher == NULL;
	rest = str_from(gopher);
	while (gopher != NULL && str_next_part(&rest, ' ', &part))
		assert_int_equal(
		    addresses_add(&config.listen[1], part, &why), OK);
	buf_release(&why);
	return config;
}

static struct listeners
open_all(const struct config *config, const struct listeners *old)
{
	struct listeners list;
	struct buf why;

	buf_init(&why, 1024);
	if (listeners_open(config, old, &list, &why) != OK ||
	    listeners_listen(&list, old, &why) != OK) {
		buf_char(&why, '\0');
		fail_msg("%s", why.data);
	}
	buf_release(&why);
	return list;
}

static unsigned
port_of(int fd)
{
	struct sockaddr_storage name;
	socklen_t len = sizeof(name);
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	memcpy(&v4, &name, sizeof(v4));
	memcpy(&v6, &name, sizeof(v6));
	return ntohs(name.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
one_port_serves_both_families(void **state)
{
	struct config config = config_of("0", "0");
	struct listeners list = open_all(&config, NULL);
	int v6only = 0;
	socklen_t len = sizeof(v6only);

	(void)state;
	if (list.count < 4)
		skip(); /* no IPv6 here */
	assert_true(list.services.item[0].port > 0);
	assert_int_equal(
	    port_of(list.item[0].socket), list.services.item[0].port);
	assert_int_equal(
	    port_of(list.item[1].socket), list.services.item[0].port);
	assert_int_equal(
	    port_of(list.item[2].socket), list.services.item[1].port);
	assert_int_equal(
	    port_of(list.item[3].socket), list.services.item[1].port);
	assert_int_not_equal(
	    list.services.item[0].port, list.services.item[1].port);
	assert_ptr_equal(list.item[1].wire, &wire_gemini);
	assert_ptr_equal(list.item[2].wire, &wire_gopher);
	assert_int_equal(getsockopt(list.item[1].socket, IPPROTO_IPV6,
			     IPV6_V6ONLY, &v6only, &len),
	    0);
	assert_int_equal(v6only, 1);
	for (size_t i = 0; i < 4; i++) {
		int fd = list.item[i].socket;

		assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	listeners_close(&list, NULL);
	assert_int_equal(list.count, 0);
}

static void
the_next_keeps_the_sockets_that_stay(void **state)
{
	struct config first = config_of("127.0.0.1:0", "127.0.0.1:0");
	struct config second = config_of("127.0.0.1:0", NULL);
	struct listeners old = open_all(&first, NULL);
	struct listeners next = open_all(&second, &old);
	int kept = old.item[0].socket, dropped = old.item[1].socket;

	(void)state;
	assert_int_equal(next.count, 1);
	assert_int_equal(next.item[0].socket, kept);
	assert_int_equal(next.services.item[0].port, old.services.item[0].port);
	assert_int_equal(next.services.item[1].port, 0);
	/* The next is given up: nothing of the old is touched. */
	listeners_close(&next, &old);
	assert_true(is_open(kept) && is_open(dropped));
	/* The next takes over: only what it does not have is closed. */
	next = open_all(&second, &old);
	listeners_close(&old, &next);
	assert_true(is_open(kept));
	assert_false(is_open(dropped));
	listeners_close(&next, NULL);
	assert_false(is_open(kept));
}

static void
a_port_in_use_is_told(void **state)
{
	struct config first = config_of("127.0.0.1:0", NULL), second;
	struct listeners old = open_all(&first, NULL), list = {.count = 0};
	char address[64], want[200];
	struct buf why;
	enum err err;

	(void)state;
	buf_init(&why, 1024);
	assert_true(snprintf(address, sizeof(address), "127.0.0.1:%u",
			old.services.item[0].port) > 0);
	second = config_of(address, NULL);
	err = listeners_open(&second, NULL, &list, &why);
	assert_int_equal(err, ERR_BUSY);
	assert_int_equal(list.count, 0);
	buf_char(&why, '\0');
	assert_true(snprintf(want, sizeof(want),
			"cannot listen for gemini on %s: Address already in "
			"use",
			address) > 0);
	assert_string_equal(why.data, want);
	buf_release(&why);
	listeners_close(&old, NULL);
}

/*
 * A free port is looked for again and again while another of its addresses is
 * taken. What those tries opened is closed and forgotten: a number that is
 * used anew must not be closed in a child.
 */
static void
failed_tries_are_closed_and_forgotten(void **state)
{
	struct config first = config_of("127.0.0.1:0", NULL), second;
	struct listeners old = open_all(&first, NULL), list = {.count = 0};
	char addresses[64];
	struct buf why;
	int fd, status = -1;
	pid_t pid;

	(void)state;
	assert_true(
	    snprintf(addresses, sizeof(addresses), "127.0.0.1:0 127.0.0.1:%u",
		old.services.item[0].port) > 0);
	second = config_of(addresses, NULL);
	buf_init(&why, 1024);
	assert_int_equal(listeners_open(&second, NULL, &list, &why), ERR_BUSY);
	buf_release(&why);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	pid = process_fork(NULL, 0);
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(is_open(fd) ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(fd);
	listeners_close(&old, NULL);
}

/* Both services on one port: bind(2) lets them, listen(2) does not. */
static void
two_services_on_one_port_are_refused(void **state)
{
	struct config probe = config_of("127.0.0.1:0", NULL), both;
	struct listeners list = open_all(&probe, NULL);
	char address[64];
	struct buf why;
	enum err err;

	(void)state;
	assert_true(snprintf(address, sizeof(address), "127.0.0.1:%u",
			list.services.item[0].port) > 0);
	listeners_close(&list, NULL);
	both = config_of(address, address);
	buf_init(&why, 1024);
	err = listeners_open(&both, NULL, &list, &why);
	if (err == OK)
		err = listeners_listen(&list, NULL, &why);
	assert_int_equal(err, ERR_BUSY);
	assert_true(why.len > 0);
	buf_release(&why);
	listeners_close(&list, NULL);
}

static void
assert_ready(const char *host, const struct listeners *list, const char *want)
{
	struct buf out;

	buf_init(&out, 1024);
	listeners_add_ready(&out, list, host);
	buf_char(&out, '\0');
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
the_ready_line_names_each_address(void **state)
{
	struct config config = config_of("127.0.0.1:0", "127.0.0.1:0");
	struct listeners list = {.services = wire_services()};

	(void)state;
	for (size_t i = 2; i < list.services.count; i++)
		list.services.item[i].port = 0;
	assert_ready("a.example", &list,
	    "ready gemini://a.example/ gopher://a.example/");
	list.services.item[0].port = 1966;
	list.services.item[1].port = 7070;
	assert_ready("a.example", &list,
	    "ready gemini://a.example:1966/ gopher://a.example:7070/");
	list.services.item[1].port = 0;
	assert_ready("localhost", &list, "ready gemini://localhost:1966/");
	config.public_port[0] = 1965;
	config.public_port[1] = 70;
	list = open_all(&config, NULL);
	assert_ready("localhost", &list,
	    "ready gemini://localhost/ gopher://localhost/");
	listeners_close(&list, NULL);
}

/* As long as it is meant, or as the system lets it be. */
static void
the_backlog_is_as_long_as_it_may_be(void **state)
{
	struct config config = config_of("127.0.0.1:0", NULL);
	struct listeners list = open_all(&config, NULL);
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);
	unsigned most = LIMIT_BACKLOG;
	FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
	char text[32] = "";
	int64_t system_most;

	(void)state;
	if (file != NULL) {
		assert_non_null(fgets(text, sizeof(text), file));
		fclose(file);
		assert_int_equal(str_to_int(str_trim(str_from(text)), 1,
				     INT32_MAX, &system_most),
		    OK);
		if (system_most < LIMIT_BACKLOG)
			most = (unsigned)system_most;
	}
	assert_int_equal(
	    getsockopt(list.item[0].socket, IPPROTO_TCP, TCP_INFO, &info, &len),
	    0);
	/* Of a listening socket Linux says its backlog there. */
	assert_int_equal(info.tcpi_sacked, most);
	listeners_close(&list, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_port_serves_both_families),
	    cmocka_unit_test(the_next_keeps_the_sockets_that_stay),
	    cmocka_unit_test(a_port_in_use_is_told),
	    cmocka_unit_test(failed_tries_are_closed_and_forgotten),
	    cmocka_unit_test(two_services_on_one_port_are_refused),
	    cmocka_unit_test(the_ready_line_names_each_address),
	    cmocka_unit_test(the_backlog_is_as_long_as_it_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
