/* SPDX-License-Identifier: ISC */
/*
 * Accounts: who a certificate belongs to, what % account and % role answer, and
 * the rules that the engine's schema keeps for every capsule. FP() and KEY()
 * make digests of the right length.
 */
#include "page/run/site_parts.h"
#include "page_fixture.h"

#include "store/accounts/accounts.h"

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef"
#define FP(four) four four four four DIGITS
#define KEY(four) DIGITS four four four four

/* Pages that act. Each asks, since a link alone does not act. */
static const char act[] = "% cert Choose an identity\n"
			  "% ask Words?\n";

static void
page_that_does(struct fixture *f, const char *name, const char *statement)
{
	char path[100], text[2000];

	snprintf(path, sizeof(path), "pages/my/%s/[seal].gmi", name);
	snprintf(text, sizeof(text), "%s%s\n%s", act, statement,
	    strstr(statement, "% return") == NULL ? "% go /my/\n" : "");
	fixture_write(f, path, text);
	snprintf(path, sizeof(path), "pages/my/%s/index.gmi", name);
	fixture_write(f, path, "% cert Choose an identity\n=> {seal} Do it\n");
}

static void
capsule(struct fixture *f)
{
	accounts_use(true);
	fixture_write(f, "pages/who.gmi",
	    "{account} {role} {cert_id}\n"
	    "% if :certificate IS NOT NULL\n"
	    "with a certificate\n"
	    "% end\n");
	fixture_write(f, "pages/my/index.gmi",
	    "% account Choose an identity\n"
	    "# {account}\n");
	fixture_write(f, "pages/editor/index.gmi",
	    "% account Choose an identity\n"
	    "% role editor chief\n"
	    "# In\n");
	fixture_write(f, "pages/editor/plan.gmi",
	    "% account Choose an identity\n"
	    "% role editor chief\n"
	    "% one SELECT 'a plan' AS plan\n"
	    "% file plan text/plain\n");
	page_that_does(f, "register/[from]",
	    "% do INSERT INTO account_register (name, certificate, consent)\n"
	    "%     VALUES (:input, :certificate, '1')\n"
	    "% return /my/");
	page_that_does(f, "rename",
	    "% do INSERT INTO account_rename (account, name)\n"
	    "%     VALUES (:account, :input)");
	page_that_does(f, "request",
	    "% do INSERT INTO account_request (name, certificate, label,\n"
	    "%     visitor) VALUES (:input, :certificate, 'phone', :visitor)");
	page_that_does(f, "approve",
	    "% do UPDATE account_certificate SET state = 'active'\n"
	    "%     WHERE label = :input AND account_id = :account");
	page_that_does(f, "revoke",
	    "% do UPDATE account_certificate SET state = 'revoked',\n"
	    "%     reason = 'lost' WHERE id = :input AND account_id = "
	    ":account");
	page_that_does(f, "pair",
	    "% do INSERT INTO account_issue (account, kind, codes)\n"
	    "%     VALUES (:account, 'pair', json_array(:input))");
	page_that_does(f, "recovery",
	    "% do INSERT INTO account_issue (account, kind, codes)\n"
	    "%     VALUES (:account, 'recovery', :input)");
	page_that_does(f, "enter",
	    "% one SELECT max(seconds) AS wait FROM account_wait\n"
	    "%     WHERE who IN (:cert, :visitor)\n"
	    "% if :wait IS NOT NULL\n"
	    "% fail busy {wait}\n"
	    "% end\n"
	    "% do INSERT INTO account_enter (code, certificate, visitor,\n"
	    "%     label) VALUES (:input, :certificate, :visitor, 'new')");
	page_that_does(f, "join",
	    "% do INSERT INTO account_join (account, code, certificate,\n"
	    "%     visitor) VALUES (:account, :input, :certificate, :visitor)");
	page_that_does(
	    f, "forget", "% do DELETE FROM account WHERE id = :account");
	page_that_does(f, "invite",
	    "% do INSERT INTO account_invite (code, role, who)\n"
	    "%     VALUES (:input, 'editor', 'operator')");
	page_that_does(f, "close",
	    "% do INSERT INTO account_close (account, reason, who)\n"
	    "%     VALUES (:account, :input, 'operator')");
	fixture_write(f, "schema/002_mine.sql",
	    "CREATE TABLE mine (id INTEGER PRIMARY KEY, account_id INTEGER"
	    " NOT NULL REFERENCES account (id) ON DELETE CASCADE);\n"
	    "CREATE INDEX mine_account ON mine (account_id);");
	fixture_good(f);
	f->has_cert = true;
}

