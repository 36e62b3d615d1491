/* SPDX-License-Identifier: ISC */
/*
 * The TLS contexts, one per host of ours. The server name that the client sends
 * chooses the context. TLS 1.2 and 1.3 (Gemini network protocol specification
 * 0.24.1, "The use of TLS").
 *
 * There is no resumption: no tickets, no session cache, no early data. A
 * resumed session would have the certificate of the first connection, also if
 * the reader has stopped using it since. Early data can be replayed, and that
 * would repeat a write.
 */
#include "net/tls/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/file_path.h"
#include "net/tls/internal.h"

/* In the order of our preference. AES-128 is first: processors have
 * instructions for it. */
#define SUITES_1_3                                             \
	"TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:" \
	"TLS_AES_256_GCM_SHA384"
#define CIPHERS_1_2                      \
	"ECDHE-ECDSA-AES128-GCM-SHA256:" \
	"ECDHE-RSA-AES128-GCM-SHA256:"   \
	"ECDHE+CHACHA20:ECDHE+AESGCM"

enum {
	EXPIRY_WARNING_S = 60 * 86400, /* before a certificate ends */
	KEY_FILE_MAX_BYTES = 32 * 1024
};

struct tls_host {
	struct str name; /* owned */
	SSL_CTX *context;
};

struct tls {
	struct tls_host *hosts;
	size_t count;
	struct tls_sessions *sessions;
	char *dir;
	struct keeper *keeper; /* NULL: the keys are in the contexts */
};

struct tls_sessions *
tls_sessions_of(const struct tls *tls)
{
	return tls->sessions;
}

/*
 * Accept any issuer: a certificate is an identity, and no authority need sign
 * it. After this function OpenSSL checks that the client holds the key, and
 * that check can cost a hundred times as much as a handshake. So a costly key
 * is refused here, with the alert unsupported_certificate, and so is a chain of
 * too many certificates.
 */
static int
accept_cheap(X509_STORE_CTX *store, void *unused)
{
	int error = X509_V_OK;

	(void)unused;
	if (sk_X509_num(X509_STORE_CTX_get0_untrusted(store)) >
	    LIMIT_CERTIFICATES)
		error = X509_V_ERR_CERT_CHAIN_TOO_LONG;
	else if (!certificate_key_is_cheap(X509_STORE_CTX_get0_cert(store)))
		error = X509_V_ERR_INVALID_PURPOSE;
	X509_STORE_CTX_set_error(store, error);
	return error == X509_V_OK;
}

/* Refuse a key with a passphrase: OpenSSL would ask for it on the terminal, and
 * the server would wait. */
static int
no_passphrase(char *room, int size, int writing, void *unused)
{
	(void)room;
	(void)size;
	(void)writing;
	(void)unused;
	return -1;
}

static bool
same_name(struct str a, struct str b)
{
	if (a.len > 0 && a.data[a.len - 1] == '.')
		a.len--;
	return str_equal_nocase(a, b);
}

/* An unknown name gets the first host's certificate. Its request is then
 * refused with a sentence; a failed handshake could not say why. */
static int
choose_host(SSL *ssl, int *alert, void *arg)
{
	const struct tls *tls = arg;
	struct str name =
	    str_from(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));

	(void)alert;
	for (size_t i = 0; i < tls->count; i++) {
		if (same_name(name, tls->hosts[i].name)) {
			SSL_set_SSL_CTX(ssl, tls->hosts[i].context);
			break;
		}
	}
	return SSL_TLSEXT_ERR_OK;
}

