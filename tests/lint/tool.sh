#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tool.sh NAME VERSION: says the command that is NAME of that version: NAME
# itself or NAME-VERSION. What a formatter or a checker finds differs from
# version to version, so others are not asked. Where there is none it says so
# on standard error and ends with 1.
set -eu
name=$1
version=$2

for tool in "$name" "$name-$version"; do
	command -v "$tool" >/dev/null || continue
	here=$("$tool" --version | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1)
	case $here in
	"$version" | "$version".*)
		echo "$tool"
		exit 0
		;;
	esac
done
echo "lint: left out: $name $version is wanted; here is ${here:-none}" >&2
exit 1
