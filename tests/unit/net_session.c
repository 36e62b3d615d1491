/* SPDX-License-Identifier: ISC */
/*
 * TLS sessions that are used again and buffers that are shared: nothing of one
 * client reaches another. Both ends are in this process, joined by a pair of
 * sockets, so that each step can be looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls/tls.h"
#include "net/tls/channel.h"
#include "net/tls/internal.h"

enum { TURNS = 2000, LONG_TEXT = 300 * 1024 };

static char dir[64];
static struct tls *tls;
static struct arena *arena;
static X509 *card; /* a client's certificate */
static EVP_PKEY *card_key;

/* One client and our side of its connection. */
struct talk {
	SSL *client;
	int socket; /* the client's */
	struct channel channel;
};

struct manner {
	const char *sni;
	bool card; /* show it, if we are asked */
	bool ask;  /* whether we ask */
	int version;
};

static const struct manner plain = {"one.example", false, true, 0};

/* ---- both ends ------------------------------------------------------ */

static SSL *
client_of(const struct manner *manner, int socket)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	char name[64];

	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	if (manner->version != 0)
		SSL_CTX_set_max_proto_version(context, manner->version);
	if (manner->card) {
		SSL_CTX_use_certificate(context, card);
		SSL_CTX_use_PrivateKey(context, card_key);
	}
	ssl = SSL_new(context);
	SSL_CTX_free(context);
	SSL_set_fd(ssl, socket);
	SSL_set_connect_state(ssl);
	if (manner->sni != NULL) {
		snprintf(name, sizeof(name), "%s", manner->sni);
		SSL_set_tlsext_host_name(ssl, name);
	}
	return ssl;
}

/* Connected, nothing said. */
static void
begin(struct talk *talk, const struct manner *manner)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	for (int i = 0; i < 2; i++)
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
	*talk = (struct talk){.socket = ends[1], .channel.socket = ends[0]};
	talk->client = client_of(manner, ends[1]);
	assert_int_equal(
	    tls_channel_begin(tls, &talk->channel, manner->ask, STR(""), false),
	    OK);
}

static enum channel_result
our_turn(struct talk *talk)
{
	return talk->channel.transport->open(&talk->channel);
}

/* The handshake, in as many turns as it takes. */
static void
shake_hands(struct talk *talk)
{
	enum channel_result ours = CHANNEL_WANT_READ;
	int theirs = 0;

	for (int i = 0; i < TURNS && (ours != CHANNEL_OK || theirs != 1); i++) {
		if (theirs != 1)
			theirs = SSL_do_handshake(talk->client);
		if (ours != CHANNEL_OK)
			ours = our_turn(talk);
		if (ours == CHANNEL_OK) { /* what waits for more goes out */
			char room[8];
			size_t got;
			assert_int_equal(talk->channel.transport->read(
					     &talk->channel, room, 8, &got),
			    CHANNEL_WANT_READ);
		}
	}
	assert_int_equal(ours, CHANNEL_OK);
	assert_int_equal(theirs, 1);
}

static void
end(struct talk *talk)
{
	assert_int_equal(
	    talk->channel.transport->finish(&talk->channel), CHANNEL_OK);
	talk->channel.transport->release(&talk->channel);
	close(talk->channel.socket);
	SSL_free(talk->client);
	close(talk->socket);
}

static void
say(struct talk *talk, const char *text)
{
	size_t put = 0;

	assert_int_equal(talk->channel.transport->write(
			     &talk->channel, text, strlen(text), &put),
	    CHANNEL_OK);
	assert_int_equal(put, strlen(text));
}

static const struct identity *
identity_of(struct talk *talk)
{
	const struct identity *identity = NULL;

	arena_clear(arena);
	assert_int_equal(
	    tls_channel_identity(&talk->channel, arena, &identity), OK);
	return identity;
}

static void
check_nobody(struct talk *talk, const char *sni)
{
	assert_null(identity_of(talk));
	assert_true(
	    str_equal(tls_channel_server_name(&talk->channel), str_from(sni)));
}

/* A whole talk; is it the session of the last one? */
static const struct tls_session *
talk_once(const struct manner *manner, const char *host)
{
	struct talk talk;
	const struct tls_session *session;
	X509 *shown;
	char name[64] = "";

	begin(&talk, manner);
	session = talk.channel.session;
	check_nobody(&talk, ""); /* before the client has said anything */
	assert_int_equal(SSL_get_verify_result(session->ssl), X509_V_OK);
	shake_hands(&talk);
	if (manner->card && manner->ask) {
		const struct identity *identity = identity_of(&talk);
		assert_non_null(identity);
		assert_true(str_equal(identity->name, STR("Ada")));
	} else {
		check_nobody(&talk, manner->sni == NULL ? "" : manner->sni);
	}
	shown = SSL_get1_peer_certificate(talk.client);
	X509_NAME_get_text_by_NID(
	    X509_get_subject_name(shown), NID_commonName, name, sizeof(name));
	X509_free(shown);
	assert_string_equal(name, host);
	if (manner->version != 0)
		assert_int_equal(SSL_version(talk.client), manner->version);
	say(&talk, "20 text/plain\r\n");
	end(&talk);
	return session;
}

