/* SPDX-License-Identifier: ISC */
/* capset(2) by number, since only libcap has a function for it. */
#include "base/capability.h"

#include <stdint.h>

#if __has_include(<linux/capability.h>)

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <errno.h>
#include <linux/capability.h>
#include <unistd.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif

#define BIT(capability) ((uint64_t)1 << (capability))

static const uint64_t kept_sets[] = {[CAPABILITIES_NONE] = 0,
    [CAPABILITIES_PARENT] = BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SETUID) |
	BIT(CAP_SETGID) | BIT(CAP_SETPCAP) | BIT(CAP_CHOWN) | BIT(CAP_FOWNER) |
	BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_KILL) |
	BIT(CAP_SYS_RESOURCE)};

static bool
read_sets(struct __user_cap_data_struct sets[2])
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};

	return syscall(SYS_capget, &header, sets) == 0;
}

/* Drop from the bounding set what is not kept. Only CAP_SETPCAP allows that;
 * without it no program gains anything either, since PR_SET_NO_NEW_PRIVS holds
 * for all our processes. */
static bool
bound(uint64_t kept)
{
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		if ((i >= 64 || (kept >> i & 1) == 0) &&
		    prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 && errno != EPERM)
			return false;
	return true;
}

static enum err
keep(uint64_t bounding, uint64_t permitted)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2];

	if (!bound(bounding) || !read_sets(sets))
		return ERR_IO;
	for (int i = 0; i < 2; i++) {
		sets[i].permitted &= (uint32_t)(permitted >> 32 * i);
		sets[i].effective &= sets[i].permitted;
		sets[i].inheritable = 0;
	}
	return syscall(SYS_capset, &header, sets) == 0 ? OK : ERR_IO;
}

enum err
capability_keep(enum capabilities kept)
{
	return keep(kept_sets[kept], kept_sets[kept]);
}

enum err
capability_seal(void)
{
	return keep(0, UINT64_MAX);
}

#else

enum err
capability_keep(enum capabilities kept)
{
	(void)kept;
	return OK;
}

enum err
capability_seal(void)
{
	return OK;
}

#endif
