/* SPDX-License-Identifier: ISC */
/*
 * TLS by OpenSSL 3: the certificates and settings of a server. channel.h has
 * the calls of a connection. No file outside of net/tls/ makes TLS calls of
 * OpenSSL.
 */
#ifndef GUIJU_NET_TLS_TLS_H
#define GUIJU_NET_TLS_TLS_H

#include <stddef.h>

#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct tls; /* certificates and settings; forked workers inherit it */

/* How to run the key process, which has the private keys instead of this
 * process and its workers. */
struct tls_keeper {
	/* fork(2), where the child closes all private descriptors but keep. */
	pid_t (*fork)(const int *keep, size_t n);
	void (*keep)(int fd);  /* make a descriptor private */
	void (*close)(int fd); /* close a private descriptor */
	size_t workers;        /* that sign at a time; at most 64 */
	bool fence;            /* no files, no network for the key process */
};

/*
 * Load dir/HOST.cert.pem and dir/HOST.key.pem for each host. The first host's
 * certificate is shown to clients that send no server name, or an unknown one.
 * An expired certificate is loaded, and the log gets an error. ERR_MISSING: no
 * such file. ERR_INPUT: a file does not parse, a key does not match, a key is
 * readable by others, a file may not be read, or host is not a host name.
 * ERR_IO, ERR_NOMEM, ERR_BUG. why gets one line, but none for ERR_NOMEM.
 *
 * keeper: RSA and EC keys are loaded by a key process alone, and each worker
 * has a socket to it. A key of another type stays in this process, and the log
 * gets a warning. NULL: all keys are loaded here.
 */
enum err tls_open(const char *dir, const struct str *hosts, size_t host_count,
    const struct tls_keeper *keeper, struct tls **out,
    struct buf *why) MUST_CHECK;
void tls_close(struct tls *tls);

/* The socket of a worker to the key process, which the worker must inherit; -1:
 * there is none. worker: its number, from 0. */
int tls_socket(const struct tls *tls, size_t worker);
/* The worker has died: give its successor another socket and another key
 * process. false: the successor has no socket yet. */
bool tls_renew_socket(struct tls *tls, size_t worker);
/* In a worker: sign through its socket. */
void tls_use_socket(const struct tls *tls, size_t worker);
/* In a worker: microseconds of processor time that the key process has used to
 * sign for it since it began. */
int64_t tls_signed_us(void);
/* A child has ended. Was it the key process? Its successor is started by
 * tls_tick(), at the time that tls_next_ms() gives (INT64_MAX: never). */
bool tls_ended(struct tls *tls, pid_t pid, int64_t now_ms);
void tls_tick(struct tls *tls, int64_t now_ms);
int64_t tls_next_ms(const struct tls *tls);

/* Log the certificates that have expired or expire within 60 days, as
 * tls_open() does. Call it now and then: a process may serve for years. */
void tls_warn_of_end(const struct tls *tls);

/*
 * Make a self-signed P-256 certificate for host, valid for ten years. If one of
 * the two files exists already, nothing is made: a certificate is never
 * overwritten. The result is then OK, and *made is false. The mode of the key's
 * file is 0600. ERR_INPUT: this process may not write there, or host is not a
 * host name. ERR_IO, ERR_NOMEM. why gets one line.
 */
enum err tls_make_certificate(
    const char *dir, struct str host, bool *made, struct buf *why) MUST_CHECK;
/* The same, but nothing is made by a clock that is earlier than the day on
 * which this program was made: ERR_INPUT. The dates of the certificate would be
 * wrong, and it could not be replaced, because readers remember it. */
enum err tls_make_first_certificate(
    const char *dir, struct str host, bool *made, struct buf *why) MUST_CHECK;

/* What readers see of a certificate. */
struct tls_facts {
	int64_t not_before_s, not_after_s; /* seconds since 1970 UTC */
	char sha256[65];                   /* of the DER, lower-case hex */
};

/* The facts of the first host's certificate. ERR_INPUT: its dates cannot be
 * read. */
enum err tls_facts(const struct tls *tls, struct tls_facts *out) MUST_CHECK;

#endif
