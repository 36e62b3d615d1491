/* SPDX-License-Identifier: ISC */
/*
 * Settings: what capsule.ini and the flags may say, which of them wins, and
 * what is said about a slip.
 */
#include <sys/stat.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/config/config.h"

static char folder[] = "/tmp/guiju-config-XXXXXX";
/* To blame for the last load that failed. */
static struct config_source where;

static void
write_ini(const void *text, size_t len)
{
	char path[64];
	FILE *file;

	assert_true(snprintf(path, sizeof(path), "%s/capsule.ini", folder) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char path[64];

	(void)state;
	if (snprintf(path, sizeof(path), "%s/capsule.ini", folder) < 0)
		return -1;
	unlink(path);
	return rmdir(folder);
}

/* Load ini with n words of a command line: "--name", value, "--name" ... On
 * failure why holds what was said. */
static enum err
load(const char *ini, int n, const char *const *flags, struct config *out,
    struct buf *why)
{
	struct config_flags taken = {.count = 0};

	for (int i = 0; i + 1 < n; i += 2) {
		const size_t at = config_find(str_from(flags[i] + 2));

		assert_int_not_equal(at, SIZE_MAX);
		taken.item[taken.count++] =
		    (struct config_flag){.setting = at, .value = flags[i + 1]};
	}
	write_ini(ini, strlen(ini));
	return config_load(folder, &taken, out, &where, why);
}

#define FLAGS(...)                                                     \
	(int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), \
	    (const char *[])                                           \
	{                                                              \
		__VA_ARGS__                                            \
	}

/* What is said about a capsule.ini and flags that must not load. */
static void
refuse(const char *ini, int n, const char *const *flags, enum err want,
    const char *said)
{
	struct config config = {0};
	struct buf why;

	buf_init(&why, 2048);
	assert_int_equal(load(ini, n, flags, &config, &why), want);
	assert_null(config.capsule);
	buf_char(&why, '\0');
	assert_string_equal(why.data, said);
	buf_release(&why);
}

/* The same, said about the file alone. */
static void
refuse_ini(const char *ini, const char *said)
{
	refuse(ini, 0, NULL, ERR_INPUT, said);
}

static void
take(const char *ini, int n, const char *const *flags, struct config *out)
{
	struct buf why;

	buf_init(&why, 2048);
	if (load(ini, n, flags, out, &why) != OK) {
		buf_char(&why, '\0');
		fail_msg("%s", why.data);
	}
	assert_int_equal(why.len, 0);
	buf_release(&why);
}

static void
assert_address(const struct addresses *list, size_t at, const char *text)
{
	struct buf out;

	assert_true(at < list->count);
	buf_init(&out, 100);
	address_add_text(&out, &list->item[at]);
	buf_char(&out, '\0');
	assert_string_equal(out.data, text);
	buf_release(&out);
}

static void
an_unknown_zone_is_refused(void **state)
{
	struct config config;

	(void)state;
	take("", 0, NULL, &config);
	assert_string_equal(config.zone, "UTC");
	config_release(&config);
	take("[capsule]\nzone = Asia/Shanghai\n", 0, NULL, &config);
	assert_string_equal(config.zone, "Asia/Shanghai");
	config_release(&config);
	refuse("[capsule]\nzone = Asia/Shangai\n", 0, NULL, ERR_INPUT,
	    "capsule.ini:2: zone: name a zone of the tz database, such as "
	    "Europe/Paris; did you mean Asia/Shanghai?");
}

static void
the_time_of_the_night_is_read(void **state)
{
	struct config config;

	(void)state;
	take("", 0, NULL, &config);
	assert_false(config.nightly.off);
	assert_false(config.nightly.has_offset);
	assert_int_equal(config.nightly.minute, 210);
	config_release(&config);
	take("[serve]\nnightly = 23:59 -03:30\n", 0, NULL, &config);
	assert_int_equal(config.nightly.minute, 1439);
	assert_true(config.nightly.has_offset);
	assert_int_equal(config.nightly.offset_min, -210);
	config_release(&config);
	take("[serve]\nnightly = off\n", 0, NULL, &config);
	assert_true(config.nightly.off);
	config_release(&config);
}

static void
defaults_stand_without_a_setting(void **state)
{
	struct config config;

	(void)state;
	take("", 0, NULL, &config);
	assert_string_equal(config.capsule, folder);
	assert_string_equal(config.host, "localhost");
	assert_string_equal(config.state, "./var");
	assert_string_equal(config.certs, "./certs");
	assert_string_equal(config.user, "");
	assert_int_equal(config.listen[0].count, 2);
	assert_address(&config.listen[0], 0, "0.0.0.0:1965");
	assert_address(&config.listen[0], 1, "[::]:1965");
	assert_address(&config.listen[1], 0, "0.0.0.0:70");
	assert_address(&config.listen[1], 1, "[::]:70");
	assert_true(config.workers >= 1);
	assert_int_equal(config.per_address_connections, 256);
	assert_int_equal(config.per_address_rate, 100);
	assert_int_equal(config.per_address_work, 10);
	assert_int_equal(config.costly_work, 50);
	assert_int_equal(config.key_process, KEY_PROCESS_NO);
	assert_int_equal(config.unlimited_from.count, 0);
	assert_false(config.dev);
	config_release(&config);
	config_release(&config);
}

static void
each_setting_is_read_from_the_file(void **state)
{
	struct config config;

	(void)state;
	take("\xEF\xBB\xBF; a comment\n"
	     "[capsule]\n"
	     "host = Portal.Example\r\n"
	     "language = zh-Hans\n"
	     "admin = 站长 <gemini@portal.example>\n"
	     "[serve]\n"
	     "gemini = 127.0.0.1:1965\n"
	     "    [0:0::1]:1966 ; the second\n"
	     "gopher = off\n"
	     "workers: 3\n"
	     "per-address-connections = 100\n"
	     "per-address-work = 30\n"
	     "costly-work = 100\n"
	     "key-process = yes\n"
	     "unlimited-from = 10.0.0.0/8   2001:db8::/32\n"
	     "    192.0.2.1\n"
	     "proxy-from = ::1\n"
	     "log = debug\n"
	     "dev = yes",
	    0, NULL, &config);
	assert_string_equal(config.host, "portal.example");
	assert_string_equal(config.language, "zh-Hans");
	assert_string_equal(config.admin, "站长 <gemini@portal.example>");
	assert_int_equal(config.listen[0].count, 2);
	assert_address(&config.listen[0], 0, "127.0.0.1:1965");
	assert_address(&config.listen[0], 1, "[::1]:1966");
	assert_true(config.listen[1].off);
	assert_int_equal(config.listen[1].count, 0);
	assert_int_equal(config.workers, 3);
	assert_int_equal(config.per_address_connections, 100);
	assert_int_equal(config.per_address_rate, 100);
	assert_int_equal(config.per_address_work, 30);
	assert_int_equal(config.costly_work, 100);
	assert_int_equal(config.key_process, KEY_PROCESS_YES);
	assert_int_equal(config.unlimited_from.count, 3);
	assert_int_equal(config.unlimited_from.item[1].bits, 32);
	assert_int_equal(config.proxy_from.count, 1);
	assert_int_equal(config.log, LOG_LEVEL_DEBUG);
	assert_true(config.dev);
	config_release(&config);
}

static void
a_flag_wins_over_the_file(void **state)
{
	struct config config;

	(void)state;
	take("[serve]\nstate = a\nworkers = 3\ngopher = off\n"
	     "gemini = 10.0.0.1:1\n",
	    FLAGS("--state", "b", "--workers", "5", "--gemini", "[::1]:0",
		"--gemini", "127.0.0.1:0", "--gopher", "7070", "--dev", "yes"),
	    &config);
	assert_string_equal(config.state, "b");
	assert_int_equal(config.workers, 5);
	assert_int_equal(config.listen[0].count, 2);
	assert_address(&config.listen[0], 0, "[::1]:0");
	assert_address(&config.listen[0], 1, "127.0.0.1:0");
	assert_false(config.listen[1].off);
	assert_int_equal(config.listen[1].count, 2);
	assert_true(config.dev);
	config_release(&config);
	take("[serve]\ngopher = 70\n", FLAGS("--gopher", "off"), &config);
	assert_true(config.listen[1].off);
	assert_int_equal(config.listen[1].count, 0);
	config_release(&config);
}

static void
an_unknown_name_is_refused_with_its_line(void **state)
{
	(void)state;
	refuse_ini("[capsule]\n\nhots = x\n",
	    "capsule.ini:3: unknown key hots in [capsule], did you mean host?");
	refuse_ini(
	    "[serve]\nhost = x\n", "capsule.ini:2: host belongs to [capsule]");
	refuse_ini("[serv]\nstate = x\n",
	    "capsule.ini:2: unknown section [serv], did you mean [serve]?");
	refuse_ini(
	    "state = x\n", "capsule.ini:1: a key before the first [section]");
	refuse_ini("[serve]\nfrobnication = x\n",
	    "capsule.ini:2: unknown key frobnication in [serve]");
	refuse_ini("[serve]\nstate = a\nstate = b\n",
	    "capsule.ini:3: state: stands twice");
	refuse_ini("[serve]\nnonsense\n",
	    "capsule.ini:2: neither [section], name = value nor ; comment");
}

static void
a_bad_value_says_what_is_expected(void **state)
{
	static const char *const times[] = {"3:30", "24:00", "03:60", "03-30",
	    "0330", "03:30 08:00", "03:30 +8:00", "03:30 +08:00 x", "on",
	    "-1:30", "03:30Z", ""};

	(void)state;
	refuse_ini("[serve]\ngemini = 127.0.0.1:65536\n",
	    "capsule.ini:2: gemini: \"127.0.0.1:65536\" is not an address to "
	    "listen on: write 127.0.0.1:1965, [::1]:1965, or a port alone for "
	    "all addresses");
	refuse_ini("[serve]\nworkers = 0\n",
	    "capsule.ini:2: workers: expected a whole number of processes from "
	    "1 to "
	    "64, or auto");
	refuse_ini("[serve]\npublic-gemini = 0\n",
	    "capsule.ini:2: public-gemini: expected a whole number from 1 to "
	    "65535, or auto");
	refuse_ini("[serve]\nlog = debgu\n",
	    "capsule.ini:2: log: expected error, warn, info or debug; did you "
	    "mean "
	    "debug?");
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		char ini[64];

		snprintf(ini, sizeof(ini), "[serve]\nnightly = %s\n", times[i]);
		refuse_ini(ini,
		    "capsule.ini:2: nightly: expected a time such as 03:30 "
		    "or 03:30 +08:00, or off");
	}
	refuse_ini("[serve]\ngopher = off 70\n",
	    "capsule.ini:2: gopher: \"off\" is not an address to listen on: "
	    "write "
	    "127.0.0.1:1965, [::1]:1965, or a port alone for all addresses");
	refuse_ini("[serve]\ngopher = 70\n  off\n",
	    "capsule.ini:3: gopher: expected either off or addresses");
	refuse_ini(
	    "[serve]\nstate =\n", "capsule.ini:2: state: expected a folder");
	refuse_ini("[capsule]\nadmin = a\x1b[2J\n",
	    "capsule.ini:2: admin: expected one line of clean UTF-8");
	refuse_ini("[capsule]\nadmin = a\u2029b\n",
	    "capsule.ini:2: admin: expected one line of clean UTF-8");
	refuse_ini("[capsule]\nadmin = a\xff\n",
	    "capsule.ini:2: admin: expected one line of clean UTF-8");
	refuse_ini("[capsule]\nlanguage = zh;x=y\n",
	    "capsule.ini:2: language: expected a language such as en or "
	    "zh-Hans");
}

