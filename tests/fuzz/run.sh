#!/bin/sh
# SPDX-License-Identifier: ISC
#
# run.sh SECONDS TARGET...: build fuzz targets and run each so long.
set -eu

seconds=$1
shift
if ! echo 'int LLVMFuzzerTestOneInput(void){return 0;}' |
    clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null; then
	echo 'make fuzz needs clang with libFuzzer: apt-get install clang libclang-rt-14-dev' >&2
	exit 2
fi

programs=
for target; do
	if [ ! -f "tests/fuzz/$target.c" ]; then
		echo "no tests/fuzz/$target.c" >&2
		exit 2
	fi
	programs="$programs build/fuzz/fuzz/$target"
done
# shellcheck disable=SC2086  # one word a program
make --no-print-directory -j"$(nproc)" VARIANT=fuzz $programs

mkdir -p build/fuzz/crashes
for target; do
	found=build/fuzz/corpus/$target
	dictionary=tests/fuzz/$target.dict
	[ -f "$dictionary" ] || dictionary=tests/fuzz/words.dict
	log=build/fuzz/$target.log
	mkdir -p "$found"
	echo "fuzz/$target: $seconds s"
	if ! "build/fuzz/fuzz/$target" -max_total_time="$seconds" \
	    -timeout=10 -rss_limit_mb=2048 -max_len=4096 -dict="$dictionary" \
	    -artifact_prefix="build/fuzz/crashes/$target-" \
	    "$found" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
		tail -n 60 "$log"
		echo "fuzz/$target failed: see build/fuzz/crashes/ and $log" >&2
		exit 1
	fi
	grep '^Done' "$log"
done
