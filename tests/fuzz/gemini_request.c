/* SPDX-License-Identifier: ISC */
/*
 * A request line of Gemini. What is accepted is a path that can do no harm
 * and that means the same when it is written and read again; what is refused
 * gets a header that a client can read.
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

static bool
same_path(const struct path *a, const struct path *b)
{
	if (a->count != b->count || a->folder != b->folder)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!str_equal(a->segment[i], b->segment[i]))
			return false;
	return true;
}

static void
check_path(const struct path *path)
{
	struct path again = {0};
	struct buf text;

	for (size_t i = 0; i < path->count; i++) {
		MUST(is_clean_text(path->segment[i], ""));
		MUST(!str_equal(path->segment[i], STR(".")));
		MUST(!str_equal(path->segment[i], STR("..")));
	}
	buf_init(&text, 64 * 1024);
	path_add(&text, path);
	MUST(text.err == OK);
	MUST(path_parse(arena, buf_view(&text), &again) == OK);
	MUST(same_path(path, &again));
	buf_clear(&text);
	selector_add(&text, path);
	MUST(text.err == OK);
	MUST(selector_parse(arena, buf_view(&text), &again) == OK);
	MUST(same_path(path, &again));
	buf_release(&text);
}

/* The same request, written by us: the same path and the same words. */
static void
check_again(const struct request *request)
{
	struct request again = {.arena = arena};
	struct reply reply = {.file = -1};
	struct wire_line line = {.sni = STR("")};
	struct buf text;

	buf_init(&text, 64 * 1024);
	buf_text(&text, "gemini://portal.example");
	path_add(&text, &request->path);
	if (request->has_input) {
		buf_char(&text, '?');
		url_add_query(&text, request->input);
	}
	MUST(text.err == OK);
	line.text = buf_view(&text);
	MUST(wire_gemini.request(&line, &ours, &again, &reply) == OK);
	MUST(same_path(&request->path, &again.path));
	MUST(request->has_input == again.has_input);
	MUST(str_equal(request->input, again.input));
	buf_release(&text);
}

/* "NN META CR LF", META one clean line of 1 to 1024 bytes. */
static void
check_refusal(const struct request *request, const struct reply *reply)
{
	struct buf out;
	struct str header;

	buf_init(&out, 64 * 1024);
	wire_gemini.reply(&out, request, reply, &ours);
	MUST(out.err == OK);
	header = buf_view(&out);
	MUST(header.len > 5 && header.len <= 3 + 1024 + 2);
	MUST(header.data[0] >= '1' && header.data[0] <= '6');
	MUST(str_ends(header, STR("\r\n")));
	MUST(is_clean_line(str_slice(header, 0, header.len - 2)));
	buf_release(&out);
}

/* A reference on a page of ours never leads out of the tree. */
static void
check_reference(struct str text)
{
	struct url url;
	struct buf out;
	struct str rest, segment;

	if (url_parse(text, &url) != OK)
		return;
	buf_init(&out, 64 * 1024);
	path_resolve(&out, STR("/a/b/c"), url.path);
	MUST(out.err == OK);
	rest = buf_view(&out);
	MUST(str_starts(rest, STR("/")));
	while (str_next_part(&rest, '/', &segment)) {
		MUST(!str_equal(segment, STR(".")));
		MUST(!str_equal(segment, STR("..")));
	}
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
	if (size > wire_gemini.protocol.line_max)
		return 0;
	request.arena = arena;
	err = wire_gemini.request(&line, &ours, &request, &reply);
	MUST(err == OK || err == ERR_INPUT);
	if (err == OK) {
		MUST(is_clean_text(request.input, "\t\n"));
		check_path(&request.path);
		check_again(&request);
	} else {
		check_refusal(&request, &reply);
	}
	check_reference(line.text);
	arena_clear(arena);
	return 0;
}
