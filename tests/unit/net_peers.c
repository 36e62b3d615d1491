/* SPDX-License-Identifier: ISC */
/*
 * The table of addresses: what one may have open and ask for, how it comes
 * to its own again with time, and that a worker's death leaves nothing. The
 * clock is the test's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/peers.h"

enum { MANY = 200000 };

static const struct peers_limits usual = {32, 20};
static const int64_t second_us = 1000000;
static struct peers *peers;
static struct peers_seat seat;
static int64_t now_us;

static struct ip
v4(unsigned n)
{
	const unsigned char bytes[] = {(unsigned char)(n >> 24),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 8),
	    (unsigned char)n};

	return ip_from_v4(bytes);
}

static struct ip
v6(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_read_v6(str_from(text), &ip), OK);
	return ip;
}

static int
set_up(void **state)
{
	(void)state;
	assert_int_equal(peers_new(&peers), OK);
	peers_sit(peers, usual, &seat);
	assert_non_null(seat.peers);
	now_us = 3600 * second_us;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	peers_free(peers);
	return 0;
}

static unsigned
open_of(struct ip ip)
{
	unsigned open, shaking;

	peers_count(peers, &ip, &open, &shaking);
	return open;
}

static unsigned
shaking_of(struct ip ip)
{
	unsigned open, shaking;

	peers_count(peers, &ip, &open, &shaking);
	return shaking;
}

static enum peers_word
enter(struct ip ip, struct visit *visit, unsigned *wait_s)
{
	*wait_s = 0;
	return peers_enter(&seat, &ip, false, now_us, visit, wait_s);
}

/* A connection that ends at once. */
static enum peers_word
call(struct ip ip)
{
	struct visit visit;
	unsigned wait_s;
	enum peers_word word = enter(ip, &visit, &wait_s);

	assert_true((word == PEERS_WAIT) == (wait_s > 0));
	assert_true(wait_s <= 60);
	assert_true((word == PEERS_AWAY) == (visit.place == 0));
	peers_leave(&seat, &visit);
	assert_int_equal(open_of(ip), 0);
	return word;
}

static void
one_address_has_a_limit_of_connections(void **state)
{
	struct visit visits[64], more;
	unsigned wait_s;

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		enum peers_word word = enter(v4(1), &visits[i], &wait_s);
		assert_int_equal(word, i < 32 ? PEERS_WELCOME : PEERS_WAIT);
		if (word == PEERS_WAIT)
			assert_int_equal(wait_s, 5);
		now_us += second_us; /* none comes too quickly */
	}
	assert_int_equal(open_of(v4(1)), 64);
	assert_int_equal(enter(v4(1), &more, &wait_s), PEERS_AWAY);
	assert_int_equal(open_of(v4(1)), 64);
	assert_int_equal(call(v4(2)), PEERS_WELCOME); /* another's no loss */
	for (unsigned i = 0; i < 33; i++)
		peers_leave(&seat, &visits[i]);
	assert_int_equal(open_of(v4(1)), 31);
	assert_int_equal(enter(v4(1), &more, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v4(1)), 32);
	peers_leave(&seat, &more);
	for (unsigned i = 33; i < 64; i++)
		peers_leave(&seat, &visits[i]);
	assert_int_equal(open_of(v4(1)), 0);
	peers_leave(&seat, &visits[0]); /* a second time is nothing */
	assert_int_equal(open_of(v4(1)), 0);
}

