/* SPDX-License-Identifier: ISC */
/*
 * Static files: what lies below the capsule's static/, given out as it is,
 * and the files of the last night.
 * Regular files only; no symbolic link, no name that begins with a dot, no
 * step out of the folder.
 */
#ifndef GUIJU_PAGE_SERVE_STATIC_H
#define GUIJU_PAGE_SERVE_STATIC_H

#include "base/url.h"
#include "page/site.h"

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
