/* SPDX-License-Identifier: ISC */
/*
 * A capsule made on the spot, and a reader who asks it: what the tests of
 * page/ share. Each test writes the files it needs, opens the site, and
 * compares what a request gives with the text that it expects.
 */
#ifndef GUIJU_TESTS_PAGE_FIXTURE_H
#define GUIJU_TESTS_PAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "text/selector.h"
#include "page/site.h"
#include "protocol_fixture.h"
#include "store/store.h"
#include "text/write.h"

enum { FIXTURE_NOW = 1790000000 };

struct fixture {
	char root[64];
	char capsule[96], state[96];
	struct site *site;
	struct finding *findings;
	struct arena *arena;
	struct identity identity;
	bool has_cert;
	const struct ip *peer; /* who asks; NULL: nobody knows */
	unsigned costly_wait_s;
	struct costly *costly; /* NULL: costly pages run */
	unsigned wait_s;       /* of the last reply */
	char answer[128 * 1024];
};

static void
fixture_write(struct fixture *f, const char *name, const char *text)
{
	char path[400], *slash;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", f->capsule, name);
	for (slash = path + strlen(f->root) + 1;
	     (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

/* A site that is closed and opened again takes the seals of before. */
static const struct seal_keys fixture_seal_keys = {{1, 2, 3}, {4, 5, 6}};

static int
fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	snprintf(f->root, sizeof(f->root), "/tmp/guiju-test.XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->capsule, sizeof(f->capsule), "%s/capsule", f->root);
	snprintf(f->state, sizeof(f->state), "%s/state", f->root);
	assert_int_equal(mkdir(f->capsule, 0755), 0);
	assert_int_equal(mkdir(f->state, 0755), 0);
	fixture_write(f, "schema/001_test.sql",
	    "CREATE TABLE book (id INTEGER PRIMARY KEY, shelf TEXT NOT NULL, "
	    "title TEXT NOT NULL, note TEXT, url TEXT, body TEXT);\n"
	    "CREATE INDEX book_shelf ON book (shelf, id);\n"
	    "INSERT INTO book VALUES (1, 'east', 'First', 'a note', "
	    "'gemini://example.org/', '# One\nwords'), "
	    "(2, 'east', 'Second', NULL, 'javascript:alert(1)', '```x'), "
	    "(3, 'west', '# => *', '<&>\"', '/local', 'plain');\n");
	fixture_write(f, "pages/index.gmi", "# Home\n");
	f->identity = (struct identity){
	    .fingerprint = STR("c0ffee"), .name = STR("Mei"), .valid = true};
	f->arena = arena_new(8 * 1024 * 1024);
	clock_set_now_s(FIXTURE_NOW);
	*state = f;
	return 0;
}

static int
fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char command[200];
	FILE *shell;

	site_close(f->site);
	findings_free(f->findings);
	arena_free(f->arena);
	clock_set_now_s(-1);
	snprintf(command, sizeof(command), "rm -rf '%s'", f->root);
	shell = popen(command, "r");
	if (shell != NULL)
		pclose(shell);
	free(f);
	return 0;
}

/* Migrate and open. Gives site_open's answer; findings are in f. */
static enum err
fixture_open(struct fixture *f)
{
	char database[120], schema[120];
	struct site_options options = {.capsule = f->capsule,
	    .state_dir = f->state,
	    .download = STR("download"),
	    .language = STR("en"),
	    .host = STR("portal.example"),
	    .register_path = STR("/my/register/"),
	    .uploads = true,
	    .services = TEST_SERVICES,
	    .seal_keys = &fixture_seal_keys,
	    .count_views = true};
	struct buf why;
	enum err err;

	snprintf(database, sizeof(database), "%s/portal.db", f->state);
	snprintf(schema, sizeof(schema), "%s/schema", f->capsule);
	buf_init(&why, 1024);
	err = store_migrate(database, schema, NULL, &why);
	if (err != OK)
		fail_msg("%.*s", STR_ARG(buf_view(&why)));
	buf_release(&why);
	site_close(f->site);
	f->site = NULL;
	findings_free(f->findings);
	return site_open(&options, &f->site, &f->findings);
}

/* Open a capsule that must be sound. */
static void
fixture_good(struct fixture *f)
{
	enum err err = fixture_open(f);

	for (struct finding *x = f->findings; x != NULL; x = x->next)
		print_error("%s:%u: %s\n", x->file, x->line, x->message);
	assert_int_equal(err, OK);
}

static const char *const refusal_names[] = {[REFUSAL_MISSING] = "missing",
    [REFUSAL_GONE] = "gone",
    [REFUSAL_BAD] = "bad",
    [REFUSAL_FOREIGN] = "foreign",
    [REFUSAL_FORBIDDEN] = "forbidden",
    [REFUSAL_NEEDS_CERT] = "needs-cert",
    [REFUSAL_BAD_CERT] = "bad-cert",
    [REFUSAL_BUSY] = "busy",
    [REFUSAL_DOWN] = "down",
    [REFUSAL_BROKEN] = "broken"};

/* A reply as one text: what kind, then its content. */
static void
fixture_show(struct fixture *f, const struct protocol *protocol,
    const struct reply *reply)
{
	struct buf out;

	buf_init(&out, sizeof(f->answer) - 1);
	switch (reply->type) {
	case REPLY_BLOCKS:
		if (protocol != PROTOCOL_GOPHER)
			write_gemtext(&out, &reply->blocks, NULL);
		else if (!reply->document)
			write_menu(&out, &reply->blocks);
		else
			write_plain(&out, &reply->blocks,
			    &(struct plain_style){67, STR("\n"), true});
		break;
	case REPLY_BYTES:
		buf_printf(&out, "(%.*s)\n%.*s", STR_ARG(reply->mime),
		    STR_ARG(reply->bytes));
		break;
	case REPLY_FILE:
		buf_printf(&out, "(file %.*s %d)", STR_ARG(reply->mime),
		    (int)reply->size);
		close(reply->file);
		break;
	case REPLY_PROMPT:
		buf_printf(&out, "(%s) %.*s",
		    reply->secret ? "ask-secret" : "ask", STR_ARG(reply->text));
		break;
	case REPLY_REDIRECT:
		buf_printf(&out, "(%s) %.*s", reply->permanent ? "moved" : "go",
		    STR_ARG(reply->text));
		break;
	case REPLY_REFUSAL:
		buf_printf(&out, "(%s) %.*s", refusal_names[reply->refusal],
		    STR_ARG(reply->text));
		if (reply->leads_on && protocol == PROTOCOL_GOPHER) {
			buf_char(&out, '\n');
			write_menu(&out, &reply->blocks);
		}
		break;
	}
	assert_int_equal(out.err, OK);
	snprintf(f->answer, sizeof(f->answer), "%.*s", STR_ARG(buf_view(&out)));
	buf_release(&out);
}

static const char *
fixture_request(struct fixture *f, struct request *request)
{
	struct reply reply;

	request->arena = f->arena;
	request->peer = f->peer;
	request->costly_wait_s = f->costly_wait_s;
	request->costly = f->costly;
	if (f->has_cert)
		request->identity = &f->identity;
	site_answer(f->site, request, &reply);
	f->wait_s = reply.wait_s;
	fixture_show(f, request->protocol, &reply);
	arena_clear(f->arena);
	return f->answer;
}

/* What "/path" or "/path?input" gives over Gemini. Valid until the next. */
static const char *
gemini(struct fixture *f, const char *address)
{
	struct request request = {.protocol = PROTOCOL_GEMINI};
	struct str text = str_from(address);
	size_t query = str_find_byte(text, '?');

	arena_clear(f->arena);
	assert_int_equal(
	    path_parse(f->arena, str_slice(text, 0, query), &request.path), OK);
	if (query != SIZE_MAX) {
		request.has_input = true;
		request.query = str_slice(text, query + 1, text.len);
		assert_int_equal(
		    url_decode(f->arena, request.query, &request.input), OK);
	}
	return fixture_request(f, &request);
}

static inline const char *
gopher(struct fixture *f, const char *selector)
{
	struct request request = {.protocol = PROTOCOL_GOPHER};

	arena_clear(f->arena);
	assert_int_equal(
	    selector_parse(f->arena, str_from(selector), &request.path), OK);
	return fixture_request(f, &request);
}

/* The whole capsule: one page /p with this text. What /p gives. */
static inline const char *
page(struct fixture *f, const char *text)
{
	fixture_write(f, "pages/p.gmi", text);
	fixture_good(f);
	return gemini(f, "/p");
}

/* The findings of a capsule whose page p.gmi has this text, as one text. */
static inline const char *
findings(struct fixture *f, const char *text)
{
	size_t n = 0;

	if (text != NULL)
		fixture_write(f, "pages/p.gmi", text);
	f->answer[0] = '\0';
	assert_int_equal(fixture_open(f), ERR_INPUT);
	for (struct finding *x = f->findings; x != NULL; x = x->next)
		n += (size_t)snprintf(f->answer + n, sizeof(f->answer) - n,
		    "%s:%u: %s\n", x->file, x->line, x->message);
	return f->answer;
}

#define PAGE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
