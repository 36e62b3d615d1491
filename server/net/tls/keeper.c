/* SPDX-License-Identifier: ISC */
/*
 * The key process. It reads the private keys and signs with them for the
 * workers; no other process has them in its memory. So a worker that gives away
 * its memory does not give away a key that readers trust for ten years. A
 * worker that has been taken over can have things signed as long as it lives,
 * and no longer.
 *
 * Each worker has a pair of sockets, which carries one request and one answer
 * at a time, each as one packet. The parent holds both ends of all pairs. So
 * the successor of a key process that has died reads the requests which that
 * one has not read. When a worker has died, the next one gets another pair, and
 * the key process is replaced by one that has it: whatever the dead worker did
 * to its socket ends with it. A worker asks again every 100 ms, because the
 * dead one may have read its request; an answer that comes twice is known by
 * its number. Without an answer for a second the handshake fails.
 *
 * The parent opens the files of the keys once, and each key process reads them
 * by these descriptors. So a file that is replaced is not read before the next
 * reload, together with its certificate.
 *
 * OpenSSL calls us by its old interface of methods, RSA_METHOD and
 * EC_KEY_METHOD. A provider would do the same by five times as much code. Keys
 * of other types have no methods, so they stay where they were: in the workers.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "net/tls/internal.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#if __has_include(<sys/prctl.h>)
#include <sys/prctl.h>
#endif
#if __has_include(<sys/capsicum.h>)
#include <sys/capsicum.h>
#endif

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/capability.h"
#include "base/fault.h"
#include "base/seccomp.h"

enum {
	BYTES_MAX = 2048, /* of what is signed, and of a signature */
	ASK_AGAIN_MS = 100,
	ASKS_MAX = 10,
	YOUNG_MS = 1000, /* a key process that lives longer is not in a loop */
	/* The rest before the successor of a young one. Handshakes wait for
	 * ASKS_MAX * ASK_AGAIN_MS, so they still meet the successor. */
	REST_MS = 300,
	WHY_MAX_BYTES = 1024
};

/* A request or an answer. No bytes in an answer: not signed. */
struct packet {
	uint64_t number; /* of the request; an answer has the same */
	uint32_t host;   /* index of the key */
	int32_t padding; /* of RSA; 0: the key is not RSA */
	uint32_t us;     /* of an answer: processor time that it has taken */
	unsigned char bytes[BYTES_MAX];
};
enum { HEAD_BYTES = offsetof(struct packet, bytes) };

struct keeper {
	struct tls_keeper with;
	keeper_load *load;
	void *context;
	size_t keys;
	pid_t pid;      /* 0: it has died */
	bool dismissed; /* this process has ended it */
	int64_t started_ms, due_ms;
	int signing[KEEPER_WORKERS_MAX]; /* ends of the key process */
	int asking[KEEPER_WORKERS_MAX];  /* ends of the workers */
	int files[KEEPER_KEYS_MAX];      /* of the keys */
};

/* ---- in the key process ---------------------------------------------- */

static const struct seccomp_call keeper_calls[] = {
    SECCOMP_CALLS_OF_ALL,
    {"recvfrom", CALL_ALWAYS},
    {"sendto", CALL_ALWAYS},
    {"poll", CALL_ALWAYS},
    {"ppoll", CALL_ALWAYS},
    {"ppoll_time64", CALL_ALWAYS},
    {"close", CALL_ALWAYS},
    {"getrandom", CALL_ALWAYS},
    {"getpid", CALL_ALWAYS},
    {"clock_gettime", CALL_ALWAYS},
    {"clock_gettime64", CALL_ALWAYS},
    {"gettimeofday", CALL_ALWAYS},
    {"time", CALL_ALWAYS},
};

/* No files, no network, no programs, no capabilities; no other process of the
 * same user may read this one's memory. */
static bool
fence(void)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &none) != 0 ||
	    capability_keep(CAPABILITIES_NONE) != OK)
		return false;
#ifdef PR_SET_DUMPABLE
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return false;
#endif
#if __has_include(<sys/pledge.h>)
	return pledge("stdio", NULL) == 0;
#elif __has_include(<sys/capsicum.h>)
	return cap_enter() == 0;
#else
	enum err err = seccomp_allow_only(keeper_calls,
	    sizeof(keeper_calls) / sizeof(*keeper_calls), SECCOMP_REFUSE, NULL);

	return err == OK || err == ERR_MISSING;
#endif
}

/* Sign what a worker asks for, who may be in strange hands. Returns the length
 * of the signature; 0: none. */
