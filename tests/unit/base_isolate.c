/* SPDX-License-Identifier: ISC */
/* Work in a child that may hang, die, lie or want more than it gets. */
#define _GNU_SOURCE /* for MAP_ANONYMOUS beside POSIX */

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/isolate.h"

static char said[ISOLATE_ANSWER_MAX + 1];

/* Do this on some bytes; what was said is in said. */
static enum err
isolated(void (*look)(void *context, struct str bytes, struct buf *answer))
{
	static int context = 7;
	const struct isolate_work work = {look, &context};
	struct buf out;
	enum err err;

	buf_init(&out, sizeof(said) - 1);
	err = isolate_run(&work, STR("bytes"), &out);
	snprintf(said, sizeof(said), "%.*s", STR_ARG(buf_view(&out)));
	buf_release(&out);
	/* Nobody is left behind, and nobody else was waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return err;
}

static void
say(void *context, struct str bytes, struct buf *answer)
{
	buf_printf(answer, "%d %.*s", *(int *)context, STR_ARG(bytes));
}

static void
say_nothing(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)answer;
}

static void
a_child_hands_over_its_bytes(void **state)
{
	(void)state;
	assert_int_equal(isolated(say), OK);
	assert_string_equal(said, "7 bytes");
	assert_int_equal(isolated(say_nothing), OK);
	assert_string_equal(said, "");
}

static void
spin(void *context, struct str bytes, struct buf *answer)
{
	volatile uint64_t n = 0;

	(void)context;
	(void)bytes;
	(void)answer;
	for (;;)
		n++;
}

static void
crash(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)answer;
	raise(SIGSEGV);
	for (;;) /* kill(2) is not ours to call: one way or the other */
		;
}

static void
end_early(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	buf_text(answer, "good");
	_exit(1);
}

static void
say_too_much(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)answer;
	for (int i = 0; i < 1000; i++)
		if (write(0, "0123456789", 10) != 10)
			return;
}

static void
fill_the_answer(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	for (int i = 0; i < 1000; i++)
		buf_text(answer, "0123456789");
}

static void
a_child_that_ends_badly_hands_over_nothing(void **state)
{
	(void)state;
	assert_int_equal(isolated(spin), ERR_LATE);
	assert_int_equal(isolated(crash), ERR_INPUT);
	assert_int_equal(isolated(end_early), ERR_INPUT);
	assert_int_equal(isolated(say_too_much), ERR_INPUT);
	assert_int_equal(isolated(fill_the_answer), ERR_INPUT);
	assert_string_equal(said, "");
	/* And the next is served as if nothing had been. */
	assert_int_equal(isolated(say), OK);
}

#ifdef HAVE_SECCOMP
static void
open_a_file(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != 0)
		buf_text(answer, "still here");
}

static void
open_a_socket(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)socket(AF_INET, SOCK_STREAM, 0);
	buf_text(answer, "still here");
}

static void
fork_again(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	if (fork() == 0)
		_exit(0);
	buf_text(answer, "still here");
}

static void
sleep_long(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	sleep(1000);
	buf_text(answer, "still here");
}
#endif

/* Descriptors that were open are gone: a read is no way to more bytes. */
static void
look_at_files(void *context, struct str bytes, struct buf *answer)
{
	(void)context;
	(void)bytes;
	for (int fd = 1; fd < 100; fd++)
		if (write(fd, "x", 0) == 0 || errno != EBADF)
			buf_printf(answer, "%d is open. ", fd);
}

static void
a_child_opens_and_inherits_no_file(void **state)
{
	int fd = open("/dev/null", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(isolated(look_at_files), OK);
	assert_string_equal(said, "");
	close(fd);
#ifdef HAVE_SECCOMP
	assert_int_equal(isolated(open_a_file), ERR_INPUT);
	assert_int_equal(isolated(open_a_socket), ERR_INPUT);
	assert_int_equal(isolated(fork_again), ERR_INPUT);
	assert_int_equal(isolated(sleep_long), ERR_INPUT);
#endif
}

static void
take_memory(void *context, struct str bytes, struct buf *answer)
{
	const size_t mib = 1024 * 1024;
	size_t got = 0;

	(void)context;
	(void)bytes;
	while (got < 1024 &&
	    mmap(NULL, mib, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0) != MAP_FAILED)
		got++;
	buf_printf(answer, "%s",
	    got < 32       ? "too little"
		: got > 80 ? "too much"
			   : "enough");
}

static void
a_child_has_limited_memory(void **state)
{
	(void)state;
	assert_int_equal(isolated(take_memory), OK);
	assert_string_equal(said, "enough");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_child_hands_over_its_bytes),
	    cmocka_unit_test(a_child_that_ends_badly_hands_over_nothing),
	    cmocka_unit_test(a_child_opens_and_inherits_no_file),
	    cmocka_unit_test(a_child_has_limited_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
