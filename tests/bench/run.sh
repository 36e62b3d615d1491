#!/bin/sh
# SPDX-License-Identifier: ISC
#
# make bench: two portals full of synthetic rows, and what their pages cost.
#
#   run.sh [ROWS]    rows of the large portal, articles and standards each
#
# Everything is in build/bench/. A portal is made once for each size, schema
# and generator; `rm -r build/bench` makes all of them anew.
set -eu
cd "$(dirname "$0")/../.."

rows=${1:-100000}
small=1000
tools=build/release/bench
folder=build/bench
mkdir -p "$folder"

# What the rows of a portal depend on.
stamp=$(cat capsule/schema/*.sql capsule/content/*.sql capsule/import/*.sql \
    tests/bench/articles.c tests/bench/synthetic.c | cksum)

make_portal() { # rows
	state=$folder/$1
	if [ "$(cat "$state/stamp" 2>/dev/null)" = "$stamp" ]; then
		return
	fi
	rm -rf "$state"
	mkdir -p "$state"
	"$tools/articles" capsule "$state" "$1"
	echo "$stamp" >"$state/stamp"
}

make_portal "$small"
make_portal "$rows"
"$tools/pages" capsule "$folder/$small" "$folder/$rows"
