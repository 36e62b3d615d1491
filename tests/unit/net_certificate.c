/* SPDX-License-Identifier: ISC */
/*
 * Certificates: ours are made once and never written over, broken ones are
 * refused with a reason, and of a client's no word is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/tls/internal.h"
#include "net/tls/tls.h"

static char dir[64];
static struct buf why;
static struct arena *arena;

static struct str
in_dir(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static struct str
content(const char *name)
{
	FILE *file = fopen(in_dir(name).data, "r");
	char text[8192];
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text), file);
	fclose(file);
	return arena_str(arena, (struct str){text, n});
}

static void
put(const char *name, const char *text, mode_t mode)
{
	int fd = open(in_dir(name).data, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static X509 *
load(const char *name)
{
	FILE *file = fopen(in_dir(name).data, "r");
	X509 *certificate;

	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(certificate);
	return certificate;
}

static void
make(const char *host, bool expected)
{
	bool made = !expected;

	assert_int_equal(
	    tls_make_certificate(dir, str_from(host), &made, &why), OK);
	assert_int_equal(made, expected);
}

static enum err
open_hosts(const char *first, const char *second)
{
	const struct str hosts[] = {str_from(first), str_from(second)};
	struct tls *tls = NULL;
	enum err err;

	buf_clear(&why);
	err = tls_open(dir, hosts, second == NULL ? 1 : 2, NULL, &tls, &why);
	if (err == OK)
		tls_close(tls);
	else
		assert_true(why.len > 0);
	return err;
}

static void
a_pair_is_made_once(void **state)
{
	struct str cert, key;
	struct stat st;

	(void)state;
	make("portal.example", true);
	cert = content("portal.example.cert.pem");
	key = content("portal.example.key.pem");
	assert_int_equal(stat(in_dir("portal.example.key.pem").data, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	make("portal.example", false);
	assert_true(str_equal(cert, content("portal.example.cert.pem")));
	assert_true(str_equal(key, content("portal.example.key.pem")));
	/* Half a pair is never completed: the other half may be elsewhere. */
	make("half.example", true);
	assert_int_equal(unlink(in_dir("half.example.cert.pem").data), 0);
	key = content("half.example.key.pem");
	make("half.example", false);
	assert_true(str_equal(key, content("half.example.key.pem")));
	assert_int_equal(open_hosts("half.example", NULL), ERR_MISSING);
}

static void
a_made_certificate_names_its_host(void **state)
{
	X509 *c;
	int days, seconds;

	(void)state;
	make("facts.example", true);
	c = load("facts.example.cert.pem");
	assert_int_equal(X509_get_version(c), X509_VERSION_3);
	assert_int_equal(X509_check_host(c, "facts.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(c, "x.example", 0, 0, NULL), 0);
	assert_int_equal(X509_self_signed(c, 1), 1);
	assert_int_equal(EVP_PKEY_get_id(X509_get0_pubkey(c)), EVP_PKEY_EC);
	assert_int_equal(X509_get_key_usage(c), KU_DIGITAL_SIGNATURE);
	assert_int_equal(
	    ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(c)), 1);
	assert_true(days >= 3651);
	assert_int_equal(ASN1_STRING_length(X509_get0_serialNumber(c)), 16);
	X509_free(c);
	make("127.0.0.1", true);
	c = load("127.0.0.1.cert.pem");
	assert_int_equal(X509_check_ip_asc(c, "127.0.0.1", 0), 1);
	X509_free(c);
	make("[::1]", true);
	c = load("[::1].cert.pem");
	assert_int_equal(X509_check_ip_asc(c, "::1", 0), 1);
	X509_free(c);
}

static void
odd_host_names_are_refused(void **state)
{
	static const char *const bad[] = {"", "../x", "a/b", ".hidden", "-x",
	    "a b", "a,DNS:evil.example", "a\nb", "标准.example"};
	bool made;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
		    tls_make_certificate(dir, str_from(bad[i]), &made, &why),
		    ERR_INPUT);
		assert_int_equal(open_hosts(bad[i], NULL), ERR_INPUT);
	}
}

static void
bad_certificate_pairs_are_refused(void **state)
{
	struct str key;

	(void)state;
	make("a.example", true);
	make("b.example", true);
	assert_int_equal(open_hosts("a.example", NULL), OK);
	assert_int_equal(open_hosts("a.example", "b.example"), OK);
	assert_int_equal(open_hosts("nowhere.example", NULL), ERR_MISSING);
	assert_int_equal(chmod(in_dir("b.example.key.pem").data, 0644), 0);
	assert_int_equal(open_hosts("b.example", NULL), ERR_INPUT);
	key = content("a.example.key.pem");
	assert_int_equal(chmod(in_dir("b.example.key.pem").data, 0600), 0);
	put("b.example.key.pem", key.data, 0600);
	assert_int_equal(open_hosts("a.example", "b.example"), ERR_INPUT);
	put("b.example.key.pem", "garbage", 0600);
	assert_int_equal(open_hosts("b.example", NULL), ERR_INPUT);
	put("c.example.cert.pem", "garbage", 0644);
	put("c.example.key.pem", key.data, 0600);
	assert_int_equal(open_hosts("c.example", NULL), ERR_INPUT);
}