/* A host becomes the name of a file and a part of every address. */
static void
a_host_with_odd_characters_is_refused(void **state)
{
	static const char *const hosts[] = {"", "..", "../x", "a/b", "a b",
	    "a..b", ".a", "a.", "-a", "a-", "host:1965", "主机.cn", "a_b",
	    "[::1]",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	char ini[128];

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		assert_true(snprintf(ini, sizeof(ini), "[capsule]\nhost = %s\n",
				hosts[i]) > 0);
		refuse_ini(ini,
		    "capsule.ini:2: host: expected a host such as "
		    "portal.example (other scripts in their xn-- form, without "
		    "a port)");
	}
}

static void
a_bad_flag_says_what_is_expected(void **state)
{
	(void)state;
	refuse("", FLAGS("--workers", "many"), ERR_INPUT,
	    "--workers: expected a whole number of processes from 1 to "
	    "64, or auto");
	refuse("", FLAGS("--host", "a", "--host", "b"), ERR_INPUT,
	    "--host: stands twice");
	refuse("", FLAGS("--dev", "maybe"), ERR_INPUT,
	    "--dev: expected yes or no");
}

static void
doubles_and_long_lines_are_refused(void **state)
{
	char ini[400];

	(void)state;
	refuse("", FLAGS("--gemini", "1", "--gemini", "1"), ERR_INPUT,
	    "--gemini: 1 stands twice");
	memset(ini, 'x', sizeof(ini));
	memcpy(ini, "[capsule]\nadmin=", 16);
	ini[sizeof(ini) - 1] = '\0';
	refuse_ini(ini, "capsule.ini:2: a line is too long, or it is not text");
}

