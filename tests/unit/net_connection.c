/* SPDX-License-Identifier: ISC */
/*
 * The network side over real sockets, with a site that is none: requests in
 * pieces, early ends, TLS on both ports, what a cut file looks like to the
 * reader, and draining. The server runs in a child process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/net.h"

enum { BIG_FILE = 3 * 1024 * 1024, DRAIN_MS = 3000 };

static char dir[64], big_file[96];
static struct net_listener listeners[2];
static unsigned ports[2]; /* gemini, gopher */
static pid_t server;

/* ---- the site that is none ------------------------------------------ */

static void
answer_file(struct reply *reply, uint64_t size)
{
	reply->type = REPLY_FILE;
	reply->mime = STR("application/octet-stream");
	reply->file = open(big_file, O_RDONLY | O_CLOEXEC);
	reply->size = size;
}

void
site_answer(
    struct site *site, const struct request *request, struct reply *reply)
{
	struct str name =
	    request->path.count == 0 ? STR("") : request->path.segment[0];

	(void)site;
	*reply = (struct reply){.type = REPLY_BYTES,
	    .mime = STR("text/plain"),
	    .bytes = STR("hello"),
	    .file = -1};
	if (str_equal(name, STR("who")))
		reply->bytes = request->identity == NULL
		    ? STR("nobody")
		    : request->identity->name;
	else if (str_equal(name, STR("file")))
		answer_file(reply, BIG_FILE);
	else if (str_equal(name, STR("short")))
		answer_file(reply, BIG_FILE + 1);
	else if (str_equal(name, STR("up")) && request->upload->awaited)
		reply->awaits = true;
	else if (str_equal(name, STR("up")))
		reply->bytes = request->upload->body;
	else if (name.len > 0)
		reply_refuse(reply, REFUSAL_MISSING, STR(""));
}

static void
on_stop(evutil_socket_t fd, short what, void *context)
{
	struct net **net = context;

	(void)fd;
	(void)what;
	net_drain(*net, DRAIN_MS);
}

static _Noreturn void
serve(void)
{
	const struct str host = STR("localhost");
	const struct services services = {
	    .item = {{&wire_gemini.protocol, ports[0]},
		{&wire_gopher.protocol, ports[1]}},
	    .count = 2};
	struct event_base *base = event_base_new();
	struct net_options options = {.host = host,
	    .services = services,
	    .listeners = listeners,
	    .listener_count = 2,
	    .uploads = dir,
	    .connections_max = 8};
	struct net *net;
	struct event *stop;
	struct buf why;

	buf_init(&why, 1024);
	if (tls_open(dir, &host, 1, NULL, &options.tls, &why) != OK ||
	    net_open(base, &options, &net) != OK)
		_exit(3);
	stop = evsignal_new(base, SIGTERM, on_stop, &net);
	event_add(stop, NULL);
	event_base_dispatch(base);
	event_free(stop);
	net_close(net);
	event_base_free(base);
	tls_close(options.tls);
	exit(0); /* so that leaks are told */
}

static unsigned
listen_here(struct net_listener *listener, const struct wire *wire)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*listener = (struct net_listener){fd, wire};
	return ntohs(address.sin_port);
}

static int
set_up(void **state)
{
	bool made;
	struct buf why;
	static char zeros[64 * 1024];
	int fd;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-net-XXXXXX");
	assert_non_null(mkdtemp(dir));
	buf_init(&why, 1024);
	assert_int_equal(
	    tls_make_certificate(dir, STR("localhost"), &made, &why), OK);
	snprintf(big_file, sizeof(big_file), "%s/big", dir);
	fd = open(big_file, O_WRONLY | O_CREAT, 0600);
	for (size_t n = 0; n < BIG_FILE; n += sizeof(zeros))
		assert_int_equal(
		    write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	close(fd);
	ports[0] = listen_here(&listeners[0], &wire_gemini);
	ports[1] = listen_here(&listeners[1], &wire_gopher);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_LEVEL_ERROR);
	server = fork();
	if (server == 0)
		serve();
	return server < 0;
}

