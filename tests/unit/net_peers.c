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

#include "base/limits.h"
#include "net/peers.h"

enum { MANY = 200000, ROOM = 4096, READERS = 20, FEEDS = 10 };
enum { LANES = 3 };

static const struct peers_limits usual = {LIMIT_PEER_CONNECTIONS,
    LIMIT_PEER_RATE, LIMIT_PEER_WORK, LIMIT_COSTLY_WORK, LANES};
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
	return peers_count(peers, &ip);
}

static enum peers_word
enter(struct ip ip, struct visit *visit, unsigned *wait_s)
{
	return peers_enter(&seat, &ip, ROOM, now_us, visit, wait_s);
}

static void
leave(struct visit *visit, int64_t cpu_us)
{
	peers_leave(&seat, visit, cpu_us, now_us);
}

/* A connection that ends at once. */
static enum peers_word
call(struct ip ip, int64_t cpu_us)
{
	struct visit visit;
	unsigned wait_s;
	enum peers_word word = enter(ip, &visit, &wait_s);

	assert_true((word == PEERS_WAIT) == (wait_s > 0) || word == PEERS_AWAY);
	assert_true(wait_s <= 60);
	assert_true((word == PEERS_AWAY) == (visit.entry[0] == 0));
	leave(&visit, cpu_us);
	assert_int_equal(open_of(ip), 0);
	return word;
}

static void
one_address_has_a_limit_of_connections(void **state)
{
	enum { MOST = LIMIT_PEER_CONNECTIONS };
	struct visit visits[2 * MOST], more;
	unsigned wait_s;

	(void)state;
	for (unsigned i = 0; i < 2 * MOST; i++) {
		enum peers_word word = enter(v4(1), &visits[i], &wait_s);
		assert_int_equal(word, i < MOST ? PEERS_WELCOME : PEERS_WAIT);
		assert_int_equal(wait_s, i < MOST ? 0 : LIMIT_PEER_WAIT_S);
		now_us += second_us; /* none comes too quickly */
	}
	assert_int_equal(open_of(v4(1)), 2 * MOST);
	assert_int_equal(enter(v4(1), &more, &wait_s), PEERS_AWAY);
	assert_int_equal(open_of(v4(1)), 2 * MOST);
	assert_int_equal(call(v4(2), 0), PEERS_WELCOME); /* another's no loss */
	for (unsigned i = 0; i <= MOST; i++)
		leave(&visits[i], 0);
	assert_int_equal(open_of(v4(1)), MOST - 1);
	assert_int_equal(enter(v4(1), &more, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v4(1)), MOST);
	leave(&more, 0);
	for (unsigned i = MOST + 1; i < 2 * MOST; i++)
		leave(&visits[i], 0);
	assert_int_equal(open_of(v4(1)), 0);
	leave(&visits[0], 0); /* a second time is nothing */
	assert_int_equal(open_of(v4(1)), 0);
}

static void
an_address_that_comes_too_quickly_waits(void **state)
{
	enum { BURST = LIMIT_PEER_RATE * LIMIT_PEER_BURST_S };

	(void)state;
	for (unsigned i = 0; i < 2 * BURST; i++)
		assert_int_equal(
		    call(v4(1), 0), i < BURST ? PEERS_WELCOME : PEERS_WAIT);
	for (unsigned i = 0; i < BURST; i++)
		assert_int_equal(call(v4(1), 0), PEERS_AWAY);
	assert_int_equal(call(v4(2), 0), PEERS_WELCOME);
	/* Who was sent away has not made it worse, nor who was told to wait:
	 * a hundred a second are served, as many told to wait. */
	for (unsigned i = 0; i < LIMIT_PEER_RATE; i++) {
		now_us += second_us / LIMIT_PEER_RATE;
		assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
		assert_int_equal(call(v4(1), 0), PEERS_WAIT);
		assert_int_equal(call(v4(1), 0), PEERS_AWAY);
	}
	now_us += 3600 * second_us;
	for (unsigned i = 0; i < 10 * BURST; i++) {
		assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
		now_us += second_us / LIMIT_PEER_RATE;
	}
	for (unsigned i = 0; i < BURST; i++)
		assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
	assert_int_equal(call(v4(1), 0), PEERS_WAIT);
}

