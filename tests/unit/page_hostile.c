/* SPDX-License-Identifier: ISC */
/*
 * Pages against chance. Random values, random pages, random addresses and
 * too little memory, some thousand of each from a fixed seed: whatever comes,
 * a page has the lines that its author wrote, a file is one of those that are
 * given out, and nothing crashes. The sanitizers watch.
 */
#include "page_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "page/compile/compile.h"
#include "page/run/site_parts.h"

enum {
	VALUE_ROUNDS = 1000,
	PAGE_ROUNDS = 1500,
	ADDRESS_ROUNDS = 6000,
	ROOM_STEP = 40, /* bytes between two sizes of memory */
	ROOM_MOST = 64 * 1024
};

static uint32_t seed;

/* xorshift32 (Marsaglia 2003): the same on each machine. */
static unsigned
chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

#define PICK(list) ((list)[chance(sizeof(list) / sizeof(*(list)))])

/* ---- values -------------------------------------------------------- */

static const char *const nasty[] = {"\n", "\r\n", "\r", "\t", "\v", "\f",
    "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE2\x80\x8B",
    "\xEF\xBB\xBF", "\xC2\xA0", "\xE3\x80\x80", "\x1B[2J", "\xFF", "\xC3",
    "\xED\xA0\x80", "=>", "=> gemini://evil.example/ x", "#", "## ", "```",
    "* ", "> ", "%", "% do DELETE FROM book", "{a}", "}}", "/", "//",
    "//evil.example", "..", ".", "?", ":", "javascript:alert(1)",
    "gemini://evil.example/", "\\", "\"", "'", "<", "&", "]]>", ",", ";",
    "=1+1", "@", "+", "i\tx\th\t70\r\n", ".\r\n", "20 text/gemini\r\n", " ",
    "  ", "a", "word", "标准", "🙂", "e\xCC\x81", "7", "[1] "};

/* At most six parts, at least one; now and then a NUL. */
static void
make_value(struct buf *out)
{
	size_t parts = 1 + chance(6);

	buf_clear(out);
	while (parts-- > 0)
		buf_text(out, PICK(nasty));
	if (chance(20) == 0)
		buf_char(out, '\0');
}

static sqlite3 *
open_other(struct fixture *f)
{
	char database[120];
	sqlite3 *db;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL),
	    SQLITE_OK);
	return db;
}

static void
store_values(sqlite3_stmt *update)
{
	struct buf value;

	buf_init(&value, 4096);
	for (int i = 1; i <= 3; i++) {
		make_value(&value);
		assert_int_equal(sqlite3_bind_text(update, i, value.data,
				     (int)value.len, SQLITE_TRANSIENT),
		    SQLITE_OK);
	}
	buf_release(&value);
	assert_int_equal(sqlite3_step(update), SQLITE_DONE);
	sqlite3_reset(update);
}

/* What no reader may be sent: bytes that are no UTF-8, controls but those in
 * `but`, characters that hide. The guard of gemtext is one. */
static void
assert_clean(const char *text, const char *but)
{
	struct str rest = str_from(text);
	bool tabs = strchr(but, '\t') != NULL;

	while (rest.len > 0) {
		uint32_t c = utf8_next(&rest);
		assert_true(c != UTF8_BAD);
		if (utf8_is_control(c))
			assert_non_null(strchr(but, (int)c));
		/* A selector is as raw as the path that it names. */
		assert_true(tabs || c == 0x200B || !utf8_is_invisible(c));
		assert_true(c < 0x80 || !utf8_is_line_end(c));
	}
}

/* Lines that begin with a mark; inside groups only fences are looked at. */
static size_t
lines_with(const char *text, const char *mark)
{
	struct str rest = str_from(text), line;
	bool fence = str_equal(str_from(mark), STR("```")), inside = false;
	size_t n = 0;

	while (str_next_line(&rest, &line)) {
		if (str_starts(line, STR("```")))
			inside = !inside;
		if (fence || !inside)
			n += str_starts(line, str_from(mark));
	}
	return n;
}

#define VALUES                                                               \
	"% one SELECT title AS a, note AS b, url AS c FROM book WHERE id = " \
	"1\n"