/* Whatever the file holds, the answer is yes or one line. */
static void
garbage_is_read_or_refused_with_a_reason(void **state)
{
	static const char alphabet[] = "[]=:;#\n\r \t\0\xff\xe4host serve1.";
	struct config config;
	struct buf why;
	char text[256];
	uint32_t random = 1;

	(void)state;
	buf_init(&why, 4096);
	for (int round = 0; round < 2000; round++) {
		memcpy(text, "[serve]\n", 8);
		for (size_t i = 8; i < sizeof(text); i++) {
			random = random * 1664525u + 1013904223u;
			text[i] =
			    alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		write_ini(text, sizeof(text));
		if (config_load(folder, NULL, &config, &where, &why) == OK)
			config_release(&config);
		else
			assert_true(why.len > 0);
		buf_clear(&why);
	}
	buf_release(&why);
}

static void
a_missing_capsule_is_named(void **state)
{
	struct config config;
	struct buf why;

	(void)state;
	buf_init(&why, 1024);
	assert_int_equal(
	    config_load("/nonexistent", NULL, &config, &where, &why),
	    ERR_MISSING);
	buf_char(&why, '\0');
	assert_string_equal(
	    why.data, "capsule /nonexistent: No such file or directory");
	buf_clear(&why);
	assert_int_equal(
	    config_load("/dev/null", NULL, &config, &where, &why), ERR_MISSING);
	buf_release(&why);
}

static void
only_whole_addresses_are_taken(void **state)
{
	static const char *const bad[] = {"", ":", "127.0.0.1",
	    "127.0.0.1:", ":1965", "::1:1965", "[::1:1965", "::1]:1965",
	    "[::1]1965", "[127.0.0.1]:1", "localhost:1965", "127.0.0.1:-1",
	    "127.0.0.1:01", "127.0.0.1:+1", "1.2.3:1", "[]:1", "[::1%lo]:1",
	    "70 ", "[1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9]:1"};
	struct addresses list = {0};
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    addresses_add(&list, str_from(bad[i]), &why), ERR_INPUT);
	assert_int_equal(
	    addresses_add(&list, (struct str){"1.2.3.4\0:1", 10}, &why),
	    ERR_INPUT);
	assert_int_equal(list.count, 0);
	assert_int_equal(
	    addresses_add(&list, STR("[::ffff:1.2.3.4]:9"), &why), OK);
	assert_int_equal(addresses_add(&list, STR("0"), &why), OK);
	assert_int_equal(list.count, 3);
	assert_true(list.item[0].ipv6);
	assert_int_equal(list.item[0].port, 9);
	assert_true(address_equal(&list.item[1], &list.item[1]));
	assert_false(address_equal(&list.item[1], &list.item[2]));
	buf_release(&why);
}