/* The seconds that are said are those after which it goes on. */
static void
the_wait_that_is_told_is_enough(void **state)
{
	struct visit visit;
	unsigned wait_s;

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
	now_us += second_us / 100;
	assert_int_equal(call(v4(1), 800 * 1000), PEERS_WELCOME);
	assert_int_equal(call(v4(1), 0), PEERS_WAIT);
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WAIT);
	assert_int_equal(wait_s, 8);
	leave(&visit, 0);
	now_us += 7 * second_us;
	assert_int_equal(call(v4(1), 0), PEERS_WAIT);
	now_us += second_us;
	assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
}

/* However long it is, a minute is what is said. */
static void
the_wait_that_is_told_is_a_minute_at_most(void **state)
{
	struct visit visit;
	unsigned wait_s;

	(void)state;
	/* As much as is paid back in so many seconds, and one more. */
	for (unsigned n = 0; n <= 1; n++) {
		const struct ip ip = v4(10 + n);
		const int64_t s = LIMIT_PEER_BURST_S + LIMIT_WAIT_MAX_S + n;

		assert_int_equal(
		    call(ip, s * second_us * LIMIT_PEER_WORK / 100),
		    PEERS_WELCOME);
		assert_int_equal(enter(ip, &visit, &wait_s), PEERS_WAIT);
		assert_int_equal(wait_s, LIMIT_WAIT_MAX_S);
		leave(&visit, 0);
		now_us += (s - LIMIT_PEER_BURST_S - 1) * second_us;
		assert_int_equal(call(ip, 0), PEERS_WAIT);
		now_us += 2 * second_us;
		assert_int_equal(call(ip, 0), PEERS_WELCOME);
	}
	assert_int_equal(call(v4(1), 86400 * second_us), PEERS_WELCOME);
	assert_int_equal(enter(v4(1), &visit, &wait_s), PEERS_WAIT);
	assert_int_equal(wait_s, LIMIT_WAIT_MAX_S);
	leave(&visit, 0);
}

/* ---- processor time -------------------------------------------------- */

/* What a crowd of clients takes of the processor within so many seconds. Each
 * second each of these addresses comes 200 times. */
static int64_t
time_taken(unsigned first, unsigned addresses, unsigned seconds, int64_t cpu_us)
{
	int64_t taken_us = 0;

	now_us += 86400 * second_us;
	for (unsigned i = 0; i < 200 * seconds; i++) {
		for (unsigned n = 0; n < addresses; n++)
			if (call(v4(first + n), cpu_us) != PEERS_AWAY)
				taken_us += cpu_us;
		now_us += second_us / 200;
	}
	return taken_us;
}

/* A tenth of a processor is served and as much is told to wait, and a burst of
 * each, whatever a connection costs: below a token's share, at it, above it,
 * and as much as the check of a key with a long exponent. */
static void
an_address_has_its_part_of_a_processor(void **state)
{
	static const int64_t costs_us[] = {
	    100, 700, 1000, 1500, 3000, 12360, 417000};

	(void)state;
	for (size_t i = 0; i < sizeof(costs_us) / sizeof(*costs_us); i++) {
		const int64_t taken_us = time_taken(1, 1, 100, costs_us[i]);
		const int64_t seconds = 100 + LIMIT_PEER_BURST_S;
		const int64_t most_us = 2 *
		    (seconds * second_us * LIMIT_PEER_WORK / 100 + costs_us[i]);

		assert_true(taken_us <= most_us);
		assert_true(taken_us >= 100 * 200 * costs_us[i] ||
		    taken_us >= most_us / 2);
	}
}

