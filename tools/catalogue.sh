#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The catalogue that a new portal begins with: the tables of
# CAPSULE/content/catalogue/, each to the import that its name begins with.
# `make run` and the golden tests call it; so may whoever sets up a portal.
#
#   catalogue.sh GUIJU CAPSULE STATE
set -eu

guiju=$1
folder=$2/content/catalogue
day=2026-11-23 # when the tables were put together

for file in "$folder"/ics.csv "$folder"/ccs.csv "$folder"/prefixes.csv \
    "$folder"/standards-*.csv; do
	[ -e "$file" ] || continue
	table=$(basename "$file" .csv)
	"$guiju" import "${table%%-*}" --quiet --verified "$day" \
	    --capsule "$2" --state "$3" "$file"
done
