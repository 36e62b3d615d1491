/* SPDX-License-Identifier: ISC */
/*
 * % file: the reply is a file from the database. A small file is sent from
 * memory, as a page is. A larger one is copied piece by piece into a file
 * without a name, inside the page's transaction, and is sent from there. So a
 * reader who takes an hour holds no transaction open, which would keep the
 * write-ahead log from shrinking, and no memory but a piece.
 */
#include "page/run/internal.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_path.h"
#include "base/limits.h"
#include "base/log.h"
#include "text/media_type.h"

/* The copies that are being sent. */
static struct {
	int file;
	ino_t inode; /* 0: none */
	dev_t device;
} copies[LIMIT_BLOB_COPIES];

/* ---- the type ------------------------------------------------------- */

/* The type that the page says: behind % file, by % type, by its extension.
 * Otherwise the type that the address says. Empty: nobody says it. */
static struct str
said_type(struct run *run, const struct node *node)
{
	const struct path *path = &run->request->path;
	const struct page *page = run->page;
	struct str charset;
	struct str type = str_trim(run_fill(run, node->pieces));

	if (node->pieces != NULL && media_type_read(type, &charset))
		return arena_str(run->request->arena, type);
	if (page->typed ||
	    (page->format != FORMAT_GEMTEXT && page->mime.len > 0))
		return run_type(run);
	return path->folder || path->count == 0
	    ? STR("")
	    : media_type_of_name(path->segment[path->count - 1]);
}

void
blob_look(struct run *run)
{
	static char bytes[SNIFF_BYTES];
	struct reply *reply = run->reply;
	struct str front = reply->bytes;
	ssize_t n;

	if (!run->untyped ||
	    (reply->type != REPLY_BYTES && reply->type != REPLY_FILE))
		return;
	if (reply->type == REPLY_FILE) {
		n = pread(reply->file, bytes, sizeof(bytes), 0);
		front = (struct str){bytes, n < 0 ? 0 : (size_t)n};
	}
	if (sniff_media_type(run->site->sniffer, run->request->arena,
		str_slice(front, 0, SNIFF_BYTES), &reply->mime) != OK)
		log_warn("page: %.*s: a file could not be looked at; it is "
			 "sent as application/octet-stream",
		    STR_ARG(run->page->file));
}

static bool
settle_file(struct run *run, const struct node *node, enum reply_type type)
{
	struct reply *reply = run->reply;

	reply->mime = said_type(run, node);
	if (reply->mime.data == NULL || run->line.err == ERR_NOMEM)
		return run_refuse(run, REFUSAL_BROKEN, STR(""));
	run->untyped = reply->mime.len == 0;
	reply->type = type;
	run->settled = true;
	return false;
}

/* ---- the bytes ------------------------------------------------------ */

/* The value of a name: it is in memory already. */
static bool
give_value(struct run *run, const struct node *node)
{
	const struct value *value = &run->slots[node->slot];
	struct str *bytes = &run->reply->bytes;
	struct buf number;
	enum err err = OK;

	if (value->type == VALUE_NULL)
		return run_refuse(run, REFUSAL_MISSING, STR(""));
	*bytes = value->text;
	if (value->type != VALUE_TEXT) {
		buf_init(&number, TEXT_MAX);
		value_add(&number, value);
		err = arena_take(run->request->arena, &number, bytes);
		buf_release(&number);
	}
	if (err == OK && bytes->len > LIMIT_DATA_BYTES)
		return run_refuse_for(run, node, ERR_LIMIT,
		    "the file outgrows the limit of a value; let `% file` read "
		    "it from its table");
	return err != OK ? run_refuse_for(run, node, err, "no file")
			 : settle_file(run, node, REPLY_BYTES);
}

static bool
refuse_blob(struct run *run, const struct node *node, int code)
{
	return run_refuse_for(
	    run, node, store_err(code), sqlite3_errmsg(run_connection(run)));
}

/* A file that fits into memory. */
static bool
give_bytes(
    struct run *run, const struct node *node, sqlite3_blob *blob, size_t size)
{
	char *bytes = arena_alloc(run->request->arena, size + 1);
	int code = SQLITE_OK;

	if (bytes == NULL)
		return run_refuse_for(run, node, ERR_NOMEM, "no file");
	if (size > 0)
		code = sqlite3_blob_read(blob, bytes, (int)size, 0);
	if (code != SQLITE_OK)
		return refuse_blob(run, node, code);
	run->reply->bytes = (struct str){bytes, size};
	return settle_file(run, node, REPLY_BYTES);
}

static enum err
write_piece(int file, const char *piece, size_t len)
{
	while (len > 0) {
		ssize_t n = write(file, piece, len);

		if (n < 0 && errno != EINTR)
			return ERR_IO;
		if (n > 0) {
			piece += n;
			len -= (size_t)n;
		}
	}
	return OK;
}

/* Copy the file. ERR_LATE: it takes longer than the statements may. Otherwise
 * the error is in *code, or in errno if *code is SQLITE_OK. */