static const char holes[] = VALUES "# {a}\n"
				   "## x {b}\n"
				   "{a}\n"
				   "{c}{b}\n"
				   "* {a}\n"
				   "> {b}{c}\n"
				   "=> /{a}/{b} {c}\n"
				   "=> ?{a} {b}\n"
				   "=> {a} {b}{c}\n"
				   "=> x{a}{b}\n"
				   "```{a}\n"
				   "{b}\n"
				   "x{c}\n"
				   "```\n"
				   "{a|text}\n"
				   "{c}\n";

static void
check_links(const char *text, bool from_data)
{
	struct str rest = str_from(text), line;
	bool inside = false;

	while (str_next_line(&rest, &line)) {
		struct url url;
		struct str address;
		if (str_starts(line, STR("```")))
			inside = !inside;
		if (inside || !str_starts(line, STR("=> ")))
			continue;
		address = str_slice(line, 3, line.len);
		address = str_slice(address, 0, str_find_byte(address, ' '));
		assert_int_equal(url_parse(address, &url), OK);
		if (from_data && url_is_allowed(address))
			continue;
		assert_int_equal(url.scheme.len, 0);
		if (from_data && str_starts(address, STR("//")))
			assert_true(url.host.len > 0);
		else
			assert_false(url.has_authority);
	}
}

static void
check_menu(const char *menu)
{
	struct str rest = str_from(menu), line, part;
	size_t links = 0;

	while (rest.len > 0 && !str_equal(rest, STR(".\r\n"))) {
		size_t end = str_find(rest, STR("\r\n")), fields = 0;
		assert_true(end != SIZE_MAX);
		line = str_slice(rest, 0, end);
		rest = str_slice(rest, end + 2, rest.len);
		links += line.data[0] != 'i';
		assert_non_null(strchr("i170h", line.data[0]));
		if (line.data[0] != 'i')
			assert_true(
			    str_ends(line, STR("\tportal.example\t70")));
		while (str_next_part(&line, '\t', &part))
			fields++;
		assert_int_equal(fields, 4);
	}
	assert_int_equal(rest.len, 3);
	assert_in_range(links, 0, 4);
}

static void
values_never_change_the_lines(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;
	sqlite3_stmt *update;

	seed = 20260921;
	fixture_write(f, "pages/[x]/[y].gmi", "{x}{y}\n");
	fixture_write(f, "pages/[x].gmi", "{x}\n");
	fixture_write(f, "pages/u.gmi", VALUES "=> {c|url} {a}\n{b|quote}\n");
	page(f, holes);
	db = open_other(f);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "UPDATE book SET title = ?, note = ?, url = ? "
			     "WHERE id = 1",
			     -1, &update, NULL),
	    SQLITE_OK);
	for (int i = 0; i < VALUE_ROUNDS; i++) {
		const char *text;
		store_values(update);
		text = gemini(f, "/p");
		assert_clean(text, "\n");
		assert_int_equal(lines_with(text, "#"), 2);
		assert_int_equal(lines_with(text, "* "), 1);
		assert_int_equal(lines_with(text, ">"), 1);
		assert_int_equal(lines_with(text, "=>"), 4);
		assert_int_equal(lines_with(text, "```"), 2);
		check_links(text, false);
		text = gopher(f, "/p");
		assert_clean(text, "\r\n\t");
		check_menu(text);
		text = gemini(f, "/p.txt");
		assert_clean(text, "\n");
		text = gemini(f, "/u");
		assert_in_range(lines_with(text, "=>"), 0, 1);
		assert_int_equal(lines_with(text, "#"), 0);
		assert_int_equal(lines_with(text, "```"), 0);
		check_links(text, true);
	}
	sqlite3_finalize(update);
	sqlite3_close(db);
}

