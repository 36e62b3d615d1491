/* SPDX-License-Identifier: ISC */
/*
 * `guiju config` prints the value of each setting that is in force, and where
 * the value comes from. The output is a valid capsule.ini.
 */
#include "tools/command.h"

#include "base/utf8.h"

enum { OUTPUT_MAX_BYTES = 64 * 1024, VALUE_COLUMN = 40 };

static int run_config(int argc, char **argv);

const struct command command_config = {
    .name = "config",
    .summary = "show the settings in force and where they come from",
    .operands = "[CAPSULE]",
    .about =
	"Print each setting as `guiju serve` with the same flags would have "
	"it, as a capsule.ini; behind each value stands its source: default, "
	"a line of capsule.ini, or flag. capsule.ini is read from CAPSULE "
	"(this folder).\n",
    .settings = SETTINGS_ALL,
    .end = "Exit status: 0 shown; 1 a file failed; 2 usage; 78 capsule.ini is "
	   "refused.\n",
    .run = run_config,
};

static void
add_setting(struct buf *out, const struct config *config, size_t at)
{
	const struct setting *setting = config_setting(at);
	const struct config_source *source = &config->source[at];
	const size_t begin = out->len;
	struct buf value;
	size_t used;

	buf_init(&value, OUTPUT_MAX_BYTES);
	setting_write(&value, setting, config);
	/* A path may hold control characters: it is cleaned. */
	buf_printf(out, "%s = ", setting->name);
	utf8_add_line(out, buf_view(&value));
	used = out->len - begin;
	buf_printf(out, "%*s ; ",
	    used < VALUE_COLUMN ? (int)(VALUE_COLUMN - used) : 0, "");
	if (source->from == FROM_FILE)
		buf_printf(out, "capsule.ini:%u\n", source->line);
	else
		buf_text(
		    out, source->from == FROM_FLAG ? "flag\n" : "default\n");
	buf_release(&value);
}

static int
show(const struct config *config)
{
	static const char *const sections[] = {"capsule", "serve"};
	struct buf out;
	int status;

	buf_init(&out, OUTPUT_MAX_BYTES);
	for (size_t i = 0; i < 2; i++) {
		buf_printf(&out, "%s[%s]\n", i > 0 ? "\n" : "", sections[i]);
		for (size_t at = 0; at < config_setting_count(); at++)
			if (strcmp(config_setting(at)->section, sections[i]) ==
			    0)
				add_setting(&out, config, at);
	}
	status = command_print(&out);
	buf_release(&out);
	return status;
}

static int
run_config(int argc, char **argv)
{
	struct arguments arguments;
	struct config config;
	int status =
	    command_read(&command_config, argc, argv, NULL, &arguments);

	if (status == STATUS_OK)
		status = command_open_config(&arguments, &config);
	if (status != STATUS_OK)
		return status;
	status = show(&config);
	config_release(&config);
	return status;
}
