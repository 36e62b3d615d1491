/* SPDX-License-Identifier: ISC */
/* References of failures. This process remembers the last few failures. */
#include "page/run/failure.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "page/words.h"

enum {
	REMEMBERED = 64,
	AGAIN_MS = 60 * 1000, /* a repeat within this time is only counted */
	SQL_SHOWN = 400,      /* bytes of a statement in the log */
	MESSAGE_MAX = 4 * 1024
};

struct remembered {
	uint64_t key; /* 0: nothing */
	int64_t said_ms;
	uint64_t again;
	char reference[REFERENCE_SIZE];
};

static struct remembered memory[REMEMBERED];

static uint64_t
key_of(const struct failure *failure)
{
	uint64_t key = str_hash(failure->file);

	key = hash_more(key, &failure->line, sizeof(failure->line));
	key = hash_more(key, failure->message, strlen(failure->message));
	return key == 0 ? 1 : key;
}

static void
say_again(struct remembered *r)
{
	const struct log_fact facts[] = {
	    {"ref", LOG_FACT_NAMED, str_from(r->reference), 0},
	    {"again", LOG_FACT_NUMBER, STR(""), r->again}};

	if (r->again > 0)
		log_facts(LOG_LEVEL_ERROR, STR("page: a failure came again"),
		    facts, 2);
	*r = (struct remembered){.key = 0};
}

/* The entry of this failure, or the oldest entry, to be replaced. */
static struct remembered *
find(uint64_t key)
{
	struct remembered *oldest = &memory[0];

	for (size_t i = 0; i < REMEMBERED; i++) {
		if (memory[i].key == key)
			return &memory[i];
		if (memory[i].said_ms < oldest->said_ms)
			oldest = &memory[i];
	}
	return oldest;
}

static void
say(const struct failure *failure, const char *reference)
{
	const struct log_fact fact = {
	    "ref", LOG_FACT_NAMED, str_from(reference), 0};
	const struct str sql = str_from(failure->sql);
	struct buf message;

	buf_init(&message, MESSAGE_MAX);
	buf_printf(&message, "page: %.*s", STR_ARG(failure->file));
	if (failure->line > 0)
		buf_printf(&message, ":%u", failure->line);
	buf_printf(&message, ": %s", failure->message);
	if (sql.len > 0) {
		buf_text(&message, " in: ");
		utf8_add_line(&message, utf8_cut(sql, SQL_SHOWN));
		buf_text(&message, sql.len > SQL_SHOWN ? "..." : "");
	}
	log_facts(LOG_LEVEL_ERROR, buf_view(&message), &fact, 1);
	buf_release(&message);
}

static const char *
tell(const struct failure *failure)
{
	const uint64_t key = key_of(failure);
	const int64_t now_ms = clock_ms();
	struct remembered *r = find(key);

	if (r->key == key && now_ms - r->said_ms < AGAIN_MS) {
		r->again++;
		return r->reference;
	}
	say_again(r);
	*r = (struct remembered){.key = key, .said_ms = now_ms};
	reference_make(r->reference);
	say(failure, r->reference);
	return r->reference;
}

void
failure_refuse(
    struct reply *reply, struct arena *arena, const struct failure *failure)
{
	const struct str reference = str_from(tell(failure));

	reply_refuse(reply, REFUSAL_BROKEN,
	    words_fill(reply->words, arena, WORD_FAILURE, &reference));
	reply->reference = arena_str(arena, reference);
	if (reply->reference.data == NULL)
		reply->reference = STR("-");
}

void
failure_summarise(bool all)
{
	const int64_t now_ms = clock_ms();

	for (size_t i = 0; i < REMEMBERED; i++)
		if (all || now_ms - memory[i].said_ms >= AGAIN_MS)
			say_again(&memory[i]);
}