/* How many files of a host the folder has: its pair and temporary ones, which
 * this function takes away. */
static void
count_files(const char *host, size_t *pair, size_t *temporary)
{
	DIR *folder = opendir(dir);
	const struct dirent *entry;

	assert_non_null(folder);
	*pair = *temporary = 0;
	while ((entry = readdir(folder)) != NULL) {
		const struct str name = str_from(entry->d_name);

		if (!str_starts(name, str_from(host)))
			continue;
		if (str_ends(name, STR(".pem"))) {
			++*pair;
			continue;
		}
		++*temporary;
		assert_int_equal(unlink(in_dir(entry->d_name).data), 0);
	}
	closedir(folder);
}

/* Make a pair in a process of its own that has this fault. What waitpid(2) says
 * of the process; its exit code is the error. */
static int
make_with(const char *fault, const char *host)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		bool made = true;
		enum err err;

		setenv("GUIJU_FAULT", fault, 1);
		buf_clear(&why);
		err = tls_make_certificate(dir, str_from(host), &made, &why);
		_exit(made || why.len == 0 ? 99 : (int)err);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Half a pair is never completed, so a failure leaves none: the next start
 * makes a whole pair. */
static void
a_pair_that_does_not_sync_is_not_there(void **state)
{
	static const char *const points[] = {
	    "sync-pair:1", "sync-pair:2", "sync-certs:1"};
	size_t pair, temporary;
	int status;

	(void)state;
	if (!FAULT_POINTS)
		skip();
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		char fails[32];

		snprintf(fails, sizeof(fails), "%s!", points[i]);
		status = make_with(fails, "fault.example");
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), ERR_IO);
		count_files("fault.example", &pair, &temporary);
		assert_int_equal(pair, 0);
		assert_int_equal(temporary, 0);
	}
	/* A kill leaves temporary files at most, or the whole pair. */
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		status = make_with(points[i], "fault.example");
		assert_true(WIFSIGNALED(status));
		count_files("fault.example", &pair, &temporary);
		assert_int_equal(pair, i < 2 ? 0 : 2);
		assert_int_equal(temporary, i < 2 ? i + 1 : 2);
	}
	make("fault.example", false);
	assert_int_equal(open_hosts("fault.example", NULL), OK);
	/* A certificate from elsewhere gets no key that is not its own. */
	assert_int_equal(unlink(in_dir("fault.example.key.pem").data), 0);
	make("fault.example", false);
	count_files("fault.example", &pair, &temporary);
	assert_int_equal(pair, 1);
	assert_int_equal(temporary, 0);
}

static void
an_expired_certificate_is_loaded(void **state)
{
	(void)state;
	clock_set_now_s(946684800); /* 2000: it ended in 2010 */
	make("old.example", true);
	clock_set_now_s(-1);
	assert_int_equal(open_hosts("old.example", NULL), OK);
}

/* ---- clients' certificates ------------------------------------------ */

static X509 *
client(EVP_PKEY *key, EVP_PKEY *signer, const char *cn, int cn_len)
{
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);

	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
	X509_gmtime_adj(X509_getm_notBefore(c), -60);
	X509_gmtime_adj(X509_getm_notAfter(c), 3600);
	if (cn != NULL)
		X509_NAME_add_entry_by_NID(name, NID_commonName,
		    V_ASN1_UTF8STRING, (const unsigned char *)cn, cn_len, -1,
		    0);
	X509_set_issuer_name(c, name);
	X509_set_pubkey(c, key);
	assert_true(X509_sign(c, signer, EVP_sha256()) > 0);
	return c;
}

static struct identity
identity_of(X509 *c)
{
	struct identity identity;

	assert_int_equal(certificate_read(c, arena, &identity), OK);
	assert_int_equal(identity.fingerprint.len, 64);
	X509_free(c);
	return identity;
}

static void
assert_fault(struct identity who, enum word fault)
{
	assert_false(who.valid);
	assert_int_equal(who.fault, fault);
}

static void
assert_date_fault(struct identity who, enum word fault)
{
	assert_fault(who, fault);
	assert_true(str_starts(who.fault_date, STR("20")));
	assert_int_equal(who.fault_date.len, strlen("2026-12-01 08:00:00 UTC"));
}

