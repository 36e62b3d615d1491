/* SPDX-License-Identifier: ISC */
/*
 * The life of a connection over TLS, with a client that is OpenSSL's own and
 * that a script makes misbehave. The first byte says what kind of client it
 * is; what follows is sent inside TLS, and a byte 0xFF has a sign behind it:
 *
 *   t N  time passes, N quarters of a second    e  nothing more is sent
 *   n    the client stops reading               r  it goes away
 *   y    it reads again                         s N  pieces of N + 1 bytes
 *   x N  byte N of what it sends next is wrong  c  close_notify
 *   k    it changes its keys                    p  it wants to renegotiate
 *   u N  N bytes that are no TLS                d N  the server is to stop
 *   f    the byte itself
 *
 * Whatever happens, the server lets go of the connection; what a client that
 * kept to TLS was told is an answer in its form.
 */
#include "fuzz.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "peer.h"
#include "portal.h"

enum { SCRIPT_MAX = 8 * 1024, SIGN = 0xFF, PIECE_MAX = 64 * 1024 };

/* The first byte's bits. */
enum {
	WITH_CERTIFICATE = 1,
	OLD_VERSION = 2, /* TLS 1.2 */
	NO_NAME = 4,
	OTHER_NAME = 8,
	SMALL = 16 /* little at a time can be sent */
};

struct script {
	struct peer peer;
	SSL *ssl;
	BIO *in, *out; /* the wire's two directions, owned by ssl */
	size_t taken;  /* of what the peer has received, given to in */
	struct buf told;
	struct str rest;
	size_t piece;
	unsigned wrong; /* a byte to be changed, or NONE */
	bool notified;  /* the server has said that nothing follows */
};

enum { NONE = 256, TOLD_MAX = 4 << 20 };

/* ---- a client's certificate ----------------------------------------- */

static EVP_PKEY *
client_key(void)
{
	static EVP_PKEY *key;

	if (key == NULL)
		key = EVP_EC_gen("P-256");
	MUST(key != NULL);
	return key;
}

static X509 *
client_certificate(void)
{
	static X509 *certificate;
	X509_NAME *name;

	if (certificate != NULL)
		return certificate;
	certificate = X509_new();
	MUST(certificate != NULL);
	name = X509_get_subject_name(certificate);
	MUST(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		 (const unsigned char *)"reader", -1, -1, 0) == 1);
	MUST(X509_set_issuer_name(certificate, name) == 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
	MUST(X509_set_pubkey(certificate, client_key()) == 1);
	MUST(X509_sign(certificate, client_key(), EVP_sha256()) > 0);
	return certificate;
}

/* ---- the client ------------------------------------------------------ */

static SSL *
new_client(unsigned how)
{
	static SSL_CTX *context;
	SSL *ssl;

	if (context == NULL)
		context = SSL_CTX_new(TLS_client_method());
	MUST(context != NULL);
	ssl = SSL_new(context);
	MUST(ssl != NULL);
	SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
	if (how & OLD_VERSION)
		SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
	if (how & WITH_CERTIFICATE)
		MUST(SSL_use_certificate(ssl, client_certificate()) == 1 &&
		    SSL_use_PrivateKey(ssl, client_key()) == 1);
	if ((how & NO_NAME) == 0) {
		const char *name =
		    how & OTHER_NAME ? "other.example" : PORTAL_HOST;
		MUST(SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
			 TLSEXT_NAMETYPE_host_name,
			 (void *)(uintptr_t)name) == 1);
	}
	SSL_set_connect_state(ssl);
	return ssl;
}

static void
begin(struct script *script, unsigned how)
{
	script->ssl = new_client(how);
	script->in = BIO_new(BIO_s_mem());
	script->out = BIO_new(BIO_s_mem());
	MUST(script->in != NULL && script->out != NULL);
	SSL_set_bio(script->ssl, script->in, script->out);
	buf_init(&script->told, TOLD_MAX);
	peer_open(&script->peer, &wire_gemini, (how & SMALL) != 0);
}

/* Send it in pieces, with its wrong byte. */
static void
send_bytes(struct script *script, char *bytes, size_t len)
{
	if (script->wrong != NONE && len > 0) {
		bytes[script->wrong % len] ^= 1;
		script->wrong = NONE;
	}
	for (size_t n; len > 0; bytes += n, len -= n) {
		n = len < script->piece ? len : script->piece;
		if (!peer_send(&script->peer, (struct str){bytes, n}))
			return;
	}
}