/* 0: an OpenSSL call failed. */
static int
set_up(SSL_CTX *context, struct tls *tls, struct str host)
{
	unsigned char id[SSL_MAX_SID_CTX_LENGTH] = {0};
	/* In TLS 1.2 the curve of a client's certificate must be in this list,
	 * so P-521 is in it. Not const: OpenSSL's macro casts const away. */
	char groups[] = "X25519:P-256:P-384:P-521";

	/* OpenSSL needs a context id to ask for client certificates, even
	 * without a session cache. */
	memcpy(id, host.data, host.len < sizeof(id) ? host.len : sizeof(id));
	SSL_CTX_set_options(context,
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CIPHER_SERVER_PREFERENCE |
		SSL_OP_NO_TICKET);
	SSL_CTX_set_mode(context,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_cert_verify_callback(context, accept_cheap, NULL);
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_tlsext_servername_callback(context, choose_host);
	SSL_CTX_set_tlsext_servername_arg(context, tls);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
	    SSL_CTX_set_num_tickets(context, 0) &&
	    SSL_CTX_set_max_early_data(context, 0) &&
	    SSL_CTX_set_session_id_context(context, id, sizeof(id)) &&
	    SSL_CTX_set_ciphersuites(context, SUITES_1_3) &&
	    SSL_CTX_set_cipher_list(context, CIPHERS_1_2) &&
	    SSL_CTX_set1_groups_list(context, groups);
}

static enum err
fail_file(struct buf *why, const char *file, const char *what, enum err err)
{
	buf_printf(why, "tls: %s: %s", file, what);
	ERR_clear_error();
	return err;
}

static enum err
fail_errno(struct buf *why, const char *file)
{
	const int error = errno;

	fail_file(why, file, strerror(error), ERR_IO);
	if (!owner_is_to_blame(error))
		return error == ENOENT ? ERR_MISSING : ERR_IO;
	owner_add(why, file);
	return ERR_INPUT;
}

/* An expired certificate is served all the same: readers remember it, and
 * another in its place would alarm them more. */
static void
warn_of_end(const SSL_CTX *context, struct str host)
{
	const ASN1_TIME *end =
	    X509_get0_notAfter(SSL_CTX_get0_certificate(context));
	time_t now = (time_t)clock_now_s(), soon = now + EXPIRY_WARNING_S;
	ASN1_TIME *today;
	int days = 0, seconds = 0;

	if (X509_cmp_time(end, &now) <= 0) {
		log_error("tls: %.*s: THE CERTIFICATE HAS EXPIRED; clients "
			  "refuse it",
		    STR_ARG(host));
	} else if (X509_cmp_time(end, &soon) <= 0) {
		today = ASN1_TIME_set(NULL, now);
		(void)ASN1_TIME_diff(&days, &seconds, today, end);
		ASN1_TIME_free(today);
		log_warn("tls: %.*s: the certificate ends in %d days",
		    STR_ARG(host), days);
	}
}

void
tls_warn_of_end(const struct tls *tls)
{
	for (size_t i = 0; i < tls->count; i++)
		warn_of_end(tls->hosts[i].context, tls->hosts[i].name);
}

static enum err
load_certificate(SSL_CTX *context, const char *file, struct buf *why)
{
	if (access(file, R_OK) != 0)
		return fail_errno(why, file);
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(context, file) != 1)
		return fail_file(why, file, "no certificate in PEM", ERR_INPUT);
	return OK;
}

/* Key processes share the descriptor and its offset, so the offset is not
 * used. */
static EVP_PKEY *
read_key(int fd)
{
	char text[KEY_FILE_MAX_BYTES];
	const ssize_t n = pread(fd, text, sizeof(text), 0);
	BIO *bio = n <= 0 ? NULL : BIO_new_mem_buf(text, (int)n);
	EVP_PKEY *key = NULL;

	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	OPENSSL_cleanse(text, sizeof(text));
	return key;
}

static enum err
open_key(const char *file, int *out, struct buf *why)
{
	*out = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return *out < 0 ? fail_errno(why, file) : OK;
}

static enum err
load_key(const X509 *certificate, const char *file, int fd, EVP_PKEY **out,
    struct buf *why)
{
	struct stat st;
	EVP_PKEY *key = NULL;
	enum err err = OK;

