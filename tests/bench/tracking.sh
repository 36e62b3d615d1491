#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What a night of 标准跟踪 costs: 10,000 lists that follow 100 standards each.
#
#   tracking.sh [ROWS]    standards in the catalogue
#
# Beside it, in the same run, the status of each of these standards is worked
# out once; the night is printed as a ratio to that. Some of them change that
# night. Needs the portal of run.sh.
set -eu
cd "$(dirname "$0")/../.."

rows=${1:-100000}
guiju=build/release/guiju
folder=build/bench
state=$folder/tracking
rm -rf "$state"
mkdir -p "$state"
cp "$folder/$rows/portal.db" "$state/"

sql() { # statements
	printf '%s\n' "$1" | "$guiju" sql --write --csv --state "$state" \
	    --capsule capsule 2>"$state/log" || { cat "$state/log" >&2; exit 1; }
}

timed() { # statements: milliseconds of wall clock
	begun=$(date +%s%N)
	sql "$1" >"$state/out"
	ended=$(date +%s%N)
	echo $(((ended - begun) / 1000000))
}

sql "INSERT INTO account (id, name, folded, consent, consented, created,
	last_seen) WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1
	FROM n WHERE n < 1000) SELECT n, 'reader ' || n,
	name_fold('reader ' || n), '1', 0, 0, 0 FROM n;
INSERT INTO watch_list (id, account_id, name, token, created)
	WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1
	FROM n WHERE n < 10000) SELECT n, 1 + n / 10 % 1000, 'list ' || n,
	format('%032d', n), 0 FROM n;
UPDATE watch_round SET day = '2026-12-01';
INSERT INTO watch_item (list_id, kind, value, label, created)
	WITH RECURSIVE n (n) AS (VALUES (0) UNION ALL SELECT n + 1
	FROM n WHERE n < 999999) SELECT 1 + n / 100, 'standard', key, number, 0
	FROM n JOIN standard s ON s.id = 1 + n * 7919 % $rows WHERE true
	ON CONFLICT DO NOTHING;" >/dev/null
alone=$(timed "SELECT count(status_on(standard_id, '2026-12-02')) AS n
	FROM watch_edition;")
editions=$(tail -n 1 "$state/out")
sql "UPDATE watch_round SET day = '2026-12-02';
UPDATE standard SET abolished = '2026-12-02' WHERE id % 100 = 0;" >/dev/null
night=$(timed "INSERT INTO watch_look SELECT standard_id FROM watch_edition
	ORDER BY standard_id;")
told=$(sql "SELECT count(*) FROM watch_notice;" | tail -n 1)
awk -v editions="$editions" -v alone="$alone" -v night="$night" \
    -v told="$told" 'BEGIN {
	printf "a night over 10000 lists of 100 standards, %d different: ", \
	    editions
	printf "%.1f s, %d notices; %.1f times ", night / 1000, told, \
	    night / (alone > 0 ? alone : 1)
	print "what the status of each costs alone"
	print "aim: 60 s:", night <= 60000 ? "ok" : "missed"
    }'
rm -rf "$state"
