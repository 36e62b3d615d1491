#!/bin/sh
# SPDX-License-Identifier: ISC
#
# run.sh libfuzzer|afl|check SECONDS TARGET...: run each fuzz target, which has
# been built, so long. check begins with the inputs that are kept and with one
# seed, and makes CHECK_RUNS at most: a slower machine tries the same, but less
# of it. It keeps nothing.
set -eu

CHECK_RUNS=2000

engine=$1
seconds=$2
shift 2
mkdir -p build/fuzz/crashes build/fuzz/afl

# The folder of a target.
place_of() {
	for folder in tests/fuzz capsule/functions/*/fuzz; do
		[ -f "$folder/$1.c" ] || continue
		echo "$folder"
		return
	done
}

# TARGET.dict, or that of its kind: FIRSTWORD.dict; else the words of all.
dictionary_of() {
	for name in "$(place_of "$1")/$1" "$(place_of "$1")/${1%%_*}" \
	    tests/fuzz/words; do
		[ -f "$name.dict" ] || continue
		echo "$name.dict"
		return
	done
}

by_libfuzzer() { # target log folder [option...]
	target=$1
	log=$2
	folder=$3
	shift 3
	mkdir -p "$folder"
	"build/fuzz/fuzz/$target" -max_total_time="$seconds" \
	    -timeout=60 -rss_limit_mb=2048 -max_len=4096 \
	    -dict="$(dictionary_of "$target")" \
	    -artifact_prefix="build/fuzz/crashes/$target-" \
	    "$@" "$folder" "$(place_of "$target")/corpus/$target" >"$log" 2>&1 || return 1
	echo "fuzz/$target: $(grep -a '^Done' "$log")"
}

by_afl() { # target log
	found=build/fuzz/afl/$1
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 \
	    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
	    afl-fuzz -i "$(place_of "$1")/corpus/$1" -o "$found" -V "$seconds" \
	    -m none -t 5000 -x "$(dictionary_of "$1")" \
	    -- "build/afl/fuzz/$1" >"$2" 2>&1 || return 1
	awk -v target="$1" '{ fact[$1] = $3 } END {
		print "fuzz/" target ": Done " fact["execs_done"] " runs, " \
		    fact["bitmap_cvg"] " of the edges" }' \
	    "$found/default/fuzzer_stats"
	for crash in "$found"/default/crashes/id*; do
		[ -e "$crash" ] || continue
		cp "$crash" "build/fuzz/crashes/$1-${crash##*/}"
		echo "$crash" >>"$2"
		return 1
	done
}

for target; do
	if [ -z "$(place_of "$target")" ]; then
		echo "no fuzz target $target" >&2
		exit 2
	fi
	log=build/fuzz/$target.log
	case $engine in
	check)
		rm -rf "build/fuzz/scratch/$target"
		by_libfuzzer "$target" "$log" "build/fuzz/scratch/$target" \
		    -seed=1 -runs="$CHECK_RUNS" && continue
		;;
	libfuzzer)
		by_libfuzzer "$target" "$log" "build/fuzz/corpus/$target" &&
		    continue
		;;
	afl) by_afl "$target" "$log" && continue ;;
	*)
		echo 'ENGINE is libfuzzer or afl' >&2
		exit 2
		;;
	esac
	tail -n 60 "$log"
	echo "fuzz/$target failed: see build/fuzz/crashes/ and $log" >&2
	exit 1
done
