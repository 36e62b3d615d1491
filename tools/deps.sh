#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Debian packages that the build (or, with `check`, the tests as well; with
# `distros`, tests/distros.py alone) needs.
# As root, installs what is missing; as anybody else, says it in one line.
set -eu

build='gcc make pkg-config libc6-dev libevent-dev libssl-dev libsqlite3-dev
libmagic-dev libunistring-dev unicode-data bzip2 libidn2-dev libinih-dev
libgumbo-dev liblzma-dev libseccomp-dev tzdata mandoc'
check='clang clang-format clang-tidy libclang-rt-dev cppcheck shellcheck
binutils valgrind libcmocka-dev python3 python3-pytest
python3-pytest-xdist openssl sqlite3
haproxy'

distros='debootstrap python3 util-linux'

case ${1:-} in
check) want="$build $check" ;;
distros) want=$distros ;;
*) want=$build ;;
esac

missing=
for package in $want; do
	dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null |
	    grep -q '^install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ]; then
	echo "guiju: packages are missing; install them with:" >&2
	echo "sudo apt-get install -y$missing" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086  # one word a package
apt-get install -q -y --no-install-recommends $missing