static enum err
copy(
    const struct run *run, sqlite3_blob *blob, size_t size, int file, int *code)
{
	static char piece[LIMIT_FILE_PIECE_BYTES];
	const int64_t end_ms =
	    clock_ms() + (run->locked ? LIMIT_WRITE_MS : LIMIT_PAGE_MS);
	enum err err = OK;

	*code = SQLITE_OK;
	for (size_t at = 0; at < size && err == OK; at += sizeof(piece)) {
		const size_t n =
		    size - at < sizeof(piece) ? size - at : sizeof(piece);

		if (clock_ms() > end_ms)
			return ERR_LATE;
		*code = sqlite3_blob_read(blob, piece, (int)n, (int)at);
		err = *code != SQLITE_OK ? store_err(*code)
					 : write_piece(file, piece, n);
	}
	if (err == OK && lseek(file, 0, SEEK_SET) != 0)
		err = ERR_IO;
	return err;
}

/*
 * How many copies of this process are still being sent. A copy that is open has
 * no name, and its descriptor still means its inode.
 */
static size_t
count_copies(void)
{
	struct stat now;
	size_t count = 0;

	for (size_t i = 0; i < LIMIT_BLOB_COPIES; i++)
		if (copies[i].inode != 0 && fstat(copies[i].file, &now) == 0 &&
		    now.st_nlink == 0 && now.st_ino == copies[i].inode &&
		    now.st_dev == copies[i].device)
			count++;
		else
			copies[i].inode = 0;
	return count;
}

static void
note_copy(int file)
{
	struct stat now;

	for (size_t i = 0; i < LIMIT_BLOB_COPIES; i++)
		if (copies[i].inode == 0 && fstat(file, &now) == 0) {
			copies[i].file = file;
			copies[i].inode = now.st_ino;
			copies[i].device = now.st_dev;
			return;
		}
}

/* A file that is larger than a page. A replica may make no files: its reader
 * goes to the primary. */
static bool
give_copy(
    struct run *run, const struct node *node, sqlite3_blob *blob, size_t size)
{
	struct file_path folder;
	struct reply *reply = run->reply;
	enum err err;
	int code = SQLITE_OK;

	if (site_is_copy(run->site)) {
		show_primary_address(run->site, run->request, &run->address);
		return run_settle(run, REPLY_REDIRECT, buf_view(&run->address));
	}
	if (count_copies() >= LIMIT_BLOB_COPIES)
		return run_refuse_for(run, node, ERR_BUSY,
		    "as many large files as may be are being sent");
	err = file_path_join(
	    &folder, run->site->options.state_dir, STATE_TALLIES);
	if (err != OK)
		return run_refuse_for(run, node, err, "no file");
	reply->file = file_unnamed(folder.text);
	if (reply->file < 0)
		return run_refuse_for(run, node,
		    errno == EMFILE || errno == ENFILE ? ERR_BUSY : ERR_IO,
		    strerror(errno));
	err = copy(run, blob, size, reply->file, &code);
	if (err == OK && !settle_file(run, node, REPLY_FILE) &&
	    reply->type == REPLY_FILE) {
		reply->size = size;
		note_copy(reply->file);
		return false;
	}
	if (err != OK && err != ERR_LATE && code != SQLITE_OK)
		refuse_blob(run, node, code);
	else if (err != OK)
		run_refuse_for(run, node, err,
		    err == ERR_LATE ? "copying a file" : strerror(errno));
	close(reply->file);
	reply->file = -1;
	return false;
}

static bool
give_blob(struct run *run, const struct node *node)
{
	sqlite3_blob *blob = NULL;
	size_t size;
	bool on;
	int code =
	    sqlite3_blob_open(run_connection(run), "main", node->table.data,
		node->column.data, run->slots[node->slot].integer, 0, &blob);

	if (code != SQLITE_OK)
		return refuse_blob(run, node, code);
	size = (size_t)sqlite3_blob_bytes(blob);
	if (size > LIMIT_BLOB_BYTES)
		on = run_refuse_for(run, node, ERR_LIMIT,
		    "the file is larger than a page may give");
	else if (size > LIMIT_PAGE_BYTES)
		on = give_copy(run, node, blob, size);
	else
		on = give_bytes(run, node, blob, size);
	sqlite3_blob_close(blob);
	return on;
}

bool
act_file(struct run *run, const struct node *node)
{
	const struct value *id = &run->slots[node->slot], *kind;

	if (run->request->edit)
		return run_refuse_word(run, REFUSAL_BAD, WORD_NOTHING_TO_EDIT);
	if (node->table.len == 0)
		return give_value(run, node);
	if (id->type != VALUE_INTEGER)
		return run_refuse(run, REFUSAL_MISSING, STR(""));
	if (!query_one(run, node))
		return false;
	kind = &run->slots[node->statement.first_slot];
	if (str_equal(kind->text, STR("null")))
		return run_refuse(run, REFUSAL_MISSING, STR(""));
	if (!str_equal(kind->text, STR("blob")) &&
	    !str_equal(kind->text, STR("text")))
		return run_refuse_for(
		    run, node, ERR_IO, "the file is a number");
	return give_blob(run, node);
}
