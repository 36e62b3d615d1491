#!/bin/sh
# SPDX-License-Identifier: ISC
#
# guiju, the release, under memcheck: for GUIJU=.
exec tests/memcheck.sh build/release/guiju "$@"