/* ---- the tests ------------------------------------------------------ */

static void
a_session_object_is_used_again(void **state)
{
	const struct tls_session *first = talk_once(&plain, "one.example");

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_ptr_equal(talk_once(&plain, "one.example"), first);
}

/* But not one that has seen a certificate. (AddressSanitizer hands out no
 * address again so soon.) */
static void
one_that_saw_a_certificate_is_not_used_again(void **state)
{
	static const struct manner shown = {NULL, true, true, 0};
	const struct tls_session *first = talk_once(&shown, "one.example");

	(void)state;
	assert_ptr_not_equal(talk_once(&plain, "one.example"), first);
}

/* In every order of two kinds of clients, and three of one. */
static void
a_session_keeps_nothing_of_the_last_client(void **state)
{
	static const struct {
		struct manner manner;
		const char *host;
	} kinds[] = {{{"one.example", false, true, 0}, "one.example"},
	    {{"two.example", false, true, 0}, "two.example"},
	    {{NULL, false, true, 0}, "one.example"},
	    {{"one.example", true, true, 0}, "one.example"},
	    {{"two.example", true, true, TLS1_2_VERSION}, "two.example"},
	    {{NULL, true, false, 0}, "one.example"},
	    {{NULL, false, false, TLS1_2_VERSION}, "one.example"},
	    {{"else.example", false, true, TLS1_3_VERSION}, "one.example"}};
	const size_t count = sizeof(kinds) / sizeof(*kinds);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			talk_once(&kinds[i].manner, kinds[i].host);
			talk_once(&kinds[j].manner, kinds[j].host);
			talk_once(&kinds[j].manner, kinds[j].host);
		}
}

static void
a_talk_that_breaks_off_harms_no_other(void **state)
{
	static const struct manner shown = {"two.example", true, true, 0};
	struct talk talk;

	(void)state;
	for (int turns = 0; turns < 4; turns++) {
		begin(&talk, &shown);
		for (int i = 0; i < turns; i++) {
			SSL_do_handshake(talk.client);
			our_turn(&talk);
		}
		talk.channel.transport->release(&talk.channel);
		close(talk.channel.socket);
		SSL_free(talk.client);
		close(talk.socket);
		talk_once(&plain, "one.example");
	}
	/* Whole, but without a close_notify: an answer that was cut. */
	begin(&talk, &shown);
	shake_hands(&talk);
	talk.channel.transport->release(&talk.channel);
	close(talk.channel.socket);
	SSL_free(talk.client);
	close(talk.socket);
	talk_once(&plain, "one.example");
}

/* Rubbish gets an alert or nothing, as OpenSSL's version has it, never words
 * without TLS; and is nobody else's matter. */
static void
rubbish_gets_no_words_without_tls(void **state)
{
	struct talk talk;
	unsigned char heard[16];
	ssize_t n;

	(void)state;
	begin(&talk, &plain);
	assert_int_equal(send(talk.socket, "rubbish\r\n", 9, 0), 9);
	assert_int_equal(our_turn(&talk), CHANNEL_BROKEN);
	n = recv(talk.socket, heard, sizeof(heard), 0);
	if (n > 0) {
		assert_int_equal(n, 7);
		assert_int_equal(heard[0], 21); /* alert (RFC 8446, 5.1) */
	}
	talk.channel.transport->release(&talk.channel);
	close(talk.channel.socket);
	SSL_free(talk.client);
	close(talk.socket);
	talk_once(&plain, "one.example");
}

/* A request that comes with the end of the handshake waits while another
 * client has the buffers. */
