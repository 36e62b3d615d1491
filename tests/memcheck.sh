#!/bin/sh
# SPDX-License-Identifier: ISC
#
# memcheck.sh COMMAND...: run it under valgrind's memcheck, which sees what the
# sanitizers do not: memory that is read and was never written. What is found,
# leaks among it, ends it with status 9.
exec valgrind -q --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite,possible --child-silent-after-fork="${MEMCHECK_SILENT:-yes}" \
    "$@"