	ERR_clear_error();
	if (fstat(fd, &st) != 0)
		err = fail_errno(why, file);
	else if (!S_ISREG(st.st_mode))
		err = fail_file(why, file, "not a file", ERR_INPUT);
	else if ((st.st_mode & S_IRWXO) != 0)
		err = fail_file(why, file,
		    "readable by others: chmod 600 it, and think about "
		    "who has read it",
		    ERR_INPUT);
	else if ((key = read_key(fd)) == NULL)
		err = fail_file(why, file,
		    "no private key in PEM, or one "
		    "behind a passphrase",
		    ERR_INPUT);
	else if (X509_check_private_key(certificate, key) != 1)
		err = fail_file(
		    why, file, "does not match the certificate", ERR_INPUT);
	if (err == OK)
		*out = key;
	else
		EVP_PKEY_free(key);
	return err;
}

/* fd: of the file; -1: it is opened and closed here. */
static enum err
load_key_of(
    const struct tls *tls, size_t i, int fd, EVP_PKEY **out, struct buf *why)
{
	char file[TLS_PATH_MAX];
	int own = -1;
	enum err err = tls_file(
	    tls->dir, tls->hosts[i].name, "key.pem", file, sizeof(file));

	if (err == OK && fd < 0)
		err = open_key(file, &own, why);
	if (err == OK)
		err = load_key(SSL_CTX_get0_certificate(tls->hosts[i].context),
		    file, fd < 0 ? own : fd, out, why);
	if (own >= 0)
		close(own);
	return err;
}

static EVP_PKEY *
public_key(const struct tls *tls, size_t i)
{
	return X509_get0_pubkey(
	    SSL_CTX_get0_certificate(tls->hosts[i].context));
}

/* In the key process. */
static enum err
load_for_keeper(
    void *context, size_t i, int file, EVP_PKEY **out, struct buf *why)
{
	return load_key_of(context, i, file, out, why);
}

/* Open the files of the keys that it can have, and start the key process. */
static enum err
start_keeper(struct tls *tls, const struct tls_keeper *with, struct buf *why)
{
	char file[TLS_PATH_MAX];
	int files[KEEPER_KEYS_MAX];
	size_t opened = 0;
	enum err err = tls->count > KEEPER_KEYS_MAX ? ERR_LIMIT : OK;

	for (size_t i = 0; err == OK && i < tls->count; i++) {
		files[opened++] = -1;
		if (!keeper_can_keep(public_key(tls, i)))
			continue;
		err = tls_file(tls->dir, tls->hosts[i].name, "key.pem", file,
		    sizeof(file));
		if (err == OK)
			err = open_key(file, &files[i], why);
		if (err == OK)
			with->keep(files[i]);
	}
	if (err == OK)
		err = keeper_new(with, load_for_keeper, tls, files, tls->count,
		    &tls->keeper, why);
	for (size_t i = 0; i < opened && tls->keeper == NULL; i++)
		with->close(files[i]);
	return err;
}

/* Give a host's context its key, or what stands for it. */
static enum err
use_key(struct tls *tls, size_t i, struct buf *why)
{
	EVP_PKEY *key = NULL;
	enum err err = OK;

	if (tls->keeper != NULL && keeper_can_keep(public_key(tls, i))) {
		key = keeper_proxy(public_key(tls, i), i);
		err = key == NULL ? ERR_NOMEM : OK;
	} else {
		err = load_key_of(tls, i, -1, &key, why);
		if (err == OK && tls->keeper != NULL)
			log_warn("tls: %.*s: the key is neither EC nor RSA, so "
				 "each worker has it in its memory",
			    STR_ARG(tls->hosts[i].name));
	}
	if (err == OK &&
	    SSL_CTX_use_PrivateKey(tls->hosts[i].context, key) != 1) {
		buf_text(why, "tls: OpenSSL refuses the key");
		err = ERR_BUG;
	}
	EVP_PKEY_free(key);
	ERR_clear_error();
	return err;
}

static enum err
load_host(struct tls *tls, const char *dir, struct str host,
    struct tls_host *out, struct buf *why)
{
	char cert[TLS_PATH_MAX], *name;

