/* SPDX-License-Identifier: ISC */
/* The small portal that requests are asked of. */
#include "portal.h"

#include "base/clock.h"
#include "base/log.h"
#include "fuzz.h"
#include "place.h"
#include "store/store.h"
#include "wire/wire.h"

#define WRITE(name, text) place_write(name, text, sizeof(text) - 1)

static void
write_capsule(void)
{
	/* More than a socket takes at once. */
	static char large[512 * 1024];

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
	WRITE("pages/up.gmi",
	    "% upload 8192 text/gemini text/plain\n# {mime}\n{body|text}\n");
	WRITE("static/a.txt", "a\n");
	memset(large, 'x', sizeof(large));
	WRITE("static/large.txt", large);
	WRITE("state/keep", "");
}

struct site *
portal(void)
{
	static struct site *site;
	static char capsule[96], state[96], database[120], schema[120];
	struct site_options options = {.capsule = capsule,
	    .state_dir = state,
	    .download = STR("download"),
	    .language = STR("en"),
	    .host = STR(PORTAL_HOST),
	    .uploads = true,
	    .services = wire_services()};
	struct finding *findings = NULL;
	struct buf why;

	if (site != NULL)
		return site;
	write_capsule();
	log_set_level(LOG_LEVEL_ERROR);
	snprintf(capsule, sizeof(capsule), "%s", place());
	snprintf(state, sizeof(state), "%s/state", place());
	snprintf(database, sizeof(database), "%s/portal.db", state);
	snprintf(schema, sizeof(schema), "%s/schema", capsule);
	buf_init(&why, 1024);
	MUST(store_migrate(database, schema, NULL, &why) == OK);
	buf_release(&why);
	if (site_open(&options, &site, &findings) != OK)
		for (struct finding *f = findings; f != NULL; f = f->next)
			fprintf(stderr, "%s:%u: %s\n", f->file, f->line,
			    f->message);
	MUST(site != NULL && findings == NULL);
	clock_set_now_s(1790000000);
	return site;
}

/* "NN META CR LF", and a body only behind 20. */
void
portal_check_gemini(struct str out)
{
	size_t end = str_find(out, STR("\r\n"));

	MUST(end != SIZE_MAX && end > 3 && end <= 3 + 1024);
	MUST(out.data[0] >= '1' && out.data[0] <= '6' && out.data[2] == ' ');
	MUST(is_clean_line(str_slice(out, 0, end)));
	MUST(str_starts(out, STR("20 ")) || end + 2 == out.len);
	MUST(is_clean_text(str_slice(out, end + 2, out.len), "\n\r"));
}