static int
tear_down(void **state)
{
	char path[160];
	int status = -1;

	(void)state;
	kill(server, SIGTERM);
	assert_int_equal(waitpid(server, &status, 0), server);
	snprintf(path, sizeof(path), "%s/localhost.cert.pem", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/localhost.key.pem", dir);
	unlink(path);
	unlink(big_file);
	rmdir(dir);
	assert_int_equal(status, 0);
	return 0;
}

/* ---- a client ------------------------------------------------------- */

static int
connect_to(unsigned port)
{
	const struct timeval patience = {.tv_sec = 15};
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(
	    send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that comes until the other side has shut; closes. */
static const char *
hear(int fd)
{
	static char text[8192];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, text + len, sizeof(text) - 1 - len, 0)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0);
	text[len] = '\0';
	close(fd);
	return text;
}

struct talk {
	size_t len;      /* bytes heard */
	char text[4096]; /* their beginning */
	bool notified;   /* by close_notify that this is all */
};

/* certificate NULL: come without one. */
static SSL *
tls_connect(unsigned port, const char *sni, X509 *certificate, EVP_PKEY *key)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl;

	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	if (certificate != NULL) {
		SSL_CTX_use_certificate(context, certificate);
		SSL_CTX_use_PrivateKey(context, key);
	}
	ssl = SSL_new(context);
	SSL_CTX_free(context);
	SSL_set_fd(ssl, connect_to(port));
	if (sni != NULL) {
		char name[64]; /* OpenSSL casts const away */
		snprintf(name, sizeof(name), "%s", sni);
		SSL_set_tlsext_host_name(ssl, name);
	}
	assert_int_equal(SSL_connect(ssl), 1);
	return ssl;
}

static void
tls_end(SSL *ssl)
{
	close(SSL_get_fd(ssl));
	SSL_free(ssl);
}

static struct talk
tls_hear(SSL *ssl)
{
	struct talk talk = {0};
	char piece[16384];
	int n;

	while ((n = SSL_read(ssl, piece, sizeof(piece))) > 0) {
		for (int i = 0; i < n; i++)
			if (talk.len + (size_t)i < sizeof(talk.text) - 1)
				talk.text[talk.len + (size_t)i] = piece[i];
		talk.len += (size_t)n;
	}
	talk.notified = SSL_get_error(ssl, n) == SSL_ERROR_ZERO_RETURN;
	ERR_clear_error();
	tls_end(ssl);
	return talk;
}

static struct talk
gemini(const char *sni, const char *path)
{
	SSL *ssl = tls_connect(ports[0], sni, NULL, NULL);
	char line[256];

	snprintf(
	    line, sizeof(line), "gemini://localhost:%u%s\r\n", ports[0], path);
	assert_true(SSL_write(ssl, line, (int)strlen(line)) > 0);
	return tls_hear(ssl);
}

/* ---- the tests ------------------------------------------------------ */

static void
a_gopher_line_is_answered(void **state)
{
	static const struct {
		const char *said, *heard;
	} cases[] = {{"\r\n", "hello"}, {"/\r\n", "hello"}, {"\n", "hello"},
	    {"/nope\r\n", "3404 Not found\t\terror.host\t1\r\n.\r\n"},
	    {"/\r\nand more", "hello"}};
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		fd = connect_to(ports[1]);
		say(fd, cases[i].said);
		assert_string_equal(hear(fd), cases[i].heard);
	}
	/* The end of input ends a line; of nothing, it ends the talk. */
	fd = connect_to(ports[1]);
	say(fd, "/");
	shutdown(fd, SHUT_WR);
	assert_string_equal(hear(fd), "hello");
	fd = connect_to(ports[1]);
	shutdown(fd, SHUT_WR);
	assert_string_equal(hear(fd), "");
	fd = connect_to(ports[1]);
	say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_memory_equal(hear(fd), "HTTP/1.0 400 ", 13);
}

