/* SPDX-License-Identifier: ISC */
/*
 * Reading clients' certificates and making our own.
 *
 * Clients remember a server's certificate from their first visit and refuse
 * another. So ours is made once, is valid for ten years and is never
 * overwritten.
 */
#include "net/tls/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file_path.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/version.h"

enum {
	HOST_MAX = 253,           /* bytes of a name (RFC 1035) */
	NAME_CHARACTERS_MAX = 64, /* X.520, ub-common-name */
	NAME_BYTES_MAX = 4096,    /* of a name; the rest is not read */
	KEY_BITS_MIN = 112,       /* of security: that of RSA-2048 and P-224 */
	SERIAL_BYTES = 16,
	GRACE_S = 60, /* a reader's clock may be ahead of ours */
	DAY_S = 86400,
	LIFE_S = 3652 * DAY_S /* ten years */
};

/* ---- reading -------------------------------------------------------- */

/* A digest in small hexadecimal digits. */
static enum err
write_digest(const unsigned char *digest, unsigned len, struct arena *arena,
    struct str *out)
{
	char *text = arena_alloc(arena, 2 * (size_t)len + 1);

	if (text == NULL)
		return ERR_NOMEM;
	hex_write(digest, len, text);
	*out = (struct str){text, 2 * (size_t)len};
	return OK;
}

static enum err
read_fingerprint(const X509 *certificate, struct arena *arena, struct str *out)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (X509_digest(certificate, EVP_sha256(), digest, &len) != 1)
		return ERR_NOMEM;
	return write_digest(digest, len, arena, out);
}

/* The digest of the public key as the certificate holds it, with its algorithm
 * (SubjectPublicKeyInfo). Empty: there is no key that can be read. */
static enum err
read_key(const X509 *certificate, struct arena *arena, struct str *out)
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	unsigned len = 0;
	int bytes = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool good = bytes > 0 &&
	    EVP_Digest(der, (size_t)bytes, digest, &len, EVP_sha256(), NULL) ==
		1;

	*out = STR("");
	OPENSSL_free(der);
	return good ? write_digest(digest, len, arena, out) : OK;
}

/* The first n characters of s. */
static struct str
first_characters(struct str s, size_t n)
{
	struct str rest = s;

	while (rest.len > 0 && n-- > 0)
		utf8_next(&rest);
	return str_slice(s, 0, s.len - rest.len);
}

static enum err
read_name(const X509 *certificate, struct arena *arena, struct str *out)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *text = NULL;
	struct buf line;
	int len;

	*out = STR("");
	if (at < 0)
		return OK;
	len = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	if (len < 0)
		return OK; /* not a text in a known encoding: no name */
	buf_init(&line, 3 * (size_t)NAME_BYTES_MAX);
	utf8_add_line(&line,
	    str_slice(
		(struct str){(char *)text, (size_t)len}, 0, NAME_BYTES_MAX));
	*out = arena_str(arena,
	    str_trim(first_characters(
		str_trim(buf_view(&line)), NAME_CHARACTERS_MAX)));
	OPENSSL_free(text);
	buf_release(&line);
	return out->data == NULL ? ERR_NOMEM : OK;
}

/* "2026-12-01 08:00:00 UTC". */
static enum err
read_date(const ASN1_TIME *date, struct arena *arena, struct str *out)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(date, &tm) != 1)
		return ERR_INPUT;
	*out = arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d UTC",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
	return out->data == NULL ? ERR_NOMEM : OK;
}

/* The seconds since 1970 of a date; 0: it cannot be read. */
static int64_t
date_seconds(const ASN1_TIME *date)
{
	struct tm tm = {0};
	time_t seconds = -1;

	if (ASN1_TIME_to_tm(date, &tm) == 1)
		seconds = timegm(&tm);
	return seconds > 0 ? (int64_t)seconds : 0;
}

/* Is the time between the dates? X509_cmp_time() returns 0 for a date that it
 * cannot read. */
