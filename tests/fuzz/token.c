/* SPDX-License-Identifier: ISC */
/* Tokens in addresses: seals, notices and return addresses. Nobody else makes
 * one that is taken, and what is taken is written the same way again. */
#include "fuzz.h"

#include "page/run/base64url.h"
#include "page/run/notice.h"
#include "page/run/return_address.h"
#include "page/run/seal.h"

static const unsigned char secret[SEAL_SECRET_BYTES] = {7};

static void
check_base64url(struct str text)
{
	unsigned char bytes[4096];
	struct buf again;

	if (BASE64URL_BYTES(text.len) > sizeof(bytes) ||
	    base64url_read(text, bytes) != OK)
		return;
	buf_init(&again, 2 * sizeof(bytes));
	base64url_add(&again,
	    (struct str){(const char *)bytes, BASE64URL_BYTES(text.len)});
	MUST(str_equal(buf_view(&again), text));
	buf_release(&again);
}

/* Any address comes back as it is, and no text that we have not made. */
static void
check_return_address(struct arena *arena, struct str text)
{
	struct str read;
	struct buf segment;

	MUST(return_address_read(arena, secret, text, &read) != OK);
	buf_init(&segment, 1024);
	if (return_address_add(&segment, secret, text) == OK) {
		MUST(return_address_read(
			 arena, secret, buf_view(&segment), &read) == OK &&
		    str_equal(read, text));
		segment.data[segment.len / 2] ^= 1;
		MUST(return_address_read(
			 arena, secret, buf_view(&segment), &read) != OK);
	}
	buf_release(&segment);
}

/* What we have not made stays what the reader has typed. */
static void
check_notice(struct str text)
{
	struct request request = {
	    .has_input = true, .query = text, .input = text};

	notice_take(secret, 1000, &request);
	MUST(request.notice.len == 0 && str_equal(request.query, text) &&
	    str_equal(request.input, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);
	const struct seal_scope scope = {secret, STR("/a/"), STR(""), 1000};
	struct arena *arena = arena_new(64 * 1024);

	MUST(seal_check(text, &scope) != OK);
	check_base64url(text);
	check_notice(text);
	check_return_address(arena, text);
	arena_free(arena);
	return 0;
}
