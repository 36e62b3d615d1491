#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Small things that a reader of the sources should never meet: the functions
# that base/banned.h forbids but that a file might reach without it, work left
# for later, and lines that end in blanks. And a line that nobody may be told to
# type: SQLite's own shell on a database that others can write to.
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
# Whoever may write to a folder can put a link there that leads to a file of
# ours. (Tests write into folders of their own.)
for bad in 'fopen\([^)]*"[wa]' 'O_CREAT'; do
	if grep -rnE "$bad" server tools --include='*.c' |
	    grep -v 'O_EXCL\|O_NOFOLLOW'; then
		echo 'a file is written through a link: O_EXCL or O_NOFOLLOW' >&2
		status=1
	fi
done
find_bad '\b(TODO|FIXME)\b' 'work left for later'
find_bad '[ 	]$' 'blanks at the end of a line'
find_bad '^[ 	]*//' 'comments are /* */'

# That shell runs what a planted trigger or view asks for, programs too; `guiju
# sql` does not. (Tests play the part of another program; bench/ fills a
# database of its own.)
if grep -rnIE "(^|[^._a-z])sqlite3[ \"'][^|;&]*(\.db|var/|DATABASE|[\$][a-z{])" \
    README.md .ci server capsule tools tests \
    --exclude='*.py' --exclude-dir=bench --exclude-dir=lint; then
	echo 'sqlite3 on a database of ours, where guiju sql belongs' >&2
	status=1
fi
exit $status