static enum err
check_dates(const X509 *certificate, struct arena *arena, struct identity *out)
{
	const ASN1_TIME *begin = X509_get0_notBefore(certificate);
	const ASN1_TIME *end = X509_get0_notAfter(certificate);
	time_t now = (time_t)clock_now_s(), soon = now + GRACE_S;
	const int begins = X509_cmp_time(begin, &soon);
	const int ends = X509_cmp_time(end, &now);
	enum err err = OK;

	out->valid = begins < 0 && ends > 0;
	if (out->valid)
		return OK;
	out->fault = ends < 0 ? WORD_CERT_EXPIRED : WORD_CERT_EARLY;
	if (begins != 0 && ends != 0)
		err =
		    read_date(ends < 0 ? end : begin, arena, &out->fault_date);
	if (begins == 0 || ends == 0 || err == ERR_INPUT)
		out->fault = WORD_CERT_NO_DATES;
	return err == ERR_NOMEM ? err : OK;
}

/* The certificate's own signature is not checked. The identity is the
 * fingerprint, which no signature changes, and the handshake has proven that
 * the client holds the key. */
static void
check_key(const X509 *certificate, struct identity *out)
{
	const EVP_PKEY *key = X509_get0_pubkey(certificate);

	if (key != NULL && EVP_PKEY_get_security_bits(key) >= KEY_BITS_MIN)
		return;
	out->valid = false;
	out->fault = WORD_CERT_WEAK;
}

static bool
is_cheap_rsa(const EVP_PKEY *key)
{
	BIGNUM *exponent = NULL;
	bool cheap = EVP_PKEY_get_bits(key) <= LIMIT_RSA_BITS &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 &&
	    BN_num_bits(exponent) <= LIMIT_RSA_EXPONENT_BITS;

	BN_free(exponent);
	return cheap;
}

static bool
is_known_curve(const EVP_PKEY *key)
{
	static const int curves[] = {
	    NID_X9_62_prime256v1, NID_secp384r1, NID_secp521r1};
	char name[64];
	int nid;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) != 1)
		return false;
	nid = OBJ_txt2nid(name);
	for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++)
		if (curves[i] == nid)
			return true;
	return false;
}

bool
certificate_key_is_cheap(const X509 *certificate)
{
	const EVP_PKEY *key =
	    certificate == NULL ? NULL : X509_get0_pubkey(certificate);
	bool cheap;

	switch (key == NULL ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		cheap = is_cheap_rsa(key);
		break;
	case EVP_PKEY_EC:
		cheap = is_known_curve(key);
		break;
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448:
		cheap = true;
		break;
	default:
		cheap = false;
	}
	ERR_clear_error();
	return cheap;
}

enum err
certificate_read(X509 *certificate, struct arena *arena, struct identity *out)
{
	struct identity identity = {.valid = false};
	enum err err =
	    read_fingerprint(certificate, arena, &identity.fingerprint);

	if (err == OK)
		err = read_key(certificate, arena, &identity.key);
	if (err == OK)
		err = check_dates(certificate, arena, &identity);
	identity.until = date_seconds(X509_get0_notAfter(certificate));
	if (identity.valid)
		check_key(certificate, &identity);
	if (err == OK)
		err = read_name(certificate, arena, &identity.name);
	ERR_clear_error();
	if (err == OK)
		*out = identity;
	return err;
}

/* ---- making --------------------------------------------------------- */

static bool
add_extension(X509 *certificate, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	int added;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_nconf_nid(NULL, &context, nid, value);
	if (extension == NULL)
		return false;
	added = X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	return added == 1;
}

bool
tls_host_is_sound(struct str host)
{
	if (host.len > 2 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		host = str_slice(host, 1, host.len - 1);
	if (host.len == 0 || host.len > HOST_MAX || host.data[0] == '.' ||
	    host.data[0] == '-')
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.data[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != ':')
			return false;
	}
	return true;
}

enum err
tls_file(const char *dir, struct str host, const char *suffix, char *out,
    size_t size)
{
	int n = snprintf(out, size, "%s/%.*s.%s", dir, STR_ARG(host), suffix);

	return n < 0 || (size_t)n >= size ? ERR_LIMIT : OK;
}

/* host has passed tls_host_is_sound(), so it cannot add a second name to the
 * text that OpenSSL parses here. */