/* Many addresses of one network have four times that. */
static void
a_network_has_its_part_of_a_processor(void **state)
{
	int64_t taken_us = time_taken(0x0A000000, 100, 20, 5000);

	(void)state;
	assert_in_range(taken_us, 12 * second_us, 25 * second_us);
	taken_us = time_taken(0x0A0000FE, 4, 20, 5000); /* two networks */
	assert_in_range(taken_us, 12 * second_us, 25 * second_us);
}

/* A reader behind an address with many others opens ten feeds at once. */
static void
open_feeds(struct ip ip, int64_t cpu_us)
{
	struct visit visits[READERS * FEEDS];
	unsigned wait_s;

	for (size_t i = 0; i < READERS * FEEDS; i++)
		assert_int_equal(enter(ip, &visits[i], &wait_s), PEERS_WELCOME);
	for (size_t i = 0; i < READERS * FEEDS; i++)
		leave(&visits[i], cpu_us);
}

static void
many_readers_behind_one_address_are_served(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		open_feeds(v4(1), 4000);
		now_us += 10 * second_us;
	}
}

/*
 * Robots come through ten thousand addresses, each once per second, and ask for
 * costly pages. Readers behind one address open their feeds, and a reader with
 * a certificate asks for a costly page each second.
 */
static void
robots_through_many_addresses_leave_the_rest_to_readers(void **state)
{
	const int64_t cost_us = 20000;
	int64_t taken_us = 0;
	unsigned refused = 0;

	(void)state;
	for (unsigned s = 0; s < 20; s++) {
		if (s % 10 == 0)
			open_feeds(v4(1), 2000);
		assert_int_equal(peers_costly_wait(&seat, true, now_us), 0);
		peers_answered(&seat, cost_us, now_us);
		for (unsigned n = 0; n < 10000; n++) {
			assert_int_equal(
			    call(v4(0x0A000000 + n * 37), 1000), PEERS_WELCOME);
			now_us += second_us / 10000;
			if (peers_costly_wait(&seat, false, now_us) > 0) {
				refused++;
				continue;
			}
			peers_answered(&seat, cost_us, now_us);
			taken_us += cost_us;
		}
	}
	/* Half of the processor, and a burst of two seconds. */
	assert_in_range(taken_us, 10 * second_us, 11 * second_us + 2 * cost_us);
	assert_int_equal(refused + taken_us / cost_us, 200000);
}

static void
costly_pages_have_a_limit(void **state)
{
	const int64_t burst_us =
	    LIMIT_COSTLY_BURST_S * second_us * LIMIT_COSTLY_WORK / 100;
	const int64_t known_us =
	    LIMIT_COSTLY_KNOWN_S * second_us * LIMIT_COSTLY_WORK / 100;

	(void)state;
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
	/* Cheap answers are not counted, however many they are. */
	for (unsigned i = 0; i < 100000; i++)
		peers_answered(&seat, LIMIT_COSTLY_US, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
	/* Half a processor: a second of it is worth two. */
	peers_answered(&seat, burst_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
	peers_answered(&seat, LIMIT_COSTLY_US + 1, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 1);
	peers_answered(&seat, 3 * second_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 7);
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 0);
	now_us += 6 * second_us;
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 1);
	now_us += second_us;
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
	/* Readers with a certificate have their limit, too. */
	peers_answered(&seat, known_us - second_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 0);
	peers_answered(&seat, second_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 2);
	assert_int_equal(
	    peers_costly_wait(&seat, false, now_us), LIMIT_COSTLY_KNOWN_S);
	/* A minute at most is owed. */
	peers_answered(&seat, 3600 * second_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 58);
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 30);
	now_us += 60 * second_us;
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
}