static void
an_address_that_comes_too_quickly_waits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 120; i++)
		assert_int_equal(
		    call(v4(1)), i < 60 ? PEERS_WELCOME : PEERS_WAIT);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(call(v4(1)), PEERS_AWAY);
	assert_int_equal(call(v4(2)), PEERS_WELCOME);
	/* Who was sent away has not made it worse, nor who was told to wait:
	 * twenty a second are served, as many told to wait. */
	for (unsigned i = 0; i < 100; i++) {
		now_us += second_us / 20;
		assert_int_equal(call(v4(1)), PEERS_WELCOME);
		assert_int_equal(call(v4(1)), PEERS_WAIT);
		assert_int_equal(call(v4(1)), PEERS_AWAY);
	}
	now_us += 3600 * second_us;
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(call(v4(1)), PEERS_WELCOME);
		now_us += second_us / 20;
	}
	for (unsigned i = 0; i < 60; i++)
		assert_int_equal(call(v4(1)), PEERS_WELCOME);
	assert_int_equal(call(v4(1)), PEERS_WAIT);
}

/* The seconds that are said are those after which it goes on. */
static void
the_wait_that_is_told_is_enough(void **state)
{
	struct visit visit;
	unsigned wait_s;

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		assert_int_equal(call(v4(1)), PEERS_WELCOME);
	now_us += second_us / 20;
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WELCOME);
	peers_charge(&seat, &visit, 4 * second_us, now_us);
	peers_leave(&seat, &visit);
	assert_int_equal(call(v4(1)), PEERS_WAIT);
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WAIT);
	assert_int_equal(wait_s, 8);
	peers_leave(&seat, &visit);
	now_us += 7 * second_us;
	assert_int_equal(call(v4(1)), PEERS_WAIT);
	now_us += second_us;
	assert_int_equal(call(v4(1)), PEERS_WELCOME);
}

/* However long it is, a minute is what is said. */
static void
the_wait_that_is_told_is_a_minute_at_most(void **state)
{
	struct visit visit;
	unsigned wait_s;

	(void)state;
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WELCOME);
	peers_charge(&seat, &visit, 86400 * second_us, now_us);
	peers_leave(&seat, &visit);
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WAIT);
	assert_int_equal(wait_s, 60);
	peers_leave(&seat, &visit);
}

static void
one_address_has_a_limit_of_handshakes(void **state)
{
	struct visit visits[9];
	unsigned wait_s;

	(void)state;
	for (unsigned i = 0; i < 9; i++) {
		enum peers_word word;
		assert_int_equal(
		    enter(v4(1), &visits[i], &wait_s), PEERS_WELCOME);
		word = peers_shake(&seat, &visits[i], &wait_s);
		assert_int_equal(word,
		    i < 4       ? PEERS_WELCOME
			: i < 8 ? PEERS_WAIT
				: PEERS_AWAY);
		assert_int_equal(wait_s, word == PEERS_WAIT ? 1 : 0);
	}
	assert_int_equal(open_of(v4(1)), 8);
	assert_int_equal(shaking_of(v4(1)), 8);
	for (unsigned i = 0; i < 5; i++)
		peers_shaken(&seat, &visits[i]);
	assert_int_equal(shaking_of(v4(1)), 3);
	peers_shaken(&seat, &visits[0]); /* a second time is nothing */
	assert_int_equal(shaking_of(v4(1)), 3);
	wait_s = 7;
	assert_int_equal(
	    peers_shake(&seat, &visits[0], &wait_s), PEERS_WELCOME);
	assert_int_equal(peers_shake(&seat, &visits[1], &wait_s), PEERS_WAIT);
	assert_int_equal(wait_s, 7); /* the longer one stays */
	for (unsigned i = 0; i < 8; i++)
		peers_leave(&seat, &visits[i]); /* some in their handshake */
	assert_int_equal(shaking_of(v4(1)), 0);
	assert_int_equal(open_of(v4(1)), 0);
}