static void
stored_gemtext_stays_below(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;
	sqlite3_stmt *update;

	seed = 4242;
	fixture_write(f, "pages/p.gmi",
	    VALUES "# Mine\n{a|gemtext}\n{b|gemtext}\n* last\n");
	fixture_good(f);
	db = open_other(f);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "UPDATE book SET title = ?, note = ?, url = ? "
			     "WHERE id = 1",
			     -1, &update, NULL),
	    SQLITE_OK);
	for (int i = 0; i < VALUE_ROUNDS; i++) {
		const char *text;
		store_values(update);
		text = gemini(f, "/p");
		assert_clean(text, "\n");
		assert_int_equal(lines_with(text, "```") % 2, 0);
		assert_int_equal(
		    lines_with(text, "#") - lines_with(text, "##"), 1);
		assert_true(str_ends(str_from(text), STR("\n* last\n")));
		check_links(text, true);
		assert_clean(gopher(f, "/p"), "\r\n\t");
		assert_clean(gemini(f, "/p.txt"), "\n");
	}
	sqlite3_finalize(update);
	sqlite3_close(db);
}

/* ---- other formats ------------------------------------------------- */

/* RFC 4180: fields in the one record of a file. */
static size_t
csv_fields(struct str csv)
{
	bool quoted = false;
	size_t n = 1;

	assert_true(str_ends(csv, STR("\n")));
	for (size_t i = 0; i + 1 < csv.len; i++) {
		if (csv.data[i] == '"')
			quoted = !quoted;
		else if (!quoted)
			assert_true(csv.data[i] != '\n');
		n += !quoted && csv.data[i] == ',';
	}
	assert_false(quoted);
	return n;
}

static size_t
count_byte(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.data[i] == c;
	return n;
}

static struct str
body_of(const char *answer)
{
	struct str text = str_from(answer);

	return str_slice(text, str_find_byte(text, '\n') + 1, text.len);
}

static bool
is_json(sqlite3 *db, struct str text)
{
	sqlite3_stmt *ask;
	bool valid;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT json_valid(?)", -1, &ask, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(ask, 1, text.data, (int)text.len, SQLITE_TRANSIENT);
	assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
	valid = sqlite3_column_int(ask, 0) != 0;
	sqlite3_finalize(ask);
	return valid;
}

static void
other_formats_hold(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;
	sqlite3_stmt *update;

	seed = 99;
	fixture_write(f, "pages/x.xml", VALUES "<a b=\"{a}\">{b}{c}</a>\n");
	fixture_write(f, "pages/x.csv", VALUES "{a},{b},{c}\n");
	fixture_write(
	    f, "pages/x.json", VALUES "[\"{a}\", \"{b}{c}\", {{}}]\n");
	fixture_write(f, "pages/x.txt", VALUES "{a}\n{b}{c}\n");
	fixture_good(f);
	db = open_other(f);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "UPDATE book SET title = ?, note = ?, url = ? "
			     "WHERE id = 1",
			     -1, &update, NULL),
	    SQLITE_OK);
	for (int i = 0; i < VALUE_ROUNDS; i++) {
		struct str text;
		store_values(update);
		text = body_of(gemini(f, "/x.xml"));
		assert_int_equal(count_byte(text, '<'), 2);
		assert_int_equal(count_byte(text, '>'), 2);
		assert_int_equal(count_byte(text, '"'), 2);
		text = body_of(gemini(f, "/x.csv"));
		assert_int_equal(csv_fields(text), 3);
		assert_null(strchr("=+-@", text.data[0]));
		assert_true(is_json(db, body_of(gemini(f, "/x.json"))));
		text = body_of(gemini(f, "/x.txt"));
		assert_int_equal(count_byte(text, '\n'), 2);
		assert_clean(text.data, "\n");
	}
	sqlite3_finalize(update);
	sqlite3_close(db);
}

/* ---- pages --------------------------------------------------------- */

