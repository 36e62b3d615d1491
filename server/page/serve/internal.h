/* SPDX-License-Identifier: ISC */
/*
 * Private to this room: which page or file answers a path, and where links
 * lead.
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

/* Mistakes in static files, for `guiju check`. */

/*
 * Read each file below static/ that is served as text. Two mistakes become
 * findings: a file that is not UTF-8, although its media type says UTF-8; and a
 * byte order mark, which hides the type of gemtext's first line. ERR_NOMEM.
 */
enum err files_check(
    const struct site *site, struct findings *findings) MUST_CHECK;

/* ---- lead.c ---------------------------------------------------------- */

/*
 * Where a redirect leads, and what is sent for an address that nothing answers.
 */

/* dispatch.c: answer a request by the page, file or redirect of *match. No
 * redirect is followed. */
void dispatch_path(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);
/* dispatch.c: find what answers this path. A static file wins over a page's
 * twin. */
void dispatch_find(
    const struct site *site, const struct path *path, struct match *match);

/* Change *request into a request for the target of a redirect. false: this
 * server cannot be asked for the target. */
bool lead_request(struct request *request, struct str target);

/*
 * Run the capsule's pages/_missing.gmi if *reply is a refusal of kind missing
 * or gone. If that page redirects, the redirect becomes the reply, unless
 * nothing answers its target. If that page refuses, its sentence becomes the
 * reply's, unless *reply has one. If it shows lines, they are added to the
 * refusal, for protocols whose refusals may have links below them.
 */
void lead_missing(struct site *site, const struct match *match,
    const struct request *request, struct reply *reply);

/*
 * Check a permanent redirect, because clients remember it. If nothing answers
 * the target, the target's refusal becomes the reply. If the answer is not
 * known at the moment, the redirect becomes a temporary one.
 */
void lead_check(
    struct site *site, const struct request *request, struct reply *reply);

/* ---- link.c ---------------------------------------------------------- */

/* Where the links of a page lead, for the check and for replies that cannot
 * contain a relative reference. */

/*
 * Fill in the target of each link of a reply: the item (for a menu) and the
 * whole address (for plain text and documents). The item types are: 7 for a
 * page that asks, 0 for a document, the type of a file by its media type, h
 * with "URL:" for another host, and h for a page that the protocol cannot
 * serve, with an address that can. ERR_NOMEM.
 */
enum err link_targets(const struct site *site, const struct request *request,
    struct blocks *blocks) MUST_CHECK;

/* Give each sealed page the label of the links that lead to it (page->act).
 * Call it after all pages are compiled. */
void link_name_acts(const struct site *site);
/*
 * Add findings for the mistakes in a page's links and redirects: nothing
 * answers an address of this capsule; a {seal} is missing, or no page takes it.
 * And one for a static file that has the page's own address.
 */
void link_check(const struct site *site, const struct page *page,
    struct findings *findings);

/* The item type (RFC 1436) of a path of this capsule. 'h': the request's
 * protocol cannot serve the page. A file's type follows from its media type.
 * Scratch memory comes from the request's arena. */
char link_item_type(const struct site *site, const struct request *request,
    const struct path *path, bool has_query);

/* Does the protocol serve this page? */
bool link_is_for(const struct protocol *protocol, const struct page *page);

/* ---- static.c -------------------------------------------------------- */

/*
 * Static files: the files below the capsule's static/, served byte for byte,
 * and the published files of the last nightly run. Only regular files are
 * served. A symbolic link, a name that begins with a dot and a path out of the
 * folder are ERR_MISSING.
 */

/*
 * Open the file of a path below folder, which is an open directory or -1. A
 * path that ends in "/" means the index.gmi there. *file: a descriptor, which
 * the caller closes; *size: in bytes; *name: the file's last name, borrowed
 * from path. *is_folder: the path has no "/" at its end and names a folder with
 * an index.gmi. ERR_MISSING: there is no such file, or it is not served.
 * ERR_BUSY: too many files are open.
 */
enum err static_open(int folder, const struct path *path, int *file,
    uint64_t *size, struct str *name, bool *is_folder) MUST_CHECK;

/*
 * The same for the published files of store/nightly/, which are in the state
 * folder. Their addresses are /download/NAME; the setting `download` replaces
 * the first segment, and no file is served if it is empty. ERR_MISSING: the
 * path is not such an address, or there is no such file.
 */
bool static_is_download(struct str download, const struct path *path);
enum err static_open_download(const struct site_options *options,
    const struct path *path, int *file, uint64_t *size,
    struct str *name) MUST_CHECK;

/* Is there such a file? */
bool static_exists(int folder, const struct path *path);

#endif