static size_t
sign(struct packet *packet, size_t len, EVP_PKEY_CTX *const *signers,
    size_t keys)
{
	unsigned char out[BYTES_MAX];
	size_t out_len = sizeof(out);
	EVP_PKEY_CTX *signer =
	    packet->host < keys ? signers[packet->host] : NULL;

	if (signer == NULL ||
	    (packet->padding != 0 &&
		EVP_PKEY_CTX_set_rsa_padding(signer, packet->padding) <= 0) ||
	    EVP_PKEY_sign(signer, out, &out_len, packet->bytes, len) != 1)
		out_len = 0;
	ERR_clear_error();
	memcpy(packet->bytes, out, out_len);
	return out_len;
}

/* false: nobody holds the other end any more, or the worker has broken it. */
static bool
serve_one(int socket, EVP_PKEY_CTX *const *signers, size_t keys)
{
	struct packet packet;
	ssize_t n = recv(socket, &packet, sizeof(packet), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	if (n > HEAD_BYTES) {
		const int64_t began_us = clock_cpu_us();
		const size_t len =
		    sign(&packet, (size_t)n - HEAD_BYTES, signers, keys);

		packet.us = (uint32_t)(clock_cpu_us() - began_us);
		(void)send(socket, &packet, HEAD_BYTES + len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	return true;
}

static void
serve(const struct keeper *keeper, EVP_PKEY_CTX *const *signers)
{
	struct pollfd sockets[KEEPER_WORKERS_MAX];
	size_t left = 0;

	for (size_t i = 0; i < keeper->with.workers; i++) {
		sockets[i] =
		    (struct pollfd){.fd = keeper->signing[i], .events = POLLIN};
		left += keeper->signing[i] >= 0;
	}
	while (left > 0) {
		if (poll(sockets, keeper->with.workers, -1) < 0 &&
		    errno != EINTR)
			_exit(1);
		for (size_t i = 0; i < keeper->with.workers; i++) {
			if (sockets[i].revents == 0 || sockets[i].fd < 0 ||
			    serve_one(sockets[i].fd, signers, keeper->keys))
				continue;
			close(sockets[i].fd);
			sockets[i].fd = -1;
			left--;
		}
	}
}

/* Read the keys, tell the parent on `told` (-1: nobody waits) and sign until no
 * other process holds the other ends. */
static void
keep_keys(const struct keeper *keeper, int told)
{
	EVP_PKEY_CTX *signers[KEEPER_KEYS_MAX] = {NULL};
	struct buf why;
	enum err err = OK;

	/* The parent's signals are for the workers; this process ends with
	 * them. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	buf_init(&why, WHY_MAX_BYTES);
	for (size_t i = 0; i < keeper->keys && err == OK; i++) {
		EVP_PKEY *key = NULL;

		if (keeper->files[i] < 0)
			continue;
		err = keeper->load(
		    keeper->context, i, keeper->files[i], &key, &why);
		close(keeper->files[i]);
		if (err != OK)
			continue;
		signers[i] = EVP_PKEY_CTX_new(key, NULL);
		EVP_PKEY_free(key);
		if (signers[i] == NULL || EVP_PKEY_sign_init(signers[i]) != 1)
			err = ERR_NOMEM;
	}
	if (err == OK && keeper->with.fence && !fence()) {
		buf_text(&why, "tls: the key process cannot be fenced");
		err = ERR_IO;
	}
	if (told >= 0 &&
	    (write(told, &err, sizeof(err)) != (ssize_t)sizeof(err) ||
		write(told, why.data, why.len) != (ssize_t)why.len))
		err = ERR_IO;
	if (told >= 0)
		close(told);
	else if (err != OK)
		log_error("%.*s", STR_ARG(buf_view(&why)));
	if (err == OK)
		serve(keeper, signers);
	_exit(err == OK ? 0 : 1);
}

/* ---- in the parent --------------------------------------------------- */

static bool
make_pair(struct keeper *keeper, size_t worker)
{
	const struct timeval patience = {.tv_usec = ASK_AGAIN_MS * 1000};
	int ends[2];

	keeper->signing[worker] = keeper->asking[worker] = -1;
	if (FAULT("keeper") ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		keeper->with.keep(ends[i]);
	}
	keeper->signing[worker] = ends[0];
	keeper->asking[worker] = ends[1];
	return setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience)) == 0 &&
	    setsockopt(ends[1], SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) == 0;
}

static bool
fork_keeper(struct keeper *keeper, int told)
{
	int keep[KEEPER_WORKERS_MAX + KEEPER_KEYS_MAX];
	size_t n = 0;
	pid_t pid;

	for (size_t i = 0; i < keeper->with.workers; i++)
		keep[n++] = keeper->signing[i];
	for (size_t i = 0; i < keeper->keys; i++)
		keep[n++] = keeper->files[i];
	pid = keeper->with.fork(keep, n);
	if (pid == 0)
		keep_keys(keeper, told);
	keeper->pid = pid < 0 ? 0 : pid;
	keeper->dismissed = false;
	keeper->started_ms = clock_ms();
	return pid > 0;
}

/* What the key process says when it has its keys. */
static enum err
hear(int fd, struct buf *why)
{
	char text[WHY_MAX_BYTES];
	enum err err;
	ssize_t n = read(fd, &err, sizeof(err));

	if (n != (ssize_t)sizeof(err)) {
		buf_text(why, "tls: the key process has died");
		return ERR_IO;
	}
	while ((n = read(fd, text, sizeof(text))) > 0)
		buf_add(why, text, (size_t)n);
	return err;
}

enum err
keeper_new(const struct tls_keeper *with, keeper_load *load, void *context,
    const int *files, size_t keys, struct keeper **out, struct buf *why)
{
	struct keeper *keeper;
	int told[2] = {-1, -1};
	bool good;
	enum err err;

	if (keys > KEEPER_KEYS_MAX || with->workers > KEEPER_WORKERS_MAX)
		return ERR_LIMIT;
	keeper = calloc(1, sizeof(*keeper));
	if (keeper == NULL)
		return ERR_NOMEM;
	keeper->with = *with;
	keeper->with.workers = 0;
	keeper->load = load;
	keeper->context = context;
	keeper->keys = keys;
	memcpy(keeper->files, files, keys * sizeof(*files));
	good = pipe(told) == 0;
	while (good && keeper->with.workers < with->workers)
		good = make_pair(keeper, keeper->with.workers++);
	good = good && fork_keeper(keeper, told[1]);
	if (told[1] >= 0)
		close(told[1]);
	if (good) {
		err = hear(told[0], why);
	} else {
		buf_printf(
		    why, "cannot start a key process: %s", strerror(errno));
		err = ERR_IO;
	}
	if (told[0] >= 0)
		close(told[0]);
	*out = keeper;
	return err;
}

static void
close_pair(struct keeper *keeper, size_t worker)
{
	keeper->with.close(keeper->signing[worker]);
	keeper->with.close(keeper->asking[worker]);
	keeper->signing[worker] = keeper->asking[worker] = -1;
}

void
keeper_free(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	for (size_t i = 0; i < keeper->with.workers; i++)
		close_pair(keeper, i);
	for (size_t i = 0; i < keeper->keys; i++)
		keeper->with.close(keeper->files[i]);
	free(keeper);
}

bool
keeper_renew_socket(struct keeper *keeper, size_t worker)
{
	if (keeper == NULL || worker >= keeper->with.workers)
		return true;
	close_pair(keeper, worker);
	if (keeper->pid != 0) {
		keeper->dismissed = true;
		kill(keeper->pid, SIGKILL);
	}
	return make_pair(keeper, worker);
}

bool
keeper_ended(struct keeper *keeper, pid_t pid, int64_t now_ms)
{
	if (keeper == NULL || keeper->pid == 0 || keeper->pid != pid)
		return false;
	keeper->pid = 0;
	keeper->due_ms = now_ms;
	if (keeper->dismissed)
		return true;
	keeper->due_ms =
	    now_ms - keeper->started_ms < YOUNG_MS ? now_ms + REST_MS : now_ms;
	metrics_count(METRIC_WORKERS_DIED);
	log_error("tls: the key process %ld has ended; handshakes wait for the "
		  "next",
	    (long)pid);
	return true;
}

int64_t
keeper_next_ms(const struct keeper *keeper)
{
	return keeper == NULL || keeper->pid != 0 ? INT64_MAX : keeper->due_ms;
}

void
keeper_tick(struct keeper *keeper, int64_t now_ms)
{
	if (keeper_next_ms(keeper) > now_ms)
		return;
	if (!fork_keeper(keeper, -1)) {
		keeper->due_ms = now_ms + REST_MS;
		log_error(
		    "tls: cannot start a key process: %s", strerror(errno));
	}
}

int
keeper_socket(const struct keeper *keeper, size_t worker)
{
	return keeper == NULL || worker >= keeper->with.workers
	    ? -1
	    : keeper->asking[worker];
}

/* ---- in a worker ------------------------------------------------------ */

static int own_socket = -1;
static int64_t signed_us;

int64_t
tls_signed_us(void)
{
	return signed_us;
}

void
keeper_use_socket(int socket)
{
	own_socket = socket;
}

/* Have bytes signed. The signature goes to out, which has room for *out_len.
 * false: not signed. */
static bool
ask(uint32_t host, int padding, const unsigned char *bytes, size_t len,
    unsigned char *out, size_t *out_len)
{
	static uint64_t asked;
	struct packet request, answer;
	ssize_t n = 0;

	if (own_socket < 0 || len > BYTES_MAX)
		return false;
	/* Not a number of the worker that had this socket before. */
	request.number = (uint64_t)getpid() << 40 | ++asked;
	request.host = host;
	request.padding = padding;
	request.us = 0;
	memcpy(request.bytes, bytes, len);
	for (int i = 0; i < ASKS_MAX && n < HEAD_BYTES; i++) {
		n = send(own_socket, &request, HEAD_BYTES + len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		do
			n = recv(own_socket, &answer, sizeof(answer), 0);
		while (n >= HEAD_BYTES && answer.number != request.number);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
	}
	if (n >= HEAD_BYTES)
		signed_us += answer.us;
	if (n <= HEAD_BYTES || (size_t)n - HEAD_BYTES > *out_len)
		return false;
	*out_len = (size_t)n - HEAD_BYTES;
	memcpy(out, answer.bytes, *out_len);
	return true;
}

/* The index of a key is kept as a pointer, one higher, so that NULL is none. */
static int ec_index = -1, rsa_index = -1;

static void *
index_as_data(size_t host)
{
	return (void *)(uintptr_t)(host + 1);
}

static uint32_t
data_as_index(void *data)
{
	return (uint32_t)((uintptr_t)data - 1);
}

static int
sign_ec(int type, const unsigned char *digest, int len, unsigned char *out,
    unsigned *out_len, const BIGNUM *kinv, const BIGNUM *r, EC_KEY *key)
{
	size_t room = (size_t)ECDSA_size(key);

	(void)type;
	(void)kinv;
	(void)r;
	if (!ask(data_as_index(EC_KEY_get_ex_data(key, ec_index)), 0, digest,
		(size_t)len, out, &room))
		return 0;
	*out_len = (unsigned)room;
	return 1;
}

static int
sign_rsa(int len, const unsigned char *from, unsigned char *to, RSA *key,
    int padding)
{
	size_t room = (size_t)RSA_size(key);

	if (!ask(data_as_index(RSA_get_ex_data(key, rsa_index)), padding, from,
		(size_t)len, to, &room))
		return -1;
	return (int)room;
}

static EVP_PKEY *
proxy_of_ec(EVP_PKEY *public, size_t host)
{
	static EC_KEY_METHOD *method;
	/* A copy: OpenSSL keeps the original with the certificate. */
	EC_KEY *key = EC_KEY_dup(EVP_PKEY_get0_EC_KEY(public));
	EVP_PKEY *proxy = EVP_PKEY_new();

	if (method == NULL) {
		method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
		ec_index = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, NULL);
		if (method != NULL)
			EC_KEY_METHOD_set_sign(method, sign_ec, NULL, NULL);
	}
	if (key != NULL && proxy != NULL && method != NULL &&
	    EC_KEY_set_method(key, method) == 1 &&
	    EC_KEY_set_ex_data(key, ec_index, index_as_data(host)) == 1 &&
	    EVP_PKEY_assign_EC_KEY(proxy, key) == 1)
		return proxy;
	EC_KEY_free(key);
	EVP_PKEY_free(proxy);
	return NULL;
}

static EVP_PKEY *
proxy_of_rsa(EVP_PKEY *public, size_t host)
{
	static RSA_METHOD *method;
	RSA *key = RSAPublicKey_dup(EVP_PKEY_get0_RSA(public));
	EVP_PKEY *proxy = EVP_PKEY_new();

	if (method == NULL) {
		method = RSA_meth_dup(RSA_get_default_method());
		rsa_index = RSA_get_ex_new_index(0, NULL, NULL, NULL, NULL);
		if (method != NULL)
			(void)RSA_meth_set_priv_enc(method, sign_rsa);
	}
	if (key != NULL && proxy != NULL && method != NULL &&
	    RSA_set_method(key, method) == 1 &&
	    RSA_set_ex_data(key, rsa_index, index_as_data(host)) == 1 &&
	    EVP_PKEY_assign_RSA(proxy, key) == 1)
		return proxy;
	RSA_free(key);
	EVP_PKEY_free(proxy);
	return NULL;
}

bool
keeper_can_keep(const EVP_PKEY *public)
{
	const int type =
	    public == NULL ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(public);

	return type == EVP_PKEY_EC || type == EVP_PKEY_RSA;
}

EVP_PKEY *
keeper_proxy(EVP_PKEY *public, size_t host)
{
	return EVP_PKEY_get_base_id(public) == EVP_PKEY_EC
	    ? proxy_of_ec(public, host)
	    : proxy_of_rsa(public, host);
}