/* From now on the reader shows this certificate. key: of none if empty. */
static void
take(struct fixture *f, struct str fingerprint, struct str key)
{
	f->identity.fingerprint = fingerprint;
	f->identity.key = key;
}

/* Do what the page /my/NAME/ offers, with these words. Gives the answer. */
static const char *
does(struct fixture *f, const char *name, const char *words)
{
	char folder[160], link[200], answer[600];
	const char *at;

	snprintf(folder, sizeof(folder), "/my/%s/", name);
	at = strstr(gemini(f, folder), "=> ");
	assert_non_null(at);
	snprintf(link, sizeof(link), "%s%.32s", folder, at + 3);
	/* The link's seal leads to that of the prompt. */
	at = gemini(f, link);
	assert_int_equal(strncmp(at, "(go) ", 5), 0);
	snprintf(answer, sizeof(answer), "%s?%s", at + 5, words);
	return gemini(f, answer);
}

/* A reader without an account is led away, to come back. */
static void
assert_unknown(struct fixture *f, const char *address)
{
	assert_int_equal(
	    strncmp(gemini(f, address), "(go) /my/register/", 18), 0);
}

static void
assert_does(struct fixture *f, const char *name, const char *words)
{
	assert_string_equal(does(f, name, words), "(go) /my/");
}

/* One value of the database. */
static const char *
value(struct fixture *f, const char *sql)
{
	static char text[200];
	char page[600];

	snprintf(page, sizeof(page), "%% one %s\n{v}\n", sql);
	fixture_write(f, "pages/value.gmi", page);
	fixture_good(f);
	snprintf(text, sizeof(text), "%s", gemini(f, "/value"));
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* A code, made by code_new(). */
static const char *
code(struct fixture *f)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s", value(f, "SELECT code_new() AS v"));
	assert_int_equal(strlen(text), 19);
	return text;
}

static void
a_reader_registers(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	f->has_cert = false;
	assert_string_equal(
	    gemini(f, "/my/"), "(needs-cert) Choose an identity");
	assert_string_equal(gemini(f, "/who"), "\n");
	f->has_cert = true;
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_string_equal(gemini(f, "/who"), "\nwith a certificate\n");
	assert_unknown(f, "/my/");
	assert_does(f, "register/-", "Mei");
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	assert_string_equal(gemini(f, "/who"), "1  1\nwith a certificate\n");
	/* A certificate that is none any more knows nobody. */
	f->identity.valid = false;
	assert_string_equal(gemini(f, "/who"), "\n");
	f->identity.valid = true;
	/* Twice is once. */
	assert_string_equal(does(f, "register/-", "Lan"), "(bad) Not accepted");
	take(f, STR(FP("bbbb")), STR(""));
	assert_unknown(f, "/my/");
	/* The same name for an eye. */
	assert_string_equal(
	    does(f, "register/-", "%EF%BC%ADEI"), "(bad) Not accepted");
	assert_does(f, "register/-", "Lan");
	assert_string_equal(gemini(f, "/my/"), "# 2\n");
}

