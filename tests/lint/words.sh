#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Small things that a reader of the sources should never meet: the functions
# that base/banned.h forbids but that a file might reach without it, work left
# for later, and lines that end in blanks.
set -eu
status=0

find_bad() {
	if grep -rnE "$1" server capsule tools tests --include='*.c' --include='*.h'; then
		echo "$2" >&2
		status=1
	fi
}
find_bad '[^_a-z](strcpy|strcat|sprintf|strtok|gets|alloca)\(' \
    'a banned function; see server/base/banned.h'
find_bad '\b(TODO|FIXME)\b' 'work left for later'
find_bad '[ 	]$' 'blanks at the end of a line'
find_bad '^[ 	]*//' 'comments are /* */'
exit $status
