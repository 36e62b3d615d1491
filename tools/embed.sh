#!/bin/sh
# SPDX-License-Identifier: ISC
#
# embed.sh NAME FILE...   prints C: each FILE's bytes, and a table of them.
#
#   static const struct embedded NAME[] = {{"FILE", bytes, length}, ...};
#
# FILE is written as it is given. The struct is that of base/embedded.h.
set -eu
name=$1
shift
n=0
rows=
for file; do
	printf 'static const unsigned char %s_%d[] = {' "$name" "$n"
	od -An -v -tu1 <"$file" | sed 's/  */ /g; s/\([0-9]\) /\1,/g; s/$/,/'
	printf '0};\n'
	rows="$rows	{\"$file\", ${name}_$n, sizeof(${name}_$n) - 1},
"
	n=$((n + 1))
done
printf 'static const struct embedded %s[] = {\n%s};\n' "$name" "$rows"
