#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What a reader sees is the capsule's: no literal below the folders that are
# named (default: tools) holds a byte above ASCII, nor an ideograph by its
# number. Comments may. Excepted are tables of standards that are not about one
# country's words.
set -eu
# The numerals of CSS counter styles.
excepted=' tools/import/html/list.c '

status=0
for file in $(find "${@:-tools}" -name '*.[ch]' | LC_ALL=C sort); do
	case $excepted in *" $file "*) continue ;; esac
	# Without comments, which begin and end where C says they do.
	LC_ALL=C awk -v file="$file" '
	{
		line = $0
		out = ""
		while (line != "") {
			if (inside) {
				end = index(line, "*/")
				if (end == 0)
					break
				line = substr(line, end + 2)
				inside = 0
			} else if (match(line, /^"([^"\\]|\\.)*"/) ||
			    match(line, /^\047([^\047\\]|\\.)*\047/)) {
				out = out substr(line, 1, RLENGTH)
				line = substr(line, RLENGTH + 1)
			} else if (substr(line, 1, 2) == "/*") {
				inside = 1
				line = substr(line, 3)
			} else {
				out = out substr(line, 1, 1)
				line = substr(line, 2)
			}
		}
		if (out ~ /[\200-\377]/ ||
		    out ~ /\\u(3[4-9A-Fa-f]|[4-9][0-9A-Fa-f])[0-9A-Fa-f][0-9A-Fa-f]/) {
			print file ":" NR ": " $0
			bad = 1
		}
	}
	END { exit bad }' "$file" >&2 || status=1
done
[ $status -eq 0 ] || echo "words of a language belong to the capsule" >&2
exit $status
