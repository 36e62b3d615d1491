/* SPDX-License-Identifier: ISC */
/*
 * `guiju cert` shows the server's certificate as clients see it. Clients trust
 * the first certificate that a server shows. So an operator wants to compare
 * the fingerprint, and to know years ahead when the certificate expires.
 */
#include "tools/command.h"

#include <errno.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "net/tls/tls.h"
#include "run/config/config.h"
#include "run/config/state.h"

enum { WHY_MAX_BYTES = 1024, OUTPUT_MAX_BYTES = 65536 };

static int run_cert(int argc, char **argv);

const struct command command_cert = {
    .name = "cert",
    .summary = "show the server's certificate, making one if there is none",
    .operands = "[CAPSULE]",
    .about =
	"Print the file, names, dates and fingerprints of the server's "
	"certificate; make one first if there is none: self-signed, P-256, "
	"good for ten years. One that is there is never replaced, because "
	"readers' programs remember it; to use another, put it in its place "
	"and send SIGHUP to the server. capsule.ini is read from CAPSULE "
	"(this folder).\n"
	"\n"
	"The fingerprints are SHA-256, each as programs show it:\n"
	"\n"
	"  SHA-256     of the certificate, as most clients\n"
	"  openssl     the same, as `openssl x509 -fingerprint` and browsers\n"
	"  public key  of the public key, as Lagrange (before 1.18 it called\n"
	"              this the fingerprint)\n"
	"  Amfora      the same, as Amfora, which remembers only the key\n",
    .settings = USED_BY_CERT,
    .end = "Exit status: 0 shown; 1 a file failed; 2 usage; 78 the "
	   "configuration or the certificate is refused.\n",
    .run = run_cert,
};

static void
add_date(struct buf *out, const char *label, const ASN1_TIME *time)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(time, &tm) != 1) {
		buf_printf(out, "%-12s unreadable\n", label);
		return;
	}
	buf_printf(out, "%-12s %04d-%02d-%02dT%02d:%02d:%02dZ", label,
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

static void
add_dates(struct buf *out, const X509 *certificate)
{
	time_t now = (time_t)clock_now_s();
	int days = 0, seconds = 0;

	add_date(out, "valid from", X509_get0_notBefore(certificate));
	if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0)
		buf_text(out, " (not yet)");
	buf_char(out, '\n');
	add_date(out, "valid until", X509_get0_notAfter(certificate));
	if (X509_cmp_time(X509_get0_notAfter(certificate), &now) < 0)
		buf_text(out, " (EXPIRED)");
	else if (ASN1_TIME_diff(&days, &seconds, NULL,
		     X509_get0_notAfter(certificate)) == 1)
		buf_printf(out, " (%d days)", days);
	buf_char(out, '\n');
}

static void
add_asn1(struct buf *out, const ASN1_STRING *text)
{
	buf_char(out, ' ');
	utf8_add_line(out,
	    (struct str){(const char *)ASN1_STRING_get0_data(text),
		(size_t)ASN1_STRING_length(text)});
}

/* Append the host names that a client may ask for. An old certificate has no
 * DNS names, only a common name. */
static void
add_names(struct buf *out, const X509 *certificate)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	const X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	size_t found = 0;

	buf_printf(out, "%-12s", "names");
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS) {
			add_asn1(out, name->d.dNSName);
			found++;
		}
	}
	if (found == 0 && at >= 0)
		add_asn1(out,
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	buf_char(out, '\n');
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
}

/* Clients write a fingerprint in different ways; each way gets a label. */
static void
add_digest(struct buf *out, const char *label, bool capitals,
    const char *between, const unsigned char *digest, unsigned len)
{
	buf_printf(out, "%-12s ", label);
	for (unsigned i = 0; i < len; i++) {
		buf_text(out, i == 0 ? "" : between);
		buf_printf(out, capitals ? "%02X" : "%02x", digest[i]);
	}
	buf_char(out, '\n');
}

static void
add_fingerprints(struct buf *out, const X509 *certificate)
{
	unsigned char digest[EVP_MAX_MD_SIZE], *key = NULL;
	unsigned len = 0;
	int key_len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);

	if (X509_digest(certificate, EVP_sha256(), digest, &len) == 1) {
		add_digest(out, "SHA-256", false, "", digest, len);
		add_digest(out, "openssl", true, ":", digest, len);
	}
	if (key_len > 0 &&
	    EVP_Digest(
		key, (size_t)key_len, digest, &len, EVP_sha256(), NULL) == 1) {
		add_digest(out, "public key", false, "", digest, len);
		add_digest(out, "Amfora", true, "", digest, len);
	}
	OPENSSL_free(key);
}

static int
show(const char *path)
{
	struct buf out;
	X509 *certificate = NULL;
	FILE *file = fopen(path, "re");
	int status = STATUS_FAILURE;

	if (file == NULL) {
		complain("%s: %s", path, strerror(errno));
		return STATUS_FAILURE;
	}
	buf_init(&out, OUTPUT_MAX_BYTES);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	if (certificate == NULL) {
		complain("%s: not a certificate in PEM form", path);
		status = STATUS_REFUSED;
		goto out;
	}
	buf_printf(&out, "%-12s ", "file");
	utf8_add_line(&out, str_from(path));
	buf_char(&out, '\n');
	add_names(&out, certificate);
	add_dates(&out, certificate);
	add_fingerprints(&out, certificate);
	status = command_print(&out);
out:
	X509_free(certificate);
	ERR_clear_error();
	buf_release(&out);
	return status;
}

static int
make_and_show(const struct config *config)
{
	struct buf why, path;
	bool made = false;
	int status = STATUS_FAILURE;
	enum err err;

	buf_init(&why, WHY_MAX_BYTES);
	buf_init(&path, OUTPUT_MAX_BYTES);
	err = state_make_folder(config->certs, 0755, &why);
	if (err == OK)
		err = tls_make_first_certificate(
		    config->certs, str_from(config->host), &made, &why);
	buf_printf(&path, "%s/%s.cert.pem", config->certs, config->host);
	buf_char(&path, '\0');
	if (err != OK)
		complain("%.*s", STR_ARG(buf_view(&why)));
	else if (path.err == OK)
		status = show(path.data);
	buf_release(&why);
	buf_release(&path);
	return status;
}

static int
run_cert(int argc, char **argv)
{
	struct arguments arguments;
	struct config config;
	int status = command_read(&command_cert, argc, argv, NULL, &arguments);

	if (status == STATUS_OK)
		status = command_open_config(&arguments, &config);
	if (status != STATUS_OK)
		return status;
	status = make_and_show(&config);
	config_release(&config);
	return status;
}