/* Carry what there is in both directions; false: there was nothing. */
static bool
carry(struct script *script)
{
	struct str came = buf_view(&script->peer.received);
	char room[16 * 1024];
	bool moved = false;
	int n;

	while ((n = BIO_read(script->out, room, sizeof(room))) > 0) {
		send_bytes(script, room, (size_t)n);
		moved = true;
	}
	peer_turn(&script->peer);
	came = buf_view(&script->peer.received);
	came = str_slice(came, script->taken, came.len);
	if (came.len > 0) {
		MUST(BIO_write(script->in, came.data, (int)came.len) ==
		    (int)came.len);
		script->taken += came.len;
		moved = true;
	}
	return moved;
}

/* Read what the server says, and answer what TLS wants answered. */
static void
listen_to(struct script *script)
{
	char room[16 * 1024];

	do {
		int n;
		ERR_clear_error();
		while ((n = SSL_read(script->ssl, room, sizeof(room))) > 0)
			buf_add(&script->told, room, (size_t)n);
		MUST(script->told.err == OK);
		if (SSL_get_error(script->ssl, n) == SSL_ERROR_ZERO_RETURN)
			script->notified = true;
	} while (carry(script));
}

static void
say(struct script *script, struct str text)
{
	listen_to(script); /* the handshake, at first */
	ERR_clear_error();
	if (SSL_is_init_finished(script->ssl))
		(void)SSL_write(script->ssl, text.data, (int)text.len);
	listen_to(script);
}

/* ---- the script ------------------------------------------------------ */

static unsigned
take_number(struct script *script)
{
	unsigned n;

	if (script->rest.len == 0)
		return 0;
	n = (unsigned char)script->rest.data[0];
	script->rest = str_slice(script->rest, 1, script->rest.len);
	return n;
}

static void
say_no_tls(struct script *script, size_t n)
{
	struct str bytes = str_slice(script->rest, 0, n);
	char copy[256];

	script->rest = str_slice(script->rest, bytes.len, script->rest.len);
	if (bytes.len == 0)
		return;
	memcpy(copy, bytes.data, bytes.len);
	send_bytes(script, copy, bytes.len);
}

static void
take_sign(struct script *script)
{
	struct peer *peer = &script->peer;

	ERR_clear_error();
	switch (take_number(script)) {
	case 't':
		peer_wait(peer, take_number(script) * 250);
		break;
	case 'n':
		peer->deaf = true;
		break;
	case 'y':
		peer->deaf = false;
		break;
	case 's':
		script->piece = take_number(script) + 1;
		break;
	case 'x':
		script->wrong = take_number(script);
		break;
	case 'c':
		(void)SSL_shutdown(script->ssl);
		break;
	case 'k':
		(void)SSL_key_update(script->ssl, SSL_KEY_UPDATE_REQUESTED);
		(void)SSL_do_handshake(script->ssl);
		break;
	case 'p':
		(void)SSL_renegotiate(script->ssl);
		(void)SSL_do_handshake(script->ssl);
		break;
	case 'u':
		say_no_tls(script, take_number(script));
		break;
	case 'd':
		peer_drain(peer, take_number(script) * 250);
		break;
	case 'e':
		peer_end(peer, PEER_SHUT);
		break;
	case 'r':
		peer_end(peer, PEER_RESET);
		break;
	case 'f':
		say(script, STR("\xFF"));
		break;
	default:
		break;
	}
	listen_to(script);
}

static void
play(struct script *script)
{
	while (script->rest.len > 0) {
		size_t end = str_find_byte(script->rest, (char)SIGN), n;
		if (end == 0) {
			(void)take_number(script);
			take_sign(script);
			continue;
		}
		n = end < script->rest.len ? end : script->rest.len;
		say(script, str_slice(script->rest, 0, n));
		script->rest = str_slice(script->rest, n, script->rest.len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = {
	    .rest = fuzz_str(data, size), .piece = PIECE_MAX, .wrong = NONE};

	if (size == 0 || size > SCRIPT_MAX)
		return 0;
	begin(&script, take_number(&script));
	play(&script);
	script.peer.deaf = false;
	listen_to(&script);
	/* close_notify is said behind whole answers only. */
	if (script.notified && script.told.len > 0)
		portal_check_gemini(buf_view(&script.told));
	peer_close(&script.peer);
	buf_release(&script.told);
	SSL_free(script.ssl);
	ERR_clear_error();
	return 0;
}
