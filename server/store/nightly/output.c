/* SPDX-License-Identifier: ISC */
/* Files that are being made: they are hashed and compressed while written. */
#include "store/nightly/internal.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <lzma.h>
#include <openssl/evp.h>

#include "base/fault.h"
#include "base/hex.h"

enum {
	PIECE_BYTES = 64 * 1024,
	/* Encoding takes 32 MB of memory, decoding 5 MB, which an old machine
	 * has. */
	XZ_PRESET = 3,
	SAVES_BYTES_MIN = 4096,
	FILE_MODE = 0640
};

/* One file, and the hash of its bytes. */
struct part {
	int fd; /* -1: closed */
	char name[OUTPUT_NAME_MAX + 1];
	EVP_MD_CTX *sha;
	uint64_t bytes;
};

struct output {
	int folder;
	struct part plain, packed;
	bool writes; /* false: the plain file exists and is only read */
	lzma_stream xz;
	enum err err; /* sticky */
	int reason;   /* errno of ERR_IO; 0: err has no errno */
	unsigned char piece[PIECE_BYTES];
};

static void
fail(struct output *output, enum err err)
{
	if (output->err == OK) {
		output->err = err;
		output->reason = err == ERR_IO ? errno : 0;
	}
}

static enum err
say(const struct output *output, struct buf *why)
{
	buf_printf(why, "cannot make %s: %s", output->plain.name,
	    output->err == ERR_NOMEM       ? "out of memory"
		: output->err == ERR_LIMIT ? "too many files"
		: output->reason != 0      ? strerror(output->reason)
					   : "it does not compress");
	return output->err;
}

static void
put(struct output *output, struct part *part, bool writes, const void *data,
    size_t len)
{
	const unsigned char *at = data;

	if (EVP_DigestUpdate(part->sha, data, len) != 1)
		fail(output, ERR_NOMEM);
	part->bytes += len;
	while (writes && len > 0 && output->err == OK) {
		ssize_t n = write(part->fd, at, len);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			fail(output, ERR_IO);
		}
	}
}

/* Compress the input. LZMA_FINISH: also end the compressed file. */
static void
pack(struct output *output, lzma_action action)
{
	lzma_stream *xz = &output->xz;
	lzma_ret code = LZMA_OK;

	while (output->err == OK && code == LZMA_OK &&
	    (action == LZMA_FINISH || xz->avail_in > 0)) {
		xz->next_out = output->piece;
		xz->avail_out = PIECE_BYTES;
		code = lzma_code(xz, action);
		put(output, &output->packed, true, output->piece,
		    PIECE_BYTES - xz->avail_out);
	}
	if (code != LZMA_OK && code != LZMA_STREAM_END) {
		errno = 0;
		fail(output, code == LZMA_MEM_ERROR ? ERR_NOMEM : ERR_IO);
	}
}

struct hidden
output_hidden(const char *name)
{
	struct hidden hidden;

	snprintf(
	    hidden.text, sizeof(hidden.text), ".%.*s", OUTPUT_NAME_MAX, name);
	return hidden;
}

static enum err
begin_part(struct part *part, int folder, bool writes)
{
	part->sha = EVP_MD_CTX_new();
	if (part->sha == NULL ||
	    EVP_DigestInit_ex(part->sha, EVP_sha256(), NULL) != 1)
		return ERR_NOMEM;
	part->fd = openat(folder, output_hidden(part->name).text,
	    (writes ? O_WRONLY | O_CREAT | O_EXCL : O_RDONLY) | O_NOFOLLOW |
		O_CLOEXEC,
	    FILE_MODE);
	return part->fd >= 0 ? OK : ERR_IO;
}

static enum err
begin(int folder, const char *name, bool writes, struct output **out,
    struct buf *why)
{
	struct output *output = calloc(1, sizeof(*output));
	enum err err = output == NULL ? ERR_NOMEM : OK;

