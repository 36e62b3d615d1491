/* SPDX-License-Identifier: ISC */
/*
 * A request line of Gopher. An accepted selector is a path that can do no
 * harm and that is the same selector when it is written again; whatever is
 * refused is a menu, and nothing of the request stands in it unescaped.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "text/selector.h"
#include "wire/wire.h"

static struct arena *arena;
static const struct wire_host ours = {.host = {"portal.example", 14},
    .services = {
	.item = {{&wire_gemini.protocol, 1965}, {&wire_gopher.protocol, 70}},
	.count = 2}};

static void
check_path(const struct path *path)
{
	struct path again = {0};
	struct buf text;

	buf_init(&text, 64 * 1024);
	selector_add(&text, path);
	MUST(text.err == OK);
	MUST(selector_parse(arena, buf_view(&text), &again) == OK);
	MUST(path->count == again.count && path->folder == again.folder);
	for (size_t i = 0; i < path->count; i++) {
		MUST(is_clean_text(path->segment[i], ""));
		MUST(!str_equal(path->segment[i], STR(".")));
		MUST(!str_equal(path->segment[i], STR("..")));
		MUST(str_equal(path->segment[i], again.segment[i]));
	}
	buf_release(&text);
}

/* Every line of a menu has its three TABs, and one line ends it. */
static void
check_menu(struct str rest)
{
	struct str line;
	bool ended = false;

	while (str_next_line(&rest, &line)) {
		unsigned tabs = 0;
		MUST(!ended);
		ended = str_equal(line, STR("."));
		for (size_t i = 0; i < line.len; i++)
			tabs += line.data[i] == '\t';
		MUST(ended || tabs == 3);
	}
	MUST(ended);
}

static void
check_answer(const struct request *request, const struct reply *reply)
{
	struct buf out;

	buf_init(&out, 256 * 1024);
	wire_gopher.reply(&out, request, reply, &ours);
	MUST(out.err == OK);
	MUST(is_clean_text(buf_view(&out), "\t\r\n"));
	if (reply->type == REPLY_REFUSAL)
		check_menu(buf_view(&out));
	else
		MUST(str_find(buf_view(&out), STR("<script")) == SIZE_MAX);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_line line = {.text = fuzz_str(data, size)};
	struct request request = {0};
	struct reply reply = {.file = -1};
	enum err err;

	if (arena == NULL)
		arena = arena_new(4 << 20);
	MUST(arena != NULL);
	if (size > wire_gopher.protocol.line_max)
		return 0;
	request.arena = arena;
	err = wire_gopher.request(&line, &ours, &request, &reply);
	MUST(err == OK || err == ERR_INPUT);
	if (err == OK) {
		MUST(request.input.len <= wire_gopher.input_max);
		MUST(is_clean_text(request.input, "\t\n"));
		check_path(&request.path);
	} else {
		check_answer(&request, &reply);
	}
	arena_clear(arena);
	return 0;
}
