/* SPDX-License-Identifier: ISC */
/*
 * What the files of this room share: from a path to a reply.
 */
#ifndef GUIJU_PAGE_SERVE_INTERNAL_H
#define GUIJU_PAGE_SERVE_INTERNAL_H

#include "base/url.h"
#include "page/compile/findings.h"
#include "page/compile/route.h"
#include "page/request.h"
#include "page/run/site_parts.h"
#include "page/site.h"

/* ---- files.c --------------------------------------------------------- */

/* What is wrong with static files, for `guiju check`. */

/*
 * Look into every file below static/ that goes out as text: tell of one that
 * is not UTF-8, which its type says it is, and of a byte order mark, which
 * hides the type of a gemtext's first line. ERR_NOMEM.
 */
enum err files_check(
    const struct site *site, struct findings *findings) MUST_CHECK;

/* ---- lead.c ---------------------------------------------------------- */

/*
 * Where a redirect leads, and what becomes of an address that nothing
 * answers. Private to page/.
 */

/* dispatch.c: answer a request by the page, file or address that *match says;
 * no redirect is followed. */
void dispatch_path(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);
/* dispatch.c: what answers this path; a static file wins over a page's twin. */
void dispatch_find(
    const struct site *site, const struct path *path, struct match *match);

/* Make *request one for the target of a redirect. false: the target is no
 * address of ours that could be asked for. */
bool lead_request(struct request *request, struct str target);

/*
 * The capsule's pages/_missing.gmi is asked about an address that nothing
 * answers, or whose page says missing or gone: a redirect that it gives is the
 * reply if something answers there, a refusal's sentence if *reply has none.
 * What it shows otherwise stays with the refusal, for a protocol whose
 * refusals can have links below them.
 */
void lead_missing(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

/*
 * Clients keep a permanent redirect. One that leads to nothing becomes the
 * refusal that stands there; one whose end cannot be told is not permanent.
 */
void lead_check(
    struct site *site, const struct request *request, struct reply *reply);

/* ---- link.c ---------------------------------------------------------- */

/* Where the links of a page lead: for the check, and for the readers that
 * cannot be shown a relative reference. */

/*
 * Fill in the target of each link of a reply: the item that it becomes
 * (for a menu) and its whole address (for plain text and documents).
 * The server knows its own map: a page that asks is type 7, a document 0, a
 * file what its type is, another host's URL an h item with "URL:", a page
 * that the protocol cannot have an h item with its address elsewhere.
 */
enum err link_targets(const struct site *site, const struct request *request,
    struct blocks *blocks) MUST_CHECK;

/*
 * Tell of links and redirects in a page that lead to an address of this
 * capsule which nothing answers, of {seal} where no page wants one, and of a
 * static file that the page hides.
 */
void link_check(const struct site *site, const struct page *page,
    struct findings *findings);

/* The item type (RFC 1436) of one of our own paths; 'h': not for the protocol
 * of the request. Of a file it is what its media type says. The request's
 * arena is for scratch. */
char link_item_type(const struct site *site, const struct request *request,
    const struct path *path, bool has_query);

/* May it have this page? */
bool link_is_for(const struct protocol *protocol, const struct page *page);

/* ---- static.c -------------------------------------------------------- */

/*
 * Static files: what lies below the capsule's static/, given out as it is,
 * and the files of the last night.
 * Regular files only; no symbolic link, no name that begins with a dot, no
 * step out of the folder.
 */

/*
 * Open the file for a path below folder (an open directory). A path that ends
 * in "/" means its index.gmi. *name: the file's own name (borrowed).
 * ERR_MISSING: no such file, or one that is not given out. ERR_BUSY: too many
 * files are open. *is_folder is set
 * where the path without "/" names a folder that has an index.gmi.
 */
enum err static_open(int folder, const struct path *path, int *file,
    uint64_t *size, struct str *name, bool *is_folder) MUST_CHECK;

/*
 * The same for what a night has made to be given out (store/nightly/): its
 * address is /download/NAME, or what the setting `download` says in the place
 * of that first segment (empty: nothing is given out); its place is the state
 * folder. ERR_MISSING: the path is not such an address, or there is no such
 * file.
 */
bool static_is_download(struct str download, const struct path *path);
enum err static_open_download(const struct site_options *options,
    const struct path *path, int *file, uint64_t *size,
    struct str *name) MUST_CHECK;

/* Is there such a file? For the check of links. */
bool static_exists(int folder, const struct path *path);

#endif
