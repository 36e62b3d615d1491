#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No SQL statement of the capsule is longer than a screen: 40 lines, comments
# and blank lines not counted, as with functions of C. What is longer is a view
# or a function (functions/NAME.sql). A CREATE TABLE is a list and may be long.
# shellcheck disable=SC2016  # awk's fields
set -eu

max=40

# In pages and scripts of imports a statement is a directive and the lines that
# continue it.
pages() {
	find capsule/pages capsule/import capsule/desk tools/init -type f \
	    \( -name '*.gmi' -o -name '*.xml' -o -name '*.csv' \
	    -o -name '*.txt' -o -name '*.json' -o -path '*/import/*.sql' \
	    -o -path '*/desk/*.sql' \) |
	    LC_ALL=C sort
}

# Elsewhere it ends with a semicolon at the end of a line, or with the file.
# schema.sh looks at schema/; content/ is texts.
scripts() {
	find capsule/export capsule/functions capsule/nightly tools/init -name '*.sql' \
	    ! -path '*/import/*' ! -path '*/schema/*' | LC_ALL=C sort
}

awk_pages='
function told() {
	if (n > max)
		print file ":" begins ": a statement of " n " lines, at most " max
	n = 0
}
FNR == 1 { told(); file = FILENAME }
/^% (one|each|if|elif|do|table|record) / { told(); begins = FNR; n = 1; next }
/^%[ \t][ \t]/ { if (n > 0 && $0 !~ /^%[ \t]*(--.*)?$/) n++; next }
/^%#/ { next }
{ told() }
END { told() }'

awk_scripts='
function told() {
	if (n > max && !table)
		print file ":" begins ": a statement of " n " lines, at most " max
	n = table = 0
}
FNR == 1 { told(); file = FILENAME }
/^[ \t]*(--.*)?$/ { next }
n == 0 {
	begins = FNR
	table = /^CREATE (TEMP |VIRTUAL )?TABLE/
}
{ n++ }
/;[ \t]*(--.*)?$/ { told() }
END { told() }'

found=$(
	pages | tr '\n' '\0' | xargs -0 awk -v max=$max "$awk_pages"
	scripts | tr '\n' '\0' | xargs -0 awk -v max=$max "$awk_scripts"
)
[ -z "$found" ] || {
	printf '%s\n' "$found"
	exit 1
}
