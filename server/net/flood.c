/* SPDX-License-Identifier: ISC */
/*
 * A table without chains: an address that falls on another's place takes it,
 * and what was left out of the other's lines is told at once.
 */
#include "net/flood.h"

#include "base/limits.h"
#include "base/metrics.h"
#include "net/request_log.h"

static struct flood_entry *
find(struct flood *flood, const struct ip *network)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < IP_BYTES; i++)
		h = (h ^ network->byte[i]) * 16777619u;
	return &flood->entry[(h ^ h >> 16) % FLOOD_ADDRESSES];
}

static void
say_left_out(const struct flood *flood, struct flood_entry *entry)
{
	char name[IP_TEXT_MAX + sizeof("/64")];
	struct log_fact facts[] = {{"address", LOG_FACT_NAMED, STR(""), 0},
	    {"left_out", LOG_FACT_NUMBER, STR(""), entry->left_out}};

	if (entry->left_out == 0)
		return;
	request_log_name(flood->how, &entry->network, name);
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