/* A certificate that is renewed with the same key has the same key. */
static void
a_renewed_certificate_keeps_its_key(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
	struct identity old = identity_of(client(key, key, "a", -1));
	struct identity renewed = identity_of(client(key, key, "b", -1));
	struct identity stranger = identity_of(client(other, other, "a", -1));

	(void)state;
	assert_int_equal(old.key.len, 64);
	assert_true(str_equal(old.key, renewed.key));
	assert_false(str_equal(old.fingerprint, renewed.fingerprint));
	assert_false(str_equal(old.key, stranger.key));
	/* It ends in an hour. */
	assert_in_range(old.until - clock_now_s(), 3500, 3700);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void
only_sound_client_certificates_are_valid(void **state)
{
	static const char hostile[] = "a\r\n=> x\x1b[2J\0b";
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
	struct identity who;
	X509 *c;

	(void)state;
	who = identity_of(client(key, key, "小明", -1));
	assert_true(who.valid);
	assert_true(str_equal(who.name, STR("小明")));
	who = identity_of(client(key, key, NULL, 0));
	assert_true(who.valid);
	assert_int_equal(who.name.len, 0);
	who = identity_of(client(key, key, hostile, sizeof(hostile) - 1));
	assert_true(str_equal(who.name, STR("a => x [2J b")));
	/* Its signature is another's: the handshake is what proves the key. */
	assert_true(identity_of(client(key, other, "x", -1)).valid);
	c = client(key, key, "x", -1);
	X509_gmtime_adj(X509_getm_notAfter(c), -1);
	X509_sign(c, key, EVP_sha256());
	assert_date_fault(identity_of(c), WORD_CERT_EXPIRED);
	c = client(key, key, "x", -1);
	X509_gmtime_adj(X509_getm_notBefore(c), 120);
	X509_sign(c, key, EVP_sha256());
	assert_date_fault(identity_of(c), WORD_CERT_EARLY);
	/* A clock that is a little ahead. */
	c = client(key, key, "x", -1);
	X509_gmtime_adj(X509_getm_notBefore(c), 30);
	X509_sign(c, key, EVP_sha256());
	assert_true(identity_of(c).valid);
	EVP_PKEY_free(key);
	key = EVP_RSA_gen(1024);
	assert_fault(identity_of(client(key, key, "x", -1)), WORD_CERT_WEAK);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

/* An RSA key with these bits and this public exponent. */
static EVP_PKEY *
rsa(unsigned bits, const char *exponent)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *e = NULL;
	EVP_PKEY *key = NULL;

	assert_true(BN_hex2bn(&e, exponent) > 0);
	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_true(EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits) > 0);
	assert_true(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e) > 0);
	assert_int_equal(EVP_PKEY_keygen(context, &key), 1);
	BN_free(e);
	EVP_PKEY_CTX_free(context);
	return key;
}

static bool
is_cheap(EVP_PKEY *key)
{
	EVP_PKEY *signer = EVP_EC_gen("P-256");
	X509 *c = client(key, signer, "x", -1);
	const bool cheap = certificate_key_is_cheap(c);

	assert_int_equal(ERR_peek_error(), 0);
	X509_free(c);
	EVP_PKEY_free(signer);
	EVP_PKEY_free(key);
	return cheap;
}

/* The lengths of RSA keys are said by a public key alone: to make the longer
 * pair would take seconds. */
static EVP_PKEY *
rsa_of_length(int bits)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_new();
	OSSL_PARAM *numbers;
	EVP_PKEY *key = NULL;

	assert_int_equal(
	    BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(build, "n", n), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_uint(build, "e", 65537), 1);
	numbers = OSSL_PARAM_BLD_to_param(build);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, numbers), 1);
	OSSL_PARAM_free(numbers);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	EVP_PKEY_CTX_free(context);
	return key;
}