static bool
add_names(X509 *certificate, struct str host)
{
	unsigned char address[sizeof(struct in6_addr)];
	X509_NAME *subject = X509_get_subject_name(certificate);
	struct str common;
	char name[256 + 4];
	const char *bare = name + 4;

	if (host.data[0] == '[')
		host = str_slice(host, 1, host.len - 1);
	common = str_slice(host, 0, NAME_CHARACTERS_MAX);
	snprintf(name, sizeof(name), "DNS:%.*s", STR_ARG(host));
	if (inet_pton(AF_INET, bare, address) == 1 ||
	    inet_pton(AF_INET6, bare, address) == 1)
		snprintf(name, sizeof(name), "IP:%.*s", STR_ARG(host));
	return X509_NAME_add_entry_by_NID(subject, NID_commonName,
		   MBSTRING_UTF8, (const unsigned char *)common.data,
		   (int)common.len, -1, 0) == 1 &&
	    X509_set_issuer_name(certificate, subject) == 1 &&
	    add_extension(certificate, NID_subject_alt_name, name);
}

static bool
set_serial(X509 *certificate)
{
	unsigned char bytes[SERIAL_BYTES];
	BIGNUM *number;
	bool ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	/* Positive and of full length (RFC 5280, 4.1.2.2). */
	bytes[0] = (unsigned char)((bytes[0] & 0x3F) | 0x40);
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number != NULL &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) !=
		NULL;
	BN_free(number);
	return ok;
}

/* The certificate begins a day ago, for readers whose clocks are slow. */
static bool
set_dates(X509 *certificate)
{
	time_t now = (time_t)clock_now_s();

	return ASN1_TIME_set(X509_getm_notBefore(certificate), now - DAY_S) !=
	    NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(certificate), now + LIFE_S) !=
	    NULL;
}

static X509 *
make_certificate(struct str host, EVP_PKEY *key)
{
	X509 *certificate = X509_new();

	if (certificate != NULL &&
	    X509_set_version(certificate, X509_VERSION_3) == 1 &&
	    set_serial(certificate) && set_dates(certificate) &&
	    X509_set_pubkey(certificate, key) == 1 &&
	    add_names(certificate, host) &&
	    add_extension(
		certificate, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(
		certificate, NID_key_usage, "critical,digitalSignature") &&
	    X509_sign(certificate, key, EVP_sha256()) > 0)
		return certificate;
	X509_free(certificate);
	return NULL;
}

static enum err
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		data += n;
		len -= (size_t)n;
	}
	return !FAULT("sync-pair") && fsync(fd) == 0 ? OK : ERR_IO;
}

/* One file of a pair. It has a temporary name until the whole pair is on the
 * disk. */
struct part {
	const char *file;
	mode_t mode;
	BIO *text;
	char fresh[TLS_PATH_MAX + 16]; /* "": not made */
};

static enum err
write_fresh(struct part *part)
{
	char *data;
	long len = BIO_get_mem_data(part->text, &data);
	enum err err = ERR_IO;
	int fd, failure;

	snprintf(part->fresh, sizeof(part->fresh), "%s.XXXXXX", part->file);
	fd = mkstemp(part->fresh);
	if (fd < 0) {
		part->fresh[0] = '\0';
		return ERR_IO;
	}
	if (len > 0 && fchmod(fd, part->mode) == 0)
		err = write_all(fd, data, (size_t)len);
	failure = errno;
	close(fd);
	errno = failure;
	return err;
}

static void
release_part(struct part *part)
{
	const int failure = errno; /* the caller reports it */

	if (part->fresh[0] != '\0')
		unlink(part->fresh);
	BIO_free(part->text);
	errno = failure;
}

/*
 * Give both files their names, or neither: half a pair would never be
 * completed, and a name that may be gone after a power failure would be
 * followed by another certificate. link(2) fails if the name exists; rename(2)
 * would replace the file. A kill between the two leaves the key alone, which
 * the next start refuses. ERR_BUSY: a name exists.
 */
static enum err
name_pair(int folder, const struct part *key, const struct part *cert)
{
	enum err err = OK;
	int failure;

	if (link(key->fresh, key->file) != 0)
		return errno == EEXIST ? ERR_BUSY : ERR_IO;
	if (link(cert->fresh, cert->file) != 0) {
		err = errno == EEXIST ? ERR_BUSY : ERR_IO;
	} else if (FAULT("sync-certs") || fsync(folder) != 0) {
		err = ERR_IO;
		failure = errno;
		unlink(cert->file);
		errno = failure;
	}
	failure = errno;
	if (err != OK)
		unlink(key->file);
	errno = failure;
	return err;
}