static const char *const page_lines[] = {
    "% one SELECT id, title, note AS n FROM book WHERE id = 1\n",
    "% one SELECT id, shelf FROM book WHERE id = :id\n",
    "% one SELECT 1 AS a,\n%  2 AS b\n", "% one SELECT\n", "% one\n",
    "% each SELECT id, title FROM book WHERE shelf = 'east' ORDER BY id\n",
    "% each SELECT id AS title FROM book WHERE id > :now\n", "% none\n",
    "% end\n", "% end\n", "% end\n", "% if 1\n", "% if :input IS NULL\n",
    "% if :id > 1 AND (\n", "% else\n", "% elif :id\n", "% ask What?\n",
    "% ask-secret {title}?\n", "% ask\n", "% cert Who?\n",
    "% fail gone {title}\n", "% fail nothing x\n", "% fail busy later\n",
    "% go ../{title}?{input}\n", "% go /\n", "% moved //{id}\n",
    "% go {title|url}\n", "% include _a.gmi\n", "% include _b.gmi\n",
    "% needs :title\n", "% gives :n\n", "% include ../_a.gmi\n", "% document\n",
    "% type text/x-a\n", "% upload 10 text/plain\n", "% upload x\n",
    "% edit note\n", "% edit title\n", "% do DELETE FROM book\n",
    "% do COMMIT\n", "% nonsense\n", "%\n", "% \n", "%% x\n", "%# x\n",
    "%  more\n", "# {title}\n", "## {n}\n", "#{id}{id}{id}\n", "{title}\n",
    "{title|text}\n", "{n|gemtext}\n", "{note|quote}\n", "{title|url}\n",
    "{seal}\n", "{\n", "}\n", "{{{title}}}\n", "{}\n", "{title|}\n",
    "{|text}\n", "{ title }\n", "* {title}\n", "* \n", "> {shelf}\n", "=>\n",
    "=> \n", "=> {title} x\n", "=> {seal} x\n",
    "=> a/{id}/../{title} {title}\n", "=> ?{title}\n",
    "=> gemini://{title}/ x\n", "=> {title|url} {id}\n", "=> \x01 \x02\n",
    "```\n", "```{title}\n", "```\n", "text\n", "\n", "标题 {path}\n",
    "{host} {protocol} {now} {query} {input}\n", "\xE2\x80\xA8# x\n"};

/* Some lines; one page in four has bytes changed. */
static void
make_page(struct buf *out)
{
	size_t lines = 1 + chance(12);

	buf_clear(out);
	if (chance(2) == 0)
		buf_text(out, page_lines[0]);
	while (lines-- > 0)
		buf_text(out, PICK(page_lines));
	for (size_t n = chance(4) == 0 ? 1 + chance(4) : 0; n-- > 0;)
		out->data[chance((unsigned)out->len)] = (char)chance(128);
}

static void
write_all(struct blocks *blocks)
{
	struct buf out;

	buf_init(&out, 4 * LIMIT_PAGE_BYTES);
	write_gemtext(&out, blocks, NULL);
	buf_clear(&out);
	write_menu(&out, blocks);
	buf_clear(&out);
	write_plain(&out, blocks, &(struct plain_style){70, STR("\n"), false});
	buf_release(&out);
}

static void
run_made(struct fixture *f, struct page *made, const struct protocol *protocol)
{
	struct match match = {.type = MATCH_PAGE, .page = made};
	struct request request = {.arena = f->arena,
	    .protocol = protocol,
	    .has_input = chance(2) == 0,
	    .input = STR("x\ny"),
	    .query = STR("x%0Ay"),
	    .edit = protocol == PROTOCOL_GEMINI};
	struct reply reply = {.file = -1};

	arena_clear(f->arena);
	assert_int_equal(path_parse(f->arena, STR("/p"), &request.path), OK);
	if (f->has_cert)
		request.identity = &f->identity;
	page_run(f->site, &match, &request, &reply);
	if (reply.type == REPLY_BLOCKS)
		write_all(&reply.blocks);
	/* Nothing is left open behind it. */
	assert_true(sqlite3_get_autocommit(store_reader(f->site->store)) != 0);
	assert_true(sqlite3_get_autocommit(store_writer(f->site->store)) != 0);
}

