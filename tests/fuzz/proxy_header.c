/* SPDX-License-Identifier: ISC */
/*
 * A PROXY header that comes in any pieces: whether it is one does not depend
 * on them, what follows it is left alone, and a reader that must wait never
 * waits for more than a header can have.
 */
#include "fuzz.h"

#include "wire/wire.h"

static void
check_header(struct str data, const struct proxy_header *header)
{
	struct proxy_header again;
	char text[IP_TEXT_MAX];
	struct ip ip;

	MUST(header->len >= strlen("PROXY UNKNOWN\r\n"));
	MUST(header->len <= data.len && header->len <= PROXY_MAX);
	MUST(
	    proxy_read(str_slice(data, 0, header->len), &again) == PROXY_WHOLE);
	MUST(again.len == header->len && again.known == header->known);
	if (!header->known)
		return;
	ip_write(&header->from, text);
	MUST(ip_read_v4(str_from(text), &ip) == OK ||
	    ip_read_v6(str_from(text), &ip) == OK);
	MUST(memcmp(&ip, &header->from, sizeof(ip)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = fuzz_str(data, size);
	struct proxy_header header = {0}, first = {0};
	enum proxy_progress whole = proxy_read(all, &header);

	MUST(whole != PROXY_PARTIAL || size < PROXY_MAX);
	if (whole == PROXY_WHOLE)
		check_header(all, &header);
	/* Byte by byte: partial until it is settled, as it is for all. */
	for (size_t i = 0; i <= size; i++) {
		/* Of exactly that size, so that reading past it is seen. */
		char *copy = malloc(i > 0 ? i : 1);
		enum proxy_progress progress;

		MUST(copy != NULL);
		if (i > 0)
			memcpy(copy, data, i);
		progress = proxy_read((struct str){copy, i}, &first);
		free(copy);
		if (progress == PROXY_PARTIAL)
			continue;
		MUST(progress == whole);
		MUST(progress != PROXY_WHOLE || first.len == header.len);
		return 0;
	}
	MUST(whole == PROXY_PARTIAL);
	return 0;
}
