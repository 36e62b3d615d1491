/* SPDX-License-Identifier: ISC */
/*
 * Many clients at once, and what they had to wait:
 *
 *   load [-c CLIENTS] [-n REQUESTS] [-b BYTES] [-s SLACK]
 *       gemini|menu|text PORT LINE
 *   load [-c CLIENTS] hold-tls|hold-tcp PORT
 *
 * The first form asks for LINE (without its CRLF) until REQUESTS have been
 * answered, each on a connection of its own, with a full handshake for Gemini,
 * and CLIENTS of them at once. Every answer is looked at:
 *
 *   gemini  begins with status 20, ends with a close_notify and the FIN
 *   menu    ends with a line that is one dot
 *   text    ends with the FIN
 *
 * and all are BYTES long (with the header; not given: as long as the first),
 * give or take SLACK: a page may count its readers.
 * One line tells requests, errors, seconds, bytes of an answer, requests a
 * second, and the median and the 99th percentile of the time from connecting
 * to the end of the answer. Each kind of error is named on standard error,
 * and the exit status is then 1.
 *
 * The second form opens CLIENTS connections, after the handshake or before the
 * first byte, prints "held", keeps them until standard input ends, and counts
 * those that the server has closed by then as errors.
 *
 * Each connection comes from an address of its own in 127.0.0.0/8, as clients
 * in the world do. One process a core, so that the clients are no bottleneck
 * before the server is one.
 */
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* linux/in.h */
#endif

enum {
	PROCESSES_MAX = 16,
	REQUESTS_MAX = 10 * 1000 * 1000,
	CLIENTS_MAX = 100 * 1000,
	EVENTS_MAX = 256,
	PATIENCE_S = 30, /* for one answer */
	TICK_MS = 500,
	LINE_BYTES = 2048,
	AT_ONCE = 64,              /* handshakes, before connections are held */
	ADDRESS_BITS = 19,         /* for each process, */
	ADDRESS_FIRST = 0x7F000100 /* from 127.0.1.0 on */
};

enum protocol { GEMINI, MENU, TEXT, HOLD_TLS, HOLD_TCP };

/* What may be wrong with an answer. */
enum fault {
	NO_CONNECTION,
	NO_HANDSHAKE,
	RESUMED,
	NO_ANSWER,
	WRONG_STATUS,
	WRONG_LENGTH,
	NO_CLOSE_NOTIFY,
	NO_LAST_DOT,
	TOO_LATE,
	HUNG_UP,
	FAULTS
};

static const char *const fault_names[FAULTS] = {
    [NO_CONNECTION] = "no connection",
    [NO_HANDSHAKE] = "no handshake",
    [RESUMED] = "session resumed",
    [NO_ANSWER] = "no answer",
    [WRONG_STATUS] = "another status",
    [WRONG_LENGTH] = "another length",
    [NO_CLOSE_NOTIFY] = "no close_notify",
    [NO_LAST_DOT] = "no last dot",
    [TOO_LATE] = "too late",
    [HUNG_UP] = "hung up on"};

/* What the processes tell the first one, in memory that they share. */
struct report {
	size_t faults[FAULTS];
	size_t bytes; /* of every answer; 0: not known */
	double seconds;
	size_t done;
};

struct plan {
	enum protocol protocol;
	uint16_t port;
	char line[LINE_BYTES];
	size_t line_len;
	size_t clients, requests; /* of this process */
	size_t bytes, slack;
	struct report *report;
	float *waits;   /* of this process, seconds */
	size_t held;    /* connections */
	uint32_t first; /* of its own addresses */
	uint32_t begun; /* connections */
};

enum state { IDLE, CONNECTING, SHAKING, ASKING, READING, HELD };

struct client {
	enum state state;
	int fd;
	uint32_t waits_for; /* EPOLLIN or EPOLLOUT */
	SSL *ssl;
	double began;
	size_t bytes;
	char head[3], tail[3]; /* of the answer */
};

static int poller;
static SSL_CTX *context;
static char sink[64 * 1024];

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(2);
}

static double
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool
is_tls(const struct plan *plan)
{
	return plan->protocol == GEMINI || plan->protocol == HOLD_TLS;
}

/* ---- one client ----------------------------------------------------- */

static void
hang_up(struct client *client)
{
	if (client->ssl != NULL)
		SSL_free(client->ssl);
	client->ssl = NULL;
	close(client->fd);
	client->state = IDLE;
}

static void
fail(struct plan *plan, struct client *client, enum fault fault)
{
	plan->report->faults[fault]++;
	plan->report->done++;
	ERR_clear_error();
	hang_up(client);
}