static void
any_page_compiles_or_is_found(void **state)
{
	struct fixture *f = *state;
	struct arena *arena = arena_new(8 * 1024 * 1024);
	struct buf text;
	size_t sound = 0;

	seed = 7;
	buf_init(&text, 64 * 1024);
	fixture_write(f, "pages/_a.gmi",
	    "% needs :title\n% gives :n\nfrom a {path}\n* {title}\n"
	    "% one SELECT 1 AS n\n");
	fixture_write(f, "pages/a.gmi",
	    "% one SELECT title FROM book WHERE id = 1\n% include _a.gmi\n");
	fixture_good(f);
	fixture_write(f, "pages/_b.gmi", "% include _b.gmi\n% end\n");
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = 0; i < PAGE_ROUNDS; i++) {
		struct prepared_set prepared = {{NULL}};
		struct findings found;
		struct page made = {.file = STR("pages/made.gmi"),
		    .format = chance(8) == 0 ? (enum format)chance(5)
					     : FORMAT_GEMTEXT,
		    .mime = STR("text/plain")};
		struct compile_options options = {.arena = arena,
		    .capsule = f->capsule,
		    .reader = store_reader(f->site->store),
		    .writer = store_writer(f->site->store),
		    .prepared = &prepared,
		    .findings = &found};

		make_page(&text);
		buf_char(&text, '\0');
		fixture_write(f, "pages/made.gmi", text.data);
		arena_clear(arena);
		findings_init(&found);
		assert_int_equal(page_compile(&options, &made), OK);
		assert_int_equal(made.findings > 0, found.count > 0);
		f->has_cert = chance(2) == 0;
		if (made.findings == 0) {
			run_made(f, &made, PROTOCOL_GEMINI);
			run_made(f, &made, PROTOCOL_GOPHER);
			run_made(f, &made, PROTOCOL_GEMINI);
			sound++;
		}
		prepared_release(&prepared);
		findings_free(found.first);
	}
	log_set_level(LOG_LEVEL_INFO);
	/* Else the lines above are too wild to test anything. */
	assert_true(sound > PAGE_ROUNDS / 25);
	assert_string_equal(gemini(f, "/"), "# Home\n");
	buf_release(&text);
	arena_free(arena);
}

/* ---- addresses ----------------------------------------------------- */

static const char *const path_parts[] = {"..", ".", "%2e%2e", "%2E.", "", "%2F",
    "..%2F..", "%5C", "..%5C", "static", "pages", "schema", "secret", "link",
    "linked", "up", "d", "ok", "ok.txt", ".hidden", ".git", "config",
    "index.gmi", "n", "x", "x.txt", ".txt", "%00", "ok.txt%00.png", "a%0Ab",
    "%E6%A0%87", "\xE6\xA0\x87", "%FF", "7", "07", "18446744073709551616",
    "index", "_part", "_part.gmi", "seal", "[x]", "%5Bx%5D", "fifo", "~",
    "%2561", "portal.db", "etc", "passwd"};

static void
make_path(struct buf *out)
{
	size_t parts = chance(6);

	buf_clear(out);
	buf_char(out, '/');
	while (parts-- > 0) {
		buf_text(out, PICK(path_parts));
		if (parts > 0 || chance(3) == 0)
			buf_char(out, '/');
	}
}

static void
check_file(const struct reply *reply)
{
	char text[8] = "";

	assert_true(reply->file >= 0);
	assert_int_equal(read(reply->file, text, 2), 2);
	assert_string_equal(text, "ok");
	close(reply->file);
}

static void
ask(struct fixture *f, const struct protocol *protocol, const struct path *path)
{
	struct request request = {
	    .arena = f->arena, .protocol = protocol, .path = *path};
	struct reply reply;

	site_answer(f->site, &request, &reply);
	if (reply.type == REPLY_FILE) {
		check_file(&reply);
		return;
	}
	assert_int_equal(reply.file, -1);
	if (reply.type == REPLY_BLOCKS)
		write_all(&reply.blocks);
	if (reply.type != REPLY_REDIRECT)
		return;
	/* To a path of ours, from which one comes to no other host. */
	assert_true(str_starts(reply.text, STR("/")));
	assert_false(str_starts(reply.text, STR("//")));
	assert_true(utf8_clean_len(reply.text) == reply.text.len);
}

