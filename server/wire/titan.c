/* SPDX-License-Identifier: ISC */
/*
 * Titan, by which clients of Gemini upload (specification of 2020-06, and its
 * proposal for editing). A request is a line at Gemini's port,
 *
 *	titan://HOST[:PORT]/PATH;size=N[;mime=TYPE][;token=TOKEN] CR LF
 *
 * and N bytes; or the line titan://HOST/PATH;edit alone, which asks for the
 * text that the reader will edit. The reply is one of Gemini's. The parameters
 * begin at the first ";" of the path, because a media type has a slash. So a
 * ";" in a path of ours is written %3B.
 */
#include "wire/internal.h"

#include "base/utf8.h"
#include "text/media_type.h"

enum { ADDRESS_MAX = 64 * 1024 }; /* bytes, of a redirect */

struct parameters {
	bool edit, has_size, has_mime, has_token;
	uint64_t size;
	struct str mime, token;
};

static enum err
refuse(struct reply *refusal, const struct words *words, enum word word)
{
	reply_refuse(refusal, REFUSAL_BAD, words_text(words, word));
	return ERR_INPUT;
}

static bool
has_control(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
			return true;
	return false;
}

/* Decode a value, once. ERR_INPUT: a control character, or not UTF-8. */
static enum err
take_value(struct arena *arena, struct str raw, bool *has, struct str *out)
{
	enum err err = url_decode(arena, raw, out);

	if (err == OK && (*has || has_control(*out) || !utf8_valid(*out)))
		err = ERR_INPUT;
	*has = true;
	return err;
}

/* A type that is empty counts as none. */
static bool
is_type(struct str mime)
{
	struct str charset;

	return mime.len == 0 || media_type_read(mime, &charset);
}

static enum err
take_parameter(struct arena *arena, struct str text, struct parameters *out)
{
	const size_t mark = str_find_byte(text, '=');
	const struct str key = str_slice(text, 0, mark);
	const struct str value = str_slice(text, mark + 1, text.len);
	const bool has_size = out->has_size;
	int64_t size = 0;
	enum err err;

	if (mark == SIZE_MAX) {
		if (!str_equal(key, STR("edit")) || out->edit)
			return ERR_INPUT;
		out->edit = true;
		return OK;
	}
	if (str_equal(key, STR("size"))) {
		out->has_size = true;
		err = str_to_int(value, 0, INT64_MAX, &size);
		out->size = (uint64_t)size;
		return err != OK || has_size ? ERR_INPUT : OK;
	}
	if (str_equal(key, STR("token")))
		return take_value(arena, value, &out->has_token, &out->token);
	if (!str_equal(key, STR("mime")))
		return ERR_INPUT;
	err = take_value(arena, value, &out->has_mime, &out->mime);
	return err == OK && !is_type(out->mime) ? ERR_INPUT : err;
}

/* Read the parameters, which stand in any order. ERR_INPUT: one is malformed,
 * unknown or given twice; there is no size; or ";edit" is not alone. */
static enum err
read_parameters(struct arena *arena, struct str text, struct parameters *out)
{
	struct str part;
	enum err err = OK;

	*out = (struct parameters){.mime = STR(""), .token = STR("")};
	while (err == OK && str_next_part(&text, ';', &part))
		err = take_parameter(arena, part, out);
	if (err != OK)
		return err;
	if (out->edit)
		return out->has_size || out->has_mime || out->has_token
		    ? ERR_INPUT
		    : OK;
	return out->has_size ? OK : ERR_INPUT;
}

/* A line that says neither ";edit" nor that its size is 0 may have a body, even
 * if it is malformed. */
static bool
has_body(struct str line)
{
	struct str part;

	while (str_next_part(&line, ';', &part))
		if (str_equal(part, STR("edit")) ||
		    str_equal(part, STR("size=0")))
			return false;
	return true;
}

static enum err
take_upload(const struct wire_line *line, const struct parameters *parameters,
    struct request *out)
{
	struct upload *upload = arena_alloc(out->arena, sizeof(*upload));

	if (upload == NULL)
		return ERR_NOMEM;
	*upload = (struct upload){.body = line->data,
	    .size = parameters->size,
	    .awaited = line->data.len < parameters->size,
	    .mime = parameters->mime,
	    .token = parameters->token};
	out->upload = upload;
	return OK;
}

static enum err
titan_request(const struct wire_line *line, const struct wire_host *ours,
    struct request *out, struct reply *refusal)
{
	struct parameters parameters;
	struct url url;
	struct str text;
	size_t mark;
	enum err err;

	out->protocol = &wire_gemini.protocol;
	err = address_read(out->arena, ours->words, line->text, &url, refusal);
	if (err == OK)
		err = gemini_check_host(
		    out->arena, &url, line, ours, true, refusal);
	if (err != OK)
		return err;
	mark = str_find_byte(url.path, ';');
	text = mark == SIZE_MAX ? STR("")
				: str_slice(url.path, mark + 1, url.path.len);
	url.path = str_slice(url.path, 0, mark);
	err = read_parameters(out->arena, text, &parameters);
	if (err == ERR_INPUT)
		return refuse(refusal, ours->words, WORD_UPLOAD_PARAMETERS);
	if (err == OK && url.has_query)
		return refuse(refusal, ours->words, WORD_DATA_AND_QUERY);
	if (err == OK)
		err = address_target(&url, ours->words, out, refusal);
	out->edit = parameters.edit;
	if (err == OK && !parameters.edit)
		err = take_upload(line, &parameters, out);
	return err;
}

/* A relative target would be one of Titan's, and its client would ask for an
 * upload again. */
static void
titan_reply(struct buf *out, const struct request *request,
    const struct reply *reply, const struct wire_host *ours)
{
	const struct protocol *gemini = &wire_gemini.protocol;
	const unsigned port = services_port(&ours->services, gemini);
	struct reply whole = *reply;
	struct buf address;

	buf_init(&address, ADDRESS_MAX);
	if (reply->type == REPLY_REDIRECT &&
	    str_starts(reply->text, STR("/"))) {
		wire_add_origin(
		    &address, gemini->name, ours->host, port, gemini->port);
		buf_str(&address, reply->text);
		whole.permanent = false;
		whole.text = buf_view(&address);
	}
	if (address.err != OK)
		out->err = address.err;
	else
		wire_gemini.reply(out, request, &whole, ours);
	buf_release(&address);
}

/* ---- the row -------------------------------------------------------- */

const struct wire wire_titan = {.tls = WIRE_TLS_ALWAYS,
    .protocol = {.name = "titan",
	.title = "Titan",
	.port = 1965,
	.line_max = 1024, /* as Gemini's */
	.acts = true,
	.redirects = true,
	.plain = {.columns = PLAIN_COLUMNS, .line_end = {"\n", 1}}},
    .certificates = true,
    .has_body = has_body,
    .request = titan_request,
    .reply = titan_reply};