static enum err
write_pair(const char *dir, const char *key_file, EVP_PKEY *pair,
    const char *cert_file, X509 *certificate)
{
	struct part key = {
	    key_file, S_IRUSR | S_IWUSR, BIO_new(BIO_s_secmem()), ""};
	struct part cert = {cert_file, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH,
	    BIO_new(BIO_s_mem()), ""};
	enum err err = ERR_NOMEM;
	int folder = -1, failure;

	if (key.text != NULL && cert.text != NULL &&
	    PEM_write_bio_PrivateKey(
		key.text, pair, NULL, NULL, 0, NULL, NULL) == 1 &&
	    PEM_write_bio_X509(cert.text, certificate) == 1) {
		folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		err = folder < 0 ? ERR_IO : write_fresh(&key);
	}
	if (err == OK)
		err = write_fresh(&cert);
	if (err == OK)
		err = name_pair(folder, &key, &cert);
	release_part(&key);
	release_part(&cert);
	failure = errno;
	if (folder >= 0)
		close(folder);
	errno = failure;
	return err;
}

static bool
exists(const char *file)
{
	struct stat st;

	return lstat(file, &st) == 0;
}

enum err
tls_make_certificate(
    const char *dir, struct str host, bool *made, struct buf *why)
{
	char cert[TLS_PATH_MAX], key[TLS_PATH_MAX];
	EVP_PKEY *pair;
	X509 *certificate = NULL;
	enum err err = ERR_NOMEM;

	if (!tls_host_is_sound(host) ||
	    tls_file(dir, host, "cert.pem", cert, sizeof(cert)) != OK ||
	    tls_file(dir, host, "key.pem", key, sizeof(key)) != OK) {
		buf_printf(why, "tls: no host name: %.*s", STR_ARG(host));
		return ERR_INPUT;
	}
	*made = false;
	if (exists(cert) || exists(key))
		return OK;
	pair = EVP_EC_gen("P-256");
	if (pair != NULL)
		certificate = make_certificate(host, pair);
	if (certificate != NULL)
		err = write_pair(dir, key, pair, cert, certificate);
	if (err == ERR_IO) {
		buf_printf(why, "tls: %s: ", cert);
		owner_add_errno(why, cert);
		if (owner_is_to_blame(errno))
			err = ERR_INPUT;
	}
	if (err == ERR_NOMEM)
		buf_printf(why, "tls: %s: cannot be made", cert);
	X509_free(certificate);
	EVP_PKEY_free(pair);
	ERR_clear_error();
	*made = err == OK;
	/* Another process has made the files at the same moment. */
	return err == ERR_BUSY ? OK : err;
}

/* What a child says of the certificate that it has made, before its text. */
struct made {
	enum err err;
	bool made;
};

/*
 * Make the certificate in a child. The memory of this process, which its
 * workers inherit, then never has had the key in it.
 */
static enum err
make_in_child(const char *dir, struct str host, bool *made, struct buf *why)
{
	struct made said = {ERR_IO, false};
	char text[512];
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe(ends) != 0)
		return ERR_IO;
	pid = fork();
	if (pid == 0) {
		said.err = tls_make_certificate(dir, host, &said.made, why);
		_exit(write(ends[1], &said, sizeof(said)) == sizeof(said) &&
			    write(ends[1], why->data, why->len) >= 0
			? 0
			: 1);
	}
	close(ends[1]);
	if (pid < 0 || read(ends[0], &said, sizeof(said)) != sizeof(said))
		buf_text(why, "tls: no process makes a certificate");
	while (pid > 0 && (n = read(ends[0], text, sizeof(text))) > 0)
		buf_add(why, text, (size_t)n);
	close(ends[0]);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	*made = said.made;
	return said.err;
}

enum err
tls_make_first_certificate(
    const char *dir, struct str host, bool *made, struct buf *why)
{
	char cert[TLS_PATH_MAX], key[TLS_PATH_MAX];

	if (tls_file(dir, host, "cert.pem", cert, sizeof(cert)) != OK ||
	    tls_file(dir, host, "key.pem", key, sizeof(key)) != OK ||
	    exists(cert) || exists(key))
		return tls_make_certificate(dir, host, made, why);
	if (clock_now_s() >= GUIJU_MADE_S)
		return make_in_child(dir, host, made, why);
	buf_text(why, "tls: the clock says ");
	clock_add_utc(why, clock_now_s());
	buf_text(why,
	    ": it is slow, and a certificate would have its dates for ever; "
	    "set it first");
	return ERR_INPUT;
}