static void
slow_requests_cost_half_a_worker_at_most(void **state)
{
	struct visit visit;
	unsigned wait_s, served = 0;

	(void)state;
	/* A thousand quick ones cost nothing but their connections. */
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WELCOME);
		peers_charge(&seat, &visit, 1000, now_us);
		peers_leave(&seat, &visit);
		now_us += second_us / 20;
	}
	/* Who always asks for the slowest page there is has half a worker. */
	for (unsigned i = 0; i < 1000; i++) {
		if (enter(v4(2), &visit, &wait_s) == PEERS_WELCOME) {
			now_us += second_us;
			peers_charge(&seat, &visit, second_us, now_us);
			served++;
		} else {
			assert_in_range(wait_s, 1, 60);
			now_us += second_us;
		}
		peers_leave(&seat, &visit);
	}
	assert_in_range(served, 450, 550);
}

static void
a_crowded_worker_takes_one_of_each_address(void **state)
{
	struct ip mine = v4(1), other = v4(2);
	struct visit first, second, third;
	unsigned wait_s = 0;

	(void)state;
	assert_int_equal(
	    peers_enter(&seat, &mine, true, now_us, &first, &wait_s),
	    PEERS_WELCOME);
	assert_int_equal(
	    peers_enter(&seat, &mine, true, now_us, &second, &wait_s),
	    PEERS_AWAY);
	assert_int_equal(
	    peers_enter(&seat, &other, true, now_us, &second, &wait_s),
	    PEERS_WELCOME);
	assert_int_equal(
	    peers_enter(&seat, &mine, false, now_us, &third, &wait_s),
	    PEERS_WELCOME);
	peers_leave(&seat, &first);
	peers_leave(&seat, &second);
	peers_leave(&seat, &third);
}

static void
a_network_of_64_bits_is_one_address(void **state)
{
	struct visit visit;
	unsigned wait_s;

	(void)state;
	assert_int_equal(
	    enter(v6("2001:db8:0:1::1"), &visit, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v6("2001:db8:0:1:ffff::2")), 1);
	assert_int_equal(open_of(v6("2001:db8:0:2::1")), 0);
	peers_leave(&seat, &visit);
	assert_int_equal(enter(v6("::1"), &visit, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v6("::1")), 1);
	peers_leave(&seat, &visit);
	assert_int_equal(
	    enter(v6("::ffff:0.0.0.1"), &visit, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v4(1)), 1);
	assert_int_equal(open_of(v4(2)), 0);
	assert_int_equal(open_of(v4(0)), 0);
	assert_int_equal(open_of(v6("::1")), 0);
	peers_leave(&seat, &visit);
}

static void
addresses_beyond_the_table_are_welcome(void **state)
{
	struct visit kept, *visits = calloc(MANY, sizeof(*visits));
	unsigned wait_s, counted = 0;

	(void)state;
	assert_non_null(visits);
	assert_int_equal(enter(v4(MANY), &kept, &wait_s), PEERS_WELCOME);
	/* Those that have gone leave their places to others. */
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(call(v4(i)), PEERS_WELCOME);
		now_us += 50;
	}
	assert_int_equal(open_of(v4(MANY)), 1);
	/* Those that stay keep them; the others are welcome, not counted. */
	now_us += second_us;
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(
		    enter(v4(i), &visits[i], &wait_s), PEERS_WELCOME);
		counted += visits[i].place != 0;
	}
	assert_in_range(counted, 10000, 20000);
	assert_int_equal(open_of(v4(MANY)), 1);
	for (unsigned i = 0; i < MANY; i++)
		peers_leave(&seat, &visits[i]);
	peers_leave(&seat, &kept);
	for (unsigned i = 0; i <= MANY; i++)
		assert_int_equal(open_of(v4(i)), 0);
	free(visits);
}

static void
without_a_table_everybody_is_welcome(void **state)
{
	struct peers_seat none;
	struct ip ip = v4(1);
	struct visit visit;
	unsigned wait_s = 0;

	(void)state;
	peers_sit(NULL, usual, &none);
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(
		    peers_enter(&none, &ip, true, now_us, &visit, &wait_s),
		    PEERS_WELCOME);
		assert_int_equal(
		    peers_shake(&none, &visit, &wait_s), PEERS_WELCOME);
		peers_charge(&none, &visit, second_us, now_us);
	}
	peers_leave(&none, &visit);
	peers_free(NULL);
}