static void
names_are_of_one_script(void **state)
{
	static const struct {
		const char *name, *folded;
	} cases[] = {{"Mei", "mei"}, {"  Mei Lan ", "mei lan"},
	    {"\xe7\x8e\x8b\xe8\xb6\x8a", "\xe7\x8e\x8b\xe8\xb6\x8a"},
	    {"\xe7\x8e\x8b Wang", "\xe7\x8e\x8b wang"},
	    {"\xe7\x8e\x8b\xe3\x81\xae", "\xe7\x8e\x8b\xe3\x81\xae"},
	    {"\xef\xbc\xad\xef\xbd\x85\xef\xbd\x89", "mei"},
	    {"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0",
		"\xd0\xb0\xd0\xbd\xd0\xbd\xd0\xb0"},
	    /* Cyrillic a in a Latin name; Greek with Cyrillic; Han with
	     * Cyrillic; hangul with kana. */
	    {"M\xd0\xb0i", ""}, {"\xce\xb1\xd0\xb0", ""},
	    {"\xe7\x8e\x8b\xd0\xb0", ""}, {"\xec\x9d\xb4\xe3\x81\xae", ""},
	    {"", ""}, {"   ", ""}, {"42", ""}, {"-Mei", ""}, {"Mei-", ""},
	    {"Mei--Lan", ""}, {"Mei\nLan", ""}, {"Mei\xe2\x80\xaelan", ""},
	    {"M\xe2\x80\x8b"
	     "ei",
		""},
	    {"a=>b", ""},
	    /* What is not seen: variation selectors, a joiner, fillers. */
	    {"Mei\xef\xb8\x8f", ""}, {"\xe7\x8e\x8b\xf3\xa0\x84\x80", ""},
	    {"Me\xcd\x8f"
	     "i",
		""},
	    {"\xe7\x8e\x8b\xe3\x85\xa4", ""}, {"Mei\xe1\x85\x9f", ""},
	    {"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd",
		"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"},
	    {"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde", ""}};
	struct fixture *f = *state;

	fixture_write(f, "pages/p.gmi",
	    "% ask Name?\n"
	    "% one SELECT name_fold(:input) AS folded\n"
	    "{folded}\n");
	fixture_good(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf address;

		buf_init(&address, 2000);
		buf_text(&address, "/p?");
		for (const char *c = cases[i].name; *c != '\0'; c++)
			buf_printf(&address, "%%%02X", (unsigned char)*c);
		buf_char(&address, '\0');
		gemini(f, address.data);
		buf_release(&address);
		f->answer[strcspn(f->answer, "\n")] = '\0';
		if (strchr(cases[i].name, '\n') == NULL)
			assert_string_equal(f->answer, cases[i].folded);
	}
}

static void
the_same_key_is_the_same_reader(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	f->identity.until = FIXTURE_NOW + 1000;
	assert_does(f, "register/-", "Mei");
	take(f, STR(FP("bbbb")), STR(KEY("aaaa")));
	f->identity.until = FIXTURE_NOW + 2000;
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	/* The new fingerprint is stored at the next fold. */
	site_fold(f->site);
	assert_string_equal(
	    value(f,
		"SELECT fingerprint || ' ' || (until - 1790000000)"
		" AS v FROM account_certificate /* scan */"),
	    FP("bbbb") " 2000");
	take(f, STR(FP("bbbb")), STR(KEY("cccc")));
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	/* Half of a digest is nobody's. */
	take(f, STR("bbbbbbbbbbbbbbbb"), STR(""));
	assert_unknown(f, "/my/");
	take(f, STR("bbbbbbbbbbbbbbbb" DIGITS), STR(""));
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	take(f, STR(FP("dddd")), STR(KEY("dddd")));
	assert_unknown(f, "/my/");
}

/* A visit is noted for a while. By its fold its certificate may be gone, and
 * its row another's. */
