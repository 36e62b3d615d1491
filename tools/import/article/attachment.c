/* SPDX-License-Identifier: ISC */
/*
 * Checks attachments. The path of an attachment comes from outside: it must not
 * lead out of the static folder, neither by dots nor through a symbolic link.
 */
#include "tools/import/article/article.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/file_path.h"
#include "text/media_type.h"

enum { EXCERPT_BYTES = 200 };

/* Is the path relative, and made of names only? */
static bool
is_plain_path(struct str path)
{
	struct str name;

	while (str_next_part(&path, '/', &name))
		if (name.len == 0 || name.data[0] == '.' ||
		    str_find_byte(name, '\\') != SIZE_MAX)
			return false;
	return true;
}

/* Find the file of an attachment. Returns NULL, or why the file is refused. */
static const char *
look(const char *folder, const char *path, struct stat *st)
{
	char *root = realpath(folder, NULL);
	char *file = realpath(path, NULL);
	const char *wrong = NULL;

	if (root == NULL || file == NULL)
		wrong = strerror(errno);
	else if (strncmp(file, root, strlen(root)) != 0 ||
	    file[strlen(root)] != '/')
		wrong = "leads out of the static folder";
	else if (stat(file, st) != 0)
		wrong = strerror(errno);
	else if (!S_ISREG(st->st_mode))
		wrong = "is not a file";
	free(root);
	free(file);
	return wrong;
}

static struct str
base_name(struct str path)
{
	struct str name = path;

	while (str_next_part(&path, '/', &name))
		;
	return name;
}

static enum err
check(const struct reading *in, const char *capsule, struct attachment *a)
{
	struct str folder =
	    arena_printf(in->arena, "%s/" CAPSULE_STATIC, capsule);
	struct str path = arena_printf(
	    in->arena, "%s/" CAPSULE_STATIC "/%.*s", capsule, STR_ARG(a->path));
	const char *wrong;
	struct stat st = {0};

	if (folder.data == NULL || path.data == NULL)
		return reading_nomem(in);
	if (!is_plain_path(a->path))
		return reading_refuse(in, a->line,
		    "\"%.*s\" is not a path below the capsule's static folder",
		    STR_ARG(str_slice(a->path, 0, EXCERPT_BYTES)));
	wrong = look(folder.data, path.data, &st);
	if (wrong != NULL)
		return reading_refuse(in, a->line, "attachment %.*s: %s",
		    STR_ARG(str_slice(path, 0, EXCERPT_BYTES)), wrong);
	a->bytes = st.st_size;
	a->mime = media_type_of_name(base_name(a->path));
	if (a->mime.len == 0)
		a->mime = STR("application/octet-stream");
	if (a->label.len == 0)
		a->label = base_name(a->path);
	return OK;
}

enum err
attachment_check(struct arena *arena, const char *capsule,
    struct article *article, struct buf *why)
{
	struct reading in = {.arena = arena, .file = article->file, .why = why};
	enum err err = OK;

	for (size_t i = 0; i < article->attachments && err == OK; i++)
		err = check(&in, capsule, &article->attachment[i]);
	return err;
}
