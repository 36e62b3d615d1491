#!/bin/sh
# SPDX-License-Identifier: ISC
#
# hardening.sh PROGRAM LIBRARY...: what the release has been built with, read from
# the files themselves. A flag that a Makefile names but a compiler, a linker
# or a packager's CFLAGS took away is seen only here.
set -eu
program=$1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
want() {
	if ! grep -qE "$2" "$work/$3"; then
		echo "$file: $1" >&2
		status=1
	fi
}
want_none() {
	if grep -E "$2" "$work/$3" >&2; then
		echo "$file: $1" >&2
		status=1
	fi
}

# Each unit of ours tells the flags that it was compiled with.
flags='-fstack-protector-strong -ftrivial-auto-var-init=zero
-fstack-clash-protection'
case $(uname -m) in
x86_64) flags="$flags -fcf-protection=full" ;;
esac

for file; do
	readelf -lW "$file" >"$work/segments"
	readelf -dW "$file" >"$work/dynamic"
	readelf -W --dyn-syms "$file" >"$work/symbols"
	readelf -W --debug-dump=info "$file" 2>/dev/null |
	    grep -o 'DW_AT_producer.*' >"$work/units"

	want 'relocations stay writable' GNU_RELRO segments
	want 'symbols are bound late' 'FLAGS.*NOW' dynamic
	want 'no GNU_STACK' GNU_STACK segments
	want_none 'the stack is executable' 'GNU_STACK.* RWE' segments
	want_none 'a segment is writable and executable' 'LOAD.* RWE' segments
	want_none 'code is relocated' TEXTREL dynamic
	want_none 'libraries are searched at a place of the build' \
	    'RPATH|RUNPATH' dynamic
	want 'no guard on the stack' '__stack_chk_fail' symbols
	want 'libc does not check sizes' '__[a-z]+_chk@' symbols
	for flag in $flags; do
		if grep -vqe " $flag" "$work/units"; then
			echo "$file: $(grep -vce " $flag" "$work/units")" \
			    "units without $flag" >&2
			status=1
		fi
	done
done

file=$program
readelf -hW "$program" >"$work/header"
readelf -dW "$program" >"$work/dynamic"
readelf -W --dyn-syms "$program" >"$work/symbols"
want 'not position-independent' 'Type: *DYN' header
want 'not marked as position-independent' 'FLAGS_1.*PIE' dynamic
# What only _FORTIFY_SOURCE=3 checks: a size that is known when it runs.
want 'sizes that malloc was given are not checked' '__memcpy_chk@' symbols
exit $status
