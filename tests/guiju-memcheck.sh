#!/bin/sh
# SPDX-License-Identifier: ISC
#
# guiju, the release, under memcheck: for GUIJU=. Each suite of golden pages is
# asked by a child, which must be heard.
MEMCHECK_SILENT=no exec tests/memcheck.sh build/release/guiju "$@"
