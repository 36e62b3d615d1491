%# SPDX-License-Identifier: ISC
%#
%# What follows the statements of `guiju sql --write`, in their transaction.
% include _search.sql
% include _standards.sql
