#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Golden tests: whole pages, as each protocol sends them, compared with files.
# tests/golden/SUITE/requests has a line for each: NAME PATH [CERT], where PATH
# may hold ?INPUT and CERT is the fingerprint of a client certificate. Each is
# asked over Gemini (NAME.gemini) and over Gopher (NAME.gopher), and over each
# other protocol for which there is a file NAME.PROTOCOL. `make golden` writes
# the files anew.
#
# SUITE/capsule names the capsule that is asked, or `init`: `guiju init --like
# SUITE` makes it. Such a capsule is in English, so no answer may have a byte
# above ASCII. SUITE/setup.sql is what an editor changed, by `guiju sql`.
#
#   run.sh                     all of them
#   run.sh golden/SUITE        one suite
#   run.sh golden/SUITE/NAME   one request
#
# MEMORY_ONLY=1, for guiju-memcheck.sh: a page need not be right, only made
# without a mistake in memory. There it may take longer than a page may.
set -u
cd "$(dirname "$0")/../.." || exit 1

guiju=${GUIJU:-build/check/guiju}
update=${UPDATE:-}
# 2026-11-23 12:00:00 in Shanghai: the time that every page sees.
now=1795406400
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

compare() { # expected got what
	if [ -n "$update" ]; then
		cp "$2" "$1"
	elif [ -z "${MEMORY_ONLY:-}" ] &&
	    ! diff -u "$1" "$2" >"$work/diff" 2>&1; then
		echo "FAILED $3"
		cat "$work/diff"
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + 1))
}

get() { # capsule state address out [fingerprint]
	"$guiju" get --capsule "$1" --state "$2" --now "$now" \
	    ${5:+--cert "$5"} "$3" >"$4" 2>"$4.errors" || touch "$4.failed"
	# No seal is given out twice.
	sed -i -E 's#/[A-Za-z0-9_-]{32}($|[?[:space:]])#/SEAL\1#' "$4"
}

judge() { # expected out what
	if [ "$made" = yes ] &&
	    tr -d '\r' <"$2" | LC_ALL=C grep -n '[^ -~	]'; then
		echo "FAILED $3: a byte above ASCII"
		failed=$((failed + 1))
	elif [ -e "$2.failed" ]; then
		echo "FAILED $3: guiju get:"
		cat "$2.errors"
		rm "$2.failed"
		failed=$((failed + 1))
	else
		compare "$1" "$2" "$3"
	fi
}

suite() { # name, only
	folder=tests/golden/$1
	capsule=$(cat "$folder/capsule")
	state=$work/$1
	mkdir -p "$state"
	# One that `guiju init` makes: the suite has its name.
	made=no
	if [ "$capsule" = init ]; then
		made=yes
		capsule=$work/$1-capsule
		"$guiju" init --like "$1" "$capsule" >/dev/null || exit 1
	fi
	if [ -d "$capsule/content/articles" ]; then
		"$guiju" import article --quiet --capsule "$capsule" \
		    --state "$state" "$capsule/content/articles" \
		    >"$work/import" 2>&1 || { cat "$work/import"; exit 1; }
	fi
	if [ -d "$capsule/content/catalogue" ]; then
		tools/catalogue.sh "$guiju" "$capsule" "$state" \
		    >"$work/import" 2>&1 || { cat "$work/import"; exit 1; }
	fi
	# More rows, as an editor would add them.
	if [ -e "$folder/setup.sql" ]; then
		get "$capsule" "$state" gemini://localhost/ "$work/out"
		"$guiju" sql --capsule "$capsule" --state "$state" --write \
		    <"$folder/setup.sql" 2>"$work/sql" ||
		    { cat "$work/sql"; exit 1; }
	fi
	while read -r name path cert; do
		case $name in '' | '#'*) continue ;; esac
		[ -n "$2" ] && [ "$2" != "$name" ] && continue
		# A selector's own escapes are percent signs in it.
		selector=$(printf '%s' "$path" | sed 's/%2[Ff]/%252F/g
			s/%25\([^2]\)/%2525\1/g')
		# Both at once: a run spends its time in compiling the pages.
		get "$capsule" "$state" "gemini://localhost$path" \
		    "$work/gemini" "$cert" &
		get "$capsule" "$state" "gopher://localhost/1$selector" \
		    "$work/gopher"
		wait
		for protocol in gemini gopher; do
			judge "$folder/$name.$protocol" "$work/$protocol" \
			    "golden/$1/$name ($protocol)"
		done
		for file in "$folder/$name".*; do
			protocol=${file##*.}
			case $protocol in gemini | gopher) continue ;; esac
			get "$capsule" "$state" "$protocol://localhost$path" \
			    "$work/other"
			judge "$file" "$work/other" \
			    "golden/$1/$name ($protocol)"
		done
	done <"$folder/requests"
}

only=${1:-}
only=${only#golden}
only=${only#/}
for folder in tests/golden/*/; do
	name=$(basename "$folder")
	case $only in
	'') suite "$name" '' ;;
	"$name") suite "$name" '' ;;
	"$name"/*) suite "$name" "${only#*/}" ;;
	esac
done
echo "golden: $passed passed, $failed failed"
[ $((passed + failed)) -gt 0 ] && [ "$failed" = 0 ]
