#!/bin/sh
# SPDX-License-Identifier: ISC
#
# make bench: two portals full of synthetic rows, and what their pages cost.
#
#   run.sh [ROWS [KIND]]    rows of the large portal, articles and standards
#                           each; only the pages whose name has KIND in it
#
# A portal is made by articles.c and, by way of `guiju import standards`,
# standards.c; pages.c asks both. Everything is in build/bench/. A portal is
# made once for each size, schema and generator; `rm -r build/bench` makes all
# of them anew. 1,000,000 rows want 5 GB of disk.
set -eu
cd "$(dirname "$0")/../.."

rows=${1:-100000}
small=1000
guiju=build/release/guiju
tools=build/release/bench
folder=build/bench
mkdir -p "$folder"

# What the rows of a portal depend on.
stamp=$({
	find capsule/schema capsule/import -name '*.sql' | sort | xargs cat
	cat capsule/content/catalogue/[ci]*.csv tests/bench/articles.c \
	    tests/bench/standards.c tests/bench/synthetic.c
} | cksum)

# Run a command; say its wall clock and processor seconds and the most memory
# it had in MB.
measure() {
	/usr/bin/python3 - "$@" <<-'END'
	import resource, subprocess, sys, time
	begun = time.monotonic()
	done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
	ended = time.monotonic()
	used = resource.getrusage(resource.RUSAGE_CHILDREN)
	print("%.1f %.1f %.0f" % (ended - begun,
	    used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
	sys.exit(done.returncode)
	END
}

# The yardstick of an import: the sqlite3 shell reads the same file into one
# table without an index.
import_standards() { # rows state
	file=$folder/standards.csv
	"$tools/standards" "$2" "$1" >"$file"
	# shellcheck disable=SC2046  # two numbers
	set -- "$1" "$2" $(measure "$guiju" import standards --quiet \
	    --state "$2" --verified 2026-11-01 "$file")
	rm -f "$folder/plain.db"
	# shellcheck disable=SC2046
	set -- "$@" $(measure sqlite3 -csv "$folder/plain.db" \
	    ".import $file standard")
	awk -v rows="$1" -v wall="$3" -v cpu="$4" -v memory="$5" \
	    -v plain="$7" 'BEGIN {
		printf "import of %d standards with their index: %.0f s ", \
		    rows, wall
		printf "(%.0f s of processor), %d MB at most;\n", cpu, memory
		printf "%.1f times the processor time in which sqlite3 ", \
		    cpu / (plain > 0 ? plain : 0.1)
		print "reads the same file into a table"
		print "aim: 180 microseconds a row, 400 MB:", \
		    cpu <= rows * 0.00018 && memory <= 400 ? "ok" : "missed"
	    }' >"$2/import"
	rm -f "$folder/plain.db" "$file" "$file.errors"
}

make_portal() { # rows
	state=$folder/$1
	if [ "$(cat "$state/stamp" 2>/dev/null)" = "$stamp" ]; then
		return
	fi
	rm -rf "$state"
	mkdir -p "$state"
	"$tools/articles" capsule "$state" "$1"
	for table in ics ccs; do
		"$guiju" import "$table" --quiet --verified 2026-11-01 \
		    --state "$state" "capsule/content/catalogue/$table.csv" \
		    >"$folder/log"
	done
	import_standards "$1" "$state"
	echo "$stamp" >"$state/stamp"
}

make_portal "$small"
make_portal "$rows"
cat "$folder/$rows/import"
if [ $# -gt 1 ]; then
	"$tools/pages" capsule "$folder/$small" "$folder/$rows" "$2"
else
	"$tools/pages" capsule "$folder/$small" "$folder/$rows"
fi
