#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Golden tests: whole pages, as each protocol sends them, compared with files by
# `guiju test` (guiju(1), TEST). UPDATE=1, or `make golden`, writes the files
# anew.
#
#   run.sh                     all of them, those of `guiju init` too
#   run.sh golden/SUITE        one suite
#   run.sh golden/SUITE/NAME   one request
#   run.sh golden/init/KIND    the pages of one beginning of `guiju init`
set -u
cd "$(dirname "$0")/../.." || exit 1

ask() { # folder, name
	"${GUIJU:-build/check/guiju}" test ${UPDATE:+--update} "$@"
}

only=${1:-}
only=${only#golden}
only=${only#/}
case $only in
'')
	status=0
	for folder in tests/golden tools/init/*; do
		ask "$folder" || status=$?
	done
	exit "$status"
	;;
init/*) ask "tools/$only" ;;
*/*) ask "tests/golden/${only%%/*}" "${only#*/}" ;;
*) ask "tests/golden/$only" ;;
esac