/* The value of each setting of config, as a capsule.ini. */
static void
write_all(const struct config *config, struct buf *out)
{
	static const char *const sections[] = {"capsule", "serve"};

	for (size_t i = 0; i < 2; i++) {
		buf_printf(out, "[%s]\n", sections[i]);
		for (size_t at = 0; at < config_setting_count(); at++) {
			const struct setting *row = config_setting(at);

			if (strcmp(row->section, sections[i]) != 0)
				continue;
			buf_printf(out, "%s = ", row->name);
			setting_write(out, row, config);
			buf_char(out, '\n');
		}
	}
	buf_char(out, '\0');
	assert_int_equal(out->err, OK);
}

static void
what_is_written_is_read_again(void **state)
{
	static const char *const inis[] = {"",
	    "[capsule]\nhost = Portal.Example\nlanguage = zh-Hans\n"
	    "admin = 站长 <a@b>\n[serve]\n"
	    "gemini = 0 10.0.0.1:7\n  [::1]:1966\ngopher = off\n"
	    "public-gemini = 1965\nworkers = 3\nconnections = 65536\n"
	    "proxy-from = ::/0 2001:db8::/32 10.0.0.0/8 192.0.2.1 ::1\n"
	    "unlimited-from = 0.0.0.0/0\nrole = replica\n"
	    "primary = gemini://Main.Example:7/\nlog = error\n"
	    "log-file = /var/log/guiju\nlog-address = none\n"
	    "log-format = json\nsandbox = require\nuser = _guiju\n"
	    "nightly = 00:00 -11:30\ndev = yes\n",
	    "[serve]\nprimary = gemini://main.example\nnightly = off\n"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf first, second;
		struct config config;

		buf_init(&first, 4096);
		buf_init(&second, 4096);
		take(inis[i], 0, NULL, &config);
		write_all(&config, &first);
		config_release(&config);
		take(first.data, 0, NULL, &config);
		write_all(&config, &second);
		assert_string_equal(first.data, second.data);
		if (i == 1)
			assert_non_null(strstr(first.data,
			    "proxy-from = ::/0 2001:db8::/32 10.0.0.0/8 "
			    "192.0.2.1 ::1\n"));
		config_release(&config);
		buf_release(&first);
		buf_release(&second);
	}
}

