#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What holds for the SQL of a capsule's schema as it does for C: a statement
# fits on a screen, and whoever meets a column reads what it is. A table is
# excepted from the first: it is a list, and grows with what is told of a thing.
#
#   schema.sh CAPSULE...
set -eu
status=0

# A statement ends with a line that ends in ';', a trigger with END;.
too_long() {
	awk -v max=40 '
	!n && /^(--|[ \t]*$)/ { next }
	!n { first = FNR; words = $0; trigger = /^CREATE TRIGGER/ }
	{ n++; code = $0; sub(/--.*/, "", code) }
	(trigger && /^END;/) || (!trigger && code ~ /;[ \t]*$/) {
		if (n > max && words !~ /^CREATE TABLE/) {
			printf "%s:%d: a statement of %d lines, %d are allowed\n",
			    FILENAME, first, n, max
			bad = 1
		}
		n = 0
	}
	END { exit bad }' "$1"
}

# A column begins where a parenthesis of depth 1 or a comma in it has been; its
# comment stands on its lines, up to the next column.
uncommented() {
	awk '
	function finish() {
		if (column != "" && !said) {
			printf "%s:%d: column %s has no comment\n",
			    FILENAME, line, column
			bad = 1
		}
		column = ""
	}
	function begin(text,    word) {
		if (!fresh || text !~ /[a-zA-Z]/)
			return
		finish()
		fresh = 0
		split(text, word, /[^a-zA-Z0-9_]+/)
		if (word[1] == "")
			word[1] = word[2]
		if (word[1] ~ /^(CHECK|UNIQUE|PRIMARY|FOREIGN|CONSTRAINT)$/)
			return
		column = word[1]; line = FNR; said = 0
	}
	/^ALTER TABLE .* ADD COLUMN/ {
		column = $6; line = FNR; said = 0; added = 1
	}
	added {
		said = said || /--/
		code = $0
		sub(/--.*/, "", code)
		if (code ~ /;[ \t]*$/) { finish(); added = 0 }
	}
	/^CREATE TABLE/ { inside = 1; depth = 0; fresh = 0 }
	!inside { next }
	{
		code = $0
		gsub(/\047[^\047]*\047/, "x", code)
		comment = sub(/--.*/, "", code)
		while (match(code, /[(),]/)) {
			c = substr(code, RSTART, 1)
			begin(substr(code, 1, RSTART - 1))
			code = substr(code, RSTART + 1)
			if ((c == "(" && ++depth == 1) || (c == "," && depth == 1))
				fresh = 1
			else if (c == ")" && --depth == 0)
				inside = 0
		}
		begin(code)
		said = said || comment
		if (!inside)
			finish()
	}
	END { exit bad }' "$1"
}

# Each kept table with an id has the two triggers that keep it positive, or a
# CHECK of the column.
unbound() {
	ids=$1/schema/triggers/ids.sql
	awk '/^CREATE TABLE/ { table = $3 }
	/^\tid INTEGER PRIMARY KEY/ && !/CHECK/ { print table }' \
	    "$1"/schema/*.sql | while read -r table; do
		{ grep -q "^CREATE TRIGGER ${table}_id_positive AFTER INSERT ON $table WHEN NEW.id < 1$" "$ids" &&
		    grep -q "^CREATE TRIGGER ${table}_id_positive_update BEFORE UPDATE OF id ON $table WHEN NEW.id < 1$" "$ids"; } ||
			echo "$ids: nothing keeps the ids of $table positive"
	done
}

# Search indexes in the forms in which FTS5 has had faults: secure-delete, and
# a prefix index or a query for prefixes where detail is none.
faulty_forms() {
	awk '/secure-delete/ {
		print FILENAME ":" FNR ": an index with secure-delete"
	}
	/USING fts5/ { index_ = ""; inside = 1 }
	inside {
		code = $0
		sub(/--.*/, "", code)
		index_ = index_ code
		if (code ~ /;[ \t]*$/) {
			inside = 0
			if (index_ ~ /detail *= *.?none/ && index_ ~ /prefix *=/)
				print FILENAME ":" FNR ": prefixes without detail"
		}
	}' "$1"/schema/*.sql "$1"/schema/*/*.sql
}

# A table, a view and a trigger of one name: what a rule has made is dropped by
# its name, so one of them would stay.
same_names() {
	awk '{ sub(/^CREATE VIRTUAL/, "CREATE") }
	/^CREATE (TABLE|VIEW|TRIGGER) / && !seen[$2 " " $3]++ && named[$3]++ {
		print FILENAME ":" FNR ": another " $3 " is there"
	}' "$1"/schema/*.sql "$1"/schema/*/*.sql
}

for capsule in "$@"; do
	found=$(unbound "$capsule"; faulty_forms "$capsule"; same_names "$capsule")
	[ -z "$found" ] || {
		printf '%s\n' "$found" >&2
		status=1
	}
	for file in "$capsule"/schema/*.sql "$capsule"/schema/*/*.sql; do
		[ -e "$file" ] || continue
		too_long "$file" || status=1
		case ${file#"$capsule"/schema/} in
		[0-9]*) uncommented "$file" || status=1 ;;
		esac
	done
done
exit $status
