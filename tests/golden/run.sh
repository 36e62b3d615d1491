#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Golden tests: whole pages, as each protocol sends them, compared with files by
# `guiju test` (guiju(1), TEST). UPDATE=1, or `make golden`, writes the files
# anew.
#
#   run.sh                     all of them
#   run.sh golden/SUITE        one suite, or one beginning of `guiju init`
#   run.sh golden/SUITE/NAME   one request
set -u
cd "$(dirname "$0")/../.." || exit 1

only=${1:-}
only=${only#golden}
only=${only#/}
folder=tests/golden${only:+/${only%%/*}}
name=
case $only in
*/*) name=${only#*/} ;;
esac
exec "${GUIJU:-build/check/guiju}" test ${UPDATE:+--update} "$folder" \
    ${name:+"$name"}