	if (!tls_host_is_sound(host) ||
	    tls_file(dir, host, "cert.pem", cert, sizeof(cert)) != OK) {
		buf_printf(why, "tls: no host name: %.*s", STR_ARG(host));
		return ERR_INPUT;
	}
	name = malloc(host.len);
	if (name == NULL)
		return ERR_NOMEM;
	memcpy(name, host.data, host.len);
	out->name = (struct str){name, host.len};
	out->context = SSL_CTX_new(TLS_server_method());
	if (out->context == NULL || !set_up(out->context, tls, host)) {
		ERR_clear_error();
		buf_text(why, "tls: OpenSSL refuses our settings");
		return ERR_BUG;
	}
	return load_certificate(out->context, cert, why);
}

enum err
tls_open(const char *dir, const struct str *hosts, size_t host_count,
    const struct tls_keeper *keeper, struct tls **out, struct buf *why)
{
	struct tls *tls;
	enum err err = OK;

	if (host_count == 0)
		return ERR_INPUT;
	tls = calloc(1, sizeof(*tls));
	if (tls == NULL)
		return ERR_NOMEM;
	tls->hosts = calloc(host_count, sizeof(*tls->hosts));
	tls->dir = strdup(dir);
	if (tls->hosts == NULL || tls->dir == NULL)
		err = ERR_NOMEM;
	for (size_t i = 0; err == OK && i < host_count; i++) {
		tls->count = i + 1;
		err = load_host(tls, dir, hosts[i], &tls->hosts[i], why);
	}
	if (err == OK && keeper != NULL)
		err = start_keeper(tls, keeper, why);
	for (size_t i = 0; err == OK && i < host_count; i++)
		err = use_key(tls, i, why);
	if (err == OK) {
		tls->sessions = tls_sessions_new(tls->hosts[0].context);
		err = tls->sessions == NULL ? ERR_NOMEM : OK;
	}
	if (err != OK) {
		tls_close(tls);
		return err;
	}
	tls_warn_of_end(tls);
	*out = tls;
	return OK;
}

void
tls_close(struct tls *tls)
{
	if (tls == NULL)
		return;
	keeper_free(tls->keeper);
	tls_sessions_free(tls->sessions);
	for (size_t i = 0; i < tls->count; i++) {
		SSL_CTX_free(tls->hosts[i].context);
		free((char *)(uintptr_t)tls->hosts[i].name.data);
	}
	free(tls->hosts);
	free(tls->dir);
	free(tls);
}

/* ---- the key process --------------------------------------------------- */

int
tls_socket(const struct tls *tls, size_t worker)
{
	return keeper_socket(tls->keeper, worker);
}

bool
tls_renew_socket(struct tls *tls, size_t worker)
{
	return keeper_renew_socket(tls->keeper, worker);
}

void
tls_use_socket(const struct tls *tls, size_t worker)
{
	keeper_use_socket(keeper_socket(tls->keeper, worker));
}

bool
tls_ended(struct tls *tls, pid_t pid, int64_t now_ms)
{
	return tls != NULL && keeper_ended(tls->keeper, pid, now_ms);
}

void
tls_tick(struct tls *tls, int64_t now_ms)
{
	keeper_tick(tls->keeper, now_ms);
}

int64_t
tls_next_ms(const struct tls *tls)
{
	return keeper_next_ms(tls->keeper);
}

/* ---- for the operator -------------------------------------------------- */

static enum err
seconds(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return ERR_INPUT;
	*out = (int64_t)timegm(&tm);
	return OK;
}

enum err
tls_facts(const struct tls *tls, struct tls_facts *out)
{
	const X509 *certificate =
	    SSL_CTX_get0_certificate(tls->hosts[0].context);
	struct tls_facts facts = {.sha256 = ""};
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	enum err err = certificate == NULL ? ERR_INPUT : OK;

	if (err == OK)
		err = seconds(
		    X509_get0_notBefore(certificate), &facts.not_before_s);
	if (err == OK)
		err = seconds(
		    X509_get0_notAfter(certificate), &facts.not_after_s);
	if (err == OK &&
	    (X509_digest(certificate, EVP_sha256(), digest, &len) != 1 ||
		2 * len >= sizeof(facts.sha256)))
		err = ERR_INPUT;
	if (err == OK)
		hex_write(digest, len, facts.sha256);
	ERR_clear_error();
	if (err == OK)
		*out = facts;
	return err;
}
