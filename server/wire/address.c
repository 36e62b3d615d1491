/* SPDX-License-Identifier: ISC */
/*
 * The checks are strict: a line that is not one absolute URL of this server is
 * refused before the router sees it. Only the host's case is normalised. A
 * refusal never repeats the client's text.
 */
#include "wire/internal.h"

#include "text/input.h"
#include "base/utf8.h"

enum { ADDRESS_MAX_BYTES = 512, NAME_MAX_BYTES = 64 };

static enum err
refuse(struct reply *refusal, enum refusal kind, const struct words *words,
    enum word word)
{
	reply_refuse(refusal, kind, words_text(words, word));
	return ERR_INPUT;
}

enum err
address_refuse_character(struct arena *arena, const struct words *words,
    enum word part, uint32_t bad, struct reply *refusal)
{
	const enum word word = bad == UTF8_BAD ? WORD_NOT_UTF8
	    : bad == ' '                       ? WORD_BLANK
					       : WORD_CONTROL;
	struct str values[2] = {STR(""), words_text(words, part)};
	struct buf name;

	buf_init(&name, NAME_MAX_BYTES);
	if (word == WORD_CONTROL) {
		input_add_name(&name, bad);
		values[0] = buf_view(&name);
	} else {
		values[0] = values[1];
	}
	reply_refuse(
	    refusal, REFUSAL_BAD, words_fill(words, arena, word, values));
	buf_release(&name);
	return refusal->text.len > 0 ? ERR_INPUT : ERR_NOMEM;
}

/* Find an ASCII blank or control character: an address has neither. */
static bool
find_blank_or_control(struct str s, uint32_t *bad)
{
	for (size_t i = 0; i < s.len; i++) {
		*bad = (unsigned char)s.data[i];
		if (*bad <= ' ' || *bad == 0x7F)
			return true;
	}
	return false;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

enum err
address_read(struct arena *arena, const struct words *words, struct str line,
    struct url *out, struct reply *refusal)
{
	struct url url;
	uint32_t bad;
	enum word word = WORD_COUNT;

	if (find_blank_or_control(line, &bad))
		return address_refuse_character(
		    arena, words, WORD_PART_URL, bad, refusal);
	if (!utf8_valid(line) || str_starts(line, STR(UTF8_MARK)))
		return address_refuse_character(
		    arena, words, WORD_PART_URL, UTF8_BAD, refusal);
	if (url_parse(line, &url) != OK)
		word = WORD_URL_MALFORMED;
	else if (url.scheme.len == 0 || !url.has_authority)
		word = WORD_URL_RELATIVE;
	else if (url.has_fragment)
		word = WORD_URL_FRAGMENT;
	else if (url.has_userinfo)
		word = WORD_URL_USER;
	else if (url.host.len == 0)
		word = WORD_URL_NO_HOST;
	if (word != WORD_COUNT)
		return refuse(refusal, REFUSAL_BAD, words, word);
	*out = url;
	return OK;
}

/* A host in the form that is compared: without brackets or one final dot. */
static struct str
bare_host(struct str host)
{
	if (host.len > 2 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		return str_slice(host, 1, host.len - 1);
	if (host.len > 1 && host.data[host.len - 1] == '.')
		host.len--;
	return host;
}

bool
address_same_host(struct str a, struct str b)
{
	return str_equal_nocase(bare_host(a), bare_host(b));
}

/* The refusal has our address, for a client that used an IP address, another
 * name or another port. */
static enum err
refuse_foreign(struct arena *arena, const struct address_place *ours,
    struct reply *refusal, enum word word)
{
	struct buf address;
	struct str text;

	buf_init(&address, ADDRESS_MAX_BYTES);
	wire_add_origin(
	    &address, ours->scheme, ours->host, ours->port, ours->default_port);
	buf_char(&address, '/');
	text = words_fill(
	    ours->words, arena, word, (const struct str[]){buf_view(&address)});
	buf_release(&address);
	reply_refuse(refusal, REFUSAL_FOREIGN, text);
	return ERR_INPUT;
}

enum err
address_check_host(struct arena *arena, const struct url *url,
    const struct address_place *ours, struct reply *refusal)
{
	int64_t port = ours->port_may_lack ? ours->port : ours->default_port;

	if (!address_same_host(url->host, ours->host)) {
		if (!is_ascii(url->host))
			return refuse(refusal, REFUSAL_BAD, ours->words,
			    WORD_HOST_NOT_ASCII);
		return refuse_foreign(arena, ours, refusal, WORD_HOST_FOREIGN);
	}
	if (url->port.len > 0 &&
	    str_to_int(url->port, 0, UINT16_MAX, &port) != OK)
		return refuse(refusal, REFUSAL_BAD, ours->words, WORD_PORT);
	if (port != ours->port)
		return refuse_foreign(arena, ours, refusal, WORD_PORT_FOREIGN);
	if (ours->sni.len > 0 && !address_same_host(ours->sni, ours->host))
		return refuse_foreign(arena, ours, refusal, WORD_TLS_NAME);
	return OK;
}

/* Decode the query; "+" is not a blank. */
static enum err
read_input(struct arena *arena, const struct words *words, struct str raw,
    struct str *out, struct reply *refusal)
{
	struct str decoded;
	uint32_t bad = UTF8_BAD;
	enum err err = url_decode(arena, raw, &decoded);

	if (err == OK)
		err = input_read(arena, decoded, out, &bad);
	return err == ERR_INPUT ? address_refuse_character(arena, words,
				      WORD_PART_INPUT, bad, refusal)
				: err;
}

/* Name the control character in the path; without one the path is malformed in
 * another way. */
static enum err
refuse_path(struct arena *arena, const struct words *words, struct str raw,
    struct reply *refusal)
{
	struct str decoded;
	uint32_t bad;

	if (url_decode(arena, raw, &decoded) == OK &&
	    input_find_control(decoded, &bad))
		return address_refuse_character(
		    arena, words, WORD_PART_PATH, bad, refusal);
	return refuse(refusal, REFUSAL_BAD, words, WORD_PATH);
}

enum err
address_target(const struct url *url, const struct words *words,
    struct request *out, struct reply *refusal)
{
	struct path path;
	struct str input = STR("");
	enum err err;

	err = path_parse(out->arena, url->path, &path);
	if (err == ERR_LIMIT) /* deeper than any page can be */
		return refuse(refusal, REFUSAL_MISSING, words, WORD_MISSING);
	if (err == ERR_INPUT)
		return refuse_path(out->arena, words, url->path, refusal);
	if (err == OK && url->has_query)
		err =
		    read_input(out->arena, words, url->query, &input, refusal);
	if (err != OK)
		return err;
	out->path = path;
	out->has_input = url->has_query;
	out->input = input;
	out->query = url->has_query ? url->query : STR("");
	return OK;
}

enum err
address_set_input(struct request *out, struct str words)
{
	struct buf query;
	enum err err;

	buf_init(&query, 3 * words.len + 1);
	url_add_mended(&query, words);
	err = arena_take(out->arena, &query, &out->query);
	buf_release(&query);
	out->has_input = words.len > 0;
	out->input = words;
	return err;
}
