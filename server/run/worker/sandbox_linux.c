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
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <unistd.h>

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
		set.files |= file_write | folder_write | file_never;
		set.net |= LANDLOCK_ACCESS_NET_BIND_TCP;
	}
	if (who >= SANDBOX_WORKER) {
		set.files |= file_read;
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

/* Give rights back for one file, or for all files below a folder. */
static enum err
except(
    int ruleset, const struct ruleset *set, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = rights & set->files,
	    .parent_fd = open(path, O_PATH | O_CLOEXEC)};
	long code;

	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == EACCES ? OK : ERR_IO;
	code = syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return code == 0 ? OK : ERR_IO;
}

static enum err
add_exceptions(
    int ruleset, const struct ruleset *set, const struct sandbox_bounds *f)
{
	uint64_t below_state = file_read | file_write;
	enum err err = OK;

	if (f->who == SANDBOX_REHEARSAL)
		below_state |= folder_write; /* for its copy of the database */
	if (f->state != NULL)
		err = except(ruleset, set, f->state, below_state);
	if (err == OK && f->folder != NULL)
		err = except(ruleset, set, f->folder, file_read);
	/* SQLite reads random numbers there for the names of its files. */
	if (err == OK && f->who == SANDBOX_WORKER)
		err = except(
		    ruleset, set, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
#ifdef SANITIZED
	/* The sanitizers read about their own process, and symbols. */
	if (err == OK && f->who >= SANDBOX_WORKER)
		err = except(ruleset, set, "/proc/self", file_read);
	if (err == OK && f->who >= SANDBOX_WORKER)
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

/*
 * The system calls that serving needs, and no others. Files: those of SQLite
 * and static ones. Sockets: the inherited ones and the connections accepted
 * from them; no new ones. Memory: none that can be executed. Processes: a child
 * that looks at an upload.
 */
static const struct seccomp_call worker_calls[] = {
    /* reading and writing */
    {"read", CALL_ALWAYS},
    {"readv", CALL_ALWAYS},
    {"pread64", CALL_ALWAYS},
    {"write", CALL_ALWAYS},
    {"writev", CALL_ALWAYS},
    {"pwrite64", CALL_ALWAYS},
    {"lseek", CALL_ALWAYS},
    {"_llseek", CALL_ALWAYS},
    {"close", CALL_ALWAYS},
    {"close_range", CALL_ALWAYS},
    {"dup2", CALL_ALWAYS},
    {"dup3", CALL_ALWAYS},
    {"pipe", CALL_ALWAYS},
    {"pipe2", CALL_ALWAYS},
    {"fcntl", CALL_ALWAYS},
    {"fcntl64", CALL_ALWAYS},
    {"flock", CALL_ALWAYS},
    {"fsync", CALL_ALWAYS},
    {"fdatasync", CALL_ALWAYS},
    {"ftruncate", CALL_ALWAYS},
    {"ftruncate64", CALL_ALWAYS},
    {"fallocate", CALL_ALWAYS},
    /* names of files */
    {"open", CALL_ALWAYS},
    {"openat", CALL_ALWAYS},
    {"stat", CALL_ALWAYS},
    {"stat64", CALL_ALWAYS},
    {"lstat", CALL_ALWAYS},
    {"lstat64", CALL_ALWAYS},
    {"fstat", CALL_ALWAYS},
    {"fstat64", CALL_ALWAYS},
    {"newfstatat", CALL_ALWAYS},
    {"fstatat64", CALL_ALWAYS},
    {"statx", CALL_ALWAYS},
    {"access", CALL_ALWAYS},
    {"faccessat", CALL_ALWAYS},
    {"faccessat2", CALL_ALWAYS},
    {"readlink", CALL_ALWAYS},
    {"readlinkat", CALL_ALWAYS},
    {"getcwd", CALL_ALWAYS},
    {"link", CALL_ALWAYS},
    {"linkat", CALL_ALWAYS},
    {"unlink", CALL_ALWAYS},
    {"unlinkat", CALL_ALWAYS},
    {"rename", CALL_ALWAYS},
    {"renameat", CALL_ALWAYS},
    {"renameat2", CALL_ALWAYS},
    {"fchmod", CALL_ALWAYS}, /* SQLite: a log gets its database's mode */
    {"fchown", CALL_ALWAYS},
    {"fchown32", CALL_ALWAYS},
    /* clients */
    {"accept", CALL_ALWAYS},
    {"accept4", CALL_ALWAYS},
    {"recvfrom", CALL_ALWAYS},
    {"recvmsg", CALL_ALWAYS},
    {"sendto", CALL_ALWAYS},
    {"sendmsg", CALL_ALWAYS},
    {"shutdown", CALL_ALWAYS},
    {"getsockname", CALL_ALWAYS},
    {"getpeername", CALL_ALWAYS},
    {"getsockopt", CALL_ALWAYS},
    {"setsockopt", CALL_ALWAYS},
    {"epoll_ctl", CALL_ALWAYS},
    {"epoll_wait", CALL_ALWAYS},
    {"epoll_pwait", CALL_ALWAYS},
    {"epoll_pwait2", CALL_ALWAYS},
    {"poll", CALL_ALWAYS},
    {"ppoll", CALL_ALWAYS},
    {"ppoll_time64", CALL_ALWAYS},
    /* memory */
    {"brk", CALL_ALWAYS},
    {"mmap", CALL_DATA_ONLY},
    {"mmap2", CALL_DATA_ONLY},
    {"mprotect", CALL_DATA_ONLY},
    {"mremap", CALL_ALWAYS},
    {"munmap", CALL_ALWAYS},
    {"madvise", CALL_ALWAYS},
    /* time and chance */
    {"clock_gettime", CALL_ALWAYS},
    {"clock_gettime64", CALL_ALWAYS},
    {"clock_nanosleep", CALL_ALWAYS},
    {"clock_nanosleep_time64", CALL_ALWAYS},
    {"nanosleep", CALL_ALWAYS},
    {"gettimeofday", CALL_ALWAYS},
    {"time", CALL_ALWAYS},
    {"alarm", CALL_ALWAYS},
    {"setitimer", CALL_ALWAYS}, /* alarm(3) on systems without alarm(2) */
    {"getrandom", CALL_ALWAYS},
    /* the process itself */
    {"getpid", CALL_ALWAYS},
    {"getppid", CALL_ALWAYS},
    {"gettid", CALL_ALWAYS},
    {"getuid", CALL_ALWAYS},
    {"geteuid", CALL_ALWAYS},
    {"geteuid32", CALL_ALWAYS},
    {"getgid", CALL_ALWAYS},
    {"getegid", CALL_ALWAYS},
    {"getrusage", CALL_ALWAYS},
    {"sysinfo", CALL_ALWAYS}, /* the C library's qsort(3) */
    {"uname", CALL_ALWAYS},
    {"prlimit64", CALL_FOR_ITSELF},
    {"getrlimit", CALL_ALWAYS},
    {"setrlimit", CALL_ALWAYS},
    {"ugetrlimit", CALL_ALWAYS},
    {"rt_sigaction", CALL_ALWAYS},
    {"rt_sigprocmask", CALL_ALWAYS},
    {"rt_sigreturn", CALL_ALWAYS},
    {"sigreturn", CALL_ALWAYS},
    {"sigaltstack", CALL_ALWAYS},
    {"restart_syscall", CALL_ALWAYS},
    {"tgkill", CALL_ALWAYS}, /* abort(3) */
    {"futex", CALL_ALWAYS},
    {"futex_time64", CALL_ALWAYS},
    {"sched_yield", CALL_ALWAYS},
    {"exit", CALL_ALWAYS},
    {"exit_group", CALL_ALWAYS},
    /* a child, and its narrower sandbox */
    {"set_robust_list", CALL_ALWAYS}, /* the C library's fork(3) */
    {"wait4", CALL_ALWAYS},
    {"prctl", CALL_ALWAYS},
    {"seccomp", CALL_ALWAYS},
#ifdef SANITIZED
    /* LeakSanitizer: a thread that stops us and looks through our memory. */
    {"clone", CALL_ALWAYS},
    {"ptrace", CALL_ALWAYS},
    {"getdents64", CALL_ALWAYS},
    {"getdents", CALL_ALWAYS},
    {"kill", CALL_ALWAYS},
    {"arch_prctl", CALL_ALWAYS},
#else
    {"clone", CALL_FORKING},
    {"fork", CALL_ALWAYS},
#endif
};

/* Messages in, lines out. */
static const struct seccomp_call logger_calls[] = {
    {"recvfrom", CALL_ALWAYS},
    {"recvmsg", CALL_ALWAYS},
    {"write", CALL_ALWAYS},
    {"close", CALL_ALWAYS},
    {"poll", CALL_ALWAYS},
    {"ppoll", CALL_ALWAYS},
    {"ppoll_time64", CALL_ALWAYS},
    {"brk", CALL_ALWAYS},
    {"mmap", CALL_DATA_ONLY},
    {"mmap2", CALL_DATA_ONLY},
    {"mprotect", CALL_DATA_ONLY},
    {"mremap", CALL_ALWAYS},
    {"munmap", CALL_ALWAYS},
    {"madvise", CALL_ALWAYS},
    {"clock_gettime", CALL_ALWAYS},
    {"clock_gettime64", CALL_ALWAYS},
    {"gettimeofday", CALL_ALWAYS},
    {"time", CALL_ALWAYS},
    {"futex", CALL_ALWAYS},
    {"rt_sigreturn", CALL_ALWAYS},
    {"sigreturn", CALL_ALWAYS},
    {"restart_syscall", CALL_ALWAYS},
    {"sigaltstack", CALL_ALWAYS}, /* AddressSanitizer, at the exit */
    {"exit", CALL_ALWAYS},
    {"exit_group", CALL_ALWAYS},
};

enum err
sandbox_enter(const struct sandbox_bounds *bounds, struct sandbox_facts *facts)
{
	enum err err;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return ERR_IO;
	err = close_files(bounds, facts);
	if (err != OK || bounds->who < SANDBOX_WORKER)
		return err;
	if (bounds->who == SANDBOX_LOGGER)
		err = seccomp_allow_only(logger_calls,
		    sizeof(logger_calls) / sizeof(logger_calls[0]),
		    SECCOMP_REFUSE, &facts->calls);
	else
		err = seccomp_allow_only(worker_calls,
		    sizeof(worker_calls) / sizeof(worker_calls[0]),
		    SECCOMP_REFUSE, &facts->calls);
	return err == ERR_MISSING ? OK : err;
}

#endif
