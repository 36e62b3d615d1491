/* SPDX-License-Identifier: ISC */
/* What the files of net/tls/ share: private to net/tls/. */
#ifndef GUIJU_NET_TLS_INTERNAL_H
#define GUIJU_NET_TLS_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "net/tls/tls.h"
#include "net/transport.h"
#include "page/request.h"

/* ---- bio.c ----------------------------------------------------------- */

/*
 * The buffers between OpenSSL and the sockets. All sessions of a worker share
 * one pair. Many received bytes come by one system call; OpenSSL then reads
 * them in small pieces. The pieces that OpenSSL writes are collected and sent
 * by one system call.
 *
 * The buffers belong to the session that moved bytes last. When another session
 * takes them, they are usually empty. If not, the bytes to send go to the
 * socket. Bytes that the socket does not take, and received bytes, are kept in
 * the tls_link of their session.
 */

struct tls_buffers;

/* NULL: out of memory. */
struct tls_buffers *tls_buffers_new(void);
void tls_buffers_free(struct tls_buffers *buffers);

/* The buffers' state of one session. */
struct tls_link {
	struct tls_buffers *buffers; /* kept */
	int socket;
	struct buf in, out; /* bytes kept while another owns the buffers */
	bool dry;           /* the last receive emptied the socket */
	/* Bytes that OpenSSL may still read; past it: broken. tls_link_init()
	 * sets the limit of a handshake. SIZE_MAX: no limit. */
	size_t in_max;
	bool ended;  /* the peer sends nothing more */
	bool broken; /* the socket failed, or in_max, or out of memory */
};

/* Begin with a socket; the caller closes it. */
void tls_link_init(
    struct tls_link *link, struct tls_buffers *buffers, int socket);
/* Hand over bytes that have been received already. They are copied. all: the
 * socket had no more bytes than these. */
void tls_link_received(struct tls_link *link, struct str bytes, bool all);
/* Drop the bytes of both directions and free their memory. */
void tls_link_release(struct tls_link *link);

/* A BIO that reads and writes through link (kept). NULL: out of memory. */
BIO *tls_bio_new(struct tls_link *link);

/*
 * Send what OpenSSL has written. CHANNEL_OK: the kernel has all bytes.
 * CHANNEL_WANT_WRITE, CHANNEL_BROKEN. last: the caller shuts down our side of
 * the socket next, and the kernel sends the end with the last bytes.
 */
enum channel_result tls_link_flush(struct tls_link *link, bool last);

/* ---- session.c ---------------------------------------------------------- */

/*
 * OpenSSL's session objects (SSL). One is made when the first bytes of a client
 * have come, and used again for a later client: making one costs more time than
 * the cryptography of a handshake.
 */
struct tls_sessions; /* the unused sessions of a worker */

struct tls_session {
	SSL *ssl;
	struct tls_link link;
	struct tls_sessions *sessions;
	struct tls_session *next; /* in the list of unused ones */
	bool notified;            /* close_notify is written */
	bool whole;               /* close_notify is sent */
};

/* context: kept; every session begins with it. NULL: out of memory. */
struct tls_sessions *tls_sessions_new(SSL_CTX *context);
void tls_sessions_free(struct tls_sessions *sessions);

/* A session for the client at socket, with nothing of an earlier client in it.
 * sessions: kept. NULL: out of memory. */
struct tls_session *tls_session_take(struct tls_sessions *sessions, int socket);
/* Give a session back or free it. Sends nothing. */
void tls_session_give(struct tls_session *session);

/* ---- tls.c -------------------------------------------------------------- */

/* The sessions of a worker. A session begins with the first host's context; the
 * server name that the client sends may choose another. Borrowed. */
struct tls_sessions *tls_sessions_of(const struct tls *tls);

enum { TLS_PATH_MAX = 4096 };

/* ---- keeper.c ----------------------------------------------------------- */

/* The key process. */
struct keeper;

enum { KEEPER_KEYS_MAX = 8, KEEPER_WORKERS_MAX = 64 };

/* Read the key number i from its file, at any offset. */
typedef enum err keeper_load(
    void *context, size_t i, int file, EVP_PKEY **out, struct buf *why);

/*
 * Start a key process for so many keys. load is called there, and again by its
 * successors; context: kept. files: private descriptors, -1 for a key that is
 * not for the key process; *out owns them. The error of load, ERR_IO,
 * ERR_NOMEM, ERR_LIMIT; the caller frees what is in *out then, too. It stays
 * as it was if the files are still the caller's.
 */
enum err keeper_new(const struct tls_keeper *with, keeper_load *load,
    void *context, const int *files, size_t keys, struct keeper **out,
    struct buf *why) MUST_CHECK;
/* The key process ends when no worker is left. Accepts NULL, as do the next
 * five. */
void keeper_free(struct keeper *keeper);
/* As tls_ended(), tls_tick(), tls_next_ms(), tls_socket(), tls_renew_socket()
 * in tls.h. */
bool keeper_ended(struct keeper *keeper, pid_t pid, int64_t now_ms);
void keeper_tick(struct keeper *keeper, int64_t now_ms);
int64_t keeper_next_ms(const struct keeper *keeper);
int keeper_socket(const struct keeper *keeper, size_t worker);
bool keeper_renew_socket(struct keeper *keeper, size_t worker);
/* In a worker: ask through this socket. */
void keeper_use_socket(int socket);

/* Can the key process have the private key of this public one? RSA and EC. */
bool keeper_can_keep(const EVP_PKEY *public);
/* A key with which the key process signs as that host. The caller frees it.
 * NULL: out of memory. */
EVP_PKEY *keeper_proxy(EVP_PKEY *public, size_t host);

/* ---- certificate.c ------------------------------------------------------ */

/*
 * Read the identity of a certificate. The fingerprint is the identity. The name
 * proves nothing: its writer chose it freely. It is cleaned for showing and has
 * at most 64 characters. valid: the time is between the certificate's dates,
 * the first of which may be a minute ahead, and the key is not weak. fault: the
 * check that failed. key: empty if the public key cannot be read. The texts of
 * *out live in the arena. ERR_NOMEM.
 */
enum err certificate_read(
    X509 *certificate, struct arena *arena, struct identity *out) MUST_CHECK;

/*
 * Is a signature of the certificate's key checked quickly? RSA up to
 * LIMIT_RSA_BITS with an exponent up to LIMIT_RSA_EXPONENT_BITS, P-256, P-384,
 * P-521, Ed25519 and Ed448. With other keys a client makes the server work far
 * longer than the client itself. NULL: false.
 */
bool certificate_key_is_cheap(const X509 *certificate);

/*
 * Can host stand in a file name and in a certificate? It has letters, digits,
 * dots, hyphens and colons, at most 253 bytes, and begins with no dot and no
 * hyphen. An IPv6 address may have brackets.
 */
bool tls_host_is_sound(struct str host);

/* Write the path of a host's file to out. suffix: "cert.pem" or "key.pem".
 * size: bytes of out. ERR_LIMIT: the path is longer. */
enum err tls_file(const char *dir, struct str host, const char *suffix,
    char *out, size_t size) MUST_CHECK;

#endif