/* However many want one, in whatever order they come and go. */
static void
lanes_have_a_number(void **state)
{
	struct lane lane[LANES], none = {0, 0};
	unsigned held = 0;

	(void)state;
	memset(lane, 0, sizeof(lane));
	for (unsigned n = 0, x = 1; n < 10000; n++) {
		const unsigned i = (x = x * 1103515245 + 12345) >> 16 & 3;

		now_us += x >> 20 & 15;
		if (i < LANES && lane[i].number > 0) {
			peers_leave_lane(&seat, &lane[i]);
			held--;
		} else if (i < LANES) {
			assert_true(peers_take_lane(&seat, now_us, &lane[i]));
			held++;
		}
		for (int a = 0; a < LANES; a++)
			for (int b = 0; b < a; b++)
				assert_true(lane[a].number == 0 ||
				    lane[a].number != lane[b].number);
		if (held == LANES)
			assert_false(peers_take_lane(&seat, now_us, &none));
	}
	assert_int_equal(none.number, 0);
	peers_leave_lane(&seat, &none);
}

/* Of a worker that has died or stopped, and of one in strange hands. */
static void
a_lane_is_free_again(void **state)
{
	const int64_t most_us = LIMIT_LANE_MS * INT64_C(1000);
	struct lane old[LANES], lane[LANES];

	(void)state;
	for (int i = 0; i < LANES; i++)
		assert_true(peers_take_lane(&seat, now_us, &old[i]));
	now_us += most_us - 1;
	assert_false(peers_take_lane(&seat, now_us, &lane[0]));
	now_us++;
	for (int i = 0; i < LANES; i++)
		assert_true(peers_take_lane(&seat, now_us, &lane[i]));
	/* The stopped worker goes on, and leaves what is another's now. */
	for (int i = 0; i < LANES; i++)
		peers_leave_lane(&seat, &old[i]);
	assert_false(peers_take_lane(&seat, now_us, &old[0]));
	for (int i = 0; i < LANES; i++)
		peers_leave_lane(&seat, &lane[i]);
	assert_true(peers_take_lane(&seat, now_us + 3600 * second_us, &old[0]));
	for (int i = 0; i < LANES; i++)
		assert_true(peers_take_lane(&seat, now_us, &lane[i]));
}

/* A worker in strange hands moves each bucket to the end of time. */
static void
nobody_waits_for_ever(void **state)
{
	const struct peers_limits strange = {256, 100, 1, 1, 0};
	const int64_t most_us = (INT64_MAX - 2 * now_us) / 100;
	struct peers_seat spoiler;
	struct visit visit;
	unsigned wait_s;

	(void)state;
	peers_sit(peers, strange, &spoiler);
	peers_answered(&spoiler, most_us, now_us);
	assert_int_equal(peers_costly_wait(&seat, false, now_us),
	    LIMIT_COSTLY_AHEAD_S - LIMIT_COSTLY_BURST_S);
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 30);
	peers_answered(&spoiler, most_us, now_us);
	now_us += 30 * second_us;
	assert_int_equal(peers_costly_wait(&seat, true, now_us), 30);
	now_us += LIMIT_COSTLY_AHEAD_S * second_us;
	assert_int_equal(peers_costly_wait(&seat, false, now_us), 0);
	for (int i = 0; i < 2; i++) {
		enum peers_word word = enter(v4(1), &visit, &wait_s);

		assert_int_equal(word, i == 0 ? PEERS_WELCOME : PEERS_WAIT);
		peers_leave(&spoiler, &visit, most_us, now_us);
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(call(v4(1), 0), PEERS_AWAY);
	/* The other addresses of that network are no better off. */
	assert_int_equal(call(v4(2), 0), PEERS_AWAY);
	assert_int_equal(call(v4(0x0A000001), 0), PEERS_WELCOME);
	now_us += (LIMIT_PEER_AHEAD_S - LIMIT_PEER_BURST_S) * second_us;
	assert_int_equal(call(v4(1), 0), PEERS_AWAY);
	now_us += second_us;
	assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
	assert_int_equal(call(v4(2), 0), PEERS_WELCOME);
}

/* ---- a worker that becomes full -------------------------------------- */