static void
costly_keys_are_refused(void **state)
{
	static const char *const cheap[] = {"P-256", "P-384", "P-521"};
	static const char *const odd[] = {
	    "P-224", "secp256k1", "brainpoolP512r1", "sect571r1"};

	char longest[32], longer[32];

	(void)state;
	assert_true(is_cheap(rsa(2048, "10001")));
	snprintf(longest, sizeof(longest), "%llX",
	    (1ULL << (LIMIT_RSA_EXPONENT_BITS - 1)) + 15);
	snprintf(longer, sizeof(longer), "%llX",
	    (1ULL << LIMIT_RSA_EXPONENT_BITS) + 15);
	assert_true(is_cheap(rsa(2048, longest)));
	assert_true(is_cheap(rsa(2048, "FFFFFFFB")));
	assert_false(is_cheap(rsa(2048, longer)));
	assert_false(is_cheap(rsa(2048, "1000000000000000000000000001")));
	assert_true(is_cheap(rsa_of_length(LIMIT_RSA_BITS)));
	assert_false(is_cheap(rsa_of_length(LIMIT_RSA_BITS + 1)));
	/* A weak key costs little: its owner is told that it is weak (62). */
	assert_true(is_cheap(rsa(1024, "10001")));
	for (size_t i = 0; i < sizeof(cheap) / sizeof(*cheap); i++)
		assert_true(is_cheap(EVP_EC_gen(cheap[i])));
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		assert_false(is_cheap(EVP_EC_gen(odd[i])));
	assert_true(is_cheap(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")));
	assert_true(is_cheap(EVP_PKEY_Q_keygen(NULL, NULL, "ED448")));
	assert_false(is_cheap(EVP_PKEY_Q_keygen(NULL, NULL, "X25519")));
	assert_false(certificate_key_is_cheap(NULL));
}

static void
no_certificate_is_made_by_a_slow_clock(void **state)
{
	static const int64_t slow[] = {0, 978307200, 1735689599};
	bool made = true;

	(void)state;
	for (size_t i = 0; i < sizeof(slow) / sizeof(*slow); i++) {
		clock_set_now_s(slow[i]);
		buf_clear(&why);
		assert_int_equal(tls_make_first_certificate(
				     dir, STR("slow.example"), &made, &why),
		    ERR_INPUT);
		assert_true(
		    str_starts(buf_view(&why), STR("tls: the clock says ")));
		assert_int_equal(
		    access(in_dir("slow.example.key.pem").data, F_OK), -1);
	}
	clock_set_now_s(-1);
}

/* What the log is told of the certificates' ends by a clock that says now_s. */
static struct str
told(const struct tls *tls, int64_t now_s)
{
	char text[1024];
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	log_use(ends[1]);
	clock_set_now_s(now_s);
	log_set_level(LOG_LEVEL_WARN);
	tls_warn_of_end(tls);
	log_set_level(LOG_LEVEL_ERROR);
	clock_set_now_s(-1);
	log_use(STDERR_FILENO);
	close(ends[1]);
	n = read(ends[0], text, sizeof(text));
	close(ends[0]);
	return arena_str(arena, (struct str){text, n > 0 ? (size_t)n : 0});
}

/* Whoever opens once may serve for ten years. */
static void
the_end_of_a_certificate_is_told_again(void **state)
{
	const int64_t now_s = clock_now_s(), end_s = now_s + 3652 * 86400LL;
	const struct str host = STR("end.example");
	struct tls *tls;

	(void)state;
	make("end.example", true);
	assert_int_equal(tls_open(dir, &host, 1, NULL, &tls, &why), OK);
	assert_int_equal(told(tls, now_s).len, 0);
	assert_int_equal(told(tls, end_s - 61 * 86400).len, 0);
	assert_non_null(strstr(told(tls, end_s - 59 * 86400 + 60).data,
	    "end.example: the certificate ends in 58 days"));
	assert_non_null(strstr(told(tls, end_s - 3600).data, "in 0 days"));
	assert_non_null(
	    strstr(told(tls, end_s + 60).data, "THE CERTIFICATE HAS EXPIRED"));
	tls_close(tls);
}

static int
set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/guiju-cert-XXXXXX");
	arena = arena_new(1024 * 1024);
	buf_init(&why, 4096);
	log_set_level(LOG_LEVEL_ERROR);
	return mkdtemp(dir) == NULL;
}

static int
tear_down(void **state)
{
	static const char *const hosts[] = {"portal.example", "half.example",
	    "facts.example", "127.0.0.1", "[::1]", "a.example", "b.example",
	    "c.example", "old.example", "end.example", "fault.example"};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		unlink(
		    arena_printf(arena, "%s/%s.cert.pem", dir, hosts[i]).data);
		unlink(
		    arena_printf(arena, "%s/%s.key.pem", dir, hosts[i]).data);
	}
	/* Fails, and the tests with it, if a temporary file was left. */
	assert_int_equal(rmdir(dir), 0);
	buf_release(&why);
	arena_free(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pair_is_made_once),
	    cmocka_unit_test(a_pair_that_does_not_sync_is_not_there),
	    cmocka_unit_test(a_made_certificate_names_its_host),
	    cmocka_unit_test(odd_host_names_are_refused),
	    cmocka_unit_test(bad_certificate_pairs_are_refused),
	    cmocka_unit_test(an_expired_certificate_is_loaded),
	    cmocka_unit_test(costly_keys_are_refused),
	    cmocka_unit_test(no_certificate_is_made_by_a_slow_clock),
	    cmocka_unit_test(the_end_of_a_certificate_is_told_again),
	    cmocka_unit_test(a_renewed_certificate_keeps_its_key),
	    cmocka_unit_test(only_sound_client_certificates_are_valid)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