static void
make_tree(struct fixture *f)
{
	char path[200], target[200];
	static const char *const given[] = {"static/ok.txt", "static/d/ok",
	    "static/d/index.gmi", "static/n/ok.txt", "static/d/d/x"};
	static const char *const kept[] = {"secret", "static/.hidden",
	    "static/.git/config", "static/d/.hidden", "linked/secret"};

	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		fixture_write(f, given[i], "ok\n");
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		fixture_write(f, kept[i], "SECRET\n");
	snprintf(path, sizeof(path), "%s/static/link", f->capsule);
	snprintf(target, sizeof(target), "%s/secret", f->capsule);
	assert_int_equal(symlink(target, path), 0);
	snprintf(path, sizeof(path), "%s/static/up", f->capsule);
	assert_int_equal(symlink("..", path), 0);
	snprintf(path, sizeof(path), "%s/static/d/linked", f->capsule);
	assert_int_equal(symlink("../../linked", path), 0);
	snprintf(path, sizeof(path), "%s/static/d/fifo", f->capsule);
	assert_int_equal(mkfifo(path, 0644), 0);
	fixture_write(f, "pages/_part.gmi", "SECRET\n");
	fixture_write(f, "pages/whole.gmi",
	    "% if :now < 0\n% include _part.gmi\n% end\n");
	fixture_write(f, "pages/n/[x]/index.gmi", "# {x}\n=> ./.txt up\n");
	fixture_write(f, "pages/n/[x]/[y].gmi", "# {x} {y}\n=> {x} up\n");
	fixture_write(f, "pages/n/x/7.gmi", "# seven\n");
	fixture_write(f, "pages/n/[x]/[y].xml", "<x>{x}</x>\n");
	fixture_write(f, "pages/seal/index.gmi", "=> {seal} x\n");
	fixture_write(f, "pages/seal/[seal].gmi",
	    "% do DELETE FROM book WHERE id = 1\n% go /seal/\n");
}

static void
no_path_leaves_the_capsule(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	size_t asked = 0;

	seed = 31337;
	make_tree(f);
	fixture_good(f);
	buf_init(&text, 4096);
	for (int i = 0; i < ADDRESS_ROUNDS; i++) {
		struct path path;
		make_path(&text);
		arena_clear(f->arena);
		if (path_parse(f->arena, buf_view(&text), &path) == OK) {
			ask(f, PROTOCOL_GEMINI, &path);
			asked++;
		}
		if (selector_parse(f->arena, buf_view(&text), &path) == OK)
			ask(f, PROTOCOL_GOPHER, &path);
	}
	assert_true(asked > ADDRESS_ROUNDS / 4);
	buf_release(&text);
}

/* ---- too little memory --------------------------------------------- */

/* What a request gives with `room` bytes; false where it is refused. */
static bool
ask_within(struct fixture *f, const char *address,
    const struct protocol *protocol, size_t room, struct buf *out)
{
	struct request request = {.protocol = protocol,
	    .arena = arena_new(room),
	    .identity = &f->identity};
	struct reply reply;
	bool whole;

	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, str_from(address), &request.path), OK);
	assert_non_null(request.arena);
	buf_clear(out);
	site_answer(f->site, &request, &reply);
	if (reply.type == REPLY_BLOCKS && protocol == PROTOCOL_GOPHER)
		write_menu(out, &reply.blocks);
	else if (reply.type == REPLY_BLOCKS)
		write_gemtext(out, &reply.blocks, NULL);
	else if (reply.type == REPLY_BYTES)
		buf_str(out, reply.bytes);
	else if (reply.type == REPLY_FILE)
		close(reply.file);
	else if (reply.type != REPLY_REFUSAL)
		buf_str(out, reply.text);
	whole = reply.type != REPLY_REFUSAL && out->err == OK;
	arena_free(request.arena);
	return whole;
}

/* With any amount of memory: the whole answer or a refusal. */
static void
ask_in_all_rooms(
    struct fixture *f, const char *address, const struct protocol *protocol)
{
	struct buf all, some;
	bool refused = false;
	/* Each time another seal, but always one. */
	bool sealed = strcmp(address, "/w/") == 0;

	buf_init(&all, 1024 * 1024);
	buf_init(&some, 1024 * 1024);
	assert_true(ask_within(f, address, protocol, 8 * 1024 * 1024, &all));
	for (size_t room = 0; room <= ROOM_MOST; room += ROOM_STEP) {
		if (!ask_within(f, address, protocol, room, &some))
			refused = true;
		else if (sealed ? all.len != some.len
				: !str_equal(buf_view(&all), buf_view(&some)))
			fail_msg("%s differs with %zu bytes", address, room);
		else if (refused && room > all.len * 16 + 8192)
			break;
	}
	assert_true(refused);
	buf_release(&all);
	buf_release(&some);
}

