/* SPDX-License-Identifier: ISC */
/*
 * A URI-reference: its parts are pieces of it in their order. Resolved
 * against a page, in whatever order one climbs, a path stays below the root
 * and resolving what came out changes nothing.
 */
#include "fuzz.h"

#include "base/url.h"

enum { TEXT_MAX = 4096 };

static bool
is_within(struct str part, struct str text)
{
	return part.len == 0 ||
	    (part.data >= text.data &&
		part.data + part.len <= text.data + text.len);
}

static void
check_parts(struct str text, const struct url *url)
{
	const struct str parts[] = {url->scheme, url->userinfo, url->host,
	    url->port, url->path, url->query, url->fragment};
	const char *from = text.data;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		MUST(is_within(parts[i], text));
		if (parts[i].len == 0)
			continue;
		MUST(parts[i].data >= from);
		from = parts[i].data + parts[i].len;
	}
	MUST(url->has_authority || url->host.len == 0);
	MUST(url->has_query || url->query.len == 0);
	MUST(url->has_fragment || url->fragment.len == 0);
	for (size_t i = 0; i < url->port.len; i++)
		MUST(url->port.data[i] >= '0' && url->port.data[i] <= '9');
}

static void
check_resolved(struct str path)
{
	struct str rest = path, segment;
	struct buf again;

	MUST(path.len > 0 && path.data[0] == '/');
	MUST(!str_starts(path, STR("//")));
	while (str_next_part(&rest, '/', &segment)) {
		MUST(!str_equal(segment, STR(".")));
		MUST(!str_equal(segment, STR("..")));
	}
	buf_init(&again, 4 * TEXT_MAX);
	path_resolve(&again, STR("/x/y"), path);
	MUST(again.err == OK && str_equal(buf_view(&again), path));
	buf_release(&again);
}

/* The text's two halves as a page's path and a reference on it. */
static void
resolve(struct str base, struct str reference)
{
	struct buf out;

	buf_init(&out, 4 * TEXT_MAX);
	path_resolve(&out, base, reference);
	MUST(out.err == OK);
	check_resolved(buf_view(&out));
	buf_release(&out);
}

/* What is encoded as a segment is decoded to the same. */
static void
check_encoding(struct str text)
{
	static struct arena *arena;
	struct buf out;
	struct str back;

	if (arena == NULL)
		arena = arena_new(1 << 20);
	MUST(arena != NULL);
	buf_init(&out, 4 * TEXT_MAX);
	url_add_segment(&out, text);
	MUST(out.err == OK);
	MUST(str_find_byte(buf_view(&out), '/') == SIZE_MAX);
	MUST(url_decode(arena, buf_view(&out), &back) == OK);
	MUST(str_equal(back, text));
	buf_release(&out);
	arena_clear(arena);
}

/* What is mended behind a host is sound, and stays what it is. */
static void
check_mending(struct str text)
{
	struct buf once, twice, whole;
	struct url url;

	buf_init(&once, 4 * TEXT_MAX);
	buf_init(&twice, 4 * TEXT_MAX);
	buf_init(&whole, 4 * TEXT_MAX);
	url_add_mended(&once, text);
	url_add_mended(&twice, buf_view(&once));
	MUST(once.err == OK && twice.err == OK);
	MUST(str_equal(buf_view(&once), buf_view(&twice)));
	buf_text(&whole, "https://h.example/");
	buf_str(&whole, buf_view(&once));
	MUST(url_parse(buf_view(&whole), &url) == OK);
	MUST(url_is_allowed(buf_view(&whole)));
	buf_release(&once);
	buf_release(&twice);
	buf_release(&whole);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size), base, reference;
	struct url url = {.has_authority = false};
	size_t blank;

	if (size > TEXT_MAX)
		return 0;
	if (url_parse(text, &url) == OK)
		check_parts(text, &url);
	MUST(!url_is_allowed(text) || url.scheme.len > 0);
	blank = str_find_byte(text, ' ');
	base = str_slice(text, 0, blank);
	reference =
	    blank == SIZE_MAX ? STR("") : str_slice(text, blank + 1, text.len);
	if (base.len > 0 && base.data[0] == '/')
		resolve(base, reference);
	check_encoding(text);
	check_mending(text);
	return 0;
}
