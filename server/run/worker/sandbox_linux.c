/* SPDX-License-Identifier: ISC */
/*
 * Linux: Landlock for files and connections (landlock(7), since 5.13), seccomp
 * for system calls (base/seccomp.c). Landlock has no library, so its three
 * calls are made by number. Names that are missing in old headers are defined
 * here: the kernel never changes these numbers. The kernel is asked first which
 * version it knows.
 */
#define _GNU_SOURCE /* for O_PATH */

#include "run/worker/internal.h"

#ifdef SANDBOX_LINUX

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <unistd.h>

#include "base/capability.h"
#include "base/seccomp.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_SIGNAL
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL (1ULL << 1)
#endif

/* struct landlock_ruleset_attr of the newest version. An older kernel accepts
 * it as long as the members that it does not know are 0. */
struct ruleset {
	uint64_t files;
	uint64_t net;
	uint64_t scope;
};

static const uint64_t file_read =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t file_write = LANDLOCK_ACCESS_FS_WRITE_FILE |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_TRUNCATE;
static const uint64_t folder_write =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR;
/* The rights that a rule about a single file may give. */
static const uint64_t file_of_one = LANDLOCK_ACCESS_FS_READ_FILE |
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
/* The rights that no process of ours needs. */
static const uint64_t file_never = LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM |
    LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_IOCTL_DEV;

/* The rights over files that a version of Landlock knows. */
static uint64_t
known_rights(long version)
{
	uint64_t rights = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1;

	if (version >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
	if (version >= 5)
		rights |= LANDLOCK_ACCESS_FS_IOCTL_DEV;
	return rights;
}

/* A ruleset lists the rights that it takes away. The exceptions below give some
 * of them back. */
static struct ruleset
ruleset_for(enum sandbox_who who, long version)
{
	struct ruleset set = {.files = LANDLOCK_ACCESS_FS_EXECUTE,
	    .net = LANDLOCK_ACCESS_NET_CONNECT_TCP};

	if (who != SANDBOX_PARENT) {
		set.files |= file_read | file_write | folder_write | file_never;
		set.net |= LANDLOCK_ACCESS_NET_BIND_TCP;
		set.scope =
		    LANDLOCK_SCOPE_SIGNAL | LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET;
	}
	set.files &= known_rights(version);
	if (version < 4)
		set.net = 0;
	if (version < 6)
		set.scope = 0;
	return set;
}

/* Give rights back for one file, or for all files below a folder. What does not
 * exist needs none. */
static enum err
except(
    int ruleset, const struct ruleset *set, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = rights & set->files,
	    .parent_fd = open(path, O_PATH | O_CLOEXEC)};
	struct stat file;
	long code;

	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES
		    ? OK
		    : ERR_IO;
	if (fstat(rule.parent_fd, &file) == 0 && !S_ISDIR(file.st_mode))
		rule.allowed_access &= file_of_one;
	code = syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return code == 0 ? OK : ERR_IO;
}

static enum err
add_exceptions(
    int ruleset, const struct ruleset *set, const struct sandbox_bounds *f)
{
	uint64_t all = file_read | file_write;
	enum err err = OK;

	if (f->who == SANDBOX_TASK)
		all |= folder_write; /* for its copy of the database */
	for (size_t i = 0; err == OK && i < f->write_count; i++)
		err = except(ruleset, set, f->write[i].text, all);
	for (size_t i = 0; err == OK && i < f->read_count; i++)
		err = except(ruleset, set, f->read[i].text, file_read);
	/* SQLite reads random numbers there for the names of its files. */
	if (err == OK && f->write_count > 0)
		err = except(ruleset, set, "/dev/urandom", file_read);
#ifdef SANITIZED
	/* The sanitizers read about their own process, and symbols. */
	if (err == OK && f->who != SANDBOX_PARENT)
		err = except(ruleset, set, "/proc/self", file_read);
	if (err == OK && f->who != SANDBOX_PARENT)
		err = except(ruleset, set, "/usr/lib", file_read);
#endif
	return err;
}

static enum err
close_files(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	long known = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset set;
	enum err err;
	long ruleset;

	snprintf(facts->mechanism, sizeof(facts->mechanism), "no landlock");
	if (known < 1)
		return OK; /* not in this kernel, or switched off */
	set = ruleset_for(bounds->who, known);
	ruleset = syscall(SYS_landlock_create_ruleset, &set, sizeof(set), 0);
	if (ruleset < 0)
		return ERR_IO;
	err = add_exceptions((int)ruleset, &set, bounds);
	if (err == OK &&
	    syscall(SYS_landlock_restrict_self, (int)ruleset, 0) != 0)
		err = ERR_IO;
	close((int)ruleset);
	if (err == OK)
		snprintf(facts->mechanism, sizeof(facts->mechanism),
		    "landlock %ld", known);
	return err;
}

/* Who may make a call, as bits. */
enum {
	W = 1 << SANDBOX_WORKER,
	T = 1 << SANDBOX_TASK,
	L = 1 << SANDBOX_LOGGER,
	WT = W | T,
	WTL = W | T | L
};