static void
little_memory_is_a_refusal(void **state)
{
	struct fixture *f = *state;
	static const char *const addresses[] = {
	    "/p", "/p.txt", "/x.json", "/go", "/ask", "/n/a", "/e.csv", "/w/"};

	fixture_write(f, "pages/n/[x]/index.gmi", "# {x}\n");
	fixture_write(f, "pages/go.gmi",
	    "% one SELECT title FROM book WHERE id = 1\n% go p?{title}\n");
	fixture_write(f, "pages/ask.gmi", "% ask {path} {now}?\n");
	fixture_write(f, "pages/x.json", VALUES "[\"{a}\", \"{b}\"]\n");
	fixture_write(f, "pages/e.csv", "");
	fixture_write(f, "pages/w/[seal].gmi",
	    "% do DELETE FROM book WHERE id = 1\n% go ../p\n");
	fixture_write(f, "pages/w/index.gmi", "# w\n=> {seal} {path}\n");
	page(f,
	    VALUES "# {a}\n=> {c|url} {b}\n* {b}\n> {c}\n"
		   "% each SELECT id AS i, title AS t, body AS g FROM book "
		   "/* scan */\n"
		   "{g|gemtext}\n=> n/{i}/ {t} and a label that is wider than "
		   "a line of any menu can ever be, for wrapping\n% end\n"
		   "```{a}\n{b}\n```\n");
	log_set_level(LOG_LEVEL_ERROR);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		ask_in_all_rooms(f, addresses[i], PROTOCOL_GEMINI);
	ask_in_all_rooms(f, "/p", PROTOCOL_GOPHER);
	log_set_level(LOG_LEVEL_INFO);
}

/* Read the map and compile all pages within `room` bytes. */
static enum err
compile_within(struct fixture *f, size_t room)
{
	struct arena *arena = arena_new(room);
	struct prepared_set prepared = {{NULL}};
	struct findings found;
	struct compile_options options = {.arena = arena,
	    .capsule = f->capsule,
	    .reader = store_reader(f->site->store),
	    .writer = store_writer(f->site->store),
	    .prepared = &prepared,
	    .findings = &found};
	struct map map = {0};
	enum err err;

	assert_non_null(arena);
	findings_init(&found);
	err = map_read(arena, f->capsule, &found, &map);
	for (struct page *p = map.pages; p != NULL && err == OK; p = p->next)
		err = page_compile(&options, p);
	prepared_release(&prepared);
	if (err == OK)
		assert_int_equal(found.told, 0);
	findings_free(found.first);
	arena_free(arena);
	return err;
}

static void
little_memory_compiles_nothing(void **state)
{
	struct fixture *f = *state;
	size_t room;

	fixture_write(f, "pages/_a.gmi",
	    "% needs :a\n% gives :d\n=> / {path}\n% one SELECT :a AS d\n");
	page(f,
	    VALUES "% document\n# {a}\n=> {c|url} {b}\n"
		   "% each SELECT id FROM book WHERE shelf = :a\n{id}\n"
		   "% none\n% include _a.gmi\n% end\n% if :a\n% ask a\n%  b\n"
		   "% end\n```x\n{a}\n```\n{b|text}\n% fail gone {a}\n");
	/* The folder's names take the most, and first. */
	for (room = 60 * 1024; compile_within(f, room) != OK; room += 32)
		assert_true(room < 1024 * 1024);
	for (size_t small = 0; small < 60 * 1024; small += 512)
		assert_int_equal(compile_within(f, small), ERR_NOMEM);
	assert_true(room > 60 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(values_never_change_the_lines),
	    PAGE_TEST(stored_gemtext_stays_below),
	    PAGE_TEST(other_formats_hold),
	    PAGE_TEST(any_page_compiles_or_is_found),
	    PAGE_TEST(no_path_leaves_the_capsule),
	    PAGE_TEST(little_memory_is_a_refusal),
	    PAGE_TEST(little_memory_compiles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
