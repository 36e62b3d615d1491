#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A file includes headers of its own folder and of folders below it, never
# above. The floors of the house and the rooms of a floor, from the ground up:
set -eu
floors='base text store page wire net run tools'
rooms='page: compile run serve
run: config worker status parent
tools: import/customs import/script import/table import/article'

status=0
work=$(mktemp)
trap 'rm -f "$work"' EXIT

# The includes of ours as lines "FILE HEADER", both below server/ or the root.
find server tools -name '*.[ch]' -exec grep -H '^#include "' {} + |
    sed 's/^server\///; s/:#include "/ /; s/"$//' >"$work"

# Print the lines of $work in which a file of a name of the list $2 includes a
# header of a later one. The names stand below the folder $1.
upward() {
	awk -v below="$1" -v list="$2" '
	function rank(path,  i, best) {
		if (index(path, below) != 1)
			return 0
		path = substr(path, length(below) + 1)
		for (i = 1; i <= n; i++)
			if (index(path, name[i] "/") == 1)
				best = i
		return best
	}
	BEGIN { n = split(list, name, " ") }
	rank($1) && rank($2) > rank($1) {
		print $1 " includes " $2 ", which is above it"
		found = 1
	}
	END { exit found }' "$work" >&2
}

upward '' "$floors" || status=1
while IFS=: read -r floor list; do
	upward "$floor/" "$list" || status=1
done <<EOT
$rooms
EOT

# A folder that is not in the lists would be checked by nobody.
for folder in server/*/ server/page/*/ server/run/*/; do
	name=$(basename "$folder")
	case " $floors $(echo "$rooms" | tr '\n' ' ') " in
	*" $name "*) ;;
	*)
		echo "$folder: stands in no list of tests/lint/floors.sh" >&2
		status=1
		;;
	esac
done

# A level that a reader can survey.
find server tools -name '*.c' -exec dirname {} + | sort | uniq -c |
    awk '$1 > 20 { print $2 " has " $1 " files, not 20 at most"; bad = 1 }
	END { exit bad }' >&2 || status=1

# Pages and connections ask a protocol's row what it can do, never which it is.
# Comments may name one; text/gemini is a media type, .gemini the end of a
# file's name.
protocols=$(sed -n 's/.*\.protocol = {\.name = "\([a-z]*\)",$/\1/p' \
    server/wire/*.c)
[ "$(echo "$protocols" | wc -w)" -ge 2 ] || {
	echo "server/wire/: the rows of the protocols are not found" >&2
	status=1
}
names=$(echo "$protocols" | tr '\n' '|')
find server/page server/net -name '*.[ch]' | while read -r file; do
	${CC:-cc} -w -fpreprocessed -dD -E -P "$file" | sed 's,text/gemini\|"\.gemini",,g' |
	    grep -iE "${names%|}" | sed "s,^,$file names a protocol: ," >>"$work.names"
done
if [ -s "$work.names" ]; then
	cat "$work.names" >&2
	status=1
fi
rm -f "$work.names"

# The engine knows no portal: none of its functions, no header of its modules.
# (make writes the table of modules that the engine reads.)
for module in capsule/functions/*/; do
	name=$(basename "$module")
	if grep -rnE "(^|[^_a-z])std_[a-z]|#include \"(capsule|functions)/|${name}_module" \
	    server tools --include='*.[ch]'; then
		echo "server/ and tools/ know no portal" >&2
		status=1
	fi
	# And a module knows no more of the engine than an extension can have.
	if grep -n '^#include ".*/' "$module"*.[ch] |
	    grep -v '"base/\|"store/functions/'; then
		echo "$module: a module includes base/, store/functions/ and" \
		    "its own headers" >&2
		status=1
	fi
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

# All databases but those in memory are opened by the VFS of store/sync.h, which
# keeps writers and checkpoints apart.
if find server tools -name '*.[ch]' -exec cat {} + | tr '\n\t' '  ' |
    grep -oE 'sqlite3_open(16|_v2)?\([^;]*;' |
    grep -vE '\(":memory:", |[ (,]vfs\)|sync_vfs\(\)\)'; then
	echo "a database is opened without the VFS of store/sync.h" >&2
	status=1
fi

# What the files and folders of a capsule are called is said in one file.
if grep -rnE '"(portal\.db|capsule\.ini"|%s/(pages|schema|content|static|export|import)\>|%s/portal\.db)' \
    server tools --include='*.[ch]' | grep -v '^server/base/file_path\.h:'; then
	echo "the name of a file or folder; see server/base/file_path.h" >&2
	status=1
fi
exit $status