static void
a_request_waits_while_buffers_are_lent(void **state)
{
	struct talk talk;
	char line[32];
	size_t got = 0;

	(void)state;
	begin(&talk, &plain);
	SSL_do_handshake(talk.client);
	assert_int_equal(our_turn(&talk), CHANNEL_WANT_READ);
	assert_int_equal(SSL_do_handshake(talk.client), 1);
	assert_int_equal(SSL_write(talk.client, "hello\r\n", 7), 7);
	assert_int_equal(SSL_write(talk.client, "more", 4), 4);
	assert_int_equal(our_turn(&talk), CHANNEL_OK);
	talk_once(&plain, "one.example");
	assert_int_equal(talk.channel.transport->read(
			     &talk.channel, line, sizeof(line), &got),
	    CHANNEL_OK);
	assert_int_equal(got, 7);
	assert_memory_equal(line, "hello\r\n", 7);
	talk_once(&plain, "one.example");
	assert_int_equal(talk.channel.transport->read(
			     &talk.channel, line, sizeof(line), &got),
	    CHANNEL_OK);
	assert_int_equal(got, 4);
	end(&talk);
}

/* Read what there is; how many bytes, each as it should be. */
static size_t
hear(struct talk *talk, size_t at, char first)
{
	char piece[5000];
	int n;

	while ((n = SSL_read(talk->client, piece, sizeof(piece))) > 0)
		for (int i = 0; i < n; i++, at++)
			assert_int_equal(piece[i], first + (int)(at % 26));
	ERR_clear_error();
	return at;
}

/* Two slow readers of long answers, whose bytes share the buffers. */
static void
two_answers_share_the_buffers(void **state)
{
	static char text[2][LONG_TEXT];
	struct talk talks[2];
	size_t put[2] = {0}, heard[2] = {0};
	bool ended[2] = {false};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t at = 0; at < LONG_TEXT; at++)
			text[i][at] = (char)("Aa"[i] + (int)(at % 26));
		begin(&talks[i], &plain);
		shake_hands(&talks[i]);
	}
	for (int turn = 0; turn < TURNS && (!ended[0] || !ended[1]); turn++) {
		struct talk *talk = &talks[turn % 2];
		size_t *at = &put[turn % 2], more;
		enum channel_result result = CHANNEL_OK;

		while (*at < LONG_TEXT && result == CHANNEL_OK) {
			result = talk->channel.transport->write(&talk->channel,
			    text[turn % 2] + *at, LONG_TEXT - *at, &more);
			if (result == CHANNEL_OK)
				*at += more;
		}
		if (*at == LONG_TEXT && !ended[turn % 2])
			ended[turn % 2] = talk->channel.transport->finish(
					      &talk->channel) == CHANNEL_OK;
		if (turn > 20) /* not at first: let it pile up */
			heard[turn % 2] =
			    hear(talk, heard[turn % 2], "Aa"[turn % 2]);
	}
	for (size_t i = 0; i < 2; i++) {
		assert_true(ended[i]);
		assert_int_equal(hear(&talks[i], heard[i], "Aa"[i]), LONG_TEXT);
		assert_int_equal(
		    SSL_get_shutdown(talks[i].client), SSL_RECEIVED_SHUTDOWN);
		end(&talks[i]);
	}
	talk_once(&plain, "one.example");
}

/* ---- a place -------------------------------------------------------- */

static int
set_up(void **state)
{
	static const struct str hosts[] = {
	    {"one.example", 11}, {"two.example", 11}};
	struct buf why;
	bool made;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-session-XXXXXX");
	assert_non_null(mkdtemp(dir));
	buf_init(&why, 1024);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    tls_make_certificate(dir, hosts[i], &made, &why), OK);
	assert_int_equal(tls_open(dir, hosts, 2, NULL, &tls, &why), OK);
	arena = arena_new(1024 * 1024);
	card_key = EVP_EC_gen("P-256");
	card = X509_new();
	X509_gmtime_adj(X509_getm_notBefore(card), -60);
	X509_gmtime_adj(X509_getm_notAfter(card), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(card), "CN",
	    MBSTRING_UTF8, (const unsigned char *)"Ada", -1, -1, 0);
	X509_set_issuer_name(card, X509_get_subject_name(card));
	X509_set_pubkey(card, card_key);
	X509_sign(card, card_key, EVP_sha256());
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const files[] = {"one.example.cert.pem",
	    "one.example.key.pem", "two.example.cert.pem",
	    "two.example.key.pem"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	tls_close(tls);
	arena_free(arena);
	X509_free(card);
	EVP_PKEY_free(card_key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_session_object_is_used_again),
	    cmocka_unit_test(one_that_saw_a_certificate_is_not_used_again),
	    cmocka_unit_test(a_session_keeps_nothing_of_the_last_client),
	    cmocka_unit_test(a_talk_that_breaks_off_harms_no_other),
	    cmocka_unit_test(rubbish_gets_no_words_without_tls),
	    cmocka_unit_test(a_request_waits_while_buffers_are_lent),
	    cmocka_unit_test(two_answers_share_the_buffers)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
