/* SPDX-License-Identifier: ISC */
/*
 * URLs by RFC 3986, and paths for our router. A path is split at `/` first;
 * then each segment is decoded, exactly once.
 */
#ifndef GUIJU_BASE_URL_H
#define GUIJU_BASE_URL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* The parts of a URI-reference, borrowed from its text and not decoded. */
struct url {
	struct str scheme; /* without ':'; empty for a relative reference */
	struct str userinfo, host, port;
	struct str path, query, fragment;
	bool has_authority, has_userinfo, has_port, has_query, has_fragment;
};

/*
 * Parse a URI-reference. Bytes >= 0x80 are allowed. ERR_INPUT: another byte
 * that RFC 3986 does not allow, `%` without two hex digits, a malformed scheme,
 * port (digits, at most 65535) or IPv6 literal.
 */
enum err url_parse(struct str text, struct url *out) MUST_CHECK;

/* Is text an absolute URL with a scheme that a stored link may have? These are
 * schemes of files, pages, messages and places. Schemes whose text is executed
 * are not among them. */
bool url_is_allowed(struct str text);

/* Is this the name of a scheme, known or not? */
bool url_is_scheme(struct str s);

/* Append s percent-encoded: as one path segment, as the first segment of a
 * relative reference, as a query (after `?`), as a whole path whose slashes
 * stay. */
void url_add_segment(struct buf *out, struct str s);
void url_add_first_segment(struct buf *out, struct str s);
void url_add_query(struct buf *out, struct str s);
void url_add_path(struct buf *out, struct str s);

/*
 * Append the part of a URL after the host, or a whole reference without a host,
 * as people write it. What RFC 3986 allows stays as it is, encoded or not. All
 * else is percent-encoded: also a "%" without two hex digits, brackets and a
 * second "#".
 */
void url_add_mended(struct buf *out, struct str s);

/* Percent-decode into the arena. The bytes may be anything, also invalid UTF-8.
 * ERR_INPUT: `%` without two hex digits. ERR_NOMEM. */
enum err url_decode(
    struct arena *arena, struct str raw, struct str *out) MUST_CHECK;

enum { PATH_SEGMENTS_MAX = 24 };

/* A path for the router: decoded segments. "/a/b/" has the segments a and b and
 * is a folder. */
struct path {
	struct str segment[PATH_SEGMENTS_MAX];
	size_t count;
	bool folder; /* it ends in "/" ("/": 0 segments, a folder) */
};

/*
 * Split a raw path ("" is "/") and decode each segment into the arena.
 * ERR_INPUT: it does not begin with "/"; a segment that is "." or "..", raw or
 * decoded; a decoded control character or NUL; decoded bytes that are not
 * UTF-8; bad percent-encoding. ERR_LIMIT: too many segments. ERR_NOMEM. An
 * empty segment is allowed here, but no page has one. A decoded "/" or "\"
 * stays inside its segment: code that opens files must refuse it.
 */
enum err path_parse(
    struct arena *arena, struct str raw, struct path *out) MUST_CHECK;

/* Append the percent-encoded text of a path, beginning with "/". */
void path_add(struct buf *out, const struct path *path);

/*
 * Resolve the raw path of a relative reference ("../x", "x", "", "/x") against
 * base, the raw path of the page that holds it (RFC 3986, 5.2.3 and 5.2.4).
 * Appends a path that begins with one "/" and has no dot segments. It never
 * begins with "//": a client would take the next name for a host.
 */
void path_resolve(struct buf *out, struct str base, struct str reference);

#endif