static void
nobody_has_more_connections_than_are_free(void **state)
{
	const struct ip mine = v4(1), neighbour = v4(2), other = v4(0x0A000001);
	struct visit visits[4], more;
	unsigned wait_s;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
		    peers_enter(&seat, &mine, 3, now_us, &visits[i], &wait_s),
		    PEERS_WELCOME);
	assert_int_equal(
	    peers_enter(&seat, &mine, 3, now_us, &more, &wait_s), PEERS_AWAY);
	assert_int_equal(open_of(mine), 3);
	/* The same holds for a network. */
	assert_int_equal(
	    peers_enter(&seat, &neighbour, 3, now_us, &more, &wait_s),
	    PEERS_AWAY);
	assert_int_equal(
	    peers_enter(&seat, &neighbour, 4, now_us, &visits[3], &wait_s),
	    PEERS_WELCOME);
	/* The last place is for whoever has none. */
	assert_int_equal(peers_enter(&seat, &other, 0, now_us, &more, &wait_s),
	    PEERS_WELCOME);
	leave(&more, 0);
	for (size_t i = 0; i < 4; i++)
		leave(&visits[i], 0);
	assert_int_equal(open_of(mine), 0);
}

/* ---- what one address is --------------------------------------------- */

/* Each of these addresses opens 256 connections. What the last is told. */
static enum peers_word
crowd(const struct ip *ips, size_t count, struct visit *visits)
{
	enum peers_word word = PEERS_WELCOME;
	unsigned wait_s;

	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; n < LIMIT_PEER_CONNECTIONS; n++)
			word = enter(ips[i],
			    &visits[LIMIT_PEER_CONNECTIONS * i + n], &wait_s);
	return word;
}

static void
a_network_has_four_times_as_much(void **state)
{
	const struct ip v4s[] = {v4(0x0A000000), v4(0x0A000001), v4(0x0A000002),
	    v4(0x0A0000FF), v4(0x0A000100)};
	const struct ip v6s[] = {v6("2001:db8:0::"), v6("2001:db8:0:1::"),
	    v6("2001:db8:0:2::"), v6("2001:db8:0:ffff::"), v6("2001:db8:1::")};
	struct visit *visits =
			 calloc(5 * LIMIT_PEER_CONNECTIONS, sizeof(*visits)),
		     more;
	unsigned wait_s;

	(void)state;
	assert_non_null(visits);
	for (int i = 0; i < 2; i++) {
		const struct ip *ips = i == 0 ? v4s : v6s;

		assert_int_equal(
		    crowd(ips, LIMIT_NETWORK_TIMES, visits), PEERS_WELCOME);
		assert_int_equal(
		    enter(i == 0 ? v4(0x0A000003) : v6("2001:db8:0:3::"), &more,
			&wait_s),
		    PEERS_WAIT);
		assert_int_equal(wait_s, LIMIT_PEER_WAIT_S);
		leave(&more, 0);
		assert_int_equal(enter(ips[4], &more, &wait_s), PEERS_WELCOME);
		leave(&more, 0);
		for (size_t n = 0;
		     n < LIMIT_NETWORK_TIMES * LIMIT_PEER_CONNECTIONS; n++)
			leave(&visits[n], 0);
	}
	free(visits);
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
	leave(&visit, 0);
	assert_int_equal(enter(v6("::1"), &visit, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v6("::1")), 1);
	leave(&visit, 0);
	assert_int_equal(
	    enter(v6("::ffff:0.0.0.1"), &visit, &wait_s), PEERS_WELCOME);
	assert_int_equal(open_of(v4(1)), 1);
	assert_int_equal(open_of(v4(2)), 0);
	assert_int_equal(open_of(v4(0)), 0);
	assert_int_equal(open_of(v6("::1")), 0);
	leave(&visit, 0);
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
		assert_int_equal(call(v4(i), 0), PEERS_WELCOME);
		now_us += 50;
	}
	assert_int_equal(open_of(v4(MANY)), 1);
	/* Those that stay keep them; the others are welcome, not counted. */
	now_us += second_us;
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(
		    enter(v4(i), &visits[i], &wait_s), PEERS_WELCOME);
		counted += visits[i].entry[0] != 0;
	}
	assert_in_range(counted, 20000, 33000);
	assert_int_equal(open_of(v4(MANY)), 1);
	for (unsigned i = 0; i < MANY; i++)
		leave(&visits[i], 0);
	leave(&kept, 0);
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
		    peers_enter(&none, &ip, 0, now_us, &visit, &wait_s),
		    PEERS_WELCOME);
		peers_leave(&none, &visit, second_us, now_us);
		peers_answered(&none, second_us, now_us);
		assert_int_equal(peers_costly_wait(&none, false, now_us), 0);
	}
	peers_free(NULL);
}

