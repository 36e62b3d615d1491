/* SPDX-License-Identifier: ISC */
/*
 * The table of addresses, in memory that the workers share.
 *
 * Each address has an entry in the table, its place. Each worker has a seat: a
 * row with one count per place. Only the worker itself writes its row. The open
 * connections of an address are the sum over all seats. So a worker never
 * spoils the counts of another. When a worker has died, in whatever way, the
 * parent clears its row, and none of its connections stays counted.
 *
 * The token bucket of an address is one number: the time at which the bucket is
 * full again. A new connection moves this time forward by the time of one
 * token. The further the time is ahead of the clock, the emptier is the bucket.
 * A connection that finds the bucket empty takes a token from a second bucket,
 * the one of the answers "wait". So an address with too many readers is served
 * at its rate, and told to wait at the same rate. If both buckets are empty,
 * the connection is reset.
 *
 * A place is free if its address has no open connection and both its buckets
 * are full. Two workers may use a free place at the same time: one counts a
 * connection while the other gives the place to another address. The first
 * worker reads the place's address again after counting. If the address has
 * changed, it takes another place. If it reads before the change, one
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
	WAYS = 8, /* places that one address can have */
	SETS = 2048,
	PLACES = SETS * WAYS, /* four per connection, by default */
	/* Two generations of workers, and some that drain for long. */
	SEATS = 192,
	NOBODY = 0, /* the key of a place that was never used */
	TRIES = 4   /* to count before the place is given away */
};

static const int64_t second_us = 1000000;

struct place {
	_Atomic uint64_t key;
	_Atomic int64_t full_us, told_full_us;
};

struct count {
	_Atomic uint32_t open, shaking;
};

