/* SPDX-License-Identifier: ISC */
/*
 * The ceiling: how fast could a server be that does nothing?
 *
 *   ceiling gemini PORT CERT KEY
 *   ceiling gopher PORT
 *
 * One process a core; each does a handshake, reads a line and sends fixed
 * bytes from memory, as many as the number at the line's end says. It has no
 * deadlines, no limits, no log, and believes whatever it is sent: what it
 * does have is every way we know to do less for each client. It shares no
 * line with the server, for a yardstick must not move with what it measures.
 *
 *   - all sessions of a process share one buffer for each direction, so that
 *     an event costs one recv and one send
 *   - header and body are one SSL_write, close_notify and FIN ride in the
 *     answer's last segment
 *   - a session is made at the client's first bytes and used again for the
 *     next client
 *   - OpenSSL's memory comes from lists of used blocks
 *   - no tickets; a quick ACK in their place, or a client with Nagle's
 *     algorithm on would wait for a delayed one
 *
 * Prints "ready" when it listens; ends when its standard input does.
 */
#define _GNU_SOURCE /* accept4 */

#include <sys/epoll.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

enum {
	BACKLOG = 4096,
	DEFER_S = 1, /* a client is accepted with its first bytes */
	EVENTS_MAX = 64,
	ACCEPT_TURN = 16,
	IN_SIZE = 64 * 1024,
	LINE_MAX_BYTES = 1026,
	BODY_USUAL = 2048, /* bytes, for a line without a number */
	BODY_MAX = 1024 * 1024,
	OUT_SIZE = 2 * BODY_MAX, /* a whole answer, encrypted */
	BLOCK_STEP = 64,         /* sizes of blocks are multiples of it */
	BLOCK_LISTS = 300,       /* the longest is 19 kB */
	BLOCK_HEAD = 16          /* keeps what follows aligned */
};

#define HEADER "20 text/gemini\r\n"

struct client {
	int fd;
	bool shaken; /* hands: the handshake is done */
	bool ended;  /* all is said; the client's FIN is waited for */
	SSL *ssl;    /* NULL: plain, or nothing has come yet */
	char *rest;  /* what the kernel did not take */
	size_t rest_at, rest_len;
	struct client *next; /* while it is unused */
};

/* What a process has. */
static int poller, listening;
static SSL_CTX *context; /* NULL: plain */
static BIO_METHOD *method;
static struct client *unused;
static SSL **sessions; /* that wait for a client */
static size_t session_count, session_room;
static char *answer; /* HEADER and a body */
static char in[IN_SIZE], out[OUT_SIZE];
static size_t in_at, in_len, out_len;

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- OpenSSL's memory ----------------------------------------------- */

union block {
	struct {
		size_t list; /* BLOCK_LISTS: none, it is too long */
	} head;
	union block *next; /* while it is free */
	char align[BLOCK_HEAD];
};

static union block *blocks[BLOCK_LISTS];

static void *
block_take(size_t size, const char *file, int line)
{
	size_t list = (size + BLOCK_STEP - 1) / BLOCK_STEP;
	union block *block;

	(void)file;
	(void)line;
	if (list >= BLOCK_LISTS) {
		list = BLOCK_LISTS;
		block = malloc(sizeof(*block) + size);
	} else if (blocks[list] != NULL) {
		block = blocks[list];
		blocks[list] = block->next;
	} else {
		block = malloc(sizeof(*block) + list * BLOCK_STEP);
	}
	if (block == NULL)
		return NULL;
	block->head.list = list;
	return block + 1;
}

static void
block_give(void *data, const char *file, int line)
{
	union block *block = data;
	size_t list;

	(void)file;
	(void)line;
	if (block == NULL)
		return;
	list = (--block)->head.list;
	if (list == BLOCK_LISTS) {
		free(block);
		return;
	}
	block->next = blocks[list];
	blocks[list] = block;
}

static void *
block_change(void *data, size_t size, const char *file, int line)
{
	union block *block = data;
	void *larger;

	if (block == NULL)
		return block_take(size, file, line);
	if (size == 0) {
		block_give(data, file, line);
		return NULL;
	}
	block--;
	if (block->head.list == BLOCK_LISTS) {
		block = realloc(block, sizeof(*block) + size);
		return block == NULL ? NULL : block + 1;
	}
	if (size <= block->head.list * BLOCK_STEP)
		return data;
	larger = block_take(size, file, line);
	if (larger != NULL) {
		memcpy(larger, data, block->head.list * BLOCK_STEP);
		block_give(data, file, line);
	}
	return larger;
}

/* ---- the shared buffers --------------------------------------------- */

