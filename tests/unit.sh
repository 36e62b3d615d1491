#!/bin/sh
# SPDX-License-Identifier: ISC
#
# unit.sh JOBS FOLDER NAME...   runs the unit programs FOLDER/NAME, JOBS at a
# time. One that passes is a line; of one that fails the whole output is shown.
# Exit status: 0 if all have passed.
jobs=$1
folder=$2
shift 2
# shellcheck disable=SC2016  # the inner shell's own words
printf '%s\n' "$@" | xargs -P "$jobs" -I NAME sh -c '
	program=$1/$2
	if "$program" >"$program.log" 2>&1 </dev/null; then
		echo "unit/$2 $(grep -h PASSED "$program.log")"
	else
		{ echo "unit/$2 FAILED"; cat "$program.log"; } >&2
		exit 1
	fi' sh "$folder" NAME