static struct config_source
source_of(const struct config *config, const char *name)
{
	const size_t at = config_find(str_from(name));

	assert_int_not_equal(at, SIZE_MAX);
	return config->source[at];
}

static void
each_value_knows_its_source(void **state)
{
	struct config config;

	(void)state;
	take("[serve]\nstate = a\n\nworkers = 3\ngemini = 1\n  2\n",
	    FLAGS("--state", "b"), &config);
	assert_int_equal(source_of(&config, "host").from, FROM_DEFAULT);
	assert_int_equal(source_of(&config, "state").from, FROM_FLAG);
	assert_int_equal(source_of(&config, "workers").from, FROM_FILE);
	assert_int_equal(source_of(&config, "workers").line, 4);
	assert_int_equal(source_of(&config, "gemini").line, 6);
	config_release(&config);
}

static void
a_failure_names_what_is_to_blame(void **state)
{
	(void)state;
	refuse_ini("[serve]\n\nworkers = 65\n",
	    "capsule.ini:3: workers: expected a whole number of processes "
	    "from 1 to 64, or auto");
	assert_int_equal(where.from, FROM_FILE);
	assert_int_equal(where.line, 3);
	refuse("[serve]\nworkers = 3\n", FLAGS("--log", "lodu"), ERR_INPUT,
	    "--log: expected error, warn, info or debug");
	assert_int_equal(where.from, FROM_FLAG);
	refuse_ini("[serve]\nrole = replica\n",
	    "capsule.ini:2: role: a replica wants `primary`, the address "
	    "where its readers can write");
	refuse("", FLAGS("--role", "replica"), ERR_INPUT,
	    "--role: a replica wants `primary`, the address where its readers "
	    "can write");
	assert_int_equal(where.from, FROM_FLAG);
}