static int
shared_read(BIO *bio, char *room, int size)
{
	size_t n = in_len - in_at;

	BIO_clear_retry_flags(bio);
	if (n == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	if (n > (size_t)size)
		n = (size_t)size;
	memcpy(room, in + in_at, n);
	in_at += n;
	return (int)n;
}

static int
shared_write(BIO *bio, const char *data, int len)
{
	BIO_clear_retry_flags(bio);
	if ((size_t)len > sizeof(out) - out_len)
		return -1;
	memcpy(out + out_len, data, (size_t)len);
	out_len += (size_t)len;
	return len;
}

static long
shared_control(BIO *bio, int what, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return what == BIO_CTRL_FLUSH;
}

static int
shared_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

/* ---- sessions ------------------------------------------------------- */

static SSL *
session_new(void)
{
	SSL *ssl = SSL_new(context);
	BIO *bio = BIO_new(method);

	if (ssl == NULL || bio == NULL)
		die("SSL_new");
	SSL_set_bio(ssl, bio, bio);
	SSL_set_accept_state(ssl);
	return ssl;
}

static void
session_give(SSL *ssl)
{
	if (session_count == session_room) {
		session_room = session_room * 2 + 64;
		sessions = realloc(sessions, session_room * sizeof(SSL *));
		if (sessions == NULL)
			die("sessions");
	}
	if (SSL_clear(ssl) == 1)
		sessions[session_count++] = ssl;
	else
		SSL_free(ssl);
}

static void
set_up_tls(char **files)
{
	char groups[] = "X25519:P-256"; /* OpenSSL casts const away */

	if (CRYPTO_set_mem_functions(block_take, block_change, block_give) != 1)
		die("CRYPTO_set_mem_functions");
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL ||
	    SSL_CTX_use_certificate_chain_file(context, files[0]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, files[1], SSL_FILETYPE_PEM) !=
		1 ||
	    SSL_CTX_set_ciphersuites(context,
		"TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") != 1 ||
	    SSL_CTX_set1_groups_list(context, groups) != 1 ||
	    SSL_CTX_set_num_tickets(context, 0) != 1) {
		ERR_print_errors_fp(stderr);
		exit(1);
	}
	SSL_CTX_set_options(
	    context, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "shared");
	if (method == NULL)
		die("BIO_meth_new");
	BIO_meth_set_read(method, shared_read);
	BIO_meth_set_write(method, shared_write);
	BIO_meth_set_ctrl(method, shared_control);
	BIO_meth_set_create(method, shared_create);
}

/* ---- a client ------------------------------------------------------- */

static void
hang_up(struct client *client)
{
	close(client->fd);
	if (client->ssl != NULL)
		session_give(client->ssl);
	free(client->rest);
	client->next = unused;
	unused = client;
}

/* Wait until the client takes more. */
static bool
keep_rest(struct client *client, const char *data, size_t len)
{
	struct epoll_event event = {.events = EPOLLOUT, .data.ptr = client};

	client->rest = malloc(len);
	if (client->rest == NULL)
		return false;
	memcpy(client->rest, data, len);
	client->rest_len = len;
	client->rest_at = 0;
	return epoll_ctl(poller, EPOLL_CTL_MOD, client->fd, &event) == 0;
}

/* Send what is in out; false: the client is to be hung up on. */
static bool
flush(struct client *client, bool last)
{
	size_t len = out_len;
	ssize_t n;

	out_len = 0;
	if (len == 0)
		return true;
	n = send(client->fd, out, len, MSG_NOSIGNAL | (last ? MSG_MORE : 0));
	if (n < 0 && errno != EAGAIN)
		return false;
	if (n < 0)
		n = 0;
	client->ended = last;
	if ((size_t)n < len)
		return keep_rest(client, out + n, len - (size_t)n);
	return !last || shutdown(client->fd, SHUT_WR) == 0;
}

static bool
send_rest(struct client *client)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
	ssize_t n = send(client->fd, client->rest + client->rest_at,
	    client->rest_len - client->rest_at, MSG_NOSIGNAL | MSG_MORE);

	if (n < 0)
		return errno == EAGAIN;
	client->rest_at += (size_t)n;
	if (client->rest_at < client->rest_len)
		return true;
	free(client->rest);
	client->rest = NULL;
	return epoll_ctl(poller, EPOLL_CTL_MOD, client->fd, &event) == 0 &&
	    shutdown(client->fd, SHUT_WR) == 0;
}

/* How many bytes does the line want? "gemini://localhost/4096", "/4096". */
static size_t
wanted(const char *line, size_t len)
{
	size_t at = len, number = 0;

	while (at > 0 && (line[at - 1] == '\r' || line[at - 1] == '\n'))
		at--;
	len = at;
	while (at > 0 && line[at - 1] >= '0' && line[at - 1] <= '9')
		at--;
	if (at == len || at == 0 || line[at - 1] != '/')
		return BODY_USUAL;
	for (; at < len && number <= BODY_MAX; at++)
		number = number * 10 + (size_t)(line[at] - '0');
	return number <= BODY_MAX ? number : BODY_MAX;
}