static void
wait_for(struct client *client, uint32_t what)
{
	struct epoll_event event = {.events = what, .data.ptr = client};

	if (client->waits_for == what)
		return;
	if (epoll_ctl(poller,
		client->waits_for == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
		client->fd, &event) != 0)
		die("epoll_ctl");
	client->waits_for = what;
}

static void
judge(struct plan *plan, struct client *client, bool notified)
{
	struct report *report = plan->report;

	if (plan->bytes == 0)
		plan->bytes = client->bytes;
	report->bytes = plan->bytes;
	if (client->bytes == 0)
		fail(plan, client, NO_ANSWER);
	else if (plan->protocol == GEMINI &&
	    memcmp(client->head, "20 ", 3) != 0)
		fail(plan, client, WRONG_STATUS);
	else if (plan->protocol == GEMINI && !notified)
		fail(plan, client, NO_CLOSE_NOTIFY);
	else if (plan->protocol == MENU &&
	    memcmp(client->tail, ".\r\n", 3) != 0)
		fail(plan, client, NO_LAST_DOT);
	else if (client->bytes + plan->slack < plan->bytes ||
	    client->bytes > plan->bytes + plan->slack)
		fail(plan, client, WRONG_LENGTH);
	else {
		plan->waits[report->done++] = (float)(now_s() - client->began);
		hang_up(client);
	}
}

/* Keep the first and the last bytes. */
static void
take(struct client *client, const char *data, size_t len)
{
	for (size_t i = 0; i < len && client->bytes + i < 3; i++)
		client->head[client->bytes + i] = data[i];
	for (size_t i = len < 3 ? 0 : len - 3; i < len; i++) {
		client->tail[0] = client->tail[1];
		client->tail[1] = client->tail[2];
		client->tail[2] = data[i];
	}
	client->bytes += len;
}

static void
want(struct plan *plan, struct client *client, int result, enum fault fault)
{
	switch (SSL_get_error(client->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		wait_for(client, EPOLLIN);
		break;
	case SSL_ERROR_WANT_WRITE:
		wait_for(client, EPOLLOUT);
		break;
	default:
		fail(plan, client, fault);
	}
}

static void
read_tls(struct plan *plan, struct client *client)
{
	int n;

	while ((n = SSL_read(client->ssl, sink, sizeof(sink))) > 0)
		take(client, sink, (size_t)n);
	switch (SSL_get_error(client->ssl, n)) {
	case SSL_ERROR_ZERO_RETURN:
		judge(plan, client, true);
		break;
	case SSL_ERROR_WANT_READ:
		wait_for(client, EPOLLIN);
		break;
	default:
		judge(plan, client, false);
	}
}

static void
read_plain(struct plan *plan, struct client *client)
{
	ssize_t n;

	while ((n = recv(client->fd, sink, sizeof(sink), 0)) > 0)
		take(client, sink, (size_t)n);
	if (n == 0)
		judge(plan, client, false);
	else if (errno == EAGAIN)
		wait_for(client, EPOLLIN);
	else
		fail(plan, client, NO_ANSWER);
}

static void
ask(struct plan *plan, struct client *client)
{
	client->state = READING;
	if (is_tls(plan)) {
		int n = SSL_write(client->ssl, plan->line, (int)plan->line_len);
		if (n <= 0)
			fail(plan, client, NO_ANSWER);
		else
			wait_for(client, EPOLLIN);
		return;
	}
	if (send(client->fd, plan->line, plan->line_len, MSG_NOSIGNAL) !=
	    (ssize_t)plan->line_len)
		fail(plan, client, NO_ANSWER);
	else
		wait_for(client, EPOLLIN);
}

static void
hold(struct plan *plan, struct client *client)
{
	client->state = HELD;
	plan->held++;
	wait_for(client, EPOLLIN);
}

static void
shake_hands(struct plan *plan, struct client *client)
{
	int n = SSL_do_handshake(client->ssl);

	if (n != 1)
		want(plan, client, n, NO_HANDSHAKE);
	else if (SSL_session_reused(client->ssl))
		fail(plan, client, RESUMED);
	else if (plan->protocol == HOLD_TLS)
		hold(plan, client);
	else
		ask(plan, client);
}

static void
begin_tls(struct plan *plan, struct client *client)
{
	char name[] = "localhost"; /* OpenSSL casts const away */

	client->ssl = SSL_new(context);
	if (client->ssl == NULL || SSL_set_fd(client->ssl, client->fd) != 1 ||
	    SSL_set_tlsext_host_name(client->ssl, name) != 1)
		die("SSL_new");
	SSL_set_connect_state(client->ssl);
	client->state = SHAKING;
	shake_hands(plan, client);
}

static void
connected(struct plan *plan, struct client *client)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ||
	    error != 0)
		fail(plan, client, NO_CONNECTION);
	else if (is_tls(plan))
		begin_tls(plan, client);
	else if (plan->protocol == HOLD_TCP)
		hold(plan, client);
	else
		ask(plan, client);
}