static void
a_visit_is_of_its_certificate(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_does(f, "register/-", "Mallory");
	take(f, STR(FP("bbbb")), STR(KEY("aaaa")));
	assert_does(f, "forget", "yes");
	take(f, STR(FP("cccc")), STR(KEY("cccc")));
	assert_does(f, "register/-", "Mei");
	assert_int_equal(
	    sqlite3_exec(store_writer(f->site->store),
		"UPDATE account_certificate SET id = 1 WHERE id = 2", NULL,
		NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_changes(store_writer(f->site->store)), 1);
	site_fold(f->site);
	assert_string_equal(
	    value(f,
		"SELECT fingerprint AS v FROM account_certificate /* scan */"),
	    FP("cccc"));
	take(f, STR(FP("bbbb")), STR(KEY("aaaa")));
	assert_unknown(f, "/my/");
}

/* A certificate that was stored without its key learns it at a visit. */
static void
a_key_is_learnt(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	take(f, STR(FP("bbbb")), STR(KEY("aaaa")));
	assert_unknown(f, "/my/");
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	site_fold(f->site);
	take(f, STR(FP("bbbb")), STR(KEY("aaaa")));
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
}

static void
a_visit_is_stored_once_a_day(void **state)
{
	static const char seen[] =
	    "SELECT last_seen - 1790000000 AS v FROM account_certificate"
	    " /* scan */";
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	clock_set_now_s(FIXTURE_NOW + 80000);
	gemini(f, "/my/");
	site_fold(f->site);
	assert_string_equal(value(f, seen), "0");
	clock_set_now_s(FIXTURE_NOW + 90000);
	gemini(f, "/my/");
	assert_string_equal(value(f, seen), "0");
	gemini(f, "/my/");
	site_fold(f->site);
	assert_string_equal(value(f, seen), "90000");
}

static void
roles_open_doors(void **state)
{
	struct fixture *f = *state;
	char text[128];

	capsule(f);
	f->has_cert = false;
	assert_string_equal(
	    gemini(f, "/editor/"), "(needs-cert) Choose an identity");
	assert_string_equal(
	    gemini(f, "/editor/plan"), "(needs-cert) Choose an identity");
	f->has_cert = true;
	take(f, STR(FP("aaaa")), STR(""));
	assert_unknown(f, "/editor/");
	/* The way back from registering leads to the door. */
	snprintf(text, sizeof(text), "%s", gemini(f, "/editor/") + 9);
	text[strlen(text) - 1] = '\0';
	assert_string_equal(does(f, text, "Mei"), "(go) /editor/");
	assert_string_equal(gemini(f, "/editor/"),
	    "(forbidden) Not for this account; certificate aaaaaaaaaaaa");
	/* A file is no way round the door, nor is its twin or Gopher. */
	assert_string_equal(gemini(f, "/editor/plan"),
	    "(forbidden) Not for this account; certificate aaaaaaaaaaaa");
	assert_string_equal(gemini(f, "/editor/plan.txt"), "(missing) ");
	assert_memory_equal(gopher(f, "/editor/plan"), "(missing) ", 10);
	snprintf(text, sizeof(text), "%s", code(f));
	assert_does(f, "invite", text);
	/* A wrong code changes nothing, and says so as little as an unknown. */
	assert_does(f, "join", "AAAA-BBBB-CCCC-DDDD");
	assert_does(f, "join", "what");
	assert_string_equal(gemini(f, "/who"), "1  1\nwith a certificate\n");
	assert_does(f, "join", text);
	assert_string_equal(
	    gemini(f, "/who"), "1 editor 1\nwith a certificate\n");
	assert_string_equal(gemini(f, "/editor/"), "# In\n");
	assert_string_equal(gemini(f, "/editor/plan"), "(text/plain)\na plan");
	/* It is used up. */
	take(f, STR(FP("bbbb")), STR(""));
	assert_does(f, "register/-", "Lan");
	assert_does(f, "join", text);
	assert_string_equal(gemini(f, "/who"), "2  2\nwith a certificate\n");
	assert_string_equal(
	    value(f,
		"SELECT group_concat(act || coalesce(about, ''))"
		" AS v FROM (SELECT act, about FROM"
		" account_log /* scan */ ORDER BY id)"),
	    "register1,inviteeditor,joineditor,register1");
}

static void
an_old_certificate_lets_a_new_one_in(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_does(f, "register/-", "Mei");
	take(f, STR(FP("bbbb")), STR(KEY("bbbb")));
	assert_does(f, "request", "mei");
	assert_unknown(f, "/my/");
	/* It does not let itself in. */
	assert_does(f, "approve", "phone");
	assert_unknown(f, "/my/");
	/* A name that nobody has gets the same answer. */
	take(f, STR(FP("cccc")), STR(""));
	assert_does(f, "request", "Nobody");
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_does(f, "approve", "phone");
	take(f, STR(FP("bbbb")), STR(KEY("bbbb")));
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
}

static void
a_pending_certificate_lapses(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	take(f, STR(FP("bbbb")), STR(""));
	assert_does(f, "request", "Mei");
	assert_string_equal(
	    value(f, "SELECT count(*) AS v FROM account_pending"), "1");
	clock_set_now_s(FIXTURE_NOW + 86400);
	assert_string_equal(
	    value(f, "SELECT count(*) AS v FROM account_pending"), "0");
	take(f, STR(FP("aaaa")), STR(""));
	assert_string_equal(does(f, "approve", "phone"), "(bad) Not accepted");
}

/* Ask for the account of Mei with a certificate of its own, from 192.0.2.N. */
static void
a_stranger_asks(struct fixture *f, unsigned n, unsigned address,
    const char *name, const char *answer)
{
	static char print[65];
	char text[32];
	struct ip peer;

	snprintf(print, sizeof(print), "%064x", n);
	snprintf(text, sizeof(text), "192.0.2.%u", address);
	assert_int_equal(ip_read_v4(str_from(text), &peer), OK);
	f->peer = &peer;
	take(f, str_from(print), STR(""));
	assert_string_equal(does(f, "request", name), answer);
	f->peer = NULL;
}

/* Nine requests, or nine hundred, keep out no tenth. */
static void
the_oldest_request_yields(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	for (unsigned n = 1; n <= 12; n++)
		a_stranger_asks(f, n, n, "Mei", "(go) /my/");
	assert_string_equal(
	    value(f, "SELECT count(*) AS v FROM account_pending"), "9");
	assert_string_equal(
	    value(f,
		"SELECT group_concat(CAST(ltrim(fingerprint, '0') AS TEXT))"
		" AS v FROM (SELECT fingerprint FROM account_pending"
		" ORDER BY id)"),
	    "4,5,6,7,8,9,a,b,c");
	/* Who has a certificate already pushes nobody out. */
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "request", "Mei");
	assert_string_equal(value(f,
				"SELECT min(fingerprint) GLOB '*4' AS v"
				" FROM account_pending"),
	    "1");
}

