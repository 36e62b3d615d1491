#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The engine speaks English, and what it says to readers stands in one table:
#
#   1. No literal of server/ holds a byte above ASCII, written as it is or as an
#      escape (\xE2, \342, \u2026). Comments may.
#   2. The keys of server/page/words.c and their English are those of WORDS in the
#      manual.
set -eu

# Marks that belong to no language:
marks='server/base/utf8.h
server/text/write_gemtext.c
server/text/wrap.c
server/store/functions/snippet.c'
# utf8.h           the byte order mark
# write_gemtext.c  U+200B in front of a text that would read as markup
# wrap.c, snippet.c  U+2026, the sign for what was cut

status=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find server -name '*.[ch]' | sort >"$work/files"
for file in $marks; do
	if ! grep -qE '\\(x[89A-Fa-f]|[23][0-7][0-7]|[uU][0-9A-Fa-f])' "$file"
	then
		echo "$file: no mark; take it out of tests/lint/english.sh" >&2
		status=1
	fi
done
echo "$marks" | grep -vxFf - "$work/files" >"$work/plain"

# Prints FILE:LINE of each literal, or other code, with such a byte.
# shellcheck disable=SC2016
LC_ALL=C xargs awk '
FNR == 1 { comment = 0; quote = "" }
{
	bad = 0
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (comment) {
			if (two == "*/") { comment = 0; i++ }
		} else if (quote == "" && two == "/*") {
			comment = 1
			i++
		} else if (c > "\176") {
			bad = 1
		} else if (quote == "") {
			if (c == "\"" || c == "\047") quote = c
		} else if (c == "\\") {
			if (substr($0, i + 1) ~ /^(x0*[89A-Fa-f]|[23][0-7][0-7]|[uU])/)
				bad = 1
			i++
		} else if (c == quote) {
			quote = ""
		}
	}
	# A literal ends with its line, were it an odd quote in an #error.
	quote = ""
	if (bad) print FILENAME ":" FNR ": " $0
}' <"$work/plain" >"$work/found"
if [ -s "$work/found" ]; then
	cat "$work/found" >&2
	echo "what readers are told stands in server/page/words.c, in English;" \
	    "in other languages in words.ini" >&2
	status=1
fi

# Lines "key English" of both.
tr -d '\n' <server/page/words.c | grep -oE '\{"[a-z0-9-]+",[ 	]*"[^"]*"\}' |
    sed -E 's/^\{"([^"]*)",[ 	]*"(.*)"\}$/\1 \2/' >"$work/table"
cat tools/manual/* | sed -n '/^\.Sh WORDS/,/^\.Sh [^W]/p' |
    sed -n '/^\.It Ic /{s///;N;s/\n/ /;p;}' >"$work/manual"
if [ ! -s "$work/table" ]; then
	echo "server/page/words.c: no rows were found in it" >&2
	status=1
fi
if ! diff -u "$work/manual" "$work/table" >&2; then
	echo "WORDS in tools/manual is not what server/page/words.c says" >&2
	status=1
fi
exit $status