/* ---- several workers ------------------------------------------------- */

/* A process that has a seat and two connections, one in its handshake, and
 * then does as it is told. Its number. */
static pid_t
fork_worker(struct ip ip, void (*then)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct visit first, second;
		unsigned wait_s;

		peers_sit(peers, usual, &seat);
		if (peers_enter(&seat, &ip, false, now_us, &first, &wait_s) !=
			PEERS_WELCOME ||
		    peers_enter(&seat, &ip, false, now_us, &second, &wait_s) !=
			PEERS_WELCOME ||
		    peers_shake(&seat, &second, &wait_s) != PEERS_WELCOME ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		then();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
stay(void)
{
	for (;;)
		pause();
}

/* Come and go as fast as can be. */
static void
hurry(void)
{
	for (unsigned i = 0;; i++) {
		struct ip ip = v4(i % 40000);
		struct visit visit;
		unsigned wait_s;

		now_us += 100;
		(void)peers_enter(&seat, &ip, false, now_us, &visit, &wait_s);
		peers_leave(&seat, &visit);
	}
}

static void
end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	peers_ended(peers, pid);
}

static void
a_killed_worker_leaves_no_connections(void **state)
{
	struct visit mine;
	unsigned wait_s;
	pid_t first, second;

	(void)state;
	assert_int_equal(enter(v4(7), &mine, &wait_s), PEERS_WELCOME);
	first = fork_worker(v4(7), stay);
	second = fork_worker(v4(7), stay);
	assert_int_equal(open_of(v4(7)), 5);
	assert_int_equal(shaking_of(v4(7)), 2);
	end(first);
	assert_int_equal(open_of(v4(7)), 3);
	assert_int_equal(shaking_of(v4(7)), 1);
	peers_ended(peers, first); /* nobody's by now */
	assert_int_equal(open_of(v4(7)), 3);
	end(second);
	assert_int_equal(open_of(v4(7)), 1);
	assert_int_equal(shaking_of(v4(7)), 0);
	peers_leave(&seat, &mine);
	/* Their seats are taken again: many more lives than seats. */
	for (unsigned i = 0; i < 300; i++) {
		pid_t pid = fork_worker(v4(9), stay);
		assert_int_equal(open_of(v4(9)), 2);
		end(pid);
		now_us += second_us;
	}
	assert_int_equal(open_of(v4(9)), 0);
}

/* Whenever a worker is killed, nothing of it is left. */
static void
a_worker_killed_at_work_leaves_nothing(void **state)
{
	unsigned sum = 0;

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		pid_t first = fork_worker(v4(50000), hurry);
		pid_t second = fork_worker(v4(50000), hurry);
		usleep(2000 + i * 37);
		end(first);
		usleep(500);
		end(second);
		now_us += 60 * second_us;
	}
	for (unsigned i = 0; i <= 50000; i++)
		sum += open_of(v4(i)) + shaking_of(v4(i));
	assert_int_equal(sum, 0);
	assert_int_equal(call(v4(1)), PEERS_WELCOME);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    EACH(one_address_has_a_limit_of_connections),
	    EACH(an_address_that_comes_too_quickly_waits),
	    EACH(the_wait_that_is_told_is_enough),
	    EACH(the_wait_that_is_told_is_a_minute_at_most),
	    EACH(one_address_has_a_limit_of_handshakes),
	    EACH(slow_requests_cost_half_a_worker_at_most),
	    EACH(a_crowded_worker_takes_one_of_each_address),
	    EACH(a_network_of_64_bits_is_one_address),
	    EACH(addresses_beyond_the_table_are_welcome),
	    EACH(without_a_table_everybody_is_welcome),
	    EACH(a_killed_worker_leaves_no_connections),
	    EACH(a_worker_killed_at_work_leaves_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
