/* SPDX-License-Identifier: ISC */
/*
 * The table of addresses and networks, in memory that the workers share.
 *
 * Each address and each network has an entry in the table. Each worker has a
 * seat: a row with one count per entry. Only the worker itself writes its row.
 * The open connections of an address are the sum over all seats. So a worker
 * never spoils the counts of another. When a worker has died, in whatever way,
 * the parent clears its row, and none of its connections stays counted.
 *
 * What a server can run out of is the time of its processors. So the limits
 * are about that time, and about connections only where a connection is cheaper
 * than its count:
 *
 * - A token bucket per address and per network. A connection takes one token.
 *   When it ends, it takes more tokens if its processor time was above the
 *   token's share. So an address that begins `per-address-rate` connections per
 *   second has `per-address-work` percent of a processor, and a larger part
 *   for none of them. Twenty readers behind one address who each open ten pages
 *   at once fit into the burst.
 * - Connections at once per address and per network. As a worker becomes full,
 *   nobody may have more connections there than are free. So addresses that
 *   hold connections leave room for the others, however many they are.
 * - One bucket of all readers for costly pages, those whose answers take more
 *   than LIMIT_COSTLY_US on average. Robots that come through many addresses
 *   are within all other limits; most of their requests are for searches, lists
 *   and deep pages, which readers ask for far more seldom. When the bucket runs
 *   low, costly pages are for readers with a certificate or a seal. Cheap pages
 *   are for everybody, always.
 * - Lanes, of which each is one worker's that runs a costly page. There are
 *   half as many as workers, so the other half serves cheap pages at any time.
 *   A lane is a number: the time until which it is taken, and the seat of its
 *   worker. So a worker that stops in its lane keeps it for a while, not for
 *   ever. The lane of a worker that dies is free when the parent clears its
 * row.
 *
 * A bucket is one number: the time at which it is full again. A token moves
 * this time forward. The further the time is ahead of the clock, the emptier is
 * the bucket. A corrupted worker can write any number there: one that is too
 * far ahead is set back, so that nobody has to wait for ever. A connection that
 * finds the bucket of its address or network empty takes its tokens from a
 * second bucket, the one of the answers "wait". So an address with too many
 * readers is served at its rate, and told to wait at the same rate. If both
 * buckets are empty, the connection is reset.
 *
 * An entry is free if its address has no open connection and both its buckets
 * are full. Two workers may use a free entry at the same time: one counts a
 * connection while the other gives the entry to another address. The first
 * worker reads the entry's address again after counting. If the address has
 * changed, it takes another entry. If it reads before the change, one
 * connection is counted for the wrong address until the connection ends.
 */
#include "net/peers.h"

#include <sys/mman.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/metrics.h"

#include "base/banned.h"

enum {
	WAYS = 8, /* entries that one address can have */
	SETS = 4096,
	ENTRIES = SETS * WAYS, /* eight per connection, by default */
	/* Two generations of workers, and some that drain for long. */
	SEATS = 192,
	LANES = SEATS / 2,
	LANE_SEATS = 256, /* at least SEATS */
	NOBODY = 0,       /* the key of a entry that was never used */
	TRIES = 4,        /* to count before the entry is given away */
	ADDRESS = 0,
	NETWORK = 1
};

static const int64_t second_us = 1000000;

/* A network's key has this bit the other way round than its addresses. Their
 * keys do not meet: no IPv6 address of a host has the bits that this makes of
 * those of another (RFC 4291, 2.4). */
static const uint64_t network_bit = 1ULL << 63;

struct entry {
	_Atomic uint64_t key;
	_Atomic int64_t full_us, told_full_us;
};

struct peers {
	uint64_t seed;          /* random: nobody can choose who shares a set */
	_Atomic uint32_t seats; /* how many, from the first, were ever taken */
	_Atomic pid_t owner[SEATS];     /* 0: the seat is free */
	_Atomic int64_t costly_full_us; /* the bucket of costly pages */
	_Atomic uint64_t lane[LANES];   /* see lane_number() */
	struct entry entry[ENTRIES];
	_Atomic uint32_t open[SEATS][ENTRIES];
};

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
    "processes share numbers only where atomics need no lock");

