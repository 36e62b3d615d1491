#!/bin/sh
# SPDX-License-Identifier: ISC
#
# server/README.md names every source file: below a heading "### FOLDER/" a
# table row for each, without .c and .h. The README.md of a module of
# capsule/functions/ does so for its own. A file that has no row, and a row that
# has lost its file, are told.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find server tools capsule/functions -path '*/tests' -prune -o \
    -path '*/fuzz' -prune -o -name '*.[ch]' -print -o -name '*.sh' -print |
    sed 's/\.[ch]$//' | LC_ALL=C sort -u >"$work/files"
awk '/^#/ { folder = ($1 == "###" && $2 ~ /\/$/) ? $2 : "" }
    folder != "" && $1 == "|" && $2 != "file" && $2 !~ /^-/ {
	print folder $2 }' server/README.md capsule/functions/*/README.md |
    LC_ALL=C sort -u >"$work/rows"

status=0
for file in $(LC_ALL=C comm -23 "$work/files" "$work/rows"); do
	echo "$file: has no row in a README.md" >&2
	status=1
done
for row in $(LC_ALL=C comm -13 "$work/files" "$work/rows"); do
	echo "$row: has a row in a README.md and is not there" >&2
	status=1
done
exit $status