/* One address asks four times a day, whoever it asks for. So the owner's
 * request, from elsewhere, is there as long as it waits: across an hour, and
 * across midnight, when the address has another name. */
static void
one_address_pushes_no_request_out(void **state)
{
	enum { DAY_S = 86400, HOUR_S = 3600 };
	static const char *const names[] = {"Mei", "Nobody"};
	const int64_t midnight = (FIXTURE_NOW / DAY_S + 1) * DAY_S;
	const int64_t times[] = {midnight - HOUR_S - 10, midnight - 10,
	    midnight, midnight + HOUR_S, midnight - HOUR_S - 21 + DAY_S};
	struct fixture *f = *state;
	unsigned n = 0x100;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	clock_set_now_s(midnight - HOUR_S - 20);
	a_stranger_asks(f, 0xb0b, 200, "Mei", "(go) /my/");
	for (size_t t = 0; t < sizeof(times) / sizeof(*times); t++) {
		clock_set_now_s(times[t]);
		for (unsigned i = 0; i < 2; i++)
			for (unsigned turn = 0; turn < 6; turn++)
				a_stranger_asks(f, n++, i + 1, names[i],
				    turn < 4 && (t == 0 || t == 2)
					? "(go) /my/"
					: "(bad) Not accepted");
		assert_string_equal(
		    value(f,
			"SELECT count(*) AS v FROM account_pending"
			" WHERE fingerprint GLOB '*0b0b'"),
		    "1");
	}
	clock_set_now_s(midnight + 10);
	assert_string_equal(value(f,
				"SELECT count(*) || ' ' || max(seconds) AS v"
				" FROM account_request_wait"),
	    "2 86390");
}

/* An account with all the certificates that it may have answers as one that
 * there is not. */
