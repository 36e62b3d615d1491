/* SPDX-License-Identifier: ISC */
/*
 * URLs as RFC 3986 writes them, and paths as our router reads them. Decoding
 * happens exactly once, per segment, after the split at `/`.
 */
#ifndef GUIJU_BASE_URL_H
#define GUIJU_BASE_URL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* The parts of a URI-reference, borrowed from its text, nothing decoded. */
struct url {
	struct str scheme; /* without ':'; empty for a relative reference */
	struct str userinfo, host, port;
	struct str path, query, fragment;
	bool has_authority, has_userinfo, has_port, has_query, has_fragment;
};

/*
 * Take a URI-reference apart. ERR_INPUT: a byte that RFC 3986 does not allow
 * (bytes >= 0x80 are let through), `%` without two hex digits, a malformed
 * scheme, port (digits, at most 65535) or IPv6 literal.
 */
enum err url_parse(struct str text, struct url *out) MUST_CHECK;

/* A whole URL with one of the schemes that a stored link may have: those of
 * files, pages, messages and places, none that runs what stands behind it. */
bool url_is_allowed(struct str text);

/* Is this the name of a scheme, known or not? */
bool url_is_scheme(struct str s);

/* Percent-encode s as one path segment, as the value behind `?`, or as a
 * whole path whose slashes stay. */
void url_add_segment(struct buf *out, struct str s);
/* A segment that may be the first of a relative reference. */
void url_add_first_segment(struct buf *out, struct str s);
void url_add_query(struct buf *out, struct str s);
void url_add_path(struct buf *out, struct str s);

/*
 * What stands behind a host, or a whole reference without one, as people
 * write it: what RFC 3986 allows stays as it is, encoded or not; all else is
 * encoded, with it a "%" without two hex digits, brackets and a second "#".
 */
void url_add_mended(struct buf *out, struct str s);

/* Percent-decode into the arena. ERR_INPUT: `%` without two hex digits.
 * Nothing is said about what the bytes are. */
enum err url_decode(
    struct arena *arena, struct str raw, struct str *out) MUST_CHECK;

enum { PATH_SEGMENTS_MAX = 24 };

/* A path for the router: decoded segments. "/a/b/" is a, b, folder. */
struct path {
	struct str segment[PATH_SEGMENTS_MAX];
	size_t count;
	bool folder; /* it ends in "/" ("/" itself is 0 segments, folder) */
};

/*
 * Split a raw path ("" is "/") and decode each segment into the arena.
 * ERR_INPUT: it does not begin with "/"; a segment that is "." or "..", raw
 * or decoded; a decoded control character or NUL; decoded bytes that are not
 * UTF-8; bad percent-encoding. ERR_LIMIT: too many segments. An empty segment
 * is allowed here (the router knows none). A decoded "/" or "\" stays inside
 * its segment: whoever opens files must refuse it.
 */
enum err path_parse(
    struct arena *arena, struct str raw, struct path *out) MUST_CHECK;

/* Append the percent-encoded text of a path, beginning with "/". */
void path_add(struct buf *out, const struct path *path);

/*
 * Resolve a relative reference's raw path against the raw path of the page it
 * stands on (RFC 3986, 5.2.3 and 5.2.4): "../x", "x", "", "/x". Appends a
 * path beginning with "/" without dot segments.
 */
void path_resolve(struct buf *out, struct str base, struct str reference);

#endif
