/* SPDX-License-Identifier: ISC */
/*
 * A whole request of Spartan, line and data. An accepted path can do no harm
 * and is the same path when it is written again, accepted data are clean
 * text, or an upload that says why they are no answer; whatever is refused is
 * one status line of ASCII.
 */
#include "fuzz.h"

#include "wire/wire.h"

static struct arena *arena;
static const struct wire_host ours = {.host = {"portal.example", 14},
    .uploads = true,
    .services = {
	.item = {{&wire_gemini.protocol, 1965}, {&wire_spartan.protocol, 300}},
	.count = 2}};

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

/* "4 text CR LF" or "5 text CR LF" and nothing else. */
static void
check_refusal(const struct request *request, const struct reply *reply)
{
	struct buf out;
	struct str line;

	buf_init(&out, 64 * 1024);
	wire_spartan.reply(&out, request, reply, &ours);
	MUST(out.err == OK);
	line = buf_view(&out);
	MUST(str_starts(line, STR("4 ")) || str_starts(line, STR("5 ")));
	MUST(str_ends(line, STR("\r\n")));
	line = str_slice(line, 0, line.len - 2);
	for (size_t i = 0; i < line.len; i++)
		MUST(line.data[i] >= ' ' && line.data[i] < 0x7F);
	buf_release(&out);
}

static void
check_upload(const struct request *request, struct str data)
{
	const struct upload *upload = request->upload;

	if (upload == NULL)
		return;
	MUST(upload->is_input && upload->size > 0);
	MUST(upload->awaited == (upload->body.len < upload->size));
	MUST(str_equal(upload->body, data));
	MUST(!upload->awaited || data.len == 0);
	MUST(request->has_input == (upload->no_answer.len == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_line line = {.sni = STR("")};
	struct request request = {.protocol = &wire_spartan.protocol};
	struct reply reply = {.file = -1};
	enum wire_progress progress;
	enum err err;

	if (arena == NULL)
		arena = arena_new(4 << 20);
	MUST(arena != NULL);
	progress =
	    wire_find_line(&wire_spartan, fuzz_str(data, size), true, &line);
	if (size >= wire_receive_max(&wire_spartan))
		MUST(progress == WIRE_WHOLE || progress == WIRE_LONG ||
		    progress == WIRE_MORE);
	if (progress != WIRE_WHOLE)
		return 0;
	MUST(line.text.len <= wire_spartan.protocol.line_max);
	MUST(line.data.len <= wire_spartan.input_max);
	request.arena = arena;
	err = wire_spartan.request(&line, &ours, &request, &reply);
	MUST(err == OK || err == ERR_INPUT);
	if (err == OK) {
		MUST(request.has_input == (request.input.len > 0));
		MUST(is_clean_text(request.input, "\t\n"));
		check_path(&request.path);
		check_upload(&request, line.data);
	} else {
		check_refusal(&request, &reply);
	}
	arena_clear(arena);
	return 0;
}