static void
a_line_that_is_too_long_is_refused(void **state)
{
	char line[8192] = "/";
	const size_t most = wire_gopher.protocol.line_max;
	int fd = connect_to(ports[1]);

	(void)state;
	assert_true(most + sizeof("a\r\n") < sizeof(line));
	memset(line + 1, 'a', most - 1);
	memcpy(line + most, "\r\n", sizeof("\r\n"));
	say(fd, line);
	assert_int_not_equal(strncmp(hear(fd), "3400 ", 5), 0);
	fd = connect_to(ports[1]);
	memcpy(line + most, "a\r\n", sizeof("a\r\n"));
	say(fd, line);
	assert_memory_equal(hear(fd), "3400 ", 5);
}

static void
a_gemini_line_is_answered_and_closed(void **state)
{
	struct talk talk = gemini("localhost", "/");

	(void)state;
	assert_string_equal(talk.text, "20 text/plain\r\nhello");
	assert_true(talk.notified);
	talk = gemini(NULL, "/");
	assert_string_equal(talk.text, "20 text/plain\r\nhello");
	talk = gemini("other.example", "/");
	assert_memory_equal(talk.text, "53 ", 3);
	assert_true(talk.notified);
	talk = gemini("localhost", "/nope");
	assert_string_equal(talk.text, "51 Not found\r\n");
	assert_true(talk.notified);
	talk = gemini("localhost", "/..");
	assert_memory_equal(talk.text, "59 ", 3);
	assert_true(talk.notified);
}

static void
a_line_may_come_byte_by_byte(void **state)
{
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	struct talk talk;
	char line[64];

	(void)state;
	snprintf(line, sizeof(line), "gemini://localhost:%u/\r\n", ports[0]);
	for (size_t i = 0; line[i] != '\0'; i++)
		assert_int_equal(SSL_write(ssl, line + i, 1), 1);
	talk = tls_hear(ssl);
	assert_string_equal(talk.text, "20 text/plain\r\nhello");
}

static void
a_line_that_is_cut_off_is_refused(void **state)
{
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	struct talk talk;

	(void)state;
	SSL_shutdown(ssl);
	talk = tls_hear(ssl);
	assert_int_equal(talk.len, 0);
	assert_true(talk.notified);
	ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	assert_int_equal(SSL_write(ssl, "gemini://", 9), 9);
	SSL_shutdown(ssl);
	talk = tls_hear(ssl);
	assert_memory_equal(talk.text, "59 ", 3);
	assert_true(talk.notified);
}

static void
plain_text_to_gemini_is_not_answered(void **state)
{
	int fd = connect_to(ports[0]);
	const char *heard;

	(void)state;
	say(fd, "gemini://localhost/\r\n");
	heard = hear(fd);
	assert_true(heard[0] < '0' || heard[0] > '9');
}

static void
gopher_is_served_over_tls(void **state)
{
	SSL *ssl = tls_connect(ports[1], NULL, NULL, NULL);
	struct talk talk;

	(void)state;
	assert_int_equal(SSL_write(ssl, "/\r\n", 3), 3);
	talk = tls_hear(ssl);
	assert_string_equal(talk.text, "hello");
	assert_true(talk.notified);
}

static void
bytes_behind_the_line_are_dropped(void **state)
{
	static char garbage[500 * 1024];
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	struct talk talk;
	char line[64];

	(void)state;
	snprintf(line, sizeof(line), "gemini://localhost:%u/\r\n", ports[0]);
	SSL_write(ssl, line, (int)strlen(line));
	SSL_write(ssl, garbage, sizeof(garbage));
	talk = tls_hear(ssl);
	assert_string_equal(talk.text, "20 text/plain\r\nhello");
	assert_true(talk.notified);
}