/*
 * The system calls that each kind of process needs, and no others. Files: those
 * of SQLite and static ones; tasks make folders, too. Sockets: the inherited
 * ones and the connections that a worker accepts from them; no new ones.
 * Memory: none that can be executed. Processes: a child that looks at an
 * upload.
 */
static const struct {
	struct seccomp_call call;
	unsigned who;
} listed[] = {
    /* reading and writing */
    {{"read", CALL_ALWAYS}, WT},
    {{"readv", CALL_ALWAYS}, WT},
    {{"pread64", CALL_ALWAYS}, WT},
    {{"write", CALL_ALWAYS}, WTL},
    {{"writev", CALL_ALWAYS}, WT},
    {{"pwrite64", CALL_ALWAYS}, WT},
    {{"lseek", CALL_ALWAYS}, WT},
    {{"_llseek", CALL_ALWAYS}, WT},
    {{"close", CALL_ALWAYS}, WTL},
    {{"close_range", CALL_ALWAYS}, WT},
    {{"dup2", CALL_ALWAYS}, WT},
    {{"dup3", CALL_ALWAYS}, WT},
    {{"pipe", CALL_ALWAYS}, WT},
    {{"pipe2", CALL_ALWAYS}, WT},
    {{"fcntl", CALL_ALWAYS}, WT},
    {{"fcntl64", CALL_ALWAYS}, WT},
    {{"flock", CALL_ALWAYS}, WT},
    {{"fsync", CALL_ALWAYS}, WT},
    {{"fdatasync", CALL_ALWAYS}, WT},
    {{"ftruncate", CALL_ALWAYS}, WT},
    {{"ftruncate64", CALL_ALWAYS}, WT},
    {{"fallocate", CALL_ALWAYS}, WT},
    /* names of files */
    {{"open", CALL_ALWAYS}, WT},
    {{"openat", CALL_ALWAYS}, WT},
    {{"stat", CALL_ALWAYS}, WT},
    {{"stat64", CALL_ALWAYS}, WT},
    {{"lstat", CALL_ALWAYS}, WT},
    {{"lstat64", CALL_ALWAYS}, WT},
    {{"fstat", CALL_ALWAYS}, WT},
    {{"fstat64", CALL_ALWAYS}, WT},
    {{"newfstatat", CALL_ALWAYS}, WT},
    {{"fstatat64", CALL_ALWAYS}, WT},
    {{"statx", CALL_ALWAYS}, WT},
    {{"access", CALL_ALWAYS}, WT},
    {{"faccessat", CALL_ALWAYS}, WT},
    {{"faccessat2", CALL_ALWAYS}, WT},
    {{"readlink", CALL_ALWAYS}, WT},
    {{"readlinkat", CALL_ALWAYS}, WT},
    {{"getcwd", CALL_ALWAYS}, WT},
    {{"link", CALL_ALWAYS}, WT},
    {{"linkat", CALL_ALWAYS}, WT},
    {{"unlink", CALL_ALWAYS}, WT},
    {{"unlinkat", CALL_ALWAYS}, WT},
    {{"rename", CALL_ALWAYS}, WT},
    {{"renameat", CALL_ALWAYS}, WT},
    {{"renameat2", CALL_ALWAYS}, WT},
    {{"fchmod", CALL_ALWAYS}, WT}, /* SQLite: a log gets its database's mode */
    {{"fchown", CALL_ALWAYS}, WT},
    {{"fchown32", CALL_ALWAYS}, WT},
    /* folders, and what a night asks of them */
    {{"mkdir", CALL_ALWAYS}, T},
    {{"mkdirat", CALL_ALWAYS}, T},
    {{"rmdir", CALL_ALWAYS}, T},
    {{"getdents", CALL_ALWAYS}, T},
    {{"getdents64", CALL_ALWAYS}, T},
    {{"utimensat", CALL_ALWAYS}, T},
    {{"utimensat_time64", CALL_ALWAYS}, T},
    {{"statfs", CALL_ALWAYS}, T},
    {{"statfs64", CALL_ALWAYS}, T},
    {{"fstatfs", CALL_ALWAYS}, T},
    {{"fstatfs64", CALL_ALWAYS}, T},
    /* clients */
    {{"accept", CALL_ALWAYS}, W},
    {{"accept4", CALL_ALWAYS}, W},
    {{"recvfrom", CALL_ALWAYS}, W | L},
    {{"recvmsg", CALL_ALWAYS}, W | L},
    {{"sendto", CALL_ALWAYS}, WT},
    {{"sendmsg", CALL_ALWAYS}, WT},
    {{"shutdown", CALL_ALWAYS}, W},
    {{"getsockname", CALL_ALWAYS}, W},
    {{"getpeername", CALL_ALWAYS}, W},
    {{"getsockopt", CALL_ALWAYS}, W},
    {{"setsockopt", CALL_ALWAYS}, W},
    {{"epoll_ctl", CALL_ALWAYS}, W},
    {{"epoll_wait", CALL_ALWAYS}, W},
    {{"epoll_pwait", CALL_ALWAYS}, W},
    {{"epoll_pwait2", CALL_ALWAYS}, W},
    {{"poll", CALL_ALWAYS}, WTL},
    {{"ppoll", CALL_ALWAYS}, WTL},
    {{"ppoll_time64", CALL_ALWAYS}, WTL},
    /* memory */
    {{"brk", CALL_ALWAYS}, WTL},
    {{"mmap", CALL_DATA_ONLY}, WTL},
    {{"mmap2", CALL_DATA_ONLY}, WTL},
    {{"mprotect", CALL_DATA_ONLY}, WTL},
    {{"mremap", CALL_ALWAYS}, WTL},
    {{"munmap", CALL_ALWAYS}, WTL},
    {{"madvise", CALL_ALWAYS}, WTL},
    /* time and chance */
    {{"clock_gettime", CALL_ALWAYS}, WTL},
    {{"clock_gettime64", CALL_ALWAYS}, WTL},
    {{"clock_nanosleep", CALL_ALWAYS}, WT},
    {{"clock_nanosleep_time64", CALL_ALWAYS}, WT},
    {{"nanosleep", CALL_ALWAYS}, WT},
    {{"gettimeofday", CALL_ALWAYS}, WTL},
    {{"time", CALL_ALWAYS}, WTL},
    {{"alarm", CALL_ALWAYS}, WT},
    {{"setitimer", CALL_ALWAYS}, WT}, /* alarm(3) on systems without alarm(2) */
    {{"getrandom", CALL_ALWAYS}, WT},
    /* the process itself */
    {{"getpid", CALL_ALWAYS}, WT},
    {{"getppid", CALL_ALWAYS}, WT},
    {{"gettid", CALL_ALWAYS}, WT},
    {{"getuid", CALL_ALWAYS}, WT},
    {{"geteuid", CALL_ALWAYS}, WT},
    {{"geteuid32", CALL_ALWAYS}, WT},
    {{"getgid", CALL_ALWAYS}, WT},
    {{"getegid", CALL_ALWAYS}, WT},
    {{"getrusage", CALL_ALWAYS}, WT},
    {{"sysinfo", CALL_ALWAYS}, WT}, /* the C library's qsort(3) */
    {{"uname", CALL_ALWAYS}, WT},
    {{"prlimit64", CALL_FOR_ITSELF}, WT},
    {{"getrlimit", CALL_ALWAYS}, WT},
    {{"setrlimit", CALL_ALWAYS}, WT},
    {{"ugetrlimit", CALL_ALWAYS}, WT},
    {{"rt_sigaction", CALL_ALWAYS}, WT},
    {{"rt_sigprocmask", CALL_ALWAYS}, WT},
    {{"rt_sigreturn", CALL_ALWAYS}, WTL},
    {{"sigreturn", CALL_ALWAYS}, WTL},
    {{"sigaltstack", CALL_ALWAYS}, WTL},
    {{"restart_syscall", CALL_ALWAYS}, WTL},
    {{"tgkill", CALL_BY_ITSELF}, WT}, /* abort(3) */
    {{"futex", CALL_ALWAYS}, WTL},
    {{"futex_time64", CALL_ALWAYS}, WT},
    {{"sched_yield", CALL_ALWAYS}, WT},
    {{"exit", CALL_ALWAYS}, WTL},
    {{"exit_group", CALL_ALWAYS}, WTL},
    /* a child, and its narrower sandbox */
    {{"set_robust_list", CALL_ALWAYS}, WT}, /* the C library's fork(3) */
    {{"wait4", CALL_ALWAYS}, WT},
    {{"prctl", CALL_ALWAYS}, WT},
    {{"seccomp", CALL_ALWAYS}, WT},
#ifdef SANITIZED
    /* LeakSanitizer: a thread that stops us and looks through our memory. */
    {{"clone", CALL_ALWAYS}, WT},
    {{"ptrace", CALL_ALWAYS}, WT},
    {{"getdents64", CALL_ALWAYS}, WT},
    {{"getdents", CALL_ALWAYS}, WT},
    {{"kill", CALL_ALWAYS}, WT},
    {{"arch_prctl", CALL_ALWAYS}, WT},
#else
    {{"clone", CALL_FORKING}, WT},
    {{"fork", CALL_ALWAYS}, WT},
#endif
};

static enum err
close_calls(enum sandbox_who who, struct sandbox_facts *facts)
{
	struct seccomp_call calls[sizeof(listed) / sizeof(*listed)];
	size_t n = 0;
	enum err err;

	for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++)
		if ((listed[i].who & 1U << who) != 0)
			calls[n++] = listed[i].call;
	err = seccomp_allow_only(calls, n, SECCOMP_REFUSE, &facts->calls);
	return err == ERR_MISSING ? OK : err;
}

enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	enum err err;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return ERR_IO;
	err =
	    capability_keep(bounds->who == SANDBOX_PARENT ? CAPABILITIES_PARENT
							  : CAPABILITIES_NONE);
	if (err == OK)
		err = close_files(bounds, facts);
	return err != OK || bounds->who == SANDBOX_PARENT
	    ? err
	    : close_calls(bounds->who, facts);
}

#endif