/* The paragraph of guiju.ini(5) about a setting, from its .It on. */
static struct str
paragraph_of(struct str manual, const char *name)
{
	char item[64];
	size_t at;

	snprintf(item, sizeof(item), "\n.It Ic %s No = ", name);
	at = str_find(manual, str_from(item));
	if (at == SIZE_MAX)
		fail_msg("guiju.ini(5) has no paragraph about %s", name);
	manual = str_slice(manual, at + 1, manual.len);
	at = str_find(manual, STR("\n.It "));
	return str_slice(manual, 0, at);
}

static void
assert_says(struct str paragraph, const char *name, const char *text)
{
	if (str_find(paragraph, str_from(text)) == SIZE_MAX)
		fail_msg("guiju.ini(5) does not say \"%s\" of %s", text, name);
}

static void
assert_described(struct str paragraph, const struct setting *row)
{
	const size_t at = str_find(paragraph, STR("Default:"));
	char number[SETTING_DEFAULT_SIZE], range[64];
	const char *value = setting_default(row, number);

	assert_says(paragraph, row->name, "Default:");
	if (value[0] == '\0')
		value = setting_is_list(row) ? "none" : "empty";
	assert_says(str_slice(paragraph, at, paragraph.len), row->name, value);
	if (row->type == SETTING_NUMBER) {
		snprintf(range, sizeof(range), "%d to %d", (int)row->min,
		    (int)row->max);
		assert_says(paragraph, row->name, range);
	}
	if (row->is == setting_is_line) {
		snprintf(range, sizeof(range), "%d bytes", (int)row->max);
		assert_says(paragraph, row->name, range);
	}
	if (row->none != NULL)
		assert_says(paragraph, row->name, row->none);
	for (size_t i = 0; row->words != NULL && row->words[i] != NULL; i++)
		assert_says(paragraph, row->name, row->words[i]);
}

static void
manual_describes_each_setting(void **state)
{
	static char text[256 * 1024];
	FILE *file = fopen("tools/manual/guiju.ini.5", "rb");
	struct str manual, line;
	size_t begin, items = 0;

	(void)state;
	assert_non_null(file);
	manual = (struct str){text, fread(text, 1, sizeof(text), file)};
	assert_in_range(manual.len, 1, sizeof(text) - 1);
	fclose(file);
	begin = str_find(manual, STR("\n.Ss [capsule]\n"));
	assert_int_not_equal(begin, SIZE_MAX);
	manual = str_slice(manual, begin, manual.len);
	manual = str_slice(manual, 0, str_find(manual, STR("\n.Sh ")));
	for (size_t i = 0; i < config_setting_count(); i++)
		assert_described(paragraph_of(manual, config_setting(i)->name),
		    config_setting(i));
	while (str_next_line(&manual, &line))
		items += str_starts(line, STR(".It Ic "));
	assert_int_equal(items, config_setting_count());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults_stand_without_a_setting),
	    cmocka_unit_test(an_unknown_zone_is_refused),
	    cmocka_unit_test(the_time_of_the_night_is_read),
	    cmocka_unit_test(each_setting_is_read_from_the_file),
	    cmocka_unit_test(a_flag_wins_over_the_file),
	    cmocka_unit_test(an_unknown_name_is_refused_with_its_line),
	    cmocka_unit_test(a_bad_value_says_what_is_expected),
	    cmocka_unit_test(a_host_with_odd_characters_is_refused),
	    cmocka_unit_test(a_bad_flag_says_what_is_expected),
	    cmocka_unit_test(doubles_and_long_lines_are_refused),
	    cmocka_unit_test(garbage_is_read_or_refused_with_a_reason),
	    cmocka_unit_test(a_missing_capsule_is_named),
	    cmocka_unit_test(only_whole_addresses_are_taken),
	    cmocka_unit_test(what_is_written_is_read_again),
	    cmocka_unit_test(each_value_knows_its_source),
	    cmocka_unit_test(a_failure_names_what_is_to_blame),
	    cmocka_unit_test(manual_describes_each_setting),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