	if (err != OK || strlen(name) + sizeof(".xz") > OUTPUT_NAME_MAX) {
		buf_printf(why, "cannot make %.*s: %s", OUTPUT_NAME_MAX, name,
		    err == OK ? "its name is too long" : "out of memory");
		free(output);
		return err == OK ? ERR_LIMIT : err;
	}
	*output = (struct output){.folder = folder,
	    .plain.fd = -1,
	    .packed.fd = -1,
	    .writes = writes,
	    .xz = LZMA_STREAM_INIT};
	snprintf(output->plain.name, sizeof(output->plain.name), "%s", name);
	snprintf(
	    output->packed.name, sizeof(output->packed.name), "%s.xz", name);
	fail(output, begin_part(&output->plain, folder, writes));
	if (output->err == OK)
		fail(output, begin_part(&output->packed, folder, true));
	if (output->err == OK &&
	    lzma_easy_encoder(&output->xz, XZ_PRESET, LZMA_CHECK_CRC64) !=
		LZMA_OK)
		fail(output, ERR_NOMEM);
	err = output->err;
	if (err == OK)
		*out = output;
	else {
		say(output, why);
		output_free(output);
	}
	return err;
}

enum err
output_new(int folder, const char *name, struct output **out, struct buf *why)
{
	return begin(folder, name, true, out, why);
}

void
output_add(struct output *output, struct str bytes)
{
	if (output->err != OK || bytes.len == 0)
		return;
	put(output, &output->plain, output->writes, bytes.data, bytes.len);
	output->xz.next_in = (const unsigned char *)bytes.data;
	output->xz.avail_in = bytes.len;
	pack(output, LZMA_RUN);
}

/* Sync and close a file, and add it to list. */
static void
finish_part(struct output *output, struct part *part, int64_t rows,
    struct made_list *list)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct made *made = &list->item[list->count];

	if (FAULT("sync-file") || fsync(part->fd) != 0)
		fail(output, ERR_IO);
	if (close(part->fd) != 0)
		fail(output, ERR_IO);
	part->fd = -1;
	if (list->count == OUTPUT_FILES_MAX)
		fail(output, ERR_LIMIT);
	if (output->err != OK)
		return;
	if (EVP_DigestFinal_ex(part->sha, digest, NULL) != 1) {
		fail(output, ERR_NOMEM);
		return;
	}
	*made = (struct made){.bytes = part->bytes, .rows = rows};
	memcpy(made->name, part->name, sizeof(made->name));
	hex_write(digest, OUTPUT_SHA256_HEX / 2, made->sha256);
	list->count++;
}

enum err
output_finish(struct output *output, int64_t rows, struct made_list *list,
    struct buf *why)
{
	enum err err;

	pack(output, LZMA_FINISH);
	finish_part(output, &output->plain, rows, list);
	if (output->err == OK &&
	    output->packed.bytes + SAVES_BYTES_MIN > output->plain.bytes) {
		if (unlinkat(output->folder,
			output_hidden(output->packed.name).text, 0) != 0)
			fail(output, ERR_IO);
	} else if (output->err == OK) {
		finish_part(output, &output->packed, rows, list);
	}
	err = output->err == OK ? OK : say(output, why);
	output_free(output);
	return err;
}

void
output_free(struct output *output)
{
	struct part *const parts[] = {output == NULL ? NULL : &output->plain,
	    output == NULL ? NULL : &output->packed};

	if (output == NULL)
		return;
	for (size_t i = 0; i < 2; i++) {
		EVP_MD_CTX_free(parts[i]->sha);
		if (parts[i]->fd >= 0)
			close(parts[i]->fd);
	}
	lzma_end(&output->xz);
	free(output);
}

enum err
output_take(
    int folder, const char *name, struct made_list *list, struct buf *why)
{
	struct output *output = NULL;
	enum err err = begin(folder, name, false, &output, why);
	char *piece;
	ssize_t n;

	if (err != OK)
		return err;
	piece = malloc(PIECE_BYTES);
	if (piece == NULL)
		fail(output, ERR_NOMEM);
	while (output->err == OK &&
	    (n = read(output->plain.fd, piece, PIECE_BYTES)) != 0) {
		if (n > 0)
			output_add(output, (struct str){piece, (size_t)n});
		else if (errno != EINTR)
			fail(output, ERR_IO);
	}
	free(piece);
	return output_finish(output, -1, list, why);
}