/* A client is ready for its next step. */
static void
advance(struct plan *plan, struct client *client)
{
	switch (client->state) {
	case CONNECTING:
		connected(plan, client);
		break;
	case SHAKING:
		shake_hands(plan, client);
		break;
	case READING:
		if (is_tls(plan))
			read_tls(plan, client);
		else
			read_plain(plan, client);
		break;
	case HELD:
		plan->held--;
		fail(plan, client, HUNG_UP);
		break;
	default:
		break;
	}
}

static void
begin(struct plan *plan, struct client *client)
{
	const int on = 1;
	const uint32_t address =
	    plan->first + plan->begun++ % (1U << ADDRESS_BITS);
	struct sockaddr_in from = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons(plan->port)};

	*client = (struct client){.began = now_s(), .state = CONNECTING};
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (client->fd < 0 || fcntl(client->fd, F_SETFL, O_NONBLOCK) != 0)
		die("socket");
	(void)setsockopt(
	    client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (bind(client->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		die("bind");
	if (connect(client->fd, (struct sockaddr *)&to, sizeof(to)) != 0 &&
	    errno != EINPROGRESS)
		fail(plan, client, NO_CONNECTION);
	else
		wait_for(client, EPOLLOUT);
}

/* ---- a process ------------------------------------------------------ */

static void
expire(struct plan *plan, struct client *clients)
{
	double latest = now_s() - (double)PATIENCE_S;

	for (size_t i = 0; i < plan->clients; i++)
		if (clients[i].state != IDLE && clients[i].state != HELD &&
		    clients[i].began < latest)
			fail(plan, &clients[i], TOO_LATE);
}

/* Let clients act for a moment; false: nothing happened. */
static bool
turn(struct plan *plan)
{
	static struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(poller, events, EVENTS_MAX, TICK_MS);

	for (int i = 0; i < n; i++)
		advance(plan, events[i].data.ptr);
	return n > 0;
}

static void
ask_all(struct plan *plan, struct client *clients)
{
	size_t begun = 0;
	double began = now_s(), looked = began;

	while (plan->report->done < plan->requests) {
		for (size_t i = 0; i < plan->clients && begun < plan->requests;
		     i++)
			if (clients[i].state == IDLE) {
				begin(plan, &clients[i]);
				begun++;
			}
		turn(plan);
		if (now_s() - looked > 1) {
			looked = now_s();
			expire(plan, clients);
		}
	}
	plan->report->seconds = now_s() - began;
}

/* Connect, say so on told, and keep them until input ends. */
static void
hold_all(struct plan *plan, struct client *clients, int told)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	size_t begun = 0, settled;

	while ((settled = plan->held + plan->report->done) < plan->clients) {
		if (begun < plan->clients && begun - settled < AT_ONCE)
			begin(plan, &clients[begun++]);
		else if (!turn(plan))
			expire(plan, clients);
	}
	if (write(told, "h", 1) != 1)
		die("write");
	while (poll(&input, 1, 0) == 0)
		turn(plan);
}

static _Noreturn void
run(struct plan *plan, int told)
{
	struct client *clients = calloc(plan->clients + 1, sizeof(*clients));

	poller = epoll_create1(EPOLL_CLOEXEC);
	if (clients == NULL || poller < 0)
		die("client");
	if (is_tls(plan)) {
		context = SSL_CTX_new(TLS_client_method());
		if (context == NULL)
			die("SSL_CTX_new");
		SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
		SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	}
	if (plan->protocol >= HOLD_TLS)
		hold_all(plan, clients, told);
	else
		ask_all(plan, clients);
	_exit(0);
}

/* ---- all of them ---------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static double
quantile_ms(const float *sorted, size_t count, double part)
{
	size_t at = (size_t)(part * (double)count);

	if (count == 0)
		return 0;
	return 1000 * (double)sorted[at < count ? at : count - 1];
}

static size_t
print_faults(const struct report *reports, size_t processes)
{
	size_t all = 0;

	for (size_t fault = 0; fault < FAULTS; fault++) {
		size_t count = 0;
		for (size_t i = 0; i < processes; i++)
			count += reports[i].faults[fault];
		if (count > 0)
			fprintf(stderr, "load: %zu %s\n", count,
			    fault_names[fault]);
		all += count;
	}
	return all;
}

static void
print_report(const struct report *reports, size_t processes, float *waits,
    size_t requests, size_t errors)
{
	double seconds = 0;
	size_t good = 0;

	for (size_t i = 0; i < requests; i++)
		if (waits[i] > 0)
			waits[good++] = waits[i];
	qsort(waits, good, sizeof(*waits), compare);
	for (size_t i = 0; i < processes; i++)
		if (reports[i].seconds > seconds)
			seconds = reports[i].seconds;
	printf("requests=%zu errors=%zu seconds=%.3f bytes=%zu rate=%.0f "
	       "p50_ms=%.2f p99_ms=%.2f\n",
	    requests, errors, seconds, reports[0].bytes,
	    (double)requests / (seconds > 0 ? seconds : 1),
	    quantile_ms(waits, good, 0.50), quantile_ms(waits, good, 0.99));
}

static size_t
number(const char *text, size_t most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n > most) {
		fprintf(
		    stderr, "load: not a number up to %zu: %s\n", most, text);
		exit(2);
	}
	return n;
}

static _Noreturn void
usage(void)
{
	fprintf(stderr,
	    "usage: load [-c CLIENTS] [-n REQUESTS] [-b BYTES] "
	    "[-s SLACK]\n            gemini|menu|text PORT LINE\n"
	    "       load [-c CLIENTS] hold-tls|hold-tcp PORT\n");
	exit(2);
}

static enum protocol
protocol_of(const char *word)
{
	static const char *const words[] = {[GEMINI] = "gemini",
	    [MENU] = "menu",
	    [TEXT] = "text",
	    [HOLD_TLS] = "hold-tls",
	    [HOLD_TCP] = "hold-tcp"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0)
			return (enum protocol)i;
	usage();
}

static void
read_arguments(int argc, char **argv, struct plan *plan)
{
	int option, len;

	plan->clients = plan->requests = 1;
	while ((option = getopt(argc, argv, "c:n:b:s:")) != -1) {
		if (option == 'c')
			plan->clients = number(optarg, CLIENTS_MAX);
		else if (option == 'n')
			plan->requests = number(optarg, REQUESTS_MAX);
		else if (option == 'b')
			plan->bytes = number(optarg, SIZE_MAX / 4);
		else if (option == 's')
			plan->slack = number(optarg, SIZE_MAX / 4);
		else
			usage();
	}
	if (argc - optind < 2)
		usage();
	plan->protocol = protocol_of(argv[optind]);
	plan->port = (uint16_t)number(argv[optind + 1], UINT16_MAX);
	if (argc - optind != (plan->protocol >= HOLD_TLS ? 2 : 3))
		usage();
	if (plan->protocol >= HOLD_TLS) {
		plan->requests = plan->clients;
		return;
	}
	len = snprintf(
	    plan->line, sizeof(plan->line), "%s\r\n", argv[optind + 2]);
	if (len < 0 || (size_t)len >= sizeof(plan->line))
		usage();
	plan->line_len = (size_t)len;
}

/* Memory that all processes see. */
static void *
shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

/* The nth of so many equal parts of a number. */
static size_t
part(size_t all, size_t n, size_t parts)
{
	return all * (n + 1) / parts - all * n / parts;
}

int
main(int argc, char **argv)
{
	struct plan plan = {0}, own;
	struct rlimit files;
	size_t processes = (size_t)sysconf(_SC_NPROCESSORS_ONLN), at = 0;
	struct report *reports;
	float *waits;
	int told[2], status = 0, worst = 0;
	size_t errors;

	read_arguments(argc, argv, &plan);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (processes > PROCESSES_MAX)
		processes = PROCESSES_MAX;
	if (processes > plan.clients)
		processes = plan.clients;
	reports = shared((processes + 1) * sizeof(*reports));
	waits = shared((plan.requests + 1) * sizeof(*waits));
	if (pipe(told) != 0)
		die("pipe");
	for (size_t i = 0; i < processes; i++) {
		own = plan;
		own.clients = part(plan.clients, i, processes);
		own.requests = part(plan.requests, i, processes);
		own.report = &reports[i];
		own.waits = waits + at;
		own.first = ADDRESS_FIRST + ((uint32_t)i << ADDRESS_BITS);
		at += own.requests;
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			run(&own, told[1]);
		default:
			break;
		}
	}
	close(told[1]);
	if (plan.protocol >= HOLD_TLS) {
		char byte;
		for (size_t i = 0; i < processes; i++)
			if (read(told[0], &byte, 1) != 1)
				return 2;
		puts("held");
		fflush(stdout);
	}
	while (wait(&status) > 0)
		if (status != 0)
			worst = 2;
	errors = print_faults(reports, processes);
	if (plan.protocol < HOLD_TLS)
		print_report(reports, processes, waits, plan.requests, errors);
	return worst != 0 ? worst : errors > 0;
}
