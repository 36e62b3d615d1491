/* SPDX-License-Identifier: ISC */
/*
 * The whole way of a request line, without a socket: wire, site, wire, log.
 * Pages that take parameters, words and seals are asked for whatever stands
 * in the input. The answer has its protocol's form, and the log's line holds
 * neither a line end nor a seal.
 */
#include "fuzz.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/answer.h"
#include "net/transport.h"
#include "page/site.h"
#include "place.h"
#include "store/store.h"

enum { LINE_MAX_BYTES = 4096, OUT_MAX = 1 << 20 };

static struct net net;

#define WRITE(name, text) place_write(name, text, sizeof(text) - 1)

static void
write_capsule(void)
{
	WRITE("schema/001_test.sql",
	    "CREATE TABLE book (id INTEGER PRIMARY KEY, shelf TEXT NOT NULL, "
	    "title TEXT NOT NULL, note TEXT, url TEXT, body TEXT);\n"
	    "CREATE INDEX book_shelf ON book (shelf, id);\n"
	    "INSERT INTO book VALUES (1, 'east', 'First', 'a note', "
	    "'gemini://example.org/', '# One\nwords'), "
	    "(2, 'east', 'Second', NULL, 'javascript:alert(1)', '```x'), "
	    "(3, 'west', '# => *', '<&>\"', '/local', 'plain');\n");
	WRITE("pages/index.gmi", "# Home\n=> /shelf/east East\n");
	WRITE("pages/shelf/[shelf].gmi",
	    "# {shelf}\n% each SELECT id, title, url, body FROM book "
	    "WHERE shelf = :shelf ORDER BY id LIMIT 9\n"
	    "=> /book/{id} {title}\n=> {url|url} {shelf}\n{body|gemtext}\n"
	    "% none\nNothing on {shelf}.\n=> /find?{shelf} {shelf}\n% end\n");
	WRITE("pages/find.gmi",
	    "% ask What?\n# {input}\n=> /find?{input} {input}\n> {query}\n"
	    "```{path}\n{input}\n```\n=> /say/{seal} Say\n");
	WRITE(
	    "pages/find/[words].gmi", "# {words}\n=> /find/{words}/ {words}\n");
	WRITE("pages/go/[to].gmi", "% go /shelf/{to}\n");
	WRITE("pages/say/[seal].gmi",
	    "% ask Say\n% do UPDATE book SET note = :input WHERE id = 3\n"
	    "% go /\n");
	WRITE("pages/list.csv",
	    "% each SELECT id, title FROM book /* scan */ LIMIT 5\n"
	    "{id},{title}\n% end\n");
	WRITE("pages/feed/[shelf].xml", "<x>{shelf}</x>\n");
	WRITE("static/a.txt", "a\n");
	WRITE("state/keep", "");
}

static void
open_once(void)
{
	static char capsule[96], state[96], database[120], schema[120];
	struct site_options options = {.capsule = capsule,
	    .state_dir = state,
	    .language = STR("en"),
	    .host = STR("portal.example"),
	    .gemini_port = 1965,
	    .gopher_port = 70};
	struct finding *findings = NULL;
	struct buf why;

	if (net.site != NULL)
		return;
	write_capsule();
	log_set_level(LOG_LEVEL_ERROR);
	snprintf(capsule, sizeof(capsule), "%s", place());
	snprintf(state, sizeof(state), "%s/state", place());
	snprintf(database, sizeof(database), "%s/portal.db", state);
	snprintf(schema, sizeof(schema), "%s/schema", capsule);
	buf_init(&why, 1024);
	MUST(store_migrate(database, schema, NULL, &why) == OK);
	buf_release(&why);
	if (site_open(&options, &net.site, &findings) != OK)
		for (struct finding *f = findings; f != NULL; f = f->next)
			fprintf(stderr, "%s:%u: %s\n", f->file, f->line,
			    f->message);
	MUST(net.site != NULL && findings == NULL);
	clock_set_now_s(1790000000);
	net.ours = (struct wire_host){.host = STR("portal.example"),
	    .gemini_port = 1965,
	    .gopher_port = 70};
	net.arena = arena_new(32 << 20);
	MUST(net.arena != NULL);
}

/* "NN META CR LF", and a body only behind 20. */
static void
check_gemini(struct str out)
{
	size_t end = str_find(out, STR("\r\n"));

	MUST(end != SIZE_MAX && end > 3 && end <= 3 + 1024);
	MUST(out.data[0] >= '1' && out.data[0] <= '6' && out.data[2] == ' ');
	MUST(is_clean_line(str_slice(out, 0, end)));
	MUST(str_starts(out, STR("20 ")) || end + 2 == out.len);
	MUST(is_clean_text(str_slice(out, end + 2, out.len), "\n\r"));
}

/* One line; below /say/ there are seals and nothing else, and they are not
 * to be told. */
static void
check_log(struct str log)
{
	static const struct str say = {" path=/say/", 11};
	size_t at = str_find(log, say);
	struct str segment;

	MUST(is_clean_text(log, ""));
	MUST(str_starts(log, STR("net: ")));
	if (at == SIZE_MAX)
		return;
	segment = str_slice(log, at + say.len, log.len);
	segment = str_slice(segment, 0, str_find_byte(segment, ' '));
	MUST(segment.len == 0 || str_equal(segment, STR("-")) ||
	    str_find_byte(segment, '/') != SIZE_MAX);
}

static void
collect(struct answer *answer, struct buf *out)
{
	struct str piece;

	for (;;) {
		MUST(answer_next(answer, &piece) == OK);
		if (piece.len == 0)
			return;
		buf_str(out, piece);
		MUST(out->err == OK);
		answer_sent(answer, piece.len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct channel channel = {.transport = &transport_plain};
	struct asker asker = {&wire_gemini, &channel, "192.0.2.1"};
	struct answer answer;
	struct str line = fuzz_str(data, size);
	struct buf out;

	open_once();
	if (size > LINE_MAX_BYTES)
		return 0;
	if (!str_starts(line, STR("gemini:")))
		asker.wire = &wire_gopher;
	answer_init(&answer);
	answer_line(&answer, &net, &asker, line);
	buf_init(&out, OUT_MAX);
	collect(&answer, &out);
	if (asker.wire == &wire_gemini)
		check_gemini(buf_view(&out));
	else
		MUST(is_clean_text(buf_view(&out), "\t\r\n"));
	check_log(buf_view(&answer.log));
	buf_release(&out);
	answer_release(&answer);
	return 0;
}