static void
a_full_account_tells_nobody(void **state)
{
	struct fixture *f = *state;
	char ask[64];

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	fixture_write(f, "schema/003_full.sql",
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 19)\n"
	    "INSERT INTO account_certificate (account_id, fingerprint, label,"
	    " state, first_seen, last_seen, changed)\n"
	    "SELECT 1, printf('%064x', 1000 + i), 'x', 'active', 0, 0, 0"
	    " FROM n;\n");
	fixture_good(f);
	a_stranger_asks(f, 1, 1, "Mei", "(go) /my/");
	a_stranger_asks(f, 2, 1, "Nobody", "(go) /my/");
	/* A 21st is not let in. */
	take(f, STR(FP("aaaa")), STR(""));
	snprintf(ask, sizeof(ask), "%s", does(f, "approve", "phone"));
	assert_string_equal(ask, "(bad) Not accepted");
}

static void
a_code_pairs_once(void **state)
{
	struct fixture *f = *state;
	char text[64], wrong[64];

	capsule(f);
	take(f, STR(FP("aaaa")), STR(KEY("aaaa")));
	assert_does(f, "register/-", "Mei");
	snprintf(text, sizeof(text), "%s", code(f));
	snprintf(wrong, sizeof(wrong), "%.14s%s", text,
	    strcmp(text + 15, "0000") == 0 ? "-0001" : "-0000");
	assert_does(f, "pair", text);
	/* Nothing of it stands in the database. */
	assert_string_equal(value(f,
				"SELECT count(*) AS v FROM account_code"
				" WHERE hash LIKE '%' || substr(selector, 1, 4)"
				" || '-%' OR length(hash) <> 64 /* scan */"),
	    "0");
	take(f, STR(FP("bbbb")), STR(KEY("bbbb")));
	assert_does(f, "enter", wrong);
	assert_unknown(f, "/my/");
	/* As a person types it. */
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '-' ? '.' : *c == '1' ? 'l' : *c == '0' ? 'o' : *c;
	assert_does(f, "enter", text);
	assert_unknown(f, "/my/");
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '.' ? '-' : *c;
	assert_does(f, "enter", text);
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	take(f, STR(FP("cccc")), STR(KEY("cccc")));
	assert_does(f, "enter", text);
	assert_unknown(f, "/my/");
}

static void
a_pairing_code_lapses(void **state)
{
	struct fixture *f = *state;
	char text[64];

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	snprintf(text, sizeof(text), "%s", code(f));
	assert_does(f, "pair", text);
	clock_set_now_s(FIXTURE_NOW + 901);
	take(f, STR(FP("bbbb")), STR(""));
	assert_does(f, "enter", text);
	assert_unknown(f, "/my/");
}

static void
recovery_codes_bring_back(void **state)
{
	struct fixture *f = *state;
	char codes[400] = "%5B", first[64] = "";
	size_t n = strlen(codes);

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	for (int i = 0; i < 10; i++) {
		const char *one = code(f);

		if (i == 0)
			snprintf(first, sizeof(first), "%s", one);
		n += (size_t)snprintf(codes + n, sizeof(codes) - n,
		    "%s%%22%s%%22", i == 0 ? "" : ",", one);
	}
	snprintf(codes + n, sizeof(codes) - n, "%%5D");
	assert_does(f, "recovery", codes);
	assert_string_equal(value(f,
				"SELECT count(*) AS v FROM account_code_good"
				" WHERE account_id = 1"),
	    "10");
	clock_set_now_s(FIXTURE_NOW + 400 * 86400);
	take(f, STR(FP("bbbb")), STR(""));
	assert_does(f, "enter", first);
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
	assert_string_equal(value(f,
				"SELECT count(*) AS v FROM account_code_good"
				" WHERE account_id = 1"),
	    "9");
	/* The lost one goes. */
	assert_does(f, "revoke", "1");
	take(f, STR(FP("aaaa")), STR(""));
	assert_string_equal(gemini(f, "/my/"),
	    "(bad-cert) Certificate revoked on 2027-10-26: lost");
	/* It does not come back by a code, nor as another reader. */
	assert_string_equal(gemini(f, "/my/register/-/"),
	    "(bad-cert) Certificate revoked on 2027-10-26: lost");
	take(f, STR(FP("bbbb")), STR(""));
	assert_string_equal(does(f, "revoke", "2"), "(bad) Not accepted");
}