struct peers {
	uint64_t seed;          /* random: nobody can choose who shares a set */
	_Atomic uint32_t seats; /* how many, from the first, were ever taken */
	_Atomic pid_t owner[SEATS]; /* 0: the seat is free */
	struct place place[PLACES];
	struct count count[SEATS][PLACES];
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

void
peers_ended(struct peers *peers, pid_t pid)
{
	const uint32_t seats = seats_of(peers);

	for (uint32_t s = 0; s < seats; s++) {
		if (atomic_load(&peers->owner[s]) != pid)
			continue;
		for (size_t i = 0; i < PLACES; i++) {
			atomic_store(&peers->count[s][i].open, 0);
			atomic_store(&peers->count[s][i].shaking, 0);
		}
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

static struct count *
own_count(const struct peers_seat *seat, uint32_t place)
{
	return &seat->peers->count[seat->number][place];
}

/* ---- places --------------------------------------------------------- */

/* The open connections of a place, over all seats. */
static uint32_t
sum_open(const struct peers *peers, uint32_t place)
{
	const uint32_t seats = seats_of(peers);
	uint32_t sum = 0;

	for (uint32_t s = 0; s < seats; s++)
		sum += atomic_load(&peers->count[s][place].open);
	return sum;
}

static uint32_t
sum_shaking(const struct peers *peers, uint32_t place)
{
	const uint32_t seats = seats_of(peers);
	uint32_t sum = 0;

	for (uint32_t s = 0; s < seats; s++)
		sum += atomic_load(&peers->count[s][place].shaking);
	return sum;
}

/* The key of an IPv4 address is 0000:FFFF:a.b.c.d; no IPv6 network begins so.
 * An IPv6 address that begins with 64 zero bits, such as ::1, gets the key 1,
 * because 0 is NOBODY. */
static uint64_t
key_of(const struct ip *ip)
{
	const size_t from = ip_is_v4(ip) ? IP_BYTES / 2 : 0;
	uint64_t key = 0;

	for (size_t i = 0; i < IP_BYTES / 2; i++)
		key = key << 8 | ip->byte[from + i];
	return key == NOBODY ? 1 : key;
}

/* The first place of the key's set. (The finalizer of SplitMix64.) */
static uint32_t
set_of(const struct peers *peers, uint64_t key)
{
	uint64_t x = key ^ peers->seed;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
	x = (x ^ x >> 27) * 0x94D049BB133111EBU;
	return (uint32_t)((x ^ x >> 31) % SETS) * WAYS;
}

static bool
is_anybodys(const struct peers *peers, uint32_t place, int64_t now_us)
{
	return atomic_load(&peers->place[place].full_us) <= now_us &&
	    atomic_load(&peers->place[place].told_full_us) <= now_us &&
	    sum_open(peers, place) == 0;
}

/* The place that a key has; PLACES: none. */
static uint32_t
find(const struct peers *peers, uint64_t key)
{
	const uint32_t first = set_of(peers, key);

	for (uint32_t i = first; i < first + WAYS; i++)
		if (atomic_load(&peers->place[i].key) == key)
			return i;
	return PLACES;
}

/* The place that a key has or now gets. PLACES: its set is full. */
static uint32_t
find_or_take(struct peers *peers, uint64_t key, int64_t now_us)
{
	const uint32_t first = set_of(peers, key);
	uint32_t place = find(peers, key);

	for (uint32_t i = first; place == PLACES && i < first + WAYS; i++) {
		uint64_t before = atomic_load(&peers->place[i].key);

		if (!is_anybodys(peers, i, now_us))
			continue;
		if (atomic_compare_exchange_strong(
			&peers->place[i].key, &before, key) ||
		    before == key)
			place = i;
	}
	return place;
}

/* Count a connection of ip at this seat. false: there is no place for ip. */
static bool
begin_visit(const struct peers_seat *seat, const struct ip *ip, int64_t now_us,
    struct visit *visit)
{
	const uint64_t key = key_of(ip);

	for (int i = 0; i < TRIES; i++) {
		uint32_t place = find_or_take(seat->peers, key, now_us);

		if (place == PLACES)
			return false;
		atomic_fetch_add(&own_count(seat, place)->open, 1);
		*visit = (struct visit){.place = place + 1};
		if (atomic_load(&seat->peers->place[place].key) == key)
			return true;
		peers_leave(seat, visit); /* now of another address */
	}
	return false;
}

/* ---- the bucket ----------------------------------------------------- */

static int64_t
token_us(const struct peers_seat *seat)
{
	return second_us / seat->limits.rate;
}

/* Take tokens of the time worth_us. Returns how far the bucket is then ahead of
 * the clock. If that is more than most_us, nothing has been taken. */
static int64_t
take_tokens(
    _Atomic int64_t *full_us, int64_t worth_us, int64_t most_us, int64_t now_us)
{
	int64_t before = atomic_load(full_us), ahead;

	do {
		ahead = (before > now_us ? before - now_us : 0) + worth_us;
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
	peers_leave(seat, visit);
	return PEERS_AWAY;
}

/* Take a token for a new connection. */
static enum peers_word
check_rate(const struct peers_seat *seat, struct place *place, int64_t now_us,
    unsigned *wait)
{
	const int64_t burst_us = LIMIT_PEER_BURST_S * second_us;
	const int64_t ahead_us =
	    take_tokens(&place->full_us, token_us(seat), burst_us, now_us);

	if (ahead_us <= burst_us)
		return PEERS_WELCOME;
	if (take_tokens(&place->told_full_us, token_us(seat), burst_us,
		now_us) > burst_us)
		return PEERS_AWAY;
	metrics_count(METRIC_WAIT_RATE);
	*wait = wait_s(ahead_us - burst_us);
	return PEERS_WAIT;
}

enum peers_word
peers_enter(const struct peers_seat *seat, const struct ip *ip, bool crowded,
    int64_t now_us, struct visit *visit, unsigned *wait)
{
	enum peers_word word;
	uint32_t open;

	*visit = (struct visit){0};
	if (seat->peers == NULL || !begin_visit(seat, ip, now_us, visit))
		return PEERS_WELCOME;
	open = sum_open(seat->peers, visit->place - 1);
	if (crowded && open > 1)
		return send_away(seat, visit, METRIC_AWAY_CROWDED);
	if (open > 2 * seat->limits.connections)
		return send_away(seat, visit, METRIC_AWAY_CONNECTIONS);
	word = check_rate(
	    seat, &seat->peers->place[visit->place - 1], now_us, wait);
	if (word == PEERS_AWAY)
		return send_away(seat, visit, METRIC_AWAY_RATE);
	if (word == PEERS_WELCOME && open > seat->limits.connections) {
		metrics_count(METRIC_WAIT_CONNECTIONS);
		*wait = LIMIT_PEER_WAIT_S;
		return PEERS_WAIT;
	}
	return word;
}

enum peers_word
peers_shake(const struct peers_seat *seat, struct visit *visit, unsigned *wait)
{
	const unsigned most =
	    (seat->limits.connections + LIMIT_PEER_SHAKING - 1) /
	    LIMIT_PEER_SHAKING;
	uint32_t shaking;

	if (visit->place == 0)
		return PEERS_WELCOME;
	atomic_fetch_add(&own_count(seat, visit->place - 1)->shaking, 1);
	visit->shaking = true;
	shaking = sum_shaking(seat->peers, visit->place - 1);
	if (shaking > 2 * most)
		return send_away(seat, visit, METRIC_AWAY_HANDSHAKES);
	if (shaking <= most)
		return PEERS_WELCOME;
	metrics_count(METRIC_WAIT_HANDSHAKES);
	if (*wait == 0)
		*wait = 1; /* a handshake is soon over */
	return PEERS_WAIT;
}

void
peers_shaken(const struct peers_seat *seat, struct visit *visit)
{
	if (visit->shaking)
		atomic_fetch_sub(
		    &own_count(seat, visit->place - 1)->shaking, 1);
	visit->shaking = false;
}

void
peers_charge(const struct peers_seat *seat, const struct visit *visit,
    int64_t busy_us, int64_t now_us)
{
	if (visit->place == 0 || busy_us <= token_us(seat))
		return;
	(void)take_tokens(&seat->peers->place[visit->place - 1].full_us,
	    LIMIT_PEER_WORK * (busy_us - token_us(seat)), INT64_MAX, now_us);
}

void
peers_leave(const struct peers_seat *seat, struct visit *visit)
{
	if (visit->place == 0)
		return;
	peers_shaken(seat, visit);
	atomic_fetch_sub(&own_count(seat, visit->place - 1)->open, 1);
	*visit = (struct visit){0};
}

void
peers_count(const struct peers *peers, const struct ip *ip, unsigned *open,
    unsigned *shaking)
{
	const uint32_t place = find(peers, key_of(ip));

	*open = place == PLACES ? 0 : sum_open(peers, place);
	*shaking = place == PLACES ? 0 : sum_shaking(peers, place);
}
