/* SPDX-License-Identifier: ISC */
/*
 * capsule.ini. It is read, or refused with one line that says where; what was
 * read is in range.
 */
#include "fuzz.h"

#include "place.h"
#include "run/config/config.h"

enum { FILE_MAX = 8 * 1024, PORT_MAX = 65535 };

static void
check_config(const struct config *config)
{
	MUST(config->host[0] != '\0');
	MUST(is_clean_line(str_from(config->host)));
	MUST(is_clean_line(str_from(config->language)));
	MUST(is_clean_line(str_from(config->admin)));
	MUST(is_clean_line(str_from(config->description)));
	MUST(config->workers >= 1 && config->workers <= CONFIG_WORKERS_MAX);
	MUST(config->connections >= 1);
	MUST(config->public_port[0] <= PORT_MAX);
	MUST(config->public_port[1] <= PORT_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config = {.arena = NULL};
	struct config_source where;
	struct buf why;
	enum err err;

	if (size > FILE_MAX)
		return 0;
	place_write("capsule.ini", data, size);
	buf_init(&why, 4096);
	err = config_load(place(), NULL, &config, &where, &why);
	MUST(err == OK || err == ERR_INPUT);
	if (err == OK) {
		check_config(&config);
	} else {
		MUST(why.err == OK);
		MUST(str_starts(buf_view(&why), STR("capsule.ini:")));
		MUST(is_clean_text(buf_view(&why), ""));
	}
	config_release(&config);
	buf_release(&why);
	return 0;
}