static bool
answer_tls(struct client *client)
{
	const size_t head = sizeof(HEADER) - 1;
	char line[LINE_MAX_BYTES];
	int n;

	do
		n = SSL_read(client->ssl, line, sizeof(line));
	while (n > 0 && line[n - 1] != '\n');
	if (n <= 0)
		return SSL_get_error(client->ssl, n) == SSL_ERROR_WANT_READ &&
		    flush(client, false);
	n = (int)(head + wanted(line, (size_t)n));
	return SSL_write(client->ssl, answer, n) == n &&
	    SSL_shutdown(client->ssl) >= 0 && flush(client, true);
}

static bool
shake_hands(struct client *client)
{
	const int on = 1;
	int n;

	if (client->ssl == NULL)
		client->ssl = session_count > 0 ? sessions[--session_count]
						: session_new();
	ERR_clear_error();
	n = SSL_do_handshake(client->ssl);
	if (n != 1)
		return SSL_get_error(client->ssl, n) == SSL_ERROR_WANT_READ &&
		    flush(client, false);
	client->shaken = true;
	setsockopt(client->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	return flush(client, false);
}

static bool
answer_plain(struct client *client)
{
	const size_t head = sizeof(HEADER) - 1;

	if (in[in_len - 1] != '\n')
		return true;
	out_len = wanted(in, in_len);
	memcpy(out, answer + head, out_len);
	return flush(client, true);
}

static bool
read_client(struct client *client)
{
	ssize_t n = recv(client->fd, in, sizeof(in), 0);

	if (n < 0)
		return errno == EAGAIN;
	if (n == 0)
		return false;
	if (client->ended)
		return true;
	in_len = (size_t)n;
	in_at = 0;
	if (context == NULL)
		return answer_plain(client);
	if (!client->shaken && !shake_hands(client))
		return false;
	return !client->shaken || in_at == in_len || answer_tls(client);
}

static void
serve(struct client *client)
{
	if (!(client->rest != NULL ? send_rest(client) : read_client(client)))
		hang_up(client);
}

/* ---- a process ------------------------------------------------------ */

static struct client *
client_new(int fd)
{
	struct client *client = unused;

	if (client != NULL)
		unused = client->next;
	else
		client = malloc(sizeof(*client));
	if (client == NULL)
		die("client");
	*client = (struct client){.fd = fd};
	return client;
}

static void
accept_clients(void)
{
	for (int i = 0; i < ACCEPT_TURN; i++) {
		struct epoll_event event = {.events = EPOLLIN};
		int fd = accept4(
		    listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		event.data.ptr = client_new(fd);
		if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0)
			die("epoll_ctl");
		serve(event.data.ptr);
	}
}

static void
watch(int fd, void *what, uint32_t how)
{
	struct epoll_event event = {.events = EPOLLIN | how, .data.ptr = what};

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll_ctl");
}

/* Until the parent has ended, which alone has the pipe's other side. */
static _Noreturn void
run(int life)
{
	static struct epoll_event events[EVENTS_MAX];

	poller = epoll_create1(EPOLL_CLOEXEC);
	if (poller < 0)
		die("epoll_create1");
	watch(listening, &listening, EPOLLEXCLUSIVE);
	watch(life, &poller, 0);
	for (;;) {
		int n = epoll_wait(poller, events, EVENTS_MAX, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == &listening)
				accept_clients();
			else if (events[i].data.ptr == &poller)
				_exit(0);
			else
				serve(events[i].data.ptr);
		}
	}
}

static void
listen_at(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
	const int on = 1, defer = DEFER_S;

	listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (listening < 0 ||
	    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) !=
		0 ||
	    setsockopt(listening, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer,
		sizeof(defer)) != 0 ||
	    bind(listening, (struct sockaddr *)&address, sizeof(address)) !=
		0 ||
	    listen(listening, BACKLOG) != 0)
		die(port);
}

static void
make_answer(void)
{
	const size_t head = sizeof(HEADER) - 1;

	answer = malloc(head + BODY_MAX);
	if (answer == NULL)
		die("answer");
	memcpy(answer, HEADER, head);
	for (size_t i = 0; i < BODY_MAX; i++)
		answer[head + i] = i % 64 == 63 ? '\n' : (char)('a' + i % 26);
}

int
main(int argc, char **argv)
{
	bool tls = argc == 5 && strcmp(argv[1], "gemini") == 0;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int life[2];
	char byte;

	if (!tls && !(argc == 3 && strcmp(argv[1], "gopher") == 0)) {
		fprintf(stderr,
		    "usage: ceiling gemini PORT CERT KEY\n"
		    "       ceiling gopher PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (tls)
		set_up_tls(argv + 3);
	make_answer();
	listen_at(argv[2]);
	if (pipe(life) != 0)
		die("pipe");
	for (long i = 0; i < cores; i++) {
		pid_t pid = fork();
		if (pid < 0)
			die("fork");
		if (pid == 0) {
			close(life[1]);
			run(life[0]);
		}
	}
	close(life[0]);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
