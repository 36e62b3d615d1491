/* SPDX-License-Identifier: ISC */
/* Paths that are joined, ids of files, files without a name, also where a file
 * system knows names only, and what a message says of a file's owner. */
#if defined(__linux__)
#define _GNU_SOURCE /* O_TMPFILE */
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file_path.h"

enum { OUT_MAX = 16 * 1024, NOBODY_UID = 4242424 };

static char folder[] = "/tmp/guiju-file-path-XXXXXX";

static const char *
path_of(const char *name)
{
	static struct file_path path;

	assert_int_equal(file_path_join(&path, folder, name), OK);
	return path.text;
}

static void
make_file(const char *name, mode_t mode)
{
	int fd = open(path_of(name), O_CREAT | O_EXCL | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* ---- paths and ids ------------------------------------------------------ */

static void
a_path_is_joined_up_to_its_room(void **state)
{
	static char name[PATH_MAX_BYTES];
	struct file_path path;

	(void)state;
	assert_int_equal(file_path_join(&path, "a/b", "c"), OK);
	assert_string_equal(path.text, "a/b/c");
	memset(name, 'x', sizeof(name) - 1);
	name[PATH_MAX_BYTES - 3] = '\0';
	assert_int_equal(file_path_join(&path, "d", name), OK);
	assert_int_equal(strlen(path.text), PATH_MAX_BYTES - 1);
	name[PATH_MAX_BYTES - 3] = 'x';
	name[PATH_MAX_BYTES - 2] = '\0';
	assert_int_equal(file_path_join(&path, "d", name), ERR_LIMIT);
	assert_string_equal(path.text, "");
}

static void
a_file_has_one_id_by_each_path(void **state)
{
	struct file_path alias;
	struct file_id a, b, other = {0};

	(void)state;
	make_file("a", 0600);
	make_file("b", 0600);
	assert_int_equal(file_path_join(&alias, folder, "alias"), OK);
	assert_int_equal(link(path_of("a"), alias.text), 0);
	assert_true(file_id_read(path_of("a"), &a));
	assert_true(file_id_read(path_of("b"), &b));
	assert_true(file_is_at(a, path_of("a")));
	assert_true(file_is_at(a, alias.text));
	assert_false(file_is_at(a, path_of("b")));
	assert_false(file_id_equal(a, b));
	/* Files of two file systems may have one number. */
	other = a;
	other.device++;
	assert_false(file_id_equal(a, other));
	assert_int_equal(unlink(alias.text), 0);
	assert_int_equal(unlink(path_of("a")), 0);
	other = b;
	assert_false(file_id_read(path_of("a"), &other));
	assert_true(file_id_equal(b, other));
	assert_false(file_is_at(a, path_of("a")));
	assert_int_equal(unlink(path_of("b")), 0);
}

/* ---- files without a name ------------------------------------------------ */

/* What open(2) says of O_TMPFILE, and unlink(2) of all files; 0: what they say
 * otherwise. */
static int tmpfile_errno, unlink_errno;
static int opened; /* calls of open(2) */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, mode_t mode);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

int
__wrap_open(const char *path, int flags, mode_t mode)
{
	opened++;
#ifdef O_TMPFILE
	if (tmpfile_errno != 0 && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = tmpfile_errno;
		return -1;
	}
#endif
	return __real_open(path, flags, mode);
}

int
__wrap_unlink(const char *path)
{
	if (unlink_errno == 0)
		return __real_unlink(path);
	errno = unlink_errno;
	return -1;
}

static void
assert_unnamed(void)
{
	char text[3] = "";
	struct stat st;
	int fd = file_unnamed(folder);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(write(fd, "ab", 2), 2);
	assert_int_equal(pread(fd, text, 2, 0), 2);
	assert_string_equal(text, "ab");
	/* The folder is empty. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	close(fd);
}

static void
a_file_without_a_name_leaves_nothing(void **state)
{
	(void)state;
	assert_unnamed();
}

static const char *
name_of_process(void)
{
	static char name[64];

	snprintf(name, sizeof(name), "unnamed.%jd", (intmax_t)getpid());
	return name;
}

/* A process that was killed has left a file, and this one has its number. */
static void
where_files_have_names_it_loses_its_own(void **state)
{
	(void)state;
	tmpfile_errno = EOPNOTSUPP;
	assert_unnamed();
	make_file(name_of_process(), 0644);
	assert_unnamed();
	tmpfile_errno = 0;
}

/* A name that stays would be a file that is found: rather none. */
static void
a_name_that_stays_is_refused(void **state)
{
	int fd, next, error;

	(void)state;
	tmpfile_errno = EOPNOTSUPP;
	unlink_errno = EIO;
	next = dup(0);
	close(next);
	fd = file_unnamed(folder);
	error = errno;
	unlink_errno = tmpfile_errno = 0;
	assert_int_equal(fd, -1);
	assert_int_equal(error, EIO);
	assert_int_equal(unlink(path_of(name_of_process())), 0);
	/* Its descriptor is free again. */
	fd = dup(0);
	assert_int_equal(fd, next);
	close(fd);
}

/* A name would help against none of these. */
static void
what_a_name_does_not_help_is_not_tried(void **state)
{
	static const int errors[] = {EMFILE, ENFILE, ENOSPC};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		tmpfile_errno = errors[i];
		opened = 0;
		assert_int_equal(file_unnamed(folder), -1);
		assert_int_equal(errno, errors[i]);
		assert_int_equal(opened, 1);
	}
	tmpfile_errno = 0;
	opened = 0;
	assert_unnamed();
	assert_int_equal(opened, 1);
}

static void
a_file_that_cannot_be_says_why(void **state)
{
	static char name[2 * PATH_MAX_BYTES];
	struct rlimit few, usual;
	int fd, error;

	(void)state;
	assert_int_equal(file_unnamed(path_of("none")), -1);
	assert_int_equal(errno, ENOENT);
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(file_unnamed(name), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	few = usual;
	few.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	fd = file_unnamed(folder);
	error = errno;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	assert_int_equal(fd, -1);
	assert_int_equal(error, EMFILE);
}

/* ---- owners ---------------------------------------------------------------
 */

/* "NAME, uid N", or "uid N" of a user without a name. */
static const char *
user(uid_t uid)
{
	static char text[256];
	const struct passwd *known = getpwuid(uid);

	snprintf(text, sizeof(text), "%s%suid %ju",
	    known == NULL ? "" : known->pw_name, known == NULL ? "" : ", ",
	    (uintmax_t)uid);
	return text;
}

/* what: "it" or "its folder"; NULL: nothing is said. */
static void
assert_owner(const char *path, const char *what, uid_t uid, unsigned mode)
{
	struct buf out, wanted;

	buf_init(&out, OUT_MAX);
	buf_init(&wanted, OUT_MAX);
	errno = EACCES;
	owner_add(&out, path);
	assert_int_equal(errno, EACCES);
	if (what != NULL) {
		buf_printf(&wanted, " (%s belongs to %s, mode %04o; ", what,
		    user(uid), mode);
		buf_printf(&wanted, "this is %s)", user(geteuid()));
	}
	assert_int_equal(out.len, wanted.len);
	if (wanted.len > 0)
		assert_memory_equal(out.data, wanted.data, wanted.len);
	buf_release(&out);
	buf_release(&wanted);
}

static void
a_message_tells_the_owner(void **state)
{
	static char name[2 * PATH_MAX_BYTES];
	struct stat root, here;

	(void)state;
	make_file("mine", 0640);
	assert_owner(path_of("mine"), "it", geteuid(), 0640);
	/* Only root can give a file away. */
	if (chown(path_of("mine"), NOBODY_UID, (gid_t)-1) == 0)
		assert_owner(path_of("mine"), "it", NOBODY_UID, 0640);
	assert_int_equal(unlink(path_of("mine")), 0);
	/* Of a missing file, its folder. */
	assert_int_equal(chmod(folder, 01750), 0);
	assert_owner(path_of("mine"), "its folder", geteuid(), 01750);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(stat("/", &root), 0);
	assert_owner("/guiju-none", "its folder", root.st_uid,
	    (unsigned)root.st_mode & 07777);
	assert_int_equal(stat(".", &here), 0);
	assert_owner("guiju-none", "its folder", here.st_uid,
	    (unsigned)here.st_mode & 07777);
	/* Of neither, nothing. */
	assert_owner(path_of("none/none"), NULL, 0, 0);
	memset(name, '/', sizeof(name) - 2);
	name[sizeof(name) - 2] = 'x';
	assert_owner(name, NULL, 0, 0);
}

static void
only_rights_are_a_matter_of_the_owner(void **state)
{
	static const int rights[] = {EACCES, EPERM, EROFS};
	struct buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		assert_true(owner_is_to_blame(rights[i]));
		buf_init(&out, OUT_MAX);
		errno = rights[i];
		owner_add_errno(&out, folder);
		assert_true(
		    str_starts(buf_view(&out), str_from(strerror(rights[i]))));
		assert_true(str_ends(buf_view(&out), STR(")")));
		buf_release(&out);
	}
	assert_false(owner_is_to_blame(ENOENT));
	assert_false(owner_is_to_blame(0));
	buf_init(&out, OUT_MAX);
	errno = EIO;
	owner_add_errno(&out, folder);
	assert_int_equal(out.len, strlen(strerror(EIO)));
	buf_release(&out);
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_is_joined_up_to_its_room),
	    cmocka_unit_test(a_file_has_one_id_by_each_path),
	    cmocka_unit_test(a_file_without_a_name_leaves_nothing),
	    cmocka_unit_test(where_files_have_names_it_loses_its_own),
	    cmocka_unit_test(a_name_that_stays_is_refused),
	    cmocka_unit_test(what_a_name_does_not_help_is_not_tried),
	    cmocka_unit_test(a_file_that_cannot_be_says_why),
	    cmocka_unit_test(a_message_tells_the_owner),
	    cmocka_unit_test(only_rights_are_a_matter_of_the_owner)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
