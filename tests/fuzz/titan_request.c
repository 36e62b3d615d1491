/* SPDX-License-Identifier: ISC */
/*
 * A request line of Titan. What is accepted is a path that is the same when it
 * is written again, and either a text to edit or an upload whose size, type and
 * token can do no harm; what is refused gets a header that a client can read.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "text/media_type.h"
#include "wire/wire.h"

static struct arena *arena;
static const struct wire_host ours = {.host = {"portal.example", 14},
    .uploads = true,
    .services = {.item = {{&wire_gemini.protocol, 1965}}, .count = 1}};

static void
check_path(const struct path *path)
{
	struct path again = {0};
	struct buf text;

	buf_init(&text, 64 * 1024);
	path_add(&text, path);
	MUST(text.err == OK);
	MUST(path_parse(arena, buf_view(&text), &again) == OK);
	MUST(path->count == again.count && path->folder == again.folder);
	for (size_t i = 0; i < path->count; i++) {
		MUST(!str_equal(path->segment[i], STR(".")));
		MUST(!str_equal(path->segment[i], STR("..")));
		MUST(str_equal(path->segment[i], again.segment[i]));
	}
	buf_release(&text);
}

static bool
has_control(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
			return true;
	return false;
}

static void
check_upload(const struct upload *upload)
{
	struct str charset;

	MUST(upload->body.len == 0);
	MUST(upload->awaited == (upload->size > 0));
	MUST(upload->size <= INT64_MAX);
	MUST(utf8_valid(upload->token) && !has_control(upload->token));
	MUST(upload->mime.len == 0 || media_type_read(upload->mime, &charset));
}

/* A refusal of ours: "NN text CR LF" and nothing else. */
static void
check_refusal(const struct request *request, const struct reply *reply)
{
	struct buf out;
	struct str line;

	MUST(reply->type == REPLY_REFUSAL);
	buf_init(&out, 64 * 1024);
	wire_titan.reply(&out, request, reply, &ours);
	MUST(out.err == OK);
	line = buf_view(&out);
	MUST(str_starts(line, STR("5")) && line.len <= 3 + 1024 + 2);
	MUST(str_ends(line, STR("\r\n")));
	MUST(!has_control(str_slice(line, 0, line.len - 2)));
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_line line = {.sni = STR(""), .data = STR("")};
	struct request request = {.protocol = &wire_titan.protocol};
	struct reply reply = {.file = -1};
	enum err err;

	if (arena == NULL)
		arena = arena_new(4 << 20);
	MUST(arena != NULL);
	line.text =
	    str_slice(fuzz_str(data, size), 0, wire_titan.protocol.line_max);
	request.arena = arena;
	err = wire_titan.request(&line, &ours, &request, &reply);
	MUST(err == OK || err == ERR_INPUT);
	MUST(request.protocol == &wire_gemini.protocol);
	if (err == OK) {
		MUST(!request.has_input);
		MUST(request.edit == (request.upload == NULL));
		check_path(&request.path);
		if (request.upload != NULL)
			check_upload(request.upload);
	} else {
		check_refusal(&request, &reply);
	}
	arena_clear(arena);
	return 0;
}