/* Who sends without end is closed on, once LIMIT_DRAIN_BYTES and what the
 * kernel holds of both sides are full; not when LIMIT_DRAIN_MS is over. */
static void
bytes_without_end_are_not_read(void **state)
{
	enum { KERNEL_BYTES = 32 * 1024 * 1024 };
	static char garbage[64 * 1024];
	int fd = connect_to(ports[1]);
	size_t sent = 0;
	ssize_t n;

	(void)state;
	say(fd, "/\r\n");
	while ((n = send(fd, garbage, sizeof(garbage), MSG_NOSIGNAL)) > 0)
		sent += (size_t)n;
	assert_true(errno == ECONNRESET || errno == EPIPE);
	close(fd);
	assert_true(sent < LIMIT_DRAIN_BYTES + KERNEL_BYTES);
}

/* An upload to /up, in pieces of so many bytes; cut: say that no more comes. */
static struct talk
titan(size_t said, const char *body, size_t len, size_t piece, bool cut)
{
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	char text[4096];
	int n = snprintf(text, sizeof(text),
	    "titan://localhost/up;size=%zu;mime=text/plain\r\n%.*s", said,
	    (int)len, body);

	for (size_t at = 0; at < (size_t)n; at += piece)
		SSL_write(ssl, text + at,
		    (int)((size_t)n - at < piece ? (size_t)n - at : piece));
	if (cut)
		SSL_shutdown(ssl);
	return tls_hear(ssl);
}

static void
an_upload_comes_in_any_pieces(void **state)
{
	struct talk talk;

	(void)state;
	for (size_t piece = 1; piece < 100; piece += 7) {
		talk = titan(5, "ab!\r\n", 5, piece, piece % 2 == 0);
		assert_true(talk.notified);
		assert_int_equal(talk.len, 15 + 5);
	}
	talk = titan(11, "hello titan", 11, 1000, false);
	assert_string_equal(talk.text, "20 text/plain\r\nhello titan");
}

static void
an_upload_of_another_length_is_refused(void **state)
{
	struct talk talk;

	(void)state;
	talk = titan(11, "hello", 5, 7, true);
	assert_string_equal(talk.text, "59 Upload cut short\r\n");
	talk = titan(4, "hello", 5, 1000, false);
	assert_string_equal(
	    talk.text, "59 Upload longer than its size says\r\n");
	assert_true(talk.notified);
}

/* A client that sends all before it reads reads the refusal: all that a page
 * could take is read, and not much more. */
static void
a_refused_upload_is_read(void **state)
{
	enum { KERNEL_BYTES = 32 * 1024 * 1024 };
	static char garbage[16 * 1024];
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	const char line[] = "titan://localhost/no;size=99999999\r\n";
	struct talk talk;
	size_t sent = 0;

	(void)state;
	SSL_write(ssl, line, sizeof(line) - 1);
	for (; sent < LIMIT_UPLOAD_BYTES; sent += sizeof(garbage))
		assert_int_equal(
		    SSL_write(ssl, garbage, sizeof(garbage)), sizeof(garbage));
	talk = tls_hear(ssl);
	assert_string_equal(talk.text, "51 Not found\r\n");
	assert_true(talk.notified);
	ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	SSL_write(ssl, line, sizeof(line) - 1);
	for (sent = 0; SSL_write(ssl, garbage, sizeof(garbage)) > 0;
	     sent += sizeof(garbage))
		continue;
	ERR_clear_error();
	tls_end(ssl);
	assert_true(sent < LIMIT_UPLOAD_DRAIN_BYTES + KERNEL_BYTES);
}

static void
only_a_whole_file_ends_with_a_notice(void **state)
{
	const size_t header = strlen("20 application/octet-stream\r\n");
	struct talk talk = gemini("localhost", "/file");

	(void)state;
	assert_int_equal(talk.len, header + BIG_FILE);
	assert_true(talk.notified);
	/* A byte less than promised: the reader is not told that it is all. */
	talk = gemini("localhost", "/short");
	assert_true(talk.len <= header + BIG_FILE);
	assert_false(talk.notified);
}