static void
guessing_ends(void **state)
{
	struct fixture *f = *state;
	struct ip peer;
	char text[64];

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	snprintf(text, sizeof(text), "%s", code(f));
	assert_does(f, "pair", text);
	take(f, STR(FP("bbbb")), STR(""));
	for (int i = 0; i < 10; i++)
		assert_does(f, "enter", "AAAA-BBBB-CCCC-DDDD");
	/* Even the right one waits: 1790000000 is 800 s past an hour. */
	assert_string_equal(does(f, "enter", text), "(busy) ");
	assert_int_equal(f->wait_s, 2800);
	/* Another certificate of the same address has 20 left. */
	assert_int_equal(ip_read_v4(STR("192.0.2.1"), &peer), OK);
	f->peer = &peer;
	for (int i = 0; i < 3; i++) {
		take(f,
		    i == 0       ? STR(FP("cccc"))
			: i == 1 ? STR(FP("dddd"))
				 : STR(FP("eeee")),
		    STR(""));
		for (int k = 0; k < 10; k++)
			assert_does(f, "enter", "AAAA-BBBB-CCCC-DDDD");
	}
	take(f, STR(FP("ffff")), STR(""));
	assert_string_equal(does(f, "enter", text), "(busy) ");
	/* The account, by a code whose beginning is right. */
	f->peer = NULL;
	snprintf(text + 5, sizeof(text) - 5, "BBBB-CCCC-DDDD");
	take(f, STR(FP("1111")), STR(""));
	for (int k = 0; k < 10; k++)
		assert_does(f, "enter", text);
	assert_string_equal(value(f,
				"SELECT count(*) AS v FROM account_wait"
				" WHERE who = 'account 1'"),
	    "1");
	clock_set_now_s(FIXTURE_NOW + 2800);
	assert_string_equal(
	    value(f, "SELECT count(*) AS v FROM account_wait"), "0");
}

static void
a_certificate_ends_with_notice(void **state)
{
	static const struct {
		int64_t days;
		const char *shown;
	} cases[] = {{31, ""}, {30, "30"}, {8, "30"}, {7, "7"}, {2, "7"},
	    {1, "1"}, {0, ""}};
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	f->identity.until = FIXTURE_NOW + 40 * 86400;
	assert_does(f, "register/-", "Mei");
	fixture_write(f, "pages/value.gmi",
	    "% one SELECT (SELECT days FROM account_ending"
	    " WHERE account_id = 1) AS v\n{v}\n");
	fixture_good(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		clock_set_now_s(FIXTURE_NOW + (40 - cases[i].days) * 86400);
		gemini(f, "/value");
		f->answer[strcspn(f->answer, "\n")] = '\0';
		assert_string_equal(f->answer, cases[i].shown);
	}
}

static void
an_account_is_closed_or_deleted(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	assert_does(f, "close", "spam");
	assert_string_equal(gemini(f, "/my/"),
	    "(forbidden) This account was closed on 2026-09-21: spam");
	assert_string_equal(gemini(f, "/who"), "\nwith a certificate\n");
	take(f, STR(FP("bbbb")), STR(""));
	assert_does(f, "register/-", "Lan");
	fixture_write(f, "pages/my/own/index.gmi",
	    "% cert Choose an identity\n=> {seal} Own\n");
	page_that_does(f, "own",
	    "% do INSERT INTO mine (account_id)"
	    " VALUES (:account)");
	fixture_good(f);
	assert_does(f, "own", "yes");
	assert_string_equal(
	    value(f, "SELECT count(*) AS v FROM mine /* scan */"), "1");
	assert_does(f, "forget", "yes");
	assert_string_equal(value(f,
				"SELECT (SELECT count(*) FROM mine) + (SELECT"
				" count(*) FROM account WHERE id = 2) AS v"
				" /* scan */"),
	    "0");
	assert_unknown(f, "/my/");
}

