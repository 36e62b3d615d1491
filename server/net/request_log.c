/* SPDX-License-Identifier: ISC */
/* From a request and its reply to one line, without seals and private words. */
#include "net/request_log.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "net/tls/channel.h"

enum { PATH_MAX_BYTES = 1024 };

/* ---- not too many lines ------------------------------------------------ */

void
flood_name(
    const struct flood *flood, const struct ip *ip, char out[IP_TEXT_MAX])
{
	const struct ip network = ip_network(ip, 24, 48);

	switch (flood->how) {
	case LOG_ADDRESS_FULL:
		ip_write(ip, out);
		break;
	case LOG_ADDRESS_TRUNCATED:
		ip_write(&network, out);
		break;
	case LOG_ADDRESS_NONE:
		snprintf(out, IP_TEXT_MAX, "-");
		break;
	}
}

/* The entry for an address. The table has no chains: two addresses can have the
 * same entry. The newer one takes it, and the number of the older one's lines
 * is logged at once. */
static struct flood_entry *
find(struct flood *flood, const struct ip *network)
{
	const uint64_t h = hash_more(HASH_START, network->byte, IP_BYTES);

	return &flood->entry[(h ^ h >> 32) % FLOOD_ADDRESSES];
}

static void
say_left_out(const struct flood *flood, struct flood_entry *entry)
{
	char name[IP_TEXT_MAX + sizeof("/64")];
	struct log_fact facts[] = {{"address", LOG_FACT_NAMED, STR(""), 0},
	    {"left_out", LOG_FACT_NUMBER, STR(""), entry->left_out}};

	if (entry->left_out == 0)
		return;
	flood_name(flood, &entry->network, name);
	if (flood->how == LOG_ADDRESS_FULL && !ip_is_v4(&entry->network))
		memcpy(name + strlen(name), "/64", sizeof("/64"));
	facts[0].text = str_from(name);
	log_facts(
	    LOG_LEVEL_INFO, STR("net: requests left out of the log"), facts, 2);
	entry->left_out = 0;
}

bool
flood_allows(struct flood *flood, const struct ip *ip, int64_t now_s)
{
	const struct ip network = ip_network(ip, 32, 64);
	struct flood_entry *entry = find(flood, &network);

	if (memcmp(&entry->network, &network, sizeof(network)) != 0) {
		say_left_out(flood, entry);
		*entry = (struct flood_entry){.network = network};
	}
	if (entry->second != now_s) {
		entry->second = now_s;
		entry->written = 0;
	}
	if (entry->written < LIMIT_LOG_LINES) {
		entry->written++;
		return true;
	}
	entry->left_out++;
	metrics_count(METRIC_LOG_LEFT_OUT);
	return false;
}

void
flood_summarise(struct flood *flood)
{
	for (size_t i = 0; i < FLOOD_ADDRESSES; i++)
		say_left_out(flood, &flood->entry[i]);
}

/* ---- what the log must not show -------------------------------------- */

/* Replace by "-" what the log may not show. */
static void
mask(struct path *path, const struct reply *reply)
{
	for (size_t i = 0; i < path->count; i++)
		if ((reply->public_segments >> i & 1) == 0)
			path->segment[i] = STR("-");
}

/* Append the path without the query, or "-" for a request without a path. */
static void
add_path(
    struct buf *out, const struct request *request, const struct reply *reply)
{
	struct path path = request->path;

	if (path.count == 0 && !path.folder) {
		buf_char(out, '-');
		return;
	}
	mask(&path, reply);
	path_add(out, &path);
}

static void
copy(char *out, size_t size, struct str text)
{
	text = str_slice(text, 0, size - 1);
	if (text.len > 0)
		memcpy(out, text.data, text.len);
	out[text.len] = '\0';
}

void
request_log_begin(struct request_log *log, struct flood *flood,
    const struct asker *asker, const struct request *request,
    const struct reply *reply)
{
	log->flood = flood;
	log->ip = *asker->ip;
	log->protocol = asker->wire->protocol.name;
	log->kind = wire_kind(reply);
	flood_name(flood, asker->ip, log->address);
	copy(log->tls, sizeof(log->tls),
	    tls_channel_is(asker->channel)
		? str_from(tls_channel_version(asker->channel))
		: STR(""));
	copy(log->identity, sizeof(log->identity),
	    request->identity == NULL ? STR("-")
				      : request->identity->fingerprint);
	copy(log->reference, sizeof(log->reference), reply->reference);
	buf_init(&log->path, PATH_MAX_BYTES);
	add_path(&log->path, request, reply);
	if (log->path.err != OK) {
		log->path.max += sizeof("...");
		log->path.err = OK;
		buf_text(&log->path, "...");
	}
}

void
request_log_release(struct request_log *log)
{
	buf_release(&log->path);
	*log = (struct request_log){.flood = NULL};
}

/* ---- the line -------------------------------------------------------- */

static struct log_fact
word(const char *name, enum log_fact_type type, const char *text)
{
	return (struct log_fact){name, type, str_from(text), 0};
}

static struct log_fact
number(const char *name, enum log_fact_type type, uint64_t n)
{
	return (struct log_fact){name, type, STR(""), n};
}

void
request_log_end(
    const struct request_log *log, uint64_t bytes, int64_t us, bool whole)
{
	enum { FACTS_MAX = 10 };
	struct log_fact facts[FACTS_MAX];
	size_t n = 0;

	if (log->flood == NULL || !log_shows(LOG_LEVEL_INFO) ||
	    !flood_allows(log->flood, &log->ip, clock_ms() / 1000))
		return;
	facts[n++] = word("protocol", LOG_FACT_BARE, log->protocol);
	facts[n++] = word("address", LOG_FACT_BARE, log->address);
	if (log->tls[0] != '\0')
		facts[n++] = word("tls", LOG_FACT_BARE, log->tls);
	facts[n++] = word("id", LOG_FACT_NAMED, log->identity);
	facts[n++] =
	    (struct log_fact){"path", LOG_FACT_NAMED, buf_view(&log->path), 0};
	facts[n++] = word("kind", LOG_FACT_NAMED, log->kind);
	if (log->reference[0] != '\0')
		facts[n++] = word("ref", LOG_FACT_NAMED, log->reference);
	facts[n++] = number("bytes", LOG_FACT_NUMBER, bytes);
	facts[n++] = number("ms", LOG_FACT_NUMBER, (uint64_t)us / 1000);
	facts[n++] = number("cut", LOG_FACT_MARK, !whole);
	log_facts(LOG_LEVEL_INFO, STR("net:"), facts, n);
}