/* How many seats to add up. A corrupted worker can write any number there; no
 * other process may then read past the end. */
static uint32_t
seats_of(const struct peers *peers)
{
	const uint32_t seats = atomic_load(&peers->seats);

	return seats < SEATS ? seats : SEATS;
}

/* ---- the parent ----------------------------------------------------- */

enum err
peers_new(struct peers **out)
{
	struct peers *peers = mmap(NULL, sizeof(*peers), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (peers == MAP_FAILED)
		return ERR_NOMEM;
	if (getentropy(&peers->seed, sizeof(peers->seed)) != 0) {
		peers_free(peers);
		return ERR_NOMEM;
	}
	*out = peers;
	return OK;
}

void
peers_free(struct peers *peers)
{
	if (peers != NULL)
		munmap(peers, sizeof(*peers));
}

/* A lane that this seat has until then. 0: nobody has it. */
static uint64_t
lane_number(unsigned seat, int64_t until_us)
{
	return (uint64_t)until_us * LANE_SEATS + seat;
}

static int64_t
lane_until_us(uint64_t lane)
{
	return (int64_t)(lane / LANE_SEATS);
}

static void
free_lanes(struct peers *peers, unsigned seat)
{
	for (size_t i = 0; i < LANES; i++) {
		uint64_t lane = atomic_load(&peers->lane[i]);

		/* If the exchange fails, another worker has taken it. */
		if (lane % LANE_SEATS == seat)
			(void)atomic_compare_exchange_strong(
			    &peers->lane[i], &lane, 0);
	}
}

void
peers_ended(struct peers *peers, pid_t pid)
{
	const uint32_t seats = seats_of(peers);

	for (uint32_t s = 0; s < seats; s++) {
		if (atomic_load(&peers->owner[s]) != pid)
			continue;
		for (size_t i = 0; i < ENTRIES; i++)
			atomic_store(&peers->open[s][i], 0);
		free_lanes(peers, s);
		atomic_store(&peers->owner[s], 0);
	}
}

/* ---- a worker's seat ------------------------------------------------ */

void
peers_sit(
    struct peers *peers, struct peers_limits limits, struct peers_seat *out)
{
	*out = (struct peers_seat){NULL, limits, 0};
	for (uint32_t s = 0; peers != NULL && s < SEATS; s++) {
		pid_t nobody = 0;
		uint32_t seats = atomic_load(&peers->seats);

		if (!atomic_compare_exchange_strong(
			&peers->owner[s], &nobody, getpid()))
			continue;
		while (seats <= s &&
		    !atomic_compare_exchange_weak(&peers->seats, &seats, s + 1))
			;
		out->peers = peers;
		out->number = s;
		return;
	}
}

/* The open connections of a entry in this worker. */
static _Atomic uint32_t *
own_open(const struct peers_seat *seat, uint32_t entry)
{
	return &seat->peers->open[seat->number][entry];
}

/* ---- entries --------------------------------------------------------- */

/* The open connections of a entry, over all seats. */
static uint32_t
sum_open(const struct peers *peers, uint32_t entry)
{
	const uint32_t seats = seats_of(peers);
	uint32_t sum = 0;

	for (uint32_t s = 0; s < seats; s++)
		sum += atomic_load(&peers->open[s][entry]);
	return sum;
}

/* The key of an IPv4 address is 0000:FFFF:a.b.c.d; no IPv6 network begins so.
 * An IPv6 address that begins with 64 zero bits, such as ::1, gets the key 1,
 * because 0 is NOBODY. */
static uint64_t
key_of(const struct ip *ip, int width)
{
	const size_t from = ip_is_v4(ip) ? IP_BYTES / 2 : 0;
	const size_t left_out = width == ADDRESS ? 0 : ip_is_v4(ip) ? 1 : 2;
	uint64_t key = 0;

	for (size_t i = 0; i < IP_BYTES / 2; i++)
		key = key << 8 |
		    (i < IP_BYTES / 2 - left_out ? ip->byte[from + i] : 0);
	if (width == NETWORK)
		key ^= network_bit;
	return key == NOBODY ? 1 : key;
}

/* The first entry of the key's set. (The finalizer of SplitMix64.) */
static uint32_t
set_of(const struct peers *peers, uint64_t key)
{
	uint64_t x = key ^ peers->seed;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
	x = (x ^ x >> 27) * 0x94D049BB133111EBU;
	return (uint32_t)((x ^ x >> 31) % SETS) * WAYS;
}

/* When a bucket is full again: at most most_s from now. */
static int64_t
full_at(_Atomic int64_t *full_us, int64_t most_s, int64_t now_us)
{
	const int64_t most_us = now_us + most_s * second_us;
	int64_t found_us = atomic_load(full_us);

	/* If the exchange fails, another worker has written a newer number,
	 * which the next call reads. */
	if (found_us > most_us)
		(void)atomic_compare_exchange_strong(
		    full_us, &found_us, most_us);
	return found_us > most_us ? most_us : found_us;
}

static bool
is_anybodys(struct peers *peers, uint32_t entry, int64_t now_us)
{
	struct entry *const e = &peers->entry[entry];

	return full_at(&e->full_us, LIMIT_PEER_AHEAD_S, now_us) <= now_us &&
	    full_at(&e->told_full_us, LIMIT_PEER_AHEAD_S, now_us) <= now_us &&
	    sum_open(peers, entry) == 0;
}

/* The entry that a key has; ENTRIES: none. */
static uint32_t
find(const struct peers *peers, uint64_t key)
{
	const uint32_t first = set_of(peers, key);

	for (uint32_t i = first; i < first + WAYS; i++)
		if (atomic_load(&peers->entry[i].key) == key)
			return i;
	return ENTRIES;
}

/* The entry that a key has or now gets. ENTRIES: its set is full. */
static uint32_t
find_or_take(struct peers *peers, uint64_t key, int64_t now_us)
{
	const uint32_t first = set_of(peers, key);
	uint32_t entry = find(peers, key);

	for (uint32_t i = first; entry == ENTRIES && i < first + WAYS; i++) {
		uint64_t before = atomic_load(&peers->entry[i].key);

		if (!is_anybodys(peers, i, now_us))
			continue;
		if (atomic_compare_exchange_strong(
			&peers->entry[i].key, &before, key) ||
		    before == key)
			entry = i;
	}
	return entry;
}

static void
end_visit(const struct peers_seat *seat, struct visit *visit)
{
	for (int w = 0; w < PEERS_WIDTHS; w++)
		if (visit->entry[w] != 0)
			atomic_fetch_sub(
			    own_open(seat, visit->entry[w] - 1), 1);
	*visit = (struct visit){.told = false};
}

/* Count a connection at the entry of the key. Returns the number of the entry;
 * 0: there is none. */
static uint32_t
count_at(const struct peers_seat *seat, uint64_t key, int64_t now_us)
{
	for (int i = 0; i < TRIES; i++) {
		uint32_t entry = find_or_take(seat->peers, key, now_us);

		if (entry == ENTRIES)
			return 0;
		atomic_fetch_add(own_open(seat, entry), 1);
		if (atomic_load(&seat->peers->entry[entry].key) == key)
			return entry + 1;
		atomic_fetch_sub(own_open(seat, entry), 1); /* another's now */
	}
	return 0;
}

/* ---- the buckets ---------------------------------------------------- */

/* What a number of an address is for this width. */
static int64_t
times(int width)
{
	return width == ADDRESS ? 1 : LIMIT_NETWORK_TIMES;
}

static int64_t
token_us(const struct peers_seat *seat, int width)
{
	return second_us / (seat->limits.rate * times(width));
}

/* How far a bucket of so many percent is set back by a processor time. */
static int64_t
worth_us(int64_t cpu_us, int64_t percent)
{
	return cpu_us * 100 / percent;
}

/* Take tokens of the time us. Returns how far the bucket, which is at most
 * ahead_s ahead before, is then ahead of the clock. If that is more than
 * most_us, nothing has been taken. */
static int64_t
take_tokens(_Atomic int64_t *full_us, int64_t ahead_s, int64_t us,
    int64_t most_us, int64_t now_us)
{
	int64_t before, ahead;

	do {
		before = full_at(full_us, ahead_s, now_us);
		ahead = (before > now_us ? before - now_us : 0) + us;
		if (ahead > most_us)
			return ahead;
	} while (
	    !atomic_compare_exchange_weak(full_us, &before, now_us + ahead));
	return ahead;
}

static unsigned
wait_s(int64_t us)
{
	int64_t s = (us + second_us - 1) / second_us;

	if (s < 1)
		return 1;
	return s > LIMIT_WAIT_MAX_S ? LIMIT_WAIT_MAX_S : (unsigned)s;
}

/* ---- visits --------------------------------------------------------- */

static enum peers_word
send_away(const struct peers_seat *seat, struct visit *visit, enum metric why)
{
	metrics_count(why);
	end_visit(seat, visit);
	return PEERS_AWAY;
}

/* Take a token for a new connection. *wait grows to the seconds that a reader
 * is told to wait. */
static enum peers_word
check_rate(const struct peers_seat *seat, struct visit *visit, int width,
    int64_t now_us, unsigned *wait)
{
	struct entry *entry = &seat->peers->entry[visit->entry[width] - 1];
	const int64_t burst_us = LIMIT_PEER_BURST_S * second_us;
	const int64_t us = token_us(seat, width);
	const int64_t ahead_us = take_tokens(
	    &entry->full_us, LIMIT_PEER_AHEAD_S, us, burst_us, now_us);

	if (ahead_us <= burst_us)
		return PEERS_WELCOME;
	if (take_tokens(&entry->told_full_us, LIMIT_PEER_AHEAD_S, us, burst_us,
		now_us) > burst_us)
		return PEERS_AWAY;
	metrics_count(
	    width == ADDRESS ? METRIC_WAIT_RATE : METRIC_WAIT_NETWORK);
	visit->told = true;
	if (*wait < wait_s(ahead_us - burst_us))
		*wait = wait_s(ahead_us - burst_us);
	return PEERS_WAIT;
}

/* Check the limits of the address, or those of the network. */
static enum peers_word
check(const struct peers_seat *seat, struct visit *visit, int width,
    size_t room, int64_t now_us, unsigned *wait)
{
	const uint32_t entry = visit->entry[width] - 1;
	const uint32_t open = sum_open(seat->peers, entry);
	const uint64_t most = seat->limits.connections * (uint64_t)times(width);
	enum peers_word word;

	/* The first of an address is taken even into the last room. */
	if (open > 1 && atomic_load(own_open(seat, entry)) > room)
		return send_away(seat, visit, METRIC_AWAY_CROWDED);
	if (open > 2 * most)
		return send_away(seat, visit,
		    width == ADDRESS ? METRIC_AWAY_CONNECTIONS
				     : METRIC_AWAY_NETWORK);
	word = check_rate(seat, visit, width, now_us, wait);
	if (word == PEERS_AWAY)
		return send_away(seat, visit,
		    width == ADDRESS ? METRIC_AWAY_RATE : METRIC_AWAY_NETWORK);
	if (word == PEERS_WAIT || open <= most)
		return word;
	metrics_count(
	    width == ADDRESS ? METRIC_WAIT_CONNECTIONS : METRIC_WAIT_NETWORK);
	if (*wait < LIMIT_PEER_WAIT_S)
		*wait = LIMIT_PEER_WAIT_S;
	return PEERS_WAIT;
}

enum peers_word
peers_enter(const struct peers_seat *seat, const struct ip *ip, size_t room,
    int64_t now_us, struct visit *visit, unsigned *wait)
{
	enum peers_word word = PEERS_WELCOME;

	*visit = (struct visit){.told = false};
	*wait = 0;
	for (int w = 0; seat->peers != NULL && w < PEERS_WIDTHS; w++) {
		enum peers_word next = PEERS_WELCOME;

		visit->entry[w] = count_at(seat, key_of(ip, w), now_us);
		if (visit->entry[w] != 0)
			next = check(seat, visit, w, room, now_us, wait);
		if (next == PEERS_AWAY)
			return next;
		if (next == PEERS_WAIT)
			word = next;
	}
	return word;
}

void
peers_leave(const struct peers_seat *seat, struct visit *visit, int64_t cpu_us,
    int64_t now_us)
{
	for (int w = 0; w < PEERS_WIDTHS; w++) {
		struct entry *entry;
		int64_t us;

		if (visit->entry[w] == 0)
			continue;
		entry = &seat->peers->entry[visit->entry[w] - 1];
		us = worth_us(cpu_us, seat->limits.work * times(w)) -
		    token_us(seat, w);
		if (us > 0)
			(void)take_tokens(visit->told ? &entry->told_full_us
						      : &entry->full_us,
			    LIMIT_PEER_AHEAD_S, us, INT64_MAX, now_us);
	}
	end_visit(seat, visit);
}

/* ---- costly pages --------------------------------------------------- */

unsigned
peers_costly_wait(const struct peers_seat *seat, bool known, int64_t now_us)
{
	const int64_t most_us =
	    (known ? LIMIT_COSTLY_KNOWN_S : LIMIT_COSTLY_BURST_S) * second_us;
	int64_t full_us;

	if (seat->peers == NULL)
		return 0;
	full_us =
	    full_at(&seat->peers->costly_full_us, LIMIT_COSTLY_AHEAD_S, now_us);
	return full_us <= now_us + most_us ? 0
					   : wait_s(full_us - now_us - most_us);
}

void
peers_answered(const struct peers_seat *seat, int64_t cpu_us, int64_t now_us)
{
	if (seat->peers != NULL && cpu_us > LIMIT_COSTLY_US)
		(void)take_tokens(&seat->peers->costly_full_us,
		    LIMIT_COSTLY_AHEAD_S, worth_us(cpu_us, seat->limits.costly),
		    INT64_MAX, now_us);
}

/* ---- lanes ----------------------------------------------------------- */

bool
peers_take_lane(const struct peers_seat *seat, int64_t now_us, struct lane *out)
{
	const int64_t until_us = now_us + LIMIT_LANE_MS * INT64_C(1000);
	const unsigned most =
	    seat->limits.lanes < LANES ? seat->limits.lanes : LANES;

	for (unsigned i = 0; i < most; i++) {
		_Atomic uint64_t *const lane = &seat->peers->lane[i];
		uint64_t before = atomic_load(lane);

		/* No worker writes a later time than this; if one does, it is
		 * in strange hands. */
		if (lane_until_us(before) > now_us &&
		    lane_until_us(before) <= until_us)
			continue;
		if (atomic_compare_exchange_strong(
			lane, &before, lane_number(seat->number, until_us))) {
			*out = (struct lane){i + 1, until_us};
			return true;
		}
	}
	return false;
}

void
peers_leave_lane(const struct peers_seat *seat, struct lane *lane)
{
	uint64_t mine = lane_number(seat->number, lane->until_us);

	if (lane->number > 0)
		(void)atomic_compare_exchange_strong(
		    &seat->peers->lane[lane->number - 1], &mine, 0);
	*lane = (struct lane){0, 0};
}

unsigned
peers_count(const struct peers *peers, const struct ip *ip)
{
	const uint32_t entry = find(peers, key_of(ip, ADDRESS));

	return entry == ENTRIES ? 0 : sum_open(peers, entry);
}
