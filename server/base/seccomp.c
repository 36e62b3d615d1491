/* SPDX-License-Identifier: ISC */
/*
 * seccomp(2) through libseccomp. A refused call raises SIGSYS; the handler of
 * SIGSYS notes the call's number and makes the call fail. So a refused call can
 * be logged, which EPERM from the kernel would not allow. The handler needs the
 * names of the processor's registers. On a processor that is not listed here
 * the kernel gives EPERM, and no number is noted.
 */
#define _GNU_SOURCE /* for the names of registers */

#include "base/seccomp.h"

#ifdef HAVE_SECCOMP

#include <sys/mman.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/banned.h"
#include "base/log.h"

#if defined(__x86_64__)
#define RESULT_OF(context) (context)->uc_mcontext.gregs[REG_RAX]
#elif defined(__aarch64__)
#define RESULT_OF(context) (context)->uc_mcontext.regs[0]
#endif

enum { NUMBERS = 1024 }; /* twice as many as any Linux has system calls */
enum { UNSEEN, SEEN, TOLD };

static volatile sig_atomic_t refused[NUMBERS];

#ifdef RESULT_OF
static void
on_refused(int signal_number, siginfo_t *info, void *context)
{
	ucontext_t *machine = context;
	unsigned number = (unsigned)info->si_syscall;

	(void)signal_number;
	if (number >= NUMBERS)
		number = NUMBERS - 1;
	if (refused[number] == UNSEEN)
		refused[number] = SEEN;
	RESULT_OF(machine) = -EPERM;
}

static uint32_t
refuse(void)
{
	struct sigaction action = {
	    .sa_sigaction = on_refused, .sa_flags = SA_SIGINFO | SA_NODEFER};

	sigemptyset(&action.sa_mask);
	return sigaction(SIGSYS, &action, NULL) == 0 ? SCMP_ACT_TRAP
						     : SCMP_ACT_ERRNO(EPERM);
}
#else
static uint32_t
refuse(void)
{
	return SCMP_ACT_ERRNO(EPERM);
}
#endif

/* The flags that a fork may have: the signal at the child's end, and where the
 * child's process id is written. */
#define FORK_FLAGS \
	((uint64_t)(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | 0xFF))

static int
allow(scmp_filter_ctx filter, const struct seccomp_call *call, int number)
{
	switch (call->when) {
	case CALL_FOR_ITSELF:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
		    SCMP_A0(SCMP_CMP_EQ, 0, 0));
	case CALL_BY_ITSELF:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
	case CALL_DATA_ONLY:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	case CALL_FORKING:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX & ~FORK_FLAGS, 0));
	default:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
	}
}

enum err
seccomp_allow_only(const struct seccomp_call *list, size_t n,
    enum seccomp_denied denied, unsigned *count)
{
	scmp_filter_ctx filter = seccomp_init(
	    denied == SECCOMP_KILL ? SCMP_ACT_KILL_PROCESS : refuse());
	unsigned allowed = 0;
	int code = 0;

	if (filter == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < n && code == 0; i++) {
		int number = seccomp_syscall_resolve_name(list[i].name);

		if (number < 0)
			continue;
		code = allow(filter, &list[i], number);
		allowed++;
	}
	/* The C library falls back to clone(2) only after ENOSYS. */
	if (code == 0 && denied == SECCOMP_REFUSE)
		code = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (code == 0)
		code = seccomp_load(filter);
	seccomp_release(filter);
	if (code == -ENOMEM)
		return ERR_NOMEM;
	if (code == -ENOSYS || code == -EINVAL)
		return ERR_MISSING; /* the kernel has no seccomp filters */
	if (code != 0)
		return ERR_IO;
	if (count != NULL)
		*count = allowed;
	return OK;
}

void
seccomp_report(void)
{
	for (int i = 0; i < NUMBERS; i++) {
		char *name;

		if (refused[i] != SEEN)
			continue;
		refused[i] = TOLD;
		name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
		log_error("sandbox: refused the system call %d (%s)", i,
		    name == NULL ? "unknown" : name);
		free(name);
	}
}

#else

enum err
seccomp_allow_only(const struct seccomp_call *list, size_t n,
    enum seccomp_denied denied, unsigned *count)
{
	(void)list;
	(void)n;
	(void)denied;
	(void)count;
	return ERR_MISSING;
}

void
seccomp_report(void)
{
}

#endif