static void
nobody_changes_the_log(void **state)
{
	struct fixture *f = *state;

	capsule(f);
	page_that_does(f, "lie", "% do UPDATE account_log SET who = :input");
	page_that_does(f, "burn", "% do DELETE FROM account_log");
	fixture_good(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	assert_string_equal(does(f, "lie", "x"), "(bad) Not accepted");
	assert_string_equal(does(f, "burn", "x"), "(bad) Not accepted");
}

static void
the_check_knows_accounts(void **state)
{
	struct fixture *f = *state;

	accounts_use(false);
	assert_string_equal(findings(f, "% account Who?\n"),
	    "pages/p.gmi:1: this capsule has no accounts; say `accounts = on` "
	    "in capsule.ini\n");
	assert_string_equal(findings(f, "{account}\n"),
	    "pages/p.gmi:1: nothing provides `{account}`\n");
	accounts_use(true);
	assert_string_equal(findings(f, "% account Who?\n"),
	    "capsule.ini:0: no page answers /my/register/[from]/, where % "
	    "account leads a reader without an account; see `register`\n");
	assert_string_equal(findings(f, "% role editor\n"),
	    "pages/p.gmi:1: % role stands behind an % account\n");
	fixture_write(f, "pages/my/register/[from]/index.gmi", "# Register\n");
	assert_string_equal(findings(f, "% account Who?\n% role\n"),
	    "pages/p.gmi:2: % role names roles, for example `% role editor`\n");
	assert_string_equal(findings(f, "% account Who?\n% role Editor\n"),
	    "pages/p.gmi:2: a role has small letters, digits and hyphens, not "
	    "`Editor`\n");
	assert_string_equal(findings(f, "% account\n"),
	    "pages/p.gmi:1: say which identity the reader is to choose\n");
}

/* Switched on for a database that is there, and off again. */
static void
accounts_come_and_go(void **state)
{
	struct fixture *f = *state;

	accounts_use(false);
	fixture_good(f);
	capsule(f);
	take(f, STR(FP("aaaa")), STR(""));
	assert_does(f, "register/-", "Mei");
	accounts_use(false);
	assert_int_equal(fixture_open(f), ERR_INPUT);
	accounts_use(true);
	fixture_good(f);
	assert_string_equal(gemini(f, "/my/"), "# 1\n");
}

static int
setup(void **state)
{
	return fixture_setup(state);
}

static int
teardown(void **state)
{
	accounts_use(false);
	return fixture_teardown(state);
}

#define ACCOUNT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {ACCOUNT_TEST(a_reader_registers),
	    ACCOUNT_TEST(names_are_of_one_script),
	    ACCOUNT_TEST(the_same_key_is_the_same_reader),
	    ACCOUNT_TEST(a_visit_is_of_its_certificate),
	    ACCOUNT_TEST(a_key_is_learnt),
	    ACCOUNT_TEST(a_visit_is_stored_once_a_day),
	    ACCOUNT_TEST(roles_open_doors),
	    ACCOUNT_TEST(an_old_certificate_lets_a_new_one_in),
	    ACCOUNT_TEST(a_pending_certificate_lapses),
	    ACCOUNT_TEST(the_oldest_request_yields),
	    ACCOUNT_TEST(one_address_pushes_no_request_out),
	    ACCOUNT_TEST(a_full_account_tells_nobody),
	    ACCOUNT_TEST(a_code_pairs_once),
	    ACCOUNT_TEST(a_pairing_code_lapses),
	    ACCOUNT_TEST(recovery_codes_bring_back),
	    ACCOUNT_TEST(guessing_ends),
	    ACCOUNT_TEST(a_certificate_ends_with_notice),
	    ACCOUNT_TEST(an_account_is_closed_or_deleted),
	    ACCOUNT_TEST(nobody_changes_the_log),
	    ACCOUNT_TEST(the_check_knows_accounts),
	    ACCOUNT_TEST(accounts_come_and_go)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
