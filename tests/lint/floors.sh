#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A file includes headers of its own folder and of folders below it, never
# above. The house, from the ground up:
set -eu
floors='base text store page wire net run tools'

status=0
# shellcheck disable=SC2044  # no name of ours has a blank
for file in $(find server tools -name '*.c' -o -name '*.h'); do
	case $file in
	tools/*) own=tools ;;
	*) own=${file#server/}; own=${own%%/*} ;;
	esac
	# Everything above `own`, the longest suffix of the list.
	above=${floors##*"$own"}
	for floor in $above; do
		if grep -Hn "^#include \"$floor/" "$file"; then
			echo "$file: $own/ includes $floor/, which is above it" >&2
			status=1
		fi
	done
done

# Sockets stay in net/ and run/, the database in store/ and page/.
for folder in wire net; do
	if grep -rn '<sqlite3.h>\|"store/' server/$folder; then
		echo "server/$folder never touches the database" >&2
		status=1
	fi
done
for folder in page store; do
	if grep -rn '<sys/socket.h>\|<event2/' server/$folder; then
		echo "server/$folder never touches a socket" >&2
		status=1
	fi
done

# A new capsule needs no line of C: the engine knows no standard.
if grep -rniE 'bookshop|articles?\b' server --include='*.c' |
    grep -viE 'function|tally|import' | grep -E '"[^"]*article'; then
	echo "server/ knows the portal's words" >&2
	status=1
fi
exit $status
