#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What `make run` does once the program is built: the portal's first content
# into a new database, both servers up, and how to open them. Ctrl-C ends it.
set -eu

guiju=$1
state=${STATE:-var}
certs=${CERTS:-certs}
gemini=${GEMINI:-1965}

# Port 70 is for those who may; others read at 7070. FLAGS has more flags of
# `guiju serve`.
least=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null ||
    echo 1024)
if [ -n "${GOPHER:-}" ]; then
	gopher=$GOPHER
elif [ "$(id -u)" = 0 ] || [ "$least" -le 70 ]; then
	gopher=70
else
	gopher=7070
fi

mkdir -p "$state"
if [ ! -e "$state/portal.db" ]; then
	"$guiju" import article --quiet --capsule capsule --state "$state" \
	    capsule/content/articles
	"$(dirname "$0")/catalogue.sh" "$guiju" capsule "$state"
fi

ready=$(mktemp)
trap 'rm -f "$ready"' EXIT
# shellcheck disable=SC2086 # several words
"$guiju" serve --state "$state" --certs "$certs" \
    --gemini "$gemini" --gopher "$gopher" ${FLAGS:-} capsule >"$ready" &
server=$!
trap 'kill "$server" 2>/dev/null || true' INT TERM HUP

while [ ! -s "$ready" ]; do
	kill -0 "$server" 2>/dev/null || { wait "$server"; exit; }
	sleep 0.1
done
read -r _ gemini_url gopher_url other_urls <"$ready"
printf '\nThe portal is open:\n\n'
printf '  Gemini  %s\n' "$gemini_url"
printf '          lagrange %s  or  amfora %s\n' "$gemini_url" "$gemini_url"
if [ -n "$gopher_url" ]; then
	printf '  Gopher  %s\n' "$gopher_url"
	printf '          lynx %s  or  bombadillo %s\n' "$gopher_url" \
	    "$gopher_url"
fi
for url in $other_urls; do
	printf '          %s\n' "$url"
done
printf '\nTo try the pages of editors, register at %smy/ with a name and say\n' \
    "$gemini_url"
printf '  %s member --state %s --certs %s role NAME editor\n' "$guiju" "$state" \
    "$certs"
printf '\nIts database is in %s/, its certificate in %s/. Ctrl-C stops it.\n\n' \
    "$state" "$certs"
# A signal interrupts the first wait; the second sees the end.
wait "$server" || wait "$server" || exit $?