static void
a_client_certificate_names_the_reader(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);
	struct talk talk;
	SSL *ssl;
	char line[64];

	(void)state;
	X509_gmtime_adj(X509_getm_notBefore(c), -60);
	X509_gmtime_adj(X509_getm_notAfter(c), 3600);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)"Ada", -1, -1, 0);
	X509_set_issuer_name(c, name);
	X509_set_pubkey(c, key);
	X509_sign(c, key, EVP_sha256());
	snprintf(line, sizeof(line), "gemini://localhost:%u/who\r\n", ports[0]);
	ssl = tls_connect(ports[0], "localhost", c, key);
	SSL_write(ssl, line, (int)strlen(line));
	talk = tls_hear(ssl);
	assert_string_equal(talk.text, "20 text/plain\r\nAda");
	talk = gemini("localhost", "/who");
	assert_string_equal(talk.text, "20 text/plain\r\nnobody");
	X509_free(c);
	EVP_PKEY_free(key);
}

static void
sessions_cannot_be_resumed(void **state)
{
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	SSL_SESSION *session;

	(void)state;
	assert_int_equal(SSL_write(ssl, "x\r\n", 3), 3);
	SSL_up_ref(ssl);
	tls_hear(ssl); /* a ticket would have come with the answer */
	session = SSL_get_session(ssl);
	assert_false(SSL_SESSION_is_resumable(session));
	SSL_free(ssl);
}

/* More clients than the worker takes: the others wait their turn. */
static void
clients_beyond_the_limit_wait_their_turn(void **state)
{
	int fds[24];

	(void)state;
	for (size_t i = 0; i < 24; i++)
		fds[i] = connect_to(ports[1]);
	for (size_t i = 0; i < 24; i++)
		say(fds[i], "/\r\n");
	for (size_t i = 0; i < 24; i++)
		assert_string_equal(hear(fds[i]), "hello");
}

static void
a_slow_line_is_refused_after_ten_seconds(void **state)
{
	int64_t began_ms = clock_ms();
	SSL *ssl = tls_connect(ports[0], "localhost", NULL, NULL);
	struct talk talk;

	(void)state;
	SSL_write(ssl, "gemini://localhost/\n", 20);
	talk = tls_hear(ssl);
	assert_memory_equal(talk.text, "59 ", 3);
	assert_true(talk.notified);
	assert_true(clock_ms() - began_ms >= 9900);
	assert_true(clock_ms() - began_ms < 13000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_gopher_line_is_answered),
	    cmocka_unit_test(a_line_that_is_too_long_is_refused),
	    cmocka_unit_test(a_gemini_line_is_answered_and_closed),
	    cmocka_unit_test(a_line_may_come_byte_by_byte),
	    cmocka_unit_test(a_line_that_is_cut_off_is_refused),
	    cmocka_unit_test(plain_text_to_gemini_is_not_answered),
	    cmocka_unit_test(gopher_is_served_over_tls),
	    cmocka_unit_test(bytes_behind_the_line_are_dropped),
	    cmocka_unit_test(bytes_without_end_are_not_read),
	    cmocka_unit_test(an_upload_comes_in_any_pieces),
	    cmocka_unit_test(an_upload_of_another_length_is_refused),
	    cmocka_unit_test(a_refused_upload_is_read),
	    cmocka_unit_test(only_a_whole_file_ends_with_a_notice),
	    cmocka_unit_test(a_client_certificate_names_the_reader),
	    cmocka_unit_test(sessions_cannot_be_resumed),
	    cmocka_unit_test(clients_beyond_the_limit_wait_their_turn),
	    cmocka_unit_test(a_slow_line_is_refused_after_ten_seconds)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