/* ---- several workers ------------------------------------------------- */

/* A process that has a seat and two connections, and then does as it is told.
 * Its number. */
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
		if (enter(ip, &first, &wait_s) != PEERS_WELCOME ||
		    enter(ip, &second, &wait_s) != PEERS_WELCOME ||
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
		(void)enter(ip, &visit, &wait_s);
		leave(&visit, 0);
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
	end(first);
	assert_int_equal(open_of(v4(7)), 3);
	peers_ended(peers, first); /* nobody's by now */
	assert_int_equal(open_of(v4(7)), 3);
	end(second);
	assert_int_equal(open_of(v4(7)), 1);
	leave(&mine, 0);
	/* Their seats are taken again: many more lives than seats. */
	for (unsigned i = 0; i < 300; i++) {
		pid_t pid = fork_worker(v4(9), stay);
		assert_int_equal(open_of(v4(9)), 2);
		end(pid);
		now_us += second_us;
	}
	assert_int_equal(open_of(v4(9)), 0);
}

static void
take_lane(void)
{
	struct lane lane;

	while (!peers_take_lane(&seat, now_us, &lane))
		usleep(500);
	stay();
}

/* Its lane is free at once, the others are not. */
static void
a_killed_worker_leaves_no_lane(void **state)
{
	struct lane lane[LANES], other;
	pid_t pid;

	(void)state;
	for (int i = 0; i < LANES - 1; i++)
		assert_true(peers_take_lane(&seat, now_us, &lane[i]));
	pid = fork_worker(v4(7), take_lane);
	while (peers_take_lane(&seat, now_us, &other)) {
		peers_leave_lane(&seat, &other);
		usleep(500);
	}
	end(pid);
	assert_true(peers_take_lane(&seat, now_us, &lane[LANES - 1]));
	assert_false(peers_take_lane(&seat, now_us, &other));
	for (int i = 0; i < LANES; i++)
		peers_leave_lane(&seat, &lane[i]);
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
		sum += open_of(v4(i));
	assert_int_equal(sum, 0);
	assert_int_equal(call(v4(1), 0), PEERS_WELCOME);
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
	    EACH(an_address_has_its_part_of_a_processor),
	    EACH(a_network_has_its_part_of_a_processor),
	    EACH(many_readers_behind_one_address_are_served),
	    EACH(robots_through_many_addresses_leave_the_rest_to_readers),
	    EACH(costly_pages_have_a_limit), EACH(lanes_have_a_number),
	    EACH(a_lane_is_free_again), EACH(nobody_waits_for_ever),
	    EACH(nobody_has_more_connections_than_are_free),
	    EACH(a_network_has_four_times_as_much),
	    EACH(a_network_of_64_bits_is_one_address),
	    EACH(addresses_beyond_the_table_are_welcome),
	    EACH(without_a_table_everybody_is_welcome),
	    EACH(a_killed_worker_leaves_no_connections),
	    EACH(a_killed_worker_leaves_no_lane),
	    EACH(a_worker_killed_at_work_leaves_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
